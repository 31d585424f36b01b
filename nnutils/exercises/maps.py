"""Exercises and quiz of the chapter *Dimensionality reduction*."""

import numpy as np

from nnutils.exercises import Exercise, Question


def points(n, axes, seed):
    """Return n places of a normal distribution, which is wide along the first axis."""
    wide = np.linspace(3, 1, axes)
    return np.random.default_rng(seed).normal(2, 1, (n, axes)) * wide


def pairs(n, seed):
    """Return shares of pairs: the same for (i, j) and (j, i), with the sum 1."""
    drawn = np.random.default_rng(seed).uniform(0, 1, (n, n)) ** 3
    both = drawn + drawn.T
    np.fill_diagonal(both, 0)
    return both / both.sum()


def _kept(x, share, power=1, middle=True, rising=False):
    away = x - np.mean(x, axis=0) * middle
    variances = np.linalg.eigh(away.T @ away)[0] ** power
    kept = np.cumsum(variances if rising else variances[::-1]) / np.sum(variances)
    return int(np.sum(kept < share)) + 1


def _kept_of(away, share):
    variances = np.linalg.svd(away)[1] ** 2
    return int(np.sum(np.cumsum(variances) / np.sum(variances) < share)) + 1


def _columns(x, share):
    variances = np.sort(np.var(x, axis=0))[::-1]
    return int(np.sum(np.cumsum(variances) / np.sum(variances) < share)) + 1


def _distances(y):
    return np.sum((y[:, None] - y) ** 2, axis=2)


def _weights(y, weight):
    weights = weight(_distances(y))
    np.fill_diagonal(weights, 0)
    return weights


def _wide(d):
    return 1 / (1 + d)


def _narrow(d):
    return np.exp(-d)


def _entropy(picks, log=np.log):
    return -np.sum(picks * log(np.where(picks > 0, picks, 1)), axis=-1)


def _choices(y, weight=_wide, itself=0):
    weights = _weights(y, weight) + itself * np.eye(len(y))
    return np.exp(_entropy(weights / np.sum(weights, axis=1, keepdims=True)))


def _slopes(y, p, factor=4, weight=_narrow, chain=None, axis=None, sign=1):
    weights = _weights(y, weight)
    q = weights / np.sum(weights, axis=axis, keepdims=True)
    pulls = sign * factor * (p - q) * (1 if chain is None else chain(_distances(y)))
    return np.sum(pulls[:, :, None] * (y[:, None] - y), axis=1)


def _nudged(y, p):
    """Return nan where a pair is so far apart that its q is rounded to 0: its log is infinite."""
    far = np.exp(-np.max(_distances(y))) == 0
    return np.full(y.shape, np.nan) if far else _slopes(y, p)


def _place(x, y, new, k, first=0, places=None):
    order = np.argsort(np.sum((new[:, None] - x) ** 2, axis=2), axis=1)
    return np.mean((y if places is None else places)[order[:, first : first + k]], axis=1)


def _nearest(x, new, k):
    return np.argsort(np.sum((new[:, None] - x) ** 2, axis=2), axis=1)[:, :k]


EXERCISES = {
    "how_many": Exercise(
        solution=_kept,
        cases=(
            "np.array([[3.0, 1], [1, 3], [-3, -1], [-1, -3]]), 0.75",
            "np.array([[3.0, 1], [1, 3], [-3, -1], [-1, -3]]), 0.85",
            "points(20, 6, 0), 0.9",
            "points(20, 6, 1) / 100, 0.5",
            "points(30, 8, 2), 0.99",
            "points(12, 9, 3) + 100, 0.8",
            "points(9, 4, 0) ** 3, 0.945",
        ),
        mistakes={
            "The mean is not subtracted. Variances are measured from the mean.": (
                lambda x, share: _kept(x, share, middle=False)
            ),
            "You add up the smallest variances first. The first components keep the most.": (
                lambda x, share: _kept(x, share, rising=True)
            ),
            "You add up the roots, the spreads. It is the variances that add up.": (
                lambda x, share: _kept(x, share, power=0.5)
            ),
            "These are the variances of the columns. Components are other directions, which keep "
            "more.": _columns,
            "This is one component too few: they keep less than the share.": (
                lambda x, share: _kept(x, share) - 1
            ),
            "This is how many keep the share that may be lost. Compare with what is kept.": (
                lambda x, share: _kept(x, 1 - share)
            ),
            "np.mean(x) is one number for all columns. Each column has a mean of its own: "
            "axis=0.": lambda x, share: _kept_of(x - np.mean(x), share),
            "You subtract the mean of each row. It is the columns that have means: axis=0.": (
                lambda x, share: _kept_of(x - np.mean(x, axis=1, keepdims=True), share)
            ),
            "You bring all columns to the spread 1 first. Then their variances are no longer "
            "those of x.": lambda x, share: _kept(x / np.std(x, axis=0), share),
        },
    ),
    "choices": Exercise(
        solution=_choices,
        cases=(
            "np.array([[0.0, 0], [1, 0], [2, 0]])",
            "np.array([[0.0, 0], [0, 0], [0, 0], [0, 0]])",
            "np.array([[0.0, 0], [0.1, 0], [30, 40], [30, 41]])",
            "points(8, 2, 0)",
            "points(15, 2, 1)",
            "np.array([[0.0], [1], [3]])",
            "points(5, 3, 2)",
        ),
        mistakes={
            "The weights are those of the data, exp(-d). In the map they are 1 / (1 + d).": (
                lambda y: _choices(y, _narrow)
            ),
            "You divide by the sum of the whole array. Here each place asks for itself: divide "
            "each row by its own sum.": lambda y: np.exp(
                _entropy(_weights(y, _wide) / np.sum(_weights(y, _wide)))
            ),
            "Each place picks itself, too. Set the weights on the diagonal to 0.": (
                lambda y: _choices(y, itself=1)
            ),
            "This is the entropy. The perplexity is e to the power of it.": (
                lambda y: np.log(_choices(y))
            ),
            "Your logarithm is natural, so that the power is one of e, not of 2.": (
                lambda y: 2 ** np.log(_choices(y))
            ),
            "The distance in the weight is squared: 1 / (1 + d), with d the sum of the "
            "squares.": lambda y: _choices(y, lambda d: 1 / (1 + np.sqrt(d))),
            "This is one number, the mean. Return one for each place.": (
                lambda y: np.mean(_choices(y))
            ),
            "0 times the log of 0 is nan for NumPy. Where a share is 0, put 1 into the log.": (
                lambda y: _choices(y) * np.nan
            ),
            "The entropy has a minus in front: logs of shares are negative.": lambda y: (
                1 / _choices(y)
            ),
            "Without keepdims=True each column is divided by a sum, not each row.": lambda y: (
                np.exp(_entropy(_weights(y, _wide) / np.sum(_weights(y, _wide), axis=1)))
            ),
            "Set the diagonal to 0 before you divide. Otherwise the sum holds the weight of "
            "the place itself.": lambda y: np.exp(
                _entropy(
                    _weights(y, _wide) / (1 + np.sum(_weights(y, _wide), axis=1, keepdims=True))
                )
            ),
            "There can be any number of axes, and you add up the squares of two: np.sum(..., "
            "axis=2).": lambda y: _choices(y[:, :2]) if y.shape[1] > 1 else y[:, [0, 1]],
        },
    ),
    "narrow_slopes": Exercise(
        solution=_slopes,
        cases=(
            "np.array([[0.0], [1.0], [2.0]]), (1 - np.eye(3)) / 6",
            "np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 2.0], [1.5, 1.5]]), pairs(4, 0)",
            "points(6, 2, 1) / 4, pairs(6, 2)",
            "points(9, 3, 3) / 5, pairs(9, 4)",
            "np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 30.0]]), pairs(3, 5)",
        ),
        mistakes={
            "These are the slopes with the weight 1 / (1 + d), as in the chapter.": (
                lambda y, p: _slopes(y, p, weight=_wide, chain=_wide)
            ),
            "q is right. But the slope of log exp(-d) with d is -1, whatever d is: the factor "
            "1 / (1 + d) goes.": lambda y, p: _slopes(y, p, chain=_wide),
            "The slope of log exp(-d) with d is -1: no weight is left as a factor.": (
                lambda y, p: _slopes(y, p, chain=_narrow)
            ),
            "The factor 1 / (1 + d) is gone, but q still has it. In the map the weight is now "
            "exp(-d).": lambda y, p: _slopes(y, p, weight=_wide),
            "Each pair occurs twice in the loss: the factor is 4.": (
                lambda y, p: _slopes(y, p, factor=2)
            ),
            "You divide each row by its own sum. The shares q add up to 1 over all pairs.": (
                lambda y, p: _slopes(y, p, axis=1)
            ),
            "The signs are turned around: this is the way downhill, not the slope.": (
                lambda y, p: _slopes(y, p, sign=-1)
            ),
            "q holds the weights of places with themselves. Set the diagonal to 0 first.": (
                lambda y, p: (
                    4
                    * np.sum(
                        (p - _narrow(_distances(y)) / np.sum(_narrow(_distances(y))))[:, :, None]
                        * (y[:, None] - y),
                        axis=1,
                    )
                )
            ),
            "d is the squared distance. You take its root.": lambda y, p: _slopes(
                y, p, weight=lambda d: np.exp(-np.sqrt(d))
            ),
            "This loss has been nudged, and where a share q is 0 its log is infinite. The "
            "slope is not: derive it.": _nudged,
        },
    ),
    "which_map": Exercise(
        solution=(4, 5, 1, 2, 3),
        mistakes={
            "A and D are swapped. A rate that is too high throws points far away; with so many "
            "likely neighbors all of them are nearly alike.": (2, 5, 1, 4, 3),
            "B and E are swapped. Which of the two has had no time to grow?": (4, 3, 1, 2, 5),
            "B and C are swapped. C has the lowest loss, and a fault does not lower it.": (
                (4, 1, 5, 2, 3)
            ),
            "B and D are swapped. With two likely neighbors, at least the nearest one is good. "
            "Which of the two maps has lost even that?": (4, 2, 1, 5, 3),
            "The runs are numbered from 1, and you count from 0.": (3, 4, 0, 1, 2),
        },
    ),
    "in_grams": Exercise(
        solution=(1.0, 0.56, 1.0),
        tolerance=0.05,
        mistakes={
            "The first number is too low. One column varies a million times as much as before: "
            "what is left for the others?": (0.3, 0.56, 1.0),
            "The third number: t-SNE divides the distances of each row by a width that it looks "
            "for itself. What remains of a factor that is the same for all?": (1.0, 0.56, 1000.0),
            "The second number is that of the pixels as they were. Most of the distance is now "
            "that of one pixel.": (1.0, 0.96, 1.0),
            "The second number is lower than measured. The pixel has only 17 values: who is the "
            "nearest among those with the same one?": (1.0, 0.1, 1.0),
            "You answer in percent. Shares are numbers from 0 to 1.": (100.0, 56.0, 1.0),
        },
    ),
    "place": Exercise(
        solution=_place,
        cases=(
            "np.array([[0.0], [1.0], [5.0]]), np.array([[0.0, 0.0], [2.0, 4.0], [9.0, 9.0]]), "
            "np.array([[0.4]]), 2",
            "points(9, 4, 0), points(9, 2, 1) - 5, points(3, 4, 2), 1",
            "points(20, 5, 3), points(20, 2, 4), points(6, 5, 5), 3",
            "points(7, 3, 6), points(7, 2, 7), points(2, 3, 8), 7",
            "points(9, 4, 0) - 4, points(9, 3, 1) - 5, points(3, 4, 2) - 4, 2",
        ),
        mistakes={
            "This is the place of the nearest sample alone. Take the mean over k of them.": (
                lambda x, y, new, k: _place(x, y, new, 1)
            ),
            "You leave out the nearest. A new row is not among the samples, so its nearest is no "
            "copy of itself.": lambda x, y, new, k: _place(x, y, new, k, first=1),
            "This is the mean of the rows of x. The places in the map are asked for, the same rows "
            "of y.": lambda x, y, new, k: _place(x, y, new, k, places=x),
            "You take those that are farthest away. argsort sorts upward.": (
                lambda x, y, new, k: _place(-x, y, -new, len(x), first=max(len(x) - k, 0))
            ),
            "You return one place. There is one for each new row: the mean is over its k "
            "neighbors.": lambda x, y, new, k: np.mean(_place(x, y, new, k), axis=0),
            "This is the sum of the k places. Divide by k.": (
                lambda x, y, new, k: k * _place(x, y, new, k)
            ),
            "The mean goes over the new rows here. It goes over the k neighbors: axis=1.": (
                lambda x, y, new, k: np.mean(y[_nearest(x, new, k)], axis=0)
            ),
            "You add up the differences, and those of other signs cancel. Square them first.": (
                lambda x, y, new, k: np.mean(
                    y[np.argsort(np.abs(np.sum(new[:, None] - x, axis=2)), axis=1)[:, :k]], axis=1
                )
            ),
            "These are the numbers of the nearest rows. Their places are asked for, and of "
            "these the mean.": lambda x, y, new, k: _nearest(x, new, k),
            "This is the place of the k-th nearest alone. Take the mean of all k.": (
                lambda x, y, new, k: y[_nearest(x, new, k)[:, -1]]
            ),
            "A map may have more than two axes, or one. Take whole rows of y.": (
                lambda x, y, new, k: _place(x, y, new, k)[:, :2]
            ),
        },
    ),
}

QUIZ = (
    Question(
        "In a t-SNE map one group covers a much larger area than another. What follows for the "
        "data?",
        {
            "Its samples differ more from each other.": "A cloud ten times as wide became as wide "
            "as the other one in the map.",
            "It may well have more samples.": "Four times as many samples made a cloud nearly "
            "three times as wide; a larger spread changed nothing.",
            "It is less certain that they belong together.": "The map shows who is near. The area "
            "says nothing about how sure that is.",
        },
        answer="It may well have more samples.",
    ),
    Question(
        "Two groups lie at opposite ends of a t-SNE map. Are they very different?",
        {
            "More so than two groups that touch.": "Gaps of 10 and 90 came out equally wide, and "
            "two seeds agree in such distances with 0.63 to 0.75 only.",
            "Only if the perplexity was high enough.": "With 45, more than a cloud had, a gap of "
            "30 was drawn 5 wide, and one of 90 was drawn 6 wide.",
            "The map does not tell.": "Beyond the neighbors nearly nothing pulls. Measure it in "
            "the data.",
        },
        answer="The map does not tell.",
    ),
    Question(
        "A map of 200 samples shows a dozen small clumps. What is the first thing to do?",
        {
            "Make maps with other perplexities.": "Noise without any groups has clumps at "
            "perplexity 2. They go at 30; real groups stay.",
            "Count the clumps: there are twelve groups.": "Pure noise makes clumps as well, if "
            "each sample looks at two others only.",
            "Run more steps, until the clumps melt.": "The map is made to have them: it shows "
            "the neighbors it was given.",
        },
        answer="Make maps with other perplexities.",
    ),
    Question(
        "A picture comes in after the map is made. Where does t-SNE put it?",
        {
            "Where its 64 numbers, times the components, are.": "That is PCA, which has a formula "
            "for new rows. t-SNE has none.",
            "Beside the sample that is nearest in the data.": "That can be done, and you did it in "
            "an exercise. But it is an addition, not t-SNE.",
            "Nowhere: it has places only for what it was made from.": "The places themselves were "
            "learned, and no function that makes them.",
        },
        answer="Nowhere: it has places only for what it was made from.",
    ),
    Question(
        "What does the horizontal axis of a t-SNE map stand for?",
        {
            "The direction along which the samples vary most.": "That is the first principal "
            "component. A map may be turned as one likes.",
            "Nothing.": "The loss sees only distances. Turned or mirrored, the map is as good.",
            "The most important of the 64 numbers.": "No single number of the data is an axis of "
            "the map.",
        },
        answer="Nothing.",
    ),
)
GUESSES = {
    "angle": Question(
        "Along the horizontal axis the codes of the four points have the variance 5, and the "
        "points lie off the axis by 5 in the mean square. Along the best line the variance is 8. "
        "By how much do they lie off that line, in the mean square?",
        {
            "8": "Then both would grow together. But a point is as far from the middle as before, "
            "and what goes into the code is missing beside the line.",
            "5": "It changes with the line: at 45° it is 2, at 135° it is 8.",
            "2": "The two always add up to 10, the mean squared distance from the middle: that is "
            "Pythagoras.",
        },
        answer="2",
    ),
    "many": Question(
        "With 10 likely neighbors, 192 of the 200 digits end beside an equal one. There are about "
        "20 pictures of each digit. How many will it be with 100 likely neighbors?",
        {
            "About 20": "That would be chance. It is 183: near neighbors still count for more than "
            "far ones.",
            "About 180": "183: worse, but far better than chance, as near neighbors still get the "
            "larger shares.",
            "All 200": "It is 183. Each digit is told that pictures of other digits are neighbors, "
            "too.",
        },
        answer="About 180",
    ),
    "wide": Question(
        "Two clouds of 30 points each; one is ten times as wide as the other. How many times as "
        "wide is it in the map, with 15 likely neighbors?",
        {
            "10 times": "The width of each point's neighborhood is fitted to the points around it. "
            "In the map both clouds are about equally wide.",
            "About 3 times, the root of 10": "They are about equally wide: the perplexity gives "
            "each point the same number of neighbors, near or far.",
            "It is as wide as the other": "The perplexity gives each point the same number of "
            "neighbors, near or far. What is dense is spread, what is sparse drawn together.",
        },
        answer="It is as wide as the other",
    ),
}
