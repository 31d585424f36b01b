"""A page shows all that its notebook stores, or the build fails.

Jupyter Book ends well although a picture, a number or a formula is missing.
"""

import re

import nbformat
from docutils import nodes
from sphinx.util import logging

logger = logging.getLogger(__name__)

NUMBER = r"[-+−]?(?:\d+\.?\d*(?:e[-+]?\d+)?|nan|inf)"
# What Python shows of a thing that has no words of its own, and of a picture that was not drawn.
NO_WORDS = r"\bat 0x[0-9a-f]{6,}|(?:<|&lt;)Figure size"


def compare(app, pagename, templatename, context, doctree):
    """Warn, which stops the build, if a page lacks what its source holds."""
    if not doctree:
        return
    for fault in [*_formulas(context["body"], doctree), *_cells(app, pagename, doctree)]:
        logger.warning(fault, location=pagename)


def _formulas(body, doctree):
    for found in dict.fromkeys(re.findall(NO_WORDS, body)):
        yield f"the page says {found!r}, which means nothing to a reader"
    formulas = sum(isinstance(node, (nodes.math, nodes.math_block)) for node in doctree.findall())
    if (typeset := body.count('<span class="katex">')) != formulas:
        yield f"the page has {formulas} formulas, but {typeset} are typeset"


def _cells(app, pagename, doctree):
    source = app.env.doc2path(pagename)
    if not source.endswith(".ipynb"):
        return
    stored = nbformat.read(source, as_version=4).cells
    for shown in doctree.findall(nodes.container):
        if shown.get("nb_element") == "cell_code":
            cell = stored[shown["cell_index"]]
            for what, expected, came in _differences(cell, shown):
                yield (
                    f"cell {shown['cell_index']}: of {what} the notebook stores {expected!r}, the "
                    f"page has {came!r}. If you changed the cell, run `make notebooks`."
                )


def _differences(cell, shown):
    """Yield (what, as stored, as shown) where a cell's outputs are not those of the page."""
    html = [node.astext() for node in shown.findall(nodes.raw)]
    blocks = [node for node in shown.findall(nodes.literal_block) if "output" in node["classes"]]
    plain = [node.astext() for node in blocks if "text_plain" in node["classes"]]
    printed = "".join(node.astext() for node in blocks if "text_plain" not in node["classes"])
    displays = [o.data["text/plain"] for o in cell.outputs if "data" in o]
    expected = "".join(o.text for o in cell.outputs if o.output_type == "stream")
    figures = sum(words.startswith("<Figure") for words in displays)
    counts = {
        "displays": (len(displays), len(html) + len(plain)),
        "pictures": (
            figures + cell.source.count("@knobs("),
            sum('class="picture"' in part for part in html),
        ),
    }
    for what, (wanted, came) in counts.items():
        if wanted != came:
            yield what, wanted, came
    # How the numbers are is for `make test`: another processor may round them otherwise.
    if _shape(expected) != _shape(printed):
        yield "printed words", expected, printed


def _shape(words):
    """Return the lines of words, with the same mark for every number, and without spaces."""
    return re.sub(r"[^\S\n]", "", re.sub(NUMBER, "#", words)).rstrip()
