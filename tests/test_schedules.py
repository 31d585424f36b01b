"""Schedules: rates worked by hand, the same as PyTorch's, nonsense refused."""

import warnings

import numpy as np
import pytest

from nnutils.optimizers import SGD
from nnutils.schedules import CosineDecay, ExponentialDecay, InverseTimeDecay, StepDecay, Warmup


def rates(schedule, updates):
    return [schedule(t) for t in range(1, updates + 1)]


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        (StepDecay(1.0, factor=0.5, every=2), [1, 1, 0.5, 0.5, 0.25, 0.25]),
        (ExponentialDecay(1.0, decay=0.5), [1, 0.5, 0.25, 0.125]),
        (InverseTimeDecay(1.0, decay=0.5), [1, 1 / 1.5, 1 / 2, 1 / 2.5]),
        # (1 + cos(0, 60, 120, 180 degrees)) / 2, and then nothing more
        (CosineDecay(1.0, steps=3), [1, 0.75, 0.25, 0, 0]),
        (CosineDecay(1.0, steps=2, last=0.5), [1, 0.75, 0.5, 0.5]),
        (Warmup(1.0, steps=4), [0.25, 0.5, 0.75, 1, 1]),
        (Warmup(ExponentialDecay(1.0, decay=0.5), steps=2), [0.5, 1, 0.5, 0.25]),
    ],
    ids=repr,
)
def test_by_hand(schedule, expected):
    assert rates(schedule, len(expected)) == pytest.approx(expected)


@pytest.mark.peers
@pytest.mark.parametrize(
    ("schedule", "peer"),
    [
        (StepDecay(0.1, 0.3, every=7), lambda s, o: s.StepLR(o, 7, gamma=0.3)),
        (ExponentialDecay(0.1, 0.97), lambda s, o: s.ExponentialLR(o, 0.97)),
        (InverseTimeDecay(0.1, 0.2), lambda s, o: s.LambdaLR(o, lambda n: 1 / (1 + 0.2 * n))),
        (CosineDecay(0.1, 50, last=0.01), lambda s, o: s.CosineAnnealingLR(o, 50, eta_min=0.01)),
        (Warmup(0.1, 10), lambda s, o: s.LinearLR(o, 0.1, total_iters=9)),
    ],
)
def test_same_as_pytorch(schedule, peer):
    import torch

    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], 0.1)
    theirs, seen = peer(torch.optim.lr_scheduler, optimizer), []
    for _ in range(50):
        seen.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs.step()
    np.testing.assert_allclose(rates(schedule, 50), seen, rtol=1e-12)


def test_an_optimizer_takes_a_schedule():
    theta = np.array([1.0])
    sgd = SGD(ExponentialDecay(0.1, 0.5))
    for t in (1, 2, 3):
        sgd.step(theta, np.array([1.0]), [], t)
    assert theta[0] == pytest.approx(1 - 0.1 - 0.05 - 0.025)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: StepDecay(-1, 0.5, 2), "learning_rate of StepDecay .* but got -1"),
        (lambda: StepDecay(1, 0.5, 0), "every of StepDecay .* but got 0"),
        (lambda: ExponentialDecay(1, "half"), "decay of ExponentialDecay .* but got 'half'"),
        (lambda: CosineDecay(1, float("inf")), "steps of CosineDecay"),
        (lambda: Warmup(0, 5), "learning_rate of Warmup"),
        (lambda: Warmup(CosineDecay(1, 2), -5), "steps of Warmup"),
    ],
)
def test_numbers_that_make_no_sense(make, message):
    with pytest.raises(ValueError, match=message):
        make()
