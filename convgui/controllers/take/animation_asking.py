"""Asking for an animation: its dialog, in which the kernel goes its way as it will, and what that makes, in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize
from PySide6.QtWidgets import QDialog

from convgui.controllers.take import names
from convgui.controllers.take.animation_preview import AnimationPreview
from convgui.controllers.take.plan import AnimationPlanRequest, Place
from convgui.io.export.animation import FORMATS
from convgui.model.motion import SPEEDS
from convgui.views.take.animation_form import AnimationForm, AnimationOptions
from convgui.views.take.export_dialog import ExportDialog

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from convgui.controllers.canvas.motion import MotionController
    from convgui.controllers.context import Context


class AnimationAsking(QObject):
    """One animation that is asked for.

    Parameters
    ----------
    size : callable
        Returns the size of a frame of some width.
    frame : callable
        Draws the present position at a size.
    write : callable
        Told path and options where it is to be written.
    ended : callable
        Called when the dialog is closed, before anything is written.
    """

    def __init__(
        self,
        context: Context,
        motion: MotionController,
        *,
        size: Callable[[int], QSize],
        frame: Callable[[QSize], NDArray[np.uint8]],
        write: Callable[[str, AnimationOptions], None],
        ended: Callable[[], None],
    ) -> None:
        super().__init__(context.window)
        self._context, self._motion, self._state = context, motion, context.state
        self._size, self._frame, self._write, self._ended = size, frame, write, ended
        self._before = motion.position or 0
        self._place = Place("", "")
        form = AnimationForm(SPEEDS, motion.speed)
        self._options = form.options()
        folder, stem = names.start_folder(self._state, context.preferences), names.stem(self._state, "animation")
        self.dialog = ExportDialog("animation", list(FORMATS.items()), folder, stem, context.window, options=form, wide=True)
        self._preview = AnimationPreview(
            motion, self._draw, self.dialog.set_preview, lambda: context.runner.busy("explanation"), self
        )
        form.chosen.connect(self._choose)
        self.dialog.altered.connect(self._altered)
        self.dialog.finished.connect(self._end)

    def begin(self) -> None:
        """Open the dialog."""
        self.dialog.open()
        self.dialog.explain()
        self._preview.play(self._options)

    def _choose(self, options: AnimationOptions) -> None:
        self._options = options
        self._preview.play(options)
        self._plan()

    def _altered(self, extension: str, path: str, suggested: bool) -> None:
        self._place = Place(extension, path, suggested)
        self._plan()

    def _plan(self) -> None:
        options, count = self._options, self._motion.count
        size, seconds = self._size(options.width), count / options.speed + options.hold
        sentence = f"{count} frames of {size.width()} × {size.height()} pixels, {seconds:.1f} s."
        request = AnimationPlanRequest(self._place, sentence)
        self._context.runner.submit("plan", request, self.dialog.set_plan, self._context.tell_error)

    def _draw(self) -> NDArray[np.uint8]:
        """Return the present frame as large as it fits into the dialog."""
        wide, high = self.dialog.pixels()
        size = self._size(wide)
        return self._frame(size if size.height() <= high else QSize(round(wide * high / size.height()), high))

    def _end(self, result: int) -> None:
        """Put everything back, and then write if that is wanted."""
        self._preview.stop()
        self._context.runner.cancel("plan")
        self._motion.seek(self._before)
        self._ended()
        if result == QDialog.DialogCode.Accepted:
            names.remember(self._state, self._context.preferences, self.dialog.path())
            self._write(self.dialog.path(), self._options)
        self.dialog.deleteLater()
        self.deleteLater()
