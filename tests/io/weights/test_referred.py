"""Recipes that refer to weights: found again where they were or beside the recipe, told by their hash, or inside."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest
from safetensors.numpy import save_file

from convgui import assets
from convgui.engine.kernels.kernel import Kernel
from convgui.io.carrying import load_recipe
from convgui.io.errors import FileError
from convgui.io.recipe import Recipe, from_document, read_recipe, save_recipe, text_of
from convgui.io.session_file import load_session, save_session
from convgui.io.weights.files import open_weights
from convgui.io.weights.referred import with_origins
from convgui.model.banks import with_kernel

RNG = np.random.default_rng(0)
TENSORS = {
    "conv1.weight": RNG.normal(size=(8, 3, 5, 5)).astype(np.float32),
    "conv1.bias": RNG.normal(size=8).astype(np.float32),
    "conv2.weight": RNG.normal(size=(4, 8, 3, 3)).astype(np.float32),
}


@pytest.fixture
def weights(tmp_path):
    path = tmp_path / "models" / "net.safetensors"
    path.parent.mkdir()
    save_file(TENSORS, path)
    return path


@pytest.fixture
def recipe(weights):
    file = open_weights(weights)
    return Recipe(with_origins(file.network.layers, file.network.names, file))


PHOTO = RNG.integers(0, 255, (20, 30, 3), np.uint8)


def same(a, b):
    return np.array_equal(replace(a, reading=b.reading).apply(PHOTO), b.apply(PHOTO))


def colours(recipe):
    return replace(recipe, reading=replace(recipe.reading, colour="each channel"))


def test_weights_of_a_file_are_named_not_copied(recipe, tmp_path):
    path = tmp_path / "r.json"
    save_recipe(path, colours(recipe))
    stored = json.loads(path.read_text())
    kernels = [layer["kernel"] for layer in stored["layers"] if "kernel" in layer]
    assert [kernel["file"]["tensor"] for kernel in kernels] == ["conv1.weight", "conv2.weight"]
    assert all("weights" not in kernel for kernel in kernels)
    assert same(read_recipe(path), colours(recipe))


def test_inside_on_demand_they_need_no_file(recipe, weights, tmp_path):
    path = tmp_path / "r.json"
    save_recipe(path, colours(recipe), inside=True)
    weights.unlink()
    assert same(read_recipe(path), colours(recipe))


def test_a_file_that_went_along_with_the_recipe_is_found(recipe, weights, tmp_path):
    path = tmp_path / "elsewhere" / "r.json"
    path.parent.mkdir()
    save_recipe(path, colours(recipe))
    shutil.move(weights, path.parent / weights.name)
    opened = read_recipe(path)
    assert same(opened, colours(recipe))
    assert opened.layers[0].kernel.origin.path == str(path.parent / weights.name)


def test_a_file_that_is_gone_or_has_other_weights_is_told(recipe, weights, tmp_path):
    path = tmp_path / "r.json"
    save_recipe(path, colours(recipe))
    other = TENSORS | {"conv2.weight": TENSORS["conv2.weight"] + 1}
    save_file(other, weights)
    with pytest.raises(FileError, match=r"layers\[.\]\.kernel\.file: .*conv2\.weight of net\.safetensors has other weights"):
        read_recipe(path)
    save_file({"another": TENSORS["conv2.weight"]}, weights)
    with pytest.raises(FileError, match=r"has no tensor conv1\.weight"):
        read_recipe(path)
    weights.unlink()
    with pytest.raises(FileError, match=r"expected the file of weights net\.safetensors in .* it is not there"):
        read_recipe(path)


def test_the_right_file_is_taken_where_a_wrong_one_lies_beside_the_recipe(recipe, weights, tmp_path):
    path = tmp_path / "r.json"
    save_recipe(path, colours(recipe))
    save_file({name: tensor * 2 for name, tensor in TENSORS.items()}, tmp_path / weights.name)
    assert same(read_recipe(path), colours(recipe))


def test_a_painted_bank_is_no_longer_the_files(recipe, tmp_path):
    conv = recipe.layers[0]
    painted = with_kernel(conv.kernel, 0, 0, Kernel(np.ones((5, 5))))
    assert painted.origin is None
    edited = replace(recipe, layers=(replace(conv, kernel=painted), *recipe.layers[1:]))
    path = tmp_path / "r.json"
    save_recipe(path, colours(edited))
    assert "weights" in json.loads(path.read_text())["layers"][0]["kernel"]
    assert same(read_recipe(path), colours(edited))


def test_the_session_and_workers_have_the_weights_inside(recipe, weights, tmp_path):
    from convgui.engine.source import Source

    save_session(tmp_path, colours(recipe), Source(PHOTO, 1 / 255), "")
    text = text_of(colours(recipe), inside=True)
    weights.unlink()
    assert same(load_session(tmp_path).recipe, colours(recipe))
    assert same(from_document(json.loads(text), "x"), colours(recipe))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"layout": "HIWO"}, "expected one of"),
        ({"sha256": "abc"}, "sha256"),
        ({"path": ""}, "path"),
        ({"tensor": 3}, "tensor"),
        ({"more": 1}, "more"),
    ],
)
def test_a_damaged_reference_is_told_with_its_place(recipe, tmp_path, change, said):
    path = tmp_path / "r.json"
    save_recipe(path, recipe)
    document = json.loads(path.read_text())
    document["layers"][0]["kernel"]["file"].update(change)
    with pytest.raises(FileError, match=rf"layers\[0\]\.kernel\.file.*{said}"):
        from_document(document, "r.json")


def test_a_kernel_has_weights_or_a_file(recipe, tmp_path):
    save_recipe(tmp_path / "r.json", recipe)
    document = json.loads((tmp_path / "r.json").read_text())
    document["layers"][0]["kernel"]["weights"] = [[1.0]]
    with pytest.raises(FileError, match="received both"):
        from_document(document, "r.json")


@pytest.mark.parametrize("name", assets.NETWORKS)
def test_bundled_networks_travel_by_name(name, tmp_path):
    recipe = load_recipe(assets.network(name))
    document = json.loads(text_of(recipe))
    for layer in document["layers"]:
        if "file" in layer.get("kernel", {}):
            layer["kernel"]["file"]["path"] = "/nowhere/" + layer["kernel"]["file"]["path"].rpartition("/")[2]
    opened = from_document(document, "x", tmp_path)
    for mine, others in zip(opened.layers, recipe.layers, strict=True):
        assert mine.kind != "conv" or mine.kernel.same_weights(others.kernel)


def test_the_bundled_face_kernels_say_their_stride_and_how_a_photo_is_read():
    network = open_weights(assets.resource("weights/face_recognition_conv1_7x7x3x32.npz")).network
    assert network.layers[0].stride == (2, 2) and [layer.kind for layer in network.layers] == ["conv", "affine"]
    assert [asked.setting for asked in network.asked] == ["padding", "activation"]
    reading = network.reading
    assert np.allclose(np.array(reading.offset) * 255, (-122.782, -117.001, -104.298), atol=1e-3)


def test_the_session_names_the_file_of_a_large_network_and_holds_what_was_painted(tmp_path):
    from convgui.engine.source import Source

    tensor = np.zeros((300, 300, 3, 3), np.float32)
    tensor[0, 0] = 1
    save_file({"w.weight": tensor, "v.weight": tensor}, tmp_path / "large.safetensors")
    file = open_weights(tmp_path / "large.safetensors")
    layers = with_origins(file.network.layers, file.network.names, file)
    painted = with_kernel(layers[1].kernel, 5, 7, Kernel(np.full((3, 3), 2.0)))
    layers = (layers[0], replace(layers[1], kernel=painted))
    save_session(tmp_path, Recipe(layers), Source(PHOTO, 1 / 255), "")
    opened = load_session(tmp_path).recipe.layers
    assert opened[0].kernel.same_weights(layers[0].kernel) and opened[0].kernel.origin == layers[0].kernel.origin
    assert opened[1].kernel.same_weights(painted) and opened[1].kernel.origin is None
    stored = (tmp_path / "session.json").stat().st_size
    assert 4 * tensor.size < stored < 8 * tensor.size
