"""Exercises and quiz of the chapter *Bending the line*."""

import numpy as np

from nnutils.exercises import Exercise, Question


def _sigmoid(z):
    return 1 / (1 + np.exp(-z))


def _tanh(z):
    return 2 / (1 + np.exp(-2 * z)) - 1


def _shares(x, axis, top_axis):
    """Return a softmax with everything that can be got wrong about its axes."""
    with np.errstate(all="ignore"):
        e = np.exp(x - np.max(x, axis=top_axis, keepdims=True))
        return e / np.sum(e, axis=axis, keepdims=True)


def _softmax(x, axis):
    return _shares(x, axis, axis)


def _naive_softmax(x, axis):
    with np.errstate(all="ignore"):
        return np.exp(x) / np.sum(np.exp(x), axis=axis, keepdims=True)


def _without_keepdims(x, axis):
    with np.errstate(all="ignore"):
        e = np.exp(x - np.max(x, axis=axis))
        return e / np.sum(e, axis=axis)


def _sums(x, W, b):
    return x @ W + b


_RNG = np.random.default_rng(7)
_Z = _RNG.normal(0, 1.5, 6)
_HALF = np.array([0.5, 0.9]), np.array([0.0, 0.8])

# Three samples, two inputs, four units: the third unit is dead, the fourth sits exactly at 0.
_X = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 1.0]])
_W = np.array([[1.0, 2.0, 0.0, 0.0], [0.0, -1.0, 1.0, 0.0]])
_B = np.array([0.0, 0.5, -3.0, 0.0])

EXERCISES = {
    "slopes_from_outputs": Exercise(
        solution=lambda s, t: (s * (1 - s), 1 - t**2),
        cases=(
            (0.5, 0.0),
            (0.9, 0.8),
            (1.0, -1.0),
            (0.25, -0.6),
            _HALF,
            (_sigmoid(_Z), np.tanh(_Z)),
        ),
        mistakes={
            "s and t are outputs already; you send them through sigmoid and tanh once more.": (
                lambda s, t: (_sigmoid(s) * (1 - _sigmoid(s)), 1 - np.tanh(t) ** 2)
            ),
            "The factor 1 - s is missing: the slope of the sigmoid is s (1 - s).": lambda s, t: (
                (s, 1 - t**2)
            ),
            "The sigmoid is right. The slope of tanh is 1 minus the square of its output.": (
                lambda s, t: (s * (1 - s), 1 - t)
            ),
            "The sigmoid is right. t (1 - t) is the sigmoid's rule; tanh has its own.": (
                lambda s, t: (s * (1 - s), t * (1 - t))
            ),
            "tanh is right. 1 - s squared is its rule; the sigmoid has its own.": lambda s, t: (
                (1 - s**2, 1 - t**2)
            ),
            "Both are right but swapped: first the sigmoid's slope, then that of tanh.": (
                lambda s, t: (1 - t**2, s * (1 - s))
            ),
        },
    ),
    "mended_tanh": Exercise(
        solution=_tanh,
        cases=(
            (0.0,),
            (1.0,),
            (-1.0,),
            (np.array([-2.0, 0.5, 3.0]),),
            (_Z,),
        ),
        mistakes={
            "This is still the listing: at 0 it gives 3, and tanh(0) is 0. Which of times and "
            "divided by gives a value between -1 and 1?": lambda z: 2 * (1 + np.exp(-2 * z)) - 1,
            "This is the sigmoid of 2z, stretched to reach from 0 to 2. The last term brings it "
            "down by 1.": lambda z: 2 / (1 + np.exp(-2 * z)),
            "The 2 in the exponent is missing, so this is tanh of half the input.": lambda z: (
                2 / (1 + np.exp(-z)) - 1
            ),
            "The sign in the exponent is turned around: this curve falls.": lambda z: (
                2 / (1 + np.exp(2 * z)) - 1
            ),
            "This is the sigmoid of 2z. Stretch it by 2 and bring it down by 1.": lambda z: (
                1 / (1 + np.exp(-2 * z))
            ),
            "Mind the brackets: 2 / 1 + e is not 2 / (1 + e).": lambda z: (
                2 / 1 + np.exp(-2 * z) - 1
            ),
        },
    ),
    "leaky": Exercise(
        solution=lambda z, leak: (np.where(z > 0, z, leak * z), np.where(z > 0, 1, leak)),
        cases=(
            (np.array([3.0]), 0.1),
            (np.array([-2.0]), 0.1),
            (np.array([0.0]), 0.1),
            (np.array([-2.0, 0.0, 3.0]), 0.01),
            (np.array([[-1.0, 1.0], [4.0, -4.0]]), 0.0),
            (np.array([-5.0, 5.0]), 1.0),
            (_Z, 0.2),
        ),
        mistakes={
            "The values are right. Below 0 the slope is the leak; 0 is the slope of the plain "
            "ReLU.": lambda z, leak: (np.where(z > 0, z, leak * z), np.where(z > 0, 1, 0)),
            "The values are right. At exactly 0 this course takes the slope of the left side, the "
            "leak.": lambda z, leak: (np.where(z > 0, z, leak * z), np.where(z >= 0, 1, leak)),
            "The values are right. Below 0 the slope of leak times z is the leak; z itself is "
            "gone.": lambda z, leak: (np.where(z > 0, z, leak * z), np.where(z > 0, 1, leak * z)),
            "The slopes are right. Below 0 the value is leak times z, not the leak.": (
                lambda z, leak: (np.where(z > 0, z, leak), np.where(z > 0, 1, leak))
            ),
            "The slopes are right. Below 0 the values are negative; you turned their "
            "sign.": lambda z, leak: (
                np.where(z > 0, z, -leak * z),
                np.where(z > 0, 1, leak),
            ),
            "The values are right. The slope above 0 is 1, not z.": lambda z, leak: (
                (np.where(z > 0, z, leak * z), np.where(z > 0, z, leak))
            ),
        },
    ),
    "count_dead": Exercise(
        solution=lambda x, W, b: np.sum(np.all(_sums(x, W, b) <= 0, axis=0)),
        cases=(
            (np.array([[1.0], [2.0]]), np.array([[1.0]]), np.array([-3.0])),
            (np.array([[1.0], [2.0]]), np.array([[1.0]]), np.array([-1.5])),
            (np.array([[1.0], [2.0]]), np.array([[1.0]]), np.array([-2.0])),
            (_X, _W, _B),
            (_RNG.normal(size=(5, 3)), _RNG.normal(size=(3, 8)), np.full(8, -1.0)),
            (_RNG.normal(size=(6, 4)), _RNG.normal(size=(4, 5)), np.full(5, -3.0)),
        ),
        mistakes={
            "You count every sum that is not positive. A unit is dead only if that holds for all "
            "samples.": lambda x, W, b: np.sum(_sums(x, W, b) <= 0),
            "You count units that are off for at least one sample; that is what a ReLU is for. "
            "Dead means off for all of them.": lambda x, W, b: np.sum(
                np.any(_sums(x, W, b) <= 0, axis=0)
            ),
            "You count samples that switch every unit off. Go down the columns: a column is a "
            "unit.": lambda x, W, b: np.sum(np.all(_sums(x, W, b) <= 0, axis=1)),
            "The bias is missing: it shifts the sums.": lambda x, W, b: np.sum(
                np.all(x @ W <= 0, axis=0)
            ),
            "A sum of exactly 0 has slope 0, too: compare with <=.": lambda x, W, b: np.sum(
                np.all(_sums(x, W, b) < 0, axis=0)
            ),
            "You count the units that are alive.": lambda x, W, b: np.sum(
                np.any(_sums(x, W, b) > 0, axis=0)
            ),
            "This is the share of dead units; asked is their number.": lambda x, W, b: np.mean(
                np.all(_sums(x, W, b) <= 0, axis=0)
            ),
        },
    ),
    "stable_softmax": Exercise(
        solution=_softmax,
        cases=(
            (np.array([0.0, 0.0]), 0),
            (np.array([1.0, 2.0, 3.0]), 0),
            (np.array([[1.0, 2.0], [5.0, 5.0]]), 1),
            (np.array([[1.0, 2.0, 0.0], [5.0, 5.0, 5.0]]), 0),
            (np.array([1000.0, 1000.0, 1000.0]), 0),
            (np.array([[1000.0, 1001.0], [0.0, 1.0]]), 1),
            (_RNG.normal(0, 3, (3, 3, 3)), 1),
        ),
        mistakes={
            "You add up over the whole batch: the shares of each row have to add up to 1 on "
            "their own. Give np.sum the axis, too.": lambda x, axis: _shares(x, None, axis),
            "This overflows: exp(1000) is too large for a float, and inf / inf is nan. Subtract "
            "the largest score first.": _naive_softmax,
            "You always add up along the last axis; use the one that was asked for.": (
                lambda x, axis: _shares(x, -1, -1)
            ),
            "You always add up along axis 0; use the one that was asked for.": lambda x, axis: (
                _shares(x, 0, 0)
            ),
            "You subtract the largest score of the whole batch. That is fine until one row lies "
            "far below it: then all of its exponentials round to 0.": lambda x, axis: _shares(
                x, axis, None
            ),
            "keepdims=True is missing: the sums of the rows lie down as one row and meet the wrong "
            "entries.": _without_keepdims,
            "These are the exponentials. Divide them by their sum.": lambda x, axis: np.exp(
                x - np.max(x, axis=axis, keepdims=True)
            ),
            "You add up over the whole batch, and you do not subtract the largest score.": (
                lambda x, axis: _naive_softmax(x, None)
            ),
        },
    ),
}

QUIZ = (
    Question(
        "A step has slope 0 everywhere, the line 0.5 z has slope 0.5 everywhere. Which of them "
        "can follow its slope to a better weight?",
        {
            "Neither: a constant slope says nothing.": "A slope of 0.5 says which way to go. Only "
            "a slope of 0 says nothing.",
            "The line, but a stack of lines is still a line.": "It learns well. What it lacks is "
            "the bend.",
            "The step, because it is not a straight line.": "It has the bend, but no nudge "
            "changes its output, so nothing says which way to move.",
            "Both.": "The weight below a step never moves: its slope is 0.",
        },
        answer="The line, but a stack of lines is still a line.",
    ),
    Question(
        "The output of a sigmoid unit is 0.9. What is the slope there?",
        {
            "0.09": "0.9 times 1 - 0.9. The input is not needed.",
            "0.2056": "That is the slope at the input 0.9. Here 0.9 is the output.",
            "0.9": "The factor 1 - 0.9 is missing.",
            "0.19": "1 - 0.9 squared is the rule of tanh.",
        },
        answer="0.09",
    ),
    Question(
        "You add 100 to all scores of a row. What does its softmax do?",
        {
            "It overflows.": "Written as in the textbook it may. But the shares themselves are "
            "well defined, and a stable softmax finds them.",
            "All shares come closer together.": "Dividing the scores does that. Adding does not.",
            "Nothing.": "Every exponential grows by the same factor, and the factor cancels. "
            "That is why the largest score may be subtracted.",
            "All shares grow.": "They cannot all grow: together they are 1.",
        },
        answer="Nothing.",
    ),
    Question(
        "For one sample of a batch the output of a ReLU unit is 0. Is the unit dead?",
        {
            "Yes: its slope is 0.": "Its slope is 0 for this sample. Another sample may switch "
            "it on, and then its weights move.",
            "Not if it is above 0 for some other sample.": "Dead means: off for all samples. Being "
            "off for some of them is what bends the line.",
            "Yes: it is saturated, and that is the same.": "Saturated says something about one "
            "input, dead about all samples.",
            "No: a ReLU unit cannot die.": "If its sum is negative for every sample, nothing "
            "pulls on its weights any more.",
        },
        answer="Not if it is above 0 for some other sample.",
    ),
    Question(
        "Why does the pull vanish in ten layers of sigmoid units with weights of the usual size?",
        {
            "The sigmoid is slow to compute.": "That costs time. It does not shrink the pull.",
            "The outputs are rounded to 0 or 1.": "With weights of the usual size hardly any unit "
            "is near 0 or 1.",
            "Sigmoid units die.": "Their slope is small far out, but it is never 0 as that of a "
            "dead ReLU unit is.",
            "Each layer multiplies it by a slope of at most a quarter.": "Ten such factors leave "
            "less than a millionth, if nothing makes up for them.",
        },
        answer="Each layer multiplies it by a slope of at most a quarter.",
    ),
    Question(
        "A batch has two rows of scores. You compute np.exp(x) / np.sum(np.exp(x)). What do you "
        "get?",
        {
            "Two rows of shares, each adding up to 1.": "np.sum without an axis adds up both rows.",
            "An error.": "It runs without complaint, which makes it hard to find.",
            "Shares of the whole batch: all entries together add up to 1.": "With two equal rows, "
            "each adds up to one half.",
        },
        answer="Shares of the whole batch: all entries together add up to 1.",
    ),
)
