r"""Counting: networks that learn aⁿbⁿ for n ≤ 10, and how far beyond they count. Chapter 4.

Many small trainings run side by side, as in :mod:`rnnbook.experiments.side_by_side`; what comes
out are layers of ``torch.nn``. Where the gates of an LSTM see the letter alone, and not h, they are
two numbers each, one for a and one for b, and from them alone :func:`predicted_longest` says how
far it will count.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits
from torch.nn.utils import parameters_to_vector, vector_to_parameters

from rnnbook.experiments import _one_thread, rows
from rnnbook.tasks.languages import a_n_b_n_strings, strings_right
from rnnbook.worlds.counter import count_after

BLIND = "LSTM, gates blind to h"

LAYERS: dict[str, Callable[[int, int], torch.nn.RNNBase]] = {
    "LSTM": torch.nn.LSTM,
    BLIND: torch.nn.LSTM,
    "GRU": torch.nn.GRU,
    "RNN": torch.nn.RNN,
}
"""What can be trained; the blind LSTM's recurrent weights are held at zero."""

LEARNT = 10
"""Strings up to this n are trained on, all of them at every step."""


class Counter(torch.nn.Module):
    """A recurrent layer that reads S, a and b, and scores which symbols may come next.

    Args:
        model: a key of :data:`LAYERS`.
        hidden: H.
        seed: of the weights, which PyTorch draws; float64.
    """

    def __init__(self, model: str, hidden: int, seed: int) -> None:
        """Draw the weights."""
        super().__init__()
        with torch.random.fork_rng([]):
            torch.manual_seed(seed)
            self.layer = LAYERS[model](4, hidden)
            self.read_out = torch.nn.Linear(hidden, 4)
        if model == BLIND:
            torch.nn.init.zeros_(self.layer.weight_hh_l0)
        self.double()

    def forward(self, inputs: Tensor) -> Tensor:
        """Scores (T, B, 4) for inputs (T, B, 4); a symbol is called legal where it is positive."""
        return self.read_out(self.layer(inputs)[0])


def train_counters(
    model: str,
    cases: Sequence[tuple[int, float]],
    *,
    hidden: int = 2,
    steps: int = 1500,
    clip: float = 1.0,
) -> list[Counter]:
    r"""Train one network for each seed and learning rate on all strings aⁿbⁿ with n ≤ 10.

    Adam, the mean cross-entropy over all steps and symbols, the gradient clipped at norm 1.

    Args:
        model: a key of :data:`LAYERS`.
        cases: the seed and the learning rate of each training.
        hidden: H.
        steps: of Adam.
        clip: largest norm of a training's gradient.

    Returns:
        The trained networks.

    Raises:
        ValueError: the model is unknown.

    Source: the task of Gers & Schmidhuber (2001). Chapter 4.
    """
    if model not in LAYERS:
        raise ValueError(f"model: expected one of {', '.join(LAYERS)}; given {model!r}")
    inputs, targets, lengths = a_n_b_n_strings(torch.arange(1, LEARNT + 1))
    inside = torch.arange(len(inputs)).unsqueeze(1) < lengths
    inputs, targets = inputs.double(), targets.double()[inside]
    with _one_thread():
        networks = [Counter(model, hidden, seed) for seed, _ in cases]
        weights = torch.stack([parameters_to_vector(one.parameters()) for one in networks]).detach()

        def losses(weights: Tensor) -> Tensor:
            scores = _scores(networks[0], weights, inputs)[:, inside]
            wanted = targets.expand_as(scores)
            each = binary_cross_entropy_with_logits(scores, wanted, reduction="none")
            return each.mean((1, 2))

        weights, _ = rows.descend(
            weights,
            losses,
            [rate for _, rate in cases],
            steps=steps,
            free=_learns(networks[0], model),
            clip=clip,
        )
        for row, network in zip(weights, networks, strict=True):
            vector_to_parameters(row, network.parameters())
    return networks


def longest_right(network: torch.nn.Module, most: int = 200) -> int:
    """Up to which n the network is right at every step of every string aⁿbⁿ; at most ``most``.

    Source: the criterion of Gers & Schmidhuber (2001). Chapter 4.
    """
    inputs, targets, lengths = a_n_b_n_strings(torch.arange(1, most + 1))
    with torch.no_grad():
        scores = network(inputs.to(next(network.parameters()).dtype))
    right = strings_right(scores, targets.to(scores.dtype), lengths)
    return most if right.all() else int(right.long().argmin())


def letter_gates(network: Counter) -> dict[str, dict[str, Tensor]]:
    r"""The numbers of a blind LSTM: for S, a and b what it keeps, writes and shows.

    Args:
        network: a :class:`Counter` whose LSTM does not see h.

    Returns:
        For each letter f, the write g = i·C̃, and o, each (H,).

    Raises:
        ValueError: its gates see h.

    Source: equations (1), (2), (3) and (5) with the weights of h at zero.
    """
    layer = network.layer
    if not isinstance(layer, torch.nn.LSTM) or layer.weight_hh_l0.any():
        raise ValueError("network: expected an LSTM whose recurrent weights are zero")
    with torch.no_grad():
        arguments = layer.weight_ih_l0.T + layer.bias_ih_l0 + layer.bias_hh_l0  # (4, 4H)
        i, f, g, o = arguments.split(layer.hidden_size, dim=1)
        i, f, o, C_tilde = torch.sigmoid(i), torch.sigmoid(f), torch.sigmoid(o), torch.tanh(g)
    return {
        letter: {"f": f[k], "g": i[k] * C_tilde[k], "o": o[k]} for k, letter in enumerate("Sab")
    }


def predicted_longest(network: Counter, most: int = 200) -> int:
    r"""How far a blind LSTM will count, from its gates' numbers alone: no string is run.

    Args:
        network: a :class:`Counter` whose LSTM does not see h.
        most: the largest n that is looked at.

    Returns:
        The largest n up to which (4.6), squashed, gated and read out, gives the legal symbols
        after every letter.

    Raises:
        ValueError: as in :func:`letter_gates`.

    Source: chapter 4, equation (4.6).
    """
    gates = letter_gates(network)
    f, g, o = ({letter: of[name] for letter, of in gates.items()} for name in "fgo")

    def legal(C: Tensor, letter: str) -> Tensor:
        with torch.no_grad():
            return network.read_out(o[letter] * torch.tanh(C)) > 0

    def after(n: Tensor, m: Tensor) -> Tensor:
        shares = {"keep": (f["a"], f["b"]), "write": (g["a"], g["b"])}
        return count_after(n.unsqueeze(-1), m.unsqueeze(-1), start=g["S"], **shares)

    _, a, b, T = torch.eye(4, dtype=torch.bool)
    if not (legal(g["S"], "S") == a).all():
        return 0
    n = torch.arange(1, most + 1)
    while_a = (legal(after(n, 0 * n), "a") == (a | b)).all(-1)
    for count in range(1, most + 1):
        m = n[:count]
        asked = torch.where((m == count).unsqueeze(-1), T, b)
        while_b = (legal(after(torch.full_like(m, count), m), "b") == asked).all()
        if not (while_a[count - 1] and while_b):
            return count - 1
    return most


def _learns(network: Counter, model: str) -> Tensor:
    """1 for each weight that is trained, 0 for those that are held, as one row."""
    parts = [
        torch.full_like(part, not (model == BLIND and name == "layer.weight_hh_l0"))
        for name, part in network.named_parameters()
    ]
    return parameters_to_vector(parts)


def _scores(network: Counter, weights: Tensor, inputs: Tensor) -> Tensor:
    """The scores (N, T, B, 4) of networks whose weights are the rows, for inputs (T, B, 4)."""
    shapes = {name: part.shape for name, part in network.named_parameters()}
    W_x, W_h, b_x, b_h, W_q, b_q = rows.named(weights, shapes).values()
    past = W_h.mT
    h = C = inputs.new_zeros(len(weights), inputs.shape[1], W_h.shape[2])
    arguments = inputs @ W_x.mT.unsqueeze(1) + b_x[:, None, None]
    states = []
    for a in arguments.unbind(1):
        a_h = torch.baddbmm(b_h.unsqueeze(1), h, past)
        if isinstance(network.layer, torch.nn.LSTM):
            i, f, g, o = (a + a_h).chunk(4, dim=-1)
            C = torch.sigmoid(f) * C + torch.sigmoid(i) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(C)
        elif isinstance(network.layer, torch.nn.GRU):  # PyTorch's: reset after the product
            (r, z, n), (r_h, z_h, n_h) = a.chunk(3, dim=-1), a_h.chunk(3, dim=-1)
            z = torch.sigmoid(z + z_h)
            h = z * h + (1 - z) * torch.tanh(n + torch.sigmoid(r + r_h) * n_h)
        else:
            h = torch.tanh(a + a_h)
        states.append(h)
    return torch.stack(states, dim=1) @ W_q.mT.unsqueeze(1) + b_q[:, None, None]
