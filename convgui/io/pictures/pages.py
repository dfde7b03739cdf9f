"""Files that hold several pictures or arrays: which one is read, and what the others are called."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from convgui.io.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Sequence

NAMED = 8
"""Names that a sentence lists at most."""


class Chosen(NamedTuple):
    """What was read, and what there was.

    Attributes
    ----------
    place : int
        Counted from 0.
    labels : tuple of str
        Empty if there is only one.
    note : str
        A sentence if nobody had chosen and there are several.
    """

    place: int = 0
    labels: tuple[str, ...] = ()
    note: str = ""


def choose(name: str, labels: Sequence[str], page: int | str | None, first: int = 0, kind: str = "page") -> Chosen:
    """Find what is asked for.

    Parameters
    ----------
    name : str
        The file's name, for the sentence.
    labels : sequence of str
        What the file holds; a label begins with the name, and what it says of it follows a colon.
    page : int, str or None
        A number from 1, a name or a whole label; None for `first`.
    first : int
        What is read unless somebody asks, counted from 0.
    kind : str
        What the field calls one of them: page, frame, array.

    Raises
    ------
    FileError
        If there is no such one, with what there is.

    Examples
    --------
    >>> choose("a.npz", ["weights: 3 × 3", "bias: 4"], "bias").place
    1
    >>> choose("a.tif", ["Page 1", "Page 2"], 3)
    Traceback (most recent call last):
    convgui.io.errors.FileError: a.tif: has no page 3; there are 2: Page 1; Page 2.
    """
    several = tuple(labels) if len(labels) > 1 else ()
    if page is None:
        note = f"The first of several {kind}s was read." if several else ""
        if several and first:
            note = f"{labels[first]}, the first in full resolution, was read of {len(labels)} {kind}s."
        return Chosen(first, several, note)
    place = _place(labels, page)
    if place is None:
        listed = "; ".join(labels[:NAMED]) + ("; …" if len(labels) > NAMED else "")
        raise FileError(
            f"{name}: has no {kind} {page}; there {'is' if len(labels) == 1 else 'are'} {len(labels)}: {listed}."
        )
    return Chosen(place, several)


def _place(labels: Sequence[str], page: int | str) -> int | None:
    text = str(page).strip()
    for place, label in enumerate(labels):
        if text in (label, label.rsplit(": ", 1)[0]):
            return place
    if text.isdecimal() and 1 <= int(text) <= len(labels):
        return int(text) - 1
    return None
