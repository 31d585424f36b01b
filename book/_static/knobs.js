// Knobs on a built page: swap the moving layer of a picture for the one drawn at another position.
// Without this script the page shows the starting position and says so.

async function unpack(base64) {
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}

function dial({ label, texts, start }) {
  const row = document.createElement("label");
  const name = document.createElement("span");
  const input = document.createElement("input");
  const value = document.createElement("output");
  name.textContent = label;
  Object.assign(input, { type: "range", min: 0, max: texts.length - 1, autocomplete: "off" });
  input.value = start;
  const show = () => {
    value.textContent = texts[input.value];
    input.setAttribute("aria-valuetext", texts[input.value]);
  };
  input.addEventListener("input", show);
  show();
  row.append(name, input, value);
  return { row, input };
}

// Return sliders that call `turn` with the place of each whenever one is moved.
window.dialPanel = (settings, turn) => {
  const dials = settings.map(dial);
  const panel = document.createElement("div");
  panel.className = "dials";
  panel.append(...dials.map(({ row }) => row));
  panel.addEventListener("input", () => turn(dials.map(({ input }) => Number(input.value))));
  return panel;
};

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
    sentence.textContent = sentences[at];
  };

  const panel = window.dialPanel(settings, turn);
  panel.addEventListener("pointerenter", unpacked, { once: true });
  // Above the sentence: that may grow by a line, and would push away the knob that is turned.
  sentence.before(panel);
  box.querySelector(".fallback").remove();
}
