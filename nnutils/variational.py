"""A variational autoencoder: codes that are drawn, so that any code drawn later is one it knows.

The encoder puts out two numbers for each number of the code: a mean, and the log of a variance. In
training the code is drawn from the normal distribution that these describe, and the distribution
pays for its distance from the standard one, with mean 0 and variance 1::

    encoder = mlp([64, 128, 16], relu, init=he_normal, rng=rng)    # 8 means, 8 logs of variances
    decoder = mlp([8, 128, 64], relu, init=he_normal, rng=rng)
    net = Variational(encoder, decoder, price=0.003, rng=rng)
    train(net, (x, x), mean_squared_error, Adam(0.003), epochs=100, batch_size=64, rng=rng)
    decoder(rng.normal(size=(5, 8)))                               # five new samples

Kingma and Welling, 2013; Rezende, Mohamed and Wierstra, 2014. Built in: autoencoder.
"""

import numpy as np

from nnutils.layers import Parameters
from nnutils.network import Network, valued
from nnutils.numerics import as_floats, as_generator, as_number, as_whole, quiet, slopes


@quiet
def price(codes):
    """Return how far normal distributions are from the standard one, and the slopes.

    Parameters
    ----------
    codes : array of shape (samples, 2 n), or (samples, ..., 2 n)
        For each sample n means m, then n logs of variances l.

    Returns
    -------
    (float, array in the shape of ``codes``)
        The sum over the n numbers of ``(m^2 + exp(l) - 1 - l) / 2``, averaged over samples: the
        Kullback-Leibler divergence, in nats. It is 0 where all m and l are 0.

    Raises
    ------
    TypeError
        If ``codes`` are no real numbers.
    ValueError
        If there are none, their last axis is odd, or one is nan or infinite.

    Notes
    -----
    Kullback and Leibler, 1951. Built in: autoencoder.

    Examples
    --------
    >>> price([[1.0, 0.0]])
    (0.5, array([[1., 0.]]))
    """
    codes = as_floats(codes, "codes")
    if codes.ndim < 2 or codes.shape[-1] % 2 or not codes.size:
        raise ValueError(
            f"codes hold a row for each sample, with as many means as logs of variances, but got "
            f"an array of shape {codes.shape}."
        )
    if not np.isfinite(codes).all():
        raise ValueError(
            f"codes hold {np.sum(~np.isfinite(codes))} of {codes.size} numbers that are nan or "
            "infinite. A mean and the log of a variance are finite."
        )
    n = codes.shape[-1] // 2
    rows = codes.size // (2 * n)
    means, logs = codes[..., :n], codes[..., n:]
    beyond = np.expm1(logs)
    total = 0.5 * np.sum(means * means + (beyond - logs))
    return float(total / rows), np.concatenate([means, 0.5 * beyond], axis=-1) / rows


class Draw:
    """A layer that draws each number from a normal distribution; outside of training, its mean.

    Parameters
    ----------
    n_out : int
        How many numbers. It reads twice as many: their means m, then the logs l of their variances.
    rng : numpy.random.Generator
        Draws the noise. ``network_gradcheck`` finds it under this name, and draws the same again.

    Raises
    ------
    TypeError, ValueError
        If ``n_out`` is no positive whole number, or ``rng`` no generator.

    Notes
    -----
    The number is ``m + exp(l / 2) * noise``. The noise comes from outside, as an input would, so
    that slopes pass to m and l. Built in: autoencoder.

    Examples
    --------
    >>> Draw(2, rng=np.random.default_rng(0)).forward([[3, 4, 0, 0]])[0]
    array([[3., 4.]])
    """

    def __init__(self, n_out, *, rng):
        self.n_out, self.rng = as_whole(n_out, "n_out"), as_generator(rng)
        self.n_in = 2 * self.n_out

    def forward(self, x):
        """Return (means, back): outside of training nothing is drawn. Built in: autoencoder."""
        means, logs = self._halves(x)

        def back(d_y, to_inputs=True):
            d_y = slopes(d_y, means, self)
            return np.concatenate([d_y, np.zeros_like(logs)], axis=-1) if to_inputs else None

        return means, back

    @quiet
    def noisy(self, x):
        """Return (y, back) with new noise: y is m + exp(l / 2) * noise. Built in: autoencoder."""
        means, logs = self._halves(x)
        noise = self.rng.standard_normal(means.shape).astype(means.dtype) * np.exp(0.5 * logs)
        y = means + noise

        @quiet
        def back(d_y, to_inputs=True):
            d_y = slopes(d_y, y, self)
            return np.concatenate([d_y, 0.5 * noise * d_y], axis=-1) if to_inputs else None

        return y, back

    def _halves(self, x):
        x = as_floats(x, "x")
        if x.ndim < 2 or x.shape[-1] != self.n_in:
            raise ValueError(
                f"{self} reads arrays of shape (samples, {self.n_in}), {self.n_out} means and then "
                f"{self.n_out} logs of variances, but got {x.shape}."
            )
        return x[..., : self.n_out], x[..., self.n_out :]

    def __repr__(self):
        return f"Draw({self.n_out})"


class Variational(Network):
    """An encoder, a ``Draw`` and a decoder, whose training adds the price of the codes to the loss.

    Parameters
    ----------
    encoder, decoder : Network or layer with weights
        The encoder puts out twice as many numbers as the decoder reads. Both stay in use: they
        are parts of this network, so that what it learns is in them.
    price : float
        How much the price of the codes counts beside the loss, 0 or above. For a mean squared
        error over n numbers, ``2 * sigma**2 / n`` is as if each of them were right up to a normal
        error with the standard deviation sigma.
    rng : numpy.random.Generator
        Draws the codes.

    Raises
    ------
    TypeError, ValueError
        As for ``Network``; if sizes do not fit, or ``price`` is no such number.

    Notes
    -----
    ``net(x)`` draws nothing: it decodes the means. As a layer of another network this one draws in
    training, but there nothing is paid for the codes. Built in: autoencoder.

    Examples
    --------
    >>> from nnutils.layers import Dense
    >>> from nnutils.initializers import lecun_normal as init
    >>> rng = np.random.default_rng(0)
    >>> encoder, decoder = Dense(64, 4, init, rng=rng), Dense(2, 64, init, rng=rng)
    >>> Variational(encoder, decoder, price=0.003, rng=rng)
    Variational(Dense(64, 4), Draw(2), Dense(2, 64)), 452 parameters
    """

    def __init__(self, encoder, decoder, *, price, rng):
        for name, part in (("encoder", encoder), ("decoder", decoder)):
            if not isinstance(part, Parameters):
                raise TypeError(
                    f"The {name} has to be a network, such as mlp(...) makes, or a layer with "
                    f"weights, but got {part!r:.200}."
                )
        price = as_number(price, "price, how much the codes cost beside the loss,", low=0)
        if encoder.n_out != 2 * decoder.n_in:
            raise ValueError(
                f"The decoder reads {decoder.n_in} numbers, so the encoder has to put out "
                f"{2 * decoder.n_in}, a mean and the log of a variance for each, but it puts out "
                f"{encoder.n_out}."
            )
        super().__init__(encoder, Draw(decoder.n_in, rng=rng), decoder)
        vars(self)["_price"] = price

    @property
    def price(self):
        """How much the price of the codes counts. Built in: autoencoder."""
        return self._price

    @quiet
    def loss_and_grad(self, x, targets, loss, l2=0, l1=0):
        """Return the loss of a batch plus ``price`` times what its codes cost; write the slopes.

        Parameters and errors are those of ``Network.loss_and_grad``. Built in: autoencoder.
        """
        encoder, draw, decoder = (getattr(one, "noisy", one.forward) for one in self._layers)
        codes, to_inputs = encoder(self.read(x))
        drawn, to_codes = draw(codes)
        outputs, to_drawn = decoder(drawn)
        value, d_outputs = valued(loss, loss(outputs, targets))
        cost, d_codes = price(codes)
        to_inputs(to_codes(to_drawn(d_outputs)) + self._price * d_codes, False)
        value += self._price * cost
        return self._penalized(value, l2, l1) if l2 or l1 else value
