"""A rehearsal for Colab: its versions, a folder without the course, nnutils fetched by the chapter.

nbval executes the chapters that ``tools/colab.py`` laid out, and compares what they print. Here is
what it does not look at: the pictures, and the setup cell where it cannot fetch, or need not.
"""

import base64
import io
import json
import re
import shutil
from html import escape
from math import isclose
from pathlib import Path

import numpy as np
import pytest
from matplotlib import pyplot as plt
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell, new_notebook

from tests.anatomy import CHAPTERS, ROOT
from tests.test_pages import BOOK, at, beside, difference, payloads
from tools import colab
from tools.notebooks import normalise

# Says where nnutils comes from.
WHERE = """
import importlib.util

spec = importlib.util.find_spec("nnutils")
print(spec and spec.origin)
"""

# Where something is drawn, and the names and pixels, which depend on that.
PLACES = re.compile(r' (?:d|x|y|width|height|transform)="([^"]*)"')
NAMES = re.compile(r'\bid="[^"]*"|href="[^"]*"|url\([^)]*\)')

# Colab's matplotlib reserves other room for a line of words, so the axes end up to 4 points from
# where they are on the page, of 432 points across. What is far outside the axes moves in
# proportion.
NEAR = {"abs_tol": 5, "rel_tol": 0.02}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Return the address of a repository that holds the package as it is here."""
    return colab.copy_course(tmp_path_factory.mktemp("course") / "course")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Return a function that executes a notebook in Colab's versions, in an empty folder."""
    home = tmp_path_factory.mktemp("colab")
    colab.make_kernel(home)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_PATH", str(home))
        yield lambda notebook, folder=None: colab.run(
            notebook, folder or tmp_path_factory.mktemp("content")
        )


@pytest.fixture(scope="module")
def fetched(run, course):
    """Let a setup cell fetch nnutils; return where it was before and after, as it was printed."""
    setup = colab.read(CHAPTERS[0], course).cells[1]
    notebook = run(new_notebook(cells=[new_code_cell(WHERE), setup, new_code_cell(WHERE)]))
    return [words(cell)[-1] for cell in normalise(notebook).cells[::2]]


def words(cell):
    """Return what a cell of a normalised notebook printed and showed."""
    return [o.text if "text" in o else o.data["text/plain"] for o in cell.get("outputs", ())]


# A picture with knobs up to its moving layer.
STILL = r'<div class="knobs"[^>]*>\n(.*?)<g class="moving">'


def pictures(chapter):
    """Yield for each picture with knobs on a page what is shown at the start and at the ends.

    One such thing is (position, still layer, moving layer and sentence).
    """
    html = (BOOK / "book" / f"{chapter}.html").read_text()
    found = re.findall(STILL, html, re.DOTALL)
    for below, (dials, drawn) in zip(found, payloads(f"book/{chapter}.html"), strict=True):
        shown = []
        for position in [tuple(dial["start"] for dial in dials), *ends(dials)]:
            layer, sentence = at(drawn, dials, position)
            moving = (
                f"{layer or '<g></g>'}</g></svg>\n"
                f'<p class="sentence" role="status">{escape(sentence)}</p>'
            )
            shown.append((position, below, moving))
        yield shown


def ends(dials):
    """Return the positions with one knob at its low or high end and the others at the start."""
    return [
        beside(dials, number, place)
        for number, dial in enumerate(dials)
        for place in (0, len(dial["texts"]) - 1)
    ]


def labels(still):
    """Return the alternative text of a picture, and the words on its still layer."""
    name = re.search(r'aria-label="([^"]*)"', still)[1]
    still = re.sub(r'<tspan class="raised">(.*?)</tspan>', r"\1", still)  # larger on the page
    return [name, *re.findall(r">([^<]*[A-Za-z][^<]*)</t", still)]


def numbers(layer):
    """Return the numbers that say where something is drawn."""
    places = " ".join(PLACES.findall(layer))
    return [float(number) for number in re.findall(r"-?[\d.]+(?:e[+-]?\d+)?", places)]


def samples(layer):
    """Return the colours of each image at 24 x 24 places, however many pixels it has."""
    files = re.findall(r"base64,\s*([^\"]*)", layer)
    images = [plt.imread(io.BytesIO(base64.b64decode(file))) for file in files]
    places = (np.arange(24) + 0.5) / 24
    return [
        image[np.ix_(*((places * size).astype(int) for size in image.shape[:2]))]
        for image in images
    ]


def deviation(came, still, moving):
    """Say how the picture in Colab differs from the layers on the page; None if it does not."""
    below, _, above = came.partition('<g class="moving">')
    if labels(below) != labels(still):
        return f"the words {labels(below)} came, expected {labels(still)}"
    bare = [NAMES.sub("", PLACES.sub("", layer)) for layer in (above, moving)]
    if differ := difference(*bare):
        return differ
    for one, other in zip(numbers(above), numbers(moving), strict=True):
        if not isclose(one, other, **NEAR):
            return f"something is drawn at {one:g}, expected near {other:g}"
    for one, other in zip(samples(above), samples(moving), strict=True):
        if (off := np.abs(one - other).mean()) > 0.01:
            return f"the colours of an image are off by {off:.3f}, expected at most 0.01"


def test_the_setup_cell_fetches_nnutils(fetched):
    before, after = (line.strip() for line in fetched)
    assert before == "None", f"nnutils is in {before} before a chapter has fetched it"
    assert after.endswith("nnutils/__init__.py"), f"the setup cell fetched nnutils to {after}"
    assert not after.startswith(str(ROOT)), f"{after} is in the checkout"


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("https://nowhere.invalid", "Open this notebook in the course's folder book"),
        ("file:///nowhere", "file:///nowhere did not come. Is the network there?"),
    ],
)
def test_a_setup_cell_that_cannot_fetch_says_what_to_do(run, address, sentence):
    setup = colab.read(CHAPTERS[0], address).cells[1]
    setup.source = setup.source.replace('"nnutils"', '"nnutils_not_there"')
    with pytest.raises(CellExecutionError, match=sentence):
        run(new_notebook(cells=[setup]))


@pytest.mark.parametrize("opened", ["book", "."])
def test_in_the_courses_own_folder_nothing_has_to_be_fetched(run, tmp_path, opened):
    (tmp_path / "book").mkdir()
    shutil.copytree(ROOT / "nnutils", tmp_path / "nnutils")
    setup = colab.read(CHAPTERS[0], "https://nowhere.invalid").cells[1]
    # what other tests have fetched
    hide = "import sys\nsys.path[:] = [path for path in sys.path if 'installed' not in path]"
    cells = [new_code_cell(hide), setup, new_code_cell(WHERE)]
    notebook = run(new_notebook(cells=cells), tmp_path / opened)
    (where,) = words(normalise(notebook).cells[2])
    assert Path(tmp_path, opened, where.strip()).resolve() == tmp_path / "nnutils" / "__init__.py"


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_pictures_of_a_chapter_are_in_colab_those_of_the_page(chapter):
    turned = colab.HOME / chapter / "turned.json"
    assert turned.exists(), f"{chapter} was not executed in Colab's versions: `make test` does it"
    live = json.loads(turned.read_text())
    expected = list(pictures(chapter))
    assert len(live) == len(expected), (
        f"{chapter} has {len(live)} pictures with knobs in Colab, {len(expected)} on the page"
    )
    for number, (drawn, shown) in enumerate(zip(live, expected, strict=True), 1):
        for picture, (position, *layers) in zip(drawn, shown, strict=True):
            differ = deviation(picture, *layers)
            assert not differ, f"{chapter}, picture {number} with its knobs at {position}: {differ}"


@pytest.mark.parametrize(
    ("plant", "sentence"),
    [
        (lambda svg: svg, None),
        (lambda svg: re.sub(r'(<use .* x=")(\d+)', r"\g<1>1\2", svg), "is drawn at"),
        (lambda svg: svg.replace("currentColor", "#ff0000"), "#ff0000"),
        (lambda svg: svg.replace("</p>", " Or not.</p>"), "Or not."),
        (lambda svg: svg.replace('aria-label="', 'aria-label="Not '), "the words ['Not"),
        (lambda svg: svg.replace("</text>", "h</text>", 1), "h'"),
    ],
    ids=["nothing", "place", "colour", "sentence", "name", "label"],
)
def test_a_planted_fault_in_a_picture_is_named(plant, sentence):
    (_, still, moving), *_ = list(pictures("circuits"))[1]
    found = deviation(plant(f'{still}<g class="moving">{moving}'), still, moving)
    assert (sentence in found) if sentence else found is None, found


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_knob_that_draws_nothing_new_is_named(chapter):
    for (_, still, stuck), *turned in pictures(chapter):
        drawn, _, _ = stuck.partition("\n<p")
        for position, _, moving in turned:
            _, _, sentence = moving.partition("\n<p")
            came = f'{still}<g class="moving">{drawn}\n<p{sentence}'
            assert came.endswith(moving) or deviation(came, still, moving), (
                f"{chapter}: the picture at the start passes for that at {position}"
            )
