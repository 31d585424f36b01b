"""What the notebooks print of the exercises: stubs, solutions, and the names that they can use."""

import ast
import re
from functools import cache
from pathlib import Path

import nbformat

from nnutils.exercises import CHAPTERS, find

BOOK = Path(__file__).parent.parent / "book"
EXERCISES = {
    f"{chapter}.{key}": exercise
    for chapter in CHAPTERS
    for key, exercise in find(chapter).EXERCISES.items()
}
CALL = re.compile(r'^check\("(?P<name>[\w.-]+)", (?P<answer>\w+)\)$', re.MULTILINE)
SOLUTION = re.compile(
    r"<details><summary>Solution</summary>\s*```python\n(.*?)```.*?</details>", re.DOTALL
)


@cache
def cells(chapter):
    return nbformat.read(BOOK / f"{chapter}.ipynb", as_version=4).cells


def exercise_cells(chapter):
    """Return {exercise: (position, stub, name of the answer)} for a notebook."""
    found = {}
    for position, cell in enumerate(cells(chapter)):
        if "exercise" in cell.metadata.get("tags", ()):
            call = CALL.search(cell.source)
            assert call, f"no check at the end of:\n{cell.source}"
            found[call["name"]] = position, cell.source, call["answer"]
    return found


def solution(name):
    """Return the source of the solution that is printed below an exercise."""
    chapter = name.partition(".")[0]
    position, _, _ = exercise_cells(chapter)[name]
    after = cells(chapter)[position + 1]
    assert after.cell_type == "markdown"
    assert after.source.startswith("<details><summary>Hint</summary>")
    (found,) = SOLUTION.findall(after.source)
    return found


def plain(source):
    """Return the source of a cell without the lines that only a notebook understands."""
    return re.sub(r"^(\s*)%.*", r"\1pass", source, flags=re.MULTILINE)


def definitions(chapter, before):
    """Run the imports and plain functions of a notebook's first cells; return the names."""
    names = {}
    for cell in cells(chapter)[:before]:
        if cell.cell_type != "code" or "exercise" in cell.metadata.get("tags", ()):
            continue
        tree = ast.parse(plain(cell.source))
        tree.body = [
            part
            for part in tree.body
            if isinstance(part, (ast.Import, ast.ImportFrom, ast.ClassDef))
            or (isinstance(part, ast.FunctionDef) and not part.decorator_list)
        ]
        exec(compile(tree, chapter, "exec"), names)
    return names


def alone(name):
    """Return the names of a reader who ran the setup cell and this exercise's stub, no more."""
    chapter = name.partition(".")[0]
    _, stub, _ = exercise_cells(chapter)[name]
    (setup,) = (c.source for c in cells(chapter) if "setup" in c.metadata.get("tags", ()))
    names = {}
    exec(compile(plain(setup), chapter, "exec"), names)
    names["check"] = lambda name, answer: None
    exec(compile(stub, name, "exec"), names)
    return names
