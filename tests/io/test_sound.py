"""Sounds: the samples of a WAV file become steps from -1 to 1, or one sentence says why not."""

import struct
import wave

import numpy as np
import pytest

from convgui.io.errors import FileError
from convgui.io.pictures.images import open_source


def write(path, samples, width, channels=1, rate=8000):
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(channels)
        sound.setsampwidth(width)
        sound.setframerate(rate)
        sound.writeframes(samples)


@pytest.mark.parametrize(
    ("width", "samples", "least"),
    [
        (1, bytes([0, 128, 192, 255]), 1 / 128),
        (2, np.array([-(2**15), 0, 2**14, 2**15 - 1], "<i2").tobytes(), 2**-15),
        (3, b"\x00\x00\x80" + b"\x00\x00\x00" + b"\x00\x00\x40" + b"\xff\xff\x7f", 2**-23),
        (4, np.array([-(2**31), 0, 2**30, 2**31 - 1], "<i4").tobytes(), 2**-24),
    ],
)
def test_samples_of_every_width(tmp_path, width, samples, least):
    write(tmp_path / "tone.wav", samples, width)
    source = open_source(tmp_path / "tone.wav")
    assert source.sequence and source.array.shape == (1, 4)
    assert source.array[0].tolist() == pytest.approx([-1, 0, 0.5, 1], abs=1.01 * least)
    assert source.note == "8,000 steps a second, 0.0005 seconds."


def test_channels_are_channels(tmp_path):
    write(tmp_path / "stereo.wav", np.array([[1, -1], [2, -2], [3, -3]], "<i2").tobytes(), 2, channels=2)
    source = open_source(tmp_path / "stereo.wav")
    assert source.array.shape == (1, 3, 2)
    assert np.array_equal(source.array[0, :, 0], -source.array[0, :, 1])


def test_it_is_known_by_its_content(tmp_path):
    write(tmp_path / "tone.dat", bytes([1, 2, 3]), 1)
    assert open_source(tmp_path / "tone.dat").cols == 3


def test_a_damaged_one_is_refused_in_a_sentence(tmp_path):
    path = tmp_path / "tone.wav"
    write(path, bytes(1000), 2)
    whole = path.read_bytes()
    for cut, words in ((700, "cut off"), (30, "WAV"), (14, "WAV")):
        path.write_bytes(whole[:cut])
        with pytest.raises(FileError, match=words):
            open_source(path)
    path.write_bytes(whole[:20] + b"\x55\x00" + whole[22:])  # MP3 inside
    with pytest.raises(FileError, match="format 85 with 16 bits"):
        open_source(path)
    write(path, b"", 2)
    with pytest.raises(FileError, match="declares 0 steps"):
        open_source(path)


def chunk(name, body):
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def riff(*chunks):
    body = b"WAVE" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def described(kind, channels, bits, more=b""):
    return chunk(
        b"fmt ", struct.pack("<HHIIHH", kind, channels, 8000, 8000 * channels * bits // 8, channels * bits // 8, bits) + more
    )


@pytest.mark.parametrize("dtype", ["<f4", "<f8"])
def test_floating_point_samples_stay_as_they_are(tmp_path, dtype):
    samples = np.array([[0.5, -1.5], [2.25, 0]], dtype)
    (tmp_path / "a.wav").write_bytes(riff(described(3, 2, samples.itemsize * 8), chunk(b"data", samples.tobytes())))
    assert open_source(tmp_path / "a.wav").array.tolist() == [samples.tolist()]


def test_an_extensible_format_and_chunks_that_are_not_known(tmp_path):
    guid = struct.pack("<HHIH", 22, 16, 3, 1) + bytes(14)
    samples = np.array([0, 2**14], "<i2").tobytes()
    content = riff(chunk(b"LIST", b"odd"), described(0xFFFE, 1, 16, guid), chunk(b"fact", bytes(4)), chunk(b"data", samples))
    (tmp_path / "a.wav").write_bytes(content)
    assert open_source(tmp_path / "a.wav").array.tolist() == [[0, 0.5]]


def test_samples_without_a_description_are_refused(tmp_path):
    (tmp_path / "a.wav").write_bytes(riff(chunk(b"data", bytes(4))))
    with pytest.raises(FileError, match="does not say what its samples are"):
        open_source(tmp_path / "a.wav")


def test_too_many_channels_are_refused(tmp_path):
    (tmp_path / "a.wav").write_bytes(riff(described(1, 9, 8), chunk(b"data", bytes(9))))
    with pytest.raises(FileError, match="has 9 channels, expected 1 to 8"):
        open_source(tmp_path / "a.wav")


def test_24_bits_in_four_bytes(tmp_path):
    samples = np.array([2**30, -(2**31)], "<i4")
    form = chunk(b"fmt ", struct.pack("<HHIIHH", 1, 1, 8000, 32000, 4, 24))
    (tmp_path / "a.wav").write_bytes(riff(form, chunk(b"data", samples.tobytes())))
    assert open_source(tmp_path / "a.wav").array.tolist() == [[0.5, -1]]


@pytest.mark.parametrize("declared", [0, 0xFFFFFFFF])
def test_a_length_that_nobody_knew_is_that_of_the_file(tmp_path, declared):
    samples = np.array([1, 2, 3], "<f4").tobytes()
    (tmp_path / "a.wav").write_bytes(riff(described(3, 1, 32)) + b"data" + struct.pack("<I", declared) + samples)
    assert open_source(tmp_path / "a.wav").array.tolist() == [[1, 2, 3]]
