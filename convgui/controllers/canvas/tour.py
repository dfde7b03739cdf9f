"""The guided tour: six steps in the live window, each with a value to predict before it is revealed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from convgui.engine.numerals import read_number
from convgui.engine.shown import number
from convgui.engine.strategies.tiles import Window
from convgui.model.motion import Sweep
from convgui.model.state import changed_fields
from convgui.model.tour import STEPS, Step

if TYPE_CHECKING:
    from collections.abc import Callable

    from convgui.controllers.canvas.motion import MotionController
    from convgui.controllers.context import Context
    from convgui.controllers.measure.probe import ProbeController
    from convgui.model.state import State


HINDRANCE = "the tour hides what comes next. End the tour first."


class TourController:
    """Shows a step, hides its answer, judges what is typed."""

    def __init__(self, context: Context, probe: ProbeController, motion: MotionController) -> None:
        self._context, self._probe, self._motion = context, probe, motion
        self._at: int | None = None
        self._run, self._going = 0, False
        card = context.window.tour
        card.predicted.connect(self.predict)
        card.revealed.connect(self.reveal)
        card.advanced.connect(self.go)
        card.closed.connect(self._close)
        context.window.actions_by_id["unpin"].triggered.connect(self._close)
        context.session.changed(self._changed)
        context.on_theme(card.refresh_icons)
        card.refresh_icons()

    @property
    def step(self) -> Step | None:
        """The step that is shown, None while there is no tour."""
        return None if self._at is None else STEPS[self._at]

    def commands(self) -> dict[str, Callable[[], object]]:
        """Return what the actions do that are about the tour."""
        return {
            "tour": self.start,
        }

    def start(self) -> None:
        """Begin with the first step."""
        self._motion.stop()
        self._motion.set_hindrance(HINDRANCE)
        self._at = 0
        self._run += 1
        self._show()
        self._context.window.tour.show()
        self._context.window.actions_by_id["show_probe"].setChecked(True)
        self._context.window.tour.field.setFocus()

    def go(self, by: int) -> None:
        """Show the next step or the one before; after the last the tour is over."""
        if self._at is None:
            return
        if self._at + by >= len(STEPS):
            self.end()
            return
        self._at = max(self._at + by, 0)
        self._show()
        self._context.window.tour.field.setFocus()

    def predict(self, text: str) -> None:
        """Say whether a prediction is right, and which mistake it is if it is not."""
        step, card = self.step, self._context.window.tour
        if step is None:
            return
        try:
            value = read_number(text)
        except ValueError as error:
            reason = str(error) if text.strip() else "Type a number first, or press Reveal."
            card.set_answered(False, reason, "warning")
            return
        right, sentence = step.judge(value)
        self._probe.pin(step.cell)
        if right:
            self._show_answer(step)
        card.set_answered(right, sentence, "detail" if right else "warning")

    def reveal(self) -> None:
        """Show the answer."""
        if self.step is not None:
            self._probe.pin(self.step.cell)
            self._show_answer(self.step)
            self._context.window.tour.set_answered(
                True, f"It is {number(self.step.answer(), 6)}. {self.step.after}", "detail"
            )

    def end(self) -> None:
        """Hide the card; the document stays, and undo brings back the one from before the tour."""
        if self._at is not None:
            self._at = None
            self._veil(False)
            self._motion.set_hindrance("")
            self._motion.cover([])
            self._probe.set_value_hidden(False)
            self._context.window.tour.hide()
            self._probe.unpin()

    def _close(self) -> None:
        """End the tour before its last step, and say how to get back."""
        if self._at is not None:
            self.end()
            self._context.tell("The tour is over; Undo brings back what was there before it.")

    def _veil(self, veiled: bool) -> None:
        """Hide what would give the answers away: thumbnails show the map, and so does the histogram."""
        self._context.window.gallery.set_veiled(veiled)
        self._context.window.display.set_veiled(veiled)

    def _show(self) -> None:
        assert self._at is not None
        step, window = STEPS[self._at], self._context.window
        self._going = True
        self._context.session.replace("the tour", step.make(), ("tour", self._run))
        self._going = False
        window.tour.set_step(self._at + 1, len(STEPS), step.title, step.text, step.question)
        self._veil(not step.longer)
        self._probe.set_value_hidden(not step.longer)
        self._probe.pin(step.cell)
        self._cover(step, known=False)

    def _changed(self, old: State, new: State) -> None:
        """End the tour when the source or the layers are changed by something else."""
        if self._at is not None and not self._going and changed_fields(old, new) & {"source", "reading", "layers", "looked"}:
            self.end()
            self._context.tell("The tour is over, as the document was changed; Help, Tour begins it anew.")

    def _cover(self, step: Step, *, known: bool) -> None:
        """Hide all values after the one that is asked for, and that one too until it is known."""
        state = self._context.state
        assert state.axes is not None and state.output_shape is not None
        _, rows, cols = state.output_shape
        whole = Window(0, 0, rows, cols)
        last = step.cell[0] * cols + step.cell[1] - (not known)
        hidden = [] if step.longer else [whole] if last < 0 else Sweep(whole).to_come(last)
        self._motion.cover(hidden)

    def _show_answer(self, step: Step) -> None:
        """Show the value that was asked for; those that the next steps ask for stay hidden."""
        self._cover(step, known=True)
        self._veil(False)
        self._probe.set_value_hidden(False)
