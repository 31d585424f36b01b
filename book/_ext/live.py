"""Python in the page: fetched once, checked against pinned hashes, packed, put beside the pages.

The page's Python is Pyodide: its core comes from npm, NumPy and matplotlib in the wheels that were
built for it. These wheels are no packages of npm or PyPI. They stand in Pyodide's own releases;
where these cannot be reached, one package of PyPI carries the same bytes.
"""

import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path

from npm import NODE, install
from sphinx.util import logging

logger = logging.getLogger(__name__)

HERE = Path(__file__).parents[1] / "_live"
VERSION = "314.0.3"
# The sha256 of the lock file in the package of npm, which holds those of all wheels.
LOCK = "c963d22858f6bcb8f41586a2142f03905ab370c88ea22a86a2736e95fac2a8f3"
WHEELS = (
    "numpy",
    *("matplotlib", "contourpy", "kiwisolver", "pillow", "cycler", "pyparsing"),
    *("python-dateutil", "six", "packaging"),
)
RELEASES = (
    f"https://cdn.jsdelivr.net/pyodide/v{VERSION}/full/{{}}",
    f"https://github.com/pyodide/pyodide/releases/download/{VERSION}/{{}}",
)
CARRIER = "open-webui==0.12.4"
CORE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm")


def setup(app):
    app.connect("config-inited", begin, priority=3)
    app.connect("build-finished", publish, priority=800)
    return {"parallel_read_safe": True}


def begin(app, config):
    """Fetch what is missing, and start to pack it while the notebooks are executed."""
    app.live = Archives(Path(app.srcdir))
    try:
        app.live.begin()
    except OSError as error:
        app.live = None
        logger.info(
            "THE PAGES WILL HAVE NO PYTHON, and exercises cannot be done on them. %s", error
        )


class Archives:
    """What a page loads to run Python, in a folder whose name changes with its content."""

    def __init__(self, root):
        self.packages = root / "_build" / "npm"
        self.wheels = root / "_build" / "wheels"
        digest = hashlib.sha256(LOCK.encode())
        modules = sorted(root.glob("nnutils/**/*.py"))
        # A page starts no processes, and marks nobody.
        self.course = [module for module in modules if module.parent.name != "mark"]
        self.course += sorted(root.glob("nnutils/*.npz"))
        for file in (*sorted(HERE.iterdir()), *self.course):
            digest.update(file.read_bytes())
        self.root, self.name = root, digest.hexdigest()[:16]
        self.home = root / "_build" / "live" / self.name
        self.packing = None

    def begin(self):
        """Fetch and start to pack, unless it has been done."""
        if (self.home / "licences.txt").exists():
            return
        install(self.packages, f"pyodide@{VERSION}")
        core = self.packages / "node_modules" / "pyodide"
        check(core / "pyodide-lock.json", LOCK)
        lock = json.loads((core / "pyodide-lock.json").read_text())
        files = [fetch(self.wheels, **wheel(lock["packages"][name])) for name in WHEELS]
        shutil.rmtree(self.home.parent, ignore_errors=True)
        source = self.home.parent / "source"
        for file in files:
            copy(file, source / "wheels" / file.name)
        for file in self.course:
            copy(file, source / "course" / file.relative_to(self.root))
        copy(HERE / "runner.py", source / "course" / "runner.py")
        copy(core / "python_stdlib.zip", source / "stdlib.zip")
        self.home.mkdir()
        for file in (*(core / name for name in CORE), HERE / "worker.mjs"):
            copy(file, self.home / file.name)
        # What else the lock file lists is not there to be loaded.
        (self.home / "pyodide-lock.json").write_text(json.dumps({**lock, "packages": {}}))
        command = [NODE / "node", HERE / "pack.mjs", core, source, self.home]
        self.packing = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def finish(self):
        """Wait until everything is packed."""
        if self.packing:
            said, _ = self.packing.communicate()
            if self.packing.returncode:
                raise RuntimeError(f"Python for the page was not packed:\n{said.decode()[-2000:]}")
            texts = [licences(file) for file in sorted(self.wheels.glob("*.whl"))]
            # Written last: its presence says that all is complete.
            (self.home / "licences.txt").write_text("\n\n".join(texts))

    def sizes(self):
        """Return how many bytes come over the wire, and how many when unpacked, at the start."""
        files = [self.home / name for name in (*CORE, "stdlib.zip", "numpy.zip", "course.zip")]
        wire = sum(len(gzip.compress(file.read_bytes(), 6)) for file in files)
        return wire, sum(file.stat().st_size for file in files if file.suffix != ".mjs")


def wheel(entry):
    """Return the file name and the digest of an entry of the lock file."""
    return {"name": entry["file_name"], "digest": entry["sha256"]}


def fetch(home, name, digest):
    """Return the path of a wheel in a folder, after fetching it if it is not there."""
    file = home / name
    if file.exists() and sha256(file) == digest:
        return file
    home.mkdir(parents=True, exist_ok=True)
    problems = []
    for source in (*RELEASES, CARRIER):
        try:
            get = download if "://" in source else unpack_carrier
            get(source, file)
            check(file, digest)
            return file
        except (OSError, subprocess.CalledProcessError) as error:
            problems.append(f"{source.format(name)}: {error}")
    raise OSError(f"{name} cannot be fetched:\n  " + "\n  ".join(problems))


def download(source, file):
    """Fetch a file of Pyodide's releases."""
    with urllib.request.urlopen(source.format(file.name), timeout=20) as response:
        file.write_bytes(response.read())


def unpack_carrier(source, file):
    """Take a wheel, and beside it all others, out of a package of PyPI."""
    home = file.parent
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", home]
    command += ["--disable-pip-version-check", "--only-binary=:all:", source]
    # What the reader of a recipe has set for pip may stand in the home folder.
    yours = {"HOME": "YOUR_HOME", "XDG_CONFIG_HOME": "YOUR_SETTINGS"}
    found = {name: os.environ[place] for name, place in yours.items() if place in os.environ}
    subprocess.run(command, check=True, env={**os.environ, **found})
    (package,) = home.glob(f"{source.partition('=')[0].replace('-', '_')}-*.whl")
    with zipfile.ZipFile(package) as archive:
        for member in archive.namelist():
            if member.endswith(".whl"):
                (home / Path(member).name).write_bytes(archive.read(member))
    package.unlink()


def sha256(file):
    return hashlib.sha256(file.read_bytes()).hexdigest()


def check(file, digest):
    """Refuse a file whose content is not the one that is pinned."""
    came = sha256(file)
    if came != digest:
        raise OSError(f"{file.name} has the sha256 {came}; {digest} is pinned. It is not used.")


def copy(file, target):
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, target)


def licences(wheel):
    """Return the licences that a wheel brings along."""
    with zipfile.ZipFile(wheel) as archive:
        names = [n for n in archive.namelist() if "dist-info/" in n and "LICEN" in n.upper()]
        texts = [archive.read(name).decode(errors="replace") for name in sorted(names)]
    title = wheel.name.partition("-")[0]
    return "\n\n".join([f"{title}\n{'=' * len(title)}", *texts])


def publish(app, exception):
    """Put everything into the built book, with a file that says where it is and how large."""
    if exception:
        return
    static = Path(app.outdir) / "_static"
    where = {}
    if app.live:
        app.live.finish()
        shutil.copytree(app.live.home, static / "live" / app.live.name, dirs_exist_ok=True)
        wire, unpacked = app.live.sizes()
        pictures = (app.live.home / "plot.zip").stat().st_size
        where = {"home": f"live/{app.live.name}/", "wire": wire, "bytes": unpacked}
        where["pictures"] = pictures
    (static / "live.json").write_text(json.dumps(where))
    book = Path(app.srcdir) / "book"
    for notebook in book.glob("*.ipynb"):
        shutil.copy(notebook, Path(app.outdir) / "book")
