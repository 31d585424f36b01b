// Knobs on a built page: swap the moving layer of a picture for the one drawn at another position.
// Without this script the page shows the starting position and says so.
{
  const TICKS = 20; // marks under a slider, at most
  const PLAYED = 4000; // milliseconds that Play takes, within the limits of a pace
  const PACE = [125, 500]; // milliseconds between two positions
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  let count = 0; // of knobs, for their names

  function element(tag, properties = {}, ...children) {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  }

  // Raised digits are drawn small; in a part of their own they are made larger.
  window.raised = (text) => text.split(/([⁰¹²³⁴-⁹⁻]+)/).map((part, i) => (i % 2 ? element("span", { className: "raised", textContent: part }) : part));

  // A button that keeps the focus when there is nothing to do for it.
  function button(name, act) {
    const made = element("button", { type: "button", textContent: name });
    made.addEventListener("click", () => made.getAttribute("aria-disabled") !== "true" && act());
    return made;
  }

  /* Knobs: a row to show, and the place among its values, which can be set. */

  function slider({ label, texts, start, kind }) {
    const last = texts.length - 1;
    const id = `knob-${++count}`;
    const input = element("input", { type: "range", id, min: 0, max: last, autocomplete: "off" });
    const value = element("span", { className: "value" });
    const name = element("label", { htmlFor: id, textContent: label });
    const head = element("div", { className: "head" }, name, " ", value);
    if (kind === "log") {
      head.append(element("small", { id: `${id}-scale`, textContent: "log scale" }));
      input.setAttribute("aria-describedby", `${id}-scale`);
    }
    const step = (sign, word, by) => {
      const made = button(sign, () => {
        input.stepUp(by);
        input.dispatchEvent(new Event("input", { bubbles: true }));
      });
      made.setAttribute("aria-label", `${word} ${label}`);
      made.tabIndex = -1; // the arrow keys do the same on the slider
      return made;
    };
    const less = step("−", "less", -1);
    const more = step("+", "more", 1);
    const show = () => {
      value.replaceChildren(...raised(texts[input.value]));
      input.setAttribute("aria-valuetext", texts[input.value]);
      less.setAttribute("aria-disabled", input.value === input.min);
      more.setAttribute("aria-disabled", input.value === input.max);
    };
    let marks = Math.min(TICKS, last);
    while (last % marks) marks--;
    const ticks = element("div", { className: "ticks" });
    for (let n = 0; n <= marks; n++) ticks.append(element("i"));
    const ends = element("div", { className: "ends" }, ...[texts[0], texts[last]].map((text) => element("span", {}, ...raised(text))));
    for (const shown of [value, ticks, ends]) shown.setAttribute("aria-hidden", true); // the slider says it
    input.addEventListener("input", show);
    const row = element("div", { className: "dial" }, head, less, input, more, ticks, ends);
    const knob = {
      row,
      last,
      get place() {
        return Number(input.value);
      },
      set place(place) {
        input.value = place;
        show();
      },
    };
    knob.place = start;
    return knob;
  }

  function choice({ label, texts, start }) {
    const name = `knob-${++count}`;
    const radios = texts.map((_, value) => element("input", { type: "radio", name, value, autocomplete: "off" }));
    const options = radios.map((radio, i) => element("label", {}, radio, ` ${texts[i]}`));
    const row = element("fieldset", { className: "dial" }, element("legend", { textContent: label }), ...options);
    const knob = {
      row,
      get place() {
        return radios.findIndex((radio) => radio.checked);
      },
      set place(place) {
        radios[place].checked = true;
      },
    };
    knob.place = start;
    return knob;
  }

  /* A picture, and what turns it */

  // Give a box with a picture and its sentence knobs. `turn` is called with the place of each
  // whenever one has moved, and returns when the picture shows it.
  window.dialPanel = (box, settings, drag, turn) => {
    const dials = settings.map((setting) => (setting.kind === "choice" ? choice : slider)(setting));
    const sentence = box.querySelector(".sentence");
    const picture = box.querySelector(".pair, svg.picture");
    const stage = element("div", { className: "stage" });
    const { width, height } = box.querySelector("svg.picture").viewBox.baseVal;
    stage.style.setProperty("--ratio", width / height);
    picture.before(stage);
    stage.append(picture);

    let turned; // a promise of the newest position
    const places = () => dials.map(({ place }) => place);
    const changed = () => {
      const now = places();
      reset.setAttribute("aria-disabled", now.every((place, i) => place === settings[i].start));
      turned = turn(now);
    };
    const move = (to) => {
      if (to.every((place, i) => place === dials[i].place)) return;
      to.forEach((place, i) => (dials[i].place = place));
      changed();
    };

    // While a picture moves through many positions, only the last is announced.
    const hush = () => sentence.setAttribute("aria-busy", true);
    const speak = async () => {
      await turned;
      sentence.removeAttribute("aria-busy");
      sentence.replaceChildren(...raised(sentence.textContent));
    };

    const reset = button("Reset", () => move(settings.map(({ start }) => start)));
    reset.setAttribute("aria-disabled", true);
    const bar = element("div", { className: "bar" }, reset);
    const first = dials.find(({ last }) => last);
    if (first) bar.prepend(player(stage, first, changed, hush, speak));
    if (drag) {
      bar.append(element("small", { textContent: "Drag on the picture or turn the knobs." }));
      // A sentence that grows by a line must not push the picture away from the pointer.
      const across = async (at) => {
        const { top } = stage.getBoundingClientRect();
        move(dials.map(({ place }, i) => at.get(i) ?? place));
        await turned;
        // Twice, for a picture that the first time only comes off from where it sticks.
        for (let time = 0; time < 2; time++) scrollBy({ top: stage.getBoundingClientRect().top - top, behavior: "instant" });
      };
      for (const svg of stage.querySelectorAll("svg")) {
        svg.append(handle(drag, across, hush, speak));
        if (!drag.turns[1]) svg.style.touchAction = "pan-y"; // a finger may scroll up and down
      }
    }
    const panel = element("div", { className: "dials" }, ...dials.map(({ row }) => row), bar);
    panel.addEventListener("input", changed);
    // What gets the focus is scrolled to where the picture above it does not hide it.
    new ResizeObserver(() => panel.style.setProperty("--picture", `${stage.offsetHeight}px`)).observe(stage);
    // Above the sentence: that may grow by a line, and would push away the knob that is turned.
    sentence.before(panel);
  };

  // Return a button that runs through the positions of a slider, from where it is to its end.
  function player(stage, slider, changed, hush, speak) {
    const pace = Math.min(Math.max(PLAYED / slider.last, PACE[0]), PACE[1]);
    let timer;
    const halt = () => {
      if (!timer) return;
      timer = clearInterval(timer);
      play.textContent = "Play";
      for (const kind of ["pointerdown", "keydown"]) removeEventListener(kind, touched, true);
      sight.disconnect();
      speak();
    };
    const touched = ({ target }) => play.contains(target) || halt();
    const sight = new IntersectionObserver(([{ isIntersecting }]) => isIntersecting || halt());
    const go = () => {
      slider.place += 1;
      changed();
      if (slider.place === slider.last) halt();
    };
    const play = button("Play", () => {
      if (timer) return halt();
      hush();
      if (slider.place === slider.last) {
        slider.place = 0;
        changed();
      }
      timer = setInterval(go, pace);
      play.textContent = "Pause";
      for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, touched, true);
      sight.observe(stage);
    });
    play.className = "play";
    const offer = () => {
      play.hidden = calm.matches;
      halt();
    };
    calm.addEventListener?.("change", offer);
    offer();
    return play;
  }

  const nearest = (places, at) => places.reduce((best, place, i) => (Math.abs(place - at) < Math.abs(places[best] - at) ? i : best), 0);

  // Return what a pointer can drag on a picture: its axes. `across` is called with the places of
  // the knobs that it turns, by their numbers.
  function handle({ frame: [left, top, right, bottom], turns }, across, hush, speak) {
    const area = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    const shape = { class: "drag", x: left, y: top, width: right - left, height: bottom - top };
    for (const [name, value] of Object.entries(shape)) area.setAttribute(name, value);
    const follow = ({ clientX, clientY }) => {
      const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(area.getScreenCTM().inverse());
      const at = new Map();
      [x, y].forEach((point, i) => turns[i] && at.set(turns[i].dial, nearest(turns[i].at, point)));
      across(at);
    };
    const scrolls = ({ pointerType }) => pointerType === "touch" && !turns[1];
    area.addEventListener("pointerdown", (event) => {
      if (event.button || !event.isPrimary) return;
      event.preventDefault(); // or words are marked
      area.setPointerCapture(event.pointerId);
      hush();
      if (!scrolls(event)) follow(event);
    });
    for (const kind of ["pointermove", "pointerup"])
      area.addEventListener(kind, (event) => area.hasPointerCapture(event.pointerId) && follow(event));
    // What is inside of an SVG has no touch-action of its own.
    const hold = (event) => turns[1] && event.preventDefault();
    area.addEventListener("touchstart", hold, { passive: false });
    area.addEventListener("lostpointercapture", speak);
    return area;
  }

  /* The pictures of this page */

  async function unpack(base64) {
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return JSON.parse(await new Response(stream).text());
  }

  const old = typeof DecompressionStream === "undefined"; // a browser that cannot unpack pictures

  for (const box of document.querySelectorAll(".knobs")) {
    if (old) {
      const said = "This browser is too old to turn the knobs of this picture. A newer one can.";
      box.querySelector(".fallback").append(` ${said}`);
      continue;
    }
    const settings = JSON.parse(box.querySelector("script.sliders").textContent);
    const moving = box.querySelector("g.moving");
    const sentence = box.querySelector(".sentence");
    let drawn; // a promise of { lines, layers, sentences }, made when a knob is first touched

    const unpacked = () => (drawn ??= unpack(box.querySelector("script.layers").textContent));
    const turn = async (position) => {
      const { lines, layers, sentences } = await unpacked();
      const at = settings.reduce((index, { texts }, i) => index * texts.length + position[i], 0);
      moving.innerHTML = layers[at].map((line) => lines[line]).join("\n");
      sentence.replaceChildren(...raised(sentences[at]));
    };

    window.dialPanel(box, settings, box.dataset.drag && JSON.parse(box.dataset.drag), turn);
    for (const touch of ["pointerenter", "focusin"]) box.addEventListener(touch, unpacked, { once: true });
    box.querySelector(".fallback").remove();
  }
}
