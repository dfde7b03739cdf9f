"""Several files and folders: which there are to open, in the order in which people count."""

import os
import sys

import pytest

from convgui.io.errors import FileError
from convgui.io.several import files_to_open


def make(folder, *names):
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_bytes(b"x")


def test_files_stay_in_their_order_and_come_once(tmp_path):
    paths = [str(tmp_path / name) for name in ("b.png", "a.xyz", "b.png")]
    assert files_to_open(paths) == paths[:2]


def test_a_folder_gives_what_can_be_opened_counted_as_people_do(tmp_path):
    make(tmp_path / "f", "img10.png", "img2.PNG", "Img1.jpg", ".hidden.png", "notes.doc", "table.csv")
    make(tmp_path / "f" / "inner.png", "x.png")
    names = [os.path.basename(path) for path in files_to_open([str(tmp_path / "f")])]
    assert names == ["Img1.jpg", "img2.PNG", "img10.png", "table.csv"]


@pytest.mark.parametrize("names", [[], ["readme.doc", "movie.xyz"]])
def test_a_folder_with_nothing_is_said(tmp_path, names):
    make(tmp_path / "empty", *names)
    with pytest.raises(FileError, match="empty holds no picture"):
        files_to_open([str(tmp_path / "empty") + os.sep])


@pytest.mark.skipif(sys.platform == "win32", reason="a pipe has no name there")
def test_a_pipe_in_a_folder_is_passed_over(tmp_path):
    make(tmp_path / "f", "a.png")
    os.mkfifo(tmp_path / "f" / "b.png")
    assert [os.path.basename(p) for p in files_to_open([str(tmp_path / "f")])] == ["a.png"]
