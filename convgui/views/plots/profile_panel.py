"""The panel of the profile: input and map along a line, and where the line lies, which can be typed as well."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from convgui.views.kit.card import Card, label
from convgui.views.kit.number_field import NumberField
from convgui.views.plots.line_plot import LinePlot
from convgui.views.plots.tools import PlotTools

HINT = "Drag with Shift over either picture to draw a line, or press L and drag; Shift+L draws one across the middle."
FIELD, FARTHEST, WIDEST = 72, 1e7, 999


MIDDLE = 0.5
"""From the edge of a cell, where its coordinates begin, to its middle, where its value lies."""


class ProfilePanel(Card):
    """Shows a profile.

    Signals
    -------
    placed(float, float, float, float)
        The line's ends, x and y, in cells of the input, when the user has typed one of them.
    widened(int)
        Over how many cells it is averaged.
    """

    placed = Signal(float, float, float, float)
    widened = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("profile", "Profile", parent)
        self.plot = LinePlot("profile_plot", "Profile", "distance along the line", hint=HINT)
        self.tools = PlotTools(self.plot)
        self.corner.addWidget(self.tools)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addLayout(self._fields())
        row.addWidget(self.plot, 1)
        self.body.addLayout(row, 1)
        self.set_line(None)

    def _fields(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(4)
        self.ends: list[NumberField] = []
        for j, side in enumerate(("row", "column")):
            grid.addWidget(label(side, "field"), 0, 1 + j)
        for k, end in enumerate(("from", "to"), 1):
            grid.addWidget(label(end, "field"), k, 0)
            for j, (side, what) in enumerate((("y", "row"), ("x", "column")), 1):
                name = f"profile_{side}{k - 1}"
                field = NumberField(name, f"Line {end}: {what}", -FARTHEST, FARTHEST, step=1.0, width=FIELD)
                field.setToolTip(
                    f"The {what} where the line {'begins' if k == 1 else 'ends'}; whole at the middle of a cell"
                )
                field.changed.connect(lambda _: self.placed.emit(*(field.value() + MIDDLE for field in self.ends)))
                grid.addWidget(field, k, j)
                self.ends.insert(2 * (k - 1), field)
        self.width_field = NumberField("profile_width", "Width of the line", 1, WIDEST, whole=True, width=FIELD)
        self.width_field.changed.connect(lambda value: self.widened.emit(int(value)))
        self.width_field.setToolTip("Over how many cells across the line the values are averaged")
        grid.addWidget(label("width", "field"), 3, 0)
        grid.addWidget(self.width_field, 3, 1)
        grid.setRowStretch(4, 1)
        return grid

    def set_line(self, ends: tuple[float, float, float, float] | None, width: int = 1) -> None:
        """Show where the line lies; without one only the hint is shown."""
        for field, value in zip(self.ends, ends or (0.0,) * 4, strict=True):
            field.set_value(round(value - (MIDDLE if ends else 0.0), 2))
            field.setEnabled(ends is not None)
        self.width_field.set_value(width)
        self.tools.setEnabled(ends is not None)
        if ends is None:
            self.plot.set_hint(HINT)
