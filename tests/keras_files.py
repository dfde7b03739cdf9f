"""Makes `tests/data/keras/files`: small models saved by Keras 3 in each of its formats, and what it computes. Run by hand:

python -m venv /tmp/keras && /tmp/keras/bin/pip install keras==3.15.1 jax==0.10.2
KERAS_BACKEND=jax /tmp/keras/bin/python tests/keras_files.py
"""

import os
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "jax")

import keras
import numpy as np
from keras import layers

FOLDER = Path(__file__).parent / "data" / "keras" / "files"


def picture():
    """Return layers of every kind that a network for pictures has, one after the other, with a name of the user's."""
    return keras.Sequential(
        [
            keras.Input((17, 14, 3)),
            layers.Rescaling(1 / 127.5, offset=-1.0),
            layers.Conv2D(6, 3, strides=2, padding="same", use_bias=False, name="first look"),
            layers.BatchNormalization(),
            layers.Activation("hard_swish"),
            layers.DepthwiseConv2D(3, depth_multiplier=2, padding="same", activation="relu6"),
            layers.Conv2D(8, 3, groups=2, dilation_rate=2, padding="same"),
            layers.PReLU(shared_axes=[1, 2]),
            layers.MaxPooling2D(2, padding="same"),
            layers.SeparableConv2D(5, 3, padding="same", activation="gelu"),
            layers.BatchNormalization(scale=False, epsilon=0.01),
            layers.LeakyReLU(negative_slope=0.1),
            layers.UpSampling2D(2),
            layers.Cropping2D(((1, 0), (0, 1))),
            layers.ZeroPadding2D(1),
            layers.AveragePooling2D(2),
            layers.Dropout(0.5),
            layers.Flatten(),
            layers.Dense(4, activation="softmax"),
        ]
    )


def sequence():
    """Return a network over a sequence."""
    return keras.Sequential(
        [
            keras.Input((40, 2)),
            layers.Conv1D(4, 5, strides=2, padding="causal", activation="tanh"),
            layers.BatchNormalization(center=False),
            layers.MaxPooling1D(2),
            layers.Conv1D(6, 3, dilation_rate=2, activation="elu"),
            layers.GlobalAveragePooling1D(),
            layers.Dense(3),
        ]
    )


def branches():
    """Return a model with a model inside it, and a branch that ends the chain."""
    x = keras.Input((12, 12, 1), name="photo")
    inner = keras.Sequential([layers.Conv2D(4, 3, name="inside"), layers.ReLU(max_value=2.0)], name="stem")
    stem = layers.Conv2D(4, 3, padding="same", name="outside")(inner(x))
    left = layers.Conv2D(4, 3, padding="same", name="left")(stem)
    both = layers.Add(name="together")([stem, left])
    return keras.Model(x, layers.Conv2D(2, 1, name="last")(both)), keras.Model(x, left)


def saved(name, model, seen=None):
    """Save a model in each format, with random weights, and its values for a random input."""
    random = np.random.default_rng(len(name))
    weights = [random.uniform(-0.6, 0.6, weight.shape).astype(np.float32) for weight in model.weights]
    for place, weight in enumerate(model.weights):
        if weight.name == "moving_variance":
            weights[place] = np.abs(weights[place]) + 0.1
    model.set_weights(weights)
    for ending in (".keras", ".h5", ".weights.h5"):
        (model.save_weights if ending == ".weights.h5" else model.save)(FOLDER / f"{name}{ending}")
    x = random.integers(0, 256, (1, *model.inputs[0].shape[1:])).astype(np.float32)
    x = x if name == "picture" else x / 128 - 1
    np.savez_compressed(FOLDER / f"{name}.npz", x=x[0], y=(seen or model).predict(x, verbose=0)[0])


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    saved("picture", picture())
    saved("sequence", sequence())
    saved("branches", *branches())
