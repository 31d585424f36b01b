"""What may be assigned, and what crosses a pickle or a copy.

Assignment was looked for on Network, Dense, a layer of one's own, Activation, History, every
optimizer, schedule and knob. Copies and pickles were looked for in the same, and in the memory of
an optimizer.
"""

import copy
import multiprocessing
import pickle
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import pytest

from nnutils import activations
from nnutils.activations import Activation, prelu, relu, tanh
from nnutils.knobs import slider
from nnutils.layers import Dense
from nnutils.losses import cross_entropy, mean_squared_error
from nnutils.network import Network, Residual, mlp
from nnutils.optimizers import SGD, Adagrad, Adam, Momentum, Nesterov, RMSProp
from nnutils.schedules import CosineDecay, Warmup
from nnutils.training import History, train

PROTOCOLS = range(pickle.HIGHEST_PROTOCOL + 1)


def small(rng, n_in, n_out):
    return rng.normal(0, n_in**-0.5, (n_in, n_out))


def network(sizes=(3, 4, 2), hidden=tanh, seed=0, dtype=float):
    return mlp(sizes, hidden, init=small, rng=np.random.default_rng(seed), dtype=dtype)


def nested(seed=0):
    rng = np.random.default_rng(seed)
    inner = Network(Dense(3, 4, small, rng=rng), tanh, Dense(4, 4, small, rng=rng))
    return Network(inner, relu, Dense(4, 2, small, rng=rng))


def residual(seed=0):
    rng = np.random.default_rng(seed)
    return Network(Residual(Dense(3, 3, small, rng=rng), tanh), Dense(3, 2, small, rng=rng))


X = np.random.default_rng(1).normal(size=(8, 3))
LABELS = np.arange(8) % 2

ARRAYS = ["theta", "grad", "weights", "biases", "d_weights", "d_biases"]


def owner(name):
    """Return a network, and the part of it that has an array of this name."""
    net = network()
    return net, net if name in ("theta", "grad") else net.layers[2]


# What is assigned is written through.


def reads_what_was_assigned(net, name):
    return net.grad if name == "grad" or name.startswith("d_") else net.theta


@pytest.mark.parametrize("part", ["network", "layer"])
@pytest.mark.parametrize("name", ARRAYS)
def test_an_array_is_written_through(name, part):
    net, thing = owner(name)
    thing = net.layers[2] if part == "layer" else thing
    held = getattr(thing, name)
    values = np.arange(held.size, dtype=float).reshape(held.shape)
    setattr(thing, name, values)
    assert getattr(thing, name) is held
    np.testing.assert_array_equal(held, values)
    assert np.shares_memory(held, reads_what_was_assigned(net, name))
    values += 1  # a copy was taken
    assert held.flat[0] == 0


@pytest.mark.parametrize("name", ARRAYS)
def test_an_array_changes_in_place(name):
    net, thing = owner(name)
    before = getattr(thing, name).copy()
    exec(f"thing.{name} += 1; thing.{name} *= 2", {"thing": thing})
    np.testing.assert_array_equal(getattr(thing, name), 2 * (before + 1))
    assert np.shares_memory(getattr(thing, name), reads_what_was_assigned(net, name))


@pytest.mark.parametrize("name", ARRAYS)
def test_one_number_is_for_all(name):
    _, thing = owner(name)
    setattr(thing, name, 3)
    assert (getattr(thing, name) == 3).all()


@pytest.mark.parametrize("name", ARRAYS)
def test_no_array_is_stretched_to_fit(name):
    _, thing = owner(name)
    held = getattr(thing, name)
    before = held.copy()
    for shape in [(1,), held.shape[-1:], (1, *held.shape), held.T.shape, (held.size + 1,), (0,)]:
        if shape == held.shape:
            continue
        with pytest.raises(ValueError, match=f"^{name} of .* has shape .* but got an array of sha"):
            setattr(thing, name, np.ones(shape))
    for wrong in (None, "ones", [None], np.ma.ones(held.shape), 1j):
        with pytest.raises(TypeError, match=f"^{name} of .*(real numbers|masked)"):
            setattr(thing, name, wrong)
    np.testing.assert_array_equal(held, before)


def test_a_habit_from_elsewhere_leaves_the_gradient_tied():
    net, other = network(), network()
    net.grad = np.zeros_like(net.theta)
    net.layers[0].grad = np.zeros(net.layers[0].grad.shape)
    net.layers[0].theta = net.layers[0].theta.copy()
    for one in (net, other):
        train(
            one,
            (X, LABELS),
            cross_entropy,
            SGD(0.5),
            epochs=5,
            batch_size=4,
            rng=np.random.default_rng(0),
            progress=False,
        )
    np.testing.assert_array_equal(net.theta, other.theta)
    net.grad = net.grad / np.linalg.norm(net.grad)
    assert np.linalg.norm(net.layers[0].grad) < np.linalg.norm(net.grad) == pytest.approx(1)


# What nothing would read is refused.


@pytest.mark.parametrize(
    ("make", "name"),
    [
        *[(network, n) for n in ("thetas", "gradient", "layers", "n_parameters", "n_in", "_theta")],
        *[(lambda: network().layers[0], n) for n in ("trainable", "bias", "kernel", "n_out", "W")],
        (nested, "requires_grad"),
        (network, "forward"),
    ],
)
def test_a_name_that_nothing_reads_is_refused(make, name):
    thing = make()
    with pytest.raises(AttributeError, match=f"^You cannot assign {name} of .* theta"):
        setattr(thing, name, 1)


def test_a_layer_is_not_exchanged():
    net = network()
    with pytest.raises(TypeError):
        net.layers[0] = Dense(3, 4, small, rng=np.random.default_rng(0))


@pytest.mark.parametrize(
    ("thing", "name"),
    [
        *[(o, "learning_rate") for o in (SGD(0.1), Momentum(0.1), Nesterov(0.1), Adagrad(0.1))],
        *[(o, "lr") for o in (RMSProp(0.1), Adam(0.1), CosineDecay(0.1, 9), Warmup(0.1, 9))],
        *[(a, "slope") for a in (relu, prelu(0.1))],
        (slider("x", 0, 1, positions=3, start=0), "start"),
        (History(), "losses"),
    ],
    ids=repr,
)
def test_recipes_and_records_have_no_other_names(thing, name):
    with pytest.raises(AttributeError):
        setattr(thing, name, 1)


def test_a_method_may_be_exchanged():
    net = network()
    first, seen = net.layers[0], []
    right = first.forward

    def watched(x):
        seen.append(len(x))
        return right(x)

    first.forward = watched
    net(X)
    net.loss_and_grad(X, LABELS, cross_entropy)
    assert seen == [8, 8]


class Scaled(Dense):
    """A layer of one's own, with attributes of its own."""

    calls = 0

    def __init__(self, *args, factor, **kwargs):
        super().__init__(*args, **kwargs)
        self.factor = factor

    def forward(self, x):
        self.calls += 1
        y, back = super().forward(x)
        return self.factor * y, lambda d_y, to_inputs=True: back(self.factor * d_y, to_inputs)


def scaled():
    rng = np.random.default_rng(0)
    return Network(Scaled(3, 4, small, rng=rng, factor=0.5), tanh, Dense(4, 2, small, rng=rng))


def test_a_class_of_ones_own_has_attributes_of_its_own():
    net = scaled()
    net(X)
    net.layers[0].factor = 2.0
    net(X)
    assert net.layers[0].calls == 2
    with pytest.raises(ValueError, match="has shape"):
        net.layers[0].weights = [1, 2, 3]


# Copies and pickles.

NETWORKS = {
    "small": network,
    "float32": lambda: network(dtype=np.float32),
    "more than 125 parameters": lambda: network((3, 40, 2)),
    "in parts": lambda: network((3, 20_000, 2)),
    "prelu": lambda: network(hidden=prelu(0.123456789)),
    "nested": nested,
    "residual": residual,
    "a class of one's own": scaled,
    **{a.name: (lambda a=a: network(hidden=a)) for a in vars(activations).values()
       if isinstance(a, Activation)},
}  # fmt: skip

WAYS = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    **{
        f"protocol {p}": (lambda thing, p=p: pickle.loads(pickle.dumps(thing, p)))
        for p in PROTOCOLS
    },
}


def read_only(thing):
    """Cross as joblib lets large arrays cross: as memory that cannot be written to."""
    buffers = []
    data = pickle.dumps(thing, 5, buffer_callback=buffers.append)
    return pickle.loads(data, buffers=[bytes(buffer.raw()) for buffer in buffers])


every_way = pytest.mark.parametrize("way", [*WAYS.values(), read_only], ids=[*WAYS, "read-only"])


def assert_tied(net):
    ends = np.cumsum([leaf.theta.size for leaf in net.leaves()])
    for leaf, end in zip(net.leaves(), ends):
        part = slice(end - leaf.theta.size, end)
        for name in ("theta", "weights", "biases"):
            assert np.shares_memory(getattr(leaf, name), net.theta[part])
        for name in ("grad", "d_weights", "d_biases"):
            assert np.shares_memory(getattr(leaf, name), net.grad[part])


def assert_same_and_apart(net, twin):
    for name in ("theta", "grad"):
        ours, theirs = getattr(net, name), getattr(twin, name)
        assert ours.dtype == theirs.dtype
        np.testing.assert_array_equal(ours, theirs)
        assert not np.shares_memory(ours, theirs)
    np.testing.assert_array_equal(net(X), twin(X))
    assert_tied(net)
    assert_tied(twin)
    assert repr(net) == repr(twin)
    before = net.theta.copy()
    for one in (net, twin):
        one.loss_and_grad(X, LABELS, cross_entropy)
        one.theta -= 0.1 * one.grad
    np.testing.assert_array_equal(net.theta, twin.theta)
    twin.theta += 1
    assert not np.array_equal(net.theta, twin.theta)
    assert not np.array_equal(net.theta, before) or not net.grad.any()


@every_way
@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_crosses(name, way):
    net = NETWORKS[name]()
    net.loss_and_grad(X, LABELS, cross_entropy)
    assert_same_and_apart(net, way(net))


@every_way
def test_a_layer_of_a_network_becomes_free(way):
    net = network()
    first = way(net.layers[0])
    np.testing.assert_array_equal(first.theta, net.layers[0].theta)
    assert not np.shares_memory(first.theta, net.theta)
    other = Network(first, tanh, way(net.layers[2]))
    np.testing.assert_array_equal(other(X), net(X))
    assert_tied(other)
    assert_tied(net)


@pytest.mark.parametrize("way", [w for n, w in WAYS.items() if n != "copy"])
def test_what_is_shared_stays_one(way):
    net = nested()
    inner = net.layers[0]
    for given in ([net, net, inner], [inner, net, net], [inner.layers[0], net, inner]):
        crossed = way(given)
        net2 = crossed[1]
        assert crossed[0] in (net2, net2.layers[0], net2.layers[0].layers[0])
        assert crossed[2] in (net2, net2.layers[0])
        assert_same_and_apart(net, net2)


@every_way
@pytest.mark.parametrize(
    "thing",
    [
        SGD(0.1),
        Momentum(CosineDecay(0.1, 5), clip=1),
        Nesterov(0.1),
        Adagrad(0.1),
        RMSProp(0.1, eps=1e-3),
        Adam(Warmup(CosineDecay(0.1, 5), 3)),
        History([1.0, 0.5], [2.0, 1.0], [1.0, 0.7, 0.5]),
        slider("x", 0, 1, positions=3, start=0),
        *[a for a in vars(activations).values() if isinstance(a, Activation)],
    ],
    ids=repr,
)
def test_recipes_and_records_cross(thing, way):
    twin = way(thing)
    assert twin == thing
    assert type(twin) is type(thing)
    assert repr(twin) == repr(thing)


@every_way
def test_a_named_activation_stays_itself(way):
    assert way(relu) is relu
    assert way(prelu(0.1)).name == "prelu(0.1)"


@every_way
def test_training_goes_on_after_a_crossing_with_its_memory(way):
    net, adam = network(), Adam(0.05)
    state = adam.init(net.theta)
    for t in range(1, 5):
        net.loss_and_grad(X, LABELS, cross_entropy)
        adam.step(net.theta, net.grad, state, t)
    twin, recipe, memory = way(net), way(adam), copy.deepcopy(state)
    for one, optimizer, own in ((net, adam, state), (twin, recipe, memory)):
        for t in range(5, 9):
            one.loss_and_grad(X, LABELS, cross_entropy)
            optimizer.step(one.theta, one.grad, own, t)
    np.testing.assert_array_equal(net.theta, twin.theta)


def trained(net):
    history = train(
        net,
        (X, LABELS),
        cross_entropy,
        Adam(0.05),
        epochs=3,
        batch_size=4,
        rng=np.random.default_rng(0),
        progress=False,
    )
    return net, history


def test_worker_processes_train_what_this_one_trains():
    nets = [network((3, 60, 2)), nested(), network(hidden=prelu(0.2))]
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=spawn) as pool:
        theirs = list(pool.map(trained, nets))
    for net, (twin, history) in zip(nets, theirs):
        ours = trained(net)[1]
        assert history == ours
        assert_same_and_apart(net, twin)


def test_a_fresh_process_reads_a_pickle(tmp_path):
    net = network((3, 60, 2))
    (tmp_path / "net.pickle").write_bytes(pickle.dumps(net))
    code = (
        "import pickle, sys; net = pickle.load(open(sys.argv[1], 'rb')); net.theta += 1;"
        "print(repr(float(net([[1, 2, 3]]).sum())))"
    )
    call = [sys.executable, "-c", code, str(tmp_path / "net.pickle")]
    seen = subprocess.run(call, capture_output=True, text=True, check=True).stdout
    net.theta += 1
    assert float(seen) == float(net([[1, 2, 3]]).sum())


# A network inside a network.


def test_a_network_is_a_layer():
    net, flat = nested(), network((3, 4, 4, 2))
    flat = Network(*[copy.copy(one) if one is not tanh else tanh for one in flat.layers[:3]], relu,
                   copy.copy(flat.layers[4]))  # fmt: skip
    flat.theta = net.theta
    assert net.layers[0].n_in == net.n_in == 3
    assert net.n_out == 2
    assert_tied(net)
    np.testing.assert_array_equal(net(X), flat(X))
    for l2, l1 in ((0, 0), (0.1, 0.01)):
        value = net.loss_and_grad(X, LABELS, cross_entropy, l2, l1)
        assert value == flat.loss_and_grad(X, LABELS, cross_entropy, l2, l1)
        np.testing.assert_array_equal(net.grad, flat.grad)
    (_, back), (_, flat_back) = net.forward(X), flat.forward(X)
    np.testing.assert_array_equal(back(np.ones((8, 2))), flat_back(np.ones((8, 2))))
    assert len(net.trace(X)) == 3
    text = "Network(Network(Dense(3, 4), tanh, Dense(4, 4)), relu, Dense(4, 2)), 46 parameters"
    assert repr(net) == text


def test_the_inner_network_writes_into_the_outer_one():
    net = nested()
    inner = net.layers[0]
    inner.theta = np.arange(inner.n_parameters)
    np.testing.assert_array_equal(net.theta[: inner.n_parameters], np.arange(inner.n_parameters))
    net.theta = 0
    assert not inner.layers[2].weights.any()
    net.loss_and_grad(X, LABELS, cross_entropy)
    np.testing.assert_array_equal(inner.grad, net.grad[: inner.n_parameters])


def test_networks_nest_deeply():
    net = network((3, 4))
    for _ in range(5):
        net = Network(net)
    net.loss_and_grad(X, np.ones((8, 4)), mean_squared_error)
    assert_tied(net)
    assert len(list(net.leaves())) == 1
    assert net.grad.any()


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: Network(*[network((3, 3))] * 2), ValueError, "is part of a network already"),
        (lambda: Network(nested().layers[0]), ValueError, "is part of a network already"),
        (lambda: Network(*network().layers[:1]), ValueError, "is part of a network already"),
        (lambda: Network(network((3, 4)), network((3, 4))), ValueError, "has 4 outputs, but"),
        (lambda: Network(network((3, 4)), network((4, 2), dtype=np.float32)), ValueError, "float3"),
        (lambda: Network(), ValueError, "needs a layer with weights"),
        (lambda: Network([network((3, 4))]), TypeError, "Pass them one by one"),
        (lambda: Network(network((3, 4)), np.tanh), TypeError, "made of layers, but got <ufunc"),
        (lambda: Network(Dense), TypeError, "made of layers, but got <class"),
        (lambda: Network(None), TypeError, "made of layers, but got None"),
        (lambda: mlp([3, 4, 2], "relu", init=small, rng=np.random.default_rng(0)), TypeError, "'r"),
        (lambda: mlp(5, relu, init=small, rng=None), ValueError, r"Got the sizes \[5\]"),
        *[
            (lambda d=d: network(dtype=d), TypeError, "holds float64 or float32, but got dtype=")
            for d in (int, bool, complex, object, np.float16, np.longdouble, ">f8", str)
        ],
        (lambda: mlp([2, 1], relu, init=lambda r, n, m: np.full((n, m), np.nan), rng=None),
         ValueError, "with 2 nan or infinite"),
        (lambda: mlp([2, 1], relu, init=lambda r, n, m: None, rng=None), TypeError, "init r"),
    ],
)  # fmt: skip
def test_networks_that_cannot_be(make, error, message):
    with pytest.raises(error, match=message):
        make()


def test_a_layer_that_keeps_its_weights_elsewhere_is_named():
    class Odd:
        theta = np.ones(3)

        def forward(self, x):
            return x, lambda d_y, to_inputs=True: d_y

    with pytest.raises(TypeError, match="Derive its class from nnutils.layers.Parameters"):
        Network(Odd())


@pytest.mark.parametrize("loss", [lambda y, t: 0.5, lambda y, t: None, lambda y, t: (y, y),
                                  lambda y, t: (1.0, y, y), lambda y, t: "ab"])  # fmt: skip
def test_a_loss_that_returns_something_else(loss):
    with pytest.raises(TypeError, match="returns one number and the slopes with the outputs"):
        network().loss_and_grad(X, LABELS, loss)


@pytest.mark.parametrize("name", ["l2", "l1"])
@pytest.mark.parametrize("factor", [-0.1, np.nan, np.inf, "0.1", [0.1], 1j])
def test_penalties_that_make_no_sense(name, factor):
    with pytest.raises(ValueError, match=f"{name} has to be a finite number, at least 0, but got"):
        network().loss_and_grad(X, LABELS, cross_entropy, **{name: factor})
