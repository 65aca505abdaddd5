"""Several processes train as one: on the CPU, by gloo, started as torchrun starts them."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import psutil
import pytest
import torch

from rnnbook.training import checkpoints
from rnnbook.training.errors import TrainingError
from rnnbook.training.group import Group
from rnnbook.training.loop import train
from rnnbook.training.settings import Settings
from rnnbook.training.text import Text

TEXT = "the quick brown fox jumps over the lazy dog; " * 40
OPTIONS = {"hidden": 8, "embedding": 4, "steps": 12, "batch": 8, "length": 10, "accumulate": 2}
OPTIONS |= {"evaluate_every": 4, "save_every": 6, "clip": 0.3}

ONE_OF_TWO = """
import gc, json, sys
from torch import distributed
from torch.nn.parallel import DistributedDataParallel
from rnnbook.training.loop import train
from rnnbook.training.settings import Settings
from rnnbook.training.text import Text
text, options, folder = json.loads(sys.argv[1])
part = distributed.destroy_process_group

def parting():  # whoever holds the connection beyond this may wait for it for ever
    assert not [1 for one in gc.get_objects() if type(one) is DistributedDataParallel]
    part()

distributed.destroy_process_group = parting
result = train(Text.of(text), Settings(**options), folder=folder)
print(json.dumps([[p.step, p.trained, p.held_out] for p in result.history]))
"""


@pytest.fixture
def port() -> Iterator[str]:
    """A port that the system gives to nobody else meanwhile, but PyTorch's store may listen at."""
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # the store asks for it, too
        held.bind(("127.0.0.1", 0))
        yield str(held.getsockname()[1])


def test_two_processes_have_the_losses_of_one_and_either_goes_on_for_the_other(tmp_path, port):
    given = json.dumps([TEXT, OPTIONS, str(tmp_path / "two")])
    running = [
        subprocess.Popen(
            [sys.executable, "-c", ONE_OF_TWO, given],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={
                **os.environ,
                **{"RANK": str(rank), "LOCAL_RANK": str(rank), "WORLD_SIZE": "2"},
                **{"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": port, "OMP_NUM_THREADS": "1"},
            },
        )
        for rank in range(2)
    ]
    while None in (ends := [process.poll() for process in running]) and not any(ends):
        time.sleep(0.05)
    for process in running:  # one that failed leaves the other waiting
        process.kill()
    said, complaints = zip(*(process.communicate() for process in running), strict=True)
    assert [process.returncode for process in running] == [0, 0], complaints
    assert said[0] == said[1]  # both know all numbers
    settings, text = Settings(**OPTIONS), Text.of(TEXT)
    one = train(text, settings, folder=tmp_path / "one")
    alone = [[point.step, point.trained, point.held_out] for point in one.history]
    together = json.loads(said[0])
    assert [row[0] for row in together] == [4, 8, 12]
    torch.testing.assert_close(torch.tensor(together), torch.tensor(alone), rtol=1e-5, atol=1e-5)
    a, b = (checkpoints.read(tmp_path / name) for name in ("one", "two"))
    for name, tensor in a.tensors.items():
        if not name.startswith("random"):
            torch.testing.assert_close(b.tensors[name], tensor, rtol=1e-4, atol=1e-5)
    assert b.record["made_with"]["processes"] == 2
    assert len(b.tensors["random.cpu"]) == 2
    (tmp_path / "two" / "step-00000012.json").unlink()  # two processes got to step 6
    went_on = train(text, settings, folder=tmp_path / "two", resume=True)
    torch.testing.assert_close(
        went_on.bits_per_character, one.bits_per_character, rtol=1e-5, atol=1e-5
    )


def test_a_killed_process_ends_the_run_with_a_sentence_and_one_goes_on(tmp_path, port):
    (tmp_path / "text.txt").write_text(TEXT)
    words = ["train", "--text", "text.txt", "--out", "run", "--hidden", "8", "--batch", "4"]
    words += ["--length", "10", "--evaluate-every", "10", "--save-every", "1"]
    command = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node=2"]
    command += [f"--master-port={port}", "-m", "rnnbook", *words, "--steps", "100000"]
    environment = {**os.environ, "RNNBOOK_CACHE": str(tmp_path / "cache"), "OMP_NUM_THREADS": "1"}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    with subprocess.Popen(command, cwd=tmp_path, env=environment, **pipes) as running:
        while not list((tmp_path / "run").glob("step-*3.json")) and running.poll() is None:
            time.sleep(0.05)
        assert running.poll() is None, running.communicate()[0]
        workers = psutil.Process(running.pid).children()
        assert len(workers) == 2
        workers[-1].kill()
        said, _ = running.communicate()
    assert running.returncode
    assert re.search(r"Error: Another process of this training has ended, .* --resume", said), said
    reached = checkpoints.read(tmp_path / "run").step
    assert reached >= 3
    words += ["--resume", "--steps", str(reached + 5)]
    done = subprocess.run(
        [sys.executable, "-m", "rnnbook", *words], cwd=tmp_path, env=environment, **pipes
    )
    assert done.returncode == 0, done.stdout
    assert f"after {reached + 5} steps" in done.stdout


def test_a_batch_that_cannot_be_shared_is_named():
    assert Group(1, 2).lanes(8, 2) == (4, 8)
    assert [Group(k, 4).lanes(8, 2) for k in range(4)] == [(0, 2), (2, 4), (4, 6), (6, 8)]
    with pytest.raises(TrainingError, match=r"batch of 8 cannot be shared by 3 processes"):
        Group(0, 3).lanes(8, 2)


def test_what_torchrun_says_must_be_numbers(monkeypatch):
    monkeypatch.setenv("RANK", "first")
    with pytest.raises(TrainingError, match="RANK, WORLD_SIZE, LOCAL_RANK should be numbers"):
        Group.from_environment()


def test_only_a_lost_connection_is_told_as_one():
    for said in ("Connection closed by peer [127.0.0.1]:1", "NCCL error: remote process exited"):
        with pytest.raises(TrainingError, match="Another process"), Group(0, 2).watched():
            raise RuntimeError(said)
    with pytest.raises(RuntimeError, match="size mismatch"), Group(0, 2).watched():
        raise RuntimeError("size mismatch")
    with pytest.raises(RuntimeError, match="closed by peer"), Group().watched():
        raise RuntimeError("closed by peer")
