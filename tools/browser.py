"""Find the Chromium that the tests drive; install it where that needs no question.

Run as a script it makes sure that there is one: it looks, installs Debian's package when it is root
beside apt-get, and otherwise says in one sentence what to do. Where there is a choice it takes the
headless shell: the same engine without windows, and less than half of a test's time.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parent.parent
AXE = ROOT / "tools" / "node_modules" / "axe-core" / "axe.min.js"
GUIDELINES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

PACKAGES = ("chromium-headless-shell", "chromium")  # Debian's; Ubuntu has only the second
COMMANDS = (*PACKAGES, "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
APPLICATIONS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
MISSING = (
    "No Chromium was found, and the tests drive the built pages in one: install it with "
    "`sudo apt install chromium` (Debian), `brew install --cask chromium` (macOS) or "
    "`.venv/bin/playwright install chromium`, or set CHROMIUM=/path/to/chromium."
)
FLAGS = (
    "--no-sandbox",  # root and containers have none, and only our own pages are opened
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def playwrights_own() -> str | None:
    """The browser that `playwright install chromium` leaves, if it is there."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def find_browser() -> str | None:
    """The path of a Chromium: CHROMIUM, then PATH, then the applications, then Playwright's own."""
    chosen = os.environ.get("CHROMIUM")
    if chosen:
        return shutil.which(chosen)
    for command in COMMANDS:
        if path := shutil.which(command):
            return path
    for path in APPLICATIONS:
        if Path(path).exists():
            return path
    return playwrights_own()


def launch_options(path: str, font: str = "default") -> dict[str, object]:
    """What Playwright's `launch` needs: executable, flags of a closed network, our fonts."""
    from tools import fonts

    environment = {**os.environ, **fonts.environment(font)}
    return {"executable_path": path, "args": list(FLAGS), "env": environment}


def violations(page: Page, rules: Sequence[str] = (), apart: Sequence[str] = ()) -> list[str]:
    """What axe-core objects to on an open page, WCAG 2.2 AA and its own best practice.

    Asked for the violations only: its reasons for what is well are half of its time. The inside of
    code and of formulas is left out, half of a chapter's elements: there are no controls in it, and
    its colours, the same on every page, are computed in tests/test_quantities.py.

    Args:
        page: the page.
        rules: of axe-core, if not all.
        apart: selectors of what else is left out, because it is looked at elsewhere.
    """
    if not AXE.exists():
        raise FileNotFoundError("axe-core is not installed: run `make book`, which installs it.")
    page.evaluate(AXE.read_text("utf8"))
    answer = page.evaluate(
        """async ([asked, apart]) => {
          const all = { exclude: [".highlight pre > *", "math > *", ...apart].map((one) => [one]) };
          const found = await axe.run(all, { runOnly: asked, resultTypes: ["violations"] });
          return [found.violations.flatMap(({ id, nodes }) => nodes.map(
            ({ html }) => `${id}: ${html.slice(0, 200)}`)), found.passes.length];
        }""",
        [list(rules) or list(GUIDELINES), list(apart)],
    )
    if not answer[1]:
        raise RuntimeError("axe-core looked at nothing on this page.")
    return answer[0]


def install() -> bool:
    """Install Debian's Chromium where we may: as root, beside apt-get."""
    if not shutil.which("apt-get") or os.geteuid() != 0 or os.environ.get("CHROMIUM"):
        return False
    print("Installing Debian's Chromium for the tests …", flush=True)

    def apt_get(*arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        command = ["apt-get", *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True)

    apt_get("update", "-q")
    for package in PACKAGES:
        done = apt_get("install", "-q", "-y", "--no-install-recommends", package)
        if not done.returncode:
            return True
    print(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "apt-get failed")
    return False


def main() -> int:
    if find_browser() or (install() and find_browser()):
        return 0
    print(MISSING, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
