// A switch in the header: read the story alone, with each cell of code folded to a line.
{
  const page = document.documentElement;
  const KEY = "wire-by-wire code";
  const remembered = () => {
    try {
      return localStorage.getItem(KEY);
    } catch {}
  };
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "code-switch btn btn-sm", textContent: "Code" });
  button.title = "Show all code, or fold each cell to a line";

  // Exercises stay as they are: there code is what a reader writes.
  const cells = [...document.querySelectorAll("div.cell:not(.tag_exercise)")];

  function fold(input) {
    const details = document.createElement("details");
    details.className = "admonition hide above-input code-fold";
    details.innerHTML =
      '<summary><p class="collapsed admonition-title">Show the code</p>' +
      '<p class="expanded admonition-title">Hide the code</p></summary>';
    input.before(details);
    details.append(input);
  }

  function unfold(details) {
    details.replaceWith(details.querySelector(".cell_input"));
  }

  function set(story) {
    for (const cell of cells) {
      const open = cell.querySelector(":scope > .cell_input");
      const made = cell.querySelector(":scope > details.code-fold");
      if (story && open) fold(open);
      else if (!story && made) unfold(made);
    }
    button.setAttribute("aria-pressed", !story);
    page.dataset.code = story ? "story" : "code";
  }

  button.addEventListener("click", () => {
    const near = cells.find((cell) => cell.getBoundingClientRect().bottom > 0);
    const top = near?.getBoundingClientRect().top;
    const story = page.dataset.code !== "story";
    set(story);
    if (near && scrollY) scrollBy(0, near.getBoundingClientRect().top - top); // keep the place
    try {
      localStorage.setItem(KEY, story ? "story" : "code");
    } catch {}
  });

  set(remembered() === "story");
  addEventListener("storage", (event) => event.key === KEY && set(event.newValue === "story"));
  document.querySelector(".article-header-buttons")?.prepend(button);
}
