"""Rows of members and events as a log: which are accepted, and why the others are not."""

from __future__ import annotations

import gc
from collections import defaultdict
from contextlib import contextmanager
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING

from pointbook.log.blocks import in_blocks
from pointbook.log.columns import event_columns, member_columns
from pointbook.log.dated_members import as_one_each
from pointbook.log.records import Log, RawRow
from pointbook.log.row_readers import EventReader, MemberReader
from pointbook.log.settled_rows import settled
from pointbook.log.typed.clock import clock_in
from pointbook.log.unknown_members import UnknownMembers
from pointbook.model.log import VALID_FROM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from pointbook.log.blocks import Block, TextColumns
    from pointbook.log.columns import Columns
    from pointbook.log.records import Row
    from pointbook.log.settled_rows import Settled
    from pointbook.log.settling import Reading
    from pointbook.model.log import Event, Member
    from pointbook.model.program import Program


def accepted_log(program: Program, members: Iterable[RawRow], events: Iterable[RawRow]) -> Log:
    """The log that rows come to; the order of the rows does not matter, save for naming duplicates.

    Args:
        program: Whose log it is; all its versions' attributes are known.
        members: Every row of members; read to the end before any event.
        events: Every row of events.
    """
    member_blocks = _in_column_order(members, member_columns(program))
    event_blocks = _in_column_order(events, event_columns(program))
    return log_with(program, settled_members(program, member_blocks), event_blocks)


def event_from(program: Program, member: Member, cells: Mapping[str, str]) -> Event:
    """One row of a log as an event of `member`, for a service that takes events as they come.

    Args:
        program: Whose log it is.
        member: Who did it; `member_id` may be left out of the row.
        cells: The row's texts by column: `event_id`, `activity`, `occurred_at`, `points`, attributes.

    Raises:
        ValueError: The row would be rejected; the message says why.
    """
    columns = event_columns(program)
    blocks = _in_column_order([RawRow("", 1, "", {"member_id": member.id, **cells})], columns)
    by_id = {member.id: member}
    reader = EventReader(columns, clock_in(program.timezone), by_id)
    found = settled(blocks, columns, reader.events_from, id_of=attrgetter("event_id"))
    if found.rejects:
        reject = next(UnknownMembers(by_id, ()).explained(found.rejects))
        raise ValueError(f"{reject.reason}: {reject.detail}")
    return found.accepted[0]


def settled_members(program: Program, blocks: Iterable[Block], folder: Path | None = None) -> Settled[Member]:
    """The members, their rows settled; many rejects are written to a folder, None for the system's."""
    with no_search_for_cycles():
        columns = member_columns(program)
        found = settled(
            blocks, columns, MemberReader(columns).members_from, id_of=attrgetter("id"), folder=folder
        )
        return found._replace(accepted=as_one_each(found.accepted), empty=found.empty - {VALID_FROM})


def log_with(
    program: Program, of_members: Settled[Member], events: Iterable[Block], folder: Path | None = None
) -> Log:
    """The log of members that are settled already, and rows of events."""
    with no_search_for_cycles():
        by_id = {member.id: member for member in sorted(of_members.accepted, key=attrgetter("id"))}
        explained = UnknownMembers(by_id, of_members.rejects).explained
        reading = event_reading(program, by_id)
        of_events = settled(
            events, *reading, id_of=attrgetter("event_id"), folder=folder, explained=explained
        )
        return Log(
            members=by_id,
            events=events_in_order(of_events.accepted),
            rejects=of_events.rejects,
            member_rejects=of_members.rejects,
            events_read=of_events.read,
            members_read=of_members.read,
            empty=of_events.empty | {f"member.{name}" for name in of_members.empty},
            blank=of_events.blank + of_members.blank,
        )


def event_reading(
    program: Program, members: Mapping[str, Member]
) -> tuple[Columns, Callable[[TextColumns], Reading[Event]]]:
    """The columns of events, and what the texts of a block of them come to."""
    columns = event_columns(program)
    return columns, EventReader(columns, clock_in(program.timezone), members).events_from


@contextmanager
def no_search_for_cycles() -> Iterator[None]:
    """Pauses the garbage collector: a log has millions of values, and none of them refers in a circle.

    It would look at all of them again and again, which takes a fifth of the time.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


_time_and_id = itemgetter(1, 2)


def _in_column_order(rows: Iterable[RawRow], columns: Columns) -> Iterator[Block]:
    known = columns.known
    known_names = frozenset(known)

    def in_order(row: RawRow) -> Row:
        file, line, raw, cells, problem = row
        if cells is None:
            return file, line, raw, None, problem
        if strange := cells.keys() - known_names:
            return file, line, raw, None, columns.unknown(min(strange))
        if any("\0" in text for text in (raw, *cells.values())):
            return file, line, raw, None, "it contains a NUL character (code 0)"
        return file, line, raw, tuple([cells.get(name, "") for name in known]), ""

    return in_blocks(map(in_order, rows), columns)


def events_in_order(events: Iterable[Event]) -> list[Event]:
    """Events by member, time and id. Sorting each member's own is much faster than sorting all at once."""
    of_member: defaultdict[str, list[Event]] = defaultdict(list)
    for event in events:
        of_member[event[0]].append(event)  # a name takes twice as long as a place
    for own in of_member.values():
        own.sort(key=_time_and_id)  # of rows that are not settled yet two can agree in both
    return [event for member_id in sorted(of_member) for event in of_member[member_id]]
