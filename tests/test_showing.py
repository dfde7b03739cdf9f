"""What `convgui.show` makes of pictures, arrays and weights: the chain that the window is going to show.

Models of Keras and PyTorch are stand-ins: small classes by their names, with what of theirs is used.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image
from weight_files import close, magnitudes, model, runtime

import convgui
from convgui.engine.network import evaluate
from convgui.io.errors import FileError
from convgui.io.weights.network import Network
from convgui.layers import Conv1D, Conv2D
from convgui.showing import chain_for, show

pytestmark = pytest.mark.usefixtures("compiled")

DATA = Path(__file__).parent / "data"
RNG = np.random.default_rng(3)
X = RNG.normal(size=(16, 18, 3)).astype(np.float32)
STEPS = RNG.normal(size=(30, 2)).astype(np.float32)


def maps(x, weights):
    chain, _ = chain_for(x, weights)
    return np.moveaxis(evaluate(chain), 0, -1)


# arrays and files


@pytest.mark.parametrize("given", [lambda w: w, list, lambda w: w.astype(np.float64), lambda w: w[None, :, :][0]])
def test_a_kernel_is_applied_as_in_the_window(given):
    kernel = convgui.kernel("sobel-x").astype(np.float32)
    expected = convgui.conv2d(X[:, :, 0], kernel, padding="same")
    assert np.array_equal(maps(X[:, :, 0], given(kernel))[:, :, 0], expected)
    assert chain_for(X[:, :, 0], kernel)[1] is None


def test_a_bank_reads_each_channel():
    bank = RNG.normal(size=(5, 3, 3, 4)).astype(np.float32)
    chain, looked = chain_for(X, bank)
    assert looked == 0
    assert np.array_equal(np.moveaxis(evaluate(chain), 0, -1), convgui.conv2d(X, bank))


def test_channels_may_come_first_and_a_batch_of_one_in_front():
    bank = RNG.normal(size=(3, 3, 3, 4)).astype(np.float32)
    for x in (np.moveaxis(X, -1, 0), np.moveaxis(X, -1, 0)[None], X[None]):
        assert np.array_equal(maps(x, bank), convgui.conv2d(X, bank))


def test_a_grey_picture_is_each_channel():
    bank = RNG.normal(size=(3, 3, 3, 4)).astype(np.float32)
    expected = convgui.conv2d(np.repeat(X[:, :, :1], 3, axis=2), bank)
    np.testing.assert_allclose(maps(X[:, :, 0], bank), expected, atol=1e-5)


def test_bytes_of_an_array_are_read_as_they_are_and_those_of_a_file_from_0_to_1(tmp_path):
    pixels, bank = RNG.integers(0, 256, (8, 9, 3), np.uint8), RNG.normal(size=(3, 3, 3, 2))
    Image.fromarray(pixels).save(tmp_path / "x.png")
    np.testing.assert_allclose(maps(pixels, bank), convgui.conv2d(pixels.astype(np.float32), bank), rtol=1e-5, atol=1e-3)
    np.testing.assert_allclose(maps(tmp_path / "x.png", bank), convgui.conv2d(pixels / np.float32(255), bank), atol=1e-5)


@pytest.mark.parametrize("x", [STEPS, STEPS[None], STEPS.T[:, None, :].transpose(1, 2, 0)])
def test_a_sequence_is_one_row(x):
    bank = RNG.normal(size=(3, 2, 4)).astype(np.float32)
    assert np.array_equal(maps(x, bank)[0], convgui.conv1d(STEPS, bank))


def test_a_sequence_of_one_channel_and_a_kernel_of_a_row():
    assert np.array_equal(maps(STEPS[:, 0], [1, 0, -1]).ravel(), convgui.conv1d(STEPS[:, 0], [1, 0, -1], padding="same"))


def test_a_file_of_weights(tmp_path):
    weights = RNG.normal(size=(4, 3, 3, 3)).astype(np.float32)
    np.savez(tmp_path / "net.npz", **{"conv1.weight": weights})
    chain, _ = chain_for(X, tmp_path / "net.npz")
    assert chain.layers[0].kernel.origin.tensor == "conv1.weight"
    assert np.array_equal(maps(X, str(tmp_path / "net.npz")), convgui.conv2d(X, weights.transpose(2, 3, 1, 0)))


def test_weights_are_loaded_by_their_public_name(tmp_path):
    np.savez(tmp_path / "net.npz", **{"conv1.weight": np.ones((4, 3, 3, 3))})
    assert convgui.load_weights(tmp_path / "net.npz").tensors[0].layout == "OIHW"


@pytest.mark.parametrize(
    ("x", "weights", "kind", "said"),
    [
        (X, object(), TypeError, "received an object"),
        (X, "net.pt", FileError, "net.pt"),
        (X, np.zeros((2, 2, 2, 2, 2)), ValueError, "received an array of the shape"),
        (X, ["a"], ValueError, "dtype"),
        (X, RNG.normal(size=(3, 3, 5, 2)), ValueError, "5 channels"),
        (np.zeros((2, 3, 4, 5)), np.eye(2), ValueError, "rows x columns"),
        ("gone.png", np.eye(2), FileError, "gone.png"),
    ],
)
def test_what_cannot_be_shown_is_one_sentence(x, weights, kind, said):
    with pytest.raises(kind, match=said) as raised:
        show(x, weights)
    assert "\n" not in str(raised.value)


def test_nobodys_library_is_imported():
    code = (
        "import sys, numpy as np\n"
        "from convgui.showing import chain_for\n"
        "chain_for(np.eye(5), np.eye(3))\n"
        "assert not {'torch', 'keras', 'onnx', 'tensorflow', 'PySide6'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


# models


def test_a_model_of_convgui():
    picture = convgui.Sequential([Conv2D(4, 3, activation="relu"), Conv2D(2, 1)])
    found = maps(X, picture)
    assert np.array_equal(found, picture.predict(X[None], verbose=0)[0])
    steps = convgui.Sequential([Conv1D(4, 3, padding="causal")])
    assert np.array_equal(maps(STEPS, steps)[0], steps.predict(STEPS[None], verbose=0)[0])


def class_of(name, module, *bases, **members):
    return type(name, bases, {"__module__": module, **members})


def test_a_keras_model_is_saved_for_a_moment():
    seen = []

    def save(self, path):
        seen.append(path)
        shutil.copy(DATA / "keras" / "files" / "picture.keras", path)

    base = class_of("Model", "keras.src.models.model", save=save)
    functional = class_of("Functional", "keras.src.models.functional", base)
    stored = np.load(DATA / "keras" / "files" / "picture.npz")
    chain, looked = chain_for(stored["x"], functional())
    np.testing.assert_allclose(evaluate(chain).ravel(), stored["y"], atol=1e-5)
    assert chain.layers[looked].name == "first look"
    assert not Path(seen[0]).exists()


def test_a_model_that_cannot_be_saved_is_one_sentence():
    def save(self, path):
        raise RuntimeError("it is not built\nmore of it")

    base = class_of("Model", "keras.src.models.model", save=save)
    with pytest.raises(FileError, match=r"a Keras model could not be saved \(RuntimeError: it is not built\)\.$"):
        chain_for(X, base())


def small_model():
    weights = {"w": RNG.normal(size=(4, 3, 3, 3)).astype(np.float32), "b": np.arange(4, dtype=np.float32)}
    nodes = [("Conv", ["x", "w", "b"], ["c"], {"strides": [2, 2]}), ("Relu", ["c"], ["y"], {})]
    return model(nodes, weights, shape=(1, 3, 16, 18))


def test_an_onnx_model():
    onnx = pytest.importorskip("onnx", reason="onnx makes the model")
    data = small_model()
    (expected,) = runtime(data, {"x": np.moveaxis(X, -1, 0)[None]}, ["y"])
    np.testing.assert_allclose(maps(X, onnx.load_from_string(data)), np.moveaxis(expected[0], 0, -1), atol=1e-5)


class Tensor:
    """As a tensor of PyTorch, of which no more is used."""

    __module__ = "torch"

    def __init__(self, array):
        self.array = np.asarray(array, np.float32)
        self.ndim, self.device, self.dtype = self.array.ndim, "cpu", "float32"

    def detach(self):
        return self

    cpu = float = detach

    def numpy(self):
        return self.array


Module = class_of("Module", "torch.nn.modules.module", parameters=lambda self: iter([self.weight]))


def layer(kind, **settings):
    made = class_of(kind, "torch.nn.modules.some", Module)()
    vars(made).update(settings)
    return made


def stacked(*layers):
    weights = [one for one in layers if hasattr(one, "weight")]
    return class_of(
        "Sequential",
        "torch.nn.modules.container",
        Module,
        named_children=lambda self: [(str(k), one) for k, one in enumerate(layers)],
        parameters=lambda self: (one.weight for one in weights),
    )()


def conv(filters, channels, *size, stride=1, padding=0, groups=1, padding_mode="zeros", bias=True):
    weight = Tensor(RNG.normal(size=(filters, channels // groups, *size)))
    offsets = Tensor(RNG.normal(size=filters)) if bias else None
    settings = {"stride": (stride,) * len(size), "dilation": (1,) * len(size), "groups": groups}
    settings["padding_mode"] = padding_mode
    padding = padding if isinstance(padding, str) else (padding,) * len(size)
    return layer(f"Conv{len(size)}d", weight=weight, bias=offsets, padding=padding, **settings)


def test_a_sequential_of_pytorch_is_followed_without_its_library():
    norm = {name: Tensor(RNG.uniform(0.5, 2, size=4)) for name in ("weight", "bias", "running_mean", "running_var")}
    module = stacked(
        conv(4, 3, 3, 3, stride=2, padding=1, bias=False),
        layer("BatchNorm2d", eps=1e-5, **norm),
        layer("ReLU6"),
        stacked(conv(4, 4, 3, 3, padding="same", padding_mode="reflect", groups=4), layer("Dropout2d"), layer("SiLU")),
        layer("MaxPool2d", kernel_size=3, stride=2, padding=1, dilation=1, ceil_mode=True),
        layer("AdaptiveAvgPool2d", output_size=(1, 1)),
        layer("Flatten", start_dim=1, end_dim=-1),
        layer("Linear", weight=Tensor(RNG.normal(size=(5, 4))), bias=None),
        layer("Softmax", dim=1),
    )
    x = np.moveaxis(X, -1, 0)
    chain, looked = chain_for(X, module)
    assert [one.kind for one in chain.layers] == [
        *("conv", "affine", "activation", "pad", "conv", "activation", "pool", "pool", "conv", "softmax")
    ]
    assert chain.layers[looked].name == "0"
    network = Network(chain.layers, (), 3)
    for given in (X, x, x[None], Tensor(x[None]), Tensor(x)):
        close(evaluate(chain_for(given, module)[0]), evaluate(chain), magnitudes(network, x))


def test_a_sequential_of_pytorch_on_steps():
    module = stacked(conv(4, 2, 5, stride=2), layer("Tanh"), conv(3, 4, 3, padding=1))
    first = evaluate(chain_for(STEPS, module)[0])
    assert first.shape == (3, 1, 13)
    for given in (Tensor(STEPS.T[None]), Tensor(STEPS.T), STEPS.T[None]):
        assert np.array_equal(evaluate(chain_for(given, module)[0]), first)


def test_another_module_is_exported_by_its_library(monkeypatch):
    calls = []

    def export(module, example, path, *, dynamo):
        calls.append((example[0], dynamo))
        if not dynamo:
            raise ModuleNotFoundError("No module named 'onnx'")
        Path(path).write_bytes(data)

    data = small_model()
    torch = SimpleNamespace(onnx=SimpleNamespace(export=export), zeros=lambda *shape, **place: shape)
    monkeypatch.setitem(sys.modules, "torch", torch)
    module = class_of("Net", "somebodys.code", Module)()
    module.weight = Tensor(np.zeros((4, 3, 3, 3)))
    chain, _ = chain_for(X, module)
    assert calls == [((1, 3, 16, 18), False), ((1, 3, 16, 18), True)]
    assert [one.kind for one in chain.layers] == ["conv", "activation"]


def test_a_module_that_cannot_be_exported_is_one_sentence(monkeypatch):
    def export(*given, **settings):
        raise ModuleNotFoundError("No module named 'onnxscript'")

    torch = SimpleNamespace(onnx=SimpleNamespace(export=export), zeros=lambda *shape, **place: shape)
    monkeypatch.setitem(sys.modules, "torch", torch)
    with pytest.raises(FileError, match=r"onnxscript.*Wobble '1'"):
        chain_for(X, stacked(conv(4, 3, 3, 3), layer("Wobble")))
