"""Training: batch after batch, the gradient of the loss and a step of the optimizer.

``steps`` is the loop itself, one update at a time, and leaves the rest to the caller: to stop early
is ``break``, to log is ``if``. ``train`` is the usual use of it. Built in: sgd.
"""

import math
from dataclasses import dataclass, field

import numpy as np

from nnutils.data import batches


def steps(net, loss, optimizer, stream, *, l2=0, l1=0):
    """Train, one update for each batch of a stream; yield how it goes.

    Parameters
    ----------
    net : Network
        Its ``theta`` changes in place.
    loss : callable
        As in ``nnutils.losses``.
    optimizer : SGD, Adam or another recipe of ``nnutils.optimizers``
    stream : iterable of (x, targets)
        For example ``batches(x, targets, size=32, rng=rng)``, which is one epoch.
    l2, l1 : float
        As for ``Network.loss_and_grad``.

    Yields
    ------
    (int, float)
        The number of the update, from 1, and the batch's loss before it, penalties included.

    Raises
    ------
    FloatingPointError
        When a loss is no finite number, which says that the training runs away.
    TypeError, ValueError
        If a batch does not fit the network or the loss.

    Notes
    -----
    Built in: sgd.
    """
    state = optimizer.init(net.theta)
    for t, (x, targets) in enumerate(stream, start=1):
        with np.errstate(over="ignore", invalid="ignore"):  # told below, in a sentence
            try:
                value = net.loss_and_grad(x, targets, loss, l2, l1)
            except ValueError:
                if np.isfinite(net(x)).all():
                    raise
                value = math.nan  # the loss refused outputs that are nan or infinite
            if not math.isfinite(value):
                raise FloatingPointError(_ran_away(t, value, optimizer, x))
            optimizer.step(net.theta, net.grad, state, t)
        yield t, value


@dataclass
class History:
    """What ``train`` saw. Built in: sgd.

    Attributes
    ----------
    loss : list of float
        For each epoch, the mean over its samples of the loss before their update, penalties
        included.
    valid : list of float
        For each epoch, the loss of the validation data after it, without penalties; empty if
        there are none.
    batch_loss : list of float
        For each update, the loss of its batch before it.
    """

    loss: list[float] = field(default_factory=list)
    valid: list[float] = field(default_factory=list)
    batch_loss: list[float] = field(default_factory=list, repr=False)


def train(
    net,
    data,
    loss,
    optimizer,
    *,
    epochs,
    batch_size,
    rng,
    valid=None,
    l2=0,
    l1=0,
    progress=True,
):
    """Train a network for some epochs, and return what was seen.

    Parameters
    ----------
    net, loss, optimizer, l2, l1
        As for ``steps``.
    data : (array of shape (n, inputs), array of length n)
        Inputs and targets to train on.
    epochs : int
        How often every sample is used.
    batch_size : int
        Samples in an update; the last one of an epoch may have fewer.
    rng : numpy.random.Generator
        Draws the order of the samples.
    valid : (array, array), optional
        Inputs and targets whose loss is measured after each epoch, and which are not trained on.
    progress : bool
        Print the losses of up to ten epochs.

    Returns
    -------
    History
        To interrupt the training (Ctrl+C, or the notebook's stop button) ends it early: the
        network keeps what it has learned, and the history says what was seen until then.

    Raises
    ------
    FloatingPointError
        When the training runs away.
    TypeError, ValueError
        If the data do not fit together, the network or the loss, or are not finite.

    Notes
    -----
    Built in: sgd.
    """
    if not isinstance(epochs, (int, np.integer)) or epochs < 1:
        raise ValueError(f"epochs has to be a whole number, at least 1, but got {epochs!r}.")
    x, targets = _rows(net, loss, "data", data)
    if valid is not None:
        valid = _rows(net, loss, "valid", valid)
    stream = (
        batch for _ in range(epochs) for batch in batches(x, targets, size=batch_size, rng=rng)
    )
    told = {round(epoch) for epoch in np.linspace(1, epochs, min(epochs, 10))}
    history = History()
    seen, total = 0, 0.0  # of the running epoch: samples, and the sum of their losses
    try:
        for _, value in steps(net, loss, optimizer, stream, l2=l2, l1=l1):
            history.batch_loss.append(value)
            size = min(batch_size, len(x) - seen)
            seen, total = seen + size, total + size * value
            if seen == len(x):
                history.loss.append(total / seen)
                seen, total = 0, 0.0
                if valid is not None:
                    history.valid.append(loss(net(valid[0]), valid[1])[0])
                if progress and len(history.loss) in told:
                    print(_line(history, epochs))
    except KeyboardInterrupt:
        print(f"Interrupted after {len(history.loss)} of {epochs} epochs.")
    return history


def _line(history, epochs):
    line = f"epoch {len(history.loss)} of {epochs}: loss {history.loss[-1]:.3g}"
    return line + (f", validation {history.valid[-1]:.3g}" if history.valid else "")


def _rows(net, loss, name, pair):
    """Return inputs and targets as arrays, after a look whether they fit together and the net."""
    x, targets = map(np.asarray, pair)
    if len(x) != len(targets):
        raise ValueError(
            f"{name} holds {len(x)} rows of inputs, but {len(targets)} targets. Pass one target "
            "for each row."
        )
    if not np.isfinite(x).all():
        raise ValueError(
            f"The inputs of {name} have to be finite numbers, but {np.sum(~np.isfinite(x))} of "
            f"{x.size} are nan or infinite. Leave those rows out, or fill in numbers."
        )
    loss(net(x[:1]), targets[:1])
    return x, targets


def _ran_away(t, value, optimizer, x):
    if not np.isfinite(x).all():
        return f"At update {t} the inputs hold nan or infinity, and the loss became {value}."
    return (
        f"At update {t} the loss became {value}: the training runs away. Try a smaller learning "
        f"rate than in {optimizer}, or clip the gradient."
    )
