"""The checkers accept right answers, however written, and say what is wrong with wrong ones."""

import functools
import math
import re

import pytest
import torch

from rnnbook.chapters.exercises import (
    check_candidate,
    check_copies,
    check_cut,
    check_draw,
    check_gru_as_rnn,
    check_input_gate_backward,
    check_into_torch,
    check_lifetime,
    check_output_gates,
    check_roads,
    check_tied,
    check_truncated_gradient,
    check_unrolled,
)
from rnnbook.lstm import lstm_trace
from rnnbook.rnn import rnn_backward, rnn_states
from rnnbook.timescales import bias_for_lifetime, set_forget_bias


def said(capsys, check, function):
    """What a checker prints: one line, whatever the reader's function does."""
    capsys.readouterr()
    check(function)
    line = capsys.readouterr().out
    assert line.count("\n") == 1
    return line.strip()


# --- 0.3: the truncated gradient -----------------------------------------------------------------


def by_hand(x, h_0, W_x, W_h, b, g, K):
    states = rnn_states(x, h_0, W_x, W_h, b)
    start = len(x) - K
    cut = states[start - 1] if start > 0 else h_0
    direct = torch.zeros_like(states[start:])
    direct[-1] = g
    return rnn_backward(x[start:], cut, states[start:], direct, W_x, W_h)[3]


def by_autograd(x, h_0, W_x, W_h, b, g, K):
    """PyTorch's own RNN with a detached state, a second right answer that shares no code."""
    D, H = W_x.shape
    layer = torch.nn.RNN(D, H, dtype=x.dtype)
    with torch.no_grad():
        layer.weight_ih_l0.copy_(W_x.T)
        layer.weight_hh_l0.copy_(W_h.T)
        layer.bias_ih_l0.copy_(b)
        layer.bias_hh_l0.zero_()
    h = h_0.unsqueeze(0)
    if len(x) > K:
        h = layer(x[: len(x) - K], h)[1].detach()
    (layer(x[len(x) - K :], h)[1][0] * g).sum().backward()
    return layer.weight_hh_l0.grad.T


@pytest.mark.parametrize("answer", [by_hand, by_autograd])
def test_the_truncated_gradient_is_accepted(answer, capsys):
    assert said(capsys, check_truncated_gradient, answer) == (
        f"✓ {answer.__name__}: right in all 4 cases"
    )


def test_a_right_answer_that_changes_its_arguments_in_place_is_still_right(capsys):
    def careless(x, h_0, W_x, W_h, b, g, K):
        answer = by_hand(x, h_0, W_x, W_h, b, g, K)
        for tensor in (x, h_0, W_x, W_h, b, g):
            tensor.zero_()
        return answer

    assert "✓" in said(capsys, check_truncated_gradient, careless)


WRONG_GRADIENTS = {
    "all steps, whatever K": (
        lambda **a: by_hand(**(a | {"K": len(a["x"])})),
        r"K = 1: expected -?[\d.e-]+ at entry \[\d, \d\], given -?[\d.e-]+",
    ),
    "one step too many": (
        lambda K, **a: by_hand(**a, K=min(K + 1, len(a["x"]))),
        r"K = 1: expected .* given",
    ),
    "starts the piece from h_0": (
        lambda x, K, **a: by_hand(x=x[len(x) - K :], K=K, **a),
        r"K = 1: expected .* given",
    ),
    "right for K = 1 only": (
        lambda K, **a: by_hand(**a, K=1),
        r"K = 2: expected .* given",
    ),
    "transposed": (lambda **a: by_hand(**a).T, r"K = 1: expected .* given"),
    "mean over the batch": (lambda **a: by_hand(**a) / 3, r"K = 1: expected .* given"),
    "the other matrix's": (
        lambda **a: torch.zeros(2, 4),
        r"K = 1: expected shape \(4, 4\), given \(2, 4\)",
    ),
    "not a number": (lambda **a: by_hand(**a) * math.nan, r"K = 1: expected .* given nan"),
    "nothing yet": (lambda **a: ..., "K = 1: does nothing yet"),
    "no return": (lambda **a: None, "K = 1: does nothing yet"),
    "a word": (lambda **a: "right", "K = 1: expected a tensor or a number, given str"),
    "an error": (lambda **a: 1 / 0, "K = 1: raised ZeroDivisionError: division by zero"),
    "forgets an argument": (lambda x, h_0: x, r"K = 1: raised TypeError: .*unexpected keyword"),
}


@pytest.mark.parametrize(
    ("answer", "message"), WRONG_GRADIENTS.values(), ids=WRONG_GRADIENTS.keys()
)
def test_a_wrong_truncated_gradient_is_refused_and_told_why(answer, message, capsys):
    line = said(capsys, check_truncated_gradient, answer)
    assert re.fullmatch(rf"[✗…] <lambda>, {message}.*", line), line


# --- 1.4: a lifetime -----------------------------------------------------------------------------


def with_rows(change):
    """An answer that works on the forget rows of both vectors."""

    def answer(lstm, steps):
        H, value = lstm.hidden_size, math.log(steps - 1)
        with torch.no_grad():
            change(lstm.bias_ih_l0, lstm.bias_hh_l0, slice(H, 2 * H), value)

    return answer


def in_one_vector(lstm, steps):
    set_forget_bias(lstm, bias_for_lifetime(steps))


def split(ih, hh, rows, value):
    ih[rows], hh[rows] = value / 4, 3 * value / 4


def input_vector_only(ih, hh, rows, value):
    ih[rows] = value


def both_vectors(ih, hh, rows, value):
    ih[rows] = hh[rows] = value


def first_rows(ih, hh, rows, value):
    rows = slice(0, rows.start)
    ih[rows], hh[rows] = value, 0


def third_rows(ih, hh, rows, value):
    rows = slice(rows.stop, rows.stop + rows.start)
    ih[rows], hh[rows] = value, 0


def every_row(ih, hh, rows, value):
    ih[:], hh[:] = value, 0


def one_row(ih, hh, rows, value):
    ih[rows.start], hh[rows.start] = value, 0


def adds(ih, hh, rows, value):
    ih[rows] += value


@pytest.mark.parametrize("answer", [in_one_vector, with_rows(split)], ids=["one", "split"])
def test_a_lifetime_is_accepted_however_the_two_vectors_share_it(answer, capsys):
    assert "✓" in said(capsys, check_lifetime, answer)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (input_vector_only, r"expected 1 at entry \[3\], given 1.5"),
        (both_vectors, r"expected 1 at entry \[3\], given 2"),
        (first_rows, r"expected .* at entry \[\d\], given"),
        (third_rows, r"expected .* at entry \[\d\], given"),
        (every_row, r"expected 11.5 at entry \[11\], given 1"),
        (one_row, r"expected 1 at entry \[5\], given 5.5"),
        (adds, r"expected 1 at entry \[\d\], given"),
    ],
)
def test_a_wrong_lifetime_is_refused_and_told_where(change, message, capsys):
    line = said(capsys, check_lifetime, with_rows(change))
    expected = rf"[✗…] answer, the summed biases for 3.718 steps, H = 3: {message}.*"
    assert re.fullmatch(expected, line), line


def test_an_answer_that_changes_nothing_or_forgets_no_grad_is_told_so(capsys):
    def without_no_grad(lstm, value):
        lstm.bias_ih_l0[:2] = value

    line = said(capsys, check_lifetime, lambda lstm, value: None)
    assert line.startswith("… ")
    assert line.endswith("H = 3: does nothing yet")
    assert "raised RuntimeError: " in said(capsys, check_lifetime, without_no_grad)


# --- 2.4: the input gate's gradients --------------------------------------------------------------


def through_the_gate(delta, C_tilde, i, x, h):
    a = delta * C_tilde * i * (1 - i)
    return x.T @ a, h.T @ a, a.sum(0)


def by_a_linear_layer(delta, C_tilde, i, x, h):
    """PyTorch's own Linear with the gate's logit put back: a second right answer."""
    layer = torch.nn.Linear(x.shape[1] + h.shape[1], h.shape[1], dtype=x.dtype)
    with torch.no_grad():
        layer.bias.zero_()
    put_back = torch.logit(i) - layer(torch.cat([x, h], 1)).detach()
    a = layer(torch.cat([x, h], 1)) + put_back
    (torch.sigmoid(a) * C_tilde * delta).sum().backward()
    W = layer.weight.grad.T
    return [W[: x.shape[1]], W[x.shape[1] :], layer.bias.grad]


@pytest.mark.parametrize("answer", [through_the_gate, by_a_linear_layer])
def test_the_gradients_of_the_input_gate_are_accepted(answer, capsys):
    line = said(capsys, check_input_gate_backward, answer)
    assert line == f"✓ {answer.__name__}: right in all 6 cases"


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (lambda delta, C_tilde, i, x, h: through_the_gate(delta, C_tilde, i, h, x), "W_x .*shape"),
        (lambda **a: through_the_gate(**a | {"C_tilde": 1}), "W_x .*expected .* given"),
        (lambda **a: through_the_gate(**a | {"delta": 1}), "W_x .*expected .* given"),
        (
            lambda **a: [g.T if g.ndim == 2 else g for g in through_the_gate(**a)],
            "W_x .*expected shape",
        ),
        (lambda **a: [g / 3 for g in through_the_gate(**a)], "W_x .*expected .* given"),
        (
            lambda delta, C_tilde, i, x, h: (
                x.T @ (delta * C_tilde * i * (1 - i)),
                (h.T @ (delta * C_tilde * i * (1 - i))).T,
                None,
            ),
            "W_h .*expected .* given",
        ),
        (lambda **a: through_the_gate(**a)[:2], "W_x .*expected 3 gradients, given 2"),
        (
            lambda **a: (*through_the_gate(**a)[:2], through_the_gate(**a)[2] / 3),
            "b for B = 3, H = 4: expected .* given",
        ),
        (lambda **a: ..., "W_x for B = 3, H = 4: does nothing yet"),
        (lambda **a: None, "W_x for B = 3, H = 4: does nothing yet"),
    ],
)
def test_wrong_gradients_of_the_input_gate_are_refused_and_told_which(answer, message, capsys):
    line = said(capsys, check_input_gate_backward, answer)
    assert re.fullmatch(rf"[✗…] <lambda>, {message}.*", line), line


# --- 3.3 ------------------------------------------------------------------------------------------


def candidate_of(lstm, x, h, place=2, squashes=torch.tanh, both=True):
    rows = slice(place * lstm.hidden_size, (place + 1) * lstm.hidden_size)
    bias = lstm.bias_ih_l0 + lstm.bias_hh_l0 if both else lstm.bias_ih_l0
    return squashes(x @ lstm.weight_ih_l0[rows].T + h @ lstm.weight_hh_l0[rows].T + bias[rows])


def test_a_candidate_is_accepted(capsys):
    assert "✓" in said(capsys, check_candidate, candidate_of)


@pytest.mark.parametrize(
    "wrong",
    [{"place": 0}, {"place": 1}, {"place": 3}, {"squashes": torch.sigmoid}, {"both": False}],
    ids=["i", "f", "o", "sigma", "one bias"],
)
def test_a_wrong_candidate_is_refused_with_the_right_number(wrong, capsys):
    line = said(capsys, check_candidate, functools.partial(candidate_of, **wrong))
    assert re.match(r"✗ your function, D = 2, H = 3: expected -?[\d.e-]+ at entry \[", line), line


# --- 5.3: the output gates -----------------------------------------------------------------------


def by_the_equation(lstm, x):
    rows = slice(3 * lstm.hidden_size, None)
    states = lstm(x)[0]
    before = torch.cat([torch.zeros_like(states[:1]), states[:-1]])
    return torch.sigmoid(
        x @ lstm.weight_ih_l0[rows].T
        + before @ lstm.weight_hh_l0[rows].T
        + (lstm.bias_ih_l0 + lstm.bias_hh_l0)[rows]
    )


def from_the_whole_output(lstm, x):
    """Divides by the last cell state, which belongs to the last step alone."""
    output, (_, C) = lstm(x)
    return output / torch.tanh(C)


def without_the_past(lstm, x):
    rows = slice(3 * lstm.hidden_size, None)
    bias = (lstm.bias_ih_l0 + lstm.bias_hh_l0)[rows]
    return torch.sigmoid(x @ lstm.weight_ih_l0[rows].T + bias)


def of_kerass_order(lstm, x):
    """The third block, which is PyTorch's candidate."""
    swapped = torch.nn.LSTM(lstm.input_size, lstm.hidden_size, dtype=x.dtype)
    swapped.load_state_dict(
        {
            k: torch.cat([p[: len(p) // 2], p[-len(p) // 4 :], p[len(p) // 2 : 3 * len(p) // 4]])
            for k, p in lstm.state_dict().items()
        }
    )
    return by_the_equation(swapped, x)


def test_output_gates_are_accepted(capsys):
    assert "✓" in said(capsys, check_output_gates, by_the_equation)


@pytest.mark.parametrize("answer", [from_the_whole_output, without_the_past, of_kerass_order])
def test_wrong_output_gates_are_refused_and_told_where(answer, capsys):
    line = said(capsys, check_output_gates, answer)
    assert re.match(r"✗ \w+, T, B, D, H = \d, \d, \d, \d: expected .* given", line), line


# --- 6.3: the post's weights as PyTorch's --------------------------------------------------------


def stacked(weights, order=(0, 1, 3, 2), turned=True, twice=False):
    W_x, W_h, b = (
        torch.cat([part.T if turned and part.ndim == 2 else part for part in parts])
        for parts in ([weights[3 * n + k] for n in order] for k in range(3))
    )
    return W_x, W_h, b, b.clone() if twice else torch.zeros_like(b)


def into_torch(weights):
    return stacked(weights)


def with_halves(weights):
    W_x, W_h, b, _ = stacked(weights)
    return W_x, W_h, 0.25 * b, 0.75 * b


def in_the_posts_order(weights):
    return stacked(weights, order=(0, 1, 2, 3))


def not_turned(weights):
    return stacked(weights, turned=False)


def both_biases(weights):
    return stacked(weights, twice=True)


@pytest.mark.parametrize("answer", [into_torch, with_halves])
def test_the_mapping_into_torch_is_accepted_and_is_torchs(answer, capsys):
    assert said(capsys, check_into_torch, answer) == f"✓ {answer.__name__}: right in all 9 cases"
    torch.manual_seed(0)
    sizes = [(3, 4), (4, 4), (4,)] * 4
    weights = [torch.randn(size, dtype=torch.float64) for size in sizes]
    layer = torch.nn.LSTM(3, 4).double()
    layer.load_state_dict(dict(zip(layer.state_dict(), answer(weights), strict=True)))
    x, zero = torch.randn(6, 2, 3).double(), torch.zeros(2, 4).double()
    h = lstm_trace(x, (zero, zero), weights)["h"]
    torch.testing.assert_close(h, layer(x)[0], rtol=0, atol=1e-12)


@pytest.mark.parametrize("answer", [in_the_posts_order, not_turned, both_biases])
def test_a_wrong_mapping_into_torch_is_refused_and_told_where(answer, capsys):
    line = said(capsys, check_into_torch, answer)
    assert re.match(r"✗ \w+, .* for D = \d, H = \d: expected .* given", line), line


# --- all of them ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "check",
    [
        check_truncated_gradient,
        check_lifetime,
        check_input_gate_backward,
        check_candidate,
        check_output_gates,
        check_into_torch,
        check_tied,
        check_copies,
    ],
)
def test_a_function_without_a_name_is_checked_as_well(check, capsys):
    line = said(capsys, check, functools.partial(lambda *a, **b: None))
    assert re.match("[✗…] your function, ", line)


# --- 4.3: the closed form of the cell state ------------------------------------------------------


def backwards(f, i, C_tilde, C_0):
    after = torch.cat([f[1:], torch.ones_like(f[:1])]).flip(0).cumprod(0).flip(0)
    return f.prod(0) * C_0 + (after * i * C_tilde).sum(0)


def write_by_write(f, i, C_tilde, C_0):
    written = [f[k + 1 :].prod(0) * i[k] * C_tilde[k] for k in range(len(f))]
    return f.prod(0) * C_0 + sum(written)


@pytest.mark.parametrize("answer", [backwards, write_by_write])
def test_the_unrolled_cell_state_is_accepted(answer, capsys):
    assert said(capsys, check_unrolled, answer) == f"✓ {answer.__name__}: right in all 4 cases"


def by_division(f, i, C_tilde, C_0):
    until = f.cumprod(0)
    return until[-1] * C_0 + (until[-1] / until * i * C_tilde).sum(0)


WRONG_UNROLLINGS = {
    "divides by a product that may be 0": (
        by_division,
        "a gate at exactly 0: expected .* given nan",
    ),
    "its own gate too": (
        lambda f, i, C_tilde, C_0: (
            f.prod(0) * C_0 + (f.flip(0).cumprod(0).flip(0) * i * C_tilde).sum(0)
        ),
        "one step: expected .* given",
    ),
    "forgets where it began": (
        lambda f, i, C_tilde, C_0: backwards(f, i, C_tilde, 0 * C_0),
        "one step: expected .* given",
    ),
    "adds all writes whole": (
        lambda f, i, C_tilde, C_0: f.prod(0) * C_0 + (i * C_tilde).sum(0),
        "nine steps: expected .* given",
    ),
    "not begun": (lambda *_: ..., "does nothing yet"),
}


@pytest.mark.parametrize(("answer", "message"), WRONG_UNROLLINGS.values(), ids=WRONG_UNROLLINGS)
def test_what_is_wrong_with_an_unrolling_is_said(answer, message, capsys):
    line = said(capsys, check_unrolled, answer)
    assert "✓" not in line
    assert re.search(message, line), line


# --- 7.3: an LSTM whose input gate is tied -------------------------------------------------------


def tied(lstm):
    H = lstm.hidden_size
    with torch.no_grad():
        for one in lstm.parameters():
            one[:H] = -one[H : 2 * H]


def tied_in_one_bias(lstm):
    """The same function, with everything in one of the two biases."""
    tied(lstm)
    with torch.no_grad():
        lstm.bias_ih_l0 += lstm.bias_hh_l0
        lstm.bias_hh_l0.zero_()


def the_same_weights(lstm):
    H = lstm.hidden_size
    with torch.no_grad():
        for one in lstm.parameters():
            one[:H] = one[H : 2 * H]


def one_bias_forgotten(lstm):
    H, kept = lstm.hidden_size, lstm.bias_hh_l0.clone()
    tied(lstm)
    with torch.no_grad():
        lstm.bias_hh_l0[:H] = kept[:H]


def forget_gate_changed(lstm):
    H = lstm.hidden_size
    with torch.no_grad():
        for one in lstm.parameters():
            one[H : 2 * H] = -one[:H]


@pytest.mark.parametrize("answer", [tied, tied_in_one_bias])
def test_a_tied_lstm_is_accepted(answer, capsys):
    assert "✓" in said(capsys, check_tied, answer)


@pytest.mark.parametrize("answer", [the_same_weights, one_bias_forgotten, forget_gate_changed])
def test_a_wrongly_tied_lstm_is_refused_and_told_where(answer, capsys):
    line = said(capsys, check_tied, answer)
    assert re.match(r"✗ \w+, D, H = \d, \d, .*: expected .* given", line), line


def test_what_the_checker_accepts_writes_as_much_as_it_forgets():
    """Held to PyTorch's own cell: from C = 0 and from C = 1 it goes the same share of the way."""
    torch.manual_seed(0)
    lstm = torch.nn.LSTM(2, 3).double().requires_grad_(False)
    tied(lstm)
    x, h = torch.randn(1, 1, 2).double(), torch.randn(1, 1, 3).double()
    low, high = (lstm(x, (h, C + 0 * h))[1][1] for C in (0.0, 1.0))
    g = torch.tanh(
        x[0] @ lstm.weight_ih_l0[6:9].T
        + h[0] @ lstm.weight_hh_l0[6:9].T
        + (lstm.bias_ih_l0 + lstm.bias_hh_l0)[6:9]
    )
    f = high - low
    torch.testing.assert_close(low, (1 - f) * g[None])


# --- exercise 11.3 -------------------------------------------------------------------------------


def drawn(scores, temperature, u):
    if temperature == 0:
        return scores.argmax()
    ends = torch.softmax(scores / temperature, 0).cumsum(0)
    return min(int((u >= ends).sum()), len(scores) - 1)


def without_temperature(scores, temperature, u):
    return drawn(scores, 1.0, u)


def temperature_times(scores, temperature, u):
    return drawn(scores * temperature**2, temperature, u) if temperature else drawn(scores, 0, u)


def next_one(scores, temperature, u):
    token = drawn(scores, temperature, u)
    return min(int(token) + 1, len(scores) - 1) if temperature else token


def divides_by_zero(scores, temperature, u):
    return int((u >= torch.softmax(scores / temperature, 0).cumsum(0)).sum())


def test_a_right_draw_is_accepted(capsys):
    assert "✓" in said(capsys, check_draw, drawn)


@pytest.mark.parametrize(
    "answer", [without_temperature, temperature_times, next_one, divides_by_zero]
)
def test_a_wrong_draw_is_refused_and_told_where(answer, capsys):
    line = said(capsys, check_draw, answer)
    assert re.match(r"✗ \w+, temperature [\d.]+, u = [\d.]+: expected \d, given \d", line), line


def test_nothing_drawn_yet(capsys):
    assert "does nothing yet" in said(capsys, check_draw, lambda scores, temperature, u: ...)


# --- 10.3: the roads back through one step of a GRU ----------------------------------------------


def roads(delta, h, z, r, h_tilde, W_hz, W_hr, W_hh):
    of_h = delta * (1 - z) * (1 - h_tilde**2)
    of_z = delta * (h - h_tilde) * z * (1 - z)
    past = of_h @ W_hh.T
    of_r = past * h * r * (1 - r)
    return z * delta, of_z @ W_hz.T, r * past, of_r @ W_hr.T


def roads_by_jacobian(delta, h, z, r, h_tilde, W_hz, W_hr, W_hh):
    """Row by row, with whole Jacobians: a second right answer that multiplies otherwise."""
    parts = [[], [], [], []]
    for n in range(len(h)):
        step = torch.diag((1 - z[n]) * (1 - h_tilde[n] ** 2)) @ W_hh.T
        slopes = (
            torch.diag(z[n]),
            torch.diag((h[n] - h_tilde[n]) * z[n] * (1 - z[n])) @ W_hz.T,
            step @ torch.diag(r[n]),
            step @ torch.diag(h[n] * r[n] * (1 - r[n])) @ W_hr.T,
        )
        for part, slope in zip(parts, slopes, strict=True):
            part.append(slope.T @ delta[n])
    return [torch.stack(part) for part in parts]


def reset_after(delta, h, z, r, h_tilde, W_hz, W_hr, W_hh):
    of_h = delta * (1 - z) * (1 - h_tilde**2)
    by_r = of_h * (h @ W_hh) * r * (1 - r)
    carry, by_z, _, _ = roads(delta, h, z, r, h_tilde, W_hz, W_hr, W_hh)
    return carry, by_z, (r * of_h) @ W_hh.T, by_r @ W_hr.T


@pytest.mark.parametrize("answer", [roads, roads_by_jacobian])
def test_the_roads_accept_right_answers(capsys, answer):
    assert said(capsys, check_roads, answer) == f"✓ {answer.__name__}: right in all 12 cases"


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (lambda *given: None, "nothing"),
        (lambda *given: roads(*given)[:3], "expected 4 tensors, given 3"),
        (lambda *given: (given[0], *roads(*given)[1:]), "the carry"),
        (lambda *given: (*roads(*given)[:2], roads(*given)[2] / given[3], given[0]), "own road"),
        (reset_after, "own road"),
    ],
    ids=["nothing", "three", "carry without z", "no reset", "reset after"],
)
def test_the_roads_name_what_is_wrong(capsys, answer, message):
    line = said(capsys, check_roads, answer)
    assert not line.startswith("✓")
    assert message in line or line.startswith("…")


# --- 8.3: a plain network as a GRU ---------------------------------------------------------------


def as_gru(rnn, r=50.0, z=-50.0):
    D, H = rnn.input_size, rnn.hidden_size
    gru = torch.nn.GRU(D, H).double()
    with torch.no_grad():
        for name, one in gru.named_parameters():
            one.zero_()
            one[2 * H :] = getattr(rnn, name)
        gru.bias_ih_l0[:H], gru.bias_ih_l0[H : 2 * H] = r, z
    return gru


def with_one_bias(rnn):
    """The same function, with both of the candidate's biases in one."""
    gru, H = as_gru(rnn), rnn.hidden_size
    with torch.no_grad():
        gru.bias_ih_l0[2 * H :] += gru.bias_hh_l0[2 * H :]
        gru.bias_hh_l0.zero_()
    return gru


def gates_swapped(rnn):
    return as_gru(rnn, r=-50.0, z=50.0)


def nothing_hidden_and_half_kept(rnn):
    return as_gru(rnn, z=0.0)


def one_bias_of_the_candidate_lost(rnn):
    gru = as_gru(rnn)
    with torch.no_grad():
        gru.bias_hh_l0.zero_()
    return gru


@pytest.mark.parametrize("answer", [as_gru, with_one_bias])
def test_a_plain_network_as_a_gru_is_accepted(answer, capsys):
    assert "✓" in said(capsys, check_gru_as_rnn, answer)


@pytest.mark.parametrize(
    "answer", [gates_swapped, nothing_hidden_and_half_kept, one_bias_of_the_candidate_lost]
)
def test_a_gru_that_is_no_plain_network_is_refused_and_told_where(answer, capsys):
    line = said(capsys, check_gru_as_rnn, answer)
    assert re.match(r"✗ \w+, D, H, T = 1, 1, 1, its outputs: expected .* given", line), line


def test_what_is_no_gru_is_refused_by_its_name(capsys):
    line = said(capsys, check_gru_as_rnn, lambda rnn: rnn)
    assert "raised TypeError: expected a torch.nn.GRU, given RNN" in line
    assert "nothing yet" in said(capsys, check_gru_as_rnn, lambda _: ...)


# --- 9.3: a reset after, out of a reset before ---------------------------------------------------


def copies(h, r, U):
    H = len(U)
    return h.repeat(1, H), r.repeat_interleave(H, dim=1), torch.block_diag(*U.T[:, :, None])


def other_order(h, r, U):
    """Listener by listener inside of each memory."""
    H = len(U)
    rows = torch.zeros(H, H, H, dtype=U.dtype)
    rows[:, range(H), range(H)] = U
    return h.repeat_interleave(H, dim=1), r.repeat(1, H), rows.view(H * H, H)


@pytest.mark.parametrize("answer", [copies, other_order])
def test_copies_for_every_listener_are_accepted(answer, capsys):
    assert "✓" in said(capsys, check_copies, answer)


WRONG_COPIES = {
    "the gate of the source": (lambda h, r, U: (h, r, U), "H = 2: expected .* given"),
    "the product itself": (
        lambda h, r, U: (r * (h @ U), torch.ones_like(r), torch.eye(len(U)).double()),
        "h2 holds what is no entry of h",
    ),
    "weights that know r": (
        lambda h, r, U: (h, r, torch.linalg.lstsq(r * h, r * (h @ U)).solution),
        "U2 changes with h or with r",
    ),
    "not begun": (lambda *_: ..., "does nothing yet"),
}


@pytest.mark.parametrize(("answer", "message"), WRONG_COPIES.values(), ids=WRONG_COPIES)
def test_what_is_wrong_with_copies_is_said(answer, message, capsys):
    line = said(capsys, check_copies, answer)
    assert "✓" not in line
    assert re.search(message, line), line


# --- A.3: a gate of PyTorch's LSTM at 1 -----------------------------------------------------------


def block(lstm, gate):
    H, k = lstm.hidden_size, "ifgo".index(gate)
    return slice(k * H, (k + 1) * H)


def cut(lstm, gate):
    with torch.no_grad():
        for one in lstm.parameters():
            one[block(lstm, gate)] = 0
        lstm.bias_ih_l0[block(lstm, gate)] = 40


def cut_in_both_biases(lstm, gate):
    cut(lstm, gate)
    with torch.no_grad():
        lstm.bias_ih_l0[block(lstm, gate)] = 20
        lstm.bias_hh_l0[block(lstm, gate)] = 20


def weights_left(lstm, gate):
    with torch.no_grad():
        lstm.bias_ih_l0[block(lstm, gate)] = 3


def bias_of_one(lstm, gate):
    cut(lstm, gate)
    with torch.no_grad():
        lstm.bias_ih_l0[block(lstm, gate)] = 1


def gate_of_the_posts_order(lstm, gate):
    cut(lstm, {"i": "f", "f": "i", "o": "g"}[gate])


def argument_zero(lstm, gate):
    cut(lstm, gate)
    with torch.no_grad():
        lstm.bias_ih_l0[block(lstm, gate)] = 0


@pytest.mark.parametrize("answer", [cut, cut_in_both_biases])
def test_a_gate_at_one_is_accepted(answer, capsys):
    assert "✓" in said(capsys, check_cut, answer)


@pytest.mark.parametrize(
    "answer", [weights_left, bias_of_one, gate_of_the_posts_order, argument_zero]
)
def test_a_gate_that_is_not_one_is_refused_and_told_where(answer, capsys):
    line = said(capsys, check_cut, answer)
    assert re.match(r"✗ \w+, i = 1, .*: expected .* given", line), line


def test_nothing_done_to_the_gate_is_said(capsys):
    assert "does nothing yet" in said(capsys, check_cut, lambda lstm, gate: ...)
