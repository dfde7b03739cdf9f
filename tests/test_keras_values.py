"""Models by Keras's names give Keras's values: those of `tests/data/keras`, which `tests/keras_values.py` has made."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from keras_cases import FAMILIES, REFUSED

from convgui import Sequential, layers

CASES = [(family, name) for family, cases in FAMILIES.items() for name in cases]


@cache
def stored(family):
    """Return the arrays of a family, and the shapes of the weights of each of its models."""
    with np.load(Path(__file__).parent / "data" / "keras" / f"{family}.npz") as file:
        arrays = dict(file)
    shapes = [[tuple(map(int, one.split(","))) for one in text.split(";") if one] for text in arrays["shapes"].tolist()]
    return arrays, dict(zip(FAMILIES[family], shapes, strict=True))


def weights_of(family, name):
    arrays, shapes = stored(family)
    ends = np.cumsum([np.prod(shape) for shape in shapes[name]]).astype(int)
    parts = np.split(arrays[f"{name}/weights"], ends)[:-1]
    return [part.reshape(shape) for part, shape in zip(parts, shapes[name], strict=True)]


def model_of(shape, made):
    return Sequential([layers.Input(shape[1:]), *made(layers)])


@pytest.mark.parametrize(("family", "name"), CASES)
def test_values_are_those_of_keras(family, name):
    arrays, _ = stored(family)
    x, expected = arrays[f"{name}/x"], arrays[f"{name}/y"]
    model = model_of(*FAMILIES[family][name])
    model.set_weights(weights_of(family, name))
    found = model.predict(x, verbose=0)
    assert found.dtype == np.float32
    assert model.output_shape == (None, *expected.shape[1:])
    np.testing.assert_allclose(found, expected, rtol=2e-5, atol=2e-6 * max(1, np.abs(expected).max()))


@pytest.mark.parametrize(("family", "name"), CASES)
def test_weights_have_the_order_and_shapes_of_keras(family, name):
    model = model_of(*FAMILIES[family][name])
    expected = weights_of(family, name)
    assert [weight.shape for weight in model.weights] == [weight.shape for weight in expected]
    model.set_weights(expected)
    assert all(np.array_equal(found, one) for found, one in zip(model.get_weights(), expected, strict=True))


@pytest.mark.parametrize("name", REFUSED)
def test_what_keras_refuses_is_refused_in_a_sentence(name):
    shape, made = REFUSED[name]
    with pytest.raises((ValueError, TypeError)) as refusal:
        model_of(shape, made)
    sentence = str(refusal.value)
    assert len(sentence.split()) > 4 and "\n" not in sentence
