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
        function: dotted name of the function that is the equation.
        test: the test that holds the function to something outside of this project.
        chapter: document that derives it, without suffix; None until it exists.
        failure: what goes wrong without it, which its chapter starts from.
        answer: what it is, as its chapter derives it.
    """

    number: int
    name: str
    latex: str
    key: str
    function: str
    test: str
    chapter: str | None = None
    failure: str = ""
    answer: str = ""

    @property
    def label(self) -> str:
        """Anchor of the equation in the index page, which chapters link to."""
        return f"equation-{self.number}"


EQUATIONS: tuple[Equation, ...] = (
    Equation(
        1,
        "Forget gate",
        r"f_t = \sigma(W_f \cdot [h_{t-1}, x_t] + b_f)",
        "f",
        function="rnnbook.lstm.forget_gate",
        chapter="notebooks/01_forget_gate",
        test="tests/test_lstm.py::test_eq01_forget_gate_equals_the_gate_inside_torch_lstm_cell",
        failure="a memory that cannot forget drowns",
        answer="the probability that what is stored still counts",
    ),
    Equation(
        2,
        "Input gate",
        r"i_t = \sigma(W_i \cdot [h_{t-1}, x_t] + b_i)",
        "i",
        function="rnnbook.lstm.input_gate",
        chapter="notebooks/02_input_gate",
        test="tests/test_lstm.py::test_eq02_input_gate_equals_the_gate_inside_torch_lstm_cell",
        failure="one weight cannot both store what counts and keep out the rest",
        answer="the probability that what comes in counts",
    ),
    Equation(
        3,
        "Candidate",
        r"\tilde{C}_t = \tanh(W_C \cdot [h_{t-1}, x_t] + b_C)",
        "C_tilde",
        function="rnnbook.lstm.candidate",
        chapter="notebooks/03_candidate",
        test="tests/test_lstm.py::test_eq03_candidate_equals_the_one_inside_torch_lstm_cell",
        failure=(
            "a cell that has no word for minus climbs, and one that believes every reading "
            "stores its noise"
        ),
        answer="the mean of the sign that is to be stored",
    ),
    Equation(
        4,
        "Cell state",
        r"C_t = f_t \ast C_{t-1} + i_t \ast \tilde{C}_t",
        "C",
        function="rnnbook.lstm.cell_state",
        chapter="notebooks/04_cell_state",
        test="tests/test_lstm.py::test_eq04_cell_state_equals_torch_lstm_cell_fed_with_the_same_gates",
        failure="a squashed memory cannot count",
        answer="the mean of what should be stored",
    ),
    Equation(
        5,
        "Output gate",
        r"o_t = \sigma(W_o \cdot [h_{t-1}, x_t] + b_o)",
        "o",
        function="rnnbook.lstm.output_gate",
        chapter="notebooks/05_output_gate",
        test="tests/test_lstm.py::test_eq05_output_gate_equals_the_gate_inside_torch_lstm_cell",
        failure="a memory that shows all it stores disturbs whoever listens",
        answer="the probability that what is stored is asked for",
    ),
    Equation(
        6,
        "Hidden state",
        r"h_t = o_t \ast \tanh(C_t)",
        "h",
        function="rnnbook.lstm.hidden_state",
        chapter="notebooks/06_hidden_state",
        test="tests/test_lstm.py::test_eq06_hidden_state_equals_torch_lstm_cell_fed_with_the_same_gates",
        failure=("who counts all evidence alike grows too sure, and stays sure of the wrong thing"),
        answer="the mean of the sign that the evidence speaks of, where it is asked for",
    ),
    Equation(
        7,
        "Update gate",
        r"z_t = \sigma(W_z \cdot [h_{t-1}, x_t] + b_z)",
        "z",
        function="rnnbook.gru.update_gate",
        chapter="notebooks/07_update_gate",
        test="tests/test_gru.py::test_eq07_update_gate_equals_the_gate_inside_torch_gru_cell",
        failure="a fixed share that remembers long hardly hears, and one that hears forgets",
        answer="one probability for both: that the old value still stands",
    ),
    Equation(
        8,
        "Reset gate",
        r"r_t = \sigma(W_r \cdot [h_{t-1}, x_t] + b_r)",
        "r",
        function="rnnbook.gru.reset_gate",
        chapter="notebooks/08_reset_gate",
        test="tests/test_gru.py::test_eq08_reset_gate_equals_the_gate_inside_torch_gru_cell",
        failure="a memory that does not bear now disturbs, and one that is erased is missed later",
        answer="the probability that a memory bears on the new value",
    ),
    Equation(
        9,
        "Candidate hidden state",
        r"\tilde{h}_t = \tanh(W \cdot [r_t \ast h_{t-1}, x_t])",
        "h_tilde",
        function="rnnbook.gru.candidate",
        chapter="notebooks/09_candidate_hidden_state",
        test="tests/test_gru.py::test_eq09_candidate_equals_torch_rnn_cell_on_what_the_gate_lets_pass",
        failure="which memories bear on the new value is in doubt, and there are too many cases",
        answer="the mean over all cases, with the mean taken inside of the tanh",
    ),
    Equation(
        10,
        "GRU hidden state",
        r"h_t = z_t \odot h_{t-1} + (1 - z_t) \odot \tilde{h}_t",
        "h",
        function="rnnbook.gru.hidden_state",
        chapter="notebooks/10_gru_hidden_state",
        test="tests/test_gru.py::test_eq10_hidden_state_equals_torch_gru_cell_fed_with_the_same_gates",
        failure="one state that is stored and shown, and to which all is added, leaves its range",
        answer="the mean of old and new, weighted by the probability that the old still stands",
    ),
)
"""The ten equations, in the post's order."""
