"""Exercises that answer: correct, or the smallest case that shows what is wrong, and why.

An exercise is data: a reference solution, the cases to try it on, and the mistakes that people
make, each written as the function that makes it. An answer that equals a mistake on every case
is told so by name.
"""

import ast
import builtins
import dis
from numbers import Real

import numpy as np

from nnutils.check.without import forbidden
from nnutils.exercises import find

_NOT_ATTEMPTED = "Not attempted yet. Replace the three dots by your answer and run the cell again."


def check(name, answer):
    """Say in one or two lines whether an answer to an exercise is right.

    Parameters
    ----------
    name : str
        ``"<chapter>.<exercise>"``, such as ``"circuits.multiply"``.
    answer : callable or numbers
        What the reader wrote.

    Raises
    ------
    ValueError
        If there is no such exercise; the message lists those that exist.
    """
    chapter, _, key = str(name).partition(".")
    exercises = find(chapter).EXERCISES
    if key not in exercises:
        raise ValueError(
            f"There is no exercise {name!r}. Those of this chapter are "
            + ", ".join(f"'{chapter}.{k}'" for k in exercises)
            + "."
        )
    print(verdict(exercises[key], answer))


def verdict(exercise, answer):
    """Return what ``check`` prints."""
    if answer is ... or answer is None or _is_stub(answer):
        return _NOT_ATTEMPTED
    if callable(exercise.solution) and not callable(answer):
        return f"Pass the function itself, without calling it. This is {_show(answer)}."
    if not callable(exercise.solution) and callable(answer):
        return f"Pass the numbers, not a function: got {_show(answer)}."
    cases = exercise.cases or (None,)
    given, faults = [], []
    for case in cases:
        expected, _ = _run(exercise, exercise.solution, case)
        result, complaint = _run(exercise, answer, case)
        given.append(result)
        if not complaint and not _equal(result, expected, exercise.tolerance):
            complaint = _difference(result, expected, secret=case is None)
        if complaint:
            faults.append(_fault(exercise, answer, case, complaint))
    if not faults:
        reason = exercise.without and forbidden(answer, exercise.without)
        if reason:
            return f"Not yet. The results are right, but one thing is not.\n{reason}"
        return f"Correct in {len(cases)} cases." if exercise.cases else "Correct."
    why = diagnose(exercise, given)
    return f"{faults[0]}\n{why}" if why else faults[0]


def diagnose(exercise, given):
    """Return the sentence of the mistake that gives these results on every case, or None.

    Where the mistake gives no result, because it stops with an error, the answer must give none.
    """
    cases = exercise.cases or (None,)
    for sentence, mistake in exercise.mistakes.items():
        made = [_run(exercise, mistake, case)[0] for case in cases]
        if any(result is not None for result in made) and all(
            came is result is None or _equal(came, result, exercise.tolerance)
            for came, result in zip(given, made)
        ):
            return sentence
    return None


def _is_stub(answer):
    """Whether a function's body is nothing but three dots, ``pass`` or a docstring."""
    code = getattr(answer, "__code__", None)
    return code is not None and all(
        step.opname in ("RESUME", "NOP", "RETURN_VALUE")
        or (step.opname in ("LOAD_CONST", "RETURN_CONST") and step.argval is None)
        for step in dis.get_instructions(code)
    )


def _run(exercise, answer, case):
    """Return (result as an array, complaint) of an answer on one case.

    Without a complaint there is a result; with one there may be none.
    """
    if case is None:
        return _as_array(answer)
    arguments, untouched = exercise.arguments(case), exercise.arguments(case)
    try:
        result = answer(*arguments)
    except (Exception, SystemExit) as error:
        return None, f"stopped with {_error(error)}"
    for before, after in zip(untouched, arguments):
        if hasattr(before, "theta"):  # a network; to add and subtract a nudge may round its numbers
            if not np.allclose(before.theta, after.theta, rtol=0, atol=1e-12, equal_nan=True):
                return _as_array(result)[0], (
                    f"left the network's theta at {_show(after.theta)}; it was "
                    f"{_show(before.theta)}. Put every entry back to where it was."
                )
        elif isinstance(before, (list, dict, np.ndarray)) and not _same(before, after):
            return None, (
                f"changed its input {_show(before)} into {_show(after)}. "
                "Work on a copy, so that the caller's numbers stay as they were."
            )
    if result is None:
        return None, "gave back None. Does every way through your function end in a return?"
    return _as_array(result)


def _same(a, b):
    """Whether two arguments are equal, arrays inside lists and dicts included."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        return np.array_equal(a, b, equal_nan=a.dtype.kind == "f" == b.dtype.kind)
    if isinstance(a, dict):
        return list(a) == list(b) and all(map(_same, a.values(), b.values()))
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(_same, a, b))
    return a is b or bool(a == b)


def _as_array(result):
    try:
        array = np.asarray(result)
    except Exception:
        return None, f"gave back {_show(result)}, whose rows have different lengths."
    if array.dtype.kind == "O" and all(isinstance(v, Real) for v in array.flat):
        try:
            array = array.astype(float)
        except OverflowError:
            return None, "gave back a number too large for a float."
    if array.dtype.kind in "iufb":
        return array, None
    kind = type(result).__name__
    return None, f"gave back {_show(result)} ({kind}), but only real numbers were expected."


def _difference(result, expected, secret):
    """Say how a result differs; when it is secret, without giving the answer away."""
    if result.shape != expected.shape:
        if secret:
            return f"is {_shape(result)}; the answer is {_shape(expected)}."
        return f"gave back {_shape(result)}, {_show(result)}; expected: {_shape(expected)}."
    if secret:
        return "is not it."
    hint = ""
    if np.isnan(result.astype(float)).any() and not np.isnan(expected.astype(float)).any():
        hint = " nan means 'not a number': look for 0/0 or inf - inf."
    return f"gave back {_show(result)}, but {_show(expected)} was expected.{hint}"


def _equal(a, b, tolerance):
    if a is None or b is None or a.shape != b.shape:
        return False
    a, b = a.astype(float), b.astype(float)
    with np.errstate(invalid="ignore", over="ignore"):
        close = np.abs(a - b) <= tolerance * np.maximum(1, np.abs(b))
    return bool(np.all((close & np.isfinite(b)) | (a == b) | (np.isnan(a) & np.isnan(b))))


def _fault(exercise, answer, case, complaint):
    """Say what is wrong, and for a function with the line that shows it again."""
    if case is None:
        return f"Not yet: {_show(answer)} {complaint}"
    return f"Not yet. Run this line to see it:\n{replay(exercise, answer, case)}\nIt {complaint}"


def replay(exercise, answer, case):
    """Return one line of Python that calls an answer on a case, with the imports it needs."""
    imports = []
    for node in ast.walk(ast.parse(f"({case},)", mode="eval")):
        if isinstance(node, ast.Name) and node.id != "np" and not hasattr(builtins, node.id):
            thing = exercise.names[node.id]
            module = getattr(thing, "__module__", None) or exercise.names["__name__"]
            imports.append(f"from {module} import {node.id}; ")
    return f"{''.join(dict.fromkeys(imports))}{_show(answer)}({case})"


def _shape(array):
    if array.ndim > 1:
        return f"an array of shape {array.shape}"
    return f"a row of length {array.size}" if array.ndim else "one number"


def _error(error):
    """Write an exception on one line, even one that cannot be printed."""
    try:
        text = " ".join(str(error).split())[:200]
    except Exception:
        text = ""
    return type(error).__name__ + (f": {text}" if text else ".")


def _show(x):
    """Write a number, array or function on one short line, whatever it is."""
    try:
        text = " ".join(_text(x).split())
    except Exception:
        text = f"a {type(x).__name__}"
    return text if len(text) <= 70 else text[:67] + "..."


def _text(x):
    if isinstance(x, np.random.Generator):
        return "rng"
    if callable(x):
        return str(getattr(x, "__name__", type(x).__name__)).lstrip("_")
    if isinstance(x, (np.ndarray, np.generic)):
        x = x.tolist()
    if isinstance(x, float):
        return f"{x + 0.0:.10g}"  # adding 0 turns -0 into 0
    if type(x) is list:
        return f"[{', '.join(map(_show, x))}]"
    if type(x) is tuple:
        return f"({', '.join(map(_show, x))}{',' if len(x) == 1 else ''})"
    return repr(x)
