"""Codes that are drawn: what they cost, how slopes pass the draw, and the network of both."""

import copy
import math
import pickle

import numpy as np
import pytest

from nnutils.activations import relu, tanh
from nnutils.gradcheck import network_gradcheck, numerical_gradient
from nnutils.initializers import lecun_normal
from nnutils.layers import Dense, Dropout
from nnutils.losses import binary_cross_entropy, mean_squared_error
from nnutils.network import Network, Residual, mlp
from nnutils.optimizers import SGD, Adam
from nnutils.training import train
from nnutils.variational import Draw, Variational, price


def rng(seed=0):
    return np.random.default_rng(seed)


def variational(cost=0.3, seed=0, dtype=float):
    r = rng(seed)
    encoder = mlp([5, 7, 4], tanh, init=lecun_normal, rng=r, dtype=dtype)
    decoder = mlp([2, 6, 5], tanh, init=lecun_normal, rng=r, dtype=dtype)
    return Variational(encoder, decoder, price=cost, rng=rng(9))


X = rng(1).normal(size=(8, 5))


class Given:
    """A generator that draws these numbers and nothing else."""

    def __new__(cls, numbers):
        class One(np.random.Generator):
            def standard_normal(self, size):
                return np.resize(np.array(numbers, float), size)

        return One(np.random.PCG64())


# price


@pytest.mark.parametrize(
    ("mean", "spread", "cost"),
    [(0, 1, 0), (1, 1, 0.5), (0, 0.5, (0.25 - 1 + math.log(4)) / 2), (1, 0.5, 0.8181471805599453)],
)
def test_the_price_of_one_number_by_hand(mean, spread, cost):
    value, _ = price([[mean, 2 * math.log(spread)]])
    assert value == pytest.approx(cost, abs=1e-15)


def test_numbers_add_up_and_samples_are_averaged():
    a, b = rng().normal(size=(2, 6))
    one, other = price([a])[0], price([b])[0]
    assert price([a, b])[0] == pytest.approx((one + other) / 2)
    assert one == pytest.approx(sum(price([[a[i], a[i + 3]]])[0] for i in range(3)))
    assert price(np.array([[a, b]]))[0] == pytest.approx((one + other) / 2)


def test_the_price_is_the_mean_of_the_log_of_a_quotient():
    mean, spread = 0.7, 0.6
    z = rng().normal(mean, spread, 400_000)
    logs = -((z - mean) ** 2) / (2 * spread**2) - math.log(spread) + z**2 / 2
    assert price([[mean, 2 * math.log(spread)]])[0] == pytest.approx(logs.mean(), abs=0.005)


@pytest.mark.parametrize("shape", [(1, 2), (3, 8), (2, 3, 4)])
def test_slopes_of_the_price(shape):
    codes = rng().normal(size=shape)
    _, d_codes = price(codes)
    np.testing.assert_allclose(d_codes, numerical_gradient(lambda c: price(c)[0], codes), atol=1e-8)


def test_a_price_is_never_below_0_and_exact_near_it():
    for scale in (1e-9, 1e-5, 1, 5):
        for seed in range(5):
            value, _ = price(scale * rng(seed).normal(size=(3, 4)))
            assert value >= 0
    # (exp(l) - 1 - l) / 2 is l^2 / 4 for a small l.
    assert price([[0.0, 1e-4]])[0] == pytest.approx(2.5e-9, rel=1e-3)


def test_what_kind_of_numbers_it_takes():
    codes = rng().normal(size=(4, 6))
    codes.flags.writeable = False
    value, d_codes = price(codes)
    assert type(value) is float
    assert d_codes.dtype == float
    small = codes.astype(np.float32)
    assert price(small)[1].dtype == np.float32
    assert price(small)[0] == pytest.approx(value, rel=1e-6)
    assert price(codes.tolist())[0] == value
    with np.errstate(all="raise"):
        assert price([[0.0, 1000.0]])[0] == math.inf
        assert price([[1e200, 0.0]])[0] == math.inf
        assert price([[1e-200, -1e300]])[0] == pytest.approx(5e299)


@pytest.mark.parametrize("codes", [[1.0, 0.0], [[1.0, 0.0, 2.0]], np.zeros((0, 4)), [[]], 3.0])
def test_codes_of_other_shapes(codes):
    with pytest.raises(ValueError, match=r"as many means as logs of variances, but got an array"):
        price(codes)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_codes_that_are_not_finite(bad):
    with pytest.raises(ValueError, match="codes hold 1 of 4 numbers that are nan or infinite"):
        price([[0.0, bad, 0.0, 0.0]])


def test_codes_that_are_no_numbers():
    with pytest.raises(TypeError, match="codes has to hold real numbers"):
        price([["a", "b"]])


# Draw


def test_a_draw_by_hand():
    # m = 3, l = log 4, so the spread is 2; noise 1.5: 3 + 3 = 6. A pull of 10: 10 and 10 * 3 / 2.
    y, back = Draw(1, rng=Given([1.5])).noisy([[3.0, math.log(4)]])
    np.testing.assert_allclose(y, [[6.0]])
    np.testing.assert_allclose(back([[10.0]]), [[10.0, 15.0]])


def test_mean_and_spread_of_draws():
    codes = np.tile([2.0, -1.0, math.log(9), math.log(0.25)], (20_000, 1))
    y, _ = Draw(2, rng=rng()).noisy(codes)
    np.testing.assert_allclose(y.mean(axis=0), [2, -1], atol=0.05)
    np.testing.assert_allclose(y.std(axis=0), [3, 0.5], rtol=0.02)


def test_outside_of_training_the_means_pass():
    codes = rng().normal(size=(3, 6))
    y, back = Draw(3, rng=rng()).forward(codes)
    np.testing.assert_array_equal(y, codes[:, :3])
    np.testing.assert_array_equal(back(y), np.hstack([y, np.zeros((3, 3))]))


def test_new_noise_each_time_and_the_same_from_the_same_seed():
    draw, twin, codes = Draw(2, rng=rng()), Draw(2, rng=rng()), np.zeros((5, 4))
    first, second = draw.noisy(codes)[0], draw.noisy(codes)[0]
    assert (first != second).all()
    np.testing.assert_array_equal(twin.noisy(codes)[0], first)
    assert (repr(draw), draw.n_in, draw.n_out) == ("Draw(2)", 4, 2)


def test_a_draw_under_strict_errors():
    with np.errstate(all="raise"):
        y, back = Draw(1, rng=Given([1.0])).noisy([[0.0, 3000.0]])
        assert y[0, 0] == math.inf
        assert back([[1e-300]])[0, 1] == math.inf
        assert Draw(1, rng=Given([1.0])).noisy([[0.0, -3000.0]])[0][0, 0] == 0


@pytest.mark.parametrize("n", [0, -1, 2.0, None, "2"])
def test_draws_that_are_none(n):
    with pytest.raises(ValueError, match="whole number, at least 1, but got"):
        Draw(n, rng=rng())


def test_what_else_a_draw_refuses():
    with pytest.raises(TypeError, match="rng has to be a random generator"):
        Draw(2, rng=0)
    for way in (Draw(2, rng=rng()).forward, Draw(2, rng=rng()).noisy):
        with pytest.raises(ValueError, match=r"2 means and then 2 logs of variances, but got \(3,"):
            way(np.zeros((3, 2)))


# Variational


def test_every_slope_of_the_network():
    for cost in (0, 0.3, 5):
        net = variational(cost)
        assert network_gradcheck(net, X, X, mean_squared_error, rng=rng()) < 1e-6
        assert network_gradcheck(net, X, X, mean_squared_error, rng=rng(), l2=0.1, l1=0.1) < 1e-6
    yes = (X > 0).astype(float)
    assert network_gradcheck(variational(), X, yes, binary_cross_entropy, rng=rng()) < 1e-6


def test_the_loss_is_that_of_a_draw_plus_the_price():
    net = variational()
    encoder, draw, decoder = net.layers
    value = net.loss_and_grad(X, X, mean_squared_error)
    draw.rng = rng(9)
    codes = encoder(X)
    drawn, _ = draw.noisy(codes)
    expected = mean_squared_error(decoder(drawn), X)[0] + 0.3 * price(codes)[0]
    assert value == pytest.approx(expected, rel=1e-14)


def test_single_layers_and_dropout_inside():
    r = rng()
    net = Variational(
        Dense(5, 4, lecun_normal, rng=r), Dense(2, 5, lecun_normal, rng=r), price=0.1, rng=r
    )
    assert network_gradcheck(net, X, X, mean_squared_error, rng=rng()) < 1e-6
    encoder = Network(Dense(5, 8, lecun_normal, rng=r), Dropout(0.5, rng=r), relu)
    encoder = Network(encoder, Dense(8, 4, lecun_normal, rng=r))
    decoder = Network(Residual(Dense(2, 2, lecun_normal, rng=r)), Dense(2, 5, lecun_normal, rng=r))
    net = Variational(encoder, decoder, price=0.1, rng=r)
    assert network_gradcheck(net, X, X, mean_squared_error, rng=rng()) < 1e-6
    np.testing.assert_array_equal(net(X), net(X))


def test_outside_of_training_nothing_is_drawn():
    net = variational()
    encoder, _, decoder = net.layers
    np.testing.assert_array_equal(net(X), decoder(encoder(X)[:, :2]))
    np.testing.assert_array_equal(net(X), net.forward(X)[0])
    assert (net.noisy(X)[0] != net.noisy(X)[0]).all()
    assert (net.n_in, net.n_out, net.price) == (5, 5, 0.3)


def test_a_part_of_another_network_draws():
    outer = Network(variational(), Dense(5, 1, lecun_normal, rng=rng()))
    targets = X[:, :1]
    assert network_gradcheck(outer, X, targets, mean_squared_error, rng=rng()) < 1e-6
    assert outer.noisy(X)[0][0] != outer.noisy(X)[0][0]


def test_training_brings_the_codes_near_the_standard_distribution():
    r = rng()
    x = r.normal(size=(200, 2)) @ r.normal(size=(2, 5))
    kept = {}
    for cost in (0.05, 50):
        net = variational(cost)
        train(
            net,
            (x, x),
            mean_squared_error,
            Adam(0.01),
            epochs=40,
            batch_size=20,
            rng=rng(),
            progress=False,
        )
        codes = net.layers[0](x)
        drawn = net.layers[1].noisy(codes)[0]
        np.testing.assert_allclose(drawn.mean(axis=0), 0, atol=0.3)
        np.testing.assert_allclose(drawn.std(axis=0), 1, atol=0.3)
        kept[cost] = price(codes)[0], mean_squared_error(net(x), x)[0] / np.mean(x**2)
    assert kept[0.05][0] > 2
    assert kept[0.05][1] < 0.1
    assert kept[50][0] < 0.05  # too dear: nothing passes
    assert kept[50][1] > 0.9


def test_parts_learn_with_the_whole():
    net = variational()
    encoder = net.layers[0]
    first = encoder.theta.copy()
    net.loss_and_grad(X, X, mean_squared_error)
    net.theta -= 0.1 * net.grad
    assert (encoder.theta != first).any()
    assert np.shares_memory(encoder.theta, net.theta)


def test_copies_and_pickles_draw_by_themselves():
    net = variational()
    for twin in (copy.deepcopy(net), copy.copy(net), pickle.loads(pickle.dumps(net))):
        state = net.layers[1].rng.bit_generator.state
        value = twin.loss_and_grad(X, X, mean_squared_error)
        assert net.layers[1].rng.bit_generator.state == state
        assert net.loss_and_grad(X, X, mean_squared_error) == value
        np.testing.assert_array_equal(net.grad, twin.grad)
        net.layers[1].rng.bit_generator.state = state
        assert twin.price == net.price
        twin.theta[:] = 0
        assert net.theta.any()


def test_float32_stays_and_lists_are_read():
    net = variational(dtype=np.float32)
    assert net.loss_and_grad(X.tolist(), X, mean_squared_error) > 0
    assert net.grad.dtype == np.float32
    assert net(X).dtype == np.float32
    wide = variational()
    wide.theta = net.theta
    value = wide.loss_and_grad(X, X, mean_squared_error)
    assert value == pytest.approx(
        variational(dtype=np.float32).loss_and_grad(X, X, mean_squared_error), rel=1e-5
    )


def test_strict_errors_change_nothing():
    net, strict = variational(), variational()
    value = net.loss_and_grad(X, X, mean_squared_error)
    with np.errstate(all="raise"):
        assert strict.loss_and_grad(X, X, mean_squared_error) == value
    np.testing.assert_array_equal(net.grad, strict.grad)


def test_a_training_that_runs_away_is_told():
    with pytest.raises(FloatingPointError, match="the training runs away"):
        train(
            variational(),
            (X, X),
            mean_squared_error,
            SGD(1e3),
            epochs=50,
            batch_size=8,
            rng=rng(),
            progress=False,
        )


def dense(n_in, n_out):
    return Dense(n_in, n_out, lecun_normal, rng=rng())


@pytest.mark.parametrize("cost", [-1, math.nan, math.inf, None, "1", [1]])
def test_prices_that_are_none(cost):
    with pytest.raises(ValueError, match="price, .* a finite number, at least 0, but got"):
        Variational(dense(5, 4), dense(2, 5), price=cost, rng=rng())


def test_what_a_variational_refuses():
    with pytest.raises(ValueError, match=r"reads 3 numbers, so .* 6, .* but it puts out 4"):
        Variational(dense(5, 4), dense(3, 5), price=1, rng=rng())
    with pytest.raises(TypeError, match="The encoder has to be a network"):
        Variational(tanh, dense(2, 5), price=1, rng=rng())
    with pytest.raises(TypeError, match="The decoder has to be a network"):
        Variational(dense(5, 4), [dense(2, 5)], price=1, rng=rng())
    with pytest.raises(TypeError, match="rng has to be a random generator"):
        Variational(dense(5, 4), dense(2, 5), price=1, rng=None)
    both = dense(4, 2)
    with pytest.raises(ValueError, match="part of a network already"):
        Network(both, dense(2, 4)), Variational(dense(2, 8), both, price=1, rng=rng())
    net = variational()
    with pytest.raises(AttributeError, match="You cannot assign price"):
        net.price = 2
    with pytest.raises(TypeError, match="A loss returns one number and the slopes"):
        net.loss_and_grad(X, X, lambda outputs, targets: 3.0)
    with pytest.raises(ValueError, match=r"reads arrays of shape \(samples, 5\)"):
        net.loss_and_grad(X[:, :4], X, mean_squared_error)


@pytest.mark.peers
def test_same_as_pytorch_given_its_noise():
    import torch

    net, noise = variational(0.3), rng(4).normal(size=(8, 2))
    net.layers[1].rng = Given(noise)
    value = net.loss_and_grad(X, X, mean_squared_error)
    weights = [
        torch.tensor(np.array(array), requires_grad=True)
        for layer in net.leaves()
        for array in (layer.weights, layer.biases)
    ]
    x = torch.tensor(X)
    codes = torch.tanh(x @ weights[0] + weights[1]) @ weights[2] + weights[3]
    spread = torch.exp(codes[:, 2:] / 2)
    drawn = codes[:, :2] + spread * torch.tensor(noise)
    outputs = torch.tanh(drawn @ weights[4] + weights[5]) @ weights[6] + weights[7]
    normal = torch.distributions.Normal
    gap = torch.distributions.kl_divergence(normal(codes[:, :2], spread), normal(0.0, 1.0))
    loss = torch.nn.functional.mse_loss(outputs, x) + 0.3 * gap.sum(dim=1).mean()
    loss.backward()
    assert value == pytest.approx(loss.item(), rel=1e-12)
    theirs = np.concatenate([weight.grad.numpy().ravel() for weight in weights])
    np.testing.assert_allclose(net.grad, theirs, rtol=0, atol=1e-10 * np.abs(theirs).max())
