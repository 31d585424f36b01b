"""Runs an answer: its cell, after what its notebook defines, as on a page of the course."""

import ast
import linecache
import os
import random
import re
import tempfile
from contextlib import suppress

import numpy as np

import nnutils.check
from nnutils.check import cases, forbidden, trial, tried, trouble, unfit
from nnutils.check.stops import said
from nnutils.exercises import find
from nnutils.mark import messages

FILE = "<answer>"


def run(job):
    """Run the cell of a job after what its notebook defines; return a message on its answer."""
    os.environ.update(job["home"])
    tempfile.tempdir = None  # it is looked for anew
    random.seed(0)
    np.random.seed(0)
    seconds = job["seconds"]
    trial.TIME_LIMIT = int(seconds) if seconds == int(seconds) else seconds  # it is printed
    trial.MEMORY = job["megabytes"] << 20
    chapter, _, key = job["name"].partition(".")
    exercise, told = find(chapter).EXERCISES[key], {}

    def check(name, answer):
        if name == job["name"]:
            told.clear()
            told.update(_told(exercise, answer))

    nnutils.check.check = check
    cell = job["cells"][job["cell"]]
    try:
        space = names(job["cells"][: job["cell"]], job["answers"]) | {"check": check}
        for code in (*_lost_answer(job, space), cell):
            _execute(_tree(code), space, code)
    except BaseException as error:  # SystemExit, too
        told = told or {"raised": said(error)}
    return messages.write(**told)


def names(cells, answers):
    """Return the names that an answer may use: what the cells before it import and define.

    These are imports, plain functions and classes, as on a page of the course, and not what cells
    compute. What other answers define, the cells with the numbers ``answers``, is there, too, but
    does not hide what the rest of the notebook defines.
    """
    space = {"__name__": "__main__", "np": np}
    ordered = sorted(range(len(cells)), key=lambda number: number not in answers)
    for number in ordered:
        try:
            body = _tree(cells[number]).body
        except (SyntaxError, ValueError):
            continue
        for part in body:
            plain = isinstance(part, (ast.FunctionDef, ast.ClassDef)) and not any(
                isinstance(decorator, ast.Call) for decorator in part.decorator_list
            )
            if plain or isinstance(part, (ast.Import, ast.ImportFrom)):
                with suppress(Exception):  # it needs a value that is not there
                    _execute(ast.Module([part], []), space, cells[number])
    return space


def _told(exercise, answer):
    """Return what a message says of an answer: what its calls did, but not whether it is right."""
    if words := unfit(exercise, answer):
        return {"unfit": words}
    outcomes, trials = tried(exercise, answer)
    banned = exercise.without and forbidden(answer, exercise.without)
    return {
        "outcomes": [
            messages.outcome(outcome, trouble(exercise, answer, case, outcome, trials.home))
            for case, outcome in zip(cases(exercise), outcomes)
        ],
        "banned": " ".join(banned) if banned else None,
    }


def _lost_answer(job, space):
    """Give the cell that assigns what is checked, if the cell with the check does not."""
    key = job["name"].partition(".")[2]
    if key not in space and key not in _assigned(job["cells"][job["cell"]]):
        for code in job["cells"][: job["cell"]][::-1]:
            if key in _assigned(code):
                yield code
                return


def _assigned(code):
    """Return the names that a cell assigns or defines, outside of functions."""
    try:
        body = _tree(code).body
    except (SyntaxError, ValueError):
        return set()
    found = {part.name for part in body if isinstance(part, (ast.FunctionDef, ast.ClassDef))}
    for part in body:
        if isinstance(part, (ast.Assign, ast.AnnAssign)):
            for node in ast.walk(part):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    found.add(node.id)
    return found


def _tree(code):
    """Return the syntax tree of a cell, with ``pass`` in place of IPython's magic commands."""
    with suppress(SyntaxError):
        return ast.parse(code, FILE)
    return ast.parse(re.sub(r"^(\s*)(?:%|!(?!=)).*", r"\1pass", code, flags=re.M), FILE)


def _execute(tree, space, code):
    linecache.cache[FILE] = (len(code), None, code.splitlines(True), FILE)
    exec(compile(tree, FILE, "exec"), space)
