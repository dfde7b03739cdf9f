"""Files that are read in parts hold the numbers that they hold when they are read as a whole."""

import pickle

import numpy as np
import pytest
import tifffile

from convgui.engine.large import Large
from convgui.io.errors import FileError
from convgui.io.pictures.images import open_source
from convgui.io.pictures.large import opening, reduced

zarr = pytest.importorskip("zarr")

RANDOM = np.random.default_rng(3)
ROWS, COLS = 610, 730
SMOOTH = np.add.outer(np.arange(ROWS) // 5, np.arange(COLS) // 7) % 256
BYTES = SMOOTH.astype(np.uint8)
COLOURS = np.stack([BYTES, BYTES[::-1], 255 - BYTES], axis=2)
WORDS = RANDOM.integers(0, 65536, (ROWS, COLS), np.uint16)
FLOATS = RANDOM.normal(size=(ROWS, COLS)).astype(np.float32)


@pytest.fixture
def in_parts(monkeypatch):
    """Let small files be read in parts as well, with smaller copies."""
    monkeypatch.setattr(opening, "LARGE", 1000)
    monkeypatch.setattr(reduced, "SMALL", 100)


def whole(source):
    return source.part(range(source.rows), range(source.cols))


def assert_same(monkeypatch, path, page=None):
    """Assert that a file holds the same numbers in parts as in memory, that say the same."""
    with monkeypatch.context() as patch:
        patch.setattr(opening, "LARGE", 10**12)
        expected = open_source(path, page=page)
    found = open_source(path, page=page)
    assert isinstance(found, Large)
    assert not isinstance(expected, Large)
    assert (found.shape, found.dtype, found.scale) == (expected.shape, expected.dtype, expected.scale)
    np.testing.assert_array_equal(whole(found), expected.cube)
    rows, cols = range(130, 411), range(257, 600)
    np.testing.assert_array_equal(found.part(rows, cols), expected.part(rows, cols))
    again = pickle.loads(pickle.dumps(found))
    np.testing.assert_array_equal(again.part(rows, cols), expected.part(rows, cols))
    return found


TIFFS = {
    "tiles": (BYTES, {"tile": (64, 80)}),
    "deflate": (COLOURS, {"tile": (128, 128), "compression": "zlib", "photometric": "rgb"}),
    "jpeg": (COLOURS, {"tile": (256, 256), "compression": "jpeg", "photometric": "rgb"}),
    "a predictor": (WORDS, {"tile": (128, 64), "compression": "zlib", "predictor": True}),
    "floats": (FLOATS, {"tile": (128, 128), "compression": "zstd"}),
    "strips": (COLOURS, {"rowsperstrip": 7, "compression": "lzw", "photometric": "rgb"}),
    "one after the other": (WORDS, {}),
    "big-endian": (WORDS, {"byteorder": ">"}),
    "big-endian tiles": (FLOATS, {"byteorder": ">", "tile": (128, 128)}),
    "planes apart": (np.moveaxis(COLOURS, 2, 0), {"tile": (96, 96), "photometric": "rgb", "planarconfig": "separate"}),
    "white is zero": (BYTES, {"tile": (64, 64), "photometric": "miniswhite"}),
    "a palette": (
        BYTES,
        {"tile": (64, 64), "photometric": "palette", "colormap": RANDOM.integers(0, 65536, (3, 256), np.uint16)},
    ),
    "alpha": (np.dstack([COLOURS, BYTES]), {"tile": (64, 64), "photometric": "rgb", "extrasamples": ["unassalpha"]}),
    "doubles": (FLOATS.astype(np.float64), {"tile": (64, 64)}),
    "integers": (WORDS.astype(np.int32) - 30_000, {"tile": (64, 64)}),
    "bits": (BYTES > 100, {"photometric": "minisblack"}),
    "BigTIFF": (BYTES, {"tile": (64, 64), "bigtiff": True}),
}


@pytest.mark.parametrize(("array", "how"), TIFFS.values(), ids=TIFFS)
def test_a_tiff_in_parts_is_the_tiff(tmp_path, monkeypatch, in_parts, array, how):
    options = dict(how)
    opened = {name: options.pop(name) for name in ("byteorder", "bigtiff") if name in options}
    with tifffile.TiffWriter(tmp_path / "a.tif", **opened) as tif:
        tif.write(array, **options)
    assert_same(monkeypatch, tmp_path / "a.tif")


def pyramid(path, array, **how):
    levels = [array[:: 2**k, :: 2**k] for k in range(3)]
    with tifffile.TiffWriter(path, **how) as tif:
        tif.write(levels[0], subifds=2, tile=(128, 128), photometric="rgb", compression="zlib")
        for level in levels[1:]:
            tif.write(level, subfiletype=1, tile=(128, 128), photometric="rgb", compression="zlib")
    return levels


def test_the_copies_in_a_tiff_are_found(tmp_path, monkeypatch, in_parts):
    levels = pyramid(tmp_path / "a.ome.tif", COLOURS, ome=True)
    source = assert_same(monkeypatch, tmp_path / "a.ome.tif")
    assert [copy.source.shape for copy in source.coarser][:2] == [level.shape for level in levels[1:]]
    for copy, level in zip(source.coarser, levels[1:], strict=False):
        np.testing.assert_array_equal(whole(copy.source), level)
    assert max(source.coarser[-1].source.shape[:2]) <= 100, "the last can be looked at as a whole"


def test_copies_that_a_file_has_not_are_means_of_its_pixels(tmp_path, in_parts):
    tifffile.imwrite(tmp_path / "a.tif", BYTES, tile=(64, 64))
    tifffile.imwrite(tmp_path / "f.tif", FLOATS, tile=(64, 64))
    for name, array in (("a.tif", BYTES), ("f.tif", FLOATS)):
        (copy, how), *_ = open_source(tmp_path / name).coarser
        assert (copy.rows, copy.cols, how) == (153, 183, "means of the pixels")
        block = array[40:44, 80:84].mean()
        assert copy.part(range(10, 11), range(20, 21))[0, 0, 0] == pytest.approx(block, abs=0.5 if array is BYTES else 1e-6)


def test_pages_of_an_ome_tiff_are_chosen(tmp_path, monkeypatch, in_parts):
    stack = np.stack([BYTES, BYTES[::-1], 255 - BYTES])
    tifffile.imwrite(
        tmp_path / "a.ome.tif", stack, ome=True, tile=(64, 64), photometric="minisblack", metadata={"axes": "CYX"}
    )
    source = open_source(tmp_path / "a.ome.tif")
    assert len(source.pages) == 3
    np.testing.assert_array_equal(whole(open_source(tmp_path / "a.ome.tif", page=2))[..., 0], stack[1])
    with pytest.raises(FileError, match=r"has no page 9; there are 3"):
        open_source(tmp_path / "a.ome.tif", page=9)


def test_a_damaged_piece_is_told_when_it_is_read(tmp_path, in_parts):
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, WORDS, tile=(128, 128), compression="zlib")
    with tifffile.TiffFile(path) as tif:
        place, count = tif.pages[0].dataoffsets[7], tif.pages[0].databytecounts[7]
    data = bytearray(path.read_bytes())
    data[place : place + count] = bytes(count)
    path.write_bytes(data)
    source = open_source(path)
    np.testing.assert_array_equal(source.part(range(300, 350), range(50))[..., 0], WORDS[300:350, :50])
    with pytest.raises(FileError, match=r"a\.tif: the piece at \(1, 1\) is damaged"):
        source.part(range(200, 230), range(200, 230))


def test_a_tiff_that_is_cut_off_is_refused(tmp_path, in_parts):
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, WORDS, tile=(128, 128), compression="zlib")
    path.write_bytes(path.read_bytes()[:60_000])
    with pytest.raises(FileError):
        whole(open_source(path))


ARRAYS = {
    "bytes": BYTES,
    "words": WORDS,
    "floats": FLOATS,
    "big-endian": FLOATS.astype(">f4"),
    "doubles": FLOATS.astype(np.float64),
    "truths": BYTES > 9,
    "colours": COLOURS,
    "channels first": np.ascontiguousarray(np.moveaxis(COLOURS, 2, 0)),
    "Fortran": np.asfortranarray(WORDS),
    "Fortran, colours": np.asfortranarray(COLOURS),
    "alpha": np.dstack([COLOURS, BYTES]),
    "grey and alpha": np.dstack([BYTES, BYTES[::-1]]),
}


@pytest.mark.parametrize("array", ARRAYS.values(), ids=ARRAYS)
def test_an_npy_in_parts_is_the_npy(tmp_path, monkeypatch, in_parts, array):
    np.save(tmp_path / "a.npy", array)
    source = assert_same(monkeypatch, tmp_path / "a.npy")
    copy, how = source.coarser[0]
    assert how == "every 4th pixel"
    np.testing.assert_array_equal(whole(copy), whole(source)[::4, ::4])


def test_an_npy_that_is_cut_off_is_refused(tmp_path, in_parts):
    np.save(tmp_path / "a.npy", WORDS)
    (tmp_path / "a.npy").write_bytes((tmp_path / "a.npy").read_bytes()[:-9])
    with pytest.raises(FileError, match=r"a\.npy: is cut off: 890,600 bytes are declared, 890,591 are there\."):
        open_source(tmp_path / "a.npy")


ZARRS = {
    "version 3": (BYTES, {"chunks": (64, 100)}),
    "version 2": (WORDS, {"chunks": (128, 128), "zarr_format": 2}),
    "shards": (FLOATS, {"chunks": (50, 50), "shards": (200, 200)}),
    "colours": (COLOURS, {"chunks": (64, 64, 3)}),
    "channels first": (np.ascontiguousarray(np.moveaxis(COLOURS, 2, 0)), {"chunks": (1, 90, 90)}),
    "doubles": (FLOATS.astype(np.float64), {"chunks": (300, 300)}),
}


@pytest.mark.parametrize(("array", "how"), ZARRS.values(), ids=ZARRS)
def test_a_zarr_in_parts_is_the_array(tmp_path, monkeypatch, in_parts, array, how):
    zarr.create_array(str(tmp_path / "a.zarr"), data=array, **how)
    source = assert_same(monkeypatch, tmp_path / "a.zarr")
    expected = np.moveaxis(array, 0, 2) if array.shape[0] == 3 else array
    np.testing.assert_array_equal(whole(source), expected.astype(source.dtype).reshape(ROWS, COLS, -1))


def test_the_copies_and_channels_of_ome_zarr_are_found(tmp_path, monkeypatch, in_parts):
    root = zarr.open_group(str(tmp_path / "a.zarr"), mode="w")
    stack = np.stack([WORDS, WORDS[::-1]])[None]
    for k in range(3):
        root.create_array(str(k), data=stack[..., :: 2**k, :: 2**k], chunks=(1, 1, 128, 128))
    axes = [{"name": name} for name in "tcyx"]
    root.attrs["ome"] = {"multiscales": [{"axes": axes, "datasets": [{"path": str(k)} for k in range(3)]}]}
    source = assert_same(monkeypatch, tmp_path / "a.zarr")
    assert source.pages == ("Picture 1, channel 1: 730 × 610", "Picture 1, channel 2: 730 × 610")
    np.testing.assert_array_equal(whole(source)[..., 0], WORDS)
    np.testing.assert_array_equal(whole(source.coarser[1].source)[..., 0], WORDS[::4, ::4])
    np.testing.assert_array_equal(whole(open_source(tmp_path / "a.zarr", page=2))[..., 0], WORDS[::-1])


def test_chunks_that_were_never_written_take_no_time(tmp_path, in_parts):
    for kind in (2, 3):
        array = zarr.create_array(
            str(tmp_path / f"{kind}.zarr"),
            shape=(70_000, 60_000),
            chunks=(1000, 1000),
            dtype="u1",
            fill_value=7,
            zarr_format=kind,
        )
        array[5000:5100, 6000:6100] = 200
        source = open_source(tmp_path / f"{kind}.zarr")
        small = whole(source.coarser[-1].source)
        assert small.max() > 7
        assert np.median(small) == 7
        inside = np.arange(4990, 5010) >= 5000
        expected = np.where(np.logical_and.outer(inside, inside), 200, 7)
        np.testing.assert_array_equal(source.part(range(4990, 5010), range(5990, 6010))[..., 0], expected)


def test_a_folder_that_is_no_picture_is_refused(tmp_path, in_parts):
    zarr.open_group(str(tmp_path / "empty.zarr"), mode="w")
    with pytest.raises(FileError, match=r"empty\.zarr: holds no array of at least two axes"):
        open_source(tmp_path / "empty.zarr")
    (tmp_path / "bad.zarr").mkdir()
    (tmp_path / "bad.zarr" / "zarr.json").write_text("{nothing")
    with pytest.raises(FileError, match=r"bad\.zarr: the zarr folder is damaged"):
        open_source(tmp_path / "bad.zarr")


def test_what_is_large_on_its_own_account(tmp_path):
    array = np.lib.format.open_memmap(tmp_path / "a.npy", "w+", np.uint8, (30_000, 20_000))
    array[29_000, 19_000] = 9
    del array
    source = open_source(tmp_path / "a.npy")
    assert isinstance(source, Large)
    assert source.part(range(28_999, 29_001), range(19_000, 19_001)).ravel().tolist() == [0, 9]
