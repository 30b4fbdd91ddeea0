"""How little and how much one event of an activity can be worth, before any cap.

Bounds are certain, not tight: no event lies outside them, but a bound need not be reached, for
instance where the conditions of two bonuses exclude each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pointbook.model.rules import Assessed, AttributeType, Fixed, PerUnit

if TYPE_CHECKING:
    from collections.abc import Iterable

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
    sums = _bonus_sums(activity.bonuses)
    points = activity.points
    if isinstance(points, PerUnit) and points.points != 0:
        awards = _per_unit(points, activity, sums)
    else:
        awards = _among(_amounts(activity), sums, activity.bonuses)
    return awards if activity.split_among is None else _shared(awards)


def _amounts(activity: Activity) -> list[tuple[int, int]]:
    """The base amounts there are, as ranges with both ends included."""
    points = activity.points
    if isinstance(points, Fixed):
        return [(points.points, points.points)]
    if isinstance(points, Assessed):
        return [(min(points.minimum, points.maximum), max(points.minimum, points.maximum))]
    if isinstance(points, PerUnit):
        return [(0, 0)]
    return [(amount, amount) for amount in points.values.values()]


def _bonus_sums(bonuses: Iterable[Bonus]) -> frozenset[int] | None:
    """Every sum that some of the bonuses have; None where there are too many to list."""
    sums = {0}
    for bonus in bonuses:
        sums |= {known + bonus.points for known in sums}
        if len(sums) > _MOST_SUMS:
            return None
    return frozenset(sums)


def _among(amounts: list[tuple[int, int]], sums: frozenset[int] | None, bonuses: Iterable[Bonus]) -> Awards:
    added = [bonus.points for bonus in bonuses]
    lowest = min(low for low, _ in amounts) + sum(points for points in added if points < 0)
    highest = max(high for _, high in amounts) + sum(points for points in added if points > 0)
    if sums is None:
        return Awards(lowest, highest, 1 if highest > 0 else None)
    positive = [max(1, low + extra) for low, high in amounts for extra in sums if high + extra > 0]
    return Awards(lowest, highest, min(positive, default=None))


def _per_unit(points: PerUnit, activity: Activity, sums: frozenset[int] | None) -> Awards:
    """Quantities are 0 or more; a whole number of units that gives anything is at least one."""
    below = sum(bonus.points for bonus in activity.bonuses if bonus.points < 0)
    above = sum(bonus.points for bonus in activity.bonuses if bonus.points > 0)
    if points.points < 0:
        return Awards(None, above, 1 if above > 0 else None)
    declared = activity.attributes.get(points.attribute)
    whole = declared is not None and declared.type is AttributeType.INTEGER
    if not whole or below or sums is None:
        return Awards(below, None, 1)
    return Awards(0, None, min([points.points, *(extra for extra in sums if extra > 0)]))


def _shared(awards: Awards) -> Awards:
    """A share is anything between nothing and the whole, by how many people share."""
    return Awards(
        None if awards.lowest is None else min(0, awards.lowest),
        None if awards.highest is None else max(0, awards.highest),
        None if awards.smallest is None else 1,
    )
