"""A graph with branches, run as it is in the window: its tensors on the photo, explained where our layers know them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from convgui.controllers.recipes import recipe_of
from convgui.engine.network import evaluate
from convgui.io.recipe import read_recipe, save_recipe

pytest.importorskip("onnx", reason="onnx makes the models")
pytest.importorskip("onnxruntime", reason="onnxruntime runs them")

RNG = np.random.default_rng(3)
W, V = (RNG.normal(size=(4, cin, 3, 3)).astype(np.float32) for cin in (3, 4))
D = RNG.normal(size=(5, 4)).astype(np.float32)
NODES = [
    ("Conv", ["x", "w"], ["a"], {"pads": [1, 1, 1, 1], "strides": [2, 2]}),
    ("Relu", ["a"], ["b"], {}),
    ("Conv", ["b", "v"], ["c"], {"pads": [1, 1, 1, 1]}),
    ("Add", ["b", "c"], ["sum"], {}),
    ("GlobalAveragePool", ["sum"], ["mean"], {}),
    ("Flatten", ["mean"], ["flat"], {}),
    ("Gemm", ["flat", "d"], ["scores"], {"transB": 1}),
    ("Softmax", ["scores"], ["y"], {}),
]


@pytest.fixture
def branched(tmp_path):
    from weight_files import model

    path = tmp_path / "net.onnx"
    path.write_bytes(model(NODES, {"w": W, "v": V, "d": D}, shape=(1, 3, "h", "w")))
    return path


def opened(user, path):
    user.program.weights.open(str(path))
    user.settle()
    user.window.weights.graph_button.click()
    user.settle()
    return user.window.graph


def maps_of(user, tensor):
    """Return what ONNX Runtime makes of the prepared photo."""
    state = user.state
    planes = evaluate(state.chain, upto=0)
    return state.layers[0].model.maps(planes, tensor)


def test_it_is_offered_where_the_chain_ends_and_found_by_its_name(user, branched):
    user.program.weights.open(str(branched))
    user.settle()
    assert "Run the whole graph" in user.window.weights.note.whole_text()
    user.do("run_graph")
    user.settle()
    assert user.window.graph.isVisible() and user.window.graph.current() == "a"


def test_every_tensor_is_listed_and_the_first_convolution_is_shown(user, branched):
    panel = opened(user, branched)
    assert [row.name for row in panel.model.rows] == ["a", "b", "c", "sum", "mean"]
    assert panel.isVisible() and panel.current() == "a"
    assert user.state.output_shape.maps == 4 and user.state.why == ""
    assert np.allclose(evaluate(user.state.chain), maps_of(user, "a"), atol=1e-4)


def test_a_tensor_that_no_layer_of_ours_makes_is_shown_as_it_is_run(user, branched):
    panel = opened(user, branched)
    panel.chosen.emit("sum")
    user.settle()
    assert np.array_equal(evaluate(user.state.chain), maps_of(user, "sum"))
    assert not panel.values.isEnabled()
    user.program.probe.pin((4, 5))
    user.settle()
    assert user.program.probe.finding().made.sentence.startswith("by ONNX Runtime")


def test_a_known_layer_is_explained_from_its_input_and_the_difference_is_said(user, branched):
    panel = opened(user, branched)
    panel.chosen.emit("c")
    user.settle()
    assert [layer.kind for layer in user.state.layers] == ["graph", "conv"]
    assert "largest difference in this map is" in panel.note.whole_text()
    user.window.docks["probe"].bring()
    user.program.probe.pin((4, 5))
    user.settle()
    finding = user.program.probe.finding()
    theirs = maps_of(user, "c")[user.state.map, 4, 5]
    assert finding.beside == theirs and finding.explanation.value == pytest.approx(theirs, rel=1e-5)
    assert "by ONNX Runtime: " in user.window.probe.detail.whole_text()


def test_as_it_is_run_has_the_values_of_onnx_runtime_and_back(user, branched):
    panel = opened(user, branched)
    panel.chosen.emit("c")
    user.settle()
    panel.values_chosen.emit("theirs")
    user.settle()
    assert [layer.kind for layer in user.state.layers] == ["graph"]
    assert np.array_equal(evaluate(user.state.chain), maps_of(user, "c"))
    panel.values_chosen.emit("ours")
    user.settle()
    assert [layer.kind for layer in user.state.layers] == ["graph", "conv"]


def test_an_input_of_another_size_runs_the_graph_again(user, branched):
    opened(user, branched).chosen.emit("sum")
    user.settle()
    before = user.state.output_shape
    user.program.session.update("size", reading=replace(user.state.reading, size=(96, 64)))
    user.settle()
    assert user.state.why == "" and user.state.output_shape == (4, 48, 32) != before
    assert "has not run" not in user.window.layers.detail.whole_text()
    user.do("undo")
    user.settle()
    assert user.state.output_shape == before


def test_going_through_the_tensors_is_one_step_back(user, branched):
    panel = opened(user, branched)
    for tensor in ("b", "c", "sum"):
        panel.chosen.emit(tensor)
        user.settle()
    user.do("undo")
    user.settle()
    assert all(layer.kind != "graph" for layer in user.state.layers)


def test_the_top_classes_have_the_probabilities_and_the_names_of_a_file(user, branched, tmp_path):
    opened(user, branched)
    user.window.docks["classes"].bring()
    user.settle()
    lines = user.window.classes.bars.lines
    model = user.state.layers[0].model
    expected = model.scores(evaluate(user.state.chain, upto=0), "y")
    assert [line.part for line in lines] == pytest.approx(sorted(expected.tolist(), reverse=True))
    assert lines[0].name == f"class {expected.argmax()}"
    (tmp_path / "names.txt").write_text("ant\nbee\ncat\ndog\nelk\n")
    user.program.classes.open_labels(str(tmp_path / "names.txt"))
    user.settle()
    assert user.window.classes.bars.lines[0].name == ("ant", "bee", "cat", "dog", "elk")[expected.argmax()]


def test_a_recipe_of_a_graph_makes_the_same_maps(user, branched, tmp_path):
    opened(user, branched).chosen.emit("sum")
    user.settle()
    save_recipe(tmp_path / "r.json", recipe_of(user.state))
    shown = evaluate(user.state.looked_at)
    again = read_recipe(tmp_path / "r.json")
    assert np.array_equal(evaluate(again.chain(user.state.source)), shown)
