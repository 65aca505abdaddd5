r"""RNN, LSTM and GRU on equal terms: equal parameters, equal time, each at its rate. Chapter 10.

Four contests: temporal order and adding, of :mod:`rnnbook.tasks`; counting aⁿbⁿ; and the embedded
Reber grammar. The networks are the post's equations, the GRU's reset before the product, with a
linear read-out; many are trained side by side, each in its own row of numbers. How long a batch
takes is measured apart, by :func:`batch_seconds`.
"""

from __future__ import annotations

import functools
import math
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from rnnbook import tasks, variants
from rnnbook.experiments import _UNSEEN_SEEDS, SOLVED, UNSEEN, Run, _one_thread, rows, trainings
from rnnbook.experiments.remembering import TASKS, Task
from rnnbook.tasks.languages import a_n_b_n_strings, strings_right
from rnnbook.variants import VARIANTS, Options

Batch = tuple[Tensor, Tensor, Tensor]
"""Inputs (T, B, D), targets, and the lengths (B,) of the sequences."""

EVERY = 25
"""A training is looked at after so many batches, and is over where it has solved its task."""


@dataclass(frozen=True)
class Cell:
    """A cell as rows of numbers.

    Attributes:
        blocks: how many blocks of weights it has, each of H columns.
        trace: its recurrence, from :mod:`rnnbook.experiments.rows`; it takes what comes from the
            inputs, W_h, and the further weights.
        keeps: which block is the gate that keeps; its bias starts at 1. None where there is none.
        bias: where that bias starts, if not at 1.
        orthogonal: whether the recurrent weights start orthogonal.
        more: further weights, by name, each with its shape in letters, as of
            :class:`rnnbook.engines.cells.Cell`.
    """

    blocks: int
    trace: Callable[..., dict[str, Tensor]]
    keeps: int | None = None
    bias: float = 1.0
    orthogonal: bool = False
    more: Mapping[str, str] = field(default_factory=dict)


CELLS = {
    "RNN": Cell(1, rows.rnn_trace),
    "RNN, orthogonal start": Cell(1, rows.rnn_trace, orthogonal=True),
    "LSTM": Cell(4, rows.lstm_trace, keeps=1),
    "GRU": Cell(3, rows.gru_trace, keeps=0),
}
"""The cells by name."""


def _changed(options: Options) -> Cell:
    """A changed LSTM; where the forget gate is 1 − i, b_i = −1 starts it where b_f = 1 would."""
    return Cell(
        len(options.blocks),
        functools.partial(variants.trace, options),
        keeps=0 if options.coupled else options.gates.find("f") if "f" in options.gates else None,
        bias=-1.0 if options.coupled else 1.0,
        more=options.more,
    )


LSTMS = {"LSTM": CELLS["LSTM"]} | {
    title: _changed(variant.options) for title, variant in VARIANTS.items()
}
"""The LSTM as printed, and its eight variants. Appendix A."""

_ALL = CELLS | LSTMS


class Contest:
    """A task whose answer is asked for at every step: which symbols may come next.

    Args:
        sample: draws inputs (T, B, D), targets (T, B, D) and lengths (B,), from B, T and a
            generator.
    """

    def __init__(self, sample: Callable[..., Batch]) -> None:
        """Keep it, and look at how many inputs and outputs there are."""
        self.sample = sample
        x, y, _ = sample(1, 10, torch.Generator().manual_seed(0))
        self.inputs, self.outputs = x.shape[-1], y.shape[-1]

    def losses(self, answers: Tensor, y: Tensor, lengths: Tensor) -> Tensor:
        """Mean cross-entropy of N networks over their steps: (N,) from answers (N, T, B, Q)."""
        inside = torch.arange(answers.shape[1]).view(1, -1, 1) < lengths.unsqueeze(1)  # (N, T, B)
        each = binary_cross_entropy_with_logits(answers, y, reduction="none").mean(3)
        return (each * inside).sum((1, 2)) / inside.sum((1, 2))

    def score(self, answer: Callable[[Tensor], Tensor], size: int, seed: int) -> float:
        """The share of 1,000 unseen strings in which a network is right at every step."""
        unseen = torch.Generator().manual_seed(seed + _UNSEEN_SEEDS)
        x, y, lengths = self.sample(UNSEEN, size, unseen)
        return strings_right(answer(x), y, lengths).double().mean().item()


class Counting(Contest):
    """aⁿbⁿ, all strings with n ≤ 10; scored is how far a network counts, up to twice as far."""

    learnt, asked = 10, 20

    def __init__(self) -> None:
        """All strings are one batch."""
        super().__init__(lambda batch, size, generator: a_n_b_n_strings(1 + torch.arange(10)))

    def score(self, answer: Callable[[Tensor], Tensor], size: int, seed: int) -> float:
        """The share of the way to n = 20 before the first wrong string."""
        x, y, lengths = a_n_b_n_strings(1 + torch.arange(self.asked))
        right = strings_right(answer(x), y, lengths)
        return (self.asked if right.all() else int(right.long().argmin())) / self.asked


class Asked(Contest):
    """A task that is asked once, after the last step."""

    def __init__(self, task: Task) -> None:
        """Take over how it is answered and scored."""

        def sample(batch: int, size: int, generator: torch.Generator) -> Batch:
            x, y = task.sample(batch, size, generator)
            return x, y, torch.full((batch,), size)

        self.sample, self.task, self.outputs = sample, task, task.outputs
        self.inputs = sample(1, 10, torch.Generator().manual_seed(0))[0].shape[-1]

    def losses(self, answers: Tensor, y: Tensor, lengths: Tensor) -> Tensor:
        """Square error or cross-entropy of the last answers: (N,)."""
        return self.task.losses(answers[:, -1], y).mean(1)

    def score(self, answer: Callable[[Tensor], Tensor], size: int, seed: int) -> float:
        """The share of 1,000 unseen sequences that are answered right."""
        unseen = torch.Generator().manual_seed(seed + _UNSEEN_SEEDS)
        x, y, _ = self.sample(UNSEEN, size, unseen)
        return self.task.right(answer(x)[-1], y).double().mean().item()


def _reber(batch: int, size: int, generator: torch.Generator) -> Batch:
    """Strings of 9 to T steps, filled up with zeros to T."""
    x, y, lengths = tasks.embedded_reber(batch, 9, size, generator)
    more = (0, 0, 0, 0, 0, size - len(x))
    return torch.nn.functional.pad(x, more), torch.nn.functional.pad(y, more), lengths


CONTESTS: dict[str, Contest] = {
    "temporal order": Asked(TASKS["temporal order"]),
    "adding": Asked(TASKS["adding"]),
    "counting": Counting(),
    "embedded Reber": Contest(_reber),
}
"""The tasks by name."""


def shapes(cell: str, hidden: int, inputs: int, outputs: int) -> dict[str, tuple[int, ...]]:
    """The parameters of a network, by name.

    Args:
        cell: a key of :data:`CELLS` or of :data:`LSTMS`.
        hidden: H.
        inputs: D.
        outputs: Q.
    """
    of, letters = _ALL[cell], {"D": inputs, "H": hidden}
    more = {
        name: tuple(int(axis[:-1] or 1) * letters[axis[-1]] for axis in layout.split())
        for name, layout in of.more.items()
    }
    return {**trainings.gated_shapes(of.blocks, inputs, hidden, outputs), **more}


def parameters(cell: str, hidden: int, inputs: int, outputs: int) -> int:
    """How many parameters a network has, read-out included; arguments as of :func:`shapes`."""
    return sum(math.prod(shape) for shape in shapes(cell, hidden, inputs, outputs).values())


def units(cell: str, of_lstm: int, inputs: int, outputs: int) -> int:
    """The H with which a network has nearly as many parameters as an LSTM with ``of_lstm`` units.

    Args:
        cell: a key of :data:`CELLS`.
        of_lstm: H of the LSTM.
        inputs: D.
        outputs: Q.
    """
    wanted = parameters("LSTM", of_lstm, inputs, outputs)
    return min(
        range(1, 6 * of_lstm + 6),
        key=lambda H: abs(parameters(cell, H, inputs, outputs) - wanted),
    )


def answers(cell: str, weights: dict[str, Tensor], x: Tensor) -> Tensor:
    """The read-outs (N, T, B, Q) of N networks at every step, for inputs (N, T, B, D)."""
    W_h, W_q, b_q, *more = (w for name, w in weights.items() if name not in ("W_x", "b"))
    h = _ALL[cell].trace(trainings.from_inputs(weights, x), W_h, *more)["h"]
    return torch.baddbmm(b_q.unsqueeze(1), h.flatten(1, 2), W_q).view(*x.shape[:3], -1)


def start(cell: str, seed: int, shapes: dict[str, tuple[int, ...]]) -> Tensor:
    """One row of weights, as PyTorch draws them for its layers; the keeping gate's bias is 1."""
    generator = torch.Generator().manual_seed(seed)
    of = _ALL[cell]
    row = trainings.start(shapes, generator, {} if of.keeps is None else {of.keeps: of.bias})
    if of.orthogonal:
        named = rows.named(row.unsqueeze(0), shapes)
        torch.nn.init.orthogonal_(named["W_h"][0], generator=generator)
    return row


def train_equal(
    contest: str,
    cell: str,
    cases: Sequence[tuple[int, float]],
    *,
    steps: int,
    of_lstm: int = 4,
    hidden: int | None = None,
    size: int = 30,
    progress: Callable[[int, int], None] | None = None,
) -> list[Run]:
    r"""Train networks of one cell side by side; each is over when it has solved its task.

    Adam, batches of 32 fresh sequences (of all ten strings where it counts), clipping at 1. Every
    25 batches the network is asked what it has not seen.

    Args:
        contest: a key of :data:`CONTESTS`.
        cell: a key of :data:`CELLS` or of :data:`LSTMS`.
        cases: the seed and the learning rate of each training.
        steps: at most so many batches.
        of_lstm: as many parameters as an LSTM with so many units has.
        hidden: H itself, however many parameters that makes.
        size: T, or the longest string; counting has its own.
        progress: called with the steps done and all steps, after every step.

    Returns:
        The record of each training: in ``steps`` the batch at which it was over, as accuracy the
        last score, as curve all of them.

    Raises:
        ValueError: there is no such contest or cell.

    Source: chapter 10; Appendix A.
    """
    for what, given, known in (("contest", contest, CONTESTS), ("cell", cell, _ALL)):
        if given not in known:
            raise ValueError(f"{what}: expected one of {', '.join(known)}; given {given!r}")
    of = CONTESTS[contest]
    hidden = hidden or units(cell, of_lstm, of.inputs, of.outputs)
    of_cell = shapes(cell, hidden, of.inputs, of.outputs)
    with _one_thread():
        weights = torch.stack([start(cell, seed, of_cell) for seed, _ in cases])
        data = {seed: torch.Generator().manual_seed(seed) for seed, _ in cases}
        adam = rows.Adam([rate for _, rate in cases], weights)
        alive, runs = list(range(len(cases))), {}
        curves: list[list[float]] = [[] for _ in cases]
        for step in range(1, steps + 1):
            drawn = {seed: of.sample(32, size, source) for seed, source in data.items()}
            x, y, lengths = (
                torch.stack([drawn[cases[n][0]][part] for n in alive]) for part in range(3)
            )
            said = answers(cell, rows.named(weights.requires_grad_(), of_cell), x)
            (gradient,) = torch.autograd.grad(of.losses(said, y, lengths).sum(), weights)
            weights = adam.step(weights.detach(), gradient)
            if progress:
                progress(step, steps)
            if step % EVERY and step < steps:
                continue
            left = []
            for place, n in enumerate(alive):
                score = _asked(of, cell, weights[place], of_cell, size, cases[n][0])
                curves[n].append(score)
                if score >= SOLVED or step == steps:
                    curve = tuple(curves[n])
                    runs[n] = Run(cell, cases[n][0], step, score >= SOLVED, score, curve)
                else:
                    left.append(place)
            if not left:
                break
            if len(left) < len(alive):
                alive, weights = [alive[place] for place in left], weights[left]
                adam.keep(torch.tensor(left))
        return [runs[n] for n in range(len(cases))]


def _asked(of: Contest, cell: str, row: Tensor, shapes: dict, size: int, seed: int) -> float:
    named = rows.named(row.unsqueeze(0), shapes)
    with torch.no_grad():
        return of.score(lambda x: answers(cell, named, x.unsqueeze(0))[0], size, seed)


LAYERS = {
    "RNN": torch.nn.RNN,
    "RNN, orthogonal start": torch.nn.RNN,
    "LSTM": torch.nn.LSTM,
    "GRU": torch.nn.GRU,
}
"""PyTorch's own layers, which are timed beside ours; its GRU resets after the product."""


def batch_seconds(
    contest: str, *, of_lstm: int, size: int = 30, rounds: int = 30
) -> dict[str, dict[str, float]]:
    r"""How long one network takes for a batch: forward, backward and a step of Adam.

    One thread's processor time, so that what else the machine does counts little. The cells take
    turns, in one round after the other, and the median is what is told.

    Args:
        contest: a key of :data:`CONTESTS`.
        of_lstm: as many parameters as an LSTM with so many units has.
        size: T, or the longest string.
        rounds: how many.

    Returns:
        For ``"equations"``, the cells as they were trained (the GRU's reset before the product),
        and for ``"torch.nn"``, PyTorch's layers, the seconds of each cell.

    Source: chapter 10.
    """
    of = CONTESTS[contest]
    x, y, lengths = (part[None] for part in of.sample(32, size, torch.Generator().manual_seed(0)))
    taken: dict[tuple[str, str], list[float]] = {}
    with _one_thread():
        batches = {}
        for cell in CELLS:
            if CELLS[cell].orthogonal:
                continue
            H = units(cell, of_lstm, of.inputs, of.outputs)
            ours = shapes(cell, H, of.inputs, of.outputs)
            batches["equations", cell] = _batch_in_rows(of, cell, ours, (x, y, lengths))
            batches["torch.nn", cell] = _batch_of_torch(of, cell, H, (x, y, lengths))
        for turn in range(rounds + 2):
            for name, batch in batches.items():
                begun = time.process_time()
                batch()
                if turn > 1:  # the first two warm up
                    taken.setdefault(name, []).append(time.process_time() - begun)
    seconds: dict[str, dict[str, float]] = {"equations": {}, "torch.nn": {}}
    for (kind, cell), each in taken.items():
        seconds[kind][cell] = statistics.median(each)
    return seconds


def _batch_in_rows(of: Contest, cell: str, of_cell: dict, batch: Batch) -> Callable[[], None]:
    x, y, lengths = batch
    state = {"weights": start(cell, 0, of_cell).unsqueeze(0)}
    adam = rows.Adam([0.001], state["weights"])

    def one() -> None:
        weights = state["weights"].requires_grad_()
        said = answers(cell, rows.named(weights, of_cell), x)
        (gradient,) = torch.autograd.grad(of.losses(said, y, lengths).sum(), weights)
        state["weights"] = adam.step(weights.detach(), gradient)

    return one


def _batch_of_torch(of: Contest, cell: str, hidden: int, batch: Batch) -> Callable[[], None]:
    x, y, lengths = batch
    layer, read_out = LAYERS[cell](of.inputs, hidden), torch.nn.Linear(hidden, of.outputs)
    weights = [*layer.parameters(), *read_out.parameters()]
    adam = torch.optim.Adam(weights, 0.001)

    def one() -> None:
        said = read_out(layer(x[0])[0]).unsqueeze(0)
        adam.zero_grad()
        of.losses(said, y, lengths).sum().backward()
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        adam.step()

    return one
