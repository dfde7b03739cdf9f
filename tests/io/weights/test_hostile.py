"""Hostile files: any bytes give a result or one sentence, soon, and in little memory; nothing outside a file is read."""

from __future__ import annotations

import json
import os
import struct
import tracemalloc
import zipfile
from io import BytesIO
from pathlib import Path

import h5py
import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from weight_files import model

from convgui.io.errors import FileError
from convgui.io.weights.files import is_weights, open_weights
from convgui.io.weights.keras.settings import Unusable, layers_of
from convgui.io.weights.onnx.parse import parse_model
from convgui.io.weights.protobuf import Damaged, Reader

DATA = Path(__file__).parents[2] / "data"
MOST_MEMORY = 60_000_000

W = np.random.default_rng(8).uniform(-1, 1, (4, 3, 3, 3)).astype(np.float32)


def outcome(path):
    """Open a file, read all tensors, ask for the chain: the sentence of a refusal, or what was found."""
    try:
        is_weights(path)
        opened = open_weights(path)
        for tensor in opened.tensors[:50]:
            try:
                tensor.read()
            except FileError as error:
                said(error, path)
        network = opened.network
        return opened, network
    except FileError as error:
        said(error, path)
        return None


def said(error, path):
    """Assert that a refusal is one sentence that names the file."""
    text = str(error)
    assert text.startswith(path.name) and "\n" not in text and len(text) < 1000


def samples():
    """Return small files of each kind, as bytes by their endings."""
    nodes = [
        ("Constant", [], ["four"], {"value_ints": [0, 0, 1, 1, 0, 0, 1, 1]}),
        ("Pad", ["x", "four"], ["p"], {}),
        ("Conv", ["p", "w"], ["a"], {"strides": [2, 2]}),
        ("Sigmoid", ["a"], ["s"], {}),
        ("Mul", ["a", "s"], ["b"], {}),
        ("GlobalAveragePool", ["b"], ["c"], {}),
        ("Flatten", ["c"], ["y"], {}),
    ]
    found = {".onnx": model(nodes, {"w": W}), ".onnx two": (DATA / "onnx" / "two_files.onnx").read_bytes()}
    npz = BytesIO()
    np.savez(npz, **{"conv.weight": W, "conv.bias": np.zeros(4)})
    found[".npz"] = npz.getvalue()
    npy = BytesIO()
    np.save(npy, W)
    found[".npy"] = npy.getvalue()
    header = json.dumps({"w": {"dtype": "F32", "shape": [4, 3, 3, 3], "data_offsets": [0, W.nbytes]}}).encode()
    found[".safetensors"] = struct.pack("<Q", len(header)) + header + W.tobytes()
    for name in ("sequence.keras", "sequence.h5", "sequence.weights.h5"):
        found[Path(name).suffix + " " + name] = (DATA / "keras" / "files" / name).read_bytes()
    return found


SAMPLES = samples()

FUZZED = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


OWN = [kind for kind in SAMPLES if not kind.startswith((".h5", ".keras"))]


@pytest.mark.parametrize("kind", OWN)
@given(data=st.data())
@FUZZED
def test_files_with_wrong_bytes(kind, data, tmp_path_factory):
    """Some bytes of a sound file are others, or it is cut off."""
    wrong_bytes(kind, data, tmp_path_factory)


@pytest.mark.parametrize("kind", [kind for kind in SAMPLES if kind not in OWN])
@given(data=st.data())
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_files_of_hdf5_with_wrong_bytes(kind, data, tmp_path_factory):
    """The same; each is looked into by a process of its own, which takes a while."""
    wrong_bytes(kind, data, tmp_path_factory)


def test_a_file_at_which_the_library_crashes_is_damaged(tmp_path):
    content = bytearray((DATA / "keras" / "files" / "branches.h5").read_bytes())
    content[857] = 3  # in the type of an attribute; the library follows it out of its memory
    (tmp_path / "a.h5").write_bytes(content)
    with pytest.raises(FileError, match=r"^a\.h5: is damaged, expected an HDF5 file"):
        open_weights(tmp_path / "a.h5")


def wrong_bytes(kind, data, tmp_path_factory):
    content = bytearray(SAMPLES[kind])
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=6)):
        content[place] = data.draw(st.integers(0, 255))
    content = bytes(content[: data.draw(st.one_of(st.just(len(content)), st.integers(1, len(content))))])
    path = tmp_path_factory.getbasetemp() / f"fuzzed{kind.split()[0]}"
    path.write_bytes(content)
    outcome(path)


@pytest.mark.parametrize("ending", [".onnx", ".npz", ".npy", ".safetensors", ".h5", ".keras", ".json"])
@given(content=st.binary(min_size=1, max_size=400))
@FUZZED
def test_files_of_any_bytes(ending, content, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / f"any{ending}"
    path.write_bytes(content)
    outcome(path)


@given(st.binary(max_size=600))
@settings(max_examples=400, deadline=None)
@example(b"\x3a\x04\x0a\x02\x2a\x00")
def test_any_bytes_as_protocol_buffers(content):
    try:
        parse_model(content)
    except Damaged as error:
        assert str(error)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "class_name",
                    "config",
                    "layers",
                    "name",
                    "inbound_nodes",
                    "keras_history",
                    "weightsManifest",
                    "paths",
                    "weights",
                    "shape",
                    "dtype",
                    "quantization",
                    "batch_shape",
                    "filters",
                    "kernel_size",
                    "padding",
                    "activation",
                ]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=30,
)


@given(JSON)
@settings(max_examples=100, deadline=None)
def test_any_settings_of_a_model(document):
    try:
        layers_of(document)
    except Unusable as error:
        assert str(error)


KINDS = (
    "Conv2D",
    "Dense",
    "Flatten",
    "MaxPooling2D",
    "BatchNormalization",
    "ReLU",
    "Rescaling",
    "Resizing",
    "Cropping2D",
    "UpSampling2D",
    "Activation",
    "PReLU",
    "SeparableConv2D",
    "ZeroPadding2D",
    "Normalization",
    "Softmax",
    "Lambda",
)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(KINDS),
            st.dictionaries(
                st.sampled_from(
                    [
                        "strides",
                        "padding",
                        "pool_size",
                        "activation",
                        "axis",
                        "scale",
                        "offset",
                        "height",
                        "width",
                        "cropping",
                        "size",
                        "dilation_rate",
                        "groups",
                        "epsilon",
                        "max_value",
                        "mean",
                        "variance",
                        "batch_shape",
                        "interpolation",
                        "use_bias",
                    ]
                ),
                JSON,
                max_size=4,
            ),
        ),
        min_size=1,
        max_size=5,
    )
)
@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
def test_layers_with_any_settings(tmp_path_factory, layers):
    config = [{"class_name": kind, "config": {"name": f"l{k}"} | more} for k, (kind, more) in enumerate(layers)]
    folder = tmp_path_factory.getbasetemp()
    weights = [{"name": f"l{k}/kernel", "shape": [3, 3, 1, 2], "dtype": "float32"} for k in range(len(layers))]
    (folder / "shard").write_bytes(np.ones(18 * len(layers), np.float32).tobytes())
    document = {"modelTopology": {"class_name": "Sequential", "config": {"layers": config}}}
    document["weightsManifest"] = [{"paths": ["shard"], "weights": weights}]
    (folder / "any_model.json").write_text(json.dumps(document))
    outcome(folder / "any_model.json")


def test_nothing_is_reserved_for_what_a_file_only_promises(tmp_path):
    """A tensor of a terabyte, as raw bytes, as numbers, and in another file."""
    from onnx import ModelProto, TensorProto

    for how in ("raw", "typed", "external"):
        whole = ModelProto.FromString(model([("Conv", ["x", "w"], ["y"], {})], {"w": W}))
        tensor = whole.graph.initializer[0]
        tensor.dims[:] = [2**20, 2**10, 16, 16]
        if how != "raw":
            tensor.ClearField("raw_data")
        if how == "external":
            tensor.data_location = TensorProto.EXTERNAL
            entry = tensor.external_data.add()
            entry.key, entry.value = "location", "beside.bin"
            (tmp_path / "beside.bin").write_bytes(bytes(100))
        (tmp_path / "a.onnx").write_bytes(whole.SerializeToString())
        tracemalloc.start()
        opened = open_weights(tmp_path / "a.onnx")
        with pytest.raises(FileError, match=r"^a\.onnx: "):
            opened.tensors[0].read()
        assert opened.network is None
        assert tracemalloc.get_traced_memory()[1] < MOST_MEMORY
        tracemalloc.stop()


@pytest.mark.parametrize(
    "node",
    [
        ("ConstantOfShape", ["huge"], ["made"], {}),
        ("Expand", ["one", "huge"], ["made"], {}),
        ("Tile", ["ones", "huge"], ["made"], {}),
        ("Range", ["zero", "large", "unit"], ["made"], {}),
    ],
)
def test_constants_that_would_fill_the_memory_are_not_made(tmp_path, node):
    tensors = {"huge": np.array([100_000, 100_000], np.int64), "one": np.ones(1, np.float32), "w": W}
    tensors |= {"ones": np.ones((4, 4), np.float32), "zero": np.int64(0), "large": np.int64(10**12), "unit": np.int64(1)}
    path = tmp_path / "a.onnx"
    path.write_bytes(model([node, ("Add", ["x", "made"], ["a"], {}), ("Conv", ["a", "w"], ["y"], {})], tensors))
    tracemalloc.start()
    network = outcome(path)[1]
    assert tracemalloc.get_traced_memory()[1] < MOST_MEMORY
    tracemalloc.stop()
    assert [layer.kind for layer in network.layers] == ["conv"] and network.begins == "a"


def test_graphs_that_double_at_each_step_end(tmp_path):
    nodes = [("Concat", ["c0", "c0"], ["c1"], {"axis": 0})]
    nodes += [("Concat", [f"c{k}", f"c{k}"], [f"c{k + 1}"], {"axis": 0}) for k in range(1, 50)]
    nodes += [("Pad", ["x", "c50"], ["p"], {}), ("Conv", ["p", "w"], ["y"], {})]
    path = tmp_path / "a.onnx"
    path.write_bytes(model(nodes, {"c0": np.arange(8), "w": W}))
    tracemalloc.start()
    assert outcome(path) is not None
    assert tracemalloc.get_traced_memory()[1] < 10 * MOST_MEMORY
    tracemalloc.stop()


def test_graphs_that_run_in_circles_end(tmp_path):
    nodes = [("Add", ["b", "b"], ["a"], {}), ("Add", ["a", "a"], ["b"], {}), ("Conv", ["x", "b"], ["c"], {})]
    nodes += [("Relu", ["x"], ["d"], {}), ("Relu", ["d"], ["x"], {})]
    path = tmp_path / "a.onnx"
    path.write_bytes(model(nodes, {}, outputs=("c",)))
    assert outcome(path) is not None


def test_graphs_nested_without_end_are_refused(tmp_path):
    data = b""
    for _ in range(60):  # a graph in an attribute of a node of a graph
        attribute = b"\x32" + _varint(len(data)) + data
        node = b"\x2a" + _varint(len(attribute)) + attribute
        data = b"\x0a" + _varint(len(node)) + node
    path = tmp_path / "a.onnx"
    path.write_bytes(b"\x3a" + _varint(len(data)) + data)
    with pytest.raises(FileError, match="nests graphs more than 16 deep"):
        open_weights(path)


def test_more_entries_than_any_network_has_are_refused():
    reader = Reader(b"\x08\x01" * 1000, most=999)
    with pytest.raises(Damaged, match="more entries than a network has"):
        list(reader.fields(0, 2000))


def _varint(n):
    found = b""
    while n > 127:
        found, n = found + bytes([n & 127 | 128]), n >> 7
    return found + bytes([n])


@pytest.fixture
def secret(tmp_path):
    """Return a file that must not be read."""
    with h5py.File(tmp_path / "secret.h5", "w") as file:
        file["w"] = W
    return tmp_path / "secret.h5"


def test_links_of_hdf5_are_not_followed(tmp_path, secret):
    for kind in ("external", "soft"):
        with h5py.File(tmp_path / f"{kind}.h5", "w") as file:
            file["layers/conv/kernel"] = W
            file["layers/other"] = (
                h5py.ExternalLink(secret.name, "/w") if kind == "external" else h5py.SoftLink("/layers/conv")
            )
        with pytest.raises(FileError, match="layers/other is a link to another place or file, which is not followed"):
            open_weights(tmp_path / f"{kind}.h5")


def test_numbers_of_hdf5_that_lie_elsewhere_are_not_read(tmp_path, secret):
    with h5py.File(tmp_path / "virtual.h5", "w") as file:
        layout = h5py.VirtualLayout(W.shape, W.dtype)
        layout[:] = h5py.VirtualSource(secret, "w", W.shape)
        file.create_virtual_dataset("w", layout)
    (tmp_path / "raw").write_bytes(W.tobytes())
    with h5py.File(tmp_path / "outside.h5", "w") as file:
        file.create_dataset("w", W.shape, W.dtype, external=[(str(tmp_path / "raw"), 0, W.nbytes)])
    for name in ("virtual.h5", "outside.h5"):
        with pytest.raises(FileError, match="w lies in another file, which is not opened"):
            open_weights(tmp_path / name)


def test_hdf5_that_promises_more_than_it_stores(tmp_path):
    with h5py.File(tmp_path / "empty.h5", "w") as file:
        file.create_dataset("w", (2**20, 2**10, 3, 3), "f4")
    with pytest.raises(FileError, match="w declares 38,654,705,664 bytes, and 0 are stored"):
        open_weights(tmp_path / "empty.h5")
    with h5py.File(tmp_path / "bomb.h5", "w") as file:
        file.create_dataset("w", (300, 1_000_000), "u1", chunks=(1, 1_000_000), compression="gzip")[:] = 0
    with pytest.raises(FileError, match="w declares 300,000,000 bytes"):
        open_weights(tmp_path / "bomb.h5")


def test_hdf5_nested_without_end_is_refused(tmp_path):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["/".join("g" * 40)] = W
    with pytest.raises(FileError, match="nests groups more than 32 deep"):
        open_weights(tmp_path / "a.h5")
    with h5py.File(tmp_path / "b.h5", "w") as file:
        file["w"] = W
        file["again"] = file["/"]  # a hard link that leads back
    with pytest.raises(FileError, match="nests groups more than 32 deep"):
        open_weights(tmp_path / "b.h5")


def test_an_archive_of_keras_that_is_a_bomb(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.keras", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("config.json", b" " * 60_000_000)
        archive.writestr("metadata.json", "{}")
        archive.writestr("model.weights.h5", b"")
    tracemalloc.start()
    with pytest.raises(FileError, match=r"its config\.json expands to 60,000,000 bytes: a decompression bomb"):
        open_weights(tmp_path / "a.keras")
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes on this system")
@pytest.mark.parametrize("ending", [".onnx", ".h5", ".keras", ".npz", ".json", ".safetensors"])
def test_a_pipe_is_not_waited_for(tmp_path, ending):
    os.mkfifo(tmp_path / f"a{ending}")
    with pytest.raises(FileError, match="is a pipe or device"):
        open_weights(tmp_path / f"a{ending}")
