"""Both passes of the whole GRU in JavaScript, in both forms, against Python's cell and autograd."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from test_mathematics_js import javascript

from rnnbook import gru

Kept = dict[str, list[torch.Tensor]]
ORDER = "zrn"


def random_cell(units: int, seed: int) -> tuple[list[torch.Tensor], dict[str, Any]]:
    """The post's nine tensors in float64, and the same weights as the page has them."""
    generator = torch.Generator().manual_seed(seed)
    shapes = [(3, units), (units, units), (units,)] * 3
    params = [torch.randn(*shape, generator=generator, dtype=torch.float64) for shape in shapes]
    return params, page_weights(params)


def page_weights(params: list[torch.Tensor]) -> dict[str, Any]:
    parts = {g: params[3 * k : 3 * k + 3] for k, g in enumerate(ORDER)}
    return {
        g: {"x": V.T.tolist(), "h": U.T.tolist(), "b": b.tolist()} for g, (V, U, b) in parts.items()
    }


def graph(params: list[torch.Tensor], x: torch.Tensor, after: bool, cut: bool = False) -> Kept:
    """Every quantity of every step; with `cut` the gates read a detached h.

    There h_{t−1} reaches h_t along the carry alone: so PyTorch itself makes the split.
    """
    of_z, of_r, of_n = (params[k : k + 3] for k in (0, 3, 6))
    h = torch.zeros(1, len(params[2]), dtype=torch.float64).requires_grad_()
    kept: Kept = {name: [] for name in ("h0", "past", *ORDER, "h")}
    for row in x:
        kept["h0"].append(h)
        past = (h.detach() if cut else h).clone().requires_grad_()
        z = gru.update_gate(row[None], past, *of_z)
        r = gru.reset_gate(row[None], past, *of_r)
        n = gru.candidate(row[None], past, r, *of_n, reset_after=after)
        if cut:
            z, n = z.detach().requires_grad_(), n.detach().requires_grad_()
        h = gru.hidden_state(z, h, n)
        for name, value in zip(("past", *ORDER, "h"), (past, z, r, n, h), strict=True):
            kept[name].append(value)
    return kept


def told(kept: Kept, end: torch.Tensor, name: str) -> torch.Tensor:
    """∂L/∂ of this quantity at every step, by autograd, where ∂L/∂h_T is `end`."""
    loss = (kept["h"][-1][0] * end).sum()
    return torch.cat(torch.autograd.grad(loss, kept[name], retain_graph=True))


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(("units", "seed"), [(1, 0), (2, 1), (4, 2)])
def test_both_passes_and_the_split_agree_with_autograd(units, seed, after):
    params, weights = random_cell(units, seed)
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(9, 3, dtype=torch.float64, generator=generator).requires_grad_()
    end = torch.randn(units, dtype=torch.float64, generator=generator)
    steps = javascript("gruForward", [[weights, x.tolist(), after]])[0]
    back = javascript("gruBackward", [[weights, steps, end.tolist(), after]])[0]

    def agree(found: list[Any], expected: torch.Tensor) -> None:
        torch.testing.assert_close(
            torch.tensor(found, dtype=torch.float64), expected, atol=1e-12, rtol=1e-10
        )

    h = torch.zeros(1, units, dtype=torch.float64)
    for row, step in zip(x.detach(), steps, strict=True):
        agree([step["h0"]], h)
        h = gru.gru_step(row[None], h, *params, after)
        agree([step["h"]], h)
    kept = graph(params, x, after)
    for name in (*ORDER, "h"):
        agree([one[name] for one in back], told(kept, end, name))
    loss = (kept["h"][-1][0] * end).sum()
    agree([one["x"] for one in back], torch.autograd.grad(loss, x, retain_graph=True)[0])
    agree([one["alone"] for one in back], told(graph(params, x, after, cut=True), end, "h"))
    detours = told(kept, end, "past")  # all that the three gates send back to h_{t−1}
    sent = [[one["back"][g] for g in ORDER] for one in back]
    agree(torch.tensor(sent, dtype=torch.float64).sum((1, 2)).tolist(), detours)
    agree([one["carry"] for one in back], told(kept, end, "h0") - detours)
    one_by_one(params, x.detach(), steps, back, after, agree)


def one_by_one(params, x, steps, back, after, agree) -> None:
    """What each gate of each unit sends to each unit, and what goes through the reset."""
    of_z, of_r, of_n = (params[k : k + 3] for k in (0, 3, 6))
    for row, step, one in zip(x, steps, back, strict=True):
        h = torch.tensor([step["h0"]], dtype=torch.float64, requires_grad=True)
        r = torch.tensor([step["r"]], dtype=torch.float64)
        gates = (
            gru.update_gate(row[None], h, *of_z),
            gru.reset_gate(row[None], h, *of_r),
            gru.candidate(row[None], h, r, *of_n, reset_after=after),  # r is held still
        )
        for name, gate in zip(ORDER, gates, strict=True):
            for j, d in enumerate(one[name]):
                sent = torch.autograd.grad(d * gate[0, j], h, retain_graph=True)[0][0]
                agree(one["back"][name][j], sent)
        U, h0 = of_n[1], h.detach()
        opened = (h0 @ U if after else h0).requires_grad_()
        gated = (r * opened).requires_grad_()
        heard = gated if after else gated @ U
        n = torch.tanh(row[None] @ of_n[0] + of_n[2] + heard)
        agree([step["open"], step["gated"], step["heard"]], torch.cat([opened, gated, heard]))
        pushed = (n * torch.tensor([one["n"]], dtype=torch.float64)).sum()
        for name, value in (("open", opened), ("gated", gated), ("heard", heard)):
            agree([one[name]], torch.autograd.grad(pushed, value, retain_graph=True)[0])


@pytest.mark.parametrize("after", [False, True])
def test_backward_pass_of_the_page_is_the_books(after):
    params, weights = random_cell(3, 5)
    generator = torch.Generator().manual_seed(5)
    x = torch.randn(7, 1, 3, dtype=torch.float64, generator=generator)
    end = torch.randn(3, dtype=torch.float64, generator=generator)
    h = torch.zeros(1, 3, dtype=torch.float64)
    trace = gru.gru_trace(x, (h,), params, after)
    direct = torch.zeros_like(trace["h"])
    direct[-1, 0] = end
    book = gru.gru_backward(x, (h,), trace, direct, params, after)
    steps = javascript("gruForward", [[weights, x[:, 0].tolist(), after]])[0]
    back = javascript("gruBackward", [[weights, steps, end.tolist(), after]])[0]

    def rows(name: str) -> torch.Tensor:
        return torch.tensor([one[name] for one in back], dtype=torch.float64)

    close = {"atol": 1e-12, "rtol": 1e-10}
    torch.testing.assert_close(rows("x"), book["inputs"][:, 0], **close)
    for gate, name in zip(ORDER, "zrh", strict=True):
        alpha = torch.tensor([one["a"][gate] for one in back], dtype=torch.float64)
        torch.testing.assert_close(alpha.sum(0), book[f"b_{name}"], **close)
        torch.testing.assert_close(x[:, 0].T @ alpha, book[f"W_x{name}"], **close)
