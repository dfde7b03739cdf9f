"""The preview of an animation: the kernel goes its way, and the dialog shows the frames at their pace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QObject, QTimer

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from convgui.controllers.canvas.motion import MotionController
    from convgui.views.take.animation_form import AnimationOptions

TICK_MS = 40
"""Milliseconds between two looks at the clock; of quicker animations not every frame is drawn."""


def frame_at(seconds: float, count: int, options: AnimationOptions) -> int | None:
    """Return the frame that is seen after some seconds, None where it has come to its end.

    >>> from convgui.views.take.animation_form import AnimationOptions
    >>> [frame_at(t, 4, AnimationOptions(speed=2.0, hold=1.0)) for t in (0.0, 1.6, 2.4, 3.1)]
    [0, 3, 3, 0]
    >>> frame_at(3.1, 4, AnimationOptions(speed=2.0, hold=1.0, loop=False)) is None
    True
    """
    whole = count / options.speed + options.hold
    if seconds >= whole and not options.loop:
        return None
    return min(int(seconds % whole * options.speed), count - 1)


class AnimationPreview(QObject):
    """Goes through the positions at the pace of the animation; `draw` makes a frame, `show` is told each."""

    def __init__(
        self,
        motion: MotionController,
        draw: Callable[[], NDArray[np.uint8]],
        show: Callable[[NDArray[np.uint8]], None],
        waiting: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._motion, self._draw, self._show, self._waiting = motion, draw, show, waiting
        self._options: AnimationOptions | None = None
        self._at = -1
        self._clock = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tick)

    def play(self, options: AnimationOptions) -> None:
        """Begin anew with these options."""
        self._options, self._at = options, -1
        self._clock.start()
        self._timer.start(TICK_MS)
        self._tick()

    def stop(self) -> None:
        """Stand still."""
        self._timer.stop()

    def _tick(self) -> None:
        if self._options is None or self._motion.position is None:
            self.stop()
            return
        frame = frame_at(self._clock.elapsed() / 1000, self._motion.count, self._options)
        if frame is None:
            self.stop()
            frame = self._motion.count - 1
        if frame != self._at:
            self._motion.seek(frame)
            if self._waiting():  # the numbers of this cell are still on their way: it is drawn with the next tick
                return
            self._at = frame
            self._show(self._draw())
