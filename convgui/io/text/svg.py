"""Kernels of SVG's feConvolveMatrix."""

from __future__ import annotations

import math
import re

from convgui.io.text.values import ONE, Fraction, Rows

DECIMAL = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"


_ATTRIBUTE = re.compile(r"""([A-Za-z]+)\s*=\s*(?:\{\s*)?["'`{]?\s*([^"'`{}<>]*?)\s*["'`}](?:\s*\})?""")


def is_svg(text: str) -> bool:
    """Whether a text has the attributes of SVG's feConvolveMatrix."""
    return bool(re.search(r"kernelMatrix\s*=", text, re.IGNORECASE))


def parse_svg(text: str) -> Rows:
    """Read SVG's feConvolveMatrix: without a divisor it divides by the sum of its weights, unless that is zero.

    Definition: Filter Effects Module Level 1, section 9.9. There the matrix is turned by 180 degrees when it is applied.
    """
    if len(re.findall(r"kernelMatrix\s*=", text, re.IGNORECASE)) > 1:
        raise ValueError("there are several feConvolveMatrix, expected one")
    given = {name.lower(): value for name, value in _ATTRIBUTE.findall(text)}
    weights = listed_numbers(given.get("kernelmatrix", ""))
    order = [int(number) for number in listed_numbers(given.get("order", "3"))] if given.get("order") else [3]
    cols, rows = order[0], order[-1]
    for name, size in (("targetx", cols), ("targety", rows)):
        if name in given and listed_numbers(given[name]) != [size // 2]:
            raise ValueError("its target is not the middle of the matrix, expected a kernel that lies around its middle")
    made = Rows((tuple(map(Fraction, weights)),), flat=True).shaped(rows, cols)
    bias = listed_numbers(given["bias"])[0] if given.get("bias") else 0.0
    notes = () if weights == weights[::-1] else ("which SVG turns by 180 degrees: see Flip",)
    if given.get("divisor"):
        return made.scaled(ONE / Fraction(listed_numbers(given["divisor"])[0])).but(bias=bias, notes=notes)
    total = math.fsum(weights)
    return made.scaled(ONE / Fraction(total or 1.0)).but(bias=bias, notes=notes)


def listed_numbers(text: str) -> list[float]:
    """Return numbers with spaces or commas between them."""
    parts = re.split(r"\s*,\s*|\s+", text.strip())
    for part in parts:
        if not re.fullmatch(DECIMAL, part):
            if part.lower() in ("nan", "-nan", "inf"):
                raise ValueError(f"row 1: {part!r} is not allowed, weights must be finite")
            raise ValueError(f"{part[:20]!r} is not a number" if part else "no numbers yet, expected rows of them")
    return [float(part) for part in parts]
