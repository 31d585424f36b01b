"""Slopes measured by nudging, to check slopes that were derived.

A derived gradient is easy to get wrong and a measured one is slow. So we derive, and measure a
few directions to see that the two agree.
"""

import numpy as np


def numerical_gradient(f, x, h=1e-5):
    """Return the gradient of ``f`` at ``x`` by central differences.

    Each entry is (f(x + h) - f(x - h)) / (2 h) with only that entry of ``x`` nudged: two
    evaluations an entry, and an error that shrinks like h squared.

    Parameters
    ----------
    f : callable
        Takes an array in the shape of ``x``, returns one number.
    x : float or array
        Where to measure; not changed.
    h : float
        Size of the nudge. Near 1e-5 the error is smallest in float64.

    Returns
    -------
    float or array in the shape of ``x``

    Raises
    ------
    TypeError, ValueError
        If ``x`` is not real and finite, ``h`` is not positive, or ``f`` does not return one
        finite number.

    Notes
    -----
    Built in: gradients.
    """
    x = _vector(x, "x")
    _positive(h)
    gradient = np.empty_like(x)
    for i in np.ndindex(x.shape):
        nudge = np.zeros_like(x)
        nudge[i] = h
        gradient[i] = _slope(f, x, nudge, h)
    return gradient if gradient.ndim else float(gradient)


def gradcheck(f, theta, grad, *, rng, directions=5, tolerance=1e-6):
    """Check a derived gradient against slopes measured along random directions.

    Along a direction u of entries +1 and -1, the slope of ``f`` is the sum of grad * u. Every
    entry has its full weight in every direction, so a fault in one of them shows, and the cost
    does not grow with the number of entries.

    Parameters
    ----------
    f : callable
        Takes an array in the shape of ``theta``, returns one number.
    theta : float or array
        Where to check; not changed.
    grad : float or array in the shape of ``theta``
        The gradient to check.
    rng : numpy.random.Generator
        Draws the directions.
    directions : int
        How many to try.
    tolerance : float
        Largest allowed difference, as a fraction of the gradient's length (of 1e-4, if the
        gradient is shorter).

    Returns
    -------
    float
        The largest difference found, as that fraction.

    Raises
    ------
    AssertionError
        If a difference is larger than ``tolerance``. The message names the entry that is
        furthest off, and says what was given there and what was measured.
    TypeError, ValueError
        If the arguments are not real and finite, or do not fit together.

    Notes
    -----
    Built in: gradients.
    """
    theta, grad = _vector(theta, "theta"), _vector(grad, "grad")
    if grad.shape != theta.shape:
        raise ValueError(
            f"The gradient has shape {grad.shape}, but theta has shape {theta.shape}. "
            "Pass one slope for every entry of theta."
        )
    length = max(np.linalg.norm(grad), 1e-4)
    worst = 0.0
    for _ in range(directions):
        u = rng.choice([-1.0, 1.0], size=theta.shape)
        measured, derived = _slope(f, theta, 1e-5 * u, 1e-5), np.sum(grad * u)
        worst = max(worst, abs(measured - derived) / length)
    if worst <= tolerance:
        return float(worst)
    measured = np.asarray(numerical_gradient(f, theta))
    entry = np.unravel_index(np.argmax(np.abs(measured - grad)), grad.shape)
    where = f"entry {tuple(map(int, entry))} of the gradient" if grad.ndim else "the gradient"
    raise AssertionError(
        f"The gradient is off by {worst:.2g} of its length (allowed: {tolerance:.2g}). "
        f"Furthest off is {where}: given {grad[entry]:.6g}, measured {measured[entry]:.6g}."
    )


def _slope(f, x, nudge, h):
    above, below = _height(f, x + nudge), _height(f, x - nudge)
    return (above - below) / (2 * h)


def _height(f, x):
    y = np.asarray(f(x if x.ndim else float(x)))
    if y.size != 1 or y.dtype.kind not in "iufb" or not np.isfinite(y).all():
        raise ValueError(
            f"f returned {y!r} at {x!r}. It has to return one finite number: "
            "a gradient says how fast a single number changes."
        )
    return float(y.reshape(()))


def _vector(x, name):
    array = np.asarray(x)
    if array.dtype.kind not in "iufb":
        raise TypeError(
            f"{name} has to hold real numbers, but got {x!r}. Pass a float or a float array."
        )
    if not np.isfinite(array).all():
        raise ValueError(f"{name} has to hold finite numbers, but got {x!r}.")
    return array.astype(float)


def _positive(h):
    if not h > 0:
        raise ValueError(f"h is the size of a nudge and has to be positive, but got {h!r}.")
