"""Make what gets published: the site, and the notebooks that Colab opens (`make publish`).

The repository's address comes from `--address` or from `repository.url` in _config.yml; it is
written down nowhere else. With it, in `_build/publish`:

    html/               the site, its launch buttons open the branch `colab`; with CITATION.cff
    colab/notebooks/    the chapters for that branch, whose set-up cell installs this very commit

Without an address the site has no launch button, and the set-up cells install nothing.
"""

from __future__ import annotations

import argparse
import posixpath
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import nbformat  # noqa: E402
import yaml  # noqa: E402
from nbformat import NotebookNode  # noqa: E402

from tools import check_site  # noqa: E402
from tools.normalise import text_of  # noqa: E402
from tools.notebooks import Chapter, chapters, code_cells, read_notebook  # noqa: E402
from tools.setup_cell import SETUP, stamped  # noqa: E402

TARGET = ROOT / "_build" / "publish"
ADDRESS = re.compile(r"https://[A-Za-z0-9.-]+(?:/[A-Za-z0-9._-]+){2,}")
RELATIVE_LINK = re.compile(r"\]\((?![a-z]+:|/)([^)\s#]+\.(?:md|ipynb))(#[^)\s]*)?\)")


class PublishError(Exception):
    """Why nothing was published, and the mend, in one sentence."""


def checked_address(address: str) -> str:
    """The repository's address in its plain form, or an empty string."""
    plain = address.strip().rstrip("/").removesuffix(".git")
    if plain and not ADDRESS.fullmatch(plain):
        raise PublishError(
            f"{address!r} is no repository's address; it looks like https://github.com/owner/name."
        )
    return plain


def git(*arguments: str) -> str:
    command = ["git", "-C", str(ROOT), *arguments]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise PublishError(f"`git {' '.join(arguments)}` failed: {done.stderr.strip()}")
    return done.stdout.rstrip()


def commit() -> str:
    """The commit to install from. Its files must be those that are published."""
    if changed := git("status", "--porcelain"):
        first = changed.splitlines()[0][3:]
        raise PublishError(
            f"There are uncommitted changes (such as {first}), and a published notebook installs a "
            "commit: commit them first."
        )
    return git("rev-parse", "HEAD")


def requirement(address: str, version: str) -> str:
    """What pip is asked for: the package at exactly this commit."""
    return f"git+{address}@{version}"


def absolute_links(text: str, pages: str, site: str) -> str:
    """Links to other pages of the book, made absolute: Colab shows a notebook without them.

    Args:
        text: the Markdown of a cell of a notebook in `notebooks/`.
        pages: the address under which the repository's files are read.
        site: the address of the published site, or empty.
    """

    def absolute(link: re.Match[str]) -> str:
        path = posixpath.normpath(posixpath.join("notebooks", link[1]))
        anchor = link[2] or ""
        if site:
            return f"]({site}/{posixpath.splitext(path)[0]}.html{anchor})"
        return f"]({pages}/{path}{anchor})"

    return RELATIVE_LINK.sub(absolute, text)


def for_colab(notebook: NotebookNode, address: str, version: str, site: str = "") -> NotebookNode:
    """The notebook as Colab gets it: its set-up cell stamped, its links absolute."""
    first = code_cells(notebook)[0]
    if first.source != SETUP:
        raise PublishError("A chapter's first code cell is not the set-up cell: `make test`.")
    first.source = stamped(requirement(address, version))
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = absolute_links(cell.source, f"{address}/blob/{version}", site)
    return notebook


def write_notebooks(folder: Path, address: str, version: str, site: str) -> list[Chapter]:
    folder.mkdir(parents=True)
    made = chapters()
    for chapter in made:
        notebook = read_notebook(chapter)
        if notebook is None:
            raise PublishError(f"{chapter.stem} was never run: `make notebooks`.")
        if address:
            notebook = for_colab(notebook, address, version, site)
        nbformat.validate(notebook)
        (folder / chapter.notebook.name).write_text(text_of(notebook), encoding="utf-8")
    return made


def configuration() -> dict:
    return yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))


def build_site(folder: Path, config: dict, address: str, site: str, version: str) -> None:
    """Build the pages with the address in their configuration, and check them."""
    config["repository"]["url"] = address
    config.setdefault("html", {})["baseurl"] = f"{site}/" if site else ""
    if address:
        config["sphinx"]["config"]["rnn_requirement"] = requirement(address, version)
    extensions = config["sphinx"]["local_extensions"]
    extensions.update({name: str(ROOT / path) for name, path in extensions.items()})
    settings = folder / "_config.yml"
    settings.write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")
    book = [str(Path(sys.executable).with_name("jupyter-book")), "build", str(ROOT), "-W", "-n"]
    places = ["--config", str(settings), "--path-output", str(folder / "site")]
    command = [*book, "--keep-going", "-q", *places]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise PublishError(f"The site was not built. Sphinx said:\n{done.stderr.strip()}")
    shutil.move(folder / "site" / "_build" / "html", folder / "html")
    shutil.rmtree(folder / "site")
    settings.unlink()
    offer_notebooks(folder / "colab" / "notebooks", folder / "html")
    (folder / "html" / "CITATION.cff").write_text(citation(address, site), encoding="utf-8")
    problems, _ = check_site.check(folder / "html")
    if problems:
        raise PublishError("The site was built, but is not whole:\n" + "\n".join(problems))


def offer_notebooks(stamped: Path, html: Path) -> None:
    """Let the pages' download button give the notebooks that Colab gets: they run anywhere."""
    for notebook in stamped.glob("*.ipynb"):
        shutil.copyfile(notebook, html / "_sources" / "notebooks" / notebook.name)


def citation(address: str, site: str) -> str:
    """CITATION.cff with where the code and the book are, as far as that is known."""
    text = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    places = {"repository-code": address, "url": site}
    return text + "".join(f'{key}: "{place}"\n' for key, place in places.items() if place)


def publish(address: str, site: str, *, with_site: bool = True) -> str:
    """Make everything; returns what to tell the person who publishes."""
    config = configuration()
    address = checked_address(address or config["repository"]["url"] or "")
    site = (site or config.get("html", {}).get("baseurl") or "").rstrip("/")
    version = commit() if address else ""
    shutil.rmtree(TARGET, ignore_errors=True)
    made = write_notebooks(TARGET / "colab" / "notebooks", address, version, site)
    if with_site:
        build_site(TARGET, config, address, site, version)
    where = TARGET.relative_to(ROOT)
    if not address:
        return (
            f"{where}: the site without launch buttons, and {len(made)} notebooks that install "
            "nothing, for no address is set (repository.url in _config.yml, or ADDRESS=https://…)."
        )
    return (
        f"{where}: html is the site; colab holds {len(made)} notebooks for the branch "
        f"`{config['repository']['branch']}`. They install {requirement(address, version)}: "
        "push that commit first."
    )


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--address", default="", help="https://github.com/owner/name")
    parser.add_argument("--site", default="", help="where the site will be, for links from Colab")
    parser.add_argument("--notebooks-only", action="store_true", help="do not build the site")
    options = parser.parse_args(arguments)
    try:
        print(publish(options.address, options.site, with_site=not options.notebooks_only))
    except PublishError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
