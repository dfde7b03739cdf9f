"""Kernels as tables of HTML, MathML or a wiki."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from convgui.io.text.literals import parse_literal

if TYPE_CHECKING:
    from convgui.io.text.values import Rows


def is_markup(text: str) -> bool:
    """Whether a text is a table of HTML, MathML or a wiki."""
    return bool(re.search(r"<m?tr[\s>]|<table|^\s*\{\|", text))


def parse_markup(text: str) -> Rows:
    """Read the rows of a table of HTML, MathML or a wiki."""
    if text.lstrip().startswith("{|"):
        lines = re.split(r"^\|-.*$", re.sub(r"^(?:\{\||\|\}|\|\+).*$", "", text, flags=re.MULTILINE), flags=re.MULTILINE)
        rows = [re.split(r"\|\||\n\||^\s*\||!!|\n!", row.strip()) for row in lines if row.strip()]
        cells = [[cell.rpartition("|")[2].strip() for cell in row if cell.strip()] for row in rows]
    else:
        rows_of = _between(text, "m?tr")
        cells = [[_untagged(cell) for cell in _between(row, "(?:td|th|mtd)")] for row in rows_of]
    if not cells or not all(cells):
        raise ValueError("no numbers yet, expected rows of them")
    outside = text[: text.index("<mtable")] + text[text.rfind("</mtable>") :] if "<mtable" in text else ""
    factor = re.sub(r"[\[\]()|{}\s]|⁢|&#x2062;|&InvisibleTimes;", "", _untagged(outside).rpartition("=")[2])
    matrix = ", ".join("[" + ", ".join(row) + "]" for row in cells)
    return parse_literal(f"{factor} [{matrix}]")


def _between(text: str, tag: str) -> list[str]:
    """Return what stands between each pair of such tags."""
    return [re.split(rf"<{tag}(?:\s[^<>]*)?>", part)[-1] for part in re.split(rf"</{tag}\s*>", text)[:-1]]


def _untagged(text: str) -> str:
    part = r"\s*<m(?:n|row)>([^<]*)</m(?:n|row)>"
    text = re.sub(rf"<mfrac[^<>]*>{part}{part}\s*</mfrac>", r"(\1/\2)", text, flags=re.DOTALL)
    return re.sub(r"\s+", "", re.sub(r"<[^<>]*>", "", text).replace("&nbsp;", " ").replace("&minus;", "-"))
