"""Names that an exercise asks to do without, looked for in everything that an answer runs."""

import dis
import functools
import re
import types
from contextlib import suppress

from nnutils.check.replay import home
from nnutils.check.show import attribute, line_in_words

_GLOBAL = {"LOAD_GLOBAL", "LOAD_NAME"}
_ATTRIBUTE = {"LOAD_ATTR", "LOAD_METHOD", "LOAD_SUPER_ATTR", "IMPORT_FROM"}
_BY_TEXT = {"getattr", "eval", "exec", "vars", "globals", "__dict__", "attrgetter", "methodcaller"}
_SOME = 100  # how much of a long list or dict is looked at


def forbidden(answer, names):
    """Return (fact, hint) about the first banned name that an answer uses, or None.

    The answer's own functions are read, too: those that it calls, defines, wraps, or holds in a
    default, a list or a class. A function under another name, such as ``from numpy import tanh as
    t``, is known by the name that it gives itself. An answer's own parameters and variables may be
    called what they like.
    """
    there = home(answer)
    seen, waiting = set(), [(answer, None, "your answer")]
    while waiting:
        thing, name, where = waiting.pop(0)
        own = isinstance(thing, types.FunctionType) and thing.__globals__ is there
        used = name if name in names or own else _own_name(thing)
        if used in names and (thing is not answer or not own):
            fact = f"This exercise asks you to do without {used}, but {where} uses it."
            return fact, "A function of your own needs another name." if own else ""
        if id(thing) not in seen:
            seen.add(id(thing))
            if own:
                waiting.extend(_mentions(thing.__code__, thing.__globals__))
            waiting.extend((part, None, where) for part in _parts(thing, there))
    return None


def _own_name(thing):
    """Return the name that a function, a class or an activation gives itself."""
    name = attribute(thing, "__name__") or attribute(thing, "name")
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


def _parts(thing, there):
    """Return what stands inside a function, a partial, a class or a container of the answer's."""
    module = there.get("__name__")
    if isinstance(thing, functools.partial):
        return [thing.func, *thing.args, *thing.keywords.values()]
    if isinstance(thing, (types.MethodType, staticmethod, classmethod)):
        return [thing.__func__]
    if isinstance(thing, (list, tuple)):
        return list(thing[:_SOME])
    if isinstance(thing, dict):
        return list(thing.values())[:_SOME]
    if isinstance(thing, type):
        return list(vars(thing).values()) if thing.__module__ == module else []
    if isinstance(thing, types.FunctionType):
        inside = [*(thing.__defaults__ or ()), *(thing.__kwdefaults__ or {}).values()]
        for cell in thing.__closure__ or ():
            with suppress(ValueError):  # a name that has no value yet
                inside.append(cell.cell_contents)
        return [*inside, attribute(thing, "__wrapped__")] if thing.__globals__ is there else []
    wrapped = attribute(thing, "__wrapped__")
    if type(wrapped) is types.FunctionType:
        return [wrapped]
    return [type(thing)] if type(thing).__module__ == module else []
