"""Maps: numbers by hand, what always holds, nudges, peers, and what is refused."""

import math
import pickle
from itertools import islice

import numpy as np
import pytest

from nnutils.data import digits
from nnutils.maps import map_loss, pca, shares, tsne

FOUR = np.array([[3.0, 1], [1, 3], [-3, -1], [-1, -3]])
LINE = np.array([[0.0], [1], [2]])
seeds = pytest.mark.parametrize("seed", range(5))


def drawn(seed=0, shape=(12, 5), dtype=float):
    return np.random.default_rng(seed).normal(size=shape).astype(dtype)


def joint(seed=0, n=12, perplexity=4):
    s = shares(drawn(seed, (n, 5)), perplexity)
    return (s + s.T) / (2 * n)


def perplexities(s):
    return np.exp(-np.sum(s * np.log(np.where(s > 0, s, 1)), axis=1))


def after(count, *given, seed=0, **settings):
    return list(islice(tsne(*given, rng=np.random.default_rng(seed), **settings), count))[-1]


# Principal components


def test_pca_by_hand():
    # Covariance (5, 3; 3, 5): along (1, 1) the variance is 8, along (1, -1) it is 2.
    mean, components = pca(FOUR + [10, 20], 2)
    half = math.sqrt(0.5)
    np.testing.assert_allclose(mean, [10, 20])
    np.testing.assert_allclose(components, [[half, half], [half, -half]])
    codes = FOUR @ components.T
    np.testing.assert_allclose(np.mean(codes**2, axis=0), [8, 2])
    back = codes[:, :1] @ components[:1]
    np.testing.assert_allclose(back, [[2, 2], [2, 2], [-2, -2], [-2, -2]], atol=1e-12)
    assert np.mean(np.sum((FOUR - back) ** 2, axis=1)) == pytest.approx(2)


@seeds
def test_components_are_those_of_the_covariance(seed):
    x = drawn(seed) * [5, 4, 3, 2, 1]
    mean, components = pca(x, 3)
    np.testing.assert_allclose(components @ components.T, np.eye(3), atol=1e-12)
    assert (components[np.arange(3), np.abs(components).argmax(axis=1)] > 0).all()
    covariance = (x - mean).T @ (x - mean) / len(x)
    largest = np.sort(np.linalg.eigvalsh(covariance))[:-4:-1]
    np.testing.assert_allclose(components @ covariance, largest[:, None] * components, atol=1e-10)
    back = (x - mean) @ components.T @ components + mean
    lost = np.mean(np.sum((x - back) ** 2, axis=1))
    assert lost == pytest.approx(np.trace(covariance) - largest.sum())


@seeds
def test_pca_does_not_care_where_and_how_large(seed):
    x = drawn(seed)
    _, components = pca(x, 2)
    for other in (x + 100, x * 1e-150, x * 1e140, x[::-1]):
        np.testing.assert_allclose(pca(other, 2)[1], components, atol=1e-9)


def test_pca_of_few_samples_and_of_equal_ones():
    for x in (np.ones((1, 3)), np.ones((4, 3))):
        mean, components = pca(x, 1)
        np.testing.assert_array_equal(mean, [1, 1, 1])
        assert np.linalg.norm(components) == pytest.approx(1)


# Whom each would pick


def test_perplexity_by_hand():
    # Weights 1/2 and 1/8 are shares of 4/5 and 1/5: 0.7219 bits, 1.649 choices. The first of the
    # line has squared distances of 1 and 4, so its weights are b and b to the fourth: b**3 = 1/4.
    perplexity = 2**0.721928
    assert round(perplexity, 3) == 1.649
    np.testing.assert_allclose(shares(LINE, perplexity)[0], [0, 0.8, 0.2], atol=1e-6)


@seeds
@pytest.mark.parametrize("perplexity", [1, 1.001, 2, 5.5, 10.999, 11])
def test_rows_have_the_perplexity(seed, perplexity):
    s = shares(drawn(seed), perplexity)
    np.testing.assert_allclose(s.sum(axis=1), 1)
    np.testing.assert_array_equal(s.diagonal(), 0)
    np.testing.assert_allclose(perplexities(s), perplexity, rtol=1e-9)
    d = np.sum((drawn(seed)[:, None] - drawn(seed)) ** 2, axis=2)
    np.fill_diagonal(d, np.inf)
    np.testing.assert_allclose(s[np.arange(12), d.argmin(axis=1)], s.max(axis=1))


@seeds
def test_shares_do_not_care_where_and_how_large(seed):
    x = drawn(seed)
    right = shares(x, 4)
    for other in (x + 100, x * 1e-200, x * 1e140, x @ np.linalg.qr(drawn(9, (5, 5)))[0]):
        np.testing.assert_allclose(shares(other, 4), right, atol=1e-8)
    back = np.random.default_rng(seed).permutation(12)
    np.testing.assert_allclose(shares(x[back], 4), right[back][:, back], atol=1e-12)


def test_what_is_equally_near_gets_equal_shares():
    np.testing.assert_allclose(shares(np.zeros((4, 2)), 2), (1 - np.eye(4)) / 3)
    x = np.array([[0.1], [0.1], [0.1], [5], [7]])
    np.testing.assert_allclose(shares(x, 1.5)[:3, :3], (1 - np.eye(3)) / 2)
    np.testing.assert_array_equal(shares([[0.0], [1]], 1), [[0, 1], [1, 0]])


def test_a_sample_far_away_changes_nothing_for_the_others():
    x = drawn(0, (12, 2))
    s = shares(np.vstack([x, [[1e9, 0]]]), 3)
    np.testing.assert_allclose(s[:12, :12], shares(x, 3), atol=1e-6)
    np.testing.assert_allclose(perplexities(s)[:12], 3)


# The loss of a map


def test_map_loss_by_hand():
    # Weights 1/2, 1/2 and 1/5, each twice, add up to 2.4: q is 5/24, 5/24, 1/12, and p 1/6. The
    # first place pulls with 4 (p - q) weight = -1/12 the second, and with 1/15 the third, 2 away.
    p = (1 - np.eye(3)) / 6
    value, slopes = map_loss(LINE, p)
    assert value == pytest.approx(2 / 3 * math.log(4 / 5) + 1 / 3 * math.log(2))
    np.testing.assert_allclose(slopes, [[1 / 12 - 2 / 15], [0], [2 / 15 - 1 / 12]], atol=1e-15)
    q = np.array([[0, 5, 2], [5, 0, 5], [2, 5, 0]]) / 24
    value, slopes = map_loss(LINE, q)
    assert value == pytest.approx(0, abs=1e-15)
    np.testing.assert_allclose(slopes, 0, atol=1e-15)


@seeds
@pytest.mark.parametrize("axes", [1, 2, 3])
def test_slopes_are_those_of_nudges(seed, axes):
    y, p = drawn(seed, (12, axes)), joint(seed)
    value, slopes = map_loss(y, p)
    assert value > 0
    for at in np.ndindex(y.shape):
        nudge = np.zeros_like(y)
        nudge[at] = 1e-5
        rise = map_loss(y + nudge, p)[0] - map_loss(y - nudge, p)[0]
        assert abs(rise / 2e-5 - slopes[at]) < 1e-7 * np.abs(slopes).max()


@seeds
def test_moved_and_turned_maps_have_the_same_loss(seed):
    y, p = drawn(seed, (12, 2)), joint(seed)
    value, slopes = map_loss(y, p)
    np.testing.assert_allclose(slopes.sum(axis=0), 0, atol=1e-14)
    turn = np.linalg.qr(drawn(seed, (2, 2)))[0]
    again, turned = map_loss(y @ turn + [30, -40], p)
    assert again == pytest.approx(value, abs=1e-12)
    np.testing.assert_allclose(turned, slopes @ turn, atol=1e-12)


# Descending


@seeds
def test_the_loss_falls_and_the_middle_stays(seed):
    x, p = drawn(seed, (40, 5)), joint(seed, 40, 8)
    losses = []
    for y in islice(tsne(x, 8, rng=np.random.default_rng(seed), early=0), 200):
        losses.append(map_loss(y, p)[0])
        np.testing.assert_allclose(y.mean(axis=0), 0, atol=1e-9)
    assert losses[-1] < 0.5 * losses[0]
    assert np.diff(losses[-20:]).max() < 1e-2


def test_the_first_steps_by_hand():
    # The velocity is the slopes, then 0.9 of itself and the slopes.
    x, start = drawn(3, (12, 5)), drawn(4, (12, 2))
    y = start + np.random.default_rng(7).normal(0, 1e-4, (12, 2))
    y -= y.mean(axis=0)
    p = joint(3)
    velocity = map_loss(y, p)[1]
    y = y - 0.3 * velocity
    settings = {"seed": 7, "start": start, "rate": 0.3, "early": 0}
    np.testing.assert_allclose(after(1, x, 4, **settings), y, atol=1e-12)
    y = y - 0.3 * (0.9 * velocity + map_loss(y, p)[1])
    np.testing.assert_allclose(after(2, x, 4, **settings), y, atol=1e-12)


def test_two_samples_are_a_spring():
    # They pick each other, and q is p in every map. So exaggeration alone pulls: with p = 1/2, the
    # slope of a place is 4 (2 p - p) times weight times way, and both of them move.
    way = 0.01
    y = after(1, [[0.0], [1]], 1, start=[[0, 0], [way, 0]], rate=0.1, seed=1)
    first = np.random.default_rng(1).normal(0, 1e-4, (2, 2)) + [[0, 0], [way, 0]]
    apart = first[1] - first[0]
    weight = 1 / (1 + apart @ apart)
    np.testing.assert_allclose(y[1] - y[0], (1 - 0.1 * 4 * weight) * apart)


@pytest.mark.parametrize("perplexity", [2, 10])
def test_rounding_does_not_grow(perplexity):
    images, _ = digits()
    x = images[:60].reshape(60, 64) + 0.0
    noise = 1 + 1e-14 * drawn(5, x.shape)
    np.testing.assert_allclose(
        after(300, x * noise, perplexity), after(300, x, perplexity), atol=1e-8
    )


def test_steps_yield_new_maps_and_the_seed_decides():
    maps = tsne(drawn(), 4, rng=np.random.default_rng(0))
    first = next(maps)
    kept = first.copy()
    next(maps)[...] = 0
    np.testing.assert_array_equal(first, kept)
    np.testing.assert_array_equal(after(9, drawn(), 4), after(9, drawn(), 4))
    assert not np.allclose(after(9, drawn(), 4), after(9, drawn(), 4, seed=1))
    assert after(9, drawn(dtype=np.float32), 4).dtype == np.float32


def test_digits_part():
    images, labels = digits()
    x = images[:250].reshape(250, 64)
    y = after(300, x, 30)
    d = np.sum((y[:, None] - y) ** 2, axis=2)
    np.fill_diagonal(d, np.inf)
    assert np.mean(labels[d.argmin(axis=1)] == labels[:250]) > 0.9


def test_a_rate_that_is_too_high_is_told():
    with pytest.raises(FloatingPointError, match="At step .* Try a lower rate than 1e"):
        after(20, drawn(), 4, rate=1e300)


# Peers


@pytest.mark.peers
@seeds
def test_pca_is_that_of_scikit_learn(seed):
    from sklearn.decomposition import PCA

    x = drawn(seed, (30, 8))
    peer = PCA(4, svd_solver="full").fit(x)
    mean, components = pca(x, 4)
    np.testing.assert_allclose(mean, peer.mean_, atol=1e-14)
    np.testing.assert_allclose(np.abs(peer.components_ @ components.T), np.eye(4), atol=1e-10)
    np.testing.assert_allclose(
        np.var((x - mean) @ components.T, axis=0, ddof=1), peer.explained_variance_, rtol=1e-10
    )


@pytest.mark.peers
@seeds
def test_shares_are_those_of_scikit_learn(seed):
    from scipy.spatial.distance import squareform
    from sklearn.manifold import _t_sne
    from sklearn.metrics import pairwise_distances

    x = drawn(seed, (60, 8))
    s = shares(x, 15)
    distances = pairwise_distances(x, squared=True).astype(np.float32)
    peer = squareform(_t_sne._joint_probabilities(distances, 15, 0))
    np.testing.assert_allclose((s + s.T) / 120, peer, atol=1e-7)  # it computes in float32


@pytest.mark.peers
@seeds
def test_map_loss_is_that_of_scikit_learn(seed):
    from scipy.spatial.distance import squareform
    from sklearn.manifold import _t_sne

    y, p = drawn(seed, (60, 2)), joint(seed, 60, 15)
    value, slopes = _t_sne._kl_divergence(y.ravel(), squareform(p, checks=False), 1, 60, 2)
    ours, our_slopes = map_loss(y, p)
    assert ours == pytest.approx(value, abs=1e-10)
    np.testing.assert_allclose(our_slopes.ravel(), slopes, atol=1e-10)


@pytest.mark.peers
@seeds
def test_map_loss_is_that_of_pytorch(seed):
    import torch

    y, p = drawn(seed, (20, 2)), joint(seed, 20, 6)
    places = torch.tensor(y, requires_grad=True)
    weights = 1 / (
        1 + torch.cdist(places, places, compute_mode="donot_use_mm_for_euclid_dist") ** 2
    )
    weights = weights * (1 - torch.eye(20, dtype=torch.float64))
    pairs = torch.tensor(p) > 0
    q = (weights / weights.sum())[pairs]
    loss = torch.nn.functional.kl_div(q.log(), torch.tensor(p)[pairs], reduction="sum")
    loss.backward()
    value, slopes = map_loss(y, p)
    assert value == pytest.approx(loss.item(), abs=1e-10)
    np.testing.assert_allclose(slopes, places.grad.numpy(), atol=1e-10)


# Whatever holds numbers, and what does not

CALLS = {
    "pca": lambda x: pca(x, 2),
    "shares": lambda x: shares(x, 2),
    "map_loss": lambda y: map_loss(y, joint()),
    "tsne": lambda x: next(tsne(x, 2, rng=np.random.default_rng(0))),
    "start": lambda y: after(1, drawn(), 2, start=y),
}
each = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)


def flat(results):
    parts = results if isinstance(results, tuple) else (results,)
    return np.concatenate([np.ravel(part) for part in parts])


@each
def test_lists_views_and_arrays_that_must_not_change(call):
    x = drawn(shape=(12, 2))
    right = flat(call(x))
    wide = np.zeros((24, 6))
    wide[::2, 1:3] = x
    x.setflags(write=False)
    for same in (x, x.tolist(), wide[::2, 1:3], np.asfortranarray(x), x.astype(">f8")):
        np.testing.assert_allclose(flat(call(same)), right, atol=1e-12)
    whole = np.arange(24).reshape(12, 2)
    np.testing.assert_allclose(flat(call(whole)), flat(call(whole.astype(float))))


@pytest.mark.parametrize("name", ["pca", "shares", "map_loss", "tsne"])
def test_float32_stays_float32_and_float16_becomes_it(name):
    for dtype in (np.float32, np.float16):
        results = CALLS[name](drawn(shape=(12, 2), dtype=dtype))
        parts = results if isinstance(results, tuple) else (results,)
        assert all(p.dtype == np.float32 for p in parts if isinstance(p, np.ndarray))
        right = CALLS[name](drawn(shape=(12, 2), dtype=dtype).astype(float))
        np.testing.assert_allclose(flat(results), flat(right), rtol=1e-3, atol=1e-4)


@each
def test_strict_errors_find_nothing(call):
    with np.errstate(all="raise"):
        for scale in (1e-200, 1, 1e100):
            assert np.isfinite(flat(call(drawn(shape=(12, 2)) * scale))).all()


@each
@pytest.mark.parametrize("shape", [(12,), (), (12, 2, 2), (0, 2), (12, 0), (0, 0)])
def test_shapes_that_are_none(call, shape):
    with pytest.raises(ValueError, match=r"a row for each sample.*but got an array of shape"):
        call(np.ones(shape))


@each
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e200])
def test_numbers_that_are_none(call, bad):
    x = drawn(shape=(12, 2))
    x[3, 1] = bad
    with pytest.raises(ValueError, match="has to hold finite numbers, whose squares"):
        call(x)
    with pytest.raises(ValueError, match="has to hold finite numbers, whose squares"):
        call(np.full((12, 2), bad))


@each
@pytest.mark.parametrize("bad", [None, "map", 1j * np.ones((12, 2)), [["a", "b"]] * 12])
def test_what_is_no_array_of_numbers(call, bad):
    if bad is None and call is CALLS["start"]:
        assert call(bad).shape == (12, 2)
    else:
        with pytest.raises(TypeError, match="has to hold real numbers"):
            call(bad)
    with pytest.raises(TypeError, match="masked"):
        call(np.ma.masked_array(np.ones((12, 2)), mask=np.eye(12, 2)))


@pytest.mark.parametrize("k", [0, -1, 6, 1.0, None, "2", np.nan])
def test_directions_that_there_are_not(k):
    with pytest.raises(ValueError, match="k has to be a whole number from 1 to 5, since x"):
        pca(drawn(), k)


@pytest.mark.parametrize("perplexity", [0, 0.99, 11.01, np.nan, np.inf, None, "5", [3], 3j])
def test_perplexities_that_there_are_not(perplexity):
    with pytest.raises(ValueError, match="perplexity has to be a finite number from 1 to 11, but"):
        shares(drawn(), perplexity)


@pytest.mark.parametrize(
    "p",
    [
        shares(drawn(), 4),  # rows that add up to 1
        joint() * 2,
        -joint(),
        np.full((12, 12), 1 / 144),  # a diagonal
        np.full((12, 12), np.nan),
        joint() + np.triu(np.ones((12, 12)), 1) / 1000,
    ],
    ids=["rows", "twice", "negative", "diagonal", "nan", "one way"],
)
def test_shares_that_are_none_of_pairs(p):
    with pytest.raises(ValueError, match=r"they are \(s \+ s.T\) / \(2 \* len\(s\)\)"):
        map_loss(drawn(shape=(12, 2)), p)


def test_shares_of_other_samples():
    with pytest.raises(ValueError, match=r"p has to be of shape \(11, 11\), since y has 11 rows"):
        map_loss(drawn(shape=(11, 2)), joint())


@pytest.mark.parametrize(
    "bad", [{"rate": 0}, {"rate": np.nan}, {"exaggeration": -1}, {"exaggeration": "4"}]
)
def test_settings_that_are_none(bad):
    (name,) = bad
    with pytest.raises(ValueError, match=f"{name} has to be a finite number"):
        tsne(drawn(), 4, rng=np.random.default_rng(0), **bad)  # before any map is asked for


def test_more_settings_that_are_none():
    for early in (-1, 1.5, None):
        with pytest.raises(ValueError, match="early has to be a whole number, at least 0"):
            tsne(drawn(), 4, rng=np.random.default_rng(0), early=early)
    with pytest.raises(ValueError, match="start has to have two numbers for each of the 12"):
        tsne(drawn(), 4, rng=np.random.default_rng(0), start=drawn(shape=(12, 3)))
    for rng in (0, None):
        with pytest.raises(TypeError, match="rng has to be a random generator"):
            tsne(drawn(), 4, rng=rng)


def test_results_can_be_sent():
    for result in (pca(drawn(), 2), shares(drawn(), 3), map_loss(drawn(), joint())):
        np.testing.assert_array_equal(flat(pickle.loads(pickle.dumps(result))), flat(result))
