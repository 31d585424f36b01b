"""Exercises and quiz of the chapter *Neurons and layers*."""

import numpy as np

from nnutils.exercises import Exercise, Question
from nnutils.numerics import sigmoid


def neuron(x1, x2, w1, w2, bias):
    """Return the output of a sigmoid neuron with two inputs."""
    return sigmoid(w1 * x1 + w2 * x2 + bias)


def half_deaf(x1, x2, w1, w2, bias):
    """Return the output of a broken neuron, which hears its first input alone."""
    return sigmoid(w1 * x1 + bias)


def never_quiet(x1, x2, w1, w2, bias):
    """Return the output of a broken neuron, which is never below 0.75."""
    return (3 + neuron(x1, x2, w1, w2, bias)) / 4


def random_layers(*sizes, seed):
    """Return a list with a pair (weights, bias) for each layer of a network."""
    rng = np.random.default_rng(seed)
    return [(rng.uniform(-2, 2, (n, m)), rng.uniform(-2, 2, m)) for n, m in zip(sizes, sizes[1:])]


def _side(x1, x2, w1, w2, bias):
    return w1 * x1 + w2 * x2 + bias > 0


def _above_the_line(x1, x2, w1, w2, bias):
    with np.errstate(divide="ignore"):
        return x2 > -(bias + w1 * x1) / np.float64(w2)


def _most_units(n, m, budget, *, inputs=1, outputs=1, bias=1, last=1):
    """Return how many units fit; a mistake counts something else for a unit or for the outputs."""
    return (budget - last * m) // (inputs * n + outputs * m + bias)


def _bump(left, top, right, height):
    up, down = height / (top - left), height / (right - top)
    return up, -up - down, down


def _relu(s):
    return np.maximum(0, s)


def _unchanged(s):
    return s


def _predict(X, layers, hidden=sigmoid, output=_unchanged, hidden_bias=1, output_bias=1):
    for weights, bias in layers[:-1]:
        X = hidden(X @ weights + hidden_bias * bias)
    weights, bias = layers[-1]
    return output(X @ weights + output_bias * bias)


def _add_bias_last(X, layers):
    for weights, bias in layers[:-1]:
        X = sigmoid(X @ weights) + bias
    weights, bias = layers[-1]
    return X @ weights + bias


def _all_bent(X, layers):
    for weights, bias in layers:
        X = sigmoid(X @ weights) + bias
    return X


def _bend_inputs(X, layers):
    for weights, bias in layers:
        X = sigmoid(X) @ weights + bias
    return X


def _xor_output(x1, x2, neuron, w1=20, w2=-20, bias=-10):
    at_least_one = neuron(x1, x2, 20, 20, -10)
    both = neuron(x1, x2, 20, 20, -30)
    return neuron(at_least_one, both, w1, w2, bias)


def _xor(x1, x2, neuron, **output):
    return _xor_output(x1, x2, neuron, **output) > 0.5


def _xor_turned(x1, x2, neuron):
    at_least_one = neuron(x1, x2, 20, 20, -10)
    both = neuron(x1, x2, 20, 20, -30)
    return neuron(both, at_least_one, -20, 20, -10) > 0.5


_NEURONS = np.random.default_rng(7).uniform(-3, 3, (20, 5)).round(2)
_PAPER = "[(np.array([[1, 2], [0, 1]]), np.array([1, -1])), (np.array([[1], [3]]), np.array([2]))]"

EXERCISES = {
    "positive_side": Exercise(
        solution=_side,
        cases=(
            (0, 0, 1, 2, -3),
            (-1, 3, 1, 2, -3),
            (3, 0, 1, 2, -3),
            (0, 0, 1, 1, 0.5),
            (1, -1, 2, -2, -3),
            (5, 2, 0, -1, 3),
            "*np.array([5.0, 2.0, 1.0, 0.0, -3.0])",
            "*np.array([5.0, 2.0, 1.0, -0.0, -3.0])",
            (0, 0, 1, 2, 1e-12),
            (0, 0, 1, 2, -1e-12),
            *_NEURONS.tolist(),
        ),
        mistakes={
            "The bias is missing: without it every line would pass through (0, 0).": (
                lambda x1, x2, w1, w2, bias: _side(x1, x2, w1, w2, 0)
            ),
            "Add the bias; you subtract it.": lambda x1, x2, w1, w2, bias: _side(
                x1, x2, w1, w2, -bias
            ),
            "The weights are swapped: w1 belongs to x1, and w2 to x2.": (
                lambda x1, x2, w1, w2, bias: _side(x1, x2, w2, w1, bias)
            ),
            "This is the other side: True belongs where the sum is positive.": (
                lambda x1, x2, w1, w2, bias: w1 * x1 + w2 * x2 + bias < 0
            ),
            "This is the other side, and the line with it: True belongs where the sum is "
            "positive.": lambda *numbers: not _side(*numbers),
            "On the line itself the sum is 0, which is not positive: use > instead of >=.": (
                lambda x1, x2, w1, w2, bias: w1 * x1 + w2 * x2 + bias >= 0
            ),
            "This is always True. If you compare the sigmoid: it is above 0 everywhere. Compare it "
            "with one half, or the sum with 0.": (
                lambda x1, x2, w1, w2, bias: neuron(x1, x2, w1, w2, bias) > 0
            ),
            "This is the sum. The question is whether it is positive: True or False.": (
                lambda x1, x2, w1, w2, bias: w1 * x1 + w2 * x2 + bias
            ),
            "This is the output of the neuron. The question is whether it is above one half: True "
            "or False.": neuron,
            "You ask whether the point lies above the line. That is the positive side only if w2 "
            "is positive. Look at the sum, not at the line.": _above_the_line,
            "You compare the sum with 1. It is positive as soon as it is above 0.": (
                lambda x1, x2, w1, w2, bias: _side(x1, x2, w1, w2, bias - 1)
            ),
            "0.5 is the border of the output. The border of the sum is 0.": (
                lambda x1, x2, w1, w2, bias: _side(x1, x2, w1, w2, bias - 0.5)
            ),
        },
    ),
    "most_units": Exercise(
        solution=_most_units,
        cases=(
            (2, 1, 13),
            (2, 1, 12),
            (2, 1, 14),
            (2, 1, 17),
            (1, 1, 4),
            (5, 3, 3),
            (5, 3, 11),
            (3, 4, 60),
            (784, 10, 10_000),
            (64, 10, 2410),
            (30_000, 10, 3_000_000),
            (1, 1, 40_000),
        ),
        mistakes={
            "Each hidden unit has a bias, too.": lambda *a: _most_units(*a, bias=0),
            "The outputs have biases, too. They are paid for before the first hidden unit.": (
                lambda *a: _most_units(*a, last=0)
            ),
            "You count no biases at all: each hidden unit has one, and each output.": lambda *a: (
                _most_units(*a, bias=0, last=0)
            ),
            "Each hidden unit also has a weight to every output.": lambda *a: _most_units(
                *a, outputs=0
            ),
            "Each hidden unit also has a weight from every input.": lambda *a: _most_units(
                *a, inputs=0
            ),
            "A part of a unit is no unit: round down, with //.": lambda n, m, budget: (
                (budget - m) / (n + m + 1)
            ),
            "You round to the nearest number of units. That may be one more than the budget "
            "allows: round down.": lambda n, m, budget: round((budget - m) / (n + m + 1)),
            "You round up. The last unit is more than the budget allows: round down.": (
                lambda n, m, budget: -((m - budget) // (n + m + 1))
            ),
            "This is one unit too many: with it the budget is exceeded.": (
                lambda *a: _most_units(*a) + 1
            ),
            "A budget that is just used up is allowed.": lambda n, m, budget: _most_units(
                n, m, budget - 1
            ),
            "You count the inputs' biases. Inputs compute nothing, and have none.": (
                lambda n, m, budget: (budget - m - n) // (n + m + 1)
            ),
            "Inputs and outputs are not joined to each other. A hidden unit brings one weight for "
            "each input, and one for each output: add them.": lambda n, m, budget: (
                (budget - m) // (n * m + 1)
            ),
        },
    ),
    "predict": Exercise(
        solution=_predict,
        cases=(
            f"np.array([[0, 0]]), {_PAPER}",
            "np.array([[1.0, 2.0]]), [(np.array([[1, 2], [0, 1]]), np.array([1, -1]))]",
            f"np.array([[1, 0], [0, 1], [4, -2]]), {_PAPER}",
            "np.random.default_rng(1).normal(size=(3, 3)), random_layers(3, 3, 3, 3, seed=2)",
            "np.random.default_rng(3).normal(size=(1, 1)), random_layers(1, 4, 1, seed=4)",
            "np.random.default_rng(5).normal(size=(5, 4)), random_layers(4, 5, 2, 3, seed=6)",
            "np.random.default_rng(7).normal(size=(4, 3)), random_layers(3, 2, seed=8)",
        ),
        mistakes={
            "There is no activation between the layers, so that they collapse into "
            "one.": lambda X, layers: _predict(X, layers, hidden=_unchanged),
            "Both faults are still there: the bias is added behind the sigmoid, and the last layer "
            "is bent.": _all_bent,
            "You send the outputs of the last layer through the sigmoid, too. They should stay as "
            "they are.": lambda X, layers: _predict(X, layers, output=sigmoid),
            "The biases are missing.": lambda X, layers: _predict(
                X, layers, hidden_bias=0, output_bias=0
            ),
            "The last layer has a bias, too.": lambda X, layers: _predict(X, layers, output_bias=0),
            "The hidden layers have biases, too.": lambda X, layers: _predict(
                X, layers, hidden_bias=0
            ),
            "Add the biases; you subtract them.": lambda X, layers: _predict(
                X, layers, hidden_bias=-1, output_bias=-1
            ),
            "The activation is the ReLU here; the exercise asks for the sigmoid.": (
                lambda X, layers: _predict(X, layers, hidden=_relu)
            ),
            "The activation is tanh here; the exercise asks for the sigmoid.": (
                lambda X, layers: _predict(X, layers, hidden=np.tanh)
            ),
            "Your sigmoid falls: the exponent has a minus, np.exp(-z).": lambda X, layers: _predict(
                X, layers, hidden=lambda s: sigmoid(-s)
            ),
            "The bias belongs inside the sigmoid: add it to the sum, and bend then.": (
                _add_bias_last
            ),
            "You bend what goes into each layer, the inputs of the network as well. Bend what "
            "comes out of each layer but the last.": _bend_inputs,
            "You stop before the last layer. Its sums are the prediction.": lambda X, layers: (
                _predict(X, layers[:-1], output=sigmoid) if layers[1:] else X
            ),
            "It is the other way round: the hidden layers get the sigmoid, and the last one gets "
            "none.": lambda X, layers: _predict(X, layers, hidden=_unchanged, output=sigmoid),
        },
    ),
    "xor_net": Exercise(
        solution=_xor,
        cases=(
            (0, 0, neuron),
            (0, 1, neuron),
            (1, 0, neuron),
            (1, 1, neuron),
            (0.5, 0.5, neuron),
            (0.25, 0.75, neuron),
            (-1, -1, neuron),
            (2, 2, neuron),
            (0, 0, half_deaf),
            (0, 1, half_deaf),
            (1, 0, half_deaf),
            (1, 1, half_deaf),
            (0, 0, never_quiet),
            (1, 0, never_quiet),
            (1, 1, never_quiet),
        ),
        mistakes={
            "This is the output. The question is whether it is above one half: True or False.": (
                _xor_output
            ),
            "You found XOR without asking the neuron. Build it from three calls of `neuron`.": (
                lambda x1, x2, neuron: x1 + x2 == 1
            ),
            "You compare the inputs yourself. Build the answer from three calls of `neuron`.": (
                lambda x1, x2, neuron: x1 != x2
            ),
            "Right for XOR. But hand the output 'at least one' first, then 'both'.": _xor_turned,
            "This is 'at least one': three corners are right, but at (1, 1) it has to be False. "
            "There 'both' has to be awake, and to pull the output down.": lambda *a: _xor(*a, w2=0),
            "This is True where the inputs are equal. Turn the sign of the output's sum "
            "around.": lambda *a: _xor(*a, w1=-20, w2=20, bias=10),
            "This is 'not both': at (0, 0) it has to be False, too.": lambda x1, x2, neuron: (
                neuron(x1, x2, -20, -20, 30) > 0.5
            ),
            "This is always False. Is the bias of the output too low, is a sign turned around, do "
            "the hidden neurons cancel, or are the weights too small?": lambda x1, x2, neuron: (
                neuron(x1, x2, 0, 0, -10) > 0.5
            ),
            "This is always True. Is the bias of the output too high, or do you ask whether it is "
            "above 0? That it always is.": lambda x1, x2, neuron: True,
            "The bias of the output is missing.": lambda *a: _xor(*a, bias=0),
            "The output has to be a neuron, too: give the two others to a third call of "
            "`neuron`.": lambda x1, x2, neuron: (
                neuron(x1, x2, 20, 20, -10) - neuron(x1, x2, 20, 20, -30) > 0.5
            ),
        },
    ),
    "bump": Exercise(
        solution=_bump,
        cases=(
            (0, 1, 2, 1),
            (0, 1, 3, 2),
            (-1, 1, 2, 4),
            (2, 2.5, 4.5, 3),
            (0, 3, 4, -6),
            (-5, -3, 4, 0),
            "0, 1 / 3, 5 / 7, 0.9",
            (0, 0.001, 1000, 20),
        ),
        mistakes={
            "These are the slopes of the pieces. A weight is by how much the slope changes at its "
            "hinge.": lambda a, b, c, h: (h / (b - a), -h / (c - b), 0),
            "At the top the slope goes from up to down. It changes by both together.": (
                lambda a, b, c, h: (h / (b - a), -h / (c - b), h / (c - b))
            ),
            "At the top you take away the way up alone, so that it is flat behind it.": (
                lambda a, b, c, h: (h / (b - a), -h / (b - a), h / (c - b))
            ),
            "At the top you take away twice the way up. That is right only if both sides have the "
            "same width.": lambda a, b, c, h: (h / (b - a), -2 * h / (b - a), h / (b - a)),
            "At the right end it has to become flat again: the slope changes by the way down, "
            "upwards.": lambda a, b, c, h: (h / (b - a), -h / (b - a) - h / (c - b), 0),
            "The sign of the last weight is turned around: there the slope goes from negative to "
            "0, so it grows.": lambda a, b, c, h: (
                h / (b - a),
                -h / (b - a) - h / (c - b),
                -h / (c - b),
            ),
            "All signs are turned around: this is a dent.": lambda a, b, c, h: tuple(
                -w for w in _bump(a, b, c, h)
            ),
            "The height is missing: this bump is 1 high.": lambda a, b, c, h: _bump(a, b, c, 1),
            "The widths are missing: a slope is the height divided by the way.": (
                lambda a, b, c, h: (h, -2 * h, h)
            ),
            "You multiply by the widths; a slope is the height divided by the way.": (
                lambda a, b, c, h: (h * (b - a), -h * (c - a), h * (c - b))
            ),
            "These are the places of the hinges. The question is what stands in front of "
            "them.": lambda a, b, c, h: (a, b, c),
            "These are the heights at the three places, not the weights.": lambda a, b, c, h: (
                0,
                h,
                0,
            ),
        },
    ),
}

QUIZ = (
    Question(
        "You multiply both weights and the bias of a sigmoid neuron by 10. What happens to the "
        "line where its output is one half?",
        {
            "It moves ten times as far from (0, 0).": "It would if only the bias grew. Here the "
            "weights grow with it.",
            "It stays, and the output changes faster from one side to the other.": "Where the sum "
            "was 0 it is still 0. Everywhere else it is ten times as large, so the sigmoid is "
            "nearer to 0 or to 1.",
            "It turns.": "The direction of the line comes from the ratio of the weights, which "
            "has not changed.",
            "Nothing at all changes.": "The line stays, but the sums are ten times as large, and "
            "the outputs change.",
        },
        answer="It stays, and the output changes faster from one side to the other.",
    ),
    Question(
        "A batch has the shape (50, 4), and a layer has 3 units. Which shapes do the weights and "
        "the outputs have?",
        {
            "Weights (3, 4), outputs (50, 3).": "(50, 4) @ (3, 4) does not fit: the sizes in the "
            "middle, 4 and 3, differ.",
            "Weights (50, 3), outputs (4, 3).": "The weights do not depend on how many samples "
            "there are; the same ones serve all 50.",
            "Weights (4, 3), outputs (50, 3).": "(samples, inputs) times (inputs, units) gives "
            "(samples, units).",
        },
        answer="Weights (4, 3), outputs (50, 3).",
    ),
    Question(
        "A layer reads 784 inputs and has 10 units. How many parameters does it have?",
        {
            "7,850": "784 times 10 weights, and a bias for each of the 10 units.",
            "7,840": "These are the weights. Each of the 10 units has a bias as well.",
            "794": "These are inputs and units; the parameters sit on the wires between them.",
            "15,680": "That would be a bias for each weight. There is one for each unit.",
        },
        answer="7,850",
    ),
    Question(
        "A network has 100 layers and no activation at all. What can it do that one layer without "
        "activation cannot?",
        {
            "It can follow curves, if the weights are right.": "Without a bend, sums of sums stay "
            "sums, and the output is a straight line or plane.",
            "It can solve XOR, since it is deep.": "Depth without a bend gives one line, and no "
            "line solves XOR.",
            "Nothing.": "Multiplied together, the 100 layers are one matrix and one bias.",
            "It has more parameters, so it can do more.": "More parameters, but whatever they "
            "compute, one layer computes it, too.",
        },
        answer="Nothing.",
    ),
    Question(
        "What does the universal approximation theorem promise?",
        {
            "For a continuous function on a bounded region learning finds weights that come as "
            "close as you ask.": "It says that such weights exist. How to find them "
            "is another matter.",
            "For a continuous function on a bounded region there are weights that come as close "
            "as you ask.": "Such weights exist, with enough units in one hidden layer.",
            "A network predicts well far away from the samples.": "Outside the region it promises "
            "nothing; the hinges of the chapter go straight on there.",
            "One hidden layer is always the best choice.": "It is always enough in principle. "
            "With more layers far fewer units may do.",
        },
        answer="For a continuous function on a bounded region there are weights that come as "
        "close as you ask.",
    ),
    Question(
        "A network decides whether a mail is spam. How many outputs does it need?",
        {
            "1": "Near 1 is yes, near 0 is no; 'no' is what is left of 'yes'.",
            "2": "Two outputs work, but one says the same: 'no' is what is left of 'yes'.",
            "As many as the mail has words.": "The words concern the inputs. The answer is yes or "
            "no.",
            "As many as there are mails.": "Each mail is a sample, a row of the batch. The "
            "outputs are columns.",
        },
        answer="1",
    ),
)
GUESSES = {
    "double": Question(
        "You double all three numbers, from (1, 2, -3) to (2, 4, -6). What happens to the three "
        "lines?",
        {
            "The solid line stays, and the other two come closer": "Where the sum was 0 it is "
            "still 0. But from output 0.12 to output 0.88 it is 0.89 units now, where it was 1.79.",
            "The solid line moves twice as far from the middle": "Its distance is the bias "
            "divided by the length of the weights. Both double, and it stays at 1.34.",
            "All three turn, because the weights have changed": "They turn when the ratio of the "
            "weights changes. It is 1 to 2, as before.",
            "Nothing: all three stay where they are": "The solid one does. The sums of 2 and -2, "
            "where the others stand, are reached in half the distance.",
        },
        answer="The solid line stays, and the other two come closer",
    ),
    "hinges": Question(
        "By what factor does the largest gap shrink, about, when the pieces are half as long?",
        {
            "1: it hardly shrinks": "It falls from 0.260 with 8 hinges to 0.069 with 16.",
            "2: half the length, half the gap": "The curve leaves a straight piece slowly at "
            "first. With half the length it has bent away only a quarter as far.",
            "4: half the length, a quarter of the gap": "From 0.260 with 8 hinges to 0.069 with "
            "16, and to 0.018 with 32. The gap goes with the square of the length.",
            "8: half the length, an eighth of the gap": "From 0.260 with 8 hinges to 0.069 with "
            "16, that is about a quarter.",
        },
        answer="4: half the length, a quarter of the gap",
    ),
}
