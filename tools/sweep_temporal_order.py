"""How far back can each network look? Temporal order at many lengths, several seeds.

    .venv/bin/python tools/sweep_temporal_order.py

takes about ten minutes on one core and writes rnnbook/results/temporal_order.json, which
chapter 1 shows. The chapter itself runs one length of the same experiment.
"""

from __future__ import annotations

import json
import platform
from datetime import date
from pathlib import Path

import torch

from rnnbook.experiments import temporal_order_runs

MODELS = [
    "RNN",
    "RNN, orthogonal start",
    "LSTM, forget bias 0",
    "LSTM, forget bias 1",
    "LSTM, chrono",
]
LENGTHS = [20, 30, 40, 50, 70, 100]
SEEDS = range(5)
STEPS = 1500
OUT = Path(__file__).resolve().parent.parent / "rnnbook" / "results" / "temporal_order.json"


def main() -> None:
    torch.set_num_threads(1)
    rows = []
    for length in LENGTHS:
        runs = temporal_order_runs(MODELS, length, SEEDS, steps=STEPS)
        for model, records in runs.items():
            rows.append(
                {
                    "model": model,
                    "length": length,
                    "solved": [run.solved for run in records],
                    "steps": [run.steps for run in records],
                    "accuracy": [round(run.accuracy, 3) for run in records],
                }
            )
    OUT.parent.mkdir(exist_ok=True)
    record = {
        "date": date.today().isoformat(),
        "command": "python tools/sweep_temporal_order.py",
        "versions": {"python": platform.python_version(), "torch": torch.__version__},
        "seeds": list(SEEDS),
        "steps": STEPS,
        "rows": rows,
    }
    OUT.write_text(json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    main()
