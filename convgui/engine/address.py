"""Where the numbers of an array lie in memory, for compiled code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray


def address(array: NDArray[Any]) -> int:
    """Return where the first number of an array lies."""
    found: int = array.__array_interface__["data"][0]
    return found
