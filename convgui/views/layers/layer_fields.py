"""The fields of the form of a layer: one widget for each kind of setting, all with `set_field` and `changed(value)`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QWidget

from convgui.views.kit.fields import wheel_only_with_focus
from convgui.views.kit.number_field import NumberField
from convgui.views.kit.numbers_field import NumbersField
from convgui.views.kit.text_field import TextField
from convgui.views.kit.theme import CONTROL, px

if TYPE_CHECKING:
    from convgui.views.layers.values import LayerField

WIDTH = 132


class FieldWidget(QWidget):
    """What all have in common; `changed(value)` when the user has set another one."""

    changed = Signal(object)

    def __init__(self, field: LayerField, *parts: QWidget) -> None:
        super().__init__()
        self.parts = parts
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addStrut(px(CONTROL))
        for part in parts:
            row.addWidget(part, 0, Qt.AlignmentFlag.AlignRight)
        self.setFixedWidth(px(WIDTH))

    def set_field(self, field: LayerField) -> None:
        """Show a value, what it means, and why it cannot be set."""
        for part in self.parts:
            part.setEnabled(not field.reason)
            if isinstance(part, NumberField | NumbersField):
                part.set_tip(field.reason or field.tip)
            else:
                part.setToolTip(field.reason or field.tip)


class Numbers(FieldWidget):
    """One number, or two side by side."""

    def __init__(self, field: LayerField, count: int, *, whole: bool) -> None:
        width = WIDTH if count == 1 else (WIDTH - 6 * (count - 1)) // count
        self._fields = [
            NumberField(
                f"layer_{field.name}" if count == 1 else f"layer_{field.name}_{part}",
                field.label if count == 1 else f"{field.label}, {part}",
                field.low,
                field.high,
                whole=whole,
                step=field.step,
                width=width,
            )
            for part in (field.parts if count > 1 else ("",))
        ]
        super().__init__(field, *self._fields)
        for box in self._fields:
            box.changed.connect(self._tell)

    def set_field(self, field: LayerField) -> None:
        """Show one number, or two."""
        super().set_field(field)
        values = field.value if isinstance(field.value, tuple) else (field.value,)
        for box, value in zip(self._fields, values, strict=True):
            box.set_range(field.low, field.high)
            box.set_value(float(value))

    def _tell(self) -> None:
        values = tuple(box.value() for box in self._fields)
        self.changed.emit(values if len(values) > 1 else values[0])


class List(FieldWidget):
    """As many numbers as are typed."""

    def __init__(self, field: LayerField) -> None:
        self._field = NumbersField(f"layer_{field.name}", field.label, width=WIDTH)
        super().__init__(field, self._field)
        self._field.changed.connect(lambda values: self.changed.emit(values))

    def set_field(self, field: LayerField) -> None:
        """Show the numbers."""
        super().set_field(field)
        self._field.set_counts(field.counts)
        self._field.set_values(field.value if isinstance(field.value, tuple) else ())


class Choice(FieldWidget):
    """One of some options."""

    def __init__(self, field: LayerField) -> None:
        self._box = QComboBox()
        self._box.setObjectName(f"layer_{field.name}")
        self._box.setAccessibleName(field.label)
        self._box.setFixedSize(px(WIDTH), px(CONTROL))
        self._box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        wheel_only_with_focus(self._box)
        for value, text, tip in field.options:
            self._box.addItem(text, value)
            self._box.setItemData(self._box.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
        super().__init__(field, self._box)
        self._value: Any = None
        self._box.activated.connect(self._tell)

    def set_field(self, field: LayerField) -> None:
        """Show which is chosen; its own tip is said where there is one."""
        super().set_field(field)
        self._value = field.value
        self._box.setCurrentIndex(self._box.findData(field.value))
        tip = self._box.itemData(self._box.currentIndex(), Qt.ItemDataRole.ToolTipRole)
        self._box.setToolTip(field.reason or tip or field.tip)

    def _tell(self, index: int) -> None:
        if self._box.itemData(index) != self._value:
            self.changed.emit(self._box.itemData(index))


class Switch(FieldWidget):
    """On or off."""

    def __init__(self, field: LayerField) -> None:
        self._box = QCheckBox()
        self._box.setObjectName(f"layer_{field.name}")
        self._box.setAccessibleName(field.label)
        super().__init__(field, self._box)
        self._box.clicked.connect(lambda on: self.changed.emit(on))

    def set_field(self, field: LayerField) -> None:
        """Show which it is."""
        super().set_field(field)
        self._box.setChecked(bool(field.value))


class Text(FieldWidget):
    """A line of text."""

    def __init__(self, field: LayerField) -> None:
        self._line = TextField()
        self._line.setObjectName(f"layer_{field.name}")
        self._line.setAccessibleName(field.label)
        self._line.setProperty("number", True)  # which looks like the others
        self._line.setFixedSize(px(WIDTH), px(CONTROL))
        super().__init__(field, self._line)
        self._shown = ""
        self._line.editingFinished.connect(self._tell)

    def set_field(self, field: LayerField) -> None:
        """Show the text; what is being typed stays if it was the text before."""
        super().set_field(field)
        if field.value != self._shown:
            self._shown = str(field.value)
            self._line.setText(self._shown)

    def _tell(self) -> None:
        if self._line.text() != self._shown:
            self._shown = self._line.text()
            self.changed.emit(self._shown)


def make(field: LayerField) -> FieldWidget:
    """Return the widget for a field."""
    if field.kind in ("number", "whole"):
        return Numbers(field, 1, whole=field.kind == "whole")
    if field.kind in ("pair", "scales"):
        return Numbers(field, 2, whole=field.kind == "pair")
    return {"numbers": List, "choice": Choice, "switch": Switch, "text": Text}[field.kind](field)
