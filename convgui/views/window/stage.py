"""The stage: the panes from edge to edge, with what comes and goes lying over them, so that nothing moves."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize, Signal
from PySide6.QtWidgets import QWidget

from convgui.views.canvas.tour_card import TourCard
from convgui.views.canvas.transport import Transport
from convgui.views.window.caption import Caption
from convgui.views.window.drop_target import DropTarget
from convgui.views.window.message_bar import MessageBar
from convgui.views.window.side_by_side import SideBySide

EDGE, APART = 12, 8
WIDEST = {"messages": 860, "tour": 780, "transport": 680}
"""Pixels that each of them takes at most."""


class Stage(QWidget):
    """Holds the panes, and over their lower edge the transport, the tour's card and a message.

    `insets_changed`: other parts of the panes are covered from now on.
    """

    insets_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("stage")
        self.pair = SideBySide(self)
        self.transport, self.tour, self.messages = Transport(self), TourCard(self), MessageBar(self)
        self.caption = Caption(self)
        self.target = DropTarget(self)
        self._inset = 0
        self.caption.installEventFilter(self)
        for part in (self.transport, self.tour, self.messages):
            part.setProperty("over", True)
            part.installEventFilter(self)

    def sizeHint(self) -> QSize:
        """Return the preferred size."""
        return self.pair.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Return the least useful size."""
        return self.pair.minimumSizeHint()

    def insets(self) -> tuple[int, int]:
        """Return how many pixels of the panes are covered above and below, by what stays for a while."""
        return self.pair.head(), self._inset

    def eventFilter(self, watched, event) -> bool:
        """Lay out anew what wants another size, comes or goes."""
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Show, QEvent.Type.Hide):
            self._place()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event) -> None:
        """Keep everything in its place."""
        self._place()

    def _place(self) -> None:
        """Stack what is visible over the lower edge of the panes, the message uppermost; the caption lies below them."""
        below = 0 if self.caption.isHidden() else self.caption.sizeHint().height()
        self.caption.setGeometry(0, self.height() - below, self.width(), below)
        self.pair.setGeometry(0, 0, self.width(), self.height() - below)
        self.target.setGeometry(self.rect())
        bottom, inset = self.height() - below - EDGE, EDGE + self.transport.sizeHint().height() + APART
        for name, part in (("transport", self.transport), ("tour", self.tour), ("messages", self.messages)):
            if part.isHidden():
                continue
            if below and part is self.transport:  # for a projector the keys do what it does
                part.move(0, self.height())
                continue
            wide = min(WIDEST[name], self.width() - 2 * EDGE)
            high = part.heightForWidth(wide) if part.hasHeightForWidth() else part.sizeHint().height()
            part.setGeometry(QRect((self.width() - wide) // 2, bottom - high, wide, high))
            part.raise_()
            bottom -= high + APART
            if part is self.tour:
                inset = EDGE + high + APART
        if inset != self._inset:
            self._inset = inset
            self.insets_changed.emit()
