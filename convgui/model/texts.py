"""Words on the document: sizes and shapes, as headers and the status bar say them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from convgui.model.layer_words import title

if TYPE_CHECKING:
    from convgui.engine.layers.base import Shape
    from convgui.model.state import State


def shape_text(state: State) -> str:
    """Return shapes and dtypes of the arrays that are read and made, for the status bar: rows, columns, channels."""
    shape, source = state.output_shape, state.source
    read = f"{source.shape} {source.dtype}"
    if not state.input.direct:
        read = f"{_array_shape(state.input.chain.shape(state.unit.start))} float32"
    return f"{read} → {'no output' if shape is None else f'{_array_shape(shape)} float32'}"


def _array_shape(shape: Shape) -> tuple[int, ...]:
    return (shape.rows, shape.cols, shape.maps) if shape.maps > 1 else (shape.rows, shape.cols)


def steps_text(count: int) -> str:
    """Return the length of a sequence.

    >>> steps_text(1), steps_text(6)
    ('1 step', '6 steps')
    """
    return f"{count} step{'s' if count != 1 else ''}"


def place_text(state: State, row: int, col: int) -> str:
    """Return where a cell lies, in words: the step of a sequence, else row and column, counted from 0."""
    return f"step {col}" if state.input.sequence else f"row {row}, column {col}"


def size_text(rows: int, cols: int, toy: bool) -> str:
    """Return a size: of a grid rows and columns, as its kernels and shapes are written; of a photo width and height.

    >>> size_text(2, 12, True), size_text(2, 12, False)
    ('2 × 12', '12 × 2')
    """
    return f"{rows} × {cols}" if toy else f"{cols} × {rows}"


def source_text(state: State) -> str:
    """Return name, size and kind of what is read, for its header: of the picture, or of a map of the layer below."""
    source, read = state.source, state.input
    if not (read.direct or state.display.photo):
        shape = read.chain.shape(state.unit.start)
        below = title(state.layers[state.unit.start - 1]) if state.unit.start else source.name
        size = steps_text(read.cols) if read.sequence else size_text(read.rows, read.cols, read.toy)
        which = f" · map {read.map} of {shape.maps}" if shape.maps > 1 else ""
        return f"{below} · {size}{which}"
    size = steps_text(source.cols) if source.sequence else size_text(source.rows, source.cols, source.toy)
    kind = {1: "toy grid" if source.toy else "grey", 3: "RGB"}.get(source.channels, f"{source.channels} channels")
    if source.sequence:
        kind = "sequence" if source.channels == 1 else f"{source.channels} channels"
    how = READINGS[state.reading.colour] if source.channels > 1 else ""
    named = source.name if size in source.name else f"{source.name} · {size}"
    return f"{named} · {kind}{how}"


READINGS = {
    "luminance": ", as luminance",
    "each channel": ", each channel",
    "sum": ", channels summed",
    "custom": ", mixed",
}
"""What a header says of the ways in which channels are read."""
