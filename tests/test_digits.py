"""What *Reading digits* promises: how often its network is right, how fast, and like PyTorch."""

import math
import re
from pathlib import Path
from time import thread_time

import nbformat
import numpy as np
import pytest

from nnutils.activations import relu
from nnutils.data import batches, digits, split
from nnutils.initializers import he_normal, zeros
from nnutils.losses import cross_entropy
from nnutils.network import mlp
from nnutils.numerics import softmax
from nnutils.optimizers import Adam
from nnutils.training import steps, train

CHAPTER = Path(__file__).parents[1] / "book" / "digits.ipynb"


def parts():
    """Return training, validation and test part, normalised with numbers of the first."""
    images, labels = digits()
    rng = np.random.default_rng(0)
    rest, test = split(images.reshape(-1, 64), labels, share=0.2, rng=rng)
    training, validation = split(*rest, share=0.2, rng=rng)
    mean, std = training[0].mean(), training[0].std()
    return [((x - mean) / std, labels) for x, labels in (training, validation, test)]


def accuracy(net, x, labels):
    return np.mean(np.argmax(net(x), axis=1) == labels)


def written(name):
    """Return a function of the chapter, as it stands in the notebook."""
    cells = nbformat.read(CHAPTER, as_version=4).cells
    source = next(c.source for c in cells if c.source.startswith(f"def {name}("))
    names = {
        "np": np,
        "math": math,
        "batches": batches,
        "steps": steps,
        "cross_entropy": cross_entropy,
    }
    exec(re.match(r"def .*\n(?:(?: .*)?\n?)*", source)[0], names)
    return names[name], names


def test_five_networks_read_97_percent_in_ten_seconds_and_beat_the_baseline():
    training, validation, test = parts()
    fit, names = written("fit")
    names |= {"training": training, "validation": validation}
    scores = []
    start = thread_time()  # of this thread alone, so that a busy machine does not count
    for seed in range(5):
        rng = np.random.default_rng(seed)
        net = mlp([64, 128, 10], relu, init=he_normal, rng=rng)
        kept, stopped = fit(net, Adam(0.01), rng)
        assert stopped == kept + 5 < 100
        scores.append(accuracy(net, *test))
    assert thread_time() - start < 10
    assert min(scores) > 0.97

    rng = np.random.default_rng(0)
    baseline = mlp([64, 10], relu, init=zeros, rng=rng)
    train(
        baseline,
        training,
        cross_entropy,
        Adam(0.01),
        epochs=30,
        batch_size=64,
        rng=rng,
        progress=False,
    )
    assert 0.9 < accuracy(baseline, *test) < min(scores)


def test_fit_goes_back_to_the_best_epoch():
    training, validation, _ = parts()
    fit, names = written("fit")
    names |= {"training": training, "validation": validation}
    rng = np.random.default_rng(3)
    net = mlp([64, 16, 10], relu, init=he_normal, rng=rng)
    kept, _ = fit(net, Adam(0.03), rng, patience=3)
    found = cross_entropy(net(validation[0]), validation[1])[0]

    rng = np.random.default_rng(3)
    again = mlp([64, 16, 10], relu, init=he_normal, rng=rng)
    seen = train(
        again,
        training,
        cross_entropy,
        Adam(0.03),
        epochs=kept,
        batch_size=64,
        rng=rng,
        valid=validation,
        progress=False,
    )
    assert min(seen.valid) == seen.valid[-1] == found
    assert (again.theta == net.theta).all()


@pytest.mark.peers
def test_the_twin_in_pytorch_takes_the_same_200_steps(capsys):
    cells = nbformat.read(CHAPTER, as_version=4).cells
    text = "\n\n".join(c.source for c in cells)
    twin = re.search(r"```python\n(import torch\n.*?)```", text, re.DOTALL)[1]
    (own,) = (c for c in cells if c.cell_type == "code" and "][:200]" in c.source)
    training, _, _ = parts()
    names = {"np": np, "mlp": mlp, "relu": relu, "he_normal": he_normal, "batches": batches}
    names |= {"steps": steps, "cross_entropy": cross_entropy, "Adam": Adam, "training": training}
    exec(own.source, names)
    printed = capsys.readouterr().out
    assert printed == own.outputs[0].text
    net, start, trained = names["net"], names["start"], names["net"].theta.copy()
    assert len(names["stream"]) == 200
    assert np.abs(trained - start).max() > 0.1

    exec(twin, names)
    assert capsys.readouterr().out == printed
    net.theta = trained
    for ours, theirs in zip(net.layers[::2], names["twin"][::2]):
        np.testing.assert_allclose(ours.weights.T, theirs.weight.detach(), rtol=0, atol=1e-8)
        np.testing.assert_allclose(ours.biases, theirs.bias.detach(), rtol=0, atol=1e-8)


def on_probabilities(logits, labels):
    """Return what comes of probabilities that are taken for logits, and its slopes."""
    p = softmax(logits, axis=1)
    loss, slopes = cross_entropy(p, labels)
    return loss, p * (slopes - np.sum(slopes * p, axis=1, keepdims=True))


@pytest.mark.parametrize("copy", ["A", "B", "C", "D"])
def test_the_retyped_listings_print_what_the_exercise_says(copy):
    text = "\n".join(c.source for c in nbformat.read(CHAPTER, as_version=4).cells)
    *losses, right = map(
        float, re.search(rf"^\| {copy} \|(.* 1?\d+) % \|$", text, re.M)[1].split("|")
    )
    training, rng = parts()[0], np.random.default_rng(0)
    net = mlp([64, 128, 10], relu, init=he_normal, rng=rng)
    stream = [batch for _ in range(12) for batch in batches(*training, size=64, rng=rng)][:200]
    if copy == "A":  # PyTorch starts between minus and plus one over the root of the fan-in
        own = np.random.default_rng(5)
        for layer in net.layers[::2]:
            layer.theta[:] = own.uniform(-1, 1, layer.theta.size) / layer.n_in**0.5
    optimizer, grad, printed = Adam(1 if copy == "D" else 0.01), 0, []
    state, theta = optimizer.init(net.theta), net.theta.copy()
    for t, batch in enumerate(stream, start=1):
        loss = net.loss_and_grad(*batch, on_probabilities if copy == "C" else cross_entropy)
        printed += [loss] * (t in (1, 100, 200))
        grad = net.grad + (grad if copy == "B" else 0)
        optimizer.step(theta, grad, state, t)
        net.theta = theta
    assert printed == pytest.approx(losses, rel=0.1)
    assert 100 * accuracy(net, *training) == pytest.approx(right, abs=5)
