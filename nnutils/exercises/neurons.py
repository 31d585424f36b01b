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


def two_layers(*sizes, seed):
    """Return weights and bias of a layer, and weights and bias of the layer behind it."""
    first, second = random_layers(*sizes, seed=seed)
    return *first, *second


def _side(x1, x2, w1, w2, bias):
    return w1 * x1 + w2 * x2 + bias > 0


def _above_the_line(x1, x2, w1, w2, bias):
    with np.errstate(divide="ignore"):
        return x2 > -(bias + w1 * x1) / np.float64(w2)


def _count(sizes, weights=1, biases=1):
    return sum(weights * n * m + biases * m for n, m in zip(sizes, sizes[1:]))


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


def _collapse(W1, b1, W2, b2):
    return np.vstack([W1 @ W2, b1 @ W2 + b2])


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
    "parameters": Exercise(
        solution=_count,
        cases=(
            ([1, 1],),
            ([3, 1],),
            ([2, 3, 1],),
            ([2, 3, 4, 5],),
            ([6, 2, 2, 9, 4],),
            ([100, 256],),
            ([30_000, 100, 256, 256, 10],),
        ),
        mistakes={
            "The biases are not counted: each unit has one.": lambda sizes: _count(sizes, biases=0),
            "You count a bias for each weight. There is one for each unit.": lambda sizes: _count(
                sizes, weights=2, biases=0
            ),
            "You count one bias for each layer. There is one for each unit.": lambda sizes: (
                _count(sizes, biases=0) + len(sizes) - 1
            ),
            "You count a single bias. There is one for each unit.": lambda sizes: (
                _count(sizes, biases=0) + 1
            ),
            "You count biases for the inputs, too. Only units have a bias.": lambda sizes: (
                _count(sizes, biases=0) + sum(sizes)
            ),
            "You count a bias for each input of a layer. There is one for each of its units.": (
                lambda sizes: _count(sizes, biases=0) + sum(sizes[:-1])
            ),
            "The output units have biases, too; you count those of the hidden units alone.": (
                lambda sizes: _count(sizes, biases=0) + sum(sizes[1:-1])
            ),
            "These are the units. Count the wires between them, and the biases.": lambda sizes: sum(
                sizes[1:]
            ),
            "These are inputs and units together. Count the wires between them, and the "
            "biases.": sum,
            "This is the first layer alone. Add the others to it; a return inside the loop ends "
            "it.": lambda sizes: _count(sizes[:2]),
            "This is the last layer alone. Add each layer to the count: += instead of =.": (
                lambda sizes: _count(sizes[-2:])
            ),
            "The last layer is missing.": lambda sizes: _count(sizes[:-1]),
            "The first layer is missing.": lambda sizes: _count(sizes[1:]),
            "You multiply all sizes together. Only neighbours are joined by wires; add the layers "
            "up.": lambda sizes: np.prod(sizes, dtype=float),
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
            "Your sigmoid falls: the exponent has a minus, np.exp(-s).": lambda X, layers: _predict(
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
    "collapse": Exercise(
        solution=_collapse,
        cases=(
            "np.array([[2]]), np.array([1]), np.array([[3]]), np.array([5])",
            "np.array([[1, 2], [0, 1]]), np.array([1, -1]), np.array([[1, 0], [3, 1]]), "
            "np.array([2, 0])",
            "*two_layers(2, 2, 2, seed=1)",
            "*two_layers(3, 3, 3, seed=2)",
            "*two_layers(4, 4, 4, seed=3)",
        ),
        mistakes={
            "The first bias goes through the second layer, too: multiply it by W2 before you add "
            "b2.": lambda W1, b1, W2, b2: np.vstack([W1 @ W2, b1 + b2]),
            "The first bias is lost: it goes through the second layer, too.": (
                lambda W1, b1, W2, b2: np.vstack([W1 @ W2, b2])
            ),
            "The second bias is missing.": lambda W1, b1, W2, b2: np.vstack([W1 @ W2, b1 @ W2]),
            "The order of a matrix product matters: the samples meet W1 first.": (
                lambda W1, b1, W2, b2: np.vstack([W2 @ W1, b1 @ W2 + b2])
            ),
            "You turn both layers around: the samples meet W1 and b1 first.": (
                lambda W1, b1, W2, b2: _collapse(W2, b2, W1, b1)
            ),
            "* multiplies entry by entry. The matrix product is @.": lambda W1, b1, W2, b2: (
                np.vstack([W1 * W2, b1 @ W2 + b2])
            ),
            "The weights are right, the bias is not: a row from the left is b1 @ W2, not W2 @ "
            "b1.": lambda W1, b1, W2, b2: np.vstack([W1 @ W2, W2 @ b1 + b2]),
            "The weights are right, the bias is not: b1 meets W2, and b2 meets no weights at "
            "all.": lambda W1, b1, W2, b2: np.vstack([W1 @ W2, b1 + b2 @ W1]),
            "The weights are right, the bias is not: b1 goes through the layer that comes next, so "
            "multiply it by W2.": lambda W1, b1, W2, b2: np.vstack([W1 @ W2, b1 @ W1 + b2]),
            "b2 comes behind the second layer: do not multiply it by W2.": (
                lambda W1, b1, W2, b2: np.vstack([W1 @ W2, (b1 + b2) @ W2])
            ),
            "b2 belongs to the last row alone; you add it to the weights as well.": (
                lambda W1, b1, W2, b2: np.vstack([W1, b1]) @ W2 + b2
            ),
            "The bias belongs below the weights, not above them.": lambda W1, b1, W2, b2: np.vstack(
                [b1 @ W2 + b2, W1 @ W2]
            ),
            "You add the bias to every row of the weights. It is a row of its own, below them.": (
                lambda W1, b1, W2, b2: W1 @ W2 + b1 @ W2 + b2
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
