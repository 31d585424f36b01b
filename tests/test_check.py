"""What ``check`` says to whatever a reader may write, on small exercises made here."""

import functools
import math
import sys
from fractions import Fraction
from types import SimpleNamespace
from unittest.mock import Mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnutils import check as check_module
from nnutils.check import check, verdict
from nnutils.circuit import Value
from nnutils.exercises import Exercise
from nnutils.exercises.python import Rain
from nnutils.layers import Dense
from nnutils.network import Network

PRODUCT = Exercise(
    solution=lambda x, y: x * y,
    cases=((-2, 3), (0.5, 4), (1, 1)),
    mistakes={"You added.": lambda x, y: x + y, "The sign is wrong.": lambda x, y: -x * y},
)
NUMBERS = Exercise(
    solution=(1, 2, 0.5),
    mistakes={"Swapped.": (2, 1, 0.5), "Doubled.": (2, 4, 1)},
)
PAIRS = Exercise(
    solution=((1, 2), (3, 4), (5, 6), (7, 8), (9, 10)),
    mistakes={"Zeros.": ((0, 0),) * 5, "Ones.": ((1, 1),) * 5},
)
LOG = Exercise(math.log(2), mistakes={"Zero.": 0, "One.": 1})
SQUARES = Exercise(
    solution=lambda x: np.asarray(x) ** 2,
    cases=((np.array([1.0, -3.0]),), (np.array([0.0, 2.0]),)),
    mistakes={"Cubed.": lambda x: x**3, "Summed.": lambda x: np.sum(x**2)},
)
NOT_ATTEMPTED = "Not attempted yet. Replace the three dots by your answer and run the cell again."
RUN = "Not yet. Run this line to see it:\n"


def slopes(x, w):
    """Return three arrays of different shapes, as the back of a layer does."""
    return x.T @ x, w.sum(axis=0), (x @ w).T


LAYER = Exercise(
    solution=slopes,
    cases=(
        "np.random.default_rng(0).normal(size=(5, 3)), np.ones((3, 2))",
        "np.random.default_rng(1).normal(size=(4, 2)), np.ones((2, 6))",
    ),
    mistakes={
        "Not turned.": lambda x, w: (*slopes(x, w)[:2], x @ w),
        "Two of three.": lambda x, w: slopes(x, w)[:2],
    },
)


def said(exercise, answer, key="answer"):
    """Return a reply without its line of Python, and look at what holds for all replies."""
    reply = verdict(exercise, answer, key)
    lines = reply.split("\n")
    assert len(lines) <= 4
    if reply.startswith(RUN):
        del lines[:2]
    assert all(len(line) <= 130 for line in lines), max(lines, key=len)
    return "\n".join(lines)


def dots(x, y): ...


def passes(x, y):
    pass


def documented(x, y):
    """Multiply."""


def annotated(x: float, y: float) -> float:
    """Multiply."""
    ...


@pytest.mark.parametrize(
    "stub", [dots, passes, documented, annotated, ..., None, (..., ...), [...]]
)
@pytest.mark.parametrize("exercise", [PRODUCT, NUMBERS])
def test_a_stub_is_not_attempted(exercise, stub):
    assert verdict(exercise, stub) == NOT_ATTEMPTED


@pytest.mark.parametrize("constant", [0, 1, "", False])
def test_a_function_that_returns_a_constant_is_no_stub(constant):
    assert verdict(PRODUCT, lambda x, y: constant).startswith(RUN)


def test_right_answers():
    def multiply(x, y):
        return x * y

    assert verdict(PRODUCT, multiply) == "Correct in 3 cases."
    assert verdict(PRODUCT, lambda x, y: np.float32(x * y)) == "Correct in 3 cases."
    assert verdict(PRODUCT, lambda x, y: Fraction(x) * Fraction(y)) == "Correct in 3 cases."
    assert verdict(PRODUCT, lambda x, y: x * y * (1 + 1e-12)) == "Correct in 3 cases."
    for numbers in ((1, 2, 0.5), [1, 2, 0.5], np.array([1, 2, 0.5]), (1, 2.0, Fraction(1, 2))):
        assert verdict(NUMBERS, numbers) == "Correct."
    for numbers in (
        PAIRS.solution,
        list(map(list, PAIRS.solution)),
        np.arange(1, 11).reshape(5, 2),
    ):
        assert verdict(PAIRS, numbers) == "Correct."
    assert verdict(SQUARES, lambda x: [v * v for v in x]) == "Correct in 2 cases."
    assert verdict(SQUARES, lambda x: tuple(v * v for v in x)) == "Correct in 2 cases."
    assert verdict(LAYER, slopes) == "Correct in 2 cases."
    assert verdict(LAYER, lambda x, w: list(slopes(x, w))) == "Correct in 2 cases."
    assert (
        verdict(LAYER, lambda x, w: [part.tolist() for part in slopes(x, w)])
        == "Correct in 2 cases."
    )


def test_every_mistake_gets_its_sentence():
    assert said(PRODUCT, lambda a, b: a + b).endswith("-6 was expected.\nYou added.")
    assert said(PRODUCT, lambda a, b: -(a * b)).endswith("-6 was expected.\nThe sign is wrong.")
    assert said(NUMBERS, [2, 1, 0.5]) == "Not yet. Only the third number is right.\nSwapped."
    assert said(NUMBERS, np.array([2, 4, 1])).endswith("\nDoubled.")
    assert said(SQUARES, lambda v: v * v * v).endswith("\nCubed.")
    assert said(LAYER, LAYER.mistakes["Two of three."]).endswith("\nTwo of three.")
    assert said(LAYER, LAYER.mistakes["Not turned."]).endswith("\nNot turned.")


def test_a_mistake_on_some_cases_only_is_not_named():
    def half_wrong(x, y):
        return x + y if x < 0 else 7

    assert verdict(PRODUCT, half_wrong, "half_wrong") == (
        f"{RUN}half_wrong(-2, 3)\nIt gave back 1, but -6 was expected."
    )


def test_the_first_case_that_fails_is_shown():
    def nearly(x, y):
        return x * y if x < 0 else 9

    assert verdict(PRODUCT, nearly, "nearly") == (
        f"{RUN}nearly(0.5, 4)\nIt gave back 9, but 2 was expected."
    )


def in_place(x):
    x *= x
    return x


def beyond(x):
    return [x[i + 1] for i in range(len(x))]


STOPS = Exercise(
    solution=lambda x: np.asarray(x)[:1],
    cases=(([],), ([1.0],), ([1.0, 2.0],)),
    mistakes={
        "There is no first entry in an empty list.": lambda x: [x[0]],
        "There is no entry behind the last.": lambda x: [beyond(x)[0]] if x else [],
    },
)


def test_a_mistake_may_be_one_that_stops():
    def first(x):
        return np.array([x[0]])

    assert said(STOPS, first).endswith("\nThere is no first entry in an empty list.")

    def other(x):
        return np.array([x[0] + 1])

    assert "IndexError" in said(STOPS, other)
    assert "no first entry" not in said(STOPS, other)

    def another(x):
        return x[:1] if x else {}["key"]

    assert "no first entry" not in said(STOPS, another)


def test_a_mistake_that_stops_everywhere_is_told_by_its_message():
    exercise = Exercise(
        lambda w, x: w @ x,
        ("np.ones((2, 3)), np.ones(3)", "np.ones((4, 2)), np.ones(2)"),
        {"Turned around.": lambda w, x: x @ w, "Zero.": lambda w, x: 0},
    )
    assert said(exercise, lambda w, x: np.matmul(x, w)).endswith("\nTurned around.")
    assert "Turned" not in said(exercise, lambda w, x: int("x"))


def test_a_mistake_may_be_a_change_of_the_input():
    exercise = Exercise(
        lambda x: x**2,
        ("np.array([3.0, 2.0])",),
        {"It works in place.": in_place, "Zero.": lambda x: 0},
    )
    assert said(exercise, in_place).endswith("\nIt works in place.")
    assert "in place" not in said(exercise, lambda x: np.array([9.0, 5]))


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


class Hostile:
    """Raises whatever it is asked."""

    def _no(self, *arguments, **options):
        raise ValueError("no")

    __array__ = __repr__ = __str__ = __eq__ = __len__ = __bool__ = __getattr__ = __iter__ = _no
    __hash__ = None
    __class__ = property(_no)


def unprintable(x, y):
    raise Unprintable


class Multiply:
    """A class where a function was asked for."""


def endless(x, y):
    return endless(x, y)


def greedy(x, y):
    return np.ones(2**40)


def branches(x, y):
    if np.array([x, y]) > 0:
        return x * y
    return 0


def misspelled(x, y):
    return maximun(x, y)  # noqa: F821


def lacks_math(x, y):
    return math_.sqrt(x)  # noqa: F821


def unbound(x, y):
    if x > 0:
        total = x
    return total * y


def generates(x, y):
    yield x * y


async def waits(x, y):
    return x * y


def prints(x, y):
    print(x * y)


LOOP = []
LOOP.append(LOOP)

ODD = {
    "exception": (raises, "ValueError: first line second line long long"),
    "exit": (exits, "SystemExit: bye\nexit() ends Python itself. Use return to leave a function."),
    "unprintable exception": (unprintable, "`raise Unprintable`: Unprintable."),
    "recursion": (endless, "Your function calls itself without end. When does it return without"),
    "memory": (greedy, "It asks for more and more memory. Which list or array grows without end?"),
    "branch": (branches, "`if np.array([x, y]) > 0:`: ValueError: The truth value of an array"),
    "branches": (branches, "\nif, while, and, or, not ask for one True or False, and an array has"),
    "name": (misspelled, "NameError: name 'maximun' is not defined\nIs it spelled as where it was"),
    "unbound": (unbound, "\nA name that is assigned in a function needs a value there first."),
    "division": (lambda x, y: x / 0, "stopped in line"),
    "matrices": (
        lambda x, y: np.ones((2, 3)) @ np.ones((4, 2)),
        "\nThe rows on the left of @ have the length 3, and the columns on its right 4.",
    ),
    "row and column": (lambda x, y: np.ones(2) @ np.ones(3), "\nThe rows on the left of @ have"),
    "minus a mask": (lambda x, y: -np.array([True]), "\nA minus is not for True and False: ~ tu"),
    "mask less a mask": (lambda x, y: np.True_ - np.array([True]), "\nA minus is not for True"),
    "read-only": (lambda x, y: np.broadcast_to(1, 2).fill(x), "\nWhat you were given is not yours"),
    "nothing": (lambda x, y: [].sort() + x, "\nNone comes from a function without return, or"),
    "part of nothing": (
        lambda x, y: sorted([x]).sort()[0],
        "\nNone comes from a function without return",
    ),
    "number called": (lambda x, y: x(y), "\n( ) calls a function. [ ] takes an entry, and * mul"),
    "part of a function": (lambda x, y: dots[0], "\nA function is called with ( ), not wi"),
    "lists multiplied": (lambda x, y: [x] * [y], "multiply sequence by non-int"),
    "lists subtracted": (lambda x, y: [x] - [y], "\nA list does not compute as an array does: np"),
    "list of lists": (
        lambda x, y: [x, y].copy()[0, 1],
        "\nA list does not compute as an array does: np",
    ),
    "shape of a list": (lambda x, y: [x].shape, "\nThat is what an array has, and no list: np.ar"),
    "no return": (lambda x, y: [].sort(), "It gave back None.\nDoes every way through your"),
    "print": (prints, "It printed -6 and gave back None.\nprint shows a number; return hands"),
    "text": (lambda x, y: "-6", "the text '-6'.\nQuotation marks and str() make text of a number."),
    "bytes": (lambda x, y: b"-6", "It gave back the text b'-6'."),
    "array of text": (lambda x, y: np.array(["a"]), "It gave back an array of text."),
    "complex": (lambda x, y: -6 + 0j, "It gave back the complex number (-6+0j).\nA power such as"),
    "complex array": (lambda x, y: np.array(-6 + 0j), "It gave back the complex number (-6+0j)."),
    "ragged": (lambda x, y: [[1], [1, 2]], "You returned two arrays; return one number."),
    "list": (lambda x, y: [x * y], "You returned a row of one number; return one number."),
    "comma": (lambda x, y: (x * y,), "a tuple with one number in it; return one number.\nA comma"),
    "tuple": (lambda x, y: (x, y), "You returned two numbers; return one number."),
    "empty": (lambda x, y: [], "You returned a row of no numbers; return one number."),
    "empty tuple": (lambda x, y: (), "You returned an empty tuple; return one number."),
    "matrix": (lambda x, y: np.zeros((2, 1)), "You returned an array of shape (2, 1); return one"),
    "nan": (lambda x, y: np.nan, "nan, but -6 was expected.\nnan means 'not a number': look for"),
    "inf": (lambda x, y: -np.inf, "gave back -inf, but -6 was expected.\ninf is what becomes of"),
    "huge int": (lambda x, y: 10**5000, "gave back a number too large for a float."),
    "large int": (lambda x, y: 10**30, "gave back 1e+30, but -6 was expected."),
    "generator": (generates, "It gave back a generator.\nyield hands out one thing at a time"),
    "map": (lambda x, y: map(abs, [x]), "It gave back a map.\nIts numbers are not worked out yet"),
    "coroutine": (waits, "It gave back a coroutine.\nWrite def, not async def."),
    "dict": (lambda x, y: {"x": x}, "It gave back a dict, {'x': -2}.\nReturn its values alone"),
    "set": (lambda x, y: {x}, "It gave back a set, {-2}.\nA set has no order"),
    "hostile": (lambda x, y: Hostile(), "It gave back a Hostile."),
    "hostile inside": (lambda x, y: [Hostile()], "a list with a Hostile in it; return one number."),
    "unprintable": (lambda x, y: Unprintable(), "It gave back a Unprintable"),
    "lines": (lambda x, y: SimpleNamespace(a=Mock(), b="\n"), "(SimpleNamespace)."),
    "list in itself": (lambda x, y: LOOP, "You returned a list with one part in it; return one"),
    "true": (
        lambda x, y: np.True_,
        "It gave back True, but a number was expected.\nfloat(...)",
    ),
    "numpy int": (lambda x, y: np.int64(7), "gave back 7, but -6 was expected."),
    "value": (lambda x, y: Value(3) * 2, "It gave back Value(6), a circuit.\nIts number is in .da"),
    "not implemented": (lambda x, y: NotImplemented, "It gave back NotImplemented (NotImpl"),
    "dots": (lambda x, y: (x, y)[2:] or ..., "It gave back three dots.\nReplace them by your"),
    "masked": (lambda x, y: np.ma.masked_array([1.0], [True]), "It gave back a masked array."),
    "too few": (
        lambda x: x,
        "Your function takes one argument (x); the exercise passes two (x, y).",
    ),
    "none": (lambda: 0, "Your function takes no arguments; the exercise passes two (x, y)."),
    "too many": (lambda x, y, z: x, "takes three arguments (x, y, z); the exercise passes two (x"),
    "too many by name": (
        lambda x, *, y, z: x,
        "three arguments (x, y, z); the exercise passes two",
    ),
    "by name": (
        lambda x, *, y=1: x * y,
        "y stands behind a star and can only be given by name; the exercise passes two arguments (",
    ),
    "keyword": (lambda *a, needed: 0, "needed stands behind a star and can only be given by name"),
    "function": (lambda x, y: abs, "It gave back the function abs.\nCall it: its arguments stand"),
    "class": (Multiply, "Your function takes no arguments; the exercise passes two (x, y)."),
    "object": (Mock(return_value=3), "It gave back 3, but -6 was expected."),
    "partial": (functools.partial(max, 4), "It gave back 4, but -6 was expected."),
}


@pytest.mark.parametrize("name", ODD)
def test_what_is_said_of(name):
    answer, expected = ODD[name]
    assert expected in said(PRODUCT, answer)
    assert verdict(PRODUCT, answer).startswith(RUN)


def test_text_that_looks_like_its_number_is_called_text():
    exercise = Exercise(lambda: 34251, ((),), {"Zero.": lambda: 0, "One.": lambda: 1})
    assert said(exercise, lambda: "34251").startswith("It gave back the text '34251'.\n")


def test_the_line_that_stopped_is_named():
    assert said(PRODUCT, branches).startswith("It stopped in line ")
    number = branches.__code__.co_firstlineno + 1
    assert f"in line {number}, `if np.array([x, y]) > 0:`" in said(PRODUCT, branches)


def test_a_line_in_another_cell_is_named_with_its_function():
    names = {"__name__": "__main__"}
    exec(compile("def third(x):\n    return x[3]", "<first cell>", "exec"), names)
    exec(compile("def answer(x, y):\n    return third([x, y])", "<second cell>", "exec"), names)
    here = {"__name__": "__main__"}
    both = "def third(x):\n    return x[3]\ndef answer(x, y):\n    return third([x, y])"
    exec(compile(both, "<cell>", "exec"), here)
    error = "IndexError: list index out of range"
    assert said(PRODUCT, names["answer"]) == f"It stopped in third, line 2: {error}"
    assert said(PRODUCT, here["answer"]) == f"It stopped in line 2: {error}"


@pytest.mark.parametrize(
    ("body", "hint"),
    [
        ("z * y", "z is none of its arguments: it comes from outside. Is an argument meant?"),
        ("(lambda: z - y)()", "z is none of its arguments: it comes from outside. Is an argume"),
        ("[z, y][0]", "z is none of its arguments: it comes from outside. Is an argument meant?"),
        ("sum(row)", "row is none of its arguments: it comes from outside. Is an argument meant?"),
        ("table[0]", "table is none of its arguments: it comes from outside. Is an argument mean"),
        ("-6", "It gives back the same in every case. Does it use its arguments?"),
        ("LIMIT - x", ""),
        ("helper(x) - y", ""),
    ],
)
def test_an_answer_that_leaves_its_arguments_alone(body, hint):
    names = {"__name__": "__main__", "z": 5, "row": [1, 2], "table": np.ones(2), "LIMIT": 3}
    exec(f"def helper(x):\n    return x\ndef answer(x, y):\n    return {body}", names)
    fact, *last = said(PRODUCT, names["answer"]).split("\n")
    assert "expected" in fact
    assert last == [] if not hint else last[0].startswith(hint)


def test_a_mistake_that_is_known_goes_before_what_is_only_likely():
    names = {"__name__": "__main__", "one": 1}
    exec("def answer(x, y):\n    return one * (x + y)", names)
    assert said(PRODUCT, names["answer"]).endswith("\nYou added.")


def test_a_fraction_that_does_not_fit_into_whole_numbers():
    halves = Exercise(lambda x: x / 2, ((np.array([1, 2]),),), {"a": lambda x: 0, "b": abs})
    same = Exercise(lambda x: x, ((np.array([1.0]),),), {"a": lambda x: 0, "b": abs})

    def subtract(x):
        x = x.copy()
        x -= x / 2
        return x

    def complex_numbers(x):
        x = x.copy()
        x += 1j
        return x

    fact, hint = said(halves, subtract).split("\n")
    assert "UFuncTypeError: Cannot cast ufunc 'subtract'" in fact
    assert hint.startswith("Your array holds whole numbers, and += or -= cannot put a fraction in")
    assert "whole numbers" not in said(same, complex_numbers)


class Layer:
    """The solution of an exercise that asks for a class."""

    def forward(self, x):
        return 2 * x

    def back(self, d_y):
        return 3 * d_y


def both_ways(layer, x):
    """Return what a layer makes of a number, on its two ways."""
    return layer().forward(x) + layer().back(x)


CLASS = Exercise(
    Layer,
    ("1",),
    {"a": type("A", (Layer,), {"back": lambda self, d: 0}), "b": type("B", (Layer,), {"x": 1})},
    run=both_ways,
    methods=("forward", "back"),
)


def in_a_cell(source):
    """Return the class Layer of this source, as a notebook would have it."""
    names = {"__name__": "__main__"}
    exec(compile(source, "<cell>", "exec"), names)
    return names["Layer"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("class Layer: pass", NOT_ATTEMPTED),
        ("class Layer:\n def forward(self, x): ...", NOT_ATTEMPTED),
        (
            "class Layer:\n def forwards(self, x): return x\n def backs(self, x): return x",
            "Not yet. Your class has no method forward; it has forwards and backs.",
        ),
        (
            "class Layer:\n def forward(self, x): ...\n def step(self): return 1",
            "Not yet. Begin with forward: nothing can be tried without it.",
        ),
        (
            "class Layer:\n def forward(x): return x\n def back(self, x): return x",
            "Your forward takes one argument (x); it is called with two (self, x).\n"
            "The first argument of a method is self.",
        ),
        (
            "class Layer:\n def forward(self): return 1\n def back(self, x): return x",
            "Your forward takes one argument (self); it is called with two (self, x).",
        ),
        (
            "class Layer:\n def forward(self, x, more=1): return y\n def back(self, x): return x",
            "It stopped in line 2: NameError: name 'y' is not defined\n"
            "Is it spelled as where it was made? Has the cell that makes it been run?",
        ),
        (
            "from nnutils.numerics import softmax\nclass Layer:\n bend = softmax\n"
            " def forward(self, x): return y\n def back(self, x): return x",
            "It stopped in line 4: NameError: name 'y' is not defined\n"
            "Is it spelled as where it was made? Has the cell that makes it been run?",
        ),
        (
            "class Layer:\n def __init__(self, n): pass\n"
            " def forward(self, x): return 1\n def back(self, x): return x",
            "It stopped with TypeError: Layer.__init__() missing 1 required positional argument: "
            "'n'",
        ),
        (
            "def Layer(x): return x",
            "Pass the class itself, with its methods. This is the function Layer.",
        ),
        ("Layer = 3", "Pass the class itself, with its methods. This is 3."),
    ],
)
def test_a_class(source, expected):
    assert said(CLASS, in_a_cell(source)) == expected


GIVEN = {"__name__": "nnutils.exercises.given", "np": np}
exec(
    "def ground(point):\n    return float(point.sum())\ndef solve(f):\n    return f(np.ones(2))",
    GIVEN,
)


def test_a_callback_that_cannot_use_what_it_is_given():
    exercise = Exercise(GIVEN["solve"], ("ground",), {"a": lambda f: 0, "b": lambda f: 1})

    def answer(f):
        return f([1.0, 1.0])

    fact, hint = said(exercise, answer).split("\n")
    assert "`return f([1.0, 1.0])`: AttributeError: 'list' object has no attribute 'sum'" in fact
    assert hint == "ground, which it is given, cannot use that. Should it be an array?"


def test_what_is_given_may_complain_on_purpose():
    exec("def stream():\n    yield 1\n    raise RuntimeError('time to stop')", GIVEN)
    exercise = Exercise(GIVEN["solve"], ("stream",), {"a": lambda f: 0, "b": lambda f: 1})

    def answer(f):
        return sum(f())

    (fact,) = said(exercise, answer).split("\n")
    assert fact.endswith("`return sum(f())`: RuntimeError: time to stop")


def test_a_name_of_the_chapter_says_where_it_comes_from():
    names = {"__name__": "nnutils.exercises.given"}
    exec("from nnutils.circuit import maximum\nimport math\ndef solve(x):\n    return x", names)
    exercise = Exercise(names["solve"], ((1,),), {"a": lambda x: 2, "b": lambda x: 3})
    for body, brings in (
        ("maximum(x, 1)", "from nnutils.circuit import maximum"),
        ("math.sqrt(x)", "import math"),
        ("random.random()", "import random"),
        ("np.sqrt(x)", "import numpy as np"),
    ):
        notebook = {"__name__": "__main__"}
        exec(f"def answer(x):\n    return {body}", notebook)
        assert said(exercise, notebook["answer"]).endswith(f"\nThis brings it: {brings}")


@pytest.mark.parametrize("answer", [-6, "multiply", np.zeros(3), (1, 2), np.bool_(True)])
def test_a_number_where_a_function_was_asked_for(answer):
    assert verdict(PRODUCT, answer).startswith("Pass the function itself, without calling it. Thi")


@pytest.mark.parametrize("answer", [abs, lambda: (1, 2, 0.5), Multiply])
def test_a_function_where_numbers_were_asked_for(answer):
    assert said(NUMBERS, answer) == f"Pass the numbers, not a function: got {answer.__name__}."


THREE = "; three numbers are asked for."


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ((1, 2, 3), "The third number is not right; the other two are."),
        ((1, 3, 3), "Only the first number is right."),
        ((3, 3, 3), "None of the three numbers is right."),
        ((1, 2), f"You gave two numbers{THREE}"),
        (1, f"You gave one number{THREE}"),
        ([], f"You gave a row of no numbers{THREE}"),
        ("1, 2, 0.5", f"This is the text '1, 2, 0.5'{THREE}\nQuotation marks"),
        ({1, 2, 0.5}, f"This is a set, {{0.5, 1, 2}}{THREE}\nA set has no order"),
        ((1, 2, np.nan), "The third number is not right; the other two are.\nnan means"),
        (
            (1, 2, 0.5j),
            "The third number is not right; the other two are.\nThe third is the complex",
        ),
        (
            (1, ..., 0.5),
            "The second number is not right; the other two are.\nThe second is three dots",
        ),
        (
            [1, [2], 0.5],
            "The second number is not right; the other two are.\nThe second is a row of",
        ),
        (
            (10**400, 2, 0.5),
            "The first number is not right; the other two are.\nThe first is a numb",
        ),
        (((1, 2, 0.5),), f"You gave a tuple with one part in it{THREE}\nA comma behind a single"),
        (np.array([True, False, True]), "None of the three numbers is right."),
        (LOOP, "You gave a list with one part in it; three"),
        pytest.param(Hostile(), "This is a Hostile; three numbers are asked for.", id="hostile"),
        (Value(3), "This is Value(3), a circuit; three"),
    ],
)
def test_numbers_that_are_not_it(answer, expected):
    assert said(NUMBERS, answer).startswith(f"Not yet. {expected}")


def test_of_two_numbers_neither_is_right():
    two = Exercise(solution=(1, 2), mistakes={"Swapped.": (2, 1), "Doubled.": (2, 4)})
    assert said(two, (3, 3)).startswith("Not yet. Neither of the two numbers is right.")


def test_a_number_that_is_none_is_no_function_without_return():
    assert said(NUMBERS, (1, None, 0.5)).endswith("the other two are.\nThe second is None.")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({2: (5, 7)}, "The third pair is not right; the other four are."),
        ({0: (0, 0), 3: (0, 0)}, "The first and fourth pairs are not right; the other three are."),
        ({0: 0, 1: 0, 2: 0, 4: 0}, "Only the fourth pair is right."),
        ({2: (5,)}, "The third pair is not right; the other four are.\nThe third is a tuple with"),
        ({2: None}, "The third pair is not right; the other four are.\nThe third is None."),
    ],
)
def test_which_pair_is_not_right(changes, expected):
    pairs = [changes.get(i, pair) for i, pair in enumerate(PAIRS.solution)]
    assert said(PAIRS, pairs).startswith(f"Not yet. {expected}")
    assert said(PAIRS, tuple(pairs)).startswith(f"Not yet. {expected}")


def test_how_many_numbers_each_part_has():
    triples = Exercise(((1, 2, 3), (4, 5, 6)), mistakes={"Zero.": 0, "One.": 1})
    asked = "two parts of three numbers each are asked for."
    assert said(triples, (1, 2, 3, 4, 5, 6)) == f"Not yet. You gave six numbers; {asked}"
    assert said(triples, 7) == f"Not yet. You gave one number; {asked}"
    assert said(triples, ((1, 2, 0), (4, 5, 0))) == "Not yet. Neither of the two parts is right."
    uneven = Exercise(((1, 2, 3), (4, 5)), mistakes={"Zero.": 0, "One.": 1})
    assert said(uneven, 7) == "Not yet. You gave one number; two parts are asked for."


def test_numbers_are_not_given_away():
    secret = Exercise(((123, 456), (789, 135)), mistakes={"Zero.": 0, "One.": 1})
    for answer in (0, (1, 2), ((1, 2), (3, 4)), ((123, 456), (0, 0)), ((123, 456), 3), "x", [None]):
        assert not any(n in said(secret, answer) for n in ("789", "135"))


ROUNDED = "Only rounding differs: 9 digits are wanted, so do not round."


def test_right_up_to_rounding():
    assert said(LOG, 0.6931) == f"Not yet. 0.6931 is not it.\n{ROUNDED}"
    assert said(LOG, 0.69).endswith(ROUNDED)
    assert "rounding" not in said(LOG, 0.7)
    assert "rounding" not in said(LOG, 0.6932)
    two = Exercise((math.log(2), math.pi), mistakes={"Zero.": 0, "One.": 1})
    assert said(two, (math.log(2), 3.14)).endswith(ROUNDED)

    thirds = Exercise(lambda x: x / 3, ("np.arange(4.0)",), {"0.": np.sum, "1.": np.max})
    assert said(thirds, lambda x: np.round(x / 3, 4)).endswith(ROUNDED)
    assert "float32 keeps 6 digits; 9 are wanted." in said(
        thirds, lambda x: (x / 3).astype(np.float32)
    )
    assert said(thirds, lambda x: x / 3 + 1e-7).endswith("right to about 7 digits; 9 are wanted.")
    assert said(thirds, lambda x: x / 3 + 1e-3).endswith("4 of 4 entries differ.")


def test_numbers_that_look_alike_are_shown_with_all_digits():
    near = Exercise(lambda: 0.1, ((),), {"a": lambda: 0, "b": lambda: 1}, tolerance=1e-14)
    assert "0.10000000000010001, but 0.10000000000000001 was expected." in said(
        near, lambda: 0.1 + 1e-13
    )


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (lambda x: 1.0 * (x > 0), "It gave back 1, but True or False was expected."),
        (lambda x: bool(x <= 0), "It gave back False, but True was expected."),
        (
            lambda x: "yes" if x > 0 else "no",
            "It gave back the text 'yes', but True or False was expected.\nTrue and False stand",
        ),
        (lambda x: {x > 0}, "It gave back a set, {True}, but True or False was expected.\nA set"),
    ],
)
def test_a_yes_or_no(answer, expected):
    positive = Exercise(lambda x: x > 0, ((1,), (-1,)), {"a": lambda x: True, "b": lambda x: 3})
    assert said(positive, answer).startswith(expected)
    assert verdict(positive, lambda x: np.bool_(x > 0)) == "Correct in 2 cases."


def wrong_entry(x, w):
    first, second, third = slopes(x, w)
    third = third.copy()
    third[1, 2] += 1
    return first, second, third


PARTS = "return three arrays, of shapes (3, 3), (2,) and (2, 5)."


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (wrong_entry, "The third of three parts differs: result[2][1, 2] is "),
        (lambda x, w: slopes(x, w)[:2], f"You returned two arrays; {PARTS}"),
        (lambda x, w: x, f"You returned an array of shape (5, 3); {PARTS}"),
        (lambda x, w: 3.0, f"You returned one number; {PARTS}"),
        (
            lambda x, w: (x, x, x),
            "All three parts differ: result[0] has the shape (5, 3), not (3, 3).",
        ),
        (
            lambda x, w: (*slopes(x, w)[:2], None),
            "The third of three parts differs: result[2] is None.",
        ),
        (
            lambda x, w: (*slopes(x, w)[:2], 3),
            "result[2] is one number; it has to be an array of shape",
        ),
        (
            lambda x, w: slopes(x, w)[::-1],
            "The first and third of three parts differ: result[0] has",
        ),
    ],
)
def test_parts_are_compared_one_by_one(answer, expected):
    assert expected in said(LAYER, answer)


@pytest.mark.parametrize(
    "answer",
    [
        lambda x: [x, x > 0],
        lambda x: [np.float64(x), np.bool_(x > 0)],
        lambda x: [x, np.array(x > 0, dtype=object)],
    ],
)
def test_a_list_of_a_number_and_a_yes_or_no(answer):
    exercise = Exercise(
        lambda x: (x, x > 0),
        ((1,), (-2.5,)),
        {"a": lambda x: (x, x < 0), "b": lambda x: (-x, x > 0)},
    )
    assert verdict(exercise, answer) == "Correct in 2 cases."
    assert said(exercise, lambda x: [x, int(x > 0)]).startswith("The second of two parts differs")


def test_a_list_in_which_true_stands_for_a_number():
    exercise = Exercise(lambda x: np.array([x, 1]), ((2,),), {"a": abs, "b": lambda x: [x, 0]})
    assert verdict(exercise, lambda x: [x, x > 0]) == "Correct in 1 case."


def test_two_parts_that_differ():
    pair = Exercise(lambda x: (x, -x), ((2,),), {"a": lambda x: 0, "b": lambda x: (x, x)})
    assert said(pair, lambda x: (3, 3)) == (
        "Both parts differ: result[0] is 3, but 2 was expected."
    )


def test_an_array_of_yes_and_no_where_numbers_were_expected():
    assert said(SQUARES, lambda x: x > 0) == (
        "It gave back [True, False], but numbers were expected.\n.astype(float) makes 1.0 of True."
    )


def test_parts_inside_parts():
    nested = Exercise(
        lambda n: (1.0, (np.zeros(n), np.zeros((n, 2)))),
        ((2,), (3,)),
        {"a": lambda n: 0, "b": lambda n: 1},
    )
    assert verdict(nested, lambda n: [1, [[0] * n, [[0, 0]] * n]]) == "Correct in 2 cases."
    came = said(nested, lambda n: (1, (np.zeros(n), np.eye(n, 2))))
    assert came == (
        "The second of two parts differs: result[1][1][0, 0] is 1, but 0 was expected; "
        "2 of 4 entries differ."
    )
    assert said(nested, lambda n: (1, np.zeros(n))).startswith(
        "The second of two parts differs: result[1]"
    )


def test_parts_where_one_array_was_expected():
    assert said(SQUARES, lambda x: (x, np.zeros(3))) == (
        "You returned two arrays; return a row of two numbers."
    )


def test_the_first_entry_that_differs_is_shown():
    long = Exercise(lambda n: np.zeros((n, n)), ((30,),), {"a": lambda n: 0, "b": lambda n: 1})

    def answer(n):
        result = np.zeros((n, n))
        result[2, 5] = result[7, 1] = 0.25
        return result

    assert (
        said(long, answer) == "result[2, 5] is 0.25, but 0 was expected; 2 of 900 entries differ."
    )
    assert said(SQUARES, lambda x: [1, 7 + x[0]]) == (
        "It gave back [1, 8], but [1, 9] was expected: see result[1]."
    )


@pytest.mark.parametrize("given_back", [0, 1e300, -np.inf])
def test_where_infinity_is_expected_nothing_else_will_do(given_back):
    infinite = Exercise(
        lambda x: np.inf, ((1,),), {"Zero.": lambda x: 0.0, "Minus.": lambda x: -np.inf}
    )
    assert verdict(infinite, lambda x: given_back).startswith("Not yet")
    assert verdict(infinite, lambda x: np.inf) == "Correct in 1 case."


def test_where_nan_is_expected():
    undefined = Exercise(lambda x: np.nan, ((1,),), {"Zero.": lambda x: 0, "One.": lambda x: 1})
    assert verdict(undefined, lambda x: np.nan) == "Correct in 1 case."
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


NETWORK = "Network(Dense(2, 1, lambda rng, n, m: np.ones((n, m)), rng=np.random.default_rng(0)))"


@pytest.mark.parametrize(
    ("argument", "change", "expected"),
    [
        ("[1, 2]", change_list, "[1, 2] into [1, 2, 4]."),
        ("[1, 2]", change_entry, "[1, 2] into [5, 2]."),
        ("{0: 1}", change_entry, "{0: 1} into {0: 5}."),
        ("{1}", lambda x: x.add(2), "{1} into {1, 2}."),
        ("np.array([1.0, 2.0])", change_entry, "[1, 2] into [5, 2]."),
        ("np.array([np.nan, 2.0])", change_entry, "[nan, 2] into [5, 2]."),
        ("[np.ones(2), np.ones(2)]", change_nested, "[[1, 1], [1, 1]] into [[5, 1], [1, 1]]."),
        ("{0: np.ones(2)}", change_nested, ": "),
        ("np.zeros((9, 9))", lambda x: x.__setitem__((2, 5), 3), ": it[2, 5] was 0 and became 3."),
        ("([1, 2], 3)", change_nested, ": it[0][0] was 1 and became 5."),
        ("[1, 2]", lambda x: x.__setitem__(0, np.ones(2)), "[1, 2] into [[1, 1], 2]."),
        (NETWORK, lambda x: x.theta.__setitem__(0, 9), ": its theta[0] was 1 and became 9."),
        (f"[{NETWORK}]", lambda x: x[0].theta.fill(9), "became 9."),
        ("Value(3)", lambda x: setattr(x, "data", 4.0), ": its data was 3 and became 4."),
        ("Rain(8)", lambda x: setattr(x, "mm", 5), ": its mm was 8 and became 5."),
    ],
)
def test_changed_input(argument, change, expected):
    names = {"Network": Network, "Dense": Dense, "Value": Value, "Rain": Rain, "__name__": "given"}
    exec("def solve(x):\n    return 1", names)
    exercise = Exercise(
        names["solve"], (argument, argument), {"Zero.": lambda x: 0, "Two.": lambda x: 2}
    )

    def answer(x):
        change(x)
        return 1

    fact, hint = said(exercise, answer).split("\n")
    assert fact.startswith("It changed its input")
    assert expected in fact
    assert hint == "Work on a copy, so that the caller's numbers stay as they were."
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
    assert verdict(draw, lambda rng: 5, "draw").startswith(f"{RUN}draw(np.random.default_rng(3))\n")


def test_check_prints_the_verdict(monkeypatch, capsys):
    chapter = SimpleNamespace(EXERCISES={"product": PRODUCT})
    monkeypatch.setattr(check_module, "find", lambda name: chapter)
    assert check("here.product", lambda x, y: x * y) is None
    assert capsys.readouterr().out == "Correct in 3 cases.\n"


def test_check_passes_on_what_an_answer_prints(monkeypatch, capsys):
    chapter = SimpleNamespace(EXERCISES={"product": PRODUCT})
    monkeypatch.setattr(check_module, "find", lambda name: chapter)

    def product(x, y):
        print("x is", x, end="")
        return x * y

    check("here.product", product)
    assert capsys.readouterr().out == "x is -2x is 0.5x is 1\nCorrect in 3 cases.\n"

    check("here.product", prints)  # told in the reply, and not a second time
    assert capsys.readouterr().out.startswith(f"{RUN}prints(-2, 3)\nIt printed -6 and")


@pytest.mark.parametrize("name", ["alchemy.gold", "alchemy", "", None, 3])
def test_an_unknown_chapter(name):
    with pytest.raises(ValueError, match="There is no chapter .* The chapters are python, "):
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
        ((3, (), TWO, 1e-9, "tanh"), "without='tanh' has to be a tuple of plain names"),
        (
            (3, (), TWO, 1e-9, ("np.tanh",)),
            "has to be a tuple of plain names: 'tanh', not 'np.tanh'",
        ),
    ],
)
def test_a_malformed_exercise(arguments, message):
    with pytest.raises(ValueError, match=message):
        Exercise(*arguments)


SLOPE = Exercise(
    lambda z: 1 - np.tanh(z) ** 2,
    ((0.5,), (-2.0,)),
    {"Without the square.": lambda z: 1 - np.tanh(z), "One.": lambda z: 1},
    without=("tanh", "numerical_gradient"),
)
NOTEBOOK = """
import functools, math, operator
import numpy as np
from math import tanh as t
from nnutils.activations import tanh as activation

def squash(z):
    return np.tanh(z)

def deeper(z):
    return squash(z)

def exp(z):
    return math.exp(z)

table = {"squash": np.tanh}

class Squash:
    def __init__(self):
        self.wide = 1

    def method(self, z):
        return 1 - np.tanh(z) ** 2

    def __call__(self, z):
        return self.method(z)

squasher = Squash()
"""
USES = {
    "attribute": "def answer(z): return 1 - np.tanh(z) ** 2",
    "alias": "def answer(z): return 1 - t(z) ** 2",
    "activation": "def answer(z): return 1 - activation(z) ** 2",
    "helper": "def answer(z): return 1 - squash(z) ** 2",
    "helper of a helper": "def answer(z): return 1 - deeper(z) ** 2",
    "import inside": "def answer(z):\n    from math import tanh as q\n    return 1 - q(z) ** 2",
    "module inside": "def answer(z):\n    import cmath\n    return 1 - cmath.tanh(z).real ** 2",
    "lambda": "answer = lambda z: 1 - (lambda x: np.tanh(x))(z) ** 2",
    "comprehension": "def answer(z): return [1 - np.tanh(x) ** 2 for x in [z]][0]",
    "nested": "def answer(z):\n    def f(x): return np.tanh(x)\n    return 1 - f(z) ** 2",
    "default": "def answer(z, f=np.tanh): return 1 - f(z) ** 2",
    "keyword default": "def answer(z, *, f=math.tanh): return 1 - f(z) ** 2",
    "partial": "answer = functools.partial(lambda f, z: 1 - f(z) ** 2, np.tanh)",
    "closure": "def make(f):\n    return lambda z: 1 - f(z) ** 2\nanswer = make(math.tanh)",
    "table": "def answer(z): return 1 - table['squash'](z) ** 2",
    "getattr": "def answer(z): return 1 - getattr(np, 'tanh')(z) ** 2",
    "eval": "def answer(z): return 1 - eval('np.tanh(z)') ** 2",
    "vars": "def answer(z): return 1 - vars(np)['tanh'](z) ** 2",
    "attrgetter": "def answer(z): return 1 - operator.attrgetter('tanh')(np)(z) ** 2",
    "object": "answer = squasher",
    "method": "answer = squasher.method",
    "class": "def answer(z): return Squash()(z)",
    "wraps": "@functools.lru_cache\ndef answer(z): return 1 - np.tanh(z) ** 2",
    "own name": "def tanh(z): return math.sinh(z) / math.cosh(z)\n"
    "def answer(z): return 1 - tanh(z) ** 2",
}


@pytest.mark.parametrize("name", USES)
def test_a_name_to_do_without(name):
    names = {"__name__": "__main__"}
    exec(NOTEBOOK, names)
    exec(USES[name], names)
    head, fact, *hint = said(SLOPE, names["answer"]).split("\n")
    assert head == "Not yet. The results are right, but one thing is not."
    assert fact.startswith("This exercise asks you to do without tanh, but ")
    assert hint == (["A function of your own needs another name."] if name == "own name" else [])


ALLOWED = {
    "exp": "def answer(z): return 4 / (exp(z) + exp(-z)) ** 2",
    "variable": "def answer(z):\n    tanh = math.sinh(z) / math.cosh(z)\n    return 1 - tanh**2",
    "parameter": "def answer(z):\n    f = lambda tanh: 1 - tanh**2\n"
    "    return f(math.sinh(z) / math.cosh(z))",
    "text": "def answer(z):\n    'The slope of tanh.'\n    'tanh'\n    return 1 / np.cosh(z) ** 2",
    "library": "def answer(z): return 1 / np.vectorize(math.cosh)(z) ** 2",
    "recursion": "def tanh(z, again=1):\n    return tanh(z, 0) if again else 1 / np.cosh(z) ** 2\n"
    "answer = tanh",
}


@pytest.mark.parametrize("name", ALLOWED)
def test_what_is_not_the_name_to_do_without(name):
    names = {"__name__": "__main__"}
    exec(NOTEBOOK, names)
    exec(ALLOWED[name], names)
    assert verdict(SLOPE, names["answer"]) == "Correct in 2 cases."


def test_the_line_with_the_name_is_shown():
    def answer(z):
        return 1 - np.tanh(z) ** 2

    line = answer.__code__.co_firstlineno + 1
    assert f"but line {line}, `return 1 - np.tanh(z) ** 2` uses it." in said(SLOPE, answer)
    assert said(SLOPE, lambda z: 1 - np.tanh(z)).endswith("\nWithout the square.")


def broken(self, *arguments, **options):
    """Stand where a method was that works."""
    raise ZeroDivisionError


def odd(methods):
    """Return an object with these methods broken."""
    broke = {name: property(broken) if name == "__class__" else broken for name in methods}
    return object.__new__(type("Odd", (), broke))


METHODS = ["__array__", "__eq__", "__repr__", "__len__", "__iter__", "__float__", "__getattr__"]
METHODS += ["__bool__", "__call__", "__getitem__", "__class__", "__next__", "__array_ufunc__"]
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.complex_numbers(),
    st.text(max_size=5),
    st.binary(max_size=5),
    st.fractions(),
    st.decimals(),
    st.dates(),
    st.sampled_from([..., NotImplemented, abs, np.sum, int, np, range(3), Value(2), 10**400]),
    st.builds(lambda: iter([1])),
    st.sampled_from(
        [np.float16(1), np.datetime64("2020"), np.ma.masked, np.zeros((0, 3)), np.void(1)]
    ),
    st.sampled_from([np.array(["a"]), np.array([None, 1]), np.array([[1], [2]]), np.eye(2) * 1j]),
    st.lists(st.sampled_from(METHODS), min_size=1, max_size=3).map(odd),
)
OBJECTS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(st.text(max_size=2), inner, max_size=2),
    ),
    max_leaves=8,
)


@settings(max_examples=100, deadline=None)
@given(OBJECTS)
def test_nothing_that_a_reader_writes_stops_the_check(thing):
    for exercise in (PRODUCT, LAYER, NUMBERS, PAIRS, SQUARES, LOG):
        answer = (lambda *arguments: thing) if exercise.cases else thing
        if answer is thing and callable(thing):
            assert verdict(exercise, thing).startswith("Pass the numbers")
            continue
        assert verdict(exercise, answer).startswith(("Not yet", "Not attempted", "Correct"))


@settings(max_examples=100, deadline=None)
@given(OBJECTS)
def test_nothing_can_be_passed_that_stops_the_check(thing):
    start = ("Not yet", "Not attempted", "Correct", "Pass the ")
    assert verdict(PRODUCT, thing).startswith(start)
    assert verdict(NUMBERS, thing).startswith(start)
