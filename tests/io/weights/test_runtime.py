"""Any ONNX graph by ONNX Runtime: its tensors as maps, at the size of the picture, with weights of a second file."""

from __future__ import annotations

import pickle
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from weight_files import model, runtime

from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.base import Shape
from convgui.engine.layers.conv import Conv
from convgui.engine.layers.graph import Graph
from convgui.engine.layers.pool import Pool
from convgui.engine.looking.beside import beside_map
from convgui.engine.network import Chain, evaluate
from convgui.engine.reading import Reading
from convgui.engine.source import Source
from convgui.engine.strategies.tiles import Cancelled
from convgui.io.errors import FileError
from convgui.io.recipe import Recipe, read_recipe, save_recipe
from convgui.io.weights.files import open_weights
from convgui.io.weights.runtime import open_runtime, tensor_names

pytest.importorskip("onnx", reason="onnx makes the models")
pytest.importorskip("onnxruntime", reason="onnxruntime runs them")

DATA = Path(__file__).parents[2] / "data" / "onnx"
RNG = np.random.default_rng(8)
W = RNG.normal(size=(4, 3, 3, 3)).astype(np.float32)
V = RNG.normal(size=(4, 4, 3, 3)).astype(np.float32)
BRANCHED = [
    ("Conv", ["x", "w"], ["a"], {"pads": [1, 1, 1, 1]}),
    ("Relu", ["a"], ["b"], {}),
    ("Conv", ["b", "v"], ["c"], {"pads": [1, 1, 1, 1]}),
    ("Add", ["b", "c"], ["d"], {}),
    ("GlobalAveragePool", ["d"], ["e"], {}),
    ("Flatten", ["e"], ["y"], {}),
]


@pytest.fixture
def branched(tmp_path):
    path = tmp_path / "net.onnx"
    path.write_bytes(model(BRANCHED, {"w": W, "v": V}, shape=(1, 3, 8, 9)))
    return path


def test_tensors_of_three_or_four_axes_are_listed_in_the_order_of_the_graph(branched):
    opened = open_runtime(branched)
    assert opened.names == ("a", "b", "c", "d", "e")
    assert tensor_names(branched) == ("a", "b", "c", "d", "e", "y")
    assert (opened.axes, opened.channels, opened.size) == ("NCHW", 3, (8, 9))


def test_each_tensor_has_the_values_of_the_graph(branched):
    x = RNG.normal(size=(3, 8, 9)).astype(np.float32)
    names = ["a", "b", "c", "d", "e"]
    expected = runtime(branched.read_bytes(), {"x": x[None]}, names)
    opened = open_runtime(branched)
    for name, values in zip(names, expected, strict=True):
        assert np.array_equal(opened.maps(x, name), values[0])
    assert set(opened.several(x, names)) == set(names)


def test_a_fixed_size_is_freed_where_the_graph_allows_it(branched, tmp_path):
    x = RNG.normal(size=(3, 21, 30)).astype(np.float32)
    free = tmp_path / "free.onnx"
    free.write_bytes(model(BRANCHED, {"w": W, "v": V}, shape=(1, 3, "h", "w")))
    (expected,) = runtime(free.read_bytes(), {"x": x[None]}, ["d"])
    assert np.array_equal(open_runtime(branched).maps(x, "d"), expected[0])
    assert open_runtime(free).size is None


def test_a_batch_of_several_is_freed_too(tmp_path):
    path = tmp_path / "net.onnx"
    path.write_bytes(model(BRANCHED, {"w": W, "v": V}, shape=(10, 3, 8, 9)))
    assert open_runtime(path).maps(np.ones((3, 8, 9), np.float32), "d").shape == (4, 8, 9)


def test_a_size_that_the_graph_does_not_take_is_one_sentence(tmp_path):
    nodes = [*BRANCHED[:2], ("Reshape", ["b", "shape"], ["y"], {})]
    path = tmp_path / "net.onnx"
    path.write_bytes(model(nodes, {"w": W, "shape": np.array([1, 288], np.int64)}, shape=(1, 3, 8, 9)))
    with pytest.raises(FileError, match="does not run on 10 × 9 cells, expected 8 × 9") as raised:
        open_runtime(path).maps(np.zeros((3, 10, 9), np.float32), "b")
    assert "\n" not in str(raised.value)


def test_weights_of_a_second_file_are_read(tmp_path):
    stored = np.load(DATA / "two_files.npz")
    opened = open_runtime(DATA / "two_files.onnx")
    network = open_weights(DATA / "two_files.onnx").network
    assert opened.names[0] and network.ends not in opened.names  # a vector, no maps
    made = opened.maps(stored["x"], opened.names[0])
    assert made.shape == (8, 11, 9)
    shutil.copy(DATA / "two_files.onnx", tmp_path)
    with pytest.raises(FileError, match=r"two_files\.onnx\.data"):
        open_runtime(tmp_path / "two_files.onnx")


def test_channels_that_come_last_are_brought_to_the_front(tmp_path):
    nodes = [
        ("Transpose", ["x"], ["t"], {"perm": [0, 3, 1, 2]}),
        ("Conv", ["t", "w"], ["a"], {}),
        ("Transpose", ["a"], ["y"], {"perm": [0, 2, 3, 1]}),
    ]
    path = tmp_path / "net.onnx"
    path.write_bytes(model(nodes, {"w": W}, shape=(1, 8, 9, 3)))
    opened, x = open_runtime(path), RNG.normal(size=(3, 8, 9)).astype(np.float32)
    assert opened.axes == "NHWC"
    assert np.array_equal(opened.maps(x, "t"), x)
    assert np.array_equal(opened.maps(x, "y"), opened.maps(x, "a"))


def test_a_sequence_is_one_row(tmp_path):
    path = tmp_path / "net.onnx"
    weights = RNG.normal(size=(5, 2, 3)).astype(np.float32)
    path.write_bytes(model([("Conv", ["x", "w"], ["y"], {})], {"w": weights}, shape=(1, 2, 30)))
    assert open_runtime(path).maps(np.ones((2, 1, 30), np.float32), "y").shape == (5, 1, 28)


@pytest.mark.parametrize("name", ["z", "y", "w"])
def test_a_name_that_is_no_map_is_one_sentence(branched, name):
    with pytest.raises(FileError, match=f"no tensor '{name}'"):
        open_runtime(branched).maps(np.zeros((3, 8, 9), np.float32), name)


def test_other_channels_are_refused(branched):
    with pytest.raises(FileError, match="reads 3 channels, received 1"):
        open_runtime(branched).maps(np.zeros((1, 8, 9), np.float32), "a")


def test_without_the_package_the_command_is_said(branched, monkeypatch):
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(FileError, match=r"convgui\[onnx\]"):
        open_runtime(branched)


@pytest.mark.parametrize("data", [b"", b"\x3a\x02\x0a\x00", b"no model at all"])
def test_what_is_no_model_is_one_sentence(tmp_path, data):
    path = tmp_path / "net.onnx"
    path.write_bytes(data)
    with pytest.raises(FileError):
        open_runtime(path)


# as a layer

STRIDED = [
    ("Conv", ["x", "w"], ["a"], {"pads": [1, 1, 1, 1], "strides": [2, 2]}),
    ("Relu", ["a"], ["b"], {}),
    ("Conv", ["b", "v"], ["c"], {"pads": [1, 1, 1, 1]}),
    ("Add", ["b", "c"], ["d"], {}),
    ("MaxPool", ["d"], ["e"], {"kernel_shape": [3, 3], "strides": [2, 2]}),
    ("GlobalAveragePool", ["e"], ["f"], {}),
    ("Flatten", ["f"], ["g"], {}),
    ("Softmax", ["g"], ["y"], {}),
]
PHOTO = RNG.integers(0, 255, (40, 60, 3), np.uint8)


@pytest.fixture
def strided(tmp_path):
    path = tmp_path / "net.onnx"
    path.write_bytes(model(STRIDED, {"w": W, "v": V}, shape=(1, 3, "h", "w")))
    return path


def on_photo(opened, tensor, *after, beside=""):
    return Chain(Source(PHOTO), Reading("each channel"), (Graph(opened, tensor, beside), *after))


def test_a_tensor_is_a_layer_of_a_chain(strided):
    opened = open_runtime(strided)
    planes = evaluate(Chain(Source(PHOTO), Reading("each channel")))
    assert np.array_equal(evaluate(on_photo(opened, "d")), opened.maps(planes, "d"))


@pytest.mark.parametrize("tensor", ["a", "b", "c", "d", "e"])
def test_cells_lie_where_our_layers_put_them_through_branches(strided, tensor):
    made = on_photo(open_runtime(strided), tensor)
    evaluate(made)
    stem = Conv(Kernel(np.ones((3, 3))), padding=((1, 1), (1, 1)), stride=(2, 2))
    ours = Chain(Source(PHOTO), Reading("each channel"), (stem, *((Pool("max", (3, 3), (2, 2)),) if tensor == "e" else ())))
    assert made.place(1) == ours.place(len(ours.layers))


@pytest.mark.parametrize(
    ("tensor", "start", "kinds"),
    [("a", "x", ["conv"]), ("b", "x", ["conv", "activation"]), ("c", "b", ["conv"]), ("d", None, []), ("e", "d", ["pool"])],
)
def test_our_layers_make_a_tensor_from_the_one_before_as_onnx_runtime_does(strided, tensor, start, kinds):
    opened = open_runtime(strided)
    found = opened.layers_of(tensor, Shape(3, 40, 60))
    if start is None:
        assert found is None
        return
    assert (found[0], [layer.kind for layer in found[1]]) == (start, kinds)
    chain = on_photo(opened, found[0], *found[1], beside=tensor)
    ours, n = evaluate(chain), len(chain.layers)
    for map in range(4):
        theirs = beside_map(chain, n, map)
        assert np.abs(ours[map] - theirs).max() <= 1e-5 * max(np.abs(theirs).max(), 255)


def test_scores_are_what_it_ends_with(strided):
    opened = open_runtime(strided)
    planes = evaluate(Chain(Source(PHOTO), Reading("each channel")))
    assert [(end.name, end.kind) for end in opened.ends] == [("y", "Softmax")]
    (expected,) = runtime(strided.read_bytes(), {"x": planes[None]}, ["y"])
    assert np.array_equal(opened.scores(planes, "y"), expected[0])


def test_a_recipe_finds_the_graph_again_and_refuses_another(strided, tmp_path):
    opened = open_runtime(strided)
    recipe = Recipe((Graph(opened, "d"),), reading=Reading("each channel"))
    save_recipe(tmp_path / "r.json", recipe)
    assert np.array_equal(read_recipe(tmp_path / "r.json").apply(PHOTO), recipe.apply(PHOTO))
    assert np.array_equal(pickle.loads(pickle.dumps(recipe)).apply(PHOTO), recipe.apply(PHOTO))
    strided.write_bytes(model(STRIDED, {"w": 2 * W, "v": V}, shape=(1, 3, "h", "w")))
    with pytest.raises(FileError, match=r"layers\[0\].model: .* net.onnx: is another model by now"):
        read_recipe(tmp_path / "r.json")
    strided.unlink()
    with pytest.raises(FileError, match="it is not there"):
        read_recipe(tmp_path / "r.json")


def test_another_second_file_is_another_model(tmp_path):
    for name in ("two_files.onnx", "two_files.onnx.data"):
        shutil.copy(DATA / name, tmp_path)
    before = open_runtime(tmp_path / "two_files.onnx").described()
    data = bytearray((tmp_path / "two_files.onnx.data").read_bytes())
    data[5] ^= 1
    (tmp_path / "two_files.onnx.data").write_bytes(data)
    assert open_runtime(tmp_path / "two_files.onnx").described() != before


def test_a_sequence_without_channels_is_one_plane(tmp_path):
    path = tmp_path / "net.onnx"
    nodes = [("Unsqueeze", ["x", "axis"], ["u"], {}), ("Conv", ["u", "w"], ["y"], {})]
    values = {"axis": np.array([1], np.int64), "w": RNG.normal(size=(5, 1, 3)).astype(np.float32)}
    path.write_bytes(model(nodes, values, shape=(1, 30)))
    opened = open_runtime(path)
    assert (opened.axes, opened.channels, opened.names) == ("NW", 1, ("u", "y"))
    assert opened.maps(np.ones((1, 1, 30), np.float32), "y").shape == (5, 1, 28)


def test_a_run_that_nobody_wants_any_more_ends(tmp_path):
    nodes = [("Conv", ["x", "k"], [f"t{k}"] if k else ["t0"], {"pads": [7] * 4}) for k in range(1)]
    nodes += [("Conv", [f"t{k}", "l"], [f"t{k + 1}"], {"pads": [7] * 4}) for k in range(200)]
    kernels = {"k": np.ones((16, 3, 15, 15), np.float32), "l": np.ones((16, 16, 15, 15), np.float32)}
    path = tmp_path / "long.onnx"
    path.write_bytes(model(nodes, kernels, shape=(1, 3, "h", "w")))
    with pytest.raises(Cancelled):
        open_runtime(path).run(np.zeros((3, 300, 300), np.float32), ("t200",), lambda: True)
