"""How many maps are looked at together: what is refused, and which of them are the strongest."""

from __future__ import annotations

import numpy as np
import pytest

from convgui.engine.looking.many import Many

STRENGTH, TOTAL = np.array([5.0, 1.0, np.nan, 4.0]), np.array([1.0, 7.0, np.nan, 9.0])


@pytest.mark.parametrize("topk", [0, -2, 2.0, True, "4", None])
def test_what_is_no_number_of_maps_is_refused(topk):
    with pytest.raises(ValueError, match="Expected topk of at least 1, or -1 for all maps, received"):
        Many(topk=topk)


@pytest.mark.parametrize("strength", [-0.1, 1.1, float("nan"), "1", True, None])
def test_what_is_no_strength_is_refused(strength):
    with pytest.raises(ValueError, match="Expected a strength of the overlay from 0 to 1, received"):
        Many(strength=strength)


@pytest.mark.parametrize(
    ("order", "topk", "shown"),
    [
        ("index", -1, [0, 1, 2, 3]),
        ("index", 2, [1, 3]),
        ("total", 2, [3, 1]),
        ("strength", 2, [0, 3]),
        ("total", 9, [3, 1, 0, 2]),
    ],
)
def test_the_strongest_are_those_of_the_order_or_else_by_total(order, topk, shown):
    assert Many(order=order, topk=topk).shown(None, STRENGTH, TOTAL) == shown


def test_sums_are_asked_for_only_where_something_depends_on_them():
    needs = {(order, topk): Many(order=order, topk=topk).needs_totals for order in ("index", "strength") for topk in (-1, 3)}
    assert [key for key, needed in needs.items() if needed] == [("index", 3)]
    assert Many(order="total").needs_totals
