"""The languages against regular expressions, brute force over completions, and enumeration."""

import doctest
import functools
import itertools
import math
import re
from collections import Counter

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from rnnbook.shapes import ShapeError
from rnnbook.tasks import languages
from rnnbook.tasks.languages import (
    A_N_B_N_SYMBOLS,
    EMBEDDED_REBER_BASELINE,
    REBER_SYMBOLS,
    a_n_b_n,
    a_n_b_n_baseline,
    a_n_b_n_strings,
    embedded_reber,
    reber,
    reber_baseline,
    strings_right,
)

# The grammar's diagram as a regular expression, written without the package's table: below,
# (T*VPX)* T*V (V|PS) is all that may follow the state after BP.
LOWER = "(T*VPX)*T*V(V|PS)"
INNER = f"B(TS*X(S|X{LOWER})|P{LOWER})E"
REBER = re.compile(INNER)
EMBEDDED = re.compile(f"B(T{INNER}T|P{INNER}P)E")


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def spread(probability, n, sigmas=5):
    """So many standard errors of a share measured n times."""
    return sigmas * math.sqrt(probability * (1 - probability) / n)


def texts(batch, alphabet):
    """Each sequence of a batch as text."""
    inputs, _, lengths = batch
    rows = zip(inputs.argmax(2).T.tolist(), lengths.tolist(), strict=True)
    return ["".join(alphabet[k] for k in row[:length]) for row, length in rows]


def strings(batch, alphabet):
    """Each sequence of a batch as text, and for each of its steps the set of legal symbols."""
    for n, text in enumerate(texts(batch, alphabet)):
        rows = batch[1][: len(text), n].tolist()
        yield text, [{alphabet[k] for k, bit in enumerate(row) if bit} for row in rows]


@functools.cache
def tails(grammar):
    """Ends of short strings, among which there is one for every state of the grammar."""
    inner = ("".join(s) for n in range(3, 6) for s in itertools.product("TPSXV", repeat=n))
    words = [f"B{text}E" for text in inner if REBER.fullmatch(f"B{text}E")]
    if grammar is EMBEDDED:
        words = [f"B{branch}{word}{branch}E" for word in words for branch in "TP"]
    return sorted({word[k:] for word in words for k in range(len(word) + 1)})


@functools.cache
def successors(grammar, prefix):
    """Legal next symbols by brute force: those after which some tail completes the string."""
    return {
        symbol
        for symbol in "BTPSXVE"
        if any(grammar.fullmatch(prefix + symbol + tail) for tail in tails(grammar))
    }


@functools.cache
def enumeration(grammar, longest):
    """All strings up to a number of steps, without their E: probability and legal symbols."""
    found, open_prefixes = {}, [("B", 1.0, ())]
    while open_prefixes:
        prefix, probability, history = open_prefixes.pop()
        legal = successors(grammar, prefix)
        history = (*history, frozenset(legal))
        # the E that ends a string, not the one inside of an embedded one
        if grammar.fullmatch(prefix + "E"):
            found[prefix] = probability, history
        elif len(prefix) < longest:
            share = probability / len(legal)
            open_prefixes += [(prefix + symbol, share, history) for symbol in legal]
    return found


def given_lengths(grammar, shortest, longest):
    """The enumeration, conditioned on the number of steps."""
    found = enumeration(grammar, longest)
    kept = {text: found[text] for text in found if len(text) >= shortest}
    total = math.fsum(probability for probability, _ in kept.values())
    return {text: (probability / total, legal) for text, (probability, legal) in kept.items()}


# --- form ----------------------------------------------------------------------------------------

LANGUAGES = {  # generator, its least length, alphabet
    "a_n_b_n": (a_n_b_n, 1, A_N_B_N_SYMBOLS),
    "reber": (reber, 4, REBER_SYMBOLS),
    "embedded_reber": (embedded_reber, 8, REBER_SYMBOLS),
}
each_language = pytest.mark.parametrize(
    ("language", "least", "alphabet"), LANGUAGES.values(), ids=LANGUAGES.keys()
)


@each_language
@given(data=st.data(), batch=st.integers(1, 9), seed=st.integers(0, 2**32))
def test_a_batch_is_one_hot_up_to_each_length_and_zero_beyond(
    language, least, alphabet, data, batch, seed
):
    shortest = data.draw(st.integers(least, 40))
    longest = data.draw(st.integers(shortest, 60))
    inputs, targets, lengths = language(batch, shortest, longest, seeded(seed))
    assert inputs.shape == targets.shape == (int(lengths.max()), batch, len(alphabet))
    assert inputs.dtype == targets.dtype == torch.float32
    assert lengths.shape == (batch,)
    assert lengths.dtype == torch.int64
    steps = 2 * lengths.new_tensor([shortest, longest]) + 1
    low, high = steps.tolist() if language is a_n_b_n else (shortest, longest)
    assert low <= lengths.min() <= lengths.max() <= high
    within = torch.arange(len(inputs)).unsqueeze(1) < lengths
    assert ((inputs == 0) | (inputs == 1)).all()
    assert ((targets == 0) | (targets == 1)).all()
    assert torch.equal(inputs.sum(2), within.float())
    assert torch.equal(targets.sum(2) > 0, within)


@each_language
def test_every_symbol_is_among_the_legal_ones_of_the_step_before_and_the_last_is_the_end(
    language, least, alphabet
):
    for text, legal in strings(language(200, least, least + 20, seeded()), alphabet):
        for symbol, allowed in zip(text[1:], legal, strict=False):
            assert symbol in allowed
        assert legal[-1] == {alphabet[-1]}
        assert text[0] == alphabet[0]


@each_language
def test_a_batch_survives_the_packing_of_torch(language, least, alphabet):
    inputs, _, lengths = language(30, least, least + 12, seeded())
    assert len(set(lengths.tolist())) > 3
    packed = torch.nn.utils.rnn.pack_padded_sequence(inputs, lengths, enforce_sorted=False)
    unpacked, same_lengths = torch.nn.utils.rnn.pad_packed_sequence(packed)
    assert torch.equal(unpacked, inputs)
    assert torch.equal(same_lengths, lengths)


# --- strings_right -------------------------------------------------------------------------------


@each_language
def test_strings_right_notices_every_wrong_bit_within_a_string_and_none_beyond(
    language, least, alphabet
):
    _, targets, lengths = language(6, least, least + 3, seeded())
    scores = targets - 0.5
    assert strings_right(scores, targets, lengths).all()
    for t, n, k in itertools.product(*(range(size) for size in targets.shape)):
        wrong = scores.clone()
        wrong[t, n, k] *= -1
        right = strings_right(wrong, targets, lengths)
        assert right.dtype == torch.bool
        assert right.tolist() == [m != n or t >= lengths[n] for m in range(6)]


def test_strings_right_names_an_argument_of_a_wrong_shape_or_kind():
    _, targets, lengths = reber(3, 4, 9, seeded())
    with pytest.raises(ShapeError, match=r"^targets: expected shape"):
        strings_right(targets[:-1], targets, lengths)
    with pytest.raises(ShapeError, match=r"^lengths: expected shape \(3,\).*; given \(2,\)"):
        strings_right(targets, targets, lengths[:2])
    with pytest.raises(ValueError, match=r"^lengths: expected numbers from 0 to T = \d+, given 99"):
        strings_right(targets, targets, [4, 99, 4])
    with pytest.raises(TypeError, match=r"^lengths: expected whole numbers \(int64\), given float"):
        strings_right(targets, targets, lengths.float())
    with pytest.raises(TypeError, match=r"^lengths: expected 3 whole numbers, given NoneType"):
        strings_right(targets, targets, None)
    with pytest.raises(TypeError, match=r"^scores: expected a floating-point tensor, given bool"):
        strings_right(targets > 0, targets, lengths)


def test_the_example_of_a_loss_runs_and_gives_what_it_says():
    example = doctest.DocTestParser().get_doctest(languages.__doc__, {}, "example", None, 0)
    failed, tried = doctest.DocTestRunner().run(example, clear_globs=False)
    assert tried >= 8
    assert failed == 0
    assert torch.equal(example.globs["inside"].sum(0), example.globs["lengths"])


@given(st.integers(1, 6), st.integers(0, 2**32))
def test_the_loss_of_the_example_is_the_mean_over_the_steps_of_each_string(batch, seed):
    inputs, targets, lengths = reber(batch, 4, 12, seeded(seed))
    scores = torch.randn(targets.shape, generator=seeded(seed), dtype=torch.float64)
    inside = torch.arange(len(inputs))[:, None] < lengths
    loss = torch.nn.functional.binary_cross_entropy_with_logits
    ours = loss(scores[inside], targets[inside].double())
    x, y = scores.numpy(), targets.numpy()
    one_by_one = [
        np.log1p(np.exp(x[t, n, k])) - y[t, n, k] * x[t, n, k]
        for n, length in enumerate(lengths.tolist())
        for t in range(length)
        for k in range(len(REBER_SYMBOLS))
    ]
    assert ours.item() == pytest.approx(np.mean(one_by_one), abs=1e-12)


# --- a_n_b_n -------------------------------------------------------------------------------------


@given(st.integers(1, 12), st.integers(0, 12), st.integers(0, 2**32))
def test_a_n_b_n_has_the_symbols_that_continue_to_a_string_of_the_language(smallest, more, seed):
    batch = a_n_b_n(5, smallest, smallest + more, seeded(seed))
    language = ["S" + "a" * n + "b" * n + "T" for n in range(1, smallest + more + 3)]
    for text, legal in strings(batch, A_N_B_N_SYMBOLS):
        assert text + "T" in language
        assert smallest <= len(text) // 2 <= smallest + more
        for t in range(len(text)):
            prefix = text[: t + 1]
            expected = {word[t + 1] for word in language if word.startswith(prefix)}
            assert legal[t] == expected


def test_a_n_b_n_draws_every_n_of_the_range_equally_often():
    lengths = a_n_b_n(20_000, 3, 8, seeded())[2]
    for n in range(3, 9):
        share = (lengths == 2 * n + 1).double().mean().item()
        assert share == pytest.approx(1 / 6, abs=spread(1 / 6, 20_000))


def best_without_memory(language):
    """The best share of strings wholly right over all answers to the last symbol alone.

    `language` is a list of (probability, symbols, legal symbols at each step).
    """
    seen = {}
    for _, text, legal in language:
        for symbol, allowed in zip(text, legal, strict=True):
            seen.setdefault(symbol, set()).add(frozenset(allowed))
    answers = (dict(zip(seen, sets, strict=True)) for sets in itertools.product(*seen.values()))
    return max(
        math.fsum(
            probability
            for probability, text, legal in language
            if all(answer[s] == set(allowed) for s, allowed in zip(text, legal, strict=True))
        )
        for answer in answers
    )


@pytest.mark.parametrize(("smallest", "largest"), [(1, 1), (1, 2), (1, 10), (2, 2), (2, 7)])
def test_a_n_b_n_has_its_baseline_for_the_best_of_all_answers_without_memory(smallest, largest):
    language = []
    for n in range(smallest, largest + 1):
        legal = ["a"] + ["ab"] * n + ["b"] * (n - 1) + ["T"]
        language.append((1 / (largest + 1 - smallest), "S" + "a" * n + "b" * n, legal))
    expected = best_without_memory(language)
    assert a_n_b_n_baseline(smallest, largest) == pytest.approx(expected, rel=1e-12)


# --- Reber grammars ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "grammar", "least"),
    [(reber, REBER, 4), (embedded_reber, EMBEDDED, 8)],
    ids=["plain", "embedded"],
)
def test_reber_strings_are_legal_and_their_targets_all_that_can_be_completed(
    language, grammar, least
):
    for text, legal in strings(language(60, least, least + 16, seeded()), REBER_SYMBOLS):
        assert grammar.fullmatch(text + "E")
        for t in range(len(text)):
            assert legal[t] == successors(grammar, text[: t + 1])


@pytest.mark.parametrize(
    ("language", "grammar", "shortest", "longest"),
    [
        (reber, REBER, 4, 8),
        (reber, REBER, 7, 9),
        (embedded_reber, EMBEDDED, 8, 11),
        (embedded_reber, EMBEDDED, 12, 12),
    ],
    ids=["plain, 4 to 8", "plain, 7 to 9", "embedded, 8 to 11", "embedded, 12"],
)
def test_reber_strings_have_the_probabilities_of_the_grammar_given_their_lengths(
    language, grammar, shortest, longest
):
    """Every string that exists is counted, and every one that is drawn exists."""
    batch = 20_000
    expected = given_lengths(grammar, shortest, longest)
    count = Counter(texts(language(batch, shortest, longest, seeded()), REBER_SYMBOLS))
    assert count.keys() <= expected.keys()
    for text, (probability, _) in expected.items():
        assert count[text] / batch == pytest.approx(probability, abs=spread(probability, batch))


def test_reber_strings_of_unrestricted_length_take_every_branch_half_of_the_time():
    """200 steps are no restriction: longer strings have less than one chance in 10²⁰."""
    first, second = Counter(), Counter()
    for text in texts(reber(20_000, 4, 200, seeded()), REBER_SYMBOLS):
        first[text[1]] += 1
        if text[1] == "T":
            second[text[2]] += 1
    assert first["T"] / 20_000 == pytest.approx(1 / 2, abs=spread(1 / 2, 20_000))
    assert second["S"] / first["T"] == pytest.approx(1 / 2, abs=spread(1 / 2, first["T"]))


@pytest.mark.parametrize("language", [reber, embedded_reber])
def test_reber_strings_can_be_so_long_that_their_probability_is_no_float(language):
    r"""They are then loops T with probability 1/2λ and detours VPX, with λ³ = λ²/2 + 1/8.

    λ, the share of strings that one more step leaves, is the greatest root: it solves
    1 = 1/(2λ) + 1/(8λ³), one loop of one step or one detour of three.
    """
    rate = max(root.real for root in np.roots([1, -1 / 2, 0, -1 / 8]) if abs(root.imag) < 1e-12)
    assert 4000 * math.log10(rate) < -400
    loop = 1 / (2 * rate)
    loops = loop / (1 - loop)  # before each detour, geometrically distributed
    detours = 4000 / (loops + 3)
    standard_error = math.sqrt(loop / detours) / (1 - loop) * 3 / (loops + 3) ** 2
    for text in texts(language(2, 4000, 4001, seeded()), REBER_SYMBOLS):
        assert 4000 <= len(text) <= 4001
        assert (REBER if language is reber else EMBEDDED).fullmatch(text + "E")
        share = text.count("T") / len(text)
        assert share == pytest.approx(loops / (loops + 3), abs=5 * standard_error)


@pytest.mark.parametrize(("shortest", "longest"), [(4, 4), (4, 5), (4, 12), (5, 5), (5, 11)])
def test_reber_has_its_baseline_for_the_best_of_all_answers_without_memory(shortest, longest):
    language = [
        (probability, text, legal)
        for text, (probability, legal) in given_lengths(REBER, shortest, longest).items()
    ]
    expected = best_without_memory(language)
    assert reber_baseline(shortest, longest) == pytest.approx(expected, rel=1e-12)


def test_reber_has_its_baseline_in_the_score_of_a_learner_without_memory():
    inputs, targets, lengths = reber(20_000, 4, 30, seeded())
    answer = {"B": "TP", "T": "SX", "X": "SX", "S": "E", "P": "TV", "V": "PV"}
    table = torch.full((7, 7), -1.0)
    for symbol, legal in answer.items():
        for after in legal:
            table[REBER_SYMBOLS.index(symbol), REBER_SYMBOLS.index(after)] = 1.0
    share = strings_right(inputs @ table, targets, lengths).double().mean().item()
    expected = reber_baseline(4, 30)
    assert share == pytest.approx(expected, abs=spread(expected, 20_000))
    assert 1 / 8 < expected < 0.126  # the grammar seldom goes on beyond 30 steps


@pytest.mark.parametrize(("shortest", "longest"), [(8, 8), (8, 14), (12, 13)])
def test_embedded_reber_has_its_baseline_for_whoever_has_forgotten_the_first_branch(
    shortest, longest
):
    """The best answer to each string whose second and last symbol are covered, by enumeration."""
    weights = {}
    for text, (probability, legal) in given_lengths(EMBEDDED, shortest, longest).items():
        covered = weights.setdefault(f"B.{text[2:-1]}.", Counter())
        covered[legal] += probability
    best = math.fsum(max(answers.values()) for answers in weights.values())
    assert best == pytest.approx(EMBEDDED_REBER_BASELINE, rel=1e-12)


def test_embedded_reber_has_its_baseline_in_the_score_of_a_guess_at_the_last_but_one_symbol():
    _, targets, lengths = embedded_reber(20_000, 8, 40, seeded())
    scores = targets - 0.5
    before_the_end = lengths - 2
    row = torch.full((7,), -0.5)
    row[REBER_SYMBOLS.index("T")] = 0.5
    scores[before_the_end, torch.arange(20_000)] = row
    share = strings_right(scores, targets, lengths).double().mean().item()
    assert share == pytest.approx(EMBEDDED_REBER_BASELINE, abs=spread(1 / 2, 20_000))


@given(st.lists(st.integers(1, 9), min_size=1, max_size=5))
def test_strings_of_given_n_are_those_with_their_legal_symbols(ns):
    batch = a_n_b_n_strings(torch.tensor(ns))
    for n, (text, legal) in zip(ns, strings(batch, A_N_B_N_SYMBOLS), strict=True):
        assert text == "S" + "a" * n + "b" * n
        assert legal == [{"a"}] + [{"a", "b"}] * n + [{"b"}] * (n - 1) + [{"T"}]


@pytest.mark.parametrize("n", [torch.tensor([2, 0]), torch.tensor(3), torch.tensor([]).long()])
def test_strings_of_no_n_are_refused(n):
    with pytest.raises(ValueError, match="n: expected whole numbers of at least 1"):
        a_n_b_n_strings(n)
