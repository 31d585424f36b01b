"""The book as a PDF: two pages of the built book, printed as ``make pdf`` prints them all."""

import re
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.printed import cells, exercise_cells, solution
from tools.pdf import write

BOOK = Path(__file__).parents[1] / "_build" / "html"
TITLES = {"circuits": "1 Real-valued circuits", "teachers": "For teachers"}


@pytest.fixture(scope="module")
def pdf(tmp_path_factory):
    file = tmp_path_factory.mktemp("pdf") / "book.pdf"
    pages = write(BOOK, file, list(TITLES))
    reader = PdfReader(file)
    assert len(reader.pages) == pages
    return reader


@pytest.fixture(scope="module")
def words(pdf):
    return [re.sub(r"\s+", " ", page.extract_text()) for page in pdf.pages]


def tags(node, found):
    """Collect the tags of a PDF under a node, each with what it says instead of a picture."""
    children = node.get("/K", [])
    for child in children if isinstance(children, list) else [children]:
        child = child.get_object()
        if isinstance(child, dict):
            found.append((child.get("/S"), child.get("/Alt")))
            tags(child, found)
    return found


def test_it_is_tagged_and_pictures_and_formulas_have_words(pdf):
    root = pdf.root_object
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    found = tags(root["/StructTreeRoot"], [])
    instead = [words for kind, words in found if kind == "/Figure"]
    assert all(instead), "a picture or formula has no words"
    assert "f = (x + y) \\cdot z" in instead
    assert any(words.startswith("A circuit:") for words in instead)
    assert {"/H1", "/H2", "/P", "/L", "/Code", "/Link"} <= {kind for kind, _ in found}


def test_bookmarks_lead_to_chapters_and_their_sections(pdf, words):
    outline = pdf.outline
    titles = [mark.title for mark in outline if not isinstance(mark, list)]
    assert titles == ["Neural Networks, Wire by Wire", "Contents", *TITLES.values()]
    for mark in outline:
        if getattr(mark, "title", "") in TITLES.values():
            assert mark.title in words[pdf.get_destination_page_number(mark)]
    sections = outline[titles.index(TITLES["circuits"]) + 2]  # after those of the contents
    named = [section.title for section in sections if not isinstance(section, list)]
    assert named[-1] == "Hints and solutions"
    assert {"A gate is a function", "Exercises", "Quiz"} <= set(named)


def test_links_resolve_and_say_their_pages(pdf, words):
    places = pdf.named_destinations
    pages = {name[1:]: pdf.get_destination_page_number(place) + 1 for name, place in places.items()}
    links = [note.get_object() for page in pdf.pages for note in page.get("/Annots", [])]
    inside = [link["/Dest"][1:] for link in links if "/Dest" in link]
    assert set(TITLES) <= set(inside)
    assert not [name for name in inside if name not in pages]
    outside = [link["/A"]["/URI"] for link in links if "/A" in link]
    assert all(address.startswith("https://") for address in outside), outside
    for name, title in TITLES.items():
        assert re.search(rf"{title} ?{pages[name]}\b", words[1]), f"the contents: {words[1]}"
    said = re.findall(r"\(page (\d+)\)", " ".join(words))
    assert said == [str(pages["circuits"])], f"the pages in links: {said}"


def test_paper_shows_settings_and_hints_and_waits_for_nothing(words):
    text = " ".join(words)
    assert "Drawn for x 1, y 2, z −2." in text
    name, (place, *_) = next(iter(exercise_cells("circuits").items()))
    asked = re.search(r"\*\*(1\. .*?)\*\*", cells("circuits")[place - 1].source)[1]
    assert text.index(asked) < text.index("Hints and solutions")
    last = solution(name).strip().splitlines()[-1]
    assert "".join(last.split()) in "".join(text.split())
    for dead in ("Show the code", "Not attempted yet", "Download this chapter"):
        assert dead not in text
    assert not [n for n, page in enumerate(words, 1) if len(page) < 20], "an empty page"
