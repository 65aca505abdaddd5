"""Checkpoints: the numbers as safetensors, the rest as JSON; nothing in them is ever executed.

A checkpoint of step 1200 is two files, ``step-00001200.safetensors`` and ``step-00001200.json``.
The second is written last, holds the hash of the first, and is what makes them a checkpoint: a
process may be killed at any moment, and the checkpoint before is still whole. Each file is written
beside its place, brought to the disk and moved there in one go. The two newest are kept.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from rnnbook.training.errors import TrainingError
from rnnbook.training.model import CharacterModel
from rnnbook.training.settings import Settings
from rnnbook.training.text import Alphabet

FORMAT = "rnnbook checkpoint"
VERSION = 1
KEPT = 2
"""How many of the newest checkpoints stay."""

_NAME = re.compile(r"step-(\d{8,})\.json")
_LARGEST = 256 * 2**20  # bytes of JSON


@dataclass
class Checkpoint:
    """What a training was at a step.

    Attributes:
        step: how many steps were done.
        settings: of the training.
        alphabet: of the text.
        record: what else JSON holds: the text's name and hash, losses, the scaler of float16.
        tensors: ``model.…``, ``optimiser.…``, ``state.…``, ``random.…`` and, or not, ``best.…``.
        passed_over: why newer ones in the same folder were not read, in sentences.
    """

    step: int
    settings: Settings
    alphabet: Alphabet
    record: dict[str, Any]
    tensors: dict[str, Tensor]
    passed_over: tuple[str, ...] = ()

    def part(self, name: str) -> dict[str, Tensor]:
        """The tensors whose names begin with a word and a dot, without these."""
        start = f"{name}."
        return {k.removeprefix(start): v for k, v in self.tensors.items() if k.startswith(start)}

    def model(self) -> CharacterModel:
        """The trained model on the CPU, ready to read; with patience the best one.

        Raises:
            TrainingError: the tensors are not those of the settings' model.
        """
        weights = self.part("best") or self.part("model")
        with torch.device("meta"):
            model = self.settings.make_model(len(self.alphabet))
        check_shapes(model, weights)
        model.load_state_dict(weights, assign=True)
        return model.requires_grad_(False).eval()


def check_shapes(model: torch.nn.Module, weights: dict[str, Tensor]) -> None:
    """Refuse weights of another model.

    Raises:
        TrainingError: names the first difference.
    """
    expected = {name: (tuple(p.shape), p.dtype) for name, p in model.named_parameters()}
    given = {name: (tuple(t.shape), t.dtype) for name, t in weights.items()}
    for name in sorted(expected.keys() | given.keys()):
        if expected.get(name) != given.get(name):
            raise TrainingError(
                f"The checkpoint does not fit its own settings: for {name} these ask for "
                f"{expected.get(name, 'nothing')}, and it holds {given.get(name, 'nothing')}."
            )


# --- writing -------------------------------------------------------------------------------------


def write(folder: Path, checkpoint: Checkpoint) -> Path:
    """Save a checkpoint, then remove those that are no longer kept.

    Returns:
        The JSON file.

    Raises:
        OSError: it could not be written, as on a full disk; then nothing has changed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"step-{checkpoint.step:08d}"
    data = save({name: tensor.contiguous() for name, tensor in checkpoint.tensors.items()})
    described = {
        "format": FORMAT,
        "version": VERSION,
        "step": checkpoint.step,
        "tensors": {
            "file": f"{stem}.safetensors",
            "bytes": len(data),
            "sha256": hashlib.sha256(data).hexdigest(),
        },
        "settings": checkpoint.settings.as_dict(),
        "characters": checkpoint.alphabet.characters,
        **checkpoint.record,
    }
    text = json.dumps(described, ensure_ascii=False, indent=1, allow_nan=False)
    replace(folder / f"{stem}.safetensors", data)
    replace(folder / f"{stem}.json", text.encode("utf-8"))
    _tidy(folder)
    return folder / f"{stem}.json"


def replace(path: Path, data: bytes) -> None:
    """Put a file in its place all at once, after it has reached the disk.

    Raises:
        OSError: it could not be written; then the file that was there is there still.
    """
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with fresh.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, path)
    except BaseException:
        with contextlib.suppress(OSError):
            fresh.unlink()
        raise
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _tidy(folder: Path) -> None:
    """Remove old checkpoints, first what makes them one, and what a killed process left behind."""
    stems = sorted((p.stem for p in folder.glob("step-*.json") if _NAME.fullmatch(p.name)),
                   key=lambda stem: int(stem[5:]))  # fmt: skip
    kept = set(stems[-KEPT:])
    with contextlib.suppress(OSError):
        for stem in stems:
            if stem not in kept:
                (folder / f"{stem}.json").unlink()
        for path in [*folder.glob("step-*.safetensors"), *folder.glob(".step-*")]:
            if path.stem not in kept:
                path.unlink()


# --- reading -------------------------------------------------------------------------------------


def read(path: str | Path) -> Checkpoint:
    """The checkpoint of a file, or the newest whole one of a folder.

    Raises:
        TrainingError: there is none, or it is truncated, foreign or from a newer version; says so
            without having executed anything of it.
    """
    path = Path(path)
    if not path.exists():
        raise TrainingError(f"{path} does not exist; `rnnbook train --out {path}` would make it.")
    if not path.is_dir():
        return _read_file(path)
    steps = sorted(
        (int(found[1]), file) for file in path.iterdir() if (found := _NAME.fullmatch(file.name))
    )
    if not steps:
        raise TrainingError(f"The folder {path} holds no checkpoint (step-….json).")
    reasons = []
    for _, file in reversed(steps):
        try:
            checkpoint = _read_file(file)
        except TrainingError as error:
            reasons.append(str(error))
        else:
            checkpoint.passed_over = tuple(reasons)
            return checkpoint
    raise TrainingError(" ".join(reasons))


def _read_file(path: Path) -> Checkpoint:
    try:
        if path.suffix == ".safetensors":
            path = path.with_suffix(".json")
        with path.open("rb") as file:
            text = file.read(_LARGEST)
        described = _described(path, text)
        tensors = described["tensors"]
        name = tensors["file"]
        if name != f"{path.stem}.safetensors":
            raise TrainingError(f"{path} names {name!r} in place of its own safetensors file.")
        data = path.with_suffix(".safetensors").read_bytes()
    except OSError as error:
        raise TrainingError(f"{error.filename} cannot be read: {error.strerror}.") from error
    if len(data) != tensors["bytes"]:
        raise TrainingError(
            f"{name} is truncated: it has {len(data):,} of its {tensors['bytes']:,} bytes."
        )
    if hashlib.sha256(data).hexdigest() != tensors["sha256"]:
        raise TrainingError(f"{name} is damaged: its SHA-256 is not the one that was stored.")
    try:
        checkpoint = Checkpoint(
            described["step"],
            Settings.from_dict(described["settings"]),
            Alphabet(described["characters"]),
            {key: described[key] for key in RECORD},
            load(data),
        )
        _check_sizes(checkpoint)
        return checkpoint
    except SafetensorError as error:
        raise TrainingError(f"{name} is no safetensors file: {error}.") from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise TrainingError(f"{path} is damaged: {error}.") from error


def _check_sizes(checkpoint: Checkpoint) -> None:
    """Refuse settings of another size before a model is made of them: a file may claim any."""
    settings, weights = checkpoint.settings, checkpoint.part("model")
    hidden = {n: w for n, w in weights.items() if n.startswith("recurrent.weight_hh_l")}
    expected = (settings.layers, {settings.hidden}, (len(checkpoint.alphabet), settings.embedding))
    given = (
        len(hidden),
        {weight.shape[-1] for weight in hidden.values()},
        tuple(weights["embedding.weight"].shape),
    )
    if given != expected:
        raise TrainingError(
            f"The checkpoint does not fit its own settings: layers, units and embedding are "
            f"{expected} there, and {given} in its tensors."
        )


RECORD = ("text", "history", "since", "best", "waited", "scaler", "seconds", "made_with")
"""What a checkpoint's ``record`` holds."""


def _described(path: Path, text: bytes) -> dict[str, Any]:
    """The JSON of a checkpoint, once all that is something else is refused."""
    foreign = _foreign(text)
    if foreign:
        raise TrainingError(
            f"{path} is {foreign}, no checkpoint of rnnbook; it was not opened further."
        )
    try:
        described = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise TrainingError(f"{path} is truncated, or no JSON: {error}.") from error
    if not isinstance(described, dict) or described.get("format") != FORMAT:
        raise TrainingError(f"{path} is JSON, but no checkpoint of rnnbook.")
    if described.get("version") != VERSION:
        raise TrainingError(
            f"{path} is of version {described.get('version')!r}, and this rnnbook reads version "
            f"{VERSION}; take the rnnbook that wrote it."
        )
    tensors, step = described.get("tensors"), described.get("step")
    kinds = {"file": str, "bytes": int, "sha256": str}
    if type(step) is not int or step < 0 or not (
        isinstance(tensors, dict)
        and all(isinstance(tensors.get(name), kind) for name, kind in kinds.items())
    ):  # fmt: skip
        raise TrainingError(f"{path} is damaged: it does not say which tensors belong to it.")
    return described


def _foreign(text: bytes) -> str:
    """What a file is, if its first bytes say that it is something else."""
    if text[:2] in (b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05"):
        return "a pickle, which could run any program"
    if text[:4] == b"PK\x03\x04":
        return "a zip archive, such as torch.save makes, whose pickle could run any program"
    if b"\0" in text[:4096]:
        return "a binary file"
    return ""
