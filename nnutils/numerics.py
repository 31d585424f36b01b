"""Four functions that overflow when they are written as in a textbook, written so that they do not.

The idea is the same each time: take the exponential of a negative number only, because it lies
between 0 and 1 and cannot overflow.

Every function takes a number or an array of any shape and works in float64 unless given float32.
Built in: activations.
"""

import numpy as np


def sigmoid(x):
    """Return 1 / (1 + exp(-x)), entry by entry, in the shape of ``x``.

    Raises TypeError when ``x`` does not hold real numbers. Built in: activations.
    """
    x = _real(x)
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, e) / (1 + e)


def softplus(x):
    """Return log(1 + exp(x)), entry by entry, in the shape of ``x``; its slope is the sigmoid.

    Raises TypeError when ``x`` does not hold real numbers. Built in: activations.
    """
    x = _real(x)
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


def logsumexp(x, axis):
    """Return log(sum(exp(x))) along ``axis``, which is removed from the shape.

    Subtracting the largest entry first changes nothing but the size of the numbers:
    log(sum(exp(x))) = m + log(sum(exp(x - m))).

    Parameters
    ----------
    x : array of shape (..., n, ...)
    axis : int

    Raises
    ------
    TypeError
        If ``x`` does not hold real numbers, or ``axis`` is not one whole number.
    ValueError
        If ``x`` has no such axis, or no entries along it.

    Notes
    -----
    Built in: losses.
    """
    x, top = _with_top(x, axis)
    top = np.where(np.isfinite(top), top, 0)
    with np.errstate(divide="ignore"):  # all entries -inf: the log of 0 is right
        return np.squeeze(top, axis) + np.log(np.sum(np.exp(x - top), axis=axis))


def softmax(x, axis):
    """Return exp(x) / sum(exp(x)) along ``axis``, in the shape of ``x``; each slice sums to 1.

    A slice that holds NaN, inf, or nothing but -inf has no such shares, and becomes NaN.
    Parameters and errors are those of ``logsumexp``. Built in: activations.
    """
    x, top = _with_top(x, axis)
    with np.errstate(invalid="ignore"):  # inf - inf: the NaN that was promised
        e = np.exp(x - top)
    return e / np.sum(e, axis=axis, keepdims=True)


def _real(x):
    array = np.asarray(x)
    if array.dtype.kind not in "iufb":
        raise TypeError(
            f"Expected a real number or an array of them, but got {x!r} "
            f"(dtype {array.dtype}). Convert it with numpy.asarray(x, dtype=float)."
        )
    return array if array.dtype.kind == "f" else array.astype(float)


def _with_top(x, axis):
    """Return x and its largest entry along axis, which is kept with length 1."""
    x = _real(x)
    if not isinstance(axis, (int, np.integer)):
        raise TypeError(
            f"axis has to be one whole number, but got {axis!r}. "
            "Say along which axis to add up: 1 for each row of a batch, -1 for the last axis."
        )
    if not -x.ndim <= axis < x.ndim or x.shape[axis] == 0:
        raise ValueError(
            f"Cannot add up axis {axis} of an array of shape {x.shape}. "
            "Pass an axis that the array has, with at least one entry along it."
        )
    return x, np.max(x, axis=axis, keepdims=True)
