"""What holds weights down: numbers by hand, what always holds, what peers do, what is refused."""

import numpy as np
import pytest

from nnutils.penalties import max_norm, shrink, shrink_rows

EVERY = {"max_norm": max_norm, "shrink": shrink, "shrink_rows": shrink_rows}
each = pytest.mark.parametrize("penalty", EVERY.values(), ids=EVERY)


def weights(seed=0, shape=(6, 4), dtype=float):
    return np.random.default_rng(seed).normal(0, 2, shape).astype(dtype)


def applied(penalty, w, amount):
    w = np.array(w)
    assert penalty(w, amount) is None
    return w


def test_max_norm_by_hand():
    # Lengths 5, 1 and 0. At most 2: 3 and 4 become 3 * 2/5 and 4 * 2/5.
    w = np.array([[3.0, 0.6, 0.0], [4.0, -0.8, 0.0]])
    np.testing.assert_allclose(applied(max_norm, w, 2), [[1.2, 0.6, 0], [1.6, -0.8, 0]])


def test_shrink_by_hand():
    w = np.array([3.0, -3.0, 0.5, -0.5, 0.4, 0.0])
    np.testing.assert_array_equal(applied(shrink, w, 0.5), [2.5, -2.5, 0, 0, 0, 0])


def test_shrink_rows_by_hand():
    # Lengths 5 and 1. Shorter by 2: 3/5 of the first is left, nothing of the second.
    w = np.array([[3.0, 4.0], [0.6, -0.8]])
    np.testing.assert_allclose(applied(shrink_rows, w, 2), [[1.8, 2.4], [0, 0]])


@pytest.mark.parametrize("seed", range(5))
def test_what_always_holds(seed):
    w, amount = weights(seed), 0.2 + seed
    lengths = np.linalg.norm(applied(max_norm, w, amount), axis=0)
    np.testing.assert_allclose(lengths, np.minimum(np.linalg.norm(w, axis=0), amount))
    np.testing.assert_allclose(
        applied(shrink, w, amount), np.sign(w) * np.maximum(np.abs(w) - amount, 0)
    )
    lengths = np.linalg.norm(applied(shrink_rows, w, amount), axis=1)
    np.testing.assert_allclose(lengths, np.maximum(np.linalg.norm(w, axis=1) - amount, 0))
    for penalty in (shrink, shrink_rows):
        twice = applied(penalty, applied(penalty, w, amount / 2), amount / 2)
        np.testing.assert_allclose(twice, applied(penalty, w, amount), atol=1e-12)
    once = applied(max_norm, w, amount)
    np.testing.assert_allclose(applied(max_norm, once, amount), once)


@each
def test_nothing_happens_where_nothing_is_too_long(penalty):
    w = weights()
    np.testing.assert_array_equal(applied(penalty, w, 1e9 if penalty is max_norm else 0), w)
    np.testing.assert_array_equal(applied(penalty, 0 * w, 0.5), 0 * w)
    np.testing.assert_array_equal(applied(penalty, w, 0 if penalty is max_norm else 1e9), 0 * w)
    assert applied(penalty, np.zeros((0, 3)), 1).shape == (0, 3)
    assert applied(penalty, np.zeros((3, 0)), 1).shape == (3, 0)


@each
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_large_and_small_weights_under_strict_errors(penalty, dtype):
    top = np.finfo(dtype).max / 16
    scales = dtype(top), dtype(1), dtype(np.finfo(dtype).tiny * 1e6)
    with np.errstate(all="raise"):
        for scale in scales:
            w = weights(dtype=dtype) * scale
            after = applied(penalty, w, float(scale))
            assert after.dtype == dtype
            right = applied(penalty, weights(), 1.0)
            np.testing.assert_allclose(after / scale, right, rtol=1e-5, atol=1e-6)


@each
def test_a_view_is_changed_and_nan_stays_where_it_is(penalty):
    w = weights(shape=(8, 8))
    before, part = w.copy(), w[::2, 1:4]
    penalty(part, 0.5)
    np.testing.assert_array_equal(w[1::2], before[1::2])
    assert not (w[::2, 1:4] == before[::2, 1:4]).all()
    w = weights()
    w[2, 1] = np.nan
    after = applied(penalty, w, 0.5)
    clean = np.isfinite(w).all(axis=1)
    clean = clean[:, None] & np.isfinite(w).all(axis=0)
    assert np.isfinite(after[clean]).all()
    assert np.isnan(after[2, 1])


@each
@pytest.mark.parametrize("amount", [-1, np.nan, np.inf, None, "1", [1.0], 1j, np.ones(2)])
def test_amounts_that_are_none(penalty, amount):
    w = weights()
    with pytest.raises(ValueError, match="has to be a finite number, at least 0, but got"):
        penalty(w, amount)
    np.testing.assert_array_equal(w, weights())


@each
@pytest.mark.parametrize(
    "bad", [[[1.0, 2.0]], None, 3.0, "w", np.ones((2, 2), int), np.ones((2, 2), complex)]
)
def test_weights_that_cannot_be_changed(penalty, bad):
    with pytest.raises(TypeError, match="changed in place, so they have to be an array of floats"):
        penalty(bad, 1)


@pytest.mark.parametrize("penalty", [max_norm, shrink_rows])
@pytest.mark.parametrize("shape", [(4,), (), (2, 2, 2)])
def test_columns_and_rows_need_a_matrix(penalty, shape):
    with pytest.raises(ValueError, match=r"of shape \(inputs, units\), but got"):
        penalty(np.ones(shape), 1)
    assert applied(shrink, np.ones(shape), 0.25).shape == shape


@pytest.mark.peers
@pytest.mark.parametrize("limit", [0.5, 3.0, 20.0])
def test_max_norm_is_that_of_pytorch(limit):
    import torch

    w = weights()
    theirs = torch.renorm(torch.tensor(w), p=2, dim=1, maxnorm=limit).numpy()
    np.testing.assert_allclose(applied(max_norm, w, limit), theirs, rtol=1e-6)


def descent(penalty, x, y, amount, steps=20_000):
    """Least squares by gradient descent, with a penalty after each step."""
    w, rate = np.zeros((x.shape[1], y.shape[1])), len(x) / np.linalg.norm(x, 2) ** 2
    for _ in range(steps):
        w -= rate * x.T @ (x @ w - y) / len(x)
        penalty(w, rate * amount)
    return w


@pytest.mark.peers
@pytest.mark.parametrize("seed", range(3))
def test_descent_with_them_ends_where_scikit_learn_ends(seed):
    from sklearn.linear_model import Lasso, MultiTaskLasso

    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=(30, 8)), rng.normal(size=(30, 3))
    given = {"alpha": 0.1, "fit_intercept": False, "tol": 1e-14, "max_iter": 100_000}
    lasso = Lasso(**given).fit(x, y[:, 0]).coef_
    ours = descent(shrink, x, y[:, :1], 0.1)[:, 0]
    np.testing.assert_allclose(ours, lasso, atol=1e-10)
    assert ((ours == 0) == (lasso == 0)).all()
    rows = MultiTaskLasso(**given).fit(x, y).coef_.T
    ours = descent(shrink_rows, x, y, 0.1)
    np.testing.assert_allclose(ours, rows, atol=1e-8)
    assert ((ours == 0) == (rows == 0)).all()
