"""What PyTorch does to modules, done to the layers: it works, or it is refused by name."""

from __future__ import annotations

import copy
import io
import pickle

import pytest
import torch
from torch.autograd import forward_ad, gradcheck, gradgradcheck
from torch.func import functional_call, jacrev, stack_module_state, vmap
from torch.nn.utils import parametrizations

import rnnbook
from rnnbook.engines import compiled
from tests.problems import randn

T, B, D, H = 3, 2, 3, 4
TIGHT = {"rtol": 1e-12, "atol": 1e-12}
CELLS = {
    "rnn": (rnnbook.RNN, {}),
    "relu": (rnnbook.RNN, {"nonlinearity": "relu"}),
    "lstm": (rnnbook.LSTM, {}),
    "gru before": (rnnbook.GRU, {}),
    "gru after": (rnnbook.GRU, {"reset_after": True}),
}
ENGINES = ["reference", "python", pytest.param("compiled", marks=pytest.mark.needs_compiler)]
BY_HAND = ENGINES[1:]
REFERENCE_CAN = r"engine=\W*reference"

# PyTorch scripts its own rules when its forward mode or its inductor is first used, and then warns
# of itself: in one test of a process, and there is no telling in which.
TORCH_SCRIPTS_ITS_OWN = pytest.mark.filterwarnings("ignore:.*torch.jit.* is deprecated")


def layer_of(cell, engine="auto", dtype=torch.float64, **options):
    torch.manual_seed(1)
    cls, own = CELLS[cell]
    return cls(D, H, engine=engine, dtype=dtype, **own, **options)


def as_tuple(state):
    return state if isinstance(state, tuple) else (state,)


def flat(results):
    return (results[0], *as_tuple(results[1]))


def start_of(layer):
    stack = layer.num_layers * (1 + layer.bidirectional)
    states = [randn(stack, B, H, seed=3 + k).requires_grad_() for k in range(2)]
    return states if isinstance(layer, rnnbook.LSTM) else states[:1]


def as_function(layer, **options):
    """The layer as a function of input, initial states and parameters; and such arguments."""
    names = [name for name, _ in layer.named_parameters()]
    states = start_of(layer)

    def function(x, *tensors):
        hx, parameters = tensors[: len(states)], tensors[len(states) :]
        hx = hx if len(hx) > 1 else hx[0]
        named = dict(zip(names, parameters, strict=True))
        return flat(functional_call(layer, named, (x, hx), options))

    x = randn(T, B, D, seed=2).requires_grad_()
    return function, (x, *states, *layer.parameters())


def losses(layer, x, **options):
    return sum((r * r).sum() for r in flat(layer(x, **options)))


def gradients(layer, x, **options):
    layer.zero_grad()
    losses(layer, x, **options).backward()
    return [p.grad for p in layer.parameters()]


def compare(ours, theirs, **tolerance):
    for a, b in zip(ours, theirs, strict=True):
        torch.testing.assert_close(a, b, **(tolerance or TIGHT))


# Derivatives --------------------------------------------------------------------------------------


@pytest.mark.parametrize("lengths", [None, (1, 3)], ids=["dense", "ragged"])
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("cell", CELLS)
def test_gradients_are_those_of_finite_differences(cell, engine, lengths):
    options = {} if lengths is None else {"lengths": lengths}
    function, arguments = as_function(layer_of(cell, engine, bidirectional=True), **options)
    assert gradcheck(function, arguments, fast_mode=True)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("cell", CELLS)
def test_second_derivatives_are_those_of_finite_differences(cell, engine):
    function, arguments = as_function(layer_of(cell, engine))
    assert gradgradcheck(function, arguments, fast_mode=True)


@pytest.mark.parametrize("engine", BY_HAND)
@pytest.mark.parametrize("cell", CELLS)
def test_gradient_penalty_is_that_of_the_reference(cell, engine):
    """The gradient's norm in the loss, as in training with a penalty: through both passes."""
    penalties = []
    for name in ("reference", engine):
        layer = layer_of(cell, name, num_layers=2)
        x = randn(T, B, D, seed=2).requires_grad_()
        (grad,) = torch.autograd.grad(losses(layer, x), x, create_graph=True)
        (grad**2).sum().backward()
        # A plain RNN's last hidden bias etc. all take part; a parameter that does not has None.
        penalties.append([p.grad for p in layer.parameters()])
    compare(penalties[1], penalties[0])


@TORCH_SCRIPTS_ITS_OWN
@pytest.mark.parametrize("cell", CELLS)
def test_forward_mode_works_with_the_reference(cell):
    layer = layer_of(cell, "reference")
    x, direction = randn(T, B, D, seed=2), randn(T, B, D, seed=4)
    output, tangent = torch.func.jvp(lambda x: layer(x)[0], (x,), (direction,))
    jacobian = jacrev(lambda x: layer(x)[0])(x)
    torch.testing.assert_close(tangent, torch.tensordot(jacobian, direction, 3), **TIGHT)
    assert torch.equal(output, layer(x)[0])


@TORCH_SCRIPTS_ITS_OWN
def test_forward_mode_is_refused_by_name_by_the_kernel_of_the_float32_lstm():
    layer, x = layer_of("lstm", "library", torch.float32), randn(T, B, D, dtype=torch.float32)
    with pytest.raises(NotImplementedError, match=REFERENCE_CAN):
        torch.func.jvp(lambda x: layer(x)[0], (x,), (x,))


@TORCH_SCRIPTS_ITS_OWN
@pytest.mark.parametrize("engine", BY_HAND)
@pytest.mark.parametrize("cell", CELLS)
def test_forward_mode_is_refused_by_name_by_the_others(cell, engine):
    layer, x = layer_of(cell, engine), randn(T, B, D)
    with pytest.raises((NotImplementedError, RuntimeError), match=REFERENCE_CAN):
        torch.func.jvp(lambda x: layer(x)[0], (x,), (x,))
    with (
        forward_ad.dual_level(),
        pytest.raises((NotImplementedError, RuntimeError), match=REFERENCE_CAN),
    ):
        layer(forward_ad.make_dual(x, x))


# torch.func ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("lengths", [None, (1, 3)], ids=["dense", "ragged"])
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("cell", CELLS)
def test_vmap_over_inputs_is_a_loop_over_them(cell, engine, lengths):
    layer, x = layer_of(cell, engine, bidirectional=True), randn(5, T, B, D)
    options = {} if lengths is None else {"lengths": lengths}
    mapped = vmap(lambda x: flat(layer(x, **options)))(x)
    looped = zip(*(flat(layer(one, **options)) for one in x), strict=True)
    compare(mapped, [torch.stack(r) for r in looped])


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("cell", CELLS)
def test_vmap_over_an_ensemble_is_a_loop_over_its_members(cell, engine):
    members = [layer_of(cell, engine) for _ in range(3)]
    for member in members:
        member.reset_parameters()
    stacked, _ = stack_module_state(members)
    x = randn(T, B, D)
    mapped = vmap(lambda p: flat(functional_call(members[0], p, (x,))))(stacked)
    looped = zip(*(flat(member(x)) for member in members), strict=True)
    compare(mapped, [torch.stack(r) for r in looped])


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("cell", CELLS)
def test_gradients_of_each_sample_are_those_of_the_samples_alone(cell, engine):
    layer, xs = layer_of(cell, engine), randn(4, T, B, D)
    parameters = {name: p.detach() for name, p in layer.named_parameters()}

    def loss(parameters, x):
        return sum((r * r).sum() for r in flat(functional_call(layer, parameters, (x,))))

    mapped = vmap(torch.func.grad(loss), (None, 0))(parameters, xs)
    for k, x in enumerate(xs):
        compare([mapped[name][k] for name in parameters], gradients(layer, x))


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru after"])
def test_library_refuses_vmap_by_name_and_auto_avoids_it(cell, monkeypatch):
    monkeypatch.setattr(compiled, "why_not", lambda: "there is no compiler.")
    layer, x = layer_of(cell, "auto", dtype=torch.float32), randn(3, T, B, D, dtype=torch.float32)
    mapped = vmap(lambda x: layer(x)[0])(x)
    torch.testing.assert_close(mapped, torch.stack([layer(one)[0] for one in x]))
    layer.engine = "library"
    with pytest.raises(NotImplementedError, match=r"engine: .*torch\.func\.vmap.*'library'"):
        vmap(lambda x: layer(x)[0])(x)


@pytest.mark.parametrize("engine", BY_HAND)
@pytest.mark.parametrize("cell", CELLS)
def test_jacobian_by_torch_func_is_that_of_the_reference(cell, engine):
    x = randn(T, B, D)
    jacobians = [jacrev(lambda x, e=e: layer_of(cell, e)(x)[0])(x) for e in ("reference", engine)]
    torch.testing.assert_close(*jacobians, **TIGHT)


# Compilers ----------------------------------------------------------------------------------------

COMPILED_CASES = [  # inductor once with each engine: it is slow; what it is given is looked at more
    pytest.param("lstm", "auto", "inductor", marks=pytest.mark.needs_compiler),  # it compiles C++
    *((cell, engine, "aot_eager") for cell in CELLS for engine in ("python", "auto")),
    ("lstm", "reference", "aot_eager"),
]


@pytest.fixture
def fresh_compiler():
    torch.compiler.reset()
    yield
    torch.compiler.reset()


@TORCH_SCRIPTS_ITS_OWN
@pytest.mark.parametrize(("cell", "engine", "backend"), COMPILED_CASES)
def test_compiled_module_gives_the_numbers_of_the_eager_one(cell, engine, backend, fresh_compiler):
    layer = layer_of(cell, engine, bidirectional=True)
    program = torch.compile(layer, fullgraph=True, backend=backend)
    x = randn(2, B, D).requires_grad_()
    results = []
    for module in (layer, program):
        output = flat(module(x))
        results.append(
            [*output, *torch.autograd.grad(sum((r * r).sum() for r in output), leaves(layer, x))]
        )
    compare(results[1], results[0])


@TORCH_SCRIPTS_ITS_OWN
# Dynamo reads .grad where it resumes, and hides the warning itself; an error it could not hide.
@pytest.mark.filterwarnings("ignore:The .grad attribute")
@pytest.mark.needs_compiler
def test_compiled_module_leaves_torchs_kernels_as_they_are(fresh_compiler):
    """PyTorch 2.13 cannot compile its own float32 LSTM where the input needs no gradient."""
    layer, x = layer_of("lstm", "library", torch.float32), randn(T, B, D, dtype=torch.float32)
    program = torch.compile(layer)
    assert torch.equal(program(x)[0], layer(x)[0])
    program(x)[0].sum().backward()
    assert layer.weight_hh_l0.grad.any()


def leaves(layer, *tensors):
    return [*tensors, *layer.parameters()]


def test_compiled_module_computes_ragged_batches_without_compiling_them(fresh_compiler):
    """Each set of lengths would be another program: they run as they would uncompiled."""
    layer = layer_of("lstm", "auto")
    x = randn(T, B, D)
    program = torch.compile(layer, backend="aot_eager")
    for lengths in ((1, 3), (3, 2)):
        compare(flat(program(x, lengths=torch.tensor(lengths))), flat(layer(x, lengths=lengths)))
    packed = torch.nn.utils.rnn.pack_padded_sequence(x, [3, 2])
    assert torch.equal(program(packed)[0].data, layer(packed)[0].data)
    torch.compiler.reset()
    whole = torch.compile(layer, backend="aot_eager", fullgraph=True)
    with pytest.raises(torch._dynamo.exc.Unsupported, match="_compute_ragged"):
        whole(x, lengths=torch.tensor([1, 3]))


@pytest.mark.parametrize("engine", [*ENGINES, "auto", "library"])
@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru after"])
def test_exported_program_gives_the_layers_numbers(cell, engine):
    layer, x = layer_of(cell, engine, num_layers=2, bidirectional=True), randn(T, B, D)
    program = torch.export.export(layer, (x,))
    compare(flat(program.module()(x + 1)), flat(layer(x + 1)))


@pytest.mark.parametrize("engine", ENGINES)
def test_exported_program_of_the_gru_that_resets_before_runs(engine):
    layer, x = layer_of("gru before", engine), randn(T, B, D)
    program = torch.export.export(layer, (x,))
    compare(flat(program.module()(x + 1)), flat(layer(x + 1)))


def test_program_can_be_exported_for_given_lengths():
    layer, x = layer_of("lstm", "reference", bidirectional=True), randn(T, B, D)
    program = torch.export.export(layer, (x,), {"lengths": [1, 3]})
    expected = layer(x + 1, lengths=[1, 3])
    compare(flat(program.module()(x + 1, lengths=[1, 3])), flat(expected))


@pytest.mark.parametrize("cell", CELLS)
def test_torch_jit_script_is_refused_by_name(cell):
    refused = pytest.raises(NotImplementedError, match=r"torch\.jit\.script: expected")
    with pytest.warns(DeprecationWarning, match="`torch.jit.script` is deprecated"), refused:
        torch.jit.script(layer_of(cell))


class CallsForward(torch.nn.Module):
    """A module that goes past ``__call__``, where PyTorch has its hooks."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def forward(self, x):
        return self.layer.forward(x)


TRACING_IS_REFUSED = (
    r"torch\.jit\.trace, and torch\.onnx\.export with dynamo=False: expected torch\.export, or "
    r"rnnbook\.convert\.to_onnx; given rnnbook\.(RNN|LSTM|GRU)$"
)


@pytest.mark.parametrize("inside", [lambda x: x, torch.nn.Sequential, CallsForward])
@pytest.mark.parametrize("engine", [*ENGINES, "auto"])
@pytest.mark.parametrize("cell", CELLS)
def test_torch_jit_trace_is_refused_by_name(cell, engine, inside):
    refused = pytest.raises(NotImplementedError, match=TRACING_IS_REFUSED)
    with pytest.warns(DeprecationWarning, match="`torch.jit.trace.*` is deprecated"), refused:
        torch.jit.trace(inside(layer_of(cell, engine)), (randn(T, B, D),))


@pytest.mark.parametrize("cell", CELLS)
def test_old_exporter_of_onnx_is_refused_by_name(cell):
    refused = pytest.raises(NotImplementedError, match=TRACING_IS_REFUSED)
    with pytest.warns(DeprecationWarning, match="legacy TorchScript|will be removed"), refused:
        torch.onnx.export(layer_of(cell), (randn(T, B, D),), io.BytesIO(), dynamo=False)


@pytest.mark.parametrize("cell", CELLS)
def test_exporting_with_lengths_in_a_tensor_is_refused_by_name(cell):
    lengths = {"lengths": torch.tensor([1, 3])}
    with pytest.raises(TypeError, match="lengths: expected a list of numbers while exporting"):
        torch.export.export(layer_of(cell), (randn(T, B, D),), lengths)


# Copies and files ---------------------------------------------------------------------------------


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize(
    "copied",
    [copy.deepcopy, copy.copy, lambda layer: pickle.loads(pickle.dumps(layer))],
    ids=["deepcopy", "copy", "pickle"],
)
def test_copy_computes_the_same(cell, copied):
    layer, x = layer_of(cell, "python", num_layers=2, bidirectional=True), randn(T, B, D)
    twin = copied(layer)
    assert repr(twin) == repr(layer)
    compare(flat(twin(x)), flat(layer(x)))
    compare(gradients(twin, x), gradients(layer, x))


def test_deep_copy_has_parameters_of_its_own():
    layer = layer_of("lstm")
    twin, x = copy.deepcopy(layer), randn(T, B, D)
    with torch.no_grad():
        layer.weight_hh_l0.zero_()
    assert not torch.equal(twin(x)[0], layer(x)[0])


def test_weights_go_through_a_file_that_holds_only_weights():
    layer, x = layer_of("gru before"), randn(T, B, D)
    file = io.BytesIO()
    torch.save(layer.state_dict(), file)
    file.seek(0)
    other = layer_of("gru before")
    other.reset_parameters()
    other.load_state_dict(torch.load(file, weights_only=True))
    assert torch.equal(other(x)[0], layer(x)[0])


def test_whole_layer_goes_through_a_file():
    layer, x = layer_of("lstm", forget_bias=1.0), randn(T, B, D)
    file = io.BytesIO()
    torch.save(layer, file)
    file.seek(0)
    other = torch.load(file, weights_only=False)
    assert torch.equal(other(x)[0], layer(x)[0])
    assert other.forget_bias == 1.0


# Precision ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ["reference", "python", "auto"])
@pytest.mark.parametrize("cell", CELLS)
def test_autocast_leaves_the_recurrence_in_the_weights_own_precision(cell, engine):
    layer, x = layer_of(cell, engine, dtype=torch.float32), randn(T, B, D, dtype=torch.float32)
    plain, plain_grads = flat(layer(x)), gradients(layer, x)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        cast = flat(layer(x))
        loss = losses(layer, x)
        from_low = layer(x.bfloat16())[0]
    for a, b in zip(cast, plain, strict=True):
        assert a.dtype == torch.float32
        assert torch.equal(a, b)
    layer.zero_grad()
    loss.backward()
    for p, grad in zip(layer.parameters(), plain_grads, strict=True):
        assert torch.equal(p.grad, grad)
    assert torch.equal(from_low, layer(x.bfloat16().float())[0])


def test_layer_takes_what_a_linear_layer_gives_under_autocast():
    linear, layer = torch.nn.Linear(D, D), layer_of("lstm", dtype=torch.float32)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        below = linear(randn(T, B, D, dtype=torch.float32))
        assert below.dtype == torch.bfloat16
        layer(below)[0].sum().backward()
    assert linear.weight.grad.isfinite().all()
    with pytest.raises(TypeError, match="input: expected float32 like the weights, given bfloat16"):
        layer(below)


# Within a larger module ---------------------------------------------------------------------------

PARAMETRIZATIONS = {
    "weight norm": parametrizations.weight_norm,
    "spectral norm": parametrizations.spectral_norm,
    "orthogonal": parametrizations.orthogonal,
}


@pytest.mark.parametrize("engine", [*ENGINES, "library"])
@pytest.mark.parametrize("name", PARAMETRIZATIONS)
def test_parametrized_weights_are_the_ones_computed_with(name, engine):
    layer = rnnbook.RNN(D, H, dtype=torch.float64, engine=engine)
    x = randn(T, B, D)
    PARAMETRIZATIONS[name](layer, "weight_hh_l0")
    layer.eval()  # spectral_norm takes a step of its iteration at each use in training
    plain = rnnbook.RNN(D, H, dtype=torch.float64)
    with torch.no_grad():
        for parameter in ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"):
            getattr(plain, parameter).copy_(getattr(layer, parameter))
    compare(flat(layer(x)), flat(plain(x)))
    losses(layer, x).backward()
    for original in layer.parametrizations.weight_hh_l0.parameters():
        assert original.grad.any()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("cell", CELLS)
def test_nothing_is_recorded_where_no_gradient_is_wanted(cell, engine):
    layer, x = layer_of(cell, engine, num_layers=2), randn(T, B, D)
    expected = flat(layer(x))
    assert expected[0].requires_grad
    with torch.no_grad():
        compare(found := flat(layer(x)), expected)
    assert not any(r.requires_grad for r in found)
    with torch.inference_mode():
        found = flat(layer(x))
        assert all(r.is_inference() for r in found)
        compare(found, expected)
    layer.requires_grad_(False)
    assert not any(r.requires_grad for r in flat(layer(x)))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("cell", CELLS)
def test_frozen_parameters_get_no_gradient_and_change_nobody_elses(cell, engine):
    layer, x = layer_of(cell, engine), randn(T, B, D)
    everything = dict(
        zip((n for n, _ in layer.named_parameters()), gradients(layer, x), strict=True)
    )
    for frozen in everything:
        layer.zero_grad()
        layer.requires_grad_(True).get_parameter(frozen).requires_grad_(False)
        losses(layer, x).backward()
        for name, parameter in layer.named_parameters():
            if name == frozen:
                assert parameter.grad is None
            else:
                torch.testing.assert_close(parameter.grad, everything[name], **TIGHT)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("cell", CELLS)
def test_layer_can_be_used_twice_in_one_graph(cell, engine):
    results = []
    for name in ("reference", engine):
        torch.manual_seed(1)
        cls, own = CELLS[cell]
        layer = cls(H, H, engine=name, dtype=torch.float64, **own)
        x = randn(T, B, H, seed=2).requires_grad_()
        once, state = layer(x)
        twice, _ = layer(once, state)
        (twice**2).sum().backward()
        results.append([twice, x.grad, *(p.grad for p in layer.parameters())])
    compare(*results)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("cell", CELLS)
def test_backward_can_be_run_twice_if_the_graph_is_kept(cell, engine):
    layer, x = layer_of(cell, engine), randn(T, B, D)
    once = [grad.clone() for grad in gradients(layer, x)]
    layer.zero_grad()
    loss = losses(layer, x)
    loss.backward(retain_graph=True)
    loss.backward()
    compare([p.grad for p in layer.parameters()], [2 * grad for grad in once])
    with pytest.raises(RuntimeError, match="second time"):
        loss.backward()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("cell", CELLS)
def test_weights_changed_between_forward_and_backward_are_noticed(cell, engine):
    layer = layer_of(cell, engine)
    loss = losses(layer, randn(T, B, D))
    with torch.no_grad():
        layer.weight_hh_l0.add_(1)
    with pytest.raises(RuntimeError, match=r"modified (by an inplace operation|inplace)"):
        loss.backward()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("cell", CELLS)
def test_input_start_and_weights_are_left_as_they_were(cell, engine):
    layer = layer_of(cell, engine, num_layers=2, bidirectional=True)
    x, states = randn(T, B, D), [s.detach() for s in start_of(layer)]
    given_ = [x, *states, *layer.parameters()]
    before = [tensor.detach().clone() for tensor in given_]
    hx = tuple(states) if len(states) > 1 else states[0]
    sum((r * r).sum() for r in flat(layer(x, hx))).backward()
    for a, b in zip(given_, before, strict=True):
        assert torch.equal(a, b)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("cell", CELLS)
def test_memory_may_lie_in_any_order(cell, engine):
    """Transposed, sliced and expanded tensors, and gradients that arrive expanded."""
    layer = layer_of(cell, engine)
    wide = randn(B, D, 2 * T)
    x = wide[:, :, ::2].permute(2, 0, 1)
    assert not x.is_contiguous()
    same = randn(1, 1, H).expand(1, B, H)
    hx = (same, same) if cell == "lstm" else same
    output, _ = layer(x, hx)
    copied = (same.contiguous(), same.contiguous()) if cell == "lstm" else same.contiguous()
    torch.testing.assert_close(output, layer(x.contiguous(), copied)[0], **TIGHT)
    parameters = list(layer.parameters())
    expanded = torch.autograd.grad(output.sum(), parameters, retain_graph=True)
    compare(expanded, torch.autograd.grad(output, parameters, torch.ones_like(output)))
