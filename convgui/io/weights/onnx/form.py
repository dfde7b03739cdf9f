"""The form of a tensor on the way through a graph: which of its axes are maps, rows and columns, and how long they are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from convgui.engine.layers.base import Shape
from convgui.engine.layers.conv import Conv
from convgui.engine.layers.geometry import axis
from convgui.engine.layers.pad import Pad
from convgui.engine.layers.pool import Pool
from convgui.engine.layers.resize import Resize

if TYPE_CHECKING:
    from convgui.engine.layers.base import Layer

UNKNOWN = 4096
"""Cells that stand for a size that is not known, where only the other one is asked for."""


class Stop(Exception):
    """Why a chain does not go on, as the end of a sentence."""


@dataclass(frozen=True)
class Form:
    """Axes of a tensor by letters, and the sizes of its maps.

    Attributes
    ----------
    axes : str
        Of N (the batch), C (maps), H, W, or F: all that `flat` names, one after the other.
    maps, rows, cols : int or None
        None where the file does not say it.
    flat : str
        The letters that F stands for.
    """

    axes: str
    maps: int | None = None
    rows: int | None = None
    cols: int | None = None
    flat: str = ""

    def size(self, letter: str) -> int | None:
        """Return how long an axis is; the batch counts as one."""
        return {"N": 1, "C": self.maps, "H": self.rows, "W": self.cols}[letter]

    @property
    def single(self) -> bool:
        """Whether each map is known to be one cell."""
        return self.rows == 1 and self.cols == 1

    def letter(self, place: int) -> str:
        """Return the letter of an axis, counted from the end where it is negative."""
        if not -len(self.axes) <= place < len(self.axes):
            raise Stop("it names an axis that is not there")
        return self.axes[place]

    def over(self, letters: str, flat: str = "") -> Form:
        """Return the same cells with other axes."""
        return replace(self, axes=letters, flat=flat)

    def after(self, layer: Layer) -> Form:
        """Return the form of what a layer makes of it.

        Raises
        ------
        Stop
            If the layer does not fit.
        """
        try:
            if isinstance(layer, Conv):
                return self._convolved(layer)
            if isinstance(layer, Pool | Pad | Resize):
                rows, cols = self._resized(layer)
                return replace(self, rows=rows, cols=cols)
        except ValueError as error:
            raise Stop(str(error).rstrip(".")) from error
        return self

    def _convolved(self, layer: Conv) -> Form:
        down, across = layer.axes(self.rows or UNKNOWN, self.cols or UNKNOWN)
        for known, one in ((self.rows, down), (self.cols, across)):
            if known is not None and not one.outputs:
                raise ValueError(f"a kernel of {layer.kernel.size} does not fit into {self.rows} × {self.cols}")
        maps = layer.kernel.weights.shape[-1] if layer.kernel.weights.ndim == 4 else self.maps
        return replace(
            self,
            maps=maps,
            rows=down.outputs if self.rows is not None else None,
            cols=across.outputs if self.cols is not None else None,
        )

    def _resized(self, layer: Layer) -> tuple[int | None, int | None]:
        if isinstance(layer, Pool) and layer.size is None:
            return 1, 1
        if isinstance(layer, Resize) and layer.size is not None:
            return layer.size
        try:
            made = layer.bind(Shape(1, self.rows or UNKNOWN, self.cols or UNKNOWN)).output
        except ValueError:
            if self.rows is not None and self.cols is not None:
                raise
            return None, None
        return made.rows if self.rows is not None else None, made.cols if self.cols is not None else None


def lower_pads(
    form: Form, kernel: tuple[int, int], stride: tuple[int, int], dilation: tuple[int, int]
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the padding that keeps the size with the odd cell before (`SAME_LOWER`).

    Raises
    ------
    Stop
        If it depends on a size that is not known.
    """
    found = []
    for n, k, s, d in zip((form.rows, form.cols), kernel, stride, dilation, strict=True):
        if n is None and s > 1:
            raise Stop("its padding SAME_LOWER depends on a size that the file does not say")
        one = axis(n or UNKNOWN, k, s, d, "same")
        found.append((one.after, one.before))
    return found[0], found[1]
