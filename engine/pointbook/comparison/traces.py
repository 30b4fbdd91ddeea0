"""Stage 6: event by event under both, for the members who differ most."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from operator import attrgetter
from typing import TYPE_CHECKING

from pointbook.comparison.result import TraceRow, ranked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pointbook.comparison.result import MemberDifference
    from pointbook.comparison.sides import Sides
    from pointbook.model.log import Event, Member

MEMBERS = 50
ROWS = 1_000
ROWS_PER_MEMBER = 60
"""Limits that keep a report small whatever the log."""

_member_id = attrgetter("member_id")


def traces_of(
    sides: Sides, members: Mapping[str, Member], events: Sequence[Event], *, show_ids: bool
) -> dict[str, tuple[TraceRow, ...]]:
    """The traces of these members, by name; of a long one only the first events that differ.

    There are no more than a report can take, were these members alone: among others it takes fewer.

    Args:
        sides: Both sides.
        members: By name, those who differ most first.
        events: Theirs among others', sorted by member.
        show_ids: Whether events are named by their ids.
    """
    traces: dict[str, tuple[TraceRow, ...]] = {}
    left = ROWS
    for name, member in members.items():
        if left <= 0:
            break
        first = bisect_left(events, member.id, key=_member_id)
        own = events[first : bisect_right(events, member.id, first, key=_member_id)]
        rows = _trace(sides, member, own, show_ids=show_ids)
        if len(rows) > ROWS_PER_MEMBER:
            rows = [
                row for row in rows if row.old_awarded != row.new_awarded or row.old_level != row.new_level
            ]
        traces[name] = tuple(rows[:ROWS_PER_MEMBER])
        left -= len(traces[name])
    return traces


def first_traces(
    members: Iterable[MemberDifference], traces: Mapping[str, tuple[TraceRow, ...]]
) -> dict[str, tuple[TraceRow, ...]]:
    """The traces of those who differ most, as far as a report can take them.

    Args:
        members: Every member.
        traces: By name; those found of each range of these members.
    """
    shown: dict[str, tuple[TraceRow, ...]] = {}
    left = ROWS
    for member in ranked(members)[:MEMBERS]:
        if left > 0:
            shown[member.name] = traces[member.name][:left]
            left -= len(shown[member.name])
    return shown


def _trace(sides: Sides, member: Member, events: Sequence[Event], *, show_ids: bool) -> list[TraceRow]:
    balances = sides.question.program.balances
    further = {key: balance.title or key for key, balance in balances.items() if key != sides.balance}
    before, after = (side.rules.result(member, events) for side in (sides.old, sides.new))
    return [
        TraceRow(
            day=one.occurred_at.date(),
            event=one.event_id if show_ids else "",
            activity=one.activity,
            old_awarded=one.awarded,
            old_outcome=one.outcome.value,
            old_level=one.level,
            new_awarded=other.awarded,
            new_outcome=other.outcome.value,
            new_level=other.level,
            old_balance=further.get(one.balance, ""),
            new_balance=further.get(other.balance, ""),
        )
        for one, other in zip(before.entries, after.entries, strict=True)
    ]
