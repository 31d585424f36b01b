"""Python in the page

A reader opens a chapter, types an answer to an exercise and presses Run: the time until the check
has answered, in Chromium with all other hosts out of reach. *Cold* is a browser that has never seen
the page, *warm* one that keeps its files. *4 times slower* stops the browser's processes for three
quarters of the time, *10 Mbit/s* lets the server send no faster. Beside it the same page with
Pyodide's library and NumPy as they come, without the bytecode that our build puts into them.
*Next answer* is the time from Stop, pressed during a loop without an end, to the answer after it.
"""

import json
import shutil
import tempfile
import zipfile
from contextlib import ExitStack, contextmanager
from pathlib import Path
from signal import SIGCONT, SIGSTOP
from statistics import median
from threading import Event, Thread
from time import perf_counter, sleep

import psutil

from benchmarks.report import short, table, verdict
from tests.browser import ARGUMENTS, executable, serve, sync_playwright

ROOT = Path(__file__).parents[1]
BOOK = ROOT / "_build" / "html"
NAME = "gradients.forward_slopes"
ANSWER = f"""def forward_slopes(f, x, h):
    return np.array([(f(x + nudge) - f(x)) / h for nudge in h * np.eye(len(x))])


check("{NAME}", forward_slopes)"""
ROUNDS = 3
GOALS = {"cold": 4, "warm": 3, "next answer": 1}  # seconds


@contextmanager
def stock():
    """Yield a copy of the book whose page loads Pyodide's library and NumPy as they come."""
    where = json.loads((BOOK / "_static" / "live.json").read_text())
    core = ROOT / "_build" / "npm" / "node_modules" / "pyodide"
    (numpy,) = (ROOT / "_build" / "wheels").glob("numpy-*.whl")
    with tempfile.TemporaryDirectory() as folder:
        book = Path(shutil.copytree(BOOK, Path(folder) / "html"))
        live = book / "_static" / where["home"]
        shutil.copy(core / "python_stdlib.zip", live / "stdlib.zip")
        shutil.copy(numpy, live / "numpy.zip")
        with zipfile.ZipFile(live / "course.zip", "w", zipfile.ZIP_DEFLATED) as course:
            for file in (*ROOT.glob("nnutils/**/*.py"), ROOT / "nnutils" / "digits.npz"):
                course.write(file, file.relative_to(ROOT))
            course.write(ROOT / "book" / "_live" / "runner.py", "runner.py")
        yield book


def renderers():
    """Return the processes in which pages run."""
    found = []
    for process in psutil.Process().children(recursive=True):
        try:
            if "--type=renderer" in process.cmdline():
                found.append(process)
        except psutil.Error:
            continue
    return found


@contextmanager
def slower(times):
    """Let the browser's pages run for only one part of the time."""
    done = Event()

    def hold():
        while not done.is_set():
            for signal, rest in ((SIGSTOP, 0.01 * (times - 1)), (SIGCONT, 0.01)):
                for process in pages:
                    process.send_signal(signal)
                sleep(rest)

    pages = renderers() if times > 1 else []
    thread = Thread(target=hold)
    if pages:
        thread.start()
    try:
        yield
    finally:
        done.set()
        if pages:
            thread.join()
            for process in pages:
                process.send_signal(SIGCONT)


def visit(profile, url, times=1):
    """Open the page and do the exercise; return {what: seconds or megabytes}."""
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            profile, executable_path=executable(), args=ARGUMENTS
        )
        page = context.new_page()
        page.goto(f"{url}/book/gradients.html")
        box = page.locator(f'[data-exercise="{NAME}"]')
        run = box.get_by_role("button", name="Run", exact=True)
        # Without the event that starts Python already at the first letter.
        box.get_by_role("textbox").evaluate("(area, code) => (area.value = code)", ANSWER)
        with slower(times):
            came = {"answer": answer(box, run)}
        came["again"] = answer(box, run)
        came["memory"] = sum(p.memory_full_info().uss for p in renderers()) / 1e6
        box.get_by_role("textbox").fill("while True: pass")
        run.click()
        sleep(4)  # long enough for the worker that waits to be ready
        box.get_by_role("button", name="Stop").click()
        box.get_by_role("textbox").fill(ANSWER)
        came["next answer"] = answer(box, run)
        context.close()
        return came


def answer(box, run):
    """Press Run; return how long the check takes to answer."""
    start = perf_counter()
    run.click()
    box.get_by_text("Correct in").and_(box.locator("[aria-live] pre")).wait_for(timeout=200_000)
    box.locator("[role=status]:empty").wait_for(state="attached")
    return perf_counter() - start


def measure():
    """Return the section's tables."""
    conditions = {"cold": {}, "warm": {}, "4 times slower": {"times": 4}, "10 Mbit/s": {}}
    came = {name: ([], []) for name in conditions}
    with ExitStack() as stack:
        books = (BOOK, stack.enter_context(stock()))
        for _ in range(ROUNDS):
            for name, options in conditions.items():
                for book, results in zip(books, came[name]):
                    rate = 10e6 / 8 if name == "10 Mbit/s" else None
                    with serve(book, rate) as url, tempfile.TemporaryDirectory() as profile:
                        if name == "warm":
                            visit(profile, url)
                        results.append(visit(profile, url, **options))
    rows = []
    for name, (ours, theirs) in came.items():
        pair = [median(one["answer"] for one in results) for results in (ours, theirs)]
        goal = verdict(pair[0], GOALS[name]) if name in GOALS else ["", ""]
        rows.append([name, *map(short, pair), short(pair[0] / pair[1]), *goal])
    every = [one for ours, _ in came.values() for one in ours]
    where = json.loads((BOOK / "_static" / "live.json").read_text())
    usual = [one for name in ("cold", "warm") for one in came[name][0]]
    after = median(one["next answer"] for one in usual)
    return [
        table(["first answer, seconds", "ours", "stock Pyodide", "ratio", "goal", ""], rows),
        table(
            ["", "", "goal", ""],
            [
                ["next answer after Stop, seconds", short(after), *verdict(after, 1)],
                [
                    "a second run, seconds",
                    short(median(one["again"] for one in usual)),
                    "",
                    "",
                ],
                [
                    "MB over the wire",
                    short(where["wire"] / 1e6),
                    *verdict(where["wire"] / 1e6, 9.5),
                ],
                ["MB more for pictures", short(where["pictures"] / 1e6), "", ""],
                ["MB of memory", short(median(one["memory"] for one in every)), "", ""],
            ],
        ),
    ]
