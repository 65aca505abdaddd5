"""`rnnbook.swap`: whole models with our layers in the places of PyTorch's, and back."""

from __future__ import annotations

import copy

import pytest
import torch
from torch.nn.utils import prune

import rnnbook
from rnnbook import convert
from tests.problems import randn

T, B, D, H = 5, 4, 3, 4
OURS = {torch.nn.RNN: rnnbook.RNN, torch.nn.LSTM: rnnbook.LSTM, torch.nn.GRU: rnnbook.GRU}


class Model(torch.nn.Module):
    """Three kinds of layers, one of them in two places, and parameters that two modules share."""

    def __init__(self, dtype=torch.float64):
        super().__init__()
        options = {"dtype": dtype}
        self.body = torch.nn.ModuleList(
            [
                torch.nn.LSTM(D, H, 2, bidirectional=True, dropout=0.5, **options),
                torch.nn.GRU(2 * H, H, bias=False, **options),
            ]
        )
        self.again = torch.nn.Sequential(torch.nn.RNN(H, H, nonlinearity="relu", **options))
        self.same = self.again[0]
        self.tied = torch.nn.RNN(H, H, **options)
        self.tied.weight_ih_l0 = self.same.weight_hh_l0
        self.tied.weight_hh_l0 = self.same.weight_hh_l0
        self.head = torch.nn.Linear(H, 1, **options)
        self.same.bias_hh_l0.requires_grad_(False)

    def forward(self, x):
        for layer in (*self.body, self.again[0], self.same, self.tied):
            x, _ = layer(x)
        return self.head(x)


def model_of(seed=1, **options):
    torch.manual_seed(seed)
    return Model(**options)


def kinds(model):
    return {name: type(module) for name, module in model.named_modules(remove_duplicate=False)}


def identities(model):
    parameters = model.named_parameters(remove_duplicate=False)
    return {name: (id(p), p.requires_grad) for name, p in parameters}


def test_our_layers_take_the_places_of_pytorchs_and_give_them_back() -> None:
    model, x = model_of(), randn(T, B, D)
    before, parameters, state = kinds(model), identities(model), list(model.state_dict())
    model.body[1].eval()
    torch.manual_seed(4)
    wanted = model(x)
    assert rnnbook.swap(model) is model
    for name, kind in before.items():
        assert kinds(model)[name] is OURS.get(kind, kind)
    assert model.body[1].reset_after
    assert model.again[0] is model.same
    assert identities(model) == parameters
    assert list(model.state_dict()) == state
    assert (model.body[0].training, model.body[1].training) == (True, False)
    torch.manual_seed(4)  # PyTorch drops the same values
    torch.testing.assert_close(model(x), wanted, rtol=0, atol=1e-12)

    rnnbook.swap(model, to="torch.nn")
    assert kinds(model) == before
    assert identities(model) == parameters
    torch.manual_seed(4)
    assert torch.equal(model(x), wanted)


def test_an_optimiser_goes_on_with_the_parameters_it_has() -> None:
    x = randn(T, B, D)
    theirs, ours = model_of().eval(), model_of().eval()
    losses = []
    for model in (theirs, ours):
        optimiser = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], lr=0.05)
        losses.append([])
        for step in range(6):
            if model is ours and step in (2, 4):
                rnnbook.swap(model, to="rnnbook" if step == 2 else "torch.nn")
            optimiser.zero_grad()
            loss = (model(x) - 1).square().mean()
            loss.backward()
            optimiser.step()
            losses[-1].append(loss.item())
    assert losses[0][-1] < losses[0][0]
    assert losses[1] == pytest.approx(losses[0], abs=1e-10)


def test_a_layer_alone_is_returned_and_shares_its_parameters() -> None:
    theirs = torch.nn.GRU(D, H, dtype=torch.float64)
    ours = rnnbook.swap(theirs)
    assert type(ours) is rnnbook.GRU
    assert ours.weight_hh_l0 is theirs.weight_hh_l0
    assert rnnbook.swap(ours, to="torch.nn").weight_hh_l0 is theirs.weight_hh_l0
    x = randn(T, B, D)
    torch.testing.assert_close(ours(x), theirs(x), rtol=0, atol=1e-12)


def test_hooks_change_places_too() -> None:
    model = torch.nn.Sequential(torch.nn.LSTM(D, H))
    seen = []
    model[0].register_forward_hook(lambda module, inputs, output: seen.append(type(module)))
    model(torch.randn(T, B, D))
    rnnbook.swap(model)(torch.randn(T, B, D))
    assert seen == [torch.nn.LSTM, rnnbook.LSTM]


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float32])
def test_dtype_and_device_are_kept(dtype: torch.dtype) -> None:
    model = rnnbook.swap(model_of(dtype=dtype))
    assert {p.dtype for p in model.parameters()} == {dtype}
    on_meta = rnnbook.swap(torch.nn.Sequential(torch.nn.LSTM(D, H, device="meta")))
    assert on_meta[0].weight_ih_l0.is_meta


def test_dropout_of_a_single_layer_was_warned_of_before() -> None:
    with pytest.warns(UserWarning, match="dropout option adds dropout"):
        model = torch.nn.Sequential(torch.nn.LSTM(D, H, dropout=0.5))
    assert rnnbook.swap(model)[0].dropout == 0.5


def test_a_subclass_stays_where_it_is() -> None:
    class Mine(torch.nn.LSTM):
        pass

    model = torch.nn.ModuleList([Mine(D, H), torch.nn.LSTM(D, H)])
    rnnbook.swap(model)
    assert [type(layer) for layer in model] == [Mine, rnnbook.LSTM]


def test_what_cannot_change_places_is_refused_before_anything_is_changed() -> None:
    model = model_of()
    prune.l1_unstructured(model.tied, "bias_ih_l0", 0.5)
    before = kinds(model)
    with pytest.raises(ValueError, match=r"^tied: expected plain parameters, given bias_ih_l0_o"):
        rnnbook.swap(model)
    assert kinds(model) == before
    ours = torch.nn.ModuleList([rnnbook.LSTM(D, H), rnnbook.GRU(D, H)])
    with pytest.raises(ValueError, match=r"^1: expected a GRU with reset_after=True"):
        rnnbook.swap(ours, to="torch.nn")
    assert type(ours[0]) is rnnbook.LSTM
    with pytest.raises(ValueError, match=r"that holds an RNN, LSTM or GRU of torch\.nn"):
        rnnbook.swap(ours)
    with pytest.raises(ValueError, match=r"to: expected one of rnnbook, torch\.nn; given 'keras'"):
        rnnbook.swap(model, to="keras")
    with pytest.raises(TypeError, match=r"model: expected a torch\.nn\.Module, given str"):
        rnnbook.swap("model")


def test_from_torch_copies_a_whole_model() -> None:
    model, x = model_of().eval(), randn(T, B, D)
    before, wanted = copy.deepcopy(model.state_dict()), model(x)
    ours = convert.from_torch(model)
    assert type(ours.body[0]) is rnnbook.LSTM
    assert type(model.body[0]) is torch.nn.LSTM
    torch.testing.assert_close(ours(x), wanted, rtol=0, atol=1e-12)
    with torch.no_grad():
        for p in ours.parameters():
            p.zero_()
    assert all(torch.equal(model.state_dict()[name], value) for name, value in before.items())
    assert ours.tied.weight_ih_l0 is ours.same.weight_hh_l0


def test_from_torch_refuses_a_model_without_recurrent_layers() -> None:
    with pytest.raises(TypeError, match=r"or a model that holds one, given Linear"):
        convert.from_torch(torch.nn.Linear(2, 2))
