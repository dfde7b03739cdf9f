"""Two models on the same photo: a line for each layer with how far they differ; a click goes to the cell that does most."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QToolButton, QWidget

from convgui.views.kit.card import HEADER, Card, label
from convgui.views.kit.number_field import NumberField
from convgui.views.kit.segmented import Segmented
from convgui.views.kit.theme import ink, px

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QAction

WITH = (("float16", "float16"), ("int8", "int8"), ("kept", "Kept model"))
"""What the present model is compared with."""

HEADINGS = (
    ("Layer", "The layers of the present model; bold is the first one that differs by more than the tolerance"),
    ("Largest difference", "The largest magnitude of a difference, over all maps and places"),
    ("Of the largest", "The same as a part of the largest value of the layer"),
    ("Where", "Map, row and column of the largest difference; a click goes there"),
)

TOLERANCE = 0.001


class CompareLine(NamedTuple):
    """A layer: its name, the three texts, whether it is beyond the tolerance, and whether it is the first one."""

    name: str
    texts: tuple[str, str, str]
    beyond: bool = False
    first: bool = False


class CompareModel(QAbstractTableModel):
    """The lines of the table."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: list[CompareLine] = []

    def set_lines(self, lines: Sequence[CompareLine]) -> None:
        """Show these."""
        self.beginResetModel()
        self._lines = list(lines)
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        """Return how many layers there are."""
        return len(self._lines)

    def columnCount(self, parent: QModelIndex | None = None) -> int:
        """Return how many headings there are."""
        return len(HEADINGS)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole):
        """Return what is asked of a cell."""
        line, col = self._lines[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return line.name if col == 0 else line.texts[col - 1]
        if role == Qt.ItemDataRole.TextAlignmentRole and col in (1, 2):
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.ForegroundRole:
            return ink("text" if line.beyond else "secondary")
        if role == Qt.ItemDataRole.FontRole and line.first:
            font = QFont()
            font.setWeight(QFont.Weight.DemiBold)
            return font
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole):
        """Return what is asked of a heading."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section in (1, 2) else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.DisplayRole:
            return HEADINGS[section][0]
        return HEADINGS[section][1] if role == Qt.ItemDataRole.ToolTipRole else None


class _Table(QTableView):
    """A table without a preferred size of its own."""

    def sizeHint(self) -> QSize:
        return QSize(600, 120)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 88)


class ComparePanel(Card):
    """Shows the table.

    Signals
    -------
    chosen(int)
        The cell of a layer is to be shown where the models differ most.
    compared_with(str)
        One of ``float16``, ``int8`` and ``kept``.
    tolerance_changed(float)
    """

    chosen = Signal(int)
    compared_with = Signal(str)
    tolerance_changed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("compare", "Compare models", parent)
        self.tolerance = NumberField("compare_tolerance", "Tolerance, a part of the largest value", 0.0, 1e6)
        self.tolerance.setProperty("compact", True)
        self.tolerance.setFixedSize(px(72), px(HEADER) + 2)
        self.tolerance.set_value(TOLERANCE)
        self.tolerance.changed.connect(self.tolerance_changed)
        self.other = Segmented("compare_with", "What the model is compared with")
        self.other.set_options(WITH)
        self.other.setProperty("roomy", True)
        self.other.set_value("float16")
        self.other.chosen.connect(self.compared_with)
        self.keep = QToolButton()
        self.keep.setProperty("flat", True)
        for widget in (label("tolerance", "field"), self.tolerance, self.other, self.keep):
            self.corner.addWidget(widget)
        self.model = CompareModel(self)
        self.table = self._make_table()
        self.hint = label("", "prose", wrap=True)
        self.hint.setObjectName("compare_hint")
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.hint, 1)
        self.set_lines((), "", "")

    def _make_table(self) -> QTableView:
        table = _Table()
        table.setObjectName("compare_table")
        table.setAccessibleName("Differences of the layers")
        table.setModel(self.model)
        table.verticalHeader().hide()
        table.verticalHeader().setObjectName("compare_numbers")
        table.verticalHeader().setAccessibleName("Numbers of the rows")
        table.horizontalHeader().setObjectName("compare_headings")
        table.horizontalHeader().setAccessibleName("Headings")
        table.setCornerButtonEnabled(False)
        table.setShowGrid(False)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        table.horizontalHeader().setMinimumSectionSize(px(112))
        table.horizontalHeader().setSectionResizeMode(3, QHeaderView.ResizeMode.Stretch)
        table.horizontalHeader().setHighlightSections(False)
        table.verticalHeader().setDefaultSectionSize(px(22))
        table.verticalHeader().setMinimumSectionSize(px(18))
        table.clicked.connect(lambda index: self.chosen.emit(index.row()))
        table.activated.connect(lambda index: self.chosen.emit(index.row()))
        return table

    # setters

    def set_actions(self, keep: QAction) -> None:
        """Offer to keep the present model."""
        self.keep.setDefaultAction(keep)
        self.keep.setText("Keep this one")
        keep.changed.connect(lambda: self.keep.setText("Keep this one"))
        self.keep.setObjectName(f"button_{keep.objectName()}")
        self.keep.setAccessibleName(keep.text().replace("&", ""))

    def set_other(self, other: str) -> None:
        """Mark what the model is compared with."""
        self.other.set_value(other)

    def set_lines(self, lines: Sequence[CompareLine], detail: str, hint: str) -> None:
        """Show lines, and say what they come to; or why there are none."""
        self.model.set_lines(lines)
        self.table.setVisible(bool(lines))
        self.hint.setVisible(not lines)
        self.hint.setText(hint)
        self.set_detail(detail)
