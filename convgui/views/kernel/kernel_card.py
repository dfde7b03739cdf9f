"""The kernel: its name, the paintable grid, the tools that change it as a whole, its parameters and what it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QToolButton,
    QWidget,
    QWidgetAction,
)

from convgui.engine.kernels.kernel import MAX_SIDE
from convgui.views.kernel.filter_strip import FilterStrip
from convgui.views.kernel.kernel_grid import KernelGrid
from convgui.views.kernel.parameter_form import ParameterForm
from convgui.views.kit.card import Card, label
from convgui.views.kit.number_field import NumberField
from convgui.views.kit.theme import icon

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QAction

    from convgui.views.kernel.parameter_form import Field

TOOLS = ("kernel_rotate", "kernel_flip_h", "kernel_flip_v", "kernel_negate", "kernel_normalise", "kernel_zero_sum")
"""The actions that have a button under the grid."""

BRUSH = 60

MANY = 3
"""Number of parameters above which the text is shortened."""

SIZES = ((1, 3), (1, 5), (2, 2), (3, 3), (5, 5), (7, 7), (9, 9), (15, 15), (31, 31))


class SizeMenu(QMenu):
    """Offers common sizes, and two fields for any other one."""

    picked = Signal(int, int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("size_menu")
        for rows, cols in SIZES:
            action = self.addAction(f"{rows} × {cols}", lambda rows=rows, cols=cols: self.picked.emit(rows, cols))
            action.setCheckable(True)
            action.setData((rows, cols))
        self.addSeparator()
        holder = QWidget()
        form = QFormLayout(holder)
        form.setContentsMargins(14, 6, 14, 8)
        self.rows = NumberField("size_rows", "Rows", 1, MAX_SIDE, whole=True)
        self.cols = NumberField("size_cols", "Columns", 1, MAX_SIDE, whole=True)
        form.addRow(label("Rows", "field"), self.rows)
        form.addRow(label("Columns", "field"), self.cols)
        self.button = button = QPushButton("Resize")
        button.setObjectName("size_apply")
        button.setProperty("primary", True)
        button.clicked.connect(self._apply)
        form.addRow(button)
        action = QWidgetAction(self)
        action.setDefaultWidget(holder)
        self.addAction(action)

    def set_size(self, rows: int, cols: int) -> None:
        """Mark the present size."""
        for action in self.actions():
            action.setChecked(action.data() == (rows, cols))
        self.rows.set_value(rows)
        self.cols.set_value(cols)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Go by Tab from field to field, not to the next entry of the menu."""
        chain = (self.rows, self.cols, self.button)
        at = next((k for k, widget in enumerate(chain) if widget.hasFocus()), -1 if forward else 0)
        chain[(at + (1 if forward else -1)) % len(chain)].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def _apply(self) -> None:
        refused = [field for field in (self.rows, self.cols) if not field.take()]
        if refused:
            refused[0].setFocus()
            return
        self.close()
        self.picked.emit(int(self.rows.value()), int(self.cols.value()))


class KernelCard(Card):
    """The panel of the kernel."""

    size_picked = Signal(int, int)
    brush_changed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("kernel_card", "Kernel", parent)
        self.grid = KernelGrid()
        self._buttons: list[QToolButton] = []
        self.parameters = ParameterForm()
        self.brush = self._make_brush()
        self.text = label("", "prose", wrap=True)
        self.text.setObjectName("kernel_text")
        self.more = QToolButton()
        self.more.setObjectName("kernel_more")
        self.more.setAccessibleName("More kernel actions")
        self.more.setToolTip("Paste, copy, open, save, transpose, scale and more")
        self.more.setProperty("flat", True)
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.corner.addWidget(self.more)
        self.filters = FilterStrip()
        self.filters.hide()
        self.body.addWidget(self.filters)
        self.body.addWidget(self.grid)
        self._tools = QHBoxLayout()
        self._tools.setSpacing(3)
        self.body.addLayout(self._tools)
        self.body.addWidget(self.parameters)
        self.body.addWidget(self.text)
        self.parameters.hide()

    def _make_brush(self) -> NumberField:
        brush = NumberField("brush", "Brush value", step=0.5, width=BRUSH)
        brush.set_tip("The brush: the weight that a left drag on the grid paints; a right drag paints its negative.")
        brush.set_value(1.0)
        brush.changed.connect(self.grid.set_brush)
        return brush

    def set_actions(self, tools: list[QAction], more: QMenu) -> None:
        """Put the actions on buttons under the grid, and the others behind the three dots."""
        self.more.setMenu(more)
        before: QWidget = self.grid
        for action in tools:
            button = QToolButton()
            button.setDefaultAction(action)
            button.setObjectName(f"button_{action.objectName()}")
            button.setAccessibleName(action.text())
            button.setProperty("icononly", True)
            button.setIconSize(QSize(16, 16))
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
            self._tools.addWidget(button)
            self._buttons.append(button)
            self.setTabOrder(before, button)
            before = button
        self._tools.addStretch(1)
        self._tools.addWidget(self.brush)
        self.setTabOrder(before, self.brush)
        self.sizes = SizeMenu(self)
        self.sizes.picked.connect(self.size_picked)
        self.size_button = QPushButton("3 × 3")
        self.size_button.setObjectName("size_button")
        self.size_button.setAccessibleName("Kernel size")
        self.size_button.setToolTip("Resize the kernel; its centre stays where it is")
        self.size_button.setProperty("menubutton", True)
        self.size_button.setProperty("compact", True)
        self.size_button.setMenu(self.sizes)
        self.corner.insertWidget(0, self.size_button)
        self.setTabOrder(self.brush, self.size_button)

    def refresh_icons(self) -> None:
        """Tint the icons anew after a change of theme."""
        self.more.setIcon(icon("ellipsis"))

    def set_editable(self, editable: bool) -> None:
        """Show the grid with its tools, or nothing of them where there is no kernel to edit."""
        for part in (self.grid, self.parameters, self.header, self.brush):  # whether a button can be used, its action knows
            part.setEnabled(editable)
        self.grid.setVisible(editable)
        for part in (self.brush, *self._buttons):
            part.setVisible(editable)

    def set_brush(self, value: float) -> None:
        """Paint this weight from now on."""
        self.brush.set_value(value)
        self.grid.set_brush(value)

    def set_size(self, rows: int, cols: int) -> None:
        """Show the kernel's size."""
        self.size_button.setText(f"{rows} × {cols}")
        self.sizes.set_size(rows, cols)

    def set_text(self, text: str) -> None:
        """Show what the kernel does."""
        self.text.setText(text)
        self.text.setToolTip(text)

    def set_fields(self, fields: Sequence[Field]) -> None:
        """Show the kernel's parameters; where they are many, only the first sentence stays below them."""
        self.parameters.set_fields(fields)
        whole = self.text.toolTip()
        self.text.setText(whole.partition(". ")[0].rstrip(".") + "." if len(fields) > MANY else whole)
