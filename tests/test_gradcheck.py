"""Slopes by nudging, and the check of a gradient, which has to fail when it should.

Checks that cannot fail were looked for in ``numerical_gradient``, ``gradcheck`` and
``network_gradcheck``, in every argument: nudges lost in ``x``, in its dtype, in what ``f`` returns
and in its dtype; no directions, no entries, everything tolerated; lengths and slopes that overflow.
"""

from functools import partial

import numpy as np
import pytest

from nnutils.activations import tanh
from nnutils.gradcheck import gradcheck, network_gradcheck, numerical_gradient
from nnutils.initializers import normal
from nnutils.network import mlp

THETA = np.random.default_rng(0).normal(size=200)


def cubes(x):
    return np.sum(x**3)


def rng():
    return np.random.default_rng(7)


def test_the_slope_of_a_cube():
    # ((2 + h)**3 - (2 - h)**3) / (2 h) = 12 + h**2; with h = 0.5: 12.25
    assert numerical_gradient(lambda x: x**3, 2.0, h=0.5) == 12.25
    assert numerical_gradient(lambda x: x**3, 2.0) == pytest.approx(12, abs=1e-8)


def test_a_number_gives_a_float():
    assert type(numerical_gradient(lambda x: x * x, 3)) is float


def test_a_function_of_a_number_gets_a_float():
    kinds = []
    numerical_gradient(lambda x: kinds.append(type(x)) or 1.0, 3)
    assert set(kinds) == {float}


@pytest.mark.parametrize("shape", [(1,), (4,), (2, 3), (2, 1, 2), (0,)])
def test_the_shape_is_that_of_x(shape):
    x = rng().normal(size=shape)
    gradient = numerical_gradient(cubes, x)
    assert gradient.shape == shape
    np.testing.assert_allclose(gradient, 3 * x**2, atol=1e-8)


def test_x_stays_as_it_was():
    def greedy(x):
        x += 1
        return cubes(x)

    x = np.array([1.0, 2.0])
    numerical_gradient(greedy, x)
    gradcheck(greedy, x, 3 * (x + 1) ** 2, rng=rng())
    assert x.tolist() == [1, 2]


def test_whole_numbers_are_nudged_too():
    np.testing.assert_allclose(numerical_gradient(cubes, np.array([1, 2])), [3, 12], rtol=1e-8)


def test_a_right_gradient_passes():
    assert 0 <= gradcheck(cubes, THETA, 3 * THETA**2, rng=rng()) < 1e-8


def test_a_right_slope_of_a_number_passes():
    assert gradcheck(lambda x: x**3, 2.0, 12.0, rng=rng()) < 1e-8


def test_a_flat_function_passes():
    assert gradcheck(lambda x: 1.0, THETA, np.zeros(200), rng=rng()) == 0


def test_a_fault_of_a_thousandth_in_one_entry_is_caught_and_named():
    grad = 3 * THETA**2
    grad[123] *= 1.001
    given, right = f"{grad[123]:.6g}", f"{3 * THETA[123] ** 2:.6g}"
    with pytest.raises(AssertionError) as error:
        gradcheck(cubes, THETA, grad, rng=rng())
    assert "entry (123,)" in str(error.value)
    assert f"given {given}, measured {right}." in str(error.value)


def test_a_fault_in_a_number_is_caught():
    with pytest.raises(AssertionError, match="off is the gradient: given 12.01, measured 12[.]$"):
        gradcheck(lambda x: x**3, 2.0, 12.01, rng=rng())


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize(
    "spoil",
    [
        lambda grad: -grad,
        lambda grad: grad.T,
        lambda grad: 2 * grad,
        lambda grad: 0 * grad,
        lambda grad: grad + np.eye(4) * 1e-3,
        lambda grad: grad[::-1],
    ],
    ids=["sign", "transposed", "doubled", "zero", "shifted", "reversed"],
)
def test_the_usual_faults_are_caught(spoil, seed):
    theta = np.random.default_rng(seed).normal(size=(4, 4))
    with pytest.raises(AssertionError, match="The gradient is off by"):
        gradcheck(cubes, theta, spoil(3 * theta**2), rng=np.random.default_rng(seed))


def test_the_entry_of_a_matrix_is_named_by_row_and_column():
    theta = np.ones((3, 4))
    grad = 3 * theta
    grad[2, 1] = 5
    with pytest.raises(AssertionError, match=r"entry \(2, 1\).*given 5, measured 3[.]$"):
        gradcheck(cubes, theta, grad, rng=rng())


def test_the_same_seed_gives_the_same_answer():
    answers = {gradcheck(cubes, THETA, 3 * THETA**2, rng=rng()) for _ in range(3)}
    assert len(answers) == 1


def test_tolerance_and_directions():
    theta, grad = np.ones(3), np.full(3, 3.003)
    assert gradcheck(cubes, theta, grad, rng=rng(), tolerance=0.01) > 1e-6
    calls = []
    gradcheck(lambda x: calls.append(1) or cubes(x), theta, 3 * theta, rng=rng(), directions=9)
    assert len(calls) == 18


@pytest.mark.parametrize(
    "grad", [np.ones(3), np.ones((2, 1)), np.ones((1, 2)), 1.0], ids=lambda g: str(np.shape(g))
)
def test_a_gradient_of_another_shape(grad):
    with pytest.raises(ValueError, match=r"has shape \(.*\), but theta has shape \(2,\)"):
        gradcheck(cubes, np.ones(2), grad, rng=rng())


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_gradient_that_is_not_finite_never_passes(bad):
    with pytest.raises(ValueError, match="grad has to hold finite numbers, but got"):
        gradcheck(cubes, np.ones(2), np.array([3, bad]), rng=rng())


@pytest.mark.parametrize(
    "result", [np.nan, np.inf, np.ones(2), None, "high", 1j, []], ids=lambda r: repr(r)
)
def test_f_has_to_return_one_finite_number(result):
    with pytest.raises(ValueError, match="f returned .* It has to return one finite number"):
        numerical_gradient(lambda x: result, np.ones(2))
    with pytest.raises(ValueError, match="f returned .* It has to return one finite number"):
        gradcheck(lambda x: result, np.ones(2), np.ones(2), rng=rng())


def test_an_array_of_one_number_will_do():
    assert numerical_gradient(lambda x: x.reshape(1, 1) ** 2, np.array([3.0])) == pytest.approx(6)


TOO_SMALL = [0, -1e-5, np.nan, np.inf, -np.inf, 1e-30, 9e-11, 5e-324, "tiny", None, [1e-5], 1j]


@pytest.mark.parametrize("h", TOO_SMALL, ids=repr)
def test_h_has_to_be_positive_and_seen(h):
    for check in (
        lambda: numerical_gradient(cubes, 1.0, h=h),
        lambda: gradcheck(cubes, 1.0, 0.0, rng=rng(), h=h),
        lambda: gradcheck(np.sum, np.zeros(3), np.zeros(3), rng=rng(), h=h),
    ):
        with pytest.raises(ValueError, match="has to be positive, but got") as error:
            check()
        assert repr(h) in str(error.value)


LOST = {  # function, place; the slope 0 is wrong, but no nudge could show it
    "x + h == x": (np.sum, 1e17),
    "one entry of many": (np.sum, np.array([1.0, 2e13, 1.0])),
    "negative": (np.sum, -1e17),
    "the largest float": (lambda x: np.sum(x / 1e300), np.finfo(float).max),
    "float32": (np.sum, np.array([1.0, 3000.0], np.float32)),
    "float16": (np.sum, np.array([1.0, 2.0], np.float16)),
    "f is far from 0": (lambda x: 1e12 + np.sum(x), np.ones(3)),
    "f is far below 0": (lambda x: np.sum(x) - 1e14, np.ones(3)),
    "f returns float32": (lambda x: np.float32(1000 + np.sum(x)), np.ones(3)),
    "f returns float16": (lambda x: np.float16(np.sum(x)), np.ones(3)),
    "whole numbers": (np.sum, 10**17),
}


@pytest.mark.parametrize("name", LOST)
def test_nothing_starts_where_a_nudge_is_lost(name):
    f, x = LOST[name]
    reason = "f returned .* Rounding" if name.startswith("f ") else "lost in rounding beside"
    with pytest.raises(ValueError, match=reason):
        gradcheck(f, x, np.zeros(np.shape(x)), rng=rng())
    with pytest.raises(ValueError, match=reason):
        numerical_gradient(f, x)


@pytest.mark.parametrize("h", [1e-11, 1e-8, 1e-5, 1e-2])
@pytest.mark.parametrize("offset", [0, 1, 1e3, 1e8, 1e12, 1e16])
@pytest.mark.parametrize("place", [0, 1e-8, 1, 1e4, 1e9, 1e15])
def test_no_wrong_slope_passes_anywhere(place, offset, h):
    def f(x):
        return np.sum(np.sin(x - place)) + offset  # slopes of 1

    x = np.full(3, float(place))
    for wrong in (np.zeros(3), -np.ones(3), np.array([1, 1, 1.01])):
        with pytest.raises((ValueError, AssertionError)):
            gradcheck(f, x, wrong, rng=rng(), h=h)
    try:
        measured = numerical_gradient(f, x, h=h)
    except ValueError:
        return
    np.testing.assert_allclose(measured, 1, atol=0.02)


def test_a_large_f_with_large_slopes_is_no_reason_to_refuse():
    x = 1e3 * (1 + np.arange(5.0))
    assert gradcheck(lambda x: np.sum(x**4), x, 4 * x**3, rng=rng()) < 1e-6
    assert gradcheck(lambda x: 1e4, THETA, np.zeros(200), rng=rng()) == 0


@pytest.mark.parametrize("length", [1e155, 1e200, 1e308])
def test_a_gradient_whose_length_overflows(length):
    with pytest.raises(ValueError, match="length of the gradient is too large for a float"):
        gradcheck(cubes, np.ones(3), np.full(3, length), rng=rng())


def test_slopes_that_overflow():
    def f(x):
        return 1e308 * np.sign(np.sum(x))

    for check in (lambda: numerical_gradient(f, 0.0), lambda: gradcheck(f, 0.0, 0.0, rng=rng())):
        with pytest.raises(ValueError, match="f returned"):
            check()


@pytest.mark.parametrize("directions", [0, -1, 2.5, np.nan, None, "5"])
def test_a_check_without_directions_does_not_start(directions):
    with pytest.raises(ValueError, match="directions has to be a whole number, at least 1"):
        gradcheck(cubes, np.ones(2), np.zeros(2), rng=rng(), directions=directions)


@pytest.mark.parametrize("tolerance", [-1, 1, 2, np.nan, np.inf, None, "0.1"])
def test_a_check_that_allows_everything_does_not_start(tolerance):
    with pytest.raises(ValueError, match="tolerance has to be a number from 0 to below 1"):
        gradcheck(cubes, np.ones(2), np.zeros(2), rng=rng(), tolerance=tolerance)


@pytest.mark.parametrize("shape", [(0,), (3, 0)])
def test_a_check_of_nothing_does_not_start(shape):
    with pytest.raises(ValueError, match="there is nothing to check"):
        gradcheck(lambda x: 1.0, np.ones(shape), np.ones(shape), rng=rng())


@pytest.mark.parametrize("bad", [42, None, "seed", np.random])
def test_directions_are_drawn_by_a_generator(bad):
    with pytest.raises(TypeError, match="rng has to be a random generator, but got"):
        gradcheck(cubes, np.ones(2), 3 * np.ones(2), rng=bad)


def small_net():
    return mlp([2, 3, 1], tanh, init=normal(0.5), rng=np.random.default_rng(0))


def mean(outputs, targets):
    return float(np.mean(outputs)), np.full_like(outputs, 1 / outputs.size)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"directions": 0}, ValueError, "directions has to be"),
        ({"tolerance": np.inf}, ValueError, "tolerance has to be"),
        ({"rng": 42}, TypeError, r"default_rng\(42\)"),
        ({"net": "net"}, TypeError, "needs a Network, but got 'net' .str."),
    ],
)
def test_the_check_of_a_network_refuses_as_well(change, error, message):
    given = {"net": small_net(), "rng": rng()} | change
    with pytest.raises(error, match=message):
        network_gradcheck(given.pop("net"), np.ones((1, 2)), np.ones((1, 1)), mean, **given)


def test_the_check_of_a_network_sees_large_weights_and_losses():
    data = np.ones((1, 2)), np.ones((1, 1))
    net = small_net()
    net.theta = net.theta * 1e13
    with pytest.raises(ValueError, match="lost in rounding beside"):
        network_gradcheck(net, *data, mean, rng=rng())

    def flat(outputs, targets, shift=0):
        value, slopes = mean(outputs, targets)
        return value + shift, 0 * slopes

    with pytest.raises(AssertionError, match="Layer 0"):
        network_gradcheck(small_net(), *data, flat, rng=rng())
    with pytest.raises(ValueError, match="f returned .* Rounding"):
        network_gradcheck(small_net(), *data, partial(flat, shift=1e9), rng=rng())


@pytest.mark.parametrize("bad", ["one", None, 1j, [1, None]])
def test_x_has_to_be_real(bad):
    with pytest.raises(TypeError, match="x has to hold real numbers, but got"):
        numerical_gradient(cubes, bad)
    with pytest.raises(TypeError, match="theta has to hold real numbers, but got"):
        gradcheck(cubes, bad, 1.0, rng=rng())
    with pytest.raises(TypeError, match="grad has to hold real numbers, but got"):
        gradcheck(cubes, 1.0, bad, rng=rng())
