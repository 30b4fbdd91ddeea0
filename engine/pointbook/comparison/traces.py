"""Stage 6: what differs event by event, with every change of level, for the members who differ most."""

from __future__ import annotations

from bisect import bisect_right
from datetime import timedelta
from itertools import accumulate, groupby
from typing import TYPE_CHECKING, NamedTuple

from pointbook.comparison.pairs import NO_COURSE
from pointbook.comparison.replay import awards_of, course_of, due_of, sums_of, track_of
from pointbook.comparison.result import TraceRow, ranked
from pointbook.model.amounts import in_results
from pointbook.model.ledger import LevelCause

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from pointbook.comparison.levels.closings import Course
    from pointbook.comparison.pairs import Reading
    from pointbook.comparison.result import MemberDifference
    from pointbook.comparison.sides import Sides
    from pointbook.model.ledger import Entry, LevelChange
    from pointbook.model.log import Event, Member

MEMBERS = 50
ROWS = 1_000
ROWS_PER_MEMBER = 60
"""Limits that keep a report small whatever the log."""


def most_affected(members: Iterable[MemberDifference]) -> list[MemberDifference]:
    """The members who have a trace."""
    return ranked(member for member in members if member.differs)[:MEMBERS]


def traces_of(
    sides: Sides, members: Mapping[str, str], readings: tuple[Reading, Reading], *, show_ids: bool
) -> dict[str, tuple[TraceRow, ...]]:
    """The traces of these members, by name; of a long one the changes of level and the latest events.

    There are no more than a report can take, were these members alone: among others it takes fewer.

    Args:
        sides: Both sides.
        members: Ids by name, of those who differ most first.
        readings: Theirs among other members, as the old side reads them and as the new one does.
        show_ids: Whether events are named by their ids.
    """
    traces: dict[str, tuple[TraceRow, ...]] = {}
    left = ROWS
    for name, member_id in members.items():
        if left <= 0:
            break
        own = [reading.of(member_id) for reading in readings]
        traces[name] = tuple(_trace(sides, own, show_ids=show_ids))
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
    for member in most_affected(members):
        if left > 0:
            shown[member.name] = traces[member.name][:left]
            left -= len(shown[member.name])
    return shown


class _TracedSide(NamedTuple):
    """One side of one member.

    Attributes:
        course: How the levels went.
        start: What a level period begins with.
        days: Day of each event, in order, as the member's calendar has it.
        sums: Running sum of what they award on the balance that decides levels, nothing first.
        entries: What they come to.
    """

    course: Course
    start: int
    days: Sequence[date]
    sums: Sequence[int]
    entries: Sequence[Entry]

    def level_on(self, day: date) -> str | None:
        """Held at the end of the day."""
        held = [change.to_level for change in self.course.history if change.date <= day]
        return held[-1] if held else None

    def total_on(self, day: date, balance: str = "") -> int:
        """Of the level period, at the end of the day; of a further balance, after the last entry up to it."""
        if balance:
            known = (
                entry.total
                for entry in reversed(self.entries)
                if entry.balance == balance and entry.occurred_at.date() <= day
            )
            return next((total for total in known if total is not None), 0)
        ended = [closing.last for closing in self.course.closings if closing.last < day]
        before = self.sums[bisect_right(self.days, ended[-1])] if ended else 0
        return self.start + self.sums[bisect_right(self.days, day)] - before


def _trace(
    sides: Sides, readings: Sequence[tuple[Member | None, Sequence[Event]]], *, show_ids: bool
) -> list[TraceRow]:
    traced = []
    for side, (member, events) in zip((sides.old, sides.new), readings, strict=True):
        if member is None:
            traced.append(_TracedSide(NO_COURSE, in_results(side.balance.start), (), (0,), ()))
            continue
        result = side.rules.result(member, events)
        due = due_of(events, result)
        track = track_of(member, due)
        sums = sums_of(awards_of(result.entries, len(due), side.balance.id))
        days = list(accumulate(track.days, max))
        course = course_of(result, side.rules.evaluation, track._replace(days=days), sums)
        traced.append(_TracedSide(course, in_results(side.balance.start), days, sums, result.entries))
    old, new = traced
    levels = sorted([*_closed(old, new), *_reached(old, new)], key=lambda row: row.day)
    levels = levels[-ROWS_PER_MEMBER:]
    rows = [*levels, *_events(sides, old, new, ROWS_PER_MEMBER - len(levels), show_ids=show_ids)]
    # Within a day: what time does, then events, then the levels that they reach.
    return sorted(rows, key=lambda row: (row.day, (row.kind == "event") + 2 * _is_reached(row)))


def _is_reached(row: TraceRow) -> bool:
    return row.kind == "level" and LevelCause.REACHED in {row.old_outcome, row.new_outcome}


def _events(sides: Sides, old: _TracedSide, new: _TracedSide, most: int, *, show_ids: bool) -> list[TraceRow]:
    """The latest events that come to something else."""
    balances = sides.question.program.balances
    further = {key: balance.title or key for key, balance in balances.items() if key != sides.balance}
    differing = [
        (one, other)
        for one, other in _aligned(old.entries, new.entries)
        if one is None
        or other is None
        or (one.awarded, one.outcome, one.balance) != (other.awarded, other.outcome, other.balance)
    ]
    rows = []
    for pair in differing[max(0, len(differing) - most) :]:
        known = next(entry for entry in pair if entry is not None)
        day = known.occurred_at.date()
        (was, before), (now, after) = (
            _counted(entry, side, day, known.balance, further)
            for entry, side in zip(pair, (old, new), strict=True)
        )
        rows.append(
            TraceRow(
                day=day,
                event=known.event_id if show_ids else "",
                activity=known.activity,
                old_awarded=was[0],
                old_outcome=was[1],
                old_level=before[0],
                new_awarded=now[0],
                new_outcome=now[1],
                new_level=after[0],
                old_balance=was[2],
                new_balance=now[2],
                old_total=before[1],
                new_total=after[1],
            )
        )
    return rows


def _aligned(old: Sequence[Entry], new: Sequence[Entry]) -> list[tuple[Entry | None, Entry | None]]:
    """What the same event comes to on both sides, in each balance; None where one side has no such entry."""
    if [_key(entry) for entry in old] == [_key(entry) for entry in new]:
        return list(zip(old, new, strict=True))
    sides = [
        {key: list(own) for key, own in groupby(entries, lambda entry: entry.event_id)}
        for entries in (old, new)
    ]
    either = sorted((*old, *new), key=lambda entry: (entry.occurred_at, entry.event_id))
    return [
        pair
        for key in dict.fromkeys(one.event_id for one in either)
        for pair in _of_event(*(side.get(key, []) for side in sides))
    ]


def _key(entry: Entry) -> tuple[str, str]:
    return entry.event_id, entry.balance


def _of_event(old: Sequence[Entry], new: Sequence[Entry]) -> list[tuple[Entry | None, Entry | None]]:
    """The entries of one event, of each balance; the one of an event that feeds another is the same."""
    if len(old) == 1 == len(new):
        return [(old[0], new[0])]
    before, after = ({entry.balance: entry for entry in entries} for entries in (old, new))
    return [(before.get(key), after.get(key)) for key in {**before, **after}]


def _counted(
    entry: Entry | None, side: _TracedSide, day: date, balance: str, further: Mapping[str, str]
) -> tuple[tuple[int, str, str], tuple[str | None, int]]:
    """What a side gives for an event in a balance, and where the member stands with it."""
    if entry is None:
        total = side.total_on(day, balance if balance in further else "")
        return (0, "not counted", further.get(balance, "")), (side.level_on(day), total)
    given = entry.awarded, entry.outcome.value, further.get(entry.balance, "")
    return given, (entry.level, entry.total or 0)


def _closed(old: _TracedSide, new: _TracedSide) -> Iterator[TraceRow]:
    """What time itself does to levels: periods that close, and versions that take effect."""

    def total(side: _TracedSide, day: date) -> int:
        before = day - timedelta(days=1)
        closing = next((one for one in side.course.closings if one.last == before), None)
        return side.total_on(before) if closing is None else closing.points

    for day, changes in _by_day(old, new, lambda change: change.cause is not LevelCause.REACHED):
        if any(change is not None and change.cause is not LevelCause.KEPT for change in changes):
            yield _level_row(day, changes, (old, new), total)


def _reached(old: _TracedSide, new: _TracedSide) -> Iterator[TraceRow]:
    """Levels that points reach."""
    for day, changes in _by_day(old, new, lambda change: change.cause is LevelCause.REACHED):
        yield _level_row(day, changes, (old, new), _TracedSide.total_on)


def _by_day(
    old: _TracedSide, new: _TracedSide, wanted: Callable[[LevelChange], bool]
) -> Iterator[tuple[date, list[LevelChange | None]]]:
    """The last wanted change of each side, by day."""
    sides = [{change.date: change for change in side.course.history if wanted(change)} for side in (old, new)]
    for day in sorted({*sides[0], *sides[1]}):
        yield day, [changes.get(day) for changes in sides]


def _level_row(
    day: date,
    changes: Sequence[LevelChange | None],
    sides: tuple[_TracedSide, _TracedSide],
    total: Callable[[_TracedSide, date], int],
) -> TraceRow:
    causes = ["" if change is None else change.cause.value for change in changes]
    levels = [
        side.level_on(day) if change is None else change.to_level
        for change, side in zip(changes, sides, strict=True)
    ]
    totals = [total(side, day) for side in sides]
    return TraceRow(
        day=day,
        event="",
        activity="",
        old_awarded=0,
        old_outcome=causes[0],
        old_level=levels[0],
        new_awarded=0,
        new_outcome=causes[1],
        new_level=levels[1],
        old_total=totals[0],
        new_total=totals[1],
        kind="level",
    )
