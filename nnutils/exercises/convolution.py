"""Exercises and quiz of the chapter *Convolution*."""

import math

import numpy as np

from nnutils.exercises import Exercise, Question


def ink(rows, columns, seed, most=3):
    """Return a picture of whole numbers from 0 to ``most``, many of them equal."""
    return np.random.default_rng(seed).integers(0, most + 1, (rows, columns)).astype(float)


def normal(n, seed):
    """Return n normal numbers, rounded to two decimals."""
    return np.round(np.random.default_rng(seed).normal(size=n), 2)


def _output_size(n, size, stride, padding):
    return (n + 2 * padding - size) // stride + 1


def _pool_pull(x, pull, share=lambda block: (block == block.max()) / np.sum(block == block.max())):
    slopes = np.zeros(x.shape)
    for i, j in np.ndindex(*pull.shape):
        place = slice(2 * i, 2 * i + 2), slice(2 * j, 2 * j + 2)
        slopes[place] = pull[i, j] * share(x[place])
    return slopes


def _first(block):
    share = np.zeros(4)
    share[np.argmax(block)] = 1
    return share.reshape(2, 2)


def _last(block):
    return _first(block[::-1, ::-1])[::-1, ::-1]


def _pool_pull_cut(x, pull):
    return _pool_pull(x, pull).astype(x.dtype)


def _input_slopes(kernel, pull, n, stride, *, add=True, step=None, turn=False):
    slopes, kernel = np.zeros(n), np.array(kernel)[:: -1 if turn else 1]
    for place, d in enumerate(pull):
        start = place * (step or stride)
        seen = slice(start, start + len(kernel))
        slopes[seen] = (slopes[seen] if add else 0) + d * kernel[: len(slopes[seen])]
    return slopes


def _stretched(kernel, pull, n, stride):
    slopes = np.zeros(n)
    for place, d in enumerate(pull):
        for i, weight in enumerate(kernel):
            if place + i * stride < n:
                slopes[place + i * stride] += d * weight
    return slopes


def _parameters(n_in, n_out, size, *, bias=1, seen=None, mixing=1):
    usual = size * size * (seen or n_in) * n_out + bias * n_out
    each = size * size * n_in + bias * n_in
    return usual, each + mixing * n_in * n_out + bias * n_out


def _reach(layers, *, adds=lambda size: size - 1, first=1, before=False, steps=True):
    seen, step = first, 1
    for size, stride in layers:
        step *= stride if steps and before else 1
        seen += adds(size) * step
        step *= stride if steps and not before else 1
    return seen


def _from_the_front(layers):
    seen = 1
    for size, stride in layers:
        seen = (seen - 1) * stride + size
    return seen


def _last_stride(layers):
    seen, step = 1, 1
    for size, stride in layers:
        seen += (size - 1) * step
        step = stride
    return seen


def _summed_steps(layers):
    seen, step = 1, 1
    for size, stride in layers:
        seen += (size - 1) * step
        step += stride - 1
    return seen


EXERCISES = {
    "output_size": Exercise(
        solution=_output_size,
        cases=(
            (5, 3, 1, 0),
            (8, 3, 2, 1),
            (8, 3, 1, 1),
            (28, 5, 1, 2),
            (227, 11, 4, 0),
            (9, 4, 3, 0),
            (5, 5, 2, 0),
        ),
        mistakes={
            "The zeros stand on both ends of the row.": (
                lambda n, size, stride, padding: (n + padding - size) // stride + 1
            ),
            "You count the steps of the window. There is one place more, that where it begins.": (
                lambda n, size, stride, padding: (n + 2 * padding - size) // stride
            ),
            "A window that does not fit as a whole is left out: round down.": (
                lambda n, size, stride, padding: -(-(n + 2 * padding - size) // stride) + 1
            ),
            "The places of a window come whole: round down.": (
                lambda n, size, stride, padding: (n + 2 * padding - size) / stride + 1
            ),
            "You count pixels and divide. It is the steps that the stride makes fewer: add the "
            "first place after that.": (
                lambda n, size, stride, padding: (n + 2 * padding - size + 1) // stride
            ),
            "You leave out the stride.": (
                lambda n, size, stride, padding: n + 2 * padding - size + 1
            ),
            "You leave out the zeros at the ends.": (
                lambda n, size, stride, padding: (n - size) // stride + 1
            ),
            "`//` comes before + and -. What is divided by the stride needs brackets.": (
                lambda n, size, stride, padding: n + 2 * padding - size // stride + 1
            ),
            "This is one place too many: the window can go on by the pixels that are left "
            "over beside it, n + 2 padding - size.": lambda n, size, stride, padding: (
                (n + 2 * padding - size + 1) // stride + 1
            ),
        },
    ),
    "pool_pull": Exercise(
        solution=_pool_pull,
        cases=(
            "np.array([[1.0, 2.0], [3.0, 0.0]]), np.array([[5.0]])",
            "np.array([[1.0, 1.0], [0.0, 1.0]]), np.array([[6.0]])",
            "np.array([[0.0, 0.0, 1.0, 2.0], [0.0, 0.0, -1.0, -3.0]]), np.array([[8.0, -1.0]])",
            "ink(4, 6, 0), ink(2, 3, 1)",
            "ink(6, 4, 2) - 3, ink(3, 2, 3) - 1",
            "ink(8, 8, 4), ink(4, 4, 5) / 7",
            "np.array([[2, 2], [1, 0]]), np.array([[3]])",
            "np.array([[0.5, 0.7], [0.6, 0.2]]), np.array([[2.0]])",
        ),
        mistakes={
            "All four get the pull here. Only the largest moves the output.": (
                lambda x, pull: _pool_pull(x, pull, np.ones_like)
            ),
            "This is the pull of a mean: a quarter for each. Only the largest moves the output.": (
                lambda x, pull: _pool_pull(x, pull, lambda block: np.full((2, 2), 0.25))
            ),
            "In a tie each gets the whole pull here. Together they get it once.": (
                lambda x, pull: _pool_pull(x, pull, lambda block: block == block.max())
            ),
            "In a tie the first one gets all here. They share it equally.": (
                lambda x, pull: _pool_pull(x, pull, _first)
            ),
            "You multiply by the pixel itself. The output is the pixel, so the slope is 1.": (
                lambda x, pull: _pool_pull(x, pull) * x
            ),
            "The smallest gets the pull here.": (
                lambda x, pull: _pool_pull(x, pull, lambda b: (b == b.min()) / np.sum(b == b.min()))
            ),
            "np.zeros_like(x) holds whole numbers where x does, and cuts off the fractions "
            "of shared pulls.": _pool_pull_cut,
            "In a tie the last one gets all here. They share it equally.": lambda x, pull: (
                _pool_pull(x, pull, _last)
            ),
            "The largest pixel of a block can be negative: do not begin the search with 0.": (
                lambda x, pull: _pool_pull(
                    x, pull, lambda b: (b == max(0, b.max())) / max(1, np.sum(b == max(0, b.max())))
                )
            ),
        },
    ),
    "input_slopes": Exercise(
        solution=_input_slopes,
        cases=(
            "np.array([2, 1, -1]), np.array([1, 10]), 5, 2",
            "np.array([2, 1, -1]), np.array([1, 0, 2]), 5, 1",
            "np.array([1, 2]), np.array([3, 4]), 6, 3",
            "normal(4, 0), normal(5, 1), 8, 1",
            "normal(3, 2), normal(4, 3), 10, 2",
            "normal(5, 4), normal(3, 5) / 7, 12, 3",
            "np.array([2, 1]), np.array([0.5, -0.25]), 4, 2",
        ),
        mistakes={
            "The last window writes over what the ones before have sent. Where windows overlap, "
            "slopes add.": lambda *case: _input_slopes(*case, add=False),
            "You leave out the stride: the next window starts that many numbers later. A turned "
            "kernel over the padded pull fits for steps of 1 only.": (
                lambda *case: _input_slopes(*case, step=1)
            ),
            "You turn the kernel around. Each window sends its pull back with the weights that it "
            "has read with, in the same order.": lambda *case: _input_slopes(*case, turn=True),
            "You average over the windows. Slopes that meet are added.": (
                lambda kernel, pull, n, stride: _input_slopes(kernel, pull, n, stride) / len(pull)
            ),
            "The pull is missing: a window that pulls twice as hard sends twice as much.": (
                lambda kernel, pull, n, stride: _input_slopes(kernel, np.ones(len(pull)), n, stride)
            ),
            "You stretch the kernel. Its weights lie side by side; it is the windows that "
            "begin `stride` numbers apart.": _stretched,
            "There have to be n slopes. Numbers at the end that no window has read have the "
            "slope 0.": lambda kernel, pull, n, stride: _input_slopes(
                kernel, pull, (len(pull) - 1) * stride + len(kernel), stride
            ),
        },
    ),
    "which_fault": Exercise(
        solution=(5, 1, 4, 2, 3),
        mistakes={
            "B and D are swapped. Which of the two is right for a kernel that equals its turned "
            "self?": (5, 2, 4, 1, 3),
            "C and E are swapped. Look in which column each of them is wrong.": (5, 1, 3, 2, 4),
            "Look at A again: doubled pulls would make every slope twice what a nudge says.": (
                6,
                1,
                4,
                2,
                3,
            ),
            "A and D are swapped. In D the two ways do not fit each other; in A they do.": (
                (2, 1, 4, 5, 3)
            ),
            "A and B are swapped. Pulls that are lost are seen by a nudge of that pixel.": (
                (1, 5, 4, 2, 3)
            ),
            "The faults are numbered from 1, and you count from 0.": (4, 0, 3, 1, 2),
        },
    ),
    "parameters": Exercise(
        solution=_parameters,
        cases=((1, 1, 1), (1, 8, 3), (64, 128, 3), (3, 96, 11), (5, 2, 2)),
        mistakes={
            "The biases are missing: each kernel of each layer has one.": (
                lambda *case: _parameters(*case, bias=0)
            ),
            "The biases of the second of the two layers are missing: it has one for each output "
            "channel.": lambda n_in, n_out, size: (
                _parameters(n_in, n_out, size)[0],
                _parameters(n_in, n_out, size)[1] - n_out,
            ),
            "A usual filter has weights for every channel that it reads.": (
                lambda *case: _parameters(*case, seen=1)
            ),
            "The second of the two layers has windows of one pixel.": (
                lambda n_in, n_out, size: _parameters(n_in, n_out, size, mixing=size * size)
            ),
            "The second of the two layers is missing: somebody has to mix the channels.": (
                lambda n_in, n_out, size: (
                    _parameters(n_in, n_out, size)[0],
                    size * size * n_in + n_in,
                )
            ),
            "The two numbers are swapped: first the usual layer.": (
                lambda *case: _parameters(*case)[::-1]
            ),
            "The first of the two layers has one kernel for each input channel, not for each "
            "output.": lambda n_in, n_out, size: (
                _parameters(n_in, n_out, size)[0],
                size * size * n_out + n_out + n_in * n_out + n_out,
            ),
            "A kernel of the first of the two layers reads one channel alone, not all of them.": (
                lambda n_in, n_out, size: (
                    _parameters(n_in, n_out, size)[0],
                    size * size * n_in * n_in + n_in + n_in * n_out + n_out,
                )
            ),
            "A window has size times size pixels, not size.": lambda n_in, n_out, size: (
                size * n_in * n_out + n_out,
                size * n_in + n_in + n_in * n_out + n_out,
            ),
            "One bias for a whole layer is too few: each kernel has one.": (
                lambda n_in, n_out, size: (
                    size * size * n_in * n_out + 1,
                    size * size * n_in + n_in * n_out + 2,
                )
            ),
            "A usual filter has one bias, however many channels it reads.": (
                lambda n_in, n_out, size: (
                    (size * size + 1) * n_in * n_out,
                    _parameters(n_in, n_out, size)[1],
                )
            ),
        },
    ),
    "reach": Exercise(
        solution=_reach,
        cases=(
            ([(3, 1)],),
            ([(3, 1), (3, 1)],),
            ([(3, 1), (2, 2), (3, 1)],),
            ([],),
            ([(2, 2), (2, 2), (2, 2)],),
            ([(5, 1), (2, 2), (5, 3), (2, 2)],),
            ([(11, 4), (3, 2), (5, 1), (3, 2)],),
        ),
        mistakes={
            "You leave out the strides: behind a stride of 2, neighbors lie two pixels apart.": (
                lambda layers: _reach(layers, steps=False)
            ),
            "You add the whole size. The windows of two neighbors overlap: a window of size adds "
            "size - 1.": lambda layers: _reach(layers, adds=lambda size: size, first=0),
            "The stride of a layer counts for the layers behind it, not for its own window.": (
                lambda layers: _reach(layers, before=True)
            ),
            "A layer's own stride does not widen its window. The strides of all layers before it "
            "do, multiplied.": lambda layers: 1 + sum((size - 1) * step for size, step in layers),
            "You begin with 0. Without any layer one pixel sees itself.": (
                lambda layers: _reach(layers, first=0)
            ),
            "This goes through the layers the wrong way round: such a rule has to begin with the "
            "last one.": _from_the_front,
            "You add the strides. Two strides of 2 make steps of 4: multiply.": _summed_steps,
            "This is what the last layer alone sees of what it reads. Count pixels of the "
            "picture.": lambda layers: layers[-1][0],
            "You multiply the sizes. Windows of neighbors overlap, so most pixels are seen "
            "twice.": lambda layers: math.prod(size for size, _ in layers),
            "All strides before count, multiplied, not the last one alone.": _last_stride,
            "This stops at the first layer: the return stands inside of the loop.": lambda layers: (
                layers[0][0] if layers else None
            ),
        },
    ),
}

QUIZ = (
    Question(
        "A convolution with windows of 3 by 3 pixels reads pictures of 12 by 12. Then pictures of "
        "24 by 24 come. How many more weights does it need?",
        {
            "Four times as many, one for each pixel.": "A weight belongs to a place in the window, "
            "not to a pixel of the picture.",
            "None.": "The same window goes to more places. Only the work grows.",
            "Twice as many, since the window has to grow along.": "It may stay as it is. Then it "
            "sees a smaller part of the picture.",
        },
        answer="None.",
    ),
    Question(
        "What does pooling by 2 do to the answer when the picture moves by one pixel?",
        {
            "Nothing: that is what pooling is for.": "It is so if every largest number stays in "
            "its block, and at the borders of blocks it does not.",
            "It may change: the blocks hold other pixels now.": "In the chapter one step cost "
            "more digits than two.",
            "It changes, and more so with each further pixel.": "After two pixels the blocks hold "
            "the same pixels again, one block later.",
        },
        answer="It may change: the blocks hold other pixels now.",
    ),
    Question(
        "Which new rule does the way back through a convolution need?",
        {
            "The rule of the turned kernel.": "It follows from the band in the matrix: its "
            "transpose has the kernel in the other direction.",
            "A mean over all places, since a weight is used at each.": "A weight that is used "
            "many times is a fork, and at a fork slopes are added.",
            "None: it is a dense layer with shared weights.": "Slopes add at forks, and a matrix "
            "goes back by its transpose.",
            "The largest slope of all places counts.": "That is how pooling chooses. A weight "
            "gets the sum.",
        },
        answer="None: it is a dense layer with shared weights.",
    ),
    Question(
        "Most of AlexNet's parameters are in its dense layers. Where is most of its work?",
        {
            "In the convolutions, which use each weight at many places.": "They hold 3.8 % of the "
            "parameters and do 91.9 % of the products.",
            "In the dense layers, too: each parameter is one product.": "That is so for a dense "
            "layer. A weight of a convolution is used at every place of the window.",
            "In pooling, which looks at every pixel.": "It compares, and multiplies nothing.",
        },
        answer="In the convolutions, which use each weight at many places.",
    ),
    Question(
        "Digits always stand in the middle of the picture. Is a network with convolutions better "
        "than a dense one?",
        {
            "Yes, by far: pictures need convolutions.": "Here both read about 95 of 100. The "
            "difference comes when digits move.",
            "Not by much, here: a weight for each pixel is enough if nothing moves.": "The table "
            "shows it. What a convolution knows about moves is of no use then.",
            "No, it is worse: it cannot know where a stroke is.": "One with Flatten knows it. And "
            "even without, it reads about as many.",
        },
        answer="Not by much, here: a weight for each pixel is enough if nothing moves.",
    ),
)
GUESSES = {
    "moved": Question(
        'The network "convolutions, largest" reads most digits in the middle. How does it read '
        "digits that are moved by one pixel, and by two?",
        {
            "One costs more than two": "Two steps fit its blocks of two pixels. One does not.",
            "One costs something, two cost more": "One costs more than two! The two steps fit its "
            "blocks of two pixels.",
            "Neither costs anything": "The convolutions move along, but there is pooling between "
            "them.",
        },
        answer="One costs more than two",
    ),
    "level": Question(
        'The kernel "level" slides over the 7, in nine places. Where is its output the largest?',
        {
            "At the top: there is the long stroke": "Its outputs there are -4, -2 and -2. The "
            "stroke lies in the window's upper row, where the weights are negative.",
            "It is nowhere larger than 1": "No window has the top row of the picture in its middle "
            "row, where the twos are.",
            "In the middle, as it was with the other kernel": "There it is 0: one pixel of ink in "
            "the middle row, and one above and below each.",
        },
        answer="It is nowhere larger than 1",
    ),
}
