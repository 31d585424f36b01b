"""Layers of networks in the wild beside PyTorch

Forward and backward of one layer in float32, with the slopes of its weights and of its inputs, and
the whole training step (forward, loss, backward, Adam) of a small convolutional network and a small
transformer. Both libraries have one thread and take turns in blocks. PyTorch runs eagerly, with its
own layouts: pictures are (samples, channels, height, width) for it, attention is its fused
`scaled_dot_product_attention`, Adam its fused one.
"""

from functools import partial
from itertools import islice, repeat

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from benchmarks.report import seconds, short, table, take_turns, verdict
from benchmarks.training import threads_of_all
from nnutils.activations import relu
from nnutils.attention import Attend, LayerNorm
from nnutils.convolution import Conv2D, Everywhere, MaxPool
from nnutils.initializers import he_normal, lecun_normal
from nnutils.layers import Dense
from nnutils.losses import cross_entropy
from nnutils.network import Network, transformer
from nnutils.optimizers import Adam
from nnutils.recurrent import LSTM, RNN
from nnutils.training import steps

ROUNDS, BLOCK = 15, 5


def float32(rng, n_in, n_out):
    """Draw weights as PyTorch holds them."""
    return lecun_normal(rng, n_in, n_out).astype(np.float32)


def numbers(*shape):
    """Return random inputs."""
    return np.random.default_rng(0).normal(size=shape).astype(np.float32)


def ours(layer, x):
    """Return a function that runs a layer of nnutils there and back, n times."""
    y, _ = layer.forward(x)
    d_y = numbers(*y.shape)

    def both_ways(n):
        for _ in range(n):
            layer.forward(x)[1](d_y)

    return both_ways


def theirs(function, x):
    """Return a function that runs a function of PyTorch there and back, n times."""
    x = torch.from_numpy(x).requires_grad_()
    y = function(x)
    d_y = torch.ones_like(y)
    weights = list(function.parameters()) if isinstance(function, nn.Module) else []

    def both_ways(n):
        for _ in range(n):
            torch.autograd.grad(function(x), [x, *weights], d_y)

    return both_ways


def channels_first(x):
    """Return pictures as PyTorch wants them."""
    return np.ascontiguousarray(x.transpose(0, 3, 1, 2))


def first(recurrent):
    """Return the outputs of a recurrent layer of PyTorch without its last state."""

    class First(nn.Module):
        def __init__(self):
            super().__init__()
            self.inside = recurrent

        def forward(self, x):
            return self.inside(x)[0]

    return First()


def looked_up(heads, x):
    """Return what causal attention of PyTorch makes of queries, keys and values side by side."""
    samples, places, wide = x.shape
    parts = x.view(samples, places, 3, heads, wide // 3 // heads).permute(2, 0, 3, 1, 4)
    y = functional.scaled_dot_product_attention(*parts, is_causal=True)
    return y.transpose(1, 2).reshape(samples, places, wide // 3)


def cases():
    """Yield (name, ours, theirs, target) of single layers."""
    for n_in, n_out, size, samples, side in (
        (1, 8, 3, 64, 12), (8, 16, 3, 64, 12), (16, 32, 3, 64, 6), (6, 16, 5, 64, 14)
    ):  # fmt: skip
        x = numbers(samples, side, side, n_in)
        yield (
            f"convolution {size} × {size}, {n_in} to {n_out}, {samples} × {side} × {side}",
            ours(Conv2D(n_in, n_out, size, float32, rng=np.random.default_rng(0)), x),
            theirs(nn.Conv2d(n_in, n_out, size), channels_first(x)),
            1.3,
        )
    x = numbers(64, 12, 12, 16)
    pool = partial(functional.max_pool2d, kernel_size=2)
    yield (
        "largest of 2 × 2, 64 × 12 × 12 × 16",
        ours(MaxPool(2), x),
        theirs(pool, channels_first(x)),
        1.3,
    )
    for n_in, n_out, samples, moments in ((16, 64, 32, 40), (32, 128, 64, 20)):
        x, rng = numbers(samples, moments, n_in), np.random.default_rng(0)
        for layer, peer, target in ((RNN, nn.RNN, 0.5), (LSTM, nn.LSTM, 1.5)):
            yield (
                f"{layer.__name__}, {n_in} to {n_out}, {samples} × {moments}",
                ours(layer(n_in, n_out, float32, rng=rng), x),
                theirs(first(peer(n_in, n_out, batch_first=True)), x),
                target,
            )
    x = numbers(64, 16, 32)
    yield (
        "LayerNorm, 64 × 16 × 32",
        ours(LayerNorm(32, dtype=np.float32), x),
        theirs(nn.LayerNorm(32), x),
        1.3,
    )
    for samples, places, n, heads in ((64, 16, 32, 1), (32, 64, 64, 4)):
        yield (
            f"causal attention, {samples} × {places} × {n}, heads: {heads}",
            ours(Attend(n, heads, causal=True), numbers(samples, places, 3 * n)),
            theirs(partial(looked_up, heads), numbers(samples, places, 3 * n)),
            1.3,
        )


def our_steps(net, x, targets):
    """Return a function that makes n updates with nnutils."""
    training = steps(net, cross_entropy, Adam(0.001), repeat((x, targets)))
    return lambda n: list(islice(training, n))


def their_steps(net, x, targets):
    """Return a function that makes n updates with PyTorch."""
    adam = torch.optim.Adam(net.parameters(), lr=0.001, fused=True)
    x, targets = torch.from_numpy(x), torch.from_numpy(targets).flatten()

    def updates(n):
        for _ in range(n):
            adam.zero_grad()
            logits = net(x)
            functional.cross_entropy(logits.reshape(-1, logits.shape[-1]), targets).backward()
            adam.step()

    return updates


class Block(nn.Module):
    """The two halves of a block of a transformer in PyTorch, each added to what it reads."""

    def __init__(self, n, heads):
        super().__init__()
        self.look = nn.Sequential(nn.LayerNorm(n), nn.Linear(n, 3 * n))
        self.out, self.heads = nn.Linear(n, n), heads
        self.think = nn.Sequential(
            nn.LayerNorm(n), nn.Linear(n, 4 * n), nn.ReLU(), nn.Linear(4 * n, n)
        )

    def forward(self, x):
        x = x + self.out(looked_up(self.heads, self.look(x)))
        return x + self.think(x)


class Transformer(nn.Module):
    """What ``nnutils.network.transformer`` makes, in PyTorch."""

    def __init__(self, vocabulary, length, n, depth, heads):
        super().__init__()
        self.symbols, self.places = nn.Embedding(vocabulary, n), nn.Embedding(length, n)
        self.blocks = nn.Sequential(*(Block(n, heads) for _ in range(depth)))
        self.out = nn.Sequential(nn.LayerNorm(n), nn.Linear(n, vocabulary))

    def forward(self, x):
        places = self.places.weight[: x.shape[1]]
        return self.out(self.blocks(self.symbols(x) + places))


def networks():
    """Yield (name, ours, theirs, target) of whole training steps."""
    rng = np.random.default_rng(0)

    def he(rng, n_in, n_out):
        return he_normal(rng, n_in, n_out).astype(np.float32)

    x, labels = numbers(32, 14, 14, 1), rng.integers(0, 10, 32)
    yield (
        "CNN, 1 to 8 to 16, 32 × 14 × 14",
        our_steps(
            Network(
                Conv2D(1, 8, 3, he, rng=rng), relu, MaxPool(2), Conv2D(8, 16, 3, he, rng=rng),
                relu, Everywhere(largest=True), Dense(16, 10, he, rng=rng),
            ), x, labels,
        ),
        their_steps(
            nn.Sequential(
                nn.Conv2d(1, 8, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 3), nn.ReLU(),
                nn.AdaptiveMaxPool2d(1), nn.Flatten(), nn.Linear(16, 10),
            ), channels_first(x), labels,
        ),
        1.3,
    )  # fmt: skip
    for depth, n, samples, places, heads in ((1, 32, 64, 16, 4), (2, 64, 32, 32, 4)):
        symbols = rng.integers(0, 20, (samples, places))
        sizes = (20, places, n, depth, heads)
        net = transformer(*sizes, init=lecun_normal, rng=rng, dtype=np.float32)
        yield (
            f"transformer, blocks: {depth}, n = {n}, {samples} × {places}",
            our_steps(net, symbols, symbols),
            their_steps(Transformer(*sizes), symbols, symbols),
            1.2,
        )


def compare(pairs):
    """Return the table of some pairs."""
    rows = []
    for name, mine, peer, target in pairs:
        runs = [partial(seconds, one, BLOCK) for one in (mine, peer)]
        take_turns(runs, 2)
        times, ratios = take_turns(runs, ROUNDS)
        times = times / BLOCK * 1e3
        rows.append([name, *map(short, times), short(ratios[1]), *verdict(ratios[1], target)])
    head = ["what", "nnutils, ms", "PyTorch, ms", "ratio", "target", "result"]
    return table(head, rows)


def measure():
    """Return the section's tables."""
    with threads_of_all(1):
        return [
            f"Medians of {ROUNDS} blocks of {BLOCK}, one thread; a ratio is our time divided by "
            "theirs. Layers, forward and backward:",
            compare(cases()),
            "Training steps:",
            compare(networks()),
        ]
