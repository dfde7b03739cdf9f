"""What is taken away is what was there: colours byte for byte, values bit for bit."""

from __future__ import annotations

import csv
import errno
import json
import os
import subprocess
import sys
from io import BytesIO

import imagecodecs
import numpy as np
import pytest
import tifffile
from PIL import Image

from convgui.engine.strategies.tiles import Cancelled, never
from convgui.io.atomic import Watched
from convgui.io.errors import FileError
from convgui.io.export import formats as export
from convgui.io.export.formats import (
    NUMBER_FORMATS,
    PICTURE_FORMATS,
    describe_export,
    load_png_numbers,
    number_paths,
    save_numbers,
    save_picture,
)
from convgui.io.export.png import write_png
from convgui.io.pictures.images import load_image, open_source

RGB = np.random.default_rng(0).integers(0, 255, (40, 60, 3), np.uint8, endpoint=True)
MAPS = np.random.default_rng(1).normal(size=(3, 20, 30)).astype(np.float32)
ODD = np.array([[[np.nan, -np.inf, np.inf], [1e-45, -3.4e38, -0.0]]], np.float32)
META = {"kernel": "Sobel x", "source": "größe.png"}


@pytest.mark.parametrize("ending", [".png", ".webp", ".tif", ".TIFF"])
def test_a_lossless_picture_has_the_same_pixels(tmp_path, ending):
    save_picture(tmp_path / f"a{ending}", RGB)
    np.testing.assert_array_equal(load_image(tmp_path / f"a{ending}"), RGB)


def test_a_jpeg_keeps_its_colours_at_full_resolution(tmp_path):
    save_picture(tmp_path / "a.jpeg", RGB)
    with Image.open(tmp_path / "a.jpeg") as image:
        assert image.format == "JPEG" and [layer[1:3] for layer in image.layer] == [(1, 1)] * 3
    assert np.abs(load_image(tmp_path / "a.jpeg").astype(int) - RGB).mean() < 4


@pytest.mark.parametrize("ending", [ending for ending, _ in PICTURE_FORMATS])
def test_an_existing_picture_is_replaced_whole_and_only_on_success(tmp_path, ending, monkeypatch):
    path = tmp_path / f"a{ending}"
    path.write_bytes(b"old")

    def full(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("convgui.io.atomic.os.fsync", full)
        with pytest.raises(FileError, match="the disk is full"):
            save_picture(path, RGB)
    assert path.read_bytes() == b"old" and len(list(tmp_path.iterdir())) == 1
    save_picture(path, RGB)
    assert load_image(path).shape == RGB.shape


@pytest.mark.parametrize(("ending", "side"), [(".webp", 16_384), (".jpg", 65_536)])
def test_a_picture_too_large_for_its_format_is_told(tmp_path, ending, side):
    with pytest.raises(FileError, match=r"pixels per side, the picture has .* choose PNG or TIFF"):
        save_picture(tmp_path / f"a{ending}", np.zeros((1, side, 3), np.uint8))
    assert not list(tmp_path.iterdir())
    save_picture(tmp_path / "a.png", np.zeros((1, side, 3), np.uint8))


@pytest.mark.parametrize(("ending", "side"), [(".webp", 16_383), (".jpg", 65_500)])
def test_the_largest_picture_of_a_format_is_written(tmp_path, ending, side):
    save_picture(tmp_path / f"a{ending}", np.zeros((side, 1, 3), np.uint8))
    assert load_image(tmp_path / f"a{ending}").shape == (side, 1, 3)


@pytest.mark.parametrize("name", ["a.bmp", "a", "a.png.exe"])
def test_an_unknown_ending_is_told(tmp_path, name):
    with pytest.raises(FileError, match="expected a name that ends in one of"):
        save_picture(tmp_path / name, RGB)
    with pytest.raises(FileError, match="expected a name that ends in one of"):
        save_numbers(tmp_path / name, MAPS, {})


@pytest.mark.parametrize("maps", [MAPS, MAPS[:1], ODD])
def test_float_tiff_holds_the_values_and_what_made_them(tmp_path, maps):
    assert save_numbers(tmp_path / "a.tif", maps, META) == [tmp_path / "a.tif"]
    with tifffile.TiffFile(tmp_path / "a.tif") as tif:
        pages = np.stack([page.asarray() for page in tif.pages])
        assert json.loads(tif.pages[0].description) == META
    np.testing.assert_array_equal(pages, maps)
    assert pages.dtype == np.float32
    np.testing.assert_array_equal(open_source(tmp_path / "a.tif").array, maps[0])


@pytest.mark.parametrize("maps", [MAPS, MAPS[:1], ODD])
def test_npy_holds_the_values(tmp_path, maps):
    save_numbers(tmp_path / "a.npy", maps, META)
    array = np.load(tmp_path / "a.npy")
    assert array.dtype == np.float32 and array.shape == (maps.shape[1:] if len(maps) == 1 else (*maps.shape[1:], len(maps)))
    np.testing.assert_array_equal(np.moveaxis(np.atleast_3d(array), -1, 0), maps)


@pytest.mark.parametrize("maps", [MAPS[:1], ODD])
def test_csv_holds_exactly_the_values(tmp_path, maps):
    save_numbers(tmp_path / "a.csv", maps, META)
    with open(tmp_path / "a.csv", newline="") as stream:
        rows = [[np.float32(cell) for cell in row] for row in csv.reader(stream)]
    np.testing.assert_array_equal(rows, maps[0])
    np.testing.assert_array_equal(open_source(tmp_path / "a.csv").array, maps[0])


def test_csv_of_several_maps_is_blocks_with_a_headline(tmp_path):
    save_numbers(tmp_path / "a.csv", MAPS, META)
    lines = (tmp_path / "a.csv").read_text().splitlines()
    assert [i for i, line in enumerate(lines) if line.startswith("#")] == [0, 21, 42] and lines[21] == "# map 2"
    np.testing.assert_array_equal(np.loadtxt(lines, delimiter=",", dtype=np.float32).reshape(MAPS.shape), MAPS)


def test_16_bit_png_records_its_scale(tmp_path):
    save_numbers(tmp_path / "a.png", MAPS[:1], META)
    step = float(np.ptp(MAPS[0])) / 65535
    np.testing.assert_allclose(load_png_numbers(tmp_path / "a.png"), MAPS[0], rtol=0, atol=step * 0.501)
    with Image.open(tmp_path / "a.png") as image:
        assert image.mode == "I;16" and image.text["kernel"] == "Sobel x" and image.text["source"] == "größe.png"
        values = float(image.text["offset"]) + float(image.text["scale"]) * np.asarray(image)
        assert image.text["formula"] == "value = offset + scale * stored number"
    np.testing.assert_array_equal(values, load_png_numbers(tmp_path / "a.png"))
    assert load_image(tmp_path / "a.png").max() == 65535


@pytest.mark.parametrize("values", [[[-3.0, 7, 65000]], [[5.0, 5]], [[0.25, 0.25]]])
def test_whole_numbers_and_constants_are_exact_in_16_bit_png(tmp_path, values):
    maps = np.array([values], np.float32)
    save_numbers(tmp_path / "a.png", maps, {})
    np.testing.assert_array_equal(load_png_numbers(tmp_path / "a.png"), maps[0])


@pytest.mark.parametrize("values", [[[3.4e38, -3.4e38]], [[1e-45, 0]], [[1.0000001, 1]]])
def test_extreme_ranges_fit_into_16_bit_png(tmp_path, values):
    maps = np.array([values], np.float32)
    save_numbers(tmp_path / "a.png", maps, {})
    np.testing.assert_allclose(
        load_png_numbers(tmp_path / "a.png"), maps[0], rtol=0, atol=float(np.ptp(maps.astype(float))) / 65535
    )


def test_png_has_no_place_for_nan_and_says_what_has(tmp_path):
    with pytest.raises(FileError, match="no place for NaN and infinity, of which there are 3; choose TIFF, npy or CSV"):
        save_numbers(tmp_path / "a.png", np.concatenate([np.zeros_like(ODD), ODD]), {})
    assert not list(tmp_path.iterdir())


def test_several_maps_are_several_png_files(tmp_path):
    paths = save_numbers(tmp_path / "a.png", MAPS, {})
    assert paths == number_paths(tmp_path / "a.png", 3) == [tmp_path / f"a-{i}.png" for i in (1, 2, 3)]
    for path, values in zip(paths, MAPS, strict=True):
        np.testing.assert_allclose(load_png_numbers(path), values, atol=1e-4)


def test_a_plain_png_has_no_scale(tmp_path):
    save_picture(tmp_path / "a.png", RGB)
    with pytest.raises(FileError, match="no 16-bit PNG with offset and scale recorded"):
        load_png_numbers(tmp_path / "a.png")


@pytest.mark.parametrize("ending", [ending for ending, _ in NUMBER_FORMATS])
def test_a_full_disk_leaves_the_old_numbers(tmp_path, ending, monkeypatch):
    path = tmp_path / f"a{ending}"
    path.write_bytes(b"old")

    def full(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("convgui.io.atomic.os.fsync", full)
    with pytest.raises(FileError, match=f"^a{ending}: cannot be written: the disk is full"):
        save_numbers(path, MAPS[:1], {})
    assert path.read_bytes() == b"old" and len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("ending", [ending for ending, _ in NUMBER_FORMATS])
@pytest.mark.parametrize("write", ["numbers", "picture"])
@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")
def test_a_disk_that_is_full_in_the_middle_is_told_as_such(ending, write, monkeypatch):
    """The real thing: the encoders write to a device that has no room."""
    ending = {".npy": ".webp", ".csv": ".jpg", ".npz": ".png"}.get(ending, ending) if write == "picture" else ending

    def onto_full_device(path, encode, cancelled):
        with open("/dev/full", "wb") as stream:
            encode(Watched(stream, cancelled))
            stream.flush()

    monkeypatch.setattr(export, "write_encoded", onto_full_device)
    monkeypatch.setattr("convgui.io.export.png_numbers.write_encoded", onto_full_device)
    with pytest.raises(OSError) as raised:
        if write == "numbers":
            save_numbers(f"a{ending}", np.random.default_rng(0).normal(size=(1, 300, 300)).astype(np.float32), {})
        else:
            save_picture(f"a{ending}", np.random.default_rng(0).integers(0, 255, (300, 300, 3), np.uint8))
    assert raised.value.errno == errno.ENOSPC


FORMATS = [("numbers", ending) for ending, _ in NUMBER_FORMATS] + [("picture", ending) for ending, _ in PICTURE_FORMATS]


def save(kind, path, cancelled=never, size=300):
    if kind == "numbers":
        save_numbers(path, np.random.default_rng(0).normal(size=(1, size, size)).astype(np.float32), META, cancelled)
    else:
        save_picture(path, np.random.default_rng(0).integers(0, 255, (size, size, 3), np.uint8), cancelled)


@pytest.mark.parametrize("questions", [0, 1])
@pytest.mark.parametrize(("kind", "ending"), FORMATS)
def test_a_cancelled_export_leaves_the_old_file_and_nothing_else(tmp_path, kind, ending, questions):
    """It is asked several times, before and while it writes; whenever the answer is yes, that is the end."""
    path, asked = tmp_path / f"a{ending}", iter([False] * questions)
    path.write_bytes(b"old")
    with pytest.raises(Cancelled):
        save(kind, path, lambda: next(asked, True))
    assert path.read_bytes() == b"old" and len(list(tmp_path.iterdir())) == 1


NO_ROOM = """
import resource, sys
sys.path[:0] = sys.argv[3:]
from test_export import FileError, save
resource.setrlimit(resource.RLIMIT_FSIZE, (9_000, 9_000))
try:
    save(*sys.argv[1:3])
except FileError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process are another thing there")
def test_a_place_without_room_is_told_for_every_format(tmp_path):
    for kind, ending in FORMATS:
        path = tmp_path / f"a{ending}"
        path.write_bytes(b"old")
        command = [sys.executable, "-c", NO_ROOM, kind, str(path), os.path.dirname(__file__)]
        found = subprocess.run(command, capture_output=True, text=True, check=True)
        assert found.stdout == f"a{ending}: cannot be written: the file would be larger than this disk allows.\n"
        assert path.read_bytes() == b"old"
        path.unlink()
        assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("kind", "ending"), FORMATS)
@pytest.mark.parametrize("letter", ["x", "ö", "核", "😀"])
def test_the_longest_names_are_written(tmp_path, kind, ending, letter):
    path = tmp_path / (letter * ((255 - len(ending)) // len(letter.encode())) + ending)
    save(kind, path, size=8)
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("ending", [ending for ending, _ in NUMBER_FORMATS])
def test_what_made_the_numbers_may_have_any_name(tmp_path, ending):
    path = tmp_path / f"a{ending}"
    meta = {"source": "caf\udce9.png", "kernel": "核 😀\n\0", "größe": "x" * 100_000}
    save_numbers(path, MAPS[:1], meta)
    if ending == ".png":
        assert np.allclose(load_png_numbers(path), MAPS[0], atol=1e-4)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("shape", [(1, 1), (1, 900), (900, 1), (70, 41), (1500, 1601)])
@pytest.mark.parametrize("look", ["noise", "ramp", "few", "flat"])
def test_a_png_holds_what_was_written(dtype, shape, look):
    rows, cols = np.indices(shape)
    noise = np.random.default_rng(0).integers(0, np.iinfo(dtype).max, shape)
    values = {"noise": noise, "ramp": rows * 7 + cols, "few": noise % 3 * 99, "flat": rows * 0}[look].astype(dtype)
    pictures = [values] if dtype == np.uint16 else [values, np.stack([values, values.T.reshape(shape), 255 - values], 2)]
    for pixels in pictures:
        stream = BytesIO()
        write_png(stream, pixels)
        for read in (lambda data: np.asarray(Image.open(BytesIO(data))), imagecodecs.png_decode):
            np.testing.assert_array_equal(read(stream.getvalue()), pixels)


def test_an_encoder_that_fails_is_one_sentence(tmp_path, monkeypatch):
    def fail(*_, **__):
        raise ValueError("odd")

    monkeypatch.setattr(Image.Image, "save", fail)
    with pytest.raises(FileError, match=r"^a.webp: cannot be written \(odd\)\.$"):
        save_picture(tmp_path / "a.webp", RGB)


@pytest.mark.parametrize(
    ("kind", "ending", "shape", "sentence"),
    [
        ("picture", ".png", (400, 600), "PNG, 8-bit RGB, 600 × 400 pixels, colours from −1.49 to 1.49"),
        (
            "picture",
            ".jpg",
            (4, 6),
            "JPEG, 8-bit RGB, quality 95 (slightly lossy), 6 × 4 pixels, colours from −1.49 to 1.49",
        ),
        ("numbers", ".tif", (3, 400, 600), "TIFF, float32, 3 maps of 400 × 600 values (rows × columns), from −1.49 to 1.49"),
        (
            "numbers",
            ".png",
            (400, 600),
            "PNG, 16-bit grey, 400 × 600 values (rows × columns), from −1.49 to 1.49 in steps of 4.5e-05, "
            "offset and scale recorded",
        ),
    ],
)
def test_what_is_going_to_be_written_is_said_before(kind, ending, shape, sentence):
    assert describe_export(kind, ending, shape, -1.49, 1.49) == sentence


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [(16777210, 16777220, "from 1.677721e7 to 1.677722e7"), (-3e38, 1, "from −3e38 to 1"), (1.00001, 1.00002, "1.00002")],
)
@pytest.mark.parametrize("kind", ["picture", "numbers"])
def test_the_ends_of_a_range_are_told_apart(kind, low, high, said):
    assert said in describe_export(kind, ".tif", (4, 6), low, high)


def test_every_format_that_is_offered_can_be_described_and_written(tmp_path):
    for ending, label in PICTURE_FORMATS:
        save_picture(tmp_path / f"a{ending}", RGB)
        assert describe_export("picture", ending, (40, 60), 0, 1).startswith(label)
    for ending, _ in NUMBER_FORMATS:
        save_numbers(tmp_path / f"b{ending}", MAPS[:1], {})
        assert describe_export("numbers", ending, (20, 30), 0, 1)
