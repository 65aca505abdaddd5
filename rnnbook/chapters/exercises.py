"""Checkers of the exercises: each tries a reader's function and says what is wrong with it.

They print instead of raising, so that a notebook with an unsolved exercise still runs to its end.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from rnnbook import layouts
from rnnbook.lstm import input_gate
from rnnbook.rnn import rnn_states

NOTHING_YET = "does nothing yet"


def check_truncated_gradient(function: Callable[..., Tensor]) -> None:
    """Exercise 0.3: compare ``function(x, h_0, W_x, W_h, b, g, K)`` with autograd, detached."""
    generator = torch.Generator().manual_seed(0)
    shapes = {"x": (9, 3, 2), "h_0": (3, 4), "W_x": (2, 4), "W_h": (4, 4), "b": (4,), "g": (3, 4)}
    given = {
        name: torch.randn(*shape, generator=generator, dtype=torch.float64)
        for name, shape in shapes.items()
    }

    def copied() -> dict[str, Tensor]:  # what a reader's code changes in place is its own
        return {name: tensor.clone() for name, tensor in given.items()}

    def expected(K: int) -> Tensor:
        weight = given["W_h"].clone().requires_grad_()
        x, h, others = given["x"], given["h_0"], (given["W_x"], weight, given["b"])
        if len(x) > K:
            h = rnn_states(x[: len(x) - K], h, *others)[-1].detach()
        (rnn_states(x[len(x) - K :], h, *others)[-1] * given["g"]).sum().backward()
        return weight.grad

    cases = [(f"K = {K}", lambda K=K: function(**copied(), K=K), expected(K)) for K in (1, 2, 5, 9)]
    _report(function, cases)


def check_lifetime(function: Callable[[torch.nn.LSTM, float], object]) -> None:
    """Exercise 1.4: after ``function(lstm, steps)`` a blind forget gate must remember that long."""
    cases = []
    for hidden, value in ((3, 1.0), (5, -2.0), (4, 0.0)):
        steps = 1 + math.exp(value)
        lstm = torch.nn.LSTM(2, hidden)
        with torch.no_grad():
            lstm.bias_ih_l0.copy_(torch.arange(4.0 * hidden))
            lstm.bias_hh_l0.fill_(0.5)
        wanted = torch.arange(4.0 * hidden) + 0.5
        wanted[hidden : 2 * hidden] = value

        def total(lstm: torch.nn.LSTM = lstm, steps: float = steps) -> Tensor | None:
            before = (lstm.bias_ih_l0 + lstm.bias_hh_l0).detach().clone()
            function(lstm, steps)
            after = (lstm.bias_ih_l0 + lstm.bias_hh_l0).detach()
            return None if torch.equal(before, after) else after

        cases.append((f"the summed biases for {steps:.3f} steps, H = {hidden}", total, wanted))
    _report(function, cases)


def check_unrolled(function: Callable[[Tensor, Tensor, Tensor, Tensor], Tensor]) -> None:
    """Exercise 4.3: ``function(f, i, C_tilde, C_0)`` must give C_T, forgetting wholly included."""
    generator = torch.Generator().manual_seed(0)
    cases = []
    for name, steps, shut in (
        ("one step", 1, []),
        ("nine steps", 9, []),
        ("a gate at exactly 0", 7, [3]),
        ("gates at 0 first and last", 5, [0, 4]),
    ):
        f, i, C_tilde = torch.rand(3, steps, 4, generator=generator, dtype=torch.float64)
        f[shut] = 0
        C = C_0 = torch.randn(4, generator=generator, dtype=torch.float64)
        for f_t, i_t, C_tilde_t in zip(f, i, C_tilde, strict=True):
            C = f_t * C + i_t * C_tilde_t
        given = (f, i, C_tilde, C_0)

        def call(given: tuple[Tensor, ...] = given) -> Tensor:
            return function(*(part.clone() for part in given))

        cases.append((name, call, C))
    _report(function, cases)


def check_input_gate_backward(function: Callable[..., Sequence[Tensor]]) -> None:
    """Exercise 2.4: compare ``function(delta, C_tilde, i, x, h)`` with autograd through (2)."""
    cases = []
    for B, D, H in ((3, 2, 4), (1, 3, 2)):
        generator = torch.Generator().manual_seed(B)
        shapes = {"x": (B, D), "h": (B, H), "W_x": (D, H), "W_h": (H, H), "b": (H,)}
        shapes |= {"C_tilde": (B, H), "delta": (B, H)}
        given = {
            name: torch.randn(*shape, generator=generator, dtype=torch.float64)
            for name, shape in shapes.items()
        }
        learnt = [given.pop(name).requires_grad_() for name in ("W_x", "W_h", "b")]
        given["i"] = input_gate(given["x"], given["h"], *learnt)
        written = (given["delta"] * given["C_tilde"] * given["i"]).sum()
        wanted = torch.autograd.grad(written, learnt)
        given["i"] = given["i"].detach()

        def part(
            n: int, given: dict[str, Tensor] = given, wanted: Sequence[Tensor] = wanted
        ) -> Tensor | None:
            found = function(**{name: tensor.clone() for name, tensor in given.items()})
            if found is None or found is ...:
                return None
            if len(found) != len(wanted):
                raise ValueError(f"expected {len(wanted)} gradients, given {len(found)}")
            return found[n]

        for n, name in enumerate(("W_x", "W_h", "b")):
            cases.append((f"{name} for B = {B}, H = {H}", functools.partial(part, n), wanted[n]))
    _report(function, cases)


def check_candidate(function: Callable[[torch.nn.LSTM, Tensor, Tensor], Tensor]) -> None:
    """Exercise 3.3: compare ``function(lstm, x, h)`` with what an open gate writes."""
    generator = torch.Generator().manual_seed(0)
    cases = []
    for inputs, hidden in ((2, 3), (4, 1), (1, 5)):
        lstm = torch.nn.LSTM(inputs, hidden).double().requires_grad_(False)
        for weight in lstm.parameters():
            weight.copy_(torch.randn(weight.shape, generator=generator, dtype=torch.float64))
        x = torch.randn(4, inputs, generator=generator, dtype=torch.float64)
        h = torch.randn(4, hidden, generator=generator, dtype=torch.float64)
        cell = torch.nn.LSTM(inputs, hidden).double().requires_grad_(False)
        cell.load_state_dict(lstm.state_dict())
        for weight in (cell.weight_ih_l0, cell.weight_hh_l0):
            weight[:hidden] = 0
        cell.bias_ih_l0[:hidden] = 60  # i = 1 in float64
        _, (_, wanted) = cell(x[None], (h[None], 0 * h[None]))

        def found(lstm: torch.nn.LSTM = lstm, x: Tensor = x, h: Tensor = h) -> Tensor:
            return function(lstm, x.clone(), h.clone())

        cases.append((f"D = {inputs}, H = {hidden}", found, wanted[0]))
    _report(function, cases)


def check_output_gates(function: Callable[[torch.nn.LSTM, Tensor], Tensor]) -> None:
    """Exercise 5.3: ``function(lstm, x)`` must be h / tanh(C) of every step."""
    cases = []
    for T, B, D, H in ((1, 1, 2, 3), (5, 1, 3, 2), (6, 3, 2, 4)):
        generator = torch.Generator().manual_seed(T)
        lstm = torch.nn.LSTM(D, H).double().requires_grad_(False)
        for one in lstm.parameters():
            one.copy_(torch.randn(one.shape, generator=generator, dtype=torch.float64))
        x = torch.randn(T, B, D, generator=generator, dtype=torch.float64)
        state, gates = None, []
        for x_t in x:
            _, state = lstm(x_t.unsqueeze(0), state)
            gates.append(state[0][0] / torch.tanh(state[1][0]))
        name = f"T, B, D, H = {T}, {B}, {D}, {H}"
        cases.append((name, lambda lstm=lstm, x=x: function(lstm, x.clone()), torch.stack(gates)))
    _report(function, cases)


def check_into_torch(function: Callable[[Sequence[Tensor]], Sequence[Tensor]]) -> None:
    """Exercise 6.3: ``function(weights)`` must give ``torch.nn.LSTM``'s four tensors.

    The two biases may share the post's in any way; their sum is compared.
    """
    cases = []
    for D, H in ((2, 3), (4, 1), (3, 3)):
        generator = torch.Generator().manual_seed(D)
        weights = [
            torch.randn(*size, generator=generator, dtype=torch.float64)
            for size in [(D, H), (H, H), (H,)] * 4
        ]
        w_ih, w_hh, b_ih, b_hh, *_ = layouts.from_post("lstm", weights)
        wanted = {"weight_ih_l0": w_ih, "weight_hh_l0": w_hh, "the sum of the biases": b_ih + b_hh}

        def part(n: int, weights: Sequence[Tensor] = weights) -> Tensor | None:
            found = function([tensor.clone() for tensor in weights])
            if found is None or found is ...:
                return None
            if len(found) != 4:
                raise ValueError(f"expected 4 tensors, given {len(found)}")
            return found[n] if n < 2 else found[2] + found[3]

        for n, (name, expected) in enumerate(wanted.items()):
            case = f"{name} for D = {D}, H = {H}"
            cases.append((case, functools.partial(part, n), expected))
    _report(function, cases)


def check_tied(function: Callable[[torch.nn.LSTM], object]) -> None:
    """Exercise 7.3: after ``function(lstm)`` i = 1 − f, whatever comes in; all else stays."""
    cases = []
    for D, H in ((1, 1), (2, 3), (4, 2)):
        generator = torch.Generator().manual_seed(H)
        lstm = torch.nn.LSTM(D, H).double().requires_grad_(False)
        for one in lstm.parameters():
            one.copy_(torch.randn(one.shape, generator=generator, dtype=torch.float64))

        def arguments(lstm: torch.nn.LSTM) -> Tensor:
            """The weights and the sum of the biases of i, f, g and o: one row for each unit."""
            b = lstm.bias_ih_l0 + lstm.bias_hh_l0
            return torch.cat([lstm.weight_ih_l0, lstm.weight_hh_l0, b[:, None]], 1).detach()

        def call(lstm: torch.nn.LSTM = lstm) -> Tensor | None:
            before = arguments(lstm)
            function(lstm)
            return None if torch.equal(arguments(lstm), before) else arguments(lstm)

        wanted = arguments(lstm)
        wanted[:H] = -wanted[H : 2 * H]
        cases.append((f"D, H = {D}, {H}, rows i f g o of [W_x, W_h, b]", call, wanted))
    _report(function, cases)


def check_draw(function: Callable[[Tensor, float, float], int]) -> None:
    """Exercise 11.3: ``function(scores, temperature, u)`` must be the token that u falls on."""
    cases = []
    for n, temperature in enumerate((1.0, 0.5, 2.0, 0.0)):
        generator = torch.Generator().manual_seed(n)
        scores = 3 * torch.randn(6, generator=generator, dtype=torch.float64)
        if temperature:
            ends = torch.softmax(scores / temperature, 0).cumsum(0).tolist()
            middles = [(a + b) / 2 for a, b in itertools.pairwise([0.0, *ends])]
        else:
            scores = scores.roll(2 - int(scores.argmax()))  # not the first: nan looks like it
            middles = [0.1, 0.9]
        for token, u in enumerate(middles):
            wanted = torch.tensor(token if temperature else int(scores.argmax()))

            def call(given: tuple = (scores, temperature, u)) -> object:
                return function(given[0].clone(), *given[1:])

            cases.append((f"temperature {temperature:g}, u = {u:.3f}", call, wanted))
    _report(function, cases)


def check_roads(function: Callable[..., Sequence[Tensor]]) -> None:
    """Exercise 10.3: the carry and the three detours of one step, reset before.

    Each road is autograd's, through a copy of the old state that stands on this road alone.
    """
    cases = []
    for B, H in ((1, 1), (3, 2), (2, 4)):
        generator = torch.Generator().manual_seed(H)
        sizes = [(B, H)] * 5 + [(H, H)] * 3
        delta, h, *offsets, W_hz, W_hr, W_hh = (
            torch.randn(size, generator=generator, dtype=torch.float64) for size in sizes
        )
        copies = [h.clone().requires_grad_() for _ in range(4)]
        z = torch.sigmoid(copies[1] @ W_hz + offsets[0])
        r = torch.sigmoid(copies[3] @ W_hr + offsets[1])
        h_tilde = torch.tanh((r * copies[2]) @ W_hh + offsets[2])
        after = z * copies[0] + (1 - z) * h_tilde
        wanted = torch.autograd.grad((after * delta).sum(), copies)
        given = [part.detach() for part in (delta, h, z, r, h_tilde, W_hz, W_hr, W_hh)]

        def part(n: int, given: Sequence[Tensor] = given) -> Tensor | None:
            found = function(*(tensor.clone() for tensor in given))
            if found is None or found is ...:
                return None
            if len(found) != 4:
                raise ValueError(f"expected 4 tensors, given {len(found)}")
            return found[n]

        for n, name in enumerate(("carry", "road by z", "candidate's own road", "road by r")):
            cases.append(
                (f"the {name} for B = {B}, H = {H}", functools.partial(part, n), wanted[n])
            )
    _report(function, cases)


def check_gru_as_rnn(function: Callable[[torch.nn.RNN], torch.nn.GRU]) -> None:
    """Exercise 8.3: ``function(rnn)`` is a GRU that computes what the plain network computes."""
    cases = []
    for D, H, T in ((1, 1, 1), (2, 3, 6), (4, 2, 12)):
        generator = torch.Generator().manual_seed(H)

        def draw(*shape: int, source: torch.Generator = generator) -> Tensor:
            return torch.randn(*shape, generator=source, dtype=torch.float64)

        rnn = torch.nn.RNN(D, H).double().requires_grad_(False)
        for one in rnn.parameters():
            one.copy_(draw(*one.shape))
        x, h = draw(T, 5, D), draw(1, 5, H)

        def call(rnn: torch.nn.RNN = rnn, x: Tensor = x, h: Tensor = h) -> Tensor | None:
            gru = function(rnn)
            if gru is None or gru is ...:
                return None
            if not isinstance(gru, torch.nn.GRU):
                raise TypeError(f"expected a torch.nn.GRU, given {type(gru).__name__}")
            with torch.no_grad():
                return gru.double()(x, h)[0]

        cases.append((f"D, H, T = {D}, {H}, {T}, its outputs", call, rnn(x, h)[0]))
    _report(function, cases)


def check_cut(function: Callable[[torch.nn.LSTM, str], object]) -> None:
    """Exercise A.3: after ``function(lstm, gate)`` the gate is 1; all else is as it was."""
    cases = []
    for gate, D, H in (("i", 1, 1), ("f", 2, 3), ("o", 3, 2)):
        generator = torch.Generator().manual_seed(H)
        lstm = torch.nn.LSTM(D, H).double().requires_grad_(False)
        for one in lstm.parameters():
            one.copy_(torch.randn(one.shape, generator=generator, dtype=torch.float64))
        x = torch.randn(6, 4, D, generator=generator, dtype=torch.float64)
        h = C = torch.zeros(4, H, dtype=torch.float64)
        wanted = []
        for x_t in x:
            a = x_t @ lstm.weight_ih_l0.T + lstm.bias_ih_l0 + h @ lstm.weight_hh_l0.T
            i, f, g, o = (a + lstm.bias_hh_l0).split(H, -1)
            gates = {"i": i.sigmoid(), "f": f.sigmoid(), "o": o.sigmoid()}
            gates[gate] = torch.ones_like(C)
            C = gates["f"] * C + gates["i"] * g.tanh()
            h = gates["o"] * C.tanh()
            wanted.append(h)

        def call(lstm: torch.nn.LSTM = lstm, gate: str = gate, x: Tensor = x) -> Tensor | None:
            before = [one.clone() for one in lstm.parameters()]
            function(lstm, gate)
            if all(map(torch.equal, before, lstm.parameters())):
                return None
            return lstm(x)[0]

        cases.append((f"{gate} = 1, D = {D}, H = {H}, h of all steps", call, torch.stack(wanted)))
    _report(function, cases)


def check_copies(function: Callable[[Tensor, Tensor, Tensor], tuple]) -> None:
    """Exercise 9.3: (r2 * h2) @ U2 = r * (h @ U), made of nothing but copies."""
    cases = []
    for H in (1, 2, 3):
        generator = torch.Generator().manual_seed(H)
        h, r, U = (
            torch.rand(*shape, generator=generator, dtype=torch.float64)
            for shape in ((5, H), (5, H), (H, H))
        )

        def product(h: Tensor = h, r: Tensor = r, U: Tensor = U) -> Tensor | None:
            found = function(h, r, U)
            if found is None or found is ...:
                return None
            h2, r2, U2 = found
            for name, part, whole in (("h2", h2, h), ("r2", r2, r)):
                if not torch.isin(part, whole).all():
                    raise ValueError(f"{name} holds what is no entry of {name[0]}")
            if not torch.equal(U2, function(1 - h, 1 - r, U)[2]):
                raise ValueError("U2 changes with h or with r")
            return (r2 * h2) @ U2

        cases.append((f"H = {H}", product, r * (h @ U)))
    _report(function, cases)


def _report(function: Callable, cases: list[tuple[str, Callable[[], object], Tensor]]) -> None:
    """Try all cases; print the first thing that is wrong, or that nothing is."""
    title = getattr(function, "__name__", "your function")
    for name, call, expected in cases:
        problem = _problem(call, expected)
        if problem:
            mark = "…" if problem == NOTHING_YET else "✗"
            print(f"{mark} {title}, {name}: {problem}")
            return
    print(f"✓ {title}: right in all {len(cases)} cases")


def _problem(call: Callable[[], object], expected: Tensor) -> str:
    try:
        result = call()
    except Exception as error:  # whatever a reader's code raises is the reader's to see
        return f"raised {type(error).__name__}: {error}"
    if result is None or result is ...:
        return NOTHING_YET
    try:
        value = torch.as_tensor(result, dtype=expected.dtype).detach()
    except (TypeError, ValueError, RuntimeError):
        return f"expected a tensor or a number, given {type(result).__name__}"
    if value.shape != expected.shape:
        return f"expected shape {tuple(expected.shape)}, given {tuple(value.shape)}"
    if not torch.allclose(value, expected, rtol=1e-6, atol=1e-9):
        entry = int((value - expected).abs().nan_to_num(math.inf).argmax())
        indices = [int(index) for index in torch.unravel_index(torch.tensor(entry), expected.shape)]
        place = f" at entry {indices}" if indices else ""
        return (
            f"expected {expected.flatten()[entry]:.6g}{place}, given {value.flatten()[entry]:.6g}"
        )
    return ""
