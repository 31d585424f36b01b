"""Exercises and quiz of the chapter *Autoencoders*."""

import math

import numpy as np

from nnutils.exercises import Exercise, Question
from nnutils.numerics import sigmoid, softplus


def cloud(samples, seed):
    """Return samples of four numbers, of which the first vary most, around a mean that is not 0."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=(samples, 4)) * [3, 2, 1, 0.5] + [5, 0, -2, 1]


def rows(k, n, seed):
    """Return k rows of n normal numbers, as a decoder's weights may be."""
    return np.random.default_rng(seed).normal(size=(k, n))


def three(seed):
    """Return outputs, noisy inputs and clean ones, 5 samples of 3 numbers each."""
    rng = np.random.default_rng(seed)
    clean = rng.normal(size=(5, 3))
    return clean + 0.1 * rng.normal(size=(5, 3)), clean + 0.5 * rng.normal(size=(5, 3)), clean


def draws(shape, seed):
    """Return pulls on a code, the noise that was drawn, and the numbers u, all of one shape."""
    return np.random.default_rng(seed).normal(size=(3, *shape))


def _variances(decoder, x, *, square=True, mean=True, whole=True):
    axes = np.linalg.qr(decoder.T)[0]
    codes = (x - x.mean(axis=0) * mean) @ axes
    sums = np.linalg.svd(codes)[1] ** 2
    variances = sums / len(x) if whole else sums
    return variances if square else np.sqrt(variances)


def _along_rows(decoder, x):
    units = decoder / np.linalg.norm(decoder, axis=1, keepdims=True)
    return np.sort(np.var(x @ units.T, axis=0))[::-1]


def _with_raw_rows(decoder, x):
    return np.linalg.svd((x - x.mean(axis=0)) @ decoder.T)[1] ** 2 / len(x)


def _strongest(decoder, x):
    return np.linalg.svd(x - x.mean(axis=0))[1][: len(decoder)] ** 2 / len(x)


def _removed(out, noisy, clean):
    return 1 - np.mean((out - clean) ** 2) / np.mean((noisy - clean) ** 2)


def _through(d_z, noise, u, slope=sigmoid):
    return d_z, d_z * noise * slope(u)


def _best(a, target, weight, *, noise=1.0, half=1.0):
    below = 2 * a**2 + weight * half
    return 2 * a * target / below, math.sqrt(weight * half / (2 * a**2 * noise + weight * half))


_FLAT = "np.array([[1.0, 0], [0, 2]]), np.array([[3.0, 1], [1, 3], [-3, -1], [-1, -3]])"

EXERCISES = {
    "variances": Exercise(
        solution=_variances,
        cases=(
            _FLAT,
            "np.array([[1.0, 1]]), np.array([[4.0, 2], [2, 4], [-2, 0], [0, -2]])",
            "np.array([[1.0, 1, 0], [1, -1, 0]]), np.array([[1.0, 0, 9], [3, 0, 9], [2, 5, 9]])",
            "rows(2, 4, 0), cloud(20, 0)",
            "rows(3, 4, 1), cloud(30, 1)",
        ),
        mistakes={
            "The rows of the decoder are neither at right angles nor of length 1. Make columns of "
            "them that are, np.linalg.qr(decoder.T)[0], and project on those.": _with_raw_rows,
            "You measure along the rows of the decoder. In the plane, look for the directions "
            "along which the projections vary most.": _along_rows,
            "Subtract the mean of the samples before you project.": (
                lambda decoder, x: _variances(decoder, x, mean=False)
            ),
            "These are the variances of PCA on all of x. A plane that is not that of PCA has "
            "less.": _strongest,
            "These are the spreads. The variances are their squares.": (
                lambda decoder, x: _variances(decoder, x, square=False)
            ),
            "These are sums of squares. Divide by the number of samples.": (
                lambda decoder, x: _variances(decoder, x, whole=False)
            ),
            "You divide by one less than the number of samples, as np.cov does. Divide by their "
            "number, as np.var does.": (
                lambda decoder, x: _variances(decoder, x) * len(x) / (len(x) - 1)
            ),
            "Rows of length 1 need not be at right angles. np.linalg.qr(decoder.T)[0] has "
            "columns that are both.": lambda decoder, x: _with_raw_rows(
                decoder / np.linalg.norm(decoder, axis=1, keepdims=True), x
            ),
            "The columns of qr are at right angles, and they are not yet the directions "
            "along which the samples vary most.": lambda decoder, x: np.sort(
                np.var(x @ np.linalg.qr(decoder.T)[0], axis=0)
            )[::-1],
            "The smallest stands first here. Turn the order around.": lambda decoder, x: _variances(
                decoder, x
            )[::-1],
            "You divide by the number of columns. A variance is a mean over samples.": (
                lambda decoder, x: _variances(decoder, x) * len(x) / x.shape[1]
            ),
        },
    ),
    "noise_removed": Exercise(
        solution=_removed,
        cases=(
            "np.array([1.0, 2]), np.array([2.0, 2]), np.array([1.5, 2])",
            "np.array([0.0, 1]), np.array([3.0, 1]), np.array([1.0, 1])",
            "np.array([3.0, 0]), np.array([1.0, 1]), np.array([0.0, 0.5])",
            "*three(0)",
            "*three(1)",
        ),
        mistakes={
            "Compare with the clean picture. That the output differs from the noisy one is what "
            "it is for.": lambda out, noisy, clean: (
                1 - np.mean((out - noisy) ** 2) / np.mean((noisy - clean) ** 2)
            ),
            "This is the share of the noise that is left.": (
                lambda out, noisy, clean: 1 - _removed(out, noisy, clean)
            ),
            "These are sizes of errors. The mean squared error is asked for.": (
                lambda out, noisy, clean: (
                    1 - np.mean(np.abs(out - clean)) / np.mean(np.abs(noisy - clean))
                )
            ),
            "You compare with the squares of the clean picture. The noise is what was added to "
            "it.": lambda out, noisy, clean: 1 - np.mean((out - clean) ** 2) / np.mean(clean**2),
            "It can be negative: an output may be further from the clean picture than its input.": (
                lambda out, noisy, clean: max(0.0, _removed(out, noisy, clean))
            ),
            "This is how much of the squared error is gone, but not which share. Divide by what "
            "was there.": lambda out, noisy, clean: (
                np.mean((noisy - clean) ** 2) - np.mean((out - clean) ** 2)
            ),
            "The fraction is turned around: what is left stands above, and what was there "
            "below.": lambda out, noisy, clean: (
                1 - np.mean((noisy - clean) ** 2) / np.mean((out - clean) ** 2)
            ),
            "You take roots. The share of the mean squared error is asked for.": (
                lambda out, noisy, clean: (
                    1 - math.sqrt(np.mean((out - clean) ** 2) / np.mean((noisy - clean) ** 2))
                )
            ),
            "You square the mean, and errors of other signs cancel. Square first.": (
                lambda out, noisy, clean: (
                    1 - np.mean(out - clean) ** 2 / np.mean(noisy - clean) ** 2
                )
            ),
            "The sign is lost. It is negative where the output is further from the clean "
            "picture than its input.": lambda out, noisy, clean: abs(_removed(out, noisy, clean)),
        },
    ),
    "other_spread": Exercise(
        solution=_through,
        cases=(
            "np.array([10.0]), np.array([1.5]), np.array([0.0])",
            "np.array([2.0, -1]), np.array([0.0, 1]), np.array([3.0, -3])",
            "*draws((4,), 0)",
            "*draws((3, 2), 1)",
        ),
        mistakes={
            "This is the slope of exp(u / 2). The spread is now log(1 + exp(u)).": (
                lambda d_z, noise, u: _through(d_z, noise, u, lambda u: np.exp(u / 2) / 2)
            ),
            "You multiply by the spread itself. Its slope with u is what the chain rule wants.": (
                lambda d_z, noise, u: _through(d_z, noise, u, softplus)
            ),
            "The noise that was drawn is a factor of the slope with u.": (
                lambda d_z, noise, u: _through(d_z, 1, u)
            ),
            "The slope of log(1 + exp(u)) is the sigmoid, not its slope.": (
                lambda d_z, noise, u: _through(
                    d_z, noise, u, lambda u: sigmoid(u) * (1 - sigmoid(u))
                )
            ),
            "The mean is added, with no factor: its pull is that on z.": (
                lambda d_z, noise, u: (d_z * noise, _through(d_z, noise, u)[1])
            ),
            "The two are swapped: first the pull on m, then that on u.": (
                lambda d_z, noise, u: _through(d_z, noise, u)[::-1]
            ),
            "The sigmoid is 1 / (1 + exp(-u)), with a minus.": lambda d_z, noise, u: _through(
                d_z, noise, u, lambda u: 1 / (1 + np.exp(u))
            ),
            "This is the slope of exp(u). There is a logarithm around 1 + exp(u), and it has "
            "a slope, too.": lambda d_z, noise, u: _through(d_z, noise, u, np.exp),
            "The pull on z is missing: it is a factor of both slopes.": lambda d_z, noise, u: (
                np.ones(d_z.shape),
                noise * sigmoid(u),
            ),
            "You add up over all numbers. Each of them has its own pull.": lambda d_z, noise, u: (
                np.sum(d_z),
                np.sum(d_z * noise * sigmoid(u)),
            ),
        },
    ),
    "best_code": Exercise(
        solution=_best,
        cases=(
            (1, 3, 1),
            (1, 3, 2),
            (2, 1, 0.01),
            (0, 5, 1),
            (-1.5, 2, 0.3),
            (0.5, -4.5, 10),
        ),
        mistakes={
            "These are the mean and the variance. The spread is its root.": (
                lambda a, target, weight: (
                    _best(a, target, weight)[0],
                    _best(a, target, weight)[1] ** 2,
                )
            ),
            "This mean hits the target, whatever it costs. The price pulls it toward 0.": (
                lambda a, target, weight: (
                    target / a,
                    _best(a, target, weight)[1],
                )
            ),
            "The spread does not matter for the price alone: in the mean over the noise it adds "
            "a squared times s squared to the error.": (
                lambda a, target, weight: _best(a, target, weight, noise=0.0)
            ),
            "A factor 2 is lost: the slope of a square has one, and the price has a half.": (
                lambda a, target, weight: _best(a, target, weight, half=2.0)
            ),
            "Without a price this would be the best. A spread of 0 has no finite price.": (
                lambda a, target, weight: (target / a, 0.0)
            ),
            "The spread is right. In the mean a 2 is lost: the slope of the square brings it "
            "above the line, too.": lambda a, target, weight: (
                _best(a, target, weight)[0] / 2,
                _best(a, target, weight)[1],
            ),
            "The mean is right. The price also pulls the spread to 1, so that weight stands "
            "below the line, too.": lambda a, target, weight: (
                _best(a, target, weight)[0],
                math.sqrt(weight / (2 * a**2)),
            ),
            "The two are swapped: first the mean.": lambda *case: _best(*case)[::-1],
        },
    ),
    "which_fault": Exercise(
        solution=(4, 2, 5, 1, 3),
        mistakes={
            "D and E are swapped. Which of the two pays nothing for its codes because they say "
            "nothing?": (4, 2, 5, 3, 1),
            "B and C are swapped. In training they are the same; which of them is drawn from "
            "too far out?": (4, 5, 2, 1, 3),
            "A and D are swapped. Which of the two brings pictures back well?": (1, 2, 5, 4, 3),
            "Look at B again: do its pictures vary more than real ones, or less?": (4, 6, 5, 1, 3),
            "The faults are numbered from 1, and you count from 0.": (3, 1, 4, 0, 2),
        },
    ),
    "small_machine": Exercise(
        solution=(9 / 19, 8 / 9 - 10 / 19),
        mistakes={
            "The probability is right, and the slope has the wrong sign: data minus dream.": (
                9 / 19,
                10 / 19 - 8 / 9,
            ),
            "The probability is right. For the slope take what the hidden unit does for (1, 1), "
            "on with probability 8/9, not 1.": (9 / 19, 1 - 10 / 19),
            "The probability is right. For the dream you count only (1, 1); the first pixel and "
            "the hidden unit are both on in another state, too.": (9 / 19, 8 / 9 - 8 / 19),
            "The probability is right, and this is the slope with the second weight. The "
            "first one is asked for.": (9 / 19, 8 / 9 - 12 / 19),
            "You count only the states with the hidden unit on. With it off there are four more, "
            "each with 1 part.": (8 / 15, 8 / 15),
            "Both pixels are on in two states: with the hidden unit on, and off.": (
                8 / 19,
                8 / 9 - 10 / 19,
            ),
            "Nothing on at all is a state, too, and counts 1 part: the parts are 19 together.": (
                9 / 18,
                8 / 9 - 10 / 18,
            ),
            "The weights are logarithms. To the power of them e is 2 and 4, so that the "
            "parts are whole numbers.": (
                (1 + math.e**6) / (5 + math.e**2 + math.e**4 + math.e**6),
                1 / (1 + math.e**-6)
                - (math.e**2 + math.e**6) / (5 + math.e**2 + math.e**4 + math.e**6),
            ),
            "The hidden unit ties the two pixels together, so their probabilities, 12/19 and "
            "14/19, must not be multiplied. Add up the states in which both are on.": (
                12 / 19 * 14 / 19,
                8 / 9 - 10 / 19,
            ),
            "The probability is right. In the data both are always on, so that 8/9 is not "
            "multiplied by it.": (9 / 19, 8 / 19 - 10 / 19),
            "The probability is right. In the dream the first pixel has to be on as well as "
            "the hidden unit.": (9 / 19, 8 / 9 - 15 / 19),
            "The probability is right. From what the data say, subtract the dream.": (
                9 / 19,
                8 / 9,
            ),
            "The two are swapped: first the probability.": (8 / 9 - 10 / 19, 9 / 19),
        },
        tolerance=1e-3,
    ),
}

QUIZ = (
    Question(
        "Which code is the best one for pictures?",
        {
            "The narrowest that still brings pictures back.": "With eight numbers they came back "
            "better than with two, and the nearest neighbor had the right label more often, too.",
            "It depends on what the code is used for.": "Pictures that come back, neighbors with "
            "the right label, codes to draw from: the best at one need not be the best at all.",
            "The one with the smallest error.": "The error can only ask that pictures come back. "
            "The variational network has a larger one, and draws better.",
        },
        answer="It depends on what the code is used for.",
    ),
    Question(
        "A linear autoencoder has reached the error of PCA to four digits. What is sure?",
        {
            "Its plane is that of PCA, nearly.": "With this error it has no other choice. The axes "
            "in the plane are free.",
            "The rows of its decoder are the principal components.": "They were up to 42 degrees "
            "away from the nearest component.",
            "Its codes are those of PCA.": "A code may be twice as large if the decoder halves it "
            "again.",
        },
        answer="Its plane is that of PCA, nearly.",
    ),
    Question(
        "An autoencoder brings new pictures back with a tiny error. What do pictures look like "
        "that are decoded from random codes?",
        {
            "Good, since the decoder is good.": "It is good at codes of pictures, and nobody told "
            "it about others.",
            "Good, if the codes are normal with mean 0.": "Nothing pulls the codes of a plain "
            "autoencoder there.",
            "Its error does not tell.": "The error measures codes that come from pictures. Between "
            "them and beside them, anything may be.",
        },
        answer="Its error does not tell.",
    ),
    Question(
        "A denoising autoencoder is trained. What are its inputs and targets?",
        {
            "Noisy pictures, and the same noisy pictures.": "That would teach it to bring noise "
            "back.",
            "Noisy pictures, and the clean ones.": "And new noise each time, so that there is "
            "nothing to learn by heart.",
            "Clean pictures, and noisy ones.": "That would ask it to guess noise, and the best "
            "guess is none.",
        },
        answer="Noisy pictures, and the clean ones.",
    ),
    Question(
        "A code is drawn at random in the middle of a network. How do slopes get past the draw?",
        {
            "Not at all: the encoder is trained by other means.": "It is trained by slopes, and a "
            "gradient check agrees with them.",
            "As if the draw were not there.": "For the mean that is so. The spread is multiplied "
            "by the noise, which is a factor of its slope.",
            "The noise comes in as an input, so the rest is sums and products.": "The noise "
            "is drawn first, and then stays as it is.",
        },
        answer="The noise comes in as an input, so the rest is sums and products.",
    ),
)
GUESSES = {
    "between": Question(
        "Go along the straight line from the middle of the zeros to the middle of the fours. What "
        "does the network draw halfway?",
        {
            "Half a zero and half a four": "That would be the mean of two pictures. The network "
            "decodes a place, and at this place others live.",
            "Another digit": "A six. Two numbers have to find a place for ten digits, and halfway "
            "the ten nearest are all sixes.",
            "Gray without a shape": "Halfway there are many known pictures, so the network knows "
            "what to draw.",
        },
        answer="Another digit",
    ),
    "weight": Question(
        "The price counts ten times as much: 0.03 instead of 0.003. What do drawn pictures look "
        "like?",
        {
            "More like real ones": "From 0.0003 to 0.003 that is so. One step more is too much.",
            "As varied as before, and sharper": "A high price makes codes say less, and pictures "
            "that are told less about themselves are more alike.",
            "All alike": "Any cloud is too dear, so every code says nothing, and the decoder "
            "answers with the mean picture.",
        },
        answer="All alike",
    ),
}
