"""What the network sees: the reading of the document as fields, both ways, and pictures of what comes out of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from convgui.engine.layers.resize import METHODS
from convgui.engine.reading import FITS, Reading
from convgui.model.preparation import PRESETS, Preparation, PreparedRequest, outside, preset_of, trained_on
from convgui.model.texts import size_text
from convgui.views.layers.values import LayerField, LayerSettings
from convgui.worker.activity import Delay

if TYPE_CHECKING:
    from collections.abc import Iterable

    from convgui.controllers.context import Context
    from convgui.engine.network import Chain
    from convgui.engine.source import Source
    from convgui.model.state import State

LANE = "prepared"

REST_MS = 120
"""Milliseconds without a change after which the pictures are made."""

SIZES = (
    ("as it is", "as it is", "The photo as it is stored: for networks that take any size."),
    ("factor", "by a factor", "Rows and columns times a number; ends are cut off as int() does it."),
    ("stretch", "stretch", "To so many rows and columns, whatever the proportions."),
    ("crop", "crop", "To so many rows and columns; what is too much at the sides is cut off."),
    ("letterbox", "letterbox", "To so many rows and columns; what is missing at the sides is 0."),
)

FILTER_TIPS = {
    "nearest": "ONNX's: the nearest cell.",
    "bilinear": "ONNX's: two cells along each axis, however small it gets.",
}

MOST = 9999


class PrepareController(QObject):
    """Connects the reading and its form."""

    def __init__(self, context: Context) -> None:
        super().__init__(context.window)
        self._context, self._form, self._dock = context, context.window.prepare, context.window.docks["prepare"]
        self._shown: Chain | None = None
        self._later = Delay(context.activity, REST_MS, self._draw, self)
        self._form.changed.connect(self._set)
        context.afterwards.changed(lambda old, new: self._show(new))
        self._dock.seen_changed.connect(lambda seen: self._show(context.state))
        self._show_fields(context.state)  # the panel is about to be opened: then it is as high as its fields

    def _set(self, name: str, value: Any) -> None:
        state = self._context.state
        try:
            reading = edited(state.reading, name, value, state.source, trained_on(state, self._context.trained))
        except ValueError as error:
            self._context.tell_error(error)
            self._show(state)
            return
        if reading != state.reading:
            self._context.session.update("what the network sees", reading=reading)

    def _show(self, state: State) -> None:
        if not self._dock.seen():  # a closed panel costs nothing
            self._later.stop()
        elif not self._show_fields(state):
            self._shown = None
            self._later.stop()
            self._context.runner.cancel(LANE)
            self._form.pictures.set_pictures(())
        elif self._shown is None or (self._shown.source, self._shown.reading) != (state.source, state.reading):
            self._later.start()

    def _show_fields(self, state: State) -> bool:
        """Show the reading, and return whether it fits the source."""
        trained = trained_on(state, self._context.trained)
        fault = state.fault
        shape = None if fault is not None and fault.layer == 0 else state.chain.shape(0)
        detail = "does not fit" if shape is None else f"{size_text(shape.rows, shape.cols, state.source.toy)} × {shape.maps}"
        fields = tuple(fields_of(state.reading, state.source, trained))
        self._form.set_settings(LayerSettings(0, "What the network sees", detail, "", fields))
        self._form.set_warning(outside(state.reading, trained, state.source))
        return shape is not None

    def _draw(self) -> None:
        chain = self._context.state.chain.upto(0)
        self._shown = chain
        self._context.runner.submit(LANE, PreparedRequest(chain), self._form.pictures.set_pictures, self._context.tell_error)


def fields_of(reading: Reading, source: Source, trained: Reading | None) -> Iterable[LayerField]:
    """Return the fields for a reading; `trained` is what the file of the weights asks for, where it says so."""
    channels, found = source.channels, Preparation.of(reading, source.channels)
    chosen = preset_of(reading, channels)
    options = [(name, text, tip) for name, (text, tip, _) in PRESETS.items() if channels == 3]
    if trained is not None:
        options.insert(0, ("file", "from the file", "As the file of the weights says."))
        chosen = "file" if replace(reading, size=None, factor=None) == replace(trained, size=None, factor=None) else chosen
    options.append(("brightness", "brightness", "One plane: 0.299 red + 0.587 green + 0.114 blue."))
    options += [(chosen, chosen, "Other numbers.")] if chosen not in [name for name, _, _ in options] else []
    yield LayerField("read_preset", "Preset", "choice", chosen, options=tuple(options))
    if found is not None:
        if channels == 3:
            order = "BGR" if found.reversed else "RGB"
            yield LayerField("read_order", "Order", "choice", order, options=(("RGB", "RGB", ""), ("BGR", "BGR", "")))
        full = "bytes, 0 to 255" if found.full == 255 else "0 to 1"
        counts = (1, channels)
        yield LayerField("read_mean", "Mean", "numbers", _short(found.mean), counts=counts, tip=f"Taken away: {full}.")
        yield LayerField("read_divide", "Divide", "numbers", _short(found.divide), counts=counts, tip=f"Divided by: {full}.")
    how = "factor" if reading.factor is not None else "as it is" if reading.size is None else reading.fit
    yield LayerField("read_size", "Size", "choice", how, options=SIZES)
    if reading.factor is not None:
        yield LayerField("read_factor", "Factor", "number", reading.factor, 1e-3, 100.0, step=0.05)
    elif reading.size is not None:
        size = float(reading.size[0]), float(reading.size[1])
        yield LayerField("read_cells", "Rows, columns", "pair", size, 1, MOST)
    if how != "as it is":
        filters = tuple((name, name, FILTER_TIPS.get(name, f"Pillow's {name}.")) for name in METHODS)
        yield LayerField("read_filter", "Filter", "choice", reading.filter, options=filters)


def _short(values: tuple[float, ...]) -> tuple[float, ...]:
    return values[:1] if len(set(values)) == 1 else values


def edited(reading: Reading, name: str, value: Any, source: Source, trained: Reading | None) -> Reading:
    """Return the reading with one field set; ValueError if it cannot have that value."""
    if name == "read_preset":
        return _preset(reading, value, trained)
    if name == "read_size":
        return _sized(reading, value, source)
    if name == "read_factor":
        return replace(reading, factor=float(value))
    if name == "read_cells":
        return replace(reading, size=(int(value[0]), int(value[1])))
    if name == "read_filter":
        return replace(reading, filter=value)
    found = Preparation.of(reading, source.channels)
    if found is None:
        raise ValueError("Expected planes that are channels, received mixed ones: choose a preset first.")
    if name == "read_order":
        return replace(found, reversed=value == "BGR").reading(reading)
    values = tuple(value) * (source.channels if len(value) == 1 else 1)
    if name == "read_divide" and not all(v > 0 for v in values):
        raise ValueError(f"Expected numbers above 0 to divide by, received {min(values):g}.")
    changed = replace(found, mean=values) if name == "read_mean" else replace(found, divide=values)
    return changed.reading(reading)


def _preset(reading: Reading, name: str, trained: Reading | None) -> Reading:
    if name == "file" and trained is not None:
        return replace(reading, colour=trained.colour, matrix=trained.matrix, offset=trained.offset)
    if name == "brightness":
        return replace(reading, colour="luminance", matrix=(), offset=())
    return PRESETS[name][2].reading(reading) if name in PRESETS else reading


def _sized(reading: Reading, how: str, source: Source) -> Reading:
    pillow = reading.filter if reading.size is not None or reading.factor is not None else "BILINEAR"
    if how == "as it is":
        return replace(reading, size=None, factor=None, fit="stretch")
    if how == "factor":
        return replace(reading, size=None, factor=0.5, fit="stretch", filter=pillow)
    assert how in FITS
    size = reading.size or (min(source.rows, 224), min(source.cols, 224))
    return replace(reading, size=size, factor=None, fit=how, filter=pillow)
