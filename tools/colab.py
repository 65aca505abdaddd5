"""Run the chapters beside the versions that Colab brings, to see that they run (`make colab`).

Colab's own versions are pinned in tests/colab.txt; PyTorch is the book's, for Colab's CUDA build is
gigabytes. The package is installed beside them: pip must find that they satisfy its ranges, and the
notebooks must run from the first cell to the last.
Outputs are not compared here; nbval does that in the book's own environment.
"""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools.setup_environment import explanation, last_words  # noqa: E402

HOME = ROOT / "_build" / "colab-environment"
PYTHON = HOME / "bin" / "python"
PINS = ROOT / "tests" / "colab.txt"
BOOK = ROOT / "requirements.txt"

RUN = """
import sys, nbformat
from nbclient import NotebookClient
notebook = nbformat.read(sys.argv[1], as_version=4)
client = NotebookClient(notebook, kernel_name="python3", timeout=600,
                        resources={"metadata": {"path": sys.argv[2]}})
client.execute()
"""


class ColabError(Exception):
    """Why the chapters could not be tried, in one sentence."""


def install() -> None:
    """An environment with Colab's packages, and the book's package from this working tree.

    Raises:
        ColabError: pip could not install them.
    """
    if not PYTHON.exists():
        venv.create(HOME, with_pip=True)
    pins = BOOK.read_text("utf8").splitlines()
    torch = next(line.split()[0] for line in pins if line.startswith("torch=="))
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    wanted = ["--requirement", str(PINS), torch, "--editable", str(ROOT), "nbclient", "nbformat"]
    done = subprocess.run([*pip, *wanted], stderr=subprocess.PIPE, text=True)
    if done.returncode:
        raise ColabError(explanation(done.stderr, "what Colab brings"))


def main() -> int:
    print("Installing what Colab brings …", flush=True)
    try:
        install()
    except ColabError as error:
        print(error, file=sys.stderr)
        return 1
    failed = 0
    for notebook in sorted((ROOT / "notebooks").glob("*.ipynb")):
        command = [str(PYTHON), "-c", RUN, str(notebook), str(notebook.parent)]
        done = subprocess.run(command, capture_output=True, text=True)
        failed += done.returncode != 0
        print(f"{notebook.stem}: {'runs' if done.returncode == 0 else 'fails'}", flush=True)
        if done.returncode:
            print(last_words(done.stderr) or "Python ended without a word", file=sys.stderr)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
