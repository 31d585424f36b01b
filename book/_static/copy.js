// A button on each block of code that copies it. For the keyboard all of them are one stop, at the
// first block; arrow keys lead from there to the others.
{
  const written = (block) => !block.closest(".cell_output"); // not printed
  const blocks = [...document.querySelectorAll("div.highlight")].filter(written);

  const buttons = blocks.map((block, index) => {
    const button = document.createElement("button");
    const label = `Copy the code, block ${index + 1} of ${blocks.length}. Arrow keys lead to the others.`;
    const show = (word, name) => {
      button.textContent = word;
      button.setAttribute("aria-label", name);
    };
    Object.assign(button, { type: "button", className: "copy", tabIndex: index ? -1 : 0 });
    show("Copy", label);
    button.addEventListener("click", async () => {
      const copied = await copy(block.querySelector("pre"));
      show(...(copied ? ["Copied", "Copied"] : ["Ctrl+C", "It is selected: copy it with Ctrl+C"]));
      setTimeout(show, 2000, "Copy", label);
    });
    block.prepend(button);
    return button;
  });

  async function copy(part) {
    try {
      await navigator.clipboard.writeText(part.textContent);
      return true;
    } catch {
      getSelection().selectAllChildren(part); // a page that came without https
      return document.execCommand("copy");
    }
  }

  const seen = () => buttons.filter((button) => button.offsetParent);
  const stop = () => buttons.find((button) => button.tabIndex === 0);

  function move(button) {
    if (!button) return;
    for (const other of buttons) other.tabIndex = other === button ? 0 : -1;
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Tab" && !stop()?.offsetParent) return move(seen()[0]); // its block was folded
    const way = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (!way || !buttons.includes(document.activeElement)) return;
    event.preventDefault();
    move(seen()[seen().indexOf(document.activeElement) + way]);
    stop().focus();
  });
}
