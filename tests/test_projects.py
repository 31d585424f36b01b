"""The data of the three projects: the rules by hand, and what is refused."""

import itertools

import numpy as np
import pytest

from nnutils.projects import KINDS, ROOM, dishes, every_throw, kind, shelves, throws

DRAW = {"dishes": dishes, "shelves": shelves, "throws": throws}
SHAPES = {"dishes": (14, 14), "shelves": (20, 1), "throws": (5, 6)}
every_project = pytest.mark.parametrize("name", DRAW)

PLUS = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]])
CROSS = np.array([[1, 0, 1], [0, 1, 0], [1, 0, 1]])


def rng(seed=0):
    return np.random.default_rng(seed)


def found(picture, shape):
    """Return at how many places of a rounded picture just this shape stands."""
    windows = np.lib.stride_tricks.sliding_window_view(picture, (3, 3))
    return int((windows == shape).all(axis=(2, 3)).sum())


@every_project
def test_shapes_and_labels(name):
    for n in (0, 1, 7):
        x, labels = DRAW[name](n, rng=rng())
        assert x.shape == (n, *SHAPES[name])
        assert x.dtype == float
        assert labels.shape == (n,)
        assert labels.dtype.kind == "i"


@every_project
def test_a_seed_repeats_the_draw_and_the_generator_goes_on(name):
    one = rng()
    first, again, later = (DRAW[name](20, rng=r)[0] for r in (one, rng(), one))
    np.testing.assert_array_equal(first, again)
    assert (first != later).any()


@pytest.mark.parametrize("name", ["dishes", "shelves"])
def test_all_labels_are_about_as_frequent(name):
    shares = np.bincount(DRAW[name](4000, rng=rng())[1], minlength=5) / 4000
    assert shares.shape == (5,)
    np.testing.assert_allclose(shares, 0.2, atol=0.04)


def test_in_a_dish_lie_as_many_plus_signs_as_the_label_says():
    pictures, labels = dishes(400, rng=rng(3))
    assert abs(pictures - np.round(pictures)).max() < 0.5
    plain = np.round(pictures)
    assert set(np.unique(plain)) == {0, 1}  # nothing lies on anything
    shapes = plain.sum(axis=(1, 2)) / 5
    crosses = np.array([found(p, CROSS) for p in plain])
    pluses = np.array([found(p, PLUS) for p in plain])
    # Two neighbours may look like a third shape; apart from that, all pixels are accounted for.
    assert (pluses >= labels).all()
    assert np.mean(pluses == labels) > 0.98
    assert (shapes == np.round(shapes)).all()
    assert (shapes - labels <= 4).all()
    assert (shapes - labels <= crosses).all()
    assert 1.8 < np.mean(shapes - labels) <= 2


def test_shapes_lie_everywhere():
    pictures, _ = dishes(1000, rng=rng())
    assert (np.round(pictures).sum(axis=0) > 10).all()


def test_the_noise_of_dishes_has_the_spread_that_is_said():
    pictures, _ = dishes(200, rng=rng())
    assert np.std(pictures - np.round(pictures)) == pytest.approx(0.1, abs=0.002)


def test_a_shelf_by_hand():
    moves, labels = shelves(500, rng=rng(1), length=9)
    assert set(np.unique(moves)) == {-1, 0, 1}
    for day, label in zip(moves[:, :, 0], labels):
        boxes = 0
        for move in day:
            if move == 1 and boxes < ROOM:
                boxes += 1
            elif move == -1 and boxes > 0:
                boxes -= 1
        assert boxes == label


def test_a_day_without_moves_ends_as_it_began():
    moves, labels = shelves(3, rng=rng(), length=0)
    assert moves.shape == (3, 0, 1)
    assert list(labels) == [0, 0, 0]


def name_of(*faces):
    return KINDS[int(kind(np.eye(6)[np.array(faces) - 1]))]


@pytest.mark.parametrize(
    ("faces", "name"),
    [
        ((1, 2, 3, 4, 5), "nothing"),
        ((6, 1, 3, 2, 4), "nothing"),
        ((2, 5, 2, 6, 1), "pair"),
        ((2, 5, 2, 5, 1), "two pairs"),
        ((3, 1, 3, 3, 6), "three"),
        ((3, 6, 3, 3, 6), "full house"),
        ((4, 4, 1, 4, 4), "four"),
        ((6, 6, 6, 6, 6), "five"),
    ],
)
def test_a_throw_by_hand(faces, name):
    assert name_of(*faces) == name


def test_neither_order_nor_names_of_faces_matter():
    dice, labels = throws(300, rng=rng(5))
    for seed in range(5):
        order, faces = rng(seed).permutation(5), rng(seed).permutation(6)
        np.testing.assert_array_equal(kind(dice[:, order][:, :, faces]), labels)


def test_every_throw_comes_once_and_kinds_are_as_frequent_as_counting_says():
    dice, labels = every_throw()
    rows = np.argmax(dice, axis=2)
    assert len({tuple(row) for row in rows.tolist()}) == 6**5
    assert list(np.bincount(labels)) == [720, 3600, 1800, 1200, 300, 150, 6]
    assert list(map(tuple, rows.tolist())) == list(itertools.product(range(6), repeat=5))


def test_kinds_of_one_throw_of_many_and_of_a_list():
    dice, labels = throws(4, rng=rng())
    assert kind(dice[0]).shape == ()
    np.testing.assert_array_equal(kind(dice.reshape(2, 2, 5, 6)), labels.reshape(2, 2))
    np.testing.assert_array_equal(kind(dice.tolist()), labels)


@every_project
@pytest.mark.parametrize("n", [-1, 2.0, "3", None, True, np.nan])
def test_how_many_has_to_be_a_whole_number(name, n):
    with pytest.raises(ValueError, match="n is how many samples to draw, a whole number"):
        DRAW[name](n, rng=rng())


def test_a_length_has_to_be_a_whole_number():
    with pytest.raises(ValueError, match="length is how many moves a day has, a whole number"):
        shelves(1, rng=rng(), length=1.5)


@every_project
def test_a_seed_is_no_generator(name):
    with pytest.raises(TypeError, match="rng has to be a random generator"):
        DRAW[name](1, rng=3)


@pytest.mark.parametrize("dice", [[1, 2, 3, 4, 5], np.zeros((5, 5)), np.zeros((3, 6, 5))])
def test_dice_of_another_shape_are_refused(dice):
    with pytest.raises(ValueError, match=r"shape \(..., 5, 6\), but got"):
        kind(dice)


def test_nothing_is_raised_where_numpy_is_told_to_raise():
    with np.errstate(all="raise"):
        for draw in DRAW.values():
            draw(5, rng=rng())
