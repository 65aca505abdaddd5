r"""A small trained network to look into: it keeps the last sign that was flagged.

The page *Inside a trained network* opens it. It is made of ``torch.nn`` alone, as somebody's
network is; its weights are stored with the package.
"""

from __future__ import annotations

import torch
from torch import Tensor

from rnnbook.experiments import stored_results

FLAGGED = 0.15
"""Share of the steps whose sign counts."""


def streams(length: int, batch: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Random signs, some of them flagged, and the last flagged sign at every step.

    Args:
        length: T.
        batch: B.
        generator: of the random numbers.

    Returns:
        Inputs (T, B, 2), a sign and a flag, 1 or 0; the first step is flagged. Targets (T, B).

    Source: this project.
    """
    signs = torch.randint(0, 2, (length, batch), generator=generator) * 2.0 - 1
    flags = (torch.rand(length, batch, generator=generator) < FLAGGED).float()
    flags[0] = 1
    kept = [signs[0]]
    for sign, flag in zip(signs[1:], flags[1:], strict=True):
        kept.append(torch.where(flag > 0, sign, kept[-1]))
    return torch.stack([signs, flags], -1), torch.stack(kept)


class Keeper(torch.nn.Module):
    """``torch.nn.LSTM`` of six units, and a linear read-out.

    Source: this project.
    """

    def __init__(self) -> None:
        """Draw the weights as PyTorch does."""
        super().__init__()
        self.lstm = torch.nn.LSTM(2, 6)
        self.read_out = torch.nn.Linear(6, 1)

    def forward(self, x: Tensor) -> Tensor:
        """The sign that it thinks was flagged last, (T, B)."""
        return self.read_out(self.lstm(x)[0]).squeeze(-1)


def train(seed: int = 0, steps: int = 600) -> Keeper:
    """Train one: Adam, mean square error, 64 streams of 24 steps at a time.

    Args:
        seed: of the weights and of the streams.
        steps: of the optimiser.

    Source: this project.
    """
    with torch.random.fork_rng([]):
        torch.manual_seed(seed)
        model = Keeper()
    generator = torch.Generator().manual_seed(seed)
    optimiser = torch.optim.Adam(model.parameters(), lr=0.02)
    for _ in range(steps):
        x, y = streams(24, 64, generator)
        loss = torch.nn.functional.mse_loss(model(x), y)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return model


def trained() -> Keeper:
    """The network that ``train()`` gave once, the same on every machine.

    Source: ``rnnbook/results/keeper.json``.
    """
    weights = stored_results("keeper")["weights"]
    with torch.random.fork_rng([]):
        model = Keeper()
    state = {name: torch.tensor(weights[name]).view_as(p) for name, p in model.named_parameters()}
    model.load_state_dict(state)
    return model.eval()
