"""Layers: a function of a batch, and the function that takes a gradient back through it.

A scalar gate stores its slope as a number. The slope of an array with an array would be a table
too big to store, so a layer keeps the function that multiplies by it::

    y, back = layer.forward(x)        # x holds a sample in each row
    d_x = back(d_y)                   # d_y: slope of the loss with each entry of y

``back(d_y, False)`` spares the work for ``d_x`` and returns None; a network's first layer needs no
more. An activation of ``nnutils.activations`` is a layer, too. Built in: gradient-descent.
"""

import numpy as np


class Dense:
    """A layer in which each output is a weighted sum of all inputs plus a bias: y = x W + b.

    Parameters
    ----------
    n_in, n_out : int
        How many inputs and outputs a sample has.
    init : callable
        ``init(rng, n_in, n_out)`` returns the first weights, of shape (n_in, n_out). Their dtype
        becomes that of the layer. The biases start at 0.
    rng : numpy.random.Generator
        Passed on to ``init``.

    Attributes
    ----------
    theta, grad : array of shape (n_in * n_out + n_out,)
        All weights, row after row, then the biases; and the slope of the loss with each, as the
        last call of a ``back`` left it. ``weights``, ``biases``, ``d_weights`` and ``d_biases``
        are views of them.

    Raises
    ------
    ValueError
        If a size is not a positive whole number, or ``init`` returns another shape.

    Notes
    -----
    Rumelhart, Hinton and Williams, 1986. Built in: gradient-descent.
    """

    def __init__(self, n_in, n_out, init, *, rng):
        for size in (n_in, n_out):
            if not isinstance(size, (int, np.integer)) or size < 1:
                raise ValueError(
                    f"A layer needs whole numbers of inputs and outputs, at least 1 of each, but "
                    f"got Dense({n_in!r}, {n_out!r})."
                )
        weights = np.asarray(init(rng, n_in, n_out))
        if weights.shape != (n_in, n_out) or weights.dtype.kind not in "iuf":
            raise ValueError(
                f"init returned an array of shape {weights.shape} and dtype {weights.dtype} for "
                f"Dense({n_in}, {n_out}). It has to return numbers of shape ({n_in}, {n_out}): a "
                "row for each input."
            )
        dtype = weights.dtype if weights.dtype.kind == "f" else float
        self.n_in, self.n_out = n_in, n_out
        self.theta = np.append(weights, np.zeros(n_out)).astype(dtype)
        self.grad = np.zeros_like(self.theta)

    def forward(self, x):
        """Return (y, back) for ``x`` of shape (samples, n_in); y is (samples, n_out).

        ``back(d_y)`` overwrites ``grad`` and returns d_x, in the shape of ``x``.
        Built in: gradient-descent.
        """
        weights = self.weights
        y = x @ weights
        y += self.biases

        def back(d_y, to_inputs=True):
            np.matmul(x.T, d_y, out=self.d_weights)
            d_y.sum(axis=0, out=self.d_biases)
            return d_y @ weights.T if to_inputs else None

        return y, back

    @property
    def weights(self):
        """The weights, (n_in, n_out), a view: to assign changes theta. Built in: neurons."""
        return self.theta[: -self.n_out].reshape(self.n_in, self.n_out)

    @weights.setter
    def weights(self, values):
        self.weights[...] = values

    @property
    def biases(self):
        """The biases, (n_out,), a view: to assign changes theta. Built in: neurons."""
        return self.theta[-self.n_out :]

    @biases.setter
    def biases(self, values):
        self.biases[...] = values

    @property
    def d_weights(self):
        """Slopes of the loss with the weights, a view of grad. Built in: gradient-descent."""
        return self.grad[: -self.n_out].reshape(self.n_in, self.n_out)

    @property
    def d_biases(self):
        """Slopes of the loss with the biases, a view of grad. Built in: gradient-descent."""
        return self.grad[-self.n_out :]

    def __repr__(self):
        return f"Dense({self.n_in}, {self.n_out})"
