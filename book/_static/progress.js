// What this browser remembers of a reader: the place, the chapters read and the exercises solved.
// Without storage nothing is remembered, and nothing else suffers.
{
  const KEY = "wire-by-wire ";
  const EXERCISES = {}; // the names of those of each chapter, in the order of the book; see course.py
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

  const chapterOf = (address) => new URL(address).pathname.match(/\/book\/([\w-]+)\.html$/)?.[1];
  const here = chapterOf(location.href);
  const article = document.querySelector("article");

  /* Marks in the sidebar */

  function mark() {
    const read = recall("read");
    for (const link of document.querySelectorAll(".bd-docs-nav a")) {
      const chapter = chapterOf(link.href);
      if (!(chapter in EXERCISES)) continue;
      const names = EXERCISES[chapter];
      const solved = names.filter((name) => recall(name).solved === true).length;
      const words = [read[chapter] === true && "read", solved && `${solved} of ${names.length} solved`];
      let said = link.querySelector(".progress-mark");
      if (!said) {
        said = document.createElement("span");
        said.className = "progress-mark";
        link.append(said);
      }
      said.textContent = words.filter(Boolean).join(", ");
    }
  }

  if (here in EXERCISES) {
    /* Read is what was scrolled to its end. */
    const end = [...article.querySelectorAll("section")].pop()?.lastElementChild;
    const watch = (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      keep("read", { ...recall("read"), [here]: true });
      mark();
    };
    if (end && typeof IntersectionObserver !== "undefined") new IntersectionObserver(watch).observe(end);

    /* The place: the last heading that has gone above the middle of the screen */
    const sections = [...article.querySelectorAll("section[id]")];
    const remember = () => {
      const passed = sections.filter((section) => section.getBoundingClientRect().top < innerHeight / 2);
      const place = passed.length > 1 ? `#${passed.pop().id}` : "";
      keep("place", { page: `${here}.html${place}` });
    };
    let waiting;
    addEventListener("scroll", () => {
      clearTimeout(waiting);
      waiting = setTimeout(remember, 300);
    }, { passive: true });
    addEventListener("pagehide", remember);
    remember();
  }

  /* To a file, and back */

  function list() {
    const kept = {};
    try {
      for (const key of Object.keys(localStorage)) {
        if (key.startsWith(KEY)) kept[key.slice(KEY.length)] = localStorage.getItem(key);
      }
    } catch {}
    return kept;
  }

  function save() {
    const content = JSON.stringify({ course: "wire-by-wire", kept: list() }, null, 1);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([content], { type: "application/json" }));
    link.download = "wire-by-wire.json";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    return `Saved as wire-by-wire.json: ${count(Object.keys(list()).length)}.`;
  }

  const count = (number) => (number === 1 ? "1 entry" : `${number} entries`);

  async function read(file) {
    let found;
    try {
      found = JSON.parse(await file.text());
    } catch {}
    const entries = Object.entries(found?.kept ?? {});
    if (found?.course !== "wire-by-wire" || !entries.every(([, text]) => typeof text === "string")) {
      return `${file.name} is no file of this course, so nothing has changed. Choose one that "Save to a file" made.`;
    }
    for (const [name, text] of entries) {
      try {
        localStorage.setItem(KEY + name, text);
      } catch {}
    }
    const came = Object.keys(list()).length >= entries.length;
    return came ? `Read: ${count(entries.length)}.` : "This browser keeps nothing: its storage is blocked or full.";
  }

  function forget() {
    if (!confirm("Forget what you have read, solved and written in this browser?")) return "";
    for (const name of Object.keys(list())) localStorage.removeItem(KEY + name);
    return "Forgotten.";
  }

  for (const box of document.querySelectorAll(".progress-file")) {
    const status = document.createElement("p");
    status.setAttribute("role", "status");
    const button = (words, act) => {
      const made = document.createElement("button");
      Object.assign(made, { type: "button", textContent: words });
      made.addEventListener("click", () => tell(act));
      return made;
    };
    const tell = async (act) => {
      status.textContent = (await act()) || "";
      mark();
    };
    const chooser = document.createElement("input");
    Object.assign(chooser, { type: "file", accept: ".json,application/json", hidden: true });
    chooser.addEventListener("change", () => {
      const [file] = chooser.files;
      if (file) tell(() => read(file));
      chooser.value = "";
    });
    box.replaceChildren(
      button("Save to a file", save),
      button("Read from a file", () => chooser.click()),
      button("Forget everything", forget),
      chooser,
      status,
    );
  }

  /* An exercise was solved: on this page, in another tab, or before this page came back */

  const solving = new MutationObserver(mark);
  for (const part of document.querySelectorAll(".live-solved")) solving.observe(part, { childList: true });
  addEventListener("storage", mark);
  addEventListener("pageshow", (event) => event.persisted && mark());
  mark();
}
