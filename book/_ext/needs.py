"""What each chapter takes from others: the imports of its notebook, and who has built them.

The line ``Built in: x`` in a docstring of ``nnutils`` says which chapter has built a thing. So the
map of the chapters follows from their code, and nobody has to keep it up to date.
"""

import ast
import importlib
import re
from types import ModuleType

import nbformat
from IPython.core.inputtransformer2 import TransformerManager

BUILT = re.compile(r"Built in: ([\w-]+)")


def needs(root, chapters):
    """Return for each chapter the set of those whose things it imports, itself left out."""
    return {name: taken(cells(root, name)) & set(chapters) - {name} for name in chapters}


def all_needed(direct, name):
    """Return the chapters that a chapter takes from, and those that these take from, and so on."""
    found, waiting = set(), list(direct[name])
    while waiting:
        if (one := waiting.pop()) not in found:
            found.add(one)
            waiting.extend(direct[one])
    return found


def cells(root, chapter):
    """Return the source of a chapter's code, without what only a notebook understands."""
    notebook = nbformat.read(root / "book" / f"{chapter}.ipynb", as_version=4)
    code = [
        c.source
        for c in notebook.cells
        if c.cell_type == "code" and "setup" not in c.metadata.get("tags", ())
    ]
    return "\n".join(TransformerManager().transform_cell(cell) for cell in code)


def taken(source):
    """Return the names of the chapters that have built what some code takes from ``nnutils``."""
    tree, modules, found = ast.parse(source), {}, set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("nnutils"):
            for alias in node.names:
                thing = _thing(node.module, alias.name)
                if isinstance(thing, ModuleType):
                    modules[alias.asname or alias.name] = thing
                else:
                    found |= _builders(thing)
    for node in ast.walk(tree):  # data.spirals, once data is imported
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found |= _builders(getattr(modules.get(node.value.id), node.attr, None))
    return found


def _thing(module, name):
    owner = importlib.import_module(module)
    return getattr(owner, name, None) or importlib.import_module(f"{module}.{name}")


def _builders(thing):
    """Return the first chapter that a docstring names; what came to it later is in its methods."""
    return set(BUILT.findall(getattr(thing, "__doc__", None) or "")[:1])


def in_words(chapters, direct, name):
    """Return a sentence that says what a chapter takes from which, by their numbers."""

    def listed(some):
        numbers = [str(n) for n, one in enumerate(chapters) if one in some]
        return " and ".join(filter(None, [", ".join(numbers[:-1]), numbers[-1]]))

    parts, near = [], direct[name]
    far = all_needed(direct, name) - near
    later = {one for one in chapters if name in direct[one]}
    if near:
        parts.append(f"takes what was built in {listed(near)}")
    else:
        parts.append("takes nothing from another")
    if far:
        parts[-1] += f", and through {'it' if len(near) == 1 else 'them'} {listed(far)}"
    parts.append(f"{listed(later)} {'take' if len(later) > 1 else 'takes'} from it" if later else
                 "no chapter takes from it")  # fmt: skip
    return f"Chapter {chapters.index(name)} {'; '.join(parts)}."
