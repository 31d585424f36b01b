"""Exercises and quiz of the chapter *Activation functions*."""

import numpy as np

from nnutils.exercises import Exercise, Question
from nnutils.numerics import sigmoid


def batch_and_layer(samples, inputs, units, bias, seed):
    """Return a random batch, random weights, and biases around a number."""
    rng = np.random.default_rng(seed)
    x, W = rng.normal(size=(samples, inputs)), rng.normal(size=(inputs, units))
    return x.round(2), W.round(2), bias + rng.normal(size=units).round(2)


def _quiet(f):
    """Let a mistake overflow without a warning, as a careless reader does."""

    def answer(*arguments):
        with np.errstate(all="ignore"):
            return f(*arguments)

    return answer


def _slopes(s, t):
    return s * (1 - s), 1 - t**2


def _from_exponentials(z):
    return (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))


def _leaky(z, leak):
    return np.where(z > 0, z, leak * z), np.where(z > 0, 1, leak)


def _dead(x, W, b):
    return np.all(x @ W + b <= 0, axis=0)


def _shares(x, axis, top):
    """Return a softmax that subtracts another number than the largest score."""
    e = np.exp(x - top)
    return e / np.sum(e, axis=axis, keepdims=True)


def _softmax(x, axis):
    return _shares(x, axis, np.max(x, axis=axis, keepdims=True))


def _without_keepdims(x, axis, in_max=False, in_sum=False):
    e = np.exp(x - np.max(x, axis=axis, keepdims=in_max))
    return e / np.sum(e, axis=axis, keepdims=in_sum)


# Three samples, two inputs, four units: the third unit is dead, the fourth sits exactly at 0.
_FOUR_UNITS = (
    "np.array([[1, 0], [0, 1], [-1, 1]]), np.array([[1, 2, 0, 0], [0, -1, 1, 0]]), "
    "np.array([0, 0.5, -3, 0])"
)

EXERCISES = {
    "slopes_from_outputs": Exercise(
        solution=_slopes,
        cases=(
            (0.5, 0.0),
            (0.9, 0.8),
            (1.0, -1.0),
            (0.0, 1.0),
            (0.25, -0.6),
            "np.array([0.5, 0.9]), np.array([0.0, 0.8])",
            "np.random.default_rng(1).uniform(0, 1, (2, 3)), "
            "np.random.default_rng(2).uniform(-1, 1, (2, 3))",
        ),
        mistakes={
            "s and t are outputs already; you send them through sigmoid and tanh once more.": (
                lambda s, t: _slopes(sigmoid(s), np.tanh(t))
            ),
            "The factor 1 - s is missing: the slope of the sigmoid is s (1 - s).": lambda s, t: (
                (s, 1 - t**2)
            ),
            "The factor s is missing: the slope of the sigmoid is s (1 - s).": lambda s, t: (
                (1 - s, 1 - t**2)
            ),
            "The sigmoid is right. The slope of tanh is 1 minus the square of its output.": (
                lambda s, t: (s * (1 - s), 1 - t)
            ),
            "The sigmoid is right. t (1 - t) is the sigmoid's rule; tanh has its own.": (
                lambda s, t: (s * (1 - s), t * (1 - t))
            ),
            "The sigmoid is right. 4 s (1 - s) is the slope of tanh if s is the output of the "
            "sigmoid inside it. t is the output of tanh itself.": lambda s, t: (
                (s * (1 - s), 4 * t * (1 - t))
            ),
            "The sigmoid is right. You square the whole of 1 - t; only t is squared.": (
                lambda s, t: (s * (1 - s), (1 - t) ** 2)
            ),
            "The sigmoid is right. The slope of tanh has the wrong sign: tanh rises, so its "
            "slope is never negative.": lambda s, t: (s * (1 - s), t**2 - 1),
            "The sigmoid is right. t * 2 is twice t; the square of t is t**2.": lambda s, t: (
                (s * (1 - s), 1 - t * 2)
            ),
            "tanh is right. 1 - s squared is its rule; the sigmoid has its own.": lambda s, t: (
                (1 - s**2, 1 - t**2)
            ),
            "tanh is right. s * 1 - s is 0: put 1 - s in brackets.": lambda s, t: (
                (s * 1 - s, 1 - t**2)
            ),
            "tanh is right. The slope of the sigmoid has the wrong sign: the sigmoid rises.": (
                lambda s, t: (s * (s - 1), 1 - t**2)
            ),
            "The slope of tanh needs t, the output of tanh; you take s both times.": lambda s, t: (
                _slopes(s, s)
            ),
            "Both are right but swapped: first the sigmoid's slope, then that of tanh.": (
                lambda s, t: _slopes(s, t)[::-1]
            ),
        },
    ),
    "mended_tanh": Exercise(
        solution=lambda z: 2 / (1 + np.exp(-2 * z)) - 1,
        without=("tanh",),
        cases=(
            (0.0,),
            (1.0,),
            (-1.0,),
            "np.array([-2, 0.5, 3])",
            "np.random.default_rng(1).normal(size=(2, 3))",
            (1000.0,),
        ),
        mistakes={
            "This is still the listing: at 0 it gives 3, and tanh(0) is 0. Which of times and "
            "divided by gives a value between -1 and 1?": lambda z: 2 * (1 + np.exp(-2 * z)) - 1,
            "This is the sigmoid of 2z, stretched to reach from 0 to 2. The last term brings it "
            "down by 1.": lambda z: 2 / (1 + np.exp(-2 * z)),
            "The 2 in the exponent is missing, so this is tanh of half the input.": lambda z: (
                2 / (1 + np.exp(-z)) - 1
            ),
            "This curve falls: it is minus tanh. Look for the minus in front and in the "
            "exponent.": _quiet(lambda z: 2 / (1 + np.exp(2 * z)) - 1),
            "This is the sigmoid of 2z. Stretch it by 2 and bring it down by 1.": lambda z: (
                1 / (1 + np.exp(-2 * z))
            ),
            "The stretch is missing: 2, not 1, is divided.": lambda z: 1 / (1 + np.exp(-2 * z)) - 1,
            "Mind the brackets: 2 / 1 + e is not 2 / (1 + e).": lambda z: (
                2 / 1 + np.exp(-2 * z) - 1
            ),
            "Mind the brackets: the 1 is subtracted at the very end, not below the line.": (
                _quiet(lambda z: 2 / (1 + np.exp(-2 * z) - 1))
            ),
            "Right for small numbers. Far out this is infinity divided by infinity, which is nan; "
            "the formula of the chapter holds.": _quiet(_from_exponentials),
            "Below the line stands 1 plus the exponential; you subtract it.": _quiet(
                lambda z: 2 / (1 - np.exp(-2 * z)) - 1
            ),
        },
    ),
    "leaky": Exercise(
        solution=_leaky,
        cases=(
            "np.array([3.0]), 0.1",
            "np.array([-2.0]), 0.1",
            "np.array([0.0]), 0.1",
            "np.array([-2.0, 0.0, 3.0]), 0.01",
            "np.array([-2, 0, 3]), 0.25",
            "np.array([[-1.0, 1.0, 0.5], [4.0, -4.0, 0.0]]), 0.0",
            "np.array([-5.0, 5.0]), 1.0",
            "np.random.default_rng(1).normal(size=(2, 3, 2)), 0.2",
        ),
        mistakes={
            "The values are right. Below 0 the slope is the leak; 0 is the slope of the plain "
            "ReLU.": lambda z, leak: (_leaky(z, leak)[0], np.where(z > 0, 1, 0)),
            "The values are right. At exactly 0 this course takes the slope of the left side, the "
            "leak.": lambda z, leak: (_leaky(z, leak)[0], np.where(z >= 0, 1, leak)),
            "The values are right. At exactly 0 neither z > 0 nor z < 0 holds, and your slope is "
            "0. Take the leak there.": lambda z, leak: (
                (_leaky(z, leak)[0], np.where(z > 0, 1, np.where(z < 0, leak, 0)))
            ),
            "The values are right. At exactly 0 you take the middle of both slopes; this course "
            "takes that of the left side, the leak.": lambda z, leak: (
                (_leaky(z, leak)[0], np.where(z > 0, 1, np.where(z < 0, leak, (1 + leak) / 2)))
            ),
            "The values are right. Below 0 the slope of leak times z is the leak; z itself is "
            "gone.": lambda z, leak: (_leaky(z, leak)[0], np.where(z > 0, 1, leak * z)),
            "The values are right. The slope above 0 is 1, not z.": lambda z, leak: (
                (_leaky(z, leak)[0], np.where(z > 0, z, leak))
            ),
            "The values are right. The slope below 0 is positive: there the curve rises, too.": (
                lambda z, leak: (_leaky(z, leak)[0], np.where(z > 0, 1, -leak))
            ),
            "The slopes are right. Below 0 the value is leak times z, not the leak.": (
                lambda z, leak: (np.where(z > 0, z, leak), _leaky(z, leak)[1])
            ),
            "The slopes are right. Below 0 the values are negative; you turned their "
            "sign.": lambda z, leak: (np.where(z > 0, z, -leak * z), _leaky(z, leak)[1]),
            "The slopes are right. Below 0 you put out 0, as the plain ReLU does; leak times z "
            "comes through.": lambda z, leak: (np.maximum(z, 0), _leaky(z, leak)[1]),
            "This is the plain ReLU. Below 0 the leak comes in, in the values and in the "
            "slopes.": lambda z, leak: _leaky(z, 0),
            "Your leak is always 0.01. Use the one that was asked for.": lambda z, leak: _leaky(
                z, 0.01
            ),
            "The sides are swapped: the leak belongs to the side below 0.": lambda z, leak: (
                (np.where(z > 0, leak * z, z), np.where(z > 0, leak, 1))
            ),
            "Right but swapped: first the values, then the slopes.": lambda z, leak: _leaky(
                z, leak
            )[::-1],
            "Right for decimal numbers. From whole numbers zeros_like and ones_like make whole "
            "numbers, which lose what stands behind the point.": lambda z, leak: tuple(
                part.astype(np.asarray(z).dtype) for part in _leaky(z, leak)
            ),
            "The values are right. From whole numbers zeros_like and ones_like make whole numbers, "
            "and the slopes lose what stands behind the point.": lambda z, leak: (
                (_leaky(z, leak)[0], _leaky(z, leak)[1].astype(z.dtype))
            ),
        },
    ),
    "count_dead": Exercise(
        solution=lambda x, W, b: np.sum(_dead(x, W, b)),
        cases=(
            "np.array([[1.0], [2.0]]), np.array([[1.0]]), np.array([-3.0])",
            "np.array([[1.0], [2.0]]), np.array([[1.0]]), np.array([-1.5])",
            "np.array([[1.0], [2.0]]), np.array([[1.0]]), np.array([-2.0])",
            "np.array([[0.0], [-1.0]]), np.array([[1.0]]), np.array([1e-9])",
            _FOUR_UNITS,
            "*batch_and_layer(1, 3, 8, bias=0, seed=1)",
            "*batch_and_layer(4, 4, 4, bias=-3, seed=2)",
            "*batch_and_layer(5, 3, 8, bias=-3, seed=3)",
            "*batch_and_layer(6, 4, 25, bias=-2, seed=4)",
            "*batch_and_layer(3, 2, 9, bias=-9, seed=5)",
        ),
        mistakes={
            "You count every sum that is not positive. A unit is dead only if that holds for all "
            "samples.": lambda x, W, b: np.sum(x @ W + b <= 0),
            "You count units that are off for at least one sample; that is what a ReLU is for. "
            "Dead means off for all of them.": lambda x, W, b: np.sum(
                np.any(x @ W + b <= 0, axis=0)
            ),
            "You count samples that switch every unit off. Go down the columns: a column is a "
            "unit.": lambda x, W, b: np.sum(np.all(x @ W + b <= 0, axis=1)),
            "Without axis=0, np.all asks whether the whole layer is dead. Ask each column on its "
            "own.": lambda x, W, b: np.all(x @ W + b <= 0),
            "You add up a unit's sums over the samples. It lives if a single one of them is "
            "positive, however negative the others are.": lambda x, W, b: np.sum(
                np.sum(x @ W + b, axis=0) <= 0
            ),
            "The bias is missing: it shifts the sums.": lambda x, W, b: np.sum(_dead(x, W, 0)),
            "Add the bias; you subtract it.": lambda x, W, b: np.sum(_dead(x, W, -b)),
            "A sum of exactly 0 has slope 0, too: compare with <=.": lambda x, W, b: np.sum(
                np.all(x @ W + b < 0, axis=0)
            ),
            "You count units whose sums are exactly 0. Below 0 the slope is 0, too.": (
                lambda x, W, b: np.sum(np.all(x @ W + b == 0, axis=0))
            ),
            "You count the units that are alive.": lambda x, W, b: np.sum(~_dead(x, W, b)),
            "You count the units that are on for all samples.": lambda x, W, b: np.sum(
                np.all(x @ W + b > 0, axis=0)
            ),
            "This is the share of dead units; asked is their number.": lambda x, W, b: np.mean(
                _dead(x, W, b)
            ),
            "This says of each unit whether it is dead. Count them with np.sum.": _dead,
        },
    ),
    "stable_softmax": Exercise(
        solution=_softmax,
        cases=(
            "np.array([0, 0]), 0",
            "np.array([1.0, 2.0, 3.0]), 0",
            "np.array([[1.0, 2.0], [5.0, 5.0]]), 1",
            "np.array([[1.0, 2.0, 0.0], [5.0, 5.0, 5.0]]), 0",
            "np.array([1000.0, 1000.0, 1000.0]), 0",
            "np.array([-1000.0, -1000.0]), 0",
            "np.array([2000.0, -2000.0, 0.0, -2000.0]), 0",
            "np.array([-2000.0, 1000.0, 0.0, 2000.0]), 0",
            "np.array([[1000.0, 1001.0], [0.0, 1.0]]), 1",
            "np.random.default_rng(1).normal(0, 3, (3, 3)), -1",
            "np.random.default_rng(2).normal(0, 3, (3, 3, 3)), 1",
            "np.random.default_rng(3).normal(0, 3, (3, 3, 3)), 0",
        ),
        mistakes={
            "You add up over the whole batch: the shares of each row have to add up to 1 on "
            "their own. Give np.sum the axis, too.": _quiet(
                lambda x, axis: _shares(x, None, np.max(x, axis=axis, keepdims=True))
            ),
            "You add up over the whole batch, and you subtract the largest score of the whole "
            "batch: give np.sum and np.max the axis.": lambda x, axis: _softmax(x, None),
            "This overflows: exp(1000) is too large for a float, and inf / inf is nan. Subtract "
            "the largest score first.": _quiet(lambda x, axis: _shares(x, axis, 0)),
            "You always add up along the last axis; use the one that was asked for.": (
                lambda x, axis: _softmax(x, -1)
            ),
            "You always add up along axis 0; use the one that was asked for.": lambda x, axis: (
                _softmax(x, 0)
            ),
            "You subtract the largest score of the whole batch. That is fine until one row lies "
            "far below it: then all of its exponentials round to 0.": _quiet(
                lambda x, axis: _shares(x, axis, np.max(x))
            ),
            "You subtract the mean. The largest score can lie far above it, and then its "
            "exponential is too large.": _quiet(
                lambda x, axis: _shares(x, axis, np.mean(x, axis=axis, keepdims=True))
            ),
            "You subtract the smallest score, so that all others become positive. Subtract the "
            "largest.": _quiet(
                lambda x, axis: _shares(x, axis, np.min(x, axis=axis, keepdims=True))
            ),
            "You subtract the largest size. If all scores are far below 0, all exponentials round "
            "to 0.": _quiet(
                lambda x, axis: _shares(x, axis, np.max(np.abs(x), axis=axis, keepdims=True))
            ),
            "You add the largest score. Subtract it, so that the largest exponential is 1.": (
                _quiet(lambda x, axis: _shares(x, axis, -np.max(x, axis=axis, keepdims=True)))
            ),
            "keepdims=True is missing: the sums of the rows lie down as one row and meet the wrong "
            "entries.": _quiet(_without_keepdims),
            "keepdims=True is missing in np.sum: the sums of the rows lie down as one row and meet "
            "the wrong entries.": _quiet(lambda x, axis: _without_keepdims(x, axis, in_max=True)),
            "keepdims=True is missing in np.max: the largest scores of the rows lie down as one "
            "row and meet the wrong entries.": _quiet(
                lambda x, axis: _without_keepdims(x, axis, in_sum=True)
            ),
            "These are the exponentials. Divide them by their sum.": lambda x, axis: np.exp(
                x - np.max(x, axis=axis, keepdims=True)
            ),
            "You add up over the whole batch, and you do not subtract the largest score.": _quiet(
                lambda x, axis: _shares(x, None, 0)
            ),
            "You divide the scores by their sum. Take the exponential of each first.": _quiet(
                lambda x, axis: x / np.sum(x, axis=axis, keepdims=True)
            ),
            "The largest score takes all. That is what a softmax softens: divide the "
            "exponentials by their sum.": lambda x, axis: (
                x == np.max(x, axis=axis, keepdims=True)
            ).astype(float),
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
            "The step, because it bends, and a network needs a bend.": "It does, but no nudge "
            "changes the output of a step, so nothing says which way to move.",
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
GUESSES = {
    "leak": Question(
        "What does the curve on the right look like when the leak is 1?",
        {
            "A straight line": "With a leak of 1 every sum is passed on unchanged. No bend is "
            "left, and all the layers together are a line.",
            "The same curve, only higher and lower": "The picture is drawn to fill the height "
            "anyway. What changes is the bend: it goes down to 0.",
            "Wilder, since more of the signal gets through": "More gets through, but what bends "
            "the curve is the difference between the two slopes, and at 1 there is none.",
        },
        answer="A straight line",
    ),
    "temperature": Question(
        "What do the shares of the scores 1, 2, 3 become when the temperature is very high?",
        {
            "1 for the largest score, and 0 for the others": "So it is at a low temperature: at "
            "0.1 the largest score gets 1.000.",
            "The same as before, since all are divided by one number": "Only differences between "
            "scores count, and dividing makes them smaller.",
            "Nearly 0, all three": "Shares add up to 1, whatever the scores are.",
            "Nearly a third each": "At 10 they are 0.301, 0.332 and 0.367. After the division the "
            "scores hardly differ.",
        },
        answer="Nearly a third each",
    ),
    "saturated": Question(
        "How many ReLU units are saturated when the spread of the sums is 4?",
        {
            "None: ReLU has no upper end": "It has none, but below 0 its slope is 0, and 48.6 % "
            "of the sums lie there.",
            "Nearly all, since the sums are far from 0": "Far below 0, yes. But where the sum is "
            "positive, the slope of ReLU is 1, however large the sum is.",
            "About a quarter, as of the sigmoid units": "A quarter is right for the sigmoid. Of "
            "the ReLU units 48.6 % have a sum below 0.",
            "About half, as with a spread of 1": "48.6 %, with any spread. About half of the sums "
            "are below 0, however far they are spread.",
        },
        answer="About half, as with a spread of 1",
    ),
    "scale": Question(
        "Is there a scale of the weights at which the pull comes through ten sigmoid layers in "
        "full?",
        {
            "No: each slope is at most a quarter, so the pull always shrinks": "The pull is "
            "multiplied by the weights as well. At a scale of about 11 they make up for the small "
            "slopes.",
            "Yes: 4, which makes up for the quarter": "The slope is a quarter only for sums near "
            "0. Larger weights make larger sums, and so smaller slopes: at the scale 4, 0.0065 is "
            "left.",
            "Yes, but then more than half of the units are saturated": "At the scale 11.3 the "
            "pull is 1.4 after ten layers, and 53 % of the units in the last layer are saturated. "
            "It comes through the others.",
        },
        answer="Yes, but then more than half of the units are saturated",
    ),
}
