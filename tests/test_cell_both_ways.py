"""Both passes of the whole cell in JavaScript, and the split of its gradient, against autograd."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from test_mathematics_js import javascript

ORDER = "ifco"  # PyTorch's
Kept = dict[str, list[torch.Tensor]]


def random_cell(units: int, seed: int) -> tuple[torch.nn.LSTMCell, dict[str, Any]]:
    """A cell of PyTorch's in float64, and the same weights as the page has them."""
    torch.manual_seed(seed)
    cell = torch.nn.LSTMCell(2, units).double()
    V, U, b, more = (p.detach().mul_(2).view(4, units, *p.shape[1:]) for p in cell.parameters())
    rows = {g: {"x": V[k], "h": U[k], "b": b[k] + more[k]} for k, g in enumerate(ORDER)}
    return cell, {g: {n: part.tolist() for n, part in row.items()} for g, row in rows.items()}


def graph(cell: torch.nn.LSTMCell, x: torch.Tensor, cut: set[int] | None = None) -> Kept:
    """Every quantity of every step; the gates of the steps in `cut` read a detached h.

    There C_{t−1} reaches C_t along the carry alone: so PyTorch itself makes the split.
    """
    V, U, b, more = (p.detach() for p in cell.parameters())
    h = C = torch.zeros(cell.hidden_size, dtype=torch.float64)
    kept: Kept = {name: [] for name in ("a", *ORDER, "C", "h")}
    for t, row in enumerate(x):
        a = (V @ row + b + U @ (h.detach() if cut and t in cut else h) + more).requires_grad_()
        i, f, _, o = torch.sigmoid(a).chunk(4)
        c = torch.tanh(a.chunk(4)[2])
        C = f * C + i * c
        h = o * torch.tanh(C)
        for name, value in zip(kept, (a, i, f, c, o, C, h), strict=True):
            kept[name].append(value)
    return kept


def told(kept: Kept, end: torch.Tensor, names: str | list[str]) -> dict[str, torch.Tensor]:
    """∂L/∂ of these quantities at every step, by autograd, where ∂L/∂h_T is `end`."""
    loss = (kept["h"][-1] * end).sum()
    found = {}
    for name in names:
        parts = torch.autograd.grad(loss, kept[name], retain_graph=True, allow_unused=True)
        zero = torch.zeros_like(kept[name][0])
        found[name] = torch.stack([zero if part is None else part for part in parts])
    return found


@pytest.mark.parametrize(("units", "seed"), [(1, 0), (2, 1), (4, 2)])
def test_both_passes_and_the_split_agree_with_autograd(units, seed):
    cell, weights = random_cell(units, seed)
    x = torch.randn(9, 2, dtype=torch.float64, requires_grad=True)
    end = torch.randn(units, dtype=torch.float64)
    steps = javascript("lstmForward", [[weights, x.tolist()]])[0]
    back = javascript("lstmBackward", [[weights, steps, end.tolist()]])[0]

    def agree(found: list[Any], expected: torch.Tensor) -> None:
        torch.testing.assert_close(
            torch.tensor(found, dtype=torch.float64), expected, atol=1e-12, rtol=1e-10
        )

    state = (torch.zeros(1, units, dtype=torch.float64),) * 2
    for row, step in zip(x.detach(), steps, strict=True):
        state = cell(row[None], state)
        agree([step["h"], step["C"]], torch.cat(state).detach())
    kept = graph(cell, x)
    for name, whole in told(kept, end, [*ORDER, "C", "h", "a"]).items():
        rows = [
            [d for g in ORDER for d in one["a"][g]] if name == "a" else one[name] for one in back
        ]
        agree(rows, whole)
    loss = (kept["h"][-1] * end).sum()
    agree([one["x"] for one in back], torch.autograd.grad(loss, x, retain_graph=True)[0])
    alone = told(graph(cell, x, set(range(9))), end, ["C"])["C"]
    agree([one["alone"] for one in back], alone)
    for t in range(8):
        agree(back[t]["carry"], told(graph(cell, x, {t + 1}), end, ["C"])["C"][t])
        for k, gate in enumerate(ORDER):  # what this gate of the next step sends back, unit by unit
            rows = torch.zeros(units, 4 * units, dtype=torch.float64)
            sent_by = torch.tensor(back[t + 1]["a"][gate], dtype=torch.float64)
            rows[:, k * units : (k + 1) * units] = sent_by.diag()
            a, h = kept["a"][t + 1], kept["h"][t]
            sent = [torch.autograd.grad(a, h, row, retain_graph=True)[0] for row in rows]
            agree(back[t + 1]["back"][gate], torch.stack(sent))
