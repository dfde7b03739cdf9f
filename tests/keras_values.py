"""Makes `tests/data/keras/*.npz`: what Keras computes of the models in `keras_cases.py`. Run by hand, in a checkout:

    python -m venv /tmp/keras && /tmp/keras/bin/pip install keras==3.15.1 jax==0.10.2
    KERAS_BACKEND=jax /tmp/keras/bin/python tests/keras_values.py

Each file says in `versions` what it was made with. Inputs are random multiples of 1/8 from -4 to 4, weights of 1/16 from
-1 to 1, so that they are small when compressed; the variance of a norm is made positive.
"""

import os
import sys
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "jax")

import jax
import keras
import numpy as np
from keras_cases import FAMILIES, REFUSED

FOLDER = Path(__file__).parent / "data" / "keras"


def model_of(shape, layers):
    """Return the model on an input of that shape."""
    return keras.Sequential([keras.layers.Input(shape[1:]), *layers(keras.layers)])


def values_of(seed, shape, layers):
    """Return the shapes of a model's weights, its input, the weights one behind the other, and its output."""
    random = np.random.default_rng(seed)
    x = (random.integers(-32, 33, shape) / 8).astype(np.float32)
    model = model_of(shape, layers)
    weights = [random.integers(-16, 17, weight.shape) / 16 for weight in model.weights]
    for place, weight in enumerate(model.weights):
        if weight.name == "moving_variance":
            weights[place] = np.abs(weights[place]) + 1 / 16
    model.set_weights([weight.astype(np.float32) for weight in weights])
    flat = np.concatenate([np.zeros(0), *(weight.ravel() for weight in weights)]).astype(np.float32)
    shapes = ";".join(",".join(map(str, weight.shape)) for weight in weights)
    return shapes, {"x": x, "weights": flat, "y": model.predict(x, verbose=0)}


def is_refused(shape, layers):
    """Whether Keras refuses a model, or its input."""
    try:
        model_of(shape, layers).predict(np.zeros(shape, np.float32), verbose=0)
    except Exception:
        return True
    return False


def main():
    """Write the files, and check that Keras refuses what it should."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    versions = f"keras {keras.__version__}, jax {jax.__version__}, numpy {np.__version__}, python {sys.version.split()[0]}"
    for family, cases in FAMILIES.items():
        arrays, shapes = {"versions": np.array(versions)}, []
        for seed, (name, (shape, layers)) in enumerate(cases.items()):
            of_weights, values = values_of(seed, shape, layers)
            shapes.append(of_weights)
            arrays |= {f"{name}/{what}": array for what, array in values.items()}
        arrays["shapes"] = np.array(shapes)
        path = FOLDER / f"{family}.npz"
        np.savez_compressed(path, **arrays)
        print(f"{path.name}: {len(cases)} models, {path.stat().st_size:,} bytes")
    taken = [name for name, (shape, layers) in REFUSED.items() if not is_refused(shape, layers)]
    print(f"{len(REFUSED)} are refused by Keras; not these: {taken}")


if __name__ == "__main__":
    main()
