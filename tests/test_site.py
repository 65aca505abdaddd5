"""The built site in a real browser: nothing is fetched from elsewhere, all of it can be reached.

Every page is opened as a reader would open it, from a server on this machine, in headless Chromium.
What a single explorable does is tested in `test_widgets.py`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
import pytest
import yaml

from tools import check_site
from tools.browser import violations

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "_build" / "html"
TOC = yaml.safe_load((ROOT / "_toc.yml").read_text("utf8"))

ROWS = [row for part in TOC["parts"] for row in part["chapters"]]
DOCUMENTS = [TOC["root"], *(one["file"] for row in ROWS for one in (row, *row.get("sections", [])))]
CHAPTERS = [name for name in DOCUMENTS if name.startswith("notebooks/")]
PAGES = [*DOCUMENTS, "search", "genindex"]
SCHEMES = ("light", "dark")
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


ALIVE = "[...document.querySelectorAll('.rnn-widget')].every(one => one.dataset.state)"
TWO_FRAMES = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


@contextmanager
def opened(browser, url: str, **context_options) -> Iterator[object]:
    """A page in a context of its own, its widgets mounted, with what went wrong on the way."""
    context = browser.new_context(**{"viewport": WIDE, **context_options})
    page = context.new_page()
    page.said, page.asked = [], []
    page.on("console", lambda message: page.said.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: page.said.append(f"error: {error}"))
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("response", lambda answer: _note_failure(page, answer))
    page.goto(url)
    if context_options.get("java_script_enabled", True):
        page.wait_for_function(ALIVE)
    try:
        yield page
    finally:
        context.close()


def at_its_end(slider) -> bool:
    """Whether a slider, or a handle, cannot go further to the right, or up."""
    return slider.evaluate(
        """one => Number(one.value ?? one.ariaValueNow) >= Number(one.max ?? one.ariaValueMax)"""
    )


def _note_failure(page, answer) -> None:
    if answer.status >= 400:
        page.said.append(f"error: {answer.status} for {answer.url}")


def widgets_of(chapter: str) -> int:
    """How many anywidget views the notebook of a chapter stores, however deep in boxes."""
    notebook = nbformat.read(ROOT / f"{chapter}.ipynb", as_version=4)
    stored = notebook.metadata["widgets"]["application/vnd.jupyter.widget-state+json"]["state"]

    def count(model_id: str) -> int:
        model = stored.get(model_id, {})
        children = model.get("state", {}).get("children", [])
        nested = sum(count(child.removeprefix("IPY_MODEL_")) for child in children)
        return nested + (model.get("model_module") == "anywidget")

    return sum(
        count(output["data"]["application/vnd.jupyter.widget-view+json"]["model_id"])
        for cell in notebook.cells
        if cell.cell_type == "code" and "needs-kernel" not in cell.metadata.get("tags", [])
        for output in cell.outputs
        if "application/vnd.jupyter.widget-view+json" in output.get("data", {})
    )


def test_site_passes_its_own_check():
    problems, _ = check_site.check(SITE)
    assert problems == []


# Each page in two of the four looks: a colour depends on the theme, a place on the width.
LOOKS = {"light and wide": ("light", WIDE), "dark on a phone": ("dark", PHONE)}


@pytest.fixture(scope="module", params=LOOKS)
def look(request) -> str:
    return request.param


@pytest.fixture(scope="module", params=PAGES)
def visited(browser, site_url, look, request) -> Iterator[object]:
    """A page of the book that several tests look at and none changes."""
    scheme, size = LOOKS[look]
    url = f"{site_url}/{request.param}.html"
    with opened(browser, url, color_scheme=scheme, viewport=size) as page:
        page.wait_for_load_state("networkidle")
        yield page


def test_no_request_leaves_the_site_and_nothing_is_reported(visited, site_url):
    outside = [u for u in visited.asked if not u.startswith((site_url, "data:", "blob:"))]
    assert outside == []
    assert [line for line in visited.said if line.startswith(("error", "warning"))] == []


def test_page_does_not_scroll_sideways(visited):
    widest = visited.evaluate(
        """() => {
          const limit = document.documentElement.clientWidth;
          return [document.documentElement.scrollWidth - limit,
                  getComputedStyle(document.body).overflowX];
        }"""
    )
    assert widest[0] <= 0
    assert widest[1] != "hidden", "hiding what overflows is no way to pass"


OF_A_LOOK = ("color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable")
"""What colours or a narrow window can spoil; all else is the same document in every look."""


def test_axe_finds_no_violation(visited, look):
    """What an explorable or a quiz shows is held to axe by its own tests, in the same looks."""
    rules = () if look == "light and wide" else OF_A_LOOK
    assert violations(visited, rules, apart=[".rnn-widget > *"]) == []


def test_front_door_leads_to_the_front_page(browser, site_url):
    with opened(browser, f"{site_url}/") as page:
        page.wait_for_url(f"{site_url}/{TOC['root']}.html")


@pytest.fixture(scope="module", params=CHAPTERS)
def chapter(browser, site_url, request) -> Iterator[object]:
    """A chapter, wide and light; each test leaves it as it found it."""
    with opened(browser, f"{site_url}/{request.param}.html", color_scheme="light") as page:
        page.name = request.param
        yield page


def test_every_widget_is_alive(chapter):
    places = chapter.locator(".rnn-widget")
    assert places.count() == widgets_of(chapter.name)
    for place in places.all():
        assert place.get_attribute("data-state") == "alive"
        box = place.bounding_box()
        assert box["width"] > 200
        assert box["height"] > 60
        assert place.locator("svg, input, button").count() > 0


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_widget_is_alive_from_the_disk_too(browser, site_url, name):
    with opened(browser, (SITE / f"{name}.html").as_uri()) as page:
        places = page.locator(".rnn-widget")
        assert places.count() == widgets_of(name)
        assert {place.get_attribute("data-state") for place in places.all()} == {"alive"}
        page.locator(".rnn-explorable").first.scroll_into_view_if_needed()  # a model comes then
        page.locator(".rnn-explorable svg").first.wait_for(state="attached")
        explorable = page.locator(".rnn-explorable:has(svg):has(input[type=range])").first
        if explorable.count():
            before = explorable.inner_text()
            slider = explorable.locator("input[type=range]").first
            slider.press("ArrowLeft" if at_its_end(slider) else "ArrowRight")
        else:  # what is drawn by hand alone has no slider
            explorable = page.locator(".rnn-explorable:has(svg)").first
            before = explorable.inner_text()
            explorable.locator(".chips button").last.click()
        page.evaluate(TWO_FRAMES)
        assert explorable.inner_text() != before
        assert [url for url in page.asked if not url.startswith(("file:", "data:"))] == []


@pytest.mark.parametrize("name", CHAPTERS)
def test_widget_whose_module_is_missing_is_told_in_words(browser, name):
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto((SITE / f"{name}.html").as_uri())
        words = page.locator(".rnn-widget").all_inner_texts()
    with browser.new_context() as context:
        page = context.new_page()
        page.route("**/*.disk.*.js", lambda route: route.abort())
        page.goto((SITE / f"{name}.html").as_uri())
        page.wait_for_function(ALIVE)
        places = page.locator(".rnn-widget")
        assert {place.get_attribute("data-state") for place in places.all()} == {"failed"}
        assert places.all_inner_texts() == words


def test_place_of_a_widget_is_as_high_as_the_widget(chapter):
    heights = """() => [...document.querySelectorAll('.rnn-widget')].map(place =>
                   [place.getBoundingClientRect().height,
                    place.firstElementChild.getBoundingClientRect().height])"""
    seen = []
    for size, medium in ((WIDE, "screen"), (PHONE, "screen"), (PHONE, "print")):
        chapter.set_viewport_size(size)
        chapter.emulate_media(media=medium)
        if medium == "screen":
            chapter.evaluate(TWO_FRAMES)
        seen += chapter.evaluate(heights)
    chapter.set_viewport_size(WIDE)
    chapter.emulate_media(media="screen")
    many = widgets_of(chapter.name)
    assert len(seen) == 3 * many
    assert len(set(map(tuple, seen))) > many, "else nothing has changed its height"
    for place, widget in seen:
        assert place == pytest.approx(widget, abs=0.1)


PIECES = """(slider) => {
  const pieces = (root) => {
    const walk = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    let count = 1;
    while (walk.nextNode()) count += 1;
    return count;
  };
  return [pieces(document.body), pieces(slider.closest(".rnn-widget"))];
}"""
"""Elements and texts of the page, and of the slider's explorable."""


@pytest.mark.parametrize("name", CHAPTERS)
def test_slider_has_only_its_explorable_laid_out_and_no_frame_more(browser, site_url, name):
    """What keeps a slider's frame short, counted: no clock is read."""
    with opened(browser, f"{site_url}/{name}.html") as page:
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.getAnimations().length") == 0
        slider, key = page.locator(".rnn-explorable:has(svg) input[type=range]").first, "ArrowRight"
        if not slider.count():  # what is drawn by hand alone has a handle in the picture
            slider, key = page.locator(".rnn-explorable:has(svg) [role=slider]").first, "ArrowUp"
        everything, own = slider.evaluate(PIECES)
        slider.focus()
        page.wait_for_timeout(600)  # until the address and the summary have been written
        browser.start_tracing(page=page, categories=["devtools.timeline"])
        if at_its_end(slider):
            key = "ArrowLeft" if key == "ArrowRight" else "ArrowDown"
        for _ in range(3):
            slider.press(key)
            page.evaluate(TWO_FRAMES)
        events = json.loads(browser.stop_tracing())["traceEvents"]
    layouts = [
        event["args"]["beginData"]
        for event in events
        if event["name"] == "Layout" and event["args"].get("beginData")
    ]
    assert layouts
    ours = max(layouts, key=lambda layout: layout["totalObjects"])["frame"]  # not a blank page's
    layouts = [layout for layout in layouts if layout["frame"] == ours]
    assert all(layout["partialLayout"] for layout in layouts)
    assert (
        max(layout["totalObjects"] for layout in layouts) < 2 * own < everything / 2
    )  # with boxes


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_has_a_widget_to_hold(name):
    assert widgets_of(name) > 0


SET_THEME = "scheme => { document.documentElement.dataset.theme = scheme }"


def test_quantity_has_its_colour_in_both_themes(chapter):
    from rnnbook.quantities import QUANTITIES

    symbol = chapter.locator("math .q").first
    key = re.search(r"\bq-(\w+)", symbol.get_attribute("class")).group(1)
    for scheme in reversed(SCHEMES):
        chapter.evaluate(SET_THEME, scheme)
        painted = symbol.evaluate("one => getComputedStyle(one).color")
        hexadecimal = getattr(QUANTITIES[key], scheme)
        red, green, blue = (int(hexadecimal[i : i + 2], 16) for i in (1, 3, 5))
        assert painted == f"rgb({red}, {green}, {blue})"


def test_figures_follow_the_theme(chapter):
    figures = chapter.locator(".rnn-figure svg")
    assert figures.count() > 0
    source = figures.first.evaluate("one => one.outerHTML")
    assert "var(--rnn-ink)" in source
    assert re.search(r"var\(--q-\w+\)", source)
    inks = set()
    for scheme in reversed(SCHEMES):
        chapter.evaluate(SET_THEME, scheme)
        inks.add(
            figures.first.evaluate("one => getComputedStyle(one).getPropertyValue('--rnn-ink')")
        )
    assert len(inks) == 2


def test_pointing_at_a_quantity_lights_it_everywhere(chapter):
    key, other = ("C", "h") if chapter.locator("math .q-C").count() > 1 else ("h", "x")
    chapter.locator(f"math .q-{key}").first.hover()
    assert chapter.locator(f"math .q-{key}.rnn-lit").count() > 1
    assert chapter.locator(f".q-{key}:not(.rnn-lit)").count() == 0
    assert chapter.locator(f".q-{other}").count() > 0
    assert chapter.locator(f".q-{other}.rnn-lit").count() == 0
    chapter.mouse.move(2, 2)
    chapter.locator("h1").first.hover()
    assert chapter.locator(".rnn-lit").count() == 0


def test_control_that_needs_a_kernel_says_so(chapter):
    notebook = json.loads((ROOT / f"{chapter.name}.ipynb").read_text("utf8"))
    tagged = [c for c in notebook["cells"] if "needs-kernel" in c["metadata"].get("tags", [])]
    notes = chapter.locator(".rnn-note-needs-kernel")
    assert notes.count() == len(tagged)
    for note in notes.all():
        assert "needs Python" in note.inner_text()


def test_paper_has_the_title_and_the_solutions_and_no_closed_fold(chapter):
    solution = chapter.locator("details:not(.rnn-fold) > p").first
    assert not solution.is_visible()
    chapter.emulate_media(media="print")
    on_paper = (
        chapter.locator("article h1").is_visible(),
        solution.bounding_box()["height"] > 10,
        chapter.locator("details.rnn-fold:visible").count(),
    )
    chapter.emulate_media(media="screen")
    assert on_paper == (True, True, 0)


@pytest.mark.parametrize("name", CHAPTERS)
def test_long_formula_scrolls_in_its_column_and_can_be_reached(browser, site_url, name):
    with opened(browser, f"{site_url}/{name}.html", viewport=PHONE) as page:
        page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true })")
        for width in (PHONE["width"], 200):  # at which the longest are too long for certain
            page.set_viewport_size({**PHONE, "width": width})
            page.evaluate(TWO_FRAMES)
            scrollers = page.evaluate(
                """() => [...document.querySelectorAll('.rnn-equation .rnn-scroll')].map(
                     one => [one.scrollWidth > one.clientWidth, one.tabIndex])"""
            )
            assert scrollers, "a chapter displays formulas"
            assert all((tab_stop == 0) == scrolls for scrolls, tab_stop in scrollers)
        assert any(scrolls for scrolls, _ in scrollers), "else there was nothing to look at"


def test_no_launch_button_without_an_address(browser, site_url):
    config = yaml.safe_load((ROOT / "_config.yml").read_text("utf8"))
    with opened(browser, f"{site_url}/{CHAPTERS[0]}.html") as page:
        buttons = page.locator("a[href*='colab.research']").count()
    assert (buttons > 0) == bool(config["repository"]["url"])


@pytest.mark.parametrize("name", CHAPTERS)
def test_chapter_reads_without_scripts_and_its_mathematics_is_rendered(browser, site_url, name):
    with opened(browser, f"{site_url}/{name}.html", java_script_enabled=False) as page:
        texts = page.locator(".rnn-widget-text")
        assert texts.count() == widgets_of(name)
        assert all(len(text) > 40 for text in texts.all_inner_texts())
        assert page.locator("article h1").is_visible()
        assert len(page.locator("article").inner_text()) > 3000
        html = page.content()
    assert html.count("<math") > 20
    assert "temml-error" not in html
    assert '<msub class="q q-' in html, "quantities wear their colours"


def test_theme_switch_changes_the_page_and_is_remembered(browser, site_url):
    with opened(browser, f"{site_url}/{CHAPTERS[0]}.html", color_scheme="light") as page:
        theme = "document.documentElement.dataset.theme"
        background = "getComputedStyle(document.body).backgroundColor"
        before = page.evaluate(background)
        button = page.locator(".theme-switch-button:visible").first
        for _ in range(3):
            button.click()
            if page.evaluate(theme) == "dark":
                break
        assert page.evaluate(theme) == "dark"
        assert page.evaluate(background) != before
        page.reload()
        assert page.evaluate(theme) == "dark"


def test_search_finds_the_chapter_of_the_forget_gate(browser, site_url):
    with opened(browser, f"{site_url}/search.html?q=forget+gate") as page:
        results = page.locator("#search-results li a")
        results.first.wait_for()
        addresses = [link.get_attribute("href") for link in results.all()]
    assert any("01_forget_gate" in address for address in addresses)


def test_search_dialog_opens_by_keyboard(browser, site_url):
    with opened(browser, f"{site_url}/{CHAPTERS[0]}.html") as page:
        page.keyboard.press("Control+k")
        page.locator("#pst-search-dialog input").wait_for(state="visible")


@pytest.mark.parametrize("name", [CHAPTERS[0], "book/api"])
def test_icons_are_drawn(browser, site_url, name):
    with opened(browser, f"{site_url}/{name}.html") as page:
        drawn = page.evaluate(
            """() => [...document.querySelectorAll('[class*="fa-"]')].map(
                 one => [one.className, getComputedStyle(one).maskImage])"""
        )
    assert len(drawn) > 5
    assert [name for name, mask in drawn if not mask.startswith("url(")] == []


def test_folded_code_opens(browser, site_url):
    with opened(browser, f"{site_url}/{CHAPTERS[0]}.html") as page:
        fold = page.locator("details.rnn-fold").first
        assert not fold.locator("pre").first.is_visible()
        fold.locator("summary").focus()
        page.keyboard.press("Enter")
        assert fold.locator("pre").first.is_visible()


def test_code_is_copied_and_output_is_not_offered(browser, site_url):
    with opened(browser, f"{site_url}/{CHAPTERS[0]}.html") as page:
        page.locator(".cell_input button.copybtn").first.wait_for(state="attached")
        assert page.locator(".cell_output .output.stream button.copybtn").count() == 0


def test_link_to_an_equation_arrives(browser, site_url):
    with opened(browser, f"{site_url}/notebooks/01_forget_gate.html") as page:
        page.locator("a.rnn-eqref[href='#eq-1']").first.click()
        page.wait_for_url("**#eq-1")
        box = page.locator("#eq-1").bounding_box()
        assert 0 <= box["y"] <= WIDE["height"]


def test_equation_index_has_the_ten_rows_and_says_what_is_unwritten(browser, site_url):
    from rnnbook.equations import EQUATIONS

    with opened(browser, f"{site_url}/book/equations.html") as page:
        rows = page.locator(".rnn-equation-index tbody tr")
        texts = rows.all_inner_texts()
    assert len(texts) == len(EQUATIONS) == 10
    for equation, text in zip(EQUATIONS, texts, strict=True):
        assert equation.name in text
        assert ("not yet written" in text) == (equation.chapter is None)


def test_equation_index_is_a_stack_of_cards_on_a_phone_and_a_table_for_the_ear(browser, site_url):
    with opened(browser, f"{site_url}/book/equations.html", viewport=PHONE) as page:
        table = page.locator(".rnn-equation-index")
        roles = {role: table.get_by_role(role).count() for role in ("row", "columnheader", "cell")}
        rows = table.locator("tbody tr")
        empty = rows.evaluate_all(
            """rows => rows.map(row => row.clientHeight - [...row.cells].slice(1).map(
                 cell => cell.offsetHeight).reduce((a, b) => a + b))"""
        )
        label = "getComputedStyle(document.querySelectorAll('tbody td')[2], '::before').content"
        assert "Derived in" in page.evaluate(label)
    assert roles == {"row": 11, "columnheader": 4, "cell": 40}
    assert len(empty) == 10
    assert max(empty) < 40, "a card is as high as what it holds"


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_names_of_tests_break_between_words_only(browser, site_url, size):
    with opened(browser, f"{site_url}/book/equations.html", viewport=size) as page:
        pieces = page.evaluate(
            """() => [...document.querySelectorAll('.rnn-test-name')].flatMap(name =>
                 [...name.childNodes].filter(one => one.nodeType === Node.TEXT_NODE).map(one => {
                   const range = document.createRange();
                   range.selectNodeContents(one);
                   return [one.data, range.getClientRects().length];
                 }))"""
        )
    assert len(pieces) > 100
    assert [word for word, lines in pieces if lines != 1] == []


@pytest.mark.parametrize("name", ["book/equations", "book/notation"])
def test_nothing_clips_the_tilde_of_a_symbol(browser, site_url, name):
    with opened(browser, f"{site_url}/{name}.html") as page:
        clipping = page.evaluate(
            """() => [...document.querySelectorAll('math mover')].map(symbol => {
                 const clips = one => getComputedStyle(one).overflowY !== 'visible';
                 let one = symbol;
                 while (one && !clips(one)) one = one.parentElement;
                 return one ? one.className : 'nothing';
               })"""
        )
    assert clipping
    assert set(clipping) <= {"nothing", "pst-scrollable-table-container"}


@pytest.mark.parametrize("name", [*CHAPTERS, "book/layers", "book/notation"])
def test_no_line_starts_with_punctuation_and_no_short_code_breaks(browser, site_url, name):
    with opened(browser, f"{site_url}/{name}.html", viewport=PHONE) as page:
        kept = page.evaluate(
            """() => [...document.querySelectorAll('.rnn-together')].map(one => {
                 const [first] = one.querySelectorAll('math');
                 const last = [...one.querySelectorAll('math')].pop();
                 const line = text => {
                   const range = document.createRange();
                   range.selectNodeContents(text);
                   return range.getBoundingClientRect();
                 };
                 const apart = (a, b) => a.bottom <= b.top || b.bottom <= a.top;
                 const text = place => place?.nodeType === Node.TEXT_NODE ? line(place) : null;
                 const [before, after] = [text(one.firstChild), text(one.lastChild)];
                 return !(before && apart(before, first.getBoundingClientRect()))
                   && !(after && apart(after, last.getBoundingClientRect()));
               })"""
        )
        pieces = page.locator("article code.rnn-short:visible").evaluate_all(
            "all => all.map(one => one.getClientRects().length)"
        )
    assert kept or name == "book/layers"
    assert all(kept)
    assert set(pieces) == {1}


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_what_scrolls_sideways_fades_where_it_is_cut(browser, site_url, motion):
    cut = """([one, left, right]) => {
                const style = getComputedStyle(one);
                const at = side => parseFloat(style.getPropertyValue("--cut-" + side)) > 0;
                return at("left") === left && at("right") === right; }"""
    url = f"{site_url}/notebooks/06_hidden_state.html"  # some of its code fits
    with opened(browser, url, viewport=PHONE, reduced_motion=motion) as page:
        page.evaluate("document.fonts.ready")  # a late font changes what is too wide
        page.evaluate(TWO_FRAMES)
        printed = page.locator("article .output.stream pre:visible")
        assert printed.count()
        assert printed.evaluate_all("all => all.every(one => one.scrollWidth <= one.clientWidth)")
        for kind in (".rnn-scroll", "article .cell_input pre"):
            longest = page.locator(kind).evaluate_all(
                """all => { const cut = all.map(one => one.checkVisibility()
                              ? one.scrollWidth - one.clientWidth : 0);
                            return cut.indexOf(Math.max(...cut)); }"""
            )
            long = page.locator(kind).nth(longest).element_handle()
            short = page.locator(f"{kind}:not([tabindex='0']):visible").first.element_handle()
            for place, position, left, right in (
                (short, "0", False, False),
                (long, "0", False, True),
                (long, "one.scrollWidth / 2 - one.clientWidth / 2", True, True),
                (long, "one.scrollWidth", True, False),
            ):
                place.evaluate(f"one => {{ one.scrollLeft = {position} }}")
                page.wait_for_function(cut, arg=[place, left, right], timeout=5000)
            assert "gradient" in long.evaluate("one => getComputedStyle(one).maskImage")


def test_previous_and_next_follow_the_contents(browser, site_url):
    """The theme's two links, and the line at a chapter's end; no page types either."""
    with opened(browser, f"{site_url}/{TOC['root']}.html") as page:
        for before, here, after in zip(
            [None, *DOCUMENTS], DOCUMENTS, [*DOCUMENTS[1:], None], strict=False
        ):
            page.goto(f"{site_url}/{here}.html")
            for side, there in (("left-prev", before), ("right-next", after)):
                links = page.locator(f".prev-next-area a.{side}")
                found = [link.evaluate("link => link.href") for link in links.all()]
                assert found == ([f"{site_url}/{there}.html"] if there else []), (here, side)
            line = page.locator("p.rnn-next a")
            assert line.count() == (here in CHAPTERS), here
            if here in CHAPTERS:
                to_come = CHAPTERS[CHAPTERS.index(here) + 1 :]
                then = to_come[0] if to_come else "book/equations"
                assert line.evaluate("link => link.href") == f"{site_url}/{then}.html"


@pytest.mark.parametrize("name", CHAPTERS)
def test_no_chapter_types_what_comes_next(name):
    twin = (ROOT / "notebooks" / "text" / f"{Path(name).name}.md").read_text("utf8")
    assert re.findall(r"(?m)^\W*(?:Next|Previous)(?: chapter)?:.*", twin) == []


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize(("part", "first", "last"), [("part_1", 1, 6), ("part_2", 7, 10)])
def test_map_leads_from_each_failure_to_its_gate(browser, site_url, size, part, first, last):
    from rnnbook.equations import EQUATIONS

    with opened(browser, f"{site_url}/book/{part}.html", viewport=size) as page:
        steps = page.locator(".rnn-map > li").all()
        for equation, step in zip(EQUATIONS[first - 1 : last], steps, strict=True):
            failure, gate = (step.locator(f".rnn-map-{side}") for side in ("failure", "gate"))
            links = gate.locator("strong a").all()
            assert equation.name in gate.inner_text()
            if equation.chapter:
                assert failure.inner_text().lower() == f"{equation.failure}.".lower()
                (link,) = links
                address = f"{site_url}/{equation.chapter}.html"
                assert link.evaluate("link => link.href") == address
            else:
                assert failure.inner_text() == "not yet written"
                assert links == []
            first, second = failure.bounding_box(), gate.bounding_box()
            beside = second["x"] > first["x"] + first["width"]
            below = second["y"] > first["y"] + first["height"]
            assert (beside, below) == (size == WIDE, size == PHONE)


def test_front_page_and_readme_lead_to_every_chapter_that_is_written(browser, site_url):
    readme = (ROOT / "README.md").read_text("utf8")
    assert set(re.findall(r"\((notebooks/text/\d\d_\w+\.md)\)", readme)) == {
        f"notebooks/text/{Path(name).name}.md" for name in CHAPTERS
    }
    with opened(browser, f"{site_url}/{TOC['root']}.html") as page:
        rows = page.locator(".rnn-chapters tbody tr").all_inner_texts()
        links = page.locator(".rnn-chapters tbody a").evaluate_all("all => all.map(a => a.href)")
    to_come = [f"{site_url}/book/equations.html"] if len(CHAPTERS) < 12 else []
    *derived, trained = (f"{site_url}/{name}.html" for name in CHAPTERS)
    assert links == [*derived, *to_come, trained]
    assert all(len(row.split("\t")) == 2 and row.split("\t")[1].strip() for row in rows)


def test_front_page_has_a_live_forget_gate(browser, site_url):
    with opened(browser, f"{site_url}/{TOC['root']}.html") as page:
        gate = page.locator(".rnn-widget")
        assert gate.get_attribute("data-state") == "alive"
        before = gate.inner_text()
        gate.locator("input[type=range]").first.press("ArrowRight")
        page.evaluate(TWO_FRAMES)
        assert gate.inner_text() != before
