"""Recipes of chains: layers of every kind are opened as they were saved, and give the maps that the chain gives."""

import copy
import json

import numpy as np
import pytest
from attack.recipes import chains, recipes1
from hypothesis import HealthCheck, given, settings

from convgui.engine.kernels.kernel import Kernel
from convgui.engine.layers.activation import Activation
from convgui.engine.layers.affine import Affine
from convgui.engine.layers.conv import Conv
from convgui.engine.layers.pool import Pool
from convgui.engine.layers.softmax import Softmax
from convgui.engine.network import Chain, evaluate
from convgui.engine.reading import Reading
from convgui.engine.source import Source
from convgui.io.errors import FileError
from convgui.io.recipe import Recipe, from_document, read_recipe, save_recipe, to_document
from convgui.io.session_file import load_session, save_session

ROUND = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def holds(stored, given):
    """Whether everything that was given is stored, and as it was given."""
    if isinstance(given, dict):
        return all(name in stored and holds(stored[name], value) for name, value in given.items())
    if isinstance(given, list):
        return len(stored) == len(given) and all(map(holds, stored, given))
    return stored == given or (isinstance(given, float) and np.float32(stored) == np.float32(given))


@ROUND
@given(chains())
def test_a_chain_is_stored_as_it_was_given(document):
    stored = json.loads(json.dumps(to_document(from_document(document, "x.json"))))
    assert to_document(from_document(stored, "x.json")) == stored
    said = copy.deepcopy(document)
    for layer in said["layers"]:
        layer.pop("parameters", None)  # one at its usual value is left out
        if not layer.get("name"):
            layer.pop("name", None)
    assert holds(stored, said)


@ROUND
@given(recipes1)
def test_version_1_becomes_version_2(document):
    recipe = from_document(document, "x.json")
    layer = document["layers"][0]
    functions = [one.function for one in recipe.layers[1:]]
    assert functions == ([] if layer["activation"] == "linear" else [layer["activation"]])
    assert recipe.looked == len(recipe.layers) - 1
    bank = recipe.layers[0].kernel.weights.ndim == 4
    assert recipe.reading == Reading("each channel" if bank else layer["colour"])
    assert recipe.layers[0].bias == tuple(layer["bias"])
    assert to_document(recipe)["version"] == 2


RNG = np.random.default_rng(5)
CHAIN = (
    Conv(Kernel(RNG.integers(-2, 3, (3, 3, 3, 4)).astype(float), name="conv1"), bias=(1.0, -2.0, 0.0, 0.5)),
    Activation("relu", {"max_value": 20.0}),
    Pool("max", (2, 2)),
    Activation("elu", on=False),
    Conv(Kernel(RNG.integers(-2, 3, (2, 2, 2, 6)).astype(float)), groups=2, padding="valid"),
    Affine((0.5,), (1.0, 2.0, 3.0, 4.0, 5.0, 6.0)),
    Softmax(),
)
IMAGE = RNG.integers(0, 9, (11, 13, 3)).astype(np.float32)


@pytest.mark.parametrize("looked", range(len(CHAIN)))
def test_the_maps_are_those_of_the_layer_that_is_looked_at(looked, tmp_path):
    reading = Reading("each channel")
    save_recipe(tmp_path / "chain.json", Recipe(CHAIN, reading=reading, looked=looked))
    maps = read_recipe(tmp_path / "chain.json").apply(IMAGE)
    expected = evaluate(Chain(Source(IMAGE), reading, CHAIN), upto=looked + 1)
    assert np.array_equal(np.moveaxis(maps, -1, 0), expected)


def test_what_does_not_fit_is_said_when_it_is_applied():
    recipe = Recipe((Conv(Kernel([[1.0]])), Conv(Kernel(np.ones((1, 1, 5, 2))))))
    with pytest.raises(ValueError, match="5 channels"):
        recipe.apply(IMAGE)
    with pytest.raises(ValueError, match="to look at"):
        Recipe(CHAIN, looked=9).apply(IMAGE)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(3, 3, 16, 64), (3, 3, 8, 8), (63, 63)])
def test_many_weights_and_few_come_back_to_the_last_bit(tmp_path, shape, dtype):
    weights = RNG.normal(size=shape).astype(dtype).astype(np.float64)
    slopes = RNG.normal(size=(1, 1, 9000)).astype(np.float32)
    save_recipe(tmp_path / "bank.json", Recipe((Conv(Kernel(weights)), Activation("prelu", slopes=slopes))))
    conv, prelu = read_recipe(tmp_path / "bank.json").layers
    assert np.array_equal(conv.kernel.weights, weights) and np.array_equal(prelu.slopes, slopes)


PACKED = {"dtype": "float32", "shape": [1, 2], "base64": "AACAPwAAAEA="}


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"base64": "AACAPwAAAE"}, "layers[0].kernel.weights.base64"),
        ({"base64": "not base64"}, "layers[0].kernel.weights.base64"),
        ({"base64": "AACAPw=="}, "layers[0].kernel.weights.base64"),
        ({"base64": "AADAfwAAAEA="}, "layers[0].kernel.weights"),  # NaN
        ({"base64": 5}, "layers[0].kernel.weights.base64"),
        ({"dtype": "float16"}, "layers[0].kernel.weights.dtype"),
        ({"dtype": "object"}, "layers[0].kernel.weights.dtype"),
        ({"shape": [2]}, "layers[0]"),
        ({"shape": [2, 1, 1]}, "layers[0]"),
        ({"shape": []}, "layers[0].kernel.weights.shape"),
        ({"shape": [0, 2]}, "layers[0].kernel.weights.shape"),
        ({"shape": [10**6, 10**6]}, "layers[0].kernel.weights.base64"),
        ({"shape": [-1, 2]}, "layers[0].kernel.weights.shape"),
        ({"more": 1}, "layers[0].kernel.weights"),
    ],
    ids=str,
)
def test_packed_weights_that_were_altered_are_refused_with_their_place(change, place):
    document = to_document(Recipe((Conv(Kernel([[1.0, 2.0]])),)))
    document["layers"][0]["kernel"]["weights"] = dict(PACKED)
    assert from_document(document, "x.json").layers[0].kernel.weights.tolist() == [[1, 2]]
    document["layers"][0]["kernel"]["weights"] |= change
    with pytest.raises(FileError) as caught:
        from_document(document, "x.json")
    assert place in str(caught.value) and len(str(caught.value)) < 400


def test_a_session_keeps_the_chain(tmp_path):
    recipe = Recipe(CHAIN, "vik", map=3, reading=Reading("each channel", offset=(-0.5,)), looked=4, below=1, photo=True)
    source = Source(IMAGE, name="typed", toy=True)
    save_session(tmp_path, recipe, source)
    session = load_session(tmp_path)
    assert to_document(session.recipe) == to_document(recipe)
    assert np.array_equal(session.recipe.apply(session.source), recipe.apply(source))


def test_layers_above_the_one_that_is_looked_at_need_not_fit():
    too_many = Conv(Kernel(np.ones((1, 1, 99, 1))))
    recipe = Recipe((*CHAIN[:2], too_many), reading=Reading("each channel"), looked=1)
    assert recipe.apply(IMAGE).shape == (11, 13, 4)
