"""Building the book beside running its notebooks

The notebooks are executed three times, one after the other, each in a kernel of its own: as a
reader's "Run all" would do it; the same with every position of every knob drawn, as a page without
Python needs it; and by `jupyter-book build` from an empty cache, which also typesets the formulas
and writes the pages. The build has a copy of the course in a temporary folder, with the
packages from npm already there, so that it does not wait for the network.
"""

import os
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import jupytext
from nbclient import NotebookClient

from benchmarks.report import seconds, short, table

ROOT = Path(__file__).parents[1]
PARTS = ("_config.yml", "_toc.yml", "requirements.txt", "book")
THREADS = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # as in the Makefile


def execute(**settings):
    """Run every notebook, without writing it."""
    book = ROOT / "book"
    for path in [book / "index.md", *book.glob("*.ipynb")]:  # the pages that hold cells
        client = NotebookClient(jupytext.read(path), resources={"metadata": {"path": book}})
        client.execute(env=os.environ | THREADS | settings)


def build(folder):
    """Build the book from what is in a folder; CalledProcessError if it has a fault."""
    tool = Path(sys.executable).with_name("jupyter-book")
    command = [tool, "build", "--all", "-W", "--keep-going", "--quiet", folder]
    subprocess.run(command, check=True, env=os.environ | THREADS, stdout=subprocess.DEVNULL)


def measure():
    """Return the section's table."""
    packages = ROOT / "_build" / "npm"
    if not packages.exists():
        raise FileNotFoundError("Run `make book` first: it fetches KaTeX.")
    with TemporaryDirectory() as folder:
        for part in PARTS:
            copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
            copy(ROOT / part, Path(folder) / part)
        (Path(folder) / "_build").mkdir()
        (Path(folder) / "_build" / "npm").symlink_to(packages)
        ways = {
            "run all notebooks": execute,
            "run them with all knobs drawn": partial(execute, NNUTILS_PAGE="1"),
            "build the book": partial(build, folder),
        }
        times = {way: seconds(work) for way, work in ways.items()}
    bare, *_ = times.values()
    rows = [[way, short(took), short(took / bare)] for way, took in times.items()]
    return ["One run of each.", table(["what", "s", "ratio to running"], rows)]
