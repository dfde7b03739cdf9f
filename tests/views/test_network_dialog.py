"""The table of what a file leaves open: what is set is told, for all layers at once too, and what cannot be is marked."""

import pytest
from PySide6.QtWidgets import QComboBox, QLabel

from convgui.views.files.network_dialog import NetworkDialog, NetworkPlan
from convgui.views.files.network_table import LayerRow

OPTIONS = {
    "stride": [("1", "1"), ("2", "2")],
    "padding": [("valid", "valid"), ("same", "same")],
    "activation": [("linear", "none"), ("relu", "relu")],
    "pool": [("", "none"), ("max 2", "max 2")],
}

CONV = {"stride": "1", "padding": "valid", "activation": "linear"}
ROWS = [
    LayerRow("conv1", "3 × 3 × 3 → 8", CONV, frozenset({"activation"})),
    LayerRow("norm1", "scale and offset", {"activation": "linear", "pool": ""}),
    LayerRow("prelu", "8 slopes", {}),
]


@pytest.fixture
def dialog(show):
    return show(NetworkDialog("net.npz does not say it.", ROWS, OPTIONS), 900, 400)


def test_only_what_is_asked_has_a_field(dialog):
    names = {box.objectName() for box in dialog.findChildren(QComboBox) if "_all_" not in box.objectName()}
    assert names == {
        "network_stride_0",
        "network_padding_0",
        "network_activation_0",
        "network_activation_1",
        "network_pool_1",
    }
    assert dialog.values() == (CONV, {"activation": "linear", "pool": ""}, {})


def test_each_change_is_told_and_nothing_is_opened_before_it_is_explained(dialog, heard):
    altered = heard(dialog.altered)
    dialog.set_plan(NetworkPlan(("8", "8", "8"), "photo becomes 8."))
    assert dialog.open_button.isEnabled()
    dialog.findChild(QComboBox, "network_padding_0").setEditText("1, 2")
    assert altered[-1][0][0]["padding"] == "1, 2" and not dialog.open_button.isEnabled()


def test_a_setting_of_all_layers_leaves_out_those_before_a_norm(dialog, heard):
    altered = heard(dialog.altered)
    box = dialog.findChild(QComboBox, "network_all_activation")
    box.setCurrentIndex(1)
    box.activated.emit(1)
    assert len(altered) == 1
    assert [row.get("activation") for row in altered[-1][0]] == ["linear", "relu", None]


def test_what_comes_out_and_what_is_wrong_stands_there(dialog):
    dialog.set_plan(NetworkPlan(("6 × 4 × 8", "", ""), "", "conv1: no.", (0, "stride")))
    assert dialog.findChild(QLabel, "network_output_0").text() == "6 × 4 × 8"
    assert dialog.warning.text() == "conv1: no." and not dialog.open_button.isEnabled()
    assert dialog.findChild(QComboBox, "network_stride_0").property("wrong")
    dialog.set_plan(NetworkPlan(("6 × 4 × 8", "", ""), "", "It does not fit this photo."))
    assert dialog.open_button.isEnabled() and not dialog.findChild(QComboBox, "network_stride_0").property("wrong")


def test_one_layer_needs_no_row_for_all(show):
    alone = show(NetworkDialog("One.", ROWS[:1], OPTIONS), 900, 300)
    assert alone.findChild(QComboBox, "network_all_stride") is None


def test_lines_that_are_not_seen_at_first_come_as_they_are_set_meanwhile(qtbot, heard):
    rows = [LayerRow(f"conv{k}", "1 × 1", CONV) for k in range(60)]
    many = NetworkDialog("Sixty.", rows, OPTIONS)
    qtbot.addWidget(many)
    assert many.findChild(QComboBox, "network_padding_59") is None
    box = many.findChild(QComboBox, "network_all_padding")
    box.setCurrentIndex(1)
    box.activated.emit(1)
    many.set_plan(NetworkPlan(tuple(str(k) for k in range(60)), "", "conv59: no.", (59, "stride")))
    qtbot.waitUntil(lambda: many.findChild(QLabel, "network_output_59") is not None)
    assert many.findChild(QComboBox, "network_padding_59").currentText() == "same"
    assert many.findChild(QLabel, "network_output_59").text() == "59"
    assert many.findChild(QComboBox, "network_stride_59").property("wrong")
    assert {values["padding"] for values in many.values()} == {"same"}
