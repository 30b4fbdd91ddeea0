"""Nights in which a time zone's clocks go back over midnight, so that a local day begins twice."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from pointbook.source import files

_STEP = timedelta(days=7)
"""Clocks are not changed back and forth within it."""
_SECOND = timedelta(seconds=1)


@cache
def goes_back_over_midnight(timezone: str, first: date, last: date) -> bool:
    """Whether the local date steps back at any moment from the day `first` to the day `last`.

    So it was in St. John's until 2011, when clocks went back from 00:01 to 23:01.

    Raises:
        LookupError: There is no such time zone.
    """
    with files.timezone_data(timezone) as data:
        zone = ZoneInfo.from_file(data, key=timezone)
    moment = datetime.combine(max(first, date(2, 1, 1)), datetime.min.time(), UTC) - 2 * _STEP
    end = datetime.combine(min(last, date(9998, 12, 31)), datetime.min.time(), UTC) + 2 * _STEP
    ahead = _ahead(moment, zone)
    while moment < end:
        later, ahead_before = moment + _STEP, ahead
        ahead = _ahead(later, zone)
        if ahead < ahead_before:
            change = _change_between(moment, later, zone)
            if change.astimezone(zone).date() < (change - _SECOND).astimezone(zone).date():
                return True
        moment = later
    return False


def _ahead(moment: datetime, zone: ZoneInfo) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


def _change_between(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The first second at which clocks have gone back from what they are `before`."""
    ahead = _ahead(before, zone)
    while after - before > _SECOND:
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        if _ahead(middle, zone) < ahead:
            after = middle
        else:
            before = middle
    return after
