"""Exercises and quiz of the chapter *The slope under your feet*."""

import math

import numpy as np

from nnutils.exercises import Exercise, Question


def _line(x):
    return 3 * x - 1


def _square(x):
    return x**2


def _cube(x):
    return x**3


def _best_step(x, y):
    return math.inf if x * y >= 0 else -(x**2 + y**2) / (2 * x * y)


def _agrees(measured, derived):
    return np.abs(measured - derived).max() <= 1e-6 * np.linalg.norm(measured)


_RNG = np.random.default_rng(6)
_PAIRS = tuple((round(x, 3), round(y, 3)) for x, y in _RNG.uniform(-4, 4, (6, 2)))
_SLOPES = _RNG.uniform(-3, 3, 50)


def _planted(entry, factor):
    slopes = _SLOPES.copy()
    slopes[entry] *= factor
    return slopes


EXERCISES = {
    "central_difference": Exercise(
        solution=lambda f, x, h: (f(x + h) - f(x - h)) / (2 * h),
        cases=(
            (_square, 3.0, 0.5),
            (_cube, 2.0, 0.1),
            (_line, -1.0, 0.25),
            (math.exp, 0.0, 0.01),
            (_cube, -1.5, 1e-3),
            (math.sin, 1.0, 0.2),
        ),
        tolerance=1e-7,
        mistakes={
            "This is the forward difference: it nudges up only.": lambda f, x, h: (
                (f(x + h) - f(x)) / h
            ),
            "This is the backward difference: it nudges down only.": lambda f, x, h: (
                (f(x) - f(x - h)) / h
            ),
            "The input moves by 2h between the points; you divided by h.": lambda f, x, h: (
                (f(x + h) - f(x - h)) / h
            ),
            "The sign is turned around: upper minus lower.": lambda f, x, h: (
                (f(x - h) - f(x + h)) / (2 * h)
            ),
            "Mind the brackets: / 2 * h divides by 2 and then multiplies by h.": lambda f, x, h: (
                (f(x + h) - f(x - h)) / 2 * h
            ),
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
            "The slopes are right. The step goes along them, not against them: the output should "
            "become larger than -12.": (-3, 4, -14.62),
            "The slopes are right. Move both inputs before you multiply; this is the output after "
            "moving x alone.": (-3, 4, -11.1),
            "The slopes are right. Work out both moves from the old x and y; you moved y along the "
            "new x.": (-3, 4, -9.731),
            "The slopes are right. 4 and -3 are moved by a tenth of their slopes, not by the "
            "whole slopes.": (-3, 4, 1),
        },
    ),
    "maximum_gradient": Exercise(
        solution=lambda x, y: (0.5, 0.5) if x == y else (float(x > y), float(y > x)),
        cases=((3, -2), (-2, 3), (1, 1), (-5, -3), (0.0, 0.0), *_PAIRS),
        mistakes={
            "On a tie you give both inputs the whole slope, twice as much as there is. This "
            "course gives each half.": lambda x, y: (float(x >= y), float(y >= x)),
            "On a tie you give all of it to x. This course gives each input half.": lambda x, y: (
                (float(x >= y), float(y > x))
            ),
            "On a tie you give all of it to y. This course gives each input half.": lambda x, y: (
                (float(x > y), float(y >= x))
            ),
            "On a tie you give nothing to either input; this course gives half.": lambda x, y: (
                (float(x > y), float(y > x))
            ),
            "This routes the slope to the smaller input; the maximum passes on the larger "
            "one.": lambda x, y: (0.5, 0.5) if x == y else (float(x < y), float(y < x)),
            "This is the maximum itself beside a zero, not the slopes.": lambda x, y: (
                (x, 0) if x > y else (0, y)
            ),
        },
    ),
    "square_times_gradient": Exercise(
        solution=lambda x, y: (2 * x * y, x**2),
        cases=((3, 1), (2, 5), (-1, 4), (0, 3), *_PAIRS),
        mistakes={
            "The slope with x has to be multiplied by y: y is a fixed factor.": lambda x, y: (
                (2 * x, x**2)
            ),
            "The two slopes are right but swapped: first with x, then with y.": lambda x, y: (
                (x**2, 2 * x * y)
            ),
            "The slope of x squared is 2x: a factor 2 is missing.": lambda x, y: (x * y, x**2),
            "For the slope with y, x is fixed, and x squared stays as it is.": lambda x, y: (
                (2 * x * y, 2 * x)
            ),
            "This is the value of the function, not a pair of slopes.": lambda x, y: x**2 * y,
        },
    ),
    "best_step": Exercise(
        solution=_best_step,
        cases=((-2, 3), (1, -1), (4, -3), (2, 3), (-1, -2), (0, 5), *_PAIRS),
        mistakes={
            "The sign is turned around: this goes against the gradient.": lambda x, y: (
                math.inf if x * y >= 0 else (x**2 + y**2) / (2 * x * y)
            ),
            "A factor 2 is missing: the slope of s squared is 2s.": lambda x, y: (
                math.inf if x * y >= 0 else -(x**2 + y**2) / (x * y)
            ),
            "When x y is positive the parabola opens upwards: the place that you found is its "
            "bottom, and the output rises without end.": lambda x, y: (
                -(x**2 + y**2) / (2 * x * y) if x * y else math.inf
            ),
            "This is right at (-2, 3) only.": lambda x, y: math.inf if x * y >= 0 else 13 / 12,
        },
    ),
    "agrees": Exercise(
        solution=_agrees,
        cases=(
            (np.array([3.0, -2.0]), np.array([3.0, -2.0])),
            (np.array([3.0, -2.0]), np.array([-2.0, 3.0])),
            (np.array([3.0, -2.0]), np.array([3.0, -2.002])),
            (np.array([3.0, -2.0]), np.array([3.003, -2.0])),
            (np.array([3e-4, 1e-4]), np.array([3.003e-4, 1e-4])),
            (np.zeros(2), np.zeros(2)),
            (np.ones(50), np.full(50, 1 + 5e-6)),
            (np.ones(50), np.full(50, 1 + 5e-7)),
            (_SLOPES, _planted(7, 1 + 1e-9)),
            (_SLOPES, _planted(7, 1.001)),
            (_SLOPES, -_SLOPES),
        ),
        mistakes={
            "This says yes to everything: a check that cannot fail.": lambda m, d: True,
            "You add up the gaps with their signs, so that one that is too large hides one that "
            "is too small.": lambda m, d: abs(np.sum(m - d)) <= 1e-6 * np.linalg.norm(m),
            "Take the size of each gap: a slope that is too large gives a negative gap, and "
            "passes.": lambda m, d: (m - d).max() <= 1e-6 * np.linalg.norm(m),
            "Compare with the length of the gradient: 1e-6 on its own is a lot for small "
            "slopes.": lambda m, d: np.abs(m - d).max() <= 1e-6,
            "You add up the gaps. Many tiny ones are as large as one real one; take the "
            "largest.": lambda m, d: np.abs(m - d).sum() <= 1e-6 * np.linalg.norm(m),
            "You take the length of all gaps together; the question is the largest of "
            "them.": lambda m, d: np.linalg.norm(m - d) <= 1e-6 * np.linalg.norm(m),
            "len counts the entries. The length of the gradient, in the sense of the chapter, is "
            "np.linalg.norm.": lambda m, d: np.abs(m - d).max() <= 1e-6 * len(m),
            "A gap of exactly the limit passes, too: 'at most' is <=.": lambda m, d: (
                np.abs(m - d).max() < 1e-6 * np.linalg.norm(m)
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
        "The slope of the output with respect to y is -2. What does that say?",
        {
            "If y goes up a little, the output goes down twice as much.": "The minus sign is the "
            "direction, the 2 is the speed, and it holds for small changes.",
            "The output is -2.": "The slope says how the output changes, not what it is.",
            "y has to be -2 for the output to be largest.": "A slope says which way to go from "
            "here, not where to arrive.",
            "If y goes up by 10, the output goes down by 20.": "Only if the slope stays the same "
            "on the way. For small changes it nearly does, for large ones it need not.",
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
            "The gradient was wrong.": "It was right at the start, and only there.",
            "The gradient is the slope at the start; further on the ground slopes "
            "differently.": "That is why learning takes many modest steps, each along a fresh "
            "gradient.",
            "Rounding errors grow with the step.": "They are far smaller than this.",
            "Steps have to be smaller than 1.": "There is no such rule: here 13/12 is best.",
        },
        answer="The gradient is the slope at the start; further on the ground slopes differently.",
    ),
    Question(
        "A multiply gate has the inputs x = 100 and y = 0.1. Which input has the larger slope?",
        {
            "x, because it is larger.": "The slope with x is y, which is 0.1.",
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
            "There is a mistake in the derived gradient, perhaps in a single entry.": "One wrong "
            "entry among many gives just such a small gap.",
            "The check should use a smaller h.": "Then rounding grows. At 1e-5 the measurement is "
            "good to about nine digits.",
        },
        answer="There is a mistake in the derived gradient, perhaps in a single entry.",
    ),
)
