"""Explaining a chain: any layer's value in numbers, down layer by layer to the photo, and what a pixel of it can change."""

import numpy as np
import pytest
from gui_thread import slow_calls
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.activation import Activation
from convgui.engine.layers.affine import Affine
from convgui.engine.layers.conv import Conv
from convgui.engine.layers.pad import Pad
from convgui.engine.layers.pool import Pool
from convgui.engine.layers.resize import Resize
from convgui.engine.layers.softmax import Softmax
from convgui.engine.looking.fields import readers, receptive_field
from convgui.engine.network import evaluate


def bank(rows, cols, inputs, filters):
    random = np.random.default_rng(rows + 10 * cols + 100 * inputs + 1000 * filters)
    return Kernel(random.normal(size=(rows, cols, inputs, filters)).round(2))


def deep():
    """Return the layers of a small network, each with some of everything."""
    return (
        Conv(bank(3, 3, 1, 4), padding="same"),
        Activation("relu"),
        Pool("max"),
        Conv(bank(3, 3, 4, 3)),
        Activation("tanh"),
        Pool("mean", size=(3, 3)),
        Affine((1.5,), (-0.25,)),
        Softmax(),
    )


@pytest.fixture
def look(user):
    """Return a function that shows layers on the sample photo, and looks at one of them."""

    def show(layers, looked=-1, **display):
        state = user.state.with_display(**display)
        new = type(state)(state.source, state.reading, layers, looked, state.display)
        assert user.program.session.replace("show", new), user.message()
        user.settle()
        return user.state

    return show


def pin(user, row, col):
    """Click a cell of the activation."""
    rows, cols = user.state.axes
    box = user.window.pair.map.to_pixels(
        cols.origin + (col + 0.5) * cols.stride, rows.origin + (row + 0.5) * rows.stride, 0, 0
    )
    user.click(user.window.pair.map, box.center().x(), box.center().y())
    user.settle()
    assert user.program.probe.pinned, "the click pinned no cell"
    return user.program.probe.cell


def value_at(state, cell):
    chain = state.looked_at
    return float(evaluate(chain)[state.map][cell])


EACH = {
    "max pool": (Pool("max"),),
    "mean pool": (Pool("mean", size=(3, 3), padding="same"),),
    "dilated pool": (Pool("max", size=(2, 2), dilation=(2, 2)),),
    "large pool": (Pool("max", size=(12, 12)),),
    "global mean": (Pool("mean", size=None),),
    "global max": (Pool("max", size=None),),
    "function": (Pool("max"), Activation("gelu")),
    "slope": (Affine((2.0,), (-1.0,)), Activation("leaky_relu")),
    "affine": (Affine((-1.5,), (0.3,)),),
    "crop": (Pad((-2, -2), (-1, -3)),),
    "repeated edge": (Pad((40, 40), (40, 40), border="replicate"),),
    "bilinear": (Pool("mean"), Resize(scale=(2.0, 2.0), method="bilinear")),
    "nearest": (Pool("mean"), Resize(scale=(2.0, 2.0))),
    "softmax": (Conv(bank(1, 1, 1, 5)), Softmax()),
    "switched off": (Conv(bank(1, 1, 1, 2)), Affine((3.0,), (1.0,), on=False)),
    "convolution above": (Pool("max"), Conv(bank(3, 3, 1, 2), bias=(0.5,)), Activation("sigmoid")),
}


@pytest.mark.parametrize("layers", EACH.values(), ids=EACH)
def test_the_value_of_any_layer_is_shown_and_its_copy_evaluates_to_it(user, look, layers):
    state = look(layers)
    cell = pin(user, state.output_shape.rows // 3, state.output_shape.cols // 2)
    value = value_at(state, cell)
    said = user.window.probe.canvas.accessibleDescription()
    assert float(said.rpartition(": ")[2].replace("−", "-")) == pytest.approx(value, rel=1e-4, abs=1e-5)
    canvas = user.window.probe.canvas
    assert (canvas.made is None) != (canvas.sum is None) and not canvas.hint
    canvas.grab()
    user.do("copy_numpy")
    copied = eval(QGuiApplication.clipboard().text(), {"np": np})
    assert float(copied) == pytest.approx(value, rel=1e-5, abs=1e-6)
    assert user.window.pair.input.marks() and user.window.pair.map.marks()


def test_a_pool_shows_its_patch_and_marks_the_winner(user, look):
    look((Pool("max", size=(2, 3)),))
    row, col = pin(user, 50, 60)
    plane = evaluate(user.state.chain, upto=0)[0]
    patch = plane[2 * row : 2 * row + 2, 3 * col : 3 * col + 3]
    (grid,) = user.window.probe.canvas.made.grids
    assert np.allclose(grid.values, patch)
    u, v = np.unravel_index(patch.argmax(), patch.shape)
    assert grid.marked == (u, v)
    marks = [mark[0] for mark in user.window.pair.input.marks()]
    assert marks == [(3.0 * col, 2.0 * row, 3.0, 2.0), (3.0 * col + v, 2.0 * row + u, 1.0, 1.0)]


def test_a_global_pool_of_a_photo_lists_a_few_cells_and_frames_all(user, look):
    state = look((Pool("mean", size=None),))
    pin(user, 0, 0)
    made = user.window.probe.canvas.made
    assert len(made.lines) <= 100 and not made.grids
    assert f"{state.source.rows * state.source.cols:,}" in " ".join(made.steps)
    (mark,) = user.window.pair.input.marks()
    assert mark[0] == (0.0, 0.0, float(state.source.cols), float(state.source.rows))


def test_down_and_down_to_the_pixel(user, look):
    """At each layer the cell that contributes most to the one above is pinned; at last the pixel is pointed out."""
    layers = deep()
    look(layers)
    pin(user, 12, 20)
    seen = [user.state.looked]
    for _ in range(len(layers)):
        before, finding = user.state, user.program.probe.finding()
        made = finding.explanation or finding.made
        user.do("explain_below")
        user.settle()
        if user.state.looked == before.looked:
            break
        seen.append(user.state.looked)
        cell, map = user.program.probe.cell, user.state.map
        assert user.program.probe.pinned and user.window.pair.map.marks()
        below = evaluate(user.state.looked_at)
        if finding.made is not None:
            named = {(c.map, c.row, c.col): c for c in made.cells}
            chosen = named[(map, *cell)]
            assert chosen.value == pytest.approx(float(below[map][cell]), abs=1e-5)
            if before.layers[before.looked].kind == "pool":
                assert abs(chosen.share) == max(abs(c.share) for c in made.cells)
        else:
            u, v = list(made.rows).index(cell[0]), list(made.cols).index(cell[1])
            tap = made.reads.index(map)
            assert made.patch[tap, u, v] == pytest.approx(float(below[map][cell]), abs=1e-5)
            assert abs(made.products[tap, u, v]) == np.abs(made.products).max()
    assert seen == [7, 6, 5, 4, 2, 1]  # a convolution and its function are one
    assert user.state.looked == 1
    pixel = user.program.probe.pixel
    assert pixel is not None and not user.program.probe.pinned
    assert ((float(pixel[1]), float(pixel[0]), 1.0, 1.0), False) in user.window.pair.input.marks()
    assert "of the input" in user.window.probe.detail.whole_text()


def test_each_step_down_is_undone_with_the_cell_that_was_pinned(user, look):
    look(deep())
    first = pin(user, 12, 20)
    user.do("explain_below")
    user.do("explain_below")  # at once: it waits for the first
    user.settle()
    assert user.state.looked == 5
    user.do("undo")
    user.do("undo")
    user.settle()
    assert user.state.looked == 7
    assert user.state.display.map == 0
    user.do("redo")
    user.settle()
    assert user.state.looked == 6 and user.window.actions_by_id["undo"].text() == "&Undo explain the cell below"
    user.do("undo")
    user.settle()
    assert (user.program.probe.cell, user.program.probe.pinned) == (first, True)


def test_the_button_is_there_only_where_there_are_layers_to_go_through(user, look):
    button = user.find("button_explain_below")
    assert not button.isVisible()
    look(deep())
    assert button.isVisible()
    pin(user, 12, 20)
    button.click()
    user.settle()
    assert user.state.looked == 6


@pytest.mark.parametrize("words", ["down", "cell below", "where from", "photo pixel"])
def test_going_down_is_found_by_words(user, words):
    user.do("find")
    finder = user.window.finder
    finder.field.setText(words)
    offered = [finder.list.item(k).data(Qt.ItemDataRole.UserRole) for k in range(finder.list.count())]
    assert user.window.actions_by_id["explain_below"] in offered
    finder.close()


def test_a_sequence_goes_down_to_a_step_of_a_channel(user):
    user.sample("article-1d")
    state = user.state
    kernel = Kernel([[0.5, -1.0, 2.0]])
    layers = (Conv(kernel), Activation("relu"), Pool("max", size=(1, 2)), Conv(Kernel([[1.0, 3.0]]), padding="valid"))
    user.program.session.replace("show", type(state)(state.source, state.reading, layers, -1, state.display))
    user.settle()
    pin(user, 0, 1)
    for looked in (2, 1, 1):
        user.do("explain_below")
        user.settle()
        assert user.state.looked == looked and user.window.pair.input.marks()
    assert user.program.probe.pixel is not None
    assert "step" in user.window.probe.detail.whole_text().lower()


def test_without_a_cell_there_is_nowhere_to_go(user, look):
    look(deep())
    user.do("explain_below")
    assert "Point at a cell" in user.message() and user.state.looked == 7


def test_a_value_from_outside_has_no_cell_below(user, look):
    look((Pool("max"), Pad((5, 5), (5, 5), constant=0.5)))
    pin(user, 1, 1)
    user.do("explain_below")
    assert "outside" in user.message() and user.state.looked == 1


def test_with_the_photo_the_receptive_field_is_framed(user, look):
    state = look(deep(), photo=True)
    cell = pin(user, 12, 20)
    field = receptive_field(state.chain, state.looked + 1, state.map, *cell)
    (mark,) = user.window.pair.input.marks()
    rows, cols = state.input.place
    left, top = float(cols.origin) + mark[0][0] * float(cols.pitch), float(rows.origin) + mark[0][1] * float(rows.pitch)
    wide, high = mark[0][2] * float(cols.pitch), mark[0][3] * float(rows.pitch)
    wanted = (field.cols[0], field.rows[0], len(field.cols), len(field.rows))
    assert (left, top, wide, high) == pytest.approx(wanted, abs=1e-6)


def test_a_pixel_of_the_photo_marks_the_cells_that_it_can_change(user, look):
    state = look(deep(), photo=True)
    pane = user.window.pair.input
    rows, cols = state.input.place
    y, x = ((at + 0.5 - float(place.origin)) / float(place.pitch) for at, place in ((101, rows), (202, cols)))
    box = pane.to_pixels(x, y, 0, 0)
    user.hover(pane, box.center().x(), box.center().y())
    user.settle()
    row, col = user.program.probe.pixel
    found = readers(state.chain, state.looked + 1, 0, row, col)
    (mark,) = user.window.pair.map.marks()
    down, across = state.axes
    assert mark[0][2:] == pytest.approx((len(found.cols) * across.stride, len(found.rows) * down.stride))
    assert mark[0][0] == pytest.approx(across.origin + found.cols[0] * across.stride)
    assert f"can change {found.rows.size * found.cols.size} output" in user.window.probe.canvas.hint


def test_the_numbers_are_those_of_the_cell_that_they_name(user, look):
    """While the next finding is on its way the last one stays whole: its place, its value and its marks."""
    state = look(deep(), looked=5)
    for cell in ((10, 10), (10, 11), (11, 11), (40, 50)):
        user.program.probe.pin(cell)
        found = user.program.probe.finding()
        if found.made is not None:
            shown = found.pointed.cell
            assert found.made.value == pytest.approx(value_at(state, shown), abs=1e-5)
            assert f"row {shown[0]}, column {shown[1]}" in user.window.probe.detail.whole_text()
    user.settle()
    assert user.program.probe.finding().pointed.cell == (40, 50)
    user.program.session.update("look", looked=2)  # nothing of another layer may stay
    assert user.program.probe.finding().made is None
    user.settle()


def test_pointing_computes_nothing_on_the_windows_thread(user, look):
    state = look(deep(), looked=5)
    pane, canvas = user.window.pair.map, user.window.probe.canvas
    with slow_calls() as found:
        for x in range(40, 200, 20):
            user.hover(pane, x, pane.height() / 2)
        user.hover(user.window.pair.input, 60, pane.height() / 2)
        user.click(pane, pane.width() / 2, pane.height() / 2)
        for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Down):
            QTest.keyClick(pane, key)
        user.settle()
        user.do("copy_sum")
        user.do("explain_below")
        user.settle()
    assert not found
    assert canvas.sum is not None and user.state.looked == 4 and state.looked == 5


def test_each_frame_of_an_animation_has_the_numbers_of_its_own_cell(user, tmp_path, monkeypatch):
    user.sample("article-2d")
    state = user.state
    layers = (*state.layers, Pool("max", size=(2, 2), stride=(1, 1)), Conv(Kernel([[1.0, -1.0]])))
    user.program.session.replace("show", type(state)(state.source, state.reading, layers, -1, state.display))
    user.settle()
    seen, draw = [], user.program.animation.frame

    def frame(size):
        seen.append((user.program.motion.position, user.program.probe.finding().pointed.cell))
        return draw(size)

    monkeypatch.setattr(user.program.animation, "frame", frame)
    user.program.animation.begin(str(tmp_path / "walk.gif"), 480, 5.0)
    user.settle()
    user.until(lambda: (tmp_path / "walk.gif").exists())
    user.settle()
    cols = user.state.output_shape.cols
    assert len(seen) > 4 and all(cell == divmod(position, cols) for position, cell in seen)
