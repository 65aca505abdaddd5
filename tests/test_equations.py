"""The table of the ten equations leads to functions, chapters and tests that exist and agree."""

import ast
import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import pytest

import rnnbook
from rnnbook.equations import EQUATIONS
from rnnbook.quantities import QUANTITIES

ROOT = Path(__file__).resolve().parent.parent
WRITTEN = [equation for equation in EQUATIONS if equation.chapter]


def plain(latex):
    """A formula less what differs without meaning: spaces, braces of one symbol, ∗ against ⊙."""
    latex = re.sub(r"\s+", "", latex.replace(r"\odot", r"\ast"))
    return re.sub(r"\{(\\?\w)\}", r"\1", latex)


def gate(symbol):
    return rf"{symbol}_t = \sigma(W_{symbol} \cdot [h_{{t-1}}, x_t] + b_{symbol})"


POST = {
    1: gate("f"),
    2: gate("i"),
    3: r"\tilde C_t = \tanh(W_C \cdot [h_{t-1}, x_t] + b_C)",
    4: r"C_t = f_t \ast C_{t-1} + i_t \ast \tilde C_t",
    5: gate("o"),
    6: r"h_t = o_t \ast \tanh(C_t)",
    7: gate("z"),
    8: gate("r"),
    9: r"\tilde h_t = \tanh(W \cdot [r_t \ast h_{t-1}, x_t])",
    10: r"h_t = z_t \odot h_{t-1} + (1 - z_t) \odot \tilde h_t",
}


def modules():
    return [
        importlib.import_module(info.name)
        for info in pkgutil.walk_packages(rnnbook.__path__, "rnnbook.")
    ]


def test_the_equations_are_numbered_1_to_10_in_order():
    assert [equation.number for equation in EQUATIONS] == list(range(1, 11))


@pytest.mark.parametrize("equation", EQUATIONS, ids=lambda e: f"({e.number})")
def test_an_equation_is_the_one_that_the_post_states(equation):
    assert plain(equation.latex) == plain(POST[equation.number])


@pytest.mark.parametrize("equation", EQUATIONS, ids=lambda e: f"({e.number})")
def test_an_equation_defines_the_quantity_that_it_names(equation):
    left = equation.latex.split("=")[0].strip()
    assert left == f"{QUANTITIES[equation.key].latex}_t"


def test_the_links_to_the_index_point_at_labels_of_the_table():
    labels = {equation.label for equation in EQUATIONS}
    twins = [twin.read_text("utf-8") for twin in (ROOT / "notebooks" / "text").glob("*.md")]
    linked = {label for twin in twins for label in re.findall(r"equations\.md#([\w-]+)", twin)}
    assert linked
    assert linked <= labels


def test_an_equation_has_the_name_of_its_quantity_or_says_how_it_differs():
    for equation in EQUATIONS[:9]:
        assert equation.name.lower() == QUANTITIES[equation.key].name
    assert EQUATIONS[9].name == "GRU hidden state"  # (6) is the LSTM's
    assert len({equation.name for equation in EQUATIONS}) == 10


def test_every_equation_has_its_own_function_and_its_own_test():
    assert len({equation.function for equation in EQUATIONS}) == 10
    assert len({equation.test for equation in EQUATIONS}) == 10


def test_chapters_come_from_the_first_equation_on_without_a_gap():
    written = [bool(equation.chapter) for equation in EQUATIONS]
    assert written[0]
    assert written == sorted(written, reverse=True)


def test_every_chapter_of_an_equation_is_in_the_table():
    """A chapter NN_name.ipynb, N from 1 to 10, that exists and is not named would have no link."""
    existing = {
        f"notebooks/{path.stem}"
        for path in (ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb")
        if 1 <= int(path.stem[:2]) <= 10
    }
    assert existing == {equation.chapter for equation in WRITTEN}


@pytest.mark.parametrize("equation", EQUATIONS, ids=lambda e: f"({e.number})")
def test_the_function_exists_and_its_docstring_states_the_equation_and_the_number(equation):
    module, name = equation.function.rsplit(".", 1)
    docstring = inspect.getdoc(getattr(importlib.import_module(module), name))
    formula = re.search(r"\.\. math::\s*(.*?)\n\n", docstring, re.DOTALL)[1]
    assert plain(formula) == plain(equation.latex)
    assert f"Equation ({equation.number})" in docstring
    assert re.search(rf"Chapter {equation.number}\b", docstring)


@pytest.mark.parametrize("equation", WRITTEN, ids=lambda e: f"({e.number})")
def test_the_chapter_exists_is_numbered_alike_and_displays_the_equation(equation):
    assert Path(equation.chapter).name.startswith(f"{equation.number:02}_")
    notebook = ROOT / f"{equation.chapter}.ipynb"
    assert notebook.is_file()
    twin = (notebook.parent / "text" / f"{notebook.stem}.md").read_text("utf-8")
    shown = [plain(text) for text in re.findall(r"\$\$(.*?)\$\$", twin, re.DOTALL)]
    assert plain(rf"{equation.latex} \tag{{{equation.number}}}") in shown


@pytest.mark.parametrize("equation", WRITTEN, ids=lambda e: f"({e.number})")
def test_a_written_chapter_says_its_failure_and_its_answer_for_the_map(equation):
    for text in (equation.failure, equation.answer):
        assert re.fullmatch(r"[a-z][^.]+", text), "one clause, which the map makes a sentence"


@pytest.mark.parametrize("equation", EQUATIONS, ids=lambda e: f"({e.number})")
def test_the_test_exists_is_named_after_the_equation_and_calls_its_function(equation):
    file, name = equation.test.split("::")
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    (found,) = [n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == name]
    function = equation.function.rsplit(".", 1)[1]
    assert name.startswith(f"test_eq{equation.number:02}_{function}_")
    assert function in {node.id for node in ast.walk(found) if isinstance(node, ast.Name)}


def cited():
    """Every “chapter C, equation(s) (C.N)” of the package's sources."""
    for module in modules():
        source = inspect.getsource(module)
        for chapter, text in re.findall(r"[Cc]hapter (\d+), equations? ([^;\n]+)", source):
            for number in re.findall(r"\((\d+\.\d+)\)", text):
                yield module.__name__, chapter, number


def test_every_numbered_equation_that_a_docstring_cites_is_displayed_in_that_chapter():
    citations = list(cited())
    assert len(citations) >= 5
    for module, chapter, number in citations:
        (twin,) = (ROOT / "notebooks" / "text").glob(f"{int(chapter):02}_*.md")
        assert number.split(".")[0] == chapter, module
        assert rf"\tag{{{number}}}" in twin.read_text("utf-8"), f"{module} cites ({number})"


CITED_FORMULAS = {
    "rnnbook.timescales.lifetime": "1.8",
    "rnnbook.timescales.bias_for_lifetime": "1.9",
}


@pytest.mark.parametrize(("dotted", "number"), CITED_FORMULAS.items())
def test_a_cited_equation_is_the_one_that_the_docstring_states(dotted, number):
    module, name = dotted.rsplit(".", 1)
    docstring = inspect.getdoc(getattr(importlib.import_module(module), name))
    formula = re.search(r"\.\. math::\s*(.*?)\n\n", docstring, re.DOTALL)[1]
    chapter = (ROOT / "notebooks" / "text" / "01_forget_gate.md").read_text("utf-8")
    shown = re.search(rf"\$\$(.*?)\\tag\{{{re.escape(number)}\}}", chapter.replace("$$ ", "\n$$"))
    assert f"({number})" in docstring
    end = plain(shown[1]).split("=")[-1]
    assert plain(formula).endswith(end)
