"""A chip: a small plate that lies over a picture, with a title, a detail, and room for controls at its end."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from convgui.views.kit.card import HEADER, ElidedLabel, Title
from convgui.views.kit.theme import px

MARGIN, SPACING = 9, 7


class Chip(QFrame):
    """As wide as what it says, or as the room that it is given, in which case detail and title are cut.

    `wanted` is told when it wants another width.
    """

    wanted = Signal()

    def __init__(self, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setProperty("over", True)
        self._wide = 0
        self.title, self.detail = Title(title, self), ElidedLabel(self)
        self.title.setProperty("role", "title")
        self.detail.setProperty("role", "detail")
        self.title.setObjectName(f"{name}_title")
        self.detail.setObjectName(f"{name}_detail")
        row = QHBoxLayout(self)
        row.setContentsMargins(MARGIN, 1, MARGIN, 1)
        row.setSpacing(SPACING)
        row.addStrut(px(HEADER))
        row.addWidget(self.title)
        row.addWidget(self.detail, 1)
        self.detail.hide()
        self.corner = QHBoxLayout()
        self.corner.setSpacing(4)
        row.addLayout(self.corner)

    def set_title(self, text: str) -> None:
        """Show a title."""
        self.title.setText(text)
        self._tell()

    def set_detail(self, text: str, *shorter: str) -> None:
        """Show a detail beside the title, or the first of the shorter forms that fits."""
        self.detail.set_text(text, *shorter)
        self.detail.setVisible(bool(text))
        self._tell()

    def wanted_width(self) -> int:
        """Return how wide it is where nothing is cut."""
        text = self.detail.whole_text()
        detail = self.detail.fontMetrics().horizontalAdvance(text) + 12 + SPACING if text else 0
        corner = self.corner.sizeHint().width()
        return 2 * MARGIN + 2 + self.title.sizeHint().width() + detail + (corner + SPACING if corner else 0)

    def event(self, event) -> bool:
        """Tell when a control in it wants another width; while all of it is hidden, none tells."""
        done = super().event(event)
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.StyleChange, QEvent.Type.FontChange, QEvent.Type.Show):
            self._tell()
        return done

    def _tell(self) -> None:
        """Tell that another width is wanted, if it is."""
        if (wide := self.wanted_width()) != self._wide:
            self._wide = wide
            self.wanted.emit()
