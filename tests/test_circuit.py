"""The gates of ``nnutils.circuit``: numbers worked by hand, and slopes measured by nudging.

Three kinds of faults were looked for in everything that the module has:

- wrong order after a journey: every way to copy, pickle or hand over a value, in COPIES, by worker
  processes and in a fresh one; each copy alone, with its inputs, extended, and joined with others;
- circuits that disturb each other: ``backward`` in threads, pickling in threads, pickling that
  broke off;
- nan that is swallowed: every gate, in OPERATIONS, on each of its wires.
"""

import ast
import copy
import io
import math
import multiprocessing
import pickle
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import nnutils.circuit
from nnutils.circuit import Value, maximum

H = 2.0**-17


def values_and_slopes(circuit, *inputs):
    """Return (output, slopes by ``backward``) of a circuit at some inputs."""
    wires = [Value(x) for x in inputs]
    out = circuit(*wires)
    out.backward()
    return out.data, [wire.grad for wire in wires]


def measured(circuit, *inputs):
    """Return the slopes by central differences."""
    slopes = []
    for i, x in enumerate(inputs):
        above, below = (
            circuit(*(Value(v) for v in (*inputs[:i], x + nudge, *inputs[i + 1 :]))).data
            for nudge in (H, -H)
        )
        slopes.append((above - below) / (2 * H))
    return slopes


BY_HAND = {
    # out = -2 * 3; the slope with x is y, the slope with y is x
    "x*y": (lambda x, y: x * y, (-2, 3), -6, (3, -2)),
    # q = -2 + 5 = 3, out = 3 * -4; to q: -4, and + passes it on unchanged; to z: q = 3
    "(x+y)*z": (lambda x, y, z: (x + y) * z, (-2, 5, -4), -12, (-4, -4, 3)),
    # q = -1*1 + 2*3 - 3 = 2, s = sigmoid(2) = 0.8808, s * (1 - s) = 0.10499; the slopes are
    # that times x = -1, y = 3, 1, a = 1, b = 2
    "neuron": (
        lambda a, b, c, x, y: (a * x + b * y + c).sigmoid(),
        (1, 2, -3, -1, 3),
        0.88079708,
        (-0.10499359, 0.31498076, 0.10499359, 0.10499359, 0.20998717),
    ),
    # p = 2 * -1 + 3 = 1, q = 1 * 0.5, out = q**2; to q: 2q = 1, to p: d = 0.5, to d: p = 1;
    # to a: 0.5 * b, to b: 0.5 * a
    "((a*b+c)*d)**2": (
        lambda a, b, c, d: ((a * b + c) * d) ** 2,
        (2, -1, 3, 0.5),
        0.25,
        (-0.5, 1, 0.5, 1),
    ),
    # p = 5, q = 4, p / q; to p: 1/q = 0.25, to q: -p / q**2 = -5/16
    "(a+b)/(c+d)": (
        lambda a, b, c, d: (a + b) / (c + d),
        (2, 3, -1, 5),
        1.25,
        (0.25, 0.25, -0.3125, -0.3125),
    ),
    # both wires of the gate come from x, so their slopes x and x add up
    "x*x": (lambda x: x * x, (3,), 9, (6,)),
    # to x: y = 2 by way of the product, and 1 by way of the sum; to y: x = 5
    "x*y + x": (lambda x, y: x * y + x, (5, 2), 15, (3, 5)),
    # on a tie each side gets half
    "max tie": (maximum, (1, 1), 1, (0.5, 0.5)),
    "max": (maximum, (-3, -5), -3, (1, 0)),
    "max of one wire": (lambda x: maximum(x, x), (2,), 2, (1,)),
    "max with a number": (lambda x: maximum(0, x) + maximum(x, 7), (2,), 9, (1,)),
    "relu at 0": (lambda x: x.relu(), (0,), 0, (0,)),
    "unused input": (lambda x, y: x + 1, (2, 5), 3, (1, 0)),
}


@pytest.mark.parametrize("name", BY_HAND)
def test_worked_by_hand(name):
    circuit, inputs, value, slopes = BY_HAND[name]
    out, grads = values_and_slopes(circuit, *inputs)
    assert out == pytest.approx(value, abs=5e-9)
    assert grads == pytest.approx(slopes, abs=5e-9)


OPERATIONS = {
    "x + y": (lambda x, y: x + y, lambda x, y: x + y),
    "x - y": (lambda x, y: x - y, lambda x, y: x - y),
    "x * y": (lambda x, y: x * y, lambda x, y: x * y),
    "x / y": (lambda x, y: x / y, lambda x, y: x / y),
    "-x": (lambda x, y: -x, lambda x, y: -x),
    "x + 2": (lambda x, y: x + 2, lambda x, y: x + 2),
    "2 + x": (lambda x, y: 2 + x, lambda x, y: x + 2),
    "x - 2": (lambda x, y: x - 2, lambda x, y: x - 2),
    "2 - x": (lambda x, y: 2 - x, lambda x, y: 2 - x),
    "x * 3": (lambda x, y: x * 3, lambda x, y: x * 3),
    "3 * x": (lambda x, y: 3 * x, lambda x, y: x * 3),
    "x / 4": (lambda x, y: x / 4, lambda x, y: x / 4),
    "4 / x": (lambda x, y: 4 / x, lambda x, y: 4 / x),
    "x ** 3": (lambda x, y: x**3, lambda x, y: x**3),
    "x ** -2": (lambda x, y: x**-2, lambda x, y: x**-2),
    "x ** 0": (lambda x, y: x**0, lambda x, y: 1.0),
    "exp": (lambda x, y: x.exp(), lambda x, y: math.exp(x)),
    "relu": (lambda x, y: x.relu(), lambda x, y: max(0, x)),
    "tanh": (lambda x, y: x.tanh(), lambda x, y: math.tanh(x)),
    "sigmoid": (lambda x, y: x.sigmoid(), lambda x, y: 1 / (1 + math.exp(-x))),
    "maximum": (maximum, max),
    "maximum(x, 1)": (lambda x, y: maximum(x, 1), lambda x, y: max(x, 1)),
    "maximum(1, x)": (lambda x, y: maximum(1, x), lambda x, y: max(x, 1)),
    "log": (lambda x, y: (x * x).log(), lambda x, y: math.log(x * x)),
    "root": (lambda x, y: (x * x) ** 0.5, lambda x, y: abs(x)),
}


@pytest.mark.parametrize("point", [(2.0, 3.0), (0.75, 0.25), (-1.5, -0.5), (-2.0, 4.0)])
@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation(name, point):
    circuit, reference = OPERATIONS[name]
    out, grads = values_and_slopes(circuit, *point)
    assert out == pytest.approx(reference(*point), rel=1e-14)
    assert grads == pytest.approx(measured(circuit, *point), rel=1e-7, abs=1e-8)


def test_backward_twice_gives_the_same():
    x = Value(3)
    out = x * x + x
    out.backward()
    out.backward()
    assert (x.grad, out.grad) == (7, 1)


def test_a_second_output_overwrites_the_gradients_of_the_first():
    x, y = Value(2), Value(5)
    first, second = x * y, x + y
    first.backward()
    second.backward()
    assert (x.grad, y.grad) == (1, 1)


def test_backward_from_an_input():
    x = Value(2)
    x.backward()
    assert x.grad == 1


def test_a_chain_of_a_million_gates():
    x = Value(1.0)
    out = x
    for _ in range(1_000_000):
        out = out + 1e-6
    out.backward()
    assert out.data == pytest.approx(2)
    assert x.grad == 1
    del out  # a recursive deletion would end the interpreter


def test_repr_gate_and_inputs():
    x, y = Value(-2), Value(3)
    out = x * y
    assert repr(out) == "Value(-6.0)"
    assert (x.gate, out.gate, (out + 1).gate) == ("", "*", "+")
    assert (x.inputs, out.inputs, (-out).inputs) == ((), (x, y), (out,))
    assert type(x) is type(out) is Value  # one class: attributes of several are slower to read


@pytest.mark.parametrize(
    "number", [True, Fraction(1, 2), np.float32(0.1), np.float64(2), np.int64(3)]
)
@pytest.mark.parametrize("name", ["+", "-", "*", "/", "**", "Value"])
def test_every_number_becomes_a_float(name, number):
    gates = {
        "+": Value(2) + number,
        "-": number - Value(2),
        "*": Value(2) * number,
        "/": Value(2) / number,
        "**": Value(2) ** number,
        "Value": Value(number),
    }
    gates[name].backward()
    assert type(gates[name].data) is float
    assert all(type(v.grad) is float for v in (gates[name], *gates[name].inputs))


def through_pickle(protocol, dumps=pickle.dumps):
    return lambda thing: pickle.loads(dumps(thing, protocol))


def one_pickler(thing):
    """Pickle twice with one pickler, which remembers what it has seen."""
    file = io.BytesIO()
    pickler = pickle.Pickler(file)
    pickler.dump(thing)
    pickler.dump(thing)
    file.seek(0)
    unpickler = pickle.Unpickler(file)
    unpickler.load()
    return unpickler.load()


COPIES = {
    "deepcopy": copy.deepcopy,
    "python's own pickler": through_pickle(4, pickle._dumps),
    "one pickler": one_pickler,
} | {f"protocol {p}": through_pickle(p) for p in range(pickle.HIGHEST_PROTOCOL + 1)}
every_copy = pytest.mark.parametrize("duplicate", COPIES.values(), ids=COPIES)


def long_chain(gates):
    """Return all wires of a chain in which every gate reads the first one, oldest first."""
    wires = [Value(1.0)]
    for _ in range(gates // 2):
        wires.append(wires[-1] * 0.5)
        wires.append(wires[-1] + wires[0])
    return wires


@every_copy
def test_a_deep_copy_is_a_circuit_of_its_own(duplicate):
    x, out = duplicate((original := Value(3), original * original))
    out.backward()
    assert (x.grad, out.inputs, x.inputs) == (6, (x, x), ())
    assert original.grad == 0


@every_copy
@pytest.mark.parametrize("turn", [1, -1], ids=["oldest first", "youngest first"])
def test_copies_made_together_share_their_wires(duplicate, turn):
    wires = long_chain(20)
    twins = duplicate(wires[::turn])[::turn]
    place = {wire: i for i, wire in enumerate(wires)}
    again = {wire: i for i, wire in enumerate(twins)}
    for wire, twin in zip(wires, twins):
        assert twin.data == wire.data
        assert [place[v] for v in wire.inputs] == [again[v] for v in twin.inputs]
        assert type(twin) is type(wire)


@every_copy
def test_a_copy_can_be_extended_and_joined(duplicate):
    w = Value(3)
    s = w * w
    w2, s2 = duplicate((w, s))
    loss = (s2 - 1) ** 2 + s * s2
    loss.backward()
    # w2: (2 (9 - 1) + 9) * 6; w: s2 * 6
    assert (w2.grad, w.grad) == (150, 54)


@every_copy
def test_a_copy_keeps_its_gradients(duplicate):
    x = Value(3)
    out = x * x
    out.backward()
    assert [v.grad for v in duplicate((x, out))] == [6, 1]


def test_a_plain_copy_reads_the_same_inputs():
    x = Value(3)
    square = x * x
    twin = copy.copy(square)
    assert (twin.inputs, twin.gate, twin.data) == ((x, x), "*", 9)
    (twin * 2 + square).backward()
    assert (x.grad, twin.grad, square.grad) == (18, 2, 1)
    assert copy.copy(x).inputs == ()


@every_copy
def test_a_class_of_ones_own_keeps_what_it_adds(duplicate):
    x = Named(2)
    x.name = "weight"
    twin, out = duplicate((x, x * 3))
    assert (type(twin), twin.name, out.inputs) == (Named, "weight", (twin,))
    assert copy.copy(x).name == "weight"


class Named(Value):
    pass


@pytest.mark.parametrize("name", ["deepcopy", "protocol 2", "protocol 5"])
def test_a_chain_of_100_000_gates_is_copied(name):
    x, *_, out = long_chain(100_000)
    out.backward()
    y, twin = COPIES[name]((x, out))
    y.grad = 0.0
    twin.backward()
    assert y.grad == x.grad


@pytest.mark.parametrize("turn", [1, -1], ids=["oldest first", "youngest first"])
def test_a_list_of_all_wires_takes_no_longer_than_its_last_one(turn):
    # If each wire handed out all that it was made from, this list would hold 200 million.
    wires = long_chain(20_000)[::turn]
    assert len(pickle.dumps(wires)) < 1.5 * len(pickle.dumps(wires[::-turn][0]))


@every_copy
def test_a_neuron_with_200_inputs_is_copied(duplicate):
    weights = [Value(i / 200) for i in range(200)]
    out = sum(w * (i - 100) for i, w in enumerate(weights)).sigmoid()
    *twins, twin = duplicate([*weights, out])
    for one in (out, twin):
        one.backward()
    assert [v.grad for v in twins] == [v.grad for v in weights]


def test_a_pickle_that_broke_off_leaves_nothing_behind():
    wires = long_chain(10_000)

    class Full:
        size = 0

        def write(self, data):
            self.size += len(data)
            if self.size > 100_000:
                raise OSError("the disk is full")

    for pickler in (pickle.Pickler, pickle._Pickler):
        with pytest.raises(OSError, match="full") as fault:
            pickler(Full()).dump(wires[-1])
        assert fault.tb  # which keeps the broken pickle alive
        for wire in (wires[-1], wires[-2], wires[-5_000]):
            assert pickle.loads(pickle.dumps(wire)).data == wire.data
            assert copy.deepcopy(wire).data == wire.data


FRESH = """
import pickle, sys
w, s = pickle.load(sys.stdin.buffer)
loss = (s - 1) ** 2
loss.backward()
pickle.dump((w, s, loss), sys.stdout.buffer)
"""


@pytest.mark.processes
def test_a_circuit_goes_to_a_fresh_process_and_comes_back():
    [Value(0) for _ in range(1_000)]
    w = Value(3)
    there = pickle.dumps((w, w * w))
    done = subprocess.run([sys.executable, "-c", FRESH], input=there, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    w, s, loss = pickle.loads(done.stdout)
    assert w.grad == 96  # 2 (9 - 1) * 6
    (loss * s).backward()
    assert w.grad == 96 * 9 + 64 * 6


def squares(w):
    """Extend a wire that was made in another process by one that was made here."""
    own = Value(w.data + 1)
    return w, own, (w * own + own) ** 2


@pytest.mark.processes
def test_circuits_of_several_processes_are_joined():
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=context) as pool:
        parts = list(pool.map(squares, [Value(1), Value(2), Value(3)]))
    loss = 0
    for _, _, part in parts:
        loss = part * 2 + loss
    loss.backward()
    for w, own, part in parts:
        # (w o + o)^2: 2 (w o + o) o with w, 2 (w o + o) (w + 1) with o, times 2
        assert w.grad == 4 * (w.data + 1) ** 2 * own.data
        assert own.grad == 4 * (w.data + 1) ** 2 * own.data
        assert part.grad == 2


@pytest.fixture
def restless():
    """Let threads take turns as often as Python can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def independent(job):
    """Build a circuit of its own, and return its slopes after the work of ``job``."""
    x, *_, out = long_chain(2_000)
    if job % 4 == 3:
        x, out = (copy.deepcopy if job % 8 == 3 else through_pickle(4))((x, out))
    for _ in range(5):
        out.backward()
    return x.grad


@pytest.mark.processes
@pytest.mark.usefixtures("restless")
def test_circuits_in_threads_do_not_disturb_each_other():
    right = independent(0)
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(independent, range(40))) == [right] * 40


@pytest.mark.processes
@pytest.mark.usefixtures("restless")
def test_wires_of_other_threads_are_read_while_their_slopes_are_not():
    # A circuit may read values of another thread, as long as only one thread asks for slopes.
    x = Value(2.0)

    def build(job):
        out = x
        for _ in range(1_000):
            out = out + x
        return out

    with ThreadPoolExecutor(8) as pool:
        total = sum(pool.map(build, range(40)))
    total.backward()
    assert x.grad == 40 * 1_001


@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize("wire", ["x", "y"])
def test_nan_passes_through(name, wire):
    circuit, _ = OPERATIONS[name]
    reads = wire in name or wire == "x" or name == "maximum"
    out, _ = values_and_slopes(circuit, *(math.nan if wire == one else 2.0 for one in "xy"))
    assert math.isnan(out) == (reads and name != "x ** 0")  # nan**0 is 1, says IEEE 754


@pytest.mark.parametrize("name", ["relu", "tanh", "sigmoid", "exp", "log", "root", "x ** 3"])
def test_the_slope_at_nan_is_nan_where_it_depends_on_the_place(name):
    out, slopes = values_and_slopes(OPERATIONS[name][0], math.nan, 2.0)
    assert math.isnan(out)
    assert math.isnan(slopes[0])


@pytest.mark.parametrize("others", [(1.0,), (math.inf,), (math.nan,)])
def test_maximum_with_nan_is_nan_on_either_side(others):
    for pair in ((math.nan, *others), (*others, math.nan)):
        out, slopes = values_and_slopes(maximum, *pair)
        assert math.isnan(out)
        assert all(map(math.isnan, slopes))
    assert math.isnan(maximum(Value(math.nan), 1).data)
    assert math.isnan(maximum(1, Value(math.nan)).data)


@pytest.mark.parametrize(
    ("use", "value", "slope"),
    [
        (Value.relu, -math.inf, (0, 0)),
        (Value.relu, math.inf, (math.inf, 1)),
        (Value.tanh, -math.inf, (-1, 0)),
        (Value.tanh, math.inf, (1, 0)),
        (Value.sigmoid, -math.inf, (0, 0)),
        (Value.sigmoid, math.inf, (1, 0)),
        (Value.exp, -math.inf, (0, 0)),
        (Value.log, math.inf, (math.inf, 0)),
        (lambda x: 1 / x, math.inf, (0, 0)),
        (lambda x: maximum(x, 0), -math.inf, (0, 0)),
        (lambda x: maximum(x, 0), math.inf, (math.inf, 1)),
    ],
)
def test_the_limits_at_infinity(use, value, slope):
    x = Value(value)
    out = use(x)
    out.backward()
    assert (out.data, x.grad) == slope


@pytest.mark.parametrize("bad", ["three", None, 1 + 2j, [1.0]])
@pytest.mark.parametrize(
    "use",
    [
        Value,
        lambda bad: Value(1) + bad,
        lambda bad: bad - Value(1),
        lambda bad: Value(1) * bad,
        lambda bad: bad / Value(1),
        lambda bad: Value(1) ** bad,
        lambda bad: maximum(Value(1), bad),
    ],
)
def test_only_real_numbers(use, bad):
    with pytest.raises(TypeError, match="real number.*but got") as error:
        use(bad)
    assert repr(bad) in str(error.value)
    assert type(bad).__name__ in str(error.value)


@pytest.mark.parametrize(
    ("use", "error", "message"),
    [
        (lambda: Value(2) ** Value(3), TypeError, r"as exponent, but got Value\(3.0\)"),
        (lambda: Value(0).log(), ValueError, "needs a positive number, but got 0.0"),
        (lambda: Value(-1).log(), ValueError, "needs a positive number, but got -1.0"),
        (lambda: Value(1) / Value(0), ZeroDivisionError, "1.0 / 0.0: keep .* away from 0"),
        (lambda: Value(1) / 0, ZeroDivisionError, "1.0 / 0.0: keep .* away from 0"),
        (lambda: 1 / Value(0), ZeroDivisionError, "1.0 / 0.0: keep .* away from 0"),
        (lambda: Value(710).exp(), OverflowError, r"exp\(710.0\).*keep it below 709"),
        (lambda: Value(-2) ** 0.5, ValueError, r"-2.0 \*\* 0.5 .* must not be negative"),
        (lambda: Value(-2) ** math.nan, ValueError, r"-2.0 \*\* nan .* must not be negative"),
        (lambda: Value(0) ** -1, ZeroDivisionError, r"0.0 \*\* -1.0 .* away from 0"),
        (lambda: Value(0) ** 0.5, ZeroDivisionError, r"0.0 \*\* 0.5 .* away from 0"),
        (lambda: Value(1e200) ** 2, OverflowError, r"1e\+200 \*\* 2.0 does not fit"),
        (lambda: Value(1e-200) ** -1, OverflowError, r"1e-200 \*\* -1.0 .* or its slope does not"),
        (lambda: Value(10**400), OverflowError, "This int is too large for a float"),
        (lambda: Value(1) + 10**5000, OverflowError, "This int is too large for a float"),
    ],
)
def test_outside_of_a_gates_range(use, error, message):
    with pytest.raises(error, match=message):
        use()


def test_needs_nothing_but_the_standard_library():
    tree = ast.parse(Path(nnutils.circuit.__file__).read_text())
    modules = {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    modules |= {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    assert {module.split(".")[0] for module in modules} <= sys.stdlib_module_names
