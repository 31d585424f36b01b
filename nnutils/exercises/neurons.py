"""Exercises and quiz of the chapter *From a neuron to a layer*."""

import numpy as np

from nnutils.exercises import Exercise, Question


def _sigmoid(s):
    return 1 / (1 + np.exp(-s))


def _relu(s):
    return np.maximum(0, s)


def _unchanged(s):
    return s


def _predict(X, layers, hidden=_sigmoid, output=_unchanged, use_bias=True):
    for number, (weights, bias) in enumerate(layers, 1):
        X = X @ weights + bias * use_bias
        X = output(X) if number == len(layers) else hidden(X)
    return X


def _add_bias_last(X, layers):
    for weights, bias in layers[:-1]:
        X = _sigmoid(X @ weights) + bias
    weights, bias = layers[-1]
    return X @ weights + bias


def _bend_inputs(X, layers):
    for weights, bias in layers:
        X = _sigmoid(X) @ weights + bias
    return X


def _count(sizes, weights=1, biases=1):
    return sum(weights * n * m + biases * m for n, m in zip(sizes, sizes[1:]))


def _collapse(W1, b1, W2, b2):
    return np.vstack([W1 @ W2, b1 @ W2 + b2])


def _layers(*sizes):
    return [
        (_RNG.uniform(-2, 2, (n, m)).round(3), _RNG.uniform(-2, 2, m).round(3))
        for n, m in zip(sizes, sizes[1:])
    ]


def _two(size):
    """Return weights and biases of two layers; square, so that no wrong order is an error."""
    (W1, b1), (W2, b2) = _layers(size, size, size)
    return W1, b1, W2, b2


def _arrays(*lists):
    return tuple(np.array(numbers) for numbers in lists)


_RNG = np.random.default_rng(7)
_NEURONS = tuple(tuple(row.tolist()) for row in _RNG.uniform(-3, 3, (12, 5)).round(2))
_PAPER = [
    (np.array([[1.0, 2.0], [0.0, 1.0]]), np.array([1.0, -1.0])),
    (np.array([[1.0], [3.0]]), np.array([2.0])),
]

EXERCISES = {
    "positive_side": Exercise(
        solution=lambda x1, x2, w1, w2, bias: w1 * x1 + w2 * x2 + bias > 0,
        cases=(
            (0, 0, 1, 2, -3),
            (-1, 3, 1, 2, -3),
            (3, 0, 1, 2, -3),
            (0, 0, 1, 1, 0.5),
            (1, -1, 2, -2, -3),
            (5, 2, 0, -1, 3),
            *_NEURONS,
        ),
        mistakes={
            "The bias is missing: without it every line would pass through (0, 0).": (
                lambda x1, x2, w1, w2, bias: w1 * x1 + w2 * x2 > 0
            ),
            "Add the bias; you subtract it.": lambda x1, x2, w1, w2, bias: (
                w1 * x1 + w2 * x2 - bias > 0
            ),
            "The weights are swapped: w1 belongs to x1, and w2 to x2.": (
                lambda x1, x2, w1, w2, bias: w2 * x1 + w1 * x2 + bias > 0
            ),
            "This is the other side: True belongs where the sum is positive.": (
                lambda x1, x2, w1, w2, bias: w1 * x1 + w2 * x2 + bias < 0
            ),
            "On the line itself the sum is 0, which is not positive: use > instead of >=.": (
                lambda x1, x2, w1, w2, bias: w1 * x1 + w2 * x2 + bias >= 0
            ),
            "The sigmoid is above 0 everywhere. Compare it with one half, or the sum with 0.": (
                lambda x1, x2, w1, w2, bias: _sigmoid(w1 * x1 + w2 * x2 + bias) > 0
            ),
            "This is the sum. The question is whether it is positive: True or False.": (
                lambda x1, x2, w1, w2, bias: w1 * x1 + w2 * x2 + bias
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
            ([100, 256],),
            ([30_000, 100, 256, 256, 10],),
            ([7],),
        ),
        mistakes={
            "The biases are not counted: each unit has one.": lambda sizes: _count(sizes, biases=0),
            "You count a bias for each weight. There is one for each unit.": lambda sizes: _count(
                sizes, weights=2, biases=0
            ),
            "You count one bias for each layer. There is one for each unit.": lambda sizes: (
                _count(sizes, biases=0) + len(sizes) - 1
            ),
            "You count biases for the inputs, too. Only units have a bias.": lambda sizes: (
                _count(sizes, biases=0) + sum(sizes)
            ),
            "These are the units. Count the wires between them, and the biases.": lambda sizes: sum(
                sizes[1:]
            ),
            "These are inputs and units together. Count the wires between them, and the "
            "biases.": sum,
            "This is the first layer alone. Add the others to it.": lambda sizes: _count(sizes[:2]),
        },
    ),
    "predict": Exercise(
        solution=_predict,
        cases=(
            (np.array([[0.0, 0.0]]), _PAPER),
            (np.array([[1.0, 2.0]]), _PAPER[:1]),
            (np.array([[1.0, 0.0], [0.0, 1.0], [4.0, -2.0]]), _PAPER),
            (_RNG.uniform(-1, 1, (5, 2)).round(3), _layers(2, 3, 1)),
            (_RNG.uniform(-1, 1, (3, 4)).round(3), _layers(4, 5, 2, 3)),
        ),
        mistakes={
            "There is no activation between the layers, so that they collapse into "
            "one.": lambda X, layers: _predict(X, layers, hidden=_unchanged),
            "You send the outputs of the last layer through the sigmoid, too. They should stay as "
            "they are.": lambda X, layers: _predict(X, layers, output=_sigmoid),
            "The biases are missing.": lambda X, layers: _predict(X, layers, use_bias=False),
            "The activation is the ReLU here; the exercise asks for the sigmoid.": (
                lambda X, layers: _predict(X, layers, hidden=_relu)
            ),
            "The bias belongs inside the sigmoid: add it to the sum, and bend then.": (
                _add_bias_last
            ),
            "You bend what goes into each layer, the inputs of the network as well. Bend what "
            "comes out of each layer but the last.": _bend_inputs,
            "You stop before the last layer. Its sums are the prediction.": lambda X, layers: (
                _predict(X, layers[:-1], output=_sigmoid)
            ),
        },
    ),
    "xor_net": Exercise(
        solution=lambda x1, x2: x1 + x2 == 1,
        cases=((0, 0), (0, 1), (1, 0), (1, 1)),
        mistakes={
            "This is 'at least one': three corners are right, but at (1, 1) it has to be "
            "False.": lambda x1, x2: x1 + x2 > 0,
            "This is 'both', the second hidden neuron. The output is still missing.": (
                lambda x1, x2: x1 + x2 > 1
            ),
            "This is True where the inputs are equal. Turn the sign of the output's sum "
            "around.": lambda x1, x2: x1 == x2,
            "This is 'not both': at (0, 0) it has to be False, too.": lambda x1, x2: x1 + x2 < 2,
            "This is always False. Is the bias of the output too low, or do the two hidden "
            "neurons cancel? Or are the weights too small?": lambda x1, x2: False,
            "This is always True. Is the bias of the output missing?": lambda x1, x2: True,
        },
    ),
    "collapse": Exercise(
        solution=_collapse,
        cases=(
            _arrays([[2.0]], [1.0], [[3.0]], [5.0]),
            _arrays([[1.0, 2.0], [0.0, 1.0]], [1.0, -1.0], [[1.0, 0.0], [3.0, 1.0]], [2.0, 0.0]),
            _two(2),
            _two(3),
            _two(4),
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
            "* multiplies entry by entry. The matrix product is @.": lambda W1, b1, W2, b2: (
                np.vstack([W1 * W2, b1 @ W2 + b2])
            ),
            "The weights are right, the bias is not: a row from the left is b1 @ W2, not W2 @ "
            "b1.": lambda W1, b1, W2, b2: np.vstack([W1 @ W2, W2 @ b1 + b2]),
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
            "Learning finds the right weights if the network is large enough.": "It says that "
            "weights exist. How to find them is another matter.",
            "For a continuous function on a bounded region there are weights that come as close "
            "as you ask.": "Such weights exist, with enough units in one hidden layer.",
            "A network predicts well far away from the samples.": "Outside the region it promises "
            "nothing; the hinges of the chapter go straight on there.",
            "One hidden layer is always the best choice.": "It is always enough in principle. With "
            "more layers far fewer units may do.",
        },
        answer="For a continuous function on a bounded region there are weights that come as close "
        "as you ask.",
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
