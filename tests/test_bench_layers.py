"""The benchmark of the layers compares like with like, and reports what it measured."""

import json

import pytest
import torch

from rnnbook.engines import compiled
from rnnbook.experiments import stored_results
from tools import bench_layers

SIZE = (5, 3, 4, 6)  # T, B, D, H


@pytest.mark.parametrize("family", ["LSTM", "GRU", "RNN"])
def test_the_posts_loop_computes_what_our_layer_computes(family):
    T, B, D, H = SIZE
    layer = bench_layers.reset_before(D, H)
    if family != "GRU":
        layer = bench_layers.layers_of(family, D, H)["auto"]
    inputs = torch.randn(T, B, D, generator=torch.Generator().manual_seed(0))
    loop = bench_layers.LOOPS[family](inputs, bench_layers.to_post(layer))
    torch.testing.assert_close(loop, layer(inputs)[0], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("family", ["LSTM", "GRU", "RNN"])
def test_all_engines_compete_with_torchs_layer_on_the_same_function(family):
    T, B, D, H = SIZE
    layers = bench_layers.layers_of(family, D, H)
    assert {"torch.nn", "auto", "python", "library", "reference"} <= layers.keys()
    inputs = torch.randn(T, B, D, generator=torch.Generator().manual_seed(0))
    outputs = [layer(inputs)[0] for layer in layers.values()]
    for output in outputs[1:]:
        torch.testing.assert_close(output, outputs[0], rtol=1e-5, atol=1e-6)


def test_ragged_and_traced_contestants_compute_the_same():
    T, B, D, H = SIZE
    inputs = torch.randn(T, B, D, generator=torch.Generator().manual_seed(0))
    lengths = torch.tensor([2, 5, 1])
    layers = bench_layers.layers_of("LSTM", D, H)
    theirs = bench_layers.packed(layers["torch.nn"], inputs, lengths)
    ours = bench_layers.first(layers["auto"], inputs, lengths=lengths)
    torch.testing.assert_close(ours, theirs, rtol=1e-5, atol=1e-6)
    cell = torch.nn.LSTMCell(D, H)
    cell.load_state_dict({k.removesuffix("_l0"): v for k, v in layers["auto"].state_dict().items()})
    loop = bench_layers.cell_loop(cell, inputs)
    torch.testing.assert_close(loop, layers["auto"](inputs)[0], rtol=1e-5, atol=1e-6)


class Clock:
    """A clock that stands still but for the jobs, and a log of these."""

    def __init__(self):
        self.now, self.log = 0.0, []

    def perf_counter(self):
        return self.now

    def job(self, name, milliseconds, first=0.0):
        """One that takes longer directly after another job."""

        def run():
            self.now += (milliseconds + first * (self.log[-1:] != [name])) / 1e3
            self.log.append(name)

        return run


@pytest.fixture
def clock(monkeypatch):
    monkeypatch.setattr(bench_layers, "ROUNDS", (3, 3))
    monkeypatch.setattr(bench_layers, "time", clock := Clock())
    return clock


def test_jobs_take_turns_and_every_turn_is_kept(clock):
    times = bench_layers.take_turns({n: clock.job(n, 6) for n in "ab"}, seconds=0)
    assert clock.log[:4] == ["a", "a", "b", "b"]  # the warm-up, and how long they are
    turns = [set(clock.log[k : k + 2]) for k in range(4, 10, 2)]
    assert turns == [{"a", "b"}] * 3
    assert times == {n: pytest.approx([6] * 3) for n in "ab"}


def test_short_jobs_and_what_they_are_compared_with_are_called_again_and_averaged(clock):
    jobs = {"short": clock.job("short", 3, first=4), "long": clock.job("long", 40, first=8)}
    times = bench_layers.take_turns(jobs, seconds=0)
    assert times == {"short": pytest.approx([3] * 3), "long": pytest.approx([40] * 3)}
    turns = clock.log[4:]
    assert turns.count("short") == 3 * (1 + 7)  # 7 calls of 3 ms fill 20 ms
    assert turns.count("long") == 3 * (1 + 1)


def test_the_targets_are_those_that_were_set():
    reach = bench_layers.targets
    assert reach("training", "LSTM", 512) == {"torch.nn": 1.0, "the post's loop": 0.7}
    assert reach("training", "LSTM", 64) == {"torch.nn": 1.0, "the post's loop": 0.25}
    assert reach("training", "GRU", 128) == {"torch.nn": 0.5, "the post's loop": 0.25}
    assert reach("training", "RNN", 512) == {"torch.nn": 0.8}
    assert reach("training", "GRU", 256) == {}
    assert reach("ragged", "GRU", 64) == {"torch.nn": 1 / 3}
    assert reach("trace", "LSTM", 64) == {"LSTMCell": 1 / 2}
    assert reach("memory", "RNN", 512) == {"torch.nn": 1.2}


def test_a_missed_target_is_named_and_the_plot_and_tables_are_made(tmp_path):
    times = {"torch.nn": [1.0, 2.0, 1.0], "auto": [2.0, 4.0, 2.1], "python": [3.0, 3.0, 3.0]}
    times["the post's loop"] = [9.0, 40.0, 9.0]
    row = {"what": "training", "family": "LSTM", "size": (64, 1, 32, 32), "ms": times}
    longer = {"what": "length", "family": "LSTM", "size": (128, 1, 32, 32)}
    measured = {
        "conditions": {"date": "today"},
        "rows": [
            row,
            {**row, "what": "length"},
            {**longer, "ms": {name: [2 * t for t in values] for name, values in times.items()}},
        ],
    }
    report = bench_layers.report(json.loads(json.dumps(measured)))
    assert "1 missed: training LSTM (64, 1, 32, 32) 2.00 of torch.nn" in report
    assert "LSTM 1.00" in report  # the power of T
    bench_layers.plot(measured, tmp_path / "plot.svg")
    assert (tmp_path / "plot.svg").read_text().count("<svg") == 1


def test_what_is_stored_covers_every_comparison_and_agrees_with_itself():
    stored = stored_results("layer_speed")
    assert {"date", "command", "torch", "python", "processor", "threads"} <= stored.keys()
    training = [c for c in stored["comparisons"] if c["what"] == "training"]
    sizes = {", ".join(map(str, size)) for size in bench_layers.SIZES}
    assert {(c["layer"], c["T, B, D, H"], c["other"]) for c in training} == {
        (layer, size, other)
        for layer in ("LSTM", "GRU", "RNN")
        for size in sizes
        for other in ("torch.nn", bench_layers.LOOP_NAMES[layer])
    }
    assert {c["what"] for c in stored["comparisons"]} == {
        *("training", "forward", "ragged", "trace", "memory")
    }
    for c in stored["comparisons"]:
        low, high = c["spread"]
        assert low <= c["ratio"] <= high
        H = int(c["T, B, D, H"].split(", ")[3])
        assert c["reach"] == bench_layers.targets(c["what"], c["layer"], H).get(c["other"])
        assert c["reached"] == (None if c["reach"] is None else c["ratio"] <= c["reach"])
    lengths = [row["size"][0] for row in stored["rows"] if row["what"] == "length"]
    assert lengths == 3 * bench_layers.LENGTHS


def test_bfloat16_is_timed_against_pytorchs_and_our_float32():
    measured = bench_layers.measure_half([(3, 2, 3, 4)], 0.01)
    found = {(c["layer"], c["other"]) for c in bench_layers.comparisons(measured)}
    assert found == {(f, o) for f in ("LSTM", "GRU", "RNN") for o in ("torch.nn", "float32")}
    assert all(row["ms"].keys() == {"torch.nn", "auto", "float32"} for row in measured["rows"])


@pytest.mark.skipif(not compiled.available(), reason="no C++ compiler here: nothing to profile")
def test_a_profile_finds_every_part_of_a_training_step():
    line = bench_layers.profile((64, 4, 32, 32), turns=3)
    listed = line.split("ms: ")[1].split("; floor")[0].split(", ")
    spent = {name: float(ms) for name, ms in (part.rsplit(" ", 1) for part in listed)}
    whole = spent.pop("whole step")
    assert len(spent) == 6
    assert all(0 < ms < whole for ms in spent.values())


def test_a_profile_without_a_compiler_says_why_there_is_none(monkeypatch, capsys):
    monkeypatch.setattr(bench_layers.compiled, "available", lambda: False)
    monkeypatch.setattr(bench_layers.compiled, "why_not", lambda: "no compiler was found")
    monkeypatch.setattr("sys.argv", ["bench_layers.py", "--profile"])
    assert bench_layers.main() == 1
    assert "no compiler was found" in capsys.readouterr().err
