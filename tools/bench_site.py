"""Measure the published page against stock Jupyter Book, and print the table of figures to reach.

Both sides show the same chapter and are measured in one run, alternating, in headless Chromium with
an empty cache. The stock side (`stock_site.py`) serves from this machine what it would load from
elsewhere, so that no network is part of the measurement; nothing is compressed on either side.

"Alive" means the same on both sides: the explorable has drawn its picture and its sliders, one
slider was moved, and the explorable has answered by changing.

The times of `make book` are taken in a copy of the project, which is deleted at the end; the
project itself is only read. Results go to `_build/bench-site.json` too.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from importlib.metadata import version
from pathlib import Path

from playwright.sync_api import Browser, Page, Playwright, sync_playwright
from tqdm import tqdm

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools.browser import MISSING, find_browser, launch_options, violations  # noqa: E402
from tools.serve import serving  # noqa: E402
from tools.stock_site import stock_site  # noqa: E402

SITE = ROOT / "_build" / "html"
RESULTS = ROOT / "_build" / "bench-site.json"
CHAPTER = "notebooks/01_forget_gate"
KEYS, DRAGS, PAUSE = 60, 60, 25  # moves of each kind, and milliseconds between them
HANDS = 5  # visits whose sliders are moved, each in a browser of its own

# A display shows a frame at its next refresh, up to 17 ms after it is done, whatever the page does.
# Without a display to wait for, what is measured is the page.
NO_DISPLAY = ["--disable-frame-rate-limit", "--disable-gpu-vsync"]

# Looks at each frame for the first explorable with a picture and a slider, moves the slider, and
# notes when the explorable has changed.
ALIVE = """
window.alive = new Promise((resolve) => {
  const look = () => {
    const root = [...document.querySelectorAll(".rnn-explorable")]
      .find((one) => one.querySelector("svg") && one.querySelector("input[type=range]"));
    if (!root) return requestAnimationFrame(look);
    const slider = root.querySelector("input[type=range]");
    const before = root.innerHTML;
    slider.stepUp(3);
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    const answer = () => {
      if (root.innerHTML === before) return requestAnimationFrame(answer);
      resolve(performance.now());
    };
    answer();
  };
  look();
});
"""

# From the moment the page hears of the input to the first task after the frame that shows it.
PAINTED = """
window.delays = [];
window.addEventListener("input", () => {
  const heard = performance.now();
  requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => window.delays.push(performance.now() - heard);
    channel.port2.postMessage(null);
  });
}, { capture: true });
"""


# ---- First visit ---------------------------------------------------------------------------------


def first_visit(browser: Browser, url: str) -> dict[str, float]:
    """One visit with an empty cache: milliseconds until alive, bytes until the page is idle."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    received = _count_bytes(page)
    page.add_init_script(ALIVE)
    page.goto(url, wait_until="commit")
    alive = page.evaluate("window.alive")
    page.wait_for_load_state("networkidle")
    context.close()
    return {"milliseconds": alive, "bytes": sum(received)}


def _count_bytes(page: Page) -> list[float]:
    received: list[float] = []
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.setCacheDisabled", {"cacheDisabled": True})
    devtools.on("Network.loadingFinished", lambda done: received.append(done["encodedDataLength"]))
    return received


def first_visits(browser: Browser, repeats: int) -> dict[str, list[dict[str, float]]]:
    """Visits to both sides, alternating, after one to each that is not counted."""
    sides = {"stock": stock_site(), "ours": SITE}
    visits: dict[str, list[dict[str, float]]] = {side: [] for side in sides}
    for number in tqdm(range(repeats + 1), desc="first visits", leave=False):
        for side, folder in sides.items():
            with serving(folder) as url:
                visit = first_visit(browser, f"{url}/{CHAPTER}.html")
            if number:
                visits[side].append(visit)
    return visits


# ---- Sliders, other hosts, axe -------------------------------------------------------------------


def slider_delays(browser: Browser, url: str) -> list[float]:
    """Milliseconds from slider input to painted frame, by keyboard and by mouse."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.add_init_script(PAINTED)
    page.goto(f"{url}/{CHAPTER}.html", wait_until="networkidle")
    slider = page.locator(".rnn-explorable:has(svg) input[type=range]").first
    slider.scroll_into_view_if_needed()
    slider.focus()
    for number in range(KEYS):
        page.keyboard.press("ArrowLeft" if number % 20 < 10 else "ArrowRight")
        page.wait_for_timeout(PAUSE)
    box = slider.bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, middle)
    page.mouse.down()
    for number in range(DRAGS):
        page.mouse.move(box["x"] + box["width"] * (0.2 + 0.6 * (number % 20) / 20), middle)
        page.wait_for_timeout(PAUSE)
    page.mouse.up()
    page.wait_for_timeout(200)
    delays = page.evaluate("window.delays")
    page.close()
    if len(delays) < KEYS:
        raise RuntimeError(f"only {len(delays)} of {KEYS + DRAGS} slider moves were heard")
    return delays


def slider_visits(playwright: Playwright, path: str, url: str) -> list[list[float]]:
    """The delays of several visits: a single one's p95 rests on its six slowest moves."""
    chosen = launch_options(path)
    visits = []
    for _ in tqdm(range(HANDS), desc="sliders", leave=False):
        browser = playwright.chromium.launch(**chosen | {"args": [*chosen["args"], *NO_DISPLAY]})
        visits.append(slider_delays(browser, url))
        browser.close()
    return visits


def survey(browser: Browser, url: str) -> dict[str, int]:
    """Requests to other hosts and axe-core's violations, over all pages, light and dark."""
    counts = {"requests to other hosts": 0, "axe-core violations": 0}
    pages = sorted(path for path in SITE.rglob("*.html") if "_sources" not in path.parts)
    views = [(path, scheme) for path in pages for scheme in ("light", "dark")]
    for path, scheme in tqdm(views, desc="pages", leave=False):
        page = browser.new_page(color_scheme=scheme, viewport={"width": 1280, "height": 900})
        asked: list[str] = []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.goto(f"{url}/{path.relative_to(SITE)}", wait_until="networkidle")
        counts["axe-core violations"] += len(violations(page))
        counts["requests to other hosts"] += sum(
            not address.startswith((url, "data:", "blob:")) for address in asked
        )
        page.close()
    return counts


# ---- Building ------------------------------------------------------------------------------------


@contextmanager
def copy_of_the_project() -> Iterator[Path]:
    """The project, its environment by reference, in a folder that is deleted whatever happens."""
    ignored = shutil.ignore_patterns(".git", ".venv", "node_modules", "bench", "__pycache__")
    with tempfile.TemporaryDirectory(prefix="bench-site-") as name:
        copy = Path(name) / "book"
        shutil.copytree(ROOT, copy, ignore=ignored)
        (copy / ".venv").symlink_to(ROOT / ".venv")
        (copy / "tools" / "node_modules").symlink_to(ROOT / "tools" / "node_modules")
        yield copy


def make_book(folder: Path) -> float:
    """Seconds that `make book` takes."""
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    started = time.perf_counter()
    done = subprocess.run(
        ["make", "book"], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"make book failed:\n{(done.stdout + done.stderr)[-2000:]}")
    return time.perf_counter() - started


def build_times(repeats: int) -> dict[str, list[float]]:
    """Seconds of `make book` with nothing changed, and with one sentence of a chapter changed."""
    times: dict[str, list[float]] = {"nothing": [], "chapter": []}
    with copy_of_the_project() as folder:
        make_book(folder)  # the copy's own first build
        for number in tqdm(range(repeats), desc="make book", leave=False):
            times["nothing"].append(make_book(folder))
            _add_sentence(folder / f"{CHAPTER}.ipynb", f"Sentence number {number}.")
            times["chapter"].append(make_book(folder))
    return times


def _add_sentence(path: Path, sentence: str) -> None:
    notebook = json.loads(path.read_text("utf8"))
    prose = [cell for cell in notebook["cells"] if cell["cell_type"] == "markdown"]
    prose[-1]["source"] = "".join(prose[-1]["source"]) + f"\n\n{sentence}"
    path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", "utf8")


# ---- The table -----------------------------------------------------------------------------------


def spread(values: list[float], scale: float, unit: str, digits: int = 2) -> str:
    """Median, and the lowest and highest value."""
    low, middle, high = min(values), statistics.median(values), max(values)
    return (
        f"{middle / scale:.{digits}f} {unit} "
        f"({low / scale:.{digits}f} to {high / scale:.{digits}f})"
    )


def percentile(values: list[float], share: float) -> float:
    """The value that this share of the values does not exceed."""
    return sorted(values)[max(round(share * len(values)) - 1, 0)]


def table(measured: dict) -> list[tuple[str, str, str]]:
    """Rows of the table: what, to reach, as measured."""
    visits = measured["first visit"]
    column = {
        (side, what): [visit[what] for visit in visits[side]]
        for side in visits
        for what in ("milliseconds", "bytes")
    }
    ratio = {
        what: statistics.median(column["ours", what]) / statistics.median(column["stock", what])
        for what in ("milliseconds", "bytes")
    }
    times, hands = measured["make book"], measured["slider delays"]
    seconds, megabytes = (1000, "s"), (1e6, "MB")
    return [
        ("first visit until alive, stock", "", spread(column["stock", "milliseconds"], *seconds)),
        ("first visit until alive, ours", "", spread(column["ours", "milliseconds"], *seconds)),
        ("… as a share of stock's time", "≤ 0.33", f"{ratio['milliseconds']:.2f}"),
        ("bytes of a first visit, stock", "", spread(column["stock", "bytes"], *megabytes)),
        ("bytes of a first visit, ours", "", spread(column["ours", "bytes"], *megabytes)),
        ("… as a share of stock's bytes", "≤ 0.25", f"{ratio['bytes']:.2f}"),
        (
            f"slider input to painted frame, {sum(map(len, hands))} moves, p95",
            "≤ 16 ms",
            spread([percentile(delays, 0.95) for delays in hands], 1, "ms", digits=1),
        ),
        ("… and the median", "", spread([*map(statistics.median, hands)], 1, "ms", digits=1)),
        ("make book, nothing changed", "≤ 5 s", spread(times["nothing"], 1, "s")),
        ("make book, one chapter changed", "≤ 15 s", spread(times["chapter"], 1, "s")),
        ("requests to other hosts", "0", str(measured["survey"]["requests to other hosts"])),
        ("axe-core violations", "0", str(measured["survey"]["axe-core violations"])),
    ]


def conditions(browser: Browser) -> dict[str, str | int]:
    """When, where and with what it was measured."""
    packages = ("jupyter-book", "sphinx", "myst-nb", "anywidget", "playwright")
    return {
        "date": date.today().isoformat(),
        "command": "make bench-site",
        "chromium": browser.version,
        "machine": f"{platform.system()} {platform.machine()}",
        "processors": os.cpu_count() or 0,
        "load before": f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown",
        "python": platform.python_version(),
        **{name: version(name) for name in packages},
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=9, help="first visits to each side (9)")
    parser.add_argument("--builds", type=int, default=3, help="builds of each kind (3)")
    options = parser.parse_args()
    path = find_browser()
    if path is None or not (SITE / f"{CHAPTER}.html").exists():
        print(MISSING if path is None else "Run `make book` first.", file=sys.stderr)
        return 1
    with sync_playwright() as playwright, serving(SITE) as url:
        chosen = launch_options(path)
        browser = playwright.chromium.launch(**chosen)
        measured = {"conditions": conditions(browser)}
        measured["first visit"] = first_visits(browser, options.repeats)
        measured["survey"] = survey(browser, url)
        browser.close()
        measured["slider delays"] = slider_visits(playwright, path, url)
    measured["make book"] = build_times(options.builds)
    rows = table(measured)
    measured["table"] = [dict(zip(("what", "reach", "measured"), row, strict=True)) for row in rows]
    RESULTS.write_text(json.dumps(measured, indent=1, ensure_ascii=False) + "\n", "utf8")
    for what, reach, value in (("what", "reach", "measured"), *rows):
        print(f"{what:45}  {reach:12}  {value}")
    print("Median of the repeats, lowest and highest in brackets.", measured["conditions"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
