"""Exercises and quiz of the chapter recurrence."""

import math

import numpy as np

from nnutils.exercises import Exercise, Question
from nnutils.numerics import sigmoid


def _slope_with_w(w, inputs, first=0.0, factors=1.0):
    h, slope = first, 0.0
    for x in inputs:
        slope = h + factors * w * slope
        h = w * h + x
    return slope


def _last_use(w, inputs):
    h = before = 0.0
    for x in inputs:
        before, h = h, w * h + x
    return before


def _without_factors(w, inputs):
    h = slope = 0.0
    for x in inputs:
        slope, h = slope + h, w * h + x
    return slope


def _state_for_slope(w, inputs):
    h = slope = 0.0
    for x in inputs:
        h = w * h + x
        slope = h + w * slope
    return slope


def _state(w, inputs):
    h = 0.0
    for x in inputs:
        h = w * h + x
    return h


def _all_states(w, inputs):
    h = total = 0.0
    for x in inputs:
        h = w * h + x
        total += h
    return total


def total_so_far(x):
    """Return the sum of all that has been read, at each time; the same shape as ``x``."""
    return np.cumsum(x, axis=1)


def largest_so_far(x):
    """Return the largest number that has been read, at each time; the same shape as ``x``."""
    return np.maximum.accumulate(x, axis=1)


def total_across(x):
    """Return at each time the sum of all that was read of this feature and of those before it."""
    return np.cumsum(np.cumsum(x, axis=2), axis=1)


def _turned(x):
    return x[:, ::-1]


def _both_ends(first, second, x):
    return np.concatenate([first(x), _turned(second(_turned(x)))], axis=2)


def _keep_for(steps, left):
    gate = left ** (1 / steps)
    return np.log(gate / (1 - gate))


def _logit(gate):
    return np.log(gate / (1 - gate))


def _will_close(r, still_open=1):
    if still_open == 0:
        return 1.0
    if r == 0:
        return 0.0
    return (_will_close(r - 1, still_open + 1) + _will_close(r - 1, still_open - 1)) / 2


def _closed_at_the_end(r, still_open=1):
    if r == 0:
        return float(still_open == 0)
    return (
        _closed_at_the_end(r - 1, still_open + 1) + _closed_at_the_end(r - 1, still_open - 1)
    ) / 2


def _both_ways_added(r, still_open=1):
    if still_open == 0 or r == 0:
        return float(still_open == 0)
    return _both_ways_added(r - 1, still_open + 1) + _both_ways_added(r - 1, still_open - 1)


def _gru_step(
    x, h, weights, *, swapped=False, gate=sigmoid, squash=np.tanh, reset="state", stays="state"
):
    sums = [row[0] * x + row[1] * h + row[2] for row in weights]
    z, r = gate(sums[0]), gate(sums[1])
    if swapped:
        z = 1 - z
    w = weights[2]
    g = {
        "state": w[0] * x + w[1] * (r * h) + w[2],
        "nothing": sums[2],
        "all": r * sums[2],
        "input": w[0] * (r * x) + w[1] * h + w[2],
        "update": w[0] * x + w[1] * (z * h) + w[2],
        "bias": w[0] * x + r * (w[1] * h + w[2]),
    }[reset]
    if stays == "nothing":
        return squash(g)
    return z * (r * h if stays == "reset" else h) + (1 - z) * squash(g)


EXERCISES = {
    "slope_with_w": Exercise(
        solution=_slope_with_w,
        cases=(
            (0.5, [1, 2, 3]),
            (0.5, [1, 2]),
            (0.5, [4]),
            (2.0, [1, 2, 3]),
            (-0.7, [1.5, 2, -1, 3]),
            (0.0, [1, 2, 3]),
            (0.9, [0, 0, 1, 0, 0, 0]),
            (0.123, [1.234, 5.678, 0.9, 4.32]),
            (0.5, [1, 2, 3, 0]),
            # Beside so large a state a nudge is lost in rounding.
            (0.5, [1, 2, 3, 1e6]),
        ),
        mistakes={
            "This is the last use of w alone. It is used at every step, and slopes at a fork are "
            "added.": _last_use,
            "You add the states without factors. A pull on an earlier use has come back through "
            "all later steps, each with the factor w.": _without_factors,
            "You take the new state where the old one is multiplied by w. The last input is "
            "added, and never multiplied.": _state_for_slope,
            "This is the last state, not its slope with w.": _state,
            "You add up all states. The last one has not been multiplied by w yet, and the pull on "
            "the others has come back through factors w.": _all_states,
            "The pull is squared: each step back multiplies it by w once.": (
                lambda w, inputs: _slope_with_w(w, inputs, factors=w)
            ),
            "The state starts at 0. You start with the first input, and read it again.": (
                lambda w, inputs: _slope_with_w(w, inputs, first=inputs[0])
            ),
            "Every pull has one factor w too many: behind the last use there is none.": (
                lambda w, inputs: w * _slope_with_w(w, inputs)
            ),
            "With w = 0 this divides by 0. The last input needs no term: w did not multiply it.": (
                lambda w, inputs: (
                    sum(
                        (len(inputs) - 1 - i) * w ** (len(inputs) - 1 - i) * x
                        for i, x in enumerate(inputs)
                    )
                    / w
                )
            ),
        },
        without=("Value",),
    ),
    "both_ends": Exercise(
        solution=_both_ends,
        cases=(
            "total_so_far, total_so_far, np.array([[[1.0], [2.0], [3.0]]])",
            "total_so_far, largest_so_far, np.array([[[4.0]]])",
            "total_so_far, largest_so_far, np.array([[[3.0], [1.0], [2.0]]])",
            "largest_so_far, total_so_far, np.random.default_rng(0).normal(size=(3, 4, 2))",
            "largest_so_far, total_across, np.random.default_rng(1).normal(size=(2, 3, 3))",
        ),
        mistakes={
            "The second reader has to read from the right. It reads from the left here, too. Time "
            "is the axis in the middle.": (
                lambda first, second, x: np.concatenate([first(x), second(x)], axis=2)
            ),
            "What the second reader says stands in its own order, the last place first. Turn it "
            "around again.": (
                lambda first, second, x: np.concatenate([first(x), second(_turned(x))], axis=2)
            ),
            "The second reader reads from the left, and then you turn what it says around.": (
                lambda first, second, x: np.concatenate([first(x), _turned(second(x))], axis=2)
            ),
            "What is said from the left stands first, and beside it what is said from the right.": (
                lambda first, second, x: np.concatenate(
                    [_turned(second(_turned(x))), first(x)], axis=2
                )
            ),
            "It is the second reader that reads from the right, not the first.": (
                lambda first, second, x: np.concatenate(
                    [_turned(first(_turned(x))), second(x)], axis=2
                )
            ),
            "You join them along time. They stand beside each other at each place: along the "
            "features, axis 2.": (
                lambda first, second, x: np.concatenate(
                    [first(x), _turned(second(_turned(x)))], axis=1
                )
            ),
            "You add what both say. Then nobody can tell what came from which side.": (
                lambda first, second, x: first(x) + _turned(second(_turned(x)))
            ),
            "You turn the features around, too. Only time is read from the other end, and it "
            "is axis 1.": lambda first, second, x: np.concatenate(
                [first(x), second(x[:, ::-1, ::-1])[:, ::-1, ::-1]], axis=2
            ),
            "From the right `first` reads here, too. That is the task of `second`.": (
                lambda first, second, x: _both_ends(first, first, x)
            ),
            "`second` reads what `first` has said. It has to read x itself.": (
                lambda first, second, x: _both_ends(lambda _: first(x), second, first(x))
            ),
            "You join them as more samples. They stand beside each other at each place: axis "
            "2.": lambda first, second, x: np.concatenate(
                [first(x), _turned(second(_turned(x)))], axis=0
            ),
            "A new axis comes in here. np.concatenate makes the axis of the features longer, "
            "and keeps three axes.": lambda first, second, x: np.stack(
                [first(x), _turned(second(_turned(x)))], axis=-1
            ),
            "You turn time around before `second` reads, and the features after it. Time has "
            "to be turned again.": lambda first, second, x: np.concatenate(
                [first(x), second(_turned(x))[:, :, ::-1]], axis=2
            ),
        },
    ),
    "keep_for": Exercise(
        solution=_keep_for,
        cases=((1, 0.75), (40, 0.5), (1, 0.25), (2, 0.81), (10, 0.9), (100, 0.01)),
        mistakes={
            "This is the gate. keep is the sum before the sigmoid.": (
                lambda steps, left: left ** (1 / steps)
            ),
            "You let the same amount go at each step. It is the same share: after n steps the "
            "gate to the power n is left.": lambda steps, left: _logit(1 - (1 - left) / steps),
            "The sign is turned around: the more has to stay, the larger is keep.": (
                lambda steps, left: -_keep_for(steps, left)
            ),
            "left is what stays, and you take it for what is lost.": (
                lambda steps, left: _keep_for(steps, 1 - left)
            ),
            "You take the gate for all steps together. Its power is left, so take the root.": (
                lambda steps, left: _logit(left) + 0 * steps
            ),
            "The sigmoid is undone by log(f / (1 - f)), and not by log alone.": (
                lambda steps, left: np.log(left) / steps
            ),
            "The power of the gate is what is left. So the gate is the root, left ** (1 / "
            "steps), not the power.": lambda steps, left: _logit(left**steps),
            "`left ** 1 / steps` is left / steps. What is in the exponent needs brackets.": (
                lambda steps, left: _logit(left / steps)
            ),
            "The logarithm is the natural one, np.log: the sigmoid is made with e.": (
                lambda steps, left: _keep_for(steps, left) / np.log(10)
            ),
        },
    ),
    "will_close": Exercise(
        solution=_will_close,
        cases=((1,), (0,), (2,), (3,), (5,), (10,)),
        mistakes={
            "This is the probability that any closing bracket comes. The first ones may belong to "
            "others that were opened later.": lambda r: 1 - 0.5**r,
            "You ask whether all are closed at the end. Once it is closed it stays closed.": (
                _closed_at_the_end
            ),
            "This is the probability that it stays open.": lambda r: 1 - _will_close(r),
            "You count one bracket too many: the opening one itself is none of the r.": (
                lambda r: _will_close(r + 1)
            ),
            "You count one bracket too few. All r of them come after the opening one.": (
                lambda r: _will_close(max(r - 1, 0))
            ),
            "It is not even: an opening bracket has to be closed first, and then there is "
            "less time.": lambda r: 0.5 * (r > 0),
            "You add the two ways. Each comes with the probability one half.": _both_ways_added,
            "This is the probability that the last of the r closes it. An earlier one may do "
            "it, too.": lambda r: _will_close(r) - _will_close(r - 1) if r else 0.0,
            "// cuts off the fraction. Divide with /.": lambda r: 0,
        },
    ),
    "which_layer": Exercise(
        solution=(3, 5, 4, 1, 2),
        mistakes={
            "D and E are swapped. If step 5 changes, a reader from the left has not yet written "
            "steps 0 to 4.": (3, 5, 4, 2, 1),
            "Look at B again. A state that stays would reach all steps of the sequences that come "
            "after; here it is one step of each.": (3, 6, 4, 1, 2),
            "A and D are swapped. Which of them knows what comes later, too?": (1, 5, 4, 3, 2),
            "B and C are swapped. Which of them looks at nothing but the step itself?": (
                (3, 4, 5, 1, 2)
            ),
            "A and E are swapped. Which of the two changes on both sides?": (2, 5, 4, 1, 3),
            "The kinds are numbered from 1, and you count from 0.": (2, 4, 3, 0, 1),
        },
    ),
    "gru_step": Exercise(
        solution=_gru_step,
        cases=(
            (1, 1, [[0, 0, 0], [0, 0, 0], [0, 0, 0]]),
            (0, 1, [[0, 0, 2], [0, 0, 0], [0, 0, 0]]),
            (0, 1, [[0, 0, 0], [0, 0, 0], [0, 0, 1]]),
            (0, 1, [[0, 0, -9], [0, 0, 0], [0, 1, 0]]),
            (2, -0.5, [[0.3, 1, 0.1], [-1, 0.5, 0.2], [0.7, -2, 0.4]]),
            (-1.3, 0.8, [[1, -1, 0.5], [2, 1, -0.3], [-0.6, 1.5, 0.9]]),
        ),
        mistakes={
            "z and 1 - z are swapped: z says how much of the old state stays.": (
                lambda *case: _gru_step(*case, swapped=True)
            ),
            "The reset gate has no effect here. The candidate reads the state times r.": (
                lambda *case: _gru_step(*case, reset="nothing")
            ),
            "You multiply the whole sum of the candidate by r. It is for the state alone.": (
                lambda *case: _gru_step(*case, reset="all")
            ),
            "You multiply the input of the candidate by r. It is the state that is reset.": (
                lambda *case: _gru_step(*case, reset="input")
            ),
            "You reset the candidate's state with the update gate. That is the task of r.": (
                lambda *case: _gru_step(*case, reset="update")
            ),
            "The candidate goes through tanh. With a sigmoid it could never be negative.": (
                lambda *case: _gru_step(*case, squash=sigmoid)
            ),
            "The gates are sums here. A sigmoid brings them between 0 and 1.": (
                lambda *case: _gru_step(*case, gate=lambda z: z)
            ),
            "The candidate is not bent. It goes through tanh.": (
                lambda *case: _gru_step(*case, squash=lambda g: g)
            ),
            "The first row of the weights belongs to z, and the second to r.": (
                lambda x, h, weights: _gru_step(x, h, [weights[1], weights[0], weights[2]])
            ),
            "The first number of a row multiplies x, and the second the state.": (
                lambda x, h, weights: _gru_step(x, h, [[b, a, c] for a, b, c in weights])
            ),
            "The third number of each row is missing: it is added.": lambda x, h, weights: (
                _gru_step(x, h, [[a, b, 0] for a, b, _ in weights])
            ),
            "The reset state is for the candidate alone. What stays is z times the old state "
            "itself.": lambda *case: _gru_step(*case, stays="reset"),
            "Only the state is multiplied by r in the candidate, not what is added at the "
            "end.": lambda *case: _gru_step(*case, reset="bias"),
            "This is the candidate. The new state is a mixture of it and the old one.": (
                lambda *case: _gru_step(*case, stays="nothing")
            ),
        },
    ),
}

QUIZ = (
    Question(
        "A plain cell has read 10 inputs. For sequences of 1,000 inputs, how many more weights "
        "does it need?",
        {
            "None.": "Every step uses the same. The circuit gets longer, and the weights stand in "
            "it more often.",
            "100 times as many.": "That would be a dense layer that reads all inputs at once. The "
            "cell has one set of weights for all steps.",
            "Only more weights across, from state to state.": "These are the same at each step, "
            "too. Their number depends on the units alone.",
        },
        answer="None.",
    ),
    Question(
        "What is backpropagation through time?",
        {
            "An approximation of the slopes, since the exact ones would need all steps.": "It has "
            "all steps, and its slopes agree with nudges.",
            "A method of its own, for weights that change over time.": "The weights are the same "
            "at each step, and change between updates only.",
            "The usual backward pass, through the unrolled circuit.": "A weight that is used at "
            "each step is a fork, so what the steps say is added up.",
        },
        answer="The usual backward pass, through the unrolled circuit.",
    ),
    Question(
        "A gradient is too long. What does clipping entry by entry do that clipping by norm does "
        "not?",
        {
            "It can turn the gradient.": "(30, 4) becomes (1, 1): 37 degrees away from where it "
            "pointed.",
            "It makes it shorter.": "Both do, if something is too large.",
            "It leaves small gradients alone.": "Both do: what is below the limit stays.",
        },
        answer="It can turn the gradient.",
    ),
    Question(
        "A matrix has the spectral radius 0.9. How long can a row of length 1 be after it is "
        "multiplied by it once?",
        {
            "Longer than 1 is possible.": "In the chapter it was 1.5. The spectral radius speaks "
            "of the long run.",
            "At most 0.9.": "That holds for orthogonal matrices times 0.9, and for other special "
            "ones. In general the first steps can make it longer.",
            "Just 0.9.": "So it would be for an orthogonal matrix times 0.9, with every row. "
            "Others make some rows longer and some shorter.",
        },
        answer="Longer than 1 is possible.",
    ),
    Question(
        "You want a network to write many different sentences, nearly all of them right. Which "
        "temperature?",
        {
            "As low as possible: it is surest there.": "It is, of the same few sentences. At 0.2 "
            "most of the 300 were repeated.",
            "Above 1, since only this makes it inventive.": "Above 1 it gives improbable letters "
            "more than their share, and in a long sentence one is enough to spoil it.",
            "Below 1, but not far below; measured, not guessed.": "Lower temperatures make it more "
            "right and less varied. Where the best place is depends on the network.",
        },
        answer="Below 1, but not far below; measured, not guessed.",
    ),
)
GUESSES = {
    "reach": Question(
        "Without a bend, a pull keeps its length at radius 1. With tanh and large inputs, which "
        "radius lets it arrive after 40 steps with about its length?",
        {
            "None: it dies at all of them": "The slope of tanh takes a part at each step, and a "
            "larger radius gives it back.",
            "About 1, too": "At 1 it dies: each step also multiplies by the slopes of tanh, which "
            "are below 1 wherever a unit is pushed to the side.",
            "About 2": "The slopes of tanh take about half at each step, so the weights have to "
            "give twice.",
        },
        answer="About 2",
    ),
    "keep": Question(
        "With keep = 1 the gate lets 73 % through at each step. How much of what was stored is "
        "left after 40 steps?",
        {
            "About 73 %": "That is after one step. The next one takes its share of what is left.",
            "About 2 %, a fortieth of 73 %": "It is no division but a power: 0.73, multiplied by "
            "itself 40 times.",
            "A few millionths": "0.73 to the power 40 is 0.0000036.",
        },
        answer="A few millionths",
    ),
    "temperature": Question(
        "The network that has learned longest writes 300 lines. You lower the temperature from 1 "
        "to 0.2. What happens?",
        {
            "More lines are right, and fewer are different": "Cold, it takes the safest letter, "
            "and says the same few things.",
            "More lines are right, and more are different": "More are right. But the probable "
            "letters win nearly always, so the same lines come again and again.",
            "Fewer lines are right, since it becomes less sure": "Lower is surer: the largest "
            "logit gets nearly all of the probability.",
        },
        answer="More lines are right, and fewer are different",
    ),
}
