"""The chain of a Keras model: the longest sequence of its layers, from the input on, that ours can do."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from convgui.engine.layers.conv import Conv
from convgui.engine.layers.pad import Pad
from convgui.io.errors import FileError
from convgui.io.weights.keras.given import Cells, Given, Stop, after
from convgui.io.weights.keras.layers import made
from convgui.io.weights.network import Network

if TYPE_CHECKING:
    from collections.abc import Callable

    from convgui.engine.layers.base import Layer
    from convgui.io.weights.keras.settings import Described
    from convgui.io.weights.tensor import Tensor

    Held = Callable[[Described], list[Tensor]]


@dataclass(frozen=True, eq=False)
class Trail:
    """A way through a model up to what a layer makes."""

    layer: Described
    cells: Cells
    before: Trail | None = None
    made: tuple[Layer, ...] = ()
    names: tuple[str, ...] = ()
    convolutions: int = 0
    length: int = 0


def network_of(layers: list[Described], held: Held, version: int) -> Network | None:
    """Return the chain of a model.

    Parameters
    ----------
    layers : list of Described
    held : callable
        Returns the tensors of a layer, in the order in which Keras has them.
    version : int
        Of Keras: 2 or 3.

    Raises
    ------
    FileError
        If weights cannot be read.
    """
    readers: dict[str, list[Described]] = defaultdict(list)
    for layer in layers:
        for name in set(layer.reads):
            readers[name].append(layer)
    starts = [layer for layer in layers if not layer.reads]
    best: Trail | None = None
    reasons: dict[str, str] = {}
    for start in starts:
        stack = [_begun(start, held, version, reasons)]
        seen = {start.name}
        while stack:
            at = stack.pop()
            if at is None:
                continue
            if best is None or ((at.convolutions, at.length) >= (best.convolutions, best.length) and _is_on(at, best)):
                best = at
            elif (at.convolutions, at.length) > (best.convolutions, best.length):
                best = at
            ways = [layer for layer in readers[at.layer.name] if layer.name not in seen]
            seen.update(layer.name for layer in ways)
            stack += [_next(at, layer, held, version, reasons) for layer in reversed(ways)]
    if best is None or not best.length:
        return None
    return _network(best, readers, reasons)


def _is_on(at: Trail, best: Trail) -> bool:
    """Whether a way goes on where another one ends."""
    before: Trail | None = at
    while before is not None:
        if before is best:
            return True
        before = before.before
    return False


def _begun(layer: Described, held: Held, version: int, reasons: dict[str, str]) -> Trail | None:
    """Return the way that begins at an input, whose shape stands in its settings."""
    settings = layer.settings
    shape = settings.get("batch_shape") or settings.get("batch_input_shape")
    axes = shape[1:] if isinstance(shape, list) else []
    sizes = [n if isinstance(n, int) and not isinstance(n, bool) and n > 0 else None for n in axes]
    if len(sizes) == 1:
        cells = Cells(sizes[0], 1, 1, vector=True)
    elif len(sizes) == 2:
        cells = Cells(sizes[1], 1, sizes[0], sequence=True)
    elif len(sizes) == 3:
        cells = Cells(sizes[2], sizes[0], sizes[1])
    else:
        cells = Cells(sequence=layer.kind.endswith("1D"), rows=1 if layer.kind.endswith("1D") else None)
    start = Trail(layer, cells)
    return start if layer.kind == "InputLayer" else _next(start, layer, held, version, reasons)


def _next(at: Trail, layer: Described, held: Held, version: int, reasons: dict[str, str]) -> Trail | None:
    """Return the way one layer further, or None and a reason."""
    try:
        if len(layer.reads) > 1:
            raise Stop("it brings several tensors together: layers follow one another here")
        tensors = held(layer)
        found = made(Given(layer, tuple(tensor.read() for tensor in tensors), version), at.cells)
        cells = _named(layer, after(found, at.cells))
    except (Stop, FileError) as stop:
        reasons[layer.name] = str(stop)
        return None
    convolutions = at.convolutions + sum(isinstance(one, Conv) for one in found)
    names = tuple(tensor.name for tensor in tensors)
    return Trail(layer, cells, at, found, names, convolutions, at.length + len(found))


def _named(layer: Described, cells: Cells) -> Cells:
    """Return cells as flat or a vector where a layer makes them so."""
    if layer.kind == "Flatten" and not cells.vector:
        single = cells.rows == cells.cols == 1
        return replace(cells, flat=not single, vector=single)
    if layer.kind == "Dense" and cells.flat:
        return replace(cells, flat=False, vector=True)
    if layer.kind.startswith("Global") and not layer.settings.get("keepdims"):
        return replace(cells, vector=True)
    return cells


def _network(best: Trail, readers: dict[str, list[Described]], reasons: dict[str, str]) -> Network:
    trails, at = [], best
    while at.before is not None:
        trails.append(at)
        at = at.before
    layers = tuple(layer for trail in reversed(trails) for layer in trail.made)
    names = tuple(trail.names if not isinstance(layer, Pad) else () for trail in reversed(trails) for layer in trail.made)
    first = at.cells
    channels = first.maps or _channels(layers)
    size = (first.rows, first.cols) if first.rows is not None and first.cols is not None else None
    flat = any(trail.layer.kind in ("Flatten", "Resizing") for trail in trails)
    return Network(
        layers,
        names,
        channels,
        size,
        rest=_rest(best, readers, reasons),
        begins=at.layer.name,
        ends=best.layer.name,
        axes=_axes(first),
        ends_axes=_axes(best.cells),
        any_size=not flat,
        sequence=first.sequence,
    )


def _axes(cells: Cells) -> str:
    """Return the axes of a tensor in Keras's order."""
    return "NF" if cells.flat else "NC" if cells.vector else "NWC" if cells.sequence else "NHWC"


def _channels(layers: tuple[Layer, ...]) -> int:
    convolutions = [layer for layer in layers if isinstance(layer, Conv)]
    return convolutions[0].kernel.weights.shape[2] * convolutions[0].groups if convolutions else 1


def _rest(best: Trail, readers: dict[str, list[Described]], reasons: dict[str, str]) -> str:
    ways: list[Any] = readers[best.layer.name]
    if not ways:
        return ""
    layer = ways[0]
    reason = reasons.get(layer.name, "another way is longer")
    several = f" {len(ways)} layers read what the chain makes." if len(ways) > 1 else ""
    return f"Stops before {layer.kind} '{layer.name}': {reason.rstrip('.')}.{several}"
