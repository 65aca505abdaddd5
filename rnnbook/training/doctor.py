"""Which hardware there is, which engine would compute on it, and what is missing; in words."""

from __future__ import annotations

import importlib.util
import os
import platform
import sys
from typing import NamedTuple

import torch
from torch import distributed

import rnnbook
from rnnbook.engines import compiled
from rnnbook.training import machine
from rnnbook.training.errors import TrainingError
from rnnbook.training.text import cache_folder


class Finding(NamedTuple):
    """One thing that was looked at.

    Attributes:
        what: its name.
        good: whether it is as one would wish.
        said: what was found, and what would help where something is missing.
    """

    what: str
    good: bool
    said: str


def examine() -> list[Finding]:
    """All findings; nothing is changed, but the compiled engine is compiled if it can be.

    Source: this project.
    """
    return [
        Finding("rnnbook", True, f"{rnnbook.__version__}, Python {platform.python_version()}"),
        Finding(
            "PyTorch",
            True,
            f"{torch.__version__}, {torch.get_num_threads()} threads of "
            f"{os.cpu_count()} processors",
        ),
        _gpu(),
        _precision(),
        _engine(),
        _processes(),
        _cache(),
        *(_optional(name, use) for name, use in OPTIONAL.items()),
    ]


OPTIONAL = {"tensorboard": "rnnbook train --tensorboard", "onnx": "rnnbook export --onnx"}
"""Packages that are wanted only for something, and for what."""


def _gpu() -> Finding:
    found = machine.devices()
    if found[0] == "cuda":
        count = torch.cuda.device_count()
        said = "; ".join(_described(number) for number in range(count))
        cudnn = torch.backends.cudnn.version()
        return Finding(
            "GPU", cudnn is not None, f"{said}; CUDA {torch.version.cuda}, cuDNN {cudnn}"
        )
    if found[0] == "mps":
        return Finding("GPU", True, "Apple's, through MPS; float32 alone")
    why = (
        "PyTorch was built for CUDA, and finds no GPU: look whether `nvidia-smi` does"
        if torch.version.cuda
        else "none, and this PyTorch is a build for the CPU"
    )
    return Finding("GPU", False, f"{why}. In Colab: Runtime, Change runtime type, a GPU; then "
                   "run all cells again.")  # fmt: skip


def _described(number: int) -> str:
    properties = torch.cuda.get_device_properties(number)
    return f"cuda:{number} {properties.name}, {properties.total_memory / 2**30:.0f} GiB"


def _precision() -> Finding:
    device = machine.choose_device()
    able = []
    for name in ("float32", "tf32", "bfloat16", "float16"):
        try:
            able.append(machine.choose_precision(name, device))
        except TrainingError:
            continue
    chosen = machine.choose_precision("auto", device)
    return Finding("precision", True, f"{chosen} by itself; can be {', '.join(able)}")


def _engine() -> Finding:
    device = machine.choose_device()
    if device.type == "cuda":
        return Finding("engine", True, "PyTorch's kernels (cuDNN); a GRU that resets before the "
                       "product has none there and runs the loop by hand, slower: say "
                       "--reset-after where that matters")  # fmt: skip
    if device.type == "mps":
        return Finding("engine", True, "the loop by hand, in PyTorch's operations")
    why_not = compiled.why_not()
    if why_not:
        return Finding("engine", False, f"slower ones than the compiled one: {why_not} Install a "
                       "C++ compiler, as g++.")  # fmt: skip
    return Finding("engine", True, "the compiled one, in C++")


def _processes() -> Finding:
    if not distributed.is_available():
        return Finding("torchrun", False, "this PyTorch has no torch.distributed: one process only")
    there = {"gloo": distributed.is_gloo_available(), "NCCL": distributed.is_nccl_available()}
    able = [name for name in there if there[name]]
    return Finding(
        "torchrun", bool(able), f"processes can meet by {' and '.join(able) or 'nothing'}"
    )


def _cache() -> Finding:
    try:
        return Finding("cache", True, str(cache_folder()))
    except OSError as error:
        return Finding("cache", False, f"no folder can be written to: {error}. Name one in "
                       "RNNBOOK_CACHE.")  # fmt: skip


def _optional(name: str, use: str) -> Finding:
    if importlib.util.find_spec(name):
        return Finding(name, True, f"there, for {use}")
    return Finding(name, False, f"missing; only {use} needs it: {sys.executable} -m pip install "
                   f"{name}")  # fmt: skip
