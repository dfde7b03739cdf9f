"""What a layer of Keras is given: its settings and weights, and the cells that it reads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from convgui.engine.layers.base import Shape
from convgui.engine.layers.conv import Conv
from convgui.engine.layers.pad import Pad
from convgui.engine.layers.pool import Pool
from convgui.engine.layers.resize import Resize

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convgui.engine.layers.base import Layer
    from convgui.io.weights.keras.settings import Described

    Array = NDArray[Any]
    Pair = tuple[int, int]


class Stop(Exception):
    """Why a chain does not go on, as the end of a sentence."""


@dataclass(frozen=True)
class Cells:
    """What a layer reads: maps, rows and columns as far as they are known, and whether they were flattened.

    Attributes
    ----------
    maps, rows, cols : int or None
    sequence : bool
        Whether there are no rows: steps and channels.
    flat : bool
        Whether all numbers stand one after the other: rows, columns, maps.
    vector : bool
        Whether there is nothing but maps.
    """

    maps: int | None = None
    rows: int | None = None
    cols: int | None = None
    sequence: bool = False
    flat: bool = False
    vector: bool = False


@dataclass(frozen=True)
class Given:
    """A layer's settings, its weights in the order in which Keras has them, and the version of Keras."""

    layer: Described
    weights: tuple[Array, ...]
    version: int

    def setting(self, name: str, usual: Any = None) -> Any:
        """Return a setting, or what it usually is."""
        value = self.layer.settings.get(name, usual)
        return usual if value is None else value

    def number(self, name: str, usual: float) -> float:
        """Return a setting that is a number; Keras 3 writes some of them as arrays."""
        value = self.setting(name, usual)
        if isinstance(value, dict):
            value = value.get("config", {}).get("value", usual) if isinstance(value.get("config"), dict) else usual
        if not isinstance(value, int | float):
            raise Stop(f"its {name} is {str(value)[:40]}")
        return float(value)

    def pair(self, name: str, usual: int | None = 1, *, sequence: bool) -> Pair:
        """Return a setting for rows and columns; the rows of a sequence count 1."""
        value = self.setting(name, usual)
        value = [value] * (1 if sequence else 2) if isinstance(value, int) else value
        if not isinstance(value, list | tuple) or not all(isinstance(n, int) for n in value):
            raise Stop(f"its {name} is {str(value)[:40]}")
        if len(value) != (1 if sequence else 2):
            raise Stop(f"its {name} has {len(value)} numbers")
        return (1, value[0]) if sequence else (value[0], value[1])


def after(layers: tuple[Layer, ...], cells: Cells) -> Cells:
    """Return what layers make of cells; sizes stay unknown where those of the input are."""
    for layer in layers:
        maps, rows, cols = cells.maps, cells.rows, cells.cols
        if isinstance(layer, Conv):
            down, across = layer.axes(rows or 4096, cols or 4096)
            maps, rows, cols = layer.kernel.weights.shape[-1], rows and down.outputs, cols and across.outputs
            if 0 in (rows, cols):
                raise Stop(f"its kernel of {layer.kernel.size} does not fit into {cells.rows} × {cells.cols}")
        elif isinstance(layer, Pool) and layer.size is None:
            rows = cols = 1
        elif isinstance(layer, Pool | Pad | Resize):
            try:
                shape = layer.bind(Shape(1, rows or 4096, cols or 4096)).output
            except ValueError as error:
                raise Stop(str(error).rstrip(".")) from error
            rows, cols = rows and shape.rows, cols and shape.cols
        cells = replace(cells, maps=maps, rows=rows, cols=cols)
    return cells


def channels_last(given: Given) -> None:
    """Stop unless maps stand behind the rows and columns, as is usual in Keras."""
    if given.setting("data_format", "channels_last") != "channels_last":
        raise Stop("it has channels first")


def no_flat(cells: Cells) -> None:
    """Stop unless there are rows and columns."""
    if cells.flat or cells.vector:
        raise Stop("it reads rows and columns, and what comes before it has none")


def of_sequence(given: Given) -> bool:
    """Return whether a layer is one for sequences."""
    return given.layer.kind.endswith("1D")
