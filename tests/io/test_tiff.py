"""TIFF of every kind of number, compression and layout gives the numbers that are in it, whichever page is asked for."""

from __future__ import annotations

import zlib

import cv2
import numpy as np
import pytest
import tifffile
from PIL import Image

from convgui.io.errors import FileError
from convgui.io.pictures.images import load_image, open_source

DTYPES = ["uint8", "int8", "uint16", "int16", "uint32", "int32", "uint64", "int64", "float16", "float32", "float64"]
LOSSLESS = ["none", "lzw", "deflate", "adobe_deflate", "packbits", "lzma", "zstd", "lerc"]
UPRIGHT = {
    1: lambda a: a,
    2: lambda a: a[:, ::-1],
    3: lambda a: a[::-1, ::-1],
    4: lambda a: a[::-1],
    5: lambda a: a.swapaxes(0, 1),
    6: lambda a: np.rot90(a, -1),
    7: lambda a: np.rot90(a, 2).swapaxes(0, 1),
    8: lambda a: np.rot90(a),
}


def numbers(dtype, channels=1, rows=37, cols=53):
    """Return numbers over the range of a dtype that float32 holds exactly."""
    random = np.random.default_rng(7)
    shape = (rows, cols) if channels == 1 else (rows, cols, channels)
    if np.dtype(dtype).kind == "f":
        return random.normal(0, 100, shape).astype("float16").astype(dtype)
    info = np.iinfo(dtype)
    span = min(info.max, 2**24)
    return random.integers(max(info.min, -span), span, shape, dtype, endpoint=True)


def write(path, array, **options):
    compression = options.pop("compression", "none")
    tifffile.imwrite(path, array, compression=None if compression == "none" else compression, **options)


def layout(array, planar, options):
    """Return what tifffile wants of a picture in separate planes."""
    if array.ndim == 3 and planar == "separate":
        return np.ascontiguousarray(np.moveaxis(array, -1, 0)), {**options, "planarconfig": "separate"}
    return array, {**options, "planarconfig": "contig"} if array.ndim == 3 else options


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("planar", ["contig", "separate"])
@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("channels", [1, 3])
def test_each_compression_tiling_and_order_of_bytes(tmp_path, dtype, planar, order, channels):
    array = numbers(dtype, channels)
    for compression in LOSSLESS:
        if compression == "lerc" and (dtype not in ("uint8", "uint16", "float32") or order == ">"):
            continue
        for pieces in ({}, {"rowsperstrip": 5}, {"tile": (16, 32)}):
            for predictor in (False, True) if compression in ("lzw", "deflate", "zstd") and "64" not in dtype else (False,):
                options = {
                    "byteorder": order,
                    "photometric": "rgb" if channels == 3 else "minisblack",
                    "predictor": predictor,
                }
                stored, options = layout(array, planar, {**options, **pieces, "compression": compression})
                write(tmp_path / "a.tif", stored, **options)
                found = load_image(tmp_path / "a.tif")
                np.testing.assert_array_equal(found, array, err_msg=str(options))
                assert found.dtype == (dtype if dtype in ("uint8", "uint16", "float32") else "float32")


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("dtype", ["uint8", "int16", "float32"])
@pytest.mark.parametrize("channels", [1, 3])
def test_each_orientation(tmp_path, orientation, dtype, channels):
    array = numbers(dtype, channels)
    tag = (274, "H", 1, orientation, True)
    write(tmp_path / "a.tif", array, photometric="rgb" if channels == 3 else "minisblack", extratags=[tag], metadata=None)
    np.testing.assert_array_equal(load_image(tmp_path / "a.tif"), UPRIGHT[orientation](array))


@pytest.mark.parametrize("compression", ["none", "lzw", "deflate"])
@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
def test_white_is_zero(tmp_path, dtype, compression):
    array = numbers(dtype)
    write(tmp_path / "a.tif", array, photometric="miniswhite", compression=compression)
    np.testing.assert_array_equal(load_image(tmp_path / "a.tif"), np.iinfo(dtype).max - array)


@pytest.mark.parametrize("dtype", ["int16", "uint32", "float32"])
def test_white_is_zero_turns_no_number_round_that_has_no_white(tmp_path, dtype):
    write(tmp_path / "a.tif", numbers(dtype), photometric="miniswhite")
    source = open_source(tmp_path / "a.tif")
    np.testing.assert_array_equal(source.array, numbers(dtype))
    assert "0 is white" in source.note


@pytest.mark.parametrize("channels", [1, 3])
def test_opencv_reads_the_same(tmp_path, channels):
    for dtype in ("uint8", "uint16", "float32"):
        cv2.imwrite(str(tmp_path / "a.tif"), numbers(dtype, channels))
        seen = cv2.imread(str(tmp_path / "a.tif"), cv2.IMREAD_UNCHANGED)
        np.testing.assert_array_equal(load_image(tmp_path / "a.tif"), seen[..., ::-1] if channels == 3 else seen)


@pytest.mark.parametrize("compression", ["raw", "tiff_lzw", "group3", "group4", "packbits"])
def test_one_bit(tmp_path, compression):
    array = numbers("uint8") > 128
    Image.fromarray(array).save(tmp_path / "a.tif", compression=compression)
    assert load_image(tmp_path / "a.tif").tolist() == np.where(array, 255, 0).tolist()


@pytest.mark.parametrize("bits", [2, 4, 6, 10, 12, 14])
def test_few_and_odd_bits(tmp_path, bits):
    array = numbers("uint16").astype(np.uint16) % (1 << bits)
    stored = array.astype(np.uint8 if bits < 8 else np.uint16)
    tifffile.imwrite(tmp_path / "a.tif", stored, bitspersample=bits, photometric="minisblack")
    source = open_source(tmp_path / "a.tif")
    white = (1 << bits) - 1
    np.testing.assert_allclose(source.array * source.scale, array / white, rtol=1e-6)
    if bits > 8:
        np.testing.assert_array_equal(source.array, array)
    assert source.note


@pytest.mark.parametrize("colours", ["bytes", "16 bit", "replicated"])
def test_palettes(tmp_path, colours):
    random = np.random.default_rng(0)
    entries = random.integers(0, 256, (3, 256)).astype(np.uint16)
    entries = {"bytes": entries, "replicated": entries * 257, "16 bit": entries * 257 ^ 3}[colours]
    array = numbers("uint8")
    tifffile.imwrite(tmp_path / "a.tif", array, photometric="palette", colormap=entries)
    found = load_image(tmp_path / "a.tif")
    expected = np.moveaxis(entries[:, array], 0, -1)
    np.testing.assert_array_equal(found, expected >> 8 if colours == "replicated" else expected)


def test_a_palette_of_greys_is_grey(tmp_path):
    entries = np.repeat(np.arange(255, -1, -1, dtype=np.uint16)[None] * 257, 3, 0)
    tifffile.imwrite(tmp_path / "a.tif", numbers("uint8"), photometric="palette", colormap=entries)
    np.testing.assert_array_equal(load_image(tmp_path / "a.tif"), 255 - numbers("uint8"))


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
@pytest.mark.parametrize("channels", [2, 4])
@pytest.mark.parametrize("kind", ["unassalpha", "assocalpha"])
def test_alpha_is_no_colour(tmp_path, dtype, channels, kind):
    white = np.iinfo(dtype).max if dtype != "float32" else 1.0
    array = numbers("uint8", channels).astype(np.float64) / 255 * white
    array = array.astype(dtype)
    photometric = "rgb" if channels == 4 else "minisblack"
    tifffile.imwrite(tmp_path / "a.tif", array, photometric=photometric, extrasamples=[kind], planarconfig="contig")
    source = open_source(tmp_path / "a.tif")
    share = array[..., -1:].astype(np.float64) / white
    colours = array[..., :-1] * (share if kind == "unassalpha" else 1)
    expected = np.squeeze(colours + (1 - share) * white)
    if dtype != "float32":
        expected = np.rint(expected).astype(np.int64) & int(white)
    np.testing.assert_allclose(source.array, expected, atol=0 if dtype != "float32" else 1e-6)
    assert "on white" in source.note


def test_numbers_that_float32_rounds_are_told_and_those_beyond_it_refused(tmp_path):
    tifffile.imwrite(tmp_path / "a.tif", np.array([[2**24 + 1, 5]], np.int32))
    assert "rounded" in open_source(tmp_path / "a.tif").note
    tifffile.imwrite(tmp_path / "a.tif", np.array([[1e300, 5]]))
    with pytest.raises(FileError, match="1e\\+300"):
        open_source(tmp_path / "a.tif")
    tifffile.imwrite(tmp_path / "a.tif", np.array([[np.inf, -np.inf, np.nan, 5]]))
    assert open_source(tmp_path / "a.tif").array[0, 0] == np.inf


# Pages, planes and channels


def pages(path, *arrays, **options):
    with tifffile.TiffWriter(path) as tif:
        for array in arrays:
            tif.write(array, metadata=None, **options)


def test_the_first_page_in_full_resolution_is_read_not_its_thumbnail(tmp_path):
    with tifffile.TiffWriter(tmp_path / "a.tif") as tif:
        tif.write(numbers("uint8", rows=5, cols=5), subfiletype=1, metadata=None)
        tif.write(numbers("uint16"), metadata=None)
    source = open_source(tmp_path / "a.tif")
    np.testing.assert_array_equal(source.array, numbers("uint16"))
    assert source.page == 2 and len(source.pages) == 2 and "53 × 37" in source.note
    np.testing.assert_array_equal(load_image(tmp_path / "a.tif", page=1), numbers("uint8", rows=5, cols=5))


def test_a_picture_below_a_thumbnail_is_read(tmp_path):
    with tifffile.TiffWriter(tmp_path / "a.tif") as tif:
        tif.write(numbers("uint8", rows=5, cols=5), subfiletype=1, subifds=1, metadata=None)
        tif.write(numbers("uint16"), subfiletype=0, metadata=None)
    np.testing.assert_array_equal(load_image(tmp_path / "a.tif"), numbers("uint16"))


@pytest.mark.parametrize("page", [1, 2, 3, "2", "Page 3"])
def test_any_page_can_be_asked_for(tmp_path, page):
    arrays = [numbers("uint8") // k for k in (1, 2, 3)]
    pages(tmp_path / "a.tif", *arrays, compression="lzw")
    source = open_source(tmp_path / "a.tif", page=page)
    number = int(str(page)[-1])
    np.testing.assert_array_equal(source.array, arrays[number - 1])
    assert source.page == number and source.note == ""


@pytest.mark.parametrize("page", [0, 4, -1, "weights", "1.5"])
def test_a_page_that_is_not_there_is_told(tmp_path, page):
    pages(tmp_path / "a.tif", *[numbers("uint8")] * 3)
    with pytest.raises(FileError, match=f"a.tif: has no page {page}; there are 3: Page 1: 53 × 37; Page 2"):
        open_source(tmp_path / "a.tif", page=page)


@pytest.mark.parametrize("planar", ["contig", "separate"])
@pytest.mark.parametrize("channels", [2, 4, 5, 7])
def test_channels_that_are_no_colours_can_be_chosen(tmp_path, channels, planar):
    array = numbers("uint16", channels)
    stored, options = layout(array, planar, {"photometric": "minisblack", "extrasamples": [0] * (channels - 1)})
    tifffile.imwrite(tmp_path / "a.tif", stored, **options)
    source = open_source(tmp_path / "a.tif")
    np.testing.assert_array_equal(source.array, array[..., 0])
    assert len(source.pages) == channels and "channel 1" in source.pages[0]
    np.testing.assert_array_equal(load_image(tmp_path / "a.tif", page=channels), array[..., -1])


@pytest.mark.parametrize("imagej", [False, True])
def test_frames_of_a_stack_with_one_directory(tmp_path, imagej):
    stack = np.stack([numbers("uint16") // k for k in (1, 2, 3, 4)])
    if imagej:
        tifffile.imwrite(tmp_path / "a.tif", stack, imagej=True, metadata={"axes": "ZYX"})
    else:
        tifffile.imwrite(tmp_path / "a.tif", stack, photometric="minisblack", metadata={"axes": "ZYX"})
    assert len(open_source(tmp_path / "a.tif").pages) == 4
    np.testing.assert_array_equal(load_image(tmp_path / "a.tif", page=3), stack[2])


def test_planes_of_a_volume(tmp_path):
    volume = np.stack([numbers("uint8", rows=32, cols=32) // k for k in (1, 2, 3)])
    tifffile.imwrite(tmp_path / "a.tif", volume, volumetric=True, photometric="minisblack", tile=(1, 16, 16))
    np.testing.assert_array_equal(load_image(tmp_path / "a.tif", page=2), volume[1])


# What must not be unpacked


def test_a_strip_gives_no_more_than_the_page_needs(tmp_path):
    """A strip of 100 MB in a page of 100 x 100: it is refused or cut, and never takes its memory."""
    import tracemalloc

    tifffile.imwrite(tmp_path / "a.tif", np.zeros((100, 100), np.uint16), compression="zlib")
    with tifffile.TiffFile(tmp_path / "a.tif") as tif:
        page = tif.pages[0]
        places = page.tags["StripOffsets"].valueoffset, page.tags["StripByteCounts"].valueoffset
    packer = zlib.compressobj(9)
    bomb = b"".join(packer.compress(bytes(1_000_000)) for _ in range(100)) + packer.flush()
    data = bytearray((tmp_path / "a.tif").read_bytes())
    data[places[0] : places[0] + 4] = len(data).to_bytes(4, "little")
    data[places[1] : places[1] + 4] = len(bomb).to_bytes(4, "little")
    (tmp_path / "a.tif").write_bytes(bytes(data) + bomb)
    tracemalloc.start()
    try:
        load_image(tmp_path / "a.tif")
    except FileError:
        pass
    finally:
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert most < 30_000_000


def test_a_picture_within_a_picture_is_no_larger(tmp_path):
    tifffile.imwrite(tmp_path / "a.tif", np.zeros((64, 64), np.uint8), compression="jpeg")
    data = bytearray((tmp_path / "a.tif").read_bytes())
    with tifffile.TiffFile(tmp_path / "a.tif") as tif:
        start = tif.pages[0].dataoffsets[0]
    at = data.index(b"\xff\xc0", start)
    data[at + 5 : at + 9] = (60_000).to_bytes(2, "big") * 2
    (tmp_path / "a.tif").write_bytes(bytes(data))
    with pytest.raises(FileError, match="60,000 × 60,000"):
        load_image(tmp_path / "a.tif")


def test_a_page_in_a_million_pieces_is_told_at_once(tmp_path):
    array = np.zeros((16, 16), np.uint8)
    tifffile.imwrite(tmp_path / "a.tif", array, tile=(16, 16))
    count = 1_000_000
    with tifffile.TiffFile(tmp_path / "a.tif") as tif:
        tags = tif.pages[0].tags
        entries = tags["TileOffsets"].offset, tags["TileByteCounts"].offset
    data = bytearray((tmp_path / "a.tif").read_bytes())
    for place in entries:
        data[place + 2 : place + 12] = (
            (4).to_bytes(2, "little") + count.to_bytes(4, "little") + len(data).to_bytes(4, "little")
        )
        data += bytes(4 * count)
    (tmp_path / "a.tif").write_bytes(bytes(data))
    with pytest.raises(FileError, match="1,000,000 pieces"):
        load_image(tmp_path / "a.tif")


def test_a_codec_that_is_missing_is_called_that(tmp_path):
    tifffile.imwrite(tmp_path / "a.tif", numbers("uint16"), compression="zlib")
    data = (tmp_path / "a.tif").read_bytes()
    with tifffile.TiffFile(tmp_path / "a.tif") as tif:
        at = tif.pages[0].tags["Compression"].valueoffset
    for unknown in (48124, 65535, 32809):
        (tmp_path / "a.tif").write_bytes(data[:at] + unknown.to_bytes(2, "little") + data[at + 2 :])
        with pytest.raises(FileError, match="codec is missing"):
            load_image(tmp_path / "a.tif")


@pytest.mark.parametrize("page", [None, "2", "Page 3"])
def test_the_command_line_takes_a_page(tmp_path, page):
    from convgui.cli import main

    arrays = [numbers("uint16") // k for k in (1, 2, 3)]
    pages(tmp_path / "a.tif", *arrays)
    chosen = [] if page is None else ["--page", page]
    assert (
        main(["apply", str(tmp_path / "a.tif"), "--kernel", "identity", "--format", "npy", "--out", str(tmp_path), *chosen])
        == 0
    )
    found = np.load(next(tmp_path.glob("a-*.npy")))
    expected = arrays[int(page[-1]) - 1 if page else 0] / 65535
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_the_command_line_says_that_a_page_is_not_there(tmp_path, capsys):
    from convgui.cli import main

    pages(tmp_path / "a.tif", *[numbers("uint16")] * 3)
    assert main(["apply", str(tmp_path / "a.tif"), "--kernel", "identity", "--page", "9", "--out", str(tmp_path)]) == 1
    assert "has no page 9; there are 3" in capsys.readouterr().err


def smooth():
    return np.sort(np.random.default_rng(0).integers(0, 256, (48, 64, 3), np.uint8), 1)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr", "LAB", "I;16", "I", "F"])
def test_what_pillow_writes_is_read_as_pillow_means_it(tmp_path, mode):
    """Bytes and bits of each mode and compression, against Pillow's own libtiff."""
    from PIL import ImageCms

    from convgui.io.pictures.pixels import to_array

    image = Image.fromarray(smooth())
    if mode == "LAB":
        profiles = [ImageCms.createProfile(name) for name in ("sRGB", "LAB")]
        image = ImageCms.profileToProfile(image, *profiles, outputMode="LAB")
    elif mode in ("I;16", "I", "F"):
        image = Image.fromarray(smooth()[..., 0].astype({"I;16": np.uint16, "I": np.int32, "F": np.float32}[mode]) * 200)
    elif mode in ("LA", "RGBA"):
        image.putalpha(image.getchannel(1))
        image = image.convert(mode)
    else:
        image = image.convert(mode)
    deep = mode in ("I;16", "I", "F", "1", "P", "LAB")
    for compression in ("raw", "tiff_lzw", "tiff_adobe_deflate", "packbits", "zstd", "lzma", *(() if deep else ("jpeg",))):
        image.save(tmp_path / "a.tif", compression=compression)
        with Image.open(tmp_path / "a.tif") as again:
            again.load()
            expected = to_array(again).array
        found = load_image(tmp_path / "a.tif")
        step = 1 if mode == "YCbCr" else 0  # two ways to round
        assert np.abs(found.astype(float) - expected).max() <= step and found.shape == expected.shape, compression


@pytest.mark.parametrize("subsampling", [(1, 1), (2, 1), (2, 2)])
@pytest.mark.parametrize("pieces", [{}, {"tile": (32, 32)}, {"rowsperstrip": 16}])
def test_jpeg_within(tmp_path, subsampling, pieces):
    options = {"photometric": "ycbcr", "compression": "jpeg", "subsampling": subsampling, **pieces}
    tifffile.imwrite(tmp_path / "a.tif", smooth(), **options)
    with Image.open(tmp_path / "a.tif") as image:
        np.testing.assert_array_equal(load_image(tmp_path / "a.tif"), np.asarray(image))


@pytest.mark.parametrize("bits", [4, 5, 10, 12])
@pytest.mark.parametrize("planar", ["contig", "separate"])
def test_colour_of_odd_bits(tmp_path, bits, planar):
    array = smooth().astype(np.uint16) * 16 >> 12 - bits
    stored, options = layout(array.astype(np.uint8 if bits < 8 else np.uint16), planar, {"photometric": "rgb"})
    tifffile.imwrite(tmp_path / "a.tif", stored, bitspersample=bits, **options)
    source = open_source(tmp_path / "a.tif")
    np.testing.assert_allclose(source.array * source.scale, array / ((1 << bits) - 1), rtol=1e-6)


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
def test_inks_become_colours(tmp_path, dtype):
    ink = numbers("uint8", 4) / 255
    white = 1 if dtype == "float32" else np.iinfo(dtype).max
    tifffile.imwrite(tmp_path / "a.tif", (ink * white).round(6).astype(dtype), photometric="separated")
    source = open_source(tmp_path / "a.tif")
    expected = (1 - ink[..., :3]) * (1 - ink[..., 3:]) * white
    np.testing.assert_allclose(source.array, expected, atol=1e-5 * white if dtype != "uint8" else 2)
    assert "CMYK" in source.note


def test_colours_that_are_not_known_are_told(tmp_path):
    tifffile.imwrite(tmp_path / "a.tif", smooth().astype(np.uint16), photometric="icclab")
    with pytest.raises(FileError, match="ICCLAB"):
        load_image(tmp_path / "a.tif")
