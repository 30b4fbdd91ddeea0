"""What the program is told: members, their events, and rows that could not be used.

These are named tuples, not dataclasses, because a log has millions of them. `Event` begins with
the order in which a member's events are taken, so that sorting events sorts them by it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from datetime import date
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from pointbook.model.attributes import Value

if TYPE_CHECKING:
    from datetime import datetime

    from pointbook.model.amounts import Amount

Attributes = Mapping[str, Value | date]
Dated = tuple[tuple[date, Attributes], ...]
"""Attributes as they are from each day on, by day."""

EVENT_COLUMNS = ("event_id", "member_id", "activity", "occurred_at")
MEMBER_COLUMNS = ("member_id", "signed_up_on")
POINTS, VALID_FROM = "points", "valid_from"
"""The columns that the language itself knows: those that every row must fill, and one that each kind may."""

_day = itemgetter(0)


class Member(NamedTuple):
    """One member.

    Attributes:
        id: As the log names them.
        signed_up_on: First local date of membership year 1.
        attributes: Typed values of the columns that the rules declare; absent where empty. Where they are
            dated, those of the day at hand: `on` has it, else those from ever.
        dated: All attributes as they are from each day on, by day: the first from `date.min`. Empty where
            they never change.
    """

    id: str
    signed_up_on: date
    attributes: Attributes
    dated: Dated = ()

    def on(self, day: date) -> Member:
        """The member with the attributes of a day."""
        if not self.dated:
            return self
        return self._replace(attributes=self.dated[bisect_right(self.dated, day, key=_day) - 1][1])

    def next_change(self, day: date) -> date:
        """The first day after `day` from which attributes are stated anew; the last day there is if none."""
        place = bisect_right(self.dated, day, key=_day)
        return self.dated[place][0] if place < len(self.dated) else date.max


class Event(NamedTuple):
    """One thing a member did.

    Attributes:
        member_id: Who.
        at: When, in UTC, without time zone information.
        event_id: Its unique name.
        local: When, in the program's time zone, without time zone information.
        activity: What, as the log says it; the version in force may not know it.
        points: The assessed points, if the log carries any.
        attributes: Typed values by name; absent where empty.
    """

    member_id: str
    at: datetime
    event_id: str
    local: datetime
    activity: str
    points: Amount | None
    attributes: Attributes


class Reject(NamedTuple):
    """One row that could not be used, and why.

    Attributes:
        file: The file, as the user named it.
        line: Line on which the row begins, from 1; a CSV header is line 1. In a Parquet file the
            row's number, from 1; in a table, which has no lines, 0.
        column: Name of the column at fault, empty where it is the whole row.
        event_id: The row's event id, empty where it has none.
        reason: One of the reject reasons; docs/meaning.md, "Not counted, never lost".
        detail: What is wrong with it, in words.
        raw: The row's text as it stands in the file, without its line end.
        member_id: The member the row names, empty where it names none; not a column of the output.
        activity: Likewise the activity.
    """

    file: str
    line: int
    column: str
    event_id: str
    reason: str
    detail: str
    raw: str
    member_id: str = ""
    activity: str = ""
