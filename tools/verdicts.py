"""Run the sweeps on which the book rests its sentences about trainings; store what came out.

    make verdicts

takes about an hour on one core. Each training is stored as soon as it is done, so that a run that
was stopped goes on where it was; what is stored already is not run again (``--again`` forgets it).
"""

from __future__ import annotations

import argparse
import json
import platform
from datetime import date
from pathlib import Path

import torch
from tqdm.auto import tqdm

from rnnbook.experiments import verdicts

RESULTS = Path(__file__).resolve().parent.parent / "rnnbook" / "results"


def path_of(name: str, folder: Path = RESULTS) -> Path:
    """Where the sweep of this name is stored."""
    return folder / f"verdicts_{name}.json"


def stored(name: str, folder: Path = RESULTS) -> list[dict]:
    """The rows that are there already."""
    path = path_of(name, folder)
    return json.loads(path.read_text("utf8"))["rows"] if path.exists() else []


def write(name: str, rows: list[dict], folder: Path = RESULTS) -> None:
    """Store the rows, one a line, with what a reader needs to run them again."""
    sweep = verdicts.SWEEPS[name]
    record = {
        "date": date.today().isoformat(),
        "command": "make verdicts",
        "versions": {"python": platform.python_version(), "torch": torch.__version__},
        "seeds": list(verdicts.SEEDS),
        "batches": {str(size): most for size, most in sweep.batches.items()},
    }
    head = json.dumps(record, indent=1)[:-2]
    body = ",\n".join("  " + json.dumps(row) for row in rows)
    folder.mkdir(exist_ok=True)
    new = path_of(name, folder).with_suffix(".new")
    new.write_text(f'{head},\n "rows": [\n{body}\n ]\n}}\n', "utf8")
    new.replace(path_of(name, folder))  # never half a file


def complete(name: str, folder: Path = RESULTS) -> None:
    """Train what is missing, and store each training as it is done."""
    sweep = verdicts.SWEEPS[name]
    rows = stored(name, folder)
    known = {(row["model"], row["size"], row["hidden"], row["rate"]): row for row in rows}
    groups = list(sweep.groups())
    bar = tqdm(total=len(groups) * len(sweep.rates) * len(verdicts.SEEDS), desc=name)
    for group in groups:
        for rate in sweep.rates:
            if (*group, rate) not in known:
                row = dict(zip(("model", "size", "hidden"), group, strict=True))
                rows.append(row | {"rate": rate, "steps": [], "accuracy": []})
                known[(*group, rate)] = rows[-1]
        due = [
            (seed, rate)
            for rate in sweep.rates
            for seed in verdicts.SEEDS[len(known[(*group, rate)]["steps"]) :]
        ]
        bar.update(len(sweep.rates) * len(verdicts.SEEDS) - len(due))
        if not due:
            continue
        for (_, rate), run in zip(due, sweep.run(*group, due), strict=True):
            known[(*group, rate)]["steps"].append(run.steps)
            known[(*group, rate)]["accuracy"].append(round(run.accuracy, 3))
            write(name, [row for row in rows if row["steps"]], folder)
            bar.update()
    bar.close()


def main() -> None:
    """Complete the sweeps that were named, or all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help=f"of {', '.join(verdicts.SWEEPS)}; default: all")
    parser.add_argument("--again", action="store_true", help="forget what is stored")
    options = parser.parse_args()
    torch.set_num_threads(1)
    for name in options.names or verdicts.SWEEPS:
        if options.again:
            path_of(name).unlink(missing_ok=True)
        complete(name)


if __name__ == "__main__":
    main()
