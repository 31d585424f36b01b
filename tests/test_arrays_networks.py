"""Networks, training, data and plots take whatever holds numbers, and refuse what does not.

Tried, each kind of array on each: everything public in ``network``, ``optimizers``, ``training``,
``data`` and ``plots`` that takes an array; layers are in test_layers. Where something is changed
in place (``theta`` and the memory of a step) the kinds are those that can be: see test_optimizers.
The same functions run under every setting of ``numpy.seterr``.
"""

from functools import cache

import numpy as np
import pytest
from matplotlib import pyplot as plt

from nnutils import data, plots
from nnutils.activations import gelu, relu, sigmoid, tanh
from nnutils.layers import Dense
from nnutils.losses import cross_entropy, mean_squared_error
from nnutils.network import Network, mlp
from nnutils.optimizers import SGD, Adagrad, Adam, Momentum, Nesterov, RMSProp
from nnutils.training import History, steps, train
from tests.test_arrays import HOLDERS, NOT_NUMBERS, a_sentence_about, bytes_of

each_holder = pytest.mark.parametrize("holder", HOLDERS)
each_nonsense = pytest.mark.parametrize("nonsense", NOT_NUMBERS)

# 6 samples of 4 inputs, and what else is passed: whole numbers from 0 to 3, which all kinds hold.
X = np.array([[0.0, 1, 2, 3], [3, 0, 1, 1], [2, 2, 0, 3], [1, 1, 0, 0], [0, 2, 3, 1], [3, 3, 0, 2]])
TARGETS = X[:, ::2]
LABELS = np.array([0.0, 1, 1, 0, 0, 1])
OPTIMIZERS = [
    SGD(0.1, clip=1.5, clip_norm=4.0),
    Momentum(0.1),
    Nesterov(0.1),
    Adagrad(0.1),
    RMSProp(0.1),
    Adam(0.1),
]


@pytest.fixture(autouse=True)
def _close():
    yield
    plt.close("all")


def small(rng, n_in, n_out):
    return rng.normal(0, n_in**-0.5, (n_in, n_out))


def network(hidden=tanh):
    return mlp([4, 3, 2], hidden, init=small, rng=np.random.default_rng(0))


def generator():
    return np.random.default_rng(0)


def back_and_grad(x, d_y, layer):
    y, back = layer.forward(x)
    return back(d_y), layer.grad.copy(), y


def loss_and_grad(x, targets):
    net = network()
    return net.loss_and_grad(x, targets, mean_squared_error), net.grad.copy()


def assigned(name, values):
    layer = network().layers[0]
    setattr(layer, name, values)
    return getattr(layer, name)


def stepped(optimizer, grad):
    theta = np.ones((6, 4))
    state = optimizer.init(theta)
    for t in range(1, 4):
        optimizer.step(theta, grad, state, t)
    return theta, *state


def trained(x, targets, valid=None, loss=mean_squared_error):
    net = network()
    settings = {"epochs": 2, "batch_size": 4, "rng": generator(), "progress": False}
    seen = train(net, (x, targets), loss, Adam(0.01), valid=valid, **settings)
    return net.theta, seen.loss, seen.valid


def stepwise(x, targets):
    net = network()
    return [value for _, value in steps(net, mean_squared_error, SGD(0.1), [(x, targets)] * 3)]


def handed_out(*arrays):
    return [part for batch in data.batches(*arrays, size=4, rng=generator()) for part in batch]


def set_aside(x):
    return [
        *data.split(x, share=0.5, rng=generator())[0],
        *data.split(x, share=0.5, rng=generator())[1],
    ]


def drawn(draw, *given):
    """Return the numbers in the lines and images of a picture."""
    plt.close("all")
    draw(*given)
    axes = plt.gcf().axes
    lines = [line.get_xydata() for ax in axes for line in ax.lines]
    texts = [text.get_text() for ax in axes for text in ax.texts]
    return [*lines, *[np.asarray(im.get_array()) for ax in axes for im in ax.images], texts]


def classifier(classes):
    return lambda grid: classes if np.ndim(classes) else np.zeros(len(grid))


# Each entry: the function of one array, the array, and the name in its messages.
ENTRIES = {
    "Network()": (lambda x: network()(x), X, "x"),
    "Network.trace": (lambda x: network().trace(x), X, "x"),
    "Network.forward": (lambda x: back_and_grad(x, np.ones((6, 2)), network()), X, "x"),
    "Network's back": (lambda d: back_and_grad(X, d, network()), TARGETS, "d_y"),
    "Network.loss_and_grad, x": (lambda x: loss_and_grad(x, TARGETS), X, "x"),
    "Network.loss_and_grad, targets": (lambda t: loss_and_grad(X, t), TARGETS, "targets"),
    "Network.read": (lambda x: network()(network().read(x)), X, "x"),
    "theta": (lambda v: assigned("theta", v), np.arange(15) % 4.0, "theta of Dense"),
    "grad": (lambda v: assigned("grad", v), np.arange(15) % 4.0, "grad of Dense"),
    "weights": (lambda v: assigned("weights", v), X[:4, :3], "weights of Dense"),
    "biases": (lambda v: assigned("biases", v), X[0, :3], "biases of Dense"),
    "d_weights": (lambda v: assigned("d_weights", v), X[:4, :3], "d_weights of Dense"),
    "d_biases": (lambda v: assigned("d_biases", v), X[0, :3], "d_biases of Dense"),
    "Dense's init": (
        lambda w: Dense(4, 3, lambda rng, n, m: w, rng=None).theta,
        X[:4, :3],
        "what init returned",
    ),
    "mlp's init": (
        lambda w: mlp([4, 3], relu, init=lambda rng, n, m: w, rng=None).theta,
        X[:4, :3],
        "what init returned",
    ),
    **{
        f"{type(o).__name__}.step": (lambda g, o=o: stepped(o, g), X, "grad")
        for o in OPTIMIZERS
    },
    "steps, x": (lambda x: stepwise(x, TARGETS), X, "x"),
    "steps, targets": (lambda t: stepwise(X, t), TARGETS, "targets"),
    "train, x": (lambda x: trained(x, TARGETS), X, "The inputs of data"),
    "train, targets": (lambda t: trained(X, t), TARGETS, "targets|The targets of data|data holds"),
    "train, valid x": (lambda x: trained(X, TARGETS, (x, TARGETS)), X, "The inputs of valid"),
    "train, valid targets": (
        lambda t: trained(X, TARGETS, (X, t)),
        TARGETS,
        "targets|The targets of valid|valid holds",
    ),
    "plots.points, x": (lambda x: drawn(plots.points, x, [0, 1, 0, 1, 2, 3]), X[:, :2], "x"),
    "plots.boundary, x": (
        lambda x: drawn(plots.boundary, classifier(0), x, [0, 1, 0, 1, 2, 3]),
        X[:, :2],
        "x",
    ),
    "plots.history, loss": (lambda v: drawn(plots.history, History(v)), 1 + X[0, :3], "loss"),
    "plots.history, valid": (
        lambda v: drawn(plots.history, History([1, 1], v)),
        1 + X[0, :3],
        "valid",
    ),
    "plots.images": (lambda p: drawn(plots.images, p), X.reshape(2, 3, 4), "pictures"),
    "plots.confusion": (lambda c: drawn(plots.confusion, c), X[:4], "counts"),
    "plots.timeline, years": (lambda y: drawn(plots.timeline, y, list("abc")), X[0, :3], "years"),
    "plots.line, weights": (lambda w: drawn(plots.line, w, 1), X[0, 1:3], "weights"),
    "plots.line, bias": (lambda b: drawn(plots.line, [1, 2], b), X[0, 1], "bias"),
    "plots.curve's f": (
        lambda y: drawn(plots.curve, lambda x: y, 0, 1),
        X[0, 2],
        "what the function returned",
    ),
    "plots.surface's f": (
        lambda y: drawn(plots.surface, lambda x1, x2: y if x1 < 1 else 0.0, 0, 1),
        X[0, 2],
        "what the function returned",
    ),
    "plots.readings": (
        lambda v: drawn(plots.circuit, {"f": ("+", "x", "y")}, {"x": v}),
        X[0, 2],
        "The number on 'x'",
    ),
}  # fmt: skip
each_entry = pytest.mark.parametrize("entry", ENTRIES)


def flat(result):
    """Return all arrays in a result, one after another."""
    if isinstance(result, (list, tuple)) and not all(isinstance(part, str) for part in result):
        return [array for part in result for array in flat(part)]
    return [np.asarray(result)]


def assert_close(given, right):
    for one, other in zip(flat(given), flat(right), strict=True):
        if other.dtype.kind == "U":
            assert [t.removesuffix(".0") for t in one] == [t.removesuffix(".0") for t in other]
        else:
            np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)


@cache
def right(entry):
    function, numbers, _ = ENTRIES[entry]
    return function(np.asarray(numbers))


@each_holder
@each_entry
def test_it_does_not_matter_how_numbers_are_held(entry, holder):
    function, numbers, _ = ENTRIES[entry]
    held = HOLDERS[holder](np.asarray(numbers))
    before = bytes_of(held)
    assert_close(function(held), right(entry))
    assert bytes_of(held) == before


@each_nonsense
@each_entry
def test_what_holds_no_numbers_is_refused_with_a_sentence(entry, nonsense):
    function, _, name = ENTRIES[entry]
    with pytest.raises((TypeError, ValueError), match=f"^({name})") as error:
        function(NOT_NUMBERS[nonsense])
    if " holds " not in str(error.value):  # which is about the number of rows
        a_sentence_about(nonsense, str(error.value))


@each_entry
def test_one_flat_empty_or_deep_array_is_refused_with_a_sentence(entry):
    function, numbers, _ = ENTRIES[entry]
    for shape in [(), (0,), (0, 0), (7,), (5, 5), (2, 2, 2, 2)]:
        one_number_is_fine = entry in (
            "theta",
            "grad",
            "weights",
            "biases",
            "d_weights",
            "d_biases",
        )
        if shape == np.shape(numbers) or shape == () and one_number_is_fine:
            continue
        if "history" in entry and len(shape) == 1:
            continue  # which is a shorter or longer history
        if entry == "plots.confusion" and shape == (5, 5):
            continue  # which is a table of five classes
        with pytest.raises((TypeError, ValueError)) as error:
            function(np.ones(shape))
        text = str(error.value)
        assert "shape" in text or "Got" in text or "rows" in text, text
        assert "broadcast" not in text
        assert "mismatch" not in text


# What holds no samples at all.


def test_a_network_of_no_samples():
    net = network()
    outputs, back = net.forward(np.zeros((0, 4)))
    assert outputs.shape == (0, 2)
    assert back(np.zeros((0, 2))).shape == (0, 4)
    assert not net.grad.any()
    with pytest.raises(ValueError, match="at least one"):
        net.loss_and_grad(np.zeros((0, 4)), np.zeros((0, 2)), mean_squared_error)


def test_a_step_of_no_parameters():
    theta = np.zeros(0)
    Adam(0.1).step(theta, np.zeros(0), Adam(0.1).init(theta), 1)


# Rows of anything, and labels.

ROWS = {"batches": handed_out, "split": set_aside}


@each_holder
@pytest.mark.parametrize("name", ROWS)
def test_rows_are_handed_out_however_they_are_held(name, holder):
    held = HOLDERS[holder](X)
    before = bytes_of(held)
    for part, right in zip(ROWS[name](held), ROWS[name](X), strict=True):
        np.testing.assert_array_equal(part.astype(float), right)
        assert part.dtype == np.asarray(held).dtype
        assert not np.shares_memory(part, np.asarray(held))
    assert bytes_of(held) == before


@pytest.mark.parametrize("name", ROWS)
@pytest.mark.parametrize(
    "nonsense", [n for n in NOT_NUMBERS if "mask" in n or "rows" in n] + ["None"]
)
def test_rows_without_their_masks_are_not_handed_out(name, nonsense):
    with pytest.raises((TypeError, ValueError), match="mask|NumPy makes no array of|at least one"):
        ROWS[name](NOT_NUMBERS[nonsense])


TAKES_LABELS = {
    "points": lambda k: drawn(plots.points, X[:, :2], k),
    "boundary": lambda k: drawn(plots.boundary, classifier(0), X[:, :2], k),
    "classify": lambda k: drawn(plots.boundary, lambda g: np.resize(k, len(g)), X[:, :2], LABELS),
}


@pytest.mark.parametrize("name", TAKES_LABELS)
def test_labels_are_drawn_however_they_are_held(name):
    as_drawn = TAKES_LABELS[name](LABELS)
    for hold in HOLDERS.values():
        assert_close(TAKES_LABELS[name](hold(LABELS)), as_drawn)


@each_nonsense
@pytest.mark.parametrize("name", ["points", "boundary"])
def test_no_nonsense_is_drawn_as_labels(name, nonsense):
    with pytest.raises((TypeError, ValueError), match="labels|NumPy makes no array of"):
        TAKES_LABELS[name](NOT_NUMBERS[nonsense])


@each_nonsense
def test_no_classifier_returns_nonsense(nonsense):
    with pytest.raises((TypeError, ValueError), match="classify"):
        plots.boundary(lambda grid: NOT_NUMBERS[nonsense], X[:, :2], LABELS)


@each_holder
def test_labels_train_however_they_are_held(holder):
    held = HOLDERS[holder](LABELS)
    if np.asarray(held).dtype.kind == "f":
        with pytest.raises(TypeError, match="Labels have to be whole numbers"):
            trained(X, held, loss=cross_entropy)
        return
    right = trained(X, LABELS.astype(int), loss=cross_entropy)
    assert_close(trained(X, held, loss=cross_entropy), right)


# Under every setting of numpy.seterr.

FAR = np.array([[1e-300, -1e-200, 0, 1], [1e100, -1e150, 1, 5e-324], [3e-162, 1e-162, 1, -1]])

FAR_OUT = np.sign(FAR) * 1.7e308


def one_update(net, optimizer, x, targets, loss):
    state = optimizer.init(net.theta)
    for t in range(1, 4):
        value = net.loss_and_grad(x, targets, loss, l2=1e-200, l1=5e-324)
        optimizer.step(net.theta, net.grad, state, t)
    return value, net.theta, *state


def tiny(dtype=float):
    def init(rng, n_in, n_out):
        return rng.normal(0, 1e-30, (n_in, n_out))

    return mlp([4, 3, 2], tanh, init=init, rng=generator(), dtype=dtype)


SETTINGS = {
    "Network()": lambda: network(relu)(FAR),
    "Network() that overflows": lambda: network(relu)(FAR_OUT),
    "trace": lambda: network(gelu).trace(FAR),
    "forward and back": lambda: back_and_grad(FAR, 1e-200 * np.ones((3, 2)), network(tanh)),
    "forward and back that overflow": lambda: back_and_grad(
        FAR_OUT, 1e200 * np.ones((3, 2)), network(relu)
    ),
    "places": lambda: back_and_grad(FAR[:, None], 1e-200 * np.ones((3, 1, 2)), network(tanh)),
    "places that overflow": lambda: back_and_grad(
        FAR_OUT[None], 1e200 * np.ones((1, 3, 2)), network(relu)
    ),
    "float32": lambda: back_and_grad(
        np.ones((3, 4)) * 1e-10, np.full((3, 2), 1e-20), tiny(np.float32)
    ),
    "a network in a network": lambda: Network(network(), Dense(2, 2, small, rng=generator()))(FAR),
    **{
        f"updates with {type(o).__name__}": lambda o=o: one_update(
            tiny(), o, np.abs(FAR) % 3, np.full((3, 2), 1e-160), mean_squared_error
        )
        for o in OPTIMIZERS
    },
    "train": lambda: trained(X, LABELS.astype(int), (X, LABELS.astype(int)), cross_entropy),
    "train, saturated": lambda: trained(
        1000 * X, LABELS.astype(int), (X, LABELS.astype(int)), cross_entropy
    ),
    "steps": lambda: stepwise(1e-160 * X, 1e-170 * TARGETS),
    "assignment": lambda: assigned("weights", np.full((4, 3), 1e-300)),
    "batches": lambda: handed_out(FAR),
    "split": lambda: set_aside(np.repeat(FAR, 2, axis=0)),
    "moons": lambda: data.moons(50, 5e-324, rng=generator()),
    "spirals": lambda: data.spirals(50, 0.1, rng=generator()),
    "digits": data.digits,
}  # fmt: skip


@pytest.mark.parametrize("name", SETTINGS)
def test_results_do_not_depend_on_seterr(name):
    results = []
    for how in ("ignore", "raise"):
        with np.errstate(all=how):
            results.append(SETTINGS[name]())
    assert sum(part.size for part in flat(results[0]))
    for one, other in zip(flat(results[0]), flat(results[1]), strict=True):
        np.testing.assert_array_equal(one, other)
        assert one.dtype == other.dtype


@pytest.mark.parametrize("how", ["ignore", "warn", "raise"])
def test_running_away_is_the_same_sentence_under_every_setting(how):
    net = mlp([4, 2], sigmoid, init=small, rng=generator())
    with np.errstate(all=how), pytest.raises(FloatingPointError, match="^A.* update .* runs away"):
        train(
            net,
            (X, TARGETS),
            mean_squared_error,
            SGD(1e5),
            epochs=100,
            batch_size=3,
            rng=generator(),
            valid=(X, TARGETS),
            progress=False,
        )
