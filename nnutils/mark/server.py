"""The process that runs answers: a warm one, of which each answer gets a copy of its own.

It is given one answer at a time, with the cells of its notebook, and says what the answer did, not
whether that is right. Where a process cannot be copied, as on Windows, it runs one answer and ends.
"""

import ctypes
import importlib
import json
import os
import select
import shutil
import signal
import sys
import tempfile
from contextlib import suppress
from time import monotonic

import numpy as np

from nnutils.exercises import find
from nnutils.mark import answers, messages

GRACE = 3  # seconds for everything but the calls of the answer
WARM = ("matplotlib.pyplot", "nnutils.plots", "nnutils.knobs", "nnutils.quiz")
ORPHANS, NO_NEW_RIGHTS = 36, 38  # of prctl: adopt children of children; no sudo
USERS = 60_000  # numbers of users from here on belong to nobody


def serve():
    """Answer each line on standard input, a job, with a line on standard output."""
    jobs, replies = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w")
    null = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(null, stream)
    for module in WARM:
        importlib.import_module(module)
    if sys.platform == "linux":
        for option in (ORPHANS, NO_NEW_RIGHTS):
            ctypes.CDLL(None).prctl(option, 1, 0, 0, 0)
    user = _stranger()
    print("ready", file=replies, flush=True)
    for line in jobs:
        try:
            job = json.loads(line)
            find(job["name"].partition(".")[0])  # so that the copies have it
            message = _in_a_folder(job, user, _watched if job["copy"] else answers.run)
        except (KeyError, TypeError, ValueError):  # no job: an answer has slipped it in
            continue
        reply = messages.write(token=job["token"], message=message)
        print(reply, file=replies, flush=True)
        if not job["copy"]:
            return


def _in_a_folder(job, user, work):
    """Return the message of a job that is done in an empty folder, which is then deleted."""
    folder, before = tempfile.mkdtemp(prefix="answer-"), os.getcwd()
    if user:
        os.chown(folder, user, user)
    os.chdir(folder)
    home = dict.fromkeys(("HOME", "USERPROFILE", "TMPDIR", "TEMP", "TMP", "MPLCONFIGDIR"), folder)
    try:
        return work(job | {"home": home, "user": user})
    finally:
        os.chdir(before)
        with suppress(Exception):  # an answer may have made a maze of it
            shutil.rmtree(folder, ignore_errors=True)


def _watched(job):
    """Run a job in a copy of this process; return its message, or why there is none."""
    ours, its = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            _confine(job, its)
            message = answers.run(job).encode() + b"\n"
            while message:
                message = message[os.write(its, message) :]
        finally:
            os._exit(0)
    os.close(its)
    try:
        return _listen(ours, job["seconds"])
    finally:
        os.close(ours)
        _end(child)


def _confine(job, its):
    """Take from a copy what it does not need: open files, resources, rights."""
    import resource

    os.setsid()
    os.closerange(3, its)
    os.closerange(its + 1, 1024)
    most = job["megabytes"] << 20
    limits = {
        "RLIMIT_AS": _in_use() + most,
        "RLIMIT_FSIZE": most,
        "RLIMIT_CPU": int(job["seconds"] + GRACE) + 1,
        "RLIMIT_CORE": 0,
        "RLIMIT_NPROC": 0,  # no process more
    }
    for name, limit in limits.items():
        with suppress(AttributeError, ValueError, OSError):  # not on this system
            resource.setrlimit(getattr(resource, name), (limit, limit))
    if job["user"]:
        _become(job["user"])


def _in_use():
    """Return the bytes of memory that this process has been given, where that can be told."""
    with suppress(OSError), open("/proc/self/statm") as pages:
        return int(pages.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    return 2**30


def _listen(pipe, seconds):
    """Return the line that comes, or a message that says why there is none."""
    end, line = monotonic() + seconds + GRACE, b""
    while len(line) < messages.LONGEST:
        if not select.select([pipe], [], [], max(0, end - monotonic()))[0]:
            return messages.write(stopped=messages.LATE.format(seconds))
        part = os.read(pipe, 2**16)
        line += part
        if b"\n" in part:
            return line.partition(b"\n")[0].decode(errors="replace")
        if not part:
            break
    return messages.write(stopped=messages.GONE)


def _end(child):
    """End a copy, and all processes that it has started."""
    for kill in (os.killpg, os.kill):
        with suppress(OSError):
            kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while orphans := _children():
        for orphan in orphans:
            with suppress(OSError):
                os.kill(orphan, signal.SIGKILL)
                os.waitpid(orphan, 0)


def _children():
    """Return the processes that this one has started or adopted, where that can be told."""
    with suppress(OSError), open("/proc/thread-self/children") as numbers:
        return list(map(int, numbers.read().split()))
    return []


def _stranger():
    """Return a user who owns nothing, if this process may become one who can still import."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return None
    user = USERS + os.getpid() % 5000
    child = os.fork()
    if child == 0:
        try:
            _become(user)
            for module in (os, np, answers):
                os.listdir(os.path.dirname(module.__file__))
                open(module.__file__).close()
            os._exit(0)
        finally:
            os._exit(1)
    return user if os.waitpid(child, 0)[1] == 0 else None


def _become(user):
    os.setgroups([])
    os.setgid(user)
    os.setuid(user)
