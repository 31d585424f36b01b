"""Figures as inline SVG: ink, ids, alternative text, colours, circuits."""

import io
import re

import matplotlib as mpl
import pytest
from bs4 import BeautifulSoup
from matplotlib import pyplot as plt

from nnutils import plots

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
    assert f"stroke: {plots.BLUE}" in picture


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
