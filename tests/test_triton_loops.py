"""The kernels of one launch: interpreted against the reference, and compiled for three GPUs.

No GPU is needed. The interpreter runs the kernels' Python on the CPU; Triton's compiler, and
NVIDIA's assembler that comes with it, make the code for a GPU that is not here.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from torch._subclasses.fake_tensor import FakeTensorMode

import rnnbook
from rnnbook.engines import passes, triton_loops
from rnnbook.engines.cells import CELLS as RECORDS

ROOT = Path(__file__).resolve().parent.parent
CELLS = ["lstm", "gru_reset_before", "gru_reset_after"]
needs_triton = pytest.mark.skipif(
    importlib.util.find_spec("triton") is None,
    reason="Triton has wheels for Linux on x86 only (requirements.txt)",
)

# --- interpreted ---------------------------------------------------------------------------------

CASES = [
    *([c, s, "float64", s != "dense", "all"] for c in CELLS for s in ("dense", "ragged")),
    *([c, "two tiles", "float64", True, "last"] for c in CELLS),
    ["lstm", "tile", "float64", True, "all"],
    ["lstm", "one step", "float64", True, "all"],
    *([c, "one unit", "float64", True, "one number for all"] for c in CELLS),
    ["lstm", "dense", "float64", True, "half of a wider row"],
    *([c, "ragged", d, True, "all"] for c in CELLS for d in ("float32", "float16")),
]
# Of the largest number of a tensor. Triton's interpreter cannot multiply bfloat16.
TOLERANCE = {"float64": 1e-13, "float32": 1e-5, "float16": 2e-2}


@pytest.fixture(scope="module")
def differences():
    """Of each case; in one process, for Triton reads the variable when it is imported."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.interpreted"],
        input=json.dumps(CASES),
        cwd=ROOT,
        env=os.environ | {"TRITON_INTERPRET": "1"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@needs_triton
@pytest.mark.parametrize("number", range(len(CASES)), ids=["-".join(map(str, c)) for c in CASES])
def test_states_and_all_gradients_are_those_of_the_reference(number, differences):
    bias, tensors = CASES[number][3], differences[number]
    states = 2 if CASES[number][0] == "lstm" else 1
    assert len(tensors) == 2 * states + (5 if bias else 3)
    for difference, largest in tensors:
        assert difference <= TOLERANCE[CASES[number][2]] * max(largest, 1)


# --- compiled ------------------------------------------------------------------------------------

KERNELS = {
    "lstm_forward": ("lstm", {}),
    "lstm_backward": ("lstm", {}),
    "gru_forward before": ("gru_reset_before", {"AFTER": False}),
    "gru_backward before": ("gru_reset_before", {"AFTER": False}),
    "gru_forward after": ("gru_reset_after", {"AFTER": True}),
    "gru_backward after": ("gru_reset_after", {"AFTER": True}),
}
NAMES = {torch.float16: "fp16", torch.bfloat16: "bf16", torch.float32: "fp32"}


def compiled_for(name, hidden, dtype, capability, cache, ragged=False):
    """The assembler's text, and what the kernel takes: registers, bytes of stack and shared."""
    import triton
    from triton.backends.compiler import GPUTarget
    from triton.compiler import ASTSource

    from rnnbook.engines import triton_kernels

    kernel = getattr(triton_kernels, name.split()[0])
    options = triton_loops.settings(hidden, dtype)
    warps = {k: options.pop(k) for k in ("num_warps", "num_stages")}
    constants = (
        options | KERNELS[name][1] | {"grad_Cs": None} | ({} if ragged else {"starts": None})
    )
    signature = {}
    for argument in kernel.arg_names:
        numbers = {"steps": "i32", "B": "i32", "by_h": "i32", "by_C": "i32", "starts": "*i64"}
        kind = "constexpr" if argument in constants else numbers.get(argument, f"*{NAMES[dtype]}")
        signature[argument] = kind
    places = {name: (k,) for k, name in enumerate(kernel.arg_names)}
    source = ASTSource(
        kernel,
        signature,
        {places[k]: v for k, v in constants.items() if k in places},
        {places[k]: [["tt.divisibility", 16]] for k, v in signature.items() if v[0] == "*"},
    )
    target = GPUTarget("cuda", 10 * capability[0] + capability[1], 32)
    made = triton.compile(source, target=target, options=warps)
    binary = cache / f"{name.replace(' ', '_')}.cubin"
    binary.write_bytes(made.asm["cubin"])
    command = [triton.knobs.nvidia.cuobjdump.path, "--dump-resource-usage", str(binary)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    registers, stack = map(int, re.search(r"REG:(\d+) STACK:(\d+)", said).groups())
    return made.asm["ptx"], {
        "registers": registers,
        "stack": stack,  # where registers are spilled to
        "shared": made.metadata.shared,
    }


@needs_triton
@pytest.mark.parametrize(
    ("capability", "name"),
    [
        *(((8, 0), name) for name in KERNELS),
        *(
            (capability, name)
            for capability in ((7, 5), (9, 0))
            for name in ("lstm_backward", "gru_forward after")
        ),
    ],
)
def test_kernels_compile_for_a_gpu_that_is_not_here(capability, name, tmp_path, monkeypatch):
    monkeypatch.setenv("TRITON_CACHE_DIR", str(tmp_path))
    dtype = torch.float16 if capability < (8, 0) else torch.bfloat16
    ptx, takes = compiled_for(name, 16, dtype, capability, tmp_path, ragged="backward" in name)
    assert f".target sm_{capability[0]}{capability[1]}" in ptx
    # Of the matrix units' instructions there are none for a T4: Triton multiplies there as float32.
    assert ("mma.sync" in ptx) == (capability >= (8, 0))
    gates = len(RECORDS[KERNELS[name][0]].gates)
    assert takes["shared"] <= triton_loops.shared_memory(gates, 16, dtype, capability)
    assert takes["shared"] >= gates * 16 * 16 * dtype.itemsize  # all of the weights are there


# --- as an engine --------------------------------------------------------------------------------


def layer_of(cell, H=4, **options):
    if cell == "lstm":
        return rnnbook.LSTM(3, H, **options)
    return rnnbook.GRU(3, H, reset_after=cell.endswith("after"), **options)


@pytest.mark.parametrize("cell", CELLS)
def test_engine_is_refused_on_a_cpu(cell):
    with pytest.raises(ValueError, match="run on CUDA devices, not on cpu; given 'triton'"):
        layer_of(cell, engine="triton")(torch.zeros(2, 1, 3))


def test_engine_is_refused_without_triton(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with FakeTensorMode():
        w = torch.zeros(4, 1, device="cuda")
    with pytest.raises(ValueError, match=r"the package triton is missing.*; given 'triton'"):
        passes.choose("triton", (w,), w)


def test_engine_is_refused_for_the_plain_cell():
    with pytest.raises(ValueError, match="'triton', which knows the LSTM and the GRU, for rnn_tan"):
        rnnbook.RNN(3, 4, engine="triton")


def test_integers_are_refused_by_the_kernels_name():
    w = torch.zeros(4, 1, dtype=torch.int32)
    with pytest.raises(ValueError, match=r"of 16 to 64 bits, not torch\.int32"):
        passes.choose("triton", (w,), w)


@needs_triton
def test_weights_that_do_not_fit_are_refused(monkeypatch):
    """As on a device: the interpreter is taken for one, with the shared memory of a T4."""
    monkeypatch.setattr(triton_loops, "interprets", lambda: True)
    monkeypatch.setattr(triton_loops, "_largest_shared_memory", lambda device: 64 * 1024)
    layer = layer_of("lstm", 64, engine="triton")
    with pytest.raises(
        ValueError, match=r"at most 32 units of torch\.float32 fit .*, not 64; given"
    ):
        layer(torch.zeros(2, 1, 3))


def test_the_page_says_how_many_units_fit():
    """The docstring's table: rows of device, KiB of shared memory, units of LSTM and of GRU."""
    rows = re.findall(
        r"^\w+ \((\d)\.(\d)\), (\w+).*? +(\d+) +(\d+) +(\d+)$", triton_loops.__doc__, re.M
    )
    assert len(rows) == 6
    for major, minor, dtype, kib, *told in rows:
        for gates, units in zip((4, 3), told, strict=True):
            where = getattr(torch, dtype), (int(major), int(minor))
            assert triton_loops.most_units(gates, *where, int(kib) * 1024) == int(units)
