"""What the arithmetic panel draws of a layer that is no convolution: its numbers as texts that agree with each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from convgui.engine.layers.activation import Activation
from convgui.engine.layers.sentences import averaged, divided, exponential, scaled_texts, share
from convgui.engine.shown import apart, arithmetic, number
from convgui.views.measure.arithmetic import LARGEST_GRID
from convgui.views.measure.values import Function, Line, Made, Numbers

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from convgui.engine.layers.explained import Cell, Explained
    from convgui.model.finding import Finding

    Texts = list[list[str]]

LISTED = 60
"""Cells of a large patch, or maps, that are listed at most."""


def made_of(finding: Finding, names: Sequence[str]) -> Made:
    """Return what is drawn of a finding's value; `names` are those of the maps below, as far as they have any."""
    made = finding.made
    assert made is not None
    if not finding.state.layers[finding.state.looked].on:
        return _one_cell(made, "switched off: passed on")
    if made.kind == "softmax":
        return _softmax(made, names)
    if made.kind == "activation" and finding.curve is not None:
        return _function(finding, made)
    return _KINDS.get(made.kind, _other)(made)


def _pool(made: Explained) -> Made:
    """Return a patch with its winner, or with sum, count and mean."""
    count = int(made.numbers["count"])
    shape = _shape(made.cells) if max(len(made.cells), count) <= LARGEST_GRID**2 else None
    if shape is None or max(shape) > LARGEST_GRID:
        return _large_pool(made, count)
    values = [cell.value for cell in made.cells]
    where = (made.winner // shape[1], made.winner % shape[1]) if made.winner >= 0 else None
    if made.winner >= 0:
        texts = apart(values)
        grid = Numbers("patch", _grid(values, shape), _rows(texts, shape), marked=where)
        return Made(made.value, texts[made.winner], (f"largest of {count}", _place(made.cells[made.winner])), (grid,))
    texts, total, result = averaged(values, count, made.value)
    grid = Numbers("patch", _grid(values, shape), _rows(texts, shape))
    padding = count - len(values)
    outside = (f"{padding} more are padding",) if padding > 0 else ()
    return Made(made.value, result, (f"sum {total}", *outside, f"/ {count}"), (grid,))


def _large_pool(made: Explained, count: int) -> Made:
    """Return sum, count and mean of very many cells, and the largest of them."""
    if made.winner >= 0:
        listed = _largest(made.cells, lambda cell: cell.value)
        winner = made.cells[made.winner]
        steps = (f"largest of {count:,} cells", _place(winner))
        title = f"largest of {count:,} cells"
        return Made(made.value, number(made.value, 4), steps, title=title, lines=_lines(listed, winner))
    if "total" not in made.numbers or not made.cells:
        return Made(made.value, number(made.value, 4), (made.sentence,))
    total, result = divided(made.numbers["total"], count, made.value)
    listed = _largest(made.cells, lambda cell: abs(cell.value))
    title = f"largest of {count:,} cells"
    return Made(made.value, result, (f"sum {total}", f"/ {count:,} cells"), title=title, lines=_lines(listed, None))


def _lines(cells: Sequence[Cell], marked: Cell | None) -> tuple[Line, ...]:
    most = max((abs(cell.value) for cell in cells if np.isfinite(cell.value)), default=0.0) or 1.0
    return tuple(Line(_place(c), number(c.value, 4), abs(c.value) / most, c is marked) for c in cells)


def _largest(cells: Sequence[Cell], size: Callable[[Cell], float]) -> list[Cell]:
    """Return the cells of largest size, those that are no number first."""
    return sorted(cells, key=lambda cell: -np.nan_to_num(size(cell), nan=np.inf))[:LISTED]


def _affine(made: Explained) -> Made:
    """Return a product with an offset."""
    x, scale, offset = made.cells[0].value, made.numbers["scale"], made.numbers["offset"]
    texts, result = scaled_texts(x, scale, offset, made.value)
    grids = (
        Numbers("value", np.array([[x]]), [[texts[0]]], "×"),
        Numbers("scale", np.array([[scale]]), [[texts[1]]], "+", signed=True),
        Numbers("offset", np.array([[offset]]), [[texts[2]]], "=", signed=True),
    )
    return Made(made.value, result, (), grids)


def _function(finding: Finding, made: Explained) -> Made:
    """Return a function of one value, with its curve."""
    layer = finding.state.layers[finding.state.looked]
    assert isinstance(layer, Activation) and finding.curve is not None
    curve = Function(layer.function, finding.curve.x, finding.curve.y, made.cells[0].value, made.value)
    shown, _, result = made.sentence.rpartition(" = ")
    return Made(made.value, result, (shown,), function=curve)


def _pad(made: Explained) -> Made:
    """Return the cell whose value is repeated, or the constant outside."""
    if made.cells:
        return _one_cell(made, f"the value at {_place(made.cells[0])}")
    return Made(made.value, number(made.value, 4), ("outside the input", "the constant of the border"))


def _one_cell(made: Explained, step: str) -> Made:
    text = number(made.value, 4)
    grids = (Numbers("cell", np.array([[cell.value]]), [[text]], "=") for cell in made.cells[:1])
    return Made(made.value, text, (step,), tuple(grids))


def _resize(made: Explained) -> Made:
    """Return the cells between which a value lies, with their weights."""
    if len(made.cells) == 1:
        return _one_cell(made, f"the value at {_place(made.cells[0])}")
    shape = _shape(made.cells)
    if shape is None or max(shape) > LARGEST_GRID:
        return Made(made.value, number(made.value, 4), (f"mixed from {len(made.cells):,} cells",))
    values, weights = (_grid(part, shape) for part in ([cell.value for cell in made.cells], made.weights))
    found = arithmetic(values, weights, made.value, 0.0, made.value)
    grids = (
        Numbers("cells", values, found.patch, "×"),
        Numbers("weights", weights, found.weights, "=" if found.agrees else "≈", signed=True),
        Numbers("parts", values * weights, found.products, "→", signed=True),
    )
    return Made(made.value, found.value, ("sum of the parts",), grids)


def _softmax(made: Explained, names: Sequence[str]) -> Made:
    """Return the exponentials of the maps, and the share of the one that is shown."""
    largest, total = made.numbers["largest"], made.numbers["total"]
    first = sorted(made.cells, key=lambda cell: -np.nan_to_num(cell.share, nan=np.inf))
    own = made.cells[made.map]
    kept = first[:LISTED] if own in first[:LISTED] else [*first[: LISTED - 1], own]
    lines = tuple(
        Line(
            f"map {names[cell.map]}" if len(names) > cell.map and names[cell.map] else f"map {cell.map}",
            exponential(cell.value, largest),
            cell.share / (first[0].share or 1.0),
            cell.map == made.map,
        )
        for cell in kept
    )
    shown, _, result = share(own.value, largest, total, made.value).rpartition(" = ")
    return Made(made.value, result, (shown,), title=f"exponentials of {len(made.cells):,} maps", lines=lines)


def _other(made: Explained) -> Made:
    return Made(made.value, number(made.value, 4), (made.sentence,))


_KINDS: dict[str, Callable[[Explained], Made]] = {"pool": _pool, "affine": _affine, "pad": _pad, "resize": _resize}


def _shape(cells: Sequence[Cell]) -> tuple[int, int] | None:
    """Return rows and columns of cells that fill a grid, row by row; None if they do not."""
    rows, cols = ({cell.row for cell in cells}, {cell.col for cell in cells})
    return (len(rows), len(cols)) if cells and len(rows) * len(cols) == len(cells) else None


def _grid(values: Sequence[float], shape: tuple[int, int]) -> NDArray[np.float64]:
    return np.array(values, np.float64).reshape(shape)


def _rows(texts: Sequence[str], shape: tuple[int, int]) -> Texts:
    return [list(texts[k * shape[1] : (k + 1) * shape[1]]) for k in range(shape[0])]


def _place(cell: Cell) -> str:
    return f"row {cell.row}, col {cell.col}"
