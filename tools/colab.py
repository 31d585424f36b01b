"""Lay the chapters out as Colab would open them, so that nbval can execute them there.

Colab has its own versions, and a folder without the course; the setup cell of a chapter fetches
``nnutils``. It runs as it stands, except that the public address of the course is replaced by that
of a copy on this machine.
"""

import json
import os
import shutil
import subprocess
import sysconfig
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from tools.repo import current

ROOT = Path(__file__).parents[1]
COLAB = ROOT / "_build" / "colab"  # Colab's versions, which `make colab` sets up
HOME = ROOT / "_build" / "opened"  # the chapters, each in a folder of its own
SHIPPED = ("nnutils", "pyproject.toml", "README.md", "LICENSE")

# Moves every knob of the pictures to both ends, one at a time, and keeps what is shown.
TURN = """\
# NBVAL_IGNORE_OUTPUT
import json
from pathlib import Path

from ipywidgets import Widget

drawn = []
for box in [w for w in Widget.widgets.values() if type(w).__name__ == "VBox"]:
    *dials, _, screen = box.children
    still, moving = screen.children
    drawn.append([still.value + moving.value])
    for dial in dials:
        start, last = dial.value, len(dial.options) - 1
        for end in (0, last):
            dial.value = end
            drawn[-1].append(still.value + moving.value)
        dial.value = start
Path("turned.json").write_text(json.dumps(drawn))
"""


def copy_course(folder):
    """Make a repository that holds the package as it is here; return its address."""
    folder.mkdir(parents=True)
    for name in SHIPPED:
        take = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        take(ROOT / name, folder / name)
    me = ("-c", "user.name=Test", "-c", "user.email=test@localhost")
    for command in (
        ("init", "--quiet"),
        ("add", "--all"),
        (*me, "commit", "--quiet", "--no-gpg-sign", "--message", "The package"),
    ):
        subprocess.run(["git", *command], cwd=folder, check=True)
    return folder.as_uri()


def make_kernel(home):
    """Describe a kernel that runs Colab's versions, in a folder that Jupyter may look into.

    What pip installs from there goes into a folder of its own. It finds setuptools, to build the
    package with, and nothing else: what the package needs has to be in Colab already.
    """
    assert (COLAB / "ready").exists(), "Colab's versions are not there. Run `make colab` first."
    installed = home / "installed"
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(installed)}))
    packages.mkdir(parents=True)  # Python passes over a folder that appears later
    python = [str(COLAB / "bin" / "python"), "-Xfrozen_modules=off"]
    kernel = {
        "argv": [*python, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": "Colab",
        "language": "python",
        "env": {
            "PYTHONPATH": str(packages),
            "PIP_PREFIX": str(installed),
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(COLAB / "wheels"),
        },
    }
    spec = home / "kernels" / "colab" / "kernel.json"
    spec.parent.mkdir(parents=True)
    spec.write_text(json.dumps(kernel))


def run(notebook, folder):
    """Execute a notebook in a folder, with the kernel that JUPYTER_PATH leads to; return it."""
    where = {"metadata": {"path": str(folder)}}
    NotebookClient(notebook, timeout=120, kernel_name="colab", resources=where).execute()
    return notebook


def read(chapter, address):
    """Return a chapter's notebook with another address of the course."""
    notebook = nbformat.read(ROOT / "book" / f"{chapter}.ipynb", as_version=4)
    setup = notebook.cells[1]
    assert current() in setup.source, f"the setup cell of {chapter} does not name {current()}"
    setup.source = setup.source.replace(current(), address)
    return notebook


def main():
    """Lay out all chapters, and let the first one fetch the package."""
    shutil.rmtree(HOME, ignore_errors=True)
    address = copy_course(HOME / "course")
    make_kernel(HOME)
    chapters = [path.stem for path in sorted((ROOT / "book").glob("*.ipynb"))]
    for chapter in chapters:
        notebook = read(chapter, address)
        notebook.cells.append(new_code_cell(TURN))
        (HOME / chapter).mkdir()
        nbformat.write(notebook, HOME / chapter / f"{chapter}.ipynb")
    os.environ["JUPYTER_PATH"] = str(HOME)
    run(new_notebook(cells=[read(chapters[0], address).cells[1]]), HOME)
    shutil.copy(ROOT / "book" / "conftest.py", HOME)


if __name__ == "__main__":
    main()
