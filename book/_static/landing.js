// The landing page: go on where this reader was; drag the line; let it learn.
{
  /* Where this reader was, if this browser remembers it */

  function goOn() {
    let place;
    try {
      place = localStorage.getItem("wire-by-wire place") ?? "";
    } catch {
      return;
    }
    // An address such as book/neurons.html#a-heading, alone or among other things.
    const [, chapter, heading = ""] = place.match(/([\w-]+)\.html(#[\w.-]+)?/) ?? [];
    const link = chapter && document.querySelector(`.chapter-card[data-chapter="${chapter}"] .chapter-title`);
    if (!link) return;
    const start = document.querySelector(".start-link");
    start.href = link.getAttribute("href") + heading;
    start.textContent = `Continue: ${link.textContent}`;
    link.setAttribute("aria-current", "location");
  }

  goOn();
  // The page may come back from the browser's memory, after a chapter was read.
  addEventListener("pageshow", (event) => event.persisted && goOn());

  /* The line between the dots */

  const SOLVED = /^All 12/;
  const PACE = 90; // milliseconds between two steps of the run
  const told = document.querySelector(".learn-run");
  const box = document.querySelector(".knobs");
  if (told && box) separate(JSON.parse(told.textContent));

  function separate({ left, right, bottom, top, reach, run }) {
    const dials = () => [...box.querySelectorAll("input[type=range]")]; // tilt and lift
    const share = ({ value, min, max }) => (value - min) / (max - min);
    const line = () => dials().map((dial) => reach * (2 * share(dial) - 1));
    let hand = 0; // moves by hand
    let timer, step; // of the run

    // The dials are native ones: they keep to their ends and their steps themselves. Both stand
    // where they should before the picture hears of either.
    function turn(values) {
      const turned = dials().filter((dial, i) => {
        const before = dial.value;
        const place = (values[i] / reach + 1) / 2;
        dial.value = Number(dial.min) + place * (dial.max - dial.min);
        return dial.value !== before;
      });
      for (const dial of turned) dial.dispatchEvent(new Event("input", { bubbles: true }));
    }

    /* Dragging: the middle of the line lifts it, its ends tilt it */

    const picture = box.querySelector("svg.picture");
    picture.classList.add("learn-picture");

    const where = (event) => {
      const frame = picture.getBoundingClientRect();
      return [
        left + ((event.clientX - frame.left) / frame.width) * (right - left),
        top - ((event.clientY - frame.top) / frame.height) * (top - bottom),
      ];
    };

    let grip; // what is held: "lift" or "tilt"
    picture.addEventListener("pointerdown", (event) => {
      if (event.button || !event.isPrimary) return;
      const [x, y] = where(event);
      const [tilt, lift] = line();
      if (Math.abs(tilt * x + lift - y) > 0.7) return; // too far from the line to be meant
      event.preventDefault();
      halt();
      grip = Math.abs(x) < right / 3 ? "lift" : "tilt";
      picture.setPointerCapture(event.pointerId);
    });
    picture.addEventListener("pointermove", (event) => {
      if (!grip) return;
      const [x, y] = where(event);
      const [tilt, lift] = line();
      if (grip === "lift") turn([tilt, y - tilt * x]);
      else if (Math.abs(x) > 0.3) turn([(y - lift) / x, lift]);
    });
    picture.addEventListener("lostpointercapture", () => {
      grip = undefined;
      hand++;
    });
    picture.addEventListener("touchstart", (event) => grip && event.preventDefault(), { passive: false });

    /* The run */

    const calm = matchMedia("(prefers-reduced-motion: reduce)");
    const panel = document.createElement("div");
    panel.className = "learn";
    const button = document.createElement("button");
    button.type = "button";
    const said = document.createElement("p");
    said.className = "learn-said";
    said.setAttribute("role", "status");
    panel.append(button, said);
    box.after(panel);

    const name = () => (timer ? "Stop" : calm.matches && step ? "Next steps" : "Let it learn");
    const label = () => (button.textContent = name());
    calm.addEventListener?.("change", () => halt());
    label();

    // While the line moves by itself, only its end is announced.
    const quiet = (is) => box.querySelector(".sentence")?.setAttribute("aria-busy", String(is));

    function halt() {
      clearTimeout(timer);
      timer = step = undefined;
      quiet(false);
      label();
    }

    function go(by) {
      step = Math.min(step + by, run.length - 1);
      turn(run[step]);
      if (step < run.length - 1) return true;
      halt();
      said.textContent =
        `The line has learned, in ${run.length - 1} small steps. At each step every dot pulled it, the wrong ` +
        "ones the most, and the slopes said for both knobs at once which way to turn.";
    }

    function play() {
      timer = go(1) ? setTimeout(play, PACE) : undefined;
      label();
    }

    button.addEventListener("click", () => {
      if (timer) return halt();
      said.textContent = "";
      hand = 0;
      if (step === undefined) {
        step = 0;
        turn(run[0]);
      }
      quiet(true);
      if (calm.matches) {
        go(Math.ceil(run.length / 8));
        label();
      } else timer = setTimeout(play, PACE);
      label();
    });

    /* Who turned a knob, and what came of it */

    const byHand = (event) => {
      if (!event.isTrusted) return;
      if (step !== undefined) halt();
      if (event.type === "change") hand++;
    };
    for (const kind of ["pointerdown", "keydown", "change"]) box.addEventListener(kind, byHand);
    const sentence = () => box.querySelector(".sentence")?.textContent;
    let heard = sentence();
    new MutationObserver(() => {
      if (sentence() === heard) return; // something else in the box has changed
      heard = sentence();
      const solved = SOLVED.test(heard);
      if (solved && (hand || grip || box.contains(document.activeElement)))
        said.textContent =
          "You did it. You looked at the result, nudged a number, kept what helped, and nudged again: you " +
          "have trained a neuron by hand.";
      else if (!solved) said.textContent = "";
    }).observe(box, { subtree: true, childList: true, characterData: true });
  }
}
