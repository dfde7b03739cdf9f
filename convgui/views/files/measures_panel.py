"""The measures of many files as a table: a click shows a file, a click on a heading sorts, CSV takes it away."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QHeaderView, QToolButton, QWidget

from convgui.engine.numerals import LARGEST
from convgui.engine.shown import number
from convgui.views.kit.card import HEADER, Card, label
from convgui.views.kit.number_field import NumberField
from convgui.views.kit.rows import RIGHT, RowsModel, RowsTable
from convgui.views.kit.theme import px

if TYPE_CHECKING:
    from collections.abc import Sequence

HINT = "Open several files or a folder, then press Measure in the film strip: each file's map becomes a row here."

HEADINGS = (
    ("File", "name", "The file's name"),
    ("Strongest", "strongest", "The value of the largest magnitude in the map"),
    ("Row", "", "Where the strongest value is, counted from 0"),
    ("Column", "", "Where the strongest value is, counted from 0"),
    ("Mean", "mean", "Mean of all values"),
    ("Deviation", "deviation", "Standard deviation of all values"),
    ("Energy", "energy", "Mean of the squares of all values"),
    ("Share", "share", "Which part of the values is larger than the threshold"),
)
"""Headings, the order that a click on each gives, and tips."""


class Row(NamedTuple):
    """What the table shows of a file: its path and name, and the numbers of the other headings, None if unknown."""

    path: str
    name: str
    numbers: tuple[float, ...] | None = None


class MeasuresModel(RowsModel):
    """The rows of the table."""

    headings = tuple((text, tip) for text, _, tip in HEADINGS)
    numbers = range(1, len(HEADINGS))

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.order = "name"

    def set_sorted(self, rows: Sequence[Row], order: str) -> None:
        """Show these rows, sorted by that."""
        if order != self.order:
            self.order = order
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(HEADINGS) - 1)
        if [row.path for row in rows] == [row.path for row in self.rows]:
            self.rows = list(rows)
            if rows:
                self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(HEADINGS) - 1))
            return
        self.set_rows(rows)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole):
        """Return what is asked of a cell."""
        row, col = self.rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            if col == 0:
                return row.name
            return "–" if row.numbers is None else number(row.numbers[col - 1], 4)
        if role == Qt.ItemDataRole.ToolTipRole and col == 0:
            return row.path
        if role == Qt.ItemDataRole.UserRole:
            return row.path
        if role == Qt.ItemDataRole.TextAlignmentRole and col:
            return RIGHT
        return None

    def heading(self, section: int) -> str:
        """Return the text of a heading, with an arrow where the files are sorted by it."""
        text, by, _ = HEADINGS[section]
        return f"{text} {'↓' if by == self.order else ''}".strip() if by and by != "name" else text

    def row_of(self, path: str) -> int:
        """Return the row of a file, -1 if there is none."""
        return next((number for number, row in enumerate(self.rows) if row.path == path), -1)


class MeasuresPanel(Card):
    """Shows the table.

    Signals
    -------
    chosen(str)
        A file is to be shown.
    sorted(str)
        What the files are to be sorted by.
    threshold_changed(float)
        The threshold of the share.
    export_asked
        The table is to be taken away.
    """

    chosen = Signal(str)
    sorted = Signal(str)
    threshold_changed = Signal(float)
    export_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("measures", "Measures", parent)
        self.threshold = NumberField("measures_threshold", "Threshold of the share", -LARGEST, LARGEST)
        self.threshold.setProperty("compact", True)
        self.threshold.setFixedSize(px(72), px(HEADER) + 2)
        self.threshold.changed.connect(self.threshold_changed)
        self.export = QToolButton()
        self.export.setObjectName("measures_export")
        self.export.setText("CSV…")
        self.export.setAccessibleName("Export the measures")
        self.export.setToolTip("Write the table, all digits of its numbers")
        self.export.setProperty("flat", True)
        self.export.clicked.connect(self.export_asked)
        self.corner.addWidget(label("share above", "field"))
        self.corner.addWidget(self.threshold)
        self.corner.addWidget(self.export)
        self.model = MeasuresModel(self)
        self.table = self._make_table()
        self.hint = label(HINT, "prose", wrap=True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.hint, 1)
        self.set_rows((), "name")

    def _make_table(self) -> RowsTable:
        table = RowsTable("measures", "Measures of the files", "Headings: a click sorts the files")
        table.setModel(self.model)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        table.horizontalHeader().setResizeContentsPrecision(40)
        table.horizontalHeader().setSectionsClickable(True)
        table.horizontalHeader().sectionClicked.connect(self._sort)
        table.selectionModel().currentRowChanged.connect(self._moved)
        return table

    # setters

    def set_rows(self, rows: Sequence[Row], order: str) -> None:
        """Show these rows, sorted by that."""
        self.model.set_sorted(rows, order)
        self.table.setVisible(bool(rows))
        self.hint.setVisible(not rows)
        self.export.setEnabled(any(row.numbers is not None for row in rows))

    def set_chosen(self, path: str) -> None:
        """Select the row of a file."""
        row, selection = self.model.row_of(path), self.table.selectionModel()
        selection.blockSignals(True)
        if row < 0:
            self.table.clearSelection()
        else:
            self.table.selectRow(row)
            self.table.scrollTo(self.model.index(row, 0))
        selection.blockSignals(False)
        self.table.viewport().update()

    # gestures

    def _sort(self, section: int) -> None:
        if HEADINGS[section][1]:
            self.sorted.emit(HEADINGS[section][1])

    def _moved(self, now: QModelIndex, before: QModelIndex) -> None:
        if now.isValid():
            self.chosen.emit(now.data(Qt.ItemDataRole.UserRole))
