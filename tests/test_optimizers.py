"""Optimizers against numbers worked by hand, against loops of plain numbers, against PyTorch."""

import math
from dataclasses import FrozenInstanceError, dataclass

import numpy as np
import pytest

from nnutils.optimizers import PART, SGD, Adagrad, Adam, Momentum, Nesterov, RMSProp
from nnutils.schedules import CosineDecay

STEPS = 200


# Three problems: the slopes at a point, for update t.


def rosenbrock(w, t):
    """(1 - x)^2 + 10 (y - x^2)^2: a curved valley."""
    x, y = w
    return np.array([-2 * (1 - x) - 40 * x * (y - x * x), 20 * (y - x * x)])


def ravine(w, t):
    """(x^2 + 25 y^2) / 2: steep across, flat along."""
    return w * [1.0, 25.0]


NOISE = np.random.default_rng(5).normal(size=(STEPS, 2))


def noisy_slope(w, t):
    """A constant slope, and noise that drowns it."""
    return np.array([0.5, -0.2]) + NOISE[t - 1]


PROBLEMS = [rosenbrock, ravine, noisy_slope]


# The rules once more, in loops over plain numbers, as the table of the module gives them.


def plain(optimizer):
    """Return the function (g, memory, t) -> direction for one parameter; memory is a list."""
    o = optimizer

    def momentum(g, memory, t):
        memory[0] = o.momentum * memory[0] + g
        return memory[0]

    def nesterov(g, memory, t):
        memory[0] = o.momentum * memory[0] + g
        return g + o.momentum * memory[0]

    def adagrad(g, memory, t):
        memory[0] += g**2
        return g / (math.sqrt(memory[0]) + o.eps)

    def rmsprop(g, memory, t):
        memory[0] = o.decay * memory[0] + (1 - o.decay) * g**2
        return g / (math.sqrt(memory[0]) + o.eps)

    def adam(g, memory, t):
        memory[0] = o.beta1 * memory[0] + (1 - o.beta1) * g
        memory[1] = o.beta2 * memory[1] + (1 - o.beta2) * g**2
        mean, square = memory[0] / (1 - o.beta1**t), memory[1] / (1 - o.beta2**t)
        return mean / (math.sqrt(square) + o.eps)

    rules = {Momentum: momentum, Nesterov: nesterov, Adagrad: adagrad, RMSProp: rmsprop, Adam: adam}
    return next((rules[c] for c in type(o).__mro__ if c in rules), lambda g, memory, t: g)


def run_plain(optimizer, slope, l2, l1):
    rule, theta = plain(optimizer), [-1.5, 1.0]
    memory = [[0.0, 0.0] for _ in theta]
    for t in range(1, STEPS + 1):
        rate = optimizer.learning_rate
        rate = rate(t) if callable(rate) else rate
        slopes = [
            float(s) + l2 * w + l1 * ((w > 0) - (w < 0))
            for s, w in zip(slope(np.array(theta), t), theta)
        ]
        length = math.hypot(*slopes)
        if optimizer.clip_norm is not None and length > optimizer.clip_norm:
            slopes = [g * optimizer.clip_norm / length for g in slopes]
        for i, g in enumerate(slopes):
            if optimizer.clip is not None:
                g = min(max(g, -optimizer.clip), optimizer.clip)
            theta[i] -= rate * rule(g, memory[i], t)
    return np.array(theta)


def run(optimizer, slope, l2=0.0, l1=0.0):
    theta = np.array([-1.5, 1.0])
    state = optimizer.init(theta)
    for t in range(1, STEPS + 1):
        grad = slope(theta, t) + l2 * theta + l1 * np.sign(theta)
        optimizer.step(theta, grad, state, t)
    return theta


def run_torch(optimizer, slope, l2, l1):
    import torch

    o = optimizer
    theta = torch.tensor([-1.5, 1.0], dtype=torch.float64, requires_grad=True)
    rate = 1.0 if callable(o.learning_rate) else o.learning_rate
    peer = {
        SGD: lambda: torch.optim.SGD([theta], rate),
        Momentum: lambda: torch.optim.SGD([theta], rate, momentum=o.momentum),
        Nesterov: lambda: torch.optim.SGD([theta], rate, momentum=o.momentum, nesterov=True),
        Adagrad: lambda: torch.optim.Adagrad([theta], rate, eps=o.eps),
        RMSProp: lambda: torch.optim.RMSprop([theta], rate, alpha=o.decay, eps=o.eps),
        Adam: lambda: torch.optim.Adam([theta], rate, betas=(o.beta1, o.beta2), eps=o.eps),
    }[type(o)]()
    for t in range(1, STEPS + 1):
        if callable(o.learning_rate):
            peer.param_groups[0]["lr"] = o.learning_rate(t)
        penalty = l2 / 2 * (theta**2).sum() + l1 * theta.abs().sum()
        peer.zero_grad()
        (penalty + theta @ torch.tensor(slope(theta.detach().numpy(), t))).backward()
        if o.clip_norm is not None:
            torch.nn.utils.clip_grad_norm_([theta], o.clip_norm)
        if o.clip is not None:
            torch.nn.utils.clip_grad_value_([theta], o.clip)
        peer.step()
    return theta.detach().numpy()


EVERY = [
    SGD(0.01),
    SGD(CosineDecay(0.01, steps=150)),
    SGD(0.01, clip=0.5),
    SGD(0.01, clip_norm=0.5),
    SGD(0.01, clip=0.5, clip_norm=2.0),
    Momentum(0.002, momentum=0.9),
    Momentum(CosineDecay(0.002, steps=150), clip=1.0),
    Nesterov(0.002, momentum=0.9),
    Nesterov(CosineDecay(0.002, steps=150), momentum=0.5, clip=1.0),
    Nesterov(0.002, clip_norm=1.0),
    Adagrad(0.1),
    Adagrad(0.1, eps=1e-2, clip=1.0),
    RMSProp(0.001),
    RMSProp(CosineDecay(0.01, steps=150), decay=0.9, eps=1e-2, clip=1.0),
    Adam(0.01),
    Adam(CosineDecay(0.02, steps=150), beta1=0.8, beta2=0.99, eps=1e-2, clip=1.0),
]
PENALTIES = [(0.0, 0.0), (0.1, 0.0), (0.0, 0.05), (0.1, 0.05)]
every_optimizer = pytest.mark.parametrize("optimizer", EVERY, ids=repr)
every_problem = pytest.mark.parametrize("slope", PROBLEMS, ids=lambda f: f.__name__)
every_penalty = pytest.mark.parametrize(("l2", "l1"), PENALTIES)


@every_penalty
@every_problem
@every_optimizer
def test_same_as_a_loop_of_plain_numbers(optimizer, slope, l2, l1):
    expected = run_plain(optimizer, slope, l2, l1)
    np.testing.assert_allclose(run(optimizer, slope, l2, l1), expected, rtol=0, atol=1e-10)


@pytest.mark.peers
@every_penalty
@every_problem
@every_optimizer
def test_same_as_pytorch(optimizer, slope, l2, l1):
    expected = run_torch(optimizer, slope, l2, l1)
    # PyTorch divides by the length and 1e-6.
    off = 1e-10 if optimizer.clip_norm is None else 1e-6
    np.testing.assert_allclose(run(optimizer, slope, l2, l1), expected, rtol=0, atol=off)


# One small mistake in each rule.


class Uphill(SGD):
    def _direction(self, g, t):
        return -g


class Average(Momentum):
    def _direction(self, g, v, t):
        v *= self.momentum
        v += (1 - self.momentum) * g
        return v


class LooksBack(Nesterov):
    def _direction(self, g, v, t):
        direction = g + self.momentum * v
        super()._direction(g, v, t)
        return direction


class Forgets(Adagrad):
    def _direction(self, g, s, t):
        s[:] = g * g
        return g / (np.sqrt(s) + self.eps)


class NoRoot(RMSProp):
    def _direction(self, g, s, t):
        s *= self.decay
        s += (1 - self.decay) * g * g
        return g / (s + self.eps)


class InsideTheRoot(RMSProp):
    def _direction(self, g, s, t):
        s *= self.decay
        s += (1 - self.decay) * g * g
        return g / np.sqrt(s + self.eps)


class NoCorrection(Adam):
    def _direction(self, g, m, s, t):
        return super()._direction(g, m, s, 10**9)


class CountsFromZero(Adam):
    def _direction(self, g, m, s, t):
        return super()._direction(g, m, s, t + 1)


class DecaysTwice(SGD):
    def step(self, theta, grad, state, t):
        theta *= 1 - 0.01 * self.learning_rate
        super().step(theta, grad, state, t)


@pytest.mark.parametrize(
    "faulty",
    [
        Uphill(0.01),
        Average(0.002),
        LooksBack(0.002),
        Forgets(0.1),
        NoRoot(0.001),
        InsideTheRoot(0.001),
        NoCorrection(0.01),
        CountsFromZero(0.01),
        DecaysTwice(0.01),
    ],
    ids=lambda o: type(o).__name__,
)
def test_a_planted_fault_is_caught(faulty):
    with np.errstate(over="ignore", invalid="ignore"):
        off = [np.abs(run(faulty, f) - run_plain(faulty, f, 0, 0)).max() for f in PROBLEMS]
    assert any(not one <= 1e-10 for one in off)


# Numbers worked by hand, on w^2 from 1 with rate 0.1 and momentum 0.9, where g = 2 w.


def path(optimizer, updates, slope=lambda w: 2 * w, start=1.0):
    theta, seen = np.array([start]), []
    state = optimizer.init(theta)
    for t in range(1, updates + 1):
        optimizer.step(theta, slope(theta), state, t)
        seen.append(float(theta[0]))
    return seen


def test_momentum_by_hand():
    # v = 2, w = 1 - 0.1 * 2 = 0.8; v = 0.9 * 2 + 1.6 = 3.4, w = 0.8 - 0.34 = 0.46.
    assert path(Momentum(0.1), 5) == pytest.approx([0.8, 0.46, 0.062, -0.3086, -0.58042])


def test_nesterov_by_hand():
    # v = 2, w = 1 - 0.1 (2 + 1.8) = 0.62; v = 1.8 + 1.24 = 3.04, w = 0.62 - 0.1 (1.24 + 2.736).
    assert path(Nesterov(0.1), 2) == pytest.approx([0.62, 0.2224])


def test_nesterov_is_the_point_that_the_velocity_leads_to():
    w, step, ahead = 1.0, 0.0, []
    for _ in range(5):
        step = 0.9 * step - 0.1 * 2 * (w + 0.9 * step)
        w += step
        ahead.append(w + 0.9 * step)
    assert w == pytest.approx(-0.259858432)
    assert path(Nesterov(0.1), 5) == pytest.approx(ahead)


@pytest.mark.parametrize(
    ("optimizer", "g", "first"),
    [
        # s = 0.001 * 9, its root 0.0948683, 3 / 0.0948683 = 31.6228 times the rate
        (RMSProp(0.001, decay=0.999), 3.0, -0.0316227766),
        # both means are corrected to g and g^2, so that the size of g drops out
        (Adam(0.001), 3.0, -0.001),
        (Adam(0.001), 0.01, -0.000999999),
        (Adagrad(0.1), -4.0, 0.1),
        (SGD(0.1, clip=1), 3.0, -0.1),
    ],
    ids=repr,
)
def test_first_step_by_hand(optimizer, g, first):
    assert path(optimizer, 1, lambda w: np.array([g]), start=0.0) == pytest.approx([first])


def test_velocity_of_a_constant_slope_is_ten_times_the_slope():
    w = path(Momentum(0.001), 500, lambda w: np.array([1.0]))
    assert w[-1] - w[-2] == pytest.approx(-0.01)


def test_a_long_vector_is_updated_in_parts_and_the_same():
    rng = np.random.default_rng(0)
    theta, grads = rng.normal(size=2 * PART + 3), rng.normal(size=(5, 2 * PART + 3))
    adam, halves = Adam(0.01, clip=1.0), [theta[:PART].copy(), theta[PART:].copy()]
    whole, state = theta.copy(), adam.init(theta)
    states = [adam.init(half) for half in halves]
    for t, grad in enumerate(grads, start=1):
        adam.step(whole, grad, state, t)
        for half, part, own in zip(halves, (grad[:PART], grad[PART:]), states):
            adam.step(half, part, own, t)
    np.testing.assert_array_equal(whole, np.concatenate(halves))


# Clipping by length, on (30, 4), of length 30.2655.


def moved(optimizer, grad, dtype=float):
    theta, grad = np.zeros(np.shape(grad), dtype), np.array(grad, dtype)
    before = grad.copy()
    optimizer.step(theta, grad, optimizer.init(theta), 1)
    np.testing.assert_array_equal(grad, before)
    return theta


def test_clipping_by_length_keeps_the_direction():
    np.testing.assert_allclose(moved(SGD(1, clip_norm=1), [-30, -4]), [0.99123, 0.13216], atol=1e-5)
    np.testing.assert_array_equal(moved(SGD(1, clip=1), [-30, -4]), [1, 1])
    # First the length, (3, 0.4) times 0.99123; then the entry.
    both = SGD(1, clip=1, clip_norm=math.hypot(3, 0.4))
    np.testing.assert_allclose(moved(both, [-30, -4]), [1, 0.4], rtol=1e-15)


@pytest.mark.parametrize("grad", [[0.3, -0.4], [0, 0], [-0.6, 0.8], []])
def test_a_short_gradient_stays_to_the_last_bit(grad):
    np.testing.assert_array_equal(moved(SGD(1, clip_norm=1), grad), -np.array(grad))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_gradient_whose_squares_are_too_large_is_shortened(dtype):
    far = float(np.finfo(dtype).max) / 2
    with np.errstate(all="raise"):
        long = moved(SGD(1, clip_norm=5), [-0.75 * far, far], dtype)
        tiny = moved(SGD(1, clip_norm=1e-320), [-3e-300, 4e-300])
    np.testing.assert_allclose(long, [3, -4], rtol=1e-6)
    assert long.dtype == dtype
    np.testing.assert_allclose(tiny, [6e-321, -8e-321], rtol=1e-3)


@pytest.mark.parametrize("odd", [math.nan, math.inf])
def test_what_has_no_length_is_not_shortened(odd):
    with np.errstate(all="raise"):
        np.testing.assert_array_equal(moved(SGD(1, clip_norm=1), [odd, 5.0]), [-odd, -5])


def test_the_length_is_that_of_all_parts_of_a_long_vector():
    grad = np.zeros(2 * PART + 3)
    grad[[0, -1]] = 30, 40
    step = moved(SGD(1, clip_norm=5), grad)
    np.testing.assert_allclose(step[[0, -1]], [-3, -4])
    np.testing.assert_allclose(moved(SGD(1, clip_norm=5), [[30], [40]]), [[-3], [-4]])


@every_optimizer
def test_a_step_is_in_place_and_leaves_the_gradient(optimizer):
    theta, grad = np.ones(3, np.float32), np.full(3, 2, np.float32)
    state = optimizer.init(theta)
    optimizer.step(theta, grad, state, 1)
    assert theta.dtype == np.float32
    assert all(memory.dtype == np.float32 for memory in state)
    assert (theta < 1).all()
    assert (grad == 2).all()


def test_an_optimizer_is_a_recipe():
    adam = Adam(0.01)
    assert path(adam, 3) == path(adam, 3)
    with pytest.raises(FrozenInstanceError):
        adam.learning_rate = 1.0


def test_it_shows_what_it_was_given():
    assert repr(Momentum(0.1, 0.5)) == "Momentum(learning_rate=0.1, momentum=0.5)"
    assert repr(SGD(0.1, clip=5)) == "SGD(learning_rate=0.1, clip=5)"
    assert repr(Momentum(1, 0.5, clip_norm=5)) == (
        "Momentum(learning_rate=1, clip_norm=5, momentum=0.5)"
    )


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: SGD(-0.1), "learning_rate of SGD has to be above 0, but got -0.1"),
        (lambda: SGD("0.1"), "learning_rate of SGD has to be above 0, but got '0.1'"),
        (lambda: SGD(math.nan), "but got nan"),
        (lambda: SGD(0.1, clip=0), "clip of SGD has to be above 0, but got 0"),
        (lambda: Momentum(0.1, 1), "momentum of Momentum has to be from 0 to below 1, but got 1"),
        (lambda: Adam(0.1, beta2=1.0), "beta2 of Adam"),
        (lambda: RMSProp(0.1, eps=-1), "eps of RMSProp"),
        (lambda: RMSProp(0.1, decay=None), "decay of RMSProp"),
    ],
)
def test_numbers_that_make_no_sense(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_a_rule_of_the_readers_own_fits_in():
    @dataclass(frozen=True, repr=False)
    class Sign(SGD):
        def _direction(self, g, t):
            return np.sign(g)

    assert path(Sign(0.25), 3) == [0.75, 0.5, 0.25]


# What is no step. Looked for in init and step of every optimizer, and in what it is made of.

ONE_OF_EACH = [SGD(0.1), Momentum(0.1), Nesterov(0.1), Adagrad(0.1), RMSProp(0.1), Adam(0.1)]
one_of_each = pytest.mark.parametrize("optimizer", ONE_OF_EACH, ids=lambda o: type(o).__name__)


def refused(optimizer, error, message, **change):
    theta = np.ones(3)
    given = {"theta": theta, "grad": np.ones(3), "state": optimizer.init(theta), "t": 1} | change
    before = [np.array(array) for array in (given["theta"], *given["state"])]
    with pytest.raises(error, match=message):
        optimizer.step(**given)
    for array, old in zip((given["theta"], *given["state"]), before):
        np.testing.assert_array_equal(array, old)


@one_of_each
@pytest.mark.parametrize("t", [0, -1, 1.5, 1.0, None, "1", np.array([1]), math.nan])
def test_updates_are_counted_from_1(optimizer, t):
    refused(optimizer, ValueError, "t is the number of the update, 1, 2, 3 and so on", t=t)


@one_of_each
def test_numbers_of_updates_may_be_of_numpy(optimizer):
    theta = np.ones(3)
    optimizer.step(theta, np.ones(3), optimizer.init(theta), np.int64(1))
    assert (theta < 1).all()


@one_of_each
@pytest.mark.parametrize("shape", [(), (1,), (2,), (3, 1), (1, 3), (0,)])
def test_nothing_is_stretched_to_fit(optimizer, shape):
    refused(optimizer, ValueError, "Pass one slope for each number", grad=np.ones(shape))
    if optimizer.memories:
        state = [np.zeros(shape) for _ in range(optimizer.memories)]
        refused(optimizer, ValueError, "Begin with state = optimizer.init", state=state)


@one_of_each
def test_another_memory_is_refused(optimizer):
    for state in ([np.zeros(3)] * (optimizer.memories + 1), optimizer.init(np.ones(3))[:-1]):
        if len(state) != optimizer.memories:
            refused(optimizer, ValueError, "Begin with state = optimizer.init", state=state)
    if optimizer.memories:
        state = [[0.0] * 3] * optimizer.memories
        refused(optimizer, ValueError, "Begin with state = optimizer.init", state=state)


@one_of_each
@pytest.mark.parametrize(
    "theta",
    [[1.0, 2.0], (1.0,), None, "theta", 1.0, np.float64(1), np.ones(3, int), np.ones(3, np.float16),
     np.ones(3, complex), np.ones(3, object), np.ma.ones(3), np.array(1.0), np.ones(3, bool)],
    ids=repr,
)  # fmt: skip
def test_what_cannot_be_changed_by_a_step(optimizer, theta):
    with pytest.raises(TypeError, match="theta has to be an array of float64 or float32"):
        optimizer.init(theta)
    state = ONE_OF_EACH[0].init(np.ones(3)) + [np.zeros(3)] * optimizer.memories
    with pytest.raises(TypeError, match="theta has to be an array of float64 or float32"):
        optimizer.step(theta, np.ones(3), state, 1)


@one_of_each
def test_read_only_numbers_are_refused(optimizer):
    theta = np.ones(3)
    theta.flags.writeable = False
    with pytest.raises(ValueError, match="theta is read-only"):
        optimizer.init(theta)
    with pytest.raises(ValueError, match="read-only"):
        optimizer.step(theta, np.ones(3), [np.zeros(3)] * optimizer.memories, 1)


@one_of_each
@pytest.mark.parametrize("rate", [-1, -1e-9, math.nan, math.inf, "0.1", None, np.array([0.1]), 1j])
def test_a_schedule_that_gives_no_rate(optimizer, rate):
    odd = type(optimizer)(lambda t: rate)
    refused(odd, ValueError, "gave .* for update 1. A learning rate is a finite number")


def test_a_schedule_may_end_at_0():
    theta = np.ones(3)
    SGD(lambda t: 0).step(theta, np.ones(3), [], 1)
    assert (theta == 1).all()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        *[
            (lambda o=o, r=r: type(o)(r), "learning_rate of .* has to be above 0")
            for o in ONE_OF_EACH
            for r in (0, -1, math.nan, math.inf, None, "0.1", np.array([0.1]), 1j)
        ],
        *[
            (lambda o=o, c=c, k=k: type(o)(0.1, **{k: c}), f"{k} of .* has to be above 0")
            for o in ONE_OF_EACH
            for k in ("clip", "clip_norm")
            for c in (0, -1, math.nan, math.inf, "1")
        ],
        *[
            (lambda s=s, v=v: s[0](0.1, **{s[1]: v}), f"{s[1]} of .* from 0 to below 1")
            for s in (
                (Momentum, "momentum"),
                (Nesterov, "momentum"),
                (RMSProp, "decay"),
                (Adam, "beta1"),
                (Adam, "beta2"),
            )
            for v in (1, 1.5, -0.1, math.nan, None, "0.9", np.array([0.9]))
        ],
        *[
            (lambda k=k, v=v: k(0.1, eps=v), "eps of .* has to be above 0")
            for k in (Adagrad, RMSProp, Adam)
            for v in (0, -1, math.nan, math.inf, None, "1")
        ],
        (lambda: SGD(CosineDecay), r"is the class CosineDecay. Pass a schedule .* CosineDecay\("),
    ],
)
def test_more_numbers_that_make_no_sense(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@one_of_each
def test_a_long_matrix_is_updated_as_its_rows(optimizer):
    theta = np.random.default_rng(0).normal(size=(3, PART))
    row, whole = theta.copy(), theta.ravel().copy()
    for array in (row, whole):
        optimizer.step(array, array + 1, optimizer.init(array), 1)
    np.testing.assert_array_equal(row.ravel(), whole)


@one_of_each
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_steps_where_numpy_is_told_to_raise(optimizer, dtype):
    """A long way without a slope: every memory shrinks until it is too small for a float."""
    optimizer = type(optimizer)(0.1, clip=1.0, clip_norm=4.0)
    ends = []
    for how in ("ignore", "raise"):
        theta = np.array([1.0, -2.0, 1e-30], dtype)
        state = optimizer.init(theta)
        with np.errstate(under=how, over=how, divide=how, invalid=how):
            for t in range(1, 12_001):
                grad = np.array([5.0, -1e-36, 1e-20] if t < 3 else [0, 0, 0], dtype)
                optimizer.step(theta, grad, state, t)
        assert np.isfinite(theta).all()
        ends.append([theta, *state])
    for ours, theirs in zip(*ends):
        np.testing.assert_array_equal(ours, theirs)
