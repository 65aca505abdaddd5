"""What a model of a text is to be compared with: compressors, and counts of short strings."""

from __future__ import annotations

import bz2
import gzip
import lzma
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

import numpy as np

from rnnbook.arguments import check_whole_numbers
from rnnbook.training.text import Text

COMPRESSORS: dict[str, Callable[[bytes], bytes]] = {
    "gzip -9": lambda data: gzip.compress(data, 9, mtime=0),
    "bz2 -9": lambda data: bz2.compress(data, 9),
    "xz -9e": lambda data: lzma.compress(data, preset=9 | lzma.PRESET_EXTREME),
}
"""Compressors by their command."""


def primed_bits(text: Text, start: int) -> dict[str, float]:
    r"""Bits per character of compressors that have read what stands before.

    .. math:: 8 \, (\text{size of all} - \text{size of what stands before}) / \text{characters}

    where sizes are bytes, compressed. gzip looks back 32 KiB and bz2 works in blocks of 900 kB, so
    that of a long text they know less than xz does.

    Args:
        text: which must fit into the memory for this.
        start: first token of what is measured.

    Returns:
        By the names of :data:`COMPRESSORS`.

    Raises:
        ValueError: nothing is left to measure.

    Source: this project.
    """
    characters = _characters_from(text, start)
    before = text.bytes_of(0, start)
    everything = before + text.bytes_of(start, len(text))
    return {
        name: 8 * (len(compress(everything)) - len(compress(before))) / characters
        for name, compress in COMPRESSORS.items()
    }


def ngram_bits(text: Text, start: int, longest: int = 6, until: int | None = None) -> list[float]:
    r"""Bits per character of n-gram models, n = 1 … ``longest``, that have counted what precedes.

    The counts of a context and those of its shorter ends are mixed as Witten and Bell did:

    .. math::
        p_n(c \mid \text{context}) = \frac{\text{count}(\text{context}, c) + D \,
        p_{n-1}(c \mid \text{shorter context})}{\text{count}(\text{context}) + D}

    with D the number of different tokens seen after the context; :math:`p_0` is uniform. The models
    do not learn from what they are measured on.

    Args:
        text: which must fit into the memory for this, a hundredfold.
        start: first token of what is measured.
        longest: n of the last model.
        until: end of what is counted, ``start`` if left out.

    Returns:
        For each n.

    Raises:
        TypeError, ValueError: names the argument, what was expected and what given.

    Source: Witten & Bell (1991), whose method C this is.
    """
    check_whole_numbers(longest=(longest, 1))
    characters = _characters_from(text, start)
    until = start if until is None else until
    # As a string contexts are slices, and these are made and hashed fast.
    read = "".join(map(chr, np.asarray(text.tokens[: len(text)]).tolist()))
    shares = [1 / len(text.alphabet)] * (len(text) - start)
    bits = []
    for n in range(1, longest + 1):
        counts = _counts(read[:until], n)
        for k, place in enumerate(range(start, len(text))):
            if place >= n - 1:
                shares[k] = _mixed(counts.get(read[place - n + 1 : place]), read[place], shares[k])
        bits.append(-math.fsum(map(math.log2, shares)) / characters)
    return bits


def _counts(read: str, n: int) -> dict[str, Counter]:
    """How often each token follows each context of n − 1 tokens."""
    counts: dict[str, Counter] = defaultdict(Counter)
    for gram, count in Counter(read[k : k + n] for k in range(len(read) - n + 1)).items():
        counts[gram[:-1]][gram[-1]] = count
    return counts


def _mixed(counts: Counter | None, token: str, shorter: float) -> float:
    if counts is None:
        return shorter
    return (counts[token] + len(counts) * shorter) / (counts.total() + len(counts))


def table(rows: Sequence[tuple[str, float]]) -> str:
    """Names and bits per character, the best first, as lines of text."""
    width = max(len(name) for name, _ in rows)
    ordered = sorted(rows, key=lambda row: row[1])
    return "\n".join(f"{name:<{width}}  {bits:.3f}" for name, bits in ordered)


def _characters_from(text: Text, start: int) -> int:
    if not 0 < start < len(text):
        raise ValueError(f"start: expected a place inside of {len(text)} tokens, given {start}")
    return text.characters_in(start, len(text))
