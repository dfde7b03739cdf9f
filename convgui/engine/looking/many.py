"""Many maps: how those of a layer are looked at together, as a grid, as one picture, over the photo."""

from __future__ import annotations

from dataclasses import dataclass

from convgui.engine.kernels.bank import ORDERS
from convgui.engine.looking.together import TOGETHER

WAYS = ("one", "grid", "picture")
"""One of the maps, all of them in a grid, or all of them as one picture."""


@dataclass(frozen=True)
class Many:
    """How the maps of a layer are looked at where there are several.

    Parameters
    ----------
    way : str
        One of `WAYS`.
    order : str
        By what the grid is sorted: one of `ORDERS`.
    shared : bool
        Whether the limits of the grid are the same for all maps, or each map's own.
    together : str
        What one picture shows of all maps: one of `TOGETHER`.
    overlay : bool
        Whether what is shown lies over the photo.

    Raises
    ------
    ValueError
        If one of them is unknown.
    """

    way: str = "one"
    order: str = "index"
    shared: bool = True
    together: str = "mean"
    overlay: bool = False

    def __post_init__(self) -> None:
        for what, value, known in (
            ("way to look at maps", self.way, WAYS),
            ("order of maps", self.order, ORDERS),
            ("picture of all maps", self.together, tuple(TOGETHER)),
        ):
            if value not in known:
                raise ValueError(f"Expected a {what} of {', '.join(known)}, received {value!r}.")
