"""Saving a bank with its biases, as the libraries have it: in a file that is opened again, here and there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from convgui.io.atomic import write_atomically
from convgui.io.errors import FileError

if TYPE_CHECKING:
    from convgui.engine.layers.conv import Conv

FORMATS = {".safetensors": "safetensors (PyTorch's layout)", ".npz": "NumPy (PyTorch's layout)"}
"""Endings, and what they are."""


def save_bank(path: str | Path, conv: Conv) -> None:
    """Write the bank of a convolution as ``NAME.weight`` (filters, channels, rows, columns) and ``NAME.bias``, in float32.

    Parameters
    ----------
    path : path-like
        Ends in one of `FORMATS`.
    conv : Conv
        With a bank.

    Raises
    ------
    FileError
        If the ending is another one, a weight is too large for float32, or the file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from convgui.engine.kernels.kernel import Kernel
    >>> from convgui.engine.layers.conv import Conv
    >>> path = Path(tempfile.mkdtemp()) / "bank.npz"
    >>> save_bank(path, Conv(Kernel(np.ones((5, 3, 1, 2)), "edges"), bias=(0.5, 0.0)))
    >>> {name: array.shape for name, array in np.load(path).items()}
    {'edges.weight': (2, 1, 5, 3), 'edges.bias': (2,)}
    """
    path = Path(path)
    name = (conv.name or conv.kernel.name).removesuffix(".weight") or "bank"
    with np.errstate(over="ignore"):
        weights = np.ascontiguousarray(conv.kernel.weights.transpose(3, 2, 0, 1), np.float32)
    if not np.isfinite(weights).all():
        raise FileError(f"{path.name} cannot be written: expected weights that float32 can hold, received larger ones.")
    filters = weights.shape[0]
    bias = np.array(conv.bias * filters if len(conv.bias) == 1 else conv.bias, np.float32)
    arrays = {f"{name}.weight": weights, f"{name}.bias": bias}
    if path.suffix.lower() == ".npz":
        write_atomically(path, lambda file: np.savez(file, **arrays))  # type: ignore[arg-type]
    elif path.suffix.lower() == ".safetensors":
        from safetensors.numpy import save

        about = {"layout": "OIHW", "groups": str(conv.groups), "software": "convgui"}
        write_atomically(path, lambda file: file.write(save(arrays, metadata=about)))
    else:
        raise FileError(f"{path.name} cannot be written: expected a name that ends in {' or '.join(FORMATS)}.")
