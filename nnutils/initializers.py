"""Initializers: where the weights of a layer start.

One table, a row each. Every initializer is called as ``init(rng, n_in, n_out)`` with the inputs and
outputs of a layer (its fan-in and fan-out), and returns weights of shape (n_in, n_out).

============== =============================== =================================================
name           weights                         keeps the size of signals
============== =============================== =================================================
zeros          0
constant(c)    c
uniform(limit) uniform between +-limit
normal(std)    normal, standard deviation std
lecun_uniform  uniform, limit sqrt(3 / n_in)   on the way forward, where slopes are near 1: tanh
lecun_normal   normal, std sqrt(1 / n_in)      near 0, and SELU (LeCun and others, 1998)
glorot_uniform uniform, limit                  forward and backward, as well as both go; also
               sqrt(6 / (n_in + n_out))        called Xavier (Glorot and Bengio, 2010)
glorot_normal  normal, std
               sqrt(2 / (n_in + n_out))
he_uniform     uniform, limit sqrt(6 / n_in)   forward through ReLU, which halves the mean
he_normal      normal, std sqrt(2 / n_in)      square; also called Kaiming or MSRA
                                               (He, Zhang, Ren and Sun, 2015)
orthogonal(r)  rows, or the fewer columns, at  the length of a signal exactly r times, each way,
               right angles, of length r       where n_in = n_out (Saxe and others, 2014)
============== =============================== =================================================

The variance of a uniform distribution between +-limit is limit^2 / 3, which is where the 3 and the
6 come from. No normal here is cut off at two standard deviations, as Keras does it.

All of them raise ValueError for sizes and numbers that make no sense, and those that draw raise
TypeError for an ``rng`` that is no numpy.random.Generator.
Built in: initialization.
"""

import math
from functools import partial
from numbers import Real

import numpy as np

from nnutils.numerics import as_generator, as_whole, quiet


def zeros(rng, n_in, n_out):
    """Return zeros: in a hidden layer, all units stay the same. Built in: initialization."""
    return np.zeros(_sizes(n_in, n_out))


def constant(value):
    """Return an initializer that sets all weights to ``value``. Built in: initialization."""
    return partial(_constant, _number("value", value, -math.inf, math.inf, "a finite number"))


def uniform(limit):
    """Return an initializer that draws between -limit and limit. Built in: initialization."""
    return partial(_uniform, _number("limit", limit))


def normal(std):
    """Return an initializer with mean 0, standard deviation std. Built in: initialization."""
    return partial(_normal, _number("std", std))


def lecun_uniform(rng, n_in, n_out):
    """Draw uniformly, with variance 1 / n_in. Built in: initialization."""
    _sizes(n_in, n_out)
    return _uniform(math.sqrt(3 / n_in), rng, n_in, n_out)


def lecun_normal(rng, n_in, n_out):
    """Draw normally, with variance 1 / n_in. Built in: initialization."""
    _sizes(n_in, n_out)
    return _normal(math.sqrt(1 / n_in), rng, n_in, n_out)


def glorot_uniform(rng, n_in, n_out):
    """Draw uniformly, with variance 2 / (n_in + n_out). Built in: initialization."""
    _sizes(n_in, n_out)
    return _uniform(math.sqrt(6 / (n_in + n_out)), rng, n_in, n_out)


def glorot_normal(rng, n_in, n_out):
    """Draw normally, with variance 2 / (n_in + n_out). Built in: initialization."""
    _sizes(n_in, n_out)
    return _normal(math.sqrt(2 / (n_in + n_out)), rng, n_in, n_out)


def he_uniform(rng, n_in, n_out):
    """Draw uniformly, with variance 2 / n_in. Built in: initialization."""
    _sizes(n_in, n_out)
    return _uniform(math.sqrt(6 / n_in), rng, n_in, n_out)


def he_normal(rng, n_in, n_out):
    """Draw normally, with variance 2 / n_in. Built in: initialization."""
    _sizes(n_in, n_out)
    return _normal(math.sqrt(2 / n_in), rng, n_in, n_out)


def orthogonal(radius):
    """Return an initializer of orthogonal rows or columns, whichever are fewer, of that length.

    A square matrix of them turns a row of numbers and makes it ``radius`` times as long, no matter
    which: after d of them, ``radius**d`` times. Built in: recurrence.
    """
    return partial(_orthogonal, _number("radius", radius))


def _constant(value, rng, n_in, n_out):
    return np.full(_sizes(n_in, n_out), value)


def _uniform(limit, rng, n_in, n_out):
    return as_generator(rng).uniform(-limit, limit, _sizes(n_in, n_out))


def _normal(std, rng, n_in, n_out):
    return as_generator(rng).normal(0, std, _sizes(n_in, n_out))


@quiet
def _orthogonal(radius, rng, n_in, n_out):
    few, many = sorted(_sizes(n_in, n_out))
    normal = _normal(1, rng, many, few)
    columns, triangle = np.linalg.qr(normal)
    columns *= np.copysign(radius, np.diag(triangle))  # or some directions would be more frequent
    return columns if n_in >= n_out else np.ascontiguousarray(columns.T)


def _sizes(n_in, n_out):
    return as_whole(n_in, "n_in, how many inputs,"), as_whole(n_out, "n_out, how many outputs,")


def _number(name, value, low=0, high=1e300, allowed="a positive number below 1e300"):
    try:
        number = float(value) if isinstance(value, Real) else math.nan
    except OverflowError:
        number = math.inf
    if not low < number < high:
        raise ValueError(f"{name} has to be {allowed}, but got {value!r:.200}.")
    return number
