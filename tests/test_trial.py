"""Answers that do not stop, print, exit, or change what is not theirs, and what a check needs."""

import gc
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
import warnings
from pathlib import Path

import matplotlib as mpl
import nbformat
import numpy as np
import pytest
from matplotlib import pyplot as plt
from nbclient import NotebookClient

from nnutils.check import trial, verdict
from nnutils.check.trial import Trials
from nnutils.exercises import CHAPTERS, Exercise

ROOT = Path(__file__).parent.parent
PRODUCT = Exercise(
    solution=lambda x, y: x * y,
    cases=((-2, 3), (0.5, 4), (1, 1)),
    mistakes={"You added.": lambda x, y: x + y, "The sign is wrong.": lambda x, y: -x * y},
)
ENDLESS = "Not yet. This line does not come to its end:\n"


@pytest.fixture
def short(monkeypatch):
    """Let the time be over after 0.4 seconds, none of which goes to collecting garbage.

    Among thousands of tests that takes so long that an answer's first line would not be reached.
    """
    monkeypatch.setattr(trial, "TIME_LIMIT", 0.4)
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def halves(x, y):
    n = 3
    while n >= 1:
        n = max(1, n // 2)
    return x * y


def collatz(n):
    while n > 0:
        n = n // 2 if n % 2 == 0 else 3 * n + 1


def calls_a_loop(x, y):
    for _ in range(3):
        collatz(x + y)
    return x * y


def counts_far(x, y):
    total = 0
    for i in range(10**12):
        total += i
    return total


def sleeps(x, y):
    time.sleep(1000)


def sums(x, y):
    while True:
        np.ones((200, 200)) @ np.ones((200, 200))


def catches(x, y):
    while True:
        try:  # noqa: SIM105
            time.sleep(0.01)
        except:  # noqa: E722
            pass


def catches_twice(x, y):
    while True:
        try:
            try:  # noqa: SIM105
                sum(range(1000))
            except:  # noqa: E722
                pass
        except BaseException:
            pass


def prints_on(x, y):
    while True:
        print(x, y)


def keeps(x, y):
    kept = []
    while True:
        try:
            time.sleep(0.01)
        except BaseException as error:
            kept.append(error)


def catches_at_every_depth(x, y, n=40):
    try:
        if n < 2:
            return 1
        return catches_at_every_depth(x, y, n - 1) + catches_at_every_depth(x, y, n - 2)
    except:  # noqa: E722
        return 0


class Slow:
    """Never becomes an array."""

    def __array__(self, *arguments, **options):
        while True:
            pass


def gives_back_a_loop(x, y):
    return Slow()


WHILE = "The condition never becomes false. Does the loop change it? > or >=?"
LOOPS = {
    halves: ("while n >= 1:", WHILE),
    calls_a_loop: ("while n > 0:", WHILE),
    counts_far: ("for i in range(10**12):", "Does this loop come to an end? Does it do too much"),
    sums: ("while True:", WHILE),
    sleeps: ("time.sleep(1000)", "Does it wait for something, or do far too much?"),
    catches: ("while True:", WHILE),
    catches_twice: ("while True:", WHILE),
    keeps: ("while True:", WHILE),
    prints_on: ("while True:", WHILE),
    catches_at_every_depth: ("", "Does it wait for something, or do far too much?"),
    gives_back_a_loop: ("while True:", WHILE),
}


def number_of(line):
    lines = Path(__file__).read_text().splitlines()
    return [i for i, text in enumerate(lines, 1) if text.strip() == line]


@pytest.mark.parametrize(
    ("answer", "thread"),
    # Nothing but a signal wakes a thread that sleeps.
    [
        (answer, thread)
        for answer in LOOPS
        for thread in (False, True)
        if (answer, thread) != (sleeps, True)
    ],
)
def test_the_time_is_limited(short, answer, thread):
    start, tracer = time.monotonic(), sys.gettrace()
    said = in_a_thread(verdict, PRODUCT, answer) if thread else verdict(PRODUCT, answer)
    assert time.monotonic() - start < 5  # and not three times the limit, for three cases
    head, line, fact, hint = said.split("\n")
    assert f"{head}\n" == ENDLESS
    assert line == f"{answer.__name__}(-2, 3)"
    text, expected = LOOPS[answer]
    assert f"`{text}`" in fact if text else "in line " in fact
    assert any(f"line {number}, `{text}`." in fact for number in number_of(text)) or not text
    assert hint.startswith(expected)
    assert sys.gettrace() is tracer


class Lingers:
    """Does not end when it is let go of."""

    def __del__(self):
        while True:
            pass


def lets_go(x, y):
    Lingers()
    return x * y


def test_a_stop_in_a_destructor_does_not_stop_what_tells_of_it(short, monkeypatch):
    heard = []
    monkeypatch.setattr(sys, "unraisablehook", heard.append)  # in Python, as that of pytest
    said = verdict(PRODUCT, lets_go)
    assert said.startswith(ENDLESS)
    assert "`while True:`." in said
    assert heard == []
    assert sys.unraisablehook == heard.append


def in_a_thread(function, *arguments):
    results = []
    thread = threading.Thread(target=lambda: results.append(function(*arguments)))
    thread.start()
    thread.join()
    return results[0]


def test_all_cases_share_the_time(monkeypatch):
    monkeypatch.setattr(trial, "TIME_LIMIT", 1.5)
    seen = []

    def slow(x, y):
        seen.append(x)
        time.sleep(0.9)
        return x * y

    assert verdict(PRODUCT, slow).startswith(f"{ENDLESS}slow(0.5, 4)\n")
    assert seen == [-2, 0.5]


def test_numbers_may_take_no_longer(short):
    numbers = Exercise(3, mistakes={"One.": 1, "Two.": 2})
    said = verdict(numbers, Slow())
    assert said.startswith("Not yet. After 0.4 seconds it was still running, in the loop of line ")


def test_the_limit_is_ten_seconds():
    assert trial.TIME_LIMIT == 10


def test_a_right_answer_in_a_thread():
    assert in_a_thread(verdict, PRODUCT, lambda x, y: x * y) == "Correct in 3 cases."


def test_a_check_inside_an_answer(monkeypatch):
    monkeypatch.setattr(trial, "TIME_LIMIT", 1)

    def answer(x, y):
        assert verdict(PRODUCT, lambda x, y: x * y) == "Correct in 3 cases."
        while True:
            pass

    assert verdict(PRODUCT, answer).startswith(ENDLESS)
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


def test_the_timer_of_somebody_else_goes_on():
    rung = []
    before = signal.signal(signal.SIGALRM, lambda *_: rung.append(time.monotonic()))
    try:
        start = time.monotonic()
        signal.setitimer(signal.ITIMER_REAL, 0.4)

        def slow(x, y):
            time.sleep(0.05)
            return x * y

        assert verdict(PRODUCT, slow) == "Correct in 3 cases."
        assert not rung
        while not rung and time.monotonic() - start < 5:
            time.sleep(0.01)
        assert 0.35 < rung[0] - start < 2
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_ctrl_c_passes_through():
    def interrupted(x, y):
        signal.raise_signal(signal.SIGINT)
        return x * y

    out = sys.stdout
    with pytest.raises(KeyboardInterrupt):
        verdict(PRODUCT, interrupted)
    assert sys.stdout is out
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit, GeneratorExit, BaseException])
def test_what_an_answer_raises_is_contained(kind):
    def raises(x, y):
        raise kind

    assert f"`raise kind`: {kind.__name__}." in verdict(PRODUCT, raises)


def test_a_megabyte_is_cut(capsys):
    def talks(x, y):
        print("0123456789\n" * 10**5)
        return x * y

    with Trials(talks) as trials:
        outcome = trials.call(talks, 2, 3)
    assert outcome.result == 6
    assert trials.printed.startswith("0123456789\n0123")
    assert len(trials.printed) < trial.OUTPUT + 100
    assert trials.printed.endswith("\n... (the rest of the output is cut)\n")
    assert capsys.readouterr() == ("", "")


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is limited on Linux")
def test_memory_without_end():
    def greedy(x, y):
        kept = []
        while True:
            kept.append(np.empty(10**7))

    said = verdict(PRODUCT, greedy)
    assert "MemoryError" in said
    assert said.endswith("It asks for more and more memory. Which list or array grows without end?")


class Numb:
    """Calls a function when it is turned into an array, or compared, or shown."""

    def __init__(self, function):
        self.function = function

    def __array__(self, *arguments, **options):
        self.function()
        return np.array(3.0)


def spoil():
    """Change whatever can be changed."""
    np.random.seed(3)
    random.seed(3)
    np.seterr(all="raise")
    np.set_printoptions(precision=2)
    warnings.simplefilter("error")
    sys.setrecursionlimit(5000)
    sys.stdout = sys.stderr = None
    os.environ["SPOILED"] = "1"
    os.environ.pop("PATH", None)
    os.chdir("/")
    mpl.rcParams["lines.linewidth"] = 17
    plt.figure()
    plt.plot([1, 2])


def state():
    rng = np.random.get_state()
    return (
        [part.tolist() if isinstance(part, np.ndarray) else part for part in rng],
        random.getstate(),
        np.geterr(),
        np.get_printoptions(),
        warnings.filters[:],
        sys.getrecursionlimit(),
        (sys.stdout, sys.stderr, sys.gettrace()),
        dict(os.environ),
        os.getcwd(),
        dict(mpl.rcParams),
        plt.get_fignums(),
        plt.gcf().number,
        signal.getsignal(signal.SIGALRM),
        signal.getitimer(signal.ITIMER_REAL),
    )


@pytest.mark.parametrize("then", ["return", "raise", "loop"])
def test_an_answer_leaves_everything_as_it_was(monkeypatch, then):
    monkeypatch.setattr(trial, "TIME_LIMIT", 1 if then == "loop" else 60)

    def spoils(x, y):
        spoil()
        while then == "loop":
            time.sleep(0)
        signal.signal(signal.SIGALRM, signal.SIG_IGN)
        sys.settrace(lambda *_: None)
        if then == "raise":
            raise ValueError
        return x * y

    first = plt.figure()
    plt.figure()
    plt.figure(first.number)
    before = state()
    try:
        said = verdict(PRODUCT, spoils)
        assert said.startswith({"return": "Correct", "raise": "Not yet", "loop": ENDLESS}[then])
        assert state() == before
    finally:
        plt.close("all")


def test_an_object_may_spoil_as_well():
    before = np.random.get_state()[1].tolist()
    assert verdict(PRODUCT, lambda x, y: Numb(spoil)).startswith("Not yet")
    assert np.random.get_state()[1].tolist() == before
    assert "SPOILED" not in os.environ
    assert plt.get_fignums() == []


def test_the_settings_of_the_reader_do_not_matter():
    def logistic(x, y):
        return x * y + 0 * np.exp(-np.array(1e4)) + 0 * np.sum(np.zeros(1) / np.ones(1))

    def overflows(x, y):
        return x * y + 0 * (1 / np.exp(np.array(1e4)))

    for answer in (logistic, overflows):
        with np.errstate(all="raise"), warnings.catch_warnings():
            warnings.simplefilter("error")
            assert verdict(PRODUCT, answer) == "Correct in 3 cases."


def test_a_warning_does_not_spill_over(recwarn):
    def warns(x, y):
        warnings.warn("watch out", stacklevel=1)
        return x * y + 0 * (np.float64(1) / np.float64(0) > 1)

    assert verdict(PRODUCT, warns) == "Correct in 3 cases."
    assert not recwarn.list


NEEDS_NUMPY_ALONE = """
import sys
BLOCKED = {"IPython", "matplotlib", "matplotlib_inline", "ipywidgets"}

class Block:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in BLOCKED:
            raise ImportError(f"{name} is blocked")

sys.meta_path.insert(0, Block())
import json
import numpy as np
from nnutils.check import check, verdict
from nnutils.data import batches
from nnutils.exercises import CHAPTERS, find
from nnutils.initializers import he_normal
from nnutils.activations import relu
from nnutils.losses import mean_squared_error
from nnutils.network import mlp
from nnutils.optimizers import Adam
from nnutils.training import train
import nnutils.circuit, nnutils.gradcheck, nnutils.layers, nnutils.numerics, nnutils.schedules

rng = np.random.default_rng(0)
net = mlp([2, 4, 1], relu, init=he_normal, rng=rng)
x = rng.normal(size=(32, 2))
train(net, (x, x[:, :1]), mean_squared_error, Adam(0.01), epochs=2, batch_size=8, rng=rng,
      progress=False)
right = {
    chapter: [verdict(e, e.solution)[:7] for e in find(chapter).EXERCISES.values()][:2]
    for chapter in CHAPTERS
}
check("circuits.distance", lambda x, y: x - y)
loaded = sorted(BLOCKED & {name.partition(".")[0] for name in sys.modules})
print(json.dumps([right, loaded]))
"""


def test_a_check_needs_nothing_but_numpy(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", NEEDS_NUMPY_ALONE],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said, last = done.stdout.rsplit("\n", 2)[:2]
    right, loaded = json.loads(last)
    assert loaded == []
    assert list(right) == list(CHAPTERS)
    assert all(reply == ["Correct", "Correct"] for reply in right.values())
    assert said.startswith("Not yet. Run this line to see it:\n")


def test_a_check_takes_milliseconds():
    def multiply(x, y):
        return x * y

    verdict(PRODUCT, multiply)
    times = []
    for _ in range(20):
        start = time.process_time()
        verdict(PRODUCT, multiply)
        times.append(time.process_time() - start)
    assert min(times) < 0.01


SCRIPT = """from nnutils.check import check, trial

trial.TIME_LIMIT = 0.3
def distance(x, y):
    while x >= y:
        x = max(x, y)
    return y - x
check("circuits.distance", distance)
"""
SAID = "After 0.3 seconds it was still running, in the loop of line 5, `while x >= y:`.\n"


def test_a_script(tmp_path):
    script = tmp_path / "mine.py"
    script.write_text(SCRIPT)
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)
    assert done.stdout.startswith(f"{ENDLESS}distance(3, -2)\n{SAID}")


@pytest.mark.filterwarnings("default")
def test_a_notebook():
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(SCRIPT)])
    NotebookClient(notebook, timeout=120).execute()
    assert notebook.cells[0].outputs[0].text.startswith(f"{ENDLESS}distance(3, -2)\n{SAID}")
