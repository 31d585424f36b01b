"""A hospital: trainings of one network on the digits, each with a fault planted, to practise on.

``patient(1)`` to ``patient(17)`` are those of the chapter *Debugging*: one is healthy, the others
have the faults of ``FAULTS``, in an order drawn by chance. ``patient(18)`` to ``patient(22)`` are
five more, with those of ``NEW_FAULTS``. Who reads on below sees how each fault is made, and
``CHARTS`` says who has which. Built in: debugging.
"""

import copy
import math
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from nnutils.activations import Activation, identity, relu
from nnutils.data import batches, digits, split
from nnutils.initializers import he_normal
from nnutils.layers import Dense
from nnutils.losses import cross_entropy
from nnutils.network import Network, mlp
from nnutils.numerics import softmax
from nnutils.optimizers import SGD

SIZES = (64, 64, 64, 10)
BATCH = 64


@dataclass(eq=False)
class Patient:
    """All that a training needs, healthy or not. Built in: debugging.

    Attributes
    ----------
    name : int or str
    training, validation : (array of shape (n, 64), array of n labels)
    scale : (float, float)
        Mean and standard deviation of the training pixels, by which both parts were normalized.
    net : Network
    loss : callable
    optimizer : SGD, or what has its ``init`` and ``step``
    """

    name: int | str
    training: tuple
    validation: tuple
    scale: tuple
    net: Network
    loss: object
    optimizer: object
    _order: str = "shuffled"

    def batches(self, epochs, *, rng):
        """Yield the batches of some epochs, as this training takes them. Built in: debugging."""
        x, labels = self.training
        if self._order == "sorted":
            for _ in range(epochs):
                for start in range(0, len(x), BATCH):
                    yield x[start : start + BATCH], labels[start : start + BATCH]
        elif self._order == "same":
            first = next(batches(x, labels, size=BATCH, rng=rng))
            for _ in range(epochs * math.ceil(len(x) / BATCH)):
                yield first
        else:
            for _ in range(epochs):
                yield from batches(x, labels, size=BATCH, rng=rng)

    def __repr__(self):
        return f"Patient {self.name}"


def patient(name, *, seed=0, optimizer=None, hidden=relu, init=he_normal, sizes=SIZES):
    """Return a patient: a training with the fault that belongs to a name.

    Parameters
    ----------
    name : int or str
        A number from 1 to 22, or a fault: a name in ``FAULTS`` or ``NEW_FAULTS``, such as
        ``"healthy"``.
    seed : int
        Draws the validation part, the first weights and what the fault needs. Patients of one seed
        are alike but for their faults.
    optimizer : optimizer, optional
        ``SGD(0.1)`` if there is none.
    hidden, init, sizes
        As for ``mlp``.

    Returns
    -------
    Patient

    Raises
    ------
    ValueError
        If there is no such name.

    Notes
    -----
    Built in: debugging.
    """
    faults = FAULTS | NEW_FAULTS
    fault = CHARTS.get(name, name)
    if fault not in faults:
        raise ValueError(
            f"There is no patient {name!r}. Pass a number from 1 to 22, or the name of a fault: "
            f"{', '.join(faults)}."
        )
    rng = np.random.default_rng(seed)
    training, validation = split(*_known(), share=0.2, rng=rng)
    mean, std = training[0].mean(), training[0].std()
    (x, labels), (vx, v_labels) = training, validation
    net = mlp(sizes, hidden, init=init, rng=rng)
    made = Patient(
        name,
        ((x - mean) / std, labels),
        ((vx - mean) / std, v_labels),
        (mean, std),
        net,
        cross_entropy,
        optimizer or SGD(0.1),
    )
    faults[fault](made, rng)
    return made


@cache
def _known():
    """Return the digits without the test part of the chapter *Reading digits*."""
    images, labels = digits()
    rest, _ = split(images.reshape(-1, 64), labels, share=0.2, rng=np.random.default_rng(0))
    return rest


class _Softmax:
    """Softmax as a layer, in front of a loss that has softmax in it already."""

    def forward(self, z):
        p = softmax(z, axis=1)
        return p, lambda d_p, to_inputs=True: p * (d_p - (d_p * p).sum(axis=1, keepdims=True))

    def __repr__(self):
        return "softmax"


@dataclass(frozen=True)
class _Changed:
    """An optimizer that gets something other than it should: ``change(theta, grad)``."""

    optimizer: SGD
    change: object

    def init(self, theta):
        return self.optimizer.init(theta)

    def step(self, theta, grad, state, t):
        self.optimizer.step(*self.change(theta, grad), state, t)

    def __repr__(self):
        return repr(self.optimizer)


def _healthy(p, rng):
    pass


def _not_normalized(*names):
    """Return the fault that undoes the normalizing of these parts: what a forgotten line leaves."""

    def fault(p, rng):
        mean, std = p.scale
        for name in names:
            x, labels = getattr(p, name)
            setattr(p, name, (np.round(x * std + mean), labels))

    return fault


def _leak(p, rng):
    p.training = tuple(np.concatenate(two) for two in zip(p.training, p.validation))


def _sorted(p, rng):
    order = np.argsort(p.training[1], kind="stable")
    p.training, p._order = tuple(array[order] for array in p.training), "sorted"


def _labels_off(p, rng):
    p.training = p.training[0], (p.training[1] + 1) % 10


def _labels_shuffled(p, rng):
    p.training = p.training[0], rng.permutation(p.training[1])


def _weights(spread):
    def fault(p, rng):
        for layer in p.net.leaves():
            layer.weights = rng.normal(0, spread, layer.weights.shape)

    return fault


def _dead(p, rng):
    p.net.layers[0].biases = -8


def _rewired(change):
    """Return the fault that puts ``change(activation)`` in the place of each activation."""

    def fault(p, rng):
        layers = copy.deepcopy(p.net.layers)
        p.net = Network(*(change(one) if isinstance(one, Activation) else one for one in layers))

    return fault


def _slope_forgotten(activation):
    return replace(activation, slope=lambda z, a: np.ones_like(z))


def _softmax_twice(p, rng):
    p.net = Network(*copy.deepcopy(p.net.layers), _Softmax())


def _optimizer(change):
    """Return the fault of an optimizer that gets ``change(theta, grad)``."""

    def fault(p, rng):
        p.optimizer = _Changed(p.optimizer, change)

    return fault


def _rate(factor):
    def fault(p, rng):
        p.optimizer = replace(p.optimizer, learning_rate=factor * p.optimizer.learning_rate)

    return fault


def _same_batch(p, rng):
    p._order = "same"


def _sum_for_mean(p, rng):
    def loss(outputs, targets):
        mean, slopes = cross_entropy(outputs, targets)
        return len(outputs) * mean, len(outputs) * slopes

    p.loss = loss


def _no_nines(p, rng):
    x, labels = p.training
    p.training = x[labels != 9], labels[labels != 9]


class _Deaf(Dense):
    """A layer that takes no slopes back: its own stay 0."""

    def forward(self, x):
        y, _ = super().forward(x)
        return y, lambda d_y, to_inputs=True: None


def _first_layer_forgotten(p, rng):
    first, *others = copy.deepcopy(p.net.layers)
    deaf = _Deaf(first.n_in, first.n_out, lambda rng, n_in, n_out: first.weights, rng=rng)
    p.net = Network(deaf, *others)


def _wrong_labels(p, rng):
    x, labels = p.training
    wrong = rng.random(len(labels)) < 0.2
    p.training = x, np.where(wrong, (labels + rng.integers(1, 10, len(labels))) % 10, labels)


FAULTS = {
    "healthy": _healthy,
    "raw pixels": _not_normalized("training", "validation"),
    "leak": _leak,
    "sorted": _sorted,
    "no activation": _rewired(lambda activation: identity),
    "large weights": _weights(1),
    "dead units": _dead,
    "small weights": _weights(0.01),
    "softmax twice": _softmax_twice,
    "slope forgotten": _rewired(_slope_forgotten),
    "sign": _optimizer(lambda theta, grad: (theta, -grad)),
    "steps a copy": _optimizer(lambda theta, grad: (theta.copy(), grad)),
    "large rate": _rate(30),
    "small rate": _rate(1 / 300),
    "same batch": _same_batch,
    "labels off by one": _labels_off,
    "labels shuffled": _labels_shuffled,
}
NEW_FAULTS = {
    "sum for mean": _sum_for_mean,
    "validation not normalized": _not_normalized("validation"),
    "no nines": _no_nines,
    "first layer forgotten": _first_layer_forgotten,
    "wrong labels": _wrong_labels,
}


def chart():
    """Return the fault of each patient of the chapter: {1: ..., 17: ...}. Built in: debugging."""
    return {number: CHARTS[number] for number in range(1, 1 + len(FAULTS))}


def _drawn(first, faults):
    order = np.random.default_rng(7).permutation(list(faults)).tolist()
    return dict(enumerate(order, start=first))


CHARTS = _drawn(1, FAULTS) | _drawn(1 + len(FAULTS), NEW_FAULTS)
