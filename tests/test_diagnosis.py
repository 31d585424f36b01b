"""Diagnosis: numbers worked by hand, what stays as it was, nonsense refused; and the hospital."""

import math
import pickle

import numpy as np
import pytest

from nnutils.activations import identity, relu, tanh
from nnutils.diagnosis import affine_gap, kept_promise, layer_report, overfit
from nnutils.hospital import CHARTS, FAULTS, NEW_FAULTS, patient
from nnutils.initializers import glorot_normal, he_normal
from nnutils.losses import cross_entropy, mean_squared_error
from nnutils.network import mlp
from nnutils.optimizers import SGD, Adam, Momentum
from nnutils.training import steps

X = np.array([[1.0, -2.0], [0.5, 3.0], [-1.0, 0.25], [2.0, 2.0], [-3.0, 1.0]])
LABELS = np.array([0, 2, 1, 1, 0])


def network(hidden=relu, sizes=(2, 8, 8, 3), seed=0, dtype=float):
    rng = np.random.default_rng(seed)
    return mlp(sizes, hidden, init=he_normal, rng=rng, dtype=dtype)


def parabola(w):
    """Return a network whose loss, for the input 1 and the target 0, is (w + 0)^2."""
    net = mlp([1, 1], relu, init=lambda rng, n, m: np.full((n, m), w), rng=None)
    return net, np.ones((1, 1)), np.zeros((1, 1))


class OnlyWeights(SGD):
    """Leaves the bias alone, so that the loss is w^2 and nothing else."""

    def _direction(self, g, t):
        return g * [1, 0]


@pytest.mark.parametrize(
    ("rate", "kept"), [(0.1, 0.9), (0.5, 0.5), (1.0, 0.0), (1.2, -0.2), (1e-6, 1 - 1e-6)]
)
def test_a_kept_promise_by_hand(rate, kept):
    # w^2 at 3: the slope is 6, the step -6 r, the promise -36 r, and what comes (3 - 6 r)^2 - 9
    net, x, targets = parabola(3.0)
    cosine, share = kept_promise(net, mean_squared_error, OnlyWeights(rate), x, targets)
    # the slope with the bias is 6, too, and the step leaves it out
    assert cosine == pytest.approx(math.sqrt(0.5))
    assert share == pytest.approx(kept, abs=1e-9)


def test_for_a_parabola_the_kept_share_is_one_minus_rate_times_curvature_over_two():
    rng = np.random.default_rng(0)
    x, targets = rng.normal(size=(20, 3)), rng.normal(size=(20, 1))
    net = mlp([3, 1], relu, init=he_normal, rng=rng)
    net.loss_and_grad(x, targets, mean_squared_error)
    wide = np.column_stack([x, np.ones(20)])
    hessian = 2 * wide.T @ wide / 20
    along = net.grad / np.linalg.norm(net.grad)
    curvature = along @ hessian @ along
    for rate in (0.01, 0.3, 2.0):
        cosine, kept = kept_promise(net, mean_squared_error, SGD(rate), x, targets)
        assert cosine == pytest.approx(1)
        assert kept == pytest.approx(1 - rate * curvature / 2)


def test_uphill_nowhere_and_far_too_far():
    class Up(SGD):
        def _direction(self, g, t):
            return -g

    class Nowhere(SGD):
        def _direction(self, g, t):
            return 0 * g

    net, x, targets = parabola(3.0)
    cosine, kept = kept_promise(net, mean_squared_error, Up(0.1), x, targets)
    assert cosine == pytest.approx(-1)
    assert kept > 1
    assert kept_promise(net, mean_squared_error, Nowhere(0.1), x, targets) == (0, 0)
    flat, x, targets = parabola(0.0)
    assert kept_promise(flat, mean_squared_error, SGD(0.1), x, targets) == (0, 0)
    cosine, kept = kept_promise(network(), cross_entropy, SGD(1e200), X, LABELS)
    assert (cosine, kept) == (pytest.approx(1), -math.inf)


@pytest.mark.parametrize("optimizer", [SGD(0.1), Momentum(0.1), Adam(0.01)], ids=repr)
def test_examinations_leave_the_weights_as_they_were(optimizer):
    net = network()
    theta = net.theta.copy()
    kept_promise(net, cross_entropy, optimizer, X, LABELS)
    overfit(net, cross_entropy, optimizer, X, LABELS, 20)
    overfit(net, cross_entropy, SGD(1e300), X, LABELS, 20)
    layer_report(net, X, LABELS, cross_entropy)
    affine_gap(net, X)
    np.testing.assert_array_equal(net.theta, theta)


@pytest.mark.parametrize("examine", [kept_promise, overfit])
def test_weights_are_put_back_when_something_is_refused(examine):
    class Fails(SGD):
        def _direction(self, g, t):
            raise RuntimeError("no")

    net = network()
    theta = net.theta.copy()
    with pytest.raises(RuntimeError):
        examine(net, cross_entropy, Fails(0.1), X, LABELS)
    with pytest.raises(ValueError, match="reads arrays of shape"):
        examine(net, cross_entropy, SGD(0.1), X[:, :1], LABELS)
    with pytest.raises(ValueError, match="a label is a whole number from 0 to 2, but one is 7"):
        examine(net, cross_entropy, SGD(0.1), X, LABELS + 7)
    np.testing.assert_array_equal(net.theta, theta)


def test_a_gap_by_hand():
    assert affine_gap(lambda x: x**2, [[1.0], [3.0]]) == 1 / 8
    assert affine_gap(lambda x: 3 * x - 1, [[1], [3], [10]]) == 0
    assert affine_gap(lambda x: np.zeros(len(x)), X) == 0
    assert affine_gap(np.abs, np.array([[-1.0], [1.0]], dtype=np.float32)) == np.inf
    assert math.isnan(affine_gap(lambda x: x * np.nan, X))


@pytest.mark.parametrize("seed", range(5))
def test_only_what_bends_has_a_gap(seed):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(40, 6))
    for hidden, bends in ((identity, False), (relu, True), (tanh, True)):
        net = mlp([6, 9, 9, 4], hidden, init=glorot_normal, rng=rng)
        net.theta = net.theta + rng.normal(0, 0.1, net.theta.shape)
        assert (affine_gap(net, x) > 0.01) == bends
        assert (affine_gap(net, x) > 1e-12) == bends


@pytest.mark.parametrize(
    ("x", "message"),
    [
        (np.ones((1, 2)), r"at least two rows of finite numbers, but got shape \(1, 2\)\. Pass"),
        (np.ones((0, 2)), r"got shape \(0, 2\)"),
        (np.ones(4), r"got shape \(4,\)"),
        (3.0, r"got shape \(\)"),
        (np.full((2, 2), np.nan), r"got shape \(2, 2\) with nan or infinity"),
        ([[1.0], [np.inf]], "with nan or infinity"),
    ],
)
def test_a_gap_refuses_what_has_no_midpoints(x, message):
    with pytest.raises(ValueError, match=message):
        affine_gap(lambda x: x, x)


def test_a_gap_refuses_what_holds_no_numbers():
    with pytest.raises(TypeError, match="x has to hold real numbers"):
        affine_gap(lambda x: x, [["a"], ["b"]])


def test_overfit_is_a_training_on_one_batch():
    net, twin = network(), network()
    for _ in steps(twin, cross_entropy, Adam(0.01), [(X, LABELS)] * 50):
        pass
    expected = cross_entropy(twin(X), LABELS)[0]
    assert overfit(net, cross_entropy, Adam(0.01), X, LABELS, 50) == expected
    assert overfit(net, cross_entropy, Adam(0.1), X, LABELS) < 0.01
    assert overfit(net, cross_entropy, SGD(1e300), X, LABELS) == math.inf


@pytest.mark.parametrize("updates", [0, -1, 2.5, "3", None])
def test_overfit_counts_updates(updates):
    with pytest.raises(ValueError, match="updates has to be a whole number, at least 1, but got"):
        overfit(network(), cross_entropy, SGD(0.1), X, LABELS, updates)


def test_a_report_by_hand():
    # x = 1 and 3; sums 2 x and -x; ReLU: 2, 6 and 0, 0; output 1 * first, and no bias anywhere
    net = mlp([1, 2, 1], relu, init=lambda rng, n, m: np.ones((n, m)), rng=None)
    net.layers[0].weights = [[2.0, -1.0]]
    x, targets = np.array([[1.0], [3.0]]), np.array([[1.0], [6.0]])
    first, bent, last = layer_report(net, x, targets, mean_squared_error)
    assert (first.layer, bent.layer, last.layer) == ("Dense(1, 2)", "relu", "Dense(2, 1)")
    assert first.spread == pytest.approx(np.std([2, 6, -1, -3]))
    assert bent.spread == pytest.approx(np.std([2, 6, 0, 0]))
    assert (first.silent, bent.silent, last.silent) == (0.5, 0.5, 0)
    # errors 1 and 0, so d_output is 1 and 0: weights (2, 0) and bias 1; first layer 1, 0, 1, 0
    assert last.slope == pytest.approx(math.sqrt((4 + 0 + 1) / 3))
    assert first.slope == pytest.approx(math.sqrt((1 + 0 + 1 + 0) / 4))
    assert bent.slope is None


def test_a_report_refuses_what_holds_no_samples():
    with pytest.raises(ValueError, match="x holds no samples"):
        layer_report(network(), np.ones((0, 2)), LABELS[:0], cross_entropy)
    with pytest.raises(ValueError, match="reads arrays of shape"):
        layer_report(network(), X[0], LABELS[:1], cross_entropy)


@pytest.mark.parametrize("how", ["raise", "warn"])
def test_results_do_not_depend_on_seterr(how):
    def results():
        net = network()
        return (
            kept_promise(net, cross_entropy, SGD(1e200), 1e150 * X, LABELS),
            overfit(net, cross_entropy, SGD(1e200), X, LABELS, 5),
            affine_gap(net, 1e-200 * X),
            affine_gap(lambda x: x * x, 1e200 * X),
            layer_report(net, 1e-170 * X, LABELS, cross_entropy),
        )

    with np.errstate(all="ignore"):
        expected = results()
    with np.errstate(all=how):
        assert repr(results()) == repr(expected)


def test_float32_and_lists():
    net = network(dtype=np.float32)
    small = kept_promise(net, cross_entropy, SGD(0.1), X.tolist(), LABELS.tolist())
    large = kept_promise(network(), cross_entropy, SGD(0.1), X, LABELS)
    assert small == pytest.approx(large, rel=1e-3)
    for row in layer_report(net, X.tolist(), LABELS.tolist(), cross_entropy):
        assert type(row.spread) is type(row.silent) is float
        assert row == pickle.loads(pickle.dumps(row))


def test_every_fault_has_one_patient():
    assert list(CHARTS) == list(range(1, 23))
    assert sorted(list(CHARTS.values())[:17]) == sorted(FAULTS)
    assert sorted(list(CHARTS.values())[17:]) == sorted(NEW_FAULTS)
    assert repr(patient(4)) == "Patient 4"


@pytest.mark.parametrize("fault", [*FAULTS, *NEW_FAULTS])
def test_patients_of_one_seed_differ_by_their_fault_alone(fault):
    one, again, healthy = patient(fault, seed=3), patient(fault, seed=3), patient("healthy", seed=3)
    np.testing.assert_array_equal(one.net.theta, again.net.theta)
    np.testing.assert_array_equal(one.training[0], again.training[0])
    np.testing.assert_array_equal(one.training[1], again.training[1])
    if fault not in ("large weights", "small weights", "dead units"):
        np.testing.assert_array_equal(one.net.theta, healthy.net.theta)
    if fault not in ("raw pixels", "validation not normalized"):
        np.testing.assert_array_equal(one.validation[0], healthy.validation[0])
    batches = list(one.batches(2, rng=np.random.default_rng(0)))
    assert len(batches) == 2 * math.ceil(len(one.training[0]) / 64)
    assert sum(len(x) for x, _ in batches[: len(batches) // 2]) >= len(one.training[0])


def test_raw_pixels_are_those_of_the_file():
    for part in (patient("raw pixels").training, patient("raw pixels").validation):
        assert set(np.unique(part[0])) == set(range(17))


def test_an_optimizer_of_a_patient_is_the_one_that_was_passed():
    assert patient("healthy").optimizer == SGD(0.1)
    assert patient("large rate", optimizer=Adam(0.001)).optimizer == Adam(0.03)
    assert repr(patient("sign", optimizer=Adam(0.001)).optimizer) == repr(Adam(0.001))


@pytest.mark.parametrize("name", [0, 23, "A", "fever", None, 1.5])
def test_an_unknown_patient(name):
    with pytest.raises(ValueError, match="There is no patient .*number from 1 to 22, or the name"):
        patient(name)
