"""Archives of arrays that may hold a kernel: shapes are checked first, and weights of whole layers are refused by name."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from convgui.engine.kernels.kernel import MAX_SIDE
from convgui.io.errors import FileError
from convgui.io.pictures.npy import read_header

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_NAMED = 8
"""Arrays that a sentence names."""


def check_weights(shape: tuple[int, ...], dtype: np.dtype, file: str) -> None:
    """Refuse what is no kernel before it is read."""
    if any(isinstance(n, bool) or n < 0 for n in shape):
        raise FileError(f"{file}: its header is damaged, it declares the shape {shape}.")
    if dtype.kind not in "buif":
        raise FileError(f"{file}: holds {dtype} entries, expected real numbers as weights.")
    if len(shape) > 2:
        raise FileError(f"{file}: {said_of_weights(shape)}")
    if len(shape) == 0 or 0 in shape or max(shape) > MAX_SIDE:
        raise FileError(f"{file}: has the shape {shape}, expected a kernel of at most {MAX_SIDE} × {MAX_SIDE}.")


def said_of_weights(shape: tuple[int, ...]) -> str:
    """Say what an array of more than two axes is, and what can be done with it.

    >>> said_of_weights((8, 4, 5, 5))
    'holds 8 × 4 × 5 × 5 weights: 8 filters of 5 × 5 over 4 channels, as PyTorch has them; save one kernel, such as w[0, 0].'
    """
    text = " × ".join(f"{n:,}" for n in shape)
    if len(shape) == 3:
        n, rows, cols = shape
        if rows == cols or n > MAX_SIDE:
            return f"holds {text} weights: {n} kernels of {rows} × {cols}; save one kernel, such as w[0]."
        return f"holds {text} weights, expected one kernel of rows and columns; save one, such as w[0] or w[:, :, 0]."
    if len(shape) == 4:
        a, b, c, d = shape
        torch = f"{a} filters of {c} × {d} over {b} channel{'s' * (b != 1)}, as PyTorch has them", "w[0, 0]"
        keras = f"{d} filters of {a} × {b} over {c} channel{'s' * (c != 1)}, as Keras has them", "w[:, :, 0, 0]"
        is_torch, is_keras = c == d or c * d < a * b, a == b or a * b < c * d
        if is_torch != is_keras:
            said, part = torch if is_torch else keras
            return f"holds {text} weights: {said}; save one kernel, such as {part}."
        return f"holds {text} weights: {torch[0]}, or {keras[0]}; save one kernel, such as {torch[1]} or {keras[1]}."
    return f"holds an array of {len(shape)} axes, {text}; expected one kernel of rows and columns."


@dataclass(frozen=True)
class Member:
    """An array of an archive: name and shape, and its numbers when they are asked for."""

    name: str
    shape: tuple[int, ...]
    read: Any
    """Returns the array."""


def one_matrix(members: list[Member], path: Path) -> tuple[NDArray[Any], str]:
    """Return the one matrix of an archive and its name; all are named if there are none or several."""
    suited = [m for m in members if len(m.shape) in (1, 2) and 0 < max(m.shape) <= MAX_SIDE and 0 not in m.shape]
    matrices = [m for m in suited if len(m.shape) == 2] or suited
    if len(matrices) == 1 and (len(members) == 1 or len(matrices[0].shape) == 2):
        return matrices[0].read(), matrices[0].name
    if len(members) == 1:
        shape = members[0].shape
        raise FileError(
            f"{path.name}: {said_of_weights(shape)}"
            if len(shape) > 2
            else f"{path.name}: holds no kernel, its shape is {shape}."
        )
    listed = ", ".join(f"{m.name} ({' × '.join(map(str, m.shape))})" for m in members[:_NAMED]) + (
        ", ..." if len(members) > _NAMED else ""
    )
    raise FileError(f"{path.name}: holds {len(members)} arrays, {listed}; expected one matrix: save one kernel as npy.")


def arrays_of_npz(path: Path) -> list[Member]:
    """Return what an archive of NumPy holds."""
    found = []
    try:
        with zipfile.ZipFile(path) as archive:
            names = [item for item in archive.infolist() if item.filename.endswith(".npy")]
            for item in names:
                with archive.open(item) as stream:
                    shape, _, dtype = read_header(stream, path.name)  # type: ignore[arg-type]
                label = item.filename.removesuffix(".npy")
                found.append(
                    Member(label, shape, lambda item=item, shape=shape, dtype=dtype: _from_npz(path, item, shape, dtype))
                )
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError, RuntimeError) as error:
        raise FileError(f"{path.name}: is damaged, expected arrays of NumPy.") from error
    if not found:
        raise FileError(f"{path.name}: holds no array, expected a kernel.")
    return found


def _from_npz(path: Path, item: zipfile.ZipInfo, shape: tuple[int, ...], dtype: np.dtype) -> NDArray[Any]:
    """Read one array, whose size is known to be small."""
    check_weights(shape, dtype, path.name)
    try:
        with zipfile.ZipFile(path) as archive, archive.open(item) as stream:
            return np.lib.format.read_array(stream, allow_pickle=False)
    except Exception as error:
        raise FileError(f"{path.name}: is damaged, expected arrays of NumPy.") from error


def arrays_of_safetensors(path: Path) -> list[Member]:
    """Return what a file of safetensors holds."""
    from safetensors import SafetensorError, safe_open

    def read(name: str) -> NDArray[Any]:
        try:
            with safe_open(path, framework="np") as archive:
                return np.asarray(archive.get_tensor(name))
        except (SafetensorError, TypeError, ValueError, AttributeError, OSError) as error:
            raise FileError(f"{path.name}: the tensor {name} is of a kind that is not read; save it as float32.") from error

    try:
        with safe_open(path, framework="np") as archive:
            shapes = {name: tuple(archive.get_slice(name).get_shape()) for name in archive.keys()}
    except (SafetensorError, OSError, ValueError) as error:
        raise FileError(f"{path.name}: is damaged, expected tensors of safetensors.") from error
    if not shapes:
        raise FileError(f"{path.name}: holds no tensor, expected a kernel.")
    return [Member(name, shape, lambda name=name: read(name)) for name, shape in shapes.items()]
