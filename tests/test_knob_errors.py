"""What ``knobs`` refuses, and what it says then."""

import math
from functools import partial, wraps

import numpy as np
import pytest
from matplotlib import pyplot as plt

from nnutils import knobs as knobs_module
from nnutils.knobs import choice, knobs, log_slider, slider

X = slider("x", 0, 2, positions=3, start=0)


@pytest.fixture(autouse=True)
def _page(monkeypatch):
    monkeypatch.setenv("NNUTILS_PAGE", "1")
    monkeypatch.setattr(knobs_module, "display", lambda data, raw: None)
    yield
    plt.close("all")


def axes():
    _, ax = plt.subplots()
    ax.set(xlim=(0, 3), ylim=(0, 3), xscale="linear")
    ax.plot([1, 2], [1, 2], label="a line")
    ax.legend()
    return ax


def draw(ax, extra):
    """Give a figure a knob and let its function do something extra."""

    @knobs(ax.figure, x=X)
    def show(x):
        """A point."""
        ax.plot([x], [1], "o")
        extra(ax)
        return "A point."


def test_nothing_extra_is_fine():
    draw(axes(), lambda ax: None)
    draw(axes(), lambda ax: ax.text(1, 1, "more"))


@pytest.mark.parametrize("knob_names", [[], ["y"], ["x", "y"], ["y", "x"]])
def test_parameters_are_those_of_the_knobs(knob_names):
    def show(x, z):
        """A point."""

    with pytest.raises(TypeError, match=r"show takes \['x', 'z'\], but the knobs are") as error:
        knobs(axes().figure, **dict.fromkeys(knob_names, X))(show)
    assert repr(knob_names) in str(error.value)


def test_too_many_positions():
    many = slider("x", 0, 25, positions=26, start=0)

    def show(x, y):
        """A point."""

    with pytest.raises(ValueError, match="have 676 positions together; .* at most 625"):
        knobs(axes().figure, x=many, y=many)(show)


def test_no_docstring():
    def show(x):
        return "A point."

    with pytest.raises(ValueError, match="show needs a docstring: it is the picture's alternativ"):
        knobs(axes().figure, x=X)(show)


@pytest.mark.parametrize("sentence", [None, "", "  ", 3])
def test_no_sentence(sentence):
    def show(x):
        """A point."""
        return sentence

    with pytest.raises(TypeError, match=f"show returned {sentence!r}. Return the picture in word"):
        knobs(axes().figure, x=X)(show)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda ax: ax.set_title("new"), "the title of axes 1 from  to new"),
        (lambda ax: ax.set_xlabel("new"), "the horizontal label of axes 1 from  to new"),
        (lambda ax: ax.set_ylabel("new"), "the vertical label of axes 1 from  to new"),
        (lambda ax: ax.set_xlim(0, 9), r"the horizontal limits of axes 1 from \(.*\) to \(.*9"),
        (lambda ax: ax.set_ylim(0, 9), r"the vertical limits of axes 1 from \(.*\) to \(.*9"),
        (lambda ax: ax.set_xscale("symlog"), "the horizontal scale of axes 1 from linear to sym"),
        (lambda ax: ax.set_yscale("symlog"), "the vertical scale of axes 1 from linear to symlog"),
        (lambda ax: ax.legend(), "the legend of axes 1 from Legend to Legend"),
        (lambda ax: ax.get_legend().remove(), "the legend of axes 1 from Legend to None"),
        (lambda ax: ax.figure.add_axes((0, 0, 1, 1)), "the number of axes from 1 to 2"),
        (lambda ax: ax.figure.suptitle("new"), "the title of the figure from  to new"),
        (lambda ax: ax.lines[0].set_color("red"), "something that was on the figure before"),
        (lambda ax: ax.lines[0].set_ydata([2, 1]), "something that was on the figure before"),
        (lambda ax: ax.set_xticks([0, 1]), "something that was on the figure before"),
    ],
)
def test_what_stands_still_must_not_be_changed(change, what):
    with pytest.raises(ValueError, match=f"show changed {what}") as error:
        draw(axes(), change)
    assert "set it there, for all positions" in str(error.value)


def test_a_second_axes_is_named():
    fig, (_, right) = plt.subplots(1, 2)

    def show(x):
        """A point."""
        right.set_title("new")

    with pytest.raises(ValueError, match="changed the title of axes 2 from  to new"):
        knobs(fig, x=X)(show)


@pytest.mark.parametrize("new", [plt.figure, lambda: plt.plot([1, 2]), plt.subplots])
def test_drawing_on_a_new_figure(new):
    with pytest.raises(ValueError, match="show drew on a new figure. Draw on the axes of the fig"):
        draw(axes(), lambda ax: new())
    assert plt.get_fignums() == []


# What is no function, figure or knob. Looked for in knobs, slider, log_slider and choice.


def point(x):
    """A point."""
    return "A point."


class Pointer:
    def show(self, x):
        """A point."""
        return "A point."

    def __call__(self, x):
        """A point."""
        return "A point."


@pytest.mark.parametrize(
    "show",
    [partial(point), partial(point, x=1), Pointer().show, Pointer(), Pointer, max, None, "show"],
    ids=["partial", "full", "method", "object", "class", "built-in", "None", "text"],
)
def test_only_a_function_written_with_def(show):
    with pytest.raises(TypeError, match="function that is written with def, but got .* Write one"):
        knobs(axes().figure, x=X)(show)


def test_a_lambda_has_no_words():
    with pytest.raises(ValueError, match="<lambda> needs a docstring"):
        knobs(axes().figure, x=X)(lambda x: "A point.")


def test_wrapped_functions_and_functions_in_functions_are_fine():
    seen = []

    @wraps(point)
    def watched(*args):
        seen.append(args)
        return point(*args)

    knobs(axes().figure, x=X)(watched)
    assert seen == [(0,), (1,), (2,)]


def test_parameters_by_place():
    def show(*, x):
        """A point."""
        return "A point."

    with pytest.raises(TypeError, match=r"show takes \['\*, x'\], but the knobs are \['x'\]"):
        knobs(axes().figure, x=X)(show)


@pytest.mark.parametrize("fig", [None, "fig", 3])
def test_only_a_figure(fig):
    with pytest.raises(TypeError, match=f"needs a figure, as plt.subplots.* but got {fig!r}"):
        knobs(fig, x=X)(point)
    with pytest.raises(TypeError, match="needs a figure, as plt.subplots.* but got <Axes"):
        knobs(axes(), x=X)(point)


@pytest.mark.parametrize("knob", [3, None, "x", (0, 1, 2), slider])
def test_only_a_knob(knob):
    with pytest.raises(TypeError, match="The knob x is .* Make it with slider, log_slider or choi"):
        knobs(axes().figure, x=knob)(point)


@pytest.mark.parametrize("make", [slider, log_slider])
@pytest.mark.parametrize(
    ("low", "high", "positions", "start", "message"),
    [
        (1, math.inf, 3, 1, "low has to be below high"),
        (math.nan, 2, 3, 1, "below high|above 0"),
        (1, math.nan, 3, 1, "low has to be below high"),
        ("1", 2, 3, 1, "low has to be below high"),
        (None, 2, 3, 1, "low has to be below high"),
        (1, 2, 2.5, 1, "at least two positions"),
        (1, 2, None, 1, "at least two positions"),
        (1, 2, 3, "1", "cannot start at '1', which is no number"),
        (1, 2, 3, None, "cannot start at None, which is no number"),
        (1, 2, 3, math.nan, "cannot start at nan: its nearest positions are"),
    ],
)
def test_more_sliders_that_cannot_be(make, low, high, positions, start, message):
    with pytest.raises(ValueError, match=message):
        make("x", low, high, positions=positions, start=start)


@pytest.mark.parametrize("names", [(1, 2), (None, "a"), ("a", 1.5)])
def test_a_choice_is_between_words(names):
    with pytest.raises(ValueError, match="needs at least two different names: got"):
        choice("x", *names, start=names[0])


def test_knobs_where_numpy_is_told_to_raise():
    for how in ("ignore", "raise"):
        with np.errstate(all=how):
            draw(axes(), lambda ax: ax.plot([1e-300, 1], [1e-200, 2]))


KIND = choice("kind", "a", "b", start="a")


def drag_it(what):
    def show(x, kind):
        """A point."""
        return "A point."

    ax = axes()
    knobs(ax.figure, drag=what(ax), x=X, kind=KIND)(show)


@pytest.mark.parametrize(
    ("what", "error", "message"),
    [
        (lambda ax: ax, TypeError, 'drag is <Axes.* Give it axes .* as in drag=.ax, "x", "y".'),
        (lambda ax: "x", TypeError, "drag is 'x'. Give it axes of the figure and the names"),
        (lambda ax: (ax, "x"), TypeError, "drag is .* Give it axes of the figure and the names"),
        (lambda ax: ("x", "y", ax), TypeError, "drag is .* Give it axes of the figure and the"),
        (lambda ax: (axes(), "x", None), ValueError, "drag has the axes .* not on this figure"),
        (lambda ax: (ax, "x", "z"), ValueError, r"drag names the knob 'z', but .*: \['x'\]"),
        (lambda ax: (ax, None, "kind"), ValueError, r"drag names the knob 'kind', .*: \['x'\]"),
        (lambda ax: (ax, ["x"], None), ValueError, r"drag names the knob \['x'\], but"),
        (lambda ax: (ax, "x", "x"), ValueError, "drag names 'x' twice. Name two knobs, or one"),
        (lambda ax: (ax, None, None), ValueError, "drag names None twice. Name two knobs, or one"),
    ],
)
def test_a_picture_that_cannot_be_dragged(what, error, message):
    with pytest.raises(error, match=message):
        drag_it(what)


def test_a_value_has_a_place_on_the_axis_that_it_is_dragged_on():
    fig, ax = plt.subplots()
    ax.set(xlim=(0.1, 10), xscale="log")

    def show(x):
        """A point."""
        return "A point."

    with pytest.raises(ValueError, match="'x': its value 0 has no place on the horizontal axis, w"):
        knobs(fig, drag=(ax, "x", None), x=X)(show)
