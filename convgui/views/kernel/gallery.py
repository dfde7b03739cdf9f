"""The catalogue: search, families, and a thumbnail of each kernel's effect on the present picture."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QListView,
    QWidget,
)

from convgui.views.kernel.gallery_model import GalleryModel, Item
from convgui.views.kit.card import HEADER, Card, label
from convgui.views.kit.fields import wheel_only_with_focus
from convgui.views.kit.text_field import TextField
from convgui.views.kit.theme import px
from convgui.views.kit.thumb_list import ThumbList

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray


SEARCH = 132
"""Pixels for what is searched."""


class Gallery(Card):
    """Families, search field and thumbnails; `chosen` carries a kernel's id, `filtered` the search and the family.

    `left`: Esc ended the search, and the focus should move on. Enter chooses the first kernel found, and ends the search.
    """

    chosen = Signal(str)
    filtered = Signal(str, str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("gallery", "Kernels", parent)
        self.families = QComboBox(self)
        self.families.setObjectName("gallery_family")
        self.families.setAccessibleName("Family of kernels")
        self.families.setToolTip("Which kernels are listed")
        self.families.setProperty("compact", True)
        self.families.setFixedHeight(px(HEADER))
        self.families.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.families.activated.connect(self._tell)
        wheel_only_with_focus(self.families)
        self.search = TextField()
        self.search.setObjectName("gallery_search")
        self.search.setAccessibleName("Search the kernels")
        self.search.setProperty("compact", True)
        self.search.setFixedSize(px(SEARCH), px(HEADER))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._tell)
        self.search.returnPressed.connect(self._choose_first)
        self.search.installEventFilter(self)
        self.corner.addWidget(self.families)
        self.corner.addWidget(self.search)
        self.model = GalleryModel(self)
        self.list = self._make_list()
        self.body.addWidget(self.list, 1)
        self.nothing = label("", "prose", wrap=True)
        self.nothing.setObjectName("gallery_nothing")
        self.nothing.setTextFormat(Qt.TextFormat.RichText)
        self.nothing.linkActivated.connect(lambda _: self.show_all())
        self.nothing.hide()
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.body.addWidget(self.nothing, 1)

    def _make_list(self) -> QListView:
        view = ThumbList("gallery_list", "Kernels", self.model, QSize(380, 170), QSize(180, 88))
        view.setMinimumHeight(px(88))
        view.clicked.connect(self._choose)
        view.activated.connect(self._choose)
        view.selectionModel().currentChanged.connect(self._by_keyboard)
        return view

    # setters

    def set_families(self, families: Sequence[str], count: int) -> None:
        """Offer these families, and say how many kernels there are to search."""
        self.search.setPlaceholderText(f"Search {count}")
        self.families.clear()
        for family in ("all", *families):
            self.families.addItem(family[:1].upper() + family[1:], family)

    def set_items(self, items: Sequence[Item], elsewhere: int = 0) -> None:
        """Show the kernels that match; where there is none, how many would match in other families."""
        self.model.set_items(items)
        self.list.setVisible(bool(items))
        self.nothing.setVisible(not items)
        self.nothing.setText(self._reason(elsewhere))
        searching = bool(self.search.text())
        self.set_title(f"{len(items)} found" if searching and items else "Kernels")

    def _reason(self, elsewhere: int) -> str:
        """Return why no kernel is shown, and where there are some."""
        if self.family() == "mine" and not self.search.text():
            return "No kernel of your own yet. Draw one, then choose Keep as my kernel under the three dots."
        searched = escape(self.search.text())
        if not elsewhere:
            return f"No kernel matches “{searched}”."
        whose = "of your own" if self.family() == "mine" else f"of the family {self.family()}"
        others = "one in another family does" if elsewhere == 1 else f"{elsewhere} in other families do"
        return (
            f"No kernel {whose} matches “{searched}”; {others}. <a href='all'>Show {'it' if elsewhere == 1 else 'them'}</a>"
        )

    def set_chosen(self, name: str) -> None:
        """Frame a kernel; none if the name is empty or does not match."""
        row = self.model.row_of(name)
        selection = self.list.selectionModel()
        if row == self.list.currentIndex().row() and (row < 0 or selection.isSelected(self.model.index(row))):
            return
        selection.blockSignals(True)
        if row < 0:
            selection.clear()
        else:
            self.list.setCurrentIndex(self.model.index(row))
            self.list.scrollTo(self.model.index(row))
        selection.blockSignals(False)
        self.list.viewport().update()

    def set_note(self, text: str) -> None:
        """Say in each tip what the thumbnails are made of."""
        self.model.note = text

    def set_veiled(self, veiled: bool) -> None:
        """Show names without thumbnails."""
        self.model.set_veiled(veiled)

    def set_image(self, name: str, colours: NDArray[np.uint8]) -> None:
        """Show a thumbnail."""
        self.model.set_image(name, colours)

    def shows(self, name: str) -> bool:
        """Whether a kernel is among those that match."""
        return self.model.row_of(name) >= 0

    def family(self) -> str:
        """Return the chosen family."""
        return str(self.families.currentData() or "all")

    def eventFilter(self, watched, event) -> bool:
        """Go from the search down to the kernels, and end the search by Esc."""
        if watched is self.search and event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Escape:
            event.accept()  # otherwise a shortcut of the window
            return True
        if watched is self.search and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Down and self.list.isVisible():
                self.list.setFocus()
                if not self.list.currentIndex().isValid():
                    self.list.setCurrentIndex(self.model.index(0))
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.end_search()
                self.left.emit()
                return True
        return super().eventFilter(watched, event)

    def _choose_first(self) -> None:
        if self.search.text() and self.model.rowCount():
            self._choose(self.model.index(0))
            self.end_search()

    def end_search(self) -> None:
        """Show all kernels again, of every family: a filter that nobody thinks of hides what is looked for next."""
        self.families.setCurrentIndex(0)
        if self.search.text():
            self.search.clear()
        else:
            self._tell()

    def show_all(self) -> None:
        """Search all families."""
        self.families.setCurrentIndex(0)
        self._tell()

    def _tell(self) -> None:
        self.filtered.emit(self.search.text(), self.family())
        if self.search.text():  # what fits best stands first
            self.list.scrollToTop()

    def _choose(self, index: QModelIndex) -> None:
        self.chosen.emit(index.data(Qt.ItemDataRole.UserRole))

    def _by_keyboard(self, index: QModelIndex, _previous: QModelIndex) -> None:
        if index.isValid() and self.list.hasFocus():
            self._choose(index)
