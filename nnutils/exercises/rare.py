"""Exercises and quiz of the chapter *Rare classes*."""

import math

import numpy as np

from nnutils.exercises import Exercise, Question


def some_scores(n, seed):
    """Return rounded normal scores, some of them equal, and which are true: about one of three."""
    rng = np.random.default_rng(seed)
    true = rng.random(n) < 0.3
    true[:2] = True, False
    return np.round(rng.normal(size=n) + true, 1), true


def shares(samples, classes, seed):
    """Return rows of positive numbers that add up to 1."""
    drawn = np.random.default_rng(seed).uniform(0.05, 1, (samples, classes))
    return drawn / drawn.sum(axis=1, keepdims=True)


def _pairs(scores, true, level=0.5):
    one, other = scores[true][:, None], scores[~true]
    return np.mean((one > other) + level * (one == other))


def _among_all(scores, true):
    return np.mean((scores[:, None] > scores) + 0.5 * (scores[:, None] == scores))


def _side_by_side(scores, true):
    n = min(np.sum(true), np.sum(~true))
    one, other = scores[true][:n], scores[~true][:n]
    return np.mean((one > other) + 0.5 * (one == other))


def _by_ranks(scores, true):
    ranks, n = np.argsort(np.argsort(scores)), np.sum(true)
    return (np.sum(ranks[true]) - n * (n - 1) / 2) / (n * np.sum(~true))


def _cheapest(scores, true, miss, alarm, *, never=True, lines=None, yes=np.greater_equal):
    costs = [miss * np.sum(true)] * never
    for threshold in scores if lines is None else lines:
        said = yes(scores, threshold)
        costs.append(miss * np.sum(true & ~said) + alarm * np.sum(said & ~true))
    return min(costs)


def _fewest_mistakes(scores, true, miss, alarm):
    counts = [(np.sum(true), miss * np.sum(true))]
    for threshold in scores:
        said = scores >= threshold
        misses, alarms = np.sum(true & ~said), np.sum(said & ~true)
        counts.append((misses + alarms, miss * misses + alarm * alarms))
    return min(counts)[1]


def _dearest(scores, true, miss, alarm):
    return -_cheapest(scores, true, -miss, -alarm)


def _between_equals(scores, true, miss, alarm):
    sorted_true = true[np.argsort(-scores, kind="stable")]
    misses, alarms = np.sum(true) - np.cumsum(sorted_true), np.cumsum(~sorted_true)
    return min(miss * np.sum(true), np.min(miss * misses + alarm * alarms))


def _first_rise(scores, true, miss, alarm):
    least = miss * np.sum(true)
    for threshold in np.unique(scores)[::-1]:
        cost = _cheapest(scores, true, miss, alarm, never=False, lines=[threshold])
        if cost > least:
            break
        least = cost
    return least


def _yes_pays(scores, true, miss, alarm):
    costs = [miss * np.sum(true)]
    for threshold in scores:
        costs.append(np.sum((scores >= threshold) * np.where(true, miss, alarm)))
    return min(costs)


def _corrected(p, was, now, factor=lambda was, now: now / (1 - now) / (was / (1 - was))):
    odds = p / (1 - p) * factor(was, now)
    return odds / (1 + odds)


def _temper(p, T):
    powers = p ** (1 / T)
    return powers / np.sum(powers, axis=1, keepdims=True)


def _softmax(z):
    e = np.exp(z)
    return e / np.sum(e, axis=1, keepdims=True)


def _enough(p, gap):
    return math.ceil(4 * p * (1 - p) / gap**2)


_FIVE = "np.array([3, 2, 1, 1, 0]), np.array([True, False, True, False, False])"

EXERCISES = {
    "pairs": Exercise(
        solution=_pairs,
        cases=(
            _FIVE,
            "np.array([0, 1]), np.array([True, False])",
            "np.array([5, 5, 5]), np.array([True, False, False])",
            "*some_scores(12, 0)",
            "*some_scores(60, 1)",
        ),
        mistakes={
            "Pairs with equal scores do not count here. Each of them counts half.": (
                lambda scores, true: _pairs(scores, true, 0)
            ),
            "Pairs with equal scores count in full here. Each of them counts half.": (
                lambda scores, true: _pairs(scores, true, 1)
            ),
            "You compare every sample with every other. A pair is one that is true and one that is "
            "not.": _among_all,
            "This is the other way round: the true one should have the higher score.": (
                lambda scores, true: _pairs(-scores, true)
            ),
            "This is how many pairs are in order. Divide by the number of all pairs.": (
                lambda scores, true: _pairs(scores, true) * np.sum(true) * np.sum(~true)
            ),
            "The number of pairs is that of the true times that of the others, not that of all "
            "samples squared.": lambda scores, true: (
                _pairs(scores, true) * np.sum(true) * np.sum(~true) / len(true) ** 2
            ),
            "You compare the first with the first, the second with the second. A pair is any "
            "true sample with any other.": _side_by_side,
            "Ranks without a care for ties put one of two equal scores before the other. "
            "Such a pair counts half.": _by_ranks,
        },
    ),
    "cheapest": Exercise(
        solution=_cheapest,
        cases=(
            f"{_FIVE}, 1, 1",
            f"{_FIVE}, 9, 1",
            f"{_FIVE}, 1, 9",
            "np.array([0, 1, 2]), np.array([True, False, False]), 1, 3",
            "np.array([0.0, 2.0, -1.0]), np.array([True, False, True]), 10, 1",
            "np.array([0.0, 0.001, 0.002, 9.0]), np.array([False, True, False, True]), 9, 1 / 3",
            "*some_scores(20, 2), 2.5, 2",
            "*some_scores(60, 3), 9, 1",
            "*some_scores(60, 4), 1, 2.5",
        ),
        mistakes={
            "The costs are swapped: a miss is a true one without a yes.": (
                lambda scores, true, miss, alarm: _cheapest(scores, true, alarm, miss)
            ),
            "It is allowed to call nothing an eight. That costs every miss and no alarm.": (
                lambda *case: _cheapest(*case, never=False)
            ),
            "A score that equals the threshold is a yes, too: then everything can be one.": (
                lambda *case: _cheapest(*case, yes=np.greater)
            ),
            "This is what the threshold 0 costs. Look for the best one.": (
                lambda *case: _cheapest(*case, never=False, lines=[0])
            ),
            "This is what the threshold of the formula costs. It needs true logits, and "
            "nobody said that these are. Try each score.": lambda *case: _cheapest(
                *case, never=False, lines=[math.log(case[3] / case[2])]
            ),
            "You look for the threshold with the fewest mistakes. It need not be the "
            "cheapest.": _fewest_mistakes,
            "This is the most that a threshold can cost. The least is asked for.": _dearest,
            "You try only whole numbers as thresholds. The scores themselves are the ones to "
            "try.": lambda *case: _cheapest(*case, lines=range(-9, 9)),
            "This is the cost of one sample in the mean. Add up, and do not divide.": (
                lambda scores, *case: _cheapest(scores, *case) / len(scores)
            ),
            "Samples with equal scores stand on the same side of every threshold. You draw "
            "the line between them.": _between_equals,
            "Costs may fall again after they have risen. Try all thresholds.": _first_rise,
            "A miss is a true one that is no yes. You let those pay that are one.": _yes_pays,
            "You look for the smallest cost and begin with 0. Nothing is below that.": (
                lambda *case: 0
            ),
        },
    ),
    "corrected": Exercise(
        solution=_corrected,
        cases=(
            (0.5, 0.5, 0.1),
            (0.98, 0.5, 0.001),
            (0.3, 0.1, 0.1),
            (0.2, 0.2, 0.7),
            (np.array([0.0, 0.01, 0.5, 0.9]), 0.015, 0.1),
        ),
        mistakes={
            "You multiply by the quotient of the shares. It is the odds that keep their "
            "factor.": lambda p, was, now: _corrected(p, was, now, lambda was, now: now / was),
            "This is the other way round: a class that is rarer now is less probable now.": (
                lambda p, was, now: _corrected(p, now, was)
            ),
            "These are the odds. The probability is odds / (1 + odds).": (
                lambda p, was, now: p / (1 - p) * now / (1 - now) / (was / (1 - was))
            ),
            "You multiply the probability itself. It can become larger than 1: multiply its odds, "
            "p / (1 - p).": lambda p, was, now: p * now / was,
            "The factor is right, but it belongs to the odds p / (1 - p), not to p.": (
                lambda p, was, now: p * now / (1 - now) / (was / (1 - was))
            ),
            "You add the difference of the two shares. Samples that are surely ill stay "
            "so.": lambda p, was, now: p + now - was,
            "You take the old odds to be 1 to 1. Divide by the odds of was.": (
                lambda p, was, now: _corrected(p, 0.5, now)
            ),
            "In `a / b / (1 - b)` both divide. The odds of `was` need brackets around them.": (
                lambda p, was, now: _corrected(
                    p, was, now, lambda was, now: now / (1 - now) / was / (1 - was)
                )
            ),
            "`odds / 1 + odds` divides by 1. What is below the line needs brackets.": (
                lambda p, was, now: 2 * _corrected(p, was, now) / (1 - _corrected(p, was, now))
            ),
        },
    ),
    "which_fault": Exercise(
        solution=(5, 1, 2, 3, 4),
        mistakes={
            "B and D are swapped. Which of them still tells eights from others, if upside down?": (
                5,
                3,
                2,
                1,
                4,
            ),
            "A and E are swapped. Which of the two hardly ever says yes?": (4, 1, 2, 3, 5),
            "A and C are swapped. Which of them promised in validation what it did not keep?": (
                (2, 1, 5, 3, 4)
            ),
            "Look at E again: its order is good, and everything is a yes. Where does the line "
            "stand?": (5, 1, 2, 3, 6),
            "Look at A again: dividing all scores by 2 changes neither the order nor who is above "
            "0.": (6, 1, 2, 3, 4),
            "The faults are numbered from 1, and you count from 0.": (4, 0, 1, 2, 3),
        },
    ),
    "temper": Exercise(
        solution=_temper,
        cases=(
            (np.array([[0.8, 0.2]]), 2),
            (np.array([[0.8, 0.1, 0.1]]), 1000),
            (np.array([[0.5, 0.3, 0.2], [0.9, 0.05, 0.05]]), 1),
            "shares(4, 3, 0), 0.5",
            "shares(3, 10, 1), 1.7",
        ),
        mistakes={
            "You divide the probabilities by T, and scale them back. Nothing is changed by that: "
            "it is the logits that are divided.": lambda p, T: p + 0 * T,
            "T is turned around: with a T above 1 the answers have to become less sure.": (
                lambda p, T: _temper(p, 1 / T)
            ),
            "The rows do not add up to 1 any more. Divide each by its sum.": (
                lambda p, T: p ** (1 / T)
            ),
            "You divide by the sum of the whole array. Each row adds up to 1.": (
                lambda p, T: p ** (1 / T) / np.sum(p ** (1 / T))
            ),
            "You divide by the sums of the columns. Each row adds up to 1: axis=1.": (
                lambda p, T: p ** (1 / T) / np.sum(p ** (1 / T), axis=0)
            ),
            "You treat the probabilities as logits. The logits are their logs, up to a "
            "constant.": lambda p, T: _softmax(p / T),
            "These are the probabilities divided by T, which do not add up to 1.": (
                lambda p, T: p / T
            ),
            "Without keepdims=True the sums lie along the columns, or do not fit at all.": (
                lambda p, T: p ** (1 / T) / np.sum(p ** (1 / T), axis=1)
            ),
            "Logs divided by T are logs still. Take e to the power of them before you divide "
            "by the sum.": lambda p, T: (
                np.log(p) / T / np.sum(np.log(p) / T, axis=1, keepdims=True)
            ),
        },
    ),
    "enough": Exercise(
        solution=_enough,
        cases=(
            (0.5, 0.3),
            (0.5, 0.25),
            (0.9, 0.03),
            (0.9, 0.017),
            (0.97, 0.012),
            (0.2, 0.07),
            (0.999, 0.9),
        ),
        mistakes={
            "This is for one spread. Two spreads have to fit into the gap.": (
                lambda p, gap: math.ceil(p * (1 - p) / gap**2)
            ),
            "The spread falls with the root of the number of answers, so the gap has to be "
            "squared.": lambda p, gap: math.ceil(4 * p * (1 - p) / gap),
            "You forgot that the 2 is squared, too.": (
                lambda p, gap: math.ceil(2 * p * (1 - p) / gap**2)
            ),
            "Rounded down, two spreads are a little more than the gap. Round up.": (
                lambda p, gap: math.floor(4 * p * (1 - p) / gap**2)
            ),
            "The nearest whole number may be too small. Round up.": (
                lambda p, gap: round(4 * p * (1 - p) / gap**2)
            ),
            "An answer is right or wrong: the variance is p times 1 - p, not p alone.": (
                lambda p, gap: math.ceil(4 * p / gap**2)
            ),
            "Answers come whole. Round up.": lambda p, gap: 4 * p * (1 - p) / gap**2,
            "The root of p (1 - p) belongs to the spread. Squared, it is p (1 - p) again.": (
                lambda p, gap: math.ceil(4 * math.sqrt(p * (1 - p)) / gap**2)
            ),
            "Where it comes out whole, this many are enough: at most the gap. You take one "
            "more.": lambda p, gap: math.floor(4 * p * (1 - p) / gap**2) + 1,
        },
    ),
}

QUIZ = (
    Question(
        "A test for a rare illness is right in 99 of 100 cases. Is it good?",
        {
            "Yes: one mistake in 100 is few, whichever it is.": "If one of 100 is ill, whoever "
            "always says no makes as few.",
            "That cannot be said without knowing how rare the illness is.": "If one of 1,000 is "
            "ill, always no is better. Ask for precision and recall.",
            "No: a good test is never below 99.9 %.": "If half of the people are ill, 99 % is "
            "very good.",
        },
        answer="That cannot be said without knowing how rare the illness is.",
    ),
    Question(
        "Each rare sample is copied ten times. What does the network get from it?",
        {
            "Ten times as much information on the rare class.": "A copy says nothing that the "
            "sample did not say.",
            "A better order: the area under the curve grows.": "In the mean of six runs it was "
            "0.982 with copies, and 0.982 without.",
            "Scores that lie higher, so that more is called rare.": "The copies change how "
            "frequent the class seems. A shift of all scores does the same.",
        },
        answer="Scores that lie higher, so that more is called rare.",
    ),
    Question(
        "Softmax gives 0.97 for an answer. Is the network right in 97 of 100 such cases?",
        {
            "Only if it is calibrated, which has to be counted.": "On new hands, of all answers "
            "that said 90 % and more, fewer were right than was said.",
            "Yes: softmax makes probabilities.": "It makes positive numbers that add up to 1. "
            "Whether they are true, no formula says.",
            "No: softmax always says too much, so it is fewer.": "The networks of the chapter on "
            "digits kept their word.",
        },
        answer="Only if it is calibrated, which has to be counted.",
    ),
    Question(
        "You raise the threshold from 0 to 3. What happens to the area under the ROC curve?",
        {
            "It falls, since fewer are found.": "The recall falls. The curve is made from all "
            "thresholds, so that yours is only one point of it.",
            "Nothing.": "It sees the order of the scores alone, and no threshold.",
            "It rises, since there are fewer false alarms.": "There are fewer, but the curve has "
            "a point for each threshold, whichever you use.",
        },
        answer="Nothing.",
    ),
    Question(
        "All logits are divided by 2. Which of these can become better?",
        {
            "The loss.": "A sure mistake costs less. Right answers cost a little more.",
            "The accuracy.": "The largest logit stays the largest, so no answer changes.",
            "The order of the pictures by the score of one class, if there are two.": "Half of "
            "each score: the order is the same.",
            "The loss and the accuracy.": "The loss can. No answer changes, so the accuracy stays.",
        },
        answer="The loss.",
    ),
)
GUESSES = {
    "line": Question(
        "With the line at 0, 35 of the 46 eights are missed. How many mistakes of both kinds are "
        "left with the line at its best place?",
        {
            "About 30": "It is 9. The eights lie well to the right of most others; only the line "
            "stood in the wrong place.",
            "About 10": "9, with the line at -4: the network sorts well, and says yes too rarely.",
            "None": "That would need a line with all eights on its right and all others on its "
            "left. A few marks are mixed.",
        },
        answer="About 10",
    ),
    "moves": Question(
        "Weights, copies or a shift of all scores: which of them lifts the ROC curve clearly "
        "toward the upper left corner?",
        {
            "Weights and copies": "The curves lie next to each other. What moves is the point of "
            "the threshold.",
            "All three": "A shift cannot: it changes no order. The other two hardly change it.",
            "None": "In the mean of six seeds the area is 0.981 or 0.982. What moves is the "
            "point of the threshold.",
        },
        answer="None",
    ),
    "cool": Question(
        "All logits are divided by T = 2. How many of the answers change?",
        {
            "None": "The largest logit stays the largest. Only the probabilities move, toward "
            "each other.",
            "Those that were least sure": "They become less sure still, but the largest logit "
            "stays the largest.",
            "About as many as were too sure": "They are less sure afterwards, and give the same "
            "answer.",
        },
        answer="None",
    ),
}
