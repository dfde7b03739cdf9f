"""The tensors of a graph as a table: their names, what makes them, their shapes, and beside them lines to what they read."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPointF, QSortFilterProxyModel, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyledItemDelegate

from convgui.views.kit.rows import RowsModel
from convgui.views.kit.theme import ink, px

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex

LANES, TENSOR, KIND, SHAPE = range(4)
HEADINGS = (
    ("", "What each tensor is made of"),
    ("Tensor", "The tensors that are maps, in the order in which the graph is run"),
    ("Operation", "What makes it"),
    ("Shape", "As the file has it; names and dots are sizes that depend on the picture"),
)

STEP, DOT = 11, 3.4
"""Pixels: from lane to lane, and the radius of a dot."""

MOST_LANES = 12
"""Lanes that are drawn; what lies further to the right is left out."""


class GraphRow(NamedTuple):
    """A tensor: its name, operation and shape, its lane, those that pass by and that lead to it, and whether it goes on."""

    name: str
    kind: str
    shape: str
    lane: int = 0
    through: tuple[int, ...] = ()
    joins: tuple[int, ...] = ()
    goes_on: bool = False


ROW = Qt.ItemDataRole.UserRole


class GraphModel(RowsModel):
    """The tensors."""

    headings = HEADINGS

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole):
        """Return what is asked of a cell."""
        row = self.rows[index.row()]
        if role == ROW:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return ("", row.name, row.kind, row.shape)[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{row.name}: {row.kind}, {row.shape}"
        if role == Qt.ItemDataRole.ForegroundRole and index.column() > TENSOR:
            return ink("secondary")
        return None


class FoundTensors(QSortFilterProxyModel):
    """The tensors whose name or operation holds a text."""

    text = ""

    def set_text(self, text: str) -> None:
        """Show the tensors that have this text."""
        self.text = text.strip().lower()
        self.invalidate()

    def filterAcceptsRow(self, source_row: int, source_parent) -> bool:
        """Return whether a tensor has the text."""
        row = self.sourceModel().rows[source_row]
        return self.text in row.name.lower() or self.text in row.kind.lower()


class LaneDelegate(QStyledItemDelegate):
    """Draws the lines that lead to a tensor, and a dot."""

    def paint(self, painter: QPainter, option, index) -> None:
        """Draw them."""
        super().paint(painter, option, index)
        row: GraphRow = index.data(ROW)
        left, top, bottom = option.rect.left() + px(8), option.rect.top(), option.rect.bottom() + 1
        middle = (top + bottom) / 2
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(option.rect)
        painter.setPen(QPen(ink("faint"), 1.3))

        def x(lane: int) -> float:
            return left + min(lane, MOST_LANES) * px(STEP)

        for lane in row.through:
            painter.drawLine(QPointF(x(lane), top), QPointF(x(lane), bottom))
        for lane in row.joins:
            path = QPainterPath(QPointF(x(lane), top))
            path.cubicTo(QPointF(x(lane), middle), QPointF(x(row.lane), top), QPointF(x(row.lane), middle))
            painter.drawPath(path)
        if row.goes_on:
            painter.drawLine(QPointF(x(row.lane), middle), QPointF(x(row.lane), bottom))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink("text" if row.joins or row.goes_on else "faint"))
        painter.drawEllipse(QPointF(x(row.lane), middle), px(DOT), px(DOT))
        painter.restore()
