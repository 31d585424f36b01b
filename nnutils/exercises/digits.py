"""Exercises and quiz of the chapter *A network that reads*."""

import math

import numpy as np

from nnutils.exercises import Exercise, Question
from nnutils.numerics import logsumexp, softmax

_RNG = np.random.default_rng(13)


def _prepare(rows, order, n_test, mean=np.mean, std=np.std):
    training, test = rows[order[n_test:]], rows[order[:n_test]]
    m, s = mean(training), std(training)
    return np.concatenate([(training - m) / s, (test - m) / s])


def _each_by_itself(rows, order, n_test):
    training, test = rows[order[n_test:]], rows[order[:n_test]]
    parts = [(part - part.mean()) / part.std() for part in (training, test)]
    return np.concatenate(parts)


def _test_first(rows, order, n_test):
    both = _prepare(rows, order, n_test)
    return np.concatenate([both[len(rows) - n_test :], both[: len(rows) - n_test]])


def _prepared_overlap(rows, order, n_test):
    training, test = rows[order], rows[order[:n_test]]
    return (np.concatenate([training, test]) - training.mean()) / training.std()


def _in_file_order(rows, order, n_test):
    return _prepare(
        rows, np.concatenate([np.sort(order[:n_test]), np.sort(order[n_test:])]), n_test
    )


_ROWS = np.array([[0.0], [4.0], [8.0], [20.0], [30.0]])
_PIXELS = np.round(_RNG.uniform(0, 16, (6, 2)))
_MORE_PIXELS = _RNG.integers(0, 17, (20, 5)) + np.array([0, 0, 3, 0, 9])


def _right(logits, labels, axis=1):
    return np.argmax(logits, axis=axis) == labels


def _shares_right(logits, labels):
    right = _right(logits, labels)
    shares = [right[labels == k].mean() for k in range(logits.shape[1])]
    return np.array([*shares, right.mean()])


def _of_the_given(logits, labels):
    given = np.argmax(logits, axis=1)
    shares = [np.mean(labels[given == k] == k) for k in range(logits.shape[1])]
    return np.array([*shares, np.mean(given == labels)])


def _mean_of_shares(logits, labels):
    shares = _shares_right(logits, labels)[:-1]
    return np.array([*shares, shares.mean()])


def _share_of_all(logits, labels):
    right = _right(logits, labels)
    shares = [np.mean(right & (labels == k)) for k in range(logits.shape[1])]
    return np.array([*shares, right.mean()])


def _losses(logits, labels, axis=1):
    return logsumexp(logits, axis=axis) - logits[np.arange(len(labels)), labels]


def _from_the_loss(logits, labels):
    likely = np.exp(-_losses(logits, labels))
    shares = [likely[labels == k].mean() for k in range(logits.shape[1])]
    return np.array([*shares, likely.mean()])


_LABELS = np.tile(np.arange(4), 6)
_GIVEN = np.where(np.arange(24) % 3 == 1, np.roll(_LABELS, 3), _LABELS)
_GIVEN[[0, 4, 5]] = 1
_LOGITS = 3 * np.eye(4)[_GIVEN] + _RNG.uniform(-1, 1, (24, 4))


def _stop(losses, patience):
    best, kept = math.inf, 0
    for epoch, loss in enumerate(losses, start=1):
        if loss < best:
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


def _ties_count(losses, patience):
    best, kept = math.inf, 0
    for epoch, loss in enumerate(losses, start=1):
        if loss <= best:
            best, kept = loss, epoch
        elif epoch - kept >= patience:
            break
    return kept, epoch


def _parameters(sizes):
    return sum(n_in * n_out + n_out for n_in, n_out in zip(sizes, sizes[1:]))


def _updates(samples, batch_size, epochs, drop_last):
    full, every = samples // batch_size, math.ceil(samples / batch_size)
    return epochs * (full if drop_last else every)


def _only_one(logits, others, labels, axis=1):
    first, second = _right(logits, labels, axis), _right(others, labels, axis)
    return np.sum(first & ~second), np.sum(second & ~first)


def _cheaper(logits, others, labels):
    first, second = _losses(logits, labels), _losses(others, labels)
    return np.sum(first < second), np.sum(second < first)


def _all_right(logits, others, labels):
    return np.sum(_right(logits, labels)), np.sum(_right(others, labels))


def _both_wrong_too(logits, others, labels):
    first, second = np.argmax(logits, axis=1), np.argmax(others, axis=1)
    differ = first != second
    return np.sum(differ & (first == labels)), np.sum(differ & (first != labels))


def _two_networks(n):
    labels = _RNG.integers(0, n, n)
    own = np.eye(n)[labels]
    return _RNG.normal(0, 1, (n, n)) + 2 * own, _RNG.normal(0, 1, (n, n)) + own, labels


_PAIRS = tuple(_two_networks(n) for n in (6, 12, 30))
_FIRST = np.array([[2.0, 0, 0], [0, 1, 0], [1, 0, 0]])
_SECOND = np.array([[0.0, 1, 0], [0, 3, 0], [0, 0, 2]])
_THREE = np.arange(3)


def _suspects(logits, labels, n, axis=1):
    return np.argsort(_losses(logits, labels, axis))[::-1][:n]


def _against_the_largest(logits, labels, n):
    own = logits[np.arange(len(labels)), labels]
    return np.argsort(logits.max(axis=1) - own)[::-1][:n]


def _without_care(logits, labels, n):
    with np.errstate(over="ignore", invalid="ignore"):
        powers = np.exp(logits)
        shares = powers / powers.sum(axis=1, keepdims=True)
    return np.argsort(-np.log(shares[np.arange(len(labels)), labels]))[::-1][:n]


EXERCISES = {
    "prepare": Exercise(
        solution=_prepare,
        cases=(
            (_ROWS, np.array([3, 4, 0, 1, 2]), 2),
            (_PIXELS, np.array([5, 0, 3, 1, 4, 2]), 2),
            (_MORE_PIXELS, _RNG.permutation(20), 5),
            (_MORE_PIXELS, _RNG.permutation(20), 12),
        ),
        mistakes={
            "The mean and the standard deviation come from all rows, so that the test part has a "
            "say in the training. Take them from the training rows alone.": lambda r, o, n: (
                (np.concatenate([r[o[n:]], r[o[:n]]]) - r.mean()) / r.std()
            ),
            "You normalize the test rows with their own mean and standard deviation. The network "
            "would see them on another scale than the training rows.": _each_by_itself,
            "You cut the rows as they stand. Pick them with order, because a file may be "
            "sorted.": lambda r, o, n: _prepare(r, np.arange(len(r)), n),
            "The order is the other way around: first the training rows, then the test "
            "rows.": _test_first,
            "The first positions in order are the test part; you took the last "
            "ones.": lambda r, o, n: _prepare(r, np.concatenate([o[len(o) - n :], o[:-n]]), n),
            "The test rows are among the training rows, too: order[n_test:] leaves them "
            "out.": _prepared_overlap,
            "You divide by the mean of the squared distances. The standard deviation is its "
            "root.": lambda r, o, n: _prepare(r, o, n, std=np.var),
            "Divide the sum of the squared distances by how many there are, not by one less "
            "(ddof=1). The standard deviation is the root of their mean.": lambda r, o, n: _prepare(
                r, o, n, std=lambda part: np.std(part, ddof=1)
            ),
            "The parts are right, but each stands in the order of the file. Leave its rows in the "
            "order of order.": _in_file_order,
            "You only shift. Divide by the standard deviation as well.": lambda r, o, n: _prepare(
                r, o, n, std=lambda part: 1.0
            ),
            "This takes a mean and a standard deviation for each column. Here it is one of each "
            "for all pixels.": lambda r, o, n: _prepare(
                r, o, n, lambda part: part.mean(axis=0), lambda part: part.std(axis=0)
            ),
        },
    ),
    "shares_right": Exercise(
        solution=_shares_right,
        cases=(
            (
                np.array([[2.0, 1.0], [0.5, 1.0], [0.0, 1.0], [3.0, 0.0], [1.0, 0.5]]),
                np.array([0, 0, 1, 0, 0]),
            ),
            (_LOGITS, _LABELS),
            (_LOGITS[1:14], _LABELS[1:14]),
        ),
        mistakes={
            "You divide by how often class k was given. The question is how many of the samples "
            "that truly are of class k: rows of the confusion matrix, not columns.": _of_the_given,
            "The last number is the mean of the shares, in which a rare class counts as much as a "
            "frequent one. Accuracy is the share over all samples.": _mean_of_shares,
            "You divide by the number of all samples. Divide by the number of samples of that "
            "class.": _share_of_all,
            "These are probabilities worked out from the loss. A sample is either right or "
            "wrong; how sure the network was does not count.": _from_the_loss,
            "These are shares of wrong answers; one minus them is what is asked "
            "for.": lambda z, t: 1 - _shares_right(z, t),
            "The numbers are right. The accuracy comes last, after the shares.": lambda z, t: (
                np.roll(_shares_right(z, t), 1)
            ),
            "The shares are right. At the end, the accuracy is missing.": lambda z, t: (
                _shares_right(z, t)[:-1]
            ),
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
            (_RNG.uniform(0.1, 1, 40).round(3).tolist(), 7),
        ),
        mistakes={
            "You keep the weights of the last epoch. Go back to the best one.": lambda v, p: (
                (_stop(v, p)[1],) * 2
            ),
            "Epochs count from 1, and you count from 0.": lambda v, p: (
                _stop(v, p)[0] - 1,
                _stop(v, p)[1] - 1,
            ),
            "You compare with the epoch before. A loss can fall and still be above the best "
            "one.": _than_the_one_before,
            "You never set the count back: patience begins anew with each best loss.": _never_reset,
            "You stop one epoch too late: when as many epochs as the patience have brought no "
            "improvement, it is over.": lambda v, p: _stop(v, p + 1),
            "You take an equal loss for an improvement.": _ties_count,
            "You stop at the first epoch without improvement. Wait for as many of them as the "
            "patience.": lambda v, p: _stop(v, 1),
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
        solution=lambda sizes, n, b, e, drop: (_parameters(sizes), _updates(n, b, e, drop)),
        cases=(
            ([2, 3, 1], 10, 4, 5, False),
            ([2, 3, 1], 10, 4, 5, True),
            ([3, 2], 8, 4, 2, False),
            ([64, 128, 10], 1150, 64, 1, False),
            ([30_000, 100, 256, 256, 10], 50_000, 64, 30, True),
            ([30_000, 100, 256, 256, 10], 50_000, 64, 30, False),
        ),
        mistakes={
            "The updates are right. These are the weights; each unit has a bias, "
            "too.": lambda sizes, n, b, e, drop: (
                sum(i * o for i, o in zip(sizes, sizes[1:])),
                _updates(n, b, e, drop),
            ),
            "The updates are right. A layer has a bias for each unit, and you count one for each "
            "input.": lambda sizes, n, b, e, drop: (
                sum(i * o + i for i, o in zip(sizes, sizes[1:])),
                _updates(n, b, e, drop),
            ),
            "The parameters are right. These are the updates of a single "
            "epoch.": lambda sizes, n, b, e, drop: (_parameters(sizes), _updates(n, b, 1, drop)),
            "The parameters are right. drop_last is turned around: True leaves the last batch "
            "out.": lambda sizes, n, b, e, drop: (
                _parameters(sizes),
                _updates(n, b, e, not drop),
            ),
            "The parameters are right. You always leave the last batch "
            "out.": lambda sizes, n, b, e, drop: (_parameters(sizes), _updates(n, b, e, True)),
            "The parameters are right. You always use the last batch.": lambda s, n, b, e, drop: (
                (_parameters(s), _updates(n, b, e, False))
            ),
            "The parameters are right. Round within each epoch: what is left over from one epoch "
            "is not carried into the next.": lambda sizes, n, b, e, drop: (
                _parameters(sizes),
                n * e // b if drop else math.ceil(n * e / b),
            ),
            "The parameters are right. If the division leaves nothing over, there is no further "
            "batch.": lambda sizes, n, b, e, drop: (
                _parameters(sizes),
                e * (n // b if drop else n // b + 1),
            ),
            "The parameters are right. Half an update does not exist: round down or "
            "up.": lambda sizes, n, b, e, drop: (_parameters(sizes), n * e / b),
        },
    ),
    "only_one": Exercise(
        solution=_only_one,
        cases=((_FIRST, _SECOND, _THREE), *_PAIRS),
        mistakes={
            "The largest logit of each row is asked for, axis=1. Here there are as many samples "
            "as classes, so that NumPy cannot complain.": lambda a, b, t: _only_one(a, b, t, 0),
            "The two numbers are swapped: first, where only the first network is "
            "right.": lambda a, b, t: _only_one(a, b, t)[::-1],
            "This is how many each network gets right. Leave out what both get right.": _all_right,
            "You compare losses. Here only right or wrong counts, not how sure a network "
            "is.": _cheaper,
            "The first is right. For the second, it is not enough that the two differ and the "
            "first is wrong: both may be wrong.": _both_wrong_too,
            "These are shares. Return the numbers of samples.": lambda a, b, t: tuple(
                count / len(t) for count in _only_one(a, b, t)
            ),
        },
    ),
    "suspects": Exercise(
        solution=_suspects,
        cases=(
            (np.array([[2.0, 0, 0], [0, 1, 0], [3, 0, 0]]), _THREE, 1),
            (np.array([[2.0, 0, 0], [0, 1, 0], [3, 0, 0]]), _THREE, 2),
            (np.array([[0, 1.5, -9], [0, 1.2, 1.2], [800, 0, 0]]), np.array([0, 0, 0]), 2),
            *((a, t, n) for (a, _, t), n in zip(_PAIRS, (2, 3, 5))),
        ),
        mistakes={
            "These are the samples with the smallest loss. np.argsort sorts upwards, so turn its "
            "result around.": lambda z, t, n: np.argsort(_losses(z, t))[:n],
            "The right samples, in the wrong order: the largest loss comes first.": (
                lambda z, t, n: np.argsort(_losses(z, t))[-n:]
            ),
            "These are the losses. The positions of their samples are asked for.": (
                lambda z, t, n: np.sort(_losses(z, t))[::-1][:n]
            ),
            "Your logsumexp runs down the columns. It belongs to the classes of a sample, "
            "axis=1.": lambda z, t, n: _suspects(z, t, n, 0),
            "You look for pictures of which the network is unsure, whatever their label. Use the "
            "loss of the label.": lambda z, t, n: np.argsort(softmax(z, axis=1).max(axis=1))[:n],
            "You compare the logit of the label with the largest one alone. The loss counts all "
            "classes: logsumexp takes the place of the largest.": _against_the_largest,
            "e to the power of 800 is infinite, and inf / inf is not a number. Use "
            "logsumexp.": _without_care,
            "You sort by the logit of the label alone. It can be small because all logits of the "
            "sample are small.": lambda z, t, n: np.argsort(z[np.arange(len(t)), t])[:n],
        },
    ),
}

QUIZ = (
    Question(
        "Which layers does a network have, and which of them compute nothing?",
        {
            "Input, hidden and output layers; the input layer computes nothing.": "It is only the "
            "row of numbers that comes in. Hidden layers are those between it and the outputs.",
            "Input, hidden and output layers; all of them compute weighted sums.": "The inputs "
            "have no weights in front of them, and nothing to add up.",
            "Only hidden layers; inputs and outputs are data.": "The outputs are weighted sums, "
            "with weights that are learned like all others.",
        },
        answer="Input, hidden and output layers; the input layer computes nothing.",
    ),
    Question(
        "What comes out of the forward pass?",
        {
            "The slopes of the loss.": "They come from the backward pass, which needs what the "
            "forward pass has stored.",
            "The new weights.": "No weight changes in it. That is what the optimizer does.",
            "The predictions, and with the targets, the loss.": "For the 2-3-1 network and the "
            "inputs (1, 1) it was -0.5784, and with the target 0 a squared error of 0.3346.",
            "The accuracy.": "It can be counted from the predictions, but it is a number for "
            "people; training uses the loss.",
        },
        answer="The predictions, and with the targets, the loss.",
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
        "What is stochastic gradient descent?",
        {
            "Descent along the gradients of a few samples.": "They are drawn at random. Their "
            "gradient is a good guess at the gradient of all, and many rough steps beat few exact "
            "ones.",
            "Random nudges, of which the best is kept.": "That is the random search of the first "
            "chapter, which uses no gradient.",
            "Descent with a learning rate that is drawn by chance.": "Chance decides which "
            "samples are in a batch. The rate is yours.",
        },
        answer="Descent along the gradients of a few samples.",
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
        "A linear model, plain gradient descent. What do you see as the learning rate grows?",
        {
            "Training becomes faster and faster, since every step is longer.": "Only up to a "
            "point. Beyond the limit that the curvature sets, each step ends further away than it "
            "began.",
            "It is slow, then fast, then jumps about, then runs away.": "For y = 3x that was 0.01 "
            "slow, 0.1 to and fro but settling, 1 far beyond the limit.",
            "The result is the same, only sooner or later.": "Above the limit there is no result: "
            "the weights grow without end.",
        },
        answer="It is slow, then fast, then jumps about, then runs away.",
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
