"""Names that an exercise asks to do without, looked for in everything that an answer runs."""

import dis
import functools
import linecache
import re
import types
from contextlib import suppress

_GLOBAL = {"LOAD_GLOBAL", "LOAD_NAME"}
_ATTRIBUTE = {"LOAD_ATTR", "LOAD_METHOD", "LOAD_SUPER_ATTR", "IMPORT_FROM"}
_BY_TEXT = {"getattr", "eval", "exec", "vars", "globals", "__dict__", "attrgetter", "methodcaller"}
_SOME = 100  # how much of a long list or dict is looked at


def forbidden(answer, names):
    """Say which banned name an answer uses, and on which line; None if it uses none of them.

    The answer's own functions are read, too: those that it calls, defines, wraps, or holds in a
    default, a list or a class. A function under another name, such as ``from numpy import tanh as
    t``, is known by the name that it gives itself. An answer's own parameters and variables may be
    called what they like.
    """
    home = getattr(_inner(answer), "__module__", None)
    seen, waiting = set(), [(answer, None, "Your answer")]
    while waiting:
        thing, name, where = waiting.pop(0)
        own = isinstance(thing, types.FunctionType) and thing.__module__ == home
        used = name if name in names or own else _own_name(thing)
        if used in names:
            rename = " A function of your own needs another name." if own else ""
            return f"{where} uses {used}; this exercise asks you to do without it.{rename}"
        if id(thing) not in seen:
            seen.add(id(thing))
            if own:
                waiting.extend(_mentions(thing.__code__, thing.__globals__))
            waiting.extend((part, None, where) for part in _parts(thing, home))
    return None


def _inner(thing):
    """Return the function inside partials and methods."""
    while isinstance(thing, (functools.partial, types.MethodType)):
        thing = thing.func if isinstance(thing, functools.partial) else thing.__func__
    return thing


def _own_name(thing):
    """Return the name that a function, a class or an activation gives itself."""
    try:
        name = getattr(thing, "__name__", None) or getattr(thing, "name", None)
    except Exception:  # objects that a reader made may do anything
        name = None
    return name if isinstance(name, str) else None


def _mentions(code, names):
    """Yield (value if it is a global, name, the line in words) for all that code mentions."""
    steps = list(dis.get_instructions(code))
    by_text = any(step.argval in _BY_TEXT for step in steps if isinstance(step.argval, str))
    for step in steps:
        where = line_in_words(code, step.positions.lineno or code.co_firstlineno)
        if isinstance(step.argval, types.CodeType):
            yield from _mentions(step.argval, names)
        elif step.opname in _GLOBAL:
            yield names.get(step.argval), step.argval, where
        elif step.opname in _ATTRIBUTE:
            yield None, step.argval, where
        elif by_text and step.opname == "LOAD_CONST" and isinstance(step.argval, str):
            yield from ((None, word, where) for word in re.findall(r"\w+", step.argval))


def _parts(thing, home):
    """Return what stands inside a function, a partial, a class or a container of the answer's."""
    if isinstance(thing, functools.partial):
        return [thing.func, *thing.args, *thing.keywords.values()]
    if isinstance(thing, (types.MethodType, staticmethod, classmethod)):
        return [thing.__func__]
    if isinstance(thing, (list, tuple)):
        return list(thing[:_SOME])
    if isinstance(thing, dict):
        return list(thing.values())[:_SOME]
    if isinstance(thing, type):
        return list(vars(thing).values()) if thing.__module__ == home else []
    if isinstance(thing, types.FunctionType):
        inside = [*(thing.__defaults__ or ()), *(thing.__kwdefaults__ or {}).values()]
        for cell in thing.__closure__ or ():
            with suppress(ValueError):  # a name that has no value yet
                inside.append(cell.cell_contents)
        return [*inside, getattr(thing, "__wrapped__", None)] if thing.__module__ == home else []
    return [type(thing)] if type(thing).__module__ == home else []


def line_in_words(code, number):
    """Return 'Line 3, `return x`,' or, where the text is not kept, 'Line 3'."""
    text = linecache.getline(code.co_filename, number).strip()
    return f"Line {number}, `{text}`," if 0 < len(text) <= 60 else f"Line {number}"
