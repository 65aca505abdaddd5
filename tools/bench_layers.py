"""How fast the layers are, against torch.nn and the post's loop, with the targets beside.

    make bench                                        (about ten minutes on two cores)
    .venv/bin/python tools/bench_layers.py --quick    (two small sizes, for a look)
    .venv/bin/python tools/bench_layers.py --profile  (where a training step spends its time)
    .venv/bin/python tools/bench_layers.py --store    (also writes rnnbook/results/layer_speed.json)
    .venv/bin/python tools/bench_layers.py --half     (bfloat16 alone, some minutes)

All contestants of a comparison take turns within one process, so that a machine that becomes slower
becomes slower for all of them; ratios are medians over the turns of the ratio within one turn.
Where a contestant takes less than 5 ms, one call between longer ones would tell more of what those
left in the caches than of itself: there each contestant's turn is one call that is not timed, and
then as many as fill 20 ms, of which the mean counts.
Memory is the growth of the peak of resident memory in a process of its own.

Writes the table, the plot and all numbers to _build/bench/.
"""

from __future__ import annotations

import argparse
import contextlib
import copy
import json
import math
import os
import platform
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from unittest import mock

import torch
from torch import Tensor
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence
from tqdm import tqdm

import rnnbook
from rnnbook.convert import to_post
from rnnbook.engines import compiled, passes

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "_build" / "bench"
STORED = ROOT / "rnnbook" / "results" / "layer_speed.json"
STORED_HALF = STORED.with_stem("layer_speed_half")

SIZES = [  # T, B, D, H
    (35, 32, 28, 256),
    (100, 32, 64, 128),
    (256, 64, 256, 512),
    (64, 1, 32, 32),
    (1000, 16, 32, 64),
]
QUICK = [(64, 1, 32, 32), (100, 32, 64, 128)]
LENGTHS = [250, 500, 1000, 2000]
ENGINES = ["auto", "compiled", "python", "library", "reference"]
SECONDS = 12.0  # for each comparison
PAIR = ("auto", "torch.nn")
ROUNDS = (5, 31)  # at least, at most
SHORT, FILLED = 5.0, 20.0  # milliseconds: a call that is repeated, and what its turn then takes

Job = Callable[[], object]
Run = Callable[[Tensor], Tensor]


# --- what is compared ----------------------------------------------------------------------------


def post_lstm(inputs: Tensor, params: list[Tensor]) -> Tensor:
    """The loop of the post's code, less its read-out: the layers have none."""
    W_xi, W_hi, b_i, W_xf, W_hf, b_f, W_xo, W_ho, b_o, W_xc, W_hc, b_c = params
    H = C = inputs.new_zeros(inputs.shape[1], len(W_hi))
    outputs = []
    for X in inputs:
        I = torch.sigmoid((X @ W_xi) + (H @ W_hi) + b_i)  # noqa: E741 (the post's name)
        F = torch.sigmoid((X @ W_xf) + (H @ W_hf) + b_f)
        O = torch.sigmoid((X @ W_xo) + (H @ W_ho) + b_o)  # noqa: E741
        C_tilda = torch.tanh((X @ W_xc) + (H @ W_hc) + b_c)
        C = F * C + I * C_tilda
        H = O * torch.tanh(C)
        outputs.append(H)
    return torch.stack(outputs)


def post_gru(inputs: Tensor, params: list[Tensor]) -> Tensor:
    """The loop of the post's code, less its read-out."""
    W_xz, W_hz, b_z, W_xr, W_hr, b_r, W_xh, W_hh, b_h = params
    H = inputs.new_zeros(inputs.shape[1], len(W_hz))
    outputs = []
    for X in inputs:
        Z = torch.sigmoid((X @ W_xz) + (H @ W_hz) + b_z)
        R = torch.sigmoid((X @ W_xr) + (H @ W_hr) + b_r)
        H_tilda = torch.tanh((X @ W_xh) + ((R * H) @ W_hh) + b_h)
        H = Z * H + (1 - Z) * H_tilda
        outputs.append(H)
    return torch.stack(outputs)


def plain_loop(inputs: Tensor, params: list[Tensor]) -> Tensor:
    """The plain network in the form of the post's code, which has none."""
    W_x, W_h, b = params
    H = inputs.new_zeros(inputs.shape[1], len(W_h))
    outputs = []
    for X in inputs:
        H = torch.tanh((X @ W_x) + (H @ W_h) + b)
        outputs.append(H)
    return torch.stack(outputs)


LOOPS = {"LSTM": post_lstm, "GRU": post_gru, "RNN": plain_loop}
LOOP_NAMES = {"LSTM": "the post's loop", "GRU": "the post's loop", "RNN": "a plain loop"}


def layers_of(family: str, D: int, H: int) -> dict[str, torch.nn.Module]:
    """torch.nn's layer, and ours with each engine, all with the same weights."""
    torch.manual_seed(0)
    theirs = getattr(torch.nn, family)(D, H)
    options = {"reset_after": True} if family == "GRU" else {}
    layers = {"torch.nn": theirs}
    for engine in ENGINES:
        if engine == "compiled" and not compiled.available():
            continue
        ours = getattr(rnnbook, family)(D, H, engine=engine, **options)
        ours.load_state_dict(theirs.state_dict())
        layers[engine] = ours
    return layers


def reset_before(D: int, H: int) -> torch.nn.Module:
    torch.manual_seed(0)
    return rnnbook.GRU(D, H)


def training(run: Run, inputs: Tensor, gradient: Tensor, leaves: list) -> Job:
    """One training step less the optimiser: forward, and backward from a given gradient."""

    def job() -> None:
        for leaf in leaves:
            leaf.grad = None
        run(inputs).backward(gradient)

    return job


def inference(run: Run, inputs: Tensor) -> Job:
    def job() -> None:
        with torch.no_grad():
            run(inputs)

    return job


def first(layer: torch.nn.Module, inputs: Tensor, **options: object) -> Tensor:
    return layer(inputs, **options)[0]


def packed(layer: torch.nn.Module, inputs: Tensor, lengths: Tensor) -> Tensor:
    pack = pack_padded_sequence(inputs, lengths, enforce_sorted=False)
    return pad_packed_sequence(layer(pack)[0], total_length=len(inputs))[0]


def half_contestants(family: str, size: tuple[int, ...]) -> dict[str, Job]:
    """A training step in bfloat16, ours and PyTorch's, and ours in float32 beside them."""
    T, B, D, H = size
    generator = torch.Generator().manual_seed(1)
    inputs = torch.randn(T, B, D, generator=generator)
    gradient = torch.randn(T, B, H, generator=generator)
    layers = layers_of(family, D, H)
    jobs = {}
    for name, kind, dtype in (
        ("torch.nn", "torch.nn", torch.bfloat16),
        ("auto", "auto", torch.bfloat16),
        ("float32", "auto", torch.float32),
    ):
        layer = copy.deepcopy(layers[kind]).to(dtype)
        run = partial(first, layer)
        jobs[name] = training(run, inputs.to(dtype), gradient.to(dtype), [*layer.parameters()])
    return jobs


def cell_loop(cell: torch.nn.LSTMCell, inputs: Tensor) -> Tensor:
    """What one writes with PyTorch to see every state of an LSTM."""
    state, states = None, []
    for x in inputs:
        state = cell(x, state)
        states.append(torch.stack(state))
    return torch.stack(states)[:, 0]


def contestants(
    family: str, size: tuple[int, ...], backward: bool, only: tuple[str, ...] | None = None
) -> dict[str, Job]:
    T, B, D, H = size
    generator = torch.Generator().manual_seed(1)
    inputs = torch.randn(T, B, D, generator=generator)
    gradient = torch.randn(T, B, H, generator=generator)
    layers = layers_of(family, D, H)
    runs = {name: (partial(first, layer), [*layer.parameters()]) for name, layer in layers.items()}
    source = reset_before(D, H) if family == "GRU" else layers["auto"]
    if family == "GRU":
        runs["auto, reset before"] = (partial(first, source), [*source.parameters()])
    params = [p.requires_grad_() for p in to_post(source)]
    runs[LOOP_NAMES[family]] = (lambda x: LOOPS[family](x, params), params)
    if only:
        runs = {name: runs[name] for name in only}
    if backward:
        return {n: training(run, inputs, gradient, leaves) for n, (run, leaves) in runs.items()}
    return {n: inference(run, inputs) for n, (run, _) in runs.items()}


def ragged_contestants(family: str, size: tuple[int, ...]) -> dict[str, Job]:
    T, B, D, H = size
    generator = torch.Generator().manual_seed(1)
    inputs = torch.randn(T, B, D, generator=generator)
    gradient = torch.randn(T, B, H, generator=generator)
    lengths = torch.randint(1, T + 1, (B,), generator=generator)
    layers = layers_of(family, D, H)
    runs = {
        "torch.nn": partial(packed, layers["torch.nn"], lengths=lengths),
        "auto": partial(first, layers["auto"], lengths=lengths),
    }
    return {
        name: training(run, inputs, gradient, [*layers[name].parameters()])
        for name, run in runs.items()
    }


def trace_contestants(size: tuple[int, ...]) -> dict[str, Job]:
    T, B, D, H = size
    generator = torch.Generator().manual_seed(1)
    inputs = torch.randn(T, B, D, generator=generator)
    gradient = torch.randn(T, B, H, generator=generator)
    layer, cell = rnnbook.LSTM(D, H), torch.nn.LSTMCell(D, H)
    runs = {
        "LSTMCell": (partial(cell_loop, cell), [*cell.parameters()]),
        "auto": (partial(first, layer, trace=True), [*layer.parameters()]),
    }
    return {n: training(run, inputs, gradient, leaves) for n, (run, leaves) in runs.items()}


# --- measuring -----------------------------------------------------------------------------------


def milliseconds(job: Job, calls: int = 1) -> float:
    """Mean time of some calls in a row."""
    begin = time.perf_counter()
    for _ in range(calls):
        job()
    return 1e3 * (time.perf_counter() - begin) / calls


def take_turns(jobs: dict[str, Job], seconds: float) -> dict[str, list[float]]:
    """Milliseconds of a call of each job, turn by turn, each turn in another random order.

    If one of the jobs is shorter than ``SHORT``, each is called once before its turn is timed, and
    then as often as fills ``FILLED``: both sides of a ratio are measured alike.
    """
    single = {}
    for name, job in jobs.items():
        job()  # warm-up: compiles, allocates, chooses kernels
        single[name] = milliseconds(job)
    repeat = min(single.values()) < SHORT
    calls = {name: math.ceil(FILLED / ms) if repeat else 1 for name, ms in single.items()}
    started = time.perf_counter()
    times: dict[str, list[float]] = {name: [] for name in jobs}
    shuffled = random.Random(0)  # so that no job always follows the same one
    for turn in range(ROUNDS[1]):
        for name in shuffled.sample(list(jobs), len(jobs)):
            if repeat:
                jobs[name]()
            times[name].append(milliseconds(jobs[name], calls[name]))
        if turn + 1 >= ROUNDS[0] and time.perf_counter() - started > seconds:
            break
    return times


def quartiles(values: list[float]) -> tuple[float, float, float]:
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return middle, low, high


def ratio(times: dict[str, list[float]], name: str, other: str) -> tuple[float, float, float]:
    pairs = zip(times[name], times[other], strict=True)
    return quartiles([ours / theirs for ours, theirs in pairs])


def peak_memory(family: str, kind: str, size: tuple[int, ...]) -> float:
    """Growth of the peak of resident memory by one training step, in MB, in a fresh process."""
    command = [sys.executable, __file__, "--peak", family, kind, *map(str, size)]
    run = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    return float(run.stdout.split()[-1])


def print_peak(family: str, kind: str, size: tuple[int, ...]) -> None:
    import psutil

    small = contestants(family, (4, *size[1:]), True, (kind,))[kind]
    small()
    job = contestants(family, size, True, (kind,))[kind]
    before = psutil.Process().memory_info().rss
    Path("/proc/self/clear_refs").write_text("5")  # the peak starts again from here
    job()
    status = Path("/proc/self/status").read_text()
    peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    print((1024 * peak - before) / 1e6)


def measure_half(sizes: list[tuple[int, ...]], seconds: float) -> dict:
    """A training step in bfloat16, each layer at each size."""
    rows = []
    pairs = [(family, size) for size in sizes for family in ("LSTM", "GRU", "RNN")]
    for family, size in (bar := tqdm(pairs, unit="comparison")):
        bar.set_description(f"bfloat16 {family} {size}")
        ms = take_turns(half_contestants(family, size), seconds)
        rows.append({"what": "bfloat16", "family": family, "size": size, "ms": ms})
    told = {"command": "python tools/bench_layers.py --half --store"}
    return {"conditions": conditions() | told, "rows": rows}


def measure(sizes: list[tuple[int, ...]], seconds: float) -> dict:
    """All comparisons; every list of times is kept."""
    families = ["LSTM", "GRU", "RNN"]
    middle = next((s for s in sizes if s[0] == 1000), sizes[-1])
    jobs: list[tuple[str, str, tuple[int, ...], Callable[[], dict[str, Job]]]] = []
    for size in sizes:
        for family in families:
            for backward, what in ((True, "training"), (False, "forward")):
                jobs.append((what, family, size, partial(contestants, family, size, backward)))
        if size[1] > 1:
            for family in families:
                jobs.append(("ragged", family, size, partial(ragged_contestants, family, size)))
        jobs.append(("trace", "LSTM", size, partial(trace_contestants, size)))
    for family in families:
        for T in LENGTHS if len(sizes) > 2 else LENGTHS[:2]:
            size = (T, *middle[1:])
            jobs.append(("length", family, size, partial(contestants, family, size, True, PAIR)))
    rows = []
    for what, family, size, make in (bar := tqdm(jobs, unit="comparison")):
        bar.set_description(f"{what} {family} {size}")
        share = seconds if what == "training" else seconds / 2.5
        rows.append({"what": what, "family": family, "size": size, "ms": take_turns(make(), share)})
    for size in [s for s in sizes if s[3] == 512 or s[0] == 1000]:
        for family in families:
            peaks: dict[str, list[float]] = {"torch.nn": [], "auto": []}
            for _ in range(3):
                for kind, values in peaks.items():
                    values.append(peak_memory(family, kind, size))
            rows.append({"what": "memory", "family": family, "size": size, "MB": peaks})
    return {"conditions": conditions(), "rows": rows}


def conditions() -> dict[str, str | int]:
    processor = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.is_file():
        names = [
            x.split(":")[1].strip() for x in info.read_text().splitlines() if "model name" in x
        ]
        processor = names[0] if names else processor
    return {
        "date": date.today().isoformat(),
        "command": "python tools/bench_layers.py --store",
        "python": platform.python_version(),
        "torch": torch.__version__,
        "threads": torch.get_num_threads(),
        "processor": processor,
        "compiled": "yes" if compiled.available() else compiled.why_not(),
        "load": round(os.getloadavg()[0], 1),
    }


def profile(size: tuple[int, ...], turns: int = 30) -> str:
    """Where a training step of the compiled LSTM spends its time, beside the products alone.

    The floor is the time that the step's multiplications would take at the best rate of a large
    product on this machine, measured beside it.
    """
    T, B, D, H = size
    parts = {
        "time loop forward": (compiled.CompiledLoops, "forward"),
        "time loop backward": (compiled.CompiledLoops, "backward"),
        "packing": (compiled.CompiledLoops, "prepare"),
        "input product": (passes, "_input_product"),
        "gradient of W_ih": (passes, "_add_input_product"),
        "gradient of W_hh": (passes, "_add_hidden_products"),
    }
    spent: dict[str, list[float]] = {name: [] for name in [*parts, "whole step", "large product"]}
    square = torch.randn(1024, 1024)
    job = contestants("LSTM", size, True, ("compiled",))["compiled"]
    job()
    for _ in tqdm(range(turns), desc=f"LSTM {size}", unit="turn", leave=False):
        now = dict.fromkeys(spent, 0.0)
        with contextlib.ExitStack() as stack:
            for name, (module, function) in parts.items():
                timed = _timed(getattr(module, function), now, name)
                stack.enter_context(mock.patch.object(module, function, timed))
            _timed(job, now, "whole step")()
        _timed(lambda: square @ square, now, "large product")()
        for name, seconds in now.items():
            spent[name].append(1e3 * seconds)
    middle = {name: statistics.median(values) for name, values in spent.items()}
    del middle["large product"]
    rate = 2 * 1024**3 / min(spent["large product"]) / 1e6  # GFLOP/s
    floor = 3 * 2 * T * B * 4 * H * (D + H) / rate / 1e6
    shares = ", ".join(f"{name} {ms:.2f}" for name, ms in middle.items())
    return (
        f"LSTM {size}, ms: {shares}; floor {floor:.2f} at {rate:.0f} GFLOP/s, "
        f"reached {floor / middle['whole step']:.0%} of it"
    )


def _timed(function: Callable, now: dict[str, float], name: str) -> Callable:
    def timed(*arguments: object, **options: object) -> object:
        begin = time.perf_counter()
        result = function(*arguments, **options)
        now[name] += time.perf_counter() - begin
        return result

    return timed


# --- reporting -----------------------------------------------------------------------------------


def targets(what: str, family: str, H: int) -> dict[str, float]:
    """Largest time of ``auto`` that we aim at, relative to others; none is set at H = 256."""
    small = H <= 128
    if what == "ragged":
        return {"torch.nn": 1 / 3}
    if what == "trace":
        return {"LSTMCell": 1 / 2}
    if what == "memory":
        return {"torch.nn": 1.2}
    if what != "training":
        return {}
    reach = {"torch.nn": 1.0} if family == "LSTM" else {}
    if family != "LSTM" and H != 256:
        reach["torch.nn"] = 0.5 if small else 0.8
    if family != "RNN" and H != 256:
        reach["the post's loop"] = 0.25 if small else 0.7
    return reach


OURS = {"the post's loop": {"GRU": "auto, reset before"}}
"""The layer that computes what the other does, where it is not plain ``auto``."""


def comparisons(measured: dict) -> list[dict]:
    """Each of our times relative to another's, with the target and whether it was reached."""
    found = []
    for row in measured["rows"]:
        what, family, size = row["what"], row["family"], tuple(row["size"])
        values = row.get("ms") or row.get("MB")
        for other in ("torch.nn", "the post's loop", "a plain loop", "LSTMCell", "float32"):
            if other not in values or what == "length":
                continue
            name = OURS.get(other, {}).get(family, "auto")
            name = name if name in values else "auto"
            middle, low, high = ratio(values, name, other)
            reach = targets(what, family, size[3]).get(other)
            found.append(
                {
                    "what": what,
                    "layer": family,
                    "T, B, D, H": ", ".join(map(str, size)),
                    "unit": "ms" if "ms" in row else "MB",
                    "ours": quartiles(values[name])[0],
                    "other": other,
                    "theirs": quartiles(values[other])[0],
                    "ratio": middle,
                    "spread": (low, high),
                    "reach": reach,
                    "reached": None if reach is None else middle <= reach,
                }
            )
    return found


def table(measured: dict) -> str:
    head = ["what", "layer", "T, B, D, H", "ours", "against", "theirs", "ratio", "reach", ""]
    body = []
    for c in comparisons(measured):
        low, high = c["spread"]
        body.append(
            [
                c["what"],
                c["layer"],
                c["T, B, D, H"],
                f"{c['ours']:.3g} {c['unit']}",
                c["other"],
                f"{c['theirs']:.3g} {c['unit']}",
                f"{c['ratio']:.2f} ({low:.2f} to {high:.2f})",
                "" if c["reach"] is None else f"{c['reach']:.2f}",
                {None: "", True: "reached", False: "MISSED"}[c["reached"]],
            ]
        )
    return markdown(head, body)


def engines_table(measured: dict) -> str:
    """Each engine's time relative to the fastest engine's: where each of them loses."""
    head = ["what", "layer", "T, B, D, H", *ENGINES[1:], "auto took"]
    body = []
    for row in measured["rows"]:
        if row["what"] not in ("training", "forward"):
            continue
        times = {e: quartiles(row["ms"][e])[0] for e in ENGINES if e in row["ms"]}
        best = min(times.values())
        cells = [f"{times[e] / best:.2f}" if e in times else "" for e in ENGINES[1:]]
        body.append(
            [
                row["what"],
                row["family"],
                ", ".join(map(str, row["size"])),
                *cells,
                f"{times['auto'] / best:.2f}",
            ]
        )
    return markdown(head, body)


def lengths_table(measured: dict) -> str:
    """Time per step of the sequence: constant where the cost is linear in T."""
    rows = [row for row in measured["rows"] if row["what"] == "length"]
    head = ["layer", "T", *(f"{name}, µs a step" for name in ("auto", "torch.nn"))]
    body = [
        [
            row["family"],
            str(row["size"][0]),
            *(
                f"{1e3 * quartiles(row['ms'][name])[0] / row['size'][0]:.1f}"
                for name in ("auto", "torch.nn")
            ),
        ]
        for row in rows
    ]
    exponents = []
    for family in dict.fromkeys(row["family"] for row in rows):
        mine = [row for row in rows if row["family"] == family]
        first_, last = mine[0], mine[-1]
        grown = quartiles(last["ms"]["auto"])[0] / quartiles(first_["ms"]["auto"])[0]
        power = math.log(grown) / math.log(last["size"][0] / first_["size"][0])
        exponents.append(f"{family} {power:.2f}")
    return markdown(head, body) + "\n\nTime grows as T to the power: " + ", ".join(exponents)


def markdown(head: list[str], body: list[list[str]]) -> str:
    widths = [max(len(row[k]) for row in [head, *body]) for k in range(len(head))]
    lines = [head, ["-" * width for width in widths], *body]
    return "\n".join(
        "| " + " | ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)) + " |"
        for line in lines
    )


def plot(measured: dict, path: Path) -> None:
    """Training time relative to torch.nn, each layer and size; the target as a tick."""
    from matplotlib.figure import Figure

    rows = [
        c for c in comparisons(measured) if c["what"] == "training" and c["other"] == "torch.nn"
    ]
    sizes = list(dict.fromkeys(c["T, B, D, H"] for c in rows))
    families = list(dict.fromkeys(c["layer"] for c in rows))
    canvas = Figure(figsize=(7.5, 1.2 + 0.55 * len(sizes)), layout="constrained")
    axes = canvas.subplots()
    colours = dict(zip(families, ("#0072b2", "#d55e00", "#009e73"), strict=False))
    for c in rows:
        y = sizes.index(c["T, B, D, H"]) + 0.25 * (families.index(c["layer"]) - 1)
        axes.plot(c["spread"], (y, y), color=colours[c["layer"]], lw=2)
        axes.plot(c["ratio"], y, "o", color=colours[c["layer"]], ms=5)
        axes.annotate(
            f" {c['layer']} {c['ratio']:.2f}", (c["spread"][1], y), va="center", fontsize=8,
            color=colours[c["layer"]],
        )  # fmt: skip
        if c["reach"]:
            axes.plot([c["reach"]] * 2, (y - 0.1, y + 0.1), color="#3b4248", lw=1)
    axes.axvline(1, color="#d5dae0", zorder=0)
    axes.set_yticks(range(len(sizes)), [f"T, B, D, H = {s}" for s in sizes], fontsize=8)
    axes.set_xlim(0, max(1.3, 1.15 * max(c["spread"][1] for c in rows)))
    axes.invert_yaxis()
    axes.set_xlabel("time of a training step, torch.nn = 1; quartiles; tick: aimed at")
    axes.spines[["top", "right"]].set_visible(False)
    canvas.savefig(path)


def report(measured: dict) -> str:
    missed = [c for c in comparisons(measured) if c["reached"] is False]
    lines = [
        ", ".join(f"{k} {v}" for k, v in measured["conditions"].items()),
        "",
        table(measured),
        "",
        "Each engine's time relative to the fastest engine's:",
        "",
        engines_table(measured),
        "",
        lengths_table(measured),
        "",
        f"{len(missed)} missed: " + "; ".join(
            f"{c['what']} {c['layer']} ({c['T, B, D, H']}) {c['ratio']:.2f} of {c['other']}"
            for c in missed
        ) if missed else "Every target was reached.",
    ]  # fmt: skip
    return "\n".join(lines)


def store(measured: dict, path: Path = STORED) -> None:
    """Keep medians and quartiles; the single times would be a thousand lines."""
    rows = []
    for row in measured["rows"]:
        unit = "ms" if "ms" in row else "MB"
        summary = {n: [round(v, 3) for v in quartiles(values)] for n, values in row[unit].items()}
        rows.append({**row, unit: summary, "turns": len(next(iter(row[unit].values())))})
    kept = [{k: v for k, v in c.items() if k != "unit"} for c in comparisons(measured)]
    record = {**measured["conditions"], "rows": rows, "comparisons": kept}
    path.write_text(json.dumps(record, indent=1) + "\n")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="two small sizes, two seconds each")
    parser.add_argument("--store", action="store_true", help="also keep the results in rnnbook")
    parser.add_argument("--half", action="store_true", help="only a training step in bfloat16")
    parser.add_argument("--profile", action="store_true", help="only tell where the time goes")
    parser.add_argument("--peak", nargs=6, metavar="…", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.peak:
        family, kind, *size = options.peak
        print_peak(family, kind, tuple(map(int, size)))
        return 0
    if options.profile and not compiled.available():
        print(f"There is no compiled loop to profile: {compiled.why_not()}", file=sys.stderr)
        return 1
    if options.profile:
        for size in SIZES:
            print(profile(size, turns=30 if size[3] < 512 else 3))
        return 0
    if os.getloadavg()[0] > 1:
        print(f"Other programs are running (load {os.getloadavg()[0]:.1f}): expect wide spreads.")
    if options.half:
        measured = measure_half(SIZES, SECONDS / 3)
        print(table(measured))
        if options.store:
            store(measured, STORED_HALF)
        return 0
    measured = measure(QUICK, 2.0) if options.quick else measure(SIZES, SECONDS)
    OUT.mkdir(parents=True, exist_ok=True)
    text = report(measured)
    (OUT / "layers.md").write_text(text + "\n")
    (OUT / "layers.json").write_text(json.dumps(measured) + "\n")
    plot(measured, OUT / "layers.svg")
    if options.store:
        store(measured)
    print(text)
    print(f"\nWritten to {OUT.relative_to(ROOT)}: layers.md, layers.svg, layers.json")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
