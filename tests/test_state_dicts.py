"""A GRU's weights say which GRU they belong to."""

from __future__ import annotations

import io
import warnings

import pytest
import torch

import rnnbook

WORDS = {
    "after": r"after the product, such as torch\.nn\.GRU, .* resets before it.*reset_after=T",
    "before": r"resets before the product, and this layer resets after it .*reset_after=False",
}


def saved(module: torch.nn.Module) -> dict:
    file = io.BytesIO()
    torch.save(module.state_dict(), file)
    file.seek(0)
    return torch.load(file)


@pytest.mark.parametrize("through", ["memory", "a file"])
@pytest.mark.parametrize(
    ("source", "target", "said"),
    [
        ("torch", "before", "after"),
        ("after", "before", "after"),
        ("before", "after", "before"),
        ("before", "before", None),
        ("after", "after", None),
        ("torch", "after", None),
        ("before", "torch", None),
    ],
)
def test_weights_of_another_gru_are_loaded_and_warned_of(source, target, said, through) -> None:
    make = {
        "torch": lambda: torch.nn.GRU(3, 4, 2),
        "before": lambda: rnnbook.GRU(3, 4, 2),
        "after": lambda: rnnbook.GRU(3, 4, 2, reset_after=True),
    }
    weights = torch.nn.Sequential(make[source]())
    model = torch.nn.Sequential(make[target]())
    state = saved(weights) if through == "a file" else weights.state_dict()
    if said:
        with pytest.warns(UserWarning, match=f"^0: these weights .*{WORDS[said]}") as found:
            model.load_state_dict(state)
        assert len(found) == 1
    else:
        with warnings.catch_warnings(action="error"):
            model.load_state_dict(state)
    assert all(map(torch.equal, model.state_dict().values(), weights.state_dict().values()))


def test_a_layer_alone_is_named_by_its_class() -> None:
    with pytest.warns(UserWarning, match=r"^rnnbook\.GRU: these weights"):
        rnnbook.GRU(3, 4).load_state_dict(torch.nn.GRU(3, 4).state_dict())


def test_weights_that_say_nothing_are_loaded_without_a_word() -> None:
    """A plain dict, such as safetensors gives, tells no version."""
    rnnbook.GRU(3, 4).load_state_dict(dict(torch.nn.GRU(3, 4).state_dict()))


def test_a_part_of_a_model_without_the_gru_is_no_reason_to_warn() -> None:
    model = torch.nn.ModuleDict({"gru": rnnbook.GRU(3, 4), "out": torch.nn.Linear(4, 1)})
    state = torch.nn.ModuleDict({"gru": torch.nn.GRU(3, 4), "out": model["out"]}).state_dict()
    for name in [name for name in state if name.startswith("gru")]:
        del state[name]
    model.load_state_dict(state, strict=False)
