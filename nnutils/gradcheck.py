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


def gradcheck(f, theta, grad, *, rng, directions=5, tolerance=1e-6, h=1e-5):
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
    h : float
        Size of the nudge.

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
    _positive(h)
    length = max(np.linalg.norm(grad), 1e-4)
    worst = 0.0
    for _ in range(directions):
        u = rng.choice([-1.0, 1.0], size=theta.shape)
        measured, derived = _slope(f, theta, h * u, h), np.sum(grad * u)
        worst = max(worst, abs(measured - derived) / length)
    if worst <= tolerance:
        return float(worst)
    measured = np.asarray(numerical_gradient(f, theta, h))
    entry = np.unravel_index(np.argmax(np.abs(measured - grad)), grad.shape)
    where = f"entry {tuple(map(int, entry))} of the gradient" if grad.ndim else "the gradient"
    raise AssertionError(
        f"The gradient is off by {worst:.2g} of its length (allowed: {tolerance:.2g}).\n"
        f"Furthest off is {where}: given {grad[entry]:.6g}, measured {measured[entry]:.6g}."
    )


def network_gradcheck(net, x, targets, loss, *, rng, l2=0, l1=0, directions=5, tolerance=1e-5):
    """Check the gradient of a whole network, layer by layer, along random directions.

    Parameters
    ----------
    net : Network
        In float64; its ``grad`` holds the checked gradient afterwards, its ``theta`` stays.
    x, targets, loss, l2, l1
        As for ``Network.loss_and_grad``.
    rng, directions, tolerance
        As for ``gradcheck``; the directions are drawn for each layer.

    Returns
    -------
    float
        The largest difference found, as a fraction of the length of its layer's gradient.

    Raises
    ------
    AssertionError
        If a layer's difference is larger than ``tolerance``. The message names the layer, and
        the entry of its ``theta`` that is furthest off.
    TypeError
        If the network holds float32, whose rounding hides the differences looked for.

    Notes
    -----
    The nudge is 1e-7, so small that it hardly ever carries the input of a ReLU, or a weight under
    ``l1``, across its corner, which would look like a fault. Built in: gradient-descent.
    """
    if net.theta.dtype != np.float64:
        raise TypeError(
            f"A gradient check needs float64, but the network holds {net.theta.dtype}. "
            "Build it with dtype=float for the check."
        )
    net.loss_and_grad(x, targets, loss, l2, l1)
    theta, grad = net.theta.copy(), net.grad.copy()
    worst, start = 0.0, 0
    for number, layer in enumerate(net.layers):
        if not hasattr(layer, "theta"):
            continue
        part = slice(start, start + layer.theta.size)

        def height(values, part=part):
            net.theta[part] = values
            return net.loss_and_grad(x, targets, loss, l2, l1)

        try:
            off = gradcheck(
                height,
                theta[part],
                grad[part],
                rng=rng,
                directions=directions,
                tolerance=tolerance,
                h=1e-7,
            )
        except AssertionError as fault:
            raise AssertionError(f"Layer {number}, {layer}: {fault}") from None
        finally:
            net.theta, net.grad[:] = theta, grad
        worst, start = max(worst, off), part.stop
    return worst


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
