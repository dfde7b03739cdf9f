"""The newest versions of ONNX's operations, 23 to 25: each network has the values of the project's own evaluator."""

from __future__ import annotations

import numpy as np
import pytest
from weight_files import close, computed, magnitudes, model, run

from convgui.io.weights.files import open_weights

pytest.importorskip("onnx", reason="the onnx package makes the models and evaluates them")

RANDOM = np.random.default_rng(8)


def floats(*shape):
    return RANDOM.uniform(-1, 1, shape).astype(np.float32)


def ints(*values):
    return np.array(values, np.int64)


def numbers(*values):
    return np.array(values, np.float32)


W, B = floats(4, 3, 3, 3), floats(4)
NORM = {"g": floats(4), "h": floats(4), "m": floats(4), "v": np.abs(floats(4)) + 0.5}
CONV = ("Conv", ["x", "w", "b"], ["a"], {"pads": [1, 1, 1, 1]})

NETWORKS = {
    "convolutions": (
        [
            ("Conv", ["x", "w", "b"], ["a"], {"pads": [1, 0, 2, 1], "strides": [2, 1]}),
            ("Relu", ["a"], ["c"], {}),
            ("Conv", ["c", "d"], ["e"], {"group": 4, "auto_pad": "SAME_UPPER"}),
            ("Conv", ["e", "p"], ["y"], {"dilations": [2, 2]}),
        ],
        {"w": W, "b": B, "d": floats(4, 1, 3, 3), "p": floats(2, 4, 2, 2)},
    ),
    "batch norm": ([CONV, ("BatchNormalization", ["a", "g", "h", "m", "v"], ["y"], {"epsilon": 0.01})], NORM),
    "pads": (
        [
            ("Pad", ["x", "all"], ["q"], {"mode": "reflect"}),
            ("Pad", ["q", "some", "half", "axes"], ["r"], {}),
            ("Pad", ["r", "all"], ["s"], {"mode": "wrap"}),
            ("Conv", ["s", "w"], ["y"], {}),
        ],
        {"all": ints(0, 0, 2, 1, 0, 0, 0, 3), "some": ints(1, 2), "half": numbers(0.5).reshape(()), "axes": ints(3)},
    ),
    "pads computed by casts": (
        [
            ("Cast", ["wide"], ["cells"], {"to": 7}),
            ("Pad", ["x", "cells"], ["q"], {"mode": "edge"}),
            ("Conv", ["q", "w"], ["y"], {}),
        ],
        {"wide": numbers(0, 0, 1, 2, 0, 0, 3, 0)},
    ),
    "weights by casts": (
        [("Cast", ["low"], ["w16"], {"to": 1}), ("Conv", ["x", "w16"], ["a"], {}), ("Identity", ["a"], ["y"], {})],
        {"low": W.astype(np.float16)},
    ),
    "weights turned and reshaped": (
        [
            ("Transpose", ["last"], ["first"], {"perm": [3, 2, 0, 1]}),
            ("Reshape", ["flat", "shape"], ["second"], {}),
            ("Conv", ["x", "first"], ["a"], {}),
            ("Conv", ["a", "second"], ["y"], {}),
        ],
        {"last": floats(3, 3, 3, 4), "flat": floats(24), "shape": ints(6, 4, 1, 1)},
    ),
    "functions with limits": (
        [
            CONV,
            ("Clip", ["a", "low", "high"], ["c"], {}),
            ("HardSwish", ["c"], ["d"], {}),
            ("HardSigmoid", ["d"], ["y"], {}),
        ],
        {"low": numbers(-0.5).reshape(()), "high": numbers(0.7).reshape(())},
    ),
    "functions with slopes": (
        [
            CONV,
            ("PRelu", ["a", "slope"], ["c"], {}),
            ("LeakyRelu", ["c"], ["d"], {"alpha": 0.3}),
            ("Elu", ["d"], ["e"], {"alpha": 0.5}),
            ("Gelu", ["e"], ["y"], {"approximate": "tanh"}),
        ],
        {"slope": floats(4, 1, 1)},
    ),
    "smooth functions": (
        [
            CONV,
            ("Softplus", ["a"], ["c"], {}),
            ("Mish", ["c"], ["d"], {}),
            ("Sigmoid", ["d"], ["e"], {}),
            ("Tanh", ["e"], ["y"], {}),
        ],
        {},
    ),
    "pools": (
        [
            CONV,
            ("MaxPool", ["a"], ["c"], {"kernel_shape": [3, 2], "strides": [2, 1], "pads": [1, 0, 1, 1], "ceil_mode": 1}),
            ("AveragePool", ["c"], ["y"], {"kernel_shape": [2, 2], "dilations": [1, 2], "count_include_pad": 1}),
        ],
        {},
    ),
    "global pool and a dense layer": (
        [
            CONV,
            ("GlobalAveragePool", ["a"], ["c"], {}),
            ("Flatten", ["c"], ["d"], {}),
            ("Gemm", ["d", "k", "l"], ["e"], {"transB": 1}),
            ("Softmax", ["e"], ["y"], {"axis": 1}),
        ],
        {"k": floats(5, 4), "l": floats(5)},
    ),
    "means over axes": ([CONV, ("ReduceMean", ["a", "axes"], ["y"], {"keepdims": 1})], {"axes": ints(2, 3)}),
    "bilinear sizes": (
        [CONV, ("Resize", ["a", "", "", "size"], ["y"], {"mode": "linear", "coordinate_transformation_mode": "half_pixel"})],
        {"size": ints(1, 4, 13, 5)},
    ),
    "nearest factors": (
        [
            CONV,
            (
                "Resize",
                ["a", "", "factors"],
                ["y"],
                {"mode": "nearest", "coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor", "axes": [2, 3]},
            ),
        ],
        {"factors": numbers(2, 3)},
    ),
    "softmax over maps": ([CONV, ("Softmax", ["a"], ["y"], {"axis": 1})], {}),
    "axes as TensorFlow has them": (
        [
            ("Transpose", ["x"], ["t"], {"perm": [0, 2, 3, 1]}),
            ("Transpose", ["t"], ["u"], {"perm": [0, 3, 1, 2]}),
            ("Conv", ["u", "w"], ["a"], {}),
            ("Squeeze", ["offsets", "first"], ["o"], {}),
            ("Add", ["a", "o"], ["y"], {}),
        ],
        {"offsets": floats(1, 1, 4, 1, 1), "first": ints(0)},
    ),
}


def network_of(folder, opset, nodes, tensors, **settings):
    """Return the bytes of a model, its network and what the evaluator of the onnx package makes of a picture."""
    from onnx import ModelProto, helper
    from onnx.reference import ReferenceEvaluator

    made = ModelProto.FromString(model(nodes, tensors, opset=opset, **settings))
    made.ir_version = helper.find_min_ir_version_for(made.opset_import)
    path = folder / f"net-{opset}.onnx"
    path.write_bytes(made.SerializeToString())
    x = floats(*settings.get("shape", (1, 3, 8, 9)))
    (y,) = ReferenceEvaluator(made).run(None, {"x": x})
    return open_weights(path).network, x[0], y[0]


@pytest.mark.parametrize("opset", [22, 23, 24, 25])
@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_has_the_values_of_the_standard(tmp_path, name, opset):
    nodes, tensors = NETWORKS[name]
    used = {one for _, given, _, _ in nodes for one in given}
    held = {key: array for key, array in ({"w": W, "b": B} | tensors).items() if key in used}
    network, x, y = network_of(tmp_path, opset, nodes, held)
    assert network.rest == "" and network.layers
    for found in (run(network, x), computed(network, x)):
        close(found, y.reshape(found.shape), magnitudes(network, x))


@pytest.mark.parametrize("opset", [24, 25])
@pytest.mark.parametrize("alpha", [1.0, 1.702])
def test_swish_has_its_factor(tmp_path, opset, alpha):
    nodes = [("Conv", ["x", "w"], ["a"], {}), ("Swish", ["a"], ["y"], {"alpha": alpha})]
    network, x, y = network_of(tmp_path, opset, nodes, {"w": W})
    found = run(network, x)
    assert network.rest == "" and [layer.kind for layer in network.layers] == ["conv", "activation"]
    close(found, y, magnitudes(network, x))


@pytest.mark.parametrize("opset", [23, 24, 25])
def test_what_no_layer_does_ends_the_chain_with_its_name(tmp_path, opset):
    nodes = [("Conv", ["x", "w"], ["a"], {}), ("RMSNormalization", ["a", "s"], ["y"], {"axis": -1})]
    network, _, _ = network_of(tmp_path, opset, nodes, {"w": W, "s": floats(7)})
    assert [layer.kind for layer in network.layers] == ["conv"]
    assert "RMSNormalization" in network.rest
