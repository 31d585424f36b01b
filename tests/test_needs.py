"""The map of the chapters: what each takes from which, as its code says."""

import importlib.util
import re
import sys

import nbformat
import pytest

from tests.anatomy import CHAPTERS, ROOT

PLACE = ROOT / "book" / "_ext" / "needs.py"
spec = importlib.util.spec_from_file_location("needs", PLACE)
maps = importlib.util.module_from_spec(spec)
spec.loader.exec_module(maps)

NEEDS = maps.needs(ROOT, CHAPTERS)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_takes_from_earlier_ones_alone(chapter):
    assert NEEDS[chapter] <= set(CHAPTERS[: CHAPTERS.index(chapter)])


def test_some_that_can_be_seen_in_the_notebooks():
    assert NEEDS["python"] == set()
    assert NEEDS["neurons"] == {"backprop"}  # Value
    assert NEEDS["activations"] == {"gradients"}  # numerical_gradient
    assert {"activations", "losses", "gradient-descent", "sgd"} <= NEEDS["digits"]
    assert "digits" in NEEDS["search"]  # data.digits, through the module


@pytest.mark.parametrize(
    ("source", "chapters"),
    [
        ("import numpy as np\nnp.abs(1)", set()),
        ("from nnutils import plots\nplots.use_style()", set()),
        ("from nnutils.check import check", set()),
        ("from nnutils.circuit import Value", {"backprop"}),
        ("from nnutils.activations import relu, tanh as bend", {"activations"}),
        ("from nnutils import data\nx, y = data.digits()", {"digits"}),
        ("from nnutils import data as d\nx, y = d.moons(3, 0)", {"classifier"}),
        ("from nnutils import data\nx = data", set()),
        ("def f():\n    from nnutils.data import split, batches", {"digits", "sgd"}),
    ],
)
def test_what_is_taken(source, chapters):
    assert maps.taken(source) == chapters


def test_the_setup_cell_and_lines_of_a_notebook_do_not_count(tmp_path):
    (tmp_path / "book").mkdir()
    notebook = nbformat.v4.new_notebook()
    setup = nbformat.v4.new_code_cell("from nnutils.circuit import Value")
    setup.metadata["tags"] = ["setup"]
    lines = "%matplotlib inline\nif True:\n    %pip list\nfrom nnutils.activations import relu"
    text = nbformat.v4.new_markdown_cell("from nnutils.data import split")
    notebook.cells = [setup, text, nbformat.v4.new_code_cell(lines)]
    nbformat.write(notebook, tmp_path / "book" / "one.ipynb")
    assert maps.needs(tmp_path, ["one"]) == {"one": set()}
    (tmp_path / "book" / "activations.ipynb").write_text(
        nbformat.writes(nbformat.v4.new_notebook())
    )
    assert maps.needs(tmp_path, ["activations", "one"])["one"] == {"activations"}


DIRECT = {"a": set(), "b": {"a"}, "c": {"b"}, "d": {"b", "c"}, "e": set()}


@pytest.mark.parametrize(
    ("name", "needed"), [("a", ""), ("b", "a"), ("c", "ab"), ("d", "abc"), ("e", "")]
)
def test_all_that_is_needed(name, needed):
    assert maps.all_needed(DIRECT, name) == set(needed)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a", "Chapter 0 takes nothing from another; 1 takes from it."),
        ("b", "Chapter 1 takes what was built in 0; 2 and 3 take from it."),
        ("c", "Chapter 2 takes what was built in 1, and through it 0; 3 takes from it."),
        ("d", "Chapter 3 takes what was built in 1 and 2, and through them 0; no chapter takes "
              "from it."),
        ("e", "Chapter 4 takes nothing from another; no chapter takes from it."),
    ],
)  # fmt: skip
def test_in_words(name, words):
    assert maps.in_words(list("abcde"), DIRECT, name) == words


def test_the_page_draws_every_chapter(monkeypatch):
    """The cell of the page has a position for each chapter, and says what it takes."""
    import matplotlib.pyplot as plt

    (cell,) = re.findall(
        r"^```\{code-cell\}.*\n(?::.*\n)*((?:(?!```).*\n)*)```",
        (ROOT / "book" / "how-to-use.md").read_text(),
        re.M,
    )
    shown = []
    monkeypatch.chdir(ROOT / "book")
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setattr("IPython.display.display", lambda *a, **k: shown.append((a, k)))
    names = {"__name__": "page"}
    exec(cell, names)
    plt.close("all")
    for number, chapter in enumerate(CHAPTERS):
        said = names["show"](number)
        assert said == maps.in_words(CHAPTERS, NEEDS, chapter)
    plt.close("all")
