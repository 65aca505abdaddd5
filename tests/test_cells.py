"""The cells against torch.nn's, and against the layers that are loops over them."""

from __future__ import annotations

import pytest
import torch

import rnnbook
from tests.problems import randn

T, B, D, H = 5, 4, 3, 4
TIGHT = {"rtol": 0, "atol": 1e-12}

CELLS = {  # PyTorch's cell, ours, options of both, options of ours, the layer of ours
    "tanh": (torch.nn.RNNCell, rnnbook.RNNCell, {}, {}, rnnbook.RNN),
    "relu": (torch.nn.RNNCell, rnnbook.RNNCell, {"nonlinearity": "relu"}, {}, rnnbook.RNN),
    "lstm": (torch.nn.LSTMCell, rnnbook.LSTMCell, {}, {}, rnnbook.LSTM),
    "gru": (torch.nn.GRUCell, rnnbook.GRUCell, {}, {"reset_after": True}, rnnbook.GRU),
}
every_cell = pytest.mark.parametrize("cell", CELLS)


def pair(cell, dtype=torch.float64, **options):
    theirs, ours, both, own, _ = CELLS[cell]
    torch.manual_seed(1)
    theirs = theirs(D, H, dtype=dtype, **both, **options)
    torch.manual_seed(1)
    ours = ours(D, H, dtype=dtype, **both, **own, **options)
    return theirs, ours


def as_tuple(state):
    return state if isinstance(state, tuple) else (state,)


def states_of(cell, *shape):
    states = tuple(randn(*shape, seed=k).requires_grad_() for k in (3, 4))
    return states if isinstance(cell, torch.nn.LSTMCell | rnnbook.LSTMCell) else states[0]


def everything(cell, x, hx):
    """New states, and the gradients of a random loss."""
    x = x.clone().requires_grad_()
    results = as_tuple(cell(x) if hx is None else cell(x, hx))
    loss = sum((r * randn(*r.shape, seed=7 + k)).sum() for k, r in enumerate(results))
    leaves = [x, *(() if hx is None else as_tuple(hx)), *cell.parameters()]
    return [*results, *torch.autograd.grad(loss, leaves)]


@every_cell
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("shape", [(B,), (1,), ()], ids=["batch", "one", "unbatched"])
@pytest.mark.parametrize("start", [False, True])
def test_cell_and_pytorchs_compute_the_same_states_and_gradients(cell, bias, shape, start):
    theirs, ours = pair(cell, bias=bias)
    assert repr(ours).replace(", reset_after=True", "") == repr(theirs)
    for name, parameter in theirs.named_parameters():  # drawn from the same random numbers
        assert torch.equal(getattr(ours, name), parameter)
    hx = states_of(theirs, *shape, H) if start else None
    x = randn(*shape, D)
    for a, b in zip(everything(ours, x, hx), everything(theirs, x, hx), strict=True):
        torch.testing.assert_close(a, b, **TIGHT)


@pytest.mark.parametrize("reset_after", [False, True])
@pytest.mark.parametrize("name", ["RNN", "LSTM", "GRU"])
def test_a_loop_over_a_cell_is_the_layer(name, reset_after):
    options = {"reset_after": reset_after} if name == "GRU" else {}
    layer = getattr(rnnbook, name)(D, H, dtype=torch.float64, **options)
    cell = getattr(rnnbook, f"{name}Cell")(D, H, dtype=torch.float64, **options)
    cell.load_state_dict({n.removesuffix("_l0"): p for n, p in layer.state_dict().items()})
    x, state, outputs = randn(T, B, D), None, []
    for step in x:
        state = cell(step, state)
        outputs.append(as_tuple(state)[0])
    output, last = layer(x)
    torch.testing.assert_close(torch.stack(outputs), output, **TIGHT)
    for a, b in zip(as_tuple(state), as_tuple(last), strict=True):
        torch.testing.assert_close(a, b[0], **TIGHT)


def test_a_gru_cell_resets_before_the_product_unless_told_otherwise():
    before, after = rnnbook.GRUCell(D, H), rnnbook.GRUCell(D, H, reset_after=True)
    assert (before.reset_after, after.reset_after) == (False, True)
    after.load_state_dict(before.state_dict())
    x, h = torch.randn(B, D), torch.randn(B, H)
    assert (before(x, h) - after(x, h)).abs().max() > 1e-3
    with pytest.raises(TypeError, match="reset_after: expected a bool, given int"):
        rnnbook.GRUCell(D, H, reset_after=1)


@every_cell
def test_a_batch_of_nothing_gives_nothing(cell):
    theirs, ours = pair(cell)
    for a, b in zip(as_tuple(ours(randn(0, D))), as_tuple(theirs(randn(0, D))), strict=True):
        assert a.shape == b.shape == (0, H)


@every_cell
def test_autocast_leaves_the_recurrence_in_the_weights_precision(cell):
    _, ours = pair(cell, dtype=torch.float32)
    x = torch.randn(B, D)
    plain = ours(x)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        found = ours(x)
        low = ours(x.bfloat16())
    for a, b, c in zip(as_tuple(found), as_tuple(plain), as_tuple(low), strict=True):
        assert torch.equal(a, b)
        assert c.dtype == torch.float32


@every_cell
def test_a_cell_can_be_compiled(cell):
    torch._dynamo.reset()
    _, ours = pair(cell)
    compiled = torch.compile(ours, fullgraph=True, backend="aot_eager")
    x, hx = randn(B, D), states_of(ours, B, H)
    for a, b in zip(everything(compiled, x, hx), everything(ours, x, hx), strict=True):
        torch.testing.assert_close(a, b, **TIGHT)


REFUSED = {
    "an array": (lambda: rnnbook.RNNCell(D, H)([1.0]), TypeError, "input: expected a tensor"),
    "a cell state for a GRU": (
        lambda: rnnbook.GRUCell(D, H)(torch.zeros(B, D), (torch.zeros(B, H),) * 2),
        TypeError,
        "hidden: expected a tensor, given tuple",
    ),
    "one state for an LSTM": (
        lambda: rnnbook.LSTMCell(D, H)(torch.zeros(B, D), torch.zeros(B, H)),
        TypeError,
        r"hx: expected a tuple \(h, C\) of tensors; given Tensor",
    ),
    "another nonlinearity": (
        lambda: rnnbook.RNNCell(D, H, nonlinearity="gelu"),
        ValueError,
        "nonlinearity: expected 'tanh' or 'relu', given 'gelu'",
    ),
    "another dtype": (
        lambda: rnnbook.LSTMCell(D, H)(torch.zeros(B, D).double()),
        TypeError,
        "expected float64 like x, given float32",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_wrong_argument_is_named(what):
    call, error, words = REFUSED[what]
    with pytest.raises(error, match=words):
        call()


@pytest.fixture(scope="module")
def module_cases():
    """PyTorch's cases for its cells: name -> (inputs, errors)."""
    from torch.testing._internal.common_modules import module_db

    cases = {}
    for info in module_db:
        if info.module_cls in (torch.nn.RNNCell, torch.nn.LSTMCell, torch.nn.GRUCell):
            options = {"device": "cpu", "dtype": torch.float64, "requires_grad": True}
            inputs = info.module_inputs_func(info, training=True, **options)
            errors = info.module_error_inputs_func(
                info, training=True, **(options | {"dtype": torch.float32})
            )
            cases[info.module_cls.__name__] = (inputs, errors)
    return cases


@pytest.mark.parametrize("name", ["RNNCell", "LSTMCell", "GRUCell"])
def test_cell_passes_the_cases_that_torch_ships_for_its_own(name, module_cases):
    inputs, errors = module_cases[name]
    assert len(inputs) >= 2
    assert len(errors) >= 4
    own = {"reset_after": True} if name == "GRUCell" else {}
    for case in inputs:
        args, kwargs = case.constructor_input.args, case.constructor_input.kwargs
        theirs = getattr(torch.nn, name)(*args, **kwargs, dtype=torch.float64)
        ours = getattr(rnnbook, name)(*args, **kwargs, **own, dtype=torch.float64)
        ours.load_state_dict(theirs.state_dict())
        forward = case.forward_input
        found = as_tuple(ours(*forward.args, **forward.kwargs))
        for judge in (theirs, lambda *a, f=case.reference_fn, m=ours: f(m, *a)):
            expected = as_tuple(judge(*forward.args, **forward.kwargs))
            for a, b in zip(found, expected, strict=True):
                torch.testing.assert_close(a, b, **TIGHT)
    for case in errors:
        made = case.module_error_input.constructor_input
        called = case.module_error_input.forward_input
        cell = getattr(rnnbook, name)(*made.args, **made.kwargs)
        with pytest.raises(case.error_type, match=case.error_regex):
            cell(*called.args, **called.kwargs)
