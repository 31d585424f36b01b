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


def _positions(people, some):
    return np.flatnonzero(np.isin(people, some)).tolist()


def _aside(people, order, least, *, enough=lambda n, more, least: n >= least):
    """Return the people that are set aside; ``enough`` makes the usual mistakes."""
    aside, n = [], 0
    for person in order:
        more = len(_positions(people, person))
        if enough(n, more, least):
            break
        aside.append(person)
        n += more
    return aside


def _set_aside(people, order, least, **mistake):
    return _positions(people, _aside(people, order, least, **mistake))


def _skipping(people, order, least):
    aside = []
    for person in order:
        if len(_positions(people, [*aside, person])) <= least:
            aside.append(person)
    return _positions(people, aside)


def _one_by_one(people, order, least):
    return [i for person in _aside(people, order, least) for i in _positions(people, person)]


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


def _coin(wins, losses, *, least=max, sides=2, most=1, first=0):
    """Return how often a fair coin is as one-sided; the keywords make the usual mistakes."""
    n, k = wins + losses, least(wins, losses)
    tail = sum(math.comb(n, i) for i in range(k + first, n + 1)) / 2**n
    return min(most, sides * tail)


def _coin_with(**mistake):
    return lambda wins, losses: _coin(wins, losses, **mistake)


_THREE = "np.array([0, 1, 2])"

EXERCISES = {
    "set_aside": Exercise(
        solution=_set_aside,
        cases=(
            (np.array([7, 7, 7, 3, 3]), [7, 3], 2),
            (np.array([7, 3, 7, 3, 3]), [7, 3], 2),
            (np.array([2, 0, 1, 2, 0, 1, 2]), [1, 2, 0], 3),
            (np.array([5, 1, 1, 4, 4, 1, 5, 1]), [4, 1, 5], 4),
            (np.array([0, 1, 2]), [2, 0, 1], 3),
            "np.random.default_rng(0).integers(0, 6, 30), [3, 0, 5, 1, 4, 2], 11",
            "np.random.default_rng(1).integers(0, 13, 80), "
            "np.random.default_rng(2).permutation(13), 16",
        ),
        mistakes={
            "You cut a person in two. Whoever is begun is set aside with all pictures, even if "
            "that is more than least.": lambda p, o, n: _one_by_one(p, o, n)[:n],
            "You begin one person more, although enough pictures are aside already. Exactly "
            "least is enough.": lambda p, o, n: _set_aside(
                p, o, n, enough=lambda n, more, least: n > least
            ),
            "You stop before a person with whom it would be more than least. At least so many "
            "have to be aside.": lambda p, o, n: _set_aside(
                p, o, n, enough=lambda n, more, least: n + more > least
            ),
            "You skip people with whom it would be more than least. Take them as they come in "
            "order.": _skipping,
            "You set aside so many people. It is pictures that are counted.": lambda p, o, n: (
                _positions(p, o[:n])
            ),
            "These are the pictures of the first person only. Go on until there are "
            "enough.": lambda p, o, n: _positions(p, o[:1]),
            "You take people by their numbers. Take them as they stand in order.": (
                lambda p, o, n: _set_aside(p, sorted(o), n)
            ),
            "You begin at the end of order.": lambda p, o, n: _set_aside(p, o[::-1], n),
            "You set pictures aside in the order of the file. A person whose pictures stand "
            "further on as well is then in both parts.": lambda p, o, n: list(range(n)),
            "The pictures are right, but stand person after person. Sort the "
            "positions.": _one_by_one,
            "These are the pictures that stay. Asked for are those that are set "
            "aside.": lambda p, o, n: np.setdiff1d(np.arange(len(p)), _set_aside(p, o, n)),
            "These are the people. Asked for are the positions of their pictures.": _aside,
            "This says for each picture who wrote it. Asked for is where the pictures "
            "stand.": lambda p, o, n: p[_set_aside(p, o, n)],
            "This says of each picture whether it is aside. np.flatnonzero makes positions of "
            "it.": lambda p, o, n: np.isin(p, _aside(p, o, n)),
            "Positions count from 0, and you count from 1.": lambda p, o, n: [
                i + 1 for i in _set_aside(p, o, n)
            ],
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
            "np.argmax without axis=1 looks for one place in the whole table. Each row has a "
            "largest logit of its own.": lambda z, t: np.array(
                [
                    *(np.mean(np.argmax(z) == t[t == k]) for k in range(z.shape[1])),
                    np.mean(np.argmax(z) == t),
                ]
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
    "retyped": Exercise(
        solution=(4, 1, 3, 5),
        mistakes={
            "A and C are swapped: which of them cannot come below 1.46, though nearly all answers "
            "are right?": (3, 1, 4, 5),
            "B and D are swapped: with the rate 1 most units die at once, and what is left is near "
            "guessing. Which loss is far above guessing?": (4, 5, 3, 1),
            "Look at A again: it begins near the loss of guessing, not at ours. Something was "
            "different before the first step.": (1, 1, 3, 5),
            "Look at A again: a rate of 1 does not change the first loss, which is printed before "
            "any step.": (5, 1, 3, 5),
            "Look at A again: without a step nothing would be learned.": (2, 1, 3, 5),
            "Look at B again: without a step the loss would stay near 3.2, up to the batch, and "
            "so few would not be right.": (4, 2, 3, 5),
            "Look at B again: at the rate 1 most units die, and the loss comes to rest near "
            "guessing.": (4, 5, 3, 5),
            "Look at C again: a network with another start learns as well as ours. Why does this "
            "loss stop at 1.46?": (4, 1, 4, 5),
            "Look at C again: without a step nearly nothing would be right.": (4, 1, 2, 5),
            "Look at D again: without a step the loss would not fall at all.": (4, 1, 3, 2),
            "Look at D again: steps with old slopes in them overshoot ever further. This loss has "
            "come to rest near guessing.": (4, 1, 3, 1),
            "The faults are numbered from 1, and you count from 0.": (3, 0, 2, 4),
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
