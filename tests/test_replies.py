"""What replies rest on, for every exercise of every chapter: cases that run, and mistakes apart."""

import ast
import itertools
import re

import nbformat
import pytest

from nnutils import check as check_module
from nnutils.check import alike, verdict
from nnutils.check.replay import called, replay
from nnutils.check.results import equal, settle
from tests.test_exercises import BOOK, EXERCISES, every_exercise

LONGEST = 400  # characters of a case

FUNCTIONS = {name: e for name, e in EXERCISES.items() if e.cases}
CASES = [(name, i) for name, e in FUNCTIONS.items() for i in range(len(e.cases))]


def setup():
    """Return what the setup cell brings, without what it does."""
    cell = nbformat.read(BOOK / "circuits.ipynb", as_version=4).cells[1].source
    names = {"__name__": "notebook"}
    for line in re.findall(r"^(?:import|from) .*$", cell, re.MULTILINE):
        exec(line, names)
    return names


def run(line, names):
    """Run a line that ends in a call; return the settled result, or the exception."""
    *imports, call = ast.parse(line).body
    try:
        exec(compile(ast.Module(imports, []), "line", "exec"), names)
        return settle(eval(compile(ast.Expression(call.value), "line", "eval"), names))
    except Exception as error:
        return error


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("name", "number"), CASES)
def test_the_line_of_a_case_gives_what_the_check_saw(name, number):
    exercise, key = FUNCTIONS[name], name.partition(".")[2]
    case = exercise.cases[number]
    assert len(case) <= LONGEST, f"{len(case)} characters: {case}"
    sentence, mistake = next(iter(exercise.mistakes.items()))
    line = replay(exercise, mistake, case, key)
    assert "\n" not in line
    names = setup() | {called(mistake, key): mistake}
    came, seen = run(line, names), check_module._foreseen(exercise, sentence, case)
    if seen.error:
        assert type(came) is type(seen.error)
    else:
        assert equal(came, seen.result, 1e-12)


@every_exercise
def test_the_line_that_a_wrong_answer_is_shown_fails(name):
    exercise, key = EXERCISES[name], name.partition(".")[2]
    if not exercise.cases:
        assert verdict(exercise, (None,)).startswith("Not yet. ")
        return
    names = setup()
    exec(f"def {key}(*arguments):\n    raise LookupError(len(arguments))", names)
    head, line, fact, *_ = verdict(exercise, names[key], key).split("\n")
    assert head == "Not yet. Run this line to see it:"
    came = run(line, names)
    assert isinstance(came, LookupError)
    assert f"It stopped in line 2: LookupError: {came}" == fact


@every_exercise
def test_no_two_mistakes_do_the_same_on_every_case(name):
    exercise = EXERCISES[name]
    outcomes = {
        sentence: [
            check_module._foreseen(exercise, sentence, case) for case in exercise.cases or (None,)
        ]
        for sentence in (None, *exercise.mistakes)
    }
    same = [
        pair
        for pair in itertools.combinations(outcomes, 2)
        if all(
            alike(a, b, exercise.tolerance) for a, b in zip(*map(outcomes.get, pair), strict=True)
        )
    ]
    assert not same, "None is the solution"
