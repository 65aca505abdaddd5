"""`rnnbook.record`: what models that nobody changed show, and that they compute as ever."""

from __future__ import annotations

import pytest
import torch
from torch.nn.utils import parametrizations
from torch.nn.utils.rnn import pack_padded_sequence

import rnnbook
from tests.problems import randn
from tests.test_layers import (
    FLOAT64,
    as_tuple,
    gru_after_step,
    gru_before_step,
    lstm_step,
    rnn_step,
    start_of,
    traced_by_hand,
)

T, B, D, H = 5, 4, 3, 4
LENGTHS = (3, 5, 1, 4)


def relu_step(x, h, C, w_ih, w_hh, b_ih, b_hh):
    return {"h": torch.rnn_relu_cell(x[None], h[None], w_ih, w_hh, b_ih, b_hh)[0]}


KINDS = {
    "torch rnn": (torch.nn.RNN, {}, rnn_step),
    "torch relu": (torch.nn.RNN, {"nonlinearity": "relu"}, relu_step),
    "torch lstm": (torch.nn.LSTM, {}, lstm_step),
    "torch gru": (torch.nn.GRU, {}, gru_after_step),
    "our rnn": (rnnbook.RNN, {}, rnn_step),
    "our lstm": (rnnbook.LSTM, {}, lstm_step),
    "our lstm by PyTorch's kernel": (rnnbook.LSTM, {"engine": "library"}, lstm_step),
    "our gru": (rnnbook.GRU, {}, gru_before_step),
    "our gru after": (rnnbook.GRU, {"reset_after": True}, gru_after_step),
}


def make(kind, layers=2, **options):
    cls, more, step = KINDS[kind]
    torch.manual_seed(1)
    return cls(D, H, layers, dtype=torch.float64, **more, **options), step


class Around(torch.nn.Module):
    """A model that nobody wrote for this."""

    def __init__(self, layer):
        super().__init__()
        self.body = torch.nn.ModuleDict({"layer": layer})
        self.head = torch.nn.Linear(H * (1 + layer.bidirectional), 1, dtype=torch.float64)

    def forward(self, x, hx=None):
        output, state = self.body["layer"](x, hx)
        return self.head(output.data if not isinstance(output, torch.Tensor) else output), state


@pytest.mark.parametrize("layout", ["plain", "batch_first", "unbatched", "packed"])
@pytest.mark.parametrize("kind", KINDS)
def test_traces_of_a_model_are_those_computed_step_by_step(kind, layout):
    layer, step = make(kind, bidirectional=True, batch_first=layout == "batch_first")
    model = Around(layer)
    x, start, lengths = randn(T, B, D), start_of(layer), (T,) * B
    given, hx = x, start
    if layout == "unbatched":
        given = x[:, 0]
        hx = tuple(s[:, 0] for s in start) if isinstance(start, tuple) else start[:, 0]
        x, lengths, start = x[:, :1], (T,), tuple(s[:, :1] for s in as_tuple(start))
    elif layout == "batch_first":
        given = x.transpose(0, 1)
    elif layout == "packed":
        lengths = LENGTHS
        given = pack_padded_sequence(x, torch.tensor(lengths), enforce_sorted=False)
    plain, plain_state = model(given, hx)
    with rnnbook.record(model) as traces:
        output, state = model(given, hx)
    assert torch.equal(output, plain)
    assert all(map(torch.equal, as_tuple(state), as_tuple(plain_state)))
    assert list(traces) == ["body.layer"]
    (trace,) = traces["body.layer"]
    expected = traced_by_hand(layer, step, x, as_tuple(start), lengths)
    assert set(trace._fields) == set(expected)
    for name, by_hand in expected.items():
        if layout == "unbatched":
            by_hand = by_hand.squeeze(3)
        elif layout == "batch_first":
            by_hand = by_hand.transpose(2, 3)
        value = getattr(trace, name)
        assert not value.requires_grad
        torch.testing.assert_close(value, by_hand, msg=lambda m, n=name: f"{n}: {m}", **FLOAT64)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_a_recorded_model_computes_the_same_bits_and_gradients(kind, dtype):
    layer, _ = make(kind, bidirectional=True, dropout=0.5)
    model, x = Around(layer).to(dtype), randn(T, B, D, dtype=dtype)

    def numbers():
        torch.manual_seed(5)
        output, state = model(x)
        loss = output.sum() + sum(s.square().sum() for s in as_tuple(state))
        return [
            output,
            *as_tuple(state),
            *torch.autograd.grad(loss, list(model.parameters())),
            torch.rand(3),  # what is drawn afterwards
        ]

    plain = numbers()
    with rnnbook.record(model):
        recorded = numbers()
    assert all(map(torch.equal, recorded, plain))
    assert all(map(torch.equal, numbers(), plain))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("batch_first", [False, True])
def test_the_same_values_are_dropped_in_a_trace_as_in_the_model(kind, batch_first):
    layer, _ = make(kind, layers=3, dropout=0.5, batch_first=batch_first)
    with rnnbook.record(layer) as traces:
        output, state = layer(randn(T, B, D))
    (trace,) = traces[""]
    torch.testing.assert_close(trace.h[-1, 0], output, **FLOAT64)
    last = as_tuple(state)[0]
    axis = 2 if batch_first else 1
    torch.testing.assert_close(trace.h[:, 0].select(axis, -1), last, **FLOAT64)


def test_dropout_that_cannot_be_repeated_is_refused(monkeypatch):
    layer = torch.nn.LSTM(D, H, 2, dropout=0.5)
    monkeypatch.setattr(torch, "set_rng_state", lambda state: torch.manual_seed(0))
    with rnnbook.record(layer), pytest.raises(RuntimeError, match=r"expected a model in eval.*"):
        layer(torch.randn(T, B, D))
    assert not layer._forward_hooks
    assert not layer._forward_pre_hooks


@pytest.mark.parametrize("kind", KINDS)
def test_gradients_flow_through_traces_on_request(kind):
    """Compared with finite differences of what is traced without them."""
    layer, _ = make(kind, bidirectional=True)
    x = randn(3, 2, D).requires_grad_()
    names = [name for name, _ in layer.named_parameters()]

    def traced(x, *parameters):
        weights = dict(zip(names, parameters, strict=True))
        with rnnbook.record(layer, gradients=True) as traces:
            torch.func.functional_call(layer, weights, (x,))
        return tuple(traces[""][0])

    assert all(quantity.requires_grad for quantity in traced(x, *layer.parameters()))
    inputs = (x, *(p.detach().requires_grad_() for p in layer.parameters()))
    assert torch.autograd.gradcheck(traced, inputs, fast_mode=True)
    with torch.no_grad():
        assert not any(quantity.requires_grad for quantity in traced(x, *layer.parameters()))


@pytest.mark.parametrize("kind", ["our lstm", "our gru", "our gru after", "our rnn"])
@pytest.mark.parametrize("engine", ["auto", "reference", "python"])
def test_a_layer_gives_traces_through_which_gradients_flow(kind, engine):
    layer, _ = make(kind, bidirectional=True)
    layer.engine = engine
    x = randn(T, B, D).requires_grad_()
    lengths = list(LENGTHS)
    detached = layer(x, lengths=lengths, trace=True)[2]
    trace = layer(x, lengths=lengths, trace="differentiable")[2]
    for a, b in zip(trace, detached, strict=True):
        assert a.requires_grad
        assert not b.requires_grad
        torch.testing.assert_close(a, b, rtol=0, atol=1e-12)
    assert torch.autograd.gradcheck(
        lambda x: tuple(layer(x, lengths=lengths, trace="differentiable")[2]), x, fast_mode=True
    )


class Twice(torch.nn.Module):
    """Two layers, one of them called several times; a third one never."""

    def __init__(self):
        super().__init__()
        self.encoder = torch.nn.GRU(D, H, dtype=torch.float64)
        self.decoder = rnnbook.LSTM(H, H, dtype=torch.float64)
        self.idle = torch.nn.RNN(D, H)
        self.same = self.encoder

    def forward(self, x):
        x, _ = self.encoder(input=x)
        state = None
        for step in x:
            _, state = self.decoder(step[None], hx=state)
        return state[0]


def test_every_call_of_every_layer_has_its_trace():
    model, x = Twice(), randn(T, B, D)
    with rnnbook.record(model) as traces:
        assert traces == {"encoder": [], "decoder": [], "idle": []}
        last = model(x)
        model(x)
    assert [len(of_layer) for of_layer in traces.values()] == [2, 2 * T, 0]
    torch.testing.assert_close(traces["decoder"][T - 1].h[0, 0], last.detach(), **FLOAT64)
    steps = torch.stack([trace.C[0, 0, 0] for trace in traces["decoder"][:T]])
    whole = model.decoder(model.encoder(x)[0], trace=True)[2].C[0, 0]
    torch.testing.assert_close(steps, whole, **FLOAT64)
    model(x)
    assert len(traces["encoder"]) == 2, "recorded after the end"


def test_records_in_one_another_see_the_same():
    model, x = Twice(), randn(T, B, D)
    with rnnbook.record(model) as outer, rnnbook.record(model.decoder) as inner:
        model(x)
    assert len(inner[""]) == len(outer["decoder"]) == T
    assert torch.equal(inner[""][0].f, outer["decoder"][0].f)


def test_the_models_own_hooks_and_parametrizations_are_respected():
    layer = parametrizations.weight_norm(torch.nn.LSTM(D, H, dtype=torch.float64), "weight_hh_l0")
    layer.register_forward_pre_hook(lambda module, inputs: (2 * inputs[0],))
    layer.register_forward_hook(lambda module, inputs, output: (output[0] + 1, output[1]))
    x = randn(T, B, D)
    with rnnbook.record(layer) as traces:
        output, _ = layer(x)
    torch.testing.assert_close(traces[""][0].h[0, 0], output.detach() - 1, **FLOAT64)


def test_a_layer_with_a_forward_of_its_own_is_left_out():
    class Mine(torch.nn.LSTM):
        def forward(self, input, hx=None):
            return super().forward(2 * input, hx)

    class Ours(rnnbook.GRU):
        def forward(self, input):
            return super().forward(2 * input)

    model = torch.nn.ModuleList([Mine(D, H), Ours(D, H), torch.nn.GRU(D, H)])
    with rnnbook.record(model) as traces:
        assert list(traces) == ["2"]


def test_what_cannot_be_recorded_is_refused():
    with pytest.raises(ValueError, match="model: expected one that holds an RNN, LSTM or GRU"):
        rnnbook.record(torch.nn.Linear(2, 2)).__enter__()
    with pytest.raises(TypeError, match=r"model: expected a torch\.nn\.Module, given function"):
        rnnbook.record(make).__enter__()
    with pytest.raises(TypeError, match="gradients: expected a bool, given int"):
        rnnbook.record(torch.nn.LSTM(2, 2), gradients=1).__enter__()
    model = torch.nn.ModuleList([torch.nn.LSTM(D, H, proj_size=2)])
    with pytest.raises(ValueError, match=r"^0: expected proj_size=0, .* given 2$"):
        rnnbook.record(model).__enter__()


def test_an_error_of_the_model_goes_through_and_leaves_no_hook():
    layer = torch.nn.LSTM(D, H)
    with pytest.raises(RuntimeError, match=r"input\.size"), rnnbook.record(layer):
        layer(torch.randn(T, B, D + 1))
    assert not layer._forward_hooks
    assert not layer._forward_pre_hooks
