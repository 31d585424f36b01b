"""Exercises and quiz of the chapter *Momentum and adaptive steps*."""

import numpy as np

from nnutils.exercises import Exercise, Question
from nnutils.optimizers import SGD, Adagrad, Adam, Momentum, Nesterov, RMSProp


def sealed(optimizer):
    """Return a box: a function that gives the list of moves of this optimizer for some slopes."""

    def box(slopes):
        theta = np.zeros(1)
        state, places = optimizer.init(theta), [0.0]
        for t, slope in enumerate(slopes, 1):
            optimizer.step(theta, np.array([float(slope)]), state, t)
            places.append(float(theta[0]))
        return [before - after for before, after in zip(places, places[1:])]

    return box


def _find_momentum(places, slopes, rate):
    return ((places[1] - places[2]) / rate - slopes[1]) / slopes[0]


def _clip_length(grad, most):
    length = np.sqrt(np.sum(grad**2))
    return grad * most / length if length > most else grad


def _share(beta, t):
    return 1 - beta**t


def _whole(beta, t):
    return 1


def _root(mean, share, eps):
    return np.sqrt(mean / share) + eps


def _shortened_in_place(grad, most):
    grad, length = grad.copy(), np.sqrt(np.sum(grad**2))
    if length > most:
        grad *= most / length
    return grad


def _mended_moves(slopes, rate, decay, eps, *, first=1, share=_share, size=_root, kept=False):
    """Return the moves of RMSProp with a mended start; the keywords make the usual mistakes."""
    mean, moves = np.float64(0), []
    for t, g in enumerate(slopes, first):
        mean = decay * mean + (1 - decay) * g**2
        with np.errstate(divide="ignore", invalid="ignore"):
            moves.append(rate * g / size(mean, share(decay, t), eps))
        if kept:
            mean = mean / share(decay, t)
    return moves


def _mended_with(**mistake):
    return lambda *case: _mended_moves(*case, **mistake)


def _adam(slopes, rate, decay, eps, *, kept=None):
    """Return the moves of Adam, whose mean of slopes keeps this part, or the decay."""
    kept = decay if kept is None else kept
    mean, square, moves = 0, 0, []
    for t, g in enumerate(slopes, 1):
        mean = kept * mean + (1 - kept) * g
        square = decay * square + (1 - decay) * g**2
        moves.append(rate * mean / _share(kept, t) / _root(square, _share(decay, t), eps))
    return moves


def _which_rule(box):
    one, then, later = box([1, 0, 0])
    if box([2])[0] > 1.5 * one:
        if then == 0:
            return 1
        return 3 if one * later > 1.5 * then**2 else 2
    if then != 0:
        return 6
    return 4 if box([1, *1000 * [0], 1])[-1] < 0.8 * one else 5


def _taken_for(numbers):
    """Return an answer that takes one rule for another."""
    return lambda box: numbers.get(_which_rule(box), _which_rule(box))


def _by_their_first_moves(box):
    first = box([1])[0]
    return _which_rule(box) if box([2])[0] > 1.5 * first else 5 if first > 1 else 4


def _by_equal_slopes(box):
    moves = box(200 * [1])
    if abs(moves[-1] / moves[0] - 1) < 1e-6:
        return 1
    return _which_rule(box)


def _by_longer_moves(box):
    first, second = box([1, 1])
    return 2 if second > 1.2 * first else 1 if box([2])[0] > 1.5 * first else _which_rule(box)


def _by_what_is_left(box):
    return _which_rule(box) if box([1, 0])[1] else 1


EXERCISES = {
    "find_momentum": Exercise(
        solution=_find_momentum,
        cases=(
            ([1.0, 0.8, 0.46], [2.0, 1.6], 0.1),
            ([1.0, 0.8, 0.64], [2.0, 1.6], 0.1),
            ([0.0, -0.5, -0.75], [1.0, 0.0], 0.5),
            ([3.0, 3.2, 3.0], [-2.0, 3.0], 0.1),
            ([-4.0, -3.76, -3.3424], [-4.0, -3.76], 0.06),
            ([1.0, 0.0, 1.5], [4.0, -8.0], 0.25),
            ([1.0, 0.8, 0.6153086422], [2.0, 1.6], 0.1),
        ),
        mistakes={
            "The new slope is a part of the second velocity. Take it away before you ask what is "
            "left of the first.": lambda p, s, r: (p[1] - p[2]) / r / s[0],
            "A step goes against the velocity, so the velocity is old place minus new place, over "
            "the rate.": lambda p, s, r: ((p[2] - p[1]) / r - s[1]) / s[0],
            "A move is rate times velocity. Divide it by the rate.": lambda p, s, r: (
                (p[1] - p[2] - s[1]) / s[0]
            ),
            "The part that is kept is a part of the first velocity, which is the first slope. You "
            "divide by the second slope.": lambda p, s, r: ((p[1] - p[2]) / r - s[1]) / s[1],
            "You take the first slope away. The second step adds the second slope.": (
                lambda p, s, r: ((p[1] - p[2]) / r - s[0]) / s[0]
            ),
            "This is what is kept of the velocity, a slope. Which part of the first velocity is "
            "it?": lambda p, s, r: (p[1] - p[2]) / r - s[1],
            "You use the first move. It is a plain step, and tells nothing about the "
            "momentum.": lambda p, s, r: ((p[0] - p[1]) / r - s[1]) / s[0],
            "This is 1 minus the momentum: the part that is lost.": lambda p, s, r: (
                1 - _find_momentum(p, s, r)
            ),
            "The first velocity is the first slope, without the rate. You divide by the first "
            "move.": lambda p, s, r: ((p[1] - p[2]) / r - s[1]) / (p[0] - p[1]),
        },
    ),
    "clip_length": Exercise(
        solution=_clip_length,
        cases=(
            (np.array([3.0, 4.0]), 1.0),
            (np.array([3.0, 4.0]), 10.0),
            (np.array([0.0, 0.0]), 1.0),
            (np.array([3.0, -4.0]), 5.0),
            (np.array([-30.0, 0.4]), 6.0),
            (np.array([0.5, 0.5, 0.5, 0.5, 0.5, 0.5]), 1.0),
            "np.random.default_rng(3).normal(size=9), 0.5",
            "np.random.default_rng(3).normal(size=9), 100",
            (np.array([3, 4]), 1.0),
        ),
        mistakes={
            "This clips each entry for itself, as in the chapter, and turns the arrow. Shrink all "
            "entries by the same factor.": lambda g, c: np.clip(g, -c, c),
            "Short gradients stay as they are. You stretch them.": lambda g, c: (
                g * c / max(np.sqrt(np.sum(g**2)), 1e-300)
            ),
            "Short gradients stay as they are. You stretch them, and divide by 0 where all entries "
            "are 0.": lambda g, c: g * c / np.sqrt(np.sum(g**2)),
            "You look at the largest entry. The length is the root of the sum of all "
            "squares.": lambda g, c: g * c / np.abs(g).max() if np.abs(g).max() > c else g,
            "The root is missing: this compares the sum of the squares.": lambda g, c: (
                g * c / np.sum(g**2) if np.sum(g**2) > c else g
            ),
            "You take the root of the mean. The length is the root of the sum.": lambda g, c: (
                g * c / np.sqrt(np.mean(g**2)) if np.sqrt(np.mean(g**2)) > c else g
            ),
            "You add the sizes of the entries. The length is the root of the sum of their "
            "squares.": lambda g, c: g * c / np.sum(np.abs(g)) if np.sum(np.abs(g)) > c else g,
            "A gradient that is too long becomes one of length 1 here. It should keep the largest "
            "length that is allowed.": lambda g, c: (
                g / np.sqrt(np.sum(g**2)) if np.sqrt(np.sum(g**2)) > c else g
            ),
            "A gradient of zeros has no length to divide by: return it as it is.": lambda g, c: (
                g * min(1, c / np.sqrt(np.sum(g**2))) if g.any() else g + np.nan
            ),
            "You drop gradients that are too long. Shorten them.": lambda g, c: (
                0 * g if np.sqrt(np.sum(g**2)) > c else g
            ),
            "The comparison is turned around: you shorten the short ones.": lambda g, c: (
                g * c / np.sqrt(np.sum(g**2)) if 0 < np.sqrt(np.sum(g**2)) < c else g
            ),
            "np.zeros_like(grad) holds whole numbers if grad does, and fractions are "
            "lost.": lambda g, c: _clip_length(g, c).astype(g.dtype),
            "*= cannot put fractions into an array of whole numbers. Make a new "
            "array.": _shortened_in_place,
        },
    ),
    "mended_moves": Exercise(
        solution=_mended_moves,
        cases=(
            (np.array([3.0]), 0.001, 0.999, 1e-8),
            (np.array([3.0, 3.0, 3.0]), 0.001, 0.999, 1e-8),
            (np.array([2.0, 1.0]), 0.1, 0.75, 1.0),
            (np.array([0.0, 0.0, -0.5]), 0.1, 0.99, 1e-8),
            (np.array([1.0, -1.0, 1.0, -1.0]), 1.0, 0.9, 1e-8),
            "np.random.default_rng(2).normal(size=8), 5.0, 0.8, 0.5",
            (np.array([2, 0, -1]), 0.1, 0.75, 1.0),
        ),
        mistakes={
            "The start is not mended: the mean begins at 0, so divide it by 1 - decay**t.": (
                _mended_with(share=_whole)
            ),
            "You count t from 0, and 1 - decay**0 is 0. The first step has t = 1.": _mended_with(
                first=0
            ),
            "You are one ahead: the first step has t = 1, not 2.": _mended_with(first=2),
            "The share is 1 - decay**t, not (1 - decay)**t: the power belongs to the decay "
            "alone.": _mended_with(share=lambda d, t: (1 - d) ** t),
            "You divide by 1 - decay at every step. The share grows with t: 1 - "
            "decay**t.": _mended_with(share=lambda d, t: 1 - d),
            "You divide by 1 - decay * t. The start fades by a factor at every step: 1 - "
            "decay**t.": _mended_with(share=lambda d, t: 1 - d * t),
            "You multiply by the share. The mean is too small at first: divide by it.": (
                _mended_with(share=lambda d, t: 1 / (1 - d**t))
            ),
            "Here eps is inside the root; it is added after the root.": _mended_with(
                size=lambda s, share, eps: np.sqrt(s / share + eps)
            ),
            "You correct root and eps together. Correct the mean, take the root, and then add "
            "eps.": _mended_with(size=lambda s, share, eps: (np.sqrt(s) + eps) / np.sqrt(share)),
            "You correct the root instead of the mean. Correct the mean, and then take the "
            "root.": _mended_with(size=lambda s, share, eps: np.sqrt(s) / share + eps),
            "The root is missing: divide by the root of the corrected mean.": _mended_with(
                size=lambda s, share, eps: s / share + eps
            ),
            "Nothing is added to the root. It needs eps, or a slope of 0 gives 0/0.": _mended_with(
                size=lambda s, share, eps: np.sqrt(s / share)
            ),
            "Brackets are missing: add eps to the root, then divide.": lambda *case: [
                move + case[3] for move in _mended_moves(*case[:3], 0)
            ],
            "This is the whole of Adam. Take its correction, and not its mean of slopes.": (
                lambda *case: _adam(*case, kept=0.9)
            ),
            "You average the slopes, too, as Adam does. Average only their squares.": _adam,
            "np.zeros_like(slopes) holds whole numbers if slopes does, and fractions are "
            "lost.": lambda *case: np.array(_mended_moves(*case)).astype(case[0].dtype),
            "You put the corrected mean back into the memory, so that it is corrected again and "
            "again.": _mended_with(kept=True),
            "The rate is missing.": lambda g, rate, *rest: _mended_moves(g, 1, *rest),
            "These are the changes of the parameter; asked for is what is subtracted from "
            "it.": lambda *case: [-move for move in _mended_moves(*case)],
            "These are all moves added up; return each move for itself.": (
                lambda *case: np.cumsum(_mended_moves(*case))
            ),
            "This is the first move only. Does your return stand inside the loop?": (
                lambda *case: _mended_moves(*case)[:1]
            ),
            "This is the last move only. Return the list of all moves.": (
                lambda *case: _mended_moves(*case)[-1]
            ),
        },
    ),
    "which_is_it": Exercise(
        solution=(3, 4, 2, 5, 1),
        mistakes={
            "Look at A again: what is added to w is not v. From 1 on w squared it goes to 0.62 "
            "and 0.2224.": (2, 4, 2, 5, 1),
            "B and D are swapped: which of them forgets old squares?": (3, 5, 2, 4, 1),
            "Look at B again: nothing in it makes old squares fade.": (3, 5, 2, 5, 1),
            "Look at D again: m makes the old squares fade.": (3, 4, 2, 4, 1),
            "A and C are swapped: C moves by v alone, A looks ahead.": (2, 4, 3, 5, 1),
            "Look at E again: does anything old take part in its move?": (3, 4, 2, 5, 2),
            "C and E are swapped: in which of them is anything old left in v?": (3, 4, 1, 5, 2),
            "Look at C again: it is not Nesterov, since it moves by v alone.": (3, 4, 3, 5, 1),
            "Look at C again: v keeps a part of the old v, so it is not plain SGD.": (
                (3, 4, 1, 5, 1)
            ),
            "C has no square in it: it remembers directions, not sizes.": (3, 4, 5, 5, 1),
            "A and E are both wrong. In A, what is added to w is not v; in E, nothing old takes "
            "part in the move.": (2, 4, 2, 5, 2),
            "You gave for each rule the position of its listing. Asked for is the number of the "
            "rule for each listing, A to E.": (5, 3, 1, 2, 4),
            "The rules are numbered from 1, and you count from 0.": (2, 3, 1, 4, 0),
        },
    ),
    "after_one_step": Exercise(
        solution=(3.8, 3.9, 3.8, 3.6),
        mistakes={
            "Look at B again: Adam divides the slope by its own size, so its first move is one "
            "rate long.": (3.8, 3.8, 3.8, 3.6),
            "Look at C again: the data gives Adam nothing to do, and the decay beside it does not "
            "pass through the division.": (3.8, 3.9, 3.9, 3.6),
            "Look at C again: the slope of the data is 0, so Adam itself does not move; only the "
            "decay does.": (3.8, 3.9, 3.7, 3.6),
            "Look at D again: the loss has the L2 part, and the step shrinks the weight as well.": (
                3.8,
                3.9,
                3.8,
                3.8,
            ),
            "You lost a factor 2 or took one too many: half of l times w squared has the slope l "
            "times w.": (3.6, 3.9, 3.8, 3.4),
            "You lost the half twice, in A and in C: both are w minus rate times l times w.": (
                (3.6, 3.9, 3.6, 3.2)
            ),
            "D does both at the old weight: 4 minus 0.2 minus 0.2. You shrink what is left after "
            "the first.": (3.8, 3.9, 3.8, 3.61),
            "These are the moves. Asked for is the weight after them.": (0.2, 0.1, 0.2, 0.4),
            "The sign is turned around: a step is subtracted, and the weight shrinks.": (
                (4.2, 4.1, 4.2, 4.4)
            ),
            "The rate is missing: a step is the rate times the slope of 2.": (2, 3.9, 2, 0),
        },
        tolerance=1e-6,
    ),
    "which_rule": Exercise(
        solution=_which_rule,
        cases=(
            "sealed(SGD(0.1))",
            "sealed(Momentum(0.1, 0.5))",
            "sealed(Nesterov(0.1, 0.5))",
            "sealed(Adagrad(0.1))",
            "sealed(RMSProp(0.1, 0.9))",
            "sealed(Adam(0.1))",
            "sealed(Momentum(2.0, 0.95))",
            "sealed(Nesterov(0.003, 0.9))",
            "sealed(RMSProp(0.001, 0.99))",
            "sealed(Adagrad(20.0))",
            "sealed(SGD(7.0))",
            "sealed(Adam(0.002, 0.8, 0.99))",
            "sealed(Nesterov(1.0, 0.99))",
            "sealed(Momentum(0.02, 0.1))",
            "sealed(RMSProp(3.0, 0.995))",
        ),
        mistakes={
            "You take Nesterov for momentum. Both go on when the slope becomes 0. By which factor, "
            "from move to move?": _taken_for({3: 2}),
            "You take momentum for Nesterov. Which of them moves by more than one rate at the "
            "first slope, and then by much less?": _taken_for({2: 3}),
            "You take Adam for RMSProp. Only one of them still moves when the slope has become "
            "0.": _taken_for({6: 5}),
            "You take RMSProp for Adagrad. Wait long enough, and only one of them has forgotten "
            "the first slope.": _taken_for({5: 4}),
            "You take Adagrad for RMSProp. Wait long enough, and only one of them has forgotten "
            "the first slope.": _taken_for({4: 5}),
            "You exchange Adagrad and RMSProp. Which of them divides by the root of 2 when it "
            "meets 1, many zeros, and 1 again?": _taken_for({4: 5, 5: 4}),
            "You exchange momentum and Nesterov. Work out on paper what each does with the slopes "
            "1, 0, 0.": _taken_for({2: 3, 3: 2}),
            "You judge the first move by its length. The rate is not known: compare two moves of "
            "the same box instead.": _by_their_first_moves,
            "A rule whose moves stay the same for equal slopes need not be SGD: Adam's do, too. "
            "Try slopes of another size.": _by_equal_slopes,
            "Moves that grow while the slopes stay the same are those of momentum and of Nesterov "
            "alike, and a small momentum makes them grow little.": _by_longer_moves,
            "Three rules stand still when the slope is 0: SGD, Adagrad and RMSProp. Ask them for "
            "another size of slope.": _by_what_is_left,
            "The rules are numbered from 1, and you count from 0.": lambda box: (
                _which_rule(box) - 1
            ),
            "You always say the same: SGD. Call the box with slopes that tell the rules "
            "apart.": lambda box: 1,
        },
    ),
}

QUIZ = (
    Question(
        "All slopes are 1, the rate is 0.01, the momentum 0.9. How long is a step of momentum "
        "after many steps?",
        {
            "0.01, because the velocity is the average of the slopes.": "It is a fading sum, not "
            "an average.",
            "0.1": "The sum 1 + 0.9 + 0.81 + ... is 10, so the step is ten rates long.",
            "0.009": "That would be one slope that has faded once. The older ones count as well.",
            "It grows without end.": "Old slopes fade, so the sum has a limit.",
        },
        answer="0.1",
    ),
    Question(
        "With momentum 0.9 the walk leaves a local minimum. What follows for momentum 0.95?",
        {
            "It leaves, too, because it has more speed.": "In the chapter it came back after it "
            "had left. More speed does not decide where the walk comes to rest.",
            "It stays for certain, because it is slower.": "It is not slower, and nothing about "
            "local minima is certain with momentum.",
            "Nothing: momentum can escape, but need not.": "From 2, 0.9 ended in the deep valley "
            "and 0.95 in the shallow one.",
        },
        answer="Nothing: momentum can escape, but need not.",
    ),
    Question(
        "RMSProp meets slopes that are +1 and -1 in turn. How long are its moves in the end?",
        {
            "As long as for slopes that are always 1.": "The squares are the same, and RMSProp "
            "remembers nothing else.",
            "Nearly 0, because the slopes cancel.": "They would cancel in a velocity, or in "
            "Adam's mean of slopes. Squares do not cancel.",
            "Very long, because it divides by nearly 0.": "It would if it divided by the mean of "
            "the slopes. It divides by the root of the mean of squares.",
        },
        answer="As long as for slopes that are always 1.",
    ),
    Question(
        "The first slope is 3 for one parameter and 0.01 for another. Which of them does Adam "
        "move further in its first step?",
        {
            "The one with slope 3, 300 times as far.": "So does the plain step. Adam divides by "
            "the size.",
            "The one with slope 0.01.": "Both sizes drop out. They do not turn around.",
            "Neither: both by about the rate.": "Mean over root of mean of squares is 1 for both, "
            "thanks to the bias correction.",
            "Neither: both by a tenth of the rate.": "That would be the step if only the mean of "
            "squares were corrected.",
        },
        answer="Neither: both by about the rate.",
    ),
    Question(
        "You train with Adam and double l2 in the loss. What happens to a weight on which the "
        "data has no influence?",
        {
            "It shrinks twice as fast.": "That is so for SGD. Adam divides this slope by its own "
            "size.",
            "It shrinks as fast as before.": "Twice the slope is divided by twice the size.",
            "It does not shrink at all.": "It does, by about one rate a step.",
        },
        answer="It shrinks as fast as before.",
    ),
    Question(
        "A report says: all optimizers ran with the rate 0.01 and one seed, and Adam won. What "
        "does it show?",
        {
            "That Adam is the best of them.": "Another rate can have another winner, as the "
            "columns of the table show.",
            "At most that 0.01 suits Adam here.": "The same rate means steps of different "
            "lengths, and one seed says little.",
            "That the others cannot solve the task.": "With their own best rates they may, as in "
            "the chapter.",
        },
        answer="At most that 0.01 suits Adam here.",
    ),
)
GUESSES = {
    "limit": Question(
        "Without momentum the limit for the rate is 0.1. What does momentum do to it?",
        {
            "It makes the limit larger": "With the momentum m it becomes 1 + m times as large. "
            "With 0.9 the rate 0.18 still works, and 0.2 explodes.",
            "It makes the limit smaller, because the steps become longer": "Along the valley they "
            "do. Across it the slopes alternate, and there momentum makes the steps shorter.",
            "It leaves the limit as it is: the ravine is the same": "The ravine is, the steps are "
            "not. At the rate 0.12 the plain steps explode, and with momentum 0.5 or 0.9 they do "
            "not.",
        },
        answer="It makes the limit larger",
    ),
    "memory": Question(
        "RMSProp remembers a thousand slopes. How long are its moves after a burst of slopes 16 "
        "times as large?",
        {
            "Longer than before, because large slopes make large moves": "They are divided by a "
            "root that has become larger. In the 20 steps after the burst the middle move is 0.43 "
            "rates, where it was 3.37.",
            "As long as before, because the burst is over": "So it is with a memory of 1. A long "
            "memory still counts the large squares.",
            "Shorter than before, for the rest of the picture": "0.43 rates in the 20 steps after "
            "the burst, where it was 3.37. The large squares fade only over about a thousand "
            "steps.",
            "Shorter than before, but only for about ten steps": "That needs a short memory. This "
            "one forgets over about a thousand steps.",
        },
        answer="Shorter than before, for the rest of the picture",
    ),
}
