"""Pictures of numbers over axes: curves, height maps, classes, training, images, years."""

from numbers import Real

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from nnutils.numerics import as_array, as_floats, as_whole, quiet
from nnutils.plots.style import BLUE, GREEN, ORANGE, PURPLE, plain

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

    Raises
    ------
    TypeError, ValueError
        If the ends are no finite numbers in order, or ``f`` returns something else than a number.
        Where it returns nan, the graph has a gap.
    """
    _ordered(low, high)
    x = np.linspace(low, high, 201)
    (ax or plt.gca()).plot(x, [_height(f(float(v))) for v in x], **line)


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

    Raises
    ------
    TypeError, ValueError
        As for ``curve``.
    """
    _ordered(low, high)
    ax = ax or plt.gca()
    side = np.linspace(low, high, 121)
    height = np.array([[_height(f(float(x), float(y))) for x in side] for y in side])
    lines = ax.contour(side, side, height, levels, cmap=_COLD_TO_WARM, linewidths=1.5)
    ax.clabel(lines, fontsize=12, colors="black", fmt=plain)
    ax.set_aspect("equal")


def _ordered(low, high):
    if not (isinstance(low, Real) and isinstance(high, Real) and -np.inf < low < high < np.inf):
        raise ValueError(f"The axis has to run upwards, but goes from {low!r} to {high!r}.")


def _height(value):
    """Return what a function gave at one place, if it is one number."""
    number = as_floats(value, "what the function returned")
    if number.size != 1:
        raise ValueError(
            f"what the function returned has to be one number, but got an array of shape "
            f"{number.shape}."
        )
    return number.item()


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
    TypeError, ValueError
        If there are not two finite weights and a finite bias, or both weights are 0: then the sum
        is the same everywhere.

    Notes
    -----
    The line is drawn both ways from its point nearest to the middle of the axes.
    Built in: neurons.
    """
    weights, bias, ax = as_floats(weights, "weights"), as_floats(bias, "bias"), ax or plt.gca()
    finite = np.isfinite(weights).all() and np.isfinite(bias).all()
    if weights.shape != (2,) or bias.size != 1 or not finite or not weights.any():
        raise ValueError(
            f"Got the weights {weights.tolist()} and the bias {bias.tolist()}: a line needs two "
            "weights, and one that is not 0, and one bias, all finite."
        )
    weights, bias = weights.astype(float), float(bias.item())
    ends = _ends(weights, bias, np.array([ax.get_xlim(), ax.get_ylim()]))
    ax.plot(*ends.T, scalex=False, scaley=False, **style)


@quiet
def _ends(weights, bias, corners):
    """Return the two ends of a neuron's line that reaches through all of the axes."""
    middle, reach = corners.mean(axis=1), np.linalg.norm(np.ptp(corners, axis=1)) / 2
    length = np.linalg.norm(weights)
    nearest = middle - (weights @ middle + bias) / length**2 * weights
    along = np.array([-weights[1], weights[0]]) * reach / length
    return np.array([nearest - along, nearest + along])


def boundary(classify, x, labels, ax=None):
    """Shade the plane by the class that a classifier gives it, with the data on it.

    Parameters
    ----------
    classify : callable
        Takes points, (n, 2), returns the class of each, (n,): whole numbers from 0 to 3. Scores
        are no classes: return ``scores.argmax(axis=1)``.
    x : array of shape (n, 2)
        The data. The axes reach a little further.
    labels : array of shape (n,)
        Their classes, whole numbers from 0 to 3: each has a colour and a marker.
    ax : matplotlib Axes
        Where to draw; the current axes when left out.

    Raises
    ------
    TypeError, ValueError
        If ``x`` does not hold points of the plane with a label each, or a class is none of the
        four: no point is left out.

    Notes
    -----
    Built in: classifier.
    """
    (x, labels), ax = _plane(x, labels), ax or plt.gca()
    if not len(x):
        raise ValueError("Got no points, so that there is no part of the plane to shade.")
    low, high = x.min(axis=0), x.max(axis=0)
    margin = 0.1 * np.where(high > low, high - low, 1)
    low, high = low - margin, high + margin
    across, up = (np.linspace(low[i], high[i], 101) for i in (0, 1))
    grid = np.stack(np.meshgrid(across, up), axis=-1)
    classes = as_array(classify(grid.reshape(-1, 2)), "what classify returned")
    if classes.size != len(up) * len(across):
        raise ValueError(
            f"classify got {len(up) * len(across)} points and returned an array of shape "
            f"{classes.shape}. It has to return one class for each point, such as "
            "scores.argmax(axis=1)."
        )
    classes = _numbered(classes.ravel(), "what classify returned").reshape(grid.shape[:2])
    steps = np.arange(5) - 0.5
    ax.contourf(across, up, classes, steps, colors=CLASSES, alpha=0.25)
    ax.contour(across, up, classes, steps[1:-1], colors="black", linewidths=1)
    points(x, labels, ax)
    ax.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]))


def points(x, labels, ax=None):
    """Draw points of up to four classes, each with its colour and marker.

    Parameters and errors are those of ``boundary``. Built in: classifier.
    """
    (x, labels), ax = _plane(x, labels), ax or plt.gca()
    for k, (colour, marker) in enumerate(zip(CLASSES, "oX^s")):
        ax.plot(*x[labels == k].T, marker, color=colour, markersize=5, markeredgewidth=0)


def _plane(x, labels):
    """Return points of the plane and their classes as arrays, if all of them can be drawn."""
    x, labels = as_floats(x, "x"), as_array(labels, "labels")
    if x.ndim != 2 or x.shape[1] != 2 or labels.shape != x.shape[:1]:
        raise ValueError(
            f"Got x of shape {x.shape} and labels of shape {labels.shape}, but (n, 2) and (n,) "
            "were expected: a point of the plane in each row, and its class."
        )
    if not np.isfinite(x).all():
        raise ValueError(
            f"{np.sum(~np.isfinite(x))} of the {x.size} coordinates in x are nan or infinite, and "
            "cannot be drawn. Leave those points out."
        )
    return x, _numbered(labels, "labels")


def _numbered(classes, name):
    """Return classes, if each is one of the four that have a colour."""
    strange = [k for k in classes.tolist() if k not in range(len(CLASSES))]
    if strange:
        raise ValueError(
            f"A class has to be one of the whole numbers 0 to 3, each with its colour, but "
            f"{strange[0]!r} is among {name}. To number up to four other classes: "
            "numpy.unique(labels, return_inverse=True)[1]."
        )
    return classes.astype(int)


def history(seen, ax=None):
    """Draw the losses of a training, epoch by epoch, on a logarithmic axis.

    The axis is linear if there is a loss of 0, which a logarithmic one cannot show. Otherwise
    a loss outside of 1e-200 to 1e200 is drawn at the end of that range.

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
    if not (hasattr(seen, "loss") and hasattr(seen, "valid")):
        raise TypeError(f"Pass the history that train returned: got {seen!r:.200}.")
    loss, valid = as_floats(seen.loss, "loss"), as_floats(seen.valid, "valid")
    if loss.ndim != 1 or valid.ndim != 1:
        raise ValueError(
            f"A history holds a number for each epoch, but loss has shape {loss.shape} and valid "
            f"{valid.shape}."
        )
    logarithmic = not ((loss <= 0).any() or (valid <= 0).any())
    if logarithmic:
        loss, valid = (np.clip(losses.astype(float), 1e-200, 1e200) for losses in (loss, valid))
    ax = ax or plt.gca()
    ax.plot(np.arange(len(loss)) + 0.5, loss, label="training")
    if len(valid):
        ax.plot(np.arange(len(valid)) + 1, valid, "--", color=GREEN, label="validation")
        ax.legend()
    if logarithmic:
        ax.set_yscale("log")
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
        ``-limit`` and ``limit`` to draw weights: positive ones become orange, negative ones blue,
        and where it matters they bear a minus, which can be told without colours.

    Raises
    ------
    TypeError, ValueError
        If there is no picture, not one title for each, or a number is not finite.

    Notes
    -----
    Built in: digits.
    """
    numbers, pictures = as_floats(pictures, "pictures"), as_array(pictures, "pictures")
    if pictures.dtype.kind == "f":
        pictures = numbers
    if pictures.ndim != 3 or not pictures.size or not np.isfinite(numbers).all():
        raise ValueError(
            f"Got pictures of shape {pictures.shape}, {np.sum(~np.isfinite(numbers))} of whose "
            "numbers are nan or infinite. Pass finite numbers of shape (n, height, width): one "
            "picture is pictures[None]."
        )
    columns = as_whole(columns, "columns")
    if titles is not None and len(titles) != len(pictures):
        raise ValueError(f"Got {len(pictures)} pictures, but {len(titles)} titles.")
    low = pictures.min() if low is None else low
    high = pictures.max() if high is None else high
    signed = low < 0 < high
    rows = -(-len(pictures) // columns)
    height = 5.6 / columns + (0.25 if titles is not None else 0)
    fig, axes = plt.subplots(rows, columns, figsize=(5.4, round(rows * height, 1)), squeeze=False)
    for ax in axes.flat:
        ax.set_axis_off()
    for k, (picture, ax) in enumerate(zip(pictures, axes.flat)):
        colours = _BLUE_TO_ORANGE if signed else "gray_r"
        ax.imshow(picture, cmap=colours, vmin=low, vmax=high, interpolation="nearest")
        if signed:
            size = 150 / columns / picture.shape[1]
            ax.plot(*np.argwhere(picture < low / 4).T[::-1], "_", color="#1a1a1a", markersize=size)
        if titles is not None:
            ax.set_title(titles[k])


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
    numbers, counts, ax = as_floats(counts, "counts"), as_array(counts, "counts"), ax or plt.gca()
    square = counts.ndim == 2 and counts.shape[0] == counts.shape[1] > 0
    if not square or not np.isfinite(numbers).all() or (numbers < 0).any():
        raise ValueError(
            f"counts has shape {counts.shape}. Pass a table with a row and a column for each "
            "class, of numbers from 0 up."
        )
    wrong = counts * (1 - np.eye(len(counts), dtype=int))
    top = max(wrong.max(), 1)
    for (i, j), count in np.ndenumerate(counts):
        if wrong[i, j]:
            shade = 0.15 + 0.45 * count / top
            ax.add_patch(Rectangle((j - 0.5, i - 0.5), 1, 1, color=ORANGE, alpha=shade, lw=0))
        if i == j:
            ax.add_patch(Rectangle((j - 0.5, i - 0.5), 1, 1, fill=False, lw=1, clip_on=False))
        if count:
            ax.text(j, i, str(count), ha="center", va="center")
    size = (-0.5, len(counts) - 0.5)
    ax.set(xlim=size, ylim=size[::-1], xlabel="given class", ylabel="true class")
    ax.set(xticks=range(len(counts)), yticks=range(len(counts)))
    ax.set_aspect("equal")


def timeline(years, names):
    """Draw years on a line from top to bottom, each with its name beside it, in a new figure.

    Parameters
    ----------
    years : array of shape (n,)
        In any order. Each is a dot at its place on the line.
    names : sequence of n str
        What happened. The names stand at equal distances, in the order of their years, so that
        none covers another; a thin line leads from each to its dot.

    Raises
    ------
    TypeError, ValueError
        If there is no year, one is not finite, or there is not one name for each.

    Notes
    -----
    Built in: story.
    """
    years = as_floats(years, "years").astype(float)
    if years.ndim != 1 or not years.size or not np.isfinite(years).all():
        raise ValueError(
            f"years has shape {years.shape}, and {np.sum(~np.isfinite(years))} of its numbers are "
            "nan or infinite. Pass a list of finite years, at least one."
        )
    names = list(names) if np.iterable(names) and not isinstance(names, str) else names
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise TypeError(f"names has to be a list of texts, one for each year: got {names!r:.200}.")
    if len(names) != len(years):
        raise ValueError(f"Got {len(years)} years, but {len(names)} names.")
    order = np.argsort(years, kind="stable")
    years, names = years[order], [names[k] for k in order]
    _, ax = plt.subplots(figsize=(5.4, round(0.8 + 0.29 * len(years), 1)))
    places = np.linspace(years[0], years[-1], len(years))
    for year, place, name in zip(years, places, names):
        ax.plot([0, 0.05, 0.19, 0.22], [year, year, place, place], color="black", linewidth=0.6)
        told = f"{year:.6g}".replace("-", "−")
        ax.text(0.24, place, f"{told}  {name}", va="center")
    ax.plot(np.zeros(len(years)), years, "o", color=BLUE, markersize=5, clip_on=False)
    ax.set(xlim=(0, 1), ylim=(years[-1] + 0.5, years[0] - 0.5))
    ax.set_xticks([])
    ax.yaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
    ax.spines["bottom"].set_visible(False)
