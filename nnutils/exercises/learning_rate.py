"""Exercises and quiz of the chapter *One number that decides*."""

import math

import numpy as np

from nnutils.exercises import Exercise, Question


def _table(x):
    return 2 * np.array([[np.mean(x**2), np.mean(x)], [np.mean(x), 1]])


def _largest(x):
    return np.linalg.eigvalsh(_table(x))[-1]


def _count(factor, share):
    updates, left = 0, 1
    while left > share:
        updates, left = updates + 1, left * factor
    return updates


def _updates(rate, curvature, share):
    factor = abs(1 - rate * curvature)
    return math.inf if factor >= 1 else _count(factor, share)


def _halving(t, rate, rise, every):
    return rate * t / rise if t <= rise else rate * 0.5 ** ((t - rise - 1) // every)


def _choose(rates, losses):
    for rate, loss in zip(rates, losses):
        if not loss <= 4 * losses[0]:
            return rate / 5
    return rates[-1] / 5


def _first(found, rates, losses):
    """Return a fifth of the rate at the first place that is found, or of the last rate."""
    return next((rate for rate, yes in zip(rates, found) if yes), rates[-1]) / 5


def _place(found):
    """Return the first place that is found, or 0 if there is none, as np.argmax does."""
    return int(np.argmax(found))


def draw_four(run, ax):
    """Draw the loss curves A to D of the fourth exercise. Built in: learning-rate."""
    styles = ("-.", "-", ":", "--")
    for letter, rate, style in zip("ABCD", EXERCISES["four_rates"].solution, styles):
        losses = np.array(run(rate, 7)[0])
        if len(losses) == 300:  # the mean of each epoch, which has 10 updates
            epochs, losses = np.arange(1, 31), losses.reshape(30, 10).mean(axis=1)
        else:  # it diverged: a point for each update
            epochs = np.arange(1, len(losses) + 1) / 10
        ax.semilogy(epochs, losses, style, label=letter)


_RNG = np.random.default_rng(9)

EXERCISES = {
    "one_weight": Exercise(
        solution=(5, 0.2, 0.4),
        mistakes={
            "You forgot the 2 that comes from the square: the slope is the mean of "
            "2 times error times x.": (2.5, 0.4, 0.8),
            "You added up over the samples; the loss is a mean.": (10, 0.1, 0.2),
            "The last two are in the wrong order: the limit is twice the fastest rate.": (
                (5, 0.4, 0.2)
            ),
            "The limit is 2 over the curvature. At 1 over it, one step arrives.": (5, 0.2, 0.2),
            "At the limit the factor is -1, not 0; the fastest rate is half of it.": (5, 0.4, 0.4),
            "You took the mean of x. Both the slope of the output and the error bring a factor x, "
            "so it is the mean of x squared.": (3, 1 / 3, 2 / 3),
            "Take the mean of the squares, not the square of the mean.": (4.5, 2 / 9, 4 / 9),
        },
        tolerance=1e-6,
    ),
    "largest_rate": Exercise(
        solution=lambda x: 2 / _largest(x),
        cases=(
            (np.array([0.0, 1.0]),),
            (np.array([1.0, 2.0, 3.0, 4.0]),),
            (np.array([-1.0, 1.0]),),
            (np.array([10.0, 20.0, 30.0, 40.0]),),
            *((_RNG.uniform(-3, 5, n).round(2),) for n in (5, 8, 30)),
        ),
        mistakes={
            "This is 1 over the largest eigenvalue. The factor may go down to -1, so the limit "
            "is 2 over it.": lambda x: 1 / _largest(x),
            "This uses the smallest eigenvalue, the gentle direction. The steep one sets the "
            "limit.": lambda x: 2 / np.linalg.eigvalsh(_table(x))[0],
            "The entries of the table are twice the means: the 2 comes from the "
            "square.": lambda x: 4 / _largest(x),
            "You added up over the samples; the loss is a mean.": lambda x: (
                2 / (_largest(x) * len(x))
            ),
            "You added up the inputs and their squares; the table holds their means, twice.": (
                lambda x: 1 / np.linalg.eigvalsh([[np.sum(x**2), np.sum(x)], [np.sum(x), 1]])[-1]
            ),
            "This is the limit for the weight alone. The bias makes one direction "
            "steeper.": lambda x: 1 / np.mean(x**2),
            "This is the largest eigenvalue itself, a curvature and not yet a rate.": _largest,
            "You added the eigenvalues. Each direction has its own; only the largest "
            "counts.": lambda x: 2 / np.trace(_table(x)),
        },
    ),
    "updates_needed": Exercise(
        solution=_updates,
        cases=(
            (0.1, 5, 0.3),
            (0.1, 5, 0.5),
            (0.2, 5, 0.01),
            (0.3, 5, 0.3),
            (0.4, 5, 0.1),
            (1, 5, 0.1),
            (0.01, 2, 0.01),
            (0.11, 17, 0.001),
            (0.02, 0.5, 0.1),
        ),
        mistakes={
            "A negative factor jumps to the other side of the bottom; that is not yet close to "
            "it. Take the size of the factor.": lambda rate, curvature, share: (
                math.inf if rate * curvature <= 0 else _count(1 - rate * curvature, share)
            ),
            "A negative factor makes the distance negative, and your loop stops at once: use "
            "abs.": lambda rate, curvature, share: (
                math.inf if abs(1 - rate * curvature) >= 1 else _count(1 - rate * curvature, share)
            ),
            "At most means that exactly the share is enough: go on only while the distance is "
            "larger than that.": lambda rate, curvature, share: (
                math.inf
                if abs(1 - rate * curvature) >= 1
                else _count(abs(1 - rate * curvature), np.nextafter(share, 0))
            ),
            "A negative factor alone does not diverge. It does from -1 on.": lambda r, c, share: (
                math.inf if r * c > 1 else _updates(r, c, share)
            ),
            "This is one too few: the last update, the one that gets there, counts, "
            "too.": lambda r, c, share: _updates(r, c, share) - 1,
            "This is one too many: stop as soon as the share is reached.": lambda r, c, share: (
                _updates(r, c, share) + 1
            ),
            "Every update multiplies what is left. You take the same amount away each "
            "time.": lambda r, c, share: (
                math.inf if abs(1 - r * c) >= 1 else math.ceil((1 - share) / (r * c))
            ),
            "You squared the factor: that is how the loss shrinks, not the distance.": (
                lambda r, c, share: (
                    math.inf if abs(1 - r * c) >= 1 else _count((1 - r * c) ** 2, share)
                )
            ),
        },
    ),
    "four_rates": Exercise(
        solution=(0.28, 0.05, 0.6, 0.003),
        mistakes={
            "A and C are swapped: the one that leaves the picture diverges, the one that bounces "
            "stays.": (0.6, 0.05, 0.28, 0.003),
            "B and D are swapped: a curve that still sinks at the end has too small a rate.": (
                0.28,
                0.003,
                0.6,
                0.05,
            ),
            "A and B are swapped: a rate that is too large bounces, a good one settles.": (
                0.05,
                0.28,
                0.6,
                0.003,
            ),
            "A and D are swapped: steps that are too small never bounce.": (
                (0.003, 0.05, 0.6, 0.28)
            ),
            "C and D are swapped: large rates climb out of the picture, small ones creep.": (
                (0.28, 0.05, 0.003, 0.6)
            ),
            "These are the rates in order of size. Which curve belongs to each?": (
                (0.003, 0.05, 0.28, 0.6)
            ),
        },
    ),
    "halving": Exercise(
        solution=_halving,
        cases=(
            (1, 0.8, 4, 10),
            (4, 0.8, 4, 10),
            (5, 0.8, 4, 10),
            (14, 0.8, 4, 10),
            (15, 0.8, 4, 10),
            (25, 0.8, 4, 10),
            (2, 1.0, 1, 1),
            (3, 1.0, 1, 1),
            (37, 0.3, 8, 7),
        ),
        mistakes={
            "Your first update has the rate 0, and does nothing. t counts from 1, so the rise "
            "begins with t / rise.": lambda t, rate, rise, every: (
                rate * (t - 1) / rise if t <= rise else _halving(t, rate, rise, every)
            ),
            "You count the halvings from the first update of all. They count from the end of the "
            "rise.": lambda t, rate, rise, every: (
                rate * t / rise if t <= rise else rate * 0.5 ** ((t - 1) // every)
            ),
            "You halve one update too early: after the rise, t - rise - 1 updates are "
            "done.": lambda t, rate, rise, every: (
                rate * t / rise if t <= rise else rate * 0.5 ** ((t - rise) // every)
            ),
            "You shrink the rate at every update. It should drop only after each group: divide "
            "with //.": lambda t, rate, rise, every: (
                rate * t / rise if t <= rise else rate * 0.5 ** ((t - rise - 1) / every)
            ),
            "You halve at every update instead of after every group of them.": (
                lambda t, rate, rise, every: (
                    rate * t / rise if t <= rise else rate * 0.5 ** (t - rise - 1)
                )
            ),
            "There is no rise: the first updates should have less than the full "
            "rate.": lambda t, rate, rise, every: (
                rate if t <= rise else _halving(t, rate, rise, every)
            ),
            "During the rise the exponent is negative: // gives -1 there, and a half to the power "
            "of -1 doubles.": lambda t, rate, rise, every: (
                min(t / rise, 1) * rate * 0.5 ** ((t - rise - 1) // every)
            ),
            "You never halve: after the rise the rate should drop again.": (
                lambda t, rate, rise, every: rate * min(t / rise, 1)
            ),
        },
    ),
    "choose_rate": Exercise(
        solution=_choose,
        cases=(
            ([0.001, 0.01, 0.1], [1.0, 0.5, 9.0]),
            ([0.01, 0.02, 0.04, 0.08], [1.0, 0.2, 1.5, 5.0]),
            ([0.01, 0.1, 1.0, 10.0], [1.0, 0.8, math.nan, math.nan]),
            ([0.1, 0.2, 0.4], [1.0, 4.0, 8.0]),
            ([0.1, 0.2, 0.4], [1.0, 0.9, 0.8]),
            ([0.1, 0.2, 0.4, 0.8], [2.0, 9.0, 1.0, 20.0]),
            ([0.3, 0.5, 0.7, 0.9], [0.5, 0.1, 1.9, 2.1]),
        ),
        mistakes={
            "nan slips through: a comparison with nan is always false. Ask whether the loss is "
            "not at most four times the first.": lambda rates, losses: _first(
                [loss > 4 * losses[0] for loss in losses], rates, losses
            ),
            "nan slips through: a comparison with nan is always false. And where nothing is true, "
            "np.argmax gives 0, the place of the first rate.": lambda rates, losses: (
                rates[_place([loss > 4 * losses[0] for loss in losses])] / 5
            ),
            "If no loss explodes, np.argmax gives 0, the place of the first rate; the question "
            "wants the last one.": lambda rates, losses: (
                rates[_place([not loss <= 4 * losses[0] for loss in losses])] / 5
            ),
            "If no loss explodes, take a fifth of the last rate, too.": lambda rates, losses: next(
                (r / 5 for r, v in zip(rates, losses) if not v <= 4 * losses[0]), rates[-1]
            ),
            "This is the rate at which the loss exploded. Take a fifth of it.": lambda r, losses: (
                5 * _choose(r, losses)
            ),
            "The rate with the lowest loss stands close to the edge, and one lucky batch can make "
            "it. Look for the explosion.": lambda r, losses: r[int(np.nanargmin(losses))],
            "Look for the first explosion. You look for the lowest loss.": lambda r, losses: (
                r[int(np.nanargmin(losses))] / 5
            ),
            "You stop at the first loss above the first one. Batches are noisy; wait for four "
            "times as much.": lambda r, losses: _first(
                [not loss <= losses[0] for loss in losses], r, losses
            ),
            "You compare with the lowest loss so far. The question compares with the first "
            "one.": lambda r, losses: _first(
                [not v <= 4 * min(losses[: i + 1]) for i, v in enumerate(losses)], r, losses
            ),
            "You take the last rate of all. The first explosion counts.": lambda r, losses: (
                r[-1] / 5
            ),
            "Exactly four times is not yet more than four times.": lambda r, losses: _first(
                [not loss < 4 * losses[0] for loss in losses], r, losses
            ),
        },
    ),
}

QUIZ = (
    Question(
        "One weight, a loss with curvature 15, the rate 0.12. The weight is 1 above the bottom. "
        "Where is it after one step?",
        {
            "0.2 above the bottom.": "The step is 0.12 times 15, which is 1.8. From 1 above, that "
            "goes beyond the bottom.",
            "0.8 below the bottom.": "The factor is 1 - 0.12 times 15 = -0.8: on the other side, "
            "and closer.",
            "At the bottom.": "That is what the rate 1/15, about 0.067, does.",
            "Farther away than before, because it jumps over the bottom.": "Jumping over is not "
            "diverging. It lands farther away only if the factor is beyond -1.",
        },
        answer="0.8 below the bottom.",
    ),
    Question(
        "A valley has the curvature 20 across and 0.5 along. Which rates do not diverge?",
        {
            "Those below 4.": "4 is 2 over 0.5, the limit of the gentle direction. The steep one "
            "diverges long before.",
            "Those below 0.05.": "0.05 is 1 over 20. There the steep direction arrives in one "
            "step; up to twice that it still comes closer.",
            "Those below about 0.0976.": "That is 2 over the sum of both. The directions do not "
            "add up; each has its own factor.",
            "Those below 0.1.": "The steepest direction sets the limit, 2 over 20.",
        },
        answer="Those below 0.1.",
    ),
    Question(
        "With nudges of 0.0001 and float32, the weight of the line stops at 12755.16. Why?",
        {
            "The weight plus the nudge rounds to the weight.": "The next float32 is almost 0.001 "
            "away. So the measured slope is 0.",
            "The loss is flat for large weights.": "It is a parabola: the farther out, the "
            "steeper.",
            "It has arrived at the bottom.": "The bottom is at 3.",
            "12755.16 is the largest number that a float32 can hold.": "A float32 can be as large "
            "as 3 with 38 zeros.",
        },
        answer="The weight plus the nudge rounds to the weight.",
    ),
    Question(
        "A loss curve has been nearly flat from the first update on. What do you do?",
        {
            "Stop: the training has arrived.": "It may not have begun. A rate that is far too "
            "small looks the same.",
            "Lower the rate: flat means that it is too large.": "It may be, but a rate that is "
            "too large mostly shows in a curve that bounces or climbs.",
            "Try rates three times as large and as small.": "If the larger one falls, the rate "
            "was too small. One curve alone does not tell.",
            "Train ten times longer with the same rate.": "That may cost hours and change little. "
            "Another rate tells you more, and sooner.",
        },
        answer="Try rates three times as large and as small.",
    ),
    Question(
        "At the bottom, batches of 10 and a rate of 0.02 make the loss hover above its lowest "
        "value. What brings the hovering down to about a half?",
        {
            "Twice as many updates.": "The kicks go on as long as the rate stays the same.",
            "Batches of 20, or a rate of 0.01.": "Either brings it to about a half, as "
            "measured in this chapter.",
            "A rate of 0.04.": "That about doubles it: larger steps, larger kicks.",
            "A warmup.": "A warmup changes only the first updates.",
        },
        answer="Batches of 20, or a rate of 0.01.",
    ),
    Question(
        "When is a rate that shrinks no help?",
        {
            "When the slopes are exact and the bottom is round.": "With a rate below the limit "
            "the steps then shrink by themselves, because the slope does, and a smaller rate only "
            "slows them.",
            "When the batches are small.": "Small batches mean much noise, and that is where "
            "decay helps most.",
            "When the loss has a corner at the bottom, as an absolute value has.": "There a fixed "
            "rate jumps to and fro without end; a shrinking one closes in.",
            "Never: decay always helps.": "Measured with exact slopes, the fixed rate won clearly.",
        },
        answer="When the slopes are exact and the bottom is round.",
    ),
)
GUESSES = {
    "best": Question(
        "Which rate has the lowest loss after 40 epochs?",
        {
            "One far below the limit, such as 0.01": "There the gentle direction has hardly "
            "moved, and the loss is 0.11, ten times as high as with the best one.",
            "Half of the limit, where the steep direction arrives at once": "It does, near 0.06. "
            "But the gentle direction sets the pace, and the loss is still about 0.03.",
            "The last one below the limit": "At 0.112 the loss is 0.0101. The gentle direction "
            "sets the pace, and wants a large rate.",
            "One a little above the limit": "At 0.126 the loss is about 190,000 after 40 epochs. "
            "Above the limit every step ends further away.",
        },
        answer="The last one below the limit",
    ),
    "decay": Question(
        "The first rate is only 0.01. Do the runs end lower with a schedule that leaves a tenth "
        "of it than with this rate, fixed?",
        {
            "Higher, because they are slowed down before they arrive": "They end at 0.067 to "
            "0.111, depending on the schedule, and at 0.036 with the fixed rate.",
            "Lower, because decay calms the noise at the end": "Noise is not what these runs "
            "lack. They are still on their way when the rate shrinks, and end at 0.067 to 0.111 "
            "instead of 0.036.",
            "Neither, since such small rates hardly differ": "They end about two to three times "
            "as high, at 0.067 to 0.111 instead of 0.036.",
        },
        answer="Higher, because they are slowed down before they arrive",
    ),
}
