"""Marking the notebooks of a class

`python -m nnutils.mark` marks 1,000 notebooks, each of one chapter, a student each. They are made
from the chapters: for every exercise a seed draws the printed solution, a mistake that the exercise
knows, a mutant of the solution (`tests/mutants.py`), or the stub as it stands. What the mark has to
be is known before: that of a mutant from what the check says to it in this process. Mutants that do
not end are left out, since each would only show the limit of time. A notebook is right if all of
its marks are, with the sentence of the mistake.

Then the first notebooks are marked again with one job, two, and so on up to the number of cores.
The time is from the start of the command to its end, so the start of its processes is in it.
"""

import contextlib
import csv
import io
import os
import subprocess
import sys
import warnings
from collections import Counter
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.report import seconds, short, table
from nnutils.check import NOT_ATTEMPTED
from nnutils.exercises import CHAPTERS, find
from nnutils.mark.marks import MISSING, MISTAKE, NOT_YET, RIGHT, STOPPED
from nnutils.mark.tables import WORDS
from tests.classes import answered, mistaken, notebook, right
from tests.mutants import of_exercise, says
from tests.printed import EXERCISES, alone

NOTEBOOKS = 1000
AGAIN, ROUNDS = 100, 3  # of these are marked again, so many times
KINDS = {"solution": 0.5, "mistake": 0.25, "mutant": 0.2, "stub": 0.05}
MUTANTS = 25  # of each exercise are drawn from


@cache
def mutants(name):
    """Return (cell, mark) of some mutants of an exercise that come to their end."""
    made = list(of_exercise(name))
    drawn = np.random.default_rng(0).permutation(len(made))[:MUTANTS]
    known = [(made[i], known_mark(name, made[i])) for i in drawn]
    return [(answered(name, source), mark) for source, mark in known if mark]


def known_mark(name, source):
    """Return the mark of a mutant, from what the check says to it, or None if it does not end."""
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        said = says([EXERCISES[name]], source, name.partition(".")[2], alone(name))
    if "does not end." in said or "does not come to its end" in said:
        return None
    if said.startswith("Correct"):
        return RIGHT
    if said == NOT_ATTEMPTED:
        return MISSING
    last = said.rpartition("\n")[2]
    if last in EXERCISES[name].mistakes:
        return f"{MISTAKE}: {last}"
    return STOPPED if "MemoryError" in said else NOT_YET


def draw(chapter, rng):
    """Return the text of a notebook, and {exercise: mark}."""
    cells, marks = {}, {}
    for key, exercise in find(chapter).EXERCISES.items():
        name, kind = f"{chapter}.{key}", rng.choice(list(KINDS), p=list(KINDS.values()))
        if kind == "solution":
            cells[name], marks[name] = right(name), RIGHT
        elif kind == "mistake":
            sentence = rng.choice(list(exercise.mistakes))
            cells[name], marks[name] = mistaken(name, str(sentence)), f"{MISTAKE}: {sentence}"
        elif kind == "mutant":
            cells[name], marks[name] = mutants(name)[rng.integers(len(mutants(name)))]
        else:
            marks[name] = MISSING
    return notebook(chapter, cells), marks


def run(folder, out, **options):
    """Mark a folder with the command; return how long it took."""
    line = [sys.executable, "-m", "nnutils.mark", folder, "--out", out]
    line += [f"--{name}={value}" for name, value in options.items()]
    return seconds(partial(subprocess.run, line, check=True, stdout=subprocess.DEVNULL))


def differing(path, known):
    """Return {student: what is marked otherwise than it has to be}."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    return {
        student: "; ".join(found)
        for student, marks in known.items()
        if (
            found := [
                f"{n}: {rows[student][n]}, not {m}"
                for n, m in marks.items()
                if rows[student][n] != m
            ]
        )
    }


def measure():
    """Return the section's tables."""
    rng, known, cores = np.random.default_rng(0), {}, os.cpu_count()
    with TemporaryDirectory() as place:
        whole, part, out = (Path(place) / name for name in ("all", "some", "out"))
        for folder in (whole, part):
            folder.mkdir()
        for number in range(NOTEBOOKS):
            student = f"student {number:04}"
            text, known[student] = draw(CHAPTERS[number % len(CHAPTERS)], rng)
            for folder in (whole, part)[: 2 if number < AGAIN else 1]:
                (folder / f"{student}.ipynb").write_text(text, encoding="utf-8")
        took = run(whole, out)
        wrong = differing(out / "marks.csv", known)
        jobs = sorted({1, *range(2, cores), cores})
        times = {n: [run(part, out, jobs=n) for _ in range(ROUNDS)] for n in jobs}
    count = Counter(mark.partition(":")[0] for marks in known.values() for mark in marks.values())
    answers = sum(count.values())
    yield f"{', '.join(f'{count[word]} {word}' for word in WORDS)}, as it has to be."
    yield table(
        ["notebooks", "answers", "marked right", "s", "answers a second"],
        [
            [
                NOTEBOOKS,
                answers,
                f"{NOTEBOOKS - len(wrong):,} of {NOTEBOOKS:,}",
                short(took),
                short(answers / took),
            ]
        ],
    )
    yield from (f"{student}: {words}." for student, words in wrong.items())
    alone = np.median(times[1])
    rows = [[n, short(np.median(t)), short(alone / np.median(t))] for n, t in times.items()]
    yield f"{AGAIN} of them, medians of {ROUNDS} runs:"
    yield table(["jobs", "s", "speed-up"], rows)
