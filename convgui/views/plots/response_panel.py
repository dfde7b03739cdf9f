"""The panel of the frequency response: the picture of all frequencies, and cuts of it along x and y."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QWidget

from convgui.engine.looking.envelopes import Envelope
from convgui.engine.shown import number
from convgui.views.kit.card import Card
from convgui.views.plots.line_plot import Curve, LinePlot
from convgui.views.plots.response_plot import ResponsePlot
from convgui.views.plots.tools import PlotTools

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

HINT = "What is looked at has no kernel: select a convolution among the layers."


class ResponsePanel(Card):
    """Shows by what factor the waves of each frequency pass."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("response", "Response", parent)
        self.picture = ResponsePlot()
        self.plot = LinePlot("response_cuts", "Frequency response along x and y", "cycles per pixel", hint=HINT)
        self.picture_tools, self.tools = PlotTools(self.picture, "Export picture"), PlotTools(self.plot, "Export cuts")
        for tools in (self.picture_tools, self.tools):
            self.corner.addWidget(tools)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.picture, 1)
        row.addWidget(self.plot, 3)
        self.body.addLayout(row, 1)
        self._words = ""
        self.picture.pointed.connect(self._point)
        self.picture.left.connect(lambda: self.set_detail(self._words))
        self.plot.pointed.connect(self.plot.set_cursor)
        self.plot.left.connect(lambda: self.plot.set_cursor(None))

    def set_response(
        self,
        gain: NDArray[np.float64],
        along: NDArray[np.float64],
        x: NDArray[np.float64],
        y: NDArray[np.float64],
        table: NDArray[np.uint8],
        words: str,
    ) -> None:
        """Show the factors of all frequencies, and those along both axes; `words` say what that means."""
        self._words = words
        self.set_detail(words)
        self.picture.setVisible(True)
        for tools in (self.picture_tools, self.tools):
            tools.setEnabled(True)
        self.picture.set_response(gain, table)
        apart = float(along[1] - along[0])
        curves = [Curve("along x", Envelope(x), apart=apart), Curve("along y", Envelope(y), apart=apart)]
        self.plot.set_curves(curves, {"cycles per pixel": along, "along x": x, "along y": y}, ("factor", ""), keep=True)

    def set_none(self) -> None:
        """Say that there is no kernel."""
        self._words = ""
        self.set_detail("")
        self.picture.setVisible(False)
        for tools in (self.picture_tools, self.tools):
            tools.setEnabled(False)
        self.plot.set_hint(HINT)

    def _point(self, x: float, y: float, factor: float) -> None:
        self.set_detail(f"{number(x)} to the right, {number(y)} downwards: factor {number(factor, 4)}")
