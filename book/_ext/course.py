"""What the course adds to Jupyter Book, so that a page needs nothing from another host.

Formulas are typeset and knobs drawn while the book is built; pictures stand inline in the page;
``light`` leaves out the styles and scripts that the pages do not need.
"""

import hashlib
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import chdir
from functools import partial
from html import escape
from logging import CRITICAL, getLogger
from pathlib import Path
from textwrap import shorten

from docutils import nodes
from jupyter_cache import get_cache
from jupyter_cache.executors import load_executor
from light import lighten, numbered
from myst_nb.core import render
from myst_nb.core.utils import coalesce_streams
from npm import NODE, install
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinxcontrib import katex
from whole import compare

from nnutils.plots import inline_svg

logger = logging.getLogger(__name__)

PURGECSS = "purgecss@8.0.0"
SHORT = 30  # signs of a formula that need not be broken on a phone
TEXT, CODE = "@fontsource/source-sans-3@5.3.1", "@fontsource/source-code-pro@5.3.1"


def setup(app):
    os.environ["NNUTILS_PAGE"] = "1"
    os.environ["PATH"] = f"{NODE}{os.pathsep}{os.environ['PATH']}"
    katex.KATEX_DEFAULT_OPTIONS["throwOnError"] = True  # a wrong formula fails the build
    katex.KaTeXServer.start_server_process = staticmethod(start_katex)
    katex.STARTUP_TIMEOUT = katex.RENDER_TIMEOUT = 60  # seconds: a busy machine is slow to start
    render.coalesce_streams = join_pieces
    app.add_post_transform(InlinePictures)
    app.add_post_transform(KeepPunctuation)
    app.connect("config-inited", refuse_strangers, priority=1)
    app.connect("config-inited", cache_by_package, priority=1)
    app.connect("config-inited", fetch_packages, priority=2)
    app.connect("env-before-read-docs", execute)
    app.connect("autodoc-process-docstring", keep_whole, priority=1)  # before napoleon
    app.connect("autodoc-process-docstring", name_each, priority=900)  # after napoleon
    app.connect("autodoc-process-docstring", link_chapters)
    app.connect("html-page-context", link_notebook)
    app.connect("html-page-context", describe)
    app.connect("html-page-context", compare, priority=1)
    app.connect("build-finished", lighten, priority=900)
    return {"parallel_read_safe": True}


def start_katex(folder, timeout):
    """Start KaTeX's server; return its process and a socket that is connected to it.

    The extension's own way may connect before the server listens, and then fails. It also fails
    where the folder of temporary files has a long name: a socket's address takes 100 characters.
    So both sides name it from within the folder.
    """
    command = katex.KaTeXServer.build_command(socket="katex.sock")
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder)
    end = time.monotonic() + timeout
    while time.monotonic() < end and process.poll() is None:
        connection = socket.socket(socket.AF_UNIX)
        try:
            with chdir(folder):
                connection.connect("katex.sock")
            return process, connection
        except (FileNotFoundError, ConnectionRefusedError):
            connection.close()
            time.sleep(0.01)
    process.kill()
    raise katex.KaTeXServer.timeout_error(timeout)


def join_pieces(outputs):
    """Put together what a cell printed in pieces; MyST-NB alone ends a line after each of them."""
    whole = []
    for output in outputs:
        if whole and output.get("name") == whole[-1].get("name") is not None:
            whole[-1]["text"] += output["text"]
        else:
            whole.append(output)
    return coalesce_streams(whole)


def link_chapters(app, what, name, thing, options, lines):
    """Link the chapters that a docstring says it is built in."""
    for number, line in enumerate(lines):
        lines[number] = re.sub(r"(?<=Built in: )[\w-]+", r":doc:`\g<0>`", line)


def keep_whole(app, what, name, thing, options, lines):
    """Keep napoleon from taking for a type what stands before a colon, of a property."""
    if what in ("property", "attribute") and lines:
        lines[0] = f": {lines[0]}"  # no type, and then the words


def name_each(app, what, name, thing, options, lines):
    """Give each of several attributes that are described together its name; the last has the words.

    Sphinx would take all names but the last for a type.
    """
    told = []
    for line in lines:
        if field := re.fullmatch(r":(ivar|vartype) (\w+(?:, \w+)+): ?(.*)", line):
            kind, names, words = field[1], field[2].split(", "), field[3]
            first = "" if kind == "ivar" else words
            told += [f":{kind} {one}: {first}" for one in names[:-1]]
            line = f":{kind} {names[-1]}: {words}"
        told.append(line)
    lines[:] = told


def refuse_strangers(app, config):
    """Stop at a file that is no part of the book, but read by what builds it."""
    root = Path(app.srcdir)
    for file in (root / "docutils.conf", root / "book" / "matplotlibrc", *root.glob("book/*.py")):
        if file.exists() and file.name != "conftest.py":
            name = file.relative_to(root)
            sys.exit(f"{name} is no part of the book, but would change pages. Move it away.")


def cache_by_package(app, config):
    """Keep executed notebooks under a digest of what they import besides their own code."""
    digest = hashlib.sha256(sys.version.encode())
    root = Path(app.srcdir)
    package = [p for p in (root / "nnutils").rglob("*") if p.suffix in (".py", ".npz")]
    for file in (root / "requirements.txt", *sorted(package)):
        digest.update(file.read_bytes())
    caches = root / "_build" / "executed"
    config.nb_execution_cache_path = str(caches / digest.hexdigest()[:16])
    for old in caches.glob("*"):
        if str(old) != config.nb_execution_cache_path:
            shutil.rmtree(old)


def execute(app, env, names):
    """Execute the notebooks that are to be read, on all cores, and keep them in the cache.

    MyST-NB alone executes one after another. One that fails here is executed by it once more, and
    then it says where.
    """
    files = [file for name in names if (file := env.doc2path(name)).endswith(".ipynb")]
    path = app.config.nb_execution_cache_path
    cache = get_cache(path)
    for file in files:
        cache.add_nb_to_project(file)
    with ProcessPoolExecutor() as pool:
        list(pool.map(partial(_execute, path, app.config.nb_execution_timeout), files))


def _execute(path, timeout, file):
    quiet = getLogger("jupyter_cache")
    quiet.setLevel(CRITICAL)
    executor = load_executor("local-serial", get_cache(path), quiet)
    executor.run_and_cache(filter_uris=[file], timeout=timeout)


def fetch_packages(app, config):
    """Put fonts, and KaTeX's style sheet, beside the book, before Sphinx looks for them."""
    build = Path(app.srcdir) / "_build"
    install(build / "npm", f"katex@{katex.katex_version}", PURGECSS, TEXT, CODE)
    dist = build / "npm" / "node_modules" / "katex" / "dist"
    home = build / "katex"
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(
        dist / "fonts", home / "fonts", ignore=shutil.ignore_patterns("*.ttf", "*.woff")
    )
    css = (dist / "katex.min.css").read_text()
    css = re.sub(r',url\([^)]*\.(?:woff|ttf)\) format\("[^"]*"\)', "", css)
    (home / "katex.min.css").write_text(css)
    licences = []
    for package in (TEXT, CODE):
        folder = build / "npm" / "node_modules" / package.rpartition("@")[0]
        for file in folder.glob("files/*-latin-[46]00-normal.woff2"):
            shutil.copy(file, home / "fonts")
        licences.append(f"{folder.name}\n\n{(folder / 'LICENSE').read_text()}")
    (home / "fonts" / "OFL.txt").write_text("\n\n".join(licences))


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


class KeepPunctuation(SphinxPostTransform):
    """Let no line begin with the comma or full stop that follows a short formula."""

    default_priority = 401
    formats = ("html",)

    def run(self, **kwargs):
        for formula in list(self.document.findall(nodes.math)):
            behind = formula.next_node(descend=False, siblings=True)
            mark = isinstance(behind, nodes.Text) and re.match(r"[,.;:!?)]+", behind)
            if mark and len(formula.astext()) <= SHORT:
                parent = formula.parent
                place = parent.index(formula)  # of texts there may be two that are equal
                held = nodes.inline("", "", formula, nodes.Text(mark[0]), classes=["together"])
                parent[place : place + 2] = [held, nodes.Text(behind[mark.end() :])]


def link_notebook(app, pagename, templatename, context, doctree):
    """Put a row under the titles of a chapter: its place, and links to its notebook and to Colab.

    Colab opens what is on GitHub alone.
    """
    source = app.env.doc2path(pagename, base=False) if doctree else ""
    if not source.endswith(".ipynb"):
        return
    name = Path(source).name
    order = numbered(app)
    place = f"Before the {len(order)} chapters"
    if pagename in order:
        place = f"Chapter {order.index(pagename) + 1} of {len(order)}"
    links = [place, f'<a href="{name}" download>Download this chapter as a notebook</a>']
    address = app.config.html_theme_options.get("repository_url", "")
    if address.startswith("https://github.com/"):
        repository = address.removeprefix("https://github.com/")
        colab = f"https://colab.research.google.com/github/{repository}/blob/main/{source}"
        links.append(f'<a href="{colab}">Run it in Colab</a>')
    row = f'<p class="notebook">{" · ".join(links)}</p>'
    context["body"] = re.sub(
        r"</h1>(?:\s*<p><em>(.*?)</em></p>)?",
        lambda h1: "</h1>\n" + (f'<p class="subtitle">{h1[1]}</p>\n' if h1[1] else "") + row,
        context["body"],
        count=1,
        flags=re.S,
    )


def describe(app, pagename, templatename, context, doctree):
    """Tell search engines what a page is about: its first sentences, in at most 155 characters."""
    first = doctree and next(doctree.findall(_is_sentences), None)
    if first:
        words = shorten(first.astext(), 155, placeholder=" ...")
        context["metatags"] += f'<meta name="description" content="{escape(words)}" />'


def _is_sentences(node):
    """Whether this is a paragraph, and not a subtitle."""
    return isinstance(node, nodes.paragraph) and not isinstance(node.children[0], nodes.emphasis)
