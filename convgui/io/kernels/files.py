"""Kernel files of every kind: text, arrays, small grey pictures, Photoshop's custom filter."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from convgui.engine.checks import weights_fault
from convgui.engine.kernels.kernel import MAX_SIDE, Kernel
from convgui.io.errors import FileError, decode_text, open_file, read_bytes
from convgui.io.kernels.archives import arrays_of_npz, arrays_of_safetensors, check_weights, one_matrix, said_of_weights
from convgui.io.kernels.stored import FORMAT, MOST_BYTES, kernel_of_json
from convgui.io.pictures.images import IMAGE_EXTENSIONS, open_source
from convgui.io.pictures.npy import read_npy
from convgui.io.text.kernels import KernelText, read_kernel, understood
from convgui.io.text.objects import ACF_BYTES, parse_acf

if TYPE_CHECKING:
    from os import PathLike

    from numpy.typing import NDArray

KERNEL_EXTENSIONS = tuple(
    ".json .txt .csv .tsv .npy .npz .safetensors .acf .svg .tex .md .py .m .r .c .h .png .tif .tiff .pgm .bmp".split()
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
    opened = _opened(path)
    if fault := weights_fault(opened.kernel.weights):
        raise FileError(f"{path.name}: {fault[0].lower()}{fault[1:]}")
    return opened


def _opened(path: Path) -> KernelFile:
    with open_file(path) as stream:
        head = stream.read(32)
    ending = path.suffix.lower()
    try:
        if head.startswith(b"\x93NUMPY") or ending == ".npy":
            return _of_array(read_npy(path, check_weights), path, "")
        if head.startswith(b"PK\3\4") and ending != ".keras":
            return _of_member(one_matrix(arrays_of_npz(path), path), path)
        if ending == ".safetensors":
            return _of_member(one_matrix(arrays_of_safetensors(path), path), path)
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
        return KernelFile(kernel, 0.0, f"{rows} × {cols} kernel")
    return _named(read_kernel(text), path)


def _named(read: KernelText, path: Path) -> KernelFile:
    return KernelFile(Kernel(read.weights, name=path.stem), read.bias, read.told)


def _of_picture(path: Path) -> KernelFile:
    """Read the grey levels of a picture as weights."""
    source = open_source(path)
    if max(source.rows, source.cols) > MAX_SIDE:
        size = f"{source.cols} × {source.rows} pixels"
        raise ValueError(f"has {size}, a kernel at most {MAX_SIDE} × {MAX_SIDE}")
    planes = source.cube.astype(np.float64)
    if not (planes == planes[:, :, :1]).all():
        raise ValueError("is a picture in colour, expected grey levels as weights")
    weights = planes[:, :, 0]
    told = f"{source.rows} × {source.cols} kernel of grey levels"
    if source.dtype.kind == "u":
        total = weights.sum()
        if total == 0:
            raise ValueError("is black all over, expected grey levels as weights")
        weights, told = weights / total, f"{told}, divided by their sum {total:g}"
    told = f"{told}. {source.note}" if source.note else told
    return KernelFile(Kernel(weights, name=path.stem), 0.0, told)


def _of_member(found: tuple[NDArray[Any], str], path: Path) -> KernelFile:
    array, label = found
    return _of_array(array, path, label)


def _of_array(array: NDArray[Any], path: Path, label: str) -> KernelFile:
    weights = np.asarray(array, np.float64)
    weights = weights[np.newaxis] if weights.ndim == 1 else weights
    rows, cols = weights.shape
    return KernelFile(
        Kernel(weights, name=label or path.stem),
        0.0,
        f"{rows} × {cols} kernel" + (f", the array {label!r}" if label else ""),
    )
