"""Exercises and quiz of the chapter *Downhill*."""

import numpy as np

from nnutils.activations import sigmoid, tanh
from nnutils.exercises import Exercise, Question
from nnutils.losses import mean_absolute_error, mean_squared_error
from nnutils.network import mlp

_X = np.array([1.0, 2.0, 3.0, 4.0])
_RNG = np.random.default_rng(7)


def _slope(W, x, targets):
    return np.sum(2 * (W * x - targets) * x)


def _go(step, more=0):
    """Return a function that makes this step as often as it is told, and ``more`` times."""

    def go(W, x, targets, rate, updates):
        for _ in range(updates + more):
            W = step(W, x, targets, rate)
        return W

    return go


def _delta_rule(W, x, targets, rate):
    return W - rate * _slope(W, x, targets)


def _sample_by_sample(W, x, targets, rate):
    for one, target in zip(x, targets):
        W = W - rate * 2 * (W * one - target) * one
    return W


def _pull(hidden, weights, bias, target):
    return 2 * (np.sum(hidden * weights) + bias - target)


def _output_step(hidden, weights, bias, target, rate):
    pull = _pull(hidden, weights, bias, target)
    return np.append(weights - rate * pull * hidden, bias - rate * pull)


def _bias_later(hidden, weights, bias, target, rate):
    weights = weights - rate * _pull(hidden, weights, bias, target) * hidden
    return np.append(weights, bias - rate * _pull(hidden, weights, bias, target))


def _weights_later(hidden, weights, bias, target, rate):
    bias = bias - rate * _pull(hidden, weights, bias, target)
    return np.append(weights - rate * _pull(hidden, weights, bias, target) * hidden, bias)


def net(seed, sizes, hidden=tanh):
    """Return a small network with weights of two digits."""
    rng = np.random.default_rng(seed)
    return mlp(sizes, hidden, init=lambda rng, n, m: rng.normal(size=(n, m)).round(2), rng=rng)


def _measured(up=1, down=-1, width=2, put_back=True):
    """Return a function that measures all slopes of a network between two nudges."""

    def measure(net, x, targets, loss, h):
        slopes = np.zeros(len(net.theta))
        for i, here in enumerate(net.theta.copy()):
            heights = []
            for side in (up, down):
                net.theta[i] = here + side * h
                heights.append(net.loss_and_grad(x, targets, loss))
            slopes[i] = (heights[0] - heights[1]) / (width * h)
            if put_back:
                net.theta[i] = here
        return slopes

    return measure


def _derived(net, x, targets, loss, h):
    net.loss_and_grad(x, targets, loss)
    return net.grad.copy()


def batch(seed, samples, n_in, n_out):
    """Return inputs and targets of two digits."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=(samples, n_in)).round(2), rng.normal(size=(samples, n_out)).round(2)


def _row(*arrays):
    return np.concatenate([array.ravel() for array in arrays])


def _squares(samples, n):
    x, d_y = _RNG.integers(-3, 4, (2, samples, n)).astype(float)
    return x, _RNG.integers(-3, 4, (n, n)).astype(float), d_y


def _factor(x, rate):
    return 1 - rate * 2 * np.sum(x**2)


EXERCISES = {
    "delta_rule": Exercise(
        solution=_go(_delta_rule),
        cases=(
            (3.0, np.array([1.0]), np.array([1.0]), 0.1, 1),
            (3.0, np.array([1.0]), np.array([1.0]), 0.1, 2),
            (2.0, _X, 0.5 * _X, 0.001, 1),
            (2.0, _X, 0.5 * _X, 0.001, 3),
            (0.5, _X, 0.5 * _X, 0.01, 5),
            (-1.0, _X, 0.5 * _X, 0.01, 4),
            (0.0, np.array([-1.0, 2.0]), np.array([3.0, 1.0]), 0.08, 3),
        ),
        mistakes={
            "This walks uphill: the slope says where the sum rises, so subtract it.": _go(
                lambda W, x, t, rate: W + rate * _slope(W, x, t)
            ),
            "A factor 2 is missing: the square of an error has the slope 2 times error.": _go(
                lambda W, x, t, rate: W - rate * _slope(W, x, t) / 2
            ),
            "This goes down the mean of the squares. The question is about their sum.": _go(
                lambda W, x, t, rate: W - rate * _slope(W, x, t) / len(x)
            ),
            "You forgot that an error has the slope x with W: each error counts times its "
            "input.": _go(lambda W, x, t, rate: W - rate * np.sum(2 * (W * x - t))),
            "This takes away the whole slope: multiply it by the rate.": _go(
                lambda W, x, t, rate: W - _slope(W, x, t)
            ),
            "All slopes of one step belong to one place. You moved W after each sample.": _go(
                _sample_by_sample
            ),
            "You worked out the slope once, before the loop. Every step needs the slope at the "
            "place where W is then.": lambda W, x, t, rate, updates: (
                W - updates * rate * _slope(W, x, t)
            ),
            "This is a single step. Does the return stand inside the loop?": (
                lambda W, x, t, rate, updates: _delta_rule(W, x, t, rate)
            ),
            "This is one step too many.": _go(_delta_rule, more=1),
            "This is one step too few.": _go(_delta_rule, more=-1),
        },
    ),
    "output_step": Exercise(
        solution=_output_step,
        cases=(
            (np.array([1.0]), np.array([2.0]), 0.0, 1.0, 0.1),
            (np.array([0.5, 1.0]), np.array([1.0, -1.0]), 0.5, 1.0, 0.1),
            (
                np.array([0.58904, 0.36779, 0.46369]),
                np.array([0.1528, -0.1745, -0.1135]),
                -0.5516,
                0.0,
                0.01,
            ),
            (_RNG.normal(size=4).round(2), _RNG.normal(size=4).round(2), 0.3, -1.0, 0.05),
        ),
        mistakes={
            "This walks uphill: the loss becomes larger. The step goes against the slopes.": (
                lambda h, w, b, t, rate: 2 * np.append(w, b) - _output_step(h, w, b, t, rate)
            ),
            "A factor 2 is missing: the pull is twice the error.": lambda h, w, b, t, rate: (
                _output_step(h, w, b, t, rate / 2)
            ),
            "You moved the weights first and worked out the bias's slope at the new place. The "
            "slopes of one step all belong to one place.": _bias_later,
            "You moved the bias first and worked out the weights' slopes at the new place. The "
            "slopes of one step all belong to one place.": _weights_later,
            "All weights moved by the same amount. A weight's slope is the pull times what it "
            "multiplies, its entry of hidden.": lambda h, w, b, t, rate: (
                np.append(w, b) - rate * _pull(h, w, b, t)
            ),
            "A weight's slope is the pull times what it multiplies: its entry of hidden, not the "
            "weight itself.": lambda h, w, b, t, rate: (
                np.append(w, b) - rate * _pull(h, w, b, t) * np.append(w, 1)
            ),
            "The prediction is without the bias. It has to be added to the sum.": (
                lambda h, w, b, t, rate: (
                    np.append(w, b) - rate * _pull(h, w, 0, t) * np.append(h, 1)
                )
            ),
            "The numbers are right, but the order is weights first, bias last.": (
                lambda h, w, b, t, rate: np.roll(_output_step(h, w, b, t, rate), 1)
            ),
            "The weights are right, but the bias has not moved. Its slope is the pull "
            "itself.": lambda h, w, b, t, rate: np.append(_output_step(h, w, b, t, rate)[:-1], b),
            "These are the slopes. Take the rate times them away from the parameters.": (
                lambda h, w, b, t, rate: _pull(h, w, b, t) * np.append(h, 1)
            ),
        },
    ),
    "nudged_gradient": Exercise(
        solution=_measured(),
        cases=(
            "net(0, [1, 1]), np.array([[2.0]]), np.array([[1.0]]), mean_squared_error, 0.1",
            "net(1, [1, 2, 1]), *batch(1, 2, 1, 1), mean_squared_error, 0.1",
            "net(2, [2, 3, 1], sigmoid), *batch(2, 4, 2, 1), mean_squared_error, 0.01",
            "net(3, [3, 2, 2]), *batch(3, 5, 3, 2), mean_absolute_error, 0.1",
        ),
        mistakes={
            "Every entry stays nudged, so the later slopes are measured at another place. Put it "
            "back to where it was.": _measured(put_back=False),
            "This is the forward difference; nudge both ways.": _measured(1, 0, 1),
            "This is the backward difference; nudge both ways.": _measured(0, -1, 1),
            "Between the two places lie 2h, and you divided by h.": _measured(width=1),
            "The sign is turned around: above minus below.": _measured(-1, 1),
            "You nudged a copy, and the network never saw it. Write into net.theta "
            "itself.": lambda net, x, t, loss, h: np.zeros(len(net.theta)),
            "This is what the backward pass left in net.grad. The exercise is to measure it with "
            "nudges of size h, which is slightly different.": _derived,
        },
    ),
    "dense_back": Exercise(
        solution=lambda x, W, d_y: _row(x.T @ d_y, d_y.sum(axis=0), d_y @ W.T),
        cases=(
            (
                np.array([[1.0, 2.0]]),
                np.array([[1.0, 0.0], [2.0, 1.0]]),
                np.array([[1.0, 10.0]]),
            ),
            (
                np.array([[1.0, 2.0], [0.0, 3.0], [1.0, 1.0]]),
                np.array([[1.0, 0.0], [2.0, 1.0]]),
                np.array([[1.0, 0.0], [10.0, 0.0], [0.0, 2.0]]),
            ),
            _squares(4, 3),
            _squares(2, 4),
        ),
        mistakes={
            "The slopes with the weights are transposed: a row for each input, a column for each "
            "unit.": lambda x, W, d_y: _row(d_y.T @ x, d_y.sum(axis=0), d_y @ W.T),
            "The pulls that go down to the inputs need the transpose of the weights. These weights "
            "are square, so NumPy could not notice.": lambda x, W, d_y: _row(
                x.T @ d_y, d_y.sum(axis=0), d_y @ W
            ),
            "You did not add up the slopes of the biases over the samples: one number for each "
            "unit.": lambda x, W, d_y: _row(x.T @ d_y, d_y, d_y @ W.T),
            "A bias gets the pulls of all samples, not those of the first one alone.": (
                lambda x, W, d_y: _row(x.T @ d_y, d_y[0], d_y @ W.T)
            ),
            "You added up along the wrong axis: a bias belongs to a column of d_y.": (
                lambda x, W, d_y: _row(x.T @ d_y, d_y.sum(axis=1), d_y @ W.T)
            ),
            "You took the mean for the biases. At a fork pulls add up; the mean is in the loss "
            "already.": lambda x, W, d_y: _row(x.T @ d_y, d_y.mean(axis=0), d_y @ W.T),
            "You divided by the number of samples. At a fork pulls add up; the mean is in the loss "
            "already.": lambda x, W, d_y: _row(x.T @ d_y / len(x), d_y.mean(axis=0), d_y @ W.T),
            "You added up everything for the biases. There is one slope for each unit: add up down "
            "the columns.": lambda x, W, d_y: _row(x.T @ d_y, np.sum(d_y), d_y @ W.T),
            "The slopes with x are transposed: yours have a row for each input, and x has a row "
            "for each sample.": lambda x, W, d_y: _row(x.T @ d_y, d_y.sum(axis=0), W @ d_y.T),
            "The numbers are right, but the order is weights, biases, inputs.": lambda x, W, d_y: (
                _row(d_y @ W.T, x.T @ d_y, d_y.sum(axis=0))
            ),
        },
    ),
    "arrives": Exercise(
        solution=lambda x, rate: (_factor(x, rate), abs(_factor(x, rate)) < 1),
        cases=(
            (np.array([1.0]), 0.25),
            (_X, 0.001),
            (_X, 0.02),
            (_X, 0.05),
            (np.array([1.0, 1.0]), 0.25),
            (np.array([1.0, -1.0]), 0.5),
            (np.array([-3.0, 0.5]), 0.1),
            (_X, 1.0),
        ),
        mistakes={
            "A factor 2 is missing: the slope of a square is twice the error.": lambda x, rate: (
                (_factor(x, rate / 2), abs(_factor(x, rate / 2)) < 1)
            ),
            "This is the factor for the mean of the squares; the question is about their "
            "sum.": lambda x, rate: (
                (_factor(x, rate / len(x)), abs(_factor(x, rate / len(x))) < 1)
            ),
            "60 belongs to the inputs 1, 2, 3, 4 only: it is twice the sum of their "
            "squares.": lambda x, rate: (1 - 60 * rate, abs(1 - 60 * rate) < 1),
            "Keep the sign of the factor: it says whether the walk changes the side.": (
                lambda x, rate: (abs(_factor(x, rate)), abs(_factor(x, rate)) < 1)
            ),
            "The inputs have to be squared: x comes in once through the error, and once as its "
            "slope.": lambda x, rate: (
                1 - 2 * rate * np.sum(x),
                abs(1 - 2 * rate * np.sum(x)) < 1,
            ),
            "To be below 1 is not enough: with a factor of -2 the distance doubles.": (
                lambda x, rate: (_factor(x, rate), _factor(x, rate) < 1)
            ),
            "A negative factor jumps to the other side, but it arrives if it is above -1. And with "
            "0 it arrives at once.": lambda x, rate: ((_factor(x, rate), 0 < _factor(x, rate) < 1)),
            "With a factor of exactly -1 the distance stays the same for ever.": lambda x, rate: (
                (_factor(x, rate), abs(_factor(x, rate)) <= 1)
            ),
            "The factors are right, and the second answer is turned around.": lambda x, rate: (
                (_factor(x, rate), abs(_factor(x, rate)) >= 1)
            ),
        },
    ),
}

QUIZ = (
    Question(
        "The slope of the loss with a weight is -3. Where does gradient descent move the weight?",
        {
            "Down, because the slope is negative.": "Moving the weight down makes the loss larger: "
            "it falls when the weight goes up.",
            "Up.": "Minus the rate times -3 is positive. And since the loss falls when the weight "
            "goes up, that is the way down.",
            "It depends on whether the weight itself is positive.": "The weight's own sign plays "
            "no part. The slope alone says where to go.",
            "Nowhere: slopes have to be positive.": "A negative slope is as good as a positive "
            "one. Only a slope of 0 says nothing.",
        },
        answer="Up.",
    ),
    Question(
        "On a parabola, every step multiplies the distance to the bottom by -0.7. What does the "
        "walk do?",
        {
            "It flies away, because it overshoots the bottom with every step.": "It overshoots, "
            "but every jump is shorter than the last. It flies away only when the factor is below "
            "-1.",
            "It jumps between two places for ever.": "That is what a factor of exactly -1 does.",
            "It jumps from side to side and comes closer each time.": "Each jump changes the "
            "side, and 0.7 of the distance is left.",
            "It comes down on one side.": "The minus sign says that it changes the side with "
            "every step.",
        },
        answer="It jumps from side to side and comes closer each time.",
    ),
    Question(
        "With a fixed rate, the steps of a good run become shorter and shorter. Why?",
        {
            "Because the slope shrinks on the way.": "A step is rate times slope. The rate stays, "
            "and the slope goes to 0 towards the bottom.",
            "Because the learning rate shrinks by itself.": "The rate is a fixed number here. "
            "Rates that change come in a later chapter.",
            "Because of rounding.": "Rounding is far too small to be seen here.",
            "Because the rate was too large.": "With too large a rate the steps become longer.",
        },
        answer="Because the slope shrinks on the way.",
    ),
    Question(
        "Why does a dense layer's forward return a function and not the slopes of its outputs?",
        {
            "Because the slopes of its outputs are not known before the backward pass.": "They "
            "are: they are made of the weights and the inputs, which are at hand.",
            "Because a function is more exact than numbers.": "Both would give the same numbers.",
            "Because the table of these slopes would be huge, and is not needed.": "It has an "
            "entry for each output and each weight. All that is needed is its product with the "
            "pull, which the function computes directly.",
        },
        answer="Because the table of these slopes would be huge, and is not needed.",
    ),
    Question(
        "A batch has 10 samples. Why are the slopes with the biases sums over the samples?",
        {
            "Because the loss is a sum.": "Here it is a mean, and its slopes, which come in as "
            "d_y, hold the division already. The sum comes from something else.",
            "Because each bias is added in all 10 samples, and at a fork pulls add up.": "One "
            "bias, ten places where it is used, ten pulls.",
            "To make the steps larger.": "A step's size is the business of the learning rate.",
        },
        answer="Because each bias is added in all 10 samples, and at a fork pulls add up.",
    ),
    Question(
        "A network has stopped learning: the gradient is nearly 0 and the loss is still high. "
        "What do you know?",
        {
            "It has reached the global minimum.": "Then there would be no lower place. With a "
            "high loss there may well be one.",
            "It sits in a local minimum.": "It may. A saddle or a long flat stretch would look "
            "just the same.",
            "It is at a flat place of some kind.": "Local minimum, saddle or flat stretch: the "
            "gradient alone does not say. More updates, another start or the length of theta can "
            "tell.",
            "There must be a mistake in the backward pass.": "There might be, and a gradient "
            "check would tell. But flat places exist in right networks, too.",
        },
        answer="It is at a flat place of some kind.",
    ),
)
GUESSES = {
    "rate": Question(
        "What does W do at the rate 0.033?",
        {
            "It arrives at the bottom almost at once": "That is what the rate 0.017 does, where "
            "the factor is nearly 0.",
            "It jumps from side to side, further each time": "That needs a factor below -1. At "
            "the rate 0.037 it is -1.22, here it is -0.98.",
            "It comes down on one side, 33 times as fast as at the rate 0.001": "It stays on one "
            "side only while the factor is positive. Here it is -0.98.",
            "It jumps from side to side and comes closer, but slowly": "The factor is -0.98. "
            "After 20 steps W is 1.501, still 1.001 from the bottom, where it began with 1.5.",
        },
        answer="It jumps from side to side and comes closer, but slowly",
    ),
    "valleys": Question(
        "Can a larger rate bring the walk from 2 into the lower valley?",
        {
            "No: a walk downhill cannot get over a hill": "A step is as long as rate times slope, "
            "and nobody looks at what lies between. At the rate 0.08 it jumps over.",
            "Yes: the larger the rate, the more surely": "At 0.08 and 0.113 it ends there. But at "
            "0.16 it is in the higher valley again, and at 0.226 it flies away.",
            "Some rates do, and others do not": "0.08 and 0.113 do, 0.16 does not, and at 0.226 "
            "the walk flies away. A jump is luck and no plan.",
        },
        answer="Some rates do, and others do not",
    ),
}
