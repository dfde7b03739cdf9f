"""The settings of a layer that is no convolution, as a card in the place of the operation's."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from convgui.views.kit.card import Card, label
from convgui.views.layers import layer_fields

if TYPE_CHECKING:
    from PySide6.QtWidgets import QLabel

    from convgui.views.layers.values import LayerField, LayerSettings


class LayerForm(Card):
    """Shows fields; `changed(name, value)` when the user sets one."""

    changed = Signal(str, object)

    def __init__(self, parent: QWidget | None = None, name: str = "layer_form") -> None:
        super().__init__(name, "", parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(0, 1)
        self.body.addLayout(self._grid)
        self.note = label("", "prose", wrap=True)
        self.note.setObjectName(f"{name}_note")
        self.body.addWidget(self.note)
        self._rows: dict[tuple[object, ...], tuple[QLabel, layer_fields.FieldWidget]] = {}

    def set_settings(self, settings: LayerSettings) -> None:
        """Show a layer; fields that are there already stay, with the focus and what is being typed."""
        self.set_title(settings.title)
        self.set_detail(settings.detail)
        self.note.setText(settings.note)
        self.note.setVisible(bool(settings.note))
        wanted = {(settings.key, *_made_of(field)): field for field in settings.fields}
        if list(wanted) != list(self._rows):
            self._lay_out(wanted)
        for (caption, widget), field in zip(self._rows.values(), settings.fields, strict=True):
            caption.setEnabled(not field.reason)
            widget.set_field(field)

    def _lay_out(self, wanted: dict[tuple[object, ...], LayerField]) -> None:
        """Make what is missing, take away what is not wanted any more, and put all in their order."""
        before, self._rows = self._rows, {}
        for line, (key, field) in enumerate(wanted.items()):
            row = before.pop(key, None) or self._make(field)
            for column, widget in enumerate(row):
                self._grid.removeWidget(widget)
                self._grid.addWidget(widget, line, column, Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag(0))
            self._rows[key] = row
        for row in before.values():
            for widget in row:
                self._grid.removeWidget(widget)
                widget.hide()
                widget.setParent(None)  # nobody finds it any more, though it lives until the next turn of the event loop
                widget.deleteLater()
        order = [part for _, widget in self._rows.values() for part in widget.parts]
        for first, second in pairwise(order):
            QWidget.setTabOrder(first, second)

    def _make(self, field: LayerField) -> tuple[QLabel, layer_fields.FieldWidget]:
        caption, widget = label(field.label, "field"), layer_fields.make(field)
        caption.setToolTip(field.tip)
        caption.setBuddy(widget.parts[0])
        widget.changed.connect(partial(self._tell, field.name))
        return caption, widget

    def _tell(self, name: str, value: object) -> None:
        self.changed.emit(name, value)


def _made_of(field: LayerField) -> tuple[object, ...]:
    """Return what of a field needs another widget where it differs."""
    return field.name, field.label, field.kind, field.options, field.parts, field.step
