"""The operation: padding, border, stride, dilation, bias, activation function, colour mode, correlation or convolution."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QWidget

from convgui.views.kit.card import Card, label
from convgui.views.kit.fields import wheel_only_with_focus
from convgui.views.kit.number_field import NumberField
from convgui.views.kit.segmented import Segmented
from convgui.views.kit.theme import CONTROL, px

if TYPE_CHECKING:
    from collections.abc import Sequence

FIELD, HALF = 180, 57
SYMMETRIC = "symmetric: no difference here"


class Settings(NamedTuple):
    """What the form shows."""

    padding: str
    border: str
    constant: float
    stride: int
    dilation: int
    bias: float
    activation: str
    colour: str
    flip: bool


class Reach(NamedTuple):
    """What can be set for the present input, and why not where it cannot."""

    paddings: tuple[tuple[str, str], ...]
    valid_fits: str
    outside_used: bool
    colours: tuple[tuple[str, str, str], ...]
    stride_max: int
    dilation_max: int


class SettingsForm(Card):
    """Shows the layer's settings; `changed(name, value, gesture)` when the user sets one."""

    changed = Signal(str, object, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("settings", "Operation", parent)
        self._gesture = 0
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(0, 1)
        self.body.addLayout(self._grid)
        self._labels: dict[str, QWidget] = {}
        self.padding = Segmented("padding", "Padding")
        self.padding.setFixedWidth(px(FIELD))
        self.padding.chosen.connect(lambda value: self._tell("padding", value))
        self.border, self.activation, self.colour = (self._combo(n) for n in ("border", "activation", "colour"))
        self.stride, self.dilation = self._count("stride"), self._count("dilation")
        self.constant, self.bias = self._number("constant"), self._number("bias")
        self.order = Segmented("order", "Correlation or convolution")
        self.order.setFixedWidth(px(FIELD))
        self.order.setProperty("dense", True)
        self.order.set_options([("correlation", "correlation"), ("convolution", "convolution")])
        self.order.chosen.connect(lambda value: self._tell("flip", value == "convolution"))
        for name, text, widget in (
            ("padding", "Padding", self.padding),
            ("border", "Border", self.border),
            ("constant", "Outside", self.constant),
            ("stride", "Stride", self._pair(self.stride, "Dilation", self.dilation)),
            ("bias", "Bias", self.bias),
            ("activation", "Activation", self.activation),
            ("colour", "Reads", self.colour),
            ("order", "Order", self.order),
        ):
            self._row(name, text, widget)
        self.badge = label(SYMMETRIC, "badge")
        self.badge.setObjectName("order_badge")
        self.badge.setToolTip("The kernel is the same when it is flipped, that is turned by 180 degrees.")
        self.body.addWidget(self.badge, 0, Qt.AlignmentFlag.AlignRight)
        self.badge.hide()

    def _row(self, name: str, text: str, widget: QWidget) -> None:
        line = self._grid.rowCount()
        caption = label(text, "field")
        caption.setBuddy(widget)
        self._labels[name] = caption
        widget.setAccessibleName(text)
        self._grid.addWidget(caption, line, 0)
        self._grid.addWidget(widget, line, 1, Qt.AlignmentFlag.AlignRight)

    def _pair(self, first: QWidget, text: str, second: QWidget) -> QWidget:
        """Return two fields beside each other, with the name of the second one between them."""
        both = QWidget()
        row = QHBoxLayout(both)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(first)
        row.addStretch(1)
        row.addWidget(label(text, "field"))
        row.addWidget(second)
        both.setFixedWidth(px(FIELD))
        return both

    def _combo(self, name: str) -> QComboBox:
        box = QComboBox()
        box.setObjectName(name)
        box.setFixedSize(px(FIELD), px(CONTROL))
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.activated.connect(lambda index: self._tell(name, box.itemData(index)))
        wheel_only_with_focus(box)
        return box

    def _count(self, name: str) -> NumberField:
        field = NumberField(name, name.capitalize(), 1, 99, whole=True, width=HALF)
        field.changed.connect(lambda value: self._tell(name, int(value)))
        return field

    def _number(self, name: str) -> NumberField:
        field = NumberField(name, name.capitalize(), step=0.05, width=FIELD)
        field.changed.connect(lambda value: self._tell(name, value))
        return field

    def set_options(
        self,
        borders: Sequence[tuple[str, str, str]],
        activations: Sequence[tuple[str, str, str]],
    ) -> None:
        """Fill the lists with (value, text, tip)."""
        for box, options in ((self.border, borders), (self.activation, activations)):
            self._fill(box, options)

    def _fill(self, box: QComboBox, options: Sequence[tuple[str, str, str]]) -> None:
        box.clear()
        for value, text, tip in options:
            box.addItem(text, value)
            box.setItemData(box.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)

    def set_settings(self, settings: Settings) -> None:
        """Show these settings."""
        self.padding.set_value(settings.padding)
        self.order.set_value("convolution" if settings.flip else "correlation")
        for combo, value in (
            (self.border, settings.border),
            (self.activation, settings.activation),
            (self.colour, settings.colour),
        ):
            combo.setCurrentIndex(combo.findData(value))
            combo.setToolTip(combo.itemData(combo.currentIndex(), Qt.ItemDataRole.ToolTipRole) or "")
        for count, whole in ((self.stride, settings.stride), (self.dilation, settings.dilation)):
            count.set_value(whole)
        for field, amount in ((self.constant, settings.constant), (self.bias, settings.bias)):
            field.set_value(amount)
        self._show_row("constant", self.constant, settings.border == "constant")

    def set_reach(self, reach: Reach) -> None:
        """Show only what can be set, and say why where it cannot."""
        self.padding.set_options(reach.paddings)
        if "valid" in dict(reach.paddings):
            self.padding.set_tip("valid", reach.valid_fits or PADDING_TIPS["valid"], enabled=not reach.valid_fits)
        for name in dict(reach.paddings):
            if name != "valid":
                self.padding.set_tip(name, PADDING_TIPS[name])
        self.border.setEnabled(reach.outside_used)
        self._labels["border"].setEnabled(reach.outside_used)
        if not reach.outside_used:
            self.border.setToolTip("No cell outside the input is used with this padding, so there is no border to choose.")
        if [value for value, _, _ in reach.colours] != [self.colour.itemData(k) for k in range(self.colour.count())]:
            self._fill(self.colour, reach.colours)
        self._show_row("colour", self.colour, bool(reach.colours))
        for box, most in ((self.stride, reach.stride_max), (self.dilation, reach.dilation_max)):
            box.set_range(1, most)
            box.setEnabled(most > 1)
            box.set_tip("" if most > 1 else "The input or the kernel has one cell along each axis: nothing to skip.")

    def set_order(self, text: str, *, symmetric: bool) -> None:
        """Say what correlation or convolution means for this kernel, with a badge where both are the same."""
        for value in ("correlation", "convolution"):
            self.order.set_tip(value, text)
        self.badge.setVisible(symmetric)

    def _show_row(self, name: str, widget: QWidget, visible: bool) -> None:
        self._labels[name].setVisible(visible)
        widget.setVisible(visible)

    def _tell(self, name: str, value: object) -> None:
        self._gesture += 1
        self.changed.emit(name, value, self._gesture)


PADDING_TIPS = {
    "same": "The map is as large as the input (divided by the stride); cells outside are made up by the border rule.",
    "valid": "Only where the whole kernel lies on the input; the map is smaller.",
    "full": "Wherever the kernel touches the input; the map is larger.",
    "causal": "Each output sees only the present and earlier steps.",
}
