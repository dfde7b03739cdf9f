"""Tables of numbers: what is read back has the same bits."""

import csv

import numpy as np
import pytest

from convgui.engine.strategies.tiles import Cancelled
from convgui.io.export.tables import save_table


def read(path):
    with open(path, newline="") as file:
        return list(csv.reader(file))


def test_all_bits_are_kept(tmp_path):
    random = np.random.default_rng(0)
    columns = {
        "step": np.arange(9001),
        "single": random.normal(size=9001).astype(np.float32),
        "double, exact": random.normal(size=9001) * 10.0 ** random.integers(-300, 300, 9001),
    }
    save_table(tmp_path / "table.csv", columns)
    rows = read(tmp_path / "table.csv")
    assert rows[0] == list(columns)
    for k, column in enumerate(columns.values()):
        assert np.array_equal(np.array([row[k] for row in rows[1:]], column.dtype), column)


def test_what_is_no_number_and_columns_of_other_lengths(tmp_path):
    save_table(tmp_path / "t.csv", {"a": np.array([np.nan, np.inf, -np.inf]), "b": np.array([1])})
    assert read(tmp_path / "t.csv") == [["a", "b"], ["nan", "1"], ["inf", ""], ["-inf", ""]]


def test_one_that_is_not_wanted_any_more_leaves_the_old_file(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("old")
    with pytest.raises(Cancelled):
        save_table(path, {"a": np.zeros(10)}, lambda: True)
    assert path.read_text() == "old"
