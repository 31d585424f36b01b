"""Pictures with knobs, that move on the built page, in a live notebook, and stand still in print.

A picture has two layers. The still layer is whatever is on the figure before ``knobs``; it is
drawn once. The moving layer is whatever the decorated function adds; it is drawn alone, for one
position of the knobs at a time, and laid over the first.

On the built page there is no Python, so every position is drawn while the book is built, and a
short script swaps the layers. In a live notebook, sliders call the function.
"""

import base64
import io
import json
import math
import os
import re
import zlib
from dataclasses import dataclass
from html import escape
from inspect import cleandoc, signature
from itertools import product
from numbers import Integral, Real
from types import FunctionType

import numpy as np
from IPython.display import display
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from nnutils.plots import inline_svg, percent, plain, svg_body, svg_settings, svg_start

BUDGET = 625
PLAYED = 4000  # milliseconds that it takes to play all positions of a slider, or a bit more
FAR = 1e5  # points; what is drawn farther away is on no page


@dataclass(frozen=True)
class Slider:
    """A knob: its label, the values that it can take, and the index of the one to start at."""

    label: str
    values: tuple
    start: int
    kind: str = "linear"  # how it is shown: "linear", "log" or "choice"

    @property
    def texts(self):
        """The values as they are shown."""
        return [v if isinstance(v, str) else plain(v) for v in self.values]


def slider(label, low, high, *, positions, start):
    """Return a knob with evenly spaced values, rounded to three digits.

    Parameters
    ----------
    label : str
    low, high : float
        The values at both ends.
    positions : int
        How many values there are, both ends included.
    start : float
        The value to start at; has to be one of them.

    Raises
    ------
    ValueError
        If the ends are out of order, the values too close, or ``start`` lies between two.
    """
    return _slider(label, low, high, positions, start, "linear")


def log_slider(label, low, high, *, positions, start, whole=False):
    """Return a knob whose values grow by a constant factor; as ``slider`` otherwise.

    With ``whole``, for what is counted, the values are rounded to whole numbers, each once.
    """
    if isinstance(low, Real) and not low > 0:
        raise ValueError(f"A log_slider starts above 0, but low is {low}. Use slider instead.")
    return _slider(label, low, high, positions, start, "log", whole)


def choice(label, *names, start):
    """Return a knob that chooses one of several names; it gives the function the name.

    Parameters
    ----------
    label : str
    *names : str
    start : str
        The name to start at.

    Raises
    ------
    ValueError
        If there are fewer than two names, two are the same, or ``start`` is not among them.
    """
    texts = all(isinstance(name, str) for name in names)
    if len(names) < 2 or len(set(names)) < len(names) or not texts:
        raise ValueError(f"The knob {label!r} needs at least two different names: got {names}.")
    if start not in names:
        raise ValueError(f"The knob {label!r} cannot start at {start!r}: its names are {names}.")
    return Slider(label, names, names.index(start), "choice")


def _slider(label, low, high, positions, start, kind, whole=False):
    numbers = isinstance(low, Real) and isinstance(high, Real) and isinstance(positions, Integral)
    if not (numbers and -math.inf < low < high < math.inf and positions >= 2):
        raise ValueError(
            f"The knob {label!r} runs from {low} to {high} in {positions} positions: "
            "low has to be below high, and there have to be at least two positions."
        )
    points = (np.geomspace if kind == "log" else np.linspace)(low, high, positions)
    if kind == "linear":  # in floats, the middle between -0.3 and 0.3 may miss 0 by 1e-17
        points[1:-1][np.abs(points[1:-1]) < 1e-9 * (high - low)] = 0
    values = tuple(float(f"{v:.3g}") for v in points)
    if len(set(values)) < positions:
        raise ValueError(
            f"The knob {label!r} has {positions} positions between {low} and {high}, "
            "so close that three digits do not tell them apart. Use fewer."
        )
    if whole:
        values = tuple(dict.fromkeys(map(float, map(round, values))))
    if not isinstance(start, Real):
        raise ValueError(f"The knob {label!r} cannot start at {start!r}, which is no number.")
    if start not in values:
        near = sorted(values, key=lambda v: abs(v - start))[:2]
        raise ValueError(
            f"The knob {label!r} cannot start at {start}: "
            f"its nearest positions are {near[0]:g} and {near[1]:g}."
        )
    return Slider(label, values, values.index(start), kind)


def knobs(fig, *, drag=None, **sliders):
    """Give a figure knobs: decorate the function that draws what moves.

    Parameters
    ----------
    fig : matplotlib Figure
        What is on it already stands still. Titles, labels, limits and legends belong here.
    drag : tuple, optional
        ``(ax, "x", "y")``: on the page a pointer on the axes ``ax`` turns the knob ``x`` to its
        horizontal place and the knob ``y`` to its vertical one. One of the two may be None.
    **sliders : Slider
        A knob for each parameter of the function.

    Returns
    -------
    decorator
        For a function that takes a value for each knob, draws on the axes of ``fig``, and
        returns a sentence that says what the picture shows there. Its docstring is the
        alternative text. Decorating it shows the picture and returns the function.

    Raises
    ------
    TypeError
        If the function's parameters are not those of the sliders, it returns no sentence, or
        ``drag`` is no axes with two names.
    ValueError
        If there are more than 625 positions, there is no docstring, the function changes what
        should stand still, or ``drag`` names what is no place on the axes.
    """

    def decorate(show):
        picture = Picture(fig, sliders, show, drag)
        if os.environ.get("NNUTILS_PAGE"):
            sentence, html = picture.page()
            display({"text/html": html, "text/plain": sentence}, raw=True)
        else:
            _live(picture)
        return show

    return decorate


class Picture:
    """The two layers of a figure with knobs."""

    def __init__(self, fig, sliders, show, drag=None):
        if not isinstance(show, FunctionType):
            raise TypeError(
                f"knobs decorates a function that is written with def, but got {show!r:.200}. "
                "Write one that calls it, with one parameter for each knob."
            )
        if not isinstance(fig, Figure):
            raise TypeError(f"knobs needs a figure, as plt.subplots() makes it, but got {fig!r}.")
        strange = [name for name, knob in sliders.items() if not isinstance(knob, Slider)]
        if strange:
            raise TypeError(
                f"The knob {strange[0]} is {sliders[strange[0]]!r:.200}. Make it with slider, "
                "log_slider or choice."
            )
        parameters = signature(show).parameters.values()
        names = ["*, " * (one.kind == one.KEYWORD_ONLY) + one.name for one in parameters]
        if names != list(sliders):
            raise TypeError(
                f"{show.__name__} takes {names}, but the knobs are "
                f"{list(sliders)}. Give it one parameter for each knob, in the same order."
            )
        positions = math.prod(len(s.values) for s in sliders.values())
        if positions > BUDGET:
            raise ValueError(
                f"These knobs have {positions} positions together; a page carries at most "
                f"{BUDGET}. Use fewer knobs, or fewer positions for each."
            )
        if not show.__doc__:
            raise ValueError(
                f"{show.__name__} needs a docstring: it is the picture's alternative text, "
                "which says what the picture shows."
            )
        _check_drag(drag, fig, sliders)
        self.show = _apart(show)
        self.fig, self.sliders = fig, list(sliders.values())
        self.label = " ".join(cleandoc(show.__doc__).split())
        plt.close(fig)
        fig.set_dpi(72)
        self.axes = fig.axes
        for part in (fig, *fig.axes):
            part.patch.set_visible(False)
        self.still = self._still()
        fig.set_layout_engine("none")
        self.prefix = "k" + format(zlib.crc32(f"{show.__name__}{self.still}".encode()), "08x")
        for ax in fig.axes:
            ax.set_autoscale_on(False)
        self.before, self.artists = self._state(), set(self._children())
        self.drag = drag and self._places(sliders, *drag)

    @property
    def start(self):
        """Where each knob starts."""
        return tuple(s.start for s in self.sliders)

    @property
    def dials(self):
        """The knobs, as the script of a page reads them."""
        return [
            {"label": s.label, "texts": s.texts, "start": s.start, "kind": s.kind}
            for s in self.sliders
        ]

    def _places(self, sliders, ax, *names):
        """Return, as the script of a page reads it, where a pointer may drag, and what it turns.

        That is the frame of the axes (left, top, right, bottom), and for each direction the number
        of a knob with the places of its values, or None; all in the units of the drawing.
        """
        height = self.fig.bbox.height
        frame = [ax.bbox.x0, height - ax.bbox.y1, ax.bbox.x1, height - ax.bbox.y0]
        turns = [None, None]
        for direction, name in enumerate(names):
            if name is None:
                continue
            values = np.array(sliders[name].values)
            points = np.tile([ax.get_xlim()[0], ax.get_ylim()[0]], (len(values), 1))
            points[:, direction] = values
            at = ax.transData.transform(points)[:, direction]
            nowhere = values[~(np.abs(at) < FAR)]
            if nowhere.size:
                axis = (ax.xaxis, ax.yaxis)[direction]
                raise ValueError(
                    f"drag cannot turn the knob {name!r}: its value {nowhere[0]:g} has no place on "
                    f"the {'horizontal' if axis is ax.xaxis else 'vertical'} axis, which is "
                    f"{axis.get_scale()} and shows {axis.get_view_interval()}."
                )
            at = height - at if direction else at
            turns[direction] = {"dial": list(sliders).index(name), "at": np.round(at, 1).tolist()}
        return {"frame": np.round(frame, 1).tolist(), "turns": turns}

    def draw(self, position):
        """Return (moving layer as SVG, sentence) for a tuple of knob positions."""
        for ax in self.fig.axes:
            ax.set_prop_cycle(None)
        figures = plt.get_fignums()
        try:
            sentence = self.show(*(s.values[i] for s, i in zip(self.sliders, position)))
            self._unchanged(figures)
            if not isinstance(sentence, str) or not sentence.strip():
                raise TypeError(
                    f"{self.show.__name__} returned {sentence!r}. Return the picture in words: "
                    "a sentence that says what it shows at this position."
                )
            return self._layer(), _typeset(sentence)
        finally:
            for artist in self._moving():
                artist.remove()

    def _layer(self):
        """Draw what moves, and nothing else."""
        file = io.StringIO()
        with svg_settings():
            renderer = RendererSVG(*self.fig.bbox.size, file, image_dpi=72)
            for artist in sorted(self._moving(), key=lambda a: a.get_zorder()):
                if _only_marks(artist) and _on_its_axes(artist):
                    artist.set_clip_on(False)  # or the border would cut a mark that lies on it
                artist.draw(renderer)
            renderer.finalize()
        return svg_body(file.getvalue(), self.prefix)

    def _moving(self):
        return [a for a in self._children() if a not in self.artists]

    def html(self, layer, sentence):
        """Return both layers and the sentence."""
        picture = inline_svg(self.still, self.label, layer or "<g></g>")
        return f"{picture}\n{_paragraph(sentence)}"

    def above(self, layer, words):
        """Return the moving layer, as a picture that lies above the still one, and some HTML."""
        start = svg_start(*map("{:g}".format, self.fig.bbox.size), 'aria-hidden="true"')
        return f'{start}<g class="moving">{layer or "<g></g>"}</g></svg>\n{words}'

    def page(self):
        """Return (sentence at the start, HTML with every position) for a built page.

        A line of SVG that several layers share is stored once.
        """
        lines, layers, sentences = {}, [], []
        for position in product(*(range(len(s.values)) for s in self.sliders)):
            layer, sentence = self.draw(position)
            layers.append([lines.setdefault(line, len(lines)) for line in layer.split("\n")])
            sentences.append(sentence)
            if position == self.start:
                start = layer, sentence
        if self._still() != self.still:
            raise ValueError(self._moved("something that was on the figure before"))
        drawn = json.dumps(
            {"lines": list(lines), "layers": layers, "sentences": sentences}, ensure_ascii=False
        )
        packed = base64.b64encode(zlib.compress(drawn.encode(), 9)).decode()
        dials = json.dumps(self.dials, ensure_ascii=False).replace("<", r"\u003c")
        there = ", ".join(f"{s.label} {s.texts[s.start]}" for s in self.sliders)
        drag = f" data-drag='{json.dumps(self.drag)}'" if self.drag else ""
        return start[1], (
            f'<div class="knobs"{drag}>\n{self.html(*start)}\n'
            f'<p class="fallback">Drawn for {escape(there)}.</p>\n'
            f'<script type="application/json" class="sliders">{dials}</script>\n'
            f'<script type="text/plain" class="layers">{packed}</script>\n</div>'
        )

    def _still(self):
        file = io.StringIO()
        with svg_settings():
            self.fig.savefig(file, format="svg", dpi=72, metadata={"Date": None})
        return file.getvalue()

    def _children(self):
        return [
            *(a for a in self.fig.get_children() if a is not self.fig.patch),
            *(a for ax in self.axes for a in ax.get_children()),
        ]

    def _state(self):
        """Return what has to stand still, by name."""
        figure = {
            "the number of axes": len(self.fig.axes),
            "the title of the figure": self.fig.get_suptitle(),
        }
        return figure | {
            f"the {what} of axes {n}": getattr(ax, f"get_{get}")()
            for n, ax in enumerate(self.fig.axes, 1)
            for what, get in {
                "title": "title",
                "horizontal label": "xlabel",
                "vertical label": "ylabel",
                "horizontal limits": "xlim",
                "vertical limits": "ylim",
                "horizontal scale": "xscale",
                "vertical scale": "yscale",
                "legend": "legend",
            }.items()
        }

    def _unchanged(self, figures):
        if plt.get_fignums() != figures:
            plt.close()
            raise ValueError(
                f"{self.show.__name__} drew on a new figure. Draw on the axes of the figure "
                "that was given to knobs: ax.plot(...) instead of plt.plot(...)."
            )
        for what, now in self._state().items():
            if now != self.before.get(what):
                raise ValueError(self._moved(f"{what} from {self.before.get(what)} to {now}"))

    def _moved(self, what):
        return (
            f"{self.show.__name__} changed {what}. What is on the figure before knobs stands "
            "still: set it there, for all positions, and let the function only add to the axes."
        )


def _apart(show):
    """Return a function that keeps the meaning of all names, its own and its helpers'.

    A later cell that uses the name ``ax`` again must not move this picture's drawing there.
    """
    names = dict(show.__globals__)
    for name, helper in names.items():
        if isinstance(helper, FunctionType) and helper.__globals__ is show.__globals__:
            names[name] = _copy(helper, names)
    return _copy(show, names)


def _copy(function, names):
    copy = FunctionType(
        function.__code__, names, function.__name__, function.__defaults__, function.__closure__
    )
    copy.__kwdefaults__ = function.__kwdefaults__
    return copy


def _check_drag(drag, fig, sliders):
    if drag is None:
        return
    if not (isinstance(drag, tuple) and len(drag) == 3 and isinstance(drag[0], Axes)):
        raise TypeError(
            f"drag is {drag!r:.200}. Give it axes of the figure and the names of the knobs that a "
            'horizontal and a vertical move turn, as in drag=(ax, "x", "y"), or None for one.'
        )
    ax, *names = drag
    if ax not in fig.axes:
        raise ValueError(
            f"drag has the axes {ax}, which are not on this figure: it has {fig.axes}."
        )
    numeric = [name for name, knob in sliders.items() if knob.kind != "choice"]
    if strange := [name for name in names if name is not None and name not in numeric]:
        raise ValueError(
            f"drag names the knob {strange[0]!r}, but what a pointer can turn are the knobs with "
            f"numbers: {numeric}."
        )
    if names[0] == names[1]:
        raise ValueError(
            f"drag names {names[0]!r} twice. Name two knobs, or one, and None for the other move."
        )


def _paragraph(sentence):
    return f'<p class="sentence" role="status">{escape(sentence)}</p>'


def _typeset(sentence):
    """Return a sentence with minus signs, but none before a zero, and with spaces before %."""
    sentence = re.sub(r"(?<!\w)-(?=[\d.]|inf)", "−", sentence)
    return percent(re.sub(r"−(0(?:\.0+)?)(?!\d|\.\d)", r"\1", sentence))


def _only_marks(artist):
    return isinstance(artist, Line2D) and artist.get_linestyle() == "None"


def _on_its_axes(line):
    """Say whether all points of a line lie on its axes, the border included."""
    points = line.get_transform().transform(line.get_xydata())
    (left, low), (right, high) = line.axes.bbox.padded(0.5).get_points()
    return np.all((points >= (left, low)) & (points <= (right, high)))


def _live(picture):
    """Show a picture with ipywidgets, version 7 or 8."""
    import ipywidgets as widgets

    describe = escape if widgets.__version__ < "8" else str
    dials = [
        (widgets.RadioButtons if s.kind == "choice" else widgets.SelectionSlider)(
            options=list(zip(s.texts, range(len(s.values)))),
            value=s.start,
            description=describe(s.label),
            style={"description_width": "initial"},
            layout={"width": "auto", "max_width": "30em"},
        )
        for s in picture.sliders
    ]
    reset = widgets.Button(description="Reset", tooltip="back to the start")
    reset.on_click(lambda _: [setattr(d, "value", i) for d, i in zip(dials, picture.start)])
    bar = widgets.HBox([reset])
    played = next((d for d, s in zip(dials, picture.sliders) if s.kind != "choice"), None)
    if played and (last := len(played.options) - 1) > 3:
        play = widgets.Play(value=played.value, max=last, interval=max(PLAYED // last, 125))
        widgets.link((play, "value"), (played, "value"))
        bar.children = [play, reset]
    layer, sentence = picture.draw(picture.start)
    place = {"grid_area": "1 / 1"}  # the same for both layers; only what moves is sent at a turn
    still = widgets.HTML(inline_svg(picture.still, picture.label), layout=place)
    moving = widgets.HTML(picture.above(layer, _paragraph(sentence)), layout=place)
    screen = widgets.GridBox([still, moving])

    def turn(_):
        try:
            layer, sentence = picture.draw(tuple(d.value for d in dials))
            moving.value = picture.above(layer, _paragraph(sentence))
        except Exception as error:
            message = escape(f"{type(error).__name__}: {error}")
            moving.value = picture.above("", f"<pre>{message}</pre>")

    for dial in dials:
        dial.observe(turn, names="value")
    box = widgets.VBox([*dials, bar, screen])
    view = {"version_major": 2, "version_minor": 0, "model_id": box.model_id}
    display({"application/vnd.jupyter.widget-view+json": view, "text/plain": sentence}, raw=True)
