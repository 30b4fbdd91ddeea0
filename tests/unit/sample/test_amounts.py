from __future__ import annotations

import pytest

from pointbook.sample.amounts import amounts_in


@pytest.mark.parametrize(
    ("minimum", "maximum", "amounts"),
    [
        (10, 50, (10, 15, 20, 25, 30, 35, 40, 45, 50)),
        (1, 5, (1, 2, 3, 4, 5)),
        (3, 3, (3,)),
        (-22, -1, tuple(range(-1, -23, -1))),
        (-41, -3, (-5, -10, -15, -20, -25, -30, -35, -40)),
        (
            -50,
            50,
            (0, -5, 5, -10, 10, -15, 15, -20, 20, -25, 25, -30, 30, -35, 35, -40, 40, -45, 45, -50, 50),
        ),
    ],
)
def test_amounts_are_round_and_ordered_by_size(minimum: int, maximum: int, amounts: tuple[int, ...]) -> None:
    assert amounts_in(minimum, maximum) == amounts


@pytest.mark.parametrize(
    ("minimum", "maximum"), [(1, 10**9), (-(10**9), 10**9), (999_999_999, 10**9), (7, 1001)]
)
def test_wide_ranges_have_few_amounts_all_of_them_inside(minimum: int, maximum: int) -> None:
    amounts = amounts_in(minimum, maximum)
    assert 1 < len(amounts) < 50
    assert all(minimum <= amount <= maximum for amount in amounts)
