r"""What the units of the page's LSTM do while it reads: probes with baselines, lifetimes, holding.

A *probe* guesses from a network's numbers whether something holds at a place of the text. It is
fitted on the first half of the text that was held out, and scored on the second. Its score is the
share of pairs, of one place where it holds and one where it does not, that it puts in the right
order; one half is guessing. The same probe on the last characters, as they stand there, says
what can be known without any memory.

``python -m rnnbook.experiments.reading`` measures it all and stores it; :func:`stored` is what
came out.
"""

from __future__ import annotations

import copy
import json
import platform
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from rnnbook.experiments import page_model, stored_results
from rnnbook.experiments.held import traced
from rnnbook.timescales import lifetime
from rnnbook.training import (
    Alphabet,
    CharacterModel,
    Text,
    bits_per_character,
    default_text,
    export,
)
from rnnbook.training.loop import parts
from rnnbook.training.settings import Settings

QUESTIONS: dict[str, Callable[[str], list[bool]]] = {
    "inside double quotes?": lambda text: [x > 0 for x in page_model.quoted(text)],
    "inside round brackets?": lambda text: [x > 0 for x in page_model.bracketed(text)],
    "is the line indented?": lambda text: [x > 0 for x in page_model.indent(text)],
    "past column 50?": lambda text: [x > 50 for x in page_model.column(text)],
}
"""What a probe is asked after each character. A blank line ends unclosed quotes and brackets."""

LAST = 16
"""So many characters does the probe see that has no memory."""

STRENGTH = 10.0
"""Of the penalty on a linear probe's weights."""

BLOCKS = {"i": 0, "f": 1, "o": 3}
"""Where PyTorch stacks a gate's weights."""


def page() -> tuple[CharacterModel, Alphabet]:
    """The model that the page computes, and its alphabet."""
    return export.from_page(stored_results("page_model")["model"])


# ---- probes --------------------------------------------------------------------------------------


def ridge(X: Tensor, y: Tensor, strength: float) -> tuple[Tensor, Tensor]:
    r"""The weights w and the bias b of least squares with a penalty on w:

    .. math:: \min_{w, b} \; \sum_n (w \cdot x_n + b - y_n)^2 + \lambda \lVert w \rVert^2

    Args:
        X: (N, K).
        y: (N,).
        strength: λ.

    Returns:
        w (K,) and b (), in float64.

    Source: Hoerl & Kennard's ridge regression, solved as its normal equations.
    """
    X, y = X.double(), y.double()
    middle, level = X.mean(0), y.mean()
    X = X - middle
    gram = X.T @ X + strength * torch.eye(X.shape[1], dtype=torch.float64)
    w = torch.linalg.solve(gram, X.T @ (y - level))
    return w, level - middle @ w


def right_order(scores: Tensor, truth: Tensor) -> Tensor:
    """The share of pairs of a true and a false place in which the true one has the higher score.

    Ties count a half. It is the area under the ROC curve.

    Args:
        scores: (N,) or (N, K), of K probes.
        truth: (N,) of bool, with both values in it.

    Returns:
        () or (K,), 0.5 for guessing.
    """
    every = scores.reshape(len(scores), -1).numpy()
    true = int(truth.sum())
    shares = []
    for column in every.T:
        _, place, count = np.unique(column, return_inverse=True, return_counts=True)
        ranks = (np.cumsum(count) - (count - 1) / 2)[place]
        pairs = ranks[truth.numpy()].sum() - true * (true + 1) / 2
        shares.append(pairs / (true * (len(truth) - true)))
    return torch.tensor(shares, dtype=torch.float64).reshape(scores.shape[1:])


def last_characters(tokens: Tensor, alphabet: int, count: int = LAST) -> Tensor:
    """Each place's last ``count`` tokens, one-hot.

    Args:
        tokens: (T, B).
        alphabet: number of different tokens V.
        count: tokens that are seen, the newest included.

    Returns:
        (T, B, count · V); before the beginning stands zero.
    """
    one_hot = torch.nn.functional.one_hot(tokens, alphabet).float()
    seen = []
    for back in range(count):
        empty = torch.zeros(min(back, len(tokens)), *one_hot.shape[1:])
        seen.append(torch.cat([empty, one_hot[: max(0, len(tokens) - back)]]))
    return torch.cat(seen, -1)


def probe(first: dict[str, Tensor], second: dict[str, Tensor]) -> dict[str, Any]:
    """One question's scores: of the best single cell, of all cells, of the last characters.

    Args:
        first: ``C`` (N, H), ``last`` (N, K) and ``truth`` (N,), to choose and to fit.
        second: the same, to score.

    Returns:
        ``unit``, from 1, and ``sign`` of its share in the answer; the scores ``one_unit``,
        ``all_units``, ``characters``; and ``share``, how often the answer is yes.
    """
    alone = right_order(first["C"], first["truth"])
    unit = int((alone - 0.5).abs().argmax())
    sign = 1 if alone[unit] > 0.5 else -1
    found: dict[str, Any] = {"unit": unit + 1, "sign": sign}
    scores = {"one_unit": sign * second["C"][:, unit]}
    for name, key in (("all_units", "C"), ("characters", "last")):
        w, b = ridge(first[key], first["truth"], STRENGTH)
        scores[name] = second[key].double() @ w + b
    for name, score in scores.items():
        found[name] = round(float(right_order(score, second["truth"])), 3)
    return found | {"share": round(float(second["truth"].double().mean()), 3)}


def probes(model: CharacterModel, text: Text, start: int) -> list[dict[str, Any]]:
    """A row of :func:`probe` for each of :data:`QUESTIONS`, on the end of a text.

    Args:
        model: an LSTM of one layer.
        text: with the model's alphabet.
        start: where what was held out begins.
    """
    middle = (start + len(text)) // 2
    written = text.alphabet.decode(text.tokens)
    answers = {question: torch.tensor(ask(written)) for question, ask in QUESTIONS.items()}
    halves = [_read(model, text, answers, *ends) for ends in ((start, middle), (middle, len(text)))]
    rows = []
    for question in QUESTIONS:
        first, second = (
            {"C": half["C"], "last": half["last"], "truth": half[question]} for half in halves
        )
        rows.append({"question": question, **probe(first, second)})
    return rows


def _read(
    model: CharacterModel, text: Text, answers: dict[str, Tensor], start: int, stop: int
) -> dict[str, Tensor]:
    """Cells, last characters and answers at the steps that count, (N, …) each.

    The answers are of the whole text: a lane may begin within quotes.
    """
    lanes = page_model.LANES
    size = (stop - start) // lanes
    tokens = np.array(text.tokens[start : start + lanes * size], np.int64).reshape(lanes, size)
    rows, warm = torch.from_numpy(tokens.T.copy()), page_model.WARM_UP
    found = {
        "C": traced(model, rows)["C"],
        "last": last_characters(rows, len(text.alphabet)),
    }
    for question, answer in answers.items():
        found[question] = answer[start : start + lanes * size].view(lanes, size).T
    return {name: values[warm:].flatten(0, 1) for name, values in found.items()}


# ---- lifetimes, and gates that are held ----------------------------------------------------------


def rank_correlation(a: Tensor, b: Tensor) -> float:
    """Spearman's: the correlation of the ranks; numbers that are equal share theirs."""
    ranks = []
    for values in (a, b):
        _, place, count = np.unique(values.numpy(), return_inverse=True, return_counts=True)
        ranks.append((np.cumsum(count) - (count - 1) / 2)[place])
    return float(np.corrcoef(*ranks)[0, 1])


def mean_gates(model: CharacterModel, text: Text, start: int) -> dict[str, Tensor]:
    """The mean of each unit's f, i and o over the end of a text, (H,) each."""
    lanes, size = page_model.LANES, (len(text) - start) // page_model.LANES
    tokens = np.array(text.tokens[start : start + lanes * size], np.int64).reshape(lanes, size)
    found = traced(model, torch.from_numpy(tokens.T.copy()))
    return {gate: found[gate][page_model.WARM_UP :].mean((0, 1)) for gate in BLOCKS}


def with_constant_gate(model: CharacterModel, gate: str, shares: Tensor) -> CharacterModel:
    r"""A copy whose gate no longer looks: its weights are 0, its bias is the shares' log-odds.

    Args:
        model: an LSTM of one layer.
        gate: ``"f"``, ``"i"`` or ``"o"``.
        shares: what each unit's gate is from now on, (H,) in (0, 1).

    Source: :math:`\sigma(\ln(p / (1 - p))) = p`.
    """
    model = copy.deepcopy(model)
    units = model.recurrent.hidden_size
    rows = slice(units * BLOCKS[gate], units * (BLOCKS[gate] + 1))
    with torch.no_grad():
        for name, weight in model.recurrent.named_parameters():
            weight[rows] = torch.logit(shares).to(weight) if name.startswith("bias_ih") else 0
    return model


def measure(model: CharacterModel, text: Text, start: int) -> dict[str, Any]:
    """All that :func:`stored` tells, but for where it comes from."""
    means = mean_gates(model, text, start)
    layer = model.recurrent
    b_f = (layer.bias_ih_l0 + layer.bias_hh_l0).unflatten(0, (4, -1))[BLOCKS["f"]].detach()
    free = bits_per_character(model, text, start)
    held = {
        gate: bits_per_character(with_constant_gate(model, gate, share), text, start)
        for gate, share in means.items()
    }
    return {
        "probes": probes(model, text, start),
        "free": round(free, 4),
        "held_at_mean": {gate: round(bits, 4) for gate, bits in held.items()},
        "mean_f": [round(f, 4) for f in means["f"].tolist()],
        "b_f": [round(b, 4) for b in b_f.tolist()],
        "lifetimes": [round(lifetime(f), 1) for f in means["f"].double().tolist()],
        "rank_correlation": round(rank_correlation(means["f"], b_f), 3),
    }


def stored() -> dict[str, Any]:
    """What :func:`main` stored: ``probes``, rows of :func:`probe`; bits per character ``free`` and
    ``held_at_mean``; each unit's ``mean_f``, ``b_f`` and ``lifetimes``, and their
    ``rank_correlation``; text, date, versions and command.

    Source: ``rnnbook/results/reading.json``.
    """
    return stored_results("reading")


def table() -> str:
    """The probes as lines of text: scores of one cell, all cells, the last characters."""
    lines = [f"{'':22} {'one':>4} {'all':>4} {'last':>4}"]
    for row in stored()["probes"]:
        scores = (row[name] for name in ("one_unit", "all_units", "characters"))
        lines.append(f"{row['question']:22} " + " ".join(f"{score:.2f}" for score in scores))
    return "\n".join(lines)


def main() -> None:
    """Measure the page's model on the text that it was trained on, and store what came out."""
    text, (model, _) = default_text(), page()
    if text.sha256 != stored_results("page_model")["text"]["sha256"]:
        raise SystemExit("The page's model was trained on another text than this Python carries.")
    torch.set_num_threads(1)
    record = {
        "command": "python -m rnnbook.experiments.reading",
        "date": datetime.now(UTC).date().isoformat(),
        "versions": {"python": platform.python_version(), "torch": torch.__version__},
        "text": {"name": text.name, "sha256": text.sha256, "tokens": len(text)},
        **measure(model, text, parts(len(text), Settings())[1]),
    }
    lines = ",\n".join(f" {json.dumps(name)}: {json.dumps(value)}"
                       for name, value in record.items())  # fmt: skip
    path = Path(__file__).parents[1] / "results" / "reading.json"
    path.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
