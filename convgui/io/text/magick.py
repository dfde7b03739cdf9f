"""Kernels of ImageMagick and of GIMP."""

from __future__ import annotations

import math
import re

from convgui.io.text.svg import DECIMAL, listed_numbers
from convgui.io.text.values import ONE, Fraction, Rows

_MAGICK = re.compile(r"(?<![\w.])(\d{1,3})(?:x(\d{1,3}))?([+-]\d+[+-]\d+)?([@<>^]*)\s*:(?!:)\s*([^'\"]*)")
_MAGICK_SCALE = re.compile(r"convolve:scale=['\"]?([^\s'\"]*)")


def is_magick(text: str) -> bool:
    """Whether a text has a kernel of ImageMagick, as ``3x3: 1,2,1 ...``."""
    found = _MAGICK.search(text)
    if found is None or re.search(r"[\[{]", text) or not re.match(r"[-+.\dn]", found[5]):
        return False
    before = text[: found.start()]
    if found[2] is None and int(found[1]) < 2:  # 1:3 is a range
        return False
    return not before.strip() or bool(re.search(r"[^\W\d]|['\"]", before))  # numbers in front are of another notation


def parse_magick(text: str) -> Rows:
    """Read a kernel of ImageMagick: columns x rows, an origin, a colon and the numbers.

    Definition: ImageMagick, Examples of usage, Morphology, user defined kernels.
    """
    found = _MAGICK.search(text)
    assert found is not None
    cols, rows, origin, turns, rest = int(found[1]), int(found[2] or found[1]), found[3], found[4], found[5]
    if turns:
        raise ValueError(f"{turns!r} makes several kernels by turning one, expected one kernel")
    parts = re.split(r"\s*,\s*|\s+", rest.strip().rstrip(";,"))
    if ";" in rest.strip().rstrip(";"):
        raise ValueError("there are several kernels, expected one")
    if any(part in ("-", "nan", "NaN") for part in parts):
        raise ValueError("row 1: 'nan' is not allowed, weights must be finite; write 0 for cells that take no part")
    if origin and [int(n) for n in re.findall(r"[+-]\d+", origin)] != [(cols - 1) // 2, (rows - 1) // 2]:
        raise ValueError(f"its origin is {origin}, expected a kernel that lies around its middle")
    numbers = listed_numbers(rest.strip().rstrip(";,"))
    made = Rows((tuple(map(Fraction, numbers)),), flat=True).shaped(rows, cols)
    scale = _MAGICK_SCALE.search(text[: found.start()])
    if scale is None:
        return made
    return made.scaled(_magick_scale(scale[1], math.fsum(numbers)))


def _magick_scale(text: str, total: float) -> Fraction:
    fraction = re.fullmatch(rf"({DECIMAL})(?:/({DECIMAL}))?(%?)", text)
    if text == "!" and total:
        return ONE / Fraction(total)
    if fraction is None or (fraction[2] and fraction[3]):
        raise ValueError(f"the scale {text!r} is not understood")
    return Fraction(float(fraction[1]), 100.0 if fraction[3] else float(fraction[2] or 1)) / ONE


_GEGL = re.compile(r"(?<![A-Za-z0-9])([a-e][1-5])(?:['\"]\s*[,:>]?|\s*=\s*['\"]?|\s*:\s*|\s+)\s*(" + DECIMAL + r")(?![\w.])")


def is_gimp(text: str) -> bool:
    """Whether a text has the parameters of GIMP's convolution matrix."""
    return len(_GEGL.findall(text)) > 1 or bool(re.search(r"plug.in.convmatrix", text))


def parse_gimp(text: str) -> Rows:
    """Read the parameters of GEGL's convolution-matrix, whose names are a column's letter and a row's number.

    Definition: gegl/operations/common/convolution-matrix.c. It divides by the sum of the weights unless it is told not to.
    """
    if not _GEGL.search(text):
        return _parse_convmatrix(text)
    given = {name: float(number) for name, number in _GEGL.findall(text)}
    weights = [[given.get(f"{col}{row}", float(f"{col}{row}" == "c3")) for col in "abcde"] for row in "12345"]
    if not any(weights[i][j] for i in range(5) for j in range(5) if i in (0, 4) or j in (0, 4)):
        weights = [row[1:4] for row in weights[1:4]]
    made = Rows(tuple(tuple(map(Fraction, row)) for row in weights))
    total = math.fsum(number for row in weights for number in row)
    if re.search(r"normali[sz]e\W{1,6}(?:false|no|0|#f)", text, re.IGNORECASE):
        divisor = re.search(rf"divisor\W{{1,4}}?({DECIMAL})", text)
        offset = re.search(rf"offset\W{{1,4}}?({DECIMAL})", text)
        bias = float(offset[1]) if offset else 0.0
        return made.scaled(ONE / Fraction(float(divisor[1]) if divisor else 1.0)).but(bias=bias)
    return made.scaled(ONE / Fraction(abs(total) or 1.0)).but(bias=0.0 if total > 0 else 1.0 if total < 0 else 0.5)


def _parse_convmatrix(text: str) -> Rows:
    numbers = re.findall(DECIMAL, text[re.search(r"plug.in.convmatrix", text).end() :])  # type: ignore[union-attr]
    start = next((i for i, n in enumerate(numbers) if float(n) == 25), None)
    if start is None or len(numbers) < start + 29:
        raise ValueError("the call of plug-in-convmatrix is not understood, expected 25 weights, a divisor and an offset")
    weights = [float(n) for n in numbers[start + 1 : start + 26]]
    divisor, offset = float(numbers[start + 27]), float(numbers[start + 28])
    made = Rows((tuple(map(Fraction, weights)),), flat=True).shaped(5, 5)
    return made.scaled(ONE / Fraction(divisor)).but(bias=offset / 255)
