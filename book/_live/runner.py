"""Run the cells of a page in the reader's browser, as a notebook does.

What a cell prints, shows and raises, and what ``check`` says of it, goes to the page: the worker
calls ``begin`` with a function of two texts, a kind and its content as JSON.
"""

import ast
import io
import json
import linecache
import re
import sys
import time
import traceback
import types
from contextlib import suppress

import nnutils.check

LIMIT = 200_000  # characters that one run may print
ADVICE = {  # kinds of errors of which a page has more to say than Python
    "ModuleNotFoundError": "The Python of a page has NumPy, matplotlib and nnutils. For all else "
    "download the notebook of this chapter and run it on your computer or in Colab.\n",
    "EOFError": "A page cannot ask while it runs. Write the text into the code in place of "
    "input(...).\n",
}
PICTURES = {"matplotlib", "plots", "knobs", "quiz"}  # parts of imports that need the archive

story = {"__name__": "__main__"}  # what the cells of the page have defined
shown = []  # pictures with knobs that wait to be turned
files = set()  # names of the cells that have run, as they stand in tracebacks


def begin(send):
    """Send everything through this function from now on."""
    global post

    def post(kind, content):
        send(kind, json.dumps(content))

    _watch_checks()


def run_exercise(code, name, cells):
    """Run an exercise by itself, after what the chapter's cells before it define."""
    return _run(code, name, prelude(cells))


def run_cell(code, name, label):
    """Run a cell of the chapter, which shares its names with the others.

    ``label`` describes a picture that it draws.
    """
    return _run(code, name, story, label)


def _run(code, name, space, label=""):
    """Run a cell, and say whether it came to its end; ``name`` stands for it in tracebacks."""
    file = f"<{name}>"
    files.add(file)
    linecache.cache[file] = (len(code), None, code.splitlines(True), file)
    streams = sys.stdin, sys.stdout, sys.stderr
    sys.stdin, sys.stdout, sys.stderr = io.StringIO(), _Stream("stdout"), _Stream("stderr")
    show_figures.label = label or "A picture that this cell draws."
    try:
        tree = ast.parse(without_magics(code), file)
        last = None
        if tree.body and isinstance(tree.body[-1], ast.Expr) and not code.rstrip().endswith(";"):
            last = ast.Expression(tree.body.pop().value)
        exec(compile(tree, file, "exec"), space)
        if last and (value := eval(compile(last, file, "eval"), space)) is not None:
            display(value)
        show_figures()
        return True
    except BaseException as error:  # SystemExit and KeyboardInterrupt, too
        sys.stdout.flush()
        post("error", _format(error, file))
        return False
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        sys.stdin, sys.stdout, sys.stderr = streams


def prelude(cells):
    """Return what the cells of a chapter define: their imports and plain functions.

    An answer may use them. What needs a picture, or a value that a cell computes, is left out.
    """
    space = {"__name__": "__main__"}
    for cell in cells:
        try:
            body = ast.parse(without_magics(cell)).body
        except SyntaxError:
            continue
        for part in body:
            plain = isinstance(part, (ast.FunctionDef, ast.ClassDef)) and not any(
                isinstance(d, ast.Call) for d in part.decorator_list
            )
            if plain or isinstance(part, (ast.Import, ast.ImportFrom)):
                try:
                    exec(compile(ast.Module([part], []), "<page>", "exec"), space)
                except Exception:  # it needs a value that is not there
                    continue
    return space


def needs_pictures(code, cells=()):
    """Whether a cell uses a name that cells before it import together with matplotlib."""
    names = set()
    for cell in [*cells, code]:
        try:
            tree = ast.parse(without_magics(cell))
        except SyntaxError:
            continue
        for node in ast.walk(tree):
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                for alias in node.names:
                    parts = f"{getattr(node, 'module', '')}.{alias.name}".split(".")
                    if PICTURES & set(parts):
                        names.add(alias.asname or alias.name)
        if cell is code:
            return bool(names & {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)})
    return False


def without_magics(code):
    """Return the code with ``pass`` in place of IPython's magic commands, if it has any."""
    with suppress(SyntaxError, ValueError):
        ast.parse(code)
        return code
    return re.sub(r"^(\s*)(?:%|!(?!=)).*", r"\1pass", code, flags=re.M)


def _watch_checks():
    """Let ``check`` tell the page, too, whether an answer is right."""
    plain, judge = nnutils.check.check, nnutils.check._judge
    said = []

    def keep(*arguments):
        said[:] = judge(*arguments)
        return said

    def check(name, answer):
        plain(name, answer)
        post("check", {"name": name, "correct": said[0].startswith("Correct")})

    nnutils.check._judge = keep
    nnutils.check.check = check


def draw_pictures():
    """Prepare for matplotlib: pictures go to the page, where IPython would stand between."""
    ipython = types.ModuleType("IPython")
    ipython.version_info, ipython.get_ipython = (9, 0), lambda: None
    ipython.display = types.ModuleType("IPython.display")
    ipython.display.display = display
    inline = types.ModuleType("matplotlib_inline.backend_inline")
    inline.set_matplotlib_formats = lambda *formats, **options: None
    package = types.ModuleType("matplotlib_inline")
    package.backend_inline = inline
    for module in (ipython, ipython.display, package, inline):
        sys.modules[module.__name__] = module

    import matplotlib as mpl

    backend = types.ModuleType("page_backend")
    sys.modules["page_backend"] = backend
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    backend.FigureCanvas, backend.show = FigureCanvasSVG, lambda *args, **options: show_figures()
    mpl.use("module://page_backend")

    import nnutils.knobs

    nnutils.knobs._live = _show_knobs


def show_figures():
    """Post every open figure as a picture, and close it."""
    plt = sys.modules.get("matplotlib.pyplot")
    if not plt:
        return
    from nnutils.plots import inline_svg

    for number in plt.get_fignums():
        file = io.StringIO()
        plt.figure(number).savefig(file, format="svg", metadata={"Date": None})
        _post_display({"text/html": inline_svg(file.getvalue(), show_figures.label)})
    plt.close("all")


def _show_knobs(picture):
    """Post a picture with knobs; the page asks ``turn`` for other positions."""
    html = picture.html(*picture.draw(picture.start))
    knobs = {"number": len(shown), "html": html, "dials": picture.dials, "drag": picture.drag}
    _post_display({"knobs": knobs})
    shown.append(picture)


def turn(number, position):
    """Return, as JSON, (moving layer, sentence) of a picture with knobs at a position."""
    return json.dumps(shown[number].draw(tuple(position)))


def display(*values, raw=False, **options):
    """Show values as a notebook does: as HTML or SVG if they have it, else as text."""
    for value in values:
        data = dict(value) if raw else {"text/plain": repr(value)}
        for mime, method in (("text/html", "_repr_html_"), ("image/svg+xml", "_repr_svg_")):
            make = None if raw or isinstance(value, type) else getattr(value, method, None)
            if make and (made := make()):
                data[mime] = made
        _post_display(data)


def _post_display(data):
    sys.stdout.flush()
    sys.stderr.flush()
    post("display", data)


class _Stream:
    """Standard output or error of a cell: collects a little, then posts it."""

    encoding, errors, closed = "utf-8", "replace", False

    def __init__(self, name):
        self.name, self.parts, self.total, self.posted = name, [], 0, 0.0

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if self.total < LIMIT:
            self.parts.append(text[: LIMIT - self.total])
            self.total += len(text)
            if self.total >= LIMIT:
                self.parts.append("\n... the rest is not shown.\n")
            if time.monotonic() - self.posted > 0.1:
                self.flush()
        return len(text)

    def flush(self):
        if self.parts:
            post("stream", {"name": self.name, "text": "".join(self.parts)})
        self.parts, self.posted = [], time.monotonic()

    def isatty(self):
        return False

    def writable(self):
        return True


def _format(error, file):
    """Return a short traceback: the reader's own lines, and what went wrong."""
    last = "".join(traceback.format_exception_only(error)) + ADVICE.get(type(error).__name__, "")
    if isinstance(error, SyntaxError) and error.filename == file:
        return last
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if frame.filename in files]
    if not own:
        return last
    lines = [re.sub(r'File "<(.*?)>"', r"In \1", text) for text in traceback.format_list(own)]
    if frames[-1] is not own[-1]:
        inside = frames[-1]
        where = inside.filename.rpartition("site-packages/")[2]
        lines.append(f"  ... in {where}, line {inside.lineno}, in {inside.name}\n")
    return "".join(["Traceback (most recent call last):\n", *lines, last])
