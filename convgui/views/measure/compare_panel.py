"""Two models on the same photo: a line for each layer with how far they differ; a click goes to the cell that does most."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHeaderView, QToolButton, QWidget

from convgui.views.kit.card import HEADER, Card, label
from convgui.views.kit.number_field import NumberField
from convgui.views.kit.rows import RIGHT, RowsModel, RowsTable
from convgui.views.kit.segmented import Segmented
from convgui.views.kit.theme import ink, px

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QModelIndex
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


class CompareModel(RowsModel):
    """The lines of the table."""

    headings = HEADINGS
    numbers = (1, 2)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole):
        """Return what is asked of a cell."""
        line, col = self.rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return line.name if col == 0 else line.texts[col - 1]
        if role == Qt.ItemDataRole.TextAlignmentRole and col in self.numbers:
            return RIGHT
        if role == Qt.ItemDataRole.ForegroundRole:
            return ink("text" if line.beyond else "secondary")
        if role == Qt.ItemDataRole.FontRole and line.first:
            font = QFont()
            font.setWeight(QFont.Weight.DemiBold)
            return font
        return None


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

    def _make_table(self) -> RowsTable:
        table = RowsTable("compare", "Differences of the layers", "Headings")
        table.setModel(self.model)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        table.horizontalHeader().setMinimumSectionSize(px(112))
        table.horizontalHeader().setSectionResizeMode(3, QHeaderView.ResizeMode.Stretch)
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
        self.model.set_rows(lines)
        self.table.setVisible(bool(lines))
        self.hint.setVisible(not lines)
        self.hint.setText(hint)
        self.set_detail(detail)
