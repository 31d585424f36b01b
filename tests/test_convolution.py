"""Convolution and its companions: by hand, against loops, nudges and PyTorch; copied; refused."""

import pickle

import numpy as np
import pytest

from nnutils.activations import relu, tanh
from nnutils.convolution import Conv2D, Everywhere, Flatten, MaxPool, patches
from nnutils.gradcheck import network_gradcheck
from nnutils.initializers import he_normal
from nnutils.layers import Dense
from nnutils.losses import cross_entropy
from nnutils.network import Network, Residual
from nnutils.optimizers import Adam
from nnutils.training import train


def rng(seed=0):
    return np.random.default_rng(seed)


def small(r, n_in, n_out):
    return r.normal(0, n_in**-0.5, (n_in, n_out))


def fixed(kernel):
    return lambda r, n_in, n_out: np.reshape(kernel, (n_in, n_out))


def conv(n_in=2, n_out=3, size=3, **more):
    layer = Conv2D(n_in, n_out, size, small, rng=rng(), **more)
    layer.biases = np.arange(n_out)
    return layer


# A "7" of ones, and a kernel for strokes that fall to the left.
SEVEN = np.zeros((1, 5, 5, 1))
SEVEN[0, 0, :, 0] = 1
for _i, _j in [(1, 3), (2, 2), (3, 1), (4, 1)]:
    SEVEN[0, _i, _j, 0] = 1
STROKE = [[-1, -1, 2], [-1, 2, -1], [2, -1, -1]]
X = rng(1).normal(size=(3, 7, 6, 2))
SHAPES = [(3, 1, 0), (3, 1, 1), (3, 2, 0), (3, 2, 1), (2, 3, 2), (1, 1, 0), (1, 2, 0), (5, 1, 2)]
every_shape = pytest.mark.parametrize(("size", "stride", "padding"), SHAPES, ids=str)
POOLS = [MaxPool(2), MaxPool(3), Everywhere(), Everywhere(largest=True)]


def network():
    r = rng()
    return Network(
        Conv2D(1, 4, 3, small, rng=r, padding=1), tanh, MaxPool(2),
        Residual(Conv2D(4, 4, 3, small, rng=r, padding=1), tanh),
        Everywhere(), Dense(4, 3, small, rng=r),
    )  # fmt: skip


# By hand.


def test_a_stroke_by_hand():
    layer = Conv2D(1, 1, 3, fixed(STROKE), rng=None)
    y, back = layer.forward(SEVEN)
    np.testing.assert_array_equal(y[0, :, :, 0], [[-1, -2, 4], [-2, 6, -2], [3, 0, -1]])
    pull = np.zeros((1, 3, 3, 1))
    pull[0, 0, 2], pull[0, 1, 1] = 1, 2
    d_x = back(pull)[0, :, :, 0]
    d_weights = layer.d_weights.reshape(3, 3)
    np.testing.assert_array_equal(d_weights, [[1, 1, 3], [0, 3, 0], [3, 0, 0]])
    assert layer.d_biases == 3
    by_hand = np.zeros((5, 5))
    by_hand[0:3, 2:5] += STROKE
    by_hand[1:4, 1:4] += 2 * np.array(STROKE)
    np.testing.assert_array_equal(d_x, by_hand)
    assert back(pull, False) is None


def test_one_line_by_hand():
    # 1 * 2 + 3 * 1 - 2 = 3, 3 * 2 + 2 * 1 - 0 = 8, 2 * 2 + 0 - 4 = 0; in two dimensions the window
    # is 3 by 3, with the kernel in its middle row.
    kernel = [[0, 0, 0], [2, 1, -1], [0, 0, 0]]
    layer = Conv2D(1, 1, 3, fixed(kernel), rng=None)
    line = np.zeros((1, 3, 5, 1))
    line[0, 1, :, 0] = 1, 3, 2, 0, 4
    y, back = layer.forward(line)
    np.testing.assert_array_equal(y.ravel(), [3, 8, 0])
    d_x = back(np.reshape([1, 0, 2], (1, 1, 3, 1)))
    np.testing.assert_array_equal(layer.d_weights[3:6].ravel(), [5, 3, 10])
    np.testing.assert_array_equal(d_x[0, 1, :, 0], [2, 1, 3, 2, -2])


def test_pools_by_hand():
    x = np.reshape([1, 2, 5, 5, 3, 0, 5, 4], (1, 2, 4, 1))
    y, back = MaxPool(2).forward(x)
    np.testing.assert_array_equal(y.ravel(), [3, 5])
    d_x = back(np.reshape([6, 9], (1, 1, 2, 1)))
    np.testing.assert_array_equal(d_x[0, :, :, 0], [[0, 0, 3, 3], [6, 0, 3, 0]])
    y, back = Everywhere(largest=True).forward(x)
    assert y == [[5]]
    np.testing.assert_array_equal(back([[6]])[0, :, :, 0], [[0, 0, 2, 2], [0, 0, 2, 0]])
    y, back = Everywhere().forward(x)
    assert y == [[25 / 8]]
    assert (back([[8]]) == 1).all()


def test_rows_and_columns_that_fill_no_block_are_left_out():
    x = np.arange(15.0).reshape(1, 3, 5, 1)
    y, back = MaxPool(2).forward(x)
    np.testing.assert_array_equal(y.ravel(), [6, 8])
    assert back(np.ones(y.shape)).sum() == 2
    y, back = MaxPool(4).forward(x)
    assert y.shape == (1, 0, 1, 1)
    assert not back(y).any()


def test_parameters_of_lenet():
    def layer(n_in, n_out):
        return Conv2D(n_in, n_out, 5, small, rng=rng())

    dense = [Dense(n, m, small, rng=rng()) for n, m in ((400, 120), (120, 84), (84, 10))]
    net = Network(layer(1, 6), MaxPool(2), layer(6, 16), MaxPool(2), Flatten(5, 5, 16), *dense)
    assert net(np.zeros((2, 32, 32, 1))).shape == (2, 10)
    assert net.n_parameters == 61_706
    assert (net.n_in, net.n_out) == (1, 10)


# Against loops, and what a window can be.


@every_shape
def test_same_as_loops(size, stride, padding):
    layer = conv(size=size, stride=stride, padding=padding)
    padded = np.pad(X, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    y = layer.forward(X)[0]
    kernel = layer.weights.reshape(size, size, 2, 3)
    assert y.shape[1:3] == tuple((n + 2 * padding - size) // stride + 1 for n in (7, 6))
    for s, i, j, k in np.ndindex(y.shape):
        window = padded[s, i * stride : i * stride + size, j * stride : j * stride + size]
        by_hand = np.sum(window * kernel[..., k]) + layer.biases[k]
        assert y[s, i, j, k] == pytest.approx(by_hand, abs=1e-12)


@pytest.mark.parametrize(("size", "stride"), [(1, 1), (2, 1), (3, 2), (6, 1), (2, 4)])
def test_patches_are_windows_and_a_copy(size, stride):
    seen = patches(X, size, stride)
    for s, i, j in np.ndindex(seen.shape[:3]):
        window = X[s, i * stride : i * stride + size, j * stride : j * stride + size]
        np.testing.assert_array_equal(seen[s, i, j], window.ravel())
    assert not np.shares_memory(seen, X)
    assert seen.flags.writeable


def test_one_pixel_is_a_dense_layer():
    layer, dense = conv(size=1), Dense(2, 3, small, rng=rng())
    dense.theta = layer.theta
    (y, back), (right, right_back) = layer.forward(X), dense.forward(X)
    np.testing.assert_allclose(y, right, atol=1e-14)
    d_y = np.cos(y)
    np.testing.assert_allclose(back(d_y), right_back(d_y), atol=1e-14)
    np.testing.assert_allclose(layer.grad, dense.grad, atol=1e-13)


def test_the_whole_picture_is_flatten_and_dense():
    layer, dense = conv(size=6), Dense(72, 3, small, rng=rng())
    dense.theta = layer.theta
    right = Network(Flatten(6, 6, 2), dense)(X[:, :6])
    np.testing.assert_allclose(layer.forward(X[:, :6])[0][:, 0, 0], right, atol=1e-13)


def test_a_picture_that_moves_takes_the_output_along():
    layer, room = conv(), np.zeros((1, 10, 10, 2))
    room[:, 2:6, 2:6] = X[:1, :4, :4]
    y = layer.forward(room)[0]
    moved = layer.forward(np.roll(room, (2, 1), axis=(1, 2)))[0]
    np.testing.assert_allclose(moved[:, 2:, 1:], y[:, :-2, :-1], atol=1e-14)
    for largest in (True, False):
        pool = Everywhere(largest).forward
        np.testing.assert_allclose(pool(moved)[0], pool(y)[0], atol=1e-14)


@every_shape
def test_back_is_the_transpose(size, stride, padding):
    layer = conv(size=size, stride=stride, padding=padding)
    layer.biases = 0
    y, back = layer.forward(X)
    d_y = rng(3).normal(size=y.shape)
    assert np.vdot(y, d_y) == pytest.approx(np.vdot(X, back(d_y)), abs=1e-10)
    assert np.vdot(y, d_y) == pytest.approx(np.vdot(layer.weights, layer.d_weights), abs=1e-10)


# Nudges.


def test_networks_of_them_pass_the_check_and_train():
    r = rng(4)
    x, labels = r.normal(size=(30, 6, 6, 1)), r.integers(0, 3, 30)
    assert network_gradcheck(network(), x, labels, cross_entropy, rng=r, l2=0.1, l1=0.1) < 1e-7
    net = network()
    seen = train(net, (x, labels), cross_entropy, Adam(0.03), epochs=40, batch_size=10, rng=r,
                 progress=False)  # fmt: skip
    assert seen.loss[-1] < 0.5 * seen.loss[0]


# Where the largest is shared, the pull is, too.


@pytest.mark.parametrize("part", POOLS, ids=repr)
def test_no_pull_is_lost_or_doubled(part):
    x = rng(5).integers(0, 3, (4, 6, 6, 2)).astype(float)
    y, back = part.forward(x)
    d_y = rng(6).normal(size=y.shape)
    d_x = back(d_y)
    assert d_x.sum() == pytest.approx(d_y.sum())
    if getattr(part, "largest", True):
        whole = np.kron(y if y.ndim == 4 else y[:, None, None], np.ones((1, 1, 1, 1)))
        for i, j in np.ndindex(6, 6):
            place = (i // part.size, j // part.size) if y.ndim == 4 else (0, 0)
            assert not d_x[:, i, j][x[:, i, j] < whole[:, *place]].any()


# How numbers are held.


def test_other_places_than_those_of_pictures():
    x = rng().normal(size=(3, 5, 4))
    np.testing.assert_allclose(Everywhere().forward(x)[0], x.mean(axis=1))
    np.testing.assert_array_equal(Everywhere(True).forward(x)[0], x.max(axis=1))
    assert Everywhere(1).largest is True


# Copies, and what may be assigned.


def test_a_network_of_them_crosses_a_pickle():
    net, x = network(), rng().normal(size=(2, 6, 6, 1))
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(net))(x), net(x))
    assert repr(net) == (
        "Network(Conv2D(1, 4, size=3, padding=1), tanh, MaxPool(2), Residual(Conv2D(4, 4, size=3, "
        "padding=1), tanh), Everywhere(), Dense(4, 3)), 203 parameters"
    )


def test_first_weights_have_the_fan_in_of_a_window():
    layer = Conv2D(16, 400, 5, he_normal, rng=rng())
    assert layer.weights.std() == pytest.approx((2 / 400) ** 0.5, rel=0.02)
    assert not layer.biases.any()


# What is refused.


@pytest.mark.parametrize("wrong", [0, -1, 1.5, "3", None, (3, 3), np.float64(3)])
def test_sizes_that_make_no_sense(wrong):
    for build in (
        lambda: patches(X, wrong),
        lambda: patches(X, 2, wrong),
        lambda: Conv2D(1, 1, wrong, small, rng=rng()),
        lambda: Conv2D(1, 1, 3, small, rng=rng(), stride=wrong),
        lambda: MaxPool(wrong),
        lambda: Flatten(wrong, 1, 1),
        lambda: Flatten(1, 1, wrong),
    ):
        with pytest.raises(ValueError, match="has to be a whole number, at least 1, but got"):
            build()
    if wrong != 0:
        with pytest.raises(ValueError, match="padding has to be a whole number, at least 0"):
            Conv2D(1, 1, 3, small, rng=rng(), padding=wrong)


@pytest.mark.parametrize(
    ("part", "shape", "message"),
    [
        (conv(), (3, 7, 6), r"Conv2D\(2, 3, size=3\) reads .* but got \(3, 7, 6\)"),
        (conv(1), (3, 7, 6, 2), r"shape \(samples, ..., 1\), but got \(3, 7, 6, 2\)"),
        (conv(1), (3, 8, 8), r"but got \(3, 8, 8\)"),
        (conv(8), (3, 8, 8), r"Grey pictures have one channel: x\[..., None\]"),
        (conv(), (3, 2, 6, 2), "3 by 3 pixels does not fit into a picture of 2 by 6"),
        (MaxPool(2), (3, 7, 6), r"MaxPool\(2\) reads pictures, .* but got \(3, 7, 6\)"),
        (Everywhere(), (3, 7), r"Everywhere\(\) looks for places .* shape \(3, 7\)"),
        (Everywhere(), (3, 0, 7), r"looks for places .* shape \(3, 0, 7\)"),
        (Flatten(2, 3, 1), (5, 3, 2, 1), r"\(samples, 2, 3, 1\), but got \(5, 3, 2, 1\)"),
        (Flatten(2, 3, 1), (2, 3, 1), r"\(samples, 2, 3, 1\), but got \(2, 3, 1\)"),
    ],
)
def test_pictures_that_do_not_fit(part, shape, message):
    with pytest.raises(ValueError, match=message):
        part.forward(np.ones(shape))


def test_sizes_are_compared_in_a_network():
    for layers in [
        (conv(1, 4), MaxPool(2), Dense(5, 2, small, rng=rng())),
        (conv(1, 4), Flatten(2, 2, 4), Dense(4, 2, small, rng=rng())),
        (conv(1, 4), Flatten(2, 2, 3), Dense(12, 2, small, rng=rng())),
    ]:
        with pytest.raises(ValueError, match="Make the two numbers equal"):
            Network(*layers)
    with pytest.raises(ValueError, match="Let them keep the shape"):
        Network(Residual(conv(2, 2)), relu)(X)


# Beside PyTorch, whose pictures have their channels first.


def first(x):
    return np.moveaxis(x, -1, 1).copy()


@pytest.mark.peers
@every_shape
def test_same_convolution_as_pytorch(size, stride, padding):
    import torch

    layer = conv(size=size, stride=stride, padding=padding)
    kernel = layer.weights.reshape(size, size, 2, 3).transpose(3, 2, 0, 1)
    parts = [torch.tensor(p.copy(), requires_grad=True) for p in (first(X), kernel, layer.biases)]
    theirs = torch.nn.functional.conv2d(*parts, stride=stride, padding=padding)
    y, back = layer.forward(X)
    np.testing.assert_allclose(first(y), theirs.detach().numpy(), atol=1e-10)
    d_y = np.cos(y)
    d_x = back(d_y)
    theirs.backward(torch.tensor(first(d_y)))
    d_x_t, d_kernel, d_bias = (part.grad.numpy() for part in parts)
    np.testing.assert_allclose(first(d_x), d_x_t, atol=1e-10)
    ours = layer.d_weights.reshape(size, size, 2, 3).transpose(3, 2, 0, 1)
    np.testing.assert_allclose(ours, d_kernel, atol=1e-10)
    np.testing.assert_allclose(layer.d_biases, d_bias, atol=1e-10)


@pytest.mark.peers
@pytest.mark.parametrize("pool", POOLS, ids=repr)
def test_same_pools_as_pytorch(pool):
    import torch

    functions = {
        "MaxPool(2)": lambda x: torch.nn.functional.max_pool2d(x, 2),
        "MaxPool(3)": lambda x: torch.nn.functional.max_pool2d(x, 3),
        "Everywhere()": lambda x: torch.nn.functional.adaptive_avg_pool2d(x, 1)[..., 0, 0],
        "Everywhere(largest=True)": lambda x: torch.nn.functional.adaptive_max_pool2d(x, 1)[
            ..., 0, 0
        ],
    }
    given = torch.tensor(first(X), requires_grad=True)
    theirs = functions[repr(pool)](given)
    y, back = pool.forward(X)
    np.testing.assert_allclose(first(y), theirs.detach().numpy(), atol=1e-10)
    theirs.backward(torch.tensor(first(np.cos(y))))
    np.testing.assert_allclose(first(back(np.cos(y))), given.grad.numpy(), atol=1e-10)


@pytest.mark.peers
def test_same_network_as_pytorch():
    import torch

    net, r = network(), rng(9)
    x, labels = r.normal(size=(5, 6, 6, 1)), r.integers(0, 3, 5)
    value = net.loss_and_grad(x, labels, cross_entropy)
    one, two, last = net.leaves()
    convs = [
        torch.tensor(leaf.weights.reshape(3, 3, leaf.n_in, 4).transpose(3, 2, 0, 1).copy(),
                     requires_grad=True) for leaf in (one, two)
    ]  # fmt: skip
    out = torch.tensor(last.weights.copy(), requires_grad=True)
    functional = torch.nn.functional
    h = torch.tanh(functional.conv2d(torch.tensor(first(x)), convs[0], padding=1))
    h = functional.max_pool2d(h, 2)
    h = h + torch.tanh(functional.conv2d(h, convs[1], padding=1))
    loss = functional.cross_entropy(h.mean(dim=(2, 3)) @ out, torch.tensor(labels))
    loss.backward()
    assert value == pytest.approx(loss.item(), abs=1e-12)
    for leaf, theirs in zip((one, two), convs, strict=True):
        ours = leaf.d_weights.reshape(3, 3, leaf.n_in, 4).transpose(3, 2, 0, 1)
        np.testing.assert_allclose(ours, theirs.grad.numpy(), atol=1e-10)
    np.testing.assert_allclose(last.d_weights, out.grad.numpy(), atol=1e-10)
