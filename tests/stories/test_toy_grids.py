"""Story 3. The article's toy grids: one click away, a number in each cell, exactly the article's values."""

import numpy as np
import pytest

SAME = [
    [2, 0, 3, 2, 1, 1],
    [2, 0, 4, 2, 2, 2],
    [2, 0, 4, 2, 2, 2],
    [2, 0, 4, 2, 2, 2],
    [2, 0, 4, 2, 2, 2],
    [0, 0, 2, 0, 2, 2],
]


def test_the_sequence(user):
    user.sample("article-1d")
    assert user.shown_values().tolist() == [[1, 0, 1, 1, 0, 0]]
    assert user.window.pair.input.picture().values.tolist() == [[0, 1, 0, 1, 1, 0]]
    user.press("padding_valid")
    user.settle()
    assert user.shown_values().tolist() == [[1, 0, 1, 1, 0]]
    assert user.window.settings.detail.whole_text() == "→ 5 steps"


def test_the_grid(user):
    user.sample("article-2d")
    assert user.shown_values().tolist() == SAME
    user.press("padding_valid")
    user.settle()
    assert user.shown_values().tolist() == [row[1:5] for row in SAME[1:5]]


def test_the_smaller_map_is_seen_to_be_smaller_and_lies_where_it_belongs(user):
    user.sample("article-2d")
    whole = user.window.pair.map.picture().rect
    user.press("padding_valid")
    user.settle()
    assert whole == (0, 0, 6, 6)
    assert user.window.pair.map.picture().rect == (1, 1, 4, 4)


def test_cells_are_large_enough_for_their_numbers(user):
    for name in ("article-1d", "article-2d"):
        user.sample(name)
        box = user.window.pair.map.to_pixels(0, 0, 1, 1)
        assert min(box.width(), box.height()) >= 30


@pytest.mark.parametrize("name", ["article-1d", "article-2d"])
def test_it_is_one_step_to_undo(user, name):
    before = user.state
    user.sample(name)
    user.do("undo")
    user.settle()
    assert user.state is before


def test_a_long_sequence_is_a_band_of_one_row_with_its_stems(user, tmp_path):
    np.save(tmp_path / "long.npy", np.sin(np.arange(50_000) / 900).astype(np.float32))
    user.open(tmp_path / "long.npy")
    for pane in user.window.pair.panes:
        picture = pane.picture()
        assert picture.rect[3] == 1
        assert picture.values.shape == picture.colours.shape[:2]
        assert picture.values.shape[1] > 300
