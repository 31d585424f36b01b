"""Notebooks are written whole or not at all, and a stored number that has drifted is found."""

import os
import signal
import subprocess
import sys
import time

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tests.anatomy import ROOT
from tools.notebooks import METADATA, execute, minutes, normalise

# Waits when it is first run, so that it can be interrupted.
WAIT = """
import pathlib, time
begun = pathlib.Path({marker!r})
if not begun.exists():
    begun.touch()
    time.sleep(120)
print("done")
"""


def write(path, *cells):
    nbformat.write(normalise(new_notebook(cells=list(cells), metadata=METADATA)), path)


def interrupt(command, marker, **options):
    """Start a command, and interrupt it as Ctrl+C does when the marker has appeared."""
    process = subprocess.Popen(
        command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        **options,
    )  # fmt: skip
    for _ in range(600):
        if marker.exists() or process.poll() is not None:
            break
        time.sleep(0.1)
    assert marker.exists(), f"{command} did not come to the cell that waits"
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(timeout=60) != 0


def test_an_interrupted_run_leaves_the_old_notebook(tmp_path):
    path, marker = tmp_path / "x.ipynb", tmp_path / "begun"
    write(path, new_code_cell("print(1)"), new_code_cell(WAIT.format(marker=str(marker))))
    before = path.read_bytes()
    code = "import sys; from pathlib import Path; from tools.notebooks import execute; "
    command = [sys.executable, "-c", f"{code} execute(Path(sys.argv[1]))", path]
    interrupt(command, marker, cwd=ROOT)
    assert path.read_bytes() == before
    assert sorted(tmp_path.iterdir()) == sorted([path, marker])
    execute(path)
    cells = nbformat.read(path, as_version=4).cells
    assert [cell.outputs[0].text for cell in cells] == ["1\n", "done\n"]


@pytest.mark.parametrize(("stored", "status"), [("0.5\n", 0), ("0.5001\n", 1)])
def test_a_stored_number_that_has_drifted_is_found(tmp_path, stored, status):
    cell = new_code_cell("print(1 / 2)", outputs=[new_output("stream", text=stored)])
    write(tmp_path / "x.ipynb", cell)
    options = ("-p", "no:cacheprovider", "-W", "default", "--nbval", "--nbval-current-env")
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "x.ipynb"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == status, ran.stdout
    assert ("0.5001" in ran.stdout) == bool(status)


def test_times_follow_one_rule():
    def tagged(source, tag):
        return new_code_cell(source, metadata={"tags": [tag]})

    notebook = new_notebook(
        cells=[
            new_markdown_cell("word " * 2000),  # 10 minutes
            new_code_cell("x = 1\n" * 59 + "x"),  # 4 minutes
            tagged("x = 1\n" * 900, "hide-input"),
            tagged("@knobs(fig)", "hide-input"),  # 1 minute
            new_markdown_cell("## Exercises\n\n" + "word " * 1798),  # 9 minutes
            new_markdown_cell("<details>" + "word " * 2000 + "</details>"),
            tagged("check()", "exercise"),  # 6 minutes
            new_markdown_cell("## Sources and corrections\n\n" + "word " * 2000),
        ]
    )
    assert minutes(notebook) == (15, 15)
