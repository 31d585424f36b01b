"""Training: the loop against one written out, what it says, how it ends."""

import numpy as np
import pytest

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
    ("epochs", "size", "message"), [(0, 5, "epochs"), (2.5, 5, "epochs"), (1, 0, "A batch needs")]
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
