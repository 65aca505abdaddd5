r"""Orders that may be relative: a new value that is made of the old one. Chapter 10.

At each step an order may come. It is a sign of its own, or it says *the other way*: the opposite of
what is held. So what is to be written depends on what is stored, and all four equations of the GRU
have something to do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from rnnbook.gru import gru_trace
from rnnbook.worlds import Hidden, World
from rnnbook.worlds.fitting import fit
from rnnbook.worlds.thread import expected

SIZES = ((3, 1), (1, 1), (1,)) * 3
"""Of the nine tensors of one unit that sees the three pieces of evidence and itself."""


def relative_orders(
    order: float = 0.2, other_way: float = 0.5, noise: float = 0.25, sign_noise: float = 0.5
) -> World:
    r"""Each order takes the place of the last; some say only *the other way*.

    .. math:: y_t = K_t\,y_{t-1} + (1 - K_t)\,s_t, \qquad s_t = (1 - A_t)\,u_t - A_t\,y_{t-1}

    Args:
        order: probability that K = 0.
        other_way: probability that A = 1.
        noise: η of the evidence of K, of mean 1 where K = 0, and of A, of mean 1 where A = 1.
        sign_noise: η of the evidence of the sign u.

    Returns:
        The world, with the events ``K``, ``A`` and ``u``, in this order in its inputs.

    Raises:
        ValueError: an argument is out of range.

    Source: made for chapter 10.
    """
    events = {
        "K": Hidden(1 - order, noise, means=(1.0, 0.0)),
        "A": Hidden(other_way, noise),
        "u": Hidden(0.5, sign_noise, values=(-1.0, 1.0), means=(-1.0, 1.0)),
    }
    return World(events, lambda y, K, A, u: K * y + (1 - K) * ((1 - A) * u - A * y))


def best_memory(world: World, evidence: Mapping[str, Tensor]) -> dict[str, Tensor]:
    r"""What the best memory of :func:`relative_orders` keeps, and what it would write.

    .. math:: \tilde{h}_t = (1 - r_t)\,\mathbb{E}[u_t] - r_t\,h_{t-1}, \qquad
        h_t = z_t\,h_{t-1} + (1 - z_t)\,\tilde{h}_t

    with z and r the probabilities that K = 1 and that A = 1, given what is seen of each.

    Args:
        world: one of :func:`relative_orders`.
        evidence: of each event, name to (T, …).

    Returns:
        ``z``, ``r``, ``h_tilde`` and ``h``, each (T, …).

    Source: chapter 10, (10.1).
    """
    means = expected(world, evidence)
    h, written, held = torch.zeros_like(means["K"][0]), [], []
    for z, r, u in zip(means["K"], means["A"], means["u"], strict=True):
        h_tilde = (1 - r) * u - r * h
        h = z * h + (1 - z) * h_tilde
        written.append(h_tilde)
        held.append(h)
    both = {"h_tilde": torch.stack(written), "h": torch.stack(held)}
    return {"z": means["K"], "r": means["A"]} | both


def unit_trace(x: Tensor, weights: Sequence[Tensor]) -> dict[str, Tensor]:
    """Equations (7) to (10) for one unit that starts at 0: its trace, each part (T, B).

    Args:
        x: inputs (T, B, 3).
        weights: nine tensors as :func:`rnnbook.gru.gru_trace` takes them, of :data:`SIZES`.

    Raises:
        ShapeError, TypeError, ValueError: as in :func:`rnnbook.gru.gru_trace`.

    Source: chapter 10.
    """
    trace = gru_trace(x, (x.new_zeros(x.shape[1], 1),), weights)
    return {name: part[..., 0] for name, part in trace.items()}


def fit_unit(x: Tensor, targets: Tensor, iterations: int = 60) -> tuple[Tensor, ...]:
    """Learn all fifteen numbers of one unit from zero, by least squares and L-BFGS.

    Args:
        x: inputs (T, B, 3).
        targets: what it should hold, (T, B).
        iterations: at most so many of L-BFGS.

    Returns:
        Nine tensors of :data:`SIZES`.

    Source: chapter 10.
    """
    return fit(lambda *weights: unit_trace(x, weights)["h"], targets, SIZES, iterations=iterations)
