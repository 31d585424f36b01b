"""What may be behind a wrong answer that makes none of the mistakes that were foreseen."""

import dis
from numbers import Number
from types import CodeType

import numpy as np

from nnutils.check.replay import home, inner
from nnutils.check.results import equal
from nnutils.check.show import attribute

_NUMBERS = (Number, np.ndarray, list)


def likely(answer, outcomes):
    """Return a sentence about an answer that seems to leave its arguments alone, or nothing."""
    if name := next(_from_outside(answer), None):
        return f"{name} is none of its arguments: it comes from outside. Is an argument meant?"
    results = [outcome.result for outcome in outcomes]
    stopped = any(outcome.error for outcome in outcomes)
    if len(results) > 1 and not stopped and all(equal(r, results[0], 0) for r in results):
        return "It gives back the same in every case. Does it use its arguments?"
    return ""


def _from_outside(answer):
    """Yield the names of numbers that a function reads, and that stand outside of it.

    A name in capital letters is meant to be a constant.
    """
    names, waiting = home(answer), [attribute(inner(answer), "__code__")]
    while waiting:
        code = waiting.pop(0)
        for step in dis.get_instructions(code) if isinstance(code, CodeType) else ():
            name = step.argval if step.opname == "LOAD_GLOBAL" else ""
            if isinstance(names.get(name), _NUMBERS) and not name.isupper():
                yield name
            if isinstance(step.argval, CodeType):
                waiting.append(step.argval)
