"""What the layers answer to wrong arguments: the argument, what was expected, what was given."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.nn.utils.rnn import pack_padded_sequence

import rnnbook
from rnnbook.engines import ENGINES, compiled
from rnnbook.shapes import ShapeError

T, B, D, H = 4, 2, 3, 5
CLASSES = [rnnbook.RNN, rnnbook.LSTM, rnnbook.GRU]
GATED = CLASSES[1:]
ELSEWHERE = ("library", "triton") if compiled.available() else ("library", "triton", "compiled")
HERE = [e for e in ENGINES if e not in ELSEWHERE]


def name_of(value):
    return value.__name__ if isinstance(value, type) else None


every_class = pytest.mark.parametrize("cls", CLASSES, ids=name_of)
every_engine = pytest.mark.parametrize("engine", HERE)
table = pytest.mark.parametrize

# When it is made ----------------------------------------------------------------------------------

OPTIONS = [
    *(
        ({name: value}, error, sentence)
        for name in ("input_size", "hidden_size", "num_layers")
        for value, error, sentence in (
            (0, ValueError, f"{name} must be greater than zero, got: 0"),
            (-2, ValueError, f"{name} must be greater than zero, got: -2"),
            (3.0, TypeError, f"{name} should be of type int, got: float"),
            ("3", TypeError, f"{name} should be of type int, got: str"),
            (None, TypeError, f"{name} should be of type int, got: NoneType"),
            (True, TypeError, f"{name} should be of type int, got: bool"),
            (np.bool_(True), TypeError, f"{name} should be of type int, got: bool"),
            (np.float64(3), TypeError, f"{name} should be of type int, got: float64"),
            (np.int64(0), ValueError, f"{name} must be greater than zero, got: 0"),
        )
    ),
    *(
        ({name: value}, TypeError, f"{name} should be of type bool, got: {kind}")
        for name in ("bias", "batch_first", "bidirectional")
        for value, kind in ((1, "int"), ("yes", "str"), (None, "NoneType"))
    ),
    *(
        ({"dropout": value}, error, rf"dropout should be .* in range \[0, 1\].*got: {given}")
        for error, value, given in (
            *((ValueError, -0.1, "-0.1"), (ValueError, 1.5, "1.5"), (ValueError, np.nan, "nan")),
            *((TypeError, True, "True"), (TypeError, "0.5", "'0.5'"), (TypeError, None, "None")),
        )
    ),
    ({"engine": "cuda"}, ValueError, "engine: expected one of auto, reference.*given 'cuda'"),
    ({"engine": 3}, ValueError, "engine: expected one of auto, reference.*given 3"),
    ({"engine": ["auto"]}, ValueError, r"engine: expected one of auto.*given \['auto'\]"),
    ({"dtype": torch.int64}, TypeError, "dtype: expected a floating-point.*given torch.int64"),
    ({"dtype": torch.complex64}, TypeError, "dtype: expected a floating-point.*torch.complex64"),
    ({"dtype": "float32"}, TypeError, "dtype: expected a floating-point.*given 'float32'"),
    ({"nonsense": 1}, TypeError, "unexpected keyword argument 'nonsense'"),
]


@table(("options", "error", "sentence"), OPTIONS, ids=lambda v: str(v) if type(v) is dict else None)
@every_class
def test_option_that_cannot_be_is_refused(cls, options, error, sentence):
    with pytest.raises(error, match=sentence):
        cls(**({"input_size": D, "hidden_size": H} | options))


@table(
    ("options", "error", "sentence"),
    [
        ({"forget_bias": 1.0, "bias": False}, ValueError, "forget_bias: .*bias=False, given 1.0"),
        ({"chrono": 50, "bias": False}, ValueError, "chrono: expected None .*bias=False, given 50"),
        (
            {"forget_bias": 1.0, "chrono": 50},
            ValueError,
            "forget_bias, chrono: expected at most one of",
        ),
        ({"forget_bias": "1"}, TypeError, "forget_bias: expected a number, given str"),
        ({"forget_bias": True}, TypeError, "forget_bias: expected a number, given bool"),
        ({"forget_bias": float("nan")}, ValueError, "forget_bias: .*finite number, given nan"),
        ({"forget_bias": float("inf")}, ValueError, "forget_bias: .*finite number, given inf"),
        ({"chrono": 2}, ValueError, "chrono: expected a finite number greater than 2, given 2"),
        ({"chrono": -5}, ValueError, "chrono: expected a finite number greater than 2, given -5"),
        ({"chrono": float("inf")}, ValueError, "chrono: expected a finite .* given inf"),
        ({"chrono": [50]}, TypeError, "chrono: expected a number, given list"),
    ],
    ids=str,
)
@table("cls", GATED, ids=name_of)
def test_memory_at_first_that_cannot_be_is_refused(cls, options, error, sentence):
    with pytest.raises(error, match=sentence):
        cls(D, H, **options)


@table(
    ("make", "error", "sentence"),
    [
        (
            lambda: rnnbook.RNN(D, H, nonlinearity="sigmoid"),
            ValueError,
            "nonlinearity: .*'sigmoid'",
        ),
        (lambda: rnnbook.RNN(D, H, nonlinearity=None), ValueError, "nonlinearity: .*given None"),
        (lambda: rnnbook.GRU(D, H, reset_after=1), TypeError, "reset_after: .*bool, given int"),
        (lambda: rnnbook.GRU(D, H, reset_after=None), TypeError, "reset_after: .*given NoneType"),
        (lambda: rnnbook.GRU(D, H, engine="library"), ValueError, "engine: .*reset_after=False"),
        (lambda: rnnbook.LSTM(D, H, proj_size=H), ValueError, "proj_size .*got: 5"),
        (lambda: rnnbook.LSTM(D, H, proj_size=-1), ValueError, "proj_size .*got: -1"),
        (lambda: rnnbook.LSTM(D, H, proj_size=2.0), TypeError, "proj_size .*int, got: float"),
        (
            lambda: rnnbook.LSTM(D, H, proj_size=2, engine="python"),
            ValueError,
            "engine: .*'python'",
        ),
        (lambda: rnnbook.RNN(D, H, chrono=50), TypeError, "unexpected keyword argument 'chrono'"),
        (lambda: rnnbook.GRU(D, H, proj_size=2), ValueError, "proj_size .*only supported for LSTM"),
        (lambda: rnnbook.RNN(D, H, proj_size=0), ValueError, "proj_size .*only supported for LSTM"),
    ],
)
def test_option_of_one_family_that_cannot_be_is_refused(make, error, sentence):
    with pytest.raises(error, match=sentence):
        make()


@table(
    ("layer", "name", "value"),
    [
        (rnnbook.GRU(D, H), "reset_after", True),
        (rnnbook.GRU(D, H, reset_after=True), "reset_after", False),
        (rnnbook.RNN(D, H), "nonlinearity", "relu"),
    ],
    ids=["reset before", "reset after", "nonlinearity"],
)
def test_what_the_weights_mean_cannot_be_changed_later(layer, name, value):
    """Or a layer would say that it computes what it does not."""
    before, shown = getattr(layer, name), repr(layer)
    with pytest.raises(AttributeError, match=f"{name}: .*fixed when the layer is made; given"):
        setattr(layer, name, value)
    assert getattr(layer, name) == before
    assert repr(layer) == shown


@every_class
def test_numbers_of_numpy_are_numbers(cls):
    given = cls(np.int64(D), np.int32(H), np.uint8(2), dropout=np.float32(0.5))
    assert repr(given) == repr(cls(D, H, 2, dropout=0.5))
    for name in ("input_size", "hidden_size", "num_layers"):
        assert type(getattr(given, name)) is int
    assert type(given.dropout) is float


def test_numbers_of_numpy_are_numbers_in_the_options_of_one_family():
    assert type(rnnbook.LSTM(D, H, proj_size=np.int64(2)).proj_size) is int
    assert type(rnnbook.GRU(D, H, chrono=np.float32(50)).chrono) is float
    assert type(rnnbook.LSTM(D, H, forget_bias=np.float64(1)).forget_bias) is float
    with pytest.raises(TypeError, match="proj_size should be of type int, got: float64"):
        rnnbook.LSTM(D, H, proj_size=np.float64(2))


# When it is called --------------------------------------------------------------------------------


def packed(width=D, dtype=torch.float32):
    return pack_padded_sequence(torch.zeros(T, B, width, dtype=dtype), [4, 2])


INPUTS = [
    (
        lambda: torch.zeros(T, B, D + 1),
        ShapeError,
        r"input: expected shape \(T, B, 3\).*\(4, 2, 4\)",
    ),
    (lambda: torch.zeros(D), ShapeError, r"input: expected shape .*given \(3,\)"),
    (lambda: torch.zeros(()), ShapeError, r"input: expected shape .*given \(\)"),
    (lambda: torch.zeros(1, T, B, D), ShapeError, r"input: .*given \(1, 4, 2, 3\)"),
    (lambda: torch.zeros(0, B, D), ShapeError, r"input: .*at least one step.*given \(0, 2, 3\)"),
    (lambda: torch.zeros(0, D), ShapeError, r"input: .*at least one step.*given \(0, 3\)"),
    (lambda: torch.zeros(T, D + 1), ShapeError, r"input: .*or \(T, 3\); given \(4, 4\)"),
    (lambda: packed(D + 1), ShapeError, r"input: .*PackedSequence of rows \(N, 3\).*\(6, 4\)"),
    (lambda: packed(dtype=torch.float64), TypeError, "input: expected float32 .*given float64"),
    (lambda: torch.zeros(T, B, D).double(), TypeError, "input: expected float32 .*given float64"),
    (lambda: torch.zeros(T, B, D).half(), TypeError, "input: expected float32 .*given float16"),
    (
        lambda: torch.zeros(T, B, D).long(),
        TypeError,
        r"input: .*given int64 .*input\.to\(torch\.float32\); token numbers .*torch\.nn\.Embedding",
    ),
    (
        lambda: torch.zeros(T, B, D).bool(),
        TypeError,
        r"input: .*given bool .*input\.to\(torch\.float32\)$",
    ),
    (
        lambda: torch.zeros(T, B, D) * 1j,
        TypeError,
        r"input: .*given complex64 .*input\.to\(torch\.float32\)$",
    ),
    (
        lambda: torch.zeros(T, B, D, device="meta"),
        TypeError,
        r"input: .*device cpu .*given meta; move it with \.to\('cpu'\)$",
    ),
    (lambda: [[0.0]], TypeError, "input: expected a tensor or a PackedSequence, given list"),
    (lambda: None, TypeError, "input: expected a tensor or a PackedSequence, given NoneType"),
    (
        lambda: torch.zeros(T, B, D).numpy(),
        TypeError,
        r"input: expected a tensor .*given ndarray; torch\.from_numpy makes one",
    ),
]


@table(("make", "error", "sentence"), INPUTS)
@every_class
def test_input_that_cannot_be_is_refused(cls, make, error, sentence):
    with pytest.raises(error, match=sentence):
        cls(D, H)(make())


@every_class
def test_batch_first_names_its_own_layout(cls):
    with pytest.raises(ShapeError, match=r"input: expected shape \(B, T, 3\) or \(T, 3\)"):
        cls(D, H, batch_first=True)(torch.zeros(T, B, 7))


@every_engine
@every_class
def test_dtype_error_is_both_what_torch_raises_and_what_the_equations_raise(cls, engine):
    layer, x = cls(D, H, engine=engine), torch.zeros(T, B, D).double()
    for error in (TypeError, ValueError):
        with pytest.raises(error, match="Convert input"):
            layer(x)


STATES = [
    (lambda: torch.zeros(1, B, H + 1), ShapeError, r"\(1, 2, 5\).*given \(1, 2, 6\)"),
    (lambda: torch.zeros(1, B + 1, H), ShapeError, r"\(1, 2, 5\).*given \(1, 3, 5\)"),
    (lambda: torch.zeros(2, B, H), ShapeError, r"\(1, 2, 5\).*given \(2, 2, 5\)"),
    (lambda: torch.zeros(B, H), ShapeError, r"\(1, 2, 5\).*given \(2, 5\)"),
    (lambda: torch.zeros(1, 1, H), ShapeError, r"\(1, 2, 5\).*given \(1, 1, 5\)$"),
    (lambda: torch.zeros(B, 1, H), ShapeError, r"given \(2, 1, 5\); states are never batch first"),
    (
        lambda: torch.zeros(1, B, H).double(),
        TypeError,
        r"float32 like the weights, given float64; convert it with \.to\(torch\.float32\)$",
    ),
    (lambda: torch.zeros(1, B, H).long(), TypeError, "expected float32 .*given int64; convert it"),
    (
        lambda: torch.zeros(1, B, H, device="meta"),
        TypeError,
        r"device cpu .*given meta; move it with \.to\('cpu'\)$",
    ),
    (lambda: [0.0], TypeError, "expected a tensor, given list"),
    (lambda: 0, TypeError, "expected a tensor, given int"),
]


@table(("make", "error", "sentence"), STATES)
@every_class
def test_initial_state_that_cannot_be_is_refused(cls, make, error, sentence):
    layer, x, good = cls(D, H), torch.zeros(T, B, D), torch.zeros(1, B, H)
    if cls is rnnbook.LSTM:
        with pytest.raises(error, match=rf"hx\[0\] \(h_0\): .*{sentence}"):
            layer(x, (make(), good))
        with pytest.raises(error, match=rf"hx\[1\] \(C_0\): .*{sentence}"):
            layer(x, (good, make()))
    else:
        with pytest.raises(error, match=rf"hx \(h_0\): .*{sentence}"):
            layer(x, make())


@table(
    ("cls", "hx", "sentence"),
    [
        (rnnbook.LSTM, torch.zeros(1, B, H), r"hx: expected a tuple \(h_0, C_0\).*given Tensor"),
        (rnnbook.LSTM, (torch.zeros(1, B, H),), "hx: expected a tuple .*given 1 of them"),
        (rnnbook.LSTM, (torch.zeros(1, B, H),) * 3, "hx: expected a tuple .*given 3 of them"),
        (rnnbook.LSTM, {"h": 0}, "hx: expected a tuple .*given dict"),
        (
            rnnbook.GRU,
            (torch.zeros(1, B, H),),
            r"hx \(h_0\): .*; rnnbook.GRU has no C_0",
        ),
        (
            rnnbook.RNN,
            (torch.zeros(1, B, H),) * 2,
            r"hx \(h_0\): .*; rnnbook.RNN has no C_0",
        ),
    ],
    ids=lambda v: name_of(v) or "",
)
def test_wrong_number_of_initial_states_is_refused(cls, hx, sentence):
    with pytest.raises(TypeError, match=sentence):
        cls(D, H)(torch.zeros(T, B, D), hx)


@every_class
def test_initial_state_of_one_sequence_has_no_batch(cls):
    layer, h = cls(D, H, 2, bidirectional=True), torch.zeros(4, 1, H)
    hx = (h, h) if cls is rnnbook.LSTM else h
    with pytest.raises(ShapeError, match=r"h_0\): expected shape \(4, 5\).*given \(4, 1, 5\)"):
        layer(torch.zeros(T, D), hx)
    with pytest.raises(ShapeError, match=r"expected shape \(4, 2, 5\) \(layers times directions"):
        layer(torch.zeros(T, B, D), hx)
    with pytest.raises(ShapeError, match=r"expected shape \(4, 2, 5\)"):
        layer(packed(), hx)


LENGTHS = [
    ([4, 5], ValueError, r"lengths: expected numbers from 0 to T = 4, given 5 at \[1\]"),
    ([4, -1], ValueError, r"lengths: expected numbers from 0 to T = 4, given -1 at \[1\]"),
    (torch.tensor([9, 1]), ValueError, r"lengths: .*given 9 at \[0\]"),
    ([4], ShapeError, r"lengths: expected shape \(2,\), one .*T = 4, B = 2\); given \(1,\)$"),
    ([4, 3, 2], ShapeError, r"lengths: expected shape \(2,\), .*; given \(3,\)$"),
    (4, ShapeError, r"lengths: expected shape \(2,\), .*; given \(\)$"),
    ([[4, 3]], ShapeError, r"lengths: expected shape \(2,\), .*; given \(1, 2\)$"),
    ([4.0, 3.0], TypeError, "lengths: expected whole numbers .*given float32"),
    ([True, True], TypeError, "lengths: expected whole numbers .*given bool"),
    ("43", TypeError, "lengths: expected 2 whole numbers, given str"),
    (torch.empty(2, dtype=torch.int64, device="meta"), TypeError, "lengths: .*device meta"),
]


@table(("lengths", "error", "sentence"), LENGTHS, ids=lambda v: "" if callable(v) else str(v))
@every_class
def test_lengths_that_cannot_be_are_refused(cls, lengths, error, sentence):
    for batch_first in (False, True):
        shape = (B, T, D) if batch_first else (T, B, D)
        with pytest.raises(error, match=sentence):
            cls(D, H, batch_first=batch_first)(torch.zeros(shape), lengths=lengths)


@every_class
def test_as_many_lengths_as_steps_are_asked_which_axis_is_the_batch(cls):
    x, lengths = torch.zeros(T, B, D), torch.ones(T, dtype=torch.int64)
    with pytest.raises(ShapeError, match=r"given \(4,\); is the batch first\? .*batch_first=True"):
        cls(D, H)(x, lengths=lengths)
    with pytest.raises(ShapeError, match=r"given \(2,\); is the time first\? .*batch_first=False"):
        cls(D, H, batch_first=True)(x, lengths=[1] * B)


WHY_NOT_COMPILED = [
    ({"dtype": torch.bfloat16}, "", "know float32 and float64, not torch.bfloat16"),
    ({"device": "meta"}, "", "run on the CPU, not on meta"),
    ({}, "no C++ compiler was found.", "no C.. compiler was found"),
]


@table(("options", "reason", "sentence"), WHY_NOT_COMPILED, ids=["dtype", "device", "compiler"])
@every_class
def test_compiled_engine_that_cannot_run_is_refused(cls, options, reason, sentence, monkeypatch):
    monkeypatch.setattr(compiled, "why_not", lambda: reason)
    layer = cls(D, H, engine="compiled", **options)
    with pytest.raises(ValueError, match=f"engine: expected one .*{sentence}; given 'compiled'$"):
        layer(torch.zeros(T, B, D, **options))


@every_class
def test_lengths_of_a_pack_or_of_one_sequence_are_refused(cls):
    with pytest.raises(ValueError, match="lengths: expected None with a PackedSequence"):
        cls(D, H)(packed(), lengths=[4, 2])
    with pytest.raises(ValueError, match="lengths: expected None with one unbatched sequence"):
        cls(D, H)(torch.zeros(T, D), lengths=[4])


@table("trace", [1, "yes", None])
@every_class
def test_trace_that_is_no_bool_is_refused(cls, trace):
    with pytest.raises(TypeError, match="trace: expected a bool or 'differentiable', given"):
        cls(D, H)(torch.zeros(T, B, D), trace=trace)


@table("options", [{"proj_size": 2}, {"engine": "library"}], ids=str)
def test_trace_of_what_shows_no_cell_states_is_refused(options):
    word = next(iter(options))
    with pytest.raises(ValueError, match=f"trace: expected False with {word}.*given True"):
        rnnbook.LSTM(D, H, **options)(torch.zeros(T, B, D), trace=True)


# Numbers that are none ----------------------------------------------------------------------------


@table("wrong", [torch.nan, torch.inf, -torch.inf])
@every_class
def test_weights_that_are_no_numbers_are_found_on_request(cls, wrong):
    layer = cls(D, H, 2, bidirectional=True)
    layer.check_finite()
    for name, parameter in layer.named_parameters():
        with torch.no_grad():
            parameter[(-1,) * parameter.dim()] = wrong
            place = ", ".join(str(n - 1) for n in parameter.shape)
        with pytest.raises(ValueError, match=rf"{name}: expected finite .*{wrong} at \[{place}\]"):
            layer.check_finite()
        torch.nn.init.zeros_(parameter)


@every_engine
@every_class
def test_nan_is_passed_on_and_not_hidden(cls, engine):
    """A NaN in the input spoils its own sequence from that step on, and no other sequence."""
    layer, x = cls(D, H, engine=engine), torch.randn(T, B, D)
    clean = layer(x)[0]
    x[2, 0, 1] = torch.nan
    output = layer(x)[0]
    assert output[2:, 0].isnan().all()
    assert torch.equal(output[:2], clean[:2])
    torch.testing.assert_close(output[:, 1], clean[:, 1])


@every_class
def test_refused_call_leaves_the_layer_usable(cls):
    layer, x = cls(D, H), torch.randn(T, B, D)
    before = layer(x)[0]
    with pytest.raises(ShapeError):
        layer(torch.zeros(T, B, 9))
    assert torch.equal(layer(x)[0], before)
