"""The tasks against their published definitions, brute force, and independent loops."""

import itertools
import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from rnnbook.tasks import ORDER_CLASSES, ORDER_SYMBOLS, recall_first, running_total, temporal_order

TASKS = {
    "recall_first": lambda generator, batch=7: recall_first(batch, 12, generator),
    "temporal_order": lambda generator, batch=7: temporal_order(batch, 30, generator),
    "running_total": lambda generator, batch=7: running_total(batch, 30, 0.2, 0.5, generator),
}


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def spread(probability, n, sigmas=5):
    """So many standard errors of a share measured n times."""
    return sigmas * math.sqrt(probability * (1 - probability) / n)


@pytest.mark.parametrize("task", TASKS.values(), ids=TASKS.keys())
def test_the_same_seed_gives_the_same_batch_and_another_seed_another(task):
    first, again, other = (task(seeded(seed)) for seed in (3, 3, 4))
    for a, b, c in zip(first, again, other, strict=True):
        assert torch.equal(a, b)
        assert not torch.equal(a, c)


@pytest.mark.parametrize("task", TASKS.values(), ids=TASKS.keys())
def test_the_next_batch_of_a_generator_is_a_fresh_one(task):
    generator = seeded()
    assert not torch.equal(task(generator)[0], task(generator)[0])


@pytest.mark.parametrize("task", TASKS.values(), ids=TASKS.keys())
def test_nothing_random_comes_from_anywhere_but_the_generator(task):
    torch.manual_seed(1)
    before, batch = torch.get_rng_state(), task(seeded())
    assert torch.equal(torch.get_rng_state(), before)
    torch.manual_seed(2)
    assert all(torch.equal(a, b) for a, b in zip(batch, task(seeded()), strict=True))


# --- recall_first --------------------------------------------------------------------------------


@given(st.integers(1, 9), st.integers(1, 20), st.integers(0, 2**32))
def test_recall_first_shows_the_target_once_at_the_first_step(batch, delay, seed):
    inputs, targets = recall_first(batch, delay, seeded(seed))
    assert inputs.shape == (1 + delay, batch, 5)
    assert inputs.dtype == torch.float32
    assert targets.shape == (batch,)
    assert targets.dtype == torch.int64
    for n, target in enumerate(targets.tolist()):
        assert inputs[0, n].tolist() == [float(k == target) for k in range(4)] + [0.0]
    assert (inputs[1:, :, :4] == 0).all()  # nothing but noise afterwards
    assert (inputs[1:, :, 4] != 0).all()


def test_recall_first_has_balanced_symbols_and_standard_normal_noise():
    inputs, targets = recall_first(20_000, 5, seeded())
    for symbol in range(4):
        share = (targets == symbol).float().mean().item()
        assert share == pytest.approx(0.25, abs=spread(0.25, 20_000))
    noise = inputs[1:, :, 4].flatten().double()
    root_n = math.sqrt(noise.numel())
    assert noise.mean().item() == pytest.approx(0, abs=5 / root_n)
    assert noise.var().item() == pytest.approx(1, abs=5 * math.sqrt(2) / root_n)
    assert (noise**4).mean().item() == pytest.approx(3, abs=5 * math.sqrt(96) / root_n)


@pytest.mark.parametrize(("batch", "delay", "name"), [(0, 5, "batch"), (3, 0, "delay")])
def test_recall_first_names_an_argument_out_of_range(batch, delay, name):
    with pytest.raises(ValueError, match=f"{name}: expected at least 1, given 0"):
        recall_first(batch, delay, seeded())


# --- temporal_order ------------------------------------------------------------------------------


@given(st.integers(10, 400), st.integers(0, 2**32))
def test_temporal_order_has_one_x_or_y_in_each_of_its_two_windows_and_none_elsewhere(length, seed):
    inputs, targets = temporal_order(6, length, seeded(seed))
    assert inputs.shape == (length, 6, 6)
    assert inputs.dtype == torch.float32
    assert targets.dtype == torch.int64
    assert ((inputs == 0) | (inputs == 1)).all()
    assert (inputs.sum(2) == 1).all()
    for n in range(6):
        text = [ORDER_SYMBOLS[k] for k in inputs[:, n].argmax(1).tolist()]
        marks = [(t, symbol) for t, symbol in enumerate(text) if symbol in "XY"]
        (first, a), (second, b) = marks
        assert length <= 10 * first < 2 * length  # in [T/10, T/5), in whole numbers
        assert 5 * length <= 10 * second < 6 * length  # in [T/2, 3T/5)
        assert ORDER_CLASSES[targets[n]] == a + b


def test_temporal_order_uses_every_place_every_distractor_and_every_class_equally_often():
    batch, length = 20_000, 40
    inputs, targets = temporal_order(batch, length, seeded())
    symbols = inputs.argmax(2)
    for label in range(4):
        share = (targets == label).float().mean().item()
        assert share == pytest.approx(1 / 4, abs=spread(1 / 4, batch))
    marked = (symbols >= 4).float().mean(1)
    for t in range(length):
        expected = 1 / 4 if t in (4, 5, 6, 7, 20, 21, 22, 23) else 0
        assert marked[t].item() == pytest.approx(expected, abs=spread(expected, batch))
    distractors = symbols[symbols < 4]
    for letter in range(4):
        share = (distractors == letter).double().mean().item()
        assert share == pytest.approx(1 / 4, abs=spread(1 / 4, distractors.numel()))


def test_temporal_order_leaves_a_counter_at_three_in_four():
    """The best answer from the counts of X and Y alone, found by brute force over all answers."""
    inputs, targets = temporal_order(20_000, 20, seeded())
    count_of_x = inputs[:, :, ORDER_SYMBOLS.index("X")].sum(0).long()
    best = max(
        (torch.tensor(answers)[count_of_x] == targets).float().mean().item()
        for answers in itertools.product(range(4), repeat=3)
    )
    assert best == pytest.approx(3 / 4, abs=spread(3 / 4, 20_000))


@pytest.mark.parametrize(
    ("batch", "length", "message"),
    [(0, 20, "batch: expected at least 1, given 0"), (2, 9, "length: expected at least 10")],
)
def test_temporal_order_names_an_argument_out_of_range(batch, length, message):
    with pytest.raises(ValueError, match=message):
        temporal_order(batch, length, seeded())


# --- running_total -------------------------------------------------------------------------------


@given(st.integers(1, 5), st.integers(1, 25), st.floats(0.01, 0.99), st.integers(0, 2**32))
def test_running_total_is_the_sum_since_the_last_reset(batch, length, p, seed):
    """Without noise the evidence is the reset itself: an independent loop then has no choice."""
    values, evidence, totals = running_total(batch, length, p, 0.0, seeded(seed))
    assert values.shape == evidence.shape == totals.shape == (length, batch)
    assert {tensor.dtype for tensor in (values, evidence, totals)} == {torch.float32}
    assert ((evidence == 0) | (evidence == 1)).all()
    for n in range(batch):
        for t in range(length):
            start = max((k for k in range(t + 1) if evidence[k, n] == 1), default=0)
            expected = math.fsum(values[start : t + 1, n].tolist())
            assert totals[t, n].item() == pytest.approx(expected, abs=1e-5)


def test_running_total_resets_at_the_rate_asked_for():
    _, evidence, _ = running_total(200, 500, 0.02, 0.0, seeded())
    assert evidence.mean().item() == pytest.approx(0.02, abs=spread(0.02, 100_000))


def test_running_total_shows_resets_through_noise_of_the_size_asked_for():
    """Both batches draw the same resets: the seed is the same and noise is drawn after them."""
    _, resets, totals = running_total(200, 500, 0.3, 0.0, seeded())
    _, evidence, same_totals = running_total(200, 500, 0.3, 0.7, seeded())
    assert torch.equal(totals, same_totals)
    noise = (evidence - resets).double()
    for kept in (0.0, 1.0):
        part = noise[resets == kept]
        assert part.mean().item() == pytest.approx(0, abs=5 * 0.7 / math.sqrt(len(part)))
        assert part.std().item() == pytest.approx(0.7, abs=5 * 0.7 / math.sqrt(2 * len(part)))


def test_running_total_has_standard_normal_values():
    values = running_total(200, 500, 0.3, 0.1, seeded())[0].double()
    assert values.mean().item() == pytest.approx(0, abs=5 / math.sqrt(100_000))
    assert values.var().item() == pytest.approx(1, abs=5 * math.sqrt(2 / 100_000))


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"batch": 0}, "batch: expected at least 1, given 0"),
        ({"length": 0}, "length: expected at least 1, given 0"),
        ({"noise": -0.1}, "noise: expected at least 0, given -0.1"),
        ({"noise": math.nan}, "noise: expected at least 0, given nan"),
        ({"reset_probability": 0.0}, r"reset_probability: expected in \(0, 1\), given 0.0"),
        ({"reset_probability": 1.0}, r"reset_probability: expected in \(0, 1\), given 1.0"),
        ({"reset_probability": math.nan}, r"reset_probability: .* given nan"),
    ],
)
def test_running_total_names_an_argument_out_of_range(changed, message):
    good = {"batch": 2, "length": 3, "reset_probability": 0.5, "noise": 0.1}
    with pytest.raises(ValueError, match=message):
        running_total(**(good | changed), generator=seeded())
