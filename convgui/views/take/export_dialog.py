"""The export dialog: format, size and range are said before anything is written."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from convgui.views.kit.card import label

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

PREVIEW = (440, 230)


class Plan(NamedTuple):
    """What would be written: a sentence, and what stands in the way or has to be known (empty if nothing)."""

    sentence: str
    warning: str
    possible: bool
    button: str


class ExportDialog(QDialog):
    """Asks for format and place; `altered(format, path)` whenever one of them changes, so that it can be explained."""

    altered = Signal(str, str)

    def __init__(
        self,
        kind: str,
        formats: Sequence[tuple[str, str]],
        folder: str,
        stem: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(f"export_{kind}_dialog")
        self.setWindowTitle(f"Export {kind}")
        self._stem = stem
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 16)
        column.setSpacing(12)
        self.preview = QLabel()
        self.preview.setObjectName("export_preview")
        self.preview.setAccessibleName("Preview")
        self.preview.setFixedSize(*PREVIEW)
        self.preview.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self.preview)
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        column.addLayout(grid)
        self.format = QComboBox()
        self.format.setObjectName("export_format")
        self.format.setAccessibleName("Format")
        for extension, text in formats:
            self.format.addItem(text, extension)
        self.name, self.folder = QLineEdit(f"{stem}{formats[0][0]}"), QLineEdit(_from_home(folder))
        self.name.setObjectName("export_name")
        self.folder.setObjectName("export_folder")
        self.browse = QPushButton("Browse…")
        self.browse.setObjectName("export_browse")
        self.browse.setAutoDefault(False)
        for line, (text, widget) in enumerate((("Format", self.format), ("Name", self.name), ("Folder", self.folder))):
            caption = label(text, "field")
            caption.setBuddy(widget)
            widget.setAccessibleName(text)
            grid.addWidget(caption, line, 0)
            grid.addWidget(widget, line, 1, 1, 1 if text == "Folder" else 2)
        grid.addWidget(self.browse, 2, 2)
        self.sentence, self.warning = label("", "value", wrap=True), label("", "warning", wrap=True)
        self.sentence.setObjectName("export_sentence")
        self.warning.setObjectName("export_warning")
        self.sentence.setMinimumHeight(34)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignTop)
        column.addWidget(self.sentence)
        column.addWidget(self.warning)
        column.addLayout(self._buttons())
        self.format.currentIndexChanged.connect(self._format_chosen)
        self.name.textChanged.connect(self._tell)
        self.folder.textChanged.connect(self._tell)
        self.browse.clicked.connect(self._browse)

    def _buttons(self) -> QHBoxLayout:
        self.refuse, self.write = QPushButton("Cancel"), QPushButton("Export")
        self.refuse.setObjectName("export_cancel")
        self.write.setObjectName("export_write")
        self.write.setProperty("primary", True)
        self.write.setDefault(True)
        self.refuse.clicked.connect(self.reject)
        self.write.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.refuse)
        row.addWidget(self.write)
        return row

    def extension(self) -> str:
        """Return the chosen format's extension."""
        return str(self.format.currentData())

    def path(self) -> str:
        """Return the chosen folder and name."""
        folder = os.path.expanduser(self.folder.text().strip() or "~")
        return os.path.join(folder, self.name.text().strip())

    def set_preview(self, colours: NDArray[np.uint8]) -> None:
        """Show what will be written."""
        rows, cols, _ = colours.shape
        image = QImage(colours.data, cols, rows, cols * 3, QImage.Format.Format_RGB888)
        smooth = cols > 200 or rows > 200
        mode = Qt.TransformationMode.SmoothTransformation if smooth else Qt.TransformationMode.FastTransformation
        pixmap = QPixmap.fromImage(image)
        ratio = self.devicePixelRatioF()
        scaled = pixmap.scaled(QSize(*PREVIEW) * ratio, Qt.AspectRatioMode.KeepAspectRatio, mode)
        scaled.setDevicePixelRatio(ratio)
        self.preview.setPixmap(scaled)
        self.preview.setFixedHeight(round(scaled.height() / ratio))
        self.adjustSize()

    def set_plan(self, plan: Plan) -> None:
        """Say what would be written."""
        self.sentence.setText(plan.sentence)
        self.warning.setText(plan.warning)
        self.warning.setVisible(bool(plan.warning))
        self.write.setEnabled(plan.possible)
        self.write.setText(plan.button)

    def explain(self) -> None:
        """Ask for the plan of what is chosen."""
        self._tell()

    def _format_chosen(self) -> None:
        name = self.name.text()
        known = [self.format.itemData(k) for k in range(self.format.count())]
        for extension in sorted(known, key=len, reverse=True):
            if name.lower().endswith(extension):
                name = name[: -len(extension)]
                break
        self.name.setText(name + self.extension())
        self._tell()

    def _browse(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "Folder to write to", os.path.expanduser(self.folder.text()))
        if folder:
            self.folder.setText(_from_home(folder))

    def _tell(self) -> None:
        self.write.setEnabled(False)  # until it is known what would be written
        self.altered.emit(self.extension(), self.path())


def _from_home(folder: str) -> str:
    """Return a folder as people write it: ~ for their own."""
    home = os.path.expanduser("~")
    inside = folder == home or folder.startswith(home.rstrip(os.sep) + os.sep)
    return "~" + folder[len(home) :] if inside else folder
