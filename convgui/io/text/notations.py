"""Kernels in the notation of typesetting and of other programs, brought to rows and a factor."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from convgui.io.text.dialect import decide
from convgui.io.text.literals import parse_literal
from convgui.io.text.values import ONE, Fraction, Rows

_DECIMAL = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"

# LaTeX

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


# tables of HTML, MathML and wikis


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


# SVG

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
    weights = _listed(given.get("kernelmatrix", ""))
    order = [int(number) for number in _listed(given.get("order", "3"))] if given.get("order") else [3]
    cols, rows = order[0], order[-1]
    for name, size in (("targetx", cols), ("targety", rows)):
        if name in given and _listed(given[name]) != [size // 2]:
            raise ValueError("its target is not the middle of the matrix, expected a kernel that lies around its middle")
    made = Rows((tuple(map(Fraction, weights)),), flat=True).shaped(rows, cols)
    bias = _listed(given["bias"])[0] if given.get("bias") else 0.0
    notes = () if weights == weights[::-1] else ("which SVG turns by 180 degrees: see Flip",)
    if given.get("divisor"):
        return made.scaled(ONE / Fraction(_listed(given["divisor"])[0])).but(bias=bias, notes=notes)
    total = math.fsum(weights)
    return made.scaled(ONE / Fraction(total or 1.0)).but(bias=bias, notes=notes)


def _listed(text: str) -> list[float]:
    """Return numbers with spaces or commas between them."""
    parts = re.split(r"\s*,\s*|\s+", text.strip())
    for part in parts:
        if not re.fullmatch(_DECIMAL, part):
            if part.lower() in ("nan", "-nan", "inf"):
                raise ValueError(f"row 1: {part!r} is not allowed, weights must be finite")
            raise ValueError(f"{part[:20]!r} is not a number" if part else "no numbers yet, expected rows of them")
    return [float(part) for part in parts]


# ImageMagick

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
    numbers = _listed(rest.strip().rstrip(";,"))
    made = Rows((tuple(map(Fraction, numbers)),), flat=True).shaped(rows, cols)
    scale = _MAGICK_SCALE.search(text[: found.start()])
    if scale is None:
        return made
    return made.scaled(_magick_scale(scale[1], math.fsum(numbers)))


def _magick_scale(text: str, total: float) -> Fraction:
    fraction = re.fullmatch(rf"({_DECIMAL})(?:/({_DECIMAL}))?(%?)", text)
    if text == "!" and total:
        return ONE / Fraction(total)
    if fraction is None or (fraction[2] and fraction[3]):
        raise ValueError(f"the scale {text!r} is not understood")
    return Fraction(float(fraction[1]), 100.0 if fraction[3] else float(fraction[2] or 1)) / ONE


# GIMP

_GEGL = re.compile(r"(?<![A-Za-z0-9])([a-e][1-5])(?:['\"]\s*>|\s*=\s*['\"]?|\s*:\s*|\s+)\s*(" + _DECIMAL + r")(?![\w.])")


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
        divisor = re.search(rf"divisor\W{{1,4}}?({_DECIMAL})", text)
        offset = re.search(rf"offset\W{{1,4}}?({_DECIMAL})", text)
        bias = float(offset[1]) if offset else 0.0
        return made.scaled(ONE / Fraction(float(divisor[1]) if divisor else 1.0)).but(bias=bias)
    return made.scaled(ONE / Fraction(abs(total) or 1.0)).but(bias=0.0 if total > 0 else 1.0 if total < 0 else 0.5)


def _parse_convmatrix(text: str) -> Rows:
    numbers = re.findall(_DECIMAL, text[re.search(r"plug.in.convmatrix", text).end() :])  # type: ignore[union-attr]
    start = next((i for i, n in enumerate(numbers) if float(n) == 25), None)
    if start is None or len(numbers) < start + 29:
        raise ValueError("the call of plug-in-convmatrix is not understood, expected 25 weights, a divisor and an offset")
    weights = [float(n) for n in numbers[start + 1 : start + 26]]
    divisor, offset = float(numbers[start + 27]), float(numbers[start + 28])
    made = Rows((tuple(map(Fraction, weights)),), flat=True).shaped(5, 5)
    return made.scaled(ONE / Fraction(divisor)).but(bias=offset / 255)


# JSON

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


# Photoshop

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


READERS: tuple[tuple[Any, Any], ...] = (
    (is_svg, parse_svg),
    (is_json, parse_json),
    (is_gimp, parse_gimp),
    (is_latex, parse_latex),
    (is_markup, parse_markup),
    (is_magick, parse_magick),
)
"""For each notation, whether a text is in it, and its reader."""
