"""Slopes by nudging, and the check of a gradient, which has to fail when it should."""

import numpy as np
import pytest

from nnutils.gradcheck import gradcheck, numerical_gradient

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


@pytest.mark.parametrize("h", [0, -1e-5, np.nan])
def test_h_has_to_be_positive(h):
    with pytest.raises(ValueError, match=f"has to be positive, but got {h}"):
        numerical_gradient(cubes, 1.0, h=h)


@pytest.mark.parametrize("bad", ["one", None, 1j, [1, None]])
def test_x_has_to_be_real(bad):
    with pytest.raises(TypeError, match="x has to hold real numbers, but got"):
        numerical_gradient(cubes, bad)
    with pytest.raises(TypeError, match="theta has to hold real numbers, but got"):
        gradcheck(cubes, bad, 1.0, rng=rng())
    with pytest.raises(TypeError, match="grad has to hold real numbers, but got"):
        gradcheck(cubes, 1.0, bad, rng=rng())
