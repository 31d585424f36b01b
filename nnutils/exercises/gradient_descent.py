"""Exercises and quiz of the chapter *Gradient descent*."""

import numpy as np

from nnutils.activations import sigmoid
from nnutils.exercises import Exercise, Question

_X = np.array([1.0, 2.0, 3.0, 4.0])


def two_valleys(w):
    """Return the height of the chapter's curve with two valleys."""
    return w**4 - 2 * w**2 + 0.5 * w


def two_slopes(w):
    """Return the slope of the chapter's curve with two valleys."""
    return 4 * w**3 - 4 * w + 0.5


def _quiet(f):
    """Let a mistake overflow without a warning, as a careless reader does."""

    def answer(*arguments):
        with np.errstate(all="ignore"):
            return f(*arguments)

    return answer


def _read(
    factor=lambda a, b, c: (c - b) / (b - a),
    bottom=lambda a, b, c, f: (b - f * a) / (1 - f),
    show=lambda f: f,
):
    """Return a function that reads this factor and this bottom out of three places."""

    def read(a, b, c):
        f = factor(a, b, c)
        with np.errstate(all="ignore"):
            return show(f), bottom(*np.array([a, b, c], float), f)

    return read


def _twice(
    first=lambda x, W, d_y: x.T @ (d_y @ W.T),
    second=lambda x, W, d_y: (x @ W).T @ d_y,
    to_x=lambda W, d_y: d_y @ W.T @ W.T,
):
    """Return a function that adds the pulls of the two uses of the weights."""
    return lambda x, W, d_y: (first(x, W, d_y) + second(x, W, d_y), to_x(W, d_y))


def _walk(slope, w, rate, steps, sign=-1):
    for _ in range(steps):
        w = w + sign * rate * slope(w)
    return w


def _best_of(
    choose=lambda height, ends: min(ends, key=height),
    choose_first=False,
    at_end=True,
    restart=True,
    sign=-1,
    more=0,
):
    """Return a function that walks from each start and chooses an end."""

    def best_of(height, slope, starts, rate, steps):
        if choose_first:
            return _walk(slope, min(starts, key=height), rate, steps)
        if not at_end:
            return min(starts, key=height)
        ends = []
        for start in starts:
            begin = start if restart or not ends else ends[-1]
            ends.append(_walk(slope, begin, rate, steps + more, sign))
        return choose(height, ends)

    return best_of


def _lowest_on_the_way(height, slope, starts, rate, steps, first=None):
    """Return the lowest place of all walks; the starts count unless there is a first place."""
    counts = range(steps + 1) if first is None else range(1, steps + 1)
    places = [_walk(slope, start, rate, n) for start in starts for n in counts]
    return min(places if first is None else [first, *places], key=height)


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


def _factor(x, rate):
    return 1 - rate * 2 * np.sum(x**2)


def _arrives(factor=_factor, shrinks=lambda factor: abs(factor) < 1):
    """Return a function that gives this factor, and whether it is one that shrinks."""
    return lambda x, rate: (factor(x, rate), shrinks(factor(x, rate)))


EXERCISES = {
    "read_log": Exercise(
        solution=_read(),
        cases=(
            (4.0, 2.0, 1.0),
            (2.0, 1.25, 0.875),
            (2.0, -1.0, 5.0),
            (2.0, 0.5, 0.5),
            (3.0, -2.0, 2.0),
            (-1, 1, 2),
            (0.3, 0.123456789, 0.7),
            (100.0, 99.0, 98.5),
        ),
        mistakes={
            "That is the factor only if the bottom is at 0. The distances to the bottom shrink, "
            "and so do the steps.": _read(factor=lambda a, b, c: b / a),
            "The factor is turned upside down: new step divided by old step.": _read(
                factor=lambda a, b, c: (b - a) / (c - b)
            ),
            "The factor may be negative: then the walk jumps over the bottom.": _read(
                factor=lambda a, b, c: abs((c - b) / (b - a))
            ),
            "Divide the second step by the first. You took the way from the first place to the "
            "third.": _read(factor=lambda a, b, c: (c - a) / (b - a)),
            "This is how much a step takes away. The factor is what it leaves.": _read(
                show=lambda f: 1 - f
            ),
            "The factor is right. The bottom is not the last place of the log.": _read(
                bottom=lambda a, b, c, f: c
            ),
            "The factor is right. This is one more step, not the bottom.": _read(
                bottom=lambda a, b, c, f: c + f * (c - b)
            ),
            "The factor is right. Solve w1 - bottom = factor times (w0 - bottom) once more, and "
            "mind the signs.": _read(bottom=lambda a, b, c, f: (b - f * a) / (1 + f)),
            "The factor is right. w1 minus factor times w0 is only the part 1 minus factor of the "
            "bottom.": _read(bottom=lambda a, b, c, f: b - f * a),
            "The factor is right. The bottom is not the middle of the three places.": _read(
                bottom=lambda a, b, c, f: (a + b + c) / 3
            ),
            "Right but swapped: first the factor, then the bottom.": lambda a, b, c: _read()(
                a, b, c
            )[::-1],
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
    "twice_back": Exercise(
        solution=_twice(),
        cases=(
            (np.array([[3.0]]), np.array([[2.0]]), np.array([[1.0]])),
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
            (np.array([[1, 0, 2]]), np.array([[0, 1, 0], [2, 0, 1], [0, 0, 3]]), np.eye(1, 3)),
            "*np.random.default_rng(7).normal(size=(3, 4, 4))",
        ),
        mistakes={
            "This is one layer: x times W. The outputs have gone through W a second time.": (
                lambda x, W, d_y: (x.T @ d_y, d_y @ W.T)
            ),
            "d_x is right. W is used twice, and you have the pull of its first use only.": _twice(
                second=lambda x, W, d_y: 0
            ),
            "d_x is right. W is used twice, and you have the pull of its second use only.": _twice(
                first=lambda x, W, d_y: 0
            ),
            "d_x is right. The two uses of W do not get the same pull, so twice the first is not "
            "their sum.": _twice(second=lambda x, W, d_y: x.T @ (d_y @ W.T)),
            "d_x is right. The two uses of W do not get the same pull, so twice the second is not "
            "their sum.": _twice(first=lambda x, W, d_y: (x @ W).T @ d_y),
            "d_x is right. At a fork pulls are added up, not averaged.": lambda x, W, d_y: (
                (_twice()(x, W, d_y)[0] / 2, _twice()(x, W, d_y)[1])
            ),
            "d_x is right. The second use of W multiplies x W, not x.": _twice(
                second=lambda x, W, d_y: x.T @ d_y
            ),
            "d_x is right. The pull on the first use of W comes back through the second one.": (
                _twice(first=lambda x, W, d_y: x.T @ d_y)
            ),
            "The slopes with the weights are transposed: a row for each input, a column for each "
            "unit.": lambda x, W, d_y: (_twice()(x, W, d_y)[0].T, _twice()(x, W, d_y)[1]),
            "The slopes with the weights are right. The pull on x goes back through W twice.": (
                _twice(to_x=lambda W, d_y: d_y @ W.T)
            ),
            "The slopes with the weights are right. On the way back the pull goes through the "
            "transpose of W.": _twice(to_x=lambda W, d_y: d_y @ W @ W),
            "Right but swapped: first the slopes with the weights, then those with x.": (
                lambda x, W, d_y: _twice()(x, W, d_y)[::-1]
            ),
        },
    ),
    "named": Exercise(
        solution=(2, 0, 9, 9, 4, 0),
        mistakes={
            "You count the dense layers alone. The check counts the activations, too: the dense "
            "ones are 0, 2 and 4.": (1, 0, 9, 9, 2, 0),
            "A: the slopes of layer 0 do not depend on what layer 2 leaves for its own biases.": (
                (0, 0, 9, 9, 4, 0)
            ),
            "B: layer 4's own slopes are right. What is wrong is the pull of all layers below, "
            "and the check begins at the bottom.": (2, 4, 9, 9, 4, 0),
            "B: the pull of layer 2 is wrong, and so is that of layer 0. Which of them is checked "
            "first?": (2, 2, 9, 9, 4, 0),
            "C: who uses the pull that the first layer returns?": (2, 0, 0, 9, 4, 0),
            "D: the check compares the slopes with the loss that it is given. Half of both is no "
            "contradiction.": (2, 0, 9, 0, 4, 0),
            "E: a mean in the place of a sum makes the slopes too small, by the number of "
            "samples.": (2, 0, 9, 9, 9, 0),
            "E: the pull that layer 4 hands down is right, and so are the slopes below.": (
                (2, 0, 9, 9, 0, 0)
            ),
            "F: the loss is right and its slopes are not, so every gradient is half as long as "
            "it should be.": (2, 0, 9, 9, 4, 9),
            "F: all layers are wrong then, and the check begins at the bottom.": (2, 0, 9, 9, 4, 4),
        },
    ),
    "best_of": Exercise(
        solution=_best_of(),
        cases=(
            "two_valleys, two_slopes, [2.0], 0.01, 3",
            "two_valleys, two_slopes, [2.0, -2.0], 0.01, 100",
            "two_valleys, two_slopes, [-2.0, 2.0], 0.01, 100",
            "two_valleys, two_slopes, [0.9, -0.1], 0.01, 100",
            "two_valleys, two_slopes, [2.0, 1.5, -0.5, 0.5], 0.01, 30",
            "two_valleys, two_slopes, [0.5, -0.01, 1.0], 0.02, 1",
            "two_valleys, two_slopes, [1.0, -1.0], 0.05, 0",
            "two_valleys, two_slopes, [-2, 1, 2], 0.113, 4",
            "two_valleys, two_slopes, [-1.6, 0.3], 0.2, 3",
            "two_valleys, two_slopes, [-1.3], 0.24, 3",
            "two_valleys, two_slopes, [0.9, 2.0], 0.01, 300",
            "lambda w: (w - 3) ** 2 + 200, lambda w: 2 * (w - 3), [5.0, 2.0, 0.0], 0.9, 1",
        ),
        mistakes={
            "You choose before the walk. A start that is high may lead into the lower valley: "
            "walk first, then compare.": _best_of(choose_first=True),
            "You compare, but at the starts. Compare the ends, and return the best end.": (
                _best_of(at_end=False)
            ),
            "This is the height. Asked is the place.": lambda *a: a[0](_best_of()(*a)),
            "The next walk begins where the last one ended. Each has its own start.": _best_of(
                restart=False
            ),
            "This is the end of the last walk, whatever its height.": _best_of(
                choose=lambda height, ends: ends[-1]
            ),
            "This is the end of the first walk, whatever its height.": _best_of(
                choose=lambda height, ends: ends[0]
            ),
            "You took the highest end.": _best_of(
                choose=lambda height, ends: max(ends, key=height)
            ),
            "The smallest w is not always the lowest place: compare the heights.": _best_of(
                choose=lambda height, ends: min(ends)
            ),
            "This walks uphill: the slope says where the height rises, so subtract.": _quiet(
                _best_of(sign=1)
            ),
            "These are all ends. Return the lowest of them.": _best_of(
                choose=lambda height, ends: ends
            ),
            "This is one step too many.": _best_of(more=1),
            "Compare the ends, not the places on the way.": _lowest_on_the_way,
            "Compare when a walk has ended, not after every step.": lambda *given: (
                _lowest_on_the_way(*given, first=given[2][0])
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
        "What does w do at the rate 0.033?",
        {
            "It arrives at the bottom almost at once": "That is what the rate 0.017 does, where "
            "the factor is nearly 0.",
            "It jumps from side to side, further each time": "That needs a factor below -1. At "
            "the rate 0.037 it is -1.22, here it is -0.98.",
            "It comes down on one side, 33 times as fast as at the rate 0.001": "It stays on one "
            "side only while the factor is positive. Here it is -0.98.",
            "It jumps from side to side and comes closer, but slowly": "The factor is -0.98. "
            "After 20 steps w is 1.501, still 1.001 from the bottom, where it began with 1.5.",
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
