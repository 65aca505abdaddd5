r"""A sign of which a witness reports: the cell holds evidence. Chapter 6.

The sign stays, or is now and then drawn anew. Each step brings one report of it, :math:`\pm 1`, and
normal evidence of whether the sign is asked for: the two are the input :math:`x_t`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from rnnbook.arguments import check_generator, check_whole_numbers
from rnnbook.lstm import PARAMS
from rnnbook.shapes import check_count, check_shapes
from rnnbook.worlds import Hidden
from rnnbook.worlds.fitting import fit

RIGHT, ASKED, NOISE = 0.75, 0.2, 0.35
"""ρ, how often a report is right; q, how often the sign is asked for; η of the evidence of that."""

SIZES = ((2, 1), (1, 1), (1,)) * 4
"""Of the weights of one unit, in the order of the post: W_x, W_h and b of i, f, o and c."""


def witness(
    batch: int,
    length: int,
    generator: torch.Generator,
    right: float = RIGHT,
    anew: float = 0.0,
) -> tuple[Tensor, Tensor, Tensor]:
    r"""Streams of reports and evidence, with their signs, and the steps at which one asks.

    .. math:: s_t = \begin{cases} s_{t-1} & \text{with probability } 1 - p \\
        \pm 1 & \text{drawn anew, with probability } p \end{cases} \qquad
        P(m_t = s_t) = \rho

    Args:
        batch: number of streams B, at least 1.
        length: number of steps T, at least 1.
        generator: source of all randomness.
        right: ρ, probability that a report is right.
        anew: p, probability that the sign is drawn anew before a report.

    Returns:
        inputs (T, B, 2), reports m and evidence v of mean :math:`Q_t`; signs s and questions
        :math:`Q_t` in 0, 1, both (T, B), float64. What is asked for is :math:`Q_t\,s_t`.

    Raises:
        ValueError: an argument is out of range.
        TypeError: a number is none, or ``generator`` no ``torch.Generator``.

    Source: made for chapter 6.
    """
    check_whole_numbers(batch=(batch, 1), length=(length, 1))
    check_generator(generator)
    _in_range(right, anew)
    shape, exact = (length, batch), {"generator": generator, "dtype": torch.float64}
    fresh = 2.0 * (torch.rand(shape, **exact) < 0.5).double() - 1
    drawn = torch.rand(shape, **exact) < anew
    s, signs = fresh[0], []
    for t in range(length):
        s = torch.where(drawn[t], fresh[t], s)
        signs.append(s)
    signs = torch.stack(signs)
    reports = torch.where(torch.rand(shape, **exact) < right, signs, -signs)
    asked = (torch.rand(shape, **exact) < ASKED).double()
    evidence = asked + NOISE * torch.randn(shape, **exact)
    return torch.stack([reports, evidence], dim=-1), signs, asked


def mean_sign(reports: Tensor, right: float = RIGHT, anew: float = 0.0) -> Tensor:
    r"""The oracle: the mean of the sign given all reports up to each step, by enumeration.

    It adds up over all :math:`2^t` courses that the sign can have taken, each weighted by its prior
    and by the reports, and knows of no evidence that is carried on.

    Args:
        reports: m of one stream, (T,), at most 14 steps.
        right: ρ.
        anew: p.

    Returns:
        The means, (T,).

    Raises:
        ValueError: an argument is out of range, or there are too many steps.

    Source: the definition of conditional expectation.
    """
    _in_range(right, anew)
    if len(reports) > 14:
        raise ValueError(f"reports: expected at most 14 steps, given {len(reports)}")
    means = []
    for t in range(1, len(reports) + 1):
        courses = torch.cartesian_prod(*[torch.tensor([-1.0, 1.0], dtype=torch.float64)] * t)
        courses = courses.view(-1, t)
        # Drawn anew, it is the same half of the time.
        stays = (courses[:, 1:] == courses[:, :-1]).double()
        prior = (stays * (1 - anew / 2) + (1 - stays) * anew / 2).prod(1)
        said = (courses == reports[:t]).double()
        weight = prior * (said * right + (1 - said) * (1 - right)).prod(1)
        means.append((weight * courses[:, -1]).sum() / weight.sum())
    return torch.stack(means)


def one_report(right: float = RIGHT) -> float:
    r"""What one report adds to half of the log-odds, :math:`\ell = \tfrac12\ln\frac\rho{1-\rho}`.

    Raises:
        ValueError: ρ is not in (0, 1).

    Source: chapter 6, (6.2).
    """
    _in_range(right, 0.0)
    return 0.5 * math.log(right / (1 - right))


def evidence_held(
    reports: Tensor, right: float = RIGHT, anew: float = 0.0, *, exact: bool = True
) -> Tensor:
    r"""Half of the sign's log-odds after each step, or what equation (4) makes of it.

    .. math:: C_t = \operatorname{artanh}(f \tanh C_{t-1}) + \ell\,m_t
        \qquad\text{or}\qquad C_t = f\,C_{t-1} + \ell\,m_t, \qquad f = 1 - p

    Args:
        reports: m, (T, …).
        right: ρ.
        anew: p.
        exact: whether the first or the second.

    Returns:
        C, (T, …); the first one's tanh is the mean of the sign.

    Raises:
        ValueError: an argument is out of range.

    Source: chapter 6, (6.5) and (6.6).
    """
    ell, f = one_report(right), 1 - anew
    _in_range(right, anew)
    C, held = torch.zeros_like(reports[0]), []
    for r in reports.unbind():
        kept = torch.atanh(f * torch.tanh(C)) if exact and anew > 0 else f * C
        C = kept + ell * r
        held.append(C)
    return torch.stack(held)


SHOWS: dict[str, Callable[[Tensor], Tensor]] = {
    "tanh(C)": torch.tanh,
    "C": lambda C: C,
    "C, cut at ±1": lambda C: C.clamp(-1, 1),
    "2σ(C) − 1": lambda C: 2 * torch.sigmoid(C) - 1,
}
"""What may stand in the place of the tanh of equation (6)."""


def answers(
    x: Tensor, weights: Sequence[Tensor], shows: Callable[[Tensor], Tensor] = torch.tanh
) -> dict[str, Tensor]:
    r"""Equations (1) to (6) of one unit, with any function in the last.

    Args:
        x: reports and evidence, (T, B, 2).
        weights: W_x (2, 1), W_h (1, 1) and b (1,) of i, f, o and c, twelve tensors.
        shows: in the place of tanh in (6).

    Returns:
        Of every step ``f``, ``written`` = :math:`i_t\,\tilde{C}_t`, ``C``, ``o`` and ``h``, (T, B).

    Raises:
        ShapeError, TypeError: as in :func:`rnnbook.lstm.forget_gate`.
        ValueError: the number of weights is not twelve.

    Source: the post, eqs. (1) to (6).
    """
    check_count("weights", weights, *PARAMS[:-2])
    W_x, W_h, b = (torch.cat(list(weights[k::3]), dim=-1) for k in range(3))
    layouts = {"x": (x, "T B D"), "W_x": (W_x, "D G"), "W_h": (W_h, "H G"), "b": (b, "G")}
    check_shapes({name: (part, axes.split()) for name, (part, axes) in layouts.items()})
    h = C = x.new_zeros(x.shape[1], 1)
    seen: dict[str, list[Tensor]] = {name: [] for name in ("f", "written", "C", "o", "h")}
    for from_x in (x @ W_x + b).unbind():
        i, f, o, a = (from_x + h @ W_h).split(1, dim=1)  # all at once: it is trained often
        f, o, written = torch.sigmoid(f), torch.sigmoid(o), torch.sigmoid(i) * torch.tanh(a)
        C = f * C + written
        h = o * shows(C)
        for name, value in zip(seen, (f, written, C, o, h), strict=True):
            seen[name].append(value)
    return {name: torch.cat(values, dim=1).T for name, values in seen.items()}


def fit_unit(
    x: Tensor,
    asked_for: Tensor,
    shows: Callable[[Tensor], Tensor] = torch.tanh,
    iterations: int = 80,
) -> list[Tensor]:
    r"""Learn all weights of :func:`answers` from zero, by least squares and L-BFGS.

    Args:
        x: reports and evidence, (T, B, 2).
        asked_for: :math:`Q_t\,s_t`, (T, B).
        shows: in the place of tanh in (6).
        iterations: at most so many of L-BFGS.

    Returns:
        The twelve tensors that :func:`answers` takes.

    Raises:
        ShapeError, TypeError: as in :func:`answers`.

    Source: chapter 6.
    """
    found = fit(
        lambda *weights: answers(x, weights, shows)["h"], asked_for, SIZES, iterations=iterations
    )
    return list(found)


def question_gate() -> tuple[float, float]:
    """The weight and the bias of the best output gate, by Bayes' rule.

    Source: chapter 5, (5.5).
    """
    return Hidden(ASKED, NOISE).gate()


def _in_range(right: float, anew: float) -> None:
    if not 0 < right < 1:
        raise ValueError(f"right: expected a probability in (0, 1), given {right}")
    if not 0 <= anew <= 1:
        raise ValueError(f"anew: expected a probability in [0, 1], given {anew}")
