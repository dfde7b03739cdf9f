"""What the axes of an array mean: a picture, a sequence, channels first or last, alpha; and what else they may mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from convgui.engine.alpha import has_alpha, on_white
from convgui.io.errors import FileError

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_CHANNELS, MAX_LANES = 4, 64
"""Channels of a picture, and of a sequence."""

LONG, NARROW = 16, 4
"""So many rows, and so many times as many as columns, are the steps of a sequence and not rows of a picture."""

SIDE = 8
"""Rows and columns from which on a single plane is a picture, if neither is far larger than the other."""

KERNEL_SIDE = 11
"""The largest side of a kernel by which weights of a layer are recognised."""

STEPS, PICTURE, CHANNELS, ALPHA = "steps", "picture", "channels", "alpha"
"""How an array can be read where its shape leaves a choice."""


class Reading(NamedTuple):
    """An array as (rows, cols) or (rows, cols, channels).

    Attributes
    ----------
    grid : ndarray
    notes : list of str
    instead : (str, str) or ()
        The other way to read it, and what a button calls that.
    """

    grid: NDArray[Any]
    notes: list[str]
    instead: tuple[str, ...] = ()


def read_axes(array: NDArray[Any], reading: str | None, name: str) -> Reading:
    """Read an array of 1 to 4 axes as a picture or a sequence.

    Parameters
    ----------
    array : ndarray
        One axis is a sequence. Two are rows and columns, but many rows of few columns are steps and channels. Three are
        rows, columns, channels, or channels first where there are few and large planes.
    reading : {'steps', 'picture', 'channels', 'alpha'}, optional
        What somebody chose where the shape leaves a choice.
    name : str
        The file's name, for the sentence.

    Raises
    ------
    FileError
        With what the array seems to be, if it is neither.

    Examples
    --------
    >>> found = read_axes(np.zeros((1, 28, 28)), None, "a.npy")
    >>> found.grid.shape, found.instead
    ((28, 28), ('steps', 'Read as 28 steps × 28 channels instead'))
    """
    notes: list[str] = []
    if _is_batch_of_one(array.shape):
        array = array[0]
        notes = ["A batch of one was read as what it holds."]
    if array.ndim == 1:
        return Reading(array[np.newaxis], notes)
    if array.ndim == 2:
        found = _of_two(array, reading)
    elif array.ndim == 3:
        found = _of_three(array, reading, name)
    else:
        raise FileError(f"{name}: {said_of_axes(array.shape)}")
    found = _without_alpha(found, reading)
    return found._replace(notes=[*notes, *found.notes])


def _of_two(array: NDArray[Any], reading: str | None) -> Reading:
    rows, cols = array.shape
    may_be_steps = cols <= MAX_CHANNELS and rows >= max(LONG, NARROW * cols)
    if not may_be_steps:
        return Reading(array, [])
    if reading == PICTURE:
        return Reading(array, [], (STEPS, _as_steps(rows, cols)))
    note = f"{rows:,} rows were read as steps" + (f" of {cols} channels." if cols > 1 else ".")
    grid = array.reshape(1, rows) if cols == 1 else array[np.newaxis]
    return Reading(grid, [note], (PICTURE, f"Read as a picture of {rows:,} rows × {cols} columns instead"))


def _as_steps(steps: int, channels: int) -> str:
    return f"Read as {steps:,} steps" + (f" × {channels} channels instead" if channels > 1 else " instead")


def _of_three(array: NDArray[Any], reading: str | None, name: str) -> Reading:
    planes, rows, cols = array.shape
    if planes == 1 and cols > MAX_CHANNELS:
        return _single_plane(array, reading)
    if cols <= (MAX_LANES if planes == 1 else MAX_CHANNELS):
        return Reading(array, [])
    if planes <= MAX_CHANNELS:
        note = f"Read as a picture of {rows:,} × {cols:,} with {planes} channels, which stand first."
        return Reading(np.moveaxis(array, 0, -1), [note])
    raise FileError(f"{name}: {said_of_axes(array.shape)}")


def _single_plane(array: NDArray[Any], reading: str | None) -> Reading:
    """Read (1, rows, cols): one channel first, or one row of steps with channels, as the size says."""
    _, rows, cols = array.shape
    picture_like = min(rows, cols) >= SIDE and max(rows, cols) <= NARROW * min(rows, cols)
    if cols > MAX_LANES or reading == PICTURE or (picture_like and reading != STEPS):
        other = (STEPS, _as_steps(rows, cols)) if cols <= MAX_LANES else ()
        return Reading(array[0], [f"Read as a picture of {rows:,} × {cols:,} whose one channel stands first."], other)
    note = f"Read as {rows:,} steps of {cols} channels."
    return Reading(array, [note], (PICTURE, f"Read as a picture of {rows:,} × {cols} instead"))


def _without_alpha(found: Reading, reading: str | None) -> Reading:
    """Put a picture with alpha on white; numbers of which it is not sure stay channels, and can be read so."""
    grid = found.grid
    if grid.ndim != 3 or grid.shape[0] == 1 or grid.shape[2] not in (2, 4):
        return found
    count = grid.shape[2]
    sure = has_alpha(grid)
    if reading == ALPHA or (sure and reading != CHANNELS):
        white = float(np.iinfo(grid.dtype).max) if grid.dtype.kind == "u" else 1.0
        colours, note = on_white(grid, white)
        said = note or "Its last channel, which is alpha, is opaque and was left out."
        return Reading(colours, [*found.notes, said], (CHANNELS, f"Read as {count} channels instead"))
    kept = [*found.notes, f"Its {count} channels were read as they are, none of them as alpha."]
    if sure or _within_one(grid):
        return Reading(grid, kept, (ALPHA, "Read its last channel as alpha instead"))
    return found._replace(notes=kept)


def _within_one(grid: NDArray[Any]) -> bool:
    return grid.dtype.kind == "f" and bool((grid >= 0).all() and (grid <= 1).all())


def said_of_axes(shape: tuple[int, ...]) -> str:
    """Say what an array that cannot be shown as one picture seems to be, and what can be done."""
    text = " × ".join(f"{n:,}" for n in shape)
    if len(shape) == 4:
        if max(shape[2:]) <= KERNEL_SIDE:
            return (
                f"has 4 axes, {text}, and looks like the weights of a convolution layer: {shape[0]} filters of "
                f"{shape[2]} × {shape[3]} over {shape[1]} channels, as PyTorch has them; expected one picture. "
                "Save one filter as a kernel, such as w[0, 0]."
            )
        if max(shape[:2]) <= KERNEL_SIDE:
            return (
                f"has 4 axes, {text}, and looks like the weights of a convolution layer: {shape[3]} filters of "
                f"{shape[0]} × {shape[1]} over {shape[2]} channels, as Keras has them; expected one picture. "
                "Save one filter as a kernel, such as w[:, :, 0, 0]."
            )
        return f"has 4 axes, {text}, and looks like a batch of {shape[0]:,} pictures; save one of them, such as x[0]."
    if len(shape) == 3:
        if shape[1] == shape[2] <= KERNEL_SIDE:
            return (
                f"holds {text} numbers, which look like {shape[0]} kernels of {shape[1]} × {shape[2]}; expected a picture. "
                "Save one of them, such as w[0]."
            )
        return (
            f"has {shape[2]:,} channels, shape {shape}; expected rows × columns × channels with at most {MAX_CHANNELS}, "
            "or as many channels first: save one plane, such as x[0]."
        )
    return f"has {len(shape)} axes, shape {shape}; expected 1 (a sequence), 2 or 3."


def _is_batch_of_one(shape: tuple[int, ...]) -> bool:
    """Whether there is one picture in a batch, and no small weights of a layer."""
    return len(shape) == 4 and shape[0] == 1 and max(shape) > KERNEL_SIDE


def may_be_read(shape: tuple[int, ...]) -> bool:
    """Whether `read_axes` reads an array of this shape, told before its numbers are read."""
    if _is_batch_of_one(shape):
        shape = shape[1:]
    if len(shape) != 3:
        return len(shape) in (1, 2)
    return shape[0] <= MAX_CHANNELS or shape[2] <= MAX_CHANNELS
