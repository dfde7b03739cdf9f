"""Kernels of LaTeX: matrices of every kind with the factor beside them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from convgui.io.text.dialect import decide
from convgui.io.text.literals import parse_literal

if TYPE_CHECKING:
    from convgui.io.text.values import Rows

_BEGIN = re.compile(r"\\begin\s*\{\s*((?:[bBpvV]|small)?matrix\*?|array)\s*\}\s*(?:\[[^\]]*\])?")
_OLD_MATRIX = re.compile(r"\\[bpv]?matrix\s*\{")
_FRACTION = re.compile(
    r"\\[tdc]?frac\s*(?:\{([^{}]*)\}|(\d))\s*(?:\{([^{}]*)\}|(\d))|\\(?:nice|s)frac\s*\{([^{}]*)\}\{([^{}]*)\}"
)
_SILENT = re.compile(
    r"\\(?:left|right|[bB]igg?[lr]?|displaystyle|textstyle|scriptstyle|hline|quad|qquad|limits|nonumber|notag|mathstrut|strut"
    r"|operatorname)(?![A-Za-z])|\\[,;:!> ]|~|\\[vh]?phantom\s*\{[^{}]*\}|\\label\s*\{[^{}]*\}|\$+|\\\[(?!\d)|\\\]|\\[()]"
    r"|\\(?:begin|end)\s*\{(?:equation|align|displaymath|gather|split)\*?\}"
)


def is_latex(text: str) -> bool:
    """Whether a text is a matrix of LaTeX."""
    return bool(_BEGIN.search(text) or _OLD_MATRIX.search(text) or ("&" in text and "\\\\" in text))


def parse_latex(text: str) -> Rows:
    r"""Read a matrix of LaTeX, with its factor.

    >>> parse_latex(r"\frac{1}{4}\begin{bmatrix} 1 & 2 \\ 2 & 4 \end{bmatrix}").matrix().tolist()
    [[0.25, 0.5], [0.5, 1.0]]
    """
    text = re.sub(r"(?<!\\)%[^\n]*", "", text)
    text = re.sub(r"</?math[^<>]*>", "", text).replace("\n", " ")
    begin = _BEGIN.search(text)
    if begin:
        if len(_BEGIN.findall(text)) > 1:
            raise ValueError(f"there are {len(_BEGIN.findall(text))} matrices, expected one")
        end = re.compile(r"\\end\s*\{\s*" + re.escape(begin[1]) + r"\s*\}").search(text, begin.end())
        if end is None:
            raise ValueError("the matrix of LaTeX has no end")
        before, body, after = text[: begin.start()], text[begin.end() : end.start()], text[end.end() :]
        if begin[1] == "array":
            body = re.sub(r"^\s*\{(?:[^{}]|\{[^{}]*\})*\}", "", body)
    elif old := _OLD_MATRIX.search(text):
        before, (body, after) = text[: old.start()], _braced(text[old.end() :])
    else:
        before, body, after = "", text, ""
    rows = [row.split("&") for row in re.split(r"\\\\(?:\[[^\]]*\])?|\\cr(?![A-Za-z])", body)]
    cells = [[_plain_tex(cell) for cell in row] for row in rows]
    while cells and cells[-1] == [""]:
        cells.pop()
    if any("," in cell for row in cells for cell in row):
        standard = decide("\n".join(";".join([*row, "0"]) for row in cells))[1].standard
        cells = [[standard(cell) for cell in row] for row in cells]
    for i, row in enumerate(cells, 1):
        if "" in row:
            raise ValueError(f"row {i} has an empty cell, expected a number")
        if any("," in cell for cell in row):
            raise ValueError(f"row {i}: {next(c for c in row if ',' in c)!r} is not a number")
    matrix = ", ".join(f"[{', '.join(row)}]" for row in cells)
    return parse_literal(f"{_factor_before(before)} [{matrix}] {_factor_behind(after)}")


def _braced(text: str) -> tuple[str, str]:
    """Split at the brace that closes."""
    depth = 1
    for i, sign in enumerate(text):
        depth += (sign == "{") - (sign == "}")
        if not depth:
            return text[:i], text[i + 1 :]
    raise ValueError("a bracket is not closed")


def _plain_tex(text: str) -> str:
    """Return what a piece of LaTeX means as a literal."""
    text = _SILENT.sub(" ", text.replace("{,}", ","))
    for _ in range(4):
        text = _FRACTION.sub(lambda m: "({}/{})".format(*(part.strip() for part in m.groups() if part is not None)), text)
    text = re.sub(r"\\sqrt\s*\{([^{}]*)\}", r"sqrt(\1)", text)
    text = re.sub(r"\\(?:times|cdot|ast)(?![A-Za-z])", "*", text)
    text = re.sub(r"\\(?:div)(?![A-Za-z])", "/", text)
    return re.sub(r"(?<![A-Za-z)])\{([^{}]*)\}", r"\1", text).strip()


def _factor_before(text: str) -> str:
    text = text.rpartition("=")[2] if "=" in text else text
    text = re.sub(r"[\s(\[|.]+$", "", _plain_tex(text))
    if text.count("(") < text.count(")"):
        raise ValueError(f"{text!r} before the matrix is not understood")
    return text


def _factor_behind(text: str) -> str:
    text = re.sub(r"^[\s)\]|.]+", "", _plain_tex(text)).rstrip(" .,;")
    if re.fullmatch(r"\^\s*\{?\s*(?:T|\\top|\\mathsf\s*\{?T\}?|\\intercal|\\mathrm\s*\{?T\}?)\s*\}?", text):
        return "'"
    if re.fullmatch(
        r"(?:\*|\\otimes|\\star|\\circledast)\s*(?:\\[a-z]+\s*)?\{?\s*[A-Za-z](?:_\{?\w+\}?)?\s*\}?(?:\([^()]*\))?", text
    ):
        return ""  # what it is applied to
    return text
