r"""A small trained LSTM to look into: a sign is read through noise and flipped now and then.

``CellInTime`` opens it. It is ``torch.nn.LSTM`` with two units and a linear read-out; its weights
are stored with the package.
"""

from __future__ import annotations

import argparse
import json
import platform
from datetime import UTC, datetime
from pathlib import Path

import torch
from torch import Tensor

from rnnbook.experiments import _one_thread, stored_results

LENGTH = 10
READ, FLIP, NOISE, MOST = 0.4, 0.15, 0.6, 2.0
"""Shares of the steps with a reading and with a flip, the readings' noise, the largest reading."""


def streams(batch: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    r"""Readings of a hidden sign and the flips that turn it; the answer is the sign at the end.

    A flip at step t comes before the reading of that step, which is :math:`s_t + 0.6\varepsilon`,
    cut at ±2. A step without a reading says 0. The first step has a reading and no flip.

    Args:
        batch: B.
        generator: of the random numbers.

    Returns:
        Inputs (T, B, 2), reading and flip, 1 or 0, for T = 10. Signs at the last step (B,).

    Source: this project.
    """
    sign = torch.randint(0, 2, (batch,), generator=generator) * 2.0 - 1
    inputs = []
    for t in range(LENGTH):
        chances = torch.rand(2, batch, generator=generator)
        flip = (chances[0] < FLIP).float() if t else torch.zeros(batch)
        read = (chances[1] < READ).float() if t else torch.ones(batch)
        sign = sign * (1 - 2 * flip)
        noise = NOISE * torch.randn(batch, generator=generator)
        inputs.append(torch.stack([read * (sign + noise).clamp(-MOST, MOST), flip], -1))
    return torch.stack(inputs), sign


class Flips(torch.nn.Module):
    """``torch.nn.LSTM`` of two units, and a linear read-out of the last step.

    Source: this project.
    """

    def __init__(self) -> None:
        """Draw the weights as PyTorch does, but the forget gates' bias one higher."""
        super().__init__()
        self.lstm = torch.nn.LSTM(2, 2)
        self.read_out = torch.nn.Linear(2, 1)
        with torch.no_grad():
            self.lstm.bias_ih_l0[2:4] += 1

    def forward(self, x: Tensor) -> Tensor:
        """The sign that it thinks is there at the end, (B,); x is (T, B, 2)."""
        return self.read_out(self.lstm(x)[0][-1]).squeeze(-1)


def train(seed: int = 1, steps: int = 1500) -> Flips:
    """Train one: Adam, mean square error of the last step's answer, 64 fresh streams at a time.

    Args:
        seed: of the weights and of the streams.
        steps: of the optimiser.

    Source: this project.
    """
    with torch.random.fork_rng([]):
        torch.manual_seed(seed)
        model = Flips()
    generator = torch.Generator().manual_seed(seed)
    optimiser = torch.optim.Adam(model.parameters(), lr=0.02)
    for _ in range(steps):
        x, sign = streams(64, generator)
        optimiser.zero_grad()
        (model(x) - sign).square().mean().backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
    return model


def reached(model: Flips) -> dict[str, float]:
    """Mean square error and share of right signs on 4,000 streams that no training saw."""
    x, sign = streams(4000, torch.Generator().manual_seed(10**6))
    with torch.no_grad():
        answer = model(x)
    error = (answer - sign).square().mean().item()
    return {"error": error, "right": (answer.sign() == sign).double().mean().item()}


def trained() -> Flips:
    """The network that ``train()`` gave once, the same on every machine.

    Source: ``rnnbook/results/flips.json``, written by ``python -m rnnbook.experiments.flips``.
    """
    weights = stored_results("flips")["weights"]
    with torch.random.fork_rng([]):
        model = Flips()
    model.load_state_dict({name: torch.tensor(value) for name, value in weights.items()})
    return model.eval()


def main() -> None:
    """Train the network and store it, with four digits after the point, where ``trained`` looks."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "results")
    out = parser.parse_args().out / "flips.json"
    with _one_thread():
        model = train()
        rounded = {
            name: p.data.mul_(1e4).round_().div_(1e4) for name, p in model.named_parameters()
        }
        found = {name: round(value, 4) for name, value in reached(model).items()}
    weights = {
        name: [[round(v, 4) for v in row] for row in p.tolist()]
        if p.ndim == 2
        else [round(v, 4) for v in p.tolist()]
        for name, p in rounded.items()
    }
    record = {
        "what": "the weights of rnnbook.experiments.flips.Flips after train(seed=1)",
        "command": "python -m rnnbook.experiments.flips",
        "date": datetime.now(UTC).date().isoformat(),
        "versions": {"python": platform.python_version(), "torch": torch.__version__},
        "seed": 1,
        "steps": 1500,
        "reached": found,
        "weights": weights,
    }
    out.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
