"""The present set-up on many files, from the window: by processes, by a cluster, cancelled, and with what goes wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QUrl
from waiting import HANGS

from convgui.batch.job import Job
from convgui.batch.order import Order
from convgui.controllers.recipes import recipe_of
from convgui.controllers.take.run_requests import RunNote
from convgui.views.window.task_line import TaskLine

ROOT = Path(__file__).parents[2]


@pytest.fixture
def photos(tmp_path):
    """Six tiny photos."""
    folder = tmp_path / "photos"
    folder.mkdir()
    for k in range(6):
        pixels = np.random.default_rng(k).integers(0, 256, (30, 40, 3), np.uint8)
        Image.fromarray(pixels).save(folder / f"{k}.png")
    return folder


@pytest.fixture
def film(user, photos):
    """The user with the photos in the film strip, and Sobel x."""
    user.program.source.open_paths([str(photos)])
    user.settle()
    return user


@pytest.fixture
def browser(monkeypatch):
    """What would have been opened outside of the window."""
    opened = []

    def open_url(url: QUrl) -> bool:
        opened.append(url.toString())
        return True

    monkeypatch.setattr("convgui.controllers.take.run.QDesktopServices.openUrl", open_url)
    return opened


def asked(user):
    """Open the dialog, and return it once it has said what would be done."""
    user.do("run_many")
    dialog = user.dialog("run_dialog")
    user.until(lambda: not user.program.busy())
    return dialog


def choose(user, dialog, place, folder, form="npy", send=False, scheduler=""):
    """Choose, and wait until the dialog says what that would do."""
    user.press(f"run_place_{place}")
    if place == "elsewhere":
        dialog.form.scheduler.setText(scheduler)
    dialog.form.folder.setText(str(folder))
    dialog.form.format.setCurrentIndex(dialog.form.format.findData(form))
    if send:
        dialog.form.send.click()
    user.until(lambda: not user.program.busy())


def begin(user, dialog):
    assert dialog.run.isEnabled(), dialog.warning.text()
    dialog.run.click()


def run(user, place, folder, **choice):
    """Go through the dialog, and wait for the end."""
    dialog = asked(user)
    choose(user, dialog, place, folder, **choice)
    begin(user, dialog)
    user.settle()


def names(folder):
    return sorted(path.name for path in Path(folder).iterdir() if path.name[0] != ".")


def line(user):
    """Return what the status bar shows of the run."""
    lines = [line for line in user.window.status.findChildren(TaskLine) if line.isVisible() and line.objectName() != "gone"]
    return lines[-1] if lines else None


@pytest.fixture
def applied(film, photos, tmp_path):
    """What the command line makes of the photos with the recipe that the window saves."""
    recipe = tmp_path / "sobel-x.json"
    film.program.commands.save_recipe(str(recipe))
    film.settle()

    def apply(form):
        out = tmp_path / f"applied-{form}"
        words = ["apply", photos, "--recipe", recipe, "--format", form, "--out", out]
        env = {**os.environ, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "convgui", *map(str, words)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=HANGS, check=False, env=env)
        assert done.returncode == 0, done.stderr
        return {name: (out / name).read_bytes() for name in names(out)}

    return apply


@pytest.mark.parametrize("form", ["npy", "png"])
def test_processes_write_what_the_command_line_writes(film, tmp_path, applied, form, browser):
    run(film, "here", tmp_path / "out", form=form)
    assert {name: (tmp_path / "out" / name).read_bytes() for name in names(tmp_path / "out")} == applied(form)
    assert "6 of 6 pictures written" in film.message() and str(tmp_path / "out") in film.message()
    film.press("message_action")
    assert browser == [QUrl.fromLocalFile(str(tmp_path / "out")).toString()]


@pytest.mark.parametrize("send", [False, True])
def test_a_cluster_of_two_writes_the_same(film, tmp_path, applied, send, browser):
    pytest.importorskip("distributed")
    run(film, "local", tmp_path / "out", send=send)
    assert {name: (tmp_path / "out" / name).read_bytes() for name in names(tmp_path / "out")} == applied("npy")
    assert "6 of 6 pictures written" in film.message()
    assert not browser


def test_the_dashboard_is_a_button_while_the_run_goes_on(film, photos, tmp_path, browser):
    pytest.importorskip("distributed")
    for k in range(200):
        os.link(photos / "0.png", photos / f"more{k}.png")
    film.program.source.open_paths([str(photos)])
    film.settle()
    assert not film.window.actions_by_id["open_dashboard"].isEnabled()
    dialog = asked(film)
    assert dialog.run.text() == "Run on 206 files"
    choose(film, dialog, "local", tmp_path / "out")
    begin(film, dialog)
    film.until(lambda: line(film) is not None and line(film).link.isVisible())
    line(film).link.click()
    film.do("open_dashboard")
    assert len(browser) == 2 and browser[0] == browser[1] and browser[0].endswith("/status")
    film.settle()
    assert "206 of 206" in film.message()
    assert not film.window.actions_by_id["open_dashboard"].isEnabled()


@pytest.mark.parametrize("place", ["here", "local"])
def test_cancelled_it_leaves_whole_files_and_another_run_goes_on_from_there(film, photos, tmp_path, place):
    if place == "local":
        pytest.importorskip("distributed")
    for k in range(400):
        os.link(photos / "0.png", photos / f"more{k}.png")
    film.program.source.open_paths([str(photos)])
    film.settle()
    out = tmp_path / "out"
    dialog = asked(film)
    choose(film, dialog, place, out)
    begin(film, dialog)
    film.until(lambda: out.is_dir() and len(names(out)) > 3)
    line(film).cancel.click()
    assert "cancelled" in film.message()
    film.settle()
    left = [path for path in out.iterdir() if path.name != ".convgui-manifest.jsonl"]
    assert 3 < len(left) < 406
    assert all(np.load(path).shape == (30, 40) for path in left)
    run(film, "here", out)
    assert "done by an earlier run" in film.message() and "failed" not in film.message()
    assert len(names(out)) == 406


def test_what_exists_is_kept_and_told(film, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    for k in range(3):
        (out / f"{k}-sobel-x.npy").write_text("mine")
    dialog = asked(film)
    choose(film, dialog, "here", out)
    assert "not empty" in dialog.warning.text()
    begin(film, dialog)
    film.settle()
    assert "3 of 6 pictures written" in film.message() and "3 failed" in film.message()
    assert "0.png: 0-sobel-x.npy exists and is kept." in film.message() and "And 1 more." in film.message()
    assert "--force" not in film.message()
    assert [(out / f"{k}-sobel-x.npy").read_text() for k in range(3)] == ["mine"] * 3
    film.press("message_action")
    page = film.dialog("help_page")
    assert [f"{k}-sobel-x.npy exists" in page.text.toPlainText() for k in range(3)] == [True] * 3
    page.close()


def test_another_recipe_does_not_replace_what_a_former_run_made(film, tmp_path):
    run(film, "here", tmp_path / "out")
    before = {name: (tmp_path / "out" / name).read_bytes() for name in names(tmp_path / "out")}
    film.program.session.update("weights", layers=(film.state.with_conv(bias=(0.5,)).layers))
    film.settle()
    dialog = asked(film)
    dialog.form.folder.setText(str(tmp_path / "out"))
    film.settle()
    assert "earlier run" in dialog.warning.text()
    dialog.reject()
    film.do("undo")
    film.settle()
    run(film, "here", tmp_path / "out")
    assert "0 of 6 pictures written" in film.message() and "6 were done by an earlier run" in film.message()
    assert {name: (tmp_path / "out" / name).read_bytes() for name in before} == before


def test_a_picture_that_cannot_be_read_is_told_and_the_rest_is_done(film, photos, tmp_path):
    (photos / "3.png").write_bytes(b"no picture")
    run(film, "here", tmp_path / "out")
    assert "5 of 6 pictures written" in film.message() and "3.png: is not a picture" in film.message()
    assert len(names(tmp_path / "out")) == 5


def test_a_scheduler_that_is_not_there_is_one_sentence(film, tmp_path):
    pytest.importorskip("distributed")
    run(film, "elsewhere", tmp_path / "out", scheduler="tcp://127.0.0.1:1")
    assert "No scheduler answers at tcp://127.0.0.1:1" in film.message()
    assert not film.program.run.running


def test_without_dask_the_dialog_says_what_to_install(film, tmp_path, monkeypatch):
    monkeypatch.setattr("convgui.controllers.take.run_plan.find_spec", lambda name: None)
    dialog = asked(film)
    assert dialog.run.isEnabled()
    choose(film, dialog, "local", tmp_path / "out")
    assert "pip install 'convgui[cluster]'" in dialog.warning.text() and not dialog.run.isEnabled()
    dialog.reject()


def test_it_says_what_is_missing_before_it_can_begin(film, tmp_path):
    pytest.importorskip("distributed")
    dialog = asked(film)
    choose(film, dialog, "elsewhere", tmp_path / "out")
    assert "tcp://host:8786" in dialog.warning.text() and not dialog.run.isEnabled()
    choose(film, dialog, "elsewhere", tmp_path / "out", scheduler="nowhere.json")
    assert "no scheduler file nowhere.json" in dialog.warning.text() and not dialog.run.isEnabled()
    choose(film, dialog, "here", "")
    assert "folder" in dialog.warning.text() and not dialog.run.isEnabled()
    choose(film, dialog, "here", tmp_path / "photos" / "0.png")
    assert "is no folder" in dialog.warning.text() and not dialog.run.isEnabled()
    dialog.reject()


def test_the_folder_that_is_suggested_is_a_new_one_beside_the_pictures(film, photos):
    dialog = asked(film)
    assert dialog.form.choice().folder == str(photos / "sobel-x")
    assert "0-sobel-x.png and 5 more" in dialog.sentence.text()
    dialog.reject()
    (photos / "sobel-x").mkdir()
    dialog = asked(film)
    assert dialog.form.choice().folder == str(photos / "sobel-x-2")
    dialog.reject()


def test_without_a_strip_it_is_the_picture_that_is_open_or_files_that_are_picked(user, photos, tmp_path):
    dialog = asked(user)
    assert "Choose the pictures first" in dialog.warning.text() and not dialog.run.isEnabled()
    user.program.run._asking.take_folder(str(photos))
    user.settle()
    assert dialog.run.text() == "Run on 6 files" and dialog.run.isEnabled()
    (tmp_path / "empty").mkdir()
    user.program.run._asking.take_folder(str(tmp_path / "empty"))
    user.settle()
    assert "holds no picture" in dialog.warning.text() and not dialog.run.isEnabled()
    dialog.reject()
    user.open(photos / "2.png")
    run(user, "here", tmp_path / "out")
    assert names(tmp_path / "out") == ["2-sobel-x.npy"]
    assert "1 of 1 picture written" in user.message()


def test_a_page_that_is_shown_is_the_one_that_is_run(user, tmp_path):
    pages = [Image.fromarray(np.full((9, 9), 20 * k, np.uint8)) for k in range(3)]
    pages[0].save(tmp_path / "pages.tif", save_all=True, append_images=pages[1:])
    user.program.source.open_path(str(tmp_path / "pages.tif"), page=3)
    user.settle()
    user.program.kernel.pick("box")
    user.settle()
    run(user, "here", tmp_path / "out")
    values = np.load(tmp_path / "out" / names(tmp_path / "out")[0])
    assert values[4, 4] == pytest.approx(40 / 255, rel=1e-5)


def test_one_run_at_a_time_and_no_dashboard_without_one(film, photos, tmp_path):
    for k in range(300):
        os.link(photos / "0.png", photos / f"more{k}.png")
    film.program.source.open_paths([str(photos)])
    film.settle()
    dialog = asked(film)
    choose(film, dialog, "here", tmp_path / "out")
    begin(film, dialog)
    film.do("run_many")
    assert "under way" in film.message()
    film.until(lambda: line(film) is not None)
    line(film).cancel.click()
    film.settle()
    assert not film.program.run.running
    film.program.run.open_dashboard()
    assert "no dashboard" in film.message()


def test_what_was_chosen_is_there_the_next_time(film, tmp_path):
    run(film, "here", tmp_path / "out", form="csv")
    dialog = asked(film)
    assert dialog.form.choice().format == "csv" and dialog.form.choice().place == "here"
    dialog.reject()
    json.dumps(film.program.preferences["run"])


def test_it_is_found_by_the_words_that_people_use(user):
    user.window.open_finder()
    for words in ("cluster", "dask", "scheduler", "many", "batch", "all files"):
        user.window.finder.field.setText(words)
        found = [user.window.finder.list.item(k).text() for k in range(user.window.finder.list.count())]
        assert "Run on many files or a cluster" in found, words
    user.window.finder.close()


def test_versions_that_differ_are_told_at_the_beginning_and_at_the_end(film, tmp_path):
    film.program.run.begin(
        Order(Job.of(recipe_of(film.state), "npy"), film.program.film.film.paths, str(tmp_path / "out"), "sobel-x")
    )
    film.program.run._take(film.program.run._run, RunNote("versions differ: a worker has NumPy 1 (here 2).", differs=True))
    assert film.message() == "Versions differ: a worker has NumPy 1 (here 2)."
    film.settle()
    assert "6 of 6 pictures written" in film.message() and "Versions differ: a worker has" in film.message()


@pytest.mark.parametrize("place", ["here", "local"])
def test_quitting_ends_a_run_and_leaves_whole_files(start, photos, tmp_path, place):
    if place == "local":
        pytest.importorskip("distributed")
    for k in range(400):
        os.link(photos / "0.png", photos / f"more{k}.png")
    user, out = start(photos), tmp_path / "out"
    dialog = asked(user)
    choose(user, dialog, place, out)
    begin(user, dialog)
    user.until(lambda: out.is_dir() and len(names(out)) > 3)
    user.window.close()
    user.until(lambda: not any(thread.name == "convgui-run" for thread in threading.enumerate()))
    left = [path for path in out.iterdir() if path.name != ".convgui-manifest.jsonl"]
    assert 3 < len(left) < 406
    assert all(np.load(path).shape == (30, 40) for path in left)
