"""``python -m nnutils.mark FOLDER``: marks the notebooks of a class."""

import argparse
import sys
from collections import Counter
from pathlib import Path

from nnutils.exercises import CHAPTERS
from nnutils.mark import mark
from nnutils.mark.runner import Limits
from nnutils.mark.tables import counts, page, table

WARNING = """
Limits keep a mistake from costing more than its own row. They are no sandbox: an answer may still
read and delete what you may. Mark the work of people whom you do not trust in a container, as the
page "For teachers" of the course shows.
"""


def parser():
    """Return the parser of the command line."""
    line = argparse.ArgumentParser(
        prog="python -m nnutils.mark",
        description="Run the exercises in the notebooks of a class, and write who has what right, "
        "and which mistakes how many have made, into marks.csv and marks.html.",
        epilog=WARNING,
    )
    line.add_argument("folder", help="the notebooks: *.ipynb, one a student, or a folder for each")
    line.add_argument(
        "--chapter",
        action="append",
        metavar="NAME",
        help="mark only this chapter; may be given several times",
    )
    line.add_argument(
        "--seconds",
        type=_number(float, 0.1, 3600),
        default=10,
        help="time for one answer (default: 10)",
    )
    line.add_argument(
        "--megabytes",
        type=_number(int, 64, 2**20),
        default=1024,
        help="memory for one answer, and size of the files that it writes (default: 1024)",
    )
    line.add_argument(
        "--jobs",
        type=_number(int, 1, 1024),
        help="how many answers run at a time (default: one a core)",
    )
    line.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="run the answers on a Dask cluster, such as tcp://127.0.0.1:8786",
    )
    line.add_argument(
        "--out", default=".", metavar="FOLDER", help="where to write (default: this folder)"
    )
    return line


def main(arguments=None):
    """Mark a class; return what the shell is told."""
    options = parser().parse_args(arguments)
    out = Path(options.out)
    try:
        out.mkdir(parents=True, exist_ok=True)
        rows = _rows(options)
        (out / "marks.csv").write_bytes(b"\xef\xbb\xbf" + table(rows).encode("utf-8", "replace"))
        (out / "marks.html").write_bytes(page(rows).encode("utf-8", "replace"))
    except (OSError, RuntimeError, ValueError) as error:
        print(f"Nothing is marked. {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nStopped. Nothing is written.", file=sys.stderr)
        return 130
    print(_summary(rows))
    print(f"{out / 'marks.csv'} and {out / 'marks.html'} say who has what, and the mistakes.")
    return 0


def _rows(options):
    rows, live = [], sys.stderr.isatty()
    limits = Limits(options.seconds, options.megabytes)
    for row in mark(
        options.folder, options.chapter or CHAPTERS, limits, options.jobs, options.scheduler
    ):
        rows.append(row)
        if live:
            print(f"\r{_many(rows)} marked", end="", file=sys.stderr, flush=True)
    if live:
        print(file=sys.stderr)
    return rows


def _summary(rows):
    total = Counter(mark.word for row in rows for mark in row.marks.values())
    return f"{_many(rows)}: {counts(total) or 'no exercise'}."


def _many(rows):
    return f"{len(rows)} student{'' if len(rows) == 1 else 's'}"


def _number(kind, least, most):
    """Return a function that reads a number between two."""

    def read(text):
        try:
            number = kind(text)
        except ValueError:
            number = None
        if number is None or not least <= number <= most:
            raise argparse.ArgumentTypeError(
                f"{text!r} came, a number from {least} to {most} was expected"
            )
        return number

    return read


if __name__ == "__main__":
    sys.exit(main())
