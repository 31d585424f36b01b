"""Slopes measured by nudging, to check slopes that were derived.

A derived gradient is easy to get wrong and a measured one is slow. So we derive, and measure a
few directions to see that the two agree.

A check that cannot fail is worse than none: it says yes to everything. So all of these refuse to
start, and say why, where a nudge is lost in rounding, in ``x`` or in what ``f`` returns.
"""

import math
from contextlib import contextmanager
from numbers import Real

import numpy as np

from nnutils.numerics import as_array, as_floats, as_generator, as_whole, quiet


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
        Size of the nudge, at least 1e-10. Near 1e-5 the error is smallest in float64.

    Returns
    -------
    float or array in the shape of ``x``

    Raises
    ------
    TypeError, ValueError
        If ``x`` is not real and finite, ``f`` does not return one finite number, or ``h`` is too
        small to be seen in the two.

    Notes
    -----
    Built in: gradients.
    """
    x, kind = _vector(x, "x")
    h = _nudge(h, x, kind, 0.01)
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
        How many to try, at least 1.
    tolerance : float
        Largest allowed difference, as a fraction of the gradient's length (of 1e-4, if the
        gradient is shorter). From 0 to below 1.
    h : float
        Size of the nudge, at least 1e-10.

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
        If the arguments are not real and finite, do not fit together, or leave nothing to check;
        if ``h`` is too small to be seen in ``theta`` and ``f``, or the gradient's length is too
        large for a float: then every gradient would pass.

    Notes
    -----
    Built in: gradients.
    """
    rng = as_generator(rng)
    (theta, kind), (grad, _) = _vector(theta, "theta"), _vector(grad, "grad")
    if grad.shape != theta.shape:
        raise ValueError(
            f"The gradient has shape {grad.shape}, but theta has shape {theta.shape}. "
            "Pass one slope for every entry of theta."
        )
    if not theta.size:
        raise ValueError(f"theta has shape {theta.shape}: there is nothing to check in it.")
    directions = as_whole(directions, "directions")
    if not (isinstance(tolerance, Real) and 0 <= tolerance < 1):
        raise ValueError(f"tolerance has to be a number from 0 to below 1, but got {tolerance!r}.")
    h = _nudge(h, theta, kind, min(max(float(tolerance), 1e-9), 0.01))
    length = max(_length(grad), 1e-4)
    worst = 0.0
    for _ in range(directions):
        u = rng.choice([-1.0, 1.0], size=theta.shape)
        measured, derived = _slope(f, theta, h * u, h), float(np.sum(grad * u))
        worst = max(worst, abs(measured - derived) / length)
    if worst <= tolerance:
        return worst
    measured = np.asarray(numerical_gradient(f, theta, h))
    entry = np.unravel_index(np.argmax(_gap(measured, grad)), grad.shape)
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

    A layer that draws, such as ``Dropout``, draws the same for every slope, or their difference
    would be that of two networks. Its generator, under the name ``rng``, is put back afterwards.

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
    ValueError
        Where ``gradcheck`` refuses to start.

    Notes
    -----
    The nudge is 1e-7, so small that it hardly ever carries the input of a ReLU, or a weight under
    ``l1``, across its corner, which would look like a fault. Built in: gradient-descent.
    """
    if not hasattr(net, "theta"):
        raise TypeError(f"The check needs a Network, but got {net!r:.200} ({type(net).__name__}).")
    if net.theta.dtype != np.float64:
        raise TypeError(
            f"A gradient check needs float64, but the network holds {net.theta.dtype}. "
            "Build it with dtype=float for the check."
        )
    rngs = list(_generators(net))
    states = [one.bit_generator.state for one in rngs]

    def measured():
        with _set_back(rngs, states):
            return net.loss_and_grad(x, targets, loss, l2, l1)

    measured()
    theta, grad = net.theta.copy(), net.grad.copy()
    worst, start = 0.0, 0
    for number, layer in enumerate(net.layers):
        if not hasattr(layer, "theta"):
            continue
        part = slice(start, start + layer.theta.size)

        def height(values, part=part):
            net.theta[part] = values
            return measured()

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


def _generators(layer):
    """Yield the generators of the layers that draw in training, at any depth."""
    if hasattr(layer, "noisy") and hasattr(layer, "rng"):
        yield layer.rng
    for inner in getattr(layer, "layers", ()):
        yield from _generators(inner)


@contextmanager
def _set_back(rngs, states):
    """Draw as from these states, and afterwards as if nothing had been drawn."""
    now = [rng.bit_generator.state for rng in rngs]
    try:
        for rng, state in zip(rngs, states):
            rng.bit_generator.state = state
        yield
    finally:
        for rng, state in zip(rngs, now):
            rng.bit_generator.state = state


def _slope(f, x, nudge, h):
    (above, off), (below, off_too) = _height(f, x + nudge), _height(f, x - nudge)
    slope, lost = (above - below) / (2 * h), max(off, off_too) / (2 * h)
    if not lost <= 1e-3 * max(1, abs(slope)) < math.inf:
        raise ValueError(
            f"f returned {above:.6g} and {below:.6g} for nudges of {h:g} up and down. Rounding "
            f"alone can look like a slope of {lost:.2g} there, and hide the true one. Pass a "
            "larger h, let f compute in float64, or take a large constant off f."
        )
    return slope


def _height(f, x):
    """Return what ``f`` returns at ``x`` as a float, and how much rounding may have moved it."""
    y = as_array(f(x if x.ndim else float(x)), "f(x)")
    if y.size != 1 or y.dtype.kind not in "iufb" or not np.isfinite(y).all():
        raise ValueError(
            f"f returned {y!r} at {x!r}. It has to return one finite number: "
            "a gradient says how fast a single number changes."
        )
    height = float(y.reshape(()))
    return height, abs(height) * float(np.finfo(_kind(y)).eps)


def _vector(x, name):
    """Return ``x`` as a new float64 array, and the dtype that its numbers were rounded to."""
    numbers = as_floats(x, name)
    if not np.isfinite(numbers).all():
        raise ValueError(f"{name} has to hold finite numbers, but got {x!r:.200}.")
    return numbers.astype(float), _kind(as_array(x, name))


def _kind(array):
    small = array.dtype.kind == "f" and array.dtype.itemsize < 8
    return array.dtype.newbyteorder("=") if small else np.dtype(float)


@quiet
def _nudge(h, x, kind, allowed):
    """Return ``h`` as a float, if adding it to the numbers in ``x`` moves them by just that."""
    if not (isinstance(h, Real) and 1e-10 <= h < math.inf):
        raise ValueError(
            f"h is the size of a nudge and has to be positive, but got {h!r:.200}. Below 1e-10 a "
            "nudge is lost in rounding; 1e-5 is best for most functions."
        )
    h = float(h)
    below, above = ((x + side).astype(kind).astype(float) for side in (-h, h))
    off = np.abs((above - below) / (2 * h) - 1)
    if not (off <= allowed).all():
        entry = x.flat[np.argmax(off)]
        raise ValueError(
            f"A nudge of h = {h:g} is lost in rounding beside an entry of {entry:.6g}, held in "
            f"{kind}: nothing could be seen there. Pass a larger h, float64, or smaller numbers."
        )
    return h


@quiet
def _length(grad):
    length = float(np.linalg.norm(grad))
    if length == math.inf:
        raise ValueError(
            f"The length of the gradient is too large for a float: its largest entry is "
            f"{np.max(np.abs(grad)):.2g}. Divide f and the gradient by the same large number."
        )
    return length


@quiet
def _gap(measured, derived):
    return np.abs(measured - derived)
