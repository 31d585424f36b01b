"""Exercises and quiz of the chapter *What deep learning is*."""

import math

import numpy as np

from nnutils.exercises import Exercise, Question

BESIDE = ((-1, 0), (1, 0), (0, -1), (0, 1))
CORNERS = ((-1, -1), (-1, 1), (1, -1), (1, 1))


def blots(seed, side=6):
    """Return a square of ink, True, and paper, False, drawn from a seed."""
    return np.random.default_rng(seed).random((side, side)) < 0.6


def _regions(marked, ways):
    """Return the set of places of each region of True that hangs together."""
    left = {tuple(place) for place in np.argwhere(marked).tolist()}
    regions = []
    while left:
        region, edge = set(), [left.pop()]
        while edge:
            row, column = edge.pop()
            region.add((row, column))
            beside = {(row + down, column + across) for down, across in ways} & left
            left -= beside
            edge += beside
        regions.append(region)
    return regions


def _holes(ink, ways=BESIDE, border=True, marked=None):
    rows, columns = np.shape(ink)
    inside = [
        region
        for region in _regions(~ink if marked is None else marked(ink), ways)
        if not border
        or all(0 < row < rows - 1 and 0 < column < columns - 1 for row, column in region)
    ]
    return len(inside)


def _enclosed_pixels(ink):
    rows, columns = ink.shape
    return sum(
        len(region)
        for region in _regions(~ink, BESIDE)
        if all(0 < row < rows - 1 and 0 < column < columns - 1 for row, column in region)
    )


def _single_pixels(ink):
    beside = ink[:-2, 1:-1] & ink[2:, 1:-1] & ink[1:-1, :-2] & ink[1:-1, 2:]
    return np.sum(beside & ~ink[1:-1, 1:-1])


def _gaps(ink):
    """Count the pixels of paper between the first and the last ink of a row."""
    count = 0
    for row in ink:
        places = np.flatnonzero(row)
        count += np.sum(~row[places[0] : places[-1]]) if len(places) else 0
    return count


def _bends(x, y, first=lambda slopes: slopes[:1]):
    slopes = np.diff(y) / np.diff(x)
    return np.append(first(slopes), np.diff(slopes))


def _from_the_last(x, y):
    weights = []
    for slope in np.diff(y) / np.diff(x):
        weights.append(slope - (weights[-1] if weights else 0))
    return weights


def _operations(sizes, samples, epochs, *, factor=6, first=2, biases=False):
    weights = [(n + biases) * m for n, m in zip(sizes, sizes[1:])]
    return (factor * sum(weights) - first * weights[0]) * samples * epochs


def _smallest_batch(n, size, corner, *, most=10_000, work=2, out=True, weights=True, enough=None):
    enough = enough or (lambda busy: busy >= corner)
    for batch in range(1, most):
        numbers = weights * n * n + (1 + out) * batch * n
        if enough(work * batch * n * n / (size * numbers)):
            return batch
    return 0


def _light_weights(n, size, corner):
    for batch in range(1, 10_000):
        if 2 * batch * n * n >= corner * (n * n + 2 * batch * n * size):
            return batch
    return 0


_RING = "np.array([[0, 1, 1, 0], [1, 0, 0, 1], [0, 1, 1, 0]]) == 1"
_CASES = (
    (512, 2, 100),
    (512, 2, 200),
    (256, 8, 1.6),
    (64, 8, 7.5),
    (1000, 4, 10),
    (1024, 2, 295),
    (8192, 2, 295),
    (16, 8, 3),
    (16, 8, 2),
)

EXERCISES = {
    "holes": Exercise(
        solution=_holes,
        cases=(
            _RING,
            "np.array([[1, 1, 1], [1, 0, 1], [1, 1, 0]]) == 1",
            "np.zeros((3, 4)) == 1",
            "np.ones((3, 3)) == 1",
            "np.array([[1, 1, 1, 1], [1, 0, 1, 1], [1, 1, 0, 1], [1, 1, 1, 1]]) == 1",
            "np.array([[1, 1, 1], [1, 0, 1], [1, 1, 1], [1, 0, 1], [1, 1, 1]]) == 1",
            "np.array([[1, 1, 1, 1, 1], [1, 0, 0, 0, 1], [1, 0, 1, 0, 1], [1, 0, 0, 0, 1], "
            "[1, 1, 1, 1, 1]]) == 1",
            "np.array([[1, 1, 1, 1], [1, 0, 1, 1], [1, 0, 0, 1], [1, 1, 0, 1], [1, 1, 0, 1]]) == 1",
            "np.array([[1, 1, 1, 1], [1, 0, 1, 0], [1, 0, 0, 0], [1, 1, 1, 1]]) == 1",
            "np.array([[1, 0, 1, 1], [1, 0, 1, 1], [1, 1, 0, 1], [1, 1, 1, 1]]) == 1",
            "np.array([[1, 1, 1, 1], [0, 0, 1, 1], [1, 1, 0, 1], [1, 1, 1, 1]]) == 1",
            "blots(0)",
            "blots(1, 8)",
            "blots(5, 9)",
        ),
        mistakes={
            "You count all regions of paper. One that reaches the edge is no hole.": (
                lambda ink: _holes(ink, border=False)
            ),
            "Paper does not hang together over a corner: only above, below, left and right.": (
                lambda ink: _holes(ink, BESIDE + CORNERS)
            ),
            "You count the pixels that are enclosed. Two that touch are one hole.": (
                _enclosed_pixels
            ),
            "You count regions of ink. A hole is paper.": lambda ink: _holes(
                ink, border=False, marked=lambda ink: ink
            ),
            "You count enclosed regions of ink. A hole is paper.": lambda ink: _holes(
                ink, marked=lambda ink: ink
            ),
            "This says whether there is a hole. How many are there?": lambda ink: min(
                _holes(ink), 1
            ),
            "You count pixels with ink on all four sides. A hole can be larger.": _single_pixels,
            "You count all regions of paper and take one off for the outside. There may be "
            "several outside, or none.": lambda ink: _holes(ink, border=False) - 1,
            "A hole is a region, not a gap in a row.": _gaps,
        },
    ),
    "bends": Exercise(
        solution=_bends,
        cases=(
            "np.array([0, 0.5, 1]), np.array([0, 1, 0])",
            "np.array([0, 1, 3, 4]), np.array([0, 2, 2, 1])",
            "np.array([0.0, 2.0]), np.array([1.0, 5.0])",
            "np.array([-1.0, 0.0, 0.25, 2.0]), np.array([3.0, 3.0, -1.0, 0.5])",
            "np.linspace(0, 3, 9), np.sin(np.linspace(0, 3, 9))",
            "np.array([0, 2, 3]), np.array([0, 1, 3])",
            "np.array([-3.0, -1.0, 1.0, 2.0]), np.array([1.0, 2.0, 0.0, 5.0])",
        ),
        mistakes={
            "These are the slopes of the pieces. A unit stays on behind its bend, so its weight is "
            "the change of the slope.": lambda x, y: np.diff(y) / np.diff(x),
            "You forgot to divide by how far apart the corners are.": lambda x, y: np.append(
                np.diff(y)[:1], np.diff(np.diff(y))
            ),
            "The first unit is missing. It brings the slope of the first piece.": lambda x, y: (
                np.diff(np.diff(y) / np.diff(x))
            ),
            "The first weight is the slope of the first piece, not the first height: that is the "
            "bias.": lambda x, y: _bends(x, y, lambda _: y[:1]),
            "The signs are turned around. Where the line becomes steeper, the weight is "
            "positive.": lambda x, y: -_bends(x, y),
            "The first weight should bring the first slope, and you start with 0.": lambda x, y: (
                _bends(x, y, lambda _: [0])
            ),
            "The last corner needs no unit: behind it nothing is drawn.": lambda x, y: np.append(
                _bends(x, y), -np.diff(y)[-1] / np.diff(x)[-1]
            ),
            "np.zeros_like(y) holds whole numbers where y does, and cuts off the fractions "
            "of the weights.": lambda x, y: _bends(x, y).astype(y.dtype),
            "A unit behind a bend adds to what all units before it have made. From the new "
            "slope subtract the sum of all weights so far.": _from_the_last,
            "The slope is how far the line rises divided by how far it goes to the right. "
            "You divide the other way around.": lambda x, y: _bends(y, x),
            "The corners need not stand at equal distances. Divide each rise by its own "
            "width.": lambda x, y: np.append(np.diff(y)[:1], np.diff(np.diff(y))) / (x[1] - x[0]),
            "The sign is lost: where the line becomes less steep, the weight is negative.": (
                lambda x, y: np.append(_bends(x, y)[:1], np.abs(_bends(x, y)[1:]))
            ),
        },
    ),
    "operations": Exercise(
        solution=_operations,
        cases=(
            ([64, 128, 10], 1150, 6),
            ([3, 2], 1, 1),
            ([2, 3, 1], 1, 1),
            ([64, 32, 32, 32, 10], 100, 2),
            ([1, 7, 1], 5, 3),
        ),
        mistakes={
            "This is 6ND. The first layer sends no slopes on to its inputs: 2 operations a weight "
            "fewer.": lambda *case: _operations(*case, first=0),
            "This is only the way forward. The way back takes twice as many, but for the first "
            "layer.": lambda *case: _operations(*case, factor=2, first=0),
            "You forgot the epochs: each sample is seen once in each.": lambda sizes, samples, _: (
                _operations(sizes, samples, 1)
            ),
            "You count multiplications. Each of them comes with an addition.": (
                lambda *case: _operations(*case) // 2
            ),
            "You count the biases as weights. The rule is for the products.": (
                lambda *case: _operations(*case, biases=True)
            ),
            "You spare the first layer all of its way back. It still needs the slopes of its own "
            "weights.": lambda *case: _operations(*case, first=4),
            "You spare every layer the slopes for its inputs. Only the first has nobody before "
            "it.": lambda *case: _operations(*case, factor=4, first=0),
            "A weight less to send back spares a product and its sum: 2 operations for each "
            "sample, not 1.": lambda *case: _operations(*case, first=1),
            "It is the first layer that sends nothing on, since nobody stands before it, not "
            "the last.": lambda sizes, samples, epochs: _operations(sizes[::-1], samples, epochs),
            "You forgot the samples: each of them goes through.": lambda sizes, samples, epochs: (
                _operations(sizes, 1, epochs)
            ),
            "You add up the sizes. A layer has a weight for each input and each unit: "
            "multiply neighbors.": lambda sizes, samples, epochs: (
                (6 * sum(sizes) - 2 * sizes[0]) * samples * epochs
            ),
        },
    ),
    "smallest_batch": Exercise(
        solution=_smallest_batch,
        cases=_CASES,
        mistakes={
            "The outputs are written to memory, too: batch times n numbers more.": (
                lambda *case: _smallest_batch(*case, out=False)
            ),
            "You count multiplications alone. Each comes with an addition.": (
                lambda *case: _smallest_batch(*case, work=1)
            ),
            "You count numbers, but the corner is in operations a byte.": lambda n, _, corner: (
                _smallest_batch(n, 1, corner)
            ),
            "You leave out the weights, n times n numbers. They are what a batch shares.": (
                lambda *case: _smallest_batch(*case, weights=False)
            ),
            "This is one too few: with it the product still waits for memory.": lambda *case: max(
                _smallest_batch(*case) - 1, 0
            ),
            "You leave out inputs and outputs, and so you never see that a batch may not be "
            "enough.": lambda n, size, corner: math.ceil(corner * size / 2),
            "Here no batch is enough, and your formula divides by a number that is not "
            "positive.": lambda n, size, corner: math.ceil(
                corner * size * n / (2 * (n - corner * size))
            ),
            "A batch that reaches the corner exactly is large enough.": lambda n, size, corner: (
                _smallest_batch(n, size, corner, enough=lambda busy: busy > corner)
            ),
            "Samples come whole: round up, with math.ceil.": lambda n, size, corner: (
                corner * size * n / (2 * (n - corner * size)) if corner * size < n else 0
            ),
            "Rounding down gives a batch that is just too small. Round up, with math.ceil.": (
                lambda n, size, corner: (
                    int(corner * size * n / (2 * (n - corner * size))) if corner * size < n else 0
                )
            ),
            "The nearest whole number may be too small. Round up, with math.ceil.": (
                lambda n, size, corner: (
                    round(corner * size * n / (2 * (n - corner * size))) if corner * size < n else 0
                )
            ),
            "If `corner * size` is just n, no batch is enough either, and your formula "
            "divides by 0.": lambda n, size, corner: (
                math.ceil(corner * size * n / (2 * (n - corner * size)))
                if corner * size <= n
                else 0
            ),
            "The batch may be larger than the layer. You stop the search at n.": (
                lambda n, size, corner: _smallest_batch(n, size, corner, most=n + 1)
            ),
            "The weights have `size` bytes each, too.": _light_weights,
            "Where no batch is enough, 0 has to come back, and not nothing.": lambda *case: (
                _smallest_batch(*case) or None
            ),
        },
    ),
    "cannot_be": Exercise(
        solution=(2, 4, 5, 7),
        mistakes={
            "3 can be: ReLU is from 1969, and came again in 2010. AlexNet is from 2012.": (
                2,
                3,
                4,
                5,
                7,
            ),
            "1 can be: the perceptron is from 1958, and learned without backpropagation.": (
                1,
                2,
                4,
                5,
                7,
            ),
            "6 can be: diffusion is from 2015, two years before the transformer.": (2, 4, 5, 6, 7),
            "8 can be: a layer that adds to what it gets is from 2015, and the transformer "
            "from 2017.": (2, 4, 5, 7, 8),
            "One is missing. Look at the year of LeNet, and at that of the layers that its "
            "sentence names.": (2, 5, 7),
            "One is missing. When was Adam published, and when AlexNet?": (2, 4, 7),
            "One is missing. What does the sentence on the neocognitron say of its training?": (
                (4, 5, 7)
            ),
            "One is missing. The years of the LSTM and of the transformer are twenty apart.": (
                (2, 4, 5)
            ),
            "These are the ones that can be. Those that cannot are asked for.": (1, 3, 6, 8),
            "Give the numbers in order, the smallest first.": (7, 5, 4, 2),
        },
    ),
}

QUIZ = (
    Question(
        "Does a neural network work like the brain?",
        {
            "It shares the weighted sum. How it learns is another matter.": (
                "Slopes come back through the same weights. Whether a brain does "
                "anything of the kind is an open question."
            ),
            (
                "Yes: it has its name from there, and its layers are those of the cortex."
            ): "The name is from there, and the weighted sum. Spikes in time are not.",
            "Yes, but the brain has more layers.": (
                "Cells send spikes, in time, and hang together in loops. A "
                "number of layers is not what tells the two apart."
            ),
        },
        answer="It shares the weighted sum. How it learns is another matter.",
    ),
    Question(
        (
            "Two networks have equally many parameters. Which of them reads our"
            " digits better, the one with two hidden layers or the one with "
            "six?"
        ),
        {
            "The one with six: that is what deep learning is.": (
                "With six 4.0 % were wrong, with two 2.6 %. The task asks for no six folds."
            ),
            "Neither: what counts is the number of parameters.": (
                "It was the same, and the errors were not."
            ),
            "The one with two.": "Depth pays where the task has layers, and has to be trained.",
        },
        answer="The one with two.",
    ),
    Question(
        "What did the book Perceptrons prove in 1969?",
        {
            "What a single layer of a certain kind cannot do, such as XOR.": (
                "A hidden layer gets around it, and that it does was known."
            ),
            "That neural networks, however many layers they have, are of no use.": (
                "It is often told so. What was proved holds for one layer of a certain kind."
            ),
            "That networks with hidden layers cannot be trained.": (
                "The authors doubted it. They did not prove it, and backpropagation does it."
            ),
        },
        answer="What a single layer of a certain kind cannot do, such as XOR.",
    ),
    Question(
        "Why does a graphics card train networks faster than a processor's core?",
        {
            "It does the same products of matrices, thousands of sums at a time.": (
                "The results are those of a processor, up to rounding."
            ),
            "It uses another way to learn, made for networks.": (
                "The steps, slopes and losses are the same. Only the arithmetic"
                " is done side by side."
            ),
            (
                "It needs fewer operations for the same product of two large "
                "matrices, because of how it is built."
            ): "It is 2 n³ on both. It does more of them in a second.",
        },
        answer="It does the same products of matrices, thousands of sums at a time.",
    ),
    Question(
        ("Were learned features better than designed ones only where there were many pictures?"),
        {
            "No: here they had fewer errors with 50 pictures, too.": (
                "So it was with these features. Somebody else may design better ones."
            ),
            (
                "Yes: with only 50 pictures the designed ones had fewer errors "
                "than the learned ones."
            ): "With 50 the pixels with a network had about half as many errors.",
            "No: nobody can design useful features.": (
                "With them more than 5 of 6 known digits were read rightly, from 400 pictures."
            ),
        },
        answer="No: here they had fewer errors with 50 pictures, too.",
    ),
)

GUESSES = {
    "hand": Question(
        "With only 50 pictures to learn from, which has fewer errors?",
        {
            "24 designed features": (
                "One would think so, since 50 pictures are little to learn "
                "features from. The pixels had about half as many errors."
            ),
            "64 pixels": "Even with 50 pictures, and even without a hidden layer.",
            "They are level": (
                "The pixels have about half as many errors, with a linear model and with a network."
            ),
        },
        answer="64 pixels",
    ),
    "layers": Question(
        (
            "The weights are still random, as they were drawn. What does the "
            "error of the nearest mean do from layer to layer?"
        ),
        {
            "It rises.": "From about 10 to 50 %: random layers mix the digits up.",
            "It falls: deeper layers see more.": (
                "They see what the layer before lets through, and random layers mix."
            ),
            "It stays.": "ReLU throws away what is below 0, and each layer mixes the rest anew.",
        },
        answer="It rises.",
    ),
    "fold": Question(
        ("One layer makes 2 pieces. How many pieces do seven layers with two units each make?"),
        {
            "14": (
                "That is the number of units. The layers do not stand side by "
                "side: each folds what the one before has folded."
            ),
            "49": "Each layer doubles the number: 2 times 2, seven times, and that is 128.",
            "128": "Each layer doubles it: 2, 4, 8, 16, 32, 64, 128.",
        },
        answer="128",
    ),
    "find": Question(
        (
            "Three folds: the network with two units in each of three layers "
            "has perfect weights. Does training find them, from four different "
            "starts?"
        ),
        {
            "Each of the four times": (
                "In none of the four. The error stayed about where the mean of the curve has it."
            ),
            "In some of the four": (
                "In none: that weights exist does not say that a walk downhill comes to them."
            ),
            "Never": "It stayed about as bad as the mean of the curve.",
        },
        answer="Never",
    ),
    "roof": Question(
        (
            "A network on the H100 answers one question at a time. What share "
            "of the card's top speed does a layer of 4,096 units reach at most?"
        ),
        {
            "Less than a hundredth": "One operation a byte, of 295. The card waits for its memory.",
            "Nearly all of it": (
                "Each weight is fetched, 2 bytes, for 2 operations. The card "
                "could do 295 operations for each byte."
            ),
            "About a third of it": "It is one operation for each byte, and the card could do 295.",
        },
        answer="Less than a hundredth",
    ),
    "cost": Question(
        (
            "A network gets ten times as many parameters, and ten times as many"
            " samples. What does its training cost?"
        ),
        {
            "10 times as much": "Both count: every sample goes through every parameter.",
            "20 times as much": "The factors multiply, they do not add up.",
            "100 times as much": "6ND: both factors of 10 are in it.",
        },
        answer="100 times as much",
    ),
}
