"""Rows of members and events as a log: which are accepted, and why the others are not."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

from pointbook.log.clock import Clock
from pointbook.log.columns import event_columns, member_columns
from pointbook.log.events import EventReader
from pointbook.log.members import MemberReader
from pointbook.log.records import Log
from pointbook.log.settling import settled
from pointbook.log.unknown_members import UnknownMembers

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pointbook.log.records import RawRow
    from pointbook.model.log import Event
    from pointbook.model.rules import Program


def accepted_log(program: Program, members: Iterable[RawRow], events: Iterable[RawRow]) -> Log:
    """The log that rows come to; the order of the rows does not matter, save for naming duplicates.

    Args:
        program: Whose log it is; all its versions' attributes are known.
        members: Every row of members; read to the end before any event.
        events: Every row of events.
    """
    member_reader = MemberReader(member_columns(program))
    of_members = settled(members, "member_id", member_reader.member_from)
    by_id = {member.id: member for member in sorted(of_members.accepted, key=itemgetter(0))}
    unknown_members = UnknownMembers(by_id, of_members.rejected_by_id)
    clock = Clock(program.timezone)
    event_reader = EventReader(event_columns(program), clock, by_id, unknown_members)
    of_events = settled(events, "event_id", event_reader.event_from)
    return Log(
        members=by_id,
        events=_in_order(of_events.accepted),
        rejects=of_events.rejects,
        member_rejects=of_members.rejects,
        events_read=of_events.read,
        members_read=of_members.read,
    )


def _in_order(events: Iterable[Event]) -> list[Event]:
    """Events as tuples compare. Sorting each member's own is much faster than sorting all at once."""
    of_member: dict[str, list[Event]] = {}
    for event in events:
        of_member.setdefault(event.member_id, []).append(event)
    for own in of_member.values():
        own.sort()
    return [event for member_id in sorted(of_member) for event in of_member[member_id]]
