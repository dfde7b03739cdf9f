"""A model by Keras's methods: it is added to, built and read, computes parts of itself, explains its cells, and is shown."""

import numpy as np
import pytest

import convgui
from convgui import Sequential, layers
from convgui.layers import (
    BatchNormalization,
    Conv1D,
    Conv2D,
    DepthwiseConv2D,
    GlobalAveragePooling2D,
    Input,
    InputLayer,
    LeakyReLU,
    MaxPooling1D,
    MaxPooling2D,
    PReLU,
    ReLU,
    Softmax,
    UpSampling2D,
    ZeroPadding2D,
)

LINE = np.array([[0, 0, 0, 1, 1, 0, 0, 0]] * 8, np.float64).reshape(1, 8, 8, 1)

RANDOM = np.random.default_rng(5)


def small():
    """Return a model of every kind of layer that reads more than one cell, and an input of it."""
    model = Sequential(
        [
            Conv2D(3, (3, 2), padding="same", activation="relu", name="first", input_shape=(9, 10, 2)),
            MaxPooling2D((2, 3), strides=(2, 1), padding="same", name="pool"),
            BatchNormalization(name="norm"),
            Conv2D(4, 3, strides=(1, 2), name="second"),
            UpSampling2D((2, 1), interpolation="bilinear", name="up"),
            ZeroPadding2D(((1, 0), (0, 2)), name="pad"),
        ]
    )
    return model, RANDOM.normal(size=(2, 9, 10, 2)).astype(np.float32)


def test_the_notebook_of_the_article(capsys):
    from convgui.layers import Conv2D
    from convgui.models import Sequential

    model = Sequential()
    model.add(Conv2D(1, (3, 3), input_shape=(8, 8, 1)))
    detector = [[[[0]], [[1]], [[0]]]] * 3
    weights = [np.asarray(detector), np.asarray([0.0])]
    model.set_weights(weights)
    print(model.get_weights())
    assert "dtype=float32" in capsys.readouterr().out
    assert [weight.shape for weight in model.get_weights()] == [(3, 3, 1, 1), (1,)]
    yhat = model.predict(LINE)
    assert [yhat[0, r, :, 0].tolist() for r in range(yhat.shape[1])] == [[0, 0, 3, 3, 0, 0]] * 6


def test_the_notebook_on_a_sequence():
    model = Sequential()
    model.add(Input((8, 1)))
    model.add(Conv1D(1, 3))
    model.set_weights([np.asarray([0, 1, 0]).reshape(3, 1, 1), np.asarray([0.0])])
    assert model.predict(np.asarray([0, 0, 0, 1, 1, 0, 0, 0]).reshape(1, 8, 1)).ravel().tolist() == [0, 0, 1, 1, 0, 0]


def test_layers_are_built_as_they_are_added():
    model = Sequential(name="model")
    model.add(Conv2D(2, 3))
    assert not model.built and model.weights == []
    model.build((None, None, 8, 3))
    assert model.input_shape == (None, None, 8, 3) and model.output_shape == (None, None, 6, 2)
    model.add(GlobalAveragePooling2D())
    model.add(Softmax())
    assert model.output_shape == (None, 2)
    assert isinstance(model.pop(), Softmax)
    assert len(model.layers) == 2 and model.output_shape == (None, 2)
    assert model.get_layer(index=0) is model.layers[0] is model.get_layer(model.layers[0].name)


def test_a_model_without_a_shape_is_built_by_its_first_input():
    model = Sequential([Conv2D(2, 3)])
    assert model.predict(np.zeros((3, 6, 7, 2))).shape == (3, 4, 5, 2)
    assert model.predict(np.zeros((1, 9, 4, 2))).shape == (1, 7, 2, 2)
    assert model(np.zeros((0, 6, 7, 2))).shape == (0, 4, 5, 2)


def test_a_layer_that_does_not_fit_is_not_added():
    model = Sequential([Conv2D(2, 3, input_shape=(8, 8, 1))])
    for wrong in (Conv1D(1, 3), MaxPooling2D(7), "relu", InputLayer((8, 8, 1))):
        with pytest.raises(ValueError):
            model.add(wrong)
    assert len(model.layers) == 1 and model.predict(LINE).shape == (1, 6, 6, 2)


def test_a_layer_used_twice_has_its_weights_once():
    shared = Conv2D(1, 3, padding="same")
    model = Sequential([Input((8, 8, 1)), shared, ReLU(), shared])
    assert len(model.weights) == 2 and len(model.get_weights()) == 2
    model.set_weights([np.full((3, 3, 1, 1), 1.0), [0.5]])
    once = convgui.conv2d(LINE, np.full((3, 3, 1, 1), 1.0), [0.5], padding="same", activation="relu")
    assert np.allclose(model.predict(LINE), convgui.conv2d(once, np.full((3, 3, 1, 1), 1.0), [0.5], padding="same"))


def test_the_four_weights_of_a_norm_have_keras_order():
    model = Sequential([Input((2, 2, 1)), BatchNormalization(epsilon=0.0)])
    assert [weight.name for weight in model.weights] == ["gamma", "beta", "moving_mean", "moving_variance"]
    assert [weight.name for weight in model.trainable_weights] == ["gamma", "beta"]
    model.set_weights([[3.0], [1.0], [2.0], [4.0]])
    assert model.predict(np.full((1, 2, 2, 1), 6.0)).ravel().tolist() == [7.0] * 4


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ([], "received 0"),
        ([np.zeros((3, 3, 1, 2))], "Expected 2 weights"),
        ([np.zeros((3, 3, 1, 2)), [0.0, 0.0], [1.0]], "received 3"),
        ([np.zeros((3, 3, 2, 1)), [0.0, 0.0]], "(3, 3, 1, 2)"),
        ([np.zeros((3, 3)), [0.0, 0.0]], "(3, 3)"),
        ([np.zeros((3, 3, 1, 2)), 0.0], "(2,)"),
        ([np.full((3, 3, 1, 2), 1e39), [0.0, 0.0]], "1e+39"),
        ([[["a"]], [0.0, 0.0]], "real numbers"),
        ([np.zeros((3, 3, 1, 2)), [1j, 0.0]], "real numbers"),
    ],
)
def test_weights_that_do_not_fit_are_refused_and_none_is_changed(weights, said):
    model = Sequential([Conv2D(2, 3, input_shape=(8, 8, 1))])
    before = model.get_weights()
    with pytest.raises(ValueError) as refusal:
        model.set_weights(weights)
    assert said in str(refusal.value)
    assert all(np.array_equal(old, new) for old, new in zip(before, model.get_weights(), strict=True))


def test_weights_of_a_model_that_is_not_built_are_refused_with_what_to_do():
    with pytest.raises(ValueError, match=r"not been built.*input_shape"):
        Sequential([Conv2D(1, 3)]).set_weights([np.zeros((3, 3, 1, 1)), [0.0]])


def test_weights_that_are_read_can_be_written_to_without_changing_the_model():
    model = Sequential([Conv2D(1, 3, input_shape=(8, 8, 1))])
    before = model.predict(LINE)
    model.get_weights()[0][:] = 9
    assert np.array_equal(model.predict(LINE), before)
    model.weights[0].assign(np.full((3, 3, 1, 1), 9.0))
    assert model.predict(LINE)[0, 0, 2, 0] == 54


@pytest.mark.parametrize("upto", range(7))
def test_a_part_is_a_part_of_the_whole(upto):
    model, x = small()
    whole = model.predict(x, upto=upto)
    assert whole.shape == (2, *model.shapes()[upto][1:])
    rows, cols, maps = whole.shape[1:]
    part = model.predict(x, upto=upto, window=((1, rows - 1), (2, cols)), maps=[maps - 1, 0])
    assert np.array_equal(part, whole[:, 1 : rows - 1, 2:cols][..., [maps - 1, 0]])
    assert np.array_equal(model.predict(x, upto=upto, window=(slice(-2, None), range(3))), whole[:, -2:, :3])
    assert np.array_equal(model.predict(x, upto=upto, maps=-1), whole[..., -1:])


def test_a_long_sequence_has_windows_far_inside():
    model = Sequential([Input((2_000_000, 1)), Conv1D(1, 3, kernel_initializer="ones")])
    x = np.zeros((1, 2_000_000, 1), np.float32)
    x[0, 1_500_000] = 1
    assert model.predict(x, window=(1_499_997, 1_500_002)).ravel().tolist() == [0, 1, 1, 1, 0]
    assert model.receptive_field(1_500_000).tolist() == [1_500_000, 1_500_001, 1_500_002]


def test_a_layer_is_named_by_count_by_name_or_by_itself():
    model, x = small()
    expected = model.predict(x, upto=2)
    assert np.array_equal(model.predict(x, upto="pool"), expected)
    assert np.array_equal(model.predict(x, upto=model.layers[1]), expected)
    assert np.array_equal(model.predict(x, upto=0), x)
    assert np.array_equal(Sequential(model.layers[:2]).predict(x), expected)


def test_parts_of_a_sequence():
    model = Sequential([Conv1D(2, 3, padding="causal", input_shape=(11, 1)), MaxPooling1D(2)])
    x = RANDOM.normal(size=(1, 11, 1))
    assert np.array_equal(model.predict(x, window=(1, 4)), model.predict(x)[:, 1:4])
    assert np.array_equal(model.predict(x, window=[slice(1, 4)], maps=1), model.predict(x)[:, 1:4, 1:])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"upto": 7}, "0 to 6"),
        ({"upto": -1}, "-1"),
        ({"upto": "third"}, "pool"),
        ({"upto": ReLU()}, "none of them"),
        ({"upto": 1.0}, "1.0"),
        ({"window": (0, 2)}, "window"),
        ({"window": ((0, 99), (0, 1))}, "(0, 99)"),
        ({"window": ((2, 2), (0, 1))}, "(2, 2)"),
        ({"window": (slice(0, 4, 2), slice(1))}, "next to each other"),
        ({"window": "all"}, "all"),
        ({"maps": 4}, "0 to 3"),
        ({"maps": [0, "a"]}, "a"),
        ({"maps": []}, "none"),
        ({"batch_size": 0}, "batch_size"),
    ],
)
def test_a_part_that_there_is_not_is_refused(arguments, said):
    model, x = small()
    with pytest.raises(ValueError) as refusal:
        model.predict(x, **arguments)
    assert said in str(refusal.value)


@pytest.mark.parametrize(
    ("x", "said"),
    [
        (LINE[0], "x[None]"),
        (LINE[0, :, :, 0], "x[None, ..., None]"),
        (np.zeros((1, 8, 8, 3)), "(None, 8, 8, 1)"),
        (np.zeros((1, 2, 8, 8, 3)), "(1, 2, 8, 8, 3)"),
        (np.zeros((1, 2, 8, 1)), "3"),
        (np.zeros((1, 8, 0, 1)), "0"),
        (LINE.astype(complex), "complex"),
        (LINE.astype(str), "real numbers"),
        ([[1, 2], [3]], ""),
        (None, ""),
        (3.0, "()"),
    ],
)
def test_an_input_that_does_not_fit_is_refused(x, said):
    model = Sequential([Conv2D(1, 3, input_shape=(8, 8, 1))])
    with pytest.raises(ValueError) as refusal:
        model.predict(x)
    assert said in str(refusal.value)


def test_the_axis_of_a_single_channel_may_be_left_out_or_be_there_twice():
    model = Sequential([Conv2D(1, 3, input_shape=(8, 8, 1))])
    expected = model.predict(LINE)
    assert np.array_equal(model.predict(LINE[..., 0]), expected)
    assert np.array_equal(model.predict(LINE[..., None]), expected)
    assert np.array_equal(model.predict(LINE.astype(np.uint8).tolist()), expected)


def test_a_model_without_layers_says_so():
    for use in (lambda m: m.predict(LINE), lambda m: m.build((None, 8, 8, 1)), lambda m: m.pop()):
        with pytest.raises(ValueError, match="has none"):
            use(Sequential())


def test_a_shape_that_is_not_known_yet_is_said():
    model = Sequential([Conv2D(1, 3)])
    with pytest.raises(AttributeError, match="input_shape"):
        _ = model.output_shape
    with pytest.raises(ValueError, match="made for an input"):
        Sequential([Conv2D(1, 3, input_shape=(8, 8, 1))]).build((None, 8, 8, 3))


def test_the_receptive_field_is_what_changes_the_cell():
    model, x = small()
    x = x[:1]
    rng = np.random.default_rng(3)
    model.set_weights([np.abs(rng.normal(size=w.shape)) + 0.1 for w in model.get_weights()])
    for upto, cell in (("first", (0, 0)), ("pool", (4, 2)), ("second", (1, 1)), ("up", (3, 2)), ("pad", (1, 0))):
        rows, cols = model.receptive_field(*cell, upto=upto)
        before = model.predict(x, upto=upto)[0, cell[0], cell[1]]
        outside = x.copy()
        outside += 100 * rng.normal(size=x.shape).astype(np.float32)
        outside[:, rows[:, None], cols] = x[:, rows[:, None], cols]
        assert np.array_equal(model.predict(outside, upto=upto)[0, cell[0], cell[1]], before)
        inside = x.copy()
        for row, col in ((rows[0], cols[0]), (rows[-1], cols[-1])):
            inside[:, row, col] += 1000
        assert not np.array_equal(model.predict(inside, upto=upto)[0, cell[0], cell[1]], before)


def test_the_receptive_field_of_a_step_and_of_a_vector():
    steps = Sequential([Conv1D(1, 3, dilation_rate=2, padding="causal", input_shape=(9, 1)), MaxPooling1D(2)])
    assert steps.receptive_field(2).tolist() == [0, 1, 2, 3, 4, 5]
    vector = Sequential([Conv2D(1, 3), GlobalAveragePooling2D()])
    rows, cols = vector.receptive_field(input_shape=(None, 5, 4, 2))
    assert rows.tolist() == [0, 1, 2, 3, 4] and cols.tolist() == [0, 1, 2, 3]
    assert vector.input_shape == (None, 5, 4, 2)


@pytest.mark.parametrize(
    ("cell", "said"), [((), "a row and a column"), ((1,), "(1,)"), ((0, 99), "(0, 99)"), ((-1, 0), "-1"), ((0.5, 0), "0.5")]
)
def test_a_cell_that_there_is_not_is_refused(cell, said):
    model, x = small()
    for ask in (model.receptive_field, lambda *at: model.explain(x, *at)):
        with pytest.raises(ValueError) as refusal:
            ask(*cell)
        assert said in str(refusal.value)


def test_a_size_that_is_not_known_is_asked_for():
    model = Sequential([Conv2D(1, 3, input_shape=(None, None, 1))])
    with pytest.raises(ValueError, match="input_shape"):
        model.receptive_field(0, 0)
    assert model.receptive_field(1, 0, input_shape=(None, 9, 9, 1))[0].tolist() == [1, 2, 3]


@pytest.mark.parametrize("upto", range(1, 7))
def test_every_layer_explains_its_cells(upto):
    model, x = small()
    values = model.predict(x, upto=upto)
    for row, col, map in ((0, 0, 0), (values.shape[1] - 1, 1, values.shape[3] - 1)):
        explained = model.explain(x, row, col, map=map, sample=1, upto=upto)
        assert explained.value == pytest.approx(values[1, row, col, map], rel=1e-5, abs=1e-6)
        assert (explained.map, explained.row, explained.col) == (map, row, col)


def test_a_convolution_with_its_activation_is_explained_as_one():
    model = Sequential(
        [Conv2D(1, 2, activation="relu", kernel_initializer="ones", bias_initializer=[-9.0], input_shape=(2, 2, 1))]
    )
    explained = model.explain([[[[1], [2]], [[3], [-4]]]], 0, 0)
    assert explained.products.ravel().tolist() == [1, 2, 3, -4]
    assert (explained.total, explained.bias, explained.value) == (2, -9, 0)


def test_what_explains_nothing_is_refused():
    model, x = small()
    with pytest.raises(ValueError, match="the input's"):
        model.explain(x, 0, 0, upto=0)
    with pytest.raises(ValueError, match="sample"):
        model.explain(x, 0, 0, sample=2)


def test_a_model_is_shown(monkeypatch):
    import convgui.app

    shown = []
    monkeypatch.setattr(convgui.app, "show", shown.append, raising=False)
    model, x = small()
    model.show(x, sample=1)
    model.show(x, upto="pool")
    assert np.array_equal(shown[0].source.cube, x[1])
    assert shown[0].shape(len(shown[0].layers)) == (4, 7, 6)
    assert [layer.name for layer in shown[1].layers] == ["first", "", "pool"]


def test_layers_of_the_engine_stay_the_same_until_a_weight_is_set():
    model, x = small()
    before = model.engine_layers()
    model.predict(x)
    assert all(old is new for old, new in zip(before, model.engine_layers(), strict=True))
    model.get_layer("norm").set_weights([np.ones(3)] * 4)
    after = model.engine_layers()
    assert [old is new for old, new in zip(before, after, strict=True)] == [kind.kind != "affine" for kind in before]


def test_border_and_flip_are_those_of_the_functions():
    weights = RANDOM.normal(size=(3, 2, 2, 3)).astype(np.float32)
    x = RANDOM.normal(size=(2, 6, 7, 2)).astype(np.float32)
    for border in ("zeros", "replicate", "reflect", "symmetric", "wrap"):
        layer = Conv2D(3, (3, 2), padding="same", border=border, flip=True, use_bias=False, kernel_initializer=weights)
        assert np.allclose(layer(x), convgui.conv2d(x, weights, padding="same", border=border, flip=True), atol=1e-5)
    causal = Conv1D(3, 2, padding="causal", border="replicate", use_bias=False, kernel_initializer=weights[0])
    expected = convgui.conv1d(x[0], weights[0], padding="causal", border="replicate")
    assert np.allclose(causal(x[0]), expected, atol=1e-5)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda: Conv2D(1, 3, data_format="channels_first"), "np.moveaxis"),
        (lambda: MaxPooling2D(data_format="channels_first"), "channels_last"),
        (lambda: Conv2D(1, 3, activation=np.tanh), "name"),
        (lambda: layers.Activation(lambda x: x), "name"),
        (lambda: layers.Activation("log_softmax"), "Keras has"),
        (lambda: Conv2D(1, 3, border="mirror"), "replicate"),
        (lambda: Conv2D(1, 3, padding=1), "ZeroPadding2D"),
        (lambda: Conv2D(1, 3, padding=((1, 1), (1, 1))), "ZeroPadding2D"),
        (lambda: Conv2D(1, 3, padding="full"), "valid, same"),
        (lambda: Conv2D(1, 3, flip="yes"), "flip"),
        (lambda: Conv2D(1, 3, dtype="float16"), "float32"),
        (lambda: Conv2D(1, 3, stride=2), "did you mean strides"),
        (lambda: Conv2D(1, 3, activation="Relu6 "), "relu6"),
        (lambda: UpSampling2D(interpolation="bicubic"), "bilinear"),
        (lambda: Softmax(axis=1)(LINE), "axis -1"),
        (lambda: BatchNormalization(axis=1)(LINE), "axis -1"),
        (lambda: PReLU(shared_axes=[4])(LINE), "1 to 3"),
        (lambda: Sequential([Input((None, 8, 1)), PReLU()]), "shared_axes"),
        (lambda: Conv2D(1, 3, kernel_initializer=np.ones((3, 3)))(LINE), "(3, 3, 1, 1)"),
        (lambda: Conv2D(1, 3, bias_initializer=[np.nan, 1])(LINE), "(1,)"),
        (lambda: Conv2D(1, 3, kernel_initializer=np.full((3, 3, 1, 1), np.nan))(LINE), "NaN"),
        (lambda: BatchNormalization(moving_variance_initializer=[-1.0])(LINE), "above 0"),
        (lambda: Input((8, 8, 8, 1)), "(rows, columns, channels)"),
        (lambda: Input((8, 8, None)), "channels"),
        (lambda: Input(()), "(channels,)"),
        (lambda: Input(), "neither"),
        (lambda: Input((0, 8, 1)), "0"),
        (lambda: Conv2D(1, 3, name=""), "name"),
        (lambda: ReLU()(np.zeros(3)), "(3,)"),
        (lambda: ReLU()(Input((8, 8, 1))), "Sequential"),
        (lambda: ReLU()(np.array([[1e39]])), "1e+39"),
        (lambda: Sequential([Sequential([ReLU()])]), "one by one"),
        (lambda: Conv2D(1, 3)(LINE[0]), "(8, 8, 1)"),
        (lambda: Sequential([ReLU(), Conv2D(1, 3)]).predict(LINE[0]), "(8, 8, 1)"),
        (lambda: Conv2D(10**9, 3), "1,000,000"),
        (lambda: BatchNormalization(renorm=True), "renorm"),
        (lambda: ZeroPadding2D(200_000)(LINE), "400,008"),
        (lambda: UpSampling2D(10**5)(LINE), "800,000"),
        (lambda: Sequential([Input((8, 1)), Conv1D(1, 1)]).set_weights(None), "None"),
    ],
)
def test_what_is_not_there_is_refused_with_what_to_do(made, said):
    with pytest.raises(ValueError) as refusal:
        made()
    assert said in str(refusal.value)


@pytest.mark.parametrize(
    "name", ["glorot_uniform", "GlorotNormal", "he_uniform", "he_normal", "lecun_uniform", "LecunNormal"]
)
def test_initial_weights_have_the_variance_of_their_name(name):
    layer = Conv2D(64, 5, kernel_initializer=name)
    layer.build((None, 9, 9, 32))
    read, made = 25 * 32, 25 * 64
    variance = {"g": 2 / (read + made), "h": 2 / read, "l": 1 / read}[name[0].lower()]
    assert layer.kernel.numpy().var() == pytest.approx(variance, rel=0.05)
    assert abs(layer.kernel.numpy().mean()) < 0.1 * variance**0.5
    assert layer.bias.numpy().tolist() == [0.0] * 64


def test_initial_weights_are_given_by_a_function_or_an_array():
    layer = DepthwiseConv2D(2, depthwise_initializer=lambda shape, dtype=None: np.arange(8.0).reshape(shape))
    layer.build((None, 4, 4, 2))
    assert layer.kernel.numpy().ravel().tolist() == list(range(8)) and layer.count_params() == 10


def test_a_layer_is_an_activation():
    leaky = Conv2D(1, 1, kernel_initializer="ones", activation=LeakyReLU(0.5))
    assert leaky(np.full((1, 1, 1, 1), -4.0)).item() == -2.0


def test_a_layer_without_weights_takes_one_input_after_the_other():
    layer = ReLU()
    assert layer(-LINE).sum() == 0 and layer([[-1, 2]]).tolist() == [[0, 2]]


@pytest.mark.parametrize("layer", [Conv2D(1, 3), MaxPooling2D(), UpSampling2D(), ZeroPadding2D(), GlobalAveragePooling2D()])
def test_the_shape_of_an_output_is_told_without_building(layer):
    assert layer.compute_output_shape((None, None, 8, 1))[0] is None and not layer.built
    with pytest.raises(ValueError, match=r"rows, columns"):
        layer.compute_output_shape((None, 8, 1))


def test_names_are_made_as_keras_makes_them():
    for kind, name in ((Conv2D(1, 1), "conv2d"), (ReLU(), "re_lu"), (PReLU(), "p_re_lu"), (LeakyReLU(), "leaky_re_lu")):
        assert kind.name.startswith(name)
    assert ReLU().name != ReLU().name


def test_the_summary_has_shapes_and_counts():
    lines = []
    model, _ = small()
    model.summary(80, print_fn=lines.append)
    assert "second (Conv2D)" in lines[0] and "(None, 3, 4, 4)" in lines[0]
    assert f"Total params: {model.count_params():,}" in lines[0]
    assert "Non-trainable params: 6" in lines[0]
    Sequential([Conv2D(1, 3, name="later")]).summary(print_fn=lines.append)
    assert "unbuilt" in lines[1]
