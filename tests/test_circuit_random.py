"""Circuits that nobody drew: their slopes are those measured by nudging."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnutils.circuit import maximum
from tests.test_circuit import measured, values_and_slopes

JOINS = (
    lambda a, b: a + b,
    lambda a, b: a - b,
    lambda a, b: a.tanh() * b,
    lambda a, b: a / (2 + b.tanh()),
    lambda a, b: (a - b).sigmoid(),
    lambda a, b: 0.5 * a * (1 - b).tanh(),
)


@given(
    inputs=st.lists(st.floats(-2, 2), min_size=1, max_size=3),
    steps=st.lists(st.tuples(st.sampled_from(JOINS), st.integers(0), st.integers(0)), max_size=8),
)
def test_random_circuits_with_forks(inputs, steps):
    def circuit(*wires):
        wires = [1 * wire for wire in wires]
        for join, i, j in steps:
            wires.append(join(wires[i % len(wires)], wires[j % len(wires)]))
        return wires[-1]

    _, grads = values_and_slopes(circuit, *inputs)
    assert grads == pytest.approx(measured(circuit, *inputs), rel=1e-5, abs=1e-6)


@given(st.lists(st.integers(-2, 2), min_size=6, max_size=6))
def test_maximum_of_two_lines_with_ties(numbers):
    # At a tie the central difference averages the slopes of both sides, as half each does.
    a, b, c, d, x, y = numbers

    def circuit(x, y):
        return maximum(a * x + b * y, c * x + d * y)

    assert values_and_slopes(circuit, x, y)[1] == measured(circuit, x, y)
