"""Exercises and quiz of the chapter *The learning rate*."""

import math

import numpy as np

from nnutils.exercises import Exercise, Question


def _table(x):
    return 2 * np.array([[np.mean(x**2), np.mean(x)], [np.mean(x), 1]])


def _largest(table):
    return np.linalg.eigvalsh(table)[-1]


def _count(factor, share):
    updates, left = 0, 1
    while left > share:
        updates, left = updates + 1, left * factor
    return updates


def _factor(rate, curvature):
    return abs(1 - rate * curvature)


def _unless_never(count, never=lambda rate, curvature: _factor(rate, curvature) >= 1):
    """Return a function that counts updates, or gives infinity where the share is never reached."""
    return lambda rate, curvature, share: (
        math.inf if never(rate, curvature) else count(rate, curvature, share)
    )


def _updates(rate, curvature, share):
    return _count(_factor(rate, curvature), share)


def _by_logarithms(rate, curvature, share):
    with np.errstate(divide="ignore"):
        return math.ceil(np.log(share) / np.log(_factor(rate, curvature)))


def _rise(t, rate, rise, every):
    return rate * t / rise


def _halved(t, rate, rise, every):
    return rate * 0.5 ** ((t - rise - 1) // every)


def _halving(during=_rise, after=_halved):
    """Return a schedule with these two parts."""
    return lambda t, rate, rise, every: (during if t <= rise else after)(t, rate, rise, every)


def _choose(explodes, part=5):
    """Return a function that takes a part of the first rate whose loss explodes, or of the last.

    ``explodes`` gets a loss, and the list of all up to this one.
    """

    def choose(rates, losses):
        found = (
            rate
            for i, (rate, loss) in enumerate(zip(rates, losses))
            if explodes(loss, losses[: i + 1])
        )
        return next(found, rates[-1]) / part

    return choose


def _exploded(loss, losses):
    return not loss <= 4 * losses[0]


def _first_place(explodes):
    """Return a function that finds the place with np.argmax, which gives 0 if there is none."""

    def choose(rates, losses):
        return rates[np.argmax([explodes(loss, losses) for loss in losses])] / 5

    return choose


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


EXERCISES = {
    "largest_rate": Exercise(
        solution=lambda x: 2 / _largest(_table(x)),
        cases=(
            (np.array([0.0, 1.0]),),
            (np.array([1.0, 2.0, 3.0, 4.0]),),
            (np.array([-1.0, 1.0]),),
            (np.array([10.0, 20.0, 30.0, 40.0]),),
            (np.array([0.5, -0.5]),),
            (np.array([2, -5, 0, 1]),),
            "np.random.default_rng(9).uniform(-3, 5, 8)",
            "np.random.default_rng(9).uniform(-3, 5, 30)",
        ),
        mistakes={
            "This is 1 over the largest eigenvalue. The factor may go down to -1, so the limit "
            "is 2 over it.": lambda x: 1 / _largest(_table(x)),
            "This uses the smallest eigenvalue. The direction with the largest one sets the "
            "limit.": lambda x: 2 / np.linalg.eigvalsh(_table(x))[0],
            "np.linalg.eigvals does not sort: the first is not always the largest. eigvalsh "
            "sorts.": lambda x: 2 / np.linalg.eigvals(_table(x))[0],
            "np.linalg.eigvals does not sort: the last is not always the largest. eigvalsh "
            "sorts.": lambda x: 2 / np.linalg.eigvals(_table(x))[-1],
            "The entries of the table are twice the means: the 2 comes from the "
            "square.": lambda x: 4 / _largest(_table(x)),
            "The last entry of the table is 2, twice the mean of 1: the slope with b grows by 2 "
            "when b grows by 1.": lambda x: 2 / _largest(_table(x) - [[0, 0], [0, 1]]),
            "You added up over the samples; the loss is a mean.": lambda x: (
                2 / (_largest(_table(x)) * len(x))
            ),
            "You added up the inputs and their squares; the table holds their means, twice.": (
                lambda x: 1 / _largest([[np.sum(x**2), np.sum(x)], [np.sum(x), 1]])
            ),
            "Square first, and then take the mean. You squared the mean.": lambda x: (
                2 / _largest(2 * np.array([[np.mean(x) ** 2, np.mean(x)], [np.mean(x), 1]]))
            ),
            "You always take the table of the inputs 1, 2, 3, 4. Make it from x.": lambda x: (
                2 / _largest([[15, 5], [5, 2]])
            ),
            "This is the limit for the weight alone. With the bias one direction is curved "
            "more.": lambda x: 1 / np.mean(x**2),
            "The two weights disturb each other: the table has the mean of x beside the "
            "diagonal.": lambda x: 2 / max(2 * np.mean(x**2), 2),
            "This is the largest eigenvalue itself, a curvature and not yet a rate.": (
                lambda x: _largest(_table(x))
            ),
            "Return one number, the smallest of these limits: the most curved direction's.": (
                lambda x: 2 / np.linalg.eigvalsh(_table(x))
            ),
            "You added the eigenvalues. Each direction has its own; only the largest "
            "counts.": lambda x: 2 / np.trace(_table(x)),
        },
    ),
    "updates_needed": Exercise(
        solution=_unless_never(_updates),
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
            (0.0001, 5, 0.5),
            (0.1, 5, 1.0),
        ),
        mistakes={
            "A negative factor jumps to the other side of the bottom; that is not yet close to "
            "it. Take the size of the factor.": _unless_never(
                lambda rate, curvature, share: _count(1 - rate * curvature, share),
                never=lambda rate, curvature: 1 - rate * curvature >= 1,
            ),
            "A negative factor makes the distance negative, and your loop stops at once: use "
            "abs.": _unless_never(
                lambda rate, curvature, share: _count(1 - rate * curvature, share)
            ),
            "At most means that exactly the share is enough: go on only while the distance is "
            "larger than that.": _unless_never(
                lambda rate, curvature, share: _updates(rate, curvature, np.nextafter(share, 0))
            ),
            "A negative factor alone does not diverge. It does from -1 on.": _unless_never(
                _updates, never=lambda rate, curvature: rate * curvature > 1
            ),
            "This is one too few: the last update, the one that gets there, counts, "
            "too.": _unless_never(lambda *given: max(0, _updates(*given) - 1)),
            "This is one too many: stop as soon as the share is reached.": _unless_never(
                lambda *given: _updates(*given) + 1
            ),
            "With a share of 1 no update is needed. Compare before the first update.": (
                _unless_never(lambda *given: max(1, _updates(*given)))
            ),
            "Every update multiplies what is left. You take the same amount away each "
            "time.": _unless_never(
                lambda rate, curvature, share: math.ceil((1 - share) / (rate * curvature))
            ),
            "You squared the factor: that is how the loss shrinks, not the distance.": (
                _unless_never(
                    lambda rate, curvature, share: _count(_factor(rate, curvature) ** 2, share)
                )
            ),
            "The 2 from the square is in the curvature already: the factor is 1 minus the rate "
            "times the curvature.": _unless_never(
                lambda rate, curvature, share: _updates(2 * rate, curvature, share),
                never=lambda rate, curvature: _factor(2 * rate, curvature) >= 1,
            ),
            "A factor of 0 arrives in one update. But its logarithm is minus infinity, and so you "
            "get 0.": _unless_never(_by_logarithms),
        },
    ),
    "four_rates": Exercise(
        solution=(0.28, 0.05, 0.6, 0.003),
        mistakes={
            "A and C are swapped: the one that leaves the picture diverges, the one that bounces "
            "stays.": (0.6, 0.05, 0.28, 0.003),
            "B and D are swapped: a curve that still sinks at the end has too small a rate.": (
                (0.28, 0.003, 0.6, 0.05)
            ),
            "A and B are swapped: a rate that is too large bounces, a good one settles.": (
                (0.05, 0.28, 0.6, 0.003)
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
        solution=_halving(),
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
            (2, 0.7, 3, 5),
            (6, 4.0, 2, 3),
        ),
        mistakes={
            "Your first update has the rate 0, and does nothing. t counts from 1, so the rise "
            "begins with t / rise.": _halving(lambda t, rate, rise, every: rate * (t - 1) / rise),
            "You rise from 0 in rise - 1 steps, and waste the first update. Update t has t / rise "
            "of the rate.": _halving(lambda t, rate, rise, every: rate * (t - 1) / (rise - 1)),
            "You count the halvings from the first update of all. They count from the end of the "
            "rise.": _halving(after=lambda t, rate, rise, every: rate * 0.5 ** ((t - 1) // every)),
            "You halve one update too early, like the chapter's warmup and step decay: after the "
            "rise, t - rise - 1 updates are done.": _halving(
                after=lambda t, rate, rise, every: rate * 0.5 ** ((t - rise) // every)
            ),
            "You shrink the rate at every update. It should drop only after each group: divide "
            "with //.": _halving(
                after=lambda t, rate, rise, every: rate * 0.5 ** ((t - rise - 1) / every)
            ),
            "You halve at every update instead of after every group of them.": _halving(
                after=lambda t, rate, rise, every: rate * 0.5 ** (t - rise - 1)
            ),
            "// comes before -. Put brackets around t - rise - 1.": _halving(
                after=lambda t, rate, rise, every: rate * 0.5 ** (t - rise - 1 // every)
            ),
            "0.5 times the number of groups is not what is left after so many halvings. That is "
            "0.5 ** that number.": _halving(
                after=lambda t, rate, rise, every: rate * 0.5 * ((t - rise - 1) // every)
            ),
            "You drop to a half, a third, a quarter. Halve what is left each time.": _halving(
                after=lambda t, rate, rise, every: rate / (1 + (t - rise - 1) // every)
            ),
            "The first group after the rise still has the full rate. You halve before "
            "it.": _halving(after=lambda *given: _halved(*given) / 2),
            "There is no rise: the first updates should have less than the full rate.": _halving(
                lambda t, rate, rise, every: rate
            ),
            "During the rise the exponent is negative: // gives -1 there, and a half to the power "
            "of -1 doubles.": lambda t, rate, rise, every: (
                min(t / rise, 1) * _halved(t, rate, rise, every)
            ),
            "Update rise is still part of the rise, and has the full rate. Use <=, or // gives -1 "
            "there, and doubles.": lambda t, rate, rise, every: (_rise if t < rise else _halved)(
                t, rate, rise, every
            ),
            "rise and every are swapped: rise is how long the rate climbs, every how long it then "
            "stays.": lambda t, rate, rise, every: _halving()(t, rate, every, rise),
            "You never halve: after the rise the rate should drop again.": _halving(
                after=lambda t, rate, rise, every: rate
            ),
        },
    ),
    "choose_rate": Exercise(
        solution=_choose(_exploded),
        cases=(
            ([0.001, 0.01, 0.1], [1.0, 0.5, 9.0]),
            ([0.01, 0.02, 0.04, 0.08], [1.0, 0.2, 1.5, 5.0]),
            ([0.01, 0.1, 1.0, 10.0], [1.0, 0.8, math.nan, math.nan]),
            ([0.1, 0.2, 0.4], [1.0, 4.0, 8.0]),
            ([0.1, 0.2, 0.4], [1.0, 0.9, 0.8]),
            ([0.1, 0.2, 0.4, 0.8], [2.0, 9.0, 1.0, 20.0]),
            ([0.3, 0.5, 0.7, 0.9], [0.5, 0.1, 1.9, 2.1]),
            ([0.1, 0.2, 0.4, 0.8, 1.6], [1.0, 0.2, 0.6, 1.8, 3.0]),
            ([0.1, 0.2, 0.4, 0.8], [0.125, 0.25, 0.5, 0.75]),
            ([0.1, 0.2, 0.4, 0.8], [3, 8, 11, 13]),
            ([1, 10, 100, 1000], [1, 2, math.inf, math.nan]),
            ([0.1, 0.2, 0.4, 0.8], [1.0, 0.6, 0.3, 0.7]),
            ([0.1, 0.2, 0.4], [math.nan, 0.3, 0.2]),
            ([0.3], [1.0]),
            "1e-4 * 1.05 ** np.arange(6), np.array([1.0, 0.9, 0.7, 4.1, 4.2, 0.8])",
        ),
        mistakes={
            "nan slips through: a comparison with nan is always false. Ask whether the loss is "
            "not at most four times the first.": _choose(lambda loss, losses: loss > 4 * losses[0]),
            "nan slips through: a comparison with nan is always false. And where nothing is true, "
            "np.argmax gives 0, the place of the first rate.": _first_place(
                lambda loss, losses: loss > 4 * losses[0]
            ),
            "If no loss explodes, np.argmax gives 0, the place of the first rate; the question "
            "wants the last one.": _first_place(_exploded),
            "If no loss explodes, take a fifth of the last rate, too.": lambda rates, losses: next(
                (r / 5 for r, loss in zip(rates, losses) if _exploded(loss, losses)), rates[-1]
            ),
            "This is the rate at which the loss exploded. Take a fifth of it.": _choose(
                _exploded, part=1
            ),
            "You swapped the two numbers: four times the first loss, and a fifth of the "
            "rate.": _choose(lambda loss, losses: not loss <= 5 * losses[0], part=4),
            "This is a fifth of the rate before the explosion. The question takes the one at "
            "which it explodes.": lambda rates, losses: _choose(_exploded)(
                [rates[-1], *rates[:-1], rates[-1]], losses
            ),
            "The rate with the lowest loss stands close to the edge, and one lucky batch can make "
            "it. Look for the explosion.": lambda rates, losses: rates[np.nanargmin(losses)],
            "Look for the first explosion. You look for the lowest loss.": lambda rates, losses: (
                rates[np.nanargmin(losses)] / 5
            ),
            "Look for the first explosion. You look for the largest loss.": lambda rates, losses: (
                rates[np.argmax(losses)] / 5
            ),
            "You stop at the first loss above the first one. Batches are noisy; wait for four "
            "times as much.": _choose(lambda loss, losses: not loss <= losses[0]),
            "You compare with the lowest loss so far. The question compares with the first "
            "one.": _choose(lambda loss, losses: not loss <= 4 * min(losses)),
            "You compare each loss with the one before. The question compares with the first "
            "one.": _choose(lambda loss, losses: len(losses) > 1 and not loss <= 4 * losses[-2]),
            "You compare with the number 4. The question compares with four times the first "
            "loss.": _choose(lambda loss, losses: not loss <= 4),
            "You take the last rate of all. The first explosion counts.": lambda rates, losses: (
                rates[-1] / 5
            ),
            "Exactly four times is not yet more than four times.": _choose(
                lambda loss, losses: not loss < 4 * losses[0]
            ),
        },
    ),
    "which_ends_lower": Exercise(
        solution=(1, 2, 1, 2),
        mistakes={
            "Decay is a cure, not a law: a walk that has not arrived is only slowed down. Which "
            "of these have not?": (2, 2, 2, 2),
            "A large rate goes on hopping at a corner, and noise goes on kicking. Which of these "
            "walks have arrived, so that this is what is left?": (1, 1, 1, 1),
            "C and D are right. A has a tenth of the updates of B: which of them has time to "
            "arrive with half of the rate on average?": (2, 1, 1, 2),
            "C and D are right. In A, is noise the trouble after 300 updates, or the way that is "
            "left?": (2, 2, 1, 2),
            "C and D are right. With 3,000 updates B has arrived long before its end, and noise "
            "is all that is left.": (1, 1, 1, 2),
            "A and B are right. C starts 100.2 away: how far do 300 steps of half of 0.5 on "
            "average lead?": (1, 2, 2, 2),
            "A and B are right. D starts 50.2 away, and the cosine leads 75 far. So what does "
            "each do at the corner?": (1, 2, 1, 1),
            "A and B are right. In C and D the slopes are exact, but the loss has a corner, and "
            "the cosine reaches only 75 far.": (1, 2, 2, 1),
            "You have exchanged the numbers: 1 is the fixed rate, 2 the cosine.": (2, 1, 2, 1),
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
            "Those below 4.": "4 is 2 over 0.5, the limit along the valley. Across, the weights "
            "diverge long before.",
            "Those below 0.05.": "0.05 is 1 over 20. There the part across arrives in one "
            "step; up to twice that it still comes closer.",
            "Those below about 0.0976.": "That is 2 over the sum of both. The directions do not "
            "add up; each has its own factor.",
            "Those below 0.1.": "The most curved direction sets the limit, 2 over 20.",
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
            "One far below the limit, such as 0.01": "There the part along the valley has "
            "hardly shrunk, and the loss is 0.11, ten times as high as with the best one.",
            "Half of the limit, where the part across arrives at once": "It does, near 0.06. "
            "But the part along sets the pace, and the loss is still about 0.03.",
            "The last one below the limit": "At 0.112 the loss is 0.0101. The part along "
            "the valley sets the pace, and wants a large rate.",
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
