"""Exercises and quiz of the chapter *Debugging*."""

import math

import numpy as np

from nnutils.exercises import Exercise, Question


def clouds(n, inputs, seed):
    """Return ``n`` normal rows, drawn from a seed."""
    return np.random.default_rng(seed).normal(size=(n, inputs))


def answers(labels, classes, seed, *, names=None):
    """Return labels under other names, one in five of them drawn anew."""
    rng = np.random.default_rng(seed)
    said = np.asarray(labels if names is None else np.array(names)[labels])
    return np.where(rng.random(len(said)) < 0.2, rng.integers(0, classes, len(said)), said)


def _lowest_loss(classes, low, high):
    return math.log(1 + (classes - 1) * math.exp(low - high))


def _rate_limit(before, after, slopes, rate, promise=None, limit=None):
    promised = rate * np.sum(slopes**2) if promise is None else promise(slopes, rate)
    kept = (before - after) / promised
    if limit:
        return float(limit(rate, kept))
    return float(rate / (1 - kept)) if kept < 1 else math.inf


def _turned_around(before, after, slopes, rate):
    with np.errstate(all="ignore"):
        kept = np.float64(rate * np.sum(slopes**2)) / (before - after)
    return float(rate / (1 - kept)) if kept < 1 else math.inf


def _promising(promise):
    """Return an answer in which the promise is another one."""
    return lambda before, after, slopes, rate: _rate_limit(before, after, slopes, rate, promise)


def _limiting(limit):
    """Return an answer in which ``limit(rate, kept)`` is what comes of the kept share."""

    def rate_limit(before, after, slopes, rate):
        with np.errstate(all="ignore"):
            return _rate_limit(before, after, slopes, rate, limit=limit)

    return rate_limit


def _distances(training, validation):
    return np.sqrt(np.sum((validation[:, None] - training[None]) ** 2, axis=2))


def _near_twins(training, validation, reach):
    return float(np.mean(_distances(training, validation).min(axis=1) <= reach))


def _same_place(training, validation, reach):
    n = min(len(training), len(validation))
    gaps = np.linalg.norm(training[:n] - validation[:n], axis=1)
    return float(np.mean(gaps <= reach))


def _stuck(outputs, reach):
    return float(np.mean(outputs.max(axis=0) - outputs.min(axis=0) <= reach))


def _table(said, labels, classes):
    table = np.zeros((classes, classes), dtype=int)
    np.add.at(table, (labels, said), 1)
    return table


def _renamed(said, labels, classes):
    return _table(said, labels, classes).argmax(axis=1)


def _shifted(said, labels, classes):
    offset = np.bincount((said - labels) % classes, minlength=classes).argmax()
    return (np.arange(classes) + offset) % classes


def _other_names(said, labels, classes):
    table = _table(said, labels, classes)
    np.fill_diagonal(table, -1)
    return table.argmax(axis=1)


def _each_name_once(said, labels, classes):
    names = []
    for counts in _table(said, labels, classes):
        counts[names] = -1
        names.append(counts.argmax())
    return np.array(names)


EXERCISES = {
    "lowest_loss": Exercise(
        solution=_lowest_loss,
        cases=(
            (10, 0, 1),
            (10, -1, 1),
            (2, 0, 1),
            (10, 3, 3),
            (1000, 0, 6),
            (3, -0.5, 2.5),
            (4, -3, -1),
        ),
        mistakes={
            "This is the loss of guessing, log of the number of classes. The network can do better "
            "than that: the right output may be high, and all others low.": lambda n, low, high: (
                math.log(n)
            ),
            "A loss of 0 needs the probability 1, and that needs logits without a limit. Here "
            "they differ by high minus low at most.": lambda n, low, high: 0.0,
            "This is the largest probability that the right class can get. The loss is minus its "
            "logarithm.": lambda n, low, high: math.exp(-_lowest_loss(n, low, high)),
            "This is the highest possible loss: you gave the right class the lowest "
            "output.": lambda n, low, high: _lowest_loss(n, high, low),
            "You count one class too many: besides the right one there are classes - 1 "
            "others.": lambda n, low, high: _lowest_loss(n + 1, low, high),
            "You count only one other class. All the others stand below the fraction "
            "line.": lambda n, low, high: _lowest_loss(2, low, high),
            "The sign is missing: a loss is minus the logarithm of a "
            "probability.": lambda n, low, high: -_lowest_loss(n, low, high),
            "This takes the outputs to go from 0 to 1, as after a softmax. Use low and "
            "high.": lambda n, low, high: _lowest_loss(n, 0, 1),
            "`classes - 1 * ...` subtracts. What is multiplied needs brackets: (classes - "
            "1).": lambda n, low, high: math.log(1 + n - math.exp(low - high)),
            "The loss takes the natural logarithm, np.log.": lambda n, low, high: (
                _lowest_loss(n, low, high) / math.log(10)
            ),
            "This forgets `low`. The other outputs stand below the fraction line, too.": (
                lambda n, low, high: _lowest_loss(n, 0, high)
            ),
        },
    ),
    "rate_limit": Exercise(
        solution=_rate_limit,
        cases=(
            "9.0, 5.76, np.array([6.0]), 0.1",
            "9.0, 12.96, np.array([6.0]), 1.1",
            "25.0, 0.0, np.array([6.0, 8.0]), 0.5",
            "1.0, 0.0, np.array([1.0]), 1.0",
            "2.0, 0.5, np.array([-1.0, 0.5]), 1.0",
            "3.1, 2.7, np.array([0.2, -0.3, 0.9]), 0.5",
            "2.9, 2.899, clouds(1, 50, seed=0)[0] / 50, 0.2",
        ),
        mistakes={
            "The rate is missing in the promise: the step is the rate times the slope, so the "
            "promised fall is the rate times the sum of the squared slopes.": _promising(
                lambda slopes, rate: np.sum(slopes**2)
            ),
            "You take the length of the gradient. Slope times change, added up, gives its "
            "square.": _promising(lambda slopes, rate: rate * np.linalg.norm(slopes)),
            "You add up the slopes. Each weight contributes its slope times its change, and its "
            "change is the rate times the same slope.": _promising(
                lambda slopes, rate: rate * np.sum(slopes)
            ),
            "You take the mean over the weights. The changes of the loss add up.": _promising(
                lambda slopes, rate: rate * np.mean(slopes**2)
            ),
            "This is the best rate, where half of the promise is kept. The limit is twice as "
            "large.": _limiting(lambda rate, kept: rate / (2 * (1 - kept)) if kept < 1 else np.inf),
            "This is the curvature. The limit is 2 divided by it.": _limiting(
                lambda rate, kept: 2 * (1 - kept) / rate
            ),
            "This is the kept share itself. Solve kept = 1 - rate times curvature / 2 for the "
            "curvature; the limit is 2 divided by it.": _limiting(lambda rate, kept: kept),
            "If all of the promise is kept, or more, the loss does not curve upward, and there is "
            "no limit: return infinity.": _limiting(
                lambda rate, kept: np.float64(rate) / (1 - kept)
            ),
            "The sign of what came is the other way around: the loss fell by before minus "
            "after.": lambda before, after, slopes, rate: _rate_limit(after, before, slopes, rate),
            "This is twice too much. With the kept share s the curvature is 2 (1 - s) / "
            "rate, and the limit is 2 divided by it.": lambda *case: 2 * _rate_limit(*case),
            "The kept share can be negative: a step may make the loss larger. Do not cut it "
            "off at 0.": _limiting(
                lambda rate, kept: rate / (1 - max(0, kept)) if kept < 1 else np.inf
            ),
            "The fraction is turned around: the kept share is what came, divided by what was "
            "promised.": _turned_around,
        },
    ),
    "near_twins": Exercise(
        solution=_near_twins,
        cases=(
            "np.array([[0.0, 0.0], [5.0, 5.0]]), "
            "np.array([[5.0, 5.0], [3.0, 4.0], [0.5, 0.0], [9.0, 9.0]]), 1.0",
            "np.array([[0.0, 0.0], [-0.1, 0.0]]), np.array([[3.0, 4.0], [3.0, 5.0]]), 5.0",
            "clouds(30, 2, seed=0), clouds(12, 2, seed=1), 0.3",
            "clouds(20, 3, seed=2), clouds(20, 3, seed=3), 0.8",
            "np.zeros((3, 4)), np.ones((2, 4)), 1.5",
        ),
        mistakes={
            "You look for rows that are equal. Here rows count that are near: at most reach "
            "apart.": lambda training, validation, reach: _near_twins(training, validation, 0),
            "You compare row 1 with row 1, row 2 with row 2. A twin can stand anywhere in the "
            "training part.": _same_place,
            "This is the share of all pairs that are near. A validation row counts once, however "
            "many twins it has.": lambda training, validation, reach: float(
                np.mean(_distances(training, validation) <= reach)
            ),
            "You count the twins, so a validation row with two of them counts twice. Ask only "
            "whether it has one: whether its smallest distance is at most reach.": lambda t, v, r: (
                float(np.sum(_distances(t, v) <= r) / len(v))
            ),
            "This is the share of the training rows that have a twin. Asked for are the "
            "validation rows.": lambda training, validation, reach: _near_twins(
                validation, training, reach
            ),
            "You compare the largest difference of a coordinate with reach. The distance is the "
            "root of the sum of all squared differences.": lambda training, validation, reach: (
                float(
                    np.mean(
                        np.abs(validation[:, None] - training[None]).max(axis=2).min(axis=1)
                        <= reach
                    )
                )
            ),
            "You compare the squared distance with reach. Take the root first.": lambda t, v, r: (
                float(np.mean(_distances(t, v).min(axis=1) ** 2 <= r))
            ),
            "This is how many have a twin. Divide by the number of validation "
            "rows.": lambda t, v, r: _near_twins(t, v, r) * len(v),
            "This is the share of those without a twin.": lambda t, v, r: 1 - _near_twins(t, v, r),
            "A row at just this distance is a twin, too: at most reach, so <=.": lambda t, v, r: (
                float(np.mean(_distances(t, v).min(axis=1) < r))
            ),
            "At least one is enough. You count the rows that have just one.": lambda t, v, r: float(
                np.mean(np.sum(_distances(t, v) <= r, axis=1) == 1)
            ),
            "You add up the sizes of the differences. The distance is the root of the sum of "
            "their squares.": lambda t, v, r: float(
                np.mean(np.abs(v[:, None] - t).sum(axis=2).min(axis=1) <= r)
            ),
            "You take the mean of the squares. The distance is the root of their sum.": (
                lambda t, v, r: _near_twins(t, v, r * math.sqrt(t.shape[1]))
            ),
            "You divide by the number of training rows. The share of the validation rows is "
            "asked for.": lambda t, v, r: _near_twins(t, v, r) * len(v) / len(t),
        },
    ),
    "stuck": Exercise(
        solution=_stuck,
        cases=(
            "np.array([[0.0, 1.0, 0.2, 5.0], [0.0, 1.0, 0.9, 5.5]]), 0",
            "np.array([[0.0, 1.0, 0.2, 5.0], [0.0, 1.0, 0.9, 5.5]]), 0.5",
            "np.array([[0.3, 1.0, 0.5], [0.6, -1.0, 0.5], [0.3, -1.0, 0.5], [0.0, 1.0, 0.5]]), 0.4",
            "np.tanh(4 * clouds(6, 5, seed=0) + np.array([0, 9, -9, 3, 0])), 0.01",
            "np.maximum(clouds(8, 7, seed=1) - 1, 0), 0.3",
            "-np.ones((4, 2)), 0",
            "np.array([[-1.0, -2.0], [-3.0, -2.0]]), 0.5",
            "np.array([[0.0, 1.0]] * 6 + [[2.0, 1.0]]), 1",
        ),
        mistakes={
            "You count units that are 0 or below. A unit of tanh is stuck at 1 or at "
            "-1 as well: compare its largest output with its smallest.": lambda outputs, reach: (
                float(np.mean(outputs.max(axis=0) <= reach))
            ),
            "You compare the size of the outputs with reach. A unit that always says 1 is stuck as "
            "well: compare its largest output with its smallest.": lambda outputs, reach: float(
                np.mean(np.abs(outputs).max(axis=0) <= reach)
            ),
            "These are the shares of rows, not of units. A unit is a column, so axis=0 goes down "
            "its outputs.": lambda outputs, reach: _stuck(outputs.T, reach),
            "An end that is reached exactly counts as stuck, too: at most reach, so "
            "<=.": lambda outputs, reach: float(np.mean(np.ptp(outputs, axis=0) < reach)),
            "This takes the standard deviation. Largest minus smallest is asked "
            "for.": lambda outputs, reach: float(np.mean(outputs.std(axis=0) <= reach)),
            "This is how many units are stuck. Divide by the number of units.": lambda o, r: (
                _stuck(o, r) * o.shape[1]
            ),
            "This is the share of units that are not stuck.": lambda o, r: 1 - _stuck(o, r),
            "You compare the first sample with the last. In between a unit may do anything.": (
                lambda outputs, reach: float(np.mean(np.abs(outputs[-1] - outputs[0]) <= reach))
            ),
            "You begin the search for the largest with 0. All outputs of a unit may be "
            "below.": lambda o, r: float(
                np.mean(np.maximum(o.max(axis=0), 0) - o.min(axis=0) <= r)
            ),
            "You cut off what is below 0, as ReLU does. Other units have outputs there.": (
                lambda outputs, reach: _stuck(np.maximum(outputs, 0), reach)
            ),
            "The sign is lost: an output that goes from -1 to 1 has moved by 2.": (
                lambda outputs, reach: _stuck(np.abs(outputs), reach)
            ),
            "Half of the way counts here. Compare the largest output with the smallest, and "
            "not with the middle.": lambda outputs, reach: float(
                np.mean(np.abs(outputs - outputs.mean(axis=0)).max(axis=0) <= reach)
            ),
        },
    ),
    "renamed": Exercise(
        solution=_renamed,
        cases=(
            "np.array([0, 2, 2, 1, 1, 1]), np.array([0, 1, 1, 2, 2, 1]), 3",
            "np.array([1, 1, 2, 0, 0]), np.array([0, 0, 1, 2, 2]), 3",
            "np.array([1, 0, 1, 1]), np.array([0, 0, 1, 2]), 3",
            "np.array([3, 3, 0, 1, 2, 1, 0, 2, 3]), np.array([0, 0, 0, 0, 0, 1, 1, 2, 3]), 4",
            "answers(np.arange(40) % 4, 4, seed=0), np.arange(40) % 4, 4",
            "answers(np.arange(60) % 6, 6, seed=1, names=[3, 1, 2, 0, 5, 5]), np.arange(60) % 6, 6",
            "answers(np.repeat([2, 0, 1], [5, 20, 9]), 5, seed=2, names=[4, 0, 0]), "
            "np.append(np.repeat([2, 0, 1], [5, 20, 9])[:-2], [3, 4]), 5",
        ),
        mistakes={
            "You look the other way around: for each answer, which label was most frequent. Asked "
            "for is the answer for each label.": lambda said, labels, classes: _renamed(
                labels, said, classes
            ),
            "One offset for all classes finds labels that are off by one. Names can be exchanged "
            "in other ways: count for each class.": _shifted,
            "These are the largest counts. Asked for is which answer has "
            "it.": lambda said, labels, classes: _table(said, labels, classes).max(axis=1),
            "This is the same answer for all classes, the most frequent one. Look only at the "
            "samples of each class.": lambda said, labels, classes: np.full(
                classes, np.bincount(said, minlength=classes).argmax()
            ),
            "This says which classes are right most often, not what is said "
            "instead.": lambda said, labels, classes: (
                _renamed(said, labels, classes) == np.arange(classes)
            ).astype(int),
            "Of answers that are equally frequent the smallest counts. You take the "
            "largest.": lambda said, labels, classes: (
                classes - 1 - _table(said, labels, classes)[:, ::-1].argmax(axis=1)
            ),
            "The right answer counts as well as the others.": _other_names,
            "Two classes may have the same name. Count for each class anew.": _each_name_once,
            "Names are no amounts: the most frequent one is asked for, not the middle.": (
                lambda said, labels, classes: np.array(
                    [int(np.median(said[labels == k])) for k in range(classes)]
                )
            ),
        },
    ),
    "new_patients": Exercise(
        solution=(3, 1, 5, 2, 4),
        mistakes={
            "Patient 18 is right in nearly all that it sees and in 87 % of the new rows; wrong "
            "labels would hurt in training, too. Count the classes in its training part.": (
                5,
                1,
                5,
                2,
                4,
            ),
            "Patient 19 starts at a loss of hundreds, but the spreads of its layers are healthy. "
            "What else can make a loss large?": (3, 7, 5, 2, 4),
            "Patient 20 is better on new rows than on its own training rows. A small rate would "
            "hurt both alike. Which rows must be worse than the others?": (3, 1, 8, 2, 4),
            "Patient 21 is right in 88 % of the validation rows. With shuffled labels it would be "
            "right in 10 %. Compare mean and spread of both parts.": (3, 1, 5, 6, 4),
            "In patient 22 the spread of every layer is healthy, so its weights do not start at 0. "
            "Which layer has no slopes?": (3, 1, 5, 2, 7),
            "You have exchanged patients 20 and 21. Look at the pixels of both parts, and at the "
            "accuracy on the training rows.": (3, 1, 2, 5, 4),
            "You have exchanged patients 18 and 22. One of them fails the gradient check.": (
                4,
                1,
                5,
                2,
                3,
            ),
        },
    ),
}
QUIZ = (
    Question(
        "A new network with ten classes starts at a loss of 2.30, log 10. What do you know?",
        {
            "It is healthy, since it has no opinion yet.": "Of the seventeen, three start closest "
            "to log 10, and all three are ill.",
            "It is not confident in wrong answers.": "That is all. A network that passes nothing "
            "on, or whose outputs are squeezed, starts there as well.",
            "Its weights are too small, and have to be drawn again with a larger spread.": "They "
            "may be. But a last layer that starts at 0 on purpose starts there, too.",
        },
        answer="It is not confident in wrong answers.",
    ),
    Question(
        "A network learns one batch of 32 pictures by heart. What can still be wrong?",
        {
            "Only the number of units: more rows may need more of them.": "Then all faults of data "
            "would have been ruled out. Shuffled labels of 32 pictures are learned as easily.",
            "The labels.": "A network knows 32 wrong labels by heart as easily as 32 right ones. "
            "The test is about the machine, not about the data.",
            "Only the rate, since other batches may need a smaller one.": "The rate has passed, "
            "more or less. The data have not been tested at all.",
        },
        answer="The labels.",
    ),
    Question(
        "A digit reader trained with Adam is right in 97 % of the validation pictures. Is its code "
        "right?",
        {
            "It may have a fault that Adam covers, or a leak.": "Forgotten slopes, a missing "
            "activation and a leak all came out at 96 % or more in the table.",
            "Yes: a fault would cost more than a few percent.": "Several of the planted faults "
            "cost less than two points with Adam.",
            "Yes, if it is right in about as many training pictures.": "So are networks with a "
            "missing activation, and those that leak.",
        },
        answer="It may have a fault that Adam covers, or a leak.",
    ),
    Question(
        "The gradient check passes in every layer. What does it prove?",
        {
            "That the training will bring the loss down.": "With a rate 30 times too large it "
            "passes, too, and the loss goes up.",
            "That the loss is the one that you wanted.": "It compares the slopes with the loss "
            "that you wrote. The second softmax passes.",
            "That the slopes belong to the loss that stands in the code, at these weights and "
            "for these rows.": "And no more. Of the sixteen faults it finds one.",
        },
        answer="That the slopes belong to the loss that stands in the code, at these weights and "
        "for these rows.",
    ),
    Question(
        "Accuracy is higher on the validation part than on the training part, by ten points. What "
        "do you do?",
        {
            "Nothing: with 288 pictures this is luck.": "A difference of one or two points may be. "
            "Ten are 29 of 288 pictures.",
            "Look for what makes the two parts different.": "Wrong labels in the training part, "
            "rows in both parts, easier rows in one of them: there is a reason, and it can be "
            "found.",
            "Train longer, until training has caught up.": "Then the wrong labels of a training "
            "part would be learned by heart, too.",
        },
        answer="Look for what makes the two parts different.",
    ),
)
GUESSES = {
    "start": Question(
        "Three of the seventeen patients start within 0.02 of log 10. How many of them are ill?",
        {
            "None": "They are the patients 3, 4 and 8. The healthy one starts at 2.83.",
            "One": "It is more: the healthy patient is not among the three, and starts at 2.83.",
            "All": "Patients 3, 4 and 8. The healthy one starts at 2.83, because its logits "
            "already differ.",
        },
        answer="All",
    ),
    "corner": Question(
        "One corner of the map looks healthy at the first step: the loss starts at log 10, and "
        "half of the promise is kept. But nothing is learned there. Which corner?",
        {
            "Small weights, small rate": "There all of the promise is kept, since the step is "
            "tiny. That does not look healthy.",
            "Small weights, large rate": "The slopes are so weak that the first step is short. "
            "When the weights have grown, the rate is far too large for them.",
            "Large weights, small rate": "There the loss starts near a thousand. No one would call "
            "that healthy.",
        },
        answer="Small weights, large rate",
    ),
}
