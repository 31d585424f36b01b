"""What an answer gave back: real numbers, parts of them, or something odd; when two are equal."""

import inspect
from dataclasses import dataclass
from numbers import Complex, Real

import numpy as np

from nnutils.check.show import show
from nnutils.circuit import Value
from nnutils.exercises import Named

PARTS = (tuple, list)
_DEEP = 6  # parts of parts of parts
_MANY = 1000  # parts that are looked at one by one


@dataclass(frozen=True)
class Odd:
    """Something that is no number: what it is, in words, and what to do about it."""

    what: str
    hint: str = "Only real numbers were expected."


NOTHING = Odd("None", "Does every way through your function end in a return?")


def settle(x, depth=0):
    """Return a result as an array of real numbers, or parts, each of them settled, or Odd.

    Parts are a tuple, or a list that cannot become an array; named results keep their names.
    """
    if type(x) is Named:
        return Named({name: settle(part, depth + 1) for name, part in x.items()})
    try:
        return _settle(x, depth)
    except Exception:  # an object that cannot be asked
        return Odd(f"a {type(x).__name__}")


def _settle(x, depth):
    array = NOTHING if isinstance(x, tuple) or _mixed(x) else _array(x)
    parts = isinstance(x, PARTS) or isinstance(x, np.ndarray) and x.dtype == object and x.ndim
    if isinstance(array, np.ndarray) or not parts:
        return array
    if depth > _DEEP:
        return Odd("a list in a list in a list without end")
    if len(x) > _MANY:
        return _array(x)
    parts = [settle(part, depth + 1) for part in x]
    return tuple(parts) if isinstance(x, tuple) else parts


def _mixed(x):
    """Whether a list holds numbers as well as True or False, which an array would make 1 or 0."""
    return type(x) is list and len({type(part) in (bool, np.bool_) for part in x}) == 2


def _array(x):
    """Return an array of numbers, or Odd."""
    try:
        array = np.array(x)
    except Exception:  # parts of different shapes
        return _odd(x)
    kind = array.dtype.kind
    if np.ma.is_masked(x):
        return Odd("a masked array")
    if kind == "O" and all(isinstance(entry, Real) for entry in array.flat):
        try:
            yes_and_no = array.size and all(
                isinstance(part, (bool, np.bool_)) for part in array.flat
            )
            return array.astype(bool if yes_and_no else float)
        except OverflowError:
            return Odd("a number too large for a float")
    if array.ndim and kind in "cUS" and isinstance(x, np.ndarray):
        return Odd("an array of " + ("complex numbers" if kind == "c" else "text"))
    if kind in "iufb":
        return array
    return _odd(x.item() if isinstance(x, np.ndarray) and not x.ndim else x)


def _odd(x):
    """Say what something is that is no number."""
    if x is None:
        return NOTHING
    if x is ...:
        return Odd("three dots", "Replace them by your answer.")
    if isinstance(x, (str, bytes)):
        return Odd(f"the text {show(x, 40)}", "Quotation marks and str() make text of a number.")
    if isinstance(x, Value):
        return Odd(f"{show(x)}, a circuit", "Its number is in .data.")
    if isinstance(x, Complex) and not isinstance(x, Real):
        return Odd(
            f"the complex number {show(x, 40)}",
            "A power such as ** 0.5 of a negative number gives one.",
        )
    if inspect.iscoroutine(x):
        x.close()
        return Odd("a coroutine", "Write def, not async def.")
    if inspect.isgenerator(x):
        return Odd("a generator", "yield hands out one thing at a time: return a list or an array.")
    if hasattr(type(x), "__next__"):
        return Odd(f"a {type(x).__name__}", "Its numbers are not worked out yet: use list(...).")
    if isinstance(x, dict):
        return Odd(f"a dict, {show(x, 40)}", "Return its values alone, as a list or an array.")
    if isinstance(x, (set, frozenset)):
        return Odd(f"a set, {show(x, 40)}", "A set has no order: return a list or an array.")
    if callable(x):
        return Odd(f"the function {show(x, 40)}", "Call it: its arguments stand in ( ) behind it.")
    return Odd(f"{show(x, 40)} ({type(x).__name__})")


def equal(came, expected, tolerance):
    """Whether two settled results agree, up to the tolerance."""
    if isinstance(came, Named) and isinstance(expected, Named):
        return list(came) == list(expected) and all(
            equal(came[name], expected[name], tolerance) for name in expected
        )
    came = arranged(came, expected)
    if isinstance(came, Odd) or isinstance(expected, Odd):
        return isinstance(came, Odd) and isinstance(expected, Odd) and came == expected
    if isinstance(came, PARTS) or isinstance(expected, PARTS):
        same = isinstance(came, PARTS) and isinstance(expected, PARTS)
        return (
            same
            and len(came) == len(expected)
            and all(equal(a, b, tolerance) for a, b in zip(came, expected))
        )
    return (
        came.shape == expected.shape
        and (yes_or_no(came) == yes_or_no(expected) or not came.size)
        and bool(close(came, expected, tolerance).all())
    )


def arranged(came, expected):
    """Return rows as parts where parts are expected, and parts as rows where rows are."""
    if isinstance(came, np.ndarray) and isinstance(expected, PARTS) and came.ndim:
        return tuple(np.asarray(row) for row in came)
    if isinstance(came, PARTS) and isinstance(expected, np.ndarray) and expected.ndim:
        rows = [arranged(part, expected[0] if len(expected) else expected) for part in came]
        if all(isinstance(row, np.ndarray) and row.shape == rows[0].shape for row in rows):
            return np.array(rows)
    return came


def yes_or_no(array):
    """Whether an array holds True and False, not numbers."""
    return array.dtype.kind == "b"


@np.errstate(all="ignore")
def close(a, b, tolerance):
    """Return where the numbers of two arrays are equal, up to the tolerance."""
    a, b = a.astype(float), b.astype(float)
    near = np.abs(a - b) <= tolerance * np.maximum(1, np.abs(b))
    return (near & np.isfinite(b)) | (a == b) | (np.isnan(a) & np.isnan(b))
