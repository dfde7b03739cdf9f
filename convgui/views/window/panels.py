"""The panels as a table: what is in each, and where it stands at first. A new panel is a file of its own and a row here."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from convgui.views.files.film_strip import FilmStrip
from convgui.views.files.graph_panel import GraphPanel
from convgui.views.files.measures_panel import MeasuresPanel
from convgui.views.files.patches_panel import PatchesPanel
from convgui.views.files.weights_panel import WeightsPanel
from convgui.views.kernel.facts_card import FactsCard
from convgui.views.kernel.gallery import Gallery
from convgui.views.kernel.kernel_card import KernelCard
from convgui.views.layers.layer_form import LayerForm
from convgui.views.layers.layer_strip import LayerStrip
from convgui.views.layers.prepare_form import PrepareForm
from convgui.views.layers.settings_form import SettingsForm
from convgui.views.measure.classes_panel import ClassesPanel
from convgui.views.measure.compare_panel import ComparePanel
from convgui.views.measure.display_form import DisplayForm
from convgui.views.measure.field_panel import FieldPanel
from convgui.views.measure.probe_panel import ProbePanel
from convgui.views.plots.curves_panel import CurvesPanel
from convgui.views.plots.profile_panel import ProfilePanel
from convgui.views.plots.response_panel import ResponsePanel

if TYPE_CHECKING:
    from collections.abc import Callable

    from convgui.views.kit.card import Card


class Panel(NamedTuple):
    """One panel.

    Attributes
    ----------
    name : str
        Its id: the action `show_NAME` opens and closes it.
    title : str
        What its tab and its window are called.
    parts : tuple of (str, callable)
        The cards in it, from top to bottom: the window's attribute that holds the card, and what makes it.
    scrolls : bool
        Whether its cards keep their height and scroll where there is less room; else they fill it.
    """

    name: str
    title: str
    parts: tuple[tuple[str, Callable[[], Card]], ...]
    scrolls: bool = True


PANELS = (
    Panel("kernel", "Kernel", (("kernel_card", KernelCard),)),
    Panel("operation", "Operation", (("settings", SettingsForm), ("layer_form", LayerForm))),
    Panel("prepare", "What the network sees", (("prepare", PrepareForm),)),
    Panel("display", "Display", (("display", DisplayForm),)),
    Panel("facts", "Kernel facts", (("facts", FactsCard),)),
    Panel("film", "Film strip", (("film", FilmStrip),), scrolls=False),
    Panel("layers", "Layers", (("layers", LayerStrip),), scrolls=False),
    Panel("gallery", "Kernels", (("gallery", Gallery),), scrolls=False),
    Panel("probe", "Arithmetic", (("probe", ProbePanel),), scrolls=False),
    Panel("field", "Receptive field", (("field", FieldPanel),), scrolls=False),
    Panel("patches", "Strongest patches", (("patches", PatchesPanel),), scrolls=False),
    Panel("compare", "Compare models", (("compare", ComparePanel),), scrolls=False),
    Panel("profile", "Profile", (("profile", ProfilePanel),), scrolls=False),
    Panel("response", "Response", (("response", ResponsePanel),), scrolls=False),
    Panel("curves", "Curves", (("curves", CurvesPanel),), scrolls=False),
    Panel("measures", "Measures", (("measures", MeasuresPanel),), scrolls=False),
    Panel("graph", "Graph", (("graph", GraphPanel),), scrolls=False),
    Panel("classes", "Top classes", (("classes", ClassesPanel),), scrolls=False),
    Panel("weights", "Weights", (("weights", WeightsPanel),), scrolls=False),
)
