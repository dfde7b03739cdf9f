"""What is refused from the header, with its numbers, and what is not."""

from __future__ import annotations

import pytest

from convgui.io import limits
from convgui.io.errors import FileError
from convgui.io.limits import available_memory, check_picture


@pytest.fixture(autouse=True)
def _much_memory(monkeypatch):
    monkeypatch.setattr(limits, "available_memory", lambda: 16_000_000_000)


@pytest.mark.parametrize(
    ("cols", "rows", "stored"),
    [(16320, 12240, 40_000_000), (16320, 12240, 600_000), (1, 1, 70), (1_000_000, 1, 200), (8000, 8000, 300)],
)
def test_photos_and_small_pictures_are_no_bombs(cols, rows, stored):
    check_picture("a.png", cols, rows, stored, 3, 12)


@pytest.mark.parametrize(
    ("cols", "rows", "stored", "words"),
    [
        (30_000, 20_000, 10**9, "declares 30,000 × 20,000 pixels, which is 600 megapixels; at most 500 are opened"),
        (16_000, 16_000, 2_000, "2,000 bytes declare 16,000 × 16,000 pixels: a decompression bomb"),
        (0, 5, 100, "declares 0 × 5 pixels, expected at least one"),
    ],
)
def test_a_bomb_is_told_with_its_numbers(cols, rows, stored, words):
    with pytest.raises(FileError) as raised:
        check_picture("a.png", cols, rows, stored, 3, 12)
    assert str(raised.value).startswith("a.png: ") and words in str(raised.value)


def test_memory_that_is_not_free_is_told_with_its_numbers(monkeypatch):
    monkeypatch.setattr(limits, "available_memory", lambda: 1_000_000_000)
    with pytest.raises(FileError, match=r"would need 2\.4 GB of memory to open, 1\.0 GB are free"):
        check_picture("a.png", 20_000, 10_000, 10**8, 3, 12)


def test_a_system_that_does_not_say_its_memory_opens_all(monkeypatch):
    monkeypatch.setattr(limits, "available_memory", lambda: None)
    check_picture("a.png", 20_000, 10_000, 10**8, 3, 10**6)


def test_this_system_has_memory(monkeypatch):
    monkeypatch.undo()
    assert available_memory() is None or available_memory() > 10_000_000


@pytest.mark.parametrize("text", ["1\n" * 20_000, ",".join(["1"] * 20_000), "0.25;0.5\r\n" * 9_000])
def test_text_is_judged_by_what_its_numbers_take(tmp_path, monkeypatch, text):
    from convgui.io.pictures.images import open_source

    (tmp_path / "table.csv").write_text(text)
    monkeypatch.setattr(limits, "available_memory", lambda: 150_000)
    with pytest.raises(FileError, match=r"table\.csv: would need 0\.0 GB of memory to open, 0\.0 GB are free"):
        open_source(tmp_path / "table.csv")
    monkeypatch.setattr(limits, "available_memory", lambda: 30_000_000)
    open_source(tmp_path / "table.csv")


@pytest.mark.parametrize("kind", ["png", "tif", "cmyk", "rgba8", "float64"])
def test_what_is_decoded_takes_no_more_than_was_judged(tmp_path, monkeypatch, kind):
    """The memory that Python and NumPy take while reading stays below what the header was judged by."""
    import tracemalloc

    import imagecodecs
    import numpy as np
    import tifffile
    from PIL import Image

    from convgui.io.pictures.images import load_image

    path = tmp_path / f"a.{'png' if kind in ('png', 'rgba8') else 'tif'}"
    array = np.random.default_rng(0).integers(0, 255, (900, 900, 4)).astype(np.uint16)
    if kind == "png":
        path.write_bytes(imagecodecs.png_encode(array, level=1))
    elif kind == "rgba8":
        Image.fromarray(array.astype(np.uint8)).save(path)
    elif kind == "float64":
        tifffile.imwrite(path, array[..., :3].astype(float), photometric="rgb", compression="zlib")
    else:
        tifffile.imwrite(path, array, photometric="separated" if kind == "cmyk" else "rgb", extrasamples=None)
    judged = []
    monkeypatch.setattr(limits, "check_memory", lambda name, needed: judged.append(needed))
    load_image(path)
    tracemalloc.start()
    load_image(path)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most <= max(judged)
