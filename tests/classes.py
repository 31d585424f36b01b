"""Notebooks that students could hand in, made from the chapters: for the tests and a benchmark."""

import json
import re

from tests.printed import CALL, cells, exercise_cells, solution


def notebook(chapter, answers, *, extra=()):
    """Return the text of a chapter's notebook with answers, {exercise: source of its cell}.

    ``extra`` are cells that stand before the first exercise.
    """
    found, kept = {p: name for name, (p, _, _) in exercise_cells(chapter).items()}, []
    for position, cell in enumerate(cells(chapter)):
        source = cell.source
        if position in found:
            source = answers.get(found[position], source)
            kept += [code(text) for text in extra] if position == min(found) else []
        kept.append(code(source) if cell.cell_type == "code" else markdown(source))
    return written(kept)


def written(kept):
    """Return the text of a notebook."""
    return json.dumps({"cells": kept, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def code(source):
    lines = source.splitlines(True)
    return {"cell_type": "code", "source": lines, "metadata": {}, "outputs": [], "id": "a"}


def markdown(source):
    return {"cell_type": "markdown", "source": source, "metadata": {}, "id": "b"}


def checked(name, source):
    """Return a cell that gives an answer and has it checked."""
    return f'{source}\n\ncheck("{name}", {name.partition(".")[2]})'


def right(name):
    """Return a cell with the printed solution."""
    return answered(name, solution(name))


def answered(name, source):
    """Return a cell with an answer, after what the stub brings."""
    _, stub, _ = exercise_cells(name.partition(".")[0])[name]
    key = name.partition(".")[2]
    brought = re.split(rf"^(?:def {key}\(|{key} =)", CALL.sub("", stub), flags=re.MULTILINE)[0]
    return checked(name, f"{brought}\n{source}")


def mistaken(name, sentence):
    """Return a cell that makes a mistake that the exercise knows."""
    chapter, _, key = name.partition(".")
    module = f"nnutils.exercises.{chapter.replace('-', '_')}"
    known = f'EXERCISES["{key}"].mistakes[{sentence!r}]'
    return checked(name, f"from {module} import EXERCISES\n\n{key} = {known}")
