"""Exercises and quiz of the chapter *The chain rule, gate by gate*."""

import math

import numpy as np

from nnutils.exercises import Exercise, Question


def _sigmoid(q):
    return 1 / (1 + math.exp(-q))


def _tanh_slope(q):
    return 1 - math.tanh(q) ** 2


def _max_backward(numbers, pull):
    top = max(numbers)
    return [pull / numbers.count(top) if n == top else 0 for n in numbers]


def _chain_slope(x, factors):
    slope = 1
    for c in factors:
        slope *= 1 + 2 * c * x
        x += c * x**2
    return slope


def _at_outputs(x, factors):
    slope = 1
    for c in factors:
        x += c * x**2
        slope *= 1 + 2 * c * x
    return slope


def _added(x, factors):
    total = 0
    for c in factors:
        total += 1 + 2 * c * x
        x += c * x**2
    return total


def _output(x, factors):
    for c in factors:
        x += c * x**2
    return x


def _without_the_straight_wire(x, factors):
    slope = 1
    for c in factors:
        slope *= 2 * c * x
        x += c * x**2
    return slope


_RNG = np.random.default_rng(8)
_PAIRS = tuple((round(x, 3), round(y, 3)) for x, y in _RNG.uniform(-3, 3, (6, 2)))
_TRIPLES = tuple((x, y, round(p, 3)) for (x, y), p in zip(_PAIRS, _RNG.uniform(-3, 3, 6)))
_LONG = _RNG.uniform(-1e-4, 1e-4, 100_000).tolist()

EXERCISES = {
    "five_circuits": Exercise(
        solution=((-1, 3), (-2, 3), (8, -12), (-12, 9), (-0.5, -0.75)),
        mistakes={
            "At the forks you kept only the pull that arrived last. They add up: += instead of "
            "=.": ((-2, 3), (-2, 0), (8, -12), (-6, 9), (-0.5, -0.5)),
            "You took the gates' own slopes and left out the pull that arrives from the right: "
            "multiply by it.": ((-1, 3), (1, 3), (-2, 3), (6, 9), (1, 0.75)),
            "A times gate swaps: each input gets the pull times the other input's value, not its "
            "own.": ((4, -2), (3, -2), (-12, 8), (54, -2), (-0.5, -0.75)),
            "All right but the last pair: the slope of a division with its lower wire is "
            "negative.": ((-1, 3), (-2, 3), (8, -12), (-12, 9), (-0.5, -0.25)),
            "All right but the third pair: the slope of a square is twice its input.": (
                (-1, 3),
                (-2, 3),
                (4, -6),
                (-12, 9),
                (-0.5, -0.75),
            ),
            "All right but the second pair: the maximum is x here, so y gets nothing by way of "
            "it.": ((-1, 3), (0, 1), (8, -12), (-12, 9), (-0.5, -0.75)),
        },
    ),
    "divide_backward": Exercise(
        solution=lambda x, y, pull: (pull / y, -pull * x / y**2),
        cases=((1, 4, 2), (6, 3, 1), (-2, 0.5, 3), (0, 2, -1), (5, -1, 0), *_TRIPLES),
        mistakes={
            "The pull is missing: these are the gate's own slopes.": lambda x, y, pull: (
                (1 / y, -x / y**2)
            ),
            "The pull is missing in the slope with y.": lambda x, y, pull: ((pull / y, -x / y**2)),
            "The sign of the slope with y is turned around: a larger y makes x / y smaller, if x "
            "is positive.": lambda x, y, pull: (pull / y, pull * x / y**2),
            "The slopes are right but swapped: first with x, then with y.": lambda x, y, pull: (
                (-pull * x / y**2, pull / y)
            ),
            "In the slope with y, the upper wire x is missing as a factor.": lambda x, y, pull: (
                (pull / y, -pull / y**2)
            ),
            "In the slope with y, divide by y squared.": lambda x, y, pull: (
                (pull / y, -pull * x / y)
            ),
            "A division does not swap as a times gate does.": lambda x, y, pull: (
                (y * pull, x * pull)
            ),
        },
    ),
    "tanh_gate": Exercise(
        solution=lambda q, pull: (math.tanh(q), _tanh_slope(q) * pull),
        cases=((0, 1), (1, 1), (1, 2), (-2, 3), (0.5, -1), (3, 0), *_PAIRS),
        mistakes={
            "The output is right, but the pull is missing in the slope.": lambda q, pull: (
                (math.tanh(q), _tanh_slope(q))
            ),
            "The output is right. In the slope one of the two factors 2 is missing: one comes "
            "from inside the sigmoid, one from outside.": lambda q, pull: (
                (math.tanh(q), _tanh_slope(q) / 2 * pull)
            ),
            "The output is right. In the slope both factors 2 are missing: the chain has three "
            "gates, not one.": lambda q, pull: (math.tanh(q), _tanh_slope(q) / 4 * pull),
            "The sigmoid has to be taken at 2q, in the output and in the slope.": lambda q, pull: (
                (2 * _sigmoid(q) - 1, 4 * _sigmoid(q) * (1 - _sigmoid(q)) * pull)
            ),
            "The output is right. In the slope the sigmoid has to be taken at 2q, as in the "
            "output.": lambda q, pull: ((math.tanh(q), 4 * _sigmoid(q) * (1 - _sigmoid(q)) * pull)),
            "The output is right. The slope is 1 minus the square of the output, not of the input "
            "q.": lambda q, pull: (math.tanh(q), (1 - q**2) * pull),
            "The output is right. In s (1 - s), s is the output of the sigmoid; you put in the "
            "output of tanh.": lambda q, pull: (
                (math.tanh(q), 4 * math.tanh(q) * (1 - math.tanh(q)) * pull)
            ),
            "The output is right, but the sign of the slope is turned around: tanh rises "
            "everywhere.": lambda q, pull: (math.tanh(q), -_tanh_slope(q) * pull),
        },
    ),
    "fork_gradient": Exercise(
        solution=lambda x, y: (x * y + y * (x + y), x * y + x * (x + y)),
        cases=((1, 2), (3, 0), (-2, 5), (0, 0), *_PAIRS),
        mistakes={
            "This is the function as it was: its second assignment overwrites the pulls of the "
            "first.": lambda x, y: (y * (x + y), x * (x + y)),
            "Only the pulls of the plus gate are here; those of the times gate have to be "
            "added.": lambda x, y: (x * y, x * y),
            "x is mended; y still gets only the pull of the times gate.": lambda x, y: (
                (x * y + y * (x + y), x * (x + y))
            ),
            "y is mended; x still gets only the pull of the times gate.": lambda x, y: (
                (y * (x + y), x * y + x * (x + y))
            ),
            "At a fork the pulls are added up, not averaged.": lambda x, y: (
                ((x * y + y * (x + y)) / 2, (x * y + x * (x + y)) / 2)
            ),
            "The gate q = x * y swaps: dx is y * dq, and dy is x * dq.": lambda x, y: (
                (x * y + x * (x + y), x * y + y * (x + y))
            ),
            "The last times gate swaps: dp is q, and dq is p.": lambda x, y: (
                (x + y + y * x * y, x + y + x * x * y)
            ),
            "The pulls dp and dq are missing.": lambda x, y: (1 + y, 1 + x),
        },
    ),
    "max_backward": Exercise(
        solution=_max_backward,
        cases=(
            ([1, 4, 2], 3),
            ([5, 5], 2),
            ([2, 2, 2], 6),
            ([-3, -1], -4),
            ([7], 5),
            ([3, 1, 3, 2], 1),
            ([0.5, -0.5, 0.25, 0.5], 0),
        ),
        mistakes={
            "On a tie everyone gets the whole pull, so more goes back than "
            "arrived.": lambda numbers, pull: [pull if n == max(numbers) else 0 for n in numbers],
            "On a tie only the first one gets a pull; share it equally.": lambda numbers, pull: [
                pull if i == numbers.index(max(numbers)) else 0 for i in range(len(numbers))
            ],
            "On a tie you give half to each, which is right for two of them. Three share it in "
            "thirds.": lambda numbers, pull: [
                0 if n < max(numbers) else pull / (1 + (numbers.count(n) > 1)) for n in numbers
            ],
            "On a tie nobody gets anything; share the pull equally.": lambda numbers, pull: [
                pull * (n == max(numbers) and numbers.count(n) == 1) for n in numbers
            ],
            "These are the gate's own slopes; multiply them by the pull.": lambda numbers, pull: (
                _max_backward(numbers, 1)
            ),
            "The pull is shared among all numbers. Only the largest get a part of "
            "it.": lambda numbers, pull: [pull / len(numbers) for _ in numbers],
            "You divide by the length of the list; divide by how many are "
            "largest.": lambda numbers, pull: [
                pull / len(numbers) if n == max(numbers) else 0 for n in numbers
            ],
            "This routes the pull to the smallest number; the maximum passes on the "
            "largest.": lambda numbers, pull: _max_backward([-n for n in numbers], pull),
        },
    ),
    "chain_slope": Exercise(
        solution=_chain_slope,
        cases=(
            (2, []),
            (2, [1]),
            (1, [1, 0.5]),
            (-1, [0.5, -1, 2]),
            (0, [3, 4]),
            (0.5, _RNG.uniform(-0.1, 0.1, 20).round(3).tolist()),
            (1.0, _LONG),
        ),
        mistakes={
            "You multiply the slopes at the outputs. The slope of a gate depends on what goes in: "
            "work it out before x moves on.": _at_outputs,
            "You take every slope at the first x. Each gate has its own input.": lambda x, cs: (
                math.prod(1 + 2 * c * x for c in cs)
            ),
            "Slopes along a chain are multiplied, not added.": _added,
            "This is the output of the chain, not its slope.": _output,
            "Each gate reads x twice: as it is, with slope 1, and squared. The 1 is "
            "missing.": _without_the_straight_wire,
        },
    ),
}

QUIZ = (
    Question(
        "A gate's own slope with its input is 3. From the output's side a pull of 0.5 arrives. "
        "What does the gate send to its input?",
        {
            "3.5": "Rates along a chain are multiplied, not added.",
            "3": "That is the gate's own slope; the pull is missing.",
            "1.5": "Half as fast, and three times as fast: 0.5 times 3.",
            "6": "Dividing by the pull would make a weak pull strong.",
        },
        answer="1.5",
    ),
    Question(
        "A plus gate reads 100 and 0.01. A pull of 2 arrives. What do its inputs get?",
        {
            "Both get 2.": "The output rises exactly as fast as either input, whatever their "
            "values are.",
            "100 gets more, because it is larger.": "The values do not matter for a sum. They do "
            "for a product.",
            "Each gets 1.": "A plus gate does not split the pull. Each input moves the output at "
            "the full rate.",
            "0.02 and 200.": "That is what a times gate would send.",
        },
        answer="Both get 2.",
    ),
    Question(
        "Why does the forward pass have to run before the backward pass?",
        {
            "Because Python runs code from top to bottom.": "The order is not about Python. With "
            "paper and pencil it is the same.",
            "Because many slopes depend on the numbers on the wires.": "The slope of x times y "
            "with x is the value of y, and only the forward pass knows it.",
            "Because the output's own slope has to be worked out first.": "It is always 1.",
        },
        answer="Because many slopes depend on the numbers on the wires.",
    ),
    Question(
        "A wire goes to two gates. A pull of 2 comes back from the first and -2 from the second. "
        "What is its slope?",
        {
            "-2, the one that came last.": "That is the bug of writing = instead of +=.",
            "2, the larger one.": "Only a maximum gate chooses. A fork does not.",
            "0": "They add up. For tiny nudges the two effects cancel.",
            "-4": "At a fork pulls are added. They are multiplied along a chain.",
        },
        answer="0",
    ),
    Question(
        "What is the slope of max(x, x) with x?",
        {
            "2": "That is what you get when both inputs of a tie get the whole pull.",
            "1": "The gate gives half to each of its inputs, and at the fork the halves add up. "
            "It has to be 1, because max(x, x) is x.",
            "One half": "Each of the two wires gets one half, and both come from x.",
        },
        answer="1",
    ),
    Question(
        "In a neuron the sum q is 8. All five slopes are close to 0. Why?",
        {
            "All inputs are close to 0.": "Then the sum would be close to 0, too, unless c is "
            "large.",
            "The neuron has learned everything.": "A slope of 0 says that nudging does not help "
            "here. It does not say that the output is right.",
            "The sigmoid is nearly flat there, and its slope is a factor of all of "
            "them.": "One factor near 0 makes every product small.",
            "They are lost by rounding.": "At q = 8 the slope is 0.0003, which a float holds "
            "without trouble.",
        },
        answer="The sigmoid is nearly flat there, and its slope is a factor of all of them.",
    ),
)
