"""Layers against what Keras computed of the same: `tests/keras_values.py` says how these values were made."""

from pathlib import Path

import numpy as np
import pytest
from bound_layers import check_against

from convgui.engine.layers.activation import Activation
from convgui.engine.layers.affine import Affine
from convgui.engine.layers.base import Shape
from convgui.engine.layers.pad import Pad
from convgui.engine.layers.pool import Pool
from convgui.engine.layers.resize import Resize
from convgui.engine.layers.softmax import Softmax

FOLDER = Path(__file__).parents[2] / "data" / "keras"


def values(family):
    """Return the cases of a file: name -> (input, weights, output); a sequence is one row, batch first, maps second."""
    with np.load(FOLDER / f"{family}.npz") as file:
        names = [key.removesuffix("/x") for key in file if key.endswith("/x")]
        return {name: tuple(file[f"{name}/{what}"] for what in ("x", "weights", "y")) for name in names}


def planar(array):
    """Return a batch as (batch, maps, rows, cols)."""
    array = array[:, None] if array.ndim == 3 else array.reshape(len(array), *(1,) * (4 - array.ndim), *array.shape[1:])
    return np.moveaxis(array, -1, 1)


def slopes(*shape):
    return lambda weights: Activation("prelu", slopes=weights.reshape(shape))


def norm(maps, epsilon=1e-3, center=True, scale=True):
    """Return the affine layer that a batch norm is: gamma and beta, if they are there, then mean and variance."""

    def layer(weights):
        found = weights.reshape(-1, maps).astype(np.float64)
        gamma = found[0] if scale else np.ones(maps)
        beta = found[int(scale)] if center else np.zeros(maps)
        factor = gamma / np.sqrt(found[-1] + epsilon)
        return Affine(scale=tuple(factor), offset=tuple(beta - found[-2] * factor))

    return layer


def always(layer):
    return lambda weights: layer


POINTWISE = {
    name: always(Activation("linear" if "none" in name else name.removeprefix("activation ")))
    for name in values("activations")
    if name.startswith("activation ") and name not in ("activation softmax", "activation gelu")
}
ACTIVATIONS = POINTWISE | {
    "activation gelu": always(Activation("gelu", {"approximate": 0})),
    "activation softmax": always(Softmax()),
    "relu": always(Activation()),
    "relu max": always(Activation("relu", {"max_value": 1.5})),
    "relu slope": always(Activation("relu", {"negative_slope": 0.25})),
    "relu threshold": always(Activation("relu", {"threshold": 0.75})),
    "relu all": always(Activation("relu", {"max_value": 2.0, "negative_slope": 0.5, "threshold": 0.5})),
    "relu max below threshold": always(Activation("relu", {"max_value": 0.5, "threshold": 1.0})),
    "leaky relu": always(Activation("leaky relu", {"negative_slope": 0.3})),
    "leaky relu slope": always(Activation("leaky_relu", {"negative_slope": 0.01})),
    "prelu": slopes(7, 6, 3),
    "prelu maps": slopes(1, 1, 3),
    "prelu rows": slopes(1, 6, 3),
    "prelu one": slopes(1, 1, 1),
    "prelu sequence": slopes(1, 1, 3),
    "prelu steps": slopes(1, 11, 3),
    "elu": always(Activation("elu")),
    "elu alpha": always(Activation("elu", {"alpha": 0.5})),
    "softmax": always(Softmax()),
    "softmax axis": always(Softmax()),
}
POOLING = {
    name: always(layer)
    for name, layer in {
        "max": Pool(),
        "max strides": Pool(size=(3, 2), stride=(1, 2)),
        "max same": Pool(padding="same"),
        "max same odd": Pool(size=(3, 3), stride=(2, 2), padding="same"),
        "max gaps": Pool(stride=(3, 3)),
        "max one": Pool(size=(1, 1), stride=(2, 2)),
        "mean": Pool("mean"),
        "mean strides": Pool("mean", size=(2, 3), stride=(1, 1)),
        "mean same": Pool("mean", padding="same"),
        "mean same odd": Pool("mean", size=(3, 3), stride=(2, 2), padding="same"),
        "max 1d": Pool(size=(1, 2)),
        "max 1d same": Pool(size=(1, 3), stride=(1, 2), padding="same"),
        "mean 1d": Pool("mean", size=(1, 2)),
        "mean 1d same": Pool("mean", size=(1, 4), stride=(1, 3), padding="same"),
        **{f"global {name}": Pool(name.split()[0], size=None) for name in ("max", "max kept", "max 1d", "max 1d kept")},
        **{f"global {name}": Pool(name.split()[0], size=None) for name in ("mean", "mean kept", "mean 1d", "mean 1d kept")},
    }.items()
}
OTHERS = {
    "norm": norm(3),
    "norm epsilon": norm(3, epsilon=0.1),
    "norm without center": norm(3, center=False),
    "norm without scale": norm(3, scale=False),
    "norm with neither": norm(3, center=False, scale=False),
    "pad": always(Pad((1, 1), (1, 1))),
    "pad number": always(Pad((2, 2), (2, 2))),
    "pad pair": always(Pad((0, 0), (3, 3))),
    "pad pairs": always(Pad((1, 0), (2, 3))),
    "pad mixed": always(Pad((1, 1), (0, 2))),
    "pad 1d": always(Pad(cols=(1, 1))),
    "pad 1d pair": always(Pad(cols=(3, 1))),
    "nearest": always(Resize(scale=(2, 2))),
    "nearest pair": always(Resize(scale=(1, 3))),
    "bilinear": always(Resize(scale=(2, 2), method="bilinear")),
    "bilinear pair": always(Resize(scale=(3, 1), method="bilinear")),
    "bilinear large": always(Resize(scale=(5, 5), method="bilinear")),
    "nearest 1d": always(Resize(scale=(1, 3))),
}
FAMILIES = {"activations": ACTIVATIONS, "pooling": POOLING, "others": OTHERS}


@pytest.mark.parametrize("family", FAMILIES)
def test_every_layer_gives_keras_s_values(family):
    stored = values(family)
    assert stored.keys() == FAMILIES[family].keys()
    for name, (x, weights, y) in stored.items():
        layer = FAMILIES[family][name](weights)
        for one, expected in zip(planar(x), planar(y), strict=True):
            try:
                check_against(layer.bind(Shape(*one.shape)), one, expected)
            except AssertionError as error:
                raise AssertionError(f"{family}, {name}") from error
