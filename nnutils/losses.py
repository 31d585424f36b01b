"""Losses: one number that says how wrong a batch of outputs is, and its slope with each output.

One table, a row each. ``y`` is an output, ``t`` its target, ``z`` a score or logit, and ``k`` the
label of a sample, whose own score is ``z_k``.

===================== ================================ ================== =======================
name                  of one output, or one sample     targets            described by
===================== ================================ ================== =======================
mean_squared_error    (y - t)^2                        any numbers        Gauss, 1809
mean_absolute_error   abs(y - t)                       any numbers        Laplace, 1774
binary_cross_entropy  log(1 + exp(-z)) if t = 1,       0 or 1             Good, 1952
                      log(1 + exp(z)) if t = 0
cross_entropy         log(sum(exp(z))) - z_k           labels 0 to        Good, 1952
                                                       classes - 1
hinge                 max(0, 1 - t z)                  -1 or +1           Cortes and Vapnik, 1995
squared_hinge         max(0, 1 - t z)^2                -1 or +1           Cortes and Vapnik, 1995
multiclass_hinge      sum over the other classes j of  labels 0 to        Weston and Watkins, 1999
                      max(0, 1 + z_j - z_k)            classes - 1
===================== ================================ ================== =======================

Every loss is called as ``loss(outputs, targets)`` and returns ``(mean, d_outputs)``: a float, and
an array in the shape of the outputs with the slope of that float with each of them.

* ``cross_entropy`` and ``multiclass_hinge`` take outputs of shape (samples, classes) and whole
  numbers of shape (samples,), and average over samples; or (samples, ..., classes) and
  (samples, ...), and average over all places. PyTorch's ``multi_margin_loss`` also divides by the
  number of classes. ``on_answer`` makes a loss that looks at a part of the places.
* All others take outputs and targets of one shape, whichever it is, and average over all entries:
  over samples, and over outputs if a sample has several.
* At a corner the slope is 0: where an error is 0, and where a margin is met exactly.

All of them raise TypeError for anything but real numbers, and for labels of classes that are not
whole numbers; and ValueError for shapes that do not fit, no entries at all, nan or infinity, and
targets that the loss does not know.
Built in: losses.
"""

from functools import partial

import numpy as np

from nnutils.numerics import as_array, as_floats, as_whole, quiet, sigmoid, softplus


@quiet
def mean_squared_error(outputs, targets):
    """Return the mean of the squared errors, and its slopes. Built in: losses."""
    outputs, targets = _pair(outputs, targets)
    errors = outputs - targets
    return float(np.mean(errors**2)), 2 * errors / errors.size


@quiet
def mean_absolute_error(outputs, targets):
    """Return the mean of the errors without their signs, and its slopes. Built in: losses."""
    outputs, targets = _pair(outputs, targets)
    errors = outputs - targets
    return float(np.mean(np.abs(errors))), np.sign(errors) / errors.size


@quiet
def binary_cross_entropy(outputs, targets):
    """Return the mean cross-entropy of yes or no, in nats, and its slopes.

    ``outputs`` are logits: the sigmoid of one is the probability of a 1. Built in: losses.
    """
    outputs, targets = _pair(outputs, targets, (0, 1))
    each = softplus(np.where(targets == 1, -outputs, outputs))
    return float(np.mean(each)), (sigmoid(outputs) - targets) / outputs.size


@quiet
def cross_entropy(outputs, targets):
    """Return the mean cross-entropy of one class of several, in nats, and its slopes.

    ``outputs`` are logits: the softmax of a row holds the classes' probabilities. The largest
    logit of a row is subtracted first, as in ``logsumexp``, so that nothing overflows.
    Built in: losses.
    """
    outputs, own, shape = _classes(outputs, targets)
    above = outputs - outputs.max(axis=1, keepdims=True)
    slopes = np.exp(above)
    total = slopes.sum(axis=1, keepdims=True)
    mean = (np.log(total).sum() - above[own].sum()) / len(total)
    slopes /= total
    slopes[own] -= 1
    slopes /= len(total)
    return float(mean), slopes.reshape(shape)


def on_answer(n):
    """Return the cross-entropy of the last n places of a sequence: the others are not asked.

    Its outputs have the shape (samples, places, classes). Its targets hold a label for each place,
    (samples, places), or for the last n alone, (samples, n). Slopes at the other places are 0.

    Parameters
    ----------
    n : int
        How many places at the end hold the answer, at least 1.

    Raises
    ------
    ValueError
        If ``n`` is no such number; and on a call if there are fewer places, or other targets.

    Notes
    -----
    Built in: losses.
    """
    return partial(_on_answer, as_whole(n, "n, how many places hold the answer,"))


def _on_answer(n, outputs, targets):
    outputs, targets = as_floats(outputs, "outputs"), as_array(targets, "targets")
    if outputs.ndim != 3 or outputs.shape[1] < n:
        raise ValueError(
            f"outputs have shape {outputs.shape}, but (samples, places, classes) was expected, "
            f"with at least {n} places, which hold the answer."
        )
    if targets.shape not in (outputs.shape[:2], (len(outputs), n)):
        raise ValueError(
            f"outputs have shape {outputs.shape} and targets {targets.shape}. There has to be a "
            f"label for each of the {outputs.shape[1]} places, or for each of the last {n}."
        )
    slopes = np.zeros_like(outputs)
    mean, slopes[:, -n:] = cross_entropy(outputs[:, -n:], targets[:, -n:])
    return mean, slopes


@quiet
def hinge(outputs, targets):
    """Return the mean of what scores lack to a margin of 1, and its slopes. Built in: losses."""
    outputs, targets = _pair(outputs, targets, (-1, 1))
    lacking = np.maximum(0, 1 - targets * outputs)
    return float(np.mean(lacking)), np.where(lacking > 0, -targets, 0) / lacking.size


@quiet
def squared_hinge(outputs, targets):
    """Return the mean square of what scores lack to a margin of 1, and its slopes.

    Built in: losses.
    """
    outputs, targets = _pair(outputs, targets, (-1, 1))
    lacking = np.maximum(0, 1 - targets * outputs)
    return float(np.mean(lacking**2)), -2 * targets * lacking / lacking.size


@quiet
def multiclass_hinge(outputs, targets):
    """Return the mean over samples of what the own score lacks to 1 above each other score.

    The lacks of a sample are added up, and the slopes come second. Built in: losses.
    """
    outputs, own, shape = _classes(outputs, targets)
    lacking = np.maximum(0, 1 + (outputs - outputs[own][:, None]))
    lacking[own] = 0
    slopes = (lacking > 0).astype(outputs.dtype)
    slopes[own] = -np.sum(slopes, axis=1)
    return float(np.mean(np.sum(lacking, axis=1))), (slopes / len(slopes)).reshape(shape)


def _pair(outputs, targets, allowed=None):
    """Return both as float arrays of one shape, after a look at what they hold."""
    outputs, targets = _finite(outputs, "outputs"), _finite(targets, "targets")
    if outputs.shape != targets.shape or not outputs.size:
        raise ValueError(
            f"outputs have shape {outputs.shape} and targets {targets.shape}. There has to be one "
            "target for each output, and at least one: use reshape, so that the shapes are equal."
        )
    if allowed:
        strange = (targets != allowed[0]) & (targets != allowed[1])
        if strange.any():
            raise ValueError(
                f"Each target has to be {allowed[0]} or {allowed[1]}, but there is a "
                f"{targets[strange][0]:g}. To turn 0 and 1 into -1 and 1, use 2 * t - 1; "
                "and back, (t + 1) / 2."
            )
    return outputs, targets.astype(outputs.dtype)


def _classes(outputs, labels):
    """Return the outputs as rows of floats, the index of each row's own class, their own shape."""
    outputs, labels = _finite(outputs, "outputs"), as_array(labels, "labels")
    if labels.dtype.kind not in "iu":
        raise TypeError(
            f"Labels have to be whole numbers, one for each sample, but got dtype {labels.dtype}. "
            "Convert them with numpy.asarray(labels, dtype=int)."
        )
    if outputs.ndim < 2 or labels.shape != outputs.shape[:-1] or not outputs.size:
        raise ValueError(
            f"outputs have shape {outputs.shape} and labels {labels.shape}, but (samples, classes) "
            "and (samples,) were expected, or with places (samples, ..., classes) and "
            "(samples, ...). If each label is a row with a single 1, use "
            "numpy.argmax(labels, axis=-1)."
        )
    classes = outputs.shape[-1]
    if labels.min() < 0 or labels.max() >= classes:
        wrong = labels[(labels < 0) | (labels >= classes)][0]
        raise ValueError(
            f"There are {classes} classes, so a label is a whole number from 0 to {classes - 1}, "
            f"but one is {wrong}. If the labels start at 1, subtract 1."
        )
    shape = outputs.shape
    if len(shape) > 2:  # each place counts as a sample
        outputs, labels = outputs.reshape(-1, classes), labels.ravel()
    return outputs, (np.arange(len(labels)), labels), shape


def _finite(x, name):
    x = as_floats(x, name)
    if not np.isfinite(x).all():
        raise ValueError(
            f"{name} have to hold finite numbers, but {np.sum(~np.isfinite(x))} of {x.size} are "
            "nan or infinite. Look where they were made: 0/0, overflow, steps that are too large?"
        )
    return x
