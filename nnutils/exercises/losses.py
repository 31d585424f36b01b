"""Exercises and quiz of the chapter *Loss functions*."""

import math

import numpy as np

from nnutils.exercises import Exercise, Question
from nnutils.numerics import logsumexp, softmax


def probabilities(*shape, seed):
    """Return random probabilities; each row adds up to 1."""
    return softmax(np.random.default_rng(seed).normal(0, 1.5, shape), axis=-1)


def _quiet(f):
    """Let a mistake divide by 0 without a warning, as a careless reader does."""

    def answer(*arguments):
        with np.errstate(all="ignore"):
            return f(*arguments)

    return answer


def _bounded(
    near=lambda size: size**2 / 2,
    far=lambda size, most: most * size - most**2 / 2,
    slopes=lambda errors, most: np.clip(errors, -most, most),
    count=np.size,
    mean=np.mean,
):
    """Return a loss of these pieces, with these slopes."""

    def bounded(outputs, targets, most):
        errors = outputs - targets
        size = np.abs(errors)
        each = np.where(size <= most, near(size), far(size, most))
        return mean(each), slopes(errors, most) / count(errors)

    return bounded


def _each(z, targets):
    return logsumexp(z, axis=1) - np.sum(targets * z, axis=1)


def _soft(each=_each, slopes=lambda z, t: softmax(z, axis=1) - t, mean=np.mean):
    """Return a cross-entropy with probabilities as targets, and with these slopes."""
    return lambda z, t: (mean(each(z, t)), slopes(z, t) / len(z))


def _stretch(
    margins=lambda scores, sides: sides * scores,
    pick=np.min,
    factor=lambda least: 1 / least,
    never=np.inf,
):
    """Return a function that says by which factor the margins are met."""

    def stretch(scores, sides):
        least = pick(margins(scores, sides))
        return factor(least) if least > 0 else never

    return stretch


_TEN = 0.9 * math.log2(1 / 0.9) + 0.1 * math.log2(10)  # entropy of nine red balls and a blue one


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
    "bounded": Exercise(
        solution=_bounded(),
        cases=(
            "np.array([0.0]), np.array([1.0]), 2.0",
            "np.array([5.0]), np.array([1.0]), 2.0",
            "np.array([1.0]), np.array([5.0]), 2.0",
            "np.array([3.0]), np.array([1.0]), 2.0",
            "np.array([1.2]), np.array([0.0]), 1.0",
            "np.array([2.0, 7.0]), np.array([2.0, 1.0]), 1.0",
            "np.array([1, 2, 3, 4]), np.array([1, 4, 2, 40]), 2.5",
            "np.array([[0.5, 2.0], [-1.0, 9.0]]), np.array([[0.0, 0.0], [0.5, 1.0]]), 0.7",
            "*np.random.default_rng(1).normal(0, 3, (2, 6)), 1.3",
        ),
        mistakes={
            "Where the two pieces meet your loss jumps: far out, most times size is too much by "
            "half the square of most.": _bounded(far=lambda size, most: most * size),
            "Where the two pieces meet your loss jumps: far out, take half the square of most "
            "away, not its square.": _bounded(far=lambda size, most: most * size - most**2),
            "The slope of the square is twice the error. For the slope to be the error, take half "
            "of the square.": _bounded(near=lambda size: size**2),
            "You cut the error before you square it. Then the loss is flat far out, and its slope "
            "is 0 there.": _bounded(far=lambda size, most: 0 * size + most**2 / 2),
            "This is half the mean squared error: nothing is bounded.": _bounded(
                far=lambda size, most: size**2 / 2, slopes=lambda errors, most: errors
            ),
            "The slopes are right, but the loss is still half the square, and steeper far out than "
            "they say. There it has to rise in a straight line.": _bounded(
                far=lambda size, most: size**2 / 2
            ),
            "The loss is right. Its slopes are not bounded far out.": _bounded(
                slopes=lambda errors, most: errors
            ),
            "The loss is right. Far out the slope has the sign of the error.": _bounded(
                slopes=lambda errors, most: np.minimum(errors, most)
            ),
            "The loss is right. Near 0 the slope is the error, not its sign.": _bounded(
                slopes=lambda errors, most: most * np.sign(errors)
            ),
            "The loss is right. The slopes of a mean are divided by the number of errors.": (
                _bounded(count=lambda errors: 1)
            ),
            "The loss is right. The slopes are turned around: an error is output minus "
            "target.": _bounded(slopes=lambda errors, most: -np.clip(errors, -most, most)),
            "The loss is right. Where the errors are whole numbers so is their copy, and the bound "
            "is cut to a whole number. Make it with .astype(float).": _bounded(
                slopes=lambda errors, most: np.clip(errors, -most, most).astype(errors.dtype)
            ),
            "The loss is one number: take the mean.": _bounded(mean=lambda each: each),
            "The loss is one number: take the mean. Then its slopes are divided by the number of "
            "errors.": _bounded(mean=lambda each: each, count=lambda errors: 1),
            "This is the sum of the losses and its slopes. Take the mean.": (
                lambda outputs, targets, most: tuple(
                    part * np.size(outputs) for part in _bounded()(outputs, targets, most)
                )
            ),
            "Your bound is always 1. Use the one that was asked for.": (
                lambda outputs, targets, most: _bounded()(outputs, targets, 1)
            ),
            "Right but swapped: first the loss, then the slopes.": (
                lambda outputs, targets, most: _bounded()(outputs, targets, most)[::-1]
            ),
        },
    ),
    "by_pairs": Exercise(
        solution=(_TEN, 1.29, 0.645),
        mistakes={
            "The first number is in nats. Questions are counted with the logarithm to base 2.": (
                _TEN * math.log(2),
                1.29,
                0.645,
            ),
            "The first number is the entropy of a pair. Asked is that of one ball.": (
                (2 * _TEN, 1.29, 0.645)
            ),
            "Two balls, one after the other, cost two questions. Ask about both at once: are both "
            "red?": (_TEN, 2, 1),
            "1.3 comes out if the last pair costs a question of its own. If it is none of the "
            "other three, you know it already.": (_TEN, 1.30, 0.65),
            "The entropy of a pair is the least that is possible in the mean over many pairs. One "
            "pair on its own costs more.": (_TEN, 2 * _TEN, _TEN),
            "The last number is still that for a pair. Divide it by two balls.": (
                (_TEN, 1.29, 1.29)
            ),
            "Two of four pairs in each half need two questions each. But the pairs are not equally "
            "probable: which one would you ask about first?": (_TEN, 2, 0.5 * _TEN),
            "Both are red with the probability 0.9 times 0.9, not 0.9.": (_TEN, 1.2, 0.6),
            "0.1 times log2 of 10 is only the blue ball's part of the entropy. Add the red "
            "one's.": ((0.1 * math.log2(10), 1.29, 0.645)),
        },
    ),
    "soft_cross_entropy": Exercise(
        solution=_soft(),
        cases=(
            "np.array([[0.0, 0.0]]), np.array([[1.0, 0.0]])",
            "np.array([[0.0, 0.0]]), np.array([[0.75, 0.25]])",
            "np.array([[1.0, 2.0, 3.0]]), np.array([[0.0, 0.5, 0.5]])",
            "np.array([[1.0, 2.0], [0.0, 3.0]]), np.array([[0.0, 1.0], [0.9, 0.1]])",
            "np.array([[1.0, 1.0, 4.0], [0.0, 2.0, 1.0]]), np.array([[0.2, 0.3, 0.5], [1, 0, 0]])",
            "np.array([[0.0, 1000.0]]), np.array([[1.0, 0.0]])",
            "np.array([[0.0, 1000.0], [1000.0, 0.0]]), np.array([[0.9, 0.1], [1.0, 0.0]])",
            "np.array([[2, -1, 0]]), np.array([[0, 0, 1]])",
            "np.random.default_rng(1).normal(0, 2, (4, 4)), probabilities(4, 4, seed=2)",
            "np.random.default_rng(3).normal(0, 2, (5, 3)), probabilities(5, 3, seed=4)",
        ),
        mistakes={
            "Right for small scores. At 1000 a probability rounds to 0, and its logarithm is "
            "infinite. Never make the probability: start from logsumexp.": _quiet(
                _soft(each=lambda z, t: -np.sum(t * np.log(softmax(z, axis=1)), axis=1))
            ),
            "exp(1000) overflows. logsumexp takes the largest score out first.": _quiet(
                _soft(each=lambda z, t: np.log(np.sum(np.exp(z), axis=1)) - np.sum(t * z, axis=1))
            ),
            "A tiny number in the logarithm hides the trouble: a hopeless case costs 27.6 then, "
            "and not 1000.": _soft(
                each=lambda z, t: -np.sum(t * np.log(softmax(z, axis=1) + 1e-12), axis=1)
            ),
            "The slopes are right. You took only the most probable class of each row; every target "
            "counts with its probability.": _soft(
                each=lambda z, t: logsumexp(z, axis=1) - z[np.arange(len(z)), np.argmax(t, axis=1)]
            ),
            "The slopes are right. This is the price, without the entropy of the targets. "
            "Cross-entropy has it in it.": _quiet(
                _soft(each=lambda z, t: _each(z, t) + np.sum(t * np.log(np.where(t, t, 1)), axis=1))
            ),
            "The slopes are right. The loss is the mean over the samples, not the sum.": _soft(
                mean=np.sum
            ),
            "The slopes are right. The sign of the loss is turned around.": _soft(
                each=lambda z, t: -_each(z, t)
            ),
            "The slopes are right. You add up the scores without the targets: each counts with its "
            "probability.": _soft(each=lambda z, t: logsumexp(z, axis=1) - np.sum(z, axis=1)),
            "The loss is right. Its slopes have to be divided by the number of samples.": _soft(
                slopes=lambda z, t: (softmax(z, axis=1) - t) * len(z)
            ),
            "The loss is right. Its slopes are divided by the number of classes, too.": _soft(
                slopes=lambda z, t: (softmax(z, axis=1) - t) / z.shape[1]
            ),
            "The loss is right. Its slopes are turned around: probability minus target.": _soft(
                slopes=lambda z, t: t - softmax(z, axis=1)
            ),
            "The loss is right. Subtract the target from the probability, not from the score.": (
                _soft(slopes=lambda z, t: z - t)
            ),
            "The loss is right. These slopes are the probabilities; the targets are missing.": (
                _soft(slopes=lambda z, t: softmax(z, axis=1))
            ),
            "Right but swapped: first the loss, then the slopes.": lambda z, t: _soft()(z, t)[::-1],
        },
    ),
    "stretch": Exercise(
        solution=_stretch(),
        cases=(
            "np.array([0.5]), np.array([1])",
            "np.array([0.5, -0.25]), np.array([1, -1])",
            "np.array([4.0, -2.0]), np.array([1, -1])",
            "np.array([0.5, 0.25]), np.array([1, -1])",
            "np.array([0.5, 0.0]), np.array([1, 1])",
            "np.array([0.5, 0.0]), np.array([1, -1])",
            "np.array([0.56, -0.37, 1.1]), np.array([1, -1, 1])",
            "np.array([3, -2, 8]), np.array([1, -1, 1])",
            "np.array([-1.5, -0.2, -7.0, -0.7]), np.array([-1, -1, -1, -1])",
        ),
        mistakes={
            "The largest margin is met first. All have to be met, so the smallest one decides.": (
                _stretch(pick=np.max)
            ),
            "The margin is side times score. You look at the scores alone.": _stretch(
                margins=lambda scores, sides: scores
            ),
            "Without their signs the scores of a wrong decision look like those of a right "
            "one.": _stretch(margins=lambda scores, sides: np.abs(scores)),
            "This is what is lacking to 1. Multiplying, not adding, has to bring it there.": (
                _stretch(factor=lambda least: 1 - least)
            ),
            "A factor below 1 is allowed: if all margins are larger than 1, the scores may "
            "shrink.": _stretch(factor=lambda least: max(1, 1 / least)),
            "You took the mean of the margins. All have to be at least 1, so the smallest one "
            "decides.": _stretch(pick=np.mean),
            "This is the smallest margin. By which factor does it become 1?": _stretch(
                factor=lambda least: least
            ),
            "A sample on the wrong side gets worse with every factor above 0. The answer is "
            "np.inf then.": _quiet(lambda scores, sides: 1 / np.min(sides * scores)),
            "A sample on the wrong side makes the factor np.inf, not 0.": _stretch(never=0),
            "A margin of 0 stays 0, whatever the factor. The answer is np.inf then.": _quiet(
                lambda scores, sides: (
                    np.inf if np.any(sides * scores < 0) else 1 / np.min(sides * scores)
                )
            ),
        },
    ),
    "symptoms": Exercise(
        solution=(2, 1, 5, 3, 4),
        mistakes={
            "A and B are swapped: the mean of signed errors has a slope with every output, and "
            "accuracy has none.": (1, 2, 5, 3, 4),
            "A and D are swapped: a saturated sigmoid makes a small slope, for some samples. It is "
            "never 0 for all.": (3, 1, 5, 2, 4),
            "B and C are swapped: nine squares instead of three are still squares, and never below "
            "0.": (2, 5, 1, 3, 4),
            "B and E are swapped: an outlier makes the squares large, never negative.": (
                (2, 4, 5, 3, 1)
            ),
            "C and D are swapped: in C every prediction is right. Which fault can see errors "
            "there?": (2, 1, 3, 5, 4),
            "C and E are swapped: in C there is no outlier, each prediction is equal to its "
            "target.": (2, 1, 4, 3, 5),
            "D and E are swapped: in D the targets are classes, and no class is an outlier.": (
                (2, 1, 5, 4, 3)
            ),
            "These are the numbers in the order of the list; find the right fault for each "
            "symptom.": (1, 2, 3, 4, 5),
            "This says for each fault its symptom. For each symptom from A to E, write the number "
            "of its fault.": (2, 1, 4, 5, 3),
            "You count from 0. The list of the faults counts from 1.": (1, 0, 4, 2, 3),
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
            "It is 0.": "A sample of the side +1 with the score 0.56 is right and costs 0.44.",
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
            "any red balls it costs 2.5 questions, half a question more than the even one.",
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
