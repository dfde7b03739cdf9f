"""The files of a run: all names are known before anything is written, and none replaces another or an input."""

from __future__ import annotations

import os

import numpy as np
import pytest
from PIL import Image

from convgui.batch.targets import plan_targets
from convgui.cli import main


def picture(path, colour=True, seed=0):
    path.parent.mkdir(parents=True, exist_ok=True)
    shape = (20, 30, 3) if colour else (20, 30)
    Image.fromarray(np.random.default_rng(seed).integers(0, 256, shape).astype(np.uint8)).save(path)
    return str(path)


def run(*words, out, kernel="box"):
    return main(["apply", *words, "--kernel", kernel, "--out", str(out)])


def results(folder):
    """Return what was written, without what the program keeps for itself."""
    return sorted(path for path in folder.iterdir() if not path.name.startswith("."))


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["a/x.png", "b/x.png"], ["a-x-box.png", "b-x-box.png"]),
        (["a/x.png", "b/x.png", "y.png"], ["a-x-box.png", "b-x-box.png", "y-box.png"]),
        (["a/c/x.png", "b/c/x.png"], ["a-c-x-box.png", "b-c-x-box.png"]),
        (["x.png", "x.jpg"], ["x-png-box.png", "x-jpg-box.png"]),
        (["A.png", "a.png"], ["A-1-box.png", "a-2-box.png"]),
        (["x.png", "x.jpg", "x-png.png"], ["x-png-1-box.png", "x-jpg-box.png", "x-png-box.png"]),
        (["a/x.png", "a/X.jpg", "b/x.png"], ["a-x-png-box.png", "a-X-jpg-box.png", "b-x-box.png"]),
        (["e\u0301.png", "\u00e9.png"], ["e\u0301-1-box.png", "\u00e9-2-box.png"]),
        (["x.tar.png", "x.png"], ["x.tar-box.png", "x-box.png"]),
    ],
)
def test_inputs_of_one_name_are_kept_apart(tmp_path, names, expected):
    planned = plan_targets([str(tmp_path / name) for name in names], "box", tmp_path / "out", ".png")
    assert [path.name for path in planned] == expected


@pytest.mark.parametrize("stem", ["a" * 250, "ü" * 120, "🙂" * 60, "a" * 220])
def test_a_long_name_is_shortened_so_that_it_fits(tmp_path, stem):
    source = picture(tmp_path / f"{stem}.png")
    assert run(source, out=tmp_path / "out", kernel="gaussian") == 0
    assert len(results(tmp_path / "out")) == 1


def test_long_names_that_begin_alike_are_two(tmp_path):
    sources = [picture(tmp_path / f"{'a' * 245}{end}.png", seed=i) for i, end in enumerate("xy")]
    assert run(*sources, out=tmp_path / "out") == 0
    assert len(results(tmp_path / "out")) == 2


def test_two_inputs_of_one_stem_leave_two_results(tmp_path):
    sources = [picture(tmp_path / folder / "x.png", seed=i) for i, folder in enumerate("ab")]
    assert run(*sources, out=tmp_path / "out") == 0
    first, second = (path.read_bytes() for path in results(tmp_path / "out"))
    assert first != second


def test_a_second_run_replaces_none_of_several_maps(tmp_path, capsys):
    source, out = picture(tmp_path / "x.png"), tmp_path / "out"
    assert main(["apply", source, "--kernel", "box", "--colour", "each channel", "--out", str(out)]) == 0
    (out / "x-box-red.png").unlink()
    before = {path.name: path.stat().st_mtime_ns for path in out.iterdir()}
    assert len(before) == 2
    assert main(["apply", source, "--kernel", "sobel-x", "--colour", "each channel", "--out", str(out)]) == 0
    assert main(["apply", source, "--kernel", "box", "--colour", "each channel", "--out", str(out)]) == 1
    assert "--force" in capsys.readouterr().err
    assert {name: (out / name).stat().st_mtime_ns for name in before} == before
    assert not (out / "x-box-red.png").exists()


@pytest.mark.parametrize("form", ["npy", "png16", "tif", "csv"])
def test_nor_files_of_numbers(tmp_path, form):
    source, out = picture(tmp_path / "x.png"), tmp_path / "out"
    words = ["apply", source, "--kernel", "box", "--format", form, "--colour", "each channel", "--out", str(out)]
    assert main(words) == 0
    assert main(words) == 1
    assert main([*words, "--force"]) == 0


@pytest.mark.parametrize("force", [[], ["--force"]])
@pytest.mark.parametrize("link", ["same", "symbolic", "hard"])
def test_an_input_is_never_replaced(tmp_path, capsys, force, link):
    source, other = picture(tmp_path / "x.png", seed=1), picture(tmp_path / "photo.png", seed=2)
    target = tmp_path / "x-box.png"
    if link == "same":
        os.replace(other, target)
        other = str(target)
    elif link == "symbolic":
        target.symlink_to(other)
    else:
        target.hardlink_to(other)
    before = target.read_bytes()
    assert run(source, other, *force, out=tmp_path) == 1
    assert target.read_bytes() == before
    assert "x-box.png" in capsys.readouterr().err


def test_nor_a_kernel_or_recipe(tmp_path):
    source = picture(tmp_path / "x.png")
    kernel = tmp_path / "x-k.csv"
    kernel.write_text("1,2\n3,4")
    (tmp_path / "k.csv").write_text("1,2\n3,4")
    words = ["apply", source, "--kernel", str(kernel), "--format", "csv", "--force", "--out", str(tmp_path)]
    (tmp_path / "x-x-k.csv").symlink_to(kernel)
    assert main(words) == 1
    assert kernel.read_text() == "1,2\n3,4"


def test_a_relative_folder_that_is_the_inputs_own(tmp_path, monkeypatch):
    source = picture(tmp_path / "x.png")
    monkeypatch.chdir(tmp_path)
    before = (tmp_path / "x.png").read_bytes()
    assert run("x.png", out=".") == 0
    assert run("x.png", out=".") == 1
    assert run("./x.png", "--force", out="../" + tmp_path.name) == 0
    assert (tmp_path / "x.png").read_bytes() == before
    assert source


def test_an_input_that_is_given_twice_is_applied_once_and_said(tmp_path, capsys, monkeypatch):
    picture(tmp_path / "x.png")
    monkeypatch.chdir(tmp_path)
    assert run("x.png", "./x.png", out="out") == 0
    assert "twice" in capsys.readouterr().err
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["x-box.png"]


@pytest.mark.parametrize(
    "name", ["a\nb.png", "a\rb.png", "-x.png", "x y.png", "x\x1b[31m.png", "äöü.png", os.fsdecode(b"\xff\xfe.png")]
)
def test_odd_names_are_written_and_told_in_one_line(tmp_path, capsys, name, monkeypatch):
    picture(tmp_path / name)
    (tmp_path / f"bad{name}").write_bytes(b"nothing")
    monkeypatch.chdir(tmp_path)
    assert main(["apply", "--kernel", "box", "--out", "out", "--", name, f"bad{name}"]) == 1
    error = capsys.readouterr().err
    assert len(error.splitlines()) == 1
    assert "\x1b" not in error
    assert len(results(tmp_path / "out")) == 1


def test_the_folder_of_the_results_may_be_no_file(tmp_path, capsys):
    source = picture(tmp_path / "x.png")
    (tmp_path / "taken").write_text("")
    assert run(source, out=tmp_path / "taken") == 2
    assert run(source, out=tmp_path / "taken" / "sub") == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert "expected a folder" in lines[0]


@pytest.mark.parametrize("name", ["n" * 5000, "n" * 300 + ".png", "a\0b.png", "", "gone.png"])
def test_a_name_that_cannot_be_opened_is_one_line_and_the_rest_go_on(tmp_path, capsys, name):
    source = picture(tmp_path / "x.png")
    assert run(str(tmp_path / name) if name else name, source, out=tmp_path / "out") == 1
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert len(results(tmp_path / "out")) == 1
