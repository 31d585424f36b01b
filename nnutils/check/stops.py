"""What it means that an answer stopped with an exception, or did not stop at all."""

import ast
import inspect
import linecache
import re
import sys

from nnutils.check import trial
from nnutils.check.clock import TimeOver
from nnutils.check.replay import import_line
from nnutils.check.show import count, line_in_words, shorten, word

_MEANINGS = (
    (RecursionError, "Your function calls itself without end. When does it return without that?"),
    (MemoryError, "It asks for more and more memory. Which list or array grows without end?"),
    (SystemExit, "exit() ends Python itself. Use return to leave a function."),
    (UnboundLocalError, "A name that is assigned in a function needs a value there first."),
)
_SAYINGS = (  # what is looked for in the text of an exception, and what it means
    (
        r"truth value of an array",
        "if, while, and, or, not ask for one True or False, and an array has many. Use np.where.",
    ),
    (
        r"dtype\('float64'\) to dtype\('int",
        "Your array holds whole numbers, and += or -= cannot put a fraction into it. "
        "Make it with float.",
    ),
    (
        r"core dimension .*size (\d+) is different from (\d+)",
        "The rows on the left of @ have the length {1}, and the columns on its right {0}.",
    ),
    (r"read-only", "What you were given is not yours to change: work on a copy."),
    (
        r"boolean (?:negative|subtract)",
        "A minus is not for True and False: ~ turns them around, .astype(float) makes 1 and 0.",
    ),
    (
        r"NoneType",
        "None comes from a function without return, or from one that changes what it is given, as "
        ".sort() does.",
    ),
    (r"object is not callable", "( ) calls a function. [ ] takes an entry, and * multiplies."),
    (r"function.* object is not subscriptable", "A function is called with ( ), not with [ ]."),
    (
        r"operand type.*'list'|list indices must be .* tuple|multiply sequence by non-int",
        "A list does not compute as an array does: np.array(...) makes an array of it.",
    ),
    (
        r"'list' object has no attribute '(?:T|shape|ndim|size|sum|mean|std|max|min|dot|astype)'",
        "That is what an array has, and no list: np.array(...) makes an array of it.",
    ),
)


def stopped(outcome, home, names):
    """Return (fact, hint) about an exception, or about the end of the time.

    ``home`` are the names of the answer's module, ``names`` those of the exercise's.
    """
    error, lines = outcome.error, outcome.lines
    own = [i for i, line in enumerate(lines) if line.names is home]
    if isinstance(error, TimeOver):
        others = [line for line in lines if not str(_module(line.names)).startswith(__package__)]
        return _too_long([lines[i] for i in own] or others)
    at = f"in {_place(lines[own[0]], lines[own[-1]])}: " if own else "with "
    fact = f"It stopped {at}{said(error, 100 - len(at))}"
    on_purpose = type(error) is RuntimeError  # as by a stream that is asked for too much
    within = own and own[0] and not on_purpose
    if within and _module(lines[own[0] - 1].names) == _module(names) != _module(home):
        callback = lines[own[0] - 1].code.co_name
        return fact, f"{callback}, which it is given, cannot use that. Should it be an array?"
    return fact, _meaning(error, names)


def _place(line, first):
    """Return the line in words, with the name of its function if that stands in another cell."""
    name = line.code.co_name
    cell = line.code.co_filename == first.code.co_filename or not name.isidentifier()
    return ("" if cell else f"{name}, ") + line_in_words(line.code, line.number, width=40)


def _module(names):
    return names.get("__name__")


def said(error, width=90):
    """Write an exception on one line, even one that cannot be printed."""
    try:
        text = " ".join(str(error).split())
    except Exception:
        text = ""
    return type(error).__name__ + (f": {shorten(text, width)}" if text else ".")


def _meaning(error, names):
    if isinstance(error, (AttributeError, TypeError, ValueError)):
        for pattern, meaning in _SAYINGS:
            if found := re.search(pattern, said(error, 300)):
                return meaning.format(*found.groups())
    for kind, meaning in _MEANINGS:
        if isinstance(error, kind):
            return meaning
    if isinstance(error, NameError):
        name = error.name
        if name in names:
            return f"This brings it: {import_line(name, names[name], name, names)}"
        if name in sys.stdlib_module_names:
            return f"This brings it: import {name}"
        return "Is it spelled as where it was made? Has the cell that makes it been run?"
    return ""


def miscalled(exercise, answer, case):
    """Return (fact, hint) if an answer cannot be called with so many arguments, else None."""
    if exercise.run:
        return _miscalled_method(exercise, answer)
    arguments = exercise.arguments(case)
    takes, wants = _parameters(answer), _parameters(exercise.solution)
    if takes is None or _binds(answer, arguments):
        return None
    its = f" ({', '.join(takes)})" if takes else ""
    names = f" ({', '.join(wants)})" if wants and len(wants) == len(arguments) else ""
    if len(takes) == len(arguments) and (name := _behind_a_star(answer)):
        passed = f"the exercise passes {count(len(arguments), 'argument')}{names}"
        return f"{name} stands behind a star and can only be given by name; {passed}.", ""
    fact = f"Your function takes {count(len(takes), 'argument')}{its}"
    return f"{fact}; the exercise passes {word(len(arguments))}{names}.", ""


def _miscalled_method(exercise, answer):
    for name in exercise.methods:
        method, wants = getattr(answer, name, None), _parameters(getattr(exercise.solution, name))
        takes = _parameters(method) if callable(method) else None
        if takes is not None and not _binds(method, wants):
            fact = f"Your {name} takes {count(len(takes), 'argument')} ({', '.join(takes)})"
            hint = "" if takes[:1] == ["self"] else "The first argument of a method is self."
            return f"{fact}; it is called with {word(len(wants))} ({', '.join(wants)}).", hint
    return None


def _parameters(function):
    try:
        return list(inspect.signature(function).parameters)
    except Exception:  # some builtins have no signature
        return None


def _behind_a_star(function):
    """Return the first parameter that can only be given by name, or None."""
    parameters = inspect.signature(function).parameters.values()
    return next((p.name for p in parameters if p.kind is p.KEYWORD_ONLY), None)


def _binds(function, arguments):
    try:
        inspect.signature(function).bind(*arguments)
    except TypeError:
        return False
    return True


def _too_long(lines):
    fact = f"After {trial.TIME_LIMIT} seconds it was still running"
    loops = {name: _loops(name) for name in {line.code.co_filename for line in lines}}
    for kind, hint in (
        (ast.While, "The condition never becomes false. Does the loop change it? > or >=?"),
        (ast.For, "Does this loop come to an end? Does it do too much in every round?"),
    ):
        for _, code, number in lines:
            around = (
                loop.lineno
                for loop in loops[code.co_filename]
                if isinstance(loop, kind)
                and code.co_firstlineno <= loop.lineno <= number <= loop.end_lineno
            )
            if begin := max(around, default=None):
                return f"{fact}, in the loop of {line_in_words(code, begin)}.", hint
    at = f", in {line_in_words(lines[0].code, lines[0].number)}" if lines else ""
    return f"{fact}{at}.", "Does it wait for something, or do far too much?"


def _loops(filename):
    """Return the loops in a file or a cell, if its text is kept."""
    try:
        tree = ast.parse("".join(linecache.getlines(filename)))
    except (SyntaxError, ValueError):
        return []
    return [node for node in ast.walk(tree) if isinstance(node, (ast.While, ast.For))]
