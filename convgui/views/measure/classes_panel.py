"""The top classes: what a network that tells classes apart gives each of them, the largest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from convgui.views.kit.card import Card, compact_button, label
from convgui.views.kit.drawable import painting
from convgui.views.kit.theme import ink, px, sized

if TYPE_CHECKING:
    from collections.abc import Sequence

LINE, NAME, VALUE = 24, 0.42, 92
"""Pixels: the height of a line; the part of the width that names take at most; pixels for a value."""


class ClassLine(NamedTuple):
    """A class: its name, its value in words, and how long its bar is, from 0 to 1."""

    name: str
    value: str
    part: float


class Bars(QWidget):
    """Draws a line for each class: its name, a bar, and the value."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("classes_bars")
        self.setAccessibleName("Top classes")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.lines: tuple[ClassLine, ...] = ()

    def set_lines(self, lines: Sequence[ClassLine]) -> None:
        """Show these."""
        self.lines = tuple(lines)
        self.setAccessibleDescription("; ".join(f"{line.name}: {line.value}" for line in lines))
        self.update()

    def sizeHint(self) -> QSize:
        """Return room for a few classes."""
        return QSize(px(320), px(5 * LINE))

    def minimumSizeHint(self) -> QSize:
        """Return room for a line."""
        return QSize(px(200), px(LINE))

    def paintEvent(self, event) -> None:
        """Draw as many lines as there is room for."""
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(sized(self, 13))
            metrics, high, wide = painter.fontMetrics(), px(LINE), self.width()
            longest = max((metrics.horizontalAdvance(line.name) for line in self.lines), default=0)
            names = min(longest + px(12), int(wide * NAME))
            room = wide - names - px(VALUE)
            for k, line in enumerate(self.lines[: self.height() // high]):
                top = k * high
                name = metrics.elidedText(line.name, Qt.TextElideMode.ElideRight, names - px(8))
                middle = Qt.AlignmentFlag.AlignVCenter
                painter.setPen(ink("text"))
                painter.drawText(QRectF(0, top, names, high), middle | Qt.AlignmentFlag.AlignLeft, name)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(ink("well"))
                bar = QRectF(names, top + high * 0.28, room, high * 0.44)
                painter.drawRoundedRect(bar, 4, 4)
                bar.setWidth(room * min(max(line.part, 0.0), 1.0))
                painter.setBrush(ink("secondary" if not k else "faint"))
                painter.drawRoundedRect(bar, 4, 4)
                painter.setPen(ink("secondary"))
                value = QRectF(wide - px(VALUE), top, px(VALUE), high)
                painter.drawText(value, middle | Qt.AlignmentFlag.AlignRight, line.value)


class ClassesPanel(Card):
    """Shows the top classes.

    Signals
    -------
    labels_asked
        A file with the names of the classes is to be opened.
    """

    labels_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("classes", "Top classes", parent)
        tip = "A text file with the name of a class in each line, or JSON"
        self.labels_button = compact_button("classes_labels", "Names of classes…", tip, "Open names of classes")
        self.labels_button.clicked.connect(self.labels_asked)
        self.corner.addWidget(self.labels_button)
        self.bars = Bars()
        self.hint = label("", "prose", wrap=True)
        self.hint.setObjectName("classes_hint")
        self.body.addWidget(self.bars, 1)
        self.body.addWidget(self.hint, 1)
        self.set_lines((), "", "")

    def set_lines(self, lines: Sequence[ClassLine], detail: str, hint: str) -> None:
        """Show classes, and what they are of; or say why there are none."""
        self.bars.set_lines(lines)
        self.bars.setVisible(bool(lines))
        self.labels_button.setVisible(bool(lines))
        self.hint.setVisible(not lines)
        self.hint.setText(hint)
        self.set_detail(detail)
