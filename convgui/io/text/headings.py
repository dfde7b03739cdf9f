"""Lines around rows of numbers: headings and comments above them, and how a line is named in a refusal."""

from __future__ import annotations

import re

from convgui.io.text.dialect import NUMBER, is_comment


def split_headings(text: str) -> tuple[str, str, int]:
    r"""Return a first line of headings (empty if there is none), the rows under it without comments, and their first line.

    >>> split_headings("x y\n1 2")
    ('x y', '1 2', 2)
    """
    if "#" in text and any(is_comment(line) for line in text.split("\n")):
        text = "\n".join("" if is_comment(line) else line for line in text.split("\n"))
    if "|" in text and "--" in text:
        text = "\n".join("" if "---" in line and set(line) <= set(" |:+-") else line for line in text.split("\n"))
    start = text.rfind("\n", 0, len(text) - len(text.lstrip())) + 1
    end = text.find("\n", start)
    heading = ""
    if end >= 0 and _is_heading(text[start:end]) and not text[end:].isspace():
        heading, start = text[start:end], end + 1
    return heading, "" if text.isspace() else text[start:], text.count("\n", 0, start) + 1


def _is_heading(line: str) -> bool:
    """Whether each cell of a line is a word, in any dialect."""
    mark = next((mark for mark in "\t;|" if mark in line), "")
    cells = line.split(mark) if mark else re.split(r'"?,"?' if "," in line else r"\s+", line)
    words = [cell.strip(' "') for cell in cells if cell.strip(' "')]
    return bool(words) and all(any(c.isalpha() for c in w) and not NUMBER.fullmatch(w.replace(",", ".")) for w in words)


def short(cell: str) -> str:
    """Return a cell as a sentence can hold it."""
    return cell if len(cell) <= 20 else cell[:19] + "…"
