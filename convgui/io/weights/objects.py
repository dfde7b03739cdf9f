"""Models in memory, of Keras, PyTorch and ONNX: the chain of each, by the means of its own library, which is never imported.

What an object is, is told by the names of its classes: whoever has a model has its library.
"""

from __future__ import annotations

import sys
import tempfile
import warnings
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from convgui.io.errors import FileError
from convgui.io.weights.files import open_weights
from convgui.io.weights.modules import Unknown, module_network

if TYPE_CHECKING:
    from collections.abc import Callable

    from convgui.io.weights.network import Network

KERAS, TORCH, ONNX = "a Keras model", "a PyTorch module", "an ONNX model"


def kind_of(thing: object) -> str:
    """Return which library's model an object is, empty if it is none that is known.

    >>> kind_of([1, 2])
    ''
    """
    bases = [(base.__module__.split("."), base.__name__) for base in type(thing).__mro__]
    for module, name in bases:
        if module[0] in ("keras", "tf_keras", "tensorflow") and name == "Model":
            return KERAS
        if module[:2] == ["torch", "nn"] and name == "Module":
            return TORCH
        if module[0] == "onnx" and name == "ModelProto":
            return ONNX
    return ""


def network_of_object(thing: Any, channels: int, rows: int, cols: int) -> Network:
    """Return the chain of a model, for a picture of that size.

    Parameters
    ----------
    thing : Keras model, PyTorch module, or onnx.ModelProto
    channels, rows, cols : int
        Of the picture, where the model does not say how large its input is.

    Raises
    ------
    FileError
        If it has no chain of layers, or its library cannot save it.
    """
    kind = kind_of(thing)
    if kind == KERAS:
        return _saved(kind, ".keras", lambda path: thing.save(str(path)))
    if kind == ONNX:
        return _saved(kind, ".onnx", lambda path: _write(path, thing.SerializeToString()))
    assert kind == TORCH, kind
    unknown = "no Sequential"
    if type(thing).__name__ == "Sequential" and type(thing).__module__.startswith("torch.nn."):
        try:
            network = module_network(thing, channels, rows, cols)
        except Unknown as error:
            unknown = str(error)
        else:
            return _checked(network, kind)
    try:
        return _saved(kind, ".onnx", lambda path: _export(thing, path, channels, rows, cols))
    except FileError as error:
        raise FileError(f"{error} It was to be exported, as {unknown} is known here.") from error


def _saved(kind: str, ending: str, save: Callable[[Path], object]) -> Network:
    """Return the chain of a model that is saved for a moment."""
    with tempfile.TemporaryDirectory(prefix="convgui-") as folder:
        path = Path(folder) / f"model{ending}"
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                save(path)
        except Exception as error:  # whatever another library says
            line = (str(error).strip().splitlines() or [""])[0]
            raise FileError(f"{kind} could not be saved ({type(error).__name__}: {line}).") from error
        return _checked(open_weights(path).network, kind)


def _checked(network: Network | None, kind: str) -> Network:
    if network is None or not network.layers:
        raise FileError(f"{kind} has no layers that follow one another from its input on, expected a convolution there.")
    return network


def _write(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def _export(module: Any, path: Path, channels: int, rows: int, cols: int) -> None:
    """Let PyTorch export a module, by the exporter that needs no more than the package onnx, else by the newer one."""
    torch = sys.modules["torch"]
    first = next(iter(module.parameters()), None)
    place = {} if first is None else {"device": first.device, "dtype": first.dtype}
    fault: Exception | None = None
    for wanted in dict.fromkeys((channels, 3, 1)):
        example = torch.zeros(1, wanted, rows, cols, **place)
        for older in (False, True):
            try:
                torch.onnx.export(module, (example,), str(path), dynamo=older)
                return
            except Exception as error:  # the next one may do
                fault = fault or error
                with suppress(OSError):
                    path.unlink()
    assert fault is not None
    raise fault
