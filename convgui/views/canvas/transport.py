"""The transport bar: plays the kernel's way over the input, with step, slider, speed and loop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QSizePolicy, QSlider, QToolButton, QWidget

from convgui.views.kit.card import label
from convgui.views.kit.theme import icon, px

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QAction


MOST = 2**31 - 1
"""Positions that a slider can have."""


class Transport(QFrame):
    """A slim bar below the panes; `sought` tells a position, `speed_chosen` how many of them a second."""

    sought = Signal(int)
    speed_chosen = Signal(float)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("transport")
        self.setProperty("card", True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 5, 8, 5)
        self._row.setSpacing(6)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setObjectName("motion_position")
        self.slider.setAccessibleName("Position of the kernel")
        self.slider.setToolTip("Drag to move the kernel over the input")
        self.slider.valueChanged.connect(self.sought)
        self.place = label("", "value")
        self.place.setObjectName("motion_place")
        self.place.setMinimumWidth(px(132))
        self.speed = QComboBox()
        self.speed.setObjectName("motion_speed")
        self.speed.setAccessibleName("Speed")
        self.speed.setToolTip("How many positions a second")
        self.speed.activated.connect(lambda index: self.speed_chosen.emit(float(self.speed.itemData(index))))
        self.close_button = QToolButton()
        self.close_button.setObjectName("motion_close")
        self.close_button.setAccessibleName("Stop and close")
        self.close_button.setToolTip("Stop, and show the whole activation again (Esc)")
        self.close_button.setProperty("flat", True)
        self.close_button.clicked.connect(self.closed)
        self.hide()

    def set_actions(self, before: Sequence[QAction], after: Sequence[QAction]) -> None:
        """Put actions on buttons at both ends of the slider."""
        for action in before:
            self._row.addWidget(self._button(action))
        self._row.addWidget(self.slider, 1)
        self._row.addWidget(self.place)
        self._row.addWidget(self.speed)
        for action in after:
            self._row.addWidget(self._button(action))
        self._row.addWidget(self.close_button)

    def _button(self, action: QAction) -> QToolButton:
        button = QToolButton()
        button.setDefaultAction(action)
        button.setObjectName(f"transport_{action.objectName()}")
        button.setAccessibleName(action.text().replace("&", ""))
        button.setProperty("icononly", True)
        button.setIconSize(QSize(16, 16))
        return button

    def set_speeds(self, speeds: Sequence[float]) -> None:
        """Offer these speeds, in positions a second."""
        for speed in speeds:
            self.speed.addItem(f"{speed:g} a second", speed)

    def set_speed(self, speed: float) -> None:
        """Show a speed."""
        self.speed.setCurrentIndex(self.speed.findData(speed))

    def set_position(self, position: int, count: int, where: str) -> None:
        """Show where the kernel is: which of how many positions, and the place in the words of the arithmetic."""
        self.slider.blockSignals(True)
        last = min(max(count - 1, 0), MOST)
        self.slider.setRange(0, last)
        self.slider.setPageStep(max(last // 10, 1))
        self.slider.setValue(min(max(position, 0), last))
        self.slider.blockSignals(False)
        self.place.setText(where)
        self.place.setToolTip(f"{count:,} positions; rows, columns and steps count from 0")

    def refresh_icons(self) -> None:
        """Tint the icons anew after a change of theme."""
        self.close_button.setIcon(icon("x", size=16))
