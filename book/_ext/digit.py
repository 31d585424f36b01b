"""Draw a digit: a network that is trained while the book is built, and the pad that shows it.

The pad stands where a page has the comment ``<!-- draw-a-digit -->``, which a notebook does not
show. Without script, and on paper, one of the examples stands there with what the network says.
"""

import base64
import hashlib
import json
import math
import subprocess
from pathlib import Path

import nbformat
import numpy as np
from npm import NODE

from nnutils.activations import relu
from nnutils.data import batches, digits, split
from nnutils.initializers import he_normal
from nnutils.losses import cross_entropy
from nnutils.network import mlp
from nnutils.numerics import softmax
from nnutils.optimizers import Adam
from nnutils.training import steps

MARK = "<!-- draw-a-digit -->"
CHAPTER = "book/digits"
HIDDEN = 64  # half as many units as in the chapter: their weights are light enough for a page
EXTENT = 32_767  # weights are stored as whole numbers of 16 bits
STATIC = Path(__file__).parents[1] / "_static"


def setup(app):
    app.connect("html-page-context", insert)
    return {"parallel_read_safe": True}


def insert(app, pagename, templatename, context, doctree):
    """Put the pad into a page that asks for it."""
    if MARK in context.get("body", ""):
        link = f'the chapter <a href="{context["pathto"](CHAPTER)}">Reading digits</a>'
        chapter = "this chapter" if pagename == CHAPTER else link
        html = pad(trained(Path(app.srcdir)), chapter)
        context["body"] = context["body"].replace(MARK, html)


def recipe(root):
    """Return the chapter's own function that trains, as it stands in the notebook."""
    cells = nbformat.read((root / CHAPTER).with_suffix(".ipynb"), as_version=4).cells
    return next(cell.source for cell in cells if cell.source.startswith("def fit("))


def trained(root):
    """Return what the pad needs; trained again only if the package or the recipe has changed."""
    changes = hashlib.sha256(recipe(root).encode())
    for file in (Path(__file__), *sorted(root.glob("nnutils/**/*.[np][py]*"))):
        changes.update(file.read_bytes())
    kept = root / "_build" / "digit" / f"{changes.hexdigest()[:16]}.json"
    if not kept.exists():
        for old in kept.parent.glob("*"):
            old.unlink()
        kept.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(describe(*train(root)))
        new = kept.with_suffix(".new")
        new.write_text(text)
        new.replace(kept)  # it is there in whole or not at all
    return json.loads(kept.read_text())


def parts():
    """Return training, validation and test part as in the chapter, and mean and deviation."""
    images, labels = digits()
    rng = np.random.default_rng(0)
    rest, test = split(images.reshape(-1, 64), labels, share=0.2, rng=rng)
    training, validation = split(*rest, share=0.2, rng=rng)
    return training, validation, test, np.mean(training[0]), np.std(training[0])


def train(root):
    """Return the network, and a function from counts to what it reads."""
    training, validation, _, mean, std = parts()

    def normalized(rows):
        return (rows - mean) / std

    names = {"np": np, "math": math, "batches": batches, "steps": steps}
    names |= {"cross_entropy": cross_entropy}
    for name, (rows, labels) in {"training": training, "validation": validation}.items():
        names[name] = normalized(rows), labels
    exec(recipe(root), names)
    rng = np.random.default_rng(0)
    net = mlp([64, HIDDEN, 10], relu, init=he_normal, rng=rng)
    names["fit"](net, Adam(0.01), rng)
    return net, lambda rows: softmax(net(normalized(rows)), axis=1)


def describe(net, probabilities):
    """Return the network and its examples as the page's script reads them."""
    _, _, test, mean, std = parts()
    shares = probabilities(test[0])
    chosen = choose(shares, test[1])
    seconds = np.sort(shares[chosen], axis=1)[:, -2]
    return {
        "network": {"mean": mean, "std": std, "layers": [pack(n) for n in net.layers[::2]]},
        "examples": [{"counts": spell(test[0][i]), "label": int(test[1][i])} for i in chosen],
        "shown": int(np.argmax(seconds)),  # at first: the one that it is least sure of
    }


def choose(shares, labels):
    """Return the places of 20 pictures: the first of each digit, and the ten hardest."""
    own = shares[np.arange(len(labels)), labels]
    firsts = [int(np.flatnonzero(labels == digit)[0]) for digit in range(10)]
    hardest = [int(i) for i in np.argsort(own) if i not in firsts][:10]
    return [*firsts, *sorted(hardest, key=lambda i: labels[i])]


def pack(layer):
    """Return a layer's weights and biases as whole numbers and a scale."""
    scale = float(np.abs(layer.theta).max() / EXTENT)
    numbers = np.round(layer.theta / scale).astype("<i2")
    return {
        "inputs": layer.n_in,
        "outputs": layer.n_out,
        "scale": scale,
        "numbers": base64.b64encode(numbers.tobytes()).decode(),
    }


def spell(counts):
    """Write 64 counts as a word: a for 0 to q for 16."""
    return "".join(chr(97 + count) for count in counts)


RENDER = """
const { unpack, read, spell, squares, sentence, bars } = require(process.argv[1]);
const { network, examples, shown } = JSON.parse(require("fs").readFileSync(0));
const { counts, label } = examples[shown];
const shares = read(unpack(network), spell(counts));
const [picture, said] = [squares(spell(counts)), sentence(shares, label)];
console.log(JSON.stringify({ picture, said, bars: bars(shares) }));
"""


def pad(content, chapter):
    """Return the pad as HTML, drawn for one of its examples by the page's own script."""
    command = [NODE / "node", "-e", RENDER, STATIC / "digit.js"]
    content = json.dumps(content)
    node = subprocess.run(command, input=content.encode(), stdout=subprocess.PIPE, check=True)
    drawn = json.loads(node.stdout)
    return PAD.format(**drawn, chapter=chapter, hidden=HIDDEN, content=content)


PAD = """<div class="pad">
<div class="pad-row">
<div class="pad-draw" hidden>
<svg class="pad-paper" viewBox="0 0 100 100" role="application" tabindex="0"
 aria-label="Paper to draw a digit on" aria-describedby="pad-keys">
<svg class="pad-scan" viewBox="0 0 8 8" x="10" y="10" width="80" height="80"></svg>
<path class="pad-lines"/><circle class="pad-pen" cx="50" cy="20" r="4" fill="none"/></svg>
<p>Draw a digit here.</p>
</div>
<p class="pad-seen"><svg viewBox="0 0 8 8" role="img" aria-label="A picture of 8 by 8 squares"
>{picture}</svg>What the network sees: 8&nbsp;×&nbsp;8 counts of ink</p>
<ol class="pad-bars">{bars}</ol>
</div>
<p class="pad-sentence" role="status">{said}</p>
<div class="pad-tools" hidden>
<button type="button" class="pad-clear">Clear</button>
<div class="pad-examples" role="group" aria-label="Scanned digits to try"></div>
<p class="pad-keys" id="pad-keys">Draw with a finger, a pen or a mouse. By keyboard: the arrow keys
move the pen, space sets it down and lifts it, backspace takes back the last line. Or choose a scan:
the first ten are ordinary, the others are the ten hardest of the test part.</p>
</div>
<p class="pad-about">The network was trained on scanned digits by 13 people, while this book was
built, with the code of {chapter} and {hidden} hidden units. So a drawing is first made like those
scans: 32&nbsp;×&nbsp;32 points, as large, as thick and as upright as theirs, and then counted in
blocks of 4&nbsp;×&nbsp;4. New hands are harder for it than those it knows.</p>
<script type="application/json" class="pad-network">{content}</script>
</div>"""
