"""What replies rest on, for every exercise of every chapter: cases that run, and mistakes apart."""

import ast
import itertools
import re

import nbformat
import pytest

from nnutils import check as check_module
from nnutils.check import alike, verdict
from nnutils.check.replay import called, replay, together
from nnutils.check.results import equal, settle
from nnutils.exercises import CHAPTERS, Exercise, find
from tests.anatomy import ROOT

LONGEST = 400  # characters of a case

EXERCISES = {
    f"{chapter}.{key}": exercise
    for chapter in CHAPTERS
    for key, exercise in find(chapter).EXERCISES.items()
}
FUNCTIONS = {name: e for name, e in EXERCISES.items() if e.cases}
CASES = [(name, i) for name, e in FUNCTIONS.items() for i in range(len(e.cases))]

every_exercise = pytest.mark.parametrize("name", EXERCISES)


def setup():
    """Return what the setup cell brings, without what it does."""
    cell = nbformat.read(ROOT / "book" / "circuits.ipynb", as_version=4).cells[1].source
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
    begin, end = f"def {key}", ""
    if exercise.methods:
        begin, end = f"class {key}:\n  def __init__", f"\n  {exercise.methods[0]} = __init__"
    exec(f"{begin}(*arguments):\n    raise LookupError(len(arguments)){end}", names)
    head, line, fact, *_ = verdict(exercise, names[key], key).split("\n")
    assert head == "Not yet. Run this line to see it:"
    came = run(line, names)
    assert isinstance(came, LookupError)
    line = 3 if exercise.methods else 2
    assert f"It stopped in line {line}: LookupError: {came}" == fact


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


SOLVE = """
import math
import numpy as np
import numpy.linalg as algebra
from nnutils.circuit import Value

def hill(x):
    return -x * x

def solve(f, x):
    return f(x)
"""
NOTEBOOK = """
import functools
import numpy as np

def answer(f, x): return f(x)
wrapped = functools.wraps(answer)(lambda *a: answer(*a))
other = lambda f, x: f(x)
part = functools.partial(answer)
def hill(f, x): return f(x)
def abs(f, x): return f(x)
class Pair:
    def call(self, f, x): return f(x)
    def __call__(self, f, x): return f(x)
pair = Pair()
"""
MODULE = "nnutils.exercises.circuits"
LINES = [
    ("answer", "math.sqrt, 4", "import math; answer(math.sqrt, 4)"),
    ("answer", "np.linalg.norm, np.ones(4)", "answer(np.linalg.norm, np.ones(4))"),
    ("answer", "algebra.norm, 4", "import numpy.linalg as algebra; answer(algebra.norm, 4)"),
    ("answer", "hill, 4", f"from {MODULE} import hill; answer(hill, 4)"),
    ("answer", "Value, 4", "from nnutils.circuit import Value; answer(Value, 4)"),
    ("answer", "lambda x: x, 4", "answer(lambda x: x, 4)"),
    ("answer", "len, [4]", "answer(len, [4])"),
    ("answer", "*(len, [4])", "answer(*(len, [4]))"),
    ("answer", "abs, 4", "from builtins import abs; answer(abs, 4)"),
    ("abs", "abs, 4", "from builtins import abs as its_abs; abs(its_abs, 4)"),
    ("hill", "hill, 4", f"from {MODULE} import hill as its_hill; hill(its_hill, 4)"),
    ("other", "float, 4", "other(float, 4)"),
    ("part", "float, 4", "part(float, 4)"),
    ("wrapped", "float, 4", "wrapped(float, 4)"),
    ("pair", "float, 4", "pair(float, 4)"),
    ("pair.call", "float, 4", "pair.call(float, 4)"),
]


@pytest.mark.parametrize(("answer", "case", "expected"), LINES)
def test_a_line(answer, case, expected, monkeypatch):
    names, notebook = {"__name__": MODULE}, {"__name__": "__main__"}
    exec(SOLVE, names)
    exec(NOTEBOOK, notebook)
    monkeypatch.setattr(f"{MODULE}.hill", names["hill"], raising=False)
    exercise = Exercise(names["solve"], (case,), {"a": names["solve"], "b": names["solve"]})
    function = eval(answer, notebook)
    line = replay(exercise, function, case, "key")
    assert line == expected
    assert equal(run(line, notebook), settle(function(*exercise.arguments(case))), 1e-12)


def test_a_line_names_each_module_once():
    from nnutils.exercises.gradient_descent import EXERCISES

    many = EXERCISES["best_of"]
    line = replay(many, lambda *given: 0, many.cases[0], "best_of")
    names = "two_valleys, two_slopes"
    assert line.startswith(f"from {many.names['__name__']} import {names}; best_of({names}")
    lines = ["from math import pi", "import ast as tree", "from math import e as euler"]
    assert together(lines) == "from math import pi, e as euler; import ast as tree; "


def test_an_answer_without_a_name_is_called_by_the_name_of_its_exercise():
    exercise = Exercise(lambda x: x, ((1,),), {"a": abs, "b": abs})
    assert replay(exercise, lambda x: x, "1", "key") == "key(1)"
    assert replay(exercise, abs, "1", "key") == "abs(1)"
    assert replay(exercise, max, "1", "key") == "max(1)"
    assert replay(exercise, lambda x: x, "1") == "answer(1)"
