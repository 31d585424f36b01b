"""Marks of a class: right whatever a notebook holds, and nobody's mark depends on another's."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup

from nnutils.exercises import find
from nnutils.mark import __main__ as command
from nnutils.mark import mark, marks, messages
from nnutils.mark.marks import Mark, Row
from nnutils.mark.notebooks import students
from nnutils.mark.runner import Limits
from nnutils.mark.tables import exercises, page, table
from tests.classes import checked, code, mistaken, notebook, right, written
from tests.printed import exercise_cells

NAMES = list(exercise_cells("circuits"))
DISTANCE, DEPTH, FOLLOW = "circuits.distance", "circuits.depth", "circuits.follow"
SENTENCE = next(iter(find("circuits").EXERCISES["distance"].mistakes))
LIMITS = Limits(seconds=2, megabytes=256)
HELPER = "import numpy as np\n\ndef larger(x, y):\n    return x if x > y else y"
WITH_HELPER = "def distance(x, y):\n    return larger(x, y) - larger(-x, -y) * -1"


def body(line, before=""):
    return f"{before}\ndef distance(x, y):\n    {line}\n    return abs(x - y)"


def cell(source):
    return {DISTANCE: checked(DISTANCE, source)}


FORGED = messages.write(outcomes=[{"result": None, "error": None, "changed": 0, "fault": ""}] * 9)
# For each student the cells that differ from a notebook with right answers, the word that the
# exercise `distance` gets, and something that is said about it.
ANSWERS = {
    "right": ({}, "right", ""),
    "stub": ({DISTANCE: exercise_cells("circuits")[DISTANCE][1]}, "not attempted", ""),
    "mistake": ({DISTANCE: mistaken(DISTANCE, SENTENCE)}, "mistake", SENTENCE),
    "wrong": (cell("def distance(x, y): return 17.5"), "not yet", "gave back 17.5"),
    "text": (cell("def distance(x, y): return 'far'"), "not yet", "the text 'far'"),
    "raises": (cell(body("1 / 0")), "not yet", "ZeroDivisionError"),
    "called": (cell("distance = 3"), "not yet", "Pass the function itself"),
    "grammar": (cell("def distance(x, y) return 1"), "not yet", "SyntaxError"),
    "exits": (cell(body("exit()", "import sys; exit = sys.exit")), "not yet", "SystemExit"),
    "exits early": (cell("import sys; sys.exit()"), "not yet", "SystemExit"),
    "loop": (cell(body("while True: pass")), "stopped", "After 2 seconds"),
    "loop that catches": (
        cell("while True:\n    try:\n        while True: pass\n    except: pass"),
        "stopped",
        "After 2 seconds it was still running.",
    ),
    "ends Python": (cell(body("os._exit(0)", "import os")), "stopped", "Its Python ended"),
    "kills": (cell(body("os.kill(os.getpid(), 9)", "import os")), "stopped", "Its Python ended"),
    "allocates": (cell(body("x = [0] * 10**9")), "stopped", "MemoryError"),
    "prints": (cell(body("print('x' * 2**20)\n    for _ in range(999): print('x' * 2**20)")),
               "right", ""),
    "writes": (
        cell(body("for fd in range(99):\n        try: os.write(fd, b'x\\n' * 9999)\n"
                  "        except OSError: pass", "import os")),
        "stopped",
        "something else than results",
    ),
    "forges": (
        cell("import os\nfor fd in range(99):\n"
             f"    try: os.write(fd, {FORGED!r}.encode() + b'\\n')\n    except OSError: pass"),
        "stopped",
        "something else than results",
    ),
    "says so": (
        cell("print('Correct in 9 cases.')\ndef distance(x, y): return 17.5"), "not yet", "17.5"
    ),
    "patches": (
        cell("import nnutils.check as c\nfrom nnutils.check import results\n"
             "c._judge = lambda *a: ('Correct in 9 cases.', '')\n"
             "c.equal = results.equal = lambda *a: True\nc.differs = lambda *a: None\n"
             "c.verdict = lambda *a: 'Correct.'\ndef distance(x, y): return 17.5"),
        "not yet",
        "gave back 17.5",
    ),
    "deletes": (cell(body("shutil.rmtree(\".\", True)", "import shutil")), "right", ""),
    "deletes home": (
        cell(body("shutil.rmtree(os.path.expanduser('~'), True)", "import os, shutil")), "right", ""
    ),
    "fills the disk": (
        cell(body("open('big', 'wb').write(b'x' * 2**20 * 300)")), "stopped", ""
    ),
    "asks": (cell(body("input()")), "not yet", "EOFError"),
    "looks for secrets": (
        cell(body("assert 'SECRET' not in os.environ and not os.listdir()", "import os")),
        "right",
        "",
    ),
    "looks for the class": (
        cell(body("assert not any('class' in a for a in sys.argv + [os.getcwd()])",
                  "import os, sys")),
        "right",
        "",
    ),
    "no check": ({DISTANCE: "if False:\n    check('circuits.distance', 1)"}, "not yet",
                 "not reached"),
    "by another quote": ({DISTANCE: right(DISTANCE).replace('"', "'")}, "right", ""),
    "magic": (cell("%time pass\n" + body("pass")), "right", ""),
    "a line that begins like one": (
        cell(body("assert (x\n        != None)\n    assert 7 == (17\n        % 10)")), "right", ""
    ),
    "own helper": ({FOLLOW: HELPER + "\n" + right(FOLLOW), **cell(WITH_HELPER)}, "right", ""),
    "needs a computed value": (cell(body("return seven", "")), "not yet", "NameError"),
}  # fmt: skip
NOTES = {
    "empty": ("", "empty"),
    "broken": ('{"cells": [', "broken, no JSON"),
    "binary": (b"\xff\xfe\x00", "broken, no UTF-8"),
    "deep": ("[" * 100_000, "broken, nested too deeply"),
    "list": ("[1, 2]", "not a notebook"),
    "other course": (written([code("print(1)")]), "no exercise"),
}


def forks():
    """Return the answer of somebody who starts processes that outlive it."""
    return body(
        "for _ in range(3):\n        try:\n            if os.fork() == 0:\n"
        "                os.setsid(); time.sleep(600)\n        except OSError: pass",
        "import os, time",
    )


MARKED = f"started-by-{os.getpid()}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("class")
    solved = {name: right(name) for name in NAMES}
    for name, (answers, _, _) in ANSWERS.items():
        (folder / f"{name}.ipynb").write_text(notebook("circuits", solved | answers))
    for name, (text, _) in NOTES.items():
        (folder / f"{name}.ipynb").write_bytes(text if isinstance(text, bytes) else text.encode())
    (folder / "fork.ipynb").write_text(notebook("circuits", solved | cell(forks())))
    return folder


@pytest.fixture(scope="module")
def rows(folder):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SECRET", "of the teacher")
        patch.syspath_prepend(f"/nowhere/{MARKED}")  # which the processes are started with
        return {row.student: row for row in mark(folder, limits=LIMITS, jobs=2)}


@pytest.mark.parametrize("name", ANSWERS)
def test_the_mark_of_an_answer(rows, name):
    _, word, why = ANSWERS[name]
    found = rows[name].marks[DISTANCE]
    assert (found.word, why in found.why) == (word, True), found


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_costs_its_own_mark_only(rows, name):
    others = {key: found.word for key, found in rows[name].marks.items() if key != DISTANCE}
    assert others == dict.fromkeys((key for key in NAMES if key != DISTANCE), "right")
    assert not rows[name].note


@pytest.mark.parametrize("name", NOTES)
def test_a_notebook_that_is_none_has_a_row_that_says_why(rows, name):
    assert not rows[name].marks
    assert rows[name].note.startswith(f"{name}.ipynb: {NOTES[name][1]}")


def test_no_process_outlives_its_answer(rows):
    assert rows["fork"].marks[DISTANCE].word in ("right", "stopped")
    lines = [line for place in Path("/proc").glob("[0-9]*/cmdline") if (line := told(place))]
    assert not [line for line in lines if MARKED in line]


def told(place):
    """Return what a file says, if it is still there."""
    try:
        return place.read_text(errors="replace")
    except OSError:
        return ""


def test_rows_stand_in_the_order_of_the_names(rows):
    assert list(rows) == sorted(rows)  # all in small letters, without accents
    assert len(rows) == len(ANSWERS) + len(NOTES) + 1


QUICK = ["mistake", "raises", "right", "stub", "wrong"]


def test_one_job_gives_what_two_give(rows, folder, tmp_path):
    for name in QUICK:
        (tmp_path / f"{name}.ipynb").write_bytes((folder / f"{name}.ipynb").read_bytes())
    assert list(mark(tmp_path, limits=LIMITS, jobs=1)) == [rows[name] for name in QUICK]


def test_without_copies_of_a_process(rows, folder, tmp_path):
    """As on Windows, where each answer gets a fresh process."""
    kept = {"cells": []}
    for name in ("right", "ends Python"):
        cells = json.loads((folder / f"{name}.ipynb").read_text())["cells"]
        kept["cells"] = [
            c
            for c in cells
            if c["cell_type"] == "code"
            and ("setup" in c["source"] or DISTANCE in "".join(c["source"]))
        ]
        (tmp_path / f"{name}.ipynb").write_text(json.dumps(kept))
    found = list(mark(tmp_path, limits=Limits(copy=False), jobs=2))
    assert [row.student for row in found] == ["ends Python", "right"]
    assert [row.marks[DISTANCE].word for row in found] == ["stopped", "right"]
    assert found[0].marks[DISTANCE].why == messages.GONE


def test_an_answer_that_ends_its_runner(tmp_path):
    """It may do so where it is the same user; the next answers get a new one."""
    answers = {name: right(name) for name in NAMES}
    killer = cell(body("os.kill(os.getppid(), 9)", "import os"))
    (tmp_path / "a.ipynb").write_text(notebook("circuits", answers | killer))
    (tmp_path / "b.ipynb").write_text(notebook("circuits", answers))
    a, b = mark(tmp_path, limits=LIMITS, jobs=1)
    assert a.marks.pop(DISTANCE).word in ("stopped", "not yet")
    assert {found.word for found in [*a.marks.values(), *b.marks.values()]} == {"right"}


SLIPPED = """import os, sys
def distance(x, y):
    frame = sys._getframe()
    while "job" not in frame.f_locals:
        frame = frame.f_back
    token = frame.f_locals["job"]["token"]
    for number in range(3, 12):
        try:
            with open(f"/proc/{os.getppid()}/fd/{number}", "w") as file:
                file.write((f'{{"token": "{token}", "message": "forged"}}' + "\\n") * 3)
        except OSError:
            pass
    return abs(x - y)"""


def test_an_answer_that_writes_into_the_pipes_of_its_runner(tmp_path):
    answers = {name: right(name) for name in NAMES}
    (tmp_path / "a.ipynb").write_text(notebook("circuits", answers | cell(SLIPPED)))
    (tmp_path / "b.ipynb").write_text(notebook("circuits", answers))
    a, b = mark(tmp_path, limits=LIMITS, jobs=1)
    assert a.marks.pop(DISTANCE).word in ("stopped", "right")
    assert {found.word for found in [*a.marks.values(), *b.marks.values()]} == {"right"}


# What a process may say

PLAIN = {"error": None, "changed": False, "fault": None}


@pytest.mark.parametrize(
    "message",
    [
        *("", "{", "[]", "7", "null", '{"outcomes": 3}', '{"outcomes": [3]}', "[" * 100_000),
        '{"outcomes": [{"error": null, "changed": false, "fault": null}]}',
        '{"stopped": 3}',
        *(
            json.dumps({"outcomes": [PLAIN | {"result": result}]})
            for result in (
                *(3, {}, {"numbers": [1], "shape": [2]}, {"numbers": [1], "shape": [10**9, 0]}),
                *({"numbers": ["1"], "shape": [1]}, {"numbers": [1, True], "shape": [2]}),
                *({"odd": 3, "hint": ""}, {"parts": [3], "tuple": True}),
                {"numbers": [], "shape": [0] * 99},
            )
        ),
    ],
)
def test_a_message_that_is_none(message):
    assert marks.mark(DISTANCE, message).word == "stopped"


def test_right_numbers_are_right_and_others_are_not():
    exercise = find("circuits").EXERCISES["distance"]
    truth = [exercise.solution(*exercise.arguments(case)) for case in exercise.cases]

    def told(numbers, **more):
        outcomes = [
            {
                "error": None,
                "changed": False,
                "fault": None,
                "result": {"numbers": [n], "shape": []},
            }
            for n in numbers
        ]
        return marks.mark(DISTANCE, json.dumps({"outcomes": outcomes, **more}))

    assert told(truth) == Mark("right")
    assert told(truth[:-1]).word == "not yet"
    assert told([*truth[:-1], truth[-1] + 1e-3]).word == "not yet"
    assert told(truth, banned="It uses abs.") == Mark("not yet", "It uses abs.")


class Lost(Exception):
    """Stands for the exception of a cluster whose workers are gone."""


class Cluster:
    """Stands for the client of a Dask cluster that loses its second task."""

    def __init__(self, address, **options):
        if address != "tcp://here":
            raise OSError("Timed out")

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    def map(self, function, batches, **options):
        del options["pure"]
        return [self.future(n, function, batch, options) for n, batch in enumerate(batches)]

    def future(self, n, function, batch, options):
        def result():
            if n == 1:
                raise Lost
            return function(batch, **options)

        return SimpleNamespace(result=result)


def test_a_cluster_gives_the_same(rows, folder, tmp_path, monkeypatch):
    for name in QUICK:
        (tmp_path / f"{name}.ipynb").write_bytes((folder / f"{name}.ipynb").read_bytes())
    monkeypatch.setitem(
        sys.modules, "distributed", SimpleNamespace(Client=Cluster, KilledWorker=Lost)
    )
    monkeypatch.setattr("nnutils.mark.runner.BATCH", 4)
    *most, lost = mark(tmp_path, limits=LIMITS, scheduler="tcp://here")
    assert most == [rows[name] for name in QUICK[:4]]
    assert {found.word for found in lost.marks.values()} == {"stopped"}
    with pytest.raises(ValueError, match="No Dask scheduler answers at 'nowhere'"):
        list(mark(tmp_path, scheduler="nowhere"))


@pytest.mark.peers
def test_a_real_cluster_gives_the_same(rows, folder, tmp_path):
    from distributed import LocalCluster

    for name in [*QUICK, "ends Python"]:
        (tmp_path / f"{name}.ipynb").write_bytes((folder / f"{name}.ipynb").read_bytes())
    options = {"host": "127.0.0.1", "dashboard_address": None, "silence_logs": False}
    with LocalCluster(n_workers=2, threads_per_worker=1, **options) as cluster:
        found = list(mark(tmp_path, limits=LIMITS, scheduler=cluster.scheduler_address))
    assert found == [rows[name] for name in sorted([*QUICK, "ends Python"])]


def test_the_first_case_that_is_not_right_decides():
    wrong = PLAIN | {"result": {"numbers": [17.5], "shape": []}}
    late = PLAIN | {"error": ["TimeOver", ""], "fault": "Too late."}

    def told(*outcomes):
        return marks.mark(DISTANCE, json.dumps({"outcomes": outcomes}))

    assert told(wrong, late).word == "not yet"
    assert told(late) == Mark("stopped", "Too late.")


# Who is a student


def handed_in(folder, *paths):
    for path in paths:
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        chapter = "gradients" if "gradients" in path else "circuits"
        place.write_text(notebook(chapter, {}))


@pytest.mark.parametrize(
    ("paths", "names"),
    [
        (["b.ipynb", "a.ipynb"], ["a", "b"]),
        (["ann/circuits.ipynb", "ann/week 2/gradients.ipynb", "ben/x.ipynb"], ["ann", "ben"]),
        (["all/ann/circuits.ipynb", "all/ben/circuits.ipynb"], ["all/ann", "all/ben"]),
        (["w1/ann.ipynb", "w1/ben.ipynb", "w2/ann.ipynb"], ["w1/ann", "w1/ben", "w2"]),
        (["ann/circuits.ipynb", "ann/circuits (1).ipynb"], ["ann/circuits", "ann/circuits (1)"]),
        (["ann.ipynb", "ann/gradients.ipynb", "ben.ipynb"], ["ann", "ann.ipynb", "ben"]),
        (["a.ipynb", ".ipynb_checkpoints/a.ipynb", "._a.ipynb"], ["a"]),
        (
            ["Zoë.ipynb", "李/circuits.ipynb", "Émile.ipynb", "=1.ipynb", "finn.ipynb"],
            ["=1", "Émile", "finn", "Zoë", "李"],
        ),
    ],
)
def test_who_is_a_student(tmp_path, paths, names):
    handed_in(tmp_path, *paths)
    assert [student.name for student in students(tmp_path)] == names


def test_the_last_three_answers_to_an_exercise_are_run(tmp_path):
    cells = [code(checked(FOLLOW, f"follow = {n}, 0, 0")) for n in range(9)]
    (tmp_path / "ann.ipynb").write_text(written(cells))
    (ann,) = students(tmp_path)
    assert ann.notebooks[0].answers == [(n, FOLLOW) for n in (6, 7, 8)]


def test_the_last_answer_that_was_attempted_counts(tmp_path):
    cells = [right(FOLLOW), checked(FOLLOW, "follow = 9, 9, 9"), checked(FOLLOW, "follow = ...")]
    cells += ["def distance(x, y):\n    return abs(x - y)", f'check("{DISTANCE}", distance)']
    cells += ["best = 3\nclimb = best", 'check("circuits.climb", climb)']
    (tmp_path / "ann.ipynb").write_text(written([code(text) for text in cells]))
    (ann,) = mark(tmp_path, limits=LIMITS, jobs=1)
    assert ann.marks[FOLLOW].word == "not yet"
    assert ann.marks[DISTANCE].word == "right"  # in two cells
    assert ann.marks["circuits.climb"].why.startswith("Pass the function itself")


@pytest.mark.parametrize(
    ("old", "new", "word", "why"),
    [
        ("", "", "right", ""),
        ("+= slope", "= slope", "mistake", "at a fork the pulls add up"),
        ("return Value(t, (self,), (1 - t**2,))", "return None", "not yet", "a.tanh() is None"),
    ],
)
def test_a_class_is_marked(tmp_path, old, new, word, why):
    answer = right("backprop.Value").replace(old, new)
    (tmp_path / "ann.ipynb").write_text(notebook("backprop", {"backprop.Value": answer}))
    (ann,) = mark(tmp_path, limits=LIMITS, jobs=1)
    found = ann.marks["backprop.Value"]
    assert (found.word, why in found.why) == (word, True), found


def test_no_module_of_a_student_is_imported(tmp_path, monkeypatch):
    handed_in(tmp_path, "ann.ipynb")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ValueError, match="Start the command in another folder"):
        students(tmp_path)


def test_links_are_passed_over(tmp_path):
    handed_in(tmp_path, "ann.ipynb")
    (tmp_path / "ben.ipynb").symlink_to(tmp_path / "ann.ipynb")
    assert [student.name for student in students(tmp_path)] == ["ann"]


def test_one_notebook(tmp_path):
    handed_in(tmp_path, "ann.ipynb", "ben.ipynb")
    assert [student.name for student in students(tmp_path / "ann.ipynb")] == ["ann"]


def test_only_some_chapters(tmp_path):
    handed_in(tmp_path, "ann/circuits.ipynb", "ann/gradients.ipynb", "ben.ipynb")
    (ann, ben) = mark(tmp_path, ["gradients"], jobs=1)
    assert list(ann.marks) == [f"gradients.{key}" for key in find("gradients").EXERCISES]
    assert not ben.marks
    assert ben.note == "ben.ipynb: no exercise that is to be marked."


# What is written

HOSTILE = [
    '=cmd|"/c calc"!A1',
    "+1",
    "-1",
    "@sum",
    " =1",
    "<script>alert(1)</script>",
    "a\n\u202eb",
]
MADE = [
    Row("Ann", {FOLLOW: Mark("right"), DISTANCE: Mark("mistake", "<b>One & two.</b>")}, ""),
    Row("Zoë 李", {FOLLOW: Mark("right"), DISTANCE: Mark("mistake", "Less often.")}, ""),
    *(
        Row(name, {FOLLOW: Mark("stopped", "<i>"), DISTANCE: Mark("mistake", "Less often.")}, "")
        for name in HOSTILE
    ),
    Row("Other", {}, "=x.ipynb: empty."),
]


def test_the_table():
    assert exercises(MADE) == [FOLLOW, DISTANCE]
    head, *found = csv.reader(io.StringIO(table(MADE), newline=""))
    assert head == ["student", "right", FOLLOW, DISTANCE, "note"]
    assert found[0] == ["Ann", "1", "right", "mistake: <b>One & two.</b>", ""]
    assert found[1] == ["Zoë 李", "1", "right", "mistake: Less often.", ""]
    assert found[2] == [f"'{HOSTILE[0]}", "0", "stopped", "mistake: Less often.", ""]
    assert found[-1] == ["Other", "0", "", "", "'=x.ipynb: empty."]
    assert not [text for line in found for text in line if text.lstrip()[:1] in tuple("=+-@")]
    assert len(found) == len(MADE)


def test_the_page():
    text = page(MADE)
    tree = BeautifulSoup(text, "html.parser")
    assert not tree.find_all(["script", "link", "img", "i"])
    assert [b.text for b in tree.select("ol summary b")] == ["8 of 9", "1 of 9"]
    assert [next(li.stripped_strings) for li in tree.select("ol > li")] == [
        "Less often.",
        "<b>One & two.</b>",
    ]
    assert "7 stopped" in tree.find(id=FOLLOW).find_next("p").text
    assert tree.html["lang"] == "en"
    for link in tree.select("a"):
        assert tree.find(id=link["href"][1:]), link
    ids = [tag["id"] for tag in tree.select("[id]")]
    assert len(set(ids)) == len(ids)
    table = tree.table
    assert table.caption
    assert [th["scope"] for th in table.select("tbody th")] == ["row"] * len(MADE)
    assert {th["scope"] for th in table.select("thead th")} == {"col"}
    assert [td.text for td in table.select("tbody tr")[0].select("td")] == [
        *("1", "right", "mistake 2", "")
    ]


def test_an_empty_class_of_other_courses_is_a_page_too():
    assert "1 student, 0 exercises" in page([MADE[-1]])


# The command


def run(capsys, *arguments):
    done = command.main([str(argument) for argument in arguments])
    return done, *capsys.readouterr()


def test_the_command(tmp_path, capsys):
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "Zoë.ipynb").write_text(
        notebook("circuits", {FOLLOW: right(FOLLOW), DISTANCE: mistaken(DISTANCE, SENTENCE)})
    )
    done, out, error = run(capsys, tmp_path / "class", "--out", tmp_path / "out")
    assert (done, error) == (0, "")
    assert out.startswith("1 student: 1 right, 1 with a known mistake, 3 not attempted.\n")
    assert (tmp_path / "out" / "marks.csv").read_bytes().startswith(b"\xef\xbb\xbfstudent,")
    assert SENTENCE in (tmp_path / "out" / "marks.csv").read_text("utf-8")
    assert "Zoë" in (tmp_path / "out" / "marks.html").read_text("utf-8")


def test_what_cannot_be_marked(tmp_path, capsys, monkeypatch):
    nothing = tmp_path / "nothing"
    done, out, error = run(capsys, nothing, "--out", tmp_path)
    assert (done, out) == (2, "")
    assert error.startswith(f"Nothing is marked. There is no '{nothing}' here.")
    nothing.mkdir()
    assert "holds no notebook" in run(capsys, nothing, "--out", tmp_path)[2]
    handed_in(tmp_path, "a.ipynb")
    error = run(capsys, tmp_path, "--chapter", "circuit", "--out", tmp_path)[2]
    assert "There is no chapter 'circuit'. The chapters are python, circuits," in error
    monkeypatch.setitem(sys.modules, "distributed", None)
    error = run(capsys, tmp_path, "--scheduler", "tcp://127.0.0.1:1", "--out", tmp_path)[2]
    assert "pip install distributed" in error


@pytest.mark.parametrize("option", ["--seconds", "--megabytes", "--jobs"])
@pytest.mark.parametrize("value", ["0", "-1", "many", "nan"])
def test_numbers_that_make_no_sense(capsys, option, value):
    with pytest.raises(SystemExit):
        command.main(["folder", f"{option}={value}"])
    assert f"{value!r} came, a number from " in capsys.readouterr().err


def test_help():
    done = subprocess.run(
        [sys.executable, "-m", "nnutils.mark", "--help"], capture_output=True, text=True, check=True
    )
    for word in ("--chapter", "--seconds", "--megabytes", "--jobs", "--scheduler", "--out"):
        assert word in done.stdout
    assert "no sandbox" in " ".join(done.stdout.split())
