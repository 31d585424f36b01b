"""Exercises and quiz of the chapter *Real-valued circuits*."""

import numpy as np

from nnutils.exercises import Exercise, Question


def _multiply(x, y):
    return x * y


def _hill(x, y):
    return -(x**2) - y**2


def _distance(x, y):
    return max(x - y, y - x)


def _best_try(outputs):
    return max(range(len(outputs)), key=outputs.__getitem__)


def _climb(gate, x, y, tries, size, rng, *, better=float.__gt__, keep_last=False, stay=False):
    best = start = gate(x, y)
    last = start
    for _ in range(tries):
        tried = x + rng.uniform(-size, size), y + rng.uniform(-size, size)
        last = gate(*tried)
        if better(float(last), float(best)):
            best = last
            if not stay:
                x, y = tried
    return last if keep_last else best


def _climb_one_nudge(gate, x, y, tries, size, rng):
    best = gate(x, y)
    for _ in range(tries):
        nudge = rng.uniform(-size, size)
        if gate(x + nudge, y + nudge) > best:
            x, y = x + nudge, y + nudge
            best = gate(x, y)
    return best


def _climb_y_first(gate, x, y, tries, size, rng):
    return _climb(lambda a, b: gate(b, a), y, x, tries, size, rng)


def _nudge_all(start, size, rng):
    return start + rng.uniform(-size, size, len(start))


_RNG = np.random.default_rng(5)

EXERCISES = {
    "follow": Exercise(
        solution=(-2, -2, 4),
        mistakes={
            "max gives the larger number, not the one of larger magnitude: "
            "-2 lies to the right of -5.": (-2, -5, 10),
            "The last gate multiplies q and r, and the product of two negative numbers is "
            "positive: -4 is their sum.": (-2, -2, -4),
            "q is a sum: 1 + (-3). You subtracted.": (4, 4, 16),
        },
    ),
    "distance": Exercise(
        solution=_distance,
        cases=(
            (3, -2),
            (-2, 3),
            (4, 4),
            (-1, -5),
            *((round(a, 3), round(b, 3)) for a, b in _RNG.uniform(-9, 9, (6, 2))),
        ),
        mistakes={
            "A distance is never negative. You return x - y, which is negative when y is the "
            "larger one.": lambda x, y: x - y,
            "You return y - x, which is negative when x is the larger one.": lambda x, y: y - x,
            "You take the smaller of the two differences, the negative one.": lambda x, y: min(
                x - y, y - x
            ),
            "You return the larger of the two numbers, not how far apart they are.": max,
            "You take the distance between the magnitudes: between -2 and 3 there are 5 steps, "
            "not 1.": lambda x, y: abs(abs(x) - abs(y)),
        },
    ),
    "best_try": Exercise(
        solution=_best_try,
        cases=(
            ([-6.0],),
            ([-6.0, -5.95],),
            ([-5.95, -6.0],),
            ([1.0, 4.0, 4.0, 2.0],),
            ([-3.0, -1.0, -2.0, -9.0],),
            *((np.round(row, 2).tolist(),) for row in _RNG.uniform(-9, 9, (5, 6))),
        ),
        mistakes={
            "This is the largest output itself; the question is at which position it stands.": max,
            "You compare magnitudes: -6 is further from 0 than -5.95, "
            "but it is the smaller one.": lambda o: max(range(len(o)), key=lambda i: abs(o[i])),
            "This is the position of the smallest output.": lambda o: min(
                range(len(o)), key=o.__getitem__
            ),
            "This is the last position where an output was larger than the one before it, "
            "not the position of the largest.": lambda o: max(
                (i for i in range(1, len(o)) if o[i] > o[i - 1]), default=0
            ),
            "Positions are counted from 0; yours start at 1.": lambda o: _best_try(o) + 1,
            "When several outputs are equally large, return the first of them; "
            "yours is the last.": lambda o: len(o) - 1 - _best_try(o[::-1]),
        },
    ),
    "climb": Exercise(
        solution=_climb,
        cases=(
            (_multiply, -2, 3, 0, 0.01, np.random.default_rng(0)),
            (_multiply, -2, 3, 3, 0.01, np.random.default_rng(1)),
            (_hill, 0.0, 0.0, 5, 0.1, np.random.default_rng(2)),
            (_multiply, -2, 3, 50, 0.01, np.random.default_rng(3)),
            (_hill, 1.0, -2.0, 40, 0.5, np.random.default_rng(4)),
            (_multiply, 0.01, 0.02, 6, 0.1, np.random.default_rng(5)),
        ),
        mistakes={
            "You return the output of the last try. A later try can be worse than an earlier one: "
            "keep the best.": lambda *a: _climb(*a, keep_last=True),
            "Every try of yours nudges the start. That is the search of the chapter; "
            "here each success becomes the new place to search from.": lambda *a: _climb(
                *a, stay=True
            ),
            "You compare magnitudes. -5.95 is larger than -6, "
            "although it is closer to 0.": lambda *a: _climb(
                *a, better=lambda new, old: abs(new) > abs(old)
            ),
            "You keep the smallest output; turn the comparison around.": lambda *a: _climb(
                *a, better=float.__lt__
            ),
            "You move to every try, whether it is better or not.": lambda *a: _climb(
                *a, better=lambda new, old: True
            ),
            "You use the same nudge for x and for y. Draw a second one for y.": _climb_one_nudge,
            "You draw the nudge of y before that of x.": _climb_y_first,
        },
    ),
    "nudge_all": Exercise(
        solution=_nudge_all,
        cases=(
            (np.array([-2.0, 3.0]), 0.01, np.random.default_rng(0)),
            (np.array([1.0]), 0.5, np.random.default_rng(1)),
            (np.zeros(10), 0.1, np.random.default_rng(2)),
            (np.array([-2.0, 3.0] * 50), 0.01, np.random.default_rng(3)),
        ),
        mistakes={
            "Every entry got the same nudge. Ask rng.uniform for as many numbers as there are "
            "entries.": lambda start, size, rng: start + rng.uniform(-size, size),
            "These are the nudges alone. Add them to the start.": lambda start, size, rng: (
                rng.uniform(-size, size, len(start))
            ),
            "Your nudges only go up: draw them between -size and size, not between 0 and "
            "size.": lambda start, size, rng: start + rng.uniform(0, size, len(start)),
            "Your nudges are ten times too small or too large: did you use a fixed 0.01 instead "
            "of size?": lambda start, size, rng: start + rng.uniform(-0.01, 0.01, len(start)),
        },
    ),
}

QUIZ = (
    Question(
        "The output of a circuit goes from -6 to -5.95. What has it done?",
        {
            "It has become larger.": "-5.95 lies to the right of -6 on the number line.",
            "It has become smaller.": "Its magnitude has, 5.95 is less than 6. But the output is "
            "negative, and closer to 0 means larger.",
            "It has stayed the same, up to rounding.": "0.05 is small, but no rounding error: a "
            "float keeps about 16 digits.",
        },
        answer="It has become larger.",
    ),
    Question(
        "Why can the search with nudges of up to 0.01 never beat -5.9501, however many tries?",
        {
            "Because -1.99 times 2.99 is the best corner that the nudges can reach.": "Every try "
            "starts from (-2, 3) again. The most that x can gain is 0.01, and so can y.",
            "Because the random generator repeats itself after a while.": "It does so only after "
            "more draws than any computer could make.",
            "Because -5.9501 is the largest value of x times y.": "It is not: x = 1 and y = 1 "
            "give 1. But that is out of reach for small nudges.",
            "Because 100 tries are too few.": "More tries come closer to -5.9501, as the knob "
            "shows, but they do not pass it.",
        },
        answer="Because -1.99 times 2.99 is the best corner that the nudges can reach.",
    ),
    Question(
        "With 1,000 inputs random search gains almost nothing. What is the reason?",
        {
            "Fewer tries improve the output.": "About half of them still do; the chapter counts "
            "them. They improve it by little.",
            "One try nudges all inputs, and helpful and harmful nudges nearly cancel.": "The more "
            "inputs, the more exactly they cancel, so that a try with a large gain is very rare.",
            "The circuit becomes too slow to compute.": "It takes longer, but the table compares "
            "the same number of tries, not the same time.",
            "Small nudges get lost in rounding.": "0.01 is far above the rounding error of a "
            "float.",
        },
        answer="One try nudges all inputs, and helpful and harmful nudges nearly cancel.",
    ),
    Question(
        "What comes out of the gate max for the inputs -3 and -5?",
        {
            "-5": "It has the larger magnitude, but -3 lies to the right of it.",
            "-3": "max passes on the larger number, and -3 is larger than -5.",
            "5": "max changes nothing about the numbers; it passes one of them on.",
            "2": "That is how far apart they are. max passes one of them on.",
        },
        answer="-3",
    ),
    Question(
        "You run the search twice with a generator made from the same seed. What do you get?",
        {
            "The same result twice.": "The seed fixes every draw. That is why the numbers in "
            "this book are the ones that you see when you run it.",
            "Two different results, because the search is random.": "The draws look random, but "
            "the seed fixes all of them.",
            "The second run continues where the first one ended.": "It would if both shared one "
            "generator. A new generator from the same seed starts over.",
        },
        answer="The same result twice.",
    ),
)
