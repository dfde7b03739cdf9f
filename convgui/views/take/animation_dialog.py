"""Export of an animation: how wide, how quick, and what that makes, before a file is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QDialog, QFormLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from convgui.views.kit.card import label
from convgui.views.kit.number_field import NumberField

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class AnimationDialog(QDialog):
    """Asks for width and speed; `describe` says in a sentence what they make."""

    def __init__(
        self, speeds: Sequence[float], speed: float, describe: Callable[[int, float], str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("animation_dialog")
        self.setWindowTitle("Export animation")
        self.setMinimumWidth(420)
        self._describe = describe
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(12)
        column.addWidget(label("The kernel's way over what is seen of the input, with its arithmetic.", "prose", wrap=True))
        form = QFormLayout()
        form.setSpacing(8)
        self.width_field = NumberField(
            "animation_width", "Width in pixels", 320, 3840, whole=True, unit=" pixels", width=110
        )
        self.width_field.set_step(80)
        self.width_field.set_value(960)
        self.speed = QComboBox()
        self.speed.setObjectName("animation_speed")
        self.speed.setAccessibleName("Speed")
        for value in speeds:
            self.speed.addItem(f"{value:g} positions a second", value)
        self.speed.setCurrentIndex(self.speed.findData(speed))
        form.addRow(label("Width", "field"), self.width_field)
        form.addRow(label("Speed", "field"), self.speed)
        column.addLayout(form)
        self.message = label("", "detail", wrap=True)
        self.message.setObjectName("animation_message")
        column.addWidget(self.message)
        row = QHBoxLayout()
        row.addStretch(1)
        cancel, self.accept_button = QPushButton("Cancel"), QPushButton("Choose a file…")
        cancel.setObjectName("animation_cancel")
        self.accept_button.setObjectName("animation_accept")
        self.accept_button.setProperty("primary", True)
        self.accept_button.setDefault(True)
        cancel.clicked.connect(self.reject)
        self.accept_button.clicked.connect(self.accept)
        row.addWidget(cancel)
        row.addWidget(self.accept_button)
        column.addLayout(row)
        self.width_field.changed.connect(self._look)
        self.speed.currentIndexChanged.connect(self._look)
        self._look()

    def chosen(self) -> tuple[int, float]:
        """Return width in pixels and positions a second."""
        return int(self.width_field.value()), float(self.speed.currentData())

    def accept(self) -> None:
        """Accept, unless the field holds no valid width."""
        if self.width_field.take():
            super().accept()
        else:
            self.width_field.setFocus()

    def _look(self) -> None:
        self.message.setText(self._describe(*self.chosen()))
