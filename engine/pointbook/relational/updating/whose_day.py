"""Members of whom time alone may have changed something between two as-of dates.

What a member's events and own row come to is the same on both days, but for what happens on a day by itself:
a version takes effect, an anniversary or a new year comes, another row of the member is valid from then on,
or a benefit asks what day it is. Whoever may be concerned is named; some of them come to what they were.
Source: docs/meaning.md, "Levels".
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from pointbook.model.attributes import OCCURRED_ON
from pointbook.model.conditions import attributes_in
from pointbook.model.windows import Resets
from pointbook.relational.rulebook.columns import DATED

if TYPE_CHECKING:
    from datetime import date

    from pointbook.model.program import Program

_DAYS_OF_A_YEAR = 366
_MOST_DAYS_LOOKED_FOR = 31
_ANNIVERSARY_OF_LEAP_DAY = (228, 301)
_LEAP_DAY = 229


class WhoseDay(NamedTuple):
    """Who may differ between two days.

    Attributes:
        everybody: Why all of them may, in words that follow "because"; empty where not all do.
        condition: What holds for those who may, as SQL over `members`.
    """

    everybody: str
    condition: str


def whose_day(program: Program, last: date, as_of: date, *, dated: bool) -> WhoseDay:
    """Members who may differ on `as_of` from what they were on `last`, an earlier day or the same.

    Args:
        program: The rules.
        last: The as-of date before.
        as_of: The as-of date.
        dated: Whether the relation `members` has the column `DATED`.
    """
    if as_of == last:
        return WhoseDay("", "FALSE")
    days = [last + timedelta(number) for number in range(1, (as_of - last).days + 1)]
    if everybody := _everybodys(program, days):
        return WhoseDay(everybody, "TRUE")
    conditions = [_is_anniversary(days)]
    if dated:
        texts = [f"""{DATED} LIKE '%"{day}"%'""" for day in days[:_MOST_DAYS_LOOKED_FOR]]
        is_due = f"{DATED} IS NOT NULL" if len(days) > len(texts) else " OR ".join(texts)
        conditions.append(f"COALESCE({is_due}, FALSE)")
    return WhoseDay("", " OR ".join(conditions))


def _everybodys(program: Program, days: list[date]) -> str:
    """Why all members may differ after these days."""
    for version in program.versions:
        if version.effective_from in days:
            return f"version {version.id} takes effect on {version.effective_from}"
    years = [day.year for day in days if (day.month, day.day) == (1, 1)]
    if years and any(balance.resets is Resets.CALENDAR_YEAR for balance in program.balances.values()):
        return f"balances begin anew with the year {years[0]}"
    for version in program.versions:
        for name, benefit in version.benefits.items():
            if benefit.condition is not None and OCCURRED_ON in attributes_in(benefit.condition):
                return f"benefit {name} of version {version.id} asks for the day"
    return f"{_DAYS_OF_A_YEAR} days or more have gone by" if len(days) >= _DAYS_OF_A_YEAR else ""


def _is_anniversary(days: list[date]) -> str:
    """Whether one of the days is that of the sign-up, or its anniversary by either rule for 29 February."""
    wanted = {100 * day.month + day.day for day in days}
    if not wanted.isdisjoint(_ANNIVERSARY_OF_LEAP_DAY):
        wanted.add(_LEAP_DAY)
    listed = ", ".join(map(str, sorted(wanted)))
    return f"100 * EXTRACT(MONTH FROM signed_up_on) + EXTRACT(DAY FROM signed_up_on) IN ({listed})"
