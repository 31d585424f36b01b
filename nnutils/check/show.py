"""Numbers, arrays, functions and lines of code in a few words, whatever they are."""

import linecache

import numpy as np

from nnutils.circuit import Value

_COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_PLACES = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")


def show(x, width=70, digits=10):
    """Write anything on one short line, even if it cannot be printed."""
    try:
        text = " ".join(_text(x, digits).split())
    except Exception:
        text = f"a {type(x).__name__}"
    return shorten(text, width)


def shorten(text, width):
    """Cut a text that is too long."""
    return text if len(text) <= width else text[: width - 3] + "..."


def _text(x, digits):
    if isinstance(x, (np.ndarray, np.generic)):
        x = (x if x.size <= 100 else x.ravel()[:100].reshape((1,) * (x.ndim - 1) + (-1,))).tolist()
    if isinstance(x, float):
        return f"{x + 0.0:.{digits}g}"  # adding 0 turns -0 into 0
    if isinstance(x, Value):
        return f"Value({show(x.data)})"
    if callable(x):
        return str(getattr(x, "__name__", type(x).__name__)).lstrip("_")
    if type(x) in (list, tuple):
        items = ", ".join(show(item, digits=digits) for item in x[:100])
        if type(x) is list:
            return f"[{items}]"
        return f"({items},)" if len(x) == 1 else f"({items})"
    return repr(x)


def both(a, b):
    """Write two numbers with as many digits as it takes to tell them apart."""
    digits = next((d for d in (10, 17) if show(a, digits=d) != show(b, digits=d)), 10)
    return show(a, digits=digits), show(b, digits=digits)


def word(n):
    """Return 'two' for 2 and '11' for 11."""
    return _COUNTS[n] if n < len(_COUNTS) else str(n)


def count(n, noun):
    """Return 'one number', 'two numbers', '11 numbers'."""
    return f"{word(n)} {noun}{'' if n == 1 else 's'}"


def place(index):
    """Return 'first' for 0, 'second' for 1, 'number 11' for 10."""
    return _PLACES[index] if index < len(_PLACES) else f"number {index + 1}"


def listed(words):
    """Return 'a', 'a and b', 'a, b and c'."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def line_in_words(code, number, width=50):
    """Return 'line 3, `return x`' or, where the text is not kept or long, 'line 3'."""
    text = linecache.getline(code.co_filename, number).strip()
    return f"line {number}, `{text}`" if 0 < len(text) <= width else f"line {number}"


def attribute(thing, name):
    """Return an attribute of an object that may do anything when it is asked, or None."""
    try:
        return getattr(thing, name, None)
    except Exception:
        return None
