"""The book's Sphinx extension: its parts alone, and two tiny books built with it.

The tiny books are built as the book itself is, by `jupyter-book` in a process of its own: one where
all is well and the repository has an address, one where an author has made each mistake.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import nbformat
import pytest
import yaml
from docutils import nodes
from fontTools.ttLib import TTFont
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "book" / "_ext"))

from rnnsite import (  # noqa: E402
    assets,
    equation_numbers,
    figures,
    launch,
    line_breaks,
    math_font,
    mathematics,
    module_list,
    notes,
    search_words,
    theme_style,
    widgets,
)

from tools import check_site  # noqa: E402

VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"
ADDRESS = "https://github.com/someone/rnn-book"

MODULE = "export default { render({ model, el }) { el.textContent = model.get('label'); } };"


# ---- Mathematics ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("latex", "coloured"),
    [
        (r"f_t", r"\class{q q-f}{f_t}"),
        (r"h_{t-1}", r"\class{q q-h}{h_{t-1}}"),
        (r"\tilde C_t", r"\class{q q-C_tilde}{\tilde C_t}"),
        (r"\tilde{C}_{t}", r"\class{q q-C_tilde}{\tilde{C}_{t}}"),
        (r"\tilde{h}_t", r"\class{q q-h_tilde}{\tilde{h}_t}"),
        (r"C_0 x_kf_j", r"\class{q q-C}{C_0} \class{q q-x}{x_k}\class{q q-f}{f_j}"),
        (r"h_T^2", r"\class{q q-h}{h}_{\class{q q-h}{T}}^2"),
        (r"\partial z_s", r"\partial \class{q q-z}{z_s}"),
    ],
)
def test_quantity_with_a_time_index_is_coloured(latex, coloured):
    assert mathematics.colour_quantities(latex) == coloured


@pytest.mark.parametrize(
    "latex",
    [
        *(r"W_f", r"b_f", r"\sigma(a)", r"f", r"f(1-f)", r"x_i", r"\xi_t", r"\phi_t", r"a_t"),
        *(
            r"\text{if f}",
            r"\text{then }f",
            r"\operatorname{i_t}",
            r"\begin{array}{cc} a \end{array}",
        ),
        *(r"W_{xf}", r"\tilde{W}_t", r"u_t", r"\delta_t"),
    ],
)
def test_everything_else_keeps_the_colour_of_the_text(latex):
    assert mathematics.colour_quantities(latex) == latex


def test_colouring_changes_no_character_of_the_formula():
    latex = r"C_t = f_t \ast C_{t-1} + i_t \ast \tilde{C}_t \quad \text{for all } t"
    coloured = mathematics.colour_quantities(latex)
    assert re.sub(r"\\class\{q q-\w+\}\{((?:[^{}]|\{[^{}]*\})*)\}", r"\1", coloured) == latex


def test_formula_is_mathml_for_eye_and_ear():
    html = mathematics.render(r"f_t = \sigma(W_f \cdot [h_{t-1}, x_t] + b_f)")
    assert re.sub(r"<[^>]*>", "", html) == "ft=σ(Wf⋅[ht−1,xt]+bf)"
    assert html.count("<math>") == html.count("<wbr>") + 1 == 2, "a long one may break"
    assert '<msub class="q q-f"><mi>f</mi><mi>t</mi></msub><mo form="infix">=</mo>' in html
    assert "<wbr>" not in mathematics.render(r"f_t = \sigma(a)")


def test_character_without_a_glyph_is_an_error_that_names_it():
    with pytest.raises(ValueError, match="'Ж'"):
        mathematics.render(r"\text{Ж} = 1")


def test_served_font_has_what_browsers_need_for_every_character():
    font = TTFont(BytesIO(math_font.font()))
    assert "MATH" in font
    assert set(map(ord, math_font.CHARACTERS)) <= set(font.getBestCmap())
    assert len(math_font.font()) < 40_000


@pytest.mark.parametrize(
    ("british", "word"),
    [
        ("initialisation", "initialization"),
        ("normalised", "normalized"),
        ("coloured", "colored"),
        ("this", "this"),
        ("is", "is"),
        ("forget", "forget"),
    ],
)
def test_other_spelling_is_in_the_index(british, word):
    assert search_words.american(british) == word


@pytest.mark.parametrize("latex", [r"\frac{1}", r"\unknown", r"f_{t", r"a & b"])
def test_formula_that_temml_refuses_is_an_error_that_shows_it(latex):
    with pytest.raises(ValueError, match=re.escape(repr(latex))):
        mathematics.render(latex)


def test_style_of_formulas_asks_for_the_one_font_that_every_page_loads_beforehand():
    css = mathematics.mathematics_css()
    asked = re.findall(r"url\(([^)]*)", css)
    assert [one for one in asked if not one.startswith('"data:')] == [math_font.served()]
    layout = (ROOT / "book" / "_ext" / "rnnsite" / "templates" / "layout.html").read_text("utf8")
    assert re.search(r'rel="preload" as="font"[^>]*rnn\.mathematics', layout)
    assert f'math {{\n  font-family: "{math_font.NAME}"' in css


# ---- Line breaks ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("passes 99 %.", "passes 99\u00a0%."),
        ("3 % and 16 ms, or 51 kB", "3\u00a0% and 16\u00a0ms, or 51\u00a0kB"),
        ("See chapter 5.", "See chapter\u00a05."),
        ("60 steps, 4 seeds, 2 msec, a % b", "60 steps, 4 seeds, 2 msec, a % b"),
    ],
)
def test_unit_stays_with_its_number_and_nothing_else_is_joined(text, joined):
    assert line_breaks.join_units(text) == joined


# ---- Widgets -------------------------------------------------------------------------------------


def model(name: str, module: str, **state) -> dict:
    return {"model_name": name, "model_module": module, "state": state}


STATES = {
    "one": model("AnyModel", "anywidget", label="one", _esm=MODULE, _css="b{}"),
    "two": model("AnyModel", "anywidget", label="</script><b>", _esm=MODULE),
    "slider": model("FloatSliderModel", "@jupyter-widgets/controls", value=1),
    "box": model("VBoxModel", "@jupyter-widgets/controls", children=["IPY_MODEL_inner"]),
    "inner": model(
        "HBoxModel",
        "@jupyter-widgets/controls",
        children=["IPY_MODEL_two", "IPY_MODEL_slider", "IPY_MODEL_one"],
    ),
    "bar": model("FloatProgressModel", "@jupyter-widgets/controls", value=3),
    "tqdm": model("HBoxModel", "@jupyter-widgets/controls", children=["IPY_MODEL_bar"]),
}


def test_boxes_are_walked_to_their_anywidgets_in_order():
    assert list(widgets.anywidgets(STATES, "box")) == ["two", "one"]
    assert list(widgets.anywidgets(STATES, "slider")) == []
    assert list(widgets.anywidgets(STATES, "gone")) == []


def test_page_gets_what_the_widget_may_ask_for_and_no_more():
    state = {"w": 1.5, "_ranges": {"w": [0, 1]}, "_esm": "…", "_css": "…", "layout": "IPY_MODEL_1"}
    state |= {"_model_name": "AnyModel", "_view_count": None, "_dom_classes": [], "tooltip": None}
    assert widgets.public_state(state) == {"w": 1.5, "_ranges": {"w": [0, 1]}}


def test_state_cannot_end_its_script():
    written = widgets.script_json({"text": "</script><!--<script>"})
    assert "<" not in written
    assert json.loads(written) == {"text": "</script><!--<script>"}


# ---- Figures, notes, icons, launch ---------------------------------------------------------------


def test_figure_follows_the_theme_and_keeps_its_ids_to_itself():
    svg = """<?xml version="1.0"?><!DOCTYPE svg>
    <svg width="360pt" height="200pt" viewBox="0 0 360 200" xmlns="http://www.w3.org/2000/svg">
    <metadata>made</metadata><defs><clipPath id="p1"><rect/></clipPath></defs>
    <g clip-path="url(#p1)"><path style="stroke: #B8440B"/><use href="#p1" fill="#3b4248"/></g>
    </svg>"""
    html = figures.inline_svg(svg, 'A "curve"', "fig-3-0-")
    assert html.startswith("<svg")
    assert 'role="img" aria-label="A &quot;curve&quot;"' in html
    assert 'style="width:100%;max-width:480px"' in html
    assert "viewBox" in html
    assert "metadata" not in html
    assert "var(--q-f)" in html
    assert "var(--rnn-ink)" in html
    assert "#b8440b" not in html.lower()
    assert 'id="fig-3-0-p1"' in html
    assert "url(#fig-3-0-p1)" in html
    assert 'href="#fig-3-0-p1"' in html


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ([nodes.strong(text="Predict."), nodes.Text(" Which?")], "predict"),
        ([nodes.Text(""), nodes.strong(text="Honest negative.")], "honest-negative"),
        ([nodes.strong(text="Not a label"), nodes.Text(" at all.")], None),
        ([nodes.Text("A quotation with a "), nodes.strong(text="word.")], None),
    ],
)
def test_block_quote_with_a_bold_label_is_a_note(words, label):
    quote = nodes.block_quote("", nodes.paragraph("", "", *words))
    assert notes.label_of(quote) == label


def test_every_icon_of_the_theme_is_drawn_without_its_font():
    css = theme_style.icon_css()
    assert {"bars", "magnifying-glass", "xmark", "rocket"} <= set(theme_style.used_icons())
    for name in theme_style.used_icons():
        assert f'.fa-{name} {{ --icon: url("data:image/svg+xml,' in css


def test_theme_style_asks_for_no_file():
    assert "url(../" not in theme_style.theme_css()
    assert "@font-face" not in theme_style.theme_css()


def test_theme_style_leaves_out_what_nothing_writes():
    css = theme_style.theme_css()
    assert ".bd-article" in css
    assert ".btn-outline-danger" not in css
    assert ".mx-xxl-5" not in css
    assert "@import" not in css
    whole = theme_style.PYDATA / "static" / "styles" / "pydata-sphinx-theme.css"
    assert len(css) < len(whole.read_text("utf8")) / 2


@pytest.mark.parametrize(
    ("selector", "can"),
    [
        (".bd-article > p", True),
        (".bd-article .mx-xxl-5", False),
        ("a:not(.mx-xxl-5):hover", True),
        (":is(.mx-xxl-5, .bd-article) p", True),
        ("html[data-theme=dark]", True),
    ],
)
def test_a_rule_stays_if_every_class_that_it_asks_for_is_written_somewhere(selector, can):
    assert theme_style._can_match(selector) == can


def test_every_class_of_a_page_that_the_theme_styles_keeps_its_rules():
    site = ROOT / "_build" / "html"
    styles = theme_style.PYDATA / "static" / "styles"
    named = re.compile(r"\.(-?[A-Za-z_][\w-]*)").findall
    whole = {
        name
        for sheet in ("theme.css", "pydata-sphinx-theme.css")
        for name in named((styles / sheet).read_text("utf8"))
    }
    used = {
        name
        for page in site.rglob("*.html")
        for names in re.findall(r'\bclass="([^"]*)"', page.read_text("utf8"))
        for name in names.split()
    }
    (served,) = site.glob("_static/rnn/theme.*.css")
    assert len(used & whole) > 100
    assert used & whole <= theme_style.written_words()
    lost = (used & whole) - set(named(served.read_text("utf8")))
    assert {name for name in lost if not name.startswith("fa-")} == set()  # icons are drawn by us


def test_dark_and_light_define_the_same_quantities():
    css = figures.quantity_css()
    light, dark = re.findall(r"\{([^}]*)\}", css)[:2]
    names = [re.findall(r"--q-(\w+):", block) for block in (light, dark)]
    assert names[0] == names[1]
    assert "f" in names[0]


class Config:
    """As much of Sphinx's configuration as the launch buttons read."""

    def __init__(self, address: str) -> None:
        self.html_theme_options = {"repository_url": address, "repository_branch": "colab"}


@pytest.mark.parametrize("address", [ADDRESS, f"{ADDRESS}/", f"{ADDRESS}.git"])
def test_colab_opens_the_published_notebook(address):
    assert launch.colab_address(Config(address), "notebooks/01_forget_gate") == (
        "https://colab.research.google.com/github/someone/rnn-book/blob/colab/"
        "notebooks/01_forget_gate.ipynb"
    )


@pytest.mark.parametrize("address", ["", "https://example.org/someone/rnn-book"])
def test_no_address_on_github_no_colab(address):
    assert launch.colab_address(Config(address), "notebooks/01_forget_gate") is None


def test_missing_build_tool_is_named_with_its_mend():
    with pytest.raises(FileNotFoundError, match=r"nothing-here.*make book"):
        assets.node_package("nothing-here/file.js")


def test_package_reference_names_every_module():
    pages = {path.stem: path.read_text("utf8") for path in (ROOT / "book" / "api").glob("*.md")}
    listed = re.findall(r"automodule:: (\S+)", "".join(pages.values()))
    shared = ("chance", "explorable", "style")  # by the explorables
    inner = {f"rnnbook.widgets.{name}" for name in shared}
    inner.add("rnnbook.engines.triton_kernels")  # by triton_loops; needs a package of Linux alone
    modules = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in (ROOT / "rnnbook").rglob("*.py")
        if path.name != "__init__.py" or "def " in path.read_text("utf8")
    }
    assert sorted(listed) == sorted(modules - inner), "each once"
    index = (ROOT / "book" / "api.md").read_text("utf8")
    assert set(re.findall(r"\{modules\} api/(\w+)", index)) == set(pages)
    assert set(re.findall(r"\]\(api/(\w+)\.md\)", index)) == set(pages)


@pytest.mark.parametrize(
    ("docstring", "sentence"),
    [
        ('"""One thing. And more."""', "One thing."),
        (
            'r"""The layers: ``torch.nn``\'s\ninterface.\n\nMore."""',
            "The layers: ``torch.nn``'s interface.",
        ),
        ('"""Which symbols may come next?\n\nMore."""', "Which symbols may come next?"),
    ],
)
def test_list_of_modules_says_the_first_sentence_of_each(docstring, sentence):
    assert module_list.first_sentence(docstring) == sentence


# ---- Tiny books ----------------------------------------------------------------------------------


def view(model_id: str, text: str, *tags: str) -> nbformat.NotebookNode:
    data = {
        VIEW: {"model_id": model_id, "version_major": 2, "version_minor": 0},
        "text/plain": text,
    }
    output = new_output("display_data", data=data)
    return new_code_cell("show()", outputs=[output], metadata={"tags": list(tags)})


def check_cell(named: str) -> nbformat.NotebookNode:
    return new_code_cell(
        "prove()",
        outputs=[new_output("stream", text="proved")],
        metadata={
            "tags": ["hide-input", "check"],
            "mystnb": {"code_prompt_show": f"Show the check of {named}"},
        },
    )


def write_book(folder: Path, cells: list, address: str) -> Path:
    config = yaml.safe_load((ROOT / "_config.yml").read_text("utf8"))
    config["repository"]["url"] = address
    config["sphinx"]["local_extensions"] = {"rnnsite": str(ROOT / "book" / "_ext")}
    for name in ("logo", "favicon"):
        (folder / f"{name}.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    config["logo"], config["html"]["favicon"] = "logo.svg", "favicon.svg"
    (folder / "_config.yml").write_text(yaml.safe_dump(config))
    (folder / "_toc.yml").write_text(
        "format: jb-book\nroot: index\nchapters:\n- file: notebooks/01_tiny\n"
    )
    (folder / "index.md").write_text(
        "# Tiny\n\nSee (1), (1.1), f(1) and (7).\n\n```{get-the-book}\n```\n\n"
        "```{explorable} ForgetGate\n:title: On a page\n```\n"
    )
    (folder / "notebooks").mkdir()
    notebook = new_notebook(cells=cells)
    notebook.metadata["widgets"] = {STATE: {"state": STATES}}
    notebook.metadata["language_info"] = {"name": "python", "pygments_lexer": "ipython3"}
    nbformat.write(notebook, folder / "notebooks" / "01_tiny.ipynb")
    return folder


def build(folder: Path) -> subprocess.CompletedProcess:
    command = "from jupyter_book.cli.main import main; main()"
    arguments = ["build", str(folder), "-W", "-n", "--keep-going"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
    return subprocess.run(
        [sys.executable, "-c", command, *arguments],
        capture_output=True,
        text=True,
        env=environment,
        cwd=folder,
        check=False,
    )


GOOD = [
    new_markdown_cell(
        "# Tiny chapter\n\n> **Predict.** What is $f_t$?\n\n$$\nf_t = 1 \\tag{1}\n$$\n\n"
        "$$\nC_t = f_t \\quad (1) \\tag{1.1}\n$$\n\nBy (1.1) and (1), not (9).\n\n"
        "Keep 99 % of it ($a = b$), `short` or `a.name.that.is.longer.than.a.line`.\n\n"
        "## Summary\n\n**Next:** a promise."
    ),
    view("box", "Two widgets, told in words."),
    view("slider", "A slider", "needs-kernel"),
    view("tqdm", "  0%|          | 0/5 [00:00<?, ?it/s]"),
    new_code_cell(
        '# @title Question { display-mode: "form" }\nanswer = 42',
        outputs=[new_output("stream", text="asked")],
        metadata={"tags": ["hide-input"]},
    ),
    check_cell("(1.1)"),
    new_code_cell(
        "draw()",
        outputs=[
            new_output(
                "display_data",
                data={
                    "image/svg+xml": '<svg width="9pt"><rect/></svg>',
                    "text/plain": "A square, in words.",
                },
            ),
            new_output(
                "display_data",
                data={
                    "text/markdown": "**Figure.** What $f_t$ keeps, by (1.1).",
                    "text/plain": "What $f_t$ keeps, by (1.1).",
                },
                metadata={"rnnbook": "caption"},
            ),
        ],
        metadata={"tags": ["hide-input"]},
    ),
]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory) -> Path:
    folder = write_book(tmp_path_factory.mktemp("tiny"), GOOD, ADDRESS)
    done = build(folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "_build" / "html"


def test_launch_button_and_note_lead_to_colab_where_there_is_an_address(tiny):
    html = (tiny / "notebooks" / "01_tiny.html").read_text("utf8")
    address = "https://colab.research.google.com/github/someone/rnn-book/blob/colab/notebooks/01_tiny.ipynb"
    assert html.count(f'href="{address}"') == 2
    assert "Open this chapter in Colab" in html
    assert "colab.research" not in (tiny / "index.html").read_text("utf8")


def test_box_of_widgets_is_mounted_and_the_manager_stays_away(tiny):
    html = (tiny / "notebooks" / "01_tiny.html").read_text("utf8")
    places = re.findall(r'<div class="rnn-widget" data-model="(\w+)" data-module="([^"]+)"', html)
    assert [name for name, _ in places] == ["two", "one"]
    modules = {module for _, module in places}
    assert len(modules) == 1, "one module, one file"
    module = tiny / "notebooks" / modules.pop()
    assert module.read_text("utf8") == MODULE
    assert html.count("modulepreload") == 1, "what only the disk needs is not loaded from a server"
    assert f'<link rel="modulepreload" href="../_static/rnn/{module.name}"' in html
    assert '<noscript><p class="rnn-widget-text">Two widgets, told in words.</p>' in html
    assert html.count("rnnMount(document.currentScript)") == 2
    for stock in ("require.js", "embed-amd", "widget-state+json", "tex-mml", "thebe", "cdn"):
        assert stock not in html.lower()


def test_folded_code_stands_below_what_it_makes(tiny):
    html = (tiny / "notebooks" / "01_tiny.html").read_text("utf8")
    asked, fold, code = (html.index(part) for part in ("asked", '"rnn-fold"', "answer"))
    assert asked < fold < code
    assert "@title" not in html, "that is Colab's"
    assert '<span class="mi">42</span>' in html, "and the code is still highlighted"


def test_check_of_a_display_is_a_mark_beside_its_number_that_leads_to_the_cell(tiny):
    html = (tiny / "notebooks" / "01_tiny.html").read_text("utf8")
    (mark,) = re.findall(r'<a class="rnn-check-mark".*?</a>', html)
    assert 'href="#check-1-1"' in mark
    assert 'aria-label="(1.1) checked by machine: show how"' in mark
    display = html[html.index("id='eq-1-1'") :]
    assert display.index(mark) < display.index(">(1.1)</a>"), "beside the number"
    check = html[html.index('<div class="rnn-check"') :]
    place, back, code, output = (
        check.index(part) for part in ('id="check-1-1"', 'href="#eq-1-1"', "prove", "proved")
    )
    assert place < back < code < output
    assert "rnn-fold" not in check[:output], "the mark is the one fold"


def test_caption_belongs_to_its_figure_has_its_number_and_is_prose(tiny):
    html = (tiny / "notebooks" / "01_tiny.html").read_text("utf8")
    figure = re.search(r'<figure class="rnn-figure" id="figure-1-1">.*?</figure>', html, re.S)[0]
    caption = re.search(r"<figcaption>(.*)</figcaption>", figure, re.S)[1]
    assert figure.index("<rect/>") < figure.index("<figcaption>")
    assert "<strong>Figure 1.1.</strong> What " in caption
    assert "<math" in caption
    assert 'href="#eq-1-1">(1.1)</a>' in caption
    assert "$f_t$" not in html, "it is shown once"


def test_what_stands_beside_a_formula_stays_beside_it(tiny):
    html = (tiny / "notebooks" / "01_tiny.html").read_text("utf8")
    assert "Keep 99\u00a0% of it " in html
    opening, formula, closing = re.search(
        r'<span class="rnn-together">(.*?)(<span [^>]*class="math">.*</math></span>)'
        r"([^<>]*)</span>[^<]*<code",
        html,
    ).groups()
    assert (opening, closing) == ("(", "),")
    assert formula.count("<math>") == 1
    assert re.search(r'<code class="[^"]*rnn-short[^"]*"><span class="pre">short', html)
    assert html.count("rnn-short") == 1


def test_page_without_a_notebook_has_a_widget_too_and_says_it_in_words(tiny):
    html = (tiny / "index.html").read_text("utf8")
    place = r'data-model="index-ForgetGate-0" data-module="(\S+)"'
    module = tiny / re.search(place, html).group(1)
    assert re.search(r"export ?\{[^}]* as default", module.read_text("utf8"))
    assert '<p class="rnn-widget-text">On a page. f = ' in html
    assert re.search(r'<script type="application/json">\{"_knobs".*"title": "On a page"', html)
    assert "IPY_MODEL" not in html, "nothing in it is drawn at random"


def test_install_line_names_the_repository_and_a_version(tiny):
    html = (tiny / "index.html").read_text("utf8")
    assert f'<a href="{ADDRESS}">the repository</a>' in html
    assert re.search(rf'pip install "rnnbook @ git\+{re.escape(ADDRESS)}(@[0-9a-f]{{40}})?"', html)
    assert "make book" not in html


def test_progress_bar_leaves_no_trace(tiny):
    html = (tiny / "notebooks" / "01_tiny.html").read_text("utf8")
    assert "it/s" not in html


def test_numbers_link_to_the_equations_that_exist(tiny):
    chapter = (tiny / "notebooks" / "01_tiny.html").read_text("utf8")
    assert re.search(r"id=.eq-1-1.", chapter)
    assert 'href="#eq-1-1">(1.1)</a>' in chapter
    assert "not (9)" in chapter
    front = (tiny / "index.html").read_text("utf8")
    assert 'href="notebooks/01_tiny.html#eq-1">(1)</a>' in front
    assert "f(1) and (7)" in front


def test_an_appendix_is_called_by_its_letter_and_its_displays_too():
    names = {"04_cell_state": "4", "11_training": "11", "12_gates": "A", "13_more": "B"}
    assert {n: equation_numbers.chapter_of(f"notebooks/{n}") for n in names} == names
    assert equation_numbers.chapter_of("book/index") is None
    assert equation_numbers.anchor("A.1") == "eq-A-1"
    found = equation_numbers._NUMBER.findall("(A.1), (A.12) and (1.2), not (A), (a.1), f(A.1)")
    assert found == ["A.1", "A.12", "1.2"]

    class Env:
        rnn_tags = {"notebooks/12_gates": ["A.1"], "notebooks/13_more": ["B.1", "A.1"]}

    homes = [equation_numbers.home_of(Env(), tag, "book/x") for tag in ("A.1", "B.1", "C.1")]
    assert homes == ["notebooks/12_gates", "notebooks/13_more", None]


def test_chapter_ends_with_what_comes_next_and_no_typed_line_beside_it(tiny):
    html = (tiny / "notebooks" / "01_tiny.html").read_text("utf8")
    lines = re.findall(r'<p class="rnn-next">.*?</p>', html)
    assert [re.sub("<.*?>", "", line) for line in lines] == [
        "Next: the input gate, equation (2), which is not yet written."
    ]
    assert "a promise" not in html
    assert "rnn-next" not in (tiny / "index.html").read_text("utf8")


def test_note_has_its_style(tiny):
    html = (tiny / "notebooks" / "01_tiny.html").read_text("utf8")
    assert '<div class="rnn-note rnn-note-predict" role="note">' in html


def test_repeated_build_leaves_no_stale_file(tmp_path):
    folder = write_book(tmp_path, GOOD, "")
    assert build(folder).returncode == 0
    served = folder / "_build" / "html" / "_static" / "rnn"
    before = {path.name for path in served.iterdir()}
    path = folder / "notebooks" / "01_tiny.ipynb"
    path.write_text(path.read_text("utf8").replace("el.textContent", "el.innerText"))
    done = build(folder)
    assert done.returncode == 0
    after = {path.name for path in served.iterdir()}
    old, new = before - after, after - before
    assert len(old) == len(new) == 2, "the module, and its form for pages opened from the disk"
    html = (folder / "_build" / "html" / "notebooks" / "01_tiny.html").read_text("utf8")
    assert all(name in html for name in new)
    assert "colab.research" not in html, "no address, no button"
    front = (folder / "_build" / "html" / "index.html").read_text("utf8")
    assert "make book" in front
    assert "pip install" not in front


def test_page_that_was_taken_away_leaves_the_site(tmp_path):
    folder = write_book(tmp_path, GOOD, "")
    toc = folder / "_toc.yml"
    without = toc.read_text("utf8")
    toc.write_text(f"{without}- file: notebooks/02_gone\n", "utf8")
    text = (folder / "notebooks" / "01_tiny.ipynb").read_text("utf8")
    text = text.replace("tag{1", "tag{2").replace("el.textContent", "el.innerText")
    text = text.replace("the check of (1.1)", "the check of (2.1)")
    (folder / "notebooks" / "02_gone.ipynb").write_text(text, "utf8")
    assert build(folder).returncode == 0
    site = folder / "_build" / "html"
    assert (site / "notebooks" / "02_gone.html").exists()
    first = (site / "notebooks" / "01_tiny.html").read_text("utf8")
    assert '<strong>Next:</strong> <a class="reference internal" href="02_gone.html">Tiny' in first
    (folder / "notebooks" / "02_gone.ipynb").unlink()
    toc.write_text(without, "utf8")
    assert build(folder).returncode == 0
    left = {path.relative_to(site).as_posix() for path in site.rglob("*02_gone*")}
    assert left == set()
    assert {"01_tiny.html"} == {path.name for path in (site / "notebooks").iterdir()}
    assert (site / "genindex.html").exists()
    missing = [problem for problem in check_site.check(site)[0] if "missing" in problem]
    assert missing == []


@pytest.mark.parametrize(
    ("mathml", "fits"), [("<mi>T</mi>", False), ("<mi>T</mi><mi>max</mi>", True)]
)
def test_formula_whose_mathml_browsers_refuse_is_a_problem_of_the_page(tmp_path, mathml, fits):
    page = tmp_path / "index.html"
    html = f"<math><msub>{mathml}</msub></math>"
    page.write_text(f'<html lang="en"><article><h1>A page</h1>{html}</article></html>', "utf8")
    problems, _ = check_site.check(tmp_path)
    assert any("a formula has <msub>" in problem for problem in problems) != fits


MISTAKES = [
    new_markdown_cell(
        "# Tiny chapter\n\nA wrong formula: $\\frac{1}$. Twice: \n\n$$\n1 \\tag{1}\n$$\n\n"
        "$$\n2 \\tag{1}\n$$"
    ),
    view("slider", "A slider without a kernel"),
    new_code_cell(
        "figure()",
        outputs=[new_output("display_data", data={"image/svg+xml": '<svg width="9pt"></svg>'})],
    ),
    check_cell("(1), (1.7)"),
    check_cell("(1)"),
]


def test_mistakes_of_an_author_fail_the_build_and_are_named(tmp_path):
    done = build(write_book(tmp_path, MISTAKES, ""))
    said = done.stdout + done.stderr
    assert done.returncode != 0
    assert "Expected '}'" in said or "Unexpected end" in said
    assert "equation (1) appears twice" in said
    assert "tag its cell `needs-kernel`" in said
    assert "a figure without a text" in said
    assert "a cell checks (1.7), which this page does not display" in said
    assert "(1) is checked by two cells" in said
