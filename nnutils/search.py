"""Search: settings drawn at random, and trials of which only the best go on.

A trial is a function of a setting, with the seed as a part of it: the same setting gives the same
number, whenever and wherever it runs. So a search needs no more than ``map``, and whatever stands
in for it: all cores, or many machines. Built in: search.
"""

import math
from numbers import Real

from nnutils.numerics import as_generator, as_whole


def draw(rng, /, **ranges):
    """Draw one setting: a number for each name, evenly on a logarithmic scale.

    Parameters
    ----------
    rng : numpy.random.Generator
    **ranges : (float, float)
        For each name the lowest and the highest number, both above 0: ``rate=(0.001, 0.1)``. From
        0.001 to 0.01 it is then as far as from 0.01 to 0.1.

    Returns
    -------
    dict of str to float

    Raises
    ------
    TypeError
        If ``rng`` is no generator.
    ValueError
        If a range is no pair of finite numbers above 0 in rising order.

    Notes
    -----
    Settings drawn at random: Bergstra and Bengio, 2012. Built in: search.

    Examples
    --------
    >>> sorted(draw(np.random.default_rng(0), rate=(0.001, 0.1), units=(8, 128)))
    ['rate', 'units']
    """
    as_generator(rng)
    for name, ends in ranges.items():
        pair = isinstance(ends, (tuple, list)) and [isinstance(end, Real) for end in ends]
        if pair != [True, True] or not 0 < ends[0] <= ends[1] < math.inf:
            raise ValueError(
                f"{name} is drawn between two finite numbers above 0, the lower one first, but got "
                f"{ends!r:.200}. A scale of factors has no 0: write {name}=(0.001, 0.1)."
            )
    return {name: _between(rng, *ends) for name, ends in ranges.items()}


def _between(rng, low, high):
    value = math.exp(rng.uniform(math.log(low), math.log(high)))
    return min(max(value, float(low)), float(high))  # exp(log(low)) may round to below low


def halving(go_on, states, factor, rounds, map=map):
    """Let many trials begin; after each round only the best go on, ``factor`` times as far.

    With 27 trials, ``factor=3`` and ``rounds=4``: 27 trials of 1 epoch, the best 9 go on to 3
    epochs, 3 to 9, and 1 to 27. That costs 81 epochs, where 27 trials of 27 epochs cost 729.

    Parameters
    ----------
    go_on : callable
        ``go_on(state, budget)`` goes on with a trial by that budget, for example of epochs, and
        returns (score, state): a number, the lower the better, and what the next round goes on
        with. nan counts as worse than all others.
    states : iterable
        What each trial begins with. If ``map`` leads to other processes, they are sent there and
        back, so they and ``go_on`` have to be what pickle can send.
    factor : int
        One trial in ``factor`` goes on, rounded down, but at least one; 2 or more.
    rounds : int
        How often, at least 1.
    map : callable
        ``map(go_on, states, budgets)``, as Python's own.

    Yields
    ------
    list of (float, state)
        For each round, what its trials came to, the best first; of equal ones the earlier first.

    Raises
    ------
    TypeError
        If ``go_on`` does not return a pair of a number and a state.
    ValueError
        If there are no states, or ``factor`` or ``rounds`` is too small or no whole number.

    Notes
    -----
    Successive halving: Karnin, Koren and Somekh, 2013; for settings Jamieson and Talwalkar, 2016.
    Built in: search.
    """
    states = list(states)
    if not states:
        raise ValueError("Got no states. Halving begins with one for each trial.")
    factor, rounds = as_whole(factor, "factor", least=2), as_whole(rounds, "rounds")
    return _halving(go_on, states, factor, rounds, map)


def _halving(go_on, states, factor, rounds, map):
    reached = 0
    for budget in (factor**i for i in range(rounds)):
        results = list(map(go_on, states, [budget - reached] * len(states)))
        results.sort(key=_score)
        yield results
        states = [state for _, state in results[: max(1, len(results) // factor)]]
        reached = budget


def _score(result):
    """Return the score by which to sort."""
    try:
        score, _ = result
        score = float(score)
    except (TypeError, ValueError):
        raise TypeError(
            "go_on has to return a pair, (score, state), with a number as its score, but returned "
            f"{result!r:.200}."
        ) from None
    return math.inf if math.isnan(score) else score
