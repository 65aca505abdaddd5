r"""Memories that may bear on a new sign: the mean over all cases, and equation (9) in its place.

One step, no time. Memories :math:`h_n = \pm 1` are held, and each of the new signs has a say of its
own from the input. Of each switch :math:`A_n` there is evidence. In the first world the switch
belongs to the *source*, a memory bears or does not; in the second to the *receiver*, a new sign
listens to the memories or does not. Chapter 9.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from rnnbook.gru import candidate
from rnnbook.worlds import Hidden
from rnnbook.worlds.fitting import fit

MOST_MEMORIES = 16
"""The mean adds up over at most 2 to this many cases."""

HALF_CURVATURE = 2 / (3 * math.sqrt(3))
"""Half of the largest absolute value of the second derivative of tanh."""

DOUBT = Hidden(0.5, 0.5)
"""A switch that is on in half of the cases, its evidence blurred by one half."""

OWNERS = ("source", "receiver")
"""Whose the switch is."""


def mean_over_cases(from_x: Tensor, pulls: Tensor, r: Tensor) -> Tensor:
    r"""The mean of the new sign over every case of which memories bear, by enumeration.

    .. math:: \sum_{A \in \{0,1\}^N} \Big(\prod_n r_n^{A_n} (1 - r_n)^{1 - A_n}\Big)
        \tanh\Big(a_0 + \sum_n A_n u_n\Big)

    Args:
        from_x: a₀, what the input says, (…).
        pulls: :math:`u_n = U_n h_n`, what each memory adds if it bears, (…, N).
        r: probability that it bears, (…, N).

    Returns:
        The mean, (…).

    Raises:
        ValueError: there are more than ``MOST_MEMORIES`` memories.

    Source: chapter 9, equation (9.2).
    """
    N = pulls.shape[-1]
    if N > MOST_MEMORIES:
        raise ValueError(f"pulls: expected at most {MOST_MEMORIES} memories, given {N}")
    mean = torch.zeros_like(from_x)
    for case in itertools.product((0.0, 1.0), repeat=N):
        A = pulls.new_tensor(case)
        chance = (A * r + (1 - A) * (1 - r)).prod(-1)
        mean = mean + chance * torch.tanh(from_x + (A * pulls).sum(-1))
    return mean


def shortcut(from_x: Tensor, pulls: Tensor, r: Tensor) -> Tensor:
    r"""Equation (9) in its place: the gate where the switch was.

    .. math:: \tanh\Big(a_0 + \sum_n r_n u_n\Big)

    Arguments as of :func:`mean_over_cases`; returns (…).

    Source: chapter 9, equation (9.3).
    """
    return torch.tanh(from_x + (r * pulls).sum(-1))


def shortcut_bound(pulls: Tensor, r: Tensor) -> Tensor:
    r"""By how much :func:`shortcut` can miss :func:`mean_over_cases` at most.

    .. math:: \frac{2}{3\sqrt 3} \sum_n u_n^2\, r_n (1 - r_n)

    Arguments as of :func:`mean_over_cases`; returns (…).

    Source: chapter 9, equation (9.4).
    """
    return HALF_CURVATURE * (pulls.square() * r * (1 - r)).sum(-1)


@dataclass(frozen=True)
class Drawn:
    """B cases of one step.

    Attributes:
        x: what the input holds of each new sign, (B, H).
        v: the evidence of each switch, (B, H).
        h: the memories, (B, H).
        s: the new signs, (B, H).
        best: their mean given x, v and h, (B, H).
    """

    x: Tensor
    v: Tensor
    h: Tensor
    s: Tensor
    best: Tensor


@dataclass(frozen=True)
class Bearing:
    r"""H memories, H new signs, H switches.

    .. math:: \tfrac12 \ln \frac{P(s_m = 1)}{P(s_m = -1)} = w\,x_m + \sum_n U_{mn} A_n h_n
        \quad\text{or}\quad w\,x_m + A_m \sum_n U_{mn} h_n

    Attributes:
        U: how much memory n pulls at sign m, (H, H), row m.
        owner: ``"source"`` or ``"receiver"``.
        w: weight of the input, which is standard normal.
        switch: the switches, of chance and noise.
    """

    U: Tensor
    owner: str = "source"
    w: float = 0.5
    switch: Hidden = DOUBT

    def __post_init__(self) -> None:
        """Refuse an unknown owner."""
        if self.owner not in OWNERS:
            raise ValueError(f"owner: expected {' or '.join(OWNERS)}; given {self.owner!r}")

    def pulls(self, h: Tensor) -> Tensor:
        """What each switch lets through to each sign, (B, H, K), of K = H sources or of itself."""
        every = h.unsqueeze(1) * self.U  # (B, H, H)
        return every if self.owner == "source" else every.sum(-1, keepdim=True)

    def switches(self, shares: Tensor) -> Tensor:
        """Switches, or gates in their place, (B, H), as :meth:`pulls` has them, (B, H or 1, K)."""
        return shares.unsqueeze(1) if self.owner == "source" else shares.unsqueeze(-1)

    def sample(self, batch: int, generator: torch.Generator) -> Drawn:
        """Draw cases, float64.

        Args:
            batch: B.
            generator: source of all randomness.

        Source: the definition of the world.
        """
        H, exact = len(self.U), {"generator": generator, "dtype": torch.float64}
        h = (torch.rand(batch, H, **exact) < 0.5).double() * 2 - 1
        A = (torch.rand(batch, H, **exact) < self.switch.chance).double()
        v = A + self.switch.noise * torch.randn(batch, H, **exact)
        x = torch.randn(batch, H, **exact)
        pulls = self.pulls(h)
        a = self.w * x + (self.switches(A) * pulls).sum(-1)
        s = (torch.rand(batch, H, **exact) < torch.sigmoid(2 * a)).double() * 2 - 1
        slope, bias = self.switch.gate()
        r = self.switches(torch.sigmoid(slope * v + bias)).expand_as(pulls)
        return Drawn(x, v, h, s, mean_over_cases(self.w * x, pulls, r))

    def derived(self) -> tuple[Tensor, ...]:
        """The weights of :func:`answer` by Bayes' rule: U, (w,), (slope, bias) of the gate.

        Source: chapter 9.
        """
        return self.U, self.U.new_tensor([self.w]), self.U.new_tensor(self.switch.gate())


def answer(drawn: Drawn, weights: Sequence[Tensor], owner: str) -> Tensor:
    r"""Equation (9), each gate by its own evidence: :math:`r_n = \sigma(w_r v_n + b_r)`.

    Args:
        drawn: the cases.
        weights: U (H, H), row m of sign m; the input's weight (1,); slope and bias of r (2,).
        owner: ``"source"`` resets before the product, ``"receiver"`` after it.

    Returns:
        The candidates, (B, H).

    Source: chapter 9.
    """
    U, w, gate = weights
    r = torch.sigmoid(gate[0] * drawn.v + gate[1])
    own = w * torch.eye(len(U), dtype=U.dtype)
    return candidate(drawn.x, drawn.h, r, own, U.T, U.new_zeros(len(U)), owner == "receiver")


def fit_answer(drawn: Drawn, owner: str, iterations: int = 100) -> tuple[Tensor, ...]:
    """Learn the weights of :func:`answer` from zero, by least squares and L-BFGS.

    Args:
        drawn: the cases, whose signs are the targets.
        owner: ``"source"`` or ``"receiver"``: where the reset gate of the learner stands.
        iterations: at most so many of L-BFGS.

    Returns:
        U (H, H), the input's weight (1,), slope and bias of the gate (2,).

    Source: chapter 9.
    """
    H = drawn.h.shape[1]
    sizes = ((H, H), (1,), (2,))
    return fit(
        lambda *weights: answer(drawn, weights, owner), drawn.s, sizes, iterations=iterations
    )
