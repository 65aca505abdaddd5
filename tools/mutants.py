"""Break the book on purpose, one thing at a time, and see that a test notices (`make mutants`).

Each mutation is applied to a copy of the working tree; the tests that should notice run there. The
table says which one turned red. A mutation that no test notices, or that no longer fits the code,
ends the run with status 1.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import nbformat  # noqa: E402

from tools.notebooks import code_cells, kernel_environment  # noqa: E402

Change = Callable[[Path], None]
LINKED = (".venv", "_build/html", "tools/node_modules")  # needed by tests, changed by none


class DoesNotFitError(Exception):
    """A mutation that the code has outgrown."""


@dataclass(frozen=True)
class Mutation:
    """One break, where it is, and the tests that must notice."""

    what: str
    file: str
    change: Change
    tests: str


def replaced(old: str, new: str, after: str = "") -> Change:
    """Replace the first `old` that stands after `after`."""

    def change(path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        start = text.find(after)
        place = text.find(old, start) if start >= 0 else -1
        if place < 0:
            raise DoesNotFitError(f"{path.name} no longer holds {old!r} after {after!r}")
        path.write_text(text[:place] + new + text[place + len(old) :], encoding="utf-8")

    return change


def in_code(old: str, new: str) -> Change:
    """Replace the first `old` in the code cells of a notebook."""

    def change(path: Path) -> None:
        notebook = nbformat.read(path, as_version=4)
        for cell in code_cells(notebook):
            if old in cell.source:
                cell.source = cell.source.replace(old, new, 1)
                nbformat.write(notebook, path)
                return
        raise DoesNotFitError(f"no code cell of {path.name} holds {old!r}")

    return change


def edited_output(path: Path) -> None:
    """Raise the last digit of the first number that a cell printed."""
    notebook = nbformat.read(path, as_version=4)
    for cell in code_cells(notebook):
        for output in cell.outputs:
            if output.output_type == "stream" and re.search(r"\d", output.text):
                raised = re.sub(r"\d", lambda m: str((int(m[0]) + 1) % 10), output.text, count=1)
                output.text = raised
                nbformat.write(notebook, path)
                return
    raise DoesNotFitError(f"no cell of {path.name} printed a number")


def stripped(path: Path) -> None:
    """Remove every output, as a commit hook of another project would."""
    notebook = nbformat.read(path, as_version=4)
    for cell in code_cells(notebook):
        cell.outputs, cell.execution_count = [], None
    nbformat.write(notebook, path)


GATE = "def forget_gate("
LSTM, RNN = "rnnbook/lstm.py", "rnnbook/rnn.py"
SCRIPT, SLIDERS = "rnnbook/widgets/mathematics.js", "rnnbook/widgets/forget_gate.js"
FIRST, SECOND = "notebooks/00_why_gates.ipynb", "notebooks/01_forget_gate.ipynb"
HYGIENE = "tests/test_notebooks.py"
STATES = "def rnn_states("

MUTATIONS = [
    Mutation(
        "(1): σ becomes tanh",
        LSTM,
        replaced("torch.sigmoid(", "torch.tanh(", GATE),
        "tests/test_lstm.py",
    ),
    Mutation("(1): + b becomes − b", LSTM, replaced("+ b)", "- b)", GATE), "tests/test_lstm.py"),
    Mutation(
        "(1): the h term is dropped", LSTM, replaced(" + h @ W_h", "", GATE), "tests/test_lstm.py"
    ),
    Mutation(
        "(1): W_x and W_h are swapped in the check",
        LSTM,
        replaced('W_h="H H"', 'W_h="D H"'),
        "tests/test_lstm.py",
    ),
    Mutation(
        "(1): its shapes are not checked",
        LSTM,
        replaced('@shapes(x="B D", h="B H", W_x="D H", W_h="H H", b="H")\n', ""),
        "tests/test_shapes.py",
    ),
    Mutation(
        "plain RNN: tanh becomes σ",
        RNN,
        replaced("torch.tanh(", "torch.sigmoid("),
        "tests/test_rnn.py",
    ),
    Mutation(
        "plain RNN: the state is not handed on",
        RNN,
        replaced("        h = rnn_step(x, h,", "        h = rnn_step(x, 0 * h,", STATES),
        "tests/test_rnn.py",
    ),
    Mutation(
        "JavaScript: the half-life loses its ln 2",
        SCRIPT,
        replaced("Math.LN2 / -Math.log(f)", "1 / -Math.log(f)"),
        "tests/test_mathematics_js.py",
    ),
    Mutation(
        "JavaScript: σ becomes a softsign",
        SCRIPT,
        replaced("return 1 / (1 + Math.exp(-a));", "return 0.5 + (0.5 * a) / (1 + a);"),
        "tests/test_mathematics_js.py",
    ),
    Mutation(
        "JavaScript: the rate of forgetting loses digits near f = 1",
        SCRIPT,
        replaced("a >= 0 ? Math.log1p(Math.exp(-a))", "a >= 0 ? -Math.log(sigmoid(a))"),
        "tests/test_mathematics_js.py",
    ),
    Mutation(
        "explorable: the gate ignores the state",
        SLIDERS,
        replaced("w_x * x + w_h * h", "w_x * x"),
        "tests/test_widgets.py",
    ),
    Mutation(
        "chapter 1: a sign in the check of (1.6)",
        SECOND,
        in_code("- 2 * f * P + P", "+ 2 * f * P + P"),
        SECOND,
    ),
    Mutation(
        "chapter 1: σ′ = σ(1 − σ) becomes σ(1 + σ)",
        SECOND,
        in_code("sigma * (1 - sigma)", "sigma * (1 + sigma)"),
        SECOND,
    ),
    Mutation("chapter 0: a stored number is edited", FIRST, edited_output, FIRST),
    Mutation("chapter 1: a stored number is edited", SECOND, edited_output, SECOND),
    Mutation("chapter 1: stripped of its outputs", SECOND, stripped, HYGIENE),
    Mutation(
        "chapter 1: the text twin says something else",
        "notebooks/text/01_forget_gate.md",
        replaced("forget", "forgive", "# "),
        HYGIENE,
    ),
]


def copied_tree(target: Path) -> None:
    """The files of the working tree that git knows or would add, with links to what is built."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    for name in subprocess.check_output(command, cwd=ROOT, text=True).split("\0"):
        if name and (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    for name in LINKED:
        if (ROOT / name).exists():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            (target / name).symlink_to(ROOT / name)


def red_tests(tree: Path, tests: str) -> list[str]:
    """The tests that fail in a tree; the first is enough for a notebook, whose cells take time."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-rfE"]
    command += ["--nbval"] if tests.endswith(".ipynb") else []
    environment = {**os.environ, **kernel_environment(), "PYTHONPATH": str(tree)}
    done = subprocess.run(
        [*command, tests], cwd=tree, capture_output=True, text=True, env=environment
    )
    found = re.findall(r"(?m)^(?:FAILED|ERROR) (\S+::(?:Cell \d+|\S+))", done.stdout)
    if done.returncode not in (0, 1) or (done.returncode == 1 and not found):
        raise DoesNotFitError(
            f"the tests could not run:\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
        )
    return found


def outcome(mutation: Mutation) -> tuple[bool, str]:
    """Whether a mutation was noticed, and by which test."""
    with tempfile.TemporaryDirectory() as name:
        tree = Path(name)
        copied_tree(tree)
        try:
            mutation.change(tree / mutation.file)
            red = red_tests(tree, mutation.tests)
        except DoesNotFitError as error:
            return False, f"DOES NOT FIT: {error}"
    return bool(red), red[0] if red else f"SURVIVED {mutation.tests}"


def healthy() -> bool:
    """Whether the tests are green before anything is broken; else the table would say nothing."""
    with tempfile.TemporaryDirectory() as name:
        tree = Path(name)
        copied_tree(tree)
        red = [
            test
            for tests in sorted({m.tests for m in MUTATIONS})
            for test in red_tests(tree, tests)
        ]
    for test in red:
        print(f"red before anything was broken: {test}", file=sys.stderr)
    return not red


def main() -> int:
    from tqdm import tqdm

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="", help="the mutations whose name or file holds this")
    options = parser.parse_args()
    chosen = [m for m in MUTATIONS if options.only in m.what or options.only in m.file]
    if not chosen:
        print(f"No mutation's name or file holds {options.only!r}.", file=sys.stderr)
        return 1
    if not options.only and not healthy():
        return 1
    width = max(len(mutation.what) for mutation in chosen)
    survivors = 0
    for mutation in tqdm(chosen, leave=False, unit="mutant"):
        noticed, by = outcome(mutation)
        survivors += not noticed
        tqdm.write(f"{mutation.what:<{width}}  {by}")
    print(f"{len(chosen) - survivors} of {len(chosen)} were noticed.")
    return int(survivors > 0)


if __name__ == "__main__":
    sys.exit(main())
