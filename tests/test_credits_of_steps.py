"""What each step is told: Python's and JavaScript's numbers against autograd, draw by draw."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from test_mathematics_js import javascript

from rnnbook.experiments import MODELS, LastStep
from rnnbook.widgets import Correction, Credit
from rnnbook.widgets.credit import DRAWS, UNITS, credits_of_steps, drawn, natural_norm

SEED = 12  # the page's first draw
STARTS = Credit.start.names


def by_autograd(start: str, s: float, delay: int, draw: int) -> tuple[list[float], list[float]]:
    """log10 of the norms of dL/dh_k and of each step's dL/dW_x, by autograd.

    Each step has a copy of W_x of its own.
    """
    given = drawn(draw)
    carousel = start == "carousel"
    W = given["Q"] if start == "orthogonal" else given["W_h"]
    W = W * (s / torch.linalg.svdvals(W)[0])
    first, b = (given["V"], given["c"]) if carousel else (given["W_x"], given["b"])
    x = torch.zeros(1 + delay, 5, dtype=torch.float64)
    x[0, given["symbol"]] = 1
    x[1:, 4] = given["noise"][:delay]
    copies = [first.clone().requires_grad_() for _ in x]
    h, states = torch.zeros(UNITS, dtype=torch.float64), []
    for x_t, copy in zip(x, copies, strict=True):
        a = copy @ x_t + b
        h = h + torch.tanh(a) if carousel else torch.tanh(a + W @ h)
        states.append(h)
    logits = given["U"] @ h + given["d"]
    loss = torch.nn.functional.cross_entropy(logits, given["symbol"])
    gradients = torch.autograd.grad(loss, [*states, *copies])
    logs = [math.log10(gradient.norm().item()) for gradient in gradients]
    return logs[: len(x)], logs[len(x) :]


CASES = [
    ("random", natural_norm(0), 60, 0),
    ("random", 0.5, 30, 1),
    ("random", 2.0, 60, 2),
    ("random", 6.0, 40, 4),
    ("orthogonal", 1.0, 60, 3),
    ("orthogonal", 1.7, 20, 0),
    ("carousel", 1.0, 200, 1),
    ("random", 1.1, 5, 3),
]


@pytest.mark.parametrize(("start", "s", "delay", "draw"), CASES)
def test_credit_of_every_step_agrees_with_autograd(start, s, delay, draw):
    deltas, credit = credits_of_steps(start, s, delay, draw)
    by_torch = by_autograd(start, s, delay, draw)
    assert deltas.log10().tolist() == pytest.approx(by_torch[0], abs=1e-9)
    assert credit.log10().tolist() == pytest.approx(by_torch[1], abs=1e-9)


def test_javascript_computes_what_autograd_computes():
    """Python's draw and JavaScript's come from the same seed, and from two programs."""
    found = javascript(
        "((start, s, delay, draw) => creditOfSteps(creditDraw(draw), start, s, delay))",
        [[start, s, delay, SEED + draw] for start, s, delay, draw in CASES],
    )
    for got, (start, s, delay, draw) in zip(found, CASES, strict=True):
        deltas, credit = by_autograd(start, s, delay, draw)
        assert got["deltas"] == pytest.approx(deltas, abs=1e-9)
        assert got["credits"] == pytest.approx(credit, abs=1e-9)
        sizes = [1.0, *drawn(draw)["noise"][:delay].abs().tolist()]
        assert got["sizes"] == pytest.approx(sizes, rel=1e-12)
        parts = np.array(got["alphas"]) + np.log10(sizes)
        assert got["credits"] == pytest.approx(parts.tolist(), abs=1e-12)


@pytest.mark.parametrize("draw", range(DRAWS))
def test_javascript_draws_the_same_numbers(draw):
    (page,) = javascript("creditDraw", [[SEED + draw]])
    ours = drawn(draw)
    assert page["symbol"] == ours["symbol"].item()
    for name in ("W_x", "W_h", "b", "V", "c", "U", "d", "noise", "Q"):
        assert np.array(page[name]) == pytest.approx(ours[name].numpy(), abs=1e-12), name
    assert page["norm"] == pytest.approx(torch.linalg.svdvals(ours["W_h"])[0].item(), rel=1e-12)


@pytest.mark.parametrize("draw", range(DRAWS))
def test_draws_are_pytorchs_distributions(draw):
    """Ranges, and what is orthogonal; the moments within four standard errors."""
    ours = drawn(draw)
    network = LastStep(MODELS["RNN"](5, UNITS), UNITS, 4)
    theirs = network.layer.weight_hh_l0
    assert ours["W_h"].shape == theirs.shape
    bound = theirs.shape[0] ** -0.5
    assert bound - 0.01 < ours["W_h"].abs().max() < bound
    assert 5**-0.5 - 0.02 < ours["V"].abs().max() < 5**-0.5
    assert abs(ours["W_h"].mean()) < 4 * bound / math.sqrt(3 * 256)
    assert ours["Q"] @ ours["Q"].T == pytest.approx(torch.eye(UNITS).numpy(), abs=1e-12)
    assert abs(ours["noise"].mean()) < 4 / math.sqrt(200)
    assert abs(ours["noise"].var() - 1) < 4 * math.sqrt(2 / 200)


def test_draws_are_typical_of_pytorchs_own():
    """Five draws, against twenty starts of `torch.nn.RNN`: at 60 steps, in powers of ten."""
    logs = []
    for seed in range(20):
        torch.manual_seed(seed)
        network = LastStep(torch.nn.RNN(5, UNITS), UNITS, 4).double()
        x = torch.zeros(61, 1, 5, dtype=torch.float64)
        x[0, 0, 0] = 1
        x[1:, 0, 4] = torch.randn(60).double()
        x.requires_grad_()
        loss = torch.nn.functional.cross_entropy(network(x), torch.tensor([0]))
        (back,) = torch.autograd.grad(loss, x)  # as small as the credit, but for a few times
        logs.append(back[0].norm().log10().item())
    ours = [credits_of_steps("random", natural_norm(n), 60, n)[1][0].log10() for n in range(DRAWS)]
    assert min(logs) - 1 < min(ours)
    assert max(ours) < max(logs) + 1
    assert np.median(ours) == pytest.approx(np.median(logs), abs=2)


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("s", [0.5, 1.0, 2.0, 6.0])
def test_no_credit_is_above_the_bound(start, s):
    call = "((start, s, delay, draw) => creditOfSteps(creditDraw(draw), start, s, delay))"
    for found in javascript(call, [[start, s, 100, SEED + draw] for draw in range(DRAWS)]):
        slope = 0 if start == "carousel" else math.log10(s)
        limits = found["bound"] + slope * np.arange(100, -1, -1)
        assert (np.array(found["credits"]) <= limits + 1e-9).all()
        assert found["bound"] == pytest.approx(
            found["deltas"][-1] + math.log10(max(found["sizes"])), abs=1e-12
        )


def test_carousel_tells_every_step_the_same():
    deltas, _ = credits_of_steps("carousel", 1.0, 200)
    assert (deltas == deltas[0]).all()
    (found,) = javascript("((d) => creditOfSteps(creditDraw(d), 'carousel', 1, 200))", [[SEED]])
    assert found["deltas"] == pytest.approx([found["deltas"][-1]] * 201, abs=1e-12)


def test_nothing_overflows_at_the_ends_of_the_ranges():
    cases = [[start, s, 200, SEED + d] for start in STARTS for s in (0.5, 6) for d in range(DRAWS)]
    call = "((start, s, delay, draw) => creditOfSteps(creditDraw(draw), start, s, delay))"
    for found in javascript(call, cases):
        for name in ("deltas", "alphas", "sizes", "credits"):
            assert all(isinstance(value, float | int) for value in found[name])
            assert np.isfinite(found[name]).all()


def test_claims_of_the_presets_are_true():
    for preset in Credit.presets:
        values = {**preset["set"], "delay": int(preset["set"]["delay"])}
        assert (values["delay"], values.pop("draw")) == (60, 0)
        deltas, credit = credits_of_steps(**values)
        ratio = (credit[0] / credit[-1]).log10().item()
        if preset["name"] == "PyTorch’s start":
            assert -17 < ratio < -16
        elif preset["name"] == "s = 0.9":
            assert ratio < 60 * math.log10(0.9) - 10
        elif preset["name"] == "s = 2":
            assert 60 * math.log10(2) > 18
            assert ratio < -2
        elif preset["name"] == "s = 6":
            assert credit.argmax() == 0
            assert credit[0] > 1e5
            assert credits_of_steps("random", 6.0, 60, 1)[1][0] < 1e-6  # in another draw
        elif preset["name"] == "Orthogonal start":
            assert -3.5 < ratio < -2.5
        else:
            assert deltas[0] == deltas[-1]


def test_claims_of_the_presets_before_any_formula_are_true():
    ratios = {}
    for preset in Correction.presets:
        _, credit = credits_of_steps("random", natural_norm(0), int(preset["set"]["delay"]))
        ratios[preset["name"]] = (credit[0] / credit[-1]).item()
    assert ratios["5 steps"] == pytest.approx(0.5, abs=0.05)
    assert ratios["20 steps"] == pytest.approx(2e-6, rel=0.2)
    assert -17 < math.log10(ratios["60 steps"]) < -16


def test_text_says_what_the_steps_get():
    deltas, credit = by_autograd("orthogonal", 1.0, 20, 2)
    text = Credit(start="orthogonal", s=1, delay=20, draw=2, step=7).text
    for log in (deltas[0], deltas[-1], deltas[6], credit[0], credit[-1], credit[6]):
        assert f"{10**log:.3g}".replace("-", "−") in text
    _, credit = by_autograd("random", natural_norm(0), 20, 0)
    assert f"{10 ** credit[0]:.3g}".replace("-", "−") in Correction(delay=20).text
