"""The stable functions of ``nnutils.numerics``, against fifty-digit arithmetic."""

from decimal import Decimal, getcontext
from fractions import Fraction

import numpy as np
import pytest

from nnutils.gradcheck import numerical_gradient
from nnutils.numerics import as_number, as_whole, logsumexp, sigmoid, softmax, softplus

getcontext().prec = 50
POINTS = [-1e4, -800.0, -745.0, -50.0, -1.0, -1e-9, 0.0, 1e-9, 0.5, 1.0, 36.0, 710.0, 1e4]
ROWS = [[1, 2, 3], [1000, 1000, 1000], [1e4, -1e4, 0], [-1e4, -1e4, -9999], [0.1, 0.2, -0.3]]


def exact_sigmoid(x):
    return 1 / (1 + Decimal(-x).exp())


def exact_softplus(x):
    # 1 + a tiny number would need thousands of digits; there log(1 + e) is e itself.
    return Decimal(x).exp() if x < -60 else (1 + Decimal(x).exp()).ln()


@pytest.mark.parametrize(
    ("function", "exact"), [(sigmoid, exact_sigmoid), (softplus, exact_softplus)]
)
@pytest.mark.parametrize("x", POINTS)
def test_sigmoid_and_softplus_far_out(function, exact, x):
    assert float(function(x)) == pytest.approx(float(exact(x)), rel=1e-15, abs=1e-320)


def test_a_whole_array_at_once():
    x = np.array(POINTS).reshape(1, 13)
    for function in (sigmoid, softplus):
        assert function(x).shape == (1, 13)
        assert function(x)[0].tolist() == [float(function(p)) for p in POINTS]


def test_sigmoid_and_softplus_at_infinity():
    assert sigmoid([-np.inf, np.inf]).tolist() == [0, 1]
    assert softplus([-np.inf, np.inf]).tolist() == [0, np.inf]


@pytest.mark.parametrize("x", [-20.0, -3.0, 0.0, 0.7, 30.0])
def test_the_slope_of_softplus_is_the_sigmoid(x):
    assert numerical_gradient(softplus, x) == pytest.approx(float(sigmoid(x)), rel=1e-4, abs=1e-9)


@pytest.mark.parametrize("row", ROWS)
def test_softmax_and_logsumexp_of_a_row(row):
    terms = [Decimal(x).exp() for x in row]
    total = sum(terms)
    expected = [float(term / total) for term in terms]
    np.testing.assert_allclose(softmax(row, 0), expected, rtol=1e-14)
    assert float(logsumexp(row, 0)) == pytest.approx(float(total.ln()), rel=1e-14)


def test_softmax_in_numbers():
    # exp: 2.71828, 7.38906, 20.08554, together 30.19288
    np.testing.assert_allclose(
        softmax([1, 2, 3], 0), [0.09003057, 0.24472847, 0.66524096], atol=5e-9
    )
    np.testing.assert_allclose(softmax([1000, 1000, 1000], 0), [1 / 3] * 3, rtol=1e-15)


def test_every_slice_of_a_batch_sums_to_1():
    x = np.random.default_rng(0).normal(0, 100, (4, 5, 6))
    for axis in range(-3, 3):
        np.testing.assert_allclose(softmax(x, axis).sum(axis), 1, rtol=1e-14)


@pytest.mark.parametrize("axis", [0, 1, 2, -1])
def test_the_axis_is_the_one_that_was_named(axis):
    x = np.random.default_rng(1).normal(size=(2, 3, 4))
    np.testing.assert_allclose(logsumexp(x, axis), np.log(np.exp(x).sum(axis)), rtol=1e-13)
    np.testing.assert_allclose(
        softmax(x, axis), np.exp(x) / np.exp(x).sum(axis, keepdims=True), rtol=1e-13
    )


def test_minus_infinity_counts_for_nothing():
    np.testing.assert_allclose(softmax([0, -np.inf, 0], 0), [0.5, 0, 0.5])
    assert float(logsumexp([0, -np.inf], 0)) == 0
    assert float(logsumexp([-np.inf, -np.inf], 0)) == -np.inf


@pytest.mark.parametrize(
    "function", [sigmoid, softplus, lambda x: logsumexp(x, 1), lambda x: softmax(x, 1)]
)
def test_the_dtype(function):
    x = np.array([[-3.0, 0.0, 100.0]])
    assert function(x.astype(np.float32)).dtype == np.float32
    assert function(x.astype(int)).dtype == np.float64
    assert function([[True, False]]).dtype == np.float64
    np.testing.assert_allclose(function(x.astype(np.float32)), function(x), 1e-6, 1e-6)


def test_the_argument_stays_as_it_was():
    x = np.array([[1.0, 2.0]])
    for result in (sigmoid(x), softplus(x), softmax(x, 1), logsumexp(x, 1)):
        assert not np.shares_memory(result, x)
    assert x.tolist() == [[1, 2]]


@pytest.mark.parametrize("bad", ["one", None, 1 + 2j, [1, None], ["1", "2"]])
@pytest.mark.parametrize(
    "function", [sigmoid, softplus, lambda x: logsumexp(x, 0), lambda x: softmax(x, 0)]
)
def test_only_real_numbers(function, bad):
    with pytest.raises(TypeError, match="has to hold real numbers, but got") as error:
        function(bad)
    assert repr(bad) in str(error.value)


def test_a_slice_without_shares_becomes_nan_and_leaves_the_others_alone():
    x = np.array([[-np.inf, -np.inf], [np.inf, 0], [np.nan, 0], [0, 0]])
    shares = softmax(x, 1)
    assert np.isnan(shares[:3]).all()
    assert shares[3].tolist() == [0.5, 0.5]


@pytest.mark.parametrize("function", [softmax, logsumexp])
@pytest.mark.parametrize("axis", [None, 1.0, (0, 1), "1"])
def test_the_axis_is_one_whole_number(function, axis):
    with pytest.raises(TypeError, match="axis has to be one whole number, but got") as error:
        function([[1, 2], [3, 4]], axis)
    assert repr(axis) in str(error.value)


@pytest.mark.parametrize("function", [softmax, logsumexp])
@pytest.mark.parametrize(
    ("x", "axis", "shape"),
    [(3.0, 0, r"\(\)"), ([1, 2], 1, r"\(2,\)"), ([1, 2], -2, r"\(2,\)"), ([[]], 1, r"\(1, 0\)")],
)
def test_only_an_axis_that_is_there(function, x, axis, shape):
    with pytest.raises(ValueError, match=f"Cannot add up axis {axis} of an array of shape {shape}"):
        function(x, axis)


def test_whole_numbers():
    for three in (3, np.int8(3), np.uint64(3)):
        assert type(as_whole(three, "n", least=3)) is int
    for wrong in (2, -3, 3.0, np.float64(3), True, np.True_, "3", None, [3], np.nan, np.array(3)):
        with pytest.raises(ValueError, match="^n has to be a whole number, at least 3, but got "):
            as_whole(wrong, "n", least=3)


def test_finite_numbers():
    for half in (0.5, np.float32(0.5), Fraction(1, 2)):
        assert type(as_number(half, "x", low=0.5, high=0.5)) is float
    for wrong in (np.nan, np.inf, -np.inf, 10**400, "1", None, [1.0], 1j, np.ones(2)):
        for limits, text in (({}, ""), ({"low": 0}, ", at least 0"),
                             ({"low": 0, "high": 1}, " from 0 to 1")):  # fmt: skip
            with pytest.raises(ValueError, match=f"^x has to be a finite number{text}, but got "):
                as_number(wrong, "x", **limits)
    for wrong in (-0.1, 1.1):
        with pytest.raises(ValueError, match="from 0 to 1, but got"):
            as_number(wrong, "x", low=0, high=1)
