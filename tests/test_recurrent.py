"""RNN, LSTM, Last and Bidirectional: by hand, by nudges, by what must not matter, by a peer."""

import copy
import math
import pickle

import numpy as np
import pytest

from nnutils.activations import tanh
from nnutils.circuit import Value
from nnutils.gradcheck import network_gradcheck
from nnutils.initializers import orthogonal
from nnutils.layers import Dense, Dropout
from nnutils.losses import cross_entropy, on_answer
from nnutils.network import Bidirectional, Network, Residual
from nnutils.numerics import sigmoid
from nnutils.optimizers import Adam
from nnutils.recurrent import LSTM, RNN, Last
from nnutils.training import train


def rng(seed=0):
    return np.random.default_rng(seed)


def small(r, n_in, n_out):
    return r.normal(0, n_in**-0.5, (n_in, n_out))


def small32(*given):
    return small(*given).astype(np.float32)


def dense(n_in, n_out, seed=0):
    return Dense(n_in, n_out, small, rng=rng(seed))


def recurrent(kind, n_in=3, n_out=4, init=small, seed=0, **settings):
    layer = kind(n_in, n_out, init, rng=rng(seed), **settings)
    layer.theta = layer.theta + rng(9).normal(0, 0.3, layer.theta.size)  # biases, too
    return layer


def both_ways(kind=RNN, init=small):
    return Bidirectional(recurrent(kind, init=init), recurrent(kind, n_out=2, init=init, seed=1))


def out(layer, x):
    return layer.forward(x)[0]


X = rng(1).normal(size=(5, 6, 3))
each_kind = pytest.mark.parametrize("kind", [RNN, LSTM])


# By hand.


def test_a_plain_cell_by_hand():
    # Without the bend h = 1, 2.5, 4.25 for w = 0.5 and x = 1, 2, 3. So for small x, tanh bends
    # nothing, and the slopes of the last h are 2.5 + 0.5 * 1 with w and 0.25, 0.5, 1 with the x.
    layer, tiny = RNN(1, 1, lambda r, n, m: [[1]], rng=None), 1e-4
    layer.weights = [[1], [0.5]]
    y, back = layer.forward(tiny * np.array([[[1], [2], [3]]]))
    np.testing.assert_allclose(y / tiny, [[[1], [2.5], [4.25]]], rtol=1e-6)
    d_x = back([[[0], [0], [1]]])
    np.testing.assert_allclose(d_x, [[[0.25], [0.5], [1]]], rtol=1e-6)
    np.testing.assert_allclose(layer.d_weights / tiny, [[4.25], [3]], rtol=1e-6)
    np.testing.assert_allclose(layer.d_biases, [1.75], rtol=1e-6)


def test_it_is_the_unrolled_circuit():
    w, u, b = Value(0.8), Value(-0.5), Value(0.2)
    inputs = [Value(x) for x in (1.0, -2.0, 0.5)]
    h = Value(0.0)
    for x in inputs:
        h = (w * h + u * x + b).tanh()
    h.backward()
    layer = RNN(1, 1, lambda r, n, m: [[0]], rng=None)
    layer.weights, layer.biases = [[-0.5], [0.8]], 0.2
    y, back = layer.forward([[[1.0], [-2.0], [0.5]]])
    assert y[0, -1, 0] == pytest.approx(h.data, abs=1e-15)
    d_x = back([[[0], [0], [1]]])
    np.testing.assert_allclose(d_x.ravel(), [x.grad for x in inputs], atol=1e-15)
    np.testing.assert_allclose(layer.grad, [u.grad, w.grad, b.grad], atol=1e-15)


def test_an_lstm_by_hand():
    # The sums log 3, log 9, 0, log 2 give i = 0.75, f = 0.9, o = 0.5, g = 0.6. To begin with
    # c = 0.5, the first input has sums of which i g is 0.5: i = 5/6 and g = 0.6, and no f.
    layer = LSTM(4, 1, lambda r, n, m: np.eye(n, m), rng=None, keep=0)
    layer.weights = [*np.eye(4), np.zeros(4)]
    x = np.array([[[math.log(5), 0, 0, math.log(2)],
                   [math.log(3), math.log(9), 0, math.log(2)]]])  # fmt: skip
    y, back = layer.forward(x)
    np.testing.assert_allclose(y[0, :, 0], [0.5 * math.tanh(0.5), 0.5 * math.tanh(0.9)])
    assert y[0, 1, 0] == pytest.approx(0.3581, abs=5e-5)
    slope = 0.5 * (1 - math.tanh(0.9) ** 2)  # of h with c
    d_x = back([[[0], [1]]])[0]
    np.testing.assert_allclose(d_x[1, [1, 0, 3]] / slope, [0.045, 0.1125, 0.48])
    assert d_x[1, 2] == pytest.approx(0.25 * math.tanh(0.9))
    # Back to the first step goes 0.9 times the slope of c, and 0.5 of it comes through g there.
    np.testing.assert_allclose(d_x[0, 3] / slope, 0.9 * 5 / 6 * (1 - 0.6**2))
    assert d_x[0, 2] == 0


@pytest.mark.parametrize("keep", [0, 1.0, -2, np.float32(5)])
def test_forget_gates_start_at_keep(keep):
    layer = LSTM(3, 4, small, rng=rng(), keep=keep)
    np.testing.assert_array_equal(layer.biases, np.repeat([0, keep, 0, 0], 4))
    assert LSTM(3, 4, small, rng=rng()).biases[4] == 1


def test_what_is_kept_fades_by_the_gate():
    layer = LSTM(1, 1, lambda r, n, m: np.zeros((n, m)), rng=None, keep=3)
    layer.weights = [[0, 0, 0, 1], [0, 0, 0, 0]]  # c takes half of tanh(x)
    x = np.zeros((1, 11, 1))
    x[0, 0] = 1
    c = 2 * out(layer, x)[0, :, 0]
    np.testing.assert_allclose(np.arctanh(c[-1]) / np.arctanh(c[0]), sigmoid(3) ** 10)


def test_the_last_by_hand():
    y, back = Last().forward([[[1, 2], [3, 4]], [[5, 6], [7, 8]]])
    np.testing.assert_array_equal(y, [[3, 4], [7, 8]])
    np.testing.assert_array_equal(back([[1, 2], [3, 4]]), [[[0, 0], [1, 2]], [[0, 0], [3, 4]]])
    assert back(y, False) is None
    assert repr(Last()) == "Last()"


def test_both_ways_by_hand():
    onward, backward = (RNN(1, 1, lambda r, n, m: [[1]], rng=None) for _ in range(2))
    onward.weights, backward.weights = [[1], [0.5]], [[1], [2]]
    both, tiny = Bidirectional(onward, backward), 1e-4
    y, back = both.forward(tiny * np.array([[[1], [2], [3]]]))
    np.testing.assert_allclose(y[0] / tiny, [[1, 17], [2.5, 8], [4.25, 3]], rtol=1e-5)
    d_x = back([[[0, 0], [1, 0], [0, 0]]])
    np.testing.assert_allclose(d_x[0, :, 0], [0.5, 1, 0], rtol=1e-5)
    d_x = back([[[0, 1], [0, 0], [0, 0]]])
    np.testing.assert_allclose(d_x[0, :, 0], [1, 2, 4], rtol=1e-5)
    ahead, behind = both.trace(tiny * np.array([[[1], [2], [3]]]))
    np.testing.assert_array_equal(np.concatenate([ahead, behind], axis=-1), y)


def test_names_and_sizes():
    assert repr(both_ways()) == "Bidirectional(RNN(3, 4), RNN(3, 2)), 44 parameters"
    net = Network(both_ways(), dense(6, 2))
    assert repr(net) == "Network(Bidirectional(RNN(3, 4), RNN(3, 2)), Dense(6, 2)), 58 parameters"
    assert (net.n_in, net.n_out, both_ways().n_in, both_ways().n_out) == (3, 2, 3, 6)
    assert recurrent(RNN).theta.size == 3 * 4 + 4 * 4 + 4
    assert recurrent(LSTM).theta.size == 4 * (3 * 4 + 4 * 4 + 4)
    assert recurrent(LSTM).weights.shape == (7, 16)


# Properties.


@each_kind
@pytest.mark.parametrize("time", range(6))
def test_what_comes_later_does_not_matter(kind, time):
    layer, other = recurrent(kind), X.copy()
    other[:, time + 1 :] = 100
    y, back = layer.forward(X)
    np.testing.assert_allclose(out(layer, other)[:, : time + 1], y[:, : time + 1], atol=1e-14)
    np.testing.assert_allclose(out(layer, X[:, : time + 1]), y[:, : time + 1], atol=1e-14)
    d_y = np.zeros_like(y)
    d_y[:, time] = 1
    assert not back(d_y)[:, time + 1 :].any()
    if time < 5:
        assert np.abs(out(both_ways(kind), other)[:, 0] - out(both_ways(kind), X)[:, 0]).max() > 0


@each_kind
def test_turned_in_turned_out(kind):
    one, other = recurrent(kind), recurrent(kind, seed=1)
    both, twin = Bidirectional(one, other), Bidirectional(*map(copy.copy, (other, one)))
    np.testing.assert_allclose(out(twin, X[:, ::-1])[:, ::-1, 4:], out(both, X)[..., :4])


def test_a_dense_layer_where_nothing_is_remembered():
    layer = recurrent(RNN)
    layer.weights[3:] = 0
    plain = dense(3, 4)
    plain.weights, plain.biases = layer.weights[:3], layer.biases
    y, back = layer.forward(X)
    right, right_back = Network(plain, tanh).forward(X)
    np.testing.assert_allclose(y, right, atol=1e-15)
    np.testing.assert_allclose(back(np.cos(y)), right_back(np.cos(y)), atol=1e-15)
    np.testing.assert_allclose(layer.d_weights[:3], plain.d_weights, atol=1e-14)


@each_kind
def test_another_initializer_across(kind):
    layer = kind(3, 4, small32, rng=rng(), across=orthogonal(0.9))
    assert layer.theta.dtype == np.float32
    products = layer.weights[3:] @ layer.weights[3:].T
    np.testing.assert_allclose(products, 0.81 * np.eye(4), atol=1e-6)


# Nudges.


@each_kind
def test_slopes_of_a_network_of_all_of_them(kind):
    inner = Network(both_ways(kind), dense(6, 4), tanh)
    net = Network(inner, Residual(recurrent(kind, 4)), recurrent(kind, 4), dense(4, 3))
    labels = rng(6).integers(0, 3, (5, 6))
    assert network_gradcheck(net, X, labels, cross_entropy, rng=rng(), l2=0.1) < 1e-7
    assert network_gradcheck(net, X, labels[:, -2:], on_answer(2), rng=rng()) < 1e-7
    net = Network(recurrent(kind), Last(), dense(4, 3))
    assert network_gradcheck(net, X, labels[:, 0], cross_entropy, rng=rng(), l1=0.1) < 1e-7


def test_dropout_on_one_of_two_ways():
    dropping = Network(recurrent(RNN), Dropout(0.5, rng=rng(5)))
    net = Network(Bidirectional(dropping, recurrent(RNN)), dense(8, 3))
    labels = rng(6).integers(0, 3, (5, 6))
    assert network_gradcheck(net, X, labels, cross_entropy, rng=rng()) < 1e-7
    assert len({net.loss_and_grad(X, labels, cross_entropy) for _ in range(5)}) == 5
    np.testing.assert_array_equal(net(X), net(X))


@each_kind
def test_it_learns_to_remember(kind):
    symbols = rng(7).integers(0, 3, (96, 5))
    x = np.eye(3)[symbols]
    net = Network(recurrent(kind, 3, 12, across=orthogonal(1)), Last(), dense(12, 3))
    seen = train(net, (x, symbols[:, 0]), cross_entropy, Adam(0.02), epochs=40, batch_size=16,
                 rng=rng(), progress=False)  # fmt: skip
    assert seen.loss[0] > 0.9
    assert seen.loss[-1] < 0.1


# What comes in.


@each_kind
def test_very_large_inputs_saturate(kind):
    layer = recurrent(kind, init=small32)
    for value in (1e30, -1e30):
        y, back = layer.forward(np.full(X.shape, value, np.float32))
        assert np.isfinite(y).all()
        assert np.isfinite(back(np.ones_like(y))).all()


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: RNN(2, 3, small, rng=rng(), across=lambda *_: np.full((3, 3), np.nan)),
         ValueError, r"RNN\(2, 3\), with 9 nan"),
        (lambda: LSTM(2, 3, small, rng=rng(), keep=np.inf), ValueError, "keep, .* but got inf"),
        (lambda: LSTM(2, 3, small, rng=rng(), keep="1"), ValueError, "keep, .* but got '1'"),
        (lambda: LSTM(2, 3, small, rng=rng(), keep=[1, 2, 3]), ValueError, "keep, the first"),
    ],
)  # fmt: skip
def test_layers_that_make_no_sense(make, error, message):
    with pytest.raises(error, match=message):
        make()


class Short:
    """Leaves out the first moment."""

    n_in = n_out = 4

    def forward(self, x):
        return x[:, 1:], lambda d_y, to_inputs=True: np.pad(d_y, ((0, 0), (1, 0), (0, 0)))


def test_two_ways_that_make_no_sense():
    with pytest.raises(ValueError, match=r"RNN\(3, 4\) reads 3 .* and RNN\(2, 4\) 2\. Make the"):
        Bidirectional(recurrent(RNN), recurrent(RNN, 2))
    with pytest.raises(TypeError, match="A network is made of layers, but got <class"):
        Bidirectional(RNN, recurrent(RNN))
    with pytest.raises(ValueError, match="tanh does not say it. Pass two such as RNN"):
        Bidirectional(recurrent(RNN), tanh)
    one = recurrent(RNN)
    with pytest.raises(ValueError, match="is part of a network already"):
        Bidirectional(one, one)
    with pytest.raises(ValueError, match="all layers of a network have to hold the same"):
        Bidirectional(recurrent(RNN), recurrent(RNN, init=small32))
    with pytest.raises(ValueError, match=r"has 6 outputs, but the next .*, reads 4"):
        Network(both_ways(), dense(4, 2))
    short = Bidirectional(recurrent(RNN), Network(recurrent(RNN), Short()))
    with pytest.raises(ValueError, match=r"got \(5, 6, 4\) and \(5, 5, 4\) .* samples and time"):
        short(X)
    Network(one, dense(4, 2))  # what was refused is free


@each_kind
def test_a_copied_network_trains_as_its_original(kind):
    net = Network(both_ways(kind), recurrent(kind, 6), Last(), dense(4, 3))
    twin = pickle.loads(pickle.dumps(copy.deepcopy(net)))
    labels = rng(6).integers(0, 3, 5)
    for one in (net, twin):
        train(one, (X, labels), cross_entropy, Adam(0.01), epochs=3, batch_size=3, rng=rng(),
              progress=False)  # fmt: skip
    np.testing.assert_array_equal(net.theta, twin.theta)


# A peer.


@pytest.mark.peers
@pytest.mark.parametrize("two_ways", [False, True])
@each_kind
def test_same_as_pytorch(kind, two_ways):
    import torch

    peer = getattr(torch.nn, kind.__name__)(
        3, 4, batch_first=True, bidirectional=two_ways, dtype=torch.float64
    )
    ours = [recurrent(kind, seed=seed) for seed in range(1 + two_ways)]
    order = [0] if kind is RNN else [0, 1, 3, 2]  # theirs is i, f, g, o
    with torch.no_grad():
        for layer, end in zip(ours, ("", "_reverse")):
            for name, rows in (("ih", layer.weights[:3]), ("hh", layer.weights[3:])):
                theirs = getattr(peer, f"weight_{name}_l0{end}")
                blocks = np.split(rows, kind.columns, axis=1)
                theirs.copy_(torch.tensor(np.concatenate([blocks[k] for k in order], axis=1).T))
            blocks = np.split(layer.biases, kind.columns)
            getattr(peer, f"bias_ih_l0{end}").copy_(
                torch.tensor(np.concatenate([blocks[k] for k in order]))
            )
            getattr(peer, f"bias_hh_l0{end}").zero_()
    layer = Bidirectional(*ours) if two_ways else ours[0]
    y, back = layer.forward(X)
    read = torch.tensor(X, requires_grad=True)
    theirs, _ = peer(read)
    np.testing.assert_allclose(y, theirs.detach().numpy(), atol=1e-10)
    theirs.backward(torch.tensor(np.cos(y)))
    np.testing.assert_allclose(back(np.cos(y)), read.grad.numpy(), atol=1e-10)
    for one, end in zip(ours, ("", "_reverse")):
        for name, rows in (("weight_ih", one.d_weights[:3]), ("weight_hh", one.d_weights[3:]),
                           ("bias_ih", one.d_biases[None])):  # fmt: skip
            blocks = np.split(rows, kind.columns, axis=1)
            grad = getattr(peer, f"{name}_l0{end}").grad.numpy().reshape(-1, len(rows))
            np.testing.assert_allclose(
                np.concatenate([blocks[k] for k in order], axis=1).T, grad, atol=1e-10
            )
