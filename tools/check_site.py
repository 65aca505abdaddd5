"""Check a built site without a browser: links, anchors, assets, headings, pictures, formulas.

Prints one line for each problem and ends with status 1, or one line that says how much was checked.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "_build" / "html"

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
VERBATIM = {"code", "pre", "script", "style", "annotation", "noscript", "textarea", "svg", "kbd"}
LOADED = {"script": "src", "img": "src", "iframe": "src", "source": "src", "audio": "src"}
LOADED |= {"video": "src", "embed": "src", "object": "data", "input": "src", "track": "src"}
LOADING_LINKS = {"stylesheet", "icon", "preload", "modulepreload", "manifest", "prefetch"}

# MathML's elements that take so many children; with others a browser shows an error.
ARITY = dict.fromkeys(("mfrac", "mroot", "msub", "msup", "mover", "munder"), 2)
ARITY |= dict.fromkeys(("msubsup", "munderover"), 3)

RAW_TEX = re.compile(r"\$\$|\\(?:frac|sigma|tilde|class|tag|tanh|sum|prod|partial)\b")
CSS_ADDRESS = re.compile(
    r"""url\(\s*(?:"([^"]*)"|'([^']*)'|([^)"']*))\s*\)|@import\s+["']([^"']+)"""
)
JS_ADDRESS = re.compile(
    r"""(?:\bfrom\s*|\bimport\s*\(?\s*|importScripts\(\s*)["']((?:https?:)?//[^"']+)"""
)


@dataclass
class Page(HTMLParser):
    """What a page says that can be checked."""

    path: Path
    language: str = ""
    headings: int = 0
    ids: Counter[str] = field(default_factory=Counter)
    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    open: list[tuple[str, bool]] = field(default_factory=list)
    children: list[int] = field(default_factory=list)  # of each open element, so far

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.path.read_text("utf8"))

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attributes}
        hidden = self._hidden() or values.get("aria-hidden") == "true"
        if tag == "html":
            self.language = values.get("lang", "")
        self.headings += tag == "h1"
        if "id" in values:
            self.ids[values["id"]] += 1
        self._note_addresses(tag, values)
        self._note_alternatives(tag, values, hidden)
        if "temml-error" in values.get("class", ""):
            self.problems.append(f"a formula was not rendered: {values.get('title', '')}")
        if "style" in values:
            self.styles.append(values["style"])
        if self.children:
            self.children[-1] += 1
        if tag not in VOID:
            self.open.append((tag, hidden))
            self.children.append(0)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        while tag in (name for name, _ in self.open):
            closed, children = self.open.pop()[0], self.children.pop()
            if children != ARITY.get(closed, children):
                self.problems.append(
                    f"a formula has <{closed}> around {children} things, not {ARITY[closed]}"
                )
            if closed == tag:
                break

    def handle_data(self, data: str) -> None:
        names = {name for name, _ in self.open}
        if "style" in names:
            self.styles.append(data)
        if "article" in names and not names & VERBATIM and (raw := RAW_TEX.search(data)):
            start = max(raw.start() - 20, 0)
            self.problems.append(f"raw TeX in the text: …{data[start : raw.end() + 20].strip()}…")

    def _hidden(self) -> bool:
        return bool(self.open) and self.open[-1][1]

    def _note_addresses(self, tag: str, values: dict[str, str]) -> None:
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        if tag == "link" and LOADING_LINKS & set(values.get("rel", "").split()):
            self.loads.append(values["href"])
        if LOADED.get(tag) in values:
            self.loads.append(values[LOADED[tag]])
        if "data-module" in values:
            self.loads.append(values["data-module"])
        self.loads += [v for name, v in values.items() if name.startswith("data-large-")]

    def _note_alternatives(self, tag: str, values: dict[str, str], hidden: bool) -> None:
        if tag == "img" and "alt" not in values:
            self.problems.append(f"an image without alt text: {values.get('src', '')}")
        outermost = all(name != "svg" for name, _ in self.open)
        if tag == "svg" and outermost and not hidden and not values.get("aria-label"):
            self.problems.append("a picture (svg) that is neither named nor hidden")


def is_external(address: str) -> bool:
    """Whether loading the address would leave the site."""
    return address.startswith("//") or urlsplit(address).scheme in {"http", "https", "ws", "wss"}


def target_of(address: str, page: Path, site: Path) -> tuple[Path, str] | None:
    """The file and the anchor that an address leads to; None where it leaves the site."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return None
    path = unquote(parts.path)
    base = site if path.startswith("/") else page.parent
    file = (base / path.lstrip("/")).resolve() if path else page.resolve()
    return (file / "index.html" if file.is_dir() else file), unquote(parts.fragment)


def check_page(page: Page, pages: dict[Path, Page], site: Path) -> Iterator[str]:
    """The problems of one page, as sentences."""
    yield from page.problems
    if not page.language:
        yield "no language is set"
    if page.headings != 1:
        yield f"{page.headings} headings of the first level instead of 1"
    yield from (f"the id {name!r} stands {n} times" for name, n in page.ids.items() if n > 1)
    for address in dict.fromkeys(page.links):
        yield from _check_link(address, page, pages, site)
    styled = [address for style in page.styles for address in css_addresses(style)]
    for address in dict.fromkeys(page.loads + styled):
        yield from _check_load(address, page.path, site)


def _check_link(address: str, page: Page, pages: dict[Path, Page], site: Path) -> Iterator[str]:
    target = target_of(address, page.path, site)
    if target is None:
        return
    file, anchor = target
    if not file.exists():
        yield f"a link leads nowhere: {address}"
    elif anchor and file in pages and anchor not in pages[file].ids:
        yield f"a link leads to no place on its page: {address}"


def _check_load(address: str, source: Path, site: Path) -> Iterator[str]:
    if is_external(address):
        yield f"something is loaded from elsewhere: {address}"
        return
    target = target_of(address, source, site)
    if target is not None and not target[0].is_file():
        yield f"a file is missing: {address}"


def css_addresses(style: str) -> list[str]:
    """What a style sheet loads; data: addresses are themselves the data."""
    found = ("".join(groups).strip() for groups in CSS_ADDRESS.findall(style))
    return [address for address in found if address and not address.startswith(("data:", "#"))]


def check_assets(site: Path) -> Iterator[str]:
    """The problems of style sheets and scripts, each with its file's name."""
    for sheet in sorted(site.rglob("*.css")):
        for address in css_addresses(sheet.read_text("utf8")):
            for problem in _check_load(address, sheet, site):
                yield f"{sheet.relative_to(site)}: {problem}"
    for script in sorted(site.rglob("*.js")):
        for address in JS_ADDRESS.findall(script.read_text("utf8")):
            yield f"{script.relative_to(site)}: something is loaded from elsewhere: {address}"


def check(site: Path) -> tuple[list[str], str]:
    """All problems of a site, one line each, and what was checked."""
    files = sorted(path for path in site.rglob("*.html") if "_sources" not in path.parts)
    pages = {path.resolve(): Page(path) for path in files}
    problems = [
        f"{page.path.relative_to(site)}: {problem}"
        for page in pages.values()
        for problem in check_page(page, pages, site)
    ]
    problems += check_assets(site)
    links = sum(len(page.links) for page in pages.values())
    loads = sum(len(page.loads) for page in pages.values())
    return problems, f"{len(pages)} pages, {links} links, {loads} assets"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("site", type=Path, nargs="?", default=SITE)
    site = parser.parse_args().site
    if not (site / "index.html").exists():
        print(f"{site} holds no site: run `make book` first.", file=sys.stderr)
        return 1
    problems, checked = check(site)
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"Site checked: {checked}, {len(problems) or 'no'} problems.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
