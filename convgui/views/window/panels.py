"""The panels as a table: what is in each, and where it stands at first. A new panel is a file of its own and a row here.

Most are closed at a start: the modules of a panel are imported when it is made, as it is first opened.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from convgui.views.kit.card import Card


class Part(NamedTuple):
    """A card of a panel: the window's attribute that holds it, the module of `views` that has its class, and the class."""

    attribute: str
    module: str
    kind: str

    def make(self, holder: QWidget) -> Card:
        """Import and make it."""
        return getattr(import_module(f"convgui.views.{self.module}"), self.kind)(holder)


class Panel(NamedTuple):
    """One panel.

    Attributes
    ----------
    name : str
        Its id: the action `show_NAME` opens and closes it.
    title : str
        What its tab and its window are called.
    parts : tuple of Part
        The cards in it, from top to bottom.
    scrolls : bool
        Whether its cards keep their height and scroll where there is less room; else they fill it.
    """

    name: str
    title: str
    parts: tuple[Part, ...]
    scrolls: bool = True


PANELS = (
    Panel("kernel", "Kernel", (Part("kernel_card", "kernel.kernel_card", "KernelCard"),)),
    Panel(
        "operation",
        "Operation",
        (Part("settings", "layers.settings_form", "SettingsForm"), Part("layer_form", "layers.layer_form", "LayerForm")),
    ),
    Panel("prepare", "What the network sees", (Part("prepare", "layers.prepare_form", "PrepareForm"),)),
    Panel("display", "Display", (Part("display", "measure.display_form", "DisplayForm"),)),
    Panel("facts", "Kernel facts", (Part("facts", "kernel.facts_card", "FactsCard"),)),
    Panel("film", "Film strip", (Part("film", "files.film_strip", "FilmStrip"),), scrolls=False),
    Panel("layers", "Layers", (Part("layers", "layers.layer_strip", "LayerStrip"),), scrolls=False),
    Panel("gallery", "Kernels", (Part("gallery", "kernel.gallery", "Gallery"),), scrolls=False),
    Panel("probe", "Arithmetic", (Part("probe", "measure.probe_panel", "ProbePanel"),), scrolls=False),
    Panel("field", "Receptive field", (Part("field", "measure.field_panel", "FieldPanel"),), scrolls=False),
    Panel("patches", "Strongest patches", (Part("patches", "files.patches_panel", "PatchesPanel"),), scrolls=False),
    Panel("compare", "Compare models", (Part("compare", "measure.compare_panel", "ComparePanel"),), scrolls=False),
    Panel("profile", "Profile", (Part("profile", "plots.profile_panel", "ProfilePanel"),), scrolls=False),
    Panel("response", "Response", (Part("response", "plots.response_panel", "ResponsePanel"),), scrolls=False),
    Panel("curves", "Curves", (Part("curves", "plots.curves_panel", "CurvesPanel"),), scrolls=False),
    Panel("measures", "Measures", (Part("measures", "files.measures_panel", "MeasuresPanel"),), scrolls=False),
    Panel("graph", "Graph", (Part("graph", "files.graph_panel", "GraphPanel"),), scrolls=False),
    Panel("classes", "Top classes", (Part("classes", "measure.classes_panel", "ClassesPanel"),), scrolls=False),
    Panel("weights", "Weights", (Part("weights", "files.weights_panel", "WeightsPanel"),), scrolls=False),
)

PANEL_OF = {part.attribute: panel.name for panel in PANELS for part in panel.parts}
"""For each attribute of the window that holds a card, the panel in which it is."""
