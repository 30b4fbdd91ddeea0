"""What the stages of reading a log hand over: rows as texts, then the log itself."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, NamedTuple

from pointbook.log.rejects import Rejects

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date, datetime

    from pointbook.model.log import Event, Member, Reject
    from pointbook.source.file_states import FileRead

Texts = tuple[str, ...]
"""A row's texts in the order of `Columns.known`, empty where there is none."""

Row = tuple[str, int, str, Texts | None, str]
"""A `RawRow` with its texts in order. A plain tuple, because a log has millions of them, and each
lives only until its event is made."""


class RawRow(NamedTuple):
    """One row as it stands in a file, before any of its texts means anything.

    Attributes:
        file: The file, as the user named it.
        line: Line on which the row begins, from 1.
        raw: The row's text, line breaks inside it included, without its final line end.
        cells: Text by column name, empty cells left out; None where the row cannot be read.
        problem: Why it cannot be read, empty where it can.
    """

    file: str
    line: int
    raw: str
    cells: Mapping[str, str] | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Log:
    """What was read, and what could not be used.

    Attributes:
        members: Accepted members by id, sorted by it.
        events: Accepted events, sorted by member, then the order in which they count.
        rejects: Rows of events that could not be used, in the order of the files.
        member_rejects: Rows of members that could not be used, in the order of the files.
        events_read: Rows of events read: `len(events) + len(rejects)`.
        members_read: Rows of members read; of a member there can be several.
        empty: Attributes, as conditions name them, and columns of which no row has a value.
        blank: Rows of either that were passed over, because there is nothing in them.
    """

    members: Mapping[str, Member]
    events: list[Event]
    rejects: Rejects
    member_rejects: Rejects
    events_read: int
    members_read: int
    empty: frozenset[str] = frozenset()
    blank: int = 0

    @property
    def facts(self) -> LogFacts:
        """What is known of the log as a whole."""
        return LogFacts(
            members=len(self.members),
            events=len(self.events),
            rejects=self.rejects,
            member_rejects=self.member_rejects,
            events_read=self.events_read,
            members_read=self.members_read,
            latest=tuple((event.event_id, event.local) for event in latest_of(self.events)),
            last_sign_up=max((member.signed_up_on for member in self.members.values()), default=None),
            empty=self.empty,
            blank=self.blank,
            dated=sum(1 for member in self.members.values() if member.dated),
        )


def latest_of(events: Iterable[Event]) -> list[Event]:
    """The two latest by local time, the last one first; of equals the first to come."""
    return heapq.nlargest(2, events, key=attrgetter("local"))


class TableRead(NamedTuple):
    """A table of events whose rows are known by the transactions that wrote them.

    Attributes:
        name: What it is called in messages.
        digest: Of which table it is, and of how it is read.
        oldest: Only rows are read that were written before this transaction.
        number: How many these were before any was read.
        written_before: How many rows are there now that were written before a transaction.
    """

    name: str
    digest: str
    oldest: int
    number: int
    written_before: Callable[[int], int]


@dataclass(frozen=True, slots=True)
class LogFacts:
    """What is known of a log as a whole, wherever its rows lie.

    Attributes:
        members: Number of accepted members.
        events: Number of accepted events.
        rejects: Rows of events that could not be used, in the order of the files.
        member_rejects: Rows of members that could not be used, in the order of the files.
        events_read: Rows of events read: `events + len(rejects)`.
        members_read: Rows of members read; of a member there can be several.
        latest: Id and local time of the two latest events, the last one first; fewer where there are.
        last_sign_up: The last day on which an accepted member signed up, None without members.
        empty: Attributes, as conditions name them, and columns of which no row has a value.
        blank: Rows of either that were passed over, because there is nothing in them.
        dated: Number of members whose attributes are dated.
        mark: How far rows of events have come, by the column that says when they did, if one does.
        files: The files of events, in their order, where an engine reads them in place.
        tables: The tables of events, in their order, where the rows of all of them are known so.
        secured: Sources that may have rows which the account that reads them is not let see.
        left_out: Where not all rows were read, how many were not; they are all good, and `latest` and `empty`
            are of the others.
    """

    members: int
    events: int
    rejects: Rejects
    member_rejects: Rejects
    events_read: int
    members_read: int
    latest: tuple[tuple[str, datetime], ...]
    last_sign_up: date | None
    empty: frozenset[str] = frozenset()
    blank: int = 0
    dated: int = 0
    mark: str | None = None
    files: tuple[FileRead, ...] = field(default=(), compare=False)
    tables: tuple[TableRead, ...] = field(default=(), compare=False)
    secured: tuple[str, ...] = field(default=(), compare=False)
    left_out: int | None = None

    def with_reading(self, other: LogFacts) -> LogFacts:
        """What is known of a log that is read in two ways: a row is rejected that one of them rejects."""
        latest = max(self.latest, other.latest, key=lambda ends: [local for _, local in ends])
        return LogFacts(
            members=max(self.members, other.members),
            events=max(self.events, other.events),
            rejects=_of_either(self.rejects, other.rejects),
            member_rejects=_of_either(self.member_rejects, other.member_rejects),
            events_read=self.events_read,
            members_read=self.members_read,
            latest=latest,
            last_sign_up=max(filter(None, (self.last_sign_up, other.last_sign_up)), default=None),
            empty=self.empty & other.empty,
            blank=self.blank,
            dated=max(self.dated, other.dated),
        )

    def rejected_beside(self, other: LogFacts) -> tuple[int, int]:
        """How many rows of events, and of members, this reading rejects and the other one does not."""
        pairs = (self.rejects, other.rejects), (self.member_rejects, other.member_rejects)
        events, members = (
            sum(other is None for _, other in _side_by_side(own, others)) for own, others in pairs
        )
        return events, members

    @property
    def default_as_of(self) -> date | None:
        """The local date of the last event; of the last sign-up where there is no event; else None."""
        return self.latest[0][1].date() if self.latest else self.last_sign_up


def _of_either(one: Rejects, other: Rejects) -> Rejects:
    """Rows that either rejects, in the order of the files; of a row of both, what the first says."""
    return Rejects(row for own, others in _side_by_side(one, other) if (row := own or others))


def _side_by_side(one: Rejects, other: Rejects) -> Iterator[tuple[Reject | None, Reject | None]]:
    """Each row that one of two readings rejects, in the order of the files, with None where one does not."""
    files = {file: place for place, file in enumerate(_merged(*map(_files_of, (one, other))))}

    def with_place(rejects: Rejects, which: int) -> Iterator[tuple[tuple[int, int], int, Reject]]:
        return (((files[reject.file], reject.line), which, reject) for reject in rejects)

    both = heapq.merge(with_place(one, 0), with_place(other, 1), key=itemgetter(0, 1))
    for _, rows in groupby(both, itemgetter(0)):
        found: dict[int, Reject] = {}
        for _, which, reject in rows:
            found.setdefault(which, reject)
        yield found.get(0), found.get(1)


def _files_of(rejects: Rejects) -> list[str]:
    return list(dict.fromkeys(reject.file for reject in rejects))


def _merged(files: Sequence[str], others: Sequence[str]) -> list[str]:
    """The files of both, in an order that both have."""
    found = list(files)
    place = 0
    for file in others:
        if file in files:
            place = found.index(file) + 1
        else:
            found.insert(place, file)
            place += 1
    return found
