"""Pages of text in a window of their own: as long as they like, since it scrolls, and with links from one to another."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, QUrl, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

from convgui.views.kit import markdown

WIDTH, HEIGHT = 760, 680


class TextPage(QDialog):
    """Shows text until it is closed.

    Signals
    -------
    followed(str)
        A link was clicked, or a page before was asked for; the address as it is written in the text.
    """

    followed = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("help_page")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._markdown = ""
        self.text = QTextBrowser()
        self.text.setObjectName("help_text")
        self.text.setOpenLinks(False)
        self.text.anchorClicked.connect(self._follow)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self.text)
        column.addWidget(buttons)
        self.resize(min(WIDTH, parent.width() - 40), min(HEIGHT, parent.height() - 80))

    def set_html(self, title: str, text: str) -> None:
        """Show rich text."""
        self._markdown = ""
        self._name(title)
        self.text.setHtml(text)

    def set_markdown(self, title: str, text: str) -> None:
        """Show a page of Markdown from its beginning, in the colours of the theme."""
        self._markdown = text
        self._name(title)
        self._fill()

    def changeEvent(self, event) -> None:
        """Take over the colours of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._markdown:
            place = self.text.verticalScrollBar().value()
            self._fill()
            self.text.verticalScrollBar().setValue(place)

    def _name(self, title: str) -> None:
        self.setWindowTitle(title)
        self.text.setAccessibleName(title)

    def _fill(self) -> None:
        markdown.fill(self.text.document(), self._markdown)
        self.text.moveCursor(self.text.textCursor().MoveOperation.Start)

    def _follow(self, address: QUrl) -> None:
        self.followed.emit(address.toString())
