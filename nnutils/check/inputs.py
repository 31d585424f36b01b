"""Whether an answer changed what it was given."""

from numbers import Number

import numpy as np

from nnutils.check.show import attribute, both, show

_KEPT = ("theta", "data", "weights", "bias", "mm")  # of what is passed; gradients may change
_SHOWN = (np.ndarray, list, dict, set)
_COPY = "Work on a copy, so that the caller's numbers stay as they were."


def changed(before, after):
    """Return (fact, hint) about the first argument that is not as it was, or None.

    A random generator may have moved on, and a network may have new gradients.
    """
    for old, new in zip(before, after):
        found = _change(old, new)
        if found and len(show(old)) <= 40 and isinstance(old, _SHOWN) and show(old) != show(new):
            return f"It changed its input {show(old)} into {show(new, 40)}.", _COPY
        if found:
            path, was, now = found
            was, now = both(was, now)
            return f"It changed its input: {path} was {was[:35]} and became {now[:35]}.", _COPY
    return None


def _change(old, new, path="it"):
    """Return (what, old, new) for the first thing inside that differs, or None."""
    if type(old) is not type(new):
        return path, old, new
    if isinstance(old, np.ndarray):
        if old.shape != new.shape or old.dtype != new.dtype:
            return f"{path}.shape", old.shape, new.shape
        differs = np.argwhere(~((old == new) | ((old != old) & (new != new))))
        for index in map(tuple, differs[:1].tolist()):
            return f"{path}[{', '.join(map(str, index))}]", old[index], new[index]
    elif isinstance(old, (list, tuple)):
        if len(old) != len(new):
            return f"its length, {path}", len(old), len(new)
        return _first((f"{path}[{i}]", a, b) for i, (a, b) in enumerate(zip(old, new)))
    elif isinstance(old, dict):
        if list(old) != list(new):
            return f"the keys of {path}", list(old), list(new)
        return _first((f"{path}[{key!r}]", value, new[key]) for key, value in old.items())
    elif isinstance(old, (Number, str, set)):
        return None if old == new or old != old else (path, old, new)
    else:
        kept = (name for name in _KEPT if attribute(old, name) is not None)
        return _first((f"its {name}", getattr(old, name), attribute(new, name)) for name in kept)
    return None


def _first(pairs):
    return next(filter(None, (_change(old, new, path) for path, old, new in pairs)), None)
