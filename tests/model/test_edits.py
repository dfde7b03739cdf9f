"""Edits of weights: what each does on a small kernel, and what holds for every kernel."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from convgui.engine.kernels.catalogue import kernel
from convgui.model import edits

NUMBERS = st.floats(-1e6, 1e6, allow_subnormal=False)
WEIGHTS = arrays(np.float64, array_shapes(min_dims=2, max_dims=2, max_side=9), elements=NUMBERS)
SIDES = st.integers(1, 63)
GRID = np.array([[1.0, 2, 3], [4, 5, 6], [7, 8, 9]])


def odd_square(side):
    return arrays(np.float64, (side, side), elements=NUMBERS)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (edits.rotate_right, [[7, 4, 1], [8, 5, 2], [9, 6, 3]]),
        (edits.rotate_left, [[3, 6, 9], [2, 5, 8], [1, 4, 7]]),
        (edits.rotate_45, [[4, 1, 2], [7, 5, 3], [8, 9, 6]]),
        (edits.flip_horizontal, [[3, 2, 1], [6, 5, 4], [9, 8, 7]]),
        (edits.flip_vertical, [[7, 8, 9], [4, 5, 6], [1, 2, 3]]),
        (edits.transpose, [[1, 4, 7], [2, 5, 8], [3, 6, 9]]),
        (edits.negate, [[-1, -2, -3], [-4, -5, -6], [-7, -8, -9]]),
        (edits.zero_sum, [[-4, -3, -2], [-1, 0, 1], [2, 3, 4]]),
        (edits.normalise, GRID / 45),
        (lambda weights: edits.scale(weights, -2), [[-2, -4, -6], [-8, -10, -12], [-14, -16, -18]]),
        (lambda weights: edits.set_cell(weights, 0, 2, 0.5), [[1, 2, 0.5], [4, 5, 6], [7, 8, 9]]),
        (lambda weights: edits.resize(weights, 5, 3), [[0, 0, 0], *GRID, [0, 0, 0]]),
        (lambda weights: edits.resize(weights, 1, 1), [[5]]),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_what_an_edit_does(change, expected):
    before = GRID.copy()
    before.flags.writeable = False  # as the document's weights are
    after = change(before)
    np.testing.assert_allclose(after, expected, atol=1e-15)
    assert not np.shares_memory(after, before)
    assert after.flags.writeable


# turning


def times(change, count, weights):
    for _ in range(count):
        weights = change(weights)
    return weights


@given(WEIGHTS)
def test_four_quarter_turns_change_nothing(weights):
    assert np.array_equal(times(edits.rotate_right, 4, weights), weights)
    assert np.array_equal(edits.rotate_left(edits.rotate_right(weights)), weights)


@given(WEIGHTS)
def test_a_half_turn_is_two_flips(weights):
    assert np.array_equal(times(edits.rotate_left, 2, weights), edits.flip_vertical(edits.flip_horizontal(weights)))


@given(WEIGHTS)
def test_a_quarter_turn_is_a_transpose_and_a_flip(weights):
    assert np.array_equal(edits.rotate_right(weights), edits.flip_horizontal(edits.transpose(weights)))


@pytest.mark.parametrize("change", [edits.flip_horizontal, edits.flip_vertical, edits.transpose, edits.negate])
@given(weights=WEIGHTS)
def test_twice_is_nothing(change, weights):
    assert np.array_equal(change(change(weights)), weights)


@given(st.sampled_from([1, 3, 5, 7]).flatmap(odd_square))
def test_eighths_of_a_turn_add_up(weights):
    assert np.array_equal(times(edits.rotate_45, 2, weights), edits.rotate_right(weights))
    assert np.array_equal(times(edits.rotate_45, 8, weights), weights)


def test_an_eighth_of_a_turn_goes_through_the_compass_clockwise():
    assert np.array_equal(edits.rotate_45(kernel("robinson", direction=1)), kernel("sobel-x"))
    assert np.array_equal(edits.rotate_45(kernel("line-45")), kernel("line-horizontal"))


@pytest.mark.parametrize("shape", [(2, 2), (3, 5), (1, 3), (4, 4)])
def test_only_odd_squares_turn_by_an_eighth(shape):
    with pytest.raises(ValueError, match=f"odd square such as 3 × 3, this kernel is {shape[0]} × {shape[1]}"):
        edits.rotate_45(np.ones(shape))


# values


@given(WEIGHTS)
def test_zero_sum_is_blind_to_flat_areas(weights):
    assert abs(edits.zero_sum(weights).sum()) <= 1e-9 * max(np.abs(weights).sum(), 1)


@given(arrays(np.float64, array_shapes(min_dims=2, max_dims=2, max_side=9), elements=st.floats(0.01, 100)))
def test_normalised_weights_sum_to_1_and_keep_their_shares(weights):
    after = edits.normalise(weights)
    assert after.sum() == pytest.approx(1)
    assert after * weights.sum() == pytest.approx(weights)


def test_a_negative_sum_becomes_1_as_well():
    assert edits.normalise(np.array([[-3.0, 1.0]])).tolist() == [[1.5, -0.5]]


@pytest.mark.parametrize("weights", [kernel("sobel-x"), np.zeros((2, 2)), np.array([[0.1, 0.2, -0.3]])])
def test_weights_that_sum_to_0_cannot_be_normalised(weights):
    with pytest.raises(ValueError, match="Weights that sum to 0 cannot be"):
        edits.normalise(weights)


@pytest.mark.parametrize("change", [edits.negate, lambda weights: edits.scale(weights, -3)])
def test_zero_stays_a_plain_zero(change):
    assert not np.signbit(change(np.zeros((2, 2)))).any()


@given(WEIGHTS, st.floats(-100, 100))
def test_scale_multiplies_the_sum(weights, factor):
    found, magnitude = edits.scale(weights, factor).sum(), np.abs(weights).sum() * abs(factor)
    assert found == pytest.approx(weights.sum() * factor, abs=1e-9 * max(magnitude, 1e-6))


@pytest.mark.parametrize("factor", [np.nan, np.inf, -np.inf])
def test_a_factor_is_finite(factor):
    with pytest.raises(ValueError, match="Expected a finite factor, received"):
        edits.scale(GRID, factor)


def test_scaling_stops_before_infinity():
    with pytest.raises(ValueError, match="would make weights infinite"):
        edits.scale(np.array([[1e300]]), 1e10)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_weight_is_finite(value):
    with pytest.raises(ValueError, match="Expected a finite weight, received"):
        edits.set_cell(GRID, 0, 0, value)


@pytest.mark.parametrize(("row", "col"), [(3, 0), (0, 3), (-1, 0), (0, -1)])
def test_only_cells_that_are_there_can_be_set(row, col):
    with pytest.raises(ValueError, match=f"Expected a cell of 3 × 3, received row {row}, column {col}"):
        edits.set_cell(GRID, row, col, 1.0)


def test_a_fraction_fits_into_whole_numbers():
    assert edits.set_cell(np.array([[1, 2]]), 0, 0, 0.5).tolist() == [[0.5, 2]]


# size


@given(WEIGHTS, SIDES, SIDES)
def test_growing_and_shrinking_back_changes_nothing(weights, rows, cols):
    rows, cols = max(rows, weights.shape[0]), max(cols, weights.shape[1])
    grown = edits.resize(weights, rows, cols)
    assert grown.shape == (rows, cols)
    assert np.count_nonzero(grown) == np.count_nonzero(weights)
    assert np.array_equal(edits.resize(grown, *weights.shape), weights)


@given(SIDES, SIDES, SIDES, SIDES)
def test_the_centre_stays_the_centre(rows, cols, new_rows, new_cols):
    """The centre of n cells is the one over which `same` padding lays the kernel: (n - 1) // 2, as total // 2 before."""
    weights = np.zeros((rows, cols))
    weights[(rows - 1) // 2, (cols - 1) // 2] = 1
    found = np.argwhere(edits.resize(weights, new_rows, new_cols))
    assert found.tolist() == [[(new_rows - 1) // 2, (new_cols - 1) // 2]]


@pytest.mark.parametrize(
    ("cols", "expected"),
    [
        (1, [[2]]),
        (2, [[2, 3]]),
        (3, [[1, 2, 3]]),
        (4, [[1, 2, 3, 4]]),
        (5, [[0, 1, 2, 3, 4]]),
        (6, [[0, 1, 2, 3, 4, 0]]),
    ],
)
def test_even_sizes_have_their_further_cell_after_the_centre(cols, expected):
    assert edits.resize(np.array([[1.0, 2, 3, 4]]), 1, cols).tolist() == expected


@pytest.mark.parametrize("size", [(0, 3), (3, 0), (64, 3), (3, 64), (-1, 3)])
def test_a_kernel_has_1_to_63_rows_and_columns(size):
    with pytest.raises(ValueError, match=f"1 to 63 rows and columns, received {size[0]} × {size[1]}"):
        edits.resize(GRID, *size)
