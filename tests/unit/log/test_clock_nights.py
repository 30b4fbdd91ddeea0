from __future__ import annotations

from datetime import date

import pytest

from pointbook.log.typed.clock import goes_back_over_midnight


@pytest.mark.parametrize(
    ("timezone", "first", "last"),
    [
        # At 00:01 of 7 November 2010 clocks went back to 23:01 of the 6th; 2011-11-06 at 02:00 to 01:00.
        ("America/St_Johns", date(2010, 11, 6), date(2010, 11, 7)),
        ("America/St_Johns", date(1900, 1, 1), date(2026, 1, 1)),
        # At 00:01 until 2006.
        ("America/Moncton", date(2005, 1, 1), date(2005, 12, 31)),
    ],
)
def test_a_local_date_can_step_back(timezone: str, first: date, last: date) -> None:
    assert goes_back_over_midnight(timezone, first, last)


@pytest.mark.parametrize(
    ("timezone", "first", "last"),
    [
        ("America/St_Johns", date(2012, 1, 1), date(2026, 1, 1)),
        ("America/St_Johns", date(2010, 6, 1), date(2010, 9, 1)),
        # From 24:00 back to 23:00: the next day has not begun.
        ("America/Santiago", date(2020, 1, 1), date(2026, 1, 1)),
        # From 01:00 back to 00:00 of the same day.
        ("America/Havana", date(2015, 1, 1), date(2026, 1, 1)),
        ("Europe/Brussels", date(1900, 1, 1), date(2030, 1, 1)),
        ("UTC", date(1900, 1, 1), date(2030, 1, 1)),
    ],
)
def test_clocks_that_go_back_within_a_day_leave_the_date(timezone: str, first: date, last: date) -> None:
    assert not goes_back_over_midnight(timezone, first, last)
