"""Pictures of numbers over axes: curves, height maps, the line of a neuron."""

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.colors import LinearSegmentedColormap

from nnutils.plots.style import BLUE, ORANGE

_COLD_TO_WARM = LinearSegmentedColormap.from_list("", [BLUE, "#86868e", ORANGE])


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
