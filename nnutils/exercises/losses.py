"""Exercises and quiz of the chapter *Loss functions*."""

import numpy as np

from nnutils.exercises import Exercise, Question
from nnutils.numerics import sigmoid, softmax


def probabilities(*shape, seed):
    """Return random probabilities; each row adds up to 1."""
    return softmax(np.random.default_rng(seed).normal(0, 1.5, shape), axis=-1)


def _quiet(f):
    """Let a mistake divide by 0 without a warning, as a careless reader does."""

    def answer(*arguments):
        with np.errstate(all="ignore"):
            return f(*arguments)

    return answer


def _one_hot(p, labels):
    return np.eye(p.shape[1])[labels]


def _surprise(p, labels):
    return -np.log(p[np.arange(len(p)), labels])


def _entropies(p):
    nats = np.sum(p[p > 0] * np.log(1 / p[p > 0]))
    return nats / np.log(2), nats


def _naive_softmax(z, axis):
    return np.exp(z) / np.sum(np.exp(z), axis=axis, keepdims=True)


def _gradient(z, labels, softmax=softmax, axis=1):
    return (softmax(z, axis=axis) - _one_hot(z, labels)) / len(labels)


def _minus_1(z, *places):
    """Return a gradient that subtracts 1 at some places."""
    slopes = softmax(z, axis=1)
    slopes[places] -= 1
    return slopes / len(z)


def _hinge(scores, labels, margin=1):
    return np.where(labels * scores < margin, -labels, 0) / len(labels)


EXERCISES = {
    "by_hand": Exercise(
        solution=(6, 2, -8 / 3, -1 / 3),
        mistakes={
            "These are sums. The losses of this course are means: divide by 3.": (18, 6, -8, -1),
            "The losses are right. The slopes have to be divided by 3, too.": (6, 2, -8, -1),
            "The losses are right. The slope of the squares has to be divided by 3, too.": (
                (6, 2, -8, -1 / 3)
            ),
            "The losses are right. The slope of the sizes has to be divided by 3, too.": (
                (6, 2, -8 / 3, -1)
            ),
            "The losses are right. An error is prediction minus target, so the third is -4, and "
            "its slopes are negative.": (6, 2, 8 / 3, 1 / 3),
            "A factor 2 is missing in the third number: the slope of a square is twice the "
            "error.": (6, 2, -4 / 3, -1 / 3),
            "This is half the square. The loss of this course is the whole square, with the slope "
            "twice the error.": (3, 2, -4 / 3, -1 / 3),
            "The third number is the error itself. The slope of its square is twice the error, and "
            "the mean divides by 3.": (6, 2, -4, -1 / 3),
            "The third number is negative, as the error is: the square falls when the prediction "
            "rises.": (6, 2, 8 / 3, -1 / 3),
            "The last slope is negative: where the error is negative, its size falls when the "
            "prediction rises.": (6, 2, -8 / 3, 1 / 3),
            "The third number is the square of the error. The slope of a square is twice the "
            "error.": (6, 2, 16 / 3, -1 / 3),
            "You added up the errors with their signs before you squared or dropped the sign.": (
                (16 / 3, 4 / 3, -8 / 3, -1 / 3)
            ),
            "You took the mean of the errors with their signs before you squared or dropped the "
            "sign.": (16 / 9, 4 / 3, -8 / 3, -1 / 3),
            "The slope of the size of an error is its sign, 1 or -1, not the error.": (
                (6, 2, -8 / 3, -4 / 3)
            ),
            "The losses are right. These are the slopes with the first prediction; asked are those "
            "with the third.": (6, 2, 2 / 3, 1 / 3),
            "The losses are right. These are the slopes with the second prediction; asked are "
            "those with the third.": (6, 2, -2 / 3, -1 / 3),
            "The losses are swapped: first the squared error, then the absolute one.": (
                (2, 6, -8 / 3, -1 / 3)
            ),
            "The slopes are swapped: first that of the squared error, then that of the absolute "
            "one.": (6, 2, -1 / 3, -8 / 3),
            "The first number is the root of the mean. The mean squared error takes no root.": (
                (6**0.5, 2, -8 / 3, -1 / 3)
            ),
        },
    ),
    "mean_cross_entropy": Exercise(
        solution=lambda p, labels: np.mean(_surprise(p, labels)),
        cases=(
            "np.array([[0.5, 0.5]]), np.array([0])",
            "np.array([[0.88, 0.12], [0.3, 0.7]]), np.array([0, 1])",
            "np.array([[0.88, 0.12], [0.3, 0.7]]), np.array([1, 1])",
            "np.array([[0.5, 0.5, 0.0], [0.0, 0.25, 0.75], [0.0, 1.0, 0.0]]), np.array([0, 1, 1])",
            "np.array([[1.0, 0.0]]), np.array([0])",
            "np.array([[1e-30, 1.0]]), np.array([0])",
            "np.array([[1e-200, 1.0], [1e-200, 1.0]]), np.array([0, 0])",
            "probabilities(4, 4, seed=1), np.array([2, 0, 0, 3])",
            "probabilities(7, 7, seed=2), np.array([6, 0, 1, 1, 5, 2, 0])",
        ),
        mistakes={
            "This is the sum over the batch. Divide by the number of samples.": lambda p, k: np.sum(
                _surprise(p, k)
            ),
            "np.sum without an axis adds up classes and samples alike, and the mean of one number "
            "is that number: this is the sum over the batch. And 0 times log 0 is nan.": _quiet(
                lambda p, k: -np.mean(np.sum(_one_hot(p, k) * np.log(p)))
            ),
            "The logarithm of 0 is minus infinity, and 0 times that is nan. Take the logarithm of "
            "the right class alone.": _quiet(
                lambda p, k: -np.mean(np.sum(_one_hot(p, k) * np.log(p), axis=1))
            ),
            "You average over the classes, too. Each sample has one right class, so divide by the "
            "number of samples only.": lambda p, k: np.mean(_surprise(p, k)) / p.shape[1],
            "np.mean over the whole table divides by the number of classes, too. And 0 times "
            "log 0 is nan.": _quiet(lambda p, k: -np.mean(_one_hot(p, k) * np.log(p))),
            "A tiny number in the logarithm changes the loss: at 1e-30 it is 69.1, not 27.6. Take "
            "the logarithm of the right class alone, and 0 does no harm.": lambda p, k: (
                -np.mean(np.log(p[np.arange(len(p)), k] + 1e-12))
            ),
            "The sign is turned around: the logarithm of a probability is negative, the loss is "
            "not.": lambda p, k: -np.mean(_surprise(p, k)),
            "These are bits, from base 2. Nats need the natural logarithm, np.log.": lambda p, k: (
                np.mean(_surprise(p, k)) / np.log(2)
            ),
            "This is the logarithm to base 10. Nats need the natural one, np.log.": lambda p, k: (
                np.mean(_surprise(p, k)) / np.log(10)
            ),
            "The product of many probabilities rounds to 0. Take the logarithms first, and then "
            "their mean.": _quiet(lambda p, k: -np.log(np.prod(np.exp(-_surprise(p, k)))) / len(p)),
            "Take the mean of the logarithms, not the logarithm of the mean.": lambda p, k: (
                -np.log(np.mean(np.exp(-_surprise(p, k))))
            ),
            "p[:, labels] takes whole columns. For pairs of a row and a column write "
            "p[np.arange(len(p)), labels].": _quiet(lambda p, k: np.mean(-np.log(p[:, k]))),
            "p[labels] takes whole rows. For pairs of a row and a column write "
            "p[np.arange(len(p)), labels].": _quiet(lambda p, k: np.mean(-np.log(p[k]))),
            "The row comes first, then the column: p[np.arange(len(p)), labels].": _quiet(
                lambda p, k: np.mean(-np.log(p[k, np.arange(len(p))]))
            ),
            "You take the largest probability of each row. The right class may be another "
            "one.": lambda p, k: np.mean(_surprise(p, np.argmax(p, axis=1))),
            "This is the mean probability of the right class. The loss is minus its "
            "logarithm.": lambda p, k: np.mean(np.exp(-_surprise(p, k))),
            "These are the losses of the samples. Take their mean.": _surprise,
        },
    ),
    "entropies": Exercise(
        solution=_entropies,
        tolerance=1e-13,  # what 1e-12 in the logarithm adds is seen
        cases=(
            "np.array([0.5, 0.5])",
            "np.array([0.5, 0.25, 0.125, 0.125])",
            "np.array([1.0])",
            "np.array([0.0, 1.0, 0.0])",
            "np.array([0.5, 0.0, 0.5])",
            "np.array([1e-6, 1 - 1e-6])",
            "np.full(10, 0.1)",
            "probabilities(6, seed=3)",
        ),
        mistakes={
            "Right but swapped: first bits, from base 2, then nats.": lambda p: _entropies(p)[::-1],
            "Both of them are nats; for bits divide by the natural logarithm of 2.": lambda p: (
                (_entropies(p)[1], _entropies(p)[1])
            ),
            "Both of them are bits; for nats use np.log.": lambda p: (
                (_entropies(p)[0], _entropies(p)[0])
            ),
            "The sign is turned around: probabilities have negative logarithms, so it takes a "
            "minus, or 1 / p.": lambda p: (-_entropies(p)[0], -_entropies(p)[1]),
            "With a probability of 0 this is nan. Leave such colors out before you take the "
            "logarithm.": _quiet(lambda p: (-np.sum(p * np.log2(p)), -np.sum(p * np.log(p)))),
            "A tiny number in the logarithm changes the result: log(1 + 1e-12) is not 0. Leave out "
            "the colors of probability 0.": lambda p: (
                (-np.sum(p * np.log2(p + 1e-12)), -np.sum(p * np.log(p + 1e-12)))
            ),
            "The bits are right. A nat is more than a bit, so there are fewer nats: multiply by "
            "log 2, do not divide.": lambda p: (_entropies(p)[0], _entropies(p)[0] / np.log(2)),
            "The nats are right. A bit is less than a nat, so there are more bits: divide by "
            "log 2, do not multiply.": lambda p: (_entropies(p)[1] * np.log(2), _entropies(p)[1]),
            "0.6931 is rounded. Write np.log(2).": lambda p: (
                (_entropies(p)[1] / 0.6931, _entropies(p)[1])
            ),
            "0.6931 is rounded: for the nats write np.log(2).": lambda p: (
                (_entropies(p)[0], _entropies(p)[0] * 0.6931)
            ),
            "Weigh each logarithm with its probability: balls that come often count more.": (
                lambda p: (np.mean(-np.log2(p[p > 0])), np.mean(-np.log(p[p > 0])))
            ),
            "You add up the logarithms as they are. Weigh each with its probability first.": (
                lambda p: (np.sum(-np.log2(p[p > 0])), np.sum(-np.log(p[p > 0])))
            ),
            "The probabilities weigh the logarithms already: add up, and do not divide by the "
            "number of colors.": lambda p: (
                (_entropies(p)[0] / np.sum(p > 0), _entropies(p)[1] / np.sum(p > 0))
            ),
        },
    ),
    "cross_entropy_gradient": Exercise(
        solution=_gradient,
        cases=(
            "np.array([[0.0, 0.0]]), np.array([0])",
            "np.array([[1.0, 2.0, 3.0]]), np.array([0])",
            "np.array([[1, 2, 3], [0, 0, 5], [1, 1, 1]]), np.array([2, 0, 0])",
            "np.array([[1000.0, 1001.0], [0.0, 1.0]]), np.array([0, 1])",
            "np.random.default_rng(1).normal(0, 2, (4, 4)), np.array([0, 2, 1, 1])",
            "np.random.default_rng(2).normal(0, 2, (5, 5)), np.array([4, 4, 0, 1, 3])",
        ),
        mistakes={
            "This is target minus probability. The slope is probability minus target; going down "
            "subtracts it later.": lambda z, k: -_gradient(z, k),
            "The mean over the samples is missing: divide by their number.": lambda z, k: (
                _gradient(z, k) * len(k)
            ),
            "You divide by the number of all scores. The mean is over samples, so divide by their "
            "number.": lambda z, k: _gradient(z, k) / z.shape[1],
            "You divide by the number of classes. The mean is over samples, so divide by their "
            "number.": lambda z, k: _gradient(z, k) * len(k) / z.shape[1],
            "These are the probabilities, divided by the number of samples. Subtract 1 at the "
            "right class.": lambda z, k: softmax(z, axis=1) / len(k),
            "You subtract the labels. They are only the numbers of the classes; the targets are 1 "
            "at the right class and 0 elsewhere.": lambda z, k: (softmax(z, axis=1) - k) / len(k),
            "You subtract the labels, and the mean is missing. The targets are 1 at the right "
            "class and 0 elsewhere.": lambda z, k: softmax(z, axis=1) - k,
            "You subtract the label of a row in all its columns. The targets are 1 at the right "
            "class and 0 elsewhere.": lambda z, k: (softmax(z, axis=1) - k.reshape(-1, 1)) / len(k),
            "slopes[:, labels] takes whole columns. For pairs of a row and a column write "
            "slopes[np.arange(len(labels)), labels].": lambda z, k: _minus_1(z, slice(None), k),
            "slopes[labels] takes whole rows. For pairs of a row and a column write "
            "slopes[np.arange(len(labels)), labels].": lambda z, k: _minus_1(z, k),
            "The row comes first, then the column: slopes[np.arange(len(labels)), labels].": (
                lambda z, k: _minus_1(z, k, np.arange(len(k)))
            ),
            "You put -1 there. Subtract 1 from what is there: -= instead of =.": lambda z, k: (
                np.where(_one_hot(z, k) == 1, -1, softmax(z, axis=1)) / len(k)
            ),
            "You subtract 1 everywhere. Subtract it at the right class alone.": lambda z, k: (
                _minus_1(z, slice(None))
            ),
            "The shares have to add up to 1 in each row: axis=1.": lambda z, k: _gradient(
                z, k, axis=0
            ),
            "Right for small scores. exp(1000) overflows: subtract the largest score of each row "
            "first.": _quiet(lambda z, k: _gradient(z, k, _naive_softmax)),
            "You add up over the whole batch, and exp(1000) overflows. Give the sum axis=1, and "
            "subtract the largest score of each row first.": _quiet(
                lambda z, k: _gradient(z, k, _naive_softmax, axis=None)
            ),
            "The sigmoid is for yes or no. Several classes share their probability: softmax.": (
                lambda z, k: (sigmoid(z) - _one_hot(z, k)) / len(k)
            ),
            "You average the slopes over the samples. Each sample keeps its own slopes, divided by "
            "their number.": lambda z, k: np.sum(_gradient(z, k), axis=0),
            "Subtract the target from the probabilities, not from the scores: softmax first.": (
                lambda z, k: (z - _one_hot(z, k)) / len(k)
            ),
            "Divide the whole difference by the number of samples, the targets as well: mind the "
            "brackets.": lambda z, k: softmax(z, axis=1) - _one_hot(z, k) / len(k),
            "Divide the whole difference by the number of samples, the probabilities as "
            "well.": lambda z, k: softmax(z, axis=1) / len(k) - _one_hot(z, k),
        },
    ),
    "hinge_gradient": Exercise(
        solution=_hinge,
        cases=(
            "np.array([0.5]), np.array([1])",
            "np.array([0.56, 0.37, 1.1]), np.array([1, -1, 1])",
            "np.array([1.0, -1.0]), np.array([1, -1])",
            "np.array([100.0, -100.0]), np.array([-1, -1])",
            "np.array([2, -3, 1, 2]), np.array([1, 1, -1, -1])",
            "np.array([0.999, 1.001, -0.999, -1.001]), np.array([1, 1, -1, -1])",
            "np.random.default_rng(1).normal(0, 2, 7).round(2), np.array([1, -1, -1, 1, -1, 1, 1])",
        ),
        mistakes={
            "This asks only for the right side. The hinge wants a margin of 1: a score of 0.5 with "
            "the label 1 is still pulled.": lambda s, y: _hinge(s, y, margin=0),
            "The sign is turned around: with the label 1 and too small a score, the loss falls "
            "when the score rises.": lambda s, y: -_hinge(s, y),
            "The mean is missing: divide by the number of samples.": lambda s, y: (
                _hinge(s, y) * len(y)
            ),
            "You divide by the number of samples that lack something. The mean is over all of "
            "them.": _quiet(lambda s, y: _hinge(s, y) * len(y) / np.sum(y * s < 1)),
            "Where the margin is exactly 1 the slope is 0; you let it pull there.": lambda s, y: (
                np.where(y * s <= 1, -y, 0) / len(y)
            ),
            "You pull everywhere. Where the margin is met, the loss is 0 and flat.": lambda s, y: (
                -y / len(y)
            ),
            "The sides are swapped: the pull belongs where the margin is below 1.": lambda s, y: (
                np.where(y * s > 1, -y, 0) / len(y)
            ),
            "The margin is label times score. You compare the score alone.": lambda s, y: (
                np.where(s < 1, -y, 0) / len(y)
            ),
            "The slope is minus the label. You have -1 for both labels.": lambda s, y: (
                np.where(y * s < 1, -1, 0) / len(y)
            ),
            "The slope of label times score with the score is the label; the score itself is "
            "gone.": lambda s, y: np.where(y * s < 1, -y * s, 0) / len(y),
            "The slope of label times score with the score is the label; this is the slope with "
            "the label.": lambda s, y: np.where(y * s < 1, -s, 0) / len(y),
            "This is the squared hinge: its pull grows with what is lacking.": lambda s, y: (
                -2 * y * np.maximum(0, 1 - y * s) / len(y)
            ),
            "This is what the samples lack, their losses. Asked are the slopes.": lambda s, y: (
                np.maximum(0, 1 - y * s)
            ),
            "These are the losses of the samples, divided by their number. Asked are the "
            "slopes.": lambda s, y: np.maximum(0, 1 - y * s) / len(y),
            "This is the mean loss. Asked are its slopes, one for each score.": lambda s, y: (
                np.mean(np.maximum(0, 1 - y * s))
            ),
            "You add the slopes up. Asked is one for each score.": lambda s, y: np.sum(
                _hinge(s, y)
            ),
            "These are all 0: zeros_like makes whole numbers out of whole labels, and they lose "
            "what stands behind the point. Divide at the end.": lambda s, y: np.trunc(_hinge(s, y)),
        },
    ),
    "name_the_loss": Exercise(
        solution=(3, 1, 4, 2, 5),
        mistakes={
            "B and D are swapped: squares punish large misses, sizes are not impressed by typing "
            "errors.": (3, 2, 4, 1, 5),
            "A and C are swapped: spam is a question of yes or no, digits are one class of ten.": (
                (4, 1, 3, 2, 5)
            ),
            "A and E are swapped: the hinge gives no probability, and a mail needs one.": (
                (5, 1, 4, 2, 3)
            ),
            "C and E are swapped: ten digits are one class of several, and the hinge tells no "
            "probability.": (3, 1, 5, 2, 4),
            "A, C and E are in a circle: which of them asks for yes or no, which for one class of "
            "several, and which for no probability?": (5, 1, 3, 2, 4),
            "A, C and E are in a circle, the other way round: which of them asks for yes or no, "
            "which for one class of several, and which for no probability?": (4, 1, 5, 2, 3),
            "B and D are swapped, and A and C, too. An outlier is worst for squares; ten digits "
            "are more than yes or no.": (4, 2, 3, 1, 5),
            "These are the numbers in the order of the list; find the right task for each.": (
                (1, 2, 3, 4, 5)
            ),
            "This says for each loss its task. For each task from A to E, write the number of its "
            "loss.": (2, 4, 1, 3, 5),
            "You count from 0. The list of the losses counts from 1.": (2, 0, 3, 1, 4),
        },
    ),
}

QUIZ = (
    Question(
        "Ten predictions are too high by 2, ten are too low by 2. What is the mean of the errors "
        "with their signs, and what the mean squared error?",
        {
            "0 and 0": "Squares do not cancel: each of the twenty is 4.",
            "0 and 4": "Signed errors cancel, so their mean cannot tell this from perfection.",
            "2 and 4": "2 is the mean absolute error. With signs, the errors cancel.",
            "4 and 0": "It is the other way round: signs cancel, squares do not.",
        },
        answer="0 and 4",
    ),
    Question(
        "You always predict one and the same number, and one target of five moves from 10 to 1000. "
        "The others are 1, 2, 3, 4. What happens to the best prediction for the absolute error?",
        {
            "It stays at 3.": "The middle value is still 3; only the side of a value counts.",
            "It rises by 990 / 5 = 198.": "The mean does that; it is best for the squared error.",
            "It rises to 1000.": "Four values out of five would be missed by almost 1000.",
            "It falls.": "No value pulls downwards more than before.",
        },
        answer="It stays at 3.",
    ),
    Question(
        "A network gives the right class the probability 0.5 in one batch and 0.25 in another. By "
        "how much does the cross-entropy grow?",
        {
            "It becomes four times as large.": "It doubles, from one bit to two: halving a "
            "probability adds, and does not multiply.",
            "By 0.25.": "That is the difference of the probabilities, not of their logarithms.",
            "By one bit, the price of one more question.": "Halving the probability adds one "
            "question, that is log 2, about 0.69 nats.",
            "Not at all, if the class is still the most probable.": "The loss looks at the "
            "probability itself. The accuracy would stay.",
        },
        answer="By one bit, the price of one more question.",
    ),
    Question(
        "Why does the package compute cross-entropy from scores and not from probabilities?",
        {
            "Scores are more accurate numbers than probabilities.": "Nothing is wrong with a "
            "probability, until it is so small that it becomes 0.",
            "It saves the softmax.": "The softmax is still needed for the slope. Time is not the "
            "reason.",
            "Because a loss needs no probabilities.": "Its meaning comes from them. Only the way "
            "to compute it avoids them.",
            "A tiny probability becomes 0, and its logarithm infinite.": "From the scores, the "
            "logarithm is computed without ever making the tiny number.",
        },
        answer="A tiny probability becomes 0, and its logarithm infinite.",
    ),
    Question(
        "All samples are classified correctly. What do you know about the hinge loss?",
        {
            "It is 0.": "A sample with the label 1 and the score 0.56 is right and costs 0.44.",
            "Each sample costs less than 1, and it may still cost something.": "Right means a "
            "positive margin. To cost nothing, the margin has to be at least 1.",
            "It is negative.": "A hinge never goes below 0.",
            "Nothing at all.": "A sample on the right side lacks less than 1, so it costs less "
            "than 1.",
        },
        answer="Each sample costs less than 1, and it may still cost something.",
    ),
    Question(
        "Why is a network not trained by walking along the slope of its accuracy?",
        {
            "Accuracy is not interesting enough.": "It is often what we care about most.",
            "Accuracy and loss are the same, so it does not matter.": "A network can have the "
            "larger loss and the better accuracy.",
            "That slope is 0 nearly everywhere.": "A tiny nudge changes no decision, and a slope "
            "of 0 says nothing.",
            "Accuracy is too expensive to compute.": "It is cheaper than any loss: it only "
            "compares.",
        },
        answer="That slope is 0 nearly everywhere.",
    ),
)
GUESSES = {
    "outlier": Question(
        "The fifth value climbs from 0 to 30. What does the best c for sizes do?",
        {
            "It goes from 2 to 3, and then it stays": "It is the middle one of the five. Once the "
            "fifth value is above 3, only its side counts, and not its distance.",
            "It climbs without end, by a fifth of what the value climbs": "That is the best c for "
            "squares, the mean. It goes from 2 to 8.",
            "It stays at 2 all the time": "Until the fifth value reaches 2. From 2 to 3 it is the "
            "middle one itself, and the best c goes along with it.",
            "It goes along up to 30": "It goes along from 2 to 3 only. At 30 it would be far from "
            "four values, to be near to one.",
        },
        answer="It goes from 2 to 3, and then it stays",
    ),
    "red": Question(
        "You take red balls out of the second bag. From where on is the even strategy better than "
        "asking for red first?",
        {
            "When less than half are red": "With 40 % red, asking for red first still costs only "
            "1.90 questions. The even strategy always costs 2.",
            "When less than a third are red": "Red first costs 2.5 questions less 1.5 times the "
            "share of red. That is 2 when a third are red.",
            "When less than a quarter are red": "With a quarter of red balls, asking for red "
            "first costs 2.125 questions, more than 2 already.",
            "Never: it is the cleverer strategy of the two": "It is for the second bag. Without "
            "any red balls it costs 2.5 questions, half a question too many.",
        },
        answer="When less than a third are red",
    ),
    "pull": Question(
        "A network gives the right answer only 1 %. Which loss pulls harder at the score?",
        {
            "The squared error, because squares punish large errors most": "They do for prices. "
            "Here the slope of the sigmoid, 0.0099, is a factor as well, and what is left is a "
            "pull of 0.020.",
            "Cross-entropy, twice as hard": "That is so at 50 %, with pulls of 0.500 and 0.250.",
            "Neither: both pull equally hard": "They begin with the same probability, but their "
            "slopes with the score differ: 0.990 and 0.020.",
            "Cross-entropy, fifty times as hard": "0.990 against 0.020. Its logarithm is steep "
            "just where the sigmoid is flat.",
        },
        answer="Cross-entropy, fifty times as hard",
    ),
}
