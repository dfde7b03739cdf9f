"""The figure: input, kernel and activation on one page, in three formats."""

import io
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from PIL import Image

from convgui.views.take.figure import FORMATS, PNG_SCALE, Figure

GREY = np.vstack([np.repeat(np.arange(256)[:, None], 3, axis=1), [[214, 224, 36]]]).astype(np.uint8)
CAPTIONS = (("Input", "coffee.webp"), ("Sobel x", "3 x 3"), ("Activation", "linear"))
RED, GREEN = (200, 0, 0), (0, 200, 0)


def figure(vik, rows=60, cols=90, weights=((-1, 0, 1), (-2, 0, 2), (-1, 0, 1)), limits=(-1.0, 1.0), **more):
    return Figure(
        input=np.full((rows, cols, 3), RED, np.uint8),
        map=np.full((rows, cols, 3), GREEN, np.uint8),
        weights=np.array(weights, float),
        kernel_table=vik,
        table=GREY,
        limits=limits,
        captions=CAPTIONS,
        **more,
    )


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


def test_a_picture_has_three_pixels_for_each_point(qapp, vik):
    image = Image.open(io.BytesIO(figure(vik).encoded(".png")))
    size = figure(vik).size
    assert image.size == (round(size.width() * PNG_SCALE), round(size.height() * PNG_SCALE))


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


def test_toy_grids_have_their_numbers_in_the_cells(qapp, vik):
    values = np.arange(36, dtype=np.float32).reshape(6, 6) - 7
    root = ET.fromstring(figure(vik, 6, 6, input_values=values, map_values=values * 2).encoded(".svg"))
    words = [text.strip() for text in root.itertext()]
    assert "28" in words
    assert "56" in words
    assert "−7" in words


def test_the_limits_and_zero_are_written_beside_the_bar(qapp, vik):
    words = [t.strip() for t in ET.fromstring(figure(vik, limits=(-4.5, 8.0)).encoded(".svg")).itertext()]
    assert {"−4.5", "0", "8"} <= set(words)
