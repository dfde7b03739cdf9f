"""Faults of files, each with its own sentence."""

from __future__ import annotations

import errno
import os

import pytest

from convgui.io.errors import FileError, decode_text, file_error, open_file, read_bytes


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileError, match=r"^gone.png: does not exist"):
        open_file(tmp_path / "gone.png")


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(FileError, match="is a folder, expected a file"):
        open_file(tmp_path)


def test_an_empty_file_is_named(tmp_path):
    (tmp_path / "a.png").touch()
    with pytest.raises(FileError, match=r"^a.png: is empty \(0 bytes\)"):
        open_file(tmp_path / "a.png")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in folders")
def test_a_pipe_does_not_make_it_wait_for_ever(tmp_path):
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(FileError, match="pipe or device"):
        open_file(tmp_path / "pipe.png")


def test_a_name_that_no_system_allows():
    with pytest.raises(FileError, match="no name of a file"):
        open_file("a\0b")


@pytest.mark.parametrize(
    ("code", "writing", "words"),
    [
        (errno.EACCES, False, "cannot be read: no permission"),
        (errno.EACCES, True, "cannot be written: no permission"),
        (errno.ENOSPC, True, "the disk is full"),
        (errno.EROFS, True, "read-only"),
        (errno.EIO, False, "cannot be read: "),
    ],
)
def test_each_complaint_of_the_system_is_one_sentence(code, writing, words):
    sentence = str(file_error("folder/photo.png", OSError(code, os.strerror(code)), writing=writing))
    assert sentence.startswith("photo.png: ") and words in sentence and sentence.endswith(".")


def test_more_bytes_than_a_small_file_has_are_not_read(tmp_path):
    (tmp_path / "a.json").write_bytes(b"x" * 100)
    with pytest.raises(FileError, match="larger than 99 bytes"):
        read_bytes(tmp_path / "a.json", 99)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_text_is_read_in_the_usual_encodings(encoding):
    assert decode_text("größe\t1".encode(encoding), "a.txt") == "größe\t1"


def test_binary_data_is_no_text():
    with pytest.raises(FileError, match="is not a text file"):
        decode_text(b"1\x002", "a.txt")
