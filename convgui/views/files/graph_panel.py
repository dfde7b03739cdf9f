"""A graph that is run as it is: its tensors in order, with lines that lead from one to the next; one of them is shown."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import (
    QHeaderView,
    QLineEdit,
    QWidget,
)

from convgui.views.files.graph_model import (
    KIND,
    LANES,
    MOST_LANES,
    ROW,
    SHAPE,
    STEP,
    TENSOR,
    FoundTensors,
    GraphModel,
    LaneDelegate,
)
from convgui.views.kit.card import HEADER, Card, ElidedLabel, compact_button, label
from convgui.views.kit.rows import RowsTable
from convgui.views.kit.segmented import Segmented
from convgui.views.kit.theme import px

if TYPE_CHECKING:
    from collections.abc import Sequence

    from convgui.views.files.graph_model import GraphRow

HINT = (
    "Open an ONNX model with File, Open weights, and press Run the whole graph there: every tensor of maps stands here, "
    "also of graphs with branches, and is shown on the photo as ONNX Runtime has it."
)

VALUES = (("ours", "Explained"), ("theirs", "As it is run"))
"""Whose values are shown of a tensor that our layers make as well."""

LINE = 20
"""Pixels: the height of a line."""


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
        self.open_button = compact_button("graph_open", "Open weights…", accessible="Open weights")
        self.open_button.clicked.connect(self.open_asked)
        for widget in (self.search, self.values, self.open_button):
            self.corner.addWidget(widget)
        self.model = GraphModel(self)
        self._found = FoundTensors(self)
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

    def _make_table(self) -> RowsTable:
        table = RowsTable("graph", "Tensors of the graph", "Headings of the tensors", LINE, LINE)
        table.setModel(self._found)
        table.setItemDelegateForColumn(LANES, LaneDelegate(table))
        table.horizontalHeader().setMinimumSectionSize(px(24))
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
