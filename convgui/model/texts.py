"""Words on the document: sizes and shapes, as headers and the status bar say them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from convgui.model.derive import output_shape

if TYPE_CHECKING:
    from convgui.model.state import State


def shape_text(state: State) -> str:
    """Return input and output shape for the status bar."""
    stored = " × ".join(str(n) for n in state.source.array.shape)
    shape = output_shape(state)
    if shape is None:
        return f"{stored} {state.source.array.dtype} → no output"
    maps = f" × {shape[0]}" if shape[0] > 1 else ""
    return f"{stored} {state.source.array.dtype} → {shape[1]} × {shape[2]}{maps} float32"


def steps_text(count: int) -> str:
    """Return the length of a sequence.

    >>> steps_text(1), steps_text(6)
    ('1 step', '6 steps')
    """
    return f"{count} step{'s' if count != 1 else ''}"


def size_text(rows: int, cols: int, toy: bool) -> str:
    """Return a size: of a grid rows and columns, as its kernels and shapes are written; of a photo width and height.

    >>> size_text(2, 12, True), size_text(2, 12, False)
    ('2 × 12', '12 × 2')
    """
    return f"{rows} × {cols}" if toy else f"{cols} × {rows}"


def source_text(state: State) -> str:
    """Return name, size and kind of the input for its header."""
    source = state.source
    size = steps_text(source.cols) if source.sequence else size_text(source.rows, source.cols, source.toy)
    kind = {1: "toy grid" if source.toy else "grey", 3: "RGB"}.get(source.channels, f"{source.channels} channels")
    if source.sequence:
        kind = "sequence" if source.channels == 1 else f"{source.channels} channels"
    reading = {"luminance": ", as luminance", "each channel": ", each channel", "sum": ", channels summed"}
    how = reading[state.layer.colour] if source.channels > 1 else ""
    named = source.name if size in source.name else f"{source.name} · {size}"
    return f"{named} · {kind}{how}"
