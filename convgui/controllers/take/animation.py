"""Export of an animation: the window draws frame after frame, a worker writes them as they come."""

from __future__ import annotations

import queue
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QSize, QTimer
from PySide6.QtGui import QImage, QPainter

from convgui.controllers.recipes import Written, carried_by
from convgui.controllers.take.animation_asking import AnimationAsking
from convgui.engine.strategies.tiles import Cancelled
from convgui.io.export.animation import ending_fault, save_animation
from convgui.io.export.carried import no_room
from convgui.views.kit.pixels import image_array
from convgui.views.kit.theme import GAP, ink
from convgui.views.take.animation_form import AnimationOptions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy as np
    from numpy.typing import NDArray
    from PySide6.QtWidgets import QWidget

    from convgui.controllers.canvas.motion import MotionController
    from convgui.controllers.context import Context
    from convgui.controllers.measure.probe import ProbeController
    from convgui.model.state import State
    from convgui.worker.runner import Token

AHEAD = 4
"""Frames that are drawn before they are written."""

BUSY = "An animation is being written: wait for it, or cancel it first."

PATIENCE_MS = 15
"""Milliseconds to wait when the writer cannot keep up."""


@dataclass(frozen=True, eq=False)
class AnimationExport:
    """Write frames that come through a queue, `count` of them, as the options say."""

    path: str
    count: int
    options: AnimationOptions
    state: State
    frames: queue.Queue[NDArray[np.uint8]] = field(default_factory=lambda: queue.Queue(AHEAD))

    def __call__(self, token: Token) -> Written:
        """Write them."""
        options = self.options
        frames = self._arriving(token)
        recipe = carried_by(self.state)
        save_animation(
            self.path, frames, 1 / options.speed, count=self.count, hold=options.hold, loop=options.loop, recipe=recipe
        )
        return Written(self.path, no_room(self.path, recipe))

    def _arriving(self, token: Token) -> Iterator[NDArray[np.uint8]]:
        for done in range(self.count):
            while True:
                if token.cancelled():
                    raise Cancelled
                try:
                    yield self.frames.get(timeout=0.1)
                    break
                except queue.Empty:
                    continue
            token.progress((done + 1) / self.count)


class AnimationController(QObject):
    """Asks for size and file, draws the frames, and hands them to the writer."""

    def __init__(self, context: Context, motion: MotionController, probe: ProbeController) -> None:
        super().__init__(context.window)
        self._context, self._motion, self._probe = context, motion, probe
        self._was: tuple[bool, tuple[int, int] | None] = False, None
        self._export: AnimationExport | None = None
        self._task = ""
        self._next, self._before = 0, 0
        self._frame = QSize()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._draw_next)

    def commands(self) -> dict[str, Callable[[], object]]:
        """Return what the actions do that are about animations."""
        return {
            "export_animation": self.ask,
        }

    def ask(self) -> None:
        """Ask for width, speed and place, with a preview, and begin."""
        if self._export is not None:
            self._context.tell_error(BUSY)
            return
        self._keep_place()
        if not self._motion.prepare():
            return
        self._set_plain(True)
        AnimationAsking(
            self._context,
            self._motion,
            size=self._size,
            frame=self.frame,
            write=self._begin,
            ended=self._closed,
        ).begin()

    def begin(self, path: str, width: int, speed: float) -> None:
        """Write the present sweep to a file, without holding its last frame."""
        self._begin(path, AnimationOptions(width, speed, 0.0))

    def _begin(self, path: str, options: AnimationOptions) -> None:
        if fault := ending_fault(path):
            self._context.tell_error(fault)
            return
        if self._export is not None:
            self._context.tell_error(BUSY)
            return
        self._keep_place()
        if not self._motion.prepare():
            return
        self._motion.leave_pin()
        self._export = AnimationExport(path, self._motion.count, options, self._context.state)
        self._next, self._before = 0, self._motion.position or 0
        self._frame = self._size(options.width)
        self._set_plain(True)
        self._task = self._context.tasks.begin(
            text="Writing the animation",
            request=self._export,
            done=self._context.tell_written,
            ended=self._end,
            at_once=True,
        )
        self._timer.start(0)

    def cancel(self) -> None:
        """Cancel; the file is removed."""
        if self._export is not None:
            self._context.tasks.cancel(self._task)

    def _draw_next(self) -> None:
        export = self._export
        if export is None or self._next >= export.count or self._motion.position is None:
            self._timer.stop()
            if export is not None and self._motion.position is None:
                self.cancel()
            return
        if self._motion.count != export.count:
            self.cancel()
            self._context.tell_error("The animation was left off: the picture was moved while it was written.")
            return
        if export.frames.full():
            self._timer.start(PATIENCE_MS)
            return
        self._motion.seek(self._next)
        if self._context.runner.busy("explanation"):  # each frame shows the numbers of its own cell
            self._timer.start(PATIENCE_MS)
            return
        export.frames.put(self.frame(self._frame))
        self._next += 1
        self._timer.start(0)

    def frame(self, size: QSize) -> NDArray[np.uint8]:
        """Return panes and arithmetic as a picture of that size, shape (rows, cols, 3), as large as they fit into it."""
        window = self._context.window
        parts: list[QWidget] = [window.pair, window.probe] if window.probe.isVisible() else [window.pair]
        image = QImage(size, QImage.Format.Format_RGB888)
        image.fill(ink("ground"))
        painter = QPainter(image)
        now = self._size(window.pair.width())
        scale = min(size.width() / now.width(), size.height() / now.height())
        top = 0
        for part in parts:
            painter.save()
            painter.scale(scale, scale)
            part.render(painter, QPoint(0, top))
            painter.restore()
            top += part.height() + GAP
        painter.end()
        return image_array(image)

    def _size(self, width: int) -> QSize:
        window = self._context.window
        high = window.pair.height() + (GAP + window.probe.height() if window.probe.isVisible() else 0)
        return QSize(width, round(high * width / window.pair.width()))

    def _set_plain(self, plain: bool) -> None:
        """Hide buttons and hints while frames are drawn."""
        self._context.window.probe.set_plain(plain)
        for pane in (*self._context.window.pair.panes, self._context.window.pair.brush):
            pane.set_plain(plain)

    def _keep_place(self) -> None:
        """Remember whether the kernel was on its way, and which cell was pinned, so that all is as it was afterwards."""
        self._was = self._motion.position is not None, self._probe.cell if self._probe.pinned else None

    def _put_back(self) -> None:
        moved, pinned = self._was
        if not moved:
            self._motion.stop()
        if pinned is not None:
            self._probe.pin(pinned)

    def _closed(self) -> None:
        self._set_plain(False)
        self._put_back()

    def _end(self) -> None:
        self._timer.stop()
        self._export = None
        self._motion.seek(self._before)
        self._set_plain(False)
        self._put_back()
