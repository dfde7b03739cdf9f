"""The reason why the text of a field is not valid: a sentence shown below the field, over what is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, QTimer
from PySide6.QtWidgets import QAbstractScrollArea, QLabel

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

WIDEST = 276
GAP = 3


class Reason(QLabel):
    """A label over the widgets below a field; the mouse goes through it, so that they can still be used."""

    def __init__(self, field: QWidget) -> None:
        host = _host(field)
        super().__init__(host)
        self.setObjectName(f"{field.objectName()}_reason")
        self.setProperty("reason", True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._field = field
        field.destroyed.connect(self.deleteLater)
        for widget in (host, field):
            widget.installEventFilter(self)
        self.hide()

    def say(self, text: str) -> None:
        """Show a sentence under the field, or nothing if it is empty."""
        self.setText(text)
        self.setVisible(bool(text) and self._field.isVisible())
        self._place()

    def eventFilter(self, watched, event) -> bool:
        """Stay with the field."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.LayoutRequest):
            QTimer.singleShot(0, self, self._place)
        elif watched is self._field and event.type() == QEvent.Type.Hide:
            self.hide()
        elif watched is self._field and event.type() == QEvent.Type.Show and self.text():
            self.show()
            QTimer.singleShot(0, self, self._place)
        return False

    def _place(self) -> None:
        """Lie under the field and inside the window, above the field where there is no room below."""
        host = self.parentWidget()
        if self.isHidden() or host is None:
            return
        width = min(WIDEST, max(host.width() - 8, 40))
        self.setFixedWidth(width)
        size = QSize(width, self.heightForWidth(width))
        corner = self._field.mapTo(host, QPoint(self._field.width(), self._field.height() + GAP))
        x = min(max(corner.x() - width, 4), max(host.width() - width - 4, 0))
        y = corner.y()
        if y + size.height() > host.height():
            y = max(y - self._field.height() - 2 * GAP - size.height(), 0)
        self.setGeometry(x, y, width, size.height())
        self.raise_()


def _host(field: QWidget) -> QWidget:
    """Return what the sentence lies on: the widget that scrolls the field, or the window."""
    widget = field
    while (parent := widget.parentWidget()) is not None and not widget.isWindow():
        if isinstance(parent.parentWidget(), QAbstractScrollArea) and parent.parentWidget().viewport() is parent:
            return widget
        widget = parent
    return widget
