r"""Small problems that ask one thing of a memory each, as seeded generators.

Every generator makes a fresh batch of any size and length from a ``torch.Generator``, so training
hardly ever sees a sequence twice and a score on the next batch is a score on unseen data.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

RECALL_SYMBOLS = 4
"""Number of different symbols to recall in :func:`recall_first`; guessing is right once in four."""

ORDER_SYMBOLS = ("a", "b", "c", "d", "X", "Y")
"""The alphabet of :func:`temporal_order`: four distractors and the two symbols that count."""

ORDER_CLASSES = ("XX", "XY", "YX", "YY")
"""What :func:`temporal_order` asks for; guessing is right once in four."""


def recall_first(batch: int, delay: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    r"""Which symbol came first? Asked ``delay`` steps of noise later.

    The first step shows one of four symbols, one-hot in the first four inputs. Each of the
    ``delay`` steps after it shows standard normal noise in a fifth input, and nothing else.

    Args:
        batch: number of sequences B, at least 1.
        delay: number of noise steps between the symbol and the question, at least 1.
        generator: source of all randomness.

    Returns:
        inputs (1 + delay, B, 5), float32; targets (B,), int64 in 0…3. Baseline: accuracy 1/4.

    Raises:
        ValueError: ``batch`` or ``delay`` is less than 1.

    Source: after the latching problem of Bengio, Simard & Frasconi (1994). Chapter 0.
    """
    _at_least("batch", batch, 1)
    _at_least("delay", delay, 1)
    targets = torch.randint(RECALL_SYMBOLS, (batch,), generator=generator)
    inputs = torch.zeros(1 + delay, batch, RECALL_SYMBOLS + 1)
    inputs[0, torch.arange(batch), targets] = 1
    inputs[1:, :, -1] = torch.randn(delay, batch, generator=generator)
    return inputs, targets


def temporal_order(batch: int, length: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    r"""In which order did the two symbols X and Y come?

    Distractors a, b, c, d fill the sequence; at a random place in [T/10, T/5) and at one in
    [T/2, 3T/5) stands an X or a Y. The class is the ordered pair: XX, XY, YX or YY.

    Args:
        batch: number of sequences B, at least 1.
        length: number of steps T, at least 10.
        generator: source of all randomness.

    Returns:
        inputs (T, B, 6), one-hot, float32; targets (B,), int64 in 0…3. Baselines: accuracy 1/4 by
        guessing, 3/4 for a memory that counts symbols and is blind to their order.

    Raises:
        ValueError: ``batch`` is less than 1 or ``length`` less than 10.

    Source: Hochreiter & Schmidhuber (1997), experiment 6a: the places are in its proportions; its
    start and end markers are left out. Chapter 1.
    """
    _at_least("batch", batch, 1)
    _at_least("length", length, 10)
    symbols = torch.randint(4, (length, batch), generator=generator)
    pair = torch.randint(2, (2, batch), generator=generator)
    column = torch.arange(batch)
    for which, (first, last) in enumerate([(0.1, 0.2), (0.5, 0.6)]):
        start, stop = math.ceil(first * length), math.ceil(last * length)
        place = torch.randint(start, stop, (batch,), generator=generator)
        symbols[place, column] = 4 + pair[which]
    inputs = torch.nn.functional.one_hot(symbols, len(ORDER_SYMBOLS)).float()
    return inputs, 2 * pair[0] + pair[1]


def running_total(
    batch: int, length: int, reset_probability: float, noise: float, generator: torch.Generator
) -> tuple[Tensor, Tensor, Tensor]:
    r"""The sum of all values since the last reset, where resets are seen through noise.

    At each step a reset happens with probability p: the total so far no longer counts. Then a
    standard normal value :math:`x_t` is added. What the learner sees of the reset is the evidence
    :math:`e_t = 1 + s\,\varepsilon_t` when it happened and :math:`e_t = s\,\varepsilon_t` when it
    did not, with standard normal :math:`\varepsilon_t`.

    Args:
        batch: number of streams B, at least 1.
        length: number of steps T, at least 1.
        reset_probability: p, in (0, 1).
        noise: s, at least 0.
        generator: source of all randomness.

    Returns:
        values (T, B), evidence (T, B), totals (T, B); float32. Baseline: the best *constant* share
        of the total to keep is 1 − p; chapter 1 derives its error.

    Raises:
        ValueError: an argument is outside of its range.

    Source: made for chapter 1, which derives its optimal solution.
    """
    _at_least("batch", batch, 1)
    _at_least("length", length, 1)
    _at_least("noise", noise, 0)
    if not 0 < reset_probability < 1:
        raise ValueError(f"reset_probability: expected in (0, 1), given {reset_probability}")
    resets = torch.rand(length, batch, generator=generator) < reset_probability
    values = torch.randn(length, batch, generator=generator)
    evidence = resets + noise * torch.randn(length, batch, generator=generator)
    total, totals = torch.zeros(batch), []
    for reset, value in zip(resets, values, strict=True):
        total = torch.where(reset, 0, total) + value
        totals.append(total)
    return values, evidence, torch.stack(totals)


def _at_least(name: str, value: float, least: float) -> None:
    if not value >= least:  # so that NaN is refused, too
        raise ValueError(f"{name}: expected at least {least}, given {value}")
