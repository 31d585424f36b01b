"""Draw a digit: what is drawn is made like the scans, and the page reads as the package does."""

import json
import subprocess
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest

from nnutils.data import digits

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "book" / "_ext"))
import digit  # noqa: E402
from npm import NODE  # noqa: E402

IMAGES, LABELS = digits()

# How one may write the ten digits, on a paper of 100 × 100; y points down.
HAND = {
    0: [[(50, 10), (32, 22), (27, 50), (33, 78), (50, 90), (67, 78), (73, 50), (68, 22), (50, 10)]],
    1: [[(38, 28), (54, 10), (54, 90)]],
    2: [[(28, 28), (38, 13), (55, 10), (69, 20), (67, 38), (48, 62), (27, 88), (74, 88)]],
    3: [[(30, 17), (48, 9), (66, 17), (66, 34), (47, 46), (67, 58), (71, 76), (53, 91), (29, 82)]],
    4: [[(42, 10), (25, 58), (74, 58)], [(60, 38), (57, 92)]],
    5: [[(70, 10), (35, 10), (32, 44), (52, 40), (69, 52), (68, 76), (50, 90), (29, 82)]],
    6: [[(62, 10), (42, 28), (31, 58), (37, 82), (53, 90), (68, 76), (62, 58), (45, 56), (33, 68)]],
    7: [[(27, 12), (73, 12), (57, 46), (45, 90)], [(36, 50), (68, 50)]],
    8: [[(66, 22), (50, 10), (35, 21), (40, 38), (60, 55), (67, 74), (50, 90), (33, 75), (40, 55),
         (60, 38), (66, 22)]],
    9: [[(66, 34), (52, 46), (36, 38), (36, 20), (52, 10), (66, 20), (66, 45), (63, 70), (50, 90),
         (36, 84)]],
}  # fmt: skip


def script(expression, data):
    """Return what an expression of the page's script gives, where ``data`` is what is passed."""
    program = f"""
    const {{ unpack, read, reduce, ink, upright, count, spell }} = require(process.argv[1]);
    const data = JSON.parse(require("fs").readFileSync(0));
    console.log(JSON.stringify({expression}));"""
    command = [NODE / "node", "-e", program, digit.STATIC / "digit.js"]
    done = subprocess.run(
        command, input=json.dumps(data).encode(), capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def moved(strokes, move):
    return [[list(map(float, move(*point))) for point in stroke] for stroke in strokes]


@pytest.fixture(scope="module")
def network():
    """Return the trained network as the page gets it, and what the package reads in counts."""
    net, probabilities = digit.train(ROOT)
    return digit.describe(net, probabilities), probabilities


def first_inked(row):
    """Return about where ink begins in a row of eight counts, in points."""
    block = np.flatnonzero(row)[0]
    return 4 * block + 4 - min(4, np.ceil(row[block] / 4))


def test_the_scans_are_as_the_script_makes_drawings():
    assert round(IMAGES.sum(axis=(1, 2)).mean()) == 313, "INK is that of a scanned digit"
    assert (IMAGES.sum(axis=2) > 0).all(), "a scanned digit fills all rows"
    columns = IMAGES.max(axis=1)
    left = np.array([first_inked(row) for row in columns])
    right = np.array([32 - first_inked(row[::-1]) for row in columns])
    assert np.median(right - left) == 20, "WIDTH is that of a scanned digit"
    slants = [first_inked(image[0]) - first_inked(image[7]) for image in IMAGES]
    assert abs(np.mean(slants)) < 0.1, "the first and the last row begin in the same column"
    assert np.std(slants) < 1.2


def test_blocks_of_four_by_four_points_are_counted():
    bitmap = np.random.default_rng(0).integers(0, 2, (32, 32))
    came = script("count(Uint8Array.from(data))", bitmap.ravel().tolist())
    assert came == bitmap.reshape(8, 4, 8, 4).sum(axis=(1, 3)).ravel().tolist()


def test_a_round_pen_blackens_what_is_near_the_line():
    line = [[[4.0, 5.0], [20.0, 9.0], [17.0, 29.0]]]
    came = np.array(script("[...ink(data, 5)]", line)).reshape(32, 32)
    y, x = np.mgrid[0:32, 0:32] + 0.5
    gaps = []
    for (x0, y0), (x1, y1) in zip(line[0], line[0][1:]):
        along = ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / ((x1 - x0) ** 2 + (y1 - y0) ** 2)
        along = along.clip(0, 1)
        gaps.append(np.hypot(x - x0 - along * (x1 - x0), y - y0 - along * (y1 - y0)))
    np.testing.assert_array_equal(came, np.min(gaps, axis=0) <= 2.5)


@pytest.mark.parametrize("name", HAND)
def test_a_drawing_becomes_like_a_scan(name):
    counts = np.array(script("reduce(data)", HAND[name])).reshape(8, 8)
    scans = IMAGES[name == LABELS]
    inks = scans.sum(axis=(1, 2))
    assert counts.min() >= 0
    assert counts.max() <= 16
    assert np.percentile(inks, 5) < counts.sum() < np.percentile(inks, 95)
    assert counts[0].any(), "it reaches the first row"
    assert counts[7].any(), "it reaches the last row"
    assert not counts[:, 0].any(), "the first column is empty in nearly all scans"


@pytest.mark.parametrize(
    "move",
    [
        lambda x, y: (x / 2 + 40, y / 2 + 3),
        lambda x, y: (1.2 * x - 10, 0.8 * y),
        lambda x, y: (x + 7, y - 9),
    ],
    ids=["smaller", "wider", "elsewhere"],
)
def test_place_and_size_on_the_paper_do_not_matter(move):
    before = script("data.map(reduce)", [HAND[0], HAND[2], HAND[8]])
    after = script("data.map(reduce)", [moved(HAND[n], move) for n in (0, 2, 8)])
    assert np.abs(np.array(before) - after).max() <= 1


def test_the_first_and_the_last_row_of_a_bitmap_begin_in_the_same_column():
    for slant in (-0.4, 0, 0.4):
        bar = [[[16 + 12 * slant, 4], [16 - 12 * slant, 28]]]
        bitmap = np.array(script("[...upright(ink(data, 5))]", bar)).reshape(32, 32)
        begins = [np.flatnonzero(row)[0] for row in bitmap if row.any()]
        assert np.ptp(begins[1:-1]) <= 2, f"the slant {slant} is left: {begins}"
        assert abs(begins[0] - begins[-1]) <= 1


@pytest.mark.parametrize(
    "strokes", [[[[50, 50]]], [[[10, 50], [90, 50]]], [[[50, 10], [50, 90]]]], ids=["dot", "-", "|"]
)
def test_what_is_no_digit_becomes_counts_too(strokes):
    counts = script("reduce(data)", strokes)
    assert len(counts) == 64
    assert 0 < sum(counts) <= 400
    assert set(counts) <= set(range(17))


@pytest.mark.parametrize("slant", [-0.3, 0, 0.3])
def test_the_network_reads_digits_written_by_hand(network, slant):
    written = [moved(strokes, lambda x, y: (x + slant * y, y)) for strokes in HAND.values()]
    given = np.argmax(network[1](np.array(script("data.map(reduce)", written))), axis=1)
    assert np.sum(given == list(HAND)) >= 9, f"{list(HAND)} were read as {given}"


def test_the_network_reads_the_test_part_like_those_of_the_chapter(network):
    *_, test, _, _ = digit.parts()
    assert np.mean(np.argmax(network[1](test[0]), axis=1) == test[1]) > 0.97


def test_script_and_package_read_the_whole_test_part_alike(network):
    content, probabilities = network
    *_, test, _, _ = digit.parts()
    came = np.array(
        script(
            "data.rows.map((row) => read(unpack(data.network), row))",
            {"network": content["network"], "rows": test[0].tolist()},
        )
    )
    expected = probabilities(test[0])
    np.testing.assert_array_equal(np.argmax(came, axis=1), np.argmax(expected, axis=1))
    np.testing.assert_allclose(came, expected, rtol=0, atol=1e-3)


def test_the_weights_are_light(network):
    weights = json.dumps(network[0]["network"])
    assert len(weights) < 15_000


def test_twenty_examples_are_of_the_test_part(network):
    *_, test, _, _ = digit.parts()
    rows = {digit.spell(row): int(label) for row, label in zip(*test)}
    examples = network[0]["examples"]
    assert len({example["counts"] for example in examples}) == 20
    for example in examples:
        assert rows[example["counts"]] == example["label"]
    assert [example["label"] for example in examples[:10]] == list(range(10))


def test_a_word_is_read_as_it_was_written():
    counts = [*range(17), *range(17), *range(17), *range(13)]
    assert script("spell(data)", digit.spell(counts)) == counts


def test_training_gives_the_same_network_each_time(network):
    assert digit.describe(*digit.train(ROOT)) == network[0]


def test_the_network_is_trained_again_only_after_a_change(tmp_path, monkeypatch):
    def write(source):
        cell = nbformat.v4.new_code_cell(source)
        nbformat.write(nbformat.v4.new_notebook(cells=[cell]), tmp_path / "book" / "digits.ipynb")

    trainings = []
    monkeypatch.setattr(digit, "train", lambda root: (len(trainings), trainings.append(root)))
    monkeypatch.setattr(digit, "describe", lambda number, _: {"training": number})
    (tmp_path / "book").mkdir()
    write("def fit(net): ...")
    assert digit.trained(tmp_path) == digit.trained(tmp_path) == {"training": 0}
    write("def fit(net): return net")
    assert digit.trained(tmp_path) == {"training": 1}
    assert len(list((tmp_path / "_build" / "digit").iterdir())) == 1
