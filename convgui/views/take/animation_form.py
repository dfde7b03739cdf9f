"""How an animation runs: its width, frames a second, how long the last frame stays, and whether it begins again."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QWidget

from convgui.views.kit.card import label
from convgui.views.kit.number_field import NumberField

if TYPE_CHECKING:
    from collections.abc import Sequence


class AnimationOptions(NamedTuple):
    """Width in pixels, frames a second, seconds for which the last frame is held, and whether it loops."""

    width: int = 1280
    speed: float = 5.0
    hold: float = 1.0
    loop: bool = True


class AnimationForm(QWidget):
    """`chosen` carries the options whenever one of them changes."""

    chosen = Signal(object)

    def __init__(self, speeds: Sequence[float], speed: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        self.width_field = NumberField(
            "animation_width", "Width in pixels", 320, 3840, whole=True, unit=" pixels", width=120
        )
        self.width_field.set_step(80)
        self.speed = QComboBox()
        self.speed.setObjectName("animation_speed")
        self.speed.setAccessibleName("Frames a second")
        for value in speeds:
            self.speed.addItem(f"{value:g} frame{'s' if value != 1 else ''} a second", value)
        self.hold = NumberField("animation_hold", "Hold of the last frame in seconds", 0, 60, step=0.5, unit=" s", width=120)
        self.hold.set_tip("How long the last frame stays before the end, or before it begins again")
        self.loop = QCheckBox("Begin again at the end")
        self.loop.setObjectName("animation_loop")
        self.loop.setToolTip("For GIF and WebP; whether an MP4 begins again, its player decides")
        default = AnimationOptions()
        self.width_field.set_value(default.width)
        self.speed.setCurrentIndex(max(self.speed.findData(speed), 0))
        self.hold.set_value(default.hold)
        self.loop.setChecked(default.loop)
        rows = (("Width", self.width_field), ("Speed", self.speed), ("Hold at the end", self.hold), ("Loop", self.loop))
        for line, (text, widget) in enumerate(rows):
            caption = label(text, "field")
            caption.setBuddy(widget)
            grid.addWidget(caption, line, 0)
            grid.addWidget(widget, line, 1, Qt.AlignmentFlag.AlignLeft)
        grid.setRowStretch(len(rows), 1)
        self.width_field.changed.connect(self._tell)
        self.hold.changed.connect(self._tell)
        self.speed.currentIndexChanged.connect(self._tell)
        self.loop.toggled.connect(self._tell)

    def options(self) -> AnimationOptions:
        """Return what is chosen."""
        return AnimationOptions(
            width=int(self.width_field.value()),
            speed=float(self.speed.currentData()),
            hold=float(self.hold.value()),
            loop=self.loop.isChecked(),
        )

    def _tell(self) -> None:
        self.chosen.emit(self.options())
