"""Execute every notebook and store what it prints: text only, so that a number cannot drift.

Give names to do only some: ``python tools/notebooks.py circuits``. A notebook is written in one
piece after all its cells have run, so an interruption leaves the old one.
"""

import itertools
import os
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from time import perf_counter

import nbformat
from nbclient import NotebookClient

BOOK = Path(__file__).parents[1] / "book"
TIMES = re.compile(r"\*About \d+ minutes.*?\*")
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def normalise(notebook):
    """Keep of a notebook what its author wrote and what it printed; tell how long it takes."""
    notebook.metadata = nbformat.from_dict(METADATA)
    notebook.nbformat_minor = 5
    runs = itertools.count(1)
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"
        if cell.cell_type == "code":
            cell.execution_count = next(runs)
            cell.metadata.pop("execution", None)
            cell.outputs = _words(cell.outputs)
    times = "*About {} minutes to read, {} for the exercises.*".format(*minutes(notebook))
    for cell in notebook.cells[:4]:
        if cell.cell_type == "markdown":
            cell.source = TIMES.sub(times, cell.source)
    return notebook


def minutes(notebook):
    """Return how long a chapter takes in minutes: (to read, for its exercises).

    A minute for 200 words, 15 lines of code, a knob, or two questions; six for an exercise, and
    30 for a project, which trains on what is given. Folded code, hints, solutions and sources are
    left out. Rounded to five minutes.
    """
    reading = working = 0
    heading = ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            for part in re.split(r"^(?=## )", cell.source, flags=re.M):
                heading = part.partition("\n")[0] if part.startswith("## ") else heading
                words = len(re.sub(r"<details>.*?</details>", "", part, flags=re.S).split())
                if heading == "## Exercises":
                    working += words / 200
                elif heading != "## Sources and corrections":
                    reading += words / 200
        elif "exercise" in cell.metadata.get("tags", ()):
            working += 30 if "projects import given" in cell.source else 6
        elif "@knobs(" in cell.source:
            reading += 1
        elif cell.source.startswith(("guess(", "quiz(")):
            reading += 0.5 if cell.source.startswith("guess(") else 3
        elif "hide-input" not in cell.metadata.get("tags", ()):
            reading += len(cell.source.split("\n")) / 15
    return 5 * round(reading / 5), 5 * round(working / 5)


def _words(outputs):
    """Return what was printed, in one piece, and the words that stand for what was shown."""
    printed = "".join(o.text for o in outputs if o.output_type == "stream")
    shown = [o.data["text/plain"] for o in outputs if "data" in o and "text/plain" in o.data]
    return [nbformat.v4.new_output("stream", text=printed)] * bool(printed) + [
        nbformat.v4.new_output("display_data", data={"text/plain": words}) for words in shown
    ]


def execute(path):
    """Run one notebook and write it back; return the seconds that it took."""
    start = perf_counter()
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=120, resources={"metadata": {"path": BOOK}})
    client.execute()
    store(notebook, path)
    return perf_counter() - start


def store(notebook, path):
    """Write a normalised notebook in one piece: who reads it meanwhile sees the old or the new."""
    new = path.with_suffix(".new")
    nbformat.write(normalise(notebook), new)
    os.replace(new, path)


def main(names):
    """Execute the notebooks two at a time."""
    import_module("matplotlib.font_manager")  # lists the fonts, before a notebook says that it does
    paths = [BOOK / f"{name}.ipynb" for name in names] or sorted(BOOK.glob("*.ipynb"))
    with ThreadPoolExecutor(2) as pool:
        for path, seconds in zip(paths, pool.map(execute, paths)):
            print(f"{path.name}: {seconds:.1f} s", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
