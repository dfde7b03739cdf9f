"""A kernel's parameters: a slider with a typed field for each, live."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QSlider, QWidget

from convgui.views.kit.card import label
from convgui.views.kit.fields import wheel_only_with_focus
from convgui.views.kit.number_field import NumberField

if TYPE_CHECKING:
    from collections.abc import Sequence


class Field(NamedTuple):
    """A parameter as it is shown."""

    name: str
    label: str
    value: float
    low: float
    high: float
    step: float
    integer: bool
    unit: str
    note: str


MOST = 2**31 - 1
"""Steps that a slider can have."""


class _Row:
    """One parameter: label, slider, field."""

    def __init__(self, field: Field) -> None:
        self.field = field
        self.label = label(field.label, "field")
        self.label.setToolTip(field.note)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setObjectName(f"parameter_{field.name}_slider")
        self.slider.setAccessibleName(field.label)
        self.slider.setRange(0, self._place(field.high))
        self.box = NumberField(
            name=f"parameter_{field.name}",
            accessible=field.label,
            low=field.low,
            high=field.high,
            whole=field.integer,
            step=field.step,
            unit=field.unit,
        )
        self.slider.setToolTip(field.note)
        wheel_only_with_focus(self.slider)
        self.box.set_tip(field.note)

    def _place(self, value: float) -> int:
        """Return which step of the slider a value is."""
        place = (value - self.field.low) / self.field.step if self.field.step else 0.0
        return round(place) if abs(place) < MOST else 0

    def show(self, value: float) -> None:
        with QSignalBlocker(self.slider):
            self.slider.setValue(self._place(value))
        self.box.set_value(value)


class ParameterForm(QWidget):
    """Shows sliders; `changed(name, value, gesture)` while one is moved, one gesture number for a whole drag."""

    changed = Signal(str, float, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("parameters")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(1, 1)
        self._rows: list[_Row] = []
        self._gesture = 0

    def set_fields(self, fields: Sequence[Field]) -> None:
        """Show these parameters with their values."""
        if [row.field._replace(value=0.0) for row in self._rows] != [field._replace(value=0.0) for field in fields]:
            self._rebuild(fields)
        for row, field in zip(self._rows, fields, strict=True):
            row.show(field.value)

    def _rebuild(self, fields: Sequence[Field]) -> None:
        for row in self._rows:
            for widget in (row.label, row.slider, row.box):
                self._grid.removeWidget(widget)
                widget.hide()
                widget.setParent(None)  # nobody finds it any more, though it lives until the next turn of the event loop
                widget.deleteLater()
        self._rows = [_Row(field) for field in fields]
        for line, row in enumerate(self._rows):
            for column, widget in enumerate((row.label, row.slider, row.box)):
                self._grid.addWidget(widget, line, column)
            row.slider.sliderPressed.connect(self._begin)
            row.slider.valueChanged.connect(lambda place, row=row: self._by_slider(row, place))
            row.box.changed.connect(lambda value, row=row: self._by_field(row, value))
        self.setVisible(bool(self._rows))

    def _begin(self) -> None:
        self._gesture += 1

    def _by_slider(self, row: _Row, place: int) -> None:
        if not row.slider.isSliderDown():
            self._begin()
        self.changed.emit(row.field.name, round(row.field.low + place * row.field.step, 9), self._gesture)

    def _by_field(self, row: _Row, value: float) -> None:
        self._begin()
        self.changed.emit(row.field.name, value, self._gesture)
