"""The orders of the gates are those that the peers themselves write down.

That weights so ordered compute the same numbers is tested in test_convert.py.
"""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import hypothesis.strategies as st
import onnx
import pytest
import torch
from hypothesis import given

from rnnbook import gru, layouts, lstm

KERAS = Path(importlib.util.find_spec("keras").origin).parent / "src" / "layers" / "rnn"


@pytest.mark.parametrize("family", layouts.ORDERS)
def test_every_convention_has_every_gate_once(family: str) -> None:
    orders = layouts.ORDERS[family].values()
    assert {"".join(sorted(order)) for order in orders} == {"".join(sorted(next(iter(orders))))}
    assert all(len(set(order)) == len(order) for order in orders)


@pytest.mark.parametrize("family", ["lstm", "gru"])
def test_onnxs_orders_are_those_of_its_schemas(family: str) -> None:
    said = {i.name: i.description for i in onnx.defs.get_schema(family.upper(), 22).inputs}
    order = layouts.ORDERS[family]["onnx"]
    assert f"`W[{order}]` and `WB[{order}]`" in said["W"]
    assert f"`R[{order}]` and `RB[{order}]`" in said["R"]
    assert f"`[Wb[{order}], Rb[{order}]]`" in said["B"]  # both biases, one after the other


def test_pytorchs_orders_are_those_of_its_documentation() -> None:
    said = {}
    for module, word in ((torch.nn.LSTM, "lstm"), (torch.nn.GRU, "gru")):
        said[word] = "".join(re.search(r"\(((?:W_i\w\|)+W_i\w)\)", module.__doc__)[1].split("|W_i"))
    # PyTorch writes g for the candidate of the LSTM, and n for that of the GRU.
    assert said["lstm"].removeprefix("W_i").replace("g", "c") == layouts.ORDERS["lstm"]["torch"]
    assert said["gru"].removeprefix("W_i").replace("n", "h") == layouts.ORDERS["gru"]["torch"]


def test_keras_orders_are_those_of_its_source() -> None:
    split = re.search(
        r"k_(\w), k_(\w), k_(\w), k_(\w) = ops\.split", (KERAS / "lstm.py").read_text()
    )
    assert "".join(split.groups()) == layouts.ORDERS["lstm"]["keras"]
    split = re.search(r"x_(\w), x_(\w), x_(\w) = ops\.split", (KERAS / "gru.py").read_text())
    assert "".join(split.groups()) == layouts.ORDERS["gru"]["keras"]


def test_the_posts_orders_are_those_of_its_parameters() -> None:
    for family, names in {"lstm": lstm.PARAMS, "gru": gru.PARAMS}.items():
        order = "".join(name.removeprefix("b_") for name in names[2:-2:3])
        assert order == layouts.ORDERS[family]["post"]


def test_the_modules_table_shows_the_orders() -> None:
    for family in ("lstm", "gru"):
        line = re.search(rf"(?m)^{family.upper()} .*", layouts.__doc__)[0]
        shown = [cell.replace(" ", "") for cell in re.split(r"\s{2,}", line)[1:]]
        assert shown == [
            layouts.ORDERS[family][peer] for peer in ("post", "torch", "keras", "onnx")
        ]


@given(
    st.sampled_from(sorted(layouts.ORDERS)),
    st.sampled_from(["post", "torch", "keras", "onnx"]),
    st.sampled_from(["post", "torch", "keras", "onnx"]),
    st.integers(1, 4),
    st.integers(0, 1),
)
def test_reordering_forth_and_back_is_the_identity(family, first, second, size, axis) -> None:
    gates = len(layouts.ORDERS[family][first])
    generator = torch.Generator().manual_seed(size)
    stacked = torch.randn(gates * size, gates * size, generator=generator)
    there = layouts.reorder(stacked, family, first, second, axis)
    assert torch.equal(layouts.reorder(there, family, second, first, axis), stacked)
    for place, gate in enumerate(layouts.ORDERS[family][second]):
        origin = layouts.ORDERS[family][first].index(gate)
        assert torch.equal(there.chunk(gates, axis)[place], stacked.chunk(gates, axis)[origin])
