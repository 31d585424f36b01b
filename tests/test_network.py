"""Layers and networks: numbers worked by hand, slopes against nudges, one flat vector."""

import numpy as np
import pytest

from nnutils import activations
from nnutils.activations import Activation, relu, sigmoid, tanh
from nnutils.gradcheck import network_gradcheck, numerical_gradient
from nnutils.layers import Dense
from nnutils.losses import binary_cross_entropy, cross_entropy, hinge, mean_squared_error
from nnutils.network import Network, mlp

EVERY = [a for a in vars(activations).values() if isinstance(a, Activation)]
SMOOTH = [a for a in EVERY if a.name != "step"]


def small(rng, n_in, n_out):
    return rng.normal(0, n_in**-0.5, (n_in, n_out))


def random_network(hidden, seed=0, sizes=(4, 6, 5, 3)):
    rng = np.random.default_rng(seed)
    net = mlp(sizes, hidden, init=small, rng=rng)
    net.theta += rng.normal(0, 0.1, net.n_parameters)  # biases that are not 0
    return net, rng.normal(size=(7, sizes[0])), rng.integers(0, sizes[-1], 7)


def test_a_dense_layer_by_hand():
    # y = [1 2; 3 4] W + b with W = [1 0; 2 -1], b = [10 20]
    #   = [1+4 -2; 3+8 -4] + b = [15 18; 21 16]
    layer = Dense(2, 2, lambda rng, n, m: np.array([[1.0, 0.0], [2.0, -1.0]]), rng=None)
    layer.biases = [10, 20]
    x = np.array([[1.0, 2.0], [3.0, 4.0]])
    y, back = layer.forward(x)
    np.testing.assert_array_equal(y, [[15, 18], [21, 16]])
    # With d_y = [1 0; 0 2]: d_W = x^T d_y = [1 6; 2 8], d_b = [1 2], d_x = d_y W^T = [1 2; 0 -2].
    d_x = back(np.array([[1.0, 0.0], [0.0, 2.0]]))
    np.testing.assert_array_equal(layer.d_weights, [[1, 6], [2, 8]])
    np.testing.assert_array_equal(layer.d_biases, [1, 2])
    np.testing.assert_array_equal(d_x, [[1, 2], [0, -2]])
    assert back(np.ones((2, 2)), False) is None


@pytest.fixture
def two_three_one():
    """The 2-3-1 network of the chapter on gradient descent, with its sample and target."""
    rng = np.random.default_rng(0)
    net = mlp([2, 3, 1], sigmoid, init=small, rng=rng)
    net.layers[0].weights = [[-0.0053, -0.5820, -0.2723], [0.3793, -0.5204, 0.1896]]
    net.layers[0].biases = [-0.0140, 0.5607, -0.0628]
    net.layers[2].weights = [[0.1528], [-0.1745], [-0.1135]]
    net.layers[2].biases = [-0.5516]
    return net, np.array([[1.0, 1.0]]), np.array([[0.0]])


def test_the_known_numbers_of_a_small_network(two_three_one):
    net, x, targets = two_three_one
    assert net(x) == pytest.approx(np.array([[-0.57840307]]), abs=1e-8)
    assert net.loss_and_grad(x, targets, mean_squared_error) == pytest.approx(0.33455011)
    first, last = net.layers[0], net.layers[2]
    d_hidden = [-0.04278861, 0.04693733, 0.03265126]
    for seen in (*first.d_weights, first.d_biases):
        assert seen == pytest.approx(d_hidden, abs=1e-8)
    d_last = [[-0.68140559], [-0.42546428], [-0.53639832]]
    np.testing.assert_allclose(last.d_weights, d_last, atol=1e-8)
    assert last.d_biases == pytest.approx([-1.15680614])
    for _ in range(100):
        net.loss_and_grad(x, targets, mean_squared_error)
        net.theta -= 0.01 * net.grad
    value = net.loss_and_grad(x, targets, mean_squared_error)
    assert value == pytest.approx(0.00030401961, abs=1e-9)
    assert last.biases == pytest.approx([-0.22438103], abs=1e-7)


@pytest.mark.parametrize("hidden", SMOOTH, ids=repr)
def test_slopes_are_those_of_a_nudge(hidden):
    net, x, labels = random_network(hidden)

    def height(theta):
        net.theta = theta
        return net.loss_and_grad(x, labels, cross_entropy, l2=0.3, l1=0.02)

    theta = net.theta.copy()
    measured = numerical_gradient(height, theta, h=1e-6)
    height(theta)
    np.testing.assert_allclose(net.grad, measured, rtol=1e-5, atol=1e-8)


@pytest.mark.parametrize("hidden", EVERY, ids=repr)
def test_an_activation_is_a_layer(hidden):
    z = np.random.default_rng(0).normal(size=(5, 3))
    a, back = hidden.forward(z)
    np.testing.assert_array_equal(a, hidden(z))
    np.testing.assert_array_equal(back(np.full((5, 3), 2.0)), 2 * hidden.slope(z, a))
    assert back(np.ones((5, 3)), False) is None


def test_slopes_are_overwritten():
    net, x, labels = random_network(relu)
    net.loss_and_grad(x, labels, cross_entropy)
    once = net.grad.copy()
    net.loss_and_grad(x, labels, cross_entropy)
    np.testing.assert_array_equal(net.grad, once)


def test_everything_lies_in_one_vector():
    net, x, labels = random_network(relu)
    assert net.n_parameters == 4 * 6 + 6 + 6 * 5 + 5 + 5 * 3 + 3
    assert net.theta.shape == net.grad.shape == (net.n_parameters,)
    first = net.layers[0]
    np.testing.assert_array_equal(net.theta[:24].reshape(4, 6), first.weights)
    np.testing.assert_array_equal(net.theta[24:30], first.biases)
    net.theta[0] = 7
    assert first.weights[0, 0] == 7
    first.weights = np.ones((4, 6))
    first.biases = 2
    np.testing.assert_array_equal(net.theta[:30], [1] * 24 + [2] * 6)
    best = net.theta.copy()
    net.theta = 0 * best
    assert not net(x).any()
    net.theta = best
    net.loss_and_grad(x, labels, cross_entropy)
    np.testing.assert_array_equal(net.grad[:24].reshape(4, 6), first.d_weights)


def test_a_trace_holds_every_layer():
    net, x, _ = random_network(relu)
    seen = net.trace(x)
    assert [a.shape for a in seen] == [(7, 6), (7, 6), (7, 5), (7, 5), (7, 3)]
    np.testing.assert_array_equal(seen[1], relu(seen[0]))
    np.testing.assert_array_equal(seen[-1], net(x))


def test_penalties_by_hand():
    # weights 3 and -4, bias 5: 0.5 * 0.1 * 25 = 1.25, 0.2 * 7 = 1.4; slopes 0.1 w + 0.2 sign(w)
    net = mlp([2, 1], relu, init=lambda rng, n, m: np.array([[3.0], [-4.0]]), rng=None)
    net.layers[0].biases = 5
    x, targets = np.array([[0.0, 0.0]]), np.array([[5.0]])
    assert net.loss_and_grad(x, targets, mean_squared_error, l2=0.1, l1=0.2) == pytest.approx(2.65)
    assert net.grad == pytest.approx([0.5, -0.6, 0])


def test_float32_stays():
    rng = np.random.default_rng(0)
    net = mlp([3, 4, 2], tanh, init=small, rng=rng, dtype=np.float32)
    x = rng.normal(size=(5, 3))
    assert net(x).dtype == net.theta.dtype == net.grad.dtype == np.float32
    net.loss_and_grad(x, np.array([0, 1, 0, 1, 0]), cross_entropy)
    assert net.grad.dtype == np.float32


@pytest.mark.parametrize(
    ("loss", "targets"),
    [
        (mean_squared_error, [[0.5], [1.0], [-2.0]]),
        (binary_cross_entropy, [[0], [1], [1]]),
        (hinge, [[-1], [1], [1]]),
    ],
    ids=lambda p: getattr(p, "__name__", ""),
)
def test_a_gradient_check_passes_what_is_right(loss, targets):
    net, x, _ = random_network(tanh, sizes=(4, 6, 1))
    theta = net.theta.copy()
    off = network_gradcheck(net, x[:3], targets, loss, rng=np.random.default_rng(1), l2=0.1)
    assert off < 1e-6
    np.testing.assert_array_equal(net.theta, theta)


class Faulty(Dense):
    """A layer whose slopes with the weights, the biases or the inputs are wrong by 0.1 %."""

    def __init__(self, *args, part, **kwargs):
        super().__init__(*args, **kwargs)
        self.part = part

    def forward(self, x):
        y, back = super().forward(x)

        def faulty(d_y, to_inputs=True):
            d_x = back(d_y, to_inputs)
            if self.part == "inputs":
                return 1.001 * d_x
            getattr(self, self.part)[...] *= 1.001
            return d_x

        return y, faulty


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    ("place", "part"),
    # Nobody reads the slopes with the inputs of the first layer.
    [(i, part) for i in range(3) for part in ("d_weights", "d_biases", "inputs")[: 2 + (i > 0)]],
)
def test_a_gradient_check_finds_a_thousandth_and_names_the_layer(place, part, seed):
    rng = np.random.default_rng(seed)
    sizes = [(4, 6), (6, 5), (5, 3)]
    dense = [
        Faulty(*s, small, rng=rng, part=part) if i == place else Dense(*s, small, rng=rng)
        for i, s in enumerate(sizes)
    ]
    net = Network(dense[0], tanh, dense[1], tanh, dense[2])
    x, labels = rng.normal(size=(8, 4)), rng.integers(0, 3, 8)
    # A fault in the slopes with the inputs shows in the layers before it, first in the first.
    wrong = "0, " if part == "inputs" else f"{2 * place}, "
    with pytest.raises(AssertionError, match=f"^Layer {wrong}Dense"):
        network_gradcheck(net, x, labels, cross_entropy, rng=rng)


def test_a_gradient_check_needs_float64():
    rng = np.random.default_rng(0)
    net = mlp([2, 1], tanh, init=small, rng=rng, dtype=np.float32)
    with pytest.raises(TypeError, match="needs float64, but the network holds float32"):
        network_gradcheck(net, np.ones((1, 2)), np.ones((1, 1)), mean_squared_error, rng=rng)


@pytest.mark.peers
@pytest.mark.parametrize("hidden", [relu, tanh, sigmoid], ids=repr)
def test_same_as_pytorch(hidden):
    import torch

    net, x, labels = random_network(hidden)
    value = net.loss_and_grad(x, labels, cross_entropy)
    parts = [torch.tensor(p, requires_grad=True) for d in net.layers[::2] for p in tied(d)]
    out = torch.tensor(x)
    for number, (weights, biases) in enumerate(zip(parts[::2], parts[1::2])):
        out = getattr(torch, hidden.name)(out) if number else out
        out = out @ weights + biases
    loss = torch.nn.functional.cross_entropy(out, torch.tensor(labels))
    loss.backward()
    assert value == pytest.approx(loss.item(), abs=1e-12)
    theirs = np.concatenate([part.grad.numpy().ravel() for part in parts])
    np.testing.assert_allclose(net.grad, theirs, atol=1e-12)


def tied(layer):
    return layer.weights.copy(), layer.biases.copy()


def dense(n_in, n_out):
    return Dense(n_in, n_out, small, rng=np.random.default_rng(0))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Network(tanh), "needs a layer with weights"),
        (lambda: Network(dense(2, 3), tanh, dense(4, 1)), "has 3 outputs, but .* reads 4 inputs"),
        (lambda: Network(*[dense(2, 2)] * 2), "is part of a network already"),
        (lambda: Network(*random_network(tanh)[0].layers), "is part of a network already"),
        (lambda: mlp([3], tanh, init=small, rng=None), "at least two"),
    ],
)
def test_what_cannot_be_built(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_layers_of_one_dtype():
    single = Dense(3, 1, lambda rng, n, m: np.ones((n, m), np.float32), rng=None)
    with pytest.raises(ValueError, match="float64 and .* float32"):
        Network(dense(2, 3), single)


@pytest.mark.parametrize(
    ("x", "error", "message"),
    [
        (np.ones((2, 3)), ValueError, r"\(samples, 4\), but got \(2, 3\)"),
        (np.ones(4), ValueError, r"One sample is a row: use x\[None, :\]"),
        ([["a"] * 4], TypeError, "has to hold real numbers, but got .*dtype <U1"),
    ],
)
def test_inputs_that_do_not_fit(x, error, message):
    net, _, _ = random_network(tanh)
    with pytest.raises(error, match=message):
        net(x)


def test_a_vector_that_does_not_fit():
    net, _, _ = random_network(tanh)
    with pytest.raises(ValueError, match=r"has shape \(83,\), but got an array of shape \(3,\)"):
        net.theta = np.ones(3)
