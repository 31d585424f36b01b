"""Convolution: one small set of weights, used at every place of a picture.

Pictures have the shape (samples, height, width, channels): as in every layer, the last axis holds
the features, here those of one pixel, and the axes before it are places. A gray picture has one
channel: ``x[..., None]``. A network for pictures of 8 by 8 pixels and ten classes::

    Network(
        Conv2D(1, 8, 3, he_normal, rng=rng, padding=1), relu, MaxPool(2),     # 4 by 4 places
        Conv2D(8, 16, 3, he_normal, rng=rng, padding=1), relu,
        Everywhere(largest=True), Dense(16, 10, lecun_normal, rng=rng),
    )

Built in: convolution.
"""

import math
from functools import reduce

import numpy as np
from numpy.lib.stride_tricks import as_strided

from nnutils.layers import Weights, drawn, named, samples
from nnutils.numerics import as_floats, as_whole, quiet, slopes


def patches(x, size, stride=1):
    """Lay what each window of a picture shows into a row of its own.

    Parameters
    ----------
    x : array of shape (samples, height, width, channels)
    size : int
        Height and width of a window, in pixels.
    stride : int
        How many pixels a window is moved to become the next one.

    Returns
    -------
    array of shape (samples, rows, columns, size * size * channels)
        A copy: pixel after pixel of the window, row after row, and of each pixel all channels.
        There are (height - size) // stride + 1 rows; columns likewise.

    Raises
    ------
    TypeError, ValueError
        If ``x`` does not hold pictures of numbers, the window is larger than they are, or a size
        is no whole number above 0.

    Notes
    -----
    Built in: convolution.

    Examples
    --------
    >>> patches(np.arange(9).reshape(1, 3, 3, 1), 2)[0, 0]
    array([[0., 1., 3., 4.],
           [1., 2., 4., 5.]])
    """
    x = np.ascontiguousarray(_pictures(x, "patches"))
    size, stride = as_whole(size, "size"), as_whole(stride, "stride")
    n, height, width, channels = x.shape
    if size > min(height, width):
        raise ValueError(
            f"A window of {size} by {size} pixels does not fit into a picture of {height} by "
            f"{width}. Take a smaller one, or lay zeros around the picture: padding."
        )
    down, right = (height - size) // stride + 1, (width - size) // stride + 1
    sample, line, pixel, number = x.strides
    windows = as_strided(  # each row of a window is one piece of memory
        x,
        (n, down, right, size, size * channels),
        (sample, stride * line, stride * pixel, line, number),
        writeable=False,
    )
    return windows.copy().reshape(n, down, right, size * size * channels)


class Conv2D(Weights):
    """A dense layer that slides over a picture, with the same weights at every place.

    Parameters
    ----------
    n_in, n_out : int
        Channels of the input, and of the output: how many filters there are.
    size : int
        Height and width of the window that a filter sees, in pixels.
    init, rng
        As for ``Dense``: ``init(rng, size * size * n_in, n_out)`` draws the weights.
    stride : int
        How many pixels the window is moved to become the next one.
    padding : int
        How many rows and columns of zeros are laid around the picture. With ``size // 2``, an odd
        size and stride 1 the output is as large as the input.

    Attributes
    ----------
    theta, grad, weights, biases, d_weights, d_biases : array
        As ``Weights`` has them. ``weights`` has the shape (size * size * n_in, n_out): a column
        for each filter, whose rows run through the window as in ``patches``.

    Raises
    ------
    TypeError, ValueError
        As for ``Dense``; and if size, stride or padding is no such whole number.

    Notes
    -----
    No filter is turned around before it is laid on, which a mathematician would call a
    cross-correlation. Fukushima, 1980; LeCun and others, 1989. Built in: convolution.
    """

    def __init__(self, n_in, n_out, size, init, *, rng, stride=1, padding=0):
        vars(self).update(
            _size=as_whole(size, "size"),
            _stride=as_whole(stride, "stride"),
            _padding=as_whole(padding, "padding", least=0),
        )
        name = named(self, n_in=n_in, n_out=n_out, size=size)
        super().__init__(n_in, n_out, drawn(init, rng, size * size * n_in, n_out, name))

    @quiet
    def forward(self, x):
        """Return (y, back) for ``x`` of shape (samples, height, width, n_in).

        y has the shape (samples, rows, columns, n_out), with a row and a column for each place of
        the window. ``back(d_y)`` overwrites ``grad`` and returns d_x. It reads the weights once
        more: do not change them before. Built in: convolution.
        """
        x = _pictures(samples(x, self.n_in, self), self)
        size, stride, edge = self._size, self._stride, self._padding
        if edge:
            x = np.pad(x, ((0, 0), (edge, edge), (edge, edge), (0, 0)))
        seen = patches(x, size, stride)
        places, (n, height, width, n_in) = seen.shape[:3], x.shape
        seen = seen.reshape(math.prod(places), -1 if seen.size else len(self.weights))
        y = seen @ self.weights
        y += self.biases
        y = y.reshape(*places, self.n_out)

        @quiet
        def back(d_y, to_inputs=True):
            rows = slopes(d_y, y, self).reshape(len(seen), self.n_out)
            np.matmul(seen.T, rows, out=self.d_weights)
            np.matmul(np.ones(len(rows), rows.dtype), rows, out=self.d_biases)  # a faster sum
            if not to_inputs:
                return None
            weights = self.weights.reshape(size, size, n_in, self.n_out)
            part = np.empty((*places, n_in), np.result_type(rows, weights))
            d_x = np.zeros((n, height, width, n_in), part.dtype)
            down, right = stride * places[1], stride * places[2]
            for i, j in np.ndindex(size, size):  # a pixel is seen by many windows: pulls add up
                np.matmul(rows, weights[i, j].T, out=part.reshape(len(rows), n_in))
                d_x[:, i : i + down : stride, j : j + right : stride] += part
            return d_x[:, edge : height - edge, edge : width - edge]

        return y, back

    def __repr__(self):
        more = "".join(
            f", {name}={value}"
            for name, value, usual in (("stride", self._stride, 1), ("padding", self._padding, 0))
            if value != usual
        )
        return f"Conv2D({self.n_in}, {self.n_out}, size={self._size}{more})"


class MaxPool:
    """A layer that keeps the largest number of each block of pixels, channel by channel.

    Where several are the largest, they share the pull. Rows and columns that fill no block are
    left out.

    Parameters
    ----------
    size : int
        Height and width of a block, in pixels.

    Raises
    ------
    ValueError
        If ``size`` is no whole number above 0.

    Notes
    -----
    Built in: convolution.

    Examples
    --------
    >>> y, back = MaxPool(2).forward([[[[1], [2]], [[3], [0]]]])
    >>> y.item()
    3.0
    >>> back([[[[5]]]])[0, :, :, 0]
    array([[0., 0.],
           [5., 0.]])
    """

    def __init__(self, size):
        self.size = as_whole(size, "size")

    @quiet
    def forward(self, x):
        """Return (y, back) for ``x`` of shape (samples, height, width, n).

        y has the shape (samples, height // size, width // size, n). ``back`` reads ``x`` once more:
        do not change it before. Built in: convolution.
        """
        x = _pictures(x, self)
        size, down, right = self.size, x.shape[1] // self.size, x.shape[2] // self.size

        def corners(pictures):  # of all blocks the first pixel, then of all blocks the second ...
            for i, j in np.ndindex(size, size):
                yield pictures[:, i : down * size : size, j : right * size : size]

        y = reduce(np.maximum, corners(x)) if size > 1 else x.copy()

        @quiet
        def back(d_y, to_inputs=True):
            d_y = slopes(d_y, y, self)
            if not to_inputs:
                return None
            d_x = np.zeros(x.shape, d_y.dtype)
            share = d_y / sum((pixel == y for pixel in corners(x)), np.zeros(y.shape, d_y.dtype))
            for pixel, d_pixel in zip(corners(x), corners(d_x), strict=True):
                np.multiply(share, pixel == y, out=d_pixel)
            return d_x

        return y, back

    def __repr__(self):
        return f"MaxPool({self.size})"


class Everywhere:
    """A layer that takes the mean, or the largest, of each channel over all places of a sample.

    Pictures of any size, or sequences of any length, become rows of the same number of features.
    Where several are the largest, they share the pull.

    Parameters
    ----------
    largest : bool
        Take the largest number, not the mean.

    Notes
    -----
    Also called global average pooling and global max pooling. Built in: convolution.

    Examples
    --------
    >>> Everywhere().forward([[[1, 5], [3, 1]]])[0]
    array([[2., 3.]])
    """

    def __init__(self, largest=False):
        self.largest = bool(largest)

    @quiet
    def forward(self, x):
        """Return (y, back): (samples, ..., n) becomes (samples, n). Built in: convolution."""
        x = as_floats(x, "x")
        if x.ndim < 3 or 0 in x.shape[1:]:
            raise ValueError(
                f"{self} looks for places between the samples and the features, such as in "
                f"(samples, height, width, channels), but got an array of shape {x.shape}."
            )
        flat = x.reshape(len(x), math.prod(x.shape[1:-1]), x.shape[-1])
        y = flat.max(axis=1) if self.largest else flat.mean(axis=1)

        @quiet
        def back(d_y, to_inputs=True):
            d_y = slopes(d_y, y, self)
            if not to_inputs:
                return None
            share = np.ones(flat.shape, d_y.dtype)
            if self.largest:
                share[flat != y[:, None]] = 0
            share *= (d_y / share.sum(axis=1))[:, None]
            return share.reshape(x.shape)

        return y, back

    def __repr__(self):
        return "Everywhere(largest=True)" if self.largest else "Everywhere()"


class Flatten:
    """A layer that makes a row of each picture, for a dense layer to read.

    Parameters
    ----------
    height, width, n_in : int
        The shape of a picture: pixels down, pixels across, channels.

    Raises
    ------
    ValueError
        If one of the three is no whole number above 0.

    Notes
    -----
    With it a network knows its pictures' size, and a weight belongs to one place again.
    Built in: convolution.

    Examples
    --------
    >>> Flatten(1, 2, 2).forward([[[[1, 2], [3, 4]]]])[0]
    array([[1., 2., 3., 4.]])
    """

    def __init__(self, height, width, n_in):
        self.height, self.width = as_whole(height, "height"), as_whole(width, "width")
        self.n_in = as_whole(n_in, "n_in")

    @property
    def n_out(self):
        """How many numbers a picture has. Built in: convolution."""
        return self.height * self.width * self.n_in

    def forward(self, x):
        """Return (y, back): (samples, height, width, n_in) becomes (samples, n_out).

        Built in: convolution.
        """
        x, shape = as_floats(x, "x"), (self.height, self.width, self.n_in)
        if x.ndim != 4 or x.shape[1:] != shape:
            raise ValueError(
                f"{self} reads arrays of shape (samples, {', '.join(map(str, shape))}), but got "
                f"{x.shape}. Say how large the pictures are when they come here."
            )
        y = x.reshape(len(x), self.n_out)
        return (
            y,
            lambda d_y, to_inputs=True: (
                slopes(d_y, y, self).reshape(x.shape) if to_inputs else None
            ),
        )

    def __repr__(self):
        return f"Flatten({self.height}, {self.width}, {self.n_in})"


def _pictures(x, reader):
    x = as_floats(x, "x")
    if x.ndim != 4:
        raise ValueError(
            f"{reader} reads pictures, an array of shape (samples, height, width, channels), but "
            f"got {x.shape}. Grey pictures have one channel: x[..., None]."
        )
    return x
