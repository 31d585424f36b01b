"""What holds weights down, done to the weights themselves after a step, in place.

For a dense layer's ``weights`` of shape (inputs, units)::

    for t, loss in steps(net, cross_entropy, Adam(0.01), stream):
        max_norm(net.layers[0].weights, 2)

=================== ============================================== =====================
name                what a step leaves over                        described by
=================== ============================================== =====================
max_norm(w, limit)  each column w, times min(1, limit / size(w))   Srebro and Shraibman, 2005
shrink(w, amount)   sign(w) max(size(w) - amount, 0), each entry   Donoho and Johnstone, 1994
shrink_rows(w, ...) each row w, times max(0, 1 - amount / size(w)) Yuan and Lin, 2006
=================== ============================================== =====================

The size of an entry is its absolute value, that of a row or column its length. ``shrink`` after
each step of the rate r, with an amount of r times ``l1``, is gradient descent with the penalty
``l1``, except that weights become exactly 0. Built in: regularization.
"""

import math

import numpy as np

from nnutils.numerics import as_number, quiet


@quiet
def max_norm(weights, limit):
    """Shorten every unit's column of weights that is longer than ``limit``, to that length.

    Parameters
    ----------
    weights : array of shape (inputs, units)
        Of floats; changed in place.
    limit : float
        Largest length of a column, at least 0.

    Raises
    ------
    TypeError, ValueError
        If ``weights`` is no such array, or ``limit`` no such number.

    Notes
    -----
    Built in: regularization.
    """
    _changeable(weights, 2)
    limit = as_number(limit, "limit", low=0)
    lengths = _lengths(weights, axis=0)
    weights *= np.where(lengths > limit, limit / lengths, 1)


@quiet
def shrink(weights, amount):
    """Move every weight towards 0 by ``amount``, and not beyond: the smaller ones become 0.

    Parameters
    ----------
    weights : array
        Of floats, in any shape; changed in place.
    amount : float
        How far, at least 0.

    Raises
    ------
    TypeError, ValueError
        If ``weights`` is no such array, or ``amount`` no such number.

    Notes
    -----
    Built in: regularization.
    """
    _changeable(weights)
    amount = as_number(amount, "amount", low=0)
    weights -= np.clip(weights, -amount, amount)


@quiet
def shrink_rows(weights, amount):
    """Shorten every row of weights by ``amount``, and not beyond 0: an input vanishes as a whole.

    Parameters, errors and place are those of ``shrink``; ``weights`` has the shape (inputs, units).
    Built in: regularization.
    """
    _changeable(weights, 2)
    amount = as_number(amount, "amount", low=0)
    lengths = _lengths(weights, axis=1)
    weights *= np.where(lengths <= amount, 0, 1 - amount / lengths)


def _lengths(weights, axis):
    """Return the lengths along an axis, which is kept; the squares of large entries are inf."""
    largest = np.abs(weights).max(axis=axis, keepdims=True, initial=0)
    scale = np.where((largest > 0) & (largest < math.inf), largest, 1)
    return scale * np.linalg.norm(weights / scale, axis=axis, keepdims=True)


def _changeable(weights, axes=None):
    """Refuse what cannot be changed in place, entry by entry."""
    if not isinstance(weights, np.ndarray) or weights.dtype.kind != "f":
        kind = getattr(weights, "dtype", type(weights).__name__)
        raise TypeError(
            f"weights are changed in place, so they have to be an array of floats, but got "
            f"{weights!r:.200} ({kind}). Pass those of a layer: net.layers[0].weights."
        )
    if axes and weights.ndim != axes:
        raise ValueError(
            f"weights have to be a layer's, of shape (inputs, units), but got {weights.shape}."
        )
