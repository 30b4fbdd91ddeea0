"""Stage 2: each member's pair of outcomes, one under the old rules and one under the new.

Only events of activities that a change touches are evaluated twice, with those that have a say in them
(`coupling`). What the others come to is the same under both; levels follow from all awards (`replay`).

Where each side reads the log for itself, in another time zone or with values of other types, an event is
the same on both where its id is. Its local time can be another one, and so its place in the order of events.
A row that one side rejects counts nothing there: an event is missing, or the member, who then has nothing.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from pointbook.changes.reach import on_leap_day
from pointbook.comparison.levels.closings import Course
from pointbook.comparison.levels.turning import Turning
from pointbook.comparison.levels.turns import Turn, turn_of
from pointbook.comparison.outcome import member_outcome
from pointbook.comparison.replay import awards_of, course_of, due_of, replayed, sums_of, track_of
from pointbook.model.ledger import by_event

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pointbook.comparison.counts import LogCounts
    from pointbook.comparison.outcome import MemberOutcome, MemberSums
    from pointbook.comparison.replay import Track
    from pointbook.comparison.sides import Sides
    from pointbook.model.ledger import Entry
    from pointbook.model.log import Event, Member


_member_id = attrgetter("member_id")


class Reading(NamedTuple):
    """What a side reads of a log, or of a range of its members.

    Attributes:
        members: By id.
        events: Theirs, sorted by member, then in the order in which they count.
    """

    members: Mapping[str, Member]
    events: Sequence[Event]

    def of(self, member_id: str) -> tuple[Member | None, Sequence[Event]]:
        """One member, None whose row was rejected, and the member's events."""
        first = bisect_left(self.events, member_id, key=_member_id)
        last = bisect_right(self.events, member_id, first, key=_member_id)
        return self.members.get(member_id), self.events[first:last]


NO_COURSE = Course((), 0, None, (), ())
"""Of a member whose row was rejected."""


class MemberPair(NamedTuple):
    """A member who has signed up by the as-of date, under the old rules and under the new ones.

    Attributes:
        track: When the events were.
        events: Up to the as-of date, in order.
        whole: Whether parts of the events, or their awards, cannot stand for all of them: anniversaries
            move, or the track is not steady.
        entries: What the events come to, under the old rules and under the new, in order. Of those that no
            change touches both are the same objects; what a new entry says of levels counts for nothing.
        awards: What each event awards on the balance that decides levels.
        sums: Of the entries; likewise.
        turn: Why the held levels differ, in a sentence that is empty where they do not.
        readings: Where each side reads the log for itself, its track and events; else None. Then entries and
            awards of the two sides are not about the same events, place by place.
    """

    track: Track
    events: Sequence[Event]
    whole: bool
    entries: tuple[Sequence[Entry], Sequence[Entry]]
    awards: tuple[Sequence[int], Sequence[int]]
    sums: tuple[MemberSums, MemberSums]
    old: MemberOutcome
    new: MemberOutcome
    turn: Turn = Turn()
    readings: tuple[tuple[Track, Sequence[Event]], tuple[Track, Sequence[Event]]] | None = None

    def reading(self, which: int) -> tuple[Track, Sequence[Event]]:
        """The track and events of the old side, 0, or of the new one, 1."""
        return (self.track, self.events) if self.readings is None else self.readings[which]

    @property
    def member(self) -> Member:
        """Who."""
        return self.track.member


def pairs_of(
    sides: Sides,
    members: Mapping[str, Member],
    events: Sequence[Event],
    counts: LogCounts,
    progress: Callable[[str], None],
) -> Iterator[MemberPair]:
    """The pairs of outcomes, by member id.

    Args:
        sides: Both sides.
        members: By id: all of a log's, or a range of them.
        events: Theirs, sorted by member, then in the order in which they count.
        counts: Filled as members go by, also by those who sign up later: a log has millions of entries,
            so each is looked at once.
        progress: Called with each member id.
    """
    position, count = 0, len(events)
    for member_id, member in sorted(members.items()):
        progress(member_id)
        first = position
        while position < count and events[position].member_id == member_id:
            position += 1
        pair = _pair(sides, member, events[first:position], counts)
        if pair is not None:
            yield pair


def _pair(sides: Sides, member: Member, events: Sequence[Event], counts: LogCounts) -> MemberPair | None:
    old = sides.old.rules.result(member, events)
    due = due_of(events, old)
    counts.add_member(due, old.after_as_of)
    track = track_of(member, due)
    whole = sides.whole or not track.steady or (sides.anniversaries_move and on_leap_day(member))
    new, sums = _new_entries(sides, track, due, old.entries, counts, whole=whole)
    question = sides.question
    both = (old.entries,) if new is old.entries else (old.entries, new)
    for entries in both:
        counts.add_counted(entries, question.until)
        if question.since is not None:
            counts.add_fed(entries, question.since, question.until)
    if sums[0].refused or sums[1].refused:
        counts.add_refused(old.entries, new)
    if old.standing is None:
        return None
    count = len(due)
    awards = (
        awards_of(old.entries, count, sides.old.balance.id),
        awards_of(new, count, sides.new.balance.id),
    )
    totals = sums_of(awards[0]), sums_of(awards[1])
    before, after = sides.old.rules, sides.new.rules
    if whole:
        course = course_of(after.result(member, events), after.evaluation, track, totals[1])
    else:
        course = replayed(after.evaluation, track, totals[1], rising=min(awards[1], default=0) >= 0)
    earlier = course_of(old, before.evaluation, track, totals[0])
    one = member_outcome(earlier, sums[0], sides.old.scale)
    other = member_outcome(course, sums[1], sides.new.scale)
    turn = Turn()
    if earlier.level != course.level:
        courses = (
            Turning("old", before.evaluation, earlier, member, due),
            Turning("new", after.evaluation, course, member, due),
        )
        move = sides.level_move(earlier.level, course.level)
        turn = turn_of(*courses, move, sides.ranks, sides.titles)
    return MemberPair(track, due, whole, (old.entries, new), awards, sums, one, other, turn)


def pairs_of_readings(
    sides: Sides, old: Reading, new: Reading, counts: LogCounts, progress: Callable[[str], None]
) -> Iterator[MemberPair]:
    """The same where each side reads the log for itself."""
    for member_id in sorted({*old.members, *new.members}):
        progress(member_id)
        pair = _pair_of_readings(sides, (old.of(member_id), new.of(member_id)), counts)
        if pair is not None:
            yield pair


def _pair_of_readings(
    sides: Sides, parts: tuple[tuple[Member | None, Sequence[Event]], ...], counts: LogCounts
) -> MemberPair | None:
    both = sides.old, sides.new
    results = [
        None if member is None else side.rules.result(member, events)
        for side, (member, events) in zip(both, parts, strict=True)
    ]
    entries = [[] if result is None else result.entries for result in results]
    due = [
        () if result is None else due_of(events, result)
        for (_, events), result in zip(parts, results, strict=True)
    ]
    question, ids = sides.question, [{event.event_id for event in events} for _, events in parts]
    assert question.since is not None, "whole programs differ from a day on"
    counts.add_readings((entries[0], entries[1]), (ids[0], ids[1]), question.since, question.until)
    sums = (counts.old.add(entries[0], question.latest), counts.new.add(entries[1], question.latest))
    if sums[0].refused or sums[1].refused:
        counts.add_refused(*entries)
    if all(result is None or result.standing is None for result in results):
        return None
    someone = next(member for member, _ in parts if member is not None)
    tracks = [track_of(someone, own) for own in due]
    awards = [
        awards_of(own, len(events), side.balance.id)
        for own, events, side in zip(entries, due, both, strict=True)
    ]
    old, new = (
        NO_COURSE if result is None else course_of(result, side.rules.evaluation, track, sums_of(own))
        for result, side, track, own in zip(results, both, tracks, awards, strict=True)
    )
    turn = Turn()
    if old.level != new.level and None not in results:
        turnings = (
            Turning("old", sides.old.rules.evaluation, old, parts[0][0], due[0]),
            Turning("new", sides.new.rules.evaluation, new, parts[1][0], due[1]),
        )
        turn = turn_of(*turnings, sides.level_move(old.level, new.level), sides.ranks, sides.titles)
    elif None in results:
        turn = Turn(f"the member's row is rejected on the {'old' if results[0] is None else 'new'} side")
    again = {event.event_id for event in due[0]}
    return MemberPair(
        tracks[0],
        [*due[0], *(event for event in due[1] if event.event_id not in again)],
        True,
        (entries[0], entries[1]),
        (awards[0], awards[1]),
        sums,
        member_outcome(old, sums[0], sides.old.scale),
        member_outcome(new, sums[1], sides.new.scale),
        turn,
        ((tracks[0], due[0]), (tracks[1], due[1])),
    )


def _new_entries(  # noqa: PLR0913 - what it depends on
    sides: Sides,
    track: Track,
    events: Sequence[Event],
    old: Sequence[Entry],
    counts: LogCounts,
    *,
    whole: bool,
) -> tuple[Sequence[Entry], tuple[MemberSums, MemberSums]]:
    """What the events come to under the new rules, and the sums of entries under either."""
    program = sides.question.latest
    places = [place for place, event in enumerate(events) if whole or event.activity in sides.touched]
    if not places:
        sums = counts.same.add(old, program)
        return old, (sums, sums)
    changed = sides.new.rules.entries(track.member, [events[place] for place in places])
    was = by_event(old, len(events))
    as_it_was = [*chain.from_iterable(was[place] for place in places)]
    before, after = counts.old.add(as_it_was, program), counts.new.add(changed, program)
    if before.void or after.void:
        counts.add_void(as_it_was, changed)
    if len(places) == len(events):
        return changed, (before, after)
    new, moved = [*was], set(places)
    for place, own in zip(places, by_event(changed, len(places)), strict=True):
        new[place] = own
    same = chain.from_iterable(own for place, own in enumerate(was) if place not in moved)
    rest = counts.same.add(same, program)
    return [*chain.from_iterable(new)], (before.plus(rest), after.plus(rest))
