"""No visible cell uses a form of Python or a function of NumPy before a chapter has introduced it.

Readers bring functions, lists and loops. The chapter ``python`` introduces what its cells or its
text show. All else is introduced beside its first use, by code in backquotes that has it, in the
same section before the cell or in the next text after it, or by a comment in its line.
"""

import ast
import builtins
import re

import nbformat
import numpy as np
import pytest

from tests.anatomy import CHAPTERS, ROOT
from tests.printed import plain

FOLDED = {"setup", "hide-input", "remove-input"}
# Functions, lists and loops; print and len are shown by whoever teaches these.
BROUGHT = {"print()", "len()", "range()", "min()", "max()", "abs()", ".append", "while"}
METHODS = {
    name
    for kind in (np.ndarray, np.random.Generator, str, list, dict, set)
    for name in dir(kind)
    if not name.startswith("_")
}
SHARED = {"axis", "keepdims", "size", "dtype"}  # keywords that mean the same in many functions
SYNTAX = {
    ast.AnnAssign: "annotation",
    ast.Assert: "assert",
    ast.AugAssign: "+=",
    ast.Break: "break",
    ast.ClassDef: "class",
    ast.Continue: "continue",
    ast.Delete: "del",
    ast.Dict: "{key: value}",
    ast.DictComp: "{key: value for}",
    ast.GeneratorExp: "(x for)",
    ast.Global: "global",
    ast.IfExp: "a if b else c",
    ast.JoinedStr: "f-string",
    ast.Lambda: "lambda",
    ast.ListComp: "[x for]",
    ast.Match: "match",
    ast.NamedExpr: ":=",
    ast.Nonlocal: "nonlocal",
    ast.Raise: "raise",
    ast.Set: "{a, b}",
    ast.SetComp: "{x for}",
    ast.Try: "try",
    ast.While: "while",
    ast.With: "with",
    ast.Yield: "yield",
    ast.YieldFrom: "yield from",
    ast.And: "and",
    ast.Or: "or",
    ast.Not: "not",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.MatMult: "@",
    ast.Pow: "**",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.In: "in",
    ast.NotIn: "not in",
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.BitXor: "^",
    ast.Invert: "~",
}
FORMAT = re.compile(r"(.?[<>^])?([+ ]?)(\d*)(,?)(?:\.\d+)?([a-z%]?)")


def forms(tree, modules=()):
    """Yield (name, line) of all in a tree that goes beyond functions, lists and loops.

    ``modules`` are names whose attributes are no methods of arrays, lists and texts.
    """
    inside = {
        part
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        for part in ast.walk(node)
        if part is not node
    }
    line = 0
    for node in ast.walk(tree):
        line = getattr(node, "lineno", line)  # operators have no line of their own
        names = [SYNTAX[type(node)]] if type(node) in SYNTAX else []
        names += [
            *_definitions(node, inside),
            *_values(node),
            *_index(node),
            *_calls(node, modules),
        ]
        for name in names:
            yield name, line


def _definitions(node, inside):
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        yield from (f"@{ast.unparse(d).partition('(')[0]}" for d in node.decorator_list)
    match node:
        case ast.FunctionDef(args=args, name=name):
            yield from ["f(x=0)"] * bool(args.defaults or any(args.kw_defaults))
            yield from ["f(*args)"] * bool(args.vararg)
            yield from ["f(**kwargs)"] * bool(args.kwarg)
            yield from ["f(x, *, y)"] * bool(args.kwonlyargs and not args.vararg)
            yield from ["def in a function"] * (node in inside)
            yield from [name] * (name.startswith("__") and name.endswith("__"))
        case ast.ClassDef(bases=[_, *_]):
            yield "class A(B)"


def _values(node):
    match node:
        case ast.FormattedValue(format_spec=ast.JoinedStr(values=[ast.Constant(value=spec)])):
            found = FORMAT.fullmatch(spec)
            align, sign, width, comma, kind = found.groups() if found else ("", "", "", "", spec)
            yield from (f":{part}" for part in (align, sign, comma, kind) if part)
            yield from [":8"] * bool(width)
        case ast.Assign(targets=[_, _, *_]):
            yield "a = b = c"
        case ast.Assign(targets=[ast.Tuple()]):
            yield "a, b = c"
        case ast.For(target=ast.Tuple()) | ast.comprehension(target=ast.Tuple()):
            yield "for a, b in"
        case ast.comprehension(ifs=[_, *_]):
            yield "[x for if]"
        case ast.Tuple(ctx=ast.Load()):
            yield "(a, b)"
        case ast.Starred(ctx=ast.Store()):
            yield "a, *b = c"
        case ast.Starred():
            yield "f(*a)"
        case ast.Compare(ops=[_, _, *_]):
            yield "a < b < c"
        case ast.Constant(value=None):
            yield "None"


def _index(node):
    match node:
        case ast.Slice(lower=lower, upper=upper, step=step):
            yield "[a:b]" if step is None else "[a:b:c]"
            yield from ["[::-1]"] * isinstance(step, ast.UnaryOp)
            yield from ["[-2:]"] * any(isinstance(end, ast.UnaryOp) for end in (lower, upper))
        case ast.Subscript(slice=ast.UnaryOp()):
            yield "[-1]"
        case ast.Subscript(slice=ast.List() | ast.ListComp()):
            yield "[[0, 2]]"
        case ast.Subscript(slice=ast.Compare()):
            yield "[x > 0]"
        case ast.Subscript(slice=ast.Tuple(elts=places)):
            slices = [isinstance(place, ast.Slice) for place in places]
            yield f"[{', '.join('0' for _ in places)}]"
            yield from ["[:, 0]"] * (any(slices) and not all(slices))
            yield from ["[:, None]"] * any(ast.unparse(place) == "None" for place in places)


def _calls(node, modules):
    match node:
        case ast.Attribute(value=ast.Name(id="np" | "math" as module), attr=name):
            yield from [f"{module}.{name}"] * (name not in ("random", "linalg"))
        case ast.Attribute(value=ast.Attribute(value=ast.Name(id="np"), attr=part), attr=name):
            yield f"np.{part}.{name}"
        case ast.Attribute(value=ast.Name(id=module)) if module in modules:
            pass
        case ast.Attribute(attr=name) if name in METHODS:
            yield f".{name}"
        case ast.Call(func=ast.Name(id=name), keywords=keywords):
            yield from [f"{name}()"] * hasattr(builtins, name)
            yield from ["f(x=0) called"] * bool(keywords)
        case ast.Call(keywords=[_, *_] as keywords):
            yield "f(x=0) called"
            yield from (f"{k.arg}=" for k in keywords if k.arg in SHARED)


def told(text):
    """Return the forms and functions that a text shows in backquotes, and all names in them."""
    found = set()
    text = re.sub(r"<details>.*?</details>", "", text, flags=re.S)
    for span in re.findall(r"(?<!`)`([^`]+)`(?!`)", text):
        found |= {span} & set(SYNTAX.values())
        # A piece is code with something around it: a decorator, a method, a format, a line.
        pieces = ("{}", "{}\nclass A: 0", "x{}", 'f"{{x{}}}"', "{}: 0")
        for pattern in pieces:
            try:
                tree = ast.parse(pattern.format(" ".join(span.split())))
            except SyntaxError:
                continue
            found |= {name for name, _ in forms(tree)}
            found |= {f"{n.id}()" for n in ast.walk(tree) if isinstance(n, ast.Name)}
            found |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
            found |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
            break
    return found


def visible(cell):
    return cell.cell_type == "code" and not FOLDED & set(cell.metadata.get("tags", ()))


def imported(cells):
    """Return the names of modules and pictures in a notebook, whose attributes are not Python's."""
    names = {"ax", "fig"}
    for cell in cells:
        if cell.cell_type == "code":
            for node in ast.walk(ast.parse(plain(cell.source))):
                if isinstance(node, (ast.Import, ast.ImportFrom)):
                    names |= {alias.asname or alias.name for alias in node.names}
    return names


def made(tree):
    """Return the names of methods and attributes that a cell's own classes have."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            yield f".{node.name}"
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield f".{node.attr}"


def introduced(notebooks, taught="python"):
    """Yield (name, chapter, line of its first use, whether it is introduced there).

    ``notebooks`` are {chapter: cells}, in the order of the book.
    """
    seen = set(BROUGHT)
    for chapter, cells in notebooks.items():
        modules, section = imported(cells), ""
        if chapter == taught:
            seen |= told("\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown"))
        for place, cell in enumerate(cells):
            if cell.cell_type == "markdown":
                parts = re.split(r"^(?=## )", cell.source, flags=re.M)
                section = parts[-1] if len(parts) > 1 else f"{section}\n\n{cell.source}"
            elif visible(cell):
                source = plain(cell.source)
                tree = ast.parse(source)
                seen |= set(made(tree)) - seen
                texts = (c.source for c in cells[place:] if c.cell_type == "markdown")
                behind = re.split(r"^## ", next(texts, ""), flags=re.M)[0]
                words = told(f"{section}\n\n{behind}")
                for name, number in forms(tree, modules):
                    if name not in seen:
                        seen.add(name)
                        line = source.splitlines()[number - 1].strip()
                        bare = name.rpartition(".")[2]
                        is_told = name in words or bare in words or "# " in line
                        yield name, chapter, line, chapter == taught or is_told


def test_nothing_is_used_before_it_is_introduced():
    notebooks = {
        chapter: nbformat.read(ROOT / "book" / f"{chapter}.ipynb", as_version=4).cells
        for chapter in CHAPTERS
    }
    missing = [
        f"{chapter} uses {name} without a word: {line}"
        for name, chapter, line, is_introduced in introduced(notebooks)
        if not is_introduced
    ]
    assert not missing, "\n".join(missing)


CODE, TEXT = nbformat.v4.new_code_cell, nbformat.v4.new_markdown_cell


def used_too_early(*cells, taught=()):
    return [
        name
        for name, _, _, is_introduced in introduced({"python": taught, "later": cells})
        if not is_introduced
    ]


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("np.percentile(x, 5)", "np.percentile"),
        ("np.linalg.solve(a, b)", "np.linalg.solve"),
        ("x.cumsum()", ".cumsum"),
        ("rng.shuffle(x)", ".shuffle"),
        ("callable(f)", "callable()"),
        ("f(x.sum(axis=0))", "axis="),
        ("print(f'{x:.2f}')", ":f"),
        ("print(f'{x:>8}')", ":>"),
        ("print(f'{x:8}')", ":8"),
        ("x = lambda a: a", "lambda"),
        ("def f(a=1):\n    return a", "f(x=0)"),
        ("def f(*, a):\n    return a", "f(x, *, y)"),
        ("def f(a):\n    def g():\n        return a\n    return g", "def in a function"),
        ("@cache\ndef f(a):\n    return a", "@cache"),
        ("class A:\n    def __len__(self):\n        return 3", "__len__"),
        ("for a, b in c:\n    print(a)", "for a, b in"),
        ("a, *b = c", "a, *b = c"),
        ("f(*a)", "f(*a)"),
        ("[a for a in b if a]", "[x for if]"),
        ("sum(a for a in b)", "(x for)"),
        ("x[1:3]", "[a:b]"),
        ("x[::-1]", "[::-1]"),
        ("x[-1]", "[-1]"),
        ("x[x > 0]", "[x > 0]"),
        ("x[:, 0]", "[:, 0]"),
        ("x[0, 1, 2]", "[0, 0, 0]"),
        ("x[:, None]", "[:, None]"),
        ("x[[0, 2]]", "[[0, 2]]"),
        ("with f():\n    g()", "with"),
        ("a @ b", "@"),
    ],
)
def test_what_is_used_too_early_is_named(source, name):
    assert name in used_too_early(CODE(source))
    assert name not in used_too_early(CODE(source), taught=[CODE(source)])


def test_functions_lists_and_loops_need_no_word():
    source = """def f(x):
    total = [0]
    for i in range(len(x)):
        if x[i] > 0:
            total.append(x[i] * 2 - 1)
    while x:
        print(max(x))
    return total"""
    assert used_too_early(CODE(source)) == []


PERCENTILE = CODE("np.percentile(x, 5)")


@pytest.mark.parametrize(
    "cells",
    [
        [TEXT("`np.percentile` finds it."), PERCENTILE],
        [TEXT("## Now\n\nSee\n`np.percentile(x,\n50)`."), CODE("1"), PERCENTILE],
        [PERCENTILE, CODE("2"), TEXT("(`np.percentile` found it.)")],
        [CODE("np.percentile(x, 5)   # the twentieth part is below")],
        [TEXT("`.all()` and `:.2f`"), CODE("print(f'{x.all():.2f}')"), TEXT('An `f"{x}"`.')],
        [TEXT("`@cache` keeps it."), CODE("@cache\ndef f(x):\n    return x")],
        [TEXT("`symbol, *rest = gate`"), CODE("a, *b = c")],
        [CODE("np.percentile(x, 5)", metadata={"tags": ["hide-input"]})],
        [CODE("from nnutils import plots\nplots.fill(x)"), TEXT("`from` is known.")],
    ],
)
def test_a_word_beside_it_introduces(cells):
    assert used_too_early(*cells) == []


@pytest.mark.parametrize(
    "cells",
    [
        [TEXT("np.percentile finds it."), PERCENTILE],
        [TEXT("`np.percentile`\n\n## Another section"), PERCENTILE],
        [PERCENTILE, TEXT("## Another section\n\n`np.percentile`")],
        [TEXT("<details>\n\n`np.percentile`\n\n</details>"), PERCENTILE],
        [TEXT("`percentiles` and `np.median`"), PERCENTILE],
    ],
)
def test_a_word_elsewhere_does_not(cells):
    assert "np.percentile" in used_too_early(*cells)
