"""The program tells when all is quiet: then the refined map is on the screen, and nothing comes after it by itself."""

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from convgui.engine.network import evaluate


@pytest.fixture
def told(user):
    """What the window shows each time that all is quiet."""
    told = []

    def look():
        told.append((user.program.busy(), user.window.pair.map.picture(), user.program.compute.known))

    user.program.idle.connect(look)
    yield told
    user.program.idle.disconnect(look)


def test_an_edit_makes_it_busy_and_idle_is_told_once(user, told):
    assert not user.program.busy()
    user.do("kernel_negate")
    assert user.program.busy()
    user.settle()
    assert [busy for busy, _, _ in told] == [False]


def test_when_it_is_told_the_whole_truth_is_on_the_screen(user, told):
    user.program.kernel.pick("laplacian-4")
    user.settle()
    (_, picture, known), whole = told[-1], evaluate(user.state.looked_at)[0]
    assert known is not None and (known.low, known.high) == (whole.min(), whole.max())
    assert user.window.pair.map.picture() is picture


def test_after_it_was_told_nothing_changes_by_itself(user, told, photo):
    user.open(photo)
    before = user.window.grab().toImage()
    count = len(told)
    for _ in range(50):
        QApplication.processEvents()
    assert len(told) == count
    assert user.window.grab().toImage() == before


def test_the_pictures_of_the_catalogue_have_come_before(user, told, photo):
    before = user.window.gallery.grab().toImage()
    user.open(photo)
    assert user.window.gallery.grab().toImage() != before


def test_an_edit_while_it_is_busy_leads_to_one_quiet_and_to_its_own_result(user, told):
    for sigma in (1.0, 2.0, 3.0):
        user.program.kernel.pick("gaussian")
        user.window.kernel_card.parameters.changed.emit("sigma", sigma, 1)
        QApplication.processEvents()
    user.settle()
    user.do("zoom_one")
    user.settle()
    picture, whole = user.window.pair.map.picture(), evaluate(user.state.looked_at)[0]
    left, top = (round(at) for at in picture.rect[:2])
    rows, cols = picture.values.shape
    assert np.array_equal(picture.values, whole[top : top + rows, left : left + cols])


def test_what_cannot_be_computed_is_quiet_as_well(user, told):
    user.sample("article-1d")
    user.press("padding_valid")
    user.program.session.replace("test", user.state.with_conv(dilation=(1, 9)))
    user.settle()
    assert user.window.pair.map.hint()
    assert not user.program.busy()
