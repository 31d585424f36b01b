"""The build stops where a page would be wrong, and notices when the package has changed."""

import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest

from tests.test_notebooks import WAIT, interrupt

ROOT = Path(__file__).parents[1]

KNOB = """
from matplotlib import pyplot as plt
from nnutils.knobs import knobs, slider

fig, ax = plt.subplots()

@knobs(fig, x=slider("x", 0, 1, positions=2, start=0))
def turn(x):
    '''A picture.'''
    {body}
    return f"x is {{x:g}}."
"""


def prepare(folder, *cells):
    """Make a book of one page in a folder; return the command that builds it."""
    (folder / "book").mkdir()
    for name in ("_config.yml", "requirements.txt"):
        shutil.copy(ROOT / name, folder)
    for name in ("_ext", "_static"):
        shutil.copytree(ROOT / "book" / name, folder / "book" / name)
    packages = ROOT / "_build" / "npm"
    assert packages.exists(), "Run `make book` first: it fetches KaTeX."
    (folder / "_build").mkdir()
    (folder / "_build" / "npm").symlink_to(packages)
    (folder / "_toc.yml").write_text("format: jb-book\nroot: book/page\n")
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell("# A page"), *cells],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )
    nbformat.write(notebook, folder / "book" / "page.ipynb")
    return [Path(sys.executable).with_name("jupyter-book"), "build", "-W", "--keep-going", "."]


def build(folder, command):
    """Run the command; return (exit code, what was printed)."""
    # Into a file: a pipe would wait for every process that a failed build leaves behind.
    log = folder / "build.log"
    with log.open("w") as output:
        result = subprocess.run(
            command, cwd=folder, stdout=output, stderr=subprocess.STDOUT, timeout=300, check=False
        )
    return result.returncode, log.read_text()


code, markdown = nbformat.v4.new_code_cell, nbformat.v4.new_markdown_cell
SOUND = markdown("$x^2$"), code(KNOB.format(body="ax.plot(x, x)"))


def test_a_sound_page_is_built(tmp_path):
    status, printed = build(tmp_path, prepare(tmp_path, *SOUND))
    assert status == 0, printed
    assert 'class="knobs"' in (tmp_path / "_build/html/book/page.html").read_text()


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        (code("1 / 0"), "ZeroDivisionError"),
        (code("%matplotlib inline\nfrom nnutils import plots\nplots.use_style()\n"
              "plots.curve(abs, -1, 1)"), "no alternative text"),
        (markdown("[dead](nowhere.ipynb)"), "nowhere"),
        (markdown("$\\wrong{x}$"), "wrong"),
        (code(KNOB.format(body="ax.set_title(f'{x}')")), "changed the title of axes 1"),
        (code(KNOB.format(body="1 / (1 - x)")), "ZeroDivisionError"),
    ],
    ids=["cell", "picture without words", "dead link", "formula", "moved still layer", "knob"],
)  # fmt: skip
def test_a_faulty_page_fails_the_build(tmp_path, cell, sentence):
    status, printed = build(tmp_path, prepare(tmp_path, cell))
    assert status != 0, "the build passed"
    assert sentence in printed


def test_an_interrupted_build_goes_on_cleanly(tmp_path):
    marker = tmp_path / "begun"
    command = prepare(tmp_path, *SOUND, code(WAIT.format(marker=str(marker))))
    notebook = tmp_path / "book" / "page.ipynb"
    before = notebook.read_bytes()
    interrupt(command, marker, cwd=tmp_path)
    assert notebook.read_bytes() == before
    status, printed = build(tmp_path, command)
    assert status == 0, printed
    page = (tmp_path / "_build/html/book/page.html").read_text()
    assert 'class="knobs"' in page
    assert "done" in page


def test_executed_notebooks_are_kept_apart_when_the_package_changes(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "book" / "_ext"))
    import course

    def cache():
        config = SimpleNamespace(nb_execution_cache_path="")
        course.cache_by_package(SimpleNamespace(srcdir=tmp_path), config)
        return config.nb_execution_cache_path

    (tmp_path / "requirements.txt").write_text("numpy\n")
    module = tmp_path / "nnutils" / "circuit.py"
    module.parent.mkdir()
    module.write_text("a = 1\n")
    before = cache()
    assert cache() == before
    module.write_text("a = 2\n")
    assert cache() != before
