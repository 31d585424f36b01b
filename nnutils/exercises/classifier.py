"""Exercises and quiz of the chapter *Two classes, one boundary*."""

import numpy as np

from nnutils.exercises import Exercise, Question

_RNG = np.random.default_rng(11)


def _tug(weights, bias, x, label, strength, rate, *, lacks=None, sign=1, back=1, tied=0):
    margin = label * (np.sum(weights * x) + bias)
    pull = sign * label * float((lacks or (lambda m: m < 1))(margin))
    new = weights + rate * (pull * x - back * strength * weights)
    return np.append(new, bias + rate * (pull - tied * strength * bias))


def _tug_if_pulled(weights, bias, x, label, strength, rate):
    lacks = label * (np.sum(weights * x) + bias) < 1
    return _tug(weights, bias, x, label, strength * lacks, rate)


def _tug_in_turn(weights, bias, x, label, strength, rate):
    pull = label if label * (np.sum(weights * x) + bias) < 1 else 0
    moved = weights + rate * pull * x
    return np.append(moved - rate * strength * moved, bias + rate * pull)


def _tug_by_springs(weights, bias, x, label, strength, rate):
    pull = label if label * (np.sum(weights * x) + bias) < 1 else 0
    return np.append(weights + rate * pull * x - strength * weights, bias + rate * pull)


def _tug_with_score(weights, bias, x, label, strength, rate):
    score = np.sum(weights * x) + bias
    lacking = max(0.0, 1 - label * score)
    new = weights + rate * (label * lacking * x - strength * weights)
    return np.append(new, bias + rate * label * lacking)


def _lacking(weights, bias, X, labels):
    return np.maximum(0, 1 - labels * (X @ weights + bias))


def _objective(weights, bias, X, labels, strength):
    return np.mean(_lacking(weights, bias, X, labels)) + strength / 2 * np.sum(weights**2)


def _first_layer(X, z, W2, d_scores, gate=None):
    d_z = (d_scores @ W2.T) * (z > 0 if gate is None else gate)
    return np.vstack([X.T @ d_z, np.sum(d_z, axis=0)])


def _mean_bias(X, z, W2, d_scores):
    d_z = (d_scores @ W2.T) * (z > 0)
    return np.vstack([X.T @ d_z, np.mean(d_z, axis=0)])


def _gated_by_pull(X, z, W2, d_scores):
    d_z = np.maximum(0, d_scores @ W2.T)
    return np.vstack([X.T @ d_z, np.sum(d_z, axis=0)])


def _strong(X, labels, strength):
    return np.mean(labels[:, None] * X, axis=0) / strength


def _points(n, inputs=2):
    labels = np.where(_RNG.uniform(size=n) < 0.5, 1, -1)
    labels[:2] = 1, -1
    return _RNG.normal(size=(n, inputs)).round(2), labels


def _layer(samples, inputs, units):
    z = _RNG.normal(size=(samples, units)).round(2)
    z[0, 0] = 0.0
    X = _RNG.normal(size=(samples, inputs)).round(2)
    return X, z, _RNG.normal(size=(units, 1)).round(2), _RNG.normal(size=(samples, 1)).round(2)


_SIX = np.array([[1.2, 0.7], [-0.3, -0.5], [3.0, 0.1], [-0.1, -1.0], [-1.0, 1.1], [2.1, -3.0]])
_SIDES = np.array([1, -1, 1, -1, -1, 1])
_ARROW = np.array([1.0, -2.0])

EXERCISES = {
    "right_share": Exercise(
        solution=lambda scores, labels: np.mean((scores > 0) == (labels > 0)),
        cases=(
            (np.array([2.0, -0.5]), np.array([1, -1])),
            (np.array([0.5, 3.0, -2.0]), np.array([1, -1, -1])),
            (np.array([0.0, 0.0, 1.0]), np.array([-1, -1, 1])),
            (np.array([0.0, 2.0]), np.array([1, 1])),
            (np.array([-1.2, -0.3, 1.8, 0.9, -4.2, 7.1]), _SIDES),
            (_RNG.normal(size=20).round(2), _points(20)[1]),
        ),
        mistakes={
            "You ask for a margin of 1. That is the hinge; a score of 0.5 with label 1 is right, "
            "too.": lambda s, t: np.mean(s * t >= 1),
            "This is the number of right answers. Accuracy is their share.": lambda s, t: np.sum(
                (s > 0) == (t > 0)
            ),
            "This is the share of wrong answers.": lambda s, t: np.mean((s > 0) != (t > 0)),
            "At a score of exactly 0 the classifier says -1, and that is right if the label is "
            "-1.": lambda s, t: np.mean(s * t > 0),
            "A score of exactly 0 is not above 0, so the classifier says -1 there.": lambda s, t: (
                np.mean((s >= 0) == (t > 0))
            ),
            "You compare true or false with +1 or -1. True counts as 1 and false as 0, so no -1 is "
            "ever equal.": lambda s, t: np.mean((s > 0) == t),
            "This is the mean hinge, a loss. Accuracy only counts which answers are "
            "right.": lambda s, t: np.mean(np.maximum(0, 1 - s * t)),
        },
    ),
    "tug": Exercise(
        solution=_tug,
        cases=(
            (_ARROW, -1.0, np.array([1.2, 0.7]), 1, 1.0, 0.01),
            (_ARROW, -1.0, np.array([-0.3, 0.5]), -1, 1.0, 0.01),
            (np.array([0.5, 0.25]), 0.5, np.array([-1.0, 1.0]), 1, 0.5, 0.1),
            (np.array([1.0, 0.0]), 0.0, np.array([1.0, 5.0]), 1, 0.5, 0.1),
            (np.array([2.0, 1.0]), 1.0, np.array([1.0, -1.0]), -1, 0.0, 0.5),
            *(
                (_RNG.normal(size=3).round(2), 0.5, _RNG.normal(size=3).round(2), label, 0.2, 0.1)
                for label in (1, -1, 1, -1)
            ),
        ),
        mistakes={
            "You pull only points on the wrong side. A point with label times score between 0 and "
            "1 is pulled, too.": lambda *given: _tug(*given, lacks=lambda m: m < 0),
            "The sign of the pull is turned around: a score that is too low has to go "
            "up.": lambda *given: _tug(*given, sign=-1),
            "The bias has no spring.": lambda *given: _tug(*given, tied=1),
            "Your spring is twice as strong: it belongs to strength times the square, without the "
            "half.": lambda *given: _tug(*given, back=2),
            "Your spring pushes the weights away from 0.": lambda *given: _tug(*given, back=-1),
            "There is no spring in this.": lambda *given: _tug(*given, back=0),
            "The springs act in every step, not only when the point is pulled.": _tug_if_pulled,
            "A label times score of exactly 1 has its margin: no pull there.": lambda *given: _tug(
                *given, lacks=lambda m: m <= 1
            ),
            "Every point is pulled in your version, even one that has its margin.": (
                lambda *given: _tug(*given, lacks=lambda m: True)
            ),
            "Compute both forces from the old weights. Your springs pull at weights that have "
            "moved already.": _tug_in_turn,
            "The step is rate times all forces, those of the springs, too.": _tug_by_springs,
            "Your step is always 0.01. Use the rate that is given.": lambda *given: _tug(
                *given[:5], 0.01
            ),
            "Your pull grows with what is lacking. The pull of the hinge has the size 1, however "
            "much is lacking.": _tug_with_score,
        },
    ),
    "objective": Exercise(
        solution=_objective,
        cases=(
            (np.array([0.5, 0.0]), 0.25, np.array([[1.0, 2.0], [-2.0, 1.0]]), _SIDES[:2], 1.0),
            (np.array([2.0, 0.0]), -1.0, np.array([[1.0, 2.0], [0.0, 1.0]]), _SIDES[:2], 0.0),
            (np.array([0.1, 0.2]), 0.3, _SIX[:3], _SIDES[:3], 0.2),
            (np.array([3.7 / 6, -0.8 / 6]), -0.76, _SIX, _SIDES, 1.0),
            (_ARROW, -1.0, _SIX, _SIDES, 0.1),
            (_RNG.normal(size=3), 0.4, *_points(8, 3), 0.7),
        ),
        mistakes={
            "This is the sum over the points; take the mean.": lambda w, b, X, t, k: (
                np.sum(_lacking(w, b, X, t)) + k / 2 * np.sum(w**2)
            ),
            "Half of the strength: otherwise the spring pulls with twice the strength times the "
            "weight.": lambda w, b, X, t, k: np.mean(_lacking(w, b, X, t)) + k * np.sum(w**2),
            "The bias is not part of the regularization.": lambda w, b, X, t, k: (
                _objective(w, b, X, t, k) + k / 2 * b**2
            ),
            "This has no margin: it charges only points on the wrong side.": lambda w, b, X, t, k: (
                np.mean(np.maximum(0, -t * (X @ w + b))) + k / 2 * np.sum(w**2)
            ),
            "The labels are missing: a point with label -1 should have a score below "
            "-1.": lambda w, b, X, t, k: _objective(w, b, X, np.ones(len(t)), k),
            "What a point lacks is never negative: points with more than their margin make up for "
            "others in your mean.": lambda w, b, X, t, k: (
                np.mean(1 - t * (X @ w + b)) + k / 2 * np.sum(w**2)
            ),
            "This is the mean hinge alone; the regularization is missing.": lambda w, b, X, t, k: (
                np.mean(_lacking(w, b, X, t))
            ),
            "Add up the squares of the weights and take no root: this is the length of the "
            "weights.": lambda w, b, X, t, k: (
                np.mean(_lacking(w, b, X, t)) + k / 2 * np.linalg.norm(w)
            ),
        },
    ),
    "first_layer": Exercise(
        solution=_first_layer,
        cases=(
            (
                np.array([[2.0, 1.0]]),
                np.array([[2.0, -1.0, 1.0]]),
                np.array([[2.0], [1.0], [-1.0]]),
                np.array([[1.0]]),
            ),
            _layer(2, 2, 3),
            _layer(6, 2, 3),
            _layer(5, 3, 2),
            _layer(4, 2, 4),
        ),
        mistakes={
            "Nothing stops the pull at units that are off: multiply by the slope of "
            "ReLU.": lambda X, z, W2, d: _first_layer(X, z, W2, d, 1),
            "At z = 0 you let the pull through. This course takes the slope 0 "
            "there.": lambda X, z, W2, d: _first_layer(X, z, W2, d, z >= 0),
            "You multiply by the outputs of ReLU; the pull has to be multiplied by its slope, 0 "
            "or 1.": lambda X, z, W2, d: _first_layer(X, z, W2, d, np.maximum(0, z)),
            "Transposed: a row for each input and the biases below, a column for each "
            "unit.": lambda X, z, W2, d: _first_layer(X, z, W2, d).T,
            "Add up the slopes of the biases over the samples; you took the mean.": _mean_bias,
            "You divide by the number of samples. That stands in d_scores "
            "already.": lambda X, z, W2, d: _first_layer(X, z, W2, d) / len(X),
            "Look at the sign of z, not at the sign of the pull: a unit that is on passes negative "
            "pulls, too.": _gated_by_pull,
            "The row of the biases belongs below the weights, not above "
            "them.": lambda X, z, W2, d: np.roll(_first_layer(X, z, W2, d), 1, axis=0),
            "The weights of the output are missing: a unit is pulled as much as the output "
            "listens to it.": lambda X, z, W2, d: _first_layer(X, z, np.ones_like(W2), d),
            "The sign is turned around: these are slopes, the step subtracts them "
            "later.": lambda X, z, W2, d: -_first_layer(X, z, W2, d),
        },
    ),
    "strong_springs": Exercise(
        solution=_strong,
        cases=(
            (np.array([[1.0, 0.0], [-1.0, 2.0]]), _SIDES[:2], 4.0),
            (
                np.array([[1.0, 2.0], [3.0, -1.0], [0.0, 4.0], [-1.0, 1.0]]),
                np.array([1, -1, 1, -1]),
                5.0,
            ),
            (_SIX, _SIDES, 10.0),
            (_SIX, _SIDES, 20.0),
            (_points(8, 3)[0], np.array([1, -1, -1, 1, -1, 1, 1, -1]), 30.0),
        ),
        mistakes={
            "The pulls enter as a mean over the points, not as a sum.": lambda X, t, k: (
                np.sum(t[:, None] * X, axis=0) / k
            ),
            "Take the mean over the points that are given. There are not always "
            "six.": lambda X, t, k: np.sum(t[:, None] * X, axis=0) / 6 / k,
            "Half of the square has the slope strength times weight, without a "
            "2.": lambda X, t, k: _strong(X, t, 2 * k),
            "The labels are missing: points with label -1 pull the other way.": lambda X, t, k: (
                np.mean(X, axis=0) / k
            ),
            "A stronger spring makes the weights smaller: divide by the strength.": (
                lambda X, t, k: _strong(X, t, 1 / k)
            ),
            "This is the mean pull. The spring answers with strength times "
            "weight.": lambda X, t, k: _strong(X, t, 1),
            "The sign is turned around: the points pull the weights towards label times "
            "x.": lambda X, t, k: -_strong(X, t, k),
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
