"""Restoring: the document is saved every few seconds while it changes, and opened again at the next start."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from convgui import assets
from convgui.controllers.recipes import recipe_of, state_of
from convgui.io.errors import FileError
from convgui.io.session_file import (
    begin_restoring,
    end_restoring,
    forget_session,
    load_session,
    save_session,
    set_session_aside,
)
from convgui.model.suit import with_source

if TYPE_CHECKING:
    from pathlib import Path

    from convgui.controllers.context import Context
    from convgui.engine.source import Source
    from convgui.io.recipe import Recipe
    from convgui.io.session_file import StoredInput
    from convgui.model.state import State
    from convgui.worker.decoder import Decoder
    from convgui.worker.runner import Token

KEEP_MS = 2000
"""Milliseconds after which a change is saved at the latest."""


@dataclass(frozen=True, eq=False)
class KeepRequest:
    """Write the document, or delete the file if there is nothing to keep."""

    folder: Path
    state: State | None
    pixels: str = ""

    def __call__(self, token: Token | None = None) -> str:
        """Write or delete, and return the name of the array that was written."""
        if self.state is None:
            forget_session(self.folder)
            return ""
        return save_session(self.folder, recipe_of(self.state), self.state.source, self.pixels)


@dataclass(frozen=True, eq=False)
class Restored:
    """What was restored; the input is None where it could not be read, and the sentence says why.

    `behind`: another input is being opened, and this one, which is in no file, is put one undo step behind it.
    """

    recipe: Recipe | None = None
    source: Source | None = None
    sentence: str = ""
    behind: bool = False


@dataclass(frozen=True, eq=False)
class RestoreRequest:
    """Read the last document, and its input unless another one is being opened."""

    folder: Path
    decoder: Decoder
    with_input: bool

    def __call__(self, token: Token) -> Restored:
        """Read it; a damaged file is renamed, so that it never prevents a start."""
        try:
            session = load_session(self.folder)
        except FileError as error:
            return Restored(sentence=f"The document of the last time was not restored. {error} {self._set_aside()}")
        if session is None:
            return Restored()
        if not begin_restoring(self.folder):
            sentence = "The document of the last time was not restored, as the program ended twice while it was opened."
            return Restored(sentence=f"{sentence} {self._set_aside()}")
        if not self.with_input or session.source is not None:
            own = self.with_input or session.input.name not in assets.PHOTOS  # a sample is in the menu
            return Restored(session.recipe, session.source if own else None, behind=not self.with_input)
        return self._with_file(session.recipe, session.input, token)

    def _with_file(self, recipe: Recipe, stored: StoredInput, token: Token) -> Restored:
        if not stored.path:
            why = f"{stored.name} was too large to be kept."
            return Restored(recipe, None, f"{why} Kernel and operation of the last time are applied to the sample.")
        try:
            page, reading = stored.page or None, stored.reading or None
            return Restored(recipe, self.decoder.open(stored.path, token.cancelled, page=page, reading=reading))
        except FileError as error:
            return Restored(recipe, None, f"{error} Kernel and operation of the last time are applied to the sample.")

    def _set_aside(self) -> str:
        return set_session_aside(self.folder)


class RestoreController(QObject):
    """Saves the document, and restores it.

    Parameters
    ----------
    context : Context
    folder : Path
        Where it is saved.

    Attributes
    ----------
    nothing : Signal
        Emitted when there is no last document, and the user has not changed anything yet.
    """

    nothing = Signal()

    def __init__(self, context: Context, folder: Path) -> None:
        super().__init__(context.window)
        self._context, self._folder = context, folder
        self._first = self._kept = context.state
        self._pixels: tuple[Source | None, str] = None, ""
        self._told = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(KEEP_MS)
        self._timer.timeout.connect(self._keep)
        context.session.changed(lambda old, new: self._changed())

    def restore(self, *, with_input: bool) -> None:
        """Restore the last document, without its input if another one is being opened."""
        request = RestoreRequest(self._folder, self._context.decoder, with_input)
        self._context.runner.submit("restore", request, self._take, self._failed)

    def _changed(self) -> None:
        if not self._timer.isActive():  # the timer is not restarted, so that a long drag is saved too
            self._timer.start()

    def close(self) -> None:
        """Save what has changed since the last time."""
        self._timer.stop()
        if self._context.state is not self._kept:
            try:
                self._request()()
            except Exception as error:  # closing must not fail because a disk is full
                sys.stderr.write(f"convgui: the document was not kept: {error}\n")
        end_restoring(self._folder)

    def _take(self, restored: Restored) -> None:
        if restored.recipe is not None:
            self._show(restored.recipe, restored.source, restored.behind)
        if restored.sentence:
            self._context.tell_problem(restored.sentence)
        if restored.recipe is None and not restored.sentence and self._context.state is self._first:
            self.nothing.emit()
        self._context.activity.idle.connect(self._came_to_rest)

    def _show(self, recipe: Recipe, source: Source | None, behind: bool) -> None:
        """Take over layers, display and input: as a new history if nothing has been changed yet, else as a step."""
        session, state = self._context.session, self._context.state
        untouched = state is self._first
        restored = state_of(recipe, state.source if source is None else source)
        if source is None and not untouched:  # another input has been opened meanwhile
            restored, _ = with_source(restored, state.source)
        taken = session.begin(restored) if untouched else session.replace("restore", restored)
        if not taken:
            return
        self._kept = restored
        self._context.window.status.set_note(f"Restored: {restored.title} on {restored.source.name}")
        if behind and source is not None:
            if not untouched:
                session.replace(f"open {state.source.name}", with_source(restored, state.source)[0])
            behind_it = f"{source.name} of the last time, which is in no file, is one step back"
            self._context.tell_problem(f"{behind_it}: Undo brings it.")

    def _came_to_rest(self) -> None:
        self._context.activity.idle.disconnect(self._came_to_rest)
        self._context.runner.submit("session", lambda token: end_restoring(self._folder), lambda _: None, self._failed)

    def _request(self) -> KeepRequest:
        state = self._kept = self._context.state
        if state is self._first:
            return KeepRequest(self._folder, None)
        return KeepRequest(self._folder, state, self._pixels[1] if self._pixels[0] is state.source else "")

    def _keep(self) -> None:
        if self._context.state is self._kept:
            return
        request = self._request()
        source = None if request.state is None else request.state.source

        def note(pixels: str) -> None:
            self._pixels = source, pixels

        self._context.runner.submit("session", request, note, self._failed)

    def _failed(self, error: Any) -> None:
        """Say once that the document cannot be saved; a full disk would repeat the message every few seconds."""
        if not self._told:
            self._told = True
            self._context.tell_problem(f"The document will not be there at the next start. {error}")
