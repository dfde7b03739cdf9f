"""The schema of a recipe's file: reading, layers, display and source, of which types and between which bounds."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from convgui import assets
from convgui.engine.checks import limits_fault, reading_fault
from convgui.engine.layers.arguments import LARGEST_COUNT
from convgui.engine.looking.limits import Limits
from convgui.engine.looking.many import ALL, USUAL_STRENGTH, Many
from convgui.engine.reading import Reading
from convgui.io.recipe_arrays import Number, Row
from convgui.io.recipe_layers import Cells, Counts, Name, Word, frozen, plain
from convgui.io.strict_json import fit, lower_first, shown

USUAL = Many()
"""How several maps are looked at unless somebody says otherwise."""


class StoredReading(msgspec.Struct, forbid_unknown_fields=True):
    """How stored numbers become the first planes."""

    colour: Word
    matrix: list[Row] = []
    offset: list[Number] = []
    size: Any = None  # null, or rows and columns
    factor: Any = None  # null, or a number
    fit: Word = "stretch"
    filter: Word = "bilinear"


class StoredLimits(msgspec.Struct, forbid_unknown_fields=True):
    """The rule for the ends of the colour map."""

    mode: Word = "auto"
    percent: Number = 99.5
    low: Number = -1.0
    high: Number = 1.0


class StoredMany(msgspec.Struct, forbid_unknown_fields=True):
    """How several maps are looked at together."""

    way: Word = "one"
    order: Word = "index"
    shared: bool = True
    together: Word = "mean"
    overlay: bool = False
    strength: Number = USUAL_STRENGTH
    topk: Annotated[int, Meta(ge=ALL, lt=LARGEST_COUNT)] = ALL


class StoredDisplay(msgspec.Struct, forbid_unknown_fields=True):
    """How the map is looked at, and beside it what the layer reads."""

    colours: Word = "auto"
    limits: StoredLimits = msgspec.field(default_factory=StoredLimits)
    map: Annotated[int, Meta(ge=0, lt=LARGEST_COUNT)] = 0
    below: Any = None  # null, or the number of a map
    photo: bool = False
    many: StoredMany = msgspec.field(default_factory=StoredMany)


class StoredSource(msgspec.Struct):
    """What the recipe was made on; more may stand there, since nothing is computed from it."""

    name: Name = ""
    shape: Annotated[list[int], Meta(max_length=8)] = []
    dtype: Word = ""
    scale: float = 1.0
    sha256: Word = ""


class StoredRecipe(msgspec.Struct, forbid_unknown_fields=True):
    """The whole file."""

    format: str
    version: int
    reading: StoredReading
    layers: Annotated[list[Any], Meta(min_length=1)]
    looked: Cells
    display: StoredDisplay = msgspec.field(default_factory=StoredDisplay)
    source: dict[str, Any] = {}


def reading_from(stored: StoredReading) -> Reading:
    """Return a reading; ValueError with one sentence on what is wrong and where."""
    size = None if stored.size is None else frozen(fit(stored.size, Counts, "reading.size"))
    try:
        factor = None if stored.factor is None else fit(stored.factor, Number, "reading.factor")
        mixed = frozen(stored.matrix), frozen(stored.offset)
        reading = Reading(stored.colour, *mixed, size, factor, stored.fit, stored.filter)
    except ValueError as error:
        raise ValueError(f"reading: {lower_first(str(error))}") from error
    if fault := reading_fault(reading):
        raise ValueError(f"reading: {lower_first(fault)}")
    return reading


def reading_to(reading: Reading) -> dict[str, Any]:
    """Return a reading as it is stored; how it is sized only where it is."""
    sized = reading.size is not None or reading.factor is not None
    names = ("colour", "matrix", "offset", "size", *(("factor", "fit", "filter") if sized else ()))
    return {name: plain(getattr(reading, name)) for name in names}


def display_from(stored: StoredDisplay) -> dict[str, Any]:
    """Return colours, limits, map, below, photo and many; ValueError with one sentence on what is wrong and where."""
    known = ("auto", *assets.SIGNED, *assets.SEQUENTIAL)
    if stored.colours not in known:
        raise ValueError(f"display.colours: expected one of {', '.join(known)}, received {shown(stored.colours)}.")
    rule = stored.limits
    try:
        limits = Limits(rule.mode, rule.percent, rule.low, rule.high)
    except ValueError as error:
        raise ValueError(f"display.limits: {lower_first(str(error))}") from error
    if fault := limits_fault(limits):
        raise ValueError(f"display.limits: {lower_first(fault)}")
    below = None if stored.below is None else fit(stored.below, Cells, "display.below")
    try:
        many = Many(**msgspec.structs.asdict(stored.many))
    except ValueError as error:
        raise ValueError(f"display.many: {lower_first(str(error))}") from error
    chosen = {"colours": stored.colours, "limits": limits, "map": stored.map}
    return {**chosen, "below": below, "photo": stored.photo, "many": many}


def display_to(colours: str, limits: Limits, map: int, below: int | None, photo: bool, many: Many = USUAL) -> dict[str, Any]:
    """Return the display as it is stored; what says nothing is left out."""
    document: dict[str, Any] = {"colours": colours, "limits": asdict(limits), "map": map}
    if below is not None:
        document["below"] = below
    if photo:
        document["photo"] = True
    if many == USUAL:
        return document
    looked = asdict(many)
    for name in ("strength", "topk"):  # which former versions do not know
        if looked[name] == getattr(USUAL, name):
            del looked[name]
    return {**document, "many": looked}
