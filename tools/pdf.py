"""Write the built book as one tagged PDF with bookmarks: ``_build/wire-by-wire.pdf``.

All pages become one page, which Chromium prints. So links lead from chapter to chapter within the
file, and say on which page that is.
"""

import re
import sys
from html import escape
from pathlib import Path

from bs4 import BeautifulSoup
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, TextStringObject

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
from tests.browser import browser  # noqa: E402

AUTHOR = "The contributors to Neural Networks, Wire by Wire"
ROUNDS = 5  # the numbers of pages stand in links, and may move what follows to other pages
# Writes the numbers of pages beside links.
NUMBER = """(pages) => {
  for (const link of document.querySelectorAll("a[data-page]"))
    link.dataset.page = pages[link.hash.slice(1)] ?? "000";
}"""
SCRIPTS = re.compile(r"<script\b.*?</script>", re.S)
LEFT_OUT = ".headerlink, .notebook, .above-input, [hidden]"
HINTS = "details:not(.quiz details)"  # and solutions
NUMBERED = re.compile(r"^\d+\. ")  # the title of an exercise
STYLE = """
@page { size: A4; margin: 22mm 22mm 20mm; font-family: "Source Sans 3"; }
@page { @bottom-center { content: counter(page); } }
@page front { @bottom-center { content: none; } }
article { break-before: page; }
.front { page: front; }
.title { break-before: auto; padding-top: 30vh; text-align: center; }
.contents .caption { margin: 1em 0 .2em; font-weight: 600; }
.contents ul { margin: 0; padding: 0; list-style: none; }
.contents a { display: flex; justify-content: space-between; }
.contents a { color: inherit; text-decoration: none; }
.contents a::after { content: attr(data-page); }
.text a[data-page]::after { content: " (page " attr(data-page) ")"; }
"""


def main():
    book, file = ROOT / "_build" / "html", ROOT / "_build" / "wire-by-wire.pdf"
    pages = write(book, file)
    print(f"{file.relative_to(ROOT)}: {pages} pages, {file.stat().st_size / 1e6:.1f} MB")


def write(book, file, only=None):
    """Print the pages of a built book, or those named, into a PDF; return how many it has."""
    joined = file.with_suffix(".html")
    joined.write_text(join(book, only))
    numbers = {}
    with browser() as chromium:
        page = chromium.new_page()
        page.set_default_timeout(0)
        page.goto(joined.resolve().as_uri())
        page.emulate_media(media="print")
        page.evaluate("document.fonts.ready")
        for _ in range(ROUNDS):
            page.evaluate(NUMBER, numbers)
            page.pdf(path=file, tagged=True, outline=True, prefer_css_page_size=True)
            before, numbers = numbers, targets(file)
            if numbers == before:
                break
    joined.unlink()
    return mend(file)


def targets(file):
    """Return for each target of links in a PDF the number of its page."""
    reader = PdfReader(file)
    places = reader.named_destinations.items()
    return {
        name.strip("/"): reader.get_destination_page_number(place) + 1 for name, place in places
    }


def mend(file):
    """Mend the bookmarks, say who made a PDF, and return how many pages it has.

    Chromium writes the bookmark of a heading twice, in one, where a page begins with it.
    """
    writer = PdfWriter(clone_from=file)
    bookmark = writer.root_object["/Outlines"]
    waiting = [bookmark]
    while waiting:
        bookmark = waiting.pop()
        waiting += [bookmark[key] for key in ("/First", "/Next") if key in bookmark]
        title = bookmark.get("/Title", "")
        half = title[: len(title) // 2]
        if title and title == half + half:
            bookmark[NameObject("/Title")] = TextStringObject(half)
    writer.add_metadata({"/Author": AUTHOR, "/Creator": "Chromium"})
    writer.write(file)
    return len(writer.pages)


def join(book, only=None):
    """Return one page of HTML that holds the pages of a book in their order."""
    home = BeautifulSoup((book / "book" / "index.html").read_text(), "html.parser")
    title = escape(home.h1.find(string=True))
    contents = home.select_one(".bd-docs-nav")
    for link in contents.select("a"):
        if only and Path(link["href"]).stem not in only:
            link.parent.decompose()
    names = [Path(link["href"]).stem for link in contents.select("a")]
    for part in [contents, *contents.select("div, ul, li")]:
        part.name, part.attrs = part.name.replace("nav", "div"), {}  # no style of a sidebar
    texts = [text(book / "book" / f"{name}.html", names) for name in names]
    lead_inside(contents, "contents", names, everywhere=True)
    static = (book / "_static").resolve()
    sheet = (static / "book.css").read_text().replace("display: optional", "display: block")
    sheet = re.sub(r"url\((\W?)fonts/", rf"url(\1{static.as_uri()}/fonts/", sheet)
    return (
        '<!DOCTYPE html><html lang="en" data-theme="light"><head><meta charset="utf-8">'
        f"<title>{title}</title><style>{sheet}{STYLE}</style></head>"
        '<body><main class="bd-content"><div class="bd-article-container">'
        f'<article class="front title"><h1>{title}</h1>{home.select_one("article p")}</article>'
        f'<article class="front contents" id="contents"><h1>Contents</h1>{contents}</article>'
        f"{''.join(texts)}</div></main></body></html>"
    )


def text(file, names):
    """Return what stands on a page, with ids that no other page has."""
    article = BeautifulSoup(SCRIPTS.sub("", file.read_text()), "html.parser").article
    for part in article.select(LEFT_OUT):
        part.decompose()
    for figure in article.select("figure"):
        figure["role"] = "group"  # what it says instead stands at the picture in it
    for formula in article.select(".katex"):
        formula.attrs |= {"role": "img", "aria-label": formula.annotation.get_text()}
        formula.select_one(".katex-mathml").decompose()
        del formula.select_one(".katex-html")["aria-hidden"]
    gather_hints(article)
    lead_inside(article, file.stem, names)
    for tag in article.find_all(True):
        for attribute in ("id", "for", "aria-describedby"):
            if attribute in tag.attrs:
                tag[attribute] = f"{file.stem}.{tag[attribute]}"
        for attribute in ("clip-path", "style"):
            if attribute in tag.attrs:
                tag[attribute] = tag[attribute].replace("url(#", f"url(#{file.stem}.")
    article["id"] = file.stem
    article["class"] = "bd-article text"
    return str(article)


def gather_hints(article):
    """Move hints and solutions to the end, where a reader of paper does not see them at once."""
    folded = article.select(HINTS)
    if not folded:
        return
    end = BeautifulSoup("<section><h2>Hints and solutions</h2></section>", "html.parser").section
    asked = None
    for details in folded:
        exercise = details.find_previous("strong", string=NUMBERED)
        if exercise is not asked:
            end.append(BeautifulSoup(f"<h3>{exercise.string}</h3>", "html.parser"))
            asked = exercise
        details.summary.name = "h4"
        details.name = "div"
        end.append(details)
    article.section.append(end)


def lead_inside(part, here, names, everywhere=False):
    """Let links lead to places in the joined page; most will say on which page that is."""
    for tag in part.select("a[href], use[href]"):
        path, _, place = tag["href"].partition("#")
        if ":" in path:
            continue
        name = Path(path).stem or here
        if name not in names or path.endswith(".ipynb"):
            tag.name, tag.attrs = "span", {}
            continue
        tag["href"] = f"#{name}.{place}" if place else f"#{name}"
        if tag.name == "a" and name != "glossary" or everywhere:
            tag["data-page"] = ""


if __name__ == "__main__":
    main()
