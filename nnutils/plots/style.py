"""One style for every picture: ink that follows the page, four data colours, SVG for the page.

Black is the ink. On a built page it becomes the colour of the text around it, so that axes and
words stay readable in the light and the dark theme. The data colours are bright enough for the
dark page and dark enough for the white one. Words need more: a page sets ``--blue``, ``--orange``,
``--green`` and ``--purple`` to a darker or a brighter one for its theme.

On a phone a picture is as wide as the page, so a picture that is wide has words too small to read.
One panel is at most 5.4 inches wide; two panels side by side are a ``pair``, which a phone shows
one below the other.
"""

import hashlib
import re
from contextlib import contextmanager
from html import escape

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot as plt

# Values are blue, slopes that flow back orange, parameters purple.
BLUE, ORANGE, GREEN, PURPLE = "#2f7fd1", "#cf6512", "#2b9157", "#a45fc9"
_NAMES = {BLUE: "blue", ORANGE: "orange", GREEN: "green", PURPLE: "purple"}
PAIR = "pair"  # the name of a figure that can be cut into a left and a right half
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_INK = 'fill="currentColor" stroke-linejoin="round" stroke-linecap="butt"'
SVG = {"svg.fonttype": "none", "svg.hashsalt": "wire by wire"}


def use_style():
    """Set matplotlib to the style of the course, and notebooks to draw in SVG."""
    from matplotlib_inline.backend_inline import set_matplotlib_formats

    mpl.rcParams.update(
        {
            "figure.figsize": (5.4, 3.4),
            "figure.constrained_layout.use": True,
            "font.sans-serif": ["DejaVu Sans"],
            "font.size": 12,
            "axes.prop_cycle": mpl.cycler(color=[BLUE, ORANGE, GREEN, PURPLE]),
            "axes.facecolor": "none",
            "axes.titlesize": 12,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "legend.frameon": False,
            "lines.linewidth": 2,
            **SVG,
        }
    )
    # As large as the figure, not cropped: the halves of a pair are halves.
    set_matplotlib_formats("svg", bbox_inches=None, metadata={"Date": None})


@contextmanager
def svg_settings():
    """Write SVG as the course does. Beside this, ``rc_context`` is slow: it copies all settings."""
    before = {name: mpl.rcParams[name] for name in SVG}
    mpl.rcParams.update(SVG)
    try:
        yield
    finally:
        mpl.rcParams.update(before)


def pair(figsize=(7, 3.6), **settings):
    """Return (figure, (left, right)): two axes side by side, on a phone one below the other.

    Parameters
    ----------
    figsize : pair of float
        Width and height of both together, in inches.
    **settings
        For the ``subplots`` of each half; with ``nrows`` or ``ncols``, left and right are arrays
        of axes.
    """
    fig = plt.figure(figsize=figsize)
    fig.set_gid(PAIR)
    halves = fig.subfigures(1, 2)
    for half in halves:
        half.patch.set_visible(False)
    return fig, tuple(half.subplots(**settings) for half in halves)


def plain(number, digits=3):
    """Return a number as text: plain decimals, as 1,200, or 4 · 10⁻⁷ where these would be long.

    Parameters
    ----------
    number : float
    digits : int
        How many significant digits are kept; zeros at the end are not written.
    """
    if not np.isfinite(number):
        return f"{number}".replace("-", "−")
    factor, power = f"{number + 0.0:.{digits - 1}e}".split("e")  # -0.0 + 0.0 is 0.0
    text = np.format_float_positional(float(f"{factor}e{power}"), trim="-")
    whole, point, rest = text.partition(".")
    text = re.sub(r"\B(?=(\d{3})+$)", ",", whole) + point + rest
    if not -4 <= int(power) < 6:
        raised = "10" + str(int(power)).translate(_RAISED)
        text = raised if float(factor) == 1 else f"{float(factor):g} · {raised}"
    return text.replace("-", "−")


def percent(text):
    """Return a text whose lines break neither before a percent sign nor inside 4 · 10⁻⁷."""
    text = re.sub(r"(?<=\d)\s?%", "\N{NO-BREAK SPACE}%", text)
    return re.sub(r"(?<=\d) · (?=10)", "\N{NO-BREAK SPACE}·\N{NO-BREAK SPACE}", text)


def inline_svg(svg, label, moving=""):
    """Turn an SVG file that matplotlib wrote into one that can stand in an HTML page.

    Parameters
    ----------
    svg : str
        The text of the file.
    label : str
        Alternative text: what the picture shows.
    moving : str
        Body of a second layer, drawn over the first.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        If ``label`` is empty, or ``svg`` is no text that matplotlib wrote.
    """
    if not isinstance(label, str) or not label.strip():
        raise ValueError("A picture needs alternative text: say what it shows in a sentence.")
    size = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg if isinstance(svg, str) else "")
    if not size:
        raise ValueError(f"Pass the text of an SVG file that matplotlib wrote: got {svg!r:.200}.")
    width, height = size.groups()
    body = svg_body(svg) + (f'<g class="moving">{moving}</g>' if moving else "")
    picture = svg_start(width, height, f'role="img" aria-label="{escape(label)}"')
    if f'<g id="{PAIR}"' not in svg:
        return f"{picture}{body}</svg>"
    # Where there is no room for two panels side by side, the page shows the left half of the
    # picture, and below it a second view of the same, its right half.
    name = "p" + hashlib.sha256(f"{label}{body}".encode()).hexdigest()[:8]
    half = float(width) / 2
    return (
        f'<div class="pair">{picture}<g id="{name}">{body}</g></svg>'
        f'<svg class="half" aria-hidden="true" viewBox="{half:g} 0 {half:g} {height}" '
        f'style="display: none" {_INK}><use href="#{name}"/></svg></div>'
    )


def svg_start(width, height, name):
    """Return the start of an <svg> element as wide as the figure, or as the page if that is less.

    ``name`` holds the attributes by which those who do not see it know it.
    """
    size = f"width: {float(width) / 12:g}em; max-width: 100%"
    return f'<svg class="picture" {name} viewBox="0 0 {width} {height}" style="{size}" {_INK}>'


def svg_body(svg, prefix=None):
    """Return what stands inside the <svg> element, in ink, with short numbers and own ids."""
    body = re.search(r"<svg[^>]*>(.*)</svg>", svg, re.DOTALL)[1]
    body = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>|<!--.*?-->", "", body, flags=re.S)
    body = re.sub(r"<defs>\s*</defs>", "", body)
    body = re.sub(r'<g id="legend_\d+"', '<g class="legend"', body)  # a small picture has none
    body = re.sub(r'<g id="[^"]*"', "<g", body)
    body = re.sub(
        r' (d|x|y|width|height|transform)="([^"]*)"',
        lambda m: f' {m[1]}="{re.sub(r"-?[0-9]+[.][0-9]+", _shorter, m[2])}"',
        body,
    )
    body = body.replace("#000000", "currentColor").replace("fill: #ffffff", "fill: none")
    body = body.replace("xlink:href", "href")
    body = re.sub("(?<=>)[^<>]+(?=</text>)", lambda m: percent(m[0]), body)
    for colour, name in _NAMES.items():
        body = body.replace(colour, f"var(--{name}, {colour})")
    own = prefix or "s" + hashlib.sha256(body.encode()).hexdigest()[:8]
    for name in (' id="', 'href="#', "url(#"):
        body = body.replace(name, f"{name}{own}-")
    return "\n".join(filter(None, map(str.strip, body.split("\n"))))


def _shorter(match):
    number = float(match[0])
    return f"{number:.2f}".rstrip("0").rstrip(".") if abs(number) < 1e4 else match[0]
