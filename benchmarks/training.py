"""Training steps beside PyTorch and scikit-learn

A step is the forward pass of a batch, the loss, the backward pass and an update by Adam, in
float32, of a network with ReLU between its layers and ten classes. PyTorch runs eagerly, with its
fused Adam. Every library has one thread, and then one for each core. How the ratio changes is most
of what two measurements on two machines differ in: the threads of small products wait for each
other, NumPy's less than PyTorch's. The libraries take turns in blocks of updates. scikit-learn has
no single step to call, so its blocks are calls of `fit`, which check their data once.
"""

import os
import warnings
from contextlib import contextmanager
from functools import partial
from itertools import cycle, islice, repeat
from time import perf_counter

import numpy as np
import torch
from matplotlib import pyplot as plt
from matplotlib.ticker import LogLocator
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

from benchmarks.report import seconds, short, table, take_turns, verdict
from nnutils.activations import relu
from nnutils.initializers import he_normal
from nnutils.losses import cross_entropy
from nnutils.network import mlp
from nnutils.optimizers import Adam
from nnutils.training import steps

ROUNDS = 15
THREADS = sorted({1, os.cpu_count()})
CASES = [  # sizes, samples in a batch, updates in a block, target for our time to PyTorch's
    ((64, 32, 10), 32, 200, 0.2),
    ((64, 128, 10), 128, 100, 0.4),
    ((784, 128, 10), 128, 40, 0.9),
    ((784, 512, 256, 10), 256, 10, 1.05),
]
GROWTH = {  # what grows: how much, sizes, samples in a batch
    "samples in a batch": [(n, (64, 128, 10), n) for n in (1, 4, 16, 64, 256, 1024)],
    "units in the hidden layer": [(n, (64, n, 10), 64) for n in (16, 32, 64, 128, 256, 512)],
    "hidden layers": [(n, (64, *[64] * n, 10), 64) for n in (1, 2, 4, 8, 16, 32)],
}


def batch(sizes, samples):
    """Return a batch of random inputs and labels."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(samples, sizes[0])).astype(np.float32)
    return x, rng.integers(0, sizes[-1], samples)


def network(sizes):
    """Return a network of nnutils."""
    return mlp(sizes, relu, init=he_normal, rng=np.random.default_rng(0), dtype=np.float32)


def ours(sizes, samples):
    """Return a function that makes n updates with nnutils."""
    training = steps(network(sizes), cross_entropy, Adam(0.001), repeat(batch(sizes, samples)))
    return lambda n: list(islice(training, n))


def pytorch(sizes, samples):
    """Return a function that makes n updates with PyTorch."""
    layers = [torch.nn.Linear(*size) for size in zip(sizes, sizes[1:])]
    stack = [part for pair in zip(layers, cycle([torch.nn.ReLU()])) for part in pair][:-1]
    net = torch.nn.Sequential(*stack)
    adam = torch.optim.Adam(net.parameters(), lr=0.001, fused=True)
    x, labels = map(torch.from_numpy, batch(sizes, samples))

    def updates(n):
        for _ in range(n):
            adam.zero_grad()
            torch.nn.functional.cross_entropy(net(x), labels).backward()
            adam.step()

    return updates


def scikit_learn(sizes, samples):
    """Return a function that makes n updates with scikit-learn, an epoch of one batch each."""
    x, labels = batch(sizes, samples)
    labels[: sizes[-1]] = range(sizes[-1])

    def updates(n):
        net = MLPClassifier(
            sizes[1:-1], batch_size=samples, max_iter=n, n_iter_no_change=n, alpha=0.0
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that n epochs are not enough to converge
            net.fit(x, labels)

    return updates


def updates(libraries, sizes, samples, n, rounds):
    """Return (µs an update, ratios of ours to each) of libraries that take turns in blocks of n."""
    runs = [partial(seconds, make(sizes, samples), n) for make in libraries]
    take_turns(runs, 1)
    medians, ratios = take_turns(runs, rounds)
    return medians / n * 1e6, ratios


@contextmanager
def threads_of_all(n):
    """Let PyTorch, and the products of NumPy, have n threads."""
    before = torch.get_num_threads()
    torch.set_num_threads(n)
    with threadpool_limits(n):
        yield
    torch.set_num_threads(before)


def compare():
    """Return the table of the libraries."""
    rows = []
    for sizes, samples, n, target in CASES:
        for threads in THREADS:
            with threads_of_all(threads):
                times, ratios = updates((ours, pytorch, scikit_learn), sizes, samples, n, ROUNDS)
            row = [_name(sizes), samples, threads, *map(short, times), *map(short, ratios[1:])]
            rows.append(row + verdict(ratios[1], target))
    head = ["network", "batch", "threads", "nnutils, µs", "PyTorch, µs", "scikit-learn, µs"]
    head += ["ratio to PyTorch", "to scikit-learn", "target for PyTorch", "result"]
    return table(head, rows)


def profile():
    """Return the table of the share of our step that each part takes."""
    rows = []
    for sizes, samples, n, _ in CASES:
        net, (x, labels), adam = network(sizes), batch(sizes, samples), Adam(0.001)
        state, spent = adam.init(net.theta), np.zeros(4)
        for t in range(1, 5 * n + 1):
            times = [perf_counter()]
            outputs, back = net.forward(x)
            times.append(perf_counter())
            _, d_outputs = cross_entropy(outputs, labels)
            times.append(perf_counter())
            back(d_outputs, False)
            times.append(perf_counter())
            adam.step(net.theta, net.grad, state, t)
            times.append(perf_counter())
            spent += np.diff(times)
        rows.append([_name(sizes), samples, *(f"{share:.0%}" for share in spent / spent.sum())])
    return table(["network", "batch", "forward", "loss", "backward", "Adam"], rows)


def growth():
    """Return the table and the plot of how an update grows with batch, width and depth."""
    fig, axes = plt.subplots(1, 3, figsize=(10, 3.6), sharey=True)
    rows = []
    for (what, points), ax in zip(GROWTH.items(), axes):
        amounts, *_ = zip(*points)
        times, ratios = zip(*(updates((ours, pytorch), *how, 30, 7) for _, *how in points))
        rows += [
            [what, n, *map(short, both), short(ratio)]
            for n, both, (_, ratio) in zip(amounts, times, ratios)
        ]
        for each, style, name in zip(zip(*times), ("o-", "s--"), ("nnutils", "PyTorch")):
            ax.loglog(amounts, each, style, label=name)
        ax.set(xlabel=what, xticks=amounts, xticklabels=amounts)
        ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        ax.yaxis.set_major_formatter("{x:,.0f}")
        ax.minorticks_off()
    axes[0].set(ylabel="µs an update")
    axes[0].legend()
    return table(["what grows", "how much", "nnutils, µs", "PyTorch, µs", "ratio"], rows), fig


def _name(sizes):
    return "-".join(map(str, sizes))


def measure():
    """Return the section's tables and plots."""
    libraries, parts = compare(), profile()
    sizes, fig = growth()
    return [
        f"Medians of {ROUNDS} blocks; a ratio is our time divided by theirs.",
        libraries,
        f"Where the time of our step goes, as in all that follows with {THREADS[-1]} threads:",
        parts,
        "How an update grows: with the batch in 64-128-10, with the width of the hidden layer in "
        "64-units-10 at batch 64, and with the number of hidden layers of 64 units at batch 64. "
        "Medians of 7 blocks of 30 updates:",
        sizes,
        (
            "training",
            fig,
            "Three plots of the time of an update with nnutils and PyTorch, against the samples in "
            "a batch, the units in the hidden layer and the number of hidden layers, all on "
            "logarithmic scales. The numbers are those of the table.",
        ),
    ]
