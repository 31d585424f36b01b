"""Attention: every place of a sequence looks up what it needs at other places, by likeness.

Sequences have the shape (samples, places, features). Built in: attention.
"""

import math

import numpy as np

from nnutils.layers import Parameters, drawn, named, samples, sequences, view
from nnutils.numerics import as_whole, quiet, slopes, softmax


class Positions(Parameters):
    """Add to each place of a sequence a row of its own, so that order counts: y = x + P.

    Parameters
    ----------
    length, n : int
        How many places there may be at most, and how many features each has.
    init : callable
        ``init(rng, length, n)`` returns the first rows, as for ``Dense``.
    rng : numpy.random.Generator
        Passed on to ``init``.

    Attributes
    ----------
    theta, grad : array of shape (length * n,)
        Row after row; ``weights`` and ``d_weights``, (length, n), are views of them.

    Raises
    ------
    TypeError, ValueError
        As for ``Dense``; and on a call if there are more places than rows.

    Notes
    -----
    Learned rows, as in Gehring and others, 2017; Vaswani and others, 2017, tried them beside sines,
    with nearly equal results. Built in: attention.
    """

    def __init__(self, length, n, init, *, rng):
        rows = drawn(init, rng, length, n, named(self, length=length, n=n))
        vars(self).update(_shape=rows.shape)
        super().__init__(rows.flatten())

    @property
    def n_in(self):
        """How many features a place has. Built in: attention."""
        return self._shape[1]

    n_out = n_in

    @view
    def weights(self):
        """A row for each place, (length, n), a view of theta. Built in: attention."""
        return self._theta.reshape(self._shape)

    @view
    def d_weights(self):
        """Slopes of the loss with the rows, a view of grad. Built in: attention."""
        return self._grad.reshape(self._shape)

    @quiet
    def forward(self, x):
        """Return (y, back) for ``x`` of shape (samples, places, n).

        ``back(d_y)`` overwrites ``grad`` and returns d_x. Built in: attention.
        """
        x = sequences(x, self, self.n_in)
        places = x.shape[1]
        if places > len(self.weights):
            raise ValueError(
                f"{self} has {len(self.weights)} rows, but got a sequence of {places} places. Make "
                "it longer, or cut the sequence."
            )
        y = x + self.weights[:places]

        @quiet
        def back(d_y, to_inputs=True):
            d_y = slopes(d_y, y, self)
            self.d_weights[places:] = 0
            d_y.sum(axis=0, out=self.d_weights[:places])
            return d_y if to_inputs else None

        return y, back

    def __repr__(self):
        return f"Positions({self._shape[0]}, {self._shape[1]})"


class LayerNorm(Parameters):
    """Give the features of each place mean 0 and spread 1, then a learned scale and shift.

    y = scale (x - mean) / sqrt(variance + eps) + shift, with the mean and the variance of the
    features of one place; eps is 1e-5.

    Parameters
    ----------
    n : int
        How many features there are.
    dtype : dtype
        float64 or float32, as the layers around it hold.

    Attributes
    ----------
    theta, grad : array of shape (2 * n,)
        ``scale``, which starts at 1, then ``shift``, which starts at 0; and the slope of the loss
        with each, ``d_scale`` and ``d_shift``. The four are views.

    Raises
    ------
    TypeError, ValueError
        If ``n`` is no whole number of at least 1, or ``dtype`` another one.

    Notes
    -----
    Ba, Kiros and Hinton, 2016. Built in: attention.
    """

    eps = 1e-5

    def __init__(self, n, *, dtype=float):
        n = as_whole(n, "n")
        if np.dtype(dtype) not in (np.float64, np.float32):
            raise TypeError(f"A layer holds float64 or float32, but got dtype={dtype!r}.")
        super().__init__(np.repeat([1, 0], n).astype(dtype))

    @property
    def n_in(self):
        """How many features a place has. Built in: attention."""
        return self._theta.size // 2

    n_out = n_in

    @view
    def scale(self):
        """What the features are multiplied by, (n,), a view. Built in: attention."""
        return self._theta[: self.n_in]

    @view
    def shift(self):
        """What is added to them then, (n,), a view. Built in: attention."""
        return self._theta[self.n_in :]

    @view
    def d_scale(self):
        """Slopes of the loss with the scale, a view of grad. Built in: attention."""
        return self._grad[: self.n_in]

    @view
    def d_shift(self):
        """Slopes of the loss with the shift, a view of grad. Built in: attention."""
        return self._grad[self.n_in :]

    @quiet
    def forward(self, x):
        """Return (y, back) for ``x`` of shape (samples, ..., n).

        ``back(d_y)`` overwrites ``grad`` and returns d_x. Built in: attention.
        """
        x = samples(x, self.n_in, self)
        n = self.n_in
        normal = x - _sums("...i->...", x) / n
        size = np.sqrt(_sums("...i,...i->...", normal, normal) / n + self.eps)
        normal /= size
        y = normal * self.scale + self.shift

        @quiet
        def back(d_y, to_inputs=True):
            d_y = slopes(d_y, y, self)
            rows = d_y.reshape(-1, n)
            np.einsum("ij,ij->j", rows, normal.reshape(rows.shape), out=self.d_scale,
                      casting="same_kind")  # fmt: skip
            rows.sum(axis=0, out=self.d_shift)
            if not to_inputs:
                return None
            d = d_y * self.scale
            along = _sums("...i,...i->...", d, normal) / n
            return (d - _sums("...i->...", d) / n - normal * along) / size

        return y, back

    def __repr__(self):
        return f"LayerNorm({self.n_in})"


class Attend:
    """A look-up at every place: the mean of all values, weighted by how well key and query agree.

    Each place holds a query, a key and a value side by side, 3 n numbers, as a dense layer before
    this one makes them. The softmax of its query's products with all keys, divided by the root of
    their length, are the shares with which it takes the values. There are no weights here.

    Parameters
    ----------
    n : int
        Numbers in a query, in a key, in a value, and in the output.
    heads : int
        Into how many equal parts each of them is cut. Every part looks up for itself.
    causal : bool
        No place looks at a later one.

    Attributes
    ----------
    n_in, n_out : int
        3 n and n.

    Raises
    ------
    ValueError
        If ``n`` and ``heads`` are no whole numbers of at least 1, or n cannot be cut so.

    Notes
    -----
    Vaswani and others, 2017: "Attention is all you need". Built in: attention.

    Examples
    --------
    >>> Attend(1).forward([[[0, 0, 8], [0, 0, 16]]])[0]
    array([[[12.],
            [12.]]])
    """

    def __init__(self, n, heads=1, *, causal=False):
        n, heads = as_whole(n, "n"), as_whole(heads, "heads")
        if n % heads:
            raise ValueError(
                f"{n} numbers cannot be cut into {heads} equal heads. Take a number of heads that "
                f"divides {n}."
            )
        self.n_in, self.n_out, self.heads, self.causal = 3 * n, n, heads, bool(causal)

    def shares(self, x):
        """Return who looks where, (samples, heads, places, places); each row adds up to 1.

        Entry [s, h, i, j] is what place i takes from place j. Built in: attention.
        """
        return self._look(sequences(x, self, self.n_in))[0].swapaxes(2, 3)

    @quiet
    def _look(self, x):
        """Return (shares, queries, keys, values); the last three (samples, heads, places, ...).

        The shares stand with a column for each place that looks, because NumPy adds up along
        columns several times as fast.
        """
        parts = x.reshape(*x.shape[:2], 3, self.heads, self.n_out // self.heads)
        queries, keys, values = parts.transpose(2, 0, 3, 1, 4)
        scores = keys @ queries.swapaxes(2, 3)
        scores /= math.sqrt(queries.shape[-1])
        if self.causal:
            scores[..., np.tri(x.shape[1], k=-1, dtype=bool)] = -np.inf
        return softmax(scores, axis=2), queries, keys, values

    @quiet
    def forward(self, x):
        """Return (y, back) for ``x`` of shape (samples, places, 3 n); y is (samples, places, n).

        ``back(d_y)`` returns d_x. It reads ``x`` once more: do not change it before.
        Built in: attention.
        """
        x = sequences(x, self, self.n_in)
        shares, queries, keys, values = self._look(x)
        y = (shares.swapaxes(2, 3) @ values).transpose(0, 2, 1, 3)
        y = y.reshape(*x.shape[:2], self.n_out)

        @quiet
        def back(d_y, to_inputs=True):
            d_y = slopes(d_y, y, self)
            if not to_inputs:
                return None
            d_means = d_y.reshape(*x.shape[:2], *values.shape[1::2]).transpose(0, 2, 1, 3)
            d_scores = values @ d_means.swapaxes(2, 3)  # with the shares, so far
            d_scores -= (d_scores * shares).sum(axis=2, keepdims=True)
            d_scores *= shares
            d_scores /= math.sqrt(queries.shape[-1])
            d_parts = np.empty((3, *values.shape), x.dtype)
            np.matmul(d_scores.swapaxes(2, 3), keys, out=d_parts[0])
            np.matmul(d_scores, queries, out=d_parts[1])
            np.matmul(shares, d_means, out=d_parts[2])
            return d_parts.transpose(1, 3, 0, 2, 4).reshape(x.shape)

        return y, back

    def __repr__(self):
        return f"Attend({self.n_out}, heads={self.heads}, causal={self.causal})"


def _sums(what, *arrays):
    """Return sums along the last axis, which is kept; einsum is faster than sum on short rows."""
    return np.einsum(what, *arrays)[..., None]
