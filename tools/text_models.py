"""Train RNN, LSTM and GRU on the default text at equal numbers of weights; store what came out.

    make text-models

takes about ten minutes on one core. Each training is stored as soon as it is done, so that a run
that was stopped goes on where it was; ``--again`` forgets what is stored.
"""

from __future__ import annotations

import argparse
import json
import platform
from datetime import date
from pathlib import Path
from typing import Any

import torch
from tqdm.auto import tqdm

from rnnbook.experiments import text_models
from rnnbook.training import baselines, default_text
from rnnbook.training.loop import parts
from rnnbook.training.model import KINDS
from rnnbook.training.settings import Settings

RESULT = Path(__file__).resolve().parent.parent / "rnnbook" / "results" / "text_models.json"

LONGEST = 8
"""n of the longest n-gram model."""

ROWS = ("chosen", "trained")


def begun(path: Path = RESULT) -> dict[str, Any]:
    """What is stored already, or the head of what will be.

    Raises:
        SystemExit: it was begun with another text.
    """
    text = default_text()
    head = {
        "date": date.today().isoformat(),
        "command": "make text-models",
        "versions": {"python": platform.python_version(), "torch": torch.__version__},
        "text": {"name": text.name, "sha256": text.sha256, "tokens": len(text)},
        "threads": 1,
    }
    if not path.exists():
        return head | {"compressors": {}, "ngrams": [], "chosen": [], "trained": []}
    found = json.loads(path.read_text("utf8"))
    if found["text"]["sha256"] != text.sha256:
        raise SystemExit(f"{path.name} was begun with {found['text']['name']}; say --again.")
    return found | head


def write(found: dict[str, Any], path: Path = RESULT) -> None:
    """One row a line; never half a file."""
    head = {name: value for name, value in found.items() if name not in ROWS}
    lines = [json.dumps(head, indent=1)[:-2]]
    for name in ROWS:
        rows = ",\n".join("  " + json.dumps(row) for row in found[name])
        lines.append(f' "{name}": [\n{rows}\n ]')
    new = path.with_suffix(".new")
    new.write_text(",\n".join(lines) + "\n}\n", "utf8")
    new.replace(path)


def complete(path: Path = RESULT) -> None:
    """Train and count what is missing."""
    text, found = default_text(), begun(path)
    total = len(KINDS) * (len(text_models.RATES) + len(text_models.SEEDS))
    bar = tqdm(total=total, initial=len(found["chosen"]) + len(found["trained"]))

    def done(name: str, kind: str, rate: float, seed: int) -> bool:
        keys = ((row["kind"], row["rate"], row["seed"]) for row in found[name])
        return (kind, rate, seed) in keys

    def add(name: str, kind: str, rate: float, seed: int) -> None:
        if not done(name, kind, rate, seed):
            chooses = name == "chosen"
            found[name].append(text_models.run(text, kind, rate, seed, chooses=chooses))
            write(found, path)
            bar.update()

    for rate in text_models.RATES:
        for kind in KINDS:
            add("chosen", kind, rate, 0)
    for seed in text_models.SEEDS:
        for kind in KINDS:
            add("trained", kind, text_models.best_rate(found["chosen"], kind), seed)
    bar.close()
    start = parts(len(text), Settings())[1]
    if not found["compressors"]:
        primed = baselines.primed_bits(text, start)
        found["compressors"] = {name: round(bits, 4) for name, bits in primed.items()}
    if not found["ngrams"]:
        found["ngrams"] = [round(bits, 4) for bits in baselines.ngram_bits(text, start, LONGEST)]
    if "repeated" not in found:
        found["repeated"] = round(text_models.repeated(text, start), 4)
    write(found, path)


def main() -> None:
    """Complete what is stored."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--again", action="store_true", help="forget what is stored")
    options = parser.parse_args()
    torch.set_num_threads(1)
    if options.again:
        RESULT.unlink(missing_ok=True)
    complete()


if __name__ == "__main__":
    main()
