"""The figure: input, kernel and activation on one page, in three formats."""

import io
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from PIL import Image

from convgui.views.take.figure import FORMATS, Figure
from convgui.views.take.figure_parts import GROUNDS, Board, FigureOptions, Middle, Step

GREY = np.vstack([np.repeat(np.arange(256)[:, None], 3, axis=1), [[214, 224, 36]]]).astype(np.uint8)
CAPTIONS = (("Input", "coffee.webp"), ("Sobel x", "3 × 3"), ("Activation", "linear"))
RED, GREEN, WHITE = (200, 0, 0), (0, 200, 0), (255, 255, 255)
SOBEL = ((-1, 0, 1), (-2, 0, 2), (-1, 0, 1))


def board(rows, cols, colour, *, left=0, top=0, values=None, added=None):
    return Board(np.full((rows, cols, 3), colour, np.uint8), (left, top, cols, rows), values, added)


def figure(vik, rows=60, cols=90, weights=SOBEL, limits=(-1.0, 1.0), **more):
    given = {"input": board(rows, cols, RED), "map": board(rows, cols, GREEN), "captions": CAPTIONS}
    middle = Middle(None if weights is None else np.array(weights, float), vik, "max pooling")
    return Figure(**{**given, "middle": middle, "table": GREY, "limits": limits, **more})


def grid(vik, shape, **more):
    """Return the figure of a grid of zeros with a map of ones that lies in its middle."""
    rows, cols = shape
    values = np.zeros((6, 6), np.float32)
    made = board(rows, cols, GREEN, left=(6 - cols) / 2, top=(6 - rows) / 2, values=np.ones(shape, np.float32))
    return figure(vik, **{"input": board(6, 6, RED, values=values), "map": made, **more})


def pixels(image):
    image = image.convertToFormat(image.Format.Format_RGB888)
    flat = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return flat[:, : image.width() * 3].reshape(image.height(), image.width(), 3).copy()


def extent_of(seen, colour):
    rows, cols = np.nonzero((seen == colour).all(axis=2))
    return cols.min(), cols.max() + 1, rows.min(), rows.max() + 1


def test_input_stands_left_of_kernel_left_of_activation(qapp, vik):
    seen = pixels(figure(vik).image(1))
    left, right, top, bottom = extent_of(seen, RED)
    other = extent_of(seen, GREEN)
    assert right < other[0]
    assert (top, bottom) == other[2:]
    assert right - left == pytest.approx(420, abs=2)
    assert (right - left) / (bottom - top) == pytest.approx(1.5, abs=0.02)
    between = seen[top:bottom, right + 40 : other[0] - 40]
    assert (between.max(axis=2) - between.min(axis=2)).max() > 60  # the kernel's blue and brown


def test_the_page_is_white_and_the_colour_bar_goes_from_white_down_to_black(qapp, vik):
    seen = pixels(figure(vik).image(1))
    assert (seen[:10] == 255).all()
    assert (seen[:, :18] == 255).all()
    _, right, top, bottom = extent_of(seen, GREEN)
    strip = seen[top - 1 : bottom + 1, right + 20, 0]
    assert strip[3] > 240
    assert strip[-4] < 15


@pytest.mark.parametrize("scale", [1.0, 3.0])
def test_a_picture_has_as_many_pixels_for_each_point_as_is_chosen(qapp, vik, scale):
    drawn = figure(vik, options=FigureOptions(scale=scale))
    with Image.open(io.BytesIO(drawn.encoded(".png"))) as image:
        assert image.size == (round(drawn.size.width() * scale), round(drawn.size.height() * scale))


def test_svg_is_a_vector_drawing_with_its_words(qapp, vik):
    root = ET.fromstring(figure(vik).encoded(".svg"))
    words = "".join(root.itertext())
    for title, caption in CAPTIONS:
        assert title in words
        assert caption in words
    assert len(root.attrib["viewBox"].split()) == 4


def test_pdf_is_one_page(qapp, vik):
    data = figure(vik).encoded(".pdf")
    assert data.startswith(b"%PDF")
    assert data.count(b"/Type /Page\n") == 1


@pytest.mark.parametrize("extension", [extension for extension, _ in FORMATS])
@pytest.mark.parametrize(
    ("rows", "cols", "weights", "limits"),
    [
        (1, 40, [[-1, 1]], (0.0, 1.0)),
        (300, 10, [[1]], (-1.0, 3.0)),
        (5, 5, np.zeros((3, 3)), (-1e-9, 1e-9)),
        (5, 5, np.ones((63, 63)), (5.0, 6.0)),
    ],
)
def test_any_shape_can_be_written(qapp, vik, extension, rows, cols, weights, limits):
    assert len(figure(vik, rows, cols, weights, limits).encoded(extension)) > 500


def words_of(drawn):
    return [text.strip() for text in ET.fromstring(drawn.encoded(".svg")).itertext() if text.strip()]


def test_toy_grids_have_their_numbers_in_the_cells(qapp, vik):
    values = np.arange(36, dtype=np.float32).reshape(6, 6) - 7
    words = words_of(figure(vik, input=board(6, 6, RED, values=values), map=board(6, 6, GREEN, values=values * 2)))
    assert {"28", "56", "−7"} <= set(words)


def test_the_limits_and_zero_are_written_beside_the_bar(qapp, vik):
    assert {"−4.5", "0", "8"} <= set(words_of(figure(vik, limits=(-4.5, 8.0))))


@pytest.mark.parametrize("shape", [(4, 4), (6, 6), (8, 8), (3, 5)])
def test_cells_of_the_map_are_as_large_as_those_of_the_input(qapp, vik, shape):
    seen = pixels(grid(vik, shape).image(2))
    left, right, top, bottom = extent_of(seen, RED)
    cell = (right - left) / 6
    left, right, top, bottom = extent_of(seen, GREEN)
    assert (right - left) / shape[1] == pytest.approx(cell, rel=0.04)
    assert (bottom - top) / shape[0] == pytest.approx(cell, rel=0.04)


def test_a_map_lies_at_the_height_of_the_cells_that_it_is_centred_on(qapp, vik):
    seen = pixels(grid(vik, (4, 4)).image(2))
    _, _, top, bottom = extent_of(seen, RED)
    cell = (bottom - top) / 6
    _, _, first, last = extent_of(seen, GREEN)
    assert first - top == pytest.approx(cell, abs=3)
    assert bottom - last == pytest.approx(cell, abs=3)


@pytest.mark.parametrize("name", list(GROUNDS))
def test_a_cell_of_the_colour_of_the_ground_is_seen(qapp, vik, name):
    ground = GROUNDS[name].fill or ("#000000" if GROUNDS[name].dark else "#ffffff")
    colour = tuple(int(ground[k : k + 2], 16) for k in (1, 3, 5))
    plain = np.zeros((4, 4), np.float32)
    cells = board(4, 4, colour, values=plain)
    options = FigureOptions(ground=name, captions=False)
    drawn = figure(vik, input=cells, map=cells, options=options)
    image = drawn.image(2)
    seen = pixels(image) if GROUNDS[name].fill else on_ground(image, colour)
    box = drawn.layout.place(cells.rect, drawn.layout.input)
    rows = slice(round(2 * box.top()), round(2 * box.bottom()))
    first_column = seen[rows, round(2 * box.left()) - 2 : round(2 * (box.left() + box.width() / 4))].astype(int)
    assert np.abs(first_column - colour).max() > 60


def on_ground(image, colour):
    from PySide6.QtGui import QColor, QImage, QPainter

    ground = QImage(image.size(), QImage.Format.Format_RGB32)
    ground.fill(QColor(*colour))
    painter = QPainter(ground)
    painter.drawImage(0, 0, image)
    painter.end()
    return pixels(ground)


@pytest.mark.parametrize(("name", "clear"), [("white", False), ("dark", False), ("clear", True), ("clear-dark", True)])
def test_a_transparent_ground_is_transparent(qapp, vik, name, clear):
    with Image.open(io.BytesIO(figure(vik, options=FigureOptions(ground=name)).encoded(".png"))) as image:
        corner = image.convert("RGBA").getpixel((2, 2))
    assert corner[3] == (0 if clear else 255)
    if not clear:
        fill = GROUNDS[name].fill
        assert corner[:3] == tuple(int(fill[k : k + 2], 16) for k in (1, 3, 5))


def test_added_cells_have_their_values_and_are_fainter_than_the_input(qapp, vik):
    added = np.ones((4, 4), bool)
    added[1:3, 1:3] = False
    values = np.where(added, 7, 1).astype(np.float32)
    ring = board(4, 4, RED, left=-1, top=-1, values=values, added=added)
    drawn = figure(vik, input=ring, map=board(2, 2, GREEN, values=np.ones((2, 2), np.float32)))
    assert words_of(drawn).count("7") == 12
    left, right, top, bottom = extent_of(pixels(drawn.image(2)), RED)
    whole = drawn.layout.place(ring.rect, drawn.layout.input)
    assert (right - left) / 2 == pytest.approx(whole.width() / 2, abs=6)  # only those inside have the full colour
    assert (bottom - top) / 2 == pytest.approx(whole.height() / 2, abs=6)


def test_without_captions_only_numbers_are_written(qapp, vik):
    words = words_of(grid(vik, (4, 4), options=FigureOptions(captions=False)))
    assert not {"Input", "coffee.webp", "Sobel x", "Activation"} & set(words)
    assert "0" in words


def test_a_step_has_its_patch_its_cell_and_its_arithmetic(qapp, vik):
    step = Step(((1, 1, 3, 3),), (), (1, 1, 1, 1), "Row 0, column 0", "1 × 2 = 2")
    with_step, without = grid(vik, (4, 4), step=step), grid(vik, (4, 4))
    assert "Row 0, column 0: 1 × 2 = 2" in " ".join(words_of(with_step))
    mark = tuple(int(GROUNDS["white"].mark[k : k + 2], 16) for k in (1, 3, 5))

    def marked(drawn, box, rect):
        seen = (np.abs(pixels(drawn.image(2)).astype(int) - mark).max(axis=2) < 30).nonzero()
        place = drawn.layout.place(rect, box)
        inside = [place.adjusted(-4, -4, 4, 4).contains(x / 2, y / 2) for y, x in zip(*seen, strict=True)]
        return sum(inside)

    page = with_step.layout
    assert marked(with_step, page.input, (1, 1, 3, 3)) > 300
    assert marked(with_step, page.map, (1, 1, 1, 1)) > 100
    assert marked(without, page.input, (0, 0, 6, 6)) == 0


def test_a_layer_without_a_kernel_is_named(qapp, vik):
    assert "max pooling" in words_of(figure(vik, weights=None))


def test_long_captions_are_broken_into_lines_and_none_is_cut(qapp, vik):
    long = tuple((title, "words " * 40) for title, _ in CAPTIONS)
    drawn, short = figure(vik, captions=long), figure(vik)
    assert drawn.size.width() == short.size.width()
    assert drawn.size.height() > short.size.height()
    assert (pixels(drawn.image(1))[-12:] == 255).all()
