"""The receptive field: what a cell of any layer sees of the photo, as one kernel beside it, over the photo, and copied."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.activation import Activation
from convgui.engine.layers.conv import Conv
from convgui.engine.layers.pool import Pool
from convgui.engine.looking.equivalent import equivalent
from convgui.engine.network import evaluate
from convgui.engine.reading import Reading


@pytest.fixture
def face(user):
    """P-Net on the astronaut, in its workspace, with the panel before the others and the face's cell pinned."""
    user.sample("p-net")
    user.window.docks["field"].bring()
    user.program.probe.pin((4, 10))
    user.settle()
    yield user
    user.window.actions_by_id["field_over"].setChecked(False)


def floats(texts):
    return [float(text.replace("−", "-").replace(" ", "")) for text in texts]


def test_the_face_is_seen_where_it_is_and_its_sum_adds_up(face):
    lines = face.window.field.lines()
    total, bias, value = floats(lines[name] for name in ("Kernel × input", "Effective bias", "Value"))
    assert total + bias == pytest.approx(value, abs=1e-12)
    assert value == pytest.approx(float(evaluate(face.state.chain)[1, 4, 10]), abs=1e-3)
    found = equivalent(face.state.chain, len(face.state.layers), 1, 4, 10)
    assert lines["Field"] == f"{found.box[3]} × {found.box[2]}"
    assert lines["Begins at"] == f"row {found.box[0]}, column {found.box[1]}"
    assert "row 4, column 10" in face.window.field.detail.whole_text()
    titles = face.window.field.canvas.accessibleDescription()
    assert titles == "photo, kernel, kernel × photo, red, green, blue"
    assert len(face.window.field.canvas.boxes()) == 6


def test_it_is_laid_over_the_photo_where_it_belongs(face):
    face.do("field_over")
    over = face.window.pair.input.over()
    found = equivalent(face.state.chain, len(face.state.layers), 1, 4, 10)
    (mark,) = face.window.pair.input.marks()
    assert over.rect == pytest.approx(mark[0])
    opaque = over.colours[:, :, 3].astype(float)
    strength = np.abs(found.laid_out(found.planes.weights)).max(axis=0)
    assert opaque.shape == strength.shape and np.corrcoef(opaque.ravel(), strength.ravel())[0, 1] > 0.8
    face.window.pair.input.grab()
    face.do("field_over")
    assert face.window.pair.input.over() is None


def test_the_copy_is_numpy_and_gives_the_value(face):
    face.do("copy_field")
    face.settle()
    text = QGuiApplication.clipboard().text()
    names = {"np": np}
    exec(text, names)
    top, left, rows, cols = equivalent(face.state.chain, len(face.state.layers), 1, 4, 10).box
    assert names["kernel"].shape == (rows, cols, 3)
    source = face.state.source
    patch = source.cube[top : top + rows, left : left + cols] * source.scale
    value = float((names["kernel"] * patch).sum()) + names["bias"]
    assert value == pytest.approx(float(evaluate(face.state.chain)[1, 4, 10]), abs=1e-6)
    assert f"x[{top}:{top + rows}, {left}:{left + cols}]" in text


def test_it_follows_the_cell_the_map_and_the_layer(face):
    panel = face.window.field
    before = panel.lines()["Begins at"]
    face.program.probe.pin((4, 14))
    face.settle()
    assert panel.lines()["Begins at"] != before
    value = panel.lines()["Value"]
    face.program.session.replace("map", face.state.with_display(map=0))
    face.settle()
    assert "map 0" in panel.detail.whole_text() and panel.lines()["Value"] != value
    face.program.layers.select(0)
    face.settle()
    face.program.probe.pin((20, 30))
    face.settle()
    assert floats([panel.lines()["Value"]])[0] == pytest.approx(
        float(evaluate(face.state.looked_at)[face.state.map, 20, 30]), rel=1e-2, abs=1e-2
    )


def test_closed_it_costs_nothing_and_lays_nothing_over_the_photo(face, monkeypatch):
    face.do("field_over")
    assert face.window.pair.input.over() is not None
    face.window.docks["field"].hide()
    face.settle()
    assert face.window.pair.input.over() is None
    asked = []
    monkeypatch.setattr(face.program.runner, "submit", lambda lane, *rest, **more: asked.append(lane))
    face.program.probe.pin((6, 6))
    assert "field" not in asked and not face.program.field._rest.isActive()


def test_one_kernel_on_grey_shows_itself(user):
    user.window.docks["field"].bring()
    user.program.probe.pin((50, 60))
    user.settle()
    lines = user.window.field.lines()
    assert lines["Field"] == "3 × 3" and lines["Step"] == "1" and floats([lines["Effective bias"]]) == [0.0]
    user.do("copy_field")
    user.settle()
    names = {"np": np}
    exec(QGuiApplication.clipboard().text(), names)
    of_channel = names["kernel"][:, :, 1] / 0.587
    np.testing.assert_allclose(of_channel, user.state.kernel.weights)


def test_without_a_cell_it_says_what_to_do(user):
    user.window.docks["field"].bring()
    user.settle()
    assert user.window.field.hint.isVisible() and "pin a cell" in user.window.field.hint.text()
    user.do("copy_field")
    assert "Pin a cell" in user.message()


def test_a_sequence_and_a_resting_cell(user):
    user.do("grid_new_sequence")
    user.settle()
    state = user.state
    layers = (Conv(Kernel(np.ones((1, 3)))), Activation("relu"), Pool("max", size=(1, 2)))
    new = type(state)(state.source, Reading("sum"), layers, 2, state.display)
    assert user.program.session.replace("show", new)
    user.window.docks["field"].bring()
    user.settle()
    user.program.probe.pin((0, 2))
    user.settle()
    lines = user.window.field.lines()
    assert lines["Field"] == "4 steps" and lines["Effective field"] == "–" and floats([lines["Value"]]) == [0.0]
    user.window.field.grab()


def test_the_strip_says_what_each_layer_costs_and_all_together(face):
    face.program.workspace.show("network")
    face.settle()
    assert "6.5 k parameters" in face.window.layers.detail.whole_text()
    model = face.window.layers.list.cards
    tip = model.data(model.index(1), Qt.ItemDataRole.ToolTipRole)
    assert "280 parameters" in tip and "multiply-adds" in tip and "kB" in tip
