"""One line of Python that does again what a check did: how an answer is called, what it needs."""

import ast
import builtins
import functools
import sys
import types

import numpy as np

from nnutils.check.show import attribute


def inner(answer):
    """Return the function inside partials, methods and wrappers."""
    for _ in range(20):
        if issubclass(type(answer), functools.partial):
            answer = answer.func
        elif type(answer) is types.MethodType:
            answer = answer.__func__
        elif type(attribute(answer, "__wrapped__")) is types.FunctionType:
            answer = answer.__wrapped__
    return answer


def called(answer, key):
    """Return how a reader calls an answer: by its own name, or the one it was given, or its key."""
    own, names = attribute(answer, "__name__"), home(answer)
    if type(answer) is types.MethodType:
        for name, value in names.items():
            if value is answer.__self__:
                return f"{name}.{own}"
    if isinstance(own, str) and (names.get(own) is answer or answer is getattr(builtins, own, "")):
        return own
    if type(answer) is np.ufunc:
        return f"np.{own}"
    found = [name for name, value in names.items() if value is answer and name[0] != "_"]
    plain = isinstance(own, str) and own.isidentifier() and inner(answer) is answer
    return found[0] if found else key or (own if plain else "answer")


def home(answer):
    """Return the names of the notebook or module that an answer was written in."""
    module = attribute(answer, "__module__")
    own = vars(answer).values() if issubclass(type(answer), type) else ()
    own = [part for part in own if attribute(part, "__module__") in (module, None)]
    others = attribute(type(answer), "__call__"), attribute(answer, "__init__")
    for part in (inner(answer), *own, *others):
        names = attribute(part, "__globals__")
        if type(names) is dict:
            return names
    return {}


def replay(exercise, answer, case, key=None):
    """Return one line of Python that calls an answer on a case, with the imports it needs."""
    name, there = called(answer, key), home(answer)
    imports, swaps, call = {}, [], f"_({case})"
    if exercise.run:
        call = f"{exercise.run.__name__}({name}, {case})"
    for node in ast.walk(ast.parse(call, mode="eval")):
        if not isinstance(node, ast.Name) or node.id in ("_", exercise.run and name):
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
    for start, end, new in sorted(swaps, reverse=True):
        call = f"{call[:start]}{new}{call[end:]}"
    return together(imports.values()) + (call if exercise.run else name + call[1:])


def together(lines):
    """Return lines that import something as the beginning of one line, each module named once."""
    found = {}
    for line in lines:
        module, word, name = line.partition(" import ")
        found.setdefault(module + word, []).append(name)
    return "".join(f"{start}{', '.join(names)}; " for start, names in found.items())


def import_line(name, thing, new, names):
    """Return the line that imports what a name of an exercise's module stands for."""
    if isinstance(thing, types.ModuleType):
        return f"import {thing.__name__}" + ("" if thing.__name__ == new else f" as {new}")
    module = attribute(thing, "__module__")
    if getattr(sys.modules.get(module), name, None) is not thing:
        module = names["__name__"] if name in names else "builtins"
    return f"from {module} import {name}" + ("" if name == new else f" as {new}")
