"""Pictures of more than 8 bits keep all of them, transparent colours are seen, and an independent decoder agrees."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import cv2
import imagecodecs
import numpy as np
import pillow_heif
import pytest
from PIL import Image

from convgui.io.errors import FileError
from convgui.io.pictures import codestreams
from convgui.io.pictures.images import decode_image, load_image, open_source


def smooth(bits, channels=3, rows=40, cols=56):
    """Return a picture of this depth that lossy formats keep nearly as it is."""
    across, down = np.meshgrid(np.linspace(0, 1, cols), np.linspace(0, 1, rows))
    planes = [across * (1 - 0.3 * k) * 0.9 + down * 0.1 * k for k in range(max(channels, 1))]
    array = np.rint(np.stack(planes, -1).clip(0, 1) * ((1 << bits) - 1))
    return (array if channels > 1 else array[..., 0]).astype(np.uint8 if bits <= 8 else np.uint16)


def noise(dtype, channels=1, rows=40, cols=56, most=None):
    shape = (rows, cols) if channels == 1 else (rows, cols, channels)
    most = np.iinfo(dtype).max if most is None else most
    return np.random.default_rng(3).integers(0, most, shape, dtype, endpoint=True)


def chunk(kind, data=b""):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(rows, cols, bits, kind, extra=b""):
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", cols, len(rows), bits, kind, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row for row in rows)))
    return b"\x89PNG\r\n\x1a\n" + header + extra + pixels + chunk(b"IEND")


# PNG


@pytest.mark.parametrize(
    ("bits", "row", "key", "expected"),
    [
        (1, [0b01000000], 1, [0, 255, 0, 0]),
        (2, [0b00011011], 2, [0, 85, 255, 255]),
        (4, [0x12, 0x34], 2, [17, 255, 51, 68]),
        (8, [1, 2, 3, 4], 2, [1, 255, 3, 4]),
        (16, [3, 232, 7, 208, 11, 184, 15, 160], 2000, [1000, 65535, 3000, 4000]),
    ],
)
def test_the_transparent_grey_of_a_png_is_white(bits, row, key, expected):
    source = decode_image(png([bytes(row)], 4, bits, 0, chunk(b"tRNS", struct.pack(">H", key))), "a.png")
    assert source.array.tolist() == [expected] or bits == 1
    assert source.array.dtype == (np.uint16 if bits == 16 else np.uint8)
    if bits == 1:
        assert source.array.tolist() == [[0, 255, 0, 0]]


@pytest.mark.parametrize("bits", [8, 16])
def test_the_transparent_colour_of_a_png_is_white(bits):
    code = ">6H" if bits == 16 else ">6B"
    key = chunk(b"tRNS", struct.pack(">3H", 100, 120, 130))
    source = decode_image(png([struct.pack(code, 100, 120, 130, 101, 120, 130)], 2, bits, 2, key), "a.png")
    assert source.array.tolist() == [[[(1 << bits) - 1] * 3, [101, 120, 130]]] and "on white" in source.note


@pytest.mark.parametrize("bits", [1, 2, 4])
def test_few_bits_of_grey_are_spread_as_png_says(bits):
    per_byte = 8 // bits
    row = bytes(np.random.default_rng(0).integers(0, 256, 9, np.uint8))
    data = png([row], 9 * per_byte, bits, 0)
    seen = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    np.testing.assert_array_equal(decode_image(data, "a.png").array, seen)


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_png_of_each_kind_as_opencv_reads_it(channels, dtype):
    array = noise(dtype, channels)
    if channels in (2, 4):
        array[..., -1] = np.iinfo(dtype).max
    data = imagecodecs.png_encode(array)
    expected = array[..., 0] if channels == 2 else array[..., :3] if channels == 4 else array
    np.testing.assert_array_equal(decode_image(data, "a.png").array, expected)
    seen = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if channels != 2:
        expected = seen[..., 2::-1] if channels > 2 else seen
        np.testing.assert_array_equal(decode_image(data, "a.png").array, expected)


def test_a_deep_png_with_large_parts_transparent():
    array = noise(np.uint16, 4, 300, 400)
    share = array[..., 3:] / 65535
    expected = np.rint(array[..., :3] * share + (1 - share) * 65535)
    np.testing.assert_array_equal(decode_image(imagecodecs.png_encode(array), "a.png").array, expected)


@pytest.mark.parametrize("orientation", [3, 6])
def test_a_deep_png_stands_upright(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    array = noise(np.uint16)
    stream = BytesIO()
    Image.fromarray(array).save(stream, "PNG", exif=exif)
    rgb = imagecodecs.png_encode(np.repeat(array[..., None], 3, -1))
    block = stream.getvalue()[stream.getvalue().index(b"eXIf") - 4 :].split(b"IDAT")[0][:-4]
    turned = np.rot90(array, {3: 2, 6: -1}[orientation])
    np.testing.assert_array_equal(decode_image(stream.getvalue(), "a.png").array, turned)
    found = decode_image(rgb[:33] + block + rgb[33:], "a.png").array
    np.testing.assert_array_equal(found[..., 1], turned)


def test_empty_chunks_without_end_are_told():
    data = png([b"\0"], 1, 8, 0)
    with pytest.raises(FileError, match="empty chunks"):
        decode_image(data[:33] + chunk(b"teXt") * 200_000 + data[33:], "a.png")


# JPEG


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("lossless", [False, True])
def test_jpeg_of_12_bits_keeps_them(channels, lossless):
    array = smooth(12, channels)
    data = imagecodecs.jpeg8_encode(array, level=98, bitspersample=12, lossless=lossless)
    source = decode_image(data, "a.jpg")
    assert source.array.dtype == np.uint16 and source.array.shape == array.shape
    assert np.abs(source.array.astype(int) - array).max() <= (0 if lossless else 120)
    assert np.abs(source.array.astype(int) - array).mean() <= (0 if lossless else 24)
    assert source.scale == 1 / 4095 and "4,095" in source.note


@pytest.mark.parametrize("bits", [8, 16])
def test_lossless_jpeg(bits):
    array = noise(np.uint16 if bits == 16 else np.uint8)
    data = imagecodecs.jpeg8_encode(array, bitspersample=bits, lossless=True)
    np.testing.assert_array_equal(decode_image(data, "a.jpg").array, array)


def test_a_jpeg_of_very_many_scans_is_told():
    stream = BytesIO()
    Image.fromarray(smooth(8)).save(stream, "JPEG", progressive=True)
    data = stream.getvalue()
    assert decode_image(data, "a.jpg").array.shape == (40, 56, 3)
    last = data.rindex(b"\xff\xda")
    scan = data[last:-2]
    with pytest.raises(FileError, match="scans"):
        decode_image(data[:-2] + scan * 300 + data[-2:], "a.jpg")


# JPEG 2000


@pytest.mark.parametrize("bits", [4, 9, 10, 12, 16])
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("box", ["j2k", "jp2"])
def test_jpeg_2000_keeps_all_bits(bits, channels, box):
    array = noise(np.uint16 if bits > 8 else np.uint8, channels, most=(1 << bits) - 1)
    data = imagecodecs.jpeg2k_encode(array, level=0, bitspersample=bits, codecformat=box)
    source = decode_image(data, "a.jp2")
    np.testing.assert_array_equal(source.array, array)
    np.testing.assert_allclose(source.scale, 1 / ((1 << bits) - 1))


def test_white_of_a_16_bit_jpeg_2000_is_white():
    array = np.full((16, 16, 3), 65535, np.uint16)
    data = imagecodecs.jpeg2k_encode(array, level=0)
    assert (decode_image(data, "a.jp2").array == 65535).all()
    seen = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    assert (seen == 65535).all()


def test_jpeg_2000_with_signed_numbers():
    array = noise(np.uint16).astype(np.int32) - 32768
    data = imagecodecs.jpeg2k_encode(array.astype(np.int16), level=0)
    source = decode_image(data, "a.jp2")
    np.testing.assert_array_equal(source.array, array)
    assert source.array.dtype == np.float32


# AVIF, HEIC, JPEG XL


@pytest.mark.parametrize("bits", [10, 12])
@pytest.mark.parametrize("channels", [1, 3])
def test_avif_keeps_all_bits(bits, channels):
    array = smooth(bits, channels)
    data = imagecodecs.avif_encode(array, level=100, bitspersample=bits)
    source = decode_image(data, "a.avif")
    assert source.array.dtype == np.uint16 and source.scale == 1 / ((1 << bits) - 1)
    np.testing.assert_array_equal(source.array.reshape(array.shape), imagecodecs.avif_decode(data).reshape(array.shape))
    assert np.abs(source.array.astype(int).reshape(array.shape) - array).max() <= 8


@pytest.mark.parametrize("mode", ["L;16", "RGB;16"])
def test_heic_keeps_all_bits(mode):
    array = smooth(10, 3 if mode[0] == "R" else 1)
    stored = pillow_heif.from_bytes(mode, array.shape[1::-1], (array << 6).tobytes())
    stream = BytesIO()
    stored.save(stream, quality=-1)
    source = decode_image(stream.getvalue(), "a.heic")
    assert source.array.dtype == np.uint16 and source.scale == 1 / 1023
    assert (
        np.abs(source.array.astype(int).reshape((*array.shape[:2], -1)) - array.reshape((*array.shape[:2], -1))).max() < 40
    )


def test_heic_of_8_bits_opens_out_of_the_box(tmp_path):
    pillow_heif.register_heif_opener()
    Image.fromarray(smooth(8)).save(tmp_path / "a.heic", quality=100)
    source = open_source(tmp_path / "a.heic")
    assert source.array.dtype == np.uint8 and np.abs(source.array.astype(int) - smooth(8)).max() < 12


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("kind", ["uint8", "10", "12", "uint16", "float32"])
def test_jpeg_xl(channels, kind):
    if kind == "float32":
        array = noise(np.uint16, channels).astype(np.float32) / 1000
        data = imagecodecs.jpegxl_encode(array, lossless=True)
    else:
        bits = {"uint8": 8, "uint16": 16}.get(kind) or int(kind)
        array = noise(np.uint8 if bits == 8 else np.uint16, channels, most=(1 << bits) - 1)
        data = imagecodecs.jpegxl_encode(array, lossless=True, bitspersample=bits)
    source = decode_image(data, "a.jxl")
    np.testing.assert_array_equal(source.array.reshape(array.shape), array)
    assert source.scale == (1 if kind == "float32" else pytest.approx(1 / ((1 << bits) - 1)))


@pytest.mark.parametrize("size", [(1, 1), (8, 8), (256, 256), (40, 56), (3, 2000), (300, 400), (720, 1280), (31, 8000)])
@pytest.mark.parametrize("container", [True, False])
def test_the_size_that_a_jpeg_xl_declares(size, container):
    data = imagecodecs.jpegxl_encode(np.zeros(size, np.uint8), usecontainer=container)
    assert codestreams.jpegxl(data)[:3] == (size[1], size[0], 8)


def test_transparent_parts_of_each_format_are_put_on_white():
    array = noise(np.uint16, 4)
    share = array[..., 3:] / 65535
    expected = np.rint(array[..., :3] * share + (1 - share) * 65535)
    for data in (imagecodecs.jpeg2k_encode(array, level=0), imagecodecs.jpegxl_encode(array, lossless=True)):
        source = decode_image(data, "a")
        np.testing.assert_array_equal(source.array, expected)
        assert "on white" in source.note


@pytest.mark.parametrize("channels", [1, 3])
def test_what_is_cut_off_or_too_large_is_told(channels):
    deep = noise(np.uint16, channels, 200, 200)
    for data in (
        imagecodecs.png_encode(deep),
        imagecodecs.jpeg2k_encode(deep, level=0),
        imagecodecs.jpegxl_encode(deep, lossless=True),
        imagecodecs.jpeg8_encode(deep >> 4, bitspersample=12),
        imagecodecs.avif_encode(smooth(12, channels), bitspersample=12),
    ):
        for part in (len(data) // 2, 40):
            try:
                decode_image(data[:part], "a.dat")
            except FileError as error:
                assert str(error).startswith("a.dat: ")


# Netpbm, PFM, Radiance, FITS


@pytest.mark.parametrize("white", [1, 15, 255, 256, 1023, 65535])
@pytest.mark.parametrize("kind", ["P2", "P3", "P5", "P6"])
def test_netpbm_as_it_is_stored(kind, white):
    channels = 3 if kind in ("P3", "P6") else 1
    array = noise(np.uint16, channels, most=white)
    head = f"{kind} # a comment\n#another\n56\t40 #more\n {white}\n".encode()
    if kind in ("P2", "P3"):
        body = b"\n".join(b" ".join(str(v).encode() for v in row.ravel()) for row in array)
    else:
        body = array.astype(">u2").tobytes() if white > 255 else array.astype(np.uint8).tobytes()
    source = decode_image(head + body, "a.pnm")
    np.testing.assert_array_equal(source.array, array)
    np.testing.assert_allclose(source.scale, 1 / white)
    with pytest.raises(FileError, match="cut off"):
        decode_image((head + body)[: -len(body) // 2], "a.pnm")


@pytest.mark.parametrize("spaced", [True, False])
def test_bitmaps(spaced):
    bits = noise(np.uint8, most=1)
    expected = np.where(bits, 0, 255)
    text = b"P1\n56 40\n" + (b" " if spaced else b"").join(b"%d" % b for b in bits.ravel())
    packed = b"P4\n56 40\n" + np.packbits(bits, axis=1).tobytes()
    for data in (text, packed):
        np.testing.assert_array_equal(decode_image(data, "a.pbm").array, expected)
    seen = cv2.imdecode(np.frombuffer(packed, np.uint8), cv2.IMREAD_UNCHANGED)
    np.testing.assert_array_equal(decode_image(packed, "a.pbm").array, seen)


def test_a_million_comments_are_passed_over():
    data = b"P4\n" + b"# nothing\n" * 1_000_000 + b"8 1\n\x0f"
    assert decode_image(data, "a.pbm").array.tolist() == [[255] * 4 + [0] * 4]


@pytest.mark.parametrize("kind", [b"GRAYSCALE", b"RGB", b"GRAYSCALE_ALPHA", b"RGB_ALPHA"])
def test_pam(kind):
    channels = (1 if kind[0:1] == b"G" else 3) + kind.endswith(b"ALPHA")
    array = noise(np.uint8, channels)
    head = b"P7\nWIDTH 56\nHEIGHT 40\nDEPTH %d\nMAXVAL 255\nTUPLTYPE %s\nENDHDR\n" % (channels, kind)
    source = decode_image(head + array.tobytes(), "a.pam")
    expected = decode_image(imagecodecs.png_encode(array), "a.png").array
    np.testing.assert_array_equal(source.array, expected)


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("channels", [1, 3])
def test_pfm(channels, order):
    array = np.random.default_rng(0).normal(size=(40, 56) if channels == 1 else (40, 56, 3)).astype(np.float32)
    head = (b"PF" if channels == 3 else b"Pf") + b"\n56 40\n" + (b"-1.0\n" if order == "<" else b"1.0\n")
    source = decode_image(head + array[::-1].astype(f"{order}f4").tobytes(), "a.pfm")
    np.testing.assert_array_equal(source.array, array)
    assert source.scale == 1


def test_radiance_as_opencv_reads_it(tmp_path):
    array = np.random.default_rng(0).random((40, 56, 3)).astype(np.float32) * 100
    cv2.imwrite(str(tmp_path / "a.hdr"), array)
    seen = cv2.imread(str(tmp_path / "a.hdr"), cv2.IMREAD_UNCHANGED)[..., ::-1]
    found = load_image(tmp_path / "a.hdr")
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, seen, rtol=0.01, atol=0.5)


def fits(*units):
    """Return a FITS file of (cards, array) units."""
    out = b""
    for place, (cards, array) in enumerate(units):
        bits = {"u1": 8, "i2": 16, "i4": 32, "i8": 64, "f4": -32, "f8": -64}[array.dtype.str[1:]] if array is not None else 8
        shape = array.shape[::-1] if array is not None else ()
        first = ("SIMPLE", "T") if place == 0 else ("XTENSION", "'IMAGE   '")
        lines = [first, ("BITPIX", bits), ("NAXIS", len(shape))]
        lines += [(f"NAXIS{k}", n) for k, n in enumerate(shape, 1)] + list(cards.items())
        text = "".join(f"{key:<8}= {value!s:>20} / said".ljust(80) for key, value in lines) + "END".ljust(80)
        out += text.ljust(-(-len(text) // 2880) * 2880).encode()
        data = b"" if array is None else array.astype(array.dtype.newbyteorder(">")).tobytes()
        out += data.ljust(-(-len(data) // 2880) * 2880, b"\0")
    return out


@pytest.mark.parametrize("dtype", ["uint8", "int16", "int32", "int64", "float32", "float64"])
def test_fits_as_it_is_stored(dtype):
    array = np.random.default_rng(0).integers(0, 100, (40, 56)).astype(dtype)
    np.testing.assert_array_equal(decode_image(fits(({}, array)), "a.fits").array, array)


def test_fits_with_zero_scale_and_blank():
    array = noise(np.uint16)
    stored = (array.astype(np.int32) - 32768).astype(np.int16)
    source = decode_image(fits(({"BZERO": 32768, "BSCALE": 1}, stored)), "a.fits")
    assert source.array.dtype == np.uint16
    np.testing.assert_array_equal(source.array, array)
    stored[0, 0] = -7
    source = decode_image(fits(({"BSCALE": "0.5", "BZERO": "10.", "BLANK": -7}, stored)), "a.fits")
    assert np.isnan(source.array[0, 0]) and source.array[1, 1] == stored[1, 1] * 0.5 + 10


def test_images_and_planes_of_a_fits_file(tmp_path):
    cube, second = np.random.default_rng(0).random((5, 40, 56)).astype(np.float32), noise(np.uint8)
    (tmp_path / "a.fits").write_bytes(fits(({}, cube), ({"EXTNAME": "'MASK'"}, second)))
    source = open_source(tmp_path / "a.fits")
    np.testing.assert_array_equal(source.array, cube[0])
    assert len(source.pages) == 6 and "MASK" in source.pages[5]
    np.testing.assert_array_equal(load_image(tmp_path / "a.fits", page=4), cube[3])
    np.testing.assert_array_equal(load_image(tmp_path / "a.fits", page=6), second)
    (tmp_path / "b.fits").write_bytes(fits(({}, None), ({}, cube[:3])))
    np.testing.assert_array_equal(load_image(tmp_path / "b.fits"), np.moveaxis(cube[:3], 0, -1))


@pytest.mark.parametrize("cut", [10, 1000, 2880, 4000])
def test_a_damaged_fits_file_is_told(cut):
    with pytest.raises(FileError, match=r"^a\.fits: "):
        decode_image(fits(({}, noise(np.uint8)))[:cut], "a.fits")
    with pytest.raises(FileError, match="no image"):
        decode_image(fits(({}, None)), "a.fits")


@pytest.mark.parametrize("bits", [9, 10, 12, 16])
def test_white_is_white_in_the_window(bits):
    from convgui.engine.looking.colours import display_range

    array = np.full((8, 8), (1 << bits) - 1, np.uint16)
    source = decode_image(imagecodecs.jpeg2k_encode(array, level=0, bitspersample=bits), "a.jp2")
    assert display_range(source) == (0, (1 << bits) - 1)
    np.testing.assert_allclose(source.array * source.scale, 1)
