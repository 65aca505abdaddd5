r"""Formal languages as prediction tasks: which symbols may come next?

Strings differ in length, so every generator returns three tensors: inputs (T, B, symbols), targets
(T, B, symbols) with a 1 for each legal next symbol, and ``lengths`` (B,), ready for a layer's
``lengths=``; everything beyond a string's length is zero. The score of all of them is the share of
strings for which a learner is right at every step, :func:`strings_right`.

The loss is the mean over the steps within the lengths; those beyond ask for nothing, not even for
zeros::

    >>> import torch
    >>> from torch.nn.functional import binary_cross_entropy_with_logits
    >>> from rnnbook.tasks.languages import embedded_reber, strings_right
    >>> inputs, targets, lengths = embedded_reber(3, 8, 20, torch.Generator().manual_seed(1))
    >>> scores = 8 * targets - 4  # of a learner that knows the language; else of a layer
    >>> inside = torch.arange(len(inputs))[:, None] < lengths  # (T, B)
    >>> loss = binary_cross_entropy_with_logits(scores[inside], targets[inside])
    >>> print(f"{loss:.4f}")  # nats for each symbol and step: ln(1 + exp(-4))
    0.0181
    >>> strings_right(scores, targets, lengths).float().mean()
    tensor(1.)
"""

from __future__ import annotations

import torch
from torch import Tensor

from rnnbook.arguments import check_generator, check_whole_numbers
from rnnbook.batches import check_lengths
from rnnbook.shapes import shapes

A_N_B_N_SYMBOLS = ("S", "a", "b", "T")
"""The alphabet of :func:`a_n_b_n`: S starts a string and T ends it."""

REBER_SYMBOLS = ("B", "T", "P", "S", "X", "V", "E")
"""The alphabet of :func:`reber` and :func:`embedded_reber`: B begins a string and E ends it."""

EMBEDDED_REBER_BASELINE = 1 / 2
"""Share of strings of :func:`embedded_reber` wholly right without memory of the first branch."""


@shapes(scores="T B K", targets="T B K")
def strings_right(scores: Tensor, targets: Tensor, lengths: Tensor) -> Tensor:
    r"""Of which strings was the set of legal next symbols predicted at every single step?

    A symbol counts as predicted where its score is positive, that is where the logistic function of
    it is above 1/2. Steps beyond a string's length do not count. All baselines of this module are
    given as a mean of the result, the share of strings wholly right.

    Shapes: scores (T, B, K), targets (T, B, K), lengths (B,) in 1…T; returns (B,), bool.

    Raises:
        ShapeError: names the argument, the shape expected and the shape given.
        TypeError: scores or targets are no floating-point tensors, dtypes or devices differ, or
            lengths are no whole numbers.
        ValueError: a length is not in 1…T.

    Source: the criterion of Gers & Schmidhuber (2001).
    """
    ends = torch.tensor(check_lengths(lengths, *targets.shape[:2]), device=targets.device)
    beyond = torch.arange(len(targets), device=targets.device).unsqueeze(1) >= ends
    right = ((scores > 0) == (targets > 0)).all(2)
    return (right | beyond).all(0)


def a_n_b_n(
    batch: int, smallest: int, largest: int, generator: torch.Generator
) -> tuple[Tensor, Tensor, Tensor]:
    r"""Strings of n letters a and then n letters b, which cannot be read without counting.

    At each step the targets are the symbols that may come next. For n = 2, with the symbols
    ``A_N_B_N_SYMBOLS``:

    =======  =====  ======  ======  ===  ===
    input    S      a       a       b    b
    targets  a      a, b    a, b    b    T
    =======  =====  ======  ======  ===  ===

    The learner is not told the range of n: after any number of a, another one is legal.

    Args:
        batch: number of strings B, at least 1.
        smallest: least n, at least 1.
        largest: greatest n, at least ``smallest``; n is uniform between both, ends included.
        generator: source of all randomness.

    Returns:
        inputs (T, B, 4), one-hot, float32; targets (T, B, 4), float32, 1 for each legal next
        symbol; lengths (B,), int64. A string has 2n + 1 steps (its last symbol is a target only), T
        is the greatest number of steps in the batch, and both are zero beyond a string's length.
        Baseline: :func:`a_n_b_n_baseline`.

    Raises:
        ValueError: ``batch`` or ``smallest`` is less than 1, or ``largest`` less than ``smallest``.
        TypeError: one of them is no whole number, or ``generator`` no ``torch.Generator``.

    Source: Gers & Schmidhuber (2001); here inputs and targets share one alphabet.
    """
    check_whole_numbers(batch=(batch, 1), smallest=(smallest, 1), largest=(largest, smallest))
    check_generator(generator)
    return a_n_b_n_strings(torch.randint(smallest, largest + 1, (batch,), generator=generator))


def a_n_b_n_strings(n: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    r"""The strings of :func:`a_n_b_n` with these n.

    Shapes: n (B,), whole numbers, each at least 1; returns inputs (T, B, 4), targets (T, B, 4) and
    lengths (B,), as :func:`a_n_b_n` does.

    Raises:
        ValueError: there is no n, or one is less than 1.

    Source: Gers & Schmidhuber (2001).
    """
    if n.dim() != 1 or len(n) == 0 or n.min() < 1:
        raise ValueError(f"n: expected whole numbers of at least 1, (B,), given {n}")
    lengths = 2 * n + 1
    t = torch.arange(int(lengths.max())).unsqueeze(1)
    start, among_a, among_b = t == 0, (t >= 1) & (t <= n), (t > n) & (t <= 2 * n)
    last, never = t == 2 * n, torch.zeros_like(among_a)
    inputs = torch.stack([start.expand_as(among_a), among_a, among_b, never], dim=2)
    legal = torch.stack([never, start | among_a, among_a | (among_b & ~last), last], dim=2)
    return inputs.float(), legal.float(), lengths


def a_n_b_n_baseline(smallest: int, largest: int) -> float:
    r"""Share of strings that the best answer to the last symbol alone gets wholly right.

    After the last b must come T, after every other one b. Without a count the answer is the same,
    so only n = 1 can be wholly right: the baseline is its share, 1 of ``largest`` when
    ``smallest`` is 1, and 0 otherwise. The score is the mean of :func:`strings_right`.

    Raises:
        ValueError: ``smallest`` is less than 1, or ``largest`` less than ``smallest``.
        TypeError: one of them is no whole number.

    Source: derived here; the test enumerates all answers.
    """
    check_whole_numbers(smallest=(smallest, 1), largest=(largest, smallest))
    return 1 / largest if smallest == 1 else 0.0


Grammar = tuple[dict[str, int], ...]  # for each state: symbol -> the state it leads to

_REBER: Grammar = (
    {"B": 1},
    {"T": 2, "P": 3},
    {"S": 2, "X": 4},
    {"T": 3, "V": 5},
    {"X": 3, "S": 6},
    {"P": 4, "V": 6},
    {"E": 6},  # the last state: a string is over once its end is the only thing to come
)
_REBER_STEPS = 4  # of BTXSE and BPVVE, the shortest strings: E is a target only


def _embed(inner: Grammar) -> Grammar:
    """B, T or P, a string of the inner grammar, the same T or P once more, E."""
    size = len(inner)
    grammar = [{"B": 1}, {"T": 2, "P": 2 + size + 1}]
    last = 2 + 2 * (size + 1)
    for branch, first in grammar[1].items():
        for state in inner[:-1]:
            grammar.append({symbol: first + to for symbol, to in state.items()})
        grammar += [{"E": first + size}, {branch: last}]
    return (*grammar, {"E": last})


_EMBEDDED_REBER = _embed(_REBER)
_EMBEDDED_REBER_STEPS = _REBER_STEPS + 4  # B and T or P before, and E and T or P after


def reber(
    batch: int, shortest: int, longest: int, generator: torch.Generator
) -> tuple[Tensor, Tensor, Tensor]:
    r"""Strings of the Reber grammar: which symbols may come next?

    A string starts with B, ends with E, and takes one of two branches at each state between, with
    probability 1/2 each::

        state      1          2          3          4          5         6
        branches   T→2 P→3    S→2 X→4    T→3 V→5    X→3 S→6    P→4 V→6   E

    B leads to state 1. Equal symbols lead to different states, so the last symbol is not enough to
    know what may follow; a finite memory is.

    Args:
        batch: number of strings B, at least 1.
        shortest: least number of steps of a string, at least 4.
        longest: greatest number of steps, at least ``shortest``. Strings are drawn with the
            grammar's probabilities *given* that their number of steps lies between both, ends
            included; there is no rejection: the time grows with ``longest``, not with how rare
            the lengths are.
        generator: source of all randomness.

    Returns:
        inputs (T, B, 7), one-hot, float32; targets (T, B, 7), float32, 1 for each legal next
        symbol; lengths (B,), int64. A string has one step fewer than symbols (its E is a target
        only), T is the greatest number of steps in the batch, and both are zero beyond a string's
        length. Symbols stand in the order of ``REBER_SYMBOLS``. Baseline: :func:`reber_baseline`.

    Raises:
        ValueError: ``batch`` is less than 1, ``shortest`` less than 4, or ``longest`` less than
            ``shortest``.
        TypeError: one of them is no whole number, or ``generator`` no ``torch.Generator``.

    Source: Reber (1967); as a prediction task Cleeremans, Servan-Schreiber & McClelland (1989).
    The choice of lengths is ours.
    """
    check_whole_numbers(
        batch=(batch, 1), shortest=(shortest, _REBER_STEPS), longest=(longest, shortest)
    )
    check_generator(generator)
    return _strings(_REBER, batch, shortest, longest, generator)


def reber_baseline(shortest: int, longest: int) -> float:
    r"""Share of strings that the best answer to the last symbol alone gets wholly right.

    Only BTXSE never asks for two different answers to the same symbol. Its probability is 1/8,
    divided by that of all strings with ``shortest`` to ``longest`` steps; the baseline is 0 when
    ``shortest`` is greater than its 4 steps. The score is the mean of :func:`strings_right`.

    Raises:
        ValueError: ``shortest`` is less than 4, or ``longest`` less than ``shortest``.
        TypeError: one of them is no whole number.

    Source: derived here; the test enumerates all answers.
    """
    check_whole_numbers(shortest=(shortest, _REBER_STEPS), longest=(longest, shortest))
    if shortest > _REBER_STEPS:
        return 0.0
    return 1 / 8 / _chances(_REBER, shortest, longest)[0, 0].item()


def embedded_reber(
    batch: int, shortest: int, longest: int, generator: torch.Generator
) -> tuple[Tensor, Tensor, Tensor]:
    r"""Strings of the embedded Reber grammar: the second symbol comes back as the last but one.

    B, then T or P, then a whole string of :func:`reber`, then *the same* T or P, then E. The whole
    inner string has nothing to do with the first branch, which has to be kept while it lasts.

    Args:
        batch: number of strings B, at least 1.
        shortest: least number of steps of a string, at least 8.
        longest: greatest number of steps, at least ``shortest``. Strings are drawn with the
            grammar's probabilities *given* that their number of steps lies between both, ends
            included; there is no rejection: the time grows with ``longest``, not with how rare
            the lengths are.
        generator: source of all randomness.

    Returns:
        inputs (T, B, 7), targets (T, B, 7), lengths (B,): as in :func:`reber`. Baseline:
        ``EMBEDDED_REBER_BASELINE`` = 1/2 is the mean of :func:`strings_right` for a learner that
        knows the grammar and has forgotten the first branch.

    Raises:
        ValueError: ``batch`` is less than 1, ``shortest`` less than 8, or ``longest`` less than
            ``shortest``.
        TypeError: one of them is no whole number, or ``generator`` no ``torch.Generator``.

    Source: Hochreiter & Schmidhuber (1997), experiment 1. The choice of lengths is ours.
    """
    check_whole_numbers(
        batch=(batch, 1), shortest=(shortest, _EMBEDDED_REBER_STEPS), longest=(longest, shortest)
    )
    check_generator(generator)
    return _strings(_EMBEDDED_REBER, batch, shortest, longest, generator)


def _strings(
    grammar: Grammar, batch: int, shortest: int, longest: int, generator: torch.Generator
) -> tuple[Tensor, Tensor, Tensor]:
    """Walk through the grammar; a branch has its probability given the lengths allowed."""
    chances = _chances(grammar, shortest, longest)
    to, symbol, legal = _tables(grammar)
    last, nothing = len(grammar) - 1, len(grammar)
    # All at once, so that the generator moves on by the same amount whatever the strings.
    draws = torch.rand(longest, batch, generator=generator, dtype=torch.float64)
    state = torch.zeros(batch, dtype=torch.int64)
    symbols, states = [], []
    for t, draw in enumerate(draws, start=1):
        first, second = chances[t, to[state]].unbind(1)
        branch = (draw * (first + second) >= first).long()
        over = state == last
        symbols.append(torch.where(over, len(REBER_SYMBOLS), symbol[state, branch]))
        state = to[state, branch]
        states.append(torch.where(over, nothing, state))
        if (state == last).all():
            break
    lengths = (torch.stack(states) != nothing).sum(0)
    one_hot = torch.eye(len(REBER_SYMBOLS) + 1)[:, :-1]  # beyond the alphabet: zeros
    return one_hot[torch.stack(symbols)], legal[torch.stack(states)], lengths


def _chances(grammar: Grammar, shortest: int, longest: int) -> Tensor:
    r"""How probable it is for a string in state s after t steps to end in time.

    .. math:: p_t(s) = \tfrac12 \sum_{s' \text{ after } s} p_{t+1}(s'), \qquad
        p_t(\text{last}) = [\text{shortest} \le t \le \text{longest}]

    Returns (longest + 1, states), float64. Only ratios within a row count, so rows that would
    become too small for a float are scaled up.
    """
    to, _, _ = _tables(grammar)
    rows = [torch.zeros(len(grammar), dtype=torch.float64)]
    for t in range(longest, -1, -1):
        row = rows[-1][to].mean(1)
        row[-1] = float(t >= shortest)
        rows.append(row * 2.0**900 if row.max() < 2.0**-900 else row)
    return torch.stack(rows[:0:-1])


def _tables(grammar: Grammar) -> tuple[Tensor, Tensor, Tensor]:
    """Next states and symbols, (states, 2), a branch twice if it is alone; and legal symbols."""
    branches = [list(state.items()) for state in grammar]
    to = torch.tensor([[branch[0][1], branch[-1][1]] for branch in branches])
    symbol = torch.tensor(
        [[REBER_SYMBOLS.index(branch[k][0]) for k in (0, -1)] for branch in branches]
    )
    legal = torch.zeros(len(grammar) + 1, len(REBER_SYMBOLS))  # and a row for what is over
    legal[torch.arange(len(grammar)).unsqueeze(1), symbol] = 1
    return to, symbol, legal
