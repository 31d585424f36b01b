"""What a process that ran an answer may say of it, as JSON, and how that is read with distrust."""

import json
import math

import numpy as np

from nnutils.check.results import Odd
from nnutils.check.show import shorten
from nnutils.check.stops import said
from nnutils.check.trial import Outcome
from nnutils.exercises import Named

LONGEST = 2**22  # characters of a message
WORDS = 500  # characters of a text in it
NUMBERS = 10_000  # in a result; the exercises ask for at most some hundreds
LATE = "After {:g} seconds it was still running."
GONE = "Its Python ended without an answer."


class Told(Exception):
    """An exception in another process; there is a subclass for each name."""


def write(**parts):
    """Return a message of one line."""
    return json.dumps(parts)


def outcome(one, fault):
    """Return what a message holds of an Outcome, and of what is to be said of it."""
    error = one.error and [type(one.error).__name__, _text(one.error)]
    return {
        "result": None if one.error else _pack(one.result),
        "error": error,
        "changed": bool(one.change),
        "fault": fault and clip(fault[0]),
    }


def read(message):
    """Return {part: value} of a message; ValueError if it is not what ``write`` makes."""
    try:
        parts = json.loads(message)
        return {
            "outcomes": [_outcome(one) for one in parts.get("outcomes", ())],
            **{
                name: clip(parts[name])
                for name in ("unfit", "banned", "raised", "stopped")
                if parts.get(name)
            },
        }
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError, RecursionError):
        raise ValueError("A process sent something else than results.") from None


def clip(text):
    """Return a text on one line that is not too long."""
    return shorten(" ".join(text.split()), WORDS)


def _text(error):
    return said(error, WORDS).removeprefix(type(error).__name__).removeprefix(": ")


def _outcome(one):
    """Return (Outcome, fault)."""
    found = Outcome(change=one["changed"] or None)
    if one["error"]:
        name, text = one["error"]
        found.error = type(clip(name), (Told,), {})(clip(text))
    else:
        found.result = _unpack(one["result"])
    return found, one["fault"] and clip(one["fault"])


def _pack(result):
    if isinstance(result, np.ndarray):
        if result.size > NUMBERS:
            return {"odd": f"an array of shape {result.shape}", "hint": ""}
        numbers = result.ravel()
        plain = numbers if numbers.dtype == bool else numbers.astype(float)
        return {"numbers": plain.tolist(), "shape": result.shape}
    if isinstance(result, Odd):
        return {"odd": clip(result.what), "hint": clip(result.hint)}
    if isinstance(result, Named):
        return {"named": {name: _pack(part) for name, part in result.items()}}
    return {"parts": [_pack(part) for part in result], "tuple": isinstance(result, tuple)}


def _unpack(result):
    if "numbers" in result:
        numbers, shape = result["numbers"], result["shape"]
        kinds = set(map(type, numbers))
        if not (kinds <= {bool} or kinds <= {int, float}) or math.prod(shape) != len(numbers):
            raise ValueError("These are no numbers.")
        return np.array(numbers, bool if bool in kinds else float).reshape(shape)
    if "odd" in result:
        return Odd(clip(result["odd"]), clip(result["hint"]))
    if "named" in result:
        return Named({clip(name): _unpack(part) for name, part in result["named"].items()})
    parts = [_unpack(part) for part in result["parts"]]
    return tuple(parts) if result["tuple"] else parts
