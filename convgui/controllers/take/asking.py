"""Asking for an export: its dialog, with a preview and a plan that follow what is chosen; both are made on a worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from convgui.controllers.take import names
from convgui.controllers.take.figures import Material, MaterialRequest
from convgui.controllers.take.plan import Place, PlanRequest
from convgui.controllers.take.requests import FigurePreviewRequest, Preview, PreviewRequest
from convgui.model import colouring
from convgui.views.take.export_dialog import ExportDialog
from convgui.views.take.figure_parts import GROUNDS, FigureOptions

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import QWidget

    from convgui.controllers.context import Context
    from convgui.engine.looking.statistics import Statistics
    from convgui.views.take.figure_form import FigureForm

    Formats = Sequence[tuple[str, str]]
    Write = Callable[["Asking", str, str], None]


class Asking(QObject):
    """One export that is asked for: of the document as it was when the dialog opened.

    Attributes
    ----------
    pixels : int
        Of each cell of a picture.
    options : FigureOptions
        How a figure is drawn.
    material : Material, optional
        What a figure shows, once it is computed.
    """

    def __init__(
        self,
        context: Context,
        kind: str,
        formats: Formats,
        write: Write,
        form: QWidget | None = None,
        *,
        pixels: int = 1,
    ) -> None:
        super().__init__(context.window)
        self.kind, self.state = kind, context.state
        self.pixels, self.options = pixels, FigureOptions()
        self.material: Material | None = None
        self._context, self._write = context, write
        self._known: tuple[Statistics, ...] = ()
        self._size = (1.0, 1.0)
        self._apart = False
        self._maps_of_grid: tuple[int, ...] = ()
        self._place = Place("", "")
        folder = names.start_folder(self.state, context.preferences)
        stem = names.stem(self.state, kind)
        self.dialog = ExportDialog(kind, formats, folder, stem, context.window, options=form, wide=kind == "figure")
        self.dialog.altered.connect(self._altered)
        self.dialog.accepted.connect(self._accepted)
        self.dialog.finished.connect(self._end)

    @property
    def maps(self) -> tuple[int, ...]:
        """Those of a grid of which each becomes a picture of its own."""
        return self._maps_of_grid if self._apart else ()

    def begin(self) -> None:
        """Open the dialog."""
        self._compute()
        self.dialog.open()
        self.dialog.explain()

    def set_pixels(self, pixels: int) -> None:
        """Write squares of so many pixels."""
        self.pixels = pixels
        self._plan()

    def set_apart(self, apart: bool) -> None:
        """Write a picture for each map of a grid, or one sheet."""
        self._apart = apart
        self._plan()

    def _compute(self) -> None:
        request = PreviewRequest(self.kind, self.state, colouring.look(self.state, self._context.dark))
        self._context.runner.submit("preview", request, self._show, self._context.tell_error)

    def _show(self, preview: Preview) -> None:
        self._known, self._size, self._maps_of_grid = preview.statistics, preview.size, preview.maps
        self.dialog.set_preview(preview.colours)
        self._plan()

    def _altered(self, extension: str, path: str, suggested: bool) -> None:
        self._place = Place(extension, path, suggested)
        self._plan()

    def _plan(self) -> None:
        dark = GROUNDS[self.options.ground].dark if self.kind == "figure" else self._context.dark
        request = PlanRequest(
            kind=self.kind,
            place=self._place,
            state=self.state,
            look=colouring.look(self.state, dark),
            statistics=self._known,
            pixels=self.pixels,
            options=self.options,
            size=self._size,
            maps=self.maps,
        )
        self._context.runner.submit("plan", request, self.dialog.set_plan, self._context.tell_error)

    def _accepted(self) -> None:
        path = self.dialog.path()
        names.remember(self.state, self._context.preferences, path)
        self._write(self, path, self.dialog.extension())

    def _end(self) -> None:
        self._context.runner.cancel("preview")
        self._context.runner.cancel("plan")
        self.dialog.deleteLater()
        self.deleteLater()


class FigureAsking(Asking):
    """A figure that is asked for: what it shows is computed once, and drawn anew with each choice."""

    def __init__(self, context: Context, formats: Formats, write: Write, form: FigureForm) -> None:
        super().__init__(context, "figure", formats, write, form)
        self._form = form
        self.options = form.options()
        form.chosen.connect(self._choose)

    def _compute(self) -> None:
        self._context.runner.submit("preview", MaterialRequest(self.state), self._keep, self._context.tell_error)

    def _keep(self, material: Material) -> None:
        self.material = material
        self._draw()

    def _choose(self, options: FigureOptions) -> None:
        self.options = options
        self._draw()
        self._plan()

    def _draw(self) -> None:
        if self.material is None:
            return
        request = FigurePreviewRequest(self.material, self.options, self.dialog.pixels())
        self._context.runner.submit("preview", request, self._show, self._context.tell_error)

    def _altered(self, extension: str, path: str, suggested: bool) -> None:
        self._form.set_vector(extension != ".png")
        super()._altered(extension, path, suggested)
