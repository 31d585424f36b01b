"""Marks the notebooks of a class: who has what right, and what the class misunderstands.

``python -m nnutils.mark FOLDER`` runs the exercises of every notebook, each answer in a process of
its own with limits, and writes a table and a page. ``notebooks`` reads what was handed in,
``runner`` has it run, by ``server`` and ``answers`` in other processes, ``messages`` come back,
``marks`` judges them here, and ``tables`` writes.
"""

import os

from nnutils.exercises import CHAPTERS
from nnutils.mark.marks import row
from nnutils.mark.notebooks import students
from nnutils.mark.runner import Limits, on_cluster, on_cores


def mark(folder, chapters=CHAPTERS, limits=None, jobs=None, scheduler=None):
    """Give the Row of each student in turn, in the order of their names, as it becomes known.

    Parameters
    ----------
    folder : str or Path
        A folder with notebooks, or with a folder for each student; or one notebook.
    chapters : sequence of str
        Chapters whose exercises are marked.
    limits : Limits, optional
        What each answer may take.
    jobs : int, optional
        How many answers run at a time; one for each core if it is not given.
    scheduler : str, optional
        Address of a Dask scheduler, whose workers run the answers instead.

    Raises
    ------
    ValueError
        If the folder holds no notebook, or a chapter or the scheduler does not exist.
    """
    wrong = [chapter for chapter in chapters if chapter not in CHAPTERS]
    if wrong:
        raise ValueError(
            f"There is no chapter {wrong[0]!r}. The chapters are {', '.join(CHAPTERS)}."
        )
    limits = limits or Limits()
    found = students(folder, chapters)
    if scheduler:
        told = on_cluster(found, limits, scheduler)
    else:
        told = on_cores(found, limits, jobs or os.cpu_count() or 1)
    for student, messages in zip(found, told):
        yield row(student, messages)
