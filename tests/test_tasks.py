"""The tasks against their published definitions, brute force, and independent loops."""

import itertools
import math
import re

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from rnnbook import tasks
from rnnbook.tasks import (
    ADDING_BASELINE,
    ORDER_BASELINE,
    ORDER_CLASSES,
    ORDER_SYMBOLS,
    RECALL_BASELINE,
    a_n_b_n,
    adding,
    copy_memory,
    copy_memory_baseline,
    delayed_echo,
    delayed_echo_baseline,
    embedded_reber,
    reber,
    recall_first,
    running_total,
    temporal_order,
)

TASKS = {
    "adding": lambda generator, batch=7: adding(batch, 30, generator),
    "copy_memory": lambda generator, batch=7: copy_memory(batch, 12, generator),
    "delayed_echo": lambda generator, batch=7: delayed_echo(batch, 30, 4, generator),
    "a_n_b_n": lambda generator, batch=7: a_n_b_n(batch, 1, 20, generator),
    "reber": lambda generator, batch=7: reber(batch, 4, 40, generator),
    "embedded_reber": lambda generator, batch=7: embedded_reber(batch, 8, 40, generator),
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


@pytest.mark.parametrize("task", TASKS.values(), ids=TASKS.keys())
@pytest.mark.parametrize("batch", [1, 2, 50])
def test_a_batch_has_the_size_asked_for_in_its_second_dimension(task, batch):
    inputs, targets, *_ = task(seeded(), batch)
    assert inputs.shape[1] == batch
    assert targets.shape[targets.dim() > 1] == batch
    assert inputs.isfinite().all()


# --- arguments -----------------------------------------------------------------------------------

COUNTS = {  # the least that each argument may be, beside an accepted value of it
    "recall_first": {"batch": (1, 3), "delay": (1, 5)},
    "temporal_order": {"batch": (1, 3), "length": (10, 20)},
    "running_total": {"batch": (1, 3), "length": (1, 5)},
    "adding": {"batch": (1, 3), "length": (2, 5)},
    "copy_memory": {"batch": (1, 3), "delay": (1, 5)},
    "delayed_echo": {"batch": (1, 3), "length": (1, 9), "delay": (1, 5)},
    "a_n_b_n": {"batch": (1, 3), "smallest": (1, 4), "largest": (4, 9)},
    "reber": {"batch": (1, 3), "shortest": (4, 9), "longest": (9, 20)},
    "embedded_reber": {"batch": (1, 3), "shortest": (8, 11), "longest": (11, 20)},
    "copy_memory_baseline": {"delay": (1, 5)},
    "delayed_echo_baseline": {"length": (1, 9), "delay": (1, 5)},
    "a_n_b_n_baseline": {"smallest": (1, 4), "largest": (4, 9)},
    "reber_baseline": {"shortest": (4, 9), "longest": (9, 20)},
}
CASES = [(task, name) for task, arguments in COUNTS.items() for name in arguments]


def accepted(task):
    """Arguments with which the function can be called."""
    arguments = {name: good for name, (_, good) in COUNTS[task].items()}
    if task == "running_total":
        arguments |= {"reset_probability": 0.5, "noise": 0.1}
    return arguments if "baseline" in task else arguments | {"generator": seeded()}


@pytest.mark.parametrize(("task", "name"), CASES)
def test_every_count_may_be_as_small_as_it_says_and_no_smaller(task, name):
    call, least = getattr(tasks, task), COUNTS[task][name][0]
    call(**(accepted(task) | {name: least}))
    for small in (least - 1, 0, -1):
        with pytest.raises(ValueError, match=f"^{name}: expected at least {least}, given {small}"):
            call(**(accepted(task) | {name: small}))


@pytest.mark.parametrize(("task", "name"), CASES)
def test_every_count_is_a_whole_number(task, name):
    for wrong in (
        *(20.0, math.nan, "20", None, [20], True, np.True_, np.array([20])),
        *(torch.tensor(True), torch.tensor([20]), torch.tensor(20.0)),
        torch.zeros((), dtype=torch.int64, device="meta"),
    ):
        with pytest.raises(TypeError, match=f"^{name}: expected a whole number, given "):
            getattr(tasks, task)(**(accepted(task) | {name: wrong}))


@pytest.mark.parametrize(("task", "name"), CASES)
@pytest.mark.parametrize("huge", [2**63, 10**30])
def test_a_count_that_no_tensor_can_have_is_refused_by_name(task, name, huge):
    words = f"^{name}: expected at most 9223372036854775807, given {huge}$"
    with pytest.raises(ValueError, match=words):
        getattr(tasks, task)(**(accepted(task) | {name: huge}))


@pytest.mark.parametrize(("task", "name"), CASES)
def test_a_count_may_be_a_whole_number_of_numpy_or_of_pytorch(task, name):
    call, good = getattr(tasks, task), COUNTS[task][name][1]
    wanted = call(**accepted(task))
    for same in (np.int64(good), torch.tensor(good)):
        given = call(**(accepted(task) | {name: same}))
        if "baseline" in task:
            assert float(given) == pytest.approx(wanted, rel=1e-6)  # of a tensor a float32
        else:
            assert all(torch.equal(a, b) for a, b in zip(given, wanted, strict=True))


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("wrong", [None, 0, torch], ids=["None", "a seed", "a module"])
def test_the_generator_is_one_of_torch(task, wrong):
    with pytest.raises(TypeError, match=r"^generator: expected a torch\.Generator, given "):
        getattr(tasks, task)(**(accepted(task) | {"generator": wrong}))


def test_the_generator_is_one_of_the_cpu():
    class OnAnAccelerator(torch.Generator):  # there is none here to make a real one on
        device = torch.device("cuda")

    with pytest.raises(ValueError, match=r"^generator: expected device cpu, given cuda"):
        adding(2, 5, OnAnAccelerator())


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
        assert share == pytest.approx(RECALL_BASELINE, abs=spread(RECALL_BASELINE, 20_000))
    noise = inputs[1:, :, 4].flatten().double()
    root_n = math.sqrt(noise.numel())
    assert noise.mean().item() == pytest.approx(0, abs=5 / root_n)
    assert noise.var().item() == pytest.approx(1, abs=5 * math.sqrt(2) / root_n)
    assert (noise**4).mean().item() == pytest.approx(3, abs=5 * math.sqrt(96) / root_n)


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
        assert share == pytest.approx(ORDER_BASELINE, abs=spread(ORDER_BASELINE, batch))
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
        ({"noise": -0.1}, "noise: expected at least 0, given -0.1"),
        ({"noise": math.nan}, "noise: expected a finite number, given nan"),
        ({"noise": math.inf}, "noise: expected a finite number, given inf"),
        ({"noise": torch.tensor(math.inf)}, "noise: expected a finite number, given inf"),
        ({"noise": 10**400}, "noise: expected at most 9223372036854775807, given 10+$"),
        ({"reset_probability": 0.0}, r"reset_probability: expected in \(0, 1\), given 0.0"),
        ({"reset_probability": 1.0}, r"reset_probability: expected in \(0, 1\), given 1.0"),
        ({"reset_probability": math.nan}, r"reset_probability: .* given nan"),
    ],
)
def test_running_total_names_an_argument_out_of_range(changed, message):
    good = {"batch": 2, "length": 3, "reset_probability": 0.5, "noise": 0.1}
    with pytest.raises(ValueError, match=message):
        running_total(**(good | changed), generator=seeded())


@pytest.mark.parametrize("name", ["noise", "reset_probability"])
@pytest.mark.parametrize(
    "wrong",
    [
        *("0.5", None, True, 0.5j, np.True_, np.array([0.5])),
        *(torch.tensor([0.5]), torch.tensor(True), torch.tensor(0.5j)),
        torch.zeros((), device="meta"),
    ],
    ids=repr,
)
def test_running_total_names_an_argument_that_is_no_number(name, wrong):
    good = {"batch": 2, "length": 3, "reset_probability": 0.5, "noise": 0.1}
    message = f"^{name}: expected a number, given {re.escape(repr(wrong))}"
    with pytest.raises(TypeError, match=message):
        running_total(**(good | {name: wrong}), generator=seeded())


# --- adding --------------------------------------------------------------------------------------


@given(st.integers(1, 9), st.integers(2, 60), st.integers(0, 2**32))
def test_adding_asks_for_the_sum_of_two_marked_values_one_in_each_half(batch, length, seed):
    inputs, targets = adding(batch, length, seeded(seed))
    assert inputs.shape == (length, batch, 2)
    assert targets.shape == (batch,)
    assert inputs.dtype == targets.dtype == torch.float32
    assert ((inputs[:, :, 0] >= 0) & (inputs[:, :, 0] < 1)).all()
    for n in range(batch):
        values, marks = inputs[:, n].double().T.tolist()
        assert sorted(marks) == [0.0] * (length - 2) + [1.0, 1.0]
        first = marks.index(1.0)
        second = marks.index(1.0, first + 1)
        assert first < length // 2 <= second
        assert targets[n].item() == pytest.approx(values[first] + values[second], abs=2e-7)


def test_adding_has_uniform_values_and_marks_every_place_of_a_half_equally_often():
    batch, length = 20_000, 9
    inputs, _ = adding(batch, length, seeded())
    marked = inputs[:, :, 1].mean(1)
    for t, share in enumerate(marked.tolist()):
        expected = 1 / 4 if t < 4 else 1 / 5  # 9 steps: 4 before the middle, 5 after it
        assert share == pytest.approx(expected, abs=spread(expected, batch))
    values = inputs[:, :, 0].flatten()
    for bound in (0.1, 0.25, 0.5, 0.9):
        share = (values < bound).double().mean().item()
        assert share == pytest.approx(bound, abs=spread(bound, values.numel()))


def test_adding_has_its_baseline_for_the_best_of_all_constant_answers():
    """The sum of two uniform values is triangular: the fourth moment around 1 is 1/15."""
    _, targets = adding(100_000, 12, seeded())
    error = {answer: ((targets.double() - answer) ** 2).mean().item() for answer in (0.9, 1, 1.1)}
    standard_error = math.sqrt((1 / 15 - 1 / 36) / 100_000)
    assert error[1] == pytest.approx(ADDING_BASELINE, abs=5 * standard_error)
    assert error[1] < min(error[0.9], error[1.1])


def test_adding_leaves_a_twelfth_to_a_memory_for_one_value():
    inputs, targets = adding(100_000, 12, seeded())
    second = (inputs[6:, :, 0] * inputs[6:, :, 1]).sum(0).double()
    squares = (second + 1 / 2 - targets.double()) ** 2
    standard_error = math.sqrt((1 / 80 - 1 / 144) / 100_000)  # moments of a uniform value
    assert squares.mean().item() == pytest.approx(1 / 12, abs=5 * standard_error)


# --- copy_memory ---------------------------------------------------------------------------------


@given(st.integers(1, 6), st.integers(1, 60), st.integers(0, 2**32))
def test_copy_memory_is_the_definition_of_its_source_word_for_word(batch, delay, seed):
    """T + 20 steps: ten symbols, T - 1 blanks, the delimiter, ten blanks; then the ten again."""
    inputs, targets = copy_memory(batch, delay, seeded(seed))
    assert inputs.shape == (delay + 20, batch, 10)
    assert inputs.dtype == torch.float32
    assert targets.dtype == torch.int64
    assert ((inputs == 0) | (inputs == 1)).all()
    assert (inputs.sum(2) == 1).all()
    for n in range(batch):
        shown, asked = inputs[:, n].argmax(1).tolist(), targets[:, n].tolist()
        symbols = shown[:10]
        assert all(0 <= symbol < 8 for symbol in symbols)
        assert shown == symbols + [8] * (delay - 1) + [9] + [8] * 10
        assert asked == [8] * (delay + 10) + symbols


def test_copy_memory_draws_every_symbol_equally_often_at_every_place_and_pair_of_places():
    batch = 50_000
    symbols = copy_memory(batch, 1, seeded())[0][:10].argmax(2)
    for place in range(10):
        for symbol in range(8):
            share = (symbols[place] == symbol).double().mean().item()
            assert share == pytest.approx(1 / 8, abs=spread(1 / 8, batch))
    for one, other in itertools.combinations(range(10), 2):
        share = (symbols[one] == symbols[other]).double().mean().item()
        assert share == pytest.approx(1 / 8, abs=spread(1 / 8, batch))


@pytest.mark.parametrize("delay", [1, 30, 500])
def test_copy_memory_has_its_baseline_for_blanks_and_then_guesses_by_torch_cross_entropy(delay):
    _, targets = copy_memory(5, delay, seeded())
    chances = torch.zeros(delay + 20, 5, 9, dtype=torch.float64)
    chances[:-10, :, 8] = 1
    chances[-10:, :, :8] = 1 / 8
    logits = chances.clamp_min(1e-300).log().flatten(0, 1)
    loss = torch.nn.functional.cross_entropy(logits, targets.flatten()).item()
    assert loss == pytest.approx(copy_memory_baseline(delay), rel=1e-12)
    assert copy_memory_baseline(delay) == pytest.approx(10 * math.log(8) / (delay + 20), rel=1e-15)


# --- delayed_echo --------------------------------------------------------------------------------


@given(st.integers(1, 5), st.integers(1, 30), st.integers(1, 40), st.integers(0, 2**32))
def test_delayed_echo_repeats_every_value_after_the_delay_and_is_silent_before(
    batch, length, delay, seed
):
    inputs, targets = delayed_echo(batch, length, delay, seeded(seed))
    assert inputs.shape == targets.shape == (length, batch, 1)
    assert inputs.dtype == targets.dtype == torch.float32
    for n in range(batch):
        heard, said = inputs[:, n, 0].tolist(), targets[:, n, 0].tolist()
        assert said == [heard[t - delay] if t >= delay else 0.0 for t in range(length)]


def test_delayed_echo_has_uniform_values_around_zero():
    values = delayed_echo(100, 1000, 3, seeded())[0].flatten()
    assert -0.5 <= values.min() < values.max() < 0.5
    for bound in (-0.4, -0.1, 0.0, 0.25):
        share = (values < bound).double().mean().item()
        assert share == pytest.approx(bound + 0.5, abs=spread(bound + 0.5, 100_000))


@pytest.mark.parametrize(("length", "delay"), [(10, 1), (10, 4), (10, 10), (3, 8)])
def test_delayed_echo_has_its_baseline_for_silence(length, delay):
    _, targets = delayed_echo(20_000, length, delay, seeded())
    heard = max(length - delay, 0)
    standard_error = math.sqrt(heard * (1 / 80 - 1 / 144) / 20_000) / length
    error = (targets.double() ** 2).mean().item()
    assert error == pytest.approx(delayed_echo_baseline(length, delay), abs=5 * standard_error)
    assert (delayed_echo_baseline(length, delay) == 0) == (delay >= length)
