"""A graph that something else runs, as a layer: its cells as any window asks for them, run once, and held against ours."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.activation import Activation
from convgui.engine.layers.base import Place, Shape
from convgui.engine.layers.conv import Conv
from convgui.engine.layers.graph import Graph
from convgui.engine.layers.pool import Pool
from convgui.engine.looking.beside import beside, beside_map
from convgui.engine.looking.explain import explain
from convgui.engine.looking.statistics import output_statistics, statistics_of
from convgui.engine.network import Chain, evaluate
from convgui.engine.reading import Reading
from convgui.engine.source import Source
from convgui.engine.strategies.tiles import Window

RNG = np.random.default_rng(5)
SOURCE = Source(RNG.integers(0, 255, (41, 60, 3), np.uint8))
READING = Reading("each channel")


class Halves:
    """A graph of two tensors: `half` has the means of 2 x 2 cells, map by map and added up, `edge` their differences."""

    name, label = "halves", "by a test"

    def __init__(self):
        self.known_shapes, self.runs = {}, 0

    def known(self, tensor, given):
        if given.rows < 10:
            raise ValueError("halves: does not run on fewer than 10 rows.")
        return self.known_shapes.get((tensor, given))

    def places(self, tensor, given):
        return Place(pitch=2), Place(pitch=2)

    def run(self, planes, tensors, cancelled):
        self.runs += 1
        _, rows, cols = planes.shape
        even = planes[:, : rows // 2 * 2, : cols // 2 * 2]
        half = even.reshape(3, rows // 2, 2, cols // 2, 2).mean((2, 4))
        made = {"half": np.concatenate([half, half.sum(0, keepdims=True)]).astype(np.float32)}
        made["edge"] = np.diff(made["half"], axis=2)
        self.known_shapes |= {(name, Shape(*planes.shape)): Shape(*maps.shape) for name, maps in made.items()}
        return {tensor: made[tensor] for tensor in tensors}


@pytest.fixture
def graph():
    return Halves()


def whole(graph):
    planes = evaluate(Chain(SOURCE, READING))
    return Halves().run(planes, ("half",), None)["half"]


def test_what_comes_out_is_known_once_it_has_run(graph):
    chain = Chain(SOURCE, READING, (Graph(graph, "half"),))
    assert chain.fault.waits and "41 × 60" in chain.fault.sentence
    assert evaluate(chain).shape == (4, 20, 30)
    assert chain.fault is None and chain.shape(1) == (4, 20, 30)


def test_an_input_that_it_does_not_take_is_a_fault_that_stays():
    small = Chain(Source(np.zeros((8, 9, 3))), READING, (Graph(Halves(), "half"),))
    assert not small.fault.waits
    with pytest.raises(ValueError, match="fewer than 10 rows"):
        evaluate(small)


def test_any_window_step_and_order_of_maps_has_the_same_values_and_it_runs_once(graph):
    chain, expected = Chain(SOURCE, READING, (Graph(graph, "half"),)), whole(graph)
    assert np.array_equal(evaluate(chain), expected)
    for window, step, maps in [((3, 5, 9, 11), 1, [2, 0]), ((0, 0, 20, 30), 3, [3]), ((19, 29, 1, 1), 1, [1, 2])]:
        top, left, rows, cols = window
        part = expected[maps, top : top + rows, left : left + cols][:, ::step, ::step]
        assert np.array_equal(evaluate(chain, Window(*window), step, maps=maps), part)
    assert np.array_equal(evaluate(chain, maps=1)[0], expected[1])
    assert graph.runs == 1


def test_layers_after_it_read_it_as_any_other_maps(graph):
    kernel = Kernel(RNG.normal(size=(3, 3, 4, 5)))
    after = (Conv(kernel, padding="same"), Activation("relu"), Pool("max"))
    chain = Chain(SOURCE, READING, (Graph(graph, "half"), *after))
    held = np.moveaxis(whole(graph), 0, -1)
    expected = evaluate(Chain(Source(held, 1.0), READING, after))
    made = evaluate(chain)
    assert np.allclose(made, expected, rtol=1e-5, atol=1e-4)
    assert np.array_equal(evaluate(chain, Window(2, 3, 5, 6), 2, maps=[4, 1]), made[[4, 1], 2:7:2, 3:9:2])
    assert graph.runs == 1


def test_statistics_of_a_map_are_those_of_its_values(graph):
    chain = Chain(SOURCE, READING, (Graph(graph, "half"),))
    evaluate(chain)
    found, expected = output_statistics(chain, 2), statistics_of(whole(graph)[2])
    assert (found.low, found.high) == (expected.low, expected.high)


def test_a_value_says_whose_it_is(graph):
    chain = Chain(SOURCE, READING, (Graph(graph, "half"),))
    evaluate(chain)
    made = explain(chain, 1, 3, 4, 5)
    assert made.value == whole(graph)[3, 4, 5] and made.sentence.startswith("by a test: ")
    assert graph.runs == 1


def test_what_our_layers_make_is_held_against_the_tensor_beside(graph):
    edge = Conv(Kernel([[-1, 1]]), padding="valid")
    chain = Chain(SOURCE, READING, (Graph(graph, "half", "edge"), edge))
    ours = evaluate(chain)
    assert graph.runs == 1  # both tensors at once
    theirs = beside_map(chain, 2, 1)
    assert np.allclose(theirs, ours[1], atol=1e-6)
    assert beside(chain, 2, 1, 3, 7) == theirs[3, 7]
    assert graph.runs == 1


@pytest.mark.parametrize("layers", [lambda g: (Graph(g, "half"),), lambda g: (Graph(g, "half", "half"), Pool("max"))])
def test_nothing_is_beside_where_no_tensor_is_or_shapes_differ(graph, layers):
    chain = Chain(SOURCE, READING, layers(graph))
    evaluate(chain)
    n = len(chain.layers)
    assert beside_map(chain, n, 0) is None and beside(chain, n, 0, 0, 0) is None


def test_what_is_sent_elsewhere_is_the_description_alone(graph):
    layer = Graph(graph, "half", "edge")
    evaluate(Chain(SOURCE, READING, (layer,)))
    assert layer.other.tensor == "edge"
    assert set(vars(pickle.loads(pickle.dumps(layer)))) == {"name", "on", "model", "tensor", "beside"}
