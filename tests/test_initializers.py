"""Initializers: the variance that the theory says, and what it does to signals."""

import math
import pickle

import numpy as np
import pytest

from nnutils import initializers
from nnutils.activations import relu, selu, tanh
from nnutils.initializers import (
    constant,
    glorot_normal,
    glorot_uniform,
    he_normal,
    he_uniform,
    lecun_normal,
    lecun_uniform,
    normal,
    orthogonal,
    uniform,
    zeros,
)

NAMED = {
    lecun_uniform: lambda n, m: 1 / n,
    lecun_normal: lambda n, m: 1 / n,
    glorot_uniform: lambda n, m: 2 / (n + m),
    glorot_normal: lambda n, m: 2 / (n + m),
    he_uniform: lambda n, m: 2 / n,
    he_normal: lambda n, m: 2 / n,
}


@pytest.mark.parametrize(("n_in", "n_out"), [(784, 10), (50, 200), (100, 100)])
@pytest.mark.parametrize("init", NAMED, ids=lambda f: f.__name__)
def test_mean_and_variance_over_seeds(init, n_in, n_out):
    drawn = np.stack([init(np.random.default_rng(s), n_in, n_out) for s in range(20)])
    assert drawn.shape == (20, n_in, n_out)
    variance = NAMED[init](n_in, n_out)
    assert drawn.var() == pytest.approx(variance, rel=0.02)
    assert abs(drawn.mean()) < 5 * math.sqrt(variance / drawn.size)


# 784 inputs, 10 outputs: sqrt(3 / 784), sqrt(1 / 784), sqrt(6 / 794) and so on
LIMITS = {lecun_uniform: 0.06185896, glorot_uniform: 0.08692914, he_uniform: 0.08748178}
DEVIATIONS = {lecun_normal: 0.03571429, glorot_normal: 0.05018856, he_normal: 0.05050763}


@pytest.mark.parametrize(("init", "limit"), LIMITS.items(), ids=lambda p: getattr(p, "__name__", p))
def test_a_uniform_draw_ends_at_its_limit(init, limit):
    drawn = np.abs(init(np.random.default_rng(0), 784, 10))
    assert 0.999 * limit < drawn.max() < limit


@pytest.mark.parametrize(
    ("init", "std"), DEVIATIONS.items(), ids=lambda p: getattr(p, "__name__", p)
)
def test_a_normal_draw_is_normal(init, std):
    drawn = np.abs(init(np.random.default_rng(0), 784, 10)) / std
    assert np.mean(drawn < 1) == pytest.approx(0.6827, abs=0.02)
    assert np.mean(drawn < 2) == pytest.approx(0.9545, abs=0.01)
    assert drawn.max() > 3


@pytest.mark.parametrize(
    ("init", "hidden", "low", "high"),
    [(lecun_normal, selu, 0.5, 2), (he_normal, relu, 0.3, 3), (glorot_normal, tanh, 0.01, 0.2)],
    ids=lambda p: getattr(p, "__name__", p),
)
def test_a_signal_stays_through_twenty_layers(init, hidden, low, high):
    squares = []
    for seed in range(10):
        rng = np.random.default_rng(seed)
        a = rng.normal(size=(50, 100))
        for _ in range(20):
            a = hidden(a @ init(rng, 100, 100))
        squares.append(np.mean(a**2))
    assert low < np.median(squares) < high


def test_the_plain_ones():
    rng = np.random.default_rng(0)
    np.testing.assert_array_equal(zeros(rng, 2, 3), np.zeros((2, 3)))
    np.testing.assert_array_equal(constant(-0.3)(rng, 2, 3), np.full((2, 3), -0.3))
    drawn = uniform(0.2)(rng, 100, 100)
    assert 0.199 < np.abs(drawn).max() < 0.2
    assert drawn.var() == pytest.approx(0.04 / 3, rel=0.05)
    assert normal(0.2)(rng, 100, 100).std() == pytest.approx(0.2, rel=0.05)


@pytest.mark.parametrize("radius", [0.9, 1, 1.5])
@pytest.mark.parametrize(("n_in", "n_out"), [(1, 1), (8, 8), (3, 7), (7, 3)])
def test_orthogonal_rows_or_columns(n_in, n_out, radius):
    weights = orthogonal(radius)(np.random.default_rng(0), n_in, n_out)
    assert weights.shape == (n_in, n_out)
    assert weights.flags.c_contiguous
    products = weights @ weights.T if n_in <= n_out else weights.T @ weights
    np.testing.assert_allclose(products, radius**2 * np.eye(min(n_in, n_out)), atol=1e-14)


def test_a_pull_through_orthogonal_layers_keeps_its_shape_and_grows_by_the_radius():
    pull, weights = np.random.default_rng(1).normal(size=(3, 32)), np.eye(32)
    for seed in range(20):
        weights = weights @ orthogonal(1.1)(np.random.default_rng(seed), 32, 32)
    long = 6.7275**2  # 1.1 to the power of 40
    np.testing.assert_allclose(
        (pull @ weights) @ (pull @ weights).T, long * (pull @ pull.T), rtol=1e-5
    )


def test_every_direction_is_as_frequent():
    # Without a draw of the signs, the first entry would always be negative.
    drawn = np.stack([orthogonal(2)(np.random.default_rng(s), 2, 2) for s in range(2000)])
    np.testing.assert_allclose(drawn.mean(axis=0), 0, atol=0.1)
    np.testing.assert_allclose((drawn**2).mean(axis=0), 2, atol=0.1)
    assert np.mean(np.linalg.det(drawn) > 0) == pytest.approx(0.5, abs=0.05)


def test_the_same_generator_draws_the_same():
    for init in [*NAMED, orthogonal(1)]:
        one, two = (init(np.random.default_rng(3), 4, 5) for _ in range(2))
        np.testing.assert_array_equal(one, two)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: uniform(-0.2), "limit has to be a positive number below 1e300, but got -0.2"),
        (lambda: orthogonal(0), "radius has to be a positive number below 1e300, but got 0"),
        (lambda: normal(0), "std has to be a positive number below 1e300, but got 0"),
        (lambda: normal(math.nan), "but got nan"),
        (lambda: uniform(1e301), "below 1e300, but got 1e"),
        (lambda: uniform("wide"), "but got 'wide'"),
        (lambda: normal(None), "but got None"),
        (lambda: normal([1.0]), r"but got \[1.0\]"),
        (lambda: constant(math.inf), "value has to be a finite number, but got inf"),
        (lambda: constant("0"), "value has to be a finite number, but got '0'"),
    ],
)
def test_numbers_that_make_no_sense(make, message):
    with pytest.raises(ValueError, match=message):
        make()


EVERY = [zeros, constant(0.5), uniform(0.5), normal(0.5), orthogonal(0.5), *NAMED]


def name(init):
    """Name a test's case without an address."""
    return getattr(init, "func", init).__name__


@pytest.mark.parametrize("sizes", [(0, 2), (2, -1), (2.0, 3), (None, 1), ("2", 3), ([2], 3)])
@pytest.mark.parametrize("init", EVERY, ids=name)
def test_sizes_that_make_no_sense(init, sizes):
    with pytest.raises(ValueError, match="has to be a whole number, at least 1, but got") as error:
        init(np.random.default_rng(0), *sizes)
    wrong = next(n for n in sizes if type(n) is not int or n < 1)
    assert f"but got {wrong!r}." in str(error.value)


@pytest.mark.parametrize("init", EVERY[2:], ids=name)
def test_a_seed_is_no_generator(init):
    with pytest.raises(TypeError, match=r"but got 42. Make one.*default_rng\(42\)"):
        init(42, 2, 3)
    with pytest.raises(TypeError, match=r"but got None. Make one.*default_rng\(0\)"):
        init(None, 2, 3)


@pytest.mark.parametrize("init", EVERY, ids=name)
def test_an_initializer_goes_to_a_worker_process(init):
    one, two = (f(np.random.default_rng(3), 4, 5) for f in (init, pickle.loads(pickle.dumps(init))))
    np.testing.assert_array_equal(one, two)


@pytest.mark.parametrize("init", EVERY, ids=name)
def test_numbers_of_numpy_are_numbers(init):
    drawn = init(np.random.default_rng(3), np.int64(4), np.uint8(5))
    np.testing.assert_array_equal(drawn, init(np.random.default_rng(3), 4, 5))
    assert drawn.dtype == np.float64


def test_the_table_has_them_all():
    made = {
        name
        for name, thing in vars(initializers).items()
        if name[0] != "_" and getattr(thing, "__module__", None) == initializers.__name__
    }
    assert len(made) == 11
    rows = {line.split()[0].partition("(")[0] for line in initializers.__doc__.splitlines() if line}
    assert made <= rows
