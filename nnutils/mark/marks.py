"""What an answer is worth: judged here, from the results that it returned elsewhere."""

from typing import NamedTuple

from nnutils.check import NOT_ATTEMPTED, cases, diagnose, differs, gives_nothing
from nnutils.check.stops import said
from nnutils.exercises import CHAPTERS, find
from nnutils.mark import messages

RIGHT = "right"
MISTAKE = "mistake"
NOT_YET = "not yet"
MISSING = "not attempted"
STOPPED = "stopped"
ENDS = ("TimeOver", "MemoryError")  # errors that come from a limit


class Mark(NamedTuple):
    """A mark in one of five words, and the sentence that says why."""

    word: str
    why: str = ""


class Row(NamedTuple):
    """The marks of one student: {exercise: Mark}, and what is to be said of the notebooks."""

    student: str
    marks: dict
    note: str


def row(student, told):
    """Return the Row of a Student, from the messages on all answers.

    Of several answers to an exercise the last one counts that was attempted.
    """
    marks = {
        f"{chapter}.{key}": Mark(MISSING)
        for chapter in CHAPTERS
        if chapter in student.chapters
        for key in find(chapter).EXERCISES
    }
    for (_, _, name), message in told.items():
        found = mark(name, message)
        if found.word != MISSING:
            marks[name] = found
    return Row(student.name, marks, student.note)


def mark(name, message):
    """Return the Mark for an answer to an exercise, from the message on it."""
    chapter, _, key = name.partition(".")
    try:
        told = messages.read(message)
    except ValueError as error:
        return Mark(STOPPED, str(error))
    try:
        return judge(find(chapter).EXERCISES[key], told)
    except Exception as error:  # results that no answer returns, made up by one
        return Mark(STOPPED, f"Its results cannot be compared: {said(error)}")


def judge(exercise, told):
    """Return the Mark for what was told of an answer; its numbers are compared here."""
    if told.get("unfit") == NOT_ATTEMPTED:
        return Mark(MISSING)
    if "stopped" in told:
        return Mark(STOPPED, told["stopped"])
    if not told["outcomes"]:
        words = f"The cell stopped with {told['raised']}" if "raised" in told else ""
        return Mark(NOT_YET, told.get("unfit") or words or "The check was not reached.")
    outcomes = [outcome for outcome, _ in told["outcomes"]]
    wrong, why = _fault(exercise, told["outcomes"])
    if not wrong and len(outcomes) == len(cases(exercise)):
        return Mark(NOT_YET, told["banned"]) if "banned" in told else Mark(RIGHT)
    unwritten = wrong and gives_nothing(wrong)
    if not unwritten and (sentence := diagnose(exercise, outcomes)):
        return Mark(MISTAKE, sentence)
    ended = wrong and type(wrong.error).__name__ in ENDS
    return Mark(STOPPED if ended else NOT_YET, why or "Some cases are missing.")


def _fault(exercise, told):
    """Return the first Outcome that is not right, and why; (None, None) if all are."""
    for case, (outcome, fault) in zip(cases(exercise), told):
        if outcome.error or outcome.change:
            return outcome, fault or "It stopped."
        if found := differs(exercise, case, outcome):
            return outcome, fault or found[0]
    return None, None
