"""The film strip: many files with one set-up, stepped through, sorted by what is in their maps, measured and taken away."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from convgui.controllers.files import measuring
from convgui.engine.looking.measures import measures_of
from convgui.engine.network import evaluate
from convgui.views.kit.thumb_delegate import INSTEAD


@pytest.fixture
def folder(tmp_path):
    """Five photos of one size; the third has by far the strongest edge, the last is no picture."""
    folder = tmp_path / "parts"
    folder.mkdir()
    random = np.random.default_rng(0)
    for k in range(1, 6):
        array = random.integers(0, 40, (40, 60, 3)).astype(np.uint8)
        array[:, 30:] += np.uint8(200 if k == 3 else 10 * k)
        Image.fromarray(array).save(folder / f"part{k}.png")
        os.utime(folder / f"part{k}.png", (1e9 - k, 1e9 - k))
    (folder / "part6.png").write_bytes(b"no picture")
    return folder


@pytest.fixture
def film(user, folder):
    """The user with the folder open."""
    user.program.source.open_paths([str(folder)])
    user.settle()
    return user


def names(user):
    model = user.window.film.model
    return [Path(model.path_at(row)).stem for row in range(model.rowCount())]


def measured(user):
    """Wait until all files have been measured."""
    user.until(lambda: not user.program.film.film.missing() and not user.program.runner.busy("film measures"))
    user.settle()


def pictures(user):
    """Return the thumbnails that are there, by their files."""
    model = user.window.film.model
    found = {model.path_at(row): model.index(row).data(Qt.ItemDataRole.DecorationRole) for row in range(model.rowCount())}
    return {Path(path).stem: image for path, image in found.items() if image is not None}


def test_arrow_keys_step_through_the_files_with_the_same_set_up(film):
    film.program.kernel.pick("laplacian-8")
    film.settle()
    assert film.state.source.name == "part1.png"
    strip = film.window.film.list
    strip.setFocus()
    for name in ("part2.png", "part3.png"):
        QTest.keyClick(strip, Qt.Key.Key_Right)
        film.settle()
        assert film.state.source.name == name
        assert film.state.kernel.entry == "laplacian-8"
    QTest.keyClick(strip, Qt.Key.Key_Left)
    film.settle()
    assert film.state.source.name == "part2.png"
    assert film.window.film.detail.whole_text().startswith("2 of 6")


def test_actions_step_too_and_stop_at_the_ends(film):
    film.do("film_back")
    film.settle()
    assert film.state.source.name == "part1.png"
    for _ in range(3):
        film.do("film_next")
        film.settle()
    assert film.state.source.name == "part4.png"


def test_going_through_the_files_is_one_step_to_undo(film):
    first = film.state.source
    for _ in range(3):
        film.do("film_next")
        film.settle()
    film.do("undo")
    film.settle()
    assert film.state.source is not None and film.state.source.name != "part4.png"
    film.do("undo")
    film.settle()
    assert film.state.source.name in (first.name, "coffee.webp")


def test_the_next_file_is_there_before_it_is_asked_for(film):
    film.until(lambda: len(film.program.film._ahead) >= 2)
    opened = []
    film.program.context.decoder.open = lambda *a, **k: opened.append(a)
    try:
        film.do("film_next")
        film.settle()
    finally:
        del film.program.context.decoder.open
    assert film.state.source.name == "part2.png" and not opened


def test_a_file_that_cannot_be_opened_says_why_and_leaves_what_is_there(film):
    film.program.film.show(film.program.film.film.paths[5])
    film.settle()
    assert "part6.png" in film.message()
    assert film.state.source.name == "part1.png"


@pytest.mark.parametrize("with_keys", [False, True])
def test_a_file_that_cannot_be_opened_is_stepped_over(user, folder, with_keys):
    (folder / "part2.png").write_bytes(b"")
    user.program.source.open_paths([str(folder)])
    user.settle()
    strip = user.window.film.list
    for shown in ("part1.png", "part3.png"):
        if with_keys:
            strip.setFocus()
            QTest.keyClick(strip, Qt.Key.Key_Right)
        else:
            user.do("film_next")
        user.settle()
        assert user.state.source.name == shown
        assert "part2.png" in user.message() or shown != "part1.png"
    caption, instead = (strip.model().index(1, 0).data(role) for role in (Qt.ItemDataRole.DisplayRole, INSTEAD))
    assert (caption, instead) == ("part2.png", "cannot be opened")


def test_steps_in_a_row_are_all_taken(film):
    for _ in range(3):
        film.do("film_next")
    film.settle()
    assert film.state.source.name == "part4.png"


def test_thumbnails_of_the_input_and_of_the_map(film):
    film.until(lambda: len(pictures(film)) == 5)
    inputs = pictures(film)
    film.program.film.show_of("map")
    measured(film)
    maps = pictures(film)
    assert sorted(maps) == sorted(inputs)
    assert all(maps[name] != inputs[name] for name in maps)


@pytest.mark.parametrize("order", ["strongest", "mean", "deviation", "energy", "share"])
def test_sorted_by_a_measure_the_file_that_has_most_of_it_stands_first(film, folder, order):
    film.program.film.set_threshold(0.5)
    film.program.film.sort(order)
    measured(film)
    values = {}
    for k in range(1, 6):
        film.program.film.show(str(folder / f"part{k}.png"))
        film.settle()
        found = measures_of(evaluate(film.state.looked_at)[film.state.map], 0.5)
        values[f"part{k}"] = abs(getattr(found, order)) if order == "strongest" else getattr(found, order)
    assert names(film) == [*sorted(values, key=values.get, reverse=True), "part6"]
    assert names(film)[0] == "part3" or order == "mean"


def test_sorted_by_date_and_back_by_name(film):
    film.program.film.sort("date")
    assert names(film)[:5] == ["part5", "part4", "part3", "part2", "part1"]
    film.program.film.sort("name")
    assert names(film) == [f"part{k}" for k in range(1, 7)]


def test_measures_are_those_of_the_map_that_is_shown(film, folder):
    film.do("film_measure")
    measured(film)
    for k in range(1, 6):
        path = str(folder / f"part{k}.png")
        film.program.film.show(path)
        film.settle()
        assert film.program.film.film.measured[path] == measures_of(evaluate(film.state.looked_at)[film.state.map], 0.0)


def test_another_kernel_makes_measures_stale(film):
    film.do("film_measure")
    measured(film)
    assert len(film.program.film.film.measured) == 6
    film.program.kernel.pick("box")
    film.settle()
    assert not film.program.film.film.measured


def test_colours_alone_do_not(film):
    film.do("film_measure")
    measured(film)
    film.program.display._set_display("mode", "symmetric", 0)
    film.settle()
    assert len(film.program.film.film.measured) == 6


def test_the_table_shows_all_and_a_click_opens(film):
    film.do("show_measures")
    film.do("film_measure")
    measured(film)
    table = film.window.measures.table
    model = table.model()
    assert model.rowCount() == 6
    assert model.index(2, 0).data() == "part3.png" and model.index(2, 1).data() != "–"
    table.selectRow(3)
    film.settle()
    assert film.state.source.name == "part4.png"
    film.window.measures.table.horizontalHeader().sectionClicked.emit(6)
    film.settle()
    assert names(film)[0] == "part3"


def test_the_table_is_taken_away(film, tmp_path):
    film.do("film_measure")
    measured(film)
    film.program.film.export(str(tmp_path / "t.csv"))
    film.settle()
    with open(tmp_path / "t.csv", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [Path(row["file"]).name for row in rows] == [f"part{k}.png" for k in range(1, 6)]
    for row in rows:
        found = film.program.film.film.measured[row["file"]]
        assert float(row["strongest"]) == pytest.approx(found.strongest, rel=1e-7)


def test_measuring_can_be_stopped_and_what_was_measured_stays(film):
    film.do("film_measure")
    assert film.window.film.measure.text() == "Stop"
    film.do("film_measure")
    film.settle()
    assert film.window.film.measure.text() == "Measure"
    film.do("film_measure")
    measured(film)
    assert len(film.program.film.film.measured) == 6


def test_two_of_one_name_have_their_folders_with_them(user, tmp_path):
    for place in "ab":
        (tmp_path / place).mkdir()
        Image.new("L", (9, 9)).save(tmp_path / place / "x.png")
    user.program.source.open_paths([str(tmp_path / "a"), str(tmp_path / "b")])
    user.settle()
    model = user.window.film.model
    assert [model.index(row).data() for row in range(2)] == [os.path.join("a", "x.png"), os.path.join("b", "x.png")]


def test_without_files_it_says_what_to_do(user):
    user.do("show_film")
    user.settle()
    assert user.window.film.hint.isVisible()
    user.do("film_next")
    assert "folder" in user.message()
    user.do("show_film")


def test_quitting_ends_a_survey(start, folder):
    user = start(folder)
    user.do("film_measure")
    user.window.close()


@pytest.mark.parametrize("shows", ["input", "map"])
def test_looking_at_another_file_makes_nothing_stale(film, shows):
    film.program.film.show_of(shows)
    if shows == "input":  # thumbnails of maps are measured by themselves
        film.do("film_measure")
    measured(film)
    before, small = dict(film.program.film.film.measured), set(pictures(film))
    for _ in range(3):
        film.do("film_next")
        film.settle()
        assert film.program.film.film.measured == before
        assert set(pictures(film)) >= small


def test_what_cannot_be_opened_is_not_counted_as_measured(film):
    film.do("film_measure")
    measured(film)
    assert "5 measured, 1 cannot be opened" in film.window.film.detail.whole_text()


def test_the_files_are_there_again_at_the_next_start(start, folder):
    user = start(folder)
    user.do("film_next")
    user.settle()
    assert user.state.source.name == "part2.png"
    user.window.close()
    again = start()
    again.until(lambda: again.state.source.name == "part2.png" and names(again))
    assert names(again) == [f"part{k}" for k in range(1, 7)]
    again.do("film_next")
    again.settle()
    assert again.state.source.name == "part3.png"


def test_an_open_strip_of_which_nothing_is_measured_costs_an_edit_nothing(film, monkeypatch):
    written = []
    monkeypatch.setattr(measuring, "text_of", written.append)
    for kernel in ("box", "laplacian-8"):
        film.program.kernel.pick(kernel)
        film.settle()
    assert not written
