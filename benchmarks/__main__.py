"""Time nnutils and the book beside their peers, and write what came out into README.md.

``python -m benchmarks`` runs every part. With names of parts, ``python -m benchmarks circuits``, it
runs only those, prints their tables and writes nothing: what is written comes from one run.
"""

import os
import platform
import re
import sys
from datetime import date
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from time import perf_counter

from nnutils import plots

HERE = Path(__file__).parent
PARTS = ("circuits", "training", "layers", "search", "live", "book", "pages", "page", "marking")
PACKAGES = (
    *("numpy", "micrograd", "autograd", "torch", "scikit-learn"),
    *("joblib", "dask", "distributed"),
    *("matplotlib", "ipywidgets", "ipykernel", "nbclient", "jupyter-book"),
)
TOP = """# Benchmarks

`make bench` runs nnutils and the book beside their peers and writes this page. To run one part
alone, which prints its tables and writes nothing: `.venv/bin/python -m benchmarks circuits`, or
`training`, `layers`, `search`, `live`, `book`, `pages`, `page`, `marking`.

All times are medians, if nothing else is said. A ratio is the median over all rounds of our time
divided by that of the peer: below 1 we are faster. A target is the largest ratio that we want;
whether it was met is worked out by the run, too. Times depend on the machine, and on what else it
does. So look at the ratios first, and at the load, which is near 0 on a quiet machine.

| | |
| --- | --- |
| date | {date} |
| processor | {processor}, {cores} cores |
| system | {system} |
| load in the minute before | {load:.1f} |
| time for everything | {minutes:.0f} minutes |
| Python | {python} |
{versions}
"""


def processor():
    """Return the name of the processor."""
    told = Path("/proc/cpuinfo")
    names = re.findall(r"^model name\s*: (.*)", told.read_text(), re.M) if told.exists() else []
    return names[0] if names else platform.processor()


def section(name, save):
    """Run a part; return its section of the page."""
    part = import_module(f"benchmarks.{name}")
    pieces = ["## " + part.__doc__.rstrip()]
    for piece in part.measure():
        if not isinstance(piece, str):
            plot, fig, words = piece
            if save:
                fig.savefig(HERE / f"{plot}.svg", metadata={"Date": None})
            piece = f"![{words}]({plot}.svg)"
        pieces.append(piece)
    return "\n\n".join(pieces) + "\n"


def main(names):
    """Run all parts and write the page, or print the parts that are named."""
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        sys.exit(f"There is no part {unknown[0]!r}. The parts are {', '.join(PARTS)}.")
    load, start = os.getloadavg()[0], perf_counter()
    plots.use_style()
    sections = []
    for name in names or PARTS:
        sections.append(section(name, save=not names))
        print(sections[-1], flush=True)
    if names:
        return
    top = TOP.format(
        date=date.today(),
        processor=processor(),
        cores=os.cpu_count(),
        system=f"{platform.system()} {platform.machine()}",
        load=load,
        minutes=(perf_counter() - start) / 60,
        python=platform.python_version(),
        versions="\n".join(f"| {package} | {version(package)} |" for package in PACKAGES),
    )
    (HERE / "README.md").write_text("\n".join([top, *sections]))


if __name__ == "__main__":
    main(sys.argv[1:])
