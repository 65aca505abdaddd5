r"""The worlds of chapters 1 to 5 and 7, in each of which the chapter's equation is the best answer.

To be kept is a running total that is reset (1), a sum of what is flagged (2), a sign (3), all of it
together (4), a sign that each new one overwrites (7); or what any of them keeps is asked for only
sometimes (5). What the best memory of each does is :func:`filtered`: one recursion, with each gate
at the probability that Bayes' rule gives.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from rnnbook.worlds import Hidden, World


def resets(chance: float = 0.02, noise: float = 0.3) -> World:
    r"""Chapter 1: a total of the numbers that come in, reset now and then.

    .. math:: y_t = K_t\,y_{t-1} + u_t

    Args:
        chance: probability of a reset, K = 0.
        noise: η of its evidence, of mean 1 at a reset and 0 elsewhere.

    Returns:
        The world, with the event ``K`` and the given number ``u``.

    Raises:
        ValueError: an argument is out of range.

    Source: chapter 1.
    """
    return World({"K": _kept(chance, noise)}, lambda y, K, u: K * y + u, given=("u",))


def writes(chance: float = 0.2, noise: float = 0.35) -> World:
    r"""Chapter 2: a total of those numbers that count.

    .. math:: y_t = y_{t-1} + R_t\,u_t

    Args:
        chance: probability that a number counts, R = 1.
        noise: η of its evidence, of mean 1 where it counts and 0 elsewhere.

    Returns:
        The world, with the event ``R`` and the given number ``u``.

    Raises:
        ValueError: an argument is out of range.

    Source: chapter 2.
    """
    return World({"R": Hidden(chance, noise)}, lambda y, R, u: y + R * u, given=("u",))


def signs(noise: float = 0.6, chance: float = 0.5) -> World:
    r"""Chapter 3: the last sign, seen through noise.

    .. math:: y_t = s_t = \pm 1

    Args:
        noise: η of the evidence, of mean s.
        chance: probability of +1.

    Returns:
        The world, with the event ``s``.

    Raises:
        ValueError: an argument is out of range.

    Source: chapter 3.
    """
    return World({"s": _sign(chance, noise)}, lambda y, s: s)


def stored_signs(
    reset: float = 0.05, write: float = 0.2, noise: float = 0.35, sign_noise: float = 0.6
) -> World:
    r"""Chapter 4: signs are added where they count, and the sum is reset now and then.

    .. math:: y_t = K_t\,y_{t-1} + R_t\,s_t

    Args:
        reset: probability that K = 0.
        write: probability that R = 1.
        noise: η of the evidence of either.
        sign_noise: η of the evidence of the sign.

    Returns:
        The world, with the events ``K``, ``R`` and ``s``.

    Raises:
        ValueError: an argument is out of range.

    Source: chapter 4.
    """
    events = {
        "K": _kept(reset, noise),
        "R": Hidden(write, noise),
        "s": _sign(0.5, sign_noise),
    }
    return World(events, lambda y, K, R, s: K * y + R * s)


def overwritten_signs(write: float = 0.2, noise: float = 0.35, sign_noise: float = 0.6) -> World:
    r"""Chapters 7 and 10: each new sign takes the place of the last.

    .. math:: y_t = K_t\,y_{t-1} + (1 - K_t)\,s_t

    Args:
        write: probability that K = 0.
        noise: η of its evidence, of mean 1 where K = 0 and 0 elsewhere.
        sign_noise: η of the evidence of the sign.

    Returns:
        The world, with the events ``K`` and ``s``.

    Raises:
        ValueError: an argument is out of range.

    Source: chapters 7 and 10.
    """
    events = {"K": _kept(write, noise), "s": _sign(0.5, sign_noise)}
    return World(events, lambda y, K, s: K * y + (1 - K) * s)


def questions(chance: float = 0.2, noise: float = 0.35, about: World | None = None) -> World:
    r"""Chapter 5: what another world keeps is asked for only sometimes; else the answer is 0.

    .. math:: Q_t\,y_t

    Args:
        chance: probability that it is asked for, Q = 1.
        noise: η of its evidence, of mean 1 where it is asked for and 0 elsewhere.
        about: a world of this module; by default a total of the numbers that come in,
            :math:`y_t = y_{t-1} + u_t`.

    Returns:
        That world with the event ``Q``.

    Raises:
        ValueError: an argument is out of range.

    Source: chapter 5.
    """
    about = World({}, lambda y, u: y + u, given=("u",)) if about is None else about
    return World(
        {**about.hidden, "Q": Hidden(chance, noise)},
        lambda y, Q, **now: about.update(y, **now),
        about.given,
        about.start,
        answer=lambda y, Q, **now: Q * y,
    )


def expected(world: World, evidence: Mapping[str, Tensor]) -> dict[str, Tensor]:
    r"""The mean of each event given its own evidence: a logistic function, or tanh for a sign.

    .. math:: \mathbb{E}[K \mid v] = \sigma(w v + b), \qquad
        \mathbb{E}[s \mid v] = 2\sigma(w v + b) - 1 = \tanh\tfrac12(w v + b)

    Args:
        world: any world.
        evidence: of each of its events, name to any shape.

    Returns:
        The means, name to the same shape.

    Source: chapters 1 and 3.
    """
    means = {}
    for name, event in world.hidden.items():
        weight, bias = event.gate()
        low, high = event.values
        means[name] = low + (high - low) * torch.sigmoid(weight * evidence[name] + bias)
    return means


def filtered(world: World, evidence: Mapping[str, Tensor], **given: Tensor) -> Tensor:
    r"""What the best memory holds: the world's own recursion, with each event at its mean.

    .. math:: C_t = f_t\,C_{t-1} + i_t\,\tilde{C}_t \quad\text{for}\quad
        y_t = K_t\,y_{t-1} + R_t\,s_t

    Where the world asks for :math:`Q_t\,y_t`, it is what the best memory shows, :math:`o_t\,C_t`.
    It is the mean of the target where the recursion is linear in each of its arguments and the
    events are independent, given what is seen: in every world of this module.

    Args:
        world: a world of this module.
        evidence: of each of its events, name to (T, …).
        given: the numbers that are seen as they are, (T, …).

    Returns:
        The memory after each step, or what is shown of it, (T, …).

    Source: chapters 1, 2, 4, 5, 7.
    """
    means = expected(world, evidence)
    first = next(iter(means.values()))
    C, held = torch.full_like(first[0], world.start), []
    for t in range(len(first)):
        now = {name: seen[t] for name, seen in (means | given).items()}
        C = world.update(C, **now)
        held.append(world.asked(C, now))
    return torch.stack(held)


def _kept(reset: float, noise: float) -> Hidden:
    """K: 0 at a reset, whose evidence has the mean 1."""
    return Hidden(1 - reset, noise, means=(1.0, 0.0))


def _sign(chance: float, noise: float) -> Hidden:
    """A sign, whose evidence is itself and noise."""
    return Hidden(chance, noise, values=(-1.0, 1.0), means=(-1.0, 1.0))
