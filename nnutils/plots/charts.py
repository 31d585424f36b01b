"""Pictures of numbers over axes: curves, height maps, classes of the plane, training, images."""

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Rectangle

from nnutils.plots.style import BLUE, GREEN, ORANGE, PURPLE

CLASSES = (BLUE, ORANGE, GREEN, PURPLE)
_COLD_TO_WARM = LinearSegmentedColormap.from_list("", [BLUE, "#86868e", ORANGE])
_BLUE_TO_ORANGE = LinearSegmentedColormap.from_list("", [BLUE, "#ffffff", ORANGE])


def curve(f, low, high, ax=None, **line):
    """Draw the graph of a function of one number.

    Parameters
    ----------
    f : callable
        Takes a float, returns a number.
    low, high : float
        Ends of the horizontal axis.
    ax : matplotlib Axes
        Where to draw; the current axes when left out.
    **line
        Passed on to ``Axes.plot``: ``color``, ``label``, ``linestyle`` and so on.
    """
    _ordered(low, high)
    x = np.linspace(low, high, 201)
    (ax or plt.gca()).plot(x, [f(float(v)) for v in x], **line)


def surface(f, low, high, ax=None, levels=12):
    """Draw a function of two numbers as a map: lines of equal height, each with its height.

    Parameters
    ----------
    f : callable
        Takes two floats, returns a number.
    low, high : float
        Ends of both axes.
    ax : matplotlib Axes
        Where to draw; the current axes when left out.
    levels : int or sequence of float
        How many lines, or their heights.
    """
    _ordered(low, high)
    ax = ax or plt.gca()
    side = np.linspace(low, high, 121)
    height = np.array([[f(float(x), float(y)) for x in side] for y in side])
    lines = ax.contour(side, side, height, levels, cmap=_COLD_TO_WARM, linewidths=1.5)
    ax.clabel(lines, fontsize=10, colors="black")
    ax.set_aspect("equal")


def _ordered(low, high):
    if not low < high:
        raise ValueError(f"The axis has to run upwards, but goes from {low} to {high}.")


def line(weights, bias, ax=None, **style):
    """Draw the line on which a neuron's weighted sum is 0, as far as the axes reach.

    Parameters
    ----------
    weights : sequence of two floats
    bias : float
    ax : matplotlib Axes
        Where to draw, with its limits set already; the current axes when left out.
    **style
        Passed on to ``Axes.plot``: ``color``, ``label``, ``linestyle`` and so on.

    Raises
    ------
    ValueError
        If there are not two weights, or both are 0: then the sum is the same everywhere.

    Notes
    -----
    The line is drawn both ways from its point nearest to the middle of the axes.
    Built in: neurons.
    """
    weights, ax = np.asarray(weights, dtype=float), ax or plt.gca()
    if weights.shape != (2,) or not weights.any():
        raise ValueError(
            f"Got the weights {weights.tolist()}: a line needs two weights, and one that is not 0."
        )
    corners = np.array([ax.get_xlim(), ax.get_ylim()])
    middle, reach = corners.mean(axis=1), np.linalg.norm(np.ptp(corners, axis=1)) / 2
    length = np.linalg.norm(weights)
    nearest = middle - (weights @ middle + bias) / length**2 * weights
    along = np.array([-weights[1], weights[0]]) * reach / length
    ends = np.array([nearest - along, nearest + along])
    ax.plot(*ends.T, scalex=False, scaley=False, **style)


def boundary(classify, x, labels, ax=None):
    """Shade the plane by the class that a classifier gives it, with the data on it.

    Parameters
    ----------
    classify : callable
        Takes points, (n, 2), returns the class of each, (n,): whole numbers from 0 to 3.
    x : array of shape (n, 2)
        The data. The axes reach a little further.
    labels : array of shape (n,)
        Their classes, whole numbers from 0 to 3: each has a colour and a marker.
    ax : matplotlib Axes
        Where to draw; the current axes when left out.

    Raises
    ------
    ValueError
        If ``x`` does not hold points of the plane with a label each.

    Notes
    -----
    Built in: classifier.
    """
    x, labels, ax = np.asarray(x), np.asarray(labels), ax or plt.gca()
    if x.ndim != 2 or x.shape[1] != 2 or labels.shape != x.shape[:1]:
        raise ValueError(
            f"Got x of shape {x.shape} and labels of shape {labels.shape}, but (n, 2) and (n,) "
            "were expected: a point of the plane in each row, and its class."
        )
    low, high = x.min(axis=0), x.max(axis=0)
    low, high = low - 0.1 * (high - low), high + 0.1 * (high - low)
    across, up = (np.linspace(low[i], high[i], 101) for i in (0, 1))
    grid = np.stack(np.meshgrid(across, up), axis=-1)
    classes = np.asarray(classify(grid.reshape(-1, 2))).reshape(grid.shape[:2])
    steps = np.arange(5) - 0.5
    ax.contourf(across, up, classes, steps, colors=CLASSES, alpha=0.25)
    ax.contour(across, up, classes, steps[1:-1], colors="black", linewidths=1)
    points(x, labels, ax)
    ax.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]))


def points(x, labels, ax=None):
    """Draw points of up to four classes, each with its colour and marker.

    Parameters are those of ``boundary``. Built in: classifier.
    """
    ax = ax or plt.gca()
    for k, (colour, marker) in enumerate(zip(CLASSES, "oX^s")):
        own = np.asarray(x)[np.asarray(labels) == k]
        ax.plot(*own.T, marker, color=colour, markersize=5, markeredgewidth=0)


def history(seen, ax=None):
    """Draw the losses of a training, epoch by epoch, on a logarithmic axis.

    Parameters
    ----------
    seen : nnutils.training.History
    ax : matplotlib Axes
        Where to draw; the current axes when left out.

    Notes
    -----
    The loss of an epoch is drawn at its middle, because it is the mean over its updates; the
    validation loss at its end. Built in: sgd.
    """
    ax = ax or plt.gca()
    epochs = np.arange(len(seen.loss))
    ax.semilogy(epochs + 0.5, seen.loss, label="training")
    if seen.valid:
        ax.semilogy(epochs + 1, seen.valid, "--", label="validation")
        ax.legend()
    ax.set(xlabel="epochs", ylabel="loss")


def images(pictures, titles=None, columns=8, low=None, high=None):
    """Draw small pictures in rows, in a new figure.

    Parameters
    ----------
    pictures : array of shape (n, height, width)
    titles : sequence of n str, optional
        What to write above each.
    columns : int
        How many stand in a row.
    low, high : float
        The numbers drawn lightest and darkest; the smallest and the largest when left out. Pass
        ``-limit`` and ``limit`` to draw weights: negative ones become blue, positive ones orange.

    Notes
    -----
    Built in: digits.
    """
    pictures = np.asarray(pictures)
    low = pictures.min() if low is None else low
    high = pictures.max() if high is None else high
    signed = low < 0 < high
    rows = -(-len(pictures) // columns)
    height = 6 / columns * (1.35 if titles is not None else 1.05)
    fig, axes = plt.subplots(rows, columns, figsize=(6, round(rows * height, 1)), squeeze=False)
    for ax in axes.flat:
        ax.set_axis_off()
    for k, (picture, ax) in enumerate(zip(pictures, axes.flat)):
        colours = _BLUE_TO_ORANGE if signed else "gray_r"
        ax.imshow(picture, cmap=colours, vmin=low, vmax=high, interpolation="nearest")
        if titles is not None:
            ax.set_title(titles[k], fontsize=10)


def confusion(counts, ax=None):
    """Draw a table of true classes, in rows, against given classes, in columns.

    Parameters
    ----------
    counts : array of shape (classes, classes)
        ``counts[i, j]`` samples of class i were given class j.
    ax : matplotlib Axes
        Where to draw; the current axes when left out.

    Notes
    -----
    The right answers stand on the diagonal, framed; the more wrong answers, the darker the cell.
    Built in: digits.
    """
    counts, ax = np.asarray(counts), ax or plt.gca()
    wrong = counts * (1 - np.eye(len(counts), dtype=int))
    top = max(wrong.max(), 1)
    for (i, j), count in np.ndenumerate(counts):
        if wrong[i, j]:
            shade = 0.15 + 0.45 * count / top
            ax.add_patch(Rectangle((j - 0.5, i - 0.5), 1, 1, color=ORANGE, alpha=shade, lw=0))
        if i == j:
            ax.add_patch(Rectangle((j - 0.5, i - 0.5), 1, 1, fill=False, lw=1, clip_on=False))
        if count:
            ax.text(j, i, str(count), ha="center", va="center", fontsize=10)
    size = (-0.5, len(counts) - 0.5)
    ax.set(xlim=size, ylim=size[::-1], xlabel="given class", ylabel="true class")
    ax.set(xticks=range(len(counts)), yticks=range(len(counts)))
    ax.set_aspect("equal")
