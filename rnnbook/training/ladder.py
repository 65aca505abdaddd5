r"""The ladder: one layer's training step computed ever faster, and what each rung removes.

All rungs compute the same function with the same weights; a GRU resets after the product here, for
PyTorch's kernel knows no other. What a rung should cost is predicted before it is measured: the
matrix products of a time step, forward and backward, are counted on paper in :data:`RUNGS` and by
PyTorch's dispatcher in what runs. Two floors stand beside the times: the recurrent weights must be
read once forward and once backward, :math:`2 G H^2` numbers at the bandwidth of the memory (unless
a cache or the chip keeps them), and something must be launched once forward and once backward.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

import rnnbook
from rnnbook.engines import compiled, triton_loops
from rnnbook.training import machine
from rnnbook.training.bench import conditions

CELLS = {"LSTM": 4, "GRU": 3}
"""The gated layers, and their number G of blocks of weights."""

SEED = 0
"""Of weights and inputs."""

Run = Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class Rung:
    """A way to compute.

    Attributes:
        name: of the rung.
        removes: what it spares, against the one below.
        products: of a time step, forward and backward, of an LSTM and of a GRU; None where they
            happen inside of one operation.
    """

    name: str
    removes: str
    products: tuple[int, int] | None


RUNGS = (
    Rung("the post's loop", "nothing: one product for each gate and source", (20, 15)),
    Rung("stacked gates", "launches: the gates of a source share one product", (5, 5)),
    Rung("hoisted input product", "a product a step: all inputs at once, before the loop", (3, 3)),
    Rung("fused point-wise work", "launches and memory traffic between gates and state", (3, 3)),
    Rung(  # the GRU's loop keeps the candidate's product apart
        "backward by hand",
        "a product a step: one for each weight's gradient, after the loop",
        (2, 3),
    ),
    Rung("CUDA graph", "the processor's work to launch, once it is recorded", (2, 3)),
    Rung("library kernel", "launches: PyTorch's own, cuDNN on a GPU and oneDNN on a CPU", None),
    Rung("time loop inside", "all launches but one; weights stay near the arithmetic", None),
    Rung("the same on a GPU", "all launches but one; weights stay on the chip", None),
)
"""From the bottom to the top."""

DTYPES = {"float32": torch.float32, "tf32": torch.float32}
DTYPES |= {"bfloat16": torch.bfloat16, "float16": torch.float16}

GRIDS: dict[str, dict[str, Any]] = {
    "cuda": {"hidden": (128, 256, 512, 768, 1024), "precisions": tuple(DTYPES), "T": 256, "B": 16},
    "cpu": {"hidden": (64,), "precisions": ("float32",), "T": 32, "B": 16},
}
"""What is measured where; on other devices what is on a CPU."""


def climb(
    device: torch.device,
    hidden: Sequence[int] = (),
    *,
    seconds: float = 2.0,
    compiles: bool = False,
) -> dict[str, Any]:
    """Measure every rung on a device, by turns, and hold each to the float64 reference.

    A rung that cannot run here is listed with the reason, and without a number.

    Args:
        device: to measure on.
        hidden: units; those of :data:`GRIDS` if left out.
        seconds: for each rung, about.
        compiles: whether to build with ``torch.compile`` on a CPU, too.

    Returns:
        The conditions, the floors' constants, and a row for each cell, size, precision and rung:
        microseconds of a time step (median and quartiles), its products as predicted and as
        counted, all operations as counted, and the largest error of an output.

    Source: Appleyard, Kočiský & Blunsom (2016) on the first rungs.
    """
    grid = GRIDS.get(device.type, GRIDS["cpu"])
    rows = []
    for precision in grid["precisions"]:
        with machine.configured(device, precision, deterministic=False):
            for units in hidden or grid["hidden"]:
                for cell in CELLS:
                    problem = Problem(cell, units, grid["T"], grid["B"], precision, device)
                    rows += problem.measured(seconds, compiles or device.type == "cuda")
    return {
        "what": "ladder",
        **conditions(device),
        "seed": SEED,
        "T": grid["T"],
        "B": grid["B"],
        "bandwidth": bandwidth(device),
        "latency": latency(device),
        "rows": rows,
    }


class Problem:
    """A layer with inputs, D = H, at one size and precision, for all rungs.

    Args:
        cell: a key of :data:`CELLS`.
        hidden: units H.
        steps: T.
        batch: B.
        precision: a key of ``DTYPES``.
        device: where.
    """

    def __init__(
        self,
        cell: str,
        hidden: int,
        steps: int,
        batch: int,
        precision: str,
        device: torch.device,
    ) -> None:
        """Draw weights and inputs, the same on every device, and compute the reference."""
        self.cell, self.hidden, self.precision, self.device = cell, hidden, precision, device
        generator = torch.Generator().manual_seed(SEED)
        options = {"reset_after": True} if cell == "GRU" else {}
        reference = getattr(rnnbook, cell)(
            hidden, hidden, engine="reference", dtype=torch.float64, **options
        )
        with torch.no_grad():
            for parameter in reference.parameters():
                parameter.uniform_(-(hidden**-0.5), hidden**-0.5, generator=generator)
        inputs = torch.randn(steps, batch, hidden, dtype=torch.float64, generator=generator)
        with torch.no_grad():
            self.right = reference(inputs)[0]
        self.layer = reference.to(device, DTYPES[precision])
        self.inputs = inputs.to(device, DTYPES[precision])

    def runs(self, rung: Rung) -> Run:
        """The function of a rung.

        Raises:
            CannotError: it cannot run here; says why.
        """
        engines = {"the post's loop": "reference", "backward by hand": "python",
                   "library kernel": "library", "time loop inside": "compiled",
                   "the same on a GPU": "triton"}  # fmt: skip
        taking_part = (self.inputs, *self.layer.parameters())
        reason = ""
        if rung.name == "time loop inside":
            reason = compiled.why_not_for(taking_part)
        if rung.name == "the same on a GPU":
            reason = triton_loops.why_not_for(taking_part, self.layer.weight_hh_l0)
        if reason:
            raise CannotError(reason)
        if rung.name == "CUDA graph":
            if self.device.type != "cuda":
                raise CannotError("needs a CUDA device")
            return _graphed(self.layer, self.inputs)
        if rung.name in engines:
            return _with_engine(self.layer, engines[rung.name])
        pointwise = _POINTWISE[self.cell]
        if rung.name == "fused point-wise work":
            pointwise = torch.compile(pointwise, fullgraph=True)
        loop = _stacked if rung.name == "stacked gates" else _hoisted
        return lambda inputs: loop(inputs, self.layer, pointwise)

    def measured(self, seconds: float, compiles: bool) -> list[dict[str, Any]]:
        """A row for each rung."""
        rows, jobs = {}, {}
        for rung in RUNGS:
            rows[rung.name] = row = self._row(rung)
            try:
                if rung.name == "fused point-wise work" and not compiles:
                    raise CannotError("torch.compile was not asked for (--compile)")
                run = self.runs(rung)
                output = run(self.inputs).detach().double().cpu()
                row["error"] = float((output - self.right).abs().max())
                row |= self._counts(run, rung)
                jobs[rung.name] = self._job(run)
            except CannotError as error:
                row["not_here"] = str(error)
            except Exception as error:  # another PyTorch, another GPU: a rung less, not a crash
                row["not_here"] = f"failed: {type(error).__name__}: {error}".splitlines()[0]
        for name, times in _by_turns(jobs, seconds).items():
            steps = len(self.inputs)
            quartiles = statistics.quantiles([1e6 * t / steps for t in times], n=4)
            rows[name]["microseconds"] = quartiles
        return list(rows.values())

    def _row(self, rung: Rung) -> dict[str, Any]:
        predicted = rung.products and rung.products[list(CELLS).index(self.cell)]
        size = self.inputs.element_size()
        return {
            "cell": self.cell,
            "hidden": self.hidden,
            "precision": self.precision,
            "rung": rung.name,
            "removes": rung.removes,
            "products_predicted": predicted,
            "weight_bytes": 2 * CELLS[self.cell] * self.hidden**2 * size,
        }

    def _job(self, run: Run) -> Callable[[], None]:
        """A training step less the optimiser; returns when the device has finished."""
        gradient = torch.ones_like(self.inputs)

        def job() -> None:
            run(self.inputs).backward(gradient)
            self.layer.zero_grad(set_to_none=True)
            if self.device.type == "cuda":
                torch.cuda.synchronize(self.device)

        return job

    def _counts(self, run: Run, rung: Rung) -> dict[str, Any]:
        """Products and operations of a time step, from sequences of two lengths."""
        if rung.products is None or rung.name == "CUDA graph":
            return {}
        counts = []
        half = len(self.inputs) // 2
        for steps in (half, 2 * half):
            with Counter() as counter:
                output = run(self.inputs[:steps])
                output.backward(torch.ones_like(output))
            self.layer.zero_grad(set_to_none=True)
            counts.append((counter.products, counter.operations))
        (a, b), (c, d) = counts
        counted = {"operations_counted": (d - b) / half}
        if rung.name != "fused point-wise work":  # a compiled function hides what is in it
            counted["products_counted"] = (c - a) / half
        return counted


class CannotError(Exception):
    """Why a rung cannot run here."""


class Counter(TorchDispatchMode):
    """Counts what PyTorch is asked to compute; views compute nothing."""

    def __init__(self) -> None:
        """Start from zero."""
        super().__init__()
        self.products = self.operations = 0

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple = (), kwargs: dict | None = None
    ) -> Any:
        """Count, and compute."""
        if not (func.is_view or torch.Tag.view_copy in func.tags):
            self.operations += 1
            self.products += func.overloadpacket.__name__.rstrip("_") in (
                "mm",
                "addmm",
                "bmm",
                "baddbmm",
            )
        return func(*args, **(kwargs or {}))


# --- the rungs that no engine is -----------------------------------------------------------------


def _with_engine(layer: torch.nn.Module, engine: str) -> Run:
    def run(inputs: Tensor) -> Tensor:
        layer.engine = engine
        return layer(inputs)[0]

    return run


def _lstm_pointwise(a: Tensor, b: Tensor, h: Tensor, C: Tensor) -> tuple[Tensor, Tensor]:
    i, f, g, o = (a + b).chunk(4, 1)
    C = torch.sigmoid(f) * C + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(C), C


def _gru_pointwise(a: Tensor, b: Tensor, h: Tensor, C: Tensor) -> tuple[Tensor, Tensor]:
    (r_a, z_a, n_a), (r_b, z_b, n_b) = a.chunk(3, 1), b.chunk(3, 1)
    z = torch.sigmoid(z_a + z_b)
    n = torch.tanh(n_a + torch.sigmoid(r_a + r_b) * n_b)
    return z * h + (1 - z) * n, C


_POINTWISE = {"LSTM": _lstm_pointwise, "GRU": _gru_pointwise}


def _stacked(inputs: Tensor, layer: torch.nn.Module, pointwise: Callable) -> Tensor:
    """One product for all gates of the input, one for those of the state, at every step."""
    return _loop(
        (torch.addmm(layer.bias_ih_l0, x, layer.weight_ih_l0.T) for x in inputs), inputs, layer,
        pointwise,
    )  # fmt: skip


def _hoisted(inputs: Tensor, layer: torch.nn.Module, pointwise: Callable) -> Tensor:
    """The product for the inputs of all steps at once; the loop keeps that of the state."""
    rows = torch.addmm(layer.bias_ih_l0, inputs.flatten(0, 1), layer.weight_ih_l0.T)
    return _loop(rows.view(*inputs.shape[:2], -1), inputs, layer, pointwise)


def _loop(
    products: Iterator[Tensor] | Tensor, inputs: Tensor, layer: torch.nn.Module,
    pointwise: Callable,
) -> Tensor:  # fmt: skip
    h = C = inputs.new_zeros(inputs.shape[1], layer.hidden_size)
    outputs = []
    for of_input in products:
        of_state = torch.addmm(layer.bias_hh_l0, h, layer.weight_hh_l0.T)
        h, C = pointwise(of_input, of_state, h, C)
        outputs.append(h)
    return torch.stack(outputs)


def _graphed(layer: torch.nn.Module, inputs: Tensor) -> Run:
    """The rung below, forward and backward recorded and played again."""

    class Outputs(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = layer

        def forward(self, x: Tensor) -> Tensor:
            self.layer.engine = "python"
            return self.layer(x)[0]

    return torch.cuda.make_graphed_callables(Outputs(), (torch.zeros_like(inputs),))


# --- measuring -----------------------------------------------------------------------------------


def _by_turns(jobs: dict[str, Callable[[], None]], seconds: float) -> dict[str, list[float]]:
    """Seconds of every call; what makes the machine slower makes all contestants slower."""
    times: dict[str, list[float]] = {name: [] for name in jobs}
    end = time.perf_counter() + seconds * len(jobs)
    turns = 0
    while turns < 4 or (time.perf_counter() < end and turns < 200):
        for name, job in jobs.items():
            began = time.perf_counter()
            job()
            times[name].append(time.perf_counter() - began)
        turns += 1
    return {name: measured[1:] for name, measured in times.items()}  # the first one warms up


@contextmanager
def _timed(device: torch.device) -> Iterator[list[float]]:
    spent: list[float] = []
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    began = time.perf_counter()
    yield spent
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    spent.append(time.perf_counter() - began)


def bandwidth(device: torch.device) -> float:
    """Bytes per second that the device's memory gives, from copies too large for a cache."""
    size = 2**28 if device.type == "cuda" else 2**26
    source = torch.zeros(size, dtype=torch.float32, device=device)
    target = torch.empty_like(source)
    times = []
    for _ in range(4):
        with _timed(device) as spent:
            target.copy_(source)
        times += spent
    return 2 * 4 * size / min(times)  # each number is read and written


def latency(device: torch.device) -> float:
    """Seconds from one tiny operation to the next."""
    tiny = torch.zeros(1, device=device)
    times = []
    for _ in range(4):
        with _timed(device) as spent:
            for _ in range(1000):
                tiny.add_(1)
        times.append(spent[0] / 1000)
    return min(times)


def table(results: dict[str, Any]) -> str:
    """The results as lines of text."""
    lines = [
        f"{results['name']}, {results['threads']} threads, PyTorch {results['torch']}, "
        f"{results['date']}",
        f"T = {results['T']}, B = {results['B']}; the memory gives "
        f"{results['bandwidth'] / 1e9:.0f} GB/s, a launch takes {results['latency'] * 1e6:.1f} µs",
    ]
    heading = None
    for row in results["rows"]:
        if heading != (heading := (row["cell"], row["hidden"], row["precision"])):
            memory = 1e6 * row["weight_bytes"] / results["bandwidth"]
            lines += [
                "",
                f"{row['cell']}, H = {row['hidden']}, {row['precision']}: floors of a step "
                f"{memory:.2f} µs (memory), {2e6 * results['latency']:.1f} µs (two launches)",
                f"  {'rung':<24} {'µs a step':>9}  products (predicted)  operations",
            ]
        lines.append(_line(row))
    return "\n".join(lines)


def _line(row: dict[str, Any]) -> str:
    if "microseconds" not in row:
        return f"  {row['rung']:<24} {'–':>9}  {row['not_here']}"
    counted, predicted = row.get("products_counted"), row["products_predicted"]
    products = "–" if counted is None else f"{counted:g}"
    expected = "–" if predicted is None else f"{predicted}"
    operations = row.get("operations_counted")
    return (
        f"  {row['rung']:<24} {row['microseconds'][1]:>9.1f}  {products:>8} ({expected})"
        f"{'':<10}{'–' if operations is None else f'{operations:g}':>8}"
    )
