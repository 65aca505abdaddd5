"""Kill a training at random moments, and see that each one goes on to the very same end.

    .venv/bin/python tools/kill_test.py             (fifty kills, about ten minutes)
    .venv/bin/python tools/kill_test.py --kills 5

Each time a training that saves after every step is killed by SIGKILL at a moment drawn between its
first step and its last, and resumed by the same command with --resume. The end of each is compared
with that of a training that nobody disturbed: weights, the optimiser's averages, states, random
numbers and curves, bit for bit.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import torch
from tqdm import tqdm

from rnnbook.training import checkpoints

STEPS = 300


def command(folder: Path, steps: int, *more: str) -> list[str]:
    settings = {"hidden": 16, "batch": 4, "length": 16, "dropout": 0.2, "layers": 2}
    settings |= {"steps": steps, "save-every": 1, "evaluate-every": 50}
    words = [word for name, value in settings.items() for word in (f"--{name}", str(value))]
    return [sys.executable, "-m", "rnnbook", "train", "--out", str(folder), *words, *more]


def finished(folder: Path, steps: int, *more: str) -> float:
    """Run to the end; seconds from the first checkpoint on."""
    with subprocess.Popen(command(folder, steps, *more), **SILENT) as running:
        began = first_checkpoint(folder, running)
        complaint = running.communicate()[1]
    if running.returncode:
        raise RuntimeError(complaint)
    return time.perf_counter() - began


SILENT = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}


def first_checkpoint(folder: Path, running: subprocess.Popen) -> float:
    while not any(folder.glob("step-*.json")) and running.poll() is None:
        time.sleep(0.005)
    return time.perf_counter()


def killed(folder: Path, steps: int, after: float) -> bool:
    """Start, kill so many seconds after the first checkpoint; whether it was still running."""
    with subprocess.Popen(command(folder, steps), **SILENT) as running:
        first_checkpoint(folder, running)
        try:
            running.wait(after)
        except subprocess.TimeoutExpired:
            running.kill()
            return True
    return False


def same(one: checkpoints.Checkpoint, other: checkpoints.Checkpoint) -> bool:
    return (
        one.step == other.step
        and one.record["history"] == other.record["history"]
        and one.tensors.keys() == other.tensors.keys()
        and all(torch.equal(t, other.tensors[name]) for name, t in one.tensors.items())
    )


def kill_and_resume(
    kills: int, folder: Path, chance: random.Random, steps: int = STEPS, seen=iter
) -> dict[str, int]:
    """How many were killed while running, how many of them went on, and how many ended equal."""
    seconds = finished(folder / "undisturbed", steps)
    right = checkpoints.read(folder / "undisturbed")
    counts = {"kills": 0, "resumed": 0, "equal": 0}
    for number in seen(range(kills)):
        trial = folder / f"trial-{number}"
        while not killed(trial, steps, chance.uniform(0, seconds)):
            seconds *= 0.8  # the machine became faster: it was at its end before
            for path in trial.iterdir():
                path.unlink()
        counts["kills"] += 1
        try:
            finished(trial, steps, "--resume")
        except RuntimeError as error:
            tqdm.write(f"trial {number} did not go on:\n{error}", file=sys.stderr)
            continue
        counts["resumed"] += 1
        counts["equal"] += same(right, checkpoints.read(trial))
    return counts


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0, help="of the moments")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        counts = kill_and_resume(
            options.kills,
            Path(name),
            random.Random(options.seed),
            seen=lambda numbers: tqdm(numbers, leave=False, unit="kill"),
        )
    print("{kills} killed, {resumed} went on, {equal} ended bit for bit alike.".format(**counts))
    return int(counts["equal"] < options.kills)


if __name__ == "__main__":
    sys.exit(main())
