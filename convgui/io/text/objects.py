"""Kernels as objects of JSON, and as files of Photoshop's custom filter."""

from __future__ import annotations

import json
import re

from convgui.io.text.literals import parse_literal
from convgui.io.text.values import ONE, Fraction, Rows

_WEIGHTS = (
    "weights",
    "kernel",
    "kernelmatrix",
    "matrix",
    "values",
    "data",
    "filter",
    "convolution",
    "coefficients",
    "array",
)
_DIVISORS = ("divisor", "div", "denominator")
_FACTORS = ("factor", "multiplier")
_BIASES = ("bias", "offset")
_TOLD = (
    "name",
    "description",
    "title",
    "format",
    "version",
    "rows",
    "cols",
    "columns",
    "width",
    "height",
    "size",
    "dtype",
    "type",
    "entry",
    "parameters",
)


def is_json(text: str) -> bool:
    """Whether a text is an object of JSON."""
    return bool(re.match(r'\s*\{\s*"[^"]*"\s*:', text))


def parse_json(text: str) -> Rows:
    """Read an object of JSON that holds rows of numbers, and perhaps a divisor or factor."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError("the object of JSON is damaged") from error
    found = {name.lower(): value for name, value in document.items()}
    names = [name for name in _WEIGHTS if isinstance(found.get(name), list)]
    if len(names) != 1:
        raise ValueError(f'the object has {len(names) or "no"} entries of numbers, expected one, as "weights"')
    made = parse_literal(json.dumps(found.pop(names[0])))
    bias = 0.0
    for name, value in found.items():
        if name in _TOLD:
            continue
        if isinstance(value, bool) or not isinstance(value, int | float) or name not in (*_DIVISORS, *_FACTORS, *_BIASES):
            raise ValueError(f"the entry {name!r} is not understood")
        if name in _BIASES:
            bias = float(value)
        else:
            made = made.scaled(ONE / Fraction(float(value)) if name in _DIVISORS else Fraction(float(value)))
    sizes = [found.get(a, found.get(b)) for a, b in (("rows", "height"), ("cols", "width"))]
    if made.flat and all(isinstance(size, int) for size in sizes):
        made = made.shaped(*sizes)  # type: ignore[arg-type]
    return made.but(bias=bias)


ACF_BYTES = 54


def parse_acf(data: bytes) -> Rows:
    """Read the file of Photoshop's custom filter: 25 weights, a scale that divides and an offset, as 16-bit numbers.

    Definition: Adobe Photoshop file formats specification, custom kernel.
    """
    if len(data) != ACF_BYTES:
        raise ValueError(f"has {len(data)} bytes, expected {ACF_BYTES} as Photoshop's custom filter has them")
    numbers = [int.from_bytes(data[i : i + 2], "big", signed=True) for i in range(0, ACF_BYTES, 2)]
    scale, offset = numbers[25:]
    made = Rows((tuple(Fraction(float(n)) for n in numbers[:25]),), flat=True).shaped(5, 5)
    return made.scaled(ONE / Fraction(float(scale))).but(bias=offset / 255)
