"""Pages: which page, channel or array of the opened file is the input, and how its axes are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from convgui.controllers.context import Context
    from convgui.controllers.files.source import SourceController
    from convgui.engine.source import Source


class PagesController:
    """Lists the pages of the input's file, and reads another page, or the same one with other axes."""

    def __init__(self, context: Context, source: SourceController) -> None:
        self._context, self._opener = context, source
        choice, messages = context.window.pair.pages, context.window.messages
        choice.chosen.connect(self.open_page)
        choice.other_reading.connect(self.read_otherwise)
        messages.followed.connect(self._followed)
        context.session.changed(lambda old, new: self._changed(old.source, new.source))
        source.failed.connect(self._show)
        self._show()

    @property
    def _source(self) -> Source:
        return self._context.state.source

    def open_page(self, page: int) -> None:
        """Read another page of the same file, counted from 1."""
        if page != self._source.page:
            self._opener.open_path(self._source.path, page=page)

    def read_otherwise(self) -> None:
        """Read the same numbers with the other meaning of their axes."""
        source = self._source
        if source.instead and source.path:
            self._opener.open_path(source.path, page=source.page if source.pages else None, reading=source.instead[0])

    def _followed(self) -> None:
        if self._context.window.messages.button.text() == _offer(self._source):
            self.read_otherwise()

    def _changed(self, old: Source, new: Source) -> None:
        if old is not new:
            self._show()

    def _show(self) -> None:
        source, choice = self._source, self._context.window.pair.pages
        choice.set_pages(source.pages if source.path else (), source.page)
        choice.set_other_reading(_offer(source))


def _offer(source: Source) -> str:
    return source.instead[1] if source.instead and source.path else ""
