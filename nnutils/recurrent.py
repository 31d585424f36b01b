"""Recurrent layers: one cell, applied again and again along the time axis.

A cell is a dense layer that reads the input of the moment and, beside it, its own last output, the
state. Sequences have the shape (samples, time, features). Built in: recurrence.
"""

import numpy as np

from nnutils.layers import Weights, drawn, named, sequences
from nnutils.numerics import as_number, quiet, slopes


class Recurrent(Weights):
    """What RNN and LSTM have in common: weights for the input above weights for the state.

    Parameters
    ----------
    n_in, n_out : int
        Features of the input at one time, and units of the state, which is the output.
    init : callable
        As for ``Dense``; called with (rng, n_in, columns), where each unit has one column in an
        RNN, and four in an LSTM. If it returns float32, the layer holds float32, else float64.
    rng : numpy.random.Generator
        Passed on to ``init`` and ``across``.
    across : callable, optional
        Draws the rows that read the state, (n_out, columns); ``init`` if it is left out.

    Attributes
    ----------
    theta, grad, weights, biases, d_weights, d_biases : array
        As ``Weights`` has them; ``weights`` has n_in + n_out rows.

    Raises
    ------
    TypeError, ValueError
        As for ``Dense``.

    Notes
    -----
    The state before the first input is 0. Built in: recurrence.
    """

    columns = 1  # of each unit

    def __init__(self, n_in, n_out, init, *, rng, across=None):
        name, columns = named(self, n_in=n_in, n_out=n_out), self.columns * n_out
        into = drawn(init, rng, n_in, columns, name)
        state = drawn(across or init, rng, n_out, columns, name)
        super().__init__(n_in, n_out, np.concatenate([into, state.astype(into.dtype)]))

    @quiet
    def forward(self, x):
        """Return (y, back) for ``x`` of shape (samples, time, n_in); y is (samples, time, n_out).

        ``back(d_y)`` overwrites ``grad`` and returns d_x. It reads ``x``, ``y`` and the weights
        once more: change none of them before. Built in: recurrence.
        """
        x = sequences(x, self, self._n_in)
        times = np.ascontiguousarray(x.swapaxes(0, 1))  # what is read at one time stands together
        z = times @ self._weights[: self._n_in]
        z += self._biases
        h = np.zeros((len(z) + 1, len(x), self._n_out), z.dtype)  # the state before, then after
        memory = self._run(z, h)
        y = h[1:].swapaxes(0, 1)

        @quiet
        def back(d_y, to_inputs=True):
            d_y = slopes(d_y, y, self)
            d_z = self._run_back(np.ascontiguousarray(d_y.swapaxes(0, 1)), h, memory)
            d_rows = d_z.reshape(-1, d_z.shape[2])
            n_in, into = self._n_in, self._weights[: self._n_in]
            np.matmul(times.reshape(-1, n_in).T, d_rows, out=self._d_weights[:n_in])
            np.matmul(h[:-1].reshape(-1, self._n_out).T, d_rows, out=self._d_weights[n_in:])
            d_rows.sum(axis=0, out=self._d_biases)
            return (d_rows @ into.T).reshape(times.shape).swapaxes(0, 1) if to_inputs else None

        return y, back


class RNN(Recurrent):
    """The plain cell: h = tanh(x W + h' U + b), where h' is the state before.

    Parameters are those of ``Recurrent``; each unit has one column.

    Notes
    -----
    Elman, 1990: "Finding structure in time". Built in: recurrence.

    Examples
    --------
    >>> cell = RNN(1, 1, lambda rng, n, m: [[0.5]], rng=None)
    >>> cell.forward([[[1], [0], [0]]])[0].round(3)
    array([[[0.462],
            [0.227],
            [0.113]]])
    """

    def _run(self, z, h):
        across = self._weights[self._n_in :]
        for t in range(len(z)):
            np.tanh(z[t] + h[t] @ across, out=h[t + 1])
        return z  # which nobody reads any more: there is room for its slopes

    def _run_back(self, d_y, h, d_z):
        back_across = self._weights[self._n_in :].T
        d_h = np.zeros_like(h[0])
        for t in reversed(range(len(d_z))):
            d_h += d_y[t]
            np.multiply(d_h, 1 - h[t + 1] * h[t + 1], out=d_z[t])
            np.matmul(d_z[t], back_across, out=d_h)
        return d_z


class LSTM(Recurrent):
    """A cell that keeps, adds and shows: c = f c' + i g, h = o tanh(c).

    The sums x W + h' U + b of all units stand in four blocks: those of the input gates i, of the
    forget gates f, of the output gates o and of the candidates g. The first three go through a
    sigmoid, the last through tanh. The primes are the values before; c' starts at 0, too.

    Parameters
    ----------
    n_in, n_out, init, rng, across
        As for ``Recurrent``; each unit has four columns.
    keep : float
        The first biases of the forget gates. Large ones remember from the start; the other
        biases start at 0.

    Raises
    ------
    TypeError, ValueError
        As for ``Dense``; and if ``keep`` is no finite number.

    Notes
    -----
    Hochreiter and Schmidhuber, 1997; the forget gate is from Gers, Schmidhuber and Cummins, 2000,
    and to start it open from Jozefowicz, Zaremba and Sutskever, 2015. Built in: recurrence.
    """

    columns = 4

    def __init__(self, n_in, n_out, init, *, rng, across=None, keep=1.0):
        keep = as_number(keep, "keep, the first bias of the forget gates,")
        super().__init__(n_in, n_out, init, rng=rng, across=across)
        self.biases[n_out : 2 * n_out] = keep

    def _run(self, z, h):
        n, across = self._n_out, self._weights[self._n_in :]
        half, shift = np.repeat([[0.5, 0.5, 0.5, 1], [0.5, 0.5, 0.5, 0]], n, axis=1).astype(z.dtype)
        c, shown = np.zeros_like(h), np.empty_like(h[1:])
        z *= half  # one tanh for all four: sigmoid(z) = (tanh(z / 2) + 1) / 2
        across = across * half
        for t in range(len(z)):
            gates = z[t]
            gates += h[t] @ across
            np.tanh(gates, out=gates)
            gates *= half
            gates += shift
            i, f, o, g = self._blocks(gates)
            np.multiply(f, c[t], out=c[t + 1])
            c[t + 1] += i * g
            np.tanh(c[t + 1], out=shown[t])
            np.multiply(o, shown[t], out=h[t + 1])
        return z, c, shown  # z holds the gates now

    def _run_back(self, d_y, h, memory):
        gates, c, shown = memory
        d_z = np.empty_like(gates)
        back_across = self._weights[self._n_in :].T
        last_block = np.repeat([0, 0, 0, 1], self._n_out).astype(gates.dtype)
        d_h, d_c = np.zeros_like(h[0]), np.zeros_like(h[0])
        for t in reversed(range(len(d_z))):
            i, f, o, g = self._blocks(gates[t])
            d_i, d_f, d_o, d_g = self._blocks(d_z[t])
            d_h += d_y[t]
            slope = shown[t] * shown[t]
            np.subtract(1, slope, out=slope)
            slope *= o
            slope *= d_h
            d_c += slope
            np.multiply(d_c, g, out=d_i)
            np.multiply(d_c, c[t], out=d_f)
            np.multiply(d_h, shown[t], out=d_o)
            np.multiply(d_c, i, out=d_g)
            d_z[t] *= 1 - gates[t]  # the slopes: s (1 - s) of a sigmoid s, (1 + g) (1 - g) of tanh
            d_z[t] *= gates[t] + last_block
            np.matmul(d_z[t], back_across, out=d_h)
            d_c *= f
        return d_z

    def _blocks(self, columns):
        """Return the four blocks of the columns, as views."""
        n = self._n_out
        return (columns[:, start : start + n] for start in range(0, 4 * n, n))


class Last:
    """Keep the last of each sequence: (samples, time, n) becomes (samples, n).

    Built in: recurrence.

    Examples
    --------
    >>> Last().forward([[[1, 2], [3, 4]]])[0]
    array([[3., 4.]])
    """

    def forward(self, x):
        """Return (y, back); ``back(d_y)`` returns d_x, 0 at all times but the last.

        Built in: recurrence.
        """
        x = sequences(x, self)
        y = x[:, -1]

        def back(d_y, to_inputs=True):
            d_y = slopes(d_y, y, self)
            if not to_inputs:
                return None
            d_x = np.zeros_like(x, dtype=d_y.dtype)
            d_x[:, -1] = d_y
            return d_x

        return y, back

    def __repr__(self):
        return "Last()"
