"""Metrics: how good yes and no are, how well scores sort, and what a probability is worth.

They are for people to read; no network learns from them. ``true`` says of each sample whether it
is what is looked for, as True and False or 1 and 0.

All of them raise TypeError for anything but real numbers; and ValueError for shapes that do not
fit, no samples at all, nan or infinity, and answers other than 0 and 1. Built in: rare.
"""

import math

import numpy as np

from nnutils.numerics import as_floats, as_whole, quiet

COLDEST, HOTTEST = 0.05, 20  # between them ``temperature`` looks


@quiet
def precision_recall(said, true):
    """Return the share of the yeses that are right, and the share of the true that got a yes.

    Parameters
    ----------
    said, true : array of shape (samples,)
        The answers, and what is true; each True or False, or 1 or 0.

    Returns
    -------
    (float, float)
        hits / (hits + false alarms) and hits / (hits + misses). A share of nothing is nan: the
        precision if there is no yes, the recall if nothing is true.

    Notes
    -----
    After van Rijsbergen, *Information Retrieval*, 1979. Built in: rare.
    """
    said, true = _together(_answers(said, "said"), _answers(true, "true"))
    hits = np.sum(said & true)
    return float(hits / np.sum(said)), float(hits / np.sum(true))


def roc(scores, true):
    """Return how many false alarms and hits there are for every threshold, as shares.

    Parameters
    ----------
    scores : array of shape (samples,)
        The higher, the rather a yes. Logits and probabilities give the same.
    true : array of shape (samples,)
        True or False, or 1 or 0; there has to be one of each at least.

    Returns
    -------
    (array, array) of shape (different scores + 1,)
        Beginning with the highest threshold, at which nothing is a yes: the share of the false that
        gets one, and the share of the true. Samples with equal scores get it together.

    Notes
    -----
    The receiver operating characteristic, after Green and Swets, *Signal Detection Theory and
    Psychophysics*, 1966. Built in: rare.
    """
    scores, true = _together(_row(scores, "scores"), _answers(true, "true"))
    if true.all() or not true.any():
        raise ValueError(
            f"All {true.size} samples are {'true' if true.all() else 'false'}, but a curve of hits "
            "against false alarms needs some of both. Take more samples."
        )
    order = np.argsort(-scores, kind="stable")
    last = np.append(np.diff(scores[order]) != 0, True)  # of those with the same score
    alarms, hits = np.cumsum(~true[order])[last], np.cumsum(true[order])[last]
    return np.append(0, alarms / alarms[-1]), np.append(0, hits / hits[-1])


def area(x, y):
    """Return the area under a line through points, from left to right.

    Parameters
    ----------
    x, y : array of shape (points,)
        At least two points; ``x`` never falls.

    Returns
    -------
    float
        Under the curve of ``roc`` it is the share of pairs, one true and one false sample, of which
        the true one has the higher score. Pairs with equal scores count half.

    Notes
    -----
    Sum of trapezoids: width times mean height. That it is the share of pairs was shown by Bamber,
    1975. Built in: rare.
    """
    x, y = _together(_row(x, "x"), _row(y, "y"))
    if len(x) < 2 or np.any(np.diff(x) < 0):
        raise ValueError(
            f"x has to hold two numbers at least, and never fall, but got {x!r:.200}. Sort the "
            "points from left to right, x and y alike."
        )
    return float(np.sum(np.diff(x) * (y[1:] + y[:-1]) / 2))


def reliability(p, right, bins=10):
    """Compare how sure answers were with how often they were right.

    Parameters
    ----------
    p : array of shape (samples,)
        The probability that each answer was given, from 0 to 1.
    right : array of shape (samples,)
        Whether it was right.
    bins : int
        Into how many parts of equal width 0 to 1 is cut. A part holds its lower end, the last one
        also 1.

    Returns
    -------
    (array, array, array of int)
        For each part that holds answers: their mean probability, the share that was right, and how
        many they are.

    Notes
    -----
    The reliability diagram of weather forecasters, after Murphy and Winkler, 1977. Built in: rare.
    """
    p, right = _together(_row(p, "p"), _answers(right, "right"))
    if p.min() < 0 or p.max() > 1:
        raise ValueError(
            f"p has to hold probabilities, from 0 to 1, but it runs from {p.min():g} to "
            f"{p.max():g}. Turn scores into probabilities with sigmoid or softmax."
        )
    bins = as_whole(bins, "bins")
    part = np.searchsorted(np.arange(1, bins) / bins, p, side="right")
    counts = np.bincount(part, minlength=bins)
    held = counts > 0
    said = np.bincount(part, p, bins)[held] / counts[held]
    return said, np.bincount(part, right, bins)[held] / counts[held], counts[held]


def temperature(logits, labels, loss):
    """Return the number by which all logits have to be divided for the lowest loss.

    Parameters
    ----------
    logits : array of shape (samples, classes), or whatever ``loss`` takes
        Of samples that the network was not trained on.
    labels : array
        As ``loss`` takes them.
    loss : callable
        ``cross_entropy`` or ``binary_cross_entropy`` of ``nnutils.losses``.

    Returns
    -------
    float
        Between 0.05 and 20; at an end if the loss falls on beyond it, as where all answers are
        right, and surer would be better still.

    Notes
    -----
    The slope of the loss with 1/T is the sum of logits times slopes with the outputs. It rises
    with 1/T, so halving finds where it is 0. After Guo and others, *On Calibration of Modern Neural
    Networks*, 2017. Built in: rare.
    """
    logits = as_floats(logits, "logits")
    low, high = COLDEST, HOTTEST
    for _ in range(60):
        middle = math.sqrt(low * high)
        slope = np.vdot(loss(logits / middle, labels)[1], logits)
        low, high = (middle, high) if slope > 0 else (low, middle)
    return math.sqrt(low * high)


def _row(x, name):
    x = as_floats(x, name)
    if x.ndim != 1 or not x.size:
        raise ValueError(
            f"{name} has to be a row with one number for each sample, at least one, but has shape "
            f"{x.shape}. Of the outputs of a network take a column: net(x)[:, 0]."
        )
    if not np.isfinite(x).all():
        raise ValueError(
            f"{name} has to hold finite numbers, but {np.sum(~np.isfinite(x))} of {x.size} are nan "
            "or infinite. Look where they were made: 0/0, overflow, steps that are too large?"
        )
    return x


def _answers(x, name):
    """Return a row of True and False."""
    x = _row(x, name)
    strange = (x != 0) & (x != 1)
    if strange.any():
        raise ValueError(
            f"{name} has to say yes or no for each sample, as True and False or 1 and 0, but there "
            f"is a {x[strange][0]:g}. Compare first: scores > 0, or labels == 8."
        )
    return x == 1


def _together(one, other):
    if one.shape != other.shape:
        raise ValueError(
            f"Got rows of {one.size} and {other.size} numbers. Both have to speak of the same "
            "samples, in the same order."
        )
    return one, other
