"""Try every link of the built book that leads to another host.

A link is dead if the host says so, or gives no sign of life in three tries. A host that answers
but lets no script in is told apart: open such a link yourself.
"""

import sys
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from pathlib import Path
from time import sleep
from urllib.error import HTTPError
from urllib.parse import quote, urldefrag, urljoin, urlsplit
from urllib.request import Request, urlopen

from bs4 import BeautifulSoup

TRIES, TIMEOUT, PAUSE = 3, 20, 2  # the last two in seconds
USER_AGENT = "Mozilla/5.0 (compatible; weekly link check of a course book)"
NO_SCRIPTS = {401, 403, 429}


def outside(folder):
    """Return the addresses on other hosts that pages link to, each with those pages."""
    found = {}
    for page in sorted(folder.rglob("*.html")):
        for link in BeautifulSoup(page.read_bytes(), "html.parser").select("a[href]"):
            address = urldefrag(urljoin("https:", link["href"].strip())).url
            parts = urlsplit(address)
            host = parts.hostname or ""
            if parts.scheme in ("http", "https") and host and not host.endswith(".invalid"):
                found.setdefault(address, {})[page.relative_to(folder).as_posix()] = None
    return {address: list(pages) for address, pages in sorted(found.items())}


def answer(address):
    """Return (``ok``, ``moved``, ``shut`` or ``dead``; what there is to say about it)."""
    for left in reversed(range(TRIES)):
        for method in ("HEAD", "GET"):  # some hosts refuse HEAD
            verdict, note, final = _ask(address, method)
            if verdict in ("ok", "moved"):
                return verdict, note
        if final:
            break
        if left:
            sleep(PAUSE)
    return verdict, note


def _ask(address, method):
    """Ask once; return (verdict, note, whether asking again is of no use)."""
    try:
        request = Request(
            quote(address, safe="%/:?=&+,;@!$'()*~[]"),
            method=method,
            headers={"User-Agent": USER_AGENT, "Accept": "*/*"},
        )
        with urlopen(request, timeout=TIMEOUT) as response:
            if response.url != request.full_url:
                return "moved", f"to {response.url}", True
            return "ok", "", True
    except HTTPError as error:
        error.close()
        if error.code in NO_SCRIPTS:
            return "shut", f"{error.code} {error.reason}", error.code != 429
        return "dead", f"{error.code} {error.reason}", error.code < 500
    except (OSError, HTTPException, ValueError) as error:
        reason = getattr(error, "reason", error)
        return "dead", f"{type(reason).__name__}: {reason}", False


def main(folder):
    """Print one line a link; return 1 if any is dead."""
    if not folder.is_dir():
        print(f"There is no {folder}. Run `make book` first.")
        return 1
    links = outside(folder)
    dead = {}
    with ThreadPoolExecutor(4) as pool:
        for address, (verdict, note) in zip(links, pool.map(answer, links), strict=True):
            print(f"{verdict:5} {address} {note}".rstrip(), flush=True)
            if verdict == "dead":
                dead[address] = note
    if dead:
        print(f"\n{len(dead)} of {len(links)} links are dead:")
        for address, note in dead.items():
            print(f"- {address}\n  {note}\n  in {', '.join(links[address])}")
        return 1
    print(f"No dead link among {len(links)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path("_build/html")))
