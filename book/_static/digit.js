// Draw a digit: the lines become 8 × 8 counts of ink, made as those of the scanned digits were, and
// a network reads them. The build runs this file too, for the picture that stands without script.
{
  const SIZE = 32; // points of a scan in each direction, black or white
  const WIDTH = 20; // of them a digit fills all rows, but only so many columns
  const INK = 313; // black points of a scanned digit: thin lines were thickened, thick ones thinned
  const STRETCH = 2; // a 1 is narrow, and stays narrower than the others

  /* The network */

  // Its numbers are whole ones from -32767 to 32767, times a scale for each layer.
  const unpack = ({ mean, std, layers }) => ({
    mean,
    std,
    layers: layers.map(({ inputs, outputs, scale, numbers }) => {
      const bytes = Uint8Array.from(atob(numbers), (c) => c.charCodeAt(0));
      const theta = Array.from(new Int16Array(bytes.buffer), (n) => n * scale);
      const weights = theta.splice(0, inputs * outputs);
      return { weights, biases: theta };
    }),
  });

  function dense(row, { weights, biases }) {
    return biases.map((bias, j) =>
      row.reduce((sum, value, i) => sum + value * weights[i * biases.length + j], bias));
  }

  function softmax(logits) {
    const powers = logits.map((logit) => Math.exp(logit - Math.max(...logits)));
    const total = powers.reduce((a, b) => a + b);
    return powers.map((power) => power / total);
  }

  // Return the probabilities of the ten digits for 64 counts.
  function read({ mean, std, layers: [hidden, last] }, counts) {
    const pixels = counts.map((count) => (count - mean) / std);
    const units = dense(pixels, hidden).map((z) => Math.max(0, z));
    return softmax(dense(units, last));
  }

  /* From lines to counts */

  // Return the lines in a box of 20 × 32 points, with room for half of the pen all around.
  function place(strokes, pen) {
    const points = strokes.flat();
    const [[left, right], [top, bottom]] = [0, 1].map((axis) => {
      const along = points.map((point) => point[axis]);
      return [Math.min(...along), Math.max(...along)];
    });
    const wide = (WIDTH - pen) / (right - left || 1e-9);
    const high = (SIZE - pen) / (bottom - top || 1e-9);
    const [x, y] = [Math.min(wide, STRETCH * high), Math.min(high, STRETCH * wide)];
    const center = (at, from, to, scale) => SIZE / 2 + (at - (from + to) / 2) * scale;
    return strokes.map((stroke) =>
      stroke.map((point) => [center(point[0], left, right, x), center(point[1], top, bottom, y)]));
  }

  // Return the 32 × 32 points, 1 where a round pen blackens them.
  function ink(strokes, pen) {
    const bitmap = new Uint8Array(SIZE * SIZE);
    for (const stroke of strokes)
      stroke.forEach(([x1, y1], i) => {
        const [x0, y0] = stroke[Math.max(i - 1, 0)];
        const [dx, dy] = [x1 - x0, y1 - y0];
        const first = (a, b) => Math.max(0, Math.floor(Math.min(a, b) - pen / 2));
        const last = (a, b) => Math.min(SIZE, Math.ceil(Math.max(a, b) + pen / 2));
        for (let row = first(y0, y1); row < last(y0, y1); row++)
          for (let column = first(x0, x1); column < last(x0, x1); column++) {
            const [x, y] = [column + 0.5 - x0, row + 0.5 - y0];
            const along = Math.min(1, Math.max(0, (x * dx + y * dy) / (dx * dx + dy * dy || 1)));
            if (Math.hypot(x - along * dx, y - along * dy) <= pen / 2)
              bitmap[row * SIZE + column] = 1;
          }
      });
    return bitmap;
  }

  // Shift the rows so that the first and the last one begin in the same column, as in the scans.
  function upright(bitmap) {
    const rows = Array.from({ length: SIZE }, (_, r) => bitmap.slice(r * SIZE, (r + 1) * SIZE));
    const begins = rows.map((row) => row.indexOf(1));
    const inked = [...rows.keys()].filter((r) => begins[r] >= 0);
    const [top, bottom] = [inked[0], inked[inked.length - 1]];
    const slant = (begins[bottom] - begins[top]) / (bottom - top || 1);
    const sheared = new Uint8Array(SIZE * SIZE);
    for (const r of inked)
      rows[r].forEach((black, column) => {
        const to = column - Math.round(slant * (r - (top + bottom) / 2));
        if (black && to >= 0 && to < SIZE) sheared[r * SIZE + to] = 1;
      });
    return sheared;
  }

  // Return for each block of 4 × 4 points how many are black.
  function count(bitmap) {
    const counts = Array(64).fill(0);
    bitmap.forEach((black, i) => {
      counts[8 * Math.floor(i / SIZE / 4) + Math.floor((i % SIZE) / 4)] += black;
    });
    return counts;
  }

  // Return the 64 counts of lines, each a list of points [x, y].
  function reduce(strokes) {
    let [thin, thick] = [1, 16];
    for (let n = 0; n < 7; n++) {
      const pen = (thin + thick) / 2;
      const black = ink(place(strokes, pen), pen).reduce((a, b) => a + b);
      if (black < INK) thin = pen;
      else thick = pen;
    }
    return count(upright(ink(place(strokes, thick), thick)));
  }

  /* What is shown */

  // A picture from the data is a word of 64 letters: a for 0 to q for 16.
  const spell = (word) => Array.from(word, (letter) => letter.charCodeAt(0) - 97);

  const squares = (counts) =>
    counts.map((ink, i) => ink &&
      `<path d="M${i % 8} ${Math.floor(i / 8)}h1v1h-1z" opacity="${ink / 16}"/>`)
      .filter(Boolean).join("");

  const percent = (share) =>
    share > 0.995 ? "over 99\u00a0%" : share < 0.005 ? "under 1\u00a0%" : `${Math.round(100 * share)}\u00a0%`;

  function sentence(shares, label) {
    const [best, second] = [...shares.keys()].sort((a, b) => shares[b] - shares[a]);
    const says = shares[best] < 0.8 ? "is not sure. It leans to" : "reads";
    const truth = label === undefined ? ""
      : ` The writer was asked for ${label}${best === label ? "" : ": a mistake"}.`;
    return `The network ${says} ${best}, with a probability of ${percent(shares[best])}. ` +
      `Second comes ${second}, with ${percent(shares[second])}.${truth}`;
  }

  const bars = (shares) =>
    shares.map((share, digit) =>
      `<li${share === Math.max(...shares) && share ? ' class="pad-best"' : ""}>` +
      `<span class="pad-digit">${digit}</span>` +
      `<span class="pad-bar" style="--share: ${share.toFixed(5)}"></span>` +
      `<span class="pad-share">${share < 0.005 ? "" : `${Math.round(100 * share)}&nbsp;%`}</span></li>`)
      .join("");

  if (typeof module === "object") {
    module.exports = { unpack, read, reduce, ink, upright, count, spell, squares, sentence, bars };
  }

  /* The pad */

  const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const STEP = 5; // of a key, on a paper of 100 × 100
  const EMPTY = "Nothing is drawn yet. Draw a digit from 0 to 9.";

  function start(pad) {
    const part = (name) => pad.querySelector(name);
    const { network, examples, shown } = JSON.parse(part(".pad-network").textContent);
    const [paper, words] = [part(".pad-paper"), part(".pad-sentence")];
    const [scan, lines, pen] = [".pad-scan", ".pad-lines", ".pad-pen"].map(part);
    let unpacked; // the network, when it is first used
    let strokes = [];
    let drawing = false;
    let waiting; // for the next frame of the screen
    let at = [50, 20]; // where the pen is, for the keyboard

    function show(counts, label) {
      const shares = counts ? read((unpacked ??= unpack(network)), counts) : Array(10).fill(0);
      part(".pad-seen svg").innerHTML = squares(counts ?? []);
      part(".pad-bars").innerHTML = bars(shares);
      return counts ? sentence(shares, label) : EMPTY;
    }

    const path = (stroke) => `M${stroke.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}`;

    function draw() {
      waiting ??= requestAnimationFrame(() => {
        waiting = undefined;
        lines.setAttribute("d", strokes.map((s) => path(s.length > 1 ? s : [...s, ...s])).join(""));
        pen.setAttribute("cx", at[0]);
        pen.setAttribute("cy", at[1]);
        pen.setAttribute("fill", drawing ? "currentColor" : "none");
        if (!strokes.length) return;
        const said = show(reduce(strokes));
        if (!drawing && words.textContent !== said) words.textContent = said; // said once it is drawn
      });
    }

    function load(example) {
      strokes = [];
      drawing = false;
      lines.setAttribute("d", "");
      const counts = example && spell(example.counts);
      scan.innerHTML = squares(counts ?? []);
      words.textContent = show(counts, example?.label);
      for (const [i, button] of pad.querySelectorAll(".pad-examples button").entries())
        button.setAttribute("aria-pressed", String(examples[i] === example));
    }

    function press(point) {
      if (!strokes.length) load();
      strokes.push([point]);
      drawing = true;
    }

    function move(point) {
      const stroke = strokes[strokes.length - 1];
      const [x, y] = stroke[stroke.length - 1];
      if (Math.hypot(point[0] - x, point[1] - y) >= 1.5) stroke.push(point);
    }

    const where = (event) => {
      const { left, top, width, height } = paper.getBoundingClientRect();
      const on = (at) => Math.min(100, Math.max(0, 100 * at));
      return [on((event.clientX - left) / width), on((event.clientY - top) / height)];
    };

    paper.addEventListener("pointerdown", (event) => {
      if (event.button || !event.isPrimary) return;
      event.preventDefault(); // no text is selected meanwhile
      paper.focus({ preventScroll: true, focusVisible: false });
      paper.setPointerCapture(event.pointerId);
      press((at = where(event)));
      draw();
    });
    paper.addEventListener("pointermove", (event) => {
      if (!drawing || !paper.hasPointerCapture(event.pointerId)) return;
      const all = event.getCoalescedEvents?.() ?? [];
      for (const one of all.length ? all : [event]) move((at = where(one)));
      draw();
    });
    paper.addEventListener("lostpointercapture", () => {
      drawing = false;
      draw();
    });

    paper.addEventListener("keydown", (event) => {
      const { key } = event;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (key in KEYS) {
        at = at.map((value, axis) => Math.min(97, Math.max(3, value + STEP * KEYS[key][axis])));
        if (drawing) move(at);
      } else if (key === " ") {
        if (drawing) drawing = false;
        else press(at);
      } else if (key === "Backspace" && strokes.length) {
        drawing = false;
        strokes.pop();
        if (!strokes.length) load();
      } else return;
      event.preventDefault();
      draw();
    });

    part(".pad-clear").addEventListener("click", () => load());
    for (const example of examples) {
      const button = document.createElement("button");
      button.type = "button";
      button.setAttribute("aria-label", `A scanned ${example.label}`);
      button.innerHTML = `<svg viewBox="0 0 8 8" aria-hidden="true">${squares(spell(example.counts))}</svg>`;
      button.setAttribute("aria-pressed", String(example === examples[shown]));
      button.addEventListener("click", () => load(example));
      part(".pad-examples").append(button);
    }
    scan.innerHTML = part(".pad-seen svg").innerHTML;
    for (const hidden of pad.querySelectorAll("[hidden]")) hidden.hidden = false;
  }

  if (typeof document === "object") document.querySelectorAll(".pad").forEach(start);
}
