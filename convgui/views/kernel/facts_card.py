"""Facts of a kernel: what it does to flat areas, whether it is separable, its symmetry, what it does to noise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from convgui.engine.shown import number
from convgui.views.kit import drawable
from convgui.views.kit.card import Card, ElidedLabel, label
from convgui.views.kit.drawable import painting
from convgui.views.kit.theme import ink, sized

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


ALIKE = 1e-6
"""Relative to the largest factor: by so little frequencies may differ and still pass alike."""


class Response(QAbstractButton):
    """A small picture of the frequency response: slow changes in the middle, fine ones at the edge, bright = passed.

    A click asks for the plot of it. Where everything passes alike there is no picture: it says by which factor.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("frequency_response")
        self.setAccessibleName("Frequency response")
        self.setFixedSize(48, 48)
        self._image = QImage()
        self._alike = ""
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        """Return the preferred size."""
        return QSize(48, 48)

    def set_response(self, response: NDArray[np.float64]) -> None:
        """Show magnitudes, zero frequency in the middle."""
        response = np.abs(drawable.matrix(response))
        most = float(response.max()) or 1.0
        same = float(response.max() - response.min()) <= ALIKE * float(response.max())
        self._alike = f"× {number(float(response.max()))}" if same else ""
        grey = np.ascontiguousarray((response / most * 255).astype(np.uint8))
        self._image = QImage(grey.data, grey.shape[1], grey.shape[0], grey.shape[1], QImage.Format.Format_Grayscale8).copy()
        self.setToolTip(
            f"Frequency response, at most {number(most)}: the middle stands for flat areas, the edge for the finest detail; "
            "what is bright passes. Click for the plot."
        )
        self.update()

    def clear(self) -> None:
        """Show nothing."""
        self._image, self._alike = QImage(), ""
        self.setToolTip("")
        self.update()

    def paintEvent(self, event) -> None:
        """Draw it with round corners."""
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            path = QPainterPath()
            path.addRoundedRect(box, 4, 4)
            painter.setClipPath(path)
            if self._alike:
                self._draw_words(painter, box)
            else:
                painter.drawImage(box, self._image)
            painter.setClipping(False)
            painter.setPen(QPen(ink("line"), 1))
            painter.drawPath(path)

    def _draw_words(self, painter: QPainter, box: QRectF) -> None:
        """Say that there is nothing to see: all frequencies pass by the same factor."""
        painter.fillRect(box, ink("well"))
        painter.setFont(sized(self, 11))
        painter.setPen(ink("secondary"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, f"all\n{self._alike}")


class FactsCard(Card):
    """The card with the facts of the kernel and its frequency response; `response_asked`: show the plot of it."""

    response_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("facts", "Kernel facts", parent)
        self._grid = QGridLayout()
        self._grid.setVerticalSpacing(3)
        self._grid.setHorizontalSpacing(10)
        self._grid.setColumnStretch(1, 1)
        self.response = Response()
        self.response.clicked.connect(self.response_asked)
        self.body.addLayout(self._grid)
        row = QHBoxLayout()
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label("Frequency response", "field"))
        self.passes = label("", "prose", wrap=True)
        words.addWidget(self.passes)
        words.addStretch(1)
        row.addLayout(words, 1)
        row.addWidget(self.response)
        self.body.addLayout(row)
        self.body.addStretch(1)
        self._values: dict[str, ElidedLabel] = {}

    def set_facts(self, facts: Sequence[tuple[str, str, str]]) -> None:
        """Show (name, value, tip) lines."""
        for line, (name, value, tip) in enumerate(facts):
            if name not in self._values:
                caption = label(name, "field")
                shown = ElidedLabel()
                shown.setProperty("role", "value")
                shown.setObjectName(f"fact_{name.lower().replace(' ', '_')}")
                shown.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                caption.setToolTip(tip)
                self._grid.addWidget(caption, line, 0)
                self._grid.addWidget(shown, line, 1)
                self._values[name] = shown
            self._values[name].set_text(value)

    def set_none(self) -> None:
        """Say that there is no kernel, and show nothing of a former one."""
        for shown in self._values.values():
            shown.set_text("–")
        self.response.clear()
        self.passes.setText("no kernel")

    def set_response(self, response: NDArray[np.float64], words: str) -> None:
        """Show the frequency response and what it means."""
        self.response.set_response(response)
        self.passes.setText(words)
