"""Search: settings between their ends, and halving that costs what paper says."""

import math
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnutils.search import draw, halving


def rng(seed=0):
    return np.random.default_rng(seed)


# Settings.


def test_a_setting_is_drawn_evenly_over_factors():
    rates = np.array([draw(rng(s), rate=(0.001, 1))["rate"] for s in range(3000)])
    assert rates.min() >= 0.001
    assert rates.max() <= 1
    decades = np.histogram(np.log10(rates), [-3, -2, -1, 0])[0] / len(rates)
    np.testing.assert_allclose(decades, 1 / 3, atol=0.03)


def test_settings_by_hand():
    """The draw of the generator, from 0 to 1, is the share of the way on the logarithm."""
    share = rng(7).uniform(0, 1, 2)
    setting = draw(rng(7), rate=(0.01, 100), units=(8, 128))
    assert list(setting) == ["rate", "units"]
    assert setting["rate"] == pytest.approx(0.01 * 10_000 ** share[0], rel=1e-12)
    assert setting["units"] == pytest.approx(8 * 16 ** share[1], rel=1e-12)
    assert all(type(value) is float for value in setting.values())


def test_draws_differ_and_a_seed_repeats_them():
    one = rng()
    assert draw(one, rate=(1, 2)) != draw(one, rate=(1, 2))
    assert draw(rng(), rate=(1, 2)) == draw(rng(), rate=(1, 2))
    assert draw(rng()) == {}
    assert draw(rng(), rng=(2, 2)) == {"rng": 2.0}


@given(st.floats(5e-324, 1e308), st.floats(1, 1e300), st.integers(0, 99))
def test_a_draw_never_leaves_its_range(low, factor, seed):
    high = min(low * factor, 1.7e308)
    with np.errstate(all="raise"):
        value = draw(rng(seed), x=(low, high))["x"]
    assert low <= value <= high


@pytest.mark.parametrize(
    "ends",
    [
        (0, 1),
        (-1, 1),
        (2, 1),
        (1, math.inf),
        (math.nan, 1),
        (1,),
        (1, 2, 3),
        5,
        "12",
        None,
        (1, "2"),
    ],
)
def test_ranges_that_are_none(ends):
    with pytest.raises(ValueError, match="rate is drawn between two finite numbers above 0"):
        draw(rng(), rate=ends)


@pytest.mark.parametrize("bad", [0, None, np.random, np.random.RandomState(0)])
def test_only_a_generator_draws(bad):
    with pytest.raises(TypeError, match="rng has to be a random generator, but got"):
        draw(bad, rate=(1, 2))


# Halving. A state is (name, epochs so far); the score is given by the name.


def go_on(state, budget):
    name, epochs = state
    return (name * 7) % 11, (name, epochs + budget)


def test_halving_by_hand():
    """Scores of 0 to 8 are 0, 7, 3, 10, 6, 2, 9, 5, 1: the best three are 0, 8 and 5."""
    rounds = list(halving(go_on, [(name, 0) for name in range(9)], 3, 3))
    assert [[name for _, (name, _) in results] for results in rounds] == [
        [0, 8, 5, 2, 7, 4, 1, 6, 3],
        [0, 8, 5],
        [0],
    ]
    assert [[score for score, _ in results] for results in rounds[1:]] == [[0, 1, 2], [0]]
    assert [{epochs for _, (_, epochs) in results} for results in rounds] == [{1}, {3}, {9}]


@pytest.mark.parametrize(
    ("n", "factor", "rounds", "cost"),
    [(27, 3, 4, 81), (8, 2, 4, 20), (1, 2, 3, 4), (16, 4, 3, 16 + 4 * 3 + 12), (5, 3, 2, 7)],
)
def test_what_halving_costs(n, factor, rounds, cost):
    spent = []
    list(halving(lambda s, b: (spent.append(b) or s, s), range(n), factor, rounds))
    assert sum(spent) == cost


def test_other_maps_give_the_same():
    states = [(name, 0) for name in range(9)]

    def elsewhere(function, *lists):
        """As with other processes: what goes there and comes back is a copy."""
        jobs = pickle.loads(pickle.dumps(list(zip(*lists))))
        return pickle.loads(pickle.dumps([function(*job) for job in reversed(jobs)]))[::-1]

    assert list(halving(go_on, states, 3, 3)) == list(halving(go_on, states, 3, 3, map=elsewhere))


def test_equal_scores_stay_in_order_and_nan_comes_last():
    scores = [2, math.nan, 1, 1.0, -math.inf, 1e308]
    (results,) = halving(lambda s, b: (s, s), scores, 2, 1)
    assert [score for score, _ in results[:5]] == [-math.inf, 1, 1.0, 2, 1e308]
    assert [type(score) for score, _ in results[1:3]] == [int, float]
    assert math.isnan(results[5][0])


def test_to_stop_early_is_break():
    calls = []
    for results in halving(lambda s, b: (calls.append(s) or s, s), range(9), 3, 3):
        assert len(results) == 9
        break
    assert len(calls) == 9


@pytest.mark.parametrize(
    ("states", "factor", "rounds", "message"),
    [
        ([], 2, 1, "Got no states"),
        ([1], 1, 1, "factor has to be a whole number, at least 2, but got 1"),
        ([1], 2.5, 1, "factor has to be"),
        ([1], 2, 0, "rounds has to be a whole number, at least 1, but got 0"),
        ([1], 2, None, "rounds has to be"),
    ],
)
def test_halving_that_cannot_be_is_refused_at_once(states, factor, rounds, message):
    with pytest.raises(ValueError, match=message):
        halving(go_on, states, factor, rounds)


@pytest.mark.parametrize("returned", [0.5, None, ("best", 1), (1, 2, 3), ([1, 2], 0)])
def test_trials_that_return_no_score(returned):
    with pytest.raises(TypeError, match="go_on has to return a pair, .score, state."):
        list(halving(lambda s, b: returned, [1, 2], 2, 1))


def test_an_error_of_a_trial_reaches_the_caller():
    def fails(state, budget):
        raise FloatingPointError("the training runs away")

    with pytest.raises(FloatingPointError, match="runs away"):
        next(halving(fails, [1], 2, 1))
