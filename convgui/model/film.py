"""The film: files that were opened together, in an order by name, date or what was measured of their maps."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from convgui.engine.looking.measures import Measures

MEASURES = ("strongest", "mean", "deviation", "energy", "share")
"""What files are sorted by once it is measured, the largest first."""

ORDERS = ("name", "date", *MEASURES)


@dataclass(frozen=True, eq=False)
class Film:
    """Files, and what is known of them.

    Attributes
    ----------
    paths : tuple of str
        The files, by name as people count: 2.png before 10.png.
    dates : mapping of str to float
        When each was changed, in seconds.
    order : str
        One of `ORDERS`.
    shown : tuple of str
        The files as they were ordered last; they keep their places while measures arrive.
    measured : mapping of str to Measures
        Of the map that is shown, as far as they have been taken.
    what : str
        What was measured: a digest of the recipe, and the threshold.
    """

    paths: tuple[str, ...] = ()
    dates: Mapping[str, float] = field(default_factory=dict)
    order: str = "name"
    shown: tuple[str, ...] = ()
    measured: Mapping[str, Measures] = field(default_factory=dict)
    what: str = ""

    def arranged(self, order: str = "") -> Film:
        """Return the film in another order, or in the same one by what is known now; what is unknown stands last.

        >>> from convgui.engine.looking.measures import Measures
        >>> known = {"a": Measures(-3, 0, 0, 1, 1, 1, 0, 0), "b": Measures(2, 0, 0, 5, 1, 1, 0, 0)}
        >>> film = Film(("a", "b", "c"), measured=known)
        >>> film.arranged().shown, film.arranged("strongest").shown, film.arranged("mean").shown
        (('a', 'b', 'c'), ('a', 'b', 'c'), ('b', 'a', 'c'))
        """
        found = replace(self, order=order or self.order)
        return replace(found, shown=tuple(sorted(self.paths, key=found._rank)))

    def _rank(self, path: str) -> float:
        """Return where a file stands; of equal ones that by name comes first."""
        if self.order == "name":
            return 0.0
        if self.order == "date":
            return self.dates.get(path, math.inf)
        value = self.value(path)
        return math.inf if value is None or math.isnan(value) else -abs(value) if self.order == "strongest" else -value

    def value(self, path: str) -> float | None:
        """Return the measure that a file is sorted by, where it has been taken."""
        found = self.measured.get(path)
        return float(getattr(found, self.order)) if found is not None and self.order in MEASURES else None

    def with_measures(self, found: Mapping[str, Measures]) -> Film:
        """Return the film with what was measured of some files; they keep their places."""
        return replace(self, measured={**self.measured, **found})

    def for_what(self, what: str) -> Film:
        """Return the film for another recipe or threshold, of which nothing has been measured."""
        return self if what == self.what else replace(self, what=what, measured={})

    def missing(self) -> tuple[str, ...]:
        """Return the files of which nothing has been measured, in the order in which they are shown."""
        return tuple(path for path in self.shown if path not in self.measured)

    def beside(self, path: str, by: int) -> str:
        """Return the file so many places further on, empty beyond the ends.

        >>> film = Film(("a", "b", "c")).arranged()
        >>> film.beside("a", 1), film.beside("a", -1), film.beside("elsewhere", 1)
        ('b', '', 'a')
        """
        at = self.shown.index(path) + by if path in self.shown else 0
        return self.shown[at] if 0 <= at < len(self.shown) else ""


def names_of(paths: tuple[str, ...]) -> dict[str, str]:
    """Return what each file is called: its name, and its folder too where another one has the same name.

    >>> names_of(("a/x.png", "b/x.png", "b/y.png"))
    {'a/x.png': 'a/x.png', 'b/x.png': 'b/x.png', 'b/y.png': 'y.png'}
    """
    several: dict[str, int] = {}
    for path in paths:
        several[Path(path).name] = several.get(Path(path).name, 0) + 1
    return {path: Path(path).name if several[Path(path).name] == 1 else str(Path(*Path(path).parts[-2:])) for path in paths}
