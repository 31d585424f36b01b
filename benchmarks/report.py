"""What every benchmark needs: a clock that goes round, tables, and the verdict on a target."""

from time import perf_counter

import numpy as np


def take_turns(runs, rounds):
    """Let functions that return seconds take turns; return (medians, median ratios).

    The ratios are those of the first to each, round by round, so that a slow moment of the machine
    counts on both sides.
    """
    times = np.array([[run() for run in runs] for _ in range(rounds)])
    return np.median(times, axis=0), np.median(times[:, :1] / times, axis=0)


def seconds(work, *arguments, clock=perf_counter):
    """Return how long a call takes."""
    start = clock()
    work(*arguments)
    return clock() - start


def short(number):
    """Return a number with three digits, in full."""
    return f"{float(f'{number:.3g}'):,.10g}"


def verdict(ratio, target):
    """Return the two last cells of a row: the target, and whether the ratio meets it."""
    return [f"at most {target:g}", "met" if ratio <= target else "missed"]


def table(head, rows):
    """Return a table in Markdown; all columns but the first are numbers."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)
