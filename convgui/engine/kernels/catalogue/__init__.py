"""The catalogue: kernels by name, with their families, parameters and what they do. Named data, one file a family."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from convgui.engine.kernels.catalogue import basics, blur, edges, lines, points, sequences, sharpen, texture
from convgui.engine.kernels.catalogue.entry import Entry, Parameter
from convgui.engine.kernels.catalogue.everyday import ids_of
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
    """Return the entries of a family, or of all, that fit a text: those that it names first, then those that answer it.

    Words are everyday words, too, and in any number; where no entry fits all of them, those that fit most are returned.

    >>> [e.id for e in search("sobel")][:2]
    ['sobel-x', 'sobel-y']
    >>> search("text strokes")[0].id
    'ridge'
    """
    words = [_stem(word) for word in text.lower().split() if word not in LEFT_OUT] or text.lower().split()
    entries = [e for e in ENTRIES if family is None or e.family == family]
    if not words:
        return entries
    found = [e for e in entries if all(_fits(word, e) for word in words)]
    if not found:
        fitting = {e.id: sum(_begins(word, e) for word in words) for e in entries}
        most = max(fitting.values(), default=0)
        found = [e for e in entries if most and 2 * most >= len(words) and fitting[e.id] == most]
    found.sort(key=lambda e: _place(e, words))
    return found


LEFT_OUT = ("a", "an", "and", "for", "in", "of", "on", "the", "to", "with", "find", "detect")
"""Words that say nothing about a kernel."""

ENDINGS = (("ies", "y"), ("sses", "ss"), ("ches", "ch"), ("shes", "sh"), ("s", ""))


def _stem(word: str) -> str:
    """Return a word in the singular.

    >>> [_stem(word) for word in ("edges", "bodies", "scratches", "glass", "x")]
    ['edge', 'body', 'scratch', 'glass', 'x']
    """
    for ending, end in ENDINGS:
        if len(word) > len(ending) + 2 and word.endswith(ending) and not word.endswith(("ss", "us", "is")):
            return word.removesuffix(ending) + end
    return word


def _told(e: Entry) -> str:
    return f"{e.label} {e.id} {e.family} {e.tags} {e.text} {e.same_as}".lower()


def _fits(word: str, e: Entry) -> bool:
    return word in _told(e) or e.id in ids_of(word)


def _begins(word: str, e: Entry) -> bool:
    """Whether a word of some length begins one that is said of an entry."""
    return len(word) > 2 and (f" {word}" in f" {_told(e)}" or e.id in ids_of(word))


def _place(e: Entry, words: list[str]) -> tuple[object, ...]:
    """Return by what the entries that fit are put in order: the plainest name first, Gaussian before its derivatives."""
    name = f"{e.label} {e.id}".lower()
    named = all(word in name for word in words)
    everyday = [ids_of(word).index(e.id) for word in words if e.id in ids_of(word)]
    first = not e.label.lower().startswith(words[0])
    return (not named, first if named else False, len(e.label) if named else 0, min(everyday, default=99))
