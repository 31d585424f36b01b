"""Every exercise and question of every chapter, as data and as they are printed in the book."""

import re
import sys

import numpy as np
import pytest

from nnutils import check as check_module
from nnutils.check import verdict
from nnutils.exercises import CHAPTERS, Question, find
from tests.printed import EXERCISES, alone, cells, definitions, exercise_cells, solution

every_exercise = pytest.mark.parametrize("name", EXERCISES)
every_chapter = pytest.mark.parametrize("chapter", CHAPTERS)


@every_exercise
def test_the_reference_passes_twice(name):
    exercise = EXERCISES[name]
    for _ in range(2):
        assert verdict(exercise, exercise.solution).startswith("Correct")


@pytest.mark.parametrize(
    ("name", "sentence"), [(n, sentence) for n, e in EXERCISES.items() for sentence in e.mistakes]
)
def test_every_mistake_gets_its_own_sentence(name, sentence):
    exercise = EXERCISES[name]
    for _ in range(2):
        said = verdict(exercise, exercise.mistakes[sentence])
        assert said.startswith("Not yet")
        assert said.endswith(f"\n{sentence}")


@every_exercise
def test_what_is_said_of_a_mistake_is_a_sentence(name):
    assert len(EXERCISES[name].mistakes) >= 2
    for sentence in EXERCISES[name].mistakes:
        assert sentence == " ".join(sentence.split())
        assert len(sentence.split()) >= 4
        assert sentence.endswith((".", "?"))


def raise_error(*arguments):
    raise ValueError("no")


def wrong_answers(exercise):
    """Return answers that no exercise should take."""
    constants = (
        [None, "text", "", np.nan, np.inf, 0, 1, -1, 7.25, True, 1j, 10**400, object(), {}]
        + [[], [[1], [1, 2]], np.zeros((3, 1, 2)), np.full(3, np.nan), [None, None], ...]
        + [iter([1, 2]), np.array(["a", "b"])]
    )
    if not callable(exercise.solution):
        return [*constants, (exercise.solution,), raise_error, len]
    functions = [lambda *a, c=constant: c for constant in constants]
    functions += [
        raise_error,
        lambda *a: sys.exit(),
        lambda *a: a,
        lambda *a: a[0],
        lambda *a: a[-1],
        lambda *a: (v for v in a),
        lambda: 0,
        lambda *a, needed: 0,
        type("Answer", (), {}),
    ]
    return [*functions, "text", 0, np.zeros(2), {}, ..., None]


@every_exercise
def test_wrong_answers_are_not_accepted_and_not_fatal(name):
    exercise = EXERCISES[name]
    for answer in wrong_answers(exercise):
        said = verdict(exercise, answer)
        assert said.startswith(("Not yet", "Not attempted yet. ", "Pass the ")), said
        assert said.count("\n") <= 3


@every_exercise
def test_the_right_answer_in_an_extra_dimension_is_not_accepted(name):
    solution = EXERCISES[name].solution
    nested = (lambda *a: [solution(*a)]) if callable(solution) else [solution]
    assert verdict(EXERCISES[name], nested).startswith(("Not yet", "Pass the class"))


@every_chapter
def test_how_many_exercises_and_questions(chapter):
    assert 4 <= len(find(chapter).EXERCISES) <= 6
    # digits asks about Parts I to IV, projects about the whole course
    most = {"digits": 10, "projects": 15}.get(chapter, 6)
    assert 4 <= len(find(chapter).QUIZ) <= most


@every_chapter
def test_the_notebook_has_every_exercise_in_this_order(chapter):
    listed = [f"{chapter}.{key}" for key in find(chapter).EXERCISES]
    assert list(exercise_cells(chapter)) == listed
    assert all(name == f"{chapter}.{a}" for name, (_, _, a) in exercise_cells(chapter).items())


@every_exercise
def test_the_stub_reads_as_not_attempted(name, capsys):
    _, stub, _ = exercise_cells(name.partition(".")[0])[name]
    exec(stub, {"check": check_module.check})
    assert (
        capsys.readouterr().out == "Not attempted yet. Replace the three dots by your answer "
        "and run the cell again.\n"
    )


@every_exercise
def test_the_printed_solution_passes(name):
    chapter = name.partition(".")[0]
    position, _, answer = exercise_cells(chapter)[name]
    names = definitions(chapter, position)
    exec(solution(name), names)
    assert verdict(EXERCISES[name], names[answer]).startswith("Correct")


@every_exercise
def test_the_printed_solution_passes_alone(name):
    """A reader may run the setup cell, and then one exercise and nothing else."""
    names = alone(name)
    exec(solution(name), names)
    assert verdict(EXERCISES[name], names[name.partition(".")[2]]).startswith("Correct")


QUESTIONS = {c: [*find(c).QUIZ, *find(c).GUESSES.values()] for c in CHAPTERS}
ALL = [question for questions in QUESTIONS.values() for question in questions]


@pytest.mark.parametrize(
    "question",
    [pytest.param(q, id=f"{c}-{n}") for c in CHAPTERS for n, q in enumerate(QUESTIONS[c])],
)
def test_a_question(question):
    assert question.answer in question.choices
    assert question.text.strip().endswith(("?", "."))
    choices = [" ".join(choice.split()).casefold() for choice in question.choices]
    assert len(set(choices)) == len(choices)
    whys = [" ".join(why.split()).casefold() for why in question.choices.values()]
    assert len(set(whys)) == len(whys)
    for text in (question.text, *question.choices, *question.choices.values()):
        marked = re.search(r"\$.*\$|`|\*\w.*\w\*", text)  # a question is shown as plain text
        assert not marked, f"{marked[0]} would be shown with its marks"
    for why in question.choices.values():
        assert len(why.split()) >= 4
        assert why.endswith((".", "?", "!"))


@every_chapter
def test_a_guess_has_two_to_four_choices(chapter):
    assert all(2 <= len(q.choices) <= 4 for q in find(chapter).GUESSES.values())


def longest(choices):
    return [c for c in choices if len(c) == max(map(len, choices))]


def shortest(choices):
    return [c for c in choices if len(c) == min(map(len, choices))]


def by_chance(questions):
    """Return how many questions a pure guess gets right, and twice its standard deviation."""
    chances = np.array([1 / len(q.choices) for q in questions])
    return np.sum(chances), 2 * np.sum(chances * (1 - chances)) ** 0.5


def by_rule(questions, rule):
    """Return how many questions are right if all that a rule picks are equally likely taken."""
    picks = [(q.answer, rule(list(q.choices))) for q in questions]
    return sum((answer in picked) / len(picked) for answer, picked in picks)


@pytest.mark.parametrize("rule", [longest, shortest])
def test_lengths_do_not_tell_the_answer(rule):
    mean, spread = by_chance(ALL)
    right = by_rule(ALL, rule)
    assert abs(right - mean) <= spread, f"{right:.1f} of {len(ALL)}, {mean:.1f} by chance"
    for chapter, questions in QUESTIONS.items():
        mean, spread = by_chance(questions)
        right = by_rule(questions, rule)
        assert right <= mean + spread, f"{chapter}: {right:.1f}, {mean:.1f} by chance"


@pytest.mark.parametrize("place", range(4))
def test_places_do_not_tell_the_answer(place):
    def rule(choices):
        return [choices[place]]

    asked = [q for q in ALL if len(q.choices) > place]
    mean, spread = by_chance(asked)
    assert abs(by_rule(asked, rule) - mean) <= spread
    for chapter, questions in QUESTIONS.items():
        asked = [q for q in questions if len(q.choices) > place]
        mean, spread = by_chance(asked)
        assert by_rule(asked, rule) <= mean + spread, f"{chapter}: place {place + 1}"


def test_a_rule_that_tells_is_noticed():
    given_away = [
        Question(f"{n}?", {"No.": "It is.", "Yes, of course.": "So."}, "Yes, of course.")
        for n in range(20)
    ]
    mean, spread = by_chance(given_away)
    assert by_rule(given_away, longest) == 20 > mean + spread
    assert by_rule(given_away, shortest) == 0 < mean - spread


@every_chapter
def test_the_notebook_shows_the_quiz(chapter):
    assert any(cell.source == f'quiz("{chapter}")' for cell in cells(chapter))
