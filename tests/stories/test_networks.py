"""Trained networks that come with the program: a face is found where it is, and every filter is seen."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from convgui import assets
from convgui.engine.layers.filtered import FILTERS
from convgui.engine.network import evaluate
from convgui.io.pictures.images import open_source
from convgui.io.recipe import read_recipe


@pytest.mark.parametrize("name", FILTERS)
def test_p_net_finds_the_face_of_the_astronaut_whichever_filter_shrinks_it(name, compiled):
    from dataclasses import replace

    recipe = read_recipe(assets.network("p-net.json"))
    recipe = replace(recipe, reading=replace(recipe.reading, filter=name))
    photo = open_source(str(assets.photo("astronaut.webp")))
    chain = recipe.chain(photo)
    face = evaluate(chain)[1]
    assert np.unravel_index(face.argmax(), face.shape) == (4, 10)
    assert face.max() >= 0.9994
    down, across = chain.place(len(chain.layers))
    place = float(across.origin + 10.5 * across.pitch), float(down.origin + 4.5 * down.pitch)
    assert place == pytest.approx((212, 112), abs=8)


@pytest.mark.parametrize("name", FILTERS)
def test_the_definition_in_numpy_finds_it_too(name):
    """The whole network by sums of products alone, on what Pillow itself makes of the photo."""
    from safetensors.numpy import load_file

    weights = load_file(assets.resource("weights/mtcnn_pnet.safetensors"))
    photo = Image.open(assets.photo("astronaut.webp")).convert("RGB").resize((61, 61), Image.Resampling[name])
    x = (np.asarray(photo, np.float64).transpose(2, 0, 1) - 127.5) / 128

    def conv(x, layer):
        kernel, bias = weights[f"{layer}.weight"], weights[f"{layer}.bias"]
        patches = np.lib.stride_tricks.sliding_window_view(x, kernel.shape[2:], axis=(1, 2))
        return np.einsum("ihwuv,oiuv->ohw", patches, kernel) + bias[:, None, None]

    def prelu(x, layer):
        return np.where(x > 0, x, x * weights[f"{layer}.weight"][:, None, None])

    x = prelu(conv(x, "conv1"), "prelu1")
    x = np.pad(x, ((0, 0), (0, x.shape[1] % 2), (0, x.shape[2] % 2)), constant_values=-np.inf)
    x = x.reshape(10, x.shape[1] // 2, 2, x.shape[2] // 2, 2).max(axis=(2, 4))
    x = prelu(conv(prelu(conv(x, "conv2"), "prelu2"), "conv3"), "prelu3")
    face = np.exp(conv(x, "conv4_1"))
    face = face[1] / face.sum(axis=0)
    assert np.unravel_index(face.argmax(), face.shape) == (4, 10) and face.max() >= 0.9994


def test_the_face_network_shows_all_its_filters(user):
    user.sample("face-kernels")
    pair = user.window.pair
    assert pair.grid.isVisible() and pair.grid.order() == tuple(range(32)) and pair.grid.missing() == ()
    assert user.program.workspace.name == "network" and user.window.layers.isVisible()
    assert user.message() == ""


def test_p_net_lies_over_the_photo_and_a_click_explains_the_cell(user):
    user.sample("p-net")
    assert user.state.map == 1 and user.state.display.many.overlay
    assert user.window.pair.map._under is not None
    assert user.state.output_shape == (2, 26, 26)
    user.do("undo")
    user.settle()
    assert user.state.source.name != "astronaut.webp"


def test_the_photo_under_a_map_has_its_own_black_and_white_whatever_was_open_before(user, tmp_path):
    def brightness():
        return user.window.pair.map._under.colours[:400].mean()

    user.sample("p-net")
    expected = brightness()
    np.save(tmp_path / "sequence.npy", np.linspace(-40, 5, 1000, dtype=np.float32))
    user.open(tmp_path / "sequence.npy")
    user.sample("p-net")
    assert brightness() == pytest.approx(expected, abs=5)
    user.do("undo")
    user.settle()
    user.do("redo")
    user.settle()
    assert brightness() == pytest.approx(expected, abs=5)


def test_the_tour_goes_from_edge_to_face_in_four_steps(user):
    user.do("tour_network")
    user.settle()
    card, seen = user.window.tour, []
    assert card.isVisible() and not card.field.isVisible()
    for _ in range(4):
        seen.append((card.title.text(), user.state.unit.layer.name, user.state.display.many.way))
        assert user.state.fault is None
        last = user.program.probe.cell
        user.press("tour_next")
        user.settle()
    assert [name for _, name, _ in seen] == ["conv1", "prelu2", "prelu3", "face?"]
    assert last == (4, 10)
    assert not card.isVisible()
    assert float(user.program.probe.finding().over) >= 0.9994
    user.do("undo")
    user.settle()
    assert user.state.bank is None


def test_the_tour_of_a_network_ends_when_another_picture_is_opened(user):
    user.do("tour_network")
    user.settle()
    user.sample("coffee")
    assert not user.window.tour.isVisible()
    user.do("tour")
    assert user.window.tour.field.isVisible() and user.window.tour.detail.whole_text() == "tour, 1 of 6"
    user.do("tour_network")
    user.settle()
    assert user.window.tour.detail.whole_text() == "tour, 1 of 4"
    assert user.window.pair.map.cover() == []
