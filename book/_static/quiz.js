// Questions on a page: what was checked is kept, a quiz is counted, and what a guess asks for waits.
// Without this script every question answers, nothing waits, and nothing is kept.
{
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

  function element(tag, properties = {}, ...children) {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  }

  /* A question: which choices were checked, in their order. Choices and questions are known by the
     digests of their texts, so that an answer to a question that has changed is forgotten. */

  function question(fieldset, changed) {
    const name = fieldset.dataset.question;
    const inputs = [...fieldset.querySelectorAll("input")];
    const folds = [...fieldset.querySelectorAll("details")];
    const checked = []; // places
    for (const [place, fold] of folds.entries())
      fold.addEventListener("toggle", () => {
        if (!fold.open || checked.includes(place)) return;
        checked.push(place);
        changed();
      });
    return {
      name,
      get checked() {
        return checked.map((place) => inputs[place].value);
      },
      get right() {
        return folds[checked[0]]?.classList.contains("right") ?? false; // the first one counts
      },
      restore(values) {
        for (const value of Array.isArray(values) ? values : []) {
          const place = inputs.findIndex((input) => input.value === value);
          if (place < 0 || checked.includes(place)) continue;
          checked.push(place);
          inputs[place].checked = folds[place].open = true;
        }
      },
      clear() {
        checked.length = 0;
        for (const input of inputs) input.checked = false;
        for (const fold of folds) fold.open = false;
      },
    };
  }

  /* A quiz */

  for (const box of document.querySelectorAll("[data-quiz]")) {
    const key = `quiz ${box.dataset.quiz}`;
    const words = element("span");
    words.setAttribute("role", "status");
    const over = element("button", { type: "button", textContent: "Start over" });
    const score = element("p", { className: "quiz-score", hidden: true }, words, " ", over);
    const count = () => {
      const answered = questions.filter(({ checked }) => checked.length).length;
      const right = questions.filter((question) => question.right).length;
      score.hidden = !answered;
      words.textContent = `${answered} of ${questions.length} questions answered, ${right} right at the first try.`;
      return { of: questions.length, answered, right };
    };
    const changed = () => {
      const { checked } = recall(key); // another tab may have added to it
      const mine = questions.filter(({ checked }) => checked.length).map(({ name, checked }) => [name, checked]);
      keep(key, { ...count(), checked: { ...checked, ...Object.fromEntries(mine) } });
    };
    const questions = [...box.querySelectorAll("fieldset")].map((fieldset) => question(fieldset, changed));
    over.addEventListener("click", () => {
      for (const question of questions) question.clear();
      keep(key, { ...count(), checked: {} });
      box.querySelector("input").focus();
    });
    box.append(score);
    const { checked } = recall(key);
    for (const question of questions) question.restore(checked?.[question.name]);
    count();
  }

  /* A guess. What follows it, up to the next heading, guess or rule, is held back until one is made. */

  for (const box of document.querySelectorAll("[data-guess]")) {
    const key = `guess ${box.dataset.guess}`;
    const known = recall(key);
    const made = question(box.querySelector("fieldset"), () => {
      keep(key, { checked: made.checked, right: made.right });
      show();
    });
    made.restore(known.checked);

    const button = element("button", { type: "button", textContent: "Show me" });
    const note = element("p", { className: "quiz-note" }, "The picture and the answer wait for your guess. ", button);
    const held = element("div", { className: "quiz-held" });
    const show = () => {
      note.remove();
      if (held.parentNode) held.replaceWith(...held.childNodes);
    };
    const aim = () => {
      let name = location.hash.slice(1);
      try {
        name = decodeURIComponent(name);
      } catch {}
      const target = name && document.getElementById(name);
      if (!target || !held.contains(target)) return;
      show();
      target.scrollIntoView();
    };
    button.addEventListener("click", () => {
      const first = held.firstElementChild;
      keep(key, { shown: true });
      show();
      first.tabIndex = -1;
      first.focus({ preventScroll: true });
    });
    held.addEventListener("beforematch", show); // the browser's own search has found something in it

    if (made.checked.length || known.shown) continue;
    const cell = box.closest("div.cell");
    const ends = (part) => part.matches("section, h1, h2, h3, h4, hr") || part.querySelector("[data-guess]");
    for (let next = cell?.nextElementSibling; next && !ends(next); next = cell.nextElementSibling) held.append(next);
    if (!held.firstElementChild) continue;
    held.setAttribute("hidden", "onbeforematch" in held ? "until-found" : "");
    cell.after(note, held);
    addEventListener("hashchange", aim);
    aim();
  }
}
