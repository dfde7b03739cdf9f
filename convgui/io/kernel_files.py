"""Kernel files of every kind: text, arrays, small grey pictures, Photoshop's custom filter."""

from __future__ import annotations

import warnings
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from convgui.engine.kernel import MAX_SIDE, Kernel
from convgui.io.arrays import read_header, read_npy
from convgui.io.errors import FileError, decode_text, open_file, read_bytes
from convgui.io.images import IMAGE_EXTENSIONS, open_source
from convgui.io.kernel_text import KernelText, read_kernel, understood
from convgui.io.kernels import FORMAT, MOST_BYTES, kernel_of_json
from convgui.io.text.notations import ACF_BYTES, parse_acf

if TYPE_CHECKING:
    from os import PathLike

    from numpy.typing import NDArray

KERNEL_EXTENSIONS = (
    *(
        ".json",
        ".txt",
        ".csv",
        ".tsv",
        ".npy",
        ".npz",
        ".safetensors",
        ".acf",
        ".svg",
        ".tex",
        ".md",
        ".py",
        ".m",
        ".r",
        ".c",
        ".h",
    ),
    *(".png", ".tif", ".tiff", ".pgm", ".bmp"),
)
"""Usual endings of kernels, for the dialog; what a file is, is told by its content."""

_MODELS = {
    **dict.fromkeys((".pt", ".pth", ".pkl", ".ckpt", ".bin"), "PyTorch"),
    **dict.fromkeys((".h5", ".hdf5", ".keras"), "Keras"),
    ".onnx": "ONNX",
    ".tflite": "TensorFlow Lite",
}
_PICTURES = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"BM",
    b"II*\0",
    b"MM\0*",
    b"II+\0",
    b"MM\0+",
    b"P5",
    b"P2",
    b"Pf",
    b"P4",
    b"RIFF",
)
_NAMED = 8


@dataclass(frozen=True)
class KernelFile:
    """The kernel that a file holds, what it adds to each sum, and in words what was understood."""

    kernel: Kernel
    bias: float
    told: str


def load_kernel(path: str | PathLike[str]) -> NDArray[np.float64]:
    """Read a kernel from a file.

    Parameters
    ----------
    path : path-like
        Text in any notation that `parse_kernel` reads; npy, or npz and safetensors with one matrix; JSON of this program; a
        grey picture of at most 63 x 63 pixels, whose whole numbers are divided by their sum (a point spread function);
        Photoshop's custom filter (acf).

    Returns
    -------
    ndarray of float64, shape (rows, cols)

    Raises
    ------
    FileError
        One sentence on what is wrong. Weights of a whole layer are told for what they are.

    Warns
    -----
    UserWarning
        If the file adds a bias as well, which is no part of a kernel.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "edge.txt"
    >>> _ = path.write_text("1/2 * [1 0 -1]")
    >>> load_kernel(path).tolist()
    [[0.5, 0.0, -0.5]]
    """
    opened = open_kernel(path)
    if opened.bias:
        warnings.warn(f"The file adds {opened.bias:g}, which is no part of a kernel: give it as the bias.", stacklevel=2)
    return opened.kernel.weights.copy()


def open_kernel(path: str | PathLike[str]) -> KernelFile:
    """Return the kernel of a file with its name and with what was understood; see `load_kernel`."""
    path = Path(path)
    with open_file(path) as stream:
        head = stream.read(32)
    ending = path.suffix.lower()
    try:
        if head.startswith(b"\x93NUMPY") or ending == ".npy":
            return _of_array(read_npy(path, _check), path, "")
        if head.startswith(b"PK\3\4") and ending != ".keras":
            return _of_archive(_arrays_of_npz(path), path)
        if ending == ".safetensors":
            return _of_archive(_arrays_of_safetensors(path), path)
        if ending in _MODELS:
            raise FileError(f"{path.name}: holds a network's weights ({_MODELS[ending]}); save one kernel of it as npy.")
        if head.startswith(_PICTURES) or ending in IMAGE_EXTENSIONS:
            return _of_picture(path)
        return _of_text(path, ending)
    except ValueError as error:
        raise FileError(f"{path.name}: {str(error).rstrip('.')}.") from error


def _of_text(path: Path, ending: str) -> KernelFile:
    data = read_bytes(path, MOST_BYTES)
    if ending == ".acf" or (len(data) == ACF_BYTES and b"\0" in data):
        return _named(understood(parse_acf(data)), path)
    text = decode_text(data, path.name)
    if FORMAT in text and text.lstrip().startswith("{"):
        kernel = kernel_of_json(text, path)
        if kernel.weights.ndim != 2:
            raise FileError(f"{path.name}: {said_of_weights(kernel.weights.shape)}")
        rows, cols = kernel.size
        return KernelFile(kernel, 0.0, f"{rows} x {cols} kernel")
    return _named(read_kernel(text), path)


def _named(read: KernelText, path: Path) -> KernelFile:
    return KernelFile(Kernel(read.weights, name=path.stem), read.bias, read.told)


def _of_picture(path: Path) -> KernelFile:
    """Read the grey levels of a picture as weights."""
    source = open_source(path)
    if max(source.rows, source.cols) > MAX_SIDE:
        size = f"{source.cols} x {source.rows} pixels"
        raise ValueError(f"has {size}, a kernel at most {MAX_SIDE} x {MAX_SIDE}")
    planes = source.cube.astype(np.float64)
    if not (planes == planes[:, :, :1]).all():
        raise ValueError("is a picture in colour, expected grey levels as weights")
    weights = planes[:, :, 0]
    told = f"{source.rows} x {source.cols} kernel of grey levels"
    if source.array.dtype.kind == "u":
        total = weights.sum()
        if total == 0:
            raise ValueError("is black all over, expected grey levels as weights")
        weights, told = weights / total, f"{told}, divided by their sum {total:g}"
    told = f"{told}. {source.note}" if source.note else told
    return KernelFile(Kernel(weights, name=path.stem), 0.0, told)


def _of_array(array: NDArray[Any], path: Path, label: str) -> KernelFile:
    weights = np.asarray(array, np.float64)
    weights = weights[np.newaxis] if weights.ndim == 1 else weights
    rows, cols = weights.shape
    return KernelFile(
        Kernel(weights, name=label or path.stem),
        0.0,
        f"{rows} x {cols} kernel" + (f", the array {label!r}" if label else ""),
    )


def _check(shape: tuple[int, ...], dtype: np.dtype, file: str) -> None:
    """Refuse what is no kernel before it is read."""
    if any(isinstance(n, bool) or n < 0 for n in shape):
        raise FileError(f"{file}: its header is damaged, it declares the shape {shape}.")
    if dtype.kind not in "buif":
        raise FileError(f"{file}: holds {dtype} entries, expected real numbers as weights.")
    if len(shape) > 2:
        raise FileError(f"{file}: {said_of_weights(shape)}")
    if len(shape) == 0 or 0 in shape or max(shape) > MAX_SIDE:
        raise FileError(f"{file}: has the shape {shape}, expected a kernel of at most {MAX_SIDE} x {MAX_SIDE}.")


def said_of_weights(shape: tuple[int, ...]) -> str:
    """Say what an array of more than two axes is, and what can be done with it.

    >>> said_of_weights((8, 1, 3, 3))
    'holds 8 x 1 x 3 x 3 weights: 8 filters of 3 x 3 over 1 channel, as PyTorch has them; save one kernel, such as w[0, 0].'
    """
    text = " x ".join(f"{n:,}" for n in shape)
    if len(shape) == 3:
        n, rows, cols = shape
        if rows == cols or n > MAX_SIDE:
            return f"holds {text} weights: {n} kernels of {rows} x {cols}; save one kernel, such as w[0]."
        return f"holds {text} weights, expected one kernel of rows and columns; save one, such as w[0] or w[:, :, 0]."
    if len(shape) == 4:
        a, b, c, d = shape
        torch = f"{a} filters of {c} x {d} over {b} channel{'s' * (b != 1)}, as PyTorch has them", "w[0, 0]"
        keras = f"{d} filters of {a} x {b} over {c} channel{'s' * (c != 1)}, as Keras has them", "w[:, :, 0, 0]"
        is_torch, is_keras = c == d or c * d < a * b, a == b or a * b < c * d
        if is_torch != is_keras:
            said, part = torch if is_torch else keras
            return f"holds {text} weights: {said}; save one kernel, such as {part}."
        return f"holds {text} weights: {torch[0]}, or {keras[0]}; save one kernel, such as {torch[1]} or {keras[1]}."
    return f"holds an array of {len(shape)} axes, {text}; expected one kernel of rows and columns."


# archives of several arrays: shapes first, numbers of the one that is a kernel


@dataclass(frozen=True)
class _Member:
    name: str
    shape: tuple[int, ...]
    read: Any
    """Returns the array."""


def _of_archive(members: list[_Member], path: Path) -> KernelFile:
    """Return the one matrix of an archive; all are named if there are none or several."""
    suited = [m for m in members if len(m.shape) in (1, 2) and 0 < max(m.shape) <= MAX_SIDE and 0 not in m.shape]
    matrices = [m for m in suited if len(m.shape) == 2] or suited
    if len(matrices) == 1 and (len(members) == 1 or len(matrices[0].shape) == 2):
        return _of_array(matrices[0].read(), path, matrices[0].name)
    if len(members) == 1:
        shape = members[0].shape
        raise FileError(
            f"{path.name}: {said_of_weights(shape)}"
            if len(shape) > 2
            else f"{path.name}: holds no kernel, its shape is {shape}."
        )
    listed = ", ".join(f"{m.name} ({' x '.join(map(str, m.shape))})" for m in members[:_NAMED]) + (
        ", ..." if len(members) > _NAMED else ""
    )
    raise FileError(f"{path.name}: holds {len(members)} arrays, {listed}; expected one matrix: save one kernel as npy.")


def _arrays_of_npz(path: Path) -> list[_Member]:
    found = []
    try:
        with zipfile.ZipFile(path) as archive:
            names = [item for item in archive.infolist() if item.filename.endswith(".npy")]
            for item in names:
                with archive.open(item) as stream:
                    shape, _, dtype = read_header(stream, path.name)  # type: ignore[arg-type]
                label = item.filename.removesuffix(".npy")
                found.append(
                    _Member(label, shape, lambda item=item, shape=shape, dtype=dtype: _from_npz(path, item, shape, dtype))
                )
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError, RuntimeError) as error:
        raise FileError(f"{path.name}: is damaged, expected arrays of NumPy.") from error
    if not found:
        raise FileError(f"{path.name}: holds no array, expected a kernel.")
    return found


def _from_npz(path: Path, item: zipfile.ZipInfo, shape: tuple[int, ...], dtype: np.dtype) -> NDArray[Any]:
    """Read one array, whose size is known to be small."""
    _check(shape, dtype, path.name)
    try:
        with zipfile.ZipFile(path) as archive, archive.open(item) as stream:
            return np.lib.format.read_array(stream, allow_pickle=False)
    except Exception as error:
        raise FileError(f"{path.name}: is damaged, expected arrays of NumPy.") from error


def _arrays_of_safetensors(path: Path) -> list[_Member]:
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
    return [_Member(name, shape, lambda name=name: read(name)) for name, shape in shapes.items()]
