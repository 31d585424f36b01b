"""Exercises and quiz of the chapter *Backpropagation*."""

import math

import numpy as np

from nnutils.circuit import Value
from nnutils.exercises import Exercise, Named, Question


def slopes(kind, circuit, *numbers):
    """Return the output of a circuit of values, its slopes, and those after a second ``backward``.

    ``circuit`` is a text such as ``"p = a * b; p + c"``, and ``kind`` is the class of the values.
    """
    wires = dict(zip("abcd", map(kind, numbers)))
    *gates, last = circuit.split("; ")
    for gate in (*gates, f"out = {last}"):
        exec(gate, {}, wires)
        if None in wires.values():
            return Named({f"The output of {gate.removeprefix('out = ')}": None})
    out = wires.pop("out")
    short = circuit if len(circuit) <= 60 else "this circuit"
    found = Named({f"The output of {short}": out.data})
    for call in ("The", "After a second call of backward the"):
        out.backward()
        for name, wire in reversed(wires.items()):
            found[f"{call} slope of {name} in {short}"] = wire.grad
    return found


class _Value:
    """The class of the exercise; a mistake is a subclass that changes one thing."""

    made = 0
    order = staticmethod(lambda found: sorted(found, key=lambda value: -value.serial))
    pull = staticmethod(lambda old, slope, arrives: old + slope * arrives)
    first = 1.0
    again = False
    wires = slice(None)
    to_factors = staticmethod(lambda a, b: (b, a))
    curve = staticmethod(math.tanh)
    to_curve = staticmethod(lambda x, t: 1 - t * t)

    def __init__(self, data, inputs=(), slopes=()):
        _Value.made += 1
        self.data, self.grad, self.serial = float(data), 0.0, _Value.made
        self.inputs, self.slopes = inputs, slopes

    def __add__(self, other):
        return type(self)(self.data + other.data, (self, other), (1, 1))

    def __mul__(self, other):
        a, b = self.data, other.data
        return type(self)(a * b, (self, other), self.to_factors(a, b))

    def tanh(self):
        t = self.curve(self.data)
        return type(self)(t, (self,), (self.to_curve(self.data, math.tanh(self.data)),))

    def backward(self):
        found = [self]
        for value in found:
            found += [wire for wire in dict.fromkeys(value.inputs) if wire not in found]
        for value in () if self.again else found:
            value.grad = 0.0
        self.grad = self.first
        for value in self.order(found):
            for wire, slope in list(zip(value.inputs, value.slopes))[self.wires]:
                wire.grad = self.pull(wire.grad, slope, value.grad)


def _wrong(**changes):
    """Return a class with one mistake."""
    return type(
        "Value",
        (_Value,),
        {k: staticmethod(v) if callable(v) else v for k, v in changes.items()},
    )


class _Twice(_Value):
    def backward(self):
        found = [self]
        for value in found:
            found += value.inputs
        for value in found:
            value.grad = 0.0
        self.grad = 1.0
        for value in self.order(found):
            for wire, slope in zip(value.inputs, value.slopes):
                wire.grad += slope * value.grad


class _PlainNumber(_Value):
    def __mul__(self, other):
        return self.data * other.data


class _SlopesAreValues(_Value):
    def __mul__(self, other):
        return type(self)(self.data * other.data, (self, other), (other, self))


class _CallsItself(_Value):
    def tanh(self):
        return self.tanh()  # as np.tanh(self) does


_FIVE = ((-1, 5), (-2, 5), (24, -60), (-20, 25), (-0.5, -1.25))


def _all_right_but(number, pair):
    return (*_FIVE[: number - 1], pair, *_FIVE[number:])


def _sigmoid(q):
    return 1 / (1 + math.exp(-q))


def _learn(
    points,
    w1,
    w2,
    b,
    rate,
    steps,
    *,
    wrong=lambda s, pull: pull * (s - 0.5) <= 0,
    flat=False,
    one=1,
):
    """Return weights and bias after the last step.

    A mistake changes which points pull, leaves out the slope of the sigmoid, or turns the step
    around or changes its size by a factor.
    """
    numbers = np.array([w1, w2, b], dtype=float)
    for _ in range(steps):
        numbers = numbers + one * rate * _step(points, numbers, wrong, flat)
    return tuple(numbers)


def _step(points, numbers, wrong, flat=False):
    """Return the slopes of all points that pull, added up."""
    total = np.zeros(3)
    for x1, x2, pull in points:
        s = _sigmoid(numbers @ (x1, x2, 1))
        if wrong(s, pull):
            total += np.array([x1, x2, 1]) * pull * (1 if flat else s * (1 - s))
    return total


def _one_by_one(points, w1, w2, b, rate, steps):
    numbers = np.array([w1, w2, b], dtype=float)
    for _ in range(steps):
        for point in points:
            numbers = numbers + rate * _step(
                [point], numbers, lambda s, pull: pull * (s - 0.5) <= 0
            )
    return tuple(numbers)


def _one_after_the_other(points, w1, w2, b, rate, steps):
    numbers = np.array([w1, w2, b], dtype=float)
    for _ in range(steps):
        for i in range(3):
            slopes = _step(points, numbers, lambda s, pull: pull * (s - 0.5) <= 0)
            numbers[i] += rate * slopes[i]
    return tuple(numbers)


def _mean_slopes(points, w1, w2, b, rate, steps, among=lambda wrong, points: wrong):
    """Return the numbers after steps along the mean over the wrong points, or over others."""
    for _ in range(steps):
        wrong = [(x1, x2, p) for x1, x2, p in points if p * (w1 * x1 + w2 * x2 + b) <= 0]
        count = max(len(among(wrong, points)), 1)
        w1, w2, b = _learn(points, w1, w2, b, rate / count, 1)
    return w1, w2, b


def _none_is_wrong(points, w1, w2, b, rate, steps, moves=False):
    """Stop at the first step at which no point is wrong, or go on with the slopes before."""
    numbers, slopes = np.array([w1, w2, b], dtype=float), np.zeros(3)
    for _ in range(steps):
        if any(pull * (numbers @ (x1, x2, 1)) <= 0 for x1, x2, pull in points):
            slopes = _step(points, numbers, lambda s, pull: pull * (s - 0.5) <= 0)
        elif not moves:
            raise AttributeError("'int' object has no attribute 'backward'")
        numbers = numbers + rate * slopes
    return tuple(numbers)


def _without_bias(points, w1, w2, b, rate, steps):
    for _ in range(steps):
        w1, w2, _ = _learn(points, w1, w2, b, rate, 1)
    return w1, w2, b


def _chain_slope(x, factors, own=lambda c, x: 1 + 2 * c * x, gate=lambda c, x: x + c * x**2):
    slope = 1
    for c in factors:
        slope *= own(c, x)
        x = gate(c, x)
    return slope


def _at_outputs(x, factors):
    slope = 1
    for c in factors:
        x += c * x**2
        slope *= 1 + 2 * c * x
    return slope


def _by_recursion(x, factors, i=0):
    if i == len(factors):
        return 1
    c = factors[i]
    return (1 + 2 * c * x) * _by_recursion(x + c * x**2, factors, i + 1)


def _added(x, factors):
    total = 0
    for c in factors:
        total += 1 + 2 * c * x
        x += c * x**2
    return total


def _output(x, factors):
    for c in factors:
        x += c * x**2
    return x


EXERCISES = {
    "Value": Exercise(
        solution=Value,
        run=slopes,
        methods=("backward", "__mul__", "tanh"),
        cases=(
            ("a", 2),
            ("a + b", -2, 5),
            ("a + a", 3),
            ("p = a + b; p + c", 2, 5, -1),
            ("p = a + b; p + p", 2, 5),
            ("p = a + b; q = p + a; p + q", 2, 5),
            ("p = a + a; q = p + p; q + a", 1),
            ("a * b", 3, -4),
            ("a * a", 3),
            ("p = a * b; p * c", 2, -3, 5),
            ("p = a * b; p + a", 5, 2),
            ("p = a + b; p * c", -2, 5, -4),
            ("p = a * b; q = p + c; r = q * d; r * r", 2, -1, 3, 0.5),
            ("a.tanh()", 0),
            ("a.tanh()", 0.5),
            ("a.tanh()", -2),
            ("p = a * b; p.tanh()", 0.5, 3),
            ("p = a.tanh(); p * p", 1),
            ("p = a * b; q = p + c; r = q.tanh(); s = r * p; t = s + q; t * a", 0.5, -1, 2),
            ("p = (a + b).tanh(); q = p * a; r = q + p; s = r * q; t = s.tanh(); t + p", -0.7, 1.3),
        ),
        mistakes={
            "In backward: at a fork the pulls add up, += instead of =.": _wrong(
                pull=lambda old, slope, arrives: slope * arrives
            ),
            "In backward: you go from the value made first to the one made last. A value has to "
            "wait until all pulls have arrived: highest serial number first.": _wrong(
                order=lambda found: sorted(found, key=lambda value: value.serial)
            ),
            "In backward: you go through the values as you find them. One of them passes on its "
            "pull too early: sort them, highest serial number first.": _wrong(order=list),
            "In backward: each slope has to be multiplied by the pull, the grad of the value that "
            "the gate has made.": _wrong(pull=lambda old, slope, arrives: old + slope),
            "In backward: nothing flows back if the output's own grad stays 0. It is 1.": _wrong(
                first=0.0
            ),
            "In backward: a second call adds to what the first has left. Set every grad to 0 "
            "before.": _wrong(again=True),
            "In backward: a gate sends a pull to each of its inputs; you send it to the first "
            "alone.": _wrong(wires=slice(1)),
            "In backward: a value that is read twice stands twice in your list, and so passes its "
            "pull on twice.": _Twice,
            "In __mul__: the slopes of the two wires are exchanged. The first wire gets the value "
            "on the second.": _wrong(to_factors=lambda a, b: (a, b)),
            "In __mul__: 1 and 1 are the slopes of plus. Times swaps.": _wrong(
                to_factors=lambda a, b: (1, 1)
            ),
            "In __mul__: both wires get the value on the second; that is right for the first "
            "alone.": _wrong(to_factors=lambda a, b: (b, b)),
            "In __mul__: both wires get the product. The slope with one is the value on the "
            "other.": _wrong(to_factors=lambda a, b: (a * b, a * b)),
            "In __mul__: this is a plain number. A gate makes a Value, which remembers its inputs "
            "and slopes.": _PlainNumber,
            "In __mul__: the slopes are values. They are to be plain numbers, such as "
            "other.data.": _SlopesAreValues,
            "In tanh: np.tanh(self) calls this method again, without end. Give it the number, "
            "self.data.": _CallsItself,
            "In tanh: the output is right. Its slope is 1 minus the square of the output, not of "
            "the input.": _wrong(to_curve=lambda x, t: 1 - x * x),
            "In tanh: the output is right. t (1 - t) is the slope of a sigmoid with the output "
            "t.": _wrong(to_curve=lambda x, t: t * (1 - t)),
            "In tanh: the output is right. You square 1 - t; it is 1 minus the square of "
            "t.": _wrong(to_curve=lambda x, t: (1 - t) ** 2),
            "In tanh: the output is right. In the slope one of the two factors 2 is missing: one "
            "comes from inside the sigmoid, one from outside.": _wrong(
                to_curve=lambda x, t: (1 - t * t) / 2
            ),
            "In tanh: the output is right. In the slope both factors 2 are missing: the chain has "
            "three gates, not one.": _wrong(to_curve=lambda x, t: (1 - t * t) / 4),
            "In tanh: the output is right. Only the slope of exp is its own output.": _wrong(
                to_curve=lambda x, t: t
            ),
            "In tanh: the output is right, but the sign of the slope is turned around. tanh rises "
            "everywhere.": _wrong(to_curve=lambda x, t: t * t - 1),
            "In tanh: the slope is right. The output is the sigmoid: stretch it, times 2 and "
            "minus 1.": _wrong(curve=lambda x: _sigmoid(2 * x)),
        },
    ),
    "five_circuits": Exercise(
        solution=_FIVE,
        mistakes={
            "At the forks you kept only the pull that arrived last. They add up: += instead of "
            "=.": ((-2, 5), (-2, 0), (24, -60), (-10, 25), (-0.5, -0.5)),
            "At the forks you kept only the pull that arrived first. The second one has to be "
            "added.": ((1, 5), (-2, 5), (24, -60), (-10, 25), (-0.5, -0.75)),
            "You took the gates' own slopes and left out the pull that arrives from the right: "
            "multiply by it.": ((-1, 5), (1, 5), (-2, 5), (10, 25), (1, 0.25)),
            "A times gate swaps: each input gets the pull times the other input's value, not its "
            "own.": ((6, -2), (5, -2), (-60, 24), (250, -2), (-0.5, -1.25)),
            "The two slopes of each pair are swapped: first with x, then with y.": tuple(
                (dy, dx) for dx, dy in _FIVE
            ),
            "All right but the first pair: x is read by the plus gate, too, which hands on a pull "
            "of 1.": _all_right_but(1, (-2, 5)),
            "All right but the second pair: the maximum is x here, so y gets nothing by way of "
            "it.": _all_right_but(2, (-2, 3)),
            "All right but the second pair: the maximum is x here. You let y pass, and send "
            "nothing to x.": _all_right_but(2, (0, -4)),
            "All right but the second pair: a pull of y arrives at the maximum, which hands it on "
            "to x.": _all_right_but(2, (1, 5)),
            "All right but the third pair: the slope of a square is twice its "
            "input.": _all_right_but(3, (12, -30)),
            "All right but the third pair: the input of the square is x y + 4, not x "
            "y.": _all_right_but(3, (40, -100)),
            "All right but the third pair: this is what the square sends. The times gate is still "
            "to come.": _all_right_but(3, (-12, -12)),
            "All right but the third pair: the times gate swaps, x gets the pull times y.": (
                _all_right_but(3, (-60, 24))
            ),
            "All right but the fourth pair: x is read twice, and both pulls add "
            "up.": _all_right_but(4, (-10, 25)),
            "All right but the fourth pair: the slope of x x is 2 x, and the pull that arrives "
            "there is y.": _all_right_but(4, (10, 25)),
            "All right but the last pair: the slope of a division with its lower wire is "
            "negative.": _all_right_but(5, (-0.5, 0.25)),
            "All right but the last pair: y is read by the plus gate, too, which hands on a pull "
            "of 1 / y.": _all_right_but(5, (-0.5, -0.75)),
            "All right but the last pair: y is read by the division, too.": _all_right_but(
                5, (-0.5, -0.5)
            ),
            "All right but the last pair: the slope of a division with its lower wire has the "
            "square of that wire below.": _all_right_but(5, (-0.5, 1)),
        },
    ),
    "fork_gradient": Exercise(
        solution=lambda x, y: (x * y + y * (x + y), x * y + x * (x + y)),
        cases=((1, 2), (3, 0), (-2, 5), (0, 0), (4, 4), "1 / 3, -2 / 7", (20_001, 9_007)),
        mistakes={
            "These are the pulls of q = x * y alone, as in the function above, where they "
            "overwrite those of p = x + y. Add both.": lambda x, y: (y * (x + y), x * (x + y)),
            "These are the pulls of p = x + y alone; those of q = x * y have to be "
            "added.": lambda x, y: (x * y, x * y),
            "x is mended; y still gets only the pull of q = x * y.": lambda x, y: (
                (x * y + y * (x + y), x * (x + y))
            ),
            "y is mended; x still gets only the pull of q = x * y.": lambda x, y: (
                (y * (x + y), x * y + x * (x + y))
            ),
            "At a fork the pulls are added up, not averaged.": lambda x, y: (
                ((x * y + y * (x + y)) / 2, (x * y + x * (x + y)) / 2)
            ),
            "At a fork the pulls are added up, not multiplied.": lambda x, y: (
                (x * y * y * (x + y), x * y * x * (x + y))
            ),
            "The two slopes are exchanged: in q = x * y, dx is y * dq, and dy is x * "
            "dq.": lambda x, y: ((x * y + x * (x + y), x * y + y * (x + y))),
            "The last times gate swaps: dp is q, and dq is p.": lambda x, y: (
                (x + y + y * x * y, x + y + x * x * y)
            ),
            "The pulls dp and dq are missing.": lambda x, y: (1 + y, 1 + x),
            "Both slopes get both pulls of q = x * y: y * dq belongs to x, and x * dq to "
            "y.": lambda x, y: (x * y + (x + y) ** 2, x * y + (x + y) ** 2),
            "This is the value of the function, not a pair of slopes.": lambda x, y: (
                (x + y) * x * y
            ),
        },
        without=("numerical_gradient",),
    ),
    "learn": Exercise(
        solution=_learn,
        cases=(
            ([(1, 2, 1)], 0, 0, 0, 1, 1),
            ([(1, 2, -1)], 0, 0, 0, 1, 1),
            ([(3, -1, 1), (2, 1, 1), (-1, 3, -1), (-2, 0, -1)], 1, 2, -3, 0.5, 1),
            ([(3, -1, 1), (2, 1, 1), (-1, 3, -1), (-2, 0, -1)], 1, 2, -3, 0.5, 0),
            ([(3, -1, 1), (2, 1, 1), (-1, 3, -1), (-2, 0, -1)], 1, 2, -3, 0.5, 30),
            ([(1, 1, 1), (2, -1, -1)], 1, -1, 0.5, 0.25, 3),
            ([(0.5, -2, -1), (1.5, 1, 1), (-1, -1, 1)], -1, 0.5, 0.25, 2, 7),
            ([(2, 3, 1), (-1, 0.5, -1)], 1, 1, 0, 1, 5),
        ),
        mistakes={
            "You pull at all points. Here only those pull whose output is on the wrong side.": (
                lambda *a: _learn(*a, wrong=lambda s, pull: True)
            ),
            "You pull where the output is right already, and not where it is wrong.": lambda *a: (
                _learn(*a, wrong=lambda s, pull: pull * (s - 0.5) > 0)
            ),
            "An output of exactly one half counts as wrong, too.": lambda *a: _learn(
                *a, wrong=lambda s, pull: pull * (s - 0.5) < 0
            ),
            "With pull 1, too, an output of exactly one half counts as wrong.": lambda *a: _learn(
                *a, wrong=lambda s, pull: s < 0.5 if pull > 0 else s >= 0.5
            ),
            "With pull -1, too, an output of exactly one half counts as wrong.": lambda *a: _learn(
                *a, wrong=lambda s, pull: s <= 0.5 if pull > 0 else s > 0.5
            ),
            "You pull at the points with pull 1 alone. The others have to be pulled down, where "
            "their output is too high.": lambda *a: _learn(
                *a, wrong=lambda s, pull: pull > 0 and s <= 0.5
            ),
            "You pull at the points with pull -1 alone. The others have to be pulled up, where "
            "their output is too low.": lambda *a: _learn(
                *a, wrong=lambda s, pull: pull < 0 and s >= 0.5
            ),
            "You take a step after each point. Add up the slopes of all wrong points first, and "
            "move then.": _one_by_one,
            "You move w1 before the slope of w2 is worked out. In each step all numbers move at "
            "once.": _one_after_the_other,
            "You take the mean over the wrong points. Their slopes are added up.": _mean_slopes,
            "You divide by the number of points. The slopes of the wrong ones are added "
            "up.": lambda *a: _mean_slopes(*a, among=lambda wrong, points: points),
            "The slope of the sigmoid, s (1 - s), is missing as a factor.": lambda *a: _learn(
                *a, flat=True
            ),
            "The step goes the wrong way: outputs that are too low become lower.": lambda *a: (
                _learn(*a, one=-1)
            ),
            "The bias has a slope, too: its input is always 1.": _without_bias,
            "Here no point is wrong any more, so f is still the number 0. Then nothing "
            "moves.": _none_is_wrong,
            "Where no point is wrong any more, nothing moves. Your numbers go on with the slopes "
            "of an earlier step.": lambda *a: _none_is_wrong(*a, moves=True),
            "The rate is missing: multiply the slopes by it.": lambda points, w1, w2, b, r, steps: (
                _learn(points, w1, w2, b, 1, steps)
            ),
            "This is a single step. A return inside the loop ends it.": lambda points, *a: _learn(
                points, *a[:4], min(a[4], 1)
            ),
        },
    ),
    "chain_slope": Exercise(
        solution=_chain_slope,
        cases=(
            (2, []),
            (2, [1]),
            (1, [1, 0.5]),
            (-1, [0.5, -1, 2]),
            (0, [3, 4]),
            (1, [-2]),
            (2, [-0.25, 3]),
            (10_001, [0.01, 0.03]),  # too steep for a slope that is measured
            "0.5, np.random.default_rng(8).uniform(-0.1, 0.1, 20).tolist()",
            "1.0, np.random.default_rng(8).uniform(-1e-4, 1e-4, 100_000).tolist()",
        ),
        mistakes={
            "You multiply the slopes at the outputs. The slope of a gate depends on what goes in: "
            "work it out before x moves on.": _at_outputs,
            "You take every slope at the first x. Each gate has its own input.": lambda x, cs: (
                math.prod(1 + 2 * c * x for c in cs)
            ),
            "Slopes along a chain are multiplied, not added.": _added,
            "This is the output of the chain, not its slope.": _output,
            "It is right for short chains, but Python allows only about a thousand calls inside "
            "each other: use a loop.": _by_recursion,
            "Each gate reads x twice: as it is, with slope 1, and squared. The 1 is missing in the "
            "slope.": lambda x, cs: _chain_slope(x, cs, own=lambda c, x: 2 * c * x),
            "The slope of x squared is 2x: a factor 2 is missing.": lambda x, cs: _chain_slope(
                x, cs, own=lambda c, x: 1 + c * x
            ),
            "The slope of x squared is 2x: the x is missing.": lambda x, cs: _chain_slope(
                x, cs, own=lambda c, x: 1 + 2 * c
            ),
            "The slopes are right, but a gate hands on x + c x**2, and not c x**2 "
            "alone.": lambda x, cs: _chain_slope(x, cs, gate=lambda c, x: c * x**2),
            "These are slope and output for gates that are c x**2 alone.": lambda x, cs: (
                _chain_slope(x, cs, own=lambda c, x: 2 * c * x, gate=lambda c, x: c * x**2)
            ),
            "0 times anything is 0: start the product with 1.": lambda x, cs: 0,
            "This is the slope of the first gate alone. A return inside the loop ends "
            "it.": lambda x, cs: _chain_slope(x, cs[:1]),
            "This is the slope of the last gate alone: multiply, *= instead of =.": lambda x, cs: (
                _chain_slope(_output(x, cs[:-1]), cs[-1:])
            ),
        },
        without=("numerical_gradient",),
    ),
}

QUIZ = (
    Question(
        "A gate's own slope with its input is 3. From the output's side a pull of 0.5 arrives. "
        "What does the gate send to its input?",
        {
            "3.5": "Rates along a chain are multiplied, not added.",
            "3": "That is the gate's own slope; the pull is missing.",
            "1.5": "Half as fast, and three times as fast: 0.5 times 3.",
            "6": "Dividing by the pull would make a weak pull strong.",
        },
        answer="1.5",
    ),
    Question(
        "A plus gate reads 100 and 0.01. A pull of 2 arrives. What do its inputs get?",
        {
            "Both get 2.": "The output rises exactly as fast as either input, whatever their "
            "values are.",
            "100 gets more, because it is larger.": "The values do not matter for a sum. They do "
            "for a product.",
            "Each gets 1.": "A plus gate does not split the pull. Each input moves the output at "
            "the full rate.",
            "0.02 and 200.": "That is what a times gate would send.",
        },
        answer="Both get 2.",
    ),
    Question(
        "Why does the forward pass have to run before the backward pass?",
        {
            "Because Python runs code from top to bottom.": "The order is not about Python. With "
            "paper and pencil it is the same.",
            "Because many slopes depend on the numbers on the wires.": "The slope of x times y "
            "with x is the value of y, and only the forward pass knows it.",
            "Because the output's own slope has to be worked out first.": "It is always 1.",
        },
        answer="Because many slopes depend on the numbers on the wires.",
    ),
    Question(
        "A wire goes to two gates. A pull of 2 comes back from the first and -2 from the second. "
        "What is its slope?",
        {
            "-2, the one that came last.": "That is the bug of writing = instead of +=.",
            "2, the larger one.": "Only a maximum gate chooses. A fork does not.",
            "0": "They add up. For tiny nudges the two effects cancel.",
            "-4": "At a fork pulls are added. They are multiplied along a chain.",
        },
        answer="0",
    ),
    Question(
        "What is the slope of max(x, x) with x?",
        {
            "2": "That is what you get when both inputs of a tie get the whole pull.",
            "1": "The gate gives half to each of its inputs, and at the fork the halves add up. "
            "It has to be 1, because max(x, x) is x.",
            "One half": "Each of the two wires gets one half, and both come from x.",
        },
        answer="1",
    ),
    Question(
        "In a neuron the sum z is 8. All five slopes are close to 0. Why?",
        {
            "All inputs are close to 0.": "Then the sum would be close to 0, too, unless b is "
            "large.",
            "The neuron has learned everything.": "A slope of 0 says that nudging does not help "
            "here. It does not say that the output is right.",
            "The sigmoid is nearly flat there, and its slope is a factor of all of "
            "them.": "One factor near 0 makes every product small.",
            "They are lost by rounding.": "At z = 8 the slope is 0.0003, which a float holds "
            "without trouble.",
        },
        answer="The sigmoid is nearly flat there, and its slope is a factor of all of them.",
    ),
)
GUESSES = {
    "zero": Question(
        "You set w₁ to 0 and leave the other inputs. Which slope becomes 0?",
        {
            "That of w₁": "The slope of w₁ is x₁ times the pull that arrives, and x₁ is still -1. "
            "It becomes -0.0452.",
            "That of x₁": "A times gate swaps: the slope of x₁ is w₁ times the pull that arrives, "
            "and w₁ is 0.",
            "Those of w₁ and x₁, since both go into the same gate": "Only that of x₁. The slope of "
            "w₁ is x₁ times the pull that arrives, -0.0452.",
            "None of them": "The slope of x₁ is w₁ times the pull that arrives. With w₁ = 0 that "
            "is 0.",
        },
        answer="That of x₁",
    ),
}
