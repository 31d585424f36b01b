"""Training: the loop against one written out, what it says, how it ends."""

import numpy as np
import pytest
from matplotlib import pyplot as plt

from nnutils import plots
from nnutils.activations import relu, tanh
from nnutils.data import batches
from nnutils.losses import cross_entropy, mean_squared_error
from nnutils.network import mlp
from nnutils.optimizers import SGD, Adam, Momentum
from nnutils.training import History, steps, train


@pytest.fixture
def xor():
    rng = np.random.default_rng(0)
    x = rng.uniform(-1, 1, (100, 2))
    return x, (x[:, 0] * x[:, 1] > 0).astype(int)


def network(outputs=2, seed=1):
    rng = np.random.default_rng(seed)
    return mlp([2, 16, outputs], tanh, init=lambda r, n, m: r.normal(0, n**-0.5, (n, m)), rng=rng)


def test_a_step_by_hand():
    # y = w x + b at w = b = 0 for x = 1..4, y = 3 x: loss 67.5, slopes -45 and -15
    x = np.array([[1.0], [2.0], [3.0], [4.0]])
    net = mlp([1, 1], tanh, init=lambda rng, n, m: np.zeros((n, m)), rng=None)
    seen = list(steps(net, mean_squared_error, SGD(0.01), [(x, 3 * x)] * 3))
    assert seen[0] == (1, 67.5)
    assert net.theta[0] == pytest.approx(1.137525)
    assert [t for t, _ in seen] == [1, 2, 3]


@pytest.mark.parametrize("optimizer", [SGD(0.1), Momentum(0.05), Adam(0.01)], ids=repr)
def test_same_as_a_loop_written_out(xor, optimizer):
    net, other = network(), network()
    rng = np.random.default_rng(2)
    seen = train(
        net,
        xor,
        cross_entropy,
        optimizer,
        epochs=3,
        batch_size=32,
        rng=rng,
        l2=0.01,
        valid=xor,
        progress=False,
    )
    rng, state, t, losses = np.random.default_rng(2), optimizer.init(other.theta), 0, []
    for _ in range(3):
        for x, labels in batches(*xor, size=32, rng=rng):
            t += 1
            losses.append(other.loss_and_grad(x, labels, cross_entropy, l2=0.01))
            optimizer.step(other.theta, other.grad, state, t)
    np.testing.assert_array_equal(net.theta, other.theta)
    assert seen.batch_loss == losses
    # The last batch of an epoch has 4 samples, and counts as much.
    first = (32 * sum(losses[:3]) + 4 * losses[3]) / 100
    assert seen.loss[0] == pytest.approx(first, abs=1e-15)
    assert seen.valid[-1] == pytest.approx(cross_entropy(net(xor[0]), xor[1])[0])
    assert (len(seen.loss), len(seen.valid), len(seen.batch_loss)) == (3, 3, 12)


def test_it_learns(xor):
    for seed in range(5):
        net = network(seed=seed)
        train(
            net,
            xor,
            cross_entropy,
            Adam(0.02),
            epochs=100,
            batch_size=20,
            rng=np.random.default_rng(seed),
            progress=False,
        )
        assert np.mean(net(xor[0]).argmax(axis=1) == xor[1]) > 0.95


def test_stopping_early_is_break(xor):
    rng, net, updates = np.random.default_rng(0), network(), 0
    stream = (batch for _ in range(10**6) for batch in batches(*xor, size=10, rng=rng))
    for t, loss in steps(net, cross_entropy, Adam(0.02), stream):
        updates = t
        if loss < 0.1:
            break
    assert 10 < updates < 5000


def test_it_tells_at_most_ten_epochs(xor, capsys):
    train(
        network(),
        xor,
        cross_entropy,
        SGD(0.1),
        epochs=25,
        batch_size=50,
        rng=np.random.default_rng(0),
        valid=xor,
    )
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 10
    assert lines[0].startswith("epoch 1 of 25: loss 0.")
    assert ", validation 0." in lines[-1]
    assert lines[-1].startswith("epoch 25 of 25: ")
    train(
        network(),
        xor,
        cross_entropy,
        SGD(0.1),
        epochs=2,
        batch_size=50,
        rng=np.random.default_rng(0),
        progress=False,
    )
    assert capsys.readouterr().out == ""


def test_an_interrupted_training_keeps_what_it_has(xor, capsys):
    net, calls = network(), []

    def loss(outputs, targets):
        calls.append(1)
        if len(calls) == 6:
            raise KeyboardInterrupt
        return cross_entropy(outputs, targets)

    start = net.theta.copy()
    seen = train(net, xor, loss, SGD(0.1), epochs=9, batch_size=50, rng=np.random.default_rng(0))
    assert len(seen.loss) == 2
    assert "Interrupted after 2 of 9 epochs." in capsys.readouterr().out
    assert not np.array_equal(net.theta, start)


@pytest.mark.parametrize("hidden", [tanh, relu], ids=repr)
@pytest.mark.parametrize("rate", [1000.0, 1e200])
def test_a_training_that_runs_away(xor, hidden, rate):
    x, targets = xor[0], xor[0] @ [[1.0], [2.0]]
    net = mlp(
        [2, 16, 1], hidden, init=lambda r, n, m: r.normal(size=(n, m)), rng=np.random.default_rng(0)
    )
    with pytest.raises(
        FloatingPointError,
        match=r"^At update \d+ the loss became (inf|nan): the "
        r"training runs away.* than in SGD\(learning_rate=",
    ):
        train(
            net,
            (x, targets),
            mean_squared_error,
            SGD(rate),
            epochs=100,
            batch_size=50,
            rng=np.random.default_rng(0),
            progress=False,
        )


def test_nan_in_a_stream_is_named(xor):
    x = xor[0].copy()
    x[3, 1] = np.nan

    def loss(outputs, targets):
        return float(outputs.sum()), outputs

    with pytest.raises(FloatingPointError, match="At update 1 the inputs hold nan"):
        list(steps(network(), loss, SGD(0.1), [(x, xor[1])]))


def test_bad_data_are_refused_before_training(xor):
    x, labels = xor
    broken = x.copy()
    broken[0, 0] = np.inf
    for data, valid, error, message in [
        ((x, labels[:9]), None, ValueError, "data holds 100 rows of inputs and 9 targets"),
        ((broken, labels), None, ValueError, "inputs of data .* 1 of 200 are nan or infinite"),
        ((x, labels), (broken, labels), ValueError, "inputs of valid"),
        ((x[:, :1], labels), None, ValueError, r"\(samples, 2\), but got \(1, 1\)"),
        ((x, labels.astype(float)), None, TypeError, "Labels have to be whole numbers"),
        ((x, labels + 5), None, ValueError, "There are 2 classes"),
    ]:
        net = network()
        start = net.theta.copy()
        with pytest.raises(error, match=message):
            train(
                net,
                data,
                cross_entropy,
                SGD(0.1),
                epochs=1,
                batch_size=10,
                valid=valid,
                rng=np.random.default_rng(0),
            )
        np.testing.assert_array_equal(net.theta, start)


@pytest.mark.parametrize(
    ("epochs", "size", "message"),
    [(0, 5, "epochs"), (2.5, 5, "epochs"), (1, 0, "size, how many rows")],
)
def test_counts_that_make_no_sense(xor, epochs, size, message):
    with pytest.raises(ValueError, match=message):
        train(
            network(),
            xor,
            cross_entropy,
            SGD(0.1),
            epochs=epochs,
            batch_size=size,
            rng=np.random.default_rng(0),
        )


def test_a_history_starts_empty():
    assert History() == History([], [], [])


# A training that runs away, or is stopped, wherever it is. Looked for in steps and train.


def line_data(n=6):
    x = np.linspace(1, 2, n)[:, None]
    return x, 3 * x


def linear(start=0.0):
    return mlp([1, 1], tanh, init=lambda rng, n, m: np.full((n, m), start), rng=None)


def fit(net, data, rate, *, loss=mean_squared_error, **settings):
    settings = {"epochs": 1, "batch_size": 6, "rng": np.random.default_rng(0)} | settings
    return train(net, data, loss, SGD(rate), progress=False, **settings)


@pytest.mark.parametrize("valid", [None, line_data()], ids=["alone", "valid"])
@pytest.mark.parametrize(("epochs", "size"), [(1, 6), (1, 2), (2, 6), (3, 2)])
@pytest.mark.parametrize("rate", [1e155, 1e300])
def test_the_last_update_of_an_epoch_runs_away(valid, epochs, size, rate):
    """A schedule that is harmless until the last update of the last epoch, and then is not."""
    last = epochs * (6 // size)
    optimizer = SGD(lambda t: rate if t == last else 1e-3)
    with pytest.raises(FloatingPointError, match=f"^After update {last} the loss became") as error:
        train(
            linear(),
            line_data(),
            mean_squared_error,
            optimizer,
            epochs=epochs,
            batch_size=size,
            rng=np.random.default_rng(0),
            valid=valid,
            progress=False,
        )
    history = error.value.history
    assert len(history.batch_loss) == last
    assert len(history.loss) == (epochs if valid is None else epochs - 1)
    assert len(history.valid) == (0 if valid is None else epochs - 1)


def test_the_history_of_a_training_that_runs_away_can_be_drawn():
    with pytest.raises(FloatingPointError, match="^After update 120 ") as error:
        fit(linear(), line_data(), 3.0, epochs=1000, valid=line_data())
    history = error.value.history
    assert len(history.loss) == len(history.valid) > 10
    assert np.isfinite([*history.loss, *history.valid, *history.batch_loss]).all()
    plots.history(history)
    plt.close()


def test_steps_say_when_the_last_one_runs_away():
    running = steps(linear(), mean_squared_error, SGD(1e300), [line_data()])
    assert next(running)[0] == 1
    with pytest.raises(FloatingPointError, match="^After update 1 the loss became"):
        next(running)


@pytest.mark.parametrize("call", range(3, 12))
def test_an_interrupt_leaves_columns_of_one_length(call, capsys):
    """The loss is called for data and valid, in each epoch 3 times and for valid, and once more."""
    calls = []

    def loss(outputs, targets):
        calls.append(1)
        if len(calls) == call:
            raise KeyboardInterrupt
        return mean_squared_error(outputs, targets)

    seen = fit(linear(), line_data(), 0.01, loss=loss, epochs=2, batch_size=2, valid=line_data())
    assert len(seen.loss) == len(seen.valid) == (call >= 7) + (call >= 11)
    assert "Interrupted after" in capsys.readouterr().out
    _, ax = plt.subplots()
    plots.history(seen, ax)
    assert [len(line.get_xdata()) for line in ax.lines][0] == len(seen.loss)
    plt.close()


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_loss_that_is_no_finite_number(value):
    def loss(outputs, targets):
        return value, np.zeros_like(outputs)

    net = linear(0.5)
    with pytest.raises(FloatingPointError, match=f"At update 1 the loss became {value}"):
        fit(net, line_data(), 0.1, loss=loss)
    np.testing.assert_array_equal(net.theta, [0.5, 0])


# What is no training. Looked for in every parameter of steps and train.


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"net": None}, TypeError, "net has to be a network"),
        ({"net": "net"}, TypeError, "net has to be a network"),
        ({"loss": None}, TypeError, "loss has to be a function"),
        ({"optimizer": 0.1}, TypeError, "optimizer has to be a recipe such as SGD.*got 0.1"),
        ({"optimizer": SGD}, TypeError, "optimizer has to be a recipe such as SGD.*got <class"),
        ({"data": None}, TypeError, r"data has to be a pair, \(inputs, targets\), but got None"),
        ({"data": line_data()[0]}, TypeError, "data has to be a pair"),
        ({"data": (*line_data(), 1)}, TypeError, "data has to be a pair"),
        ({"data": (5, 5)}, ValueError, "data holds 0 rows of inputs and 0 targets"),
        ({"data": (np.ones((0, 1)),) * 2}, ValueError, "data holds 0 rows"),
        ({"data": ("ab", "cd")}, TypeError, "The inputs of data has to hold real numbers"),
        ({"valid": (np.ones((2, 1)), np.ones((3, 1)))}, ValueError, "valid holds 2 rows .* 3 tar"),
        ({"valid": 5}, TypeError, "valid has to be a pair"),
        ({"epochs": 0}, ValueError, "epochs has to be a whole number, at least 1, but got 0"),
        ({"epochs": -1}, ValueError, "epochs has to be"),
        ({"epochs": 1.0}, ValueError, "epochs has to be"),
        ({"epochs": "3"}, ValueError, "epochs has to be"),
        ({"epochs": None}, ValueError, "epochs has to be"),
        (
            {"batch_size": 0},
            ValueError,
            "size, how many rows a batch has, has to be a whole number",
        ),
        ({"batch_size": -1}, ValueError, "size, how many rows"),
        ({"batch_size": 2.5}, ValueError, "size, how many rows"),
        ({"batch_size": None}, ValueError, "size, how many rows"),
        ({"batch_size": "2"}, ValueError, "size, how many rows"),
        ({"rng": 42}, TypeError, r"rng has to be a random generator, .*default_rng\(42\)"),
        ({"rng": None}, TypeError, "rng has to be a random generator"),
        ({"rng": np.random}, TypeError, "rng has to be a random generator"),
        ({"rng": np.random.RandomState(0)}, TypeError, "rng has to be a random generator"),
        ({"l2": -1}, ValueError, "l2 has to be a finite number, at least 0"),
        ({"l1": np.nan}, ValueError, "l1 has to be a finite number, at least 0"),
        *[
            ({"optimizer": SGD(lambda t, r=r: r)}, ValueError, "A learning rate is a finite number")
            for r in (-1, np.nan, np.inf, "0.1", None, np.array([0.1]), 1j)
        ],
    ],
)
def test_what_cannot_be_trained(change, error, message):
    net = linear(0.5)
    given = {
        "net": net,
        "data": line_data(),
        "loss": mean_squared_error,
        "optimizer": SGD(0.1),
        "epochs": 1,
        "batch_size": 2,
        "rng": np.random.default_rng(0),
        "progress": False,
    }
    with pytest.raises(error, match=message):
        train(**given | change)
    np.testing.assert_array_equal(net.theta, [0.5, 0])


def test_a_batch_larger_than_the_data_is_all_of_it():
    seen = fit(linear(), line_data(), 0.01, batch_size=100, epochs=3)
    assert len(seen.loss) == len(seen.batch_loss) == 3
    assert seen.loss == seen.batch_loss


@pytest.mark.parametrize("stream", [line_data(), [1, 2], [None], ["abc"], [line_data()[:1]]])
def test_a_stream_is_made_of_pairs(stream):
    with pytest.raises((TypeError, ValueError), match="pair|real numbers|reads arrays"):
        list(steps(linear(), mean_squared_error, SGD(0.1), stream))


def test_a_stream_without_batches_is_no_training():
    assert list(steps(linear(), mean_squared_error, SGD(0.1), [])) == []
