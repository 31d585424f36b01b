"""Quizzes and guesses in a browser: nothing is told early, nothing chosen is lost."""

import json
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from nnutils.exercises import CHAPTERS, find
from nnutils.plots import percent
from nnutils.quiz import typeset
from tests.browser import browser, serve

BOOK = Path(__file__).parents[1] / "_build" / "html"
BUILT = [name for name in CHAPTERS if (BOOK / "book" / f"{name}.html").exists()]
TWO = [name for name in ("circuits", "gradient-descent") if name in BUILT]
two_pages = pytest.mark.parametrize("name", TWO)
# Storage that is missing, blocked, full, or holds something else.
STORAGES = {
    "missing": "delete window.localStorage; delete window.Storage;"
    "Object.defineProperty(window, 'localStorage', { value: undefined, configurable: true });",
    "blocked": "Object.defineProperty(window, 'localStorage', { get() { throw new Error('no'); },"
    "configurable: true });",
    "full": "Storage.prototype.setItem = () => { throw new DOMException('QuotaExceededError'); };",
    "shared": "for (const key of ['quiz circuits', 'guess circuits.direction', "
    "'guess circuits.tries']) localStorage.setItem(`wire-by-wire ${key}`, KEPT);",
}
HEIGHTS = """(parts) => parts.map((part) => part.getBoundingClientRect().height)"""


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

    def visit(name, before="", **options):
        contexts.append(chromium.new_context(**options))
        page = contexts[-1].new_page()
        page.faults = []
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        if before:
            page.add_init_script(before)
        page.goto(f"{url}/book/{name}.html")
        return page

    yield visit
    for context in contexts:
        context.close()


def kept(page, key):
    return json.loads(page.evaluate("key => localStorage.getItem(`wire-by-wire ${key}`)", key))


def explained(fieldset):
    return fieldset.locator(".why:visible").all_text_contents()


def check_by_keyboard(page, fieldset, question):
    """Go through all choices by keyboard, forth to browse and back to check each."""
    radios = fieldset.get_by_role("radio").all()
    radios[0].focus()
    page.keyboard.press("Space")
    for radio in radios:
        assert radio.is_checked()
        assert explained(fieldset) == [], "To move among the choices explains one."
        page.keyboard.press("ArrowDown")
    for choice, why in question.choices.items():
        page.keyboard.press("Tab")
        assert explained(fieldset) == []
        page.keyboard.press("Enter")
        right = choice == question.answer
        assert (
            fieldset.locator(".verdict:visible")
            .text_content()
            .endswith("✓Right." if right else "✗Not quite.")
        )
        assert explained(fieldset) == [percent(typeset(why))], f"{choice!r}"
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("ArrowDown")


# Chooses and checks each choice; returns what was explained before the check, and after it.
CHECK = """(fieldset) => {
  const seen = (parts) => [...fieldset.querySelectorAll(parts)].filter((part) =>
    part.checkVisibility({ visibilityProperty: true }));
  const words = () => seen(".why, .verdict").map((part) => part.textContent.trim());
  return [...fieldset.querySelectorAll("input[type=radio]")].map((radio) => {
    radio.click();
    const early = words();
    seen("summary")[0].click();
    return [early, words()];
  });
}"""


# A quiz is HTML and CSS alone. On one page we see that scripts do it no harm.
@pytest.mark.parametrize("script", [False, True])
def test_a_question_is_answered_by_keyboard(visit, script):
    page = visit(BUILT[0], java_script_enabled=script)
    for fieldset, question in zip(page.locator(".quiz fieldset").all(), asked(BUILT[0])):
        check_by_keyboard(page, fieldset, question)


def asked(name):
    chapter = find(name)
    return [*chapter.GUESSES.values(), *chapter.QUIZ]


@pytest.mark.parametrize("name", BUILT)
def test_a_question_explains_exactly_what_is_checked(visit, name):
    page = visit(name, java_script_enabled=False)
    assert page.locator(".why:visible").count() == 0
    for fieldset, question in zip(page.locator(".quiz fieldset").all(), asked(name), strict=True):
        came = fieldset.evaluate(CHECK)
        for (choice, why), (early, said) in zip(question.choices.items(), came, strict=True):
            assert early == [], f"{choice!r} is explained before it is checked"
            verdict = "✓Right." if choice == question.answer else "✗Not quite."
            assert said == [verdict, percent(typeset(why))], f"{choice!r} gets {said}"


@two_pages
def test_what_can_be_pressed_is_24_px_high(visit, name):
    page = visit(name, viewport={"width": 390, "height": 844})
    for label in page.locator(".quiz label:first-of-type").all():
        label.click()
    pressed = page.locator(".quiz input, .quiz label, .quiz summary:visible, .quiz-note button")
    assert min(pressed.evaluate_all(HEIGHTS)) >= 24


@two_pages
def test_wrapped_choices_hang(visit, name):
    page = visit(name, viewport={"width": 390, "height": 844})
    long = max(find(name).QUIZ, key=lambda q: max(map(len, q.choices)))
    label = page.locator(".quiz label", has_text=typeset(max(long.choices, key=len)))
    lines = label.evaluate(
        "label => { const all = document.createRange(); all.selectNodeContents(label);"
        "return [...all.getClientRects()].map((line) => line.left) }"
    )
    assert len(lines) > 1
    assert len(set(lines)) == 1


@two_pages
def test_a_quiz_is_counted_and_kept(visit, name):
    page = visit(name)
    score = page.locator(".quiz-score")
    assert not score.is_visible()
    questions = find(name).QUIZ
    wrong = next(choice for choice in questions[1].choices if choice != questions[1].answer)
    answers = [(0, questions[0].answer), (1, wrong), (1, questions[1].answer)]
    for number, choice in answers:
        fieldset = page.locator("[data-quiz] fieldset").nth(number)
        fieldset.get_by_text(typeset(choice), exact=True).click()
        fieldset.locator("summary:visible").click()
    words = f"2 of {len(questions)} questions answered, 1 right at the first try."
    score.get_by_text(words).wait_for()
    assert {"of": len(questions), "answered": 2, "right": 1}.items() <= kept(
        page, f"quiz {name}"
    ).items()
    page.reload()
    score.get_by_text(words).wait_for()
    for number in (0, 1):
        fieldset = page.locator("[data-quiz] fieldset").nth(number)
        why = questions[number].choices[questions[number].answer]
        assert explained(fieldset) == [percent(typeset(why))]
    score.get_by_role("button", name="Start over").click()
    assert page.locator(".why:visible").count() == 0
    page.reload()
    assert page.locator(".quiz :checked").count() == 0
    assert not score.is_visible()
    assert not page.faults


def test_an_answer_to_a_question_that_has_changed_is_forgotten(visit):
    page = visit("circuits")
    first = page.locator("[data-quiz] fieldset").first
    first.locator("label").first.click()
    first.locator("summary:visible").click()
    page.locator(".quiz-score").wait_for()
    key = "wire-by-wire quiz circuits"
    page.evaluate(
        """key => { const kept = localStorage.getItem(key);
        localStorage.setItem(key, kept.replace(/"checked":{"[^"]*"/, '"checked":{"00000000"')) }""",
        key,
    )
    page.reload()
    assert page.locator(".quiz :checked").count() == 0
    assert not page.faults


def test_two_tabs_keep_what_either_has_checked(visit):
    page = visit("circuits")
    other = page.context.new_page()
    other.goto(page.url)
    for tab, number in ((page, 0), (other, 1)):
        fieldset = tab.locator("[data-quiz] fieldset").nth(number)
        fieldset.locator("label").first.click()
        fieldset.locator("summary:visible").click()
        tab.locator(".quiz-score").wait_for()
    page.reload()
    page.locator(".quiz-score").get_by_text("2 of").wait_for()


def answers_in_view(page):
    """Return how many sentences, pictures and controls of knobs that follow a guess are seen."""
    seen = ".sentence:visible, svg:visible, input:visible"
    return sum(box.locator(seen).count() for box in page.locator(".knobs").all()[1:])


@two_pages
def test_the_answer_waits_until_a_guess_is_made(visit, name):
    page = visit(name)
    guesses = page.locator("[data-guess]").all()
    # The picture under the title waits for no guess.
    assert len(guesses) == page.locator(".knobs").count() - 1 == len(find(name).GUESSES)
    assert page.locator(".knobs .sentence").first.is_visible()
    assert answers_in_view(page) == 0
    for number, guess in enumerate(guesses):
        box = page.locator(".knobs").nth(number + 1)
        choices = guess.get_by_role("radio")
        choices.first.focus()
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
        assert not box.locator(".sentence").is_visible(), "To move among choices shows the answer."
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        box.locator(".sentence").wait_for()
        assert guess.locator(".why").nth(1).is_visible()
        assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    assert page.locator(".quiz-note, .quiz-held").count() == 0
    page.reload()
    for number, guess in enumerate(guesses):
        assert guess.get_by_role("radio").nth(1).is_checked()
        guess.scroll_into_view_if_needed()  # what is far from the screen is drawn later
        guess.locator(".why").nth(1).wait_for()
        assert page.locator(".knobs .sentence").nth(number + 1).is_visible()
    assert not page.faults


@two_pages
def test_show_me_shows_without_a_guess_and_is_kept(visit, name):
    page = visit(name)
    page.get_by_role("button", name="Show me").first.click()
    assert page.locator(".knobs .sentence").nth(1).is_visible()
    assert page.evaluate("document.activeElement.querySelector('.knobs') !== null")
    assert page.locator(".quiz :checked").count() == 0
    page.reload()
    assert page.locator(".knobs .sentence").nth(1).is_visible()
    assert page.get_by_role("button", name="Show me").count() == len(find(name).GUESSES) - 1


@two_pages
def test_nothing_waits_without_script_or_on_paper(visit, name):
    page = visit(name, java_script_enabled=False)
    knobs = 1 + len(find(name).GUESSES)
    assert page.locator(".knobs .sentence:visible").count() == knobs
    page = visit(name)
    page.emulate_media(media="print")
    assert page.locator(".knobs .sentence:visible").count() == knobs
    assert page.locator(".knobs svg.picture:visible").count() == knobs
    assert page.locator(".quiz-note:visible, .quiz .hint:visible").count() == 0
    questions = [*find(name).GUESSES.values(), *find(name).QUIZ]
    whys = [percent(typeset(why)) for question in questions for why in question.choices.values()]
    assert page.locator(".why:visible").all_text_contents() == whys
    assert page.locator(".quiz .verdict:visible").count() == len(whys)
    assert page.locator(".quiz .check:visible").count() == 0


def test_a_link_into_what_waits_opens_it(visit):
    page = visit("circuits")
    page.evaluate("document.querySelector('.quiz-held').firstElementChild.id = 'target'")
    page.evaluate("location.hash = '%E0%A4%A'")
    assert answers_in_view(page) == 0
    page.evaluate("location.hash = 'target'")
    page.locator(".knobs .sentence").nth(1).wait_for()
    assert not page.faults


def test_the_browsers_own_search_opens_it(visit):
    page = visit("circuits")
    page.locator(".quiz-held").first.dispatch_event("beforematch", {"bubbles": True})
    page.locator(".knobs .sentence").nth(1).wait_for()


@pytest.mark.parametrize(
    "before",
    [STORAGES["missing"], STORAGES["blocked"], STORAGES["full"]]
    + [STORAGES["shared"].replace("KEPT", repr(k)) for k in ("null", "5", "[1]", "{", '"x"')]
    + [
        STORAGES["shared"].replace("KEPT", repr(k)) for k in ('{"checked": 5}', '{"checked": [{}]}')
    ],
)
def test_without_storage_everything_else_works(visit, before):
    page = visit("circuits", before)
    assert answers_in_view(page) == 0
    for box in (page.locator("[data-guess]").first, page.locator("[data-quiz] fieldset").first):
        box.locator("label").first.click()
        box.locator("summary:visible").click()
        assert box.locator(".why").first.is_visible()
    page.locator(".knobs .sentence").nth(1).wait_for()
    page.locator(".quiz-score").get_by_text("1 of 5 questions answered").wait_for()
    assert not page.faults


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_what_is_asked_and_waits(visit, theme):
    page = visit("circuits", color_scheme=theme)
    found = Axe().run(page, context={"include": [[".quiz"], [".quiz-note"]]})
    assert not found.violations_count, found.generate_report()


@two_pages
def test_translation_loses_no_answer(visit, name):
    """A translator of the browser rewrites texts; answers are known by something else."""
    page = visit(name)
    page.evaluate(
        "for (const part of document.querySelectorAll('.quiz legend, .quiz label'))"
        "part.textContent = 'Umdrehung'"
    )
    first = page.locator("[data-quiz] fieldset").first
    first.locator("label").nth(1).click()
    first.locator("summary:visible").click()
    page.locator(".quiz-score").wait_for()
    page.reload()
    assert first.get_by_role("radio").nth(1).is_checked()
