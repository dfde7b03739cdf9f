"""The fields of a layer and the layer say the same: each can be set, and set to what it is it changes nothing."""

from dataclasses import fields, replace

import numpy as np
import pytest

from convgui.controllers.layers.fields import edited, fields_of
from convgui.controllers.layers.kinds import KINDS
from convgui.engine.layers.activation import Activation
from convgui.engine.layers.activations import ACTIVATIONS
from convgui.engine.layers.affine import Affine
from convgui.engine.layers.base import Shape
from convgui.engine.layers.conv import Conv
from convgui.engine.layers.pad import Pad
from convgui.engine.layers.pool import Pool
from convgui.engine.layers.resize import Resize
from convgui.engine.layers.softmax import Softmax
from convgui.model.layer_words import kind_words, settings_words, title

PICTURE, SEQUENCE = Shape(3, 40, 50), Shape(3, 1, 50)
LAYERS = [
    *(Activation(name) for name in ACTIVATIONS),
    Activation("leaky relu", {"negative_slope": 0.3}),
    Activation("relu", {"max_value": 6.0, "threshold": 1.0}),
    Activation("prelu", slopes=np.full((1, 1, 3), 0.1, np.float32)),
    *(Pool(), Pool("mean", (3, 2), (1, 1), "same", ceil=True), Pool("max", None)),
    Pool("mean", padding=((1, 0), (0, 2)), dilation=(2, 2), count_padding=True),
    *(Affine(), Affine((1.0, 2.0, 3.0), (0.5,)), Pad(), Pad((1, 2), (-1, 0), "reflect"), Pad((1, 1), (1, 1), constant=3.0)),
    *(Resize(scale=(2.0, 0.5)), Resize(size=(7, 9), method="bilinear", coordinates="align_corners"), Softmax()),
]


def same(first, second):
    """Whether two layers say the same; arrays are compared by their numbers."""
    pairs = ((getattr(first, f.name), getattr(second, f.name)) for f in fields(first))
    return type(first) is type(second) and all(
        np.array_equal(a, b) if isinstance(a, np.ndarray) else a == b for a, b in pairs
    )


def told(field):
    """Return a field's value as the form tells it."""
    if field.kind == "pair":
        return tuple(int(one) for one in field.value)
    return int(field.value) if field.kind == "whole" else field.value


@pytest.mark.parametrize("shape", [PICTURE, SEQUENCE, None])
@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: f"{kind_words(layer)} {settings_words(layer)}")
def test_set_to_what_it_is_a_field_changes_nothing(layer, shape):
    if shape == SEQUENCE:
        if isinstance(layer, Pool) and layer.size:
            layer = replace(layer, size=(1, 2), stride=None, dilation=(1, 1))
        layer = replace(layer, size=(1, 9)) if isinstance(layer, Resize) and layer.size else layer
        layer = replace(layer, scale=(1.0, 2.0)) if isinstance(layer, Resize) and layer.scale else layer
    for field in fields_of(layer, shape):
        again = edited(layer, field.name, told(field))
        if field.name == "stride" and layer.stride is None:
            again = replace(again, stride=None)  # as large as the patch, in other words
        if field.name != "function":  # which begins anew
            assert same(again, layer), field.name


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: f"{kind_words(layer)} {settings_words(layer)}")
def test_every_field_is_named_and_a_choice_offers_what_is_chosen(layer):
    found = fields_of(layer, PICTURE)
    assert len({field.name for field in found}) == len(found)
    for field in found:
        assert field.label
        if field.kind == "choice":
            assert field.value in [value for value, _, _ in field.options]
        if field.counts:
            assert len(field.value) in field.counts


@pytest.mark.parametrize(
    ("layer", "name", "value", "expected"),
    [
        (Activation("relu"), "function", "elu", {"function": "elu", "parameters": {}}),
        (Activation("relu", {"threshold": 1.0}), "function", "leaky relu", {"parameters": {}}),
        (Activation("relu"), "max_value", (6.0,), {"parameters": {"max_value": 6.0}}),
        (Activation("relu", {"max_value": 6.0}), "max_value", (), {"parameters": {}}),
        (Activation("elu"), "alpha", 0.5, {"parameters": {"alpha": 0.5}}),
        (Pool(), "global", True, {"size": None}),
        (Pool("mean", None), "global", False, {"size": (2, 2)}),
        (Pool(), "size", (3, 5), {"size": (3, 5), "stride": None}),
        (Pool("max", (1, 2)), "size", 4, {"size": (1, 4)}),
        (Pool(), "padding", "cells", {"padding": ((0, 0), (0, 0))}),
        (Pool(padding=((1, 2), (3, 4))), "pad_cols", (5, 6), {"padding": ((1, 2), (5, 6))}),
        (Pool(padding=((1, 2), (3, 4))), "padding", "same", {"padding": "same"}),
        (Affine(), "scale", (1.0, 2.0), {"scale": (1.0, 2.0)}),
        (Pad(), "border", "constant", {"border": "zeros", "constant": 0.5}),
        (Pad(constant=3.0), "border", "wrap", {"border": "wrap", "constant": 0.0}),
        (Resize(scale=(2.0, 2.0)), "by", "size", {"scale": None}),
        (Resize(size=(4, 4)), "by", "scale", {"size": None, "scale": (2.0, 2.0)}),
        (Resize(scale=(1.0, 2.0)), "scale", 3.0, {"scale": (1.0, 3.0)}),
        (Softmax(), "name", "  chance ", {"name": "chance"}),
    ],
)
def test_a_field_that_is_set_sets_that_and_the_rest_stays(layer, name, value, expected):
    layer = replace(layer, on=False, **({} if name == "name" else {"name": "mine"}))
    again = edited(layer, name, value)
    assert {key: getattr(again, key) for key in expected} == expected
    assert not again.on
    assert again.name == expected.get("name", "mine")


@pytest.mark.parametrize("sequence", [False, True])
@pytest.mark.parametrize("name", KINDS)
def test_each_kind_that_can_be_added_is_called_by_a_word(name, sequence):
    layer = KINDS[name](sequence)
    assert title(layer)
    assert isinstance(layer, Conv) or fields_of(layer, SEQUENCE if sequence else PICTURE)
