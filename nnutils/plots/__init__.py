"""Pictures in one style: a style for pages, charts over axes, diagrams of circuits and networks."""

from nnutils.plots.charts import (
    boundary,
    confusion,
    curve,
    history,
    images,
    line,
    points,
    surface,
)
from nnutils.plots.diagrams import circuit, dot, network, readings, trace
from nnutils.plots.style import (
    BLUE,
    GREEN,
    ORANGE,
    PURPLE,
    SVG,
    inline_svg,
    pair,
    percent,
    plain,
    svg_body,
    use_style,
)

__all__ = [
    "BLUE",
    "GREEN",
    "ORANGE",
    "PURPLE",
    "SVG",
    "boundary",
    "circuit",
    "confusion",
    "curve",
    "dot",
    "history",
    "images",
    "inline_svg",
    "line",
    "network",
    "pair",
    "percent",
    "plain",
    "points",
    "readings",
    "surface",
    "svg_body",
    "trace",
    "use_style",
]
