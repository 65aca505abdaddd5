"""Clamp the gates of trained GRUs one unit at a time, and store what each unit keeps and loses.

    .venv/bin/python tools/clamped_units.py

takes about two minutes of one core, and writes rnnbook/results/clamped_units.json: the units of the
GRUs of chapter 10 as printed, with the seeds of the sweeps, four units, one learning rate.
"""

from __future__ import annotations

import dataclasses
import json
import platform
from datetime import date
from pathlib import Path

import torch

from rnnbook.experiments import closing_claims, verdicts

STORED = Path(__file__).resolve().parent.parent / "rnnbook" / "results" / "clamped_units.json"
RATE, HIDDEN, LENGTH, STEPS = 0.03, 4, 20, 800


def measure(task: str) -> list[dict]:
    """The units of five trainings on this task, each with both answers of its whole network."""
    cases = [("as printed", seed, RATE) for seed in verdicts.SEEDS]
    trained = closing_claims.train_both(cases, steps=STEPS, hidden=HIDDEN, length=LENGTH, task=task)
    whole = closing_claims.scores(trained)["as trained"]
    found = []
    for unit in closing_claims.unit_by_unit(trained):
        n = unit.network
        row = {"task": task, "long": whole["long"][n].item(), "short": whole["short"][n].item()}
        found.append(row | dataclasses.asdict(unit))
    return found


def _rounded(value: object) -> object:
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    return round(value, 4) if isinstance(value, float) else value


def main() -> None:
    """Train, clamp and store."""
    rows = [_rounded(row) for task in closing_claims.TASKS for row in measure(task)]
    record = {
        "date": date.today().isoformat(),
        "command": "python tools/clamped_units.py",
        "versions": {"python": platform.python_version(), "torch": torch.__version__},
        "seeds": list(verdicts.SEEDS),
        "rate": RATE,
        "hidden": HIDDEN,
        "T": LENGTH,
        "batches": STEPS,
    }
    head = json.dumps(record, indent=1)[:-2]
    body = ",\n".join("  " + json.dumps(row) for row in rows)
    STORED.write_text(f'{head},\n "rows": [\n{body}\n ]\n}}\n', "utf8")


if __name__ == "__main__":
    torch.set_num_threads(1)
    main()
