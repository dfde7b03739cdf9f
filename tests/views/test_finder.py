"""The action finder: words find actions, those whose name says it first; Enter runs what can be run."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from convgui.views.finder import Finder


@pytest.fixture
def finder(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    found = Finder(parent)
    found.run = []
    actions = []
    for name, tip, enabled in (
        ("Appearance as the &system", "Follow the system's light or dark", True),
        ("Dar&k appearance", "Always dark", True),
        ("&Undo paint", "Take back", False),
        ("Export &picture…", "Write the activation", True),
    ):
        action = QAction(name, parent)
        action.setToolTip(tip)
        action.setEnabled(enabled)
        action.triggered.connect(lambda _=False, name=name: found.run.append(name))
        actions.append(action)
    found.open(actions, QPoint(300, 100))
    yield found
    found.close()


def names(finder):
    rows = [finder.list.itemWidget(finder.list.item(k)) for k in range(finder.list.count())]
    return [row.findChild(QLabel).text() for row in rows if row is not None]


def test_everything_is_offered_at_first(finder):
    assert len(names(finder)) == 4 and finder.field.hasFocus()


def test_a_name_counts_more_than_an_explanation(finder):
    QTest.keyClicks(finder.field, "dark")
    assert names(finder) == ["Dark appearance", "Appearance as the system"]
    QTest.keyClick(finder.field, Qt.Key.Key_Return)
    assert finder.run == ["Dar&k appearance"] and not finder.isVisible()


def test_arrow_keys_choose(finder):
    QTest.keyClick(finder.field, Qt.Key.Key_Down)
    QTest.keyClick(finder.field, Qt.Key.Key_Return)
    assert finder.run == ["Dar&k appearance"]


def test_what_cannot_be_done_now_is_not_done(finder):
    QTest.keyClicks(finder.field, "undo")
    QTest.keyClick(finder.field, Qt.Key.Key_Return)
    assert finder.run == [] and finder.isVisible()


def test_nothing_found_is_said(finder):
    QTest.keyClicks(finder.field, "zebra")
    assert "zebra" in finder.list.item(0).text()
    QTest.keyClick(finder.field, Qt.Key.Key_Return)
    assert finder.run == []
