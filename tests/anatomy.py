"""What every chapter has to have, as a list of sentences about what is missing."""

import ast
import builtins
import copy
import importlib
import re
from pathlib import Path
from types import ModuleType

import yaml

from nnutils.exercises import find
from tools.notebooks import TIMES, normalise

ROOT = Path(__file__).parents[1]
PAGES = [
    Path(page["file"]).name
    for part in yaml.safe_load((ROOT / "_toc.yml").read_text())["parts"]
    for page in part["chapters"]
]
CHAPTERS = [name for name in PAGES if (ROOT / "book" / f"{name}.ipynb").exists()]
ALWAYS = {"plots", "knobs", "check", "quiz"}
HEADINGS = ["Exercises", "Quiz", "What you have built", "Sources and corrections"]
MAX_LINES = 15
MAX_WAITING = 230  # words that wait on the page until a guess is made


def faults(chapter, notebook, chapters, setup):
    """Return what is wrong with a chapter's notebook.

    ``chapters`` are the names of all chapters in the book's order, whose numbers begin with 0;
    ``setup`` is the source of the setup cell that all of them share.
    """
    markdown = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    text = "\n\n".join(markdown)
    earlier = chapters[: chapters.index(chapter) + 1]
    return [
        *_opening(chapters.index(chapter), notebook.cells),
        *_setup(notebook.cells[1], setup),
        *_end(text),
        *_knobs(chapter, notebook.cells),
        *_waiting(notebook.cells),
        *_handover(text),
        *_exercises(chapter, notebook.cells),
        *_cells(code, earlier),
        *_names(code),
        *_plain_markdown(text),
        *_stored(notebook),
    ]


def _opening(number, cells):
    """Title, subtitle and claim; the folded setup cell; the central picture; the promise."""
    title, _, picture, promise = cells[:4]
    found = re.match(rf"# {number} .+\n\n\*.+\*\n\n(.+)", title.source, re.S)
    if not found:
        yield f"The chapter does not open with '# {number} Title', '*Subtitle*' and a claim."
    elif len(found[1].split()) > 70:
        yield f"Claim and task have {len(found[1].split())} words; the picture comes too late."
    folded = "hide-input" in picture.metadata.get("tags", ())
    if not (folded and "@knobs(" in picture.source):
        yield "After the setup cell there is no folded cell that draws the central picture."
    if not re.match("In this chapter you build ", promise.source):
        yield "Below the first picture there is no promise: 'In this chapter you build ...'."
    if not TIMES.search(promise.source):
        yield (
            "The promise does not say how long the chapter takes: write '*About 30 minutes.*', and "
            "let `make notebooks` write the times."
        )
    items = len(re.findall(r"^- ", promise.source, re.M))
    if not 3 <= items <= 5:
        yield f"The promise lists {items} things that you can do afterwards; 3 to 5 are right."


def _setup(cell, setup):
    if "setup" not in cell.metadata.get("tags", ()) or cell.source != setup:
        yield "The second cell is not the setup cell that every chapter shares."


def _end(text):
    found = [h for h in re.findall(r"^## (.+)$", text, re.M) if h in HEADINGS]
    if found != HEADINGS:
        yield f"The last headings are {found}; they have to be {HEADINGS}."


def _knobs(chapter, cells):
    asked, count, before, heading = [], 0, "", False
    for cell in cells:
        if cell.cell_type == "markdown":
            heading = heading or re.search(r"^## ", cell.source, re.M)
        elif "@knobs(" in cell.source:
            count += 1
            # The picture under the title claims something instead.
            if heading and not before:
                yield f"A knob has no guess right before it: {cell.source[:60]!r}."
        match = re.search(rf'^guess\("{chapter}\.(\w+)"\)$', cell.source, re.M)
        before = match[1] if match and cell.metadata.get("tags") == ["remove-input"] else ""
        asked += [before] * bool(before)
    if asked != list(find(chapter).GUESSES):
        yield f"The guesses are {asked}, but the package has {list(find(chapter).GUESSES)}."
    if not count:
        yield "There is no knob."


def _waiting(cells):
    """Guesses that hold back more than what gives their answer away."""
    guess, words = "", 0
    for cell in cells:
        end = len(cell.source)
        if cell.cell_type == "markdown":
            stop = re.search(r"^(#+ |---$)", cell.source, re.M)
            end = stop.start() if stop else end
            words += len(cell.source[:end].split())
        asks = re.search(r'^guess\("(.+)"\)$', cell.source, re.M)
        if guess and (asks or end < len(cell.source)):
            if words > MAX_WAITING:
                yield (
                    f"{words} words wait for the guess {guess!r}, {MAX_WAITING} are the limit. "
                    "What does not give its answer away stands behind a rule (---)."
                )
            guess = ""
        if asks:
            guess, words = asks[1], 0


def _handover(text):
    if not re.search(r"[Yy]ou built (it|them)[;,] from here on", text):
        yield "There is no handover: 'You built it; from here on we import it.'"


def _exercises(chapter, cells):
    exercises = find(chapter).EXERCISES
    found = []
    for i, cell in enumerate(cells):
        if "exercise" in cell.metadata.get("tags", ()):
            match = re.search(rf'check\("{chapter}\.(\w+)", \1\)', cell.source)
            found.append(match[1] if match else "")
            if beside := re.search(r"^\w+ = \.\.\..*#.*", cell.source, re.M):
                yield f"On a phone this comment is out of sight, put it above: {beside[0]!r}."
            after = cells[i + 1].source if i + 1 < len(cells) else ""
            for part in ("Hint", "Solution"):
                if f"<details><summary>{part}</summary>" not in after:
                    yield f"The exercise {found[-1]!r} has no {part.lower()} below it."
    if found != list(exercises):
        yield f"The exercises are {found}, but the package checks {list(exercises)}."


def _cells(code, earlier):
    for cell in code:
        tags = cell.metadata.get("tags", ())
        lines = sum(bool(line.strip()) for line in cell.source.splitlines())
        start = repr(cell.source[:60])
        if lines > MAX_LINES and not {"hide-input", "remove-input"} & set(tags):
            yield f"A cell has {lines} lines, {MAX_LINES} are the limit: {start}."
        if re.search(r"np\.random\.(?!default_rng)|^import random", cell.source, re.M):
            yield f"A cell draws numbers without an explicit generator: {start}."
        if "plt.show()" in cell.source:
            told = cell.metadata.get("mystnb", {})
            if not told.get("image", {}).get("alt"):
                yield f"A picture has no alternative text in the cell's metadata: {start}."
            if not told.get("figure", {}).get("caption"):
                yield f"A picture has no caption in the cell's metadata: {start}."
        yield from _imports(cell.source, earlier)


def _names(code):
    """Names that a visible cell uses, but that only a folded cell defines.

    A function may use what a later cell defines, since it runs later; other lines may not.
    """
    seen, known = [], set(dir(builtins))
    for cell in code:
        tags = set(cell.metadata.get("tags", ()))
        if "setup" in tags or not tags & {"hide-input", "remove-input"}:
            seen.append((cell.source[:60], _tree(cell.source)))
    anywhere = known.union(*(_bound(tree) for _, tree in seen))
    for start, tree in seen:
        known |= _bound(tree)
        late = {n for f in ast.walk(tree) if isinstance(f, ast.FunctionDef) for n in _used(f)}
        for name in sorted((_used(tree) - late - known) | (late - anywhere)):
            yield f"{name} is used where it is seen, but not defined there: {start!r}."


def _used(tree):
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def _bound(tree):
    """Return the names that the statements of a tree define, import or assign."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.ExceptHandler)):
            found.add(node.name)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.alias):
            found.add(node.asname or node.name.partition(".")[0])
    return found


def _tree(source):
    plain = "\n".join(line for line in source.splitlines() if not line.lstrip().startswith("%"))
    return ast.parse(re.sub(r"^(\s+)if .*:\n(?=\S|\Z)", "", plain))


def _imports(source, earlier):
    for node in ast.walk(_tree(source)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("nnutils"):
            for name in node.names:
                owner = importlib.import_module(node.module)
                thing = getattr(owner, name.name, None)
                if thing is None:
                    thing = importlib.import_module(f"{node.module}.{name.name}")
                built = set(re.findall(r"Built in: ([\w-]+)", _docs(thing)))
                module = node.module.partition(".")[2] or name.name
                if module not in ALWAYS and not built & set(earlier):
                    where = ", ".join(sorted(built)) or "no chapter"
                    yield f"{name.name} is imported, but it is built in {where}."


def _docs(thing):
    members = vars(thing).values() if isinstance(thing, ModuleType) else ()
    return "\n".join(getattr(t, "__doc__", None) or "" for t in (thing, *members))


def _plain_markdown(text):
    if re.search(r"^(```|:::)\s*\{", text, re.M) or re.search(r"\{\w+\}`", text):
        yield "A Markdown cell uses a MyST directive or role, which Colab shows raw."
    if lost := re.search(r"^%.*", text, re.M):
        yield f"A line that begins with % is a comment, which the page does not show: {lost[0]!r}."
    crowded = re.findall(r"^1 (?=[A-Z`$]).*", text, re.M)
    if crowded:
        yield f"What is numbered has no line for each number, '1. ...': {crowded[0]!r}."


def _stored(notebook):
    kinds = {k for c in notebook.cells for o in c.get("outputs", ()) for k in o.get("data", ())}
    if not kinds <= {"text/plain"}:
        yield f"The notebook stores {sorted(kinds - {'text/plain'})}: run make notebooks."
    if normalise(copy.deepcopy(notebook)) != notebook:
        yield "The notebook is not normalised: run make notebooks."
