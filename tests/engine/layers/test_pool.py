"""Pools: values as ONNX, Keras and NumPy define them, the same for any window, and where each comes from."""

import numpy as np
import pytest
from bound_layers import (
    check_accuracy,
    check_explained,
    check_reading,
    check_windows,
    filled,
    planes,
    puller,
    same_bits,
    shapes,
)
from hypothesis import given
from hypothesis import strategies as st

from convgui.engine.layers import parts, pooling
from convgui.engine.layers.base import Place, Shape
from convgui.engine.layers.pool import Pool

pairs = st.tuples(st.integers(1, 4), st.integers(1, 4))


@st.composite
def pools(draw):
    sides = st.tuples(st.integers(0, 2), st.integers(0, 2))
    if draw(st.booleans()) and draw(st.booleans()):
        return Pool(draw(st.sampled_from(["max", "mean"])), size=None)
    return Pool(
        draw(st.sampled_from(["max", "mean"])),
        size=draw(pairs),
        stride=draw(st.none() | pairs),
        padding=draw(st.sampled_from(["valid", "same"]) | st.tuples(sides, sides)),
        dilation=draw(pairs),
        ceil=draw(st.booleans()),
        count_padding=draw(st.booleans()),
    )


def bound_or_none(layer, shape):
    try:
        return layer.bind(shape)
    except ValueError:
        return None


@given(pools(), shapes, st.integers(0, 99), st.data())
def test_any_window_has_the_bits_of_the_whole(layer, shape, seed, data):
    if bound := bound_or_none(layer, shape):
        check_windows(bound, planes(shape, seed, special=data.draw(st.sampled_from([0.0, 0.3]))), data)


@given(pools(), shapes, st.integers(0, 99))
def test_values_are_those_of_the_definition(layer, shape, seed):
    if bound := bound_or_none(layer, shape):
        x = planes(shape, seed, special=0.1)
        check_accuracy(bound, x, bound.reference(np.abs(x.astype(np.float64))))


@pytest.mark.parametrize("limit", [1, 7, 40])
@given(pools(), shapes, st.integers(0, 99), st.sampled_from([0, pooling.FEW]))
def test_patches_that_are_pulled_in_parts_have_the_same_bits(limit, layer, shape, seed, few):
    if bound_or_none(layer, shape):
        x = planes(shape, seed, special=0.2)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(pooling, "FEW", few)
            bound = layer.bind(shape)
            whole = filled(bound, x)
            patch.setattr(parts, "MOST_PULLED", limit)
            patch.setattr(pooling, "MOST_PULLED", limit)
            patch.setattr(pooling, "WIDTH", 3)
            assert same_bits(filled(bound, x), whole)


def test_a_mean_of_numbers_whose_sum_is_too_large_is_right():
    x = np.full((1, 3, 3), 3e38, np.float32)
    x[0, 2, 2] = np.inf
    found = filled(Pool("mean", stride=(1, 1)).bind(Shape(1, 3, 3)), x)
    np.testing.assert_allclose(found, [[[3e38, 3e38], [3e38, np.inf]]], rtol=1e-6)


def test_a_pool_of_all_of_a_large_map_is_pulled_in_small_parts():
    x = planes((2, 3000, 2100))
    pull, asked = puller(x), []

    def counted(needs):
        asked.append(len(needs.maps) * len(needs.rows) * len(needs.cols))
        return pull(needs)

    for reduce, wanted in (("max", x.max(axis=(1, 2))), ("mean", x.astype(np.float64).mean(axis=(1, 2)))):
        out = np.empty((2, 1, 1), np.float32)
        Pool(reduce, size=None).bind(Shape(*x.shape)).fill(counted, np.arange(2), range(1), range(1), out)
        np.testing.assert_allclose(out[:, 0, 0], wanted, rtol=1e-6, atol=1e-9)
    assert sum(asked) == 2 * x.size and max(asked) <= x.size / 2


def test_rows_that_are_far_apart_are_pulled_without_what_lies_between():
    x = planes((1, 640, 8))
    bound = Pool(size=(2, 2), stride=(1, 1)).bind(Shape(*x.shape))
    pull, asked = puller(x), []
    out = np.empty((1, 10, 7), np.float32)
    bound.fill(lambda needs: asked.append(len(needs.rows)) or pull(needs), np.arange(1), range(0, 640, 64), range(7), out)
    assert sum(asked) == 20 and same_bits(out, np.ascontiguousarray(filled(bound, x)[:, ::64]))


@pytest.mark.parametrize(
    "layer",
    [
        Pool(),
        Pool("mean"),
        Pool(size=(3, 2), stride=(2, 1), padding="same"),
        Pool("mean", size=(2, 2), padding=((1, 1), (0, 1)), count_padding=True),
        Pool(size=(2, 2), stride=(1, 2), dilation=(2, 3)),
        Pool("mean", size=(3, 3), stride=(2, 2), ceil=True),
        Pool("max", size=None),
        Pool("mean", size=None),
    ],
)
def test_readers_and_explanations_name_the_cells_that_count(layer):
    shape = Shape(2, 5, 6)
    bound = layer.bind(shape)
    check_reading(bound, planes(shape))
    check_explained(bound, planes(shape, 1))
    check_explained(bound, planes(shape, 2, special=0.3))


def explained(layer, x, map=0, row=0, col=0):
    x = np.asarray(x, np.float32)
    pull = puller(x)
    return layer.bind(Shape(*x.shape)).explain(lambda needs: pull(needs).values.astype(np.float64), map, row, col)


def test_a_maximum_names_its_winner():
    found = explained(Pool(), [[[0.2, 0.7], [0.1, 0.4]]])
    assert found.sentence == "max(0.2, 0.7, 0.1, 0.4) = 0.7"
    assert found.cells[found.winner][:3] == (0, 0, 1)
    assert [cell.share for cell in found.cells] == pytest.approx([0, 0.7, 0, 0])


def test_the_first_of_equal_cells_wins_and_nan_wins_over_all():
    assert explained(Pool(), [[[1, 3], [3, 2]]]).winner == 1
    assert explained(Pool(), [[[1, np.inf], [np.nan, 2]]]).winner == 2


def test_a_mean_shows_numbers_that_add_up():
    found = explained(Pool("mean"), [[[0.2, 0.7], [0.1, -0.4]]])
    assert found.sentence == "(0.2 + 0.7 + 0.1 − 0.4) / 4 = 0.15"
    assert [cell.share for cell in found.cells] == pytest.approx([0.05, 0.175, 0.025, -0.1])


@pytest.mark.parametrize("reduce", ["max", "mean"])
def test_a_patch_as_large_as_a_photo_names_its_largest_cells(reduce):
    x = np.zeros((1, 1500, 900), np.float32)
    x[0, 1234, 567], x[0, 3, 4] = 5, 4
    found = explained(Pool(reduce, size=None), x)
    assert (1234, 567) in [cell[1:3] for cell in found.cells] and len(found.cells) <= 64
    assert found.value == pytest.approx(5 if reduce == "max" else 9 / x.size)
    assert eval(found.numpy, {"np": np}) == pytest.approx(found.value)
    assert "1,350,000 cells" in found.sentence


@pytest.mark.parametrize("reduce", ["max", "mean"])
def test_a_patch_of_cells_that_are_far_apart_is_named_whole(reduce):
    """Its few cells are spread over more than is looked at together."""
    x = np.zeros((1, 2400, 2400))
    x[0, 2360, 2320] = 5.0  # in the last of its rows
    bound = Pool(reduce, size=(60, 59), dilation=(40, 40)).bind(Shape(*x.shape))

    def values(needs):
        return x[:, needs.rows.start : needs.rows.stop, needs.cols.start : needs.cols.stop]

    made = bound.explain(values, 0, 0, 0)
    assert len(made.cells) == 60 * 59
    assert made.value == pytest.approx(5.0 if reduce == "max" else 5.0 / (60 * 59))
    assert max(made.cells, key=lambda cell: cell.share)[1:3] == (2360, 2320)


@pytest.mark.parametrize(
    ("layer", "rows", "cols"),
    [
        (Pool(), Place(0, 2), Place(0, 2)),
        (Pool(size=(3, 3), stride=(1, 1)), Place(1, 1), Place(1, 1)),
        (Pool(size=(2, 3), stride=(1, 2), padding="same"), Place(0.5, 1), Place(0.5, 2)),
        (Pool(size=None), Place(0, 8), Place(0, 8)),
    ],
)
def test_cells_lie_over_the_middle_of_their_patches(layer, rows, cols):
    bound = layer.bind(Shape(1, 8, 8))
    assert (bound.rows, bound.cols) == (rows, cols)


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ({"size": (9, 1)}, "does not fit"),
        ({"size": (2, 2), "dilation": (8, 1)}, "spread to 9 × 2"),
        ({"size": (2, 2), "padding": ((2, 0), (0, 0))}, "no cell of the input"),
        ({"padding": "full"}, "valid, same"),
        ({"size": 2}, "pool size"),
        ({"stride": (0, 1)}, "stride"),
        ({"size": None, "padding": "same"}, "all of the input"),
        ({"reduce": "sum"}, "max, mean"),
        ({"ceil": 1}, "ceil"),
    ],
)
def test_what_has_no_meaning_is_refused_with_what_was_expected(settings, word):
    with pytest.raises(ValueError, match=word):
        Pool(**settings).bind(Shape(1, 6, 6))


def test_padding_that_is_counted_may_be_all_that_a_patch_has():
    x = np.full((1, 2, 2), 4.0, np.float32)
    bound = Pool("mean", size=(2, 2), padding=((2, 2), (0, 0)), count_padding=True).bind(Shape(1, 2, 2))
    assert filled(bound, x).tolist() == [[[0.0], [4.0], [0.0]]]
    assert not np.signbit(filled(bound, x)).any()
