"""The words, numbers and signs of a literal."""

from __future__ import annotations

import re
from typing import NamedTuple


class Token(NamedTuple):
    """A piece of text: its kind, itself, and whether a space stands before it."""

    kind: str
    text: str
    spaced: bool


_TOKEN = re.compile(
    r"""
    (?P<space>[ \t]+)
  | (?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:(?:[eEdD]|\*\^)[+-]?[0-9]+)?
        (?:_?[fF](?:16|32|64)?|[dD]|[LlUu]{1,3}|`[0-9]*)?(?![\w.]))
  | (?P<method>\.[A-Za-z_]\w*)
  | (?P<word>[^\W\d][\w$]*(?:(?:\.|::)[^\W\d]\w*)*!?)
  | (?P<string>"[^"\n]*"|'[^'\n]*')
  | (?P<sign>\.\.\.|…|\.\*|\.//?|//|<<|=>|[-+*/×÷·⋅∗=:,;|&<>()\[\]{}@])
  | (?P<line>\n)
  | (?P<other>.)
    """,
    re.VERBOSE,
)
MOST_TOKENS = 40_000
"""Five for each of 63 × 63 weights, and some more."""

_SAME = {"×": "*", "·": "*", "⋅": "*", "∗": "*", ".*": "*", "÷": "/", "./": "/", ".//": "/", "…": "..."}


def tokens(text: str) -> list[Token]:
    """Return the tokens of a text; ValueError if there is a sign that no literal has.

    >>> [token.text for token in tokens("1/9 * [1 -2]'")]
    ['1', '/', '9', '*', '[', '1', '-', '2', ']', "'"]
    """
    found: list[Token] = []
    position, spaced = 0, False
    while position < len(text):
        if text[position] == "'" and found and not spaced and found[-1].text in ")]}":  # a transposed matrix
            found.append(Token("sign", "'", False))
            position += 1
            continue
        match = _TOKEN.match(text, position)
        assert match is not None and match.lastgroup is not None
        position, kind, piece = match.end(), match.lastgroup, match[0]
        if kind == "other":
            raise ValueError(f"{text[match.start() : match.start() + 12].split()[0]!r} is not understood")
        if len(found) > MOST_TOKENS:
            raise ValueError(f"there are more than {MOST_TOKENS:,} numbers and signs, expected a kernel")
        if kind != "space":
            found.append(Token(kind, _SAME.get(piece, piece), spaced))
        spaced = kind in ("space", "line")
    return found


def value(text: str) -> float:
    """Return the number that a token of the kind `number` means.

    >>> value("1.5e3f"), value("2d-1"), value("5*^2")
    (1500.0, 0.2, 500.0)
    """
    text = re.sub(r"(?<![eEdD])(?:_?[fF](?:16|32|64)?|[LlUu]+|`\d*)$", "", text)
    plain = re.sub(r"[dD](?=[+-]?\d)|\*\^", "e", text).rstrip("dD")
    return float(plain)
