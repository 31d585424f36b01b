"""Let Lighthouse judge five pages on its mobile profile: a slow phone on a slow network.

Each score is the median of three runs. A score below its floor is an error.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "book" / "_ext")]
from npm import NODE, install  # noqa: E402

from tests.browser import executable, serve  # noqa: E402

PACKAGE = "lighthouse@13.5.0"
PAGES = ("index", "circuits", "momentum", "digits", "glossary")
FLOORS = {"performance": 90, "accessibility": 95, "best-practices": 95, "seo": 95}
RUNS = 3
BOOK = ROOT / "_build" / "html"
HOME = ROOT / "_build" / "npm"
FLAGS = "--headless=new --no-sandbox --disable-background-networking"


def scores(address):
    """Return {category: score from 0 to 100} of one run."""
    command = [NODE / "node", HOME / "node_modules/lighthouse/cli/index.js", address]
    options = ("--quiet", "--output=json", f"--only-categories={','.join(FLOORS)}")
    ran = subprocess.run(
        [*command, *options, f"--chrome-flags={FLAGS}"],
        env=os.environ | {"CHROME_PATH": executable()},
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(ran.stdout)["categories"]
    return {category: 100 * found[category]["score"] for category in FLOORS}


def judge():
    """Return {page: {category: median score}}."""
    install(HOME, PACKAGE)
    with serve(BOOK) as url:
        runs = {page: [scores(f"{url}/book/{page}.html") for _ in range(RUNS)] for page in PAGES}
    return {
        page: {category: round(median(run[category] for run in of_page)) for category in FLOORS}
        for page, of_page in runs.items()
    }


def main():
    """Print the table; fail below a floor."""
    print(f"| page | {' | '.join(FLOORS)} |\n|---|{'---:|' * len(FLOORS)}")
    low = []
    for page, row in judge().items():
        print(f"| {page} | {' | '.join(map(str, row.values()))} |", flush=True)
        low += [f"{page}: {c} is {s}, not {FLOORS[c]}" for c, s in row.items() if s < FLOORS[c]]
    sys.exit("\n".join(low))


if __name__ == "__main__":
    main()
