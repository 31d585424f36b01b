"""Metrics: numbers worked by hand, properties over seeds, peers, and what is refused."""

import numpy as np
import pytest

from nnutils.losses import binary_cross_entropy, cross_entropy
from nnutils.metrics import area, precision_recall, reliability, roc, temperature
from nnutils.numerics import softmax

SCORES, TRUE = [3, 2, 1, 1, 0], [1, 0, 1, 0, 0]
seeds = pytest.mark.parametrize("seed", range(20))


def drawn(seed, n=60):
    """Return scores, some of them equal, and what is true, with at least one of each."""
    rng = np.random.default_rng(seed)
    true = rng.random(n) < 0.3
    true[:2] = True, False
    return np.round(rng.normal(size=n) + true, 1), true


def by_pairs(scores, true):
    one, other = scores[true][:, None], scores[~true]
    return np.mean((one > other) + 0.5 * (one == other))


def test_five_pictures_by_hand():
    # a yes from 1 on: hits 3 and 1, false alarms 2 and 1, no miss
    assert precision_recall(np.array(SCORES) >= 1, TRUE) == (2 / 4, 2 / 2)
    # from 3 on: one hit, no false alarm, one miss
    assert precision_recall([1, 0, 0, 0, 0], TRUE) == (1, 0.5)
    alarms, hits = roc(SCORES, TRUE)
    # at infinity, 3, 2, 1, where a true and a false one come together, and 0
    np.testing.assert_allclose(alarms, [0, 0, 1 / 3, 2 / 3, 1])
    np.testing.assert_allclose(hits, [0, 0.5, 0.5, 1, 1])
    # 3 is above 2, 1 and 0; 1 is above 0, and level with 1: four and a half of six pairs
    assert area(alarms, hits) == pytest.approx(4.5 / 6, rel=1e-15)


def test_a_share_of_nothing_is_nan():
    precision, recall = precision_recall([0, 0], [0, 1])
    assert np.isnan(precision)
    assert recall == 0
    precision, recall = precision_recall([0, 1], [0, 0])
    assert precision == 0
    assert np.isnan(recall)


@seeds
def test_the_area_is_the_share_of_pairs(seed):
    scores, true = drawn(seed)
    assert area(*roc(scores, true)) == pytest.approx(by_pairs(scores, true), abs=1e-14)


@seeds
def test_the_curve_sees_the_order_alone(seed):
    scores, true = drawn(seed)
    for same in (scores + 2.02, 7 * scores, np.exp(scores), np.arctan(scores)):
        np.testing.assert_array_equal(roc(same, true), roc(scores, true))
    turned = area(*roc(-scores, true))
    assert turned == pytest.approx(1 - area(*roc(scores, true)), abs=1e-14)
    order = np.random.default_rng(seed).permutation(len(true))
    np.testing.assert_array_equal(roc(scores[order], true[order]), roc(scores, true))


@seeds
def test_points_of_the_curve_are_those_of_thresholds(seed):
    scores, true = drawn(seed)
    alarms, hits = roc(scores, true)
    assert (alarms[0], hits[0], alarms[-1], hits[-1]) == (0, 0, 1, 1)
    assert (np.diff(alarms) >= 0).all()
    assert (np.diff(hits) >= 0).all()
    for k, threshold in enumerate(np.unique(scores)[::-1], start=1):
        said = scores >= threshold
        assert hits[k] == pytest.approx(precision_recall(said, true)[1])
        assert alarms[k] == pytest.approx(np.mean(said[~true]))


def test_equal_scores_are_worth_half():
    np.testing.assert_array_equal(roc([7, 7, 7], [1, 0, 0]), [[0, 1], [0, 1]])
    assert area(*roc([7, 7, 7], [1, 0, 0])) == 0.5


def test_areas_by_hand():
    assert area([0, 1, 3], [2, 4, 4]) == 3 + 8
    assert area([1, 1], [0, 5]) == 0
    assert type(area([0, 1], [0, 1])) is float


def test_reliability_by_hand():
    p, right = [0.05, 0.2, 0.3, 0.95, 1.0], [0, 1, 0, 1, 1]
    said, came, counts = reliability(p, right, bins=5)
    # 0.05 alone; 0.2, which begins its part, with 0.3; 0.95 with 1
    np.testing.assert_allclose(said, [0.05, 0.25, 0.975])
    np.testing.assert_allclose(came, [0, 0.5, 1])
    assert counts.tolist() == [1, 2, 2]


@pytest.mark.parametrize("bins", [1, 2, 7, 10, 100, np.int64(3)])
def test_no_answer_is_lost_in_the_parts(bins):
    rng = np.random.default_rng(0)
    p = np.append(rng.random(500), [0, 1, 0.3, 0.7])
    right = rng.random(504) < p
    said, came, counts = reliability(p, right, bins)
    assert counts.sum() == 504
    assert said @ counts == pytest.approx(p.sum())
    assert came @ counts == pytest.approx(right.sum())
    assert (counts > 0).all()
    assert (np.diff(said) > 0).all()


def test_an_end_of_a_part_is_in_the_part_above():
    for k in range(1, 10):
        said, _, counts = reliability([k / 10, k / 10 - 1e-12], [1, 0])
        assert counts.tolist() == [1, 1]


def test_temperature_by_hand():
    # Three of four answers are right with logits 2 and 0. The best probability is 3/4, whose
    # logit is log 3: T = 2 / log 3 = 1.8204785.
    logits = np.array([[2.0, 0]] * 4)
    found = temperature(logits, [0, 0, 0, 1], cross_entropy)
    assert found == pytest.approx(2 / np.log(3), rel=1e-12)
    # and yes or no with one logit of 2 is the same question
    one = temperature([2, 2, 2, 2], [1, 1, 1, 0], binary_cross_entropy)
    assert one == pytest.approx(found, rel=1e-12)


@seeds
def test_no_other_temperature_has_a_lower_loss(seed):
    rng = np.random.default_rng(seed)
    logits, labels = 4 * rng.normal(size=(80, 3)), rng.integers(0, 3, 80)
    logits[np.arange(80), labels] += 4
    best = temperature(logits, labels, cross_entropy)
    lowest = cross_entropy(logits / best, labels)[0]
    for factor in (0.5, 0.9, 0.999, 1.001, 1.1, 2):
        assert cross_entropy(logits / best / factor, labels)[0] > lowest
    assert temperature(3 * logits, labels, cross_entropy) == pytest.approx(3 * best, rel=1e-9)


def test_labels_drawn_from_the_logits_want_the_temperature_1():
    rng = np.random.default_rng(0)
    logits = 2 * rng.normal(size=(20_000, 4))
    labels = (softmax(logits, 1).cumsum(1) < rng.random((20_000, 1))).sum(1)
    assert temperature(logits, labels, cross_entropy) == pytest.approx(1, abs=0.03)


def test_a_temperature_at_an_end():
    logits = np.array([[2.0, 0], [0, 2]])
    assert temperature(logits, [0, 1], cross_entropy) == pytest.approx(0.05, rel=1e-12)
    assert temperature(logits, [1, 0], cross_entropy) == pytest.approx(20, rel=1e-12)


@seeds
def test_temperature_agrees_with_scipy(seed):
    from scipy.optimize import minimize_scalar

    rng = np.random.default_rng(seed)
    logits, labels = 3 * rng.normal(size=(50, 3)), rng.integers(0, 3, 50)
    logits[np.arange(50), labels] += 3
    theirs = minimize_scalar(
        lambda log_t: cross_entropy(logits / np.exp(log_t), labels)[0],
        bounds=np.log([0.05, 20]),
        method="bounded",
        options={"xatol": 1e-10},
    )
    ours = temperature(logits, labels, cross_entropy)
    assert ours == pytest.approx(np.exp(theirs.x), rel=1e-6)


@pytest.mark.peers
@seeds
def test_shares_and_curves_are_those_of_scikit_learn(seed):
    from sklearn import metrics

    scores, true = drawn(seed)
    for said in (scores > 0.5, scores > 99):
        precision, recall, _, _ = metrics.precision_recall_fscore_support(
            true, said, average="binary", zero_division=np.nan
        )
        np.testing.assert_allclose(precision_recall(said, true), (precision, recall), rtol=1e-14)
    alarms, hits, _ = metrics.roc_curve(true, scores, drop_intermediate=False)
    np.testing.assert_allclose(roc(scores, true), (alarms, hits), rtol=1e-14)
    assert area(*roc(scores, true)) == pytest.approx(metrics.auc(alarms, hits), rel=1e-14)
    assert area(*roc(scores, true)) == pytest.approx(metrics.roc_auc_score(true, scores), abs=1e-14)


@pytest.mark.peers
@seeds
def test_the_reliability_is_that_of_scikit_learn(seed):
    from sklearn.calibration import calibration_curve

    rng = np.random.default_rng(seed)
    p = rng.random(40)
    right = rng.random(40) < p
    for bins in (3, 10):
        came, said = calibration_curve(right, p, n_bins=bins)
        np.testing.assert_allclose(reliability(p, right, bins)[:2], (said, came), rtol=1e-14)


# Whatever holds numbers, and what does not.

CALLS = {
    "precision_recall": precision_recall,
    "roc": roc,
    "reliability": reliability,
    "area": area,
}
each = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)


@each
@pytest.mark.parametrize("hold", [list, np.float32, np.float16, np.int8, bool])
def test_any_kind_of_number(call, hold):
    x, y = np.array([0.0, 0, 1, 1]), np.array([0.0, 1, 0, 1])
    held = (x.tolist(), y.tolist()) if hold is list else (x.astype(hold), y.astype(hold))
    with np.errstate(all="raise"):
        expected, found = call(x, y), call(*held)
    np.testing.assert_equal(found, expected)


def test_strict_floating_point_errors_change_nothing():
    with np.errstate(all="raise"):
        assert np.isnan(precision_recall([0], [0])).all()
        logits = np.array([[1e300, 0], [0, 1e300], [0, 1]])
        assert temperature(logits, [0, 1, 1], cross_entropy) > 0


def test_float32_logits_have_a_temperature():
    logits = np.array([[2, 0]] * 4, np.float32)
    found = temperature(logits, [0, 0, 0, 1], cross_entropy)
    assert found == pytest.approx(2 / np.log(3), rel=1e-5)


def test_nothing_that_was_passed_is_changed():
    scores, true = drawn(0)
    kept = scores.copy(), true.copy()
    p = 1 / (1 + np.exp(-scores))
    for call, x in [(precision_recall, scores > 0), (roc, scores), (reliability, p)]:
        call(x, true)
    temperature(scores, true, binary_cross_entropy)
    np.testing.assert_array_equal(scores, kept[0])
    np.testing.assert_array_equal(true, kept[1])


@each
def test_shapes_that_do_not_fit(call):
    with pytest.raises(ValueError, match="Got rows of 2 and 3 numbers"):
        call([0, 1], [0, 1, 1])
    with pytest.raises(ValueError, match=r"shape \(2, 1\).*net\(x\)\[:, 0\]"):
        call([[0], [1]], [0, 1])
    with pytest.raises(ValueError, match=r"shape \(0,\)"):
        call([], [])
    with pytest.raises(ValueError, match=r"shape \(\)"):
        call(1, 1)


@each
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_numbers_that_are_not_finite(call, bad):
    with pytest.raises(ValueError, match="finite numbers, but 1 of 2"):
        call([0, bad], [0, 1])
    with pytest.raises(ValueError, match="finite numbers, but 1 of 2"):
        call([0, 1], [0, bad])


@each
@pytest.mark.parametrize("bad", [None, "yes", ["a", "b"], [None, 1], 1j, np.ma.array([0, 1])])
def test_only_real_numbers(call, bad):
    with pytest.raises((TypeError, ValueError), match="has to hold|masked"):
        call(bad, [0, 1])
    with pytest.raises((TypeError, ValueError), match="has to hold|masked"):
        call([0, 1], bad)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: precision_recall([0, 2], [0, 1]), "said has to say yes or no.*there is a 2"),
        (lambda: precision_recall([0, 1], [8, 1]), "true has to say yes or no.*there is a 8"),
        (lambda: roc([0, 1], [0, 0.5]), "there is a 0.5. Compare first"),
        (lambda: roc([0, 1], [0, 0]), "All 2 samples are false"),
        (lambda: roc([0, 1], [1, 1]), "All 2 samples are true"),
        (lambda: area([0], [0]), "two numbers at least"),
        (lambda: area([0, 2, 1], [0, 0, 0]), "never fall"),
        (lambda: reliability([0.5, 1.5], [0, 1]), "from 0.5 to 1.5"),
        (lambda: reliability([-0.5, 0.5], [0, 1]), "from -0.5 to 0.5"),
        (lambda: reliability([0.5], [1], bins=0), "at least 1, but got 0"),
        (lambda: reliability([0.5], [1], bins=2.5), "a whole number, at least 1, but got 2.5"),
        (lambda: reliability([0.5], [1], bins=True), "but got True"),
        (lambda: temperature([[1, 2]], [5], cross_entropy), "There are 2 classes"),
        (lambda: temperature([[1, np.nan]], [0], cross_entropy), "finite numbers"),
    ],
)
def test_what_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
