"""L-BFGS: its step against the dense matrix it stands for, its minimum against SciPy's."""

from itertools import islice

import numpy as np
import pytest
from scipy.optimize import minimize

from nnutils.activations import relu
from nnutils.data import digits
from nnutils.initializers import zeros
from nnutils.losses import cross_entropy
from nnutils.network import mlp
from nnutils.numerics import quiet
from nnutils.optimizers import _two_loops, lbfgs


def bowl(n, seed=0):
    """Return a parabola with random axes, as (value, gradient), and the place of its bottom."""
    rng = np.random.default_rng(seed)
    root, lean = rng.normal(size=(n, n)), rng.normal(size=n)
    curved = root @ root.T + np.eye(n)
    return lambda x: (x @ curved @ x / 2 - lean @ x, curved @ x - lean), np.linalg.solve(
        curved, lean
    )


def rosenbrock(x):
    a, b = x
    return (1 - a) ** 2 + 100 * (b - a * a) ** 2, np.array(
        [-2 * (1 - a) - 400 * a * (b - a * a), 200 * (b - a * a)]
    )


def softmax_regression():
    """Return the penalized loss of a single layer on 300 digits, which is convex."""
    images, labels = digits()
    x = images[:300].reshape(-1, 64) / 8 - 1
    net = mlp([64, 10], relu, init=zeros, rng=np.random.default_rng(0))

    def loss(theta):
        net.theta = theta
        return net.loss_and_grad(x, labels[:300], cross_entropy, l2=0.01), net.grad

    return loss, net.theta.copy()


def last(walk):
    *_, end = walk
    return end


def test_a_parabola_by_hand():
    """4 x^2 / 2 from x = 3: slope 12, a step of 1 to 2, where it is 8. Curved by (12 - 8) / 1."""
    walk = list(lbfgs(lambda x: (float(2 * x @ x), 4 * x), np.array([3.0])))
    assert [(calls, value, float(x[0])) for calls, value, x in walk] == [
        (1, 18, 3),
        (2, 8, 2),
        (3, 0, 0),
    ]


def test_the_step_is_that_of_the_dense_matrix():
    """H = (1 - r s y') H (1 - r y s') + r s s' for each pair, from s'y / y'y (Nocedal, 1980)."""
    rng = np.random.default_rng(1)
    for n, known in [(1, 1), (2, 5), (7, 3), (12, 10)]:
        curved = bowl(n)[0]
        steps = rng.normal(size=(known, n))
        pairs = [(s, curved(s)[1] - curved(0 * s)[1]) for s in steps]
        s, y = pairs[-1]
        dense = np.eye(n) * (s @ y) / (y @ y)
        for s, y in pairs:
            r, one = 1 / (s @ y), np.eye(n)
            left = one - r * np.outer(s, y)
            dense = left @ dense @ left.T + r * np.outer(s, s)
        grad = rng.normal(size=n)
        expected = dense @ grad
        size = np.abs(expected).max()
        np.testing.assert_allclose(_two_loops(grad, pairs), expected, rtol=0, atol=1e-10 * size)


def test_the_last_change_of_slopes_leads_to_the_last_step():
    """What every quasi-Newton matrix has to keep: H y = s for the newest pair."""
    rng = np.random.default_rng(2)
    pairs = [(s, 3 * s + 0.1 * rng.normal(size=6)) for s in rng.normal(size=(4, 6))]
    np.testing.assert_allclose(_two_loops(pairs[-1][1], pairs), pairs[-1][0], rtol=1e-10)


@pytest.mark.parametrize("n", [1, 2, 20])
def test_the_bottom_of_a_bowl_is_found(n):
    f, bottom = bowl(n)
    calls, value, x = last(lbfgs(f, np.zeros(n)))
    np.testing.assert_allclose(x, bottom, atol=1e-6)
    assert value == pytest.approx(f(bottom)[0], abs=1e-12)


@pytest.mark.parametrize(
    "problem",
    [(bowl(20)[0], np.ones(20)), (rosenbrock, np.array([-1.2, 1.0])), softmax_regression()],
    ids=["bowl", "rosenbrock", "softmax regression"],
)
def test_the_minimum_is_that_of_scipy(problem):
    f, start = problem
    exact = {"ftol": 0, "gtol": 1e-9, "maxiter": 2000, "maxfun": 20000}
    its = minimize(f, start, jac=True, method="L-BFGS-B", options=exact)
    calls, value, x = last(islice(lbfgs(f, start), 2000))
    assert value == pytest.approx(its.fun, abs=1e-10)
    np.testing.assert_allclose(x, its.x, atol=1e-5)
    assert calls < 10 * its.nfev


def test_every_step_goes_down_and_counts_its_calls():
    seen = []

    def counted(x):
        seen.append(x.copy())
        return rosenbrock(x)

    start = np.array([-1.2, 1.0])
    walk = list(lbfgs(counted, start, memory=3))
    assert (np.diff([value for _, value, _ in walk]) < 0).all()
    assert walk[-1][0] <= len(seen)
    assert start.tolist() == [-1.2, 1.0]
    for calls, value, x in walk:
        assert value == rosenbrock(x)[0]
        assert (seen[calls - 1] == x).all()


def test_places_are_the_callers_own():
    f, _ = bowl(3)
    clean = [x.tolist() for _, _, x in lbfgs(f, np.ones(3))]
    spoiled = []
    for _, _, x in lbfgs(f, np.ones(3)):
        spoiled.append(x.tolist())
        x[:] = np.nan
    assert spoiled == clean


def test_it_ends_where_the_slope_is_0_and_starts_from_whatever_holds_numbers():
    assert len(list(lbfgs(lambda x: (0.0, 0 * x), np.zeros(2)))) == 1
    f = bowl(2)[0]
    expected = last(lbfgs(f, np.array([1.0, 2.0])))[2]
    for start in ([1, 2], (1.0, 2.0), np.float32([1, 2]), np.array([1, 2])):
        assert (last(lbfgs(f, start))[2] == expected).all()


def test_a_gradient_that_is_overwritten_does_no_harm():
    f, bottom = bowl(4)
    kept = np.empty(4)

    def same_array(x):
        value, kept[:] = f(x)
        return value, kept

    np.testing.assert_allclose(last(lbfgs(same_array, np.zeros(4)))[2], bottom, atol=1e-6)


@pytest.mark.parametrize("lost", [np.nan, np.inf])
def test_a_cliff_is_stepped_back_from(lost):
    """Beyond 1 the loss is not finite; the minimum lies at 0.9."""

    def cliff(x):
        return (lost if x[0] > 1 else float((x[0] - 0.9) ** 2)), 2 * (x - 0.9)

    with np.errstate(all="raise"):
        assert last(lbfgs(cliff, np.array([-50.0])))[2] == pytest.approx([0.9], abs=1e-6)


def test_strict_floats_change_nothing():
    @quiet
    def tiny(x):
        return float(1e-200 * x @ x), 2e-200 * x

    outcomes = []
    for how in ("raise", "ignore"):
        with np.errstate(all=how):
            walk = islice(lbfgs(tiny, np.array([1e-120, 1e-150])), 50)
            outcomes.append([(calls, value, x.tolist()) for calls, value, x in walk])
            assert np.geterr()["under"] == how
    assert outcomes[0] == outcomes[1]


@pytest.mark.parametrize(
    ("theta", "memory", "message"),
    [
        ([1.0, np.nan], 10, "theta has to be a vector of finite numbers"),
        ([[1.0]], 10, r"of shape \(1, 1\)"),
        (1.0, 10, r"of shape \(\)"),
        ([], 10, r"of shape \(0,\)"),
        ([1.0], 0, "memory has to be a whole number, at least 1, but got 0"),
        ([1.0], 2.5, "but got 2.5"),
    ],
)
def test_starts_that_are_none_are_refused_at_once(theta, memory, message):
    with pytest.raises(ValueError, match=message):
        lbfgs(lambda x: (0.0, x), theta, memory)


@pytest.mark.parametrize(
    ("f", "kind", "message"),
    [
        (lambda x: 1.0, TypeError, "f has to return a loss, one number, and its gradient"),
        (lambda x: (None, x), TypeError, "f has to return a loss"),
        (lambda x: (1.0, "up"), TypeError, "The gradient that f returned has to hold real numbers"),
        (lambda x: (1.0, x[:1]), ValueError, r"shape \(1,\) for a theta of shape \(2,\)"),
        (lambda x: (np.nan, x), ValueError, "At the start the loss is nan, and 0 of 2 slopes"),
        (lambda x: (1.0, x * np.inf), ValueError, "and 2 of 2 slopes are nan or infinite"),
    ],
)
def test_functions_that_return_no_loss_and_gradient(f, kind, message):
    with pytest.raises(kind, match=message):
        lbfgs(f, [1.0, 2.0])
