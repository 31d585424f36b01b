"""Every chapter has the parts that it must have; a planted fault in any of them is named."""

import copy
import re

import nbformat
import pytest
import yaml

from tests.anatomy import CHAPTERS, ROOT, faults


def read(chapter):
    return nbformat.read(ROOT / "book" / f"{chapter}.ipynb", as_version=4)


SETUP = read(CHAPTERS[0]).cells[1].source


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_chapter_has_all_its_parts(chapter):
    assert list(faults(chapter, read(chapter), CHAPTERS, SETUP)) == []


def test_setup_cell_knows_the_address_of_the_course():
    address = yaml.safe_load((ROOT / "_config.yml").read_text())["repository"]["url"]
    assert f'COURSE = "{address}"' in SETUP


def _without(text):
    def plant(notebook):
        for cell in notebook.cells:
            cell.source = cell.source.replace(text, "")

    return plant


def _code(source):
    def plant(notebook):
        notebook.cells.insert(4, nbformat.v4.new_code_cell(source))

    return plant


def _markdown(source):
    def plant(notebook):
        notebook.cells.insert(4, nbformat.v4.new_markdown_cell(source))

    return plant


def _comment_beside_a_stub(notebook):
    stub = next(cell for cell in notebook.cells if "exercise" in cell.metadata.get("tags", ()))
    stub.source = stub.source.replace("= ...", "= ...   # three numbers", 1)


def _picture(notebook):
    cell = next(c for c in notebook.cells if c.cell_type == "code" and c.outputs)
    cell.outputs.append(nbformat.v4.new_output("display_data", data={"image/png": "aGk="}))


def _guesses_in_view(notebook):
    for cell in notebook.cells:
        if 'guess("' in cell.source:
            del cell.metadata["tags"]


def _much_waits(notebook):
    place = next(i for i, cell in enumerate(notebook.cells) if 'guess("' in cell.source)
    notebook.cells.insert(place + 1, nbformat.v4.new_markdown_cell("a word " * 200))


@pytest.mark.parametrize(
    ("plant", "sentence"),
    [
        (_without("# 1 Real"), "does not open with '# 1 Title'"),
        (_without("*Numbers that flow"), "does not open with '# 1 Title'"),
        (lambda n: n.cells.insert(2, n.cells.pop(3)), "no folded cell that draws the central"),
        (_without("In this chapter you build"), "there is no promise"),
        (_without("*About "), "how long the chapter takes"),
        (_without("import numpy as np"), "not the setup cell"),
        (_without("## Quiz"), "last headings are"),
        (_without('guess("circuits.tries")'), "no guess right before it"),
        (_without('guess("circuits.tries")'), "the package has ['direction', 'tries']"),
        (_guesses_in_view, "no guess right before it"),
        (_much_waits, "words wait for the guess 'circuits.direction'"),
        (_without("@"), "no knob"),
        (_without("You built it;"), "no handover"),
        (_without('check("circuits.distance", distance)'), "but the package checks"),
        (_comment_beside_a_stub, "out of sight, put it above: 'follow = ...   # three numbers'"),
        (_without("<details><summary>Hint</summary>"), "has no hint"),
        (_without("<details><summary>Solution</summary>"), "has no solution"),
        (_code("\n".join("x = 1" for _ in range(16))), "16 lines"),
        (_code("np.random.normal()"), "without an explicit generator"),
        (_code("plt.plot([1, 2])\nplt.show()"), "no alternative text"),
        (_code("plt.plot([1, 2])\nplt.show()"), "no caption"),
        (_code("from nnutils.circuit import Value"), "it is built in backprop"),
        (_code("from nnutils import numerics"), "it is built in activations"),
        (_code("print(flow(1, 2, 3))"), "flow is used where it is seen, but not defined there"),
        (_code("print(forward)"), "forward is used where it is seen, but not defined there"),
        (_markdown("```{note}\nhello\n```"), "MyST directive"),
        (_markdown("see {doc}`gradients`"), "MyST directive or role"),
        (_markdown("In 98\n% of them"), "a comment, which the page does not show: '% of them'"),
        (_markdown("Which is it?\n\n1 The sum. 2 The mean."), "no line for each number"),
        (_picture, "stores ['image/png']"),
        (lambda n: n.cells[2].metadata.update(execution={}), "not normalised"),
    ],
)
def test_planted_fault_is_named(plant, sentence):
    notebook = copy.deepcopy(read("circuits"))
    plant(notebook)
    found = list(faults("circuits", notebook, CHAPTERS, SETUP))
    assert any(sentence in fault for fault in found), found


# The course is written in American English: one other spelling among a hundred is a slip.
SLIP = re.compile(
    r"\b(?:\w*(?:neighbour|favour|behaviour|colour)|grey|(?:label|cancel|model)led)\w*"
)


def test_words_are_spelled_in_one_way():
    cells = [cell for chapter in CHAPTERS for cell in read(chapter).cells]
    told = [cell.source for cell in cells if cell.cell_type == "markdown"]
    told += [str(cell.metadata.get("mystnb", "")) for cell in cells]
    files = [*ROOT.glob("book/*.md"), *ROOT.glob("nnutils/exercises/*.py")]
    told += [file.read_text() for file in files]
    assert [word for text in told for word in SLIP.findall(text)] == []


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_handed_over_functions_equal_the_chapters_own(chapter):
    """The cell that compares the chapter's definition with the package's found no difference."""
    printed = "".join(
        output.text
        for cell in read(chapter).cells
        for output in cell.get("outputs", ())
        if output.output_type == "stream"
    )
    assert re.search(r"100 of 100 circuits|largest difference: 0\b", printed), printed
