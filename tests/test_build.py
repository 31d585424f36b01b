"""The build stops where a page would be wrong, and notices when the package has changed."""

import json
import os
import re
import shutil
import subprocess
import sys
from types import SimpleNamespace

import nbformat
import pytest
from docutils import nodes
from docutils.utils import new_document
from jupyter_cache import get_cache

from tests.anatomy import CHAPTERS, ROOT
from tests.test_notebooks import WAIT, interrupt
from tools.notebooks import normalise

GLOSSARY = (ROOT / "book" / "glossary.md").read_text()

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
    (folder / "book").mkdir(parents=True)
    for name in ("Makefile", "README.md", "_config.yml", "requirements.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    # To pack Python for the page takes long, and has its own tests.
    config = (folder / "_config.yml").read_text()
    (folder / "_config.yml").write_text(config.replace("    live: book/_ext\n", ""))
    for name in ("_ext", "_static"):
        shutil.copytree(ROOT / "book" / name, folder / "book" / name)
    (folder / ".venv").symlink_to(sys.prefix)
    (folder / "_build").mkdir()
    packages = ROOT / "_build" / "npm"
    assert packages.exists(), "Run `make book` first: it fetches KaTeX."
    (folder / "_build" / "npm").symlink_to(packages)
    (folder / "_toc.yml").write_text("format: jb-book\nroot: book/page\n")
    notebook = nbformat.v4.new_notebook(
        cells=[markdown("# A page"), *cells],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )
    nbformat.write(notebook, folder / "book" / "page.ipynb")
    return ["make", "--assume-old", ".venv/ready", "book"]


def build(folder, command, **environment):
    """Run the command; return (exit code, what was printed)."""
    # Into a file: a pipe would wait for every process that a failed build leaves behind.
    log = folder / "build.log"
    with log.open("w") as output:
        result = subprocess.run(
            command, cwd=folder, env=os.environ | environment, stdout=output,
            stderr=subprocess.STDOUT, timeout=300, check=False,
        )  # fmt: skip
    return result.returncode, log.read_text()


def code(source, printed="", shown=""):
    """Return a cell that stores what it printed, and the words for what it has shown."""
    new = nbformat.v4.new_output
    outputs = [new("stream", text=printed)] if printed else []
    outputs += [new("display_data", data={"text/plain": shown})] if shown else []
    return nbformat.v4.new_code_cell(source, outputs=outputs)


markdown = nbformat.v4.new_markdown_cell
KNOBBED = code(KNOB.format(body="ax.plot(x, x)"), shown="x is 0.")
SOUND = markdown("$x^2$"), KNOBBED


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_book_was_built_with_the_stored_numbers(chapter):
    """nbval compares in Colab's versions; here is what came in the book's own."""
    stored = nbformat.read(ROOT / "book" / f"{chapter}.ipynb", as_version=4)
    (kept,) = (ROOT / "_build" / "executed").iterdir()
    cache = get_cache(kept)
    came = normalise(cache.get_cache_bundle(cache.match_cache_notebook(stored).pk).nb)
    expected = [cell for cell in stored.cells if cell.cell_type == "code"]
    assert len(came.cells) == len(expected)
    for mine, theirs in zip(came.cells, expected):
        assert mine.outputs == theirs.outputs, f"{chapter}, where the cell is:\n{theirs.source}"


def test_a_sound_page_is_built(tmp_path):
    status, printed = build(tmp_path, prepare(tmp_path, *SOUND))
    assert status == 0, printed
    assert 'class="knobs"' in (tmp_path / "_build/html/book/page.html").read_text()


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        (code("1 / 0"), "ZeroDivisionError"),
        (code(KNOB.format(body="ax.set_title(f'{x}')")), "changed the title of axes 1"),
        (code(KNOB.format(body="1 / (1 - x)")), "ZeroDivisionError"),
    ],
    ids=["cell", "moved still layer", "knob"],
)
def test_a_cell_that_fails_ends_the_build(tmp_path, cell, sentence):
    status, printed = build(tmp_path, prepare(tmp_path, cell))
    assert status != 0, "the build passed"
    assert sentence in printed


def test_a_faulty_page_fails_the_build_which_names_each_fault(tmp_path):
    undescribed = "from nnutils import plots\nplots.use_style()\nplots.curve(abs, -1, 1)"
    cells = (
        code(f"%matplotlib inline\n{undescribed}"),
        markdown("[dead](nowhere.ipynb)"),
        markdown("$\\wrong{x}$"),
    )
    status, printed = build(tmp_path, prepare(tmp_path, *cells))
    assert status != 0, "the build passed"
    for sentence in (
        "no alternative text",
        "'nowhere.ipynb'",
        r"Undefined control sequence: \wrong",
    ):
        assert sentence in printed


def test_a_page_that_lacks_what_its_notebook_stores_fails_the_build(tmp_path):
    figure = "<Figure size 600x360 with 1 Axes>"
    cells = (
        code("None", shown=figure),
        code("print('a 1.5')", "a 1.5 2\n"),
        code("print('b', 1)", "b\n1\n"),
        code("object()", shown="<object object at 0x7f103daac680>"),
        code(f"print('{figure}')", f"{figure}\n"),
        code(
            "%matplotlib inline\nfrom matplotlib import pyplot as plt\nplt.plot(1)\nplt.show()",
            shown=figure,
        ),
        code("print('c 1.5')", "c 1.7\n"),  # whether a number is right, other tests say
    )
    status, printed = build(tmp_path, prepare(tmp_path, *cells))
    assert status != 0, "the build passed"
    told = [
        re.sub(r"0x\w+", "0x...", line.partition(" If you")[0])
        for line in re.findall(r"page.ipynb: WARNING: (.*?)(?:\x1b|\n)", printed)
    ]
    assert told == [
        "the page says 'at 0x...', which means nothing to a reader",
        "the page says '&lt;Figure size', which means nothing to a reader",
        "cell 1: of displays the notebook stores 1, the page has 0.",
        "cell 1: of pictures the notebook stores 1, the page has 0.",
        "cell 2: of printed words the notebook stores 'a 1.5 2\\n', the page has 'a 1.5\\n'.",
        "cell 3: of printed words the notebook stores 'b\\n1\\n', the page has 'b 1\\n'.",
        "cell 6: of displays the notebook stores 1, the page has 0.",  # drawn as pixels
        "cell 6: of pictures the notebook stores 1, the page has 0.",
    ], printed


def test_the_words_on_a_property_stay_whole(monkeypatch):
    """Napoleon takes what stands before a colon for a type: "neurons. Type: How many ..."."""
    monkeypatch.syspath_prepend(str(ROOT / "book" / "_ext"))
    import course
    from sphinx.ext.napoleon import Config, NumpyDocstring

    words = "The layers, a tuple. Built in: gradient-descent."
    lines = [words]
    course.keep_whole(None, "property", "layers", None, None, lines)
    said = NumpyDocstring(lines, Config(), what="property", name="layers").lines()
    assert " ".join(said).split() == words.split()


def test_attributes_that_are_described_together_keep_their_names(monkeypatch):
    """Sphinx took all but the last for a type: "grad (theta,)"."""
    monkeypatch.syspath_prepend(str(ROOT / "book" / "_ext"))
    import course

    lines = [":ivar one: First.", ":ivar theta, grad: All weights,", "   and slopes."]
    lines += [":vartype theta, grad: array"]
    course.name_each(None, "class", "Layer", None, None, lines)
    assert lines == [
        ":ivar one: First.",
        ":ivar theta: ",
        ":ivar grad: All weights,",
        "   and slopes.",
        ":vartype theta: array",
        ":vartype grad: array",
    ]


@pytest.mark.parametrize("name", ["docutils.conf", "book/matplotlibrc", "book/random.py"])
def test_a_file_that_would_change_pages_is_refused(tmp_path, monkeypatch, name):
    monkeypatch.syspath_prepend(str(ROOT / "book" / "_ext"))
    import course

    for file in ("book/conftest.py", name):
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).touch()
    with pytest.raises(SystemExit, match=f"^{name} is no part of the book"):
        course.refuse_strangers(SimpleNamespace(srcdir=tmp_path), None)
    (tmp_path / name).unlink()
    course.refuse_strangers(SimpleNamespace(srcdir=tmp_path), None)


def test_an_environment_of_another_place_is_made_anew(tmp_path):
    """A course that was moved would else import the package from where it was."""

    def plan(folder):
        command = ["make", "--dry-run", "--assume-new", "requirements.txt", "book"]
        return subprocess.run(
            command, cwd=folder, capture_output=True, text=True, check=True
        ).stdout

    prepare(tmp_path)
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools" / "pip.conf").touch()
    assert "-m venv --clear .venv" in plan(tmp_path)
    (tmp_path / ".venv").unlink()
    assert "-m venv --clear .venv" in plan(tmp_path)
    assert "-m venv  .venv" in plan(ROOT)


def test_a_formula_that_is_not_typeset_is_named(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "book" / "_ext"))
    from whole import _formulas

    page = nodes.paragraph("", "", nodes.math("", "x"), nodes.math_block("", "y"))
    typeset = '<span class="katex">x</span>'
    assert list(_formulas(typeset * 2, page)) == []
    assert list(_formulas(typeset, page)) == ["the page has 2 formulas, but 1 are typeset"]


def test_a_mark_stays_with_its_own_formula(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "book" / "_ext"))
    from course import SHORT, KeepPunctuation

    document = new_document("page")
    long = "x" * (SHORT + 1)
    document += nodes.paragraph("", "")
    for formula in (long, "y", "z"):
        document[0] += [nodes.math("", formula), nodes.Text(", ")]
    KeepPunctuation(document).run()
    assert [part.astext() for part in document[0]] == [long, ", ", "y,", " ", "z,", " "]


def test_a_chapter_named_over_the_end_of_a_line(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "book" / "_ext"))
    from mentions import _join_lines

    document = new_document("page")
    lines = [nodes.Text(text) for text in ("a", "\n", "b", "\n", "c")]
    document += nodes.paragraph("", "", *lines[:4], nodes.strong("", "", lines[4]), nodes.Text("d"))
    _join_lines(document)
    assert [part.astext() for part in document[0]] == ["a\nb\n", "c", "d"]
    assert all(part.parent is document[0] for part in document[0])


def test_python_is_put_into_a_book_that_has_it_already(monkeypatch, tmp_path):
    monkeypatch.syspath_prepend(str(ROOT / "book" / "_ext"))
    from live import publish

    home, static = tmp_path / "home", tmp_path / "out" / "_static"
    for folder in (home, static):
        folder.mkdir(parents=True)
    (home / "plot.zip").write_text("pictures")
    live = SimpleNamespace(home=home, name="d1ge57", finish=lambda: None, sizes=lambda: (1, 2))
    for _ in range(2):  # as make chapter and make watch do
        publish(SimpleNamespace(outdir=tmp_path / "out", srcdir=tmp_path, live=live), None)
    assert (static / "live" / "d1ge57" / "plot.zip").read_text() == "pictures"


def test_a_word_that_means_something_else_in_a_chapter(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "book" / "_ext"))
    import mentions

    other = {"here": {"gate": None, "update gate": None, "mask": "causal mask"}}
    monkeypatch.setattr(mentions, "ELSEWHERE", other)
    words = {word: word for word in ("causal mask", "gate", "mask", "update")}
    text = "The update gate, a gate, an update, masks."

    def found(chapter):
        once = mentions._Once(mentions.meant(words, chapter), seen=())
        return [(text[start:end], anchor) for start, end, anchor in once(text)]

    assert found("here") == [("update", "update"), ("masks", "causal mask")]
    assert found("there") == [("update", "update"), ("gate", "gate"), ("masks", "mask")]


def test_every_word_that_means_something_else_is_in_its_chapter(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "book" / "_ext"))
    from mentions import ELSEWHERE

    for chapter, phrases in ELSEWHERE.items():
        cells = nbformat.read(ROOT / "book" / f"{chapter}.ipynb", as_version=4).cells
        text = " ".join(" ".join(c.source for c in cells if c.cell_type == "markdown").split())
        for phrase, word in phrases.items():
            assert phrase in text.lower(), f"{chapter} has no {phrase!r}"
            assert word is None or f"\n## {word}\n" in GLOSSARY, f"the glossary has no {word!r}"


def test_titles_in_italics_have_no_links(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "book" / "_ext"))
    from mentions import WORKS, _is_title_in_italics

    def section(title, *paragraphs):
        parts = [nodes.paragraph("", "", *parts) for parts in paragraphs]
        part = nodes.section("", nodes.title("", title), *parts)
        new_document("page").append(part)
        return [_is_title_in_italics(text) for p in parts for text in p.findall(nodes.Text)]

    def italics():
        return nodes.emphasis("", "", nodes.Text("Deep networks"))

    text = nodes.Text
    assert section("14 Debugging", [italics()], [text("a "), italics()]) == [True, False, False]
    assert section("Networks", [italics(), text(" are")]) == [False, False]
    assert section(WORKS, [text("a "), italics()], [italics()]) == [False, True, True]


def test_the_chapter_before_is_the_previous_one(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "book" / "_ext"))
    from mentions import _names

    find = _names(["a", "b", "c"], 0, 2)
    for words, name in (("chapter before", "b"), ("chapter before last", "a"),
                        ("previous chapter", "b")):  # fmt: skip
        assert list(find(f"in the {words}.")) == [(7, 7 + len(words), name)]


# Cells whose page shows it if a setting of Python, IPython or matplotlib has come through.
TELLING = (
    markdown("# Head\n\n$x^2$\n\n$$\\frac{1}{2}$$"),
    nbformat.v4.new_code_cell(
        "from matplotlib import pyplot as plt\n"
        "from nnutils import plots\nplots.use_style()\n"
        "plt.plot([0, 1], [0, 2])\nplt.title('line')\nplt.show()",
        outputs=code("", shown="<Figure size 600x360 with 1 Axes>").outputs,
        metadata={"mystnb": {"image": {"alt": "A line."}}},
    ),
    code("import sys\nprint(1, end=' ', flush=True)\nprint(2, end=' ', flush=True)\nprint(3)\n"
         "print(sys.flags.optimize, sys.flags.warn_default_encoding, sys.warnoptions)\n",
         "1 2 3\n0 0 []\n"),
    code("import locale, time\nprint(locale.getpreferredencoding(), 'ä', time.gmtime(0)[3])",
         "utf-8 ä 0\n"),
    code("import numpy as np\nnp.array([1 / 3, 2e9])", shown="array([3.33333333e-01, 2.e+09])"),
    code("[{'a': 1}, 'b']", shown="[{'a': 1}, 'b']"),
    KNOBBED,
)  # fmt: skip

# What a builder may have set for IPython, matplotlib, and every kernel.
HOSTILE = {
    "ipython/profile_default/ipython_config.py": """
c = get_config()
c.InlineBackend.figure_formats = {"png"}
c.InlineBackend.rc = {"figure.dpi": 30}
c.InteractiveShell.ast_node_interactivity = "all"
c.InteractiveShellApp.exec_lines = ["print('hello')", "%precision 2"]
""",
    "ipython/profile_default/startup/00-mine.py": "print('hello from startup')",
    "matplotlib/matplotlibrc": "lines.linewidth: 9\nbackend: Agg\nsavefig.bbox: tight\n",
    "jupyter/jupyter_config.json": '{"KernelManager": {"autorestart": false}, "x": 1}',
    "share/jupyter/kernels/python3/kernel.json": json.dumps(
        {"argv": ["false", "{connection_file}"], "display_name": "Mine", "language": "python"}
    ),
    "python/sitecustomize.py": "print('hello from sitecustomize')",
    "python/numpy.py": "raise ImportError('the wrong numpy')",
    "startup.py": "raise SystemExit('startup')",
    "docutils.conf": "[general]\nsource_link: yes\nlanguage_code: de\n",
    "npmrc": "global=true\ndry-run=true\n",
}


def settle(folder, places):
    """Put hostile settings into a folder: {place: name in HOSTILE}."""
    for place, name in places.items():
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_text(HOSTILE[name])


def in_the_environment(folder):
    """Return variables that lead to hostile settings."""
    settle(folder, {name: name for name in HOSTILE})
    paths = {
        "IPYTHONDIR": "ipython",
        "MPLCONFIGDIR": "matplotlib",
        "MATPLOTLIBRC": "matplotlib/matplotlibrc",
        "JUPYTER_CONFIG_DIR": "jupyter",
        "JUPYTER_DATA_DIR": "share/jupyter",
        "JUPYTER_PATH": "share/jupyter",
        "PYTHONPATH": "python",
        "PYTHONSTARTUP": "startup.py",
        "DOCUTILSCONFIG": "docutils.conf",
        "npm_config_globalconfig": "npmrc",
        "XDG_CONFIG_HOME": ".",
        "XDG_DATA_HOME": "share",
    }
    deep = folder / ("d" * 60) / ("e" * 60)  # too long for the address of a socket
    deep.mkdir(parents=True)
    return {name: str(folder / path) for name, path in paths.items()} | {
        **{"TMPDIR": str(deep), "MPLBACKEND": "Agg", "PYTHONOPTIMIZE": "2", "PYTHONHASHSEED": "1"},
        **{"PYTHONWARNINGS": "error", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"},
        **{"PYTHONWARNDEFAULTENCODING": "1", "PYTHONDEVMODE": "1", "PYTHONNOUSERSITE": ""},
        **{"LC_ALL": "de_DE.ISO-8859-1", "LANG": "de_DE", "LANGUAGE": "de", "TZ": "Asia/Tokyo"},
        **{"SOURCE_DATE_EPOCH": "0", "COLUMNS": "20", "NO_COLOR": "1", "FORCE_COLOR": "1"},
        **{"NPY_PROMOTION_STATE": "legacy", "NPY_DISABLE_CPU_FEATURES": "AVX2 FMA3"},
        **{"OPENBLAS_NUM_THREADS": "7", "OMP_NUM_THREADS": "7", "PIP_USER": "1"},
        **{"npm_config_global": "true", "NODE_OPTIONS": "--require=/nowhere.js"},
        **{"NODE_PATH": "/nowhere", "GIT_DIR": "/nowhere", "CDPATH": "/", "BASH_ENV": "/nowhere"},
        **{"PYTHONHOME": "/nowhere", "VIRTUAL_ENV": "/nowhere", "URL": "x", "ONLY": "x"},
    }


def in_the_home_folder(folder):
    """Return a home folder with hostile settings, as an environment."""
    settle(
        folder,
        {
            ".ipython/profile_default/ipython_config.py": (
                "ipython/profile_default/ipython_config.py"
            ),
            ".ipython/profile_default/startup/00.py": "ipython/profile_default/startup/00-mine.py",
            ".config/matplotlib/matplotlibrc": "matplotlib/matplotlibrc",
            ".matplotlib/matplotlibrc": "matplotlib/matplotlibrc",
            ".jupyter/jupyter_config.json": "jupyter/jupyter_config.json",
            ".local/share/jupyter/kernels/python3/kernel.json": (
                "share/jupyter/kernels/python3/kernel.json"
            ),
            ".docutils": "docutils.conf",
            ".npmrc": "npmrc",
        },
    )
    return {"HOME": str(folder), "PYTHONHASHSEED": "2", "LC_ALL": "C", "TZ": "UTC"}


def test_nothing_that_a_builder_has_set_changes_a_page(tmp_path):
    """Nor the name of the folder: purgecss takes brackets for a pattern."""
    folders = tmp_path / "course (1) [ä] {b} 'q'", tmp_path / "course"
    settings = in_the_environment(tmp_path / "set"), in_the_home_folder(tmp_path / "home")
    for folder, environment in zip(folders, settings):
        status, printed = build(folder, prepare(folder, *TELLING), **environment)
        assert status == 0, printed
    one, other = (folder / "_build" / "html" for folder in folders)
    files = sorted(file.relative_to(one) for file in one.rglob("*") if file.is_file())
    assert files == sorted(file.relative_to(other) for file in other.rglob("*") if file.is_file())
    assert [
        file for file in files if (one / file).read_bytes() != (other / file).read_bytes()
    ] == []
    page = (one / "book" / "page.html").read_text()
    assert page.count('class="picture"') == 2
    assert page.count('class="katex"') == 2


def test_an_interrupted_build_goes_on_cleanly(tmp_path):
    marker = tmp_path / "begun"
    command = prepare(tmp_path, *SOUND, code(WAIT.format(marker=str(marker)), "done\n"))
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
