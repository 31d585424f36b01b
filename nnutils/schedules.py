"""Schedules: the learning rate as a function of the update, counted from t = 1.

One table, a row each. Every schedule is a recipe that is called with t, and stands wherever an
optimizer takes a learning rate: ``SGD(CosineDecay(0.1, steps=500))``.

================ ========================================= ==============================
name             rate of update t, with n = t - 1          described by
================ ========================================= ==============================
StepDecay        learning_rate * factor**(n // every)
ExponentialDecay learning_rate * decay**n
InverseTimeDecay learning_rate / (1 + decay * n)           Robbins and Monro, 1951
CosineDecay      from learning_rate to last along half a   Loshchilov and Hutter, 2016
                 cosine, in ``steps`` updates; then last
Warmup           the first ``steps`` updates take 1/steps, Goyal and others, 2017
                 2/steps, ... of the rate after
================ ========================================= ==============================

n is the number of updates that are done, so that the first one takes the learning rate itself.
PyTorch's CosineAnnealingLR rises again after ``steps``; ours stays at ``last``. The others are its
StepLR, ExponentialLR, LambdaLR and LinearLR.

All of them raise ValueError for numbers that make no sense: rates that are negative, nan, or rise
where they should fall, and updates before the first or between two.
Built in: learning-rate.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from numbers import Integral, Real


@dataclass(frozen=True)
class StepDecay:
    """Multiply the rate by ``factor`` after each ``every`` updates. Built in: learning-rate."""

    learning_rate: float
    factor: float
    every: int

    def __post_init__(self):
        _positive(self, "learning_rate")
        _share(self, "factor")
        _whole(self, "every")

    def __call__(self, t):
        """Return the rate of update ``t``. Built in: learning-rate."""
        drops = _done(self, t) // int(self.every)
        return float(self.learning_rate) * float(self.factor) ** drops


@dataclass(frozen=True)
class ExponentialDecay:
    """Multiply the rate by ``decay`` after every update. Built in: learning-rate."""

    learning_rate: float
    decay: float

    def __post_init__(self):
        _positive(self, "learning_rate")
        _share(self, "decay")

    def __call__(self, t):
        """Return the rate of update ``t``. Built in: learning-rate."""
        return float(self.learning_rate) * float(self.decay) ** _done(self, t)


@dataclass(frozen=True)
class InverseTimeDecay:
    """Divide the rate by a number that grows by ``decay`` an update. Built in: learning-rate."""

    learning_rate: float
    decay: float

    def __post_init__(self):
        _positive(self, "learning_rate", "decay")

    def __call__(self, t):
        """Return the rate of update ``t``. Built in: learning-rate."""
        return float(self.learning_rate) / (1 + float(self.decay) * _done(self, t))


@dataclass(frozen=True)
class CosineDecay:
    """Go down from ``learning_rate`` to ``last`` in ``steps`` updates. Built in: learning-rate."""

    learning_rate: float
    steps: int
    last: float = 0

    def __post_init__(self):
        _positive(self, "learning_rate")
        _whole(self, "steps")
        _expect(
            0 <= _float(self.last) <= _float(self.learning_rate),
            f"last of CosineDecay has to be a number from 0 to learning_rate, {self.learning_rate}",
            self.last,
        )

    def __call__(self, t):
        """Return the rate of update ``t``. Built in: learning-rate."""
        first, last = float(self.learning_rate), float(self.last)
        done = min(_done(self, t) / int(self.steps), 1)
        share = (1 + math.cos(math.pi * done)) / 2
        return last + (first - last) * share


@dataclass(frozen=True)
class Warmup:
    """Rise in ``steps`` updates to a rate, or to the first rate of a schedule, and go on with it.

    Built in: learning-rate.
    """

    learning_rate: float | Callable
    steps: int

    def __post_init__(self):
        if not callable(self.learning_rate):
            _positive(self, "learning_rate")
        _whole(self, "steps")

    def __call__(self, t):
        """Return the rate of update ``t``. Built in: learning-rate."""
        rate, steps, t = self.learning_rate, int(self.steps), _done(self, t) + 1
        if callable(rate):
            rate = rate(max(t - steps + 1, 1))
            _expect(
                0 <= _float(rate) < math.inf,
                f"A rate of {self.learning_rate!r:.200} has to be a finite number, 0 or above",
                rate,
            )
        return float(rate) * min(t / steps, 1)


def _done(schedule, t):
    """Return how many updates are done before update ``t``."""
    name = type(schedule).__name__
    _expect(
        isinstance(t, Integral) and t >= 1,
        f"The updates of {name} are counted 1, 2, 3 and so on, so that t has to be one of these",
        t,
    )
    return int(t) - 1


def _positive(schedule, *names):
    for name in names:
        value = getattr(schedule, name)
        allowed = 0 < _float(value) < math.inf
        _expect(allowed, f"{name} of {type(schedule).__name__} has to be a positive number", value)


def _share(schedule, name):
    value = getattr(schedule, name)
    _expect(
        0 < _float(value) <= 1,
        f"{name} of {type(schedule).__name__} has to be above 0 and at most 1, so that the rate "
        "does not rise",
        value,
    )


def _whole(schedule, name):
    value = getattr(schedule, name)
    _expect(
        isinstance(value, Integral) and value >= 1,
        f"{name} of {type(schedule).__name__} has to be a whole number of updates, at least 1",
        value,
    )


def _float(value):
    """Return a real number as a float; nan for whatever else it is, or if it is too large."""
    try:
        return float(value) if isinstance(value, Real) else math.nan
    except OverflowError:
        return math.nan


def _expect(allowed, sentence, value):
    if not allowed:
        raise ValueError(f"{sentence}, but got {value!r:.200}.")
