"""Numbers that are too large or too small for a float give the same, whatever ``np.seterr`` says.

Looked for in every public function of ``circuit``, ``numerics``, ``activations``, ``losses``,
``gradcheck``, ``initializers`` and ``schedules``: each runs on the numbers of GRID, or on all pairs
of FEW, under "raise", and under "warn", where pytest turns a warning into an error. So does what
comes out: limits at infinity, and nan at nan.
"""

import itertools

import numpy as np
import pytest

from nnutils import activations, initializers, losses, numerics, schedules
from nnutils.activations import Activation, prelu
from nnutils.circuit import Value, maximum
from nnutils.gradcheck import gradcheck, numerical_gradient

POSITIVE = [5e-324, 1e-310, 2.3e-308, 1e-200, 1e-45, 1e-20, 1e-3, 0.5, 1, 20, 36.0, 100, 709, 800]
POSITIVE += [1e4, 1e20, 3e38, 1e154, 1e200, 1e300, np.finfo(float).max]
FINITE = np.array([0.0, *POSITIVE])
FINITE = np.concatenate([FINITE, -FINITE])
GRID = np.concatenate([FINITE, [np.inf, -np.inf, np.nan]])
FEW = np.array([0, -0.0, 5e-324, -1e-310, 1, -36, 800, -800, 1e154, -1e300, FINITE.max()])
FEW = np.append(FEW, [FINITE.min(), np.inf, -np.inf, np.nan])
with np.errstate(all="ignore"):
    GRIDS = {"float64": GRID, "float32": GRID.astype(np.float32)}
    GRIDS["float16"] = GRID.astype(np.float16)
    GRIDS["long double"] = np.append(GRID, np.longdouble("1e400")).astype(np.longdouble)

TABLE = {name: f for name, f in vars(activations).items() if isinstance(f, Activation)}
TABLE |= {"prelu(0.25)": prelu(0.25), "prelu(0)": prelu(0), "prelu(1e-30)": prelu(1e-30)}
each_grid = pytest.mark.parametrize("grid", GRIDS.values(), ids=GRIDS)


def outcome(work):
    """Return what work returns, as a list of arrays, or its error as a text."""
    try:
        result = work()
    except (TypeError, ValueError, OverflowError, ZeroDivisionError) as error:
        return f"{type(error).__name__}: {error}"
    return [np.asarray(part) for part in (result if isinstance(result, tuple) else [result])]


def the_same(work):
    """Return the outcome of work, after a look that it does not depend on np.seterr."""
    outcomes = []
    for how in ("raise", "warn", "ignore"):
        with np.errstate(all=how):
            outcomes.append(outcome(work))
    strict, *others = outcomes
    for other in others:
        assert isinstance(other, str) == isinstance(strict, str)
        if isinstance(strict, str):
            assert strict == other
        else:
            for one, two in zip(strict, other, strict=True):
                np.testing.assert_array_equal(one, two)
                assert one.dtype == two.dtype
    return strict


def backward(f, z):
    a, back = f.forward(z)
    return a, back(z[::-1])


@each_grid
@pytest.mark.parametrize("name", TABLE)
def test_activations(name, grid):
    f = TABLE[name]
    (a,) = the_same(lambda: f(grid))
    the_same(lambda: f.f(grid))
    (slope,) = the_same(lambda: f.slope(grid, a))
    the_same(lambda: backward(f, grid))
    for z in grid:
        one = the_same(lambda z=z: f(z))
        np.testing.assert_array_equal(one[0], f(np.array([z]))[0])
    assert np.isnan(a).tolist() == np.isnan(grid).tolist()
    lost = np.isnan(grid) & (name != "identity")
    assert np.isnan(slope).tolist() == lost.tolist()


LIMITS = {  # value and slope at -infinity and at infinity
    "identity": (-np.inf, 1, np.inf, 1),
    "step": (0, 0, 1, 0),
    "relu": (0, 0, np.inf, 1),
    "leaky_relu": (-np.inf, 0.01, np.inf, 1),
    "elu": (-1, 0, np.inf, 1),
    "selu": (-1.7580993408473766, 0, np.inf, 1.0507009873554805),
    "sigmoid": (0, 0, 1, 0),
    "tanh": (-1, 0, 1, 0),
    "softplus": (0, 0, np.inf, 1),
    "silu": (0, 0, np.inf, 1),
    "gelu": (0, 0, np.inf, 1),
    "prelu(0.25)": (-np.inf, 0.25, np.inf, 1),
    "prelu(0)": (0, 0, np.inf, 1),
    "prelu(1e-30)": (-np.inf, 1e-30, np.inf, 1),
}


@pytest.mark.parametrize("name", TABLE)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_activations_have_their_limits_at_infinity(name, dtype):
    f, z = TABLE[name], np.array([-np.inf, np.inf], dtype)
    a = f(z)
    low, low_slope, high, high_slope = LIMITS[name]
    np.testing.assert_allclose(a, [low, high], rtol=1e-6)
    np.testing.assert_allclose(f.slope(z, a), [low_slope, high_slope], rtol=1e-6)


@pytest.mark.parametrize("name", TABLE)
def test_activations_far_out_are_near_their_limits(name):
    f, z = TABLE[name], np.array([-1e300, -1e100, 1e100, 1e300])
    low, low_slope, high, high_slope = LIMITS[name]
    expected = [z[0] * low_slope, z[1] * low_slope] if low == -np.inf else [low, low]
    expected += [z[2] * high_slope, z[3] * high_slope] if high == np.inf else [high, high]
    np.testing.assert_allclose(f(z), expected)
    np.testing.assert_allclose(f.slope(z, f(z)), 2 * [low_slope] + 2 * [high_slope])


def test_a_leak_that_float32_cannot_hold():
    z = np.array([-np.inf, -1, 0, np.nan], np.float32)
    np.testing.assert_array_equal(prelu(1e-300)(z), [0, 0, 0, np.nan])
    np.testing.assert_array_equal(prelu(1e30)(z), np.float32([-np.inf, -1e30, 0, np.nan]))


@pytest.mark.parametrize("z", [5e-324, 1e-310, 1e-100, 1e-21, 1e-19])
def test_smooth_slopes_do_not_jump_at_0(z):
    for name, slope in {"gelu": 0.5, "silu": 0.5, "softplus": 0.5, "tanh": 1, "elu": 1}.items():
        f = TABLE[name]
        for side in (z, -z):
            assert f.slope(side, f(side)) == pytest.approx(slope)


@each_grid
def test_sigmoid_and_softplus(grid):
    for function in (numerics.sigmoid, numerics.softplus):
        (all_at_once,) = the_same(lambda function=function: function(grid))
        assert np.isnan(all_at_once).tolist() == np.isnan(grid).tolist()


@each_grid
def test_softmax_and_logsumexp(grid):
    pairs = np.array(list(itertools.product(grid, grid)))
    (shares,) = the_same(lambda: numerics.softmax(pairs, axis=1))
    (logs,) = the_same(lambda: numerics.logsumexp(pairs, axis=1))
    with np.errstate(all="ignore"):
        pairs = pairs.astype(float)
    lost, finite = np.isnan(pairs).any(axis=1), np.isfinite(pairs).all(axis=1)
    assert np.isnan(logs).tolist() == lost.tolist()
    np.testing.assert_allclose(shares[finite].sum(axis=1), 1, rtol=1e-6)
    np.testing.assert_array_equal(logs[~lost & ~finite], pairs[~lost & ~finite].max(axis=1))


PAIRS = {
    "mean_squared_error": None,
    "mean_absolute_error": None,
    "binary_cross_entropy": (0, 1),
    "hinge": (-1, 1),
    "squared_hinge": (-1, 1),
}


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16])
@pytest.mark.parametrize("name", PAIRS)
def test_losses_of_pairs(name, dtype):
    loss, targets = getattr(losses, name), PAIRS[name] or FEW
    for output, target in itertools.product(FEW, targets):
        with np.errstate(all="ignore"):
            output = np.array([output], dtype)
        result = the_same(lambda z=output, t=target: loss(z, [t]))
        if isinstance(result, str):
            assert not (np.isfinite(output).all() and np.isfinite(target))
            assert "have to hold finite numbers" in result
        else:
            assert not np.isnan(result[0])
            assert not np.isnan(result[1]).any()
    the_same(lambda: loss(FINITE, np.resize(targets, len(FINITE))))


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16])
@pytest.mark.parametrize("name", ["cross_entropy", "multiclass_hinge"])
def test_losses_of_classes(name, dtype):
    loss = getattr(losses, name)
    for pair in itertools.product(FEW, FEW):
        with np.errstate(all="ignore"):
            outputs = np.array([pair], dtype)
        for label in (0, 1):
            result = the_same(lambda z=outputs, k=label: loss(z, [k]))
            if np.isfinite(outputs).all():
                assert not np.isnan(result[0])
                assert not np.isnan(result[1]).any()
            else:
                assert "have to hold finite numbers" in result


@pytest.mark.parametrize("h", [1e-5, 1e-300, 1e300, 1.0])
def test_gradient_checks(h):
    for place, grad in itertools.product(FEW, FEW):
        x = np.array([place, 1.0])

        def check(x=x, grad=grad):
            rng = np.random.default_rng(0)
            return gradcheck(np.sum, x, np.array([grad, 1.0]), rng=rng, h=h)

        def failed(check=check):
            try:
                return check()
            except AssertionError as error:
                raise ValueError(error) from None

        the_same(failed)
        the_same(lambda x=x: numerical_gradient(np.sum, x, h=h))


def gates(x, y):
    """Return every gate on x and y, as functions of nothing."""
    yield from (lambda: x + y, lambda: x - y, lambda: x * y, lambda: x / y, lambda: -x)
    yield from (lambda: 1 / x, lambda: x**2, lambda: x**-0.5, lambda: maximum(x, y))
    yield from (x.exp, x.log, x.relu, x.tanh, x.sigmoid)


def test_circuits():
    for x, y in itertools.product(FEW, FEW):
        wires = Value(x), Value(y)  # numbers of NumPy become Python's
        for gate in gates(*wires):

            def slopes(gate=gate, wires=wires):
                out = gate()
                out.backward()
                return out.data, *(wire.grad for wire in wires)

            the_same(slopes)


def test_initializers():
    rng = np.random.default_rng
    named = [getattr(initializers, name) for name in ("zeros", "lecun_uniform", "he_normal")]
    made = [
        f(number)
        for f in (initializers.uniform, initializers.normal, initializers.orthogonal)
        for number in (5e-324, 1)
    ]
    for init in [*named, *made, initializers.constant(5e-324)]:
        the_same(lambda init=init: init(rng(0), 3, 4))


def test_schedules():
    small = np.float64(5e-324)
    for schedule in (
        schedules.StepDecay(small, np.float64(0.1), 1),
        schedules.ExponentialDecay(np.float64(0.1), small),
        schedules.InverseTimeDecay(small, np.float64(1e308)),
        schedules.CosineDecay(np.float64(1e308), 3, last=small),
        schedules.Warmup(small, 10),
    ):
        the_same(lambda schedule=schedule: tuple(schedule(t) for t in range(1, 50)))
