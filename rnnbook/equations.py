r"""The table of the post's ten equations; index page, links and traceability tests come from it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Equation:
    """One of the post's ten equations.

    Attributes:
        number: the post's number, 1 to 10; also the number of its chapter.
        name: the term a textbook would use.
        latex: the equation as the post states it.
        key: the quantity it defines, a key of :data:`rnnbook.quantities.QUANTITIES`.
        function: dotted name of the function that is the equation; None until its chapter exists.
        chapter: document that derives it, without suffix; None until it exists.
        test: the test that holds the function to something outside of this project, or None.
    """

    number: int
    name: str
    latex: str
    key: str
    function: str | None = None
    chapter: str | None = None
    test: str | None = None


EQUATIONS: tuple[Equation, ...] = (
    Equation(
        1,
        "Forget gate",
        r"f_t = \sigma(W_f \cdot [h_{t-1}, x_t] + b_f)",
        "f",
        function="rnnbook.lstm.forget_gate",
        chapter="notebooks/01_forget_gate",
        test="tests/test_lstm.py::test_eq01_forget_gate_equals_the_gate_inside_torch_lstm_cell",
    ),
    Equation(2, "Input gate", r"i_t = \sigma(W_i \cdot [h_{t-1}, x_t] + b_i)", "i"),
    Equation(3, "Candidate", r"\tilde{C}_t = \tanh(W_C \cdot [h_{t-1}, x_t] + b_C)", "C_tilde"),
    Equation(4, "Cell state", r"C_t = f_t \ast C_{t-1} + i_t \ast \tilde{C}_t", "C"),
    Equation(5, "Output gate", r"o_t = \sigma(W_o \cdot [h_{t-1}, x_t] + b_o)", "o"),
    Equation(6, "Hidden state", r"h_t = o_t \ast \tanh(C_t)", "h"),
    Equation(7, "Update gate", r"z_t = \sigma(W_z \cdot [h_{t-1}, x_t] + b_z)", "z"),
    Equation(8, "Reset gate", r"r_t = \sigma(W_r \cdot [h_{t-1}, x_t] + b_r)", "r"),
    Equation(
        9,
        "Candidate hidden state",
        r"\tilde{h}_t = \tanh(W \cdot [r_t \ast h_{t-1}, x_t])",
        "h_tilde",
    ),
    Equation(
        10,
        "GRU hidden state",
        r"h_t = z_t \odot h_{t-1} + (1 - z_t) \odot \tilde{h}_t",
        "h",
    ),
)
"""The ten equations, in the post's order."""
