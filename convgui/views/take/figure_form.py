"""How a figure is drawn: ground, scale, captions, and which step is marked."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QHBoxLayout, QWidget

from convgui.views.kit.card import label
from convgui.views.kit.number_field import NumberField
from convgui.views.take.figure_parts import AS_USUAL, GROUNDS, SCALES, FigureOptions


class FigureForm(QWidget):
    """`chosen` carries the options whenever one of them changes.

    Parameters
    ----------
    rows, cols : int
        Of the map, of which a cell can be marked.
    sequence : bool
        Whether a cell is a step of a sequence, which has no row.
    """

    chosen = Signal(object)

    def __init__(
        self,
        rows: int,
        cols: int,
        *,
        sequence: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        self.ground = _list("figure_ground", "Background", [(g.text, name) for name, g in GROUNDS.items()])
        self.scale = _list("figure_scale", "Scale", [(f"{s:g} × ({96 * s:.0f} dpi)", s) for s in SCALES])
        self.scale.setToolTip("Pixels for each point of the figure; a vector drawing has none")
        self.words = QCheckBox("Titles, captions and arithmetic")
        self.words.setObjectName("figure_captions")
        self.mark = QCheckBox("Mark a step" if sequence else "Mark a cell")
        self.mark.setObjectName("figure_mark")
        self.mark.setToolTip("Outline one cell of the activation and the patch that it is made from")
        self.row = NumberField("figure_row", "Row of the marked cell", 0, max(rows - 1, 0), whole=True, width=64)
        self.col = NumberField("figure_column", "Column of the marked cell", 0, max(cols - 1, 0), whole=True, width=64)
        self.set_options(AS_USUAL)
        for line, (text, widget) in enumerate((("Background", self.ground), ("Scale", self.scale))):
            caption = label(text, "field")
            caption.setBuddy(widget)
            grid.addWidget(caption, line, 0)
            grid.addWidget(widget, line, 1)
        grid.addWidget(label("Text", "field"), 2, 0)
        grid.addWidget(self.words, 2, 1)
        grid.addWidget(label("Step", "field"), 3, 0)
        grid.addLayout(self._cell(sequence=sequence), 3, 1)
        grid.setRowStretch(4, 1)
        for box in (self.ground, self.scale):
            box.currentIndexChanged.connect(self._tell)
        for check in (self.words, self.mark):
            check.toggled.connect(self._tell)
        for field in (self.row, self.col):
            field.changed.connect(self._cell_chosen)

    def _cell(self, *, sequence: bool) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(6)
        line.addWidget(self.mark)
        line.addStretch(1)
        fields = ((label("row", "field"), self.row), (label("step" if sequence else "column", "field"), self.col))
        for caption, field in fields[1:] if sequence else fields:
            line.addWidget(caption)
            line.addWidget(field)
        self.row.setParent(self)
        self.row.setVisible(not sequence)
        return line

    def options(self) -> FigureOptions:
        """Return what is chosen."""
        cell = int(self.row.value()), int(self.col.value())
        return FigureOptions(
            ground=str(self.ground.currentData()),
            scale=float(self.scale.currentData()),
            captions=self.words.isChecked(),
            step=cell if self.mark.isChecked() else None,
        )

    def set_options(self, options: FigureOptions, step: tuple[int, int] = (0, 0)) -> None:
        """Show these options; `step` is the cell that is offered where none is marked. Emits nothing."""
        row, col = options.step or step
        for widget in (self.ground, self.scale, self.words, self.mark):
            widget.blockSignals(True)
        self.ground.setCurrentIndex(self.ground.findData(options.ground))
        self.scale.setCurrentIndex(self.scale.findData(options.scale))
        self.words.setChecked(options.captions)
        self.mark.setChecked(options.step is not None)
        self.row.set_value(row)
        self.col.set_value(col)
        for widget in (self.ground, self.scale, self.words, self.mark):
            widget.blockSignals(False)

    def set_vector(self, vector: bool) -> None:
        """Say whether a vector drawing is made, which has no scale."""
        self.scale.setEnabled(not vector)

    def _cell_chosen(self) -> None:
        """Mark the cell that is typed."""
        if self.mark.isChecked():
            self._tell()
        else:
            self.mark.setChecked(True)

    def _tell(self) -> None:
        self.chosen.emit(self.options())


def _list(name: str, accessible: str, entries: list[tuple[str, object]]) -> QComboBox:
    box = QComboBox()
    box.setObjectName(name)
    box.setAccessibleName(accessible)
    for text, value in entries:
        box.addItem(text, value)
    return box
