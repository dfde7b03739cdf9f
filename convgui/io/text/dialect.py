"""How a text writes its numbers: what stands between them, and which mark is decimal. All of the text decides it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

CHUNK = 2_000_000
"""Characters that are looked at together, where a look makes copies."""

NUMBER = re.compile(r"[+-]?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?|nan|inf(?:inity)?)", re.IGNORECASE | re.ASCII)
MISSING = re.compile(r"n/?a|#n/?a|<na>|null|none|missing", re.IGNORECASE)
"""What programs write where there is no value."""

_ERROR_OF_A_SHEET = re.compile(r"#[A-Z0-9]+(?:/[A0]!?|[!?])", re.IGNORECASE)
_QUOTED = re.compile(r'"([^"\n]*)"')

# A comma in a number is surely decimal if other than three digits follow, or if none, 0 or more than three stand before.
_DECIMAL_COMMA = re.compile(r"(?<![\d.])(?:0\d*|\d{4,})?,\d|,\d{1,2}(?!\d)|,\d{4}", re.ASCII)
_GROUPED = {",": re.compile(r"\d,\d{3}[,.]\d", re.ASCII), ".": re.compile(r"\d\.\d{3}[.,]\d", re.ASCII)}
_UNGROUPED = {
    mark: re.compile(rf"[{mark}](?!\d{{3}}(?!\d))|(?<!\d)0\d*[{mark}]\d|\d{{4}}[{mark}]|(?<!\d)[{mark}]", re.ASCII)
    for mark in ",."
}
_BARE_COMMA = re.compile(r",(?!\d)|(?<!\d),|,\d+,", re.ASCII)
_TWO_CELLS = re.compile(r"[^\s,] +[^\s,]")
_COMMA_AT_END = re.compile(r",(?!\S)")
_WITHOUT_COMMA = re.compile(r"(?<!\S)[^\s,]+(?!\S)")
_MAYBE_DECIMAL = re.compile(r"(?<!\S)[+-]?\d+,\d+(?!\S)", re.ASCII)
_EITHER_GROUPED = re.compile(r"(?<![\d.,])(?:\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:,\d{3})+\.\d+)(?![\d.,])", re.ASCII)
_SPACED_THOUSANDS = re.compile(r"(?<![\d.,/])[1-9]\d{0,2} (?:\d{3} )*0\d\d(?![\d.,])", re.ASCII)
_COMMA_THOUSANDS = re.compile(r"(?<![\d.,])[1-9]\d{0,2}(?:,\d{3})*,0\d\d(?![\d.])", re.ASCII)
_ONE_CELL_ROW = re.compile(r"^ *[^\s]+ *$", re.MULTILINE)
_NOT_ONE_COMMA = re.compile(r"^(?=.*\S)[^,\n]*(?:,[^,\n]*,.*)?$", re.MULTILINE)
_SURELY_ONE_NUMBER = re.compile(r"^ *[+-]?\d+,0\d|^ *-0,|^ *,\d", re.MULTILINE | re.ASCII)
_MAYBE_ONE_NUMBER = re.compile(r"^ *[+-]?(?:0,|\d+,\d+e)", re.MULTILINE | re.ASCII | re.IGNORECASE)
_TWO_NUMBERS = re.compile(r"^ *[+-]?(?!0,|\d+,\d+e)\d", re.MULTILINE | re.ASCII | re.IGNORECASE)
_TWO_DIGITS = re.compile(r",\d[\de]", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True)
class Dialect:
    """What separates numbers (None: spaces), the decimal mark, and the mark between thousands (empty: none)."""

    separator: str | None
    decimal: str = "."
    grouping: str = ""
    trailing: bool = False
    """Whether each row ends in a separator after which nothing comes."""
    quoted: tuple[str, str] = (".", "")
    """The marks between quotation marks, where a comma separates nothing."""

    def standard(self, text: str) -> str:
        """Return rows with numbers as Python writes them."""
        if self.quoted != (".", ""):
            inner = Dialect(None, *self.quoted)
            text = _QUOTED.sub(lambda found: inner.standard(found[1]) if "," in found[1] else found[1], text)
        text = text.replace('"', "")
        if self.separator == "|":
            text = "\n".join(line.strip(" ").removeprefix("|").removesuffix("|") for line in text.split("\n"))
        if self.grouping:
            text = text.replace(self.grouping, "")
        if self.decimal == ",":
            text = text.replace(",", ".")
        if self.trailing and self.separator:
            text = re.sub(rf" *{re.escape(self.separator)} *(?=\n|$)", "", text)
        return text

    def cells(self, row: str) -> list[str]:
        """Return the cells of a row that `standard` returned."""
        return [cell.strip() for cell in row.split(self.separator)]


def decide(text: str, heading: str = "") -> tuple[str, Dialect]:
    r"""Return rows of numbers, without quotation marks that mean nothing, and how they are written.

    Parameters
    ----------
    text : str
        Rows of numbers without headings and comments.
    heading : str
        The line above them, which tells one column from two.

    Raises
    ------
    ValueError
        If a mark may be decimal or between thousands, and nothing in the text tells which.

    Examples
    --------
    >>> decide("1 2\n0,5 3")[1]
    Dialect(separator=None, decimal=',', grouping='', trailing=False, quoted=('.', ''))
    """
    if '"' not in text:
        return _unquoted(text, heading)
    bare = "".join(_QUOTED.sub("1", chunk) for _, chunk in chunks(text))
    if any(mark in bare for mark in "\t;|"):
        return _unquoted(text.replace('"', ""), heading)
    commas = {found[1] for _, chunk in chunks(text) for found in _QUOTED.finditer(chunk) if "," in found[1]}
    if not commas:
        return _unquoted(text.replace('"', ""), heading)
    inner = _marks("\n".join(commas), more=bare)
    if inner == (".", ""):
        raise ValueError(f"{min(commas)!r} stands beside numbers with a point, expected one decimal mark")
    return text, replace(_unquoted(bare, heading)[1], quoted=inner)


def chunks(text: str) -> Iterator[tuple[int, str]]:
    """Yield the text in pieces of whole lines, each with the number of lines before it."""
    start = line = 0
    while start < len(text):
        end = text.find("\n", start + CHUNK)
        end = len(text) if end < 0 else end + 1
        yield line, text[start:end]
        line += text.count("\n", start, end)
        start = end


def _unquoted(text: str, heading: str) -> tuple[str, Dialect]:
    for mark in ("\t", ";", "|"):
        if mark in text:
            return text, Dialect(mark, *_marks(text), trailing=_trailing(text, mark))
    if found := _SPACED_THOUSANDS.search(text):
        raise ValueError(f"{found[0]!r} may be one number or two, expected no space between thousands")
    if "," not in text:
        return text, Dialect(None)
    if _TWO_CELLS.search(text) and not _BARE_COMMA.search(text) and "." not in text and not _ONE_CELL_ROW.search(text):
        return text, Dialect(None, *_marks(text))
    if _one_column(text, heading):
        return text, Dialect(None, ",")
    _refuse_mixed(text)
    if found := _COMMA_THOUSANDS.search(text):
        raise ValueError(f"{found[0]!r} may be one number or two: write numbers without a mark between thousands")
    return text, Dialect(",", trailing=_trailing(text, ","))


def _refuse_mixed(text: str) -> None:
    """Refuse rows such as ``1,5 2.5``, where both commas and spaces stand between numbers, here one and there the other."""
    if not _TWO_CELLS.search(text) or _COMMA_AT_END.search(text):
        return
    found = _EITHER_GROUPED.search(text)
    if found is None and _WITHOUT_COMMA.search(text):
        found = _MAYBE_DECIMAL.search(text)
    if found:
        one = found[0].strip()
        raise ValueError(f"{one!r} may be one number or two: write points as decimal marks, or a space after each comma")


def _one_column(text: str, heading: str) -> bool:
    """Whether rows such as ``1,05`` are one number each and not two."""
    if "." in text or ", " in text or _NOT_ONE_COMMA.search(text) or _TWO_CELLS.search(text):
        return False
    if heading:
        return "," not in heading
    if _SURELY_ONE_NUMBER.search(text):
        return True
    if _MAYBE_ONE_NUMBER.search(text) and not _TWO_NUMBERS.search(text) and _TWO_DIGITS.search(text):
        row = text.strip().split("\n", 1)[0].strip()
        raise ValueError(f"{row!r} may be one number or two: write {row.replace(',', '.')!r} or {row.replace(',', '; ')!r}")
    return False


def _marks(text: str, more: str = "") -> tuple[str, str]:
    """Return the decimal mark and the one between thousands, of numbers between which no comma stands."""
    if "," not in text:
        return ".", ""
    points = "." in text or "." in more
    if not points and _DECIMAL_COMMA.search(text):
        return ",", ""
    for grouping, decimal in ((",", "."), (".", ",")):
        if _GROUPED[grouping].search(text) and not _UNGROUPED[grouping].search(text):
            return decimal, grouping
    found = re.search(r"(?<!\d)\d+(?:,\d+)+", text, re.ASCII)
    if found is not None and not _UNGROUPED[","].search(text):
        one = found[0]
        raise ValueError(
            f"{one!r} may be {one.replace(',', '.')} or {one.replace(',', '')}, expected a point as decimal mark"
        )
    return ".", ""


def _trailing(text: str, mark: str) -> bool:
    """Whether every row that is not empty ends in the mark."""
    return not re.search(rf"[^\s{re.escape(mark)}] *(?:\n|\Z)", text)


def is_comment(line: str) -> bool:
    """Whether a line begins with ``#``, but not with what a spreadsheet writes for an error."""
    line = line.lstrip()
    return line.startswith("#") and not (_ERROR_OF_A_SHEET.match(line) or MISSING.match(line))
