r"""Many trainings side by side: the same runs as one after the other, in a tenth of the time.

For layers of 16 units the time goes into calling operations, not into computing. Here the weights
of all trainings lie in the rows of one matrix, one operation acts on all of them, and clipping and
Adam work row by row; so no training knows of another. What comes out equals
:func:`rnnbook.experiments.train` up to rounding.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn.utils import parameters_to_vector, vector_to_parameters

from rnnbook.experiments import (
    _UNSEEN_SEEDS,
    MODELS,
    SOLVED,
    LastStep,
    Run,
    Sample,
    _one_thread,
    unseen_accuracy,
)
from rnnbook.experiments.carousel import Carousel


def train_side_by_side(
    model: str,
    sample: Sample,
    cases: Sequence[tuple[int, float]],
    *,
    steps: int,
    hidden: int = 16,
    clip: float = 1.0,
) -> list[Run]:
    r"""Train one classifier for each seed and learning rate, as :func:`rnnbook.experiments.train`.

    Args:
        model: a key of :data:`rnnbook.experiments.MODELS`: an RNN, an LSTM or the carousel.
        sample: makes inputs (T, B, D) and targets (B,), in 0…3, from a generator.
        cases: the seed and the learning rate of each training, N of them.
        steps: at most so many.
        hidden: H.
        clip: largest norm of a training's gradient.

    Returns:
        The record of each run, without its network.

    Raises:
        ValueError: the model is a GRU, which is not done here.

    Source: none; a tool of the sweeps.
    """
    with _one_thread():
        seeds = [seed for seed, _ in cases]
        data = {seed: torch.Generator().manual_seed(seed) for seed in seeds}
        unseen = [torch.Generator().manual_seed(seed + _UNSEEN_SEEDS) for seed in seeds]
        batches = {seed: sample(generator) for seed, generator in data.items()}
        networks = []
        for seed in seeds:
            torch.manual_seed(seed)
            layer = MODELS[model](batches[seed][0].shape[-1], hidden)
            networks.append(LastStep(layer, hidden, classes=4))
        weights = torch.stack([parameters_to_vector(one.parameters()) for one in networks]).detach()
        adam = _Adam(torch.tensor([[rate] for _, rate in cases]), weights)
        running, curves = torch.zeros(len(cases)), [[] for _ in cases]
        runs: list[Run | None] = [None] * len(cases)
        alive = list(range(len(cases)))

        def end(case: int, row: Tensor) -> bool:
            """Score a training; it is over where it has solved its task or used up its steps."""
            vector_to_parameters(row, networks[case].parameters())
            score = unseen_accuracy(networks[case], sample, unseen[case])
            curve = tuple(curves[case])
            if score >= SOLVED or len(curve) == steps:
                seed, solved = seeds[case], score >= SOLVED
                runs[case] = Run(model, seed, len(curve), solved, score, curve)
            return runs[case] is not None

        while alive:
            inputs = torch.stack([batches[seeds[case]][0] for case in alive])
            targets = torch.stack([batches[seeds[case]][1] for case in alive])
            weights.requires_grad_()
            logits = _logits(networks[0], weights, inputs)
            losses = torch.nn.functional.cross_entropy(
                logits.flatten(0, 1), targets.flatten(), reduction="none"
            )
            (gradient,) = torch.autograd.grad(losses.view_as(targets).mean(1).sum(), weights)
            norm = gradient.norm(dim=1, keepdim=True)
            weights = adam.step(weights.detach(), gradient * (clip / (norm + 1e-6)).clamp(max=1))
            right = (logits.argmax(2) == targets).float().mean(1)
            running = 0.9 * running + 0.1 * right
            batches = {seed: sample(generator) for seed, generator in data.items()}
            over = []
            for place, case in enumerate(alive):
                curves[case].append(running[place].item())
                due = running[place] > SOLVED or len(curves[case]) == steps
                over.append(bool(due) and end(case, weights[place]))
            if any(over):
                left = torch.tensor([not one for one in over])
                weights, running = weights[left], running[left]
                adam.keep(left)
                alive = [case for case, one in zip(alive, over, strict=True) if not one]
        return runs


class _Adam:
    """Adam, each row with its own learning rate."""

    def __init__(self, rates: Tensor, weights: Tensor) -> None:
        self.rates, self.steps = rates, 0
        self.mean, self.square = torch.zeros_like(weights), torch.zeros_like(weights)

    def step(self, weights: Tensor, gradient: Tensor) -> Tensor:
        self.steps += 1
        self.mean = 0.9 * self.mean + 0.1 * gradient
        self.square = 0.999 * self.square + 0.001 * gradient**2
        size = (self.square / (1 - 0.999**self.steps)).sqrt() + 1e-8
        return weights - self.rates * self.mean / (1 - 0.9**self.steps) / size

    def keep(self, left: Tensor) -> None:
        self.rates, self.mean = self.rates[left], self.mean[left]
        self.square = self.square[left]


def _logits(network: LastStep, weights: Tensor, inputs: Tensor) -> Tensor:
    """The logits (N, B, Q) of networks whose weights are rows, for inputs (N, T, B, D)."""
    sizes = [parameter.numel() for parameter in network.parameters()]
    parts = weights.split(sizes, dim=1)
    parts = [
        part.view(-1, *parameter.shape)
        for part, parameter in zip(parts, network.parameters(), strict=True)
    ]
    *layer, W_q, b_q = parts
    return torch.baddbmm(b_q.unsqueeze(1), _last(network.layer, layer, inputs), W_q.mT)


def _last(layer: torch.nn.Module, parts: Sequence[Tensor], inputs: Tensor) -> Tensor:
    """The last states (N, B, H), by the layer's equation."""
    N, T, B, _ = inputs.shape
    if isinstance(layer, Carousel):
        W, b = parts
        written = torch.baddbmm(b.unsqueeze(1), inputs.flatten(1, 2), W.mT)
        return written.tanh().view(N, T, B, -1).sum(1)
    if not isinstance(layer, torch.nn.RNN | torch.nn.LSTM):
        raise ValueError(f"model: expected an RNN, an LSTM or the carousel, given {layer}")
    W_x, W_h, b_x, b_h = parts
    if isinstance(layer, torch.nn.LSTM):  # i, f, g, o: bring what σ acts on together
        order = torch.arange(4 * layer.hidden_size).view(4, -1)[[0, 1, 3, 2]].flatten()
        W_x, W_h, b_x, b_h = (part[:, order] for part in (W_x, W_h, b_x, b_h))
    arguments = torch.baddbmm((b_x + b_h).unsqueeze(1), inputs.flatten(1, 2), W_x.mT)
    H = layer.hidden_size
    h = C = inputs.new_zeros(N, B, H)
    for x_t in arguments.view(N, T, B, -1).unbind(1):
        a_t = torch.baddbmm(x_t, h, W_h.mT)
        if isinstance(layer, torch.nn.RNN):
            h = torch.tanh(a_t)
        else:
            i, f, o = torch.sigmoid(a_t[..., : 3 * H]).split(H, -1)
            C = f * C + i * torch.tanh(a_t[..., 3 * H :])
            h = o * torch.tanh(C)
    return h
