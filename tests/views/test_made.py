"""The arithmetic of layers that are no convolution: grids, lists and curves, in both looks, with room for every number."""

import numpy as np
import pytest

from convgui.views.kit import theme
from convgui.views.measure.probe_panel import ProbePanel
from convgui.views.measure.values import Function, Line, Made, Numbers


def numbers(rows, cols, text="0.123", **more):
    values = np.linspace(-1, 1, rows * cols).reshape(rows, cols)
    return Numbers("patch", values, [[text] * cols] * rows, **more)


ACROSS = np.linspace(-3, 3, 61)
LINES = tuple(Line(f"row {k}, col {k}", f"0.{k:03d}", 1 / (k + 1)) for k in range(60))
SHOWN = {
    "patch with a winner": Made(0.9, "0.9", ("largest of 4",), (numbers(2, 2, marked=(1, 0)),)),
    "mean": Made(0.5, "0.5", ("sum 4.5", "/ 9"), (numbers(3, 3),)),
    "affine": Made(-0.7, "−0.7", (), tuple(numbers(1, 1, sign=sign, signed=True) for sign in "×+=")),
    "mixed": Made(0.2, "0.2", ("sum of the parts",), (numbers(2, 2, sign="×"), numbers(2, 2, "0.0625", sign="="))),
    "list": Made(0.1, "0.1", ("sum 100", "/ 1,000"), title="largest of 1,000 cells", lines=LINES),
    "function": Made(0.4, "0.4", ("tanh(0.42)",), function=Function("tanh", ACROSS, np.tanh(ACROSS), 0.42, 0.4)),
    "constant": Made(0.0, "0", ("outside the input",)),
    "seven by seven": Made(1.0, "1", ("largest of 49",), (numbers(7, 7, marked=(6, 6)),)),
}


@pytest.fixture
def panel(show, vik):
    panel = ProbePanel()
    panel.set_table(vik)
    panel.set_grey(-1.0, 1.0)
    return show(panel, 640, 190)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("made", SHOWN.values(), ids=SHOWN)
def test_a_value_is_drawn_in_both_looks(panel, pixels, qapp, made, dark):
    theme.apply(qapp, dark=dark)
    panel.set_nothing("")
    empty = pixels(panel.canvas)
    panel.set_made("row 1, column 2", made, None, "click to pin")
    drawn = pixels(panel.canvas)
    assert (drawn != empty).any(axis=2).mean() > 0.003
    assert panel.detail.whole_text() == "row 1, column 2  ·  click to pin"
    assert panel.canvas.accessibleDescription().startswith("row 1, column 2: ")
    panel.set_value_hidden(True)
    assert (pixels(panel.canvas) != drawn).any(), "what is to be predicted is still there"


@pytest.mark.parametrize("size", [(420, 150), (640, 190), (1000, 220)])
@pytest.mark.parametrize("made", SHOWN.values(), ids=SHOWN)
def test_nothing_is_cut(panel, pixels, made, size):
    """The last column and the last line of pixels stay empty: what is drawn ends before them."""
    panel.resize(*size)
    panel.set_nothing("")
    empty = pixels(panel.canvas)
    panel.set_made("here", made, None)
    changed = (pixels(panel.canvas) != empty).any(axis=2)
    assert changed.any() and not changed[:, -1].any() and not changed[-1].any()


def test_the_winner_is_outlined(panel, pixels):
    panel.set_made("here", Made(0.9, "0.9", (), (numbers(2, 2),)), None)
    plain = pixels(panel.canvas)
    panel.set_made("here", Made(0.9, "0.9", (), (numbers(2, 2, marked=(0, 1)),)), None)
    rows, cols = np.nonzero((pixels(panel.canvas) != plain).any(axis=2))
    assert rows.size and cols.min() > 40 and rows.max() < 60  # the upper right one alone


def test_the_point_follows_the_value(panel, pixels):
    def drawn(x):
        f = Function("tanh", ACROSS, np.tanh(ACROSS), x, float(np.tanh(x)))
        panel.set_made("here", Made(0.0, "0", (), function=f), None)
        return pixels(panel.canvas)

    assert (drawn(-2.0) != drawn(2.0)).any()


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), 1e300, 5e-324])
def test_any_value_can_be_drawn(panel, pixels, value):
    grid = Numbers("patch", np.array([[value]]), [["NaN"]])
    curve = Function("exp", ACROSS, np.full(61, value), value, value)
    for made in (Made(value, "NaN", (), (grid,)), Made(value, "NaN", ("step",), function=curve)):
        panel.set_made("here", made, None)
        pixels(panel.canvas)
    panel.set_made("here", Made(value, "NaN", lines=(Line("a", "b", value),)), None)
    pixels(panel.canvas)


def test_the_marked_line_is_among_those_that_find_room(panel, pixels):
    lines = (*LINES[:-1], LINES[-1]._replace(marked=True))
    panel.set_made("here", Made(0.1, "0.1", title="of 60", lines=LINES), None)
    plain = pixels(panel.canvas)
    panel.set_made("here", Made(0.1, "0.1", title="of 60", lines=lines), None)
    assert (pixels(panel.canvas) != plain).any()
