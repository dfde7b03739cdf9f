"""The panel of the profile: input and map along a line, and where the line lies, which can be typed as well."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout

from convgui.views.kit.card import Card, label
from convgui.views.kit.number_field import NumberField
from convgui.views.plots.line_plot import LinePlot
from convgui.views.plots.tools import PlotTools

HINT = "Drag with Shift over either picture to draw a line, or press L and drag; Shift+L draws one across the middle."
FIELD, FARTHEST, WIDEST = 72, 1e7, 999


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

    def __init__(self) -> None:
        super().__init__("profile", "Profile")
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
        for k, end in enumerate(("from", "to")):
            grid.addWidget(label(end, "field"), k, 0)
            for j, side in enumerate("xy"):
                name = f"profile_{side}{k}"
                field = NumberField(name, f"Line {end}: {side}", -FARTHEST, FARTHEST, step=1.0, width=FIELD)
                field.changed.connect(lambda _: self.placed.emit(*(field.value() for field in self.ends)))
                grid.addWidget(field, k, 1 + j)
                self.ends.append(field)
        self.width_field = NumberField("profile_width", "Width of the line", 1, WIDEST, whole=True, width=FIELD)
        self.width_field.changed.connect(lambda value: self.widened.emit(int(value)))
        self.width_field.setToolTip("Over how many cells across the line the values are averaged")
        grid.addWidget(label("width", "field"), 2, 0)
        grid.addWidget(self.width_field, 2, 1)
        grid.setRowStretch(3, 1)
        return grid

    def set_line(self, ends: tuple[float, float, float, float] | None, width: int = 1) -> None:
        """Show where the line lies; without one only the hint is shown."""
        for field, value in zip(self.ends, ends or (0.0,) * 4, strict=True):
            field.set_value(round(value, 2))
            field.setEnabled(ends is not None)
        self.width_field.set_value(width)
        self.tools.setEnabled(ends is not None)
        if ends is None:
            self.plot.set_hint(HINT)
