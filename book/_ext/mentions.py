"""Links that the pages get while they are built: to chapters, and to words of the glossary.

The notebooks stay plain Markdown. What is a link already, code, a formula or a title is left alone.
"""

import re
from itertools import groupby
from pathlib import Path

from docutils import nodes
from light import chapters, numbered
from sphinx.transforms.post_transforms import SphinxPostTransform

GLOSSARY = "book/glossary"
# What the text calls a chapter, if not by the name of its file.
TOPICS = {"slopes": "gradients", "chain rule": "backprop"}
ORDER = {"first": 0, "second": 1, "third": 2}  # counted from chapter 1
NEAR = {"previous": -1, "last": -1, "before": -1, "before last": -2, "next": 1}  # from here
# Words of the glossary that the text also uses in their everyday meaning.
EVERYDAY = (
    "back",
    "class",
    "error",
    "fork",
    "miss",
    "noise",
    "pull",
    "shape",
    "spring",
    "tie",
    "unit",
    "value",
    "view",
)
# Words, or phrases with them, that mean something else in a chapter: which word of the glossary
# they stand for there, or None.
ELSEWHERE = {
    "attention": {"mask": "causal mask", "the code": None},
    "autoencoder": {"state": None},
    "debugging": {"needs a margin": None},
    "initialization": {"same generator": "random generator"},
    "projects": {"code for": None, "same small window": None},
    "recurrence": {"gate": None, "update gate": None},
    "regularization": {"generator": "random generator", "mask": None},
    "search": {"generator": "random generator", "hit": None},
    "sgd": {"generators that start": None},
    "story": {"fold": None, "spread": None, "window": None},
}
WORKS = "Sources and corrections"  # where words in italics are titles of other works
LEFT_ALONE = (nodes.reference, nodes.literal, nodes.math, nodes.title, nodes.strong, nodes.raw)


def setup(app):
    app.add_post_transform(LinkMentions)
    return {"parallel_read_safe": True}


class LinkMentions(SphinxPostTransform):
    """Link the chapters that a chapter mentions, and a section's first use of a word."""

    default_priority = 450
    formats = ("html",)

    def run(self, **kwargs):
        order = chapters(self.app)
        page = self.env.docname
        if page not in order:
            return
        for words in list(self.document.findall(nodes.emphasis)):
            self._link_title(words, order)
        _join_lines(self.document)
        start = len(order) - len(numbered(self.app))
        named = _names(order, start, order.index(page))
        self._link(self.document, named, lambda target: (target, "", "chapter-link"))
        words = meant(_words(self.env, order[: order.index(page) + 1]), Path(page).name)
        for section in list(self.document.findall(nodes.section)):
            own = [child for child in section.children if not isinstance(child, nodes.section)]
            told = {node.astext().lower() for part in own for node in part.findall(nodes.strong)}
            seen = {word for word, anchor in words.items() if word in told}
            once = _Once(words, seen)
            for part in own:
                self._link(part, once, lambda anchor: (GLOSSARY, f"#{anchor}", "term"))

    def _link_title(self, words, order):
        titles = {self.env.titles[name].astext().split(" ", 1)[-1]: name for name in order}
        target = titles.get(words.astext())
        if target and target != self.env.docname and not _is_left_alone(words):
            words.replace_self(self._reference(words.deepcopy(), target, "", "chapter-link"))

    def _link(self, part, find, address):
        """Replace in the paragraphs of a part what ``find`` yields: (start, end, target)."""
        for text in list(part.findall(nodes.Text)):
            if _is_left_alone(text) or _is_title_in_italics(text):
                continue
            words, done, pieces = text.astext(), 0, []
            for start, end, target in find(words):
                if target == self.env.docname:
                    continue
                link = self._reference(nodes.Text(words[start:end]), *address(target))
                pieces += [nodes.Text(words[done:start]), link]
                done = end
            if pieces:
                text.parent.replace(text, [*pieces, nodes.Text(words[done:])])

    def _reference(self, content, name, anchor, kind):
        address = self.app.builder.get_relative_uri(self.env.docname, name) + anchor
        return nodes.reference("", "", content, refuri=address, internal=True, classes=[kind])


def _join_lines(document):
    """Make one text of those that lines have parted: a name may go over the end of a line."""
    for part in document.findall(nodes.TextElement):
        joined = []
        for is_text, run in groupby(part.children, lambda child: isinstance(child, nodes.Text)):
            texts = list(run)
            joined += [nodes.Text("".join(texts))] if is_text else texts
        part[:] = joined


def _is_left_alone(node):
    inside = []
    while node.parent is not None:
        node = node.parent
        inside.append(node)
    return any(isinstance(n, LEFT_ALONE) for n in inside) or not any(
        isinstance(n, nodes.paragraph) for n in inside
    )


def _is_title_in_italics(text):
    """Whether a text is the subtitle of a chapter, or the title of a work among its sources."""
    words, section = text.parent, text.parent
    while section is not None and not isinstance(section, nodes.section):
        section = section.parent
    if section is None or not isinstance(words, nodes.emphasis):
        return False
    is_subtitle = section[1] is words.parent and len(words.parent) == 1
    return is_subtitle or section[0].astext() == WORKS


def _names(order, start, here):
    """Return a function that finds in a text the chapters that it names."""
    topics = {Path(name).name.replace("-", " "): name for name in order}
    topics |= {words: topics[name] for words, name in TOPICS.items() if name in topics}
    places = {words: start + step for words, step in ORDER.items()}
    places |= {words: here + step for words, step in NEAR.items()}
    known = "|".join(sorted(topics, key=len, reverse=True)).replace(" ", r"\s+")
    pattern = re.compile(
        r"\b(?:(?P<place>previous|last|next|first|second|third)\s+chapter\b"
        r"|chapter\s+(?P<back>before(?:\s+last)?)\b"
        rf"|chapters?\s+on\s+(?:the\s+)?(?P<on>{known})\b"
        rf"|(?P<of>{known})\s+chapter\b)"
    )

    def find(words):
        for match in pattern.finditer(words):
            said = " ".join((match["place"] or match["back"] or match["on"] or match["of"]).split())
            if match["on"] or match["of"]:
                yield *match.span(), topics[said]
            elif 0 <= places[said] < len(order):
                yield *match.span(), order[places[said]]

    return find


def _words(env, known):
    """Return the words that the glossary says come first in one of the chapters: {word: anchor}."""
    if GLOSSARY not in env.found_docs:
        return {}
    found, known = {}, {Path(name).name for name in known}
    for section in env.get_doctree(GLOSSARY).findall(nodes.section):
        word = section.next_node(nodes.title).astext()
        first = [
            link.get("reftarget", link.get("refuri", "")) for link in section.findall(_is_link)
        ]
        is_known = not known.isdisjoint(Path(target).stem for target in first)
        if is_known and "(" not in word and word.lower() not in EVERYDAY:
            found[word.lower()] = section["ids"][0]
    return found


def meant(words, chapter):
    """Return the words {word: anchor} as a chapter means them; None is no link."""
    other = ELSEWHERE.get(chapter, {}).items()
    return words | {phrase: words.get(word) for phrase, word in other}


def _is_link(node):
    return isinstance(node, nodes.reference) or node.tagname == "pending_xref"


class _Once:
    """Finds in the texts of a section each word of the glossary once."""

    def __init__(self, words, seen):
        self.words, self.seen = words, {words[word] for word in seen} | {None}
        longest = map(re.escape, sorted(words, key=len, reverse=True))
        known = "|".join(longest).replace(r"\ ", r"\s+") or "(?!)"  # which nothing matches
        self.pattern = re.compile(rf"(?<![\w-])({known})(?:s|es)?(?![\w-])", re.IGNORECASE)

    def __call__(self, text):
        for match in self.pattern.finditer(text):
            anchor = self.words[" ".join(match[1].lower().split())]
            if anchor not in self.seen:
                self.seen.add(anchor)
                yield *match.span(), anchor
