"""Exercises and quiz of the chapter *Regularization*."""

import numpy as np

from nnutils.exercises import Exercise, Question


def _shrunk(weights, amount):
    return np.sign(weights) * np.maximum(np.abs(weights) - amount, 0)


def _step(w, g, rate, l2, l1, *, shrink=_shrunk, biases=-1):
    """Return the step of exercise 1; the keywords make the usual mistakes."""
    new = w - rate * g
    inner = slice(None, biases)
    new[inner] = shrink(new[inner] - rate * l2 * w[inner], rate * l1)
    return new


def _step_with(**mistake):
    return lambda *given: _step(*given, **mistake)


def _beyond(weights, amount):
    return weights - amount * np.sign(weights)


def _shrink_first(w, g, rate, l2, l1):
    new = w - rate * g
    new[:-1] = _shrunk(w[:-1], rate * l1) - rate * (g + l2 * w)[:-1]
    return new


def _old_sign(w, g, rate, l2, l1):
    new = _step(w, g, rate, l2, l1)
    new[:-1] = np.sign(w[:-1]) * np.abs(new[:-1])
    return new


def _biases_stay(w, g, rate, l2, l1):
    return np.append(_step(w, g, rate, l2, l1)[:-1], w[-1:], axis=0)


def _in_place(w, g, rate, l2, l1):
    w -= rate * g
    w[:-1] = _shrunk(w[:-1] - rate * l2 * w[:-1], rate * l1)
    return w


def _l2_on_biases(w, g, rate, l2, l1):
    new = w - rate * (g + l2 * w)
    new[:-1] = _shrunk(new[:-1], rate * l1)
    return new


def _l2_of_the_new(w, g, rate, l2, l1):
    new = w - rate * g
    new[:-1] = _shrunk(new[:-1] * (1 - rate * l2), rate * l1)
    return new


def _noise(x, w, share, *, factor=None, terms=None):
    products = np.asarray(x) * np.asarray(w)
    spread = share / (1 - share) if factor is None else factor(share)
    squares = np.sum(products**2) if terms is None else terms(products)
    return np.sum(products), spread * squares


def _noise_with(**mistake):
    return lambda *given: _noise(*given, **mistake)


def _limited(weights, limit):
    lengths = np.linalg.norm(weights, axis=0)
    return weights * (limit / np.maximum(lengths, limit))


def _limited_by(lengths_of):
    """Return an answer that measures the lengths in another way."""

    def limit_columns(weights, limit):
        lengths = lengths_of(weights)
        return weights * (limit / np.maximum(lengths, limit))

    return limit_columns


def _all_to_the_limit(weights, limit):
    lengths = np.linalg.norm(weights, axis=0)
    return weights * (limit / np.where(lengths == 0, 1, lengths))


def _divided(weights, limit):
    with np.errstate(all="ignore"):
        lengths = np.linalg.norm(weights, axis=0)
        return weights / lengths * np.minimum(lengths, limit)


def _dropped(x, weights, draws, share, d_y, *, mask=None, back=None, to_x=None):
    """Return the layer of exercise 4; the keywords make the usual mistakes."""
    mask = (draws >= share) / (1 - share) if mask is None else mask(draws, share)
    left, all_slopes = weights * mask, x.T @ d_y
    slopes = all_slopes * (mask if back is None else back(mask))
    return x @ left, slopes, d_y @ (left if to_x is None else to_x(weights, mask)).T


def _dropped_with(**mistake):
    return lambda *given: _dropped(*given, **mistake)


def _zeros_dropped(x, weights, draws, share, d_y):
    y, slopes, d_x = _dropped(x, weights, draws, share, d_y)
    return y, np.where(weights == 0, 0, slopes), d_x


def _masked_inputs(x, weights, draws, share, d_y):
    """Drop outputs of the layer before, as dropout does."""
    mask = ((draws >= share) / (1 - share))[:, 0]
    return (x * mask) @ weights, (x * mask).T @ d_y, d_y @ weights.T * mask


_LAYER = (
    "np.random.default_rng({0}).normal(size=({1}, {2})), "
    "np.random.default_rng({0} + 1).normal(size=({2}, {3})), "
    "np.random.default_rng({0} + 2).random(({2}, {3})), {4}, "
    "np.random.default_rng({0} + 3).normal(size=({1}, {3}))"
)
_DRAWN = (
    "np.random.default_rng({0}).normal(size={1}), np.random.default_rng({0} + 1).normal(size={1})"
)

EXERCISES = {
    "step": Exercise(
        solution=_step,
        cases=(
            "np.array([[3.0], [-3.0], [0.1], [2.0]]), np.zeros((4, 1)), 0.5, 0, 1",
            "np.array([[2.0], [-1.0], [5.0]]), np.zeros((3, 1)), 0.1, 1, 0",
            "np.array([[1.0, -2.0], [0.5, 0.25]]), np.array([[2.0, 1.0], [3.0, -3.0]]), 0.1, 0, 0",
            "np.array([[0.0], [1.0]]), np.array([[0.2], [0.2]]), 1, 0.5, 0.5",
            "np.array([[0.5], [1.0]]), np.array([[20.0], [0.0]]), 0.1, 0, 1",
            f"{_DRAWN.format(0, '(4, 3)')}, 0.3, 0.5, 0.4",
            f"{_DRAWN.format(5, '(6, 2)')}, 0.1, 2, 5",
            f"{_DRAWN.format(9, '(1, 3)')}, 0.1, 2, 5",
        ),
        mistakes={
            "A weight that is nearer to 0 than the amount jumps to the other side. Stop it at "
            "0: np.maximum(..., 0).": _step_with(shrink=_beyond),
            "The biases shrink, too. The last row takes part in neither penalty.": _step_with(
                biases=None
            ),
            "L2 pulls at the biases. The last row takes part in neither penalty.": _l2_on_biases,
            "You shrink by l1. The amount is rate times l1, as for every other slope.": (
                lambda w, g, rate, l2, l1: _step(w, g, rate, l2, l1 / rate)
            ),
            "You multiply by 1 minus the amount. Shrinking takes the same amount off every "
            "weight.": _step_with(shrink=lambda weights, amount: weights * (1 - amount)),
            "What is left has lost its sign. Multiply by the sign of the weight.": _step_with(
                shrink=lambda weights, amount: np.maximum(np.abs(weights) - amount, 0)
            ),
            "A step can carry a weight across 0. The sign to keep is that after the step, not "
            "that of the old weight.": _old_sign,
            "Small weights become 0, but the others have to move as well, by the same "
            "amount.": _step_with(
                shrink=lambda weights, amount: np.where(np.abs(weights) > amount, weights, 0)
            ),
            "You shrink before the step. Then the step moves the zeros again, and hardly a weight "
            "ends at 0.": _shrink_first,
            "L2 takes off a part of the weight as it was before the step, like every "
            "slope.": _l2_of_the_new,
            "The pull of L2 is missing.": lambda w, g, rate, l2, l1: _step(w, g, rate, 0, l1),
            "The shrinking, which belongs to L1, is missing.": lambda w, g, rate, l2, l1: _step(
                w, g, rate, l2, 0
            ),
            "The half in the penalty of L2 has gone: the slope of half the square is the weight "
            "itself, not twice or half of it.": lambda w, g, rate, l2, l1: _step(
                w, g, rate, 2 * l2, l1
            ),
            "You go up the slope. A step goes against it.": lambda w, g, rate, l2, l1: _step(
                w, -g, rate, l2, l1
            ),
            "You change w itself. Work on a copy, such as w - rate * g.": _in_place,
            "Negative weights shrink, too, toward 0 from below. Take the size, and give the "
            "sign back.": _step_with(
                shrink=lambda weights, amount: np.maximum(weights - amount, 0)
            ),
            "The biases have slopes as well: they take part in the plain step, and in "
            "neither penalty.": _biases_stay,
            "The pull of L2 is a slope like any other: times the rate.": (
                lambda w, g, rate, l2, l1: _step(w, g, rate, l2 / rate, l1)
            ),
            "The biases are the last row, not the last column.": lambda w, g, rate, l2, l1: (
                _step(w.T, g.T, rate, l2, l1).T
            ),
            "The biases are the last row, not the first.": lambda w, g, rate, l2, l1: _step(
                w[::-1], g[::-1], rate, l2, l1
            )[::-1],
        },
    ),
    "noise": Exercise(
        solution=_noise,
        cases=(
            "np.array([2, 4]), np.array([1, 0.5]), 0.5",
            "np.array([3.0]), np.array([1.0]), 0.9",
            "np.array([1.0, 1.0]), np.array([5.0, -5.0]), 0.2",
            "np.array([1.0, 2.0, 3.0]), np.array([0.5, -1.0, 2.0]), 0",
            f"{_DRAWN.format(0, 8)}, 0.25",
        ),
        mistakes={
            "You divide by the share where 1 minus the share belongs, or the other way round: "
            "share / (1 - share) grows with the share.": _noise_with(
                factor=lambda share: (1 - share) / share
            ),
            "This is the variance without the scale. Dividing by 1 - share makes it 1 / (1 - "
            "share) squared times as large.": _noise_with(factor=lambda share: share * (1 - share)),
            "The mean of the squares is right, but the square of the mean is not "
            "subtracted.": _noise_with(factor=lambda share: 1 / (1 - share)),
            "The factor is the share alone; it has to be divided by 1 - share.": _noise_with(
                factor=lambda share: share
            ),
            "The products are not squared. A variance is made of squares.": _noise_with(
                terms=np.sum
            ),
            "You square the sum. The masks are drawn one by one, so the variances of the single "
            "products add up: square first.": _noise_with(terms=lambda p: np.sum(p) ** 2),
            "This is the mean of the squares. Their sum is needed: the variances add up.": (
                _noise_with(terms=lambda p: np.mean(p**2))
            ),
            "This is the standard deviation. The variance is its square.": lambda x, w, share: (
                _noise(x, w, share)[0],
                np.sqrt(_noise(x, w, share)[1]),
            ),
            "The mean is that without the scale. Because of the division by 1 - share, it is the "
            "sum itself.": lambda x, w, share: (
                (1 - share) * _noise(x, w, share)[0],
                _noise(x, w, share)[1],
            ),
            "The first number is the mean of the products. It has to be their sum.": (
                lambda x, w, share: (np.mean(np.asarray(x) * w), _noise(x, w, share)[1])
            ),
            "In `share / 1 - share` the 1 - share needs brackets.": lambda x, w, share: (
                np.sum(x * w),
                share / 1 - share * np.sum((x * w) ** 2),
            ),
            "The weights are squared, too: it is the products whose squares are added.": (
                lambda x, w, share: (
                    _noise(x, w, share)[0],
                    _noise(x, np.ones(len(x)), share)[1],
                )
            ),
            "These are the variances of the single products. The variance of their sum is "
            "the sum of them.": lambda x, w, share: (x * w, share / (1 - share) * (x * w) ** 2),
            "np.var of the products says how they differ from each other. The masks make the "
            "noise here.": _noise_with(terms=np.var),
        },
    ),
    "limit_columns": Exercise(
        solution=_limited,
        cases=(
            "np.array([[3.0, 0.6, 0.0], [4.0, -0.8, 0.0]]), 2",
            "np.array([[3.0, 0.1], [4.0, 0.2]]), 5",
            "np.random.default_rng(0).normal(size=(5, 4)), 2",
            "np.random.default_rng(1).normal(0, 3, (3, 6)), 0.5",
        ),
        mistakes={
            "These are the rows, the weights of an input. The weights of a unit are a "
            "column.": _limited_by(lambda w: np.linalg.norm(w, axis=1, keepdims=True)),
            "You also lengthen the columns that are shorter than the limit. They stay.": (
                _all_to_the_limit
            ),
            "A column of zeros has the length 0, and dividing by it gives nan.": _divided,
            "This is the squared length. Take its root.": _limited_by(
                lambda w: np.sum(w**2, axis=0)
            ),
            "You add up the sizes of the weights. The length is the root of the sum of their "
            "squares.": _limited_by(lambda w: np.sum(np.abs(w), axis=0)),
            "This is one length for all weights together. Each unit has its own.": _limited_by(
                np.linalg.norm
            ),
            "You clip every weight by itself. Then the column points elsewhere; it has to keep its "
            "direction.": lambda w, limit: np.clip(w, -limit, limit),
            "You set long columns to 0. Shorten them to the limit.": lambda w, limit: np.where(
                np.linalg.norm(w, axis=0) > limit, 0, w
            ),
            "All columns are shortened by the same factor here. Each has its own.": (
                lambda weights, limit: (
                    weights * min(1, limit / np.linalg.norm(weights, axis=0).max())
                )
            ),
            "The largest weight is not the length of a column. That is the root of the sum "
            "of the squares.": _limited_by(lambda w: np.abs(w).max(axis=0)),
            "You divide by the length, and forget to multiply by the limit.": (
                lambda weights, limit: weights / np.maximum(np.linalg.norm(weights, axis=0), limit)
            ),
        },
    ),
    "drop_weights": Exercise(
        solution=_dropped,
        cases=(
            "np.array([[2.0, 4.0]]), np.array([[1.0], [0.5]]), np.array([[0.7], [0.2]]), 0.5, "
            "np.array([[1.0]])",
            "np.array([[1.0, 2.0]]), np.array([[3.0], [4.0]]), np.array([[0.5], [0.9]]), 0.5, "
            "np.array([[2.0]])",
            _LAYER.format(0, 1, 4, 1, 0),
            _LAYER.format(4, 5, 4, 3, 0.4),
            _LAYER.format(8, 3, 6, 2, 0.8),
            "np.array([[1.0, 2.0]]), np.array([[0.0], [4.0]]), np.array([[0.9], [0.5]]), 0.5, "
            "np.array([[2.0]])",
        ),
        mistakes={
            "What is left is not scaled. Divide by 1 - share, or the sum is too small in the "
            "mean.": _dropped_with(mask=lambda draws, share: 1.0 * (draws >= share)),
            "You divide by the share. What is left over is 1 - share, so divide by that.": (
                _dropped_with(mask=lambda draws, share: (draws >= share) / np.float64(share))
            ),
            "You multiply by 1 - share. What is left has to become larger: divide.": (
                _dropped_with(mask=lambda draws, share: (draws >= share) * (1 - share))
            ),
            "You keep what should be dropped: a weight goes where its draw is below the "
            "share.": _dropped_with(mask=lambda draws, share: (draws < share) / (1 - share)),
            "A draw equal to the share is not below it, so its weight stays.": _dropped_with(
                mask=lambda draws, share: (draws > share) / (1 - share)
            ),
            "The slopes with the weights do not go through the mask. A dropped weight has the "
            "slope 0.": _dropped_with(back=lambda mask: 1),
            "The slopes with the weights pass the mask, but not its scale. A weight that acts "
            "twice as strongly has twice the slope.": _dropped_with(back=lambda mask: mask != 0),
            "The pull goes back to x through all weights. Only those that are left pass it on.": (
                _dropped_with(to_x=lambda weights, mask: weights)
            ),
            "The pull goes back to x through the weights that are left, but without their "
            "scale.": _dropped_with(to_x=lambda weights, mask: weights * (mask != 0)),
            "This drops inputs, as dropout does: a whole row of weights at once. Each weight has "
            "a draw of its own.": _masked_inputs,
            "The numbers are right. Return y first, then the slopes with the weights, then those "
            "with x.": lambda *given: (
                _dropped(*given)[0],
                _dropped(*given)[2],
                _dropped(*given)[1],
            ),
            "You know dropped weights by their 0. A weight that is 0 by itself and was kept "
            "has a slope, too.": _zeros_dropped,
            "You divide by the number of samples. The pull has done that already; slopes of "
            "samples are added.": lambda *given: (
                _dropped(*given)[0],
                _dropped(*given)[1] / len(given[0]),
                _dropped(*given)[2],
            ),
            "The slope with a weight does not hold the weight itself: x times the pull, "
            "times the mask.": lambda x, weights, draws, share, d_y: (
                _dropped(x, weights, draws, share, d_y)[0],
                _dropped(x, weights, draws, share, d_y)[1] * weights,
                _dropped(x, weights, draws, share, d_y)[2],
            ),
        },
    ),
    "what_was_done": Exercise(
        solution=(3, 1, 5, 2, 4),
        mistakes={
            "Two readings differ only if numbers are still drawn: dropout is on. That is not "
            "dropout that was used as it should be.": (3, 1, 4, 2, 5),
            "Who repeats every label has been held back by nothing; L2 with 0.03 believes few "
            "wrong ones.": (3, 2, 5, 1, 4),
            "Exact zeros come from shrinking. L2 makes weights small, but never 0.": (
                2,
                1,
                5,
                3,
                4,
            ),
            "L2 has a price on size, and dropout has none: the smaller weights are those of L2.": (
                3,
                1,
                5,
                4,
                2,
            ),
        },
    ),
    "where": Exercise(
        solution=(150, 94, 150),
        mistakes={
            "The ten outputs do not count: each has its own column of weights and the same "
            "equations. There is one equation for each picture.": (1500, 1500, 1500),
            "A is right. In B the pixels are columns, too, so fewer random units are needed.": (
                150,
                150,
                150,
            ),
            "The pixels in B take away, they do not add: columns of both kinds fit the pictures "
            "together.": (150, 206, 150),
            "A and B are right. In C a second copy of a picture is fitted by what fits the "
            "first.": (150, 94, 300),
            "A is right. Look at B and C again: columns that differ, and pictures that differ.": (
                150,
                150,
                300,
            ),
        },
        tolerance=0.07,
    ),
}
QUIZ = (
    Question(
        "A network has 100 parameters for every picture that it learns from. What follows?",
        {
            "It must fail on new pictures.": "128 units beat 16 in every row, at up to 192 "
            "parameters a picture.",
            "Nothing yet: measure it on new pictures.": "What counts is which of the fitting "
            "weights it ends with.",
            "It needs as many pictures as parameters, at the least.": "With random units, as many "
            "of one as of the other was the very worst place.",
        },
        answer="Nothing yet: measure it on new pictures.",
    ),
    Question(
        "When does early stopping pay?",
        {
            "Always, since a validation loss rises in the end.": "On clean labels the loss may "
            "rise while as many pictures are right as before.",
            "Never: other methods do the same, and need no watching.": "With wrong labels the "
            "error was much lower after a few epochs than after 30.",
            "When what is common is learned before what is wrong, as with wrong labels.": "After 5 "
            "epochs few wrong labels were believed, after 30 nearly all.",
        },
        answer="When what is common is learned before what is wrong, as with wrong labels.",
    ),
    Question(
        "Why does L1 make weights exactly 0?",
        {
            "Its pull is as strong near 0 as far away, and shrinking stops at 0.": "The step "
            "matters: with the sign as a slope, a weight jumps over 0 and back.",
            "Its slope near 0 is steeper than that of L2, so descent ends there.": "Descent with "
            "that slope made no single zero. The step has to stop at 0.",
            "It takes a share of the weight away in each step.": "That is L2. A share of a small "
            "weight is small, and never all of it.",
        },
        answer="Its pull is as strong near 0 as far away, and shrinking stops at 0.",
    ),
    Question(
        "A network was trained with dropout, and now reads new pictures. What happens to dropout?",
        {
            "It stays on, since the weights are made for it.": "The scale in training has made "
            "them for the mean, which is what comes without dropout.",
            "It stays on, and the answers of many masks are averaged.": "That costs many passes, "
            "and comes to about the same as none.",
            "It is left out, and all weights are multiplied by 1 - share.": "Only if nothing was "
            "scaled in training.",
            "It is left out, and nothing is scaled.": "The division by 1 - share in training has "
            "taken care of it.",
        },
        answer="It is left out, and nothing is scaled.",
    ),
    Question(
        "Copies of the pictures, moved by up to a whole pixel, are added. Can that hurt?",
        {
            "No: more pictures are never worse.": "More of what comes are not. These show digits "
            "where none will be.",
            "Yes, if moved pictures do not occur among those that will be read.": "The digits of "
            "the file are centered: known hands were read worse in every setting.",
            "No, the network learns to leave them out.": "It learns from all rows alike, and "
            "spends itself on them.",
            "Yes, because the copies have wrong labels.": "A moved 3 is still a 3.",
        },
        answer="Yes, if moved pictures do not occur among those that will be read.",
    ),
)
GUESSES = {
    "believe": Question(
        "After 5 epochs, what share of the wrong labels does the network repeat?",
        {
            "Nearly all: it takes labels as they come": "That is so after 30 epochs. After 5 it is "
            "about one in seven.",
            "About half, as of the true labels": "Of the true labels it repeats nearly all "
            "by then.",
            "About one in seven": "Nobody told it which labels are wrong, but what the true ones "
            "have in common is learned first.",
        },
        answer="About one in seven",
    ),
    "strength": Question(
        "400 pictures, and no label is wrong. Which strength of L2 is the best?",
        {
            "None or a small one: from there the error only rises": "Up to 0.01 the error hardly "
            "changes, and with larger strengths it rises.",
            "One in the middle: there is a valley": "The valley comes with wrong labels, or with "
            "fewer pictures. Here the curve is flat and then rises.",
            "The largest: the smaller the weights, the better": "At 0.1 the price is too high for "
            "weights that are needed.",
        },
        answer="None or a small one: from there the error only rises",
    ),
    "peak": Question(
        "100 pictures, random units. With how many units is the error on new pictures largest?",
        {
            "At 10: too few to tell ten digits apart": "Half of the pictures are wrong there. At "
            "another place it is more.",
            "At 100: as many as pictures": "There the only fit has huge weights.",
            "At 500: far too many": "It is one of the best places, though all 100 pictures are "
            "fitted exactly.",
        },
        answer="At 100: as many as pictures",
    ),
}
