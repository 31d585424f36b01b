"""One search, four ways to run it: the chapter's blocks on processes, threads and a cluster.

The cluster is real: a scheduler at 127.0.0.1 with two workers, each a process of its own, one of
which is killed in the middle of a search. Every number has to be that of the plain list.
"""

import os
import re
import signal
import time
from pathlib import Path

import nbformat
import numpy as np
import pytest

pytestmark = [
    pytest.mark.peers,
    pytest.mark.processes,
    # What the cluster says about its own closing is no fault of a search.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning"),
]
CHAPTER = Path(__file__).parents[1] / "book" / "search.ipynb"
CELLS = nbformat.read(CHAPTER, as_version=4).cells
NEEDED = (  # how the cells begin that the search stands on, in their order
    "from nnutils import data\n",
    "def trained(",
    "order = np.random.default_rng(0).permutation(len(x))",
    "order = np.random.default_rng(0).permutation(14)",
    "import copy\n",
    "settings = [{",
)
IMPORTS = "from nnutils.search import draw, halving\nforms = data.writers()\n"


def block(beginning):
    """Return the block of the chapter's text that begins like this."""
    text = "\n\n".join(cell.source for cell in CELLS if cell.cell_type == "markdown")
    return re.search(rf"```python\n({re.escape(beginning)}.*?)```", text, re.S)[1]


@pytest.fixture(scope="module")
def chapter():
    """Return the names of the chapter after its plain list, and the lines that it printed.

    As in a notebook, they belong to ``__main__``: so they are sent to workers by their source.
    """
    names = {"np": np, "__name__": "__main__"}
    for beginning in NEEDED:
        (cell,) = (c for c in CELLS if c.cell_type == "code" and c.source.startswith(beginning))
        exec(cell.source, names)
        if beginning.startswith("order = np.random.default_rng(0).permutation(len"):
            exec(IMPORTS, names)
    return names, cell.outputs[0].text


@pytest.fixture(scope="module")
def cluster():
    """Yield a cluster of two workers with its scheduler at 127.0.0.1."""
    from dask import config
    from distributed import LocalCluster

    # Workers start in processes of their own, which find nnutils where this one does.
    quiet = {"distributed.logging.distributed": "critical", "distributed.admin.tick.limit": "1h"}
    with (
        config.set(quiet),
        LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",  # any port that is free
            silence_logs="CRITICAL",
        ) as started,
    ):
        yield started


def lines(capsys):
    return capsys.readouterr().out.splitlines()


def test_the_plain_list_is_as_the_notebook_stores_it(chapter):
    names, printed = chapter
    assert f"sum of all losses: {sum(names['losses']):.10f}" in printed
    assert len(set(names["losses"])) == len(names["settings"]) == 12


def test_all_cores_with_joblib_as_shown(chapter, capsys):
    names, printed = dict(chapter[0]), chapter[1]
    expected = names.pop("losses")
    exec(block("from joblib import Parallel"), names)
    assert lines(capsys) == printed.splitlines()
    assert names["losses"] == expected


def test_threads_give_the_same(chapter):
    from joblib import Parallel, delayed

    names, _ = chapter
    calls = (delayed(names["trial"])(setting, names["parts"]) for setting in names["settings"])
    assert Parallel(n_jobs=2, prefer="threads")(calls) == names["losses"]


def test_halving_on_all_cores_as_shown(chapter, capsys):
    names = dict(chapter[0])
    exec("from joblib import Parallel, delayed", names)
    exec(block("def on_all_cores"), names)
    told = lines(capsys)
    states = [names["begin"](seed) for seed in range(9)]
    assert told == [
        f"{len(results)} trials: best loss {results[0][0]:.6f}"
        for results in names["halving"](names["go_on"], states, 3, 3)
    ]


def test_many_machines_with_dask_as_shown(chapter, cluster, capsys):
    names, printed = dict(chapter[0]), chapter[1]
    expected = names.pop("losses")
    names["address"] = cluster.scheduler_address
    assert names["address"].startswith("tcp://127.0.0.1:")
    exec(block("from joblib import Parallel"), names)
    capsys.readouterr()
    exec(block("from dask.distributed import Client"), names)
    seen = capsys.readouterr()
    names["client"].close()
    assert seen.out.splitlines() == ["True", *printed.splitlines()]
    assert names["losses"] == names["by_joblib"] == expected
    assert "12/12" in seen.err  # the bar came to its end
    assert f"lowest={min(expected):.4f}" in seen.err


def test_halving_on_the_cluster(chapter, cluster):
    from distributed import Client

    names, _ = chapter
    with Client(cluster.scheduler_address) as client:

        def on_the_cluster(function, *lists):
            return client.gather(client.map(function, *lists, pure=False))

        states = [names["begin"](seed) for seed in range(9)]
        ours, its = (
            [[loss for loss, _ in results] for results in names["halving"](*how)]
            for how in (
                (names["go_on"], states, 3, 3),
                (names["go_on"], states, 3, 3, on_the_cluster),
            )
        )
    assert ours == its


def test_a_trial_that_fails_raises_here(chapter, cluster):
    from distributed import Client

    names, _ = chapter
    broken = {**names["settings"][0], "rate": -1.0}
    with Client(cluster.scheduler_address) as client:
        shared = client.scatter(names["parts"], broadcast=True)
        jobs = client.map(names["trial"], [broken], parts=shared)
        with pytest.raises(ValueError, match="learning_rate of Adam has to be above 0"):
            client.gather(jobs)


def test_a_worker_killed_in_the_middle_changes_no_number(chapter, cluster):
    from distributed import Client, as_completed

    names, _ = chapter
    slow = names["trial"]

    def trial_with_a_rest(setting, parts):
        time.sleep(0.3)  # so that the search is still under way when the worker dies
        return slow(setting, parts)

    with Client(cluster.scheduler_address) as client:
        client.wait_for_workers(2, timeout=60)
        processes = client.run(os.getpid)
        assert len(set(processes.values())) == 2
        shared = client.scatter(names["parts"], broadcast=True)
        jobs = client.map(trial_with_a_rest, names["settings"], parts=shared)
        arrived = as_completed(jobs)
        for _ in range(3):
            next(arrived)
        waiting = sum(not job.done() for job in jobs)
        os.kill(next(iter(processes.values())), signal.SIGKILL)
        rest = list(arrived)
        assert client.gather(jobs) == names["losses"]
        assert len(rest) >= waiting > 3  # what was lost with the worker may come twice
        client.wait_for_workers(2, timeout=60)
        assert set(client.run(os.getpid).values()) != set(processes.values())
