r"""Many small trainings side by side, from their start to their score on unseen sequences.

What the experiments share: how weights start, which are held, the training, each in its own row
of numbers, and the score. What differs stays with them: the cell, the world, the arms.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor
from torch.nn.utils import parameters_to_vector, vector_to_parameters

from rnnbook.experiments import _UNSEEN_SEEDS, SOLVED, UNSEEN, Run, rows

Shapes = Mapping[str, Sequence[int]]
"""The shape of each parameter by name, in the order in which they lie in a row."""

Case = tuple[str, int, float]
"""Model, seed and learning rate of a training."""

Draw = Callable[[int, torch.Generator], tuple[Tensor, Tensor]]
"""Draws so many sequences (T, B, D) and their answers, (B,) or (T, B, …)."""

BATCH = 32
"""Sequences in a batch."""


@dataclass(frozen=True)
class RowRun(Run):
    """A run of one row; its curve is the mean square error of every tenth batch.

    Attributes:
        weights: the network's parameters by name, each with 1 in front of its shape.
    """

    weights: dict[str, Tensor] = field(default_factory=dict, repr=False, compare=False)


def check_models(cases: Sequence[Case], known: Mapping | Sequence[str], what: str = "arm") -> None:
    """Raise a ValueError that names the models there are, if a case asks for another."""
    for model, _, _ in cases:
        if model not in known:
            raise ValueError(f"{what}: expected one of {', '.join(known)}; given {model!r}")


def gated_shapes(blocks: int, inputs: int, hidden: int, outputs: int) -> dict[str, tuple[int, ...]]:
    """The parameters of a cell with so many blocks of weights, and of its linear read-out."""
    wide = blocks * hidden
    return {
        "W_x": (inputs, wide),
        "W_h": (hidden, wide),
        "b": (wide,),
        "W_q": (hidden, outputs),
        "b_q": (outputs,),
    }


def start(shapes: Shapes, generator: torch.Generator, biases: Mapping[int, float]) -> Tensor:
    r"""One row of weights, uniform in :math:`\pm 1/\sqrt{H}`, as PyTorch draws them for its layers.

    Args:
        shapes: of the parameters; ``W_h`` begins with H, ``b`` has H numbers for each block.
        generator: source of all randomness.
        biases: what a block's biases start at instead, by the block's place.
    """
    hidden, size = shapes["W_h"][0], sum(math.prod(shape) for shape in shapes.values())
    row = (2 * torch.rand(1, size, generator=generator) - 1) / math.sqrt(hidden)
    b = rows.named(row, shapes)["b"].view(-1, hidden)
    for block, bias in biases.items():
        b[block] = bias
    return row[0]


def free(shapes: Shapes, held: Mapping[str, Sequence[int]]) -> Tensor:
    """1 for each number that is trained, 0 for each that is held, as one row.

    Args:
        shapes: of the parameters.
        held: by name, which blocks of H columns are held.
    """
    hidden = shapes["W_h"][0]
    parts = {name: torch.ones(*shape) for name, shape in shapes.items()}
    for name, blocks in held.items():
        parts[name].unflatten(-1, (-1, hidden))[..., list(blocks), :] = 0
    return torch.cat([part.flatten() for part in parts.values()])


def from_inputs(weights: Mapping[str, Tensor], x: Tensor) -> Tensor:
    """What inputs (N, T, B, D) add to the arguments of N cells, biases included, (N, T, B, kH)."""
    added = torch.baddbmm(weights["b"].unsqueeze(1), x.flatten(1, 2), weights["W_x"])
    return added.view(*x.shape[:3], -1)


def module_answers(
    like: torch.nn.Module, weights: Tensor, x: Tensor, *, last: bool = False
) -> Tensor:
    """The read-outs of N modules whose weights are rows: an LSTM or RNN, then a linear layer.

    Args:
        like: a module that all are like; its parameters are named and stacked as PyTorch's.
        weights: (N, …).
        x: inputs (N, T, B, D).
        last: whether the last step alone is read out.

    Returns:
        (N, T, B, Q), or (N, B, Q) of the last step.
    """
    shapes = {name: one.shape for name, one in like.named_parameters()}
    *layer, W_q, b_q = rows.named(weights, shapes).values()
    gated = layer[1].shape[1] == 4 * layer[1].shape[2]
    W_x, W_h, b_x, b_h = rows.from_torch(layer) if gated else layer
    from_x = from_inputs({"W_x": W_x.mT, "b": b_x + b_h}, x)
    h = (rows.lstm_trace if gated else rows.rnn_trace)(from_x, W_h.mT)["h"]
    if last:
        return torch.baddbmm(b_q.unsqueeze(1), h[:, -1], W_q.mT)
    return torch.baddbmm(b_q.unsqueeze(1), h.flatten(1, 2), W_q.mT).view(*x.shape[:3], -1)


def unseen(draw: Draw, seed: int) -> tuple[Tensor, Tensor]:
    """1,000 sequences that no training with this seed has seen, and their answers."""
    return draw(UNSEEN, torch.Generator().manual_seed(seed + _UNSEEN_SEEDS))


def _batches(draw: Draw, seed: int, at_once: int) -> Iterator[tuple[Tensor, ...]]:
    source = torch.Generator().manual_seed(seed)
    while True:
        drawn = draw(BATCH * at_once, source)
        yield from zip(*(part.split(BATCH, min(1, part.dim() - 1)) for part in drawn), strict=True)


def descend(
    weights: Tensor,
    cases: Sequence[Case],
    draw: Draw,
    losses: Callable[[Tensor, Tensor, Tensor], Tensor],
    *,
    at_once: int = 1,
    **how: object,
) -> tuple[Tensor, Tensor]:
    """Train all rows on fresh batches; cases with the same seed see the same.

    Args:
        weights: (N, …), where the trainings start.
        cases: of each training.
        draw: makes the sequences.
        losses: (N,), of weights, inputs (N, T, B, D) and answers (N, …).
        at_once: so many batches are drawn at a time.
        how: steps and all else that :func:`rnnbook.experiments.rows.descend` takes.

    Returns:
        The weights in the end, and the losses of every tenth step before it, (steps / 10, N).
    """
    sources = {seed: _batches(draw, seed, at_once) for _, seed, _ in cases}

    def of_batch(weights: Tensor) -> Tensor:
        drawn = {seed: next(source) for seed, source in sources.items()}
        x, y = (torch.stack([drawn[seed][k] for _, seed, _ in cases]) for k in (0, 1))
        return losses(weights, x, y)

    return rows.descend(weights, of_batch, [rate for _, _, rate in cases], **how)


def near(answers: Tensor, y: Tensor) -> float:
    """The share of answers that lie within one half of what was asked for."""
    return ((answers - y).abs() < 0.5).double().mean().item()


def train_named(
    weights: Tensor,
    shapes: Shapes,
    cases: Sequence[Case],
    draw: Draw,
    answers: Callable[[Sequence[str], dict[str, Tensor], Tensor], Tensor],
    *,
    steps: int,
    **how: object,
) -> list[RowRun]:
    """Train networks that answer with numbers at every step, by mean square error, and score them.

    Args:
        weights: (N, …), where the trainings start.
        shapes: of the parameters.
        cases: of each training.
        draw: makes the sequences.
        answers: of N models, their weights by name, and inputs (N, T, B, D): (N, T, B, …).
        steps: batches.
        how: as of :func:`descend`.
    """
    models = [model for model, _, _ in cases]

    def losses(weights: Tensor, x: Tensor, y: Tensor) -> Tensor:
        return (answers(models, rows.named(weights, shapes), x) - y).square().flatten(1).mean(1)

    weights, curves = descend(weights, cases, draw, losses, steps=steps, **how)
    runs = []
    for n, (model, seed, _) in enumerate(cases):
        named = rows.named(weights[n : n + 1], shapes)
        x, y = unseen(draw, seed)
        with torch.no_grad():
            score = near(answers([model], named, x[None])[0], y)
        curve = tuple(curves[:, n].tolist())
        runs.append(RowRun(model, seed, steps, score >= SOLVED, score, curve, weights=named))
    return runs


def train_networks(
    cases: Sequence[Case],
    network: Callable[[str], torch.nn.Module],
    draw: Draw,
    losses: Callable[[torch.nn.Module, Tensor, Tensor, Tensor], Tensor],
    right: Callable[[Tensor, Tensor], Tensor],
    *,
    steps: int,
    free: Callable[[torch.nn.Module], Tensor] | None = None,
    **how: object,
) -> list[Run]:
    """Train modules of one kind, and score them.

    Args:
        cases: of each training.
        network: makes a module of a model, with weights as PyTorch draws them.
        draw: makes the sequences.
        losses: (N,), of a module that all are like, their weights (N, …), inputs and answers.
        right: where a module's answers are right.
        steps: batches.
        free: of a module, 1 for each number that is trained, 0 for each that is held.
        how: as of :func:`descend`.
    """
    networks = []
    for model, seed, _ in cases:
        torch.manual_seed(seed)
        networks.append(network(model))
    weights = torch.stack([parameters_to_vector(one.parameters()) for one in networks]).detach()
    if free is not None:
        how["free"] = torch.stack([free(one) for one in networks])

    def of_all(weights: Tensor, x: Tensor, y: Tensor) -> Tensor:
        return losses(networks[0], weights, x, y)

    weights, curves = descend(weights, cases, draw, of_all, steps=steps, **how)
    runs = []
    for n, (one, (model, seed, _)) in enumerate(zip(networks, cases, strict=True)):
        vector_to_parameters(weights[n], one.parameters())
        score = score_of(one, draw, right, seed)
        curve = tuple(curves[:, n].tolist())
        runs.append(Run(model, seed, steps, score >= SOLVED, score, curve, one))
    return runs


def score_of(
    network: Callable[[Tensor], Tensor],
    draw: Draw,
    right: Callable[[Tensor, Tensor], Tensor],
    seed: int,
) -> float:
    """The share of right answers over 1,000 unseen sequences."""
    x, y = unseen(draw, seed)
    with torch.no_grad():
        return right(network(x), y).double().mean().item()
