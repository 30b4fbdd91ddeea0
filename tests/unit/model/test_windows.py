"""What the records of windows say follows from the calendar: tried on each day of 56 years."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from functools import cache
from itertools import product

import pytest

from pointbook.model.rules import LeapDay, anniversary
from pointbook.model.windows import WINDOWS, Per, Resets, lies_inside, most_windows

SIGN_UPS = (date(2000, 1, 1), date(2000, 2, 29), date(2000, 3, 31), date(2000, 12, 31))
PAIRS = [
    pytest.param(one, other, id=f"{one} and {other}")
    for one, other in product(Per, repeat=2)
    if one is not other
]


@cache
def numbers(per: Per, signed_up_on: date) -> tuple[int, ...]:
    """Number of the window of each day of 56 years, in order, as far as it is a whole one."""
    day, year, found = signed_up_on, 1, []
    ends = anniversary(signed_up_on, 1, lambda _: LeapDay.FEB_28)
    while day < date(2056, 1, 1):
        if day >= ends:
            year += 1
            ends = anniversary(signed_up_on, year, lambda _: LeapDay.FEB_28)
        found.append(per.window.number(day, year))
        day += timedelta(days=1)
    return tuple(found)


@pytest.mark.parametrize("per", Per)
def test_there_is_a_record_of_each_window(per: Per) -> None:
    assert WINDOWS[per].words.startswith(("per ", "in a "))


@pytest.mark.parametrize("per", [per for per in Per if per is not Per.LIFETIME])
def test_the_longest_window_has_most_days(per: Per) -> None:
    lengths = Counter(numbers(per, SIGN_UPS[0]))
    assert max(lengths.values()) == per.window.most_days
    assert min(lengths.values()) <= per.window.usual_days <= max(lengths.values())


@pytest.mark.parametrize(("inner", "outer"), PAIRS)
def test_a_window_lies_inside_another_where_no_border_cuts_it(inner: Per, outer: Per) -> None:
    holds = []
    for signed_up_on in SIGN_UPS:
        both = set(zip(numbers(inner, signed_up_on), numbers(outer, signed_up_on), strict=True))
        holds.append(len(both) == len({number for number, _ in both}))
    assert lies_inside(inner, outer) == all(holds)


@pytest.mark.parametrize(("per", "within"), PAIRS)
def test_no_more_windows_touch_another_than_is_said(per: Per, within: Per) -> None:
    if within is Per.LIFETIME:
        assert most_windows(per, within) is None
        return
    most = []
    for signed_up_on in SIGN_UPS:
        both = set(zip(numbers(per, signed_up_on), numbers(within, signed_up_on), strict=True))
        most.append(max(Counter(number for _, number in both).values()))
    assert max(most) == most_windows(per, within)


@pytest.mark.parametrize(
    ("resets", "period"), [(Resets.MEMBERSHIP_YEAR, 3), (Resets.CALENDAR_YEAR, 2024), (Resets.NEVER, 1)]
)
def test_a_period_has_a_number(resets: Resets, period: int) -> None:
    assert resets.period(date(2024, 7, 1), 3) == period
