"""Story 4. Pick: a catalogue with search and families, a thumbnail and a paragraph each, sliders with typed fields."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from convgui.engine.kernels import catalogue as catalog


def names(user):
    model = user.window.gallery.model
    return [model.data(model.index(row), Qt.ItemDataRole.UserRole) for row in range(model.rowCount())]


def test_pick_by_mouse(user):
    view = user.window.gallery.list
    index = user.window.gallery.model.index(user.window.gallery.model.row_of("sobel-y"))
    view.scrollTo(index)
    box = view.visualRect(index)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, box.center())
    user.settle()
    assert user.state.kernel.entry == "sobel-y"
    assert user.window.kernel_card.title.text() == "Sobel y"


def test_pick_by_keyboard(user):
    view = user.window.gallery.list
    view.setFocus()
    before = view.currentIndex().row()
    QTest.keyClick(view, Qt.Key.Key_Right)
    user.settle()
    assert view.currentIndex().row() != before
    assert user.state.kernel.entry == view.currentIndex().data(Qt.ItemDataRole.UserRole)


def test_at_least_45_kernels_each_with_a_thumbnail_and_a_paragraph(user):
    assert len(names(user)) >= 45
    model = user.window.gallery.model
    for row in range(model.rowCount()):
        index = model.index(row)
        assert model.data(index, Qt.ItemDataRole.DecorationRole) is not None
        assert len(model.data(index, Qt.ItemDataRole.ToolTipRole)) > 40


def test_thumbnails_are_of_the_present_picture(user):
    model = user.window.gallery.model
    index = model.index(model.row_of("sobel-x"))
    before = model.data(index, Qt.ItemDataRole.DecorationRole).copy()
    user.sample("brick")
    assert model.data(index, Qt.ItemDataRole.DecorationRole) != before


def test_search_and_families(user):
    gallery = user.window.gallery
    QTest.keyClicks(gallery.search, "gauss")
    assert "gaussian" in names(user)
    assert "sobel-x" not in names(user)
    gallery.search.setText("no such thing")
    assert gallery.nothing.isVisible()
    assert "no such thing" in gallery.nothing.text()
    gallery.search.clear()
    for family in catalog.FAMILIES:
        user.choose("gallery_family", family)
        assert names(user) == [e.id for e in catalog.ENTRIES if e.family == family]


def test_sliders_and_fields_are_live(user):
    user.program.kernel.pick("gaussian")
    user.settle()
    slider = user.find("parameter_sigma_slider")
    slider.setSliderDown(True)
    slider.sliderPressed.emit()
    for place in (10, 20, 30):
        slider.setValue(place)
    slider.setSliderDown(False)
    user.settle()
    sigma = user.state.kernel.parameters["sigma"]
    assert user.find("parameter_sigma").value() == sigma
    assert user.program.session.undo_label == "sigma"
    user.type_into("parameter_sigma", "2.5")
    assert user.state.kernel.parameters["sigma"] == 2.5
    assert user.state.kernel.same_weights(catalog.make("gaussian", **user.state.kernel.parameters))


def test_a_drag_of_a_slider_is_one_step(user):
    user.program.kernel.pick("gaussian")
    before = user.state
    slider = user.find("parameter_sigma_slider")
    slider.setSliderDown(True)
    slider.sliderPressed.emit()
    for place in range(5, 40):
        slider.setValue(place)
    slider.setSliderDown(False)
    user.do("undo")
    assert user.state is before


def test_a_kernel_is_found_by_ctrl_k(user):
    user.window.open_finder()
    QTest.keyClicks(user.window.finder.field, "laplacian")
    QTest.keyClick(user.window.finder.field, Qt.Key.Key_Return)
    user.settle()
    assert user.state.kernel.entry.startswith("laplacian")
