"""Exercises that answer: correct, or the smallest case that shows what is wrong, and why.

An exercise is data: a reference solution, the cases to try it on, and the mistakes that people
make, each written as the function that makes it. An answer that does the same as a mistake on
every case is told so by name.
"""

import dis
from functools import cache
from types import FunctionType

from nnutils.check.clock import TimeOver
from nnutils.check.compare import difference, which_numbers
from nnutils.check.habits import likely
from nnutils.check.inputs import changed
from nnutils.check.replay import replay
from nnutils.check.results import NOTHING, Odd, equal, settle
from nnutils.check.show import listed, shorten, show
from nnutils.check.stops import miscalled, said, stopped
from nnutils.check.trial import Trials
from nnutils.check.without import forbidden
from nnutils.exercises import Named, find

NOT_ATTEMPTED = "Not attempted yet. Replace the three dots by your answer and run the cell again."
_RUN = "Not yet. Run this line to see it:"
_ENDLESS = "Not yet. This line does not come to its end:"
_PRINTS = "print shows a number; return hands it back."


def check(name, answer):
    """Say in a few lines whether an answer to an exercise is right.

    Parameters
    ----------
    name : str
        ``"<chapter>.<exercise>"``, such as ``"circuits.multiply"``.
    answer : callable or numbers
        What the reader wrote.

    Raises
    ------
    ValueError
        If there is no such exercise; the message lists those that exist.
    """
    chapter, _, key = str(name).partition(".")
    exercises = find(chapter).EXERCISES
    if key not in exercises:
        raise ValueError(
            f"There is no exercise {name!r}. Those of this chapter are "
            + ", ".join(f"'{chapter}.{k}'" for k in exercises)
            + "."
        )
    reply, printed = _judge(exercises[key], answer, key)
    print(printed + reply)


def verdict(exercise, answer, key=None):
    """Return what ``check`` says, without what the answer prints."""
    return _judge(exercise, answer, key)[0]


def _judge(exercise, answer, key=None):
    """Return what to say of an answer, and what it printed."""
    if reply := unfit(exercise, answer):
        return reply, ""
    outcomes, trials = tried(exercise, answer)
    printed = trials.printed
    for case, outcome in zip(cases(exercise), outcomes):
        fault = trouble(exercise, answer, case, outcome, trials.home)
        if complaint := fault or differs(exercise, case, outcome):
            if to_write := _to_write(exercise, answer, case, outcome):
                return to_write, printed
            fact, hint = complaint
            why = not gives_nothing(outcome) and diagnose(exercise, outcomes) or hint
            why = why or case is not None and likely(answer, outcomes)
            head = _head(exercise, answer, case, outcome, key)
            # What is printed instead of returned is part of the complaint.
            return _lines(head + fact, why), "" if _only_prints(outcome) else printed
    if exercise.without and (complaint := forbidden(answer, exercise.without)):
        return _lines("Not yet. The results are right, but one thing is not.", *complaint), printed
    n = len(exercise.cases)
    return (f"Correct in {n} case{'s'[: n - 1]}." if n else "Correct."), printed


def unfit(exercise, answer):
    """Return what to say of an answer that is not there yet, or of the wrong kind, or None."""
    if _is_stub(answer) or _is_stub_class(exercise, answer):
        return NOT_ATTEMPTED
    if exercise.methods and not issubclass(type(answer), type):
        what = "the function " if type(answer) is FunctionType else ""
        return f"Pass the class itself, with its methods. This is {what}{show(answer)}."
    if callable(exercise.solution) and not callable(answer):
        return f"Pass the function itself, without calling it. This is {show(answer)}."
    if not callable(exercise.solution) and callable(answer):
        return f"Pass the numbers, not a function: got {show(answer)}."
    return None


def tried(exercise, answer):
    """Return the Outcomes of an answer, case by case until its time is over, and its Trials."""
    outcomes = []
    with Trials(answer) as trials:
        for case in cases(exercise):
            outcomes.append(_run(trials, exercise, answer, case))
            if isinstance(outcomes[-1].error, TimeOver):
                break
    return outcomes, trials


def diagnose(exercise, outcomes):
    """Return the sentence of the mistake that does the same on every case, or None."""
    tries = cases(exercise)
    for sentence in exercise.mistakes if len(outcomes) == len(tries) else ():
        foreseen = (_foreseen(exercise, sentence, case) for case in tries)
        pairs = zip(outcomes, foreseen)
        if all(gives_nothing(a) or alike(a, b, exercise.tolerance) for a, b in pairs) and (
            any(outcome.error is None for outcome in outcomes)
            or said(outcomes[0].error) == said(_foreseen(exercise, sentence, tries[0]).error)
        ):
            return sentence
    return None


def alike(a, b, tolerance):
    """Whether two outcomes are the same: equal results, or the same kind of exception."""
    if a.error or b.error:
        return type(a.error).__name__ == type(b.error).__name__
    return bool(a.change) == bool(b.change) and equal(a.result, b.result, tolerance)


def _lines(*parts):
    return "\n".join(filter(None, parts))


def cases(exercise):
    """Return what an answer is tried on; None stands for an answer that is not called."""
    return exercise.cases or (None,)


def _run(trials, exercise, answer, case):
    """Return the Outcome of an answer on one case, with its result settled."""
    if case is None:
        return trials.call(settle, answer)
    arguments = exercise.arguments(case)
    outcome = trials.call(lambda: settle(exercise.call(answer, arguments)))
    outcome.change = changed(exercise.arguments(case), arguments)
    return outcome


@cache
def _foreseen(exercise, sentence, case):
    """Return the Outcome of a mistake, or of the solution for None, on one case."""
    answer = exercise.solution if sentence is None else exercise.mistakes[sentence]
    with Trials(answer) as trials:
        return _run(trials, exercise, answer, case)


def trouble(exercise, answer, case, outcome, home):
    """Return (fact, hint) if a call stopped, changed its input or printed its result, else None."""
    if isinstance(outcome.error, TypeError) and (wrong := miscalled(exercise, answer, case)):
        return wrong
    if outcome.error:
        return stopped(outcome, home, exercise.names)
    if outcome.change:
        return outcome.change
    if _only_prints(outcome):
        printed = shorten(" ".join(outcome.printed.split()), 60)
        return f"It printed {printed} and gave back None.", _PRINTS
    return None


def differs(exercise, case, outcome):
    """Return (fact, hint) if a result is not the expected one, else None."""
    expected = _foreseen(exercise, None, case).result
    if equal(outcome.result, expected, exercise.tolerance):
        return None
    return (which_numbers if case is None else difference)(
        outcome.result, expected, exercise.tolerance
    )


def gives_nothing(outcome):
    """Whether a circuit came to nothing, because one of its gates is not written yet."""
    return isinstance(outcome.result, Named) and any(
        type(part) is Odd and part == NOTHING for part in outcome.result.values()
    )


def _unwritten(exercise, answer):
    """Return the methods that the reader has not written yet, if the answer is a class."""
    methods = exercise.methods if issubclass(type(answer), type) else ()
    return [name for name in methods if _is_stub(getattr(answer, name, None))]


def _is_stub_class(exercise, answer):
    missing = _unwritten(exercise, answer)
    return bool(missing) and missing == list(exercise.methods) and not _others(exercise, answer)


def _others(exercise, answer):
    """Return the methods that a reader has written and nobody asked for: names misspelled, say."""
    own = vars(answer).items() if issubclass(type(answer), type) else ()
    return [
        name
        for name, part in own
        if type(part) is FunctionType and not hasattr(exercise.solution, name)
        if not _is_stub(part)
    ]


def _to_write(exercise, answer, case, outcome):
    """Return what to say if a case fails only because a method is not written yet, else None."""
    missing = _unwritten(exercise, answer)
    if not missing:
        return None
    if missing[0] == exercise.methods[0]:
        others = _others(exercise, answer)
        if others and not hasattr(answer, missing[0]):
            return f"Not yet. Your class has no method {missing[0]}; it has {listed(others)}."
        return f"Not yet. Begin with {missing[0]}: nothing can be tried without it."
    stubs = dict.fromkeys(missing, lambda *arguments: None)
    without = type("Without", (exercise.solution,), stubs)
    with Trials(without) as trials:
        expected = _run(trials, exercise, without, case)
    if gives_nothing(outcome) and gives_nothing(expected):
        return f"Not yet, but all is right so far. Still to write: {listed(missing)}."
    return None


def _only_prints(outcome):
    return outcome.printed.strip() and outcome.result is NOTHING


def _head(exercise, answer, case, outcome, key):
    """Return the beginning of a reply, with the line that shows the case again."""
    if case is None:
        return "Not yet. "
    head = _ENDLESS if isinstance(outcome.error, TimeOver) else _RUN
    return f"{head}\n{replay(exercise, answer, case, key)}\n"


def _is_stub(answer):
    """Whether an answer is dots, or a function of nothing but dots, ``pass`` or a docstring."""
    if answer is None or answer is ...:
        return True
    if type(answer) in (tuple, list):
        return len(answer) > 0 and all(part is ... for part in answer)
    return type(answer) is FunctionType and all(
        step.opname in ("RESUME", "NOP", "RETURN_VALUE")
        or (step.opname in ("LOAD_CONST", "RETURN_CONST") and step.argval is None)
        for step in dis.get_instructions(answer)
    )
