"""The gates taken out by hand: the page's networks against the package's, and its own gestures."""

from __future__ import annotations

import re

import pytest
import torch
from explorable_pages import Seen, number
from test_mathematics_js import javascript

from rnnbook.experiments.variants import LENGTH, OPTIONS, trained
from rnnbook.variants import VARIANTS, Options
from rnnbook.widgets import GatesTakenOut
from rnnbook.widgets.gates_taken_out import (
    AFTER,
    BEFORE,
    UNSEEN,
    WRITTEN,
    changed,
    error,
    page_networks,
    question_stream,
    run,
    unseen_streams,
)

TITLES = list(VARIANTS)


def told(options: Options) -> dict[str, object]:
    """Options as the page's JavaScript takes them."""
    return {"without": options.without, "linear": options.linear, "coupled": options.coupled}


@pytest.mark.parametrize("seed", [1, 20, 1001])
def test_the_pages_stream_is_pythons_and_asks_as_the_chapters_world_does(seed):
    (theirs,) = javascript("questionStream", [[seed, LENGTH]])
    x, answers = question_stream(seed)
    assert [[s[k] for k in ("s", "write", "ask", "now")] for s in theirs] == x
    assert [s["answer"] for s in theirs] == answers
    for t, (step, wanted) in enumerate(zip(x, answers, strict=True)):
        marked = [s for s, write, _, _ in x[: t + 1] if write]
        asked = step[3] and t > 0 and x[t - 1][2]
        assert wanted == (marked[-1] if asked else 0)


def test_the_pages_streams_have_the_chances_of_the_world():
    x, answers = unseen_streams()
    assert x.shape == (1, LENGTH, UNSEEN[1], 4)
    signs, write, ask, now = x[0].unbind(-1)
    for found, chance in ((signs == 1, 0.5), (write[1:], 0.2), (ask, 0.4), (now, 0.4)):
        assert found.double().mean().item() == pytest.approx(chance, abs=0.03)
    assert (write[0] == 1).all()
    assert answers.square().mean().item() == pytest.approx(0.16 * 11 / 12, abs=0.02)


def test_the_whole_lstm_of_the_page_is_torchs():
    net, H = page_networks()["LSTM"], 2
    torchs = torch.nn.LSTM(4, H).double()
    order = [0, 1, 3, 2]  # i f o c, as PyTorch's i f g o
    with torch.no_grad():
        for name, key in (("weight_ih_l0", "W_x"), ("weight_hh_l0", "W_h"), ("bias_ih_l0", "b")):
            blocks = torch.tensor(net[key], dtype=torch.float64).unflatten(-1, (4, H))
            stacked = blocks[..., order, :].flatten(-2)
            getattr(torchs, name).copy_(stacked.t())
        torchs.bias_hh_l0.zero_()
        x, _ = question_stream(20)
        h, _ = torchs(torch.tensor(x).double())
        y = h @ torch.tensor(net["W_q"], dtype=torch.float64) + net["b_q"]
    (steps,) = javascript("changedLstm", [[net, x]])
    assert [step["y"] for step in steps] == pytest.approx(y.tolist(), abs=1e-12)
    assert [step["h"] for step in steps] == [pytest.approx(row, abs=1e-12) for row in h.tolist()]


@pytest.mark.parametrize("title", TITLES)
def test_the_pages_networks_are_the_packages(title):
    """Trained with the change, where peepholes and R count, and cut."""
    nets, (x, _) = page_networks(), question_stream(3)
    inputs = torch.tensor(x).double()[None, :, None]
    cut, as_trained = javascript(
        "changedLstm",
        [[nets["LSTM"], x, told(OPTIONS[title])], [nets[title], x, told(OPTIONS[title])]],
    )
    for steps, how in ((cut, AFTER), (as_trained, BEFORE)):
        ours = run([title], how, inputs)[0].flatten().tolist()
        assert [step["y"] for step in steps] == pytest.approx(ours, abs=1e-12)


@pytest.mark.parametrize(
    "out", [TITLES[:3], TITLES[3:5], ["no forget gate", "coupled gates"], TITLES]
)
def test_changes_go_together_as_in_the_package(out):
    (x, _), options = question_stream(50), changed(out)
    (steps,) = javascript("changedLstm", [[page_networks()["LSTM"], x, told(options)]])
    ours = run(out, AFTER, torch.tensor(x).double()[None, :, None])[0].flatten().tolist()
    assert [step["y"] for step in steps] == pytest.approx(ours, abs=1e-12)
    assert run(out, BEFORE, torch.zeros(1, 1, 1, 4).double())[1] == "LSTM", "none was trained so"


def test_the_pages_error_is_the_packages():
    nets = page_networks()
    calls = [[nets["LSTM"], told(OPTIONS[t]), *UNSEEN, LENGTH] for t in ("LSTM", *TITLES[:6])]
    found = javascript("questionError", calls)
    assert found == pytest.approx([error([], AFTER), *(error([t], AFTER) for t in TITLES[:6])])


@pytest.mark.parametrize("title", ["peepholes", "full gate recurrence"])
def test_weights_that_a_change_adds_count_only_where_they_were_trained(title):
    assert error([title], AFTER) == error([], AFTER)
    assert error([title], BEFORE) != error([], BEFORE)
    more = {"peepholes": "weight_p", "full gate recurrence": "weight_r"}[title]
    assert trained(title)[more].abs().min() > 0


def test_each_change_is_written_beside_its_box():
    assert list(WRITTEN) == TITLES
    assert {one.name for one in VARIANTS.values()} <= set(GatesTakenOut.arguments())


def last_bar(page):
    return number(page.locator(".bars text.value").last.text_content())


def test_a_tick_cuts_and_the_switch_shows_the_network_trained_so(show):
    page = show(GatesTakenOut())
    assert last_bar(page) == pytest.approx(error([], AFTER), abs=0.005)
    assert "12 of 12" in page.locator(".told").inner_text()
    for title in TITLES[:6]:
        page.get_by_role("checkbox", name=re.compile(f"^{title}")).check()
        page.get_by_role("radio", name=AFTER).check()
        assert last_bar(page) == pytest.approx(error([title], AFTER), abs=0.006), title
        assert page.locator(".done").count() == 0
        page.get_by_role("radio", name=BEFORE).check()
        assert last_bar(page) == pytest.approx(error([title], BEFORE), abs=0.006), title
        assert page.locator(".done").count() == 1
        page.get_by_role("button", name="Reset").click()


def test_several_ticks_go_together_and_are_cut_whatever_the_switch_says(show):
    page = show(GatesTakenOut(how=BEFORE))
    out = ["no input gate", "no forget gate"]
    for title in out:
        page.get_by_role("checkbox", name=re.compile(f"^{title}")).press("Space")
    assert last_bar(page) == pytest.approx(error(out, AFTER), abs=0.006)
    assert "None was trained with several changes" in page.locator(".told").inner_text()
    assert page.evaluate("models[0].get('no_forget_gate')") == 1


@pytest.mark.parametrize("width", [680, 820])  # a page's column at 1280 pixels, and wider
def test_prompt_and_controls_fit_one_screen(show, width):
    page = Seen(show(GatesTakenOut(no_forget_gate=1), width=840))
    page.page.add_style_tag(content=f"body {{ max-width: {width}px !important }}")
    page.page.wait_for_timeout(100)
    top = page.root.locator(".guidance.try").bounding_box()["y"]
    low = page.root.locator(".controls").bounding_box()
    assert low["y"] + low["height"] - top < 720


def test_text_says_what_the_page_shows(show):
    widget = GatesTakenOut(no_forget_gate=1)
    page = show(widget)
    said = page.locator(".told").inner_text()
    right = re.search(r"(\d+) of 12 answers are right", said)[1]
    assert f"{right} of 12 answers lie within one half" in widget.text
    after = number(widget.text.split("unseen streams is ")[1])
    assert after == pytest.approx(error(["no forget gate"], AFTER), rel=5e-3)
    with pytest.raises(ValueError, match="no_forget_gate must lie in"):
        GatesTakenOut(no_forget_gate=2)
