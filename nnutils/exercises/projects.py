"""Exercises and closing quiz of the chapter *Three projects of your own*."""

import copy
from functools import cache, partial

import numpy as np

from nnutils.exercises import Exercise, Named, Question
from nnutils.gradcheck import gradcheck, network_gradcheck
from nnutils.initializers import zeros
from nnutils.layers import Dense, Parameters
from nnutils.losses import cross_entropy
from nnutils.network import Network
from nnutils.projects import dishes, every_throw, given, shelves

# For each project: how many answers there are, what a plain network reaches, and what is to beat.
GOALS = {"dishes": (5, 0.45, 0.80), "shelves": (5, 0.72, 0.85), "throws": (7, 0.50, 0.98)}
GAP = 0.15  # more than a sound network loses from known samples to new ones
STATEMENTS = (
    "“It is a Network”",
    "“It has a layer of your own”",
    "“It gives a logit for each answer”",
    "“Its slopes agree with nudges”",
    "“New samples go as well as the test”",
    "“New samples go as well as the training”",
    "“It is better than one fixed answer”",
    "“It is better than a plain network”",
    "“The number is beaten”",
)


def both_ways(layer, x, d_y):
    """Return what a layer without weights makes of ``x``, and what its back makes of slopes."""
    made = layer().forward(x)
    if not isinstance(made, (tuple, list)) or len(made) != 2:
        raise TypeError("forward has to return two things: y and the function back.")
    y, back = made
    return Named({"y": y, "back(d_y)": back(d_y)})


def measured(network, project, seed):
    """Return which of the STATEMENTS hold, up to the first that does not; print what is reached.

    The new samples are drawn from ``seed``; of the throws they are all that there are.
    """
    sets = _sets(project, seed)
    outputs = network(sets["new"][0])
    found = Named(dict.fromkeys(STATEMENTS, False))
    for statement, holds in zip(STATEMENTS, _looks(network, project, sets, outputs)):
        found[statement] = holds
        if not holds:
            break
    return found


def _looks(network, project, sets, outputs):
    """Yield for one statement after the other whether it holds."""
    answers, plain, goal = GOALS[project]
    labels = sets["new"][1]
    yield isinstance(network, Network)
    yield _own_layer(network)
    yield np.shape(outputs) == (len(labels), answers) and bool(np.isfinite(outputs).all())
    yield _agree(network, *sets["new"])
    share = _right(outputs, labels)
    what = {"dishes": "new dishes", "shelves": "new days", "throws": "throws"}[project]
    print(f"{share:.1%} of {len(labels):,} {what} are right; {goal:.0%} is to beat.")
    for part in ("test", "training"):
        x, known = sets[part]
        yield share >= goal or _right(network(x), known) <= share + GAP
    yield share > np.bincount(labels).max() / len(labels) + 0.02
    yield share > plain
    yield share >= goal


@cache
def _sets(project, seed):
    """Return what was given for training and test, and new samples."""
    training, test = given(project)
    draw = {"dishes": dishes, "shelves": shelves}.get(project)
    new = draw(500, rng=np.random.default_rng(seed)) if draw else every_throw()
    sets = {"training": training, "test": test, "new": new}
    for samples in sets.values():
        for array in samples:
            array.flags.writeable = False  # what one answer changes, the next one would get
    return sets


def _own_layer(network):
    """Whether the class of a layer, at any depth, is none of the package's."""
    return any(
        type(layer) is _Told
        or not type(layer).__module__.startswith("nnutils.")
        or _own_layer(layer)
        for layer in getattr(network, "layers", ())
    )


def _agree(network, x, labels):
    """Whether slopes agree with nudges, for a few samples and a copy of the network in float64.

    The slopes with the inputs show what a layer sends back before which no other has weights. A
    little noise takes the inputs off the corners of sorted numbers and of maxima.
    """
    network = copy.deepcopy(network)
    network.tie(network.theta.astype(float), network.grad.astype(float))
    rng = np.random.default_rng(0)
    rows = rng.permutation(len(labels))[:4]
    x, labels = x[rows] + 0.1 * rng.normal(size=x[rows].shape), labels[rows]
    outputs, back = network.forward(x)
    d_x = back(cross_entropy(outputs, labels)[1])
    try:
        network_gradcheck(network, x, labels, cross_entropy, rng=rng)
        if d_x is not None:  # a first layer may send nothing back
            height = partial(_height, network, labels)
            gradcheck(height, x, d_x, rng=rng, tolerance=1e-5, h=1e-7)
    except AssertionError as fault:
        layer = str(fault).startswith("Layer")
        print(fault if layer else f"What goes back to the inputs: {fault}")
        return False
    return True


def _height(network, labels, x):
    return cross_entropy(network(x), labels)[0]


def _right(outputs, labels):
    return float(np.mean(np.argmax(outputs, axis=1) == labels))


class _Told(Parameters):
    """Stands for a network that gets these shares of each set right; the keywords spoil it."""

    def __init__(self, project, new, test=None, training=None, *, slope=1, labels=False):
        shares = {"new": new, "test": test or new, "training": training or new}
        vars(self).update(project=project, shares=shares, slope=slope, labels=labels)
        super().__init__(np.ones(1))

    def forward(self, x):
        said, share = np.zeros(len(x), int), 1
        for part, (known, labels) in _sets(self.project, SEED).items():
            if np.array_equal(x, known):
                said, share = labels, self.shares[part]
        answers = GOALS[self.project][0]
        chosen = np.eye(answers)[(said + (np.arange(len(x)) >= share * len(x))) % answers]

        def back(d_y, to_inputs=True):
            self.grad[...] = self.slope * np.sum(d_y * chosen)
            return 0 * x

        return np.argmax(chosen, axis=1) if self.labels else self.theta * chosen, back


SEED = 7


def _told(*arguments, **spoiled):
    return Network(_Told(*arguments, **spoiled))


def _project(name, fixed, between, by_heart, plain, near):
    """Return a project as an exercise: what it asks, and what is said on the way to its number."""
    _, below, goal = GOALS[name]
    return Exercise(
        solution=_told(name, 1),
        run=measured,
        cases=((name, SEED),),
        mistakes={
            "Hand over the network itself, a Network. A function has no weights that could be "
            "looked at.": lambda x: _told(name, 1)(x),
            "All its layers are the package's. Write one of your own: that is what this is "
            "about.": Network(Dense(given(name)[0][0].shape[-1], 1, zeros, rng=None)),
            f"These are no logits. For each sample the network has to return {GOALS[name][0]} "
            "finite numbers, not the answer: np.argmax comes afterwards.": _told(
                name, 1, labels=True
            ),
            "The slopes of a layer of yours are wrong. Compare its back with nudges, alone, on an "
            "input of a few numbers.": _told(name, 1, slope=2),
            "It knows the samples of the test, and others much less well: it was trained on them. "
            "Train on the training part alone.": _told(name, between, test=1),
            by_heart: _told(name, between, training=1),
            fixed: _told(name, 0.05),
            plain: _told(name, below - 0.01),
            near: _told(name, goal - 0.01),
        },
    )


def _changes(first=True, sign=1, axis=1, back=None):
    """Return a layer of changes along an axis; the keywords make the usual mistakes."""

    class Changes:
        def forward(self, x):
            x = np.moveaxis(x, axis, 0)
            y = np.concatenate([x[:1], x[1:] - x[:-1]])[0 if first else 1 :]

            def usual(d_y):
                d_y = np.moveaxis(d_y, axis, 0)
                later = np.concatenate([d_y[1:], 0 * d_y[:1]])
                return np.moveaxis(sign * (d_y - later), 0, axis)

            return np.moveaxis(sign * y, 0, axis), back or usual

    return Changes


def _earlier(d_y):
    return _changes()().forward(d_y)[0]


def _lost(d_y):
    d_x = _changes()().forward(0 * d_y)[1](d_y)
    d_x[:, -1] = 0
    return d_x


EXERCISES = {
    "Changes": Exercise(
        solution=_changes(),
        run=both_ways,
        methods=("forward",),
        cases=(
            "np.array([[[1.0], [3.0], [2.0]]]), np.array([[[1.0], [10.0], [100.0]]])",
            "np.array([[[5.0, -1.0]]]), np.array([[[2.0, 3.0]]])",
            "*np.random.default_rng(0).normal(size=(2, 3, 4, 2))",
        ),
        mistakes={
            "In forward: the first moment is missing. Before it there was 0, so its change is the "
            "number itself.": _changes(first=False),
            "In forward: the sign is turned around. A change is what is now minus what was "
            "before.": _changes(sign=-1),
            "In forward: these are the changes from feature to feature. Time is the second axis, "
            "axis 1.": _changes(axis=2),
            "In forward: these are the changes from sample to sample, which have nothing to do "
            "with each other. Time is the second axis, axis 1.": _changes(axis=0),
            "In back: these are the changes of the slopes. A number is read at its own moment, and "
            "at the next one with a minus: the slope of the next one is taken off.": _changes(
                back=_earlier
            ),
            "In back: a number is read twice, at its own moment and at the next. You pass on one "
            "of its two slopes.": _changes(back=lambda d_y: d_y.copy()),
            "In back: the last moment gets nothing. It is read once, at its own moment.": _changes(
                back=_lost
            ),
            "In back: the sign of the second share is wrong. At the next moment the number is "
            "taken off.": _changes(back=lambda d_y: 2 * d_y - _changes()().forward(d_y)[1](d_y)),
        },
    ),
    "which_idea": Exercise(
        solution=(2, 3, 4, 1, 5, 6),
        mistakes={
            "A and B are swapped. Which of the two asks how many?": (3, 2, 4, 1, 5, 6),
            "C and F are swapped. Which of the two can be told by one number that is carried "
            "along?": (2, 3, 6, 1, 5, 4),
            "D and E are swapped. In which of the two does each number have a meaning of its "
            "own?": (2, 3, 4, 5, 1, 6),
            "B and E are swapped. The goods in a basket have no neighbors.": (2, 5, 4, 1, 3, 6),
            "C and E are swapped. In which of the two does the order matter?": (2, 3, 5, 1, 4, 6),
            "The ideas are numbered from 1, and you count from 0.": (1, 2, 3, 0, 4, 5),
        },
    ),
    "counter": _project(
        "dishes",
        "One fixed answer would do as well. Look at the loss of the training: if it does not fall, "
        "try a smaller rate, and learn twenty dishes by heart first.",
        0.6,
        "It knows the dishes of the training by heart, and new ones much less well. It has a "
        "weight for each pixel. A plus sign is the same everywhere: let one small window look at "
        "all places.",
        "This is what a plain network reaches. What is the same everywhere in a dish? Look with "
        "one small window at all places, and add up what it finds.",
        "It is better than a plain network, and not there yet. Do you add over all places? A "
        "maximum says whether there is a plus sign, not how many. If you do: let a second Dense "
        "look at each place before the sum, with a bend after it, or train longer.",
    ),
    "keeper": _project(
        "shelves",
        "One fixed answer would do as well. Look at the loss of the training: if it does not fall, "
        "slopes may be lost on their way back through twenty moves. Start with an orthogonal "
        "matrix.",
        0.6,
        "It knows the days of the training by heart, and new ones much less well. It has weights "
        "for each place in the day. A move does the same whenever it comes: let one cell read one "
        "move after the other.",
        "This is what a plain network reaches. Go through the day move by move, with numbers that "
        "are carried from one move to the next and bent after each.",
        "It is better than a plain network, and not there yet. Is the state bent after every "
        "move? Without a bend nothing can say that the shelf is full. If it is: train longer, or "
        "with more units.",
    ),
    "referee": _project(
        "throws",
        "To say pair, always, would do as well: 46 % of all throws are one. Look at the loss of "
        "the training: does it fall?",
        0.6,
        "It knows the throws of the training by heart, and others much less well. What can you do "
        "to a throw that leaves its kind as it is? Build a layer that does not notice it.",
        "This is what a plain network reaches. It does not matter which of the dice shows a face: "
        "add up, for each face, on how many it lies.",
        "It is better than a plain network, and not there yet. Dice may change places, and faces "
        "may change names, and a throw stays of its kind. Your network may still notice one of "
        "the two.",
    ),
}

QUIZ = (
    Question(
        "A circuit has a million inputs. What do the slopes with all of them cost?",
        {
            "A million runs by nudges, a few runs by backpropagation.": "One sweep back brings "
            "every slope, and costs about as much as one or two runs forward.",
            "A few runs either way. They differ in their rounding.": "A nudge moves one input, so "
            "nudges need a run for each of the million.",
            "A million runs either way. Backpropagation has the smaller rounding errors.": "The "
            "sweep back goes through each gate once, whatever the number of inputs.",
        },
        answer="A million runs by nudges, a few runs by backpropagation.",
    ),
    Question(
        "A gate multiplies a = 3 and b = 0, and the pull that arrives is 5. What goes back?",
        {
            "Nothing, since what it gives out is 0.": "The slope is not the output. A change of b "
            "by 0.1 changes the output by 0.3.",
            "15 to a and 0 to b.": "Each wire gets the value on the other one, times the pull.",
            "0 to a and 15 to b.": "a gets b times 5, and b gets a times 5.",
        },
        answer="0 to a and 15 to b.",
    ),
    Question(
        "Why do the networks of this course end in logits, and leave softmax to the loss?",
        {
            "Because softmax has no slope.": "It has one at every place.",
            "Because a probability is rounded to 1 or 0, where a logit still tells how sure the "
            "network is.": "The log of a probability that was rounded to 0 is no number. From "
            "logits the loss and its slopes come out right.",
            "Because the largest logit can be another one than the largest probability.": "Softmax "
            "keeps the order.",
        },
        answer="Because a probability is rounded to 1 or 0, where a logit still tells how sure the "
        "network is.",
    ),
    Question(
        "A network gives the right class the probability 0.01. What does cross-entropy say?",
        {
            "4.6": "Minus the logarithm of 0.01 is 4.6.",
            "0.99": "That is what is missing to 1. The loss is minus the logarithm, and has no "
            "upper end.",
            "0.0001": "That is the square of 0.01. A small probability for what came true makes a "
            "large loss.",
        },
        answer="4.6",
    ),
    Question(
        "A batch has four times as many samples. What becomes of the noise in its gradient?",
        {
            "A quarter of it is left.": "That is so of its square, the variance.",
            "Half of it is left.": "It falls with the root of the number of samples, and the root "
            "of 4 is 2.",
            "It stays: the samples come from the same data.": "A mean of more samples lies nearer "
            "to the mean of all.",
        },
        answer="Half of it is left.",
    ),
    Question(
        "SGD and Adam are compared, both with the rate 0.001, and Adam wins. What does that show?",
        {
            "Little: for each of them another rate is best.": "Adam divides by the size of the "
            "gradient, so that the same number means another step. Give each its own best rate.",
            "That Adam is better on these data, and the seed has to be changed to be sure.": "More "
            "seeds do not help as long as one of the two has a rate that does not suit it.",
            "That Adam is better for networks of this size.": "It may be that SGD had only a rate "
            "that was too small.",
        },
        answer="Little: for each of them another rate is best.",
    ),
    Question(
        "All weights of a hidden layer and of the next one start at the same number. After the "
        "training?",
        {
            "The units are different: each sample pulls at them in another way.": "Every sample "
            "pulls at all of them in the same way, since nothing tells one from the other.",
            "The units are different, but it took longer.": "Equal units get equal slopes in each "
            "update. Time changes nothing.",
            "The units are still equal.": "They give out the same and get the same slopes, so that "
            "the layer works like a single unit. Chance has to tell them apart.",
        },
        answer="The units are still equal.",
    ),
    Question(
        "You train fifty networks, look at the test of each, and publish the best one with its "
        "number. How good is it on new samples?",
        {
            "Worse than the number, as a rule.": "It is the luckiest of fifty as well as a good "
            "one. A test that has chosen is no test any more.",
            "As good as the number: it was not trained on the test.": "It was chosen by the test, "
            "and that is a way to learn from it.",
            "Better, since it was the best of fifty.": "Being chosen does not improve it. Its "
            "number holds luck that does not come twice.",
        },
        answer="Worse than the number, as a rule.",
    ),
    Question(
        "A large training shall run over night. What do you look at before?",
        {
            "Whether the loss falls in the first update.": "In one update it may rise in a sound "
            "training, and fall in one that is ill.",
            "Whether it can learn a handful of samples by heart.": "If it cannot, something is "
            "broken, and it has taken you a minute to find out.",
            "Whether it is at least as large as the networks of others who had such data.": "Size "
            "can be changed later. A wrong slope spoils a network of any size.",
        },
        answer="Whether it can learn a handful of samples by heart.",
    ),
    Question(
        "A network names the kind of 47 % of all throws of five dice. What has it learned?",
        {
            "Nearly half of what there is to learn.": "46 % of all throws are a pair. That is what "
            "one fixed answer gets.",
            "More than a third of it: with seven kinds, guessing gets 14 %.": "Guessing gets 14 % "
            "if it takes all kinds equally often. To say pair, always, gets 46 %.",
            "Hardly anything.": "Always to say pair gets 46 %, without having seen a single die.",
        },
        answer="Hardly anything.",
    ),
    Question(
        "A convolution was made for pictures of 14 by 14 pixels. Now it reads 28 by 28. How many "
        "weights does it need?",
        {
            "Four times as many.": "That is how many more places there are. All places share one "
            "set of weights.",
            "As many as before.": "Its weights belong to a window, and the window is as large as "
            "before.",
            "Sixteen times as many.": "So it would be if each pixel that goes in had a weight for "
            "each one that comes out, as in a dense layer.",
        },
        answer="As many as before.",
    ),
    Question(
        "A recurrent cell reads twenty moves and uses the same weight for each. What is the slope "
        "with this weight?",
        {
            "The product of twenty slopes.": "Products stand along the way from a late pull to an "
            "early move. The uses of a weight are twenty ways, and ways add up.",
            "The slope of the last use, since the others are in the past.": "The early uses have "
            "changed the state, and through it the end.",
            "The sum of what arrives at its twenty uses.": "It is a fork with twenty wires, and at "
            "a fork the pulls add up.",
        },
        answer="The sum of what arrives at its twenty uses.",
    ),
    Question(
        "A table gives each of 10,000 words a row of 50 numbers. A batch holds three words. How "
        "many numbers of the table get a slope that is not 0?",
        {
            "At most 150.": "A word reads its own row alone, so the pull goes into three rows.",
            "All 500,000: the loss depends on the table.": "It depends on the rows that were read. "
            "Those of other words could be anything.",
            "Three: one for each word.": "A word reads all 50 numbers of its row.",
        },
        answer="At most 150.",
    ),
    Question(
        "On a t-SNE map two groups of points lie far apart. What is most likely true of the data?",
        {
            "The groups are very different from each other.": "How far apart they were put says "
            "little: other groups may have been pushed between them.",
            "Most points have their near neighbors in their own group.": "To keep near neighbors "
            "together is all that the map was made for. It does not always succeed.",
            "The first principal component tells them apart.": "That is a straight direction, and "
            "the map bends space as it likes.",
        },
        answer="Most points have their near neighbors in their own group.",
    ),
    Question(
        "Attention reads words without being told their positions, and looks both ways. Two words "
        "of a sentence change places. What becomes of its outputs?",
        {
            "They change places, too, and nothing else happens.": "Each word asks all others, and "
            "scores do not know who stands where. That is why positions are added.",
            "They all change, since each word sees the others in a new order.": "It sees them, but "
            "it adds up what they say, and a sum has no order.",
            "Nothing: attention does not notice any order.": "The output at a place belongs to the "
            "word there, so it moves with the word.",
        },
        answer="They change places, too, and nothing else happens.",
    ),
)
GUESSES = {
    "samples": Question(
        "A plain network gets 4,000 dishes for training instead of 1,000. How many of 100 new ones "
        "does it count right then?",
        {
            "About 45": "It is 46, after 39 with 1,000. Shapes can lie in far more ways than 4,000 "
            "dishes show.",
            "About 60": "It is 46, after 39 with 1,000. See in the picture what a doubling brings.",
            "About 80, the number to beat": "It is 46. The number to beat is far away still.",
        },
        answer="About 45",
    ),
}
