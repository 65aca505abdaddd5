"""Texts as tokens: nothing is lost, nothing is invented, and what cannot be read is named."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbook.training import text as texts
from rnnbook.training.errors import TrainingError
from rnnbook.training.text import Alphabet, Text, default_text, find_text, read_text

MIXED = "naïve → 𝄞 Ω\nαβγ, and plain words; "


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("RNNBOOK_CACHE", str(tmp_path / "cache"))


def test_the_default_text_is_the_manual_that_python_carries():
    from pydoc_data.topics import topics

    text = default_text()
    whole = "\n\n".join(topics[name] for name in sorted(topics))
    assert text.alphabet.decode(text.tokens) == whole
    assert text.sha256 == hashlib.sha256(whole.encode()).hexdigest()
    assert ".".join(map(str, sys.version_info[:2])) in text.name
    assert text.sha256[:16] in str(text)
    assert find_text(text.source).sha256 == text.sha256


@settings(max_examples=40)
@given(st.text(min_size=1), st.sampled_from(texts.VOCABULARIES))
def test_encoding_and_decoding_give_the_text_back(string, vocabulary):
    text = Text.of(string, vocabulary=vocabulary)
    assert text.alphabet.decode(text.tokens) == string
    assert text.characters == text.characters_in(0, len(text)) == len(string)
    assert text.bytes_of(0, len(text)) == string.encode()
    assert text.tokens.max() < len(text.alphabet)


@pytest.mark.parametrize("vocabulary", texts.VOCABULARIES)
@pytest.mark.parametrize("piece", [1, 2, 3, 7, 2**20])
def test_a_file_read_in_pieces_is_the_text_that_it_holds(tmp_path, monkeypatch, vocabulary, piece):
    monkeypatch.setattr(texts, "PIECE", piece)
    path = tmp_path / "text"
    path.write_text(MIXED, "utf-8")
    text, right = read_text(path, vocabulary), Text.of(MIXED, vocabulary=vocabulary)
    assert text.alphabet == right.alphabet
    assert text.sha256 == right.sha256
    np.testing.assert_array_equal(text.tokens, right.tokens)
    assert text.characters == text.characters_in(0, len(text)) == len(MIXED)
    assert isinstance(text.tokens, np.memmap)


def test_bytes_are_the_file_itself_and_nothing_is_copied(tmp_path):
    path = tmp_path / "text"
    path.write_bytes(bytes(range(256)))
    text = read_text(path, "bytes")
    assert text.tokens.filename == path
    assert not (tmp_path / "cache").exists()


def test_characters_are_encoded_once(tmp_path, monkeypatch):
    path = tmp_path / "text"
    path.write_text(MIXED, "utf-8")
    first = read_text(path)
    monkeypatch.setattr(texts, "_write_tokens", lambda *_: pytest.fail("encoded again"))
    np.testing.assert_array_equal(read_text(path).tokens, first.tokens)


@pytest.mark.parametrize("vocabulary", texts.VOCABULARIES)
def test_a_folder_is_its_visible_files_in_the_order_of_their_names(tmp_path, vocabulary):
    folder = tmp_path / "corpus"
    (folder / "b").mkdir(parents=True)
    for name, content in {"c": "three", "a": "óne", "b/z": "two", ".hidden": "no"}.items():
        (folder / name).write_text(content, "utf-8")
    text = read_text(folder, vocabulary)
    assert text.alphabet.decode(text.tokens) == "ónetwothree"


def test_a_pipe_is_read_and_kept(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_text, args=(MIXED, "utf-8"))
    writer.start()
    text = read_text(path)
    writer.join()
    assert text.alphabet.decode(text.tokens) == MIXED
    assert text.sha256 == Text.of(MIXED).sha256


def test_what_is_no_utf8_is_named_with_its_place(tmp_path, monkeypatch):
    path = tmp_path / "latin"
    path.write_bytes("naïve".encode() + b"\xff and more")
    for piece in (1, 4, 2**20):
        monkeypatch.setattr(texts, "PIECE", piece)
        with pytest.raises(TrainingError, match=r"latin is no UTF-8 text: byte 6 .*bytes"):
            read_text(path)
    assert len(read_text(path, "bytes")) == 16


def test_a_character_cut_off_at_the_end_of_a_file_is_no_utf8(tmp_path):
    path = tmp_path / "cut"
    path.write_bytes("→".encode()[:2])
    with pytest.raises(TrainingError, match="byte 0 cannot be decoded"):
        read_text(path)


@pytest.mark.parametrize("make", ["missing", "empty", "folder"])
def test_what_holds_no_text_is_named(tmp_path, make):
    path = tmp_path / make
    if make == "empty":
        path.touch()
    if make == "folder":
        path.mkdir()
    with pytest.raises(TrainingError, match=make):
        read_text(path)


def test_a_character_that_the_alphabet_lacks_is_named():
    with pytest.raises(TrainingError, match=r"'x' at place 2 .* the 3 that"):
        Text.of("cab").alphabet.encode("abx")
    with pytest.raises(TrainingError, match="'z'"):
        Text.of("buzz").translated(Text.of("bu").alphabet)


def test_a_text_in_another_alphabet_is_the_same_text():
    wide = Text.of("abcdef").alphabet
    text = Text.of("fade").translated(wide)
    assert text.alphabet.decode(text.tokens) == "fade"
    with pytest.raises(TrainingError, match="read as characters, and the model reads bytes"):
        Text.of("fade").translated(Alphabet())


def test_an_alphabet_or_a_vocabulary_that_is_none_is_refused():
    for characters in ("", "ba", "aa"):
        with pytest.raises(ValueError, match="characters: expected"):
            Alphabet(characters)
    with pytest.raises(ValueError, match="vocabulary: expected characters or bytes, given 'words'"):
        Text.of("a", vocabulary="words")


LARGE = """
import resource, sys
from rnnbook import training
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
options = dict(steps=3, batch=4, length=8, hidden=8, evaluate_every=10, engine="python")
training.train(training.Text.of("abcdefgh" * 200), training.Settings(**options))
before = peak()
for vocabulary in ("bytes", "characters"):
    corpus = training.read_text(sys.argv[1], vocabulary)
    training.train(corpus, training.Settings(**options, held_out=0.00001))
    print(len(corpus), peak() - before)
"""


def test_a_large_corpus_needs_little_memory(tmp_path):
    path, size = tmp_path / "large", 128 * 2**20
    with path.open("wb") as file:
        file.truncate(size)  # zeros that take no room on the disk
    command = [sys.executable, "-c", LARGE, str(path)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for line in done.stdout.splitlines():
        tokens, growth = map(int, line.split())
        assert tokens == size
        assert growth < 64  # MiB
