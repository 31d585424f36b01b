"""Build the page of one chapter alone, in seconds: execute it, store what it prints, and check it.

``make chapter NAME=circuits`` does it once. ``make watch NAME=circuits`` shows the page to a
browser on this machine, builds it again after every change, and lets the browser reload it.
"""

import shutil
import subprocess
import sys
import threading
import time
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
from jupyter_cache import get_cache

from tools.notebooks import BOOK, store
from tools.serve import listen

ROOT = BOOK.parent
HOME = ROOT / "_build" / "chapter"
PAGES = HOME / "_build" / "html"
SHARED = ("_config.yml", "nnutils", "requirements.txt")
KEPT = ("npm", "wheels", "executed")  # what builds share
TESTS = ("chapters", "exercises", "replies", "knobs", "glossary", "python", "sources", "quiz")
# Warnings that say that the other chapters are not there, or that what is stored is old.
ALONE = ("cross-reference target not found", "unknown document", "the notebook stores")
# Asks which build this is, and opens the page anew when there is another.
RELOAD = """<script>
let seen;
setInterval(async () => {
  const now = await fetch("/number").then((reply) => reply.text(), () => seen);
  if (now !== (seen ??= now)) location.reload();
}, 500);
</script>"""


def lay_out(name):
    """Make a book of this chapter and the glossary."""
    shutil.rmtree(HOME / "book", ignore_errors=True)
    for folder in ("_ext", "_static", "_live"):
        shutil.copytree(BOOK / folder, HOME / "book" / folder)
    for file in (f"{name}.ipynb", "glossary.md"):
        shutil.copy(BOOK / file, HOME / "book")
    (HOME / "book" / "index.md").write_text(f"# {name}\n\nOne chapter alone.\n")
    files = "".join(f"\n  - file: book/{page}" for page in (name, "glossary"))
    (HOME / "_toc.yml").write_text(f"format: jb-book\nroot: book/index\nchapters:{files}\n")
    for folder in (HOME / "_build", ROOT / "_build" / "executed"):
        folder.mkdir(exist_ok=True)
    for link in (*SHARED, *(f"_build/{part}" for part in KEPT)):
        if not (HOME / link).exists() and (ROOT / link).exists():
            (HOME / link).symlink_to(ROOT / link)


def written(file):
    """Return what the author of a notebook writes: its cells without what they print."""
    try:
        cells = nbformat.read(file, as_version=4).cells
    except ValueError:  # it is just being saved, or it is broken, which the build tells
        return file.read_bytes()
    return [(cell.cell_type, cell.source, cell.metadata.get("tags")) for cell in cells]


def build(name):
    """Build the page, and store what its cells have printed; return whether that went well.

    Nothing is stored in a notebook that its author has saved meanwhile.
    """
    source = BOOK / f"{name}.ipynb"
    lay_out(name)
    command = [Path(sys.executable).with_name("jupyter-book"), "build", "--all", HOME]
    log = subprocess.run(command, capture_output=True, text=True)
    if log.returncode:
        print(log.stderr, file=sys.stderr)
        return False
    for line in log.stderr.splitlines():
        if "WARNING" in line and not any(words in line for words in ALONE):
            print(line, file=sys.stderr)
    built = HOME / "book" / source.name
    if written(source) != written(built):
        print(f"{source.name} was saved during the build: nothing is stored in it.")
        return True
    (executed,) = (ROOT / "_build" / "executed").iterdir()
    notebook = nbformat.read(built, as_version=4)
    _, notebook = get_cache(executed).merge_match_into_notebook(notebook)
    before = source.read_bytes()
    store(notebook, source)
    if source.read_bytes() != before:
        print(f"{source.name} has other outputs than before: git diff shows them.")
    return True


def check(name):
    """Run the tests that read this chapter; return whether they pass."""
    files = [f"tests/test_{what}.py" for what in TESTS]
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "-k", name, *files]
    return subprocess.run(command, cwd=ROOT).returncode == 0


class Page(SimpleHTTPRequestHandler):
    """Serves the pages, each with a script that reloads it when ``number`` has grown."""

    number = 0

    def do_GET(self):
        path = Path(self.translate_path(self.path))
        if urlsplit(self.path).path == "/number":
            body = str(Page.number).encode()
        elif path.suffix == ".html" and path.is_file():
            body = path.read_bytes() + RELOAD.encode()
        else:
            return super().do_GET()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def stamps(name):
    """Return what tells whether the page is old: what the author wrote, and when files were."""
    folders = [ROOT / "nnutils", *(BOOK / part for part in ("_ext", "_static", "_live"))]
    files = [BOOK / "glossary.md"]
    files += [path for folder in folders for path in folder.rglob("*.*") if path.suffix != ".pyc"]
    times = {path: path.stat().st_mtime for path in files if path.exists()}
    notebook = BOOK / f"{name}.ipynb"
    return times | {notebook: written(notebook)}


def watch(name):
    """Build again after every change until Ctrl+C, and serve the page meanwhile."""
    PAGES.mkdir(parents=True, exist_ok=True)
    server = listen(PAGES, handler=Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address, before = f"http://localhost:{server.server_port}/book/{name}.html", None
    while True:
        if (now := stamps(name)) == before:
            time.sleep(0.3)
            continue
        start, before = time.perf_counter(), now
        Page.number += build(name)
        print(f"{address}  {time.perf_counter() - start:.0f} s", flush=True)


def main(name="", how=""):
    """Build one chapter, and check it or watch it."""
    known = sorted(path.stem for path in BOOK.glob("*.ipynb"))
    if name not in known:
        sys.exit(f"There is no chapter {name!r}. Give NAME one of: {', '.join(known)}.")
    if how == "--watch":
        watch(name)
    if not build(name):
        sys.exit(1)
    print(f"The page is {PAGES / 'book' / name}.html")
    sys.exit(not check(name))


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit()
