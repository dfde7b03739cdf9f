"""How much of a map is seen over the photo: a slider in the map's chip."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSlider, QWidget

from convgui.views.kit.card import label
from convgui.views.kit.theme import px

if TYPE_CHECKING:
    from PySide6.QtGui import QWheelEvent

WIDTH, STEPS = 84, 100


class _Slider(QSlider):
    """A slider that goes back to its middle by a double click, and leaves the wheel to the picture."""

    def mouseDoubleClickEvent(self, event) -> None:
        """Go back."""
        self.setValue(STEPS // 2)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave it to others."""
        event.ignore()


class OverlayStrength(QWidget):
    """Shows a strength; `chosen` carries the one that the user sets, from 0 to 1."""

    chosen = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.slider = _Slider(Qt.Orientation.Horizontal)
        self.slider.setObjectName("overlay_strength")
        self.slider.setAccessibleName("How much of the map is seen over the photo")
        self.slider.setToolTip(
            "How much of the map is seen over the photo: on the left its strongest values alone, on the right all of it; a "
            "double click goes to the middle"
        )
        self.slider.setRange(0, STEPS)
        self.slider.setFixedWidth(px(WIDTH))
        self.slider.valueChanged.connect(lambda value: self.chosen.emit(value / STEPS))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(label("over the photo", "detail"))
        row.addWidget(self.slider)

    def set_value(self, strength: float) -> None:
        """Show a strength, without a signal."""
        self.slider.blockSignals(True)
        self.slider.setValue(round(strength * STEPS))
        self.slider.blockSignals(False)
