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

All of them raise ValueError for a number that makes no sense, such as a negative rate.
Built in: learning-rate.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from numbers import Real


@dataclass(frozen=True)
class StepDecay:
    """Multiply the rate by ``factor`` after each ``every`` updates. Built in: learning-rate."""

    learning_rate: float
    factor: float
    every: int

    def __post_init__(self):
        _positive(self, "learning_rate", "factor", "every")

    def __call__(self, t):
        """Return the rate of update ``t``. Built in: learning-rate."""
        return self.learning_rate * self.factor ** ((t - 1) // self.every)


@dataclass(frozen=True)
class ExponentialDecay:
    """Multiply the rate by ``decay`` after every update. Built in: learning-rate."""

    learning_rate: float
    decay: float

    def __post_init__(self):
        _positive(self, "learning_rate", "decay")

    def __call__(self, t):
        """Return the rate of update ``t``. Built in: learning-rate."""
        return self.learning_rate * self.decay ** (t - 1)


@dataclass(frozen=True)
class InverseTimeDecay:
    """Divide the rate by a number that grows by ``decay`` an update. Built in: learning-rate."""

    learning_rate: float
    decay: float

    def __post_init__(self):
        _positive(self, "learning_rate", "decay")

    def __call__(self, t):
        """Return the rate of update ``t``. Built in: learning-rate."""
        return self.learning_rate / (1 + self.decay * (t - 1))


@dataclass(frozen=True)
class CosineDecay:
    """Go down from ``learning_rate`` to ``last`` in ``steps`` updates. Built in: learning-rate."""

    learning_rate: float
    steps: int
    last: float = 0

    def __post_init__(self):
        _positive(self, "learning_rate", "steps")

    def __call__(self, t):
        """Return the rate of update ``t``. Built in: learning-rate."""
        done = min((t - 1) / self.steps, 1)
        share = (1 + math.cos(math.pi * done)) / 2
        return self.last + (self.learning_rate - self.last) * share


@dataclass(frozen=True)
class Warmup:
    """Rise in ``steps`` updates to a rate, or to the first rate of a schedule, and go on with it.

    Built in: learning-rate.
    """

    learning_rate: float | Callable
    steps: int

    def __post_init__(self):
        _positive(self, "steps", *["learning_rate"] * (not callable(self.learning_rate)))

    def __call__(self, t):
        """Return the rate of update ``t``. Built in: learning-rate."""
        rate = self.learning_rate
        if callable(rate):
            rate = rate(max(t - self.steps + 1, 1))
        return rate * min(t / self.steps, 1)


def _positive(schedule, *names):
    for name in names:
        value = getattr(schedule, name)
        if not (isinstance(value, Real) and 0 < value < math.inf):
            raise ValueError(
                f"{name} of {type(schedule).__name__} has to be a positive number, but got "
                f"{value!r}."
            )
