"""The top classes: what the network that is open gives each class, while their panel is seen."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from convgui.engine.looking.classes import are_parts, strongest
from convgui.engine.network import evaluate
from convgui.engine.shown import number
from convgui.io.weights.labels import labels_of, read_labels
from convgui.model.graphs import graph_of
from convgui.views.measure.classes_panel import ClassLine
from convgui.worker.activity import Delay

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convgui.controllers.context import Context
    from convgui.engine.network import Chain
    from convgui.model.state import State
    from convgui.worker.runner import Token

LANE = "classes"

REST_MS = 200
"""Milliseconds without a change after which the network is run to its end."""

MOST = 20
"""Classes that are shown."""

NONE = (
    "Here stand the classes that a network tells apart, with what it gives each of them, once one is open that ends in one "
    "number for each class."
)
RUNNING = "Running the network to its end …"


@dataclass(frozen=True, eq=False)
class ScoresRequest:
    """Find what a network ends with: the end of a graph, or the maps of one cell that a chain ends with."""

    chain: Chain
    model: Any = None
    end: str = ""

    def __call__(self, token: Token) -> NDArray[np.float32]:
        """Return a number for each class."""
        values = evaluate(self.chain, cancelled=token.cancelled)
        if self.model is None:
            return values.ravel()
        scores: NDArray[np.float32] = self.model.scores(values, self.end, token.cancelled)
        return scores


@dataclass(frozen=True)
class LabelsRequest:
    """Read the names of classes."""

    path: str

    def __call__(self, token: Token) -> tuple[str, ...]:
        """Read them."""
        return read_labels(Path(self.path))


class ClassesController(QObject):
    """Fills the panel."""

    def __init__(self, context: Context) -> None:
        super().__init__(context.window)
        self._context, self._panel, self._dock = context, context.window.classes, context.window.docks["classes"]
        self._labels: tuple[str, ...] = ()
        self._of: State | None = None
        self._scores: NDArray[np.float32] | None = None
        self._rest = Delay(context.activity, REST_MS, self._ask, self, f"before {LANE}")
        self._panel.labels_asked.connect(self.ask_labels)
        self._dock.seen_changed.connect(lambda seen: self._follow())
        context.afterwards.changed(lambda old, new: self._follow())
        self._follow()

    def ask_labels(self) -> None:
        """Ask for a file with the names of the classes."""
        folder, kinds = self._context.usual_folder(), "Names of classes (*.txt *.json *.names *.csv);;All files (*)"
        path, _ = QFileDialog.getOpenFileName(self._context.window, "Open names of classes", folder, kinds)
        if path:
            self.open_labels(path)

    def open_labels(self, path: str) -> None:
        """Take the names of the classes from a file."""
        self._context.runner.submit("open", LabelsRequest(path), self._take_labels, self._context.tell_error)

    def _take_labels(self, labels: tuple[str, ...]) -> None:
        self._labels = labels
        self._context.succeeded(f"{len(labels):,} names of classes")
        self._show()

    def _follow(self) -> None:
        """Run the network anew where the panel is seen, and it or the photo is another one."""
        state = self._context.state
        if not self._dock.seen():
            self._rest.stop()
            self._context.runner.cancel(LANE)
            self._of = None
        elif self._of is None or not _same(self._of, state):
            self._of = state
            self._rest.start()

    def _ask(self) -> None:
        state = self._context.state
        self._of, self._scores = state, None
        request = _request(state)
        if request is None:
            self._panel.set_lines((), "", NONE)
            return
        self._panel.set_lines((), "", RUNNING)
        self._context.runner.submit(LANE, request, self._take, self._fail)

    def _take(self, scores: NDArray[np.float32]) -> None:
        self._scores = scores
        self._show()

    def _fail(self, error: Exception) -> None:
        self._panel.set_lines((), "", str(error))

    def _show(self) -> None:
        scores = self._scores
        if scores is None or self._of is None:
            return
        labels, note = self._names(len(scores))
        found, parts = strongest(scores, MOST), are_parts(scores)
        largest = max((abs(one.value) for one in found if np.isfinite(one.value)), default=0.0) or 1.0
        lines = [
            ClassLine(
                labels[one.number] if labels else f"class {one.number}",
                f"{number(100 * one.value, 3)} %" if parts else number(one.value, 4),
                one.value if parts else one.value / largest,
            )
            for one in found
        ]
        what = "probabilities" if parts else "scores, not brought to 1"
        self._panel.set_lines(lines, f"{len(scores):,} classes · {what}{note}", "")

    def _names(self, count: int) -> tuple[tuple[str, ...], str]:
        """Return the names of so many classes, and what must be said where their count does not fit."""
        graph = graph_of(self._of) if self._of is not None else None
        labels = self._labels or (labels_of(graph.model.metadata) if graph is not None else ())  # type: ignore[attr-defined]
        if len(labels) == count + 1:  # with one for what is none of them, which comes first
            labels = labels[1:] if labels[0].lower() in ("background", "__background__") else ()
        if labels and len(labels) != count:
            return (), f" · {len(labels):,} names do not fit"
        return labels, ""


def _request(state: State) -> ScoresRequest | None:
    """Return what finds the classes of a document; None if it has none."""
    graph = graph_of(state)
    if graph is not None:
        model: Any = graph.model
        chain = state.chain.upto(state.layers.index(graph))
        return None if not model.ends or chain.fault is not None else ScoresRequest(chain, model, model.ends[-1].name)
    if state.fault is not None:
        return None
    maps, rows, cols = state.chain.shape(len(state.layers))
    return ScoresRequest(state.chain) if rows == cols == 1 and maps > 1 else None


def _same(a: State, b: State) -> bool:
    return a.source is b.source and a.reading == b.reading and a.layers == b.layers
