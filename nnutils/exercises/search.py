"""Exercises and quiz of the chapter *Choosing settings*."""

import math
import operator

import numpy as np

from nnutils.exercises import Exercise, Question


def turns(groups, seed):
    """Return three folds of whole groups, as pairs of rows that stay and rows set aside."""
    groups = np.array(groups)
    names = np.random.default_rng(seed).permutation(np.unique(groups))
    aside = [np.isin(groups, part) for part in np.array_split(names, 3)]
    return [(np.flatnonzero(~rows), np.flatnonzero(rows)) for rows in aside]


def random_turns(n, k, seed):
    """Return k folds of n rows, drawn without a look at groups."""
    order = np.random.default_rng(seed).permutation(n)
    return [(np.setdiff1d(order, part), np.sort(part)) for part in np.array_split(order, k)]


def curved(n, known, seed):
    """Return known pairs of steps and changes of slopes, of a parabola of n numbers."""
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(n, n))
    matrix = root @ root.T + np.eye(n)
    return [(s, matrix @ s) for s in rng.normal(size=(known, n))]


def _each(draws):
    """Return an answer that draws rate i by ``draws(rng, low, high)`` from its own generator."""
    return lambda n, low, high, seed: np.array(
        [draws(np.random.default_rng([seed, i]), low, high) for i in range(n)]
    )


def _over_factors(rng, low, high):
    return np.exp(rng.uniform(np.log(low), np.log(high)))


def _generators(make):
    """Return an answer that draws rate i over factors from ``make(seed, i)``."""
    return lambda n, low, high, seed: np.array(
        [_over_factors(make(seed, i), low, high) for i in range(n)]
    )


def _one_generator(n, low, high, seed):
    rng = np.random.default_rng(seed)
    return np.array([_over_factors(rng, low, high) for _ in range(n)])


_rates = _each(_over_factors)


def _leaks(folds, groups):
    return sum(bool(set(groups[stay]) & set(groups[aside])) for stay, aside in folds)


def _never(folds, groups):
    return len(groups) - len({row for _, aside in folds for row in aside})


def _audit(folds, groups):
    return _leaks(folds, groups), _never(folds, groups)


def _with_leaks(leaks):
    return lambda folds, groups: (leaks(folds, groups), _never(folds, groups))


def _with_never(never):
    return lambda folds, groups: (_leaks(folds, groups), never(folds, groups))


def _winner(missed, judges, chosen_by=None, best=np.argmin):
    if chosen_by is None:
        chosen_by = missed[:, :judges].mean(axis=1)
    i = best(chosen_by)
    return missed[i, :judges].mean(), missed[i, judges:].mean()


def _last_of_equal(shares):
    return len(shares) - 1 - np.argmin(shares[::-1])


def _added(reached, goal):
    return goal - reached


def _fewer(n, factor):
    return max(1, n // factor)


def _cost(n, factor, rounds, *, spent=_added, keep=_fewer, grow=operator.mul, begin=1):
    epochs, reached, goal = 0, 0, begin
    for _ in range(rounds):
        epochs += n * spent(reached, goal)
        n = keep(n, factor)
        reached, goal = goal, grow(goal, factor)
    return epochs


def _two_loops(g, steps, first=-1, second=1, scale=True, swap=False, turn=True):
    """Return g divided by the remembered curvature; the keywords make the usual mistakes."""
    d, shares = g.copy(), []
    if swap:
        steps = [(y, s) for s, y in steps]
    for s, y in steps[::first]:
        shares.append((s @ d) / (s @ y))
        d = d - shares[-1] * y
    s, y = steps[-1]
    if scale:
        d = d * (s @ y) / (y @ y)
    for (s, y), share in zip(steps[::second], shares[:: -1 if turn else 1]):
        d = d + (share - (y @ d) / (s @ y)) * s
    return d


def _loops_with(**mistake):
    return lambda g, steps: _two_loops(g, steps, **mistake)


def _oldest_scale(g, steps):
    d, shares = g.copy(), []
    for s, y in steps[::-1]:
        shares.append((s @ d) / (s @ y))
        d = d - shares[-1] * y
    s, y = steps[0]
    d = d * (s @ y) / (y @ y)
    for (s, y), share in zip(steps, shares[::-1]):
        d = d + (share - (y @ d) / (s @ y)) * s
    return d


def _loops(g, steps, *, taken=None, again=None, scale=None, late=False, off=None, on=None):
    """Return what ``_two_loops`` does; the keywords put something else in one of its places."""
    d, shares = g.copy(), []
    for s, y in steps[::-1]:
        shares.append((s @ (d if taken is None else taken)) / (s @ y))
        d = d - shares[-1] * (off(s, y) if off else y)
    s, y = steps[-1]
    factor = scale(s, y) if scale else (s @ y) / (y @ y)
    d = d if late else d * factor
    for (s, y), share in zip(steps, shares[::-1]):
        back = (y @ (d if again is None else again)) / (s @ y)
        d = d + (share - back) * (on(s, y) if on else s)
    return d * factor if late else d


def _from_g(g, steps):
    return _loops(g, steps, taken=g)


def _back_from_g(g, steps):
    return _loops(g, steps, again=g)


def _scaled_late(g, steps):
    return _loops(g, steps, late=True)


def _other_scale(g, steps):
    return _loops(g, steps, scale=lambda s, y: (s @ s) / (s @ y))


def _no_second_loop(g, steps):
    d = g.copy()
    for s, y in steps[::-1]:
        d = d - (s @ d) / (s @ y) * y
    s, y = steps[-1]
    return d * (s @ y) / (y @ y)


def _only_the_newest(g, steps):
    return _two_loops(g, steps[-1:])


def _divided(g, steps):
    s, y = steps[-1]
    return g * (s @ y) / (y @ y)


def _seeds_needed(spread, difference, factor=8):
    return math.ceil(factor * (spread / difference) ** 2)


def _factor(factor):
    return lambda spread, difference: _seeds_needed(spread, difference, factor)


EXERCISES = {
    "rates": Exercise(
        solution=_rates,
        cases=(
            (2, 0.01, 1, 0),
            (1, 0.0001, 1, 3),
            (5, 0.001, 0.1, 7),
            (0, 0.1, 1, 0),
            (3, 0.5, 0.5, 1),
            (30, 1e-6, 1000.0, 12),
        ),
        mistakes={
            "These are drawn evenly between the ends, so that most of them are large. Draw between "
            "the logarithms, and take np.exp.": _each(
                lambda rng, low, high: rng.uniform(low, high)
            ),
            "The logarithm of an even draw is no even draw of the logarithm. Take the logarithms "
            "of the two ends first.": _each(lambda rng, low, high: np.log(rng.uniform(low, high))),
            "These are the logarithms of the rates. Undo them: np.exp.": _each(
                lambda rng, low, high: rng.uniform(np.log(low), np.log(high))
            ),
            "Into np.log and out by 10 to the power of: the two bases have to be the same. np.exp "
            "undoes np.log.": _each(
                lambda rng, low, high: 10 ** rng.uniform(np.log(low), np.log(high))
            ),
            "All rates come from one generator. Give each its own, "
            "np.random.default_rng([seed, i]).": _one_generator,
            "Each generator gets the same seed, so all rates are the same. The seed is "
            "[seed, i].": _generators(lambda seed, i: np.random.default_rng(seed)),
            "seed + i is shared between searches: trial 1 of seed 0 is trial 0 of seed 1. Pass the "
            "list [seed, i].": _generators(lambda seed, i: np.random.default_rng(seed + i)),
            "Count i from 0, as range does.": _generators(
                lambda seed, i: np.random.default_rng([seed, i + 1])
            ),
            "The order in the list counts: first the seed, then i.": _generators(
                lambda seed, i: np.random.default_rng([i, seed])
            ),
            "np.log10 is undone by 10 to the power of, and np.exp undoes np.log: the two "
            "bases have to be the same.": _each(
                lambda rng, low, high: np.exp(rng.uniform(np.log10(low), np.log10(high)))
            ),
            "The rates stay in the order of their numbers. You sort them.": lambda *given: np.sort(
                _rates(*given)
            ),
        },
    ),
    "audit": Exercise(
        solution=_audit,
        cases=(
            "[(np.array([1, 2]), np.array([0])), (np.array([0, 1]), np.array([2]))], "
            "np.array([7, 7, 9])",
            "[(np.array([2]), np.array([0, 1])), (np.array([0, 1]), np.array([2]))], "
            "np.array([7, 7, 9])",
            "[(np.array([0]), np.array([1])), (np.array([0]), np.array([1]))], np.array([4, 4, 5])",
            "[(np.array([2]), np.array([0, 1]))], np.array([1, 1, 2, 3])",
            "turns([0, 0, 1, 1, 2, 3, 3, 3, 4], seed=0), np.array([0, 0, 1, 1, 2, 3, 3, 3, 4])",
            "turns([0, 0, 1, 1, 2, 3, 3, 3, 4], seed=0)[:2], np.array([0, 0, 1, 1, 2, 3, 3, 3, 4])",
            "random_turns(12, 4, seed=0), np.array([0, 0, 0, 0, 1, 1, 1, 1, 2, 3, 4, 5])",
            "random_turns(12, 6, seed=1)[1:4], np.array([5, 5, 5, 3, 3, 3, 8, 8, 2, 4, 6, 7])",
            "[(np.array([0, 2]), np.array([1, 3]))], np.array([5, 3, 5, 3])",
        ),
        mistakes={
            "You compare the rows, and they are never on both sides. Compare the groups of the "
            "rows: groups[stay] and groups[aside].": _with_leaks(
                lambda folds, groups: sum(bool(set(s) & set(a)) for s, a in folds)
            ),
            "You count the groups on both sides. Count the folds in which there is at least "
            "one.": _with_leaks(
                lambda folds, groups: sum(len(set(groups[s]) & set(groups[a])) for s, a in folds)
            ),
            "You only say whether there is a leak. Count the folds that have one.": _with_leaks(
                lambda folds, groups: int(_leaks(folds, groups) > 0)
            ),
            "These are the folds without a leak.": _with_leaks(
                lambda folds, groups: len(folds) - _leaks(folds, groups)
            ),
            "The leaks are right. A row that is set aside twice counts twice in your sum; collect "
            "the rows in a set.": _with_never(
                lambda folds, groups: len(groups) - sum(len(a) for _, a in folds)
            ),
            "The leaks are right. These are the rows that are set aside; those that never are were "
            "asked for.": _with_never(lambda folds, groups: len(groups) - _never(folds, groups)),
            "The leaks are right. These are the groups that are never set aside. Count their "
            "rows.": _with_never(
                lambda folds, groups: len(
                    set(groups) - {group for _, a in folds for group in groups[a]}
                )
            ),
            "The leaks are right. These are the rows that never stay. Look at the second part of "
            "each pair.": _with_never(
                lambda folds, groups: len(groups) - len({row for s, _ in folds for row in s})
            ),
            "The two numbers are swapped: first the folds with a leak.": lambda folds, groups: (
                _audit(folds, groups)[::-1]
            ),
            "You compare the parts that are set aside with each other. Compare what stays "
            "with what is set aside, fold by fold.": _with_leaks(
                lambda folds, groups: sum(
                    bool(set(groups[a]) & set(groups[b]))
                    for i, (_, a) in enumerate(folds)
                    for _, b in folds[:i]
                )
            ),
            "The leaks are right. A row that stays somewhere is not set aside by that: count "
            "only the second parts.": _with_never(
                lambda folds, groups: (
                    len(groups) - len({row for fold in folds for part in fold for row in part})
                )
            ),
            "The leaks are right. You look only at the last fold: a row may be set aside in "
            "any.": _with_never(lambda folds, groups: len(groups) - len(set(folds[-1][1]))),
        },
    ),
    "winner": Exercise(
        solution=_winner,
        cases=(
            "np.array([[True, False, True, True], [False, False, True, False]]), 2",
            "np.array([[False, True, False, False], [True, False, True, True]]), 2",
            "np.array([[False, True, True, True], [True, False, False, False]]), 2",
            "np.array([[True, False, False], [False, True, True]]), 1",
            "np.random.default_rng(0).random((8, 30)) < 0.3, 10",
            "np.random.default_rng(1).random((20, 60)) < 0.2, 12",
            "np.random.default_rng(2).random((1, 9)) < 0.5, 4",
            "np.random.default_rng(3).random((12, 40)) < 0.4, 35",
        ),
        mistakes={
            "You choose by all columns, so the pictures that should be new have a say. Choose by "
            "the first ones alone.": lambda m, n: _winner(m, n, m.mean(axis=1)),
            "You choose by the columns that are not to judge. That is choosing with the test "
            "part.": lambda m, n: _winner(m, n, m[:, n:].mean(axis=1)),
            "You take the network with the most wrong answers. The best one has the "
            "fewest.": lambda m, n: _winner(m, n, best=np.argmax),
            "The promise is right. Delivered is the share of the same network, not the lowest "
            "share of all.": lambda m, n: (_winner(m, n)[0], m[:, n:].mean(axis=1).min()),
            "The promise is right. Delivered is measured on the other columns alone; yours holds "
            "those that judged, too.": lambda m, n: (
                _winner(m, n)[0],
                m[np.argmin(m[:, :n].mean(axis=1))].mean(),
            ),
            "The promise is right. Delivered is the share of the winner, not the mean of all "
            "networks.": lambda m, n: (_winner(m, n)[0], m[:, n:].mean()),
            "Of equal ones take the first, as np.argmin does.": lambda m, n: _winner(
                m, n, best=_last_of_equal
            ),
            "These are numbers of wrong answers. Divide by the number of pictures.": lambda m, n: (
                _winner(m, n)[0] * n,
                _winner(m, n)[1] * (m.shape[1] - n),
            ),
            "These are shares of right answers.": lambda m, n: tuple(
                1 - share for share in _winner(m, n)
            ),
            "A row is a network and a column a picture: the means go along axis=1.": lambda m, n: (
                _winner(m.T, n)
            ),
            "The two numbers are swapped: first the promise.": lambda m, n: _winner(m, n)[::-1],
            "The first columns judge. You let the last ones do it.": lambda m, n: _winner(
                np.hstack([m[:, -n:], m[:, :-n]]), n
            ),
            "The first number is that of the winner's row. Its share of wrong answers is "
            "asked for.": lambda m, n: (np.argmin(m[:, :n].mean(axis=1)), _winner(m, n)[1]),
            "You divide by the number of all columns. Each share has its own.": lambda m, n: (
                _winner(m, n)[0] * n / m.shape[1],
                _winner(m, n)[1] * (m.shape[1] - n) / m.shape[1],
            ),
        },
    ),
    "cost": Exercise(
        solution=_cost,
        cases=(
            (9, 3, 2),
            (27, 3, 4),
            (7, 2, 1),
            (5, 3, 3),
            (8, 2, 4),
            (81, 3, 5),
            (100, 4, 3),
            (1, 2, 6),
            (10, 3, 4),
        ),
        mistakes={
            "You begin anew in each round. A trial that goes on has its earlier epochs already; it "
            "needs only the difference.": lambda *case: _cost(
                *case, spent=lambda reached, goal: goal
            ),
            "This is the cost of all trials to the end.": lambda n, factor, rounds: (
                n * factor ** (rounds - 1)
            ),
            "You count one round too many.": lambda n, factor, rounds: _cost(n, factor, rounds + 1),
            "You count one round too few: the first round is one of them.": (
                lambda n, factor, rounds: _cost(n, factor, rounds - 1)
            ),
            "At least one trial goes on, also where the division gives 0.": lambda *case: _cost(
                *case, keep=operator.floordiv
            ),
            "How many go on is rounded down.": lambda *case: _cost(
                *case, keep=lambda n, factor: math.ceil(n / factor)
            ),
            "A part of a trial does not exist: use // to round down.": lambda n, factor, rounds: (
                sum(
                    n / factor**i * (factor**i - (factor ** (i - 1) if i else 0))
                    for i in range(rounds)
                )
            ),
            "The first round is 1 epoch long, not factor.": lambda n, factor, rounds: _cost(
                n, factor, rounds, begin=factor
            ),
            "This is the number of trials, added up over rounds. Each of them costs "
            "epochs.": lambda *case: _cost(*case, spent=lambda reached, goal: 1),
            "The goals are 1, factor, factor squared and so on: multiply by factor, and do "
            "not add it.": lambda *case: _cost(*case, grow=operator.add),
            "Rounded down, not to the nearest: use //.": lambda *case: _cost(
                *case, keep=lambda n, factor: max(1, round(n / factor))
            ),
        },
    ),
    "two_loops": Exercise(
        solution=_two_loops,
        cases=(
            "np.array([8.0]), [(np.array([-1.0]), np.array([-4.0]))]",
            "np.array([4.0, 6.0]), [(np.array([1.0, 0.0]), np.array([2.0, 0.0])), "
            "(np.array([0.0, 1.0]), np.array([0.0, 3.0]))]",
            "np.array([1.0, 2.0]), [(np.array([1.0, 1.0]), np.array([3.0, 1.0]))]",
            "np.array([1.0, -1.0]), curved(2, 2, seed=0)",
            "np.array([1.0, 0.5, -2.0]), curved(3, 5, seed=1)",
            "np.random.default_rng(2).normal(size=8), curved(8, 4, seed=2)",
            "np.random.default_rng(3).normal(size=6), curved(6, 10, seed=3)",
        ),
        mistakes={
            "s and y are swapped: s is the step, y the change of the gradient.": _loops_with(
                swap=True
            ),
            "The first loop goes from the newest pair to the oldest.": _loops_with(
                first=1, turn=False
            ),
            "The second loop goes from the oldest pair to the newest.": _loops_with(
                second=-1, turn=False
            ),
            "The numbers a stand in the order of the first loop, the newest first. Turn the list "
            "around for the second loop.": _loops_with(turn=False),
            "Between the loops, multiply by s @ y / (y @ y) of the newest pair.": _loops_with(
                scale=False
            ),
            "Between the loops, the newest pair gives the scale, not the oldest.": _oldest_scale,
            "The second loop is missing.": _no_second_loop,
            "This uses the newest pair alone. All of them have a say.": _only_the_newest,
            "This divides by one curvature for all directions. The two loops are "
            "missing.": _divided,
            "This leads uphill. Return d itself; who steps subtracts it.": lambda g, steps: (
                -_two_loops(g, steps)
            ),
            "In the first loop a is made from d as it is by now. You take g each time.": _from_g,
            "In the second loop the product is y @ d, with d as it is by now. You take g "
            "each time.": _back_from_g,
            "The scale belongs between the loops, not behind them.": _scaled_late,
            "The scale is s @ y / (y @ y). Yours is another one: s @ s / (s @ y).": _other_scale,
            "The first loop takes off a y. You take off a s.": lambda g, steps: _loops(
                g, steps, off=lambda s, y: s
            ),
            "The second loop adds a part of s. You add a part of y.": lambda g, steps: _loops(
                g, steps, on=lambda s, y: y
            ),
        },
    ),
    "seeds_needed": Exercise(
        solution=_seeds_needed,
        cases=(
            # Away from whole numbers, where the last digit of a root would decide.
            (0.5, 0.6),
            (0.5, 0.11),
            (0.5, 1.1),
            (1, 0.3),
            (0.25, 4),
            (0.45, 0.5),
            (3, 0.7),
            (1, 1.01),
        ),
        mistakes={
            "This is for one mean. A difference of two means has twice its square: the 2 under "
            "the root.": _factor(4),
            "A difference of one spread shows in two of three cases only. Two spreads are "
            "wanted.": _factor(2),
            "n stands under a root, so the ratio has to be squared.": lambda spread, difference: (
                math.ceil(8 * spread / difference)
            ),
            "Rounding to the nearest can give too few. Round up.": lambda spread, difference: round(
                8 * (spread / difference) ** 2
            ),
            "int cuts off, and so gives too few. Round up.": lambda spread, difference: int(
                8 * (spread / difference) ** 2
            ),
            "Half a seed does not exist. Round up: math.ceil.": lambda spread, difference: (
                8 * (spread / difference) ** 2
            ),
            "Spread and difference are swapped: more spread needs more "
            "seeds.": lambda spread, difference: _seeds_needed(difference, spread),
            "n stands below the root: square both sides before you solve for it.": (
                lambda spread, difference: math.ceil(2 * spread * math.sqrt(2) / difference)
            ),
            "A single seed a side may be enough. You begin with 2.": lambda spread, difference: max(
                2, _seeds_needed(spread, difference)
            ),
        },
    ),
}

QUIZ = (
    Question(
        "You try 50 settings, and the best one has 2.0 % wrong answers in validation. What do you "
        "report?",
        {
            "2.0 %, since the network has never been trained on the validation part.": "It was not "
            "trained on it, but chosen by it: the luckiest of 50.",
            "What the chosen network has on a part that chose nothing.": "It is probably higher. "
            "The part that chose flatters the winner.",
            "The mean of all 50 in validation.": "That is the number of a network that you did not "
            "choose.",
        },
        answer="What the chosen network has on a part that chose nothing.",
    ),
    Question(
        "Two networks are left. May the test part decide between them?",
        {
            "Yes, since two are so few that it makes no difference.": "The better of two fair "
            "coins already shows 69 % heads in two throws.",
            "No: then its number is that of a winner.": "Use the validation part, or more seeds. "
            "If the two cannot be told apart, take either.",
            "Yes, if you report the lower of the two results.": "Then you report the number of the "
            "network that you do not use.",
        },
        answer="No: then its number is that of a winner.",
    ),
    Question(
        "A scanner will be used by new people. Each of 100 people has written 50 digits. Does "
        "cross-validation with random folds tell how well it will read?",
        {
            "No: people stand on both sides of each fold.": "Each fold knows the hands that it is "
            "asked about. Set whole people aside.",
            "Yes, since no picture is on both sides.": "Pictures are not, but hands are, and those "
            "are what is new later.",
            "Yes, if there are enough folds.": "With more folds each hand is known even better.",
            "No: cross-validation works for small data only.": "It works for any. What matters is "
            "what is set aside together.",
        },
        answer="No: people stand on both sides of each fold.",
    ),
    Question(
        "Nine trials of rate and L2: a grid of 3 by 3, or nine random draws?",
        {
            "Random draws always find more, since they try nine different rates.": "They do try "
            "nine rates. But they may miss a wide range of good ones, which a grid cannot.",
            "The grid always finds more, because it leaves no hole.": "If the good rates are a "
            "tenth of the range, all three of its rates may miss them.",
            "It depends on how much of the range is good.": "A tenth: 0.3 against 0.61. A third: 1 "
            "against 0.97.",
        },
        answer="It depends on how much of the range is good.",
    ),
    Question(
        "A search of 1,000 trials runs on 1 core, then on 100 cores. What becomes smaller?",
        {
            "The work that is done, to about a hundredth.": "The same trials are made, and handing "
            "them out costs a little more.",
            "The number of wrong answers of the winner.": "A trial is a pure function: the numbers "
            "are the same, and so is the winner.",
            "The waiting time.": "To about a hundredth at best, if a trial is long beside what it "
            "takes to hand it out.",
        },
        answer="The waiting time.",
    ),
)
GUESSES = {
    "winner": Question(
        "The 20 networks are judged by 50 pictures. What does the best one promise?",
        {
            "About 4 %, what it delivers": "That is the mean of all. The best of 20 on 50 pictures "
            "had luck: it promises 1.6 %.",
            "About 1.6 %": "It has 4.2 % on the other pictures, as all of them do.",
            "0 %": "That is what lucky draws give. In the mean over draws it is 1.6 %.",
        },
        answer="About 1.6 %",
    ),
    "grid": Question(
        "Nine trials, in many draws. Whose best loss is lower in the median, that of the grid or "
        "that of random draws over factors?",
        {
            "That of random draws": "They would win if the good rates were a small part of the "
            "range. Here they are a third.",
            "They are about equal": "Both medians are 0.28. In bad luck the grid is better.",
            "That of the grid": "In bad luck it is. Both medians are 0.28.",
        },
        answer="They are about equal",
    ),
}
