"""Exercises and quiz of the chapter *Stochastic gradient descent*."""

import math

import numpy as np

from nnutils.exercises import Exercise, Question


def recorded(losses, ends=False):
    """Hand out these losses with their numbers, and raise an error if somebody asks for more."""
    yield from enumerate(losses, start=1)
    if not ends:
        raise RuntimeError("The training went on, though it was time to stop.")


def _until_flat(
    better=lambda loss, best, before: loss < best,
    enough=lambda waited, patience: waited >= patience,
    answer=lambda best, at, t: at,
    reset=True,
):
    """Return a function that watches a training and stops it."""

    def until_flat(stream, patience):
        best, at, waited, before = math.inf, 0, 0, math.inf
        for t, loss in stream:
            if better(loss, best, before):
                best, at, waited = loss, t, 0 if reset else waited
            else:
                waited += 1
                if enough(waited, patience):
                    break
            before = loss
        return answer(best, at, t)

    return until_flat


def _look_before_counting(stream, patience):
    best, at = math.inf, 0
    for t, loss in stream:
        if t - 1 - at >= patience:
            break
        if loss < best:
            best, at = loss, t
    return at


def _plan(
    pick=min,
    scaled=lambda rate, size, limit: rate * size,
    own=2,
    whole=math.floor,
    least=0,
):
    """Return a function that chooses a batch size and its rate."""

    def plan(room, parameters, of_a_sample, rate, limit):
        fits = max(least, whole((room - own * parameters) / of_a_sample))
        size = pick(fits, whole(limit / rate))
        return size, scaled(rate, size, limit)

    return plan


def _count(samples, size, epochs, drop_last):
    full, left = divmod(samples, size)
    return epochs * (full + (left > 0 and not drop_last))


def how_many(x, y):
    """Return the samples of a batch."""
    return len(x)


def total(x, y):
    """Return the sum of the inputs of a batch: with one sample, this input."""
    return float(np.sum(x))


def pairs(x, y):
    """Return the sum of products, which tells whether rows and targets belong together."""
    return float(np.sum(x * y))


def places(x, y):
    """Return a sum in which each row counts by its place in the batch, and x more than y."""
    return float(np.arange(1, len(x) + 1) @ (x + y / 7))


def _orders(n, epochs, rng):
    return [rng.permutation(n) for _ in range(epochs)]


def _twice(orders):
    """Return a function of the same arguments that gives each order for x, and again for y."""
    return lambda n, epochs, rng: [(order, order) for order in orders(n, epochs, rng)]


def _reshuffled(n, epochs, rng):
    order = np.arange(n)
    for _ in range(epochs):
        order = order[rng.permutation(n)]
        yield order


def _apart(n, epochs, rng):
    for_x = for_y = np.arange(n)
    for _ in range(epochs):
        for_x, for_y = for_x[rng.permutation(n)], for_y[rng.permutation(n)]
        yield for_x, for_y


_shuffled = _twice(_orders)


def _feed(orders=_shuffled, bounds=lambda n, size: [(s, s + size) for s in range(0, n, size)]):
    """Return a function that deals out rows in these orders, cut at these bounds."""

    def feed(use, x, y, size, epochs, rng):
        return [
            use(x[for_x[start:end]], y[for_y[start:end]])
            for for_x, for_y in orders(len(x), epochs, rng)
            for start, end in bounds(len(for_x), size)
        ]

    return feed


def _order_for_each_batch(use, x, y, size, epochs, rng):
    answers = []
    for _ in range(epochs):
        for start in range(0, len(x), size):
            rows = rng.permutation(len(x))[start : start + size]
            answers.append(use(x[rows], y[rows]))
    return answers


def _list_for_each_epoch(use, x, y, size, epochs, rng):
    return [_feed()(use, x, y, size, 1, rng) for _ in range(epochs)]


def _squares(gradients):
    return np.sum((gradients - np.mean(gradients, axis=0)) ** 2, axis=1)


def _noise(gradients, size):
    return np.mean(_squares(gradients)) ** 0.5 / size**0.5


_ROWS = np.array([1.0, 2.0, 3.0, 4.0, 5.0])


EXERCISES = {
    "count_updates": Exercise(
        solution=_count,
        cases=(
            (8, 4, 1, False),
            (8, 4, 1, True),
            (10, 4, 1, False),
            (10, 4, 1, True),
            (10, 4, 5, False),
            (10, 4, 5, True),
            (9, 4, 2, False),
            (3, 4, 2, False),
            (3, 4, 2, True),
            (7, 1, 3, True),
            (10, 4, 0, False),
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
            "What is left over is one batch more, not as many batches as samples are "
            "left.": lambda n, k, e, d: e * (n // k + (0 if d else n % k)),
            "It is the wrong way around: drop_last leaves the short batch out, and False keeps "
            "it.": lambda n, k, e, d: _count(n, k, e, not d),
            "Without drop_last there is one more batch only if something is left over.": (
                lambda n, k, e, d: e * (n // k + (not d))
            ),
            "drop_last leaves out only a batch that is not full. If nothing is left over, all "
            "batches stay.": lambda n, k, e, d: e * (math.ceil(n / k) - d),
        },
    ),
    "noise": Exercise(
        solution=_noise,
        cases=(
            (np.array([[1.0], [3.0]]), 1),
            (np.array([[1.0], [3.0]]), 4),
            (np.array([[0.0, 0.0], [6.0, 8.0]]), 1),
            (np.array([[2.0, 5.0], [2.0, 5.0]]), 3),
            (np.array([[1, -2, 0], [4, 0, 1], [-2, 3, 3], [0, 1, 8]]), 2),
            "np.random.default_rng(10).normal(1, 2, (12, 3)).round(3), 1",
            "np.random.default_rng(10).normal(1, 2, (12, 3)).round(3), 9",
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
            "K ** 1 / 2 is half of K, since ** comes before /. The root is K ** 0.5.": (
                lambda g, k: _noise(g, 1) / (k / 2)
            ),
            "/ K ** 1 / 2 divides by K and then by 2, since ** comes before /. The root is "
            "K ** 0.5.": lambda g, k: _noise(g, 1) / k / 2,
            "Take the distance to the full gradient, which is the mean of the rows, not to "
            "zero.": lambda g, k: np.mean(np.sum(g**2, axis=1)) ** 0.5 / k**0.5,
            "The full gradient has an entry for each parameter: the mean down the columns, with "
            "axis=0.": lambda g, k: np.mean(np.sum((g - np.mean(g)) ** 2, axis=1)) ** 0.5 / k**0.5,
            "You averaged over the parameters, too. The square of a distance is the sum over "
            "them.": lambda g, k: np.mean((g - np.mean(g, axis=0)) ** 2) ** 0.5 / k**0.5,
            "You added up over the samples, too. The spread is the root of the mean over "
            "them.": lambda g, k: np.sum(_squares(g)) ** 0.5 / k**0.5,
            "This is the mean of the distances. The spread is the root of the mean of their "
            "squares.": lambda g, k: np.mean(_squares(g) ** 0.5) / k**0.5,
            "These are spreads of single parameters. A distance has all of them in it: add up "
            "their squares.": lambda g, k: np.std(g, axis=0) / k**0.5,
            "np.std of the whole table mixes the parameters: each column has a mean of its own, "
            "and the squares in a row are added up.": lambda g, k: np.std(g) / k**0.5,
            "You added the spreads of the parameters. In a distance their squares are added, as "
            "in a right triangle.": lambda g, k: np.sum(np.std(g, axis=0)) / k**0.5,
            "Take the mean over all rows: divide by their number, not by one less.": lambda g, k: (
                _noise(g, k) * (len(g) / (len(g) - 1)) ** 0.5
            ),
            "This is the mean square. Take its root.": lambda g, k: _noise(g, k) ** 2,
        },
    ),
    "lost": Exercise(
        solution=(8, 4, 0, 12, 6),
        mistakes={
            "A: range(0, 8, 4) is 0 and 4: the last batch is never dealt out.": (12, 4, 0, 12, 6),
            "A: range(0, 8, 4) has two starts, and each deals out 4 samples.": (4, 4, 0, 12, 6),
            "B: the slices are order[0:4], order[4:4] and order[8:4]. What is in the last two?": (
                8,
                12,
                0,
                12,
                6,
            ),
            "C: nothing is left over, 12 % 4 is 0, and order[:-0] is order[:0].": (
                (8, 4, 12, 12, 6)
            ),
            "C: nothing is left over, so this is not about the last batch. What is order[:-0]?": (
                (8, 4, 8, 12, 6)
            ),
            "D: two samples come twice, but the question is how many different ones come.": (
                (8, 4, 0, 14, 6)
            ),
            "D: the batches overlap, so none is lost.": (8, 4, 0, 10, 6),
            "E: the starts are 0, 1 and 2, so the batches overlap, and half of the order is never "
            "reached.": (8, 4, 0, 12, 12),
            "E: there are three batches with 4 samples each, but they overlap.": (8, 4, 0, 12, 3),
            "You count batches. Asked is how many different samples come.": (2, 1, 0, 3, 3),
            "You give what is lost. Asked is how many different samples come.": (4, 8, 12, 0, 6),
        },
    ),
    "feed": Exercise(
        solution=_feed(),
        cases=(
            (how_many, _ROWS, 10 * _ROWS, 2, 1, np.random.default_rng(11)),
            (how_many, _ROWS, 10 * _ROWS, 5, 2, np.random.default_rng(11)),
            (total, _ROWS, 10 * _ROWS, 1, 1, np.random.default_rng(11)),
            (total, _ROWS, 10 * _ROWS, 1, 2, np.random.default_rng(11)),
            (pairs, _ROWS, 10 * _ROWS, 2, 1, np.random.default_rng(11)),
            (how_many, _ROWS, 10 * _ROWS, 8, 3, np.random.default_rng(11)),
            (places, _ROWS, np.array([2, 0, 1, 4, 3]), 4, 3, np.random.default_rng(12)),
            (pairs, _ROWS, 10 * _ROWS, 2, 0, np.random.default_rng(11)),
            "places, *np.random.default_rng(10).normal(size=(2, 10)), 4, 4, "
            "np.random.default_rng(13)",
        ),
        mistakes={
            "The last batch is lost when it is not full. An epoch uses every sample.": _feed(
                bounds=lambda n, size: [(s, s + size) for s in range(0, n - size + 1, size)]
            ),
            "The slice ends at size. It has to end at start + size.": _feed(
                bounds=lambda n, size: [(s, size) for s in range(0, n, size)]
            ),
            "The batches overlap. The next one begins size rows later: range has a third number, "
            "the step.": _feed(bounds=lambda n, size: [(s, s + size) for s in range(n)]),
            "np.array_split makes batches of nearly the same size. All but the last have size "
            "rows.": _feed(
                bounds=lambda n, size: [
                    (part[0], part[-1] + 1) for part in np.array_split(range(n), -(-n // size))
                ]
            ),
            "Nothing is shuffled: the rows come in the order of the arrays.": _feed(
                _twice(lambda n, epochs, rng: [np.arange(n)] * epochs)
            ),
            "You draw an order for x and another one for y, so that inputs and targets no longer "
            "belong together.": _feed(_apart),
            "One order has to pick the rows of both arrays; you draw two.": _feed(
                lambda n, epochs, rng: [
                    (rng.permutation(n), rng.permutation(n)) for _ in range(epochs)
                ]
            ),
            "You shuffle the rows that were shuffled already. Draw from the original arrays.": (
                _feed(_twice(_reshuffled))
            ),
            "rng.integers draws with putting back: some samples come twice, and others "
            "never.": _feed(
                _twice(lambda n, epochs, rng: [rng.integers(0, n, n) for _ in range(epochs)])
            ),
            "Return one flat list, not a list for each epoch.": _list_for_each_epoch,
            "Only x is shuffled. Pick the rows of y with the same order.": _feed(
                lambda n, epochs, rng: [(order, np.arange(n)) for order in _orders(n, epochs, rng)]
            ),
            "You hand over y first. use gets the rows of x, and then those of y.": (
                lambda use, x, y, size, epochs, rng: _feed()(use, y, x, size, epochs, rng)
            ),
            "The order is drawn once and used in every epoch. Draw it inside the loop over the "
            "epochs.": _feed(_twice(lambda n, epochs, rng: [rng.permutation(n)] * epochs)),
            "You draw an order for every batch, so that some samples come twice in an epoch and "
            "others never. Draw it once for each epoch.": _order_for_each_batch,
            "A batch reaches over the end of an epoch. Each epoch begins with a fresh batch.": (
                _feed(lambda n, epochs, rng: [(np.ravel(_orders(n, epochs, rng)).astype(int),) * 2])
            ),
            "This is a single epoch.": lambda use, x, y, size, epochs, rng: _feed()(
                use, x, y, size, 1, rng
            ),
        },
        without=("batches",),
    ),
    "until_flat": Exercise(
        solution=_until_flat(),
        cases=(
            "recorded([3.0, 2.0, 2.5, 2.4]), 2",
            "recorded([3.0, 2.0, 2.5, 1.0, 1.5, 1.2, 1.1]), 3",
            "recorded([3.0, 2.5, 2.0], ends=True), 2",
            "recorded([3.0, 2.0, 2.5, 2.4, 1.0], ends=True), 2",
            "recorded([1.0, 2.0]), 1",
            "recorded([2.0, 2.0, 2.0, 2.0]), 3",
            "recorded([5.0, 6.0, 4.0, 4.5, 3.0, 3.5, 3.2]), 2",
            "recorded([9, 8, 8.5, 8.2, 8.1, 7, 7.5, 7.4, 7.3, 7.2, 7.1]), 5",
            "recorded([4.0], ends=True), 1",
            "recorded([300.0, 250.0, 280.0, 260.0]), 2",
            "recorded([3.0, 2.0, 1.99, 2.5, 2.4]), 2",
            "recorded([3.0, 2.0, 2.5, 2.4, 2.3]), 2",
        ),
        mistakes={
            "You stop at the first rise. A batch may be a harder one: be as patient as asked.": (
                _until_flat(enough=lambda waited, patience: True)
            ),
            "You go on for one update more than asked. Stop as soon as the last of them has not "
            "brought a new best.": _until_flat(enough=lambda waited, patience: waited > patience),
            "You take one update too few: without a new best there have to be as many as "
            "asked.": _until_flat(enough=lambda waited, patience: waited >= patience - 1),
            "This is where you stopped. Asked is the update with the best loss.": _until_flat(
                answer=lambda best, at, t: t
            ),
            "This is the best loss. Asked is the number of its update.": _until_flat(
                answer=lambda best, at, t: best
            ),
            "An equal loss is no improvement: it has to be below the best.": _until_flat(
                better=lambda loss, best, before: loss <= best
            ),
            "Compare with the best so far, not with the loss of the update before.": _until_flat(
                better=lambda loss, best, before: loss < before
            ),
            "The count begins again whenever there is a new best. You add up all updates without "
            "one.": _until_flat(reset=False),
            "You count from 0. The stream says the number of the update, from 1.": _until_flat(
                answer=lambda best, at, t: at - 1
            ),
            "You look before you count this update, so you need one more. Look when it is "
            "counted.": _look_before_counting,
            "You never stop, or have a patience of your own. Use the one that is given.": (
                lambda stream, patience: _until_flat()(stream, 10)
            ),
            "You ask for everything before you look. A training may have no end: look after each "
            "update.": lambda stream, patience: _until_flat()(iter(list(stream)), patience),
        },
    ),
    "plan": Exercise(
        solution=_plan(),
        cases=(
            (100, 10, 20, 0.125, 1.0),
            (1000, 10, 20, 0.125, 1.0),
            (100, 10, 30, 0.125, 2.0),
            (1000, 10, 3, 0.25, 0.6),
            (100, 60, 7, 0.125, 1.0),
            (100, 50, 7, 0.25, 1.0),
            (100, 40, 15, 0.5, 4.0),
            (1000, 10, 3, 0.123456789, 1.0),
            (2_000_000_000, 3_094_318, 30_622, 0.03, 2.0),
        ),
        mistakes={
            "This is what the memory holds. The rate that goes with it is above the limit.": _plan(
                pick=lambda fits, stays: fits
            ),
            "This is what the limit allows. It does not fit into the memory.": _plan(
                pick=lambda fits, stays: stays
            ),
            "Both conditions have to hold, so take the smaller of the two sizes.": _plan(pick=max),
            "The size is right. The rate has to grow with it, by the same factor.": _plan(
                scaled=lambda rate, size, limit: rate
            ),
            "The size is right. The rate is the scaled one, not the limit.": _plan(
                scaled=lambda rate, size, limit: limit
            ),
            "The size is right. The rate is multiplied by the size; a larger batch makes fewer "
            "steps.": _plan(scaled=lambda rate, size, limit: rate / size if size else 0.0),
            "The slopes are missing: each parameter needs room for two numbers.": _plan(own=1),
            "The network itself is missing: take away its weights and their slopes first.": _plan(
                own=0
            ),
            "A batch has a whole number of samples: round down.": _plan(whole=lambda n: n),
            "You round up. A sample that fits only in part does not fit, and a rate above the "
            "limit is too large.": _plan(whole=math.ceil),
            "A batch cannot be negative. If the network does not fit, the size is 0.": _plan(
                least=-math.inf
            ),
            "If nothing fits, the size is 0, not 1.": _plan(least=1),
            "If nothing fits, the rate is 0, too.": _plan(
                scaled=lambda rate, size, limit: rate * size or rate
            ),
            "Right but swapped: first the size, then the rate.": lambda *a: _plan()(*a)[::-1],
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
            "8, and 82 with batches of 128. At 0.05, where noise matters, it was 2 and 16.",
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
            "About one in nine, as at the start": "At the start they do. On the way the full "
            "gradient shrinks more than the cloud around it, and so more and more of them do.",
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
