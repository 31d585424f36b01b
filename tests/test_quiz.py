"""The HTML of a quiz and of a guess, and what is refused."""

from html import unescape

import pytest
from bs4 import BeautifulSoup

from nnutils.exercises import CHAPTERS, Question, find
from nnutils.quiz import guess, guess_html, quiz, quiz_html, typeset

PLAIN = Question("1 + 1?", {"2": "Count them.", "3": "One too many."}, answer="2")
TRICKY = Question(
    'Is <b>a</b> < b & "c"?',
    {"<b>yes</b>": 'Because "a" < b.', "it's & not": "<script>alert(1)</script>", "x": "x & y"},
    answer="it's & not",
)


def page(*questions):
    return BeautifulSoup(quiz_html("sums", questions), "html.parser")


def test_every_text_is_escaped():
    html = quiz_html("sums", [TRICKY])
    assert "<script" not in html
    assert "<b>" not in html
    soup = page(TRICKY)
    assert soup.legend.text == f"1. {typeset(TRICKY.text)}"
    assert [label.text for label in soup.find_all("label")] == list(map(typeset, TRICKY.choices))
    for why, text in zip(soup.select(".why"), TRICKY.choices.values(), strict=True):
        assert unescape(why.text).endswith(typeset(text))


def test_questions_have_the_signs_of_print():
    told = "1 - s, s - 1, at -2 and (-0.5, -.5); a 2-3-1 network, rain - days, 1e-3, --x, 2 -"
    said = typeset("He's \"so, so\" and 'no', x['a'], say(\"a\")")
    assert said == "He’s “so, so” and ‘no’, x['a'], say(\"a\")"
    shown = page(Question(told, {"-2": told, "3": "No."}, "-2"))
    minus = "1 − s, s − 1, at −2 and (−0.5, -.5); a 2-3-1 network, rain - days, 1e-3, --x, 2 -"
    assert shown.legend.text == f"1. {minus}"
    assert shown.label.text == "−2"
    assert shown.select_one(".why").text == minus


def test_each_choice_has_its_explanation_in_the_same_place():
    for fieldset, question in zip(page(PLAIN, TRICKY).find_all("fieldset"), (PLAIN, TRICKY)):
        labels, folds = fieldset.find_all("label"), fieldset.find_all("details")
        told = {typeset(choice): typeset(why) for choice, why in question.choices.items()}
        assert [label.text for label in labels] == list(told)
        assert len(folds) == len(labels) == len(fieldset.find_all("input"))
        for label, fold in zip(labels, folds):
            right = label.text == typeset(question.answer)
            assert fold["class"] == ["right" if right else "wrong"]
            verdict = "✓Right." if right else "✗Not quite."
            assert fold.select_one(".verdict").text == verdict
            assert fold.select_one(".why").text == told[label.text]


def test_the_style_has_a_rule_for_every_choice_that_a_question_may_have():
    most = {str(i): "Yes." for i in range(6)}
    style = page(Question("Which?", most, "0")).style.text
    for row in range(1, 7):
        assert f"input:nth-of-type({row}):checked ~ div details:nth-of-type({row})" in style


def test_texts_have_digests_that_change_with_them():
    first, second = page(PLAIN, TRICKY).find_all("fieldset")
    assert first["data-question"] != second["data-question"]
    values = [tag["value"] for tag in (*first.find_all("input"), *second.find_all("input"))]
    assert len(set(values)) == len(values) == 5
    assert page(PLAIN).input["value"] == first.input["value"]


def test_nothing_can_be_sent():
    """Enter on a choice would send a form, and load the page anew."""
    assert not page(PLAIN).find_all(["form", "button"])


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
        BeautifulSoup(quiz_html(chapter, [PLAIN]), "html.parser") for chapter in ("a", "b")
    )
    ids = [{tag["id"] for tag in soup.select("[id]")} for soup in (first, second)]
    assert not ids[0] & ids[1]


def test_no_choice_is_made_for_the_reader():
    assert not page(PLAIN, TRICKY).select("[checked]")


@pytest.fixture
def shown(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: shown.append(data))
    return shown


def test_quiz_displays_html_and_words(shown):
    quiz("circuits")
    questions = find("circuits").QUIZ
    assert shown[0]["text/html"] == quiz_html("circuits", questions)
    assert shown[0]["text/plain"].startswith(f"Quiz: {len(questions)} questions.")


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_guess_displays_html_and_words(shown, chapter):
    for key, question in find(chapter).GUESSES.items():
        guess(f"{chapter}.{key}")
        data = shown.pop()
        assert data["text/html"] == guess_html(f"{chapter}.{key}", question)
        lines = data["text/plain"].splitlines()
        assert lines[0] == f"Predict first. {question.text}"
        assert lines[1:-1] == [f"- {choice}" for choice in question.choices]


def test_a_guess_says_what_it_is_and_shares_no_id_with_a_quiz():
    soup = BeautifulSoup(guess_html("sums.first", PLAIN), "html.parser")
    assert soup.legend.text == "Predict first. 1 + 1?"
    assert soup.select_one("[data-guess]")["data-guess"] == "sums.first"
    ids = {tag["id"] for tag in soup.select("[id]")}
    assert len(ids) == 2
    assert not ids & {tag["id"] for tag in page(PLAIN).select("[id]")}


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("circuits.gold", "no guess 'circuits.gold'. Those of this chapter are 'circuits.direc"),
        ("circuits", "no guess 'circuits'. Those of this chapter"),
        ("alchemy.gold", "There is no chapter 'alchemy'. The chapters are python"),
        (None, "There is no chapter 'None'"),
    ],
)
def test_an_unknown_guess(name, message):
    with pytest.raises(ValueError, match=message):
        guess(name)


def test_an_unknown_chapter():
    with pytest.raises(ValueError, match="There is no chapter 'alchemy'. The chapters are python"):
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
