"""What a file does not say of a network: a table of its layers, in which stride, padding and what follows can be set."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QDialog, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from convgui.views.kit.card import ElidedLabel, label
from convgui.views.kit.decision import decision
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

TALLEST = 400
"""Pixels of the table, beyond which it scrolls."""

LINE = 33
"""Pixels of a line of the table."""

LINES = 36
"""Pixels that sentence and warning are high: two lines, so that nothing moves."""

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


class NetworkPlan(NamedTuple):
    """What would be opened.

    Attributes
    ----------
    outputs : tuple of str
        What comes out of each layer, in words.
    sentence, warning : str
        What comes out in the end, and what stands in the way or has to be known; empty if nothing.
    wrong : (int, str), optional
        The row and the setting that cannot be taken.
    """

    outputs: tuple[str, ...]
    sentence: str
    warning: str = ""
    wrong: tuple[int, str] | None = None


class NetworkDialog(QDialog):
    """Asks for what a file does not say.

    `altered` carries the values of all rows, as they were given to it, whenever one of them changes.

    Parameters
    ----------
    about : str
        What is asked, and why.
    rows : sequence of LayerRow
    options : mapping of str to sequence of (str, str)
        Values and texts that each setting offers.
    """

    altered = Signal(object)

    def __init__(
        self,
        about: str,
        rows: Sequence[LayerRow],
        options: Mapping[str, Sequence[tuple[str, str]]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("network_dialog")
        self.setWindowTitle("Open the network")
        self._options, self._rows = options, list(rows)
        self._fields: dict[tuple[int, str], QComboBox] = {}
        self._outputs: list[QLabel] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        prose = label(about, "prose", wrap=True)
        prose.setObjectName("network_about")
        column.addWidget(prose)
        table = QVBoxLayout()
        table.setSpacing(GAP)
        table.addWidget(self._head())
        table.addWidget(self._table(), 1)
        column.addLayout(table, 1)
        self.sentence, self.warning = label("", "value", wrap=True), label("", "warning", wrap=True)
        self.sentence.setObjectName("network_sentence")
        self.warning.setObjectName("network_warning")
        for text in (self.sentence, self.warning):
            text.setTextFormat(Qt.TextFormat.PlainText)
            text.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.sentence.setContentsMargins(0, 6, 0, 0)
        self.warning.setMinimumHeight(LINES)
        column.addWidget(self.sentence)
        foot = QHBoxLayout()
        foot.addWidget(self.warning, 1)
        self.refuse, self.open_button = decision(self, "network_cancel", "network_open", "Open")
        for button in (self.refuse, self.open_button):
            foot.addWidget(button, 0, Qt.AlignmentFlag.AlignBottom)
        column.addLayout(foot)

    # the table

    def _head(self) -> QWidget:
        """Return what stays above the table: headings, and a row that sets a setting of all layers."""
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

    def _table(self) -> QWidget:
        inside, grid = _columns()
        for number, row in enumerate(self._rows):
            self._add(grid, number, row)
        grid.setRowStretch(len(self._rows), 1)
        scrolled = QScrollArea()
        scrolled.setObjectName("network_table")
        scrolled.setAccessibleName("Layers of the network")
        scrolled.setWidgetResizable(True)
        scrolled.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scrolled.setWidget(inside)
        scrolled.setMinimumSize(inside.sizeHint().width(), min(len(self._rows) * px(LINE), px(TALLEST)))
        return scrolled

    def _add(self, grid: QGridLayout, number: int, row: LayerRow) -> None:
        for place, text in ((NAME, row.name), (KERNEL, row.kernel)):
            words = ElidedLabel()
            words.set_text(text)
            grid.addWidget(words, number, place)
        for place, setting in enumerate(SETTINGS):
            if setting in row.values:
                box = self._box(f"network_{setting}_{number}", f"{SETTINGS[setting][0]} of {row.name}", setting)
                self._show(box, setting, row.values[setting])
                (box.editTextChanged if setting in TYPED else box.activated).connect(self._tell)
                self._fields[number, setting] = box
                grid.addWidget(box, number, FIRST + place)
        output = label("", "detail")
        output.setObjectName(f"network_output_{number}")
        self._outputs.append(output)
        grid.addWidget(output, number, OUTPUT)

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

    def _set_all(self, setting: str, chosen: QComboBox, place: int) -> None:
        for (number, which), box in self._fields.items():
            if which == setting and setting not in self._rows[number].alone:
                box.blockSignals(True)
                self._show(box, setting, chosen.itemData(place))
                box.blockSignals(False)
        self._tell()

    # what is asked and said

    def values(self) -> tuple[dict[str, str], ...]:
        """Return what is set for each layer; of a layer of which nothing is asked nothing."""
        found: tuple[dict[str, str], ...] = tuple({} for _ in self._rows)
        for (number, setting), box in self._fields.items():
            found[number][setting] = box.currentText() if setting in TYPED else str(box.currentData())
        return found

    def set_plan(self, plan: NetworkPlan) -> None:
        """Say what would be opened."""
        for output, text in zip(self._outputs, plan.outputs, strict=True):
            output.setText(text)
        self.sentence.setText(plan.sentence)
        self.warning.setText(plan.warning)
        for key, box in self._fields.items():
            self._mark(box, wrong=key == plan.wrong)
        self.open_button.setEnabled(plan.wrong is None)

    def explain(self) -> None:
        """Ask for the plan of what is set."""
        self._tell()

    def _mark(self, box: QComboBox, *, wrong: bool) -> None:
        if wrong != bool(box.property("wrong")):
            box.setProperty("wrong", wrong)
            box.style().unpolish(box)
            box.style().polish(box)

    def _tell(self) -> None:
        self.open_button.setEnabled(False)  # until it is known what would be opened
        self.altered.emit(self.values())


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
