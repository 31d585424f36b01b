"""The landing page: where to start, how long it takes, and a card for each chapter.

``_toc.yml`` says which chapters there are and in which order, their notebooks how long they take
and what they are called; the page itself says in the body of ``chapter-cards`` what each builds.
"""

import re
from functools import partial
from html import escape
from pathlib import Path

import nbformat
import yaml
from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

logger = logging.getLogger(__name__)

PLACE = re.compile(
    r'<span class="chapter-picture" data-chapter="([\w-]+)" data-shows="([^"]*)"></span>'
)
TIMES = re.compile(r"\*About (\d+) minutes to read, (\d+) for the exercises\.\*")
PICTURE = re.compile(r'<svg class="picture" role="img" aria-label="([^"]*)".*?</svg>', re.S)


def setup(app):
    app.add_directive("start-reading", StartReading)
    app.add_directive("chapter-cards", ChapterCards)
    app.connect("build-finished", put_pictures, priority=700)
    return {"parallel_read_safe": True}


def contents(root):
    """Return for each part of the book that has chapters: its name, and the chapters' names."""
    parts = yaml.safe_load((root / "_toc.yml").read_text()).get("parts", [])
    for part in parts:
        files = [Path(page["file"]) for page in part["chapters"]]
        if chapters := [f.name for f in files if (root / f.with_suffix(".ipynb")).exists()]:
            yield part["caption"], chapters


def opening(root, chapter):
    """Return the first words of a chapter: its title, its subtitle, and what it promises."""
    cells = nbformat.read(root / "book" / f"{chapter}.ipynb", as_version=4).cells[:4]
    return "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


def minutes(root, chapter):
    """Return how long a chapter takes, as it says: to read, and for its exercises."""
    return list(map(int, TIMES.search(opening(root, chapter)).groups()))


def titles(root, chapter):
    """Return (title with its number, subtitle) of a chapter."""
    return re.match(r"# (.+)\n\n\*(.+)\*\n", opening(root, chapter)).groups()


class Landing(SphinxDirective):
    """A part of the landing page, made anew when the table of contents or a chapter changes."""

    def run(self):
        self.root = Path(self.env.srcdir)
        self.parts = list(contents(self.root))
        self.chapters = [name for _, names in self.parts for name in names]
        self.env.note_dependency(str(self.root / "_toc.yml"))
        for name in self.chapters:
            self.env.note_dependency(str(self.root / "book" / f"{name}.ipynb"))
        return [nodes.raw("", self.html(), format="html")]


class StartReading(Landing):
    """A link to chapter 1, which the page's script turns to where this reader was.

    Beside it stands a smaller one to the chapter before, which has the number 0.
    """

    def html(self):
        before, *chapters = self.chapters
        times = zip(*(minutes(self.root, name) for name in chapters))
        reading, working = (round(sum(each) / 60) for each in times)
        return (
            f'<p class="start"><a class="start-link" href="{chapters[0]}.html">'
            f"Start with chapter 1</a> <span>{len(chapters)} chapters, about "
            f"{reading} hours to read and {working} for the exercises. Nothing to install. "
            f'New to Python? <a href="{before}.html">Begin with chapter 0</a>.</span></p>'
        )


class ChapterCards(Landing):
    """A card for each chapter.

    The body says for each what it builds, and perhaps what it ``shows``: words from the alternative
    text of the picture to take. Without them it is the chapter's first picture.
    """

    has_content = True

    def html(self):
        cards = yaml.safe_load("\n".join(self.content))
        if list(cards) != self.chapters:
            logger.warning(
                "chapter-cards lists %s, but the chapters in _toc.yml are %s",
                list(cards),
                self.chapters,
                location=self.get_location(),
            )
        html = ""
        for part, names in self.parts:
            items = [self.card(name, **cards[name]) for name in names]
            start = self.chapters.index(names[0])
            html += f'<p class="chapters-part">{escape(part)}</p>\n'
            html += f'<ol class="chapters" start="{start}">{"".join(items)}</ol>\n'
        return html

    def card(self, name, builds, shows=""):
        title, subtitle = titles(self.root, name)
        return CARD.format(
            name=name,
            title=escape(title),
            subtitle=escape(subtitle),
            builds=escape(builds),
            shows=escape(shows),
            minutes=" + ".join(map(str, minutes(self.root, name))),
        )


CARD = """<li class="chapter-card" data-chapter="{name}">
<span class="chapter-picture" data-chapter="{name}" data-shows="{shows}"></span>
<a class="chapter-title" href="{name}.html">{title}</a>
<span class="chapter-subtitle">{subtitle}</span>
<span class="chapter-builds">{builds}</span>
<span class="chapter-foot">{minutes} minutes
<span class="chapter-mark" data-chapter="{name}"></span></span></li>
"""


def put_pictures(app, exception):
    """Give each card a picture of its chapter, as the chapter's page shows it."""
    if exception:
        return
    for page in Path(app.outdir).glob("book/*.html"):
        html = page.read_text()
        if PLACE.search(html):
            page.write_text(PLACE.sub(partial(picture, page.parent), html))


def picture(folder, place):
    """Return a place for a picture with the picture in it."""
    name, shows = place.groups()
    pictures = list(PICTURE.finditer((folder / f"{name}.html").read_text()))
    chosen = next((found for found in pictures if shows in found[1]), pictures[0])
    return f'<span class="chapter-picture">{thin(chosen[0])}</span>'


def without_legends(body):
    """Return the body of an SVG without its groups that are legends, and what is in them."""
    kept, inside = "", 0
    for part in re.split(r"(<g\b[^>]*>|</g>)", body):
        if inside or part == '<g class="legend">':
            inside += part.startswith("<g") - (part == "</g>")
        else:
            kept += part
    return kept


def thin(svg):
    """Return a picture that can be small: thick lines, no legend, words or ticks, few digits."""
    width, height = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg).groups()
    body = without_legends(re.search(r"<svg[^>]*>(.*)</svg>", svg, re.S)[1])
    body = re.sub(r"<text.*?</text>", "", body, flags=re.S)
    for tick in re.findall(r'<path id="([^"]+)" d="M 0 0\s+L (?:0 3\.5|-3\.5 0)\s', body):
        body = re.sub(rf'<use href="#{tick}"[^>]*/>', "", body)
    body = re.sub(r"(?<=stroke-width: )[\d.]+", lambda m: f"{2 * float(m[0]):g}", body)
    body = re.sub(
        r' [dxy]="[^"]*"',
        lambda m: re.sub(r"\d{2,}\.\d+", lambda n: f"{float(n[0]):.0f}", m[0]),
        body,
    )
    empty = 1
    while empty:
        body, empty = re.subn(r"<g[^>]*>\s*</g>\s*", "", body)
    return (
        f'<svg viewBox="0 0 {width} {height}" aria-hidden="true" fill="currentColor" '
        f'stroke-linejoin="round">{body}</svg>'
    )
