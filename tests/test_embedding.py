"""Embedding, SkipGram and pairs: by hand, as a product of ones and zeros, by nudges, by a peer."""

import math

import numpy as np
import pytest

from nnutils.activations import tanh
from nnutils.embedding import Embedding, SkipGram, pairs
from nnutils.gradcheck import network_gradcheck
from nnutils.layers import Dense
from nnutils.losses import binary_cross_entropy, cross_entropy
from nnutils.network import Network, Residual
from nnutils.optimizers import Adam
from nnutils.training import train
from tests.test_arrays import HOLDERS, NOT_NUMBERS, a_sentence_about, bytes_of


def rng(seed=0):
    return np.random.default_rng(seed)


def small(r, n_in, n_out):
    return r.normal(0, 0.5, (n_in, n_out))


def rows(values):
    return lambda r, n_in, n_out: values


def embedding(n_in=5, n_out=3, dtype=float):
    return Embedding(n_in, n_out, lambda *given: small(*given).astype(dtype), rng=rng())


def skip_gram(n_in=5, n_out=3, dtype=float):
    return SkipGram(n_in, n_out, lambda *given: small(*given).astype(dtype), rng=rng())


WORDS = rng(1).integers(0, 5, (6, 4))
TARGETS = np.tile([1, 0, 0], (6, 1))
MAKERS = [embedding, skip_gram]
every_layer = pytest.mark.parametrize("make", MAKERS)


# By hand.


def test_rows_by_hand():
    layer = Embedding(3, 2, rows([[1, 2], [3, 4], [5, 6]]), rng=None)
    y, back = layer.forward([2, 0, 2])
    np.testing.assert_array_equal(y, [[5, 6], [1, 2], [5, 6]])
    layer.grad = 9
    # Row 2 was taken twice and gets both slopes, row 1 was not and gets none.
    assert back([[1, 10], [2, 20], [3, 30]]) is None
    np.testing.assert_array_equal(layer.d_weights, [[2, 20], [0, 0], [4, 40]])


def test_a_middle_a_neighbor_and_a_drawn_word_by_hand():
    # u = (1, 1), v = (log 3, 0), drawn (1, -1): logits log 3 and 0, probabilities 3/4 and 1/2.
    words = [[1, 1], [7, 7], [7, 7], [math.log(3), 0], [1, -1], [7, 7]]
    layer = SkipGram(3, 2, rows(words), rng=None)
    logits, back = layer.forward([[0, 0, 1]])
    np.testing.assert_allclose(logits, [[math.log(3), 0]], atol=1e-15)
    value, d_logits = binary_cross_entropy(logits, [[1, 0]])
    assert 2 * value == pytest.approx(0.9808, abs=5e-5)  # the sum of both; a loss is their mean
    np.testing.assert_allclose(2 * d_logits, [[-0.25, 0.5]])
    assert back(2 * d_logits) is None
    right = np.zeros((6, 2))
    right[0] = 0.5 - math.log(3) / 4, -0.5  # (0.2253, -0.5)
    right[3] = -0.25, -0.25
    right[4] = 0.5, 0.5
    np.testing.assert_allclose(layer.d_weights, right, atol=1e-15)


def test_a_word_that_is_drawn_twice_gets_both_slopes():
    layer = SkipGram(2, 1, rows([[2], [3], [5], [7]]), rng=None)
    logits, back = layer.forward([[0, 1, 1], [1, 1, 0]])
    np.testing.assert_array_equal(logits, [[14, 14], [21, 15]])
    back([[1, 10], [100, 1000]])
    # Neighbor 1: 2 (1 + 10) + 3 * 100; neighbor 0: 3 * 1000.
    np.testing.assert_array_equal(layer.d_weights[:, 0], [77, 5700, 3000, 322])


def test_pairs_by_hand():
    np.testing.assert_array_equal(pairs([7, 8, 9], 1), [[7, 8], [8, 7], [8, 9], [9, 8]])
    np.testing.assert_array_equal(
        pairs([7, 8, 9], 2), [[7, 8], [7, 9], [8, 7], [8, 9], [9, 7], [9, 8]]
    )
    np.testing.assert_array_equal(pairs([4, 4], 3), [[4, 4], [4, 4]])  # a word beside its like


def test_names_and_sizes():
    one, two = embedding(), skip_gram()
    assert (repr(one), repr(two)) == ("Embedding(5, 3)", "SkipGram(5, 3)")
    assert (one.n_in, one.n_out, one.theta.size) == (5, 3, 15)
    assert (two.n_in, two.n_out, two.theta.size) == (5, 3, 30)
    assert repr(Network(one, Dense(3, 5, small, rng=rng()))) == (
        "Network(Embedding(5, 3), Dense(3, 5)), 35 parameters"
    )
    assert (two.middles.shape, two.neighbors.shape) == ((5, 3), (5, 3))
    np.testing.assert_array_equal(np.vstack([two.middles, two.neighbors]), two.weights)
    for name in ("weights", "middles", "neighbors"):
        assert np.shares_memory(getattr(two, name), two.theta)
    assert np.shares_memory(two.d_weights, two.grad)
    two.middles = 0
    two.neighbors = np.ones((5, 3))
    np.testing.assert_array_equal(two.theta, np.repeat([0, 1], 15))


# What it is the same as.


@pytest.mark.parametrize("shape", [(7,), (3, 4), (2, 3, 4)])
def test_an_embedding_is_a_product_with_rows_of_a_single_1(shape):
    layer, x = embedding(), rng(2).integers(0, 5, shape)
    one_hot = np.eye(5)[x]
    dense = Dense(5, 3, rows(layer.weights), rng=None)
    y, back = layer.forward(x)
    d_y = np.cos(y)
    if len(shape) == 1:
        dense_y, dense_back = dense.forward(one_hot)
    else:
        dense_y, dense_back = dense.forward(one_hot.reshape(-1, 5))
        dense_y = dense_y.reshape(y.shape)
    np.testing.assert_array_equal(y, dense_y)
    back(d_y)
    dense_back(d_y.reshape(-1, 3))
    np.testing.assert_allclose(layer.d_weights, dense.d_weights, atol=1e-15)


@pytest.mark.parametrize("seed", range(5))
def test_a_skip_gram_is_two_embeddings_and_a_product(seed):
    layer, x = skip_gram(), rng(seed).integers(0, 5, (8, 4))
    middle, near = (
        Embedding(5, 3, rows(half), rng=None) for half in (layer.middles, layer.neighbors)
    )
    logits, back = layer.forward(x)
    (u, u_back), (v, v_back) = middle.forward(x[:, 0]), near.forward(x[:, 1:])
    np.testing.assert_allclose(logits, (u[:, None] * v).sum(axis=-1), atol=1e-15)
    d = np.cos(logits)
    back(d)
    u_back((d[..., None] * v).sum(axis=1))
    v_back(d[..., None] * u[:, None])
    np.testing.assert_allclose(layer.grad, np.append(middle.grad, near.grad), atol=1e-14)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("window", [1, 2, 3, 100])
@pytest.mark.parametrize("n", [0, 1, 2, 5, 8])
def test_pairs_are_all_pairs_that_are_near(n, window, seed):
    words = rng(seed).integers(0, 4, n)
    right = [
        (words[i], words[j]) for i in range(n) for j in range(n) if i != j and abs(i - j) <= window
    ]
    found = pairs(words, window)
    np.testing.assert_array_equal(found, np.reshape(right, (-1, 2)))
    assert found.dtype == np.intp
    turned = pairs(words[::-1], window)
    assert sorted(map(tuple, found)) == sorted(map(tuple, turned))
    assert sorted(map(tuple, found)) == sorted(map(tuple, found[:, ::-1]))


def test_the_order_of_samples_and_of_drawn_words_does_not_matter():
    layer = skip_gram()
    logits, back = layer.forward(WORDS)
    d = np.cos(logits)
    back(d)
    grad, order = layer.grad.copy(), rng(3).permutation(6)
    logits, back = layer.forward(WORDS[order][:, [0, 3, 1, 2]])
    back(d[order][:, [2, 0, 1]])
    np.testing.assert_allclose(layer.grad, grad, atol=1e-15)


# Slopes, and training.


def test_slopes_of_a_skip_gram_are_those_of_nudges():
    net = Network(skip_gram())
    assert network_gradcheck(net, WORDS, TARGETS, binary_cross_entropy, rng=rng()) < 1e-7
    many = rng(5).integers(0, 2, (50, 7)), np.tile([1, 0, 0, 0, 0, 0], (50, 1))  # many repeats
    assert network_gradcheck(net, *many, binary_cross_entropy, rng=rng()) < 1e-7


def test_slopes_inside_other_networks():
    inner = Network(embedding(5, 4), Residual(Dense(4, 4, small, rng=rng(1)), tanh))
    net = Network(inner, Dense(4, 5, small, rng=rng(2)))
    assert net.read(WORDS) is WORDS
    assert network_gradcheck(net, WORDS, WORDS, cross_entropy, rng=rng(), l2=0.1) < 1e-7
    assert inner.layers[0].theta.base is net.theta.base or np.shares_memory(inner.theta, net.theta)
    assert inner.forward(WORDS)[1](np.ones((6, 4, 4))) is None


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_both_train(dtype):
    words = np.arange(5).repeat(8)
    net = Network(
        embedding(dtype=dtype), Dense(3, 5, lambda *g: small(*g).astype(dtype), rng=rng())
    )
    settings = {"batch_size": 10, "rng": rng(), "progress": False}
    seen = train(net, (words, 4 - words), cross_entropy, Adam(0.1), epochs=30, **settings)
    assert seen.loss[-1] < 0.05 * seen.loss[0]
    net = Network(skip_gram(dtype=dtype))
    x = np.stack([words, 4 - words, (words + 1) % 5], axis=1)
    targets = np.stack([0 * words + 1, (words + 1) % 5 == 4 - words], axis=1)
    seen = train(net, (x, targets), binary_cross_entropy, Adam(0.1), epochs=30, **settings)
    assert seen.loss[-1] < 0.05 * seen.loss[0]
    assert net.theta.dtype == net(x).dtype == dtype


# How symbols are held.

HOLD = [name for name in HOLDERS if "float" not in name and "long double" not in name]


@every_layer
@pytest.mark.parametrize("holder", HOLD)
def test_it_does_not_matter_how_symbols_are_held(make, holder):
    layer, x = make(250), rng(6).integers(0, 128 if holder == "int8" else 250, (6, 4))
    held = HOLDERS[holder](x)
    before = bytes_of(held)
    (y, back), (right, right_back) = layer.forward(held), layer.forward(x)
    np.testing.assert_array_equal(y, right)
    back(np.cos(y))
    grad = layer.grad.copy()
    right_back(np.cos(y))
    np.testing.assert_array_equal(layer.grad, grad)
    assert bytes_of(held) == before


@pytest.mark.parametrize("holder", HOLD)
def test_it_does_not_matter_how_sentences_are_held(holder):
    words = np.array([2, 0, 3, 3, 1])
    np.testing.assert_array_equal(pairs(HOLDERS[holder](words), 2), pairs(words, 2))


def test_nothing_to_look_up():
    layer = embedding()
    layer.grad = 9
    for shape in [(0,), (0, 4), (3, 0)]:
        y, back = layer.forward(np.zeros(shape, int))
        assert y.shape == (*shape, 3)
        back(y)
        assert not layer.grad.any()
    logits, back = skip_gram().forward(np.zeros((0, 3), int))
    assert logits.shape == (0, 2)
    back(logits)


@every_layer
def test_a_network_holds_its_rows(make):
    layer = make()
    net = Network(layer)
    net.theta = np.arange(net.theta.size)
    np.testing.assert_array_equal(layer.weights.ravel(), net.theta)
    layer.weights = 1
    assert (net.theta == 1).all()
    with pytest.raises(ValueError, match="is part of a network already"):
        Network(layer)


# What is refused.


@pytest.mark.parametrize("nonsense", NOT_NUMBERS)
@pytest.mark.parametrize("read", [embedding().forward, skip_gram().forward, lambda x: pairs(x, 1)])
def test_what_holds_no_symbols_is_refused_with_a_sentence(read, nonsense):
    with pytest.raises((TypeError, ValueError)) as error:
        read(NOT_NUMBERS[nonsense])
    text = str(error.value)
    assert len(text) < 600
    if "mask" in nonsense or nonsense in ("rows of different lengths", "a data frame that fails"):
        a_sentence_about(nonsense, text)
    else:
        assert "whole numbers" in text and "dtype" in text or "the shape" in text


@every_layer
@pytest.mark.parametrize(
    ("x", "error", "message"),
    [
        (
            [[1.0, 2.0]],
            TypeError,
            r"\(5, 3\) reads symbols, whole .* 0 to 4, but got array\(\[\[1\.",
        ),
        ([[1.5, np.nan]], TypeError, r"array\(\[\[1\.5, nan\]\]\) \(dtype float64\)"),
        ([[True, False]], TypeError, r"\(dtype bool\)"),
        ([["a", "cat"]], TypeError, "'cat'.* Words have to be numbered"),
        (np.eye(5), TypeError, r"rows with a single 1: numpy.argmax\(x, axis=-1\)"),
        (None, TypeError, "but got array\\(None"),
        ([[0, 5]], ValueError, r"rows for 5 symbols, whole numbers from 0 to 4, but one is 5\."),
        ([[0, -1], [7, 0]], ValueError, r"but one is -1\. Number the symbols from 0 on"),
        (3, ValueError, r"but got the single number 3\. One sample is \[3\]"),
        ([[1, 2], [3]], ValueError, "NumPy makes no array"),
    ],
)
def test_what_is_no_symbol(make, x, error, message):
    with pytest.raises(error, match=message):
        make().forward(x)
    with pytest.raises(error, match=message):
        Network(make())(x)


@pytest.mark.parametrize("shape", [(4,), (4, 1), (4, 0), (2, 2, 2)])
def test_what_is_no_row_of_words(shape):
    with pytest.raises(ValueError, match=r"\(samples, 2 or more\).* But got the shape \("):
        skip_gram().forward(np.zeros(shape, int))


@pytest.mark.parametrize("window", [0, -1, 1.0, 1.5, "2", None, [1], np.nan])
def test_windows_that_are_none(window):
    with pytest.raises(
        ValueError, match="window, .* has to be a whole number, at least 1, but got"
    ):
        pairs([1, 2, 3], window)


@pytest.mark.parametrize(
    ("sentence", "error", "message"),
    [
        (
            ["a", "small", "cat"],
            TypeError,
            "whole numbers, but got .*'cat'.* Give each word a number",
        ),
        ([1.0, 2.0], TypeError, r"\(dtype float64\)"),
        ([[1, 2], [3, 4]], ValueError, r"but got the shape \(2, 2\)\. Take one sentence after"),
        (3, ValueError, r"shape \(\)"),
        ("cat", ValueError, r"shape \(\)"),
    ],
)
def test_sentences_that_are_none(sentence, error, message):
    with pytest.raises(error, match=message):
        pairs(sentence, 1)


# A peer.


@pytest.mark.peers
@pytest.mark.parametrize("shape", [(9,), (6, 4), (2, 3, 4)])
def test_an_embedding_is_that_of_pytorch(shape):
    import torch

    layer, x = embedding(), rng(8).integers(0, 5, shape)
    theirs = torch.nn.Embedding(5, 3, dtype=torch.float64)
    with torch.no_grad():
        theirs.weight.copy_(torch.tensor(layer.weights))
    y, back = layer.forward(x)
    their_y = theirs(torch.tensor(x))
    np.testing.assert_array_equal(y, their_y.detach().numpy())
    d_y = np.cos(y)
    back(d_y)
    their_y.backward(torch.tensor(d_y))
    np.testing.assert_allclose(layer.d_weights, theirs.weight.grad.numpy(), atol=1e-10)


@pytest.mark.peers
@pytest.mark.parametrize("seed", range(3))
def test_a_skip_gram_is_that_of_pytorch(seed):
    import torch

    net, x = Network(skip_gram()), rng(seed).integers(0, 5, (20, 6))
    targets = np.tile([1, 0, 0, 0, 0], (20, 1))
    value = net.loss_and_grad(x, targets, binary_cross_entropy)
    table = torch.tensor(net.layers[0].weights.copy(), requires_grad=True)
    middle, others = table[:5][x[:, 0]], table[5:][x[:, 1:]]
    loss = torch.nn.functional.binary_cross_entropy_with_logits(
        torch.einsum("sn,skn->sk", middle, others), torch.tensor(targets, dtype=torch.float64)
    )
    loss.backward()
    assert value == pytest.approx(loss.item(), abs=1e-10)
    np.testing.assert_allclose(net.layers[0].d_weights, table.grad.numpy(), atol=1e-10)
