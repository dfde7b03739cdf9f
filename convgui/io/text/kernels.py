"""Kernels as text: from a paper, a spreadsheet, another program or a programming language, and back again."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from convgui.engine.checks import weights_fault
from convgui.io.text.characters import plain
from convgui.io.text.factors import said_around
from convgui.io.text.literals import parse_literal
from convgui.io.text.notations import READERS
from convgui.io.text.plain_rows import enclosed_rows, is_plain, parse_rows
from convgui.io.text.values import ONE, Fraction, check_size

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from convgui.io.text.values import Rows

MAX_TEXT = 200_000
"""Characters that are looked at: 63 × 63 weights of 50 characters each."""

_BLOCKS = (("/*", "*/"), ("(*", "*)"), ("<!--", "-->"))
_TO_THE_END = re.compile(r"#(?!\(|\d+A).*|(?<![\d\\%])%.*|(?<![^\s,;{}])(?<![\])] )//.*")
_PROMPT = re.compile(r"^[ \t]*(?:>>>|\.\.\.|In ?\[\d+\]:?=?|Out\[\d+\]:?=?|```\w*)[ \t]?", re.MULTILINE)
_ARROW = re.compile(r"^([ \t]*[\w.]+[ \t]*)<-", re.MULTILINE)
_PRINTED = re.compile(r"^[ \t]*\d+[x×]\d+ [^\n]*(?:Matrix|Array)[^\n]*:[ \t]*$", re.MULTILINE)
_DIVIDED_AT_THE_END = re.compile(r"(\d\s+/\s*([\d.]+))\s*[\]}]+[^\[\]{}()]*$")
_DASHED = re.compile(r"^[ \t]*-[ \t]+(?=\[)", re.MULTILINE)
"""How YAML writes entries of a list."""


@dataclass(frozen=True)
class KernelText:
    """What a text was understood as.

    Attributes
    ----------
    weights : ndarray of float64, shape (rows, cols)
    bias : float
        What the text adds to each sum, where its format has that; 0 else.
    told : str
        The same in words, such as ``3 × 3 kernel, divided by 16``.
    """

    weights: NDArray[np.float64]
    bias: float
    told: str


def parse_kernel(text: str) -> NDArray[np.float64]:
    r"""Read a kernel from text.

    Parameters
    ----------
    text : str
        Rows of numbers, separated by spaces, tabs, semicolons, bars or commas; or a literal of Python, NumPy, PyTorch,
        MATLAB, Julia, Mathematica, R, C, GLSL and their like; or LaTeX, HTML, JSON, ImageMagick's ``3x3: 1,2,1 ...``,
        SVG's feConvolveMatrix, GIMP's parameters. Numbers may be fractions and have decimal commas. A factor or divisor may
        stand in front, behind, or on a line of its own. All text must be understood, or the kernel is refused.

    Returns
    -------
    ndarray of float64, shape (rows, cols)

    Raises
    ------
    ValueError
        Without a full stop: what is not understood, or which two meanings it may have.

    Warns
    -----
    UserWarning
        If the text adds a bias as well, which is no part of a kernel.

    Examples
    --------
    >>> parse_kernel("1/4 * [1 2; 3 4]").tolist()
    [[0.25, 0.5], [0.75, 1.0]]
    >>> parse_kernel("1 2 1\n2 4 2\n1 2 1 / 16")[1].tolist()
    [0.125, 0.25, 0.125]
    """
    read = read_kernel(text)
    if read.bias:
        warnings.warn(f"The text adds {read.bias:g}, which is no part of a kernel: give it as the bias.", stacklevel=2)
    return read.weights


def read_kernel(text: str) -> KernelText:
    """Return what a text is as a kernel; see `parse_kernel`."""
    if not isinstance(text, str):
        raise TypeError(f"Expected a kernel as text, received {type(text).__name__}.")
    if len(text) > MAX_TEXT:
        raise ValueError(f"the text has {len(text):,} characters, expected at most {MAX_TEXT:,}")
    try:
        rows = _rows(plain(text))
    except (RecursionError, OverflowError) as error:
        raise ValueError("the text is nested too deeply") from error
    return understood(rows)


def understood(rows: Rows) -> KernelText:
    """Return checked rows with the sentence that says what they are."""
    height, width = len(rows.rows), max(map(len, rows.rows), default=0)
    check_size(height, width)
    weights = rows.matrix()
    if fault := weights_fault(weights):
        raise ValueError(fault[0].lower() + fault[1:].rstrip("."))
    told = [f"{height} × {width} kernel"]
    if rows.factor not in (ONE, Fraction(1.0, 1.0)):
        told.append(rows.factor.told())
    told += rows.notes
    if rows.bias:
        told.append(f"bias {rows.bias:.6g}")
    return KernelText(weights, rows.bias, ", ".join(told))


def describe_matrix(text: str) -> tuple[bool, str]:
    r"""Return whether text is a kernel, and what to tell while it is typed: what was understood, or what is wrong.

    >>> describe_matrix("1/4 * 1 2 1")
    (True, '1 × 3 kernel, divided by 4')
    >>> describe_matrix("1 2 3\n4 5")
    (False, 'row 2 has 2 numbers, expected 3')
    """
    try:
        return True, read_kernel(text).told
    except ValueError as error:
        return False, str(error)


def format_matrix(weights: NDArray[np.float64], separator: str = "\t") -> str:
    r"""Return a kernel as text that `parse_kernel` reads back to exactly the same numbers.

    >>> import numpy as np
    >>> format_matrix(np.array([[1, 0.5], [0, -1]]))
    '1\t0.5\n0\t-1'
    """
    if weights.ndim != 2:
        raise ValueError(f"only a kernel of rows and columns can be text, received shape {weights.shape}")
    return "\n".join(separator.join(map(_text, row)) for row in weights.tolist())


def _text(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _rows(text: str) -> Rows:
    """Return the rows of a text in whichever notation it is."""
    for suits, read in READERS:
        if suits(text):
            rows: Rows = read(text)
            return rows
    if found := re.search(r"%(?:\w{1,9}|[*/])?%", text):
        raise ValueError(f"{found[0]!r} is not understood, expected the matrix alone")
    text = _ARROW.sub(r"\1=", _PRINTED.sub("", _uncommented(_PROMPT.sub("", text)))).lstrip()
    text = _DASHED.sub("", text) if len(_DASHED.findall(text)) > 1 else text.removeprefix("=")
    text = "\n".join(_TO_THE_END.sub("", line) for line in text.split("\n"))
    enclosed = enclosed_rows(text)
    text = text if enclosed is None else enclosed
    if is_plain(text):
        return parse_rows(text)
    if text.count("/") == 1 and (found := _DIVIDED_AT_THE_END.search(text)):
        raise ValueError(
            f"the last weight alone is divided ({found[1].strip()}): write / {found[2]} behind the bracket for all"
        )
    factor, bias, text = said_around(text)
    rows = parse_literal(text).scaled(factor)
    return rows.but(bias=rows.bias + bias)


def _uncommented(text: str) -> str:
    """Return the text without comments that have an end."""
    for begin, end in _BLOCKS:
        pieces, at = [], 0
        while (start := text.find(begin, at)) >= 0 and (stop := text.find(end, start + len(begin))) >= 0:
            pieces.append(text[at:start])
            at = stop + len(end)
        text = " ".join([*pieces, text[at:]])
    return text
