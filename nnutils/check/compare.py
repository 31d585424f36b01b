"""What an answer gave back, as numbers in parts, and how it differs from what was expected."""

import inspect
from dataclasses import dataclass
from numbers import Complex, Real

import numpy as np

from nnutils.check.show import both, count, listed, place, show, word
from nnutils.circuit import Value

_PARTS = (tuple, list)
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

    Parts are a tuple, or a list that cannot become an array.
    """
    try:
        return _settle(x, depth)
    except Exception:  # an object that cannot be asked
        return Odd(f"a {type(x).__name__}")


def _settle(x, depth):
    array = NOTHING if isinstance(x, tuple) else _array(x)
    parts = isinstance(x, _PARTS) or isinstance(x, np.ndarray) and x.dtype == object and x.ndim
    if isinstance(array, np.ndarray) or not parts:
        return array
    if depth > _DEEP:
        return Odd("a list in a list in a list without end")
    if len(x) > _MANY:
        return _array(x)
    parts = [settle(part, depth + 1) for part in x]
    return tuple(parts) if isinstance(x, tuple) else parts


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
            return array.astype(float)
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
    if isinstance(x, Complex):
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
    came = _arranged(came, expected)
    if isinstance(came, Odd) or isinstance(expected, Odd):
        return isinstance(came, Odd) and isinstance(expected, Odd) and came == expected
    if isinstance(came, _PARTS) or isinstance(expected, _PARTS):
        same = isinstance(came, _PARTS) and isinstance(expected, _PARTS)
        return (
            same
            and len(came) == len(expected)
            and all(equal(a, b, tolerance) for a, b in zip(came, expected))
        )
    return (
        came.shape == expected.shape
        and (_yes_or_no(came) == _yes_or_no(expected) or not came.size)
        and bool(_close(came, expected, tolerance).all())
    )


def _arranged(came, expected):
    """Return rows as parts where parts are expected, and parts as rows where these are."""
    if isinstance(came, np.ndarray) and isinstance(expected, _PARTS) and came.ndim:
        return tuple(np.asarray(row) for row in came)
    if isinstance(came, _PARTS) and isinstance(expected, np.ndarray) and expected.ndim:
        rows = [_arranged(part, expected[0] if len(expected) else expected) for part in came]
        if all(isinstance(row, np.ndarray) and row.shape == rows[0].shape for row in rows):
            return np.array(rows)
    return came


def _yes_or_no(array):
    return array.dtype.kind == "b"


@np.errstate(all="ignore")
def _close(a, b, tolerance):
    a, b = a.astype(float), b.astype(float)
    close = np.abs(a - b) <= tolerance * np.maximum(1, np.abs(b))
    return (close & np.isfinite(b)) | (a == b) | (np.isnan(a) & np.isnan(b))


def difference(came, expected, tolerance, path="result"):
    """Say where a result differs first, and what may be the reason: (fact, hint)."""
    if isinstance(came, Odd):
        return f"{_it(path)} {came.what}.", came.hint
    parts = _arranged(came, expected)
    if _shape(parts) != _shape(expected):
        return _other_structure(came, expected, path)
    if isinstance(expected, np.ndarray):
        return _other_numbers(parts, expected, tolerance, path)
    wrong = [i for i, (a, b) in enumerate(zip(parts, expected)) if not equal(a, b, tolerance)]
    first = wrong[0]
    fact, hint = difference(parts[first], expected[first], tolerance, f"{path}[{first}]")
    if path == "result" and len(expected) > 1:
        fact = f"{_of_parts(wrong, len(expected))}: {fact}"
    return fact, hint


def _of_parts(wrong, total):
    if len(wrong) == total:
        return f"All {count(total, 'part')} differ"
    which = listed([place(i) for i in wrong])
    return f"The {which} of {count(total, 'part')} {'differs' if len(wrong) == 1 else 'differ'}"


def _it(path):
    return "It gave back" if path == "result" else f"{path} is"


def _shape(x):
    """Return what has to agree before the numbers of two results can be compared."""
    return x.shape if isinstance(x, np.ndarray) else ("parts", len(x))


def _other_structure(came, expected, path):
    hint = ""
    if isinstance(came, tuple) and len(came) == 1:  # not a list
        hint = "A comma behind a single thing makes a tuple of it."
    if path == "result":
        return f"You returned {describe(came)}; return {describe(expected, True)}.", hint
    if isinstance(came, np.ndarray) and isinstance(expected, np.ndarray) and came.ndim:
        return f"{path} has the shape {came.shape}, not {expected.shape}.", hint
    return f"{path} is {describe(came)}; it has to be {describe(expected, True)}.", hint


def describe(x, parts=False):
    """Return 'one number', 'an array of shape (2, 3)', 'two arrays' and, if asked, of which."""
    if isinstance(x, Odd):
        return x.what
    if isinstance(x, np.ndarray):
        if x.ndim > 1:
            return f"an array of shape {x.shape}"
        noun = "True or False" if _yes_or_no(x) else "number"
        if not x.ndim:
            return noun if _yes_or_no(x) else "one number"
        return f"a row of {count(x.size, noun)}" if noun == "number" else f"a row of {x.size} masks"
    kind = type(x).__name__
    if len(x) < 2:
        inside = "one part" if x and isinstance(x[0], _PARTS) else x and describe(x[0])
        return f"a {kind} with {inside} in it" if x else f"an empty {kind}"
    if all(isinstance(part, np.ndarray) and not part.ndim for part in x):
        return count(len(x), "number")
    few = parts and len(x) <= 4
    if all(isinstance(part, np.ndarray) and part.ndim for part in x):
        shapes = listed([str(part.shape) for part in x[:4]])
        return count(len(x), "array") + (f", of shapes {shapes}" if few else "")
    return count(len(x), "part") + (f": {listed([describe(part) for part in x])}" if few else "")


def _other_numbers(came, expected, tolerance, path):
    if _yes_or_no(came) != _yes_or_no(expected) and came.size:
        if _yes_or_no(came):
            return (
                f"{_it(path)} {show(came, 40)}, but {_plural(expected, 'a number', 'numbers')} "
                f"expected.",
                "float(...) makes 1.0 of True and 0.0 of False.",
            )
        return (
            f"{_it(path)} {show(came, 40)}, but True or False was expected.",
            "A comparison gives True or False.",
        )
    wrong = ~_close(came, expected, tolerance)
    index = tuple(np.argwhere(wrong)[0].tolist())
    a, b = both(came[index], expected[index])
    hint = _why(came, expected, tolerance)
    if not came.ndim:
        return f"{_it(path)} {a}, but {b} was expected.", hint
    entry = f"{path}[{', '.join(map(str, index))}]"
    whole, right = show(came, 200), show(expected, 200)
    if path == "result" and max(map(len, (whole, right))) <= 30:
        return f"It gave back {whole}, but {right} was expected: see {entry}.", hint
    many = f"{wrong.sum()} of {wrong.size} entries differ"
    return f"{entry} is {a}, but {b} was expected; {many}.", hint


def _plural(array, one, many):
    return f"{many} were" if array.size > 1 else f"{one} was"


@np.errstate(all="ignore")
def _why(came, expected, tolerance):
    """Return what may be the reason that numbers differ, or nothing."""
    a, b = came.astype(float), expected.astype(float)
    if (np.isnan(a) & ~np.isnan(b)).any():
        return "nan means 'not a number': look for 0/0 or inf - inf."
    if (np.isinf(a) & np.isfinite(b)).any():
        return "inf is what becomes of a number that is too large, or of a division by 0."
    if not (np.isfinite(a) & np.isfinite(b)).all():
        return ""
    gap = np.abs(a - b)
    largest = (gap / np.maximum(1, np.abs(b))).max()
    wanted = round(-np.log10(tolerance)) if tolerance else 16
    if came.dtype in (np.float16, np.float32) and largest <= 100 * np.finfo(came.dtype).eps:
        digits = np.finfo(came.dtype).precision
        return f"Only rounding differs: {came.dtype} keeps {digits} digits; {wanted} are wanted."
    for places in range(2, 15):
        if np.allclose(np.round(a, places), a, rtol=1e-15, atol=0):
            if (gap <= 0.5000001 * 10.0**-places).all():
                return f"Only rounding differs: {wanted} digits are wanted, so do not round."
            break
    if largest <= 1e-6:
        digits = int(0.01 - np.log10(largest))
        return f"It is right to about {digits} digits; {wanted} are wanted."
    return ""


def which_numbers(came, expected, tolerance):
    """Say which of the numbers that were asked for are right, without giving any away."""
    if not isinstance(expected, _PARTS):
        expected = tuple(expected) if expected.ndim else expected
    if isinstance(came, Odd):
        return f"This is {came.what}; {_asked(expected)} asked for.", came.hint
    parts = _arranged(came, expected)
    if _shape(parts) != _shape(expected):
        return f"You gave {describe(came)}; {_asked(expected)} asked for.", ""
    if isinstance(expected, np.ndarray):
        return f"{show(came)} is not it.", _why(came, expected, tolerance)
    noun = _noun(expected)
    wrong = [i for i, (a, b) in enumerate(zip(parts, expected)) if not equal(a, b, tolerance)]
    first = _arranged(parts[wrong[0]], expected[wrong[0]])
    hint = ""
    if isinstance(first, Odd):
        hint = f"The {place(wrong[0])} is {first.what}. {first.hint}"
    elif _shape(first) != _shape(expected[wrong[0]]):
        hint = (
            f"The {place(wrong[0])} is {describe(first)}; {_asked(expected[wrong[0]])} asked for."
        )
    elif all(
        isinstance(a, np.ndarray) and isinstance(b, np.ndarray) and a.shape == b.shape
        for a, b in zip(parts, expected)
    ):
        hint = _why(first, expected[wrong[0]], tolerance)
    return _right_and_wrong(wrong, len(expected), noun), hint


def _asked(expected):
    said = describe(expected)
    if isinstance(expected, _PARTS) and _noun(expected) != "number":
        said = count(len(expected), _noun(expected))
    return f"{said} {'is' if said.startswith(('one', 'a')) else 'are'}"


def _noun(parts):
    lengths = {len(part) if isinstance(part, _PARTS) else part.size for part in parts}
    if all(isinstance(part, np.ndarray) and not part.ndim for part in parts):
        return "number"
    return "pair" if lengths == {2} else "part"


def _right_and_wrong(wrong, total, noun):
    right = [i for i in range(total) if i not in wrong]
    if total == 1:
        return f"The {noun} is not right."
    if not right:
        return f"None of the {count(total, noun)} is right."
    if len(right) == 1 and total > 2:
        return f"Only the {place(right[0])} {noun} is right."
    which, s = listed([place(i) for i in wrong]), "" if len(wrong) == 1 else "s"
    rest = "the other one is" if len(right) == 1 else f"the other {word(len(right))} are"
    return f"The {which} {noun}{s} {'are' if s else 'is'} not right; {rest}."
