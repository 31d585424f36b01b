// Cells that run where they stand. Python comes when an exercise is first edited or a cell run:
// a worker of this page, loaded from this host. To stop it, the page ends it and starts another.
{
  const script = document.currentScript.src;
  const LIMIT = 20; // seconds that a cell may run
  const DEEP = "Objects held one another too deep, such as a circuit of some thousand gates in a row. On a computer Python has more room for that.";
  const PATIENCE = 2; // seconds after which another worker is made ready, should this one be stopped
  const UNREACHABLE =
    location.protocol === "file:"
      ? "A page that is opened as a file cannot load Python. Open it from a server: make serve."
      : typeof Worker === "undefined" || typeof WebAssembly === "undefined"
        ? "This browser cannot run Python. A newer one can; or download the notebook of this chapter."
        : "";

  /* Python: one worker, and at times a second one that waits. */

  let where; // what is to be loaded: a promise
  let python, spare, module;
  let loaded, drawing; // bytes; whether they now are those of what draws
  let count = 0;
  const runs = new Map(); // number of a run -> { message, fail }
  const watchers = new Set(); // called when more has been loaded

  async function locate() {
    const response = await fetch(new URL("live.json", script), { cache: "no-cache" });
    if (!response.ok) throw new Error(`live.json came with the status ${response.status}`);
    const found = await response.json();
    if (!found.home) throw new Error("this copy of the book was built without it");
    return { ...found, home: new URL(found.home, script) };
  }

  function spawn() {
    const made = {};
    made.ready = (async () => {
      const { home } = await (where ??= locate());
      made.worker = new Worker(new URL("worker.mjs", home), { type: "module" });
      await new Promise((resolve, reject) => {
        made.worker.onerror = (event) => reject(new Error(event.message || "the worker did not start"));
        made.worker.onmessage = ({ data: { kind, id, content } }) => {
          if (kind === "ready") resolve(content);
          else if (kind === "module") module = content;
          else if (made === python && (kind === "bytes" || kind === "drawing")) load(kind, content);
          else if (kind === "fatal" && !id) reject(new Error(content));
          else runs.get(id)?.message(kind, content);
        };
        made.worker.postMessage({ kind: "start", module });
      });
    })();
    made.ready.catch(() => {
      made.worker?.terminate();
      where = undefined; // the next run tries everything again
      if (python === made) python = undefined;
      if (spare === made) spare = undefined;
    });
    return made;
  }

  function load(kind, bytes) {
    if (kind === "drawing") [loaded, drawing] = [0, true];
    else loaded += bytes;
    for (const watch of watchers) watch();
  }

  function boot() {
    if (!python) [loaded, drawing, python] = [0, false, spawn()];
    return python.ready;
  }

  function stop(reason) {
    python?.worker?.terminate();
    python = spare;
    spare = undefined;
    for (const cell of story) cell.ran = undefined;
    for (const run of [...runs.values()]) run.fail(reason);
    runs.clear();
    boot().catch(() => {});
  }

  // Run something in the worker; `hear` gets what comes meanwhile. Rejects when it is stopped.
  async function ask(job, hear = () => {}) {
    await boot();
    const id = ++count;
    let slow, late;
    try {
      return await new Promise((resolve, reject) => {
        const message = (kind, content) => {
          if (kind === "done") resolve(content);
          else if (kind === "fatal") reject(new Error(`Python broke down and starts anew. ${/call stack|recursion/.test(content) ? DEEP : content}`));
          else if (kind === "running") {
            slow = setTimeout(() => (spare ??= spawn()), PATIENCE * 1000);
            late = setTimeout(() => stop(`Stopped after ${LIMIT} seconds. Is there a loop without an end?`), LIMIT * 1000);
            hear(kind);
          } else hear(kind, content);
        };
        runs.set(id, { message, fail: (reason) => reject(new Error(reason)) });
        python.worker.postMessage({ ...job, id });
      });
    } finally {
      clearTimeout(slow);
      clearTimeout(late);
      runs.delete(id);
    }
  }

  const megabytes = (bytes) => `${(bytes / 1e6).toPrecision(2)} MB`;

  // Say what is being loaded, until `end` is called.
  function reportLoading(note) {
    const report = async () => {
      const { bytes, wire, pictures } = await where;
      const [what, all, size] = drawing ? ["what draws pictures", pictures, pictures] : ["Python", bytes, wire];
      const share = Math.round((100 * loaded) / all);
      const words = `Loading ${what}, once: ${share}\u00a0% of ${megabytes(size)} ...`;
      if (watchers.has(report)) note.textContent = share < 99 ? words : "Python starts ...";
    };
    note.textContent = python ? "Waiting for Python ..." : "Loading Python, once ...";
    watchers.add(report);
    return () => watchers.delete(report);
  }

  /* What the browser keeps. Without storage, or when it is full, nothing else suffers. */

  const KEY = "wire-by-wire ";
  const recall = (name) => {
    try {
      return JSON.parse(localStorage.getItem(KEY + name)) ?? {};
    } catch {
      return {};
    }
  };
  const keep = (name, value) => {
    try {
      localStorage.setItem(KEY + name, JSON.stringify(value));
    } catch {}
  };

  /* The editor: a plain text area that indents. */

  function element(tag, properties = {}, ...children) {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  }

  const insert = (text) => document.execCommand(text ? "insertText" : "delete", false, text);

  function editor(code, label, hint) {
    const area = element("textarea", { value: code, className: "live-code", spellcheck: false, wrap: "off" });
    const settings = { "aria-label": label, "aria-describedby": hint, autocapitalize: "off", autocomplete: "off", autocorrect: "off", translate: "no" };
    for (const [name, value] of Object.entries(settings)) area.setAttribute(name, value);
    const fit = () => (area.rows = Math.max(3, area.value.split("\n").length + 1));
    let leaving = false; // Escape, then Tab goes on to the next control
    area.addEventListener("input", fit);
    area.addEventListener("keydown", (event) => {
      const plain = !(event.ctrlKey || event.altKey || event.metaKey);
      if (event.key === "Tab" && !leaving && plain) {
        event.preventDefault();
        indent(area, event.shiftKey);
      } else if (event.key === "Enter" && plain && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        const line = area.value.slice(0, area.selectionStart).split("\n").pop();
        insert("\n" + /^ */.exec(line)[0] + (/:\s*(#.*)?$/.test(line) ? "    " : ""));
      } else if (event.key === "Backspace" && area.selectionStart === area.selectionEnd) {
        const line = area.value.slice(0, area.selectionStart).split("\n").pop();
        if (/^ {2,}$/.test(line)) {
          event.preventDefault();
          area.setSelectionRange(area.selectionStart - ((line.length - 1) % 4) - 1, area.selectionStart);
          insert("");
        }
      }
      if (event.key !== "Shift") leaving = event.key === "Escape";
    });
    fit();
    return area;
  }

  function indent(area, back) {
    const { value, selectionStart: from, selectionEnd: to } = area;
    const start = value.lastIndexOf("\n", from - 1) + 1;
    if (!back && from === to) return insert(" ".repeat(4 - ((from - start) % 4)));
    const lines = value.slice(start, to).split("\n");
    const moved = lines.map((line) => (back ? line.replace(/^ {1,4}/, "") : line && `    ${line}`)).join("\n");
    area.setSelectionRange(start, to);
    insert(moved);
    area.setSelectionRange(start, start + moved.length);
  }

  /* Cells */

  const story = []; // the cells of the chapter, in their order; exercises are not among them
  let queue = Promise.resolve(); // one run after another

  class Cell {
    constructor(box, number) {
      this.box = box;
      this.number = number;
      this.source = box.querySelector(".cell_input");
      this.printed = this.source.querySelector("pre").textContent.trimEnd();
      this.out = box.querySelector(":scope > .cell_output, details > .cell_output");
      this.stored = [...(this.out?.childNodes ?? [])];
    }

    get code() {
      return this.area?.value ?? this.printed;
    }

    // Put an editor in the place of the printed code, with buttons under it.
    open(code, label, ...buttons) {
      const hint = element("p", { className: "live-hint", id: `live-hint-${this.number}` });
      hint.textContent = "Ctrl+Enter runs. Tab indents; to leave with the keyboard press Escape, then Tab.";
      this.area = editor(code, label, hint.id);
      this.note = element("span", { className: "live-note" });
      this.note.setAttribute("role", "status");
      this.run = this.button("Run", () => this.start());
      this.halt = this.button("Stop", () => stop("Stopped."));
      this.bar = element("div", { className: "live-bar" }, this.run, this.halt, ...buttons, this.note);
      this.busy(false);
      this.area.addEventListener("keydown", (event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey || event.shiftKey)) {
          event.preventDefault();
          this.start();
        }
      });
      this.source.classList.add("live-source");
      this.panel = element("div", { className: "live" }, this.area, hint, this.bar);
      this.source.after(this.panel);
      if (!this.out) {
        this.out = element("div", { className: "cell_output docutils container" });
        this.box.append(this.out);
      }
      this.out.setAttribute("aria-live", "polite");
    }

    button(name, act) {
      const made = element("button", { type: "button", textContent: name });
      made.addEventListener("click", () => made.getAttribute("aria-disabled") !== "true" && act());
      return made;
    }

    busy(is) {
      this.run.setAttribute("aria-disabled", is);
      this.halt.setAttribute("aria-disabled", !is);
      this.out?.classList.toggle("live-old", is);
    }

    async start() {
      if (this.run.getAttribute("aria-disabled") === "true") return;
      if (UNREACHABLE) return (this.note.textContent = UNREACHABLE);
      this.busy(true);
      this.note.textContent = "Waiting ...";
      const mine = queue.then(() => this.work());
      queue = mine.catch(() => {});
      try {
        this.note.replaceChildren(...((await mine) ?? []));
      } catch ({ message }) {
        const known = /^(Stopped|Python broke)/.test(message);
        this.note.textContent = known ? message : `Python could not be loaded: ${message.replace(/\.$/, "")}. Run tries again.`;
        if (message.startsWith("Python broke")) stop("Stopped, because Python broke down.");
      } finally {
        this.busy(false);
      }
    }

    // Run one job for this cell and show what comes in the cell `at`; return whether it ended well.
    async perform(job, at = this) {
      const done = reportLoading(this.note);
      let shown = !at.out || at.quiet;
      let running = false;
      const put = (node) => {
        if (!shown) at.out.replaceChildren();
        shown = true;
        const last = at.out.lastElementChild;
        if (node.matches(".stream") && last?.matches(".stream")) last.firstChild.append(node.textContent);
        else at.out.append(node);
        const text = at.out.querySelector(":scope > :last-child > pre");
        text?.classList.toggle("said", /.{83}/.test(text.textContent)); // sentences are wrapped
      };
      try {
        const ended = await ask(job, (kind, content) => {
          if (kind === "running") {
            done();
            running = true;
            this.note.textContent = "Running ...";
          } else if (kind === "check") this.checked?.(content);
          else if (kind === "error" || !at.quiet) show(put, kind, content);
        });
        return ended;
      } finally {
        if (running && !shown) at.out.replaceChildren(); // what stood there is of a run before
        done();
      }
    }
  }

  function show(put, kind, content) {
    if (kind === "stream") put(output("stream", content.text));
    else if (kind === "error") put(output("traceback", content));
    else if (content.knobs) put(knobs(content.knobs));
    else if (content["text/html"] ?? content["image/svg+xml"]) {
      const box = element("div", { className: "output text_html" });
      box.innerHTML = content["text/html"] ?? content["image/svg+xml"];
      put(box);
    } else put(output("text_plain", content["text/plain"]));
  }

  const output = (kind, text) => element("div", { className: `output ${kind}` }, element("pre", { textContent: text }));

  // A picture with knobs that Python draws anew at each turn.
  function knobs({ number, html, dials, drag }) {
    const box = element("div", { className: "knobs" });
    box.innerHTML = html;
    const moving = box.querySelector("g.moving");
    const sentence = box.querySelector(".sentence");
    const owner = python;
    let next, turning;
    const turn = async (position) => {
      next = position;
      if (turning) return;
      turning = true;
      try {
        while (next) {
          const position = next;
          next = undefined;
          if (python !== owner) throw new Error();
          const [layer, said] = await ask({ kind: "turn", number, position });
          moving.innerHTML = layer;
          sentence.replaceChildren(...raised(said)); // knobs.js has it, as it has dialPanel
        }
      } catch {
        sentence.textContent = "Python was stopped. Run the cell again, and the knobs turn again.";
      } finally {
        turning = false;
      }
    };
    window.dialPanel?.(box, dials, drag, turn);
    return box;
  }

  class Exercise extends Cell {
    constructor(box, number, before) {
      super(box, number);
      this.name = /check\(\s*"([^"]+)"/.exec(this.printed)?.[1] ?? `exercise-${number}`;
      this.before = before;
      const kept = recall(this.name);
      this.solved = kept.solved ?? false;
      box.dataset.exercise = this.name;
      box.setAttribute("role", "group");
      box.setAttribute("aria-label", `Exercise ${this.name.split(".").pop().replaceAll("_", " ")}`);
      this.mark = element("span", { className: "live-solved" });
      const over = this.button("Start over", () => {
        this.area.focus();
        this.area.select();
        insert(this.printed);
        this.out.replaceChildren(...this.stored);
        this.note.textContent = "";
      });
      this.open(kept.code ?? this.printed, `Your answer to the exercise ${this.name}`, over, this.mark);
      this.show();
      if (kept.code && kept.stub !== this.printed) {
        this.note.textContent = "This exercise has changed since you wrote this. Start over shows it anew.";
      }
      this.area.addEventListener("input", () => {
        this.save();
        if (!UNREACHABLE) boot().catch(() => {});
      });
    }

    save() {
      const code = this.area.value === this.printed ? undefined : this.area.value;
      keep(this.name, { code, stub: this.printed, solved: this.solved });
    }

    show() {
      this.mark.textContent = this.solved ? "✓ solved" : "";
    }

    checked({ name, correct }) {
      if (name !== this.name || !correct) return;
      this.solved = true;
      this.save();
      this.show();
    }

    async work() {
      const cells = this.before.map((cell) => cell.code);
      await this.perform({ kind: "exercise", code: this.code, name: "your answer", cells });
    }
  }

  class StoryCell extends Cell {
    constructor(box, number) {
      super(box, number);
      this.position = story.length;
      this.quiet = true; // runs without showing what it prints, until a reader opens it
      this.label = box.querySelector("svg.picture")?.getAttribute("aria-label") ?? "";
      const lines = this.printed.split("\n");
      const telling = lines.find((line) => line.trim() && !/^(import|from|#|@)/.test(line)) ?? lines[0];
      this.title = box.classList.contains("tag_setup") ? "the setup cell" : telling.replace(/:$/, "");
      this.opener = this.button("Change and run", () => this.change());
      this.opener.className = "live-open";
      this.source.append(this.opener);
      story.push(this);
    }

    change() {
      this.quiet = false;
      this.opener.remove();
      const back = this.button("As printed", () => this.asPrinted());
      const restart = this.button("Restart Python", () => {
        stop("Stopped, because Python was restarted.");
        this.note.textContent = "Python starts anew. Nothing has run yet.";
      });
      this.open(this.printed, "The code of this cell", back, restart);
      this.area.focus();
    }

    asPrinted() {
      this.panel.remove();
      this.source.classList.remove("live-source");
      this.source.append(this.opener);
      this.area = undefined;
      this.quiet = true;
      this.out.removeAttribute("aria-live");
      this.out.classList.remove("live-old");
      this.out.replaceChildren(...this.stored);
      this.opener.focus();
    }

    // Run the cells above that have not run as they are, this one, and those below that had run
    // for the reader, so that they follow.
    async work() {
      const stale = story.findIndex((cell) => cell.ran !== cell.code);
      const from = stale < 0 ? this.position : Math.min(stale, this.position);
      const above = story.slice(from, this.position);
      const below = story.slice(this.position + 1).filter((cell) => cell.ran !== undefined);
      for (const cell of [...above, this, ...below]) {
        const job = { kind: "cell", code: cell.code, name: `cell ${cell.position + 1}`, label: cell.label };
        const ended = await this.perform(job, cell);
        cell.ran = ended ? job.code : undefined;
        if (!ended) return cell === this ? above.length && this.told("Ran first: ", above) : this.told("This cell stopped with an error: ", [cell]);
      }
      return [...(above.length ? this.told("Ran first: ", above) : []), ...(below.length ? this.told(" Ran after it: ", below) : [])];
    }

    told(words, cells) {
      const links = cells.slice(0, 8).flatMap((cell, index) => {
        cell.box.id ||= `cell-${cell.position + 1}`;
        const text = cell.title.length > 30 ? `${cell.title.slice(0, 28)}...` : cell.title;
        return [index ? ", " : "", element("a", { href: `#${cell.box.id}`, textContent: text })];
      });
      const more = cells.length > 8 ? [` and ${cells.length - 8} more`] : [];
      return [words, ...links, ...more, "."];
    }
  }

  for (const [index, box] of document.querySelectorAll("div.cell").entries()) {
    if (!box.querySelector(".cell_input pre")) continue;
    if (box.classList.contains("tag_exercise")) new Exercise(box, index, [...story]);
    else new StoryCell(box, index);
  }
}
