r"""A total that is asked for only sometimes, and answers by equation (5). Chapter 5.

At each step a number :math:`u_t` comes in, and evidence :math:`v_t` of whether the total is asked
for: together they are the input :math:`x_t`. The world is :func:`rnnbook.worlds.thread.questions`;
what an answer can be right about is the oracle's. :func:`announced` is a second one, in small whole
numbers, in which half of the evidence lies in the past.
"""

from __future__ import annotations

import functools

import torch
from torch import Tensor

from rnnbook.arguments import check_generator, check_whole_numbers
from rnnbook.lstm import output_gate
from rnnbook.shapes import shapes
from rnnbook.worlds import Hidden
from rnnbook.worlds.fitting import GATE, fit


@shapes(x="T B D", W_x="D H", W_h="H H", b="H")
def gated_answers(x: Tensor, W_x: Tensor, W_h: Tensor, b: Tensor) -> Tensor:
    r"""Answers that show, of the total so far, the share that equation (5) gives.

    .. math:: C_t = C_{t-1} + u_t, \qquad h_t = o_t\,C_t, \qquad
        o_t = \sigma(W_o \cdot [h_{t-1}, x_t] + b_o)

    Args:
        x: numbers u and evidence v, (T, B, 2).
        W_x: (2, 1).
        W_h: (1, 1).
        b: (1,).

    Returns:
        Answers h (T, B).

    Raises:
        ShapeError, TypeError: as in :func:`rnnbook.lstm.output_gate`.

    Source: chapter 5.
    """
    totals, h, answers = x[..., :1].cumsum(0), x.new_zeros(x.shape[1], 1), []
    for x_t, C in zip(x.unbind(), totals.unbind(), strict=True):
        h = output_gate(x_t, h, W_x, W_h, b) * C
        answers.append(h)
    return torch.cat(answers, dim=1).T


@shapes(x="T B D", answers="T B")
def fit_output_gate(
    x: Tensor, answers: Tensor, iterations: int = 60
) -> tuple[Tensor, Tensor, Tensor]:
    r"""Learn the gate of :func:`gated_answers` from examples, by least squares and L-BFGS.

    Args:
        x: numbers u and evidence v, (T, B, 2).
        answers: what was asked for, and 0 where nothing was, (T, B).
        iterations: at most so many of L-BFGS.

    Returns:
        W_x (2, 1), W_h (1, 1) and b (1,), learnt from a start at zero.

    Raises:
        ShapeError, TypeError: as in :func:`rnnbook.lstm.output_gate`.

    Source: chapter 5.
    """
    return fit(functools.partial(gated_answers, x), answers, GATE, iterations=iterations)


def derived_gate(q: float, noise: float) -> tuple[Tensor, Tensor, Tensor]:
    r"""The best gate of :func:`gated_answers`, from Bayes' rule.

    .. math:: w_v = \frac{1}{\eta^2}, \quad b = \ln\frac{q}{1-q} - \frac{1}{2\eta^2}, \quad
        w_u = w_h = 0

    Args:
        q: probability that the total is asked for, in (0, 1).
        noise: η, standard deviation of the evidence, above 0.

    Returns:
        W_x (2, 1), W_h (1, 1) and b (1,), float64.

    Raises:
        ValueError: an argument is out of range.

    Source: chapter 5, equation (5.5).
    """
    weight, bias = Hidden(q, noise).gate()
    exact = {"dtype": torch.float64}
    W_x, b = torch.tensor([[0.0], [weight]], **exact), torch.tensor([bias], **exact)
    return W_x, torch.zeros(1, 1, **exact), b


ANNOUNCED = {"write": 0.2, "announced": 0.4, "now": 0.4}
"""Chances of :func:`announced`: that a sign is to be kept, and of either half of a question."""


def announced(batch: int, length: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    r"""The last sign that was to be kept, asked for by two signals, one a step after the other.

    .. math:: y_t = \begin{cases} s_t & \text{if } R_t = 1 \\ y_{t-1} & \text{otherwise}
        \end{cases} \qquad Q_t = A_{t-1}\,N_t

    with :math:`s_t = \pm 1`, of equal chances, and 0 or 1 for the others: R, keep this sign; A, a
    question may follow; N, now. A question is an A and, at the next step, an N; either alone is
    none. The first step's sign is to be kept.

    Args:
        batch: number of streams B, at least 1.
        length: number of steps T, at least 1.
        generator: source of all randomness.

    Returns:
        inputs (T, B, 4), float32: s, R, A, N; answers :math:`Q_t\,y_t` (T, B), float32 in
        -1, 0, 1. Baseline: silence is right in a share 1 − 0.4² = 0.84 of the steps, for long T.

    Raises:
        ValueError: ``batch`` or ``length`` is less than 1.
        TypeError: one of them is no whole number, or ``generator`` no ``torch.Generator``.

    Source: made for chapter 5.
    """
    check_whole_numbers(batch=(batch, 1), length=(length, 1))
    check_generator(generator)
    shape = (length, batch)
    signs = 2.0 * torch.randint(2, shape, generator=generator) - 1
    write, ask, now = (
        (torch.rand(shape, generator=generator) < chance).float() for chance in ANNOUNCED.values()
    )
    write[0] = 1
    kept, asked, answers = torch.zeros(batch), torch.zeros(batch), []
    for t in range(length):
        kept = torch.where(write[t] > 0, signs[t], kept)
        answers.append(asked * now[t] * kept)
        asked = ask[t]
    return torch.stack([signs, write, ask, now], dim=-1), torch.stack(answers)
