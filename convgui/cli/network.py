"""From `--weights FILE` and the options that go with it to the recipe that is applied: layers of the file's network."""

from __future__ import annotations

import re
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from convgui.cli.described import Operation
from convgui.engine.checks import layers_fault
from convgui.engine.kernels.kernel import Origin
from convgui.engine.layers.conv import Conv
from convgui.engine.layers.graph import Graph
from convgui.io.errors import FileError
from convgui.io.recipe import Recipe, is_recipe
from convgui.io.weights.files import open_weights
from convgui.io.weights.network import Network, kernel_of
from convgui.io.weights.onnx.reading import reading_of
from convgui.io.weights.referred import with_origins
from convgui.io.weights.runtime import open_runtime, tensor_names
from convgui.model.layer_words import title
from convgui.model.suit import network_reading

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from convgui.engine.layers.base import Layer
    from convgui.engine.reading import Reading
    from convgui.io.weights.files import WeightsFile
    from convgui.io.weights.tensor import Tensor


PRESETS = {"0..1": "0 … 1", "0..255": "0 … 255", "-1..1": "-1 … 1", "imagenet": "imagenet", "caffe": "caffe"}
"""What the presets of the preparation are called here; beside them there is what the file says."""

FROM_FILE = "file"

LARGEST_FACTOR = 16.0
"""What is larger is no factor but half of a size."""

NEAR = 5
"""Names that are told where one is unknown."""


class Applied(NamedTuple):
    """The layers of a file that are applied.

    Attributes
    ----------
    network : Network
        The chain of the file up to the layer that was asked for, or one bank alone.
    layers : tuple of Layer
        The same layers, with the tensors that their weights are from.
    name : str
        What the last one is called.
    whole : bool
        Whether they are all that the file has.
    """

    network: Network
    layers: tuple[Layer, ...]
    name: str
    whole: bool


def network_recipe(options: argparse.Namespace) -> Operation:
    """Return what the options make of a file of weights.

    Raises
    ------
    ValueError, FileError
        One sentence on what is wrong.
    """
    if options.weights.lower().endswith(".json") and is_recipe(options.weights):
        raise FileError(f"{Path(options.weights).name}: is a recipe, expected a file of weights; --recipe takes it.")
    file = open_weights(options.weights)
    applied = _applied(file, options.layer)
    if applied is None:
        return _by_runtime(file, options)
    network = applied.network
    if fault := layers_fault(applied.layers):
        raise FileError(f"{file.path.name}: {fault}")
    size = None if network.any_size else network.size
    reading, assumed = _reading(file, options, network.reading, network.channels, size)
    note = _note(file, applied, options, assumed=assumed)
    return Operation(Recipe(applied.layers, reading=reading), _suffix(file, options), note, network.channels)


def _reading(
    file: WeightsFile, options: argparse.Namespace, told: Reading | None, channels: int, size: tuple[int, int] | None
) -> tuple[Reading, bool]:
    """Return how pictures are prepared, and whether nobody has said it; `told` is what the file says."""
    if options.preset == FROM_FILE and told is None:
        raise ValueError(f"--preset file: {file.path.name} does not say how pictures are prepared; expected another preset")
    said = told if options.preset in (None, FROM_FILE) else None
    preset = None if options.preset in (None, FROM_FILE) else PRESETS[options.preset]
    reading = network_reading(said, channels, size, preset)
    if options.size is not None:
        reading = _sized(reading, options.size)
    return reading, said is None and preset is None and options.colour is None


def _by_runtime(file: WeightsFile, options: argparse.Namespace) -> Operation:
    """Return what has ONNX Runtime make a tensor of a graph that is in no chain."""
    for name in ("stride", "dilation", "padding", "border", "activation", "bias"):
        if getattr(options, name) is not None:
            raise ValueError(f"--{name} is for a convolution, {options.layer} is a tensor that ONNX Runtime makes")
    runtime = open_runtime(file.path)
    if options.layer not in runtime.names:
        raise FileError(f"{file.path.name}: {options.layer} is no tensor of three or four axes, expected maps.")
    planes = runtime.channels or 3
    reading, assumed = _reading(file, options, reading_of(file.metadata), planes, None)
    taken = "; what it does not say is taken as values from 0 to 1 (--preset)" if assumed else ""
    note = f"{file.path.name}: {options.layer}, by ONNX Runtime{taken}."
    return Operation(Recipe((Graph(runtime, options.layer),), reading=reading), _suffix(file, options), note, planes)


def _suffix(file: WeightsFile, options: argparse.Namespace) -> str:
    """Return what names the files that are written."""
    suffix = re.sub(r"[^\w.+-]+", "-", f"{file.path.stem}-{options.layer}" if options.layer else file.path.stem).strip("-.")
    return suffix[:80] or "weights"


def layer_names(network: Network) -> list[str]:
    """Return what the layers of a network are called: as the file has it, else by what they do."""
    return [title(layer) for layer in network.layers]


def read_size(text: str) -> tuple[int, int] | float:
    """Return rows and columns, or by how much both are multiplied.

    >>> read_size("224x160"), read_size("0.12")
    ((224, 160), 0.12)
    """
    from convgui.engine.layers.arguments import LARGEST_COUNT
    from convgui.engine.numerals import read_number

    expected = f"expected rows and columns such as 224x224, or a factor such as 0.5, received {text!r}"
    if pair := re.fullmatch(r"\s*(\d{1,9})\s*[x×*,]\s*(\d{1,9})\s*", text, re.ASCII | re.IGNORECASE):
        rows, cols = int(pair[1]), int(pair[2])
        if not 1 <= min(rows, cols) <= max(rows, cols) <= LARGEST_COUNT:
            raise ValueError(expected)
        return rows, cols
    try:
        factor = read_number(text)
    except ValueError as error:
        raise ValueError(expected) from error
    if not 0 < factor <= LARGEST_FACTOR:
        raise ValueError(expected)
    return factor


def _sized(reading: Reading, size: tuple[int, int] | float) -> Reading:
    if isinstance(size, tuple):
        return replace(reading, size=size, factor=None)
    return replace(reading, size=None, factor=size)


def _applied(file: WeightsFile, wanted: str | None) -> Applied | None:
    """Return the layers up to the one that is wanted, by default all; or a bank alone that is in none of them.

    None if it is another tensor of an ONNX graph.
    """
    network = file.network
    if network is not None and network.layers:
        place = len(network.layers) - 1 if wanted is None else _place(network, wanted)
        if place is not None:
            return _upto(file, network, place + 1)
    banks = [tensor for tensor in file.tensors if tensor.layout is not None and len(tensor.shape) > 2]
    if wanted is None and len(banks) == 1:
        return _alone(file, banks[0])
    if wanted is not None:
        tensors = {tensor.name: tensor for tensor in file.tensors}
        if wanted in tensors:
            return _alone(file, tensors[wanted])
        if file.kind == "ONNX" and wanted in tensor_names(file.path):
            return None
        raise FileError(_unknown(file, network, wanted))
    raise FileError(f"{file.path.name}: holds no chain of layers; expected --layer with one of its banks{_listed(banks)}.")


def _place(network: Network, wanted: str) -> int | None:
    """Return which layer is meant: by its name, by a tensor that it is made of or makes, or by its number from 1 on.

    Of several with one name it is the last: a layer of Keras is applied together with its activation function.
    """
    titles = layer_names(network)
    found = [k for k, layer in enumerate(network.layers) if layer.name == wanted]
    if not found and titles.count(wanted) == 1:
        found = [titles.index(wanted)]
    found = found or [k for k, names in enumerate(network.names) if wanted in names]
    if not found and wanted == network.ends:
        found = [len(titles) - 1]
    if not found and re.fullmatch(r"\d{1,6}", wanted, re.ASCII) and 1 <= int(wanted) <= len(titles):
        found = [int(wanted) - 1]
    return found[-1] if found else None


def _upto(file: WeightsFile, network: Network, count: int) -> Applied:
    layers = with_origins(network.layers[:count], network.names[:count], file)
    asked = tuple(one for one in network.asked if one.layer < count)
    whole = count == len(network.layers)
    part = replace(network, layers=layers, names=network.names[:count], asked=asked)
    return Applied(part, layers, title(layers[-1]), whole)


def _alone(file: WeightsFile, tensor: Tensor) -> Applied:
    """Return one bank as the only layer."""
    if tensor.layout is None:
        shape = " × ".join(map(str, tensor.shape)) or "a single number"
        raise FileError(f"{file.path.name}: {tensor.name} is {shape}, expected weights of a convolution.")
    bank, groups = tensor.bank()
    try:
        kernel = kernel_of(bank, tensor.name)
    except ValueError as error:
        raise FileError(f"{file.path.name}: {tensor.name} cannot be applied: {error}.") from error
    kernel = replace(kernel, origin=Origin(str(file.path.absolute()), tensor.name, tensor.layout))
    layer = Conv(kernel, padding="valid", groups=groups, name=tensor.name[:200])
    network = Network((layer,), ((tensor.name,),), kernel.weights.shape[2] * groups, sequence="H" not in tensor.layout)
    return Applied(network, (layer,), tensor.name, whole=False)


def _unknown(file: WeightsFile, network: Network | None, wanted: str) -> str:
    """Return the sentence on a name that is none."""
    banks = [tensor.name for tensor in file.tensors if tensor.layout is not None]
    graph = tensor_names(file.path) if file.kind == "ONNX" else ()
    names = list(dict.fromkeys([*(layer_names(network) if network else ()), *banks, *graph]))
    near = get_close_matches(wanted, names, NEAR, 0.5) or [name for name in names if wanted.casefold() in name.casefold()]
    known = near[:NEAR] or names[:NEAR]
    more = "" if len(names) <= len(known) else f"; 'convgui weights {file.path.name}' lists all {len(names)}"
    if not known:
        return f"{file.path.name}: has no layer {wanted!r}, and none at all."
    return f"{file.path.name}: has no layer {wanted!r}, expected {'one such as ' if more else ''}{', '.join(known)}{more}."


def _listed(banks: Sequence[Tensor]) -> str:
    names = [tensor.name for tensor in banks[:NEAR]]
    return f": {', '.join(names)}{', …' if len(banks) > NEAR else ''}" if names else ", of which it has none"


def _note(file: WeightsFile, applied: Applied, options: argparse.Namespace, *, assumed: bool) -> str:
    """Return in one line what is written where nobody said it, and what was taken for what the file does not say."""
    network, parts = applied.network, []
    if options.layer is None and len(applied.layers) > 1:
        parts.append(f"{applied.name}, the last of {len(applied.layers)} layers, is written (--layer)")
    given = {name for name in ("stride", "padding", "activation") if getattr(options, name) is not None}
    taken = {one.setting: f"{one.setting} {one.taken}" for one in network.asked if one.setting not in given}
    if assumed:
        taken["values"] = "values from 0 to 1 (--preset)"
    if taken:
        parts.append(f"what it does not say is taken as {', '.join(taken.values())}")
    told = f"{file.path.name}: {'; '.join(parts)}." if parts else ""
    rest = network.rest if applied.whole and options.layer is None else ""
    return " ".join(part for part in (told, file.note, rest) if part)
