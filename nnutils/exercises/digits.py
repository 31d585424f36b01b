"""Exercises and quiz of the chapter *Reading digits*."""

import math

import numpy as np

from nnutils.exercises import Exercise, Question
from nnutils.numerics import logsumexp


def random_logits(labels, classes, seed):
    """Return normal logits, larger by 1.5 at the labels, as a network gives that is often right."""
    logits = np.random.default_rng(seed).normal(size=(len(labels), classes))
    logits[np.arange(len(labels)), labels] += 1.5
    return logits


def _joined(training, test):
    m, s = np.mean(training), np.std(training)
    return (np.concatenate([training, test]) - m) / s


def _prepare(rows, order, n_test, mean=np.mean, std=np.std):
    training, test = rows[order[n_test:]], rows[order[:n_test]]
    return (np.concatenate([training, test]) - mean(training)) / std(training)


def _scaled(mean, std):
    """Return an answer with another mean and standard deviation of the training rows."""
    return lambda rows, order, n: _prepare(rows, order, n, mean, std)


def _no_shift(training):
    return 0.0


def _by_parts(treat):
    """Return an answer that makes its rows by ``treat(training, test)``."""
    return lambda rows, order, n: treat(rows[order[n:]], rows[order[:n]])


def _each_by_itself(training, test):
    return np.concatenate([(part - part.mean()) / part.std() for part in (training, test)])


def _right(logits, labels, axis=1):
    return np.argmax(logits, axis=axis) == labels


def _each_class(share, last=lambda right, shares: right.mean()):
    """Return an answer with ``share(given, labels, k)`` for class k, and one more number."""

    def shares_right(logits, labels):
        given = np.argmax(logits, axis=1)
        shares = [share(given, labels, k) for k in range(logits.shape[1])]
        return np.array([*shares, last(given == labels, shares)])

    return shares_right


def _share(given, labels, k):
    return np.mean(given[labels == k] == k)


_shares_right = _each_class(_share)


def _losses(logits, labels, axis=1):
    return logsumexp(logits, axis=axis) - logits[np.arange(len(labels)), labels]


def _from_the_loss(logits, labels):
    likely = np.exp(-_losses(logits, labels))
    shares = [likely[labels == k].mean() for k in range(logits.shape[1])]
    return np.array([*shares, likely.mean()])


def _stop(losses, patience, start=math.inf, improves=lambda loss, best: loss < best):
    best, kept = start, 0
    for epoch, loss in enumerate(losses, start=1):
        if improves(loss, best):
            best, kept = loss, epoch
        elif epoch - kept >= patience:
            break
    return kept, epoch


def _than_the_one_before(losses, patience):
    best, kept, before, rises = math.inf, 0, math.inf, 0
    for epoch, loss in enumerate(losses, start=1):
        rises = 0 if loss < before else rises + 1
        if loss < best:
            best, kept = loss, epoch
        if rises >= patience:
            break
        before = loss
    return kept, epoch


def _never_reset(losses, patience):
    best, kept, waited = math.inf, 0, 0
    for epoch, loss in enumerate(losses, start=1):
        if loss < best:
            best, kept = loss, epoch
        else:
            waited += 1
            if waited >= patience:
                break
    return kept, epoch


def _weights(sizes):
    return sum(n_in * n_out for n_in, n_out in zip(sizes, sizes[1:]))


def _updates(samples, batch_size, epochs, drop_last):
    full, every = samples // batch_size, math.ceil(samples / batch_size)
    return epochs * (full if drop_last else every)


def _counts(sizes, *training):
    return _weights(sizes) + sum(sizes[1:]), _updates(*training)


def _with_biases(biases):
    """Return an answer that counts ``biases(sizes)`` beside the weights."""
    return lambda sizes, *training: (_weights(sizes) + biases(sizes), _updates(*training))


def _with_updates(updates):
    return lambda sizes, n, b, e, drop: (_counts(sizes, n, b, e, drop)[0], updates(n, b, e, drop))


def _coin(wins, losses, *, least=max, sides=2, most=1, first=0):
    """Return how often a fair coin is as one-sided; the keywords make the usual mistakes."""
    n, k = wins + losses, least(wins, losses)
    tail = sum(math.comb(n, i) for i in range(k + first, n + 1)) / 2**n
    return min(most, sides * tail)


def _coin_with(**mistake):
    return lambda wins, losses: _coin(wins, losses, **mistake)


_THREE = "np.array([0, 1, 2])"

EXERCISES = {
    "prepare": Exercise(
        solution=_prepare,
        cases=(
            (np.array([[0.0], [4.0], [8.0], [20.0], [30.0]]), np.array([3, 4, 0, 1, 2]), 2),
            (np.array([[0, 16], [7, 2], [9, 4], [1, 0], [5, 12]]), np.array([2, 0, 4, 1, 3]), 1),
            "np.random.default_rng(0).integers(0, 17, (6, 2)), np.array([5, 0, 3, 1, 4, 2]), 2",
            "np.random.default_rng(1).normal(3, 9, (20, 5)), "
            "np.random.default_rng(2).permutation(20), 5",
            "np.random.default_rng(3).normal(size=(20, 5)) + np.array([0, 0, 3, 0, 9]), "
            "np.random.default_rng(4).permutation(20), 12",
        ),
        mistakes={
            "The mean and the standard deviation come from all rows, so that the test part has a "
            "say in the training. Take them from the training rows alone.": lambda r, o, n: (
                (np.concatenate([r[o[n:]], r[o[:n]]]) - r.mean()) / r.std()
            ),
            "You normalize the test rows with their own mean and standard deviation. The network "
            "would see them on another scale than the training rows.": _by_parts(_each_by_itself),
            "The test rows are not normalized. They have to be on the scale of the training "
            "rows.": _by_parts(
                lambda training, test: np.concatenate([_joined(training, training[:0]), test])
            ),
            "Nothing is normalized. Subtract the mean, and divide by the standard "
            "deviation.": _by_parts(lambda training, test: np.concatenate([training, test])),
            "These are the training rows alone. The normalized test rows follow below.": _by_parts(
                lambda training, test: _joined(training, test[:0])
            ),
            "You cut the rows as they stand. Pick them with order, because a file may be "
            "sorted.": lambda r, o, n: _prepare(r, np.arange(len(r)), n),
            "The numbers are right, but the rows stand in the order of the file. First the "
            "training rows, then the test rows, as in order.": lambda r, o, n: (
                (r - r[o[n:]].mean()) / r[o[n:]].std()
            ),
            "The order is the other way around: first the training rows, then the test "
            "rows.": lambda r, o, n: np.roll(_prepare(r, o, n), n, axis=0),
            "The first positions in order are the test part; you took the last "
            "ones.": lambda r, o, n: _prepare(r, np.concatenate([o[len(o) - n :], o[:-n]]), n),
            "The first n_test positions in order are the test part. You train with them.": (
                lambda r, o, n: _joined(r[o[:n]], r[o[n:]])
            ),
            "The test rows are among the training rows, too: order[n_test:] leaves them "
            "out.": lambda r, o, n: _joined(r[o], r[o[:n]]),
            "The parts are right, but each stands in the order of the file. Leave its rows in the "
            "order of order.": lambda r, o, n: _joined(r[np.sort(o[n:])], r[np.sort(o[:n])]),
            "You divide by the mean of the squared distances. The standard deviation is its "
            "root.": _scaled(np.mean, np.var),
            "Divide the sum of the squared distances by how many there are, not by one less "
            "(ddof=1). The standard deviation is the root of their mean.": _scaled(
                np.mean, lambda part: np.std(part, ddof=1)
            ),
            "You only shift. Divide by the standard deviation as well.": _scaled(
                np.mean, lambda part: 1.0
            ),
            "You only divide. Subtract the mean first.": _scaled(_no_shift, np.std),
            "Brackets are missing: subtract the mean first, and then divide the "
            "difference.": _scaled(lambda part: np.mean(part) / np.std(part), lambda part: 1.0),
            "This stretches the numbers from 0 to 1. Subtract the mean, and divide by the standard "
            "deviation.": _scaled(np.min, np.ptp),
            "This takes a mean and a standard deviation for each column. Here it is one of each "
            "for all pixels.": _scaled(
                lambda part: part.mean(axis=0), lambda part: part.std(axis=0)
            ),
        },
    ),
    "shares_right": Exercise(
        solution=_shares_right,
        cases=(
            "np.array([[2, 1], [0.5, 1], [0, 1], [3, 0], [1, 0.5]]), np.array([0, 0, 1, 0, 0])",
            "np.array([[-9.0, 1.0], [2.0, -7.0], [-3.0, -2.0]]), np.array([1, 0, 0])",
            "np.zeros((4, 3)), np.array([0, 1, 2, 0])",
            "np.array([[3, 0, -1], [0, 2, 2], [1, 1, 4]]), np.array([2, 1, 0])",
            "random_logits(np.arange(24) % 4, 4, seed=0), np.arange(24) % 4",
            "random_logits(np.repeat([2, 0, 1], [1, 7, 4]), 3, seed=1), "
            "np.repeat([2, 0, 1], [1, 7, 4])",
            "random_logits(np.arange(35) % 10, 10, seed=2), np.arange(35) % 10",
        ),
        mistakes={
            "You divide by how often class k was given. The question is how many of the samples "
            "that truly are of class k: rows of the confusion matrix, not columns.": _each_class(
                lambda given, labels, k: (
                    np.sum((given == k) & (labels == k)) / (np.sum(given == k) or np.nan)
                )
            ),
            "The last number is the mean of the shares, in which a rare class counts as much as a "
            "frequent one. Accuracy is the share over all samples.": _each_class(
                _share, lambda right, shares: np.mean(shares)
            ),
            "You divide by the number of all samples. Divide by the number of samples of that "
            "class.": _each_class(lambda given, labels, k: np.mean((given == k) & (labels == k))),
            "These are the numbers of right answers. Divide by the number of samples, for each "
            "class and for all.": _each_class(
                lambda given, labels, k: np.sum(given[labels == k] == k),
                lambda right, shares: right.sum(),
            ),
            "The accuracy is right. For the classes these are numbers of right answers; divide "
            "each by the number of samples of that class.": _each_class(
                lambda given, labels, k: np.sum(given[labels == k] == k)
            ),
            "The accuracy is right. For the classes this only counts how frequent they "
            "are.": _each_class(lambda given, labels, k: np.mean(labels == k)),
            "In this, a sample of another class counts as right if it is not taken for k. Look "
            "only at the samples of class k.": _each_class(
                lambda given, labels, k: np.mean((given == k) == (labels == k))
            ),
            "These are probabilities worked out from the loss. A sample is either right or "
            "wrong; how sure the network was does not count.": _from_the_loss,
            "np.max is the largest logit itself. Its position, np.argmax, is the class.": (
                lambda z, t: np.array(
                    [
                        *(np.mean(z[t == k].max(axis=1) == k) for k in range(z.shape[1])),
                        np.mean(z.max(axis=1) == t),
                    ]
                )
            ),
            "These are shares of wrong answers; one minus them is what is asked "
            "for.": lambda z, t: 1 - _shares_right(z, t),
            "The numbers are right. The accuracy comes last, after the shares.": lambda z, t: (
                np.roll(_shares_right(z, t), 1)
            ),
            "The shares are right. At the end, the accuracy is missing.": lambda z, t: (
                _shares_right(z, t)[:-1]
            ),
            "The share of the last class is missing: range(logits.shape[1]) goes through all "
            "classes.": lambda z, t: np.delete(_shares_right(z, t), -2),
        },
    ),
    "stop": Exercise(
        solution=_stop,
        cases=(
            ([0.9, 0.5, 0.6, 0.55, 0.4], 2),
            ([3.0, 2.0, 1.0], 2),
            ([0.5], 3),
            ([1.0, 1.0, 1.0], 1),
            ([1.0, 2.0, 0.9, 2.0, 0.8, 3.0, 4.0, 0.1], 2),
            ([5.0, 4.0, 4.5, 4.2, 4.1, 3.0], 3),
            ([1.0, 2.0, 3.0, 4.0, 5.0], 10),
            ([4e9, 3e9, 3e9, 2e9, 5e9, 6e9], 2),
            ([0.5, 0.4999999999, 0.4999999998, 0.6, 0.7], 2),
            ([-1.0, -2.0, -2.0, -1.5, -3.0], 2),
            "np.geomspace(1, 0.01, 60).tolist(), 5",
            "np.random.default_rng(0).uniform(0.1, 1, 40).round(3).tolist(), 7",
        ),
        mistakes={
            "You keep the weights of the last epoch. Go back to the best one.": lambda v, p: (
                2 * (_stop(v, p)[1],)
            ),
            "The kept epoch is right. The training goes on until the patience has run out, or to "
            "the end.": lambda v, p: 2 * (_stop(v, p)[0],),
            "You never stop. The training is over when the patience has run out.": lambda v, p: (
                v.index(min(v)) + 1,
                len(v),
            ),
            "Epochs count from 1, and you count from 0.": lambda v, p: (
                _stop(v, p)[0] - 1,
                _stop(v, p)[1] - 1,
            ),
            "The kept epoch is right. The last one is that in which the patience runs out, not "
            "the one after it.": lambda v, p: (_stop(v, p)[0], _stop(v, p)[1] + 1),
            "You compare with the epoch before. A loss can fall and still be above the best "
            "one.": _than_the_one_before,
            "You never set the count back: patience begins anew with each best loss.": _never_reset,
            "You stop one epoch too late: when as many epochs as the patience have brought no "
            "improvement, it is over.": lambda v, p: _stop(v, p + 1),
            "You stop one epoch too soon: the best epoch itself does not use up "
            "patience.": lambda v, p: _stop(v, p - 1),
            "You take an equal loss for an improvement.": lambda v, p: _stop(
                v, p, improves=lambda loss, best: loss <= best
            ),
            "Your best loss is 0 at the start, and no loss is below it. Begin with infinity, or "
            "with the first loss.": lambda v, p: _stop(v, p, 0),
            "You stop at the first epoch without improvement. Wait for as many of them as the "
            "patience.": lambda v, p: _stop(v, 1),
            "The kept epoch lies that far before the last one only if the patience has run out. "
            "Remember the epoch of the best loss.": lambda v, p: (
                _stop(v, p)[1] - p,
                _stop(v, p)[1],
            ),
            "The first number is the best loss. Return its epoch.": lambda v, p: (
                v[_stop(v, p)[0] - 1],
                _stop(v, p)[1],
            ),
            "The two numbers are swapped: first the epoch whose weights are kept, then the last "
            "one.": lambda v, p: _stop(v, p)[::-1],
            "You look at the whole list. When training stops, the later losses are not known, "
            "because those epochs never happen.": lambda v, p: (
                v.index(min(v)) + 1,
                min(len(v), v.index(min(v)) + 1 + p),
            ),
        },
    ),
    "counts": Exercise(
        solution=_counts,
        cases=(
            ([2, 3, 1], 10, 4, 5, False),
            ([2, 3, 1], 10, 4, 5, True),
            ([3, 2], 8, 4, 2, False),
            ([3, 2], 8, 4, 2, True),
            ([4, 4, 4], 5, 8, 3, True),
            ([4, 4, 4], 5, 8, 3, False),
            ([64, 128, 10], 1150, 64, 1, False),
            ([30_000, 100, 256, 256, 10], 50_000, 64, 30, True),
            ([30_000, 100, 256, 256, 10], 50_000, 64, 30, False),
            ([20_000, 1_000, 1], 7, 1, 9, True),
        ),
        mistakes={
            "The updates are right. These are the weights; each unit has a bias, "
            "too.": _with_biases(lambda sizes: 0),
            "The updates are right. A layer has a bias for each unit, and you count one for each "
            "input.": _with_biases(lambda sizes: sum(sizes[:-1])),
            "The updates are right. A layer has a bias for each unit, and you count one for each "
            "layer.": _with_biases(lambda sizes: len(sizes) - 1),
            "The updates are right. The inputs are no units, so they have no biases.": _with_biases(
                sum
            ),
            "The updates are right. The outputs have biases, too.": _with_biases(
                lambda sizes: sum(sizes[1:-1])
            ),
            "The parameters are right. These are the updates of a single epoch.": _with_updates(
                lambda n, b, e, drop: _updates(n, b, 1, drop)
            ),
            "The parameters are right. An update belongs to a batch, not to a "
            "sample.": _with_updates(lambda n, b, e, drop: n * e),
            "The parameters are right. drop_last is turned around: True leaves the last batch "
            "out.": _with_updates(lambda n, b, e, drop: _updates(n, b, e, not drop)),
            "The parameters are right. You always leave the last batch out.": _with_updates(
                lambda n, b, e, drop: _updates(n, b, e, True)
            ),
            "The parameters are right. You always use the last batch.": _with_updates(
                lambda n, b, e, drop: _updates(n, b, e, False)
            ),
            "The parameters are right. Round within each epoch: what is left over from one epoch "
            "is not carried into the next.": _with_updates(
                lambda n, b, e, drop: n * e // b if drop else math.ceil(n * e / b)
            ),
            "The parameters are right. What is left over makes one more batch in each epoch, not "
            "one in all.": _with_updates(
                lambda n, b, e, drop: e * (n // b) + (not drop and n % b > 0)
            ),
            "The parameters are right. If the division leaves nothing over, there is no further "
            "batch.": _with_updates(lambda n, b, e, drop: e * (n // b if drop else n // b + 1)),
            "The parameters are right. If the division leaves nothing over, the last batch is full "
            "and stays.": _with_updates(
                lambda n, b, e, drop: e * (math.ceil(n / b) - 1 if drop else math.ceil(n / b))
            ),
            "The parameters are right. Half an update does not exist: round down or "
            "up.": _with_updates(lambda n, b, e, drop: n * e / b),
            "The parameters are right. round goes to the nearest whole number. A batch that is not "
            "full is left out or used, however large it is.": _with_updates(
                lambda n, b, e, drop: e * round(n / b)
            ),
            "The two numbers are swapped: first the parameters, then the updates.": (
                lambda *case: _counts(*case)[::-1]
            ),
        },
    ),
    "coin": Exercise(
        solution=_coin,
        cases=((6, 1), (1, 6), (5, 2), (2, 0), (3, 3), (0, 0), (1, 0), (43, 6), (18, 62), (12, 20)),
        mistakes={
            "This is how often heads are so many. A coin that falls to the other side is as "
            "one-sided: both sides count.": _coin_with(sides=1),
            "With as many wins as losses each throw is counted twice. A probability is at most "
            "1.": _coin_with(most=math.inf),
            "Start at the larger of the two numbers, whichever it is.": _coin_with(
                least=lambda wins, losses: wins
            ),
            "Start at the larger of the two numbers. You start at the smaller one.": _coin_with(
                least=min
            ),
            "At least as one-sided means that this result counts, too. You begin behind "
            "it.": _coin_with(first=1),
            "This is the probability of just this result. More one-sided ones count, too.": (
                lambda wins, losses: min(
                    1, 2 * math.comb(wins + losses, wins) / 2 ** (wins + losses)
                )
            ),
            "This counts the results, and does not divide by how many there are: 2 to the power of "
            "the number of throws.": lambda wins, losses: (
                _coin_with(most=math.inf)(wins, losses) * 2 ** (wins + losses)
            ),
            "This is the share of wins. How often does a coin do at least as well?": (
                lambda wins, losses: wins / max(1, wins + losses)
            ),
            "This is the probability of the other results. How often is the coin at least as "
            "one-sided?": lambda wins, losses: 1 - _coin(wins, losses),
            "You forgot that a result can come in several orders: multiply by math.comb.": (
                lambda wins, losses: min(
                    1, 2 * (wins + losses - max(wins, losses) + 1) / 2 ** (wins + losses)
                )
            ),
        },
    ),
    "what_went_wrong": Exercise(
        solution=(4, 1, 3, 2, 5),
        mistakes={
            "A and E are swapped: which of the two still tells most pictures from each other?": (
                (5, 1, 3, 2, 4)
            ),
            "B and C are swapped: which of the two has learned something, if only by heart?": (
                (4, 3, 1, 2, 5)
            ),
            "Look at B again: with the rate 1 the first steps change the loss. This one stands at "
            "the loss of guessing, as if nothing could move.": (4, 6, 3, 2, 5),
            "Look at C again: with the rate 1 the training pictures are no better than the "
            "others. These are learned by heart.": (4, 1, 6, 2, 5),
            "Look at A again: with the rate 1 the training pictures would not all be right.": (
                6,
                1,
                3,
                2,
                5,
            ),
            "Look at D again: nothing that is new is read without any mistake.": (4, 1, 3, 4, 5),
            "Look at E again: the rate cannot be it, as the training pictures are all right.": (
                4,
                1,
                3,
                2,
                6,
            ),
            "A and D are swapped: which of them is too good to be true?": (2, 1, 3, 4, 5),
            "The faults are numbered from 1, and you count from 0.": (3, 0, 2, 1, 4),
        },
    ),
}

QUIZ = (
    Question(
        "A deep ReLU network, 100 units in each layer, starts from random weights of spread 0.01. "
        "Its loss stays where it was. Why?",
        {
            "All units of a layer start equal, and stay equal.": "They would if the weights were "
            "equal. These are drawn at random.",
            "The signal shrinks in every layer.": "Its mean square is multiplied by half of 100 "
            "times 0.0001 in each, and the pull fades on its way back.",
            "Small weights make small steps, so that it needs a few epochs more.": "A step is as "
            "long as rate times slope. Here the slopes are next to 0, and stay so.",
        },
        answer="The signal shrinks in every layer.",
    ),
    Question(
        "The pixels are normalized. From which pictures do mean and standard deviation come?",
        {
            "From all pictures, so that both numbers are as exact as can be.": "Then the test part "
            "has a say in the training, and its number flatters.",
            "From each part its own: the test part is normalized by itself.": "Then the same ink "
            "would be another number in the test than in the training.",
            "From the training part alone.": "The other parts stand for pictures that do not exist "
            "yet. They are shifted and stretched by the same two numbers.",
        },
        answer="From the training part alone.",
    ),
    Question(
        "Which losses fit a number, a yes or no, and one class of several?",
        {
            "Accuracy for all three, since that is what you want.": "Accuracy has slope 0 nearly "
            "everywhere, so nothing can be learned from it.",
            "Squared or absolute error; binary cross-entropy; cross-entropy with softmax.": "The "
            "last two begin at logits, so sigmoid and softmax are part of them.",
            "Cross-entropy with softmax; squared or absolute error; binary cross-entropy.": "The "
            "right losses in the wrong places. A price has no probabilities, and for a yes or no, "
            "squares let go where the network is most wrong.",
            "Squared error for all three.": "It works for numbers. For probabilities its pull "
            "fades where the network is surely wrong.",
        },
        answer="Squared or absolute error; binary cross-entropy; cross-entropy with softmax.",
    ),
    Question(
        "The training loss falls, the validation loss has risen for twenty epochs, and as many "
        "validation pictures are right as before. What has happened?",
        {
            "The rate is too large, and the loss bounces.": "Then the training loss would bounce, "
            "too. It falls.",
            "Nothing: what counts is that as many are right.": "If you need probabilities, it "
            "counts: those of the wrong answers became too high.",
            "Wrong answers have become surer.": "The network learns what is peculiar to its "
            "training pictures. The loss sees that, the accuracy need not.",
        },
        answer="Wrong answers have become surer.",
    ),
    Question(
        "What does backpropagation do?",
        {
            "It changes the weights.": "It delivers slopes. What is done with them is the "
            "optimizer's business.",
            "It sends the error back to the inputs, so that they can be mended.": "The slopes "
            "with the inputs are a by-product. Training needs those with the weights.",
            "It nudges each weight and measures the loss.": "That gives the same slopes, for two "
            "forward passes per weight. Backpropagation needs about one more pass in all.",
            "It gets all slopes in one backward sweep.": "By the chain rule, from the loss "
            "backward: the pull that arrives, times the gate's own slope.",
        },
        answer="It gets all slopes in one backward sweep.",
    ),
    Question(
        "In which order are the weights of the layers updated?",
        {
            "The last layer first, then backward, each layer with fresh slopes.": "Slopes are "
            "worked out from back to front, but all of them at the same weights.",
            "All at once, with slopes that were measured at the old weights.": "If one layer "
            "moved first, the slopes of the others would belong to a network that no longer "
            "exists.",
            "The first layer first, because the others depend on it.": "All slopes belong to the "
            "old weights, whichever layer they are of.",
        },
        answer="All at once, with slopes that were measured at the old weights.",
    ),
    Question(
        "1,150 samples, batches of 64. What happens in one epoch?",
        {
            "1 update, with the mean gradient of all samples.": "That would be an epoch of full "
            "batches.",
            "64 updates, one for each sample of a batch.": "64 is how many samples are in a "
            "batch. The batch makes one update together.",
            "1,150 updates, one for each sample of the epoch.": "That would be an epoch of single "
            "samples.",
            "18 updates, and each sample is used once.": "17 full batches and one of 62 samples; "
            "each sample goes forward and backward once.",
        },
        answer="18 updates, and each sample is used once.",
    ),
    Question(
        "Why is a GPU faster at training?",
        {
            "It works on thousands of the small sums in a matrix product at the same time.": "The "
            "entries of a product do not wait for each other.",
            "It computes each single sum faster.": "A single sum is rather slower on it. There are "
            "many at a time.",
            "It needs fewer epochs.": "The method, the updates and their number stay the same.",
            "It uses a better optimizer.": "The optimizer is your choice, and runs on either.",
        },
        answer="It works on thousands of the small sums in a matrix product at the same time.",
    ),
    Question(
        "The ratio of a valley's curvatures, across to along, becomes 100 times as large. With "
        "which rule does the number of steps become only about ten times as large?",
        {
            "With the plain step, if its rate is the best one.": "Its rate is held down by the "
            "curvature across, so along the valley it needs 100 times as many.",
            "With momentum, if rate and momentum fit.": "Its steps grow in number with the root of "
            "the ratio: from 13 to 143 in the chapter on it, for the ratios 10 and 1,000.",
            "With neither: the valley is as long for both.": "It is, but a velocity grows where "
            "slopes agree.",
        },
        answer="With momentum, if rate and momentum fit.",
    ),
    Question(
        "Which learning rate is right?",
        {
            "0.01 is always a safe choice.": "With another scale of inputs the right rate can be "
            "dozens of times larger or smaller.",
            "As small as your patience allows, since small steps follow the slope best.": "Time "
            "is what it costs: after 20 epochs at the rate 0.0001 the loss was still on its way "
            "down.",
            "The best on the validation part, of rates a factor apart.": "With Adam it is often "
            "from 0.0001 to 0.01. What fits depends on the optimizer, the scale of the inputs and "
            "the batch size.",
            "The one with the best test result.": "Then the test part has made a decision, and "
            "its number flatters.",
        },
        answer="The best on the validation part, of rates a factor apart.",
    ),
)
GUESSES = {
    "rate": Question(
        "Adam trains 32 hidden units with the rate 1. Does the loss run away?",
        {
            "Yes: it becomes infinite": "Plain steps might do that. The size of Adam's steps is "
            "bounded, and the loss stays near 2.3.",
            "No: it stays near that of guessing": "The training loss is 2.4 after 20 epochs; "
            "guessing has log 10, about 2.3. The first steps have thrown the weights so far that "
            "all 32 units are dead.",
            "No: it comes down, with some noise": "It stays near 2.3, the loss of guessing. All "
            "32 units are dead after the first steps, and nothing more can be learned by them.",
        },
        answer="No: it stays near that of guessing",
    ),
    "sure": Question(
        "Five of the 30 pictures get a wrong answer. How sure is the network of these five?",
        {
            "Not sure: all five below 50 %": "The least sure of them has 51 %.",
            "So so: all five between 50 and 85 %": "Two of them are, with 51 and 75 %. The other "
            "three have 87, 94 and 98 %.",
            "Of three of them more than 85 % sure": "87, 94 and 98 %. So a high probability is no "
            "promise.",
        },
        answer="Of three of them more than 85 % sure",
    ),
}
