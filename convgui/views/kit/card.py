"""A card: a header with a title and a detail, and room for widgets; a panel of the window takes the header away."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
    QWidgetAction,
)

from convgui.trouble import one_line
from convgui.views.kit.drawable import painting
from convgui.views.kit.theme import INNER, px

HEADER = 22
"""Pixels that a header is high."""


class ElidedLabel(QLabel):
    """A label that is cut with an ellipsis where it does not fit, and then shows all of it in its tooltip.

    It may have shorter forms, of which the longest that fits is shown whole.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = ""
        self._shorter: tuple[str, ...] = ()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def set_text(self, text: str, *shorter: str) -> None:
        """Show `text`, or the first of the shorter forms that fits, in one line."""
        text, shorter = one_line(text), tuple(map(one_line, shorter))
        if (text, shorter) != (self._whole, self._shorter):
            self._whole, self._shorter = text, shorter
            self._elide()

    def is_cut(self) -> bool:
        """Whether not even the shortest form fits."""
        return self.text() not in (self._whole, *self._shorter)

    def whole_text(self) -> str:
        """Return the text as it was set."""
        return self._whole

    def resizeEvent(self, event) -> None:
        """Cut the text anew."""
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        room, metrics = max(self.width() - 2, 0), self.fontMetrics()
        forms = (self._whole, *self._shorter)
        fitting = next((form for form in forms if metrics.horizontalAdvance(form) <= room), forms[-1])
        shown = metrics.elidedText(fitting, Qt.TextElideMode.ElideRight, room)
        self.setText(shown)
        self.setToolTip(self._whole if shown != self._whole else "")


class Title(QLabel):
    """A label as wide as its text, which is drawn with an ellipsis where there is less room."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)  # a kernel may be called a<b

    def setText(self, text: str) -> None:
        """Show a text, in one line."""
        super().setText(one_line(text))

    def minimumSizeHint(self) -> QSize:
        """Return a width at which something can be read."""
        return QSize(min(self.sizeHint().width(), px(72)), super().minimumSizeHint().height())

    def resizeEvent(self, event) -> None:
        """Say all of it in the tip where it is cut."""
        super().resizeEvent(event)
        self.setToolTip(self.text() if self.sizeHint().width() > self.width() else "")

    def paintEvent(self, event) -> None:
        """Draw as much as there is room for."""
        with painting(self) as painter:
            painter.setPen(self.palette().color(self.foregroundRole()))
            painter.setFont(self.font())
            room = self.contentsRect()
            text = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)


class Card(QFrame):
    """A frame with a `header`; `body` is the layout below it, `corner` the one at the right end of the header."""

    def __init__(self, name: str, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setProperty("card", True)
        self.header = QWidget(self)
        self.title, self.detail = Title(title, self.header), ElidedLabel(self.header)
        self.title.setProperty("role", "title")
        self.detail.setProperty("role", "detail")
        self.title.setObjectName(f"{name}_title")
        self.detail.setObjectName(f"{name}_detail")
        line = QHBoxLayout(self.header)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        line.addStrut(px(HEADER))  # all headers have the same height
        line.addWidget(self.title)
        line.addWidget(self.detail, 1)
        self.corner = QHBoxLayout()
        self.corner.setSpacing(4)
        line.addLayout(self.corner)
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(INNER, 6, INNER, INNER)
        outer.setSpacing(5)
        outer.addWidget(self.header)
        outer.addLayout(self.body, 1)

    def take_header(self) -> QWidget:
        """Return the header, which stands elsewhere from now on: in the title bar of a panel."""
        self.layout().removeWidget(self.header)
        self.setProperty("card", False)
        self.layout().setContentsMargins(INNER, 2, INNER, INNER)
        return self.header

    def refresh_icons(self) -> None:
        """Tint the icons anew after a change of theme, where it has any."""

    def set_title(self, text: str) -> None:
        """Show a title."""
        self.title.setText(text)

    def set_detail(self, text: str, *shorter: str) -> None:
        """Show a detail beside the title, or the first of the shorter forms that fits."""
        self.detail.set_text(text, *shorter)


def label(text: str, role: str, *, wrap: bool = False) -> QLabel:
    """Return a label of a role that the style sheet knows: title, detail, field, value, prose or warning."""
    result = QLabel(text)
    result.setProperty("role", role)
    result.setWordWrap(wrap)
    return result


def compact_button(name: str, text: str, tip: str = "", accessible: str = "") -> QPushButton:
    """Return a button as high as a header, called `name`; a screen reader says its text, or `accessible`."""
    button = QPushButton(text)
    button.setObjectName(name)
    button.setAccessibleName(accessible or text)
    button.setToolTip(tip)
    button.setProperty("compact", True)
    button.setFixedHeight(px(HEADER))
    return button


def add_heading(menu: QMenu, text: str) -> None:
    """Add a heading to a menu, for the entries that follow."""
    action = QWidgetAction(menu)
    action.setDefaultWidget(label(text, "heading"))
    action.setEnabled(False)
    menu.addAction(action)
