"""Exercises and quiz of the chapter *Classifiers*."""

import numpy as np

from nnutils.exercises import Exercise, Question


def point_and_network(seed, inputs, units):
    """Return random x, W1, b1, W2 and b2; the first unit is just off, and the last just on."""
    rng = np.random.default_rng(seed)
    x, W1, W2 = rng.normal(size=inputs), rng.normal(size=(inputs, units)), rng.normal(size=units)
    b1 = rng.normal(size=units)
    b1[0], b1[-1] = -0.001 - x @ W1[:, 0], 0.001 - x @ W1[:, -1]
    return x, W1, b1, W2, rng.normal()


def _losses(logits, targets):
    return np.logaddexp(0, logits) - targets * logits


def _wrong(logits, targets):
    return (logits > 0) != (targets > 0)


def _blame(logits, targets, *, wrong=_wrong, losses=_losses):
    """Return the share of the loss that is due to wrong points; keywords make usual mistakes."""
    each = losses(logits, targets)
    return np.sum(each[wrong(logits, targets)]) / np.sum(each)


def _crossing(score, low, high, *, halvings=50, stays=lambda side, at_low: side == at_low):
    """Return where the sign of the score changes; the keywords make the usual mistakes."""
    at_low = score(low) > 0
    for _ in range(halvings):
        middle = (low + high) / 2
        if stays(score(middle) > 0, at_low):
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _slopes(x, W1, b1, W2, gate):
    return W1 @ (W2 * gate(x @ W1 + b1))


def _on(z):
    return z > 0


def _step_length(score, slopes):
    return -score / np.sum(slopes**2)


def _shortest_step(x, W1, b1, W2, b2, *, gate=_on, length=_step_length):
    """Return the step to the boundary; the keywords make the usual mistakes."""
    slopes = _slopes(x, W1, b1, W2, gate)
    return length(np.maximum(0, x @ W1 + b1) @ W2 + b2, slopes) * slopes


def _step_with(**mistake):
    return lambda *case: _shortest_step(*case, **mistake)


def _step_of(score):
    """Return an answer that works with another ``score`` of the same point."""
    return lambda *case: score(*case) * _shortest_step(*case, length=lambda _, s: -1 / (s @ s))


def _along_one_input(x, W1, b1, W2, b2):
    slopes, score = _slopes(x, W1, b1, W2, _on), np.maximum(0, x @ W1 + b1) @ W2 + b2
    steepest, step = np.argmax(np.abs(slopes)), np.zeros(len(x))
    step[steepest] = -score / slopes[steepest]
    return step


def _without_output(x, W1, b1, W2, b2):
    slopes, score = _slopes(x, W1, b1, np.ones_like(W2), _on), np.maximum(0, x @ W1 + b1) @ W2 + b2
    return _step_length(score, slopes) * slopes


def _strong(X, labels, strength):
    return np.mean(labels[:, None] * X, axis=0) / strength


_SIX = "np.array([[1.2, 0.7], [-0.3, -0.5], [3, 0.1], [-0.1, -1], [-1, 1.1], [2.1, -3]])"
_SIDES = "np.array([1, -1, 1, -1, -1, 1])"

EXERCISES = {
    "blame": Exercise(
        solution=_blame,
        cases=(
            (np.array([2.0, -2.0]), np.array([1, 1])),
            (np.array([3.0, -2.0]), np.array([1, 0])),
            (np.array([0.0, 1.0]), np.array([1, 1])),
            (np.array([0.0, 1.0]), np.array([0, 1])),
            (np.array([0.4, 3.0]), np.array([0, 1])),
            (np.array([-8.0, 0.1, 0.2, 0.3]), np.array([1, 1, 1, 1])),
            "np.random.default_rng(0).normal(size=20), np.random.default_rng(1).integers(0, 2, 20)",
            (np.array([-800.0, 2.0]), np.array([1, 1])),
        ),
        mistakes={
            "This is the share of wrong points. Asked for is their share of the loss.": (
                lambda z, t: np.mean(_wrong(z, t))
            ),
            "This is the share of the points that are right.": lambda z, t: 1 - _blame(z, t),
            "A share is at most 1. This is in percent.": lambda z, t: 100 * _blame(z, t),
            "You divide by the loss of the points that are right. Divide by the loss of "
            "all.": lambda z, t: _blame(z, t) / (1 - _blame(z, t)),
            "exp(800) is infinite, so a formula with exp and log fails there. softplus does "
            "not.": lambda z, t: _blame(
                z, t, losses=lambda z, t: np.log(1 + np.exp((1 - 2 * t) * z))
            ),
            "You compare two means. A share is a part of the whole sum.": lambda z, t: (
                np.mean(_losses(z, t)[_wrong(z, t)]) / np.mean(_losses(z, t))
                if _wrong(z, t).any()
                else 0.0
            ),
            "This is the loss of the wrong points. Divide it by that of all.": lambda z, t: np.sum(
                _losses(z, t)[_wrong(z, t)]
            ),
            "You took the mean over all points, and did not divide by the whole loss.": (
                lambda z, t: np.sum(_losses(z, t)[_wrong(z, t)]) / len(z)
            ),
            "A logit of exactly 0 gives class 0, and that is wrong where the target is 1.": (
                lambda z, t: _blame(z, t, wrong=lambda z, t: (z >= 0) != (t > 0))
            ),
            "The boundary is at the logit 0. You put it at 0.5, which belongs to "
            "probabilities.": lambda z, t: _blame(z, t, wrong=lambda z, t: (z > 0.5) != (t > 0)),
            "This is the hinge. Asked for is the cross-entropy of yes or no, which charges points "
            "on the right side, too.": lambda z, t: _blame(
                z, t, losses=lambda z, t: np.maximum(1e-300, 1 - (2 * t - 1) * z)
            ),
            "These are squares of probabilities. Asked for is the cross-entropy of yes or "
            "no.": lambda z, t: _blame(z, t, losses=lambda z, t: (1 / (1 + np.exp(-z)) - t) ** 2),
            "You charge every point as if its target were 0. With the target 1 the loss is "
            "softplus of minus the logit.": lambda z, t: _blame(
                z, t, losses=lambda z, t: np.logaddexp(0, z)
            ),
            "The targets are exchanged: softplus of the logit is the loss for the target "
            "0.": lambda z, t: _blame(z, t, losses=lambda z, t: _losses(z, 1 - t)),
        },
    ),
    "which_fault": Exercise(
        solution=(5, 3, 4, 2),
        mistakes={
            "A and D are swapped: which of them moves the bias too far, and which forgets the "
            "springs for the second point?": (2, 3, 4, 5),
            "B and C are swapped: which of them does not pull at all at the first point, and which "
            "too weakly?": (5, 4, 3, 2),
            "Look at A again: without any springs the first point would lead to 1.02, not 1.01.": (
                1,
                3,
                4,
                2,
            ),
            "Look at B again: at the first point nothing but the springs acts. Why is there no "
            "pull?": (5, 1, 4, 2),
            "Look at B again: the springs act at both points. What is missing is the pull at a "
            "score of 0.6.": (5, 5, 4, 2),
            "Look at C again: its bias moves by 0.004 instead of 0.01. How much did the score "
            "lack?": (5, 3, 3, 2),
            "Look at D again: its bias moves by 0.02 and by 0.01, more than the pull.": (
                (5, 3, 4, 1)
            ),
            "The faults are numbered from 1, and you count from 0.": (4, 2, 3, 1),
        },
    ),
    "shortest_step": Exercise(
        solution=_shortest_step,
        cases=(
            (np.array([2.0]), np.array([[1.0]]), np.array([0.0]), np.array([3.0]), -3.0),
            (
                np.array([2.0, 1.0]),
                np.array([[1.0, -1.0, 0.0], [0.0, 1.0, 2.0]]),
                np.array([0.0, 0.0, -1.0]),
                np.array([2.0, 1.0, -1.0]),
                0.5,
            ),
            (
                np.array([1.0, 1.0]),
                np.array([[1.0, 1.0], [-1.0, 1.0]]),
                np.array([0.0, 0.0]),
                np.array([5.0, 1.0]),
                -1.0,
            ),
            (np.array([1, 2]), np.array([[3, 0], [4, 1]]), np.array([0, 0]), np.array([2, 0]), 3),
            (np.array([2.0]), np.array([[1.0]]), np.array([-1.0]), np.array([3.0]), -3.0),
            "*point_and_network(0, inputs=2, units=3)",
            "*point_and_network(1, inputs=3, units=2)",
            "*point_and_network(2, inputs=2, units=5)",
            "*point_and_network(3, inputs=4, units=4)",
        ),
        mistakes={
            "A unit that is off passes nothing back. Keep the weights of the output only where z "
            "is above 0.": _step_with(gate=np.ones_like),
            "At z = 0 a unit is off: this course takes the slope 0 there.": _step_with(
                gate=lambda z: z >= 0
            ),
            "On the way back ReLU has the slope 0 or 1. You multiply by its output.": _step_with(
                gate=lambda z: np.maximum(0, z)
            ),
            "It is turned around: you keep the units that are off.": _step_with(
                gate=lambda z: 1.0 * (z <= 0)
            ),
            "The slopes lack the weights of the output. Send a 1 from the score through W2 "
            "first.": _without_output,
            "This step makes the score twice as large. It has to bring the score to 0, so it goes "
            "the other way.": _step_with(length=lambda score, s: score / (s @ s)),
            "You divide by the length of the slopes. A step of one slope changes the score by "
            "slope times slope: divide by the sum of the squares.": _step_with(
                length=lambda score, s: -score / np.sqrt(s @ s)
            ),
            "You divide by the sum of the slopes. Each input moves by its own slope, so each adds "
            "its square to the change.": _step_with(
                length=lambda score, s: -score / np.sum(np.abs(s))
            ),
            "You divide by the mean of the squares. The changes by the inputs add up: take the "
            "sum.": _step_with(length=lambda score, s: -score / np.mean(s**2)),
            "These are the slopes of the score with the point. How many of them lead to the "
            "boundary?": _step_with(length=lambda score, s: 1),
            "The direction is right, but the length does not depend on the score. How far is it "
            "to 0?": _step_with(length=lambda score, s: -np.sign(score) / np.sqrt(s @ s)),
            "You solve for each input as if it moved alone. Together these steps lead too "
            "far.": lambda *case: (
                -_step_with(length=lambda score, s: score)(*case)
                / np.where(_slopes(*case[:4], _on) == 0, np.inf, _slopes(*case[:4], _on) ** 2)
            ),
            "This does lead to the boundary, by one input alone. A slanting step is "
            "shorter.": _along_one_input,
            "You forgot b2 in the score.": _step_of(
                lambda x, W1, b1, W2, b2: np.maximum(0, x @ W1 + b1) @ W2
            ),
            "The score lacks its ReLU: a unit that is off adds nothing to it.": _step_of(
                lambda x, W1, b1, W2, b2: (x @ W1 + b1) @ W2 + b2
            ),
            "You forgot the biases b1. They decide which units are on.": (
                lambda x, W1, b1, W2, b2: _shortest_step(x, W1, 0 * b1, W2, b2)
            ),
            "This leads to the margin, where the score is 1 or -1. On the boundary it is "
            "0.": _step_with(length=lambda score, s: (np.sign(score) - score) / (s @ s)),
            "This is the point on the boundary. Asked for is the step that leads "
            "there.": lambda *case: case[0] + _shortest_step(*case),
            "This is how long the step is. Asked for is the step, a row.": lambda *case: np.sqrt(
                np.sum(_shortest_step(*case) ** 2)
            ),
        },
    ),
    "strong_springs": Exercise(
        solution=_strong,
        cases=(
            (np.array([[1.0, 0.0], [-1.0, 2.0]]), np.array([1, -1]), 4.0),
            (
                np.array([[1.0, 2.0], [3.0, -1.0], [0.0, 4.0], [-1.0, 1.0]]),
                np.array([1, -1, 1, -1]),
                5.0,
            ),
            (np.array([[0.3], [-0.3]]), np.array([1, -1]), 0.25),
            f"{_SIX}, {_SIDES}, 10.0",
            f"{_SIX}, {_SIDES}, 20.0",
            "np.random.default_rng(0).normal(size=(8, 3)), "
            "np.array([1, -1, -1, 1, -1, 1, 1, -1]), 30.0",
        ),
        mistakes={
            "The pulls enter as a mean over the points, not as a sum.": lambda X, t, k: (
                np.sum(t[:, None] * X, axis=0) / k
            ),
            "Take the mean over the points that are given. There are not always "
            "six.": lambda X, t, k: np.sum(t[:, None] * X, axis=0) / 6 / k,
            "Half of the square has the slope strength times weight, without a "
            "2.": lambda X, t, k: _strong(X, t, 2 * k),
            "This is twice as large. Take the mean over all points, not within each class; and the "
            "slope of half a square has no 2 and no half in it.": lambda X, t, k: _strong(
                X, t, k / 2
            ),
            "The labels are missing: points with label -1 pull the other way.": lambda X, t, k: (
                np.mean(X, axis=0) / k
            ),
            "You take only the points with label +1. All points pull.": lambda X, t, k: (
                np.mean(X[t > 0], axis=0) / k
            ),
            "A stronger spring makes the weights smaller: divide by the strength.": (
                lambda X, t, k: _strong(X, t, 1 / k)
            ),
            "This is the mean pull. The spring answers with strength times "
            "weight.": lambda X, t, k: _strong(X, t, 1),
            "The sign is turned around: the points pull the weights towards label times "
            "x.": lambda X, t, k: -_strong(X, t, k),
            "This is one mean over all numbers. Each weight has its own: the mean over the points, "
            "axis=0.": lambda X, t, k: np.mean(t[:, None] * X) / k,
            "You take the mean along each point. Each weight has its own: the mean over the "
            "points, axis=0.": lambda X, t, k: np.mean(t[:, None] * X, axis=1) / k,
            "The weights do not vanish: the mean pull is only divided by the "
            "strength.": lambda X, t, k: np.zeros(X.shape[1]),
            "Return the weights alone, without the bias.": lambda X, t, k: np.append(
                _strong(X, t, k), 0
            ),
        },
    ),
    "crossing": Exercise(
        solution=_crossing,
        cases=(
            "lambda x: x - 0.3, 0, 1",
            "lambda x: 0.3 - x, 0, 1",
            "lambda x: x**3 + x - 5, -4, 4",
            "lambda x: np.tanh(9 - x), 2, 30",
            "lambda x: np.exp(x) - 2, 0, 1.5",
            "lambda x: max(0, 2 * x - 1) - max(0, 3 - x), -1, 6",
            "lambda x: x + 2.3, -4, 4",
        ),
        mistakes={
            "You take it that the score is below 0 at the lower end. It may be the other way "
            "around: compare with the side on which the lower end is.": lambda f, low, high: (
                _crossing(f, low, high, stays=lambda side, at_low: not side)
            ),
            "You take it that the score is above 0 at the lower end. It may be the other way "
            "around.": lambda f, low, high: _crossing(f, low, high, stays=lambda side, _: side),
            "You keep the half in which the score does not change its sign.": lambda f, low, high: (
                _crossing(f, low, high, stays=lambda side, at_low: side != at_low)
            ),
            "This is the middle of the two ends. Halve again, in the half that holds the "
            "crossing.": lambda f, low, high: (low + high) / 2,
            "You joined the ends by a straight line. The score may bend between "
            "them.": lambda f, low, high: low - f(low) * (high - low) / (f(high) - f(low)),
            "You stop too early: after ten halvings a thousandth of the range is left.": (
                lambda f, low, high: _crossing(f, low, high, halvings=10)
            ),
            "A grid of 101 points is good for a picture. Its nearest point is not the "
            "crossing.": lambda f, low, high: min(
                np.linspace(low, high, 101), key=lambda x: abs(f(x))
            ),
            "This is the score at the crossing, 0. Asked for is the place.": (
                lambda f, low, high: f(_crossing(f, low, high))
            ),
        },
    ),
}

QUIZ = (
    Question(
        "A point has label +1 and score 0.3. What does the SVM do with it?",
        {
            "Nothing: it is on the right side.": "Right is not enough. The margin is label times "
            "score, 0.3, and it should be at least 1.",
            "It pulls the score up, with 1.": "Its margin is below 1, and the pull does not depend "
            "on how much is lacking.",
            "It pulls the score up, with 0.7.": "0.7 is what the point costs. The slope of the "
            "hinge has the size 1.",
            "It pulls the score down, with 1.": "The score is too low for the label +1.",
        },
        answer="It pulls the score up, with 1.",
    ),
    Question(
        "You write the regularization as alpha times the sum of squared weights. Which alpha "
        "gives a spring that pulls with -a?",
        {
            "0.1": "That spring would pull with -0.2 a.",
            "0.5": "The slope of 0.5 times a squared is a, and the step goes against it.",
            "1": "The slope of a squared is 2 a, so that spring is twice as strong.",
            "2": "The slope of 2 times a squared is 4 a.",
        },
        answer="0.5",
    ),
    Question(
        "At the lowest point of its objective, a classifier gets 5 of 6 points right, although a "
        "line with 6 of 6 exists. What is wrong?",
        {
            "The learning rate: smaller steps would find the line.": "Smaller steps come closer "
            "to the lowest point, and there it is 5 of 6.",
            "More steps are needed.": "At the lowest point no further step helps.",
            "Nothing in the steps, but the objective.": "It prefers small weights to the sixth "
            "point. Weaker springs change the objective, and with it the lowest point.",
            "The bias needs a spring, too.": "A spring on the bias would pull the boundary "
            "towards the origin, for no reason that is in the data.",
        },
        answer="Nothing in the steps, but the objective.",
    ),
    Question(
        "During a training the accuracy stays at 0.95 for 50 updates. What do you know about the "
        "loss?",
        {
            "It stayed the same, too.": "The loss also moves when no decision changes.",
            "It fell, because the training went on.": "It may have. It may also have risen: the "
            "wrong answers can become more sure.",
            "Nothing for certain.": "Accuracy counts decisions, and the loss measures scores. It "
            "may have fallen or risen.",
        },
        answer="Nothing for certain.",
    ),
    Question(
        "A text prints one training run that ends with 100 % right. What does it show?",
        {
            "That the method reaches 100 %.": "In this chapter a few of 200 runs did, with "
            "settings under which most end at 5 of 6.",
            "That it can happen, not how often.": "How often, you only see from many seeds; and "
            "where it should end up, from the objective.",
            "That the learning rate suits this task.": "One run cannot tell a good choice from "
            "luck.",
        },
        answer="That it can happen, not how often.",
    ),
    Question(
        "A network with 2 hidden ReLU units gets 3 of 4 points of the spirals right. What would "
        "help?",
        {
            "More hidden units.": "Each unit bends the boundary along one line, and a spiral "
            "needs many bends.",
            "Many more updates.": "Two bends cannot become a spiral, however long you train.",
            "Stronger springs.": "They make the boundary plainer, and it is too plain already.",
        },
        answer="More hidden units.",
    ),
)
GUESSES = {
    "springs": Question(
        "Is there a strength of the springs from which on point 1 is always wrong?",
        {
            "Yes: it is given up, and then stays wrong": "It is given up at 0.8. But at 1.3 it is "
            "right again, because other points, without margin by then, move the bias.",
            "No: it is right at every strength": "At the strengths from 0.8 to 1.2 it is wrong: 5 "
            "of 6 points are right.",
            "No: it becomes wrong, and then right again": "It is wrong from 0.8 to 1.2. From 1.3 "
            "on other points, without margin by then, move the bias, and all six are right.",
        },
        answer="No: it becomes wrong, and then right again",
    ),
    "units": Question(
        "How many of the points does the best of five seeds get right with 2 hidden units?",
        {
            "About half, as by guessing": "Even the worst of the five gets 70 %.",
            "About 80 %": "The five seeds get 70 to 80 %. Two units have too few bends for a "
            "spiral, whatever the start.",
            "Nearly all, if the seed is a lucky one": "No seed is as lucky as that. Two units "
            "have too few bends for a spiral, and the best gets 80 %.",
        },
        answer="About 80 %",
    ),
}
