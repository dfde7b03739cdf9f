"""The functions around a matrix in other languages: which of them change it, and how."""

from __future__ import annotations

from typing import Any

from convgui.io.text.makers import SPECIAL, glsl, listed, reshaped, shape_of, whole
from convgui.io.text.values import Named, Rows, Size, Word

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
    special = SPECIAL.get(last)
    if special is not None:
        return special(given, named, library)
    if last.startswith(("mat", "dmat")) and last.lstrip("dmat")[:1].isdigit():
        return glsl(last, given)
    if last.startswith("matx") and last[4:6].isdigit():
        return listed(given).shaped(int(last[4]), int(last[5]))
    unknown = set(named) - _MEANT
    if unknown:
        raise ValueError(f"{min(unknown)!r} is not understood in {name}(...)")
    if last in _SAME and len(given) == 1:
        return given[0]
    if last in _LISTS and given:
        rows = listed(given)
        return rows.but(r=True) if last == "c" else rows
    if last in ("mat_", "matx") and len(given) == 2:
        return Size(*map(whole, given))
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
        sizes = shape_of(given)
        order = named.get("order")
        return reshaped(rows, sizes, by_columns=isinstance(order, Word) and order.text.upper() == "F")
    raise ValueError(f"the method .{name} is not understood, expected the matrix alone")


def _is_type_word(argument: Any) -> bool:
    return isinstance(argument, Word) and argument.text.split(".")[-1].split("::")[-1].lower() in _WORDS | TYPES
