"""Embeddings: a row of numbers for each symbol, and rows for words, learned from their neighbors.

A symbol is a whole number from 0 on: a word, a letter, a city. Built in: embeddings.
"""

import numpy as np

from nnutils.layers import Parameters, drawn, named, view
from nnutils.numerics import as_array, as_whole, quiet, slopes


class Table(Parameters):
    """What has a row of weights for each symbol, and no biases.

    Parameters
    ----------
    n_in, n_out : int
        How many symbols there are, and how many numbers a row holds.
    weights : array of shape (rows, n_out)
        The first rows.

    Attributes
    ----------
    theta, grad : array of shape (rows * n_out,)
        Row after row; and the slope of the loss with each number, as the last ``back`` left it.
        ``weights`` and ``d_weights`` are views of them. To assign copies the numbers.

    Notes
    -----
    Built in: embeddings.
    """

    def __init__(self, n_in, n_out, weights):
        vars(self).update(_n_in=n_in, _n_out=n_out)
        super().__init__(weights.flatten())

    @property
    def n_in(self):
        """How many symbols there are. Built in: embeddings."""
        return self._n_in

    @property
    def n_out(self):
        """How many numbers a row holds. Built in: embeddings."""
        return self._n_out

    @view
    def weights(self):
        """The rows, (rows, n_out), a view: to assign changes theta. Built in: embeddings."""
        return self._theta.reshape(-1, self._n_out)

    @view
    def d_weights(self):
        """Slopes of the loss with the rows, a view of grad. Built in: embeddings."""
        return self._grad.reshape(-1, self._n_out)

    def read(self, x):
        """Return ``x``, if it holds symbols: whole numbers from 0 to n_in - 1.

        Raises TypeError where it holds something else, and ValueError where a number is none of
        them, or where there is no axis of samples. Built in: embeddings.
        """
        x = as_array(x, "x")
        last = self._n_in - 1
        if x.dtype.kind not in "iu":
            raise TypeError(
                f"{self} reads symbols, whole numbers from 0 to {last}, but got {x!r:.200} (dtype "
                f"{x.dtype}). If they are whole, but floats: numpy.asarray(x, dtype=int). If they "
                "are rows with a single 1: numpy.argmax(x, axis=-1). Words have to be numbered."
            )
        if x.ndim == 0:
            raise ValueError(
                f"{self} reads an array with a symbol for each place, but got the single number "
                f"{x}. One sample is [{x}]."
            )
        if x.size and (x.min() < 0 or x.max() > last):
            wrong = x[(x < 0) | (x > last)][0]
            raise ValueError(
                f"{self} has rows for {self._n_in} symbols, whole numbers from 0 to {last}, but "
                f"one is {wrong}. Number the symbols from 0 on, or make the table longer."
            )
        return x

    def _add(self, rows, d_rows):
        """Add slopes into rows of ``d_weights``: a row that is named twice gets both."""
        entries = rows.reshape(-1, 1) * self._n_out + np.arange(self._n_out)
        np.add.at(self._grad, entries.ravel(), d_rows.ravel())  # four times as fast as by rows

    def __repr__(self):
        return f"{type(self).__name__}({self._n_in}, {self._n_out})"


class Embedding(Table):
    """A layer that looks up a row of numbers for each symbol: symbol k becomes row k of weights.

    It is a dense layer without biases that reads rows with a single 1, but nothing is multiplied
    by 0.

    Parameters
    ----------
    n_in, n_out : int
        How many symbols there are, and how many numbers each becomes.
    init : callable
        ``init(rng, n_in, n_out)`` returns the first rows, as for ``Dense``.
    rng : numpy.random.Generator
        Passed on to ``init``.

    Attributes
    ----------
    theta, grad, weights, d_weights : array
        As ``Table`` has them; ``weights`` has the shape (n_in, n_out).

    Raises
    ------
    TypeError, ValueError
        As for ``Dense``; and on a call if something else comes than whole numbers from 0 to
        n_in - 1.

    Notes
    -----
    Bengio and others, 2003: "A neural probabilistic language model". Built in: embeddings.

    Examples
    --------
    >>> layer = Embedding(3, 2, lambda rng, n, m: [[1, 2], [3, 4], [5, 6]], rng=None)
    >>> layer.forward([[2, 0]])[0]
    array([[[5., 6.],
            [1., 2.]]])
    """

    def __init__(self, n_in, n_out, init, *, rng):
        name = named(self, n_in=n_in, n_out=n_out)
        super().__init__(n_in, n_out, drawn(init, rng, n_in, n_out, name))

    @quiet
    def forward(self, x):
        """Return (y, back): symbols of shape (samples, ...) become rows, (samples, ..., n_out).

        ``back(d_y)`` overwrites ``grad`` and returns None, since a symbol has no slope. It reads
        ``x`` once more: do not change it before. Built in: embeddings.
        """
        x = self.read(x).astype(np.intp, copy=False)
        y = self.weights[x]

        @quiet
        def back(d_y, to_inputs=True):
            d_y = slopes(d_y, y, self)
            self._grad[:] = 0
            self._add(x, d_y)

        return y, back


class SkipGram(Table):
    """Two rows for each word, one as the middle and one as a neighbor; their product is a logit.

    A sample is a row of whole numbers: a middle word, a word, more words. For each word after the
    first comes out the sum of products of the middle's row with that word's row. So
    ``binary_cross_entropy`` can ask for 1 where the word is a real neighbor, and for 0 where it
    was drawn.

    Parameters
    ----------
    n_in, n_out : int
        How many words there are, and how many numbers a row holds.
    init : callable
        ``init(rng, 2 * n_in, n_out)`` returns the first rows: all middles, then all neighbors.
    rng : numpy.random.Generator
        Passed on to ``init``.

    Attributes
    ----------
    theta, grad, weights, d_weights : array
        As ``Table`` has them; ``weights`` has the shape (2 * n_in, n_out). ``middles`` and
        ``neighbors``, of shape (n_in, n_out), are views of its halves.

    Raises
    ------
    TypeError, ValueError
        As for ``Embedding``; and on a call if ``x`` is no (samples, 2 or more).

    Notes
    -----
    Mikolov and others, 2013: "Distributed representations of words and phrases and their
    compositionality". Built in: embeddings.

    Examples
    --------
    >>> layer = SkipGram(2, 2, lambda rng, n, m: [[1, 1], [0, 0], [3, 0], [1, -1]], rng=None)
    >>> layer.forward([[0, 0, 1]])[0]
    array([[3., 0.]])
    """

    def __init__(self, n_in, n_out, init, *, rng):
        name = named(self, n_in=n_in, n_out=n_out)
        super().__init__(n_in, n_out, drawn(init, rng, 2 * n_in, n_out, name))

    @view
    def middles(self):
        """The rows of the words as the middle, (n_in, n_out), a view. Built in: embeddings."""
        return self.weights[: self._n_in]

    @view
    def neighbors(self):
        """The rows of the words as neighbors, (n_in, n_out), a view. Built in: embeddings."""
        return self.weights[self._n_in :]

    def read(self, x):
        """Return ``x``, if it holds a middle word and at least one other in each row.

        Raises TypeError and ValueError as ``Embedding`` does. Built in: embeddings.
        """
        x = super().read(x)
        if x.ndim != 2 or x.shape[1] < 2:
            raise ValueError(
                f"{self} reads rows of words, (samples, 2 or more): the middle, a neighbor, and "
                f"what else was drawn. But got the shape {x.shape}."
            )
        return x

    @quiet
    def forward(self, x):
        """Return (logits, back): words of shape (samples, 1 + k) become logits, (samples, k).

        ``back(d_logits)`` overwrites ``grad`` and returns None, since a word has no slope. It
        reads ``x`` and the weights once more: change neither before. Built in: embeddings.
        """
        x = self.read(x).astype(np.intp, copy=False)
        middle, others = self.middles[x[:, 0]], self.neighbors[x[:, 1:]]
        logits = np.einsum("sn,skn->sk", middle, others)

        @quiet
        def back(d_logits, to_inputs=True):
            d_logits = slopes(d_logits, logits, self)
            self._grad[:] = 0
            self._add(x[:, 0], np.einsum("sk,skn->sn", d_logits, others))
            self._add(x[:, 1:] + self._n_in, d_logits[:, :, None] * middle[:, None])

        return logits, back


def pairs(sentence, window):
    """Return every word of a sentence with each other that is at most ``window`` places away.

    Parameters
    ----------
    sentence : array of shape (words,)
        Whole numbers.
    window : int
        At least 1.

    Returns
    -------
    array of shape (pairs, 2)
        The middle and its neighbor, from the left to the right.

    Raises
    ------
    TypeError
        If the sentence holds something other than whole numbers.
    ValueError
        If it has more than one axis, or ``window`` is no such number.

    Notes
    -----
    Built in: embeddings.

    Examples
    --------
    >>> pairs([7, 8, 9], 1)
    array([[7, 8],
           [8, 7],
           [8, 9],
           [9, 8]])
    """
    words = as_array(sentence, "sentence")
    if words.ndim != 1:
        raise ValueError(
            f"A sentence is a row of words, (words,), but got the shape {words.shape}. Take one "
            "sentence after the other."
        )
    if words.size and words.dtype.kind not in "iu":
        raise TypeError(
            f"The words of a sentence are whole numbers, but got {words!r:.200} (dtype "
            f"{words.dtype}). Give each word a number, from 0 on."
        )
    window = as_whole(window, "window, how many places away a neighbor may be,")
    words = words.astype(np.intp, copy=False)
    reach = min(window, max(len(words) - 1, 0))
    steps = np.append(np.arange(-reach, 0), np.arange(1, reach + 1))
    others = np.arange(len(words))[:, None] + steps
    middles, which = np.nonzero((others >= 0) & (others < len(words)))
    return np.stack([words[middles], words[others[middles, which]]], axis=1)
