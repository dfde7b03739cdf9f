"""What the axes of an array mean, what else they may mean, and what an archive of arrays holds."""

from __future__ import annotations

import imagecodecs
import numpy as np
import pytest

import convgui
from convgui.io.errors import FileError
from convgui.io.pictures.images import decode_image, open_source


def saved(tmp_path, array, name="a.npy"):
    np.save(tmp_path / name, array)
    return tmp_path / name


def numbers(*shape, dtype=np.float32):
    return np.random.default_rng(0).integers(0, 256, shape).astype(dtype)


@pytest.mark.parametrize("channels", [2, 4])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_bytes_with_alpha_mean_what_their_png_means(tmp_path, channels, dtype):
    array = numbers(70, 80, channels, dtype=dtype) * (257 if dtype == np.uint16 else 1)
    source = open_source(saved(tmp_path, array))
    picture = decode_image(imagecodecs.png_encode(array), "a.png")
    np.testing.assert_array_equal(source.array, picture.array)
    assert source.scale == picture.scale and "on white" in source.note
    np.testing.assert_allclose(convgui.as_input(array), convgui.as_input(picture.array))
    again = open_source(saved(tmp_path, array), reading=source.instead[0])
    np.testing.assert_array_equal(again.array, array)
    assert again.instead[0] == "alpha" and f"{channels} channels" in source.instead[1]


def test_opaque_alpha_of_an_array_is_said_too(tmp_path):
    array = numbers(70, 80, 4, dtype=np.uint8)
    array[..., 3] = 255
    source = open_source(saved(tmp_path, array))
    np.testing.assert_array_equal(source.array, array[..., :3])
    assert "alpha" in source.note


def test_four_channels_of_real_numbers_stay_unless_somebody_says_that_the_last_is_alpha(tmp_path):
    array = np.random.default_rng(0).random((70, 80, 4)).astype(np.float32)
    source = open_source(saved(tmp_path, array))
    np.testing.assert_array_equal(source.array, array)
    mixed = open_source(saved(tmp_path, array), reading=source.instead[0]).array
    np.testing.assert_allclose(mixed, array[..., :3] * array[..., 3:] + 1 - array[..., 3:], atol=1e-6)
    assert open_source(saved(tmp_path, array * 5)).instead == ()
    assert "none of them as alpha" in open_source(saved(tmp_path, (array * 255).astype(np.int32))).note


@pytest.mark.parametrize(
    ("shape", "read"),
    [
        ((1, 28, 28), (28, 28)),
        ((1, 100, 64), (100, 64)),
        ((1, 480, 640), (480, 640)),
        ((3, 28, 28), (28, 28, 3)),
        ((3, 480, 640), (480, 640, 3)),
        ((4, 28, 28), (28, 28, 4)),
        ((1, 1, 28, 28), (28, 28)),
        ((1, 3, 28, 28), (28, 28, 3)),
        ((1, 28, 28, 3), (28, 28, 3)),
        ((28, 28, 1), (28, 28, 1)),
        ((28, 28, 3), (28, 28, 3)),
        ((1, 1000, 12), (1, 1000, 12)),
        ((1, 1000, 3), (1, 1000, 3)),
        ((1, 30, 4), (1, 30, 4)),
    ],
)
def test_channels_first_are_read_as_pictures_when_the_size_says_so(tmp_path, shape, read):
    array = numbers(*shape)
    source = open_source(saved(tmp_path, array))
    assert source.array.shape == read
    plain = array.reshape(shape[-3:])
    expected = np.moveaxis(plain, 0, -1) if read[:2] == plain.shape[1:] else plain
    np.testing.assert_array_equal(source.array, expected.reshape(read))
    assert bool(source.note) == (shape[0] in (1, 3, 4) and not (shape[0] == 1 and read[0] == 1 and shape[2] <= 4))


@pytest.mark.parametrize("shape", [(1, 28, 28), (1, 100, 60), (1, 1000, 12), (18, 3), (40, 1)])
def test_the_other_reading_is_one_step_away_and_leads_back(tmp_path, shape):
    path = saved(tmp_path, numbers(*shape))
    first = open_source(path)
    second = open_source(path, reading=first.instead[0])
    back = open_source(path, reading=second.instead[0])
    assert second.sequence != first.sequence and back.sequence == first.sequence
    np.testing.assert_array_equal(second.array.ravel(), first.array.ravel())
    assert "instead" in first.instead[1] and second.reading == first.instead[0]


def test_the_words_of_the_other_reading(tmp_path):
    assert open_source(saved(tmp_path, numbers(1, 28, 28))).instead[1] == "Read as 28 steps × 28 channels instead"


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ((32, 3, 3, 3), "32 filters of 3 × 3 over 3 channels, as PyTorch"),
        ((8, 1, 3, 3), "8 filters of 3 × 3 over 1 channels, as PyTorch"),
        ((7, 7, 3, 64), "64 filters of 7 × 7 over 3 channels, as Keras"),
        ((16, 28, 28, 3), "a batch of 16 pictures"),
        ((16, 3, 28, 28), "a batch of 16 pictures"),
        ((1, 1, 3, 3), "1 filters of 3 × 3 over 1 channels"),
        ((64, 7, 7), "64 kernels of 7 × 7"),
        ((10, 200, 300), "300 channels"),
        ((2, 3, 4, 5, 6), "5 axes"),
    ],
)
def test_weights_and_batches_are_told_for_what_they_are(tmp_path, shape, words):
    with pytest.raises(FileError, match=words):
        open_source(saved(tmp_path, numbers(*shape)))


# Archives


def archive(tmp_path):
    arrays = {"bank": numbers(32, 3, 3, 3), "picture": numbers(50, 60, 3, dtype=np.uint8), "mask": numbers(50, 60)}
    np.savez(tmp_path / "a.npz", **arrays)
    return arrays


def test_an_archive_names_all_its_arrays_and_the_first_that_suits_is_read(tmp_path):
    arrays = archive(tmp_path)
    source = open_source(tmp_path / "a.npz")
    np.testing.assert_array_equal(source.array, arrays["picture"])
    assert source.page == 2 and "(bank, picture, mask)" in source.note
    assert source.pages == ("bank: 32 × 3 × 3 × 3 float32", "picture: 50 × 60 × 3 uint8", "mask: 50 × 60 float32")


@pytest.mark.parametrize("page", [3, "mask", "mask: 50 × 60 float32"])
def test_any_array_of_an_archive_can_be_asked_for(tmp_path, page):
    arrays = archive(tmp_path)
    source = open_source(tmp_path / "a.npz", page=page)
    np.testing.assert_array_equal(source.array, arrays["mask"])
    assert source.page == 3 and source.note == ""


def test_an_array_that_does_not_suit_or_is_not_there_is_told(tmp_path):
    archive(tmp_path)
    with pytest.raises(FileError, match="array bank: has 4 axes, 32 × 3 × 3 × 3, and looks like the weights"):
        open_source(tmp_path / "a.npz", page="bank")
    with pytest.raises(FileError, match="has no array nothing; there are 3: bank"):
        open_source(tmp_path / "a.npz", page="nothing")
    with pytest.raises(FileError, match="has no array 2; there is 1"):
        open_source(saved(tmp_path, numbers(3, 3)), page=2)


@pytest.mark.parametrize("damage", ["(-5, 3)", "(True,3)"])
def test_a_shape_that_cannot_be_is_told(tmp_path, damage):
    path = saved(tmp_path, numbers(50, 3))
    path.write_bytes(path.read_bytes().replace(b"(50, 3)", damage.encode()[:7].ljust(7)))
    with pytest.raises(FileError, match=r"^a\.npy: "):
        open_source(path)


# Masked cells


@pytest.mark.parametrize("which", ["x", "weights", "bias", "pool", "as_input"])
def test_masked_cells_are_told(which):
    masked = np.ma.masked_greater(np.arange(9.0).reshape(3, 3), 7)
    whole = np.arange(9.0).reshape(3, 3)
    with pytest.raises(ValueError, match="masked"):
        if which == "pool":
            convgui.max_pool2d(masked, 2)
        elif which == "as_input":
            convgui.as_input(masked)
        elif which == "bias":
            convgui.conv2d(whole, whole, np.ma.masked_all(1))
        else:
            convgui.conv2d(masked if which == "x" else whole, masked if which == "weights" else whole)
    with pytest.raises(ValueError, match="1 of 3 masked"):
        convgui.conv1d(np.ma.array([1, 2, 3], mask=[0, 0, 1]), [1, 1])


def test_a_mask_that_covers_nothing_does_no_harm():
    whole = np.arange(9.0).reshape(3, 3)
    np.testing.assert_array_equal(convgui.conv2d(np.ma.array(whole), whole), convgui.conv2d(whole, whole))
