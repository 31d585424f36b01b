"""Optimizers: how a gradient changes the parameters, and what is remembered from step to step.

One table, a row each. ``g`` is the gradient, ``rate`` the learning rate of update t, counted from
1; all operations are entry by entry.

======== =============================================== ======================================
name     what is remembered, and the step                described by
======== =============================================== ======================================
SGD      theta -= rate g                                 Robbins and Monro, 1951
Momentum v = momentum v + g;                             Polyak, 1964
         theta -= rate v
Nesterov v = momentum v + g;                             Nesterov, 1983; in this form Sutskever
         theta -= rate (g + momentum v)                  and others, 2013
Adagrad  s = s + g^2;                                    Duchi, Hazan and Singer, 2011
         theta -= rate g / (sqrt(s) + eps)
RMSProp  s = decay s + (1 - decay) g^2;                  Hinton, lecture 6e of a course, 2012
         theta -= rate g / (sqrt(s) + eps)
Adam     m = beta1 m + (1 - beta1) g;                    Kingma and Ba, 2014
         s = beta2 s + (1 - beta2) g^2;
         theta -= rate m' / (sqrt(s') + eps), where
         m' = m / (1 - beta1^t), s' = s / (1 - beta2^t)
======== =============================================== ======================================

The steps are those of PyTorch. An optimizer is a recipe: it never changes and holds no memory, so
that a cell that runs again starts afresh. The memory is a list of arrays beside it::

    state = optimizer.init(theta)
    optimizer.step(theta, grad, state, t)

Every learning rate is a positive number or a schedule of ``nnutils.schedules``, and every optimizer
takes ``clip``: no entry of the gradient then counts as larger than ``clip``, up or down; and
``clip_norm``: a gradient that is longer than ``clip_norm`` is shortened to that length before all
else, and keeps its direction. All raise ValueError for numbers that make no sense.
Built in: momentum; SGD in gradient-descent, clip_norm (Pascanu, Mikolov and Bengio, 2013) in
recurrence.

``lbfgs`` stands apart: it needs no rate, and the same loss, over all samples, at every step.
"""

import math
from collections import deque
from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass
from numbers import Real

import numpy as np

from nnutils.numerics import as_floats, as_whole, quiet

# Long vectors are updated in parts that stay in the processor's cache from line to line.
PART = 16_384


@dataclass(frozen=True, repr=False)
class SGD:
    """Go downhill: the gradient times the rate. Built in: gradient-descent.

    Parameters
    ----------
    learning_rate : float or schedule
    clip : float, optional
        Largest size of one entry of the gradient.
    clip_norm : float, optional
        Largest length of the whole gradient, the root of the sum of its squares.
    """

    learning_rate: float | Callable[[int], float]
    _: KW_ONLY
    clip: float | None = None
    clip_norm: float | None = None

    memories = 0  # how many numbers are remembered for each parameter

    def __post_init__(self):
        for name, value in vars(self).items():
            _sensible(type(self).__name__, name, value)

    def __repr__(self):
        given = (f"{name}={value!r}" for name, value in vars(self).items() if value is not None)
        return f"{type(self).__name__}({', '.join(given)})"

    def init(self, theta):
        """Return the memory before the first step: zeros. Built in: momentum."""
        _changeable(theta, "theta")
        return [np.zeros_like(theta) for _ in range(self.memories)]

    def step(self, theta, grad, state, t):
        """Change ``theta`` and ``state`` in place.

        Parameters
        ----------
        theta, grad : array of shape (n,)
            ``grad`` is not changed.
        state : list of arrays
            From ``init``, or as the step before left it.
        t : int
            The number of this update; the first is 1.

        Raises
        ------
        TypeError
            If ``theta`` is no array of float64 or float32, or ``grad`` holds no real numbers.
        ValueError
            If shapes differ, ``t`` is no whole number from 1 on, or a schedule gives no rate.

        Notes
        -----
        Built in: gradient-descent.
        """
        # The usual case in one look, because a step is short; _examined says what is wrong.
        shape = theta.shape if type(theta) is np.ndarray else ()
        fits = shape and len(state) == self.memories
        for array in (grad, *state):
            fits = fits and type(array) is np.ndarray and array.shape == shape
        fits = fits and theta.dtype.char in "fd" and grad.dtype.char in "fd"
        if not (fits and type(t) is int and t > 0):
            grad = _examined(self, theta, grad, state, t)
        rate = self.learning_rate
        rate = _rate(rate, t) if callable(rate) else float(rate)
        if self.clip_norm is not None:
            grad = _shortened(grad, self.clip_norm)
        change = quiet(self._change) if np.geterr()["under"] == "raise" else self._change
        change(theta, grad, state, rate, t)

    def _change(self, theta, grad, state, rate, t):
        if len(theta) > PART:
            for start in range(0, len(theta), PART):
                part = slice(start, start + PART)
                memories = [memory[part] for memory in state]
                self._change(theta[part], grad[part], memories, rate, t)
            return
        if self.clip is not None:
            grad = np.clip(grad, -self.clip, self.clip)
        theta -= rate * self._direction(grad, *state, t)

    def _direction(self, g, t):
        return g


@dataclass(frozen=True, repr=False)
class Momentum(SGD):
    """Keep rolling: a velocity adds up what the slopes say. Built in: momentum.

    The velocity is a sum in which old slopes count less and less: for a constant slope it grows to
    1 / (1 - momentum) times that slope. Where a source writes ``v = momentum v - rate g`` and
    ``theta += v``, the steps are the same as long as the rate does not change.

    Parameters
    ----------
    learning_rate : float or schedule
    momentum : float
        The share of the velocity that stays from step to step, from 0 to below 1.
    clip, clip_norm : float, optional
    """

    momentum: float = 0.9

    memories = 1

    def _direction(self, g, v, t):
        v *= self.momentum
        v += g
        return v


@dataclass(frozen=True, repr=False)
class Nesterov(Momentum):
    """Momentum that looks ahead: as if g were measured where the velocity leads.

    ``theta`` is the point looked at. A velocity with the learning rate inside, and
    ``w += momentum v - rate g`` is this rule, too. Parameters are those of ``Momentum``.
    Built in: momentum.
    """

    def _direction(self, g, v, t):
        v *= self.momentum
        v += g
        return g + self.momentum * v


@dataclass(frozen=True, repr=False)
class Adagrad(SGD):
    """Divide by the root of all squared slopes so far, so that steps shrink. Built in: momentum.

    Parameters
    ----------
    learning_rate : float or schedule
    eps : float
        Keeps the division from 0 / 0. It stands outside the root.
    clip, clip_norm : float, optional
    """

    eps: float = 1e-10

    memories = 1

    def _direction(self, g, s, t):
        s += g * g
        return g / (np.sqrt(s) + self.eps)


@dataclass(frozen=True, repr=False)
class RMSProp(SGD):
    """Divide by the root of a running mean of squared slopes. Built in: momentum.

    The first steps are large, up to ``1 / sqrt(1 - decay)`` times the rate, because the mean
    starts at 0. ``decay`` is PyTorch's ``alpha``, 0.99; others take 0.9 or 0.999.

    Parameters
    ----------
    learning_rate : float or schedule
    decay : float
        The share of the mean that stays from step to step, from 0 to below 1.
    eps : float
        Keeps the division from 0 / 0. It stands outside the root.
    clip, clip_norm : float, optional
    """

    decay: float = 0.99
    eps: float = 1e-8

    memories = 1

    def _direction(self, g, s, t):
        s *= self.decay
        s += (1 - self.decay) * g * g
        return g / (np.sqrt(s) + self.eps)


@dataclass(frozen=True, repr=False)
class Adam(SGD):
    """A running mean of slopes over the root of one of their squares. Built in: momentum.

    Both means start at 0; to divide them by ``1 - beta^t`` makes up for that, so that the first
    step has the size of the rate, whatever the size of the slope.

    Parameters
    ----------
    learning_rate : float or schedule
    beta1, beta2 : float
        The share of each mean that stays from step to step, from 0 to below 1.
    eps : float
        Keeps the division from 0 / 0. It stands outside the root.
    clip, clip_norm : float, optional
    """

    beta1: float = 0.9
    beta2: float = 0.999
    eps: float = 1e-8

    memories = 2

    def _direction(self, g, m, s, t):
        m *= self.beta1
        m += (1 - self.beta1) * g
        s *= self.beta2
        squares = (1 - self.beta2) * g
        squares *= g
        s += squares
        size = np.sqrt(s)
        size /= math.sqrt(1 - self.beta2**t)
        size += self.eps
        direction = m / (1 - self.beta1**t)
        direction /= size
        return direction


def lbfgs(f, theta, memory=10):
    """Go down without a learning rate: curvature is learned from how the slopes change.

    Each step goes where the bottom of a parabola would be that has the slopes of the last
    ``memory`` steps. If the loss does not fall there by enough (a ten-thousandth of what the slope
    promises), half of the step is tried, and so on.

    Parameters
    ----------
    f : callable
        ``f(theta)`` returns (loss, gradient): a number, and an array in the shape of ``theta``. It
        has to be the same function at every call, so of a network the loss over all samples, not
        of a batch, and it should have no corners.
    theta : array of shape (n,)
        Where to begin; not changed.
    memory : int
        How many of the last steps, and changes of the slopes along them, are remembered.

    Yields
    ------
    (int, float, array)
        How often ``f`` was called so far, the lowest loss and its place. First those at the start,
        then after each step; ends where the slope is 0, or no step along it brings the loss down.

    Raises
    ------
    TypeError
        If ``theta`` does not hold real numbers, or ``f`` does not return a loss and a gradient.
    ValueError
        If ``theta`` is no vector of finite numbers, the gradient has another shape, the loss or
        the gradient at the start is not finite, or ``memory`` is no whole number from 1 on.

    Notes
    -----
    Nocedal, 1980: "Updating quasi-Newton matrices with limited storage"; Liu and Nocedal, 1989.
    The first step knows no curvature; its length is at most 1. Built in: search.
    """
    memory = as_whole(memory, "memory")
    theta = as_floats(theta, "theta").astype(float)  # a copy
    if theta.ndim != 1 or not theta.size or not np.isfinite(theta).all():
        raise ValueError(
            f"theta has to be a vector of finite numbers, but got {theta!r:.200}, of shape "
            f"{theta.shape}."
        )
    value, grad = _valued(f, theta)
    if not (math.isfinite(value) and np.isfinite(grad).all()):
        raise ValueError(
            f"At the start the loss is {value}, and {np.sum(~np.isfinite(grad))} of {grad.size} "
            "slopes are nan or infinite. Begin at a place where all of them are finite."
        )
    return _lbfgs(f, theta, value, grad, deque(maxlen=int(memory)))


def _lbfgs(f, theta, value, grad, pairs):
    calls = 1
    while True:
        yield calls, value, theta.copy()
        found, tried = _lower(f, theta, value, grad, _two_loops(grad, pairs))
        calls += tried
        if found is None:
            return
        place, value, slopes = found
        with np.errstate(all="ignore"):
            step, change = place - theta, slopes - grad
            if step @ change > 1e-10 * (step @ step):  # curved upward, as a parabola has to be
                pairs.append((step, change))
        theta, grad = place, slopes


def _lower(f, theta, value, grad, direction):
    """Return ((place, loss, gradient), calls of f) along -direction, or (None, calls)."""
    size, calls = 1.0, 0
    with np.errstate(all="ignore"):
        promised = grad @ direction
    while size > 1e-10 and 0 < promised < math.inf:
        with np.errstate(all="ignore"):
            place = theta - size * direction
        there, slopes = _valued(f, place)
        calls += 1
        enough = there <= value - 1e-4 * size * promised and there < value
        if enough and np.isfinite(slopes).all():
            return (place, there, slopes), calls
        size /= 2
    return None, calls


@quiet
def _two_loops(grad, pairs):
    """Return the gradient divided by the curvature that (step, change of slopes) pairs tell of.

    The order is from the oldest pair to the newest. Without pairs, a short piece of the gradient.
    """
    direction, shares = grad.copy(), []
    for step, change in reversed(pairs):
        shares.append((step @ direction) / (step @ change))
        direction -= shares[-1] * change
    if pairs:
        step, change = pairs[-1]
        direction *= (step @ change) / (change @ change)
    else:
        direction /= max(1, np.abs(grad).sum())
    for (step, change), share in zip(pairs, reversed(shares)):
        direction += (share - (change @ direction) / (step @ change)) * step
    return direction


def _valued(f, theta):
    """Return what f gives at a place, as (float, array of its own)."""
    returned = f(theta.copy())
    try:
        value, grad = returned
        value = float(value)
    except (TypeError, ValueError):
        raise TypeError(
            "f has to return a loss, one number, and its gradient, (loss, gradient), but returned "
            f"{returned!r:.200}."
        ) from None
    grad = as_floats(grad, "The gradient that f returned").astype(float)
    if grad.shape != theta.shape:
        raise ValueError(
            f"f returned a gradient of shape {grad.shape} for a theta of shape {theta.shape}. "
            "Return one slope for each number."
        )
    return value, grad


def _examined(optimizer, theta, grad, state, t):
    """Return the gradient as floats, if a step can be taken with all of these."""
    if not isinstance(t, (int, np.integer)) or t < 1:
        raise ValueError(f"t is the number of the update, 1, 2, 3 and so on, but got {t!r}.")
    _changeable(theta, "theta")
    grad = as_floats(grad, "grad")
    if grad.shape != theta.shape:
        raise ValueError(
            f"theta has shape {theta.shape}, but its gradient {grad.shape}. Pass one slope for "
            "each number."
        )
    shapes = [getattr(memory, "shape", type(memory)) for memory in state]
    if shapes != [theta.shape] * optimizer.memories:
        raise ValueError(
            f"{optimizer!r} remembers {optimizer.memories} arrays of shape {theta.shape} from step "
            f"to step, but got {shapes}. Begin with state = optimizer.init(theta)."
        )
    return grad


@quiet
def _shortened(grad, limit):
    """Return the gradient with the length ``limit``, if it is longer."""
    largest = float(np.max(np.abs(grad), initial=0))
    if not 0 < largest < math.inf:  # where an entry is nan or infinite there is no direction
        return grad
    unit = grad / largest  # the squares of large entries are infinite
    length = float(np.linalg.norm(unit))
    return grad if length * largest <= limit else unit * (limit / length)


def _changeable(array, name):
    """Refuse what a step cannot change in place."""
    if type(array) is not np.ndarray or array.dtype.char not in "fd" or not array.ndim:
        raise TypeError(
            f"{name} has to be an array of float64 or float32, because a step changes it in place, "
            f"but got {array!r:.200}."
        )
    if not array.flags.writeable:
        raise ValueError(f"{name} is read-only, but a step changes it in place. Pass a copy.")


def _rate(schedule, t):
    """Return the learning rate of update t, if it is one."""
    rate = schedule(t)
    if not isinstance(rate, Real) or not 0 <= rate < math.inf:
        raise ValueError(
            f"The schedule {schedule!r} gave {rate!r} for update {t}. A learning rate is a finite "
            "number, 0 or above."
        )
    return float(rate)


def _sensible(optimizer, name, value):
    """Refuse what is no number, or lies outside the range that the field's name stands for."""
    if name == "learning_rate" and callable(value) or name.startswith("clip") and value is None:
        if isinstance(value, type):
            raise ValueError(
                f"learning_rate of {optimizer} is the class {value.__name__}. Pass a schedule that "
                f"has its numbers: {value.__name__}(...)."
            )
        return
    share = name in ("momentum", "decay", "beta1", "beta2")
    allowed = "from 0 to below 1" if share else "above 0"
    number = isinstance(value, Real)
    if not (number and (0 <= value < 1 if share else 0 < value < math.inf)):
        raise ValueError(f"{name} of {optimizer} has to be {allowed}, but got {value!r}.")
