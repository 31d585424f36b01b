"""What stands before the features are places; who reads the inputs, and whose sizes are compared.

A place is treated as a sample is: looked for in every layer, in networks of them, in a layer that
adds what it reads, and in training.
"""

import copy
import pickle

import numpy as np
import pytest

from nnutils.activations import relu, tanh
from nnutils.gradcheck import network_gradcheck, numerical_gradient
from nnutils.layers import Dense, Dropout, Parameters, Weights
from nnutils.losses import cross_entropy, mean_squared_error, on_answer
from nnutils.network import Network, Residual, mlp
from nnutils.optimizers import SGD, Adam
from nnutils.training import train
from tests.test_arrays import strided


def rng(seed=0):
    return np.random.default_rng(seed)


def small(r, n_in, n_out):
    return r.normal(0, n_in**-0.5, (n_in, n_out))


def dense(n_in, n_out, seed=0):
    return Dense(n_in, n_out, small, rng=rng(seed))


def residual(n=4, inner=5):
    return Residual(dense(n, inner), tanh, dense(inner, n, 1))


ROWS = rng(1).normal(size=(12, 4))
LABELS = rng(2).integers(0, 3, 12)
PLACES = [(3, 4), (2, 3, 2), (12, 1), (1, 1, 12), (2, 2, 3, 1)]
NETWORKS = {
    "dense": lambda: Network(dense(4, 3)),
    "mlp": lambda: mlp([4, 6, 3], relu, init=small, rng=rng()),
    "float32": lambda: mlp([4, 6, 3], tanh, init=small, rng=rng(), dtype=np.float32),
    "nested": lambda: Network(Network(dense(4, 5), tanh), dense(5, 3)),
    "residual": lambda: Network(residual(), relu, dense(4, 3)),
}
every_network = pytest.mark.parametrize("make", NETWORKS.values(), ids=NETWORKS)
every_place = pytest.mark.parametrize("places", PLACES, ids=str)


# A layer on rows is what it was, to the last bit.


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    "layout", [np.ascontiguousarray, np.asfortranarray, strided], ids=lambda f: f.__name__
)
def test_rows_are_one_product_each_way(layout, dtype):
    layer = Dense(30, 20, lambda *given: small(*given).astype(dtype), rng=rng())
    layer.biases = np.arange(20)
    x, d_y = (layout(rng(n).normal(size=(64, n)).astype(dtype)) for n in (30, 20))
    y, back = layer.forward(x)
    d_x = back(d_y)
    np.testing.assert_array_equal(y, x @ layer.weights + layer.biases)
    np.testing.assert_array_equal(layer.d_weights, x.T @ d_y)
    np.testing.assert_array_equal(layer.d_biases, d_y.sum(axis=0))
    np.testing.assert_array_equal(d_x, d_y @ layer.weights.T)
    assert y.dtype == d_x.dtype == layer.grad.dtype == dtype


# Places.


def test_places_by_hand():
    # One sample of two places, (1, 2) and (3, 4), with W = [1 0; 2 -1], b = [10 20], as the two
    # samples of test_network: y = [15 18; 21 16].
    layer = Dense(2, 2, lambda r, n, m: [[1, 0], [2, -1]], rng=None)
    layer.biases = [10, 20]
    y, back = layer.forward([[[1, 2], [3, 4]]])
    np.testing.assert_array_equal(y, [[[15, 18], [21, 16]]])
    np.testing.assert_array_equal(back([[[1, 0], [0, 2]]]), [[[1, 2], [0, -2]]])
    np.testing.assert_array_equal(layer.d_weights, [[1, 6], [2, 8]])
    np.testing.assert_array_equal(layer.d_biases, [1, 2])


@every_place
@every_network
def test_every_place_is_a_sample(make, places):
    net, x, labels = make(), ROWS.reshape(*places, 4), LABELS.reshape(places)
    value = net.loss_and_grad(ROWS, LABELS, cross_entropy, l2=0.1)
    grad = net.grad.copy()
    assert net.loss_and_grad(x, labels, cross_entropy, l2=0.1) == value
    np.testing.assert_array_equal(net.grad, grad)
    (y, back), (y_rows, back_rows) = net.forward(x), net.forward(ROWS)
    np.testing.assert_array_equal(y, y_rows.reshape(*places, 3))
    d_y = np.cos(y_rows)
    np.testing.assert_array_equal(back(d_y.reshape(y.shape)), back_rows(d_y).reshape(x.shape))
    assert [one.shape for one in net.trace(x)] == [
        (*places, one.shape[-1]) for one in net.trace(ROWS)
    ]


@every_network
def test_slopes_at_places_are_those_of_nudges(make):
    net, x, labels = make(), ROWS.reshape(2, 3, 2, 4), LABELS.reshape(2, 3, 2)
    if net.theta.dtype == np.float32:
        return
    assert network_gradcheck(net, x, labels, cross_entropy, rng=rng(), l2=0.1) < 1e-7
    last_labels = labels[:, :, 0]
    assert network_gradcheck(net, x[:, :, 0], last_labels, on_answer(2), rng=rng()) < 1e-7
    y, back = net.forward(x)
    measured = numerical_gradient(lambda x: np.sum(net(x) ** 2), x)
    np.testing.assert_allclose(back(2 * y), measured, atol=1e-7)


@pytest.mark.parametrize("shape", [(0, 5, 4), (5, 0, 4), (0, 0, 2, 4)])
def test_no_places_at_all(shape):
    net = mlp([4, 6, 3], relu, init=small, rng=rng())
    y, back = net.forward(np.zeros(shape))
    assert y.shape == (*shape[:-1], 3)
    assert back(np.zeros(y.shape)).shape == shape
    assert not net.grad.any()


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ((4,), r"\(samples, 4\), but got \(4,\). One sample is a row: use x\[None, :\]"),
        ((4, 3), r"\(samples, 4\), but got \(4, 3\)"),
        (
            (4, 4, 3),
            r"Dense\(4, 3\) reads arrays of shape \(samples, ..., 4\), but got \(4, 4, 3\)",
        ),
        ((), r"\(samples, 4\), but got \(\)"),
    ],
)
def test_places_that_do_not_fit(shape, message):
    with pytest.raises(ValueError, match=message):
        dense(4, 3).forward(np.ones(shape))
    _, back = dense(4, 3).forward(ROWS.reshape(3, 4, 4))
    with pytest.raises(ValueError, match=r"have shape \(3, 4, 3\), but their slopes .* \(12, 3\)"):
        back(np.ones((12, 3)))


def test_pictures_of_rows_train():
    x, labels = ROWS.reshape(6, 2, 4), LABELS.reshape(6, 2)
    net, flat = (mlp([4, 8, 3], tanh, init=small, rng=rng()) for _ in range(2))
    settings = {"epochs": 30, "rng": rng(), "progress": False}
    seen = train(net, (x, labels), cross_entropy, Adam(0.02), batch_size=6, **settings)
    settings["rng"] = rng()
    train(flat, (ROWS, LABELS), cross_entropy, Adam(0.02), batch_size=12, **settings)
    assert seen.loss[-1] < 0.6 * seen.loss[0]
    np.testing.assert_allclose(net.theta, flat.theta, atol=1e-9)  # all at once, in another order


# Who reads the inputs.


class Lookup(Parameters):
    """A row of numbers for each of n symbols, as a reader could write it."""

    n_out = 4

    def __init__(self, n):
        super().__init__(small(rng(), n, 4).ravel())
        self.n_in = n

    def read(self, x):
        x = np.asarray(x)
        if x.dtype.kind not in "iu" or x.size and x.max() >= self.n_in:
            raise ValueError(f"symbols are whole numbers below {self.n_in}, but got {x.dtype}")
        return x

    def forward(self, x):
        rows = self.theta.reshape(self.n_in, 4)

        def back(d_y, to_inputs=True):
            self.grad[:] = 0
            np.add.at(self.grad.reshape(rows.shape), x, d_y)

        return rows[x], back


class OneHot:
    """The same without numbers of its own."""

    def read(self, x):
        return np.asarray(x)

    def forward(self, x):
        return np.eye(4)[x], lambda d_y, to_inputs=True: None


SYMBOLS = rng(3).integers(0, 4, (12, 5))


@pytest.mark.parametrize("first", [lambda: Lookup(4), OneHot, lambda: Network(Lookup(4), tanh)])
@pytest.mark.parametrize("dtype", [np.int64, np.uint8, ">i4"])
def test_the_first_layer_reads_whole_numbers(first, dtype):
    net = Network(first(), dense(4, 4, 1))
    symbols = SYMBOLS.astype(dtype)
    assert net.read(symbols) is symbols
    assert net(symbols).shape == (12, 5, 4)
    assert len(net.trace(symbols)) == 2
    assert network_gradcheck(net, symbols, SYMBOLS, cross_entropy, rng=rng(), l2=0.1) < 1e-7
    # Each symbol is its own answer.
    seen = train(net, (symbols, SYMBOLS), cross_entropy, Adam(0.1), epochs=20, batch_size=6,
                 rng=rng(), valid=(symbols, SYMBOLS), progress=False)  # fmt: skip
    assert seen.valid[-1] < 0.1 * seen.loss[0]


def test_what_the_first_layer_does_not_read_is_told_by_it():
    net = Network(Lookup(4), dense(4, 2))
    for wrong in (np.ones((2, 3)), np.full((2, 3), 4)):
        with pytest.raises(ValueError, match="symbols are whole numbers below 4"):
            net(wrong)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("kind", [np.float32, np.float64, np.float16, int, bool])
def test_where_nobody_says_otherwise_inputs_become_floats_of_the_network(dtype, kind):
    net = mlp([4, 3], tanh, init=small, rng=rng(), dtype=dtype)
    x = (ROWS > 0).astype(kind)
    for reader in (net, net.layers[0], Network(tanh, copy.copy(net.layers[0]))):
        assert reader.read(x).dtype == dtype
        assert reader.read(x.astype(dtype)).tobytes() == x.astype(dtype).tobytes()
    assert net(x).dtype == dtype
    with pytest.raises(TypeError, match="^x has to hold real numbers"):
        net.read("abc")


def test_whole_numbers_train_as_floats_do():
    x = rng(4).integers(-3, 4, (12, 4))
    ends = []
    for given in (x, x.astype(float)):
        net = mlp([4, 5, 3], tanh, init=small, rng=rng(), dtype=np.float32)
        train(net, (given, LABELS), cross_entropy, SGD(0.1), epochs=5, batch_size=5, rng=rng(),
              progress=False)  # fmt: skip
        ends.append(net.theta)
    np.testing.assert_array_equal(*ends)


# Whose sizes are compared.


class Flat:
    """Makes a row of places; has sizes, and no weights."""

    def __init__(self, places, n):
        self.n_in, self.n_out = n, places * n

    def forward(self, x):
        return x.reshape(len(x), self.n_out), lambda d_y, to_inputs=True: d_y.reshape(x.shape)

    def __repr__(self):
        return f"Flat({self.n_in}, {self.n_out})"


class Mixed:
    """Has no sizes: nothing is compared with it."""

    n_in = 99

    def forward(self, x):
        return x, lambda d_y, to_inputs=True: d_y


def test_sizes_are_compared_with_or_without_weights():
    net = Network(dense(4, 5), tanh, Flat(3, 5), Mixed(), dense(15, 2))
    assert (net.n_in, net.n_out) == (4, 2)
    assert net(ROWS.reshape(4, 3, 4)).shape == (4, 2)
    ends = Network(Flat(3, 4), dense(12, 2), Flat(1, 2))
    assert (ends.n_in, ends.n_out) == (4, 2)
    for layers, message in [
        ((dense(4, 5), Flat(3, 4)), r"Dense\(4, 5\) has 5 outputs, but .*, Flat\(4, 12\), reads 4"),
        ((Flat(3, 4), relu, dense(4, 2)), r"Flat\(4, 12\) has 12 outputs, but .* reads 4 inputs"),
        ((Network(Flat(2, 4), dense(8, 2)), dense(8, 2)), "has 2 outputs, but"),
    ]:
        with pytest.raises(ValueError, match=message):
            Network(*layers)


def test_layers_that_were_refused_are_free():
    one = dense(4, 5)
    for build in (lambda: Network(one, dense(4, 2)), lambda: Residual(one)):
        with pytest.raises(ValueError, match="Make the two numbers equal"):
            build()
    Network(one, dense(5, 2))


# Layers with another matrix than (n_in, n_out), and layers without one.


class Twice(Weights):
    """Reads n numbers and their squares, with a row of weights for each."""

    def __init__(self, n_in, n_out):
        super().__init__(n_in, n_out, small(rng(), 2 * n_in, n_out))

    def forward(self, x):
        both = np.concatenate([x, x**2], axis=-1)

        def back(d_y, to_inputs=True):
            self.d_weights = both.reshape(-1, 2 * self.n_in).T @ d_y.reshape(-1, self.n_out)
            self.d_biases = d_y.reshape(-1, self.n_out).sum(axis=0)
            d_x, d_squares = np.split(d_y @ self.weights.T, 2, axis=-1)
            return d_x + 2 * x * d_squares

        return both @ self.weights + self.biases, back


class Scale(Parameters):
    """A factor for each feature, which is no weight."""

    def __init__(self, n):
        super().__init__(np.full(n, 2.0))

    def forward(self, x):
        def back(d_y, to_inputs=True):
            self.grad = (d_y * x).reshape(-1, x.shape[-1]).sum(axis=0)
            return d_y * self.theta

        return x * self.theta, back


def test_a_matrix_of_another_shape():
    layer = Twice(4, 3)
    assert repr(layer) == "Twice(4, 3)"
    assert layer.weights.shape == layer.d_weights.shape == (8, 3)
    assert layer.theta.size == 27
    net = Network(layer, tanh, dense(3, 3))
    assert net.n_in == 4
    x, labels = ROWS.reshape(4, 3, 4), LABELS.reshape(4, 3)
    assert network_gradcheck(net, x, labels, cross_entropy, rng=rng(), l2=0.1) < 1e-7
    for twin in (copy.copy(layer), copy.deepcopy(net).layers[0], pickle.loads(pickle.dumps(layer))):
        assert twin.weights.shape == (8, 3)
        np.testing.assert_array_equal(twin.theta, layer.theta)
        for name in ("weights", "biases"):
            assert np.shares_memory(getattr(twin, name), twin.theta)
            assert np.shares_memory(getattr(twin, f"d_{name}"), twin.grad)


def test_a_layer_keeps_what_its_older_pickles_hold():
    net = mlp([4, 3], relu, init=small, rng=rng())
    assert set(vars(net.layers[0])) == {"_in_network", "_theta", "_grad", "_n_in", "_n_out",
                   "_weights", "_biases", "_d_weights", "_d_biases"}  # fmt: skip


def test_penalties_leave_alone_what_has_no_weights():
    net = Network(Scale(4), dense(4, 3))
    assert network_gradcheck(net, ROWS, LABELS, cross_entropy, rng=rng(), l2=0.3, l1=0.1) < 1e-7
    plain = net.loss_and_grad(ROWS, LABELS, cross_entropy)
    grad = net.grad.copy()
    squares = np.sum(net.layers[1].weights ** 2)
    assert net.loss_and_grad(ROWS, LABELS, cross_entropy, l2=2) == pytest.approx(plain + squares)
    np.testing.assert_array_equal(net.grad[:4], grad[:4])


# Layers that add what they read.


def test_a_residual_by_hand():
    # W = [0 1; 0 0]: f(x) = (0, x1), so (3, 4) becomes (3, 7); a pull (1, 10) becomes (1 + 10, 10).
    layer = Residual(Dense(2, 2, lambda r, n, m: [[0, 1], [0, 0]], rng=None))
    y, back = layer.forward([[3, 4]])
    np.testing.assert_array_equal(y, [[3, 7]])
    np.testing.assert_array_equal(back([[1, 10]]), [[11, 10]])
    np.testing.assert_array_equal(layer.layers[0].d_weights, [[3, 30], [4, 40]])
    assert back(np.ones((1, 2)), False) is None
    assert (layer.n_in, layer.n_out, layer.n_parameters) == (2, 2, 6)


@pytest.mark.parametrize("shape", [(12, 4), (3, 4, 4), (2, 3, 2, 4)])
def test_slopes_through_residuals_are_those_of_nudges(shape):
    net = Network(residual(), residual(), dense(4, 3))
    x, labels = ROWS.reshape(shape), LABELS.reshape(shape[:-1])
    assert network_gradcheck(net, x, labels, cross_entropy, rng=rng(), l2=0.1) < 1e-7
    y, back = residual().forward(x)
    measured = numerical_gradient(lambda x: np.sum(residual()(x) ** 2), x)
    np.testing.assert_allclose(back(2 * y), measured, atol=1e-7)


def test_where_the_layers_add_nothing_all_passes():
    layer = residual()
    layer.theta = 0
    y, back = layer.forward(ROWS)
    np.testing.assert_array_equal(y, ROWS)
    np.testing.assert_array_equal(back(np.cos(ROWS)), np.cos(ROWS))


def test_a_residual_trains_with_dropout_inside():
    net = Network(Residual(dense(4, 4), Dropout(0.5, rng=rng(5)), tanh), dense(4, 3))
    assert network_gradcheck(net, ROWS, LABELS, cross_entropy, rng=rng()) < 1e-7
    assert len({net.loss_and_grad(ROWS, LABELS, cross_entropy) for _ in range(5)}) == 5
    np.testing.assert_array_equal(net(ROWS), net(ROWS))
    alone = Residual(dense(4, 4), Dropout(0.5, rng=rng(5)))
    values = {alone.loss_and_grad(ROWS, 0 * ROWS, mean_squared_error) for _ in range(5)}
    assert len(values) == 5


class Short:
    """Leaves out all places but the first."""

    def forward(self, x):
        return x[:, 0], lambda d_y, to_inputs=True: np.pad(d_y[:, None], ((0, 0), (0, 1), (0, 0)))


def test_what_cannot_be_added():
    with pytest.raises(ValueError, match=r"adds what Dense\(4, 5\) reads, 4 numbers, .* 5\. Make"):
        Residual(dense(4, 5))
    with pytest.raises(ValueError, match="needs a layer with weights"):
        Residual(tanh)
    with pytest.raises(TypeError, match="made of layers, but got <class"):
        Residual(Dense)
    short = Residual(dense(4, 4), Short())
    with pytest.raises(ValueError, match=r"shape \(6, 2, 4\), to what .* \(6, 4\)\. Let them keep"):
        short(ROWS.reshape(6, 2, 4))
    with pytest.raises(ValueError, match=r"of shape \(12,\), to what .*, of shape \(12, 4\)"):
        Residual(Lookup(4))(LABELS)
    _, back = residual().forward(ROWS)
    with pytest.raises(ValueError, match="Pass a slope for each output to back"):
        back(np.ones(4))


def test_it_shows_its_layers():
    text = "Residual(Dense(4, 5), tanh, Dense(5, 4))"
    assert repr(residual()) == f"{text}, 49 parameters"
    assert repr(Network(residual(), dense(4, 3))) == (
        f"Network({text}, Dense(4, 3)), 64 parameters"
    )
    with pytest.raises(AttributeError, match="You cannot assign layers of Residual"):
        residual().layers = ()


@pytest.mark.peers
@pytest.mark.parametrize("shape", [(12, 4), (3, 4, 4)])
def test_same_as_pytorch(shape):
    import torch

    net = Network(residual(), tanh, dense(4, 3))
    x, labels = ROWS.reshape(shape), LABELS.reshape(shape[:-1])
    value = net.loss_and_grad(x, labels, cross_entropy)
    parts = [
        torch.tensor(part.copy(), requires_grad=True)
        for leaf in net.leaves()
        for part in (leaf.weights, leaf.biases)
    ]
    w1, b1, w2, b2, w3, b3 = parts
    read = torch.tensor(x, requires_grad=True)
    out = torch.tanh(read + (torch.tanh(read @ w1 + b1) @ w2 + b2)) @ w3 + b3
    loss = torch.nn.functional.cross_entropy(out.reshape(-1, 3), torch.tensor(labels).reshape(-1))
    loss.backward()
    assert value == pytest.approx(loss.item(), abs=1e-12)
    theirs = np.concatenate([part.grad.numpy().ravel() for part in parts])
    np.testing.assert_allclose(net.grad, theirs, atol=1e-12)
    outputs, back = net.forward(x)
    d_x = back(cross_entropy(outputs, labels)[1])
    np.testing.assert_allclose(d_x, read.grad.numpy(), atol=1e-12)
