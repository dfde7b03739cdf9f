"""A window that shows as much as the program ever does at once, and one of another size."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QApplication

from convgui.views.kernel.gallery_model import Item
from convgui.views.kernel.parameter_form import Field
from convgui.views.layers.settings_form import Reach, Settings

FIELDS = [Field(n, n.title(), 1.0, 0.0, 5.0, 0.1, False, "", "") for n in ("sigma", "angle", "size")]


def filled(window):
    """Show as much as the program ever does at once, and make what is in every panel."""
    for dock in window.docks.values():
        dock.fill()
    paddings = tuple((name, name) for name in ("same", "valid", "full"))
    options = (("x", "x", ""),)
    window.settings.set_options(options, options)
    window.settings.set_reach(Reach(paddings, "", True, options, 9, 9))
    window.settings.set_settings(Settings("same", "constant", 0.0, 1, 1, 0.0, "x", "x", False))
    window.settings.set_order("Correlation: the kernel is laid on the picture as it is drawn.", symmetric=False)
    window.display.set_display("auto", "fixed", 99.5, -1, 1)
    window.facts.set_facts([(name, "a value", "") for name in ("Sum", "Separable", "Symmetry", "Noise gain")])
    window.facts.set_response(np.ones((64, 64)), "passes everything alike")
    window.gallery.set_families(["edges", "blur", "sharpen", "lines", "corners", "texture", "mine"], 61)
    window.gallery.search.setText("edge")
    window.gallery.set_items([Item(f"k{n}", f"Kernel {n}", "edges", "") for n in range(30)])
    window.kernel_card.parameters.set_fields(FIELDS)
    window.kernel_card.set_text("A kernel that has much to say. " * 4)
    window.pair.maps.set_maps(["red", "green", "blue"], 0)
    window.messages.show_message("There is something to say. " * 8, "error", "Do it")
    window.status.set_cursor("row <b>4000</b>, col <b>6000</b>", "in <b>0.43</b>", "out <b>−1.27</b>")
    window.status.set_shapes("(4000, 6000, 3) uint8 → (4000, 6000, 3) float32")
    window.status.set_time(0.0041)
    window.status.set_zoom("12 %")
    window.status.set_task("map", "Convolving", 0.4)
    window.refresh_icons()
    return window


def shown_at(window, width, height):
    window.resize(width, height)
    for _ in range(5):
        QApplication.processEvents()
    return window
