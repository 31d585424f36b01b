"""Runs what a reader wrote: for a limited time, with its output kept, and leaves all as it was."""

import dis
import io
import os
import random
import sys
import warnings
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass, field
from time import perf_counter

import numpy as np

from nnutils.check.clock import Clock, line, ours
from nnutils.check.replay import home

TIME_LIMIT = 10  # seconds, for all calls of one check together
MEMORY = 2**31  # bytes that an answer may take beyond those in use
OUTPUT = 3000  # characters that are kept of what an answer prints


@dataclass
class Outcome:
    """What one call did: its result, or the exception that it stopped with, and what it printed."""

    result: object = None
    error: BaseException | None = None
    lines: list = field(default_factory=list)  # where it stopped, the innermost first
    printed: str = ""
    change: tuple | None = None  # what it did to its arguments, in words


class Trials:
    """Calls of one answer, which share the time limit, and the output that is kept.

    All calls run under the same settings, whatever the reader's own are, and what they change is
    put back at the end: settings and random state of NumPy, ``random``, warnings, the recursion
    limit, the folder, the environment, the style and the figures of Matplotlib.
    """

    def __init__(self, answer):
        self.home, self.left, self.output = home(answer), TIME_LIMIT, _Output()

    def __enter__(self):
        with ExitStack() as stack:
            stack.callback(_restore, *_state())
            stack.enter_context(warnings.catch_warnings())
            warnings.simplefilter("ignore")
            stack.enter_context(np.errstate(all="ignore"))
            stack.enter_context(np.printoptions())
            stack.enter_context(_matplotlib())
            stack.enter_context(_memory())
            stack.enter_context(redirect_stdout(self.output))
            stack.enter_context(redirect_stderr(self.output))
            self.undo = stack.pop_all()
        return self

    def __exit__(self, *error):
        return self.undo.__exit__(*error)

    @property
    def printed(self):
        """What all calls together have printed, as whole lines."""
        text = self.output.getvalue()
        return text if not text or text.endswith("\n") else text + "\n"

    def call(self, function, *arguments):
        """Return the Outcome of a call; only Ctrl+C passes through."""
        start, before = perf_counter(), self.output.tell()
        clock, outcome = Clock(max(self.left, 1e-3), self.home), Outcome()
        try:
            with clock:
                outcome.result = function(*arguments)
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt) and not _raised_by_statement(error):
                raise
            outcome.error = error
            outcome.lines = clock.lines or _lines(error.__traceback__)
            # They would keep what the answer has allocated.
            error.__traceback__ = error.__context__ = error.__cause__ = None
        outcome.printed = self.output.getvalue()[before:]
        self.left -= perf_counter() - start
        return outcome


def _raised_by_statement(error):
    """Whether an exception comes from a ``raise``, not from the keyboard."""
    last = error.__traceback__
    while last.tb_next:
        last = last.tb_next
    code = last.tb_frame.f_code.co_code
    return dis.opname[code[last.tb_lasti]] == "RAISE_VARARGS"


def _lines(traceback):
    lines = []
    while traceback:
        if not ours(traceback.tb_frame):
            lines.append(line(traceback.tb_frame, traceback.tb_lineno))
        traceback = traceback.tb_next
    return lines[::-1]


class _Output(io.StringIO):
    """Keeps the first characters that are written to it, and drops the rest."""

    def write(self, text):
        room = OUTPUT - self.tell()
        if room > 0:
            super().write(text[:room])
            if len(text) > room:
                super().write("\n... (the rest of the output is cut)\n")
        return len(text)

    def close(self):
        """Stay open: what was printed is still to be read."""


def _state():
    """Return what is to be put back, other than what has a context of its own."""
    with suppress(OSError):
        return (os.getcwd(), *_python_state())
    return (None, *_python_state())


def _python_state():
    return dict(os.environ), random.getstate(), np.random.get_state(), sys.getrecursionlimit()


def _restore(folder, environment, python, numpy, depth):
    if folder:
        with suppress(OSError):  # it may be gone
            os.chdir(folder)
    if os.environ != environment:
        os.environ.clear()
        os.environ.update(environment)
    random.setstate(python)
    np.random.set_state(numpy)
    sys.setrecursionlimit(depth)


@contextmanager
def _matplotlib():
    """Close the figures that an answer opens, and keep the style, if Matplotlib is loaded."""
    matplotlib, pyplot = map(sys.modules.get, ("matplotlib", "matplotlib.pyplot"))
    style = dict.copy(matplotlib.rcParams) if matplotlib else None
    figures = pyplot.get_fignums() if pyplot else []
    current = pyplot.gcf().number if figures else None
    try:
        yield
    finally:
        if matplotlib and dict.copy(matplotlib.rcParams) != style:
            dict.update(matplotlib.rcParams, style)
        pyplot = sys.modules.get("matplotlib.pyplot")
        for number in pyplot.get_fignums() if pyplot else []:
            if number not in figures:
                pyplot.close(number)
        if current in (pyplot.get_fignums() if pyplot else []):
            pyplot.figure(current)


@contextmanager
def _memory():
    """Let Python run out of memory before the computer does, where that can be set (Linux)."""
    try:
        import resource

        with open("/proc/self/statm") as pages:
            used = int(pages.read().split()[0]) * resource.getpagesize()
        soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        most = [used + MEMORY, *(limit for limit in (soft, hard) if limit >= 0)]
        resource.setrlimit(resource.RLIMIT_AS, (min(most), hard))
    except (ImportError, OSError, ValueError):
        yield
        return
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
