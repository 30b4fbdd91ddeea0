"""Event by event under both, for the members who differ most."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from pointbook.comparison.result import TraceRow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pointbook.comparison.question import Run
    from pointbook.comparison.result import MemberDifference
    from pointbook.log import Log
    from pointbook.model.rules import Program

MEMBERS = 50
ROWS = 1_000
ROWS_PER_MEMBER = 60
"""Limits that keep a report small whatever the log."""


def ranked(members: Sequence[MemberDifference]) -> list[MemberDifference]:
    """Members with those first who have the most to lose, then to gain: by level, then by points."""
    return sorted(
        members, key=lambda m: (m.level_move >= 0, not (m.level_move or m.change), -abs(m.change), m.name)
    )


def traces_of(  # noqa: PLR0913 - what it depends on
    found: Sequence[tuple[str, MemberDifference]],
    log: Log,
    old: Run,
    new: Run,
    program: Program,
    *,
    show_ids: bool,
) -> dict[str, tuple[TraceRow, ...]]:
    """The traces, by name; of a long one only the events that come to something else, the first ones."""
    ids = {member.name: member_id for member_id, member in found}
    traces: dict[str, tuple[TraceRow, ...]] = {}
    further = {
        key: balance.title or key for key, balance in program.balances.items() if key != program.level_balance
    }
    budget = ROWS
    for member in ranked([member for _, member in found])[:MEMBERS]:
        if budget <= 0:
            break
        rows = _trace(ids[member.name], log, old, new, further, show_ids=show_ids)
        if len(rows) > ROWS_PER_MEMBER:
            rows = [
                row for row in rows if row.old_awarded != row.new_awarded or row.old_level != row.new_level
            ]
        rows = rows[: min(ROWS_PER_MEMBER, budget)]
        budget -= len(rows)
        traces[member.name] = tuple(rows)
    return traces


def _trace(  # noqa: PLR0913 - what it depends on
    member_id: str, log: Log, old: Run, new: Run, further: Mapping[str, str], *, show_ids: bool
) -> list[TraceRow]:
    events = log.events
    first = bisect_left(events, member_id, key=lambda event: event.member_id)
    last = first
    while last < len(events) and events[last].member_id == member_id:
        last += 1
    member, own = log.members[member_id], events[first:last]
    before, after = old.result(member, own), new.result(member, own)
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
