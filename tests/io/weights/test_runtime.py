"""Any ONNX graph by ONNX Runtime: its tensors as maps, at the size of the picture, with weights of a second file."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from weight_files import model, runtime

from convgui.io.errors import FileError
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
