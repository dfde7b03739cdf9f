"""The catalogue: kernels by name, with their families, parameters and what they do. Named data, one file a family."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from convgui.engine.kernels.catalogue import basics, blur, edges, lines, points, sequences, sharpen, texture
from convgui.engine.kernels.catalogue.entry import Entry, Parameter
from convgui.engine.kernels.kernel import Kernel

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["ENTRIES", "FAMILIES", "Entry", "Parameter", "entry", "kernel", "kernel_names", "make", "search"]

ENTRIES: tuple[Entry, ...] = tuple(
    entry for family in (edges, blur, sharpen, lines, texture, points, sequences, basics) for entry in family.ENTRIES
)
FAMILIES: tuple[str, ...] = tuple(dict.fromkeys(entry.family for entry in ENTRIES))

_BY_ID = {entry.id: entry for entry in ENTRIES}


def entry(id: str) -> Entry:
    """Return an entry of the catalogue.

    Raises
    ------
    ValueError
        If there is none of that name; the sentence names the nearest one.

    Examples
    --------
    >>> entry("sobel-x").label
    'Sobel x'
    """
    if id in _BY_ID:
        return _BY_ID[id]
    near = get_close_matches(str(id).lower(), _BY_ID, 1, 0.5)
    hint = f"did you mean {near[0]}?" if near else "'convgui kernels' lists them."
    raise ValueError(f"There is no kernel {id!r}: {hint}")


def make(id: str, **parameters: float) -> Kernel:
    """Return a kernel of the catalogue.

    Parameters
    ----------
    id : str
        The entry's identifier.
    **parameters : float
        Those that are not given have their default.

    Raises
    ------
    ValueError
        If there is no such kernel or parameter, or a value is no number or out of range.

    Examples
    --------
    >>> make("box", size=2).weights.tolist()
    [[0.25, 0.25], [0.25, 0.25]]
    """
    found = entry(id)
    known = {p.name: p for p in found.parameters}
    for name in parameters:
        if name not in known:
            has = f"it has {', '.join(known)}" if known else "it has none"
            raise ValueError(f"The kernel {id} has no parameter {name!r}: {has}.")
    values = {name: p.checked(parameters.get(name, p.default)) for name, p in known.items()}
    return Kernel(found.make(**values), found.label, found.id, values)


def kernel(name: str, **parameters: float) -> NDArray[np.float64]:
    """Return the weights of a kernel of the catalogue, shape (rows, cols), float64.

    Raises
    ------
    ValueError
        If there is no such kernel or parameter, or a value is out of range.

    Examples
    --------
    >>> kernel("sobel-x").tolist()
    [[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]]
    >>> kernel("gaussian", size=9, sigma=1.5).shape
    (9, 9)
    """
    return make(name, **parameters).weights.copy()


def kernel_names() -> list[str]:
    """Return the identifiers of all kernels, families together.

    >>> kernel_names()[0]
    'sobel-x'
    """
    return [entry.id for entry in ENTRIES]


def search(text: str, family: str | None = None) -> list[Entry]:
    """Return the entries of a family, or of all, in which each word of the text occurs; those that it names come first.

    >>> [e.id for e in search("sobel")][:2]
    ['sobel-x', 'sobel-y']
    """
    words = text.lower().split()
    entries = [e for e in ENTRIES if family is None or e.family == family]
    named = [e for e in entries if all(word in f"{e.label} {e.id}".lower() for word in words)]
    told = [e for e in entries if e not in named and all(word in _words(e) for word in words)]
    if words:  # the plainest name first: Gaussian before its derivatives
        named.sort(key=lambda e: (not e.label.lower().startswith(words[0]), len(e.label)))
    return named + told


def _words(e: Entry) -> str:
    return f"{e.label} {e.id} {e.family} {e.tags} {e.text} {e.same_as}".lower()
