"""The panels as a table: which card is where in the window. A new panel is a file of its own and a row here."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from convgui.views.canvas.tour_card import TourCard
from convgui.views.canvas.transport import Transport
from convgui.views.kernel.facts_card import FactsCard
from convgui.views.kernel.gallery import Gallery
from convgui.views.kernel.kernel_card import KernelCard
from convgui.views.layers.layer_form import LayerForm
from convgui.views.layers.layer_strip import LayerStrip
from convgui.views.layers.settings_form import SettingsForm
from convgui.views.measure.display_form import DisplayForm
from convgui.views.measure.probe_panel import ProbePanel

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget


class Panel(NamedTuple):
    """One panel.

    Attributes
    ----------
    name : str
        The window's attribute that holds it.
    place : str
        `left` or `right` column, `above` or `below` the panes in their column, or `bottom`: below a handle that is dragged.
    stretch : int
        Its share of the room that is left over.
    """

    name: str
    place: str
    make: Callable[[], QWidget]
    stretch: int = 0


PANELS = (
    Panel("gallery", "left", Gallery, 1),
    Panel("kernel_card", "left", KernelCard),
    Panel("tour", "above", TourCard),
    Panel("transport", "below", Transport),
    Panel("layers", "below", LayerStrip),
    Panel("probe", "bottom", ProbePanel),
    Panel("settings", "right", SettingsForm),
    Panel("layer_form", "right", LayerForm),
    Panel("display", "right", DisplayForm, 1),
    Panel("facts", "right", FactsCard),
)
"""From top to bottom."""
