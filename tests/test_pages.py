"""The built pages in a browser: what a reader sees, turns, chooses, prints."""

import base64
import json
import re
import zlib
from collections import Counter
from functools import cache
from itertools import zip_longest
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup

from nnutils import plots
from tests.browser import SHOW_ME, browser, serve, weigh

ROOT = Path(__file__).parents[1]
BOOK = ROOT / "_build" / "html"
CHAPTERS = sorted(f"book/{file.name}" for file in BOOK.glob("book/*.html"))
FILES = [file for file in sorted(BOOK.rglob("*.html")) if "_static" not in file.parts]
KNOBBED = [name for name in CHAPTERS if 'class="knobs"' in (BOOK / name).read_text()]
LISTS = ["search.html?q=number", "genindex.html"] if CHAPTERS else []

every_chapter = pytest.mark.parametrize("name", CHAPTERS)
every_page = pytest.mark.parametrize("name", CHAPTERS + LISTS)
both_themes = pytest.mark.parametrize("theme", ["light", "dark"])

# Waits until the picture and the sentence are the expected ones; returns those that are there.
SHOWN = """async (box, [layer, sentence]) => {
  const g = document.createElementNS("http://www.w3.org/2000/svg", "g");
  g.innerHTML = layer;
  const shown = () => [box.querySelector("g.moving").innerHTML,
                       box.querySelector(".sentence").textContent];
  for (let n = 0; n < 50 && shown().join() !== [g.innerHTML, sentence].join(); n++)
    await new Promise((done) => setTimeout(done, 20));
  return [...shown(), g.innerHTML];
}"""

# Returns the beginnings of those parts that reach beyond the screen.
TOO_WIDE = """(parts) => parts.filter((part) => {
  const { left, right } = part.getBoundingClientRect();
  return left < 0 || right > document.scrollingElement.clientWidth;
}).map((part) => part.outerHTML.slice(0, 100))"""

# Returns the beginnings of those parts that take no room or are hidden.
UNSEEN = """(parts) => parts.filter((part) => {
  const { width, height } = part.getBoundingClientRect();
  return !width || !height || getComputedStyle(part).visibility !== "visible";
}).map((part) => part.outerHTML.slice(0, 100))"""

# Returns the colours of the words in a picture.
INK = """(svg) => [...svg.querySelectorAll("text")].flatMap((text) =>
  [getComputedStyle(text).fill, getComputedStyle(text).stroke]).filter((c) => c !== "none")"""

# Puts a knob back, so that the picture follows.
RESET = """(input, start) => {
  input.value = start;
  input.dispatchEvent(new Event("input", { bubbles: true }));
}"""

# Leaves out the colours of code, the hidden half of formulas and the lines of pictures: thousands
# of parts that have no name or role.
FLATTEN = """() => {
  for (const code of document.querySelectorAll(".highlight pre"))
    code.textContent = code.textContent;
  for (const part of document.querySelectorAll(".katex-html, svg.picture > *")) part.remove();
}"""

# Makes plain text of code without a kind of word that is new on the page, and of formulas: one
# word of each colour is enough.
THIN = """() => {
  const seen = new Set();
  for (const code of document.querySelectorAll(".highlight pre")) {
    const kinds = [...code.querySelectorAll("span")].map((word) => word.className);
    if (kinds.every((kind) => seen.has(kind))) code.textContent = code.textContent;
    kinds.forEach((kind) => seen.add(kind));
  }
  for (const formula of document.querySelectorAll(".katex-html"))
    formula.textContent = formula.textContent;
}"""

# Shows all that is folded, not chosen or far from the screen.
UNFOLD = """() => {
  document.body.insertAdjacentHTML(
    "beforeend", "<style>article * { content-visibility: visible !important }</style>");
  for (const fold of document.querySelectorAll("details")) fold.open = true;
  for (const first of document.querySelectorAll(".quiz input:first-of-type")) first.checked = true;
}"""


@pytest.fixture(scope="module")
def chromium():
    with browser() as chromium:
        yield chromium


@pytest.fixture(scope="module")
def url():
    with serve(BOOK) as url:
        yield url


@pytest.fixture
def visit(chromium, url):
    """Return a function that opens a page, and what waits there, with options of a context."""
    contexts = []

    def visit(name, **options):
        contexts.append(chromium.new_context(**options))
        page = contexts[-1].new_page()
        page.goto(f"{url}/{name}")
        page.evaluate(SHOW_ME)
        return page

    yield visit
    for context in contexts:
        context.close()


@cache
def soup(file):
    return BeautifulSoup(file.read_text(), "html.parser")


@cache
def ids(file):
    return {tag["id"] for tag in soup(file).select("[id]")}


def payloads(name):
    """Return for each picture with knobs on a page: its dials, and what is drawn."""
    found = []
    for box in soup(BOOK / name).select(".knobs"):
        packed = box.select_one("script.layers").string
        found.append(
            (
                json.loads(box.select_one("script.sliders").string),
                json.loads(zlib.decompress(base64.b64decode(packed))),
            )
        )
    return found


def at(drawn, dials, position):
    """Return (layer, sentence) at a tuple of knob positions."""
    index = 0
    for dial, place in zip(dials, position, strict=True):
        index = index * len(dial["texts"]) + place
    layer = "\n".join(drawn["lines"][line] for line in drawn["layers"][index])
    return layer, drawn["sentences"][index]


def beside(dials, number, place):
    """Return the start with one knob at another place."""
    return tuple(place if i == number else dial["start"] for i, dial in enumerate(dials))


def test_the_book_is_built():
    assert CHAPTERS, f"There are no pages in {BOOK}. Run `make book` first."


@every_page
def test_opening_a_page_asks_no_other_host_and_says_nothing(chromium, url, name):
    heard = []

    def refuse(route):
        heard.append(f"asked another host: {route.request.url}")
        route.abort()

    context = chromium.new_context()
    page = context.new_page()
    page.route(lambda asked: not asked.startswith(url), refuse)
    page.on("console", lambda m: m.type in ("error", "warning") and heard.append(m.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("requestfailed", lambda request: heard.append(f"failed: {request.url}"))
    page.on("response", lambda r: r.status >= 400 and heard.append(f"{r.status}: {r.url}"))
    page.goto(f"{url}/{name}", wait_until="networkidle")
    context.close()
    assert not heard, f"Opening {name} should be quiet, but: {heard}"


@every_chapter
def test_a_page_is_light(chromium, url, name):
    first, following = weigh(chromium, url, BOOK, name)
    assert first <= 250_000, f"{name} as first page: {first:,} bytes beside its knobs"
    limit = 60_000
    assert following <= limit, f"{name} as next page: {following:,} bytes beside pictures and knobs"


@every_chapter
def test_without_script_everything_is_there_to_read(visit, name):
    page = visit(name, java_script_enabled=False)
    page.evaluate(UNFOLD)
    for what in ("svg.picture", ".katex", ".knobs .sentence", ".knobs .fallback"):
        unseen = page.locator(what).evaluate_all(UNSEEN)
        assert not unseen, f"{name} without script does not show {what}: {unseen}"
    for what in (".knobs .sentence", ".knobs .fallback"):
        came, expected = page.locator(what).count(), page.locator(".knobs").count()
        assert came == expected, f"{name} has {came} of {expected} {what}"
    sliders = page.locator("input[type=range]").count()
    assert sliders == 0, f"{name} shows {sliders} sliders that cannot move"


@every_page
def test_a_phone_does_not_scroll_sideways(visit, name):
    page = visit(name, viewport={"width": 390, "height": 844})
    page.evaluate(UNFOLD)
    for size in (390, 320):
        page.set_viewport_size({"width": size, "height": 844})
        width, room = page.evaluate(
            "[document.scrollingElement.scrollWidth, document.scrollingElement.clientWidth]"
        )
        assert width <= room == size, f"{name} is {width} px wide on a screen of {room}"
        wide = page.locator("svg.picture, article img, article table").evaluate_all(TOO_WIDE)
        assert not wide, f"{name} on {size} px: wider than the screen are {wide}"


def addresses(page):
    """Yield every address in a page: links, files, targets of labels and of drawings."""
    for tag in page.select("[href], [src], [for], [clip-path], [action]"):
        for attribute in ("href", "src", "action"):
            if attribute in tag.attrs:
                yield tag, tag[attribute]
        if "for" in tag.attrs:
            yield tag, f"#{tag['for']}"
        if "clip-path" in tag.attrs:
            yield tag, re.fullmatch(r"url\((.*)\)", tag["clip-path"])[1]


def broken(file, tag, address):
    """Say what is wrong with an address in a file; None if nothing is."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        outside = tag.name == "a" or parts.scheme == "data"
        return None if outside else "loads from another host"
    path, fragment = urldefrag(address)
    target = (file.parent / unquote(urlsplit(path).path)).resolve() if parts.path else file
    if not target.is_file():
        return f"there is no file {target}"
    if fragment and unquote(fragment) not in ids(target):
        return f"{target.name} has no id {unquote(fragment)!r}"


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(BOOK)))
def test_every_link_leads_somewhere(file):
    found = [(a, broken(file, tag, a)) for tag, a in addresses(soup(file))]
    wrong = [f"{address}: {why}" for address, why in found if why]
    assert not wrong, f"{file.name} has {len(wrong)} broken links: {wrong}"


@pytest.mark.parametrize(
    "file", sorted(BOOK.rglob("*.css")), ids=lambda file: str(file.relative_to(BOOK))
)
def test_every_file_that_a_style_sheet_names_is_there(file):
    named = re.findall(r"url\([\"']?(?!data:|#)([^)\"']+)", file.read_text())
    gone = [u for u in named if not (file.parent / urlsplit(u).path).is_file()]
    assert not gone, f"{file.name} names {gone}, which are not there"


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(BOOK)))
def test_ids_are_unique(file):
    counts = Counter(tag["id"] for tag in soup(file).select("[id]"))
    twice = {name: count for name, count in counts.items() if count > 1}
    assert not twice, f"{file.name} uses ids more than once: {twice}"


@every_chapter
def test_every_picture_has_a_name(visit, name):
    page = visit(name)
    page.evaluate(UNFOLD)
    pictures = page.locator("svg.picture")
    named = page.get_by_role("img", name=re.compile(r"\w")).and_(pictures).count()
    assert named == pictures.count(), f"{named} of {pictures.count()} pictures on {name} have names"


def color(part):
    return part.evaluate("part => getComputedStyle(part).color")


def css(hexadecimal):
    return "rgb({}, {}, {})".format(*bytes.fromhex(hexadecimal[1:]))


def is_dark(rgb):
    return sum(map(int, re.findall(r"\d+", rgb)[:3])) < 3 * 128


@both_themes
@every_chapter
def test_ink_is_the_colour_of_the_text(visit, name, theme):
    page = visit(name, color_scheme=theme)
    ink = color(page.locator("article"))
    assert is_dark(ink) == (theme == "light"), f"{name} in {theme} has text in {ink}"
    data = [css(c) for c in (plots.BLUE, plots.ORANGE, plots.GREEN, plots.PURPLE)]
    for picture in page.locator("svg.picture").all():
        came, label = set(picture.evaluate(INK)), picture.get_attribute("aria-label")
        assert came <= {ink, *data}, f"{label!r} in {theme} has words in {came}, the text is {ink}"


@every_chapter
def test_print_shows_pictures_and_sentences_without_sliders(visit, name):
    page = visit(name, color_scheme="dark")  # which paper must not follow
    page.emulate_media(media="print")
    for box in page.locator(".knobs").all():
        for what in ("svg.picture", ".sentence"):
            assert box.locator(what).is_visible(), f"{name} in print does not show {what}"
        sliders = box.locator("input:visible").count()
        assert sliders == 0, f"{name} in print shows {sliders} sliders"
    ink = color(page.locator("article"))
    assert is_dark(ink), f"{name} in the dark theme prints words in {ink} on white paper"


def difference(came, expected):
    """Say where two texts differ first; None if they do not."""
    pairs = zip_longest(came.split("\n"), expected.split("\n"))
    for number, (one, other) in enumerate(pairs, 1):
        if one != other:
            return f"line {number} of the layer came as {one!r}, expected {other!r}"


def check_shown(box, input, dials, drawn, number, place, how):
    position = beside(dials, number, place)
    layer, sentence = at(drawn, dials, position)
    picture, words, expected = box.evaluate(SHOWN, [layer, sentence])
    where = f"{dials[number]['label']!r} turned by {how} to {place}"
    assert input.input_value() == str(place), f"{where} is at {input.input_value()}"
    text = input.get_attribute("aria-valuetext")
    assert text == dials[number]["texts"][place], f"{where} reads {text!r}"
    assert words == sentence, f"{where}: {words!r} came, {sentence!r} expected"
    differ = difference(picture, expected)
    assert not differ, f"{where}: {differ}"


def turns(page, input, last):
    """Turn a knob by keyboard and pointer; yield how, and the place where it should be then."""
    input.focus()
    for key, place in (("Home", 0), ("ArrowRight", 1), ("End", last), ("ArrowLeft", last - 1)):
        page.keyboard.press(key)
        yield key, place
    input.evaluate("input => input.scrollIntoView({ block: 'center' })")
    track = input.bounding_box()
    middle = track["y"] + track["height"] / 2
    page.mouse.move(track["x"] + 2, middle)
    page.mouse.down()
    yield "a press on the low end", 0
    page.mouse.move(track["x"] + track["width"] - 2, middle, steps=3)
    page.mouse.up()
    yield "a drag to the high end", last


@pytest.mark.parametrize("name", KNOBBED)
class TestKnobs:
    def test_each_turns_by_keyboard_and_pointer(self, visit, name):
        page = visit(name)
        for box, (dials, drawn) in zip(page.locator(".knobs").all(), payloads(name), strict=True):
            sliders = box.get_by_role("slider").all()
            assert len(sliders) == len(dials), (
                f"{len(sliders)} sliders, {len(dials)} expected: {name}"
            )
            for number, (input, dial) in enumerate(zip(sliders, dials, strict=True)):
                for how, place in turns(page, input, len(dial["texts"]) - 1):
                    check_shown(box, input, dials, drawn, number, place, how)
                input.evaluate(RESET, dial["start"])

    def test_each_changes_the_picture_and_the_sentence(self, name):
        for dials, drawn in payloads(name):
            for number, dial in enumerate(dials):
                places = range(len(dial["texts"]))
                seen = [at(drawn, dials, beside(dials, number, place)) for place in places]
                for what, shown in zip(("picture", "sentence"), zip(*seen), strict=True):
                    assert len(set(shown)) > 1, (
                        f"{name}: {dial['label']!r} never changes the {what}"
                    )


def check_axe(page, name, options):
    # What passes is slow to list.
    found = Axe().run(page, options={"resultTypes": ["violations"], **options})
    assert not found.violations_count, f"{name}:\n{found.generate_report()}"


@both_themes
@every_page
def test_axe_finds_no_weak_contrast(visit, name, theme):
    page = visit(name, color_scheme=theme)
    came = page.locator("html").get_attribute("data-theme")
    assert came == theme, f"{name} came in the theme {came!r}, expected {theme!r}"
    page.evaluate(UNFOLD)
    page.evaluate(THIN)
    check_axe(page, f"{name} in {theme}", {"runOnly": ["color-contrast"]})


@every_page
def test_axe_finds_no_other_violation(visit, name):
    page = visit(name)
    page.evaluate(UNFOLD)
    page.keyboard.press("Shift")  # the theme then looks which boxes can be scrolled
    page.evaluate(FLATTEN)
    check_axe(page, name, {"rules": {"color-contrast": {"enabled": False}}})
