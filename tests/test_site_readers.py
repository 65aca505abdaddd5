"""The pages in the hands of readers whom a desktop with a fresh browser does not show.

Blocked storage, Back, paper, the clipboard, large letters, no scripts, a translator: one page load
for many of them.
"""

from __future__ import annotations

import pytest
from test_site import CHAPTERS, DOCUMENTS, PHONE, SITE, TOC, TWO_FRAMES, opened

from tools.serve import SlowHandler, serving

CHAPTER = "notebooks/01_forget_gate"
BLOCKED = """for (const name of ["localStorage", "sessionStorage"])
  Object.defineProperty(window, name, { configurable: true,
    get() { throw new DOMException("The operation is insecure.", "SecurityError"); } });"""
SHIFTS = """window.shifts = 0; new PerformanceObserver(list => {
  for (const entry of list.getEntries()) window.shifts += entry.value;
}).observe({ type: "layout-shift", buffered: true });"""


def test_page_works_where_storage_is_blocked(browser, site_url):
    context = browser.new_context(color_scheme="light")
    context.add_init_script(BLOCKED)
    page = context.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{site_url}/{TOC['root']}.html")
    page.keyboard.press("Control+k")
    page.locator("#pst-search-dialog input").wait_for(state="visible")
    page.keyboard.press("Escape")
    theme = "document.documentElement.dataset.theme"
    seen = {page.evaluate(theme)}
    for _ in range(3):
        page.locator(".theme-switch-button:visible").first.click()
        seen.add(page.evaluate(theme))
    context.close()
    assert seen == {"light", "dark"}
    assert errors == []


def test_no_dialog_outlives_the_visit_or_a_tap_in_it(browser, site_url):
    with opened(browser, f"{site_url}/{CHAPTER}.html", viewport=PHONE) as page:
        open_dialogs = "document.querySelectorAll('dialog[open]').length"
        page.keyboard.press("Control+k")
        page.locator("#pst-search-dialog input").wait_for(state="visible")
        page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
        assert page.evaluate(open_dialogs) == 0
        page.locator("button.secondary-toggle:visible, .secondary-toggle:visible").first.click()
        page.locator("dialog[open] a[href^='#']").nth(2).click()
        page.wait_for_function(open_dialogs + " === 0")
        assert "#" in page.url


def test_formula_is_copied_as_tex_and_prompts_stay_behind(browser, site_url):
    with opened(browser, f"{site_url}/{CHAPTER}.html") as page:
        copied = page.evaluate(
            """() => { const place = document.querySelector("#eq-1 math");
              getSelection().selectAllChildren(place);
              const data = new DataTransfer();
              document.dispatchEvent(new ClipboardEvent("copy", { clipboardData: data }));
              return data.getData("text/plain"); }"""
        )
        formulas = page.locator("[data-tex]")
        guards = formulas.evaluate_all("all => all.map(one => [one.translate, one.dir])")
        assert copied.strip() == r"$$f_t = \sigma(W_f \cdot [h_{t-1}, x_t] + b_f)$$"
        assert {tuple(one) for one in guards} == {(False, "ltr")}
        links = page.locator(".btn-download-source-button")
        assert links.evaluate_all("all => all.every(one => one.hasAttribute('download'))")
        assert links.count() > 0
        page.goto(f"{site_url}/book/layers.html")
        prompts = page.locator(".gp").evaluate_all(
            "all => [...new Set(all.map(one => getComputedStyle(one).userSelect))]"
        )
        assert prompts == ["none"]
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        button = page.locator("div.highlight:has(.gp):has(.go) button.copybtn").first
        button.click(force=True)
        pasted = page.evaluate("navigator.clipboard.readText()")
        printed = button.locator("xpath=..").locator(".go").first.inner_text().strip()
        assert pasted
        assert ">>>" not in pasted
        assert printed not in pasted.splitlines()


def test_paper_is_light_and_cuts_nothing(browser, site_url):
    with opened(browser, f"{site_url}/book/layers.html", color_scheme="dark") as page:
        theme = "document.documentElement.dataset.theme"
        assert page.evaluate(theme) == "dark"
        page.set_viewport_size({"width": 700, "height": 990})
        page.emulate_media(media="print")
        page.wait_for_function(f"{theme} === 'light'")
        cut = page.locator("article table").evaluate_all(
            "all => all.map(one => one.getBoundingClientRect().right - innerWidth)"
        )
        assert max(cut) <= 0
        page.emulate_media(media="screen")
        page.wait_for_function(f"{theme} === 'dark'")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_page_says_what_it_is_about(browser, site_url, name):
    with opened(browser, f"{site_url}/{name}.html", java_script_enabled=False) as page:
        words = page.locator("meta[name=description]").get_attribute("content")
        assert 20 < len(words) <= 160
        assert page.locator(".primary-toggle:visible, .search-button:visible").count() == 0
        widgets = page.locator(".rnn-widget").all()
        assert all(one.bounding_box()["height"] < 340 for one in widgets)


def test_redirection_has_a_description_and_an_icon(site_url):

    door = (SITE / "index.html").read_text("utf8")
    assert 'name="description"' in door
    assert 'rel="icon" href="_static/favicon.svg"' in door


def test_letters_follow_the_size_that_the_reader_has_chosen(browser, site_url):
    with opened(browser, f"{site_url}/{TOC['root']}.html") as page:
        size = "parseFloat(getComputedStyle(document.documentElement).fontSize)"
        assert page.evaluate(size) == 17
        page.context.new_cdp_session(page).send(
            "Page.setFontSizes", {"fontSizes": {"standard": 24, "fixed": 20}}
        )
        page.reload()
        assert page.evaluate(size) == 25.5


@pytest.mark.parametrize("word", ["bptt", "initialization"])
def test_search_knows_short_names_and_american_spelling(browser, site_url, word):
    with opened(browser, f"{site_url}/search.html?q={word}") as page:
        page.locator("#search-results li a").first.wait_for()
        field = page.locator("form.bd-search").first
        room = field.evaluate(
            """one => { const icon = one.querySelector("i, svg").getBoundingClientRect();
              const input = one.querySelector("input");
              return input.getBoundingClientRect().left
                + parseFloat(getComputedStyle(input).paddingLeft) - icon.right; }"""
        )
        assert room >= 0


@pytest.fixture(scope="module")
def slow_url():
    """The address of the built site behind a slow line, at which articles jump if they do."""
    with serving(SITE, handler=SlowHandler) as address:
        yield address


@pytest.mark.parametrize("name", CHAPTERS)
def test_chapter_is_light_enough_and_stands_still(browser, slow_url, name):
    context = browser.new_context(viewport={"width": 1350, "height": 900})
    context.add_init_script(SHIFTS)
    page = context.new_page()
    page.goto(f"{slow_url}/{name}.html")
    page.wait_for_load_state("networkidle", timeout=120_000)  # where others load the machine
    page.evaluate(TWO_FRAMES)
    assert page.evaluate("window.shifts") <= 0.02
    assert page.evaluate("document.querySelectorAll('*').length") <= 8000
    context.close()


@pytest.mark.parametrize("comes", ["never", "not"])
def test_text_waits_a_second_at_most_for_the_formulas_font(browser, site_url, comes):
    context = browser.new_context()
    page = context.new_page()
    asked = []

    def answer(route) -> None:
        asked.append(route)
        if comes == "not":
            route.abort()  # else the line stays silent

    page.route("**/stix-two-math*", answer)
    page.goto(f"{site_url}/{CHAPTER}.html", wait_until="commit")
    page.locator("article h1").wait_for(state="visible", timeout=15_000)
    assert asked
    assert not page.evaluate("document.fonts.check('1em \"STIX Two Math\"')")
    context.close()
