r"""Who resets before the product and who after it: the same numbers given to each. Chapter 9.

Every row runs a GRU of another library, or of the post, on the same weights, and compares its last
hidden state with equations (7) to (10) in both forms. There is no bias beside :math:`U`, so that
both forms can be given the same numbers. Keras and ONNX are imported only when they are run.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import platform
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from rnnbook import layouts
from rnnbook.experiments import stored_results
from rnnbook.gru import PARAMS, gru, gru_step
from rnnbook.layouts import Weights

T, B, D, H = 6, 5, 3, 4
"""Steps, sequences, inputs and units."""


def same_numbers(seed: int = 0) -> tuple[Tensor, Weights]:
    """Inputs (T, B, D) and a GRU's weights in PyTorch's order, float64, uniform in ±1."""
    generator = torch.Generator().manual_seed(seed)

    def draw(*shape: int) -> Tensor:
        return 2 * torch.rand(*shape, generator=generator, dtype=torch.float64) - 1

    none = torch.zeros(3 * H, dtype=torch.float64)
    return draw(T, B, D), Weights(draw(3 * H, D), draw(3 * H, H), draw(3 * H), none)


def ours(x: Tensor, weights: Weights, *, reset_after: bool) -> Tensor:
    """Equations (7) to (10): the last hidden state (B, H)."""
    params = layouts.to_post("gru", weights)
    h = x.new_zeros(x.shape[1], H)
    for x_t in x:
        h = gru_step(x_t, h, *params, reset_after=reset_after)
    return h


def _pytorch(x: Tensor, weights: Weights) -> Tensor:
    layer = torch.nn.GRU(D, H).double()
    with torch.no_grad():
        for kept, given in zip(layer.parameters(), weights, strict=False):
            kept.copy_(given)
        return layer(x)[1][0]


def _post(x: Tensor, weights: Weights) -> Tensor:
    read_out = [x.new_zeros(H, 1), x.new_zeros(1)]
    params = [*layouts.to_post("gru", weights), *read_out]
    assert len(params) == len(PARAMS)
    return gru(x, (x.new_zeros(x.shape[1], H),), params)[1][0]


def _keras(x: Tensor, weights: Weights, *, reset_after: bool) -> Tensor:
    os.environ.setdefault("KERAS_BACKEND", "torch")
    with tempfile.TemporaryDirectory() as home:
        os.environ.setdefault("KERAS_HOME", home)  # it writes its settings there
        import keras

    layer = keras.layers.GRU(H, reset_after=reset_after, dtype="float64")
    layer.build((None, None, D))
    layer.set_weights([one.numpy() for one in layouts.to_keras("gru", weights, reset_after)])
    last = layer(keras.ops.convert_to_tensor(x.transpose(0, 1).contiguous()))
    return last.detach().cpu()


def _onnx(x: Tensor, weights: Weights, *, linear_before_reset: int) -> Tensor:
    import onnx
    from onnx.reference import ReferenceEvaluator

    arrays = [x, *layouts.to_onnx("gru", [weights])]
    given = dict(zip("XWRB", (one.numpy() for one in arrays), strict=True))
    node = onnx.helper.make_node(
        "GRU", list(given), ["Y", "Y_h"], hidden_size=H, linear_before_reset=linear_before_reset
    )
    return torch.from_numpy(np.array(ReferenceEvaluator(node).run(None, given)[1][0]))


ROWS: dict[str, Callable[[Tensor, Weights], Tensor]] = {
    "the post's code": _post,
    "PyTorch, nn.GRU": _pytorch,
    "Keras, by default": lambda x, w: _keras(x, w, reset_after=True),
    "Keras, reset_after=False": lambda x, w: _keras(x, w, reset_after=False),
    "ONNX, by default": lambda x, w: _onnx(x, w, linear_before_reset=0),
    "ONNX, linear_before_reset=1": lambda x, w: _onnx(x, w, linear_before_reset=1),
}
"""What is run, by the name that the table gives it."""


def differences(who: str) -> dict[str, float]:
    """The largest differences of a row's last hidden state to ``before`` and to ``after``.

    Raises:
        ValueError: there is no such row.
    """
    if who not in ROWS:
        raise ValueError(f"who: expected one of {', '.join(ROWS)}; given {who!r}")
    x, weights = same_numbers()
    theirs = ROWS[who](x, weights)
    forms = {"before": False, "after": True}
    return {
        name: (theirs - ours(x, weights, reset_after=after)).abs().max().item()
        for name, after in forms.items()
    }


def stored_differences() -> dict[str, dict[str, float]]:
    """What :func:`differences` gave of every row once.

    Source: ``rnnbook/results/conventions.json``.
    """
    return stored_results("conventions")["rows"]


def main() -> None:
    """Run every row and store what came out."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "results")
    out = parser.parse_args().out / "conventions.json"
    found = {who: {k: float(f"{v:.1e}") for k, v in differences(who).items()} for who in ROWS}
    versions = {name: importlib.metadata.version(name) for name in ("torch", "keras", "onnx")}
    record = {
        "what": "largest differences of each GRU's last state to (7)-(10), reset before and after",
        "command": "python -m rnnbook.experiments.conventions",
        "date": datetime.now(UTC).date().isoformat(),
        "versions": {"python": platform.python_version(), **versions},
        "rows": found,
    }
    out.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
