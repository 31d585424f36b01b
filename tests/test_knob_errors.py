"""What ``knobs`` refuses, and what it says then."""

import pytest
from matplotlib import pyplot as plt

from nnutils import knobs as knobs_module
from nnutils.knobs import knobs, slider

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
