"""A graph that is run as it is: its tensors in order, with lines that lead from one to the next; one of them is shown."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPointF, QSize, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QStyledItemDelegate,
    QTableView,
    QWidget,
)

from convgui.views.kit.card import HEADER, Card, ElidedLabel, label
from convgui.views.kit.segmented import Segmented
from convgui.views.kit.theme import ink, px

if TYPE_CHECKING:
    from collections.abc import Sequence

HINT = (
    "Open an ONNX model with File, Open weights, and press Run the whole graph there: every tensor of maps stands here, "
    "also of graphs with branches, and is shown on the photo as ONNX Runtime has it."
)

VALUES = (("ours", "Explained"), ("theirs", "As it is run"))
"""Whose values are shown of a tensor that our layers make as well."""

LANES, TENSOR, KIND, SHAPE = range(4)
HEADINGS = (
    ("", "What each tensor is made of"),
    ("Tensor", "The tensors that are maps, in the order in which the graph is run"),
    ("Operation", "What makes it"),
    ("Shape", "As the file has it; names and dots are sizes that depend on the picture"),
)

STEP, LINE, DOT = 11, 20, 3.4
"""Pixels: from lane to lane, the height of a line, and the radius of a dot."""

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


class GraphModel(QAbstractTableModel):
    """The tensors."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: list[GraphRow] = []

    def set_rows(self, rows: Sequence[GraphRow]) -> None:
        """Show these."""
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        """Return how many tensors there are."""
        return len(self.rows)

    def columnCount(self, parent: QModelIndex | None = None) -> int:
        """Return how many headings there are."""
        return len(HEADINGS)

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

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole):
        """Return what is asked of a heading."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.DisplayRole:
            return HEADINGS[section][0]
        return HEADINGS[section][1] if role == Qt.ItemDataRole.ToolTipRole else None


class _Found(QSortFilterProxyModel):
    """The tensors whose name or operation holds a text."""

    text = ""

    def set_text(self, text: str) -> None:
        """Show the tensors that have this text."""
        self.text = text.strip().lower()
        self.invalidate()

    def filterAcceptsRow(self, source_row: int, source_parent) -> bool:
        row = self.sourceModel().rows[source_row]
        return self.text in row.name.lower() or self.text in row.kind.lower()


class _Lines(QStyledItemDelegate):
    """Draws the lines that lead to a tensor, and a dot."""

    def paint(self, painter: QPainter, option, index) -> None:
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


class _Table(QTableView):
    """A table without a preferred size of its own."""

    def sizeHint(self) -> QSize:
        return QSize(600, 120)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 88)


class GraphPanel(Card):
    """Shows the tensors of a graph.

    Signals
    -------
    chosen(str)
        A tensor is to be shown.
    values_chosen(str)
        ``ours`` or ``theirs``: whose values are shown of a tensor that our layers make as well.
    open_asked
        Another model is to be opened.
    """

    chosen = Signal(str)
    values_chosen = Signal(str)
    open_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("graph", "Graph", parent)
        self._quiet = False
        self.search = QLineEdit()
        self.search.setObjectName("graph_find")
        self.search.setAccessibleName("Find a tensor or an operation")
        self.search.setPlaceholderText("Find a tensor or an operation")
        self.search.setClearButtonEnabled(True)
        self.search.setProperty("compact", True)
        self.search.setFixedHeight(px(HEADER))
        self.search.setFixedWidth(px(200))
        self.values = Segmented("graph_values", "Whose values are shown")
        self.values.set_options(VALUES)
        self.values.setProperty("roomy", True)
        self.values.set_value("ours")
        self.values.chosen.connect(self.values_chosen)
        self.values.setToolTip(
            "Explained: where our layers make the tensor, they do it from what ONNX Runtime has before it, each number is "
            "explained, and the difference is said. As it is run: what ONNX Runtime has."
        )
        self.open_button = QPushButton("Open weights…")
        self.open_button.setObjectName("graph_open")
        self.open_button.setAccessibleName("Open weights")
        self.open_button.setProperty("compact", True)
        self.open_button.setFixedHeight(px(HEADER))
        self.open_button.clicked.connect(self.open_asked)
        for widget in (self.search, self.values, self.open_button):
            self.corner.addWidget(widget)
        self.model = GraphModel(self)
        self._found = _Found(self)
        self._found.setSourceModel(self.model)
        self.search.textChanged.connect(lambda text: self._search(text))
        self.table = self._make_table()
        self.hint = label(HINT, "prose", wrap=True)
        self.hint.setObjectName("graph_hint")
        self.note = ElidedLabel()
        self.note.setProperty("role", "detail")
        self.note.setObjectName("graph_note")
        self.body.addWidget(self.hint)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.note)
        self.set_graph("", "", ())

    def _make_table(self) -> QTableView:
        table = _Table()
        table.setObjectName("graph_table")
        table.setAccessibleName("Tensors of the graph")
        table.setModel(self._found)
        table.setItemDelegateForColumn(LANES, _Lines(table))
        table.verticalHeader().hide()
        table.verticalHeader().setObjectName("graph_numbers")
        table.verticalHeader().setAccessibleName("Numbers of the rows")
        table.verticalHeader().setDefaultSectionSize(px(LINE))
        table.verticalHeader().setMinimumSectionSize(px(LINE))
        table.horizontalHeader().setObjectName("graph_headings")
        table.horizontalHeader().setAccessibleName("Headings of the tensors")
        table.horizontalHeader().setHighlightSections(False)
        table.horizontalHeader().setMinimumSectionSize(px(24))
        table.setCornerButtonEnabled(False)
        table.setShowGrid(False)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.selectionModel().currentRowChanged.connect(lambda now, before: self._choose(now))
        return table

    # setters

    def set_graph(self, name: str, detail: str, rows: Sequence[GraphRow]) -> None:
        """Show the tensors of a graph; its name is empty where there is none."""
        self.set_title(name or "Graph")
        self.set_detail(detail)
        self.search.clear()
        with self._silent():
            self.model.set_rows(rows)
        header = self.table.horizontalHeader()
        lanes = 1 + min(max((max((row.lane, *row.through, *row.joins)) for row in rows), default=0), MOST_LANES)
        header.setSectionResizeMode(LANES, QHeaderView.ResizeMode.Fixed)
        header.resizeSection(LANES, px(10 + lanes * STEP))
        header.setSectionResizeMode(TENSOR, QHeaderView.ResizeMode.Stretch)
        for column in (KIND, SHAPE):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self.hint.setVisible(not name)
        for part in (self.table, self.search, self.values):
            part.setVisible(bool(name))
        self.set_note("")

    def set_chosen(self, name: str) -> None:
        """Mark the tensor that is shown; nobody is told."""
        place = next((k for k, row in enumerate(self.model.rows) if row.name == name), -1)
        index = self._found.mapFromSource(self.model.index(place, TENSOR))
        with self._silent():
            if index.isValid():
                self.table.setCurrentIndex(index)
                self.table.scrollTo(index)
            else:
                self.table.clearSelection()

    def set_values(self, values: str, offered: bool, why: str) -> None:
        """Show whose values are shown; where there is no choice, say why."""
        self.values.set_value(values)
        self.values.setEnabled(offered)
        if why:
            self.values.setToolTip(why)

    def set_note(self, note: str) -> None:
        """Say something about the tensor that is shown."""
        self.note.set_text(note)
        self.note.setVisible(bool(note))

    # what is shown

    def current(self) -> str:
        """Return the name of the tensor that is marked, empty if there is none."""
        index = self.table.currentIndex()
        return index.data(ROW).name if index.isValid() else ""

    # gestures

    def _search(self, text: str) -> None:
        chosen = self.current()
        with self._silent():
            self._found.set_text(text)
        self.set_chosen(chosen)

    def _choose(self, index: QModelIndex) -> None:
        if index.isValid() and not self._quiet:
            self.chosen.emit(index.data(ROW).name)

    @contextmanager
    def _silent(self):
        """Tell nobody what is marked meanwhile."""
        before, self._quiet = self._quiet, True
        try:
            yield
        finally:
            self._quiet = before
