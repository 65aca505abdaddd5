r"""The trained character model that a page carries: how it was made, and what holding a gate costs.

The model is what ``rnnbook train`` makes with no argument on a CPU, in 8 bits a weight. Its units
are put in the order of their mean forget gate, so that unit 1 keeps longest; which unit is called
which is of no consequence to what an LSTM computes. :class:`rnnbook.widgets.ModelInPage` opens it.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import platform
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from rnnbook import lstm
from rnnbook.experiments import stored_results
from rnnbook.training import checkpoints, export, text, train
from rnnbook.training.loop import parts
from rnnbook.training.model import CharacterModel
from rnnbook.training.settings import Settings

HELD = ("f", "i", "o", "h")
"""What can be held at a value: three gates, and what a unit shows."""

GATES = ("i", "f", "C_tilde", "o")
"""In the order in which PyTorch stacks their weights."""

EQUATIONS = (
    ("f", lstm.forget_gate),
    ("i", lstm.input_gate),
    ("C_tilde", lstm.candidate),
    ("o", lstm.output_gate),
)
"""The gates' names and functions, (1), (2), (3), (5)."""

LANES, WARM_UP = 32, 128
"""Pieces read side by side, and the steps at the beginning of each that do not count."""

LONGEST = 480
"""Characters of the passage on which the page measures, at most: it reads them in one piece."""


@dataclass(frozen=True)
class Hold:
    """A gate, or a unit's output h, that no longer obeys its equation but has one value.

    Attributes:
        what: one of :data:`HELD`.
        value: the value that it has at every step.
        unit: whose, from 1; None for every unit's.

    Raises:
        ValueError: what is none of :data:`HELD`.
    """

    what: str
    value: float
    unit: int | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be held."""
        if self.what not in HELD:
            raise ValueError(f"what: expected one of {', '.join(HELD)}; given {self.what!r}")

    def of(self, batch: int, units: int) -> Tensor:
        """Which numbers it holds, (B, H)."""
        held = torch.zeros(batch, units, dtype=torch.bool)
        held[:, slice(None) if self.unit is None else self.unit - 1] = True
        return held


def page_model() -> tuple[CharacterModel, text.Alphabet]:
    """The model as the page computes it, its 8-bit weights decoded, and its alphabet.

    Source: ``rnnbook/results/page_model.json``, by ``python -m rnnbook.experiments.page_model``.
    """
    return export.from_page(stored_results("page_model")["model"])


class Reader:
    """An LSTM of one layer that reads token by token, by equations (1) to (6), and can be held.

    Args:
        model: an LSTM of one layer.
        hold: what is held, and at what.
        batch: sequences read side by side, from the state 0.
        each: of sequence n what is held is unit n's alone, counted from 0; the batch is H.

    Source: the post, eqs. (1) to (6).
    """

    def __init__(
        self, model: CharacterModel, hold: Hold | None = None, batch: int = 1, *, each: bool = False
    ) -> None:
        weights = dict(model.recurrent.named_parameters())
        units = model.recurrent.hidden_size
        b = (weights["bias_ih_l0"] + weights["bias_hh_l0"]).split(units)
        W_x, W_h = (weights[f"weight_{n}_l0"].t().split(units, 1) for n in ("ih", "hh"))
        self.weights = dict(zip(GATES, zip(W_x, W_h, b, strict=True), strict=True))
        self.model, self.hold = model, hold
        if hold is not None:
            self.held = torch.eye(units, dtype=torch.bool) if each else hold.of(batch, units)
        self.h = self.C = torch.zeros(batch, units)
        self.now: dict[str, Tensor] = {}

    def _obey(self, name: str, value: Tensor) -> Tensor:
        if self.hold is None or self.hold.what != name:
            return value
        return value.masked_fill(self.held, self.hold.value)

    @torch.no_grad()
    def step(self, tokens: Tensor) -> Tensor:
        """Read one token of each sequence, (B,); gives the scores of the next ones, (B, V)."""
        x = self.model.embedding(tokens)
        f, i, C_tilde, o = (
            self._obey(name, gate(x, self.h, *self.weights[name])) for name, gate in EQUATIONS
        )
        self.C = lstm.cell_state(f, self.C, i, C_tilde)
        self.h = self._obey("h", lstm.hidden_state(o, self.C))
        self.now = {"f": f, "i": i, "C_tilde": C_tilde, "o": o, "C": self.C, "h": self.h}
        return self.model.read_out(self.h)

    def read(self, token: int) -> Tensor:
        """Read one token of the only sequence; gives the scores of the next one, (V,)."""
        return self.step(torch.tensor([token]))[0]


def traced(
    model: CharacterModel, tokens: Tensor, hold: Hold | None = None, *, each: bool = False
) -> dict[str, Tensor]:
    """Everything in an LSTM of one layer while it reads.

    Args:
        model: an LSTM of one layer.
        tokens: (T, B), read from the state 0.
        hold: what is held, and at what.
        each: as of :class:`Reader`.

    Returns:
        ``f``, ``i``, ``C_tilde``, ``o``, ``C``, ``h``, (T, B, H) each, and ``scores`` (T, B, V).

    Source: this project.
    """
    reader = Reader(model, hold, tokens.shape[1], each=each)
    rows = [{"scores": reader.step(row), **reader.now} for row in tokens]
    return {name: torch.stack([row[name] for row in rows]) for name in rows[0]}


def bits(
    model: CharacterModel,
    tokens: Tensor,
    hold: Hold | None = None,
    *,
    skip: int = 0,
    each: bool = False,
) -> Tensor:
    r"""Bits per character of each sequence: the mean of :math:`-\log_2 P` from its second one on.

    Args:
        model: an LSTM of one layer.
        tokens: (T, B).
        hold: what is held, and at what.
        skip: predictions at the beginning that do not count.
        each: as in :func:`traced`.

    Returns:
        (B,).

    Source: this project.
    """
    scores = traced(model, tokens[:-1], hold, each=each)["scores"][skip:].double()
    targets = tokens[1 + skip :, :, None]
    nats = -scores.log_softmax(-1).gather(-1, targets).squeeze(-1)
    return nats.mean(0) / math.log(2)


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
    sides = [_read(model, alphabet, part) for part in (held_out[:half], held_out[half:])]
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
    model: CharacterModel, alphabet: text.Alphabet, written: str
) -> tuple[Tensor, dict[str, Tensor]]:
    """Cell states (N, H) at the steps that count, and every feature there (N,)."""
    tokens = _lanes(alphabet, written)
    cells = traced(model, tokens)["C"][WARM_UP:].flatten(0, 1)
    lanes = [written[len(tokens) * n : len(tokens) * (n + 1)] for n in range(LANES)]
    features = {
        name: torch.tensor([feature(lane)[WARM_UP:] for lane in lanes]).t().flatten()
        for name, feature in FEATURES.items()
    }
    return cells, features


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
    """Train the model, or take a finished training, and store it where ``page_model`` looks."""
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
