"""What ``check`` says to whatever a reader may write, on small exercises made here."""

import sys
from fractions import Fraction
from types import SimpleNamespace
from unittest.mock import Mock

import numpy as np
import pytest

from nnutils import check as check_module
from nnutils.check import check, verdict
from nnutils.exercises import Exercise

PRODUCT = Exercise(
    solution=lambda x, y: x * y,
    cases=((-2, 3), (0.5, 4), (1, 1)),
    mistakes={"You added.": lambda x, y: x + y, "The sign is wrong.": lambda x, y: -x * y},
)
NUMBERS = Exercise(
    solution=(1, 2, 0.5),
    mistakes={"Swapped.": (2, 1, 0.5), "Doubled.": (2, 4, 1)},
)
SQUARES = Exercise(
    solution=lambda x: np.asarray(x) ** 2,
    cases=((np.array([1.0, -3.0]),), (np.array([0.0, 2.0]),)),
    mistakes={"Cubed.": lambda x: x**3, "Summed.": lambda x: np.sum(x**2)},
)
NOT_ATTEMPTED = "Not attempted yet. Replace the three dots by your answer and run the cell again."


def dots(x, y): ...


def passes(x, y):
    pass


def documented(x, y):
    """Multiply."""


def annotated(x: float, y: float) -> float:
    """Multiply."""
    ...


@pytest.mark.parametrize("stub", [dots, passes, documented, annotated, ..., None])
@pytest.mark.parametrize("exercise", [PRODUCT, NUMBERS])
def test_a_stub_is_not_attempted(exercise, stub):
    assert verdict(exercise, stub) == NOT_ATTEMPTED


@pytest.mark.parametrize("constant", [0, 1, "", False])
def test_a_function_that_returns_a_constant_is_no_stub(constant):
    assert verdict(PRODUCT, lambda x, y: constant).startswith("Not yet: <lambda>(-2, 3) gave back")


def test_right_answers():
    def multiply(x, y):
        return x * y

    assert verdict(PRODUCT, multiply) == "Correct in 3 cases."
    assert verdict(PRODUCT, lambda x, y: np.float32(x * y)) == "Correct in 3 cases."
    assert verdict(PRODUCT, lambda x, y: Fraction(x) * Fraction(y)) == "Correct in 3 cases."
    assert verdict(PRODUCT, lambda x, y: x * y * (1 + 1e-12)) == "Correct in 3 cases."
    for numbers in ((1, 2, 0.5), [1, 2, 0.5], np.array([1, 2, 0.5]), (1, 2.0, Fraction(1, 2))):
        assert verdict(NUMBERS, numbers) == "Correct."
    assert verdict(SQUARES, lambda x: [v * v for v in x]) == "Correct in 2 cases."


def test_every_mistake_gets_its_sentence():
    assert verdict(PRODUCT, lambda a, b: a + b).endswith("-6 was expected.\nYou added.")
    assert verdict(PRODUCT, lambda a, b: -(a * b)).endswith("-6 was expected.\nThe sign is wrong.")
    assert verdict(NUMBERS, [2, 1, 0.5]) == "Not yet: [2, 1, 0.5] is not it.\nSwapped."
    assert verdict(NUMBERS, np.array([2, 4, 1])) == "Not yet: [2, 4, 1] is not it.\nDoubled."
    assert verdict(SQUARES, lambda v: v * v * v).endswith("\nCubed.")


def test_a_mistake_on_some_cases_only_is_not_named():
    def half_wrong(x, y):
        return x + y if x < 0 else 7

    assert verdict(PRODUCT, half_wrong) == (
        "Not yet: half_wrong(-2, 3) gave back 1, but -6 was expected."
    )


def test_the_first_case_that_fails_is_shown():
    def nearly(x, y):
        return x * y if x < 0 else 9

    assert verdict(PRODUCT, nearly) == "Not yet: nearly(0.5, 4) gave back 9, but 2 was expected."


def test_a_difference_above_the_tolerance_counts():
    loose = Exercise(PRODUCT.solution, PRODUCT.cases, PRODUCT.mistakes, tolerance=0.1)
    assert verdict(loose, lambda x, y: x * y + 0.05).startswith("Correct")
    assert verdict(PRODUCT, lambda x, y: x * y + 1e-6).startswith("Not yet")


def exits(x, y):
    sys.exit("bye")


def raises(x, y):
    raise ValueError("first line\n\n   second line\n" + "long " * 100)


class Unprintable(Exception):
    def __str__(self):
        raise RuntimeError

    __repr__ = __str__


def unprintable(x, y):
    raise Unprintable


class Multiply:
    """A class where a function was asked for."""


def endless(x, y):
    return endless(x, y)


LOOP = []
LOOP.append(LOOP)

ONE_LINE = {
    "exception": (raises, "(-2, 3) stopped with ValueError: first line second line long"),
    "exit": (exits, "stopped with SystemExit: bye"),
    "unprintable exception": (unprintable, "stopped with Unprintable."),
    "recursion": (endless, "stopped with RecursionError: "),
    "division": (lambda x, y: x / 0, "stopped with ZeroDivisionError: division by zero"),
    "no return": (lambda x, y: print(end=""), "gave back None. Does every way"),
    "text": (lambda x, y: "-6", "gave back '-6' (str), but only real numbers were expected."),
    "complex": (lambda x, y: -6 + 0j, "(complex), but only real numbers were expected."),
    "ragged": (lambda x, y: [[1], [1, 2]], "[[1], [1, 2]], whose rows have different lengths."),
    "list": (lambda x, y: [x * y], "a row of length 1, [-6]; expected: one number."),
    "matrix": (
        lambda x, y: np.zeros((2, 1)),
        "an array of shape (2, 1), [[0], [0]]; expected: one",
    ),
    "nan": (lambda x, y: np.nan, "gave back nan, but -6 was expected. nan means 'not a number'"),
    "inf": (lambda x, y: -np.inf, "gave back -inf, but -6 was expected."),
    "huge int": (lambda x, y: 10**5000, "gave back a number too large for a float."),
    "large int": (lambda x, y: 10**30, "gave back 1e+30, but -6 was expected."),
    "generator": (lambda x, y: (v for v in (x, y)), "(generator), but only real numbers"),
    "dict": (lambda x, y: {"x": x}, "gave back {'x': -2} (dict), but only real numbers"),
    "unprintable": (lambda x, y: Unprintable(), "gave back a Unprintable (Unprintable), but only"),
    "lines": (lambda x, y: SimpleNamespace(a=Mock(), b="\n"), "(SimpleNamespace), but only real"),
    "list in itself": (lambda x, y: LOOP, "gave back [[["),
    "numpy bool": (lambda x, y: np.True_, "gave back True, but -6 was expected."),
    "numpy int": (lambda x, y: np.int64(7), "gave back 7, but -6 was expected."),
    "numpy in a list": (lambda x, y: [np.int64(7), "a"], "gave back [7, 'a'] (list), but only"),
    "too few arguments": (lambda x: x, "stopped with TypeError: "),
    "too many arguments": (lambda x, y, z: x, "missing 1 required positional argument: 'z'"),
    "function": (lambda x, y: abs, "gave back abs (builtin_function_or_method), but only"),
    "class": (Multiply, "Multiply(-2, 3) stopped with TypeError: Multiply() takes no arguments"),
    "object": (Mock(return_value=3), "Mock(-2, 3) gave back 3, but -6 was expected."),
}


@pytest.mark.parametrize("name", ONE_LINE)
def test_one_clear_line_for(name):
    answer, expected = ONE_LINE[name]
    said = verdict(PRODUCT, answer)
    assert said.startswith("Not yet: ")
    assert expected in said
    assert "\n" not in said
    assert len(said) < 330


@pytest.mark.parametrize("answer", [-6, "multiply", np.zeros(3), (1, 2), np.bool_(True)])
def test_a_number_where_a_function_was_asked_for(answer):
    assert verdict(PRODUCT, answer).startswith("Pass the function itself, without calling it. Thi")


@pytest.mark.parametrize("answer", [abs, lambda: (1, 2, 0.5), Multiply])
def test_a_function_where_numbers_were_asked_for(answer):
    said = verdict(NUMBERS, answer)
    assert said == f"Pass the numbers, not a function: got {answer.__name__}."


@pytest.mark.parametrize(
    "answer",
    [(1, 2), 1, "1, 2, 0.5", [], (1, 2, np.nan), (1, 2, 0.5j), (1, ..., 0.5), [1, [2], 0.5]]
    + [(10**400, 2, 0.5), {1, 2, 0.5}, ((1, 2, 0.5),), np.array([True, False, True]), LOOP],
)
def test_numbers_that_are_not_it(answer):
    said = verdict(NUMBERS, answer)
    assert said.startswith("Not yet: ")
    assert "\n" not in said


@pytest.mark.parametrize("given", [0, 1e300, -np.inf])
def test_where_infinity_is_expected_nothing_else_will_do(given):
    infinite = Exercise(
        lambda x: np.inf, ((1,),), {"Zero.": lambda x: 0.0, "Minus.": lambda x: -np.inf}
    )
    assert verdict(infinite, lambda x: given).startswith("Not yet")
    assert verdict(infinite, lambda x: np.inf) == "Correct in 1 cases."


def test_where_nan_is_expected():
    undefined = Exercise(lambda x: np.nan, ((1,),), {"Zero.": lambda x: 0, "One.": lambda x: 1})
    assert verdict(undefined, lambda x: np.nan) == "Correct in 1 cases."
    assert verdict(undefined, lambda x: 0).endswith("\nZero.")


def test_very_large_numbers_far_apart():
    large = Exercise(lambda x: 1e308, ((1,),), {"Zero.": lambda x: 0, "One.": lambda x: 1})
    assert verdict(large, lambda x: -1e308).startswith("Not yet")


def change_list(x):
    x.append(4)


def change_entry(x):
    x[0] = 5


def change_nested(x):
    x[0][0] = 5


@pytest.mark.parametrize(
    ("argument", "change"),
    [
        ([1, 2], change_list),
        ([1, 2], change_entry),
        ({0: 1}, change_entry),
        (np.array([1.0, 2.0]), change_entry),
        (np.array([np.nan, 2.0]), change_entry),
        ([np.ones(2), np.ones(2)], change_nested),
        ({0: np.ones(2)}, change_nested),
        ([1, 2], lambda x: x.__setitem__(0, np.ones(2))),
    ],
)
def test_changed_input(argument, change):
    exercise = Exercise(
        lambda x: 1, ((argument,), (argument,)), {"Zero.": lambda x: 0, "Two.": lambda x: 2}
    )

    def answer(x):
        change(x)
        return 1

    said = verdict(exercise, answer)
    assert said.startswith("Not yet: answer(")
    assert said.endswith("Work on a copy, so that the caller's numbers stay as they were.")
    assert " changed its input " in said
    assert verdict(exercise, lambda x: 1) == "Correct in 2 cases."


def test_every_call_gets_a_fresh_random_generator():
    draw = Exercise(
        lambda rng: rng.normal(),
        ((np.random.default_rng(3),),) * 2,
        {"Uniform.": lambda rng: rng.uniform(), "Zero.": lambda rng: 0},
    )
    for _ in range(2):
        assert verdict(draw, lambda rng: rng.normal()) == "Correct in 2 cases."
    assert verdict(draw, lambda rng: rng.uniform()).endswith("\nUniform.")
    assert verdict(draw, lambda rng: 5).startswith("Not yet: <lambda>(rng) gave back 5, but")


def test_check_prints_the_verdict(monkeypatch, capsys):
    chapter = SimpleNamespace(EXERCISES={"product": PRODUCT})
    monkeypatch.setattr(check_module, "find", lambda name: chapter)
    assert check("here.product", lambda x, y: x * y) is None
    assert capsys.readouterr().out == "Correct in 3 cases.\n"


@pytest.mark.parametrize("name", ["alchemy.gold", "alchemy", "", None, 3])
def test_an_unknown_chapter(name):
    with pytest.raises(ValueError, match="There is no chapter .* The chapters are circuits, "):
        check(name, 1)


@pytest.mark.parametrize("name", ["circuits.gold", "circuits", "circuits."])
def test_an_unknown_exercise(name):
    with pytest.raises(ValueError, match=f"no exercise '{name}'.* 'circuits.follow', "):
        check(name, 1)


TWO = {"One.": 1, "Two.": 2}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((abs, (), TWO), "A solution that is a function needs cases"),
        ((3, ((1,),), TWO), "numbers need none: got 3 with 1 cases"),
        ((3, (), {}), "Got 0 mistakes: foresee at least two"),
        ((3, (), {"One.": 1}), "Got 1 mistakes: foresee at least two"),
    ],
)
def test_a_malformed_exercise(arguments, message):
    with pytest.raises(ValueError, match=message):
        Exercise(*arguments)
