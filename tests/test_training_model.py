"""The model, the order of the data, the measure, the sampler and the baselines, each on its own."""

from __future__ import annotations

import math
import zlib
from collections import Counter
from fractions import Fraction

import numpy as np
import pytest
import torch

from rnnbook.training import baselines, evaluation
from rnnbook.training.errors import TrainingError
from rnnbook.training.evaluation import bits_per_character
from rnnbook.training.lanes import Lanes
from rnnbook.training.machine import autocast
from rnnbook.training.model import CharacterModel
from rnnbook.training.sampling import sample
from rnnbook.training.text import Text

KINDS = [("rnn", {}), ("lstm", {}), ("gru", {"reset_after": True}), ("gru", {})]


def model_of(kind: str = "lstm", tokens: int = 7, **options) -> CharacterModel:
    torch.manual_seed(0)
    return CharacterModel(tokens, kind, 12, 2, 5, **options)


# --- the model -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "options"), KINDS[:3])
def test_both_makers_make_the_same_model(kind, options):
    ours, theirs = (model_of(kind, maker=maker, **options) for maker in ("rnnbook", "torch"))
    for (name, mine), yours in zip(ours.named_parameters(), theirs.parameters(), strict=True):
        assert torch.equal(mine, yours), name
    tokens = torch.randint(7, (9, 3))
    for mine, yours in zip(ours(tokens), theirs(tokens), strict=True):
        torch.testing.assert_close(mine, yours)


@pytest.mark.parametrize(("kind", "options"), KINDS)
def test_a_state_carried_over_is_as_good_as_reading_in_one_go(kind, options):
    model, tokens = model_of(kind, **options).double(), torch.randint(7, (9, 3))
    whole, end = model(tokens)
    first, state = model(tokens[:4], model.zero_state(3))
    second, last = model(tokens[4:], state)
    torch.testing.assert_close(torch.cat([first, second]), whole)
    torch.testing.assert_close(last, end)


def test_the_forget_bias_is_the_keeping_gates_sum_of_biases():
    for kind in ("lstm", "gru"):
        layer = model_of(kind, forget_bias=2.5).recurrent
        for k in range(2):
            both = getattr(layer, f"bias_ih_l{k}") + getattr(layer, f"bias_hh_l{k}")
            gates = both.unflatten(0, (-1, 12))
            assert torch.equal(gates[1], torch.full((12,), 2.5))
            assert (gates[0] != 2.5).all()


@pytest.mark.parametrize(("kind", "options"), KINDS)
def test_all_of_the_model_lives_on_its_device(kind, options):
    """On `meta` an operation with a tensor that was made on the CPU fails."""
    with torch.device("meta"):
        model = CharacterModel(7, kind, 12, 2, 5, **options)
    tokens = torch.zeros(9, 3, dtype=torch.int64, device="meta")
    scores, state = model(tokens, model.zero_state(3))
    assert scores.device.type == "meta"
    assert scores.shape == (9, 3, 7)
    assert {s.device.type for s in state} == {"meta"}
    torch.nn.functional.cross_entropy(scores.flatten(0, 1), tokens.flatten()).backward()
    assert {p.grad.device.type for p in model.parameters()} == {"meta"}


@pytest.mark.parametrize("precision", ["bfloat16", "float16"])
def test_autocast_rounds_the_read_out_and_leaves_the_recurrence_alone(precision):
    model, tokens = model_of(), torch.randint(7, (9, 3))
    seen = []
    model.recurrent.register_forward_hook(lambda *call: seen.append(call[2][0].dtype))
    with autocast(torch.device("cpu"), precision):
        scores, state = model(tokens)
    assert scores.dtype == getattr(torch, precision)
    assert seen == [torch.float32]
    assert {s.dtype for s in state} == {torch.float32}
    exact, _ = model(tokens)
    assert 0 < (scores - exact).abs().max() < 0.02


def test_a_model_that_cannot_be_is_refused():
    with pytest.raises(ValueError, match="kind: expected one of rnn, lstm, gru; given 'cnn'"):
        CharacterModel(7, "cnn")
    with pytest.raises(ValueError, match="maker: expected rnnbook or torch, given 'keras'"):
        CharacterModel(7, maker="keras")
    with pytest.raises(ValueError, match="reset_after: expected True with maker='torch'"):
        CharacterModel(7, "gru", maker="torch")


# --- the order of the data -----------------------------------------------------------------------


def test_a_round_reads_each_lane_from_end_to_end():
    lanes = Lanes(np.arange(1003), batch=4, length=25, seed=1)
    assert lanes.round == 10
    targets = []
    for step in range(lanes.round):
        x, y = lanes.at(step)
        assert torch.equal(x[1:], y[:-1])
        if step:
            assert torch.equal(x[0], targets[-1][-1])  # goes on where it stopped
        assert lanes.starts_afresh(step) == (step == 0)
        targets.append(y)
    read = torch.cat(targets).T  # each lane's own
    assert all(((lane.diff() % 1003) == 1).all() for lane in read)
    assert len(read.unique()) == 1000  # nothing twice in a round
    assert lanes.starts_afresh(lanes.round)
    assert not torch.equal(lanes.at(lanes.round)[0], lanes.at(0)[0])


def test_a_share_of_the_lanes_is_that_part_of_the_whole():
    lanes = Lanes(np.arange(500) % 251, batch=6, length=7, seed=0)
    for step in (0, 3, 30):
        whole = lanes.at(step)
        parts = zip(*(lanes.at(step, k, k + 2) for k in (0, 2, 4)), strict=True)
        for all_of_it, pieces in zip(whole, parts, strict=True):
            assert torch.equal(all_of_it, torch.cat(pieces, 1))


def test_a_text_that_is_too_short_for_a_step_is_named():
    assert Lanes(np.zeros(20, int), 4, 5, 0).round == 1
    with pytest.raises(TrainingError, match=r"19 tokens .* 4 × 5 = 20"):
        Lanes(np.zeros(19, int), 4, 5, 0)


# --- the measure ---------------------------------------------------------------------------------


@torch.no_grad()
def in_one_go(model: CharacterModel, text: Text, start: int = 1) -> float:
    tokens = torch.from_numpy(text.tokens.astype(np.int64))
    scores, _ = model(tokens[:-1, None])
    nats = torch.nn.functional.cross_entropy(scores[:, 0], tokens[1:], reduction="none")
    return float(nats[start - 1 :].sum()) / math.log(2) / text.characters_in(start, len(text))


def random_text(length: int, vocabulary: str = "characters") -> Text:
    letters = np.random.default_rng(0).choice(list("abcdéf→"), length)
    return Text.of("".join(letters), vocabulary=vocabulary)


@pytest.mark.parametrize("length", [2, 300, 511])
def test_a_short_text_is_measured_as_if_read_in_one_go(length):
    text = random_text(length)
    model = model_of(tokens=len(text.alphabet)).double().eval()
    assert bits_per_character(model, text) == pytest.approx(in_one_go(model, text), rel=1e-6)


@pytest.mark.parametrize("vocabulary", ["characters", "bytes"])
@pytest.mark.parametrize("start", [1, 700, 8000])
def test_in_pieces_every_token_counts_once(start, vocabulary):
    """Exactly: this model has no memory, so that where a piece begins changes nothing."""
    text = random_text(9001, vocabulary)
    model = model_of("rnn", len(text.alphabet)).double().eval()
    for layer in range(2):
        torch.nn.init.zeros_(getattr(model.recurrent, f"weight_hh_l{layer}"))
    assert bits_per_character(model, text, start) == pytest.approx(
        in_one_go(model, text, start), rel=1e-6
    )


def test_a_piece_begins_with_a_memory(monkeypatch):
    """Without the tokens before it, it would be another number."""
    text = random_text(9001)
    model = model_of(tokens=len(text.alphabet), forget_bias=1.0).double().eval()
    right = in_one_go(model, text)
    assert bits_per_character(model, text) == pytest.approx(right, abs=1e-5)
    monkeypatch.setattr(evaluation, "WARM_UP", 1)
    assert abs(bits_per_character(model, text) - right) > 1e-5


def test_an_empty_part_is_refused():
    with pytest.raises(ValueError, match="stop: expected more than 3, given 3"):
        bits_per_character(model_of(), Text.of("abcdefg"), 3, 3)


# --- the sampler ---------------------------------------------------------------------------------


def knows_only_shares(shares: list[float]) -> CharacterModel:
    """A model that thinks the same whatever it reads."""
    model = CharacterModel(len(shares), "rnn", 2, 1, 2)
    torch.nn.init.zeros_(model.read_out.weight)
    model.read_out.bias.data = torch.tensor(shares).log()
    return model


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
def test_what_is_drawn_has_the_shares_of_the_softmax(temperature):
    shares = [0.1, 0.2, 0.7]
    alphabet = Text.of("abc").alphabet
    drawn = sample(knows_only_shares(shares), alphabet, "a", 1500, temperature=temperature)
    raised = [share ** (1 / temperature) for share in shares]
    expected = [1500 * r / sum(raised) for r in raised]
    found = [Counter(drawn)[letter] for letter in "abc"]
    distance = sum((f - e) ** 2 / e for f, e in zip(found, expected, strict=True))
    assert distance < 13.8  # chi square, two degrees of freedom: 1 in 1,000; the seed is fixed


def test_temperature_zero_takes_the_likeliest_and_a_seed_repeats():
    alphabet = Text.of("abc").alphabet
    model = knows_only_shares([0.3, 0.4, 0.3])
    assert sample(model, alphabet, "a", 20, temperature=0) == "b" * 20
    assert sample(model, alphabet, "", 20, seed=4) == sample(model, alphabet, "", 20, seed=4)
    assert sample(model, alphabet, "", 20, seed=4) != sample(model, alphabet, "", 20, seed=5)


def test_a_prompt_is_read_before_anything_is_drawn():
    text = Text.of("abcdefg")
    model = model_of().double().eval()
    scores, _ = model(torch.from_numpy(text.alphabet.encode("gfa").astype(np.int64))[:, None])
    expected = text.alphabet.decode([int(scores[-1, 0].argmax())])
    assert sample(model, text.alphabet, "gfa", 1, temperature=0) == expected
    with pytest.raises(TrainingError, match="'x' at place 1"):
        sample(model, text.alphabet, "ax", 1)
    with pytest.raises(ValueError, match="temperature: expected at least 0, given -1"):
        sample(model, text.alphabet, "a", 1, temperature=-1)


# --- the baselines -------------------------------------------------------------------------------


def witten_bell(read: str, context: str, token: str, letters: int) -> Fraction:
    """By its recursive definition, counting afresh each time."""
    if context == "":
        shorter, follows = Fraction(1, letters), list(read)
    else:
        shorter = witten_bell(read, context[1:], token, letters)
        ends = range(len(context), len(read))
        follows = [read[k] for k in ends if read[k - len(context) : k] == context]
    if not follows:
        return shorter
    return (follows.count(token) + len(set(follows)) * shorter) / (len(follows) + len(set(follows)))


def test_an_ngram_model_is_witten_and_bells():
    string = "abracadabra, abracadabra and a cadaver"
    text, start = Text.of(string), 25
    bits = baselines.ngram_bits(text, start, 4)
    letters = len(set(string))
    for n in range(1, 5):
        shares = [
            witten_bell(string[:start], string[k - n + 1 : k], string[k], letters)
            for k in range(start, len(string))
        ]
        expected = -sum(math.log2(share) for share in shares) / len(shares)
        assert bits[n - 1] == pytest.approx(expected, rel=1e-12)
    assert sum(witten_bell(string[:start], "br", c, letters) for c in set(string)) == 1


def test_a_compressor_that_has_read_the_text_before_finds_it_again():
    noise = "".join(map(chr, np.random.default_rng(0).integers(32, 127, 4000)))
    text = Text.of(noise + noise)
    again = baselines.primed_bits(text, 4000)
    fresh = 8 * len(zlib.compress(noise.encode(), 9)) / 4000
    assert fresh > 6
    assert again["gzip -9"] < 0.3
    assert again["xz -9e"] < 0.3
    with pytest.raises(ValueError, match="start: expected a place inside of 8000 tokens"):
        baselines.primed_bits(text, 8000)


def test_bits_are_by_character_whatever_a_token_is():
    string = "äöü→" * 50 + "äöü"
    rows = [
        baselines.primed_bits(Text.of(string, vocabulary=kind), start)
        for kind, start in (("characters", 100), ("bytes", len(string[:100].encode())))
    ]
    assert rows[0] == rows[1]


def test_the_table_has_the_best_first():
    said = baselines.table([("one", 2.0), ("three", 1.0)])
    assert said == "three  1.000\none    2.000"
