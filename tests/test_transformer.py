"""A transformer: its parts and counts, what a place can know, nudges, training, a peer."""

import copy
import pickle

import numpy as np
import pytest

from nnutils.attention import LayerNorm, Positions
from nnutils.embedding import Embedding
from nnutils.gradcheck import network_gradcheck
from nnutils.losses import cross_entropy, on_answer
from nnutils.network import transformer
from nnutils.optimizers import Adam
from nnutils.training import steps


def small(r, n_in, n_out):
    return r.normal(0, n_in**-0.5, (n_in, n_out))


def make(vocabulary=7, length=6, n=8, depth=2, heads=2, *, dtype=float, seed=0):
    rng = np.random.default_rng(seed)
    net = transformer(vocabulary, length, n, depth, heads, init=small, rng=rng, dtype=dtype)
    for layer in net.leaves():  # else scales are 1, and shifts and biases 0
        if isinstance(layer, LayerNorm):
            layer.scale, layer.shift = rng.normal(1, 0.3, n), rng.normal(0, 0.3, n)
        elif hasattr(layer, "biases") and layer.biases is not None:
            layer.biases = rng.normal(0, 0.3, layer.biases.shape)
    return net


SYMBOLS = np.random.default_rng(1).integers(0, 7, (3, 6))
NEXT = np.roll(SYMBOLS, -1, axis=1)


def test_its_layers():
    look = "Attend(8, heads=2, causal=True)"
    branches = (
        f"Residual(LayerNorm(8), Dense(8, 24), {look}, Dense(8, 8)), "
        "Residual(LayerNorm(8), Dense(8, 32), relu, Dense(32, 8))"
    )
    net = make()
    assert repr(net) == (
        f"Network(Embedding(7, 8), Positions(6, 8), {branches}, {branches}, LayerNorm(8), "
        f"Dense(8, 7)), {net.n_parameters:,} parameters"
    )
    assert (net.n_in, net.n_out) == (7, 7)


@pytest.mark.parametrize(
    ("vocabulary", "length", "n", "depth"), [(7, 6, 8, 2), (5, 1, 4, 1), (2, 9, 6, 3)]
)
def test_its_parameters(vocabulary, length, n, depth):
    net = make(vocabulary, length, n, depth)
    block = 12 * n * n + 13 * n
    assert net.n_parameters == (
        (vocabulary + length) * n + depth * block + 2 * n + n * vocabulary + vocabulary
    )


def test_no_place_knows_a_later_one():
    net, other = make(), SYMBOLS.copy()
    other[:, 4:] = (other[:, 4:] + 1) % 7
    np.testing.assert_allclose(net(other)[:, :4], net(SYMBOLS)[:, :4], atol=1e-12)
    assert np.abs(net(other)[:, 4:] - net(SYMBOLS)[:, 4:]).max() > 0.1
    np.testing.assert_allclose(net(SYMBOLS[:, :4]), net(SYMBOLS)[:, :4], atol=1e-12)


def test_every_place_knows_all_earlier_ones():
    net = make(depth=1)
    right = net(SYMBOLS)
    for place in range(6):
        other = SYMBOLS.copy()
        other[:, place] = (other[:, place] + 1) % 7
        assert (np.abs(net(other) - right).max(axis=(0, 2))[place:] > 1e-4).all()


@pytest.mark.parametrize("loss", [cross_entropy, on_answer(2)])
@pytest.mark.parametrize("places", [6, 2])
def test_slopes_are_those_of_nudges(loss, places):
    x, targets = SYMBOLS[:, :places], NEXT[:, :places]
    rng = np.random.default_rng(3)
    assert network_gradcheck(make(), x, targets, loss, rng=rng, l2=0.1) < 1e-7


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_its_numbers_are_as_small_as_asked_for(dtype):
    net = make(dtype=dtype)
    assert net.theta.dtype == net(SYMBOLS).dtype == dtype
    net.loss_and_grad(SYMBOLS, NEXT, cross_entropy)
    assert net.grad.dtype == dtype
    np.testing.assert_allclose(net(SYMBOLS), make()(SYMBOLS), atol=1e-4)


def test_it_learns_to_repeat():
    def batch(rng):
        first = rng.integers(0, 5, (32, 4))
        row = np.concatenate([first, first], axis=1)
        return row[:, :-1], row[:, 1:]

    rng = np.random.default_rng(0)
    net = transformer(5, 7, 16, 1, 2, init=small, rng=rng, dtype=np.float32)
    for _ in steps(net, on_answer(4), Adam(0.01), (batch(rng) for _ in range(200))):
        pass
    x, targets = batch(np.random.default_rng(1))
    assert np.mean(np.argmax(net(x), axis=2)[:, 3:] == targets[:, 3:]) > 0.99


@pytest.mark.parametrize(
    "twin", [copy.copy, copy.deepcopy, lambda net: pickle.loads(pickle.dumps(net))]
)
def test_copies_stand_alone(twin):
    net = make()
    other = twin(net)
    np.testing.assert_array_equal(other(SYMBOLS), net(SYMBOLS))
    right = net(SYMBOLS)
    other.theta += 1
    np.testing.assert_array_equal(net(SYMBOLS), right)
    assert np.shares_memory(other.layers[2].layers[1].weights, other.theta)


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        (
            {"depth": 0},
            ValueError,
            "depth, how many blocks there are, has to be .*, at least 1, but got 0",
        ),
        ({"depth": 1.0}, ValueError, "depth, how many blocks"),
        ({"heads": 3}, ValueError, "8 numbers cannot be cut into 3 equal heads"),
        ({"vocabulary": 0}, ValueError, r"Embedding\(0, 8\)"),
        ({"length": 0}, ValueError, r"Positions\(0, 8\)"),
        ({"dtype": int}, TypeError, "A network holds float64 or float32, but got dtype"),
        ({"dtype": np.float16}, TypeError, "smaller floats overflow"),
    ],
)
def test_transformers_that_make_no_sense(given, error, message):
    with pytest.raises(error, match=message):
        make(**given)


def test_what_init_returns_is_looked_at():
    inits = [lambda *_: "ab", lambda rng, n, m: np.full((n, m), np.nan)]
    for init, message in zip(inits, ["what init returned", "nan or infinite"]):
        with pytest.raises((TypeError, ValueError), match=message):
            transformer(7, 6, 8, 1, 2, init=init, rng=None)


@pytest.mark.parametrize(
    "x", [SYMBOLS.astype(float), SYMBOLS - 1, SYMBOLS + 1, np.zeros((3, 7), int), [["a"]], None]
)
def test_what_it_does_not_read(x):
    with pytest.raises((TypeError, ValueError)) as error:
        make()(x)
    assert any(word in str(error.value) for word in ("Embedding", "Positions", "whole numbers"))


@pytest.mark.peers
@pytest.mark.parametrize("heads", [1, 2, 4])
def test_same_as_pytorch(heads):
    import torch

    net = make(heads=heads)
    value = net.loss_and_grad(SYMBOLS, NEXT, cross_entropy)
    tensors, parts = [], []
    for leaf in net.leaves():
        names = ("scale", "shift") if isinstance(leaf, LayerNorm) else ("weights", "biases")
        names = names[:1] if isinstance(leaf, (Embedding, Positions)) else names
        for name in names:
            parts.append(getattr(leaf, f"d_{name}"))
            tensors.append(torch.tensor(getattr(leaf, name).copy(), requires_grad=True))
    rest = iter(tensors)

    def dense(x):
        return x @ next(rest) + next(rest)

    def norm(x):
        return torch.nn.functional.layer_norm(x, (8,), next(rest), next(rest))

    x = next(rest)[torch.tensor(SYMBOLS)] + next(rest)
    for _ in range(2):
        q, k, v = (
            part.reshape(3, 6, heads, -1).transpose(1, 2) for part in dense(norm(x)).split(8, -1)
        )
        found = torch.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + dense(found.transpose(1, 2).reshape(3, 6, 8))
        x = x + dense(torch.relu(dense(norm(x))))
    out = dense(norm(x))
    loss = torch.nn.functional.cross_entropy(out.reshape(-1, 7), torch.tensor(NEXT).reshape(-1))
    loss.backward()
    assert value == pytest.approx(loss.item(), abs=1e-10)
    np.testing.assert_allclose(net(SYMBOLS), out.detach().numpy(), atol=1e-10)
    for ours, theirs in zip(parts, tensors, strict=True):
        np.testing.assert_allclose(ours, theirs.grad.numpy(), atol=1e-10)
