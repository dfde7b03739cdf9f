"""The brush for toy grids: a pencil in the header of the input, and the value that it paints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from convgui.views.kit.card import HEADER
from convgui.views.kit.number_field import NumberField
from convgui.views.kit.theme import px

if TYPE_CHECKING:
    from PySide6.QtGui import QAction


class GridBrush(QWidget):
    """Shows the pencil button and, while it is on, the value; `value_changed` when the user sets one."""

    value_changed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("grid_brush")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self.field = NumberField("grid_brush_value", "Value that is painted into the grid", single=True, step=1.0, width=72)
        self.setFixedHeight(px(HEADER))
        self.field.setFixedHeight(px(HEADER))
        self.field.setProperty("compact", True)
        self.field.set_tip("The value that a left drag over the grid paints; a right drag paints 0.")
        self.field.set_value(1.0)
        self.field.changed.connect(self.value_changed)
        self.field.hide()
        self.button = QToolButton()
        self.button.setProperty("flat", True)
        self.button.setFixedSize(px(HEADER + 4), px(HEADER))
        self.button.setIconSize(QSize(15, 15))
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        row.addWidget(self.field)
        row.addWidget(self.button)

    def set_action(self, action: QAction) -> None:
        """Switch the pencil on and off by this action."""
        self.button.setDefaultAction(action)
        self.button.setObjectName(f"button_{action.objectName()}")
        self.button.setAccessibleName(action.text().replace("&", ""))
        action.toggled.connect(self.field.setVisible)

    def set_plain(self, plain: bool) -> None:
        """Hide the pencil, for a picture of the pane."""
        self.button.setVisible(not plain)
        self.field.setVisible(not plain and self.button.isChecked())

    def value(self) -> float:
        """Return what is painted."""
        return self.field.value()
