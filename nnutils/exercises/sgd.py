"""Exercises and quiz of the chapter *Fewer samples, more steps*."""

import math

import numpy as np

from nnutils.exercises import Exercise, Question


def _slopes(x, y, w, b):
    errors = w * x + b - y
    return 2 * errors * x, 2 * errors


def _mean_slopes(x, y, w, b):
    return tuple(np.mean(slopes) for slopes in _slopes(x, y, w, b))


def _count(samples, size, epochs, drop_last):
    full, left = divmod(samples, size)
    return epochs * (full + (left > 0 and not drop_last))


def how_many(x, y):
    """Return the samples of a batch."""
    return len(x)


def _first(x, y):
    return x[0]


def pairs(x, y):
    """Return the sum of products, which tells whether rows and targets belong together."""
    return float(np.sum(x * y))


def _feed(use, x, y, size, epochs, rng):
    return [
        use(x[rows], y[rows])
        for order in [rng.permutation(len(x)) for _ in range(epochs)]
        for rows in np.split(order, range(size, len(x), size))
    ]


def _one_order(use, x, y, size, epochs, rng):
    order = rng.permutation(len(x))
    return [
        use(x[order[start : start + size]], y[order[start : start + size]])
        for _ in range(epochs)
        for start in range(0, len(x), size)
    ]


def _last_lost(use, x, y, size, epochs, rng):
    answers = []
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x) - size + 1, size):
            rows = order[start : start + size]
            answers.append(use(x[rows], y[rows]))
    return answers


def _not_shuffled(use, x, y, size, epochs, rng):
    return [
        use(x[start : start + size], y[start : start + size])
        for _ in range(epochs)
        for start in range(0, len(x), size)
    ]


def _apart(use, x, y, size, epochs, rng):
    answers = []
    for _ in range(epochs):
        x, y = x[rng.permutation(len(x))], y[rng.permutation(len(y))]
        for start in range(0, len(x), size):
            answers.append(use(x[start : start + size], y[start : start + size]))
    return answers


def _only_rows(use, x, y, size, epochs, rng):
    answers = []
    for _ in range(epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), size):
            answers.append(use(x[order[start : start + size]], y[start : start + size]))
    return answers


def _order_for_each_batch(use, x, y, size, epochs, rng):
    answers = []
    for _ in range(epochs):
        for start in range(0, len(x), size):
            rows = rng.permutation(len(x))[start : start + size]
            answers.append(use(x[rows], y[rows]))
    return answers


def _reshuffled(use, x, y, size, epochs, rng):
    answers = []
    for _ in range(epochs):
        order = rng.permutation(len(x))
        x, y = x[order], y[order]
        for start in range(0, len(x), size):
            answers.append(use(x[start : start + size], y[start : start + size]))
    return answers


def _two_orders(use, x, y, size, epochs, rng):
    answers = []
    for _ in range(epochs):
        first, second = rng.permutation(len(x)), rng.permutation(len(x))
        for start in range(0, len(x), size):
            end = start + size
            answers.append(use(x[first[start:end]], y[second[start:end]]))
    return answers


def _list_for_each_epoch(use, x, y, size, epochs, rng):
    return [_feed(use, x, y, size, 1, rng) for _ in range(epochs)]


def _noise(gradients, size):
    squares = np.sum((gradients - np.mean(gradients, axis=0)) ** 2, axis=1)
    return np.mean(squares) ** 0.5 / size**0.5


_RNG = np.random.default_rng(10)
_X, _Y = _RNG.normal(size=(2, 8)).round(3)
_GRADIENTS = _RNG.normal(1, 2, (12, 3)).round(3)
_ROWS = np.array([1.0, 2.0, 3.0, 4.0, 5.0])


def _rng():
    return np.random.default_rng(11)


EXERCISES = {
    "batch_gradient": Exercise(
        solution=_mean_slopes,
        cases=(
            (np.array([1.0]), np.array([3.0]), 1, 0),
            (np.array([1.0, 2.0]), np.array([3.0, 1.0]), 1, 0),
            (np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.0, 6.0]), 2, 0),
            (np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.0, 6.0]), 2, 1),
            (_X, _Y, 0.5, -0.3),
        ),
        mistakes={
            "These are sums over the batch. The gradient of a batch is the mean of the samples' "
            "gradients.": lambda x, y, w, b: tuple(np.sum(s) for s in _slopes(x, y, w, b)),
            "These are the slopes of every sample; take their mean.": _slopes,
            "A factor 2 is missing: the slope of a square is twice the error.": (
                lambda x, y, w, b: tuple(s / 2 for s in _mean_slopes(x, y, w, b))
            ),
            "The sign is turned around: an error is prediction minus target.": (
                lambda x, y, w, b: tuple(-s for s in _mean_slopes(x, y, w, b))
            ),
            "The two slopes are right but swapped: first with the weight, then with the bias.": (
                lambda x, y, w, b: _mean_slopes(x, y, w, b)[::-1]
            ),
            "The bias is missing in the prediction.": lambda x, y, w, b: _mean_slopes(x, y, w, 0),
            "Take the mean of the products error times x, not the product of the means.": (
                lambda x, y, w, b: (
                    _mean_slopes(x, y, w, b)[1] * np.mean(x),
                    _mean_slopes(x, y, w, b)[1],
                )
            ),
        },
    ),
    "count_updates": Exercise(
        solution=_count,
        cases=(
            (8, 4, 1, False),
            (10, 4, 1, False),
            (10, 4, 1, True),
            (10, 4, 5, False),
            (10, 4, 5, True),
            (3, 4, 2, False),
            (3, 4, 2, True),
            (60_000, 64, 30, True),
            (50_000, 64, 30, False),
        ),
        mistakes={
            "This counts every epoch as one update. An epoch has an update for each batch.": (
                lambda n, k, e, d: e
            ),
            "These are the updates of one epoch; multiply by the epochs.": lambda n, k, e, d: (
                _count(n, k, 1, d)
            ),
            "You always round down. If the last batch is kept, it is an update, too, however "
            "short it is.": lambda n, k, e, d: e * (n // k),
            "You always round up. With drop_last the batch that is not full makes no update.": (
                lambda n, k, e, d: e * math.ceil(n / k)
            ),
            "You round once, at the end. But every epoch begins with a fresh batch, so round for "
            "each epoch.": lambda n, k, e, d: n * e // k if d else math.ceil(n * e / k),
            "A batch that is not full is still an update: round up.": lambda n, k, e, d: (
                e * (n // k if d else n / k)
            ),
            "round goes to the nearest whole number, up or down. A batch that is not full is still "
            "an update: round up.": lambda n, k, e, d: e * (n // k if d else round(n / k)),
            "There is no part of an update: round up if the last batch is kept, and down if "
            "not.": lambda n, k, e, d: e * n / k,
            "This counts samples. An update uses a whole batch of them.": lambda n, k, e, d: n * e,
            "It is the wrong way around: drop_last leaves the short batch out, and False keeps "
            "it.": lambda n, k, e, d: _count(n, k, e, not d),
            "Without drop_last there is one more batch only if something is left over.": (
                lambda n, k, e, d: e * (n // k + (not d))
            ),
        },
    ),
    "feed": Exercise(
        solution=_feed,
        cases=(
            (how_many, _ROWS, 10 * _ROWS, 2, 1, _rng()),
            (how_many, _ROWS, 10 * _ROWS, 5, 2, _rng()),
            (_first, _ROWS, 10 * _ROWS, 1, 1, _rng()),
            (_first, _ROWS, 10 * _ROWS, 1, 2, _rng()),
            (pairs, _ROWS, 10 * _ROWS, 2, 1, _rng()),
            (pairs, _X, _Y, 3, 4, _rng()),
        ),
        mistakes={
            "The last batch is lost when it is not full. An epoch uses every sample.": _last_lost,
            "Nothing is shuffled: the rows come in the order of the arrays.": _not_shuffled,
            "You draw an order for x and another one for y, so that inputs and targets no longer "
            "belong together.": _apart,
            "One order has to pick the rows of both arrays; you draw two.": _two_orders,
            "You shuffle the rows that were shuffled already. Draw from the original arrays.": (
                _reshuffled
            ),
            "Return one flat list, not a list for each epoch.": _list_for_each_epoch,
            "Only x is shuffled. Pick the rows of y with the same order.": _only_rows,
            "The order is drawn once and used in every epoch. Draw it inside the loop over the "
            "epochs.": _one_order,
            "You draw an order for every batch, so that some samples come twice in an epoch and "
            "others never. Draw it once for each epoch.": _order_for_each_batch,
            "This is a single epoch.": lambda use, x, y, size, epochs, rng: _feed(
                use, x, y, size, 1, rng
            ),
        },
    ),
    "noise": Exercise(
        solution=_noise,
        cases=(
            (np.array([[1.0], [3.0]]), 1),
            (np.array([[1.0], [3.0]]), 4),
            (np.array([[0.0, 0.0], [6.0, 8.0]]), 1),
            (np.array([[2.0, 5.0], [2.0, 5.0]]), 3),
            (_GRADIENTS, 1),
            (_GRADIENTS, 9),
        ),
        mistakes={
            "Noise falls with the root of K: four times as many samples halve it. You divided by "
            "K.": lambda g, k: _noise(g, 1) / k,
            "This is the spread of single samples. Divide by the root of K.": lambda g, k: _noise(
                g, 1
            ),
            "More samples give less noise. You multiplied by the root of K.": lambda g, k: (
                _noise(g, 1) * k**0.5
            ),
            "Take the distance to the full gradient, which is the mean of the rows, not to "
            "zero.": lambda g, k: np.mean(np.sum(g**2, axis=1)) ** 0.5 / k**0.5,
            "You averaged over the parameters, too. The square of a distance is the sum over "
            "them.": lambda g, k: np.mean((g - np.mean(g, axis=0)) ** 2) ** 0.5 / k**0.5,
            "This is the mean of the distances. The spread is the root of the mean of their "
            "squares.": lambda g, k: (
                np.mean(np.linalg.norm(g - np.mean(g, axis=0), axis=1)) / k**0.5
            ),
            "Take the mean over all rows: divide by their number, not by one less.": lambda g, k: (
                _noise(g, k) * (len(g) / (len(g) - 1)) ** 0.5
            ),
            "This is the mean square. Take its root.": lambda g, k: _noise(g, k) ** 2,
        },
    ),
    "scaled_rate": Exercise(
        solution=lambda rate, size, new_size, limit: min(rate * new_size / size, limit),
        cases=(
            (0.1, 32, 64, 1.0),
            (0.1, 32, 8, 1.0),
            (0.1, 32, 32, 1.0),
            (0.1, 32, 512, 1.0),
            (0.02, 1, 50, 2.0),
            (0.02, 1, 200, 2.0),
        ),
        mistakes={
            "It is the wrong way around: a larger batch makes fewer updates, so each of them has "
            "to be longer.": lambda rate, size, new, limit: min(rate * size / new, limit),
            "The limit is missing: however large the batch, the rate stays at or below it.": (
                lambda rate, size, new, limit: rate * new / size
            ),
            "You scale with the root of the size. Linear scaling takes the factor itself.": (
                lambda rate, size, new, limit: min(rate * (new / size) ** 0.5, limit)
            ),
            "This is the larger of the two numbers; the limit asks for the smaller.": (
                lambda rate, size, new, limit: max(rate * new / size, limit)
            ),
            "Divide with /; a batch may also become smaller.": lambda rate, size, new, limit: min(
                rate * (new // size), limit
            ),
            "Divide by the old size: what counts is how many times as large the batch becomes.": (
                lambda rate, size, new, limit: min(rate * new, limit)
            ),
            "This is the factor alone. The old rate has to be multiplied by it.": (
                lambda rate, size, new, limit: min(new / size, limit)
            ),
        },
    ),
    "largest_batch": Exercise(
        solution=lambda room, parameters, each: max(0, (room - 2 * parameters) // each),
        cases=(
            (100, 10, 20),
            (100, 10, 30),
            (100, 50, 7),
            (100, 60, 7),
            (2**31, 3_094_318, 30_622),
        ),
        mistakes={
            "The network itself is missing: take away its weights and their slopes first.": (
                lambda room, p, each: room // each
            ),
            "The slopes are missing: each parameter needs two numbers, the weight and its "
            "slope.": lambda room, p, each: max(0, (room - p) // each),
            "You round up. A sample that fits only in part does not fit.": lambda room, p, each: (
                max(0, math.ceil((room - 2 * p) / each))
            ),
            "A batch has a whole number of samples: round down.": lambda room, p, each: max(
                0, (room - 2 * p) / each
            ),
            "A batch cannot be negative. If the network does not fit, the answer is 0.": (
                lambda room, p, each: (room - 2 * p) // each
            ),
            "The network is there once, not once for each sample: subtract it before you "
            "divide.": lambda room, p, each: room // (each + 2 * p),
        },
    ),
}

QUIZ = (
    Question(
        "There are 6,000 samples, in batches of 100. How many updates are 10 epochs?",
        {
            "10": "That is one for each epoch, as with the full batch. Here an epoch has 60.",
            "60": "These are the updates of a single epoch.",
            "600": "An epoch has 6,000 / 100 = 60 updates, and there are 10 epochs.",
            "60,000": "So many samples are used, some of them again and again. An update uses 100.",
        },
        answer="600",
    ),
    Question(
        "One sample takes 6 ms, however it is batched. You go from the full batch to single "
        "samples. What happens to the time for one epoch?",
        {
            "It stays the same.": "Every sample still needs its 6 ms. What you get is more updates "
            "in the same time.",
            "It becomes much shorter.": "An update becomes much shorter. An epoch has as many more "
            "of them.",
            "It becomes longer, because there are more updates.": "The samples are the same. On a "
            "real computer small batches do take longer, but here every sample takes 6 ms.",
        },
        answer="It stays the same.",
    ),
    Question(
        "The spread of the gradient of 8 samples is 4. You want a spread of 1. How many samples "
        "do you need?",
        {
            "2": "Fewer samples make a rougher guess.",
            "16": "Twice the samples divide the spread by the root of 2, which makes 2.83.",
            "32": "Four times the samples halve the spread: that makes 2.",
            "128": "The spread falls with the root, so a quarter of it costs 16 times the samples.",
        },
        answer="128",
    ),
    Question(
        "You train with mini-batches, and from one update to the next the loss of the batch goes "
        "up. What does that tell you?",
        {
            "The learning rate is too large.": "Perhaps, but one rise does not say so. It happens "
            "with every rate.",
            "Not much: it is another batch.": "Two losses are compared that were measured on "
            "different samples. Look at the mean over an epoch.",
            "There is a mistake in the gradient.": "With a right gradient the loss of the next "
            "batch goes up often enough.",
            "The weights have become worse.": "They may have become better, and the new batch is "
            "simply a harder one.",
        },
        answer="Not much: it is another batch.",
    ),
    Question(
        "The samples are sorted by their label, all cats before all dogs, and you forget to "
        "shuffle. The batches hold 32 of 6,000 samples. What goes wrong?",
        {
            "Nothing: every sample is still used once in an epoch.": "It is used, but each batch "
            "tells about one kind only, and what was learned about the other is unlearned.",
            "Many batches in a row are poor guesses that all pull the same way.": "For many "
            "updates only cats pull, and then for many only dogs.",
            "Some samples are lost.": "None is lost, only their order is bad.",
            "The epoch has fewer updates.": "The order does not change how many batches there are.",
        },
        answer="Many batches in a row are poor guesses that all pull the same way.",
    ),
    Question(
        "The rate is so small that noise hardly matters. You make the batch 16 times as large and "
        "keep the rate. How many epochs do you need now?",
        {
            "A sixteenth as many: the gradients are more exact.": "They are, but a more exact "
            "step is not a longer one, and an epoch has only a sixteenth of the updates.",
            "As many as before: the samples are the same.": "What moves the weights is updates, "
            "and an epoch has only a sixteenth of them.",
            "About 16 times as many.": "Each update is as long as before, and an epoch has a "
            "sixteenth of them. At the rate 0.01 the chapter counted 5.5 epochs with batches of "
            "8, and 82 with batches of 128.",
        },
        answer="About 16 times as many.",
    ),
)
GUESSES = {
    "cloud": Question(
        "The line has come 90 % of the way to the best one. How many guesses from a single sample "
        "point the wrong way?",
        {
            "Hardly any, because the errors are small by now": "They are, but the full gradient "
            "has shrunk even more, from 4.93 to 0.49. The spread of the guesses went only from "
            "5.29 to 1.63.",
            "About one in nine, as at the start": "At the start 11.6 % did. On the way the full "
            "gradient shrinks more than the cloud around it, and so more of them do.",
            "About two in five": "42 %. The full gradient has the length 0.49 there, and the "
            "guesses have a spread of 1.63.",
            "Nearly all": "It is 42 %. The guesses are rough, but their mean is still the full "
            "gradient.",
        },
        answer="About two in five",
    ),
    "batch": Question(
        "You raise the learning rate step by step. Which batch size runs away first?",
        {
            "The full batch, since each of its updates counts most": "At 0.48 it still gets to "
            "the bottom, and runs away only at 0.96.",
            "All at the same rate, since it is the same valley": "The valley is, but a single "
            "sample sees only its own part of it. It runs away at 0.48, all others at 0.96.",
            "The single sample": "At 0.48 it runs away, while batches of 4 and more hold until "
            "0.96.",
        },
        answer="The single sample",
    ),
}
