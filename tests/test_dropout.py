"""Dropout, and the network that knows training from use: by hand, over masks, copied, checked."""

import copy
import pickle

import numpy as np
import pytest

from nnutils.activations import relu, tanh
from nnutils.gradcheck import network_gradcheck
from nnutils.layers import Dense, Dropout
from nnutils.losses import cross_entropy, mean_squared_error
from nnutils.network import Network, mlp
from nnutils.optimizers import SGD
from nnutils.training import train


def rng(seed=0):
    return np.random.default_rng(seed)


def small(r, n_in, n_out):
    return r.normal(0, n_in**-0.5, (n_in, n_out))


def dropping(share=0.5, seed=0):
    r = rng(seed)
    layers = (
        Dense(4, 16, small, rng=r),
        tanh,
        Dropout(share, rng=rng(7)),
        Dense(16, 3, small, rng=r),
    )
    return Network(*layers)


X, LABELS = rng(1).normal(size=(7, 4)), rng(2).integers(0, 3, 7)


def test_the_four_masks_of_two_inputs():
    # x = (2, 4), w = (1, 1/2), share 1/2: the sums are 0, 4, 4, 8; mean 4, variance 8.
    dropout = Dropout(0.5, rng=rng())
    y, _ = dropout.noisy(np.tile([2.0, 4.0], (4000, 1)))
    sums = y @ [1, 0.5]
    assert sorted(set(sums)) == [0, 4, 8]
    assert sums.mean() == pytest.approx(4, abs=0.15)
    assert sums.var() == pytest.approx(8, rel=0.05)


@pytest.mark.parametrize("share", [0, 0.2, 0.5, 0.9])
def test_mean_and_spread_over_masks(share):
    y, _ = Dropout(share, rng=rng()).noisy(np.full((200, 200), 3.0))
    assert np.mean(y == 0) == pytest.approx(share, abs=0.01)
    np.testing.assert_allclose(y[y != 0], 3 / (1 - share))
    assert y.mean() == pytest.approx(3, rel=0.03)
    assert y.var() == pytest.approx(9 * share / (1 - share), rel=0.05)


def test_slopes_pass_where_numbers_passed():
    dropout, x = Dropout(0.3, rng=rng()), rng().normal(size=(5, 6))
    y, back = dropout.noisy(x)
    np.testing.assert_allclose(back(np.ones((5, 6))), y / x)
    assert back(np.ones((5, 6)), False) is None
    y, back = dropout.forward(x)
    assert y is x
    np.testing.assert_array_equal(back(2 * x), 2 * x)


def test_a_new_mask_each_time_and_the_same_from_the_same_seed():
    dropout, twin, x = Dropout(0.5, rng=rng()), Dropout(0.5, rng=rng()), np.ones((3, 8))
    first, second = dropout.noisy(x)[0], dropout.noisy(x)[0]
    assert (first != second).any()
    np.testing.assert_array_equal(twin.noisy(x)[0], first)
    assert repr(dropout) == "Dropout(0.5)"


@pytest.mark.parametrize("share", [1, -0.1, 1.5, np.nan, None, "0.5", [0.5], 0.5j])
def test_shares_that_are_none(share):
    with pytest.raises(ValueError, match="number from 0 to below 1 such as 0.5, but got"):
        Dropout(share, rng=rng())


def test_what_else_is_refused():
    with pytest.raises(TypeError, match="rng has to be a random generator"):
        Dropout(0.5, rng=0)
    with pytest.raises(ValueError, match="needs a layer with weights"):
        Network(Dropout(0.5, rng=rng()))


def test_a_network_drops_in_training_alone():
    net = dropping()
    outputs = net(X)
    np.testing.assert_array_equal(net(X), outputs)
    np.testing.assert_array_equal(net.forward(X)[0], outputs)
    np.testing.assert_array_equal(net.trace(X)[-1], outputs)
    losses = {net.loss_and_grad(X, LABELS, cross_entropy) for _ in range(5)}
    assert len(losses) == 5
    assert cross_entropy(net(X), LABELS)[0] not in losses
    np.testing.assert_array_equal(net(X), outputs)
    assert (net.forward(X, training=True)[0] != outputs).any()


def test_a_share_of_0_is_no_dropout():
    net, plain = dropping(0), dropping(0)
    plain = Network(*(copy.copy(one) for one in plain.layers if not isinstance(one, Dropout)))
    assert net.loss_and_grad(X, LABELS, cross_entropy) == plain.loss_and_grad(
        X, LABELS, cross_entropy
    )
    np.testing.assert_array_equal(net.grad, plain.grad)


def test_a_network_in_a_network_hands_it_on():
    deep = Network(Network(dropping(), tanh), Dense(3, 3, small, rng=rng()))
    outputs = deep(X)
    np.testing.assert_array_equal(deep(X), outputs)
    assert len({deep.loss_and_grad(X, LABELS, cross_entropy) for _ in range(5)}) == 5
    parts = [copy.copy(one) for one in (*dropping().layers, deep.layers[1])]
    flat = Network(*parts[:-1], tanh, parts[-1])
    deep.layers[0].layers[0].layers[2].rng = rng(7)
    assert deep.loss_and_grad(X, LABELS, cross_entropy) == flat.loss_and_grad(
        X, LABELS, cross_entropy
    )
    np.testing.assert_array_equal(deep.grad, flat.grad)


class Residual(Network):
    """Adds its input to its output, with a forward from before there was training."""

    def forward(self, x):
        y, back = super().forward(x)
        return x + y, lambda d_y, to_inputs=True: d_y + back(d_y)


def test_a_forward_without_the_word_training_is_still_one():
    net = Network(Residual(Dense(4, 4, small, rng=rng())), Dense(4, 3, small, rng=rng()))
    assert network_gradcheck(net, X, LABELS, cross_entropy, rng=rng()) < 1e-6
    with_noise = Residual(Dense(4, 4, small, rng=rng()), Dropout(0.5, rng=rng()))
    with pytest.raises(TypeError, match="unexpected keyword argument 'training'"):
        with_noise.loss_and_grad(X, X, mean_squared_error)


def test_a_pickle_from_before_there_was_dropout_can_be_used():
    old = pickle.loads(pickle.dumps(mlp([4, 3], relu, init=small, rng=rng())))
    del vars(old)["_draws"]
    old.loss_and_grad(X, LABELS, cross_entropy)


def test_a_copy_draws_by_itself():
    net = dropping()
    for twin in (copy.deepcopy(net), copy.copy(net), pickle.loads(pickle.dumps(net))):
        assert twin.layers[2].rng is not net.layers[2].rng
        state = net.layers[2].rng.bit_generator.state
        loss = twin.loss_and_grad(X, LABELS, cross_entropy)
        assert net.layers[2].rng.bit_generator.state == state
        assert net.loss_and_grad(X, LABELS, cross_entropy) == loss
        net.layers[2].rng.bit_generator.state = state


def test_a_gradient_check_draws_the_same_again_and_leaves_no_trace():
    shared = rng(3)
    net = Network(
        Dense(4, 16, small, rng=shared),
        tanh,
        Network(Dropout(0.4, rng=shared), Dense(16, 3, small, rng=shared)),
    )
    for checker in (rng(5), shared):
        state = shared.bit_generator.state
        assert network_gradcheck(net, X, LABELS, cross_entropy, rng=checker) < 1e-6
        if checker is not shared:
            assert shared.bit_generator.state == state
    net.layers[2].layers[0].rng = rng(4)
    state = net.layers[2].layers[0].rng.bit_generator.state

    class Other(Exception):
        pass

    def broken(outputs, targets):
        raise Other

    with pytest.raises(Other):
        network_gradcheck(net, X, LABELS, broken, rng=shared)
    assert net.layers[2].layers[0].rng.bit_generator.state == state


def test_directions_differ_also_if_the_generator_is_shared(monkeypatch):
    import nnutils.gradcheck

    shared, seen = rng(3), []
    net = Network(Dropout(0.4, rng=shared), Dense(4, 3, small, rng=shared))

    def spy(f, theta, grad, *, rng, **options):
        for _ in range(3):
            seen.append(tuple(rng.choice([-1.0, 1.0], size=theta.shape)))
            f(theta)
        return 0.0

    monkeypatch.setattr(nnutils.gradcheck, "gradcheck", spy)
    network_gradcheck(net, X, LABELS, cross_entropy, rng=shared)
    assert len(set(seen)) == 3


@pytest.mark.parametrize("wrong", ["another mask", "not scaled back"])
def test_a_gradient_check_finds_a_wrong_dropout(wrong):
    class Wrong(Dropout):
        def noisy(self, x):
            y, back = super().noisy(x)
            other = super().noisy(x)[1] if wrong == "another mask" else back
            factor = 1 if wrong == "another mask" else 1 - self.share
            return y, lambda d_y, to_inputs=True: factor * other(d_y)

    r = rng()
    net = Network(Dense(4, 8, small, rng=r), Wrong(0.5, rng=r), Dense(8, 3, small, rng=r))
    with pytest.raises(AssertionError, match="Layer 0, Dense"):
        network_gradcheck(net, X, LABELS, cross_entropy, rng=r)


def test_training_measures_the_validation_without_dropout():
    net = dropping()
    seen = train(
        net,
        (X, LABELS),
        cross_entropy,
        SGD(0.1),
        epochs=3,
        batch_size=4,
        rng=rng(),
        valid=(X, LABELS),
        progress=False,
    )
    assert seen.valid[-1] == cross_entropy(net(X), LABELS)[0]


@pytest.mark.peers
@pytest.mark.parametrize("share", [0.2, 0.5])
def test_same_as_pytorch_given_its_mask(share):
    import torch

    torch.manual_seed(0)
    x = torch.tensor(X, requires_grad=True)
    theirs = torch.nn.functional.dropout(x, share)
    theirs.sum().backward()

    class Mask(np.random.Generator):
        def random(self, size):
            return np.where(theirs.detach().numpy() == 0, 0.0, 1.0).reshape(size)

    y, back = Dropout(share, rng=Mask(np.random.PCG64())).noisy(X)
    np.testing.assert_allclose(y, theirs.detach().numpy(), rtol=1e-12)
    np.testing.assert_allclose(back(np.ones_like(X)), x.grad.numpy(), rtol=1e-12)
