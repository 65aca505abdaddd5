"""The carousel against a loop, PyTorch's own layers, and the two properties chapter 0 proves."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from rnnbook.experiments.carousel import Carousel, carousel_states
from rnnbook.shapes import ShapeError

T, B, D, H = 7, 3, 2, 4
TIGHT = {"rtol": 1e-13, "atol": 1e-13}


def problem(steps=T, seed=0):
    generator = torch.Generator().manual_seed(seed)
    shapes = {"inputs": (steps, B, D), "C": (B, H), "W_x": (D, H), "b": (H,)}
    return {
        name: torch.randn(*shape, generator=generator, dtype=torch.float64)
        for name, shape in shapes.items()
    }


def test_the_states_are_those_of_the_sum_written_out_number_by_number():
    given_ = problem()
    states = carousel_states(**given_)
    x, C, W, b = (tensor.tolist() for tensor in given_.values())
    for n in range(B):
        for j in range(H):
            cell = C[n][j]
            for t in range(T):
                cell += math.tanh(sum(x[t][n][d] * W[d][j] for d in range(D)) + b[j])
                assert states[t, n, j].item() == pytest.approx(cell, rel=1e-13, abs=1e-13)


def test_it_is_torchs_lstm_cell_with_forget_and_input_gate_held_open():
    """With f = i = 1 (their biases are huge), PyTorch's own cell adds tanh(g) to what it has."""
    given_ = problem()
    cell = torch.nn.LSTMCell(D, H, dtype=torch.float64)
    with torch.no_grad():
        for parameter in cell.parameters():
            parameter.zero_()
        cell.bias_ih[: 2 * H] = 1e4  # PyTorch stacks its gates as i, f, g, o
        cell.weight_ih[2 * H : 3 * H] = given_["W_x"].T
        cell.bias_ih[2 * H : 3 * H] = given_["b"]
        h, C, expected = torch.zeros(B, H, dtype=torch.float64), given_["C"], []
        for x in given_["inputs"]:
            h, C = cell(x, (h, C))
            expected.append(C)
    torch.testing.assert_close(carousel_states(**given_), torch.stack(expected), **TIGHT)


@given(st.permutations(range(T)))
def test_the_last_state_is_blind_to_the_order_of_the_inputs(order):
    given_ = problem()
    shuffled = given_ | {"inputs": given_["inputs"][list(order)]}
    torch.testing.assert_close(
        carousel_states(**shuffled)[-1], carousel_states(**given_)[-1], **TIGHT
    )


def test_a_layer_that_is_not_blind_to_order_fails_that_test():
    given_ = problem()
    layer = torch.nn.RNN(D, H, dtype=torch.float64)
    forth, back = layer(given_["inputs"])[0][-1], layer(given_["inputs"].flip(0))[0][-1]
    assert (forth - back).abs().max() > 1e-3


@pytest.mark.parametrize("steps", [1, 10, 10_000])
def test_the_jacobian_by_the_first_state_is_exactly_the_identity_at_every_distance(steps):
    given_ = problem(steps)
    inputs, W_x, b = given_["inputs"][:, :1], given_["W_x"], given_["b"]
    jacobian = torch.func.jacrev(lambda C: carousel_states(inputs, C[None], W_x, b)[-1, 0])(
        given_["C"][0]
    )
    assert torch.equal(jacobian, torch.eye(H, dtype=torch.float64))


def test_the_gradients_of_inputs_and_weights_pass_gradcheck():
    inputs = tuple(tensor.requires_grad_() for tensor in problem().values())
    assert torch.autograd.gradcheck(carousel_states, inputs)


def test_carrying_the_state_equals_one_long_sequence():
    given_ = problem()
    whole = carousel_states(**given_)
    first = carousel_states(**(given_ | {"inputs": given_["inputs"][:3]}))
    second = carousel_states(**(given_ | {"inputs": given_["inputs"][3:], "C": first[-1]}))
    torch.testing.assert_close(torch.cat([first, second]), whole, **TIGHT)


def test_its_error_on_a_stream_with_resets_grows_like_a_random_walk():
    """No gate, no end: after t steps of ±1 writes the variance is t."""
    signs = 2.0 * torch.randint(2, (200, 4000, 1), generator=torch.Generator().manual_seed(0)) - 1
    one, zero = torch.full((1, 1), 50.0), torch.zeros(1)  # tanh(±50) = ±1
    states = carousel_states(signs, torch.zeros(4000, 1), one, zero)
    for t in (10, 100, 200):
        variance = states[t - 1].double().square().mean().item()
        assert variance == pytest.approx(t, abs=5 * t * math.sqrt(2 / 4000))


@pytest.mark.parametrize(
    ("changed", "error", "message"),
    [
        ({"inputs": torch.zeros(B, D)}, ShapeError, r"inputs: .*\(T, B, D\).*given \(3, 2\)"),
        ({"C": torch.zeros(B + 1, H)}, ShapeError, r"C: .*\(3, H\); given \(4, 4\)"),
        ({"W_x": torch.zeros(H, D)}, ShapeError, r"W_x: .*\(2, 4\); given \(4, 2\)"),
        ({"b": torch.zeros(1)}, ShapeError, r"b: .*given \(1,\)"),
        ({"b": torch.zeros(H).double()}, TypeError, "b: expected float32 like inputs"),
        ({"inputs": [[0.0]]}, TypeError, "inputs: expected a torch.Tensor, given list"),
    ],
)
def test_a_bad_argument_is_named(changed, error, message):
    good = {name: tensor.float() for name, tensor in problem().items()}
    with pytest.raises(error, match=message):
        carousel_states(**(good | changed))


# --- the layer -----------------------------------------------------------------------------------


def test_the_layer_has_the_interface_of_torch_nn_rnn():
    inputs = torch.randn(T, B, D)
    for ours, theirs in zip(Carousel(D, H)(inputs), torch.nn.RNN(D, H)(inputs), strict=True):
        assert ours.shape == theirs.shape


def test_the_layer_adds_what_its_linear_part_writes_starting_from_zero():
    layer, inputs = Carousel(D, H).double(), problem()["inputs"]
    states, last = layer(inputs)
    expected = torch.stack([torch.tanh(layer.write(inputs[: t + 1])).sum(0) for t in range(T)])
    torch.testing.assert_close(states, expected, **TIGHT)
    assert torch.equal(last, states[-1:])


def test_every_weight_of_the_layer_learns():
    layer = Carousel(D, H)
    layer(torch.randn(T, B, D))[0].sum().backward()
    gradients = [parameter.grad for parameter in layer.parameters()]
    assert [tuple(gradient.shape) for gradient in gradients] == [(H, D), (H,)]
    assert all(gradient.abs().min() > 0 for gradient in gradients)
