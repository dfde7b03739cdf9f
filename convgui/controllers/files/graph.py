"""A graph that is run as it is: its tensors are listed, one of them is the document's, and it runs whenever it has to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject

from convgui.controllers.files.networks import graph_reading
from convgui.engine.looking.many import Many
from convgui.engine.shown import number
from convgui.model.graph_lanes import lanes_of
from convgui.model.graphs import (
    ApartRequest,
    LearnRequest,
    TensorRequest,
    first_size,
    graph_of,
    made_words,
    tensor_of,
)
from convgui.model.state import Display, State
from convgui.views.files.graph_model import GraphRow
from convgui.worker.activity import Delay

if TYPE_CHECKING:
    from convgui.controllers.context import Context
    from convgui.io.weights.runtime import Runtime
    from convgui.model.graphs import Apart, Showing
    from convgui.worker.runner import Token

LANE, RUN, APART = "graph", "graph run", "graph apart"

REST_MS = 150
"""Milliseconds without a change after which a map is held against the graph's."""

NO_LAYER = "Our layers have none that makes this tensor: it is shown as ONNX Runtime has it."
CHOICE = (
    "Explained: our layers make the tensor from what ONNX Runtime has before it, each number is explained, and the "
    "difference is said. As it is run: what ONNX Runtime has."
)


SMALL = 64
"""Rows or columns below which the size that a file has is taken for one that an export only needed."""


@dataclass(frozen=True)
class OpenRequest:
    """Open a model that is going to be run; returned is whether it is run at the size of the photo as well."""

    path: str
    size: tuple[int, int]

    def __call__(self, token: Token) -> tuple[Runtime, bool]:
        """Open it; of a size that is too small for photos it is tried whether it takes another one."""
        from convgui.io.weights.runtime import open_runtime  # here: a start needs none of it

        model = open_runtime(self.path)
        if model.size is None or min(model.size) >= SMALL or "H" not in model.axes or not model.tensors:
            return model, model.size is None
        try:
            model.run(np.zeros((model.channels or 3, *self.size), np.float32), (model.names[-1],), token.cancelled)
        except ValueError:
            return model, False
        return model, True


class GraphController(QObject):
    """Fills the panel of the graph, shows its tensors, and runs it where its maps are not known."""

    def __init__(self, context: Context) -> None:
        super().__init__(context.window)
        self._context, self._panel, self._dock = context, context.window.graph, context.window.docks["graph"]
        self._model: Any = None
        self._ours, self._wanted, self._any_size = True, "", False
        self._rest = Delay(context.activity, REST_MS, self._hold_apart, self, f"before {APART}")
        self._panel.open_asked.connect(context.window.actions_by_id["open_weights"].trigger)
        self._panel.chosen.connect(self.show)
        self._panel.values_chosen.connect(self._choose_values)
        self._dock.seen_changed.connect(lambda seen: self._follow())
        context.afterwards.changed(lambda old, new: self._follow())
        self._follow()

    def open(self, path: str) -> None:
        """Open a model, and show one of its tensors on the present picture."""
        source = self._context.state.source
        request = OpenRequest(path, first_size(source.rows, source.cols))
        self._context.runner.submit("open", request, self._opened, self._context.tell_error)

    def _opened(self, found: tuple[Runtime, bool]) -> None:
        model, self._any_size = found
        if not model.tensors:
            self._context.tell_error(f"{model.name}: none of its tensors has three or four axes, expected maps.")
            return
        self._list(model)
        self._dock.bring()
        first = next((tensor.name for tensor in model.tensors if tensor.kind == "Conv"), model.tensors[0].name)
        self.show(first)

    # one tensor

    def show(self, tensor: str) -> None:
        """Show a tensor: the graph runs, and its maps become the document's."""
        state, model = self._context.state, self._model
        self._wanted = tensor
        self._panel.set_chosen(tensor)
        graph = graph_of(state)
        reading = state.reading
        if graph is None or graph.model is not model:
            reading = graph_reading(model, state.source, any_size=self._any_size)[0]
        request = TensorRequest(state.source, reading, model, tensor, self._ours)
        self._context.runner.submit(LANE, request, lambda shown: self._take(request, shown), self._failed)

    def _take(self, request: TensorRequest, shown: Showing) -> None:
        state, model = self._context.state, request.model
        if state.source is not request.source or model is not self._model:
            return
        self._panel.set_values("ours" if self._ours and shown.explained else "theirs", shown.explained, NO_LAYER)
        if shown.explained:
            self._panel.set_values("ours" if self._ours else "theirs", True, CHOICE)
        graph, last = graph_of(state), len(shown.layers) - 1
        if graph is None or graph.model is not model:
            display = Display(photo=True, many=Many(way="grid"))
            new = State(state.source, request.reading, shown.layers, last, display)
            if note := graph_reading(model, state.source, any_size=self._any_size)[1]:
                self._context.tell(note)
        else:
            display = replace(state.display, below=None, map=0)
            new = replace(state, reading=request.reading, layers=shown.layers, looked=last, display=display)
        self._context.session.replace(f"look at {shown.tensor}", new, "graph tensor")

    def _failed(self, error: Exception) -> None:
        self._panel.set_chosen(tensor_of(self._context.state))
        self._context.tell_error(error)

    def _choose_values(self, values: str) -> None:
        self._ours = values == "ours"
        tensor = tensor_of(self._context.state) or self._wanted
        if tensor:
            self.show(tensor)

    # running

    def run(self, state: State) -> None:
        """Run graphs of which it is not known what they make of the present input."""
        request = LearnRequest(type(state.chain)(state.source, state.reading, state.layers))

        def done(why: str) -> None:
            now = self._context.state
            if (now.source, now.reading, now.layers) == (state.source, state.reading, state.layers):
                self._context.session.renew()
                if why:
                    self._context.tell_error(why)

        self._context.runner.submit(RUN, request, done, self._context.tell_error)

    # the panel

    def _follow(self) -> None:
        state = self._context.state
        graph = graph_of(state)
        if graph is not None and graph.model is not self._model:
            self._list(graph.model)
        if not self._dock.seen():
            self._rest.stop()
            return
        if graph is not None:
            self._panel.set_chosen(tensor_of(state))
        self._panel.set_note(made_words(state))
        if graph is not None and graph.beside:
            self._rest.start()

    def _list(self, model: Any) -> None:
        self._model = model
        tensors = model.tensors
        beside = lanes_of([(tensor.name, tensor.reads) for tensor in tensors])
        rows = [GraphRow(t.name, t.kind, _shape(t.dims), *lanes) for t, lanes in zip(tensors, beside, strict=True)]
        detail = f"{model.label} · {len(rows):,} tensor{'s' * (len(rows) != 1)} of maps"
        self._panel.set_graph(model.name, detail, rows)

    def _hold_apart(self) -> None:
        state = self._context.state
        request = ApartRequest(state)

        def say(found: Apart | None) -> None:
            if found is not None and self._context.state is state:
                largest = f"the largest difference in this map is {number(found.largest, 2)}"
                self._panel.set_note(f"{made_words(state)}  ·  {largest}, of values up to {number(found.of, 4)}")

        self._context.runner.submit(APART, request, say, self._context.tell_error)


def _shape(dims: tuple[int | str | None, ...]) -> str:
    return " × ".join("…" if n is None else str(n) for n in dims)
