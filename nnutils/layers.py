"""Layers: a function of a batch, and the function that takes a gradient back through it.

A scalar gate stores its slope as a number. The slope of an array with an array would be a table
too big to store, so a layer keeps the function that multiplies by it::

    y, back = layer.forward(x)        # x holds a sample in each row
    d_x = back(d_y)                   # d_y: slope of the loss with each entry of y

``back`` reads ``x`` and the weights once more: change neither between the two calls.
``back(d_y, False)`` spares the work for ``d_x`` and returns None; a network's first layer needs no
more. An activation of ``nnutils.activations`` is a layer, too. A layer that shall do something else
in training, as ``Dropout`` does, has a second forward, ``noisy``.

The last axis holds the features, the axes before it are places. Of (samples, features) each sample
is one; of (samples, time, features) or (samples, height, width, features) each moment or pixel of
each sample, and a layer does the same at all of them. Built in: gradient-descent.
"""

import copy
from numbers import Real

import numpy as np

from nnutils.numerics import as_floats, as_generator, as_whole, quiet, slopes


class view(property):
    """An array of a layer that can be read and written into, but not exchanged for another.

    ``layer.weights = values`` copies the numbers: one for each entry, or a single one for all.
    Built in: gradient-descent.
    """

    def __set__(self, layer, values):
        array, name = self.fget(layer), self.fget.__name__
        values = as_floats(values, f"{name} of {layer!r}")
        if values.shape not in (array.shape, ()):
            raise ValueError(
                f"{name} of {layer!r} has shape {array.shape}, but got an array of shape "
                f"{values.shape}. Pass a number for each entry, or a single one for all."
            )
        array[...] = values


class Parameters:
    """What has weights, a layer or a network: all its numbers in one vector, their slopes in one.

    Parameters
    ----------
    theta : array of shape (n_parameters,)
        The first numbers, which are not copied.

    Raises
    ------
    AttributeError
        When you assign to a name that nothing would read, or that is fixed once it is made.

    Notes
    -----
    The arrays of a layer are views of the two vectors, which are parts of those of its network. To
    assign to any of them copies the numbers into it. A copy, or what is read from a pickle, has
    vectors of its own. Built in: gradient-descent.
    """

    def __init__(self, theta):
        vars(self)["_in_network"] = False
        self.tie(theta, np.zeros_like(theta))

    @view
    def theta(self):
        """All weights and biases, (n_parameters,). Built in: gradient-descent."""
        return self._theta

    @view
    def grad(self):
        """Slope of the loss with each entry of theta, as the last ``back`` left it.

        Built in: gradient-descent.
        """
        return self._grad

    def tie(self, theta, grad):
        """Keep the numbers and their slopes in these two vectors from now on.

        Built in: gradient-descent.
        """
        vars(self).update(_theta=theta, _grad=grad)

    def read(self, x):
        """Return ``x`` as this takes it where it is the first layer: floats, in theta's dtype.

        A layer that takes something else, such as whole numbers, has a ``read`` of its own.
        Built in: gradient-descent.
        """
        return as_floats(x, "x").astype(self._theta.dtype, copy=False)

    def __setattr__(self, name, value):
        known = getattr(type(self), name, None)
        readers_own = not type(self).__module__.startswith("nnutils.")
        method = callable(known) and callable(value)
        if not (isinstance(known, view) or method or readers_own):
            names = [n for n in dir(type(self)) if isinstance(getattr(type(self), n), view)]
            raise AttributeError(
                f"You cannot assign {name} of {self!r}: "
                f"{'it is fixed' if known else 'nothing would read it'}. What you can assign is "
                f"{', '.join(names)}; then the numbers are copied into the array."
            )
        super().__setattr__(name, value)

    def __getstate__(self):
        own = {"_theta": self._theta.copy(), "_grad": self._grad.copy(), "_in_network": False}
        return vars(self) | own

    def __setstate__(self, state):
        vars(self).update(state)
        self.tie(np.array(self._theta), np.array(self._grad))  # a memory map may be read-only

    def __copy__(self):
        return copy.deepcopy(self)


class Weights(Parameters):
    """What layers have in common that hold one matrix of weights and a row of biases.

    Parameters
    ----------
    n_in, n_out : int
        How many numbers the last axis of the inputs holds, and that of the outputs.
    weights : array of shape (rows, columns)
        The first weights. The biases, one for each column, start at 0.

    Attributes
    ----------
    theta, grad : array of shape (rows * columns + columns,)
        All weights, row after row, then the biases; and the slope of the loss with each, as the
        last call of a ``back`` left it. ``weights``, ``biases``, ``d_weights`` and ``d_biases``
        are views of them. To assign to any of the six copies the numbers into it.

    Notes
    -----
    Built in: gradient-descent.
    """

    def __init__(self, n_in, n_out, weights):
        vars(self).update(_n_in=n_in, _n_out=n_out, _weights=weights)
        super().__init__(np.append(weights, np.zeros(weights.shape[1])).astype(weights.dtype))

    def tie(self, theta, grad):
        """Keep the numbers and their slopes in these two vectors from now on.

        Built in: gradient-descent.
        """
        super().tie(theta, grad)
        shape = self._weights.shape
        cut = -shape[1]
        vars(self).update(
            _weights=theta[:cut].reshape(shape),
            _biases=theta[cut:],
            _d_weights=grad[:cut].reshape(shape),
            _d_biases=grad[cut:],
        )

    @property
    def n_in(self):
        """How many inputs a place has. Built in: neurons."""
        return self._n_in

    @property
    def n_out(self):
        """How many outputs a place has. Built in: neurons."""
        return self._n_out

    @view
    def weights(self):
        """The weights, (n_in, n_out), a view: to assign changes theta. Built in: neurons."""
        return self._weights

    @view
    def biases(self):
        """The biases, (n_out,), a view: to assign changes theta. Built in: neurons."""
        return self._biases

    @view
    def d_weights(self):
        """Slopes of the loss with the weights, a view of grad. Built in: gradient-descent."""
        return self._d_weights

    @view
    def d_biases(self):
        """Slopes of the loss with the biases, a view of grad. Built in: gradient-descent."""
        return self._d_biases

    def __repr__(self):
        return f"{type(self).__name__}({self._n_in}, {self._n_out})"


class Dense(Weights):
    """A layer in which each output is a weighted sum of all inputs plus a bias: y = x W + b.

    Parameters
    ----------
    n_in, n_out : int
        How many inputs and outputs a sample has, or each of its places.
    init : callable
        ``init(rng, n_in, n_out)`` returns the first weights, of shape (n_in, n_out). If they are
        float32, the layer holds float32, else float64. The biases start at 0.
    rng : numpy.random.Generator
        Passed on to ``init``.

    Attributes
    ----------
    theta, grad, weights, biases, d_weights, d_biases : array
        As ``Weights`` has them; ``weights`` has the shape (n_in, n_out).

    Raises
    ------
    TypeError
        If ``init`` returns something other than real numbers.
    ValueError
        If a size is not a positive whole number, or ``init`` returns another shape, nan or
        infinity.

    Notes
    -----
    Rumelhart, Hinton and Williams, 1986. Built in: gradient-descent.
    """

    def __init__(self, n_in, n_out, init, *, rng):
        name = named(self, n_in=n_in, n_out=n_out)
        super().__init__(n_in, n_out, drawn(init, rng, n_in, n_out, name))

    @quiet
    def forward(self, x):
        """Return (y, back) for ``x`` of shape (samples, n_in); y is (samples, n_out).

        With places, (samples, ..., n_in) becomes (samples, ..., n_out), as if each place were a
        sample. ``back(d_y)`` overwrites ``grad`` and returns d_x, in the shape of ``x``. It reads
        ``x`` and the weights once more: change neither before. Built in: gradient-descent.
        """
        x = samples(x, self._n_in, self)
        rows = x if x.ndim == 2 else x.reshape(-1, self._n_in)
        y = rows @ self._weights
        y += self._biases
        if x.ndim > 2:
            y = y.reshape(*x.shape[:-1], self._n_out)

        @quiet
        def back(d_y, to_inputs=True):
            d_y = slopes(d_y, y, self)
            d_rows = d_y if d_y.ndim == 2 else d_y.reshape(-1, self._n_out)
            np.matmul(rows.T, d_rows, out=self._d_weights)
            d_rows.sum(axis=0, out=self._d_biases)
            return (d_rows @ self._weights.T).reshape(x.shape) if to_inputs else None

        return y, back

    def __repr__(self):
        return f"Dense({self._n_in}, {self._n_out})"


class Dropout:
    """A layer that sets a share of its inputs to 0 in training, and outside of it does nothing.

    What is left over is divided by 1 - share, so that the mean over all masks is the input itself,
    and the network can be used without Dropout afterwards.

    Parameters
    ----------
    share : float
        How probable it is for each number to become 0; from 0 to below 1.
    rng : numpy.random.Generator
        Draws the masks. ``network_gradcheck`` finds it under this name, and draws the same again.

    Raises
    ------
    TypeError, ValueError
        If ``share`` is no such number, or ``rng`` no generator.

    Notes
    -----
    Which of the two happens is not kept anywhere: ``forward`` is for use and ``noisy`` for
    training. ``Network.loss_and_grad`` takes ``noisy`` where a layer has it. Srivastava and others,
    2014; scaled in training, as everybody does it today. Built in: regularization.

    Examples
    --------
    >>> dropout = Dropout(0.5, rng=np.random.default_rng(0))
    >>> dropout.noisy(np.ones((2, 4)))[0]
    array([[2., 0., 0., 0.],
           [2., 2., 2., 2.]])
    """

    def __init__(self, share, *, rng):
        if not (isinstance(share, Real) and 0 <= share < 1):
            raise ValueError(
                f"The share is how much to set to 0, a number from 0 to below 1 such as 0.5, but "
                f"got {share!r:.200}."
            )
        self.share, self.rng = float(share), as_generator(rng)

    def forward(self, x):
        """Return (x, back): outside of training nothing happens. Built in: regularization."""
        y = as_floats(x, "x")

        def back(d_y, to_inputs=True):
            d_y = slopes(d_y, y, self)
            return d_y if to_inputs else None

        return y, back

    @quiet
    def noisy(self, x):
        """Return (y, back) with a new mask: each number is 0, or divided by 1 - share.

        ``back(d_y)`` treats the slopes as ``x`` was treated. Built in: regularization.
        """
        x = as_floats(x, "x")
        mask = (self.rng.random(x.shape) >= self.share) / x.dtype.type(1 - self.share)
        y = x * mask

        @quiet
        def back(d_y, to_inputs=True):
            d_y = slopes(d_y, y, self)
            return d_y * mask if to_inputs else None

        return y, back

    def __repr__(self):
        return f"Dropout({self.share:g})"


def named(layer, **sizes):
    """Return what messages call a layer before it is made, such as "Dense(3, 4)".

    ValueError if one of its sizes is no whole number of at least 1. Built in: gradient-descent.
    """
    name = f"{type(layer).__name__}({', '.join(f'{size!r:.50}' for size in sizes.values())})"
    for what, size in sizes.items():
        as_whole(size, f"{what} of {name}")
    return name


def drawn(init, rng, rows, columns, name):
    """Return the first weights of a layer, (rows, columns), if ``init`` draws such.

    ``name`` is what a message calls the layer. Built in: gradient-descent.
    """
    weights = as_floats(init(rng, rows, columns), "what init returned")
    if weights.shape != (rows, columns) or not np.isfinite(weights).all():
        raise ValueError(
            f"init returned an array of shape {weights.shape} for {name}, with "
            f"{np.sum(~np.isfinite(weights))} nan or infinite. It has to return finite numbers "
            f"of shape ({rows}, {columns}): a row for each input."
        )
    return weights


def samples(x, n_in, reader):
    """Return ``x`` as floats, if it holds ``n_in`` numbers for each sample, or place of a sample.

    ``reader`` is what a message calls the layer. Built in: gradient-descent.
    """
    x = as_floats(x, "x")
    if x.ndim < 2 or x.shape[-1] != n_in:
        places = "..., " if x.ndim > 2 else ""
        raise ValueError(
            f"{reader} reads arrays of shape (samples, {places}{n_in}), but got {x.shape}. "
            + ("One sample is a row: use x[None, :]." if x.shape == (n_in,) else "")
        )
    return x


def sequences(x, reader, n=None):
    """Return ``x`` as floats, if it holds sequences of at least one place, with ``n`` numbers each.

    Any number will do if ``n`` is left out. ``reader`` is what a message calls the layer.
    Built in: recurrence.
    """
    x = as_floats(x, "x") if n is None else samples(x, n, reader)
    if x.ndim != 3 or not x.shape[1]:
        raise ValueError(
            f"{reader} reads sequences, arrays of shape (samples, places, {n or 'n'}) with at "
            f"least one place, but got {x.shape}. A single sequence is x[None]."
        )
    return x
