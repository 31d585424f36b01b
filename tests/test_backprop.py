"""The class ``Value`` that a reader of *backprop* writes, and the package's: they are the same."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnutils import circuit
from nnutils.check import verdict
from nnutils.exercises.backprop import EXERCISES
from tests.printed import alone, exercise_cells, solution

SOLUTION = solution("backprop.Value")
GATES = (
    lambda a, b: a + b,
    lambda a, b: (a * b).tanh(),
    lambda a, b: a.tanh() * b,
    lambda a, b: (a + b).tanh() + a,
    lambda a, b: a.tanh() * a.tanh() + b.tanh(),
)


def written(source=SOLUTION):
    """Return the class that a source defines, with what the setup cell gives."""
    names = alone("backprop.Value")
    exec(source, names)
    return names["Value"]


def run(value, numbers, steps):
    """Return [(value, gradient)] of every wire of a circuit."""
    wires = [value(number) for number in numbers]
    for gate, i, j in steps:
        wires.append(GATES[gate](wires[i % len(wires)], wires[j % len(wires)]))
    wires[-1].backward()
    return [(wire.data, wire.grad) for wire in wires]


# A wire that is drawn twice makes a fork.
NUMBERS = st.lists(
    st.one_of(st.integers(-2, 2), st.floats(-2, 2, allow_subnormal=False)), min_size=1, max_size=4
)
STEPS = st.lists(
    st.tuples(st.integers(0, len(GATES) - 1), st.integers(0, 9), st.integers(0, 9)),
    max_size=10,
)
OWN = written()


@given(NUMBERS, STEPS)
def test_on_random_circuits_both_give_the_same(numbers, steps):
    ours, theirs = run(OWN, numbers, steps), run(circuit.Value, numbers, steps)
    assert np.allclose(ours, theirs, rtol=1e-12, atol=1e-12)


@given(NUMBERS, STEPS)
def test_a_second_call_gives_the_same(numbers, steps):
    wires = [OWN(number) for number in numbers]
    for gate, i, j in steps:
        wires.append(GATES[gate](wires[i % len(wires)], wires[j % len(wires)]))
    wires[-1].backward()
    once = [wire.grad for wire in wires]
    wires[-1].backward()
    assert [wire.grad for wire in wires] == once


@settings(max_examples=5, deadline=None)
@given(st.floats(-2, 2), st.lists(st.sampled_from([1, 2, 4]), min_size=1, max_size=5))
def test_on_chains_of_100_000_gates_both_give_the_same(number, pattern):
    def chain(value):
        start = out = value(number)
        for n in range(40_000):
            out = GATES[pattern[n % len(pattern)]](out, out)
        out.backward()
        return out.data, start.grad

    assert np.allclose(chain(OWN), chain(circuit.Value), rtol=1e-9)


def test_a_chain_of_100_000_gates_by_hand():
    start = out = OWN(1)
    little = OWN(1e-5)
    for _ in range(100_000):
        out = out + little
    out.backward()
    assert out.data == pytest.approx(2)
    assert (start.grad, little.grad) == (1, 100_000)


def test_forks_by_hand():
    x, y = OWN(3), OWN(2)
    (x * x).backward()
    assert x.grad == 6  # 3 along each wire
    (x * y + x).backward()
    assert (x.grad, y.grad) == (3, 3)  # y + 1, x


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("wire.grad += slope", "wire.grad = slope", "a in a + a is 1, but 2"),
        (" * value.grad", "", "b in p = a + b; p + p is 1, but 2"),
        ("self.grad = 1.0", "", "a in a is 0, but 1"),
        ("value.grad = 0.0", "", "After a second call of backward the slope of b in a + b is 2"),
        ("reverse=True", "reverse=False", "b in p = a + b; p + c is 0, but 1"),
        ("other.data, self.data", "self.data, other.data", "b in a * b is -4, but 3"),
        ("1 - t**2", "1 - self.data**2", "a in a.tanh() is 0.75, but 0.786447733"),
    ],
)
def test_a_fault_is_found_and_named_with_its_gate_and_wire(right, wrong, said):
    assert right in SOLUTION
    reply = verdict(EXERCISES["Value"], written(SOLUTION.replace(right, wrong)), "Value")
    assert reply.startswith("Not yet. Run this line to see it:")
    assert said in reply


def stub():
    """Return the source of the stub, without its check, and the methods of the solution."""
    source = exercise_cells("backprop")["backprop.Value"][1].partition("\n\n\n")[0]
    start = SOLUTION.index("    def backward")
    return source, dict(
        zip(EXERCISES["Value"].methods, SOLUTION[start:].strip("\n").split("\n\n"), strict=True)
    )


def test_the_class_can_be_written_method_by_method():
    source, methods = stub()
    said = []
    for name, method in methods.items():
        (head,) = (line for line in source.split("\n") if f"def {name}(" in line)
        source = source.replace(f"{head}\n        ...", method)
        said.append(verdict(EXERCISES["Value"], written(source), "Value"))
    assert said == [
        "Not yet, but all is right so far. Still to write: __mul__ and tanh.",
        "Not yet, but all is right so far. Still to write: tanh.",
        "Correct in 20 cases.",
    ]


@pytest.mark.parametrize(
    ("name", "right", "wrong", "last"),
    [
        ("backward", "+= slope", "= slope", "In backward: at a fork the pulls add up, += instead "),
        ("__mul__", "other.data, self.data", "self.data, other.data", "In __mul__: the slopes of"),
        ("__mul__", "return ", "", "Does every way through your function end in a return?"),
    ],
)
def test_a_mistake_is_named_before_the_other_methods_are_written(name, right, wrong, last):
    source, methods = stub()
    for method in {"backward": 1, name: 1}:
        body = methods[method].replace(right, wrong) if method == name else methods[method]
        (head,) = (line for line in source.split("\n") if f"def {method}(" in line)
        source = source.replace(f"{head}\n        ...", body)
    assert verdict(EXERCISES["Value"], written(source)).split("\n")[-1].startswith(last)


def test_it_begins_with_backward():
    source, methods = stub()
    source = source.replace("    def __mul__(self, other):\n        ...", methods["__mul__"])
    assert verdict(EXERCISES["Value"], written(source)) == (
        "Not yet. Begin with backward: nothing can be tried without it."
    )


@pytest.mark.peers
@settings(deadline=None)
@given(NUMBERS, st.lists(st.tuples(st.integers(0, 4), st.integers(0), st.integers(0)), max_size=6))
def test_gradients_are_those_of_pytorch(numbers, steps):
    import torch

    def tensor(number):
        return torch.tensor(float(number), dtype=torch.float64, requires_grad=True)

    leaves = [tensor(number) for number in numbers]
    wires = list(leaves)
    for gate, i, j in steps:
        wires.append(GATES[gate](wires[i % len(wires)], wires[j % len(wires)]))
    wires[-1].backward()
    theirs = [float(leaf.grad) if leaf.grad is not None else 0.0 for leaf in leaves]
    ours = run(OWN, numbers, steps)[: len(numbers)]
    assert [grad for _, grad in ours] == pytest.approx(theirs, rel=1e-9, abs=1e-12)
