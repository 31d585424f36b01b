"""Exercises and quiz of the chapter *Initialization*."""

import numpy as np

from nnutils.activations import identity, relu, selu, tanh
from nnutils.exercises import Exercise, Question


def _root_mean_square(a):
    return np.mean(a**2) ** 0.5


def _factors(x, weights, f, size=_root_mean_square):
    """Return by which factor each layer multiplies the size of the signal."""
    factors = []
    for W in weights:
        a = f(x @ W)
        factors.append(size(a) / size(x))
        x = a
    return np.array(factors)


def _either_way(factors):
    return np.maximum(factors, 1 / factors)


def _odd_layer(x, weights, f, *, worst=_either_way, size=_root_mean_square):
    """Return the number of the layer with the worst factor; the keywords make usual mistakes."""
    return int(np.argmax(worst(_factors(x, weights, f, size)))) + 1


def _odd_with(**mistake):
    return lambda *case: _odd_layer(*case, **mistake)


def _odd_outputs(size):
    """Return an answer that looks only at what comes out of each layer."""

    def odd_layer(x, weights, f):
        sizes = []
        for W in weights:
            x = f(x @ W)
            sizes.append(size(x))
        return int(np.argmax(sizes)) + 1

    return odd_layer


def _odd_sums(x, weights, f):
    factors = []
    for W in weights:
        factors.append(_root_mean_square(x @ W) / _root_mean_square(x))
        x = f(x @ W)
    return int(np.argmax(_either_way(np.array(factors)))) + 1


def _odd_weights(factor):
    """Return an answer that looks only at ``factor(W)`` of each matrix."""
    return lambda x, weights, f: (
        int(np.argmax(_either_way(np.array([factor(W) for W in weights])))) + 1
    )


def _normal(std):
    """Return an initializer that draws with the mean 0 and ``std(n_in, n_out)``."""
    return lambda rng, n_in, n_out: rng.normal(0, std(n_in, n_out), (n_in, n_out))


def _uniform(limit):
    """Return an initializer that draws between minus and plus ``limit(n_in, n_out)``."""

    def init(rng, n_in, n_out):
        end = limit(n_in, n_out)
        return rng.uniform(-end, end, (n_in, n_out))

    return init


def _back(n_out):
    return (6 / n_out) ** 0.5


_CASES_OF_DRAWS = tuple(
    (np.random.default_rng(seed), n_in, n_out)
    for seed, (n_in, n_out) in enumerate([(1, 2), (2, 1), (3, 3), (8, 2), (5, 20)])
)


def _kinds(*rows):
    """Return how many different columns these rows have."""
    return np.unique(np.vstack(rows), axis=1).shape[1]


def _different_units(W, b, V):
    return _kinds(W, b, V.T)


def _copies(W, b, V):
    return np.unique(np.vstack([W, b, V.T]), axis=1, return_counts=True)[1]


EXERCISES = {
    "by_hand": Exercise(
        solution=(0.2, 0.1, 0.08),
        mistakes={
            "These are the three variances. The standard deviation is the root of the first, the "
            "limit the root of 3 times the second.": (1 / 25, 2 / 600, 2 / 25),
            "These are three standard deviations. Asked for are a standard deviation, a limit and "
            "a variance.": (0.2, (2 / 600) ** 0.5, (2 / 25) ** 0.5),
            "These are the limits of three uniform forms. Asked for are a standard deviation, a "
            "limit and a variance.": ((3 / 25) ** 0.5, 0.1, (6 / 25) ** 0.5),
            "The first two are right. For He the variance is asked for; you took its root, the "
            "standard deviation.": (0.2, 0.1, (2 / 25) ** 0.5),
            "The first two are right. For He you gave the limit of the uniform form; the variance "
            "is asked for.": (0.2, 0.1, (6 / 25) ** 0.5),
            "The first two are right. The last is LeCun's variance; He's is twice as large.": (
                (0.2, 0.1, 1 / 25)
            ),
            "The first two are right. He's rule reads the fan-in, the 25 inputs. You took the 575 "
            "outputs.": (0.2, 0.1, 2 / 575),
            "The first two are right. He's variance is 2 divided by the fan-in alone; you divided "
            "by both fans, as Glorot does.": (0.2, 0.1, 2 / 600),
            "The last two are right. For LeCun you gave the variance; the standard deviation is "
            "its root.": (1 / 25, 0.1, 0.08),
            "The last two are right. For LeCun you gave the limit of the uniform form. The "
            "standard deviation of the normal one is the root of the variance, without the 3.": (
                ((3 / 25) ** 0.5, 0.1, 0.08)
            ),
            "The last two are right. LeCun's rule reads the fan-in, the 25 inputs. You took the "
            "575 outputs.": ((1 / 575) ** 0.5, 0.1, 0.08),
            "LeCun and He read the fan-in, the 25 inputs. You took the 575 outputs.": (
                ((1 / 575) ** 0.5, 0.1, 2 / 575)
            ),
            "You gave the standard deviation of Glorot's normal form. The limit of the uniform "
            "form is the root of 3 times as large.": (0.2, (2 / 600) ** 0.5, 0.08),
            "For Glorot you gave the variance. The limit is the root of 3 times the variance.": (
                (0.2, 2 / 600, 0.08)
            ),
            "For Glorot's limit you took a 3. Its variance has a 2 above the line, and 3 times 2 "
            "is 6.": (0.2, (3 / 600) ** 0.5, 0.08),
            "For Glorot's limit you divided 6 by the mean of the two fans. Divide it by their "
            "sum.": (0.2, (6 / 300) ** 0.5, 0.08),
            "Glorot's limit reads both fans; you took the fan-in alone.": (
                (0.2, (6 / 25) ** 0.5, 0.08)
            ),
            "The root is missing in Glorot's limit.": (0.2, 0.01, 0.08),
            "The three numbers are right, but their order is reversed.": (0.08, 0.1, 0.2),
            "The three numbers are right, but the first two are swapped.": (0.1, 0.2, 0.08),
        },
    ),
    "odd_layer": Exercise(
        solution=_odd_layer,
        cases=(
            "np.array([[1.0, 2.0]]), [0.1 * np.eye(2), 3 * np.eye(2)], identity",
            "np.array([[1.0, 2.0]]), [2 * np.eye(2), 0.2 * np.eye(2), 3 * np.eye(2)], identity",
            "np.array([[1.0, 2.0]]), [4 * np.eye(2), 5 * np.eye(2), 0.5 * np.eye(2)], identity",
            "np.array([[3.0, -4.0]]), [np.eye(2), 1.4 * np.eye(2)], relu",
            "np.array([[0.2, 0.4]]), [9 * np.eye(2), 0.4 * np.eye(2), 2 * np.eye(2)], tanh",
            "np.array([[5, -5]]), [np.eye(2), np.full((2, 50), 0.1), np.full((50, 2), 0.2)], relu",
            "np.ones((1, 3)), [np.array([[1.0, 0, 0], [0, 1, 0], [0, 0, 9]]), 0.5 * np.eye(3)], "
            "identity",
            "np.eye(2), [np.diag([3.0, 0.0]), 0.55 * np.eye(2)], identity",
            "np.array([[8.0, 0.1]]), [2 * np.eye(2), np.array([[1.0, 0], [0, 9.0]]), "
            "0.3 * np.eye(2)], identity",
            "np.random.default_rng(0).normal(size=(6, 3)), [np.full((3, 40), 0.5), "
            "np.full((40, 3), 0.1)], selu",
            "np.random.default_rng(1).normal(size=(5, 4)), "
            "list(np.random.default_rng(2).normal(0, 0.7, (3, 4, 4))), tanh",
        ),
        mistakes={
            "To divide the size by 10 is as bad as to multiply it by 10. Compare factors and "
            "their inverses.": _odd_with(worst=lambda factors: factors),
            "You look for the smallest factor. A layer that makes the signal much larger spoils "
            "it, too.": _odd_with(worst=lambda factors: -factors),
            "A factor of 0.1 is only 0.9 away from 1, and one of 3 is 2 away. Compare by what is "
            "multiplied or divided, not by the difference from 1.": _odd_with(
                worst=lambda factors: np.abs(factors - 1)
            ),
            "This layer spoils least. Asked for is the worst one.": _odd_with(
                worst=lambda factors: -_either_way(factors)
            ),
            "This is where the signal is largest. Divide each size by the one before, so that a "
            "layer does not answer for those in front of it.": _odd_outputs(_root_mean_square),
            "This is where the signal is smallest. Divide each size by the one before, so that a "
            "layer does not answer for those in front of it.": _odd_outputs(
                lambda a: -_root_mean_square(a)
            ),
            "You compare each size with that of the first batch. A layer answers for its own "
            "factor alone: divide by the size before it.": _odd_with(
                worst=lambda factors: _either_way(np.cumprod(factors))
            ),
            "Each layer gets the batch x here. It has to get what the layer before it has put "
            "out.": lambda x, weights, f: (
                1 + np.argmax(_either_way(np.array([_factors(x, [W], f)[0] for W in weights])))
            ),
            "You measure the sums. The signal is what comes out of the activation, which takes "
            "something away.": _odd_sums,
            "You look at the weights alone. What they do depends on the number of inputs, on the "
            "signal and on the activation: send x through.": _odd_weights(_root_mean_square),
            "Fan-in times variance is what to expect of random weights, before the activation. "
            "Send x through, and measure.": _odd_weights(lambda W: (len(W) * np.mean(W**2)) ** 0.5),
            "You measure from the mean, as np.std does. The size measures from 0.": _odd_with(
                size=lambda a: np.std(a) + 1e-300
            ),
            "You take the mean of the numbers without their signs. The size takes the mean of the "
            "squares, in which large numbers count more.": _odd_with(
                size=lambda a: np.mean(np.abs(a))
            ),
            "You take the length, which grows with the number of units. The size takes the mean "
            "of the squares.": _odd_with(size=np.linalg.norm),
            "You count the layers from 0. The first one has the number 1.": lambda *case: (
                _odd_layer(*case) - 1
            ),
            "This is the factor itself. Asked for is the number of the layer.": lambda *case: (
                np.max(_either_way(_factors(*case)))
            ),
        },
    ),
    "what_was_drawn": Exercise(
        solution=(3, 5, 2, 4),
        mistakes={
            "A and C are swapped: Glorot's variance is 2 over 500, and that of 3 is 2 over 400.": (
                2,
                5,
                3,
                4,
            ),
            "A and D are swapped: a standard deviation that is taken for a limit leaves a third, "
            "not a quarter.": (4, 5, 2, 3),
            "Look at A again: LeCun's variance, 1 over 100, times 100, is 1, and ReLU halves it.": (
                1,
                5,
                2,
                4,
            ),
            "Look at D again: LeCun's rule would leave a half.": (3, 5, 2, 1),
            "Look at C again: LeCun's rule would leave a half.": (3, 5, 1, 4),
            "B and D are swapped: which of the two faults is off by a factor of 3, and which by "
            "50?": (3, 4, 2, 5),
            "The draws are numbered from 1, and you count from 0.": (2, 4, 1, 3),
        },
    ),
    "keep_the_pull": Exercise(
        solution=_uniform(lambda n_in, n_out: _back(n_out)),
        cases=_CASES_OF_DRAWS,
        mistakes={
            "This keeps the signal on its way forward. On the way back an input adds up one pull "
            "for each output of the layer: take n_out.": _uniform(
                lambda n_in, n_out: (6 / n_in) ** 0.5
            ),
            "This is LeCun's uniform form, for the way forward and without ReLU. On the way back "
            "an input adds up n_out pulls, and half of the slopes are 0.": _uniform(
                lambda n_in, n_out: (3 / n_in) ** 0.5
            ),
            "This is the listed start, He's standard deviation as a limit. Multiply by the root of "
            "3, and on the way back take n_out.": _uniform(lambda n_in, n_out: (2 / n_in) ** 0.5),
            "This limit is the standard deviation. For a uniform draw multiply it by the root of "
            "3.": _uniform(lambda n_in, n_out: (2 / n_out) ** 0.5),
            "This limit is the variance. The limit is the root of 3 times the variance.": _uniform(
                lambda n_in, n_out: 2 / n_out
            ),
            "The root is missing: the limit is the root of 3 times the variance.": _uniform(
                lambda n_in, n_out: 6 / n_out
            ),
            "The root belongs to the whole fraction, 6 divided by n_out.": _uniform(
                lambda n_in, n_out: 6 / n_out**0.5
            ),
            "The standard deviation has to be multiplied by the root of 3, not by 3.": _uniform(
                lambda n_in, n_out: 3 * (2 / n_out) ** 0.5
            ),
            "This would be right without ReLU. Half of its slopes are 0, so the variance has to be "
            "twice as large.": _uniform(lambda n_in, n_out: (3 / n_out) ** 0.5),
            "You doubled the variance twice. Half of the slopes are 0, so the mean square of the "
            "pull is halved once.": _uniform(lambda n_in, n_out: (12 / n_out) ** 0.5),
            "You halved the variance. Half of the slopes are 0, and to make up for that the "
            "variance has to be doubled.": _uniform(lambda n_in, n_out: (1.5 / n_out) ** 0.5),
            "This is Glorot's rule, halfway between the two ways. Only the way back counts "
            "here.": _uniform(lambda n_in, n_out: (6 / (n_in + n_out)) ** 0.5),
            "This is Glorot's rule with twice the variance for ReLU, halfway between the two ways. "
            "Only the way back counts here.": _uniform(
                lambda n_in, n_out: (12 / (n_in + n_out)) ** 0.5
            ),
            "The number is upside down: the more pulls are added up, the smaller the weights have "
            "to be.": _uniform(lambda n_in, n_out: (n_out / 6) ** 0.5),
            "The size is right, but this is a normal draw. The uniform one is asked for.": _normal(
                lambda n_in, n_out: (2 / n_out) ** 0.5
            ),
            "This is a normal draw with the limit as its standard deviation. Use rng.uniform, from "
            "-limit to limit.": _normal(lambda n_in, n_out: _back(n_out)),
            "rng.normal takes a mean and a standard deviation, not two ends. Use "
            "rng.uniform.": lambda rng, n_in, n_out: rng.normal(
                -_back(n_out), _back(n_out), (n_in, n_out)
            ),
            "The draw starts at 0. It has to reach from -limit to limit, so that the mean is "
            "0.": lambda rng, n_in, n_out: rng.uniform(0, _back(n_out), (n_in, n_out)),
            "The shape is turned around: a row for each input, a column for each "
            "output.": lambda rng, n_in, n_out: _uniform(lambda *_: _back(n_out))(rng, n_out, n_in),
            "You draw the matrix turned around and turn it afterwards. That is as good a start, "
            "but the check compares number by number: draw (n_in, n_out) at "
            "once.": lambda rng, n_in, n_out: _uniform(lambda *_: _back(n_out))(rng, n_out, n_in).T,
        },
    ),
    "different_units": Exercise(
        solution=_different_units,
        cases=(
            (np.full((1, 2), 0.3), np.zeros(2), np.array([[1.0], [2.0]])),
            (np.full((1, 2), 0.3), np.zeros(2), np.array([[1.0], [1.0]])),
            (np.full((1, 2), 0.3), np.array([0.0, 0.1]), np.array([[1.0], [1.0]])),
            (np.array([[1.0, 2.0, 1.0]]), np.zeros(3), np.array([[5.0], [5.0], [5.0]])),
            (np.array([[1.0, 1.0], [2.0, 3.0]]), np.zeros(2), np.array([[5.0], [5.0]])),
            (np.zeros((3, 4)), np.zeros(4), np.zeros((4, 2))),
            (np.ones((2, 3)), np.zeros(3), np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 1.0]])),
            (np.eye(3), np.zeros(3), np.ones((3, 1))),
            "np.random.default_rng(5).integers(0, 2, (2, 9)), np.arange(9) % 2, np.eye(9)[:, :1]",
            (
                np.ones((2, 4)),
                np.zeros(4),
                np.array([[1.0, 2.0, 3.0], [2.0, 1.0, 3.0], [1.0, 2.0, 3.0], [0.0, 3.0, 3.0]]),
            ),
            (np.array([[1.0, -1.0]]), np.zeros(2), np.array([[2.0], [-2.0]])),
        ),
        mistakes={
            "You look at the weights that lead in. The pull comes through those that lead on: if "
            "they differ, the units part.": lambda W, b, V: _kinds(W),
            "You forgot the weights that lead on. If they differ, the pulls do, and the units "
            "part.": lambda W, b, V: _kinds(W, b),
            "You forgot the biases. Units with different biases have different "
            "outputs.": lambda W, b, V: _kinds(W, V.T),
            "You look at the weights that lead on alone. Those that lead in, and the biases, make "
            "the outputs.": lambda W, b, V: _kinds(V.T),
            "These are all units. Which of them do the same, now and for ever?": (
                lambda W, b, V: W.shape[1]
            ),
            "These are the units too many. How many different ones are there?": (
                lambda W, b, V: W.shape[1] - _different_units(W, b, V)
            ),
            "You count only units that have no twin. A pair of twins is one unit, too.": (
                lambda W, b, V: np.sum(_copies(W, b, V) == 1)
            ),
            "You count the kinds that have a twin. Units without one count, too.": (
                lambda W, b, V: np.sum(_copies(W, b, V) > 1)
            ),
            "A unit is a column of W. You compare its rows, the inputs.": (
                lambda W, b, V: len(np.unique(W, axis=0))
            ),
        },
    ),
    "leaky_variance": Exercise(
        solution=lambda n_in, leak: 2 / ((1 + leak**2) * n_in),
        cases=(
            (100, 0.0),
            (100, 1.0),
            (100, 0.5),
            (1, 0.0),
            (50, 0.01),
            (3, 0.25),
            (7, 2.0),
            (1000, 3),
        ),
        mistakes={
            "This is He's rule. It leaves out what the leak lets through.": lambda n_in, leak: (
                2 / n_in
            ),
            "This is LeCun's rule. It is right for leak 1 alone; a smaller leak takes something "
            "away.": lambda n_in, leak: 1 / n_in,
            "The leak multiplies the sums, so it multiplies their squares by the leak "
            "squared.": lambda n_in, leak: 2 / ((1 + leak) * n_in),
            "leak * 2 doubles the leak. Its square is leak**2.": lambda n_in, leak: (
                2 / ((1 + leak * 2) * n_in)
            ),
            "You squared 1 + leak. Only the leak is squared: the two halves of the sums add up as "
            "squares.": lambda n_in, leak: 2 / ((1 + leak) ** 2 * n_in),
            "Only half of the sums go through the leak, and the other half through the open side: "
            "the mean square is multiplied by half of 1 + leak squared.": lambda n_in, leak: (
                1 / ((1 + leak**2) * n_in)
            ),
            "You added the half to the leak only: the open side brings a half as well, not the "
            "whole.": lambda n_in, leak: 1 / ((1 + leak**2 / 2) * n_in),
            "This is the standard deviation. The variance is its square.": lambda n_in, leak: (
                (2 / ((1 + leak**2) * n_in)) ** 0.5
            ),
            "This is the limit of a uniform draw. The variance is a third of its "
            "square.": lambda n_in, leak: (6 / ((1 + leak**2) * n_in)) ** 0.5,
            "The more the leak lets through, the smaller the weights may be: 1 + leak squared "
            "belongs below the line.": lambda n_in, leak: 2 * (1 + leak**2) / n_in,
            "This is right at leak 0 and at leak 1, but in between it is wrong: the two halves add "
            "up as squares.": lambda n_in, leak: (2 - leak) / n_in,
            "This is right at leak 0 and at leak 1, but in between it is wrong: 1 + leak squared "
            "belongs below the line.": lambda n_in, leak: (2 - leak**2) / n_in,
            "This is upside down. The bend multiplies the mean square by half of 1 + leak squared, "
            "and the variance has to undo that.": lambda n_in, leak: (1 + leak**2) / (2 * n_in),
            "The fan-in is missing: a sum of n_in terms has n_in times the variance of "
            "one.": lambda n_in, leak: 2 / (1 + leak**2),
            "Brackets are missing: what stands behind a / and a * is multiplied. Divide by n_in as "
            "well.": lambda n_in, leak: 2 / (1 + leak**2) * n_in,
            "Brackets are missing: 1 has to be added to the square of the leak before both are "
            "multiplied by n_in.": lambda n_in, leak: 2 / (1 + leak**2 * n_in),
        },
    ),
}

QUIZ = (
    Question(
        "All weights of a network with a hidden layer start at 0.3. What happens in training?",
        {
            "Nothing moves, because all slopes are 0.": "They are not 0, and the loss changes. "
            "That trouble belongs to zeros.",
            "The hidden units get equal slopes in each step and stay equal.": "Equal weights get "
            "equal inputs and equal pulls, so the layer is worth a single unit.",
            "It learns as from random weights, only slower.": "More time does not help: after "
            "2,000 updates the units are as equal as at the start.",
            "The signals grow without end, because 0.3 is too large.": "For two or three inputs "
            "0.3 is a modest size. It is the equality that hurts.",
        },
        answer="The hidden units get equal slopes in each step and stay equal.",
    ),
    Question(
        "A model without any hidden layer starts with all weights at 0. What happens?",
        {
            "Its weights soon part, and it learns.": "Each slope is the pull times an input, and "
            "the inputs differ.",
            "All weights stay equal.": "That needs equal inputs. Two hidden units share theirs; "
            "two weights of one unit do not.",
            "It learns its bias, and its weights stay at 0.": "So it is with zeros in a hidden "
            "tanh or ReLU layer, where the outputs are 0.",
        },
        answer="Its weights soon part, and it learns.",
    ),
    Question(
        "A layer without activation has 400 inputs. Its weights are drawn with standard deviation "
        "0.1. What happens to the size of a signal?",
        {
            "It stays.": "That takes a standard deviation of 0.05, the root of 1/400.",
            "It shrinks to a tenth.": "Each term is a tenth of its input, but 400 of them are "
            "added up.",
            "It becomes 4 times as large.": "That is the mean square: 400 times 0.01. The size is "
            "its root.",
            "It becomes twice as large.": "The mean square is multiplied by 400 times 0.01, which "
            "is 4, and the size by 2.",
            "It becomes 40 times as large.": "That would be so if all terms had the same sign. "
            "Independent terms cancel in part.",
        },
        answer="It becomes twice as large.",
    ),
    Question(
        "Weights are drawn uniformly between -0.2 and 0.2. What is their standard deviation?",
        {
            "0.2": "That is the limit. Most draws lie well inside.",
            "About 0.0133": "That is the variance, a third of 0.04.",
            "About 0.115": "It is the limit divided by the root of 3.",
            "0.04": "That is the square of the limit, three times the variance.",
        },
        answer="About 0.115",
    ),
    Question(
        "Where does the 2 in He's rule come from?",
        {
            "ReLU sets about half of the sums to 0, which halves the mean square.": "Twice the "
            "variance makes up for it.",
            "A layer has two sizes, fan-in and fan-out.": "That is the 2 in Glorot's rule, which "
            "takes the mean of both.",
            "The slope of ReLU is 2.": "It is 1 where the unit is on, and 0 where it is off.",
            "A uniform draw needs twice the limit.": "The rule is about the variance, and "
            "holds for normal draws as well.",
        },
        answer="ReLU sets about half of the sums to 0, which halves the mean square.",
    ),
    Question(
        "A network with eight hidden layers of 20 ReLU units starts from weights with standard "
        "deviation 0.01. With SGD its loss does not move. What mends it?",
        {
            "A much larger learning rate.": "Next to no pull arrives; nine times the rate changed "
            "nothing. And above 1 the bias of the output, which gets its full pull, runs away.",
            "Larger batches.": "They make slopes more exact. These are next to 0, however exact.",
            "The same start for all weights.": "Then the units would be equal, too.",
            "He's rule.": "It keeps the signal through ReLU layers, and from there even the "
            "smallest rate learned.",
        },
        answer="He's rule.",
    ),
)
GUESSES = {
    "tanh": Question(
        "Twenty layers of tanh units start from weights of scale 4. Where do the outputs of the "
        "last layer lie?",
        {
            "Near 0": "So it is at small scales. At 0.25 the size after 20 layers is less than a "
            "trillionth.",
            "Evenly between −1 and 1": "Large sums end in the flat parts of tanh, and so the "
            "outputs pile up at both ends.",
            "Far beyond −1 and 1, because the signal explodes": "tanh has no values there. What "
            "explodes is the pull on its way back: it becomes about 6,000 times as large.",
            "Near −1 and 1": "Large sums end in the flat parts of tanh: 40 % of the outputs are "
            "saturated.",
        },
        answer="Near −1 and 1",
    ),
    "starts": Question(
        "Which starts do not learn at any of the three rates?",
        {
            "None: each of them learns at some rate": "Normal 0.01 stays at a loss of about 1 at "
            "all three, and normal 1 is stopped at once.",
            "Normal 0.01": "Right, but not all. Normal 1 is stopped at once at every rate: its "
            "first losses are near a hundred million.",
            "Normal 0.01 and normal 1": "With 0.01 no pull arrives, and the loss stays at about "
            "1. With 1 the first losses are near a hundred million, and all five are stopped at "
            "once.",
            "All three that are not made for their layer: normal 0.01, 0.2 and 1": "Normal 0.2 "
            "learns at the rate 0.09: the middle one of five ends at 0.23.",
        },
        answer="Normal 0.01 and normal 1",
    ),
}
