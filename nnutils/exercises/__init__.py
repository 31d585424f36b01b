"""What an exercise and a question are, and where those of a chapter are found.

Each chapter has a module here with ``EXERCISES``, ``QUIZ``, and ``GUESSES``, the questions before
its knobs, as data. ``nnutils.check`` and ``nnutils.quiz`` read them; nothing here needs a notebook
or a screen.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from numbers import Number

import numpy as np

CHAPTERS = (
    "python",
    "circuits",
    "gradients",
    "backprop",
    "neurons",
    "activations",
    "losses",
    "gradient-descent",
    "sgd",
    "learning-rate",
    "momentum",
    "initialization",
    "classifier",
    "digits",
    "debugging",
    "regularization",
    "rare",
    "search",
    "convolution",
    "recurrence",
    "embeddings",
    "maps",
    "autoencoder",
    "attention",
    "story",
    "projects",
)


class Named(dict):
    """What ``Exercise.run`` gives back: results, each under the words that a reply uses for it."""


@dataclass(frozen=True, eq=False)  # an exercise equals itself alone, so that it can be a key
class Exercise:
    """One exercise: what a right answer returns, and what the usual wrong ones return.

    Parameters
    ----------
    solution : callable, or numbers
        The reference. Numbers (one, or a nested tuple or list) when the exercise asks for values.
    cases : tuple of str or tuple
        Arguments to call the answer with, the smallest and most telling first. A case is Python
        source, such as ``"multiply, -2, 3, np.random.default_rng(0)"``, so that a reader can run
        it again as it stands; its names are those of the solution's module. Plain values may be
        given as a tuple, and are written as source. Empty when the solution is no function.
    mistakes : dict of str to callable or numbers
        For each sentence that explains a mistake, the answer that makes it.
    tolerance : float
        Largest difference that counts as equal, relative to 1 or to the expected number,
        whichever is larger.
    without : tuple of str
        Names that an answer must not use, such as ``("tanh", "numerical_gradient")``: neither as a
        name, nor as an attribute, nor in a function of its own that it calls.
    run : callable, optional
        A public function of the chapter's module that is called in place of the answer, with the
        answer before the arguments of the case. It may return ``Named`` results.
    methods : tuple of str
        If the answer is a class: the methods that the reader writes, in their order.

    Raises
    ------
    ValueError
        If there are fewer than two mistakes, a function without cases, cases without a function,
        or something other than names in ``without``.
    TypeError
        If a value of a case has no short source: write that case as source.
    """

    solution: Callable | Number | tuple | list
    cases: tuple = ()
    mistakes: dict = field(default_factory=dict)
    tolerance: float = 1e-9
    without: tuple = ()
    run: Callable | None = None
    methods: tuple = ()

    def __post_init__(self):
        if callable(self.solution) != bool(self.cases):
            raise ValueError(
                "A solution that is a function needs cases to call it with, and numbers need none: "
                f"got {self.solution!r} with {len(self.cases)} cases."
            )
        if len(self.mistakes) < 2:
            raise ValueError(f"Got {len(self.mistakes)} mistakes: foresee at least two.")
        if isinstance(self.without, str) or not all(map(str.isidentifier, self.without)):
            raise ValueError(
                f"without={self.without!r} has to be a tuple of plain names: 'tanh', not 'np.tanh'."
            )
        written = (c if isinstance(c, str) else ", ".join(map(source, c)) for c in self.cases)
        object.__setattr__(self, "cases", tuple(written))

    @property
    def names(self):
        """What the names in a case stand for: those of the module with the solution."""
        return {"np": np, "math": math, **getattr(self.run or self.solution, "__globals__", {})}

    def arguments(self, case):
        """Return the arguments of a case, made afresh."""
        return eval(_compiled(case), self.names)

    def call(self, answer, arguments):
        """Return what an answer gives back for these arguments."""
        return self.run(answer, *arguments) if self.run else answer(*arguments)


@dataclass(frozen=True)
class Question:
    """One question of a quiz, or before a knob.

    Parameters
    ----------
    text : str
        The question, in plain text.
    choices : dict of str to str
        What can be chosen, each with the sentence that explains why it is right or wrong.
    answer : str
        The choice that is right.

    Raises
    ------
    ValueError
        If there are not 2 to 6 choices, one has no explanation, or ``answer`` is not among them.
    """

    text: str
    choices: dict
    answer: str

    def __post_init__(self):
        if not 2 <= len(self.choices) <= 6:
            raise ValueError(
                f"{self.text!r} has {len(self.choices)} choices: a question needs 2 to 6."
            )
        if self.answer not in self.choices:
            raise ValueError(
                f"{self.text!r} names {self.answer!r} as its answer, "
                f"which is not one of its choices {list(self.choices)}."
            )
        for choice, why in self.choices.items():
            if not (isinstance(why, str) and why.strip()):
                raise ValueError(
                    f"{self.text!r} does not explain the choice {choice!r}: "
                    "write a sentence that says why it is right or wrong."
                )


def find(chapter):
    """Return the module with a chapter's exercises and questions; ValueError if there is none."""
    if chapter not in CHAPTERS:
        raise ValueError(
            f"There is no chapter {chapter!r}. The chapters are {', '.join(CHAPTERS)}."
        )
    return import_module(f"{__name__}.{chapter.replace('-', '_')}")


@cache
def _compiled(case):
    return compile(f"({case},)" if case else "()", "<case>", "eval")


def source(value):
    """Return Python source that makes a number, list, array, function or fresh generator."""
    if isinstance(value, np.random.Generator):
        seed = value.bit_generator.seed_seq.entropy
        if value.bit_generator.state == np.random.default_rng(seed).bit_generator.state:
            return f"np.random.default_rng({seed})"
    elif isinstance(value, np.ufunc):
        return f"np.{value.__name__}"
    elif isinstance(value, np.ndarray):
        kind = "" if value.dtype in (float, int, bool) else f", dtype=np.{value.dtype}"
        return f"np.array({source(value.tolist())}{kind})"
    elif isinstance(value, np.generic):
        return source(value.item())
    elif isinstance(value, (list, tuple)):
        items = ", ".join(map(source, value))
        if isinstance(value, list):
            return f"[{items}]"
        return f"({items},)" if len(value) == 1 else f"({items})"
    elif isinstance(value, float) and not np.isfinite(value):
        return f"-np.{-value}" if value < 0 else f"np.{value}"
    elif value is None or isinstance(value, (bool, int, float, str)):
        return repr(value)
    elif callable(value) and getattr(value, "__name__", "<lambda>").isidentifier():
        return f"math.{value.__name__}" if value.__module__ == "math" else value.__name__
    raise TypeError(f"{value!r} has no short source: write the case as source yourself.")
