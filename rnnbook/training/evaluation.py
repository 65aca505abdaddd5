"""Bits per character of a part of a text, every token of it predicted once from what precedes."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor

from rnnbook.training.machine import autocast
from rnnbook.training.model import CharacterModel
from rnnbook.training.text import Text

LANES = 32
"""Pieces that are read side by side."""

WARM_UP = 256
"""Tokens before a piece that are read first and not counted, so that it begins with a memory."""

STRETCH = 128
"""Tokens of each piece in one call."""


@torch.no_grad()
def bits_per_character(
    model: CharacterModel,
    text: Text,
    start: int = 0,
    stop: int | None = None,
    *,
    precision: str = "float32",
) -> float:
    r"""The mean of :math:`-\log_2 P(\text{next} \mid \text{all before})` over a part of a text.

    The part is cut into at most 32 pieces, read side by side. Each begins with a state that has
    read the 256 tokens before it, or none where there are fewer. Nothing precedes the first token
    of a text, and it is not predicted.

    Args:
        model: trained with the text's alphabet.
        text: what to read.
        start: first token to predict.
        stop: token after the last one, the text's end if left out.
        precision: of :data:`rnnbook.training.settings.PRECISIONS`.

    Raises:
        ValueError: the part is empty.

    Source: this project.
    """
    stop = len(text) if stop is None else stop
    start = max(start, 1)
    if start >= stop:
        raise ValueError(f"stop: expected more than {start}, given {stop}")
    nats = _nats(model, text.tokens, start, stop, precision)
    return nats / math.log(2) / max(1, text.characters_in(start, stop))


def _nats(
    model: CharacterModel, tokens: np.ndarray, start: int, stop: int, precision: str
) -> float:
    """Of all pieces together."""
    device = model.read_out.weight.device
    size = math.ceil((stop - start) / min(LANES, max(1, (stop - start) // WARM_UP)))
    firsts = np.arange(start, stop, size)
    lasts = np.minimum(firsts + size, stop)
    without_past = torch.from_numpy(firsts < WARM_UP).to(device)
    training = model.training
    model.eval()
    total, state = 0.0, None
    for place in (*range(-WARM_UP, 0, STRETCH), *range(0, size, STRETCH)):
        if place == 0:
            state = tuple(s.masked_fill(without_past[:, None], 0.0) for s in state)
        length = min(STRETCH, size - place)
        inputs, targets, counted = _stretch(tokens, firsts, lasts, place, length)
        with autocast(device, precision):
            scores, state = model(inputs.to(device), state)
        nats = torch.nn.functional.cross_entropy(
            scores.float().flatten(0, 1), targets.to(device).flatten(), reduction="none"
        )
        total += float(nats.cpu().double()[counted.flatten()].sum())
    model.train(training)
    return total


def _stretch(
    tokens: np.ndarray, firsts: np.ndarray, lasts: np.ndarray, place: int, length: int
) -> tuple[Tensor, Tensor, Tensor]:
    """Inputs, targets and which targets count, (T, pieces) each."""
    indices = firsts + place + np.arange(length)[:, None]  # of the targets
    end = len(tokens) - 1
    inputs = tokens[np.clip(indices - 1, 0, end)].astype(np.int64)
    targets = tokens[np.clip(indices, 0, end)].astype(np.int64)
    counted = (indices >= firsts) & (indices < lasts)
    return torch.from_numpy(inputs), torch.from_numpy(targets), torch.from_numpy(counted)
