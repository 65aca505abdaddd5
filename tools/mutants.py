"""Break the book on purpose, one thing at a time, and see that a test notices (`make mutants`).

Each mutation is applied to a copy of the working tree; the tests that should notice run there. The
table says which one turned red. A mutation that no test notices, or that no longer fits the code,
ends the run with status 1.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import nbformat  # noqa: E402

from tools.notebooks import code_cells, kernel_environment  # noqa: E402

Change = Callable[[Path], None]
LINKED = (".venv", "_build/html", "tools/node_modules")  # needed by tests, changed by none


class DoesNotFitError(Exception):
    """A mutation that the code has outgrown."""


@dataclass(frozen=True)
class Mutation:
    """One break, where it is, and the tests that must notice."""

    what: str
    file: str
    change: Change
    tests: str


def replaced(old: str, new: str, after: str = "") -> Change:
    """Replace the first `old` that stands after `after`."""

    def change(path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        start = text.find(after)
        place = text.find(old, start) if start >= 0 else -1
        if place < 0:
            raise DoesNotFitError(f"{path.name} no longer holds {old!r} after {after!r}")
        path.write_text(text[:place] + new + text[place + len(old) :], encoding="utf-8")

    return change


def in_code(old: str, new: str) -> Change:
    """Replace the first `old` in the code cells of a notebook."""

    def change(path: Path) -> None:
        notebook = nbformat.read(path, as_version=4)
        for cell in code_cells(notebook):
            if old in cell.source:
                cell.source = cell.source.replace(old, new, 1)
                nbformat.write(notebook, path)
                return
        raise DoesNotFitError(f"no code cell of {path.name} holds {old!r}")

    return change


def edited_output(path: Path) -> None:
    """Raise the last digit of the first number that a cell printed."""
    notebook = nbformat.read(path, as_version=4)
    for cell in code_cells(notebook):
        for output in cell.outputs:
            if output.output_type == "stream" and re.search(r"\d", output.text):
                raised = re.sub(r"\d", lambda m: str((int(m[0]) + 1) % 10), output.text, count=1)
                output.text = raised
                nbformat.write(notebook, path)
                return
    raise DoesNotFitError(f"no cell of {path.name} printed a number")


def stripped(path: Path) -> None:
    """Remove every output, as a commit hook of another project would."""
    notebook = nbformat.read(path, as_version=4)
    for cell in code_cells(notebook):
        cell.outputs, cell.execution_count = [], None
    nbformat.write(notebook, path)


GATE = "def forget_gate("
LSTM, GRU, RNN = "rnnbook/lstm.py", "rnnbook/gru.py", "rnnbook/rnn.py"
OF_LSTM, OF_GRU, OF_ALL = "tests/test_lstm.py", "tests/test_gru.py", "tests/test_gates.py"
BAD_INPUT = "tests/test_bad_input.py"
SCRIPT = "rnnbook/widgets/js/mathematics.js"
SLIDERS = "rnnbook/widgets/built/forget_gate.js"  # what the package ships
FIRST, SECOND = "notebooks/00_why_gates.ipynb", "notebooks/01_forget_gate.ipynb"
OF_2 = "notebooks/02_input_gate.ipynb"
MARKED = "rnnbook/experiments/marked.py"
VARIANTS, OF_VARIANTS = "rnnbook/variants.py", "tests/test_variants.py"
HYGIENE = "tests/test_notebooks.py"
STATES = "def rnn_states("

MUTATIONS = [
    Mutation(
        "(1): σ becomes tanh",
        LSTM,
        replaced("torch.sigmoid(", "torch.tanh(", GATE),
        "tests/test_lstm.py",
    ),
    Mutation("(1): + b becomes − b", LSTM, replaced("+ b)", "- b)", GATE), "tests/test_lstm.py"),
    Mutation(
        "(1): the h term is dropped", LSTM, replaced(" + h @ W_h", "", GATE), "tests/test_lstm.py"
    ),
    Mutation(
        "(1): W_x and W_h are swapped in the check",
        LSTM,
        replaced('W_h="H H"', 'W_h="D H"'),
        "tests/test_lstm.py",
    ),
    Mutation(
        "(1): its shapes are not checked",
        LSTM,
        replaced('@shapes(x="B D", h="B H", W_x="D H", W_h="H H", b="H")\n', ""),
        "tests/test_shapes.py",
    ),
    Mutation(
        "(2): σ becomes tanh",
        LSTM,
        replaced("torch.sigmoid(", "torch.tanh(", "def input_gate("),
        OF_LSTM,
    ),
    Mutation(
        "(2): the x term is dropped",
        LSTM,
        replaced("x @ W_x + ", "", "def input_gate("),
        OF_ALL,
    ),
    Mutation(
        "(2): its shapes are not checked",
        LSTM,
        replaced(
            '@shapes(x="B D", h="B H", W_x="D H", W_h="H H", b="H")\ndef input_gate(',
            "def input_gate(",
            "",
        ),
        BAD_INPUT,
    ),
    Mutation(
        "(3): the candidate is not squashed",
        LSTM,
        replaced("torch.tanh(x @ W_x + h @ W_h + b)", "x @ W_x + h @ W_h + b", "def candidate("),
        OF_LSTM,
    ),
    Mutation(
        "(3): tanh becomes σ",
        LSTM,
        replaced("torch.tanh(", "torch.sigmoid(", "def candidate("),
        OF_ALL,
    ),
    Mutation(
        "backwards: the detours through the gates are cut",
        LSTM,
        replaced('delta_h = sum(a[g][t] @ W[f"W_h{g}"].T for g in a)', "delta_h = 0 * delta_h"),
        OF_LSTM,
    ),
    Mutation(
        "backwards: the carry forgets to forget",
        LSTM,
        replaced("delta_C = f[t] * delta_C", "delta_C = 1 * delta_C"),
        OF_LSTM,
    ),
    Mutation(
        "chapter 6: the exact filter keeps everything",
        "rnnbook/worlds/witness.py",
        replaced("torch.atanh(f * torch.tanh(C))", "torch.atanh(torch.tanh(C))"),
        "tests/test_witness.py",
    ),
    Mutation(
        "chapter 6: a guess that fails is called solved",
        "rnnbook/experiments/remembering.py",
        replaced("best >= SOLVED, best, (), network", "True, best, (), network"),
        "tests/test_remembering.py",
    ),
    Mutation(
        "(4): nothing is forgotten",
        LSTM,
        replaced("f * C + ", "C + ", "def cell_state("),
        OF_LSTM,
    ),
    Mutation(
        "(4): the input gate is missing",
        LSTM,
        replaced("i * C_tilde", "C_tilde", "return f * C"),
        OF_LSTM,
    ),
    Mutation(
        "(4): f and i are swapped",
        LSTM,
        replaced("f * C + i * C_tilde", "i * C + f * C_tilde", "def cell_state("),
        OF_LSTM,
    ),
    Mutation(
        "(5): b is added outside of σ",
        LSTM,
        replaced("h @ W_h + b)", "h @ W_h) + b", "def output_gate("),
        OF_LSTM,
    ),
    Mutation(
        "(6): the output gate is missing",
        LSTM,
        replaced("o * torch.tanh(C)", "torch.tanh(C)", "def hidden_state("),
        OF_LSTM,
    ),
    Mutation(
        "(6): the cell state is not squashed",
        LSTM,
        replaced("o * torch.tanh(C)", "o * C", "def hidden_state("),
        OF_LSTM,
    ),
    Mutation(
        "LSTM: f is computed from the parameters of i",
        LSTM,
        replaced("forget_gate(x, h, W_xf, W_hf, b_f)", "forget_gate(x, h, W_xi, W_hi, b_i)"),
        OF_LSTM,
    ),
    Mutation(
        "LSTM: the cell state is not handed on",
        LSTM,
        replaced("lstm_step(X, H, C, *weights)", "lstm_step(X, H, 0 * C, *weights)", "def lstm("),
        OF_LSTM,
    ),
    Mutation(
        "LSTM: the outputs are stacked, not concatenated",
        LSTM,
        replaced("torch.cat(outputs, dim=0)", "torch.stack(outputs)", "def lstm("),
        OF_LSTM,
    ),
    Mutation(
        "LSTM: an empty sequence is not refused by name",
        LSTM,
        replaced('    check_steps("inputs", inputs)\n', "", "def lstm("),
        BAD_INPUT,
    ),
    Mutation(
        "LSTM: o takes W_x of i",
        LSTM,
        replaced("output_gate(x, h, W_xo", "output_gate(x, h, W_xi", "def lstm_step("),
        OF_LSTM,
    ),
    Mutation(
        "(7): + b becomes − b",
        GRU,
        replaced("+ b)", "- b)", "def update_gate("),
        OF_GRU,
    ),
    Mutation(
        "(8): σ becomes tanh",
        GRU,
        replaced("torch.sigmoid(", "torch.tanh(", "def reset_gate("),
        OF_GRU,
    ),
    Mutation(
        "(9): the reset is dropped",
        GRU,
        replaced("(r * h) @ W_h", "h @ W_h", "def candidate("),
        OF_GRU,
    ),
    Mutation(
        "(9): the reset comes after the product",
        GRU,
        replaced("(r * h) @ W_h", "r * (h @ W_h)", "def candidate("),
        OF_GRU,
    ),
    Mutation(
        "(9): the reset reaches the input, too",
        GRU,
        replaced(
            "torch.tanh(x @ W_x + (r * h) @ W_h + b)",
            "torch.tanh(r * (x @ W_x) + (r * h) @ W_h + b)",
            "def candidate(",
        ),
        OF_GRU,
    ),
    Mutation(
        "(9): the bias that a later reset scales is left out",
        GRU,
        replaced("h @ W_h + b_h", "h @ W_h", "def candidate("),
        OF_GRU,
    ),
    Mutation(
        "(10): z and 1 − z are swapped",
        GRU,
        replaced("z * h + (1 - z) * h_tilde", "(1 - z) * h + z * h_tilde", "def hidden_state("),
        OF_GRU,
    ),
    Mutation(
        "(10.7): the carry is left out",
        GRU,
        replaced("z[t] * delta + detour", "detour", "def gru_backward("),
        OF_GRU,
    ),
    Mutation(
        "(10.8): z hears the candidate alone",
        GRU,
        replaced("(before[t] - h_tilde[t])", "(-h_tilde[t])", "def gru_backward("),
        OF_GRU,
    ),
    Mutation(
        "(10.9): with the reset after, r hears what before has",
        GRU,
        replaced('a["h"][t] * past[t]', 'a["h"][t] * before[t]', "def gru_backward("),
        OF_GRU,
    ),
    Mutation(
        "chapter 10's best memory forgets that the other way turns",
        "rnnbook/worlds/relative.py",
        replaced("- r * h", "+ r * h", "def best_memory("),
        "tests/test_relative.py",
    ),
    Mutation(
        "(10): the old state is not scaled down",
        GRU,
        replaced("z * h + (1 - z)", "h + (1 - z)", "def hidden_state("),
        OF_GRU,
    ),
    Mutation(
        "GRU: z is taken for r",
        GRU,
        replaced("candidate(x, h, r, W_xh", "candidate(x, h, z, W_xh", "def gru_step("),
        OF_GRU,
    ),
    Mutation(
        "GRU: the state is not handed on",
        GRU,
        replaced("H = gru_step(X, H, *weights)", "_ = gru_step(X, H, *weights)", "def gru("),
        OF_GRU,
    ),
    Mutation(
        "plain RNN: tanh becomes σ",
        RNN,
        replaced("torch.tanh(", "torch.sigmoid("),
        "tests/test_rnn.py",
    ),
    Mutation(
        "plain RNN: the state is not handed on",
        RNN,
        replaced("        h = rnn_step(x, h,", "        h = rnn_step(x, 0 * h,", STATES),
        "tests/test_rnn.py",
    ),
    Mutation(
        "layers: the second bias keeps its random value beside forget_bias",
        "rnnbook/layers.py",
        replaced("second[rows][: self.hidden_size] = 0", "pass"),
        "tests/test_layers.py",
    ),
    Mutation(
        "the two biases share one gradient",
        "rnnbook/engines/passes.py",
        replaced("d_b_hh = d_b_hh.clone()", "pass"),
        "tests/test_engines.py",
    ),
    Mutation(
        "cuDNN is not told to keep what its backward pass reads",
        "rnnbook/engines/library.py",
        replaced("training = is_watched((data, *state, *flat))", "training = False"),
        "tests/test_layers_guests.py",
    ),
    Mutation(
        "the gate lets tensors through that compute in their own way",
        "rnnbook/engines/plain.py",
        replaced("return type(x).__name__", 'return ""', "def computes_itself"),
        "tests/test_layers_guests.py",
    ),
    Mutation(
        "a library that was cut short is loaded",
        "rnnbook/engines/build.py",
        replaced("if path.stem.endswith(_hash(path)):", "if True:"),
        "tests/test_build.py",
    ),
    Mutation(
        "batches: the second direction reads forwards",
        "rnnbook/batches.py",
        replaced(".flip(0)", "", "def reverse"),
        "tests/test_batches.py",
    ),
    Mutation(
        "layouts: Keras stacks its gates as ONNX does",
        "rnnbook/layouts.py",
        replaced('"keras": "ifco"', '"keras": "iofc"'),
        "tests/test_convert.py",
    ),
    Mutation(
        "the backward pass by hand forgets the path through tanh C",
        "rnnbook/engines/loops.py",
        replaced("tanh_C, tanh_C, value=-1)", "tanh_C, tanh_C, value=0)", "class LstmLoops"),
        "tests/test_engines.py",
    ),
    Mutation(
        "the same in C++",
        "rnnbook/engines/loops.cpp",
        replaced("(T(1) - tanh_C * tanh_C)", "T(1)", "void lstm_backward"),
        "tests/test_engines.py",
    ),
    Mutation(
        "aⁿbⁿ: after the last b another one is legal",
        "rnnbook/tasks/languages.py",
        replaced("(among_b & ~last)", "among_b"),
        "tests/test_languages.py",
    ),
    Mutation(
        "JavaScript: the half-life loses its ln 2",
        SCRIPT,
        replaced("Math.LN2 / -Math.log(f)", "1 / -Math.log(f)"),
        "tests/test_mathematics_js.py",
    ),
    Mutation(
        "JavaScript: σ becomes a softsign",
        SCRIPT,
        replaced("return 1 / (1 + Math.exp(-a));", "return 0.5 + (0.5 * a) / (1 + a);"),
        "tests/test_mathematics_js.py",
    ),
    Mutation(
        "JavaScript: the rate of forgetting loses digits near f = 1",
        SCRIPT,
        replaced("a >= 0 ? Math.log1p(Math.exp(-a))", "a >= 0 ? -Math.log(sigmoid(a))"),
        "tests/test_mathematics_js.py",
    ),
    Mutation(
        "explorable: the gate ignores the state",
        SLIDERS,
        replaced("w_x*x2+w_h*h2", "w_x*x2"),
        "tests/test_widgets.py",
    ),
    Mutation(
        "chapter 1: a sign in the check of (1.2)",
        SECOND,
        in_code("(P - 2 * f * P", "(P + 2 * f * P"),
        SECOND,
    ),
    Mutation(
        "chapter 1: σ′ = σ(1 − σ) becomes σ(1 + σ)",
        SECOND,
        in_code("sigma * (1 - sigma)", "sigma * (1 + sigma)"),
        SECOND,
    ),
    Mutation(
        "chapter 4: a b adds to the counter's closed form what it should take away",
        "rnnbook/worlds/counter.py",
        replaced("+ g_b * _steps", "- g_b * _steps"),
        "tests/test_counter.py",
    ),
    Mutation(
        "chapter 4: the blind counter's gates are trained to see h",
        "rnnbook/experiments/counting.py",
        replaced("free=_learns(networks[0], model),", ""),
        "tests/test_counter.py",
    ),
    Mutation(
        "chapter 4: the candidate has the whole log-odds",
        "rnnbook/worlds/stored_signs.py",
        replaced('("s", 0.5)', '("s", 1.0)'),
        "tests/test_stored_signs.py",
    ),
    Mutation(
        "chapter 2: a sign in the check of (2.3)",
        OF_2,
        in_code("(s - q) ** 2 + q * (1 - q)", "(s - q) ** 2 - q * (1 - q)"),
        OF_2,
    ),
    Mutation(
        "chapter 2: the variance is added in (2.5)",
        OF_2,
        in_code("chance * (1 - chance) - spread", "chance * (1 - chance) + spread"),
        OF_2,
    ),
    Mutation(
        "the flagged sum: the gate's share is kept, not written",
        "rnnbook/worlds/flagged.py",
        replaced("C = C + input_gate(x_t, C, W_x, W_h, b) * x_t[:, :1]", "C = C + x_t[:, :1]"),
        "tests/test_flagged.py",
    ),
    Mutation(
        "the marked sum: a marker counts for its own step",
        "rnnbook/worlds/marked.py",
        replaced("torch.cat([torch.zeros(1, batch), markers[:-1]])", "markers"),
        "tests/test_marked.py",
    ),
    Mutation(
        "an arm without the input gate trains it after all",
        MARKED,
        replaced("free=free,", ""),
        "tests/test_marked.py",
    ),
    Mutation("chapter 0: a stored number is edited", FIRST, edited_output, FIRST),
    Mutation("chapter 1: a stored number is edited", SECOND, edited_output, SECOND),
    Mutation("chapter 1: stripped of its outputs", SECOND, stripped, HYGIENE),
    Mutation(
        "chapter 1: the text twin says something else",
        "notebooks/text/01_forget_gate.md",
        replaced("forget", "forgive", "# "),
        HYGIENE,
    ),
    Mutation(
        "many networks at once: what is held is trained",
        "rnnbook/experiments/rows.py",
        replaced("gradient * free", "gradient"),
        "tests/test_rows.py",
    ),
    Mutation(
        "worlds: a fit stops at its start",
        "rnnbook/worlds/fitting.py",
        replaced("optimizer.step(error)", "error()"),
        "tests/test_flagged.py",
    ),
    Mutation(
        "the lift: the button's log-odds are not halved",
        "rnnbook/worlds/lift.py",
        replaced("[[0.5 * math.log(", "[[math.log("),
        "tests/test_lift.py",
    ),
    Mutation(
        "the sign by hand: its mean takes the whole log-odds",
        SCRIPT,
        replaced("0.5 * logit(chance)", "logit(chance)"),
        "tests/test_sign_by_hand.py",
    ),
    Mutation(
        "the gate at work: its derived weight changes sign",
        SCRIPT,
        replaced("return [-1 / noise ** 2", "return [1 / noise ** 2"),
        "tests/test_gate_at_work.py",
    ),
    Mutation(
        "the cell in time: a detour is counted as the carry's",
        SCRIPT,
        replaced("alone = alone.map((d, j) => d * f[j])", "alone = carry"),
        "tests/test_cell_both_ways.py",
    ),
    Mutation(
        "the model in the page: a forget gate that is held obeys its equation all the same",
        SCRIPT,
        replaced('obey(run, "f", hold, now, H);', ""),
        "tests/test_model_in_page.py",
    ),
    Mutation(
        "the model in the page: one of the two biases is forgotten",
        SCRIPT,
        replaced("let sum = b[r] + more[r];", "let sum = b[r];"),
        "tests/test_model_in_page.py",
    ),
    Mutation(
        "the model in the page: the drawn token is the one before",
        SCRIPT,
        replaced("if (sum > number) return v;", "if (sum > number) return Math.max(v - 1, 0);"),
        "tests/test_model_in_page.py",
    ),
    Mutation(
        "the cell in time: the other unit sends nothing back",
        "rnnbook/widgets/built/cell_in_time.js",
        replaced("[other][j],0)", "[j][other],0)"),
        "tests/test_cell_in_time.py",
    ),
    Mutation(
        "the GRU in time: a detour is counted as the carry's",
        SCRIPT,
        replaced("alone = alone.map((d, j) => d * z[j])", "alone = carry"),
        "tests/test_gru_both_ways.py",
    ),
    Mutation(
        "the GRU in time: the reset after gates the sender",
        SCRIPT,
        replaced("r[after ? j : k]", "r[k]"),
        "tests/test_gru_both_ways.py",
    ),
    Mutation(
        "the GRU in time: reset after, the other candidate sends nothing back",
        "rnnbook/widgets/built/gru_in_time.js",
        replaced("sent+others:sent", "sent:sent"),
        "tests/test_gru_in_time.py",
    ),
    Mutation(
        "a gate by hand: what is not kept is written whole",
        SCRIPT,
        replaced("g * C + (1 - g) * x", "g * C + x"),
        "tests/test_gate_by_hand.py",
    ),
    Mutation(
        "the tied LSTM: its input gate is the forget gate itself",
        "rnnbook/experiments/overwriting.py",
        replaced("torch.cat([-part[..., :H], part], -1)", "torch.cat([part[..., :H], part], -1)"),
        "tests/test_overwriting.py",
    ),
    Mutation(
        "networks in rows: the GRU's candidate hears all of the past",
        "rnnbook/experiments/rows.py",
        replaced("r * h, of_candidate", "h, of_candidate"),
        "tests/test_overwriting.py",
    ),
    Mutation(
        "a peephole's sign",
        VARIANTS,
        replaced("a + peeps[name] * C", "a - peeps[name] * C"),
        OF_VARIANTS,
    ),
    Mutation(
        "coupled gates write what they keep",
        VARIANTS,
        replaced("f = 1 - i if", "f = i if"),
        OF_VARIANTS,
    ),
    Mutation(
        "full gate recurrence: from and to are swapped",
        VARIANTS,
        replaced('named["weight_r"]', 'named["weight_r"].mT'),
        OF_VARIANTS,
    ),
    Mutation(
        "a cut takes out the wrong block",
        "rnnbook/experiments/variants.py",
        replaced("dict(zip(variants.BLOCKS,", "dict(zip(variants.BLOCKS[::-1],"),
        "tests/test_variants_trained.py",
    ),
    Mutation(
        "a probe is scored on the half that chose it",
        "rnnbook/experiments/reading.py",
        replaced('sign * second["C"][:, unit]', 'sign * first["C"][:, unit]'),
        "tests/test_reading.py",
    ),
    Mutation(
        "a gate that is held at its mean still looks at what came before",
        "rnnbook/experiments/reading.py",
        replaced('if name.startswith("bias_ih") else 0', 'if name.startswith("bias") else 0'),
        "tests/test_reading.py",
    ),
    Mutation(
        "equal numbers of weights: a search that stops at the next larger one",
        "rnnbook/experiments/text_models.py",
        replaced("return min((low, high), key", "return min((high, high), key"),
        "tests/test_text_models.py",
    ),
    Mutation(
        "exercise 11.3: a draw without its temperature is accepted",
        "rnnbook/chapters/exercises.py",
        replaced("torch.softmax(scores / temperature, 0)", "torch.softmax(scores, 0)"),
        "tests/test_exercises.py",
    ),
    Mutation(
        "the ladder: a gate's products are not counted backward",
        "notebooks/11_training_on_a_gpu.ipynb",
        in_code('row["products_counted"]', 'row["products_counted"] - 1'),
        "notebooks/11_training_on_a_gpu.ipynb",
    ),
    Mutation(
        "(10.8): the candidate forgets the slope of tanh",
        "notebooks/10_gru_hidden_state.ipynb",
        in_code("by_h * (1 - z) * (1 - h_tilde**2)", "by_h * (1 - z)"),
        "notebooks/10_gru_hidden_state.ipynb",
    ),
    Mutation(
        "gates clamped: the reset gate's mean stands for the update gate's",
        "rnnbook/experiments/closing_claims.py",
        replaced("(instead(z, z_mean), r)", "(instead(z, r_mean), r)"),
        "tests/test_long_and_short.py",
    ),
    Mutation(
        "equal terms: in equal time the slowest cell does all batches",
        "rnnbook/experiments/fair_comparison.py",
        replaced("quickest = min(ms.values())", "quickest = max(ms.values())"),
        "tests/test_gates_clamped.py",
    ),
    Mutation(
        "equal terms: the LSTM's input gate starts open, not its forget gate",
        "rnnbook/experiments/equal_terms.py",
        replaced("rows.lstm_trace, keeps=1", "rows.lstm_trace, keeps=0"),
        "tests/test_equal_terms.py",
    ),
    Mutation(
        "(7.9): the gate is told of the old state alone",
        "notebooks/07_update_gate.ipynb",
        in_code("h.grad * (before - h_tilde)", "h.grad * before"),
        "notebooks/07_update_gate.ipynb",
    ),
    Mutation(
        "two gates by hand: the second memory is not added",
        "rnnbook/widgets/js/mathematics.js",
        replaced("sum + gates[n][t] * row[t]", "gates[n][t] * row[t]"),
        "tests/test_reset_by_hand.py",
    ),
    Mutation(
        "the world of pushes: the derived bias lacks the evidence's part",
        "rnnbook/worlds/__init__.py",
        replaced("prior - (high**2 - low**2) / (2 * self.noise**2)", "prior"),
        "tests/test_pushes.py",
    ),
    Mutation(
        "pushes: an arm without (8) is told of the input all the same",
        "rnnbook/experiments/pushes.py",
        replaced('"W_x": arm.sees_x', '"W_x": True'),
        "tests/test_pushes.py",
    ),
    Mutation(
        "(8.9): the reset gate learns as if every memory held 1",
        "notebooks/08_reset_gate.ipynb",
        in_code("weights[7].T) * before * r", "weights[7].T) * r"),
        "notebooks/08_reset_gate.ipynb",
    ),
    Mutation(
        "(9.2): a memory that does not bear has no probability",
        "rnnbook/worlds/bearing.py",
        replaced("A * r + (1 - A) * (1 - r)", "A * r + (1 - A)"),
        "tests/test_bearing.py",
    ),
    Mutation(
        "GRUs side by side: the reset after does nothing",
        "rnnbook/experiments/rows.py",
        replaced("(1 - after + after * r) * past", "past"),
        "tests/test_choosing.py",
    ),
    Mutation(
        "the page's GRU: its answer is read from the state before",
        SCRIPT,
        replaced("dot(answer.h, h) +", "dot(answer.h, h0) +"),
        "tests/test_which_bear.py",
    ),
    Mutation(
        "(9.8): the gate before is told without the weights",
        "notebooks/09_candidate_hidden_state.ipynb",
        in_code("h * (delta @ U.T)", "h * delta"),
        "notebooks/09_candidate_hidden_state.ipynb",
    ),
    Mutation(
        "the credits: tanh′ is left out of a step's part",
        SCRIPT,
        replaced("(slopes[k][p] * value) / size", "value / size"),
        "tests/test_credits_of_steps.py",
    ),
    Mutation(
        "the credits: the bound is shown before there is a formula",
        "rnnbook/widgets/built/credit.js",
        replaced("whole?limit(view,c2):{}", "limit(view,c2)"),
        "tests/test_credit.py",
    ),
    Mutation(
        "the unit through time: its axis moves under the hand",
        "rnnbook/widgets/built/through_time.js",
        replaced('view.held!=="h_0"', "true"),
        "tests/test_through_time.py",
    ),
    Mutation(
        "explorables: their keys go on to the notebook around them",
        SLIDERS,
        replaced("event.stopPropagation()", "undefined"),
        "tests/test_other_homes.py",
    ),
    Mutation(
        "chapter 0: the symbol's gradient is taken from the noise",
        "rnnbook/experiments/__init__.py",
        replaced("[:, : tasks.RECALL_SYMBOLS]", "[:, tasks.RECALL_SYMBOLS :]"),
        "tests/test_experiments.py",
    ),
    Mutation(
        "(0.4): the gradient of an argument loses its tanh′",
        FIRST,
        in_code("alpha, (1 - h**2) * delta[1:]", "alpha, delta[1:]"),
        FIRST,
    ),
    Mutation(
        "(1.10): one gate is left out of the product",
        SECOND,
        in_code("torch.diag(gates.prod(0))", "torch.diag(gates[1:].prod(0))"),
        SECOND,
    ),
    Mutation(
        "(1.13): the gate's mean takes the place of its mean square",
        SECOND,
        in_code("chance[K, v] * share[v] ** 2", "chance[K, v] * share[v]"),
        SECOND,
    ),
    Mutation(
        "chapter 0: what is left of the symbol is measured from 0, not from the mean",
        "rnnbook/experiments/__init__.py",
        replaced("(states - states.mean(0)).norm", "states.norm"),
        "tests/test_experiments.py",
    ),
    Mutation(
        "a sweep trains in float32 whatever it is told",
        "rnnbook/experiments/__init__.py",
        replaced("epsilon=epsilon, dtype=dtype)", "epsilon=epsilon)"),
        "tests/test_experiments.py",
    ),
    Mutation(
        "a function that checks no step passes",
        "rnnbook/chapters/verify.py",
        replaced("if not self.done:", "if False:"),
        "tests/test_verify.py",
    ),
    Mutation(
        "worlds: the oracle forgets how likely an event is",
        "rnnbook/worlds/__init__.py",
        replaced("+ prior + likelihood", "+ likelihood"),
        "tests/test_worlds.py",
    ),
    Mutation(
        "twins: an author's own tag is lost with the header's",
        "tools/headers.py",
        replaced('[*given["tags"], *extra]', '[*given["tags"]]'),
        "tests/test_headers.py",
    ),
    Mutation(
        "page: a check is marked at no display",
        "book/_ext/rnnsite/folds.py",
        replaced('display["rnn_mark"] = (', "unseen = ("),
        "tests/test_site_extension.py",
    ),
    Mutation(
        "a sentence of the post says something else",
        "book/claims.toml",
        replaced("practically their default", "their default"),
        "tests/test_claims.py",
    ),
    Mutation(
        "a claim counts one training more than the sweep",
        "book/claims.toml",
        replaced("in 9 of 20", "in 10 of 20"),
        "tests/test_claims.py",
    ),
    Mutation(
        "a confirmed claim has lost its finding",
        "book/claims.toml",
        replaced("found.2", "found.8", after='key = "input-layer"'),
        "tests/test_claims.py",
    ),
]


def copied_tree(target: Path) -> None:
    """The files of the working tree that git knows or would add, with links to what is built."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    for name in subprocess.check_output(command, cwd=ROOT, text=True).split("\0"):
        if name and (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    for name in LINKED:
        if (ROOT / name).exists():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            (target / name).symlink_to(ROOT / name)


def red_tests(tree: Path, tests: str) -> list[str]:
    """The tests that fail in a tree; the first is enough for a notebook, whose cells take time."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-rfE"]
    command += ["--nbval"] if tests.endswith(".ipynb") else []
    environment = {**os.environ, **kernel_environment(), "PYTHONPATH": str(tree)}
    done = subprocess.run(
        [*command, tests], cwd=tree, capture_output=True, text=True, env=environment
    )
    found = re.findall(r"(?m)^(?:FAILED|ERROR) (\S+::(?:Cell \d+|\S+))", done.stdout)
    if done.returncode not in (0, 1) or (done.returncode == 1 and not found):
        raise DoesNotFitError(
            f"the tests could not run:\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
        )
    return found


def outcome(mutation: Mutation) -> tuple[bool, str]:
    """Whether a mutation was noticed, and by which test."""
    with tempfile.TemporaryDirectory() as name:
        tree = Path(name)
        copied_tree(tree)
        try:
            mutation.change(tree / mutation.file)
            red = red_tests(tree, mutation.tests)
        except DoesNotFitError as error:
            return False, f"DOES NOT FIT: {error}"
    return bool(red), red[0] if red else f"SURVIVED {mutation.tests}"


def healthy() -> bool:
    """Whether the tests are green before anything is broken; else the table would say nothing."""
    with tempfile.TemporaryDirectory() as name:
        tree = Path(name)
        copied_tree(tree)
        red = [
            test
            for tests in sorted({m.tests for m in MUTATIONS})
            for test in red_tests(tree, tests)
        ]
    for test in red:
        print(f"red before anything was broken: {test}", file=sys.stderr)
    return not red


def main() -> int:
    from tqdm import tqdm

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="", help="the mutations whose name or file holds this")
    options = parser.parse_args()
    chosen = [m for m in MUTATIONS if options.only in m.what or options.only in m.file]
    if not chosen:
        print(f"No mutation's name or file holds {options.only!r}.", file=sys.stderr)
        return 1
    if not options.only and not healthy():
        return 1
    width = max(len(mutation.what) for mutation in chosen)
    survivors = 0
    for mutation in tqdm(chosen, leave=False, unit="mutant"):
        noticed, by = outcome(mutation)
        survivors += not noticed
        tqdm.write(f"{mutation.what:<{width}}  {by}")
    print(f"{len(chosen) - survivors} of {len(chosen)} were noticed.")
    return int(survivors > 0)


if __name__ == "__main__":
    sys.exit(main())
