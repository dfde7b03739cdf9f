"""Help: shows the pages that come with the program, the keyboard, and what the program is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QKeySequence
from PySide6.QtWidgets import QMessageBox

from convgui import __version__, assets
from convgui.views.kit.actions import SPECS
from convgui.views.kit.text_page import TextPage

if TYPE_CHECKING:
    from collections.abc import Callable

    from convgui.controllers.context import Context
    from convgui.worker.runner import Token

PAGES = {
    "help_architecture": ("help/architecture.md", "How convgui is built"),
    "help_glossary": ("help/glossary.md", "The words"),
    "help_contributing": ("help/contributing.md", "How to contribute"),
    "help_changes": ("help/changes.md", "What has changed"),
    "help_licence": ("LICENSE", "Licence"),
}
"""For each action its file in `resources/` and the page's title."""

ABOUT = (
    "<h3>convgui {version}</h3><p>A light table for convolution.</p>"
    "<p>MIT License (Help, Licence). Colour maps: Scientific colour maps by Fabio Crameri, MIT. Icons: Lucide, ISC.<br>"
    "Photos: Rachel Michetti (coffee), Stefan van der Walt (cat), Lav Varshney (cameraman), CC0Textures (brick), "
    "all CC0; NASA (astronaut) and SpaceX (rocket), public domain.</p>"
)

GESTURES = (
    ("Drag a picture", "Move both pictures"),
    ("Wheel", "Zoom about the cursor"),
    ("Double click a picture", "Show the whole picture"),
    ("Double click a cell of a grid", "Type a value; Tab and arrow keys go on"),
    ("Arrow keys, then Enter, over a grid", "Type into the cell under the pin; Delete sets 0"),
    ("Ctrl+V over a grid", "Paste numbers from the cell under the cursor on"),
    ("Drag a grid, with the pencil", "Paint its value; right drag paints 0"),
    ("Point at the activation", "Where a value comes from: patch, weights, sum"),
    ("Point at the input", "Where a pixel goes: all outputs that read it"),
    ("Shift and arrow keys over the input", "The same for the cell where they lead"),
    ("Point at a weight", "What it meets under the pinned cell"),
    ("Click a cell", "Pin it; arrow keys move the pin, Esc frees it"),
    ("Left, right drag", "Paint the brush, or its negative, on the kernel"),
    ("Wheel on the kernel", "Nudge a weight; with Shift finely"),
    ("Shift and drag", "Scrub a weight finely, up and down"),
    ("Double click, digits", "Type a weight; Tab and arrow keys go on"),
)
"""What the mouse does, for the help."""


@dataclass(frozen=True)
class ReadPage:
    """Read a page of the help."""

    file: str

    def __call__(self, token: Token) -> str:
        """Return it as Markdown; a plain text as one block, so that its lines stay as they are."""
        text = assets.resource(self.file).read_text(encoding="utf-8")
        return text if self.file.endswith(".md") else f"```\n{text}```\n"


class HelpController:
    """Opens the pages; a link leads from one to another in the same window, or into the browser."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._page: TextPage | None = None

    def commands(self) -> dict[str, Callable[[], object]]:
        """Return what the actions of the menu do."""
        pages: dict[str, Callable[[], object]] = {name: partial(self.open, name) for name in PAGES}
        return {**pages, "shortcuts": self._shortcuts, "about": self._about}

    def open(self, name: str) -> None:
        """Read a page on a worker, and show it when it is there."""
        file, title = PAGES[name]
        self._context.runner.submit("help", ReadPage(file), partial(self._show, title), self._context.tell_error)

    def _show(self, title: str, text: str) -> None:
        self._window().set_markdown(title, text)

    def _window(self) -> TextPage:
        """Return the window of the pages, which is opened where there is none."""
        if self._page is None:
            self._page = TextPage(self._context.window)
            self._page.followed.connect(self._follow)
            self._page.finished.connect(self._forget)
            self._page.open()
        return self._page

    def _forget(self) -> None:
        self._page = None

    def _follow(self, address: str) -> None:
        """Show what a link leads to."""
        for name, (file, _) in PAGES.items():
            if address in (file, file.removeprefix("help/"), f"../{file}"):
                self.open(name)
                return
        QDesktopServices.openUrl(QUrl(address))

    def _shortcuts(self) -> None:
        actions = self._context.window.actions_by_id
        rows = []
        for spec in SPECS:
            if spec.shortcut:
                keys = actions[spec.id].shortcut().toString(QKeySequence.SequenceFormat.NativeText)
                tip = f"{spec.tip}, where the kernel has the focus" if actions[spec.id] in actions.local() else spec.tip
                rows.append((keys, tip))
        cells = (
            f"<tr><td style='padding-right:24px'><b>{what}</b></td><td>{tip}</td></tr>" for what, tip in (*rows, *GESTURES)
        )
        self._window().set_html("Keyboard and mouse", f"<table cellspacing='3'>{''.join(cells)}</table>")

    def _about(self) -> None:
        box = QMessageBox(self._context.window)
        box.setObjectName("help_box")
        box.setWindowTitle("About convgui")
        box.setTextFormat(Qt.TextFormat.RichText)
        box.setText(ABOUT.format(version=__version__))
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()
