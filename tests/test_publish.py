"""Publishing: the repository's address and one commit are stamped in, and nothing else changes."""

from __future__ import annotations

import copy
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "book" / "_ext"))

from rnnsite import licenses, stamp

from tools import publish
from tools.notebooks import chapters, code_cells, read_notebook
from tools.setup_cell import SETUP, stamped

ROOT = Path(__file__).resolve().parent.parent
ADDRESS = "https://github.com/ada/recurrent"
VERSION = "0123456789abcdef0123456789abcdef01234567"

# Runs a set-up cell as Colab does, in IPython, where the package is not installed; what `%pip` is
# asked for is written down instead of installed.
RUN_CELL = """
import importlib.abc, json, sys
from IPython.core.interactiveshell import InteractiveShell

class Missing(importlib.abc.MetaPathFinder):
    installed = False
    def find_spec(self, name, path=None, target=None):
        if name == "rnnbook" and not self.installed:
            raise ModuleNotFoundError("No module named 'rnnbook'", name="rnnbook")

missing, asked = Missing(), []
sys.meta_path.insert(0, missing)

def pip(line):
    asked.append(line)
    missing.installed = True

shell = InteractiveShell.instance()
shell.register_magic_function(pip, "line", "pip")
result = shell.run_cell(json.load(sys.stdin))
error = result.error_in_exec or result.error_before_exec
print("RESULT" + json.dumps({"asked": asked, "error": None if error is None else
      [type(error).__name__, str(error)], "imported": "rnnbook" in sys.modules}))
"""


def run_cell(source: str) -> dict:
    done = subprocess.run(
        [sys.executable, "-c", RUN_CELL],
        input=json.dumps(source),
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    return json.loads(done.stdout.split("RESULT")[1])


def test_the_stamped_cell_asks_pip_for_exactly_that_commit() -> None:
    wanted = publish.requirement(ADDRESS, VERSION)
    result = run_cell(stamped(wanted))
    assert result == {
        "asked": [f"install -q git+{ADDRESS}@{VERSION}"],
        "error": None,
        "imported": True,
    }


def test_the_unstamped_cell_installs_nothing_and_says_what_to_do() -> None:
    result = run_cell(SETUP)
    assert result["asked"] == []
    kind, message = result["error"]
    assert kind == "SystemExit"
    assert message.startswith("rnnbook is not installed: run `pip install -e .`")


@pytest.mark.parametrize("chapter", chapters(), ids=lambda chapter: chapter.stem)
def test_only_the_source_and_the_links_change(chapter) -> None:
    before = read_notebook(chapter)
    after = publish.for_colab(copy.deepcopy(before), ADDRESS, VERSION)
    first = code_cells(after)[0]
    assert first.source.splitlines()[1].startswith(f'SOURCE = "git+{ADDRESS}@{VERSION}"  #')
    first.source = first.source.replace(f"git+{ADDRESS}@{VERSION}", "", 1)
    links = 0
    for old, new in zip(before.cells, after.cells, strict=True):
        if new.cell_type == "markdown":
            links += new.source.count(f"]({ADDRESS}/blob/{VERSION}/")
            new.source = new.source.replace(f"]({ADDRESS}/blob/{VERSION}/book/", "](../book/")
            new.source = new.source.replace(f"]({ADDRESS}/blob/{VERSION}/notebooks/", "](")
        assert new == old
    assert links > 0, "no link was made absolute; does the chapter cite nothing?"
    assert after.metadata == before.metadata


@pytest.mark.parametrize("chapter", chapters(), ids=lambda chapter: chapter.stem)
def test_a_published_page_shows_the_stamped_cell(chapter) -> None:
    text = chapter.notebook.read_text("utf-8")
    wanted = publish.requirement(ADDRESS, VERSION)
    before, after = json.loads(text), json.loads(stamp.stamped(text, wanted))
    changed = [new for old, new in zip(before["cells"], after["cells"], strict=True) if old != new]
    assert ["".join(cell["source"]) for cell in changed] == [stamped(wanted)]
    assert stamp.stamped(text, "") == text


def test_the_download_button_gives_the_stamped_notebooks(tmp_path: Path) -> None:
    for folder, text in {"colab": "stamped", "html/_sources/notebooks": "as stored"}.items():
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "00_a.ipynb").write_text(text)
    publish.offer_notebooks(tmp_path / "colab", tmp_path / "html")
    given = tmp_path / "html" / "_sources" / "notebooks" / "00_a.ipynb"
    assert given.read_text() == "stamped"


def test_the_published_citation_says_where_the_book_is() -> None:
    stored = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    published = yaml.safe_load(publish.citation(ADDRESS, "https://ada.example/book"))
    assert published == {**stored, "repository-code": ADDRESS, "url": "https://ada.example/book"}
    assert yaml.safe_load(publish.citation("", "")) == stored


def test_every_page_leads_to_the_licences_of_what_it_serves(site_url: str) -> None:
    site = ROOT / "_build" / "html"
    for name, path in licenses.texts().items():
        assert (site / licenses.FOLDER / name).read_bytes() == path.read_bytes()
    for page in [*site.glob("notebooks/*.html"), *site.glob("book/**/*.html")]:
        text = page.read_text("utf-8")
        for name in licenses.texts():
            assert re.search(rf'href="(?:\.\./)+{licenses.FOLDER}/{name}"', text), page


def test_the_licences_are_whole() -> None:
    full = (ROOT / "LICENSES" / "CC-BY-4.0.txt").read_text("utf-8")
    assert full.startswith("Attribution 4.0 International\n")
    assert "Section 8 -- Interpretation." in full
    assert full.endswith("Creative Commons may be contacted at creativecommons.org.\n\n")
    short = (ROOT / "LICENSE").read_text("utf-8")
    assert "Creative Commons Attribution 4.0 International Public License" in short
    assert "https://creativecommons.org/licenses/by/4.0/" in short


@pytest.mark.parametrize(
    ("site", "expected"),
    [
        ("", f"[a]({ADDRESS}/blob/{VERSION}/book/bibliography.md#gers2000)"),
        (
            "https://ada.example/book",
            "[a](https://ada.example/book/book/bibliography.html#gers2000)",
        ),
    ],
)
def test_links_lead_out_of_colab(site: str, expected: str) -> None:
    text = "[a](../book/bibliography.md#gers2000)"
    assert publish.absolute_links(text, f"{ADDRESS}/blob/{VERSION}", site) == expected


@pytest.mark.parametrize(
    "text", ["[a](#eq-1)", "[a](https://b.example/c)", "`f[0](x)`", "$[h](x)$"]
)
def test_other_links_stay(text: str) -> None:
    assert publish.absolute_links(text, "https://x.example", "") == text


@pytest.mark.parametrize(
    "address", [ADDRESS, f"{ADDRESS}/", f"{ADDRESS}.git", f"  {ADDRESS}\n"], ids=repr
)
def test_an_address_has_one_form(address: str) -> None:
    assert publish.checked_address(address) == ADDRESS


@pytest.mark.parametrize(
    "address",
    [
        "github.com/ada/recurrent",
        "http://github.com/ada/recurrent",
        "git@github.com:ada/recurrent.git",
        "https://github.com/ada",
        "https://github.com/ada/re current",
        "https://github.com/ada/recurrent; rm -rf ~",
        'https://github.com/ada/"recurrent',
    ],
)
def test_a_malformed_address_is_refused_in_one_sentence(address: str, capsys) -> None:
    assert publish.main(["--address", address, "--notebooks-only"]) == 1
    said = capsys.readouterr().err
    assert said == (
        f"{address!r} is no repository's address; it looks like https://github.com/owner/name.\n"
    )


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone of the last commit."""
    folder = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", str(ROOT), str(folder)], check=True)
    return folder


def publish_notebooks(folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "tools/publish.py", "--notebooks-only", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


def test_a_clean_tree_is_published_at_its_commit(clone: Path) -> None:
    done = publish_notebooks(clone, "--address", ADDRESS)
    assert done.returncode == 0, done.stderr
    head = subprocess.check_output(["git", "rev-parse", "HEAD"], cwd=clone, text=True).strip()
    assert f"git+{ADDRESS}@{head}" in done.stdout
    made = sorted((clone / "_build/publish/colab/notebooks").glob("*.ipynb"))
    assert [path.stem for path in made] == [chapter.stem for chapter in chapters(clone)]
    assert all(f"git+{ADDRESS}@{head}" in path.read_text("utf-8") for path in made)


def test_uncommitted_changes_are_refused(clone: Path) -> None:
    (clone / "README.md").write_text("changed")
    done = publish_notebooks(clone, "--address", ADDRESS)
    assert done.returncode == 1
    assert "uncommitted changes (such as README.md)" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_an_address_nothing_is_stamped(clone: Path) -> None:
    config = clone / "_config.yml"
    config.write_text(config.read_text().replace(publish.configuration()["repository"]["url"], ""))
    done = publish_notebooks(clone)
    assert done.returncode == 0, done.stderr
    assert "no address is set" in done.stdout
    for chapter in chapters(clone):
        made = clone / "_build/publish/colab/notebooks" / chapter.notebook.name
        assert made.read_bytes() == chapter.notebook.read_bytes()


def test_the_package_installs_from_its_commit(clone: Path, tmp_path: Path) -> None:
    """What the stamped cell asks of pip, from a clone on this machine in place of the address."""
    target = tmp_path / "installed"
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation"]
    version = subprocess.check_output(["git", "rev-parse", "HEAD"], cwd=clone, text=True).strip()
    where = ["--target", str(target), publish.requirement(f"file://{clone}", version)]
    subprocess.run([*pip, *where], check=True, capture_output=True, text=True)
    code = "import rnnbook.widgets as w; print(w.__file__, len(w.ForgetGate._esm) > 1000)"
    code = f"import sys; sys.path.insert(0, {str(target)!r}); {code}"
    said = subprocess.check_output([sys.executable, "-I", "-c", code], text=True)
    assert said.split() == [str(target / "rnnbook/widgets/__init__.py"), "True"]
