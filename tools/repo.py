"""Write the address of the repository wherever it stands: one command, one address.

``_config.yml`` holds it; the setup cell of every chapter and the README repeat it. The links to
Colab on the pages are made from it when the book is built.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
HOLDERS = ("_config.yml", "README.md", "CITATION.cff", "book/*.ipynb")


# host:path or scheme://host:port/path, each with or without user@
REMOTE = re.compile(
    r"(?:(?P<scheme>https?|(?:git\+)?ssh|git)://)?(?:[^/\s]*@)?(?P<host>[\w.-]+)"
    r"(?(scheme)(?P<port>:\d+)?/|:/?)(?P<path>[\w.~-]+(?:/[\w.~-]+)*)/*",
    re.IGNORECASE,
)


def https(remote):
    """Return the https address of a git remote, such as git@host:owner/name.git.

    A user, a token and the port of SSH are no part of it.
    """
    given = remote.strip()
    if found := REMOTE.fullmatch(given):
        scheme, host = (found["scheme"] or "ssh").lower(), found["host"].lower()
        port, path = found["port"] or "", found["path"].removesuffix(".git")
        if scheme.endswith("ssh"):  # on port 443 these hosts have another name
            host, port = re.sub(r"^(?:alt)?ssh\.(?=github|gitlab|bitbucket)", "", host), ""
        # A name without a dot is known to your SSH settings or your network alone.
        if "." in host and not host.startswith("ssh.") and not (port and scheme != "https"):
            return f"https://{host}{port}/{path}"
    shown = re.sub(r"^(\S+://)?\S*@|[?#].*", r"\1", given)
    raise ValueError(
        f"{shown!r} is no address of a repository that a reader can open. Pass one such as "
        "make repo URL=https://github.com/OWNER/NAME"
    )


def current(root=ROOT):
    """Return the address that the course has now."""
    config = (root / "_config.yml").read_text()
    return re.search(r"^repository:\n\s+url: (\S+)$", config, re.M)[1]


def write(new, root=ROOT):
    """Put the new address in place of the old one; return the files that changed."""
    old, changed = current(root), []
    for file in sorted(file for holder in HOLDERS for file in root.glob(holder)):
        text = file.read_text()
        if old in text and new != old:
            file.write_text(text.replace(old, new))
            changed.append(file.relative_to(root).as_posix())
    return changed


def origin():
    """Return the address of the git remote ``origin``."""
    command = ["git", "-C", ROOT, "remote", "get-url", "origin"]
    try:
        told = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        reason = (getattr(error, "stderr", None) or f"{error}").strip().partition("\n")[0]
        raise ValueError(
            f"git names no remote ({reason}). Pass the address: "
            "make repo URL=https://github.com/OWNER/NAME"
        ) from error
    return told.stdout


def main():
    """Set the address given, or that of the git remote."""
    try:
        address = https(" ".join(sys.argv[1:]).strip() or origin())
    except ValueError as error:
        sys.exit(str(error))
    changed = write(address)
    print(f"{address}: {', '.join(changed) or 'nothing to change'}")


if __name__ == "__main__":
    main()
