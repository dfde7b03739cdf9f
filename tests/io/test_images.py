"""Pictures of every kind open as they are stored, and bad ones are told by name."""

from __future__ import annotations

import errno
import struct
import sys
import zlib
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image, ImageCms

from convgui.engine.strategies.tiles import Cancelled
from convgui.io.errors import FileError
from convgui.io.pictures.images import decode_image, load_image, open_source

RED_LEFT = np.zeros((2, 3, 3), np.uint8)
RED_LEFT[:, 0] = (255, 0, 0)


def picture(rows=20, cols=30, channels=3, dtype=np.uint8):
    shape = (rows, cols, channels) if channels > 1 else (rows, cols)
    return np.random.default_rng(0).integers(0, np.iinfo(dtype).max, shape, dtype, endpoint=True)


def png16(array, colour_type):
    """Return a PNG with 16 bits per channel, which Pillow cannot write in colour."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in array)
    header = struct.pack(">IIBBBBB", array.shape[1], array.shape[0], 16, colour_type, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def declared_png(cols, rows):
    """Return a small PNG that declares this size."""
    data = bytearray(png16(np.zeros((1, 1, 3), np.uint16), 2))
    data[16:24] = struct.pack(">II", cols, rows)
    data[29:33] = struct.pack(">I", zlib.crc32(bytes(data[12:29])))
    return bytes(data)


@pytest.mark.parametrize("ending", ["png", "tif", "bmp", "ppm"])
@pytest.mark.parametrize("channels", [1, 3])
def test_lossless_formats_give_the_stored_bytes(tmp_path, ending, channels):
    array = picture(channels=channels)
    Image.fromarray(array).save(tmp_path / f"a.{ending}")
    np.testing.assert_array_equal(load_image(tmp_path / f"a.{ending}"), array)


@pytest.mark.parametrize(("ending", "options"), [("webp", {"lossless": True}), ("jp2", {"irreversible": False})])
def test_lossless_colour_formats_give_the_stored_bytes(tmp_path, ending, options):
    Image.fromarray(picture()).save(tmp_path / f"a.{ending}", **options)
    np.testing.assert_array_equal(load_image(tmp_path / f"a.{ending}"), picture())


@pytest.mark.parametrize("ending", ["jpg", "avif", "gif"])
def test_other_formats_open(tmp_path, ending):
    Image.fromarray(picture()).save(tmp_path / f"a.{ending}")
    assert load_image(tmp_path / f"a.{ending}").shape == (20, 30, 3)


def test_a_source_has_name_path_scale_and_nothing_to_say(tmp_path):
    Image.fromarray(picture()).save(tmp_path / "my photo.png")
    source = open_source(tmp_path / "my photo.png")
    assert (source.name, source.path, source.note) == ("my photo.png", str(tmp_path / "my photo.png"), "")
    assert source.scale == 1 / 255 and not source.toy and not source.array.flags.writeable


def test_the_ending_does_not_matter(tmp_path):
    Image.fromarray(picture()).save(tmp_path / "a.jpg", format="PNG")
    np.testing.assert_array_equal(load_image(tmp_path / "a.jpg"), picture())


@pytest.mark.parametrize("ending", ["jpg", "png", "tif", "webp"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_phone_photo_stands_upright(tmp_path, orientation, ending):
    exif = Image.Exif()
    exif[274] = orientation
    stored = np.kron(RED_LEFT, np.ones((16, 16, 1), np.uint8))
    Image.fromarray(stored).save(tmp_path / f"a.{ending}", exif=exif, quality=95)
    upright = {
        1: stored,
        2: stored[:, ::-1],
        3: stored[::-1, ::-1],
        4: stored[::-1],
        5: stored.swapaxes(0, 1),
        6: np.rot90(stored, -1),
        7: np.rot90(stored, 2).swapaxes(0, 1),
        8: np.rot90(stored),
    }[orientation]
    opened = load_image(tmp_path / f"a.{ending}")
    assert opened.shape == upright.shape
    assert np.abs(opened.astype(int) - upright).mean() < 10


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_deep_tiff_stands_upright_as_an_8_bit_one_does(tmp_path, orientation):
    grey = picture(channels=1)
    for dtype in (np.uint8, np.uint16):
        tag = (274, "H", 1, orientation, True)
        tifffile.imwrite(tmp_path / f"{np.dtype(dtype).name}.tif", grey.astype(dtype), extratags=[tag], metadata=None)
    np.testing.assert_array_equal(load_image(tmp_path / "uint16.tif"), load_image(tmp_path / "uint8.tif"))


def test_broken_exif_does_not_keep_a_photo_from_opening(tmp_path):
    Image.fromarray(picture()).save(tmp_path / "a.jpg", exif=b"Exif\0\0II*\0\xff\xff\xff\xff")
    assert load_image(tmp_path / "a.jpg").shape == (20, 30, 3)


def test_hidden_colours_stay_hidden(tmp_path):
    array = np.zeros((2, 2, 4), np.uint8)
    array[..., 0], array[0, :, 3], array[1, 0, 3] = 200, 255, 51
    Image.fromarray(array).save(tmp_path / "a.png")
    source = open_source(tmp_path / "a.png")
    assert source.array[:, 0].tolist() == [[200, 0, 0], [244, 204, 204]] and source.array[1, 1].tolist() == [255] * 3
    assert source.note == "Transparent parts were put on white."


def test_an_opaque_alpha_channel_is_not_worth_a_word(tmp_path):
    array = np.full((2, 2, 4), 255, np.uint8)
    array[..., :3] = 7
    Image.fromarray(array).save(tmp_path / "a.png")
    source = open_source(tmp_path / "a.png")
    assert source.array.shape == (2, 2, 3) and (source.array == 7).all() and source.note == ""


def test_grey_with_alpha(tmp_path):
    array = np.array([[[10, 255], [10, 0]]], np.uint8)
    Image.fromarray(array, "LA").save(tmp_path / "a.png")
    assert load_image(tmp_path / "a.png").tolist() == [[10, 255]]


def test_palettes(tmp_path):
    Image.fromarray(RED_LEFT).quantize(2).save(tmp_path / "colour.png")
    np.testing.assert_array_equal(load_image(tmp_path / "colour.png"), RED_LEFT)
    Image.fromarray(picture(channels=1)).convert("P").save(tmp_path / "grey.gif")
    np.testing.assert_array_equal(load_image(tmp_path / "grey.gif"), picture(channels=1))


def test_a_palette_with_transparency(tmp_path):
    Image.fromarray(np.array([[0, 1]], np.uint8)).convert("P").save(tmp_path / "a.gif", transparency=0)
    assert load_image(tmp_path / "a.gif").tolist() == [[255, 1]]


def test_one_bit(tmp_path):
    Image.fromarray(np.array([[True, False]])).save(tmp_path / "a.png")
    source = open_source(tmp_path / "a.png")
    assert source.array.dtype == np.uint8 and source.array.tolist() == [[255, 0]]


def test_cmyk(tmp_path):
    Image.new("CMYK", (8, 8), (0, 255, 255, 0)).save(tmp_path / "a.jpg", quality=95)
    source = open_source(tmp_path / "a.jpg")
    assert source.array.shape == (8, 8, 3) and source.array[0, 0, 0] > 240 and source.array[0, 0, 1] < 15
    assert "CMYK" in source.note


def test_16_bit_grey_keeps_its_bits(tmp_path):
    array = picture(channels=1, dtype=np.uint16)
    for ending in ("png", "tif", "pgm"):
        Image.fromarray(array).save(tmp_path / f"a.{ending}")
        source = open_source(tmp_path / f"a.{ending}")
        assert source.array.dtype == np.uint16 and source.scale == 1 / 65535 and source.note == "", ending
        np.testing.assert_array_equal(source.array, array)


@pytest.mark.parametrize("colour_type", [2, 6])
def test_16_bit_colour_png_keeps_its_bits(tmp_path, colour_type):
    array = picture(channels=3 if colour_type == 2 else 4, dtype=np.uint16)
    array[..., 3:] = 65535
    (tmp_path / "a.png").write_bytes(png16(array, colour_type))
    source = open_source(tmp_path / "a.png")
    np.testing.assert_array_equal(source.array, array[..., :3])
    assert source.array.dtype == np.uint16 and source.note == ""


def test_16_bit_colour_png_with_transparent_parts(tmp_path):
    (tmp_path / "a.png").write_bytes(png16(np.array([[[0, 0, 0, 0], [0, 0, 0, 13107]]], np.uint16), 6))
    source = open_source(tmp_path / "a.png")
    assert source.array[0, :, 0].tolist() == [65535, 52428] and "white" in source.note


def test_16_bit_grey_png_with_alpha_keeps_its_bits(tmp_path):
    (tmp_path / "a.png").write_bytes(png16(np.array([[[0x1234, 65535], [0x1234, 0]]], np.uint16), 4))
    source = open_source(tmp_path / "a.png")
    assert source.array.tolist() == [[0x1234, 65535]] and "white" in source.note


@pytest.mark.parametrize("planar", ["contig", "separate"])
@pytest.mark.parametrize("compression", [None, "zlib"])
@pytest.mark.parametrize("dtype", [np.uint16, np.float32])
def test_deep_colour_tiff_keeps_its_bits(tmp_path, planar, compression, dtype):
    array = picture(dtype=np.uint16).astype(dtype)
    pages = np.moveaxis(array, -1, 0) if planar == "separate" else array
    tifffile.imwrite(tmp_path / "a.tif", pages, photometric="rgb", planarconfig=planar, compression=compression)
    source = open_source(tmp_path / "a.tif")
    np.testing.assert_array_equal(source.array, array)
    assert source.array.dtype == dtype and source.scale == (1 / 65535 if dtype == np.uint16 else 1)


def test_float_tiff_with_nan_keeps_its_values(tmp_path):
    array = np.array([[np.nan, -1.5, np.inf], [1e-40, 0, 3e38]], np.float32)
    tifffile.imwrite(tmp_path / "a.tif", array)
    source = open_source(tmp_path / "a.tif")
    np.testing.assert_array_equal(source.array, array)
    assert source.scale == 1 and source.note == ""


@pytest.mark.parametrize("dtype", ["int8", "int16", "int32", "uint32", "float16", "float64"])
def test_other_numbers_in_tiff_become_float32_and_say_so(tmp_path, dtype):
    array = np.array([[-5, 100], [7, 0]]).clip(np.iinfo(dtype).min if "u" in dtype else None).astype(dtype)
    tifffile.imwrite(tmp_path / "a.tif", array)
    source = open_source(tmp_path / "a.tif")
    assert source.array.dtype == np.float32 and source.array.tolist() == array.tolist() and dtype in source.note


def test_inverted_grey_tiff(tmp_path):
    tifffile.imwrite(tmp_path / "a.tif", np.array([[0, 65535, 5]], np.uint16), photometric="miniswhite")
    assert load_image(tmp_path / "a.tif").tolist() == [[65535, 0, 65530]]


def test_complex_tiff_is_told(tmp_path):
    tifffile.imwrite(tmp_path / "a.tif", np.ones((4, 4), np.complex64))
    with pytest.raises(FileError, match="complex numbers"):
        open_source(tmp_path / "a.tif")


@pytest.mark.parametrize(("ending", "options"), [("gif", {}), ("png", {}), ("webp", {"lossless": True})])
def test_of_an_animation_the_first_frame_is_read_and_it_is_said(tmp_path, ending, options):
    frames = [Image.fromarray(np.full((4, 4), value, np.uint8)) for value in (10, 200)]
    frames[0].save(tmp_path / f"a.{ending}", save_all=True, append_images=frames[1:], **options)
    source = open_source(tmp_path / f"a.{ending}")
    assert (source.array == 10).all() and source.note == "The first frame of the animation was read."


@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_of_a_tiff_with_pages_the_first_is_read_and_it_is_said(tmp_path, dtype):
    with tifffile.TiffWriter(tmp_path / "a.tif") as tif:
        for value in (10, 200):
            tif.write(np.full((4, 4), value, dtype))
    source = open_source(tmp_path / "a.tif")
    assert (source.array == 10).all() and source.note == "The first of several pages was read."


def test_a_phones_second_picture_is_not_worth_a_word(tmp_path):
    image = Image.fromarray(picture())
    image.save(tmp_path / "a.mpo", save_all=True, append_images=[image], quality=95)
    assert open_source(tmp_path / "a.mpo").note == ""


def wide_profile():
    """Return Display P3 or the like: sRGB's profile with red and green swapped, by another name."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = struct.unpack(">I", profile[128:132])[0]
    places = {bytes(profile[132 + 12 * i : 136 + 12 * i]): 136 + 12 * i for i in range(count)}
    red, green = places[b"rXYZ"], places[b"gXYZ"]
    profile[red : red + 8], profile[green : green + 8] = profile[green : green + 8], profile[red : red + 8]
    text = struct.unpack(">I", profile[places[b"desc"] : places[b"desc"] + 4])[0]
    start = bytes(profile).index("sRGB".encode("utf-16-be"), text)
    profile[start : start + 8] = "Swap".encode("utf-16-be")
    return bytes(profile)


def test_a_colour_profile_is_brought_to_srgb_and_it_is_said(tmp_path):
    Image.fromarray(RED_LEFT).save(tmp_path / "a.png", icc_profile=wide_profile())
    source = open_source(tmp_path / "a.png")
    assert source.array[0, 0, 1] > 250 and source.array[0, 0, 0] < 5
    assert source.note.startswith("Its colour profile (Swap") and source.note.endswith("was converted to sRGB.")


def test_srgb_itself_changes_nothing(tmp_path):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    Image.fromarray(picture()).save(tmp_path / "a.png", icc_profile=profile)
    source = open_source(tmp_path / "a.png")
    np.testing.assert_array_equal(source.array, picture())
    assert source.note == ""


@pytest.mark.parametrize("data", [b"nonsense", b"\0" * 200])
def test_a_broken_profile_is_ignored_and_it_is_said(tmp_path, data):
    Image.fromarray(picture()).save(tmp_path / "a.png", icc_profile=data)
    source = open_source(tmp_path / "a.png")
    np.testing.assert_array_equal(source.array, picture())
    assert source.note == "Its colour profile is broken and was ignored."


@pytest.mark.parametrize(("rows", "cols"), [(1, 1), (1, 40_000), (40_000, 1), (2, 30_000)])
def test_odd_shapes_open(tmp_path, rows, cols):
    Image.fromarray(picture(rows, cols, 1)).save(tmp_path / "a.png")
    np.testing.assert_array_equal(load_image(tmp_path / "a.png"), picture(rows, cols, 1))


def test_a_photo_of_200_megapixels_is_no_bomb(tmp_path):
    Image.new("L", (16_320, 12_240), 7).save(tmp_path / "a.png", compress_level=1)
    assert load_image(tmp_path / "a.png").shape == (12_240, 16_320)


def test_bytes_of_the_clipboard_open():
    stream = BytesIO()
    Image.fromarray(picture()).save(stream, "PNG")
    source = decode_image(stream.getvalue(), "Clipboard")
    np.testing.assert_array_equal(source.array, picture())
    assert (source.name, source.path) == ("Clipboard", "")
    for data, words in ((b"", "0 bytes"), (b"hello", "is not a picture")):
        with pytest.raises(FileError, match=words):
            decode_image(data, "Clipboard")


# Bad input, each by name


def told(path):
    with pytest.raises(FileError) as raised:
        open_source(path)
    sentence = str(raised.value)
    assert sentence.startswith(f"{Path(path).name}: ") and sentence.endswith(".") and "\n" not in sentence
    return sentence


@pytest.mark.parametrize("content", [b"dear diary, ", b"%!PS-Adobe-3.0 EPSF-3.0\n", b"%PDF-1.7", b"\0" * 50, b"<svg></svg>"])
def test_not_an_image(tmp_path, content):
    (tmp_path / "a.png").write_bytes(content)
    assert "is not a picture that can be opened; expected PNG" in told(tmp_path / "a.png")


@pytest.mark.parametrize("ending", ["png", "jpg", "tif", "gif", "bmp", "webp", "avif", "jp2", "ppm"])
@pytest.mark.parametrize("share", [0.01, 0.3, 0.7])
def test_truncated(tmp_path, ending, share):
    path = tmp_path / f"a.{ending}"
    Image.fromarray(picture(200, 200)).save(path)
    path.write_bytes(path.read_bytes()[: max(int(path.stat().st_size * share), 20)])
    sentence = told(path)
    assert "cut off" in sentence or "damaged" in sentence


@pytest.mark.parametrize("compression", [None, "zlib"])
def test_truncated_deep_tiff(tmp_path, compression):
    tifffile.imwrite(tmp_path / "a.tif", picture(200, 200, dtype=np.uint16), photometric="rgb", compression=compression)
    (tmp_path / "a.tif").write_bytes((tmp_path / "a.tif").read_bytes()[:5000])
    assert "is cut off" in told(tmp_path / "a.tif")


def test_zero_bytes(tmp_path):
    (tmp_path / "a.png").touch()
    assert "is empty (0 bytes)" in told(tmp_path / "a.png")


def test_a_folder(tmp_path):
    assert "is a folder" in told(tmp_path)


def test_vanished(tmp_path):
    assert "does not exist" in told(tmp_path / "a.png")


def test_no_permission(tmp_path, monkeypatch):
    Image.fromarray(picture()).save(tmp_path / "a.png")

    def refuse(*_):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert "no permission" in told(tmp_path / "a.png")


def test_a_disk_that_fails_while_reading(tmp_path, monkeypatch):
    Image.fromarray(picture()).save(tmp_path / "a.png")

    class Failing(BytesIO):
        def read(self, *_):
            raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("convgui.io.pictures.images.open_file", lambda _: Failing())
    assert "cannot be read: Input/output error" in told(tmp_path / "a.png")


@pytest.mark.parametrize(("cols", "rows"), [(30_000, 30_000), (16_000, 16_000), (2**31 - 1, 2**31 - 1), (25_000, 25_000)])
def test_a_bomb_is_refused_from_its_header(tmp_path, cols, rows, monkeypatch):
    (tmp_path / "a.png").write_bytes(declared_png(cols, rows))
    monkeypatch.setattr(Image.Image, "load", lambda *_: pytest.fail("it was decoded"))
    assert "bomb" in told(tmp_path / "a.png") or "megapixels" in told(tmp_path / "a.png")


def test_a_deep_tiff_bomb_is_refused_from_its_header(tmp_path, monkeypatch):
    tifffile.imwrite(tmp_path / "a.tif", np.zeros((20_000, 16), np.uint16), compression="zlib", metadata=None)
    data = bytearray((tmp_path / "a.tif").read_bytes())
    place = data.index(struct.pack("<HHI", 256, 4 if struct.pack("<HHI", 256, 4, 1) in data else 3, 1))
    data[place : place + 12] = struct.pack("<HHII", 256, 4, 1, 15_000)
    (tmp_path / "a.tif").write_bytes(data)
    monkeypatch.setattr(tifffile.TiffPage, "asarray", lambda *_, **__: pytest.fail("it was decoded"))
    assert "decompression bomb" in told(tmp_path / "a.tif")


def test_too_little_memory(tmp_path, monkeypatch):
    Image.fromarray(picture(200, 200)).save(tmp_path / "a.png")
    monkeypatch.setattr("convgui.io.limits.available_memory", lambda: 100_000)
    assert "GB of memory to open" in told(tmp_path / "a.png")


@pytest.mark.parametrize(
    "error", [MemoryError(), SyntaxError("odd"), RecursionError(), SystemError("x"), ValueError(), KeyError(3)]
)
def test_whatever_a_decoder_raises_is_one_sentence(tmp_path, monkeypatch, error):
    Image.fromarray(picture()).save(tmp_path / "a.png")

    def fail(*_):
        raise error

    monkeypatch.setattr("convgui.io.pictures.images.to_array", fail)
    assert told(tmp_path / "a.png")


def test_heif_without_its_package_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pillow_heif", None)  # as if it were not there
    (tmp_path / "a.heic").write_bytes(b"\0\0\0\x18ftypheic" + b"\0" * 40)
    assert "pip install pillow-heif" in told(tmp_path / "a.heic")


def test_a_cancelled_opening_stops(tmp_path):
    Image.fromarray(picture()).save(tmp_path / "a.png")
    with pytest.raises(Cancelled):
        open_source(tmp_path / "a.png", cancelled=lambda: True)


@pytest.mark.parametrize(("ending", "options"), [("gif", {}), ("png", {}), ("webp", {"lossless": True}), ("avif", {})])
def test_any_frame_of_an_animation_can_be_asked_for(tmp_path, ending, options):
    frames = [Image.fromarray(np.full((16, 16), value, np.uint8)) for value in (10, 100, 200)]
    frames[0].save(tmp_path / f"a.{ending}", save_all=True, append_images=frames[1:], **options)
    source = open_source(tmp_path / f"a.{ending}", page=3)
    assert abs(int(source.array.flat[0]) - 200) < 4 and len(source.pages) == 3 and source.page == 3 and source.note == ""
    with pytest.raises(FileError, match="has no frame 4; there are 3: Frame 1"):
        load_image(tmp_path / f"a.{ending}", page=4)


@pytest.mark.parametrize("mode", ["L", "RGB"])
@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"subsampling": 0}, {"quality": 30}, {"exif": True}])
def test_a_photo_is_read_as_pillow_reads_it(tmp_path, mode, options):
    if "exif" in options:
        options = {"exif": Image.Exif()}
        options["exif"][0x0112] = 6
    Image.fromarray(picture(61, 83)).convert(mode).save(tmp_path / "a.jpg", **options)
    with Image.open(tmp_path / "a.jpg") as image:
        expected = np.asarray(image)
    if "exif" in options:
        expected = np.rot90(expected, -1)
    np.testing.assert_array_equal(load_image(tmp_path / "a.jpg"), expected)
