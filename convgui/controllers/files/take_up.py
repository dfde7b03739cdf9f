"""Taking up the session that made a file: its recipe, and the input that it was made on, where that can be found again."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from convgui.controllers.recipes import state_of
from convgui.io.digests import file_digest
from convgui.io.errors import FileError
from convgui.io.recipe import describe_source, described_grid
from convgui.model.suit import with_source

if TYPE_CHECKING:
    from convgui.controllers.context import Context
    from convgui.controllers.files.source import SourceController
    from convgui.engine.source import Source
    from convgui.io.recipe import Recipe
    from convgui.model.state import State
    from convgui.worker.decoder import Decoder
    from convgui.worker.runner import Token

OFFER = "Take up its session"


@dataclass(frozen=True, eq=False)
class FindRequest:
    """Look for the input of a recipe, by its fingerprint: among sources that are in memory, then among files."""

    wanted: dict[str, Any]
    known: tuple[Source, ...]
    paths: tuple[str, ...]
    decoder: Decoder

    def __call__(self, token: Token) -> Source | None:
        """Return it, None if it is not found."""
        if (grid := described_grid(self.wanted)) is not None:
            return grid
        for source in self.known:
            if self._is_it(source):
                return source
        for path in self.paths:
            if not Path(path).exists():
                continue
            try:
                page, reading = self.wanted.get("page"), self.wanted.get("reading")
                source = self.decoder.open(path, token.cancelled, page=page, reading=reading)
            except FileError:
                continue
            if self._is_it(source):
                return source
        return None

    def _is_it(self, source: Source) -> bool:
        if list(source.shape) != self.wanted.get("shape"):
            return False
        if "file_sha256" in self.wanted:
            return _is_file(source.path, str(self.wanted["file_sha256"]))
        return bool(describe_source(source)["sha256"] == self.wanted["sha256"])


def _is_file(path: str, digest: str) -> bool:
    """Whether a file has a digest; one that cannot be read has none."""
    with suppress(OSError, ValueError):
        return bool(path) and file_digest(Path(path)) == digest
    return False


class TakeUpController:
    """Offers the session of a file that carries its recipe, and takes it up."""

    def __init__(self, context: Context, source: SourceController) -> None:
        self._context = context
        self._offered: tuple[Recipe, str] | None = None
        self._before: Source = context.state.source
        source.carries.connect(self._offer)
        source.recipe_carried.connect(self.take_up)
        context.window.messages.followed.connect(self._followed)
        context.session.changed(self._changed)

    def take_up(self, recipe: Recipe, path: str) -> None:
        """Take up the session that a recipe describes, which the file at `path` carries."""
        wanted = recipe.source
        if not (wanted.get("sha256") or wanted.get("file_sha256")):
            self._take(recipe, None)
            return
        name = Path(str(wanted.get("name", ""))).name
        recent = [str(other) for other in self._context.preferences.get("recent", []) if Path(str(other)).name == name]
        folders = dict.fromkeys((str(Path(path).parent), self._context.usual_folder()))
        paths = tuple(dict.fromkeys([*(str(Path(folder, name)) for folder in folders), *recent])) if name else ()
        request = FindRequest(wanted, (self._context.state.source, self._before), paths, self._context.decoder)
        self._context.window.status.set_note(f"Looking for {name} …")
        self._context.runner.submit("open", request, lambda found: self._take(recipe, found), self._context.tell_error)

    def _changed(self, old: State, new: State) -> None:
        if old.source is not new.source:
            self._before = old.source

    def _offer(self, recipe: Recipe, path: str) -> None:
        self._offered = recipe, path
        made_on = recipe.source.get("name")
        on = f" from {made_on}" if made_on else ""
        self._context.tell(f"{Path(path).name} was made by convgui{on}; it is open as a picture.", OFFER)

    def _followed(self) -> None:
        if self._offered is not None and self._context.window.messages.button.text() == OFFER:
            self.take_up(*self._offered)

    def _take(self, recipe: Recipe, found: Source | None) -> None:
        """Make recipe and input the document, in one step; without the input, the recipe is applied to what was there."""
        self._context.window.status.set_note("")
        source = found or self._instead()
        new = state_of(recipe, source)
        if found is None:
            new, _ = with_source(new, source)
        if not self._context.session.replace("take up the session", new):
            return
        if found is None:
            name = recipe.source.get("name") or "its input"
            where = "beside the file or among those opened last"
            self._context.tell(f"{name} was not found {where}; what was made on it is applied to {source.name}.")
        else:
            self._context.window.messages.clear()
            self._context.succeeded(f"The session on {source.name} is taken up; Undo goes back")

    def _instead(self) -> Source:
        """Return the input to which a recipe is applied whose own is not found: not the picture that it made."""
        state = self._context.state
        offered = self._offered[1] if self._offered is not None else ""
        return self._before if state.source.path and state.source.path == offered else state.source
