"""Compare the table of the post's claims, `book/claims.toml`, with a copy of the post.

    .venv/bin/python tools/claims.py COPY_OF_THE_POST.md

names what the one says and the other does not, and the fingerprint of the post's sentences. The
post is not part of the project, so the table holds that fingerprint, and a test holds the table's
sentences to it.
"""

from __future__ import annotations

import hashlib
import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "book" / "claims.toml"

# What is no sentence: front matter, code, displays, pictures, headings, the numbered references.
NOT_PROSE = (
    re.compile(r"\A---\n.*?\n---\n", re.DOTALL),
    re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE),
    re.compile(r"^\s*\$\$.*?\$\$\s*$", re.DOTALL | re.MULTILINE),
    re.compile(r"^!\[.*$|^#.*$|^\d+\. \[.*$", re.MULTILINE),
    re.compile(r"^- ", re.MULTILINE),
)


def prose(post: str) -> str:
    """All sentences of the post, in order, with one space between words."""
    for pattern in NOT_PROSE:
        post = pattern.sub("", post)
    return " ".join(post.split())


def fingerprint(sentences: str) -> str:
    """What the table keeps of the post."""
    return hashlib.sha256(sentences.encode()).hexdigest()


def differences(sentences: list[str], post: str) -> list[str]:
    """The table's sentences that the post does not have in this place, and what it has besides."""
    said, rest = [], prose(post)
    for sentence in sentences:
        before, found, after = rest.partition(sentence)
        if not found:
            said.append(f"not in the post, or not in this place: {sentence}")
            continue
        if before.strip():
            said.append(f"not in the table: {before.strip()}")
        rest = after
    return [*said, *([f"not in the table: {rest.strip()}"] if rest.strip() else [])]


def main(arguments: list[str]) -> int:
    """Print the differences; status 1 where there are any."""
    if len(arguments) != 1:
        print("Name a copy of the post: tools/claims.py COPY_OF_THE_POST.md", file=sys.stderr)
        return 2
    post = Path(arguments[0]).read_text("utf-8")
    table = tomllib.loads(TABLE.read_text("utf-8"))
    said = differences([one["says"] for one in table["sentence"]], post)
    if table["sha256"] != fingerprint(prose(post)):
        said.append(f"the fingerprint of this copy is {fingerprint(prose(post))}")
    print("\n".join(said) or f"The table has all {len(table['sentence'])} sentences of the post.")
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
