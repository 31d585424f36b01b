"""Training steps: nnutils beside PyTorch and scikit-learn, in one run.

A step is the forward pass of a batch, the loss, the backward pass and an update by Adam, in
float32, of a network with ReLU between its layers and ten classes. PyTorch runs eagerly, with its
fused Adam. The libraries take turns in blocks of updates; a row gives the median over the blocks.
scikit-learn has no single step to call, so its blocks are calls of ``fit``, which check their data
once. The last tables say where our time goes, and how it grows with the batch and the width.
"""

import platform
import warnings
from itertools import cycle, islice, repeat
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np
import sklearn
import torch
from matplotlib import pyplot as plt
from sklearn.neural_network import MLPClassifier

from nnutils.activations import relu
from nnutils.initializers import he_normal
from nnutils.losses import cross_entropy
from nnutils.network import mlp
from nnutils.optimizers import Adam
from nnutils.training import steps

ROUNDS = 15
CASES = [  # sizes, samples in a batch, updates in a block
    ((64, 32, 10), 32, 200),
    ((64, 128, 10), 128, 100),
    ((784, 128, 10), 128, 40),
    ((784, 512, 256, 10), 256, 10),
]
FOLDER = Path(__file__).parent


def batch(sizes, samples):
    """Return a batch of random inputs and labels."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(samples, sizes[0])).astype(np.float32)
    return x, rng.integers(0, sizes[-1], samples)


def ours(sizes, samples):
    """Return a function that makes n updates with nnutils."""
    net = mlp(sizes, relu, init=he_normal, rng=np.random.default_rng(0), dtype=np.float32)
    training = steps(net, cross_entropy, Adam(0.001), repeat(batch(sizes, samples)))
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


def seconds(updates, n):
    """Return how long an update takes, in a block of n."""
    start = perf_counter()
    updates(n)
    return (perf_counter() - start) / n


def compare():
    """Print the table of the libraries."""
    print(f"{'network':<18}{'batch':>6}{'nnutils':>11}{'PyTorch':>11}{'ratio':>7}", end="")
    print(f"{'scikit-learn':>14}{'ratio':>7}   (µs an update)")
    for sizes, samples, n in CASES:
        runs = [make(sizes, samples) for make in (ours, pytorch, scikit_learn)]
        for run in runs:
            seconds(run, n)
        mine, theirs, others = zip(*([seconds(run, n) for run in runs] for _ in range(ROUNDS)))
        ratio, other = (median(a / b for a, b in zip(mine, peer)) for peer in (theirs, others))
        print(
            f"{'-'.join(map(str, sizes)):<18}{samples:>6}{median(mine) * 1e6:>11.0f}"
            f"{median(theirs) * 1e6:>11.0f}{ratio:>7.2f}{median(others) * 1e6:>14.0f}{other:>7.2f}"
        )


def profile():
    """Print which share of our step each part takes."""
    print(f"\n{'network':<18}{'batch':>6}{'forward':>9}{'loss':>7}{'backward':>10}{'Adam':>7}")
    for sizes, samples, n in CASES:
        net = mlp(sizes, relu, init=he_normal, rng=np.random.default_rng(0), dtype=np.float32)
        (x, labels), adam = batch(sizes, samples), Adam(0.001)
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
        shares = "".join(f"{s:>{w}.0%}" for s, w in zip(spent / spent.sum(), (9, 7, 10, 7)))
        print(f"{'-'.join(map(str, sizes)):<18}{samples:>6}{shares}")


def growth():
    """Print and plot how the time of an update grows with the batch and with the width."""
    batches, widths = (1, 4, 16, 64, 256, 1024), (16, 32, 64, 128, 256, 512)
    rows = {
        "samples in a batch, 64-128-10": [(b, (64, 128, 10), b) for b in batches],
        "hidden units, 64-units-10, batch 64": [(w, (64, w, 10), 64) for w in widths],
    }
    fig, axes = plt.subplots(1, 2, figsize=(8, 3.4), sharey=True, layout="constrained")
    for (label, points), ax in zip(rows.items(), axes):
        print(f"\n{label}")
        for make, style in ((ours, "o-"), (pytorch, "s--")):
            times = []
            for _, sizes, samples in points:
                run = make(sizes, samples)
                seconds(run, 20)
                times.append(median(seconds(run, 30) for _ in range(7)) * 1e6)
            name = "nnutils" if make is ours else "PyTorch"
            print(
                f"  {name:<9}" + "".join(f"{x:>7}: {t:<6.0f}" for (x, *_), t in zip(points, times))
            )
            ax.loglog([x for x, *_ in points], times, style, label=name)
        ax.set(xlabel=label)
    axes[0].set(ylabel="µs an update")
    axes[0].legend()
    fig.savefig(FOLDER / "training.svg", metadata={"Date": None})


def main():
    """Print all tables."""
    print(
        f"Python {platform.python_version()}, NumPy {np.__version__}, PyTorch {torch.__version__}, "
        f"scikit-learn {sklearn.__version__}, {platform.machine()}, {torch.get_num_threads()} "
        f"threads, median of {ROUNDS} blocks\n"
    )
    compare()
    profile()
    growth()


if __name__ == "__main__":
    main()
