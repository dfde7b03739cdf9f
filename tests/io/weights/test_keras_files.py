"""Keras's files: models in .keras and .h5 give Keras's own values; of weights alone it is said what they do not say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from weight_files import close, computed, magnitudes, run

from convgui.io.weights.files import open_weights

FOLDER = Path(__file__).parents[2] / "data" / "keras" / "files"
MODELS = ("picture", "sequence", "branches")


def values(name):
    """Return a model's input and output as maps x rows x cols; a sequence has one row."""
    with np.load(FOLDER / f"{name}.npz") as file:
        found = []
        for array in (file["x"], file["y"]):
            while array.ndim < 3:
                array = array[np.newaxis]
            found.append(np.moveaxis(array, -1, 0))
        return found


@pytest.mark.parametrize("ending", [".keras", ".h5"])
@pytest.mark.parametrize("name", MODELS)
def test_a_model_gives_the_values_of_keras(name, ending):
    network = open_weights(FOLDER / f"{name}{ending}").network
    x, y = values(name)
    assert network.channels == len(x) and network.size == x.shape[1:]
    close(run(network, x), y, magnitudes(network, x))
    close(computed(network, x), y, magnitudes(network, x))


def test_a_branch_ends_the_chain_and_is_named():
    for ending in (".keras", ".h5"):
        network = open_weights(FOLDER / f"branches{ending}").network
        assert network.ends == "left"
        assert network.rest.startswith("Stops before Add 'together': it brings several tensors together")


def test_the_names_that_the_user_gave_are_those_of_the_layers():
    for ending in (".keras", ".h5", ".weights.h5"):
        network = open_weights(FOLDER / f"picture{ending}").network
        assert "first look" in [layer.name for layer in network.layers]


def test_layouts_are_those_of_keras():
    tensors = {tensor.name: tensor for tensor in open_weights(FOLDER / "picture.keras").tensors}
    assert tensors["layers/conv2d/vars/0"].layout == "HWIO"
    assert tensors["layers/depthwise_conv2d/vars/0"].layout == "HWCM"
    assert tensors["layers/p_re_lu/vars/0"].layout is None
    assert {tensor.layout for tensor in open_weights(FOLDER / "sequence.h5").tensors} == {"WIO", "IO", None}


def test_each_tensor_has_the_numbers_of_the_file():
    import h5py

    opened = open_weights(FOLDER / "picture.weights.h5")
    assert opened.kind == "Keras weights"
    with h5py.File(FOLDER / "picture.weights.h5") as file:
        for tensor in opened.tensors:
            assert np.array_equal(tensor.read(), file[tensor.name][()])


def test_what_weights_alone_do_not_say_is_asked():
    network = open_weights(FOLDER / "branches.weights.h5").network
    assert [layer.kind for layer in network.layers] == ["conv"] * len(network.layers)
    asked = {(one.layer, one.setting) for one in network.asked}
    assert asked >= {(0, "stride"), (0, "padding"), (0, "activation"), (1, "stride")}
    assert all(network.layers[one.layer].kind == "conv" for one in network.asked)


def test_a_norm_of_weights_alone_is_a_scale_and_an_offset():
    network = open_weights(FOLDER / "picture.weights.h5").network
    assert "affine" in [layer.kind for layer in network.layers]
    assert "layers/dense/vars/0" in network.rest
