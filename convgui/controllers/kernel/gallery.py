"""The gallery: which kernels it lists, which of them is the present one, and their thumbnails of the present input."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Slot

from convgui.controllers.own_kernels import OWN
from convgui.engine.kernels import catalogue as catalog
from convgui.engine.strategies import jit
from convgui.engine.strategies.tiles import Window
from convgui.model import texts
from convgui.model.thumbnails import ThumbnailsRequest, thumbnail_window
from convgui.model.viewport import on_source
from convgui.views.kernel.gallery_model import Item
from convgui.worker.activity import Delay

if TYPE_CHECKING:
    from convgui.controllers.context import Context
    from convgui.engine.source import Source
    from convgui.model.state import State

SEQUENCES = "1-D"
MINE = "mine"
THUMBNAILS_MS = 250
"""Milliseconds without a change of the source after which the thumbnails are drawn anew."""


class GalleryController(QObject):
    """Fills the gallery and draws its thumbnails."""

    def __init__(self, context: Context) -> None:
        super().__init__(context.window)
        self._context = context
        self._part = Window(0, 0, 0, 0)
        self._thumbs = Delay(context.activity, THUMBNAILS_MS, self._ask_thumbnails, self)
        gallery = context.window.gallery
        gallery.set_families((*catalog.FAMILIES, MINE), len(catalog.ENTRIES))
        gallery.filtered.connect(self._fill)
        gallery.chosen.connect(self._show_chosen, Qt.ConnectionType.QueuedConnection)  # it may have been refused
        context.afterwards.changed(self._changed)
        context.on_theme(self._thumbs.start)
        context.on_viewport(self._seen_elsewhere)
        context.own.changed.connect(self._refill)
        context.window.docks["gallery"].seen_changed.connect(
            lambda seen: self.draw_thumbnails() if seen else self._thumbs.stop()
        )
        self._fill("", "all")
        self._thumbs.start()

    def _changed(self, old: State, new: State) -> None:
        if old.kernel is not new.kernel:
            self._show_chosen()
        if old.source is not new.source:
            self.draw_thumbnails()
        if old.source.sequence != new.source.sequence:
            self._refill()

    @Slot()
    def _show_chosen(self) -> None:
        kernel, gallery = self._context.state.kernel, self._context.window.gallery
        if kernel is None:
            gallery.set_chosen("")
            return
        if kernel.entry and gallery.search.text() and not gallery.search.hasFocus() and not gallery.shows(kernel.entry):
            gallery.end_search()  # it was chosen elsewhere: end the search, so that the gallery can show it
        gallery.set_chosen(kernel.entry or OWN + kernel.name)

    def _fill(self, text: str, family: str) -> None:
        gallery = self._context.window.gallery
        items = []
        if family != MINE:
            entries = catalog.search(text, None if family == "all" else family)
            if self._context.state.source.sequence:  # kernels for sequences first where there is one
                entries.sort(key=lambda e: e.family != SEQUENCES)
            items = [Item(e.id, e.label, e.family, e.text) for e in entries]
        if family in ("all", MINE):
            own = [name for name in self._context.own.kernels if text.lower() in name.lower()]
            items += [Item(OWN + name, name, MINE, "A kernel of your own.") for name in own]
        elsewhere = 0
        if not items and text and family != "all":
            elsewhere = len(catalog.search(text)) + sum(text.lower() in name.lower() for name in self._context.own.kernels)
        gallery.set_items(items, elsewhere)
        kernel = self._context.state.kernel
        gallery.set_chosen("" if kernel is None else kernel.entry or OWN + kernel.name)

    def _refill(self) -> None:
        gallery = self._context.window.gallery
        self._fill(gallery.search.text(), gallery.family())
        self._thumbs.start()

    def _seen_elsewhere(self) -> None:
        """Draw the thumbnails anew once the viewport has moved away from the part that they show."""
        before, now = self._part, self._thumbnail_part()
        far = abs(now.top - before.top) > before.rows / 3 or abs(now.left - before.left) > before.cols / 3
        if far and before.rows:
            self._thumbs.start()

    def _thumbnail_part(self) -> Window:
        view = on_source(self._context.viewport, self._context.state.input)
        return thumbnail_window(self._context.state.source, view.x, view.y, quick=jit.ready() is None)

    def draw_thumbnails(self) -> None:
        """Draw the thumbnails anew: at once if they are cached, else after a moment without a change."""
        if self._thumbnails().kept():
            self._thumbs.stop()
            self._ask_thumbnails()
        else:
            self._thumbs.start()

    def _thumbnails(self) -> ThumbnailsRequest:
        state = self._context.state
        return ThumbnailsRequest(
            source=state.source,
            entries=tuple(catalog.kernel_names()),
            part=self._thumbnail_part(),
            own=tuple((OWN + name, kernel) for name, kernel in self._context.own.kernels.items()),
            colour=state.reading.colour if state.source.sequence and not state.reading.matrix else "luminance",
            dark=self._context.dark,
        )

    def _ask_thumbnails(self) -> None:
        if not self._context.window.docks["gallery"].seen() and self._context.window.isVisible():
            return  # a closed panel costs nothing
        context, request = self._context, self._thumbnails()
        self._part = request.part
        context.window.gallery.set_note(_about(request.part, request.source))
        show = context.window.gallery.set_image
        context.runner.submit("thumbnails", request, lambda _: None, context.tell_error, part=lambda one: show(*one))


def _about(part: Window, source: Source) -> str:
    """Return what the thumbnails show."""
    if part.rows == source.rows and part.cols == source.cols:
        return "The thumbnail shows its activation at full resolution."
    size = texts.steps_text(part.cols) if source.sequence else f"{part.cols} × {part.rows} pixels (width × height)"
    return f"The thumbnail shows its activation at full resolution, of {size} around the middle of the view."
