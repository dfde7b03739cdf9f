"""Models that are given odd things: refused in a sentence, or right; copies and threads change nothing."""

import copy
import pickle
import threading

import numpy as np
import pytest

from convgui import Sequential
from convgui import layers as keras

RNG = np.random.default_rng(3)
X = RNG.normal(size=(3, 20, 22, 2)).astype(np.float32)


@pytest.fixture
def model():
    return Sequential(
        [
            keras.Input((None, None, 2)),
            keras.Conv2D(4, 3, padding="same", activation="relu"),
            keras.MaxPooling2D(2),
            keras.BatchNormalization(),
            keras.PReLU(alpha_initializer="random_normal", shared_axes=[1, 2]),
            keras.DepthwiseConv2D(3),
            keras.UpSampling2D(2, interpolation="bilinear"),
            keras.Conv2D(3, 1, activation="softmax"),
        ]
    )


def spread(x):
    held = np.zeros((3, 40, 44, 4), np.float32)
    held[:, ::2, ::2, ::2] = x
    return held[:, ::2, ::2, ::2]


@pytest.mark.parametrize(
    "form",
    [
        lambda x: x.astype(">f4"),
        lambda x: x.astype(np.float64),
        lambda x: x.astype(np.longdouble),
        np.asfortranarray,
        lambda x: x[:, ::-1].copy()[:, ::-1],
        spread,
        lambda x: x.tolist(),
        list,
        np.ma.array,
    ],
)
def test_the_same_numbers_in_any_form_give_the_same(model, form):
    assert np.array_equal(model.predict(form(X)), model.predict(X))


@pytest.mark.parametrize("dtype", [bool, np.int8, ">i8", np.uint16, np.float16])
def test_other_numbers_are_taken_as_they_are(model, dtype):
    x = np.abs(X * 5).astype(dtype)
    assert np.array_equal(model.predict(x), model.predict(x.astype(np.float32)))


def refused(call):
    with pytest.raises(ValueError) as refusal:
        call()
    said = str(refusal.value)
    assert said.startswith("Expected") and said[-1] in ".?" and "\n" not in said, said


@pytest.mark.parametrize(
    "x",
    [
        None,
        "x",
        3,
        [[1], [1, 2]],
        X.astype(complex),
        X.astype(object),
        X[..., :1],
        X[0],
        X[:, :0],
        np.ma.array(X, mask=X > 1),
    ],
)
def test_what_is_no_input_is_refused(model, x):
    refused(lambda: model.predict(x))


@pytest.mark.parametrize(
    "options",
    [
        *({"maps": maps} for maps in (99, -4, 1.5, "x", [], [[0]], [True], {"a": 1}, object())),
        *({"window": window} for window in (0, "x", ((0, 99), (0, 1)), (slice("a"), slice(2)), ((0.0, 3), (0, 3)))),
        *({"upto": upto} for upto in (-1, 99, True, "nope", 1.5, [1])),
        *({"batch_size": size} for size in (0, -1, "x", 2.0)),
    ],
)
def test_what_is_no_choice_is_refused(model, options):
    refused(lambda: model.predict(X, **options))


@pytest.mark.parametrize("options", [{"map": map} for map in (3, -4, "x", [0, 1], None)] + [{"sample": 3}, {"upto": 0}])
def test_a_cell_that_is_not_there_is_not_explained(model, options):
    refused(lambda: model.explain(X, 0, 0, **options))


@pytest.mark.parametrize("kind", [keras.ReLU, keras.PReLU, keras.Softmax, keras.Dropout, keras.MaxPooling2D])
@pytest.mark.parametrize("dtype", [np.array([2, 3]), np.array("x"), "float64", 3, np.float64])
def test_another_dtype_is_refused(kind, dtype):
    refused(lambda: kind(**({"rate": 0.5} if kind is keras.Dropout else {}), dtype=dtype))


@pytest.mark.parametrize("axes", [1.5, "1", [None], [1.0], object(), [[1]], True])
def test_axes_that_are_none_are_refused(axes):
    refused(lambda: keras.PReLU(shared_axes=axes))


@pytest.mark.parametrize("axes", [1, np.int64(1), [1, 2], np.array([1, 2]), (2,), range(1, 3)])
def test_axes_of_any_form_are_shared(axes):
    layer = keras.PReLU(alpha_initializer="ones", shared_axes=axes)
    assert np.array_equal(layer(X), X)


@pytest.mark.parametrize(
    "change",
    [
        lambda weights: None,
        lambda weights: "x" * len(weights),
        lambda weights: weights[:-1],
        lambda weights: [None] * len(weights),
        lambda weights: [*weights[:-1], [[1], [1, 2]]],
        lambda weights: [*weights[:-1], weights[-1].astype(object)],
        lambda weights: [np.ma.array(weights[0], mask=True), *weights[1:]],
    ],
)
def test_wrong_weights_change_nothing(model, change):
    before = model.predict(X)
    refused(lambda: model.set_weights(change(model.get_weights())))
    assert np.array_equal(model.predict(X), before)


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))])
def test_a_copy_gives_the_same_and_its_weights_cannot_be_written_to(model, copied):
    before = model.predict(X)
    other = copied(model)
    assert np.array_equal(other.predict(X), before)
    with pytest.raises(ValueError):
        other.weights[0].value[:] = 3
    if copied is not copy.copy:
        other.set_weights([np.zeros(weight.shape) for weight in other.weights])
        assert np.array_equal(model.predict(X), before)


def test_threads_build_a_model_once_and_get_the_same(model):
    fresh = Sequential([keras.Conv2D(4, 3, activation="relu"), keras.Conv2D(2, 3)])
    start, found = threading.Barrier(6), []

    def predict():
        start.wait()
        found.append((fresh.predict(X), model.predict(X)))

    threads = [threading.Thread(target=predict) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6 and len(fresh.weights) == 4
    for ours, others in found:
        assert np.array_equal(ours, fresh.predict(X)) and np.array_equal(others, model.predict(X))
