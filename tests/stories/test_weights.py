"""A deep-learning engineer opens weights: sees every tensor, corrects a layout, opens the network and paints on it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtWidgets import QComboBox, QLabel
from safetensors.numpy import save_file

from convgui.engine.network import evaluate

RNG = np.random.default_rng(0)
DATA = Path(__file__).parents[1] / "data"


@pytest.fixture
def files(tmp_path):
    photo = tmp_path / "photo.png"
    Image.fromarray(RNG.integers(0, 255, (40, 60, 3), np.uint8)).save(photo)
    weights = tmp_path / "net.safetensors"
    tensors = {
        "features.0.weight": RNG.normal(size=(6, 3, 5, 5)).astype(np.float32),
        "features.0.bias": RNG.normal(size=6).astype(np.float32),
        "features.2.weight": RNG.normal(size=(4, 6, 3, 3)).astype(np.float32),
        "features.2.bias": RNG.normal(size=4).astype(np.float32),
        "odd": RNG.normal(size=(3, 3, 3, 3)).astype(np.float32),
    }
    save_file(tensors, weights)
    return photo, weights, tensors


def test_every_tensor_is_listed_with_its_kernels_and_the_network_opened(start, files):
    photo, weights, tensors = files
    user = start(photo)
    user.settle()
    user.open(weights)
    panel = user.window.weights
    assert panel.isVisible() and sorted(panel.names()) == sorted(tensors)
    assert "5 tensors" in panel.detail.whole_text()
    assert "stride" in panel.note.whole_text()
    user.open_network()
    layers = user.state.layers
    assert [layer.kind for layer in layers][:2] == ["conv", "conv"]
    assert np.array_equal(layers[0].kernel.weights, tensors["features.0.weight"].transpose(2, 3, 1, 0))
    assert layers[0].bias == tuple(tensors["features.0.bias"].tolist())
    assert "values from 0 to 1" in user.message()
    assert user.window.pair.grid.isVisible() and user.window.pair.grid.order() == tuple(range(6))
    user.do("undo")
    user.settle()
    assert len(user.state.layers) == 1 and user.state.bank is None


@pytest.fixture
def asked(start, files):
    """The table of what the file leaves open, on the screen."""
    photo, weights, _ = files
    user = start(photo)
    user.settle()
    user.open(weights)
    return user, user.ask_for_network()


def words(dialog, name):
    return next(part.text() for part in dialog.findChildren(QLabel) if part.objectName() == name)


def pick(dialog, name, value):
    box = dialog.findChild(QComboBox, name)
    box.setCurrentIndex(box.findData(value))
    box.activated.emit(box.currentIndex())


def test_what_a_file_leaves_open_is_asked_in_one_table_with_what_comes_out(asked):
    user, dialog = asked
    assert [words(dialog, f"network_output_{k}") for k in range(2)] == ["56 × 36 × 6", "54 × 34 × 4"]
    assert words(dialog, "network_sentence") == "photo.png becomes 54 × 34 × 4."
    dialog.findChild(QComboBox, "network_stride_0").setEditText("2")
    dialog.findChild(QComboBox, "network_padding_0").setEditText("2")
    pick(dialog, "network_all_activation", "relu")
    pick(dialog, "network_pool_0", "max 2")
    user.until(lambda: words(dialog, "network_output_0") == "15 × 10 × 6")
    assert words(dialog, "network_output_1") == "13 × 8 × 4"
    user.until(dialog.open_button.isEnabled)
    dialog.open_button.click()
    user.settle()
    layers = user.state.layers
    assert [layer.kind for layer in layers] == ["conv", "activation", "pool", "conv", "activation"]
    assert layers[0].stride == (2, 2) and layers[0].padding == ((2, 2), (2, 2))
    assert evaluate(user.state.chain).shape == (4, 8, 13)
    user.do("undo")
    user.settle()
    dialog = user.ask_for_network()  # what was set is kept
    assert dialog.values()[0] == {"stride": "2", "padding": "2", "activation": "relu", "pool": "max 2"}
    dialog.refuse.click()
    user.settle()
    assert len(user.state.layers) == 1


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("padding_1", "1, x", "features.2: Expected a padding of valid, same, full, or cells"),
        ("padding_1", "-1", "features.2: Expected a padding"),
        ("padding_1", "1, 2, 3", "features.2: Expected a padding of one, two or four numbers"),
        ("stride_0", "0", "features.0: Expected a whole number from 1"),
        ("stride_0", "1.5", "features.0: Expected a whole number from 1"),
        ("stride_0", "", "features.0: Expected a whole number from 1"),
    ],
)
def test_what_cannot_be_set_is_said_and_not_opened(asked, field, typed, said):
    user, dialog = asked
    before = dialog.findChild(QComboBox, f"network_{field}").currentText()
    dialog.findChild(QComboBox, f"network_{field}").setEditText(typed)
    user.until(lambda: words(dialog, "network_warning").startswith(said))
    assert not dialog.open_button.isEnabled() and words(dialog, "network_output_1") == ""
    dialog.findChild(QComboBox, f"network_{field}").setEditText(before)
    user.until(dialog.open_button.isEnabled)
    assert words(dialog, "network_warning") == ""
    dialog.refuse.click()


def test_a_layer_that_does_not_fit_the_picture_says_so_and_can_be_opened(asked):
    user, dialog = asked
    dialog.findChild(QComboBox, "network_stride_0").setEditText("30")
    user.until(lambda: words(dialog, "network_warning").startswith("features.2: "))
    assert words(dialog, "network_output_0") == "2 × 2 × 6" and words(dialog, "network_output_1") == ""
    dialog.open_button.click()
    user.settle()
    assert user.state.fault is not None and len(user.state.layers) == 2


def test_a_network_that_says_all_is_opened_at_once(start, files):
    photo, _, _ = files
    user = start(photo)
    user.settle()
    user.open(DATA / "keras/files/picture.keras")
    user.press("weights_network")
    user.settle()
    assert user.state.conv.name == "first look"


def test_a_network_of_sequences_is_asked_for_one_axis(start, tmp_path):
    path = tmp_path / "sound.safetensors"
    bank = RNG.normal(size=(3, 1, 4)).astype(np.float32)
    save_file({"conv1.weight": bank, "conv2.weight": RNG.normal(size=(2, 3, 3)).astype(np.float32)}, path)
    user = start()
    user.settle()
    user.sample("article-1d")
    user.open(path)
    dialog = user.ask_for_network()
    dialog.findChild(QComboBox, "network_padding_0").setEditText("causal")
    dialog.findChild(QComboBox, "network_padding_1").setEditText("1, 2")
    pick(dialog, "network_pool_0", "max 2")
    user.until(lambda: words(dialog, "network_output_1") == "4 × 2")
    dialog.open_button.click()
    user.settle()
    assert user.state.layers[0].padding == "causal" and user.state.layers[1].size == (1, 2)
    assert evaluate(user.state.chain).shape == (2, 1, 4)


def test_a_layout_is_corrected_and_the_tensor_becomes_a_layer(start, files):
    photo, weights, tensors = files
    user = start(photo)
    user.settle()
    user.open(weights)
    panel = user.window.weights
    panel.tree.setCurrentItem(panel._items["odd"])
    user.choose("weights_layout", "HWIO")
    user.press("weights_layer")
    user.settle()
    assert np.array_equal(user.state.conv.kernel.weights, tensors["odd"])
    assert user.state.conv.kernel.origin.layout == "HWIO"
    expected = evaluate(user.state.chain)
    assert expected.shape == (3, 38, 58)


def test_a_channel_of_a_filter_is_picked_and_painted(start, files):
    photo, weights, tensors = files
    user = start(photo)
    user.settle()
    user.open(weights)
    user.open_network()
    strip = user.window.kernel_card.filters
    assert strip.isVisible()
    user.click(strip, *_middle(strip, 2))
    user.follow()
    shown = user.state.kernel.weights
    assert np.array_equal(shown, tensors["features.0.weight"][0, 1])
    user.program.session.replace("paint", user.state.with_conv(kernel=user.state.kernel.with_weights(shown * 2)))
    user.settle()
    bank = user.state.bank
    assert np.array_equal(bank.weights[:, :, 1, 0], 2 * shown.astype(np.float64)) and bank.origin is None


def _middle(strip, place):
    box = strip._box(place).center()
    return box.x(), box.y()


def test_the_bias_of_the_shown_map_is_set_alone(start, files):
    photo, weights, _ = files
    user = start(photo)
    user.settle()
    user.open(weights)
    user.open_network()
    user.do("map_one")
    user.program.display.show_map(3)
    user.follow()
    before = user.state.conv.bias
    user.type_into("bias", "7")
    assert user.state.conv.bias == (*before[:3], 7.0, *before[4:])


def test_a_pickle_is_not_opened_and_says_what_converts_it(start, tmp_path):
    path = tmp_path / "model.pt"
    path.write_bytes(b"PK\3\4 whatever")
    user = start()
    user.settle()
    user.open(path)
    assert "model.pt" in user.message() and "safetensors" in user.message()


def test_what_is_no_network_still_opens_as_it_did(start, tmp_path):
    path = tmp_path / "kernel.npy"
    np.save(path, np.ones((3, 3), np.float32))
    user = start()
    user.settle()
    user.open(path)
    assert user.window.weights.names() == []


def test_the_photo_is_prepared_as_the_network_wants_it(user):
    user.sample("p-net")
    user.do("workspace_network")
    form = user.window.prepare
    assert form.isVisible() and len(form.pictures.pictures()) == 2
    assert user.find("layer_read_preset").currentText() == "from the file" and not form.warning.isVisible()
    user.choose("layer_read_preset", "0 … 1")
    user.settle()
    assert "Outside the range" in form.warning.text()
    user.do("undo")
    user.settle()
    assert not form.warning.text()
    user.choose("layer_read_size", "letterbox")
    user.settle()
    assert user.state.reading.fit == "letterbox" and user.state.chain.shape(0)[1:] == user.state.reading.size
    user.type_into("layer_read_mean", "1 2 3")
    user.settle()
    assert user.state.reading.offset == pytest.approx((-1 / 128, -2 / 128, -3 / 128))
    user.choose("layer_read_order", "BGR")
    assert np.array(user.state.reading.matrix)[0].argmax() == 2
    user.type_into("layer_read_divide", "0")
    user.settle()
    assert user.state.reading.matrix[0][2] > 0


def test_pictures_of_what_the_network_sees_are_there_again_after_a_source_that_it_cannot_read(start, tmp_path):
    user = start()
    user.sample("p-net")
    user.do("workspace_network")
    np.save(tmp_path / "sequence.npy", np.zeros(100, np.float32))
    user.settle()
    pictures = user.window.prepare.pictures
    assert pictures.isVisible() and len(pictures.pictures()) == 2
    user.open(tmp_path / "sequence.npy")
    assert len(pictures.pictures()) != 2
    user.do("undo")
    user.settle()
    assert len(pictures.pictures()) == 2


def test_an_edited_weight_does_not_change_how_the_photo_is_prepared(start):
    user = start()
    user.sample("face-kernels")
    user.do("workspace_network")
    user.program.layers.select(0)
    user.settle()
    preset = user.find("layer_read_preset")
    before = preset.currentText()
    assert before == "from the file"
    user.window.kernel_card.filters.chosen.emit(0)
    user.settle()
    user.window.kernel_card.grid.painted.emit(0, 0, 0.5, 1)
    user.settle()
    assert preset.currentText() == before


def test_a_bank_is_saved_and_opened_again(start, files, tmp_path):
    from convgui.io.weights.files import open_weights

    photo, weights, tensors = files
    user = start(photo)
    user.settle()
    user.open(weights)
    user.open_network()
    for ending in (".safetensors", ".npz"):
        path = tmp_path / f"bank{ending}"
        user.program.weights.save(str(path))
        user.settle()
        opened = {tensor.name: tensor for tensor in open_weights(path).tensors}
        (weight,) = [tensor for name, tensor in opened.items() if name.endswith(".weight")]
        (bias,) = [tensor for name, tensor in opened.items() if name.endswith(".bias")]
        assert np.array_equal(weight.read(), tensors["features.0.weight"])
        assert np.array_equal(bias.read(), tensors["features.0.bias"])
        assert weight.layout == "OIHW"


def test_a_recipe_names_the_file_or_holds_the_weights(start, files, tmp_path):
    from convgui.io.recipe import read_recipe

    photo, weights, tensors = files
    user = start(photo)
    user.settle()
    user.open(weights)
    user.open_network()
    for name, inside in (("named.json", False), ("inside.json", True)):
        user.program.commands.save_recipe(str(tmp_path / name), inside=inside)
        user.settle()
    weights.unlink()
    held = read_recipe(tmp_path / "inside.json").layers[0].kernel.weights
    assert np.array_equal(held, tensors["features.0.weight"].transpose(2, 3, 1, 0))
    before = user.state
    user.program.commands.open_recipe(str(tmp_path / "named.json"))
    user.settle()
    assert "net.safetensors" in user.message() and user.state is before


@pytest.fixture
def training(tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    for epoch in (1, 2, 10):
        save_file(
            {"conv1.weight": np.full((2, 3, 3, 3), epoch, np.float32), "conv1.bias": np.full(2, epoch, np.float32)},
            folder / f"epoch-{epoch}.safetensors",
        )
    (folder / "log.txt").write_text("loss")
    return folder


def test_a_slider_goes_through_the_times_of_a_training(start, files, training):
    photo, _, _ = files
    user = start(photo)
    user.settle()
    user.program.checkpoints.open(str(training))
    user.settle()
    panel = user.window.weights
    assert panel.time.isVisible() and panel.time_text.text() == "3 of 3 · epoch-10.safetensors"
    user.open_network()
    assert user.state.conv.kernel.weights.max() == 10
    user.program.session.replace("stride", user.state.with_conv(stride=(2, 2)))
    for time, epoch in ((1, 2), (0, 1)):
        panel.time.setValue(time)
        user.settle()
        assert (user.state.conv.kernel.weights == epoch).all() and user.state.conv.bias == (epoch, epoch)
        assert user.state.conv.stride == (2, 2)
        assert evaluate(user.state.looked_at).shape[0] == 2
    user.do("undo")
    user.settle()
    assert user.state.conv.kernel.weights.max() == 10


def test_a_folder_without_checkpoints_and_another_network_say_so(start, files, training, tmp_path):
    photo, weights, _ = files
    user = start(photo)
    user.settle()
    user.program.checkpoints.open(str(tmp_path / "run" / ".."))
    user.settle()
    assert "Expected a folder with a file of weights for each time" in user.message()
    user.program.checkpoints.open(str(training))
    user.settle()
    before = user.state.layers
    user.window.weights.time.setValue(0)
    user.settle()
    assert "open its network first" in user.message() and user.state.layers is before
    user.open(weights)
    assert not user.window.weights.time.isVisible()
