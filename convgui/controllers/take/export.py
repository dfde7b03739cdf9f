"""Taking away: picture, figure and numbers, each explained before it is written, written by a worker at full resolution."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtGui import QGuiApplication, QImage

from convgui.engine.looking.colours import picture
from convgui.engine.looking.limits import limits_of
from convgui.engine.looking.statistics import statistics_of_map
from convgui.engine.network import evaluate
from convgui.engine.shown import apart, number
from convgui.engine.source import mix_plane
from convgui.engine.strategies.tiles import Window
from convgui.io.atomic import write_atomically
from convgui.io.export.formats import (
    NUMBER_FORMATS,
    PICTURE_FORMATS,
    describe_export,
    number_paths,
    save_numbers,
    save_picture,
)
from convgui.model import derive
from convgui.views.take.export_dialog import ExportDialog, Plan
from convgui.views.take.figure import FORMATS as FIGURE_FORMATS
from convgui.views.take.figure import PNG_SCALE, Figure, page_size

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from convgui.controllers.context import Context
    from convgui.engine.looking.statistics import Statistics
    from convgui.model.requests import Look
    from convgui.model.state import State
    from convgui.worker.runner import Token

FIGURE_PIXELS = 1260
"""Pixels of the longer side of a picture inside a figure: what its panel has room for in a PNG."""

FIGURE_CELLS = 16
"""Rows and columns up to which a figure shows each cell with its number."""

NAMELESS = "Give the file a name."


def all_values(state: State, token: Token, only: int | None = None) -> NDArray[np.float32]:
    """Return all maps, or one of them, at full resolution."""
    return evaluate(state.layers, state.source, map=only, cancelled=token.cancelled, progress=token.progress)


@dataclass(frozen=True, eq=False)
class MapsRequest:
    """All maps at full resolution, and of each what is known."""

    state: State
    only: int | None = None

    def __call__(self, token: Token) -> tuple[NDArray[np.float32], list[Statistics]]:
        """Compute them."""
        maps = all_values(self.state, token, self.only)
        return maps, [statistics_of_map(values) for values in maps]  # the window's limits, to the last bit


@dataclass(frozen=True, eq=False)
class PictureExport:
    """Colour the shown map at full resolution and write it, or return it where there is no path."""

    state: State
    look: Look
    path: str = ""

    def __call__(self, token: Token) -> NDArray[np.uint8]:
        """Compute and write it."""
        maps, known = MapsRequest(self.state, derive.shown_map(self.state))(token)
        colours, _ = self.look.apply(maps[0], known[0])
        if self.path:
            save_picture(self.path, colours, token.cancelled)
        return colours


@dataclass(frozen=True, eq=False)
class NumbersExport:
    """Write the values of all maps."""

    state: State
    path: str

    def __call__(self, token: Token) -> str:
        """Compute and write them."""
        save_numbers(self.path, all_values(self.state, token), describe(self.state), token.cancelled)
        return self.path


@dataclass(frozen=True, eq=False)
class FigureExport:
    """Draw the figure and write it."""

    state: State
    look: Look
    dark: bool
    path: str
    extension: str

    def __call__(self, token: Token) -> str:
        """Compute, draw and write it."""
        maps, known = MapsRequest(self.state, derive.shown_map(self.state))(token)
        data = figure(self.state, self.look, maps[0], known[0], self.dark).encoded(self.extension)
        write_atomically(self.path, lambda file: file.write(data), token.cancelled)
        return self.path


def describe(state: State) -> dict[str, str]:
    """Return what belongs to numbers so that they can be made again."""
    layer = state.layer
    return {
        "source": state.source.name,
        "kernel": layer.kernel.name,
        "weights": str(layer.kernel.weights.tolist()),
        "padding": str(layer.padding),
        "border": layer.border,
        "constant": str(layer.constant),
        "stride": str(list(layer.stride)),
        "dilation": str(list(layer.dilation)),
        "bias": str(list(layer.bias)),
        "activation": layer.activation,
        "flip": str(layer.flip),
        "colour": layer.colour,
        "scale": repr(state.source.scale),
        "software": "convgui",
    }


def figure(state: State, look: Look, values: NDArray[np.float32], known: Statistics, dark: bool) -> Figure:
    """Return the figure of a map."""
    source = state.source
    step = max(-(-max(source.rows, source.cols) // FIGURE_PIXELS), 1)
    shown = picture(source, Window(0, 0, source.rows, source.cols), step, *derive.stored_range(source))
    reduced = values if step == 1 else _strongest(values, step)
    colours, limits = look.apply(reduced, known)
    small = max(*values.shape, source.rows, source.cols) <= FIGURE_CELLS
    kernel = state.kernel
    rows, cols = kernel.size
    return Figure(
        input=shown,
        map=colours,
        weights=kernel.weights,
        kernel_table=derive.signed_table(dark),
        table=look.table(known, limits),
        limits=limits,
        captions=(
            ("Input", derive.source_text(state)),
            (
                kernel.name,
                f"{rows} × {cols}, sum {number(float(kernel.weights.sum()))}{', turned' if state.layer.flip else ''}",
            ),
            ("Activation", _operation_text(state, values, known)),
        ),
        input_values=mix_plane(source.cube, derive.input_mix(state)) if small else None,
        map_values=values if small else None,
    )


def _strongest(values: NDArray[np.float32], step: int) -> NDArray[np.float32]:
    from convgui.engine.network import keep_strongest

    out = np.empty((1, -(-values.shape[0] // step), -(-values.shape[1] // step)), np.float32)
    keep_strongest(np.ascontiguousarray(values)[None], out, 0, 0, step)
    return out[0]


def _operation_text(state: State, values: NDArray[np.float32], known: Statistics) -> str:
    layer = state.layer
    parts = [
        f"{values.shape[1]} × {values.shape[0]}",
        " … ".join(apart([known.low, known.high])),
        f"padding {layer.padding}",
    ]
    if layer.padding != "valid":
        parts.append(f"border {layer.border}")
    parts += [f"stride {max(layer.stride)}"] if max(layer.stride) > 1 else []
    parts += [f"dilation {max(layer.dilation)}"] if max(layer.dilation) > 1 else []
    parts += [f"bias {number(layer.bias[0])}"] if layer.bias[0] else []
    parts += [layer.activation] if layer.activation != "linear" else []
    return " · ".join(parts)


class ExportController:
    """The three exports and the copy to the clipboard."""

    def __init__(self, context: Context) -> None:
        self._context = context

    # the commands

    def commands(self) -> dict[str, Callable[[], object]]:
        """Return what the actions do that take the activation away."""
        return {
            "export_picture": self.picture,
            "export_figure": self.figure,
            "export_numbers": self.numbers,
            "copy_picture": self.copy,
        }

    def picture(self) -> None:
        """Ask for a place and write the activation, coloured."""
        self._open("picture", PICTURE_FORMATS)

    def figure(self) -> None:
        """Ask for a place and write the figure."""
        self._open("figure", FIGURE_FORMATS)

    def numbers(self) -> None:
        """Ask for a place and write the values."""
        self._open("numbers", NUMBER_FORMATS)

    def copy(self) -> None:
        """Put the activation, coloured, on the clipboard."""
        if self._refuse():
            return
        state = self._context.state

        def put(colours: NDArray[np.uint8]) -> None:
            rows, cols, _ = colours.shape
            image = QImage(colours.data, cols, rows, cols * 3, QImage.Format.Format_RGB888).copy()
            QGuiApplication.clipboard().setImage(image)
            self._context.succeeded(f"Picture copied, {cols} × {rows}")

        self._context.tasks.begin("Copying the picture", PictureExport(state, self._look(state)), put)

    # the dialog

    def _open(self, kind: str, formats: list[tuple[str, str]] | tuple[tuple[str, str], ...]) -> None:
        if self._refuse():
            return
        context, state = self._context, self._context.state
        folder = str(context.preferences.get("export_folder") or context.preferences.get("folder") or Path.home())
        words = [Path(state.source.name).stem, state.kernel.entry or "custom", *(["figure"] if kind == "figure" else [])]
        stem = "-".join(words).replace(" ", "-").lower()
        dialog = ExportDialog(kind, list(formats), folder, stem, context.window)
        known: list[Statistics] = []

        def explain(extension: str, path: str) -> None:
            dialog.set_plan(self._plan(kind, extension, path, state, known))

        def show(result: tuple[NDArray[np.float32], list[Statistics]]) -> None:
            maps, statistics = result
            known[:] = statistics
            look = self._look(state)
            if kind == "figure":
                image = figure(state, look, maps[0], statistics[0], context.dark).image(0.5)
                dialog.set_preview(_rgb(image))
            else:
                dialog.set_preview(_small(maps[0], statistics[0], look))
            dialog.explain()

        dialog.altered.connect(explain)
        dialog.accepted.connect(lambda: self._write(kind, dialog.extension(), dialog.path(), state))
        dialog.finished.connect(lambda _: context.runner.cancel("preview"))
        dialog.finished.connect(dialog.deleteLater)
        only = None if kind == "numbers" else derive.shown_map(state)
        context.runner.submit("preview", MapsRequest(state, only), show, context.tell_error)
        dialog.open()
        dialog.explain()

    def _plan(self, kind: str, extension: str, path: str, state: State, statistics: list[Statistics]) -> Plan:
        shape = derive.output_shape(state)
        assert shape is not None
        target = Path(path)
        low, high = self._limits(kind, state, statistics)
        known = statistics[0] if statistics else None
        if known is None:
            sentence = "Computing the range …"
        elif kind == "figure":
            width, height = self._figure_size(state, extension)
            kind_of = dict(FIGURE_FORMATS)[extension].split(",")[0]
            sentence = f"{kind_of}, {width}, {height}, colours from {' to '.join(apart([low, high]))}."
        else:
            sentence = describe_export(kind, extension, shape if kind == "numbers" else (1, *shape[1:]), low, high)
        targets = number_paths(target, shape[0]) if kind == "numbers" and target.name else [target]
        existing = [t.name for t in targets if t.is_file()]
        named = not path.endswith(os.sep)
        warning, possible = self._warning(kind, extension, target, existing, statistics) if named else (NAMELESS, False)
        button = "Replace" if existing else "Export"
        return Plan(sentence, warning, possible and known is not None, button)

    def _limits(self, kind: str, state: State, statistics: list[Statistics]) -> tuple[float, float]:
        if not statistics:
            return 0.0, 1.0
        if kind == "numbers":
            return min(known.low for known in statistics), max(known.high for known in statistics)
        look = self._look(state)
        return limits_of(look.rule, statistics[0], look.picture)

    def _figure_size(self, state: State, extension: str) -> tuple[str, str]:
        shape = derive.output_shape(state)
        assert shape is not None
        size = page_size((state.source.rows, state.source.cols), shape[1:])
        if extension == ".png":
            return f"{size.width() * PNG_SCALE:.0f} × {size.height() * PNG_SCALE:.0f} pixels", "8-bit RGB"
        return f"{size.width():.0f} × {size.height():.0f} points", "vector"

    def _warning(
        self, kind: str, extension: str, target: Path, existing: list[str], statistics: list[Statistics]
    ) -> tuple[str, bool]:
        if not target.name or target.name.startswith("."):
            return NAMELESS, False
        if not target.suffix or target.suffix.lower() != extension.lower()[-len(target.suffix) :]:
            return f"The name should end in {extension}, so that other programs know the format.", True
        if not target.parent.is_dir():
            return f"There is no folder {target.parent}.", False
        if not os.access(target.parent, os.W_OK):
            return f"The folder {target.parent} cannot be written to; choose another one.", False
        if target.is_dir():
            return f"{target.name} is a folder; choose another name.", False
        if (
            kind == "numbers"
            and any(known.other for known in statistics)
            and "16" in dict(NUMBER_FORMATS).get(extension, "")
        ):
            return "The map has values that are not finite, which 16-bit PNG cannot hold; choose another format.", False
        if existing:
            return f"{' and '.join(existing)} {'exists' if len(existing) == 1 else 'exist'} and will be replaced.", True
        return "", True

    # writing

    def _write(self, kind: str, extension: str, path: str, state: State) -> None:
        self._context.preferences["export_folder"] = str(Path(path).parent)
        self.write(kind, extension, path, state)

    def write(self, kind: str, extension: str, path: str, state: State | None = None) -> None:
        """Write an export on a worker."""
        state = state or self._context.state
        look = self._look(state)
        requests: dict[str, Callable[[], Callable[[Token], Any]]] = {
            "picture": lambda: PictureExport(state, look, path),
            "numbers": lambda: NumbersExport(state, path),
            "figure": lambda: FigureExport(state, look, self._context.dark, path, extension),
        }
        note = self._context.succeeded
        self._context.tasks.begin(f"Exporting {Path(path).name}", requests[kind](), lambda _: note(f"Exported {path}"))

    def _look(self, state: State) -> Look:
        return derive.look(state, self._context.dark)

    def _refuse(self) -> bool:
        sentence = derive.fault(self._context.state)
        if sentence:
            self._context.tell_error(f"There is no activation to export. {sentence}")
        return bool(sentence)


def _small(values: NDArray[np.float32], known: Statistics, look: Look) -> NDArray[np.uint8]:
    """Return the coloured map, reduced for a preview."""
    step = max(max(values.shape) // 500, 1)
    return look.apply(_strongest(values, step) if step > 1 else values, known)[0]


def _rgb(image: QImage) -> NDArray[np.uint8]:
    from convgui.controllers.files.source import image_array

    return image_array(image)
