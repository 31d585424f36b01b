"""Maps: samples of many numbers drawn as points of a plane, by a projection or by neighbors.

``pca`` looks for the directions along which the samples differ most. t-SNE asks each sample whom it
would pick as a neighbor, and moves the points of the map until they would pick the same::

    mean, components = pca(x, 2)
    projected = (x - mean) @ components.T

    maps = tsne(x, 30, rng=rng)
    y = [next(maps) for _ in range(500)][-1]

Built in: maps.
"""

import itertools
import math

import numpy as np

from nnutils.numerics import as_floats, as_generator, as_number, as_whole, quiet
from nnutils.optimizers import Momentum


@quiet
def pca(x, k):
    """Return the mean, and the ``k`` directions along which samples differ most.

    Parameters
    ----------
    x : array of shape (samples, features)
    k : int
        From 1 to the smaller of the two sizes.

    Returns
    -------
    array of shape (features,)
        The mean, in the unit of ``x``.
    array of shape (k, features)
        The directions, each of length 1 and at right angles to the others, the one along which the
        variance is largest first. Their sign is free; here the largest entry is positive.

    Raises
    ------
    TypeError, ValueError
        If ``x`` is no such array of finite numbers, or ``k`` no such whole number.

    Notes
    -----
    Pearson, 1901; the singular value decomposition finds the directions without the covariance.
    Built in: maps.
    """
    x = _rows(x, "x", 1)
    if not isinstance(k, (int, np.integer)) or not 1 <= k <= min(x.shape):
        raise ValueError(
            f"k has to be a whole number from 1 to {min(x.shape)}, since x has the shape "
            f"{x.shape}, but got {k!r:.200}."
        )
    mean = x.mean(axis=0)
    components = np.linalg.svd(x - mean, full_matrices=False)[2][:k]
    # Rounded, so that of two entries of one size the first decides, on every machine.
    largest = np.argmax(np.abs(components).round(6), axis=1)
    return mean, components * np.sign(components[np.arange(k), largest])[:, None]


@quiet
def shares(x, perplexity):
    """Return whom each sample would pick as its neighbor, with so many likely choices.

    Parameters
    ----------
    x : array of shape (samples, features)
        At least two samples.
    perplexity : float
        How many choices each sample has, from 1 to the number of the others: e to the power of the
        entropy of its row.

    Returns
    -------
    array of shape (samples, samples)
        ``s[i, j]`` is the share of j among the picks of i. Each row adds up to 1; nobody picks
        itself.

    Raises
    ------
    TypeError, ValueError
        If ``x`` is no such array of finite numbers, or ``perplexity`` no such number.

    Notes
    -----
    The weight of j is exp(-b d), with d the squared distance. Bisection finds the b of each row
    that gives the perplexity. If more samples than that are equally near, all of these get the same
    share, as nothing tells them apart. Hinton and Roweis, 2002. Built in: maps.
    """
    given = _rows(x, "x", 2)
    perplexity = as_number(perplexity, "perplexity", 1, len(given) - 1)
    x = given.astype(float)
    x -= x.mean(axis=0)
    others = ~np.eye(len(x), dtype=bool)
    d = _squared_distances(_scaled(x))[others].reshape(len(x), -1)
    d = _scaled(d - d.min(axis=1, keepdims=True), axis=1)  # the nearest has the weight 1
    low, high = np.full((len(d), 1), -70.0), np.full((len(d), 1), 70.0)  # of log b
    for _ in range(60):
        middle = (low + high) / 2
        b = np.exp(middle)
        weights = np.exp(-b * d)
        total = weights.sum(axis=1, keepdims=True)
        entropy = np.log(total) + b * (weights * d).sum(axis=1, keepdims=True) / total
        too_many = entropy > math.log(perplexity)
        low, high = np.where(too_many, middle, low), np.where(too_many, high, middle)
    picks = np.zeros(others.shape, given.dtype)
    picks[others] = (weights / total).ravel()
    return picks


@quiet
def map_loss(y, p):
    """Return how far the neighbors in a map are from those that it should show, and the slopes.

    Parameters
    ----------
    y : array of shape (samples, axes)
        The places in the map.
    p : array of shape (samples, samples)
        Which pairs should be neighbors: shares that add up to 1 over the whole array, the same for
        (i, j) and (j, i). From the picks ``s`` of ``shares`` they are ``(s + s.T) / (2 * len(s))``.

    Returns
    -------
    float
        The Kullback-Leibler divergence from the map's own shares q to ``p``, in nats: the sum of
        p log(p / q). At least 0; 0 if they are equal.
    array like ``y``
        The slopes of the loss with the places.

    Raises
    ------
    TypeError, ValueError
        If ``y`` or ``p`` is no such array.

    Notes
    -----
    In the map a pair has the weight 1 / (1 + squared distance), and q is the weight divided by the
    sum of all. Van der Maaten and Hinton, 2008. Built in: maps.

    Examples
    --------
    >>> p = np.array([[0, 1, 1], [1, 0, 1], [1, 1, 0]]) / 6
    >>> value, slopes = map_loss([[0.0], [1.0], [2.0]], p)
    >>> round(value, 4)
    0.0823
    """
    y = _rows(y, "y", 2)
    p = _joint(p, len(y))
    q, slopes = _pulls(y, p)
    some = p > 0
    return float(np.sum(p[some] * np.log(p[some] / q[some]))), slopes.astype(y.dtype)


def tsne(x, perplexity, *, rng, start=None, rate=None, exaggeration=2, early=100):
    """Yield map after map of the samples, each one step downhill in ``map_loss``, without end.

    Parameters
    ----------
    x, perplexity
        As for ``shares``.
    rng : numpy.random.Generator
        Draws the first places, from a normal distribution with a spread of 0.0001.
    start : array of shape (samples, 2), optional
        Places around which the first are drawn; 0 for all of them, if it is left out.
    rate : float, optional
        Learning rate, above 0; a fifth of the number of samples, if it is left out.
    exaggeration : float
        So many times too large are the shares of the pairs in the first ``early`` steps, above 0.
    early : int
        At least 0.

    Yields
    ------
    array of shape (samples, 2)
        A new array for each step, with the middle of all places at 0.

    Raises
    ------
    FloatingPointError
        When a map is no longer finite: the rate is too high.
    TypeError, ValueError
        If an argument is not as said above.

    Notes
    -----
    Van der Maaten and Hinton, 2008. The steps are those of ``Momentum``. On data with groups
    rounding does not grow in them, so that a seed gives the same map on every machine. Two samples
    that pick only each other are a spring with a curvature of 8 / samples: with the momentum 0.9
    and the exaggeration 2, rates up to 0.2375 times the number of samples are safe. A step takes
    time in proportion to the square of that number; if samples have hundreds of features, ``pca``
    to fewer ones first makes ``shares`` faster. Built in: maps.
    """
    p = shares(x, perplexity)
    p = (p + p.T) / (2 * len(p))
    as_generator(rng)
    start = np.zeros((len(p), 2)) if start is None else _rows(start, "start", 2)
    if start.shape != (len(p), 2):
        raise ValueError(
            f"start has to have two numbers for each of the {len(p)} samples, but got "
            f"{start.shape}."
        )
    rate = len(p) / 5 if rate is None else as_number(rate, "rate", 1e-300)
    exaggeration = as_number(exaggeration, "exaggeration", 1e-300)
    early = as_whole(early, "early", least=0)
    y = (start + rng.normal(0, 1e-4, start.shape)).astype(p.dtype)
    y -= y.mean(axis=0)
    return _descend(y, p, Momentum(rate), exaggeration, early)


def _descend(y, p, optimizer, exaggeration, early):
    state = optimizer.init(y)
    for t in itertools.count(1):
        with np.errstate(all="ignore"):  # told below, in a sentence
            _, slopes = _pulls(y, p * (exaggeration if t <= early else 1))
            optimizer.step(y, slopes, state, t)
        if not np.isfinite(y).all():
            raise FloatingPointError(
                f"At step {t} the map is no longer finite. Try a lower rate than "
                f"{optimizer.learning_rate:g}."
            )
        yield y.copy()


def _pulls(y, p):
    """Return the shares of the pairs of a map, and the slopes of its loss."""
    weights = 1 / (1 + _squared_distances(y))
    np.fill_diagonal(weights, 0)
    q = weights / weights.sum()
    pulls = 4 * (p - q) * weights
    return q, pulls.sum(axis=1, keepdims=True) * y - pulls @ y


def _squared_distances(x):
    """Return (n, n): column by column, so that equal rows are exactly 0 apart."""
    total = np.zeros((len(x), len(x)), x.dtype)
    for column in x.T:
        total += (column[:, None] - column) ** 2
    return total


def _scaled(x, axis=None):
    """Divide by the largest entry, unless all are 0."""
    largest = np.abs(x).max(axis=axis, keepdims=True, initial=0)
    return x / np.where(largest > 0, largest, 1)


def _rows(x, name, least):
    x = as_floats(x, name)
    if x.ndim != 2 or len(x) < least or not x.shape[1]:
        raise ValueError(
            f"{name} has to have a row for each sample, at least {least}, and a column for each "
            f"number, but got an array of shape {x.shape}. Pictures become rows by "
            "pictures.reshape(len(pictures), -1)."
        )
    if not np.isfinite(np.vdot(x, x)):
        raise ValueError(
            f"{name} has to hold finite numbers, whose squares do not overflow, but got "
            f"{np.count_nonzero(~np.isfinite(x))} that are not finite, and sizes up to "
            f"{np.abs(x).max():g}."
        )
    return x


def _joint(p, n):
    p = as_floats(p, "p")
    if p.shape != (n, n):
        raise ValueError(f"p has to be of shape {(n, n)}, since y has {n} rows, but got {p.shape}.")
    total = p.sum()
    fair = np.abs(p - p.T).max() <= 1e-6 * p.max() and not p.diagonal().any()
    if not (p.min() >= 0 and abs(total - 1) < 1e-4 and fair):
        raise ValueError(
            "p has to hold shares of pairs: at least 0, the same for (i, j) and (j, i), 0 on the "
            f"diagonal, with the sum 1. Got numbers from {p.min():g} to {p.max():g} with the sum "
            f"{total:g}. From s = shares(x, perplexity) they are (s + s.T) / (2 * len(s))."
        )
    return p
