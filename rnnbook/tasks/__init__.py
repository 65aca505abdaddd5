r"""Small problems that ask one thing of a memory each, as seeded generators.

Every generator makes a fresh batch of any size and length from a ``torch.Generator``, so training
hardly ever sees a sequence twice and a score on the next batch is a score on unseen data.

Time comes first: inputs are (T, B, symbols or channels). Each task has a baseline, the score of a
learner that remembers nothing, as a constant or as a function of the task's sizes. The tasks whose
sequences differ in length, ``a_n_b_n``, ``reber`` and ``embedded_reber``, are defined in
:mod:`rnnbook.tasks.languages` and can be imported from here, too.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from rnnbook.arguments import check_at_least, check_generator, check_number, check_whole_numbers
from rnnbook.tasks.languages import (  # noqa: F401  so that every task can be had from one place
    A_N_B_N_SYMBOLS,
    EMBEDDED_REBER_BASELINE,
    REBER_SYMBOLS,
    a_n_b_n,
    a_n_b_n_baseline,
    embedded_reber,
    reber,
    reber_baseline,
    strings_right,
)

RECALL_SYMBOLS = 4
"""Number of different symbols to recall in :func:`recall_first`; guessing is right once in four."""

RECALL_BASELINE = 1 / RECALL_SYMBOLS
"""Accuracy of guessing in :func:`recall_first`."""

ORDER_SYMBOLS = ("a", "b", "c", "d", "X", "Y")
"""The alphabet of :func:`temporal_order`: four distractors and the two symbols that count."""

ORDER_CLASSES = ("XX", "XY", "YX", "YY")
"""What :func:`temporal_order` asks for; guessing is right once in four."""

ORDER_BASELINE = 1 / len(ORDER_CLASSES)
"""Accuracy of guessing in :func:`temporal_order`."""

ADDING_BASELINE = 1 / 6
"""Mean squared error in :func:`adding` of the best constant answer, 1: the variance of the sum."""

COPIED = 10
"""Number of symbols to copy in :func:`copy_memory`."""

COPY_SYMBOLS = 8
"""Number of different symbols in :func:`copy_memory`; numbers 8 and 9 are blank and delimiter."""


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
        TypeError: one of them is no whole number, or ``generator`` no ``torch.Generator``.

    Source: after the latching problem of Bengio, Simard & Frasconi (1994). Chapter 0.
    """
    check_whole_numbers(batch=(batch, 1), delay=(delay, 1))
    check_generator(generator)
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
        TypeError: one of them is no whole number, or ``generator`` no ``torch.Generator``.

    Source: Hochreiter & Schmidhuber (1997), experiment 6a: the places are in its proportions; its
    start and end markers are left out. Chapter 1.
    """
    check_whole_numbers(batch=(batch, 1), length=(length, 10))
    check_generator(generator)
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
    standard normal number :math:`u_t` is added. What the learner sees of the reset is the evidence
    :math:`v_t = 1 + \eta\,\varepsilon_t` when it happened and
    :math:`v_t = \eta\,\varepsilon_t` when it did not, with standard normal :math:`\varepsilon_t`.

    Args:
        batch: number of streams B, at least 1.
        length: number of steps T, at least 1.
        reset_probability: p, in (0, 1).
        noise: η, at least 0.
        generator: source of all randomness.

    Returns:
        values (T, B), evidence (T, B), totals (T, B); float32. Baseline: the best *constant* share
        of the total to keep is 1 − p; chapter 1 derives its error.

    Raises:
        ValueError: an argument is outside of its range.
        TypeError: a number is none, or ``generator`` no ``torch.Generator``.

    Source: made for chapter 1, which derives its optimal solution.
    """
    check_whole_numbers(batch=(batch, 1), length=(length, 1))
    check_generator(generator)
    check_number("noise", noise)
    check_number("reset_probability", reset_probability)
    check_at_least("noise", noise, 0)
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


def adding(batch: int, length: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    r"""The sum of the two marked values among T random ones.

    The first input is a value, uniform in [0, 1), at every step. The second is a mark: 1 at a
    random place in the first half of the sequence and at one in the second half, 0 elsewhere.

    Args:
        batch: number of sequences B, at least 1.
        length: number of steps T, at least 2. For odd T the second half is the longer one.
        generator: source of all randomness.

    Returns:
        inputs (T, B, 2), float32; targets (B,), float32 in [0, 2). Baselines, as mean squared
        errors: ``ADDING_BASELINE`` = 1/6 for the best constant answer, 1; 1/12 for a memory that
        has one of the two values and takes 1/2 for the other.

    Raises:
        ValueError: ``batch`` is less than 1 or ``length`` less than 2.
        TypeError: one of them is no whole number, or ``generator`` no ``torch.Generator``.

    Source: Hochreiter & Schmidhuber (1997), experiment 4, in the form of Arjovsky, Shah & Bengio
    (2016). The former draw values from [-1, 1], mark both places in the first half, mark first and
    last step with -1, scale the sum into [0, 1], and draw the length, too, from [T, 11T/10].
    """
    check_whole_numbers(batch=(batch, 1), length=(length, 2))
    check_generator(generator)
    inputs = torch.zeros(length, batch, 2)
    inputs[:, :, 0] = torch.rand(length, batch, generator=generator)
    targets = torch.zeros(batch)
    column = torch.arange(batch)
    for start, stop in [(0, length // 2), (length // 2, length)]:
        place = torch.randint(start, stop, (batch,), generator=generator)
        inputs[place, column, 1] = 1
        targets += inputs[place, column, 0]
    return inputs, targets


def copy_memory(batch: int, delay: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    r"""Ten symbols, a long blank, and after the delimiter the ten symbols again, in their order.

    In the letters of the source, with symbols :math:`a_0 … a_7`, blank :math:`a_8`, delimiter
    :math:`a_9`, and delay :math:`\tau`:

    =========  ==================  =================================  ============  ==========
    steps      10                  :math:`\tau - 1`                   1             10
    input      random symbols      blank                              delimiter     blank
    target     blank               blank                              blank         the symbols
    =========  ==================  =================================  ============  ==========

    Args:
        batch: number of sequences B, at least 1.
        delay: :math:`\tau`, at least 1; a symbol returns :math:`\tau + 10` steps after its input.
        generator: source of all randomness.

    Returns:
        inputs (T, B, 10), one-hot, float32, with T = :math:`\tau` + 20; targets (T, B), int64 in
        0…8. Baseline: the cross-entropy :func:`copy_memory_baseline`, in nats a step.

    Raises:
        ValueError: ``batch`` or ``delay`` is less than 1.
        TypeError: one of them is no whole number, or ``generator`` no ``torch.Generator``.

    Source: Arjovsky, Shah & Bengio (2016), after Hochreiter & Schmidhuber (1997).
    """
    check_whole_numbers(batch=(batch, 1), delay=(delay, 1))
    check_generator(generator)
    blank, delimiter = COPY_SYMBOLS, COPY_SYMBOLS + 1
    copied = torch.randint(COPY_SYMBOLS, (COPIED, batch), generator=generator)
    symbols = torch.full((delay + 2 * COPIED, batch), blank)
    targets = symbols.clone()
    symbols[:COPIED] = copied
    symbols[-COPIED - 1] = delimiter
    targets[-COPIED:] = copied
    return torch.nn.functional.one_hot(symbols, delimiter + 1).float(), targets


def copy_memory_baseline(delay: int) -> float:
    r"""Cross-entropy of blanks until the delimiter and of guesses among eight symbols after it.

    .. math:: \frac{10 \ln 8}{\tau + 20}

    in nats, as the mean over all :math:`\tau + 20` steps of :func:`copy_memory`.

    Raises:
        ValueError: ``delay`` is less than 1.
        TypeError: it is no whole number.

    Source: Arjovsky, Shah & Bengio (2016).
    """
    check_whole_numbers(delay=(delay, 1))
    return COPIED * math.log(COPY_SYMBOLS) / (delay + 2 * COPIED)


def delayed_echo(
    batch: int, length: int, delay: int, generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    r"""Say at each step what was heard ``delay`` steps ago.

    .. math:: y_t = x_{t - \tau}, \qquad x_t = 0 \text{ before the first step}

    with :math:`x_t` uniform in [-1/2, 1/2). Unlike in :func:`copy_memory`, what is to be kept
    changes at every step: it is a queue of :math:`\tau` numbers.

    Args:
        batch: number of sequences B, at least 1.
        length: number of steps T, at least 1.
        delay: :math:`\tau`, at least 1. If :math:`\tau \ge T`, nothing is heard: all targets are 0.
        generator: source of all randomness.

    Returns:
        inputs (T, B, 1), targets (T, B, 1); float32. Baseline: :func:`delayed_echo_baseline`.

    Raises:
        ValueError: an argument is less than 1.
        TypeError: one of them is no whole number, or ``generator`` no ``torch.Generator``.

    Source: after the task with which Jaeger (2001) measures the short-term memory of echo state
    networks; he trains one output for each of many delays.
    """
    check_whole_numbers(batch=(batch, 1), length=(length, 1), delay=(delay, 1))
    check_generator(generator)
    inputs = torch.rand(length, batch, 1, generator=generator) - 0.5
    silence = torch.zeros(min(delay, length), batch, 1)
    return inputs, torch.cat([silence, inputs[: max(length - delay, 0)]])


def delayed_echo_baseline(length: int, delay: int) -> float:
    r"""Mean squared error of the constant answer 0 in :func:`delayed_echo`, over all steps.

    .. math:: \frac{1}{12} \cdot \frac{\max(T - \tau, 0)}{T}

    the variance of a uniform value in all steps but the silent ones.

    Raises:
        ValueError: an argument is less than 1.
        TypeError: one of them is no whole number.

    Source: the variance of the uniform distribution.
    """
    check_whole_numbers(length=(length, 1), delay=(delay, 1))
    return max(length - delay, 0) / length / 12
