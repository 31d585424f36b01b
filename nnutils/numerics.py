"""Four functions that overflow when they are written as in a textbook, written so that they do not.

The idea is the same each time: take the exponential of a negative number only, because it lies
between 0 and 1 and cannot overflow.

Every function takes a number, a list or an array of any shape, order and layout, and works in
float64. Arrays of float32 stay float32; those of float16, which overflow at 65,504, are computed in
float32 as well. Masked arrays are refused, because no mask would be kept. ``as_floats`` is this
rule, for the whole package.

What becomes too large for a float is inf, what becomes too small is 0, and inf - inf is nan, with
no word about it, whatever ``numpy.seterr`` says: ``quiet`` is that rule. Built in: activations.
"""

import math
from contextlib import suppress
from numbers import Integral, Real

import numpy as np

_FLOATS = np.dtype(np.float64), np.dtype(np.float32)

quiet = np.errstate(all="ignore")  # a decorator


def as_floats(x, name):
    """Return ``x`` as an array of floats in the machine's own byte order, without a needless copy.

    Parameters
    ----------
    x : number, list or array
    name : str
        What the message of an error calls it.

    Returns
    -------
    array of float64, or of float32 where ``x`` is float32 or float16

    Raises
    ------
    TypeError
        If ``x`` holds something other than real numbers, or is a masked array.
    ValueError
        If its rows differ in length.

    Notes
    -----
    Built in: activations.
    """
    if type(x) is np.ndarray and x.dtype in _FLOATS:
        return x
    array = as_array(x, name)
    if array.dtype.kind not in "iufb":
        raise TypeError(
            f"{name} has to hold real numbers, but got {x!r:.200} (dtype {array.dtype}). If it "
            "holds numbers as text or objects, convert it: numpy.asarray(x, dtype=float)."
        )
    small = array.dtype.kind == "f" and array.dtype.itemsize <= 4
    return _astype(array, np.float32 if small else float)


def as_array(x, name):
    """Return ``x`` as an array of whatever it holds, without a needless copy.

    Parameters and errors are those of ``as_floats``, except that nothing is said about what the
    array holds. Built in: activations.
    """
    if type(x) is np.ndarray:
        return x
    if any(isinstance(part, np.ma.MaskedArray) for part in _parts(x)):
        raise TypeError(
            f"{name} is a masked array, or holds one, and no mask is kept here. Leave the masked "
            "entries out or fill them first: x.compressed() or x.filled(0)."
        )
    try:
        array = np.asanyarray(x)
    except Exception as error:  # whatever the __array__ of a data frame may raise
        raise ValueError(
            f"{name} has to be an array, or rows of equal length, but NumPy makes no array of "
            f"{x!r:.200}: {error}"
        ) from error
    return as_array(array, name) if isinstance(array, np.ma.MaskedArray) else np.asarray(array)


def as_generator(rng):
    """Return ``rng``; TypeError if it is no numpy.random.Generator. Built in: sgd."""
    if isinstance(rng, np.random.Generator):
        return rng
    example = rng if isinstance(rng, int) else 0
    raise TypeError(
        f"rng has to be a random generator, but got {rng!r:.200}. Make one, once, from a seed: "
        f"rng = numpy.random.default_rng({example})."
    )


def as_whole(value, name, least=1):
    """Return ``value`` as an int; ValueError if it is no whole number from ``least`` on.

    True and False are none. ``name`` is what the message calls it. Built in: sgd.
    """
    if isinstance(value, Integral) and not isinstance(value, bool) and value >= least:
        return int(value)
    raise ValueError(f"{name} has to be a whole number, at least {least}, but got {value!r:.200}.")


def as_number(value, name, low=-math.inf, high=math.inf):
    """Return ``value`` as a float; ValueError if it is no finite number from ``low`` to ``high``.

    ``name`` is what the message calls it. Built in: regularization.
    """
    with suppress(OverflowError):  # of a whole number that no float holds
        if isinstance(value, Real) and low <= float(value) <= high and math.isfinite(value):
            return float(value)
    limits = f" from {low:g} to {high:g}" if high < math.inf else f", at least {low:g}"
    raise ValueError(
        f"{name} has to be a finite number{limits if low > -math.inf else ''}, but got "
        f"{value!r:.200}."
    )


def slopes(d_y, y, layer):
    """Return ``d_y`` as floats, if it holds a slope for each output. Built in: gradient-descent."""
    d_y = as_floats(d_y, "d_y")
    if d_y.shape != y.shape:
        raise ValueError(
            f"The outputs of {layer!r} have shape {y.shape}, but their slopes have shape "
            f"{d_y.shape}. Pass a slope for each output to back."
        )
    return d_y


@quiet
def sigmoid(x):
    """Return 1 / (1 + exp(-x)), entry by entry, in the shape of ``x``.

    Raises TypeError when ``x`` does not hold real numbers. Built in: activations.
    """
    x = as_floats(x, "x")
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, e) / (1 + e)


@quiet
def softplus(x):
    """Return log(1 + exp(x)), entry by entry, in the shape of ``x``; its slope is the sigmoid.

    Raises TypeError when ``x`` does not hold real numbers. Built in: activations.
    """
    x = as_floats(x, "x")
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


@quiet
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
    return np.squeeze(top, axis) + np.log(np.sum(np.exp(x - top), axis=axis))


@quiet
def softmax(x, axis):
    """Return exp(x) / sum(exp(x)) along ``axis``, in the shape of ``x``; each slice sums to 1.

    A slice that holds NaN, inf, or nothing but -inf has no such shares, and becomes NaN.
    Parameters and errors are those of ``logsumexp``. Built in: activations.
    """
    x, top = _with_top(x, axis)
    e = np.exp(x - top)
    return e / np.sum(e, axis=axis, keepdims=True)


def _parts(x):
    return x if isinstance(x, (list, tuple)) else (x,)


@quiet
def _astype(array, dtype):
    return array.astype(dtype, copy=False)


def _with_top(x, axis):
    """Return x and its largest entry along axis, which is kept with length 1."""
    x = as_floats(x, "x")
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
