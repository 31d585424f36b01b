"""Data: rows handed out in batches, set aside for a test, made up, and read from a file.

``digits.npz`` beside this module holds the test part of *Optical Recognition of Handwritten
Digits* by E. Alpaydin and C. Kaynak, UCI Machine Learning Repository, 1998,
https://doi.org/10.24432/C50P49, under the licence CC BY 4.0; as a file of NumPy, otherwise
unchanged. Built in: sgd.
"""

import math
from numbers import Real
from pathlib import Path

import numpy as np

from nnutils.numerics import as_array, as_floats, as_generator, as_number, as_whole

_FORMS = 130, 126, 130, 130, 130, 130, 130, 123, 128, 130, 128, 130, 122, 130  # digits on each


def batches(*arrays, size, rng, drop_last=False):
    """Hand out all rows once, shuffled, ``size`` at a time: one epoch.

    Parameters
    ----------
    *arrays : array of shape (n, ...)
        Rows that belong together have the same place in each: inputs and targets.
    size : int
        Rows in a batch. The last batch is smaller, if n is no multiple of ``size``.
    rng : numpy.random.Generator
        Draws the order; a new one with each call.
    drop_last : bool
        Leave out the last batch if it is smaller. Other rows are left out in the next epoch.

    Returns
    -------
    iterator of tuples
        One array for each given, of shape (size, ...).

    Raises
    ------
    ValueError
        If no array is given, or their lengths differ; if ``size`` is not a positive whole number,
        or ``drop_last`` would leave nothing.

    Notes
    -----
    Built in: sgd.
    """
    arrays, n = _together(arrays)
    size = as_whole(size, "size, how many rows a batch has,")
    if drop_last and size > n:
        raise ValueError(
            f"There are {n} rows, so no batch of {size} is full, and drop_last leaves none over. "
            "Take smaller batches, or keep the last one."
        )
    order = as_generator(rng).permutation(n)
    return _batches(arrays, size, order[: n - n % size] if drop_last else order)


def _batches(arrays, size, order):
    for start in range(0, len(order), size):
        rows = order[start : start + size]
        yield tuple(array[rows] for array in arrays)


def split(*arrays, share, rng):
    """Set a share of the rows aside, drawn at random.

    Parameters
    ----------
    *arrays : array of shape (n, ...)
        Rows that belong together have the same place in each: inputs and targets.
    share : float
        How much to set aside, between 0 and 1: ``0.2`` is a fifth.
    rng : numpy.random.Generator
        Draws the rows.

    Returns
    -------
    (tuple of arrays, tuple of arrays)
        The rows that stay, and those set aside; one array for each given.

    Raises
    ------
    ValueError
        If the lengths differ, or one of the two parts would be empty.

    Notes
    -----
    Built in: digits.
    """
    arrays, n = _together(arrays)
    aside = round(n * share) if isinstance(share, Real) and 0 < share < 1 else 0
    if not 0 < aside < n:
        raise ValueError(
            f"A share of {share!r} of {n} rows leaves one part empty. Pass a number between 0 and "
            "1, such as 0.2."
        )
    order = as_generator(rng).permutation(n)
    return (
        tuple(array[order[aside:]] for array in arrays),
        tuple(array[order[:aside]] for array in arrays),
    )


def group_folds(groups, k, *, rng):
    """Set whole groups aside, in k turns, so that none of them is ever on both sides.

    Parameters
    ----------
    groups : array of shape (n,)
        For each row the number, or the name, of its group, for example of its ``writers``.
    k : int
        How many folds, from 2 to the number of groups.
    rng : numpy.random.Generator
        Draws which groups are set aside together.

    Returns
    -------
    iterator of (array, array)
        k times the rows that stay and the rows set aside, as positions in rising order. In the k
        turns each row is set aside once. Folds have equally many groups, to within one, but not
        equally many rows.

    Raises
    ------
    TypeError
        If ``rng`` is no generator, or groups cannot be compared with each other.
    ValueError
        If ``groups`` is no vector, a number in it is nan, or ``k`` is out of its range.

    Notes
    -----
    The folds are those of scikit-learn's ``GroupKFold(k, shuffle=True)``, for the same order of
    groups. Built in: search.
    """
    groups = as_array(groups, "groups")
    if groups.ndim != 1 or groups.dtype.kind in "fc" and np.isnan(groups).any():
        raise ValueError(
            f"groups has to hold one number or name for each row, none of them nan, but got "
            f"{groups!r:.200}, of shape {groups.shape}."
        )
    try:
        names = np.unique(groups)
    except TypeError as error:
        raise TypeError(
            f"groups hold what cannot be compared, {groups!r:.200}: {error}. Give each group a "
            "number, or each a name."
        ) from None
    if not isinstance(k, (int, np.integer)) or not 2 <= k <= len(names):
        raise ValueError(
            f"k is how many folds, a whole number from 2 to the number of groups, here "
            f"{len(names)}, but got {k!r}."
        )
    parts = np.array_split(as_generator(rng).permutation(names), k)
    aside = (np.isin(groups, part) for part in parts)
    return ((np.flatnonzero(~rows), np.flatnonzero(rows)) for rows in aside)


def moons(n, noise, *, rng):
    """Draw points of two classes, as two half circles that reach into each other.

    Parameters
    ----------
    n : int
        How many points; half of each class.
    noise : float
        Standard deviation of what is added to each coordinate.
    rng : numpy.random.Generator

    Returns
    -------
    (array of shape (n, 2), array of n labels 0 and 1)

    Raises
    ------
    TypeError, ValueError
        If ``n`` is no whole number, ``noise`` no finite one, one is negative, or ``rng`` is none.

    Notes
    -----
    The curves are those of scikit-learn's ``make_moons``. Built in: classifier.
    """
    _drawable(n, noise, rng)
    labels = np.arange(n) % 2
    angle = rng.uniform(0, np.pi, n)
    curve = np.column_stack([np.cos(angle), np.sin(angle)])
    points = np.where(labels[:, None] == 0, curve, [1, 0.5] - curve)
    return points + rng.normal(0, noise, (n, 2)), labels


def spirals(n, noise, *, rng):
    """Draw points of two classes, as two arms that wind around each other one and a half times.

    Parameters, returned arrays and place are those of ``moons``. Built in: classifier.
    """
    _drawable(n, noise, rng)
    labels = np.arange(n) % 2
    along = np.sqrt(rng.uniform(0.02, 1, n))  # the root spreads the points evenly along the arm
    angle = 3 * np.pi * along + np.pi * labels
    points = along[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    return points + rng.normal(0, noise, (n, 2)), labels


def digits():
    """Return 1,797 handwritten digits, 8 by 8 pixels each.

    Returns
    -------
    (array of shape (1797, 8, 8), array of 1797 labels)
        Pixels are whole numbers from 0, no ink, to 16; labels from 0 to 9.

    Notes
    -----
    Written by 13 people, scanned at 32 by 32 pixels; a pixel counts the black ones of a 4 by 4
    block. Where they come from stands at the top of the module. Built in: digits.
    """
    with np.load(Path(__file__).with_name("digits.npz")) as file:
        return file["images"].astype(int), file["labels"].astype(int)


def writers():
    """Return for each of the ``digits`` the number of the form that it was written on.

    Returns
    -------
    array of 1797 whole numbers
        From 0 to 13, in the order of the file: those of a form stand together.

    Notes
    -----
    The file names no writers, but its labels tell: each form asks for the same 130 digits in the
    same order, three times 0 to 9 and then 100 more, and a few of them are missing. There are 14
    such rows of labels by 13 people, so one of them may have filled in two forms.
    Built in: regularization.
    """
    return np.repeat(np.arange(len(_FORMS)), _FORMS)


def moved(images, reach, *, rng):
    """Move each image by a random part of a pixel, down or up and sideways.

    Parameters
    ----------
    images : array of shape (n, height, width)
    reach : float
        How far at most along each of the two axes, in pixels; from 0 to 1.
    rng : numpy.random.Generator
        Draws how far each image moves: evenly from -reach to reach, for each axis.

    Returns
    -------
    array of floats in the shape of ``images``
        Between two pixels the numbers are mixed, in proportion. What comes in over the edge has
        the smallest number of all images: paper.

    Raises
    ------
    TypeError, ValueError
        If ``images`` has another shape, ``reach`` is no such number, or ``rng`` no generator.

    Notes
    -----
    Built in: regularization.
    """
    rng, images = as_generator(rng), as_floats(images, "images")
    if images.ndim != 3:
        raise ValueError(
            f"images have to be an array of shape (n, height, width), but got {images.shape}. Rows "
            "of 64 pixels become images by rows.reshape(-1, 8, 8)."
        )
    if not (isinstance(reach, Real) and 0 <= reach <= 1):
        raise ValueError(f"reach is a part of a pixel, from 0 to 1, but got {reach!r:.200}.")
    paper = images.min(initial=math.inf)
    images = np.pad(images, [(0, 0), (1, 1), (1, 1)], constant_values=paper)  # room to come from
    for axis in (1, 2):
        part = rng.uniform(-reach, reach, (len(images), 1, 1)).astype(images.dtype)
        before, after = np.roll(images, 1, axis), np.roll(images, -1, axis)
        mixed = np.maximum(part, 0) * before + np.maximum(-part, 0) * after
        images = (1 - np.abs(part)) * images + mixed
    return images[:, 1:-1, 1:-1]


def _together(arrays):
    """Return the arrays, and how many rows each of them has."""
    arrays = [as_array(array, "an array of rows") for array in arrays]
    lengths = {len(array) if array.ndim else 0 for array in arrays}
    if len(lengths) != 1 or lengths == {0}:
        raise ValueError(
            f"Got arrays of shapes {[array.shape for array in arrays]}. Pass at least one, all "
            "with the same number of rows, one row for each sample."
        )
    return arrays, lengths.pop()


def _drawable(n, noise, rng):
    """Refuse to draw a number of points, or a noise, that cannot be."""
    as_generator(rng)
    as_whole(n, "n, how many points to draw,", least=0)
    as_number(noise, "noise", low=0)
