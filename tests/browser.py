"""A browser and a server for the tests and the screenshots."""

import gzip
import re
import shutil
import threading
import time
from contextlib import contextmanager, suppress
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path

from playwright.sync_api import sync_playwright

KNOBS = re.compile(r'<script type="text/plain" class="layers">.*?</script>', re.S)
PICTURES = re.compile(r'<svg (?:class="picture"|[^>]*aria-hidden="true").*?</svg>', re.S)
# Opens everything that a page holds back until the reader has guessed.
SHOW_ME = """for (const button of document.querySelectorAll(".quiz-note button")) button.click()"""


COMPRESSED = (".html", ".css", ".js", ".mjs", ".svg", ".wasm", ".json")
ARGUMENTS = ["--no-sandbox", "--disable-background-networking"]


class _Host(SimpleHTTPRequestHandler):
    """Sends text compressed, as the hosts of static pages do."""

    rate = None  # bytes a second
    turn = threading.Lock()

    def handle(self):
        with suppress(ConnectionError):  # the browser went on to another page
            super().handle()

    def send_head(self):
        file = Path(self.translate_path(self.path))
        if file.suffix not in COMPRESSED or not file.is_file():
            return super().send_head()
        body = gzip.compress(file.read_bytes(), mtime=0)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(file))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=600")
        self.end_headers()
        return BytesIO(body)

    def copyfile(self, source, outputfile):
        if not self.rate:
            return super().copyfile(source, outputfile)
        while piece := source.read(16_384):
            with self.turn:  # all files together come no faster
                outputfile.write(piece)
                time.sleep(len(piece) / self.rate)

    def log_message(self, *args):
        pass


@contextmanager
def serve(folder, rate=None):
    """Serve a folder on this machine, at most ``rate`` bytes a second; yield its address."""
    host = type("Host", (_Host,), {"rate": rate})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(host, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def installed():
    """Return the path of the system's Chromium, or None: best the one without windows.

    It takes a third of the processor time of the one with windows, which draws its toolbar, too.
    """
    names = ("chromium-headless-shell", "chromium", "google-chrome")
    return next(filter(None, map(shutil.which, names)), None)


def executable():
    """Return the path of a Chromium, for programs that start it themselves."""
    with sync_playwright() as playwright:
        return installed() or playwright.chromium.executable_path


@contextmanager
def browser():
    """Yield a headless Chromium: the system's if there is one, else Playwright's."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=installed(), args=ARGUMENTS)
        yield chromium
        chromium.close()


@cache
def opening(chromium, url, name):
    """Open a page alone; return ({address: bytes that came}, what was wrong with it)."""
    context, asked, heard = chromium.new_context(), [], []
    page = context.new_page()

    def refuse(route):
        heard.append(f"asked another host: {route.request.url}")
        route.abort()

    page.route(lambda address: not address.startswith(url), refuse)
    page.on("console", lambda m: m.type in ("error", "warning") and heard.append(m.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("requestfailed", lambda request: heard.append(f"failed: {request.url}"))
    page.on("response", lambda r: r.status >= 400 and heard.append(f"{r.status}: {r.url}"))
    page.on("requestfinished", lambda request: asked.append(request))
    page.goto(f"{url}/{name}", wait_until="networkidle")
    came = {request.url: request.sizes()["responseBodySize"] for request in asked}
    context.close()
    return came, heard


def weigh(chromium, url, folder, name):
    """Return the bytes of a page of a folder, as the first that is opened and as the next.

    As the first without the payload of its knobs; as the next without its pictures, too, and
    without what the browser has kept of the page before.
    """
    html = (folder / name).read_text()
    light = KNOBS.sub("", html)
    plain = PICTURES.sub("", light)
    whole, light, plain = (len(gzip.compress(text.encode())) for text in (html, light, plain))
    before = "gradients" if name == "book/circuits.html" else "circuits"
    came, _ = opening(chromium, url, name)
    kept, _ = opening(chromium, url, f"book/{before}.html")
    first = sum(came.values())
    following = sum(size for address, size in came.items() if address not in kept)
    return first - whole + light, following - whole + plain
