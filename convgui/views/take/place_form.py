"""Where an export goes: format, name and folder; a name that is only suggested gives way to one that is free."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QGridLayout, QLineEdit, QPushButton, QWidget

from convgui.views.kit.card import label

if TYPE_CHECKING:
    from collections.abc import Sequence


class PlaceForm(QWidget):
    """Three lines; `altered(format, path, suggested)` whenever one of them changes."""

    altered = Signal(str, str, bool)

    def __init__(self, formats: Sequence[tuple[str, str]], folder: str, stem: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stem, self._suggested = stem, True
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        self.format = QComboBox()
        self.format.setObjectName("export_format")
        for extension, text in formats:
            self.format.addItem(text, extension)
        self.name, self.folder = QLineEdit(f"{stem}{formats[0][0]}"), QLineEdit(from_home(folder))
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
        grid.setRowStretch(3, 1)
        self.format.currentIndexChanged.connect(self._format_chosen)
        self.name.textChanged.connect(self._name_written)
        self.folder.textChanged.connect(self.tell)
        self.browse.clicked.connect(self._browse)
        for line in (self.name, self.folder):
            line.setCursorPosition(0)

    def extension(self) -> str:
        """Return the chosen format's extension."""
        return str(self.format.currentData())

    def path(self) -> str:
        """Return the chosen folder and name."""
        return self._in_folder(self.name.text().strip())

    def set_suggested(self, name: str) -> None:
        """Show another name, where the present one is only a suggestion too."""
        if self._suggested and name and name != self.name.text():
            self._write(name)

    def tell(self) -> None:
        """Emit `altered`; what is only suggested is asked for as it was at first, without a number."""
        path = self._in_folder(f"{self._stem}{self.extension()}") if self._suggested else self.path()
        self.altered.emit(self.extension(), path, self._suggested)

    def _in_folder(self, name: str) -> str:
        return os.path.join(os.path.expanduser(self.folder.text().strip() or "~"), name)

    def _write(self, name: str) -> None:
        self.name.blockSignals(True)
        self.name.setText(name)
        self.name.setCursorPosition(0)
        self.name.blockSignals(False)

    def _name_written(self) -> None:
        self._suggested = False
        self.tell()

    def _format_chosen(self) -> None:
        name = self._stem if self._suggested else self.name.text()
        known = [self.format.itemData(k) for k in range(self.format.count())]
        for extension in sorted(known, key=len, reverse=True) if not self._suggested else ():
            if name.lower().endswith(extension):
                name = name[: -len(extension)]
                break
        self._write(name + self.extension())
        self.tell()

    def _browse(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "Folder to write to", os.path.expanduser(self.folder.text()))
        if folder:
            self.folder.setText(from_home(folder))


def from_home(folder: str) -> str:
    """Return a folder as people write it: ~ for their own."""
    home = os.path.expanduser("~")
    inside = folder == home or folder.startswith(home.rstrip(os.sep) + os.sep)
    return "~" + folder[len(home) :] if inside else folder
