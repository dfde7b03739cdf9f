"""Plots on a page: what is taken away of any plot, as pixels and as a drawing."""

import xml.etree.ElementTree as ET

import numpy as np
import pytest
from PySide6.QtGui import QImage

from convgui.views.plots.page import Page
from convgui.views.plots.values import Drawing, Scale, Series

LINE = Series("input", np.arange(5.0), np.array([0, 1, np.nan, 3, 2.0]), "#112233")
RIGHT = Series("map", np.arange(5.0), np.array([9, 8, 7, 6, np.inf]), "#445566", right=True)
BARS = Series("count", np.arange(4.0), np.array([0.0, 2, 1]), "#778899", bars=True)
SCALE = Scale("distance", 0.0, 4.0)


@pytest.fixture(params=["line", "both", "bars", "picture"])
def drawing(request, qapp):
    picture = np.full((4, 6, 3), 200, np.uint8)
    return {
        "line": Drawing("a", "A line", SCALE, Scale("value", 0, 3), (LINE,)),
        "both": Drawing("b", "Both", SCALE, Scale("value", 0, 3), (LINE, RIGHT), right=Scale("map", 6, 9)),
        "bars": Drawing("c", "Bars", SCALE, Scale("count", 0, 3, True, 0.25), (BARS,), marks=((1.5, "#ff0000"),)),
        "picture": Drawing("d", "Gain", SCALE, Scale("y", 0, 3), picture=picture, where=(0, 0, 4, 3)),
    }[request.param]


def test_the_png_holds_the_picture(drawing):
    image = QImage.fromData(Page(drawing).encoded(".png"))
    assert image == Page(drawing).image()
    assert image.width() > 1000


def test_the_svg_holds_text_and_what_is_named_stands_in_it(drawing):
    root = ET.fromstring(Page(drawing).encoded(".svg"))
    words = {"".join(text.itertext()).strip() for text in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {drawing.title, drawing.across.label, drawing.up.label} <= words
    if len(drawing.series) > 1:
        assert {series.name for series in drawing.series} <= words
