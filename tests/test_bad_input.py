"""Whatever is wrong with an argument, the error names it, what was expected and what was given.

A function's row in the table says what it takes, in the letters of the notation page; every way to
get that wrong is then made from the row. A public function without a row fails a test.
"""

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
import torch

from rnnbook import gru, lstm, rnn
from rnnbook.shapes import ShapeError

MODULES = (rnn, lstm, gru)
SIZES = {"T": 5, "B": 2, "D": 3, "H": 4, "Q": 6, "N": 7}


@dataclass(frozen=True)
class Row:
    """A function, its tensors by the name that a message must use, and how to call it with them."""

    function: Callable
    layout: dict[str, str]
    call: Callable[[dict], object]
    optional: tuple[str, ...] = ()

    def good(self):
        return {
            name: torch.full([SIZES[letter] for letter in axes.split()], 0.1)
            for name, axes in self.layout.items()
        }


def row(function, optional=(), more=None, **layout):
    """A function whose arguments are tensors; `more` are others that it is called with."""
    return Row(function, layout, lambda tensors: function(**tensors, **(more or {})), optional)


def sequence_row(function, state, *params, reads_out=True):
    """A function of (inputs, state, params); its tensors have the names of the post."""
    layout = {"inputs": "T B D"} | dict.fromkeys(state, "B H") | weights(params)
    layout |= {"W_hq": "H Q", "b_q": "Q"} if reads_out else {}

    def call(tensors):
        inputs, *rest = tensors.values()
        return function(inputs, tuple(rest[: len(state)]), rest[len(state) :])

    return Row(function, layout, call)


def backward_row(module, function, states, of, **more):
    """A backward pass, whose tensors come in a state, a trace and a list of weights."""
    trace = {f"trace_{name}": "T B H" for name in module.TRACE}
    layout = {"inputs": "T B D"} | dict.fromkeys(states, "B H") | trace
    layout |= {"grad_h": "T B H"} | weights(of)

    def call(tensors):
        seen = {name.removeprefix("trace_"): tensors[name] for name in trace}
        state, params = tuple(tensors[name] for name in states), [tensors[name] for name in of]
        return function(tensors["inputs"], state, seen, tensors["grad_h"], params, **more)

    return Row(function, layout, call)


def weights(names):
    return {name: {"W_x": "D H", "W_h": "H H"}.get(name[:3], "H") for name in names}


AFFINE = {"x": "B D", "h": "B H", "W_x": "D H", "W_h": "H H", "b": "H"}
STEP = {"x": "B D", "h": "B H"}
OF_RNN = ("W_xh", "W_hh", "b_h")
OF_LSTM = lstm.PARAMS[:-2]
OF_GRU = gru.PARAMS[:-2]

TABLE = {
    "rnn.rnn_step": row(rnn.rnn_step, **AFFINE),
    "rnn.rnn_states": row(rnn.rnn_states, inputs="T B D", h="B H", W_x="D H", W_h="H H", b="H"),
    "rnn.rnn": sequence_row(rnn.rnn, "H", *OF_RNN),
    "rnn.read_out": row(rnn.read_out, h="N H", W_hq="H Q", b_q="Q"),
    "rnn.step_jacobian": row(rnn.step_jacobian, h="B H", W_h="H H"),
    "rnn.memory_norms": row(rnn.memory_norms, states="T B H", W_h="H H"),
    "rnn.rnn_backward": row(
        rnn.rnn_backward,
        inputs="T B D",
        h_0="B H",
        states="T B H",
        grad_states="T B H",
        W_x="D H",
        W_h="H H",
    ),
    "lstm.forget_gate": row(lstm.forget_gate, **AFFINE),
    "lstm.input_gate": row(lstm.input_gate, **AFFINE),
    "lstm.candidate": row(lstm.candidate, **AFFINE),
    "lstm.cell_state": row(lstm.cell_state, f="B H", C="B H", i="B H", C_tilde="B H"),
    "lstm.output_gate": row(lstm.output_gate, **AFFINE),
    "lstm.hidden_state": row(lstm.hidden_state, o="B H", C="B H"),
    "lstm.lstm_step": row(lstm.lstm_step, **STEP, C="B H", **weights(OF_LSTM)),
    "lstm.lstm": sequence_row(lstm.lstm, "HC", *OF_LSTM),
    "lstm.lstm_trace": sequence_row(lstm.lstm_trace, "HC", *OF_LSTM, reads_out=False),
    "lstm.lstm_backward": backward_row(lstm, lstm.lstm_backward, "HC", OF_LSTM),
    "gru.update_gate": row(gru.update_gate, **AFFINE),
    "gru.reset_gate": row(gru.reset_gate, **AFFINE),
    "gru.candidate": row(gru.candidate, **STEP, r="B H", W_x="D H", W_h="H H", b="H"),
    "gru.candidate, reset after": row(
        gru.candidate,
        **(STEP | {"r": "B H", "W_x": "D H", "W_h": "H H", "b": "H", "b_h": "H"}),
        more={"reset_after": True},
        optional=("b_h",),
    ),
    "gru.hidden_state": row(gru.hidden_state, z="B H", h="B H", h_tilde="B H"),
    "gru.gru_step": row(gru.gru_step, **STEP, **weights(OF_GRU)),
    "gru.gru_step, reset after": row(
        gru.gru_step,
        **(STEP | weights(OF_GRU) | {"b_hh": "H"}),
        more={"reset_after": True},
        optional=("b_hh",),
    ),
    "gru.gru": sequence_row(gru.gru, "H", *OF_GRU),
    "gru.gru_trace": sequence_row(gru.gru_trace, "H", *OF_GRU, reads_out=False),
    "gru.gru_backward": backward_row(gru, gru.gru_backward, "H", OF_GRU),
    "gru.gru_backward, reset after": backward_row(
        gru, gru.gru_backward, "H", OF_GRU, reset_after=True
    ),
}


def public_functions():
    for module in MODULES:
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and not name.startswith("_"):
                yield f"{module.__name__.removeprefix('rnnbook.')}.{name}", function


def test_the_table_has_a_row_for_every_public_function():
    found = dict(public_functions())
    assert len(found) >= 21
    assert found.keys() == {key.split(",")[0] for key in TABLE}
    for key, entry in TABLE.items():
        assert entry.function is found[key.split(",")[0]]


@pytest.mark.parametrize("key", TABLE)
def test_what_the_table_calls_good_is_accepted(key):
    entry = TABLE[key]
    entry.call(entry.good())
    for name in entry.optional:
        entry.call(entry.good() | {name: None})
    for dtype in (torch.bfloat16, torch.float64):
        if key != "rnn.memory_norms":  # PyTorch has no singular values of bfloat16
            entry.call({name: tensor.to(dtype) for name, tensor in entry.good().items()})


# Breaking one tensor ----------------------------------------------------------------------------


def wrong_tensors(entry, name):
    """(what is wrong, the tensor, the error, what the message must say was given)."""
    good, axes = entry.good()[name], entry.layout[name].split()
    yield "one axis more", good.unsqueeze(0), ShapeError, (1, *good.shape)
    yield "one axis less", good[0], ShapeError, tuple(good[0].shape)
    letters = [letter for layout in entry.layout.values() for letter in layout.split()]
    for axis, letter in enumerate(axes):
        sizes = list(good.shape)
        sizes[axis] = 0
        yield f"0 along axis {axis}", torch.zeros(sizes), ShapeError, tuple(sizes)
        if letters.count(letter) > 1:  # else any size is right
            sizes[axis] = good.shape[axis] + 5
            yield f"other size of axis {axis}", torch.zeros(sizes), ShapeError, tuple(sizes)
    if len(axes) == 2 and axes[0] != axes[1]:
        yield "transposed", good.T, ShapeError, tuple(good.T.shape)
    if len(entry.layout) > 1:
        yield "float64 among float32", good.double(), TypeError, "float64"
        yield "on another device", good.to("meta"), TypeError, "meta"
    yield "whole numbers", good.long(), TypeError, "int64"
    yield "complex numbers", good.to(torch.complex64), TypeError, "complex64"
    yield "a list", good.tolist(), TypeError, "list"
    yield "an array", good.numpy(), TypeError, "ndarray"
    if name not in entry.optional:
        yield "None", None, TypeError, "NoneType"


def names_it(message, name, given):
    """Whether a message names the argument, what was expected and what given.

    Where two arguments contradict each other, it may blame the other one, and then says what it
    expected "like" or "from" this one.
    """
    empty = "|T = 0" if name == "inputs" and str(given).startswith("(0,") else ""
    name, given = re.escape(name), f"({re.escape(str(given))}{empty})"
    blamed = rf"{name}(\[0\])?: expected .*given {given}"
    contradicted = rf"\w+: expected .*(from|like) {name}\b.*given "
    return re.match(f"{blamed}|{contradicted}", message)


def arguments():
    for key, entry in TABLE.items():
        for name in entry.layout:
            yield pytest.param(key, name, id=f"{key}: {name}")


@pytest.mark.parametrize(("key", "name"), [*arguments()])
def test_a_wrong_tensor_is_named_with_expected_and_given(key, name):
    entry = TABLE[key]
    for what, tensor, error, given in wrong_tensors(entry, name):
        with pytest.raises(error) as caught:
            entry.call(entry.good() | {name: tensor})
        assert type(caught.value) is error, what
        assert names_it(str(caught.value), name, given), f"{what}: {caught.value}"


# Breaking the lists that tensors come in --------------------------------------------------------

SEQUENCES = {"rnn.rnn": rnn.rnn, "lstm.lstm": lstm.lstm, "gru.gru": gru.gru}
TWO_AXES = torch.zeros(SIZES["B"], SIZES["D"])


def parts(key):
    """(inputs, state, params) that are right."""
    inputs, *rest = TABLE[key].good().values()
    states = 2 if key == "lstm.lstm" else 1
    return inputs, tuple(rest[:states]), rest[states:]


WRONG_LISTS = {
    "no step": (0, lambda inputs: inputs[:0], ShapeError, r"inputs: expected .*given"),
    "one step without its axis": (0, lambda inputs: inputs[0], ShapeError, r"inputs: .*\(2, 3\)"),
    "inputs is None": (0, lambda inputs: None, TypeError, r"inputs: expected .*given NoneType"),
    "inputs is a word": (0, lambda inputs: "abc", TypeError, r"inputs: expected .*given str"),
    "inputs is a number": (0, lambda inputs: 1.0, TypeError, r"inputs: expected .*given float"),
    "inputs is an array": (
        0,
        lambda inputs: inputs.numpy(),
        TypeError,
        r"inputs: expected .*given ndarray",
    ),
    "inputs is an iterator": (
        0,
        lambda inputs: iter(inputs),
        TypeError,
        r"inputs: expected .*given generator|inputs: expected .*iterator",
    ),
    "a state too many": (
        1,
        lambda state: (*state, state[0]),
        ValueError,
        r"state: expected (1|2) tensors? .*given (2|3)",
    ),
    "a state too few": (
        1,
        lambda state: state[1:],
        ValueError,
        r"state: expected (1|2) tensors? .*given (0|1)",
    ),
    "the state is a bare tensor": (
        1,
        lambda state: state[0],
        TypeError,
        r"state: expected a tuple .*given Tensor",
    ),
    "no state": (1, lambda state: None, TypeError, r"state: expected a tuple .*given NoneType"),
    "a parameter too many": (
        2,
        lambda params: [*params, params[-1]],
        ValueError,
        r"params: expected (5|14|11) tensors \(W_x.*b_q\), given (6|15|12)",
    ),
    "a parameter too few": (
        2,
        lambda params: params[:-1],
        ValueError,
        r"params: expected (5|14|11) tensors .*given (4|13|10)",
    ),
    "no parameters": (2, lambda params: [], ValueError, r"params: expected .*given 0"),
    "parameters by name": (
        2,
        lambda params: dict(enumerate(params)),
        TypeError,
        r"params: expected a tuple .*given dict",
    ),
    "parameters as an iterator": (
        2,
        lambda params: iter(params),
        TypeError,
        r"params: expected a tuple .*given list_iterator",
    ),
}


@pytest.mark.parametrize("key", SEQUENCES)
@pytest.mark.parametrize("what", WRONG_LISTS)
def test_a_wrong_list_is_named_with_expected_and_given(key, what):
    place, wrong, error, message = WRONG_LISTS[what]
    given = list(parts(key))
    given[place] = wrong(given[place])
    with pytest.raises(error, match=rf"^({message})"):
        SEQUENCES[key](*given)


@pytest.mark.parametrize("key", SEQUENCES)
def test_an_empty_list_of_steps_is_refused(key):
    _, state, params = parts(key)
    with pytest.raises(ShapeError, match=r"inputs: expected at least one step .*given T = 0"):
        SEQUENCES[key]([], state, params)


@pytest.mark.parametrize("key", SEQUENCES)
@pytest.mark.parametrize(
    ("step", "error"),
    [
        (torch.zeros(SIZES["B"] + 1, SIZES["D"]), ShapeError),
        (torch.zeros(SIZES["B"], SIZES["D"] + 1), ShapeError),
        (torch.zeros(SIZES["D"]), ShapeError),
        (TWO_AXES.double(), TypeError),
        (TWO_AXES.to("meta"), TypeError),
        (TWO_AXES.long(), TypeError),
        (None, TypeError),
    ],
    ids=["rows", "columns", "rank", "float64", "meta", "int64", "None"],
)
def test_a_wrong_step_among_right_ones_is_named_by_its_place(key, step, error):
    inputs, state, params = parts(key)
    with pytest.raises(error, match=r"inputs\[2\]: expected .*given"):
        SEQUENCES[key]([*inputs[:2], step, *inputs[3:]], state, params)


@pytest.mark.parametrize("key", SEQUENCES)
def test_a_nan_is_no_error_and_is_not_hidden(key):
    """Reading every number costs time; `check_finite` does it on request."""
    inputs, state, params = parts(key)
    inputs[0, 0, 0] = float("nan")
    outputs, _ = SEQUENCES[key](inputs, state, params)
    assert outputs.view(*inputs.shape[:2], -1)[:, 0].isnan().all()
    assert outputs.view(*inputs.shape[:2], -1)[:, 1:].isfinite().all()


# Arguments that are no tensors ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "bias"),
    [
        ("gru.candidate", "b_h"),
        ("gru.gru_step", "b_hh"),
    ],
)
def test_the_bias_that_nothing_would_reset_is_refused_by_its_name(key, bias):
    entry = TABLE[key]
    with pytest.raises(ValueError, match=rf"^{bias}: expected None .*given a tensor"):
        entry.function(**entry.good(), **{bias: torch.zeros(SIZES["H"])})


@pytest.mark.parametrize("key", ["gru.candidate", "gru.gru_step"])
@pytest.mark.parametrize("wrong", [torch.tensor(True), 1, "no", None], ids=repr)
def test_a_reset_after_that_is_no_bool_is_refused_by_its_name(key, wrong):
    entry = TABLE[key]
    words = f"^reset_after: expected a bool, given {type(wrong).__name__}$"
    with pytest.raises(TypeError, match=words):
        entry.function(**entry.good(), reset_after=wrong)


# The weights of these come in a list, so that their arguments are not the table's tensors.
LISTED = {"lstm.lstm_trace", "lstm.lstm_backward"}
LISTED |= {"gru.gru_trace", "gru.gru_backward", "gru.gru_backward, reset after"}


@pytest.mark.parametrize("key", [key for key in TABLE if key not in {*SEQUENCES, *LISTED}])
def test_too_few_and_unknown_arguments_get_pythons_own_message(key):
    entry = TABLE[key]
    good = entry.good()
    with pytest.raises(TypeError, match=r"missing \d+ required positional argument"):
        entry.function()
    with pytest.raises(TypeError, match="unexpected keyword argument 'nonsense'"):
        entry.function(**good, nonsense=1)
