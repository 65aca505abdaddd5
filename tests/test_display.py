"""Shown source must be the very source that runs: it is compiled again and compared."""

import ast
import inspect
import math

import pytest
import torch

import rnnbook.experiments.carousel
import rnnbook.lstm
from rnnbook.chapters.display import show_source
from rnnbook.experiments.carousel import Carousel, carousel_states
from rnnbook.lstm import forget_gate
from rnnbook.rnn import rnn, rnn_backward, rnn_states, rnn_step
from rnnbook.tasks import temporal_order

SHOWN = [forget_gate, rnn_step, rnn, rnn_states, rnn_backward, carousel_states, temporal_order]


def code(source):
    """What a reader copies: the text between the fences of the Markdown."""
    text = source._repr_markdown_()
    assert text.startswith("```python\n")
    return text.removeprefix("```python\n").split("\n```")[0]


def meaning(text):
    """The syntax tree less its docstrings, by Python's own parser."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node):
            del node.body[0]
    return ast.dump(tree)


@pytest.mark.parametrize("shown", [*SHOWN, Carousel], ids=lambda f: f.__name__)
def test_only_the_docstrings_are_left_out(shown):
    whole = inspect.getsource(shown)
    short = code(show_source(shown))
    assert meaning(short) == meaning(whole)
    assert '"""' not in short
    assert code(show_source(shown, docstrings=True)) == whole.rstrip()


def test_the_decorator_that_states_the_shapes_is_shown():
    assert code(show_source(forget_gate)).startswith('@shapes(x="B D", h="B H"')


def test_a_copied_function_runs_and_gives_the_same_numbers():
    copied = vars(rnnbook.lstm).copy()
    del copied["forget_gate"]
    exec(code(show_source(forget_gate)), copied)
    arguments = [torch.randn(shape) for shape in ((2, 3), (2, 4), (3, 4), (4, 4), (4,))]
    assert torch.equal(copied["forget_gate"](*arguments), forget_gate(*arguments))


def test_comments_and_strings_that_are_no_docstrings_stay():
    assert "# what later steps report back" in code(show_source(rnn_backward))
    assert 'check_count("state", state, "H")' in code(show_source(rnn))


def test_several_functions_keep_their_order_and_their_files_are_named_once():
    source = show_source(rnn_states, rnn_step, forget_gate)
    text = code(source)
    names = [node.name for node in ast.parse(text).body]
    assert names == ["rnn_states", "rnn_step", "forget_gate"]
    assert source._repr_markdown_().endswith("\n\n`rnnbook/rnn.py, rnnbook/lstm.py`")
    assert repr(source) == f"{text}\n# rnnbook/rnn.py, rnnbook/lstm.py"


def test_the_file_named_is_the_file():
    where = show_source(Carousel).where
    assert rnnbook.experiments.carousel.__file__.endswith(where)


@pytest.mark.parametrize(
    "thing",
    [math.sin, 3, eval("lambda: 0"), torch.sigmoid],
    ids=["function", "number", "lambda", "operator"],
)
def test_what_has_no_python_source_is_named(thing):
    with pytest.raises(TypeError, match="functions: expected Python source, given "):
        show_source(thing)


def test_nothing_to_show_is_refused():
    with pytest.raises(TypeError, match="functions: expected at least one"):
        show_source()
