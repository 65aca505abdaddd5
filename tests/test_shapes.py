"""Bad arguments are named, with what was expected and what was given."""

import pytest
import torch

from rnnbook.lstm import forget_gate
from rnnbook.rnn import read_out, rnn, rnn_backward, rnn_states, rnn_step, step_jacobian
from rnnbook.shapes import ShapeError, check_finite, shapes

B, D, H, T, Q = 2, 3, 4, 5, 6


def gate_arguments(**changed):
    good = {
        "x": torch.zeros(B, D),
        "h": torch.zeros(B, H),
        "W_x": torch.zeros(D, H),
        "W_h": torch.zeros(H, H),
        "b": torch.zeros(H),
    }
    return good | changed


@pytest.mark.parametrize("function", [forget_gate, rnn_step])
@pytest.mark.parametrize(
    ("changed", "error", "message"),
    [
        ({"x": torch.zeros(D)}, ShapeError, r"x: expected shape \(B, D\); given \(3,\)"),
        ({"h": torch.zeros(B + 1, H)}, ShapeError, r"h: .*B = 2 from x.*\(2, H\); given \(3, 4\)"),
        ({"W_x": torch.zeros(H, D)}, ShapeError, r"W_x: .*\(3, 4\); given \(4, 3\)"),
        ({"W_h": torch.zeros(H, 1)}, ShapeError, r"W_h: .*\(4, 4\); given \(4, 1\)"),
        ({"b": torch.zeros(H, 1)}, ShapeError, r"b: expected shape \(H,\) .*given \(4, 1\)"),
        ({"b": torch.zeros(1)}, ShapeError, r"b: expected shape \(H,\) .*given \(1,\)"),
        ({"x": [[0.0]]}, TypeError, r"x: expected a torch.Tensor, given list"),
        ({"x": torch.zeros(B, D, dtype=torch.int64)}, TypeError, r"x: .*floating-point.*int64"),
        (
            {"W_h": torch.zeros(H, H).double()},
            TypeError,
            r"W_h: .*float32 like x, .*float64",
        ),
        ({"b": torch.zeros(H, device="meta")}, TypeError, r"b: expected device cpu like x, .*meta"),
    ],
)
def test_a_bad_argument_is_named_with_expected_and_given(function, changed, error, message):
    with pytest.raises(error, match=message):
        function(**gate_arguments(**changed))


def test_arguments_by_position_and_by_name_are_checked_alike():
    bad = gate_arguments(W_x=torch.zeros(H, D))
    with pytest.raises(ShapeError, match="W_x"):
        forget_gate(*bad.values())
    with pytest.raises(ShapeError, match="W_x"):
        forget_gate(*list(bad.values())[:2], W_x=bad["W_x"], W_h=bad["W_h"], b=bad["b"])


def test_a_missing_argument_gives_pythons_own_message():
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'b'"):
        forget_gate(*list(gate_arguments().values())[:4])


def test_a_layout_for_an_argument_that_is_not_there_is_refused_when_the_function_is_defined():
    with pytest.raises(TypeError, match="no argument y"):
        shapes(y="B")(lambda x: x)


def test_a_size_of_zero_is_refused_by_its_letter():
    with pytest.raises(ShapeError, match=r"x: .* at least 1 along B; given \(0, 3\)"):
        forget_gate(**gate_arguments(x=torch.zeros(0, D), h=torch.zeros(0, H)))
    with pytest.raises(ShapeError, match=r"h: .* at least 1 along H; given \(2, 0\)"):
        forget_gate(**gate_arguments(h=torch.zeros(B, 0)))


def test_an_argument_whose_default_is_none_may_be_none_and_is_checked_when_given():
    @shapes(x="B D", b="D")
    def plus(x, b=None):
        return x if b is None else x + b

    assert plus(torch.zeros(B, D)).shape == plus(torch.zeros(B, D), None).shape
    with pytest.raises(ShapeError, match=r"b: expected shape \(D,\)"):
        plus(torch.zeros(B, D), torch.zeros(D + 1))


def test_what_is_not_finite_is_found_with_its_place():
    weight = torch.zeros(2, 3)
    check_finite(weight=weight, bias=torch.zeros(3))
    weight[1, 2], weight[1, 0] = float("nan"), float("inf")
    with pytest.raises(ValueError, match=r"weight: .* given inf at \[1, 0\] \(2 of 6 are not"):
        check_finite(bias=torch.zeros(3), weight=weight)


def test_the_sequence_functions_name_their_bad_arguments():
    params = [
        torch.zeros(D, H),
        torch.zeros(H, H),
        torch.zeros(H),
        torch.zeros(H, Q),
        torch.zeros(Q),
    ]
    inputs, h = torch.zeros(T, B, D), torch.zeros(B, H)
    with pytest.raises(ValueError, match=r"inputs: .* at least 1 along T; given \(0,"):
        rnn_states(inputs[:0], h, *params[:3])
    with pytest.raises(ValueError, match=r"params: expected 5 .* given 4"):
        rnn(inputs, (h,), params[:4])
    with pytest.raises(ValueError, match=r"state: expected 1 .* given 2"):
        rnn(inputs, (h, h), params)
    with pytest.raises(ShapeError, match=r"inputs: .*\(T, B, D\).*given \(2, 3\)"):
        rnn(inputs[0], (h,), params)
    with pytest.raises(ShapeError, match=r"W_hq: .*\(4, Q\); given \(6, 4\)"):
        rnn(inputs, (h,), [*params[:3], params[3].T, params[4]])
    with pytest.raises(ShapeError, match="b_q"):
        read_out(h, params[3], torch.zeros(H))
    with pytest.raises(ShapeError, match="W_h"):
        step_jacobian(h, torch.zeros(D, H))
    with pytest.raises(ShapeError, match="grad_states"):
        rnn_backward(inputs, h, torch.zeros(T, B, H), torch.zeros(B, H), *params[:2])
