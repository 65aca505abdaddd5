"""What tests share: the browser, the address of the built site, the mark of the C++ compiler."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # the project's own scripts are imported as `tools.…`

from explorable_pages import show  # noqa: E402, F401 (a fixture)

from tools import fonts  # noqa: E402
from tools.browser import MISSING, find_browser, launch_options  # noqa: E402
from tools.serve import serving  # noqa: E402

SITE = ROOT / "_build" / "html"

# The same examples on every machine, and no time limit for one: a busy machine is no failure.
settings.register_profile("book", deadline=None, derandomize=True)
settings.load_profile("book")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "needs_compiler: skipped without C++, but fails under CI")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """The package works without a C++ compiler; what checks the book has one, and skips nothing."""
    if item.get_closest_marker("needs_compiler") is None:
        return
    from rnnbook.engines import compiled

    if reason := compiled.why_not():
        # Skipped only on a reader's machine: without a compiler there is nothing of it to try.
        end = pytest.fail if os.environ.get("CI") else pytest.skip
        end(reason)


@pytest.fixture(scope="session")
def site_url() -> Iterator[str]:
    """The address of the built site, served from `_build/html`; no slash at the end."""
    if not (SITE / "index.html").exists():
        pytest.fail("The site is not built: run `make book` first.", pytrace=False)
    with serving(SITE) as address:
        yield address


@pytest.fixture(scope="session")
def browser_of() -> Iterator[Callable[[str], object]]:
    """A headless Chromium for a font of `tools.fonts.FAMILIES`, driven by Playwright."""
    from playwright.sync_api import sync_playwright

    path = find_browser()
    if path is None:
        pytest.fail(MISSING, pytrace=False)
    with sync_playwright() as playwright:
        started: dict[str, object] = {}

        def of(font: str) -> object:
            if font not in started:
                started[font] = playwright.chromium.launch(**launch_options(path, font))
            return started[font]

        yield of
        for chromium in started.values():
            chromium.close()


@pytest.fixture(scope="session")
def browser(browser_of: Callable[[str], object]) -> object:
    """The Chromium that sees the default font; a test opens its own context or page in it."""
    return browser_of("default")


@pytest.fixture(params=list(fonts.FAMILIES))
def browser_with_font(
    browser_of: Callable[[str], object], request: pytest.FixtureRequest
) -> object:
    """A Chromium whose sans-serif is narrow, as wide as Arial, or wide: for tests of layout."""
    return browser_of(request.param)
