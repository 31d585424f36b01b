"""The HTML of a quiz, and what is refused."""

from html import unescape

import pytest
from bs4 import BeautifulSoup

from nnutils import quiz as quiz_module
from nnutils.exercises import Question, find
from nnutils.quiz import quiz, to_html

PLAIN = Question("1 + 1?", {"2": "Count them.", "3": "One too many."}, answer="2")
TRICKY = Question(
    'Is <b>a</b> < b & "c"?',
    {"<b>yes</b>": 'Because "a" < b.', "it's & not": "<script>alert(1)</script>", "x": "x & y"},
    answer="it's & not",
)


def page(*questions):
    return BeautifulSoup(to_html("sums", questions), "html.parser")


def test_every_text_is_escaped():
    html = to_html("sums", [TRICKY])
    assert "<script" not in html
    assert "<b>" not in html
    soup = page(TRICKY)
    assert soup.legend.text == f"1. {TRICKY.text}"
    assert [label.text for label in soup.find_all("label")] == list(TRICKY.choices)
    for why, text in zip(soup.select(".why"), TRICKY.choices.values(), strict=True):
        assert unescape(why.text).endswith(text)


def test_each_choice_has_its_explanation_in_the_same_place():
    for fieldset, question in zip(page(PLAIN, TRICKY).find_all("fieldset"), (PLAIN, TRICKY)):
        choices, whys = fieldset.select(".choice"), fieldset.select(".why")
        assert len(choices) == len(whys) == len(question.choices)
        for choice, why in zip(choices, whys):
            name = choice.label.text
            right = "Right." if name == question.answer else "Not quite."
            assert why.text == f"{right} {question.choices[name]}"


def test_the_style_shows_the_explanation_of_every_row():
    style = page(PLAIN, TRICKY).style.text
    for row in (1, 2, 3):
        rule = f".quiz .choice:has(:checked):nth-of-type({row}) ~ div .why:nth-of-type({row})"
        assert rule in style
    assert "nth-of-type(4)" not in style


def test_ids_are_unique_and_labels_point_to_them():
    soup = page(PLAIN, TRICKY, PLAIN)
    ids = [tag["id"] for tag in soup.select("[id]")]
    assert len(ids) == len(set(ids)) == 7
    assert [label["for"] for label in soup.find_all("label")] == ids


def test_one_name_a_question():
    soup = page(PLAIN, TRICKY, PLAIN)
    names = [{i["name"] for i in f.find_all("input")} for f in soup.find_all("fieldset")]
    assert all(len(name) == 1 for name in names)
    assert len(set.union(*names)) == 3


def test_two_chapters_share_no_id():
    first, second = (
        BeautifulSoup(to_html(chapter, [PLAIN]), "html.parser") for chapter in ("a", "b")
    )
    ids = [{tag["id"] for tag in soup.select("[id]")} for soup in (first, second)]
    assert not ids[0] & ids[1]


def test_no_choice_is_made_for_the_reader():
    assert not page(PLAIN, TRICKY).select("[checked]")


def test_quiz_displays_html_and_words(monkeypatch):
    shown = []
    monkeypatch.setattr(quiz_module, "display", lambda data, raw: shown.append(data))
    quiz("circuits")
    questions = find("circuits").QUIZ
    assert shown[0]["text/html"] == to_html("circuits", questions)
    assert shown[0]["text/plain"].startswith(f"Quiz: {len(questions)} questions.")


def test_an_unknown_chapter():
    with pytest.raises(ValueError, match="There is no chapter 'alchemy'. The chapters are circ"):
        quiz("alchemy")


@pytest.mark.parametrize(
    ("choices", "answer", "message"),
    [
        ({"2": "Yes."}, "2", "'1 . 1.' has 1 choices: a question needs 2 to 6"),
        ({str(i): "Yes." for i in range(7)}, "2", "has 7 choices: a question needs 2 to 6"),
        ({"2": "Yes.", "3": "No."}, "4", r"names '4' as its answer.*choices \['2', '3'\]"),
        ({"2": "Yes.", "3": ""}, "2", "does not explain the choice '3': write a sentence"),
        ({"2": "Yes.", "3": "  "}, "2", "does not explain the choice '3'"),
        ({"2": None, "3": "No."}, "2", "does not explain the choice '2'"),
    ],
)
def test_a_malformed_question(choices, answer, message):
    with pytest.raises(ValueError, match=message):
        Question("1 + 1?", choices, answer)
