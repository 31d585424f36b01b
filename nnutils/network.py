"""A network: layers in a row, whose weights and biases all lie in one flat vector.

``theta`` holds every weight and bias, ``grad`` the slope of the loss with each, and the layers'
arrays are views of the two. So an optimizer, a gradient check or a saved network sees no layers::

    best = net.theta.copy()           # save
    net.theta = best                  # load
    net.theta -= 0.1 * net.grad       # a step of gradient descent

Built in: gradient-descent.
"""

import numpy as np

from nnutils.activations import relu
from nnutils.attention import Attend, LayerNorm, Positions
from nnutils.embedding import Embedding
from nnutils.layers import Dense, Parameters
from nnutils.numerics import as_floats, as_number, as_whole, quiet, slopes


class Network(Parameters):
    """Layers that are applied one after another.

    Parameters
    ----------
    *layers : Dense, Activation and Network, or anything with their ``forward``
        A layer with weights can be part of one network only. A network is a layer, too: as a part
        of another one it keeps its numbers in the vectors of that one.

    Attributes
    ----------
    layers : tuple
    theta, grad : array of shape (n_parameters,)
        Layer after layer, in the order of ``Dense.theta``; and the slope of the loss with each. To
        assign to one of the two copies the numbers into it, and so changes those of the layers.

    Raises
    ------
    TypeError
        If something is no layer.
    ValueError
        If there is no layer with weights, a layer is used twice, or sizes or dtypes do not fit
        together. Sizes are compared from one layer that has ``n_in`` and ``n_out`` to the next.

    Notes
    -----
    Built in: gradient-descent.

    Examples
    --------
    >>> from nnutils.activations import tanh
    >>> rng = np.random.default_rng(0)
    >>> mlp([2, 8, 1], tanh, init=lambda rng, n, m: rng.normal(size=(n, m)), rng=rng)
    Network(Dense(2, 8), tanh, Dense(8, 1)), 33 parameters
    """

    _draws = False  # whether training differs from use; a network of an older pickle has no word

    def __init__(self, *layers):
        vars(self).update(_layers=layers, _weighted=_fitting(layers, self._compared))
        vars(self)["_draws"] = any(getattr(one, "_draws", hasattr(one, "noisy")) for one in layers)
        self._join()

    @staticmethod
    def _compared(layers):
        """Refuse layers that follow each other and whose sizes differ."""
        sized = _sized(layers)
        for left, right in zip(sized, sized[1:]):
            if left.n_out != right.n_in:
                raise ValueError(
                    f"{left} has {left.n_out} outputs, but the next layer that counts them, "
                    f"{right}, reads {right.n_in} inputs. Make the two numbers equal."
                )

    def _join(self):
        """Put the numbers of all layers in one vector, and their slopes in one."""
        vars(self)["_in_network"] = False
        theta = np.concatenate([layer.theta for layer in self._weighted])
        self.tie(theta, np.concatenate([layer.grad for layer in self._weighted]))

    def tie(self, theta, grad):
        """Keep the numbers and their slopes in these two vectors from now on.

        Built in: gradient-descent.
        """
        super().tie(theta, grad)
        start = 0
        for layer in self._weighted:
            end = start + layer.theta.size
            layer.tie(theta[start:end], grad[start:end])
            vars(layer)["_in_network"] = True
            start = end

    def leaves(self):
        """Yield the layers with weights, also of networks inside. Built in: gradient-descent."""
        for layer in self._weighted:
            yield from layer.leaves() if isinstance(layer, Network) else [layer]

    @property
    def layers(self):
        """The layers, a tuple. Built in: gradient-descent."""
        return self._layers

    @property
    def n_in(self):
        """How many inputs a sample has, or each of its places. Built in: neurons."""
        return _sized(self._layers)[0].n_in

    @property
    def n_out(self):
        """How many outputs a sample has, or each of its places. Built in: neurons."""
        return _sized(self._layers)[-1].n_out

    @property
    def n_parameters(self):
        """How many weights and biases there are. Built in: neurons."""
        return self._theta.size

    def read(self, x):
        """Return ``x`` as the first layer takes it: floats, where that does not say otherwise.

        Built in: gradient-descent.
        """
        first = self._layers[0]
        return first.read(x) if hasattr(first, "read") else super().read(x)

    def __call__(self, x):
        """Return the outputs for ``x`` of shape (samples, inputs). Built in: neurons."""
        return self.forward(x)[0]

    def trace(self, x):
        """Return a list with the outputs of every layer for ``x``. Built in: neurons."""
        outputs = [self.read(x)]
        for layer in self._layers:
            outputs.append(layer.forward(outputs[-1])[0])
        return outputs[1:]

    def forward(self, x, training=False):
        """Return (outputs, back), as a layer does: a network is a layer, too.

        ``back(d_outputs)`` overwrites ``grad`` and returns the slopes with the inputs. It reads
        ``x`` and ``theta`` once more: change neither before. In training, a layer that has a
        ``noisy`` takes that for its ``forward``: ``Dropout``. Built in: gradient-descent.
        """
        outputs, backs = self.read(x), []
        for layer in self._layers:
            noisy = training and hasattr(layer, "noisy")
            outputs, back = layer.noisy(outputs) if noisy else layer.forward(outputs)
            backs.append(back)

        def back(d_outputs, to_inputs=True):
            d_outputs = slopes(d_outputs, outputs, self)
            for one in backs[:0:-1]:
                d_outputs = one(d_outputs)
            return backs[0](d_outputs, to_inputs)

        return outputs, back

    def noisy(self, x):
        """Return (outputs, back) as in training, also if this is a layer of another network.

        Without a layer that draws, such as ``Dropout``, this is ``forward``.
        Built in: regularization.
        """
        return self.forward(x, training=True) if self._draws else self.forward(x)

    def loss_and_grad(self, x, targets, loss, l2=0, l1=0):
        """Return the loss of a batch, after writing its slopes into ``grad``.

        Parameters
        ----------
        x : array of shape (samples, inputs)
        targets : array
            One row, or one label, for each sample: whatever ``loss`` reads.
        loss : callable
            ``loss(outputs, targets)`` returns (mean, d_outputs), as in ``nnutils.losses``.
        l2, l1 : float
            Adds half of l2 times the sum of the squared weights, and l1 times the sum of their
            absolute values. Biases are left alone, and so are layers without ``weights``.

        Returns
        -------
        float

        Raises
        ------
        TypeError, ValueError
            If ``x`` does not fit the first layer, or the loss refuses the targets.

        Notes
        -----
        Slopes are overwritten, not added up: there is nothing to set to zero before. This is
        training: a ``Dropout`` drops here, and only here. Built in: gradient-descent.
        """
        outputs, back = self.noisy(x)
        value, d_outputs = valued(loss, loss(outputs, targets))
        back(d_outputs, False)
        return self._penalized(value, l2, l1) if l2 or l1 else value

    @quiet
    def _penalized(self, value, l2, l1):
        """Return the loss with the penalties, after adding their slopes to ``grad``."""
        for name, factor in (("l2", l2), ("l1", l1)):
            as_number(factor, name, low=0)
        for layer in self.leaves():
            if not hasattr(layer, "weights"):
                continue
            weights = layer.weights
            value += float(0.5 * l2 * np.vdot(weights, weights) + l1 * np.abs(weights).sum())
            layer.d_weights[...] += l2 * weights + l1 * np.sign(weights)
        return value

    def __getstate__(self):
        # The vectors are in the layers. Who reads a pickle, or copies, joins them again.
        return {name: held for name, held in vars(self).items() if name not in ("_theta", "_grad")}

    def __setstate__(self, state):
        vars(self).update(state)
        self._join()

    def __repr__(self):
        return f"{self._text()}, {self.n_parameters:,} parameters"

    def _text(self):
        texts = [one._text() if isinstance(one, Network) else repr(one) for one in self._layers]
        return f"{type(self).__name__}({', '.join(texts)})"


class Residual(Network):
    """Layers whose outputs are added to what they read: y = x + f(x).

    Where the layers add nothing, x passes as it is, and so does the pull on its way back.

    Parameters
    ----------
    *layers
        As for ``Network``. What comes out has to have the shape of what goes in.

    Raises
    ------
    TypeError, ValueError
        As for ``Network``; and if there are not as many outputs as inputs.

    Notes
    -----
    ``trace`` shows the layers themselves, before x is added. He, Zhang, Ren and Sun, 2015.
    Built in: convolution.

    Examples
    --------
    >>> layer = Residual(Dense(2, 2, lambda rng, n, m: [[0, 1], [0, 0]], rng=None))
    >>> layer([[3, 4]])
    array([[3., 7.]])
    """

    def __init__(self, *layers):
        _fitting(layers, self._compared)
        sized = _sized(layers)
        if sized and sized[0].n_in != sized[-1].n_out:
            raise ValueError(
                f"A Residual adds what {sized[0]} reads, {sized[0].n_in} numbers, to what comes "
                f"out of {sized[-1]}, {sized[-1].n_out}. Make the two numbers equal."
            )
        super().__init__(*layers)

    @quiet
    def forward(self, x, training=False):
        """Return (x + f(x), back). Built in: convolution."""
        x = self.read(x)
        outputs, back = super().forward(x, training)
        if outputs.shape != x.shape:
            raise ValueError(
                f"{self._text()} adds what it reads, of shape {x.shape}, to what comes out of its "
                f"layers, of shape {outputs.shape}. Let them keep the shape."
            )
        y = x + outputs

        @quiet
        def both_ways(d_y, to_inputs=True):
            d_y = slopes(d_y, y, self)
            d_x = back(d_y, to_inputs)
            return d_y + d_x if to_inputs else None

        return y, both_ways


class Bidirectional(Network):
    """Two recurrent layers side by side, of which one reads from the end to the start.

    Both see the whole sequence, each in its order; at every moment the outputs of the two stand
    next to each other, those of ``onward`` first.

    Parameters
    ----------
    onward, backward : RNN, LSTM or a Network of them
        They read sequences of the same features, (samples, time, n_in), and keep the time.

    Raises
    ------
    TypeError, ValueError
        As for ``Network``, except that the two have to read the same number of inputs; and on a
        call if one of them does not keep the time.

    Notes
    -----
    ``trace`` shows the outputs of the two, each in the order of time. Schuster and Paliwal, 1997:
    "Bidirectional recurrent neural networks". Built in: recurrence.
    """

    def __init__(self, onward, backward):
        super().__init__(onward, backward)

    @staticmethod
    def _compared(layers):
        onward, backward = layers
        for one in layers:
            if not (hasattr(one, "n_in") and hasattr(one, "n_out")):
                raise ValueError(
                    f"Bidirectional has to know how many numbers a layer reads and returns, but "
                    f"{one!r} does not say it. Pass two such as RNN(...), or networks of them."
                )
        if onward.n_in != backward.n_in:
            raise ValueError(
                f"Both read the same sequence, but {onward} reads {onward.n_in} numbers at a time "
                f"and {backward} {backward.n_in}. Make the two numbers equal."
            )

    @property
    def n_out(self):
        """How many outputs a place has: those of both layers. Built in: recurrence."""
        return sum(layer.n_out for layer in self._layers)

    def trace(self, x):
        """Return [outputs of onward, outputs of backward], in order. Built in: recurrence."""
        return np.split(self(x), [self._layers[0].n_out], axis=-1)

    def forward(self, x, training=False):
        """Return (y, back): (samples, time, n_in) to (samples, time, n_out).

        Built in: recurrence.
        """
        x = self.read(x)
        how = "noisy" if training else "forward"
        run, run_behind = (getattr(one, how, one.forward) for one in self._layers)
        ahead, back_ahead = run(x)
        behind, back_behind = run_behind(x[:, ::-1])
        if not ahead.shape[:-1] == behind.shape[:-1] == x.shape[:-1]:
            raise ValueError(
                f"{self._text()} reads {x.shape} and got {ahead.shape} and {behind.shape} from its "
                "layers. They have to keep samples and time."
            )
        y = np.concatenate([ahead, behind[:, ::-1]], axis=-1)

        @quiet
        def back(d_y, to_inputs=True):
            d_ahead, d_behind = np.split(slopes(d_y, y, self), [ahead.shape[-1]], axis=-1)
            d_x = back_ahead(d_ahead, to_inputs)
            d_turned = back_behind(d_behind[:, ::-1], to_inputs)
            return d_x + d_turned[:, ::-1] if to_inputs else None

        return y, back


def mlp(sizes, hidden, *, init, rng, dtype=float):
    """Return a multilayer perceptron: dense layers with an activation between each two.

    Parameters
    ----------
    sizes : sequence of int
        Inputs, then the units of each hidden layer, then outputs: ``[784, 100, 10]``. Two sizes
        make a linear model.
    hidden : Activation
        What stands between the dense layers. The outputs are left as they are: scores or logits.
    init, rng
        As for ``Dense``; for all layers.
    dtype : dtype
        ``numpy.float32`` halves the memory and is about twice as fast in large networks.

    Returns
    -------
    Network

    Raises
    ------
    TypeError
        If ``dtype`` is neither float64 nor float32, or ``hidden`` is no layer.
    ValueError
        If there are fewer than two sizes, or one is not a positive whole number.

    Notes
    -----
    Built in: gradient-descent.
    """
    sizes = list(sizes) if np.iterable(sizes) else [sizes]
    if len(sizes) < 2:
        raise ValueError(
            f"Got the sizes {sizes}: give at least two, for the inputs and the outputs."
        )
    first = _drawn_as(init, dtype)
    layers = []
    for n_in, n_out in zip(sizes, sizes[1:]):
        layers += [Dense(n_in, n_out, first, rng=rng), hidden]
    return Network(*layers[:-1])


def transformer(vocabulary, length, n, depth, heads, *, init, rng, dtype=float):
    """Return a language model: symbols in, logits of each next symbol out.

    It reads whole numbers of shape (samples, places) and puts out (samples, places, vocabulary); no
    place sees a later one. Symbols become rows of n numbers, to which a row for their place is
    added. Then come blocks, in which each place looks others up and thinks about what it found::

        Residual(LayerNorm(n), Dense(n, 3 n), Attend(n, heads, causal=True), Dense(n, n))
        Residual(LayerNorm(n), Dense(n, 4 n), relu, Dense(4 n, n))

    Parameters
    ----------
    vocabulary, length : int
        How many symbols there are, and how many places at most.
    n, depth, heads : int
        Numbers of a place, blocks, and heads in a block.
    init, rng, dtype
        As for ``mlp``.

    Returns
    -------
    Network

    Raises
    ------
    TypeError, ValueError
        As for ``mlp``, ``Embedding`` and ``Attend``; and if ``depth`` is no whole number from 1 on.

    Notes
    -----
    Vaswani and others, 2017; without an encoder, and normalized before each branch, as in GPT-2
    (Radford and others, 2019). Built in: attention.
    """
    depth, first = as_whole(depth, "depth, how many blocks there are,"), _drawn_as(init, dtype)

    def dense(n_in, n_out):
        return Dense(n_in, n_out, first, rng=rng)

    def norm():
        return LayerNorm(n, dtype=dtype)

    layers = [Embedding(vocabulary, n, first, rng=rng), Positions(length, n, first, rng=rng)]
    for _ in range(depth):
        look = Attend(n, heads, causal=True)
        layers.append(Residual(norm(), dense(n, 3 * n), look, dense(n, n)))
        layers.append(Residual(norm(), dense(n, 4 * n), relu, dense(4 * n, n)))
    return Network(*layers, norm(), dense(n, vocabulary))


def _drawn_as(init, dtype):
    """Return ``init``, whose weights then have this dtype."""
    if np.dtype(dtype) not in (np.float64, np.float32):
        raise TypeError(
            f"A network holds float64 or float32, but got dtype={dtype!r}. Whole numbers cannot be "
            "changed by small steps, and smaller floats overflow."
        )

    def first(rng, n_in, n_out):
        return as_floats(init(rng, n_in, n_out), "what init returned").astype(dtype)

    return first


def _fitting(layers, compared):
    """Return the layers with weights, if they fit together and belong to no other network.

    ``compared(layers)`` refuses sizes that do not fit.
    """
    for layer in layers:
        if isinstance(layer, type) or not callable(getattr(layer, "forward", None)):
            raise TypeError(
                f"A network is made of layers, but got {layer!r}. Pass them one by one, each with "
                "a forward as Dense and tanh have it: Network(first, tanh, last)."
            )
        if hasattr(layer, "theta") and not isinstance(layer, Parameters):
            raise TypeError(
                f"{layer!r} holds a theta, which a network would not find. Derive its class from "
                "nnutils.layers.Parameters."
            )
    weighted = [layer for layer in layers if isinstance(layer, Parameters)]
    if not weighted:
        raise ValueError(f"A network needs a layer with weights, but got {list(layers)}.")
    compared(layers)
    for left, right in zip(weighted, weighted[1:]):
        if left.theta.dtype != right.theta.dtype:
            raise ValueError(
                f"{left} holds {left.theta.dtype} and {right} {right.theta.dtype}: all layers of "
                "a network have to hold the same."
            )
    for layer in weighted:
        if layer._in_network or sum(layer is other for other in weighted) > 1:
            raise ValueError(
                f"{layer} is part of a network already, which would lose its weights. Make a new "
                "layer, or copy the whole network with copy.deepcopy."
            )
    return weighted


def _sized(layers):
    """Return the layers that say how many inputs and outputs they have, with weights or without."""
    return [one for one in layers if hasattr(one, "n_in") and hasattr(one, "n_out")]


def valued(loss, returned):
    """Return what a loss returned, as (float, slopes), if it is such a pair.

    Built in: gradient-descent.
    """
    try:
        value, d_outputs = returned
        return value if type(value) is float else float(value), d_outputs
    except (TypeError, ValueError):
        name = getattr(loss, "__name__", loss)
        raise TypeError(
            f"A loss returns one number and the slopes with the outputs, (mean, d_outputs), but "
            f"{name} returned {returned!r:.200}."
        ) from None
