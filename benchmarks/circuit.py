"""Scalar circuits: nnutils.circuit beside micrograd, in one run.

Each row builds a circuit and sends slopes back through it, with both libraries in turn, and
gives the median of 31 rounds. micrograd's ``backward`` calls itself once a gate, so it stops at
chains of about a thousand; ours has no such limit, and the last rows show how its cost grows.
"""

import platform
from statistics import median
from time import perf_counter

from micrograd.engine import Value as Micrograd

from nnutils.circuit import Value

ROUNDS = 31


def chain(value, length):
    """Multiply and add, again and again: two gates a link."""
    x, y = value(1.0), value(0.5)
    out = x
    for _ in range(length):
        out = out * y + x
    return out


def quotients(value, length):
    """A sum of squared quotients of differences: five gates a term."""
    a, b, c = value(3.0), value(2.0), value(7.0)
    out = value(0.0)
    for _ in range(length):
        out = out + ((a - b) / (c - b)) ** 2
    return out


def network(value, samples):
    """A network of 2 inputs, 8 ReLU units and 1 output, with the squared error of its samples."""
    hidden = [[value((i * 7 + j * 3) % 5 / 5 - 0.4) for j in range(3)] for i in range(8)]
    last = [value((i * 3) % 7 / 7 - 0.4) for i in range(9)]
    loss = value(0.0)
    for n in range(samples):
        x, y = (n % 5) / 5, (n % 3) / 3
        units = [(w[0] * x + w[1] * y + w[2]).relu() for w in hidden]
        out = last[8]
        for weight, unit in zip(last, units):
            out = out + weight * unit
        loss = loss + (out - 1.0) ** 2
    return loss


def seconds(circuit, *arguments):
    """Return how long it takes to build a circuit and send slopes back through it."""
    start = perf_counter()
    circuit(*arguments).backward()
    return perf_counter() - start


def main():
    """Print the table."""
    print(f"Python {platform.python_version()}, {platform.machine()}, median of {ROUNDS} rounds")
    print(f"{'circuit':<22}{'nnutils':>12}{'micrograd':>12}{'ratio':>8}")
    for circuit, size in [(chain, 100), (chain, 300), (quotients, 100), (network, 5)]:
        ours, theirs = [], []
        for _ in range(ROUNDS):
            ours.append(seconds(circuit, Value, size))
            theirs.append(seconds(circuit, Micrograd, size))
        ratio = median(a / b for a, b in zip(ours, theirs))
        print(
            f"{f'{circuit.__name__}, {size}':<22}{median(ours) * 1e3:>9.3f} ms"
            f"{median(theirs) * 1e3:>9.3f} ms{ratio:>8.2f}"
        )
    for length in (1_000, 10_000, 100_000, 500_000):
        took = seconds(chain, Value, length)
        print(
            f"{f'chain, {length}':<22}{took * 1e3:>9.1f} ms   {took / length * 5e5:.2f} µs a gate"
        )


if __name__ == "__main__":
    main()
