"""The dialog of a run: what does not apply is grey, what is chosen is told, and what would be done is said."""

import pytest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit

from convgui.views.take.run_dialog import RunDialog, RunPlan
from convgui.views.take.run_form import RunChoice

FORMATS = (("png", "PNG"), ("npy", "NumPy"))


@pytest.fixture
def dialog(show):
    choice = RunChoice(processes=3, format="npy", folder="/somewhere/maps", suggested=True)
    return show(RunDialog("<b>Box</b> on each", FORMATS, choice, 4), 540, 430)


def place(dialog, name):
    dialog.findChild(QAbstractButton, f"run_place_{name}").click()


def test_it_begins_with_what_is_given(dialog):
    assert dialog.form.choice() == RunChoice(processes=3, format="npy", folder="/somewhere/maps", suggested=True)


@pytest.mark.parametrize(
    ("name", "scheduler", "processes", "send"),
    [("here", False, True, False), ("local", False, True, True), ("elsewhere", True, False, True)],
)
def test_what_does_not_apply_is_grey(dialog, name, scheduler, processes, send):
    place(dialog, name)
    form = dialog.form
    assert (form.scheduler.isEnabled(), form.pick.isEnabled()) == (scheduler, scheduler)
    assert (form.processes.isEnabled(), form.send.isEnabled()) == (processes, send)
    assert form.choice().place == name


def test_each_choice_is_told_and_nothing_can_begin_before_it_is_explained(dialog, heard):
    altered = heard(dialog.altered)
    dialog.set_plan(RunPlan("Two files.", "", True, "Run on 2 files"))
    assert dialog.run.isEnabled() and dialog.run.text() == "Run on 2 files"
    place(dialog, "elsewhere")
    assert not dialog.run.isEnabled()
    dialog.form.scheduler.setText(" tcp://host:8786 ")
    dialog.form.send.click()
    dialog.form.format.setCurrentIndex(0)
    dialog.form.folder.setText("/elsewhere")
    assert altered[-1] == (RunChoice("elsewhere", "tcp://host:8786", 3, True, "png", "/elsewhere", False),)


def test_a_suggested_folder_gives_way_and_one_of_the_users_does_not(dialog):
    dialog.set_plan(RunPlan("", "", True, "Run", "/somewhere/maps-2"))
    assert dialog.form.choice().folder == "/somewhere/maps-2"
    dialog.form.folder.setText("/mine")
    dialog.set_plan(RunPlan("", "", True, "Run", "/somewhere/maps-3"))
    assert dialog.form.choice().folder == "/mine"


def test_a_number_of_processes_that_cannot_be_is_not_taken(dialog, heard):
    accepted = heard(dialog.accepted)
    dialog.set_plan(RunPlan("", "", True, "Run"))
    dialog.form.processes.setText("9")
    dialog.run.setEnabled(True)
    dialog.run.click()
    assert not accepted and dialog.form.processes.reason()
    dialog.form.processes.setText("2")
    dialog.run.setEnabled(True)
    dialog.run.click()
    assert accepted and dialog.form.choice().processes == 2


def test_pictures_are_asked_for(dialog, heard):
    files, folder = heard(dialog.files_asked), heard(dialog.folder_asked)
    dialog.files.click()
    dialog.folder.click()
    assert (len(files), len(folder)) == (1, 1)
    dialog.set_pictures("2 files in photos", "/a/b.png")
    assert dialog.pictures.whole_text() == "2 files in photos"


def test_nothing_moves_whatever_it_says(dialog):
    dialog.set_plan(RunPlan("", "", True, "Run"))
    before = dialog.size(), dialog.run.y()
    dialog.set_plan(RunPlan("words " * 25, "warning " * 18, True, "Run"))
    assert (dialog.size(), dialog.run.y()) == before


def test_every_field_has_a_name_for_tests_and_one_for_screen_readers(dialog):
    for kind in (QAbstractButton, QLineEdit, QComboBox):
        for widget in dialog.findChildren(kind):
            assert widget.objectName() and (widget.accessibleName() or widget.text()), widget
