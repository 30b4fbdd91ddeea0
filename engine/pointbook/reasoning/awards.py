"""How little and how much one event of an activity can be worth, before any cap.

Bounds are certain, not tight: no event lies outside them, but a bound need not be reached, for
instance where the conditions of two bonuses exclude each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor
from typing import TYPE_CHECKING

from pointbook.model.amounts import Amount, from_units, product

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pointbook.model.activities import Activity
    from pointbook.model.points.form import AmountRange
    from pointbook.model.rules import Bonus

_MOST_SUMS = 4096


@dataclass(frozen=True, slots=True)
class Awards:
    """What one event can be worth, in points.

    Attributes:
        lowest: The least, or None where there is no bound.
        highest: The most, or None where there is no bound.
        smallest: A positive award is at least this; None where no award is positive.
    """

    lowest: Amount | None
    highest: Amount | None
    smallest: Amount | None

    @property
    def always_zero(self) -> bool:
        """Whether no event gives or takes a point."""
        return self.lowest == 0 == self.highest


def awards_of(activity: Activity) -> Awards:
    """What one event of `activity` can be worth: its points, its bonuses, its share."""
    ranges = [_with_percents(activity, *ends) for ends in activity.sole.points.amounts(activity.attributes)]
    lowest, highest = _around(ranges)
    sums = _bonus_sums(activity.sole.bonuses)
    if lowest is not None:
        lowest += sum(bonus.points for bonus in activity.sole.bonuses if bonus.points < 0)
    if highest is not None:
        highest += sum(bonus.points for bonus in activity.sole.bonuses if bonus.points > 0)
    awards = Awards(lowest, highest, _smallest(ranges, sums, highest, from_units(1, activity.sole.places)))
    return (
        awards if activity.sole.split_among is None else _shared(awards, from_units(1, activity.sole.places))
    )


def percent_range(activity: Activity) -> tuple[Amount, Amount]:
    """The least and the most percent that bonuses add together, which are not below -100."""
    ends = [(min(0, *bonus.percents), max(0, *bonus.percents)) for bonus in activity.sole.bonuses]
    return max(-100, sum(least for least, _ in ends)), max(-100, sum(most for _, most in ends))


def _with_percents(activity: Activity, low: Amount | None, high: Amount | None) -> AmountRange:
    """An amount between two with percentages added, and rounded: between amounts of the balance at most."""
    if any(bonus.percent != 0 for bonus in activity.sole.bonuses):
        least, most = (100 + percent for percent in percent_range(activity))
        lows = None if low is None else min(product(low, least), product(low, most))
        highs = None if high is None else max(product(high, least), product(high, most))
        low, high = (None if end is None else product(end, Decimal("0.01")) for end in (lows, highs))
    unit = 10**activity.sole.places
    return (
        None if low is None else from_units(floor(product(low, unit)), activity.sole.places),
        None if high is None else from_units(ceil(product(high, unit)), activity.sole.places),
    )


def amount_range(activity: Activity) -> AmountRange:
    """The lowest and the highest amount before bonuses and sharing; None where there is no bound."""
    return _around(activity.sole.points.amounts(activity.attributes))


def _around(ranges: Iterable[AmountRange]) -> AmountRange:
    """The range that holds all of these."""
    ranges = [*ranges]
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


def _bonus_sums(bonuses: Iterable[Bonus]) -> frozenset[Amount] | None:
    """Every sum that some of the bonuses have; None where there are too many to list."""
    sums: set[Amount] = {0}
    for bonus in bonuses:
        sums |= {known + bonus.points for known in sums}
        if len(sums) > _MOST_SUMS:
            return None
    return frozenset(sums)


def _smallest(
    ranges: Iterable[AmountRange], sums: frozenset[Amount] | None, highest: Amount | None, unit: Amount
) -> Amount | None:
    """The smallest positive award, given every sum of bonuses; none is less than the smallest unit."""
    if sums is None:
        return unit if highest is None or highest > 0 else None
    positive = [
        unit if low is None else max(unit, low + extra)
        for low, high in ranges
        for extra in sums
        if high is None or high + extra > 0
    ]
    return min(positive, default=None)


def _shared(awards: Awards, unit: Amount) -> Awards:
    """A share is anything between nothing and the whole, by how many people share."""
    return Awards(
        None if awards.lowest is None else min(0, awards.lowest),
        None if awards.highest is None else max(0, awards.highest),
        None if awards.smallest is None else unit,
    )
