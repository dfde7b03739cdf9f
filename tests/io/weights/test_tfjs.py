"""TensorFlow.js: shards beside the manifest, numbers as they were before they were quantized, and Keras's chain."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
from weight_files import run

from convgui.io.errors import FileError
from convgui.io.weights.files import is_weights, open_weights

KERNEL = np.random.default_rng(6).uniform(-1, 1, (3, 3, 2, 4)).astype(np.float32)
BIAS = np.array([0.5, -0.5, 1, 0], np.float32)


def entry(name, array, **more):
    return {"name": name, "shape": list(array.shape), "dtype": "float32", **more}


def saved(folder, weights, data, *, shards=("group1-shard1of1.bin",), topology=None):
    """Write a model whose bytes are spread over shards."""
    size = -(-len(data) // len(shards))
    for k, name in enumerate(shards):
        (folder / name).write_bytes(data[k * size : (k + 1) * size])
    model = {"format": "layers-model", "weightsManifest": [{"paths": list(shards), "weights": weights}]}
    (folder / "model.json").write_text(json.dumps(model | ({"modelTopology": topology} if topology else {})))
    return folder / "model.json"


def test_tensors_that_reach_over_two_shards(tmp_path):
    data = KERNEL.tobytes() + BIAS.tobytes()
    path = saved(tmp_path, [entry("conv/kernel", KERNEL), entry("conv/bias", BIAS)], data, shards=("a.bin", "b.bin"))
    opened = open_weights(path)
    assert is_weights(path) and opened.kind == "TensorFlow.js" and opened.metadata == {"format": "layers-model"}
    assert [tensor.layout for tensor in opened.tensors] == ["HWIO", None]
    assert np.array_equal(opened.tensors[0].read(), KERNEL) and np.array_equal(opened.tensors[1].read(), BIAS)


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float16"])
def test_quantized_numbers_are_what_they_stand_for(tmp_path, dtype):
    if dtype == "float16":
        stored, expected = KERNEL.astype(np.float16), KERNEL.astype(np.float16).astype(np.float32)
        quantization = {"dtype": dtype}
    else:
        stored = np.arange(KERNEL.size).astype(dtype).reshape(KERNEL.shape)
        quantization = {"dtype": dtype, "scale": 0.01, "min": -0.36}
        expected = stored * 0.01 - 0.36
    path = saved(tmp_path, [entry("conv/kernel", KERNEL, quantization=quantization)], stored.tobytes())
    np.testing.assert_allclose(open_weights(path).tensors[0].read(), expected, rtol=1e-6, atol=1e-7)


def test_a_model_of_layers_is_a_chain(tmp_path):
    conv = {"name": "conv", "padding": "same", "activation": "relu", "batch_input_shape": [None, 5, 6, 2], "strides": [1, 1]}
    topology = {
        "model_config": {"class_name": "Sequential", "config": {"layers": [{"class_name": "Conv2D", "config": conv}]}}
    }
    weights = [entry("conv/kernel", KERNEL), entry("conv/bias", BIAS)]
    path = saved(tmp_path, weights, KERNEL.tobytes() + BIAS.tobytes(), topology=topology)
    network = open_weights(path).network
    assert [layer.kind for layer in network.layers] == ["conv", "activation"] and network.size == (5, 6)
    found = run(network, np.ones((2, 5, 6)))
    assert found[:, 2, 2] == pytest.approx(np.maximum(KERNEL.sum((0, 1, 2)) + BIAS, 0), abs=1e-5)


def test_a_manifest_by_itself_is_opened_too(tmp_path):
    (tmp_path / "face-shard1").write_bytes(KERNEL.tobytes())
    path = tmp_path / "face-weights_manifest.json"
    path.write_text(json.dumps([{"paths": ["face-shard1"], "weights": [entry("conv0/filters", KERNEL)]}]))
    assert is_weights(path) and np.array_equal(open_weights(path).tensors[0].read(), KERNEL)


@pytest.mark.parametrize("name", ["../a.bin", "/etc/passwd", "sub/a.bin", "a\\b", "..", ""])
def test_shards_have_bare_names(tmp_path, name):
    document = [{"paths": [name], "weights": [entry("w", BIAS)]}]
    (tmp_path / "model.json").write_text(json.dumps({"weightsManifest": document}))
    with pytest.raises(FileError, match="expected the bare name of a file beside it"):
        open_weights(tmp_path / "model.json")


def test_shards_are_files_and_whole(tmp_path):
    path = saved(tmp_path, [entry("w", BIAS)], BIAS.tobytes()[:-1])
    with pytest.raises(FileError, match=r"its weights take 16 bytes, and .* have 15"):
        open_weights(path)
    shard = tmp_path / "group1-shard1of1.bin"
    shard.unlink()
    with pytest.raises(FileError, match="which is not beside it; put both into one folder"):
        open_weights(path)
    (tmp_path / "real").write_bytes(BIAS.tobytes())
    os.symlink(tmp_path / "real", shard)
    with pytest.raises(FileError, match="is a link or no file"):
        open_weights(path)


WRONG = [
    *({"shape": shape} for shape in ([-1], [2.5], "ab", [2**70], [1] * 40, [True])),
    *({"quantization": said} for said in ({"dtype": "float64"}, {"dtype": "uint8", "scale": "x"}, 5)),
    {"dtype": "string"},
    {"dtype": None},
    {"name": 3},
]
OTHERS = ["", "{}", "[]", "[1]", '{"weightsManifest": 3}', "{", "[" * 100_000, '{"weightsManifest": [{}]}']


@pytest.mark.parametrize("wrong", WRONG)
def test_entries_that_are_none_are_refused(tmp_path, wrong):
    path = saved(tmp_path, [entry("w", BIAS) | wrong], BIAS.tobytes())
    with pytest.raises(FileError, match=r"^model\.json: "):
        open_weights(path)


@pytest.mark.parametrize("text", OTHERS)
def test_other_json_is_refused(tmp_path, text):
    path = Path(tmp_path / "model.json")
    path.write_text(text)
    with pytest.raises(FileError, match=r"^model\.json: "):
        open_weights(path)
