"""The strongest patches: looked for in the photo once nothing changes, or in all files of the film strip, and gone to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from convgui.engine.shown import apart
from convgui.engine.strategies.tiles import Cancelled
from convgui.io.errors import FileError
from convgui.model.photo_patches import Patch, PatchesRequest, patches
from convgui.model.suit import with_source
from convgui.model.texts import place_text
from convgui.views.files.patches_panel import HINT, PatchItem
from convgui.worker.activity import Delay

if TYPE_CHECKING:
    from convgui.controllers.context import Context
    from convgui.controllers.files.film import FilmController
    from convgui.controllers.measure.probe import ProbeController
    from convgui.model.state import State
    from convgui.worker.decoder import Decoder
    from convgui.worker.runner import Token

LANE, FILES = "patches", "patches of files"

REST_MS = 250
"""Milliseconds without a change after which patches are looked for."""

COUNT = 24
"""Patches that are shown."""

NO_FILES = "Open several files or a folder first: then the strongest patches of all of them can be shown."
LOOKING = "Looking for the strongest patches …"


@dataclass(frozen=True, eq=False)
class FilesRequest:
    """Find the strongest patches of files, and deliver those of each; what cannot be opened or has no map is left out."""

    state: State
    paths: tuple[str, ...]
    decoder: Decoder

    def __call__(self, token: Token) -> int:
        """Return in how many files they were looked for."""
        seen = 0
        for number, path in enumerate(self.paths, 1):
            if token.cancelled():
                raise Cancelled
            try:
                source = self.decoder.open(path, token.cancelled)
            except FileError:
                continue
            state, _ = with_source(self.state, source)
            token.deliver(patches(state, COUNT, token.cancelled))
            token.progress(number / len(self.paths))
            seen += not state.why
        return seen


class PatchesController(QObject):
    """Fills the sheet, and goes where a patch is from."""

    def __init__(self, context: Context, probe: ProbeController, film: FilmController) -> None:
        super().__init__(context.window)
        self._context, self._probe, self._film = context, probe, film
        self._panel, self._dock = context.window.patches, context.window.docks["patches"]
        self._where = "photo"
        self._patches: list[Patch] = []
        self._of: State | None = None
        """The document of which they are, or will be."""
        self._files = 0
        self._goes: tuple[str, tuple[int, int]] | None = None
        """The file that is being opened, and the cell that will be pinned."""
        self._rest = Delay(context.activity, REST_MS, self._look, self, f"before {LANE}")
        self._panel.chosen.connect(self._go)
        self._panel.looked_for.connect(self._look_in)
        self._dock.seen_changed.connect(lambda seen: self._follow())
        context.window.status.cancelled.connect(self._cancelled)
        context.afterwards.changed(lambda old, new: self._changed())

    # what is looked for

    def _look_in(self, where: str) -> None:
        if where == "files" and not self._film.film.paths:
            self._context.tell(NO_FILES)
            where = "photo"
        self._panel.set_where(where)
        if where != self._where or where == "files":
            self._where = where
            self._stop()
            self._rest.start()

    def _changed(self) -> None:
        self._arrive()
        self._follow()

    def _follow(self) -> None:
        """Look anew where the panel is seen and what it shows is of another document."""
        state = self._context.state
        if not self._dock.seen():
            self._stop()
        elif self._of is None or not self._same(state, self._of):
            self._stop()
            self._rest.start()

    def _same(self, a: State, b: State) -> bool:
        """Whether the same patches are the strongest; those of files do not depend on which of them is shown."""
        alike = a.layers == b.layers and a.reading == b.reading and (a.looked, a.map) == (b.looked, b.map)
        return alike and (self._where == "files" or a.source is b.source)

    def _stop(self) -> None:
        self._rest.stop()
        for lane in (LANE, FILES):
            self._context.runner.cancel(lane)
        self._context.window.status.set_task(FILES, "", None)
        self._of = None

    def _cancelled(self, task: str) -> None:
        if task == FILES:
            self._context.runner.cancel(FILES)
            self._context.window.status.set_task(FILES, "", None)
            self._show()

    def _look(self) -> None:
        state, runner = self._context.state, self._context.runner
        self._of, self._patches, self._files = state, [], 0
        if state.why:
            self._panel.set_patches((), "", state.why)
            return
        if self._where == "photo":
            runner.submit(LANE, PatchesRequest(state, COUNT), self._take_all, self._context.tell_error)
            return
        self._panel.set_patches((), "", LOOKING)
        status = self._context.window.status
        status.set_task(FILES, LOOKING.rstrip(" …"), 0.0)
        runner.submit(
            FILES,
            FilesRequest(state, self._film.film.shown, self._context.decoder),
            self._end,
            self._fail,
            lambda part: status.set_task(FILES, LOOKING.rstrip(" …"), part),
            part=self._take_more,
        )

    # showing

    def _take_all(self, found: list[Patch]) -> None:
        self._patches = found
        self._show()

    def _take_more(self, found: list[Patch]) -> None:
        self._files += 1
        self._patches = sorted([*self._patches, *found], key=lambda one: -one.value)[:COUNT]
        self._show()

    def _end(self, files: int) -> None:
        self._context.window.status.set_task(FILES, "", None)
        self._show()

    def _fail(self, error: Exception) -> None:
        self._context.window.status.set_task(FILES, "", None)
        self._context.tell_error(error)

    def _show(self) -> None:
        state, several = self._of, self._where == "files"
        if state is None:
            return
        values = apart([one.value for one in self._patches], 4)
        items = []
        for one, value in zip(self._patches, values, strict=True):
            at = place_text(state, one.row, one.col)
            items.append(PatchItem(value, f"{Path(one.path).name}, {at}" if several else at, one.colours, one.frame))
        shape = state.output_shape
        which = f" · map {state.map}" if shape is not None and shape.maps > 1 else ""
        where = f"of {self._files} file{'s' * (self._files != 1)}" if several else "of this photo"
        self._panel.set_patches(items, f"{len(items)} {where}{which}" if items else "", HINT)

    # going there

    def _go(self, index: int) -> None:
        """Pin the cell of a patch, and bring it into sight; of another file first open that."""
        if not 0 <= index < len(self._patches):
            return
        one = self._patches[index]
        if one.path != self._context.state.source.path and self._where == "files":
            self._goes = one.path, (one.row, one.col)
            self._film.show(one.path)
            self._arrive()
            return
        self._pin((one.row, one.col))

    def _arrive(self) -> None:
        """Pin the cell of the file that has been opened for it."""
        if self._goes is not None and self._context.state.source.path == self._goes[0]:
            (_, cell), self._goes = self._goes, None
            self._pin(cell)

    def _pin(self, cell: tuple[int, int]) -> None:
        state = self._context.state
        shape = state.output_shape
        if shape is None or cell[0] >= shape.rows or cell[1] >= shape.cols or state.axes is None:
            return
        self._probe.pin(cell)
        view = self._context.viewport
        if not view.fit:
            rows, cols = state.axes
            y, x = (float(along.origin + (at + 0.5) * along.stride) for along, at in ((rows, cell[0]), (cols, cell[1])))
            self._context.look_at(replace(view, x=x, y=y))
