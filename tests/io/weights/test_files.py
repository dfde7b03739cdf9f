"""Files of weights of every kind: what they hold is listed and read exactly, what they are not is said."""

from __future__ import annotations

import json
import struct
import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file
from weight_files import close, magnitudes, run

from convgui.io.errors import FileError
from convgui.io.weights.files import ENDINGS, is_weights, open_weights

RANDOM = np.random.default_rng(4)
TENSORS = {
    "conv1.weight": RANDOM.uniform(-1, 1, (4, 3, 3, 3)).astype(np.float32),
    "conv1.bias": RANDOM.uniform(-1, 1, 4).astype(np.float32),
    "bn1.weight": RANDOM.uniform(0.5, 1, 4).astype(np.float32),
    "bn1.bias": RANDOM.uniform(-1, 1, 4).astype(np.float32),
    "bn1.running_mean": RANDOM.uniform(-1, 1, 4).astype(np.float32),
    "bn1.running_var": RANDOM.uniform(0.5, 1, 4).astype(np.float32),
    "prelu1.weight": RANDOM.uniform(0, 1, 4).astype(np.float32),
    "conv2.weight": RANDOM.uniform(-1, 1, (5, 4, 1, 1)).astype(np.float32),
    "fc.weight": RANDOM.uniform(-1, 1, (2, 5)).astype(np.float32),
}


@pytest.fixture(params=[".npz", ".safetensors"])
def path(request, tmp_path):
    """Return a file with the tensors of a small network."""
    found = tmp_path / f"net{request.param}"
    if request.param == ".npz":
        np.savez(found, **TENSORS)
    else:
        save_file(TENSORS, found, metadata={"format": "pt"})
    return found


def test_tensors_are_listed_and_read_as_they_are(path):
    opened = open_weights(path)
    assert {tensor.name for tensor in opened.tensors} == set(TENSORS)
    for tensor in opened.tensors:
        assert (tensor.shape, tensor.dtype) == (TENSORS[tensor.name].shape, "float32")
        assert np.array_equal(tensor.read(), TENSORS[tensor.name])
    assert opened.metadata == ({"format": "pt"} if path.suffix == ".safetensors" else {})


def test_the_chain_is_that_of_the_network_and_the_rest_is_named(path):
    network = open_weights(path).network
    assert [layer.kind for layer in network.layers] == ["conv", "affine", "activation", "conv"]
    assert network.names[0] == ("conv1.weight", "conv1.bias") and network.channels == 3
    assert network.rest == "Left out, as they do not follow one another: fc.weight."
    assert [(one.layer, one.setting) for one in network.asked if one.setting != "activation"] == [
        (0, "stride"),
        (0, "padding"),
        (3, "stride"),
        (3, "padding"),
    ]
    x = RANDOM.standard_normal((3, 6, 7))
    close(run(network, x), by_hand(x), magnitudes(network, x))


def by_hand(x):
    """Return what the network makes, by NumPy alone."""
    t = {name: array.astype(np.float64) for name, array in TENSORS.items()}
    patches = np.lib.stride_tricks.sliding_window_view(x, (3, 3), axis=(1, 2))
    y = np.einsum("oikl,irckl->orc", t["conv1.weight"], patches) + t["conv1.bias"][:, None, None]
    each = {name.removeprefix("bn1."): t[name][:, None, None] for name in t if name.startswith("bn1.")}
    y = (y - each["running_mean"]) / np.sqrt(each["running_var"] + 1e-5) * each["weight"] + each["bias"]
    y = np.where(y < 0, y * t["prelu1.weight"][:, None, None], y)
    return np.einsum("oi,irc->orc", t["conv2.weight"][:, :, 0, 0], y)


def test_half_precision_of_both_kinds_is_exact(tmp_path):
    numbers = np.array([0.1, -3.5, 65504, 2.0**-24], np.float16)
    upper = np.array([0x3F80, 0xC000, 0x0001, 0x7F7F], np.uint16)
    header = {
        "half": {"dtype": "F16", "shape": [4], "data_offsets": [0, 8]},
        "brain": {"dtype": "BF16", "shape": [2, 2], "data_offsets": [8, 16]},
    }
    text = json.dumps(header).encode()
    (tmp_path / "a.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + numbers.tobytes() + upper.tobytes())
    half, brain = open_weights(tmp_path / "a.safetensors").tensors
    assert np.array_equal(half.read(), numbers.astype(np.float64)) and half.read().dtype == np.float32
    assert brain.dtype == "bfloat16"
    assert np.array_equal(brain.read(), (upper.astype(np.uint32) << 16).view(np.float32).reshape(2, 2))


def test_numbers_that_are_not_read_are_said(tmp_path):
    header = json.dumps({"w": {"dtype": "F8_E4M3", "shape": [4], "data_offsets": [0, 4]}}).encode()
    (tmp_path / "a.safetensors").write_bytes(struct.pack("<Q", len(header)) + header + bytes(4))
    (tensor,) = open_weights(tmp_path / "a.safetensors").tensors
    assert tensor.dtype == "F8_E4M3"
    with pytest.raises(FileError, match=r"a\.safetensors: the tensor w holds F8_E4M3 numbers, expected float"):
        tensor.read()


def test_an_array_of_three_or_four_axes_is_a_bank(tmp_path):
    np.save(tmp_path / "a.npy", TENSORS["conv1.weight"])
    opened = open_weights(tmp_path / "a.npy")
    assert opened.tensors[0].bank()[0].shape == (3, 3, 3, 4) and opened.network.channels == 3
    np.save(tmp_path / "b.npy", np.zeros((480, 640, 3, 100)))
    with pytest.raises(FileError, match=r"has the shape \(480, 640, 3, 100\), expected weights of 3 or 4 axes"):
        open_weights(tmp_path / "b.npy")


@pytest.mark.parametrize(
    ("arrays", "expected"),
    [
        ({"w": np.zeros((8, 3, 3, 3), np.float32)}, True),
        ({"conv.weight": np.zeros((8, 3, 3, 3), np.float32), "mean": np.zeros(3)}, True),
        ({"kernel": np.zeros((3, 3))}, False),
        ({"photo": np.zeros((48, 64, 3), np.float32)}, False),
        ({"frames": np.zeros((5, 480, 640, 3), np.uint8)}, False),
        ({"x": np.zeros(4), "y": np.zeros(4)}, False),
    ],
)
def test_weights_are_told_from_kernels_and_pictures(tmp_path, arrays, expected):
    np.savez(tmp_path / "a.npz", **arrays)
    assert is_weights(tmp_path / "a.npz") is expected


def test_other_files_are_told_by_their_endings(tmp_path):
    assert is_weights("a.onnx") and is_weights("A.ONNX") and is_weights("a.safetensors") and is_weights("a.pt")
    assert not is_weights("a.png") and not is_weights("a.txt") and not is_weights("missing.json")
    (tmp_path / "kernel.json").write_text('{"format": "convgui kernel"}')
    assert not is_weights(tmp_path / "kernel.json")
    assert ".onnx" in ENDINGS


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("net.pt", 'safetensors.torch.save_file(torch.load("net.pt", weights_only=True), "net.safetensors")'),
        ("net.pth", "safetensors.torch.save_file"),
        ("net.bin", "safetensors.torch.save_file"),
        ("net.pkl", 'numpy.savez("net.npz", **arrays)'),
        ("net.tflite", "python -m tf2onnx.convert --tflite net.tflite --output net.onnx"),
        ("net.txt", "is no file of weights, expected one that ends in .safetensors"),
    ],
)
def test_what_is_not_opened_comes_with_the_command_that_converts_it(tmp_path, name, words):
    (tmp_path / name).write_bytes(b"anything")
    with pytest.raises(FileError) as caught:
        open_weights(tmp_path / name)
    assert words in str(caught.value) and str(caught.value).startswith(name)


def test_names_of_other_habits(tmp_path):
    np.savez(
        tmp_path / "a.npz", first_w=TENSORS["conv1.weight"], first_b=TENSORS["conv1.bias"], second=TENSORS["conv2.weight"]
    )
    network = open_weights(tmp_path / "a.npz").network
    assert network.names == (("first_w", "first_b"), ("second",))


@pytest.mark.filterwarnings("error")
def test_numbers_that_no_layer_can_have_are_listed_and_left_out(tmp_path):
    second = {"conv2.weight": np.full((5, 4, 1, 1), np.nan, np.float32), "conv2.bias": np.full(5, np.inf, np.float32)}
    np.savez(tmp_path / "a.npz", **{"conv1.weight": TENSORS["conv1.weight"]}, **second)
    opened = open_weights(tmp_path / "a.npz")
    assert np.isnan(opened.tensors[1].read()).all()
    assert len(opened.network.layers) == 1 and "conv2.weight" in opened.network.rest


def test_no_pickle_is_ever_opened(tmp_path):
    np.savez(tmp_path / "a.npz", w=np.array([{"run": "me"}], object), v=np.zeros((8, 3, 3, 3)))
    tensors = {tensor.name: tensor for tensor in open_weights(tmp_path / "a.npz").tensors}
    with pytest.raises(FileError, match="the array w holds object entries, expected real numbers"):
        tensors["w"].read()
    assert tensors["v"].read().shape == (8, 3, 3, 3)


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path):
    header = b"\x93NUMPY\x01\x00v\x00{'descr': '<f4', 'fortran_order': False, 'shape': (100000000, 1, 3, 3), }"
    header = header.ljust(127) + b"\n"
    with zipfile.ZipFile(tmp_path / "a.npz", "w", zipfile.ZIP_DEFLATED) as archive, archive.open("w.npy", "w") as stream:
        stream.write(header)
        for _ in range(400):
            stream.write(bytes(1_000_000))
    tracemalloc.start()
    with pytest.raises(FileError, match="a decompression bomb, not opened"):
        open_weights(tmp_path / "a.npz")
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


def test_an_array_that_promises_more_than_it_holds(tmp_path):
    header = b"\x93NUMPY\x01\x00v\x00{'descr': '<f4', 'fortran_order': False, 'shape': (100000000, 8, 3, 3), }"
    (tmp_path / "a.npy").write_bytes(header.ljust(127) + b"\n" + bytes(100))
    with pytest.raises(FileError, match="is cut off: 28,800,000,000 bytes are declared, 100 are there"):
        open_weights(tmp_path / "a.npy")
    with zipfile.ZipFile(tmp_path / "b.npz", "w") as archive:
        archive.writestr("w.npy", header.ljust(127) + b"\n" + bytes(100))
    (tensor,) = open_weights(tmp_path / "b.npz").tensors
    with pytest.raises(FileError, match="is cut off"):
        tensor.read()


def test_shipped_networks():
    folder = Path(__file__).parents[3] / "resources" / "weights"
    shipped = [path for path in folder.iterdir() if path.suffix != ".json"]  # the others are recipes that name them
    assert shipped
    for path in shipped:
        assert open_weights(path).network is not None


def test_what_the_photo_is_prepared_by_is_the_reading(tmp_path):
    mean, divide = np.array([122.5, 117.0, 104.0], np.float32), np.float32(256)
    np.savez(tmp_path / "a.npz", weight=TENSORS["conv1.weight"], mean_rgb=mean, divide=divide, scale=np.full(4, 2.0))
    network = open_weights(tmp_path / "a.npz").network
    assert [layer.kind for layer in network.layers] == ["conv", "affine"]
    assert network.reading.matrix[0] == (255 / 256, 0.0, 0.0)
    assert network.reading.offset == pytest.approx((-122.5 / 256, -117 / 256, -104 / 256))


def test_a_model_of_a_hundred_layers_is_listed_at_once(tmp_path):
    """By the work that is done, not by the clock: only the header is read."""
    tensors = {f"block{k}.conv.weight": np.zeros((128, 128, 3, 3), np.float32) for k in range(100)}
    save_file(tensors, tmp_path / "a.safetensors")
    tracemalloc.start()
    opened = open_weights(tmp_path / "a.safetensors")
    assert len(opened.tensors) == 100 and tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()
