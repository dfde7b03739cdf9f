"""The catalogue: search, families, thumbnails, and what is chosen by mouse and keyboard."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton

from convgui.views.kernel.gallery import Gallery
from convgui.views.kernel.gallery_model import Item

ITEMS = [Item(f"k{n}", f"Kernel {n}", "edges", f"What {n} does.") for n in range(6)]


@pytest.fixture
def gallery(show):
    gallery = Gallery()
    gallery.set_families(["edges", "blur", "mine"], 61)
    gallery.set_items(ITEMS)
    return show(gallery, 296, 420)


def choose(gallery, family):
    gallery.families.setCurrentIndex(gallery.families.findData(family))
    gallery.families.activated.emit(gallery.families.currentIndex())


def at(gallery, row):
    return gallery.list.visualRect(gallery.model.index(row)).center()


def click(gallery, row):
    QTest.mouseClick(gallery.list.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at(gallery, row))


def test_it_shows_each_kernel_with_its_name_and_what_it_does(gallery):
    model = gallery.model
    assert [model.index(row).data() for row in range(model.rowCount())] == [item.label for item in ITEMS]
    assert "What 3 does." in model.index(3).data(Qt.ItemDataRole.ToolTipRole)
    assert model.index(3).data(Qt.ItemDataRole.AccessibleTextRole) == "Kernel 3"


def test_it_says_how_many_there_are_to_search(gallery):
    assert gallery.search.placeholderText() == "Search 61"


def test_a_click_chooses(gallery, heard):
    chosen = heard(gallery.chosen)
    click(gallery, 2)
    assert set(chosen) == {("k2",)}


def test_arrow_keys_choose(gallery, heard):
    gallery.set_chosen("k0")
    gallery.list.setFocus()
    chosen = heard(gallery.chosen)
    QTest.keyClick(gallery.list, Qt.Key.Key_Right)
    assert chosen == [("k1",)]


def test_typing_searches(gallery, heard):
    filtered = heard(gallery.filtered)
    gallery.search.setFocus()
    QTest.keyClicks(gallery.search, "so")
    assert filtered == [("s", "all"), ("so", "all")]


def test_a_family_is_chosen_from_the_list_and_the_search_is_kept(gallery, heard):
    gallery.search.setText("x")
    filtered = heard(gallery.filtered)
    choose(gallery, "blur")
    assert filtered == [("x", "blur")]
    assert gallery.family() == "blur"
    choose(gallery, "all")
    assert gallery.family() == "all"


def test_the_chosen_kernel_is_framed_without_a_signal(gallery, heard, pixels):
    chosen, before = heard(gallery.chosen), pixels(gallery.list.viewport())
    gallery.set_chosen("k4")
    assert gallery.list.currentIndex().data(Qt.ItemDataRole.UserRole) == "k4"
    after = pixels(gallery.list.viewport())
    changed = np.argwhere((before != after).any(axis=2))
    box = gallery.list.visualRect(gallery.model.index(4)).adjusted(-2, -2, 2, 2)
    assert len(changed)
    assert all(box.contains(col, row) for row, col in changed[:: max(len(changed) // 50, 1)].tolist())
    assert chosen == []


@pytest.mark.parametrize("name", ["", "mine:other"])
def test_none_is_framed_if_it_does_not_match(gallery, heard, pixels, name):
    before = pixels(gallery.list.viewport())
    chosen = heard(gallery.chosen)
    gallery.set_chosen("k1")
    gallery.set_chosen(name)
    np.testing.assert_array_equal(pixels(gallery.list.viewport()), before)
    assert chosen == []


def test_a_thumbnail_is_shown_on_its_kernel_alone(gallery, pixels):
    before = pixels(gallery.list.viewport())
    gallery.set_image("k1", np.full((100, 152, 3), (10, 200, 30), np.uint8))
    after = pixels(gallery.list.viewport())
    centre, other = at(gallery, 1), at(gallery, 0)
    assert after[centre.y() - 15, centre.x()].tolist() == [10, 200, 30]
    np.testing.assert_array_equal(after[other.y() - 15, other.x()], before[other.y() - 15, other.x()])


def test_a_thumbnail_is_found_again_after_a_search(gallery, pixels):
    gallery.set_image("k1", np.full((100, 152, 3), (10, 200, 30), np.uint8))
    gallery.set_items(ITEMS[3:])
    gallery.set_items(ITEMS[1:2])
    centre = at(gallery, 0)
    assert pixels(gallery.list.viewport())[centre.y() - 15, centre.x()].tolist() == [10, 200, 30]


@pytest.mark.parametrize("shape", [(6, 6), (1, 152), (152, 20), (20, 152)])
def test_a_thumbnail_of_any_shape_fills_its_place(gallery, pixels, shape):
    gallery.set_image("k0", np.full((*shape, 3), (10, 200, 30), np.uint8))
    seen, centre = pixels(gallery.list.viewport()), at(gallery, 0)
    for x in (-35, 0, 35):
        for y in (-35, -12, 10):
            assert seen[centre.y() + y, centre.x() + x].tolist() == [10, 200, 30]


def test_no_match_is_said(gallery):
    gallery.search.setText("zebra")
    gallery.set_items([])
    assert not gallery.list.isVisible()
    assert gallery.nothing.isVisible()
    assert "zebra" in gallery.nothing.text()
    gallery.set_items(ITEMS)
    assert gallery.list.isVisible()
    assert not gallery.nothing.isVisible()


def test_an_empty_shelf_says_how_to_fill_it(gallery):
    choose(gallery, "mine")
    gallery.set_items([])
    assert gallery.nothing.isVisible()
    assert "No kernel of your own yet" in gallery.nothing.text()


def test_new_families_replace_the_old_ones(gallery, qtbot):
    gallery.set_families(["lines"], 3)
    assert gallery.family() == "all"
    assert gallery.search.placeholderText() == "Search 3"
    assert [gallery.families.itemData(k) for k in range(gallery.families.count())] == ["all", "lines"]


def test_the_search_has_a_button_that_clears_it(gallery, heard):
    gallery.search.setText("blob")
    filtered = heard(gallery.filtered)
    gallery.search.findChild(QAbstractButton).click()
    assert filtered == [("", "all")]
