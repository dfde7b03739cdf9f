"""The frequency response as a picture with axes: by what factor waves pass that run to the right and downwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QSize, Qt, Signal

from convgui.engine.looking.colours import colourise
from convgui.engine.shown import number
from convgui.views.kit import drawable
from convgui.views.plots.plot import Plot
from convgui.views.plots.values import Drawing, Scale

if TYPE_CHECKING:
    from numpy.typing import NDArray

ENDS = (-0.5, 0.5)
"""Cycles per pixel at the ends of both axes."""

ACROSS, DOWN = "cycles per pixel to the right", "cycles per pixel downwards"


class ResponsePlot(Plot):
    """Shows the factors of frequencies from -0.5 to 0.5 cycles per pixel, the slowest in the middle.

    `pointed(x, y, factor)`: what is under the cursor; `left`: nothing any more.
    """

    pointed = Signal(float, float, float)
    left = Signal()

    def __init__(self) -> None:
        super().__init__("response_plot", "Frequency response")
        self._gain = np.zeros((1, 1))
        self._table: NDArray[np.uint8] = np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, axis=1)

    def sizeHint(self) -> QSize:
        """Return the preferred size."""
        return QSize(190, 170)

    def minimumSizeHint(self) -> QSize:
        """Return the least useful size."""
        return QSize(110, 80)

    def set_response(self, gain: NDArray[np.float64], table: NDArray[np.uint8]) -> None:
        """Show factors, from -0.5 to 0.5 cycles per pixel in both directions, by a colour table from 0 to the largest."""
        self._gain, self._table = np.abs(drawable.matrix(gain)), table
        self.refresh()

    def _colours(self) -> NDArray[np.uint8]:
        return colourise(self._gain.astype(np.float32), *drawable.ends(0.0, float(self._gain.max())), self._table)

    def _make(self) -> None:
        import pyqtgraph

        plot = self.canvas.getPlotItem()
        plot.setMouseEnabled(x=False, y=False)
        plot.setAspectLocked(True)
        plot.vb.invertY(True)
        plot.getAxis("left").setWidth(34)
        self._image = pyqtgraph.ImageItem()
        plot.addItem(self._image)
        self.canvas.viewport().setCursor(Qt.CursorShape.CrossCursor)

    def _show(self) -> None:
        self._image.setImage(self._colours(), autoLevels=False, levels=(0, 255), rect=(ENDS[0], ENDS[0], 1.0, 1.0))
        self.canvas.getPlotItem().setRange(xRange=ENDS, yRange=ENDS, padding=0)

    def drawing(self) -> Drawing:
        """Return the picture, with the factors of all its frequencies."""
        at = np.linspace(*ENDS, len(self._gain))
        down, across = np.meshgrid(at, at, indexing="ij")
        table = {"x": across.ravel(), "y": down.ravel(), "factor": self._gain.ravel()}
        title = f"Frequency response, from 0 to {number(float(self._gain.max()), 4)}"
        up = Scale(DOWN, ENDS[1], ENDS[0])
        place = (ENDS[0], ENDS[0], 1.0, 1.0)
        return Drawing("response", title, Scale(ACROSS, *ENDS), up, picture=self._colours(), where=place, table=table)

    def _move(self, at: QPointF, held: bool) -> bool:
        x, y = self.to_value(at)
        if max(abs(x), abs(y)) > ENDS[1]:
            self.left.emit()
            return True
        i, j = (round((value - ENDS[0]) * (len(self._gain) - 1)) for value in (y, x))
        self.pointed.emit(x, y, float(self._gain[i, j]))
        return True

    def _leave(self) -> None:
        self.left.emit()
