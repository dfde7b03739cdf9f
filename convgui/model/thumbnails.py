"""Thumbnails: what each of many kernels makes of a small copy of the source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from convgui.engine import catalog
from convgui.engine.colours import display_range, picture
from convgui.engine.evaluate import evaluate
from convgui.engine.layers import Conv
from convgui.engine.levels import survey_array
from convgui.engine.source import Source
from convgui.engine.tiles import Window
from convgui.model.derive import look_for
from convgui.model.state import Display

if TYPE_CHECKING:
    from collections.abc import Iterator

    from convgui.engine.kernel import Kernel
    from convgui.model.requests import Token

THUMBNAIL = 152
"""Pixels of a thumbnail's longer side: twice what it measures on the screen."""


def small_source(source: Source) -> Source:
    """Return a copy of the source of about a thumbnail's size; a toy grid is small enough as it is."""
    if source.toy or max(source.rows, source.cols) <= THUMBNAIL:
        return source
    step = -(-max(source.rows, source.cols) // THUMBNAIL)
    if source.sequence:
        return Source(source.cube[:, ::step], source.scale, source.name)
    low, high = display_range(source)
    whole = Window(0, 0, source.rows, source.cols)
    return Source(picture(source, whole, step, low, high), scale=1 / 255, name=source.name)


@dataclass(frozen=True, eq=False)
class ThumbnailsRequest:
    """The effect of each of some kernels on a small copy of the source; each is delivered as soon as it is there.

    Attributes
    ----------
    entries : tuple of str
        Kernels of the catalogue.
    own : tuple of (str, Kernel)
        Other kernels, each with the name under which its picture is delivered.
    colour : str
        How several channels are read.
    dark : bool
        Whether the colours are those of the dark theme.
    """

    source: Source
    entries: tuple[str, ...]
    own: tuple[tuple[str, Kernel], ...] = ()
    colour: str = "luminance"
    dark: bool = False

    def __call__(self, token: Token) -> int:
        """Compute them, deliver each as (name, colours), and return how many there are."""
        small, count = small_source(self.source), len(self.entries) + len(self.own)
        for done, (name, kernel) in enumerate(self._kernels(), 1):
            layer = Conv(kernel, border="replicate", colour=self.colour)
            values = evaluate((layer,), small, map=0, wait=False, cancelled=token.cancelled)[0]
            colours, _ = look_for(layer, small, Display(), self.dark).apply(values, survey_array(values))
            token.deliver((name, colours))
            token.progress(done / count)
        return count

    def _kernels(self) -> Iterator[tuple[str, Kernel]]:
        for name in self.entries:
            yield name, catalog.make(name)
        yield from self.own
