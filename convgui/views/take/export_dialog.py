"""The export dialog: what will be written is shown and said before anything is."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from convgui.views.kit.card import label
from convgui.views.kit.decision import decision
from convgui.views.kit.number_field import NumberField
from convgui.views.take.place_form import PlaceForm

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

PREVIEW = (440, 230)
WIDE = (800, 320)
"""Pixels of the preview of what is wide and has options beside its place."""

LINE = 34
"""Pixels that the sentence and the warning are high: two lines."""

ABOUT = {
    "picture": "the activation alone, in colours of 8 bits",
    "figure": "input, kernel and activation with captions, for slides and papers",
    "numbers": "the values themselves, exact, for other programs",
}
"""What each export has in it, in a few words; they stand together, so that the right one is found."""

ANIMATION = "The kernel's way over what is seen of the input, with its arithmetic: one frame for each place."


class Plan(NamedTuple):
    """What would be written: a sentence, and what stands in the way or has to be known (empty if nothing).

    `name` is the one to suggest, empty to leave the name as it is.
    """

    sentence: str
    warning: str
    possible: bool
    button: str
    name: str = ""


class ExportDialog(QDialog):
    """Asks for format and place, and shows `options` of a kind of export.

    `altered(format, path, suggested)` whenever the place changes, so that it can be explained; `suggested` says that the
    name is not the user's.
    """

    altered = Signal(str, str, bool)

    def __init__(
        self,
        kind: str,
        formats: Sequence[tuple[str, str]],
        folder: str,
        stem: str,
        parent: QWidget | None = None,
        *,
        options: QWidget | None = None,
        wide: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(f"export_{kind}_dialog")
        self.setWindowTitle(f"Export {kind}")
        self.room = WIDE if wide else PREVIEW
        self.options = options
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addWidget(self._about(kind))
        self.preview = QLabel()
        self.preview.setObjectName("export_preview")
        self.preview.setAccessibleName("Preview")
        self.preview.setFixedSize(*self.room)
        self.preview.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self.preview)
        self.place = PlaceForm(formats, folder, stem)
        self.format, self.name, self.folder, self.browse = (
            self.place.format,
            self.place.name,
            self.place.folder,
            self.place.browse,
        )
        both = QHBoxLayout() if wide else QVBoxLayout()
        both.setSpacing(24 if wide else 8)
        for part in (options, self.place):
            if part is not None:
                both.addWidget(part, 1 if wide else 0)
        column.addLayout(both)
        self.sentence, self.warning = label("", "value", wrap=True), label("", "warning", wrap=True)
        self.sentence.setObjectName("export_sentence")
        self.warning.setObjectName("export_warning")
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.sentence.setMinimumHeight(LINE // 2 if wide else LINE)
        self.warning.setMinimumHeight(LINE)  # whatever it says, nothing moves
        column.addWidget(self.sentence)
        column.addLayout(self._buttons())
        self.place.altered.connect(self._altered)

    def _about(self, kind: str) -> QLabel:
        """Return what this export has in it, between the others."""
        lines = [
            f"<b>{name.capitalize()}</b>: {text}." if name == kind else f"{name.capitalize()}: {text}."
            for name, text in ABOUT.items()
        ]
        about = label("<br>".join(lines) if kind in ABOUT else ANIMATION, "prose", wrap=True)
        about.setObjectName("export_about")
        return about

    def _buttons(self) -> QHBoxLayout:
        self.refuse, self.write = decision(self, "export_cancel", "export_write", "Export")
        row = QHBoxLayout()
        policy = self.warning.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.warning.setSizePolicy(policy)
        row.addWidget(self.warning, 1)
        for button in (self.refuse, self.write):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignBottom)
        return row

    def accept(self) -> None:
        """Accept, unless a field of the options holds what cannot be taken."""
        fields = [] if self.options is None else self.options.findChildren(NumberField)
        wrong = next((field for field in fields if not field.take()), None)
        if wrong is None:
            super().accept()
        else:
            wrong.setFocus()

    def extension(self) -> str:
        """Return the chosen format's extension."""
        return self.place.extension()

    def path(self) -> str:
        """Return the chosen folder and name."""
        return self.place.path()

    def pixels(self) -> tuple[int, int]:
        """Return how many pixels of the screen the preview has room for."""
        ratio = self.devicePixelRatioF()
        return round(self.room[0] * ratio), round(self.room[1] * ratio)

    def set_preview(self, colours: NDArray[np.uint8]) -> None:
        """Show what will be written."""
        rows, cols, _ = colours.shape
        image = QImage(colours.data, cols, rows, cols * 3, QImage.Format.Format_RGB888)
        pixmap, room = QPixmap.fromImage(image), QSize(*self.pixels())
        if not _fills(pixmap.size(), room):
            smooth = cols > 200 or rows > 200
            mode = Qt.TransformationMode.SmoothTransformation if smooth else Qt.TransformationMode.FastTransformation
            pixmap = pixmap.scaled(room, Qt.AspectRatioMode.KeepAspectRatio, mode)
        pixmap.setDevicePixelRatio(self.devicePixelRatioF())
        self.preview.setPixmap(pixmap)

    def set_plan(self, plan: Plan) -> None:
        """Say what would be written."""
        self.place.set_suggested(plan.name)
        self.sentence.setText(plan.sentence)
        self.warning.setText(plan.warning)
        self.warning.setVisible(bool(plan.warning))
        self.write.setEnabled(plan.possible)
        self.write.setText(plan.button)

    def explain(self) -> None:
        """Ask for the plan of what is chosen."""
        self.place.tell()

    def _altered(self, extension: str, path: str, suggested: bool) -> None:
        self.write.setEnabled(False)  # until it is known what would be written
        self.altered.emit(extension, path, suggested)


def _fills(size: QSize, room: QSize) -> bool:
    """Whether a picture fits into a room and touches two of its sides, so that it need not be scaled."""
    if size.width() > room.width() or size.height() > room.height():
        return False
    return room.width() - size.width() <= 1 or room.height() - size.height() <= 1
