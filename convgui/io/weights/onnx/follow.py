"""Following a graph: the longest sequence of operations that our layers can do, from the input or from where one begins."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from convgui.engine.layers.conv import Conv
from convgui.io.errors import FileError
from convgui.io.weights.network import MOST_WEIGHTS, Network
from convgui.io.weights.onnx.composed import composed
from convgui.io.weights.onnx.context import Context, Step
from convgui.io.weights.onnx.form import Form, Stop
from convgui.io.weights.onnx.merge import merged
from convgui.io.weights.onnx.model import Graph
from convgui.io.weights.onnx.reading import reading_of
from convgui.io.weights.onnx.steps import step

if TYPE_CHECKING:
    from convgui.io.weights.onnx.fold import Constants
    from convgui.io.weights.onnx.model import Model, Node

MOST_STARTS = 50
"""Convolutions from which a sequence is looked for, where none begins at the input."""

DEEPEST = 3
"""Graphs inside graphs in which a sequence is looked for."""

_SILENT = ("Shape", "Size")
"""What reads a tensor without being a way on."""

_FORMS = {2: ("NW", "HW"), 3: ("NCW", "NWC", "CHW", "HWC"), 4: ("NCHW", "NHWC")}
"""What the axes of an input may be, by their count."""


@dataclass(frozen=True, eq=False)
class Trail:
    """A way through a graph up to a tensor.

    Attributes
    ----------
    ends : str
        The tensor.
    form : Form
    before : Trail or None
        The way up to the tensor before it.
    step : Step or None
        What was done to that one.
    convolutions, length, count : int
        Convolutions, layers and steps so far.
    """

    ends: str
    form: Form
    before: Trail | None = None
    step: Step | None = None
    convolutions: int = 0
    length: int = 0
    count: int = 0

    def then(self, done: Step, ends: str) -> Trail:
        """Return the way one step further."""
        convolutions = sum(isinstance(layer, Conv) for layer in done.layers)
        count, length = self.convolutions + convolutions, self.length + len(done.layers)
        return Trail(ends, done.form, self, done, count, length, self.count + 1)

    @property
    def worth(self) -> tuple[int, int, int]:
        """What is compared: the convolutions, all layers, all steps."""
        return self.convolutions, self.length, self.count

    @property
    def last(self) -> Trail:
        """The way up to what the last layer makes, without what only names axes otherwise."""
        at = self
        while at.before is not None and at.step is not None and not at.step.layers:
            at = at.before
        return at

    def steps(self) -> list[Step]:
        """Return all steps in order."""
        found, at = [], self
        while at.before is not None:
            if at.step is not None:
                found.append(at.step)
            at = at.before
        return found[::-1]

    @property
    def first(self) -> Trail:
        """Where it begins."""
        at = self
        while at.before is not None:
            at = at.before
        return at


def _captured(node: Node) -> list[str]:
    """Return what the graphs inside a node read, which may be tensors of the graph around them."""
    graphs = [graph for _, _, graph in Graph(nodes=[node]).subgraphs]
    return [name for graph in graphs for inner in graph.nodes for name in (*inner.inputs, *_captured(inner))]


class Follower:
    """Follows the tensors of one graph."""

    def __init__(self, graph: Graph, constants: Constants) -> None:
        self.graph, self._constants = graph, constants
        self.readers: dict[str, list[Node]] = defaultdict(list)
        for node in graph.nodes:
            read = (*node.inputs, *_captured(node)) if node.attributes else node.inputs
            for name in dict.fromkeys(read):
                if name and node.kind not in _SILENT:
                    self.readers[name].append(node)

    def best(self, start: str, form: Form) -> Trail:
        """Return the way from a tensor with the most convolutions."""
        best = first = Trail(start, form)
        stack, seen, weights = [first], {start}, 0
        while stack:
            at = stack.pop()
            best = max(best, at, key=lambda trail: trail.worth)
            ways = [way for way in self._ways(at) if way.ends not in seen]
            seen.update(way.ends for way in ways)
            for way in ways:
                layers = way.step.layers if way.step is not None else ()
                weights += sum(layer.kernel.weights.size for layer in layers if isinstance(layer, Conv))
            if weights > 2 * MOST_WEIGHTS:
                break
            stack += reversed(ways)
        return best

    def _ways(self, at: Trail) -> list[Trail]:
        """Return the ways on from a tensor; a function of several operations counts as one."""
        function = composed(self._constants, at.ends, self.readers)
        ways, inside = [], () if function is None else function.nodes
        if function is not None:
            ways.append(at.then(Step((function.layer,), at.form), function.makes))
        for node in self.readers.get(at.ends, ()):
            if node in inside or not node.outputs:
                continue
            done = self._done(node, at)
            if isinstance(done, Step):
                ways.append(at.then(done, node.outputs[0]))
        return ways

    def _done(self, node: Node, at: Trail) -> Step | str:
        """Return what a node does to a tensor, or why it cannot be followed."""
        self._know(at)
        try:
            return step(Context(self._constants, at.ends), node, at.form)
        except Stop as stop:
            return str(stop)
        except FileError as error:
            return str(error)

    def _know(self, at: Trail) -> None:
        """Tell the shape of a tensor to those who fold what is computed from it."""
        sizes = [at.form.size(letter) for letter in at.form.axes if letter != "F"]
        if at.ends not in self._constants.shapes and "F" not in at.form.axes and None not in sizes:
            self._constants.shapes[at.ends] = tuple(n or 1 for n in sizes)
            self._constants.forget()

    def rest(self, trail: Trail) -> str:
        """Return why a way does not go on, as a sentence; empty if it ends where the graph does."""
        ways = self.readers.get(trail.ends, [])
        if not ways:
            return ""
        several = len(ways) > 1
        node = ways[0]
        done = self._done(node, trail)
        reason = done if isinstance(done, str) else "another way is longer"
        first = f"Stops before {node}: {reason[:1].lower()}{reason[1:].rstrip('.')}."
        return f"{first} {len(ways)} operations read what the chain makes." if several else first


def network_of(model: Model, constants: Constants) -> Network | None:
    """Return the longest chain of layers in a graph, or else in one of the graphs inside it; None if there is none."""
    found = _search(constants)
    if found is None or not found[1].convolutions:
        for place, inner in _inside(constants, "", 0):
            other = _search(inner)
            if other is not None and other[1].convolutions > (found[1].convolutions if found else 0):
                found = (*other[:2], f"It lies in {place}. ")
    network = None if found is None or not found[1].length else _network(model, *found)
    constants.clear()
    return network


def _inside(constants: Constants, place: str, depth: int) -> list[tuple[str, Constants]]:
    """Return the graphs inside a graph, each with where it lies."""
    found: list[tuple[str, Constants]] = []
    for node, attribute, graph in constants.graph.subgraphs[:MOST_STARTS]:
        inner = constants.inside(graph)
        here = f"the {attribute} of {node}" + (f", in {place}" if place else "")
        found += [(here, inner), *(_inside(inner, here, depth + 1) if depth < DEEPEST else [])]
    return found


def _search(constants: Constants) -> tuple[Follower, Trail, str] | None:
    """Return the longest way from an input of a graph, or else from a convolution inside it."""
    follower = Follower(constants.graph, constants)
    best: Trail | None = None
    for name in [name for name in constants.graph.inputs if name not in constants.graph.values]:
        for form in _forms(constants.graph, name):
            trail = follower.best(name, form)
            best = trail if best is None or trail.worth > best.worth else best
    if best is None or not best.convolutions:
        inner = _inner(follower, constants)
        best = inner if inner is not None and inner.convolutions else best
    return None if best is None else (follower, best, "")


def _forms(graph: Graph, name: str) -> list[Form]:
    """Return what the axes of an input may be, the usual ones first."""
    dims = graph.shapes.get(name)
    if dims is None:
        return [Form("NCHW"), Form("NCW", rows=1)]
    found = []
    for axes in _FORMS.get(len(dims), ()):
        sizes = {letter: n if isinstance(n, int) else None for letter, n in zip(axes, dims, strict=True)}
        absent = {letter: 1 for letter in "CHW" if letter not in sizes}
        sizes |= absent
        found.append(Form(axes, sizes["C"], sizes["H"], sizes["W"]))
    return found


def _inner(follower: Follower, constants: Constants) -> Trail | None:
    """Return the longest way from a convolution inside the graph, where none leads there from the input."""
    best, reached = None, set()
    nodes = [node for node in follower.graph.nodes if node.kind == "Conv" and len(node.inputs) > 1]
    for node in nodes[:MOST_STARTS]:
        weights = constants.stored(node.inputs[1])
        if node.inputs[0] in reached or weights is None or len(weights.shape) not in (3, 4):
            continue
        sequence = len(weights.shape) == 3
        channels = weights.shape[1] * node.whole("group", 1)
        known = constants.shapes.get(node.inputs[0], ())
        sizes = known[2:] if len(known) == len(weights.shape) else (None,) * (len(weights.shape) - 2)
        rows, cols = (1, sizes[0]) if sequence else sizes
        trail = follower.best(node.inputs[0], Form("NCW" if sequence else "NCHW", channels, rows, cols))
        at: Trail | None = trail
        while at is not None:
            reached.add(at.ends)
            at = at.before
        best = trail if best is None or trail.worth > best.worth else best
    return best


def _network(model: Model, follower: Follower, trail: Trail, place: str) -> Network:
    steps, first = trail.steps(), trail.first
    layers, names = merged([(layer, one.names) for one in steps for layer in one.layers])
    rows, cols = first.form.rows, first.form.cols
    rest = follower.rest(trail)
    if first.ends not in model.graph.inputs:
        maker = next((node for node in follower.graph.nodes if first.ends in node.outputs), None)
        rest = f"Begins inside the graph, at '{first.ends}'{f', which {maker} makes' if maker else ''}. {rest}".rstrip()
    return Network(
        layers,
        names,
        channels_of(layers, first.form.maps),
        (rows, cols) if rows is not None and cols is not None else None,
        reading_of(model.metadata),
        (),
        f"{place}{rest}".rstrip(),
        first.ends,
        trail.last.ends,
        first.form.axes,
        trail.last.form.axes,
        all(one.any_size for one in steps),
        "H" not in first.form.axes,
    )


def channels_of(layers: tuple[object, ...], said: int | None = None) -> int:
    """Return how many channels the first convolution of some layers reads, unless it is said."""
    if said is not None:
        return said
    for layer in layers:
        if isinstance(layer, Conv):
            return layer.kernel.weights.shape[2] * layer.groups if layer.kernel.weights.ndim == 4 else 1
    return 1
