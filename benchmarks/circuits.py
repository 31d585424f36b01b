"""Scalar circuits beside micrograd and autograd

A round builds a circuit and sends slopes back to its inputs. Before the clock starts, the three
libraries have to agree on the slopes. autograd gets the inputs as one tuple, as its `grad` wants
them, and its own NumPy for the ReLU.

- `chain` multiplies and adds, again and again: two gates a link.
- `quotients` is a sum of squared quotients of differences: five gates a term.
- `network` has 2 inputs, 8 ReLU units and 1 output; its loss is the squared error of its samples.

A round leaves garbage behind. Values of nnutils are freed at once, because nothing in them points
in a circle; micrograd's values do, so that they wait for Python's garbage collector. Therefore each
circuit is timed with the collector on, as everybody runs it, and off. The libraries take turns in
blocks of rounds, and the collector starts each block with nothing to do, so that everybody pays for
their own garbage. The clock is that of the process: what else the machine does is left out.

What is left of our time is mostly what Python takes for a call, for a new object and for its eight
attributes. Making the object in each operation anew, instead of once for all in `_gate`, took 0.24
instead of 0.26 of micrograd's time for `chain`, 100 with the collector on, 0.32 instead of 0.38
with it off (2026-11-27): too little for code that is to be read, so it was left.
"""

import gc
from functools import partial
from time import process_time

import autograd.numpy
import numpy as np
from matplotlib import pyplot as plt
from micrograd.engine import Value as Micrograd

from benchmarks.report import seconds, short, table, take_turns, verdict
from nnutils.circuit import Value

BLOCKS, ROUNDS = 15, 10
TARGET = 0.25
GATES = (10, 100, 300, 1_000, 10_000, 100_000)


def chain(inputs, links, relu):
    x, y = inputs
    out = x
    for _ in range(links):
        out = out * y + x
    return out


def quotients(inputs, terms, relu):
    a, b, c = inputs
    out = 0.0
    for _ in range(terms):
        out = out + ((a - b) / (c - b)) ** 2
    return out


def network(inputs, samples, relu):
    *hidden, last = [inputs[start : start + 3] for start in range(0, 24, 3)] + [inputs[24:]]
    loss = 0.0
    for n in range(samples):
        x, y = (n % 5) / 5, (n % 3) / 3
        out = last[8]
        for weight, (to_x, to_y, bias) in zip(last, hidden):
            out = out + weight * relu(to_x * x + to_y * y + bias)
        loss = loss + (out - 1.0) ** 2
    return loss


CASES = [  # circuit, its inputs, its size
    (chain, (1.0, 0.5), 100),
    (chain, (1.0, 0.5), 300),
    (quotients, (3.0, 2.0, 7.0), 100),
    (network, tuple((7 * i % 10) / 10 - 0.45 for i in range(33)), 5),
]


def by_values(value, circuit, numbers, size):
    """Return the slopes, by a library whose values remember how they were made."""
    inputs = [value(number) for number in numbers]
    circuit(inputs, size, value.relu).backward()
    return [v.grad for v in inputs]


def by_autograd(circuit, numbers, size):
    """Return the slopes, by autograd."""
    relu = partial(autograd.numpy.maximum, 0.0)
    return autograd.grad(lambda inputs: circuit(list(inputs), size, relu))(numbers)


LIBRARIES = {
    "nnutils": partial(by_values, Value),
    "micrograd": partial(by_values, Micrograd),
    "autograd": by_autograd,
}


def gates(circuit, numbers, size):
    """Return how many gates a circuit has: values are numbered as they are made."""
    inputs = [Value(number) for number in numbers]
    return circuit(inputs, size, Value.relu).age - inputs[-1].age


def block(slopes, case, rounds):
    """Return how long a round takes, in a block."""

    def work():
        for _ in range(rounds):
            slopes(*case)

    gc.collect()
    return seconds(work, clock=process_time) / rounds


def collected(slopes, case):
    """Return (collections in a round, the share of the time that they take)."""
    marks = []
    gc.callbacks.append(lambda phase, info: marks.append(process_time()))
    took = block(slopes, case, ROUNDS) * ROUNDS
    gc.callbacks.pop()
    del marks[:2]  # the collection before the block
    return len(marks) / 2 / ROUNDS, (sum(marks[1::2]) - sum(marks[::2])) / took


def compare():
    """Return the table of the libraries, and that of their garbage collections."""
    rows, garbage = [], []
    for case in CASES:
        name, size = f"`{case[0].__name__}`, {case[2]}", gates(*case)
        answers = [slopes(*case) for slopes in LIBRARIES.values()]
        np.testing.assert_allclose(answers[1:], [answers[0]] * 2)
        for collector, switch in (("off", gc.disable), ("on", gc.enable)):
            switch()
            runs = [partial(block, slopes, case, ROUNDS) for slopes in LIBRARIES.values()]
            medians, ratios = take_turns(runs, BLOCKS)
            row = [name, size, collector, *map(short, medians * 1e3), *map(short, ratios[1:])]
            rows.append(row + verdict(ratios[1], TARGET))
        shares = (collected(slopes, case) for slopes in LIBRARIES.values())
        garbage.append([name, *(f"{often:.2g}; {share:.0%}" for often, share in shares)])
    head = ["circuit", "gates", "collector", *(f"{name}, ms" for name in LIBRARIES)]
    head += ["ratio to micrograd", "to autograd", "target for micrograd", "result"]
    return table(head, rows), table(["circuit", *LIBRARIES], garbage)


def growth():
    """Return the table and the plot of the time of a chain against its number of gates."""
    times = {name: [] for name in LIBRARIES}
    for size in GATES:
        case = chain, (1.0, 0.5), size // 2
        rounds = max(1, 1_000 // size)
        for name, slopes in LIBRARIES.items():
            try:
                took = np.median([block(slopes, case, rounds) for _ in range(3)])
            except RecursionError:
                took = np.nan
            times[name].append(took / size * 1e6)
    rows = [
        [f"{size:,}", *("RecursionError" if np.isnan(t) else f"{t:.2f}" for t in row)]
        for size, *row in zip(GATES, *times.values())
    ]
    fig, ax = plt.subplots()
    for (name, each), style in zip(times.items(), ("o-", "s--", "^:")):
        ax.loglog(GATES, np.multiply(each, GATES) / 1e3, style, label=name)
    ax.set(xlabel="gates in a chain", ylabel="ms a round")
    ax.legend()
    return table(["gates", *(f"{name}, µs a gate" for name in LIBRARIES)], rows), fig


def measure():
    """Return the section's tables and plots."""
    libraries, garbage = compare()
    against_gates, fig = growth()
    return [
        f"Medians of {BLOCKS} blocks of {ROUNDS} rounds; a ratio is our time divided by theirs.",
        libraries,
        "How often the collector ran in a round, where it was on, and its share of the time:",
        garbage,
        "How the time of a chain grows with its gates, with the collector on. Where micrograd "
        "raises RecursionError, its `backward` calls itself once a gate too often for Python:",
        against_gates,
        (
            "gates",
            fig,
            "Three lines, the time of a round with nnutils, micrograd and autograd against the "
            "number of gates, both on scales of powers of ten. The numbers are those of the table.",
        ),
    ]
