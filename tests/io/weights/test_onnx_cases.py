"""Conformance: the cases of the ONNX project, each operation with its constants as a model in a file."""

from __future__ import annotations

import numpy as np
import pytest
from weight_files import run

from convgui.io.weights.files import open_weights

LEAST = {
    "Conv": 5,
    "MaxPool": 9,
    "AveragePool": 10,
    "GlobalAveragePool": 1,
    "GlobalMaxPool": 1,
    "BatchNormalization": 2,
    "Pad": 3,
    "Resize": 8,
    "Upsample": 1,
    "Relu": 1,
    "LeakyRelu": 2,
    "PRelu": 1,
    "Clip": 3,
    "Elu": 2,
    "Celu": 1,
    "Selu": 2,
    "ThresholdedRelu": 2,
    "HardSigmoid": 2,
    "HardSwish": 1,
    "Sigmoid": 1,
    "Tanh": 1,
    "Softplus": 1,
    "Softsign": 1,
    "Gelu": 2,
    "Abs": 1,
    "Exp": 1,
    "Neg": 1,
    "Softmax": 1,
    "ReduceMean": 1,
}
"""How many cases of an operation must become layers; others have three axes, or what our layers do not do."""


def as_file(case, path, given):
    """Write a case as a model: its first input stays one, the others become constants."""
    from onnx import ModelProto, numpy_helper

    model = ModelProto()
    model.CopyFrom(case.model)
    for entry, value in list(zip(case.model.graph.input, given, strict=True))[1:]:
        model.graph.initializer.append(numpy_helper.from_array(np.asarray(value), entry.name))
    while len(model.graph.input) > 1:
        del model.graph.input[1]
    path.write_bytes(model.SerializeToString())


def samples(x, axes):
    """Yield each sample of a batch as maps x rows x cols; axes are as the network says."""
    x = np.asarray(x, np.float64)
    for one in x if "N" in axes else [x]:
        order = axes.replace("N", "")
        for letter in "CHW":
            if letter not in order:
                one, order = one[np.newaxis], letter + order
        yield one.transpose([order.index(letter) for letter in "CHW"])


SKIPPED = ("test_resize_downsample_scales_linear_align_corners",)
"""Where ONNX Runtime, as we do, takes the whole number of cells for the size, and the standard takes the fraction."""


def is_ours(kind, case):
    """Whether a case has batches of maps of one axis or two, in float32."""
    (node,) = case.model.graph.node
    given = case.data_sets[0][0]
    if node.op_type != kind or not given or not node.input[0] or case.name in SKIPPED:
        return False
    x = np.asarray(given[0])
    return x.ndim in (3, 4) and x.dtype == np.float32


@pytest.mark.parametrize("kind", LEAST)
def test_an_operation_has_the_values_of_the_standard(kind, cases, tmp_path):
    count = 0
    for case in [case for case in cases if is_ours(kind, case)]:
        given, expected = case.data_sets[0]
        as_file(case, tmp_path / "a.onnx", given)
        network = open_weights(tmp_path / "a.onnx").network
        if network is None or network.rest or not network.layers:
            continue
        atol = 1e-4 if "last_window" in case.name else 1e-5  # which is given with four digits
        found = np.stack([run(network, one) for one in samples(given[0], network.axes)])
        wanted = np.asarray(expected[0])
        if "F" not in network.ends_axes:
            wanted = np.stack(list(samples(wanted, network.ends_axes)))
        assert found.size == wanted.size, case.name
        np.testing.assert_allclose(found.ravel(), wanted.ravel(), rtol=1e-5, atol=atol, err_msg=case.name)
        count += 1
    assert count >= LEAST[kind]
