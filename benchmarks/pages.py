"""Pages and knobs in the browser

Lighthouse opens five pages three times on its mobile profile, a slow phone on a slow network; the
median of each score is given. The bytes are those that come over the network, compressed: when the
page is the first that a reader opens, without the payload of its knobs; and when it is the next
one, without its pictures.

Then each knob is turned twice through all its positions, and the second time is looked at. The
table gives the number of positions and the bytes that all of them take in the page, and how long
the script runs for a turn: the median, and the time that 95 % of the turns stay below. At most one
frame of a screen, 16.7 ms, is wanted.
"""

from math import prod
from statistics import median, quantiles

from benchmarks.report import table, verdict
from tests.browser import browser, serve, weigh
from tools.lighthouse import BOOK, FLOORS, judge

LIMITS = {"first page, bytes": 250_000, "next page, bytes": 60_000}
FRAME = 16.7  # milliseconds

# Turns each knob through all its positions; returns the milliseconds of script for each turn.
CLOCK = """async (box) => {
  const times = [];
  for (const input of box.querySelectorAll("input")) {
    const start = input.value;
    for (const value of [...Array(Number(input.max) + 1).keys(), start]) {
      input.value = value;
      const before = performance.now();
      input.dispatchEvent(new Event("input", { bubbles: true }));
      await null;
      times.push(performance.now() - before);
    }
  }
  return times;
}"""
DIALS = """(box) => [...box.querySelectorAll(".dials label")].map((dial) =>
  [dial.firstChild.textContent, Number(dial.querySelector("input").max) + 1])"""


def lighthouse(url, chromium):
    """Return the table of five pages."""
    scores = judge()
    goals = [
        "target",
        *(f"at least {floor}" for floor in FLOORS.values()),
        *(f"at most {limit:,}" for limit in LIMITS.values()),
    ]
    rows = [
        [
            page,
            *found.values(),
            *map("{:,}".format, weigh(chromium, url, BOOK, f"book/{page}.html")),
        ]
        for page, found in scores.items()
    ]
    return table(["page", *FLOORS, *LIMITS], [*rows, goals])


def knobs(url, chromium):
    """Return the table of all knobs."""
    rows = []
    for file in sorted(BOOK.glob("book/*.html")):
        page = chromium.new_page()
        page.goto(f"{url}/book/{file.name}")
        for box in page.locator(".knobs").all():
            box.scroll_into_view_if_needed()
            labels, counts = zip(*box.evaluate(DIALS))
            payload = len(box.locator("script.layers").text_content())
            box.locator("input").first.dispatch_event("input")
            box.evaluate("() => new Promise((done) => setTimeout(done, 300))")  # it unpacks
            box.evaluate(CLOCK)
            times = box.evaluate(CLOCK)
            *_, slow = quantiles(times, n=20)
            where = [file.stem, " × ".join(labels), f"{prod(counts):,}", f"{payload:,}"]
            times = [f"{median(times):.1f} ms", f"{slow:.1f} ms"]
            rows.append([*where, *times, *verdict(slow, FRAME)])
        page.close()
    head = ["page", "knobs", "positions", "bytes", "median", "95 % below", "target", ""]
    return table(head, rows)


def measure():
    """Return the section's tables."""
    with serve(BOOK) as url, browser() as chromium:
        return [lighthouse(url, chromium), knobs(url, chromium)]
