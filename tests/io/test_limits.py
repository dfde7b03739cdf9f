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
        (30_000, 20_000, 10**9, "declares 30,000 x 20,000 pixels, which is 600 megapixels; at most 500 are opened"),
        (16_000, 16_000, 2_000, "2,000 bytes declare 16,000 x 16,000 pixels: a decompression bomb"),
        (0, 5, 100, "declares 0 x 5 pixels, expected at least one"),
    ],
)
def test_a_bomb_is_told_with_its_numbers(cols, rows, stored, words):
    with pytest.raises(FileError) as raised:
        check_picture("a.png", cols, rows, stored, 3, 12)
    assert str(raised.value).startswith("a.png: ") and words in str(raised.value)


def test_memory_that_is_not_free_is_told_with_its_numbers(monkeypatch):
    monkeypatch.setattr(limits, "available_memory", lambda: 1_000_000_000)
    with pytest.raises(FileError, match=r"needs about 2\.4 GB of memory to open, 1\.0 GB are free"):
        check_picture("a.png", 20_000, 10_000, 10**8, 3, 12)


def test_a_system_that_does_not_say_its_memory_opens_all(monkeypatch):
    monkeypatch.setattr(limits, "available_memory", lambda: None)
    check_picture("a.png", 20_000, 10_000, 10**8, 3, 10**6)


def test_this_system_has_memory(monkeypatch):
    monkeypatch.undo()
    assert available_memory() is None or available_memory() > 10_000_000
