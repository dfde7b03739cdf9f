"""The receptive field: what a cell of any layer sees of the photo, as one kernel, with what it adds up to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from convgui.views.kit.card import Card, ElidedLabel, label
from convgui.views.kit.theme import px
from convgui.views.measure.field_canvas import FieldCanvas

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QAction

    from convgui.views.measure.field_canvas import FieldPicture

HINT = (
    "Move the cursor over the activation and let it rest, or click to pin a cell: here is all that the cell sees of the "
    "photo, as one kernel."
)

WORDS = 268
"""Pixels for the lines beside the pictures."""


class FieldPanel(Card):
    """Pictures at the left, lines of names and values at the right: setters only."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("field", "Receptive field", parent)
        self.canvas = FieldCanvas()
        self.hint = label(HINT, "prose", wrap=True)
        self.hint.setObjectName("field_hint")
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.words = QWidget()
        self.words.setFixedWidth(px(WORDS))
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(1)
        self._grid.setHorizontalSpacing(10)
        self._grid.setColumnStretch(1, 1)
        column = QVBoxLayout(self.words)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._grid)
        column.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(14)
        row.addWidget(self.canvas, 1)
        row.addWidget(self.words)
        self.body.addLayout(row, 1)
        self.body.addWidget(self.hint, 1)
        self._values: list[tuple[QLabel, ElidedLabel]] = []
        self.set_nothing(HINT)

    def set_actions(self, actions: Sequence[tuple[QAction, str]]) -> None:
        """Show a button with a short text for each of these actions."""
        for action, text in actions:
            button = QToolButton()
            button.setDefaultAction(action)
            button.setText(text)
            action.changed.connect(lambda button=button, text=text: button.setText(text))
            button.setProperty("flat", True)
            button.setObjectName(f"button_{action.objectName()}")
            button.setAccessibleName(action.text().replace("&", ""))
            self.corner.addWidget(button)

    def set_nothing(self, hint: str) -> None:
        """Say why there is nothing to see, or how to get something."""
        self.hint.setText(hint)
        self._show(False)
        self.canvas.set_pictures(())
        self.set_detail("")

    def set_field(
        self,
        where: str,
        pictures: Sequence[FieldPicture],
        frame: tuple[float, float, float, float] | None,
        lines: Sequence[tuple[str, str, str]],
    ) -> None:
        """Show a field: of which cell it is, its pictures with the effective field in them, and lines (name, value, tip)."""
        self.set_detail(where)
        self.canvas.set_pictures(pictures, frame)
        for k, (name, value, tip) in enumerate(lines):
            if k == len(self._values):
                self._add_line(k)
            caption, shown = self._values[k]
            caption.setText(name)
            shown.set_text(value)
            caption.setToolTip(tip)
        self._show(True)

    def _add_line(self, k: int) -> None:
        caption, shown = label("", "field"), ElidedLabel()
        shown.setProperty("role", "value")
        shown.setObjectName(f"field_value_{k}")
        shown.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._grid.addWidget(caption, k, 0)
        self._grid.addWidget(shown, k, 1)
        self._values.append((caption, shown))

    def lines(self) -> dict[str, str]:
        """Return what is said: values by their names."""
        return {caption.text(): shown.whole_text() for caption, shown in self._values}

    def _show(self, shown: bool) -> None:
        self.canvas.setVisible(shown)
        self.words.setVisible(shown)
        self.hint.setVisible(not shown)
