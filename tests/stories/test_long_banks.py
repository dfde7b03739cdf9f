"""A sound engineer opens a network whose first filters are 512 steps long: they are seen, explained, edited and kept."""

from __future__ import annotations

import wave

import numpy as np
import pytest
from safetensors.numpy import save_file

from convgui.engine.network import evaluate

STEPS, RATE = 512, 16_000
RNG = np.random.default_rng(4)
FIRST = (RNG.normal(size=(8, 1, STEPS)) * np.hanning(STEPS)).astype(np.float32)
SECOND = RNG.normal(size=(4, 8, 65)).astype(np.float32)
TALL = RNG.normal(size=(16, 3, 71, 71)).astype(np.float32)


@pytest.fixture
def network(start, tmp_path):
    sound, weights = tmp_path / "tone.wav", tmp_path / "pitch.safetensors"
    with wave.open(str(sound), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((20_000 * np.sin(np.arange(4000) / 9)).astype("<i2").tobytes())
    save_file({"conv1.weight": FIRST, "conv2.weight": SECOND}, weights)
    user = start(sound)
    user.settle()
    user.open(weights)
    user.open_network()
    return user


def test_its_maps_are_those_of_numpy_and_a_cell_is_the_sum_of_512_products(network):
    assert network.window.pair.grid.isVisible() and network.window.pair.grid.missing() == ()
    x = network.state.source.array[0]
    expected = np.stack([np.correlate(x, taps[0], "valid") for taps in FIRST])
    np.testing.assert_allclose(evaluate(network.state.looked_at)[:, 0], expected, atol=1e-3)
    network.do("map_one")
    network.program.probe.pin((0, 100))
    network.window.docks["probe"].bring()
    network.settle()
    explained = network.window.probe.canvas.sum
    assert explained.products.size == STEPS and len(network.window.probe.canvas.terms) > 2
    assert explained.value == pytest.approx(expected[0, 100], abs=1e-3) == pytest.approx(explained.products.sum(), abs=1e-3)
    assert network.find("size_button").text() == "1 × 512"


def test_a_weight_is_painted_and_the_maps_follow(network):
    network.do("map_one")
    before = evaluate(network.state.looked_at)
    network.window.kernel_card.grid.typed.emit(0, 300, 5.0)
    network.settle()
    assert network.state.bank.weights[0, 300, 0, 0] == 5.0
    assert np.abs(evaluate(network.state.looked_at)[0] - before[0]).max() > 1
    network.do("undo")
    network.settle()
    assert np.array_equal(evaluate(network.state.looked_at), before)


@pytest.mark.parametrize("inside", [False, True])
def test_a_recipe_keeps_it(network, tmp_path, inside):
    before = network.state.layers
    network.program.commands.save_recipe(str(tmp_path / "long.json"), inside=inside)
    network.settle()
    network.do("reset_layer")
    network.program.commands.open_recipe(str(tmp_path / "long.json"))
    network.settle()
    for layer, other in zip(network.state.layers, before, strict=True):
        assert np.array_equal(layer.kernel.weights, other.kernel.weights)


def test_one_of_its_kernels_is_not_kept_by_hand_and_the_sentence_says_what_keeps_it(network):
    network.program.kernel_files.keep("my taps")
    network.settle()
    assert "1 × 512 weights, a kernel at most 63 × 63" in network.message() and "bank" in network.message()


def test_a_bank_for_photos_with_more_than_63_cells_to_a_side_opens(start, photo, tmp_path):
    weights = tmp_path / "tall.safetensors"
    save_file({"conv.weight": TALL}, weights)
    user = start(photo)
    user.settle()
    user.open(weights)
    user.open_network()
    assert user.state.why == "" and user.state.output_shape == (16, 20, 50)
    user.do("map_one")
    user.program.probe.pin((3, 4))
    user.settle()
    assert user.find("size_button").text() == "71 × 71"
