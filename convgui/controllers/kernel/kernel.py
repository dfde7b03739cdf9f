"""The kernel: picking, parameters, painting, typing, whole-kernel edits, and the shelf of own kernels."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QInputDialog

from convgui.engine.kernels import catalogue as catalog
from convgui.engine.kernels.facts import frequency_response, kernel_facts
from convgui.engine.kernels.kernel import Kernel
from convgui.engine.shown import number
from convgui.engine.strategies import jit
from convgui.engine.strategies.tiles import Window
from convgui.io.kernels.files import KERNEL_EXTENSIONS, KernelFile
from convgui.io.kernels.notation import describe_matrix, format_matrix, read_kernel
from convgui.model import derive, edits
from convgui.model.thumbnails import ThumbnailsRequest, thumbnail_window
from convgui.views.kernel.gallery import Item
from convgui.views.kernel.matrix_dialog import MatrixDialog
from convgui.views.kernel.parameter_form import Field
from convgui.worker.activity import Delay

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    import numpy as np
    from numpy.typing import NDArray

    from convgui.controllers.context import Context
    from convgui.engine.source import Source
    from convgui.model.state import State

SEQUENCES = "1-D"
MINE = "mine"
PASTED = "Pasted"
OWN = "mine:"
"""What the ids of own kernels begin with."""

OWN_TEXT = "One of your own kernels; it stands under Mine."
CUSTOM_TEXT = "Your own weights. Keep them by name with Ctrl+D, or undo to go back."

FILTERS = f"Kernels ({' '.join('*' + ending for ending in KERNEL_EXTENSIONS)});;All files (*)"
SAVE_FILTERS = "JSON (*.json);;Text, as ImageJ has it (*.txt);;CSV (*.csv);;NumPy (*.npy)"
THUMBNAILS_MS = 250
"""After so long with the same source the catalogue shows it anew."""

NUDGE_SECONDS = 0.7
"""Turns of the wheel on one cell that follow each other so quickly are one step."""


class KernelController(QObject):
    """Everything that happens to the kernel."""

    def __init__(self, context: Context) -> None:
        super().__init__(context.window)
        self._context = context
        self._stroke: tuple[Hashable | None, Kernel] = (None, context.state.kernel)
        self._nudge: tuple[tuple[int, int], float, int] = ((-1, -1), 0.0, 0)
        self._part = Window(0, 0, 0, 0)
        self._thumbs = Delay(context.activity, THUMBNAILS_MS, self._ask_thumbnails, self)
        self._connect()
        self._fill_gallery("", "all")
        self._show(context.state)
        self._theme()

    def _connect(self) -> None:
        card, gallery = self._context.window.kernel_card, self._context.window.gallery
        gallery.set_families((*catalog.FAMILIES, MINE), len(catalog.ENTRIES))
        gallery.chosen.connect(self.pick)
        for entry in catalog.ENTRIES:  # the finder knows them as well
            action = QAction(entry.label, self)
            action.setProperty("menu", "Catalogue")
            action.setToolTip(f"{entry.text} {entry.tags}")
            action.triggered.connect(lambda _=False, name=entry.id: self.pick(name))
            self._context.window.kernels.append(action)
        gallery.filtered.connect(self._fill_gallery)
        card.grid.painted.connect(lambda i, j, value, stroke: self._set(i, j, value, "paint", ("paint", stroke)))
        card.grid.scrubbed.connect(lambda i, j, value, stroke: self._set(i, j, value, "scrub", ("scrub", stroke)))
        card.grid.nudged.connect(self._nudged)
        card.grid.typed.connect(lambda i, j, value: self._set(i, j, value, "type a weight", None))
        card.size_picked.connect(self._resize)
        card.parameters.changed.connect(self._parameter)
        self._context.session.changed(self._changed)
        self._context.on_theme(self._theme)
        self._context.on_viewport(self._seen_elsewhere)
        self._context.own.changed.connect(self._own_changed)
        self._context.own.read()

    def commands(self) -> dict[str, Callable[[], object]]:
        """Return what the actions do that are about the kernel."""
        return {
            "kernel_paste": self.paste,
            "kernel_copy": self.copy,
            "kernel_keep": self.ask_keep,
            "kernel_forget": self.forget,
            "kernel_open": self.ask_open,
            "kernel_save": self.ask_save,
            **{name: partial(self.edit, label, change) for name, (label, change) in KERNEL_EDITS.items()},
        }

    # edits

    def pick(self, name: str) -> None:
        """Take a kernel of the catalogue, or one of one's own."""
        if name.startswith(OWN):
            own = self._context.own.kernels.get(name.removeprefix(OWN))
            if own is None:
                self._context.tell_error(f"No own kernel is called {name.removeprefix(OWN)!r}.")
                return
            kernel = own
        else:
            kernel = catalog.make(name)
        present = self._context.state.kernel
        same = kernel.entry == present.entry if kernel.entry else kernel.same_weights(present)
        if not (same and kernel.name == present.name):
            self.take(kernel, f"pick {kernel.name}")
            largest = float(f"{abs(kernel.weights).max():.2g}")
            self._context.window.kernel_card.set_brush(largest or 1.0)

    def take(self, kernel: Kernel, label: str, merge_key: Hashable | None = None) -> bool:
        """Make a kernel the present one, and return whether it was taken; what cannot be applied is refused."""
        return self._context.session.replace(label, self._context.state.with_layer(kernel=kernel), merge_key)

    def edit(self, label: str, change: Callable[[NDArray[np.float64]], NDArray[np.float64]]) -> None:
        """Change all weights at once; what cannot be done is said."""
        kernel = self._context.state.kernel
        try:
            weights = change(kernel.weights)
        except ValueError as error:
            self._context.tell_error(error)
            return
        if not kernel.same_weights(changed := kernel.with_weights(weights)):
            self.take(changed, label)

    def _set(self, row: int, col: int, value: float, label: str, merge_key: Hashable | None) -> None:
        kernel = self._context.state.kernel
        rows, cols = kernel.size
        if row < rows and col < cols and kernel.weights[row, col] != value:
            if merge_key is None or merge_key != self._stroke[0]:
                self._stroke = (merge_key, kernel)
            changed = kernel.with_weights(edits.set_cell(kernel.weights, row, col, value))
            before = self._stroke[1]  # a stroke that takes itself back, as a double click does, leaves the kernel its name
            self.take(before if changed.same_weights(before) else changed, label, merge_key)

    def _nudged(self, row: int, col: int, value: float) -> None:
        cell, last, group = self._nudge
        now = time.monotonic()
        if cell != (row, col) or now - last > NUDGE_SECONDS:
            group += 1
        self._nudge = ((row, col), now, group)
        self._set(row, col, value, "nudge", ("nudge", group))

    def _resize(self, rows: int, cols: int) -> None:
        self.edit("resize", lambda weights: edits.resize(weights, rows, cols))

    def _parameter(self, name: str, value: float, gesture: int) -> None:
        kernel = self._context.state.kernel
        if not kernel.entry:
            return
        parameters = {**kernel.parameters, name: value}
        caption = next(p.label for p in catalog.entry(kernel.entry).parameters if p.name == name)
        try:
            self.take(catalog.make(kernel.entry, **parameters), caption.lower(), ("parameter", name, gesture))
        except ValueError as error:
            self._context.tell_error(error)

    # text and files

    def paste(self) -> None:
        """Ask for a matrix, beginning with what is on the clipboard, and take it."""
        clipboard = QGuiApplication.clipboard().text()
        good = bool(clipboard) and describe_matrix(clipboard)[0]
        dialog = MatrixDialog(describe_matrix, clipboard if good else "", self._context.window)
        dialog.accepted.connect(lambda: self._take_text(dialog.text()))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _take_text(self, text: str) -> None:
        try:
            read = read_kernel(text)
        except ValueError as error:
            self._context.tell_error(error)
            return
        self.take_file(KernelFile(Kernel(read.weights, name=PASTED), read.bias, read.told))

    def copy(self) -> None:
        """Put the weights on the clipboard as text."""
        kernel = self._context.state.kernel
        QGuiApplication.clipboard().setText(format_matrix(kernel.weights))
        self._context.succeeded(f"{kernel.name} copied as text")

    def open_file(self, path: str) -> None:
        """Take the kernel that a file holds, as soon as a worker has read it."""
        self._context.own.load_file(path, self.take_file)

    def take_file(self, opened: KernelFile) -> None:
        """Take a kernel that was read, with the bias that stands beside it there, and say what it is."""
        label = f"open {opened.kernel.name}" if opened.kernel.name != PASTED else "paste kernel"
        if opened.bias:
            with_bias = self._context.state.with_layer(kernel=opened.kernel, bias=(opened.bias,))
            taken = self._context.session.replace(label, with_bias)
        else:
            taken = self.take(opened.kernel, label)
        if taken:
            self._context.succeeded(opened.told)

    def ask_open(self) -> None:
        """Ask which file to open."""
        path, _ = QFileDialog.getOpenFileName(self._context.window, "Open kernel", "", FILTERS)
        if path:
            self.open_file(path)

    def ask_save(self) -> None:
        """Ask where to save, and save; the ending decides the format."""
        name = f"{self._context.state.kernel.name.lower().replace(' ', '-')}.json"
        path, _ = QFileDialog.getSaveFileName(self._context.window, "Save kernel", name, SAVE_FILTERS)
        if path:
            self.save_file(path)

    def save_file(self, path: str) -> None:
        """Save the kernel to a file."""
        note = self._context.succeeded
        self._context.own.save_file(path, self._context.state.kernel, lambda path: note(f"Saved {path}"))

    # own kernels

    def ask_keep(self) -> None:
        """Ask for a name and save the kernel under it."""
        suggestion = self._context.state.kernel.name.removeprefix("Custom, from ")
        name, accepted = QInputDialog.getText(self._context.window, "Keep as my kernel", "Name", text=suggestion)
        if accepted and name.strip():
            self.keep(name.strip())

    def keep(self, name: str) -> None:
        """Save the kernel by name, and show it under Mine."""
        kernel = Kernel(self._context.state.kernel.weights, name=name)
        self.take(kernel, f"keep {name}")
        note = self._context.succeeded
        self._context.own.keep(kernel, lambda: note(f"{name} is kept under Mine"))

    def forget(self) -> None:
        """Delete the present kernel from one's own; it stays in the window."""
        name = self._context.state.kernel.name
        if name not in self._context.own.kernels:
            self._context.tell(f"{name} is none of the kernels under Mine, so there is nothing to delete.")
            return
        self._context.own.forget(name)

    # showing

    def _changed(self, old: State, new: State) -> None:
        if old.kernel is not new.kernel:
            self._show(new)
        if old.source is not new.source:
            self.draw_thumbnails()
        if old.source.sequence != new.source.sequence:
            self._refill()

    def _own_changed(self) -> None:
        self._refill()
        self._show(self._context.state)

    def _show(self, state: State) -> None:
        kernel, card = state.kernel, self._context.window.kernel_card
        rows, cols = kernel.size
        card.grid.set_weights(kernel.weights)
        card.set_size(rows, cols)
        card.set_title(kernel.name)
        entry = catalog.entry(kernel.entry) if kernel.entry else None
        card.set_detail(f"{rows} × {cols} · {entry.family if entry else 'custom'}")
        same = f" Same as {entry.same_as}." if entry and entry.same_as else ""
        own = OWN_TEXT if kernel.name in self._context.own.kernels else CUSTOM_TEXT
        card.set_text(entry.text + same if entry else own)
        fields = [
            Field(p.name, p.label, kernel.parameters[p.name], p.low, p.high, p.step, p.integer, p.unit, p.note)
            for p in (entry.parameters if entry else ())
        ]
        card.set_fields(fields)
        gallery = self._context.window.gallery
        if kernel.entry and gallery.search.text() and not gallery.search.hasFocus() and not gallery.shows(kernel.entry):
            gallery.end_search()  # it was chosen elsewhere: the catalogue shows where it stands
        gallery.set_chosen(kernel.entry or OWN + kernel.name)
        self._show_facts(kernel)

    def _show_facts(self, kernel: Kernel) -> None:
        facts, card = kernel_facts(kernel.weights), self._context.window.facts
        card.set_facts(
            [
                ("Sum", facts.flat_text, "What the kernel makes of a flat area of value 1"),
                (
                    "Separable",
                    facts.rank_text,
                    "Whether two one-dimensional passes can do the same with fewer products",
                ),
                ("Symmetry", facts.symmetry, "What the kernel does when it is mirrored"),
                ("Noise gain", number(facts.noise_gain), "What it does to the deviation of noise that is independent"),
            ]
        )
        response = frequency_response(kernel.weights)
        middle = response[response.shape[0] // 2, response.shape[1] // 2]
        most = float(response.max())
        card.set_response(response, _passes(middle, float(response[0, 0]), float(response.min()), most))

    def _theme(self) -> None:
        self._context.window.kernel_card.grid.set_table(derive.signed_table(self._context.dark))
        self._thumbs.start()

    # the gallery

    def _fill_gallery(self, text: str, family: str) -> None:
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
        gallery.set_chosen(kernel.entry or OWN + kernel.name)

    def _refill(self) -> None:
        gallery = self._context.window.gallery
        self._fill_gallery(gallery.search.text(), gallery.family())
        self._thumbs.start()

    def _seen_elsewhere(self) -> None:
        """Draw the thumbnails anew once the view has moved away from what they show."""
        before, now = self._part, self._thumbnail_part()
        far = abs(now.top - before.top) > before.rows / 3 or abs(now.left - before.left) > before.cols / 3
        if far and before.rows:
            self._thumbs.start()

    def _thumbnail_part(self) -> Window:
        view = self._context.viewport
        return thumbnail_window(self._context.state.source, view.x, view.y, quick=jit.ready() is None)

    def draw_thumbnails(self) -> None:
        """Draw the catalogue's thumbnails anew: at once if they are kept, else when the source has stayed for a moment."""
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
            colour=state.layer.colour if state.source.sequence else "luminance",
            dark=self._context.dark,
        )

    def _ask_thumbnails(self) -> None:
        context, request = self._context, self._thumbnails()
        self._part = request.part
        context.window.gallery.set_note(_about(request.part, request.source))
        show = context.window.gallery.set_image
        context.runner.submit("thumbnails", request, lambda _: None, context.tell_error, part=lambda one: show(*one))


def _about(part: Window, source: Source) -> str:
    """Return what the thumbnails show."""
    if part.rows == source.rows and part.cols == source.cols:
        return "The thumbnail shows its activation at full resolution."
    size = derive.steps_text(part.cols) if source.sequence else f"{part.cols} × {part.rows} pixels"
    return f"The thumbnail shows its activation at full resolution, of {size} around the middle of the view."


def _passes(slow: float, fine: float, least: float, most: float) -> str:
    """Return in words which frequencies pass: the response to flat areas, to the finest detail, its ends."""
    if most - least <= 1e-6 * most:
        return "passes everything alike" if most else "passes nothing"
    if slow > 0.7 * most:
        return "passes what is slow"
    if slow > 0.3 * most:
        return "lifts what is fine"
    return "passes a band between" if fine < 0.5 * most else "passes what is fine"


KERNEL_EDITS: dict[str, tuple[str, Callable[..., NDArray[np.float64]]]] = {
    "kernel_rotate": ("rotate right", edits.rotate_right),
    "kernel_rotate_left": ("rotate left", edits.rotate_left),
    "kernel_rotate_45": ("rotate by 45 degrees", edits.rotate_45),
    "kernel_flip_h": ("flip horizontally", edits.flip_horizontal),
    "kernel_flip_v": ("flip vertically", edits.flip_vertical),
    "kernel_transpose": ("transpose", edits.transpose),
    "kernel_negate": ("negate", edits.negate),
    "kernel_normalise": ("normalise", edits.normalise),
    "kernel_zero_sum": ("make zero-sum", edits.zero_sum),
    "kernel_double": ("scale by 2", lambda weights: edits.scale(weights, 2.0)),
    "kernel_half": ("scale by ½", lambda weights: edits.scale(weights, 0.5)),
    "kernel_clear": ("clear", lambda weights: edits.scale(weights, 0.0)),
}
