"""How little and how much one event of an activity can be worth, before any cap.

Bounds are certain, not tight: no event lies outside them, but a bound need not be reached, for
instance where the conditions of two bonuses exclude each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pointbook.model.form import AmountRange
    from pointbook.model.rules import Activity, Bonus

_MOST_SUMS = 4096


@dataclass(frozen=True, slots=True)
class Awards:
    """What one event can be worth, in points.

    Attributes:
        lowest: The least, or None where there is no bound.
        highest: The most, or None where there is no bound.
        smallest: A positive award is at least this; None where no award is positive.
    """

    lowest: int | None
    highest: int | None
    smallest: int | None

    @property
    def always_zero(self) -> bool:
        """Whether no event gives or takes a point."""
        return self.lowest == 0 == self.highest


def awards_of(activity: Activity) -> Awards:
    """What one event of `activity` can be worth: its points, its bonuses, its share."""
    lowest, highest = amount_range(activity)
    sums = _bonus_sums(activity.bonuses)
    if lowest is not None:
        lowest += sum(bonus.points for bonus in activity.bonuses if bonus.points < 0)
    if highest is not None:
        highest += sum(bonus.points for bonus in activity.bonuses if bonus.points > 0)
    awards = Awards(lowest, highest, _smallest(activity, sums, highest))
    return awards if activity.split_among is None else _shared(awards)


def amount_range(activity: Activity) -> AmountRange:
    """The lowest and the highest amount before bonuses and sharing; None where there is no bound."""
    ranges = activity.points.amounts(activity.attributes)
    lows, highs = [low for low, _ in ranges], [high for _, high in ranges]
    return (
        None if None in lows else min(low for low in lows if low is not None),
        None if None in highs else max(high for high in highs if high is not None),
    )


def never_negative(activity: Activity) -> bool:
    """Whether it only ever gives."""
    lowest = awards_of(activity).lowest
    return lowest is not None and lowest >= 0


def never_positive(activity: Activity) -> bool:
    """Whether it only ever takes."""
    highest = awards_of(activity).highest
    return highest is not None and highest <= 0


def always_positive(activity: Activity) -> bool:
    """Whether every event that counts gives at least a point.

    A share can round down to nothing, and so can a fraction of a unit.
    """
    lowest = awards_of(activity).lowest
    return lowest is not None and lowest > 0


def _bonus_sums(bonuses: Iterable[Bonus]) -> frozenset[int] | None:
    """Every sum that some of the bonuses have; None where there are too many to list."""
    sums = {0}
    for bonus in bonuses:
        sums |= {known + bonus.points for known in sums}
        if len(sums) > _MOST_SUMS:
            return None
    return frozenset(sums)


def _smallest(activity: Activity, sums: frozenset[int] | None, highest: int | None) -> int | None:
    """The smallest positive award, given every sum of bonuses."""
    if sums is None:
        return 1 if highest is None or highest > 0 else None
    positive = [
        1 if low is None else max(1, low + extra)
        for low, high in activity.points.amounts(activity.attributes)
        for extra in sums
        if high is None or high + extra > 0
    ]
    return min(positive, default=None)


def _shared(awards: Awards) -> Awards:
    """A share is anything between nothing and the whole, by how many people share."""
    return Awards(
        None if awards.lowest is None else min(0, awards.lowest),
        None if awards.highest is None else max(0, awards.highest),
        None if awards.smallest is None else 1,
    )
