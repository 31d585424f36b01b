"""Figures as inline SVG: ink, ids, alternative text, colours, circuits."""

import io
import re

import matplotlib as mpl
import numpy as np
import pytest
from bs4 import BeautifulSoup
from matplotlib import pyplot as plt

from nnutils import plots
from nnutils.circuit import Value, maximum
from nnutils.training import History

GATES = {"q": ("+", "x", "y"), "f": ("*", "q", "z")}


@pytest.fixture(autouse=True)
def _course_style():
    with mpl.rc_context():
        plots.use_style()
        yield
    plt.close("all")


def svg(fig):
    file = io.StringIO()
    fig.savefig(file, format="svg", metadata={"Date": None})
    return file.getvalue()


def line(numbers, title=""):
    fig, ax = plt.subplots()
    ax.plot(numbers)
    ax.set_title(title)
    return svg(fig)


def test_black_becomes_ink_and_data_colours_stay():
    fig, ax = plt.subplots()
    ax.plot([1, 2], color="black")
    ax.plot([2, 1])
    raw = svg(fig)
    picture = plots.inline_svg(raw, "two lines")
    assert "#000000" in raw
    assert "#000000" not in picture
    assert "stroke: currentColor" in picture
    assert f"stroke: var(--blue, {plots.BLUE})" in picture


def test_no_white_background():
    fig, ax = plt.subplots(facecolor="white")
    ax.set_facecolor("white")
    raw = svg(fig)
    assert "fill: #ffffff" in raw
    assert "#ffffff" not in plots.inline_svg(raw, "nothing")


def test_stripped_of_what_a_page_does_not_need():
    picture = plots.inline_svg(line([1, 2]), "a line")
    for needless in ("<?xml", "<!DOCTYPE", "<!--", "<metadata", "<style", "<g id=", "xlink"):
        assert needless not in picture
    assert picture.startswith("<svg ")
    assert picture.endswith("</svg>")


def test_numbers_of_the_drawing_are_rounded_and_those_in_words_are_not():
    picture = plots.inline_svg(line([1, 2.123456, 1.7], "pi is 3.14159265"), "a line")
    assert "pi is 3.14159265" in picture
    drawn = re.findall(r' (?:d|x|y|transform)="([^"]*)"', picture)
    assert drawn
    assert not any(re.search(r"\.\d{3}", numbers) for numbers in drawn)


def test_the_size_of_the_figure_is_kept():
    fig, _ = plt.subplots(figsize=(5, 2))
    picture = plots.inline_svg(svg(fig), "empty")
    assert 'viewBox="0 0 360 144"' in picture
    assert "width: 30em" in picture


def test_every_reference_has_its_target_and_two_figures_share_no_id():
    soups = [
        BeautifulSoup(plots.inline_svg(line(numbers), "a line"), "html.parser")
        for numbers in ([1, 2], [5, 1, 7])
    ]
    ids = []
    for soup in soups:
        ids.append({tag["id"] for tag in soup.select("[id]")})
        used = {u.removeprefix("#") for u in re.findall(r'href="([^"]*)"', str(soup))}
        used |= set(re.findall(r"url\(#([^)]*)\)", str(soup)))
        assert used
        assert used <= ids[-1]
        assert len(soup.select("[id]")) == len(ids[-1])
    assert not ids[0] & ids[1]


def test_the_same_figure_is_the_same_text():
    assert plots.inline_svg(line([1, 3]), "a") == plots.inline_svg(line([1, 3]), "a")


def test_the_label_is_escaped():
    picture = plots.inline_svg(line([1, 2]), 'x < y & "z"')
    assert BeautifulSoup(picture, "html.parser").svg["aria-label"] == 'x < y & "z"'
    assert BeautifulSoup(picture, "html.parser").svg["role"] == "img"


@pytest.mark.parametrize("label", ["", "  \n"])
def test_a_picture_needs_a_label(label):
    with pytest.raises(ValueError, match="needs alternative text: say what it shows"):
        plots.inline_svg(line([1, 2]), label)


def test_a_second_layer_comes_last():
    picture = plots.inline_svg(line([1, 2]), "a line", "<path/>")
    assert picture.endswith('<g class="moving"><path/></g></svg>')
    assert "moving" not in plots.inline_svg(line([1, 2]), "a line")


def test_a_pair_can_be_seen_one_half_at_a_time():
    fig, (left, right) = plots.pair(figsize=(7, 3))
    left.plot([1, 2])
    right.plot([2, 1])
    soup = BeautifulSoup(plots.inline_svg(svg(fig), "two lines", "<path/>"), "html.parser")
    whole, half = soup.select(".pair > svg")
    assert (whole["viewbox"], half["viewbox"]) == ("0 0 504 216", "252 0 252 216")
    assert whole.g["id"] == half.use["href"].removeprefix("#")
    assert whole.g.select_one(".moving")  # and so it moves in both
    assert half["aria-hidden"] == "true"
    assert "display: none" in half["style"]
    bounds = [ax.get_tightbbox().extents[[0, 2]] for ax in (left, right)]
    middle = fig.bbox.width / 2
    assert bounds[0][1] <= middle <= bounds[1][0]


def test_a_pair_may_have_several_axes_on_each_side():
    _, (left, right) = plots.pair(nrows=2)
    assert left.shape == right.shape == (2,)


@pytest.mark.parametrize(
    ("number", "digits", "text"),
    [
        (0, 3, "0"),
        (-0.0, 3, "0"),
        (-2.5, 3, "−2.5"),
        (0.1 + 0.2, 3, "0.3"),
        (0.000335, 1, "0.0003"),
        (1e-4, 3, "0.0001"),
        (1e-16, 3, "10⁻¹⁶"),
        (-4.14e-7, 2, "−4.1 · 10⁻⁷"),
        (999, 3, "999"),
        (-1280, 3, "−1,280"),
        (1234.5678, 8, "1,234.5678"),
        (123456, 6, "123,456"),
        (2.5e9, 3, "2.5 · 10⁹"),
        (-np.inf, 3, "−inf"),
        (np.nan, 3, "nan"),
    ],
)
def test_numbers_are_plain(number, digits, text):
    assert plots.plain(number, digits) == text


def test_a_line_does_not_break_inside_a_number():
    assert (
        plots.percent("12 % and 3%, 4 · 10⁻⁷ or 4 · 5")
        == "12\xa0% and 3\xa0%, 4\xa0·\xa010⁻⁷ or 4 · 5"
    )


def luminance(colour):
    """Return the relative luminance that WCAG 2 defines."""
    channels = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in mpl.colors.to_rgb(colour)
    )
    return sum(
        weight * channel for weight, channel in zip((0.2126, 0.7152, 0.0722), channels, strict=True)
    )


def contrast(a, b):
    dark, light = sorted((luminance(a), luminance(b)))
    return (light + 0.05) / (dark + 0.05)


def test_the_contrast_of_known_pairs():
    assert contrast("white", "black") == pytest.approx(21)
    assert contrast("#777777", "white") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("page", ["#ffffff", "#121212"])
@pytest.mark.parametrize("colour", ["BLUE", "ORANGE", "GREEN", "PURPLE"])
def test_data_colours_stand_out_on_both_pages(colour, page):
    assert contrast(getattr(plots, colour), page) >= 3


@pytest.mark.parametrize("page", ["#ffffff", "#121212"])
def test_lines_of_every_height_stand_out_on_both_pages(page):
    plots.surface(lambda x, y: x * y, -2, 2)
    colours = plt.gca().collections[0].get_edgecolor()
    assert len(colours) > 5
    assert all(contrast(colour, page) >= 3 for colour in colours)


def test_dot():
    assert plots.dot({"q": ("+", "x", "y")}) == (
        'digraph {\n  rankdir=LR\n  "q" [label="q = +"]\n  "x" -> "q"\n  "y" -> "q"\n}'
    )


def test_a_circuit_shows_every_wire_gate_and_number():
    _, ax = plt.subplots()
    values = {"x": -2, "y": 5, "z": -4, "q": 3, "f": -12}
    gradients = {"x": -4.5, "y": -4.25, "z": 3.125, "q": -4.75, "f": 1}
    plots.circuit(GATES, values, gradients, ax)
    expected = ["x", "y", "z", "f", "+", "*", "−2", "5", "−4", "3", "−12"]
    expected += ["← −4.5", "← −4.25", "← 3.125", "← −4.75", "← 1"]
    assert sorted(text.get_text() for text in ax.texts) == sorted(expected)
    assert len(ax.patches) == 2


def test_a_gate_stands_to_the_right_of_what_it_reads():
    _, ax = plt.subplots()
    plots.circuit({"f": ("*", "q", "z"), "q": ("+", "x", "y")}, ax=ax)
    place = {text.get_text(): text.get_position()[0] for text in ax.texts}
    assert place["x"] == place["z"] < place["+"] < place["*"] < place["f"]


def test_numbers_stay_inside_the_axes():
    _, ax = plt.subplots()
    plots.circuit(GATES, {"f": -12}, ax=ax)
    (low, high), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    for text in ax.texts:
        x, y = text.get_position()
        assert low <= x <= high
        assert bottom <= y <= top


@pytest.mark.parametrize(
    "gates", [{"a": ("+", "b"), "b": ("+", "a")}, {"a": ("+", "a", "x")}], ids=["two", "one"]
)
def test_a_circuit_has_no_loop(gates):
    with pytest.raises(ValueError, match=r"The gates \['a'.*feed each other in a loop"):
        plots.circuit(gates)


def neuron():
    a, b, c, x, y = (Value(v) for v in (1, 2, -3, -1, 3))
    return (a * x + b * y + c).sigmoid(), {"a": a, "b": b, "c": c, "x": x, "y": y}


def test_a_trace_has_every_gate_value_and_gradient():
    x, y, z = Value(-2), Value(5), Value(-4)
    q = x + y
    out = q * z
    out.backward()
    gates, values, gradients = plots.trace(out, x=x, y=y, z=z, q=q, f=out)
    assert gates == {"q": ("+", "x", "y"), "f": ("×", "q", "z")}
    assert values == {"x": -2, "y": 5, "z": -4, "q": 3, "f": -12}
    assert gradients == {"x": -4, "y": -4, "z": 3, "q": -4, "f": 1}


def test_a_trace_names_what_has_no_name():
    out, names = neuron()
    gates, _, _ = plots.trace(out, **names)
    assert gates == {
        "g1": ("×", "a", "x"),
        "g2": ("×", "b", "y"),
        "g3": ("+", "g1", "g2"),
        "g4": ("+", "g3", "c"),
        "out": ("σ", "g4"),
    }


def test_names_that_a_trace_makes_up_are_free():
    x, y = Value(2), Value(3)
    gates, _, _ = plots.trace((x * y + x) * y, g1=x, out=y)
    assert gates == {"g2": ("×", "g1", "out"), "g3": ("+", "g2", "g1"), "g4": ("×", "g3", "out")}


@pytest.mark.parametrize("x", [3, -0.5, 0])
@pytest.mark.parametrize(
    ("make", "symbol"),
    [
        (lambda x: x + 3, "+3"),
        (lambda x: -2.5 + x, "−2.5"),
        (lambda x: x - 4, "−4"),
        (lambda x: 4 - x, "4−"),
        (lambda x: -x, "−"),
        (lambda x: x * -3, "×−3"),
        (lambda x: x / 4, "/4"),
        (lambda x: x.exp(), "exp"),
        (lambda x: x * x, "×"),
        (lambda x: maximum(x, x), "max"),
    ],
)
def test_a_number_is_part_of_its_gate(make, symbol, x):
    x = Value(x)
    assert plots.trace(make(x), x=x)[0]["out"][0] == symbol


@pytest.mark.parametrize(
    ("make", "symbol"),
    [
        (lambda x: 1 / x, "1/"),
        (lambda x: -6 / x, "−6/"),
        (lambda x: x**2, "²"),
        (lambda x: x**3, "³"),
        (lambda x: x**-1, "**−1"),
        (lambda x: x**0, "**0"),
    ],
)
def test_a_number_above_or_below_a_line_is_part_of_its_gate(make, symbol):
    for x in (Value(-2), Value(0.7)):
        assert plots.trace(make(x), x=x)[0]["out"] == (symbol, "x")
    zero = Value(0)
    assert plots.trace(zero**2, x=zero)[0]["out"][0] == "**"


def test_a_trace_of_a_long_chain_with_forks():
    out = x = Value(1)
    for _ in range(20_000):
        out = out * 0.5 + out * 0.5
    gates, values, _ = plots.trace(out, x=x)
    assert len(gates) == 60_000
    assert values["out"] == 1


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        (lambda x, y: (3.0, {}), TypeError, r"but output is 3.0 \(float\). Make .* Value"),
        (lambda x, y: (x * y, {"x": 2}), TypeError, r"but x is 2 \(int\)"),
        (lambda x, y: (x * y, {"x": x}), ValueError, r"reads Value\(3.0\), which has no name"),
        (lambda x, y: (x + 1, {"x": x, "y": y}), ValueError, "named 'y' is not in the circuit"),
        (lambda x, y: (x + 1, {"x": x, "z": x}), ValueError, "named 'z' is 'x', too"),
        (lambda x, y: (x, {"x": x}), ValueError, "'x' is an input: there is no gate"),
    ],
)
def test_a_trace_that_cannot_be_made(given, error, message):
    output, names = given(Value(2), Value(3))
    with pytest.raises(error, match=message):
        plots.trace(output, **names)


def boxes(ax):
    """Return the circles of the gates, and the boxes of the numbers on the wires, in pixels."""
    ax.figure.draw_without_rendering()
    circles = [patch.get_window_extent() for patch in ax.patches]
    numbers = [t for t in ax.texts if t.get_verticalalignment() in ("top", "bottom")]
    return circles, [text.get_window_extent() for text in numbers]


CIRCUITS = {
    "neuron": lambda a, b, c, d, e: (a * b + c * d + e).sigmoid(),
    "power": lambda a, b, c, d, e: ((a * b + c) * d) ** 2,
    "sigmoid": lambda a, b, c, d, e: 1 / ((-c).exp() + 1),
    "fork": lambda a, b, c, d, e: (a + b) * (a * b),
    "twice": lambda a, b, c, d, e: a * a,
    "a wire beside a gate": lambda a, b, c, d, e: a**2 + a,
    "a square of that": lambda a, b, c, d, e: (a**2 + a) ** 2 + (a**2 + a),
    "division": lambda a, b, c, d, e: (a + b) / (c + d),
    "tiny slopes": lambda a, b, c, d, e: (c * 10).sigmoid() * d,
}


@pytest.mark.parametrize("name", CIRCUITS)
def test_no_number_lies_on_another_or_on_a_gate(name):
    wires = {n: Value(x) for n, x in zip("abcde", (2.125, -1.321, 3.456, 0.5123, -3.1))}
    out = CIRCUITS[name](**wires)
    out.backward()
    names = {n: value for n, value in wires.items() if value.grad}
    plots.circuit(*plots.trace(out, **names))
    circles, numbers = boxes(plt.gca())
    assert len(numbers) == 2 * (len(circles) + len(names))
    for i, number in enumerate(numbers):
        assert not any(number.shrunk(0.95, 0.8).overlaps(box) for box in circles)
        assert not any(number.overlaps(other) for other in numbers[i + 1 :])
    for i, circle in enumerate(circles):
        assert not any(circle.overlaps(other) for other in circles[i + 1 :])


def test_an_arrow_and_a_minus_sign_stay_apart_where_there_is_little_room():
    x = Value(-1.0)
    f = ((x * 2 + 1).tanh() * -3).tanh() * 2
    f.backward()
    plots.circuit(*plots.trace(f, x=x))
    pulls = [t.get_text() for t in plt.gca().texts if t.get_color() == plots.ORANGE]
    assert any("−" in pull for pull in pulls)
    assert all(re.match(r"←\s", pull) for pull in pulls)


def test_numbers_on_wires_are_as_long_as_there_is_room_for():
    gates = {"f": ("×", "x", "y")}
    plots.circuit(gates, {"x": 2.34567, "y": -0.000352}, {"x": 4e-5, "y": 0.0296546})
    written = [text.get_text() for text in plt.gca().texts]
    assert {"2.346", "−0.0004", "← ≈0", "← 0.0297"} <= set(written)
    blue, orange = ({t.get_text() for t in plt.gca().texts if t.get_color() == colour}
                    for colour in (plots.BLUE, plots.ORANGE))  # fmt: skip
    assert blue == {"2.346", "−0.0004"}
    assert orange == {"← ≈0", "← 0.0297"}


def test_a_wire_that_is_read_twice_is_drawn_twice():
    plots.circuit({"f": ("×", "a", "a")})
    first, second = (line.get_ydata() for line in plt.gca().lines[:2])
    assert (first == -second).all()
    assert first.max() > 0.1


def test_a_curve_goes_through_the_function():
    _, ax = plt.subplots()
    plots.curve(lambda x: x**2, -1, 3, ax, label="square")
    x, y = ax.lines[0].get_data()
    assert (x[0], x[-1]) == (-1, 3)
    assert y.tolist() == (x**2).tolist()
    assert ax.lines[0].get_label() == "square"


def test_a_surface_has_x_to_the_right():
    _, ax = plt.subplots()
    plots.surface(lambda x, y: x, 0, 4, ax, levels=[1, 3])
    for height, path in zip((1, 3), ax.collections[0].get_paths(), strict=True):
        assert path.vertices[:, 0] == pytest.approx(height)


@pytest.mark.parametrize(("low", "high"), [(1, 1), (2, -2), (0, float("nan"))])
def test_an_axis_runs_upwards(low, high):
    for draw in (lambda: plots.curve(abs, low, high), lambda: plots.surface(max, low, high)):
        with pytest.raises(ValueError, match=f"has to run upwards, but goes from {low} to {high}"):
            draw()


@pytest.mark.parametrize(
    ("weights", "bias"), [((1, 2), -3), ((1, 0), 1), ((0, -2), 1), ((3, 3), 0), ((-1, 5), 20)]
)
def test_on_a_line_the_weighted_sum_is_0(weights, bias):
    _, ax = plt.subplots()
    ax.set(xlim=(-4, 4), ylim=(-1, 7))
    plots.line(weights, bias, ax, label="neuron")
    x1, x2 = ax.lines[0].get_data()
    assert weights[0] * x1 + weights[1] * x2 + bias == pytest.approx(0, abs=1e-12)
    assert np.hypot(*np.diff([x1, x2])).item() == pytest.approx(8 * 2**0.5)
    assert ax.lines[0].get_label() == "neuron"


def test_a_line_goes_from_edge_to_edge_and_moves_no_limits():
    _, ax = plt.subplots()
    ax.set(xlim=(0, 4))
    plots.line((1, 0), -1, ax)  # upright, at x1 = 1; the axes are 4 wide and 1 high
    x1, x2 = ax.lines[0].get_data()
    assert x1 == pytest.approx(1)
    assert min(x2) < 0 < 1 < max(x2)
    assert (ax.get_xlim(), ax.get_ylim()) == ((0, 4), (0, 1))


@pytest.mark.parametrize("weights", [(0, 0), (1,), (1, 2, 3), [[1, 2]]])
def test_no_line_without_two_weights(weights):
    with pytest.raises(ValueError, match="a line needs two weights, and one that is not 0"):
        plots.line(weights, 1)


def test_a_network_has_a_wire_for_each_weight_and_a_circle_for_each_unit():
    plots.network([2, 3, 1])
    ax = plt.gca()
    assert len(ax.lines) == 2 * 3 + 3 * 1
    assert len(ax.patches) == 2 + 3 + 1
    assert [text.get_text() for text in ax.texts] == ["2", "3", "1"]
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    for circle in ax.patches:
        (x, y), r = circle.center, circle.radius
        assert left < x - r < x + r < right
        assert bottom < y - r < y + r < top


@pytest.mark.parametrize("sizes", [[], [3], [2, 0, 1], [2, 13]])
def test_a_network_that_cannot_be_drawn(sizes):
    with pytest.raises(ValueError, match="give at least two, for the inputs and one layer"):
        plots.network(sizes)


# What cannot be drawn is refused, never left out. Looked for in every public function of plots.

POINTS = np.array([[0.0, 0.0], [1.0, 0.5], [0.5, 1.0], [0.2, 0.8]])


def drawn_points(ax):
    return sum(len(line.get_xdata()) for line in ax.lines)


def draw_points(labels, ax=None):
    plots.points(POINTS, labels, ax)


def draw_boundary(labels, ax=None):
    plots.boundary(lambda grid: np.zeros(len(grid), int), POINTS, labels, ax)


@pytest.mark.parametrize("draw", [draw_points, draw_boundary])
@pytest.mark.parametrize(
    "labels", [[0, 1, 2, 3], [3, 3, 3, 3], [0.0, 1.0, 0.0, 1.0], [True, False, True, False]]
)
def test_every_point_is_drawn(draw, labels):
    _, ax = plt.subplots()
    draw(labels, ax)
    assert drawn_points(ax) == 4
    for line, colour in zip(ax.lines, plots.charts.CLASSES):
        assert line.get_color() == colour


@pytest.mark.parametrize("draw", [draw_points, draw_boundary])
@pytest.mark.parametrize(
    ("labels", "strange"),
    [
        ([-1, 1, -1, 1], "-1"),
        ([0, 1, 2, 9], "9"),
        ([0, 1, 4, 0], "4"),
        (["a", "b", "a", "b"], "'a'"),
        ([0, 0.5, 1, 1], "0.5"),
        ([0, np.nan, 1, 1], "nan"),
        (np.array([0, None, 1, 1]), "None"),
    ],
)
def test_a_class_without_a_colour_is_refused(draw, labels, strange):
    _, ax = plt.subplots()
    with pytest.raises(ValueError, match=f"but {strange} is among labels. .*return_inverse=True"):
        draw(labels, ax)
    assert not ax.lines


def test_other_classes_are_drawn_as_the_message_says():
    _, ax = plt.subplots()
    plots.points(POINTS, np.unique(["no", "yes", "no", "yes"], return_inverse=True)[1], ax)
    assert [len(line.get_xdata()) for line in ax.lines] == [2, 2, 0, 0]


@pytest.mark.parametrize(
    ("returned", "message"),
    [
        (lambda grid: grid[:, 0], "is among what classify returned"),
        (lambda grid: np.where(grid[:, 0] > 0.5, 1, -1), "-1 is among what classify returned"),
        (lambda grid: np.zeros((len(grid), 2)), "one class for each point, such as scores.argmax"),
        (lambda grid: None, r"an array of shape \(\)"),
        (lambda grid: "a", r"an array of shape \(\)"),
    ],
)
def test_a_classifier_returns_classes(returned, message):
    with pytest.raises(ValueError, match=message):
        plots.boundary(returned, POINTS, [0, 1, 0, 1])


@pytest.mark.parametrize("draw", [plots.points, lambda x, t: plots.boundary(len, x, t)])
@pytest.mark.parametrize(
    ("x", "labels", "message"),
    [
        (POINTS, [0, 1], r"x of shape \(4, 2\) and labels of shape \(2,\)"),
        (POINTS, [[0], [1], [0], [1]], r"labels of shape \(4, 1\)"),
        (POINTS[:, :1], [0, 1, 0, 1], r"x of shape \(4, 1\)"),
        (POINTS[0], [0, 1], r"x of shape \(2,\)"),
        (np.full((4, 2), np.nan), [0, 1, 0, 1], "8 of the 8 coordinates in x are nan"),
        (np.where(POINTS > 0.9, np.inf, POINTS), [0, 1, 0, 1], "2 of the 8 coordinates"),
    ],
)
def test_points_that_cannot_be_drawn(draw, x, labels, message):
    with pytest.raises(ValueError, match=message):
        draw(x, labels)


def test_no_points():
    _, ax = plt.subplots()
    plots.points(np.ones((0, 2)), [], ax)
    assert drawn_points(ax) == 0
    with pytest.raises(ValueError, match="Got no points"):
        plots.boundary(len, np.ones((0, 2)), [])


@pytest.mark.parametrize(
    ("loss", "valid"),
    [
        ([], []),
        ([1.0], []),
        ([3, 2, 1], [3, 2]),
        ([2, 1], [3, 2, 1]),
        ([1.0, np.nan, 0.5], []),
        ([1.0, 1e300, 1.7e308], [1e305, 1, 1]),
        ([1.0, np.inf], [1e-300, 1]),
        ([1.0, 0.0], [0.5, 0.0]),
        (np.array([2.0, 1.0], np.float16), (1, 1)),
    ],
)
def test_every_loss_of_a_history_is_drawn(loss, valid):
    _, ax = plt.subplots()
    plots.history(History(loss, valid), ax)
    assert [len(line.get_ydata()) for line in ax.lines] == [len(loss), len(valid)][: 1 + any(valid)]
    finite = [float(y) for y in [*loss, *valid] if np.isfinite(y)]
    low, high = ax.get_ylim()
    assert ax.get_yscale() == ("linear" if 0 in finite else "log")
    assert all(low <= min(max(y, 0 if 0 in finite else 1e-200), 1e200) <= high for y in finite)
    svg(ax.figure)


@pytest.mark.parametrize("seen", [None, [1, 2], "seen", {"loss": [1]}])
def test_a_history_is_what_train_returned(seen):
    with pytest.raises(TypeError, match="Pass the history that train returned"):
        plots.history(seen)


@pytest.mark.parametrize("loss", ["ab", [None], ["1"], [1j]])
def test_a_history_of_numbers(loss):
    with pytest.raises(TypeError, match="loss has to hold real numbers"):
        plots.history(History(loss))
    with pytest.raises(ValueError, match=r"loss has shape \(1, 2\)"):
        plots.history(History([[1, 2]]))


@pytest.mark.parametrize(
    ("draw", "error", "message"),
    [
        (lambda: plots.curve(lambda x: None, 0, 1), TypeError, "what the function returned has to"),
        (lambda: plots.curve(lambda x: "a", 0, 1), TypeError, "what the function returned has to"),
        (
            lambda: plots.curve(lambda x: [x, x], 0, 1),
            ValueError,
            r"one number, but got .* shape \(2,\)",
        ),
        (
            lambda: plots.surface(lambda x, y: [x, y], 0, 1),
            ValueError,
            r"one number, but got .* shape \(2,\)",
        ),
        (lambda: plots.surface(lambda x, y: None, 0, 1), TypeError, "what the function returned"),
        (lambda: plots.curve(abs, 0, np.inf), ValueError, "The axis has to run upwards"),
        (lambda: plots.curve(abs, "0", "1"), ValueError, "The axis has to run upwards"),
        (lambda: plots.surface(max, None, 1), ValueError, "The axis has to run upwards"),
        (lambda: plots.line([1, np.nan], 0), ValueError, "all finite"),
        (lambda: plots.line([1, 2], np.inf), ValueError, "all finite"),
        (lambda: plots.line([1, 2], [1, 2]), ValueError, "one bias"),
        (lambda: plots.line(["1", "2"], 0), TypeError, "weights has to hold real numbers"),
        (lambda: plots.line(None, 0), TypeError, "weights has to hold real numbers"),
        (lambda: plots.line([1, 2], None), TypeError, "bias has to hold real numbers"),
        (lambda: plots.images(np.ones((8, 8))), ValueError, r"one picture is pictures\[None\]"),
        (lambda: plots.images(np.ones((0, 8, 8))), ValueError, r"shape \(0, 8, 8\)"),
        (lambda: plots.images(np.full((1, 2, 2), np.nan)), ValueError, "4 of whose numbers are na"),
        (lambda: plots.images([["a"]]), TypeError, "pictures has to hold real numbers"),
        (
            lambda: plots.images(np.ones((2, 3, 3)), titles=["a"]),
            ValueError,
            "2 pictures, but 1 ti",
        ),
        (lambda: plots.images(np.ones((2, 3, 3)), columns=0), ValueError, "columns has to be a wh"),
        (
            lambda: plots.images(np.ones((2, 3, 3)), columns=2.0),
            ValueError,
            "columns has to be a w",
        ),
        (lambda: plots.confusion([[1, 2]]), ValueError, r"counts has shape \(1, 2\)"),
        (lambda: plots.confusion([1, 2]), ValueError, r"counts has shape \(2,\)"),
        (lambda: plots.confusion(np.ones((0, 0))), ValueError, r"counts has shape \(0, 0\)"),
        (lambda: plots.confusion([[1, np.nan], [1, 1]]), ValueError, "of numbers from 0 up"),
        (lambda: plots.confusion([[1, -1], [1, 1]]), ValueError, "of numbers from 0 up"),
        (lambda: plots.confusion(None), TypeError, "counts has to hold real numbers"),
        (lambda: plots.timeline([], []), ValueError, r"years has shape \(0,\)"),
        (lambda: plots.timeline([[1969]], ["a"]), ValueError, r"years has shape \(1, 1\)"),
        (lambda: plots.timeline([1969, np.nan], ["a", "b"]), ValueError, "1 of its numbers are na"),
        (lambda: plots.timeline(["1969"], ["a"]), TypeError, "years has to hold real numbers"),
        (lambda: plots.timeline([1969], ["a", "b"]), ValueError, "Got 1 years, but 2 names"),
        (lambda: plots.timeline([1969], "a"), TypeError, "names has to be a list of texts"),
        (lambda: plots.timeline([1969], [None]), TypeError, "names has to be a list of texts"),
        (lambda: plots.timeline([1969], None), TypeError, "names has to be a list of texts"),
        (lambda: plots.network(3), ValueError, r"Got the sizes \[3\]"),
        (lambda: plots.network([2, 1.5]), ValueError, "Got the sizes"),
        (lambda: plots.network("23"), ValueError, "Got the sizes"),
        (lambda: plots.network(None), ValueError, "Got the sizes"),
        (lambda: plots.circuit({}), ValueError, "Pass, for each gate"),
        (lambda: plots.circuit(None), ValueError, "Pass, for each gate"),
        (lambda: plots.circuit({"f": "+xy"}), ValueError, "Pass, for each gate"),
        (lambda: plots.circuit({"f": ("+",)}), ValueError, "Pass, for each gate"),
        (lambda: plots.dot(None), ValueError, "Pass, for each gate"),
        (lambda: plots.dot({"f": 3}), ValueError, "Pass, for each gate"),
        (lambda: plots.circuit(GATES, {"w": 1}), ValueError, "for the wire 'w'. Pass one number"),
        (lambda: plots.circuit(GATES, {"x": [1, 2]}), ValueError, "for the wire 'x'. Pass one nu"),
        (lambda: plots.circuit(GATES, {"x": None}), TypeError, "The number on 'x' has to hold re"),
        (lambda: plots.circuit(GATES, {}, {"x": "1"}), TypeError, "The number on 'x' has to hold"),
        (lambda: plots.trace(None), TypeError, "trace reads circuits of Values"),
        (lambda: plots.inline_svg("no picture", "a"), ValueError, "text of an SVG file"),
        (lambda: plots.inline_svg(None, "a"), ValueError, "text of an SVG file"),
        (lambda: plots.inline_svg("<svg>", None), ValueError, "needs alternative text"),
    ],
)
def test_pictures_that_cannot_be(draw, error, message):
    with pytest.raises(error, match=message):
        draw()


def test_a_timeline_has_dots_at_the_years_and_names_at_equal_distances():
    years, names = np.array([2017, 1943, 1980]), ("attention", "neuron", "folds")
    years.flags.writeable = False
    plots.timeline(years, names)
    ax = plt.gca()
    assert [text.get_text() for text in ax.texts] == [
        "1943  neuron",
        "1980  folds",
        "2017  attention",
    ]
    assert [text.get_position()[1] for text in ax.texts] == [1943, 1980, 2017]
    assert ax.lines[-1].get_ydata().tolist() == [1943, 1980, 2017]
    assert ax.yaxis_inverted()
    assert years.tolist() == [2017, 1943, 1980]


def test_equal_years_of_a_timeline_stay_in_order_and_apart():
    plots.timeline([2014, 2014, 2014, 2015], ["GAN", "Adam", "third", "fourth"])
    names = plt.gca().texts
    assert [text.get_text()[6:] for text in names] == ["GAN", "Adam", "third", "fourth"]
    assert np.diff([text.get_position()[1] for text in names]) == pytest.approx(1 / 3)


def test_a_timeline_of_one_year():
    plots.timeline([1986], ["backpropagation"])
    assert plt.gca().texts[0].get_position()[1] == 1986


def test_a_function_may_be_undefined_in_places():
    _, ax = plt.subplots()
    plots.curve(lambda x: np.nan if x < 0 else x, -1, 1, ax)
    assert np.isnan(ax.lines[0].get_ydata()).sum() == 100
    plots.surface(lambda x, y: np.inf if x < 0 else y, -1, 1, ax, levels=[0])
    assert len(ax.collections[0].get_paths()[0].vertices)


@pytest.mark.parametrize(
    "draw",
    [
        lambda: plots.curve(lambda x: x**2, -1, 1),
        lambda: plots.surface(lambda x, y: x * y, -1, 1),
        lambda: plots.line([1, 1e-200], 1e-300),
        lambda: plots.points(POINTS, [0, 1, 2, 3]),
        lambda: plots.boundary(lambda g: (g[:, 0] > 0.5).astype(int), POINTS, [0, 1, 2, 3]),
        lambda: plots.boundary(lambda g: np.zeros(len(g)), POINTS[:1], [0]),
        lambda: plots.history(History([1, 1e-300, 1e300], [1e-200, 1, 1e305])),
        lambda: plots.history(History([1, 0], [1, 1])),
        lambda: plots.history(History()),
        lambda: plots.images(np.linspace(-1e-300, 1e-300, 32).reshape(2, 4, 4), ["a", "b"]),
        lambda: plots.confusion([[1, 2], [0, 3]]),
        lambda: plots.timeline([1969, 1970], ["a", "b"]),
        lambda: plots.circuit(GATES, {"x": 1e-300, "q": 0}, {"x": -1e300}),
        lambda: plots.network([2, 3, 1]),
    ],
)
def test_pictures_where_numpy_is_told_to_raise(draw):
    pictures = []
    for how in ("ignore", "raise"):
        with np.errstate(all=how):
            draw()
        pictures.append(svg(plt.gcf()))
        plt.close("all")
    assert pictures[0] == pictures[1]


def test_a_division_whose_slope_is_too_small_for_a_float_is_traced():
    x = Value(1e200)
    out = 1 / x
    out.backward()
    gates, _, _ = plots.trace(out, x=x)
    assert gates == {"out": ("1/", "x")}
