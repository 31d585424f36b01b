"""Pictures with knobs: sliders, errors, and the same layers on the page and in a live notebook."""

import base64
import json
import re
import zlib
from itertools import product

import ipywidgets
import matplotlib as mpl
import pytest
from bs4 import BeautifulSoup
from matplotlib import pyplot as plt

from nnutils import knobs as knobs_module
from nnutils import plots
from nnutils.knobs import Picture, choice, knobs, log_slider, slider

X = slider("x", -1, 1, positions=3, start=0)
Y = log_slider("y", 0.1, 10, positions=5, start=1)


@pytest.fixture(autouse=True)
def _course_style():
    with mpl.rc_context():
        plots.use_style()
        yield
    plt.close("all")


@pytest.fixture
def shown(monkeypatch):
    """What was displayed."""
    outputs = []
    monkeypatch.setattr(knobs_module, "display", lambda data, raw: outputs.append(data))
    return outputs


@pytest.fixture
def built(monkeypatch):
    """Draw for a built page."""
    monkeypatch.setenv("NNUTILS_PAGE", "1")


@pytest.fixture
def boxes(monkeypatch):
    """The widgets of every live picture."""
    monkeypatch.delenv("NNUTILS_PAGE", raising=False)
    made = []

    class Box(ipywidgets.VBox):
        def __init__(self, children):
            super().__init__(children)
            made.append(self)

    monkeypatch.setattr(ipywidgets, "VBox", Box)
    return made


def still_figure():
    fig, ax = plt.subplots()
    ax.set(xlim=(0, 3), ylim=(0, 11), title="still")
    ax.plot([1, 2], [3, 4], label="a line")
    ax.legend()
    return fig, ax


def point_and_number(ax):
    def show(x, y):
        """A point that the knobs move,
        and a line.
        """
        ax.plot([x + 1], [y], "o")
        ax.text(1, 5, f"y = {y}")
        return f"The point is at {x:g} and {y:g}."

    return show


def picture():
    fig, ax = still_figure()
    return Picture(fig, {"x": X, "y": Y}, point_and_number(ax))


def decode(html):
    """Return (layers, sentences) of a page, as the page's script does."""
    packed = BeautifulSoup(html, "html.parser").select_one("script.layers").text
    drawn = json.loads(zlib.decompress(base64.b64decode(packed)))
    layers = ["\n".join(drawn["lines"][i] for i in layer) for layer in drawn["layers"]]
    return layers, drawn["sentences"]


def moving(html):
    return re.search(r'<g class="moving">(.*?)</g></svg>', html, re.DOTALL)[1]


def seen(screen):
    """Return both layers of a live picture, and the sentence."""
    return "".join(layer.value for layer in screen.children)


def test_values_of_a_slider():
    assert X.values == (-1, 0, 1)
    assert X.start == 1
    assert X.texts == ["−1", "0", "1"]
    assert slider("x", 0, 1, positions=4, start=0.333).values == (0, 0.333, 0.667, 1)
    # -2 + 10 * 0.2 is 2.2e-16 in floats; what is small, but not from rounding, stays.
    assert slider("x", -2, 1, positions=16, start=0).texts[9:12] == ["−0.2", "0", "0.2"]
    assert slider("x", 1e-12, 2, positions=3, start=1).values == (1e-12, 1, 2)
    assert slider("x", -1e-12, 2e-12, positions=4, start=0).values == (-1e-12, 0, 1e-12, 2e-12)


def test_values_of_a_log_slider():
    assert Y.values == (0.1, 0.316, 1, 3.16, 10)
    assert Y.start == 2


def test_a_log_slider_counts_in_whole_numbers():
    tries = log_slider("tries", 1, 100, positions=9, start=6, whole=True)
    assert tries.values == (1, 2, 3, 6, 10, 18, 32, 56, 100)
    assert tries.texts[tries.start] == "6"
    assert log_slider("n", 1, 4, positions=5, start=1, whole=True).values == (1, 2, 3, 4)


@pytest.mark.parametrize("make", [slider, log_slider])
@pytest.mark.parametrize(
    ("low", "high", "positions", "start", "message"),
    [
        (2, 1, 3, 2, "'x' runs from 2 to 1 in 3 positions: low has to be below high"),
        (1, 1, 3, 1, "low has to be below high"),
        (1, 2, 1, 1, "at least two positions"),
        (1, 1.01, 50, 1, "'x' has 50 positions between 1 and 1.01, so close that three digits"),
        (1, 4, 2, 2, "'x' cannot start at 2: its nearest positions are 1 and 4"),
    ],
)
def test_sliders_that_cannot_be(make, low, high, positions, start, message):
    with pytest.raises(ValueError, match=message):
        make("x", low, high, positions=positions, start=start)


@pytest.mark.parametrize("low", [0, -1])
def test_a_log_slider_starts_above_0(low):
    with pytest.raises(ValueError, match=f"starts above 0, but low is {low}. Use slider"):
        log_slider("x", low, 1, positions=3, start=1)


def test_a_zero_has_no_minus_sign():
    fig, _ = still_figure()

    def show(x):
        """Nothing."""
        return f"{-0.0:g}, {-0.0:.2f}, -0.5, -0.05, 2-0, -0.00%, x-0, {plots.plain(-0.0)} and -0."

    _, sentence = Picture(fig, {"x": X}, show).draw((0,))
    assert sentence == "0, 0.00, −0.5, −0.05, 2-0, 0.00\N{NO-BREAK SPACE}%, x-0, 0 and 0."


def test_a_mark_on_the_border_is_whole():
    fig, ax = plt.subplots()
    ax.set(xlim=(0, 1), ylim=(0, 1))

    def show(x):
        """A dot on the border, one that has left, and a line that leaves."""
        ax.plot([1], [0.5], "o")
        ax.plot([x + 3], [0.5], "s")
        ax.plot([0.5, 3], [0.5, 3], "o-")
        return "There."

    layer, _ = Picture(fig, {"x": X}, show).draw((0,))
    dot, square, line = filter(None, re.split(r"(?=<g>\n<defs>)|(?=<g>\n<path)", layer))
    assert "clip-path" not in dot
    assert "clip-path" in square
    assert "clip-path" in line


def test_a_page_has_a_layer_for_every_position():
    drawing = picture()
    start, html = drawing.page()
    layers, sentences = decode(html)
    assert len(layers) == len(sentences) == 15
    assert len(set(layers)) == 15
    positions = list(product(range(3), range(5)))
    assert [drawing.draw(position) for position in positions] == list(zip(layers, sentences))
    assert sentences[0] == "The point is at −1 and 0.1."
    assert start == sentences[positions.index(drawing.start)] == "The point is at 0 and 1."
    assert moving(html) == layers[positions.index(drawing.start)]


def test_a_choice_of_names():
    kind = choice("kind", "relu", "half-line", start="half-line")
    assert kind.values == ("relu", "half-line")
    assert kind.texts == ["relu", "half-line"]
    fig, ax = still_figure()

    def show(kind):
        """A name."""
        ax.text(1, 5, kind)
        return f"It is {kind}."

    html = Picture(fig, {"kind": kind}, show).page()[1]
    assert decode(html)[1] == ["It is relu.", "It is half-line."]
    assert BeautifulSoup(html, "html.parser").select_one(".sentence").text == "It is half-line."


@pytest.mark.parametrize(
    ("names", "start", "message"),
    [
        (["relu"], "relu", "'kind' needs at least two different names: got"),
        (["relu", "relu"], "relu", "at least two different names"),
        (["relu", "tanh"], "sigmoid", "'kind' cannot start at 'sigmoid': its names are"),
    ],
)
def test_choices_that_cannot_be(names, start, message):
    with pytest.raises(ValueError, match=message):
        choice("kind", *names, start=start)


def test_the_page_in_words():
    soup = BeautifulSoup(picture().page()[1], "html.parser")
    assert soup.select_one("svg")["aria-label"] == "A point that the knobs move, and a line."
    assert soup.select_one(".sentence").text == "The point is at 0 and 1."
    assert soup.select_one(".fallback").text == "Drawn for x 0, y 1."
    dials = json.loads(soup.select_one("script.sliders").text)
    texts = ["0.1", "0.316", "1", "3.16", "10"]
    assert dials[1] == {"label": "y", "texts": texts, "start": 2, "kind": "log"}


def test_a_layer_holds_only_what_moves():
    layer, _ = picture().draw((0, 0))
    assert "y = 0.1" in layer
    assert "still" not in layer
    assert "a line" not in layer


def test_the_still_layer_stays_as_it_was():
    drawing = picture()
    before = drawing.still
    drawing.page()
    assert drawing._still() == before
    assert "still" in before


def test_colours_start_over_at_every_position():
    drawing = picture()
    layers = [drawing.draw((0, 0))[0] for _ in range(3)]
    assert layers[0] == layers[1] == layers[2]
    assert plots.BLUE in layers[0]


def test_drawing_twice_gives_the_same_text():
    assert picture().page() == picture().page()


def test_settings_of_ones_own_are_put_back_and_change_nothing():
    with mpl.rc_context({"svg.fonttype": "path", "svg.hashsalt": "own"}):
        assert picture().page() == picture().page()
        assert "y = 0.1</text>" in picture().draw((0, 0))[0]
        assert (mpl.rcParams["svg.fonttype"], mpl.rcParams["svg.hashsalt"]) == ("path", "own")


def test_no_figure_stays_open():
    picture().page()
    assert plt.get_fignums() == []


def test_decorating_shows_the_picture_and_returns_the_function(shown, built):
    fig, ax = still_figure()
    show = point_and_number(ax)
    assert knobs(fig, x=X, y=Y)(show) is show
    assert shown[0]["text/html"] == picture().page()[1]
    assert shown[0]["text/plain"] == "The point is at 0 and 1."


def test_two_pictures_have_no_id_in_common(shown, built):
    for title in ("one", "two"):
        fig, ax = still_figure()
        ax.set_title(title)
        knobs(fig, x=X, y=Y)(point_and_number(ax))
    ids = []
    for output in shown:
        text = output["text/html"] + "\n".join(decode(output["text/html"])[0])
        ids.append(set(re.findall(r'\bid="([^"]*)"', text)))
        assert set(re.findall(r'href="#([^"]*)"|url\(#([^)]*)\)', text))
    assert ids[0]
    assert not ids[0] & ids[1]


def test_ids_of_the_layers_differ_from_those_of_the_still_layer():
    drawing = picture()
    ids = [set(re.findall(r'\bid="([^"]*)"', text)) for text in drawing.draw((0, 0))]
    still = set(re.findall(r'\bid="([^"]*)"', plots.svg_body(drawing.still)))
    assert ids[0]
    assert still
    assert not ids[0] & still


ODD = slider('<b> & "q"</script>', 0, 1, positions=2, start=0)


def odd_picture(fig):
    def show(x):
        """Where a < b & "c"."""
        fig.axes[0].plot([x], [x], "o")
        return '<b>1</b> < 2 & "three"'

    return show


def test_words_are_escaped_on_the_page(shown, built):
    fig, _ = plt.subplots()
    knobs(fig, x=ODD)(odd_picture(fig))
    html = shown[0]["text/html"]
    assert "<b>" not in html
    assert html.count("</script>") == 2
    soup = BeautifulSoup(html, "html.parser")
    assert soup.svg["aria-label"] == 'Where a < b & "c".'
    assert soup.select_one(".sentence").text == '<b>1</b> < 2 & "three"'
    assert soup.select_one(".fallback").text == f"Drawn for {ODD.label} 0."
    assert json.loads(soup.select_one("script.sliders").text)[0]["label"] == ODD.label


def test_words_are_escaped_in_a_live_notebook(shown, boxes):
    fig, _ = plt.subplots()
    knobs(fig, x=ODD)(odd_picture(fig))
    dial, _, screen = boxes[0].children
    assert ("&lt;b&gt;" in dial.description) == (ipywidgets.__version__ < "8")
    assert "<b>" not in seen(screen)
    soup = BeautifulSoup(seen(screen), "html.parser")
    assert soup.svg["aria-label"] == 'Where a < b & "c".'
    assert soup.select_one(".sentence").text == '<b>1</b> < 2 & "three"'


def test_live_sliders_show_the_layers_of_the_page(shown, boxes):
    layers, sentences = decode(picture().page()[1])
    fig, ax = still_figure()
    knobs(fig, x=X, y=Y)(point_and_number(ax))
    x, y, _, screen = boxes[0].children
    assert shown[0]["application/vnd.jupyter.widget-view+json"]["model_id"] == boxes[0].model_id
    assert (x.description, x.index, y.index) == ("x", 1, 2)
    assert moving(seen(screen)) == layers[7]
    for n, (i, j) in enumerate(product(range(3), range(5))):
        x.index, y.index = i, j
        assert moving(seen(screen)) == layers[n]
        assert BeautifulSoup(seen(screen), "html.parser").p.text == sentences[n]
    assert plt.get_fignums() == []


def test_only_the_moving_layer_is_sent_at_a_turn(shown, boxes):
    fig, ax = still_figure()
    knobs(fig, x=X, y=Y)(point_and_number(ax))
    dial, *_, screen = boxes[0].children
    still, over = screen.children
    sent = []
    for layer in screen.children:
        layer.observe(lambda change: sent.append(change.owner), names="value")
    dial.index = 0
    assert sent == [over]
    assert "a line" in still.value
    assert "a line" not in over.value
    # One lies exactly above the other.
    below, above = (BeautifulSoup(layer.value, "html.parser").svg for layer in (still, over))
    assert (below["viewbox"], below["style"]) == (above["viewbox"], above["style"])
    assert still.layout.grid_area == over.layout.grid_area == "1 / 1"
    assert above["aria-hidden"] == "true"


def test_live_choices_are_radio_buttons_and_reset_goes_back(shown, boxes):
    fig, ax = still_figure()
    kind = choice("kind", "relu", "tanh", start="tanh")

    @knobs(fig, kind=kind, x=X)
    def show(kind, x):
        """A name."""
        ax.text(x + 1, 5, kind)
        return f"It is {kind} at {x:g}."

    names, x, bar, screen = boxes[0].children
    assert isinstance(names, ipywidgets.RadioButtons)
    assert isinstance(x, ipywidgets.SelectionSlider)
    (reset,) = bar.children  # three positions are too few to play
    before = seen(screen)
    names.value, x.value = 0, 2
    assert "It is relu at 1." in seen(screen)
    reset.click()
    assert seen(screen) == before
    assert (names.value, x.value) == (1, 1)


def test_live_pictures_can_be_played(shown, boxes):
    fig, ax = still_figure()
    knobs(fig, x=Y, y=X)(point_and_number(ax))
    slider, _, bar, screen = boxes[0].children
    play, reset = bar.children
    assert isinstance(play, ipywidgets.Play)
    assert (play.value, play.min, play.max) == (2, 0, 4)
    assert play.interval >= 125
    play.value = 4
    assert slider.value == 4
    assert "The point is at 10 and 0." in seen(screen)
    reset.click()
    assert play.value == 2


def test_an_error_is_shown_live_and_leaves_nothing_behind(shown, boxes):
    fig, ax = plt.subplots()

    @knobs(fig, x=X)
    def show(x):
        """A point."""
        ax.plot([x], [x], "o")
        return f"{1 / (x + 1):g} < 2"

    dial, _, screen = boxes[0].children
    before = seen(screen)
    dial.index = 0
    assert seen(screen).endswith("\n<pre>ZeroDivisionError: float division by zero</pre>")
    assert moving(seen(screen)) == "<g></g>"
    dial.index = 1
    assert seen(screen) == before


def test_a_later_cell_that_uses_the_same_names_changes_nothing():
    cells = {"plt": plt}
    exec("fig, ax = plt.subplots()", cells)
    exec("def twice(x, times=2):\n    return times * once(x)\ndef once(x):\n    return x", cells)
    exec("def show(x):\n    'A line.'\n    ax.plot([0, twice(x)])\n    return 'Drawn.'", cells)
    picture = Picture(cells["fig"], {"x": X}, cells["show"])
    before = picture.draw((2,))
    exec("fig, ax = plt.subplots()\ndef twice(x): 1 / 0\ndef once(x): 1 / 0", cells)
    assert "<path" in before[0]
    assert picture.draw((2,)) == before


def test_a_picture_that_can_be_dragged_says_where():
    fig, ax = still_figure()
    drawing = Picture(fig, {"x": X, "y": Y}, point_and_number(ax), (ax, "x", "y"))
    box = BeautifulSoup(drawing.page()[1], "html.parser").select_one(".knobs")
    drag = json.loads(box["data-drag"])
    left, top, right, bottom = drag["frame"]
    _, _, width, height = map(float, box.svg["viewbox"].split())
    assert 0 < left < right < width
    assert 0 < top < bottom < height
    across, up = drag["turns"]
    assert (across["dial"], up["dial"]) == (0, 1)
    third = (right - left) / 3  # the axes run from 0 to 3
    assert across["at"] == pytest.approx([left - third, left, left + third], abs=0.2)
    assert up["at"] == pytest.approx([bottom - (bottom - top) * y / 11 for y in Y.values], abs=0.2)


def test_one_direction_on_a_logarithmic_axis():
    fig, (_, ax) = plots.pair()
    ax.set(xlim=(0.1, 10), xscale="log")

    def show(y):
        """A point."""
        ax.plot([y], [1], "o")
        return f"{y}"

    drag = Picture(fig, {"y": Y}, show, (ax, "y", None)).drag
    left, _, right, _ = drag["frame"]
    across, up = drag["turns"]
    assert across["at"] == pytest.approx([left + (right - left) * n / 4 for n in range(5)], abs=0.2)
    assert up is None
    assert left > fig.bbox.width / 2
