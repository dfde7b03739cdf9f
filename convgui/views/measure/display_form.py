"""The display: colour map, limits and histogram of the map."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QSizePolicy, QWidget

from convgui.engine.numerals import LARGEST, step_for, written
from convgui.views.kit.card import Card, label
from convgui.views.kit.fields import wheel_only_with_focus
from convgui.views.kit.number_field import NumberField
from convgui.views.kit.theme import CONTROL, px
from convgui.views.plots.histogram import Histogram
from convgui.views.plots.tools import PlotTools

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

MODES = (
    (
        "auto",
        "auto",
        "Signed maps: symmetric about 0 with most of the values inside. Others: from least to largest. Sparse maps up to "
        "their strongest values; single pixels far beyond all others are left out.",
    ),
    ("min-max", "min – max", "From the least to the largest value of the map."),
    ("symmetric", "symmetric", "All values, with 0 in the middle."),
    ("percentile", "percentile", "So that this part of the values lies inside; the rest takes the colour at the end."),
    ("fixed", "fixed", "From one number to another, whatever the map holds. Use it to compare kernels."),
)


FIELD = 180

HIGHEST = 340
"""Largest height in pixels: a taller histogram shows nothing more."""


class DisplayForm(Card):
    """Shows how the map is coloured; `changed(name, value, gesture)` when the user sets it."""

    changed = Signal(str, object, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("display", "Display", parent)
        self.setMaximumHeight(HIGHEST)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self._gesture = 0
        grid = QGridLayout()
        grid.setVerticalSpacing(5)
        grid.setColumnStretch(0, 1)
        self.body.addLayout(grid)
        self.colours = QComboBox(self)
        wheel_only_with_focus(self.colours)
        self.colours.setObjectName("colours")
        self.colours.setAccessibleName("Colour map")
        self.colours.setIconSize(QSize(62, 10))
        self.colours.setFixedSize(px(FIELD), px(CONTROL))
        self.colours.activated.connect(lambda index: self._tell("colours", self.colours.itemData(index)))
        self.limits = QComboBox(self)
        wheel_only_with_focus(self.limits)
        self.limits.setObjectName("limits")
        self.limits.setAccessibleName("Limits")
        self.limits.setFixedSize(px(FIELD), px(CONTROL))
        for value, text, tip in MODES:
            self.limits.addItem(text, value)
            self.limits.setItemData(self.limits.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
        self.limits.activated.connect(lambda index: self._tell("mode", self.limits.itemData(index)))
        for line, (text, widget) in enumerate((("Colours", self.colours), ("Limits", self.limits))):
            grid.addWidget(label(text, "field"), line, 0)
            grid.addWidget(widget, line, 1)
        self.percent = self._number("percent", 50, 100, unit=" %")
        self.low = self._number("low", check=lambda value: self._in_order(value, self.high.value()))
        self.high = self._number("high", check=lambda value: self._in_order(self.low.value(), value))
        for field, other in ((self.low, self.high), (self.high, self.low)):
            field.changed.connect(other.take)  # the other limit may have been refused because of the former one
        self.dash = label("to", "field")
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addStretch(1)
        for widget in (self.percent, self.low, self.dash, self.high):
            row.addWidget(widget)
        grid.addLayout(row, 2, 0, 1, 2)
        for widget in (self.percent, self.low, self.dash, self.high):
            widget.hide()
        self.histogram = Histogram()
        keeps = self.histogram.sizePolicy()
        keeps.setRetainSizeWhenHidden(True)
        self.histogram.setSizePolicy(keeps)
        self.histogram.dragged.connect(lambda low, high, gesture: self.changed.emit("range", (low, high), -gesture))
        self.body.addWidget(self.histogram, 1)
        self._add_tools()

    def _add_tools(self) -> None:
        tools = PlotTools(self.histogram)
        self.logarithmic = tools.add(
            "log", "Log", "Draw the logarithms of the counts, so that rare values are seen", checkable=True
        )
        self.logarithmic.setChecked(True)
        self.logarithmic.toggled.connect(self.histogram.set_logarithmic)
        self.whole = tools.add("whole", "All", "Show all values, also those that are far from all others", checkable=True)
        self.whole.toggled.connect(self.histogram.set_whole)
        self.corner.addWidget(tools)

    def _number(
        self,
        name: str,
        low: float = -LARGEST,
        high: float = LARGEST,
        *,
        unit: str = "",
        check: Callable[[float], str] | None = None,
    ) -> NumberField:
        field = NumberField(f"limits_{name}", f"Limits: {name}", low, high, unit=unit, check=check, width=88)
        field.changed.connect(lambda value: self._tell(name, value))
        return field

    @staticmethod
    def _in_order(low: float, high: float) -> str:
        """Return what is wrong with two limits, empty if nothing is."""
        return (
            "" if low < high else f"Expected a lower limit below the upper one, received {written(low)} to {written(high)}."
        )

    def set_veiled(self, veiled: bool) -> None:
        """Show no histogram for a while; its room stays."""
        self.histogram.setVisible(not veiled)

    def set_span(self, span: float) -> None:
        """Step the fixed limits as suits values that span so much."""
        for field in (self.low, self.high):
            field.set_step(step_for(span))

    def set_colour_maps(self, maps: Sequence[tuple[str, str, NDArray[np.uint8] | None]]) -> None:
        """Offer colour maps as (name, text, colours)."""
        chosen = self.colours.currentData()
        self.colours.clear()
        for name, text, colours in maps:
            if colours is None:
                self.colours.addItem(text, name)
                continue
            strip = np.ascontiguousarray(np.broadcast_to(colours, (10, *colours.shape)))
            image = QImage(strip.data, colours.shape[0], 10, colours.shape[0] * 3, QImage.Format.Format_RGB888)
            self.colours.addItem(QIcon(QPixmap.fromImage(image).scaled(62, 10)), text, name)
        if chosen is not None:
            self.colours.setCurrentIndex(self.colours.findData(chosen))

    def set_display(self, colours: str, mode: str, percent: float, low: float, high: float) -> None:
        """Show what is chosen."""
        self.colours.setCurrentIndex(self.colours.findData(colours))
        self.limits.setCurrentIndex(self.limits.findData(mode))
        self.limits.setToolTip(self.limits.currentData(Qt.ItemDataRole.ToolTipRole) or "")
        for box, value in ((self.percent, percent), (self.low, low), (self.high, high)):
            box.set_value(value)
        self.percent.setVisible(mode == "percentile")
        for widget in (self.low, self.dash, self.high):
            widget.setVisible(mode == "fixed")

    def _tell(self, name: str, value: object) -> None:
        self._gesture += 1
        self.changed.emit(name, value, self._gesture)
