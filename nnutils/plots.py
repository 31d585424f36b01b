"""Pictures in one style: ink that follows the page, a few colours, circuits, curves, surfaces.

Black is the ink. On a built page it becomes the colour of the text around it, so that axes and
words stay readable in the light and the dark theme. The data colours are bright enough for the
dark page and dark enough for the white one.
"""

import hashlib
import re
from html import escape

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot as plt
from matplotlib.patches import Circle

BLUE, ORANGE, GREEN, PURPLE = "#2f7fd1", "#cf6512", "#2b9157", "#a45fc9"
SVG = {"svg.fonttype": "none", "svg.hashsalt": "wire by wire"}
_COLD_TO_WARM = mpl.colors.LinearSegmentedColormap.from_list("", [BLUE, "#86868e", ORANGE])


def use_style():
    """Set matplotlib to the style of the course, and notebooks to draw in SVG."""
    from matplotlib_inline.backend_inline import set_matplotlib_formats

    mpl.rcParams.update(
        {
            "figure.figsize": (6, 3.6),
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
    set_matplotlib_formats("svg", metadata={"Date": None})


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
        If ``label`` is empty.
    """
    if not label.strip():
        raise ValueError("A picture needs alternative text: say what it shows in a sentence.")
    width, height = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg).groups()
    layer = f'<g class="moving">{moving}</g>' if moving else ""
    return (
        f'<svg class="picture" role="img" aria-label="{escape(label)}" '
        f'viewBox="0 0 {width} {height}" style="width: {float(width) / 12:g}em; max-width: 100%" '
        'fill="currentColor" stroke-linejoin="round" stroke-linecap="butt">'
        f"{svg_body(svg)}{layer}</svg>"
    )


def svg_body(svg, prefix=None):
    """Return what stands inside the <svg> element, in ink, with short numbers and own ids."""
    body = re.search(r"<svg[^>]*>(.*)</svg>", svg, re.DOTALL)[1]
    body = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>|<!--.*?-->", "", body, flags=re.S)
    body = re.sub(r"<defs>\s*</defs>", "", body)
    body = re.sub(r'<g id="[^"]*"', "<g", body)
    body = re.sub(
        r' (d|x|y|width|height|transform)="([^"]*)"',
        lambda m: f' {m[1]}="{re.sub(r"-?[0-9]+[.][0-9]+", _shorter, m[2])}"',
        body,
    )
    body = body.replace("#000000", "currentColor").replace("fill: #ffffff", "fill: none")
    body = body.replace("xlink:href", "href")
    own = prefix or "s" + hashlib.sha256(body.encode()).hexdigest()[:8]
    body = re.sub(r'(\bid="|href="#|url\(#)', rf"\g<1>{own}-", body)
    return re.sub(r"\s*\n\s*", "\n", body).strip()


def _shorter(match):
    return f"{round(float(match[0]), 2):g}" if abs(float(match[0])) < 1e4 else match[0]


def curve(f, low, high, ax=None, **line):
    """Draw the graph of a function of one number.

    Parameters
    ----------
    f : callable
        Takes a float, returns a number.
    low, high : float
        Ends of the horizontal axis.
    ax : matplotlib Axes
        Where to draw; the current axes when left out.
    **line
        Passed on to ``Axes.plot``: ``color``, ``label``, ``linestyle`` and so on.
    """
    _ordered(low, high)
    x = np.linspace(low, high, 201)
    (ax or plt.gca()).plot(x, [f(float(v)) for v in x], **line)


def surface(f, low, high, ax=None, levels=12):
    """Draw a function of two numbers as a map: lines of equal height, each with its height.

    Parameters
    ----------
    f : callable
        Takes two floats, returns a number.
    low, high : float
        Ends of both axes.
    ax : matplotlib Axes
        Where to draw; the current axes when left out.
    levels : int or sequence of float
        How many lines, or their heights.
    """
    _ordered(low, high)
    ax = ax or plt.gca()
    side = np.linspace(low, high, 121)
    height = np.array([[f(float(x), float(y)) for x in side] for y in side])
    lines = ax.contour(side, side, height, levels, cmap=_COLD_TO_WARM, linewidths=1.5)
    ax.clabel(lines, fontsize=10, colors="black")
    ax.set_aspect("equal")


def _ordered(low, high):
    if not low < high:
        raise ValueError(f"The axis has to run upwards, but goes from {low} to {high}.")


def circuit(gates, values=None, gradients=None, ax=None):
    """Draw a circuit: inputs on the left, each gate a circle, numbers on the wires.

    The value of a wire stands above it, and the slope of the output with respect to it below,
    behind an arrow that points back.

    Parameters
    ----------
    gates : dict
        For each gate, under the name of its output wire, its symbol and the wires that it
        reads: ``{"q": ("+", "x", "y"), "f": ("*", "q", "z")}``.
    values, gradients : dict of str to float, optional
        Numbers to write on the wires.
    ax : matplotlib Axes
        Where to draw; a new figure of fitting height when left out.

    Raises
    ------
    ValueError
        If the gates form a loop.

    Notes
    -----
    Built in: circuits (the values), gradients (the slopes).
    """
    place = _places(gates)
    columns, rows = np.array(list(place.values())).T
    across, up = (-0.4, columns.max() + 1.4), (rows.min() - 0.5, rows.max() + 0.5)
    if ax is None:
        _, ax = plt.subplots(figsize=(6, round(6 * np.ptp(up) / max(np.ptp(across), 4.5), 1)))
    for out, (symbol, *inputs) in gates.items():
        x, y = place[out]
        for wire in inputs:
            ax.plot(*_wire(place[wire], place[out], wire in gates), color="black", linewidth=1.2)
        ax.add_patch(Circle((x, y), 0.2, fill=False))
        ax.text(x, y, symbol, ha="center", va="center_baseline", fontsize=13)
    read = {wire for _, *inputs in gates.values() for wire in inputs}
    for wire, (x, y) in place.items():
        if wire not in gates:
            ax.text(x - 0.1, y, wire, ha="right", va="center", style="italic")
        elif wire not in read:
            ax.plot([x + 0.2, x + 0.95], [y, y], color="black", linewidth=1.2)
            ax.text(x + 1.05, y, wire, ha="left", va="center", style="italic")
    ax.set(xlim=across, ylim=up)
    ax.set_aspect("equal")
    ax.set_axis_off()
    readings(gates, values or {}, gradients or {}, ax)


def readings(gates, values, gradients, ax):
    """Write values and gradients on the wires of a circuit that is drawn already."""
    place = _places(gates)
    for numbers, sign, shift, anchor in (
        (values, "", 0.06, "bottom"),
        (gradients, "← ", -0.08, "top"),
    ):
        for wire, number in numbers.items():
            x, y = place[wire]
            text = f"{sign}{number:.4g}".replace("-", "−")
            x += 0.23 if wire in gates else 0.02
            ax.text(x, y + shift, text, ha="left", va=anchor, fontsize=11)


def dot(gates):
    """Return a circuit in the DOT language, which Graphviz and other tools draw.

    ``gates`` is what ``circuit`` takes. Built in: circuits.
    """
    lines = ["digraph {", "  rankdir=LR"]
    for out, (symbol, *inputs) in gates.items():
        lines.append(f'  "{out}" [label="{out} = {symbol}"]')
        lines += [f'  "{wire}" -> "{out}"' for wire in inputs]
    return "\n".join([*lines, "}"])


def _places(gates):
    """Return {wire: (column, row)}; a gate stands one column right of its furthest input."""
    names = list(dict.fromkeys(w for out, (_, *ins) in gates.items() for w in (*ins, out)))
    place = {}
    for row, wire in enumerate(w for w in names if w not in gates):
        place[wire] = (0.0, -float(row))
    waiting = dict(gates)
    while waiting:
        ready = {o: ins for o, (_, *ins) in waiting.items() if all(w in place for w in ins)}
        if not ready:
            raise ValueError(f"The gates {sorted(waiting)} feed each other in a loop.")
        for out, ins in ready.items():
            columns, rows = zip(*(place[w] for w in ins))
            place[out] = (max(columns) + 1.4, sum(rows) / len(rows))
            del waiting[out]
    return place


def _wire(start, end, from_gate):
    """Return the corners of a wire, rim to rim: level while the numbers need room, then slanted."""
    (x0, y0), (x1, y1) = start, end
    rim = 0.2 / np.hypot(0.55, y1 - y0)
    return [x0 + 0.2 * from_gate, x1 - 0.55, x1 - 0.55 * rim], [y0, y0, y1 + (y0 - y1) * rim]
