"""The marked sums against sums by hand; the trained cells against the package's and PyTorch's."""

from dataclasses import replace

import pytest
import torch

from rnnbook.experiments.marked import ARMS, _answers, _shapes, input_gates, train_marked
from rnnbook.experiments.rows import named
from rnnbook.experiments.verdicts import SWEEPS
from rnnbook.lstm import PARAMS, input_gate, lstm
from rnnbook.worlds.marked import marked_sums


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


# --- the task ------------------------------------------------------------------------------------


def test_a_number_counts_where_a_marker_stood_one_step_before_and_nowhere_else():
    x, y = marked_sums(100, 30, 0.3, seeded())
    for n in range(100):
        total, marker_before = 0.0, 0.0
        for t in range(30):
            u, marker = x[t, n].tolist()
            total += u * marker_before
            assert y[t, n].item() == pytest.approx(total, abs=1e-5)
            marker_before = marker


def test_its_inputs_are_normal_numbers_and_markers_of_the_chance_that_was_asked_for():
    x, _ = marked_sums(2000, 50, 0.2, seeded())
    assert x[..., 0].std().item() == pytest.approx(1, abs=0.012)  # 5 deviations
    assert set(x[..., 1].unique().tolist()) == {0.0, 1.0}
    assert x[..., 1].mean().item() == pytest.approx(0.2, abs=0.007)


def test_equation_2_with_the_marker_as_state_is_the_task():
    """h = the marker before: a sharp gate on it writes what counts."""
    x, y = marked_sums(50, 30, 0.3, seeded())
    C, h = torch.zeros(50, 1), torch.zeros(50, 1)
    for x_t, y_t in zip(x, y, strict=True):
        i = input_gate(x_t, h, torch.zeros(2, 1), torch.tensor([[100.0]]), torch.tensor([-50.0]))
        C = C + i * x_t[:, :1]
        torch.testing.assert_close(C[:, 0], y_t)
        h = x_t[:, 1:]


# --- the trainings -------------------------------------------------------------------------------


def test_networks_side_by_side_answer_as_the_posts_lstm_one_by_one():
    shapes = _shapes(4)
    size = sum(torch.Size(shape).numel() for shape in shapes.values())
    rows = torch.randn(3, size, generator=seeded(), dtype=torch.float64)
    x = torch.randn(7, 3, 5, 2, generator=seeded(1), dtype=torch.float64)
    together = _answers(named(rows, shapes), x)
    for n in range(3):
        one = {name: part[0] for name, part in named(rows[n : n + 1], shapes).items()}
        state = (x.new_zeros(5, 4), x.new_zeros(5, 4))
        alone, _ = lstm(x[:, n], state, [one[name] for name in PARAMS])
        torch.testing.assert_close(together[:, n], alone.view(7, 5), rtol=0, atol=1e-12)


@pytest.fixture(scope="module")
def short():
    return train_marked([(arm, seed, 0.1) for arm in ARMS for seed in (0, 1)], steps=21, hidden=3)


@pytest.mark.parametrize("arm", ARMS)
def test_an_arm_holds_what_it_says_and_trains_everything_else(short, arm):
    start = train_marked([(arm, 0, 0.0)], steps=1, hidden=3)[0].weights
    (run,) = (run for run in short if (run.arm, run.seed) == (arm, 0))
    for name, trained in run.weights.items():
        still = torch.equal(trained, start[name])
        assert still == (name in ARMS[arm]), name
        if name in ARMS[arm]:
            assert (trained == (30.0 if name == "b_i" else 0.0)).all()


def test_without_an_input_gate_everything_is_written(short):
    x, _ = marked_sums(20, 10, 0.3, seeded())
    gates = {run.arm: input_gates(run.weights, x) for run in short}
    assert (gates["no input gate"] == 1).all()
    assert gates["one learnt constant"].flatten(0, 1).std(0).max() == 0
    assert gates["as printed"].flatten(0, 1).std(0).min() > 0


def test_a_training_knows_nothing_of_those_beside_it(short):
    for place in (0, 5):
        run = short[place]
        (alone,) = train_marked([(run.arm, run.seed, 0.1)], steps=21, hidden=3)
        assert run.curve == pytest.approx(alone.curve, rel=1e-4)
        assert run.missed == pytest.approx(alone.missed, rel=1e-3)


def test_what_is_missed_is_a_share_of_what_answering_nothing_misses():
    """One step at rate 0 leaves a cell that answers near 0."""
    (run,) = train_marked([("as printed", 0, 0.0)], steps=1, hidden=3)
    weights = {name: part.double() for name, part in run.weights.items()}
    x, y = marked_sums(1000, 40, 0.1, seeded(1_000_000))
    state = (torch.zeros(1000, 3).double(), torch.zeros(1000, 3).double())
    said, _ = lstm(x.double(), state, [weights[name] for name in PARAMS])
    late = slice(20, None)
    missed = (said.view(40, 1000) - y)[late].square().mean() / y[late].square().mean()
    assert run.missed == pytest.approx(missed.item(), rel=1e-5)


def test_the_gate_that_sees_the_past_learns_what_a_constant_one_does_not():
    cases = [("as printed", 0, 0.1), ("nothing sees h", 0, 0.1)]
    printed, blind = train_marked(cases, steps=200, length=25)
    assert printed.missed < 0.2 < 0.6 < blind.missed


def test_progress_is_told_after_every_step():
    told = []
    train_marked([("as printed", 0, 0.1)], steps=3, hidden=2, progress=lambda *at: told.append(at))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_the_sweep_stores_the_share_that_is_explained():
    sweep = replace(SWEEPS["marked_sums"], batches={40: 3})
    (run,) = sweep.run("as printed", 40, 4, [(0, 0.0)])
    (same,) = train_marked([("as printed", 0, 0.0)], steps=3, hidden=4)
    assert run.accuracy == max(0.0, 1 - same.missed)
    assert not run.solved


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: marked_sums(0, 5, 0.3, seeded()), "expected at least 1, given 0, 5"),
        (lambda: marked_sums(1, 5, 1.3, seeded()), r"chance: .*\[0, 1\], given 1.3"),
        (lambda: train_marked([("x", 0, 0.1)]), r"arm: expected some of as printed, .*\['x'\]"),
    ],
)
def test_a_bad_argument_isnamed(call, message):
    with pytest.raises(ValueError, match=message):
        call()
