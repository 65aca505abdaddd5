"""The processes of one training: one, or as many as ``torchrun`` started."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import torch
from torch import Tensor, distributed

from rnnbook.training.errors import TrainingError

PATIENCE = timedelta(minutes=30)
"""How long a process waits for another one, which may be reading a large text."""

_GONE = re.compile(
    r"closed by peer|connection (?:was )?(?:reset|closed|refused|aborted)|broken pipe|timed? ?out"
    r"|socket|nccl|remote process|peer",
    re.IGNORECASE,
)


class Group:
    """One process among those that train together.

    Args:
        rank: number of this one, from 0; only the first one reports, evaluates and saves.
        size: how many there are.
        local_rank: number of this one on its machine.
    """

    def __init__(self, rank: int = 0, size: int = 1, local_rank: int = 0) -> None:
        """Keep the numbers."""
        self.rank, self.size, self.local_rank = rank, size, local_rank

    @classmethod
    def from_environment(cls) -> Group:
        """What ``torchrun`` says in the environment; without it one process alone.

        Raises:
            TrainingError: it says something that cannot be.
        """
        names = ("RANK", "WORLD_SIZE", "LOCAL_RANK")
        try:
            rank, size, local = (
                int(os.environ.get(name, default))
                for name, default in zip(names, "010", strict=True)
            )
        except ValueError as error:
            raise TrainingError(f"{', '.join(names)} should be numbers, as torchrun sets them: "
                                f"{error}.") from error  # fmt: skip
        return cls(rank, size, local)

    @property
    def leads(self) -> bool:
        """Whether this is the first process."""
        return self.rank == 0

    @contextmanager
    def joined(self, device: torch.device) -> Iterator[None]:
        """Meet the others, by NCCL on GPUs and by gloo elsewhere; at the end, part.

        Raises:
            TrainingError: another process has ended, or none answers.
        """
        if self.size == 1:
            yield
            return
        backend = "nccl" if device.type == "cuda" else "gloo"
        with self.watched():
            if device.type == "cuda":
                torch.cuda.set_device(device)
            distributed.init_process_group(backend, timeout=PATIENCE)
        try:
            with self.watched():
                yield
        finally:
            distributed.destroy_process_group()

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Say in words what a broken connection means.

        Raises:
            TrainingError: another process has ended.
        """
        try:
            yield
        except RuntimeError as error:
            if self.size == 1 or not _GONE.search(str(error)):
                raise
            raise TrainingError(
                "Another process of this training has ended, so this one ends, too. What was saved "
                "is kept; the same command with --resume goes on from there, with as many "
                "processes as there are then."
            ) from error

    def lanes(self, batch: int, parts: int) -> tuple[int, int]:
        """The first of this process's lanes, and the one after its last.

        Raises:
            TrainingError: the batch cannot be shared.
        """
        if batch % (self.size * parts):
            raise TrainingError(
                f"A batch of {batch} cannot be shared by {self.size} processes in {parts} parts "
                "each; choose a --batch that is a multiple of their product."
            )
        share = batch // self.size
        return self.rank * share, (self.rank + 1) * share

    def mean(self, numbers: Tensor) -> Tensor:
        """The mean over the processes, in place."""
        if self.size > 1:
            distributed.all_reduce(numbers)
            numbers /= self.size
        return numbers

    def highest(self, number: Tensor) -> Tensor:
        """The highest of the processes' numbers, in place."""
        if self.size > 1:
            distributed.all_reduce(number, distributed.ReduceOp.MAX)
        return number

    def gather(self, tensor: Tensor) -> list[Tensor]:
        """The tensors of all processes, which are alike in shape."""
        if self.size == 1:
            return [tensor]
        tensor = tensor.contiguous()
        all_of_them = [torch.empty_like(tensor) for _ in range(self.size)]
        distributed.all_gather(all_of_them, tensor)
        return all_of_them

    def told(self, thing: Any) -> Any:
        """What the first process says, for all of them."""
        if self.size == 1:
            return thing
        box = [thing]
        distributed.broadcast_object_list(box)
        return box[0]

    def check_same(self, what: str, thing: Any) -> None:
        """Refuse to train together on different things.

        Raises:
            TrainingError: this process has another one than the first.
        """
        if self.told(thing) != thing:
            raise TrainingError(
                f"Process {self.rank} has another {what} than process 0; every machine needs the "
                "same command and the same files."
            )
