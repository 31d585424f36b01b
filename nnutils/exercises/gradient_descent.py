"""Exercises and quiz of the chapter *Gradient descent*."""

import numpy as np

from nnutils.activations import sigmoid, tanh
from nnutils.exercises import Exercise, Question
from nnutils.losses import mean_absolute_error, mean_squared_error
from nnutils.network import mlp

_X = np.array([1.0, 2.0, 3.0, 4.0])


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


def _return_in_loop(W, x, targets, rate, updates):
    for _ in range(updates):
        return _delta_rule(W, x, targets, rate)


def _all_places(W, x, targets, rate, updates):
    return [_go(_delta_rule)(W, x, targets, rate, t) for t in range(1, updates + 1)]


def _pull(hidden, weights, bias, target):
    return 2 * (np.sum(hidden * weights) + bias - target)


def _slopes(pull, hidden, weights, bias):
    return pull * np.append(hidden, 1)


def _step(pull=_pull, slopes=_slopes):
    """Return a function that makes a step with this pull and the slopes that it leads to."""

    def step(hidden, weights, bias, target, rate):
        here = hidden, weights, bias
        return np.append(weights, bias) - rate * slopes(pull(*here, target), *here)

    return step


def _bias_later(hidden, weights, bias, target, rate):
    weights = weights - rate * _pull(hidden, weights, bias, target) * hidden
    return np.append(weights, bias - rate * _pull(hidden, weights, bias, target))


def _weights_later(hidden, weights, bias, target, rate):
    bias = bias - rate * _pull(hidden, weights, bias, target)
    return np.append(weights - rate * _pull(hidden, weights, bias, target) * hidden, bias)


def _a_pull_for_each(hidden, weights, bias, target, rate):
    pull = 2 * (hidden * weights + bias - target)
    return np.append(weights - rate * pull * hidden, bias - rate * pull)


def net(seed, sizes, hidden=tanh):
    """Return a small network with weights of two digits."""
    rng = np.random.default_rng(seed)
    return mlp(sizes, hidden, init=lambda rng, n, m: rng.normal(size=(n, m)).round(2), rng=rng)


def batch(seed, samples, n_in, n_out):
    """Return inputs and targets of two digits."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=(samples, n_in)).round(2), rng.normal(size=(samples, n_out)).round(2)


def _central(above, below, h):
    return (above - below) / (2 * h)


def _measured(up=1, down=-1, slope=_central, put_back=True):
    """Return a function that measures all slopes of a network between two nudges."""

    def measure(net, x, targets, loss, h):
        slopes = np.zeros(len(net.theta))
        for i, here in enumerate(net.theta.copy()):
            heights = []
            for side in (up, down):
                net.theta[i] = here + side * h
                heights.append(net.loss_and_grad(x, targets, loss))
            slopes[i] = slope(*heights, h)
            if put_back:
                net.theta[i] = here
        return slopes

    return measure


def _all_at_once(net, x, targets, loss, h):
    start, heights = net.theta.copy(), []
    for side in (1, -1):
        net.theta[:] = start + side * h
        heights.append(net.loss_and_grad(x, targets, loss))
    net.theta[:] = start
    return np.full(len(start), _central(*heights, h))


def _derived(net, x, targets, loss, h):
    net.loss_and_grad(x, targets, loss)
    return net.grad.copy()


def _row(*arrays):
    return np.concatenate([array.ravel() for array in arrays])


def _d_weights(x, W, d_y):
    return x.T @ d_y


def _d_biases(x, W, d_y):
    return np.sum(d_y, axis=0)


def _d_x(x, W, d_y):
    return d_y @ W.T


def _back(*parts):
    """Return a function that puts these parts into one row."""
    return lambda x, W, d_y: _row(*(part(x, W, d_y) for part in parts))


def _factor(x, rate):
    return 1 - rate * 2 * np.sum(x**2)


def _arrives(factor=_factor, shrinks=lambda factor: abs(factor) < 1):
    """Return a function that gives this factor, and whether it is one that shrinks."""
    return lambda x, rate: (factor(x, rate), shrinks(factor(x, rate)))


EXERCISES = {
    "delta_rule": Exercise(
        solution=_go(_delta_rule),
        cases=(
            (3.0, np.array([1.0]), np.array([1.0]), 0.1, 1),
            (3.0, np.array([1.0]), np.array([1.0]), 0.1, 2),
            (2.0, _X, 0.5 * _X, 0.001, 1),
            (2.0, _X, 0.5 * _X, 0.001, 3),
            (0.50001, _X, 0.5 * _X, 0.01, 5),
            (-1.0, _X, 0.5 * _X, 0.01, 4),
            (0.0, np.array([-1.0, 2.0]), np.array([3.0, 1.0]), 0.08, 3),
            (5.0, _X, 0.5 * _X, 0.034, 3),
            (2, np.array([1, 0, 2]), np.array([1, 3, 0]), 0.1, 2),
            (2.0, np.array([1.0, 2.0]), np.array([1.0, 0.0]), 0.1, 0),
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
            "Put brackets around the error: 2 * W * x - targets doubles only the prediction.": _go(
                lambda W, x, t, rate: W - rate * np.sum((2 * W * x - t) * x)
            ),
            "You took the sum of the squares itself, the height. A step needs its slope.": _go(
                lambda W, x, t, rate: W - rate * np.sum((W * x - t) ** 2)
            ),
            "You did not add up over the samples: there is one W, and one slope.": _go(
                lambda W, x, t, rate: W - rate * 2 * (W * x - t) * x
            ),
            "60 and 0.5 belong to the four samples of the chapter. Work out the slope from x and "
            "targets.": _go(lambda W, x, t, rate: W - rate * 60 * (W - 0.5)),
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
            "This is a single step. Does the return stand inside the loop?": _return_in_loop,
            "You returned every W on the way. The question is about the last one.": _all_places,
            "This is one step too many.": _go(_delta_rule, more=1),
            "This is one step too few.": _go(_delta_rule, more=-1),
        },
    ),
    "output_step": Exercise(
        solution=_step(),
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
            (np.array([1, 0, 2]), np.array([1, 2, 3]), 1, 2, 0.25),
            (np.array([1.0, 2.0]), np.array([3.0, -1.0]), 2.0, 3.0, 0.5),
            "*np.random.default_rng(7).normal(size=(2, 4)).round(2), 0.3, -1.0, 0.05",
        ),
        mistakes={
            "This walks uphill: the loss becomes larger. The step goes against the slopes.": (
                _step(lambda *here: -_pull(*here))
            ),
            "A factor 2 is missing: the pull is twice the error.": _step(
                lambda *here: _pull(*here) / 2
            ),
            "You moved the weights first and worked out the bias's slope at the new place. The "
            "slopes of one step all belong to one place.": _bias_later,
            "You moved the bias first and worked out the weights' slopes at the new place. The "
            "slopes of one step all belong to one place.": _weights_later,
            "All weights moved by the same amount. A weight's slope is the pull times what it "
            "multiplies, its entry of hidden.": _step(
                slopes=lambda pull, h, w, b: pull * np.ones(len(w) + 1)
            ),
            "A weight's slope is the pull times what it multiplies: its entry of hidden, not the "
            "weight itself.": _step(slopes=lambda pull, h, w, b: pull * np.append(w, 1)),
            "A bias is added, not multiplied: its slope is the pull, not the pull times the "
            "bias.": _step(slopes=lambda pull, h, w, b: pull * np.append(h, b)),
            "The prediction is without the bias. It has to be added to the sum.": _step(
                lambda h, w, b, t: _pull(h, w, 0, t)
            ),
            "The bias is added once, to the sum, and not to each product.": _step(
                lambda h, w, b, t: _pull(h, w, len(w) * b, t)
            ),
            "You did not add up the products. The unit has one output, and one pull.": (
                _a_pull_for_each
            ),
            "The target is missing: the pull is twice the error, prediction minus target.": _step(
                lambda h, w, b, t: _pull(h, w, b, 0)
            ),
            "Put brackets around the error: your 2 multiplies only the first part of it.": _step(
                lambda h, w, b, t: 2 * np.sum(h * w) + b - t
            ),
            "You took the squared error itself. Its slope with the prediction is twice the "
            "error.": _step(lambda *here: (_pull(*here) / 2) ** 2),
            "This output unit has no activation: its output is the sum as it is.": _step(
                lambda h, w, b, t: 2 * (sigmoid(np.sum(h * w) + b) - t)
            ),
            "This takes away the whole slopes: multiply them by the rate.": (
                lambda h, w, b, t, rate: _step()(h, w, b, t, 1)
            ),
            "The numbers are right, but the order is weights first, bias last.": (
                lambda h, w, b, t, rate: np.roll(_step()(h, w, b, t, rate), 1)
            ),
            "The weights are right, but the bias has not moved. Its slope is the pull itself.": (
                _step(slopes=lambda pull, h, w, b: pull * np.append(h, 0))
            ),
            "These are the slopes. Take the rate times them away from the parameters.": (
                lambda h, w, b, t, rate: _slopes(_pull(h, w, b, t), h, w, b)
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
            "This is the forward difference; nudge both ways.": _measured(
                down=0, slope=lambda above, below, h: (above - below) / h
            ),
            "This is the backward difference; nudge both ways.": _measured(
                up=0, slope=lambda above, below, h: (above - below) / h
            ),
            "Your second place is the start, not h below it. From h above it is 2h down. And "
            "start = net.theta is no copy: it moves, too.": _measured(down=0),
            "Between the two places lie 2h, and you divided by h.": _measured(
                slope=lambda above, below, h: (above - below) / h
            ),
            "/ 2 * h divides by 2 and then multiplies by h. Put brackets around 2 * h.": _measured(
                slope=lambda above, below, h: (above - below) / 2 * h
            ),
            "Only the height below is divided. Put brackets around the difference.": _measured(
                slope=lambda above, below, h: above - below / (2 * h)
            ),
            "The sign is turned around: above minus below.": _measured(-1, 1),
            "You nudged all parameters at once. Each slope needs a nudge of its own.": _all_at_once,
            "All your slopes are 0: both losses belong to one place. Did you nudge a copy? The "
            "network sees only what is written into net.theta itself.": lambda net, x, t, loss, h: (
                np.zeros(len(net.theta))
            ),
            "This is what the backward pass left in net.grad. The exercise is to measure it with "
            "nudges of size h, which is slightly different.": _derived,
        },
    ),
    "dense_back": Exercise(
        solution=_back(_d_weights, _d_biases, _d_x),
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
            "*np.random.default_rng(7).normal(size=(3, 4, 4))",
            (
                np.array([[1.0, 2.0], [0.0, 3.0]]),
                np.array([[1.0, 0.0, -1.0], [2.0, 1.0, 3.0]]),
                np.array([[1.0, 0.0, 2.0], [10.0, 0.0, 0.0]]),
            ),
            (
                np.array([[1.0, 0.0, -2.0]]),
                np.array([[2.0], [-1.0], [3.0]]),
                np.array([[-4.0]]),
            ),
        ),
        mistakes={
            "The slopes with the weights are transposed: a row for each input, a column for each "
            "unit.": _back(lambda x, W, d_y: d_y.T @ x, _d_biases, _d_x),
            "The pulls that go down to the inputs need the transpose of the weights. Where the "
            "weights are square, NumPy cannot notice.": _back(
                _d_weights, _d_biases, lambda x, W, d_y: d_y @ W
            ),
            "You did not add up the slopes of the biases over the samples: one number for each "
            "unit.": _back(_d_weights, lambda x, W, d_y: d_y, _d_x),
            "A bias gets the pulls of all samples, not those of the first one alone.": _back(
                _d_weights, lambda x, W, d_y: d_y[0], _d_x
            ),
            "You added up along the wrong axis: a bias belongs to a column of d_y.": _back(
                _d_weights, lambda x, W, d_y: np.sum(d_y, axis=1), _d_x
            ),
            "You took the mean for the biases. At a fork pulls add up; the mean is in the loss "
            "already.": _back(_d_weights, lambda x, W, d_y: np.mean(d_y, axis=0), _d_x),
            "You divided by the number of samples. At a fork pulls add up; the mean is in the loss "
            "already.": _back(
                lambda x, W, d_y: x.T @ d_y / len(x), lambda x, W, d_y: np.mean(d_y, axis=0), _d_x
            ),
            "You added up everything for the biases. There is one slope for each unit: add up down "
            "the columns.": _back(_d_weights, lambda x, W, d_y: np.sum(d_y), _d_x),
            "The slopes with x are transposed: yours have a row for each input, and x has a row "
            "for each sample.": _back(_d_weights, _d_biases, lambda x, W, d_y: W @ d_y.T),
            "The numbers are right, but the order is weights, biases, inputs.": _back(
                _d_x, _d_weights, _d_biases
            ),
            "The numbers are right, but the biases come before the inputs.": _back(
                _d_weights, _d_x, _d_biases
            ),
            "The slopes with the biases are missing between the other two.": _back(
                _d_weights, _d_x
            ),
        },
    ),
    "arrives": Exercise(
        solution=_arrives(),
        cases=(
            (np.array([1.0]), 0.25),
            (_X, 0.001),
            (_X, 0.02),
            (_X, 0.05),
            (np.array([1.0, 1.0]), 0.25),
            (np.array([1.0, -1.0]), 0.5),
            (np.array([-3.0, 0.5]), 0.1),
            (_X, 1.0),
            (np.array([1, 2]), 0.1),
            (np.array([0.123]), 0.0123),
            (np.array([0.0, 0.0]), 0.1),
        ),
        mistakes={
            "A factor 2 is missing: the slope of a square is twice the error.": _arrives(
                lambda x, rate: _factor(x, rate / 2)
            ),
            "This is the factor for the mean of the squares; the question is about their "
            "sum.": _arrives(lambda x, rate: _factor(x, rate / len(x))),
            "60 belongs to the inputs 1, 2, 3, 4 only: it is twice the sum of their "
            "squares.": _arrives(lambda x, rate: 1 - 60 * rate),
            "The factors are right. But the limit 1/30 belongs to the inputs 1, 2, 3, 4 "
            "only.": lambda x, rate: (_factor(x, rate), rate < 1 / 30),
            "Keep the sign of the factor: it says whether the walk changes the side.": _arrives(
                lambda x, rate: abs(_factor(x, rate))
            ),
            "The inputs have to be squared: x comes in once through the error, and once as its "
            "slope.": _arrives(lambda x, rate: 1 - 2 * rate * np.sum(x)),
            "Square first, and then add up. You squared the sum.": _arrives(
                lambda x, rate: 1 - 2 * rate * np.sum(x) ** 2
            ),
            "This is the share that a step takes away. What is left of the distance is 1 minus "
            "it.": _arrives(lambda x, rate: 1 - _factor(x, rate)),
            "To be below 1 is not enough: with a factor of -2 the distance doubles.": _arrives(
                shrinks=lambda factor: factor < 1
            ),
            "A negative factor jumps to the other side, but it arrives if it is above -1. And with "
            "0 it arrives at once.": _arrives(shrinks=lambda factor: 0 < factor < 1),
            "A negative factor jumps to the other side, but it arrives if it is above "
            "-1.": _arrives(shrinks=lambda factor: 0 <= factor < 1),
            "With a factor of exactly -1 or 1 the distance stays the same for ever.": _arrives(
                shrinks=lambda factor: abs(factor) <= 1
            ),
            "The factors are right, and the second answer is turned around.": _arrives(
                shrinks=lambda factor: abs(factor) >= 1
            ),
            "The two are right but swapped: first the factor, then whether it shrinks.": (
                lambda x, rate: _arrives()(x, rate)[::-1]
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
