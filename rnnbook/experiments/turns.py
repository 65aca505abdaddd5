r"""A small trained GRU to look into: orders that replace each other, and turns that reverse them.

``GruInTime`` opens it. It is the post's :func:`rnnbook.gru.gru` with two units, reset before the
product; its weights are stored with the package.
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
from rnnbook.gru import PARAMS, gru_step

LENGTH = 10
ORDER, TURN = 0.25, 0.2
"""Shares of the steps that are an order and a turn; the first step is an order."""

SOFT, LOUD = 0.3, 1.5
"""Between these lies the size of each voice."""

SEED, STEPS = 2, 600
"""Of the stored network, chosen by eye among six seeds for what a picture can show: unit 1 carries
the answer, its r is near 1 at turns and near 0 at orders. With 3,000 steps instead of 600 it errs
less often, but its candidates saturate, and next to no gradient gets past a turn."""


def streams(batch: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    r"""Voices, some of which are orders, and turns; the answer is what holds at the end.

    At an order the voice's sign comes to hold. At a turn the opposite of what held comes to hold,
    whatever the voice says. At all other steps the voice is to be ignored.

    Args:
        batch: B.
        generator: of the random numbers.

    Returns:
        Inputs (T, B, 3), voice, order and turn, for T = 10; the two last are 1 or 0. Signs that
        hold after the last step (B,).

    Source: this project.
    """
    shape = (LENGTH, batch)
    sign = torch.randint(0, 2, shape, generator=generator) * 2.0 - 1
    voice = sign * (SOFT + (LOUD - SOFT) * torch.rand(shape, generator=generator))
    chance = torch.rand(shape, generator=generator)
    chance[0] = 0
    order = chance < ORDER
    turn = ~order & (chance < ORDER + TURN)
    held = torch.zeros(batch)
    for t in range(LENGTH):
        held = torch.where(order[t], sign[t], torch.where(turn[t], -held, held))
    return torch.stack([voice, order.float(), turn.float()], -1), held


class Turns(torch.nn.Module):
    """The post's GRU of two units, its answer read from the last step.

    Source: this project.
    """

    def __init__(self) -> None:
        """Draw the weights as PyTorch's GRU does, but the update gates' biases one higher."""
        super().__init__()
        sizes = {"W_x": (3, 2), "W_h": (2, 2), "b_": (2,)}
        drawn = [kind + gate for kind in sizes for gate in "zrh"] + ["W_hq", "b_q"]
        sizes |= {"W_hq": (2, 1), "b_q": (1,)}
        weights = {name: torch.empty(sizes.get(name, sizes.get(name[:-1]))) for name in drawn}
        for name in drawn:
            weights[name].uniform_(-(2**-0.5), 2**-0.5)
        weights["b_z"] += 1
        self.weights = torch.nn.ParameterDict(weights)

    def params(self) -> list[Tensor]:
        """The 11 tensors that :func:`rnnbook.gru.gru` takes."""
        return [self.weights[name] for name in PARAMS]

    def forward(self, x: Tensor, reset_after: bool = False) -> Tensor:
        """Return what it says after the last step, (B,); x is (T, B, 3)."""
        *cell, W_hq, b_q = self.params()
        h = x.new_zeros(x.shape[1], len(W_hq))
        for row in x.unbind():
            h = gru_step(row, h, *cell, reset_after=reset_after)
        return (h @ W_hq + b_q).squeeze(-1)


def train(seed: int = SEED, steps: int = STEPS) -> Turns:
    """Train one: Adam, mean square error of the last step's answer, 64 fresh streams at a time.

    Args:
        seed: of the weights and of the streams.
        steps: of the optimiser.

    Source: this project.
    """
    with torch.random.fork_rng([]):
        torch.manual_seed(seed)
        model = Turns()
    generator = torch.Generator().manual_seed(seed)
    optimiser = torch.optim.Adam(model.parameters(), lr=0.02)
    for _ in range(steps):
        x, held = streams(64, generator)
        optimiser.zero_grad()
        (model(x) - held).square().mean().backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
    return model


def reached(model: Turns, reset_after: bool = False) -> dict[str, float]:
    """Mean square error and share of right signs on 4,000 streams that no training saw.

    Args:
        model: the network.
        reset_after: run the same weights with the reset after the product.
    """
    x, held = streams(4000, torch.Generator().manual_seed(10**6))
    with torch.no_grad():
        answer = model(x, reset_after)
    error = (answer - held).square().mean().item()
    return {"error": error, "right": (answer.sign() == held).double().mean().item()}


def trained() -> Turns:
    """The network that ``train()`` gave once, the same on every machine.

    Source: ``rnnbook/results/turns.json``, written by ``python -m rnnbook.experiments.turns``.
    """
    with torch.random.fork_rng([]):
        model = Turns()
    stored = stored_results("turns")["weights"]
    model.weights.update({name: torch.tensor(stored[name]) for name in PARAMS})
    return model.eval()


def main() -> None:
    """Train the network and store it, with four digits after the point, where ``trained`` looks."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "results")
    out = parser.parse_args().out / "turns.json"

    def rounded(value: object) -> object:
        return [rounded(v) for v in value] if isinstance(value, list) else round(value, 4)

    with _one_thread():
        model = train()
        for p in model.parameters():
            p.data.mul_(1e4).round_().div_(1e4)
        found = {
            place: {name: round(value, 4) for name, value in reached(model, after).items()}
            for place, after in (("reset before", False), ("same weights, reset after", True))
        }
    record = {
        "what": f"the weights of rnnbook.experiments.turns.Turns after train(seed={SEED})",
        "command": "python -m rnnbook.experiments.turns",
        "date": datetime.now(UTC).date().isoformat(),
        "versions": {"python": platform.python_version(), "torch": torch.__version__},
        "seed": SEED,
        "steps": STEPS,
        "reached": found,
        "weights": {name: rounded(p.tolist()) for name, p in model.weights.items()},
    }
    out.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
