"""What a start of the window needs besides Qt: the document of a first start, and all modules that know no Qt."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from importlib import import_module

from convgui import assets
from convgui.engine.kernels import catalogue as catalog
from convgui.engine.layers.conv import Conv
from convgui.io.pictures.images import open_source
from convgui.model.state import State
from convgui.model.suit import usual_reading

BEFORE_QT = (
    *("engine.kernels.facts", "engine.kernels.response", "engine.numerals", "engine.patterns"),
    *("io.carrying", "io.digests", "io.export.tables", "io.kernels.shelf", "io.session_file", "io.settings", "io.several"),
    *("io.weights.files", "model.chains", "model.derive", "model.descend", "model.edits", "model.finding", "model.grids"),
    *("model.kernel_sheets", "model.motion", "model.resolve", "model.session", "model.texts", "model.thumbnails"),
    "trouble",
)
"""Modules from which all others that know no Qt are reached."""


def import_before_qt() -> None:
    """Import what knows no Qt, and read the first picture.

    PySide reads the source of each module that is imported after it.
    """
    for name in BEFORE_QT:
        import_module(f"convgui.{name}")
    first_state()


@cache
def first_state() -> State:
    """Return the document of a first start: the sample photo with Sobel x; all windows of a process share its pixels."""
    source = replace(open_source(str(assets.photo("coffee.webp"))), path="")
    layers = (Conv(catalog.make("sobel-x")),)
    return State(source, usual_reading(layers, source), layers)
