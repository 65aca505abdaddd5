"""How long a batch takes the cells of chapter 10's comparison; store what came out.

    .venv/bin/python tools/batch_seconds.py

takes about a minute of one core, and writes rnnbook/results/batch_seconds.json: with it the
chapter's table turns batches into seconds. The cells take turns; what counts is the median of one
thread's processor time (:func:`rnnbook.experiments.equal_terms.batch_seconds`).
"""

from __future__ import annotations

import argparse
import json
import os
import platform
from datetime import date
from pathlib import Path

import torch

from rnnbook.experiments.equal_terms import batch_seconds
from rnnbook.experiments.fair_comparison import CONTESTS
from rnnbook.experiments.verdicts import SWEEPS

STORED = Path(__file__).resolve().parent.parent / "rnnbook" / "results" / "batch_seconds.json"


def _processor() -> str:
    """What the machine calls its processor."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text("utf8").splitlines() if info.exists() else []
    names = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def measure(rounds: int) -> dict:
    """The record: milliseconds of each contest, size, kind of network and cell."""
    found = []
    for contest, name in CONTESTS.items():
        if name not in SWEEPS:
            continue
        sweep = SWEEPS[name]
        for hidden in sweep.hidden:
            for size in sweep.batches:
                seconds = batch_seconds(contest, of_lstm=hidden, size=size, rounds=rounds)
                ms = {
                    kind: {cell: round(1000 * one, 3) for cell, one in each.items()}
                    for kind, each in seconds.items()
                }
                found.append({"sweep": name, "size": size, "hidden": hidden, "ms": ms})
    return {
        "date": date.today().isoformat(),
        "command": "python tools/batch_seconds.py",
        "python": platform.python_version(),
        "torch": torch.__version__,
        "threads": 1,
        "processor": _processor(),
        "load": round(os.getloadavg()[0], 1),
        "rounds": rounds,
        "what": "one thread's processor time for a batch of 32: forward, backward, a step of Adam",
        "rows": found,
    }


def main() -> None:
    """Measure and store."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=100)
    record = measure(parser.parse_args().rounds)
    STORED.write_text(json.dumps(record, indent=1) + "\n", "utf8")


if __name__ == "__main__":
    main()
