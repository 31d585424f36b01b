"""Pack Python for the page. Runs in Pyodide while the book is built, so that its bytecode fits.

What starting and the exercises import is stored as bytecode; all else stays source. Compiling at
every start would double the wait for the first answer.
"""

import importlib.util
import io
import marshal
import re
import sys
import zipfile
from pathlib import Path

SITE = Path(f"/lib/python3.{sys.version_info.minor}/site-packages")
STDLIB = f"/lib/python3{sys.version_info.minor}.zip"
NEEDLESS = {  # of a wheel or of the standard library: tests, tools, screens that a page has not
    "stdlib": r"^(_pyrepl|curses|dbm|ensurepip|idlelib|lib2to3|multiprocessing|pydoc_data|sqlite3|"
    r"test|tkinter|turtledemo|venv|wsgiref|xmlrpc|xml/dom|distutils|http/(server|cookie\w+))(/|\.)|"
    r"^(antigravity|bdb|cProfile|compileall|fileinput|ftplib|imaplib|mailbox|modulefinder|netrc|"
    r"nturl2path|optparse|pdb|pickletools|poplib|profile|pstats|pty|pyclbr|quopri|rlcompleter|sched|"
    r"smtplib|socketserver|symtable|tabnanny|this|trace|turtle|wave|webbrowser|zipapp|"
    r"_(aix|android|apple|ios|osx)_support|_pydatetime|_pydecimal|_pyio)\.py$|"
    r"^encodings/(?!__init__|aliases|ascii|latin_1|utf_|cp437|cp1252|idna|punycode|raw_unicode|"
    r"unicode_escape|charmap|hex_codec|base64_codec|zlib_codec|undefined)",
    "numpy": r"\.(pyi|pxd|h|a|c|cpp|ini|build|template)$|/tests/|_tests\.|^numpy/(f2py|typing)/|"
    r"RECORD$|^bin/",
    "plot": r"\.(pyi|a)$|py\.typed$|/tests/|/testing/|RECORD$|sample_data|sphinxext|"
    r"mpl-data/(images|plot_directive)|mpl-data/fonts/(afm|pdfcorefonts)|"
    r"mpl-data/fonts/ttf/DejaVu(Serif|SansMono-)|"
    r"backends/(web_backend|qt_editor|_backend_\w*tk|backend_(gtk|qt|wx|tk|cairo|nbagg|webagg|"
    r"macosx|pgf|ps|pdf))|"
    r"^PIL/(_avif|_webp|_imagingft|_imagingcms|_imagingtk|_imagingmath|_imagingmorph)\.|"
    r"^PIL/(?!Png)\w+ImagePlugin\.py$",
}


def files(*archives):
    """Yield (name, bytes) for every file of folders and zip archives."""
    for archive in map(Path, archives):
        if archive.is_dir():
            for path in sorted(archive.rglob("*")):
                if path.is_file() and "__pycache__" not in path.parts:
                    yield str(path.relative_to(archive)), path.read_bytes()
        else:
            with zipfile.ZipFile(archive) as opened:
                for info in sorted(opened.infolist(), key=lambda info: info.filename):
                    if not info.is_dir():
                        yield info.filename, opened.read(info)


def bytecode(source, name):
    """Return the content of a .pyc file that is used without a look at its source."""
    code = compile(source, name, "exec", dont_inherit=True)
    head = importlib.util.MAGIC_NUMBER + (1).to_bytes(4, "little")
    return head + importlib.util.source_hash(source) + marshal.dumps(code)


def pack(content, compiled, needless="(?!)"):
    """Return a zip archive; the same content makes the same bytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in content:
            if re.search(needless, name):
                continue
            if name in compiled and name.endswith(".py"):
                name, data = f"{name}c", bytecode(data, name)
            info = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
            archive.writestr(info, data, zipfile.ZIP_DEFLATED, 9)
    return file.getvalue()


def unpack(*archives):
    """Put archives where Python imports from."""
    for name, data in files(*archives):
        path = SITE / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    importlib.invalidate_caches()


def used():
    """Return the names, inside their archives, of all source files that have been imported."""
    names = (getattr(module, "__file__", None) or "" for module in list(sys.modules.values()))
    homes = (f"{STDLIB}/", f"{SITE}/")
    return {name.removeprefix(home) for name in names for home in homes if name.startswith(home)}


def main():
    """Write the archives that a page loads: the library, NumPy, the course, and for pictures."""
    wheels = {wheel.name.partition("-")[0]: wheel for wheel in sorted(Path("/in/wheels").iterdir())}
    numpy = wheels.pop("numpy")
    unpack(numpy, "/in/course")
    import numpy as np  # noqa: F401
    import runner

    from nnutils import exercises

    for chapter in exercises.CHAPTERS:
        exercises.find(chapter)
    first = used()

    unpack(*wheels.values())
    runner.draw_pictures()
    from matplotlib import pyplot as plt

    import nnutils.knobs  # noqa: F401
    import nnutils.quiz  # noqa: F401

    plt.subplots(2)[0].savefig(io.BytesIO(), format="svg")
    all_used = used()

    content = {
        "stdlib.zip": pack(files("/in/stdlib.zip"), first, NEEDLESS["stdlib"]),
        "numpy.zip": pack(files(numpy), first, NEEDLESS["numpy"]),
        "course.zip": pack(files("/in/course"), all_used),
        "plot.zip": pack(files(*wheels.values()), all_used, NEEDLESS["plot"]),
    }
    for name, data in content.items():
        Path("/out", name).write_bytes(data)


main()
