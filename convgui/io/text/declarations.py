"""What stands around a literal: names, types and sizes that are declared, and whether its brackets are closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from convgui.io.text.calls import LABELS, TYPES
from convgui.io.text.tokens import Token, value

if TYPE_CHECKING:
    from convgui.io.text.values import Rows

OPEN = {"[": "]", "{": "}", "(": ")"}
DEEPEST = 8


def check_closed(found: list[Token]) -> None:
    """Refuse brackets that are not closed, or nested deeper than those of a matrix."""
    depth, deepest = 0, 0
    for token in found:
        depth += (token.text in OPEN) - (token.text in OPEN.values())
        deepest = max(deepest, depth)
        if depth < 0:
            raise ValueError("a bracket is not opened")
    if depth:
        raise ValueError("a bracket is not closed")
    if deepest > DEEPEST:
        raise ValueError("the brackets are nested otherwise than rows in a matrix, as in [[1, 2], [3, 4]]")


def declaration(found: list[Token]) -> tuple[tuple[int, ...], list[Token]]:
    """Split off what stands before an assignment; return the sizes that it declares, and the rest."""
    depth, places = 0, []
    for i, token in enumerate(found):
        depth += (token.text in OPEN) - (token.text in OPEN.values())
        if token.text == "=" and depth == 0:
            places.append(i)
    if len(places) > 1:
        raise ValueError("the text sets several names, expected one matrix")
    if not places:
        return (), _after_label(found)
    left, right = [t for t in found[: places[0]] if t.kind != "line"], found[places[0] + 1 :]
    words = [t.text for t in left if t.kind == "word"]
    numbers = [int(value(t.text)) for t in left if t.kind == "number"]
    allowed = {"[", "]", ":", ";", ",", "&", "*", "<"}
    calls = any(t.text == "(" for t in left)
    if not words or calls or any(t.kind not in ("word", "number") and t.text not in allowed for t in left):
        raise ValueError("what stands before = is not understood, expected a name")
    if numbers and len(words) < 2 and not (len(numbers) > 1):
        raise ValueError(f"the text sets one part of {words[0]}, expected the whole matrix")
    return tuple(numbers), right


def _after_label(found: list[Token]) -> list[Token]:
    """Leave out words that name or declare what follows, as in ``kernel: [[...]]`` and ``float k[]{...}``."""
    start = 0
    while start < len(found) and found[start].kind in ("word", "line"):
        start += 1
    words = [t.text for t in found[:start] if t.kind == "word"]
    follows = found[start].text if start < len(found) else ""
    if words and follows == ":":
        if words[-1].lower() in ("scale", "divisor", "div", "factor", "multiplier", "norm", "bias", "offset"):
            raise ValueError(f"{words[-1]!r} beside the matrix is not understood, expected it on a line of its own")
        return found[start + 1 :]
    if len(words) > 1 and follows in "{[" and words[0].lower().split("::")[-1] in TYPES | LABELS and words[0] != "new":
        while start < len(found) and found[start].text in "[]" and follows == "[":  # float k[]{...}
            closing = next(i for i in range(start, len(found)) if found[i].text == "]")
            if closing + 1 >= len(found) or found[closing + 1].text not in "{[":
                break
            start = closing + 1
        return found[start:]
    if words and words[0].lower() in LABELS:
        return found[found.index(next(t for t in found if t.kind == "word")) + 1 :]
    return found


def sized(result: Rows, sizes: tuple[int, ...]) -> Rows:
    """Bring a list into the rows and columns that its declaration says."""
    sizes = sizes if len(sizes) != 1 or result.flat else ()
    if len(sizes) > 2:
        raise ValueError(f"an array of {' × '.join(map(str, sizes))} is no kernel of rows and columns: take one slice of it")
    if len(sizes) == 2:
        if result.flat:
            return result.shaped(*sizes)
        if result.shape != sizes:
            raise ValueError(
                f"there are {result.shape[0]} × {result.shape[1]} numbers, expected {sizes[0]} × {sizes[1]} as declared"
            )
    if len(sizes) == 1 and result.shape[1] != sizes[0]:
        raise ValueError(f"there are {result.shape[1]} numbers, expected {sizes[0]} as declared")
    return result
