"""Recipes that travel: every file that may carry one does, reads back the same, and a file without one carries none."""

import json
import shutil
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

import convgui
from convgui import assets
from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.conv import Conv
from convgui.io.carrying import carried, carried_text, load_recipe
from convgui.io.errors import FileError
from convgui.io.export.animation import save_animation
from convgui.io.export.carried import into, no_room, xmp
from convgui.io.export.formats import save_numbers, save_picture
from convgui.io.pictures.images import open_source
from convgui.io.recipe import Recipe, text_of

NAME = "näh <&> 'x' ]]> -->"
RECIPE = Recipe((Conv(Kernel([[0, 1.5], [-2, 1e-7]], NAME)),), source={"name": "größe.png", "sha256": "ab"})
RGB = np.random.default_rng(0).integers(0, 256, (20, 30, 3), np.uint8)
MAPS = np.random.default_rng(0).normal(size=(2, 20, 30)).astype(np.float32)


def large():
    """Return a recipe of some hundred thousand bytes that cannot be packed smaller than a JPEG's segment."""
    random = np.random.default_rng(0)
    return Recipe(tuple(Conv(Kernel(random.normal(size=(63, 63)), "large")) for _ in range(4)))


def write(path, recipe=RECIPE):
    """Write a file of any kind that carries a recipe."""
    text, ending = text_of(recipe), path.suffix
    if path.stem.startswith("numbers"):
        return save_numbers(path, MAPS, {"recipe": text, "source": "a.png"})[0]
    if ending in (".gif", ".mp4") or path.stem == "animation":
        save_animation(path, iter([RGB, 255 - RGB]), 0.2, recipe=text)
    elif ending == ".svg":
        path.write_bytes(into(b'<?xml version="1.0"?>\n<svg width="9"><rect/></svg>', ".svg", text))
    elif ending == ".pdf":
        path.write_bytes(b"%PDF-1.4\n" + b"x" * 1000 + xmp(path, text) + b"\n%%EOF")
    else:
        save_picture(path, RGB, recipe=text)
    return path


KINDS = [
    *("picture.png", "picture.jpg", "picture.webp", "picture.tif"),
    *("numbers.tif", "numbers.png", "numbers.npz"),
    *("animation.gif", "animation.webp", "figure.svg", "figure.pdf"),
]
if shutil.which("ffmpeg"):
    KINDS.append("animation.mp4")


@pytest.mark.parametrize("name", KINDS)
def test_what_a_file_carries_is_the_recipe(tmp_path, name):
    path = write(tmp_path / name)
    found = carried(path)
    assert text_of(found) == text_of(RECIPE)
    assert found.layers[0].kernel.name == NAME
    assert text_of(load_recipe(path)) == text_of(RECIPE)


@pytest.mark.parametrize("name", [name for name in KINDS if name.split(".")[1] in ("png", "tif", "npz", "webp", "svg")])
def test_a_large_recipe_travels_too(tmp_path, name):
    recipe = large()
    assert len(text_of(recipe)) > 200_000
    assert text_of(carried(write(tmp_path / name, recipe))) == text_of(recipe)


def test_where_there_is_no_room_the_picture_is_written_without_it_and_that_is_said(tmp_path):
    text = text_of(large())
    assert "JPG has no room" in no_room("a.jpg", text)
    assert "NPY has no place" in no_room("a.npy", text)
    assert not no_room("a.png", text)
    path = write(tmp_path / "picture.jpg", large())
    assert carried(path) is None
    with Image.open(path) as image:
        assert image.size == (30, 20)


@pytest.mark.parametrize("name", ["picture.png", "picture.webp", "picture.tif", "numbers.tif", "numbers.npz"])
def test_the_picture_is_the_same_with_and_without(tmp_path, name):
    path = write(tmp_path / name)
    other = tmp_path / f"plain{path.suffix}"
    (save_numbers(other, MAPS, {}) if "numbers" in name else save_picture(other, RGB))
    assert np.array_equal(open_source(path).array, open_source(other).array)


def test_the_maps_of_a_recipe_in_a_picture_are_those_of_the_recipe(tmp_path):
    path = write(tmp_path / "picture.png")
    image = np.arange(12, dtype=np.float32).reshape(3, 4)
    assert np.array_equal(convgui.load_recipe(path).apply(image), RECIPE.apply(image))


def test_photos_and_files_of_others_carry_none(tmp_path):
    assert carried(assets.photo("coffee.webp")) is None
    Image.fromarray(RGB).save(tmp_path / "a.png")
    Image.fromarray(RGB).save(tmp_path / "a.jpg", comment="<convgui:recipe>{}</convgui:recipe>"[:10])
    Image.fromarray(RGB).save(tmp_path / "a.tif", description='{"recipe": 3}')
    np.savez(tmp_path / "a.npz", maps=MAPS)
    for path in tmp_path.iterdir():
        assert carried(path) is None, path.name
    with pytest.raises(FileError, match=r"a\.png carries no recipe"):
        load_recipe(tmp_path / "a.png")
    with pytest.raises(FileError, match="does not exist"):
        load_recipe(tmp_path / "none.png")


def with_document(path, change):
    document = json.loads(text_of(RECIPE))
    change(document)
    Image.fromarray(RGB).save(path)
    path.write_bytes(into(path.read_bytes(), ".png", json.dumps(document)))


def test_a_recipe_of_a_later_version_is_refused_and_says_so(tmp_path):
    with_document(tmp_path / "a.png", lambda document: document.update(version=99))
    with pytest.raises(FileError, match="version 99"):
        carried(tmp_path / "a.png")


def test_a_recipe_that_was_damaged_is_refused_and_says_where(tmp_path):
    with_document(tmp_path / "a.png", lambda document: document.update(layers=[]))
    with pytest.raises(FileError, match=r"The recipe in a\.png"):
        carried(tmp_path / "a.png")


def test_a_text_that_expands_without_end_is_no_recipe(tmp_path):
    Image.fromarray(RGB).save(tmp_path / "bomb.png")
    body = b"iTXtrecipe\0\1\0\0\0" + zlib.compress(b" " * 300_000_000, 9)
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    data = (tmp_path / "bomb.png").read_bytes()
    (tmp_path / "bomb.png").write_bytes(data[:33] + chunk + data[33:])
    assert carried_text(tmp_path / "bomb.png") is None


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("carrying")
    return {name: write(folder / name).read_bytes() for name in KINDS}


@given(st.sampled_from(KINDS), st.data())
def test_a_damaged_file_carries_nothing_or_says_what_is_wrong(files, tmp_path_factory, name, data):
    content = bytearray(files[name])
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = Path(tmp_path_factory.getbasetemp()) / f"damaged{Path(name).suffix}"
    path.write_bytes(bytes(content[: data.draw(st.integers(1, len(content)))]))
    try:
        found = carried(path)
    except FileError:
        return
    assert found is None or isinstance(found, Recipe)
