"""The class ``Value`` that the chapter *backprop* builds, and the package's: they are the same."""

import ast
from pathlib import Path

import nbformat
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnutils import circuit

BOOK = Path(__file__).parents[1] / "book"


def chapter():
    """Return what the chapter's cells define up to the import of the package's Value."""
    names = {}
    for cell in nbformat.read(BOOK / "backprop.ipynb", as_version=4).cells:
        if "from nnutils.circuit import Value" in cell.source:
            return names
        if cell.cell_type != "code" or "setup" in cell.metadata.get("tags", ()):
            continue
        tree = ast.parse(cell.source)
        tree.body = [part for part in tree.body if defines(part)]
        exec(compile(tree, "backprop", "exec"), names)
    raise AssertionError("the chapter does not import Value from the package")


def defines(part):
    """Whether a statement imports, defines, or gives the class Value a method."""
    if isinstance(part, ast.Assign):
        return ast.unparse(part.targets[0]).lstrip("(").startswith("Value.")
    if isinstance(part, ast.FunctionDef):
        return not part.decorator_list
    return isinstance(part, (ast.Import, ast.ClassDef))


def gates_of(maximum):
    """Return ways to join two wires that stay small, and have a slope everywhere."""
    return (
        lambda a, b: a + b,
        lambda a, b: a - b,
        lambda a, b: 0.5 * a * b,
        lambda a, b: a / (b * b + 1),
        lambda a, b: 2 / (1 + b**2) - a,
        lambda a, b: (-a * a).exp() * b,
        lambda a, b: (3 - a) / 4,
        lambda a, b: maximum(a, b),
        lambda a, b: maximum(a, 0) - maximum(b, 1),
        lambda a, b: a**3 / (1 + a**2),
    )


def run(value, maximum, numbers, steps):
    """Return [(value, gradient)] of every wire of a circuit."""
    gates, wires = gates_of(maximum), [value(number) for number in numbers]
    for gate, i, j in steps:
        wires.append(gates[gate](wires[i % len(wires)], wires[j % len(wires)]))
    wires[-1].backward()
    return [(wire.data, wire.grad) for wire in wires]


# Whole numbers make ties, and a wire that is drawn twice makes a fork.
NUMBERS = st.lists(
    st.one_of(st.integers(-2, 2), st.floats(-2, 2, allow_subnormal=False)), min_size=1, max_size=4
)
STEPS = st.lists(
    st.tuples(st.integers(0, len(gates_of(max)) - 1), st.integers(0, 9), st.integers(0, 9)),
    max_size=10,
)
OWN = chapter()


@given(NUMBERS, STEPS)
def test_on_random_circuits_both_give_the_same(numbers, steps):
    ours = run(OWN["Value"], OWN["maximum"], numbers, steps)
    assert ours == run(circuit.Value, circuit.maximum, numbers, steps)


@given(NUMBERS, STEPS)
def test_a_second_call_gives_the_same(numbers, steps):
    wires, gates = [OWN["Value"](number) for number in numbers], gates_of(OWN["maximum"])
    for gate, i, j in steps:
        wires.append(gates[gate](wires[i % len(wires)], wires[j % len(wires)]))
    wires[-1].backward()
    once = [wire.grad for wire in wires]
    wires[-1].backward()
    assert [wire.grad for wire in wires] == once


def contract(gate, wire):
    """Join a wire with itself, and keep it small."""
    return 0.5 * gate(wire, wire)


def chain(value, maximum, number, pattern):
    """Return (output, slope with the input) of a chain of at least 100,000 gates."""
    start = out = value(number)
    gates = gates_of(maximum)
    for n in range(50_000):
        out = contract(gates[pattern[n % len(pattern)]], out)
    out.backward()
    return out.data, start.grad


@settings(max_examples=5, deadline=None)
@given(st.floats(-2, 2), st.lists(st.sampled_from([0, 3, 6, 7, 8]), min_size=1, max_size=5))
def test_on_chains_of_100_000_gates_both_give_the_same(number, pattern):
    ours = chain(OWN["Value"], OWN["maximum"], number, pattern)
    assert ours == chain(circuit.Value, circuit.maximum, number, pattern)


def test_a_chain_of_100_000_gates_by_hand():
    start = out = OWN["Value"](1)
    for _ in range(100_000):
        out = out + 1e-5
    out.backward()
    assert out.data == pytest.approx(2)
    assert start.grad == 1


def test_forks_and_ties_by_hand():
    value, maximum = OWN["Value"], OWN["maximum"]
    x, y = value(3), value(3)
    (x * x).backward()
    assert x.grad == 6  # 3 along each wire
    (x * y + x).backward()
    assert (x.grad, y.grad) == (4, 3)  # y + 1, x
    maximum(x, y).backward()
    assert (x.grad, y.grad) == (0.5, 0.5)
    maximum(x, x).backward()
    assert x.grad == 1  # two halves, added at the fork


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("wire.grad += slope * value.grad", "wire.grad = slope * value.grad"),
        ("wire.grad += slope * value.grad", "wire.grad += slope"),
        ("(0.5, 0.5)", "(1, 1)"),
        ("slopes = other.data, self.data", "slopes = self.data, other.data"),
        ("-out / b.data", "-1 / b.data"),
        ("reverse=True", "reverse=False"),
    ],
    ids=["no sum at forks", "no pull", "whole ties", "no swap", "division", "order"],
)
def test_a_fault_in_the_chapters_class_is_found(right, wrong):
    source = "\n\n".join(
        cell.source
        for cell in nbformat.read(BOOK / "backprop.ipynb", as_version=4).cells
        if cell.cell_type == "code" and "setup" not in cell.metadata.get("tags", ())
    ).partition("from nnutils.circuit import Value")[0]
    assert right in source
    tree = ast.parse(source.replace(right, wrong))
    tree.body = [part for part in tree.body if defines(part)]
    planted = {}
    exec(compile(tree, "planted", "exec"), planted)
    rng, found = np.random.default_rng(0), 0
    for _ in range(50):
        numbers = rng.integers(-2, 3, 3).tolist()
        steps = rng.integers(0, 10, (6, 3)).tolist()
        theirs = run(circuit.Value, circuit.maximum, numbers, steps)
        found += run(planted["Value"], planted["maximum"], numbers, steps) != theirs
    assert found


@pytest.mark.peers
@settings(deadline=None)
@given(NUMBERS, st.lists(st.tuples(st.integers(0, 6), st.integers(0), st.integers(0)), max_size=6))
def test_gradients_are_those_of_pytorch(numbers, steps):
    import torch

    def tensor(number):
        return torch.tensor(float(number), dtype=torch.float64, requires_grad=True)

    leaves = [tensor(number) for number in numbers]
    gates, wires = gates_of(torch.maximum), list(leaves)
    for gate, i, j in steps:
        wires.append(gates[gate](wires[i % len(wires)], wires[j % len(wires)]))
    wires[-1].backward()
    theirs = [float(leaf.grad) if leaf.grad is not None else 0.0 for leaf in leaves]
    ours = run(OWN["Value"], OWN["maximum"], numbers, steps)[: len(numbers)]
    assert [grad for _, grad in ours] == pytest.approx(theirs, rel=1e-9, abs=1e-12)
