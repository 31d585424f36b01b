"""Data: nothing is lost in batches and splits, made-up classes, the digits as they were."""

import numpy as np
import pytest

from nnutils.data import batches, digits, group_folds, moons, moved, spirals, split, writers


def rng(seed=0):
    return np.random.default_rng(seed)


@pytest.mark.parametrize(("n", "size"), [(10, 3), (9, 3), (3, 10), (1, 1), (937, 64)])
def test_an_epoch_loses_nothing_and_keeps_rows_together(n, size):
    x, y = np.arange(n), -np.arange(n)
    seen = list(batches(x, y, size=size, rng=rng()))
    assert [len(a) for a, _ in seen] == [size] * (n // size) + [n % size] * (n % size > 0)
    assert sorted(np.concatenate([a for a, _ in seen])) == list(x)
    assert all((a == -b).all() for a, b in seen)


def test_it_shuffles_samples_with_the_given_generator():
    x, one = np.arange(100), rng()
    first, second, again = (
        [a.tolist() for (a,) in batches(x, size=10, rng=r)] for r in (one, one, rng())
    )
    assert first == again
    assert first != second
    assert first[0] != list(range(10))
    assert first[0] != sorted(first[0])


def test_drop_last():
    seen = [a for (a,) in batches(np.arange(10), size=4, rng=rng(), drop_last=True)]
    assert [len(a) for a in seen] == [4, 4]
    assert len(set(np.concatenate(seen))) == 8
    kept = {
        frozenset(
            v for (a,) in batches(np.arange(10), size=4, rng=rng(s), drop_last=True) for v in a
        )
        for s in range(20)
    }
    assert len(kept) > 1  # who is left out changes from epoch to epoch


@pytest.mark.parametrize(
    ("arrays", "options", "message"),
    [
        ((), {"size": 2}, r"shapes \[\]. Pass at least one"),
        ((np.ones(3), np.ones(4)), {"size": 2}, r"\(3,\), \(4,\)"),
        ((np.ones((0, 2)),), {"size": 2}, r"\(0, 2\)"),
        ((5,), {"size": 2}, r"\(\)"),
        ((np.ones(3),), {"size": 0}, "at least 1, but got 0"),
        ((np.ones(3),), {"size": 2.0}, "size, .* a whole number, at least 1, but got 2.0"),
        ((np.ones(3),), {"size": 4, "drop_last": True}, "There are 3 rows"),
    ],
)
def test_batches_that_cannot_be_made_are_refused_at_once(arrays, options, message):
    with pytest.raises(ValueError, match=message):
        batches(*arrays, rng=rng(), **options)


def test_a_split_has_every_row_once():
    x, y = np.arange(50).reshape(25, 2), np.arange(25)
    (x1, y1), (x2, y2) = split(x, y, share=0.2, rng=rng())
    assert (len(x1), len(x2)) == (20, 5)
    assert sorted(np.append(y1, y2)) == list(y)
    assert (x1[:, 0] == 2 * y1).all()
    assert (x2[:, 0] == 2 * y2).all()
    assert list(y2) != sorted(y2)


@pytest.mark.parametrize("share", [0, 1, -0.2, 20, 0.001])
def test_no_part_of_a_split_is_empty(share):
    with pytest.raises(ValueError, match=f"A share of {share!r} of 25 rows"):
        split(np.arange(25), share=share, rng=rng())


def test_moons_without_noise_lie_on_two_half_circles():
    x, labels = moons(100, 0, rng=rng())
    assert sorted(labels) == [0] * 50 + [1] * 50
    upper, lower = x[labels == 0], [1, 0.5] - x[labels == 1]
    for half in (upper, lower):
        np.testing.assert_allclose(np.hypot(*half.T), 1)
        assert (half[:, 1] >= 0).all()


def test_the_arms_of_the_spirals_are_opposite():
    x, labels = spirals(2000, 0, rng=rng())
    assert sorted(labels) == [0] * 1000 + [1] * 1000
    radius, angle = [], []
    for label in (0, 1):
        own = x[labels == label]
        order = np.argsort(np.hypot(*own.T))
        radius.append(np.hypot(*own[order].T))
        angle.append(np.unwrap(np.arctan2(*own[order].T[::-1])))
    inside = (radius[1] > radius[0][0]) & (radius[1] < radius[0][-1])
    apart = angle[1] - np.interp(radius[1], radius[0], angle[0])
    np.testing.assert_allclose(np.cos(apart[inside]), -1, atol=1e-3)
    assert np.ptp(angle[0]) > 2 * np.pi  # more than once around


@pytest.mark.parametrize("make", [moons, spirals])
def test_noise_has_the_given_size(make):
    moved = make(5000, 0.1, rng=rng())[0] - make(5000, 0, rng=rng())[0]
    np.testing.assert_allclose(moved.std(axis=0), 0.1, rtol=0.05)


def test_the_digits():
    images, labels = digits()
    assert images.shape == (1797, 8, 8)
    assert (images.min(), images.max()) == (0, 16)
    assert np.bincount(labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert labels[:10].tolist() == list(range(10))
    assert images[0, 0].tolist() == [0, 0, 5, 13, 9, 1, 0, 0]


@pytest.mark.peers
def test_the_digits_are_those_of_scikit_learn():
    from sklearn.datasets import load_digits

    theirs = load_digits()
    images, labels = digits()
    np.testing.assert_array_equal(images, theirs.images)
    np.testing.assert_array_equal(labels, theirs.target)


ASKED = "0123456789" * 3 + (  # what a form asks its writer for
    "09556509898417735100227820126337334666491509528200"
    "17632174631391768431405369617544728225795488490898"
)


def test_writers_are_told_apart_by_what_their_forms_ask_for():
    labels, forms = digits()[1], writers()
    assert forms.shape == labels.shape
    assert forms.dtype == int
    assert (np.diff(forms) >= 0).all()
    assert sorted(set(forms)) == list(range(14))
    for form in range(14):
        written = "".join(map(str, labels[forms == form]))
        assert 122 <= len(written) <= 130
        asked = iter(ASKED)
        out_of_order = [one for one in written if one not in asked]  # reads on in what is asked
        assert out_of_order == (["3"] if form == 2 else [])  # a 3 stands in the place of the last 8


class Fixed(np.random.Generator):
    """Draws given numbers."""

    def __init__(self, *numbers):
        super().__init__(np.random.PCG64())
        self.numbers = list(numbers)

    def uniform(self, low, high, size):
        assert -low == high
        return np.full(size, self.numbers.pop(0))


def test_a_quarter_of_a_pixel_down_by_hand():
    # Three quarters of each row stay, a quarter comes from the row above; paper is 0.
    image = np.array([[[8, 0], [4, 12]]])
    down = moved(image, 0.5, rng=Fixed(0.25, 0.0))
    np.testing.assert_array_equal(down, [[[6, 0], [5, 9]]])
    np.testing.assert_array_equal(moved(image, 1, rng=Fixed(-1.0, 0.0)), [[[4, 12], [0, 0]]])
    np.testing.assert_array_equal(moved(image, 1, rng=Fixed(0.0, -1.0)), [[[0, 0], [12, 0]]])
    np.testing.assert_array_equal(moved(image, 1, rng=Fixed(0.0, 1.0)), [[[0, 8], [0, 4]]])


def test_moved_images_keep_their_ink_if_they_have_room():
    images = np.zeros((50, 6, 7))
    images[:, 2:4, 2:5] = rng().uniform(0, 16, (50, 2, 3))
    after = moved(images, 1, rng=rng(1))
    np.testing.assert_allclose(after.sum(axis=(1, 2)), images.sum(axis=(1, 2)))
    assert after.min() >= 0
    assert after.max() <= images.max()
    for axis in (1, 2):  # where the ink lies in the mean: moved by at most a pixel, and each apart
        place = [
            np.sum(each.sum(axis=3 - axis) * np.arange(each.shape[axis]), axis=1)
            / each.sum(axis=(1, 2))
            for each in (images, after)
        ]
        apart = place[1] - place[0]
        assert np.abs(apart).max() <= 1
        assert len(set(apart.round(9))) == 50
        assert (apart > 0).any()
        assert (apart < 0).any()


def test_moved_images_are_new_and_paper_is_the_smallest_number():
    images = np.full((3, 4, 4), 7.0)
    before = images.copy()
    np.testing.assert_array_equal(moved(images, 1, rng=rng()), images)
    images[0, 0, 0] = -2
    assert moved(images, 1, rng=rng())[1:].min() < 7
    assert (before == 7).all()
    np.testing.assert_array_equal(moved(images, 0, rng=rng()), images)
    assert moved(images.astype(np.float32), 1, rng=rng()).dtype == np.float32
    assert moved(digits()[0], 1, rng=rng()).dtype == float
    assert moved(np.ones((0, 8, 8)), 1, rng=rng()).shape == (0, 8, 8)
    assert moved([[[1, 2]]], 1, rng=rng()).shape == (1, 1, 2)


@pytest.mark.peers
def test_moves_are_those_of_scipy():
    from scipy.ndimage import shift

    images = digits()[0][:20].astype(float)
    for down, right in [(0.75, -0.3), (-1, 1), (0.1, 0)]:
        theirs = shift(images, (0, down, right), order=1, mode="grid-constant")
        np.testing.assert_allclose(moved(images, 1, rng=Fixed(down, right)), theirs, atol=1e-12)


@pytest.mark.parametrize("reach", [-0.1, 1.1, np.nan, np.inf, None, "1", [0.5], 1j])
def test_reaches_that_are_none(reach):
    with pytest.raises(ValueError, match="reach is a part of a pixel, from 0 to 1, but got"):
        moved(np.ones((2, 4, 4)), reach, rng=rng())


def test_images_that_are_none():
    for shape in [(4, 64), (8,), (), (1, 2, 3, 4)]:
        with pytest.raises(ValueError, match=r"of shape \(n, height, width\), but got .*reshape"):
            moved(np.ones(shape), 0.5, rng=rng())
    with pytest.raises(TypeError, match="images has to hold real numbers"):
        moved("images", 0.5, rng=rng())


GROUPS = ["b", "a", "c", "a", "b", "c", "d", "a"]


def test_folds_by_group_by_hand():
    folds = list(group_folds(GROUPS, 4, rng=rng()))
    assert {tuple(aside.tolist()) for _, aside in folds} == {(0, 4), (1, 3, 7), (2, 5), (6,)}
    for stay, aside in folds:
        assert sorted([*stay, *aside]) == list(range(8))


@pytest.mark.parametrize("k", [2, 3, 7, 14])
@pytest.mark.parametrize("seed", range(3))
def test_in_k_turns_each_row_is_aside_once_and_no_group_on_both_sides(k, seed):
    forms = writers()
    folds = list(group_folds(forms, k, rng=rng(seed)))
    assert len(folds) == k
    assert sorted(np.concatenate([aside for _, aside in folds])) == list(range(1797))
    sizes = []
    for stay, aside in folds:
        assert len(stay) + len(aside) == 1797
        assert (np.diff(stay) > 0).all()
        assert (np.diff(aside) > 0).all()
        assert not set(forms[stay]) & set(forms[aside])
        sizes.append(len(set(forms[aside])))
    assert max(sizes) - min(sizes) <= 1


def test_rows_that_are_groups_of_one_are_random_folds():
    (stay, aside), *_ = group_folds(np.arange(100), 5, rng=rng())
    assert len(aside) == 20
    assert aside.tolist() != list(range(aside[0], aside[0] + 20))
    one = rng()
    orders = [
        [a.tolist() for _, a in group_folds(np.arange(9), 3, rng=r)] for r in (one, one, rng())
    ]
    assert orders[0] != orders[1]
    assert orders[0] == orders[2]


@pytest.mark.parametrize(
    ("groups", "k", "message"),
    [
        ([1, 1, 2], 3, "from 2 to the number of groups, here 2, but got 3"),
        ([1, 1, 2], 1, "but got 1"),
        ([1, 1, 2], 2.0, "but got 2.0"),
        ([], 2, "here 0, but got 2"),
        ([[1, 2]], 2, r"of shape \(1, 2\)"),
        (5, 2, r"of shape \(\)"),
        ([1.0, np.nan, 2.0], 2, "none of them nan"),
        (np.float32([1, np.nan]), 2, "none of them nan"),
    ],
)
def test_folds_that_cannot_be_are_refused_at_once(groups, k, message):
    with np.errstate(all="raise"), pytest.raises(ValueError, match=message):
        group_folds(groups, k, rng=rng())
    with pytest.raises(TypeError, match="groups hold what cannot be compared"):
        group_folds(np.array(["a", None], dtype=object), 2, rng=rng())


@pytest.mark.peers
@pytest.mark.parametrize("k", [2, 5, 14])
def test_folds_by_group_are_those_of_scikit_learn(k):
    from sklearn.model_selection import GroupKFold

    class Its(np.random.Generator):
        def permutation(self, x):
            return np.random.RandomState(3).permutation(x)

    forms = np.random.default_rng(0).permutation(writers())
    its = GroupKFold(k, shuffle=True, random_state=3).split(forms, groups=forms)
    ours = list(group_folds(forms, k, rng=Its(np.random.PCG64())))
    for (stay, aside), (its_stay, its_aside) in zip(ours, its, strict=True):
        np.testing.assert_array_equal(stay, its_stay)
        np.testing.assert_array_equal(aside, its_aside)


# What cannot be drawn or handed out. Looked for in every function of the module.


@pytest.mark.parametrize("bad", [42, None, "rng", np.random, np.random.RandomState(0)])
@pytest.mark.parametrize(
    "draw",
    [
        lambda r: batches(np.ones(4), size=2, rng=r),
        lambda r: split(np.ones(4), share=0.5, rng=r),
        lambda r: group_folds([1, 2], 2, rng=r),
        lambda r: moons(4, 0.1, rng=r),
        lambda r: spirals(4, 0.1, rng=r),
        lambda r: moved(np.ones((4, 2, 2)), 0.5, rng=r),
    ],
)
def test_only_a_generator_draws(draw, bad):
    with pytest.raises(TypeError, match="rng has to be a random generator, but got"):
        draw(bad)


@pytest.mark.parametrize("make", [moons, spirals])
def test_points_that_cannot_be_drawn(make):
    for n in (-1, 2.0, 2.5, "4", None, [4]):
        with pytest.raises(
            ValueError, match="n, how many points to draw, has to be a whole number"
        ):
            make(n, 0.1, rng=rng())
    for noise in (-0.1, np.nan, np.inf, "0.1", None, [0.1]):
        with pytest.raises(ValueError, match="noise has to be a finite number, at least 0"):
            make(4, noise, rng=rng())
    x, labels = make(0, 0.1, rng=rng())
    assert x.shape == (0, 2)
    assert labels.shape == (0,)


@pytest.mark.parametrize("share", [np.nan, None, "0.2", [0.2], 1j, np.inf])
def test_shares_that_are_no_number(share):
    with pytest.raises(ValueError, match="Pass a number between 0 and 1"):
        split(np.arange(25), share=share, rng=rng())


@pytest.mark.parametrize("size", [None, "2", 2.5, np.nan, [2]])
def test_sizes_that_are_no_whole_number(size):
    with pytest.raises(
        ValueError, match="size, how many rows a batch has, has to be a whole number"
    ):
        batches(np.arange(25), size=size, rng=rng())


def test_rows_of_anything_are_handed_out():
    words, things = ["a", "b", "c", "d"], np.array([None, 1, "x", ()], dtype=object)
    for ((word, thing),) in (list(batches(words, things, size=4, rng=rng())),):
        assert sorted(word) == words
        assert [list(things).index(one) for one in thing] == [words.index(w) for w in word]
    (w1, _), (w2, _) = split(words, things, share=0.25, rng=rng())
    assert sorted([*w1, *w2]) == words
