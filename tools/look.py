"""Take screenshots of every page of the book: light, dark and 390 px wide."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.browser import SHOW_ME, browser, serve  # noqa: E402

VIEWS = {
    "light": {"viewport": {"width": 1200, "height": 900}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1200, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "light"},
}


def main():
    book = Path("_build/html")
    out = Path("_build/look")
    out.mkdir(exist_ok=True)
    with serve(book) as url, browser() as chromium:
        for view, options in VIEWS.items():
            page = chromium.new_page(**options)
            for file in sorted(book.glob("book/*.html")):
                page.goto(f"{url}/book/{file.name}")
                page.evaluate(SHOW_ME)
                picture = out / f"{file.stem}-{view}.png"
                page.screenshot(path=picture, full_page=True)
                print(picture)


if __name__ == "__main__":
    main()
