"""ONNX files: what exporters write becomes a chain with the values of ONNX Runtime, and all tensors are listed."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from weight_files import close, computed, magnitudes, model, run, runtime

from convgui.io.errors import FileError
from convgui.io.weights.files import open_weights

DATA = Path(__file__).parents[2] / "data" / "onnx"
RANDOM = np.random.default_rng(3)
W = RANDOM.uniform(-1, 1, (4, 3, 3, 3)).astype(np.float32)
B = RANDOM.uniform(-1, 1, 4).astype(np.float32)


def saved(tmp_path, *args, **settings):
    path = tmp_path / "net.onnx"
    path.write_bytes(model(*args, **settings))
    return path


def chain_of(path, shape=(3, 8, 9)):
    """Return the network of a file, after its values were compared with ONNX Runtime's where it ends."""
    network = open_weights(path).network
    x = RANDOM.standard_normal(shape).astype(np.float32)
    given = np.moveaxis(x, 0, -1) if network.axes == "NHWC" else x
    (y,) = runtime(path.read_bytes(), {network.begins: given[np.newaxis]}, [network.ends])[-1:]
    found = run(network, x)
    wanted = np.moveaxis(y[0], -1, 0) if network.ends_axes == "NHWC" else y[0]
    close(found, wanted.reshape(found.shape), magnitudes(network, x))
    return network


def kinds(network):
    return [layer.kind for layer in network.layers]


def test_a_network_that_pytorch_exports_in_two_files():
    opened = open_weights(DATA / "two_files.onnx")
    with np.load(DATA / "two_files.npz") as file:
        x, y = file["x"], file["y"]
    network = opened.network
    assert (opened.kind, network.rest, network.channels, network.size) == ("ONNX", "", 3, (21, 18))
    close(run(network, x).ravel(), y, magnitudes(network, x).ravel())
    close(computed(network, x).ravel(), y, magnitudes(network, x).ravel())
    functions = [layer.function for layer in network.layers if layer.kind == "activation"]
    assert functions == ["silu", "hard silu", "gelu", "prelu"]
    assert {tensor.layout for tensor in opened.tensors} >= {"OIHW", "C1HW"}


def test_without_its_second_file_the_tensors_are_listed_and_the_sentence_says_what_is_missing(tmp_path):
    path = tmp_path / "two_files.onnx"
    path.write_bytes((DATA / "two_files.onnx").read_bytes())
    opened = open_weights(path)
    assert "second file, two_files.onnx.data, which is not beside it" in opened.note
    big = next(tensor for tensor in opened.tensors if tensor.name == "4.weight" or tensor.layout == "OIHW")
    with pytest.raises(FileError, match="not beside it"):
        for tensor in opened.tensors:
            tensor.read()
    assert big.shape


@pytest.mark.parametrize("location", ["../other.data", "/etc/passwd", "a\\b", "..", "", "sub/other.data"])
def test_external_data_are_read_from_a_bare_name_alone(tmp_path, location):
    (tmp_path / "sub").mkdir()
    for name in ("other.data", "sub/other.data"):
        (tmp_path / name).write_bytes(W.tobytes())
    path = external(tmp_path / "sub", location)
    tensor = open_weights(path).tensors[0]
    with pytest.raises(FileError, match="the name of a file beside it"):
        tensor.read()


def test_external_data_are_neither_a_link_nor_cut_off(tmp_path):
    (tmp_path / "real.data").write_bytes(W.tobytes())
    assert np.array_equal(open_weights(external(tmp_path, "real.data")).tensors[0].read(), W)
    os.symlink(tmp_path / "real.data", tmp_path / "linked.data")
    with pytest.raises(FileError, match="is a link or no file"):
        open_weights(external(tmp_path, "linked.data")).tensors[0].read()
    (tmp_path / "short.data").write_bytes(W.tobytes()[:-4])
    with pytest.raises(FileError, match=r"needs 432 bytes of short\.data"):
        open_weights(external(tmp_path, "short.data")).tensors[0].read()
    with pytest.raises(FileError, match="needs 432 bytes"):
        open_weights(external(tmp_path, "real.data", offset="4")).tensors[0].read()
    with pytest.raises(FileError, match="not described"):
        open_weights(external(tmp_path, "real.data", offset="x")).tensors[0].read()


def external(folder, location, **more):
    """Write a model whose weights are said to lie in another file."""
    from onnx import ModelProto, TensorProto

    whole = ModelProto.FromString(model([("Conv", ["x", "w"], ["y"], {})], {"w": W}))
    tensor = whole.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    for key, value in {"location": location, **more}.items():
        entry = tensor.external_data.add()
        entry.key, entry.value = key, value
    path = folder / "net.onnx"
    path.write_bytes(whole.SerializeToString())
    return path


def test_a_file_that_changes_is_not_read_as_it_was(tmp_path):
    path = saved(tmp_path, [("Conv", ["x", "w"], ["y"], {})], {"w": W})
    tensor = open_weights(path).tensors[0]
    path.write_bytes(path.read_bytes() + b"\x0a\x00")
    with pytest.raises(FileError, match="has changed since it was opened"):
        tensor.read()


@pytest.mark.parametrize(
    "attributes",
    [
        {"pads": [1, 0, 2, 1], "strides": [2, 1]},
        {"auto_pad": "SAME_UPPER", "strides": [2, 2]},
        {"auto_pad": "SAME_LOWER", "strides": [2, 2]},
        {"auto_pad": "VALID", "dilations": [2, 3]},
    ],
)
def test_convolutions_with_all_their_settings(tmp_path, attributes):
    network = chain_of(saved(tmp_path, [("Conv", ["x", "w", "b"], ["y"], attributes)], {"w": W, "b": B}))
    assert kinds(network) == ["conv"] and network.rest == "" and network.names == (("w", "b"),)


def test_groups_and_one_axis(tmp_path):
    grouped = RANDOM.uniform(-1, 1, (6, 1, 3, 3)).astype(np.float32)
    path = saved(tmp_path, [("Conv", ["x", "w"], ["y"], {"group": 3})], {"w": grouped})
    chain_of(path)
    assert [(tensor.layout, tensor.groups) for tensor in open_weights(path).tensors] == [("OIHW", 3)]
    along = RANDOM.uniform(-1, 1, (5, 2, 4)).astype(np.float32)
    nodes = [("Conv", ["x", "w"], ["y"], {"pads": [3, 0], "dilations": [1], "strides": [2]})]
    path = saved(tmp_path, nodes, {"w": along}, shape=(1, 2, 30))
    network = open_weights(path).network
    x = RANDOM.standard_normal((1, 2, 30)).astype(np.float32)
    (y,) = runtime(path.read_bytes(), {"x": x}, ["y"])
    close(run(network, x[0][:, np.newaxis])[:, 0], y[0], magnitudes(network, x[0][:, np.newaxis])[:, 0])
    assert network.sequence and network.size == (1, 30)


def test_batch_norm_arithmetic_with_constants_and_biases_that_stand_apart(tmp_path):
    each = {
        "s": RANDOM.uniform(0.5, 2, (4, 1, 1)).astype(np.float32),
        "o": RANDOM.uniform(-1, 1, (1, 4, 1, 1)).astype(np.float32),
    }
    norm = {name: RANDOM.uniform(0.5, 1, 4).astype(np.float32) for name in ("g", "h", "m", "v")}
    nodes = [
        ("Conv", ["x", "w"], ["a"], {}),
        ("Add", ["a", "o"], ["b"], {}),
        ("BatchNormalization", ["b", "g", "h", "m", "v"], ["c"], {"epsilon": 0.01}),
        ("Mul", ["s", "c"], ["d"], {}),
        ("Sub", ["o", "d"], ["e"], {}),
        ("Div", ["e", "s"], ["y"], {}),
    ]
    network = chain_of(saved(tmp_path, nodes, {"w": W, **each, **norm}))
    assert kinds(network) == ["conv", "affine", "affine", "affine", "affine"] and network.rest == ""
    assert network.names[0] == ("w", "o")


def test_computed_pads_are_folded(tmp_path):
    """As PyTorch exported them from version 11 on: a list of zeros, turned round in pieces."""
    tensors = {
        "w": W,
        "four": np.array([4], np.int64),
        "pads": np.array([1, 2, 0, 3], np.int64),
        "two": np.array([-1, 2], np.int64),
    }
    tensors |= {"s": np.array([-1], np.int64), "e": np.array([-(2**63)], np.int64), "z": np.array([0], np.int64)}
    tensors["all"] = np.array([-1], np.int64)
    nodes = [
        ("ConstantOfShape", ["four"], ["zeros"], {}),
        ("Cast", ["zeros"], ["whole"], {"to": 7}),
        ("Concat", ["pads", "whole"], ["long"], {"axis": 0}),
        ("Reshape", ["long", "two"], ["pairs"], {}),
        ("Slice", ["pairs", "s", "e", "z", "s"], ["turned"], {}),
        ("Transpose", ["turned"], ["across"], {"perm": [1, 0]}),
        ("Reshape", ["across", "all"], ["done"], {}),
        ("Cast", ["done"], ["cells"], {"to": 7}),
        ("Pad", ["x", "cells"], ["a"], {"mode": "reflect"}),
        ("Conv", ["a", "w"], ["y"], {}),
    ]
    network = chain_of(saved(tmp_path, nodes, tensors, opset=13))
    assert kinds(network) == ["pad", "conv"] and network.layers[0].border == "reflect"
    assert (network.layers[0].rows, network.layers[0].cols) == ((0, 3), (1, 2))


def test_tensorflow_s_order_of_axes_is_followed(tmp_path):
    nodes = [
        ("Transpose", ["x"], ["a"], {"perm": [0, 3, 1, 2]}),
        ("Transpose", ["w"], ["v"], {"perm": [3, 2, 0, 1]}),
        ("Conv", ["a", "v"], ["b"], {}),
        ("Transpose", ["b"], ["c"], {"perm": [0, 2, 3, 1]}),
        ("Add", ["c", "b4"], ["d"], {}),
        ("Relu", ["d"], ["e"], {}),
        ("MatMul", ["e", "m"], ["f"], {}),
        ("Softmax", ["f"], ["y"], {}),
    ]
    matrix = RANDOM.uniform(-1, 1, (4, 5)).astype(np.float32)
    path = saved(tmp_path, nodes, {"w": np.moveaxis(W, (0, 1), (3, 2)).copy(), "b4": B, "m": matrix}, shape=(1, 8, 9, 3))
    network = chain_of(path)
    assert kinds(network) == ["conv", "activation", "conv", "softmax"] and network.rest == ""
    assert (network.axes, network.size, network.channels) == ("NHWC", (8, 9), 3)
    layouts = {tensor.name: (tensor.layout, tensor.shape) for tensor in open_weights(path).tensors}
    assert layouts["w"] == ("HWIO", (3, 3, 3, 4)) and layouts["v"] == ("OIHW", (4, 3, 3, 3))


@pytest.mark.parametrize(
    "function", ["silu", "hard silu", "hard silu, divided last", "gelu", "gelu by tanh", "mish", "square"]
)
def test_functions_that_exporters_write_in_pieces(tmp_path, function):
    numbers = {name: np.float32(n) for name, n in {"half": 0.5, "one": 1, "three": 3, "six": 6, "zero": 0}.items()}
    numbers |= {
        "root": np.float32(np.sqrt(2)),
        "a": np.float32(0.044715),
        "c": np.float32(np.sqrt(2 / np.pi)),
        "cube": np.float32(3),
    }
    pieces = {
        "silu": [("Sigmoid", ["k"], ["s"], {}), ("Mul", ["k", "s"], ["y"], {})],
        "hard silu": [("HardSigmoid", ["k"], ["s"], {"alpha": 1 / 6}), ("Mul", ["s", "k"], ["y"], {})],
        "hard silu, divided last": [
            ("Add", ["k", "three"], ["p"], {}),
            ("Clip", ["p", "zero", "six"], ["q"], {}),
            ("Mul", ["k", "q"], ["r"], {}),
            ("Div", ["r", "six"], ["y"], {}),
        ],
        "gelu": [
            ("Div", ["k", "root"], ["p"], {}),
            ("Erf", ["p"], ["q"], {}),
            ("Add", ["q", "one"], ["r"], {}),
            ("Mul", ["k", "r"], ["s"], {}),
            ("Mul", ["s", "half"], ["y"], {}),
        ],
        "gelu by tanh": [
            ("Pow", ["k", "cube"], ["p"], {}),
            ("Mul", ["p", "a"], ["q"], {}),
            ("Add", ["k", "q"], ["r"], {}),
            ("Mul", ["r", "c"], ["s"], {}),
            ("Tanh", ["s"], ["t"], {}),
            ("Add", ["t", "one"], ["u"], {}),
            ("Mul", ["k", "half"], ["v"], {}),
            ("Mul", ["v", "u"], ["y"], {}),
        ],
        "mish": [("Softplus", ["k"], ["p"], {}), ("Tanh", ["p"], ["q"], {}), ("Mul", ["k", "q"], ["y"], {})],
        "square": [("Mul", ["k", "k"], ["y"], {})],
    }
    nodes = [("Conv", ["x", "w"], ["k"], {}), *pieces[function]]
    network = chain_of(saved(tmp_path, nodes, {"w": W, **numbers}))
    assert kinds(network) == ["conv", "activation"] and network.rest == ""
    assert network.layers[1].function == function.split(",")[0].split(" by")[0]


def test_a_flattened_end_is_a_convolution_over_all_cells(tmp_path):
    dense = RANDOM.uniform(-1, 1, (7, 4 * 6 * 7)).astype(np.float32)
    nodes = [
        ("Conv", ["x", "w", "b"], ["a"], {}),
        ("Flatten", ["a"], ["f"], {}),
        ("Gemm", ["f", "d", "c"], ["g"], {"transB": 1}),
        ("Softmax", ["g"], ["y"], {"axis": 1}),
    ]
    tensors = {"w": W, "b": B, "d": dense, "c": np.arange(7, dtype=np.float32)}
    network = chain_of(saved(tmp_path, nodes, tensors))
    assert kinds(network) == ["conv", "conv", "softmax"] and not network.any_size
    assert network.layers[1].kernel.weights.shape == (6, 7, 4, 7)


@pytest.mark.parametrize(
    ("node", "words"),
    [
        (("ConvTranspose", ["a", "t"], ["y"], {}), "our layers have none of this kind"),
        (("Add", ["a", "a"], ["y"], {}), "brings two tensors together"),
        (("Concat", ["a", "a"], ["y"], {"axis": 1}), "our layers have none of this kind"),
        (("InstanceNormalization", ["a", "b", "b"], ["y"], {}), "our layers have none of this kind"),
        (("Mul", ["a", "place"], ["y"], {}), "differ from place to place"),
        (("Resize", ["a", "", "scales"], ["y"], {"mode": "cubic"}), "its mode is cubic"),
    ],
)
def test_where_layers_cannot_follow_it_says_so(tmp_path, node, words):
    tensors = {"w": W, "b": B, "t": W.transpose(0, 1, 2, 3).copy(), "place": np.ones((1, 1, 6, 7), np.float32)}
    tensors["scales"] = np.array([1, 1, 2, 2], np.float32)
    path = saved(tmp_path, [("Conv", ["x", "w"], ["a"], {}), node], tensors)
    network = open_weights(path).network
    assert kinds(network) == ["conv"] and network.ends == "a"
    assert network.rest.startswith(f"Stops before {node[0]} 'y': ") and words in network.rest


def test_the_longer_way_is_followed_where_the_graph_branches(tmp_path):
    second = RANDOM.uniform(-1, 1, (2, 4, 1, 1)).astype(np.float32)
    nodes = [
        ("Conv", ["x", "w"], ["a"], {}),
        ("Conv", ["a", "u"], ["boxes"], {}),
        ("Conv", ["a", "u"], ["b"], {}),
        ("Softmax", ["b"], ["faces"], {"axis": 1}),
    ]
    network = chain_of(saved(tmp_path, nodes, {"w": W, "u": second}, outputs=("boxes", "faces")))
    assert kinds(network) == ["conv", "conv", "softmax"] and network.ends == "faces"


def test_numbers_of_every_kind_are_read_exactly(tmp_path):
    import onnx
    from onnx import TensorProto, helper

    kinds_of = {
        "half": (TensorProto.FLOAT16, np.array([0.1, -65504], np.float16)),
        "double": (TensorProto.DOUBLE, np.array([0.1, 1e300])),
        "byte": (TensorProto.UINT8, np.array([0, 255], np.uint8)),
        "long": (TensorProto.INT64, np.array([-(2**40), 3], np.int64)),
        "truth": (TensorProto.BOOL, np.array([True, False])),
    }
    for raw in (True, False):
        held = []
        for name, (kind, array) in kinds_of.items():
            values = array.tobytes() if raw else (array.view(np.uint16) if name == "half" else array).tolist()
            held.append(helper.make_tensor(name, kind, [2], values, raw=raw) if raw or name != "half" else None)
        if not raw:
            tensor = onnx.TensorProto(name="half", data_type=TensorProto.FLOAT16, dims=[2])
            tensor.int32_data.extend(int(bits) for bits in kinds_of["half"][1].view(np.uint16))
            held[0] = tensor
        data = model([("Identity", ["x"], ["y"], {})])
        whole = onnx.ModelProto.FromString(data)
        whole.graph.initializer.extend(held)
        (tmp_path / "a.onnx").write_bytes(whole.SerializeToString())
        tensors = {tensor.name: tensor for tensor in open_weights(tmp_path / "a.onnx").tensors}
        for name, (_, array) in kinds_of.items():
            found = tensors[name].read()
            assert found.dtype in (np.float32, np.float64) and np.array_equal(found, array.astype(np.float64)), name


def test_weights_inside_a_branch_of_if_are_listed(tmp_path):
    from onnx import TensorProto, helper, numpy_helper

    def branch(name, weights):
        node = helper.make_node("Conv", ["x", f"{name}_w"], [f"{name}_y"])
        result = helper.make_tensor_value_info(f"{name}_y", TensorProto.FLOAT, None)
        return helper.make_graph([node], name, [], [result], [numpy_helper.from_array(weights, f"{name}_w")])

    node = helper.make_node(
        "If", ["which"], ["y"], then_branch=branch("a", W), else_branch=branch("b", W[:2]), name="choose"
    )
    inputs = [helper.make_tensor_value_info("x", TensorProto.FLOAT, (1, 3, 8, 9))]
    inputs.append(helper.make_tensor_value_info("which", TensorProto.BOOL, ()))
    graph = helper.make_graph([node], "g", inputs, [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)])
    whole = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)
    (tmp_path / "a.onnx").write_bytes(whole.SerializeToString())
    opened = open_weights(tmp_path / "a.onnx")
    found = {tensor.name: (tensor.shape, tensor.layout) for tensor in opened.tensors}
    assert found["choose/then_branch/a_w"] == ((4, 3, 3, 3), "OIHW")
    assert found["choose/else_branch/b_w"] == ((2, 3, 3, 3), "OIHW")
    assert kinds(opened.network) == ["conv"] and "It lies in the else_branch of If 'choose'" in opened.network.rest


def test_what_metadata_say_about_the_picture_is_the_reading(tmp_path):
    import onnx

    whole = onnx.ModelProto.FromString(model([("Conv", ["x", "w"], ["y"], {})], {"w": W}))
    whole.metadata_props.add(key="Image.NominalPixelRange", value="NominalRange_0_255")
    whole.metadata_props.add(key="Image.BitmapPixelFormat", value="Bgr8")
    (tmp_path / "a.onnx").write_bytes(whole.SerializeToString())
    opened = open_weights(tmp_path / "a.onnx")
    assert opened.network.reading.matrix == ((0.0, 0.0, 255.0), (0.0, 255.0, 0.0), (255.0, 0.0, 0.0))
    assert opened.metadata["Image.BitmapPixelFormat"] == "Bgr8" and opened.metadata["opset"] == "18"


def ints(*numbers):
    return np.array(numbers, np.int64)


EMPTY = np.zeros(0, np.float32)

VERSIONS = [
    (7, [("AveragePool", ["x"], ["y"], {"kernel_shape": [3, 2], "pads": [1, 0, 1, 1], "count_include_pad": 1})], {}),
    (7, [("Upsample", ["x"], ["y"], {"scales": [1.0, 1.0, 2.0, 3.0], "mode": "nearest"})], {}),
    (8, [("MaxPool", ["x"], ["y"], {"kernel_shape": [2, 2], "strides": [2, 2], "auto_pad": "SAME_UPPER"})], {}),
    (9, [("Upsample", ["x", "s"], ["y"], {"mode": "nearest"})], {"s": np.array([1, 1, 2, 2], np.float32)}),
    (10, [("Resize", ["x", "s"], ["y"], {"mode": "nearest"})], {"s": np.array([1, 1, 2, 2], np.float32)}),
    (10, [("MaxPool", ["x"], ["y"], {"kernel_shape": [2, 2], "dilations": [2, 2], "ceil_mode": 1, "strides": [2, 2]})], {}),
    (10, [("Clip", ["x"], ["y"], {"min": -0.5, "max": 0.25})], {}),
    (10, [("Pad", ["x"], ["y"], {"pads": [0, 0, 1, 2, 0, 0, 3, 0], "mode": "edge"})], {}),
    (10, [("Pad", ["x"], ["y"], {"pads": [0, 0, 1, -2, 0, 0, 0, 0], "value": 0.5})], {}),
    (11, [("Resize", ["x", "r", "s"], ["y"], {"mode": "linear"})], {"r": EMPTY, "s": np.float32([1, 1, 2, 2])}),
    (11, [("Resize", ["x", "r", "r", "n"], ["y"], {"mode": "nearest", "coordinate_transformation_mode": "asymmetric"})],
     {"r": EMPTY, "n": ints(1, 3, 5, 20)}),
    (11, [("Clip", ["x", "", "m"], ["y"], {})], {"m": np.float32(0.3)}),
    (12, [("GlobalAveragePool", ["x"], ["a"], {}), ("Softmax", ["a"], ["y"], {"axis": 1})], {}),
    (12, [("ReduceMean", ["x"], ["a"], {"axes": [2, 3], "keepdims": 0}), ("Unsqueeze", ["a"], ["y"], {"axes": [2, 3]})], {}),
    (13, [("Slice", ["x", "a", "b", "c"], ["y"], {})], {"a": ints(1, -6), "b": ints(2**31, -1), "c": ints(2, 3)}),
    (13, [("GlobalMaxPool", ["x"], ["a"], {}), ("Squeeze", ["a", "c"], ["y"], {})], {"c": ints(2, 3)}),
    (15, [("BatchNormalization", ["x", "g", "h", "m", "v"], ["y"], {})],
     {name: np.float32([0.5, 2, 1]) for name in ("g", "h", "m", "v")}),
    (18, [("ReduceMean", ["x", "c"], ["y"], {})], {"c": ints(2, 3)}),
    (18, [("Pad", ["x", "p", "", "c"], ["y"], {"mode": "reflect"})], {"p": ints(2, 1, 0, 3), "c": ints(-1, 2)}),
    (18, [("Resize", ["x", "", "s"], ["y"], {"mode": "nearest", "axes": [2, 3], "nearest_mode": "floor"})],
     {"s": np.float32([1.5, 2])}),
    (19, [("AveragePool", ["x"], ["y"], {"kernel_shape": [2, 2], "dilations": [2, 3], "strides": [2, 1]})], {}),
    (19, [("Pad", ["x", "p"], ["y"], {"mode": "wrap"})], {"p": ints(0, 0, 2, 1, 0, 0, 0, 3)}),
    (20, [("Gelu", ["x"], ["y"], {"approximate": "tanh"})], {}),
    (22, [("Conv", ["x", "w", "b"], ["y"], {"pads": [1, 1, 1, 1]})], {"w": W, "b": B}),
    (7, [("PRelu", ["x", "s"], ["y"], {})], {"s": np.float32([[[0.1]], [[0.2]], [[-0.3]]])}),
    (7, [("LeakyRelu", ["x"], ["a"], {}), ("Elu", ["a"], ["b"], {"alpha": 0.5}), ("Selu", ["b"], ["y"], {})], {}),
]  # fmt: skip


@pytest.mark.parametrize(("opset", "nodes", "tensors"), VERSIONS)
def test_each_version_of_an_operation_has_its_meaning(tmp_path, opset, nodes, tensors):
    network = chain_of(saved(tmp_path, nodes, tensors, opset=opset))
    assert network.rest == "" and network.layers
