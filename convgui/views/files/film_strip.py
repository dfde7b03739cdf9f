"""The film strip: the files that were opened together; a click or the arrow keys show another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QListView, QToolButton, QWidget

from convgui.views.files.film_model import FilmModel, Shot
from convgui.views.kit.card import HEADER, Card, label
from convgui.views.kit.fields import wheel_only_with_focus
from convgui.views.kit.theme import px
from convgui.views.kit.thumb_list import ThumbList

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

SHOWS = (("input", "Input"), ("map", "Activation"))
"""What the thumbnails show."""

REST_MS = 60
"""Milliseconds after which thumbnails are asked for once the list stands still."""

HINT = "Open several files or a folder: they stand here, and the arrow keys step through them with the same set-up."


class _Strip(ThumbList):
    """A row of thumbnails that becomes a wall where there is more height."""

    def keyPressEvent(self, event) -> None:
        """Let the arrow keys go from picture to picture, whatever the row."""
        by = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(event.key())
        if by is None or event.modifiers():
            super().keyPressEvent(event)
            return
        row = self.currentIndex().row() + by
        if 0 <= row < self.model().rowCount():
            self.setCurrentIndex(self.model().index(row, 0))


class FilmStrip(Card):
    """Shows files as thumbnails.

    Signals
    -------
    chosen(str)
        A file is to be shown.
    wanted(list of str)
        Thumbnails of these files are missing where somebody looks.
    sorted(str), shows(str)
        What the files are to be sorted by, and what the thumbnails are to show.
    measured
        The maps of all files are to be measured, or that is to be stopped.
    """

    chosen = Signal(str)
    wanted = Signal(list)
    sorted = Signal(str)
    shows = Signal(str)
    measured = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("film", "Film strip", parent)
        self.shown = self._choice("film_shows", "What the thumbnails show", SHOWS)
        self.order = self._choice("film_order", "What the files are sorted by", ())
        self.shown.activated.connect(lambda _: self.shows.emit(self.shown.currentData()))
        self.order.activated.connect(lambda _: self.sorted.emit(self.order.currentData()))
        self.measure = QToolButton()
        self.measure.setObjectName("film_measure")
        self.measure.setAccessibleName("Measure the maps of all files")
        self.measure.setProperty("flat", True)
        self.measure.setText("Measure")
        self.measure.clicked.connect(self.measured)
        for widget in (self.shown, self.order, self.measure):
            self.corner.addWidget(widget)
        self.model = FilmModel(self)
        self.list = self._make_list()
        self.hint = label(HINT, "prose", wrap=True)
        self.hint.setObjectName("film_hint")
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.body.addWidget(self.list, 1)
        self.body.addWidget(self.hint, 1)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self.ask)
        self.list.verticalScrollBar().valueChanged.connect(lambda _: self._rest.start())
        self.set_shots(())

    def _choice(self, name: str, accessible: str, options: Sequence[tuple[str, str]]) -> QComboBox:
        box = QComboBox(self)
        box.setObjectName(name)
        box.setAccessibleName(accessible)
        box.setToolTip(accessible)
        box.setProperty("compact", True)
        box.setFixedHeight(px(HEADER))
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        for value, text in options:
            box.addItem(text, value)
        wheel_only_with_focus(box)
        return box

    def _make_list(self) -> QListView:
        view = _Strip("film_list", "Files", self.model, QSize(600, 96), QSize(200, 88))
        view.selectionModel().currentChanged.connect(self._moved)
        return view

    # setters

    def set_orders(self, orders: Sequence[tuple[str, str]]) -> None:
        """Offer these orders: their names, and how they are called."""
        self.order.clear()
        for value, text in orders:
            self.order.addItem(text, value)

    def set_shots(self, shots: Sequence[Shot], order: str = "name", shows: str = "input") -> None:
        """Show these files in this order."""
        self.model.set_shots(shots)
        self.list.setVisible(bool(shots))
        self.hint.setVisible(not shots)
        for widget in (self.shown, self.order, self.measure):
            widget.setVisible(bool(shots))
        self.order.setCurrentIndex(self.order.findData(order))
        self.shown.setCurrentIndex(self.shown.findData(shows))
        self._rest.start()

    def set_measure(self, text: str, tip: str, *, possible: bool) -> None:
        """Name what the button does: measure, or stop that."""
        self.measure.setText(text)
        self.measure.setToolTip(tip)
        self.measure.setEnabled(possible)

    def set_chosen(self, path: str) -> None:
        """Frame a file, and scroll to it; none if it is not among them."""
        row = self.model.row_of(path)
        selection = self.list.selectionModel()
        selection.blockSignals(True)
        if row < 0:
            selection.clear()
        elif row != self.list.currentIndex().row():
            self.list.setCurrentIndex(self.model.index(row))
        selection.blockSignals(False)
        if row >= 0:
            self.list.scrollTo(self.model.index(row))
        self.list.viewport().update()

    def set_image(self, path: str, colours: NDArray[np.uint8] | None) -> None:
        """Show a thumbnail; None where the file cannot be shown."""
        self.model.set_image(path, colours)

    def clear_images(self) -> None:
        """Forget all thumbnails, and ask for those that are seen."""
        self.model.clear_images()
        self._rest.start()

    def ask(self) -> None:
        """Ask for the thumbnails that are missing where somebody looks, and a screen further."""
        count = self.model.rowCount()
        if not count or not self.list.isVisible():
            return
        first = self.list.visualRect(self.model.index(0))
        each, above = max(self.list.viewport().width() // max(first.width(), 1), 1), -first.top() // max(first.height(), 1)
        rows = self.list.viewport().height() // max(first.height(), 1) + 2
        first_row = max(above, 0) * each
        if missing := self.model.without_image(first_row, first_row + 2 * rows * each):
            self.wanted.emit(missing)

    def resizeEvent(self, event) -> None:
        """Ask for what comes into sight."""
        super().resizeEvent(event)
        self._rest.start()

    def _moved(self, now: QModelIndex, before: QModelIndex) -> None:
        if now.isValid():
            self.chosen.emit(now.data(Qt.ItemDataRole.UserRole))
