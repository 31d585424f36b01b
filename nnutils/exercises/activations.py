"""Exercises and quiz of the chapter *Activation functions*."""

import numpy as np

from nnutils.activations import relu, silu, tanh
from nnutils.exercises import Exercise, Question
from nnutils.numerics import sigmoid


def batch_and_layer(samples, inputs, units, bias, seed):
    """Return a random batch, random weights, and biases around a number."""
    rng = np.random.default_rng(seed)
    x, W = rng.normal(size=(samples, inputs)), rng.normal(size=(inputs, units))
    return x.round(2), W.round(2), bias + rng.normal(size=units).round(2)


def layers(sizes, seed):
    """Return random weights of layers with these sizes."""
    rng = np.random.default_rng(seed)
    return [rng.normal(size=shape).round(2) for shape in zip(sizes, sizes[1:])]


def _quiet(f):
    """Let a mistake overflow without a warning, as a careless reader does."""

    def answer(*arguments):
        with np.errstate(all="ignore"):
            return f(*arguments)

    return answer


def _lid(z, cap):
    return np.clip(z, 0, cap)


def _on(z, cap, at_0=0, at_cap=1):
    """Return the slopes below a lid, with these at the two corners."""
    slopes = np.where((z > 0) & (z < cap), 1.0, 0.0)
    return np.where(z == 0, at_0, np.where(z == cap, at_cap, slopes))


def _swish(z, beta):
    s = sigmoid(beta * z)
    return z * s, s + beta * z * s * (1 - s)


def _shares(z, allowed, axis=1, top=None):
    """Return the shares of the allowed scores, above another top than the largest of a row."""
    z = np.where(allowed, z, -np.inf)
    powers = np.exp(z - (np.max(z, axis=axis, keepdims=True) if top is None else top))
    return powers / np.sum(powers, axis=axis, keepdims=True)


def _over_batch(z, allowed):
    z = np.where(allowed, z, -np.inf)
    powers = np.exp(z - np.max(z, axis=1, keepdims=True))
    return powers / np.sum(powers)


def _all_shares(z):
    return _shares(z, np.ones(z.shape, bool))


def _laid_along(z, allowed, top=True, total=True):
    """Return shares where the largest scores, or the sums, lack keepdims unless they have it."""
    z = np.where(allowed, z, -np.inf)
    powers = np.exp(z - np.max(z, axis=1, keepdims=top))
    return powers / np.sum(powers, axis=1, keepdims=total)


def _top(x, W, b):
    return np.max(x @ W + b, axis=0)


def _wake(top=_top, dead=lambda top, b: top <= 0, new=lambda top, b: b + 0.1 - top):
    """Return a function that gives new biases to those units."""

    def wake(x, W, b):
        best = top(x, W, b)
        return np.where(dead(best, b), new(best, b), b)

    return wake


def _mended(slope=lambda f, z, a: f.slope(z, a), down=lambda pull, W: pull @ W.T, order=reversed):
    """Return a function that takes a pull through all layers in this order."""

    def mended(f, x, weights, pull):
        trace = []
        for W in weights:
            z = x @ W
            x = f(z)
            trace.append((W, z, x))
        for W, z, a in order(trace):
            pull = down(pull * slope(f, z, a), W)
        return pull

    return mended


def _leftover(slope):
    """Return a function that is given z and a of each layer, and those of the last layer."""

    def mended(f, x, weights, pull):
        trace = []
        for W in weights:
            z = x @ W
            x = f(z)
            trace.append((W, z, x))
        for W, own_z, own_a in reversed(trace):
            pull = (pull * slope(f, own_z, own_a, z, x)) @ W.T
        return pull

    return mended


def _weights_first(f, x, weights, pull):
    trace = []
    for W in weights:
        trace.append((W, x @ W))
        x = f(x @ W)
    for W, z in reversed(trace):
        pull = (pull @ W.T) * f.slope(z, f(z))
    return pull


EXERCISES = {
    "capped": Exercise(
        solution=lambda z, cap: (_lid(z, cap), _on(z, cap)),
        cases=(
            "np.array([3.0]), 6.0",
            "np.array([-2.0]), 6.0",
            "np.array([9.0]), 6.0",
            "np.array([0.0]), 6.0",
            "np.array([6.0]), 6.0",
            "np.array([-1.0, 0.0, 0.5, 1.0, 2.0]), 1.0",
            "np.array([-3, 0, 2, 3, 5]), 3",
            "np.random.default_rng(1).normal(size=(3, 4)), 0.8",
        ),
        mistakes={
            "The values are right. At the lid there is a corner, and its left side is the line: "
            "the slope there is 1.": lambda z, cap: (_lid(z, cap), _on(z, cap, at_cap=0)),
            "The values are right. At 0 the left side is flat: the slope there is 0.": (
                lambda z, cap: (_lid(z, cap), _on(z, cap, at_0=1))
            ),
            "The values are right. At both corners you take the slope of the right side; this "
            "course takes that of the left one.": lambda z, cap: (
                (_lid(z, cap), _on(z, cap, at_0=1, at_cap=0))
            ),
            "The values are right. At both corners you take the middle; this course takes the "
            "slope of the left side.": lambda z, cap: (
                (_lid(z, cap), _on(z, cap, at_0=0.5, at_cap=0.5))
            ),
            "The values are right. Above the lid the curve is flat: its slope is 0.": (
                lambda z, cap: (_lid(z, cap), np.where(z > 0, 1, 0))
            ),
            "The values are right. Below 0 the curve is flat: its slope is 0.": lambda z, cap: (
                (_lid(z, cap), np.where(z <= cap, 1, 0))
            ),
            "The values are right. The slope of the line is 1, not z.": lambda z, cap: (
                (_lid(z, cap), z * _on(z, cap))
            ),
            "The slopes are right. Above the lid the values are the lid; z itself is gone.": (
                lambda z, cap: (np.maximum(z, 0), _on(z, cap))
            ),
            "The slopes are right. Above the lid the values stay at the lid; they do not fall "
            "back to 0.": lambda z, cap: (np.where(z > cap, 0, np.maximum(z, 0)), _on(z, cap)),
            "The slopes are right. Below 0 the values are 0.": lambda z, cap: (
                (np.minimum(z, cap), _on(z, cap))
            ),
            "This is the plain ReLU. A lid is missing, in the values and in the slopes.": (
                lambda z, cap: (np.maximum(z, 0), np.where(z > 0, 1, 0))
            ),
            "Your lid is always at 6. Use the one that was asked for.": lambda z, cap: (
                (_lid(z, 6), _on(z, 6))
            ),
            "Right but swapped: first the values, then the slopes.": lambda z, cap: (
                (_on(z, cap), _lid(z, cap))
            ),
        },
    ),
    "swish": Exercise(
        solution=_swish,
        cases=(
            "np.array([0.0]), 2.0",
            "np.array([1.0]), 1.0",
            "np.array([1.0]), 2.0",
            "np.array([-2.0]), 0.5",
            "np.array([3.0]), 0.0",
            "np.array([1.5]), -1.0",
            "np.array([-1000.0, 1000.0]), 1.5",
            "np.array([[1, -2], [0, 3]]), 3",
            "np.random.default_rng(1).normal(size=5), 1.7",
        ),
        mistakes={
            "The values are right. Going through the product, the sigmoid has the slope beta s "
            "(1 - s) with z: beta is missing.": lambda z, beta: (
                (_swish(z, beta)[0], sigmoid(beta * z) + _swish(z, beta)[0] * sigmoid(-beta * z))
            ),
            "The values are right. z goes into both factors; you took the path through the "
            "first one only.": lambda z, beta: (_swish(z, beta)[0], sigmoid(beta * z)),
            "The values are right. z goes into both factors; you took the path through the "
            "sigmoid only.": lambda z, beta: (
                (_swish(z, beta)[0], _swish(z, beta)[1] - sigmoid(beta * z))
            ),
            "The values are right. The path through the sigmoid is multiplied by the other "
            "factor, z.": lambda z, beta: (
                (
                    _swish(z, beta)[0],
                    sigmoid(beta * z) + beta * sigmoid(beta * z) * sigmoid(-beta * z),
                )
            ),
            "The values are right. The slope of the sigmoid is s (1 - s); the s in front is "
            "missing.": lambda z, beta: (
                (_swish(z, beta)[0], sigmoid(beta * z) + beta * z * sigmoid(-beta * z))
            ),
            "The values are right. The two paths are added, not multiplied.": lambda z, beta: (
                (
                    _swish(z, beta)[0],
                    sigmoid(beta * z) * (_swish(z, beta)[1] - sigmoid(beta * z)),
                )
            ),
            "The values are right. Their slope is not a (1 - a): that is the rule of the "
            "sigmoid alone.": lambda z, beta: (
                (_swish(z, beta)[0], _swish(z, beta)[0] * (1 - _swish(z, beta)[0]))
            ),
            "The values are right. beta belongs to one path, not to the whole slope.": (
                lambda z, beta: (
                    _swish(z, beta)[0],
                    beta * (sigmoid(beta * z) + z * sigmoid(beta * z) * sigmoid(-beta * z)),
                )
            ),
            "This is SiLU, with beta = 1. Use the beta that was asked for.": lambda z, beta: _swish(
                z, 1
            ),
            "beta stands inside the sigmoid, at z, and not in front of it.": lambda z, beta: tuple(
                beta * part for part in _swish(z, 1)
            ),
            "Right but swapped: first the values, then the slopes.": lambda z, beta: _swish(
                z, beta
            )[::-1],
        },
    ),
    "allowed_shares": Exercise(
        solution=_shares,
        cases=(
            "np.array([[1.0, 1.0, 1.0]]), np.array([[True, True, False]])",
            "np.array([[1.0, 2.0, 3.0]]), np.array([[True, False, True]])",
            "np.array([[1.0, 2.0, 3.0]]), np.array([[True, True, True]])",
            "np.array([[0.0, 5.0], [5.0, 0.0]]), np.array([[True, True], [False, True]])",
            "np.array([[0.0, 0.0, 2000.0]]), np.array([[True, True, False]])",
            "np.array([[2000.0, 2000.0, 0.0], [0.0, 1.0, 5.0]]), np.array([[True] * 3] * 2)",
            "np.array([[-2000.0, -2001.0]]), np.array([[True, True]])",
            "np.array([[3.0, -9.0]]), np.array([[False, True]])",
            "np.array([[-2000.0, -2001.0, 0.0]]), np.array([[True, True, False]])",
            "np.array([[-1e10, -1e10, 0.0], [0.0, 0.0, 1e10]]), "
            "np.array([[True, True, False]] * 2)",
            "np.random.default_rng(1).normal(0, 3, (4, 4)), "
            "np.random.default_rng(2).uniform(size=(4, 4)) < 0.7",
            "np.random.default_rng(3).normal(0, 3, (3, 5)), "
            "np.random.default_rng(4).uniform(size=(3, 5)) < 0.6",
        ),
        mistakes={
            "This is the softmax of all scores, with the forbidden shares set to 0. What is left "
            "does not add up to 1.": lambda z, allowed: np.where(allowed, _all_shares(z), 0),
            "Right, until a forbidden score is far above the others: you subtract it, too, and "
            "all allowed exponentials round to 0.": _quiet(
                lambda z, allowed: _shares(z, allowed, top=np.max(z, axis=1, keepdims=True))
            ),
            "A forbidden class has the score 0 in your batch, and e to the 0 is 1: it still gets "
            "a share.": lambda z, allowed: _all_shares(np.where(allowed, z, 0)),
            "A large negative number is a score, too: where the allowed ones are lower still, a "
            "forbidden class gets the share. Take -np.inf.": lambda z, allowed: _all_shares(
                np.where(allowed, z, -1e9)
            ),
            "-1000 is a score, too: where the allowed ones are lower still, a forbidden class gets "
            "the share. Take -np.inf.": lambda z, allowed: _all_shares(np.where(allowed, z, -1000)),
            "You take a large number away from the forbidden scores, and one of them may still be "
            "the largest. Put -np.inf in their place.": lambda z, allowed: _all_shares(
                z - 1e9 * ~allowed
            ),
            "The largest allowed score may be below 0: with a 0 for each forbidden one, all "
            "exponentials round to 0.": _quiet(
                lambda z, allowed: _shares(
                    z, allowed, top=np.max(np.where(allowed, z, 0), axis=1, keepdims=True)
                )
            ),
            "The sums of the rows need the shape (samples, 1), or they are laid along the rows: "
            "add keepdims=True.": lambda z, allowed: _laid_along(z, allowed, total=False),
            "The largest scores need the shape (samples, 1), or they are laid along the rows: add "
            "keepdims=True.": _quiet(lambda z, allowed: _laid_along(z, allowed, top=False)),
            "The largest scores and the sums need the shape (samples, 1), or they are laid along "
            "the rows: add keepdims=True to both.": _quiet(
                lambda z, allowed: _laid_along(z, allowed, top=False, total=False)
            ),
            "These are the shares of all classes. The forbidden ones have to get 0.": (
                lambda z, allowed: _all_shares(z)
            ),
            "You subtract the largest allowed score of the whole batch. A row far below it gets "
            "nothing but zeros.": _quiet(
                lambda z, allowed: _shares(z, allowed, top=np.max(np.where(allowed, z, -np.inf)))
            ),
            "You add up over the whole batch: the shares of each row have to add up to 1.": (
                _over_batch
            ),
            "The shares add up to 1 down the columns. A row is a sample: take axis=1.": _quiet(
                lambda z, allowed: _shares(z, allowed, axis=0)
            ),
            "exp(2000) overflows. Subtract the largest allowed score of each row first.": _quiet(
                lambda z, allowed: _shares(z, allowed, top=0)
            ),
            "You let the forbidden classes through and stop the allowed ones.": _quiet(
                lambda z, allowed: _shares(z, ~allowed)
            ),
            "All allowed classes get the same share. Their scores should decide.": (
                lambda z, allowed: allowed / np.sum(allowed, axis=1, keepdims=True)
            ),
        },
    ),
    "wake": Exercise(
        solution=_wake(),
        cases=(
            "np.array([[1.0], [2.0]]), np.array([[1.0]]), np.array([-3.0])",
            "np.array([[1.0], [2.0]]), np.array([[1.0]]), np.array([-1.5])",
            "np.array([[1.0], [2.0]]), np.array([[1.0]]), np.array([-2.0])",
            "np.array([[1.0], [2.0]]), np.array([[1.0]]), np.array([-1.95])",
            "np.array([[1.0], [2.0]]), np.array([[1.0]]), np.array([3.0])",
            "np.array([[1, 0], [0, 1], [-1, 1]]), np.array([[1, 2, 0], [0, -1, 1]]), "
            "np.array([0, 0.5, -3])",
            "np.array([[1.0], [2.0]]), np.array([[0.123456789]]), np.array([-3.0])",
            "*batch_and_layer(3, 3, 3, bias=-2, seed=1)",
            "*batch_and_layer(5, 3, 8, bias=-3, seed=3)",
            "*batch_and_layer(6, 4, 25, bias=-2, seed=4)",
        ),
        mistakes={
            "You also lift or lower units that live. They keep their biases.": _wake(
                dead=lambda top, b: top < np.inf
            ),
            "A unit whose largest sum is exactly 0 has slope 0 for every sample: it is dead, "
            "too.": _wake(dead=lambda top, b: top < 0),
            "A unit whose largest sum lies between 0 and 0.1 lives: it keeps its bias.": _wake(
                dead=lambda top, b: top < 0.1
            ),
            "You look at the smallest sum of each unit. A single sample that switches it on is "
            "enough.": _wake(top=lambda x, W, b: np.min(x @ W + b, axis=0)),
            "You look at the mean sum of each unit. It lives if a single sample switches it "
            "on.": _wake(top=lambda x, W, b: np.mean(x @ W + b, axis=0)),
            "A dead unit gets the bias 0.1. What has to be 0.1 is its largest sum.": _wake(
                new=lambda top, b: np.full(len(b), 0.1)
            ),
            "You lift the bias by 0.1. That is too little where the largest sum is far below "
            "0.": _wake(new=lambda top, b: b + 0.1),
            "The largest sum of a dead unit becomes 0, and its slope there is still 0. Go 0.1 "
            "further.": _wake(new=lambda top, b: b - top),
            "The sign is turned around: the largest sum is below 0, so subtract it.": _wake(
                new=lambda top, b: b + 0.1 + top
            ),
            "The old bias is missing: what you add to it is 0.1 minus the largest sum.": _wake(
                new=lambda top, b: 0.1 - top
            ),
            "You judge the sums without their bias.": _wake(top=lambda x, W, b: _top(x, W, 0)),
        },
    ),
    "mended_pull": Exercise(
        solution=_mended(),
        cases=(
            "silu, np.array([[1.0]]), [np.array([[2.0]])], np.array([[1.0]])",
            "relu, np.array([[1.0, 2.0]]), [np.array([[1.0, 2.0], [3.0, -4.0]])], "
            "np.array([[1.0, 10.0]])",
            "tanh, np.array([[0.5, -1.0]]), layers([2, 2, 2], seed=1), np.array([[1.0, 10.0]])",
            "silu, np.array([[0.5, -1.0]]), layers([2, 2, 2], seed=2), np.array([[1.0, -1.0]])",
            "silu, np.array([[0.5, -1.0], [2.0, 0.1]]), layers([2, 3, 4], seed=3), np.ones((2, 4))",
            "silu, np.array([[0.3, 2.0, -1.0]]), layers([3, 3, 3, 3], seed=4), "
            "np.array([[1.0, 0.0, 2.0]])",
        ),
        mistakes={
            "This is still the fault: SiLU's slope needs the sum, and it gets the output twice. "
            "Keep z beside W and a.": _mended(slope=lambda f, z, a: f.slope(a, a)),
            "Now the slope gets the sum twice. It wants both: first the sum, then the "
            "output.": _mended(slope=lambda f, z, a: f.slope(z, z)),
            "The two are swapped: the slope wants first the sum, then the output.": _mended(
                slope=lambda f, z, a: f.slope(a, z)
            ),
            "z here is the sum of the last layer, for every layer. Keep z beside W and "
            "a.": _leftover(lambda f, own_z, own_a, z, a: f.slope(z, own_a)),
            "z and x here are those of the last layer, for every layer. Keep z and x beside "
            "W.": _leftover(lambda f, own_z, own_a, z, a: f.slope(z, a)),
            "x here is the output of the last layer, for every layer. Keep x beside W and "
            "z.": _leftover(lambda f, own_z, own_a, z, a: f.slope(own_z, a)),
            "The slopes are missing: each pull goes through the bend, and then through the "
            "weights.": _mended(slope=lambda f, z, a: 1),
            "You multiply by the outputs, not by the slopes.": _mended(slope=lambda f, z, a: a),
            "The pull has to go through the transposed weights. Where they are square, NumPy "
            "cannot notice.": _mended(down=lambda pull, W: pull @ W),
            "You go through the layers from the first to the last. A pull comes from the "
            "end.": _mended(order=lambda trace: trace),
            "You go through the weights first, and then through the slope. On the way back the "
            "bend comes first.": _weights_first,
            "This is only the last layer. The pull goes on to the inputs.": _mended(
                order=lambda trace: trace[-1:]
            ),
        },
        without=("numerical_gradient",),
    ),
    "fates": Exercise(
        solution=(1, 2, 3, 4, 1, 4),
        mistakes={
            "A: the slope of a step is 0, exactly, and one layer of it is enough: nothing "
            "arrives.": (3, 2, 3, 4, 1, 4),
            "A: a step bends, but its slope is 0, and so nothing moves the weights below it.": (
                4,
                2,
                3,
                4,
                1,
                4,
            ),
            "B: with a leak of 1 a negative sum is passed on unchanged. Where is the bend?": (
                (1, 4, 3, 4, 1, 4)
            ),
            "B: a straight line has a slope everywhere, so its weights do move.": (
                (1, 1, 3, 4, 1, 4)
            ),
            "C: each of the ten slopes is at most a quarter. How much is left?": (1, 2, 4, 4, 1, 4),
            "C: ten slopes of at most a quarter leave little, but none of them is 0.": (
                (1, 2, 1, 4, 1, 4)
            ),
            "D: half of the units are off in each layer, and the weights make up for it. Look at "
            "the last line of the table.": (1, 2, 3, 3, 1, 4),
            "E: with inputs between -1 and 1 no sum gets near 0. For how many samples is a unit "
            "on?": (1, 2, 3, 4, 4, 4),
            "E: a dead unit has the slope 0 for every sample, so its weights do not move at all.": (
                1,
                2,
                3,
                4,
                2,
                4,
            ),
            "F: it is made of a sigmoid, but it is steeper and shifted. You know its name.": (
                (1, 2, 3, 4, 1, 3)
            ),
            "F: made of a sigmoid, it bends like one.": (1, 2, 3, 4, 1, 2),
        },
    ),
}

QUIZ = (
    Question(
        "A step has slope 0 on both sides of its jump, the line 0.5 z has slope 0.5 everywhere. "
        "Which of them can follow its slope to a better weight?",
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
            "About a quarter": "A quarter is right for the sigmoid. Of "
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
