"""Texts as rows of whole numbers, memory-mapped: a corpus may be larger than the memory.

A text is read once from its beginning to its end, in pieces, to know its hash, its length and its
characters. Its tokens are then a memory map: for bytes the file itself, for characters, folders and
pipes a file in the cache folder (``$RNNBOOK_CACHE``, else ``rnnbook`` in the user's cache folder),
named by the hash of what it was made from, so that it is made once.
"""

from __future__ import annotations

import codecs
import hashlib
import os
import stat
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

import numpy as np

from rnnbook.engines import build
from rnnbook.training.errors import TrainingError

VOCABULARIES = ("characters", "bytes")
"""What a token can be."""

DEFAULT = "default"
"""Source of the text that every Python carries."""

PIECE = 2**20
"""Bytes read at a time."""


@dataclass(frozen=True)
class Alphabet:
    """What each token stands for: characters in the order of their code points, or the 256 bytes.

    Attributes:
        characters: all that the text holds; None for bytes.
    """

    characters: str | None = None

    def __post_init__(self) -> None:
        """Refuse characters that are not in order, each once."""
        if self.characters is not None and (
            not self.characters or list(self.characters) != sorted(set(self.characters))
        ):
            raise ValueError("characters: expected at least one, in order and each once")

    def __len__(self) -> int:
        """Number of different tokens."""
        return 256 if self.characters is None else len(self.characters)

    @property
    def vocabulary(self) -> str:
        """One of :data:`VOCABULARIES`."""
        return VOCABULARIES[self.characters is None]

    @cached_property
    def _codes(self) -> np.ndarray:
        return _code_points(self.characters or "")

    @property
    def dtype(self) -> np.dtype:
        """The smallest unsigned one that holds every token."""
        return np.min_scalar_type(len(self) - 1)

    def encode(self, text: str) -> np.ndarray:
        """Tokens (N,) of a string.

        Raises:
            TrainingError: a character is not in the alphabet.
        """
        if self.characters is None:
            return np.frombuffer(text.encode("utf-8"), np.uint8)
        codes = _code_points(text)
        tokens = np.minimum(np.searchsorted(self._codes, codes), len(self) - 1)
        unknown = np.flatnonzero(self._codes[tokens] != codes)
        if unknown.size:
            raise TrainingError(
                f"The character {text[unknown[0]]!r} at place {unknown[0]} is not among the "
                f"{len(self)} that the model was trained with; leave it out, or train with "
                "--vocabulary bytes, which knows every text."
            )
        return tokens.astype(self.dtype)

    def decode(self, tokens: Sequence[int] | np.ndarray) -> str:
        """The string of some tokens; bytes that are no UTF-8 become U+FFFD."""
        tokens = np.asarray(tokens)
        if self.characters is None:
            return tokens.astype(np.uint8).tobytes().decode("utf-8", "replace")
        return "".join(self.characters[token] for token in tokens.tolist())


@dataclass(frozen=True, eq=False)
class Text:
    """A text to train on or to read.

    Attributes:
        name: for people: what it is, or where it lies.
        sha256: of its bytes.
        alphabet: what the tokens mean.
        tokens: (N,), in memory or memory-mapped; not to be written to.
        source: what :func:`find_text` finds it by; empty if it cannot be found again.
        characters: how many there are; N of them, unless tokens are bytes.
    """

    name: str
    sha256: str
    alphabet: Alphabet
    tokens: np.ndarray
    source: str = ""
    characters: int = 0

    @classmethod
    def of(cls, text: str, name: str = "a string", vocabulary: str = "characters") -> Text:
        """A text that is a Python string.

        Raises:
            TrainingError: it is empty.
            ValueError: the vocabulary is none of :data:`VOCABULARIES`.
        """
        _check_vocabulary(vocabulary)
        if not text:
            raise TrainingError(f"{name} is empty; there is nothing to learn from it.")
        digest = hashlib.sha256(text.encode("utf-8")).hexdigest()
        alphabet = Alphabet("".join(sorted(set(text))) if vocabulary == "characters" else None)
        return cls(name, digest, alphabet, alphabet.encode(text), characters=len(text))

    def __len__(self) -> int:
        """Number of tokens N."""
        return len(self.tokens)

    def characters_in(self, start: int, stop: int) -> int:
        """How many characters begin within a part; of bytes those that continue none."""
        if self.alphabet.characters is not None:
            return stop - start
        pieces = (self.tokens[k : min(k + PIECE, stop)] for k in range(start, stop, PIECE))
        return sum(map(_characters, pieces))

    def bytes_of(self, start: int, stop: int) -> bytes:
        """A part as bytes."""
        part = self.tokens[start:stop]
        if self.alphabet.characters is None:
            return part.tobytes()
        return self.alphabet.decode(part).encode("utf-8")

    def translated(self, alphabet: Alphabet) -> Text:
        """The same text in the tokens of another alphabet, in memory.

        Raises:
            TrainingError: it holds a character that the other one has not.
        """
        if alphabet == self.alphabet:
            return self
        if self.alphabet.characters is None or alphabet.characters is None:
            raise TrainingError(
                f"{self.name} was read as {self.alphabet.vocabulary}, and the model reads "
                f"{alphabet.vocabulary}."
            )
        table = alphabet.encode(self.alphabet.characters)
        return replace(self, alphabet=alphabet, tokens=table[self.tokens])

    def __str__(self) -> str:
        """Name, size, alphabet and hash in one line."""
        kinds = f"{len(self.alphabet)} different {self.alphabet.vocabulary}"
        return f"{self.name}: {len(self):,} tokens, {kinds}, SHA-256 {self.sha256[:16]}"


def default_text(vocabulary: str = "characters") -> Text:
    """The text that every Python carries: the reference manual, ``pydoc_data.topics``.

    Its topics in the order of their names, two line ends between them. It differs between versions
    of Python; the name says the version, and the hash the rest.

    Args:
        vocabulary: one of :data:`VOCABULARIES`.

    Raises:
        TrainingError: this Python was installed without it.
        ValueError: the vocabulary is none of :data:`VOCABULARIES`.

    Source: Python's standard library.
    """
    try:
        from pydoc_data.topics import topics
    except ImportError as error:
        raise TrainingError(
            "This Python comes without pydoc_data, the default text; name another: --text FILE."
        ) from error
    text = "\n\n".join(topics[name] for name in sorted(topics))
    version = ".".join(map(str, sys.version_info[:3]))
    name = f"Python {version}'s reference manual (pydoc_data.topics)"
    return replace(Text.of(text, name, vocabulary), source=DEFAULT)


def find_text(source: str, vocabulary: str = "characters") -> Text:
    """The text of a ``source``: the default one, or what :func:`read_text` reads.

    Raises:
        TrainingError, ValueError: as these do.
    """
    return default_text(vocabulary) if source == DEFAULT else read_text(source, vocabulary)


def read_text(source: str | Path, vocabulary: str = "characters") -> Text:
    """The text of a file, of a folder's files in the order of their names, or of a pipe.

    Args:
        source: a path; ``"-"`` is the standard input. Of a folder hidden files are left out.
        vocabulary: one of :data:`VOCABULARIES`; characters ask for UTF-8, bytes for nothing.

    Raises:
        TrainingError: there is no such thing, it is empty or no UTF-8, or cannot be read or cached.
        ValueError: the vocabulary is none of :data:`VOCABULARIES`.

    Source: this project.
    """
    _check_vocabulary(vocabulary)
    name = "the standard input" if str(source) == "-" else str(source)
    place = "-" if str(source) == "-" else os.path.abspath(source)
    try:
        files = _files(source)
        if vocabulary == "bytes" and len(files) == 1:
            digest, _, _, characters = _scan(files, name, text=False)
            return Text(
                name, digest, Alphabet(), np.memmap(files[0], np.uint8, mode="r"), place, characters
            )
        digest, seen, length, characters = _scan(files, name, text=vocabulary == "characters")
        alphabet = Alphabet(
            "".join(map(chr, np.flatnonzero(seen))) if vocabulary == "characters" else None
        )
        path = cache_folder() / f"{digest[:32]}.{vocabulary}"
        if not path.exists() or path.stat().st_size != length * alphabet.dtype.itemsize:
            _write_tokens(path, files, alphabet)
        return Text(
            name, digest, alphabet, np.memmap(path, alphabet.dtype, mode="r"), place, characters
        )
    except OSError as error:
        reason = error.strerror or error
        raise TrainingError(f"The text {name} cannot be read or cached: {reason}.") from error


def _check_vocabulary(vocabulary: str) -> None:
    if vocabulary not in VOCABULARIES:
        expected = " or ".join(VOCABULARIES)
        raise ValueError(f"vocabulary: expected {expected}, given {vocabulary!r}")


def _characters(part: np.ndarray) -> int:
    """How many characters begin in some bytes of UTF-8."""
    return int(np.count_nonzero((part & 0xC0) != 0x80))


def _code_points(text: str) -> np.ndarray:
    return np.frombuffer(text.encode("utf-32-le"), "<u4")


def _files(source: str | Path) -> list[Path]:
    """The files that a text consists of; what comes through a pipe is kept in the cache first."""
    if str(source) == "-":
        return [_spooled(sys.stdin.buffer)]
    path = Path(source)
    if path.is_dir():
        parts = [file.relative_to(path) for file in path.rglob("*") if file.is_file()]
        visible = sorted(p for p in parts if not any(name.startswith(".") for name in p.parts))
        if not visible:
            raise TrainingError(f"The folder {source} holds no file that is not hidden.")
        return [path / part for part in visible]
    if not stat.S_ISREG(path.stat().st_mode):
        with path.open("rb") as pipe:
            return [_spooled(pipe)]
    return [path]


def cache_folder() -> Path:
    """The folder where token files are kept, made if need be.

    Raises:
        OSError: none can be written to.
    """
    reasons: list[OSError] = []
    for folder in build.folders():  # the compiled engine keeps its library there, too
        try:
            build.make_own(folder)
            return folder
        except OSError as error:
            reasons.append(error)
    raise reasons[-1]


def _spooled(pipe: BinaryIO) -> Path:
    folder, digest = cache_folder(), hashlib.sha256()
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as fresh:
        try:
            while piece := pipe.read(PIECE):
                digest.update(piece)
                fresh.write(piece)
        except BaseException:
            os.unlink(fresh.name)
            raise
    path = folder / f"{digest.hexdigest()[:32]}.bytes"
    os.replace(fresh.name, path)
    return path


def _pieces(files: list[Path]) -> Iterator[tuple[Path, int, bytes, bool]]:
    """Path, place, bytes, and whether they are the last, of every piece of every file."""
    for path in files:
        with path.open("rb") as file:
            place, piece = 0, file.read(PIECE)
            while True:
                following = file.read(PIECE)
                yield path, place, piece, not following
                if not following:
                    break
                place, piece = place + len(piece), following


def _decoded(files: list[Path]) -> Iterator[tuple[bytes, np.ndarray]]:
    """Each piece, and the code points of the characters that it completes."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    for path, place, piece, last in _pieces(files):
        pending = len(decoder.getstate()[0])
        try:
            codes = _code_points(decoder.decode(piece, last))
        except UnicodeDecodeError as error:
            raise TrainingError(
                f"{path} is no UTF-8 text: byte {place - pending + error.start} cannot be decoded. "
                "Convert it, or train with --vocabulary bytes."
            ) from error
        if last:
            decoder.reset()
        yield piece, codes


def _scan(files: list[Path], name: str, *, text: bool) -> tuple[str, np.ndarray, int, int]:
    """Hash, which characters occur, how many tokens there are, and how many characters."""
    digest, seen, length = hashlib.sha256(), np.zeros(sys.maxunicode + 1, bool), 0
    characters = 0
    if text:
        for piece, codes in _decoded(files):
            digest.update(piece)
            seen[codes] = True
            length += len(codes)
    else:
        for _, _, piece, _ in _pieces(files):
            digest.update(piece)
            length += len(piece)
            characters += _characters(np.frombuffer(piece, np.uint8))
    if not length:
        raise TrainingError(f"The text {name} is empty; there is nothing to learn from it.")
    return digest.hexdigest(), seen, length, length if text else characters


def _write_tokens(path: Path, files: list[Path], alphabet: Alphabet) -> None:
    """Write beside the final place and move there: another process may be doing the same."""
    numbers = np.zeros(sys.maxunicode + 1, alphabet.dtype)
    if alphabet.characters is not None:
        numbers[alphabet._codes] = np.arange(len(alphabet))
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as fresh:
        try:
            if alphabet.characters is None:
                for _, _, piece, _ in _pieces(files):
                    fresh.write(piece)
            else:
                for _, codes in _decoded(files):
                    fresh.write(numbers[codes].tobytes())
        except BaseException:
            os.unlink(fresh.name)
            raise
    os.replace(fresh.name, path)
