"""Motion: slides the kernel over the input, output by output, while the map fills."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from convgui.model import provenance
from convgui.model.motion import SPEEDS, Sweep, sweep_over
from convgui.model.texts import place_text
from convgui.views.kit.theme import icon

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from convgui.controllers.context import Context
    from convgui.controllers.measure.probe import ProbeController
    from convgui.engine.strategies.tiles import Window
    from convgui.model.state import State

TOY_SPEED, PHOTO_SPEED = 2.0, 20.0


class MotionController(QObject):
    """Plays, pauses, steps and seeks; while it stands, the cell under the cursor is explained instead.

    Attributes
    ----------
    speeds : dict
        Positions a second, for toy grids (True) and for photos (False).
    """

    def __init__(self, context: Context, probe: ProbeController) -> None:
        super().__init__(context.window)
        self._context, self._probe = context, probe
        self._sweep: Sweep | None = None
        self._hindrance = ""
        self._position = 0
        self.speeds = {True: TOY_SPEED, False: PHOTO_SPEED}
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tick)
        bar = context.window.transport
        bar.set_speeds(SPEEDS)
        bar.sought.connect(self.seek)
        bar.speed_chosen.connect(self._set_speed)
        bar.closed.connect(self.stop)
        for pane in context.window.pair.panes:
            pane.unhovered.connect(self._show)
            pane.moved.connect(self._arrow)
            pane.turned.connect(self._turn)
            pane.clicked.connect(self._clicked)
        context.session.changed(self._changed)
        context.on_viewport(self._moved)
        context.on_theme(self._show_icon)
        self._show_icon()

    @property
    def position(self) -> int | None:
        """The position of the kernel, None while there is no motion."""
        return None if self._sweep is None else self._position

    @property
    def playing(self) -> bool:
        """Whether it goes on by itself."""
        return self._timer.isActive()

    @property
    def speed(self) -> float:
        """Positions a second: toy grids are looked at more slowly than photos."""
        return self.speeds[self._context.state.source.toy]

    def cover(self, parts: Sequence[Window]) -> None:
        """Hide parts of the activation that have not been visited."""
        axes, pane = self._context.state.axes, self._context.window.pair.map
        pane.set_cover([] if axes is None else [provenance.block_rect(*axes, part) for part in parts])

    def set_hindrance(self, sentence: str) -> None:
        """Say why nothing can be played for now; empty if it can."""
        self._hindrance = sentence

    # commands

    def commands(self) -> dict[str, Callable[[], object]]:
        """Return what the actions do that are about motion."""
        return {
            "motion_play": self.toggle,
            "motion_forward": lambda: self.step(1),
            "motion_back": lambda: self.step(-1),
            "motion_faster": lambda: self.faster(1),
            "motion_slower": lambda: self.faster(-1),
            "motion_stop": self.stop,
            "unpin": self.leave,
        }

    def _arrow(self, down: int, right: int) -> None:
        """Step by the arrow keys where the motion is seen, or the window is for a projector."""
        if self._context.stepping:
            row = 1 if self._sweep is None else self._sweep.cols
            self.step(down * row + right)

    def _turn(self, by: int) -> None:
        """Step by a presenter's remote, where the motion is seen or there is an audience."""
        if self._context.presenting or self._context.moving:
            self.step(by)

    def leave(self) -> None:
        """Free the pinned cell, or if there is none show the whole map again."""
        if self._sweep is not None and not self._probe.pinned:
            self.stop()
        else:
            self._probe.unpin()
            self._show()

    def toggle(self) -> None:
        """Play or pause; begin if there is no motion."""
        if self.playing:
            self._pause()
            return
        if not self._begin():
            return
        assert self._sweep is not None
        self.leave_pin()
        if self._position >= self._sweep.count - 1:
            self._go_to(0)
        self._timer.start(round(1000 / self.speed))
        self._show_icon()

    @property
    def count(self) -> int:
        """Positions of the sweep, 0 while there is none."""
        return 0 if self._sweep is None else self._sweep.count

    def leave_pin(self) -> None:
        """Explain the present position, not a pinned cell."""
        self._probe.unpin()
        self._show()

    def prepare(self) -> bool:
        """Stand still at the present position; return whether there is anything to go over."""
        self._pause()
        return self._begin()

    def step(self, by: int) -> None:
        """Go to the next position, or the one before."""
        began = self._sweep is None
        if self._begin() and not began:
            self._pause()
            self._probe.unpin()
            self.seek(self._position + by)

    def seek(self, position: int) -> None:
        """Go to a position."""
        if self._sweep is not None:
            self._go_to(min(max(position, 0), self._sweep.count - 1))

    def faster(self, by: int) -> None:
        """Take the next speed, or the one before."""
        self._set_speed(SPEEDS[min(max(SPEEDS.index(self.speed) + by, 0), len(SPEEDS) - 1)])

    def stop(self) -> None:
        """Show the whole map again."""
        self._timer.stop()
        if self._sweep is not None:
            self._sweep = None
            self._context.moving = False
            self.cover([])
            self._context.window.transport.hide()
            self._probe.unpin()
        self._show_icon()

    # going

    def _begin(self) -> bool:
        """Make the sweep, if there is none; return whether there is one."""
        if self._sweep is None:
            self._sweep = None if self._hindrance else self._made()
            if self._sweep is None:
                fault = self._hindrance or self._context.state.why or "no output is in sight."
                self._context.tell(f"There is nothing to play: {fault}")
                return False
            self._probe.unpin()
            self._context.moving = True
            self._set_speed(self.speed)
            self._context.window.pair.map.setFocus()  # whose arrow keys step it
            self._context.window.transport.show()
            self._go_to(0)
        return True

    def _made(self) -> Sweep | None:
        pane = self._context.window.pair.map
        return sweep_over(self._context.state, self._context.viewport, float(pane.width()), float(pane.height()))

    def _tick(self) -> None:
        if self._sweep is None:
            return
        if self._position + 1 < self._sweep.count:
            self._go_to(self._position + 1)
        elif self._context.window.actions_by_id["motion_loop"].isChecked():
            self._go_to(0)
        else:
            self._pause()

    def _pause(self) -> None:
        self._timer.stop()
        self._show_icon()

    def _go_to(self, position: int) -> None:
        self._position = position
        self._show()

    def _set_speed(self, speed: float) -> None:
        self.speeds[self._context.state.source.toy] = speed
        self._context.window.transport.set_speed(speed)
        if self.playing:
            self._timer.start(round(1000 / speed))

    # while it plays

    def _clicked(self) -> None:
        """Stand still while somebody looks at a pinned cell."""
        if self._probe.pinned:
            self._pause()

    def _changed(self, old: State, new: State) -> None:
        if self._sweep is None:
            return
        edited = old.source.toy and new.source.toy and old.source.shape == new.source.shape
        if (old.source is not new.source and not edited) or old.looked != new.looked:
            self.stop()
        elif old.output_shape != new.output_shape:
            self._go_over(self._made(), self._sweep.cell(self._position))
        else:
            self._show()

    def _go_over(self, sweep: Sweep | None, cell: tuple[int, int]) -> None:
        """Go on over a map of another size, at the same cell where it has that one."""
        if sweep is None:
            self.stop()
            return
        self._sweep = sweep
        self._go_to(next((k for k in range(sweep.count) if sweep.cell(k) == cell), 0))

    def _moved(self) -> None:
        """Another part of a photo is visible: begin a sweep over that part."""
        if self._sweep is not None:
            sweep = self._made()
            if sweep is not None and sweep != self._sweep:
                self._sweep = sweep
                self._go_to(0)

    # showing

    def _show(self) -> None:
        sweep, window, state = self._sweep, self._context.window, self._context.state
        if sweep is None or state.axes is None:
            return
        self.cover(sweep.to_come(self._position))
        where = place_text(state, *sweep.cell(self._position))
        window.transport.set_position(self._position, sweep.count, where)
        if not self._probe.pinned:
            self._probe.visit(sweep.cell(self._position))

    def _show_icon(self) -> None:
        self._context.playing = self.playing
        action = self._context.window.actions_by_id["motion_play"]
        action.setIcon(icon("pause" if self.playing else "play"))
        action.setText("&Pause" if self.playing else "&Play")
        self._context.window.transport.refresh_icons()
