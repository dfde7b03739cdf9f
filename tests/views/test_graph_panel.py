"""The panel of a graph: its tensors in order, the one that is shown, and the search for others."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from convgui.views.files.graph_model import GraphRow
from convgui.views.files.graph_panel import GraphPanel

ROWS = [
    GraphRow("stem", "Conv", "1 × 8 × 20 × 20", 0, (), (), True),
    GraphRow("stem_relu", "Relu", "1 × 8 × 20 × 20", 0, (), (0,), True),
    GraphRow("side", "Conv", "1 × 8 × 20 × 20", 1, (0,), (0,), True),
    GraphRow("sum", "Add", "1 × 8 × 20 × 20", 0, (), (0, 1), False),
]


@pytest.fixture
def panel(qtbot):
    panel = GraphPanel()
    qtbot.addWidget(panel)
    panel.resize(700, 300)
    panel.show()
    panel.set_graph("net.onnx", "by ONNX Runtime · 4 tensors of maps", ROWS)
    return panel


def shown(panel):
    model = panel.table.model()
    return [model.index(row, 1).data() for row in range(model.rowCount())]


def test_without_a_graph_it_says_how_one_is_opened(qtbot):
    panel = GraphPanel()
    qtbot.addWidget(panel)
    panel.show()
    assert panel.hint.isVisible() and not panel.table.isVisible()


def test_tensors_stand_in_the_order_of_the_graph(panel):
    assert shown(panel) == ["stem", "stem_relu", "side", "sum"]
    assert not panel.hint.isVisible()


def test_a_click_and_arrow_keys_choose(panel, qtbot):
    chosen = []
    panel.chosen.connect(chosen.append)
    at = panel.table.visualRect(panel.table.model().index(1, 1)).center()
    QTest.mouseClick(panel.table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    QTest.keyClick(panel.table, Qt.Key.Key_Down)
    assert chosen == ["stem_relu", "side"]


def test_what_is_set_is_marked_and_nobody_is_told(panel):
    chosen = []
    panel.chosen.connect(chosen.append)
    panel.set_chosen("side")
    assert panel.current() == "side"
    panel.set_chosen("gone")
    assert chosen == []


def test_the_search_finds_names_and_operations_and_keeps_what_is_marked(panel):
    chosen = []
    panel.chosen.connect(chosen.append)
    panel.set_chosen("side")
    panel.search.setText("CONV")
    assert shown(panel) == ["stem", "side"] and panel.current() == "side"
    panel.search.setText("sum")
    assert shown(panel) == ["sum"]
    panel.search.setText("nothing like it")
    assert shown(panel) == []
    panel.search.clear()
    assert shown(panel) == ["stem", "stem_relu", "side", "sum"] and chosen == []


def test_lines_are_drawn_beside_the_tensors(panel):
    picture = panel.table.viewport().grab().toImage()
    row = panel.table.visualRect(panel.table.model().index(3, 0))
    across, down = range(row.left(), row.right()), range(row.top(), row.bottom())
    assert len({picture.pixelColor(x, y).name() for x in across for y in down}) > 3
