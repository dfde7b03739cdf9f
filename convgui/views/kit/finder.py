"""The action finder: type some letters, press Enter, and the action is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from convgui.views.kit.finder_delegate import KEYS, MENU, FinderDelegate
from convgui.views.kit.text_field import TextField

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QAction

WIDTH, LINES, EDGE = 460, 11, 8
"""Pixels and lines of the popup, and pixels that it keeps from the lower edge of the window."""


def matches(words: str, text: str) -> bool:
    """Whether each of the words occurs in the text."""
    return all(word in text.lower() for word in words.lower().split())


class Finder(QFrame):
    """A popup with a field and the actions that match; what cannot be done now is shown grey."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("finder")
        self.setProperty("card", True)
        self.field = TextField()
        self.field.setObjectName("finder_field")
        self.field.setAccessibleName("Find an action")
        self.field.setPlaceholderText("What do you want to do?")
        self.field.textChanged.connect(self._fill)
        self.field.installEventFilter(self)
        self.list = QListWidget()
        self.list.setObjectName("finder_list")
        self.list.setAccessibleName("Actions")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setItemDelegate(FinderDelegate(self.list))
        self.list.setUniformItemSizes(True)
        self.list.itemClicked.connect(lambda _: self._run())
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.addWidget(self.field)
        column.addWidget(self.list)
        self._actions: Sequence[QAction] = ()
        self._lowest = 10_000

    def open(self, actions: Sequence[QAction], middle: QPoint) -> None:
        """Show the popup with its upper edge's middle at a global position."""
        self._actions = [action for action in actions if action.text()]
        self.setFixedWidth(WIDTH)
        self.field.clear()
        self.move(middle.x() - WIDTH // 2, middle.y())
        self._lowest = self.parentWidget().mapToGlobal(self.parentWidget().rect().bottomLeft()).y() - EDGE
        self._fill("")
        self.show()
        self.field.setFocus()

    def _fill(self, text: str) -> None:
        self.list.clear()
        named = {action: action.text().replace("&", "").removesuffix("…") for action in self._actions}
        found = [a for a in self._actions if matches(text, f"{named[a]} {a.toolTip()} {a.property('menu') or ''}")]
        wanted = text.strip().lower()  # actions of exactly this name first, then those whose name has the words
        found.sort(key=lambda a: (not a.isEnabled(), named[a].lower() != wanted, not matches(text, named[a])))
        for action in found:
            name = named[action]
            item = QListWidgetItem(self.list)
            item.setData(Qt.ItemDataRole.UserRole, action)
            item.setFlags(item.flags() if action.isEnabled() else Qt.ItemFlag.NoItemFlags)
            item.setText(name)
            item.setData(MENU, str(action.property("menu") or ""))
            item.setData(KEYS, action.shortcut().toString(QKeySequence.SequenceFormat.NativeText))
        if not found:
            QListWidgetItem(f"No action matches “{text}”.", self.list).setFlags(Qt.ItemFlag.NoItemFlags)
        self.list.setCurrentRow(0)
        height = self.list.sizeHintForRow(0) if self.list.count() else 30
        lines = min(LINES, (self._lowest - self.y() - self.field.sizeHint().height() - 4 * EDGE) // max(height, 1))
        self.list.setFixedHeight(height * min(max(self.list.count(), 1), max(lines, 3)) + 6)
        self.adjustSize()

    def eventFilter(self, watched, event) -> bool:
        """Move in the list and run from the field."""
        if watched is self.field and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                row = self.list.currentRow() + (1 if event.key() == Qt.Key.Key_Down else -1)
                self.list.setCurrentRow(min(max(row, 0), self.list.count() - 1))
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._run()
                return True
        return super().eventFilter(watched, event)

    def _run(self) -> None:
        item = self.list.currentItem()
        if item is None or not item.flags() & Qt.ItemFlag.ItemIsEnabled:
            return
        action = item.data(Qt.ItemDataRole.UserRole)
        self.close()
        action.trigger()
