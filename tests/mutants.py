"""Wrong answers made from the right ones: each printed solution with one thing changed.

    python -m tests.mutants                     how many were made, refused, equal, passing
    python -m tests.mutants circuits            the same for a chapter or an exercise
    python -m tests.mutants circuits.climb -v   what the check says to each

A mutant that passes is a wrong answer that a reader could give: add a case that refuses it. If it
is no wrong answer, because it is equal to the solution, it belongs in ``tests/equal_mutants.py``.
"""

import ast
import contextlib
import dataclasses
import io
import itertools
import signal
import sys
import warnings
from functools import partial

import numpy as np

from nnutils.check import verdict
from tests.equal_mutants import EQUAL, OPEN
from tests.printed import EXERCISES, alone, solution

LIMIT = 0.5  # seconds of computing for a case; a mutant that takes longer has lost its way

SIGN = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Pow: "**",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.MatMult: "@",
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}
RANK = {"|": 0, "&": 1, "+": 2, "-": 2, "*": 3, "/": 3, "//": 3, "%": 3, "@": 3, "**": 4}
SIGNS_FOR = {
    **{sign: [s for s in ("+", "-", "*", "/", "**") if s != sign] for sign in RANK},
    "//": ["/", "*"],
    "@": ["*"],
    "&": ["|"],
    "|": ["&"],
}
COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")
ALIKE = (
    "max min sum mean std var median",
    "argmax argmin argsort",
    "maximum minimum",
    "zeros ones",
    "sin cos exp log log2 tanh",
    "sqrt square",
    "floor ceil",
    "all any",
    "uniform normal",
    "eigvalsh trace",
)
COMMUTE = {"+", "*", "&", "|"}
SYMMETRIC = {"max", "min", "maximum", "minimum"}
EVEN = {"abs", "norm", "len", "std", "var"}
BUILTINS = {"max", "min", "sum", "all", "any"}
BENT = ("abs({})", "np.clip({}, -1, 1)", "np.asarray({}) + 1e-6")
ROUNDED = ("np.float32({})", "np.round({}, 6)")


class Endless(BaseException):
    """Raised in a mutant that does not end."""


# One small function for each kind of change. It gets a node of the solution and gives back the
# source of what may stand there instead.


def arithmetic(node):
    """Another sign, a term or factor less, the sides exchanged, a minus, forgotten brackets."""
    if not isinstance(node, ast.BinOp):
        return
    left, sign, right = operation(node)
    for other in SIGNS_FOR[sign]:
        yield f"({left}) {other} ({right})"
    yield from (left, right)
    if sign not in COMMUTE:
        yield f"({right}) {sign} ({left})"
    if RANK[sign] == RANK["+"]:
        yield f"-({left}) {sign} ({right})"
    if isinstance(node.left, ast.BinOp):
        a, inner, b = operation(node.left)
        if RANK[inner] < RANK[sign]:
            yield f"({a}) {inner} ({b}) {sign} ({right})"
    if isinstance(node.right, ast.BinOp):
        a, inner, b = operation(node.right)
        if RANK[inner] < RANK[sign] or (RANK[inner] == RANK[sign] and sign not in {*COMMUTE, "@"}):
            yield f"({left}) {sign} ({a}) {inner} ({b})"


def truth(node):
    """Another comparison, always, never; and for or; a condition less."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in SIGN:
        left, right = text(node.left), text(node.comparators[0])
        for sign in COMPARISONS:
            yield f"({left}) {sign} ({right})"
        yield from ("True", "False")
    elif isinstance(node, ast.BoolOp):
        parts = [f"({text(part)})" for part in node.values]
        yield (" and " if isinstance(node.op, ast.Or) else " or ").join(parts)
        for i in range(len(parts)):
            joint = " or " if isinstance(node.op, ast.Or) else " and "
            yield joint.join(parts[:i] + parts[i + 1 :])
    elif isinstance(node, ast.IfExp):
        test, one, other = text(node.test), text(node.body), text(node.orelse)
        yield from (one, other, f"({other}) if ({test}) else ({one})")


def sign(node):
    """A minus, ``not`` or ``~`` less; -(a + b) taken for -a + b."""
    if isinstance(node, ast.UnaryOp):
        yield text(node.operand)
        if isinstance(node.op, ast.USub) and isinstance(node.operand, ast.BinOp):
            left, inner, right = operation(node.operand)
            if RANK[inner] == RANK["+"]:
                yield f"-({left}) {inner} ({right})"


def constant(node):
    """One more, one less, double, nothing; True for False."""
    if isinstance(node, ast.Constant):
        if isinstance(node.value, bool):
            yield str(not node.value)
        elif isinstance(node.value, (int, float)):
            n = node.value
            yield from map(repr, (n + 1, n - 1, 2 * n, 0, -n))


def call(node):
    """A function left out or exchanged; an argument left out, negated, exchanged, off by one."""
    if not isinstance(node, ast.Call):
        return
    function, args = text(node.func), [text(a) for a in node.args]
    named = [f"{k.arg}={text(k.value)}" if k.arg else f"**{text(k.value)}" for k in node.keywords]

    def written(args, named=named, function=function):
        return f"{function}({', '.join([*args, *named])})"

    if args:
        yield args[0].lstrip("*")
    elif isinstance(node.func, ast.Attribute):
        yield text(node.func.value)
    front, dot, last = function.rpartition(".")
    for group in map(str.split, ALIKE):
        if last in group:
            for other in group:
                if other != last and (dot or other in BUILTINS):
                    yield written(args, function=f"{front}{dot}{other}")
    for i in range(len(named)):
        yield written(args, named[:i] + named[i + 1 :])
    for i, arg in enumerate(args):
        if last not in EVEN and arg != "0" and not arg.startswith("*"):
            yield written([*args[:i], f"-({arg})", *args[i + 1 :]])
        if last == "range":
            for step in ("+ 1", "- 1"):
                yield written([*args[:i], f"{arg} {step}", *args[i + 1 :]])
        if i:
            yield written(args[:i] + args[i + 1 :])
    if last not in SYMMETRIC:
        for i, j in itertools.combinations(range(len(args)), 2):
            yield written(exchanged(args, i, j))


def part(node):
    """An index or a bound off by one or left out; ``.T`` left out."""
    if isinstance(node, ast.Attribute) and node.attr == "T":
        yield text(node.value)
    if not isinstance(node, ast.Subscript):
        return
    whole, several = text(node.value), isinstance(node.slice, ast.Tuple)
    yield whole
    parts = node.slice.elts if several else [node.slice]
    for i, place in enumerate(parts):
        others = [text(p) for p in parts]
        for new in around(place):
            others[i] = new
            yield f"{whole}[{', '.join(others)}]"


def around(place):
    """Give the neighbours of an index or a slice."""
    if not isinstance(place, ast.Slice):
        yield from (f"{text(place)} + 1", f"{text(place)} - 1")
        return
    lower = text(place.lower) if place.lower else ""
    upper = text(place.upper) if place.upper else ""
    step = f":{text(place.step)}" if place.step else ""
    for new in (f"{lower} + 1", f"{lower} - 1", "") if lower else ("1",):
        yield f"{new}:{upper}{step}"
    for new in (f"{upper} + 1", f"{upper} - 1", "") if upper else ("-1",):
        yield f"{lower}:{new}{step}"
    if step:
        yield f"{lower}:{upper}"


def turns(node):
    """The first or last turn of a comprehension skipped, or its condition left out."""
    for loop in getattr(node, "generators", ()):
        for part in ("[1:]", "[:-1]"):
            yield from changed(loop, node, iter=f"list({text(loop.iter)}){part}")
        if loop.ifs:
            yield from changed(loop, node, ifs=[])


def order(node):
    """Two neighbours of a tuple or list exchanged, one of them negated."""
    slices = any(isinstance(item, ast.Slice) for item in getattr(node, "elts", ()))
    if isinstance(node, (ast.Tuple, ast.List)) and not slices:
        items = [text(item) for item in node.elts]
        lists = [exchanged(items, i, i + 1) for i in range(len(items) - 1)]
        if isinstance(node.ctx, ast.Load):
            lists += [
                [*items[:i], f"-({x})", *items[i + 1 :]]
                for i, x in enumerate(items)
                if x != "0" and not x.startswith("*")
            ]
        for new in lists:
            yield f"[{', '.join(new)}]" if isinstance(node, ast.List) else f"({', '.join(new)},)"


def other_name(names, node):
    """Another name of the function."""
    if isinstance(node, ast.Name) and node.id in names and isinstance(node.ctx, ast.Load):
        yield from names


# The same for a statement: what is given back are statements.


def loop(node):
    """The first or last turn skipped."""
    if isinstance(node, ast.For):
        yield from changed(node, node, iter=f"list({text(node.iter)})[1:]")
        yield from changed(node, node, iter=f"list({text(node.iter)})[:-1]")


def branch(node):
    """Always, never, or the other way around."""
    if isinstance(node, (ast.If, ast.While)):
        yield from changed(node, node, test=f"not ({text(node.test)})")
    if isinstance(node, ast.If):
        yield text(node.body)
        yield text(node.orelse) or "pass"


def assignment(node):
    """= for += and the other way around; another sign; a minus."""
    if isinstance(node, ast.AugAssign):
        target, value, old = text(node.target), text(node.value), SIGN[type(node.op)]
        yield f"{target} = {value}"
        for sign in SIGNS_FOR[old]:
            yield f"{target} {sign}= {value}"
        yield f"{target} {old}= -({value})"
    if isinstance(node, ast.Assign):
        target, value = text(node.targets[0]), text(node.value)
        if not isinstance(node.targets[0], ast.Tuple):
            yield f"{target} += {value}"
            if value != "0":
                yield f"{target} = -({value})"


def result(node):
    """What is returned is forgotten or negated."""
    if isinstance(node, ast.Return) and node.value:
        yield text(node.value)
        if not isinstance(node.value, ast.Tuple):
            yield f"return -({text(node.value)})"


def block(body):
    """A statement left out, exchanged with the next, moved into the loop above or out of it."""
    lines = [text(statement) for statement in body]
    for i, statement in enumerate(body):
        yield "\n".join(lines[:i] + lines[i + 1 :]) or "pass"
        if i + 1 < len(body):
            yield "\n".join(exchanged(lines, i, i + 1))
        if isinstance(statement, (ast.For, ast.While)):
            *inside, last = [text(s) for s in statement.body]
            if inside:
                outside = f"{head(statement)}\n{indented(inside)}\n{last}"
                yield "\n".join([*lines[:i], outside, *lines[i + 1 :]])
            if i + 1 < len(body):
                within = f"{lines[i]}\n{indented([lines[i + 1]])}"
                yield "\n".join([*lines[:i], within, *lines[i + 2 :]])


def in_place(arrays, statement):
    """An array that belongs to the caller is changed."""
    if not isinstance(statement, (ast.Assign, ast.AugAssign, ast.Return, ast.Expr)):
        return
    for node, put in places(statement):
        if isinstance(node, ast.BinOp) and text(node.left) in arrays:
            left, sign, right = operation(node)
            put(node.left)
            yield f"{left} {sign}= {right}\n{text(statement)}"
            put(node)
    if isinstance(statement, ast.Return):
        for name in arrays:
            yield f"{name}[:] = {text(statement.value)}\nreturn {name}"


EXPRESSIONS = (arithmetic, truth, sign, constant, call, part, turns, order)
STATEMENTS = (loop, branch, assignment, result)


def mutants(source, arrays=(), forms=()):
    """Return {source of a mutant: the line that is changed}.

    ``arrays`` are the parameters that are arrays or lists, which an answer must leave alone;
    ``forms`` is what is done to everything that is returned.
    """
    tree = ast.parse(source)
    names = sorted(
        {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
        | {
            node.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
    )
    expressions = (*EXPRESSIONS, partial(other_name, names))
    statements = (*STATEMENTS, partial(in_place, arrays))
    original = text(tree)
    made = {}

    def make(put, node, new):
        put(new)
        mutant = text(tree)
        put(node)
        if mutant != original:
            made.setdefault(mutant, difference(original, mutant))

    for node, put in list(places(tree)):
        if isinstance(node, list):
            for new in block(node):
                make(put, node, ast.parse(new).body)
        elif isinstance(node, ast.stmt):
            for operator in statements:
                for new in list(operator(node)):
                    make(put, node, ast.parse(new).body)
        else:
            for operator in expressions:
                for new in list(operator(node)):
                    make(put, node, ast.parse(f"({new})", mode="eval").body)
    for form in forms:
        made[bent(source, form)] = f"return {form.format('...')}"
    return made


def bent(source, form):
    """Return the source with the same done to everything that it returns."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Return):
            node.value = ast.parse(form.format(f"({text(node.value)})"), mode="eval").body
    return text(tree)


def places(tree):
    """Give every node with a function that puts another one in its place; blocks as lists."""
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if isinstance(value, ast.AST):
                yield value, partial(setattr, parent, name)
            elif isinstance(value, list):
                whole = isinstance(parent, (ast.Module, ast.ClassDef))  # the order says nothing
                if value and isinstance(value[0], ast.stmt) and not whole:
                    yield value, partial(setattr, parent, name)
                for i, node in enumerate(value):
                    yield node, partial(value.__setitem__, i)


def text(node):
    """Return the source of a node or a block, in one way of writing."""
    if isinstance(node, list):
        return "\n".join(map(text, node))
    return ast.unparse(node)


def operation(node):
    """Return (left, sign, right) of an operation, in brackets where the sign needs none."""
    return text(node.left), SIGN[type(node.op)], text(node.right)


def head(statement):
    return text(statement).partition("\n")[0]


def indented(lines):
    return "\n".join(f"    {line}" for line in "\n".join(lines).split("\n"))


def exchanged(items, i, j):
    items = list(items)
    items[i], items[j] = items[j], items[i]
    return items


def changed(node, whole, **new):
    """Give the source of the whole while one field of a node in it is another."""
    ((name, value),) = new.items()
    old = getattr(node, name)
    setattr(node, name, ast.parse(value, mode="eval").body if isinstance(value, str) else value)
    yield text(whole)
    setattr(node, name, old)


def difference(original, mutant):
    """Return the lines of a mutant that the solution has not, in one line."""
    old, new = original.split("\n"), mutant.split("\n")
    while old and new and old[0] == new[0]:
        old, new = old[1:], new[1:]
    while old and new and old[-1] == new[-1]:
        old, new = old[:-1], new[:-1]
    if new:
        return "; ".join(line.strip() for line in new)
    return "without: " + "; ".join(line.strip() for line in old)


def of_exercise(name):
    """Return {source: changed line} of the mutants of an exercise's printed solution."""
    exercise, source = EXERCISES[name], solution(name)
    arrays, kinds = set(), set()
    for case in () if exercise.run else exercise.cases:
        arguments = exercise.arguments(case)
        parameters = [parameter.arg for parameter in ast.parse(source).body[-1].args.args]
        arrays |= {p for p, a in zip(parameters, arguments) if isinstance(a, (list, np.ndarray))}
        result = exercise.solution(*arguments)
        parts = result if isinstance(result, tuple) else (result,)
        kinds |= {np.asarray(part).dtype.kind for part in parts}
    forms = (*(BENT if kinds & set("iuf") else ()), *(ROUNDED if "f" in kinds else ()))
    return mutants(source, sorted(arrays), forms)


def says(exercises, source, key, names):
    """Return what the check says to a mutant, at the first case that refuses it."""
    names = dict(names)
    signal.signal(signal.SIGVTALRM, stop)
    try:
        exec(compile(source, "<mutant>", "exec"), names)
        for exercise in exercises:
            limit = LIMIT * max(1, len(exercise.cases))
            signal.setitimer(signal.ITIMER_VIRTUAL, limit, limit)
            said = verdict(exercise, names[key])
            if not said.startswith("Correct"):
                break
        return "It does not end." if Endless.__name__ in said else said
    except Endless:
        return "It does not end."
    except Exception as error:
        return f"It does not run: {error!r}"
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def stop(*_):
    raise Endless


def answers(name, whole=False):
    """Give (changed line, what the check says) for every mutant of an exercise.

    Unless asked for what it says of the ``whole`` exercise, the check gets one case after the
    other, and is left when one has refused the mutant.
    """
    exercise, key = EXERCISES[name], name.partition(".")[2]
    two = dict(itertools.islice(exercise.mistakes.items(), 2))
    one_by_one = [
        dataclasses.replace(exercise, cases=(case,), mistakes=two) for case in exercise.cases
    ]
    exercises = [exercise] if whole else one_by_one or [exercise]
    names = alone(name)
    for source, line in [(solution(name), None), *of_exercise(name).items()]:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            said = says(exercises, source, key, names)
        if line:
            yield line, said
        elif not said.startswith("Correct"):
            raise ValueError(f"The printed solution of {name} is refused. {said}")


def main(chosen="", verbose=""):
    """Print for each exercise how many mutants were made, and those that pass."""
    total = np.zeros(4, dtype=int)
    for name in EXERCISES:
        if name in OPEN or not f"{name}.".startswith(f"{chosen}." if chosen else ""):
            continue
        try:
            said = list(answers(name, whole=bool(verbose)))
        except ValueError as error:
            print(f"{name:36}{error}")
            continue
        equal = EQUAL.get(name, {})
        passing = [line for line, words in said if words.startswith("Correct")]
        wrong = [line for line in passing if line not in equal]
        numbers = len(said), len(said) - len(passing), len(passing) - len(wrong), len(wrong)
        total += numbers
        print("{:36}{:5} made {:5} refused {:4} equal {:4} passing".format(name, *numbers))
        for line in wrong:
            print(f"    passes: {line}")
        for line in equal.keys() - set(passing):
            print(f"    listed as equal, but refused or no longer made: {line}")
        if verbose:
            for line, words in said:
                print(f"    {line}\n        {words.splitlines()[-1]}")
    print("{:36}{:5} made {:5} refused {:4} equal {:4} passing".format("", *total))


if __name__ == "__main__":
    main(*sys.argv[1:])
