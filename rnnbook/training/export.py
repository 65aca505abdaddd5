r"""Trained models for elsewhere: ONNX, and the quantised JSON that a page reads.

The JSON holds each matrix as whole numbers of 8 bits and one scale for each of its rows,

.. math:: W_{nk} \approx s_n q_{nk}, \qquad s_n = \max_k |W_{nk}| / 127,

row after row in base64; biases stay float32 numbers, little-endian in base64. ``format``,
``version``, ``kind``, ``hidden``, ``layers``, ``embedding``, ``reset_after`` and ``characters``
(null for bytes) describe the model; ``matrices`` and ``biases`` hold it under PyTorch's names, in
whose order the gates are stacked (i f g o, r z n); ``bits_per_character`` says what was measured
before and after.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from rnnbook import convert
from rnnbook.layers import Recurrent
from rnnbook.training.checkpoints import check_shapes
from rnnbook.training.errors import TrainingError
from rnnbook.training.evaluation import bits_per_character
from rnnbook.training.model import CharacterModel
from rnnbook.training.text import Alphabet, Text

PAGE_FORMAT = "rnnbook page model"
PAGE_VERSION = 1


def to_onnx(model: CharacterModel, alphabet: Alphabet, path: str | Path) -> Any:
    """Save a model for ONNX's runtimes.

    Inputs: ``tokens`` (T, B) of int64, ``h_0`` and of an LSTM ``C_0``, (layers, B, H). Outputs:
    ``scores`` (T, B, V), ``h_n`` and ``C_n``. The alphabet is in its metadata as ``characters``.

    Args:
        model: on the CPU.
        alphabet: of its tokens.
        path: of the file to write.

    Returns:
        The ``onnx.ModelProto``.

    Raises:
        TrainingError: the package onnx is missing.
        OSError: the file cannot be written.

    Source: :func:`rnnbook.convert.onnx.to_onnx` for the recurrent layers.
    """
    try:
        import onnx
    except ImportError as error:
        raise TrainingError("The package onnx is missing: `pip install onnx`.") from error
    exported = convert.to_onnx(_ours(model), initial_state=True)
    graph, helper = exported.graph, onnx.helper
    weights = {
        "embedding": model.embedding.weight,
        "read_out_weight": model.read_out.weight.T,
        "read_out_bias": model.read_out.bias,
    }
    for name, weight in weights.items():
        array = weight.detach().cpu().contiguous().numpy()
        graph.initializer.append(onnx.numpy_helper.from_array(array, name))
    graph.node.insert(0, helper.make_node("Gather", ["embedding", "tokens"], ["input"]))
    graph.node.append(helper.make_node("MatMul", ["output", "read_out_weight"], ["products"]))
    graph.node.append(helper.make_node("Add", ["products", "read_out_bias"], ["scores"]))
    tokens = helper.make_tensor_value_info("tokens", onnx.TensorProto.INT64, ["T", "B"])
    kind = graph.output[0].type.tensor_type.elem_type
    scores = helper.make_tensor_value_info("scores", kind, ["T", "B", len(alphabet)])
    for values, old, new in ((graph.input, "input", tokens), (graph.output, "output", scores)):
        rest = [new, *(value for value in values if value.name != old)]
        del values[:]
        values.extend(rest)
    graph.name = f"CharacterModel of an {model.kind.upper()}"
    helper.set_model_props(exported, {"characters": alphabet.characters or ""})
    onnx.checker.check_model(exported, full_check=True)
    onnx.save(exported, path)
    return exported


def _ours(model: CharacterModel) -> Recurrent:
    layer = model.recurrent
    return layer if isinstance(layer, Recurrent) else convert.from_torch(layer)


def to_page(
    model: CharacterModel,
    alphabet: Alphabet,
    path: str | Path,
    *,
    text: Text | None = None,
    start: int = 0,
) -> dict[str, Any]:
    """Save a model for a page, in 8 bits a weight, and measure what that costs.

    Args:
        model: of one layer or several.
        alphabet: of its tokens.
        path: of the JSON file to write.
        text: to measure on, before and after; nothing is measured without one.
        start: first token to measure.

    Returns:
        What was written.

    Raises:
        OSError: the file cannot be written.

    Source: this project.
    """
    page = _page(model, alphabet)
    if text is not None:
        quantised, _ = from_page(page)
        page["bits_per_character"] = {
            "float32": bits_per_character(model, text, start),
            "quantised": bits_per_character(quantised, text, start),
        }
    Path(path).write_text(json.dumps(page, ensure_ascii=False), encoding="utf-8")
    return page


def _page(model: CharacterModel, alphabet: Alphabet) -> dict[str, Any]:
    matrices, biases = {}, {}
    for name, parameter in model.named_parameters():
        weight = parameter.detach().float().cpu()
        if weight.dim() == 2:
            scale = weight.abs().amax(1).clamp(min=torch.finfo(torch.float32).tiny) / 127
            whole = (weight / scale[:, None]).round().to(torch.int8)
            matrices[name] = {"shape": list(weight.shape), "scale": _base64(scale),
                              "int8": _base64(whole)}  # fmt: skip
        else:
            biases[name] = _base64(weight)
    layer = model.recurrent
    return {
        "format": PAGE_FORMAT,
        "version": PAGE_VERSION,
        "kind": model.kind,
        "hidden": layer.hidden_size,
        "layers": layer.num_layers,
        "embedding": model.embedding.embedding_dim,
        "reset_after": getattr(layer, "reset_after", model.kind == "gru"),
        "characters": alphabet.characters,
        "matrices": matrices,
        "biases": biases,
        "bits_per_character": None,
    }


def from_page(page: dict[str, Any]) -> tuple[CharacterModel, Alphabet]:
    """The model that a page computes, and its alphabet.

    Args:
        page: what :func:`to_page` returned, or wrote.

    Raises:
        TrainingError: it is something else.
    """
    if page.get("format") != PAGE_FORMAT or page.get("version") != PAGE_VERSION:
        raise TrainingError(f"This is no {PAGE_FORMAT} of version {PAGE_VERSION}.")
    try:
        alphabet = Alphabet(page["characters"])
        weights = {}
        for name, matrix in page["matrices"].items():
            whole = _array(matrix["int8"], np.int8).reshape(matrix["shape"])
            weights[name] = torch.from_numpy(_array(matrix["scale"])[:, None] * whole)
        for name, bias in page["biases"].items():
            weights[name] = torch.from_numpy(_array(bias).copy())
        with torch.device("meta"):
            model = CharacterModel(
                len(alphabet),
                page["kind"],
                page["hidden"],
                page["layers"],
                page["embedding"],
                reset_after=page["reset_after"],
            )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise TrainingError(f"The {PAGE_FORMAT} is damaged: {error}.") from error
    check_shapes(model, weights)
    model.load_state_dict(weights, assign=True)
    return model.requires_grad_(False).eval(), alphabet


def _base64(tensor: Tensor) -> str:
    array = tensor.contiguous().numpy()
    little = array.astype(array.dtype.newbyteorder("<"))
    return base64.b64encode(little.tobytes()).decode("ascii")


def _array(text: str, dtype: Any = "<f4") -> np.ndarray:
    return np.frombuffer(base64.b64decode(text, validate=True), dtype)
