"""Three kinds of data that rules make: dishes to count in, a shelf to keep in mind, five dice.

Each function draws ``n`` samples and their labels. A plain network learns them by heart and does
badly on new ones; one that is built like the rule does well. Built in: projects.
"""

import numpy as np

from nnutils.numerics import as_array, as_generator, as_whole

ROOM = 4  # boxes that the shelf holds
KINDS = "nothing", "pair", "two pairs", "three", "full house", "four", "five"
_SIDE, _NOISE, _MOST = 14, 0.1, 4
_PLUS = (0, 1), (1, 0), (1, 1), (1, 2), (2, 1)
_CROSS = (0, 0), (0, 2), (1, 1), (2, 0), (2, 2)


def dishes(n, *, rng):
    """Draw pictures of dishes in which plus signs and crosses lie about.

    Parameters
    ----------
    n : int
        How many pictures.
    rng : numpy.random.Generator

    Returns
    -------
    (array of shape (n, 14, 14), array of n labels from 0 to 4)
        Ink is 1 and the dish 0, both with noise of spread 0.1. The label is the number of plus
        signs. From 0 to 4 crosses lie beside them. A shape takes five of 3 by 3 pixels, and these
        squares never overlap; a cross that finds no room is left out.

    Raises
    ------
    TypeError, ValueError
        If ``n`` is no whole number, or is negative, or ``rng`` is no generator.

    Notes
    -----
    Built in: projects.

    Examples
    --------
    >>> pictures, labels = dishes(3, rng=np.random.default_rng(0))
    >>> pictures.shape, labels
    ((3, 14, 14), array([4, 3, 2]))
    """
    rng, n = as_generator(rng), _count(n)
    labels, crosses = rng.integers(0, _MOST + 1, (2, n))
    pictures = rng.normal(0, _NOISE, (n, _SIDE, _SIDE))
    places = _SIDE - 2
    room = np.ones((n, places, places), bool)  # where the corner of one more shape may lie
    for turn in range(2 * _MOST):
        lots = rng.random(room.shape) * room
        corners = np.argmax(lots.reshape(n, places * places), axis=1)
        some = (turn < labels + crosses) & (np.max(lots, axis=(1, 2)) > 0)
        for shape, chosen in ((_PLUS, turn < labels), (_CROSS, turn >= labels)):
            rows = np.flatnonzero(some & chosen)
            tops, lefts = np.divmod(corners[rows], places)
            for down, right in shape:
                pictures[rows, tops + down, lefts + right] += 1
        tops, lefts = np.divmod(corners[:, None, None], places)
        heights, widths = np.ogrid[:places, :places]
        taken = (abs(heights - tops) < 3) & (abs(widths - lefts) < 3)
        room &= ~(taken & some[:, None, None])
    return pictures, labels


def shelves(n, *, rng, length=20):
    """Draw days of a shelf: boxes come and go, and it never holds more than four.

    Parameters
    ----------
    n : int
        How many days.
    rng : numpy.random.Generator
    length : int
        How many moves a day has.

    Returns
    -------
    (array of shape (n, length, 1), array of n labels from 0 to 4)
        A move is 1.0, a box is brought; -1.0, one is fetched; or 0.0. In the morning the shelf is
        empty. Where it is full, the box goes back, and where it is empty, nobody gets one. The
        label says how many boxes are there in the evening.

    Raises
    ------
    TypeError, ValueError
        If ``n`` or ``length`` is no whole number, or is negative, or ``rng`` is no generator.

    Notes
    -----
    Built in: projects.

    Examples
    --------
    >>> moves, labels = shelves(2, rng=np.random.default_rng(1), length=4)
    >>> moves[:, :, 0]
    array([[ 0.,  0.,  1.,  1.],
           [-1., -1.,  1.,  1.]])
    >>> labels
    array([2, 2])
    """
    rng, n, length = as_generator(rng), _count(n), _count(length, "length", "moves a day has")
    moves = rng.integers(-1, 2, (n, length))
    boxes = np.zeros(n, int)
    for move in moves.T:
        boxes = np.clip(boxes + move, 0, ROOM)
    return moves[:, :, None].astype(float), boxes


def throws(n, *, rng):
    """Draw throws of five dice.

    Parameters
    ----------
    n : int
        How many throws.
    rng : numpy.random.Generator

    Returns
    -------
    (array of shape (n, 5, 6), array of n labels from 0 to 6)
        For each die a row with a single 1.0, at the place of its face. The label is the place of
        its kind in ``KINDS``; a straight is nothing.

    Raises
    ------
    TypeError, ValueError
        If ``n`` is no whole number, or is negative, or ``rng`` is no generator.

    Notes
    -----
    Built in: projects.

    Examples
    --------
    >>> dice, labels = throws(3, rng=np.random.default_rng(0))
    >>> np.argmax(dice, axis=2) + 1
    array([[6, 4, 4, 2, 2],
           [1, 1, 1, 2, 5],
           [4, 6, 4, 4, 6]])
    >>> [KINDS[label] for label in labels]
    ['two pairs', 'three', 'full house']
    """
    faces = as_generator(rng).integers(0, 6, (_count(n), 5))
    dice = np.eye(6)[faces]
    return dice, kind(dice)


def every_throw():
    """Return all 7,776 throws of five dice and their kinds, in the form of ``throws``.

    Built in: projects.
    """
    faces = np.indices((6,) * 5).reshape(5, -1).T
    dice = np.eye(6)[faces]
    return dice, kind(dice)


def kind(dice):
    """Return for each throw, of shape (..., dice, faces), the place of its kind in ``KINDS``.

    Built in: projects.
    """
    dice = as_array(dice, "dice")
    if dice.ndim < 2 or dice.shape[-2:] != (5, 6):
        raise ValueError(
            f"A throw is five dice with six faces each, an array of shape (..., 5, 6), but got "
            f"{dice.shape}. Faces from 1 to 6 become rows by np.eye(6)[faces - 1]."
        )
    counts = np.sort(dice.sum(axis=-2), axis=-1)
    most, second = counts[..., -1], counts[..., -2]
    tests = [most == 5, most == 4, (most == 3) & (second == 2), most == 3]
    tests += [(most == 2) & (second == 2), most == 2]
    return np.select(tests, [6, 5, 4, 3, 2, 1], 0)


def _count(n, name="n", what="samples to draw"):
    return as_whole(n, f"{name}, how many {what},", least=0)


def given(name):
    """Return what a project starts with: samples to train with, and others for a test.

    Parameters
    ----------
    name : str
        ``"dishes"``, ``"shelves"`` or ``"throws"``.

    Returns
    -------
    ((array, labels), (array, labels))
        1,000 samples, or 500 throws, for training; and 500 for the test. They are always the same.

    Raises
    ------
    ValueError
        If there is no such project.

    Notes
    -----
    Built in: projects.
    """
    known = {"dishes": (dishes, 1000), "shelves": (shelves, 1000), "throws": (throws, 500)}
    if not isinstance(name, str) or name not in known:
        raise ValueError(f"The projects are {', '.join(known)}, but got {name!r:.200}.")
    draw, n = known[name]
    return draw(n, rng=np.random.default_rng(1)), draw(500, rng=np.random.default_rng(2))
