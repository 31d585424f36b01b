"""Exercises and quiz of the chapter *Momentum and adaptive steps*."""

import numpy as np

from nnutils.exercises import Exercise, Question


def _momentum_step(w, velocity, slope, rate, momentum):
    velocity = momentum * velocity + slope
    return w - rate * velocity, velocity


def _by(velocity):
    """Return a step whose new velocity is ``velocity(old, slope, rate, momentum)``."""

    def step(w, v, g, rate, m):
        new = velocity(v, g, rate, m)
        return w - rate * new, new

    return step


def _moving(move):
    """Return a step with the right velocity that moves by ``move(w, v, g, rate, m, new)``."""

    def step(w, v, g, rate, m):
        new = m * v + g
        return move(w, v, g, rate, m, new), new

    return step


def _rmsprop_step(w, mean, slope, rate, decay, eps):
    mean = decay * mean + (1 - decay) * slope**2
    return w - rate * slope / (np.sqrt(mean) + eps), mean


def _with_mean(mean):
    """Return an RMSProp step whose new mean is ``mean(old, slope, decay)``."""

    def step(w, s, g, rate, d, eps):
        new = mean(s, g, d)
        with np.errstate(invalid="ignore"):
            return w - rate * g / (np.sqrt(new) + eps), new

    return step


def _dividing(move):
    """Return a step with the right mean that subtracts ``rate * move(g, old, new, d, eps)``."""

    def step(w, s, g, rate, d, eps):
        new = d * s + (1 - d) * g**2
        with np.errstate(invalid="ignore"):
            return w - rate * move(g, s, new, d, eps), new

    return step


_without_eps = _dividing(lambda g, s, new, d, eps: g / np.sqrt(new))


def _share(beta, t):
    return 1 - beta**t


def _whole(beta, t):
    return 1


def _fade(old, new, beta):
    return beta * old + (1 - beta) * new


def _adam_size(squares, share, eps):
    return np.sqrt(squares / share) + eps


def _adam_moves(
    slopes,
    rate,
    beta1,
    beta2,
    eps,
    *,
    first=1,
    fade=_fade,
    power=lambda g, mean: g**2,
    shares=(_share, _share),
    size=_adam_size,
    top=lambda g, mean: mean,
    kept=False,
):
    """Return Adam's moves; the keywords make the usual mistakes."""
    mean, squares, moves = np.float64(0), np.float64(0), []
    for t, g in enumerate(slopes, first):
        mean = fade(mean, g, beta1)
        squares = fade(squares, power(g, mean), beta2)
        with np.errstate(divide="ignore", invalid="ignore"):
            share1, share2 = shares[0](beta1, t), shares[1](beta2, t)
            moves.append(rate * top(g, mean / share1) / size(squares, share2, eps))
        if kept:
            mean, squares = mean / share1, squares / share2
    return moves


def _adam_with(**mistake):
    return lambda *case: _adam_moves(*case, **mistake)


def _decayed_step(w, slope, rate, l2):
    return w - rate * (slope + l2 * w)


def _with_decay(decay):
    """Return a plain step on the slope plus ``decay(w, rate, l2)``."""
    return lambda w, g, rate, l2: w - rate * (g + decay(w, rate, l2))


EXERCISES = {
    "momentum_step": Exercise(
        solution=_momentum_step,
        cases=(
            (np.array([1.0]), np.array([0.0]), np.array([2.0]), 0.1, 0.9),
            (np.array([0.8]), np.array([2.0]), np.array([1.6]), 0.1, 0.9),
            (np.array([1.0, -2.0]), np.array([3.0, 1.0]), np.array([0.0, 4.0]), 0.5, 0.5),
            (np.array([1.0, -2.0]), np.array([3.0, 1.0]), np.array([2.0, 4.0]), 0.5, 0.0),
            (np.array([[3.0, 0.0]]), np.array([[-40.0, 5.0]]), np.array([[7.0, -90.0]]), 2.0, 1.0),
            "*np.random.default_rng(0).normal(size=(3, 2, 4)), 0.01, 0.99",
        ),
        mistakes={
            "The sign is turned around: this velocity holds slopes, so it has to be "
            "subtracted.": _moving(lambda w, v, g, rate, m, new: w + rate * new),
            "This averages: it weights the new slope with 1 - momentum. The velocity of this "
            "chapter is a sum.": _by(lambda v, g, rate, m: m * v + (1 - m) * g),
            "The move uses the old velocity; the new slope has to be in it already.": _moving(
                lambda w, v, g, rate, m, new: w - rate * v
            ),
            "The old velocity does not fade: it has to be multiplied by the momentum.": _by(
                lambda v, g, rate, m: v + g
            ),
            "The momentum belongs to the old velocity, which fades. You multiply the new slope by "
            "it.": _by(lambda v, g, rate, m: v + m * g),
            "The old velocity keeps the part momentum. You keep 1 - momentum of it.": _by(
                lambda v, g, rate, m: (1 - m) * v + g
            ),
            "The two weights of this average are swapped, and in this chapter there is only one: "
            "the momentum, for the old velocity. The slope is added as it is.": _by(
                lambda v, g, rate, m: (1 - m) * v + m * g
            ),
            "The momentum fades the new slope, too; only the old velocity fades.": _by(
                lambda v, g, rate, m: m * (v + g)
            ),
            "This is Nesterov's move: it adds the slope once more.": _moving(
                lambda w, v, g, rate, m, new: w - rate * (g + m * new)
            ),
            "This is the plain step: the velocity does not take part in the move.": _moving(
                lambda w, v, g, rate, m, new: w - rate * g
            ),
            "The rate is missing in the move.": _moving(lambda w, v, g, rate, m, new: w - new),
            "The rate has to multiply the whole velocity, its old part as well.": _moving(
                lambda w, v, g, rate, m, new: w - m * v - rate * g
            ),
            "This is the change of w. Return the new w: subtract it from the old one.": _moving(
                lambda w, v, g, rate, m, new: -rate * new
            ),
            "The place is right, but you return the old velocity. The next step needs the new "
            "one.": lambda w, v, g, rate, m: (w - rate * (m * v + g), v),
            "The place is right, but the velocity that you return holds the rate; that of this "
            "chapter is a sum of slopes.": lambda w, v, g, rate, m: (
                w - rate * (m * v + g),
                -rate * (m * v + g),
            ),
            "The place is right, but your velocity holds minus the slopes. In this chapter it adds "
            "them up, and the minus stands in the move.": lambda w, v, g, rate, m: (
                w - rate * (m * v + g),
                -(m * v + g),
            ),
            "This velocity already holds the rate. In this chapter it is a sum of slopes, and the "
            "rate comes in only when w moves.": lambda w, v, g, rate, m: (
                w + (m * v - rate * g),
                m * v - rate * g,
            ),
            "Your velocity holds the rate. In this chapter the slope is added as it is, and the "
            "rate comes in only when w moves.": lambda w, v, g, rate, m: (
                w - (m * v + rate * g),
                m * v + rate * g,
            ),
            "The rate comes in twice, in the velocity and in the move. It belongs to the move "
            "alone.": _by(lambda v, g, rate, m: m * v + rate * g),
            "The slope is subtracted from the velocity. Add it; the minus stands in the move.": _by(
                lambda v, g, rate, m: m * v - g
            ),
            "The rate and the momentum are swapped.": lambda w, v, g, rate, m: _momentum_step(
                w, v, g, m, rate
            ),
            "Return two things: the new w, and then the new velocity.": (
                lambda *case: _momentum_step(*case)[0]
            ),
            "Both results are right, but in the wrong order: first w, then the "
            "velocity.": lambda *case: _momentum_step(*case)[::-1],
        },
    ),
    "rmsprop_step": Exercise(
        solution=_rmsprop_step,
        cases=(
            (np.array([1.0]), np.array([0.0]), np.array([3.0]), 0.1, 0.75, 1e-8),
            (np.array([1.0, 1.0]), np.array([4.0, 4.0]), np.array([2.0, -2.0]), 0.1, 0.5, 1e-8),
            (np.array([0.0]), np.array([9.0]), np.array([3.0]), 1.0, 0.9, 1.0),
            (np.array([0.5]), np.array([0.0]), np.array([0.0]), 1.0, 0.9, 1e-8),
            (np.array([2.0, -3.0]), np.array([5.0, 7.0]), np.array([-4.0, 1.0]), 0.5, 0.0, 0.5),
            (np.array([[8.0, 1.0]]), np.array([[0.0, 9e6]]), np.array([[90.0, -4.0]]), 2, 0.9, 1),
            "*np.random.default_rng(1).uniform(0.1, 3, (3, 2, 4)), 0.01, 0.99, 0.1",
        ),
        mistakes={
            "This takes the mean of the slopes. Slopes of both signs cancel; take their "
            "squares.": lambda w, s, g, rate, d, eps: (
                w - rate * g / (np.sqrt(np.abs(d * s + (1 - d) * g)) + eps),
                d * s + (1 - d) * g,
            ),
            "You divide by a mean of the slopes, which may cancel or be negative. Take their "
            "squares, and the root of the mean.": lambda w, s, g, rate, d, eps: (
                w - rate * g / (d * s + (1 - d) * g + eps),
                d * s + (1 - d) * g,
            ),
            "This is a mean of the slopes as they are, and where it is negative it has no root. "
            "Take their squares.": _with_mean(lambda s, g, d: d * s + (1 - d) * g),
            "This is a mean of the absolute slopes. RMSProp takes the mean of their "
            "squares.": _with_mean(lambda s, g, d: d * s + (1 - d) * np.abs(g)),
            "slope * 2 is twice the slope; its square is slope**2.": _with_mean(
                lambda s, g, d: d * s + (1 - d) * g * 2
            ),
            "The mean that comes in holds squares already. Only the new slope has to be "
            "squared.": _with_mean(lambda s, g, d: d * s**2 + (1 - d) * g**2),
            "The two weights are swapped: the old mean gets the decay, the new square the "
            "rest.": _with_mean(lambda s, g, d: (1 - d) * s + d * g**2),
            "This is a fading sum: the new square has to be multiplied by 1 - decay.": _with_mean(
                lambda s, g, d: d * s + g**2
            ),
            "The old mean does not fade: multiply it by the decay.": _with_mean(
                lambda s, g, d: s + (1 - d) * g**2
            ),
            "This is Adagrad: it forgets nothing.": _with_mean(lambda s, g, d: s + g**2),
            "1 - decay needs brackets before it is multiplied by the square.": _with_mean(
                lambda s, g, d: d * s + 1 - d * g**2
            ),
            "You take one mean for all parameters. Each has its own.": _with_mean(
                lambda s, g, d: d * s + (1 - d) * np.mean(g**2)
            ),
            "Here eps is inside the root; it is added after the root.": _dividing(
                lambda g, s, new, d, eps: g / np.sqrt(new + eps)
            ),
            "Brackets are missing: you divide by the root and then add eps to the place. Divide by "
            "the root plus eps.": lambda w, s, g, rate, d, eps: (
                _without_eps(w, s, g, rate, d, eps)[0] + eps,
                d * s + (1 - d) * g**2,
            ),
            "The root is missing: divide by the root of the mean.": _dividing(
                lambda g, s, new, d, eps: g / (new + eps)
            ),
            "Divide by the new mean, with this slope in it, not by the old one.": _dividing(
                lambda g, s, new, d, eps: g / (np.sqrt(s) + eps)
            ),
            "Nothing is added to the root. It needs eps, or a slope of 0 gives 0/0.": (
                _without_eps
            ),
            "You multiply by the size. Divide by it, so that large slopes do not make large "
            "steps.": _dividing(lambda g, s, new, d, eps: g * (np.sqrt(new) + eps)),
            "This divides the mean by 1 - decay, as Adam does in its first step. RMSProp does not "
            "correct its mean.": _dividing(
                lambda g, s, new, d, eps: g / (np.sqrt(new / (1 - d)) + eps)
            ),
            "This is the plain step: divide it by the root of the mean plus eps.": _dividing(
                lambda g, s, new, d, eps: g
            ),
            "The sign is turned around: go against the slope.": _dividing(
                lambda g, s, new, d, eps: -g / (np.sqrt(new) + eps)
            ),
            "Brackets: w itself is not divided, only the slope is.": (
                lambda w, s, g, rate, d, eps: (
                    (w - rate * g) / (np.sqrt(d * s + (1 - d) * g**2) + eps),
                    d * s + (1 - d) * g**2,
                )
            ),
            "The place is right, but you return the old mean. The next step needs the new "
            "one.": lambda w, s, *rest: (_rmsprop_step(w, s, *rest)[0], s),
            "The place is right, but you return the root. The next step needs the mean of squares "
            "itself.": lambda *case: (_rmsprop_step(*case)[0], np.sqrt(_rmsprop_step(*case)[1])),
            "Return two things: the new w, and then the new mean.": (
                lambda *case: _rmsprop_step(*case)[0]
            ),
            "Both results are right, but in the wrong order: first w, then the "
            "mean.": lambda *case: _rmsprop_step(*case)[::-1],
        },
    ),
    "adam_moves": Exercise(
        solution=_adam_moves,
        cases=(
            (np.array([3.0]), 0.001, 0.9, 0.999, 1e-8),
            (np.array([3.0, 3.0, 3.0]), 0.001, 0.9, 0.999, 1e-8),
            (np.array([2.0, 1.0]), 0.1, 0.5, 0.75, 1.0),
            (np.array([0.0, 0.0, -0.5]), 0.1, 0.9, 0.999, 1e-8),
            (np.array([1.0, -1.0, 1.0, -1.0]), 1.0, 0.9, 0.999, 1e-8),
            "np.random.default_rng(2).normal(size=8), 5.0, 0.8, 0.9, 0.5",
        ),
        mistakes={
            "The bias correction is missing: both means start at 0, so divide each by 1 - "
            "beta**t.": _adam_with(shares=(_whole, _whole)),
            "You correct the mean of the slopes, but not that of the squares.": _adam_with(
                shares=(_share, _whole)
            ),
            "You correct the mean of the squares, but not that of the slopes.": _adam_with(
                shares=(_whole, _share)
            ),
            "You count t from 0, and 1 - beta**0 is 0. The first step has t = 1.": _adam_with(
                first=0
            ),
            "You are one ahead: the first step has t = 1, not 2.": _adam_with(first=2),
            "The share is 1 - beta**t, not (1 - beta)**t: the power belongs to beta "
            "alone.": _adam_with(shares=2 * (lambda beta, t: (1 - beta) ** t,)),
            "You divide by 1 - beta at every step. The share grows with t: 1 - "
            "beta**t.": _adam_with(shares=2 * (lambda beta, t: 1 - beta,)),
            "You divide by 1 - beta * t. The share is 1 - beta**t: the start fades by a factor "
            "beta at every step.": _adam_with(shares=2 * (lambda beta, t: 1 - beta * t,)),
            "Each mean has its own share: divide that of the slopes by 1 - beta1**t, and that of "
            "the squares by 1 - beta2**t. You use beta1 for both.": (
                lambda g, rate, beta1, beta2, eps: _adam_moves(
                    g, rate, beta1, beta2, eps, shares=(_share, lambda _, t: 1 - beta1**t)
                )
            ),
            "Each mean has its own share: divide that of the slopes by 1 - beta1**t, and that of "
            "the squares by 1 - beta2**t. You use beta2 for both.": (
                lambda g, rate, beta1, beta2, eps: _adam_moves(
                    g, rate, beta1, beta2, eps, shares=(lambda _, t: 1 - beta2**t, _share)
                )
            ),
            "Here eps is inside the root; it is added after the root.": _adam_with(
                size=lambda s, share, eps: np.sqrt(s / share + eps)
            ),
            "You divide eps by the correction, too. Correct the mean of the squares alone, take "
            "the root, and then add eps.": _adam_with(
                size=lambda s, share, eps: (np.sqrt(s) + eps) / np.sqrt(share)
            ),
            "You take the root first and correct afterwards, root and eps together. Correct the "
            "mean of the squares, take the root, and then add eps.": _adam_with(
                size=lambda s, share, eps: (np.sqrt(s) + eps) / share
            ),
            "You correct the root instead of the mean. Correct the mean of the squares, and then "
            "take the root.": _adam_with(size=lambda s, share, eps: np.sqrt(s) / share + eps),
            "The root is missing: divide by the root of the corrected squares.": _adam_with(
                size=lambda s, share, eps: s / share + eps
            ),
            "Nothing is added to the root. It needs eps, or a slope of 0 gives 0/0.": _adam_with(
                size=lambda s, share, eps: np.sqrt(s / share)
            ),
            "Brackets are missing: you divide by the root, and then add eps to the move. Divide by "
            "the root plus eps.": lambda *case: (
                np.array(_adam_moves(*case, size=lambda s, share, eps: np.sqrt(s / share)))
                + case[-1]
            ),
            "The second mean is that of the squares, not of the slopes.": _adam_with(
                power=lambda g, mean: g
            ),
            "The second mean takes the squares of the slopes; you square the first "
            "mean.": _adam_with(power=lambda g, mean: mean**2),
            "These are fading sums: in both means the new one has to be multiplied by 1 - "
            "beta.": _adam_with(fade=lambda old, new, beta: beta * old + new),
            "The weights are swapped: the old mean keeps beta, the new slope gets 1 - "
            "beta.": _adam_with(fade=lambda old, new, beta: (1 - beta) * old + beta * new),
            "You put the corrected means back into the memory, so that they are corrected again "
            "and again.": _adam_with(kept=True),
            "You move by the slope. Adam moves by the corrected mean of the slopes.": _adam_with(
                top=lambda g, mean: g
            ),
            "The rate is missing.": lambda g, rate, *rest: _adam_moves(g, 1, *rest),
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
            "This is the first move only. Does your return stand inside the loop?": (
                lambda *case: _adam_moves(*case)[:1]
            ),
            "This is the last move only. Return the list of all moves.": (
                lambda *case: _adam_moves(*case)[-1]
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
    "decayed_step": Exercise(
        solution=_decayed_step,
        cases=(
            (1.0, 0.0, 0.1, 0.5),
            (-2.0, 0.0, 0.1, 1.0),
            (3.0, 1.0, 0.1, 0.0),
            (2.0, -4.0, 0.5, 0.25),
            (0.0, 1.0, 0.1, 3.0),
            (-40, 3, 0.25, 2),
            (0.1234567, -1.7654321, 0.2, 0.7),
        ),
        mistakes={
            "The decay is applied twice, in the slope and by shrinking w, or by a factor 2. Half "
            "of l2 times w squared has the slope l2 times w, once.": _with_decay(
                lambda w, rate, l2: 2 * l2 * w
            ),
            "The decay is applied twice: the slope of the L2 part shrinks w already, and then you "
            "shrink the new w as well.": lambda w, g, rate, l2: (
                (w - rate * (g + l2 * w)) * (1 - rate * l2)
            ),
            "You lost a factor 2: the slope of w squared is 2 times w, so half of l2 times w "
            "squared has the slope l2 times w.": _with_decay(lambda w, rate, l2: 0.5 * l2 * w),
            "The L2 part itself is not a slope: half of l2 times w squared has the slope l2 times "
            "w.": _with_decay(lambda w, rate, l2: l2 * w**2 / 2),
            "This has the square of w where its slope belongs: half of l2 times w squared has the "
            "slope l2 times w.": _with_decay(lambda w, rate, l2: l2 * w**2),
            "The weight is missing in the slope of the L2 part, which is l2 times w.": _with_decay(
                lambda w, rate, l2: l2
            ),
            "You pull by the same amount for every weight; L2 pulls in proportion to the "
            "weight.": _with_decay(lambda w, rate, l2: l2 * np.sign(w)),
            "You use the size of w without its sign, so that negative weights are pushed away "
            "from 0.": _with_decay(lambda w, rate, l2: l2 * abs(w)),
            "The sign of the decay is turned around: this weight grows.": _with_decay(
                lambda w, rate, l2: -l2 * w
            ),
            "The rate comes in twice in the decay.": _with_decay(lambda w, rate, l2: rate * l2 * w),
            "This is the plain step; the L2 part is missing.": _with_decay(lambda w, rate, l2: 0),
            "This is the decay alone; the slope of the data part is missing.": (
                lambda w, g, rate, l2: w * (1 - rate * l2)
            ),
            "The decay is without the rate; the slope of the L2 part takes part in the step like "
            "any other.": lambda w, g, rate, l2: w - rate * g - l2 * w,
            "You shrink w after the step. The slope of the L2 part is that at the old "
            "w.": lambda w, g, rate, l2: (1 - rate * l2) * (w - rate * g),
            "The sign of the step is turned around: it goes against both slopes.": (
                lambda w, g, rate, l2: w + rate * (g + l2 * w)
            ),
            "The decay is right, but the sign in front of the data part is turned around: the step "
            "goes against its slope.": lambda w, g, rate, l2: (1 - rate * l2) * w + rate * g,
            "The rate is missing: the step is rate times both slopes.": (
                lambda w, g, rate, l2: w - (g + l2 * w)
            ),
            "The rate and l2 are swapped.": lambda w, g, rate, l2: w - l2 * (g + rate * w),
            "This is the slope of the whole loss. Take the step: subtract rate times it from "
            "w.": lambda w, g, rate, l2: g + l2 * w,
            "This is what has to be subtracted from w. Return the new w.": (
                lambda w, g, rate, l2: rate * (g + l2 * w)
            ),
        },
    ),
    "three_surfaces": Exercise(
        solution=(2, 3, 1),
        mistakes={
            "C is right. In B the trouble lies between the parameters, in A both have slopes of "
            "the same size: which rule helps with which?": (3, 2, 1),
            "A is right. In C there is nothing to even out, and no room for a memory.": (2, 1, 3),
            "B is right. RMSProp has its place there, but only a velocity tells along from "
            "across.": (1, 3, 2),
            "B and C are right, but each rule is right once. In A both parameters have slopes of "
            "the same size, so there is nothing to even out.": (3, 3, 1),
            "A and C are right, but each rule is right once. Which one removes a trouble that "
            "lies between the parameters?": (2, 2, 1),
            "None is in its place. If you gave a surface for each rule: asked for is a rule for "
            "each surface.": (3, 1, 2),
            "None is in its place: ask of each surface first which rule needs no memory.": (
                (1, 2, 3)
            ),
            "The rules are numbered from 1, and you count from 0.": (1, 2, 0),
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
