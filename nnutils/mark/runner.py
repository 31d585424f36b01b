"""Has the answers of a class run: on the cores of this machine, or on a Dask cluster."""

import json
import os
import secrets
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Timer

from nnutils.mark import messages

START = 120  # seconds that a process may take to import what answers need
LATER = 10  # seconds after which a process that does not end by itself is ended
BATCH = 10  # students that are one task of a cluster
SERVE = "import sys; sys.path[:] = sys.argv[1:]; from nnutils.mark.server import serve; serve()"
KEPT = (  # where Python finds its libraries, and Matplotlib the fonts that it has listed
    *("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT"),
    *("HOME", "USERPROFILE", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "MPLCONFIGDIR"),
)
SET = {
    "MPLBACKEND": "agg",
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "OPENBLAS_NUM_THREADS": "1",  # each core has a student of its own
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}


@dataclass(frozen=True)
class Limits:
    """What an answer may take, and whether its process is a copy of a warm one."""

    seconds: float = 10
    megabytes: int = 1024
    copy: bool = hasattr(os, "fork")


class Runner:
    """A process that runs answers one after the other; a new one if an answer has ended it."""

    def __init__(self, limits):
        self.limits, self.process, self.closed = limits, None, False

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.closed = True
        self._end()

    def student(self, student):
        """Return {(number of the notebook, of the cell, exercise): message} for a Student."""
        return {
            (n, cell, name): self.answer(notebook, cell, name)
            for n, notebook in enumerate(student.notebooks)
            for cell, name in notebook.answers
        }

    def answer(self, notebook, cell, name):
        """Return the message on one answer.

        Raises
        ------
        RuntimeError
            If no process can be started.
        """
        if self.closed:
            return messages.write(stopped=messages.GONE)
        if not self.process:
            self._start()
        token = secrets.token_hex(16)  # no answer can reply for the one after it
        job = {
            **{"token": token, "name": name, "cell": cell, "cells": notebook.cells},
            "answers": sorted({number for number, _ in notebook.answers}),
            **vars(self.limits),
        }
        reply, late = self._ask(json.dumps(job) + "\n", token, self.limits.seconds + LATER)
        try:
            found = json.loads(reply)
            whole = found["token"] == token
        except (KeyError, TypeError, ValueError, RecursionError):
            whole = False
        if not whole or not self.limits.copy:
            self._end()
        if whole:
            return found["message"]
        words = messages.LATE.format(self.limits.seconds) if late else messages.GONE
        return messages.write(stopped=words)

    def _start(self):
        path = [os.path.abspath(place) for place in sys.path]
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-c", SERVE, *path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=tempfile.gettempdir(),
            env={name: os.environ[name] for name in KEPT if name in os.environ} | SET,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,  # Ctrl+C is for us
        )
        ready, _ = self._ask("", "ready", START)
        if not ready and not self.closed:
            why = self.process.stderr.read(2000).strip() or "it says nothing"
            self._end()
            raise RuntimeError(f"The process that runs answers does not start: {why}")

    def _ask(self, line, word, seconds):
        """Send a line; return the one with a word that comes back, and whether it is too late."""
        timer = Timer(seconds, self.process.kill)
        timer.start()
        try:
            self.process.stdin.write(line)
            self.process.stdin.flush()
            reply = self.process.stdout.readline(2 * messages.LONGEST)
            while reply and word not in reply:  # an answer could have slipped in another one
                reply = self.process.stdout.readline(2 * messages.LONGEST)
        except (OSError, ValueError):  # it is gone
            reply = ""
        late = not timer.is_alive()
        timer.cancel()
        return reply, late

    def _end(self):
        process, self.process = self.process, None
        if process:
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout, process.stderr):
                try:
                    stream.close()
                except OSError:  # what was written did not arrive
                    continue


def on_cores(students, limits, jobs):
    """Give, for each Student in turn, the messages on all answers."""
    runners, free = [Runner(limits) for _ in range(jobs)], SimpleQueue()
    for runner in runners:
        free.put(runner)

    def work(student):
        runner = free.get()
        try:
            return runner.student(student)
        finally:
            free.put(runner)

    pool = ThreadPoolExecutor(jobs)
    try:
        yield from pool.map(work, students)
    finally:  # at Ctrl+C, too
        pool.shutdown(wait=False, cancel_futures=True)
        for runner in runners:
            runner.__exit__()
        pool.shutdown()


def on_cluster(students, limits, address):
    """Give the same as ``on_cores``, by the workers of a Dask cluster.

    Raises
    ------
    ValueError
        If Dask is not installed, or no scheduler answers.
    """
    try:
        from distributed import Client, KilledWorker
    except ImportError:
        raise ValueError(
            "--scheduler needs Dask, which is not installed: pip install distributed. "
            "Without --scheduler all cores of this machine are used."
        ) from None
    try:
        client = Client(address, timeout=10, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ValueError(
            f"No Dask scheduler answers at {address!r} ({error}). "
            "An address such as tcp://127.0.0.1:8786 was expected."
        ) from None
    with client:
        batches = [students[i : i + BATCH] for i in range(0, len(students), BATCH)]
        futures = client.map(_batch, batches, limits=limits, pure=False)
        for batch, future in zip(batches, futures):
            try:
                yield from future.result()
            except KilledWorker:  # an answer has ended one worker after the other
                yield from map(_gone, batch)


def _batch(students, limits):
    with Runner(limits) as runner:
        return [runner.student(student) for student in students]


def _gone(student):
    """Return what is known of a Student whose answers nobody could run."""
    with Runner(Limits()) as runner:
        runner.closed = True
        return runner.student(student)
