"""The table of activations: hand-worked numbers, far inputs, slopes, and other libraries."""

import copy
import math
import pickle
from dataclasses import replace

import numpy as np
import pytest
from scipy import special, stats

from nnutils import activations
from nnutils.activations import Activation, gelu, leaky_relu, prelu, relu, selu, sigmoid, tanh

NAMES = (
    "identity step relu leaky_relu elu selu sigmoid tanh softplus silu gelu".split()  # noqa: SIM905
)
TABLE = {name: getattr(activations, name) for name in NAMES} | {"prelu": prelu(0.25)}
KINKS = {"step", "relu", "leaky_relu", "selu", "prelu"}
FAR = np.concatenate(
    [np.linspace(-1e4, 1e4, 2001), np.linspace(-50, 50, 2001), [-1e-9, 1e-9, -1e-300, 1e-300]]
)
SCIPY = {
    "identity": (lambda z: z, np.ones_like),
    "step": (lambda z: (z >= 0) * 1.0, np.zeros_like),
    "relu": (lambda z: z.clip(0), lambda z: (z > 0) * 1.0),
    "leaky_relu": (lambda z: z.clip(0) + 0.01 * z.clip(None, 0), lambda z: 0.01 + 0.99 * (z > 0)),
    "prelu": (lambda z: z.clip(0) + 0.25 * z.clip(None, 0), lambda z: 0.25 + 0.75 * (z > 0)),
    "elu": (
        lambda z: z.clip(0) + special.expm1(z.clip(None, 0)),
        lambda z: np.exp(z.clip(None, 0)),
    ),
    "sigmoid": (special.expit, lambda z: special.expit(z) * special.expit(-z)),
    "tanh": (
        lambda z: 1 - 2 * special.expit(-2 * z),
        lambda z: 4 * special.expit(2 * z) * special.expit(-2 * z),
    ),
    "softplus": (lambda z: np.logaddexp(0, z), special.expit),
    "silu": (
        lambda z: z * special.expit(z),
        lambda z: special.expit(z) * (1 + z * special.expit(-z)),
    ),
    "gelu": (
        lambda z: z * special.ndtr(z),
        lambda z: special.ndtr(z) + z * stats.norm.pdf(z),
    ),
}
every = pytest.mark.parametrize("name", TABLE)


@every
def test_far_inputs_give_finite_numbers_without_a_warning(name):
    f = TABLE[name]
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        a = f(FAR)
        slope = f.slope(FAR, a)
    assert a.shape == slope.shape == FAR.shape
    assert np.isfinite(a).all()
    assert np.isfinite(slope).all()


@pytest.mark.parametrize("name", SCIPY)
def test_values_and_slopes_agree_with_scipy(name):
    f, (value, slope) = TABLE[name], SCIPY[name]
    np.testing.assert_allclose(f(FAR), value(FAR), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(f.slope(FAR, f(FAR)), slope(FAR), rtol=1e-12, atol=1e-12)


@pytest.mark.peers
@every
def test_values_and_slopes_agree_with_pytorch(name):
    import torch

    F = torch.nn.functional
    peer = {
        "identity": lambda z: z * 1,
        "step": lambda z: torch.heaviside(z.detach(), torch.ones(1, dtype=z.dtype)) + 0 * z,
        "relu": torch.relu,
        "leaky_relu": F.leaky_relu,
        "prelu": lambda z: F.prelu(z, torch.tensor(0.25, dtype=z.dtype)),
        "elu": F.elu,
        "selu": F.selu,
        "sigmoid": torch.sigmoid,
        "tanh": torch.tanh,
        "softplus": lambda z: F.softplus(z, threshold=700),
        "silu": F.silu,
        "gelu": F.gelu,
    }[name]
    points = np.append(FAR, 0.0)  # the conventions at the corners are the same
    z = torch.tensor(points, requires_grad=True)
    out = peer(z)
    out.sum().backward()
    f = TABLE[name]
    a = f(points)
    np.testing.assert_allclose(a, out.detach().numpy(), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(f.slope(points, a), z.grad.numpy(), rtol=1e-12, atol=1e-12)


@every
def test_the_slope_is_the_central_difference(name):
    f, h = TABLE[name], 1e-5
    z = np.random.default_rng(0).normal(0, 4, 500)
    if name in KINKS:
        z = z[np.abs(z) > 2 * h]
    measured = (f(z + h) - f(z - h)) / (2 * h)
    np.testing.assert_allclose(f.slope(z, f(z)), measured, atol=1e-7)


def test_a_planted_fault_in_a_slope_is_caught():
    z, h = np.linspace(-3, 3, 50), 1e-5
    forgetful = Activation("forgetful", sigmoid.f, lambda z, a: a)
    measured = (forgetful(z + h) - forgetful(z - h)) / (2 * h)
    assert np.abs(forgetful.slope(z, forgetful(z)) - measured).max() > 1e-3


def test_numbers_worked_by_hand():
    assert relu([-2, 0, 3]).tolist() == [0, 0, 3]
    # 0.01 * -2
    assert leaky_relu([-2, 3]).tolist() == [-0.02, 3]
    # exp(-3) = 0.0497871, 1 / 1.0497871 = 0.9525741; 0.9525741 * 0.0474259 = 0.0451767
    assert float(sigmoid(3)) == pytest.approx(0.95257413, abs=5e-9)
    assert float(sigmoid.slope(3, sigmoid(3))) == pytest.approx(0.04517666, abs=5e-9)
    # exp(-2) = 0.1353353, 2 / 1.1353353 - 1 = 0.7615942
    assert float(tanh(1)) == pytest.approx(0.76159416, abs=5e-9)
    # at 0: 1 - 0 * 0 = 1 against 0.5 * 0.5 = 0.25
    assert tanh.slope(0, tanh(0)) / sigmoid.slope(0, sigmoid(0)) == 4
    # log(1 + 1)
    assert float(activations.softplus(0)) == pytest.approx(math.log(2), rel=1e-15)
    # 1.0507010 * 1.6732632 * (exp(-1) - 1) = -1.7580993 * 0.6321206
    assert float(selu(-1)) == pytest.approx(-1.1113307, abs=5e-8)
    # 84.13447 % of a normal distribution lie below 1
    assert float(gelu(1)) == pytest.approx(0.8413447, abs=5e-8)


def test_tanh_is_a_stretched_sigmoid():
    np.testing.assert_allclose(tanh(FAR), 2 * sigmoid(2 * FAR) - 1, atol=1e-15)


def test_a_corner_takes_the_slope_of_its_left_side():
    slopes = {name: float(f.slope(np.zeros(1), f(np.zeros(1)))[0]) for name, f in TABLE.items()}
    assert (slopes["step"], slopes["relu"], slopes["leaky_relu"]) == (0, 0, 0.01)
    assert slopes["prelu"] == 0.25
    assert slopes["selu"] == pytest.approx(1.7580993, abs=5e-8)
    assert activations.step(0.0) == 1


@every
@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_dtype_and_shape_stay(name, kind):
    f, z = TABLE[name], np.array([[-3.0, 0.0, 0.5], [1.0, 20.0, -200.0]], kind)
    a = f(z)
    slope = f.slope(z, a)
    assert a.dtype == slope.dtype == kind
    assert a.shape == slope.shape == z.shape
    np.testing.assert_allclose(a, f(z.astype(float)), rtol=1e-6, atol=1e-6)


@every
def test_whole_numbers_lists_single_numbers_and_nothing(name):
    f = TABLE[name]
    assert f(np.array([1, 2])).dtype == np.float64
    assert np.shape(f([[1.0], [2.0]])) == (2, 1)
    assert np.shape(f(0.5)) == ()
    assert f(np.zeros((0, 3))).shape == (0, 3)


@every
def test_only_real_numbers(name):
    for bad in ("one", None, 1j, ["1"]):
        with pytest.raises(TypeError, match="has to hold real numbers, but got"):
            TABLE[name](bad)


@pytest.mark.parametrize("leak", [np.nan, np.inf, -np.inf, 1e31, -1e300, [0.1, 0.2]])
def test_a_leak_is_one_finite_number(leak):
    with pytest.raises(ValueError, match="The leak has to be one finite number"):
        prelu(leak)
    with pytest.raises(TypeError):
        prelu("little")


@every
def test_an_activation_can_be_pickled_and_copied(name):
    f = TABLE[name]
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        twin = pickle.loads(pickle.dumps(f, protocol))
        assert twin is f or name == "prelu"
        np.testing.assert_array_equal(twin(FAR), f(FAR))
        np.testing.assert_array_equal(twin.slope(FAR, f(FAR)), f.slope(FAR, f(FAR)))
    assert copy.deepcopy(f)(-1) == copy.copy(f)(-1) == f(-1)


def double(z):
    return 2 * z


def twos(z, a):
    return np.full_like(z, 2)


def test_an_activation_of_ones_own():
    own = Activation("double", double, twos)
    for f in (own, pickle.loads(pickle.dumps(own)), replace(own, name="twice")):
        a, back = f.forward([1, 2])
        assert (a.tolist(), back([1, 1]).tolist()) == ([2, 4], [2, 2])
        with np.errstate(all="raise"):
            assert f(1e308) == np.inf


@pytest.mark.parametrize("functions", [(1, twos), (double, None)])
def test_an_activation_is_made_of_functions(functions):
    with pytest.raises(TypeError, match="of the activation 'odd' has to be a function, but got"):
        Activation("odd", *functions)


def test_whole_numbers_are_not_cut_off():
    a, back = gelu.forward(np.array([-1, 0, 1, 2]))
    np.testing.assert_allclose(a, [-0.15865525, 0, 0.84134475, 1.95449974], atol=5e-9)
    np.testing.assert_array_equal(back(np.ones(4, int)), gelu.slope(np.array([-1.0, 0, 1, 2]), a))


def test_a_name_is_shown():
    assert [repr(f) for f in (relu, leaky_relu, prelu(0.1))] == ["relu", "leaky_relu", "prelu(0.1)"]
    assert [TABLE[name].name for name in NAMES] == NAMES
