"""What each level period of a member closed at, and what became of the level that was held.

Worked out: a level at 25,000, held by a member whose year to 7 August closed at 24,245. Under
`demotion: to_earned` the anniversary on 8 August takes it: the closing has that year, 24,245 points,
the level with the 25,000 that it needed, and the lower level that is held from then on.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple, assert_never

from pointbook.model.amounts import in_results
from pointbook.model.ledger import LevelCause
from pointbook.model.rules import anniversary
from pointbook.model.windows import Resets

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pointbook.interpret.evaluation import Evaluation
    from pointbook.model.ledger import LevelChange
    from pointbook.model.log import Member

_DAY = timedelta(days=1)


class Closing(NamedTuple):
    """The end of one level period of one member.

    Attributes:
        first: First day of the period.
        last: Last day of the period; the level that it leaves is held from the next day on.
        points: What it closed at.
        before: Level held until then; None for none.
        after: Level carried over into the next period.
        level: What `before` counts as in the version in force from the next day on.
        needed: The threshold of that level there; None without a level.
    """

    first: date
    last: date
    points: int
    before: str | None
    after: str | None
    level: str | None
    needed: int | None


class Course(NamedTuple):
    """How a member's levels went, up to the as-of date.

    Attributes:
        history: Every change of level, in order.
        standing: Points of the level period that runs on the as-of date.
        level: Held on the as-of date.
        benefits: What the held level brings.
        closings: Every level period that has ended, in order.
    """

    history: Sequence[LevelChange]
    standing: int
    level: str | None
    benefits: tuple[str, ...]
    closings: tuple[Closing, ...]


def closings_of(
    evaluation: Evaluation,
    member: Member,
    days: Sequence[date],
    sums: Sequence[int],
    history: Sequence[LevelChange],
) -> tuple[Closing, ...]:
    """Every level period of a member that has ended by the as-of date, in order.

    Args:
        evaluation: The rules, and the as-of date.
        member: Who has signed up by then.
        days: Day of each event, in order, as the member's calendar has it.
        sums: Running sum of what they award on the balance that decides levels, nothing first.
        history: The member's changes of level.
    """
    program, timeline = evaluation.interpreter.program, evaluation.interpreter.timeline
    balance = program.balances[program.level_balance]
    found, first, position, seen = [], member.signed_up_on, 0, 0
    held: str | None = None
    for next_day in _period_ends(evaluation, member, balance.resets):
        end = bisect_left(days, next_day, position)
        while seen < len(history) and history[seen].date < next_day:
            held = history[seen].to_level
            seen += 1
        after = held
        if seen < len(history) and history[seen].date == next_day:
            change = history[seen]
            if change.cause is not LevelCause.REACHED:
                after = change.to_level
        level, version = held, timeline.on(next_day)
        needed = None
        if held is not None:
            earlier = timeline.books[timeline.on(next_day - _DAY)].ladder
            ladder = timeline.books[version].ladder
            level = ladder.counted(held, earlier)
            needed = None if level is None else in_results(ladder.threshold(level))
        points = in_results(balance.start) + sums[end] - sums[position]
        found.append(Closing(first, next_day - _DAY, points, held, after, level, needed))
        first, position = next_day, end
    return tuple(found)


def _period_ends(evaluation: Evaluation, member: Member, resets: Resets) -> Iterator[date]:
    """The first day of each further level period, up to the as-of date."""
    as_of, signed_up_on = evaluation.as_of, member.signed_up_on
    match resets:
        case Resets.MEMBERSHIP_YEAR:
            number = 1
            while (
                day := anniversary(signed_up_on, number, evaluation.interpreter.timeline.leap_day)
            ) <= as_of:
                yield day
                number += 1
        case Resets.CALENDAR_YEAR:
            yield from (date(year, 1, 1) for year in range(signed_up_on.year + 1, as_of.year + 1))
        case Resets.NEVER:
            return
        case _:
            assert_never(resets)
