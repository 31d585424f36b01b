"""Exercises and quiz of the chapter *Steps that remember*."""

import numpy as np

from nnutils.exercises import Exercise, Question


def _momentum_step(w, velocity, slope, rate, momentum):
    velocity = momentum * velocity + slope
    return w - rate * velocity, velocity


def _rmsprop_step(w, mean, slope, rate, decay, eps):
    mean = decay * mean + (1 - decay) * slope**2
    return w - rate * slope / (np.sqrt(mean) + eps), mean


def _without_eps(w, mean, slope, rate):
    with np.errstate(invalid="ignore"):
        return w - rate * slope / np.sqrt(mean), mean


def _adam_moves(
    slopes,
    rate,
    beta1,
    beta2,
    eps,
    *,
    first=1,
    correct="both",
    share=lambda beta, t: 1 - beta**t,
    late=None,
    inside=False,
    power=2,
    kept=False,
):
    """Return Adam's moves; the keywords make the usual mistakes."""
    mean, squares, moves = np.float64(0), np.float64(0), []
    for t, g in enumerate(slopes, first):
        mean = beta1 * mean + (1 - beta1) * g
        squares = beta2 * squares + (1 - beta2) * g**power
        with np.errstate(divide="ignore", invalid="ignore"):
            right_mean = mean / share(beta1, t) if correct in ("both", "mean") else mean
            right = squares / share(beta2, t) if correct in ("both", "squares") else squares
            size = np.sqrt(right + eps) if inside else np.sqrt(right) + eps
            if late:
                size = late(np.sqrt(squares), share(beta2, t), eps)
            moves.append(rate * right_mean / size)
        if kept:
            mean, squares = right_mean, right
    return moves


def _decayed_step(w, slope, rate, l2):
    return w - rate * (slope + l2 * w)


_RNG = np.random.default_rng(12)


def _arrays(n, how_many):
    return tuple(_RNG.normal(size=n).round(3) for _ in range(how_many))


_VELOCITY_CASES = (
    (np.array([1.0]), np.array([0.0]), np.array([2.0]), 0.1, 0.9),
    (np.array([0.8]), np.array([2.0]), np.array([1.6]), 0.1, 0.9),
    (np.array([1.0, -2.0]), np.array([3.0, 1.0]), np.array([0.0, 4.0]), 0.5, 0.5),
    (np.array([1.0, -2.0]), np.array([3.0, 1.0]), np.array([2.0, 4.0]), 0.5, 0.0),
    (*_arrays(5, 3), 0.01, 0.99),
)
_SIZE_CASES = (
    (np.array([1.0]), np.array([0.0]), np.array([3.0]), 0.1, 0.75, 1e-8),
    (np.array([1.0, 1.0]), np.array([4.0, 4.0]), np.array([2.0, -2.0]), 0.1, 0.5, 1e-8),
    (np.array([0.0]), np.array([9.0]), np.array([3.0]), 1.0, 0.9, 1.0),
    (np.array([0.5]), np.array([0.0]), np.array([0.0]), 1.0, 0.9, 1e-8),
    (*(a if i != 1 else a**2 for i, a in enumerate(_arrays(5, 3))), 0.01, 0.99, 0.1),
)
_ADAM_CASES = (
    ([3.0], 0.001, 0.9, 0.999, 1e-8),
    ([3.0, 3.0, 3.0], 0.001, 0.9, 0.999, 1e-8),
    ([2.0, 1.0], 0.1, 0.5, 0.75, 1.0),
    ([1.0, -1.0, 1.0, -1.0], 1.0, 0.9, 0.999, 1e-8),
    (_RNG.normal(size=8).round(3).tolist(), 1.0, 0.8, 0.9, 0.5),
)

EXERCISES = {
    "momentum_step": Exercise(
        solution=_momentum_step,
        cases=_VELOCITY_CASES,
        mistakes={
            "The sign is turned around: this velocity holds slopes, so it has to be "
            "subtracted.": lambda w, v, g, rate, m: (w + rate * (m * v + g), m * v + g),
            "This averages: it weights the new slope with 1 - momentum. The velocity of this "
            "chapter is a sum.": lambda w, v, g, rate, m: (
                w - rate * (m * v + (1 - m) * g),
                m * v + (1 - m) * g,
            ),
            "The move uses the old velocity; the new slope has to be in it "
            "already.": lambda w, v, g, rate, m: (w - rate * v, m * v + g),
            "The old velocity does not fade: it has to be multiplied by the "
            "momentum.": lambda w, v, g, rate, m: (w - rate * (v + g), v + g),
            "This is Nesterov's move: it adds the slope once more.": lambda w, v, g, rate, m: (
                w - rate * (g + m * (m * v + g)),
                m * v + g,
            ),
            "The place is right, but the velocity that you return holds the rate; that of this "
            "chapter is a sum of slopes.": lambda w, v, g, rate, m: (
                w - rate * (m * v + g),
                -rate * (m * v + g),
            ),
            "This velocity already holds the rate. In this chapter it is a sum of slopes, and the "
            "rate comes in only when w moves.": lambda w, v, g, rate, m: (
                w + (m * v - rate * g),
                m * v - rate * g,
            ),
            "Return two things: the new w, and then the new velocity.": (
                lambda w, v, g, rate, m: w - rate * (m * v + g)
            ),
            "The momentum fades the new slope, too; only the old velocity "
            "fades.": lambda w, v, g, rate, m: (w - rate * m * (v + g), m * (v + g)),
            "This is the plain step: the velocity does not take part in the "
            "move.": lambda w, v, g, rate, m: (w - rate * g, m * v + g),
            "Both results are right, but in the wrong order: first w, then the "
            "velocity.": lambda w, v, g, rate, m: _momentum_step(w, v, g, rate, m)[::-1],
        },
    ),
    "rmsprop_step": Exercise(
        solution=_rmsprop_step,
        cases=_SIZE_CASES,
        mistakes={
            "This takes the mean of the slopes. Slopes of both signs cancel; take their "
            "squares.": lambda w, s, g, rate, d, eps: (
                w - rate * g / (np.sqrt(np.abs(d * s + (1 - d) * g)) + eps),
                d * s + (1 - d) * g,
            ),
            "Here eps is inside the root; it is added after the root.": (
                lambda w, s, g, rate, d, eps: (
                    w - rate * g / np.sqrt(d * s + (1 - d) * g**2 + eps),
                    d * s + (1 - d) * g**2,
                )
            ),
            "The root is missing: divide by the root of the mean.": (
                lambda w, s, g, rate, d, eps: (
                    w - rate * g / (d * s + (1 - d) * g**2 + eps),
                    d * s + (1 - d) * g**2,
                )
            ),
            "The two weights are swapped: the old mean gets the decay, the new square the "
            "rest.": lambda w, s, g, rate, d, eps: _rmsprop_step(w, s, g, rate, 1 - d, eps),
            "This is a fading sum: the new square has to be multiplied by 1 - "
            "decay.": lambda w, s, g, rate, d, eps: (
                w - rate * g / (np.sqrt(d * s + g**2) + eps),
                d * s + g**2,
            ),
            "Divide by the new mean, with this slope in it, not by the old one.": (
                lambda w, s, g, rate, d, eps: (
                    w - rate * g / (np.sqrt(s) + eps),
                    d * s + (1 - d) * g**2,
                )
            ),
            "Nothing is added to the root. It needs eps, or a slope of 0 gives 0/0.": (
                lambda w, s, g, rate, d, eps: _without_eps(w, d * s + (1 - d) * g**2, g, rate)
            ),
            "Return two things: the new w, and then the new mean.": (
                lambda *case: _rmsprop_step(*case)[0]
            ),
            "The sign is turned around: go against the slope.": (
                lambda w, s, g, rate, d, eps: (
                    w + rate * g / (np.sqrt(d * s + (1 - d) * g**2) + eps),
                    d * s + (1 - d) * g**2,
                )
            ),
            "This is Adagrad: it forgets nothing.": lambda w, s, g, rate, d, eps: (
                w - rate * g / (np.sqrt(s + g**2) + eps),
                s + g**2,
            ),
            "Both results are right, but in the wrong order: first w, then the "
            "mean.": lambda *case: _rmsprop_step(*case)[::-1],
        },
    ),
    "adam_moves": Exercise(
        solution=_adam_moves,
        cases=_ADAM_CASES,
        mistakes={
            "The bias correction is missing: both means start at 0, so divide each by 1 - "
            "beta**t.": lambda *case: _adam_moves(*case, correct="none"),
            "You correct the mean of the slopes, but not that of the squares.": (
                lambda *case: _adam_moves(*case, correct="mean")
            ),
            "You correct the mean of the squares, but not that of the slopes.": (
                lambda *case: _adam_moves(*case, correct="squares")
            ),
            "You count t from 0, and 1 - beta**0 is 0. The first step has t = 1.": (
                lambda *case: _adam_moves(*case, first=0)
            ),
            "You are one ahead: the first step has t = 1, not 2.": (
                lambda *case: _adam_moves(*case, first=2)
            ),
            "The share is 1 - beta**t, not (1 - beta)**t: the power belongs to beta alone.": (
                lambda *case: _adam_moves(*case, share=lambda beta, t: (1 - beta) ** t)
            ),
            "You divide by 1 - beta at every step. The share grows with t: 1 - beta**t.": (
                lambda *case: _adam_moves(*case, share=lambda beta, t: 1 - beta)
            ),
            "Here eps is inside the root; it is added after the root.": (
                lambda *case: _adam_moves(*case, inside=True)
            ),
            "You divide eps by the correction, too. Correct the mean of the squares alone, take "
            "the root, and then add eps.": lambda *case: _adam_moves(
                *case, late=lambda root, share, eps: (root + eps) / np.sqrt(share)
            ),
            "You take the root first and correct afterwards, root and eps together. Correct the "
            "mean of the squares, take the root, and then add eps.": lambda *case: _adam_moves(
                *case, late=lambda root, share, eps: (root + eps) / share
            ),
            "You correct the root instead of the mean. Correct the mean of the squares, and then "
            "take the root.": lambda *case: _adam_moves(
                *case, late=lambda root, share, eps: root / share + eps
            ),
            "The second mean is that of the squares, not of the slopes.": (
                lambda *case: _adam_moves(*case, power=1)
            ),
            "You put the corrected means back into the memory, so that they are corrected again "
            "and again.": lambda *case: _adam_moves(*case, kept=True),
            "The two betas are swapped: beta1 belongs to the slopes, beta2 to the squares.": (
                lambda g, rate, beta1, beta2, eps: _adam_moves(g, rate, beta2, beta1, eps)
            ),
            "These are the changes of the parameter; asked for is what is subtracted from "
            "it.": lambda *case: [-move for move in _adam_moves(*case)],
            "These are the places of a parameter that starts at 0; asked for are the "
            "moves.": lambda *case: -np.cumsum(_adam_moves(*case)),
            "These are all moves added up; return each move for itself.": (
                lambda *case: np.cumsum(_adam_moves(*case))
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
            "Look at C again: it is not Nesterov, since it moves by v alone.": (3, 4, 3, 5, 1),
            "C has no square in it: it remembers directions, not sizes.": (3, 4, 5, 5, 1),
        },
    ),
    "decayed_step": Exercise(
        solution=_decayed_step,
        cases=(
            (1.0, 0.0, 0.1, 0.5),
            (-2.0, 0.0, 0.1, 1.0),
            (3.0, 1.0, 0.1, 0.0),
            (2.0, -4.0, 0.5, 0.25),
            (0.0, 1.0, 0.1, 3.0),
            tuple(_RNG.normal(size=2).round(3)) + (0.2, 0.7),
        ),
        mistakes={
            "The decay is applied twice, in the slope and by shrinking w, or by a factor 2. Half "
            "of l2 times w squared has the slope l2 times w, once.": lambda w, g, rate, l2: (
                (1 - rate * l2) * w - rate * (g + l2 * w)
            ),
            "The decay is applied twice: the slope of the L2 part shrinks w already, and then you "
            "shrink the new w as well.": lambda w, g, rate, l2: (
                (w - rate * (g + l2 * w)) * (1 - rate * l2)
            ),
            "You lost a factor 2: the slope of w squared is 2 times w, so half of l2 times w "
            "squared has the slope l2 times w.": lambda w, g, rate, l2: (
                w - rate * (g + 0.5 * l2 * w)
            ),
            "This is the decay alone; the slope of the data part is missing.": (
                lambda w, g, rate, l2: w * (1 - rate * l2)
            ),
            "The L2 part itself is not a slope: half of l2 times w squared has the slope l2 times "
            "w.": lambda w, g, rate, l2: w - rate * (g + l2 * w**2 / 2),
            "The decay is without the rate; the slope of the L2 part takes part in the step like "
            "any other.": lambda w, g, rate, l2: w - rate * g - l2 * w,
            "The sign of the decay is turned around: this weight grows.": (
                lambda w, g, rate, l2: w - rate * (g - l2 * w)
            ),
            "You pull by the same amount for every weight; L2 pulls in proportion to the "
            "weight.": lambda w, g, rate, l2: w - rate * (g + l2 * np.sign(w)),
            "This is the plain step; the L2 part is missing.": (
                lambda w, g, rate, l2: w - rate * g
            ),
            "You shrink w after the step. The slope of the L2 part is that at the old "
            "w.": lambda w, g, rate, l2: (1 - rate * l2) * (w - rate * g),
        },
    ),
    "three_surfaces": Exercise(
        solution=(3, 2, 1),
        mistakes={
            "C is right. In A the trouble lies between the parameters, in B both have slopes of "
            "the same size: which rule helps with which?": (2, 3, 1),
            "B is right. In C there is nothing to even out, and no room for a memory.": (1, 2, 3),
            "A is right. RMSProp has its place there, but only a velocity tells along from "
            "across.": (3, 1, 2),
            "C and A are right, but each rule is right once. In B both parameters have slopes of "
            "the same size, so there is nothing to even out.": (3, 3, 1),
            "B and C are right, but each rule is right once. Which one removes a trouble that "
            "lies between the parameters?": (2, 2, 1),
            "These are turned around in a circle: ask of each surface first whether the slopes "
            "of its parameters differ in size.": (1, 3, 2),
            "These are turned around in a circle: ask of each surface first which rule needs no "
            "memory.": (2, 1, 3),
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
