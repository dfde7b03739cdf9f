"""Requests of the film strip: small pictures of files, the next files ahead of time, and what is measured of their maps."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from convgui.batch.job import Task
from convgui.engine.looking.colours import display_range, picture
from convgui.engine.strategies.tiles import Cancelled, Window, cores
from convgui.io.errors import FileError
from convgui.io.limits import available_memory
from convgui.io.pictures.small import small_picture
from convgui.model.levels import coarsest
from convgui.model.thumbnails import THUMBNAIL

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from convgui.batch.job import Job
    from convgui.engine.source import Source
    from convgui.worker.decoder import Decoder
    from convgui.worker.runner import Token

SHARE = 0.15
"""The part of the free memory that pictures take which are opened ahead of time."""


@dataclass(frozen=True)
class SmallRequest:
    """Deliver a small picture of each of some files, None of those that cannot be shown."""

    paths: tuple[str, ...]
    decoder: Decoder

    def __call__(self, token: Token) -> None:
        """Make them."""
        for path in self.paths:
            if token.cancelled():
                raise Cancelled
            token.deliver((path, self._small(path, token)))

    def _small(self, path: str, token: Token) -> NDArray[np.uint8] | None:
        found = small_picture(path, THUMBNAIL)
        if found is not None:
            return found
        try:
            source = coarsest(self.decoder.open(path, token.cancelled))
        except FileError:
            return None
        step = max(-(-max(source.rows, source.cols) // THUMBNAIL), 1)
        return picture(source, Window(0, 0, source.rows, source.cols), step, *display_range(source))


@dataclass(frozen=True)
class ShotRequest:
    """Open a file as a picture, whatever it carries."""

    path: str
    decoder: Decoder

    def __call__(self, token: Token) -> Source:
        """Open it."""
        return self.decoder.open(self.path, token.cancelled)


@dataclass(frozen=True)
class AheadRequest:
    """Open files that may be wanted next, and deliver each; those that cannot be opened are told when they are wanted."""

    paths: tuple[str, ...]
    decoder: Decoder

    def __call__(self, token: Token) -> None:
        """Open as many as there is room for."""
        for path in self.paths:
            if token.cancelled():
                raise Cancelled
            try:
                source = self.decoder.open(path, token.cancelled)
            except FileError:
                continue
            free = available_memory()
            if free is not None and source.nbytes > SHARE * free:
                return
            token.deliver((path, source))


@dataclass(frozen=True)
class SurveyRequest:
    """Measure the maps of files, in processes that make way for the window, and deliver what became of each."""

    job: Job
    paths: tuple[str, ...]

    def __call__(self, token: Token) -> None:
        """Measure them."""
        from convgui.batch.pool import outcomes  # what starts processes is not needed for the first picture

        tasks = [Task(k, path, Path(path), Path.cwd()) for k, path in enumerate(self.paths)]
        spare = max(cores() - 1, 1)  # one core is left to the window
        for done, outcome in enumerate(outcomes(self.job, tasks, jobs=spare, apart=True, cancelled=token.cancelled), 1):
            token.deliver(outcome)
            token.progress(done / len(tasks))
