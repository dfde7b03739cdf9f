"""Growth: how the work of a function grows with its input, in counted steps, whatever else the machine does meanwhile."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def steps(function: Callable[..., object], *arguments: Any) -> int:
    """Return how many lines of Python and calls, also of functions written in C, a call needs on this thread.

    Nothing is collected meanwhile: what other code wants to know of a collection, or does as an object goes, would count.
    """
    count = 0

    def trace(frame, event, argument):
        nonlocal count
        count += event == "line"
        return trace

    def profile(frame, event, argument):
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.gettrace(), sys.getprofile()
    collects = gc.isenabled()
    gc.disable()
    sys.setprofile(profile)
    sys.settrace(trace)
    try:
        function(*arguments)
    finally:
        sys.settrace(before[0])
        sys.setprofile(before[1])
        if collects:
            gc.enable()
    return count


def growth(function: Callable[[Any], object], make: Callable[[int], Any], size: int) -> float:
    """Return by which factor the work grows when the input becomes twice as large: 2 if it is linear, 4 if quadratic.

    Parameters
    ----------
    function : callable
        What is measured; it is called once before, so that what it keeps for the next time does not count.
    make : callable
        Returns an input of a given size.
    size : int
        The smaller of both sizes, large enough that what each call needs anyway does not matter.
    """
    function(make(size))
    return steps(function, make(2 * size)) / steps(function, make(size))
