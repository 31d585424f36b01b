"""The table of losses: hand-worked numbers, far outputs, slopes, input checks, other libraries."""

import math
import pickle

import numpy as np
import pytest
from scipy import special

from nnutils import losses
from nnutils.gradcheck import gradcheck, numerical_gradient
from nnutils.losses import (
    binary_cross_entropy,
    cross_entropy,
    hinge,
    mean_absolute_error,
    mean_squared_error,
    multiclass_hinge,
    on_answer,
    squared_hinge,
)

KINDS = {
    "mean_squared_error": "numbers",
    "mean_absolute_error": "numbers",
    "binary_cross_entropy": "yes or no",
    "cross_entropy": "classes",
    "hinge": "sides",
    "squared_hinge": "sides",
    "multiclass_hinge": "classes",
}
PAIRS = [name for name, kind in KINDS.items() if kind != "classes"]
CLASSES = [name for name, kind in KINDS.items() if kind == "classes"]
every = pytest.mark.parametrize("name", KINDS)


def batch(name, rng, scale=3.0, shape=(8, 5)):
    """Return random (outputs, targets) that a loss takes."""
    outputs = rng.normal(0, scale, shape)
    return outputs, {
        "numbers": rng.normal(0, scale, shape),
        "yes or no": rng.integers(0, 2, shape),
        "sides": 2 * rng.integers(0, 2, shape) - 1,
        "classes": rng.integers(0, shape[1], shape[0]),
    }[KINDS[name]]


def far(name):
    """Return outputs from -1e4 to 1e4, ties and equal rows among them, and targets."""
    rng = np.random.default_rng(1)
    ends = [-1e4, -1e3, -745.0, -1.0, 0.0, 0.0, 1e-9, 1.0, 40.0, 710.0, 1e3, 1e4]
    outputs = np.vstack(
        [rng.choice(ends, (200, 4)), rng.uniform(-1e4, 1e4, (200, 4)), 9999 + np.eye(4)]
    )
    return outputs, batch(name, rng, shape=outputs.shape)[1]


def test_errors_worked_by_hand():
    # errors 0.1, -0.1, -0.6: squares 0.01 + 0.01 + 0.36 = 0.38, sizes 0.1 + 0.1 + 0.6 = 0.8
    outputs, targets = [0.1, 0.9, 0.4], [0, 1, 1]
    loss, slopes = mean_squared_error(outputs, targets)
    assert loss == pytest.approx(0.38 / 3)
    np.testing.assert_allclose(slopes, [0.2 / 3, -0.2 / 3, -0.4])
    loss, slopes = mean_absolute_error(outputs, targets)
    assert loss == pytest.approx(0.8 / 3)
    np.testing.assert_allclose(slopes, [1 / 3, -1 / 3, -1 / 3])


def test_cross_entropies_worked_by_hand():
    # the logit of p is log(p / (1 - p)); -log 0.9 = 0.10536, -log 0.8 = 0.22314 twice
    logits = special.logit([0.9, 0.2, 0.8])
    loss, slopes = binary_cross_entropy(logits, [1, 0, 1])
    assert loss == pytest.approx(0.18388254, abs=5e-9)
    np.testing.assert_allclose(slopes, [-0.1 / 3, 0.2 / 3, -0.2 / 3])
    # -log 0.88 = 0.12783, -log 0.70 = 0.35667
    shares = np.array([[0.88, 0.12], [0.30, 0.70]])
    loss, slopes = cross_entropy(np.log(shares), [0, 1])
    assert loss == pytest.approx(0.24225416, abs=5e-9)
    np.testing.assert_allclose(slopes, [[-0.06, 0.06], [0.15, -0.15]])


def test_hinges_worked_by_hand():
    # margins 0.56, -0.37, 1.1: they lack 0.44, 1.37 and nothing
    loss, slopes = hinge([0.56, 0.37, 1.1], [1, -1, 1])
    assert loss == pytest.approx(1.81 / 3)
    np.testing.assert_allclose(slopes, [-1 / 3, 1 / 3, 0])
    loss, slopes = squared_hinge([0.56, 0.37, 1.1], [1, -1, 1])
    assert loss == pytest.approx((0.1936 + 1.8769) / 3)
    np.testing.assert_allclose(slopes, [-0.88 / 3, 2.74 / 3, 0], atol=1e-15)
    # label 0: 1 + 1.5 - 2 = 0.5 and 1 - 1 - 2 < 0; label 1: 1 + 0 - 0 = 1 and 1 + 3 - 0 = 4
    loss, slopes = multiclass_hinge([[2, 1.5, -1], [0, 0, 3]], [0, 1])
    assert loss == pytest.approx((0.5 + 5) / 2)
    np.testing.assert_allclose(slopes, [[-0.5, 0.5, 0], [0.5, -1, 0.5]])


def test_an_outlier_pulls_with_one_or_with_its_distance():
    # label -1, score 100: 101 are lacking; slopes 1 and 2 * 101
    assert hinge(100, -1)[1] == 1
    assert squared_hinge(100, -1)[1] == 202


def test_the_slope_at_a_corner_is_0():
    assert mean_absolute_error(3, 3)[1] == 0
    assert hinge([1, -1], [1, -1])[1].tolist() == [0, 0]
    assert squared_hinge(1, 1)[1] == 0
    assert multiclass_hinge([[1, 0]], [0])[1].tolist() == [[0, 0]]


@every
def test_the_slopes_are_central_differences(name):
    loss, rng = getattr(losses, name), np.random.default_rng(2)
    for _ in range(20):
        outputs, targets = batch(name, rng)
        slopes = loss(outputs, targets)[1]
        measured = numerical_gradient(lambda z, t=targets: loss(z, t)[0], outputs)
        np.testing.assert_allclose(slopes, measured, atol=1e-7)
        gradcheck(lambda z, t=targets: loss(z, t)[0], outputs, slopes, rng=rng, tolerance=1e-5)


@every
def test_a_planted_fault_is_caught(name):
    loss, rng = getattr(losses, name), np.random.default_rng(3)
    outputs, targets = batch(name, rng)
    slopes = loss(outputs, targets)[1]
    for fault in (-slopes, slopes * len(slopes), slopes * 1.001):
        with pytest.raises(AssertionError, match="off by"):
            gradcheck(lambda z: loss(z, targets)[0], outputs, fault, rng=rng)


@every
def test_far_outputs_give_finite_numbers_without_a_warning(name):
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        loss, slopes = getattr(losses, name)(*far(name))
    assert math.isfinite(loss)
    assert np.isfinite(slopes).all()


def scipy_loss(name, z, t):
    """Return every sample's loss, from SciPy's functions."""
    if KINDS[name] == "classes":
        own = np.take_along_axis(z, t[:, None], 1)
        if name == "cross_entropy":
            return -np.take_along_axis(special.log_softmax(z, 1), t[:, None], 1)
        return np.clip(z - own + 1, 0, None).sum(1) - 1  # its own class is lacking 1
    return {
        "mean_squared_error": lambda: (z - t) ** 2,
        "mean_absolute_error": lambda: abs(z - t),
        "binary_cross_entropy": lambda: -special.log_expit((2 * t - 1) * z),
        "hinge": lambda: np.clip(1 - t * z, 0, None),
        "squared_hinge": lambda: np.clip(1 - t * z, 0, None) ** 2,
    }[name]()


def scipy_slopes(name, z, t):
    """Return the slopes of the two cross-entropies, from SciPy's functions."""
    if name == "binary_cross_entropy":
        return (special.expit(z) - t) / z.size
    return (special.softmax(z, 1) - np.eye(z.shape[1])[t]) / len(z)


@every
def test_values_agree_with_scipy(name):
    for outputs, targets in (far(name), batch(name, np.random.default_rng(4))):
        ours = getattr(losses, name)(outputs, targets)[0]
        assert ours == pytest.approx(np.mean(scipy_loss(name, outputs, targets)), rel=1e-12)


@pytest.mark.parametrize("name", ["binary_cross_entropy", "cross_entropy"])
def test_slopes_agree_with_scipy(name):
    for outputs, targets in (far(name), batch(name, np.random.default_rng(5))):
        ours = getattr(losses, name)(outputs, targets)[1]
        np.testing.assert_allclose(ours, scipy_slopes(name, outputs, targets), atol=1e-15)


@pytest.mark.peers
@every
def test_values_and_slopes_agree_with_pytorch(name):
    import torch

    F = torch.nn.functional

    def sides(z, t, p):
        # two classes with the scores 0 and z; PyTorch divides by their number
        both = torch.stack([0 * z.flatten(), z.flatten()], 1)
        return 2 * F.multi_margin_loss(both, (t.flatten() > 0).long(), p=p)

    peer = {
        "mean_squared_error": F.mse_loss,
        "mean_absolute_error": F.l1_loss,
        "binary_cross_entropy": F.binary_cross_entropy_with_logits,
        "cross_entropy": F.cross_entropy,
        "hinge": lambda z, t: sides(z, t, 1),
        "squared_hinge": lambda z, t: sides(z, t, 2),
        "multiclass_hinge": lambda z, t: z.shape[1] * F.multi_margin_loss(z, t),
    }[name]
    for outputs, targets in (far(name), batch(name, np.random.default_rng(6))):
        z, t = torch.tensor(outputs, requires_grad=True), torch.tensor(targets)
        theirs = peer(z, t if KINDS[name] == "classes" else t.double())
        theirs.backward()
        ours, slopes = getattr(losses, name)(outputs, targets)
        assert ours == pytest.approx(theirs.item(), rel=1e-12, abs=1e-12)
        np.testing.assert_allclose(slopes, z.grad.numpy(), rtol=1e-12, atol=1e-12)


@pytest.mark.peers
def test_the_hinge_is_pytorchs_embedding_loss_of_the_margin():
    import torch

    outputs, targets = far("hinge")
    theirs = torch.nn.functional.hinge_embedding_loss(
        torch.tensor(outputs * targets), torch.tensor(-1.0)
    )
    assert hinge(outputs, targets)[0] == pytest.approx(theirs.item(), rel=1e-12)


@every
def test_two_equal_batches_have_the_loss_of_one_and_half_its_slopes(name):
    loss = getattr(losses, name)
    outputs, targets = batch(name, np.random.default_rng(7))
    once, slopes = loss(outputs, targets)
    twice, both = loss(np.vstack([outputs, outputs]), np.concatenate([targets, targets]))
    assert twice == pytest.approx(once, rel=1e-14)
    np.testing.assert_allclose(both, np.vstack([slopes, slopes]) / 2, rtol=1e-14)


def test_slopes_of_classes_add_up_to_0():
    for name in ("cross_entropy", "multiclass_hinge"):
        slopes = getattr(losses, name)(*batch(name, np.random.default_rng(8)))[1]
        np.testing.assert_allclose(np.sum(slopes, axis=1), 0, atol=1e-16)


def test_two_classes_are_yes_or_no():
    rng = np.random.default_rng(9)
    logits, labels = rng.normal(0, 5, (50, 2)), rng.integers(0, 2, 50)
    two = cross_entropy(logits, labels)[0]
    one = binary_cross_entropy(logits[:, 1] - logits[:, 0], labels)[0]
    assert two == pytest.approx(one, rel=1e-14)


@every
@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_dtype_shape_and_inputs_stay(name, kind):
    outputs, targets = batch(name, np.random.default_rng(10))
    outputs = outputs.astype(kind)
    before = outputs.copy(), targets.copy()
    mean, slopes = getattr(losses, name)(outputs, targets)
    assert type(mean) is float
    assert slopes.dtype == kind
    assert slopes.shape == outputs.shape
    assert (outputs == before[0]).all()
    assert (targets == before[1]).all()


@pytest.mark.parametrize("name", PAIRS)
def test_a_row_of_any_shape(name):
    loss = getattr(losses, name)
    outputs, targets = batch(name, np.random.default_rng(11), shape=(4, 6))
    mean, slopes = loss(outputs, targets)
    flat, flat_slopes = loss(outputs.reshape(2, 12), targets.reshape(2, 12))
    assert mean == pytest.approx(flat, rel=1e-15)
    assert (slopes.ravel() == flat_slopes.ravel()).all()


@pytest.mark.parametrize("name", CLASSES)
@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize("places", [(8, 5), (2, 4, 5), (2, 2, 2, 5), (1, 8, 1, 5)])
def test_every_place_counts_as_a_sample(name, places, kind):
    loss = getattr(losses, name)
    outputs, labels = batch(name, np.random.default_rng(13))
    outputs = outputs.astype(kind)
    mean, slopes = loss(outputs, labels)
    held = outputs.reshape(places)
    for layout in (np.ascontiguousarray, np.asfortranarray):
        there, slopes_there = loss(layout(held), labels.reshape(places[:-1]))
        assert there == mean
        assert slopes_there.dtype == kind
        np.testing.assert_array_equal(slopes_there, slopes.reshape(places))


@pytest.mark.parametrize("name", CLASSES)
def test_labels_need_the_places_of_the_outputs(name):
    loss = getattr(losses, name)
    for outputs, labels in (
        (np.ones((3, 4, 2)), np.zeros((4, 3), int)),
        (np.ones((3, 4, 2)), np.zeros(12, int)),
        (np.ones((3, 4, 2)), np.zeros((3, 4, 2), int)),
        (np.ones((3, 0, 2)), np.zeros((3, 0), int)),
        (np.ones(()), np.zeros((), int)),
    ):
        with pytest.raises(ValueError, match=r"with places \(samples, ..., classes\) and \(samp"):
            loss(outputs, labels)
    with pytest.raises(ValueError, match="from 0 to 1, but one is 7"):
        loss(np.ones((1, 2, 2)), [[0, 7]])


def test_on_the_answer_alone_worked_by_hand():
    # One sample of three places, the answer are two: shares 0.88, 0.12 and 0.30, 0.70.
    shares = np.array([[[0.5, 0.5], [0.88, 0.12], [0.30, 0.70]]])
    for labels in ([[0, 1]], [[0, 0, 1]], [[9, 0, 1]]):
        mean, slopes = on_answer(2)(np.log(shares), labels)
        assert mean == pytest.approx(0.24225416, abs=5e-9)
        np.testing.assert_allclose(slopes, [[[0, 0], [-0.06, 0.06], [0.15, -0.15]]], atol=1e-16)


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_the_whole_answer_is_cross_entropy_and_its_slopes_are_those_of_nudges(kind):
    rng = np.random.default_rng(14)
    outputs, labels = rng.normal(size=(3, 5, 4)).astype(kind), rng.integers(0, 4, (3, 5))
    mean, slopes = on_answer(5)(outputs, labels)
    assert mean == cross_entropy(outputs, labels)[0]
    np.testing.assert_array_equal(slopes, cross_entropy(outputs, labels)[1])
    assert slopes.dtype == kind
    outputs = outputs.astype(float)
    slopes = on_answer(2)(outputs, labels)[1]
    measured = numerical_gradient(lambda z: on_answer(2)(z, labels)[0], outputs)
    np.testing.assert_allclose(slopes, measured, atol=1e-7)
    assert not slopes[:, :3].any()


def test_what_is_no_answer():
    for n in (0, -1, 1.5, None, "2", [2]):
        with pytest.raises(ValueError, match="how many places hold the answer, .* but got"):
            on_answer(n)
    outputs = np.ones((3, 4, 2))
    for given in (np.ones((3, 2)), np.ones((3, 1, 2)), np.ones((3, 4, 2, 2)), 1.0):
        with pytest.raises(ValueError, match=r"\(samples, places, classes\) was expected, with at"):
            on_answer(2)(given, np.zeros((3, 4), int))
    for labels in (np.zeros((3, 3), int), np.zeros((3, 1), int), np.zeros((2, 4), int), 0):
        with pytest.raises(ValueError, match="each of the 4 places, or for each of the last 2"):
            on_answer(2)(outputs, labels)
    with pytest.raises(TypeError, match="whole numbers"):
        on_answer(2)(outputs, np.zeros((3, 4)))
    with pytest.raises(TypeError, match="outputs has to hold real numbers"):
        on_answer(2)(outputs.astype(str), np.zeros((3, 4), int))


def test_a_loss_goes_to_a_worker_process():
    outputs, labels = np.ones((1, 3, 2)), [[0, 1]]
    theirs = pickle.loads(pickle.dumps(on_answer(2)))
    assert on_answer(2)(outputs, labels)[0] == theirs(outputs, labels)[0]


@pytest.mark.peers
def test_places_agree_with_pytorch():
    import torch

    rng = np.random.default_rng(15)
    outputs, labels = rng.normal(0, 3, (4, 6, 5)), rng.integers(0, 5, (4, 6))
    unseen = np.where(np.arange(6) < 4, -100, labels)  # which PyTorch leaves out
    for loss, targets in ((cross_entropy, labels), (on_answer(2), unseen)):
        z = torch.tensor(outputs, requires_grad=True)
        theirs = torch.nn.functional.cross_entropy(z.transpose(1, 2), torch.tensor(targets))
        theirs.backward()
        mean, slopes = loss(outputs, labels)
        assert mean == pytest.approx(theirs.item(), rel=1e-12)
        np.testing.assert_allclose(slopes, z.grad.numpy(), atol=1e-15)


@pytest.mark.parametrize("name", PAIRS)
def test_shapes_have_to_be_equal(name):
    with pytest.raises(ValueError, match=r"shape \(3, 1\) and targets \(3,\).*reshape"):
        getattr(losses, name)(np.ones((3, 1)), np.ones(3))
    with pytest.raises(ValueError, match="at least one"):
        getattr(losses, name)([], [])


@pytest.mark.parametrize("name", CLASSES)
def test_classes_need_a_row_for_each_label(name):
    loss = getattr(losses, name)
    for outputs, labels in (
        (np.ones((3, 2)), np.zeros(2, int)),
        (np.ones(3), np.zeros(3, int)),
        (np.ones((2, 2)), np.eye(2, dtype=int)),
        (np.ones((0, 2)), np.zeros(0, int)),
        (np.ones((2, 0)), np.zeros(2, int)),
    ):
        with pytest.raises(ValueError, match=r"\(samples, classes\).*argmax"):
            loss(outputs, labels)


@pytest.mark.parametrize("name", CLASSES)
@pytest.mark.parametrize("label", [-1, 3])
def test_labels_have_to_name_a_class(name, label):
    with pytest.raises(ValueError, match=f"from 0 to 2, but one is {label}"):
        getattr(losses, name)(np.ones((2, 3)), [0, label])


@pytest.mark.parametrize("name", CLASSES)
@pytest.mark.parametrize("labels", [[0.0, 1.0], [True, False], ["a", "b"]])
def test_labels_have_to_be_whole_numbers(name, labels):
    with pytest.raises(TypeError, match="whole numbers.*dtype"):
        getattr(losses, name)(np.ones((2, 3)), labels)


def test_targets_have_to_be_known_to_the_loss():
    with pytest.raises(ValueError, match="0 or 1, but there is a -1"):
        binary_cross_entropy([1.0, 2.0], [1, -1])
    with pytest.raises(ValueError, match="0 or 1, but there is a 0.5"):
        binary_cross_entropy([1.0, 2.0], [1, 0.5])
    for loss in (hinge, squared_hinge):
        with pytest.raises(ValueError, match="-1 or 1, but there is a 0"):
            loss([1.0, 2.0], [1, 0])


@every
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_nan_and_infinity_are_named(name, bad):
    outputs, targets = batch(name, np.random.default_rng(12))
    outputs[0, 1] = bad
    with pytest.raises(ValueError, match="outputs .* but 1 of 40 are nan or infinite"):
        getattr(losses, name)(outputs, targets)


@pytest.mark.parametrize("name", PAIRS)
def test_nan_in_targets_is_named(name):
    with pytest.raises(ValueError, match="targets have to hold finite numbers, but 1 of 2"):
        getattr(losses, name)([1.0, 2.0], [1.0, np.nan])


@every
def test_what_is_no_number_is_refused(name):
    with pytest.raises(TypeError, match="real number"):
        getattr(losses, name)(["a", "b"], [1, 1])
