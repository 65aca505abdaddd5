"""RNN, LSTM and GRU on the default text, at equal numbers of weights; chapter 11.

Each kind gets as many units as bring its weights nearest to those of the LSTM. Its learning rate
is the best of three in a short training that is judged on a part of its own. With that rate it is
trained for longer, once for each seed, and measured on the end of the text, which chose nothing.
``make text-models`` runs it all and stores it; :func:`stored` is what came out.
"""

from __future__ import annotations

from typing import Any

import torch

from rnnbook.experiments import stored_results
from rnnbook.training import Settings, Text, train
from rnnbook.training.model import KINDS

RATES = (0.002, 0.006, 0.018)
"""Learning rates at their highest, each three times the one before."""

SEEDS = (1, 2)
"""Of the long trainings; the short ones, which choose the rate, have the seed 0."""

SHORT, LONG = 600, 2000
"""Steps of a training that chooses, and of one that is measured."""

UNITS = 96
"""Of the LSTM, to whose number of weights the others are brought."""


def weights_of(kind: str, units: int, tokens: int) -> int:
    """How many numbers a character model learns, token vectors and read-out included.

    Args:
        kind: one of :data:`rnnbook.training.model.KINDS`.
        units: H of its one layer.
        tokens: V.
    """
    with torch.device("meta"):
        model = Settings(model=kind, hidden=units).make_model(tokens)
    return sum(parameter.numel() for parameter in model.parameters())


def units_for(kind: str, weights: int, tokens: int) -> int:
    """The number of units H with which a model comes nearest to a number of weights.

    Args:
        kind: one of :data:`rnnbook.training.model.KINDS`.
        weights: as many as it should have.
        tokens: V.
    """
    low, high = 1, 1
    while weights_of(kind, high, tokens) < weights:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if weights_of(kind, middle, tokens) < weights else (low, middle)
    return min((low, high), key=lambda units: abs(weights_of(kind, units, tokens) - weights))


def settings_of(kind: str, tokens: int, rate: float, seed: int, *, chooses: bool) -> Settings:
    """Those of one training.

    Args:
        kind: one of :data:`rnnbook.training.model.KINDS`.
        tokens: V.
        rate: the learning rate at its highest.
        seed: of weights and order.
        chooses: whether it is a short one, measured on the part that chooses.
    """
    return Settings(
        model=kind,
        hidden=units_for(kind, weights_of("lstm", UNITS, tokens), tokens),
        steps=SHORT if chooses else LONG,
        learning_rate=rate,
        seed=seed,
        patience=SHORT if chooses else 0,  # never lost, but it sets the part aside that chooses
        evaluate_every=SHORT if chooses else LONG // 10,
        device="cpu",
    )


def run(text: Text, kind: str, rate: float, seed: int, *, chooses: bool) -> dict[str, Any]:
    """One training: its row of the results.

    Returns:
        ``kind``, ``units``, ``weights``, ``rate``, ``seed``, ``steps``, ``bits``, of the part that
        chooses or of the one held out, and ``curve``, steps and bits of each evaluation.
    """
    tokens = len(text.alphabet)
    settings = settings_of(kind, tokens, rate, seed, chooses=chooses)
    result = train(text, settings)
    bits = result.history[-1].held_out if chooses else result.bits_per_character
    return {
        "kind": kind,
        "units": settings.hidden,
        "weights": weights_of(kind, settings.hidden, tokens),
        "rate": rate,
        "seed": seed,
        "steps": result.step,
        "bits": round(bits, 4),
        "curve": [[point.step, round(point.held_out, 4)] for point in result.history],
    }


def best_rate(rows: list[dict[str, Any]], kind: str) -> float:
    """The learning rate whose short training has the fewest bits on the part that chooses.

    Raises:
        ValueError: not all of :data:`RATES` were tried.
    """
    found = {row["rate"]: row["bits"] for row in rows if row["kind"] == kind}
    if set(found) != set(RATES):
        raise ValueError(f"rows: expected the rates {RATES} of {kind}, given {sorted(found)}")
    return min(found, key=lambda rate: found[rate])


def repeated(text: Text, start: int, length: int = 32) -> float:
    """The share of a part's strings of some length that stand in what precedes, word for word.

    Args:
        text: to look in.
        start: first token of the part, which goes to the end.
        length: tokens of a string.
    """
    read = "".join(map(chr, text.tokens[: len(text)].tolist()))
    before = {read[k : k + length] for k in range(start - length + 1)}
    places = range(start, len(read) - length + 1)
    return sum(read[k : k + length] in before for k in places) / len(places)


def stored() -> dict[str, Any]:
    """What ``make text-models`` stored: ``chosen`` and ``trained``, rows of :func:`run`;
    ``compressors`` and ``ngrams``, bits per character; ``repeated``; text, date, versions, command.

    Source: ``rnnbook/results/text_models.json``.
    """
    return stored_results("text_models")


def table() -> str:
    """The comparison as lines of text, and below it the rivals that learn no weights."""
    found = stored()
    lines = [f"{'':4} {'units':>5} {'weights':>7}  {'rate':>5}  {'two seeds':>10}"]
    for kind in KINDS:
        rows = [row for row in found["trained"] if row["kind"] == kind]
        bits = " ".join(f"{row['bits']:.2f}" for row in rows)
        first = rows[0]
        lines.append(
            f"{kind.upper():4} {first['units']:>5} {first['weights']:>7,}  {first['rate']:>5g}  "
            f"{bits:>10}"
        )
    lines.append("")
    best = min(range(len(found["ngrams"])), key=lambda n: found["ngrams"][n])
    rows = [(f"{n}-gram counts", found["ngrams"][n - 1]) for n in sorted({1, 3, best + 1})]
    rows += [(f"{name}, primed", bits) for name, bits in found["compressors"].items()]
    lines += [f"{name:20} {bits:>16.2f}" for name, bits in sorted(rows, key=lambda row: -row[1])]
    return "\n".join(lines)
