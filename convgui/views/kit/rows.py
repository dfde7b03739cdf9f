"""A table of rows: its headings with their tips, and a view that selects whole rows and takes the size that is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QSize, Qt
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from convgui.views.kit.theme import px

if TYPE_CHECKING:
    from collections.abc import Sequence

LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class RowsModel(QAbstractTableModel):
    """Rows under headings; a table says its headings, and what stands in a cell.

    Attributes
    ----------
    headings : tuple of (str, str)
        The text and the tip of each heading.
    numbers : collection of int
        The columns whose headings stand right, over their numbers.
    """

    headings: ClassVar[tuple[tuple[str, str], ...]]
    numbers: ClassVar[Sequence[int]] = ()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: list[Any] = []

    def set_rows(self, rows: Sequence[Any]) -> None:
        """Show these."""
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        """Return how many rows there are."""
        return len(self.rows)

    def columnCount(self, parent: QModelIndex | None = None) -> int:
        """Return how many headings there are."""
        return len(self.headings)

    def heading(self, section: int) -> str:
        """Return the text of a heading."""
        return self.headings[section][0]

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole):
        """Return what is asked of a heading."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT if section in self.numbers else LEFT
        if role == Qt.ItemDataRole.DisplayRole:
            return self.heading(section)
        return self.headings[section][1] if role == Qt.ItemDataRole.ToolTipRole else None


class RowsTable(QTableView):
    """A table without a preferred size of its own, in which one whole row is selected.

    Parameters
    ----------
    name : str
        What the table and its headings are called by, before ``_table``, ``_headings`` and ``_numbers``.
    accessible, headings : str
        What a screen reader says of the table, and of its headings.
    line, least : int
        Pixels: how high a row is, and how high it is at least.
    """

    def __init__(self, name: str, accessible: str, headings: str, line: int = 22, least: int = 18) -> None:
        super().__init__()
        self.setObjectName(f"{name}_table")
        self.setAccessibleName(accessible)
        above, beside = self.horizontalHeader(), self.verticalHeader()
        above.setObjectName(f"{name}_headings")
        above.setAccessibleName(headings)
        above.setHighlightSections(False)
        beside.hide()
        beside.setObjectName(f"{name}_numbers")
        beside.setAccessibleName("Numbers of the rows")
        beside.setDefaultSectionSize(px(line))
        beside.setMinimumSectionSize(px(least))
        self.setCornerButtonEnabled(False)
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)

    def sizeHint(self) -> QSize:
        """Return room for a few rows."""
        return QSize(600, 120)

    def minimumSizeHint(self) -> QSize:
        """Return room for a heading and a row or two."""
        return QSize(240, 88)
