"""What excites a filter: the strongest patches of the photo and of a folder as a sheet, and a click that goes there."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt

from convgui.engine.network import evaluate


@pytest.fixture
def sheet(user):
    user.program.patches._look_in("photo")
    user.window.docks["patches"].bring()
    user.settle()
    yield user
    user.program.patches._look_in("photo")


def item(user, row, role=Qt.ItemDataRole.DisplayRole):
    model = user.window.patches.model
    return model.data(model.index(row), role)


def click(user, row):
    view = user.window.patches.list
    box = view.visualRect(user.window.patches.model.index(row))
    user.click(view.viewport(), box.center().x(), box.center().y())
    user.settle()


def values(user):
    count = user.window.patches.model.rowCount()
    return [float(item(user, row).replace("−", "-")) for row in range(count)]


def test_the_sheet_shows_the_strongest_first_and_a_click_pins_the_cell(sheet):
    shown = values(sheet)
    whole = evaluate(sheet.state.chain)[0]
    assert len(shown) == 24 and shown == sorted(shown, reverse=True)
    assert shown[0] == pytest.approx(float(whole.max()), rel=1e-3)
    click(sheet, 0)
    assert sheet.program.probe.pinned
    assert whole[sheet.program.probe.cell] == whole.max()
    click(sheet, 3)
    assert whole[sheet.program.probe.cell] == pytest.approx(shown[3], rel=1e-3)


def test_zoomed_in_a_click_brings_the_place_into_sight(sheet):
    sheet.do("zoom_one")
    click(sheet, 1)
    row, col = sheet.program.probe.cell
    view = sheet.program.context.viewport
    assert (view.x, view.y) == pytest.approx((col + 0.5, row + 0.5), abs=1)


def test_it_follows_the_kernel_and_the_map(sheet):
    before = values(sheet)
    sheet.do("kernel_negate")
    sheet.settle()
    assert values(sheet) != before
    assert values(sheet)[0] == pytest.approx(float(evaluate(sheet.state.chain)[0].max()), rel=1e-3)


def test_p_net_finds_the_face_first(user):
    user.sample("p-net")
    user.window.docks["patches"].bring()
    user.settle()
    click(user, 0)
    assert user.program.probe.cell == (4, 10)
    assert "map 1" in user.window.patches.detail.whole_text()
    user.window.patches.list.grab()


@pytest.fixture
def folder(tmp_path):
    """Three photos of noise, the second of which has one bright edge."""
    random = np.random.default_rng(0)
    for number in range(3):
        array = random.integers(100, 110, (80, 90, 3), np.uint8)
        if number == 1:
            array[30:50, 40:] = 255
            array[30:50, :40] = 0
        Image.fromarray(array).save(tmp_path / f"{number}.png")
    (tmp_path / "3.png").write_bytes(b"no picture")
    return tmp_path


def test_over_all_files_and_a_click_opens_the_file(sheet, folder):
    sheet.program.source.open_paths([str(folder / f"{n}.png") for n in range(4)])
    sheet.settle()
    assert sheet.state.source.path.endswith("0.png")
    sheet.window.docks["patches"].bring()
    sheet.press("patches_of_files")
    sheet.settle()
    assert "of 3 files" in sheet.window.patches.detail.whole_text()
    assert "1.png" in item(sheet, 0, Qt.ItemDataRole.ToolTipRole)
    sheet_before = values(sheet)
    click(sheet, 0)
    assert sheet.state.source.path.endswith("1.png")
    whole = evaluate(sheet.state.chain)[0]
    assert sheet.program.probe.pinned and whole[sheet.program.probe.cell] == whole.max()
    assert values(sheet) == sheet_before  # the sheet is of all files, whichever is shown


def test_all_files_can_be_stopped(sheet, folder):
    sheet.program.source.open_paths([str(folder / f"{n}.png") for n in range(3)])
    sheet.settle()
    sheet.window.docks["patches"].bring()
    sheet.press("patches_of_files")
    sheet.until(lambda: "patches of files" in sheet.window.status.tasks or not sheet.program.busy())
    sheet.window.status.cancelled.emit("patches of files")
    sheet.settle()
    assert "patches of files" not in sheet.window.status.tasks


def test_without_files_it_says_how_to_get_some(sheet):
    sheet.press("patches_of_files")
    assert "Open several files" in sheet.message()
    assert sheet.window.patches.where.value() == "photo"


def test_a_map_that_is_flat_has_none(sheet):
    sheet.do("kernel_clear")
    sheet.settle()
    assert sheet.window.patches.model.rowCount() == 0 and sheet.window.patches.hint.isVisible()
    sheet.do("undo")


def test_closed_it_looks_for_nothing(user):
    user.window.docks["patches"].hide()
    user.settle()
    user.do("kernel_negate")
    assert not user.program.patches._rest.isActive()
