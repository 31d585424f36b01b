"""Schedules: rates worked by hand, the same as PyTorch's, nonsense refused.

Nonsense was looked for in every field of every schedule and in ``t``, and every schedule was
followed for 10,000 updates, whether its rate stays a number, 0 or above, and falls where it has to.
"""

import copy
import math
import pickle
import warnings
from fractions import Fraction

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


EVERY = [
    StepDecay(0.1, 0.5, every=7),
    StepDecay(0.1, 1, every=1),
    ExponentialDecay(0.1, 0.9),
    ExponentialDecay(5e-324, 0.9),
    InverseTimeDecay(0.1, 2),
    InverseTimeDecay(1e308, 1e308),
    CosineDecay(0.1, 10),
    CosineDecay(0.1, 1, last=0.1),
    Warmup(0.1, 10),
    Warmup(Warmup(CosineDecay(0.1, 10), 5), 1),
]
every = pytest.mark.parametrize("schedule", EVERY, ids=repr)


@every
def test_rates_are_numbers_that_fall_after_the_warmup(schedule):
    seen = np.array(rates(schedule, 10_000))
    assert all(type(rate) is float for rate in rates(schedule, 20))
    assert (seen >= 0).all()
    assert np.isfinite(seen).all()
    falling = seen[10:] if isinstance(schedule, Warmup) else seen
    assert (np.diff(falling) <= 0).all()


@every
@pytest.mark.parametrize("t", [0, -1, 1.5, 2.0, math.nan, math.inf, "1", None, [1], np.ones(1)])
def test_updates_are_counted_from_1(schedule, t):
    with pytest.raises(ValueError, match="counted 1, 2, 3 .* but got") as error:
        schedule(t)
    assert repr(t) in str(error.value)


@every
def test_a_count_may_come_from_numpy(schedule):
    assert schedule(np.int64(3)) == schedule(np.uint8(3)) == schedule(3)


@every
def test_a_copy_is_the_same_schedule(schedule):
    assert pickle.loads(pickle.dumps(schedule)) == copy.deepcopy(schedule) == schedule


@every
def test_numbers_of_numpy_give_the_same_rates_and_stay_quiet(schedule):
    fields = {
        name: {float: np.float64, int: np.uint8}.get(type(value), lambda same: same)(value)
        for name, value in vars(schedule).items()
    }
    with np.errstate(all="raise"):
        assert rates(type(schedule)(**fields), 3_000) == rates(schedule, 3_000)


def test_fractions_are_numbers():
    assert ExponentialDecay(Fraction(1, 2), Fraction(1, 2))(2) == 0.25


MAKE = {
    "StepDecay.learning_rate": lambda x: StepDecay(x, 0.5, 2),
    "StepDecay.factor": lambda x: StepDecay(1, x, 2),
    "StepDecay.every": lambda x: StepDecay(1, 0.5, x),
    "ExponentialDecay.learning_rate": lambda x: ExponentialDecay(x, 0.5),
    "ExponentialDecay.decay": lambda x: ExponentialDecay(1, x),
    "InverseTimeDecay.learning_rate": lambda x: InverseTimeDecay(x, 0.5),
    "InverseTimeDecay.decay": lambda x: InverseTimeDecay(1, x),
    "CosineDecay.learning_rate": lambda x: CosineDecay(x, 5),
    "CosineDecay.steps": lambda x: CosineDecay(1, x),
    "CosineDecay.last": lambda x: CosineDecay(1, 5, last=x),
    "Warmup.learning_rate": lambda x: Warmup(x, 5),
    "Warmup.steps": lambda x: Warmup(1, x),
}
NONSENSE = [-1, -1e-9, math.nan, math.inf, -math.inf, "half", None, [1], 1j, np.ones(2)]


@pytest.mark.parametrize("x", NONSENSE, ids=repr)
@pytest.mark.parametrize("field", MAKE)
def test_no_field_takes_nonsense(field, x):
    owner, name = field.split(".")
    with pytest.raises(ValueError, match=f"{name} of {owner} has to be .* but got"):
        MAKE[field](x)


@pytest.mark.parametrize("field", [field for field in MAKE if field != "CosineDecay.last"])
def test_no_other_field_takes_0(field):
    with pytest.raises(ValueError, match="but got 0"):
        MAKE[field](0)


@pytest.mark.parametrize("field", MAKE)
def test_whole_numbers_beyond_all_floats(field):
    if field.endswith(("every", "steps")):
        assert MAKE[field](10**400)(3) >= 0  # never reached
    else:
        with pytest.raises(ValueError, match="but got 10000"):
            MAKE[field](10**400)


@pytest.mark.parametrize("answer", [-1, math.nan, math.inf, "fast", None, np.ones(2)])
def test_what_a_warmup_leads_to_has_to_be_a_rate(answer):
    schedule = Warmup(lambda t: answer, 5)
    with pytest.raises(ValueError, match="A rate of <function .* but got") as error:
        schedule(3)
    assert repr(answer) in str(error.value)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: StepDecay(-1, 0.5, 2), "learning_rate of StepDecay .* but got -1"),
        (lambda: StepDecay(1, 0.5, 0), "every of StepDecay .* but got 0"),
        (lambda: ExponentialDecay(1, "half"), "decay of ExponentialDecay .* but got 'half'"),
        (lambda: CosineDecay(1, float("inf")), "steps of CosineDecay"),
        (lambda: StepDecay(1, 1.01, 2), "factor of StepDecay .* does not rise, but got 1.01"),
        (lambda: StepDecay(1, 0.5, 2.5), "every of StepDecay .* whole number .* but got 2.5"),
        (lambda: ExponentialDecay(1, 2), "decay of ExponentialDecay .* not rise, but got 2"),
        (lambda: CosineDecay(0.1, 10, last=-0.1), "from 0 to learning_rate, 0.1, but got -0.1"),
        (lambda: CosineDecay(0.1, 10, last=0.2), "from 0 to learning_rate, 0.1, but got 0.2"),
        (lambda: CosineDecay(0.1, 10.5), "steps of CosineDecay .* whole number .* but got 10.5"),
        (lambda: Warmup(0, 5), "learning_rate of Warmup"),
        (lambda: Warmup(CosineDecay(1, 2), -5), "steps of Warmup"),
    ],
)
def test_numbers_that_make_no_sense(make, message):
    with pytest.raises(ValueError, match=message):
        make()
