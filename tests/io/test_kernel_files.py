"""Kernel files of every kind: the right matrix, or a sentence on what the file is."""

from __future__ import annotations

import struct
import zipfile

import numpy as np
import pytest
import tifffile
from PIL import Image
from safetensors.numpy import save_file

import convgui
from convgui.engine.kernels.kernel import Kernel
from convgui.io.errors import FileError
from convgui.io.kernels.files import open_kernel
from convgui.io.kernels.saved import save_kernel

GAUSS = np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]])


@pytest.mark.parametrize("name", ["k.txt", "k.csv", "k.tex", "k.py", "k.m", "no ending", "k.svg"])
def test_text_of_any_ending_is_read_in_any_notation(tmp_path, name):
    (tmp_path / name).write_text("1/16 * [1 2 1; 2 4 2; 1 2 1]")
    np.testing.assert_array_equal(convgui.load_kernel(tmp_path / name), GAUSS / 16)
    assert open_kernel(str(tmp_path / name)).told == "3 × 3 kernel, divided by 16"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "latin-1"])
def test_text_in_any_encoding(tmp_path, encoding):
    (tmp_path / "k.txt").write_bytes("# größe\n½ ½".encode(encoding))
    assert convgui.load_kernel(tmp_path / "k.txt").tolist() == [[0.5, 0.5]]


@pytest.mark.parametrize("ending", [".json", ".txt", ".csv", ".npy"])
def test_what_the_program_saves(tmp_path, ending):
    save_kernel(tmp_path / f"k{ending}", Kernel(GAUSS / 16))
    loaded = convgui.load_kernel(str(tmp_path / f"k{ending}"))
    np.testing.assert_array_equal(loaded, GAUSS / 16)
    assert loaded.dtype == np.float64
    loaded[0, 0] = 7  # an own array


@pytest.mark.parametrize(("mode", "factor"), [("L", 1), ("I;16", 250), ("RGB", 1)])
@pytest.mark.parametrize("ending", [".png", ".tif"])
def test_a_small_grey_picture_is_a_point_spread_function(tmp_path, ending, mode, factor):
    if mode == "I;16":
        image = Image.fromarray((GAUSS * factor).astype(np.uint16))
    else:
        image = Image.fromarray(GAUSS.astype(np.uint8)).convert(mode)
    image.save(tmp_path / f"psf{ending}")
    np.testing.assert_allclose(convgui.load_kernel(tmp_path / f"psf{ending}"), GAUSS / 16, rtol=1e-12)
    assert "divided by their sum" in open_kernel(tmp_path / f"psf{ending}").told


def test_a_picture_of_floating_point_numbers_is_taken_as_it_is(tmp_path):
    tifffile.imwrite(tmp_path / "k.tif", np.array([[-1, 0.5], [0, 2]], np.float32))
    assert convgui.load_kernel(tmp_path / "k.tif").tolist() == [[-1, 0.5], [0, 2]]


@pytest.mark.parametrize(
    ("array", "said"),
    [
        (np.zeros((70, 5), np.uint8), "70"),
        (np.zeros((5, 5), np.uint8), "black"),
        (np.arange(75).reshape(5, 5, 3).astype(np.uint8), "colour"),
    ],
)
def test_other_pictures_are_no_kernels(tmp_path, array, said):
    Image.fromarray(array).save(tmp_path / "a.png")
    with pytest.raises(FileError, match=said) as raised:
        convgui.load_kernel(tmp_path / "a.png")
    assert str(raised.value).startswith("a.png: ")


@pytest.mark.parametrize(
    "shape", [(32, 3, 3, 3), (8, 1, 3, 3), (3, 7, 7), (3, 3, 3, 32), (1, 1, 3, 3), (3, 3, 1), (2, 2, 2, 2, 2), (64, 64, 3)]
)
@pytest.mark.parametrize("kind", ["npy", "npz", "safetensors", "text", "json"])
def test_weights_of_a_layer_never_become_another_kernel(tmp_path, shape, kind):
    weights = np.arange(np.prod(shape), dtype=np.float32).reshape(shape)
    path = tmp_path / f"w.{kind}"
    if kind == "npy":
        np.save(path, weights)
    elif kind == "npz":
        np.savez(path, conv1=weights)
    elif kind == "safetensors":
        save_file({"conv1": weights}, path)
    else:
        path.write_text(str(weights.tolist()))
    with pytest.raises(FileError) as raised:
        convgui.load_kernel(path)
    sentence = str(raised.value)
    assert sentence.startswith(path.name)
    if kind in ("npy", "npz", "safetensors"):
        assert " × ".join(map(str, shape)) in sentence
        assert "save one" in sentence or "axes" in sentence


@pytest.mark.parametrize(
    ("shape", "said"), [((32, 3, 5, 5), "PyTorch"), ((5, 5, 3, 32), "Keras"), ((3, 3, 3, 3), "PyTorch.*or.*Keras")]
)
def test_it_is_said_whose_order_it_is(tmp_path, shape, said):
    np.save(tmp_path / "w.npy", np.zeros(shape))
    with pytest.raises(FileError, match=said):
        convgui.load_kernel(tmp_path / "w.npy")


def test_the_one_matrix_of_an_archive(tmp_path):
    np.savez(tmp_path / "a.npz", kernel=GAUSS, conv1=np.zeros((8, 3, 3, 3)), bias=np.zeros(8))
    np.testing.assert_array_equal(convgui.load_kernel(tmp_path / "a.npz"), GAUSS)
    assert "'kernel'" in open_kernel(tmp_path / "a.npz").told
    save_file({"kernel": GAUSS.astype(np.float32), "other": np.zeros((8, 3, 3, 3), np.float32)}, tmp_path / "a.safetensors")
    np.testing.assert_array_equal(convgui.load_kernel(tmp_path / "a.safetensors"), GAUSS)


def test_an_archive_of_several_names_them(tmp_path):
    np.savez(tmp_path / "a.npz", gx=GAUSS, gy=GAUSS)
    with pytest.raises(FileError, match=r"2 arrays, gx \(3 × 3\), gy \(3 × 3\)"):
        convgui.load_kernel(tmp_path / "a.npz")


@pytest.mark.parametrize("name", ["a.pt", "a.pth", "a.h5", "a.onnx", "a.keras"])
def test_models_are_called_models(tmp_path, name):
    (tmp_path / name).write_bytes(b"\x80\x02whatever\0")
    with pytest.raises(FileError, match="network's weights"):
        convgui.load_kernel(tmp_path / name)


def acf(weights, scale, offset):
    return struct.pack(">27h", *weights, scale, offset)


def test_the_custom_filter_of_photoshop(tmp_path):
    weights = list(range(-12, 13))
    (tmp_path / "a.acf").write_bytes(acf(weights, 4, 0))
    np.testing.assert_array_equal(convgui.load_kernel(tmp_path / "a.acf"), np.reshape(weights, (5, 5)) / 4)
    (tmp_path / "b.acf").write_bytes(acf(weights, 1, 128))
    with pytest.warns(UserWarning, match="adds"):
        convgui.load_kernel(tmp_path / "b.acf")
    assert open_kernel(tmp_path / "b.acf").bias == 128 / 255


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.acf", acf([1] * 25, 0, 0)),
        ("a.acf", b"\0" * 53),
        (
            "a.npy",
            b"\x93NUMPY\x01\x00v\x00{'descr': '<f8', 'fortran_order': False, 'shape': (-3, 3), }".ljust(128) + b"\0" * 72,
        ),
        (
            "a.npy",
            b"\x93NUMPY\x01\x00v\x00{'descr': '<f8', 'fortran_order': False, 'shape': (True, 3), }".ljust(128) + b"\0" * 72,
        ),
        (
            "a.npy",
            b"\x93NUMPY\x01\x00v\x00{'descr': '<f8', 'fortran_order': False, 'shape': (3.0, 3), }".ljust(128) + b"\0" * 72,
        ),
        (
            "a.npy",
            b"\x93NUMPY\x01\x00v\x00{'descr': '|O', 'fortran_order': False, 'shape': (3, 3), }".ljust(128) + b"\0" * 72,
        ),
        ("a.npy", (b"\x93NUMPY\x01\x00\xf6\x03" + b"(" * 800).ljust(1024) + b"\0"),
        ("a.npy", b"\x93NUMPY\x01\x00v\x00{'descr': [('a', '<f8')], 'fortran_order': 0, 'shape': (1,)}".ljust(128)),
        ("a.npy", b"\x93NUMPY\x01\x00\x10\x00{'descr'"),
        ("a.npz", b"PK\3\4 nothing"),
        ("a.safetensors", b"\xff" * 100),
        ("a.safetensors", struct.pack("<Q", 20) + b"{" * 20),
        ("a.txt", b"[" * 5000),
        ("a.txt", b"1 2\n3"),
        ("a.txt", b""),
        ("a.json", b"[[1, 2], [3, NaN]]"),
        ("a.json", b'{"weights": ' + b"[" * 5000 + b"]" * 5000 + b"}"),
        ("a.png", b"\x89PNG\r\n\x1a\n nothing"),
    ],
)
def test_a_damaged_file_is_one_sentence(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(FileError) as raised:
        convgui.load_kernel(tmp_path / name)
    assert str(raised.value).startswith(name)
    assert "\n" not in str(raised.value)


def test_damaged_members_of_an_archive(tmp_path):
    header = b"\x93NUMPY\x01\x00v\x00{'descr': '<f8', 'fortran_order': False, 'shape': (3, -3), }".ljust(128)
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.writestr("k.npy", header)
    with pytest.raises(FileError, match=r"^a\.npz"):
        convgui.load_kernel(tmp_path / "a.npz")


@pytest.mark.parametrize("name", ["gone.txt", "gone/also.npy", "a.png"])
def test_a_missing_file_is_called_missing(tmp_path, name):
    with pytest.raises(FileError, match="does not exist"):
        convgui.load_kernel(tmp_path / name)
