"""Chapter 9's streams against plain loops, its networks against PyTorch, Keras and ONNX."""

from __future__ import annotations

import pytest
import torch

from rnnbook.convert import from_post
from rnnbook.experiments import conventions
from rnnbook.experiments.choosing import (
    ARMS,
    RESETS,
    right,
    stored_chooser,
    trace,
    train_choosers,
)
from rnnbook.gru import gru_step
from rnnbook.worlds.choosing import choose_receiver, choose_source

OTHER = "source: reset after"


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def test_the_answer_copies_the_register_that_is_named():
    x, answers = choose_source(60, 15, seeded())
    assert x.shape == (15, 60, 5)
    for n in range(60):
        held = {"a": 0.0, "b": 0.0, "answer": 0.0}
        for t in range(15):
            sign, *told = x[t, n].tolist()
            (command,) = (k for k, one in enumerate(told) if one)
            assert t > 1 or command == t
            if command < 2:
                held["ab"[command]] = sign
            else:
                held["answer"] = held["ab"[command - 2]]
            assert answers[t, n, 0] == held["answer"]
    assert x[2:, :, 1:].mean((0, 1)).sub(0.25).abs().max() < 0.06


def test_each_answer_takes_the_register_or_the_sign():
    x, answers = choose_receiver(60, 15, seeded())
    for n in range(60):
        register, held = 0.0, [0.0, 0.0]
        for t in range(15):
            sign, store, *listens = x[t, n].tolist()
            if store:
                assert listens == [0, 0]
                register = sign
            else:
                held = [register if one else sign for one in listens]
            assert answers[t, n].tolist() == held
        assert x[0, n, 1] == 1
    assert 0.25 < x[1:, :, 1].mean() < 0.42


@pytest.mark.parametrize("reset", RESETS)
def test_networks_side_by_side_compute_the_packages_gru(reset):
    _, D, Q = (choose_receiver, 4, 2)
    N, H, T, B = 3, 4, 6, 5
    sizes = {"W_x": (D, 3 * H), "W_h": (H, 3 * H), "b": (3 * H,), "W_q": (H, Q), "b_q": (Q,)}
    weights = {name: torch.randn(N, *size).double() for name, size in sizes.items()}
    x = torch.randn(N, T, B, D).double()
    mixed = [RESETS[(RESETS.index(reset) + n) % 3] for n in range(N)]
    first = trace(mixed, weights, x)["answer"][0]
    every = trace([reset], weights, x)["answer"]
    torch.testing.assert_close(first, every[0], rtol=0, atol=1e-12)
    for n in range(N):
        parts = [list(weights[name][n].chunk(3, -1)) for name in ("W_x", "W_h", "b")]
        if reset == "none":
            parts[2][1] = torch.full_like(parts[2][1], 60.0)  # r = 1 to the last bit
            parts[0][1], parts[1][1] = 0 * parts[0][1], 0 * parts[1][1]
        params = [part[k] for k in range(3) for part in parts]
        h = torch.zeros(B, H).double()
        for t in range(T):
            h = gru_step(x[n, t], h, *params, reset_after=reset == "after")
            theirs = h @ weights["W_q"][n] + weights["b_q"][n]
            torch.testing.assert_close(every[n, t], theirs, rtol=0, atol=1e-12)


def test_reset_after_is_torch_nn_gru():
    weights = stored_chooser()
    parts = [weights[name][0].chunk(3, -1) for name in ("W_x", "W_h", "b")]
    z, r, c = ([part[k] for part in parts] for k in range(3))
    theirs = torch.nn.GRU(5, 3).double().requires_grad_(False)
    theirs.weight_ih_l0[:] = torch.cat([gate[0] for gate in (r, z, c)], 1).T
    theirs.weight_hh_l0[:] = torch.cat([gate[1] for gate in (r, z, c)], 1).T
    theirs.bias_ih_l0[:] = torch.cat([gate[2] for gate in (r, z, c)])
    theirs.bias_hh_l0[:] = 0
    x, _ = choose_source(7, 12, seeded())
    ours = trace(["after"], weights, x[None].double())["h"][0]
    torch.testing.assert_close(ours, theirs(x.double())[0], rtol=0, atol=1e-12)
    layer = from_post([*z, *r, *c])
    before = trace(["before"], weights, x[None].double())["h"][0]
    torch.testing.assert_close(before, layer[0](x.double())[0], rtol=0, atol=1e-12)


def test_training_learns_where_the_gate_fits_and_repeats_itself():
    runs = train_choosers([("source: reset before", 0, 0.1), (OTHER, 1, 0.03)], steps=60)
    again = train_choosers([(OTHER, 1, 0.03)], steps=60)
    assert runs[1].accuracy == pytest.approx(again[0].accuracy, abs=0.02)
    assert runs[0].curve[-1] < 0.9 * runs[0].curve[0]
    starts = {
        arm: train_choosers([(arm, 3, 0.01)], steps=1)[0].weights["W_h"]
        for arm in ARMS
        if arm.startswith("receiver")
    }
    first = starts.pop("receiver: reset before")
    for other in starts.values():
        torch.testing.assert_close(first, other, rtol=0, atol=0.03)


def test_an_unknown_arm_is_named():
    with pytest.raises(ValueError, match="model: expected one of source: reset before"):
        train_choosers([("source: before", 0, 0.1)])
    with pytest.raises(ValueError, match="expected arms of one task"):
        train_choosers([(arm, 0, 0.1) for arm in ARMS])


def test_the_stored_network_is_right_as_it_was_trained_and_only_so():
    x, y = choose_source(2000, 16, seeded(99))
    found = {reset: right(reset, stored_chooser(), x, y) for reset in RESETS}
    assert found["before"] > 0.999
    assert found["after"] < 0.8
    assert found["none"] < 0.8


# --- who computes which --------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore:__array__:DeprecationWarning")
@pytest.mark.parametrize("who", conventions.ROWS)
def test_each_library_computes_the_form_that_is_stored(who):
    found, stored = conventions.differences(who), conventions.stored_differences()[who]
    for form in ("before", "after"):
        assert (found[form] < 1e-6) == (stored[form] < 1e-6)
        assert found[form] < 1e-6 or found[form] > 0.1
    assert sum(value < 1e-6 for value in stored.values()) == 1


def test_an_unknown_library_is_named():
    with pytest.raises(ValueError, match="who: expected one of the post's code"):
        conventions.differences("cuDNN")
