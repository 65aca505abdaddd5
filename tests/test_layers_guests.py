"""The layers in other people's programs: tensors that are not plain, modes, empty batches."""

from __future__ import annotations

import pytest
import torch
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.tensor import DTensor, Replicate, Shard, distribute_tensor
from torch.func import functionalize, hessian, jacfwd, jacrev
from torch.fx.experimental.proxy_tensor import make_fx
from torch.nn.utils import parametrize, prune
from torch.testing._internal.two_tensor import TwoTensor
from torch.utils.flop_counter import FlopCounterMode

import rnnbook
from rnnbook.engines import library, torch_private
from rnnbook.engines.cells import CELLS as RECORDS
from rnnbook.shapes import ShapeError
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
BY_HAND = ["python", pytest.param("compiled", marks=pytest.mark.needs_compiler)]
every_cell = pytest.mark.parametrize("cell", CELLS)
# PyTorch scripts its own rules when its forward mode is first used in a process, and then warns.
TORCH_SCRIPTS_ITS_OWN = pytest.mark.filterwarnings("ignore:.*torch.jit.* is deprecated")


def layer_of(cell, engine="auto", dtype=torch.float64, **options):
    torch.manual_seed(1)
    cls, own = CELLS[cell]
    return cls(D, H, engine=engine, dtype=dtype, **own, **options)


def judge_of(layer):
    """The same layer by the reference engine."""
    torch.manual_seed(1)
    own = {"reset_after": layer.reset_after} if isinstance(layer, rnnbook.GRU) else {}
    own |= {"nonlinearity": layer.nonlinearity} if isinstance(layer, rnnbook.RNN) else {}
    judge = type(layer)(D, H, engine="reference", dtype=layer.weight_ih_l0.dtype, **own)
    judge.load_state_dict(layer.state_dict())
    return judge


def flat(results):
    return (results[0], *(results[1] if isinstance(results[1], tuple) else results[1:2]))


def compare(ours, theirs):
    for a, b in zip(ours, theirs, strict=True):
        torch.testing.assert_close(a, b, **TIGHT)


# Derivatives --------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", [*BY_HAND, "auto"])
@every_cell
def test_many_gradients_at_once_are_the_gradients_one_by_one(cell, engine):
    layer, x = layer_of(cell, engine), randn(T, B, D).requires_grad_()
    inputs = [x, *layer.parameters()]
    for part in range(len(flat(layer(x)))):
        result = flat(layer(x))[part]
        basis = torch.eye(result.numel(), dtype=x.dtype).view(-1, *result.shape)
        many = torch.autograd.grad(result, inputs, basis, retain_graph=True, is_grads_batched=True)
        for k, upstream in enumerate(basis):
            one = torch.autograd.grad(result, inputs, upstream, retain_graph=True)
            compare([m[k] for m in many], one)


@pytest.mark.parametrize("engine", [*BY_HAND, "auto"])
@every_cell
def test_vectorized_jacobians_and_hessians_are_those_of_the_reference(cell, engine):
    layer, x = layer_of(cell, engine), randn(T, B, D)
    judge, functional = judge_of(layer), torch.autograd.functional
    jacobians = [functional.jacobian(lambda x, m=m: m(x)[0], x) for m in (layer, judge)]
    jacobians.append(functional.jacobian(lambda x: layer(x)[0], x, vectorize=True))
    compare(jacobians[1:], jacobians[:-1])
    hessians = [
        functional.hessian(lambda x, m=m: m(x)[0].sin().sum(), x, vectorize=vectorize)
        for m, vectorize in ((layer, True), (judge, False))
    ]
    compare(hessians[:1], hessians[1:])


@TORCH_SCRIPTS_ITS_OWN
@every_cell
def test_auto_finds_an_engine_for_forward_mode(cell):
    layer, x = layer_of(cell), randn(T, B, D)

    def loss(x):
        return layer(x)[0].sin().sum()

    compare([jacfwd(layer)(x)[0]], [jacrev(layer)(x)[0]])
    compare([hessian(loss)(x)], [jacrev(jacrev(loss))(x)])


# Tensors that are not plain -----------------------------------------------------------------------


@pytest.mark.parametrize("place", ["input", "weight_hh_l0", "bias_ih_l0", "state"])
@every_cell
def test_tensor_that_computes_in_its_own_way_is_let_compute(cell, place):
    """A TwoTensor computes twice: with both of its parts."""
    layer, x = layer_of(cell), randn(T, B, D)
    h, other = (randn(1, B, H, seed=s) for s in (5, 6))

    def call(x, h):
        return layer(x, (h, h) if cell == "lstm" else h)[0]

    def with_weight(name, value):
        return torch.func.functional_call(layer, {name: value}, (x,))[0]

    with torch.no_grad():
        if place == "input":
            found, parts = call(TwoTensor(x, x + 1), h), [call(x, h), call(x + 1, h)]
        elif place == "state":
            found, parts = call(x, TwoTensor(h, other)), [call(x, h), call(x, other)]
        else:
            weight = getattr(layer, place).detach()
            found = with_weight(place, TwoTensor(weight, weight + 1))
            parts = [with_weight(place, weight), with_weight(place, weight + 1)]
    compare([found.a, found.b], parts)


@pytest.mark.parametrize("engine", BY_HAND)
def test_engine_that_writes_into_memory_refuses_it_by_name(engine):
    layer, x = layer_of("lstm", engine), randn(T, B, D)
    with pytest.raises(ValueError, match=r"engine: expected .*TwoTensor"):
        layer(TwoTensor(x, x))


@pytest.fixture(scope="module")
def mesh(tmp_path_factory):
    """The devices of a group of one process, over which a DTensor is spread."""
    store = tmp_path_factory.mktemp("group") / "store"
    group = torch.distributed
    group.init_process_group("gloo", init_method=f"file://{store}", rank=0, world_size=1)
    yield init_device_mesh("cpu", (1,))
    group.destroy_process_group()


@pytest.mark.parametrize("placement", [Replicate(), Shard(0)], ids=["copied", "in parts"])
@every_cell
def test_weights_spread_over_devices_give_the_same_and_learn_the_same(mesh, cell, placement):
    layer, spread, x = layer_of(cell), layer_of(cell), randn(T, B, D)
    for name, weight in list(spread.named_parameters()):
        setattr(spread, name, torch.nn.Parameter(distribute_tensor(weight, mesh, [placement])))
    found = spread(distribute_tensor(x, mesh, [Replicate()]))
    assert isinstance(found[0], DTensor)
    expected = layer(x)
    compare([one.full_tensor() for one in flat(found)], flat(expected))
    found[0].sin().sum().backward()
    expected[0].sin().sum().backward()
    gradients = [weight.grad for weight in spread.parameters()]
    assert all(isinstance(one, DTensor) for one in gradients)
    compare([one.full_tensor() for one in gradients], [w.grad for w in layer.parameters()])


@every_cell
def test_program_of_make_fx_computes_with_what_it_is_given(cell):
    layer, x = layer_of(cell), randn(T, B, D)
    for frozen in (False, True):
        layer.requires_grad_(not frozen)
        program = make_fx(lambda x: layer(x)[0])(x)
        compare([program(x + 1)], [layer(x + 1)[0]])


@every_cell
def test_functionalize_gives_the_same_numbers(cell):
    layer, x = layer_of(cell), randn(T, B, D)
    compare([functionalize(lambda x: layer(x)[0])(x)], [layer(x)[0]])


@pytest.mark.parametrize("engine", ["auto", "python", "reference"])
@every_cell
def test_flop_counter_sees_the_products(cell, engine):
    layer, x = layer_of(cell, engine), randn(T, B, D).requires_grad_()
    with FlopCounterMode(display=False) as counter:
        layer(x)[0].sum().backward()
    gates = layer.weight_ih_l0.shape[0]
    assert counter.get_total_flops() == pytest.approx(3 * 2 * T * B * gates * (D + H), rel=0.25)


# Compilers ----------------------------------------------------------------------------------------


@pytest.fixture
def programs():
    """A backend that notes the programs it is given."""
    from torch._dynamo.backends.common import aot_autograd

    made = []

    def note(graph, _):
        made.append(graph)
        return graph.forward

    torch.compiler.reset()
    yield made, aot_autograd(fw_compiler=note, bw_compiler=lambda graph, _: graph.forward)
    torch.compiler.reset()


@TORCH_SCRIPTS_ITS_OWN
@every_cell
def test_one_program_serves_every_number_of_steps_and_sequences(cell, programs):
    made, backend = programs
    layer = layer_of(cell, num_layers=2, bidirectional=True)
    program = torch.compile(layer, fullgraph=True, dynamic=True, backend=backend)
    # At first sizes that no other axis has: what is equal at first is taken to be always equal.
    sizes = [(30, 7), (7, 5), (12, 3), (4, 9), (3, 2), (5, 4), (6, 6), (8, 3), (9, 2), (10, 2)]
    for steps, batch in sizes:
        x = randn(steps, batch, D)
        compare(flat(program(x)), flat(layer(x)))
    assert len(made) == 1


@TORCH_SCRIPTS_ITS_OWN
@every_cell
def test_compiled_backward_does_not_mind_strides(cell):
    torch.compiler.reset()
    layer = layer_of(cell)
    h = randn(1, H, B).transpose(1, 2).requires_grad_()
    x = randn(B, T, D).transpose(0, 1).requires_grad_()
    with torch.no_grad():
        layer.weight_hh_l0.set_(layer.weight_hh_l0.T.contiguous().T)
    hx = (h, h) if cell == "lstm" else h
    results = []
    for module in (torch.compile(layer, fullgraph=True, backend="aot_eager"), layer):
        output = module(x, hx)[0]
        results.append(torch.autograd.grad(output.sin().sum(), [x, h, *layer.parameters()]))
    compare(*results)
    torch.compiler.reset()


# PyTorch's kernels --------------------------------------------------------------------------------


@pytest.fixture
def told(monkeypatch):
    """What PyTorch's kernels are told."""
    calls = []

    def noting(name, kernel):
        def call(*arguments):
            calls.append((name, arguments))
            return kernel(*arguments)

        return call

    kernels = {name: noting(name, kernel) for name, kernel in torch_private.KERNELS.items()}
    monkeypatch.setattr(torch_private, "KERNELS", kernels)
    return calls


KNOWN = ["rnn", "relu", "lstm", "gru after"]


@pytest.mark.parametrize("lengths", [None, (3, 1)], ids=["dense", "ragged"])
@pytest.mark.parametrize("cell", KNOWN)
def test_kernel_is_told_to_keep_what_backward_reads_wherever_there_is_a_gradient(
    cell, lengths, told
):
    """cuDNN's backward pass refuses to run after a forward pass that was not told."""
    layer, x = layer_of(cell, "library"), randn(T, B, D)

    def training():
        layer(x, lengths=lengths)
        ((_, arguments),) = told
        told.clear()
        *_, biased, layers, dropout, train, both = arguments[: -1 if lengths is None else None]
        assert (biased, layers, dropout, both) == (True, 1, 0.0, False)
        return train

    assert training() is True
    with torch.no_grad():
        assert training() is False
    layer.eval()  # as users do who want an input's gradient of a trained model
    assert training() is True
    layer.requires_grad_(False)
    assert training() is False
    x.requires_grad_()
    assert training() is True


@pytest.mark.filterwarnings("ignore:LSTM with projections is not supported with oneDNN")
@pytest.mark.parametrize("options", [{}, {"bias": False}, {"proj_size": 2}], ids=str)
@pytest.mark.parametrize("cell", KNOWN)
def test_weights_of_each_call_lie_in_one_chunk_that_begins_with_them(
    cell, options, told, monkeypatch
):
    """As cuDNN looks for them; ``.to(device)`` flattens them anew."""
    if "proj_size" in options and cell != "lstm":
        options = {}
    flattened = []

    def flatten(weights, stride, inputs, mode, hidden, projection, layers, first, both):
        assert (stride, hidden, layers, both) == (len(weights), H, 1, False)
        assert projection == options.get("proj_size", 0)
        assert inputs == weights[0].shape[1]
        chunk = torch.cat([w.flatten() for w in weights])
        for w, part in zip(weights, chunk.split([w.numel() for w in weights]), strict=True):
            w.set_(part.view_as(w))
        flattened.append(mode)

    monkeypatch.setattr(torch_private, "wants_one_chunk", lambda weights: True)
    monkeypatch.setattr(torch.backends.cudnn.rnn, "get_cudnn_mode", str)  # which needs cuDNN
    monkeypatch.setattr(torch, "_cudnn_rnn_flatten_weight", flatten)
    layer = layer_of(cell, "library", num_layers=2, bidirectional=True, **options)
    layer.to(torch.float32)
    assert len(flattened) == 8  # two layers, two directions, made and moved
    told.clear()
    layer(randn(T, B, D, dtype=torch.float32))
    assert len(told) == 4
    for _, (_, start, weights, *_) in told:
        storages = {w.untyped_storage().data_ptr() for w in weights}
        assert len(storages) == 1
        assert weights[0].data_ptr() in storages
        assert weights[0].untyped_storage().nbytes() == 4 * sum(w.numel() for w in weights)
        for state in start if isinstance(start, tuple) else (start,):
            assert state.is_contiguous()


def test_weights_elsewhere_are_left_where_they_are():
    layer = layer_of("lstm")
    before = [p.data_ptr() for p in layer.parameters()]
    layer.flatten_parameters()
    library.flatten(RECORDS["gru_reset_before"], layer._weights(0, 0))
    assert [p.data_ptr() for p in layer.parameters()] == before


# Devices, empty batches, parametrized biases ------------------------------------------------------


@pytest.mark.parametrize("engine", ["auto", "library", "reference", "python"])
@every_cell
def test_default_device_is_nobodys_business_in_a_call(cell, engine):
    if cell == "gru before" and engine == "library":
        engine = "auto"
    layer, x = layer_of(cell, engine, bidirectional=True), randn(T, B, D)
    pack = torch.nn.utils.rnn.pack_padded_sequence(x, [3, 1])
    expected = [layer(x), layer(x, lengths=[1, 3]), layer(pack)]
    with torch.device("meta"):
        found = [layer(x), layer(x, lengths=[1, 3]), layer(pack)]
    for a, b in zip(found, expected, strict=True):
        compare([flat(a)[0].data, *flat(a)[1:]], [flat(b)[0].data, *flat(b)[1:]])


@pytest.mark.parametrize("engine", ["auto", "library", "reference", "python"])
@every_cell
def test_whatever_a_call_makes_is_made_on_the_layers_device(cell, engine):
    """`meta` stands for a GPU: there an operation with a tensor made on the CPU fails, too."""
    if cell == "gru before" and engine == "library":
        engine = "auto"
    layer = layer_of(cell, engine, num_layers=2, bidirectional=True, device="meta")
    x, h = torch.empty(T, B, D, device="meta"), torch.empty(4, B, H, device="meta")
    x, h = x.double().requires_grad_(), h.double().requires_grad_()
    pack = torch.nn.utils.rnn.PackedSequence(x.flatten(0, 1)[:4], torch.tensor([2, 1, 1]))
    start = (h, h) if cell == "lstm" else h
    for results in (layer(x), layer(x, start), layer(x, start, lengths=[1, 3]), layer(pack)):
        output, *last = flat(results)
        rows = output if isinstance(output, torch.Tensor) else output.data
        assert {s.device.type for s in (rows, *last)} == {"meta"}
        rows.sum().backward()
    for leaf in (x, h, *layer.parameters()):
        assert leaf.grad.device.type == "meta"


@pytest.mark.parametrize("cell", KNOWN)
def test_kernel_is_told_of_the_weights_dtype_under_autocast(cell, told):
    layer, x = layer_of(cell, "library", torch.float32), randn(T, B, D).bfloat16()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        layer(x)
    ((_, (steps, start, weights, *_)),) = told
    states = start if isinstance(start, tuple) else (start,)
    assert {t.dtype for t in (steps, *states, *weights)} == {torch.float32}


@pytest.mark.parametrize("engine", ["auto", "library", "reference", *BY_HAND])
@every_cell
def test_batch_of_no_sequence_is_as_in_torch(cell, engine):
    if cell == "gru before" and engine == "library":
        engine = "auto"
    layer = layer_of(cell, engine, num_layers=2, bidirectional=True)
    cls = {"lstm": torch.nn.LSTM, "rnn": torch.nn.RNN, "relu": torch.nn.RNN}.get(cell, torch.nn.GRU)
    theirs = cls(D, H, 2, bidirectional=True, dtype=torch.float64)
    x = torch.zeros(T, 0, D, dtype=torch.float64)
    compare(flat(layer(x)), flat(theirs(x)))
    assert layer(x, trace=engine == "auto")[0].shape == (T, 0, 2 * H)
    assert layer(x, lengths=[])[0].shape == (T, 0, 2 * H)
    layer(x)[0].sum().backward()
    assert all(p.grad is not None and not p.grad.any() for p in layer.parameters())
    with pytest.raises(RuntimeError, match="at least one step"):  # their type, too
        layer(torch.zeros(0, B, D, dtype=torch.float64))


@pytest.mark.parametrize("lengths", [(0, 3), (2, 0), (0, 0)])
@pytest.mark.parametrize("engine", ["auto", "library", "reference", *BY_HAND])
@every_cell
def test_sequence_of_no_step_gives_zeros_and_keeps_its_initial_state(cell, engine, lengths):
    if cell == "gru before" and engine == "library":
        engine = "auto"
    layer, x = layer_of(cell, engine, bidirectional=True), randn(T, B, D)
    h = [randn(2, B, H, seed=s).requires_grad_() for s in (5, 6)]
    output, state = layer(x, tuple(h) if cell == "lstm" else h[0], lengths=lengths)
    states = state if isinstance(state, tuple) else (state,)
    for k, length in enumerate(lengths):
        assert not output[length:, k].any()
        if length == 0:
            compare([s[:, k] for s in states], [s[:, k] for s, _ in zip(h, states, strict=False)])
        else:
            one = tuple(s[:, k] for s in h) if cell == "lstm" else h[0][:, k]
            compare([output[:length, k]], [layer(x[:length, k], one)[0]])
    (output.sum() + states[-1].sum()).backward()
    assert h[len(states) - 1].grad.isfinite().all()
    assert all(p.grad is not None for p in layer.parameters())


def test_batch_of_no_step_is_taken_with_lengths():
    layer, x = layer_of("lstm"), torch.zeros(0, B, D, dtype=torch.float64)
    output, (h, _) = layer(x, lengths=[0] * B)
    assert output.shape == (0, B, H)
    assert not h.any()


class Doubled(torch.nn.Module):
    def forward(self, x):
        return 2 * x

    def right_inverse(self, x):
        return x / 2


@pytest.mark.parametrize("how", ["parametrized", "pruned"])
@pytest.mark.parametrize("options", [{"forget_bias": 1.5}, {"chrono": 50}], ids=str)
@pytest.mark.parametrize(("cell", "keep"), [("lstm", 1), ("gru before", 1)])
def test_memory_at_first_survives_a_bias_that_is_not_plain(cell, keep, options, how):
    layer, names = layer_of(cell, **options), ("bias_ih_l0", "bias_hh_l0")
    for name in names:
        if how == "pruned":
            prune.identity(layer, name)
        else:
            parametrize.register_parametrization(layer, name, Doubled())
    torch.nn.init.zeros_(layer.get_parameter("weight_ih_l0"))
    layer.reset_parameters()
    layer(randn(T, B, D))  # a pruned parameter is made by a hook of the call
    first, second = (getattr(layer, name).unflatten(0, (-1, H))[keep] for name in names)
    assert not second.any()
    if "forget_bias" in options:
        assert torch.equal(first, torch.full_like(first, 1.5))
    else:
        assert (first >= 0).all()
        assert first.max() > 0.5


# What else stands around torch.nn's layers --------------------------------------------------------


def test_shape_error_is_what_code_around_torch_catches():
    for error in (RuntimeError, ValueError):
        with pytest.raises(error) as caught:
            layer_of("lstm")(torch.zeros(T, B, D + 1, dtype=torch.float64))
        assert isinstance(caught.value, ShapeError)


@pytest.mark.parametrize("lengths", [[3, 1], torch.tensor([3, 1])], ids=["list", "tensor"])
@every_cell
def test_lengths_by_position_are_told_their_name(cell, lengths):
    with pytest.raises(TypeError, match=r"hx.*lengths are given by name, lengths="):
        layer_of(cell)(randn(T, B, D), lengths)


class Model(torch.nn.Module):
    def __init__(self, layer):
        super().__init__()
        self.layer, self.head = layer, torch.nn.Linear(H, 1, dtype=torch.float64)

    def forward(self, x):
        return self.head(self.layer(x)[0]).relu()


@every_cell
def test_fx_takes_a_layer_as_a_leaf(cell):
    model, x = Model(layer_of(cell)), randn(T, B, D)
    traced = torch.fx.symbolic_trace(model)
    calls = [node.target for node in traced.graph.nodes if node.op == "call_module"]
    assert calls == ["layer", "head"]
    compare([traced(x)], [model(x)])
    with pytest.raises(torch.fx.proxy.TraceError, match=r"torch\.fx: expected a model"):
        torch.fx.symbolic_trace(model.layer)


@pytest.mark.parametrize("engine", [*BY_HAND, "reference"])
@every_cell
def test_output_changed_in_place_is_noticed_and_not_silently_wrong(cell, engine):
    layer, x = layer_of(cell, engine), randn(T, B, D)
    plain = torch.autograd.grad(layer(x)[0].relu().sum(), list(layer.parameters()))
    output = layer(x)[0]
    try:
        changed = torch.autograd.grad(output.relu_().sum(), list(layer.parameters()))
    except RuntimeError as error:
        assert "modified by an inplace operation" in str(error)  # noqa: PT017 (or it is right)
    else:
        compare(changed, plain)


def test_modules_of_the_package_need_no_import_of_their_own():
    assert rnnbook.convert.from_torch(torch.nn.LSTM(D, H)).hidden_size == H
    with pytest.raises(AttributeError, match="no attribute 'convertt'"):
        rnnbook.convertt  # noqa: B018
