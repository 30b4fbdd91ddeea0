"""What a log came to for one member on one side, as far as a comparison needs it."""

from __future__ import annotations

from datetime import timedelta
from operator import add, sub
from typing import TYPE_CHECKING, NamedTuple

from pointbook.comparison.levels.order import level_move
from pointbook.model.amounts import in_results
from pointbook.model.ledger import LevelCause

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from pointbook.comparison.levels.closings import Closing, Course
    from pointbook.interpret.levels import Ladder
    from pointbook.interpret.timeline import Timeline
    from pointbook.model.ledger import Entry, LevelChange

_DAY = timedelta(days=1)
NEAR = 20
"""A standing is near a threshold if it lies within a 20th of it, which is 5 %: of 300, from 285 to 315."""


class Effects(NamedTuple):
    """The three figures that are split among changes.

    Attributes:
        points: Points awarded on the balance that decides levels, over the whole log.
        promotions: Times a higher level was reached.
        demotions: Times an anniversary took a level away.
    """

    points: int
    promotions: int
    demotions: int

    def less(self, other: Effects) -> Effects:
        """By how much more these are."""
        return Effects(*(one - part for one, part in zip(self, other, strict=True)))


class MemberOutcome(NamedTuple):
    """One member on one side.

    Attributes:
        effects: Points, promotions and demotions over the whole log.
        level: Held on the as-of date.
        standing: Points of the level period that runs on the as-of date.
        firsts: The first day of each level reached, by level.
        benefits: What the held level brings.
        cuts: Events that a limit cut, wholly or in part.
        open_values: Events whose assessed value is missing, does not compare, or is assumed.
        near: Levels within 5 % of whose threshold the standing lies, above or below.
        balances: Points awarded over the whole log on each balance, in the program's order.
        closings: Every level period that has ended by the as-of date, in order.
    """

    effects: Effects
    level: str | None
    standing: int
    firsts: tuple[tuple[str, date], ...]
    benefits: tuple[str, ...]
    cuts: int
    open_values: int
    near: tuple[str, ...]
    balances: tuple[int, ...] = ()
    closings: tuple[Closing, ...] = ()


class MemberSums(NamedTuple):
    """What a member's entries come to.

    Attributes:
        points: On the balance that decides levels, which is also among the balances.
        balances: Points on each balance, in the program's order.
        cuts: Events that a limit cut.
        open_values: Events whose assessed value is missing, or assumed.
        void: Events of which nobody can say what they are worth.
        refused: Events whose spends are not covered.
    """

    points: int
    balances: tuple[int, ...]
    cuts: int
    open_values: int
    void: int
    refused: int = 0

    def plus(self, other: MemberSums) -> MemberSums:
        """Both together."""
        return self._combined(add, other)

    def less(self, other: MemberSums) -> MemberSums:
        """This one without the other."""
        return self._combined(sub, other)

    def _combined(self, of: Callable[[int, int], int], other: MemberSums) -> MemberSums:
        return MemberSums(
            of(self.points, other.points),
            tuple(map(of, self.balances, other.balances)),
            of(self.cuts, other.cuts),
            of(self.open_values, other.open_values),
            of(self.void, other.void),
            of(self.refused, other.refused),
        )


class Scale(NamedTuple):
    """By what one side's levels are measured.

    Attributes:
        timeline: Which version is in force when.
        ladder: The levels of the version in force on the as-of date.
    """

    timeline: Timeline
    ladder: Ladder


def is_open(entry: Entry) -> bool:
    """Whether the assessed value is missing or does not compare, be it assumed or not."""
    return entry.assumed or entry.outcome.is_open


def moves_of(history: Iterable[LevelChange], timeline: Timeline) -> tuple[int, int]:
    """Promotions and demotions among changes of level.

    A version that takes effect promotes whoever it gives a higher level, not whose level it calls otherwise.
    """
    promotions = demotions = 0
    for change in history:
        if change.cause is LevelCause.DEMOTED:
            demotions += 1
        elif change.cause is LevelCause.REACHED or _move(change, timeline) > 0:
            promotions += 1
    return promotions, demotions


def _move(change: LevelChange, timeline: Timeline) -> int:
    """1 where the level that a member has from a day on is above that of the day before, -1 where below."""
    before, after = (_ladder(timeline, day) for day in (change.date - _DAY, change.date))
    return level_move(change.from_level, before, change.to_level, after)


def _reached(change: LevelChange, timeline: Timeline) -> Sequence[str]:
    """The levels that a change of a held level brings a member to: those passed on the way too."""
    old, new = change.from_level, change.to_level
    if new is None or change.cause is LevelCause.DEMOTED:
        return ()
    if change.cause is not LevelCause.REACHED and (old == new or _move(change, timeline) < 0):
        return ()
    ladder = _ladder(timeline, change.date)
    held = ladder if old in ladder.ids else _ladder(timeline, change.date - _DAY)
    if not (ladder.is_by_threshold and held.is_by_threshold):
        return [new]  # what lies between was not reached on the way
    top = ladder.threshold(new)
    passed = [
        level
        for level, threshold in zip(ladder.ids, ladder.thresholds, strict=True)
        if threshold <= top and (old is None or threshold > held.threshold(old))
    ]
    return passed or [new]


def _ladder(timeline: Timeline, day: date) -> Ladder:
    """The levels of the version in force on a day, or of the first before there is any."""
    return timeline.books[max(0, timeline.on(day))].ladder


def member_outcome(course: Course, sums: MemberSums, scale: Scale) -> MemberOutcome:
    """One side of a member, as a comparison needs it."""
    firsts: dict[str, date] = {}
    for change in course.history:
        for level in _reached(change, scale.timeline):
            firsts.setdefault(level, change.date)
    points = course.standing
    near = tuple(
        level
        for level, threshold in zip(scale.ladder.ids, scale.ladder.thresholds, strict=True)
        if level in scale.ladder.plain and abs(points - in_results(threshold)) * NEAR <= threshold
    )
    return MemberOutcome(
        Effects(sums.points, *moves_of(course.history, scale.timeline)),
        course.level,
        points,
        tuple(sorted(firsts.items())),
        course.benefits,
        sums.cuts,
        sums.open_values,
        near,
        sums.balances,
        course.closings,
    )


def band_of(old: int, new: int) -> str:
    """The band of a member's points: how far they move, measured against the old ones.

    >>> band_of(100, 105), band_of(100, 106)  # 5 %, and more than that
    ('up', 'up_much')
    """
    if old == new:
        return "unchanged"
    much = abs(new - old) * 20 > abs(old)
    return ("up" if new > old else "down") + ("_much" if much else "")
