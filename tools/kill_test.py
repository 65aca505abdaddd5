"""Kill a training at random moments, and see that each one goes on to the very same end.

    .venv/bin/python tools/kill_test.py             (fifty kills, some minutes)
    .venv/bin/python tools/kill_test.py --kills 5

Each time a training that saves after every step is killed by SIGKILL at a moment drawn between its
first step and its last, and resumed by the same command with --resume. The end of each is compared
with that of a training that nobody disturbed: weights, the optimiser's averages, states, random
numbers and curves, bit for bit.
"""

from __future__ import annotations

import argparse
import math
import os
import random
import signal
import sys
import tempfile
import time
from pathlib import Path

import torch
from tqdm import tqdm

from rnnbook.training import checkpoints, command

STEPS = 100


def started(folder: Path, steps: int, *more: str) -> int:
    """The number of a process that trains; a copy of this one, which has imported all already."""
    settings = {"hidden": 16, "batch": 4, "length": 16, "dropout": 0.2, "layers": 2}
    settings |= {"steps": steps, "save-every": 1, "evaluate-every": 50}
    words = [word for name, value in settings.items() for word in (f"--{name}", str(value))]
    sys.stdout.flush()
    child = os.fork()
    if child:
        return child
    torch.set_num_threads(1)
    log = os.open(folder.with_suffix(".log"), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    sys.stdout, sys.stderr = os.fdopen(1, "w"), os.fdopen(2, "w")
    try:
        command.main(["train", "--out", str(folder), *words, *more])
    except SystemExit as ended:
        sys.stdout.flush()
        os._exit(ended.code or 0)
    finally:
        os._exit(1)


def ended(child: int, seconds: float = math.inf) -> int | None:
    """How a process ended, None if it did not within so many seconds."""
    end = time.perf_counter() + seconds
    while True:
        number, status = os.waitpid(child, os.WNOHANG)
        if number:
            return os.waitstatus_to_exitcode(status)
        if time.perf_counter() > end:
            return None
        time.sleep(0.002)


def wait_for_a_checkpoint(folder: Path) -> float:
    while not any(folder.glob("step-*.json")):
        time.sleep(0.002)
    return time.perf_counter()


def finished(folder: Path, steps: int, *more: str) -> float:
    """Run to the end; seconds from the first checkpoint on.

    Raises:
        RuntimeError: it did not come to its end; with what it said.
    """
    child = started(folder, steps, *more)
    began = wait_for_a_checkpoint(folder)
    if ended(child):
        raise RuntimeError(folder.with_suffix(".log").read_text("utf-8"))
    return time.perf_counter() - began


def killed(folder: Path, steps: int, after: float) -> bool:
    """Start, kill so many seconds after the first checkpoint; whether it was still running."""
    child = started(folder, steps)
    wait_for_a_checkpoint(folder)
    if ended(child, after) is not None:
        return False
    os.kill(child, signal.SIGKILL)
    return ended(child) == -signal.SIGKILL


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
