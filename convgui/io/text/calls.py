"""The functions around a matrix in other languages: which of them change it, and how."""

from __future__ import annotations

import math
from typing import Any

from convgui.io.text.values import ONE, Fraction, Named, Rows, Size, Word, gathered

TYPES = frozenset(
    """
    float double int short char long half byte uint int8_t int16_t int32_t uint8_t float32 float64 float16 int8 int16
    int32 int64 f32 f64 i32 i64 int32array float32array float64array rational vec array vector list matrix tensor real
    integer any number single std::vector std::array mat
    """.split()
)
"""Names of types, and of collections, that stand before brackets and change nothing."""

LABELS = frozenset(
    """
    const static constexpr final public private readonly let var val return auto unsigned signed inline
    """.split()
) - {"print"}

_SAME = frozenset(
    """
    array asarray asanyarray ascontiguousarray asmatrix mat tensor floattensor doubletensor constant as_tensor
    as_matrix convert_to_tensor variable parameter float32 float64 float16 double float single int8 int16 int32 int64
    int uint8 tuple list frozenset centered list<float> float32array float64array arr2 arr1 umat matf matd half
    squeeze sparsearray cast i smatrix
    """.split()
)
"""Functions that give back the numbers of their argument."""

_LISTS = frozenset(
    """
    array c arrayof listof list vector vec float double int floatarrayof doublearrayof intarrayof tuple mutablelistof
    half vec2 vec3 vec4 dvec3 dvec2 dvec4 ivec3 float2 float3 float4 seq row
    """.split()
)
"""Functions whose arguments are the entries of a list."""

_MEANT = frozenset(
    """
    dtype device requires_grad copy order ndmin name grad_fn layout pin_memory subok stringsasfactors
    """.split()
)
_WORDS = frozenset(
    """
    float double int dtype float32 float64 float16 half single cuda cpu none cv_32f cv_64f cv_8s cv_8u ieee
    """.split()
)
_ARRAYS = ("np", "numpy", "torch", "tf", "jnp", "cp", "cupy", "mx", "xp", "k", "ops", "keras.ops", "jax.numpy")
_KEEPS = frozenset(
    """
    astype float double to cuda cpu copy numpy tolist detach clone contiguous type half unsqueeze unsqueeze_
    expand_dims get eval
    """.split()
)


def call(name: str, arguments: list[Any], prefix: str = "") -> Any:
    """Return what a function makes of its arguments; ValueError if it is not known."""
    parts = name.replace("::", ".").split(".")
    last, library = parts[-1].lower(), ".".join(parts[:-1]).lower()
    named = {a.name.lower(): a.value for a in arguments if isinstance(a, Named)}
    if last == "matrix" and len(arguments) == 4 and isinstance(arguments[3], Word):
        named["byrow"] = arguments.pop()
    given = [a for a in arguments if not isinstance(a, Named) and not _is_type_word(a)]
    for word in given:
        if isinstance(word, Word):
            raise ValueError(f"{word.text!r} is not understood, expected numbers")
    special = _SPECIAL.get(last)
    if special is not None:
        return special(given, named, library)
    if last.startswith(("mat", "dmat")) and last.lstrip("dmat")[:1].isdigit():
        return _glsl(last, given)
    if last.startswith("matx") and last[4:6].isdigit():
        return _listed(given).shaped(int(last[4]), int(last[5]))
    unknown = set(named) - _MEANT
    if unknown:
        raise ValueError(f"{min(unknown)!r} is not understood in {name}(...)")
    if last in _SAME and len(given) == 1:
        return given[0]
    if last in _LISTS and given:
        rows = _listed(given)
        return rows.but(r=True) if last == "c" else rows
    if last in ("mat_", "matx") and len(given) == 2:
        return Size(*map(_whole, given))
    raise ValueError(f"the function {name}(...) is not understood, expected the matrix alone")


def method(rows: Rows, name: str, arguments: list[Any]) -> Rows:
    """Return what a method makes of a matrix."""
    if name in _KEEPS:
        return rows
    named = {a.name: a.value for a in arguments if isinstance(a, Named)}
    given = [a for a in arguments if not isinstance(a, Named)]
    if name in ("T", "t", "transpose") and not given:
        return rows if rows.flat else rows.transposed
    if name in ("reshape", "view", "reshape_"):
        sizes = _shape(given)
        order = named.get("order")
        return _reshaped(rows, sizes, by_columns=isinstance(order, Word) and order.text.upper() == "F")
    raise ValueError(f"the method .{name} is not understood, expected the matrix alone")


def _is_type_word(argument: Any) -> bool:
    return isinstance(argument, Word) and argument.text.split(".")[-1].split("::")[-1].lower() in _WORDS | TYPES


def _whole(number: Any) -> int:
    if not isinstance(number, Fraction) or number.value != int(number.value) or not -1 <= number.value <= 1000:
        raise ValueError("expected a size as a whole number")
    return int(number.value)


def _listed(given: list[Any]) -> Rows:
    """Return arguments as a list of numbers, or as rows."""
    if len(given) == 1 and isinstance(given[0], Rows):
        return given[0]
    return gathered(given)


def _shape(given: list[Any]) -> list[int]:
    """Return sizes that are given one by one or as a tuple."""
    if len(given) == 1 and isinstance(given[0], Rows):
        return [_whole(number) for number in given[0].rows[0]]
    return [_whole(number) for number in given]


def _reshaped(rows: Rows, sizes: list[int], *, by_columns: bool = False) -> Rows:
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
        raise ValueError(f"an array of {' x '.join(map(str, sizes))} is no kernel of rows and columns: take one slice of it")
    if by_columns and not rows.flat:
        raise ValueError("a matrix that is shaped anew by columns is not understood, expected the matrix alone")
    return rows.shaped(sizes[0], sizes[1], by_columns=by_columns)


def _filled(number: Fraction, given: list[Any], library: str, what: str) -> Rows:
    sizes = _shape(given)
    if len(sizes) == 1 and library not in _ARRAYS:
        raise ValueError(f"{what}({sizes[0]}) is a list or a square, expected both sizes")
    rows, cols = sizes if len(sizes) == 2 else (1, *sizes) if len(sizes) == 1 else (0, 0)
    if not 1 <= rows <= 1000 or not 1 <= cols <= 1000:
        raise ValueError(f"{what} of {' x '.join(map(str, sizes))} is no kernel of rows and columns")
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
    sizes = _shape(given)
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
        return rest[-1].shaped(_whole(data), _whole(rest[0]))
    sizes = {name: _whole(named[key]) for name, key in (("rows", "nrow"), ("cols", "ncol")) if key in named}
    for name, number in zip((n for n in ("rows", "cols") if n not in sizes), rest, strict=False):
        if isinstance(number, Fraction):
            sizes[name] = _whole(number)
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
    if library in _ARRAYS:
        return _reshaped(given[0], _shape(given[1:]), by_columns=isinstance(order, Word) and order.text.upper() == "F")
    by_rows, by_columns = (_reshaped(given[0], _shape(given[1:]), by_columns=flag) for flag in (False, True))
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
        (cols, rows), numbers, rest = _shape(given[:1]), given[1], given[2:]
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
        return given[2].shaped(_whole(given[1]), _whole(given[0]))
    raise ValueError("Kernel(...) is not understood, expected its size and a list of numbers")


def _php(given: list[Any], named: dict[str, Any], library: str) -> Rows:
    """Read PHP's imageconvolution: a matrix, a divisor and an offset."""
    if len(given) == 3 and isinstance(given[0], Rows) and all(isinstance(n, Fraction) for n in given[1:]):
        return given[0].scaled(ONE / given[1]).but(bias=given[2].value / 255)
    raise ValueError("imageconvolution(...) is not understood, expected a matrix, a divisor and an offset")


def _sized_list(given: list[Any], named: dict[str, Any], library: str) -> Rows:
    if len(given) == 3 and isinstance(given[2], Rows):
        return given[2].shaped(_whole(given[0]), _whole(given[1]))
    raise ValueError("matFromArray(...) is not understood, expected rows, columns and a list")


def _glsl(name: str, given: list[Any]) -> Rows:
    """Read GLSL's and WGSL's matrices, which are given column by column."""
    sizes = name.lstrip("dmat").split("f")[0].split("x")
    cols, rows = int(sizes[0]), int(sizes[-1])
    if all(isinstance(part, Rows) and part.flat for part in given) and len(given) == cols:
        made = _stacked(given).transposed
    else:
        made = _listed(given).shaped(cols, rows).transposed
    return made.but(notes=("columns first, as GLSL has them",))


_SPECIAL: dict[str, Any] = {
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
