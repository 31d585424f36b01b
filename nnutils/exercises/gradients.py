"""Exercises and quiz of the chapter *Gradients*."""

import math

import numpy as np

from nnutils.exercises import Exercise, Question


def product(inputs):
    """Return the product of two inputs."""
    return inputs[0] * inputs[1]


def hills(inputs):
    """Return a sum of squares and of products of neighbors, which bends in every direction."""
    return np.sum(inputs**2) + np.sum(inputs[1:] * inputs[:-1])


def plane(inputs):
    """Return the sum of the inputs, each times its place, counted from 1."""
    return np.sum(np.arange(1, len(inputs) + 1) * inputs)


def _slopes(f, x, h, *, below=0, between=None, keep=False, one=None):
    """Return the slopes measured between x + h and x - below * h.

    A mistake divides by something else than the way between them, keeps the nudges of the inputs
    before, or nudges by something else than one entry.
    """
    nudges = h * (np.tri(len(x)) if keep else np.eye(len(x))) if one is None else one(x, h)
    ends = nudges if not keep else nudges - h * np.eye(len(x))
    way = (1 + below) * h if between is None else between
    if keep:
        return np.array([(f(x + n) - f(x)) / way for n in nudges])
    return np.array([(f(x + n) - f(x - below * n)) / way for n in ends])


def _in_place(f, x, h, undo=0, fresh=False):
    """Return the slopes of a function that nudges x itself; it may take back the nudge."""
    here, slopes = f(x), np.zeros(len(x))
    for i in range(len(x)):
        here = f(x) if fresh else here
        x[i] += h
        slopes[i] = (f(x) - here) / h
        x[i] -= undo * h
    return slopes


def _cut(x, h):
    """Return what a copy of x keeps of each nudge."""
    return (x + h * np.eye(len(x))).astype(x.dtype) - x


def _measured(x, y, h=1e-5):
    with_x = ((x + h) ** 2 * y - (x - h) ** 2 * y) / (2 * h)
    with_y = (x**2 * (y + h) - x**2 * (y - h)) / (2 * h)
    return with_x, with_y


def _best_step(x, y):
    return math.inf if x * y >= 0 else -(x**2 + y**2) / (2 * x * y)


def _best_output(x, y):
    step = _best_step(x, y)
    return step if step == math.inf else (x + step * y) * (y + step * x)


def _agrees(measured, derived):
    return np.abs(measured - derived).max() <= _limit(measured)


def _limit(slopes):
    return 1e-6 * np.linalg.norm(slopes)


EXERCISES = {
    "forward_slopes": Exercise(
        solution=_slopes,
        cases=(
            "product, np.array([-2.0, 3.0]), 0.5",
            "product, np.array([-2, 3]), 0.5",
            "plane, np.array([1.0, 0.0, -2.0]), 0.25",
            "hills, np.array([1.0, -1.0, 2.0, 0.5]), 0.1",
            "hills, np.array([1, -2, 0]), 0.5",
            "hills, np.zeros(3), 0.5",
            "plane, np.array([4.0]), 0.01",
            "hills, np.random.default_rng(0).uniform(-3, 3, 8), -0.125",
        ),
        mistakes={
            "The nudges are not taken back: when the second slope is measured, the first input is "
            "still nudged.": _in_place,
            "Your x is safe now, but the nudges before are still in it: each slope contains all "
            "earlier ones. Start each nudge from x.": lambda f, x, h: _slopes(f, x, h, keep=True),
            "Each slope is measured from where the one before it ended. Measure all of them from "
            "x.": lambda f, x, h: _in_place(f, np.array(x, dtype=float), h, fresh=True),
            "You take the nudge back, but an array of whole numbers cannot hold half a nudge. Add "
            "it in a new array.": lambda f, x, h: _in_place(f, x, h, undo=1),
            "The nudges before are still in your copy, and one of whole numbers cannot hold half a "
            "nudge. Add each nudge to x, in a new array.": lambda f, x, h: _in_place(
                f, x.copy(), h
            ),
            "You take the nudge back, but a copy of whole numbers cannot hold half a nudge. Write "
            "np.array(x, float).": lambda f, x, h: _in_place(f, x.copy(), h, undo=1),
            "np.zeros_like(x) holds whole numbers where x does, and cuts off the fractions of the "
            "slopes. Write np.zeros(len(x)).": lambda f, x, h: _slopes(f, x, h).astype(x.dtype),
            "A copy of whole numbers cannot hold half a nudge: x[i] was cut to a whole number. "
            "Write x + nudge, or np.array(x, float).": lambda f, x, h: _slopes(f, x, h, one=_cut),
            "This is the central difference. Here every slope compares one nudge with f(x).": (
                lambda f, x, h: _slopes(f, x, h, below=1)
            ),
            "These are the rises. A slope is a rise divided by the nudge.": lambda f, x, h: _slopes(
                f, x, h, between=1
            ),
            "You nudge all inputs at once, and get the same number for each. Nudge one entry at a "
            "time.": lambda f, x, h: _slopes(f, x, h, one=lambda x, h: h * np.ones((len(x),) * 2)),
            "The sign is turned around: nudged minus not nudged.": lambda f, x, h: (
                -_slopes(f, x, h)
            ),
            "You nudge downwards. Nudge up by h, and divide by h.": lambda f, x, h: _slopes(
                f, x, -h
            ),
            "You nudge by 1e-5, whatever h is.": lambda f, x, h: _slopes(f, x, 1e-5),
        },
    ),
    "by_hand": Exercise(
        solution=(-3, 4, -9.62),
        mistakes={
            "The slopes are swapped: the slope with x is y, and the slope with y is x.": (
                4,
                -3,
                -14.52,
            ),
            "The slope with x is y, and y is -3: mind its sign.": (3, 4, -11.18),
            "The slopes are right. The step goes along them, not against them: the output should "
            "become larger than -12.": (-3, 4, -14.62),
            "The slopes are right. Move both inputs before you multiply; this is the output after "
            "moving x alone.": (-3, 4, -11.1),
            "The slopes are right. Move both inputs before you multiply; this is the output after "
            "moving y alone.": (-3, 4, -10.4),
            "The slopes are right. Work out both moves from the old x and y; you moved y along the "
            "new x.": (-3, 4, -9.731),
            "The slopes are right. 4 and -3 are moved by a tenth of their slopes, not by the "
            "whole slopes.": (-3, 4, 1),
            "The slopes are right. They promise -12 + 0.1 (9 + 16), but they change on the way: "
            "move both inputs, then multiply.": (-3, 4, -9.5),
            "The slopes are right. The third number is the output of the gate after the step: "
            "multiply the moved inputs, do not add them.": (-3, 4, 1.1),
        },
    ),
    "distance_gradient": Exercise(
        solution=lambda x, y: (np.sign(x - y), np.sign(y - x)),
        cases=(
            (3, -2),
            (-2, 3),
            (1, 1),
            (-5, -3),
            (-3, -5),
            (0.0, 0.0),
            (-2, -2),
            (2, 2.000001),
            (0.25, 0.125),
            (1_000_000, 0.1),  # too large for a slope that is measured
        ),
        mistakes={
            "On a tie both differences are 0, and each gets half: x gets half of 1 and half of "
            "-1.": lambda x, y: (1, -1) if x >= y else (-1, 1),
            "On a tie both differences are 0, and each gets half: y gets half of 1 and half of "
            "-1.": lambda x, y: (1, -1) if x > y else (-1, 1),
            "On a tie x gets half of 1 and half of -1. Add the two halves: you kept one half "
            "alone.": lambda x, y: (0.5, -0.5) if x == y else (np.sign(x - y), np.sign(y - x)),
            "On a tie the slopes of both differences count, each half: they do not add up to 1 "
            "and 1.": lambda x, y: (0.5, 0.5) if x == y else (np.sign(x - y), np.sign(y - x)),
            "These are the slopes of the maximum of x and y. The gate reads x - y and y - x, and "
            "each input is in both.": lambda x, y: (
                (0.5, 0.5) if x == y else (float(x > y), float(y > x))
            ),
            "The signs are turned around: the distance grows when the larger number goes up.": (
                lambda x, y: (np.sign(y - x), np.sign(x - y))
            ),
            "The slope with x is right. When the smaller number goes up, the distance shrinks: its "
            "slope is negative.": lambda x, y: (np.sign(x - y), np.sign(x - y)),
            "You compare magnitudes: of -5 and -3 the larger one is -3.": lambda x, y: (
                np.sign(abs(x) - abs(y)),
                np.sign(abs(y) - abs(x)),
            ),
            "This is the distance beside its negative. The slope is 1 or -1, however far apart "
            "the numbers are.": lambda x, y: (x - y, y - x),
            "One number is missing: return the slope with x, then that with y.": lambda x, y: (
                np.sign(x - y)
            ),
        },
    ),
    "square_times_gradient": Exercise(
        solution=lambda x, y: (2 * x * y, x**2),
        cases=(
            (3, 1),
            (2, 5),
            (-1, 4),
            (0, 3),
            (-2.5, -0.5),
            "1 / 3, -2 / 7",
            (20_001, 30_007),  # too large for a slope that is measured
        ),
        mistakes={
            "The slope with x has to be multiplied by y: y is a fixed factor.": lambda x, y: (
                (2 * x, x**2)
            ),
            "The two slopes are right but swapped: first with x, then with y.": lambda x, y: (
                (x**2, 2 * x * y)
            ),
            "The slope of x squared is 2x: a factor 2 is missing.": lambda x, y: (x * y, x**2),
            "The slope of x squared is 2x: the x is missing.": lambda x, y: (2 * y, x**2),
            "The first slope is right. For the slope with y, x is fixed, and x squared stays as "
            "it is.": lambda x, y: (2 * x * y, 2 * x),
            "The first slope is right. The slope of y with y is 1: no y is left in the second "
            "one.": lambda x, y: (2 * x * y, x**2 * y),
            "In the slope with x, y is a fixed factor. A factor stays; you treat it as a term, "
            "which falls away or is added.": lambda x, y: (2 * x + y, x**2),
            "Give back two slopes; you added them.": lambda x, y: 2 * x * y + x**2,
            "This is the value of the function, not a pair of slopes.": lambda x, y: x**2 * y,
            "A measured slope is not exact. Derive it: the results are formulas in x and "
            "y.": _measured,
        },
        without=("numerical_gradient",),
    ),
    "best_step": Exercise(
        solution=_best_step,
        cases=(
            (-2, 3),
            (1, -1),
            (4, -3),
            (2, 3),
            (-1, -2),
            (0, 5),
            (-5, 0),
            (-0.5, 0.125),
            "1 / 3, -2 / 7",
            "-5 / 3, 0.01",
        ),
        mistakes={
            "The sign is turned around: this goes against the gradient.": lambda x, y: (
                math.inf if x * y >= 0 else (x**2 + y**2) / (2 * x * y)
            ),
            "A factor 2 is missing: the slope of r squared is 2r.": lambda x, y: (
                math.inf if x * y >= 0 else -(x**2 + y**2) / (x * y)
            ),
            "When x y is positive the parabola opens upwards: the place that you found is its "
            "bottom, and the output rises without end.": lambda x, y: (
                -(x**2 + y**2) / (2 * x * y) if x * y else math.inf
            ),
            "This is the place where the slope is 0. It is a top only if x y is negative; else the "
            "output rises without end.": lambda x, y: -(x**2 + y**2) / (2 * x * y),
            "If x y is 0, no r squared is left: the output is a straight line that rises without "
            "end.": lambda x, y: math.inf if x * y > 0 else -(x**2 + y**2) / (2 * x * y),
            "When x y is positive the parabola opens upwards. You have that the other way "
            "around.": lambda x, y: math.inf if x * y <= 0 else -(x**2 + y**2) / (2 * x * y),
            "This is right at (-2, 3) only.": lambda x, y: math.inf if x * y >= 0 else 13 / 12,
            "Mind the brackets: / 2 * x * y divides by 2 and then multiplies by x and "
            "y.": lambda x, y: math.inf if x * y >= 0 else -(x**2 + y**2) / 2 * x * y,
            "Mind the brackets: you divide only by 2 x, and multiply by y.": lambda x, y: (
                math.inf if x * y >= 0 else -(x**2 + y**2) / (2 * x) * y
            ),
            "Mind the brackets: the minus belongs to the whole sum x**2 + y**2.": lambda x, y: (
                math.inf if x * y >= 0 else (-(x**2) + y**2) / (2 * x * y)
            ),
            "This is the output after the best step. Return the step.": _best_output,
        },
    ),
    "agrees": Exercise(
        solution=_agrees,
        cases=(
            "np.array([3.0, -2.0]), np.array([3.0, -2.0])",
            "np.array([3.0, -2.0]), np.array([-2.0, 3.0])",
            "np.array([3.0, -2.0]), np.array([3.0, -2.002])",
            "np.array([3.0, -2.0]), np.array([3.003, -2.0])",
            "np.array([3.0, 4.0]), np.array([3.0, 4.000004999])",  # the length is 5
            "np.array([3.0, 4.0]), np.array([3.0, 4.000005001])",
            "np.array([3e-4, 4e-4]), np.array([3e-4, 4.00001e-4])",
            "np.array([3000.0, -4000.0]), np.array([3000.004, -4000.004])",
            "np.array([1e6]), np.array([1e6 + 1])",  # exactly at the limit
            "np.array([1e6, 3.0]), np.array([1e6, 3.003])",
            "np.zeros(2), np.zeros(2)",
            "np.zeros(2), np.array([0.0, 1e-9])",
            "np.ones(50), np.full(50, 1 + 5e-6)",
            "np.ones(50), np.full(50, 1 + 5e-7)",
            "np.arange(50.0), np.arange(50.0) + 0.001 * np.eye(50)[7]",
            "np.arange(50.0), np.arange(50.0) - 1e-9 * np.eye(50)[7]",
            "np.arange(50.0), -np.arange(50.0)",
            "np.array([3.0, 4.0, 1.0]), np.array([3.0, 4.0, 1.01])",
            "np.array([1.0]), np.array([1 + 1.0000003e-6])",  # the length of measured decides
            "np.array([1 + 1.0000003e-6]), np.array([1.0])",
        ),
        mistakes={
            "This says yes to everything: a check that cannot fail.": lambda m, d: True,
            "This says no to everything.": lambda m, d: False,
            "You add up the gaps with their signs, so that one that is too large hides one that "
            "is too small.": lambda m, d: abs(np.sum(m - d)) <= _limit(m),
            "Take the size of each gap: a slope that is too large gives a negative gap, and "
            "passes.": lambda m, d: (m - d).max() <= _limit(m),
            "Take the size of each gap: a slope that is too small gives a negative gap, and "
            "passes.": lambda m, d: (d - m).max() <= _limit(m),
            "Compare with the length of the gradient: 1e-6 on its own is a lot for small slopes, "
            "and nothing for large ones.": lambda m, d: np.abs(m - d).max() <= 1e-6,
            "You add up the gaps. Many tiny ones are as large as one real one; take the "
            "largest.": lambda m, d: np.abs(m - d).sum() <= _limit(m),
            "You take the mean of the gaps, and one wrong slope among many hardly shows in it. "
            "Take the largest.": lambda m, d: np.abs(m - d).mean() <= _limit(m),
            "You take the length of all gaps together; the question is the largest of "
            "them.": lambda m, d: np.linalg.norm(m - d) <= _limit(m),
            "You compare the lengths of the two gradients. Two different gradients can be equally "
            "long.": lambda m, d: abs(np.linalg.norm(m) - np.linalg.norm(d)) <= _limit(m),
            "You compare each gap with its own slope. Compare the largest gap with the length of "
            "all of measured.": lambda m, d: bool(np.all(np.abs(m - d) <= 1e-6 * np.abs(m))),
            "np.allclose has limits of its own, 1e-5 of each entry and 1e-8.": np.allclose,
            "Compare with the length of measured, the gradient that you trust; you took that of "
            "derived.": lambda m, d: np.abs(m - d).max() <= _limit(d),
            "len counts the entries. The length of the gradient, in the sense of the chapter, is "
            "np.linalg.norm.": lambda m, d: np.abs(m - d).max() <= 1e-6 * len(m),
            "A gap of exactly the limit passes, too: 'at most' is <=.": lambda m, d: (
                np.abs(m - d).max() < _limit(m)
            ),
            "When all slopes are 0 you divide 0 by 0, and that is never at most 1e-6. Multiply "
            "the length by 1e-6 instead.": lambda m, d: (
                bool(m.any()) and np.abs(m - d).max() <= _limit(m)
            ),
            "This is turned around: it says yes when the slopes differ.": lambda m, d: (
                not _agrees(m, d)
            ),
            "This asks for equality to the last digit, which a measured slope never "
            "has.": lambda m, d: bool((m == d).all()),
        },
    ),
}

QUIZ = (
    Question(
        "Of a circuit you know only that its output has the slope -2 with respect to y, here. "
        "What does that say?",
        {
            "If y goes up a little, the output goes down twice as much.": "The minus sign is the "
            "direction, the 2 is the speed, and it holds for small changes.",
            "The output is -2.": "The slope says how the output changes, not what it is.",
            "y has to be -2 for the output to be largest.": "A slope says which way to go from "
            "here, not where to arrive.",
            "If y goes up by 10, the output goes down by 20, in any circuit.": "In a times gate "
            "it does. But most circuits bend: their slope is another one further on, and -2 holds "
            "for small changes only.",
        },
        answer="If y goes up a little, the output goes down twice as much.",
    ),
    Question(
        "You measure the slope of x cubed at 2 with a nudge of 1e-16 and get 0. Why?",
        {
            "The function is flat there.": "Its slope at 2 is 12.",
            "2 + 1e-16 rounds to exactly 2, so the output does not change.": "A float keeps about "
            "16 digits, and the nudge is beyond the last of them.",
            "The nudge is too large.": "It is too small: with 1e-5 the measurement works.",
            "Python cannot represent 1e-16.": "It can. What it cannot represent is 2 + 1e-16.",
        },
        answer="2 + 1e-16 rounds to exactly 2, so the output does not change.",
    ),
    Question(
        "A circuit has 1,000 inputs. How many evaluations does one gradient by central "
        "differences take?",
        {
            "2": "That is the price for a single input, or for a check along one direction.",
            "1,000": "Each input is nudged up and down, so there are two for each.",
            "1,001": "That is the forward difference: one for each input, and one at the start.",
            "2,000": "One up and one down for each input.",
        },
        answer="2,000",
    ),
    Question(
        "From (-2, 3) a step of 1 along the gradient gives 1, but a step of 2 gives -4. Why does "
        "going further uphill end lower?",
        {
            "The gradient had a wrong sign somewhere.": "It was right at the start: a small step "
            "does go up. But it holds only there.",
            "The gradient speaks of the start only.": "Further on the ground slopes differently. "
            "That is why learning takes many modest steps, each along a fresh gradient.",
            "Rounding errors grow with the step.": "They are far smaller than this.",
            "Steps have to be smaller than 1.": "There is no such rule: here 13/12 is best.",
        },
        answer="The gradient speaks of the start only.",
    ),
    Question(
        "A multiply gate has the inputs x = 100 and y = 0.1. Which input has the larger slope?",
        {
            "x, because it is the larger one.": "The slope with x is y, which is 0.1.",
            "y, because its slope is x.": "Raise y by 0.001 and the output rises by 0.1; raise x "
            "by 0.001 and it rises by 0.0001.",
            "Both have the same slope.": "They would if x and y were equal.",
        },
        answer="y, because its slope is x.",
    ),
    Question(
        "In float64, with h = 1e-5, a gradient check finds a gap of 0.1 % of the gradient's "
        "length. What do you conclude?",
        {
            "That is rounding; the gradient is fine.": "Rounding and bending are near 1e-9 of it "
            "here. 0.1 % is a million times more.",
            "The derived gradient has a mistake.": "A single wrong entry among many gives just "
            "such a small gap.",
            "The check should use a smaller h.": "Then rounding grows. At 1e-5 the measurement is "
            "good to about nine digits.",
        },
        answer="The derived gradient has a mistake.",
    ),
)
GUESSES = {
    "nudge": Question(
        "The nudge h shrinks from 1 down to 1e-16. What does the error of the slope do, in "
        "float64?",
        {
            "It grows from the start, because of rounding": "At first it shrinks. From a nudge of "
            "1 to one of 1e-5 it falls from 7 to 0.00006 for the forward difference, and from 1 "
            "to 2e-10 for the central one.",
            "It shrinks all the way, because a smaller nudge is always more exact": "So says "
            "algebra. But a float keeps about 16 digits, and the difference of two nearly equal "
            "outputs loses most of them.",
            "It shrinks until it is tiny, and then stays there": "It does not stay. When the "
            "nudge is too small, the rounding of the outputs is divided by a tiny number, and the "
            "error grows.",
            "It shrinks at first, and then it grows": "The forward error is smallest near 1e-8, "
            "the central one near 1e-5. At 1e-16 the nudge is lost in rounding, the slope comes "
            "out as 0, and the error is 12.",
        },
        answer="It shrinks at first, and then it grows",
    ),
    "step": Question(
        "A step of 0.01 along the gradient brought the output from -6 to about -5.87. What does a "
        "step of 3 bring?",
        {
            "Less than the -6 at the start": "It leads to x = 7, y = -3 and the output -21. The "
            "gradient speaks of the neighborhood of the start, not of places far away.",
            "About 33, because each 0.01 brings 0.13": "That is what the slope at the start "
            "promises. But on the way the ground bends, and the output is -21.",
            "More than a step of 1, because it goes further uphill": "A step of 1 gives the "
            "output 1, a step of 3 gives -21. Uphill is the direction at the start, and only "
            "there.",
        },
        answer="Less than the -6 at the start",
    ),
}
