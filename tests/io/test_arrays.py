"""Arrays of numbers as sources."""

from __future__ import annotations

import zipfile

import numpy as np
import pytest

from convgui.engine.strategies.tiles import Cancelled
from convgui.io.errors import FileError
from convgui.io.pictures import arrays as module
from convgui.io.pictures.images import open_source
from convgui.io.pictures.readings import MAX_CHANNELS


def saved(tmp_path, array, name="a.npy"):
    np.save(tmp_path / name, array)
    return tmp_path / name


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32, ">u2", ">f4"])
def test_stored_numbers_are_read_as_they_are(tmp_path, dtype):
    array = np.arange(70 * 20).reshape(70, 20).astype(dtype)
    source = open_source(saved(tmp_path, array))
    np.testing.assert_array_equal(source.array, array)
    assert source.array.dtype == np.dtype(dtype).newbyteorder("=") and source.note == "" and not source.toy
    assert source.scale == {"u1": 1 / 255, "u2": 1 / 65535, "f4": 1}[np.dtype(dtype).str[1:]]
    assert (source.name, source.path) == ("a.npy", str(tmp_path / "a.npy"))


def test_fortran_order_is_understood(tmp_path):
    array = np.asfortranarray(np.arange(12.0).reshape(3, 4))
    np.testing.assert_array_equal(open_source(saved(tmp_path, array)).array, array)


def test_a_sequence_is_one_row_of_steps(tmp_path):
    source = open_source(saved(tmp_path, np.array([0, 1, 0, 1, 1, 0])))
    assert source.sequence and source.array.tolist() == [[0, 1, 0, 1, 1, 0]] and source.toy and source.scale == 1


@pytest.mark.parametrize(
    ("shape", "toy"),
    [
        ((6, 6), True),
        ((32, 32), True),
        ((16, 64), True),
        ((33, 32), False),
        ((8, 65), False),
        ((64,), True),
        ((65,), False),
    ],
)
def test_small_arrays_are_toy_grids(tmp_path, shape, toy):
    assert open_source(saved(tmp_path, np.zeros(shape))).toy is toy


def test_the_numbers_of_a_toy_grid_count_as_they_are(tmp_path):
    assert open_source(saved(tmp_path, np.ones((6, 6), np.uint8))).scale == 1


def test_colour_and_bands(tmp_path):
    assert open_source(saved(tmp_path, np.zeros((5, 6, 4)))).channels == 4
    with pytest.raises(FileError, match=r"has 5 channels, shape \(5, 6, 5\)"):
        open_source(saved(tmp_path, np.zeros((5, 6, 5))))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 0.0, 1e-45])
def test_arrays_of_nothing_but_one_value_open(tmp_path, value):
    array = np.full((4, 5), value, np.float32)
    np.testing.assert_array_equal(open_source(saved(tmp_path, array)).array, array)


def test_rounding_is_said(tmp_path):
    assert "rounded to float32" in open_source(saved(tmp_path, np.array([[0.1, 1]]))).note
    assert open_source(saved(tmp_path, np.array([[0.5, np.nan]]))).note == ""
    assert open_source(saved(tmp_path, np.array([[True, False]]))).note == ""
    with pytest.raises(FileError, match="1e\\+300"):
        open_source(saved(tmp_path, np.array([[1e300]])))


@pytest.mark.parametrize(
    ("array", "words"),
    [
        (np.ones((2, 2)) * 1j, "complex128 entries, expected real numbers"),
        (np.array([["a"]]), "expected real numbers"),
        (np.array([[None]]), "expected real numbers"),
        (np.zeros((0, 5)), "holds no numbers"),
        (np.zeros(()), "has 0 axes"),
        (np.zeros((1, 2, 2, 2)), "has 4 axes"),
    ],
)
def test_what_is_no_array_of_numbers_is_told(tmp_path, array, words):
    with pytest.raises(FileError, match=words) as raised:
        open_source(saved(tmp_path, array))
    assert str(raised.value).startswith("a.npy")


def test_an_npy_that_is_cut_off_is_told(tmp_path):
    path = saved(tmp_path, np.zeros((100, 100)))
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(FileError, match="is cut off: 80,000 bytes are declared"):
        open_source(path)


def test_an_npy_that_lies_about_its_size_is_refused_from_its_header(tmp_path):
    path = saved(tmp_path, np.zeros((100, 100)))
    path.write_bytes(path.read_bytes().replace(b"(100, 100), }  ", b"(90000,90000),}"))
    with pytest.raises(FileError, match="is cut off: 64,800,000,000 bytes are declared, 80,000 are there"):
        open_source(path)


@pytest.mark.parametrize(
    "content", [b"\x93NUMPY", b"\x93NUMPY\x01\x00\xff\xff{", b"not at all", b"\x93NUMPY\x09\x09" + b"x" * 99]
)
def test_a_damaged_npy_is_told(tmp_path, content):
    (tmp_path / "a.npy").write_bytes(content)
    with pytest.raises(FileError, match=r"^a.npy: "):
        open_source(tmp_path / "a.npy")


def test_an_npy_is_known_by_its_content(tmp_path):
    saved(tmp_path, np.ones((2, 2))).rename(tmp_path / "a.dat")
    assert open_source(tmp_path / "a.dat").rows == 2


def test_the_first_array_of_an_npz_that_suits_is_read_and_said(tmp_path):
    np.savez_compressed(tmp_path / "a.npz", names=np.array(["x"]), grid=np.eye(3), other=np.ones(4))
    source = open_source(tmp_path / "a.npz")
    assert source.array.tolist() == np.eye(3).tolist() and "'grid', one of 3" in source.note


def test_an_npz_that_expands_to_a_gigabyte_is_refused(tmp_path):
    with (
        zipfile.ZipFile(tmp_path / "a.npz", "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("a.npy", "w") as stream,
    ):
        block = bytes(1 << 20)
        for _ in range(300):
            stream.write(block)
    assert (tmp_path / "a.npz").stat().st_size < 1e6
    with pytest.raises(FileError, match="bytes expand to 314,572,800: a decompression bomb"):
        open_source(tmp_path / "a.npz")


def test_a_damaged_npz_is_told(tmp_path):
    np.savez(tmp_path / "a.npz", a=np.ones((50, 50)))
    data = bytearray((tmp_path / "a.npz").read_bytes())
    data[2000] ^= 255
    (tmp_path / "a.npz").write_bytes(data)
    with pytest.raises(FileError, match="damaged"):
        open_source(tmp_path / "a.npz")
    with zipfile.ZipFile(tmp_path / "b.npz", "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(FileError, match="holds no array"):
        open_source(tmp_path / "b.npz")


def test_too_little_memory_is_told_with_numbers(tmp_path, monkeypatch):
    monkeypatch.setattr("convgui.io.limits.available_memory", lambda: 1000)
    with pytest.raises(FileError, match=r"would need 0\.0 GB of memory to open, 0\.0 GB are free"):
        open_source(saved(tmp_path, np.zeros((100, 100))))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0,1,0\n1,0,1\n", [[0, 1, 0], [1, 0, 1]]),
        ("0 1\t\n1 0", None),
        ("0  1\n 1 0\n", [[0, 1], [1, 0]]),
        ("0\t1\n1\t0", [[0, 1], [1, 0]]),
        ("0,5;1\n2;3,25", [[0.5, 1], [2, 3.25]]),
        ("# comment\n\n1,nan\n-inf,2\n", [[1, np.nan], [-np.inf, 2]]),
        ("1\n2\n3", [[1], [2], [3]]),
        ("1 2 3", [[1, 2, 3]]),
    ],
)
def test_rows_of_numbers_as_text(tmp_path, text, expected):
    (tmp_path / "a.txt").write_text(text)
    if expected is None:
        with pytest.raises(FileError):
            open_source(tmp_path / "a.txt")
    else:
        np.testing.assert_array_equal(open_source(tmp_path / "a.txt").array, np.float32(expected))


def test_headings_are_passed_over_and_said(tmp_path):
    (tmp_path / "a.csv").write_text("x,y\n1,2\n3,4\n")
    source = open_source(tmp_path / "a.csv")
    assert source.array.tolist() == [[1, 2], [3, 4]] and "headings" in source.note


def test_text_of_a_spreadsheet_in_utf_16(tmp_path):
    (tmp_path / "a.txt").write_text("1\t2\r\n3\t4\r\n", encoding="utf-16")
    assert open_source(tmp_path / "a.txt").array.tolist() == [[1, 2], [3, 4]]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1,2\n3\n", "line 2 has 1 number, expected 2"),
        ("1,2\n\n3,abc\n", "line 3: 'abc' is not a number"),
        ("1,2\n3,\n", "line 2, column 2 is empty"),
        ("dear diary", "line 1: 'dear' is not a number"),
        ("# nothing\n", "holds no numbers"),
    ],
)
def test_bad_text_is_told_by_its_line(tmp_path, text, words):
    (tmp_path / "a.csv").write_text(text)
    with pytest.raises(FileError, match=words):
        open_source(tmp_path / "a.csv")


def test_a_cancelled_opening_stops(tmp_path):
    with pytest.raises(Cancelled):
        open_source(saved(tmp_path, np.ones((2, 2))), cancelled=lambda: True)


def test_the_limits_are_those_that_the_window_names():
    assert (module.TOY_CELLS, module.TOY_SIDE, MAX_CHANNELS) == (1024, 64, 4)


@pytest.mark.parametrize(
    ("shape", "read"),
    [
        ((18, 3), (1, 18, 3)),
        ((18, 1), (1, 18)),
        ((16, 4), (1, 16, 4)),
        ((15, 3), (15, 3)),
        ((3, 18), (3, 18)),
        ((60, 5), (60, 5)),
    ],
)
def test_many_rows_of_few_columns_are_steps_and_channels(tmp_path, shape, read):
    numbers = np.arange(np.prod(shape), dtype=np.float32).reshape(shape)
    source = open_source(saved(tmp_path, numbers))
    assert source.array.shape == read
    assert np.array_equal(source.array.ravel(), numbers.ravel())
    assert ("read as steps" in source.note) == source.sequence


def test_numbers_in_quotation_marks(tmp_path):
    (tmp_path / "a.csv").write_text('"x","y"\n"1","2.5"\n"3","-4"\n')
    assert open_source(tmp_path / "a.csv").array.tolist() == [[1, 2.5], [3, -4]]
