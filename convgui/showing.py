"""The window from a script or a notebook: a picture or an array, and a kernel, weights, or a model in memory.

The libraries of models are not imported here: whoever has a model of theirs has them.
"""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from os import PathLike, fspath
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.conv import Conv
from convgui.engine.looking.many import Many
from convgui.engine.network import Chain
from convgui.engine.reading import Reading
from convgui.engine.source import Source
from convgui.io.errors import FileError
from convgui.io.weights.files import WeightsFile, open_weights
from convgui.io.weights.modules import array_of
from convgui.io.weights.objects import TORCH, kind_of, network_of_object
from convgui.io.weights.referred import with_origins
from convgui.model.suit import network_reading, read_as_planes, usual_reading

if TYPE_CHECKING:
    from convgui.engine.layers.base import Layer
    from convgui.io.weights.network import Network
    from convgui.models import Sequential

EXPECTED = (
    "Expected weights as an array (rows, columns), (rows, columns, channels, filters) or (steps, channels, filters), a file "
    "of weights, a model of convgui, Keras or PyTorch, or an onnx.ModelProto"
)

MOST_CHANNELS = 4
"""Channels up to which the first axis of an array passes for that of its channels."""


class Given(NamedTuple):
    """What is shown.

    Attributes
    ----------
    layers : tuple of Layer
    planes : int
        That the first of them reads; 0 for a kernel, which takes any.
    reading : Reading
        How a source of as many channels is read; other ones are suited to it.
    sequence : bool
        Whether it reads steps of one row.
    """

    layers: tuple[Layer, ...]
    planes: int = 0
    reading: Reading = Reading()
    sequence: bool = False


def show(x: Any, weights: Any, *, page: str | None = None) -> Any:
    """Open the window on a picture or an array, and on weights or a model; return when it is closed.

    Where Qt's loop runs already, as in a notebook with ``%gui qt``, the window is returned at once: it stays as long as
    somebody holds it.

    Parameters
    ----------
    x : array_like, torch.Tensor or path-like
        A picture (rows, columns) or (rows, columns, channels), or a sequence of one row of steps; the channels may come
        first where the model reads as many, as a tensor of PyTorch has them, and a batch of one may be in front. Its numbers
        are read as they are, as ``model.predict`` reads them. Or the path of a picture, which is read from 0 to 1.
    weights : array_like, path-like or model
        A kernel (rows, columns); a bank (rows, columns, channels, filters), of a sequence (steps, channels, filters); a file
        of weights, by its path or as `load_weights` returns it; a `convgui.Sequential`; a Keras model, a module of PyTorch, or an ``onnx.ModelProto``.
    page : str, optional
        Which page, frame, channel or array of a file, a number from 1 or a name.

    Returns
    -------
    None, or the window

    Raises
    ------
    TypeError
        If it cannot be told what the weights are.
    ValueError, FileError
        If the weights do not fit the picture, or cannot be read.
    RuntimeError
        If there is no screen, or Qt does not work here.

    Examples
    --------
    >>> show(np.zeros((8, 8)), object())
    Traceback (most recent call last):
    ...
    TypeError: Expected weights as an array (rows, columns), (rows, columns, channels, filters) or (steps, channels, filters), a file of weights, a model of convgui, Keras or PyTorch, or an onnx.ModelProto; received an object.
    """  # noqa: E501
    chain, first = chain_for(x, weights, page)
    app = import_module("convgui.app")  # not before it is asked for: all else works without Qt
    if isinstance(first, int):
        return app.show(chain, looked=first, photo=True, many=Many(way="grid"))
    return app.show(chain)


def chain_for(x: Any, weights: Any, page: str | None = None) -> tuple[Chain, int | None]:
    """Return the chain that `show` shows, and which of its layers is looked at, as a grid of maps; None for a kernel."""
    source = _source(x, page, _axes_of(weights))
    given = _given(weights, source)
    source = _suited(source, given)
    if given.planes:
        reading = read_as_planes(given.reading, given.planes, source)
    else:
        reading = usual_reading(given.layers, source)
    chain = Chain(source, reading, given.layers)
    if chain.fault is not None:
        raise ValueError(chain.fault.sentence)
    looked = next((k for k, layer in enumerate(given.layers) if layer.kind == "conv"), 0)
    several = given.planes and chain.shape(looked + 1).maps > 1
    return chain, looked if several else None


def _is_tensor(x: Any) -> bool:
    return any(base.__module__.split(".")[0] == "torch" and base.__name__ == "Tensor" for base in type(x).__mro__)


def _axes_of(weights: Any) -> int:
    """Return along how many axes a module of PyTorch reads, channels first; 0 for what is none."""
    if kind_of(weights) != TORCH:
        return 0
    weight = next((one for one in weights.parameters() if one.ndim in (3, 4)), None)
    return 2 if weight is None else weight.ndim - 2


def _source(x: Any, page: str | None, axes: int) -> Source:
    """Return what is looked at. `axes`: along how many a module of PyTorch reads it; 0 where it is for none."""
    if isinstance(x, str | PathLike):
        from convgui.io.pictures.images import open_source

        return open_source(fspath(x), page=page)
    array = array_of(x) if _is_tensor(x) else np.asarray(x)
    if array.ndim == (axes or 2) + 2 and len(array) == 1:
        array = array[0]
    if (_is_tensor(x) and array.ndim == (axes or 2) + 1) or _channels_first(array, axes):
        array = np.moveaxis(array, 0, -1)
    if array.ndim == 1 or (axes == 1 and array.ndim == 2):
        array = array[np.newaxis]
    if array.ndim not in (2, 3):
        raise ValueError(f"Expected rows x columns or rows x columns x channels, received the shape {array.shape}.")
    return Source(array)


def _channels_first(array: np.ndarray[Any, Any], axes: int) -> bool:
    """Whether few channels stand before the cells, as PyTorch has them, and not behind them."""
    return axes > 0 and array.ndim == axes + 1 and array.shape[0] <= MOST_CHANNELS < array.shape[-1]


def _suited(source: Source, given: Given) -> Source:
    """Return an array with its channels last where they are first, and as one row where the layers read a sequence."""
    shape, planes = source.shape, given.planes
    if source.path or planes < 1:
        return source
    if given.sequence and len(shape) == 2 and shape[0] > 1 and shape[1] == planes:
        return replace(source, array=source.array[np.newaxis], sequence=True)
    if len(shape) == 3 and shape[2] != planes and shape[0] == planes:
        return replace(source, array=np.moveaxis(source.array, 0, -1), sequence=shape[1] == 1)
    return source


def _given(weights: Any, source: Source) -> Given:
    if isinstance(weights, str | PathLike):
        return _of_file(open_weights(fspath(weights)))
    if isinstance(weights, WeightsFile):
        return _of_file(weights)
    if any(base.__module__ == "convgui.models" for base in type(weights).__mro__):
        return _of_sequential(weights, source)
    if kind_of(weights):
        return _of_network(network_of_object(weights, source.channels, source.rows, source.cols))
    if _is_tensor(weights) or isinstance(weights, Kernel | np.ndarray | list | tuple):
        return _of_array(weights.weights if isinstance(weights, Kernel) else array_of(weights))
    name = type(weights).__name__
    raise TypeError(f"{EXPECTED}; received {'an' if name[:1].lower() in 'aeiou' else 'a'} {name}.")


def _of_array(array: np.ndarray[Any, Any]) -> Given:
    if array.dtype.kind not in "buif" or not 1 <= array.ndim <= 4 or not array.size:
        raise ValueError(f"{EXPECTED}; received an array of the shape {array.shape} and the dtype {array.dtype}.")
    if array.ndim < 3:
        return Given((Conv(Kernel(np.atleast_2d(array), "Weights")),))
    bank = array[np.newaxis] if array.ndim == 3 else array
    planes = bank.shape[2]
    return Given((Conv(Kernel(bank, "Weights"), padding="valid"),), planes, network_reading(None, planes), array.ndim == 3)


def _of_file(file: WeightsFile) -> Given:
    network = file.network
    if network is None or not network.layers:
        raise FileError(f"{file.path.name}: holds no chain of layers; open it in the window to pick one of its tensors.")
    layers = with_origins(network.layers, network.names, file)
    return _of_network(replace(network, layers=layers))


def _of_network(network: Network) -> Given:
    size = None if network.any_size else network.size
    reading = network_reading(network.reading, network.channels, size)
    return Given(network.layers, network.channels, reading, network.sequence)


def _of_sequential(model: Sequential, source: Source) -> Given:
    if not model.layers:
        raise ValueError(f"Expected a model with layers, received {model.name}, which has none: add one.")
    sequence = any(getattr(layer, "axes", None) == 1 for layer in model.layers)
    if not model.built:
        steps = source.shape if len(source.shape) == 2 and source.rows > 1 else (source.cols, source.channels)
        model.build((None, *steps) if sequence else (None, source.rows, source.cols, source.channels))
    planes = int(model.input_shape[-1] or source.channels)
    return Given(model.engine_layers(), planes, network_reading(None, planes), sequence)
