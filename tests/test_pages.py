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

from tests.browser import SHOW_ME, browser, opening, serve, weigh

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

PHONE = {"width": 390, "height": 844}
# Returns for each part that is wider than its box: its text, tabindex, number of gradients.
WIDER = """(parts) => parts.filter((box) => box.scrollWidth > box.clientWidth + 1).map((part) => [
  part.textContent.slice(0, 40),
  part.tabIndex,
  getComputedStyle(part).backgroundImage.split("linear-gradient").length - 1,
])"""
# Returns the text of each part, how many lines it has and on how many rows they stand.
ROWS = """(parts) => parts.filter((part) => part.clientHeight).map((part) => {
  const { lineHeight, paddingTop, paddingBottom } = getComputedStyle(part);
  const high = part.clientHeight - parseFloat(paddingTop) - parseFloat(paddingBottom);
  const text = part.textContent.trimEnd();
  return [text.slice(0, 40), text.split("\\n").length, Math.round(high / parseFloat(lineHeight))];
})"""

# What may be wider than a page. A phone shows a pair of panels one below the other.
WIDE = "svg.picture:not(.pair > svg), .pair, article img, article table, .prev-next-info > *"

# Returns the colours of the words in a picture.
INK = """(svg) => [...svg.querySelectorAll("text")].flatMap((text) =>
  [getComputedStyle(text).fill, getComputedStyle(text).stroke]).filter((c) => c !== "none")"""

# Returns the pairs of colours, of words and what is behind them.
INKS = """(parts) => {
  const clear = "rgba(0, 0, 0, 0)";
  const ground = (part) => {
    const own = part ? getComputedStyle(part).backgroundColor : "rgb(255, 255, 255)";
    return own === clear ? ground(part.parentElement) : own;
  };
  const pairs = parts.map((part) => [getComputedStyle(part).color, ground(part)].join(" | "));
  return [...new Set(pairs)].map((pair) => pair.split(" | "));
}"""

# Returns the beginnings of those blocks of code whose lines do not fit, seen or not.
CUT = """(blocks) => blocks.filter((block) => block.scrollWidth > block.clientWidth + 1)
  .map((block) => block.textContent.trim().slice(0, 100))"""

# Returns the comments that begin at the end of a line and go on in the next.
SPLIT = """(comments) => comments.filter((comment) => comment.getClientRects().length > 1)
  .map((comment) => comment.textContent)"""

# Returns the beginnings of those parts that two pages of paper may share.
TORN = """(parts) => parts.filter((part) => getComputedStyle(part).breakInside !== "avoid")
  .map((part) => part.textContent.slice(0, 60))"""

# Returns the words of pictures that are lower than 11 px, stand on others, or are cut off.
LABELS = """(pictures) => pictures.flatMap((svg) => {
  const frame = svg.getBoundingClientRect();
  const seen = [];
  const wrong = [];
  for (const text of svg.querySelectorAll("text")) {
    const words = text.textContent.trim();
    if (!words || !frame.width) continue;
    const { a, b } = text.getScreenCTM();
    const high = parseFloat(getComputedStyle(text).fontSize) * Math.hypot(a, b);
    if (high < 10.95) wrong.push(`${high.toFixed(1)} px: ${words}`);
    const box = text.getBoundingClientRect();
    for (const [others, other] of seen) {
      const wide = Math.min(box.right, other.right) - Math.max(box.left, other.left);
      const tall = Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top);
      if (wide > 1.5 && tall > Math.min(box.height, other.height) / 4)
        wrong.push(`${words} stands on ${others}`);
    }
    seen.push([words, box]);
    if (!svg.closest(".pair") && (box.left < frame.left - 1 || box.right > frame.right + 1))
      wrong.push(`cut off: ${words}`);
  }
  return wrong.map((what) => `${svg.getAttribute("aria-label").slice(0, 40)}: ${what}`);
})"""

# Returns the beginnings of those formulas in a line of which something above the line is cut off.
BEHEADED = """(formulas) => formulas.filter((box) => {
  const { top } = box.getBoundingClientRect();
  return getComputedStyle(box).overflowY !== "visible" &&
    [...box.querySelectorAll(".mord")].some((part) => part.getBoundingClientRect().top < top - 1);
}).map((box) => box.textContent.slice(0, 40))"""

# Returns the label of a knob and what it is set to.
SET = """(row) => {
  const chosen = row.querySelector(":checked");
  return [row.querySelector("legend, label").textContent,
          chosen ? chosen.parentElement.textContent.trim()
                 : row.querySelector("input").getAttribute("aria-valuetext")];
}"""

# Marks, of all words that are seen, the first of each look: their colour, size and weight, and what
# is behind them. Of a single letter axe does not judge; so formulas become words.
LOOKS = """() => {
  const seen = new Set();
  for (const formula of document.querySelectorAll(".katex-html"))
    formula.textContent = formula.textContent;
  for (const part of document.body.querySelectorAll("*")) {
    const words = [...part.childNodes].map((node) => (node.nodeType === 3 ? node.data.trim() : ""));
    if (words.every((word) => word.length < 2)) continue;
    if (!part.checkVisibility({ visibilityProperty: true })) continue;
    const { color, fontSize, fontWeight } = getComputedStyle(part);
    const look = [color, fontSize, fontWeight];
    for (let at = part; at; at = at.parentElement) {
      const { backgroundColor, opacity } = getComputedStyle(at);
      if (backgroundColor !== "rgba(0, 0, 0, 0)" || opacity !== "1")
        look.push(backgroundColor, opacity);
    }
    if (!seen.has(look.join())) part.dataset.look = "";
    seen.add(look.join());
  }
}"""

# Leaves out the colours of code, the hidden half of formulas and the lines of pictures, but for
# what is marked: thousands of parts that have no name or role.
FLATTEN = """() => {
  const bare = (part) => !part.querySelector("[data-look]");
  for (const code of document.querySelectorAll(".highlight pre"))
    if (bare(code)) code.textContent = code.textContent;
  for (const part of document.querySelectorAll(".katex-html")) if (bare(part)) part.remove();
  for (const part of document.querySelectorAll("svg.picture > *")) part.remove();
}"""

# Scrolls to the end, screen by screen; returns how high the page was before and is then.
SCROLL = """async () => {
  await document.fonts.ready;
  const page = document.scrollingElement;
  const before = page.scrollHeight;
  for (let y = 0; y < page.scrollHeight; y += innerHeight) {
    scrollTo({ top: y, behavior: "instant" });
    await new Promise(requestAnimationFrame);
  }
  return [before, page.scrollHeight];
}"""

# Whether the page is as high as when this was asked last.
SETTLED = """() => {
  const before = window.high;
  window.high = document.scrollingElement.scrollHeight;
  return before === window.high;
}"""

# Shows all that is folded or not chosen, at once: what opens, and changes its colour, fades.
UNFOLD = """() => {
  const still = "<style>* { animation: none !important; transition: none !important }</style>";
  document.head.insertAdjacentHTML("beforeend", still);
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
    """Return a function that opens a page, with the options of a browser context.

    ``prepare`` is called with the page before it is opened.
    """
    contexts = []

    def visit(name, prepare=lambda page: None, **options):
        contexts.append(chromium.new_context(**options))
        page = contexts[-1].new_page()
        prepare(page)
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


@cache
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
def test_a_page_opens_quietly_and_is_light(chromium, url, name):
    _, heard = opening(chromium, url, name)
    assert not heard, f"Opening {name} should be quiet, but: {heard}"
    if name in LISTS:
        return
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


@both_themes
def test_a_page_comes_in_the_theme_of_the_readers_system(visit, theme):
    page = visit(CHAPTERS[0], color_scheme=theme)
    assert page.locator("html").get_attribute("data-theme") == theme
    assert is_dark(color(page.locator("main"))) == (theme == "light")


@both_themes
def test_without_script_a_page_has_its_theme_and_its_chapters(visit, theme):
    phone = {"width": 390, "height": 844}
    page = visit(CHAPTERS[0], java_script_enabled=False, color_scheme=theme, viewport=phone)
    inks = page.locator("article :is(p, h1, h2, a:not(.headerlink), .highlight span)").evaluate_all(
        INKS
    )
    assert len(inks) > 5, f"code without script has only the colours {inks}"
    weak = {pair: round(contrast(*pair), 1) for pair in map(tuple, inks) if contrast(*pair) < 4.5}
    assert not weak, f"without script in {theme}, words are hard to read: {weak}"
    ink = color(page.locator("article"))
    assert is_dark(ink) == (theme == "light"), f"without script, text in {theme} is {ink}"
    dead = page.locator("button:visible").all_text_contents()
    assert not dead, f"without script these buttons do nothing: {dead}"
    for link in page.locator(".bd-docs-nav a").all():
        assert link.is_visible(), f"no way leads to {link.text_content()}"


def test_icons_are_seen_in_colours_that_the_reader_has_chosen(visit):
    for theme in ("light", "dark"):
        page = visit(CHAPTERS[0], forced_colors="active", color_scheme=theme)
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        icons = page.locator(":is(.fa-solid, .fas):visible").all()
        assert icons, f"{CHAPTERS[0]} shows no icons"
        for icon in icons:
            ink = icon.evaluate("icon => getComputedStyle(icon).backgroundColor")
            assert is_dark(ink) != is_dark(ground), f"an icon in {ink} on {ground}"


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_translator_leaves_formulas_code_and_pictures(name):
    for part in soup(BOOK / name).select(".katex, .highlight, code, .sig, svg.picture"):
        kept = [tag for tag in (part, *part.parents) if tag.get("translate") == "no"]
        assert kept, f"{name}: a translator may change {part.get_text()[:80]!r}"


def test_an_old_browser_shows_no_knob_that_does_not_turn(visit):
    name = KNOBBED[0]
    page = visit(name, lambda page: page.add_init_script("delete window.DecompressionStream"))
    assert page.locator("input[type=range]").count() == 0
    for box in page.locator(".knobs").all():
        assert "too old" in box.inner_text()
        assert box.locator("svg.picture").is_visible()


def broken_script(name):
    """Return what makes a script of a page fail in its first line."""

    def prepare(page):
        body = f"throw new Error('{name} is broken')"
        reply = {"body": body, "content_type": "text/javascript"}
        page.route(f"**/_static/{name}?*", lambda route: route.fulfill(**reply))

    return prepare


# What only a page has where the script has worked.
WORKS = {
    "book.js": "html[data-theme=light] .noprint",
    "knobs.js": ".knobs input[type=range]",
    "live.js": ".live button",
    "copy.js": "button.copy",
    "code.js": ".code-switch",
    "progress.js": ".progress-mark",
    "search.js": ".search-answers",
    "terms.js": "#definition",
}


@pytest.mark.parametrize("name", WORKS)
def test_no_script_depends_on_another(visit, name):
    """Without ``name``, all others do what they do."""
    page = visit(KNOBBED[0], broken_script(name))
    works = {other for other, sign in WORKS.items() if page.locator(sign).count()}
    assert works == WORKS.keys() - {name}, f"without {name} only {works} work"


def test_code_is_copied_and_all_copy_buttons_are_one_stop(visit):
    page = visit(KNOBBED[0], permissions=["clipboard-read", "clipboard-write"])
    assert page.locator(".cell_output .copy").count() == 0
    assert page.locator(".copy[tabindex='0']").count() == 1
    buttons = page.locator(".copy:visible")
    buttons.first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    focused = page.locator(".copy:focus")
    focused.filter(has_text="Copied").wait_for()
    code = focused.locator("xpath=following-sibling::pre").text_content()
    assert page.evaluate("navigator.clipboard.readText()") == code
    assert code == buttons.nth(1).locator("xpath=following-sibling::pre").text_content()
    assert page.locator(".copy[tabindex='0']").count() == 1


def test_copy_buttons_are_seen_where_nothing_can_hover(visit):
    page = visit(KNOBBED[0], has_touch=True, is_mobile=True, viewport={"width": 390, "height": 844})
    seen = page.locator(".copy:visible").evaluate_all(
        "all => all.map((b) => getComputedStyle(b).opacity)"
    )
    assert set(seen) == {"1"}, f"on a touch screen copy buttons have the opacities {seen}"


def test_no_heading_has_a_line_for_a_link_that_is_not_seen(visit):
    links = visit(KNOBBED[0], viewport=PHONE).locator("article .headerlink")
    assert links.count() > 0
    assert links.evaluate_all("all => all.filter((a) => a.getClientRects().length).length") == 0


@every_chapter
def test_every_mention_of_a_near_chapter_is_a_link(name):
    left = []
    for words in soup(BOOK / name).select_one("article").find_all(string=True):
        plain = not words.find_parent(["a", "pre", "code", "h2", "h3", "strong", "details", "form"])
        if plain and (BOOK / name).with_suffix(".ipynb").exists():
            left += re.findall(r"(?:last|previous)\s+chapter\b|chapter\s+before\b", words)
    assert not left, f"{name} says {left} without a link"


def test_a_word_of_the_glossary_is_linked_once_in_a_section():
    for name in KNOBBED:
        for section in soup(BOOK / name).select("article section section"):
            inside = [a for a in section.select("a.term") if a.find_parent("section") is section]
            twice = [a for a, n in Counter(a["href"] for a in inside).items() if n > 1]
            assert not twice, f"{name}, {section.get('id')}: {twice} are linked twice"


def test_a_word_shows_its_definition_on_hover_focus_and_tap(visit):
    name = KNOBBED[-1]
    page = visit(name, has_touch=True)
    tip = page.locator("#definition")
    words = page.locator("article p a.term")
    for number, ask in enumerate(("hover", "focus", "tap")):
        word = words.nth(3 * number)
        page.mouse.move(0, 0)  # or it points at another word after scrolling
        word.scroll_into_view_if_needed()
        if ask == "focus":
            page.keyboard.press("Tab")  # a keyboard is in use
        getattr(word, ask)()
        tip.wait_for()
        anchor = urldefrag(word.get_attribute("href"))[1]
        meant = soup(BOOK / "book/glossary.html").find(id=anchor).select_one("p").get_text()
        assert tip.locator("p").first.text_content() == meant
        assert page.url.endswith(name), f"{ask} left the page"
        page.keyboard.press("Escape")
        tip.wait_for(state="hidden")
    word.tap()
    word.tap()
    page.wait_for_url(f"**/glossary.html#{anchor}")


def kept(page):
    """Return what the browser remembers of this course."""
    return page.evaluate(
        "Object.fromEntries(Object.entries(localStorage).filter(([k]) => k.startsWith('wire-')))"
    )


def test_one_switch_folds_all_code_and_is_remembered(visit):
    page = visit(KNOBBED[0])
    switch = page.get_by_role("button", name="Code", exact=True)
    written = page.locator(".cell:not(.tag_exercise) .cell_input")
    shown = page.locator(".cell:not(.tag_exercise) .cell_input:visible").count()
    assert shown > 5
    printed = ".cell:not(.tag_exercise) .cell_output:visible"  # paper has no answers to stubs
    answers = page.locator(printed).count()
    assert switch.get_attribute("aria-pressed") == "true"
    switch.click()
    page.reload()
    for media in ("screen", "print"):
        page.emulate_media(media=media)
        assert page.locator(".cell:not(.tag_exercise) .cell_input:visible").count() == 0, media
        assert page.locator(printed).count() == answers, media
        lines = page.locator("summary:visible", has_text="Show the code").count()
        assert lines == (written.count() if media == "screen" else 0), media
    page.emulate_media(media="screen")
    page.locator("summary", has_text="Show the code").nth(2).click()
    assert written.nth(2).is_visible()
    switch.click()
    assert page.locator(".cell:not(.tag_exercise) .cell_input:visible").count() == shown


def test_progress_is_kept_shown_saved_and_read(visit, tmp_path):
    name = KNOBBED[0]
    chapter = Path(name).stem
    page = visit(name)
    link = page.locator(".bd-docs-nav a.current")
    assert link.locator(".progress-mark").text_content() == ""
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    marked = link.locator(".progress-mark", has_text=re.compile("^read$"))
    marked.wait_for()
    page.wait_for_function("localStorage['wire-by-wire place'].includes('#')")
    heading = json.loads(kept(page)["wire-by-wire place"])["page"]
    assert heading.partition("#")[2] in ids(BOOK / name)
    stubs = page.locator("[data-exercise]")
    first = stubs.first.get_attribute("data-exercise")
    page.evaluate(
        "(name) => localStorage.setItem(`wire-by-wire ${name}`, JSON.stringify({solved: true}))",
        first,
    )
    page.goto(page.url.replace(chapter, "how-to-use"))
    told = page.locator(f".bd-docs-nav a[href='{chapter}.html'] .progress-mark")
    assert told.text_content() == f"read, 1 of {stubs_of(name)} solved"
    before = kept(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Save to a file").click()
    file = tmp_path / "kept.json"
    download.value.save_as(file)
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Forget everything").click()
    assert kept(page) == {}
    assert told.text_content() == ""
    other = tmp_path / "other.json"
    other.write_text('{"kept": {"read": "{}"}}')
    status = page.locator(".progress-file [role=status]")
    for path, said in ((other, "nothing has changed"), (file, f"Read: {len(before)} entries.")):
        page.locator(".progress-file input").set_input_files(path)
        status.filter(has_text=said).wait_for()
    assert kept(page) == before
    assert told.text_content() == f"read, 1 of {stubs_of(name)} solved"


def test_two_tabs_lose_nothing_and_after_the_way_back_knobs_and_picture_agree(visit):
    first, second = "book/circuits.html", "book/gradients.html"
    one = visit(first)
    other = one.context.new_page()
    other.goto(one.url.replace(first, second))
    for tab in (one, other):
        tab.evaluate("scrollTo(0, document.body.scrollHeight)")
        tab.wait_for_function(
            "name => JSON.parse(localStorage['wire-by-wire read'] ?? '{}')[name]",
            arg=Path(urlsplit(tab.url).path).stem,
        )
    read = json.loads(kept(one)["wire-by-wire read"])
    assert sorted(read) == sorted(Path(name).stem for name in (first, second))
    box = one.locator(".knobs").first
    control = box.locator(".dial input").first
    control.focus()
    one.keyboard.press("ArrowRight")
    one.goto(other.url)
    one.go_back()
    dials, drawn = payloads(first)[0]
    shown = box.locator("input[type=range]").evaluate_all("all => all.map(i => Number(i.value))")
    assert len(shown) == len(dials)
    layer, sentence = at(drawn, dials, shown)
    assert box.evaluate(SHOWN, [layer, sentence])[1] == sentence, "the knobs say something else"


def stubs_of(name):
    return len(soup(BOOK / name).select(".cell.tag_exercise"))


# Each makes the storage of a browser fail in another way.
STORAGE = {
    "blocked": "Object.defineProperty(window, 'localStorage', { get() { throw new Error(); } })",
    "null": "Object.defineProperty(window, 'localStorage', { value: null })",
    "full": "Storage.prototype.setItem = () => { throw new DOMException(); }",
    "broken": "localStorage['wire-by-wire read'] = localStorage['wire-by-wire code'] = '{'",
}


@pytest.mark.parametrize("how", STORAGE)
def test_a_page_works_without_storage(visit, how):
    heard = []

    def prepare(page):
        page.add_init_script(STORAGE[how])
        page.on("pageerror", lambda error: heard.append(str(error)))

    page = visit(KNOBBED[0], prepare)
    for script, sign in WORKS.items():
        assert page.locator(sign).count(), f"storage is {how}: {script} does not work"
    page.locator(".code-switch").click()
    assert page.locator(".cell:not(.tag_exercise) .cell_input:visible").count() == 0
    page.locator(".theme-switch-button").first.click()
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.wait_for_timeout(400)
    assert not heard, f"storage is {how}: {heard}"


def test_the_search_answers_while_typing_and_puts_chapters_first(visit):
    asked = []
    page = visit(
        "book/how-to-use.html", lambda page: page.on("request", lambda r: asked.append(r.url))
    )
    assert not [url for url in asked if "searchindex" in url], "the index came before it was used"
    page.locator(".search-button__button:visible").first.click()
    page.keyboard.type("momen", delay=40)  # the index comes meanwhile, and takes no letter away
    answers = page.locator(".search-answers a")
    answers.first.wait_for()
    assert "momentum.html" in answers.first.get_attribute("href")
    page.keyboard.type("tum")
    page.locator(".search-status", has_text="places").wait_for()
    pages = [urlsplit(link.get_attribute("href")).path for link in answers.all()]
    chapters = [(BOOK / path[1:]).with_suffix(".ipynb").exists() for path in pages]
    assert chapters == sorted(chapters, reverse=True), f"not chapters first: {pages}"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/momentum.html")
    page.locator("span.highlighted").first.wait_for()
    page.goto(page.url.replace("book/momentum.html", "search.html?q=momentum"))
    found = page.locator("#search-results li a").first
    found.wait_for()
    assert urlsplit(found.get_attribute("href")).path.endswith("book/momentum.html")


def test_without_script_the_search_is_a_form_that_says_where_to_look(visit):
    page = visit("book/how-to-use.html", java_script_enabled=False)
    page.locator("#pst-search-dialog input").fill("momentum")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=momentum")
    for name in ("glossary", "index"):
        assert page.locator(".bd-search-container").get_by_role("link", name=name).is_visible()


def faces(page, selector):
    """Return the names of the fonts of a part, each with whether it came with the book."""
    session = page.context.new_cdp_session(page)
    for domain in ("DOM", "CSS"):
        session.send(f"{domain}.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    node = session.send("DOM.querySelector", {"nodeId": root, "selector": selector})
    fonts = session.send("CSS.getPlatformFontsForNode", {"nodeId": node["nodeId"]})["fonts"]
    return [(font["familyName"], font["isCustomFont"]) for font in fonts]


def test_text_code_and_pictures_come_in_the_fonts_of_the_book(visit):
    page = visit("book/circuits.html")
    page.evaluate("document.fonts.ready")
    page.reload()  # a font that came late shows from the next page on
    for selector, face in {
        "article h2": "Source Sans 3",
        "article em": "Source Sans 3",
        "article strong": "Source Sans 3",
        "svg.picture text": "Source Sans 3",
        "article p code": "Source Code Pro",
    }.items():
        ((name, own),) = faces(page, selector)
        assert own, f"{selector} is set in {name}, a font of this machine"
        assert name.startswith(face), f"{selector} is set in {name}"
    assert "SIL OPEN FONT LICENSE" in (BOOK / "_static/fonts/OFL.txt").read_text()


def test_the_two_menus_have_two_icons(visit):
    page = visit("book/circuits.html")
    shapes = [
        page.locator(icon).first.evaluate("icon => getComputedStyle(icon).maskImage")
        for icon in (".fa-bars", ".fa-list")
    ]
    assert shapes[0] != shapes[1]


@every_chapter
def test_no_line_begins_with_the_mark_behind_a_short_formula(name):
    for formula in soup(BOOK / name).select("article span.math"):
        behind = formula.next_sibling
        if isinstance(behind, str) and re.match("[,.;:!?)]", behind):
            held = "together" in formula.parent.get("class", [])
            tex = formula.annotation.get_text()
            assert held or len(tex) > 30, f"{name}: a line may begin with what follows {tex}"


def around(page, formula):
    """Return a picture of a formula and of a little around it."""
    formula.scroll_into_view_if_needed()
    box = formula.bounding_box()
    edge = {"x": -2, "y": -6, "width": 4, "height": 12}
    return page.screenshot(clip={side: box[side] + more for side, more in edge.items()})


def test_a_formula_in_a_line_is_not_cut_at_its_foot(visit):
    page = visit("book/learning-rate.html", viewport={"width": 1280, "height": 900})
    fractions = page.locator("article li span.math:has(.mfrac)").all()
    assert fractions
    shown = [around(page, formula) for formula in fractions]
    page.add_style_tag(content="span.math { overflow: visible !important; }")
    for formula, came in zip(fractions, shown, strict=True):
        assert came == around(page, formula), f"{formula.text_content()!r} is cut"


def prose(name):
    """Yield the words of a page that are no code, and the sentences of its knobs."""
    for text in soup(BOOK / name).body.find_all(string=True):
        if not {"pre", "code", "script", "style", "title"} & {tag.name for tag in text.parents}:
            yield text
    for _, drawn in payloads(name):
        yield from drawn["sentences"]


@every_chapter
def test_a_percent_sign_stays_with_its_number(name):
    for text in prose(name):
        torn = re.search(r".{0,20}\d[^\S\N{NO-BREAK SPACE}]?%", text)
        assert not torn, f"{name} writes {torn[0]!r}: put a no-break space before the sign"


@every_chapter
def test_raised_digits_are_large_enough(name):
    for text in soup(BOOK / name).body.find_all(string=re.compile("[⁰¹²³⁴-⁹⁻]")):
        if not text.find_parent(["pre", "code", "script"]):
            assert "raised" in text.parent.get("class", []), f"{name}: small digits in {text!r}"


@both_themes
def test_what_is_wider_than_a_phone_scrolls_and_shows_it(visit, theme):
    page = visit("book/gradients.html", viewport=PHONE, color_scheme=theme)
    page.keyboard.press("Shift")  # the theme then looks which boxes can be scrolled
    for what in ("div.math", ".cell:not(.tag_exercise) .output pre", ".live-code"):
        wide = page.locator(what).evaluate_all(WIDER)
        assert wide, f"no {what} is wider than a phone"
        for text, tab, shades in wide:
            assert tab == 0, f"no key scrolls {text!r}"
            assert shades == 4, f"nothing shows that {text!r} goes on"
    for text, lines, rows in page.locator(".cell:not(.tag_exercise) .output pre").evaluate_all(
        ROWS
    ):
        assert rows == lines, f"{text!r} is printed in {lines} lines and shown in {rows}"


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
def test_knobs_write_plain_numbers(name):
    for dials, drawn in payloads(name):
        for text in [*drawn["sentences"], *(text for dial in dials for text in dial["texts"])]:
            odd = re.search(r"(?<!\w)-\d|\d[eE][-+]?\d", text)
            assert not odd, f"{name} says {odd[0]!r} in {text!r}"


def color(part):
    return part.evaluate("part => getComputedStyle(part).color")


def contrast(ink, ground):
    """Return the contrast of two colours as WCAG 2 defines it."""
    lights = []
    for rgb in (ink, ground):
        parts = [int(part) / 255 for part in re.findall(r"\d+", rgb)[:3]]
        parts = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        lights.append(0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2])
    return (max(lights) + 0.05) / (min(lights) + 0.05)


def is_dark(rgb):
    return sum(map(int, re.findall(r"\d+", rgb)[:3])) < 3 * 128


def difference(came, expected):
    """Say where two texts differ first; None if they do not."""
    pairs = zip_longest(came.split("\n"), expected.split("\n"))
    for number, (one, other) in enumerate(pairs, 1):
        if one != other:
            return f"line {number} of the layer came as {one!r}, expected {other!r}"


def check_shown(row, box, dials, drawn, number, place, how):
    position = beside(dials, number, place)
    layer, sentence = at(drawn, dials, position)
    picture, words, expected = box.evaluate(SHOWN, [layer, sentence])
    label, texts = dials[number]["label"], dials[number]["texts"]
    where = f"{label!r} turned by {how} to {place}"
    came = row.evaluate(SET)
    assert came == [label, texts[place]], f"{where} reads {came}"
    assert words == sentence, f"{where}: {words!r} came, {sentence!r} expected"
    differ = difference(picture, expected)
    assert not differ, f"{where}: {differ}"


def turns(page, row, last, pointed):
    """Turn a slider by keyboard, some by pointer too; yield how, and where it should be then."""
    input = row.get_by_role("slider")
    input.focus()
    for key, place in (("Home", 0), ("ArrowRight", 1), ("End", last), ("ArrowLeft", last - 1)):
        page.keyboard.press(key)
        yield key, place
    if not pointed:
        return
    less, more = row.get_by_role("button").all()
    for button, how, place in ((more, "+", last), (more, "+ at the end", last)):
        button.click(force=True)
        yield how, place
    less.click()
    yield "−", last - 1
    input.evaluate("input => input.scrollIntoView({ block: 'center' })")
    track = input.bounding_box()
    middle = track["y"] + track["height"] / 2
    page.mouse.move(track["x"] + 2, middle)
    page.mouse.down()
    yield "a press on the low end", 0
    page.mouse.move(track["x"] + track["width"] - 2, middle, steps=3)
    page.mouse.up()
    yield "a drag to the high end", last


def choices(page, row, start, last, pointed):
    """Choose by keyboard, some by pointer too; yield how, and the place that should be chosen."""
    radios = row.get_by_role("radio")
    radios.nth(start).focus()
    page.keyboard.press("ArrowRight")
    yield "ArrowRight", (start + 1) % (last + 1)
    page.keyboard.press("ArrowLeft")
    yield "ArrowLeft", start
    for place in (0, last) if pointed else ():
        row.locator("label").nth(place).click()
        yield "a click", place


@pytest.mark.parametrize("name", KNOBBED)
class TestKnobs:
    def test_each_turns_by_keyboard_and_pointer(self, visit, name):
        page, pointed = visit(name), Counter()
        for box, (dials, drawn) in zip(page.locator(".knobs").all(), payloads(name), strict=True):
            rows = box.locator(".dial").all()
            for number, (row, dial) in enumerate(zip(rows, dials, strict=True)):
                last = len(dial["texts"]) - 1
                pointed[dial["kind"]] += 1
                first = pointed[dial["kind"]] == 1  # all of a kind have one script
                chosen = dial["kind"] == "choice"
                if chosen:
                    ways = choices(page, row, dial["start"], last, first)
                else:
                    ways = turns(page, row, last, first)
                for how, place in ways:
                    check_shown(row, box, dials, drawn, number, place, how)
                if place != dial["start"]:
                    box.get_by_role("button", name="Reset").click()
                check_shown(row, box, dials, drawn, number, dial["start"], "Reset")

    def test_each_changes_the_picture_and_the_sentence(self, name):
        for dials, drawn in payloads(name):
            for number, dial in enumerate(dials):
                places = range(len(dial["texts"]))
                seen = [at(drawn, dials, beside(dials, number, place)) for place in places]
                for what, shown in zip(("picture", "sentence"), zip(*seen), strict=True):
                    assert len(set(shown)) > 1, (
                        f"{name}: {dial['label']!r} never changes the {what}"
                    )


# Returns the words of the first picture's sentence whenever they change while they are not busy.
HEARD = """() => {
  window.heard = [];
  const sentence = document.querySelector(".knobs .sentence");
  new MutationObserver((all) => {
    const busy = sentence.getAttribute("aria-busy") === "true";
    if (!busy && all.some(({ type }) => type === "childList")) heard.push(sentence.textContent);
  }).observe(sentence, { childList: true, attributes: true });
}"""


@cache
def draggable():
    """Return (page, number of the picture, what it says of dragging), both directions first."""
    found = [
        (name, number, json.loads(box["data-drag"]))
        for name in KNOBBED
        for number, box in enumerate(soup(BOOK / name).select(".knobs"))
        if box.get("data-drag")
    ]
    return sorted(found, key=lambda one: one[2]["turns"].count(None))


def spot(box, x, y):
    """Return where a point of a drawing is on the screen, in the view that shows it."""
    for svg in box.locator("svg.picture, svg.half").all():
        if svg.is_visible():
            at = svg.evaluate(
                "(svg, [x, y]) => new DOMPoint(x, y).matrixTransform(svg.getScreenCTM())", [x, y]
            )
            if 0 < at["x"] < box.page.viewport_size["width"]:
                return at["x"], at["y"]


def middle(drag, shift=0):
    """Return for each direction the place of the value in the middle, or that of the axes."""
    left, top, right, bottom = drag["frame"]
    across, up = drag["turns"]
    return [
        turn["at"][len(turn["at"]) // 2 + shift] if turn else sum(ends) / 2
        for turn, ends in ((across, (left, right)), (up, (top, bottom)))
    ]


def expect_dragged(box, drag, dials, drawn, shift, how):
    position = [dial["start"] for dial in dials]
    for turn in filter(None, drag["turns"]):
        position[turn["dial"]] = len(turn["at"]) // 2 + shift
    layer, sentence = at(drawn, dials, position)
    picture, words, expected = box.evaluate(SHOWN, [layer, sentence])
    assert words == sentence, f"{how}: {words!r} came, {sentence!r} expected"
    assert picture == expected, how
    for row, dial, place in zip(box.locator(".dial").all(), dials, position, strict=True):
        assert row.evaluate(SET) == [dial["label"], dial["texts"][place]], how


@pytest.mark.parametrize("width", [1280, 390])
def test_a_picture_is_dragged_and_its_knobs_follow(visit, width):
    pages = {}
    for name, number, drag in draggable():
        if name not in pages:
            pages[name] = visit(name, viewport={"width": width, "height": 844})
        page = pages[name]
        box = page.locator(".knobs").nth(number)
        dials, drawn = payloads(name)[number]
        box.locator(".bar").scroll_into_view_if_needed()
        page.mouse.move(*spot(box, *middle(drag)))
        page.mouse.down()
        expect_dragged(box, drag, dials, drawn, 0, f"{name}, {number}: a press at {width} px")
        page.mouse.move(*spot(box, *middle(drag, 1)), steps=3)
        page.mouse.up()
        expect_dragged(box, drag, dials, drawn, 1, f"{name}, {number}: a drag at {width} px")
        page.mouse.move(*spot(box, *middle(drag)))
        expect_dragged(box, drag, dials, drawn, 1, f"{name}, {number}: moved, but not held")


def test_a_finger_drags_a_picture_and_scrolls_beside_it(visit):
    name, number, drag = draggable()[0]
    phone = {"width": 390, "height": 844}
    page = visit(name, has_touch=True, is_mobile=True, viewport=phone)
    box = page.locator(".knobs").nth(number)
    dials, drawn = payloads(name)[number]
    box.locator(".bar").scroll_into_view_if_needed()
    session = page.context.new_cdp_session(page)

    def swipe(*places):
        for kind, place in zip(("touchStart", *["touchMove"] * 3), places):
            points = [{"x": place[0], "y": place[1]}]
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    before = page.evaluate("scrollY")
    x, y = spot(box, *middle(drag, 1))
    swipe((x, y + 80), (x, y + 20), (x, y), (x, y))
    expect_dragged(box, drag, dials, drawn, 1, "a finger")
    assert page.evaluate("scrollY") == before, "the page scrolled under the finger"
    swipe((2, y + 80), (2, y + 20), (2, y), (2, y))
    page.wait_for_function("before => scrollY > before", arg=before)
    expect_dragged(box, drag, dials, drawn, 1, "a finger beside the axes")


def growth(name, number, drag):
    """Return by how many letters a sentence grows while a pointer moves across the picture."""
    dials, drawn = payloads(name)[number]
    across, up = drag["turns"]
    if not across:
        return 0
    position, lengths = [dial["start"] for dial in dials], set()
    if up:
        position[up["dial"]] = len(up["at"]) // 2
    for place in range(len(across["at"])):
        position[across["dial"]] = place
        lengths.add(len(at(drawn, dials, position)[1]))
    return max(lengths) - min(lengths)


def test_a_picture_stays_under_the_pointer_when_its_sentence_grows(visit):
    name, number, drag = max(draggable(), key=lambda one: growth(*one))
    page = visit(name, viewport={"width": 390, "height": 844})
    box = page.locator(".knobs").nth(number)
    stage, sentence = box.locator(".stage"), box.locator(".sentence")
    top = "stage => stage.getBoundingClientRect().top"
    # In a narrow column a few letters more take a line more.
    sentence.evaluate("sentence => { sentence.style.width = '8em'; }")
    box.evaluate(  # so far down that the end of the box pushes its picture up
        """box => {
          box.scrollIntoView({ block: "start" });
          const { bottom } = box.getBoundingClientRect();
          const top = bottom - box.querySelector(".stage").offsetHeight - 20;
          scrollBy({ top, behavior: "instant" });
        }"""
    )
    before, heights = stage.evaluate(top), set()
    page.mouse.move(*spot(box, *middle(drag)))
    page.mouse.down()
    places = len(drag["turns"][0]["at"])
    for shift in range(-(places // 2), places - places // 2):
        page.mouse.move(*spot(box, *middle(drag, shift)))
        page.wait_for_function("() => new Promise(requestAnimationFrame)")
        assert stage.evaluate(top) == pytest.approx(before, abs=4), shift  # a line has 26 px
        heights.add(sentence.bounding_box()["height"])
    assert len(heights) > 1


def test_a_drag_is_announced_once(visit):
    name, number, drag = draggable()[0]
    page = visit(name)
    box = page.locator(".knobs").nth(number)
    page.evaluate(HEARD.replace(".knobs .sentence", ".knobs[data-drag] .sentence"))
    box.locator(".bar").scroll_into_view_if_needed()
    page.mouse.move(*spot(box, *middle(drag)))
    page.mouse.down()
    page.mouse.move(*spot(box, *middle(drag, 3)), steps=6)
    assert page.evaluate("heard") == []
    page.mouse.up()
    page.wait_for_function("heard.length")
    assert page.evaluate("heard") == [box.locator(".sentence").text_content()]


def played():
    """Return a page whose first picture has a slider, the number of the slider, and its dial."""
    for name in KNOBBED:
        for number, dial in enumerate(payloads(name)[0][0]):
            if dial["kind"] != "choice":
                return name, number, dial


def test_play_runs_to_the_end_and_reset_goes_back(visit):
    name, number, dial = played()
    page = visit(name, lambda page: page.clock.install())
    page.clock.pause_at("2100-01-01")
    box = page.locator(".knobs").first
    row = box.locator(".dial").nth(number)
    play = box.locator(".play")
    reset = box.get_by_role("button", name="Reset")
    last = len(dial["texts"]) - 1
    assert reset.get_attribute("aria-disabled") == "true"
    play.click()
    assert play.text_content() == "Pause"
    page.clock.run_for(125 - 1)
    assert row.evaluate(SET)[1] == dial["texts"][dial["start"]], "more than 8 positions a second"
    page.clock.run_for(60_000)
    assert row.evaluate(SET)[1] == dial["texts"][last]
    assert play.text_content() == "Play"
    assert reset.get_attribute("aria-disabled") == "false"
    play.click()
    page.clock.run_for(600)
    assert row.evaluate(SET)[1] != dial["texts"][last], "from the end it begins again"
    play.click()
    reset.click()
    page.clock.run_for(60_000)
    assert row.evaluate(SET)[1] == dial["texts"][dial["start"]]
    assert reset.get_attribute("aria-disabled") == "true"
    assert page.evaluate("document.activeElement.textContent") == "Reset"


@pytest.mark.parametrize(
    "touch",
    [
        lambda page: page.keyboard.press("Tab"),
        lambda page: page.mouse.click(2, 400),
        lambda page: page.evaluate("scrollTo(0, document.body.scrollHeight)"),
        lambda page: page.emulate_media(reduced_motion="reduce"),
    ],
    ids=["key", "click", "scrolled away", "reduced motion"],
)
def test_play_stops_when_the_reader_does_something(visit, touch):
    page = visit(played()[0])
    play = page.locator(".play").first
    play.click()
    assert play.text_content() == "Pause"
    touch(page)
    page.wait_for_function("document.querySelector('.play').textContent === 'Play'")
    assert page.locator(".knobs .sentence[aria-busy]").count() == 0


def test_under_reduced_motion_nothing_plays(visit):
    page = visit(played()[0], reduced_motion="reduce")
    assert page.locator(".play:visible").count() == 0
    assert page.get_by_role("button", name="Reset").first.is_visible()


# Returns "" if the picture and the control that has the focus can be seen, whole.
TOGETHER = """() => {
  const control = document.activeElement;
  const row = control.closest(".knobs fieldset label, .knobs .dial, .knobs button");
  const picture = control.closest(".knobs").querySelector(".stage");
  const header = document.querySelector(".bd-header-article").getBoundingClientRect().bottom;
  const [above, below] = [picture, row].map((part) => part.getBoundingClientRect());
  return above.top >= header - 1 && below.top >= above.bottom - 1 && below.bottom <= innerHeight + 1
    ? "" : `${row.textContent}: ${[header, above.top, above.bottom, below.top, below.bottom]}`;
}"""
# Gives the focus to each control, there and back; returns what TOGETHER says of each.
WALK = """async (boxes) => {
  const wrong = [];
  for (const box of boxes) {
    const stops = [...box.querySelectorAll("input[type=range], :checked, .bar button")]
      .filter((stop) => stop.checkVisibility());
    for (const stop of [...stops, ...stops.toReversed()]) {
      document.activeElement.blur(); // or nothing would scroll to what has the focus already
      stop.focus();
      let apart;
      for (let n = 0; n < 300 && (apart = (TOGETHER)()); n++) // scrolling is smooth
        await new Promise(requestAnimationFrame);
      if (apart) wrong.push(apart);
    }
  }
  return wrong;
}""".replace("TOGETHER", TOGETHER)
SIZES = ((1280, 800), (640, 400), (390, 844))


@pytest.mark.parametrize("name", KNOBBED)
def test_a_control_that_has_the_focus_is_seen_with_its_picture(visit, name):
    page = visit(name)
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        apart = page.locator(".knobs").evaluate_all(WALK)
        assert not apart, f"{name} at {width} × {height}: {apart}"
    controls = page.locator(".dials :is(button, input[type=range], fieldset label):visible")
    small = controls.evaluate_all(
        "all => all.filter((c) => Math.min(c.offsetWidth, c.offsetHeight) < 24)"
        ".map((c) => `${c.textContent}: ${c.offsetWidth} × ${c.offsetHeight} px`)"
    )
    assert controls.count()
    assert not small, f"{name} has controls too small for a finger: {small}"


def test_tab_leads_through_the_controls_of_a_picture(visit):
    page = visit(KNOBBED[0])
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        for box in page.locator(".knobs").all():
            stops = box.locator("input[type=range], :checked, .bar button:visible").count()
            box.locator("input[type=range], :checked").first.focus()
            page.keyboard.press("Shift+Tab")
            for key in [*["Tab"] * stops, *["Shift+Tab"] * (stops - 1)]:
                page.keyboard.press(key)
                assert page.evaluate("document.activeElement.closest('.knobs') !== null")
                page.wait_for_function(f"({TOGETHER})() === ''")


def test_nothing_is_unpacked_before_it_is_used(visit):
    watch = """window.unpacked = 0;
      const Stream = DecompressionStream;
      window.DecompressionStream = function (kind) { unpacked++; return new Stream(kind); }"""
    page = visit(KNOBBED[0], lambda page: page.add_init_script(watch))
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.wait_for_timeout(100)
    assert page.evaluate("unpacked") == 0
    page.locator(".dial input").first.focus()
    assert page.evaluate("unpacked") == 1
    page.keyboard.press("Home")
    page.locator(".knobs").first.hover()
    assert page.evaluate("unpacked") == 1


def check_words_of_pictures(page, name):
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 800})
        wrong = page.locator("svg.picture").evaluate_all(LABELS)
        assert not wrong, f"{name} at {width} px: {wrong}"


def check_colours_of_pictures(page, name, theme):
    ink = color(page.locator("main"))
    assert is_dark(ink) == (theme == "light"), f"{name} in {theme} has text in {ink}"
    ground = page.locator("body").evaluate("part => getComputedStyle(part).backgroundColor")
    for picture in page.locator("svg.picture").all():
        label = picture.get_attribute("aria-label")
        weak = {c for c in picture.evaluate(INK) if contrast(c, ground) < 4.5}
        assert not weak, f"{label!r} in {theme} has words in {weak} on {ground}"


def check_height(page, name):
    """No height is guessed: a page is as high when it has been read as when it came."""
    before, after = page.evaluate(SCROLL)
    assert before == after, f"{name} is {before} px high, and {after} px at its end"


def check_print(page, name):
    """Paper shows pictures and sentences without sliders, and follows no dark theme."""
    elsewhere = page.locator(".paper")
    assert not elsewhere.count() or not elsewhere.is_visible()
    page.emulate_media(media="print")
    if page.locator(".knobs").count():
        assert elsewhere.is_visible(), f"{name} in print asks for turns that only the page can do"
    leads = page.locator("article :is(p:has(+ .cell), p:has(+ div.math))").evaluate_all(TORN)
    assert not leads, f"{name} may leave on the page before a part of {leads}"
    for box in page.locator(".knobs").all():
        for what in ("svg.picture", ".sentence"):
            assert box.locator(what).is_visible(), f"{name} in print does not show {what}"
        sliders = box.locator("input:visible").count()
        assert sliders == 0, f"{name} in print shows {sliders} sliders"
        for row in box.locator(".dial").all():
            said = " ".join(row.inner_text().split())
            label, value = row.evaluate(SET)
            assert said == f"{label} {value}", f"{name} in print says {said!r}"
    words = page.locator("article :is(p, h2, p code, p > a, .highlight pre, .highlight span)")
    inks = words.evaluate_all(INKS)
    weak = {pair: round(contrast(*pair), 1) for pair in map(tuple, inks) if contrast(*pair) < 4.5}
    assert not weak, f"{name} in the dark theme prints words that are hard to read: {weak}"
    page.emulate_media(media="screen")


def check_widths(page, name):
    """No line of code is cut, and a phone scrolls nothing sideways but what cells print."""
    for width, media in ((720, "print"), (1280, "screen"), (390, "screen"), (320, "screen")):
        page.emulate_media(media=media)
        page.set_viewport_size({"width": width, "height": 844})
        cut = page.locator("span.math").evaluate_all(BEHEADED)
        assert not cut, f"{name}, {width} px on {media}: cut at the top are {cut}"
        if width != 320:
            code = page.locator("div.highlight, div.highlight pre")
            if width == 390:
                code = code.and_(page.locator(":not(.output *)"))
            cut = code.evaluate_all(CUT)
            assert not cut, f"{name}, {width} px on {media}: lines do not fit in {cut}"
            split = page.locator("div.highlight .c1").evaluate_all(SPLIT)
            assert not split, f"{name}, {width} px on {media}: lines end within {split}"
        if width < 720:
            came, room = page.evaluate(
                "[document.scrollingElement.scrollWidth, document.scrollingElement.clientWidth]"
            )
            assert came <= room == width, f"{name} is {came} px wide on a screen of {room}"
            wide = page.locator(WIDE).evaluate_all(TOO_WIDE)
            assert not wide, f"{name} on {width} px: wider than the screen are {wide}"
    page.set_viewport_size({"width": 1280, "height": 844})


def check_names_of_pictures(page, name):
    pictures = page.locator("svg.picture")
    named = page.get_by_role("img", name=re.compile(r"\w")).and_(pictures).count()
    assert named == pictures.count(), f"{named} of {pictures.count()} pictures on {name} have names"


def check_axe(page, name, options, context=None):
    # What passes is slow to list.
    found = Axe().run(page, context, {"resultTypes": ["violations"], **options})
    assert not found.violations_count, f"{name}:\n{found.generate_report()}"


def switch(page, theme):
    """Let the reader's system change between light and dark."""
    page.emulate_media(color_scheme=theme)
    page.locator(f"html[data-theme={theme}]").wait_for()


@every_page
def test_a_page_can_be_seen(visit, name):
    """To open a page costs most, so all that looks at it follows; what changes it comes last."""
    page = visit(name, color_scheme="light")
    if name.startswith("search.html"):
        page.locator(".search-summary", has_text="finished").wait_for()
        page.wait_for_function(SETTLED, polling=500)  # what is found is fetched, and cited
    check_height(page, name)
    check_words_of_pictures(page, name)
    for theme in ("light", "dark"):
        switch(page, theme)
        check_colours_of_pictures(page, name, theme)
    check_print(page, name)
    page.evaluate(UNFOLD)
    check_widths(page, name)
    check_names_of_pictures(page, name)
    for theme in ("dark", "light"):
        switch(page, theme)
        page.evaluate(LOOKS)
    page.evaluate(FLATTEN)
    for theme in ("light", "dark"):
        switch(page, theme)
        check_axe(page, f"{name} in {theme}", {"runOnly": ["color-contrast"]}, "[data-look]")
    page.keyboard.press("Shift")  # the theme then looks which boxes can be scrolled
    check_axe(page, name, {"rules": {"color-contrast": {"enabled": False}}})
