r"""Many small networks at once: each is a row of numbers, and all rows go through one operation.

For layers of a few units the time goes into calling operations, not into computing. So the weights
of all trainings lie in the rows of one matrix; clipping and Adam work row by row, and no training
knows of another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor


class Adam:
    """Adam, each row with its own learning rate."""

    def __init__(self, rates: Sequence[float], weights: Tensor) -> None:
        """Start for these learning rates, one for each row of the weights (N, …)."""
        self.rates, self.steps = weights.new_tensor(rates).unsqueeze(1), 0
        self.mean, self.square = torch.zeros_like(weights), torch.zeros_like(weights)

    def step(self, weights: Tensor, gradient: Tensor, clip: float = 1.0) -> Tensor:
        """The weights after a step, each row's gradient clipped at this norm."""
        norm = gradient.norm(dim=1, keepdim=True)
        gradient = gradient * (clip / (norm + 1e-6)).clamp(max=1)
        self.steps += 1
        self.mean = 0.9 * self.mean + 0.1 * gradient
        self.square = 0.999 * self.square + 0.001 * gradient**2
        size = (self.square / (1 - 0.999**self.steps)).sqrt() + 1e-8
        return weights - self.rates * self.mean / (1 - 0.9**self.steps) / size

    def keep(self, left: Tensor) -> None:
        """Go on with some rows only."""
        self.rates, self.mean = self.rates[left], self.mean[left]
        self.square = self.square[left]


def descend(
    weights: Tensor,
    losses: Callable[[Tensor], Tensor],
    rates: Sequence[float],
    *,
    steps: int,
    free: Tensor | float = 1.0,
    clip: float = 1.0,
    falls_to: float = 1.0,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Tensor, Tensor]:
    r"""Train all rows with Adam.

    Args:
        weights: (N, …), where the trainings start.
        losses: of the weights, on fresh data at each call: (N,).
        rates: the learning rate of each row.
        steps: how many.
        free: 1 for each number that is trained, 0 for each that is held.
        clip: largest norm of a row's gradient.
        falls_to: the share of the learning rates that is left in the end; they fall in a line.
        progress: called with the steps done and all steps, after every step.

    Returns:
        The weights in the end, and the losses of every tenth step before it, (steps / 10, N).

    Source: ``torch.optim.Adam``, to whose steps it is held.
    """
    adam, curve = Adam(rates, weights), []
    first = adam.rates
    for step in range(steps):
        now = losses(weights.requires_grad_())
        (gradient,) = torch.autograd.grad(now.sum(), weights)
        adam.rates = first * (1 - (1 - falls_to) * step / steps)
        weights = adam.step(weights.detach(), gradient * free, clip)
        if step % 10 == 0:
            curve.append(now.detach())
        if progress:
            progress(step + 1, steps)
    return weights, torch.stack(curve)


def named(weights: Tensor, shapes: Mapping[str, Sequence[int]]) -> dict[str, Tensor]:
    """The parts of rows (N, …) by name, each with N in front of its shape."""
    parts = weights.split([torch.Size(shape).numel() for shape in shapes.values()], dim=1)
    return {
        name: part.view(-1, *shape)
        for (name, shape), part in zip(shapes.items(), parts, strict=True)
    }


def rnn_trace(from_x: Tensor, W_h: Tensor) -> dict[str, Tensor]:
    r"""The plain recurrence of N networks.

    Args:
        from_x: what the inputs add to the arguments, biases included, (N, T, B, H).
        W_h: (N, H, H), likewise.

    Returns:
        The hidden states ``h``, (N, T, B, H).

    Source: the post's ``rnn``; chapter 0.
    """
    h, states = torch.zeros_like(from_x[:, 0]), []
    for x_t in from_x.unbind(1):
        h = torch.tanh(torch.baddbmm(x_t, h, W_h))
        states.append(h)
    return {"h": torch.stack(states, 1)}


def lstm_trace(
    from_x: Tensor, W_h: Tensor, squashes: Callable[[Tensor], Tensor] = torch.tanh
) -> dict[str, Tensor]:
    r"""Equations (1) to (6) of N networks, with any function in (3).

    Args:
        from_x: what the inputs add to the arguments, biases included, (N, T, B, 4H): of the gates
            i, f and o, then of the candidate.
        W_h: (N, H, 4H), likewise.
        squashes: the function in (3).

    Returns:
        Of every step the candidates ``C_tilde``, their arguments ``a``, the input gates ``i`` and
        the hidden states ``h``, each (N, T, B, H).

    Source: the post, eqs. (1) to (6).
    """
    H = W_h.shape[1]
    h = C = from_x.new_zeros(*from_x[:, 0, :, :H].shape)
    seen: dict[str, list[Tensor]] = {name: [] for name in ("a", "C_tilde", "i", "h")}
    for x_t in from_x.unbind(1):
        arguments = torch.baddbmm(x_t, h, W_h)
        i, f, o = torch.sigmoid(arguments[..., : 3 * H]).split(H, -1)
        a = arguments[..., 3 * H :]
        C_tilde = squashes(a)
        C = f * C + i * C_tilde
        h = o * torch.tanh(C)
        for name, value in zip(seen, (a, C_tilde, i, h), strict=True):
            seen[name].append(value)
    return {name: torch.stack(values, 1) for name, values in seen.items()}


def gru_trace(
    from_x: Tensor,
    W_h: Tensor,
    changed: Callable[[Tensor, Tensor], tuple[Tensor, Tensor]] = lambda z, r: (z, r),
    resets: Sequence[str] = ("before",),
) -> dict[str, Tensor]:
    r"""Equations (7) to (10) of N networks.

    Args:
        from_x: what the inputs add to the arguments, biases included, (N, T, B, 3H): of the gates
            z and r, then of the candidate.
        W_h: (N, H, 3H), likewise.
        changed: what takes the place of z and r of a step, each (N, B, H).
        resets: ``"before"`` the product, ``"after"`` it, or ``"none"``: r = 1; one for all
            networks, or one for each.

    Returns:
        Of every step the gates ``z`` and ``r``, as they acted, and the hidden states ``h``, each
        (N, T, B, H).

    Source: the post, eqs. (7) to (10).
    """
    H = W_h.shape[1]
    of_gates, of_candidate = W_h.split([2 * H, H], -1)
    h = from_x.new_zeros(*from_x[:, 0, :, :H].shape)
    seen: dict[str, list[Tensor]] = {"z": [], "r": [], "h": []}
    before, after = (
        from_x.new_tensor([float(one == place) for one in resets]).view(-1, 1, 1)
        for place in ("before", "after")
    )
    for x_t in from_x.unbind(1):
        gates = torch.baddbmm(x_t[..., : 2 * H], h, of_gates)
        z, r = changed(*torch.sigmoid(gates).split(H, -1))
        if set(resets) == {"before"}:
            h_tilde = torch.tanh(torch.baddbmm(x_t[..., 2 * H :], r * h, of_candidate))
        else:
            past = torch.bmm((1 - before + before * r) * h, of_candidate)
            h_tilde = torch.tanh(x_t[..., 2 * H :] + (1 - after + after * r) * past)
        h = z * h + (1 - z) * h_tilde
        for name, value in zip(seen, (z, r, h), strict=True):
            seen[name].append(value)
    return {name: torch.stack(values, 1) for name, values in seen.items()}


def from_torch(parts: Sequence[Tensor]) -> list[Tensor]:
    """PyTorch's rows i, f, g, o of N LSTMs in the order of :func:`lstm_trace`."""
    H = parts[0].shape[1] // 4
    order = torch.arange(4 * H).view(4, H)[[0, 1, 3, 2]].flatten()
    return [part[:, order] for part in parts]
