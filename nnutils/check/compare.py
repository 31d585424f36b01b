"""How a result differs from what was expected, in words."""

import numpy as np

from nnutils.check.results import NOTHING, PARTS, Odd, arranged, close, equal, yes_or_no
from nnutils.check.show import both, count, listed, place, show, word
from nnutils.exercises import Named


def difference(came, expected, tolerance, path="result"):
    """Say where a result differs first, and what may be the reason: (fact, hint)."""
    if isinstance(came, Odd):
        return f"{_it(path)} {came.what}.", came.hint
    if isinstance(expected, Named):
        if len(came) < len(expected):  # the circuit came to nothing
            ((name, nothing),) = came.items()
            return difference(nothing, expected, tolerance, name)
        name = next(n for n in expected if not equal(came[n], expected[n], tolerance))
        return difference(came[name], expected[name], tolerance, name)
    parts = arranged(came, expected)
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
        return "Both parts differ" if total == 2 else f"All {count(total, 'part')} differ"
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
        if x.ndim:
            return f"a row of {count(x.size, 'number')}"
        return "True or False" if yes_or_no(x) else "one number"
    kind = type(x).__name__
    if len(x) < 2:
        inside = "one part" if x and isinstance(x[0], PARTS) else x and describe(x[0])
        return f"a {kind} with {inside} in it" if x else f"an empty {kind}"
    if all(isinstance(part, np.ndarray) and not part.ndim for part in x):
        return count(len(x), "number")
    few = parts and len(x) <= 4
    if all(isinstance(part, np.ndarray) and part.ndim for part in x):
        shapes = listed([str(part.shape) for part in x[:4]])
        return count(len(x), "array") + (f", of shapes {shapes}" if few else "")
    return count(len(x), "part") + (f": {listed([describe(part) for part in x])}" if few else "")


def _other_numbers(came, expected, tolerance, path):
    if yes_or_no(came) != yes_or_no(expected) and came.size:
        fact = f"{_it(path)} {show(came, 40)}, but"
        if yes_or_no(came):
            numbers = "numbers were" if came.ndim else "a number was"
            how = ".astype(float)" if came.ndim else "float(...)"
            return f"{fact} {numbers} expected.", f"{how} makes 1.0 of True."
        return f"{fact} True or False was expected.", "A comparison gives True or False."
    wrong = ~close(came, expected, tolerance)
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
    if not isinstance(expected, PARTS):
        expected = tuple(expected) if expected.ndim else expected
    if isinstance(came, Odd):
        return f"This is {came.what}; {_asked(expected)} asked for.", came.hint
    parts = arranged(came, expected)
    if _shape(parts) != _shape(expected):
        return f"You gave {describe(came)}; {_asked(expected)} asked for.", ""
    if isinstance(expected, np.ndarray):
        return f"{show(came)} is not it.", _why(came, expected, tolerance)
    noun = _noun(expected)
    wrong = [i for i, (a, b) in enumerate(zip(parts, expected)) if not equal(a, b, tolerance)]
    first = arranged(parts[wrong[0]], expected[wrong[0]])
    hint = ""
    if isinstance(first, Odd):
        advice = "" if first is NOTHING else f" {first.hint}"  # there is no function here
        hint = f"The {place(wrong[0])} is {first.what}.{advice}"
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
    if isinstance(expected, PARTS) and _noun(expected) != "number":
        said = count(len(expected), _noun(expected))
    return f"{said} {'is' if said.startswith(('one', 'a')) else 'are'}"


def _noun(parts):
    lengths = {len(part) if isinstance(part, PARTS) else part.size for part in parts}
    if all(isinstance(part, np.ndarray) and not part.ndim for part in parts):
        return "number"
    return "pair" if lengths == {2} else "part"


def _right_and_wrong(wrong, total, noun):
    right = [i for i in range(total) if i not in wrong]
    if total == 1:
        return f"The {noun} is not right."
    if not right:
        return f"{'Neither' if total == 2 else 'None'} of the {count(total, noun)} is right."
    if len(right) == 1 and total > 2:
        return f"Only the {place(right[0])} {noun} is right."
    which, s = listed([place(i) for i in wrong]), "" if len(wrong) == 1 else "s"
    rest = "the other one is" if len(right) == 1 else f"the other {word(len(right))} are"
    return f"The {which} {noun}{s} {'are' if s else 'is'} not right; {rest}."
