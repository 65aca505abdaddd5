"""The project around the book: its commands, pins, workflows, and what they say in a plight."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

import rnnbook
from tools import browser, colab, setup_environment

ROOT = Path(__file__).resolve().parent.parent
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def tracked_files() -> list[Path]:
    listed = subprocess.check_output(["git", "ls-files", "-z"], cwd=ROOT, text=True)
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).exists()]


def targets() -> set[str]:
    """The names that `make` knows."""
    named = MAKEFILE.split(".PHONY:", 1)[1].replace("\\\n", " ")
    return set(named.splitlines()[0].split())


# --- the commands --------------------------------------------------------------------------------


def test_help_lists_every_target() -> None:
    said = subprocess.check_output(["make", "-s"], cwd=ROOT, text=True)
    listed = set(re.findall(r"(?m)^make ([\w-]+) ", said))
    assert listed == targets() - {"help", "lint"}


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone of the last commit: no environment, nothing built."""
    folder = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", str(ROOT), str(folder)], check=True)
    return folder


def make(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess:
    """What make does in a folder; nothing of a make around these tests reaches it."""
    outer = ("MAKE", "MFLAGS", "PYTHON", "TESTS")  # PYTHON: as in `make PYTHON=… test`
    without_flags = {k: v for k, v in os.environ.items() if not k.startswith(outer)}
    return subprocess.run(
        ["make", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        env={**without_flags, **environment},
    )


def sentences(done: subprocess.CompletedProcess) -> list[str]:
    """What was said, without make's own last line."""
    return [line for line in done.stderr.splitlines() if not line.startswith("make")]


def test_no_python_that_is_new_enough_is_one_sentence(clone: Path) -> None:
    done = make(clone, "book", "CANDIDATES=no-such-python")
    assert done.returncode != 0
    assert sentences(done) == [
        "The book needs Python 3.11 or newer, and none was found as no-such-python; "
        "name one: make PYTHON=/path/to/python3"
    ]


def test_no_network_is_one_sentence(clone: Path) -> None:
    nowhere = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "/nonexistent", "PIP_CONFIG_FILE": os.devnull}
    done = make(clone, "book", **nowhere)
    assert done.returncode != 0
    assert len(sentences(done)) == 1, done.stderr
    assert re.match(r"Could not install [\w-]+==[\w.]+: pip could not reach", sentences(done)[0])
    assert not (clone / ".venv" / ".installed").exists()


def test_a_failure_of_pip_names_the_requirement() -> None:
    said = (
        "ERROR: Could not find a version that satisfies the requirement torch==2.13.0\n"
        "ERROR: No matching distribution found for torch==2.13.0"
    )
    assert setup_environment.explanation(said, "x").startswith("Could not install torch==2.13.0:")
    other = setup_environment.explanation("ERROR: No space left on device", "the packages")
    assert other == "Could not install the packages. Pip said:\nERROR: No space left on device"
    crash = "Traceback (most recent call last):\n  File x\nMemoryError: \n"
    said = setup_environment.explanation(crash, "the packages")
    assert said == "Could not install the packages. Pip said:\nMemoryError:"


def test_a_failure_of_npm_tells_no_network_from_the_rest() -> None:
    log = "npm error A complete log of this run can be found in: /somewhere/debug-0.log\n"
    offline = f"npm error code ENOTFOUND\nnpm error network request failed\n{log}"
    assert "could not reach them" in setup_environment.npm_explanation(offline)
    full = f"npm error code ENOSPC\nnpm error nospc no space left on device\n{log}"
    said = setup_environment.npm_explanation(full)
    assert said.endswith("Npm said:\nnpm error nospc no space left on device")


def test_python3_venv_is_named_only_where_it_is_missing(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "file").write_text("no folder can be made below a file")
    monkeypatch.setattr(setup_environment, "HOME", tmp_path / "file" / ".venv")
    with pytest.raises(SystemExit, match=r"^Could not make \.venv: .*\bfile"):
        setup_environment.make_environment()
    monkeypatch.setattr(setup_environment.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SystemExit, match="sudo apt install python3-venv"):
        setup_environment.make_environment()


def test_a_folder_that_may_not_be_written_to_is_one_sentence(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(setup_environment, "HOME", tmp_path / ".venv")
    monkeypatch.setattr(setup_environment.os, "access", lambda path, mode: False)
    with pytest.raises(SystemExit, match=r"^This user may not write to .*copy the book"):
        setup_environment.install()


def test_an_interrupted_installation_says_one_line(monkeypatch, capsys) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(setup_environment, "install", interrupt)
    assert setup_environment.main() == 130
    assert capsys.readouterr().err.strip() == setup_environment.INTERRUPTED


def test_two_installations_wait_for_each_other(tmp_path: Path) -> None:
    """The first holds the lock until the test lets it go; the second says that it waits."""
    code = (
        "import sys; from tools import setup_environment as s\n"
        "with s.alone(): print('inside', flush=True); sys.stdin.readline()"
    )
    command = [sys.executable, "-c", code]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "cwd": ROOT}
    with subprocess.Popen(command, **pipes) as first:
        assert first.stdout.readline() == "inside\n"
        with subprocess.Popen(command, **pipes) as second:
            assert second.stdout.readline() == f"{setup_environment.WAITING}\n"
            first.communicate("\n")
            assert second.stdout.readline() == "inside\n"
            second.communicate("\n")


def test_a_python_that_is_not_there_is_one_sentence(clone: Path) -> None:
    done = make(clone, "book", "PYTHON=/nonexistent/python")
    assert done.returncode != 0
    assert sentences(done) == [
        "There is no program /nonexistent/python; "
        "name a Python 3.11 or newer: make PYTHON=/path/to/python3"
    ]


def test_python_reads_the_books_path_in_every_locale(tmp_path: Path) -> None:
    """Its `site` reads .venv's *.pth in the locale's encoding, whatever PYTHONUTF8 says."""
    rules = MAKEFILE.partition("\nCANDIDATES")[0]
    (tmp_path / "Makefile").write_text(f"{rules}\nhelp:\n\t@locale charmap\n")
    done = make(tmp_path, "help", LC_ALL="C")
    assert done.stdout == "UTF-8\n"


def test_an_unchanged_environment_is_left_alone() -> None:
    """The second `make` installs nothing: its stamp holds what the pins hold."""
    stamp = ROOT / ".venv" / ".installed"
    assert stamp.read_text() == setup_environment.fingerprint()


def test_an_old_python_is_told_in_words() -> None:
    first_lines = (
        (ROOT / "tools" / "setup_environment.py").read_text("utf-8").split("import hash")[0]
    )
    code = first_lines.replace("sys.version_info", "Version((3, 8))")
    code = f"class Version(tuple): pass\n{code}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr == (
        "The book needs Python 3.11 or newer, and this is 3.8; "
        "name a newer one: make PYTHON=python3.11\n"
    )


def test_colabs_versions_that_cannot_be_installed_are_one_sentence(
    tmp_path: Path, monkeypatch, capsys
) -> None:
    monkeypatch.setattr(colab, "PYTHON", tmp_path / "python")
    (tmp_path / "python").write_text(
        "#!/bin/sh\necho 'ERROR: No matching distribution found for numpy==2.0.2' >&2\nexit 1\n"
    )
    (tmp_path / "python").chmod(0o755)
    assert colab.main() == 1
    assert capsys.readouterr().err == (
        "Could not install numpy==2.0.2: pip could not reach or find it. "
        "The first installation needs the network; try again when there is one.\n"
    )


# --- the browser ---------------------------------------------------------------------------------


def test_a_missing_browser_is_one_sentence() -> None:
    done = subprocess.run(
        [sys.executable, "tools/browser.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, "CHROMIUM": "/no/such/chromium"},
    )
    assert (done.returncode, done.stderr) == (1, f"{browser.MISSING}\n")


@pytest.mark.parametrize("offered", [browser.PACKAGES, browser.PACKAGES[1:], ()])
def test_root_beside_apt_installs_a_browser(tmp_path: Path, monkeypatch, offered) -> None:
    log = tmp_path / "log"
    apt = tmp_path / "apt-get"
    known = " ".join(f'[ "$5" = {package} ] ||' for package in offered)
    apt.write_text(f'#!/bin/sh\necho "$@" >> {log}\n[ "$1" = update ] || {known} exit 100\n')
    apt.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert browser.install() == bool(offered)
    tried = browser.PACKAGES[: 1 + (offered != browser.PACKAGES)]
    asked = [f"install -q -y --no-install-recommends {package}" for package in tried]
    assert log.read_text().splitlines() == ["update -q", *asked]
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert not browser.install()
    assert len(log.read_text().splitlines()) == 1 + len(tried)


PROBE = "def test_probe(browser, site_url):\n    assert browser.version and site_url\n"


def probe(folder: Path, **environment: str) -> str:
    """Run one test that wants the browser and the site, with the project's fixtures."""
    (folder / "tests" / "test_probe.py").write_text(PROBE)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "tests/test_probe.py"],
        cwd=folder,
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
    )
    return done.stdout


def test_without_a_browser_tests_fail_and_do_not_skip(clone: Path) -> None:
    said = probe(clone, CHROMIUM="/no/such/chromium")
    assert browser.MISSING in said
    assert "1 error in" in said


def test_without_a_site_tests_fail_and_do_not_skip(clone: Path) -> None:
    said = probe(clone)
    assert "The site is not built: run `make book` first." in said
    assert "1 error in" in said


# --- the pins ------------------------------------------------------------------------------------


def pins() -> dict[str, Requirement]:
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    wanted = [Requirement(text) for line in lines if (text := line.split("#")[0].strip())]
    return {requirement.name.lower().replace("_", "-"): requirement for requirement in wanted}


def test_every_pin_is_exact_and_installed() -> None:
    assert len(pins()) > 100
    for name, requirement in pins().items():
        assert re.fullmatch(r"==[\w.]+", str(requirement.specifier)), requirement
        if name in setup_environment.SLOW_TO_IMPORT:
            assert importlib.util.find_spec(name.replace("-", "_")) is None
        elif requirement.marker is None or requirement.marker.evaluate():
            installed = importlib.metadata.version(name)
            assert requirement.specifier.contains(installed, prereleases=True), requirement


def test_the_package_asks_for_ranges_that_hold_the_pins_and_colabs_versions() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    colab_lines = (ROOT / "tests" / "colab.txt").read_text("utf-8").splitlines()
    colab = {r.name: r for line in colab_lines if line[0] != "#" and (r := Requirement(line))}
    colab["torch"] = Requirement("torch==2.11.0")
    for text in project["dependencies"]:
        wanted = Requirement(text)
        for source in (pins(), colab):
            if wanted.name in source:
                (exact,) = source[wanted.name].specifier
                assert wanted.specifier.contains(exact.version), f"{text} refuses {exact}"
    assert {"anywidget", "ipywidgets", "numpy", "matplotlib", "tqdm"} <= set(colab)


def test_pytorch_is_named_exactly() -> None:
    """A bare `torch` would bring gigabytes where a CPU build is at hand."""
    assert str(pins()["torch"].specifier) == "==2.13.0"


# --- what stands in the files --------------------------------------------------------------------

REGISTRIES = [
    re.compile(r"\b" + host.replace(".", r"\."))
    for host in ("py" + "pi.org", "python" + "hosted.org", "npm" + "js.org", "npm" + "js.com")
] + [re.compile(r"registry\.(?:npm|yarn)"), re.compile(r"download\.py" + r"torch\.org")]


def test_no_file_names_a_registrys_host() -> None:
    """An installer knows its registry; a file that names one breaks where it is another."""
    for path in tracked_files():
        if path.suffix in {".png", ".woff2", ".ico"}:
            continue
        text = path.read_text("utf-8")
        for registry in REGISTRIES:
            assert not registry.search(text), f"{path.relative_to(ROOT)}: {registry.pattern}"


def test_no_large_file_is_tracked() -> None:
    large = {p.relative_to(ROOT): p.stat().st_size for p in tracked_files()}
    assert {path: size for path, size in large.items() if size > 1_500_000} == {}


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_every_path_that_a_page_names_exists(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    prose = re.sub(r"`[^`]*`", "", text)
    linked = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", prose)
    quoted = re.findall(r"`((?:[\w.-]+/)+[\w.-]+\.\w+|\w+\.(?:md|txt|toml|yml|cff))`", text)
    assert linked, "no link at all"
    made = re.compile(r"^(?:_build|\.venv)/|NN_name")
    missing = [name for name in linked + quoted if not made.search(name)]
    assert [name for name in missing if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_every_make_target_that_a_page_names_exists(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    named = set(re.findall(r"(?m)(?:`|^ *)make ([a-z][\w-]*)", text))
    assert {"book", "test"} <= named
    assert named <= targets()


def test_the_citation_names_the_packages_version() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert citation["version"] == rnnbook.__version__
    assert citation["license"] == ["MIT", "CC-BY-4.0"]


# --- the workflows -------------------------------------------------------------------------------


def steps(workflow: Path) -> list[dict]:
    jobs = yaml.safe_load(workflow.read_text("utf-8"))["jobs"]
    return [step for job in jobs.values() for step in job["steps"]]


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_calls_what_exists(workflow: Path) -> None:
    commands = "\n".join(step.get("run", "") for step in steps(workflow))
    assert set(re.findall(r"\bmake ([a-z-]+)", commands)) <= targets()
    for script in re.findall(r"(?m)^\s*(\.\w+/\w+)", commands):
        assert os.access(ROOT / script, os.X_OK), f"{script} cannot be run"
    for step in steps(workflow):
        assert ("uses" in step) != ("run" in step)
        assert re.fullmatch(r"actions/[\w-]+@v\d+", step.get("uses", "actions/x@v1"))


# The first major versions that run on Node 24; GitHub no longer runs Node 20.
NODE_24 = {
    "actions/checkout": 5,
    "actions/setup-python": 6,
    "actions/configure-pages": 6,
    "actions/upload-pages-artifact": 5,
    "actions/deploy-pages": 5,
}


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_no_workflow_uses_an_action_that_has_retired(workflow: Path) -> None:
    for step in steps(workflow):
        if "uses" in step:
            action, _, version = step["uses"].partition("@v")
            assert int(version) >= NODE_24[action], step["uses"]


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_can_be_given_pytorchs_cpu_build(workflow: Path) -> None:
    """Only then packages are kept from one run to the next: CUDA's would fill the cache."""
    settings = yaml.safe_load(workflow.read_text("utf-8"))
    assert settings["env"]["PIP_EXTRA_INDEX_URL"] == "${{ vars.PIP_EXTRA_INDEX_URL }}"
    kept = [step["with"] for step in steps(workflow) if "setup-python" in step.get("uses", "")]
    assert kept
    for settings in kept:
        assert settings["cache"] == "${{ vars.PIP_EXTRA_INDEX_URL && 'pip' || '' }}"
        assert (ROOT / settings["cache-dependency-path"]).exists()


def test_the_workflows_test_what_the_project_promises() -> None:
    test = yaml.safe_load((ROOT / ".github/workflows/test.yml").read_text("utf-8"))
    assert test["jobs"]["test"]["strategy"]["matrix"]["python"] == ["3.11", "3.13"]
    assert any(step.get("run") == ".ci/run" for step in steps(ROOT / ".github/workflows/test.yml"))
    assert "exec make test" in (ROOT / ".ci" / "run").read_text("utf-8")
    publish = yaml.safe_load((ROOT / ".github/workflows/publish.yml").read_text("utf-8"))
    assert "schedule" in publish[True]  # YAML 1.1 reads the key `on` as true
