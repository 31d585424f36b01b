"""The landing page and the pad in a browser: begin, draw, drag, let it learn, choose a chapter."""

import json
import re
from pathlib import Path

import nbformat
import numpy as np
import pytest
import yaml

from tests.browser import browser, serve
from tests.test_digit import HAND, digit

ROOT = Path(__file__).parents[1]
BOOK = ROOT / "_build" / "html"
LANDING, DIGITS = "book/index.html", "book/digits.html"
SIZES = {"desk": {"width": 1280, "height": 800}, "phone": {"width": 390, "height": 844}}
CHAPTERS = [
    Path(page["file"]).name
    for part in yaml.safe_load((ROOT / "_toc.yml").read_text())["parts"]
    for page in part["chapters"]
    if (ROOT / f"{page['file']}.ipynb").exists()
]

SHARES = """(bars) => bars.map((bar) => Number(bar.style.getPropertyValue("--share")))"""
# Presses each button; returns what is shown then: shares, digit, sentence, which is pressed.
PRESS_EACH = """(buttons) => buttons.map((button) => {
  button.click();
  const pad = button.closest(".pad");
  const all = (name) => [...pad.querySelectorAll(name)];
  return [
    all(".pad-bar").map((bar) => Number(bar.style.getPropertyValue("--share"))),
    pad.querySelector(".pad-best .pad-digit").textContent,
    pad.querySelector(".pad-sentence").textContent,
    all('[aria-pressed="true"]').map((pressed) => Number(pressed.ariaLabel.at(-1))),
  ];
})"""
# Returns how long the script works for one more stroke, in the median of 20.
FRAME = """async ([x0, y0, x1, y1]) => {
  const paper = document.querySelector(".pad-paper");
  const took = [];
  const own = window.requestAnimationFrame;
  window.requestAnimationFrame = (task) => own((now) => {
    const start = performance.now();
    task(now);
    took.push(performance.now() - start);
  });
  paper.setPointerCapture = paper.hasPointerCapture = () => true;
  const send = (kind, clientX, clientY) => paper.dispatchEvent(
    new PointerEvent(kind, { clientX, clientY, isPrimary: true, pointerId: 7 }));
  send("pointerdown", x0, y0);
  for (let n = 1; n <= 20; n++) {
    send("pointermove", x0 + ((x1 - x0) * n) / 20, y0 + ((y1 - y0) * n) / 20);
    await new Promise((done) => own(() => own(done)));
  }
  return took.sort((a, b) => a - b)[took.length >> 1];
}"""

# Returns where a click on the middle of a part leads.
HIT = """async (part) => {
  for (let n = 0; n < 3; n++) {
    part.scrollIntoView({ block: "center" });
    await new Promise((done) => requestAnimationFrame(done));
  }
  const { left, top, width, height } = part.getBoundingClientRect();
  const hit = document.elementFromPoint(left + width / 2, top + height / 2);
  return hit.closest("a").getAttribute("href");
}"""
# Returns the lines of each of some pictures.
LINES = """(pictures) => pictures.map((picture) =>
  [...picture.querySelectorAll("path")].map((path) => path.getAttribute("d")).join())"""

both_sizes = pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
both_pages = pytest.mark.parametrize("name", [LANDING, DIGITS])


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
    """Return a function that opens a page, with the options of a browser context."""
    contexts = []

    def visit(name=LANDING, media=None, stored=None, **options):
        contexts.append(chromium.new_context(**options))
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: pytest.fail(str(error)))
        if stored is not None:
            page.add_init_script(
                f'localStorage.setItem("wire-by-wire place", {json.dumps(stored)})'
            )
        if media:
            page.emulate_media(**media)
        page.goto(f"{url}/{name}")
        return page

    yield visit
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def probabilities():
    return digit.train(ROOT)[1]


def shares(page):
    return page.locator(".pad-bar").evaluate_all(SHARES)


def sentence(page):
    return page.locator(".pad-sentence").text_content()


def frame(part):
    part.scroll_into_view_if_needed()
    return part.bounding_box()


def draw(page, strokes):
    """Draw with the mouse, on the paper of 100 × 100."""
    box = frame(page.locator(".pad-paper"))
    for stroke in strokes:
        points = [
            (box["x"] + x / 100 * box["width"], box["y"] + y / 100 * box["height"])
            for x, y in stroke
        ]
        page.mouse.move(*points[0])
        page.mouse.down()
        for point in points[1:]:
            page.mouse.move(*point, steps=2)
        page.mouse.up()


def wait_for(page, pattern, part=".pad-sentence"):
    page.locator(part).filter(has_text=re.compile(pattern)).wait_for()


# The pad


@both_pages
def test_script_and_package_read_twenty_pictures_alike(visit, probabilities, name):
    page = visit(name)
    examples = json.loads(page.locator(".pad-network").text_content())["examples"]
    shown = page.locator(".pad-examples button").evaluate_all(PRESS_EACH)
    assert len(shown) == len(examples) == 20
    for (came, best, said, pressed), example in zip(shown, examples, strict=True):
        counts = np.array([[ord(letter) - ord("a") for letter in example["counts"]]])
        (expected,) = probabilities(counts)
        np.testing.assert_allclose(came, expected, rtol=0, atol=1e-3)
        assert best == str(np.argmax(expected))
        assert re.search(rf"(reads|leans to) {best}, ", said)
        assert f"asked for {example['label']}" in said
        assert ("a mistake" in said) == (best != str(example["label"]))
        assert pressed == [example["label"]]


@pytest.mark.parametrize(
    ("size", "digits"), [(SIZES["desk"], range(10)), (SIZES["phone"], [4, 8])], ids=SIZES
)
def test_digits_drawn_with_the_mouse_are_read(visit, size, digits):
    page = visit(viewport=size)
    read = []
    for drawn in digits:
        page.get_by_role("button", name="Clear").click()
        assert "Nothing is drawn yet" in sentence(page)
        assert shares(page) == [0] * 10
        draw(page, HAND[drawn])
        wait_for(page, "The network")
        assert sum(shares(page)) == pytest.approx(1, abs=1e-3)
        read.append(int(np.argmax(shares(page))))
    wrong = sum(came != drawn for came, drawn in zip(read, digits, strict=True))
    assert wrong <= 1, f"{list(digits)} were read as {read}"


def test_the_first_line_replaces_an_example(visit):
    page = visit()
    assert page.locator(".pad-scan path").count() > 0
    draw(page, HAND[0])
    wait_for(page, "reads 0")
    assert page.locator(".pad-scan path").count() == 0
    assert page.locator('.pad-examples [aria-pressed="true"]').count() == 0
    page.locator(".pad-examples button").nth(3).click()
    assert page.locator(".pad-lines").get_attribute("d") == ""


def test_a_digit_is_drawn_by_keyboard(visit):
    page = visit()
    page.get_by_role("button", name="Clear").focus()
    page.keyboard.press("Shift+Tab")
    paper = page.get_by_role("application", name="Paper to draw a digit on")
    assert paper.evaluate("paper => paper === document.activeElement")
    assert page.locator(".pad-pen").is_visible(), "the keyboard's pen is not shown"
    page.keyboard.press("Space")
    for _ in range(12):
        page.keyboard.press("ArrowDown")
    assert page.locator(".pad-pen").get_attribute("fill") == "currentColor"
    page.keyboard.press("Space")
    wait_for(page, "reads 1")
    page.keyboard.press("ArrowRight")
    assert page.locator(".pad-lines").get_attribute("d").count("M") == 1, "a lifted pen draws"
    page.keyboard.press("Backspace")
    wait_for(page, "Nothing is drawn yet")
    before = page.evaluate("scrollY")
    page.keyboard.press("Tab")
    assert not paper.evaluate("paper => paper === document.activeElement"), "Tab stays on the paper"
    assert page.evaluate("scrollY") == before


def touch(page, points):
    """Put a finger on the screen, move it, lift it."""
    session = page.context.new_cdp_session(page)
    for kind, at in [("touchStart", points[0]), *(("touchMove", at) for at in points[1:])]:
        session.send(
            "Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": at[0], "y": at[1]}]}
        )
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_finger_draws_and_does_not_scroll(visit):
    page = visit(viewport=SIZES["phone"], has_touch=True, is_mobile=True)
    box = frame(page.locator(".pad-paper"))
    before = page.evaluate("scrollY")
    x, y, tall = box["x"] + box["width"] / 2, box["y"], box["height"]
    touch(page, [(x, y + share / 20 * tall) for share in range(2, 19)])
    wait_for(page, "reads 1")
    assert page.evaluate("scrollY") == before


@both_pages
def test_without_script_a_picture_its_bars_and_a_sentence_stand_there(visit, name):
    still, moving = visit(name, java_script_enabled=False), visit(name)
    said, bars = sentence(still), still.locator(".pad-bars").inner_text()
    assert re.search(r"The network .* probability of \d+\s%", said)
    for part in (".pad-seen svg", ".pad-bars", ".pad-best .pad-bar", ".pad-sentence"):
        assert still.locator(part).is_visible(), f"{name} without script does not show {part}"
    for part in (".pad-paper", ".pad-clear", ".pad-keys"):
        assert not still.locator(part).is_visible(), f"{name} shows {part}, which cannot work"
    moving.locator('.pad-examples [aria-pressed="true"]').click()
    assert sentence(moving) == said
    assert moving.locator(".pad-bars").inner_text() == bars


@pytest.mark.parametrize(
    ("media", "hidden"),
    [
        ({"media": "print"}, True),
        ({"forced_colors": "active"}, False),
        ({"color_scheme": "dark"}, False),
    ],
    ids=["print", "forced colours", "dark"],
)
def test_bars_and_picture_are_seen(visit, media, hidden):
    page = visit(media=media)
    look = "part => [getComputedStyle(part).backgroundColor, part.getBoundingClientRect().height]"
    colour, height = page.locator(".pad-best .pad-bar").evaluate(look)
    paper = page.locator("body").evaluate("part => getComputedStyle(part).backgroundColor")
    assert colour not in (paper, "rgba(0, 0, 0, 0)")
    assert height > 20
    ink = page.locator(".pad-seen path").first.evaluate("part => getComputedStyle(part).fill")
    assert ink != paper
    assert page.locator(".pad-paper").is_visible() != hidden
    adjust = page.locator(".pad-best .pad-bar").evaluate(
        "part => getComputedStyle(part).printColorAdjust"
    )
    assert adjust == "exact"


def test_the_pad_works_from_a_file(chromium):
    page = chromium.new_page()
    page.goto((BOOK / DIGITS).as_uri())
    draw(page, HAND[0])
    wait_for(page, "reads 0")
    page.close()


def test_a_stroke_takes_less_than_a_frame(visit):
    page = visit()
    page.get_by_role("button", name="Clear").click()
    box = frame(page.locator(".pad-paper"))
    draw(page, HAND[8])
    took = page.evaluate(FRAME, [box["x"] + 30, box["y"] + 30, box["x"] + 90, box["y"] + 90])
    assert took < 16, f"a stroke took {took:.1f} ms"


# Begin


@both_sizes
def test_promise_hours_and_start_are_above_the_fold(visit, size):
    page = visit(viewport=size)
    parts = [page.locator("article p").first, page.locator(".start"), page.locator(".start-link")]
    for part in parts:
        box = part.bounding_box()
        assert box["y"] + box["height"] <= size["height"]
    minutes = page.locator(".chapter-foot").all_text_contents()[1:]
    times = zip(*(re.match(r"(\d+) \+ (\d+) minutes", text.strip()).groups() for text in minutes))
    reading, working = (round(sum(map(int, each)) / 60) for each in times)
    told = f"{len(CHAPTERS) - 1} chapters, about {reading} hours to read and {working} for"
    assert told in parts[1].inner_text()
    assert parts[2].get_attribute("href") == f"{CHAPTERS[1]}.html"


@pytest.mark.parametrize("width", [390, 1280])
def test_what_the_script_of_the_pad_shows_has_its_place_before(chromium, url, width):
    places = []
    for ready in (False, True):
        page = chromium.new_page(viewport={"width": width, "height": 844})
        if not ready:
            page.route("**/digit.js*", lambda route: route.abort())
        page.goto(f"{url}/{LANDING}")
        assert page.locator(".pad-draw").is_visible() == ready
        places.append(page.locator(".pad-bars").bounding_box())
        page.close()
    assert places[0] == places[1]


def test_who_is_new_to_python_begins_with_chapter_0(visit):
    page = visit()
    link = page.locator(".start").get_by_role("link", name="Begin with chapter 0")
    assert link.get_attribute("href") == f"{CHAPTERS[0]}.html"
    page.goto(link.evaluate("link => link.href"))
    assert page.locator("article h1").inner_text().startswith("0 ")
    assert (
        page.locator(".notebook")
        .inner_text()
        .startswith(f"Before the {len(CHAPTERS) - 1} chapters")
    )


@pytest.mark.parametrize(
    "place",
    [
        "book/gradients.html#a-check",
        "/sub/path/book/gradients.html#a-check",
        '{"page": "gradients.html#a-check", "time": 1}',
    ],
)
def test_who_was_here_before_goes_on_there(visit, place):
    page = visit(stored=place)
    link = page.locator(".start-link")
    assert link.inner_text() == "Continue: 2 Gradients"
    assert link.get_attribute("href") == "gradients.html#a-check"


@pytest.mark.parametrize(
    "place", ["", "null", "{}", "book/gone.html", 'a"]b.html', "https://example.invalid/x.html"]
)
def test_a_place_that_is_no_chapter_is_ignored(visit, place):
    page = visit(stored=place)
    assert page.locator(".start-link").inner_text() == "Start with chapter 1"
    assert page.get_by_role("button", name="Let it learn").count() == 1


# The line between the dots


def dials(page):
    return [int(dial.input_value()) for dial in page.locator(".knobs input[type=range]").all()]


def spot(page, x, y):
    """Return where a point of the plane is on the screen."""
    box = frame(page.locator(".knobs svg.picture"))
    return box["x"] + (x + 3) / 6 * box["width"], box["y"] + (3 - y) / 5.5 * box["height"]


def drag(page, *points):
    page.mouse.move(*spot(page, *points[0]))
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*spot(page, *point), steps=5)
    page.mouse.up()


def test_the_line_is_dragged_and_the_sliders_follow(visit):
    page = visit()
    said = page.locator(".learn-said")
    assert said.inner_text() == ""
    tilt, lift = dials(page)
    drag(page, (0, -0.9), (0, 0.3))
    wait_for(page, "of 12", ".knobs .sentence")
    assert dials(page) == [tilt, lift + 12]
    drag(page, (2, -1.3), (2, 1.3))
    assert dials(page) == [tilt + 13, lift + 12]
    wait_for(page, "^All 12", ".knobs .sentence")
    wait_for(page, "You did it", ".learn-said")
    drag(page, (0, 0.3), (0, -1.1))
    wait_for(page, "have rings", ".knobs .sentence")
    assert said.inner_text() == ""


def test_only_the_line_can_be_dragged(visit):
    page = visit()
    before = dials(page)
    drag(page, (2, 2), (2, 0))
    assert dials(page) == before


def test_a_finger_on_the_line_drags_it(visit):
    page = visit(viewport=SIZES["phone"], has_touch=True, is_mobile=True)
    before = dials(page)
    spot(page, 0, 0)  # which scrolls there
    top = page.evaluate("scrollY")
    touch(page, [spot(page, 0, -0.9 + step / 10) for step in range(13)])
    assert dials(page) == [before[0], before[1] + 12]
    assert page.evaluate("scrollY") == top


def test_solving_it_by_keyboard_says_so(visit):
    page = visit()
    for dial, presses in zip(page.locator(".knobs input[type=range]").all(), (13, 12), strict=True):
        dial.focus()
        for _ in range(presses):
            page.keyboard.press("ArrowRight")
    wait_for(page, "You did it", ".learn-said")


def test_it_learns_and_says_how(visit):
    page = visit()
    before = dials(page)
    page.get_by_role("button", name="Let it learn").click()
    wait_for(page, "The line has learned, in [0-9]+ small steps", ".learn-said")
    assert page.locator(".knobs .sentence").inner_text().startswith("All 12")
    assert dials(page) != before
    assert "You did it" not in page.locator(".learn-said").inner_text()
    assert page.get_by_role("button", name="Let it learn").is_visible()


def test_a_run_stops_when_it_is_told_to_or_a_knob_is_turned(visit):
    page = visit()
    page.get_by_role("button", name="Let it learn").click()
    page.get_by_role("button", name="Stop").click()
    stopped = dials(page)
    page.wait_for_timeout(400)
    assert dials(page) == stopped
    page.get_by_role("button", name="Let it learn").click()
    page.locator(".knobs input[type=range]").first.focus()
    page.keyboard.press("Home")
    turned = dials(page)
    page.wait_for_timeout(400)
    assert dials(page) == turned
    assert turned[0] == 0


def test_under_reduced_motion_it_learns_in_steps(visit):
    page = visit(reduced_motion="reduce")
    button = page.locator(".learn button")
    seen = []
    for _ in range(20):
        button.click()
        seen.append(dials(page))
        page.wait_for_timeout(150)
        assert dials(page) == seen[-1], "it moves by itself"
        if "has learned" in page.locator(".learn-said").inner_text():
            break
    assert 4 <= len(seen) <= 10
    assert page.locator(".knobs .sentence").inner_text().startswith("All 12")


# The chapters


def test_there_is_a_card_for_each_chapter(visit):
    page = visit()
    cards = page.locator(".chapter-card").all()
    assert [card.get_attribute("data-chapter") for card in cards] == CHAPTERS
    for number, (card, name) in enumerate(zip(cards, CHAPTERS, strict=True)):
        cells = nbformat.read(ROOT / "book" / f"{name}.ipynb", as_version=4).cells[:4]
        first = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
        title = card.locator(".chapter-title").text_content()
        subtitle = card.locator(".chapter-subtitle").text_content()
        assert first.startswith(f"# {title}\n\n*{subtitle}*\n")
        assert title.startswith(f"{number} ")
        times = re.search(r"\*About (\d+) minutes to read, (\d+) for the exercises\.\*", first)
        foot = card.locator(".chapter-foot").text_content().strip()
        assert foot == f"{times[1]} + {times[2]} minutes"
        assert card.locator(".chapter-picture svg").is_visible(), f"{name} has no picture"
        assert card.locator("a").get_attribute("href") == f"{name}.html"


def test_cards_have_no_legends(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "book" / "_ext"))
    from landing import without_legends

    page = (BOOK / LANDING).read_text()
    assert 'class="legend"' not in page
    whole = '<g><g class="legend"><g><path d="M 0 0"/></g></g><g><path d="M 1 1"/></g></g>'
    assert without_legends(whole) == '<g><g><path d="M 1 1"/></g></g>'


def test_no_two_cards_show_the_same_picture(visit):
    drawn = visit().locator(".chapter-picture svg").evaluate_all(LINES)
    assert len(set(drawn)) == len(drawn) == len(CHAPTERS)


def test_a_whole_card_is_a_link(visit):
    page = visit()
    picture = page.locator('.chapter-card[data-chapter="gradients"] .chapter-picture')
    assert picture.evaluate(HIT) == "gradients.html"
