"""The model in the page: its numbers against torch.nn.LSTM, its hands, and when it is fetched."""

from __future__ import annotations

import itertools
import json
import math
import re
import shutil

import nbformat
import numpy as np
import pytest
import torch
from explorable_pages import Seen, number
from test_mathematics_js import javascript
from test_site_extension import ADDRESS, STATE, build, view, write_book

from rnnbook.experiments import held, page_model, stored_results
from rnnbook.experiments.held import Hold, traced
from rnnbook.training import Text, bits_per_character, default_text, export, sample
from rnnbook.widgets import ModelInPage
from rnnbook.widgets.explorable import Words
from rnnbook.widgets.model_in_page import ALL, LONGEST, ONE, PROMPT, UNITS, page_data, writes
from tools.normalise import without_code
from tools.serve import serving

STORED = stored_results("page_model")
MODEL, ALPHABET = export.from_page(STORED["model"])
PASSAGE = STORED["passage"]
TOKENS = ALPHABET.encode(PASSAGE).astype(np.int64).tolist()
HOLDS = [
    None,
    *(Hold(what, value) for what, value in itertools.product("fioh", (0.0, 0.35, 1.0))),
    *(Hold(what, 0.6, unit) for what, unit in zip("fioh", (1, 154, 192, 7), strict=True)),
    Hold("h", 0.0, 154),
]
each_hold = pytest.mark.parametrize("hold", HOLDS, ids=str)


def spoken(hold: Hold | None) -> dict | None:
    """A hold as the page writes it."""
    return hold and {"what": hold.what, "value": hold.value, "unit": hold.unit or 0}


def scores_of_torch(hold: Hold | None, tokens: list[int]) -> torch.Tensor:
    """(T, V) of torch.nn.LSTM, in float64, whose weights and biases do what is held.

    A gate held at v is one that sees nothing and has the bias logit v. A unit whose h is v adds a
    constant to every later sum: the weights of one more input, which is 0 at first and then 1.
    """
    weights = {name: p.double().clone() for name, p in MODEL.state_dict().items()}
    layer = torch.nn.LSTM(MODEL.embedding.embedding_dim + 1, UNITS).double()
    ours = {name: weights[f"recurrent.{name}"] for name, _ in layer.named_parameters()}
    V, d, more = weights["read_out.weight"], weights["read_out.bias"], torch.zeros(4 * UNITS, 1)
    if hold is not None:
        units = torch.arange(UNITS) if hold.unit is None else torch.tensor([hold.unit - 1])
        if hold.what == "h":
            W = ours["weight_hh_l0"]
            more, d = hold.value * W[:, units].sum(1, True), d + hold.value * V[:, units].sum(1)
            W[:, units] = V[:, units] = 0
        else:
            rows = units + UNITS * "if_o".index(hold.what)
            ours["weight_ih_l0"][rows] = ours["weight_hh_l0"][rows] = 0
            logit = torch.logit(torch.tensor(hold.value, dtype=torch.float64)).clamp(-99, 99)
            ours["bias_ih_l0"][rows], ours["bias_hh_l0"][rows] = logit, 0
    ours["weight_ih_l0"] = torch.cat([ours["weight_ih_l0"], more], 1)
    layer.load_state_dict(ours)
    later = torch.ones(len(tokens), 1).index_fill(0, torch.tensor(0), 0)
    x = torch.cat([weights["embedding.weight"][torch.tensor(tokens)], later], 1)
    with torch.no_grad():
        return layer(x[:, None])[0][:, 0] @ V.T + d


SCORES = """((page, tokens, hold) => {
  const model = pageModel(page), run = pageRun(model, tokens.length);
  tokens.forEach((token, t) => pageStep(model, run, t, token, hold));
  return Array.from(run.scores);
})"""
NUMBERS = """((seed, count) => {
  const next = uniform(seed);
  return Array.from({ length: count }, () => next());
})"""
BITS = "((page, tokens, hold) => pageBits(pageModel(page), tokens, hold))"
WRITES = """((page, prompt, counts, temperature, seed, hold) => {
  const model = pageModel(page), run = pageRun(model, 460);
  const tokens = [...prompt].map((mark) => model.tokenOf.get(mark));
  const writer = pageWriter(model, run, tokens, temperature, seed, hold);
  return counts.map((count) => writer(count).map((token) => model.marks[token]).join(""));
})"""


# ---- the numbers ---------------------------------------------------------------------------------


def test_scores_in_the_page_are_those_of_torch_nn_lstm_whatever_is_held():
    assert len(TOKENS) > 200
    found = javascript(SCORES, [[STORED["model"], TOKENS, spoken(hold)] for hold in HOLDS])
    for hold, scores in zip(HOLDS, found, strict=True):
        got = torch.tensor(scores, dtype=torch.float64).reshape(len(TOKENS), -1)
        expected = scores_of_torch(hold, TOKENS)
        assert (got - expected).abs().max() < 1e-4, hold


@each_hold
def test_reader_computes_what_torch_nn_lstm_does_whatever_is_held(hold):
    scores = traced(MODEL, torch.tensor(TOKENS)[:, None], hold)["scores"][:, 0]
    assert (scores - scores_of_torch(hold, TOKENS)).abs().max() < 1e-4


def bits_of_torch(hold: Hold | None) -> float:
    logs = scores_of_torch(hold, TOKENS[:-1]).log_softmax(-1)
    return -logs[torch.arange(len(TOKENS) - 1), TOKENS[1:]].mean().item() / math.log(2)


def test_bits_in_the_page_are_the_packages_and_torchs():
    found = javascript(BITS, [[STORED["model"], TOKENS, spoken(hold)] for hold in HOLDS])
    assert found == pytest.approx([bits_of_torch(hold) for hold in HOLDS], abs=1e-4)
    text = Text.of(PASSAGE).translated(ALPHABET)
    assert found[0] == pytest.approx(bits_per_character(MODEL, text), abs=1e-4)


@pytest.mark.parametrize("temperature", [0.0, 0.3, 0.8, 1.5])
def test_given_its_random_numbers_the_page_writes_what_sample_does(monkeypatch, temperature):
    """PyTorch's draw is replaced by its rule with mulberry32's numbers; all else is `sample`."""
    (numbers,) = javascript(NUMBERS, [[5, 200]])
    numbers = iter(numbers)
    drawn = []

    def inverse(shares, count, generator):
        assert shares.dtype == torch.float64
        drawn.append(shares)
        token = int((shares.cumsum(0) > next(numbers)).nonzero()[0])
        return torch.tensor([token])

    monkeypatch.setattr(torch, "multinomial", inverse)
    expected = sample(MODEL, ALPHABET, PROMPT, 200, temperature=temperature)
    assert len(drawn) == (200 if temperature else 0)
    (found,) = javascript(WRITES, [[STORED["model"], PROMPT, [200], temperature, 5, None]])
    assert found == [PROMPT + expected]


def test_shares_are_the_softmax_and_a_draw_inverts_their_sum():
    rng = np.random.default_rng(1)
    scores = rng.normal(0, 4, 40).tolist()
    program = """((scores, temperature, numbers) => {
      const model = { V: scores.length, shares: new Float64Array(scores.length) };
      const run = { rows: 1, scores: Float64Array.from(scores) };
      const shares = Array.from(pageShares(model, run, 0, temperature));
      return [shares, numbers.map((number) => drawToken(shares, number))];
    })"""
    numbers = [0.0, *rng.uniform(0, 1, 200).tolist(), 1 - 1e-12]
    for temperature in (0.2, 1.0, 1.5):
        ((shares, tokens),) = javascript(program, [[scores, temperature, numbers]])
        expected = torch.softmax(torch.tensor(scores, dtype=torch.float64) / temperature, 0)
        assert shares == pytest.approx(expected.tolist(), rel=1e-12)
        sums, given = expected.cumsum(0), torch.tensor(numbers, dtype=torch.float64)
        edges = torch.searchsorted(sums, given, right=True)
        assert tokens == edges.tolist()


@pytest.mark.parametrize("hold", [None, Hold("f", 1.0), Hold("h", 0.0, 154)], ids=str)
def test_page_and_package_write_the_same(hold):
    settings = [('If the "', 120, 0.5, 3), ("", 120, 1.0, 9)]
    calls = [[STORED["model"], p or "\n", [n], t, s, spoken(hold)] for p, n, t, s in settings]
    for (found,), (prompt, n, temperature, seed) in zip(
        javascript(WRITES, calls), settings, strict=True
    ):
        assert found == writes(prompt, n, temperature, seed, hold)


def test_written_piece_by_piece_or_back_again_it_is_the_same_text():
    counts = [1, 2, 50, 7, 120, 0]
    (found,) = javascript(WRITES, [[STORED["model"], PROMPT, counts, 0.8, 2, None]])
    (whole,) = javascript(WRITES, [[STORED["model"], PROMPT, [120], 0.8, 2, None]])
    assert found == [whole[0][: len(PROMPT) + n] for n in counts]


def test_decoded_weights_are_those_of_the_export():
    model, characters = held.stored_model()
    assert characters == ALPHABET.characters
    for name, weight in MODEL.state_dict().items():
        assert torch.equal(model.state_dict()[name], weight), name
    assert held.tokens_of(characters, PASSAGE).tolist() == TOKENS


# ---- what was stored -----------------------------------------------------------------------------


def test_model_is_small_and_says_where_it_comes_from():
    assert len(json.dumps(page_data(), ensure_ascii=False).encode()) < 300_000
    assert STORED["settings"]["seed"] == 0
    assert re.fullmatch(r"[0-9a-f]{64}", STORED["text"]["sha256"])
    bits = STORED["bits_per_character"]
    assert abs(bits["quantised"] - bits["float32"]) < 0.005
    gates = STORED["mean_forget_gate"]
    assert gates == sorted(gates, reverse=True)
    assert 300 <= len(PASSAGE) <= page_model.LONGEST


def test_passage_was_held_out():
    """Where this Python carries the text that was trained on."""
    text = default_text()
    if text.sha256 == STORED["text"]["sha256"]:
        whole = text.alphabet.decode(text.tokens)
        assert whole.index(PASSAGE) >= 0.9 * len(whole)
    assert PASSAGE.count('"') > 4


def test_stored_costs_are_those_of_torch_nn_lstm():
    costs = STORED["costs"]
    assert costs["free"]["passage"] == pytest.approx(bits_of_torch(None), abs=2e-4)
    for row in costs["held"]:
        hold = Hold(row["what"], row["value"], row["unit"])
        assert row["passage"] == pytest.approx(bits_of_torch(hold), abs=2e-4), hold
    for unit in (1, 154, 189):
        more = bits_of_torch(Hold("h", 0.0, unit)) - bits_of_torch(None)
        assert costs["silenced"][unit - 1] == pytest.approx(more, abs=2e-4)


def test_units_in_another_order_compute_the_same():
    torch.manual_seed(3)
    model = page_model.CharacterModel(9, hidden=6, embedding=4).requires_grad_(False)
    tokens = torch.randint(0, 9, (12, 2))
    before, _ = model(tokens)
    trace = traced(model, tokens)
    order = torch.randperm(6)
    page_model.in_order(model, order)
    torch.testing.assert_close(model(tokens)[0], before)
    torch.testing.assert_close(traced(model, tokens)["C"], trace["C"][..., order])


def test_auc_is_the_share_of_pairs_in_order():
    values = torch.randn(40, generator=torch.Generator().manual_seed(1))
    truth = (values + torch.randn(40, generator=torch.Generator().manual_seed(2)) > 0).float()
    pairs = list(itertools.product(values[truth == 1], values[truth == 0]))
    share = sum(float(a > b) for a, b in pairs) / len(pairs)
    assert page_model.auc(values, truth) == pytest.approx(share)
    assert page_model.correlations(values[:, None], truth).item() == pytest.approx(
        np.corrcoef(values, truth)[0, 1]
    )


def test_features_say_what_stands_in_the_text():
    text = 'a "b" (c\n  d)\n\n"e'
    assert page_model.quoted(text) == [0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1]
    assert page_model.bracketed(text) == [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0]
    assert page_model.column(text) == [1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 2, 3, 4, 0, 0, 1, 2]
    assert page_model.indent(text) == [0] * 9 + [1, 2, 2, 2] + [0] * 4


def test_followed_unit_tells_a_place_inside_quotes_from_one_outside():
    """Of the passage, by counting pairs; the stored score is of twenty thousand characters."""
    row = next(row for row in STORED["probe"] if "quotes" in row["feature"])
    assert ModelInPage().unit == row["unit"]
    cells = traced(MODEL, torch.tensor(TOKENS)[:, None])["C"][:, 0, row["unit"] - 1]
    inside = torch.tensor(page_model.quoted(PASSAGE))
    pairs = itertools.product(cells[inside == 1].tolist(), cells[inside == 0].tolist())
    right = [a > b for a, b in pairs]
    assert sum(right) / len(right) == pytest.approx(row["auc"], abs=0.08)


def test_hold_of_what_cannot_be_held_is_refused():
    with pytest.raises(ValueError, match="what: expected one of f, i, o, h; given 'C'"):
        Hold("C", 0.0)


# ---- arguments, address --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("prompt", "error", "words"),
    [
        ("日本", ValueError, "known characters; '日' is not one"),
        ("a" * (LONGEST + 1), ValueError, f"at most {LONGEST} characters, not {LONGEST + 1}"),
        (3, TypeError, "must be a text, not int"),
    ],
)
def test_prompt_that_the_model_cannot_read_is_refused_in_words(prompt, error, words):
    with pytest.raises(error, match=f"ModelInPage: prompt .*{words}"):
        ModelInPage(prompt=prompt)


@pytest.mark.parametrize("prompt", ['a,b:c=d&e#f "g".', "x~_- %41\n>>> ", "", "Z" * LONGEST])
def test_every_prompt_travels_in_a_link(show, prompt):
    page = show(ModelInPage(written=3))
    page.evaluate("(prompt) => models[0].set('prompt', prompt)", prompt)
    page.wait_for_function("location.hash.length > 2")
    other = show(ModelInPage(written=3), at=page.evaluate("location.hash"))
    assert other.evaluate("models[0].get('prompt')") == prompt
    assert not other.locator(".refused").is_visible()


def test_link_with_an_unknown_character_is_refused(show):
    page = show(ModelInPage(), at=f"#model-in-page=prompt:.a~{ord('日'):x}-")
    assert page.locator(".refused").is_visible()
    assert page.evaluate("models[0].get('prompt')") == PROMPT


# ---- hands ---------------------------------------------------------------------------------------


class Page(Seen):
    """What a reader sees of the model, and what the package says of the same state."""

    def __init__(self, page) -> None:
        super().__init__(page)
        self.names = ["prompt", "written", "temperature", "draw", "what", "whose", "unit", "value"]

    @property
    def text(self) -> str:
        return self.root.locator(".paper").text_content()

    def get(self, name):
        return self.page.evaluate("(name) => models[0].get(name)", name)

    def press(self, name: str) -> None:
        self.root.get_by_role("button", name=name, exact=True).click()

    def agrees(self) -> None:
        widget = ModelInPage(**{name: self.get(name) for name in self.names})
        assert self.text == widget.writing
        told = self.root.locator("p.sentence").text_content()
        hold = (
            None
            if widget.what == "nothing"
            else Hold(widget.what, widget.value, int(widget.unit) if widget.whose == ONE else None)
        )
        bits = number(told[told.index("cost") :])
        assert bits == pytest.approx(bits_of_torch(hold), abs=6e-4)
        if hold is not None:
            more = float(re.search(r"character, ([\d.]+) (more|less)", told)[1])
            assert more == pytest.approx(abs(bits_of_torch(hold) - bits_of_torch(None)), abs=1e-3)
            assert f"held at {widget.value:g}: {bits_of_torch(hold):.2f}." in widget.text


def test_presets_show_what_the_package_computes(show):
    page = Page(show(ModelInPage()))
    page.agrees()
    for preset in ModelInPage()._presets:
        page.press(preset["name"])
        page.agrees()


def test_about_of_a_preset_says_the_stored_numbers():
    abouts = {preset["name"]: preset["about"] for preset in ModelInPage()._presets}
    assert f"become {bits_of_torch(Hold('f', 1.0)):.2f}" in abouts["Forget nothing"]
    assert f"{bits_of_torch(Hold('f', 0.5)):.2f} bits" in abouts["Forget half"]
    assert (
        f"{bits_of_torch(Hold('o', 1.0)):.2f} bits, the worst of these" in abouts["Show everything"]
    )
    costs = [bits_of_torch(Hold(what, v)) for what, v in [("f", 1.0), ("f", 0.5), ("o", 1.0)]]
    assert max(costs) == costs[2]
    assert costs[0] > math.log2(len(ALPHABET)), "worse than a blind guess"


def test_at_temperature_0_it_goes_round_in_a_circle():
    text = writes(PROMPT, 400, 0.0, 1)
    assert any(text.endswith(text[-n:] * 3) for n in range(1, 100))


def test_hold_of_every_gate_is_chosen_by_hand(show):
    page = Page(show(ModelInPage()))
    for what in "fio":
        page.root.get_by_role("radio", name=what, exact=True).nth(1).check()
        page.slider("value").press("End")
        page.agrees()
        assert page.root.locator(".guidance.try").evaluate("(n) => n.matches('.done')")
    page.root.get_by_role("radio", name=ONE).check()
    page.agrees()


def test_one_character_comes_at_a_time_and_the_start_comes_back(show):
    page = Page(show(ModelInPage(written=0)))
    whole = ModelInPage(written=3).writing
    for n in range(3):
        assert page.text == whole[: len(PROMPT) + n]
        page.press("One character")
    assert page.text == whole
    page.press("Draw anew")
    page.agrees()
    page.press("Back to the start")
    assert page.text == PROMPT


def test_it_writes_on_until_it_is_stopped(show):
    page = Page(show(ModelInPage(written=0)))
    page.press("Write on")
    page.page.wait_for_function("models[0].get('written') >= 5")
    page.press("Stop")
    written = page.get("written")
    page.page.wait_for_timeout(300)
    assert page.get("written") == written
    page.agrees()


def test_it_stops_at_the_end_of_the_page_and_by_reset(show):
    page = Page(show(ModelInPage(written=398)))
    page.press("Write on")
    page.root.get_by_text("The page is full.").wait_for()
    page.root.get_by_role("button", name="Write on").wait_for()
    page = Page(show(ModelInPage(written=0)))
    page.press("Write on")
    page.press("Reset")
    page.page.wait_for_timeout(300)
    assert page.get("written") == 0


def test_reduced_motion_leaves_steps_only(show):
    page = Page(show(ModelInPage(), reduced_motion="reduce"))
    assert page.root.get_by_role("button", name="Write on").count() == 0
    page.press("One character")
    page.agrees()


def test_prompt_is_typed_and_what_is_unknown_is_left_out(show):
    page = Page(show(ModelInPage(written=20)))
    field = page.root.get_by_role("textbox", name="begin with")
    field.fill("If 日x")
    assert page.get("prompt") == "If x"
    field.blur()
    assert field.input_value() == "If x"
    page.agrees()
    field.fill("")
    assert page.text[0] == "\n"
    page.agrees()


def test_who_writes_on_stays_in_the_preset(show):
    page = Page(show(ModelInPage()))
    page.press("Forget half")
    page.press("One character")
    page.press("One character")
    assert page.root.locator(".about").is_visible()
    pressed = page.root.locator(".chips button[aria-pressed=true]")
    assert pressed.text_content() == "Forget half"


def test_forgetting_half_it_first_writes_letters():
    preset = next(one for one in ModelInPage()._presets if one["name"] == "Forget half")
    added = ModelInPage(**preset["set"]).writing[len(PROMPT) :]
    assert len(added[:60].split()) > 3
    assert added[-20:].isspace()


@pytest.mark.parametrize("name", ["C", "f"])
def test_key_says_what_the_colours_mean(show, name):
    page = Page(show(ModelInPage(show=name)))
    told = page.root.locator(".key").text_content()
    assert all(word in told for word in (["above 0", "below 0"] if name == "C" else ["near 1"]))


def test_click_chooses_unit_and_character(show):
    page = Page(show(ModelInPage()))
    page.root.locator(".paper span").nth(4).click()
    assert page.get("step") == 5
    marks = page.root.locator("svg.chart > text.tick").all_text_contents()
    assert "".join(marks[:9]).replace("·", " ") == PROMPT[4:13], "it is the first one in sight"
    page.root.locator(".ground.pick").scroll_into_view_if_needed()
    box = page.root.locator(".ground.pick").bounding_box()
    page.page.mouse.click(box["x"] + 3.5 * box["width"] / (len(marks) - 3), box["y"] + 40.5)
    unit = page.get("unit")
    assert abs(unit - 41) <= 1, "a row is one pixel high"
    assert page.get("step") == 8
    tokens = torch.tensor(ALPHABET.encode(PROMPT[:8]).astype(np.int64))[:, None]
    cell = traced(MODEL, tokens)["C"][4:, 0, int(unit) - 1]
    zero = float(page.root.locator(".ticks line").first.get_attribute("y1"))
    bars = page.root.locator("svg.chart > rect.solid-bar")
    tops = [float(bars.nth(k).get_attribute("y")) for k in range(4)]
    assert [top >= zero - 0.06 for top in tops] == (cell <= 0).tolist()


def test_chances_are_those_of_the_model(show):
    page = Page(show(ModelInPage(temperature=1.0)))
    page.root.locator(".paper span").nth(9).click()
    label = page.root.locator("svg.bars").last.get_attribute("aria-label")
    shown = [float(share) for share in re.findall(r" ([01]\.\d\d)(?:,|$)", label)]
    tokens = ALPHABET.encode(PROMPT[:10]).astype(np.int64).tolist()
    shares = scores_of_torch(None, tokens)[-1].softmax(0).sort(descending=True)[0]
    assert shown == pytest.approx(shares[:6].tolist(), abs=0.006)


def test_screen_reader_hears_the_text(show):
    page = Page(show(ModelInPage()))
    page.press("One character")
    status = page.root.locator("p.unseen[role=status]")
    page.page.wait_for_function(
        "document.querySelector('p.unseen[role=status]').textContent !== ''"
    )
    assert page.text[-100:] in status.text_content()


# ---- when it is fetched --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A small book: a long page that ends with the explorable, and a notebook that stores it."""
    widget = ModelInPage(written=9)
    state = {name: value for name, value in widget.get_state().items() if name != "layout"}
    stored = without_code({"model_module": "anywidget", "model_name": "AnyModel", "state": state})
    assert "_large_model" not in stored["state"]
    folder = write_book(tmp_path_factory.mktemp("model"), [view("m", widget.text)], ADDRESS)
    path = folder / "notebooks" / "01_tiny.ipynb"
    notebook = nbformat.read(path, 4)
    notebook.cells.insert(0, nbformat.v4.new_markdown_cell("# A notebook"))
    notebook.metadata["widgets"][STATE] = {"state": {"m": stored}}
    nbformat.write(notebook, path)
    rest = "\n\n".join(["A line."] * 200)
    (folder / "index.md").write_text(
        f"# Long\n\n{rest}\n\n```{{explorable}} ModelInPage\n```\n\n"
        "```{explorable} ModelInPage\n:key: another\n```\n"
    )
    done = build(folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "_build" / "html"


def late(asked: list[str]) -> list[str]:
    return [url for url in asked if ".late." in url]


def test_page_fetches_the_model_when_its_reader_comes_there_and_once(site, browser):
    with serving(site) as address, browser.new_context() as context:
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{address}/index.html")
        page.wait_for_selector(".rnn-widget[data-state=alive]", state="attached")
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(300)
        assert late(asked) == []
        root = page.locator(".rnn-explorable").first
        assert ModelInPage().writing in root.locator(".paper").text_content()
        root.scroll_into_view_if_needed()
        root.locator("svg.bars").first.wait_for()
        page.locator(".rnn-explorable").last.scroll_into_view_if_needed()
        page.locator(".rnn-explorable").last.locator("svg.bars").first.wait_for()
        assert len(late(asked)) == 1
        assert all(url.startswith((address, "data:")) for url in asked)
        assert root.locator(".paper").text_content() == ModelInPage().writing


def test_notebooks_widget_finds_the_model_on_its_page_from_the_disk_too(site, browser):
    html = (site / "notebooks" / "01_tiny.html").read_text("utf8")
    assert not re.search(r'(rel="modulepreload"|<script)[^>]*\.late\.', html)
    assert '"int8"' not in html
    with browser.new_context() as context:
        page = context.new_page()
        page.goto((site / "notebooks" / "01_tiny.html").as_uri())
        page.locator(".rnn-explorable svg.bars").first.wait_for()
        expected = ModelInPage(written=9).writing
        assert page.locator(".paper").text_content() == expected


def test_reader_is_told_where_the_model_cannot_be_had(site, browser, tmp_path):
    copy = tmp_path / "site"
    shutil.copytree(site, copy)
    for path in copy.rglob("*.late.*.js"):
        path.unlink()
    with serving(copy) as address, browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{address}/notebooks/01_tiny.html")
        page.get_by_text("The model could not be loaded.").wait_for()
        assert page.locator(".paper").text_content() == ModelInPage(written=9).writing


def test_without_javascript_there_are_words_and_a_sample(site):
    html = (site / "index.html").read_text("utf8")
    words = re.search(r'<noscript><p class="rnn-widget-text">(.*?)</p>', html, re.DOTALL)[1]
    assert "bits per character" in words
    assert "subject that implementation" in words


def test_words_are_a_knob_that_says_what_it_may_be_made_of():
    knob = Words("a", "abc", 4, label="write").knob()
    assert knob == {"name": None, "label": "write", "characters": "abc", "most": 4}
    assert ALL in ModelInPage.whose.names
