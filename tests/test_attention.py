"""Positions, LayerNorm and Attend: by hand, by nudges, by what must not matter, by a peer."""

import copy
import math
import pickle

import numpy as np
import pytest

from nnutils.attention import Attend, LayerNorm, Positions
from nnutils.gradcheck import network_gradcheck
from nnutils.layers import Dense
from nnutils.losses import cross_entropy, mean_squared_error, on_answer
from nnutils.network import Network, Residual
from nnutils.optimizers import Adam
from nnutils.training import train


def rng(seed=0):
    return np.random.default_rng(seed)


def small(r, n_in, n_out):
    return r.normal(0, n_in**-0.5, (n_in, n_out))


def dense(n_in, n_out, seed=0):
    return Dense(n_in, n_out, small, rng=rng(seed))


def positions(length=5, n=6, dtype=float):
    return Positions(length, n, lambda *given: small(*given).astype(dtype), rng=rng(3))


def normalizer(n=6, dtype=float):
    layer = LayerNorm(n, dtype=dtype)
    layer.theta = rng(4).normal(size=2 * n)
    return layer


def out(layer, x):
    return layer.forward(x)[0]


def block(n=6, heads=2):
    look = Attend(n, heads, causal=True)
    return Residual(normalizer(n), dense(n, 3 * n), look, dense(n, n, 1))


X = rng(1).normal(size=(3, 5, 6))
ATTENDS = [Attend(2), Attend(2, 2), Attend(2, causal=True), Attend(2, 2, causal=True)]
every_attend = pytest.mark.parametrize("attend", ATTENDS, ids=repr)


# A look-up by hand: query (2, 0, 0, 0), first entries of the keys log 4, 0, log 3, values 8, 16, 0.
# Divided by the root of 4 the scores are log 4, 0, log 3, so the shares are 4/8, 1/8, 3/8.


def a_look_up():
    x = np.zeros((1, 3, 12))
    x[0, :, 0] = 2
    x[0, :, 4] = math.log(4), 0, math.log(3)
    x[0, :, 8] = 8, 16, 0
    return x


def test_a_look_up_by_hand():
    attend, x = Attend(4), a_look_up()
    np.testing.assert_allclose(attend.shares(x), [[[[0.5, 0.125, 0.375]] * 3]])
    y, back = attend.forward(x)
    np.testing.assert_allclose(y[0], [[6, 0, 0, 0]] * 3)
    # A pull of 1 on the first place's output: the scores' slopes are share times (value - 6).
    d_y = np.zeros((1, 3, 4))
    d_y[0, 0, 0] = 1
    d_x = back(d_y)[0]
    np.testing.assert_allclose(d_x[:, 4], [1, 1.25, -2.25])  # keys: times the query over the root
    np.testing.assert_allclose(d_x[:, 8], [0.5, 0.125, 0.375])
    through_the_keys = (1 * math.log(4) - 2.25 * math.log(3)) / 2
    np.testing.assert_allclose(d_x[:, 0], [through_the_keys, 0, 0], atol=1e-15)
    others = np.delete(d_x, [0, 4, 8], axis=1)
    np.testing.assert_allclose(others, 0, atol=1e-15)


def test_no_later_place_by_hand():
    attend, x = Attend(4, causal=True), a_look_up()
    rows = [[1, 0, 0], [0.8, 0.2, 0], [0.5, 0.125, 0.375]]
    np.testing.assert_allclose(attend.shares(x)[0, 0], rows)
    np.testing.assert_allclose(out(attend, x)[0, :, 0], [8, 9.6, 6])


def test_two_heads_by_hand():
    # Place 2 asks head 1 for a key like its own, and head 2 for the other one; infinitely clearly.
    big = 1e6
    x = [[[0, 0, 0, big, 3, 30], [big, big, big, 0, 4, 40]]]
    attend = Attend(2, 2)
    shares = attend.shares(x)
    np.testing.assert_allclose(shares[0, 0], [[0.5, 0.5], [0, 1]])
    np.testing.assert_allclose(shares[0, 1], [[0.5, 0.5], [1, 0]])
    np.testing.assert_allclose(out(attend, x), [[[3.5, 35], [4, 30]]])
    # In one head the two products add up, and both places are as good.
    np.testing.assert_allclose(Attend(2).shares(x)[0, 0], [[0.5, 0.5], [0.5, 0.5]])


def test_layer_norm_by_hand():
    layer = LayerNorm(2)
    layer.scale, layer.shift = [1, 10], [0, 100]
    # (1, 5): mean 3, spread 2, so (-1, 1), up to the eps below the root.
    y, back = layer.forward([[1, 5]])
    np.testing.assert_allclose(y, [[-1, 110]], rtol=1e-5)
    # Of two features only the order is left: their slopes are 0.
    np.testing.assert_allclose(back([[7, 3]]), [[0, 0]], atol=1e-4)
    np.testing.assert_allclose(layer.d_scale, [-7, 3], rtol=1e-5)
    np.testing.assert_allclose(layer.d_shift, [7, 3])


def test_positions_by_hand():
    layer = Positions(3, 2, lambda r, length, n: [[1, 2], [3, 4], [5, 6]], rng=None)
    y, back = layer.forward([[[10, 20], [30, 40]], [[0, 0], [0, 0]]])
    np.testing.assert_array_equal(y, [[[11, 22], [33, 44]], [[1, 2], [3, 4]]])
    layer.grad = 9
    d_y = np.arange(8.0).reshape(2, 2, 2)
    np.testing.assert_array_equal(back(d_y), d_y)
    np.testing.assert_array_equal(layer.d_weights, [[4, 6], [8, 10], [0, 0]])


def test_names_and_sizes():
    layers = positions(), normalizer(), Attend(2)
    assert [(one.n_in, one.n_out) for one in layers] == [(6, 6), (6, 6), (6, 2)]
    assert [one.theta.size for one in layers[:2]] == [30, 12]
    np.testing.assert_array_equal(LayerNorm(2).theta, [1, 1, 0, 0])


# Properties.


@every_attend
@pytest.mark.parametrize("seed", range(5))
def test_shares_are_shares(attend, seed):
    x = rng(seed).normal(0, 3, (3, 5, 6))
    shares = attend.shares(x)
    assert shares.shape == (3, attend.heads, 5, 5)
    assert shares.min() >= 0
    np.testing.assert_allclose(shares.sum(axis=-1), 1)
    low, high = x[..., 4:].min(axis=1), x[..., 4:].max(axis=1)
    y = out(attend, x)  # a mean lies between the values
    assert (low[:, None] <= y + 1e-12).all()
    assert (y <= high[:, None] + 1e-12).all()


@pytest.mark.parametrize("heads", [1, 2])
def test_the_order_does_not_matter_without_a_mask(heads):
    order = rng(2).permutation(5)
    attend = Attend(2, heads)
    np.testing.assert_allclose(out(attend, X[:, order]), out(attend, X)[:, order], atol=1e-15)
    y, back = attend.forward(X)
    d_x = attend.forward(X[:, order])[1](np.cos(y)[:, order])
    np.testing.assert_allclose(d_x, back(np.cos(y))[:, order], atol=1e-15)
    added = positions()
    assert np.abs(out(added, X[:, order]) - out(added, X)[:, order]).max() > 0.1


@pytest.mark.parametrize("place", range(5))
def test_what_comes_later_does_not_matter_with_a_mask(place):
    attend, other = Attend(2, 2, causal=True), X.copy()
    other[:, place + 1 :] = rng(9).normal(0, 100, other[:, place + 1 :].shape)
    y = out(attend, X)
    np.testing.assert_allclose(out(attend, other)[:, : place + 1], y[:, : place + 1])
    d_y = np.zeros_like(y)
    d_y[:, : place + 1] = 1
    d_x = attend.forward(X)[1](d_y)
    np.testing.assert_array_equal(d_x[:, place + 1 :], 0)
    assert (attend.shares(X)[..., ~np.tri(5, dtype=bool)] == 0).all()
    np.testing.assert_allclose(out(attend, X[:, : place + 1]), y[:, : place + 1])


def test_heads_are_attentions_side_by_side():
    x = rng(5).normal(size=(2, 4, 3 * 6))
    parts = np.split(x.reshape(2, 4, 3, 6), 3, axis=-1)
    each = [out(Attend(2), part.reshape(2, 4, 6)) for part in parts]
    np.testing.assert_allclose(out(Attend(6, 3), x), np.concatenate(each, axis=-1))


def test_what_is_added_to_all_scores_or_values():
    x, moved = X.copy(), X.copy()
    moved[..., 2:4] += [5, -3]  # all keys: each query's scores move by one number
    np.testing.assert_allclose(Attend(2).shares(moved), Attend(2).shares(x))
    moved[..., 4:] += 7
    np.testing.assert_allclose(out(Attend(2), moved), out(Attend(2), x) + 7)


def test_layer_norm_forgets_size_and_level():
    layer = LayerNorm(6)
    y = out(layer, X)
    np.testing.assert_allclose(y.mean(axis=-1), 0, atol=1e-12)
    np.testing.assert_allclose(y.std(axis=-1), 1, atol=1e-3)
    np.testing.assert_allclose(out(layer, 100 * X + 3), y, atol=1e-4)
    np.testing.assert_allclose(out(layer, np.full((1, 6), 3.0)), 0, atol=1e-12)
    _, back = layer.forward(X)
    d_x = back(np.cos(X))  # so no pull moves the level, or the size
    np.testing.assert_allclose(d_x.sum(axis=-1), 0, atol=1e-14)
    np.testing.assert_allclose((d_x * X).sum(axis=-1), 0, atol=1e-4)


# Nudges.


@pytest.mark.parametrize("loss", [cross_entropy, on_answer(2)])
def test_slopes_of_a_network_of_all_of_them(loss):
    net = Network(positions(), block(), block(heads=3), normalizer(), dense(6, 4))
    labels = rng(6).integers(0, 4, (3, 5))
    assert network_gradcheck(net, X, labels, loss, rng=rng(), l2=0.1) < 1e-7


def test_rows_of_places_are_weights_and_scales_are_none():
    net = Network(positions(), normalizer(), dense(6, 4))
    plain = net.loss_and_grad(X, np.zeros((3, 5, 4)), mean_squared_error)
    squares = sum(np.sum(net.layers[i].weights ** 2) for i in (0, 2))
    dear = net.loss_and_grad(X, np.zeros((3, 5, 4)), mean_squared_error, l2=2)
    assert dear == pytest.approx(plain + squares)


def test_it_learns_to_look_one_place_back():
    symbols = rng(7).integers(0, 4, (64, 6))
    x = np.eye(8)[symbols]
    targets = np.roll(symbols, 1, axis=1)
    net = Network(Positions(6, 8, small, rng=rng(8)), dense(8, 24), Attend(8), dense(8, 4))
    seen = train(net, (x, targets), cross_entropy, Adam(0.02), epochs=60, batch_size=16, rng=rng(),
                 progress=False)  # fmt: skip
    assert seen.loss[0] > 1
    assert seen.loss[-1] < 0.1
    trace = net.trace(x)
    assert net.layers[2].shares(trace[1])[:, 0, range(1, 6), range(5)].mean() > 0.9


# What comes in.


@pytest.mark.parametrize("shape", [(), (6,), (5, 6), (3, 5, 7), (2, 3, 5, 6), (3, 0, 6)])
def test_there_are_no_shares_without_a_sequence(shape):
    with pytest.raises(ValueError, match=r"^Attend\(2, .* reads .*\(samples, "):
        Attend(2).shares(np.ones(shape))


def test_a_sequence_that_is_too_long():
    assert out(positions(), X[:, :2]).shape == (3, 2, 6)
    with pytest.raises(ValueError, match="has 5 rows, but got a sequence of 8 places. Make it"):
        out(positions(), np.ones((3, 8, 6)))


@pytest.mark.parametrize("shape", [(12, 6), (2, 3, 4, 6), (0, 6), (0, 2, 6)])
def test_layer_norm_reads_any_places(shape):
    layer = normalizer()
    x = rng().normal(size=shape)
    y, back = layer.forward(x)
    assert y.shape == back(y).shape == shape
    np.testing.assert_allclose(out(layer, x.reshape(-1, 6)), y.reshape(-1, 6))


def test_nan_stays_in_its_sample_and_behind_the_mask():
    x = X.copy()
    x[0, 3] = np.nan
    y = out(Attend(2, causal=True), x)
    assert np.isnan(y[0, 3:]).all()
    np.testing.assert_allclose(y[1:], out(Attend(2, causal=True), X)[1:])


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: Attend(5, 2), ValueError, "5 numbers cannot be cut into 2 equal heads"),
        (lambda: Attend(0), ValueError, "n has to be a whole number, at least 1, but got 0"),
        (lambda: Attend(4, 0), ValueError, "heads has to be a whole number"),
        (lambda: Attend(4, 2.0), ValueError, "heads has to be a whole number, .* got 2.0"),
        (lambda: Attend("4"), ValueError, "n has to be a whole number, .* got '4'"),
        (lambda: LayerNorm(0), ValueError, "n has to be a whole number"),
        (lambda: LayerNorm(2.0), ValueError, "n has to be a whole number, at least 1, but got 2.0"),
        (lambda: LayerNorm(2, dtype=int), TypeError, "float64 or float32, but got dtype=<class"),
        (lambda: LayerNorm(2, dtype=np.float16), TypeError, "float64 or float32"),
    ],
)  # fmt: skip
def test_layers_that_make_no_sense(make, error, message):
    with pytest.raises(error, match=message):
        make()


def test_sizes_between_layers():
    with pytest.raises(ValueError, match=r"Dense\(6, 6\) has 6 outputs, .* Attend\(6, .*reads 18"):
        Network(dense(6, 6), Attend(6))
    with pytest.raises(ValueError, match="A Residual adds what"):
        Residual(dense(6, 18), Attend(6), dense(6, 5))
    net = Network(dense(6, 6), Attend(2))
    assert (net.n_in, net.n_out) == (6, 2)


def test_a_copied_network_trains_as_its_original():
    net = Network(positions(), block(), dense(6, 4))
    twin = pickle.loads(pickle.dumps(copy.deepcopy(net)))
    labels = rng(6).integers(0, 4, (3, 5))
    for one in (net, twin):
        train(one, (X, labels), cross_entropy, Adam(0.01), epochs=3, batch_size=3, rng=rng(),
              progress=False)  # fmt: skip
    np.testing.assert_array_equal(net.theta, twin.theta)


# A peer.


@pytest.mark.peers
@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("heads", [1, 2, 4])
def test_attend_as_pytorch(heads, causal):
    import torch

    x = rng(8).normal(size=(2, 7, 24))
    y, back = Attend(8, heads, causal=causal).forward(x)
    d_y = np.cos(y)
    theirs = torch.tensor(x, requires_grad=True)
    q, k, v = (part.reshape(2, 7, heads, -1).transpose(1, 2) for part in theirs.split(8, dim=-1))
    expected = torch.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=causal)
    expected = expected.transpose(1, 2).reshape(2, 7, 8)
    expected.backward(torch.tensor(d_y))
    np.testing.assert_allclose(y, expected.detach().numpy(), atol=1e-10)
    np.testing.assert_allclose(back(d_y), theirs.grad.numpy(), atol=1e-10)


@pytest.mark.peers
def test_a_whole_layer_as_pytorchs_multihead_attention():
    import torch

    ask, give = dense(8, 24), dense(8, 8, 1)
    ask.biases, give.biases = rng(5).normal(size=24), rng(6).normal(size=8)
    net = Network(ask, Attend(8, 2), give)
    theirs = torch.nn.MultiheadAttention(8, 2, batch_first=True, dtype=torch.float64)
    with torch.no_grad():
        theirs.in_proj_weight.copy_(torch.tensor(ask.weights.T))
        theirs.in_proj_bias.copy_(torch.tensor(ask.biases))
        theirs.out_proj.weight.copy_(torch.tensor(give.weights.T))
        theirs.out_proj.bias.copy_(torch.tensor(give.biases))
    x = rng(7).normal(size=(2, 5, 8))
    read = torch.tensor(x, requires_grad=True)
    expected, shares = theirs(read, read, read, average_attn_weights=False)
    y, back = net.forward(x)
    np.testing.assert_allclose(y, expected.detach().numpy(), atol=1e-10)
    np.testing.assert_allclose(
        net.layers[1].shares(out(ask, x)), shares.detach().numpy(), atol=1e-10
    )
    expected.backward(torch.tensor(np.cos(y)))
    np.testing.assert_allclose(back(np.cos(y)), read.grad.numpy(), atol=1e-10)
    np.testing.assert_allclose(ask.d_weights, theirs.in_proj_weight.grad.numpy().T, atol=1e-10)
    np.testing.assert_allclose(give.d_biases, theirs.out_proj.bias.grad.numpy(), atol=1e-10)


@pytest.mark.peers
@pytest.mark.parametrize("shape", [(12, 6), (3, 5, 6)])
def test_layer_norm_as_pytorch(shape):
    import torch

    layer = normalizer()
    theirs = torch.nn.LayerNorm(6, dtype=torch.float64)
    with torch.no_grad():
        theirs.weight.copy_(torch.tensor(layer.scale))
        theirs.bias.copy_(torch.tensor(layer.shift))
    x = rng(9).normal(size=shape)
    read = torch.tensor(x, requires_grad=True)
    expected = theirs(read)
    y, back = layer.forward(x)
    expected.backward(torch.tensor(np.cos(y)))
    np.testing.assert_allclose(y, expected.detach().numpy(), atol=1e-10)
    np.testing.assert_allclose(back(np.cos(y)), read.grad.numpy(), atol=1e-10)
    np.testing.assert_allclose(layer.d_scale, theirs.weight.grad.numpy(), atol=1e-10)
    np.testing.assert_allclose(layer.d_shift, theirs.bias.grad.numpy(), atol=1e-10)
