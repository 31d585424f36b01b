"""A time limit for code that a reader wrote, which no ``except:`` escapes."""

import signal
import sys
import threading
from time import perf_counter
from types import CodeType
from typing import NamedTuple

_AGAIN = 0.05  # seconds from one ring of the alarm to the next, once the time is over


class Line(NamedTuple):
    """A line that was running: the names of its module, its code, and its number."""

    names: dict
    code: CodeType
    number: int


def line(frame, number=None):
    """Return the Line of a frame."""
    return Line(frame.f_globals, frame.f_code, number or frame.f_lineno)


def ours(frame):
    """Whether this is a frame of the check itself, which has to end in peace."""
    return frame is None or frame.f_globals.get("__name__") in (__name__, f"{__package__}.trial")


class TimeOver(BaseException):
    """The time is over: ``clock`` tells where.

    An answer may catch this with a bare ``except:``. It then lets go of it sooner or later, and
    that arms the next line to raise it again, until the call has ended.
    """

    def __init__(self, clock):
        self.clock = clock

    def __del__(self):
        if self.clock.running:
            self.clock.arm(sys._getframe().f_back)


class Clock:
    """A context that raises ``TimeOver`` in its thread after so many seconds.

    A timer signal interrupts the main thread at no cost. Where there is none, in other threads and
    on Windows, the lines of the module with the names ``home`` are traced, which makes these, and
    no others, nine times slower. That is too slow for a browser; there the page stops its Python.
    """

    def __init__(self, seconds, home):
        self.seconds, self.home = seconds, home
        self.running, self.lines = False, []  # the lines that were running, the innermost first

    def __enter__(self):
        self.running, self.start = True, perf_counter()
        self.end = self.start + self.seconds
        self.tracer = sys.gettrace()
        # What tells of an exception in a destructor would be stopped itself, were it in Python.
        self.hook, sys.unraisablehook = sys.unraisablehook, sys.__unraisablehook__
        main = threading.current_thread() is threading.main_thread()
        self.alarm = main and hasattr(signal, "setitimer") and sys.platform != "emscripten"
        if self.alarm:
            self.handler = signal.signal(signal.SIGALRM, self._ring)
            self.timer = signal.setitimer(signal.ITIMER_REAL, self.seconds, _AGAIN)
        elif sys.platform != "emscripten":
            sys.settrace(self._watch)
        return self

    def __exit__(self, *error):
        self.running = False
        sys.unraisablehook = self.hook
        if self.alarm:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, self.handler or signal.SIG_DFL)
            left, again = self.timer
            if left:
                left = max(left - (perf_counter() - self.start), 1e-6)
                signal.setitimer(signal.ITIMER_REAL, left, again)
        if sys.gettrace() is not self.tracer:
            sys.settrace(self.tracer)

    def arm(self, frame):
        """Let the next line of this frame, and of those that wait for it, raise TimeOver."""
        while frame is not None and not ours(frame):
            frame.f_trace = self._again
            frame = frame.f_back
        sys.settrace(self._again)

    def _ring(self, number, frame):
        if self.running and not ours(frame):
            self._stop(frame)

    def _watch(self, frame, event, argument):
        """Look at the time at every call, and at every line of the answer's module."""
        if ours(frame):
            return None
        if perf_counter() > self.end:
            self._stop(frame)
        return self._each_line() if frame.f_globals is self.home else None

    def _each_line(self):
        end, stop, now = self.end, self._stop, perf_counter

        def look(frame, event, argument):  # as short as it can be: it runs once a line
            if now() > end:
                stop(frame)
            return look

        return look

    def _stop(self, frame):
        self.lines = self.lines or list(_lines(frame))
        self.arm(frame)
        raise TimeOver(self)

    def _again(self, frame, event, argument):
        if self.running and event != "exception" and not ours(frame):
            raise TimeOver(self)
        return self._again


def _lines(frame):
    while not ours(frame):
        yield line(frame)
        frame = frame.f_back
