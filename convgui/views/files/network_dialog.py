"""What a file does not say of a network is asked: a table of its layers, and what comes out in the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout

from convgui.views.files.network_table import NetworkTable
from convgui.views.kit.card import label
from convgui.views.kit.decision import decision

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtWidgets import QWidget

    from convgui.views.files.network_table import LayerRow

LINES = 36
"""Pixels that the warning is high: two lines, so that nothing moves."""


class NetworkPlan(NamedTuple):
    """What would be opened.

    Attributes
    ----------
    outputs : tuple of str
        What comes out of each layer, in words.
    sentence, warning : str
        What comes out in the end, and what stands in the way or has to be known; empty if nothing.
    wrong : (int, str), optional
        The row and the setting that cannot be taken.
    """

    outputs: tuple[str, ...]
    sentence: str
    warning: str = ""
    wrong: tuple[int, str] | None = None


class NetworkDialog(QDialog):
    """Asks for what a file does not say.

    `altered` carries the values of all rows, as they were given to it, whenever one of them changes.

    Parameters
    ----------
    about : str
        What is asked, and why.
    rows, options
        See `NetworkTable`.
    """

    altered = Signal(object)

    def __init__(
        self,
        about: str,
        rows: Sequence[LayerRow],
        options: Mapping[str, Sequence[tuple[str, str]]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("network_dialog")
        self.setWindowTitle("Open the network")
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        self.about = label(about, "prose", wrap=True)
        self.about.setObjectName("network_about")
        column.addWidget(self.about)
        self.table = NetworkTable(rows, options)
        self.table.altered.connect(self.explain)
        column.addWidget(self.table, 1)
        self.sentence, self.warning = label("", "value", wrap=True), label("", "warning", wrap=True)
        self.sentence.setObjectName("network_sentence")
        self.warning.setObjectName("network_warning")
        for text in (self.about, self.sentence, self.warning):
            text.setTextFormat(Qt.TextFormat.PlainText)  # a file may be called a<b
            text.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.sentence.setContentsMargins(0, 6, 0, 0)
        self.warning.setMinimumHeight(LINES)
        column.addWidget(self.sentence)
        foot = QHBoxLayout()
        foot.addWidget(self.warning, 1)
        self.refuse, self.open_button = decision(self, "network_cancel", "network_open", "Open")
        for button in (self.refuse, self.open_button):
            foot.addWidget(button, 0, Qt.AlignmentFlag.AlignBottom)
        column.addLayout(foot)

    def values(self) -> tuple[dict[str, str], ...]:
        """Return what is set for each layer; of a layer of which nothing is asked nothing."""
        return self.table.values()

    def set_plan(self, plan: NetworkPlan) -> None:
        """Say what would be opened."""
        self.table.set_outputs(plan.outputs, plan.wrong)
        self.sentence.setText(plan.sentence)
        self.warning.setText(plan.warning)
        self.open_button.setEnabled(plan.wrong is None)

    def explain(self) -> None:
        """Ask for the plan of what is set."""
        self.open_button.setEnabled(False)  # until it is known what would be opened
        self.altered.emit(self.values())
