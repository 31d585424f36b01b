"""One search on one core, on all cores and on a cluster

A search is a map of a pure function, the trial, over settings. It runs as a plain list, with joblib
in processes (loky) and in threads, and on a Dask cluster of as many workers as there are cores, on
this machine: by joblib's Dask backend with the data scattered, and by `client.map`. All five have
to give the same list of losses before the clock starts. Every process has one thread for its matrix
products.

- The search is that of the chapter *search*: networks for the digits, at random settings.
- *Starting* is what it takes before the first trial: processes of loky, or scheduler and workers.
- *Empty trials* return their setting at once, so that what is left is handing them out.
- Then trials of a given length are computed, all of one size, and each way is divided by the plain
  list. A way *pays* from the shortest length on from which it takes less time, starting left out.
"""

import os
from functools import partial
from time import perf_counter

import numpy as np
from dask import config
from distributed import Client, LocalCluster
from joblib import Parallel, delayed, parallel_config
from joblib.externals.loky import get_reusable_executor

from benchmarks.report import seconds, short, table, take_turns
from nnutils.activations import relu
from nnutils.data import digits
from nnutils.initializers import he_normal
from nnutils.losses import cross_entropy
from nnutils.network import mlp
from nnutils.optimizers import Adam
from nnutils.search import draw
from nnutils.training import train

CORES = os.cpu_count()
SEARCH = 24  # trials of the search
EMPTY = 300
ROUNDS = 5
LENGTHS = (0.0001, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3)  # of a trial, in seconds
WHOLE = 1.2  # seconds that a plain list of such trials takes, unless it has the most or fewest
THREADS = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


def data():
    """Return 600 pictures to train on and 390 to judge by, each with its labels."""
    images, labels = digits()
    x = images.reshape(-1, 64) / 8 - 1
    return (x[:600], labels[:600]), (x[600:990], labels[600:990])


def trial(setting, parts):
    """Train with a setting; return the loss of the second part."""
    training, validation = parts
    rng = np.random.default_rng(setting["seed"])
    net = mlp([64, round(setting["units"]), 10], relu, init=he_normal, rng=rng)
    how = {"epochs": 10, "batch_size": 64, "l2": setting["l2"], "progress": False}
    train(net, training, cross_entropy, Adam(setting["rate"]), rng=rng, **how)
    return cross_entropy(net(validation[0]), validation[1])[0]


def empty(setting, parts):
    """Return the setting."""
    return setting


def busy(amount, parts):
    """Work for an amount of small matrix products, which no other trial can share."""
    matrix = np.eye(32)
    for _ in range(amount):
        matrix = matrix @ matrix
    return float(matrix[0, 0])


def settings():
    """Return the settings of the search."""
    ranges = {"rate": (0.001, 0.1), "units": (8, 128), "l2": (1e-5, 0.1)}
    return [{"seed": seed, **draw(np.random.default_rng(seed), **ranges)} for seed in range(SEARCH)]


def plain(function, given, parts):
    """Return what the function gives for each."""
    return [function(one, parts) for one in given]


def by_joblib(prefer, function, given, parts):
    """The same, in processes or threads."""
    return Parallel(n_jobs=CORES, prefer=prefer)(delayed(function)(one, parts) for one in given)


def by_backend(function, given, parts):
    """The same, on the cluster by joblib."""
    with parallel_config(backend="dask", scatter=[parts]):
        return Parallel()(delayed(function)(one, parts) for one in given)


def by_client(client, function, given, parts):
    """The same, on the cluster by Dask itself."""
    shared = client.scatter(parts, broadcast=True)
    return client.gather(client.map(function, given, parts=shared, pure=False))


def ways(client):
    """Return all ways by name, the plain list first."""
    return {
        "plain list": plain,
        "joblib, processes": partial(by_joblib, "processes"),
        "joblib, threads": partial(by_joblib, "threads"),
        "Dask by joblib": by_backend,
        "Dask by client.map": partial(by_client, client),
    }


def amount_for(length):
    """Return how many products take about that many seconds."""
    some = 2000
    once = min(seconds(busy, some, None) for _ in range(5))
    return max(1, round(some * length / once))


def compare(how, function, given, parts):
    """Return (medians in seconds, median times of each divided by those of the first)."""
    runs = [partial(seconds, way, function, given, parts) for way in how.values()]
    take_turns(runs, 1)
    times, ratios = take_turns(runs, ROUNDS)
    return times, 1 / ratios


def growth(how, parts):
    """Return the table over lengths, and from which length on each way pays."""
    rows, pays = [], dict.fromkeys(list(how)[1:])
    for length in LENGTHS:
        n = int(np.clip(WHOLE / length, 2 * CORES, EMPTY))
        times, ratios = compare(how, busy, [amount_for(length)] * n, parts)
        rows.append([f"{length * 1000:g} ms", n, *map(short, times), *map(short, ratios[1:])])
        for name, ratio in zip(pays, ratios[1:]):
            pays[name] = None if ratio >= 1 else pays[name] or length
    names = list(how)[1:]
    head = ["a trial", "trials", "plain list, s", *(f"{name}, s" for name in names)]
    found = [
        [name, f"{pays[name] * 1000:g} ms" if pays[name] else "none of these"] for name in pays
    ]
    return table(head + [f"ratio, {name}" for name in names], rows), table(
        ["way", "pays from a trial of"], found
    )


def measure():
    """Return the section's tables."""
    parts = data()
    before = {name: os.environ.get(name) for name in THREADS}
    os.environ.update(THREADS)  # for the processes that are started from here on
    try:
        return _measure(parts)
    finally:
        get_reusable_executor().shutdown(wait=True)
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


def _measure(parts):
    starts = {}
    get_reusable_executor().shutdown(wait=True)
    starts["processes of joblib"] = seconds(by_joblib, "processes", empty, [0] * CORES, None)
    begin = perf_counter()
    with (
        config.set({"distributed.logging.distributed": "critical"}),
        LocalCluster(
            n_workers=CORES,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",  # any port that is free
            silence_logs="CRITICAL",
        ) as cluster,
        Client(cluster.scheduler_address) as client,
    ):
        client.gather(client.map(empty, range(CORES), parts=None, pure=False))
        starts["scheduler and workers of Dask"] = perf_counter() - begin
        how, tried = ways(client), settings()
        results = [way(trial, tried, parts) for way in how.values()]
        if any(result != results[0] for result in results):
            raise ValueError("The ways do not give the same losses.")
        searched, faster = compare(how, trial, tried, parts)
        handed, _ = compare(how, empty, list(range(EMPTY)), parts)
        lengths, pays = growth(how, parts)
    size = sum(array.nbytes for part in parts for array in part) / 1e6
    rows = [
        [name, short(whole), short(ratio), short(1000 * each / EMPTY)]
        for name, whole, ratio, each in zip(how, searched, faster, handed)
    ]
    return [
        f"Medians of {ROUNDS} rounds on {CORES} cores; a ratio is the time divided by that of "
        f"the plain list: below 1 a way is faster. The data are {size:.1f} MB.",
        table(["what starts", "s"], [[name, short(time)] for name, time in starts.items()]),
        f"The search of {SEARCH} trials, and {EMPTY} empty trials:",
        table(["way", "search, s", "ratio", "an empty trial, ms"], rows),
        "Trials of a given length:",
        lengths,
        pays,
    ]
