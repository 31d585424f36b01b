"""Exercises and quiz of the chapter *Real-valued circuits*."""

import numpy as np

from nnutils.exercises import Exercise, Question


def multiply(x, y):
    """Return the output of a multiply gate."""
    return x * y


def hill(x, y):
    """Return the height of a hill with its top, 0, at (0, 0); steeper along y than along x."""
    return -(x**2) - 2 * y**2


def pairs(inputs):
    """Return the sum of the products of neighbors, x y + x y + ..."""
    return np.sum(inputs[0::2] * inputs[1::2])


def peak(inputs):
    """Return the height of a hill whose top, 0, is where all inputs are 0."""
    return -np.sum(inputs**2)


def total(inputs):
    """Return the sum of all inputs."""
    return np.sum(inputs)


def _distance(x, y):
    return max(x - y, y - x)


def _depth(gates, inputs, join=lambda left, right: 1 + max(left, right)):
    """Return the depth of every wire; a mistake joins those of a gate's inputs in another way."""
    depths = dict.fromkeys(inputs, 0)
    for out, (_, left, right) in gates.items():
        depths[out] = join(depths[left], depths[right])
    return list(depths.values())


def _two(rng, size):
    return rng.uniform(-size, size, 2)


def _climb(
    gate, x, y, tries, size, rng, *, best=None, better=np.greater, moves="better", draw=_two
):
    """Return the place where the climb ends, its best output, and its last.

    A mistake changes one thing: the output to beat at first, what counts as better, which tries
    are moved to (the better ones, none or all), or how the two nudges are drawn.
    """
    last = gate(x, y)
    best = last if best is None else best
    for _ in range(tries):
        nudge_x, nudge_y = draw(rng, size)
        last = gate(x + nudge_x, y + nudge_y)
        success = better(last, best)
        if success:
            best = last
        if moves == "all" or (success and moves == "better"):
            x, y = x + nudge_x, y + nudge_y
    return x, y, best, last


def _climb_from_the_start(gate, x, y, tries, size, rng):
    start = gate(x, y)
    for _ in range(tries):
        nudge_x, nudge_y = _two(rng, size)
        if gate(x + nudge_x, y + nudge_y) > start:
            x, y = x + nudge_x, y + nudge_y
    return gate(x, y)


def _best_output(
    f, start, tries, size, rng, *, draw=None, best=None, better=np.greater, moves="none"
):
    """Return the best output and the last one.

    A mistake changes how nudges are drawn, the output to beat at first, what counts as better, or
    which tries are moved to: none, the better ones or all, in an array of its own or in ``start``.
    """
    place = start if moves == "start" else np.array(start, dtype=float)
    last = f(place)
    best = last if best is None else best
    for _ in range(tries):
        nudges = rng.uniform(-size, size, len(start)) if draw is None else draw(rng, size, start)
        tried = place + nudges
        last = f(tried)
        if moves in ("all", "start") or (moves == "better" and last > best):
            place[:] = tried
        if better(last, best):
            best = last
    return best, last


def _one_nudge(rng, size, start):
    return rng.uniform(-size, size)


EXERCISES = {
    "follow": Exercise(
        solution=(-2, -2, 4),
        mistakes={
            "max gives the larger number, not the one of larger magnitude: "
            "-2 lies to the right of -5.": (-2, -5, 10),
            "The last gate multiplies q and p, and the product of two negative numbers is "
            "positive: -4 is their sum.": (-2, -2, -4),
            "The last gate reads q and p, not q and z.": (-2, -2, 10),
            "q is a sum: 1 + (-3). You subtracted.": (4, 4, 16),
            "q is a sum: 1 + (-3). You multiplied.": (-3, -3, 9),
            "q is 1 + (-3), and 3 is larger than 1: the sum is negative.": (2, 2, 4),
        },
    ),
    "distance": Exercise(
        solution=_distance,
        cases=(
            (3, -2),
            (-2, 3),
            (4, 4),
            (-1, -5),
            (0.5, 3),
            "1 / 3, -2 / 7",
            "-1 / 7, -5 / 3",
            (20_000, -0.125),
        ),
        mistakes={
            "A distance is never negative. You return x - y, which is negative when y is the "
            "larger one.": lambda x, y: x - y,
            "You return y - x, which is negative when x is the larger one.": lambda x, y: y - x,
            "You take the smaller of the two differences, the negative one.": lambda x, y: min(
                x - y, y - x
            ),
            "When y is the larger one, you return 0.": lambda x, y: max(x - y, 0),
            "When x is the larger one, you return 0.": lambda x, y: max(y - x, 0),
            "You return the larger of the two numbers, not how far apart they are.": max,
            "You take the distance between the magnitudes: between -2 and 3 there are 5 steps, "
            "not 1.": lambda x, y: abs(abs(x) - abs(y)),
            "You add the magnitudes: between -1 and -5 there are 4 steps, not 6.": lambda x, y: (
                abs(x) + abs(y)
            ),
            "This is the square of the distance.": lambda x, y: (x - y) ** 2,
        },
    ),
    "depth": Exercise(
        solution=lambda *a: _depth(*a)[-1],
        cases=(
            """{"f": ("+", "x", "y")}, ["x", "y"]""",
            """{"q": ("+", "x", "y"), "f": ("×", "q", "z")}, ["x", "y", "z"]""",
            """{"q": ("+", "x", "y"), "f": ("×", "z", "q")}, ["x", "y", "z"]""",
            """{"p": ("+", "x", "y"), "q": ("×", "z", "y"), "f": ("max", "p", "q")}, """
            """["x", "y", "z"]""",
            """{"p": ("×", "x", "x"), "q": ("×", "p", "p"), "f": ("×", "q", "q")}, ["x"]""",
            """{"q": ("+", "x", "y"), "p": ("max", "q", "z"), "f": ("×", "q", "p")}, """
            """["x", "y", "z"]""",
            """{"p": ("×", "x", "x"), "q": ("×", "p", "p"), "f": ("+", "x", "y")}, ["x", "y"]""",
            """{"p": ("×", "x", "y"), "q": ("+", "p", "x"), "r": ("+", "q", "p"), """
            """"f": ("max", "x", "r")}, ["y", "x"]""",
            """{"a": ("+", "u", "v"), "b": ("×", "w", "u"), "c": ("+", "a", "u"), """
            """"d": ("×", "b", "b"), "out": ("max", "c", "d")}, ["u", "v", "w"]""",
        ),
        mistakes={
            "You count all gates. Only those on the longest way to the output count.": (
                lambda gates, inputs: len(gates)
            ),
            "You follow the shorter way at every gate; the depth is that of the longest.": (
                lambda *a: _depth(*a, join=lambda left, right: 1 + min(left, right))[-1]
            ),
            "You follow the first of each gate's inputs alone. The longest way may come in at the "
            "second.": lambda *a: _depth(*a, join=lambda left, right: 1 + left)[-1],
            "You follow the second of each gate's inputs alone. The longest way may come in at the "
            "first.": lambda *a: _depth(*a, join=lambda left, right: 1 + right)[-1],
            "You add up both ways into a gate. Take the longer one.": lambda *a: _depth(
                *a, join=lambda left, right: 1 + left + right
            )[-1],
            "You are one too high: an input has the depth 0, not 1.": lambda *a: _depth(*a)[-1] + 1,
            "You are one too low: the last gate counts, too.": lambda *a: _depth(*a)[-1] - 1,
            "This is the largest depth of any gate. The last gate is the output, and another one "
            "may lie deeper.": lambda *a: max(_depth(*a)),
            "Every wire has a depth in your list; return that of the output alone.": _depth,
        },
    ),
    "climb": Exercise(
        solution=lambda *a: _climb(*a)[2],
        cases=(
            "multiply, -2, 3, 0, 0.01, np.random.default_rng(0)",
            "multiply, -2, 3, 3, 0.01, np.random.default_rng(1)",
            "hill, 0.0, 0.0, 5, 0.1, np.random.default_rng(2)",
            "multiply, -2, 3, 50, 0.01, np.random.default_rng(3)",
            "hill, 1.0, -2.0, 40, 0.5, np.random.default_rng(4)",
            "multiply, 0.01, 0.02, 6, 0.1, np.random.default_rng(5)",
        ),
        mistakes={
            "You return the output of the last try. A later try can be worse than an earlier one: "
            "keep the best.": lambda *a: _climb(*a)[3],
            "Every try of yours nudges the start. That is the search of the chapter; "
            "here each success becomes the new place to search from.": lambda *a: _climb(
                *a, moves="none"
            )[2],
            "You move to every try. Move only when the output is larger than the best so "
            "far.": lambda *a: _climb(*a, moves="all")[2],
            "You move to every try, and return the last output. Move only when the output is "
            "larger, and keep the best.": lambda *a: _climb(*a, moves="all")[3],
            "You move to every try that is better than the start. Compare with the best so far: "
            "when you move, the best output has to change, too.": _climb_from_the_start,
            "You compare magnitudes. -5.95 is larger than -6, although it is closer to "
            "0.": lambda *a: _climb(*a, better=lambda new, old: abs(new) > abs(old))[2],
            "You keep the smallest output; turn the comparison around.": lambda *a: _climb(
                *a, better=np.less
            )[2],
            "You start with 0 as the best output, and negative outputs never beat it. Start with "
            "the gate's output at (x, y).": lambda *a: _climb(*a, best=0)[2],
            "You take the first try whatever it gives. The start counts as well: begin with the "
            "gate's output at (x, y).": lambda *a: _climb(*a, best=-np.inf)[2],
            "You use the same nudge for x and for y. Draw a second one for y.": lambda *a: _climb(
                *a, draw=lambda rng, size: [rng.uniform(-size, size)] * 2
            )[2],
            "You draw the nudge of y before that of x.": lambda *a: _climb(
                *a, draw=lambda rng, size: _two(rng, size)[::-1]
            )[2],
            "Your nudges only go up: draw them between -size and size, not between 0 and "
            "size.": lambda *a: _climb(*a, draw=lambda rng, size: rng.uniform(0, size, 2))[2],
            "Return the best output alone, one number. It was search that returned the pair with "
            "it.": lambda *a: _climb(*a)[:3],
            "This is the place where the output is best; return the output itself.": lambda *a: (
                _climb(*a)[:2]
            ),
        },
    ),
    "best_output": Exercise(
        solution=lambda *a: _best_output(*a)[0],
        cases=(
            "total, np.array([-2.0, 3.0]), 0, 0.01, np.random.default_rng(1)",
            "total, np.array([-2.0, 3.0]), 1, 0.01, np.random.default_rng(1)",
            "pairs, np.array([-2.0, 3.0] * 5), 20, 0.01, np.random.default_rng(2)",
            "peak, np.zeros(4), 3, 0.1, np.random.default_rng(3)",
            "pairs, np.array([-2.0, 3.0, 1.0, 4.0]), 10, 0.5, np.random.default_rng(4)",
            "pairs, np.array([-2.0, 3.0] * 50), 40, 0.01, np.random.default_rng(5)",
            "peak, np.array([1.0, -2.0, 0.5]), 30, 0.2, np.random.default_rng(6)",
            "pairs, np.array([0.01, 0.02]), 6, 0.1, np.random.default_rng(7)",
        ),
        mistakes={
            "Every input gets the same nudge. Ask rng.uniform for as many numbers as there are "
            "inputs.": lambda *a: _best_output(*a, draw=_one_nudge)[0],
            "Each try starts where the one before it ended, because both names stand for one "
            "array. Add the nudges to start, in a new array.": lambda *a: _best_output(
                *a, moves="start"
            )[0],
            "Each try starts where the one before it ended. Every try has to nudge the start.": (
                lambda *a: _best_output(*a, moves="all")[0]
            ),
            "Both faults are still there: one nudge for all inputs, and an array with two names, "
            "so that start itself moves.": lambda *a: _best_output(
                *a, draw=_one_nudge, moves="start"
            )[0],
            "start is safe now, but each try still begins where the one before it ended, and all "
            "inputs get one nudge.": lambda *a: _best_output(*a, draw=_one_nudge, moves="all")[0],
            "This moves to each better place, as climb does. The search of this chapter nudges "
            "the start, every time.": lambda *a: _best_output(*a, moves="better")[0],
            "You return the output of the last try, not of the best one.": lambda *a: _best_output(
                *a
            )[1],
            "The output at the start counts, too: when no try is better, it is the best.": (
                lambda *a: _best_output(*a, best=-np.inf)[0]
            ),
            "You compare with 0 at first, and negative outputs never beat it.": lambda *a: (
                _best_output(*a, best=0)[0]
            ),
            "You compare magnitudes. -5.95 is larger than -6, although it is closer to 0.": (
                lambda *a: _best_output(*a, better=lambda new, old: abs(new) > abs(old))[0]
            ),
            "Your nudges only go up: draw them between -size and size.": lambda *a: _best_output(
                *a, draw=lambda rng, size, start: rng.uniform(0, size, len(start))
            )[0],
        },
    ),
}

QUIZ = (
    Question(
        "The output of a circuit goes from -6 to -5.95. What has it done?",
        {
            "It has become larger.": "-5.95 lies to the right of -6 on the number line.",
            "It has become smaller.": "Its magnitude has, 5.95 is less than 6. But the output is "
            "negative, and closer to 0 means larger.",
            "It has stayed the same, up to rounding.": "0.05 is small, but no rounding error: a "
            "float keeps about 16 digits.",
        },
        answer="It has become larger.",
    ),
    Question(
        "Why can the search with nudges of up to 0.01 never beat -5.9501, however many tries?",
        {
            "Because -1.99 times 2.99 is the best corner that the nudges can reach.": "Every try "
            "starts from (-2, 3) again. The most that x can gain is 0.01, and so can y.",
            "Because the random generator repeats itself after a while.": "It does so only after "
            "more draws than any computer could make.",
            "Because -5.9501 is the largest value of x times y.": "It is not: x = 1 and y = 1 "
            "give 1. But that is out of reach for small nudges.",
            "Because improvements become so rare that no search finds one more.": "They become "
            "rare, but more tries still come closer to -5.9501, as the knob shows. They do not "
            "pass it.",
        },
        answer="Because -1.99 times 2.99 is the best corner that the nudges can reach.",
    ),
    Question(
        "With 1,000 inputs and 100 tries random search gets only 5 % of the possible gain. Why so "
        "little?",
        {
            "Far fewer of the tries improve the output than with two inputs.": "About half of "
            "them still do; the chapter counts them. They improve it by a small part of what is "
            "possible.",
            "In every try, helpful and harmful nudges nearly cancel.": "One try nudges all "
            "inputs. The more there are, the more exactly the two sides cancel, and a try that "
            "gains a large part of what is possible is very rare.",
            "The circuit becomes too slow to compute.": "It takes longer, but the table compares "
            "the same number of tries, not the same time.",
            "Small nudges get lost in rounding.": "0.01 is far above the rounding error of a "
            "float.",
        },
        answer="In every try, helpful and harmful nudges nearly cancel.",
    ),
    Question(
        "What comes out of the gate max for the inputs -3 and -5?",
        {
            "-5": "It has the larger magnitude, but -3 lies to the right of it.",
            "-3": "max passes on the larger number, and -3 is larger than -5.",
            "5": "max changes nothing about the numbers; it passes one of them on.",
            "2": "That is how far apart they are. max passes one of them on.",
        },
        answer="-3",
    ),
    Question(
        "You run the search twice, each time with a new generator made from the same seed. What do "
        "you get?",
        {
            "The same result twice.": "The seed fixes every draw. That is why the numbers in "
            "this book are the ones that you see when you run it.",
            "Two different results, because the search is random.": "The draws look random, but "
            "the seed fixes all of them.",
            "The second run continues where the first one ended.": "It would if both shared one "
            "generator. A new generator from the same seed starts over.",
        },
        answer="The same result twice.",
    ),
)
GUESSES = {
    "direction": Question(
        "x is -2, y is 3, and the output is -6. Which two small moves make it larger?",
        {
            "x up and y up": "Half right. x up helps, because y is positive. But y up hurts, "
            "because x is negative: -2 times 3.1 is -6.2.",
            "x up and y down": "-1.9 times 2.9 is -5.51. Each input decides which way the other "
            "one has to go.",
            "x down and y up": "Both make it smaller: -2.1 times 3.1 is -6.51.",
            "x down and y down": "Half right. y down helps, but x down hurts: -2.1 times 3 is "
            "-6.3.",
        },
        answer="x up and y down",
    ),
    "tries": Question(
        "With 100 tries the middle one of 200 searches gets 89 % of the way to its ceiling. How "
        "far does it get with six?",
        {
            "Nowhere: six tries find no gain": "About half of all tries improve the output. That "
            "all six fail is rare.",
            "About 6 % of the way, since gain and tries go together": "The first tries bring the "
            "most. Later ones have to beat a result that is already good.",
            "About 60 % of the way": "59 %. A few tries bring most of the gain, and every further "
            "one brings less.",
            "About 85 % of the way, hardly less than with 100": "It is 59 %. More tries do help, "
            "but ever less: 1,000 of them reach 97 %.",
        },
        answer="About 60 % of the way",
    ),
}
