// The search: answers while you type. The index comes when the field is first used. Chapters stand
// first, and among them those whose title or name has the word.
{
  const root = new URL(document.documentElement.dataset.content_root, location.href);
  // Sphinx's own search needs these, in this order.
  const PARTS = ["_static/language_data.js", "_static/searchtools.js", "searchindex.js"];
  const MOST = 12; // answers while you type
  const results = document.getElementById("search-results"); // on the page of all results
  let asked = "";
  let loading;

  const load = (address) =>
    new Promise((resolve, reject) => {
      const script = document.createElement("script");
      Object.assign(script, { src: new URL(address, root), onload: resolve, onerror: reject });
      document.head.append(script);
    });

  function ready() {
    loading ??= (async () => {
      for (const part of PARTS) {
        await load(part);
        if (part.endsWith("tools.js")) Scorer.score = score; // before it answers
      }
    })();
    loading.catch(() => (loading = undefined)); // the next letter tries again
    return loading;
  }

  // A result is [name of the page, title, anchor, description, score, file].
  function score([page, title, anchor, , score, file]) {
    const isChapter = file.endsWith(".ipynb");
    const word = asked.toLowerCase().trim();
    const named = title.toLowerCase().includes(word) || page.replace(/-/g, " ").includes(word);
    return score + (isChapter ? 100 : 0) + (named ? 50 : 0) + (named && !anchor ? 100 : 0);
  }

  if (results) {
    asked = new URLSearchParams(location.search).get("q") ?? "";
    const failed = "The index of this book did not come. Load the page again.";
    if (asked) ready().catch(() => (results.textContent = failed));
  }

  for (const form of document.querySelectorAll("#pst-search-dialog form.bd-search")) {
    const field = form.querySelector("input");
    const list = document.createElement("ol");
    const status = document.createElement("p");
    list.className = "search-answers";
    status.className = "search-status";
    status.setAttribute("role", "status");
    form.after(status, list);

    const answer = async () => {
      const words = field.value.trim();
      if (words.length < 2) return show([], "");
      if (!loading) status.textContent = "Loading the index ...";
      try {
        await ready();
      } catch {
        return show([], "The index did not come. Enter tries the page of results.");
      }
      if (words !== field.value.trim()) return; // more was typed meanwhile
      asked = words;
      const query = Search._parseQuery(words);
      const found = Search._performSearch(...query).reverse(); // best first
      mark(""); // which the parser has set: only an answer that is opened shall mark its words
      marks = [...query[3]].join(" ");
      show(found, found.length ? `${found.length} places have it.` : "Nothing in this book has it.");
    };

    let marks = "";
    const mark = (words) => localStorage.setItem("sphinx_highlight_terms", words);
    list.addEventListener("click", () => mark(marks));

    const show = (found, words) => {
      status.textContent = words;
      list.replaceChildren(
        ...found.slice(0, MOST).map(([page, title, anchor, description]) => {
          const item = document.createElement("li");
          const link = document.createElement("a");
          link.href = new URL(`${page}.html${anchor}`, root);
          link.innerHTML = title; // as Sphinx has escaped it
          item.append(link, ...(description ? [` ${description}`] : []));
          return item;
        }),
      );
    };

    field.addEventListener("focus", () => ready().catch(() => {}), { once: true });
    field.addEventListener("input", answer);
    // Down leads to the answers, and on; Up leads back.
    form.parentElement.addEventListener("keydown", (event) => {
      const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const stops = [field, ...list.querySelectorAll("a")];
      const next = stops[stops.indexOf(document.activeElement) + way];
      if (!way || !next) return;
      event.preventDefault();
      next.focus();
    });
  }
}
