"""Every word of the glossary has a chapter, every new word of a chapter is in the glossary."""

import re
from string import ascii_uppercase

import nbformat
import pytest

from tests.anatomy import CHAPTERS, ROOT

GLOSSARY, NOTATION = ((ROOT / "book" / name).read_text() for name in ("glossary.md", "notation.md"))


def text(chapter):
    """Return the text and the code of a chapter."""
    notebook = nbformat.read(ROOT / "book" / f"{chapter}.ipynb", as_version=4)
    return "\n\n".join(cell.source for cell in notebook.cells)


TEXTS = {chapter: text(chapter) for chapter in CHAPTERS}
TITLES = {chapter: re.match(r"# \d+ (.+)", TEXTS[chapter])[1] for chapter in CHAPTERS}
NEW_WORDS = re.compile(r"^New words: ((?:.+\n?)+)", re.M)


def anchor(heading):
    return re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-")


def entries(glossary):
    """Return pairs of a term and what is said about it."""
    return re.findall(r"^## (.+)\n+((?:(?!## ).*\n?)*)", glossary, re.M)


def chapters_named(words):
    return re.findall(r"\[([^\]]+)\]\(([\w-]+)\.ipynb\)", words)


def new_words(source):
    """Return the pairs (shown, anchor) of a chapter's line of new words; None if it has no line."""
    line = NEW_WORDS.search(source)
    return re.findall(r"\[([^\]]+)\]\(glossary\.md#([^)]+)\)", line[1]) if line else None


def contains(source, term):
    """Whether a text uses a term: in any case, with any ending, without its word in brackets."""
    plain = re.sub(r"\*+|^> ", "", NEW_WORDS.sub("", source), flags=re.M)
    term = re.sub(r" \(.*\)", "", term)
    return re.search(rf"\b{re.escape(term)}", " ".join(plain.split()), re.I) is not None


def glossary_faults(glossary, texts=TEXTS):
    terms = [term for term, _ in entries(glossary)]
    anchors = [anchor(term) for term in terms]
    for term, name in zip(terms, anchors):
        if anchors.count(name) > 1:
            yield f"{term} stands more than once."
    for before, after in zip(terms, terms[1:]):
        if before.casefold() > after.casefold():
            yield f"{after} stands after {before}."
    for name in re.findall(r"\]\(#([^)]+)\)", glossary):
        if name not in anchors:
            yield f"A link leads to #{name}, which is no term."
    first = {name[0].upper(): name for name in reversed(anchors)}
    letters = dict(re.findall(rf"\[([{ascii_uppercase}])\]\(#([^)]+)\)", glossary))
    if letters != first:
        yield f"The letters lead to {letters}; the first terms are {first}."
    for term, words in entries(glossary):
        yield from _entry(term, words, texts)


def _entry(term, words, texts):
    named = chapters_named(words)
    if len(named) != 1 or named[0][1] not in texts:
        yield f"{term} names {[name for _, name in named]}, not one chapter of the book."
        return
    title, chapter = named[0]
    if title != TITLES[chapter] or not re.search(r"\bFirst\s+in\s+\[[^\]]+\]\(\S+\)\.\s*$", words):
        yield f"{term} does not end with 'First in [{TITLES[chapter]}]({chapter}.ipynb).'"
    if not contains(texts[chapter].split("\n## Exercises\n")[0], term):
        yield f"{term} does not occur in {chapter} before its exercises."


def new_word_faults(glossary, texts=TEXTS):
    homes = {}
    for term, words in entries(glossary):
        homes[anchor(term)] = [chapter for _, chapter in chapters_named(words)]
    for chapter, source in texts.items():
        listed = new_words(source)
        if listed is None:
            yield f"{chapter} has no line 'New words: ...'."
            continue
        names = [name for _, name in listed]
        for shown, name in listed:
            if name not in homes:
                yield f"{chapter} lists {shown}, but the glossary has no #{name}."
            elif chapter not in homes[name]:
                yield f"{chapter} lists {shown}, which is first in {homes[name]}."
            elif names.count(name) > 1:
                yield f"{chapter} lists {shown} more than once."
        for name, home in homes.items():
            if chapter in home and name not in names:
                yield f"{chapter} does not list #{name}, which is first there."


def notation_faults(notation):
    rows = re.findall(r"^\|(?!-).*\|$(?!\n\|-)", notation, re.M)
    if not rows:
        yield "There is no table."
    for row in rows:
        named = chapters_named(row)
        if not named:
            yield f"This row names no chapter: {row}"
        for title, chapter in named:
            if TITLES.get(chapter) != title:
                yield f"{chapter} is not the chapter {title!r}: {row}"
    for name in re.findall(r"\]\(glossary\.md#([^)]+)\)", notation):
        if name not in [anchor(term) for term, _ in entries(GLOSSARY)]:
            yield f"A link leads to glossary.md#{name}, which is no term."


def test_glossary_is_sound():
    assert list(glossary_faults(GLOSSARY)) == []


def test_new_words_and_glossary_agree():
    assert list(new_word_faults(GLOSSARY)) == []


def test_notation_is_sound():
    assert list(notation_faults(NOTATION)) == []


WIRE = "## wire\n\nCarries a number. First in [Real-valued circuits](circuits.ipynb).\n"
GATE = "## gate\n\nEnds [wires](#wire). First in\n[Real-valued circuits](circuits.ipynb).\n"
TWO = f"[G](#gate) · [W](#wire)\n\n{GATE}\n{WIRE}"
LINE = {"circuits": "A gate, two\nwires.\n\n## Exercises\n\nA wireway.\n\n"
                    "New words: [gate](glossary.md#gate),\n"
                    "[wire](glossary.md#wire).\n"}  # fmt: skip
ROW = "| sign |\n|---|\n| $x$ | an input | [Real-valued circuits](circuits.ipynb) |\n"


def test_small_examples_without_fault_pass():
    assert [*glossary_faults(TWO, LINE), *new_word_faults(TWO, LINE), *notation_faults(ROW)] == []


@pytest.mark.parametrize(
    ("glossary", "sentence"),
    [
        (TWO + GATE, "gate stands more than once"),
        (f"{WIRE}\n{GATE}", "gate stands after wire"),
        (TWO.replace("(#wire).", "(#wires)."), "#wires, which is no term"),
        (TWO.replace("[W](#wire)", "[W](#gate)"), "The letters lead to"),
        (TWO.replace("circuits.ipynb", "circus.ipynb"), "gate names ['circus']"),
        (TWO.replace("First in [Real", "[Real"), "wire does not end with 'First in"),
        (TWO.replace("[Real-valued", "[Complex"), "gate does not end with 'First in [Real"),
        (TWO.replace("## wire", "## wireless"), "wireless does not occur in circuits"),
        (TWO.replace("## wire", "## glossary"), "glossary does not occur in circuits"),
        (TWO.replace("## wire", "## wireway"), "wireway does not occur in circuits before"),
    ],
)  # fmt: skip
def test_planted_fault_of_the_glossary_is_named(glossary, sentence):
    found = list(glossary_faults(glossary, LINE))
    assert any(sentence in fault for fault in found), found


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("New words: ", "New: ", "circuits has no line"),
        ("#wire", "#fork", "lists wire, but the glossary has no #fork"),
        ("[wire](glossary.md#wire)", "more", "does not list #wire"),
        ("[wire]", "[gate](glossary.md#gate), [wire]", "lists gate more than once"),
    ],
)
def test_planted_fault_of_new_words_is_named(old, new, sentence):
    found = list(new_word_faults(TWO, {"circuits": LINE["circuits"].replace(old, new)}))
    assert any(sentence in fault for fault in found), found


def test_a_word_that_another_chapter_lists_is_named():
    found = list(new_word_faults(TWO, LINE | {"gradients": LINE["circuits"]}))
    assert "gradients lists gate, which is first in ['circuits']." in found


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("[Real-valued circuits](circuits.ipynb)", "", "This row names no chapter"),
        ("circuits.ipynb", "gradients.ipynb", "gradients is not the chapter 'Real-valued"),
        ("an input", "[input](glossary.md#input)", "glossary.md#input, which is no term"),
        (ROW, "", "There is no table"),
    ],
)
def test_planted_fault_of_the_notation_is_named(old, new, sentence):
    found = list(notation_faults(ROW.replace(old, new)))
    assert any(sentence in fault for fault in found), found
