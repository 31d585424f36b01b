"""The page of corrections: every row leads to a section that holds its numbers."""

import re

import nbformat
import pytest

from tests.anatomy import CHAPTERS, ROOT

PAGE = (ROOT / "book" / "sources.md").read_text()
ROW = re.compile(r"^\| (\d+) \| (.+?) \| (.+?) \| (.+?) \|$", re.M)


def sections(chapter):
    """Return {anchor of a heading: text, code and output below it} of a chapter."""
    found, anchor = {}, ""
    for cell in nbformat.read(ROOT / "book" / f"{chapter}.ipynb", as_version=4).cells:
        parts = (
            re.split(r"^## (.+)$", cell.source, flags=re.M)
            if cell.cell_type == "markdown"
            else [cell.source]
        )
        for place, part in enumerate(parts):
            if place % 2:
                anchor = re.sub(r"[^\w -]", "", part).lower().replace(" ", "-")
            found[anchor] = found.get(anchor, "") + part + "\n"
        for output in cell.get("outputs", ()):
            found[anchor] += output.get("text") or str(output.get("data", {}))
    return found


BOOK = {chapter: sections(chapter) for chapter in CHAPTERS}


def faults(page, book=BOOK):
    rows = ROW.findall(page)
    if [int(number) for number, *_ in rows] != list(range(1, len(rows) + 1)):
        yield "The rows are not numbered 1, 2, 3, ..."
    for number, _, right, shown in rows:
        links = re.findall(r"\(([\w-]+)\.ipynb#([\w-]+)\)", shown)
        if not links and shown != "the arithmetic here":
            yield f"Row {number} has no link."
        for chapter, anchor in links:
            if anchor not in book.get(chapter, {}):
                yield f"Row {number} leads to {chapter}#{anchor}, which is not there."
        text = "".join(book.get(chapter, {}).get(anchor, "") for chapter, anchor in links)
        for value in re.findall(r"\d[\d,]*(?:\.\d+)?", right) if links else ():
            if value.rstrip(",") not in text and value.replace(",", "") not in text:
                yield f"Row {number} says {value}, but its sections do not."


def test_every_correction_is_shown_where_it_says():
    assert list(faults(PAGE)) == []


def test_all_errors_are_there():
    assert len(ROW.findall(PAGE)) == 45


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("To 0.0003.", "To 0.0007.", "Row 16 says 0.0007, but its sections do not."),
        ("#layers-and-one-row", "#layers", "which is not there"),
        ("| 16 |", "| 17 |", "not numbered"),
        ("[Three guesses](gradient-descent.ipynb#three-guesses)", "above", "has no link"),
    ],
)
def test_a_planted_fault_is_named(old, new, sentence):
    assert old in PAGE
    found = list(faults(PAGE.replace(old, new)))
    assert any(sentence in fault for fault in found), found
