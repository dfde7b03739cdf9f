"""Files of weights of every kind: told by their content, opened by their headers, refused with what helps.

What reads a kind is imported when a file of that kind is opened: a start needs none of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from convgui.io.errors import FileError, open_file

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from os import PathLike

    from convgui.io.weights.network import Network
    from convgui.io.weights.tensor import Tensor

ENDINGS = (".safetensors", ".onnx", ".keras", ".h5", ".hdf5", ".npz", ".npy", ".json")
"""Usual endings of weights, for the dialog."""

_CONVERTED = {
    **dict.fromkeys(
        (".pt", ".pth", ".ckpt", ".bin"),
        "is PyTorch's, which runs code when it is opened; save it from Python: "
        'safetensors.torch.save_file(torch.load("{name}", weights_only=True), "{stem}.safetensors")',
    ),
    **dict.fromkeys(
        (".pkl", ".pickle", ".joblib"),
        'is a pickle, which runs code when it is opened; save its arrays from Python: numpy.savez("{stem}.npz", **arrays)',
    ),
    ".tflite": "is TensorFlow Lite's; convert it: python -m tf2onnx.convert --tflite {name} --output {stem}.onnx",
    ".pb": "is TensorFlow's; convert its folder: python -m tf2onnx.convert --saved-model FOLDER --output {stem}.onnx",
}
"""What is said about files that are not opened, by their endings."""


@dataclass(frozen=True)
class WeightsFile:
    """A file of weights.

    Attributes
    ----------
    path : Path
    kind : str
        ``safetensors``, ``NumPy``, ``ONNX``, ``Keras``, ``Keras weights`` or ``TensorFlow.js``.
    tensors : tuple of Tensor
        In the order of the file.
    metadata : mapping of str to str
        What the file says about itself.
    note : str
        What must be said, as a sentence; empty if nothing.
    """

    path: Path
    kind: str
    tensors: tuple[Tensor, ...]
    metadata: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    maker: Callable[[], Network | None] = field(default=lambda: None, repr=False, compare=False)

    @cached_property
    def network(self) -> Network | None:
        """The chain that the file describes or suggests; None if there is none. Its weights are read when it is asked for.

        Raises
        ------
        FileError
            If they cannot be read.
        """
        return self.maker()


def open_weights(path: str | PathLike[str]) -> WeightsFile:
    """Open a file of weights; only headers are read.

    Parameters
    ----------
    path : path-like

    Returns
    -------
    WeightsFile

    Raises
    ------
    FileError
        One sentence on what is wrong; for files that are not opened, the command that converts them.

    Examples
    --------
    >>> import tempfile
    >>> import numpy as np
    >>> path = Path(tempfile.mkdtemp()) / "two.npz"
    >>> np.savez(path, **{"conv1.weight": np.ones((8, 3, 5, 5)), "conv1.bias": np.zeros(8)})
    >>> opened = open_weights(path)
    >>> [(tensor.name, tensor.shape, tensor.layout) for tensor in opened.tensors]
    [('conv1.weight', (8, 3, 5, 5), 'OIHW'), ('conv1.bias', (8,), None)]
    >>> opened.network.channels, [asked.setting for asked in opened.network.asked]
    (3, ['stride', 'padding', 'activation'])
    """
    path = Path(path)
    with open_file(path) as stream:
        head = stream.read(16)
    ending = path.suffix.lower()
    if ending in _CONVERTED:
        raise FileError(f"{path.name}: {_CONVERTED[ending].format(name=path.name, stem=path.stem)}.")
    if head.startswith((b"\x93NUMPY", b"PK\3\4")) and ending not in (".safetensors", ".keras"):
        return _of_arrays(path, npy=head.startswith(b"\x93NUMPY"))
    if ending == ".safetensors":
        from convgui.io.weights.guessed import guess
        from convgui.io.weights.safe import open_safetensors

        found, metadata = open_safetensors(path)
        return WeightsFile(path, "safetensors", tuple(found), metadata, maker=partial(guess, tuple(found)))
    if ending == ".keras":
        from convgui.io.weights.keras.files import open_keras

        return _opened(path, *open_keras(path))
    if head.startswith(b"\x89HDF\r\n\x1a\n") or ending in (".h5", ".hdf5"):
        from convgui.io.weights.keras.files import open_h5

        return _opened(path, *open_h5(path))
    if ending == ".onnx":
        from convgui.io.weights.onnx.files import open_onnx

        return _opened(path, "ONNX", *open_onnx(path))
    if ending == ".json":
        from convgui.io.weights.tfjs import open_tfjs

        return _opened(path, "TensorFlow.js", *open_tfjs(path))
    raise FileError(f"{path.name}: is no file of weights, expected one that ends in {', '.join(ENDINGS)}.")


load_weights = open_weights
"""What it is called for those who import the package."""


def _opened(
    path: Path,
    kind: str,
    tensors: list[Tensor],
    metadata: Mapping[str, str],
    note: str,
    maker: Callable[[], Network | None],
) -> WeightsFile:
    return WeightsFile(path, kind, tuple(tensors), metadata, note, maker)


def is_weights(path: str | PathLike[str]) -> bool:
    """Return whether a file is one of weights rather than a kernel or a picture; nothing of it is kept.

    An npy or npz is one if it holds floating-point arrays of 3 or 4 axes that look like a bank and unlike a picture.

    >>> is_weights("edges.txt"), is_weights("net.onnx")
    (False, True)
    """
    path = Path(path)
    ending = path.suffix.lower()
    if ending in (".npy", ".npz", ".json"):
        try:
            open_file(path).close()  # a pipe would never end
        except FileError:
            return False
    if ending in (".npy", ".npz"):
        return _holds_banks(path)
    if ending == ".json":
        from convgui.io.weights.tfjs import is_tfjs

        return is_tfjs(path)
    return ending in ENDINGS or ending in _CONVERTED


def _of_arrays(path: Path, *, npy: bool) -> WeightsFile:
    from convgui.io.weights.arrays import open_npy, open_npz
    from convgui.io.weights.guessed import guess

    tensors = tuple(open_npy(path) if npy else open_npz(path))
    return WeightsFile(path, "NumPy", tensors, maker=partial(guess, tensors))


def _holds_banks(path: Path) -> bool:
    from convgui.io.pictures.readings import may_be_read
    from convgui.io.weights.arrays import open_npy, open_npz

    try:
        tensors = open_npz(path) if path.suffix.lower() == ".npz" else open_npy(path)
    except FileError:
        return False
    banks = [one for one in tensors if one.layout is not None and "float" in one.dtype and len(one.shape) > 2]
    return any(not may_be_read(bank.shape) for bank in banks)
