"""The table of a network's layers: stride, padding and what follows are set there, and it says what comes out of each."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from convgui.views.kit.card import ElidedLabel, label
from convgui.views.kit.fields import wheel_only_with_focus
from convgui.views.kit.theme import px

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtWidgets import QLabel

SETTINGS = {"stride": ("Stride", 66), "padding": ("Padding", 92), "activation": ("Activation", 118), "pool": ("Pool", 136)}
"""What can be set of a layer: its heading, and how wide its field is."""

NAME, KERNEL, FIRST = 0, 1, 2
OUTPUT = FIRST + len(SETTINGS)

WIDTHS = {NAME: 158, KERNEL: 126, OUTPUT: 118}

GAP, BAR = 8, 14
"""Pixels between the columns, and of the scroll bar."""

LINE, TALLEST = 33, 400
"""Pixels of a line, and of all lines, beyond which they scroll."""

AT_ONCE, MORE = 16, 3
"""Lines that are made before the table is shown, more than are seen then, and how many are made at a time after that."""

TYPED = ("stride", "padding")
"""Settings that are typed as well as picked."""

TIPS = {
    "stride": "Cells from one output to the next: a number, or one for rows and one for columns",
    "padding": "valid, same or full; or cells: 1 on all sides, 1, 2 for rows and columns, or four above, below, left and "
    "right",
    "activation": "The function that follows",
    "pool": "The pool that follows",
}


class LayerRow(NamedTuple):
    """A layer: its name, its kernel in words, and what is set for it; settings that are not there are not asked.

    `alone`: settings that are seldom set, and not with those of all layers.
    """

    name: str
    kernel: str
    values: Mapping[str, str]
    alone: frozenset[str] = frozenset()


class NetworkTable(QWidget):
    """Shows a line for each layer; the lines that are not seen at first are made while it is shown.

    `altered` whenever something is set.

    Parameters
    ----------
    rows : sequence of LayerRow
    options : mapping of str to sequence of (str, str)
        Values and texts that each setting offers.
    """

    altered = Signal()

    def __init__(
        self, rows: Sequence[LayerRow], options: Mapping[str, Sequence[tuple[str, str]]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._rows, self._options = list(rows), options
        self._values = [dict(row.values) for row in rows]
        self._said = [""] * len(rows)
        self._wrong: tuple[int, str] | None = None
        self._fields: dict[tuple[int, str], QComboBox] = {}
        self._outputs: list[QLabel] = []
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(GAP)
        whole.addWidget(self._head())
        whole.addWidget(self._lines(), 1)

    def _head(self) -> QWidget:
        """Return what stays above the lines: headings, and a line that sets a setting of all layers."""
        head, grid = _columns()
        headings = {NAME: "Layer", KERNEL: "Kernel", OUTPUT: "Output"}
        headings |= {FIRST + place: heading for place, (heading, _) in enumerate(SETTINGS.values())}
        for place, text in headings.items():
            grid.addWidget(label(text, "field"), 0, place)
        if len(self._rows) > 1:
            grid.addWidget(label("All layers", "value"), 1, NAME)
            for place, setting in enumerate(SETTINGS):
                if any(setting in row.values for row in self._rows):
                    grid.addWidget(self._for_all(setting), 1, FIRST + place)
        return head

    def _for_all(self, setting: str) -> QComboBox:
        """Return the list that sets a setting of all layers."""
        box = self._box(f"network_all_{setting}", f"{SETTINGS[setting][0]} of all layers", setting)
        box.setCurrentIndex(-1)
        box.setPlaceholderText("…")
        if (typed := box.lineEdit()) is not None:
            typed.setPlaceholderText("…")
            typed.setReadOnly(True)
        box.activated.connect(partial(self._set_all, setting, box))
        return box

    def _lines(self) -> QScrollArea:
        inside, self._grid = _columns()
        self._make(AT_ONCE)
        scrolled = QScrollArea()
        scrolled.setObjectName("network_table")
        scrolled.setAccessibleName("Layers of the network")
        scrolled.setWidgetResizable(True)
        scrolled.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scrolled.setWidget(inside)
        scrolled.setMinimumSize(inside.sizeHint().width(), min(len(self._rows) * px(LINE), px(TALLEST)))
        return scrolled

    def _make(self, count: int) -> None:
        """Make so many lines more, and the others a few at a time, so that the window answers meanwhile."""
        made = len(self._outputs)
        for number in range(made, min(made + count, len(self._rows))):
            self._add(number, self._rows[number])
        if len(self._outputs) < len(self._rows):
            QTimer.singleShot(0, self, partial(self._make, MORE))
        else:
            self._grid.setRowStretch(len(self._rows), 1)

    def _add(self, number: int, row: LayerRow) -> None:
        for place, text in ((NAME, row.name), (KERNEL, row.kernel)):
            words = ElidedLabel()
            words.set_text(text)
            self._grid.addWidget(words, number, place)
        for place, setting in enumerate(SETTINGS):
            if setting in row.values:
                box = self._box(f"network_{setting}_{number}", f"{SETTINGS[setting][0]} of {row.name}", setting)
                self._show(box, setting, self._values[number][setting])
                _mark(box, wrong=self._wrong == (number, setting))
                told = box.editTextChanged if setting in TYPED else box.activated
                told.connect(partial(self._take, number, setting, box))
                self._fields[number, setting] = box
                self._grid.addWidget(box, number, FIRST + place)
        output = label(self._said[number], "detail")
        output.setObjectName(f"network_output_{number}")
        self._outputs.append(output)
        self._grid.addWidget(output, number, OUTPUT)

    def _box(self, name: str, accessible: str, setting: str) -> QComboBox:
        box = QComboBox()
        box.setObjectName(name)
        box.setAccessibleName(accessible)
        box.setToolTip(TIPS[setting])
        box.setEditable(setting in TYPED)
        box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        box.setFixedWidth(px(SETTINGS[setting][1]))
        for value, text in self._options[setting]:
            box.addItem(text, value)
        if setting in TYPED:
            box.setCompleter(None)  # type: ignore[arg-type]  # which Qt allows, and takes its own away
        wheel_only_with_focus(box)
        return box

    def _show(self, box: QComboBox, setting: str, value: str) -> None:
        if setting in TYPED:
            box.setEditText(value)
        else:
            box.setCurrentIndex(box.findData(value))

    # what the user does

    def _take(self, number: int, setting: str, box: QComboBox, *_: object) -> None:
        self._values[number][setting] = box.currentText() if setting in TYPED else str(box.currentData())
        self.altered.emit()

    def _set_all(self, setting: str, chosen: QComboBox, place: int) -> None:
        value = chosen.itemData(place)
        for number, row in enumerate(self._rows):
            if setting in row.values and setting not in row.alone:
                self._values[number][setting] = value
                if (box := self._fields.get((number, setting))) is not None:
                    box.blockSignals(True)
                    self._show(box, setting, value)
                    box.blockSignals(False)
        self.altered.emit()

    # what is asked and said

    def values(self) -> tuple[dict[str, str], ...]:
        """Return what is set for each layer; of a layer of which nothing is asked nothing."""
        return tuple(dict(values) for values in self._values)

    def set_outputs(self, outputs: Sequence[str], wrong: tuple[int, str] | None) -> None:
        """Say what comes out of each layer, and mark the field that cannot be taken: its row and its setting."""
        self._said, self._wrong = list(outputs), wrong
        for output, text in zip(self._outputs, outputs, strict=False):
            output.setText(text)
        for key, box in self._fields.items():
            _mark(box, wrong=key == wrong)


def _mark(box: QComboBox, *, wrong: bool) -> None:
    if wrong != bool(box.property("wrong")):
        box.setProperty("wrong", wrong)
        box.style().unpolish(box)
        box.style().polish(box)


def _columns() -> tuple[QWidget, QGridLayout]:
    """Return a widget with the columns of the table."""
    inside = QWidget()
    grid = QGridLayout(inside)
    grid.setContentsMargins(0, 0, BAR, 0)
    grid.setHorizontalSpacing(GAP)
    grid.setVerticalSpacing(4)
    widths = WIDTHS | {FIRST + place: width for place, (_, width) in enumerate(SETTINGS.values())}
    for place, width in widths.items():
        grid.setColumnMinimumWidth(place, px(width))
    grid.setColumnStretch(OUTPUT, 1)
    return inside, grid
