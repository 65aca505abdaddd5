"""What a training runs on: the device, the precision of its products, and what is repeatable."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

import torch

from rnnbook.training.errors import TrainingError

AUTOCAST = {"bfloat16": torch.bfloat16, "float16": torch.float16}
"""What autocast computes products in, for the precisions that use it."""


def devices() -> list[str]:
    """The types of device that this PyTorch finds here, the fastest first."""
    found = []
    if torch.cuda.is_available():
        found.append("cuda")
    if torch.backends.mps.is_available():
        found.append("mps")
    return [*found, "cpu"]


def choose_device(name: str = "auto", local_rank: int = 0) -> torch.device:
    """The device of a name; ``"auto"`` is the fastest one.

    Args:
        name: ``"auto"``, a type, or a type and a number.
        local_rank: which of several processes on this machine asks: each gets a GPU of its own.

    Raises:
        TrainingError: it is not here; says what is.
    """
    found = devices()
    try:
        device = torch.device(found[0] if name == "auto" else name)
    except RuntimeError as error:
        raise TrainingError(f"There is no device called {name!r}; {_here(found)}") from error
    if device.type not in found:
        build = "" if torch.version.cuda else " (this PyTorch is a build without CUDA)"
        reason = build if device.type == "cuda" else ""
        raise TrainingError(f"PyTorch finds no {device.type} device{reason}; {_here(found)}")
    if device.type == "cuda":
        number = local_rank if device.index is None else device.index
        if number >= torch.cuda.device_count():
            raise TrainingError(
                f"There are {torch.cuda.device_count()} CUDA devices, and cuda:{number} is none "
                "of them; start as many processes as there are devices, or name another one."
            )
        return torch.device("cuda", number)
    return device


def _here(found: list[str]) -> str:
    return f"here is {' and '.join(found)}: --device {found[0]}."


def choose_precision(name: str, device: torch.device) -> str:
    """The precision of a name on a device; ``"auto"`` is TF32 on a GPU that has it.

    Raises:
        TrainingError: the device cannot.
    """
    if name == "auto":
        return "tf32" if device.type == "cuda" and _has_tensor_cores(device) else "float32"
    if name == "tf32" and device.type != "cuda":
        raise TrainingError(f"TF32 is CUDA's; on {device.type} choose --precision float32.")
    if name == "bfloat16" and device.type == "cuda" and not torch.cuda.is_bf16_supported():
        raise TrainingError("This GPU has no bfloat16; choose --precision float16 or tf32.")
    return name


def _has_tensor_cores(device: torch.device) -> bool:
    return torch.cuda.get_device_capability(device)[0] >= 8


def autocast(device: torch.device, precision: str) -> AbstractContextManager:
    """Products in the precision, where that is autocast's business."""
    dtype = AUTOCAST.get(precision)
    return nullcontext() if dtype is None else torch.autocast(device.type, dtype)


@contextmanager
def configured(device: torch.device, precision: str, deterministic: bool) -> Iterator[None]:
    """PyTorch's global switches as a training wants them; afterwards they are as before.

    The random numbers, too, are afterwards as before.
    """
    matmul, cudnn = torch.backends.cuda.matmul, torch.backends.cudnn
    before = matmul.allow_tf32, torch.are_deterministic_algorithms_enabled()
    switches = {  # by their context, for PyTorch can forbid to set them singly
        "enabled": cudnn.enabled,
        "benchmark": cudnn.benchmark and not deterministic,
        "benchmark_limit": cudnn.benchmark_limit,
        "deterministic": cudnn.deterministic or deterministic,
        "allow_tf32": precision != "float32",
    }
    if deterministic and device.type == "cuda":
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # read when cuBLAS starts
    try:
        matmul.allow_tf32 = precision != "float32"
        if deterministic:
            torch.use_deterministic_algorithms(True)
        with (
            cudnn.flags(**switches),
            torch.random.fork_rng([device] if device.type == "cuda" else []),
        ):
            yield
    finally:
        matmul.allow_tf32 = before[0]
        torch.use_deterministic_algorithms(before[1])
