"""Numbers, arrays, functions and lines of code in a few words, whatever they are."""

import ast
import builtins
import functools
import linecache
import sys
import types

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


def inner(answer):
    """Return the function inside partials, methods and wrappers."""
    for _ in range(20):
        if isinstance(answer, functools.partial):
            answer = answer.func
        elif isinstance(answer, types.MethodType):
            answer = answer.__func__
        elif isinstance(attribute(answer, "__wrapped__"), types.FunctionType):
            answer = answer.__wrapped__
    return answer


def called(answer, key):
    """Return how a reader calls an answer: by its own name, or the one it was given, or its key."""
    own, names = attribute(answer, "__name__"), _home(answer)
    if isinstance(answer, types.MethodType):
        for name, value in names.items():
            if value is answer.__self__:
                return f"{name}.{own}"
    if isinstance(own, str) and (names.get(own) is answer or answer is getattr(builtins, own, "")):
        return own
    if isinstance(answer, np.ufunc):
        return f"np.{own}"
    found = [name for name, value in names.items() if value is answer and name[0] != "_"]
    plain = isinstance(own, str) and own.isidentifier() and inner(answer) is answer
    return found[0] if found else key or (own if plain else "answer")


def _home(answer):
    """Return the names of the notebook or module that an answer was written in."""
    names = attribute(inner(answer), "__globals__")
    if isinstance(names, dict):
        return names
    module = attribute(answer, "__module__") or attribute(type(answer), "__module__")
    return vars(sys.modules[module]) if module in sys.modules else {}


def replay(exercise, answer, case, key=None):
    """Return one line of Python that calls an answer on a case, with the imports it needs."""
    name, there = called(answer, key), _home(answer)
    imports, swaps = {}, []
    for node in ast.walk(ast.parse(f"({case})", mode="eval")):
        if not isinstance(node, ast.Name):
            continue
        needed = exercise.names.get(node.id, getattr(builtins, node.id, None))
        if needed is None or node.id == "np" and there.get("np", np) is np:
            continue  # a parameter of a lambda, or what the setup cell gives
        if node.id not in exercise.names and node.id not in there and node.id != name:
            continue  # a builtin
        new = f"its_{node.id}" if node.id == name else node.id
        imports[new] = import_line(node.id, needed, new, exercise.names)
        if new != node.id:
            swaps.append((node.col_offset, node.end_col_offset, new))
    call = f"({case})"
    for start, end, new in sorted(swaps, reverse=True):
        call = f"{call[:start]}{new}{call[end:]}"
    return "".join(f"{line}; " for line in imports.values()) + name + call


def import_line(name, thing, new, names):
    """Return the line that imports what a name of an exercise's module stands for."""
    if isinstance(thing, types.ModuleType):
        return f"import {thing.__name__}" + ("" if thing.__name__ == new else f" as {new}")
    home = attribute(thing, "__module__")
    if getattr(sys.modules.get(home), name, None) is not thing:
        home = names["__name__"] if name in names else "builtins"
    return f"from {home} import {name}" + ("" if name == new else f" as {new}")
