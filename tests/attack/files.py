"""Small files of every format that is opened, made on the fly, and bombs: files that promise far more than they hold."""

from __future__ import annotations

import struct
import zipfile
import zlib
from io import BytesIO

import imagecodecs
import numpy as np
import pillow_heif
import tifffile
from PIL import Image

ROWS, COLS = 24, 36

MANY = 120_000_000
"""Bytes that a small part of a file unpacks to."""


def numbers(dtype, channels=1):
    """Return a picture of noise with a smooth part."""
    random = np.random.default_rng(5)
    shape = (ROWS, COLS) if channels == 1 else (ROWS, COLS, channels)
    array = random.random(shape)
    array[: ROWS // 2] = np.linspace(0, 1, COLS).reshape((1, COLS, 1)[: len(shape)])
    if np.dtype(dtype).kind == "f":
        return array.astype(dtype)
    info = np.iinfo(dtype)
    return (info.min + array * (float(info.max) - info.min)).astype(dtype)


def by_pillow(array, kind, **options):
    """Return the bytes of a picture."""
    stream = BytesIO()
    Image.fromarray(array).save(stream, kind, **options)
    return stream.getvalue()


def tiff(array, **options):
    """Return the bytes of a TIFF."""
    stream = BytesIO()
    tifffile.imwrite(stream, array, **options)
    return stream.getvalue()


def chunk(kind, data=b""):
    """Return a chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(rows, cols, bits, kind, pixels, extra=b""):
    """Return a PNG that declares this size, whatever its pixels are."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", cols, rows, bits, kind, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + extra + chunk(b"IDAT", zlib.compress(pixels, 1)) + chunk(b"IEND")


def fits(array):
    """Return a FITS file of one image."""
    bits = {"u1": 8, "i2": 16, "f4": -32}[array.dtype.str[1:]]
    cards = [("SIMPLE", "T"), ("BITPIX", bits), ("NAXIS", array.ndim)]
    cards += [(f"NAXIS{k}", n) for k, n in enumerate(array.shape[::-1], 1)]
    text = "".join(f"{key:<8}= {value!s:>20}".ljust(80) for key, value in cards) + "END".ljust(80)
    return text.ljust(2880).encode() + array.astype(array.dtype.newbyteorder(">")).tobytes().ljust(2880 * 2, b"\0")


def originals():
    """Return a small file of every format and kind, by name."""
    pillow_heif.register_heif_opener()
    grey, rgb, rgba = numbers(np.uint8), numbers(np.uint8, 3), numbers(np.uint8, 4)
    grey16, rgb16, rgba16 = numbers(np.uint16), numbers(np.uint16, 3), numbers(np.uint16, 4)
    found = {
        "grey.png": by_pillow(grey, "PNG"),
        "rgba.png": by_pillow(rgba, "PNG"),
        "palette.png": _palette(rgb),
        "grey16.png": imagecodecs.png_encode(grey16),
        "rgba16.png": imagecodecs.png_encode(rgba16),
        "key4.png": png(2, 4, 4, 0, b"\0\x12\x34\0\x56\x78", chunk(b"tRNS", b"\0\2")),
        "animated.png": by_pillow(grey, "PNG", save_all=True, append_images=[Image.fromarray(255 - grey)]),
        "photo.jpg": by_pillow(rgb, "JPEG", quality=90),
        "progressive.jpg": by_pillow(rgb, "JPEG", progressive=True),
        "grey.jpg": by_pillow(grey, "JPEG"),
        "cmyk.jpg": _cmyk(rgb),
        "deep.jpg": imagecodecs.jpeg8_encode(rgb16 >> 4, bitspersample=12),
        "lossless.jpg": imagecodecs.jpeg8_encode(grey16, lossless=True),
        "rgb.jp2": by_pillow(rgb, "JPEG2000"),
        "deep.jp2": imagecodecs.jpeg2k_encode(rgb16, level=0),
        "rgb.webp": by_pillow(rgb, "WEBP"),
        "lossless.webp": by_pillow(rgba, "WEBP", lossless=True),
        "rgb.avif": by_pillow(rgb, "AVIF"),
        "deep.avif": imagecodecs.avif_encode(rgb16 >> 6, bitspersample=10, level=90),
        "rgb.heic": by_pillow(rgb, "HEIF"),
        "rgb.jxl": imagecodecs.jpegxl_encode(rgb, lossless=True),
        "deep.jxl": imagecodecs.jpegxl_encode(rgba16, lossless=True),
        "rgb.gif": by_pillow(rgb, "GIF"),
        "rgb.bmp": by_pillow(rgb, "BMP"),
        "rgb.hdr": imagecodecs.rgbe_encode(numbers(np.float32, 3)),
        "rgb.ppm": by_pillow(rgb, "PPM"),
        "text.ppm": f"P3\n{COLS} {ROWS}\n255\n".encode() + b" ".join(b"%d" % v for v in rgb.ravel()),
        "bits.pbm": f"P4\n{COLS} {ROWS}\n".encode() + np.packbits(grey > 99, axis=1).tobytes(),
        "grey.pfm": f"Pf\n{COLS} {ROWS}\n-1\n".encode() + numbers(np.float32).tobytes(),
        "grey.fits": fits(numbers(np.int16)),
        "sound.wav": b"RIFF\x64\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x44\xac\0\0\x88\x58\1\0\2\0\x10\0data\x40\0\0\0" + bytes(64),
        "table.csv": b"a,b,c\n1,2.5,3\n4,5,6e-3\n",
        "table.txt": "1 0,5\n2 −3\n".encode(),
        "array.npy": _npy(numbers(np.float64)),
        "arrays.npz": _npz(first=numbers(np.uint8, 4), second=numbers(np.float32)),
    }
    for compression in (None, "lzw", "deflate", "zstd", "packbits", "lzma", "jpeg", "jpeg2000", "jpegxl", "webp", "png"):
        found[f"{compression}.tif"] = tiff(rgb, photometric="rgb", compression=compression, tile=(16, 16))
    for dtype in ("int8", "uint16", "int16", "uint32", "float16", "float32", "float64"):
        found[f"{dtype}.tif"] = tiff(numbers(dtype), compression="deflate", predictor=True, rowsperstrip=7, byteorder=">")
    found["planar.tif"] = tiff(np.moveaxis(rgb16, -1, 0), photometric="rgb", planarconfig="separate", compression="lzw")
    found["pages.tif"] = tiff(np.stack([grey16] * 3), photometric="minisblack")
    found["palette.tif"] = tiff(grey, photometric="palette", colormap=np.arange(768, dtype=np.uint16).reshape(3, 256) * 80)
    return found


def _palette(rgb):
    stream = BytesIO()
    Image.fromarray(rgb).quantize(16).save(stream, "PNG", transparency=3)
    return stream.getvalue()


def _cmyk(rgb):
    stream = BytesIO()
    Image.fromarray(rgb).convert("CMYK").save(stream, "JPEG")
    return stream.getvalue()


def _npy(array):
    stream = BytesIO()
    np.save(stream, array)
    return stream.getvalue()


def _npz(**arrays):
    stream = BytesIO()
    np.savez_compressed(stream, **arrays)
    return stream.getvalue()


def bombs():
    """Return files that would take gigabytes or minutes, by name."""
    scan = by_pillow(numbers(np.uint8, 3), "JPEG", progressive=True)
    last = scan[scan.rindex(b"\xff\xda") : -2]
    frame = bytearray(by_pillow(numbers(np.uint8), "JPEG"))
    at = frame.index(b"\xff\xc0")
    frame[at + 5 : at + 9] = b"\xff\xf0\xff\xf0"
    gif = bytearray(by_pillow(numbers(np.uint8), "GIF"))
    gif[6:10] = b"\xff\xff\xff\xff"
    return {
        "declared.png": png(30_000, 30_000, 8, 2, b""),
        "zeros.png": png(20_000, 20_000, 16, 6, bytes(10_000_000)),
        "chunks.png": png(1, 1, 8, 0, b"\0\0", chunk(b"teXt") * 500_000),
        "text.png": png(1, 1, 8, 0, b"\0\0", chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(MANY), 1))),
        "profile.png": png(1, 1, 8, 2, b"\0abc", chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(MANY), 1))),
        "scans.jpg": scan[:-2] + last * 2_000 + scan[-2:],
        "frame.jpg": bytes(frame),
        "screen.gif": bytes(gif),
        "comments.pbm": b"P4\n" + b"#\n" * 3_000_000 + b"8 1\n\0",
        "declared.pbm": b"P4\n60000 60000\n" + bytes(1000),
        "declared.pfm": b"PF\n40000 40000\n-1\n" + bytes(1000),
        "words.ppm": b"P3\n20000 20000\n255\n" + b"1 " * 1000,
        "declared.hdr": b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 40000 +X 40000\n" + bytes(1000),
        "declared.fits": fits(numbers(np.int16)).replace(
            b"NAXIS1  =                   36", b"NAXIS1  =           3000000000"
        ),
        "array.npy": _npy(np.zeros((9, 9))).replace(b"(9, 9), }        ", b"(90000, 90000), }"),
        "zeros.npz": _zeros(),
        "rows.csv": b"1\n" * 1_000_000,
        "strip.tif": _strip(MANY),
        "tiles.tif": _pieces(4_000_000),
        "pages.tif": _loop(),
        "tile.tif": _tile(60_000),
        "within.tif": _within(),
    }


def _zeros():
    stream = BytesIO()
    with (
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("a.npy", "w") as member,
    ):
        member.write(_npy(np.zeros((1, 1)))[:128].replace(b"(1, 1), }      ", b"(9999, 9999), }"))
        for _ in range(300):
            member.write(bytes(1 << 20))
    return stream.getvalue()


def _entries(data):
    """Return where the entries of the first directory of a little-endian TIFF lie, by tag."""
    start = int.from_bytes(data[4:8], "little")
    count = int.from_bytes(data[start : start + 2], "little")
    places = [start + 2 + 12 * k for k in range(count)]
    return {int.from_bytes(data[place : place + 2], "little"): place for place in places}


def _strip(size):
    """Return a TIFF of 100 x 100 pixels of which one strip unpacks to `size` bytes."""
    data = bytearray(tiff(np.zeros((100, 100), np.uint16), compression="zlib", metadata=None))
    packer = zlib.compressobj(1)
    packed = b"".join(packer.compress(bytes(1_000_000)) for _ in range(size // 1_000_000)) + packer.flush()
    entries = _entries(data)
    data[entries[273] + 8 : entries[273] + 12] = len(data).to_bytes(4, "little")
    data[entries[279] + 2 : entries[279] + 12] = struct.pack("<HII", 4, 1, len(packed))
    return bytes(data) + packed


def _pieces(count):
    """Return a TIFF of 16 x 16 pixels that lists so many tiles."""
    data = bytearray(tiff(np.zeros((16, 16), np.uint8), tile=(16, 16), metadata=None))
    for tag in (324, 325):
        place = _entries(data)[tag]
        data[place + 2 : place + 12] = struct.pack("<HII", 4, count, len(data))
        data += bytes(4 * count)
    return bytes(data)


def _loop():
    """Return a TIFF whose second directory is followed by the first."""
    data = bytearray(tiff(np.zeros((2, 16, 16), np.uint8), photometric="minisblack", metadata=None))
    start = int.from_bytes(data[4:8], "little")
    after = start + 2 + 12 * int.from_bytes(data[start : start + 2], "little")
    second = int.from_bytes(data[after : after + 4], "little")
    behind = second + 2 + 12 * int.from_bytes(data[second : second + 2], "little")
    data[behind : behind + 4] = start.to_bytes(4, "little")
    return bytes(data)


def _tile(side):
    """Return a TIFF of 16 x 16 pixels in a tile of that side."""
    data = bytearray(tiff(np.zeros((16, 16), np.uint16), tile=(16, 16), compression="zlib", metadata=None))
    for tag in (322, 323):
        place = _entries(data)[tag]
        data[place + 2 : place + 12] = struct.pack("<HII", 4, 1, side // 16 * 16)
    return bytes(data)


def _within():
    """Return a TIFF of 64 x 64 pixels that holds a JPEG of 60,000 x 60,000."""
    data = bytearray(tiff(np.zeros((64, 64), np.uint8), compression="jpeg", metadata=None))
    at = data.rindex(b"\xff\xc0")
    data[at + 5 : at + 9] = (60_000).to_bytes(2, "big") * 2
    return bytes(data)
