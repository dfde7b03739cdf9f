"""Kernels as files, and the shelf of own kernels."""

from __future__ import annotations

import json

import numpy as np
import pytest

from convgui.engine.kernels.kernel import Kernel
from convgui.io.errors import FileError
from convgui.io.kernels.saved import KERNEL_FORMATS, load_kernel, save_kernel
from convgui.io.kernels.shelf import KernelShelf, file_stem

ODD = Kernel([[0.1, -2, 1 / 3], [1e-300, 5, 0]], name="odd one")


@pytest.mark.parametrize("ending", [ending for ending, _ in KERNEL_FORMATS])
def test_a_saved_kernel_opens_with_the_same_weights(tmp_path, ending):
    path = tmp_path / f"mine{ending}"
    save_kernel(path, ODD)
    opened = load_kernel(path)
    assert opened.same_weights(ODD)
    assert opened.name == ("odd one" if ending == ".json" else "mine")


@pytest.mark.parametrize("ending", [".json", ".npy"])
def test_weights_for_each_channel_are_kept(tmp_path, ending):
    kernel = Kernel(np.arange(54.0).reshape(3, 3, 3, 2))
    save_kernel(tmp_path / f"a{ending}", kernel)
    assert load_kernel(tmp_path / f"a{ending}").same_weights(kernel)


def test_text_has_no_place_for_channels(tmp_path):
    with pytest.raises(FileError, match="save it as JSON or npy"):
        save_kernel(tmp_path / "a.txt", Kernel(np.ones((3, 3, 3, 2))))


def test_the_text_is_as_imagej_reads_it(tmp_path):
    save_kernel(tmp_path / "a.txt", Kernel([[-1, 0.5], [0, 2]]))
    assert (tmp_path / "a.txt").read_text() == "-1 0.5\n0 2\n"


def test_a_sequence_in_npy_is_one_row(tmp_path):
    np.save(tmp_path / "a.npy", np.array([1, 2, 1]))
    assert load_kernel(tmp_path / "a.npy").size == (1, 3)


def test_an_unknown_ending_is_told(tmp_path):
    with pytest.raises(FileError, match=r"expected a name that ends in one of \.json, \.txt, \.csv, \.npy"):
        save_kernel(tmp_path / "a.xlsx", ODD)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.txt", b"1 2\n3", "row 2 has 1 number, expected 2"),
        ("a.txt", b"1 nan", "weights must be finite"),
        ("a.csv", b"", "is empty"),
        ("a.txt", b"\0\1", "is not a text file"),
        ("a.json", b"{", "is no JSON text"),
        ("a.json", b"[" * 100_000, "nested too deeply"),
        ("a.json", b"{}", "is no kernel"),
        ("a.json", b'{"format": "convgui kernel", "version": 9, "weights": [[1]]}', "version 9"),
        ("a.json", b'{"format": "convgui kernel", "version": 1}', "expected rows of numbers"),
        ("a.json", b'{"format": "convgui kernel", "version": 1, "weights": [["1"]]}', "expected rows of numbers"),
        ("a.json", b'{"format": "convgui kernel", "version": 1, "weights": [[1], [2, 3]]}', "a.json: "),
        ("a.json", b'{"format": "convgui kernel", "version": 1, "weights": [[NaN]]}', "finite"),
        ("a.json", b'{"format": "convgui kernel", "version": 1, "weights": []}', "needs rows and columns"),
        ("a.json", json.dumps({"format": "convgui kernel", "version": 1, "weights": [[1] * 64]}).encode(), "1 × 64"),
        ("a.npy", b"\x93NUMPY garbage", "is no NumPy array"),
    ],
)
def test_a_bad_file_is_told(tmp_path, name, content, words):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(FileError) as raised:
        load_kernel(tmp_path / name)
    assert str(raised.value).startswith(name) and words in str(raised.value)


@pytest.mark.parametrize(
    "array",
    [np.ones((64, 3)), np.array([[object()]]), np.ones((2, 2)) * 1j, np.full((2, 2), np.nan), np.ones((2, 2, 2))],
)
def test_an_npy_that_is_no_kernel_is_told(tmp_path, array):
    np.save(tmp_path / "a.npy", array)
    with pytest.raises(FileError, match=r"^a.npy: "):
        load_kernel(tmp_path / "a.npy")


@pytest.mark.parametrize("name", ["edge", "Kante / schräg", "..", "con", "核", "a" * 300, "x\n", "🙂", "A", "a"])
def test_the_shelf_takes_any_name(tmp_path, name):
    KernelShelf(tmp_path).save(Kernel([[1, 2]], name=name))
    shelf = KernelShelf(tmp_path)
    assert shelf.names() == [name]
    assert shelf.load(name).same_weights(Kernel([[1, 2]])) and shelf.load(name).name == name
    shelf.delete(name)
    assert KernelShelf(tmp_path).names() == [] and not list(tmp_path.iterdir())


def test_names_that_differ_by_case_only_are_two(tmp_path):
    shelf = KernelShelf(tmp_path)
    shelf.save(Kernel([[1]], name="a"))
    shelf.save(Kernel([[2]], name="A"))
    assert KernelShelf(tmp_path).load("a").weights == 1 and KernelShelf(tmp_path).load("A").weights == 2
    assert file_stem("a").lower() != file_stem("A").lower()


def test_saving_again_replaces(tmp_path):
    shelf = KernelShelf(tmp_path)
    shelf.save(Kernel([[1]], name="a"))
    shelf.save(Kernel([[2]], name="a", entry="sobel-x"))
    assert KernelShelf(tmp_path).load("a").weights == 2
    assert shelf.load("a").custom and len(list(tmp_path.iterdir())) == 1


def test_a_damaged_file_is_passed_over_reported_and_kept(tmp_path):
    KernelShelf(tmp_path).save(Kernel([[1]], name="good"))
    damaged = tmp_path / f"{file_stem('mine')}.json"
    damaged.write_text("{")
    shelf = KernelShelf(tmp_path)
    assert shelf.names() == ["good"]
    assert [problem.startswith(damaged.name) for problem in shelf.problems] == [True]
    shelf.save(Kernel([[3]], name="mine"))
    assert damaged.read_text() == "{" and KernelShelf(tmp_path).load("mine").weights == 3


def test_a_file_of_any_name_on_the_shelf_is_found(tmp_path):
    save_kernel(tmp_path / "from a friend.json", ODD)
    shelf = KernelShelf(tmp_path)
    assert shelf.names() == ["odd one"]
    shelf.delete("odd one")
    assert not list(tmp_path.iterdir())


def test_an_unknown_or_empty_name_is_told(tmp_path):
    shelf = KernelShelf(tmp_path / "not made yet")
    with pytest.raises(FileError, match="No own kernel is called 'x'"):
        shelf.load("x")
    with pytest.raises(FileError, match="has no name"):
        shelf.save(Kernel([[1]], name=" "))


def test_a_shelf_that_cannot_be_written_is_told_and_unchanged(tmp_path):
    (tmp_path / "file").touch()
    shelf = KernelShelf(tmp_path / "file" / "kernels")
    with pytest.raises(FileError, match="cannot be written"):
        shelf.save(ODD)
    assert shelf.names() == []


def test_the_shelf_lies_in_the_users_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("CONVGUI_HOME", str(tmp_path))
    KernelShelf().save(ODD)
    assert list((tmp_path / "kernels").glob("*.json"))


@pytest.mark.parametrize(
    "weights", ["[[true]]", "[[1, false]]", "[[1e300]]", '[["1"]]', "[[[1]]]", "[[1], 2]", "[]", "[[]]"]
)
def test_weights_that_are_no_numbers_of_a_kernel_are_refused(tmp_path, weights):
    path = tmp_path / "odd.json"
    path.write_text(f'{{"format": "convgui kernel", "version": 1, "name": "odd", "weights": {weights}}}')
    with pytest.raises(FileError, match=r"^odd.json: .*\.$"):
        load_kernel(path)


def test_two_windows_share_a_shelf(tmp_path):
    first, second = KernelShelf(tmp_path), KernelShelf(tmp_path)
    assert first.names() == second.names() == []
    first.save(Kernel([[1]], name="edge"))
    second.save(Kernel([[2]], name="edge"))
    assert first.load("edge").weights == 2 and len(list(tmp_path.iterdir())) == 1
    second.save(Kernel([[3]], name="other"))
    assert first.names() == ["edge", "other"]
    first.delete("edge")
    assert second.names() == ["other"] and KernelShelf(tmp_path).names() == ["other"]
    with pytest.raises(FileError, match="No own kernel"):
        second.delete("edge")


def test_a_name_that_is_there_twice_is_deleted_wholly(tmp_path):
    for stem in ("a", "b", "c"):
        save_kernel(tmp_path / f"{stem}.json", Kernel([[1]], name="twice"))
    shelf = KernelShelf(tmp_path)
    assert shelf.names() == ["twice"]
    shelf.save(Kernel([[5]], name="twice"))
    assert len(list(tmp_path.iterdir())) == 1 and KernelShelf(tmp_path).load("twice").weights == 5
    save_kernel(tmp_path / "z.json", Kernel([[1]], name="twice"))
    shelf.delete("twice")
    assert not list(tmp_path.iterdir()) and KernelShelf(tmp_path).names() == []


@pytest.mark.parametrize("kind", ["file", "permission"])
def test_a_shelf_that_cannot_be_read_is_a_problem_and_no_exception(tmp_path, monkeypatch, kind):
    folder = tmp_path / "kernels"
    if kind == "file":
        folder.write_text("not a folder")
    else:

        def refuse(*_):
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr("os.scandir", refuse)
    shelf = KernelShelf(folder)
    assert shelf.names() == []
    monkeypatch.undo()
    assert len(shelf.problems) == 1 if kind == "file" else True
