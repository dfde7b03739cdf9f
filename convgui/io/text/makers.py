"""Functions that make or change a matrix, in the meaning that each language gives them."""

from __future__ import annotations

import math
from typing import Any

from convgui.io.text.values import ONE, Fraction, Rows, Word, gathered

ARRAYS = ("np", "numpy", "torch", "tf", "jnp", "cp", "cupy", "mx", "xp", "k", "ops", "keras.ops", "jax.numpy")
"""Libraries whose arrays go by rows."""


def whole(number: Any) -> int:
    """Return a size; ValueError if it is no whole number."""
    if not isinstance(number, Fraction) or number.value != int(number.value) or not -1 <= number.value <= 1000:
        raise ValueError("expected a size as a whole number")
    return int(number.value)


def listed(given: list[Any]) -> Rows:
    """Return arguments as a list of numbers, or as rows."""
    if len(given) == 1 and isinstance(given[0], Rows):
        return given[0]
    return gathered(given)


def shape_of(given: list[Any]) -> list[int]:
    """Return sizes that are given one by one or as a tuple."""
    if len(given) == 1 and isinstance(given[0], Rows):
        return [whole(number) for number in given[0].rows[0]]
    return [whole(number) for number in given]


def reshaped(rows: Rows, sizes: list[int], *, by_columns: bool = False) -> Rows:
    """Return the numbers in a shape; axes of one in front are left out."""
    while len(sizes) > 2 and sizes[0] == 1:
        sizes = sizes[1:]
    count = sum(map(len, rows.rows))
    if sizes.count(-1) == 1:
        rest = abs(math.prod(sizes))
        sizes = [count // rest if size == -1 and rest else size for size in sizes]
    if len(sizes) == 1:
        sizes = [1, *sizes]
    if len(sizes) != 2 or min(sizes) < 1:
        raise ValueError(f"an array of {' × '.join(map(str, sizes))} is no kernel of rows and columns: take one slice of it")
    if by_columns and not rows.flat:
        raise ValueError("a matrix that is shaped anew by columns is not understood, expected the matrix alone")
    return rows.shaped(sizes[0], sizes[1], by_columns=by_columns)


def _filled(number: Fraction, given: list[Any], library: str, what: str) -> Rows:
    sizes = shape_of(given)
    if len(sizes) == 1 and library not in ARRAYS:
        raise ValueError(f"{what}({sizes[0]}) is a list or a square, expected both sizes")
    rows, cols = sizes if len(sizes) == 2 else (1, *sizes) if len(sizes) == 1 else (0, 0)
    if not 1 <= rows <= 1000 or not 1 <= cols <= 1000:
        raise ValueError(f"{what} of {' × '.join(map(str, sizes))} is no kernel of rows and columns")
    return Rows(((number,) * cols,) * rows)


def _ones(given: list[Any], named: dict[str, Any], library: str) -> Rows:
    return _filled(ONE, given or [named.get("shape")], library, "ones")


def _zeros(given: list[Any], named: dict[str, Any], library: str) -> Rows:
    return _filled(Fraction(0.0), given, library, "zeros")


def _full(given: list[Any], named: dict[str, Any], library: str) -> Rows:
    number = named.get("fill_value", given[-1] if len(given) > 1 else None)
    if not isinstance(number, Fraction):
        raise ValueError("full(...) needs a size and a number")
    return _filled(number, given[:1], library or "np", "full")


def _fill(given: list[Any], named: dict[str, Any], library: str) -> Rows:
    if len(given) < 3 or not isinstance(given[0], Fraction):
        raise ValueError("fill(...) needs a number and two sizes")
    return _filled(given[0], given[1:], library, "fill")


def _eye(given: list[Any], named: dict[str, Any], library: str) -> Rows:
    sizes = shape_of(given)
    side = sizes[0] if len(set(sizes)) == 1 and len(sizes) < 3 else 0
    if not 1 <= side <= 1000:
        raise ValueError("expected the size of the identity as one number")
    return Rows(tuple(tuple(Fraction(float(i == j)) for j in range(side)) for i in range(side)))


def _root(given: list[Any], named: dict[str, Any], library: str) -> Fraction:
    if len(given) != 1 or not isinstance(given[0], Fraction) or given[0].value < 0:
        raise ValueError("sqrt(...) is understood of one number only")
    return Fraction(math.sqrt(given[0].value))


def _ratio(given: list[Any], named: dict[str, Any], library: str) -> Fraction:
    if len(given) != 2 or not all(isinstance(number, Fraction) for number in given):
        raise ValueError("expected a fraction of two numbers")
    return given[0] / given[1]


def _rbind(given: list[Any], named: dict[str, Any], library: str) -> Rows:
    return _stacked(given)


def _cbind(given: list[Any], named: dict[str, Any], library: str) -> Rows:
    return _stacked(given).transposed


def _stacked(given: list[Any]) -> Rows:
    return gathered(given)


def _matrix(given: list[Any], named: dict[str, Any], library: str) -> Rows:
    """Read R's matrix, which goes by columns unless it says otherwise, and its namesakes, which go by rows."""
    unknown = set(named) - {"nrow", "ncol", "nr", "nc", "byrow", "data", "dtype"}
    if unknown:
        raise ValueError(f"{min(unknown)!r} is not understood in matrix(...)")
    data = named.get("data", given[0] if given else None)
    rest = given[1:] if "data" not in named else given
    if isinstance(data, Fraction) and len(rest) == 2 and isinstance(rest[-1], Rows):  # matrix(3, 3, [...])
        return rest[-1].shaped(whole(data), whole(rest[0]))
    sizes = {name: whole(named[key]) for name, key in (("rows", "nrow"), ("cols", "ncol")) if key in named}
    for name, number in zip((n for n in ("rows", "cols") if n not in sizes), rest, strict=False):
        if isinstance(number, Fraction):
            sizes[name] = whole(number)
    if isinstance(data, Fraction):
        if len(sizes) == 2 and len(rest) <= 2:
            return Rows(((data,) * sizes["cols"],) * sizes["rows"])
        raise ValueError("matrix(...) of plain numbers is not understood, expected rows of them")
    if not isinstance(data, Rows):
        raise ValueError("matrix(...) without numbers is not understood")
    if not data.r and not sizes:
        if all(isinstance(part, Rows) for part in given):
            return _stacked(given) if len(given) > 1 else data
        raise ValueError("matrix(...) is not understood, expected rows of numbers")
    if not data.flat:
        raise ValueError("matrix(...) of a matrix is not understood, expected the matrix alone")
    count = len(data.rows[0])
    rows = sizes.get("rows") or -(-count // sizes.get("cols", 1))
    cols = sizes.get("cols") or -(-count // rows)
    by_row = named.get("byrow")
    chosen = (
        by_row.text.upper() in ("TRUE", "T")
        if isinstance(by_row, Word)
        else isinstance(by_row, Fraction) and by_row.value != 0
    )
    columns_first = data.r and not chosen
    note = ("filled by columns, as R does it",) if columns_first and min(rows, cols) > 1 else ()
    return data.shaped(rows, cols, by_columns=columns_first).but(notes=(*data.notes, *note), r=False)


def _reshape(given: list[Any], named: dict[str, Any], library: str) -> Rows:
    if not given or not isinstance(given[0], Rows):
        raise ValueError("reshape(...) without numbers is not understood")
    order = named.get("order")
    if library in ARRAYS:
        return reshaped(given[0], shape_of(given[1:]), by_columns=isinstance(order, Word) and order.text.upper() == "F")
    by_rows, by_columns = (reshaped(given[0], shape_of(given[1:]), by_columns=flag) for flag in (False, True))
    if by_rows.rows != by_columns.rows:
        raise ValueError("reshape(...) goes by rows in NumPy and by columns in MATLAB and Julia: write the rows in brackets")
    return by_rows


def _outer(given: list[Any], named: dict[str, Any], library: str) -> Rows:
    if len(given) != 2 or not all(isinstance(part, Rows) and part.flat for part in given):
        raise ValueError("outer(...) is understood of two lists only")
    down, across = given
    rows = tuple(tuple(a * b for b in across.rows[0]) for a in down.rows[0])
    return Rows(rows, factor=down.factor * across.factor, notes=("a column by a row",))


def _transpose(given: list[Any], named: dict[str, Any], library: str) -> Rows:
    if len(given) != 1 or not isinstance(given[0], Rows) or given[0].flat:
        raise ValueError("transpose(...) is understood of one matrix only")
    return given[0].transposed


def _pillow(given: list[Any], named: dict[str, Any], library: str) -> Rows:
    """Read Pillow's and Java's Kernel: the size as width and height, a list, and Pillow's scale and offset."""
    if given and isinstance(given[0], Rows) and len(given) > 1 and isinstance(given[1], Rows):
        (cols, rows), numbers, rest = shape_of(given[:1]), given[1], given[2:]
        default: Any = None
        scale, offset = (
            named.get("scale", rest[0] if rest else default),
            named.get("offset", rest[1] if len(rest) > 1 else None),
        )
        shaped = numbers.shaped(rows, cols)
        scale = scale or Fraction(math.fsum(n.value for n in numbers.rows[0]) or 1.0)
        bias = offset.value / 255 if isinstance(offset, Fraction) else 0.0
        return shaped.scaled(ONE / scale).but(bias=bias)
    if len(given) == 3 and isinstance(given[2], Rows):
        return given[2].shaped(whole(given[1]), whole(given[0]))
    raise ValueError("Kernel(...) is not understood, expected its size and a list of numbers")


def _php(given: list[Any], named: dict[str, Any], library: str) -> Rows:
    """Read PHP's imageconvolution: a matrix, a divisor and an offset."""
    if len(given) == 3 and isinstance(given[0], Rows) and all(isinstance(n, Fraction) for n in given[1:]):
        return given[0].scaled(ONE / given[1]).but(bias=given[2].value / 255)
    raise ValueError("imageconvolution(...) is not understood, expected a matrix, a divisor and an offset")


def _sized_list(given: list[Any], named: dict[str, Any], library: str) -> Rows:
    if len(given) == 3 and isinstance(given[2], Rows):
        return given[2].shaped(whole(given[0]), whole(given[1]))
    raise ValueError("matFromArray(...) is not understood, expected rows, columns and a list")


def glsl(name: str, given: list[Any]) -> Rows:
    """Read GLSL's and WGSL's matrices, which are given column by column."""
    sizes = name.lstrip("dmat").split("f")[0].split("x")
    cols, rows = int(sizes[0]), int(sizes[-1])
    if all(isinstance(part, Rows) and part.flat for part in given) and len(given) == cols:
        made = _stacked(given).transposed
    else:
        made = listed(given).shaped(cols, rows).transposed
    return made.but(notes=("columns first, as GLSL has them",))


SPECIAL: dict[str, Any] = {
    "ones": _ones,
    "zeros": _zeros,
    "full": _full,
    "fill": _fill,
    "eye": _eye,
    "identity": _eye,
    "identitymatrix": _eye,
    "sqrt": _root,
    "fraction": _ratio,
    "rational": _ratio,
    "rbind": _rbind,
    "cbind": _cbind,
    "matrix": _matrix,
    "matrix!": _matrix,
    "reshape": _reshape,
    "outer": _outer,
    "transpose": _transpose,
    "kernel": _pillow,
    "imageconvolution": _php,
    "matfromarray": _sized_list,
}
