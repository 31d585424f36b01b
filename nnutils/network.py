"""A network: layers in a row, whose weights and biases all lie in one flat vector.

``theta`` holds every weight and bias, ``grad`` the slope of the loss with each, and the layers'
arrays are views of the two. So an optimizer, a gradient check or a saved network sees no layers::

    best = net.theta.copy()           # save
    net.theta = best                  # load
    net.theta -= 0.1 * net.grad       # a step of gradient descent

Built in: gradient-descent.
"""

import numpy as np

from nnutils.layers import Dense


class Network:
    """Layers that are applied one after another.

    Parameters
    ----------
    *layers : Dense and Activation, or anything with their ``forward``
        A layer with weights can be part of one network only.

    Attributes
    ----------
    layers : tuple
    theta, grad : array of shape (n_parameters,)
        Layer after layer, in the order of ``Dense.theta``. To assign to ``theta`` copies the
        numbers into it, and so changes the weights of the layers.

    Raises
    ------
    ValueError
        If there is no layer with weights, a layer is used twice, or sizes or dtypes do not fit
        together.

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

    def __init__(self, *layers):
        self.layers = layers
        self._dense = _fitting(layers)
        self._theta = np.concatenate([layer.theta for layer in self._dense])
        self.grad = np.concatenate([layer.grad for layer in self._dense])
        start = 0
        for layer in self._dense:
            end = start + layer.theta.size
            layer.theta, layer.grad = self._theta[start:end], self.grad[start:end]
            start = end

    @property
    def theta(self):
        """All weights and biases, (n_parameters,). Built in: gradient-descent."""
        return self._theta

    @theta.setter
    def theta(self, values):
        if np.shape(values) != self._theta.shape:
            raise ValueError(
                f"theta holds {self.n_parameters} numbers in a row, but got an array of shape "
                f"{np.shape(values)}."
            )
        self._theta[:] = values

    @property
    def n_parameters(self):
        """How many weights and biases there are. Built in: neurons."""
        return self._theta.size

    def __call__(self, x):
        """Return the outputs for ``x`` of shape (samples, inputs). Built in: neurons."""
        return self.trace(x)[-1]

    def trace(self, x):
        """Return a list with the outputs of every layer for ``x``. Built in: neurons."""
        outputs = [self._inputs(x)]
        for layer in self.layers:
            outputs.append(layer.forward(outputs[-1])[0])
        return outputs[1:]

    def forward(self, x):
        """Return (outputs, back), as a layer does: a network is a layer, too.

        ``back(d_outputs)`` overwrites ``grad`` and returns the slopes with the inputs.
        Built in: gradient-descent.
        """
        x, backs = self._inputs(x), []
        for layer in self.layers:
            x, back = layer.forward(x)
            backs.append(back)

        def back(d_outputs, to_inputs=True):
            for one in backs[:0:-1]:
                d_outputs = one(d_outputs)
            return backs[0](d_outputs, to_inputs)

        return x, back

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
            absolute values. Biases are left alone.

        Returns
        -------
        float

        Raises
        ------
        TypeError, ValueError
            If ``x`` does not fit the first layer, or the loss refuses the targets.

        Notes
        -----
        Slopes are overwritten, not added up: there is nothing to set to zero before.
        Built in: gradient-descent.
        """
        outputs, back = self.forward(x)
        value, d_outputs = loss(outputs, targets)
        back(d_outputs, False)
        for layer in self._dense if l2 or l1 else ():
            weights = layer.weights
            value += float(0.5 * l2 * np.vdot(weights, weights) + l1 * np.abs(weights).sum())
            layer.d_weights[...] += l2 * weights + l1 * np.sign(weights)
        return value

    def _inputs(self, x):
        """Return ``x`` as an array in the network's dtype, if its shape fits."""
        x = np.asarray(x)
        n_in = self._dense[0].n_in
        if x.ndim != 2 or x.shape[1] != n_in:
            raise ValueError(
                f"The network reads arrays of shape (samples, {n_in}), but got {x.shape}. "
                + ("One sample is a row: use x[None, :]." if x.shape == (n_in,) else "")
            )
        if x.dtype.kind not in "iufb":
            raise TypeError(
                f"The network reads numbers, but got an array of dtype {x.dtype}. "
                "Convert it with numpy.asarray(x, dtype=float)."
            )
        return x.astype(self._theta.dtype, copy=False)

    def __setstate__(self, state):
        # A copied or unpickled network ties its own layers to its own vector again.
        self.__init__(*state["layers"])

    def __repr__(self):
        layers = ", ".join(map(repr, self.layers))
        return f"Network({layers}), {self.n_parameters:,} parameters"


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
    ValueError
        If there are fewer than two sizes, or one is not a positive whole number.

    Notes
    -----
    Built in: gradient-descent.
    """
    if len(sizes) < 2:
        raise ValueError(
            f"Got the sizes {list(sizes)}: give at least two, for the inputs and the outputs."
        )

    def first(rng, n_in, n_out):
        return np.asarray(init(rng, n_in, n_out)).astype(dtype)

    layers = []
    for n_in, n_out in zip(sizes, sizes[1:]):
        layers += [Dense(n_in, n_out, first, rng=rng), hidden]
    return Network(*layers[:-1])


def _fitting(layers):
    """Return the layers with weights, if they fit together and belong to no other network."""
    dense = [layer for layer in layers if hasattr(layer, "theta")]
    if not dense:
        raise ValueError(f"A network needs a layer with weights, but got {list(layers)}.")
    for left, right in zip(dense, dense[1:]):
        if left.n_out != right.n_in:
            raise ValueError(
                f"{left} has {left.n_out} outputs, but the next layer with weights, {right}, "
                f"reads {right.n_in} inputs. Make the two numbers equal."
            )
        if left.theta.dtype != right.theta.dtype:
            raise ValueError(
                f"{left} holds {left.theta.dtype} and {right} {right.theta.dtype}: all layers of "
                "a network have to hold the same."
            )
    for layer in dense:
        if layer.theta.base is not None or sum(layer is other for other in dense) > 1:
            raise ValueError(
                f"{layer} is part of a network already, which would lose its weights. Make a new "
                "layer, or copy the whole network with copy.deepcopy."
            )
    return dense
