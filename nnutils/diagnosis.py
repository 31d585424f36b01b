"""Examinations of a training that does not learn, or learns less than it should.

Each takes a network and a few rows, needs no more than some hundred updates, and leaves ``theta``
as it was; ``grad`` holds the last slopes afterwards. None of them can prove that a training is
sound: the chapter *Debugging* measures which faults each one finds. Built in: debugging.
"""

import math
from typing import NamedTuple

import numpy as np

from nnutils.layers import Parameters
from nnutils.numerics import as_array, as_floats, as_whole, quiet
from nnutils.training import steps


@quiet
def affine_gap(net, x):
    """Return how far a function is from a straight one: 0 if nothing in it bends.

    The rows are taken in pairs. A function without a bend has at the midpoint of two rows the mean
    of its two values; what it is off there, as a share of how far the two values are apart, is the
    gap. A network of dense layers alone stays below 1e-12.

    Parameters
    ----------
    net : callable
        Takes ``x``, returns an output, or a row of them, for each row; such as a network.
    x : array of shape (samples, inputs)
        At least two rows. The first half is paired with the second; an odd row is left out.

    Returns
    -------
    float
        The mean size of the difference at midpoints, over that between ends. 0 if the function is
        constant on these rows, nan if it returns numbers that are not finite.

    Raises
    ------
    TypeError, ValueError
        If ``x`` holds no finite real numbers, or less than two rows.

    Notes
    -----
    Built in: debugging.
    """
    x = as_floats(x, "x")
    half = len(x) // 2 if x.ndim else 0
    if x.ndim != 2 or not half or not np.isfinite(x).all():
        raise ValueError(
            f"x has to hold at least two rows of finite numbers, but got shape {x.shape}"
            f"{'' if np.isfinite(x).all() else ' with nan or infinity'}. Pass some samples, each "
            "in a row."
        )
    a, b = x[:half], x[half : 2 * half]
    at_a, at_b, middle = (as_floats(net(rows), "net(x)") for rows in (a, b, a / 2 + b / 2))
    off, apart = np.abs(at_a / 2 + at_b / 2 - middle).mean(), np.abs(at_a - at_b).mean()
    return float(off / apart) if off else 0.0


@quiet
def kept_promise(net, loss, optimizer, x, targets):
    """Return (cosine, kept) of the first step: where it goes, and what came of what it promised.

    The slopes promise that a step s changes the loss by their product with s. ``cosine`` is that of
    the angle between s and straight downhill: 1 for plain gradient descent, -1 uphill. ``kept`` is
    the change that came over the change that was promised. In a parabola of curvature c, with the
    rate r, it is 1 - r c / 2: one half at the best rate, below 0 where the loss rises.

    Parameters
    ----------
    net : Network
        Its ``theta`` is as before afterwards.
    loss, optimizer
        As for ``steps``. The optimizer begins afresh: this is its first step.
    x, targets : array
        A batch.

    Returns
    -------
    (float, float)
        Both are 0 if the step, or the slopes, are all 0. ``kept`` is infinite if the loss
        is no finite number after the step.

    Raises
    ------
    TypeError, ValueError
        If the batch does not fit the network or the loss.

    Notes
    -----
    Built in: debugging.
    """
    theta, before = net.theta.copy(), net.loss_and_grad(x, targets, loss)
    slopes = net.grad.copy()
    try:
        optimizer.step(net.theta, net.grad, optimizer.init(theta), 1)
        change, outputs = net.theta - theta, net(x)
        after = float(loss(outputs, targets)[0]) if np.isfinite(outputs).all() else math.inf
    finally:
        net.theta, net.grad[:] = theta, slopes
    promised = float(np.vdot(slopes, change))
    if not promised:
        return 0.0, 0.0
    return -float(np.vdot(_unit(slopes), _unit(change))), (after - before) / promised


def _unit(vector):
    """Return a vector of length 1; the largest entry is taken off first, so nothing overflows."""
    vector = vector / np.abs(vector).max()
    return vector / np.linalg.norm(vector)


def overfit(net, loss, optimizer, x, targets, updates=300):
    """Train on a single batch, over and over, and return its loss then.

    What has enough parameters and learns at all knows a small batch by heart, and comes near 0.

    Parameters
    ----------
    net : Network
        Its ``theta`` is as before afterwards.
    loss, optimizer
        As for ``steps``.
    x, targets : array
        A small batch, such as 32 samples.
    updates : int
        How many, at least 1.

    Returns
    -------
    float
        inf if the training runs away.

    Raises
    ------
    TypeError, ValueError
        If the batch does not fit the network or the loss, or ``updates`` is no such number.

    Notes
    -----
    Built in: debugging.
    """
    updates = as_whole(updates, "updates")
    theta = net.theta.copy()
    try:
        for _ in steps(net, loss, optimizer, ((x, targets) for _ in range(updates))):
            pass
        return float(loss(net(x), targets)[0])
    except FloatingPointError:
        return math.inf
    finally:
        net.theta = theta


class Row(NamedTuple):
    """What ``layer_report`` says of a layer. Built in: debugging.

    Attributes
    ----------
    layer : str
    spread : float
        Standard deviation of all outputs.
    silent : float
        The share of its outputs that are above 0 for no sample. Of a ReLU these are dead units.
    slope : float or None
        The root of the mean squared slope of the loss with its numbers; None if it has none.
    """

    layer: str
    spread: float
    silent: float
    slope: float | None


@quiet
def layer_report(net, x, targets, loss):
    """Return a ``Row`` for each layer: spread of its outputs, silent units, size of its slopes.

    Parameters are those of ``Network.loss_and_grad``; so are the errors. Built in: debugging.
    """
    if len(as_array(x, "x")) == 0:
        raise ValueError("x holds no samples: there is nothing to report. Pass a batch.")
    net.loss_and_grad(x, targets, loss)
    return [
        Row(
            repr(layer),
            float(np.std(out)),
            float(np.mean(np.max(out, axis=0) <= 0)),
            float(np.sqrt(np.mean(layer.grad**2))) if isinstance(layer, Parameters) else None,
        )
        for layer, out in zip(net.layers, net.trace(x))
    ]
