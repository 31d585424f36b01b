"""Training: batch after batch, the gradient of the loss and a step of the optimizer.

``steps`` is the loop itself, one update at a time, and leaves the rest to the caller: to stop early
is ``break``, to log is ``if``. ``train`` is the usual use of it. Built in: sgd.
"""

import math
from dataclasses import dataclass, field

import numpy as np

from nnutils.data import batches
from nnutils.numerics import as_array, as_floats, as_whole, quiet


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
        When a loss is no finite number, which says that the training runs away; after the last
        update, when that of the last batch is none.
    TypeError, ValueError
        If a batch does not fit the network or the loss.

    Notes
    -----
    Built in: sgd.
    """
    _look(net, loss, optimizer)
    state = optimizer.init(net.theta)
    t = 0
    for t, batch in enumerate(stream, start=1):
        x, targets = _pair(f"batch {t} of the stream", batch)
        with np.errstate(all="ignore"):  # told below, in a sentence
            value = _measured(net, x, net.loss_and_grad, x, targets, loss, l2, l1)
            _finite(value, f"At update {t}", optimizer, x)
            optimizer.step(net.theta, net.grad, state, t)
        yield t, value
    if t:
        _finite(_loss(net, x, targets, loss), f"After update {t}", optimizer, x)


@dataclass(slots=True)
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

    def __reduce__(self):
        return History, (self.loss, self.valid, self.batch_loss)


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
        When the training runs away. What was seen until then is the ``history`` of the error: of
        ``error`` after ``except FloatingPointError as error``, or of ``sys.last_value`` in the
        next cell of a notebook.
    TypeError, ValueError
        If the data do not fit together, the network or the loss, or are not finite.

    Notes
    -----
    Built in: sgd.
    """
    epochs = as_whole(epochs, "epochs")
    _look(net, loss, optimizer)
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
        for t, value in steps(net, loss, optimizer, stream, l2=l2, l1=l1):
            history.batch_loss.append(value)
            size = min(batch_size, len(x) - seen)
            seen, total = seen + size, total + size * value
            if seen == len(x):
                history.loss.append(total / seen)
                seen, total = 0, 0.0
                if valid is not None:
                    value = _loss(net, *valid, loss)
                    _finite(value, f"After update {t}", optimizer, valid[0])
                    history.valid.append(value)
                if progress and len(history.loss) in told:
                    print(_line(history, epochs))
    except KeyboardInterrupt:
        _level(history, valid)
        print(f"Interrupted after {len(history.loss)} of {epochs} epochs.")
    except FloatingPointError as error:
        _level(history, valid)
        error.history = history
        raise
    return history


def _level(history, valid):
    """Leave out an epoch that ended before its validation."""
    if valid is not None:
        del history.loss[len(history.valid) :]


def _line(history, epochs):
    line = f"epoch {len(history.loss)} of {epochs}: loss {history.loss[-1]:.3g}"
    return line + (f", validation {history.valid[-1]:.3g}" if history.valid else "")


def _look(net, loss, optimizer):
    """Refuse what cannot train or be trained."""
    for name, given, needed, example in (
        ("net", net, "loss_and_grad", "a network such as mlp(...) makes"),
        ("loss", loss, "__call__", "a function such as mean_squared_error"),
        ("optimizer", optimizer, "step", "a recipe such as SGD(0.1)"),
    ):
        if not hasattr(given, needed) or isinstance(given, type):
            raise TypeError(f"{name} has to be {example}, but got {given!r:.200}.")


def _pair(name, given):
    """Return inputs and targets."""
    try:
        x, targets = given
    except (TypeError, ValueError):
        raise TypeError(
            f"{name} has to be a pair, (inputs, targets), but got {given!r:.200}."
        ) from None
    return x, targets


def _rows(net, loss, name, pair):
    """Return inputs and targets as arrays, after a look whether they fit together and the net."""
    x, targets = _pair(name, pair)
    x = as_array(x, f"The inputs of {name}")
    if x.dtype.kind not in "iu":  # whole numbers may be symbols: the network reads them
        x = as_floats(x, f"The inputs of {name}")
    targets = as_array(targets, f"The targets of {name}")
    rows, answers = (len(array) if array.ndim else 0 for array in (x, targets))
    if rows != answers or not rows:
        raise ValueError(
            f"{name} holds {rows} rows of inputs and {answers} targets. Pass at least one row, and "
            "one target for each."
        )
    if not np.isfinite(x).all():
        raise ValueError(
            f"The inputs of {name} have to be finite numbers, but {np.sum(~np.isfinite(x))} of "
            f"{x.size} are nan or infinite. Leave those rows out, or fill in numbers."
        )
    loss(net(x[:1]), targets[:1])
    return x, targets


@quiet
def _loss(net, x, targets, loss):
    """Return the loss without penalties; nan if the outputs are nan or infinite."""
    return _measured(net, x, lambda: float(loss(net(x), targets)[0]))


def _measured(net, x, measure, *given):
    """Return ``measure(*given)``; nan if it refuses outputs that are nan or infinite."""
    try:
        return measure(*given)
    except ValueError:
        if np.isfinite(net(x)).all():
            raise
        return math.nan


def _finite(value, when, optimizer, x):
    """Stop a training that runs away."""
    if math.isfinite(value):
        return
    if not np.isfinite(as_floats(x, "x")).all():
        raise FloatingPointError(
            f"{when} the inputs hold nan or infinity, and the loss became {value}."
        )
    raise FloatingPointError(
        f"{when} the loss became {value}: the training runs away. Try a smaller learning rate than "
        f"in {optimizer}, or clip the gradient."
    )
