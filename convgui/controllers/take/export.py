"""The exports and the copy to the clipboard: which is asked for, its dialog, and its task."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QGuiApplication, QImage

from convgui.controllers.take import names
from convgui.controllers.take.apart import PicturesExport
from convgui.controllers.take.asking import Asking, FigureAsking
from convgui.controllers.take.requests import ColoursRequest, FigureExport, NumbersExport, PictureExport
from convgui.io.export.formats import NUMBER_FORMATS, PICTURE_FORMATS
from convgui.model import colouring
from convgui.views.take.figure import FORMATS as FIGURE_FORMATS
from convgui.views.take.figure_form import FigureForm
from convgui.views.take.figure_parts import FigureOptions
from convgui.views.take.grid_form import GridForm
from convgui.views.take.picture_form import PictureForm

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from convgui.controllers.canvas.motion import MotionController
    from convgui.controllers.context import Context
    from convgui.controllers.measure.probe import ProbeController
    from convgui.controllers.take.figures import Material
    from convgui.model.requests import Look
    from convgui.model.state import State
    from convgui.worker.runner import Token

CELL = 32
"""Pixels of each cell that are suggested for the picture of a grid."""

SIDE = 8192
"""Pixels that the picture of a grid is wide and high at most."""


class ExportController:
    """The three exports and the copy to the clipboard."""

    def __init__(self, context: Context, probe: ProbeController, motion: MotionController) -> None:
        self._context, self._probe, self._motion = context, probe, motion

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
        """Ask for a place and write the activation, coloured; of a small grid each cell becomes a square."""
        if self._refuse():
            return
        state = self._context.state
        pixels, most = cell_pixels(state)
        form: GridForm | PictureForm | None = PictureForm(pixels, most) if most > 1 else None
        if state.way == "grid":
            form = GridForm(pixels, most)
        asking = Asking(self._context, "picture", PICTURE_FORMATS, self._write_asked, form, pixels=pixels)
        if form is not None:
            form.chosen.connect(asking.set_pixels)
        if isinstance(form, GridForm):
            form.apart_chosen.connect(asking.set_apart)
        asking.begin()

    def figure(self) -> None:
        """Ask for a place and write the figure, as it is chosen to be drawn."""
        if self._refuse():
            return
        state, shape = self._context.state, self._context.state.output_shape
        assert shape is not None
        cell, marked = self._cell()
        form = FigureForm(shape.rows, shape.cols, sequence=state.input.sequence)
        form.set_options(names.figure_options(self._context.preferences, cell if marked else None), cell)
        FigureAsking(self._context, FIGURE_FORMATS, self._write_asked, form).begin()

    def numbers(self) -> None:
        """Ask for a place and write the values."""
        if not self._refuse():
            Asking(self._context, "numbers", NUMBER_FORMATS, self._write_asked).begin()

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

        request = ColoursRequest(state, self._look(state), cell_pixels(state)[0])
        self._context.tasks.begin("Copying the picture", request, put)

    def _cell(self) -> tuple[tuple[int, int], bool]:
        """Return the cell that a figure can mark: the pinned one, or where the kernel is on its way; else the first one."""
        shape, cell = self._context.state.output_shape, self._probe.cell
        chosen = self._probe.pinned or self._motion.position is not None
        if cell is None or shape is None or not chosen or cell[0] >= shape.rows or cell[1] >= shape.cols:
            return (0, 0), False
        return cell, True

    # writing

    def _write_asked(self, asking: Asking, path: str, extension: str) -> None:
        if asking.kind == "figure":
            names.remember_figure(self._context.preferences, asking.options)
        self.write(
            "pictures" if asking.maps else asking.kind,
            extension,
            path,
            asking.state,
            pixels=asking.pixels,
            options=asking.options,
            material=asking.material,
            maps=asking.maps,
        )

    def write(
        self,
        kind: str,
        extension: str,
        path: str,
        state: State | None = None,
        *,
        pixels: int = 1,
        options: FigureOptions | None = None,
        material: Material | None = None,
        maps: tuple[int, ...] = (),
    ) -> None:
        """Write an export on a worker."""
        state = state or self._context.state
        look = self._look(state)
        requests: dict[str, Callable[[], Callable[[Token], Any]]] = {
            "picture": lambda: PictureExport(ColoursRequest(state, look, pixels), path),
            "pictures": lambda: PicturesExport(state, look, path, pixels, maps),
            "numbers": lambda: NumbersExport(state, path),
            "figure": lambda: FigureExport(state, options or FigureOptions(), path, extension, material),
        }
        self._context.tasks.begin(f"Exporting {Path(path).name}", requests[kind](), self._context.tell_written)

    def _look(self, state: State) -> Look:
        return colouring.look(state, self._context.dark)

    def _refuse(self) -> bool:
        state = self._context.state
        sentence = f"There is no activation to export. {state.why}" if state.why else _too_large(state)
        if sentence:
            self._context.tell_error(sentence)
        return bool(sentence)


LARGEST = 1_000_000_000
"""Bytes of the maps of a picture that is larger than memory, beyond which they are not exported as a whole."""


def _too_large(state: State) -> str:
    """Return why the maps cannot be exported as a whole, and what does it; empty if they can."""
    shape = state.output_shape
    if shape is None or not state.source.in_parts or 4 * shape.maps * shape.rows * shape.cols <= LARGEST:
        return ""
    return (
        f"The map of {shape.cols:,} × {shape.rows:,} is larger than memory: File, Run on many files, writes it piece by "
        "piece as TIFF, npy or zarr, and so does convgui apply."
    )


def cell_pixels(state: State) -> tuple[int, int]:
    """Return how many pixels are suggested for a cell of the map, and how many it may have: 1 where it is no small grid."""
    shape = state.output_shape
    if shape is None or not state.source.toy:
        return 1, 1
    most = max(min(SIDE // max(shape.rows, shape.cols), 256), 1)
    return min(CELL, most), most
