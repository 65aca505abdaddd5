r"""The trained character model that a page carries: how it was made, and what holding a gate costs.

The model is what ``rnnbook train`` makes with no argument on a CPU, in 8 bits a weight. Its units
are put in the order of their mean forget gate, the largest first; which unit is called which is of
no consequence to what an LSTM computes. :mod:`rnnbook.experiments.held` reads it, and
:class:`rnnbook.widgets.model_in_page.ModelInPage` opens it.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import platform
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from rnnbook.experiments.held import Hold, bits, traced
from rnnbook.training import checkpoints, export, text, train
from rnnbook.training.loop import parts
from rnnbook.training.model import CharacterModel
from rnnbook.training.settings import Settings

LANES, WARM_UP = 32, 128
"""Pieces read side by side, and the steps at the beginning of each that do not count."""

LONGEST = 480
"""Characters of the passage on which the page measures, at most: it reads them in one piece."""


# ---- what a unit follows -------------------------------------------------------------------------


def column(written: str) -> list[float]:
    """How many characters the line has so far."""
    found, place = [], 0
    for mark in written:
        place = 0 if mark == "\n" else place + 1
        found.append(float(place))
    return found


def indent(written: str) -> list[float]:
    """With how many spaces the line begins, as far as it has come."""
    found, spaces, only = [], 0, True
    for mark in written:
        if mark == "\n":
            spaces, only = 0, True
        elif mark == " " and only:
            spaces += 1
        else:
            only = False
        found.append(float(spaces))
    return found


def quoted(written: str) -> list[float]:
    """1 between a double quotation mark and the next one, which a blank line ends too, else 0."""
    found, inside, last = [], False, ""
    for mark in written:
        inside = inside != (mark == '"')
        if mark == last == "\n":
            inside = False
        found.append(float(inside))
        last = mark
    return found


def bracketed(written: str) -> list[float]:
    """1 within round brackets, which a blank line closes too, else 0."""
    found, depth, last = [], 0, ""
    for mark in written:
        depth = max(0, depth + (mark == "(") - (mark == ")"))
        if mark == last == "\n":
            depth = 0
        found.append(float(depth > 0))
        last = mark
    return found


FEATURES: dict[str, Callable[[str], list[float]]] = {
    "column of the line": column,
    "indentation of the line": indent,
    "inside double quotes": quoted,
    "inside round brackets": bracketed,
}
"""What a unit might follow: a number after each character of a text."""


def correlations(cells: Tensor, feature: Tensor) -> Tensor:
    """The correlation of every unit's numbers (N, H) with a feature (N,)."""
    cells = cells.double() - cells.double().mean(0)
    feature = feature.double() - feature.double().mean()
    spread = cells.square().sum(0).sqrt() * feature.square().sum().sqrt()
    return (cells * feature[:, None]).sum(0) / spread.clamp(min=1e-12)


def auc(values: Tensor, truth: Tensor) -> float:
    """How often a number of those with truth 1 is larger than one of the others."""
    order = torch.argsort(values)
    ranks = torch.empty(len(values), dtype=torch.float64)
    ranks[order] = torch.arange(1, len(values) + 1, dtype=torch.float64)
    yes = truth > 0.5
    n = int(yes.sum())
    return float((ranks[yes].sum() - n * (n + 1) / 2) / (n * (len(values) - n)))


def probe(model: CharacterModel, alphabet: text.Alphabet, held_out: str) -> list[dict]:
    """For each feature the unit whose cell state goes with it best.

    It is chosen on the first half of the text, and its score is of the second one.

    Returns:
        Rows of feature, unit, from 1, correlation r, and, of a feature that is 0 or 1, its AUC.

    Source: this project; Karpathy, Johnson & Fei-Fei (2016) looked for such units by eye.
    """
    half = len(held_out) // 2
    features = {name: feature(held_out) for name, feature in FEATURES.items()}
    sides = []
    for part in (slice(half), slice(half, None)):
        values = {name: feature[part] for name, feature in features.items()}
        sides.append(_read(model, alphabet, held_out[part], values))
    rows = []
    for name in FEATURES:
        (seen, first), (fresh, second) = ((cells, found[name]) for cells, found in sides)
        unit = int(correlations(seen, first).abs().argmax())
        r = float(correlations(fresh[:, [unit]], second)[0])
        row = {"feature": name, "unit": unit + 1, "r": round(r, 3)}
        if set(second.tolist()) <= {0.0, 1.0}:
            row["auc"] = round(auc(fresh[:, unit] * math.copysign(1, r), second), 3)
        rows.append(row)
    return rows


def _lanes(alphabet: text.Alphabet, written: str) -> Tensor:
    tokens = torch.from_numpy(alphabet.encode(written).astype(np.int64))
    return tokens[: len(tokens) // LANES * LANES].reshape(LANES, -1).t()


def _read(
    model: CharacterModel, alphabet: text.Alphabet, written: str, features: dict[str, list[float]]
) -> tuple[Tensor, dict[str, Tensor]]:
    """Cell states (N, H) at the steps that count, and every feature there (N,).

    A feature is of the text before it is cut into lanes: a lane may begin within quotes.
    """
    tokens = _lanes(alphabet, written)
    cells = traced(model, tokens)["C"][WARM_UP:].flatten(0, 1)
    return cells, {
        name: torch.tensor(values[: tokens.numel()]).reshape(LANES, -1).t()[WARM_UP:].flatten()
        for name, values in features.items()
    }


# ---- how it is made ------------------------------------------------------------------------------


def in_order(model: CharacterModel, order: Tensor) -> None:
    """Rename a model's units in place: unit n becomes what unit ``order[n]`` was."""
    units = len(order)
    rows = torch.cat([order + units * k for k in range(4)])
    with torch.no_grad():
        for name, weight in model.recurrent.named_parameters():
            weight.copy_(weight[rows][:, order] if name.startswith("weight_hh") else weight[rows])
        model.read_out.weight.copy_(model.read_out.weight[:, order])


def find_passage(model: CharacterModel, alphabet: text.Alphabet, held_out: str) -> str:
    """Prose from the held-out text that is about as hard as all of it.

    It begins with a paragraph, ends with a line, holds at most :data:`LONGEST` characters, quotes
    and brackets, and nine tenths of it are letters and spaces.
    """
    found = []
    for place in range(len(held_out) - LONGEST):
        if not held_out.startswith("\n\n", place):
            continue
        piece = held_out[place + 2 : place + 2 + LONGEST]
        letters = sum(mark.isalpha() or mark.isspace() for mark in piece) / LONGEST
        if piece[0].isupper() and letters > 0.9 and '"' in piece and "(" in piece:
            found.append(piece)
    tokens = np.stack([alphabet.encode(piece).astype(np.int64) for piece in found], 1)
    hard = bits(model, torch.from_numpy(tokens))
    goal = bits(model, _lanes(alphabet, held_out), skip=WARM_UP).mean()
    best = found[int((hard - goal).abs().argmin())]
    return best[: best.rindex("\n") + 1]


def costs(model: CharacterModel, alphabet: text.Alphabet, passage: str, held_out: str) -> dict:
    """Bits per character with gates held, on the passage and on all of the held-out text."""
    short = torch.from_numpy(alphabet.encode(passage).astype(np.int64))[:, None]
    long = _lanes(alphabet, held_out)

    def row(hold: Hold | None) -> dict:
        return {
            **({} if hold is None else asdict(hold)),
            "passage": round(float(bits(model, short, hold)), 4),
            "held_out": round(float(bits(model, long, hold, skip=WARM_UP).mean()), 4),
        }

    holds = [Hold(what, value) for what, value in itertools.product("fio", (0.0, 0.5, 1.0))]
    units = model.recurrent.hidden_size
    silent = bits(model, short.expand(-1, units), Hold("h", 0.0), each=True)
    free = row(None)
    return {
        "free": free,
        "held": [row(hold) for hold in [*holds, Hold("h", 0.0)]],
        "silenced": [round(float(b) - free["passage"], 4) for b in silent],
    }


def main() -> None:
    """Train the model, or take a finished training, and store it where ``stored_model`` looks."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--run", type=Path, help="folder of a training of `rnnbook train`")
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "results")
    options = parser.parse_args()
    source = text.default_text()
    if options.run is None:
        settings = Settings(device="cpu")
        model = train(source, settings).model
    else:
        checkpoint = checkpoints.read(options.run)
        settings, model = checkpoint.settings, checkpoint.model()
        if checkpoint.record["text"]["sha256"] != source.sha256:
            raise SystemExit("That training read another text than this Python carries.")
    start = parts(len(source), settings)[1]
    held_out = source.alphabet.decode(source.tokens[start:])
    model.requires_grad_(False)
    gates = traced(model, _lanes(source.alphabet, held_out))["f"][WARM_UP:]
    in_order(model, torch.argsort(gates.mean((0, 1)), descending=True))
    out = options.out / "page_model.json"
    page = export.to_page(model, source.alphabet, out, text=source, start=start)
    quantised, alphabet = export.from_page(page)
    passage = find_passage(quantised, alphabet, held_out)
    measured = page.pop("bits_per_character")
    record = {
        "what": "the LSTM of `rnnbook train`, in 8 bits a weight, units by their mean forget gate",
        "command": "python -m rnnbook.experiments.page_model",
        "date": datetime.now(UTC).date().isoformat(),
        "versions": {"python": platform.python_version(), "torch": torch.__version__},
        "text": {
            "name": source.name,
            "sha256": source.sha256,
            "tokens": len(source),
            "owner": "Python Software Foundation, under the PSF License Version 2",
        },
        "settings": settings.as_dict(),
        "bits_per_character": {name: round(value, 4) for name, value in measured.items()},
        "passage": passage,
        "costs": costs(quantised, alphabet, passage, held_out),
        "probe": probe(quantised, alphabet, held_out),
        "mean_forget_gate": [
            round(v, 3) for v in gates.mean((0, 1)).sort(descending=True)[0].tolist()
        ],
        "model": {**page, "bits_per_character": None},
    }
    out.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
