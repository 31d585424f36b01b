"""The notebooks of a class: who handed in what, and which cells are answers to exercises."""

import json
import os
import re
import sys
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from nnutils.exercises import CHAPTERS, find

LARGEST = 50 * 2**20  # bytes of a notebook
MOST = 3  # answers to one exercise that are run, the last ones
CALL = re.compile(r"""^[ \t]*check\(\s*(["'])(?P<name>[\w-]+\.\w+)\1\s*,""", re.MULTILINE)


@dataclass
class Notebook:
    """One file: its code cells, and which of them call ``check`` for which exercise."""

    path: tuple  # the parts of its path below the folder of the class
    cells: list = field(default_factory=list)
    answers: list = field(default_factory=list)  # (number of the cell, exercise)
    note: str = ""  # why it holds no answer

    @property
    def chapters(self):
        """The chapters whose exercises it has."""
        return {name.partition(".")[0] for _, name in self.answers}


@dataclass
class Student:
    """What one row of the table is about."""

    name: str
    notebooks: list

    @property
    def chapters(self):
        """The chapters that were handed in."""
        return set().union(*(notebook.chapters for notebook in self.notebooks))

    @property
    def note(self):
        """What is to be said of notebooks that could not be marked."""
        return " ".join(f"{'/'.join(n.path)}: {n.note}" for n in self.notebooks if n.note)


def students(folder, chapters=CHAPTERS):
    """Return the Students of a folder, or of one notebook, in the order of their names.

    What stands in the folder itself is one student's: a notebook, or a folder with notebooks at
    any depth. A folder in which two notebooks answer the same chapter belongs to several students,
    or to one who kept copies: then what stands in it is looked at in the same way. Links, and names
    that begin with a dot, are passed over.

    Raises
    ------
    ValueError
        If there is no such folder, no notebook in it, or Python takes modules from it.
    """
    folder = Path(folder)
    if not folder.exists():
        raise ValueError(
            f"There is no {str(folder)!r} here. Name the folder with the notebooks of a class."
        )
    if folder.is_dir() and any(
        Path(p).resolve().is_relative_to(folder.resolve()) for p in sys.path
    ):
        raise ValueError(
            f"Python takes modules from {str(folder)!r}, where a student could have put one. "
            "Start the command in another folder."
        )
    paths = [folder] if folder.is_file() else list(_files(folder))
    if not paths or folder.is_file() and folder.suffix != ".ipynb":
        raise ValueError(
            f"{str(folder)!r} holds no notebook. A file *.ipynb was expected for each student, "
            "or a folder of such files."
        )
    above = folder.parent if folder.is_file() else folder
    notebooks = [read(path, above, chapters) for path in paths]
    return sorted(_split(notebooks, 1), key=lambda student: _alphabetical(student.name))


def read(path, folder, chapters=CHAPTERS):
    """Return a Notebook with the answers to some chapters, whatever the file holds."""
    notebook = Notebook(path.relative_to(folder).parts)
    try:
        notebook.cells = _cells(path)
    except (OSError, ValueError, RecursionError) as error:
        notebook.note = _reason(error)
        return notebook
    found = {}
    for number, code in enumerate(notebook.cells):
        for name in {call["name"] for call in CALL.finditer(code)}:
            chapter, _, key = name.partition(".")
            if chapter in chapters and key in find(chapter).EXERCISES:
                found.setdefault(name, []).append((number, name))
    notebook.answers = sorted(answer for given in found.values() for answer in given[-MOST:])
    if not notebook.answers:
        notebook.note = "no exercise that is to be marked."
    return notebook


def _files(folder):
    """Give the notebooks in a folder and the folders in it, in the order of their names."""
    for place, folders, files in os.walk(folder):  # which follows no links
        folders[:] = sorted(name for name in folders if name[0] != ".")
        for name in files:
            path = Path(place, name)
            seen = name[0] != "." and path.suffix == ".ipynb"
            if seen and path.is_file() and not path.is_symlink():
                yield path


def _split(notebooks, depth):
    """Give the students whose notebooks agree in the first parts of their paths."""
    groups = {}
    for notebook in notebooks:
        groups.setdefault(notebook.path[:depth], []).append(notebook)
    for start, group in groups.items():
        chapters = [chapter for notebook in group for chapter in notebook.chapters]
        if len(set(chapters)) < len(chapters):
            yield from _split(group, depth + 1)
        else:
            short = (*start[:-1], start[-1].removesuffix(".ipynb"))
            yield Student("/".join(start if short in groups else short), group)


def _alphabetical(name):
    """Return what names are ordered by: É stands with E."""
    return unicodedata.normalize("NFKD", name).casefold(), name


def _cells(path):
    """Return the code cells of a notebook; ValueError if it is none."""
    if path.stat().st_size > LARGEST:
        raise ValueError(f"larger than {LARGEST >> 20} MB.")
    text = path.read_bytes().decode("utf-8-sig")
    if not text.strip():
        raise ValueError("empty.")
    notebook = json.loads(text)
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list):
        raise ValueError("not a notebook of version 4, which has a list of cells.")
    return [
        _source(cell)
        for cell in cells
        if isinstance(cell, dict) and cell.get("cell_type") == "code"
    ]


def _source(cell):
    source = cell.get("source")
    lines = source if isinstance(source, list) else [source]
    return "".join(line for line in lines if isinstance(line, str))


def _reason(error):
    if isinstance(error, json.JSONDecodeError):
        return f"broken, no JSON at line {error.lineno}."
    if isinstance(error, UnicodeDecodeError):
        return "broken, no UTF-8."
    if isinstance(error, RecursionError):
        return "broken, nested too deeply."
    return (error.strerror or "not readable") + "." if isinstance(error, OSError) else str(error)
