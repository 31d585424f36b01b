"""Activation functions: what bends the line between two layers, and how steeply.

One table, a row each. ``z`` is what goes into a unit's activation, an array of any shape, and
``a = f(z)`` is what comes out, entry by entry. Where a curve has a corner, the slope at the corner
is the one of its left side.

============ ================================= ================ ==================================
name         f(z)                              range            described by
============ ================================= ================ ==================================
identity     z                                 all numbers
step         1 if z >= 0, else 0               0 and 1          McCulloch and Pitts, 1943
relu         max(z, 0)                         0 and above      Nair and Hinton, 2010
leaky_relu   z if z > 0, else 0.01 z           all numbers      Maas, Hannun and Ng, 2013
prelu(leak)  z if z > 0, else leak z           all numbers      He, Zhang, Ren and Sun, 2015
elu          z if z > 0, else exp(z) - 1       above -1         Clevert and others, 2015
selu         1.0507 z if z > 0,                above -1.7581    Klambauer and others, 2017
             else 1.7581 (exp(z) - 1)
sigmoid      1 / (1 + exp(-z))                 between 0 and 1
tanh         2 sigmoid(2 z) - 1                between -1 and 1
softplus     log(1 + exp(z))                   above 0          Dugas and others, 2001
silu         z sigmoid(z), also called Swish   -0.2785 and up   Elfwing and others, 2017
gelu         z Phi(z), Phi the share of a      -0.1700 and up   Hendrycks and Gimpel, 2016
             normal distribution below z
============ ================================= ================ ==================================

All take what ``nnutils.numerics`` takes, whole numbers and float16 too, and compute in float64, or
in float32 for arrays of float32 and float16. At infinity they give the limits; at nan they are nan,
and so are all slopes but that of ``identity``, which is 1 everywhere.

Softmax is no row here, because each of its outputs depends on all inputs: see
``nnutils.numerics``. Neither is maxout, which takes several inputs to one output.
Built in: activations.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, wraps

import numpy as np

from nnutils import numerics
from nnutils.numerics import as_floats, quiet, slopes

# Chosen by Klambauer and others so that normal outputs stay normal from layer to layer.
_ALPHA, _SCALE = 1.6732632423543772848, 1.0507009873554804934
# Farther out the faster of two limits is 0: 0 times this is 0, but 0 times infinity is nan.
_FAR = 1e30
_erfc = np.frompyfunc(math.erfc, 1, 1)


@dataclass(frozen=True, repr=False)
class Activation:
    """A function that works entry by entry, with its name and its slope.

    Parameters
    ----------
    name : str
    f : callable
        Takes a float array ``z`` of any shape, returns an array of that shape.
    slope : callable
        ``slope(z, a)`` is the slope of ``f`` at ``z``, in the shape of ``z``, where ``a`` is
        ``f(z)``. Each row of the table reads whichever of the two makes it cheaper.

    Whoever calls the two may pass whatever holds numbers: the functions themselves always get float
    arrays, and NumPy says nothing when a number becomes too large or too small for a float.

    Raises
    ------
    TypeError
        If ``f`` or ``slope`` is no function, and on a call with something other than real numbers.

    Notes
    -----
    Formulas and their sources stand at the top of the module. Built in: activations.

    Examples
    --------
    >>> relu, relu([-2, 0, 3])
    (relu, array([0., 0., 3.]))
    >>> a = sigmoid(3)
    >>> float(sigmoid.slope(3, a).round(8))
    0.04517666
    """

    name: str
    f: Callable
    slope: Callable

    def __post_init__(self):
        for name, reading in (("f", _reading_z), ("slope", _reading_both)):
            function = getattr(self, name)
            if not callable(function):
                raise TypeError(
                    f"{name} of the activation {self.name!r} has to be a function, but got "
                    f"{function!r:.200}."
                )
            object.__setattr__(self, name, reading(function))

    def __call__(self, z):
        """Return ``f(z)``; lists and whole numbers become float arrays. Built in: activations."""
        return self.f(z)

    def forward(self, z):
        """Return (a, back), as a layer does; ``back(d_a)`` returns the slopes with ``z``.

        Built in: gradient-descent.
        """
        z = as_floats(z, "z")
        a = self.f(z)

        @quiet
        def back(d_a, to_inputs=True):
            d_a = slopes(d_a, a, self)
            return d_a * self.slope.__wrapped__(z, a) if to_inputs else None

        return a, back

    def __repr__(self):
        return self.name

    def __reduce_ex__(self, protocol):
        # A lambda cannot be pickled, but the name of a row of the table can.
        if globals().get(self.name) is self:
            return self.name
        return type(self), (self.name, self.f.__wrapped__, self.slope.__wrapped__)


def _reading_z(f):
    quiet_f = quiet(f)

    @wraps(f)
    def reading_z(z):
        return quiet_f(as_floats(z, "z"))

    return reading_z


def _reading_both(slope):
    quiet_slope = quiet(slope)

    @wraps(slope)
    def reading_both(z, a):
        return quiet_slope(as_floats(z, "z"), as_floats(a, "a"))

    return reading_both


def prelu(leak):
    """Return a ReLU that lets ``leak`` times a negative input through.

    Parameters
    ----------
    leak : float
        Slope below 0, and at 0. Where it is learned, like a weight, the unit is called PReLU.

    Returns
    -------
    Activation

    Raises
    ------
    ValueError
        If ``leak`` is not one finite number, at most 1e30.

    Notes
    -----
    He, Zhang, Ren and Sun, 2015. Built in: activations.
    """
    number = as_floats(leak, "leak")
    if number.ndim or not np.abs(number) <= _FAR:
        raise ValueError(
            f"The leak has to be one finite number such as 0.01, but got {leak!r:.200}."
        )
    leak = float(number)
    return Activation(
        f"prelu({leak:g})",
        partial(_prelu, leak),
        partial(_prelu_slope, leak),
    )


def _prelu(leak, z):
    leak = z.dtype.type(leak)
    return np.where(z > 0, z, leak * z) if leak else np.maximum(z, 0)  # 0 * -inf is nan


def _prelu_slope(leak, z, a):
    above = np.heaviside(z, 0)  # 0 and 1, and nan at nan
    return np.where(above == 1, above, above + leak)


def _silu_slope(z, a):
    s = numerics.sigmoid(z)
    return s + np.minimum(a, _FAR) * (1 - s)


def _gelu(z):
    return np.maximum(z, -_FAR) * np.asarray(0.5 * _erfc(-z / math.sqrt(2)), z.dtype)


def _gelu_slope(z, a):
    z, a = np.clip(z, -_FAR, _FAR), np.minimum(a, _FAR)
    near = np.abs(z) < 1e-20
    below = np.where(near, 0.5, a / np.where(near, 1, z))  # Phi(z), without another erfc
    return below + z * np.exp(-z * z / 2) / math.sqrt(2 * math.pi)


identity = Activation("identity", lambda z: z, lambda z, a: np.ones_like(z))
step = Activation(
    "step", lambda z: np.heaviside(z, 1), lambda z, a: np.where(np.isnan(z), z, np.zeros_like(z))
)
relu = Activation("relu", lambda z: np.maximum(z, 0), lambda z, a: np.sign(a))
leaky_relu = Activation("leaky_relu", partial(_prelu, 0.01), partial(_prelu_slope, 0.01))
elu = Activation(
    "elu",
    lambda z: np.maximum(z, 0) + np.expm1(np.minimum(z, 0)),
    lambda z, a: np.minimum(a, 0) + 1,
)
selu = Activation(
    "selu",
    lambda z: _SCALE * (np.maximum(z, 0) + _ALPHA * np.expm1(np.minimum(z, 0))),
    lambda z, a: np.where(z > 0, _SCALE, a + _SCALE * _ALPHA),
)
sigmoid = Activation("sigmoid", numerics.sigmoid.__wrapped__, lambda z, a: a * (1 - a))
tanh = Activation("tanh", np.tanh, lambda z, a: 1 - a * a)
softplus = Activation("softplus", numerics.softplus.__wrapped__, lambda z, a: -np.expm1(-a))
silu = Activation("silu", lambda z: np.maximum(z, -_FAR) * numerics.sigmoid(z), _silu_slope)
gelu = Activation("gelu", _gelu, _gelu_slope)
