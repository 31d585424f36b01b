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
============== =============================== =================================================

The variance of a uniform distribution between +-limit is limit^2 / 3, which is where the 3 and the
6 come from. No normal here is cut off at two standard deviations, as Keras does it.
Built in: initialization.
"""

import math

import numpy as np


def zeros(rng, n_in, n_out):
    """Return zeros: in a hidden layer, all units stay the same. Built in: initialization."""
    return np.zeros((n_in, n_out))


def constant(value):
    """Return an initializer that sets all weights to ``value``. Built in: initialization."""
    _number("value", value, above=-math.inf)
    return lambda rng, n_in, n_out: np.full((n_in, n_out), float(value))


def uniform(limit):
    """Return an initializer that draws between -limit and limit. Built in: initialization."""
    _number("limit", limit)
    return lambda rng, n_in, n_out: rng.uniform(-limit, limit, (n_in, n_out))


def normal(std):
    """Return an initializer with mean 0, standard deviation std. Built in: initialization."""
    _number("std", std)
    return lambda rng, n_in, n_out: rng.normal(0, std, (n_in, n_out))


def lecun_uniform(rng, n_in, n_out):
    """Draw uniformly, with variance 1 / n_in. Built in: initialization."""
    return uniform(math.sqrt(3 / n_in))(rng, n_in, n_out)


def lecun_normal(rng, n_in, n_out):
    """Draw normally, with variance 1 / n_in. Built in: initialization."""
    return normal(math.sqrt(1 / n_in))(rng, n_in, n_out)


def glorot_uniform(rng, n_in, n_out):
    """Draw uniformly, with variance 2 / (n_in + n_out). Built in: initialization."""
    return uniform(math.sqrt(6 / (n_in + n_out)))(rng, n_in, n_out)


def glorot_normal(rng, n_in, n_out):
    """Draw normally, with variance 2 / (n_in + n_out). Built in: initialization."""
    return normal(math.sqrt(2 / (n_in + n_out)))(rng, n_in, n_out)


def he_uniform(rng, n_in, n_out):
    """Draw uniformly, with variance 2 / n_in. Built in: initialization."""
    return uniform(math.sqrt(6 / n_in))(rng, n_in, n_out)


def he_normal(rng, n_in, n_out):
    """Draw normally, with variance 2 / n_in. Built in: initialization."""
    return normal(math.sqrt(2 / n_in))(rng, n_in, n_out)


def _number(name, value, above=0):
    if not above < value < math.inf:
        allowed = "a positive number" if above == 0 else "a finite number"
        raise ValueError(f"{name} has to be {allowed}, but got {value!r}.")
