"""That system begins membership years on other days than the anniversaries of the sign-up."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pointbook.model.windows import Resets
from pointbook.reconciliation.hypothesis import CauseKind, Hypothesis

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    from pointbook.model.log import Event, Member
    from pointbook.reconciliation.ground import Ground
    from pointbook.reconciliation.hypothesis import EventChange, MemberChange

    Shift = Callable[[date], date]

_A_DAY = timedelta(days=1)
_A_MONTH_AND_MORE = timedelta(days=31)


def _first_of_month(day: date) -> date:
    return day.replace(day=1)


def _first_of_next_month(day: date) -> date:
    return _first_of_month(_first_of_month(day) + _A_MONTH_AND_MORE)


_STARTS: tuple[tuple[str, str, Shift], ...] = (
    ("day-later", "a day after the anniversaries", lambda day: day + _A_DAY),
    ("day-earlier", "a day before the anniversaries", lambda day: day - _A_DAY),
    ("month", "on the first of the month of the sign-up", _first_of_month),
    ("next-month", "on the first of the month after the sign-up", _first_of_next_month),
)


def anniversary_causes(ground: Ground) -> Iterator[Hypothesis]:
    """Years from a day before or after the sign-up, and from the first of a month."""
    if all(balance.resets is not Resets.MEMBERSHIP_YEAR for balance in ground.program.balances.values()):
        return
    for subject, words, shift in _STARTS:
        yield Hypothesis(
            CauseKind.PERIOD_START,
            f"membership_year/{subject}",
            f"begins membership years {words}",
            events=_within(shift),
            member=_shifted(shift),
        )


def _shifted(shift: Shift) -> MemberChange:
    return lambda member: member._replace(signed_up_on=shift(member.signed_up_on))


def _within(shift: Shift) -> EventChange:
    """What was done after the sign-up and before the first year then begins counts in that year."""

    def moved(member: Member, events: Sequence[Event]) -> Sequence[Event]:
        joined, begins = member.signed_up_on, shift(member.signed_up_on)
        first = datetime(begins.year, begins.month, begins.day)  # noqa: DTZ001 - local, as of events
        return (
            [event for event in events if joined <= event.local.date()]
            if begins < joined
            else [
                event._replace(local=first) if joined <= event.local.date() < begins else event
                for event in events
            ]
        )

    return moved
