"""`convgui weights FILE`: the tensors of a file of weights as a table, and the layers of its network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from convgui.cli import terminal
from convgui.io.errors import FileError
from convgui.io.weights.files import open_weights
from convgui.io.weights.tensor import bank_words
from convgui.model.layer_words import kind_words, settings_words, title
from convgui.trouble import one_line

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    from convgui.io.weights.files import WeightsFile
    from convgui.io.weights.network import Network
    from convgui.io.weights.tensor import Tensor

WIDEST = 60
"""Letters of a column, but for the last; what is longer makes its row wider."""


def weights(options: argparse.Namespace) -> int:
    """List a file; status 1 if it cannot be read."""
    try:
        file = open_weights(options.file)
    except FileError as error:
        terminal.say(f"convgui weights: {error}")
        return terminal.FAILED
    count = f"{len(file.tensors):,} tensor{'s' * (len(file.tensors) != 1)}"
    lines = [f"{file.path.name}: {file.kind}, {count}", ""]
    lines += _table([_of_tensor(tensor) for tensor in file.tensors], ("tensor", "shape", "dtype", "layout", "what it is"))
    if file.note:
        lines += ["", file.note]
    status = 0
    try:
        lines += _of_network(file, file.network)
    except FileError as error:
        terminal.say(f"convgui weights: {error}")
        status = terminal.FAILED
    terminal.write("\n".join(one_line(line) for line in lines) + "\n")
    return status


def _of_tensor(tensor: Tensor) -> tuple[str, ...]:
    shape = " × ".join(f"{n:,}" for n in tensor.shape) or "1"
    words = bank_words(tensor.shape, tensor.layout) if tensor.layout is not None else ""
    return tensor.name, shape, tensor.dtype, tensor.layout or "", words


def _of_network(file: WeightsFile, network: Network | None) -> Iterator[str]:
    """Yield the lines on a network."""
    yield ""
    if network is None or not network.layers:
        yield "No layers: nothing in the file says what follows what, or suggests it."
        return
    yield from _table(_of_layers(network), ("layer", "name", "what it does", "made of"))
    yield ""
    size = f", {network.size[0]} rows and {network.size[1]} columns" if network.size and not network.any_size else ""
    channels = f"{network.channels} channel{'s' * (network.channels != 1)}"
    yield f"It reads {channels}{size}; {_prepared(network)}."
    if network.rest:
        yield network.rest
    if taken := {one.setting: one.taken for one in network.asked}:
        yield f"The file does not say: {', '.join(f'{setting} ({value} is taken)' for setting, value in taken.items())}."


def _prepared(network: Network) -> str:
    return "pictures are prepared as the file says" if network.reading else "it does not say how pictures are prepared"


def _of_layers(network: Network) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for number, (layer, names) in enumerate(zip(network.layers, network.names, strict=True), 1):
        does = ", ".join(word for word in (kind_words(layer), settings_words(layer)) if word)
        rows.append((str(number), title(layer), does, ", ".join(names)))
    return rows


def _table(rows: Sequence[tuple[str, ...]], heads: tuple[str, ...]) -> Iterator[str]:
    """Yield rows below their heads, the columns one below the other."""
    all_rows = [heads, *rows]
    widths = [min(max(len(row[k]) for row in all_rows), WIDEST) for k in range(len(heads))]
    for row in all_rows:
        yield "  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
