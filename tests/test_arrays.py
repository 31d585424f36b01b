"""Whatever holds numbers gives the right result; whatever does not is refused with a sentence.

Tried, each kind on each: everything public in ``numerics``, ``activations``, ``losses``,
``gradcheck``, and what takes one number in ``circuit``, ``activations``, ``initializers`` and
``schedules``. float16 is computed in float32 everywhere; masked arrays are refused everywhere.
"""

import datetime
from fractions import Fraction
from functools import partial

import numpy as np
import pytest

from nnutils import activations, initializers, losses, numerics, schedules
from nnutils.activations import Activation, prelu
from nnutils.circuit import Value, maximum
from nnutils.gradcheck import gradcheck, numerical_gradient


class Frame:
    """What NumPy sees of a data frame or a tensor: something that becomes an array."""

    def __init__(self, values):
        self.values = values

    def __array__(self, dtype=None, copy=None):
        if isinstance(self.values, Exception):
            raise self.values
        return self.values if dtype is None else self.values.astype(dtype)


class Tagged(np.ndarray):
    """An array with a class of its own."""


def strided(x):
    return np.repeat(x, 3, axis=-1)[..., ::3] if x.ndim else x


def unaligned(x):
    room = np.zeros(x.nbytes + 1, np.uint8)[1:]
    inside = room.view(x.dtype).reshape(x.shape)
    inside[...] = x
    return inside


def read_only(x):
    x = x.copy()
    x.flags.writeable = False
    return x


# How to hold the same whole numbers from 0 to 3.
HOLDERS = {
    "float64": lambda x: x,
    "list": lambda x: x.tolist(),
    "tuple": lambda x: tuple(x.tolist()) if x.ndim else x.item(),
    "list of rows": lambda x: list(x) if x.ndim else x[()],
    "int64": lambda x: x.astype(int),
    "int8": lambda x: x.astype(np.int8),
    "uint8": lambda x: x.astype(np.uint8),
    "uint64": lambda x: x.astype(np.uint64),
    "big-endian float64": lambda x: x.astype(">f8"),
    "big-endian float32": lambda x: x.astype(">f4"),
    "big-endian int32": lambda x: x.astype(">i4"),
    "float32": lambda x: x.astype(np.float32),
    "float16": lambda x: x.astype(np.float16),
    "long double": lambda x: x.astype(np.longdouble),
    "read-only": read_only,
    "Fortran order": lambda x: x.copy(order="F"),
    "every third": strided,
    "backwards": lambda x: x[::-1].copy()[::-1] if x.ndim else x,
    "a transposed view": lambda x: x.T.copy().T,
    "unaligned": unaligned,
    "a class of its own": lambda x: x.view(Tagged),
    "a data frame": Frame,
    "a data frame of float32": lambda x: Frame(x.astype(np.float32)),
    "a data frame of whole numbers": lambda x: Frame(x.astype(int)),
}
SMALL = {"big-endian float32", "float32", "float16", "a data frame of float32"}
each_holder = pytest.mark.parametrize("holder", HOLDERS)

NOT_NUMBERS = {
    "None": None,
    "text": "three",
    "text that is a number": "3",
    "texts": ["1", "2"],
    "an array of texts": np.array([["1", "2"]]),
    "a function": len,
    "a dictionary": {"a": 1.0},
    "a set": {1.0, 2.0},
    "a generator": (x for x in [1.0]),
    "a complex number": 1j,
    "complex numbers": np.array([[1j, 2.0]]),
    "objects": np.array([[1.0, None]], dtype=object),
    "numbers as objects": np.array([[1.0, 2.0]], dtype=object),
    "a fraction": Fraction(1, 2),
    "a whole number beyond all types": [10**30],
    "None in a list": [1.0, None],
    "a date": datetime.date(2020, 1, 1),
    "dates": np.array(["2020-01-01"], dtype="datetime64[D]"),
    "time spans": np.array([1, 2], dtype="timedelta64[s]"),
    "records": np.array([(1, 2.0)], dtype=[("a", int), ("b", float)]),
    "rows of different lengths": [[1.0, 2.0], [3.0]],
    "a masked array": np.ma.array([[1.0, 2.0]], mask=[[False, True]]),
    "a masked array without a mask": np.ma.array([[1.0, 2.0]]),
    "a masked number": np.ma.masked,
    "masked rows": [np.ma.array([1.0, 2.0], mask=[False, True])],
    "a masked number in a list": [1.0, np.ma.masked],
    "a data frame of objects": Frame(np.array([["a", 1.0]], dtype=object)),
    "a data frame with a mask": Frame(np.ma.array([[1.0, 2.0]], mask=[[True, False]])),
    "a data frame that fails": Frame(RuntimeError("no array of this")),
}
each_nonsense = pytest.mark.parametrize("nonsense", NOT_NUMBERS)

MATRIX = np.array([[0.0, 1, 2, 3], [3, 0, 1, 1], [2, 2, 0, 3]])
SHAPES = {
    "matrix": MATRIX,
    "row": MATRIX[1],
    "number": MATRIX[0, 3],
    "cube": MATRIX.reshape(3, 2, 2),
    "nothing": np.zeros((0, 4)),
    "no columns": np.zeros((3, 0)),
}

TABLE = {name: f for name, f in vars(activations).items() if isinstance(f, Activation)}
TABLE["prelu"] = prelu(0.25)


def forward_and_back(f, z):
    a, back = f.forward(z)
    return a, back(z)


ENTRY_BY_ENTRY = {
    "as_floats": lambda x: numerics.as_floats(x, "x"),
    "sigmoid": numerics.sigmoid,
    "softplus": numerics.softplus,
}
for name, f in TABLE.items():
    ENTRY_BY_ENTRY |= {
        f"{name}()": f,
        f"{name}.f": f.f,
        f"{name}.slope": lambda z, f=f: f.slope(z, z),
        f"{name}.forward": partial(forward_and_back, f),
    }
ALONG_ROWS = {
    "logsumexp": lambda x: numerics.logsumexp(x, -1),
    "softmax": lambda x: numerics.softmax(x, -1),
}
EVERY = ENTRY_BY_ENTRY | ALONG_ROWS


def parts(result):
    return result if isinstance(result, tuple) else (result,)


def bytes_of(x):
    """Return what x holds, to see later that nobody has changed it."""
    return np.asarray(x).tobytes()


@each_holder
@pytest.mark.parametrize("name", EVERY)
def test_it_does_not_matter_how_numbers_are_held(name, holder):
    function = EVERY[name]
    for shape in SHAPES.values():
        numbers = np.asarray(shape)
        held = HOLDERS[holder](numbers)
        if isinstance(held, (list, tuple)):
            numbers = np.asarray(held, float)  # without rows, a list forgets how long they are
        if name in ALONG_ROWS and (numbers.ndim == 0 or numbers.shape[-1] == 0):
            with pytest.raises(ValueError, match="Cannot add up axis -1 of an array of shape"):
                function(held)
            continue
        before = bytes_of(held)
        for given, right in zip(parts(function(held)), parts(function(numbers)), strict=True):
            assert type(given) in (np.ndarray, np.float64, np.float32)
            assert given.dtype == (np.float32 if holder in SMALL else np.float64)
            assert given.shape == right.shape
            np.testing.assert_allclose(given, right, rtol=1e-6, atol=1e-6)
        assert bytes_of(held) == before


@each_nonsense
def test_what_holds_no_numbers_is_refused_with_a_sentence(nonsense):
    for function in EVERY.values():
        with pytest.raises((TypeError, ValueError)) as error:
            function(NOT_NUMBERS[nonsense])
        a_sentence_about(nonsense, str(error.value))


def a_sentence_about(nonsense, text):
    """Look whether a text says what came and what was expected."""
    if "mask" in nonsense:
        assert "is a masked array, or holds one" in text
    elif nonsense in ("rows of different lengths", "a data frame that fails"):
        assert "NumPy makes no array of" in text
    else:
        assert "has to hold real numbers, but got" in text
        assert "dtype" in text


def test_the_sentence_names_what_is_meant_and_stays_short():
    with pytest.raises(TypeError, match="^logits has to hold") as error:
        numerics.as_floats(["a"] * 100_000, "logits")
    assert len(str(error.value)) < 500
    with pytest.raises(ValueError, match="no array of this"):
        numerics.as_floats(Frame(RuntimeError("no array of this")), "x")


def test_floats_are_not_copied():
    for x in (MATRIX, MATRIX.T, MATRIX[::2], MATRIX.astype(np.float32)):
        assert numerics.as_floats(x, "x") is x
        assert numerics.as_array(x, "x") is x


def test_float16_is_computed_in_float32():
    z = np.array([-30, -9, 9, 300, 60_000], np.float16)
    for name, f in TABLE.items():
        np.testing.assert_array_equal(f(z), f(z.astype(np.float32)), err_msg=name)
    outputs = np.tile(np.array([[3, -3]], np.float16), (40_000, 1))
    assert losses.cross_entropy(outputs, np.ones(40_000, int))[0] == pytest.approx(6.002476)


# The losses: outputs and targets, each held in every way.

TARGETS = {
    "mean_squared_error": MATRIX[::-1],
    "mean_absolute_error": MATRIX[::-1],
    "binary_cross_entropy": (MATRIX > 1) * 1.0,
    "hinge": 2.0 * (MATRIX > 1) - 1,
    "squared_hinge": 2.0 * (MATRIX > 1) - 1,
    "cross_entropy": np.array([3.0, 0, 1]),
    "multiclass_hinge": np.array([3.0, 0, 1]),
}
CLASSES = ("cross_entropy", "multiclass_hinge")
each_loss = pytest.mark.parametrize("name", TARGETS)


def whole(targets):
    return targets.astype(int)


@each_holder
@each_loss
def test_outputs_of_a_loss_are_held_in_any_way(name, holder):
    loss, targets = getattr(losses, name), whole(TARGETS[name])
    held = HOLDERS[holder](MATRIX)
    before = bytes_of(held)
    (mean, slopes), (right, right_slopes) = loss(held, targets), loss(MATRIX, targets)
    assert type(mean) is float
    assert mean == pytest.approx(right, rel=1e-6)
    np.testing.assert_allclose(slopes, right_slopes, rtol=1e-6, atol=1e-7)
    assert slopes.dtype == (np.float32 if holder in SMALL else np.float64)
    assert type(slopes) is np.ndarray
    assert bytes_of(held) == before


@each_holder
@each_loss
def test_targets_of_a_loss_are_held_in_any_way(name, holder):
    loss, targets = getattr(losses, name), TARGETS[name]
    if targets.min() < 0 and holder.startswith("uint"):
        return  # they cannot hold -1
    held = HOLDERS[holder](targets)
    right, right_slopes = loss(MATRIX, whole(targets))
    if name in CLASSES and np.asarray(held).dtype.kind == "f":
        with pytest.raises(TypeError, match="Labels have to be whole numbers, .* got dtype .*f"):
            loss(MATRIX, held)
        return
    before = bytes_of(held)
    mean, slopes = loss(MATRIX, held)
    assert mean == pytest.approx(right)
    np.testing.assert_allclose(slopes, right_slopes)
    assert slopes.dtype == np.float64
    assert bytes_of(held) == before


@each_nonsense
@each_loss
def test_no_loss_takes_nonsense(name, nonsense):
    loss, bad = getattr(losses, name), NOT_NUMBERS[nonsense]
    with pytest.raises((TypeError, ValueError)) as error:
        loss(bad, whole(TARGETS[name]))
    assert str(error.value).startswith("outputs ")
    a_sentence_about(nonsense, str(error.value))
    with pytest.raises((TypeError, ValueError)) as error:
        loss(MATRIX, bad)
    if name not in CLASSES:
        assert str(error.value).startswith("targets ")
        a_sentence_about(nonsense, str(error.value))
    else:
        assert str(error.value).lower().startswith("labels ")


@each_holder
def test_an_answer_is_held_in_any_way(holder):
    loss, outputs = losses.on_answer(2), MATRIX[None]
    mean, slopes = loss(HOLDERS[holder](outputs), [[3, 0, 1]])
    right, right_slopes = loss(outputs, [[3, 0, 1]])
    assert type(mean) is float
    assert mean == pytest.approx(right, rel=1e-6)
    np.testing.assert_allclose(slopes, right_slopes, rtol=1e-6, atol=1e-7)
    held = HOLDERS[holder](np.array([[3.0, 0, 1]]))
    if np.asarray(held).dtype.kind == "f":
        with pytest.raises(TypeError, match="Labels have to be whole numbers"):
            loss(outputs, held)
    else:
        assert loss(outputs, held)[0] == right


@each_nonsense
def test_no_answer_is_nonsense(nonsense):
    bad, loss = NOT_NUMBERS[nonsense], losses.on_answer(2)
    with pytest.raises((TypeError, ValueError), match="^outputs ") as error:
        loss(bad, [[3, 0, 1]])
    a_sentence_about(nonsense, str(error.value))
    with pytest.raises((TypeError, ValueError), match="^(outputs have shape|targets|Labels)"):
        loss(MATRIX[None], bad)


@each_loss
def test_no_loss_takes_nothing(name):
    for shape in [(0, 4), (3, 0), (0,)]:
        targets = np.zeros(shape[: 1 if name in CLASSES else 2], int)
        with pytest.raises(ValueError, match="outputs have shape"):
            getattr(losses, name)(np.zeros(shape), targets)


# The gradient checks.


def quarter(x):
    return np.sum(x**2) / 4


@each_holder
@pytest.mark.parametrize("shape", ["matrix", "row", "number", "cube"])
def test_gradients_are_measured_however_the_place_is_held(shape, holder):
    numbers = np.asarray(SHAPES[shape])
    held, slopes = HOLDERS[holder](numbers), numbers / 2
    before = bytes_of(held)
    check = partial(gradcheck, quarter, rng=np.random.default_rng(0))
    if holder in SMALL:
        with pytest.raises(ValueError, match="lost in rounding beside an entry of .*held in float"):
            check(held, slopes)
    h = 0.25 if holder in SMALL else 1e-5
    np.testing.assert_allclose(numerical_gradient(quarter, held, h), slopes, atol=1e-7)
    assert check(held, slopes, h=h) < 1e-8
    assert check(numbers * 2, held) < 1e-8  # the slopes at twice the numbers
    assert bytes_of(held) == before


@each_nonsense
def test_no_gradient_is_measured_at_nonsense(nonsense):
    bad, rng = NOT_NUMBERS[nonsense], np.random.default_rng(0)
    for start, check in {
        "x ": lambda: numerical_gradient(quarter, bad),
        "theta ": lambda: gradcheck(quarter, bad, MATRIX, rng=rng),
        "grad ": lambda: gradcheck(quarter, MATRIX, bad, rng=rng),
    }.items():
        with pytest.raises((TypeError, ValueError)) as error:
            check()
        assert str(error.value).startswith(start)
        a_sentence_about(nonsense, str(error.value))
    for check in (
        lambda: numerical_gradient(lambda x: bad, 1.0),
        lambda: gradcheck(lambda x: bad, 1.0, 1.0, rng=rng),
    ):
        with pytest.raises((TypeError, ValueError), match=r"^f returned|^f\(x\) (is|has)"):
            check()


# What takes one number.

ONE_NUMBER = {
    "Value": Value,
    "Value + x": lambda x: Value(1) + x,
    "x - Value": lambda x: Value(1).__rsub__(x),
    "Value * x": lambda x: Value(1) * x,
    "Value / x": lambda x: Value(1) / x,
    "Value ** x": lambda x: Value(1) ** x,
    "maximum": lambda x: maximum(Value(1), x),
    "prelu": prelu,
    "constant": initializers.constant,
    "uniform": initializers.uniform,
    "normal": initializers.normal,
    "orthogonal": initializers.orthogonal,
    "StepDecay": lambda x: schedules.StepDecay(x, 0.5, 2),
    "ExponentialDecay": lambda x: schedules.ExponentialDecay(0.1, x),
    "InverseTimeDecay": lambda x: schedules.InverseTimeDecay(0.1, x),
    "CosineDecay": lambda x: schedules.CosineDecay(0.5, 2, last=x),
    "Warmup": lambda x: schedules.Warmup(x, 2),
    "h": lambda x: numerical_gradient(quarter, 1.0, x),
    "tolerance": lambda x: gradcheck(quarter, 1.0, 0.5, rng=np.random.default_rng(0), tolerance=x),
}
REAL = [Fraction(1, 2), np.float64(0.5), np.float32(0.5), np.float16(0.5), np.longdouble(0.5)]


@pytest.mark.parametrize("number", REAL, ids=lambda x: type(x).__name__)
@pytest.mark.parametrize("name", ONE_NUMBER)
def test_one_number_of_any_type(name, number):
    if name == "prelu" and isinstance(number, Fraction):
        number = float(number)  # to NumPy, a fraction is an object
    ONE_NUMBER[name](number)


@each_nonsense
@pytest.mark.parametrize("name", ONE_NUMBER)
def test_one_number_is_no_nonsense(name, nonsense):
    bad = NOT_NUMBERS[nonsense]
    if isinstance(bad, Fraction):
        return  # which is a number here
    if name == "Warmup" and callable(bad):
        return  # which is a schedule here
    with pytest.raises((TypeError, ValueError), match="but got|masked|NumPy makes no array of"):
        ONE_NUMBER[name](bad)


@each_holder
@pytest.mark.parametrize("name", ONE_NUMBER)
def test_one_number_is_no_array(name, holder):
    with pytest.raises((TypeError, ValueError), match="but got"):
        ONE_NUMBER[name](HOLDERS[holder](MATRIX))
