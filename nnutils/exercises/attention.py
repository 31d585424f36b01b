"""Exercises and quiz of the chapter *Attention*."""

import math

import numpy as np

from nnutils.exercises import Exercise, Question
from nnutils.numerics import softmax


def scores_of(places, seed):
    """Return normal scores, (places, places): a row for each place that asks."""
    return np.random.default_rng(seed).normal(0, 2, (places, places))


def _distance(scores):
    """Return how many places back each place lies from the one that asks."""
    places = np.arange(len(scores))
    return places[:, None] - places


def _near(scores, window, *, low=0, more=0, out=-np.inf, axis=1, ahead=False):
    back = -_distance(scores) if ahead else _distance(scores)
    seen = (low <= back) & (back < window + more)
    return softmax(np.where(seen, scores, out), axis=axis)


def _both_sides(scores, window):
    return softmax(np.where(np.abs(_distance(scores)) < window, scores, -np.inf), axis=1)


def _masked_late(scores, window):
    back = _distance(scores)
    return softmax(scores, axis=1) * ((back >= 0) & (back < window))


def _look_back(places, back, sure):
    weights = sure * np.eye(places, k=-back)
    for place in range(min(back, places)):
        weights[place, place] = sure
    return weights


def _from_the_end(places, back, sure):
    weights = np.zeros((places, places))
    for place in range(places):
        weights[place, place - back] = sure
    return weights


def _beyond(places, back, sure):
    weights = sure * np.eye(places, k=-back)
    for place in range(back):
        weights[place, place] = sure
    return weights


def _around(places, back, sure):
    return sure * np.roll(np.eye(places), -back, axis=1)


def _both(places, back, sure):
    return sure * np.maximum(np.eye(places), np.eye(places, k=-back))


def _products(n, T):
    return n * T * (T + 1), n * T * (T + 1) * (2 * T + 1) // 3


EXERCISES = {
    "way_back": Exercise(
        solution=((0.5, 0.5, 1), (0, 2, -2)),
        mistakes={
            "You forgot the pull: it is 2, and a factor of every slope.": (
                (0.25, 0.25, 0.5),
                (0, 1, -1),
            ),
            "The slopes with the values are right. From each value, subtract the output before you "
            "multiply: a share can only grow if others shrink.": ((0.5, 0.5, 1), (2, 4, 2)),
            "The slopes with the values are right. What is subtracted from each value is the "
            "output, their mean with the shares, not the plain mean.": (
                (0.5, 0.5, 1),
                (-1 / 3, 5 / 3, -8 / 3),
            ),
            "The slopes with the values are right. share (1 - share) is what a score does to its "
            "own share; it also takes from the other two.": ((0.5, 0.5, 1), (1.5, 3, 1)),
            "The slopes with the values are right. With the scores the sign is turned around: a "
            "larger value than the mean pulls its score up.": ((0.5, 0.5, 1), (0, -2, 2)),
            "The two rows are swapped: first the slopes with the values.": (
                (0, 2, -2),
                (0.5, 0.5, 1),
            ),
        },
    ),
    "divisor": Exercise(
        solution=lambda q, k, n: q * k * math.sqrt(n),
        cases=((1, 1, 64), (2, 3, 1), (0.5, 4, 100), (3, 0.1, 24)),
        mistakes={
            "The spread of a sum of n such products grows with the root of n, not with n.": (
                lambda q, k, n: q * k * n
            ),
            "The root of n is right where the entries have the spread 1. Those of the queries and "
            "of the keys are factors of each product.": lambda q, k, n: math.sqrt(n),
            "q and k stand outside of the root: each product has the spread q times k.": (
                lambda q, k, n: math.sqrt(q * k * n)
            ),
            "This is the variance of the scores. Dividing divides the spread, its root.": (
                lambda q, k, n: (q * k) ** 2 * n
            ),
            "Query and key are multiplied, not added: so are their spreads.": (
                lambda q, k, n: (q + k) * math.sqrt(n)
            ),
            "This is what to multiply by. The question is what to divide by.": (
                lambda q, k, n: 1 / (q * k * math.sqrt(n))
            ),
            "`n ** 1 / 2` is a half of n. Brackets: n ** (1 / 2), or np.sqrt(n).": lambda q, k, n: (
                q * k * n / 2
            ),
            "A sum of n products has n times the variance of one, and that is q squared "
            "times k squared. You add the two.": lambda q, k, n: math.sqrt(n * (q**2 + k**2)),
        },
    ),
    "only_near": Exercise(
        solution=_near,
        cases=(
            "np.zeros((3, 3)), 2",
            "np.zeros((1, 1)), 1",
            "np.array([[-3.0, 5.0, 0.0], [1.0, -2.0, 9.0], [0.0, 1.0, -1.0]]), 2",
            "scores_of(5, 0), 3",
            "scores_of(4, 1), 9",
            "scores_of(4, 2), 1",
        ),
        mistakes={
            "Masked after the softmax the rows do not add up to 1 any more. Mask the "
            "scores.": _masked_late,
            "A score of 0 is no ban, since exp(0) is 1. Use -np.inf.": (
                lambda *case: _near(*case, out=0)
            ),
            "You let places look ahead as far as back. Later places are banned.": _both_sides,
            "This window is one place too wide: the place itself counts, too.": (
                lambda *case: _near(*case, more=1)
            ),
            "All earlier places are seen here. Beyond the window they are banned, too.": (
                lambda *case: _near(*case, more=len(case[0]))
            ),
            "This lets each place look at itself and ahead: the mask is transposed.": (
                lambda *case: _near(*case, ahead=True)
            ),
            "The columns add up to 1 here. The shares of a place that asks stand in its row: "
            "axis=1.": lambda *case: _near(*case, axis=0),
            "exp of a small negative number is no 0, so banned places keep a share. Use "
            "-np.inf.": lambda *case: _near(*case, out=-9),
            "Nothing is banned here. Of the earlier places only the last ones are seen, and "
            "no later one.": lambda scores, window: softmax(scores, axis=1),
            "The place itself is one of the window: it is 0 places back, so 0 <= back.": (
                lambda scores, window: _near(scores, window, low=1, more=1)
            ),
            "The window goes along with the place that asks. Yours stays at the beginning.": (
                lambda scores, window: softmax(
                    np.where(
                        (_distance(scores) >= 0) & (np.arange(len(scores)) < window),
                        scores,
                        -np.inf,
                    ),
                    axis=1,
                )
            ),
        },
    ),
    "which_fault": Exercise(
        solution=(3, 5, 6, 2, 4),
        mistakes={
            "A and D are swapped. In which of the two does a row no longer add up to 1?": (
                2,
                5,
                6,
                3,
                4,
            ),
            "Look at A again: with no mask at all, the first place would take 0.67 from the "
            "second, as the scores say.": (1, 5, 6, 2, 4),
            "Look at E again: with no mask at all, the last row would be as it should.": (
                (3, 5, 6, 2, 1)
            ),
            "B and D are swapped. What adds up to 1 in each of the two, and what does not?": (
                (3, 2, 6, 5, 4)
            ),
            "B and C are swapped. In one of the two, all rows add up to 1.": (3, 6, 5, 2, 4),
            "The faults are numbered from 1, and you count from 0.": (2, 4, 5, 1, 3),
        },
    ),
    "look_back": Exercise(
        solution=_look_back,
        cases=((3, 1, 20), (4, 0, 5), (5, 2, 20.5), (2, 3, 10), (6, 5, 1)),
        mistakes={
            "This looks ahead. Row i belongs to the place that asks, and i - back is before "
            "it.": lambda places, back, sure: _look_back(places, back, sure).T,
            "The first places have nobody so far back, and look everywhere here. Let them look at "
            "themselves.": lambda places, back, sure: sure * np.eye(places, k=-back),
            "The first places look at the end of the sequence here, which a mask hides. Let them "
            "look at themselves.": _around,
            "Every place looks at itself as well here. Only those do that have nobody so far "
            "back.": _both,
            "This looks one place too far back.": (
                lambda places, back, sure: _look_back(places, back + 1, sure)
            ),
            "The places are right, but not the score: it has to be sure, not 1.": (
                lambda places, back, sure: _look_back(places, back, 1)
            ),
            "W[i, i - back] counts from the end where i - back is negative, and stops where "
            "there is no such entry. Ask for i >= back first.": _from_the_end,
            "Where there is nobody so far back, all look at place 0 here. They look at "
            "themselves.": lambda places, back, sure: (
                sure * (np.maximum(np.arange(places) - back, 0)[:, None] == np.arange(places))
            ),
            "range(back) goes beyond the last place if `back` is larger than `places`. Take "
            "the smaller of the two.": _beyond,
            "This is one too many: place `back` itself has somebody so far back, place 0.": (
                lambda places, back, sure: np.maximum(
                    _look_back(places, back, sure), sure * np.diag(np.arange(places) <= back)
                )
            ),
            "This adds the diagonal for every place, and twice where `back` is 0. Only the "
            "first places look at themselves.": lambda places, back, sure: (
                sure * (np.eye(places) + np.eye(places, k=-back))
            ),
        },
    ),
    "products": Exercise(
        solution=_products,
        cases=((1, 1), (4, 2), (16, 10), (1, 1024)),
        mistakes={
            "These are the products of queries and keys alone. As many come from shares and "
            "values.": lambda n, T: tuple(count // 2 for count in _products(n, T)),
            "The new symbol looks at itself, too: at t places, not at t - 1.": lambda n, T: (
                n * T * (T - 1),
                _products(n, T)[1],
            ),
            "With kept keys and values, symbol t meets t places, not all T.": lambda n, T: (
                2 * n * T * T,
                _products(n, T)[1],
            ),
            "Without them, symbol t has t queries, and each meets t places: a square for each "
            "t.": lambda n, T: (_products(n, T)[0], 2 * n * T**3),
            "You count only the last symbol for the second number. Add up over all T.": (
                lambda n, T: (_products(n, T)[0], 2 * n * T * T)
            ),
            "For the second number all t queries meet all t places, also those that a mask "
            "bans afterwards.": lambda n, T: (_products(n, T)[0], n * T * (T + 1) * (T + 2) // 3),
            "You count t from 0 to T - 1. The first symbol has one place, and the last one T.": (
                lambda n, T: (n * T * (T - 1), n * T * (T - 1) * (2 * T - 1) // 3)
            ),
            "You swapped the two: with kept keys and values it is less.": lambda n, T: _products(
                n, T
            )[::-1],
            "You square the sum. Add up the squares: symbol t has t queries at t places.": (
                lambda n, T: (
                    _products(n, T)[0],
                    n * (T * (T + 1)) ** 2 // 2,
                )
            ),
            "The sequence grows: at symbol t it is done again with t places, not with all T.": (
                lambda n, T: (
                    _products(n, T)[0],
                    T * _products(n, T)[0],
                )
            ),
            "These are the products of the last symbol alone. Add up over all T.": lambda n, T: (
                2 * n * T,
                2 * n * T * T,
            ),
        },
    ),
}

QUIZ = (
    Question(
        "A network with one look-up reads sequences of 9 places. Now they have 90. How many more "
        "weights does the look-up need?",
        {
            "Ten times as many.": "So it would be with a dense layer over all places. Here the "
            "same weights make query, key and value at every place.",
            "A hundred times as many.": "There are a hundred times as many shares. But shares are "
            "computed, not learned.",
            "None.": "The dense layers around it work at each place alone, and Attend has no "
            "weights. Only rows for places would have to be added.",
        },
        answer="None.",
    ),
    Question(
        "There are no rows for places, and no mask. You shuffle the symbols of a sentence. What "
        "does attention make of it?",
        {
            "The same outputs, shuffled in the same way.": "Scores know who meets whom, and not "
            "where. The difference was 0 up to rounding.",
            "Other outputs, since other words stand side by side.": "No score looks at a "
            "neighborhood. Each place meets all others alike.",
            "Nonsense: it has learned another order.": "It has learned no order. There was nothing "
            "in its inputs from which it could.",
        },
        answer="The same outputs, shuffled in the same way.",
    ),
    Question(
        "Somebody sets the shares of later places to 0 after the softmax. What is wrong with it?",
        {
            "Nothing: later places have no share.": "They took part in the sum by which all "
            "shares were divided. So the later symbols can be felt.",
            "The rows add up to less than 1, by an amount that tells of the later ones.": "Their "
            "scores were in the sum. With minus infinity before the softmax they are not.",
            "Slopes are infinite there.": "A product with 0 has the slope 0. Minus infinity "
            "before the softmax has, too.",
        },
        answer="The rows add up to less than 1, by an amount that tells of the later ones.",
    ),
    Question(
        "Each head gets four times as many numbers. By what are its scores divided now?",
        {
            "By the same number as before: softmax takes care of the size.": "Softmax is where "
            "the size does harm: large scores leave one share, and hardly a slope.",
            "By four times as much.": "The spread of a sum of independent products grows with the "
            "root of how many there are.",
            "By twice as much.": "The root of 4 is 2.",
        },
        answer="By twice as much.",
    ),
    Question(
        "The smallest GPT-2 reads 1,024 symbols, and makes the next one. Where is most of the "
        "work?",
        {
            "In the look-ups: each symbol meets all others.": "Even at the last place that is "
            "about 13 % of the products, though it grows with the number of places.",
            "In the dense layers and the scores of the symbols.": "About 87 % of the products are "
            "with weights.",
            "In the softmax, with its powers of e.": "There are a thousand or so for each head. "
            "The products go into the millions.",
        },
        answer="In the dense layers and the scores of the symbols.",
    ),
)

GUESSES = {
    "sharp": Question(
        "Sixteen keys are drawn at random, with 1,024 entries each. Without the root, how large "
        "is the largest of the 16 shares, in the mean?",
        {
            "About 0.06, a sixteenth": "That is the mean of all shares. Scores of a spread of 32 "
            "are far from equal.",
            "About 0.25": "That is what it is with the root, for any number of entries.",
            "Nearly 1": "It is 0.97. The scores have a spread of 32: whoever is ahead is "
            "so by far, and takes nearly all.",
        },
        answer="Nearly 1",
    ),
    "rule": Question(
        "Place 12 holds the digit that the network wrote last. Where does it have to look for the "
        "next one?",
        {
            "At place 12, itself": "It holds a digit that is written already. What comes next in "
            "the answer stood before it in the question.",
            "At place 4": "Place 12 is the fifth of the answer, counted with the bar. The digit "
            "to be written there is the fifth from the end: count back from place 7.",
            "At place 3": "The bar, place 8, looks at place 7, and each place looks one further "
            "back than the one before it: place p at 15 - p.",
        },
        answer="At place 3",
    ),
    "ones": Question(
        "The network has read 27+35= and writes the last digit first. Which places does it need "
        "for this digit?",
        {
            "The 7 and the 5": "Their sum is 12, so the digit is 2. In the first block at least "
            "one head looks at these two, and at hardly anything else.",
            "All four digits": "The tens cannot change the last digit of a sum.",
            "The last one that it read, =": "It tells that the answer begins. What to write, it "
            "does not know.",
        },
        answer="The 7 and the 5",
    ),
}
