"""What our layers know of a graph: which of them make a tensor from which other one, and where its cells lie."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from convgui.engine.layers.activation import Activation
from convgui.engine.layers.base import Place, Shape
from convgui.engine.layers.conv import Conv
from convgui.io.errors import FileError
from convgui.io.weights.onnx.context import Context
from convgui.io.weights.onnx.fold import Constants
from convgui.io.weights.onnx.form import Form, Stop
from convgui.io.weights.onnx.steps import step

if TYPE_CHECKING:
    from collections.abc import Mapping

    from convgui.engine.layers.base import Layer
    from convgui.io.weights.onnx.context import Step
    from convgui.io.weights.onnx.model import Model, Node
    from convgui.io.weights.onnx.values import Values


class Stand(NamedTuple):
    """A tensor for an input of some size: its form, and where its rows and columns lie on the input."""

    form: Form
    rows: Place
    cols: Place


class Known:
    """What our layers know of a graph.

    Parameters
    ----------
    model : Model
    values : Values
    input : str
        The tensor that the picture becomes.
    axes : mapping of str to str
        Of the tensors that are maps.
    """

    def __init__(self, model: Model, values: Values, input: str, axes: Mapping[str, str]) -> None:
        self._graph, self._input, self._axes = model.graph, input, axes
        self._constants = Constants(model.graph, values, model.opset)
        self._makers = {name: node for node in model.graph.nodes for name in node.outputs if name}

    def layers_of(self, name: str, maps: Mapping[str, Shape]) -> tuple[str, tuple[Layer, ...]] | None:
        """Return the tensor from which our layers make another one, and these layers; None if there are none.

        A function right after a convolution belongs to it.

        Parameters
        ----------
        name : str
        maps : mapping of str to Shape
            The shapes of tensors, as far as they are known.
        """
        try:
            found = self._step_to(name, maps)
            if found is None or not found[1].layers:
                return None
            start, layers = found[0], found[1].layers
            before = self._step_to(start, maps) if isinstance(layers[0], Activation) else None
            if before is not None and len(before[1].layers) == 1 and isinstance(before[1].layers[0], Conv):
                start, layers = before[0], (*before[1].layers, *layers)
            return start, layers
        finally:
            self._constants.clear()

    def stand(self, name: str, given: Shape) -> Stand | None:
        """Return where the cells of a tensor lie on an input of some size; None where that is not known.

        Of several tensors from which one is made, all must lie alike.
        """
        found: dict[str, Stand | None] = {self._input: self._first(given)}
        waiting = [name]
        try:
            while waiting:
                at = waiting[-1]
                parents = [one for one in self._reads(at) if one not in found]
                if at in found or not parents:
                    waiting.pop()
                    found.setdefault(at, self._stand(at, found))
                else:
                    waiting += parents
        finally:
            self._constants.clear()
        return found[name]

    def _first(self, given: Shape) -> Stand:
        return Stand(Form(self._axes[self._input], *given), Place(), Place())

    def _reads(self, name: str) -> list[str]:
        """Return the tensors of maps that a tensor is made from."""
        node = self._makers.get(name)
        return [] if node is None else [one for one in dict.fromkeys(node.inputs) if one in self._axes]

    def _stand(self, name: str, found: Mapping[str, Stand | None]) -> Stand | None:
        node = self._makers.get(name)
        before = [(one, found.get(one)) for one in self._reads(name)]
        if node is None or not before or any(stand is None for _, stand in before):
            return None
        if len(before) > 1:
            return _joined([stand for _, stand in before if stand is not None])
        (one, stand), *_ = before
        assert stand is not None
        done = self._done(node, one, stand.form)
        if done is None:
            return None
        shape, rows, cols = Shape(stand.form.maps or 1, stand.form.rows or 1, stand.form.cols or 1), stand.rows, stand.cols
        for layer in done.layers:
            try:
                bound = layer.bind(shape)
            except ValueError:
                return None
            shape, rows, cols = bound.output, rows.then(bound.rows), cols.then(bound.cols)
        return Stand(done.form, rows, cols)

    def _step_to(self, name: str, maps: Mapping[str, Shape]) -> tuple[str, Step] | None:
        node = self._makers.get(name)
        reads = self._reads(name)
        if node is None or len(reads) != 1 or node.outputs[0] != name:
            return None
        shape = maps.get(reads[0])
        form = Form(self._axes[reads[0]], *(shape or (None, None, None)))
        done = self._done(node, reads[0], form)
        return None if done is None else (reads[0], done)

    def _done(self, node: Node, followed: str, form: Form) -> Step | None:
        try:
            return step(Context(self._constants, followed), node, form)
        except (Stop, FileError):
            return None


def _joined(stands: list[Stand]) -> Stand | None:
    """Return where cells lie that are made from several tensors cell by cell: those of the largest, if all lie alike."""
    largest = max(stands, key=lambda stand: (stand.form.rows or 0) * (stand.form.cols or 0))
    alike = all(
        (one.rows, one.cols) == (largest.rows, largest.cols) for one in stands if (one.form.rows, one.form.cols) != (1, 1)
    )
    form = Form(largest.form.axes, None, largest.form.rows, largest.form.cols)
    return Stand(form, largest.rows, largest.cols) if alike else None
