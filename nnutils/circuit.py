"""Scalar values that remember how they were made, so that slopes can flow back to their inputs.

A *gate* reads one or two numbers and puts one number out. ``Value`` wraps a number; arithmetic on
values runs the gates and notes, beside each result, the two wires that it came from and how
steeply it rises with each. ``backward`` walks the notes in reverse and multiplies slopes along
the way: the chain rule, one gate at a time.

Notation: ``out = gate(left, right)`` keeps ``to_left = d out / d left`` and
``to_right = d out / d right``, two plain numbers. A wire that a gate does not need is tied to
ground, with slope 0, so that every gate has exactly two; and ground is tied to itself.

What is not a number, nan, passes through every gate, and so do its slopes: a circuit that has lost
a number says so at its output.
"""

import math
from itertools import count
from numbers import Real
from operator import attrgetter
from threading import local
from weakref import ref

_new = object.__new__
_ages = count()
_running = local()  # .dump: a weak reference to the _Dump of this thread


class Value:
    """A number on a wire, and the slope of the circuit's output with respect to it.

    Parameters
    ----------
    data : int or float

    Attributes
    ----------
    data : float
    grad : float
        Slope of the output that ``backward`` was last called on; 0 before that.
    gate : str
        Symbol of the gate that made the value, ``""`` for an input of the circuit.
    inputs : tuple of Value
        What that gate read.

    Raises
    ------
    TypeError
        If ``data``, or the other side of an operation, is not a real number.

    Notes
    -----
    The slopes are those of Karpathy, *Hacker's guide to Neural Networks*. Built in: backprop.

    Circuits of any length can be pickled and copied. ``copy.copy`` makes a value that reads the
    same inputs; ``copy.deepcopy`` and ``pickle`` make a circuit of its own, and values that are
    copied together share their wires as before. Circuits that share no value can run in different
    threads at the same time.

    Examples
    --------
    >>> x, y = Value(-2), Value(3)
    >>> out = x * y
    >>> out.backward()
    >>> out, x.grad, y.grad
    (Value(-6.0), 3.0, -2.0)
    """

    __slots__ = ("data", "grad", "gate", "left", "to_left", "right", "to_right", "age")

    def __init__(self, data):
        self.data = _number(data)
        self.grad, self.gate, self.age = 0.0, "", next(_ages)
        self.left = self.right = _ground
        self.to_left = self.to_right = 0.0

    def __repr__(self):
        return f"Value({self.data!r})"

    def __reduce_ex__(self, protocol):
        return "_ground" if self is _ground else super().__reduce_ex__(max(protocol, 2))

    def __getstate__(self):
        dump = _running.dump() if hasattr(_running, "dump") else None
        if dump is None or self in dump:  # a pickle asks once: this is another one
            dump = _Dump()
            _running.dump = ref(dump)
        return dump, dump.older(self), super().__getstate__()

    def __setstate__(self, state):
        *_, (own, slots) = state
        for name, value in {**(own or {}), **slots}.items():
            setattr(self, name, value)
        self.age = next(_ages)  # that of the process where it was made says nothing here

    def __copy__(self):
        twin = object.__new__(type(self))
        twin.__setstate__([super().__getstate__()])
        return twin

    @property
    def inputs(self):
        """The values that the gate read; empty for an input of the circuit. Built in: backprop."""
        return tuple(v for v in (self.left, self.right) if v is not _ground)

    def __add__(self, other):
        if isinstance(other, Value):
            return _gate(self.data + other.data, "+", self, 1.0, other, 1.0)
        return _gate(self.data + _number(other), "+", self, 1.0)

    def __sub__(self, other):
        if isinstance(other, Value):
            return _gate(self.data - other.data, "-", self, 1.0, other, -1.0)
        return _gate(self.data - _number(other), "-", self, 1.0)

    def __rsub__(self, other):
        return _gate(_number(other) - self.data, "-", self, -1.0)

    def __neg__(self):
        return _gate(-self.data, "-", self, -1.0)

    def __mul__(self, other):
        if isinstance(other, Value):
            return _gate(self.data * other.data, "*", self, other.data, other, self.data)
        factor = _number(other)
        return _gate(self.data * factor, "*", self, factor)

    def __truediv__(self, other):
        if isinstance(other, Value):
            out = _divide(self.data, other.data)
            return _gate(out, "/", self, 1 / other.data, other, -out / other.data)
        divisor = _number(other)
        return _gate(_divide(self.data, divisor), "/", self, 1 / divisor)

    def __rtruediv__(self, other):
        out = _divide(_number(other), self.data)
        return _gate(out, "/", self, -out / self.data)

    def __pow__(self, exponent):
        base, n = self.data, _number(exponent, "a real number as exponent")
        if base < 0 and not n.is_integer():
            raise ValueError(f"{base} ** {n} is not a real number: the base must not be negative.")
        if base == 0 and n < 1 and n != 0:
            raise ZeroDivisionError(
                f"{base} ** {n} has no finite slope: keep the base away from 0."
            )
        try:
            return _gate(base**n, "**", self, n * base ** (n - 1) if n else 0.0)
        except OverflowError:
            raise OverflowError(
                f"{base} ** {n} does not fit into a float, or its slope does not."
            ) from None

    __radd__ = __add__
    __rmul__ = __mul__

    def exp(self):
        """Return e to the power of the value; OverflowError above 709. Built in: backprop."""
        if self.data > 709.78:
            raise OverflowError(f"exp({self.data}) does not fit into a float: keep it below 709.")
        out = math.exp(self.data)
        return _gate(out, "exp", self, out)

    def log(self):
        """Return the natural logarithm; ValueError for 0 and below. Built in: backprop."""
        if self.data <= 0:
            raise ValueError(f"log needs a positive number, but got {self.data}.")
        return _gate(math.log(self.data), "log", self, 1 / self.data)

    def relu(self):
        """Return max(0, value), with slope 0 at 0. Built in: backprop."""
        if self.data > 0:
            return _gate(self.data, "relu", self, 1.0)
        off = 0.0 if self.data <= 0 else self.data  # nan stays nan
        return _gate(off, "relu", self, off)

    def tanh(self):
        """Return the hyperbolic tangent. Built in: backprop."""
        out = math.tanh(self.data)
        return _gate(out, "tanh", self, 1 - out * out)

    def sigmoid(self):
        """Return 1 / (1 + exp(-value)), without overflow. Built in: backprop."""
        e = math.exp(-abs(self.data))
        return _gate((1 if self.data >= 0 else e) / (1 + e), "sigmoid", self, e / (1 + e) ** 2)

    def backward(self):
        """Set ``grad`` on every value that this one was made from, and 1 on this one.

        A gate is always younger than its inputs, so going from the youngest value to the oldest
        passes every gate before the gates that feed it: no recursion, however long the chain.
        Gradients are overwritten, so a second call gives the same answer.

        Built in: backprop.
        """
        zero = float("0")  # one object of its own: on a grad it says that the value is found
        self.grad = zero
        order = [self]
        for value in order:
            left, right = value.left, value.right
            if left.grad is not zero:
                left.grad = zero
                order.append(left)
            if right.grad is not zero:
                right.grad = zero
                order.append(right)
        order.sort(key=attrgetter("age"), reverse=True)
        self.grad = 1.0
        for value in order:
            pull = value.grad
            value.left.grad += value.to_left * pull
            value.right.grad += value.to_right * pull


def _gate(data, symbol, left, to_left, right=None, to_right=0.0):
    """Return what a gate puts out, in less time than a call of the class would take."""
    out = _new(Value)
    out.data = data
    out.grad = 0.0
    out.gate = symbol
    out.left = left
    out.to_left = to_left
    out.right = right or _ground
    out.to_right = to_right
    out.age = next(_ages)
    return out


def maximum(a, b):
    """Return the larger of two values; on a tie each of them gets half of the slope.

    Parameters
    ----------
    a, b : Value, int or float

    Returns
    -------
    Value

    Notes
    -----
    Karpathy's listing hands the whole slope to both sides of a tie, twice as much as there is.
    Built in: backprop.
    """
    a, b = (v if isinstance(v, Value) else Value(v) for v in (a, b))
    if math.isnan(a.data) or math.isnan(b.data):
        return _gate(math.nan, "max", a, math.nan, b, math.nan)
    to_a = 0.5 if a.data == b.data else float(a.data > b.data)
    return _gate(max(a.data, b.data), "max", a, to_a, b, 1 - to_a)


class _Dump(set):
    """The values that one pickle or deep copy holds.

    A pickle follows a value to its inputs, then to theirs, and so on: a long chain is too deep for
    that. So a value hands out, oldest first, whatever it was made from; when the turn of one of
    these comes, its inputs are in the pickle already. This record goes into the pickle, too, as an
    empty tuple. The pickle remembers what it holds, so that both live equally long: when the weak
    reference of the thread is dead, a new pickle has begun.
    """

    def older(self, value):
        """Return what ``value`` was made from and is not in the pickle yet, oldest first."""
        self.add(value)
        order, found = [value], {value}
        for one in order:
            new = {one.left, one.right} - self - found - {_ground}
            found |= new
            order += new
        return sorted(order[1:], key=attrgetter("age"))

    def __reduce__(self):
        return tuple, ()


def _number(x, expected="a Value or a real number"):
    if type(x) is float:
        return x
    if isinstance(x, Real):  # asking an abstract class is slow
        try:
            return float(x)
        except OverflowError:
            raise OverflowError(f"This {type(x).__name__} is too large for a float.") from None
    raise TypeError(f"A gate takes {expected}, but got {x!r:.200} ({type(x).__name__}).")


def _divide(a, b):
    if b == 0:
        raise ZeroDivisionError(f"{a} / {b}: keep the lower wire of a division away from 0.")
    return a / b


_ground = None
_ground = Value(0.0)
_ground.left = _ground.right = _ground  # so that a walk along the wires ends here
