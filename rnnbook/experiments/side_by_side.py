r"""Many trainings side by side: the same runs as one after the other, in a tenth of the time.

The trainings are rows of one matrix (:mod:`rnnbook.experiments.rows`). What comes out equals
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
    rows,
    trainings,
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
        adam = rows.Adam([rate for _, rate in cases], weights)
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
            weights = adam.step(weights.detach(), gradient, clip)
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


def _logits(network: LastStep, weights: Tensor, inputs: Tensor) -> Tensor:
    """The logits (N, B, Q) of networks whose weights are rows, for inputs (N, T, B, D)."""
    if isinstance(network.layer, torch.nn.RNN | torch.nn.LSTM):
        return trainings.module_answers(network, weights, inputs, last=True)
    if not isinstance(network.layer, Carousel):
        raise ValueError(f"model: expected an RNN, an LSTM or the carousel, given {network.layer}")
    shapes = {name: one.shape for name, one in network.named_parameters()}
    W, b, W_q, b_q = rows.named(weights, shapes).values()
    written = trainings.from_inputs({"W_x": W.mT, "b": b}, inputs).tanh()
    return torch.baddbmm(b_q.unsqueeze(1), written.sum(1), W_q.mT)
