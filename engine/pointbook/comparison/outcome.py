"""What a log came to for one member on one side, as far as a comparison needs it."""

from __future__ import annotations

from operator import add, sub
from typing import TYPE_CHECKING, NamedTuple

from pointbook.model.ledger import LevelCause

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from pointbook.comparison.levels.closings import Closing, Course
    from pointbook.model.ledger import Entry, LevelChange
    from pointbook.model.program import Version

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
    """

    points: int
    balances: tuple[int, ...]
    cuts: int
    open_values: int
    void: int

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
        )


class Scale(NamedTuple):
    """By what one side's levels are measured.

    Attributes:
        ranks: Rank of every level of either side, -1 for none.
        own_ranks: The same for the levels of this side alone.
        thresholds: Those of the version in force on the as-of date, in points, by level.
    """

    ranks: Mapping[str | None, int]
    own_ranks: Mapping[str | None, int]
    thresholds: Mapping[str, int]


def scale_of(versions: Sequence[Version], ranks: Mapping[str | None, int]) -> Scale:
    """The scale of the side that has these versions, the one in force on the as-of date last."""
    thresholds = {level.id: level.threshold for level in versions[-1].levels.values()}
    return Scale(ranks, level_ranks(versions, versions), thresholds)


def is_open(entry: Entry) -> bool:
    """Whether the assessed value is missing or does not compare, be it assumed or not."""
    return entry.assumed or entry.outcome.is_open


def moves_of(history: Iterable[LevelChange], ranks: Mapping[str | None, int]) -> tuple[int, int]:
    """Promotions and demotions among changes of level."""
    promotions = demotions = 0
    for change in history:
        if change.cause is LevelCause.DEMOTED:
            demotions += 1
        elif change.cause is LevelCause.REACHED or ranks[change.to_level] > ranks[change.from_level]:
            promotions += 1
    return promotions, demotions


def member_outcome(course: Course, sums: MemberSums, scale: Scale) -> MemberOutcome:
    """One side of a member, as a comparison needs it."""
    firsts: dict[str, date] = {}
    for change in course.history:
        low, high = scale.own_ranks[change.from_level], scale.own_ranks[change.to_level]
        if low < high:
            for level, rank in scale.own_ranks.items():
                if level is not None and low < rank <= high:
                    firsts.setdefault(level, change.date)
    points = course.standing
    near = tuple(
        level for level, threshold in scale.thresholds.items() if abs(points - threshold) * NEAR <= threshold
    )
    return MemberOutcome(
        Effects(sums.points, *moves_of(course.history, scale.ranks)),
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


def level_ranks(old: Sequence[Version], new: Sequence[Version]) -> dict[str | None, int]:
    """A rank for every level of either side, so that levels of both can be compared; none is -1.

    A level ranks by its thresholds on both sides, so that swapping the sides changes nothing; one that
    a side lacks counts there as on the other.
    """
    before, after = _latest_thresholds(old), _latest_thresholds(new)
    order = sorted(
        (before.get(name, after.get(name, 0)) + after.get(name, before.get(name, 0)), name)
        for name in {**before, **after}
    )
    return {None: -1, **{name: rank for rank, (_, name) in enumerate(order)}}


def _latest_thresholds(versions: Sequence[Version]) -> dict[str, int]:
    """Each level's threshold in the last version that has it, in points."""
    return {level.id: level.threshold for version in versions for level in version.levels.values()}
