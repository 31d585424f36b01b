"""Data: rows handed out in batches.

Built in: sgd.
"""

import numpy as np


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
    arrays = [np.asarray(array) for array in arrays]
    lengths = {len(array) if array.ndim else 0 for array in arrays}
    if len(lengths) != 1 or lengths == {0}:
        raise ValueError(
            f"Got arrays of shapes {[array.shape for array in arrays]}. Pass at least one, all "
            "with the same number of rows, one row for each sample."
        )
    if not isinstance(size, (int, np.integer)) or size < 1:
        raise ValueError(f"A batch needs a whole number of rows, at least 1, but got {size!r}.")
    (n,) = lengths
    if drop_last and size > n:
        raise ValueError(
            f"There are {n} rows, so that no batch has {size} and drop_last leaves nothing out of "
            "them. Take smaller batches, or keep the last one."
        )
    order = rng.permutation(n)
    return _batches(arrays, size, order[: n - n % size] if drop_last else order)


def _batches(arrays, size, order):
    for start in range(0, len(order), size):
        rows = order[start : start + size]
        yield tuple(array[rows] for array in arrays)
