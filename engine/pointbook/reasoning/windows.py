"""How the windows in which caps count lie in one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pointbook.model.rules import Per, Resets

if TYPE_CHECKING:
    from collections.abc import Mapping

PERIOD: Mapping[Resets, Per] = {
    Resets.MEMBERSHIP_YEAR: Per.MEMBERSHIP_YEAR,
    Resets.CALENDAR_YEAR: Per.CALENDAR_YEAR,
    Resets.NEVER: Per.LIFETIME,
}
"""The window that is one period of a balance."""

_MOST: Mapping[Per, Mapping[Per, int]] = {
    Per.DAY: {
        Per.WEEK: 7,
        Per.CALENDAR_MONTH: 31,
        Per.CALENDAR_YEAR: 366,
        Per.MEMBERSHIP_YEAR: 366,
    },
    # A month of 31 days that begins on a Sunday; a leap year that does.
    Per.WEEK: {Per.DAY: 1, Per.CALENDAR_MONTH: 6, Per.CALENDAR_YEAR: 54, Per.MEMBERSHIP_YEAR: 54},
    Per.CALENDAR_MONTH: {Per.DAY: 1, Per.WEEK: 2, Per.CALENDAR_YEAR: 12, Per.MEMBERSHIP_YEAR: 13},
    Per.CALENDAR_YEAR: {Per.DAY: 1, Per.WEEK: 2, Per.CALENDAR_MONTH: 1, Per.MEMBERSHIP_YEAR: 2},
    Per.MEMBERSHIP_YEAR: {Per.DAY: 1, Per.WEEK: 2, Per.CALENDAR_MONTH: 2, Per.CALENDAR_YEAR: 2},
    Per.LIFETIME: dict.fromkeys(Per, 1),
}


def most_windows(per: Per, within: Per) -> int | None:
    """The most windows of the kind `per` that one window of the kind `within` can touch.

    1 where every window `within` lies inside one of `per`; None where there is no most, as in a
    lifetime.
    """
    return 1 if per is within else _MOST[per].get(within)
