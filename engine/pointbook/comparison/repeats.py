"""The last twelve months of a log once more, one year later: what if members go on as they did?

Every event of the twelve months up to the as-of date happens again a year later, and a year after that,
as often as is asked for; 29 February falls on the 28th. The dates that an event carries move along;
nobody signs up. What a value was assessed under stays what it was.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from pointbook.log.typed.clock import clock_in
from pointbook.model.wording import quantity

if TYPE_CHECKING:
    from pointbook.log import Log
    from pointbook.model.log import Attributes, Event
    from pointbook.model.program import Version

MOST = 3
"""So many times: a fourth year would rest on nothing that anybody did."""

_DAY = timedelta(days=1)
_TIMES = ("", "one year later", "one and two years later", "one, two and three years later")


@dataclass(frozen=True, slots=True)
class Repeats:
    """Which events are there once more.

    Attributes:
        years: How often the twelve months come again, from 1 to `MOST`.
        first: First day of the twelve months.
        last: Their last day: what the as-of date was without repeats.
        events: Events of the twelve months.
        later: Events of the log after them, which count for nothing.
    """

    years: int
    first: date
    last: date
    events: int
    later: int

    @property
    def until(self) -> date:
        """The as-of date with all repeats."""
        return years_later(self.last, self.years)

    @property
    def sentence(self) -> str:
        """What is assumed."""
        span, until = f"from {self.first} to {self.last}", self.until
        if not self.events:
            return f"There is no event {span} to repeat, so nobody does anything up to {until}."
        are = "is" if self.events == 1 else "are"
        return (
            f"{quantity(self.events, 'event')} {span} {are} repeated {_TIMES[self.years]}, up to {until}:"
            " with the dates that they carry, and values as assessed under the rules of the original day;"
            " nobody signs up."
        )

    def references(self, versions: tuple[Version, ...]) -> tuple[Version, ...]:
        """The versions under which values were assessed, from what they were without repeats.

        A version that took effect within the twelve months does so once more in each repeat of them; one
        of 29 February on the 28th.

        Args:
            versions: Those of the log as it is, ascending by `effective_from`.
        """
        known = [version for version in versions if version.effective_from <= self.last] or [versions[0]]
        begun = [version for version in known if version.effective_from <= self.first][-1:] or known[:1]
        within = [
            version for version in known if version.effective_from > self.first and version is not begun[0]
        ]
        for years in range(1, self.years + 1):
            begins = years_later(self.last, years - 1) + _DAY
            known.append(replace(begun[0], effective_from=begins))
            known += [
                replace(version, effective_from=years_later(version.effective_from, years))
                for version in within
            ]
        return tuple(known)


def years_later(day: date, years: int) -> date:
    """The same day so many years later; 28 February for the 29th.

    >>> years_later(date(2024, 2, 29), 1)
    datetime.date(2025, 2, 28)
    """
    if (day.month, day.day) == (2, 29):
        day = day.replace(day=28)
    return day.replace(year=day.year + years)


def repeated(log: Log, timezone: str, as_of: date, years: int) -> tuple[Log, Repeats]:
    """The log up to the as-of date with its last twelve months once more, and what was done.

    What was rejected, and how many rows were read, stays that of the log as it is.

    Args:
        log: Members and events.
        timezone: The program's, in which a repeated event has the same time of day.
        as_of: The last day of the twelve months.
        years: How often.
    """
    first = years_later(as_of, -1) + _DAY
    if years_later(first, 1) <= as_of:  # as of 28 February: the 29th of the year before comes again on it
        first += _DAY
    due = [event for event in log.events if event.local.date() <= as_of]
    again = [event for event in due if event.local.date() >= first]
    mark = _unused_mark(log, years)
    events = due + [
        _later(event, timezone, number, f"{mark}{number}")
        for number in range(1, years + 1)
        for event in again
    ]
    events.sort(key=lambda event: event[:3])
    repeats = Repeats(years, first, as_of, len(again), len(log.events) - len(due))
    return replace(log, events=events), repeats


def _unused_mark(log: Log, years: int) -> str:
    """What stands before the number at the end of a repeated event's id: no id of the log ends like that."""
    mark = "~"
    endings = tuple(str(number) for number in range(1, years + 1))
    while any(
        event.event_id.endswith(tuple(f"{mark}{ending}" for ending in endings)) for event in log.events
    ):
        mark += "~"
    return mark


def _later(event: Event, timezone: str, years: int, ending: str) -> Event:
    local = datetime.combine(years_later(event.local.date(), years), event.local.time())
    at, local = clock_in(timezone).moment(local.isoformat())
    return event._replace(
        event_id=f"{event.event_id}{ending}", at=at, local=local, attributes=_dates_later(event, years)
    )


def _dates_later(event: Event, years: int) -> Attributes:
    if not any(isinstance(value, date) for value in event.attributes.values()):
        return event.attributes
    return {
        name: years_later(value, years) if isinstance(value, date) else value
        for name, value in event.attributes.items()
    }
