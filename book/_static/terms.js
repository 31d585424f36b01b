// The definition of a word of the glossary, on hover, focus or tap. Without this script the word is
// a link to the glossary. The definitions come when the first is asked for.
{
  const tip = document.createElement("div");
  Object.assign(tip, { className: "definition", id: "definition", hidden: true });
  tip.setAttribute("role", "tooltip");
  document.body.append(tip);
  let loading, shown, closing;

  const load = () =>
    (loading ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      const base = document.documentElement.dataset.content_root;
      Object.assign(script, { src: `${base}_static/definitions.js`, onload: resolve, onerror: reject });
      document.head.append(script);
    }));

  async function show(link) {
    clearTimeout(closing);
    if (shown === link) return;
    hide();
    shown = link;
    try {
      await load();
    } catch {
      loading = undefined; // it stays a link
    }
    const text = window.DEFINITIONS?.[link.hash.slice(1)];
    if (!text || shown !== link) return;
    tip.innerHTML = text;
    tip.hidden = false;
    link.setAttribute("aria-describedby", tip.id);
    const word = link.getClientRects()[0];
    const left = Math.min(word.left, document.documentElement.clientWidth - tip.offsetWidth - 8);
    const above = word.top - tip.offsetHeight - 4;
    const top = word.bottom + tip.offsetHeight + 4 > innerHeight && above > 0 ? above : word.bottom + 4;
    tip.style.left = `${Math.max(8, left) + scrollX}px`;
    tip.style.top = `${top + scrollY}px`;
  }

  function hide() {
    clearTimeout(closing);
    tip.hidden = true;
    shown?.removeAttribute("aria-describedby");
    shown = undefined;
  }

  const later = () => {
    clearTimeout(closing);
    closing = setTimeout(hide, 300); // time to move onto the definition
  };

  tip.addEventListener("pointerenter", () => clearTimeout(closing));
  tip.addEventListener("pointerleave", later);
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
  document.addEventListener("pointerdown", ({ target }) => target !== shown && !tip.contains(target) && hide());

  for (const link of document.querySelectorAll("a.term")) {
    let tapped = false;
    link.addEventListener("pointerenter", (event) => event.pointerType === "mouse" && show(link));
    link.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && later());
    link.addEventListener("focus", () => link.matches(":focus-visible") && show(link));
    link.addEventListener("blur", later);
    link.addEventListener("pointerdown", (event) => (tapped = event.pointerType !== "mouse"));
    // A tap shows the definition; a second one follows the link.
    link.addEventListener("click", (event) => {
      if (!tapped || shown === link) return;
      event.preventDefault();
      show(link);
    });
  }
}
