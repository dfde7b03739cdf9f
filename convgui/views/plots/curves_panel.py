"""The panel of the curves: input and activation of a sequence over its steps, of any length."""

from __future__ import annotations

from typing import TYPE_CHECKING

from convgui.views.kit.card import Card
from convgui.views.plots.line_plot import LinePlot
from convgui.views.plots.tools import PlotTools

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

HINT = "Curves are those of a sequence: open a sound or a table, or a sample under Samples. For pictures draw a profile (L)."


class CurvesPanel(Card):
    """Shows the curves; the wheel zooms, a drag moves, a double click shows all steps."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("curves", "Curves", parent)
        self.plot = LinePlot("curves_plot", "Curves", "step", hint=HINT)
        self.tools = PlotTools(self.plot)
        self.corner.addWidget(self.tools)
        self.body.addWidget(self.plot, 1)
