"""Many pictures by `convgui apply`: folders and patterns, processes, names, resuming, measures, and what goes wrong."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from waiting import HANGS

import convgui
from convgui.cli import main
from convgui.engine.kernels.catalogue import make
from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.conv import Conv
from convgui.io.recipe import Recipe, save_recipe


def picture(path, seed=0, size=(24, 16)):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.random.default_rng(seed).integers(0, 256, size, np.uint8)).save(path)
    return path


@pytest.fixture
def photos(tmp_path):
    """A folder of nine pictures, one of them in a folder in it, one hidden, and a text that is none."""
    folder = tmp_path / "photos"
    for k in range(1, 8):
        picture(folder / f"{k}.png", k)
    picture(folder / "more" / "8.png", 8)
    picture(folder / ".hidden" / "9.png", 9)
    (folder / "notes.md").write_text("no picture")
    return folder


def apply(*words, kernel="sobel-x", form="npy"):
    try:
        return main(["apply", *map(str, words), "--kernel", kernel, "--format", form])
    except SystemExit as stop:
        return stop.code


def results(folder):
    return sorted(
        str(path.relative_to(folder)) for path in Path(folder).rglob("*") if path.is_file() and path.name[0] != "."
    )


def rows(path):
    with open(path, newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_folder_gives_the_same_bits_however_many_processes_work(photos, tmp_path, jobs):
    assert apply(photos, "--out", tmp_path / "out", "--jobs", jobs) == 0
    assert results(tmp_path / "out") == [f"{k}-sobel-x.npy" for k in range(1, 8)]
    for k in range(1, 8):
        image = np.asarray(Image.open(photos / f"{k}.png"))
        expected = convgui.conv2d(image / 255, convgui.kernel("sobel-x"), padding="same")
        np.testing.assert_allclose(np.load(tmp_path / "out" / f"{k}-sobel-x.npy"), expected, atol=1e-5)


def test_folders_in_folders_on_demand_and_never_the_results(photos, tmp_path):
    out = photos / "out"
    assert apply(photos, "--recursive", "--out", out, form="png") == 0
    assert len(results(out)) == 8
    assert apply(photos, "--recursive", "--out", out, "--force", form="png") == 0
    assert len(results(out)) == 8


def test_a_pattern_that_no_shell_resolved(photos, tmp_path, capsys):
    assert apply(photos / "[1-3].png", photos / "**" / "8.*", "--out", tmp_path / "out") == 0
    assert [name[0] for name in results(tmp_path / "out")] == ["1", "2", "3", "8"]
    assert apply(photos / "*.jpg", "--out", tmp_path / "out") == 2
    assert "no file fits the pattern" in capsys.readouterr().err


def test_a_file_whose_name_looks_like_a_pattern(tmp_path):
    picture(tmp_path / "a[1].png")
    assert apply(tmp_path / "a[1].png", "--out", tmp_path / "out") == 0
    assert results(tmp_path / "out") == ["a[1]-sobel-x.npy"]


def test_a_folder_without_pictures_says_how_to_go_on(photos, tmp_path, capsys):
    (tmp_path / "empty").mkdir()
    assert apply(tmp_path / "empty", "--out", tmp_path / "out") == 2
    for path in photos.glob("*.png"):
        path.unlink()
    assert apply(photos, "--out", tmp_path / "out") == 2
    first, second = capsys.readouterr().err.splitlines()
    assert "holds no picture" in first and "--recursive" not in first
    assert "--recursive" in second


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{folder}/{stem}", ["more/8.npy", "photos/1.npy"]),
        ("{number}", ["1.npy", "2.npy"]),
        ("{stem}.{ending}", ["1.png.npy", "8.png.npy"]),
        ("map", ["map-1.npy", "map-2.npy"]),
        ("{recipe}-of-{stem}", ["sobel-x-of-1.npy", "sobel-x-of-8.npy"]),
    ],
)
def test_names_by_a_template(photos, tmp_path, template, expected):
    words = [photos / "1.png", photos / "more" / "8.png", "--name", template, "--out", tmp_path / "out"]
    assert apply(*words) == 0
    assert results(tmp_path / "out") == expected


@pytest.mark.parametrize(
    "template", ["{what}", "../{stem}", "/tmp/{stem}", "{stem", "", "a/", "{stem!r}", "{stem:>9}", "c:{stem}"]
)
def test_a_template_without_meaning_is_refused_before_anything_is_written(photos, tmp_path, template, capsys):
    assert apply(photos, "--name", template, "--out", tmp_path / "out") == 2
    assert "template" in capsys.readouterr().err
    assert not (tmp_path / "out").exists() or results(tmp_path / "out") == []


def test_no_name_is_that_of_a_map_of_another_picture(tmp_path):
    """`x.png` becomes x-red.png, x-green.png and x-blue.png, and a picture may be called x-red.png."""
    colours = np.random.default_rng(0).integers(0, 256, (9, 9, 3), np.uint8)
    Image.fromarray(colours).save(tmp_path / "x.png")
    Image.fromarray(colours).save(tmp_path / "x-red.png")
    words = [tmp_path / "x.png", tmp_path / "x-red.png", "--name", "{stem}", "--colour", "each channel"]
    assert apply(*words, "--out", tmp_path / "out", form="png") == 0
    assert len(results(tmp_path / "out")) == 6


def stamps(out):
    return {name: (Path(out) / name).stat().st_mtime_ns for name in results(out)}


def changed(before, after):
    return sorted(name for name in after if after[name] != before.get(name))


def test_a_resumed_run_does_what_is_missing_or_has_changed(photos, tmp_path, capsys):
    out = tmp_path / "out"
    assert apply(photos, "--out", out) == 0
    before = stamps(out)
    assert apply(photos, "--out", out, "--resume") == 0
    assert stamps(out) == before
    assert "7 of 7 were done already" in capsys.readouterr().err
    picture(photos / "2.png", 99)
    (out / "5-sobel-x.npy").unlink()
    os.utime(photos / "3.png")  # touched, but not changed
    assert apply(photos, "--out", out, "--resume") == 0
    assert changed(before, stamps(out)) == ["2-sobel-x.npy", "5-sobel-x.npy"]


def test_a_resumed_run_keeps_what_somebody_has_changed(photos, tmp_path, capsys):
    out = tmp_path / "out"
    assert apply(photos, "--out", out) == 0
    (out / "4-sobel-x.npy").write_bytes(b"mine")
    assert apply(photos, "--out", out, "--resume") == 1
    assert "4-sobel-x.npy exists; use --force" in capsys.readouterr().err
    assert (out / "4-sobel-x.npy").read_bytes() == b"mine"


def test_another_recipe_or_format_is_done_anew(photos, tmp_path):
    out = tmp_path / "out"
    assert apply(photos, "--out", out, "--name", "{stem}") == 0
    first = (out / "1.npy").read_bytes()
    assert apply(photos, "--out", out, "--name", "{stem}", "--resume", kernel="box") == 0
    assert (out / "1.npy").read_bytes() != first
    assert apply(photos, "--out", out, "--name", "{stem}", "--resume", kernel="box", form="tif") == 0
    assert len(results(out)) == 14


def test_results_that_were_copied_elsewhere_are_known_there(photos, tmp_path, capsys):
    assert apply(photos, "--out", tmp_path / "out") == 0
    shutil.copytree(tmp_path / "out", tmp_path / "copy", copy_function=shutil.copyfile)
    assert apply(photos, "--out", tmp_path / "copy", "--resume") == 0
    assert "7 of 7" in capsys.readouterr().err


@pytest.mark.parametrize("damage", [b"", b"{", b"\xff\xfe\n[]\n", b'{"input": 3}\n', b"null\n" * 3])
def test_a_damaged_manifest_costs_work_and_nothing_else(photos, tmp_path, damage):
    out = tmp_path / "out"
    assert apply(photos, "--out", out) == 0
    manifest = out / ".convgui-manifest.jsonl"
    lines = manifest.read_bytes().splitlines(keepends=True)
    manifest.write_bytes(b"".join(lines[:5]) + damage)
    before = stamps(out)
    assert apply(photos, "--out", out, "--resume", "--force") == 0
    assert len(changed(before, stamps(out))) == 2
    before = stamps(out)
    assert apply(photos, "--out", out, "--resume") == 0
    assert stamps(out) == before


@pytest.mark.parametrize("jobs", [1, 2])
def test_measures_are_a_table_in_the_order_of_the_pictures(photos, tmp_path, jobs):
    table = tmp_path / "table.csv"
    words = ["--measure", table, "--threshold", "0.5", "--jobs", jobs]
    assert apply(photos, *words, "--out", tmp_path / "out") == 0
    found = rows(table)
    assert [Path(row["file"]).name for row in found] == [f"{k}.png" for k in range(1, 8)]
    for row in found:
        values = np.load(tmp_path / "out" / f"{Path(row['file']).stem}-sobel-x.npy").astype(float)
        assert abs(float(row["strongest"])) == pytest.approx(abs(values).max(), rel=1e-7)
        assert values[int(row["row"]), int(row["col"])] == pytest.approx(float(row["strongest"]), rel=1e-7)
        measured = [float(row[name]) for name in ("mean", "deviation", "energy", "share")]
        assert measured == pytest.approx([values.mean(), values.std(), (values**2).mean(), (values > 0.5).mean()], rel=1e-6)


def test_measures_alone_write_no_picture(photos, tmp_path):
    table = tmp_path / "table.csv"
    assert apply(photos, "--measure", table) == 0
    assert len(rows(table)) == 7
    assert sorted(path.name for path in tmp_path.iterdir()) == ["photos", "table.csv"]


def test_a_resumed_run_has_the_measures_of_all(photos, tmp_path):
    first, second, other = (tmp_path / name for name in ("first.csv", "second.csv", "other.csv"))
    assert apply(photos, "--measure", first, "--out", tmp_path / "out") == 0
    assert apply(photos, "--measure", second, "--out", tmp_path / "out", "--resume") == 0
    assert second.read_text() == first.read_text()
    assert apply(photos, "--measure", other, "--threshold", "1", "--out", tmp_path / "out", "--resume") == 0
    assert [row["share"] for row in rows(other)] != [row["share"] for row in rows(first)]


def test_each_of_several_maps_has_a_row(tmp_path):
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (9, 9, 3), np.uint8)).save(tmp_path / "x.png")
    assert apply(tmp_path / "x.png", "--colour", "each channel", "--measure", tmp_path / "t.csv") == 0
    assert [row["map"] for row in rows(tmp_path / "t.csv")] == ["red", "green", "blue"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "--out DIR"),
        (["--resume", "--measure", "t.csv"], "--out DIR"),
        (["--measure", "t.xls"], ".csv or .parquet"),
        (["--measure", "nowhere/t.csv"], "folder does not exist"),
        (["--measure", "t.csv", "--jobs", "0"], "number of processes"),
        (["--measure", "t.csv", "--jobs", "many"], "number of processes"),
        (["--measure", "t.csv", "--threshold", "high"], "high"),
    ],
)
def test_what_has_no_meaning_is_refused_in_one_line(photos, tmp_path, monkeypatch, capsys, words, said):
    monkeypatch.chdir(tmp_path)
    assert apply(photos, *words) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert said in lines[0]


def test_parquet_where_pyarrow_is_there(photos, tmp_path, capsys):
    status = apply(photos, "--measure", tmp_path / "t.parquet")
    try:
        from pyarrow import parquet
    except ImportError:
        assert status == 2
        assert "pip install pyarrow" in capsys.readouterr().err
        return
    assert status == 0
    assert parquet.read_table(tmp_path / "t.parquet").num_rows == 7


def test_what_cannot_be_read_in_between_is_a_line_each_and_the_rest_is_done(photos, tmp_path, capsys):
    (photos / "2.png").write_bytes(b"no picture")
    (photos / "5.png").write_bytes((photos / "5.png").read_bytes()[:60])
    (photos / "6.png").write_bytes(b"")
    assert apply(photos, "--out", tmp_path / "out", "--jobs", "2") == 1
    *lines, _ = capsys.readouterr().err.splitlines()  # the last one is about the recipe
    assert sorted(line.split(": ")[1] for line in lines) == ["2.png", "5.png", "6.png"]
    assert [name[0] for name in results(tmp_path / "out")] == ["1", "3", "4", "7"]
    picture(photos / "2.png", 2)
    assert apply(photos, "--out", tmp_path / "out", "--resume") == 1
    assert [name[0] for name in results(tmp_path / "out")] == ["1", "2", "3", "4", "7"]


KILLED = """
import os, signal, sys
if "--multiprocessing-fork" in sys.orig_argv:  # in a process of the pool: one picture is more than it can bear
    def look(event, arguments):
        if event == "open" and str(arguments[0]).endswith("4.png"):
            os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(look)
"""


@pytest.mark.parametrize("form", ["npy", "csv"])
@pytest.mark.parametrize("jobs", [1, 2])
def test_results_that_have_no_place_for_the_recipe_are_told_in_one_line(photos, tmp_path, capsys, form, jobs):
    assert apply(photos, "--out", tmp_path / "out", "--jobs", jobs, form=form) == 0
    (line,) = capsys.readouterr().err.splitlines()
    assert line == f"convgui apply: the results of 7 inputs do not carry the recipe: {form.upper()} has no place for it."


def test_results_with_no_room_for_a_large_recipe_are_told_and_others_say_nothing(photos, tmp_path, capsys):
    random = np.random.default_rng(0)
    layers = tuple(Conv(Kernel(random.normal(size=(63, 63)), "large")) for _ in range(4))
    save_recipe(tmp_path / "large.json", Recipe(layers))
    words = ["apply", str(photos / "1.png"), "--recipe", str(tmp_path / "large.json"), "--out"]
    assert main([*words, str(tmp_path / "out"), "--format", "jpg"]) == 0
    assert "the result does not carry the recipe: JPG has no room for one of this size" in capsys.readouterr().err
    for form in ("png", "tif", "webp", "npz", "png16"):
        assert main([*words, str(tmp_path / form), "--format", form]) == 0
        assert capsys.readouterr().err == ""
        (path,) = (tmp_path / form).glob("1-*")
        assert np.array_equal(convgui.load_recipe(path).layers[3].kernel.weights, layers[3].kernel.weights)


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_a_picture_that_kills_its_process_is_told_and_the_rest_is_done(photos, tmp_path):
    (tmp_path / "hook").mkdir()
    (tmp_path / "hook" / "sitecustomize.py").write_text(KILLED)
    found = os.pathsep.join(filter(None, (str(tmp_path / "hook"), os.environ.get("PYTHONPATH"))))
    words = ["apply", str(photos), "--kernel", "box", "--jobs", "2"]
    words += ["--out", str(tmp_path / "out"), "--measure", str(tmp_path / "t.csv")]
    done = subprocess.run(
        [sys.executable, "-m", "convgui", *words],
        stderr=subprocess.PIPE,
        text=True,
        timeout=HANGS,
        check=False,
        env={**os.environ, "PYTHONPATH": found},
    )
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert "4.png" in done.stderr and "ended" in done.stderr
    assert [name[0] for name in results(tmp_path / "out")] == ["1", "2", "3", "5", "6", "7"]
    assert len(rows(tmp_path / "t.csv")) == 6


def test_two_thousand_tiny_files(tmp_path):
    """Nothing grows with the square of their number; memory that the program takes is not the files' sum."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    first = picture(folder / "0.png", 0, (4, 4))
    for k in range(1, 2000):
        os.link(first, folder / f"{k}.png")
    words = [sys.executable, "-m", "convgui", "apply", str(folder), "--kernel", "box", "--measure", str(tmp_path / "t.csv")]
    subprocess.run([*words, "--format", "npy", "--out", str(tmp_path / "out")], check=True, timeout=HANGS)
    assert len(results(tmp_path / "out")) == 2000
    assert [Path(row["file"]).stem for row in rows(tmp_path / "t.csv")] == [str(k) for k in range(2000)]


SCRIPT = """
from pathlib import Path
from convgui.batch.job import Job, Task
from convgui.batch.pool import outcomes
from convgui.io.carrying import load_recipe
from convgui.io.recipe import text_of

print("begun")  # a script that does not ask whether it is the main one
job = Job(text_of(load_recipe({recipe!r})), "none", threshold=0.0)
tasks = [Task(k, path, Path(path), Path(".")) for k, path in enumerate({paths!r})]
print(sum(bool(outcome.entry) for outcome in outcomes(job, tasks, jobs=2)))
"""


def test_a_script_is_not_run_again_by_the_processes(photos, tmp_path):
    assert apply(photos / "1.png", "--out", tmp_path / "out", form="png") == 0
    script = tmp_path / "script.py"
    paths = [str(path) for path in sorted(photos.glob("*.png"))]
    script.write_text(SCRIPT.format(recipe=str(tmp_path / "out" / "1-sobel-x.png"), paths=paths))
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=HANGS, check=True)
    assert done.stdout.split() == ["begun", "7"]


def test_a_tiny_picture_has_the_same_bits_whatever_process_makes_it(tmp_path, compiled):
    pixels = np.random.default_rng(2).integers(0, 256, (40, 50, 3), np.uint8)
    Image.fromarray(pixels).save(tmp_path / "a.png")
    command = [
        sys.executable,
        "-m",
        "convgui",
        "apply",
        "a.png",
        "--kernel",
        "gaussian",
        "--format",
        "npy",
        "--out",
        "alone",
    ]
    subprocess.run(
        command, cwd=tmp_path, check=True, timeout=HANGS, env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    )
    recipe = Recipe((Conv(make("gaussian")),))
    np.testing.assert_array_equal(np.load(tmp_path / "alone" / "a-gaussian.npy"), recipe.apply(pixels))
