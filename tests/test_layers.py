"""What every layer of the package promises, tried on all of them.

What a layer computes is in the tests of its own module. A new layer has to be in ``LAYERS``.
"""

import copy
import importlib
import pickle
import pkgutil
from typing import NamedTuple

import numpy as np
import pytest

import nnutils
from nnutils.activations import gelu, relu, tanh
from nnutils.attention import Attend, LayerNorm, Positions
from nnutils.convolution import Conv2D, Everywhere, Flatten, MaxPool
from nnutils.embedding import Embedding, SkipGram
from nnutils.gradcheck import numerical_gradient
from nnutils.layers import Dense, Dropout, Parameters, view
from nnutils.network import Bidirectional, Network, Residual
from nnutils.recurrent import LSTM, RNN, Last, Recurrent
from nnutils.variational import Draw, Variational
from tests.test_arrays import HOLDERS, NOT_NUMBERS, SMALL, a_sentence_about, bytes_of


def rng(seed=0):
    return np.random.default_rng(seed)


def small(r, n_in, n_out):
    return r.normal(0, n_in**-0.5, (n_in, n_out))


class Noisy:
    """A layer as it is in training, but with the same draw each time."""

    def __init__(self, layer):
        self.layer = layer

    def forward(self, x):
        self.layer.rng = rng(7)
        return self.layer.noisy(x)

    def __repr__(self):
        return f"{self.layer!r} in training"


class Case(NamedTuple):
    make: callable  # of an init and a dtype
    shapes: list  # what it reads
    refused: list = ()  # what it does not read
    symbols: bool = False  # whether it reads whole numbers


ROWS = [(5, 4), (2, 3, 4)]
NO_ROWS = [(), (4,), (4, 3), (5, 5), (2, 4, 3)]
PICTURES = [(3, 5, 4, 2), (2, 3, 6, 2)]
NO_PICTURES = [(), (2,), (5, 4, 2), (2, 3, 5, 4, 2)]
SEQUENCES = [(4, 5, 6), (3, 2, 6), (2, 1, 6)]
NO_SEQUENCES = [(), (6,), (5, 6), (2, 3, 5, 6), (3, 0, 6)]
NOT_SIX = [*NO_SEQUENCES, (3, 5, 7)]


def dense(init, n_in, n_out):
    return Dense(n_in, n_out, init, rng=rng())


def conv(init, **more):
    return Conv2D(2, 3, 3, init, rng=rng(), **more)


# By the text that each shows.
LAYERS = {
    "Dense(4, 3)": Case(lambda i, d: dense(i, 4, 3), ROWS, NO_ROWS),
    "relu": Case(lambda i, d: relu, ROWS),
    "gelu": Case(lambda i, d: gelu, ROWS),
    "Dropout(0.4)": Case(lambda i, d: Dropout(0.4, rng=rng()), ROWS),
    "Dropout(0.4) in training": Case(lambda i, d: Noisy(Dropout(0.4, rng=rng())), ROWS),
    "Draw(2)": Case(lambda i, d: Draw(2, rng=rng()), ROWS, NO_ROWS),
    "Draw(2) in training": Case(lambda i, d: Noisy(Draw(2, rng=rng())), ROWS),
    "Conv2D(2, 3, size=3)": Case(lambda i, d: conv(i), PICTURES, [*NO_PICTURES, (3, 5, 4, 1)]),
    "Conv2D(2, 3, size=3, stride=2, padding=1)": Case(
        lambda i, d: conv(i, stride=2, padding=1), PICTURES, NO_PICTURES
    ),
    "MaxPool(2)": Case(lambda i, d: MaxPool(2), PICTURES, NO_PICTURES),
    "MaxPool(3)": Case(lambda i, d: MaxPool(3), PICTURES, NO_PICTURES),
    "Everywhere()": Case(
        lambda i, d: Everywhere(), [*PICTURES, (3, 5, 4)], [(), (2,), (3, 2), (3, 0, 2)]
    ),
    "Everywhere(largest=True)": Case(lambda i, d: Everywhere(largest=True), PICTURES, [(3, 2)]),
    "Flatten(5, 4, 2)": Case(
        lambda i, d: Flatten(5, 4, 2), PICTURES[:1], [*NO_PICTURES, (3, 4, 5, 2), (3, 5, 4, 1)]
    ),
    "RNN(6, 4)": Case(lambda i, d: RNN(6, 4, i, rng=rng()), SEQUENCES, NOT_SIX),
    "LSTM(6, 3)": Case(lambda i, d: LSTM(6, 3, i, rng=rng()), SEQUENCES, NOT_SIX),
    "Last()": Case(lambda i, d: Last(), SEQUENCES, NO_SEQUENCES),
    "Embedding(5, 3)": Case(
        lambda i, d: Embedding(5, 3, i, rng=rng()), [(6, 4), (7,), (2, 3, 4)], symbols=True
    ),
    "SkipGram(5, 3)": Case(
        lambda i, d: SkipGram(5, 3, i, rng=rng()),
        [(6, 4), (3, 2)],
        [(4,), (4, 1), (4, 0), (2, 2, 2)],
        symbols=True,
    ),
    "Positions(5, 6)": Case(lambda i, d: Positions(5, 6, i, rng=rng()), SEQUENCES, NOT_SIX),
    "LayerNorm(6)": Case(
        lambda i, d: LayerNorm(6, dtype=d), [*SEQUENCES, (7, 6)], [(), (6,), (5, 7)]
    ),
    **{
        f"Attend(2, heads={heads}, causal={causal})": Case(
            lambda i, d, h=heads, c=causal: Attend(2, h, causal=c), SEQUENCES, NOT_SIX
        )
        for heads in (1, 2)
        for causal in (False, True)
    },
    "Network(Dense(4, 6), tanh, Dense(6, 3)), 51 parameters": Case(
        lambda i, d: Network(dense(i, 4, 6), tanh, dense(i, 6, 3)), ROWS, NO_ROWS
    ),
    "Residual(Dense(4, 4), tanh), 20 parameters": Case(
        lambda i, d: Residual(dense(i, 4, 4), tanh), ROWS, NO_ROWS
    ),
    "Bidirectional(RNN(6, 4), LSTM(6, 2)), 116 parameters": Case(
        lambda i, d: Bidirectional(RNN(6, 4, i, rng=rng()), LSTM(6, 2, i, rng=rng())),
        SEQUENCES,
        NOT_SIX,
    ),
    "Variational(Dense(4, 4), Draw(2), Dense(2, 4)), 32 parameters": Case(
        lambda i, d: Variational(dense(i, 4, 4), dense(i, 2, 4), price=0.1, rng=rng()),
        ROWS,
        NO_ROWS,
    ),
}
every_layer = pytest.mark.parametrize("name", LAYERS)


SHOW_THEIR_INPUTS = "Dropout(0.4)", "Draw(2)", "Flatten(5, 4, 2)", "Last()"  # no copy is made


def made(name, dtype=float):
    """Return a layer, none of whose numbers is 0."""
    layer = LAYERS[name].make(lambda *given: small(*given).astype(dtype), dtype)
    if hasattr(layer, "theta"):
        layer.theta = layer.theta + rng(9).normal(0, 0.3, layer.theta.size)
    return layer


def inputs(name, shape=None, seed=1):
    case, r = LAYERS[name], rng(seed)
    shape = case.shapes[0] if shape is None else shape
    return r.integers(0, 5, shape) if case.symbols else r.normal(size=shape)


def pull(y):
    return np.cos(np.arange(y.size)).reshape(y.shape)


def copied(grad):
    return None if grad is None else grad.copy()


def outcome(layer, x, d_y=None):
    """Return the outputs, the slopes with the inputs and those with the numbers of the layer."""
    y, back = layer.forward(x)
    d_x = back(pull(y) if d_y is None else d_y)
    return y, d_x, copied(getattr(layer, "grad", None))


def assert_same(given, right, **near):
    for one, other in zip(given, right, strict=True):
        assert (one is None) == (other is None)
        if one is not None:
            np.testing.assert_allclose(one, other, **{"rtol": 1e-12, "atol": 1e-12} | near)


def test_every_layer_is_in_the_table():
    modules = [importlib.import_module(f"nnutils.{m.name}") for m in
               pkgutil.iter_modules(nnutils.__path__) if not m.ispkg]  # fmt: skip
    classes = {
        one
        for module in modules
        for one in vars(module).values()
        if isinstance(one, type) and hasattr(one, "forward") and not one.__name__.startswith("_")
    }
    tried = [made(name) for name in LAYERS]
    assert classes == {type(getattr(layer, "layer", layer)) for layer in tried} | {Recurrent}


@every_layer
def test_a_layer_shows_what_it_is(name):
    layer = made(name)
    assert repr(layer) == name
    layer = getattr(layer, "layer", layer)
    for text in (type(layer).__doc__, type(layer).forward.__doc__):
        assert "Built in: " in text
    for size in ("n_in", "n_out"):
        assert getattr(layer, size, 1) >= 1


# Slopes.


@every_layer
def test_slopes_are_those_of_nudges(name):
    layer, (first, *others) = made(name), LAYERS[name].shapes

    def height(x):
        y = layer.forward(x)[0]
        return np.sum(y * pull(y))

    for shape in (first, (1, *first[1:]), *others):
        x = inputs(name, shape)
        _, d_x, grad = outcome(layer, x)
        if LAYERS[name].symbols:
            assert d_x is None
        else:
            assert d_x.shape == x.shape
            np.testing.assert_allclose(d_x, numerical_gradient(height, x), atol=1e-7)
        if grad is not None:
            theta = layer.theta.copy()

            def height_of(values, x=x):
                layer.theta = values
                return height(x)

            np.testing.assert_allclose(grad, numerical_gradient(height_of, theta), atol=1e-7)
            layer.theta = theta


@every_layer
def test_slopes_with_the_inputs_can_be_left_out(name):
    layer, x = made(name), inputs(name)
    y, _, grad = outcome(layer, x)
    _, back = layer.forward(x)
    if grad is not None:
        layer.grad = 9
    assert back(pull(y), False) is None
    assert_same([copied(getattr(layer, "grad", None))], [grad])


@every_layer
def test_nothing_that_was_passed_changes_and_back_may_be_asked_twice(name):
    layer, x, other = made(name), inputs(name), inputs(name, seed=2)
    d_y = pull(layer.forward(x)[0])
    kept = x.tobytes(), d_y.tobytes()
    x.flags.writeable = d_y.flags.writeable = False
    y, back = layer.forward(x)
    first_y, first, grad = y.copy(), copied(back(d_y)), copied(getattr(layer, "grad", None))
    for _ in range(2):
        outcome(layer, other)  # which does not get in the way of the first
        assert_same([y, back(d_y), getattr(layer, "grad", None)], [first_y, first, grad], atol=0)
    assert (x.tobytes(), d_y.tobytes()) == kept
    assert not np.shares_memory(y, x) or name in SHOW_THEIR_INPUTS


@pytest.mark.parametrize("name", [name for name in LAYERS if "training" not in name])
def test_samples_do_not_know_each_other(name):
    layer, x = made(name), inputs(name)
    order = rng(2).permutation(len(x))
    y, d_x, grad = outcome(layer, x)
    d_y = pull(y)
    right = y[order], d_x if d_x is None else d_x[order], grad
    assert_same(outcome(layer, x[order], d_y[order]), right)
    each = [outcome(layer, x[k : k + 1], d_y[k : k + 1]) for k in range(len(x))]
    np.testing.assert_allclose(np.concatenate([one[0] for one in each]), y, atol=1e-12)
    if d_x is not None:
        np.testing.assert_allclose(np.concatenate([one[1] for one in each]), d_x, atol=1e-12)
        lost = x.copy()
        lost[0].flat[::3] = np.nan
        lost_y = layer.forward(lost)[0]
        assert np.isnan(lost_y[0]).any()
        np.testing.assert_allclose(lost_y[1:], y[1:], atol=1e-12)
    if grad is not None:
        np.testing.assert_allclose(sum(one[2] for one in each), grad, atol=1e-12)


@every_layer
def test_no_samples(name):
    layer, x = made(name), inputs(name)
    y, d_x, grad = outcome(layer, x[:0])
    assert y.shape == (0, *layer.forward(x)[0].shape[1:])
    assert d_x is None or d_x.shape == x[:0].shape
    assert grad is None or not grad.any()


# How numbers are held.


@every_layer
def test_it_does_not_matter_how_numbers_are_held(name):
    layer, symbols = made(name), LAYERS[name].symbols
    numbers = rng(3).integers(0, 4, LAYERS[name].shapes[0])
    numbers = numbers if symbols else numbers.astype(float)
    d_y = rng(4).integers(0, 4, layer.forward(numbers)[0].shape).astype(float)
    right = outcome(layer, numbers, d_y)
    for holder, hold in HOLDERS.items():
        if symbols and ("float" in holder or "long double" in holder):
            held, held_d_y = numbers, hold(d_y)
        else:
            held, held_d_y = hold(numbers), hold(d_y)
        before = bytes_of(held), bytes_of(held_d_y)
        near = {"rtol": 1e-5, "atol": 1e-5} if holder in SMALL else {}
        given = outcome(layer, held, held_d_y)
        assert_same(given, right, **near)
        assert all(type(part) is np.ndarray for part in given if part is not None)
        assert (bytes_of(held), bytes_of(held_d_y)) == before


@every_layer
def test_float32_stays_and_may_be_mixed(name):
    x, right = inputs(name), outcome(made(name), inputs(name))
    x32 = x if LAYERS[name].symbols else x.astype(np.float32)
    given = outcome(made(name, np.float32), x32, pull(right[0]).astype(np.float32))
    assert {part.dtype for part in given if part is not None} == {np.dtype(np.float32)}
    for mixed in (outcome(made(name), x32), outcome(made(name, np.float32), x), given):
        assert_same(mixed, right, atol=1e-4)


@every_layer
@pytest.mark.parametrize("how", ["raise", "warn"])
def test_large_and_lost_numbers_make_no_noise(name, how):
    layer, x, symbols = made(name), inputs(name), LAYERS[name].symbols
    theta = copied(getattr(layer, "theta", None))
    few = rng().random(x.shape) < 0.1
    for value in (1e200, -1e300, 1e-320, np.inf, -np.inf, np.nan):
        for far in (np.full(x.shape, value), np.where(few, value, x)):
            with np.errstate(all="ignore"):
                if symbols:
                    layer.theta, far = theta * value, x
                d_y = layer.forward(far)[0]
                right = outcome(layer, far, d_y)
            with np.errstate(all=how):
                for part, other in zip(outcome(layer, far, d_y), right, strict=True):
                    np.testing.assert_array_equal(part, other)


# What is refused.


@every_layer
def test_what_holds_no_numbers_is_refused_with_a_sentence(name):
    layer = made(name)
    _, back = layer.forward(inputs(name))
    for nonsense, given in NOT_NUMBERS.items():
        for ask in [back] if LAYERS[name].symbols else [back, layer.forward]:
            with pytest.raises((TypeError, ValueError), match="^(x|z|d_y) ") as error:
                ask(given)
            a_sentence_about(nonsense, str(error.value))


@pytest.mark.parametrize(
    ("name", "shape"), [(name, shape) for name, case in LAYERS.items() for shape in case.refused]
)
def test_shapes_that_do_not_fit(name, shape):
    layer = made(name)
    with pytest.raises(ValueError, match=r"\(samples, ") as error:
        layer.forward(np.zeros(shape, int))
    text = str(error.value)
    assert text.startswith(tuple(map(repr, (layer, *getattr(layer, "layers", ())))))
    assert str(shape) in text


@every_layer
def test_slopes_of_another_shape(name):
    y, back = made(name).forward(inputs(name))
    for wrong in (y[0], y[:1], y[..., :1], np.append(y, y, axis=-1), 1.0):
        with pytest.raises(ValueError, match="Pass a slope for each output to back"):
            back(wrong)


# Its numbers: how they are drawn, assigned and copied.

WITH_NUMBERS = [name for name in LAYERS if isinstance(made(name), Parameters)]
with_numbers = pytest.mark.parametrize("name", WITH_NUMBERS)


@with_numbers
def test_what_is_assigned_is_copied_and_the_rest_is_fixed(name):
    layer = made(name)
    for array in [n for n in dir(type(layer)) if isinstance(getattr(type(layer), n), view)]:
        held = getattr(layer, array)
        values = np.arange(held.size, dtype=float).reshape(held.shape)
        setattr(layer, array, values)
        values += 1
        np.testing.assert_array_equal(getattr(layer, array), values - 1)
        assert np.shares_memory(held, layer.grad if array[:2] in ("d_", "gr") else layer.theta)
        with pytest.raises(ValueError, match=f"^{array} of .* Pass a number for each entry"):
            setattr(layer, array, np.ones((2, *held.shape)))
    for fixed in ("n_in", "n_out", "weight", "layers", "columns", "eps", "stride", "_theta"):
        with pytest.raises(AttributeError, match=f"You cannot assign {fixed} of .* theta"):
            setattr(layer, fixed, 3)


@every_layer
def test_copies_compute_the_same_and_stand_alone(name):
    layer, x = made(name), inputs(name)
    right = outcome(layer, x)
    for twin in (copy.copy(layer), copy.deepcopy(layer), pickle.loads(pickle.dumps(layer))):
        assert repr(twin) == name
        assert_same(outcome(twin, x), right, atol=0)
        if name in WITH_NUMBERS:
            twin.theta = twin.grad = 0
    assert_same(outcome(layer, x), right, atol=0)


@with_numbers
def test_a_seed_gives_the_same_numbers_again(name):
    np.testing.assert_array_equal(made(name).theta, made(name).theta)


SIZED = {
    "Dense": Dense,
    "RNN": RNN,
    "LSTM": LSTM,
    "Conv2D": lambda n_in, n_out, *given, **more: Conv2D(n_in, n_out, 3, *given, **more),
    "Embedding": Embedding,
    "SkipGram": SkipGram,
    "Positions": Positions,
}
every_sized = pytest.mark.parametrize("name", SIZED)


@every_sized
@pytest.mark.parametrize("wrong", [0, -1, 2.0, 2.5, "3", None, [2], True, np.nan])
def test_sizes_that_are_none(name, wrong):
    for sizes in ((wrong, 3), (2, wrong)):
        with pytest.raises(ValueError, match=rf"^\w+ of {name}\(.* has to be a whole number, at "):
            SIZED[name](*sizes, small, rng=rng())
    assert SIZED[name](np.int64(2), np.uint8(3), small, rng=rng()).n_out == 3


@every_sized
def test_first_numbers_that_do_not_fit(name):
    for init, message in (
        (lambda r, n, m: np.ones((m + 1, n)), "0 nan .* finite numbers of shape"),
        (lambda r, n, m: np.full((n, m), np.nan), "[0-9]+ nan or infinite"),
    ):
        with pytest.raises(ValueError, match=rf"^init .* for {name}\(2, 3.*, with {message}"):
            SIZED[name](2, 3, init, rng=None)
    with pytest.raises(TypeError, match="^what init returned has to hold real numbers, but got"):
        SIZED[name](2, 3, lambda r, n, m: "ab", rng=None)


@every_sized
def test_what_init_returned_is_not_changed(name):
    given = []

    def init(r, n_in, n_out):
        given.append(np.ones((n_in, n_out)))
        return given[-1]

    SIZED[name](2, 3, init, rng=None).theta = 3
    assert all((rows == 1).all() for rows in given)
