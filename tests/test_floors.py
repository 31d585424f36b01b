"""A module imports only from the floors below it, and says what it is and where it is built."""

import ast
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "nnutils"
FLOORS = {
    "circuit": 0,
    "numerics": 0,
    "schedules": 0,
    "activations": 1,
    "losses": 1,
    "metrics": 1,
    "initializers": 1,
    "penalties": 1,
    "layers": 2,
    "embedding": 2.1,
    "attention": 2.2,
    "optimizers": 2,
    "convolution": 2.1,
    "recurrent": 2.1,
    "network": 3,
    "variational": 3.1,
    "data": 4,
    "gradcheck": 4,
    "maps": 4,
    "search": 4,
    "projects": 4,
    "training": 4.1,
    "diagnosis": 4.2,
    "hospital": 4.2,
    # The fifth floor has steps: what is asked and drawn, then what asks, and lets a reader turn it.
    "exercises": 5,
    "plots": 5,
    "quiz": 5.1,
    "knobs": 5.1,
    "check": 5.1,
    "mark": 5.2,
}
SCREEN = {"plots", "knobs", "quiz"}  # what is asked, and what answers, needs none
DISPLAY = {"matplotlib", "matplotlib_inline", "ipywidgets", "IPython"}

MODULES = {
    str(path.relative_to(PACKAGE).with_suffix("")): ast.parse(path.read_text())
    for path in sorted(PACKAGE.rglob("*.py"))
    if path != PACKAGE / "__init__.py"
}
every_module = pytest.mark.parametrize("module", MODULES)


def floor_name(module):
    return module.partition("/")[0]


def imported(tree):
    """Return the dotted names of everything that a module imports, anywhere in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "import by full name"
            if node.module == "nnutils":
                yield from (f"nnutils.{alias.name}" for alias in node.names)
            else:
                yield node.module


def public(node, path=""):
    """Return (dotted name, node) for the public functions, classes and methods."""
    for part in node.body:
        if isinstance(part, (ast.FunctionDef, ast.ClassDef)) and not part.name.startswith("_"):
            if any(ast.unparse(decorator).endswith(".setter") for decorator in part.decorator_list):
                continue  # help() shows the docstring of the property
            yield path + part.name, part
            if isinstance(part, ast.ClassDef):
                yield from public(part, f"{path}{part.name}.")


@every_module
def test_a_module_has_a_floor_and_a_first_sentence(module):
    assert floor_name(module) in FLOORS
    assert ast.get_docstring(MODULES[module])


@every_module
def test_a_module_imports_from_lower_floors_only(module):
    here = floor_name(module)
    for name in imported(MODULES[module]):
        package, _, rest = name.partition(".")
        there = rest.partition(".")[0]
        if package == "nnutils" and here != there:
            assert FLOORS[there] < FLOORS[here], f"{here} imports {there}"


@every_module
def test_only_what_is_on_a_screen_draws(module):
    packages = {name.partition(".")[0] for name in imported(MODULES[module])}
    allowed = {"nnutils", "numpy"} | set(sys.stdlib_module_names)
    if floor_name(module) in SCREEN:
        allowed |= DISPLAY
    if floor_name(module) == "mark":
        allowed |= {"distributed"}  # for those who have a cluster
    assert packages <= allowed


def test_circuit_needs_python_alone():
    packages = {name.partition(".")[0] for name in imported(MODULES["circuit"])}
    assert packages <= set(sys.stdlib_module_names)


@every_module
def test_everything_public_has_a_docstring(module):
    without = [name for name, part in public(MODULES[module]) if not ast.get_docstring(part)]
    assert not without


@every_module
def test_everything_public_says_where_it_is_built(module):
    if FLOORS[floor_name(module)] < 5:
        without = [
            name
            for name, part in public(MODULES[module])
            if "Built in:" not in (ast.get_docstring(part) or "")
        ]
        assert not without


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("import numpy as np", ["numpy"]),
        ("def f():\n    from nnutils import plots, check", ["nnutils.plots", "nnutils.check"]),
        ("from nnutils.circuit import Value", ["nnutils.circuit"]),
        ("import nnutils.exercises as e", ["nnutils.exercises"]),
    ],
)
def test_imports_are_found(code, names):
    assert list(imported(ast.parse(code))) == names
