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


def https(remote):
    """Return the https address of a git remote, such as git@host:owner/name.git."""
    address = re.sub(r"^(?:ssh://)?git@([^:/]+)[:/]", r"https://\1/", remote.strip())
    address = re.sub(r"(\.git)?/*$", "", address)
    if not re.fullmatch(r"https://[\w.-]+(:\d+)?(/[\w.~-]+)+", address):
        raise ValueError(
            f"{remote!r} is no address of a repository. Pass one such as "
            "https://github.com/OWNER/NAME."
        )
    return address


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


def main():
    """Set the address given, or that of the git remote."""
    given = " ".join(sys.argv[1:]).strip()
    if not given:
        remote = subprocess.run(
            ["git", "remote", "get-url", "origin"], cwd=ROOT, capture_output=True, text=True
        )
        given = remote.stdout
        if remote.returncode:
            sys.exit("There is no git remote: make repo URL=https://github.com/OWNER/NAME")
    try:
        address = https(given)
    except ValueError as error:
        sys.exit(str(error))
    changed = write(address)
    print(f"{address}: {', '.join(changed) or 'nothing to change'}")


if __name__ == "__main__":
    main()
