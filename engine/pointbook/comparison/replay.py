"""Levels from points that are known already.

Levels depend on what events award, and on nothing else of them. Where the awards are known, a
member's levels can be had without valuing a single event again, and from the running sum of the
awards without even looking at each of them: between two days on which something happens by itself,
only the places count at which the sum passes a threshold.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from pointbook.comparison.levels.closings import Course, closings_of
from pointbook.model.amounts import in_results
from pointbook.model.ledger import LevelCause, LevelChange, by_event

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from pointbook.interpret.evaluation import Evaluation, MemberResult
    from pointbook.model.ledger import Entry
    from pointbook.model.log import Event, Member


class Track(NamedTuple):
    """When a member did something, up to the as-of date.

    Attributes:
        member: Who.
        days: Local date of each event, in the order of events.
        steady: Whether no day comes after a later one, as where a clock is set back over midnight.
            Only then can parts of the events, or their awards, stand for all of them.
    """

    member: Member
    days: Sequence[date]
    steady: bool


def track_of(member: Member, events: Iterable[Event]) -> Track:
    """The track of these events, in order."""
    days = [event.local.date() for event in events]
    return Track(member, days, days == sorted(days))


def due_of(events: Sequence[Event], result: MemberResult) -> Sequence[Event]:
    """The events that a result is about: those up to the as-of date."""
    if not result.after_as_of:
        return events
    ids = {entry.event_id for entry in result.entries}
    return [event for event in events if event.event_id in ids]


def awards_of(entries: Sequence[Entry], events: int, balance: str) -> list[int]:
    """What each of so many events awards on the balance that decides levels: one entry of it at most does."""
    if len(entries) == events:
        return [entry.awarded if entry.balance == balance else 0 for entry in entries]
    return [
        next((entry.awarded for entry in own if entry.balance == balance), 0)
        for own in by_event(entries, events)
    ]


def sums_of(awards: Iterable[int]) -> list[int]:
    """The running sum: nothing first, and at last the sum of all."""
    return list(accumulate(awards, initial=0))


def course_of(result: MemberResult, evaluation: Evaluation, track: Track, sums: Sequence[int]) -> Course:
    """The course of a member who has signed up by the as-of date, all of whose events were evaluated."""
    standing, history = result.standing, result.history
    assert standing is not None
    # A member's calendar never goes back, even where clocks do.
    days = track.days if track.steady else list(accumulate(track.days, max))
    closings = closings_of(evaluation, track.member, days, sums, history)
    return Course(history, standing.points, standing.level, standing.benefits, closings)


def replayed(
    evaluation: Evaluation,
    track: Track,
    sums: Sequence[int],
    *,
    rising: bool = False,
    closing: bool = True,
) -> Course:
    """The course that a member's levels take, as evaluating the events would give it.

    Args:
        evaluation: The rules, of which only levels and the life cycle are used.
        track: When the events were, which is steady; of a member who has signed up by the as-of date.
        sums: Running sum of what they award on the balance that decides levels; nothing before the
            sign-up, and nothing while no version is in force.
        rising: Whether no award is negative, which makes it faster.
        closing: Whether the course is to have its closings.
    """
    assert track.steady
    interpreter, as_of = evaluation.interpreter, evaluation.as_of
    books = interpreter.timeline.books
    place = list(interpreter.program.balances).index(interpreter.program.level_balance)
    member, days, _ = track
    count = len(days)
    state, found = interpreter.opened(member)
    history = list(found)
    position = 0
    while True:
        level, earlier = state.level, state.totals[place] - sums[position]
        ladder = books[max(0, state.version)].ladder
        needed = ladder.next_thresholds[level] if state.version >= 0 else None
        end = bisect_left(days, state.milestone, position)
        while needed is not None:
            passed = _first(sums, in_results(needed - earlier), position + 1, end + 1, rising=rising)
            if passed > end:
                break
            reached = ladder.earned_by(earlier + sums[passed])
            history.append(LevelChange(member.id, days[passed - 1], level, reached, LevelCause.REACHED))
            level, position = reached, passed
            needed = ladder.next_thresholds[level]
        position = end
        totals = (*state.totals[:place], earlier + sums[end], *state.totals[place + 1 :])
        if end == count and state.milestone > as_of:
            break
        state, found = interpreter.advanced(state._replace(totals=totals, level=level), state.milestone)
        history += found
    benefits = books[state.version].benefits_of(level, member, as_of) if state.version >= 0 else ()
    closings = closings_of(evaluation, member, days, sums, history) if closing else ()
    return Course(history, in_results(totals[place]), level, benefits, closings)


def _first(sums: Sequence[int], needed: int, start: int, stop: int, *, rising: bool) -> int:
    """The first position from `start` on whose sum is `needed` or more; `stop` if there is none before."""
    if rising:
        return bisect_left(sums, needed, start, stop)
    return next((position for position in range(start, stop) if sums[position] >= needed), stop)
