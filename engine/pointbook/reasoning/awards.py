"""How little and how much one event can be worth in one balance, before any cap.

Bounds are certain, not tight: no event lies outside them, but a bound need not be reached, for
instance where the conditions of two bonuses exclude each other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from math import ceil, floor
from typing import TYPE_CHECKING

from pointbook.model.activities import Activity
from pointbook.model.amounts import Amount, from_units, product
from pointbook.model.points.lookup import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pointbook.model.activities import EntryRule
    from pointbook.model.points.form import AmountRange
    from pointbook.model.points.forms import Points
    from pointbook.model.rules import Bonus

    Rule = Activity | EntryRule
    """What gives or takes points: one entry, or an activity for all of its entries."""

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


NO_AWARD = Awards(0, 0, None)


def awards_of(rule: Rule, activity: Activity | None = None) -> Awards:
    """What one event can be worth: the points, the bonuses, the share; less than nothing where it spends.

    Args:
        rule: An entry; or an activity, for what any one of its entries can be worth.
        activity: The entry's, where there is a copy of another entry of it; without it, a copy has no
            bounds.
    """
    if isinstance(rule, Activity):
        return together([awards_of(entry, rule) for entry in rule.entries])
    ranges = [_with_percents(rule, *ends) for ends in _amounts(rule, rule.points, activity)]
    lowest, highest = _around(ranges)
    sums = _bonus_sums(rule.bonuses)
    if lowest is not None:
        lowest += sum(bonus.points for bonus in rule.bonuses if bonus.points < 0)
    if highest is not None:
        highest += sum(bonus.points for bonus in rule.bonuses if bonus.points > 0)
    unit = from_units(1, rule.places)
    awards = Awards(lowest, highest, _smallest(ranges, sums, highest, unit))
    awards = awards if rule.split_among is None else _shared(awards, unit)
    return _taken(awards) if rule.is_spend else awards


def together(every: Sequence[Awards]) -> Awards:
    """What any one of these can be."""
    if not every:
        return NO_AWARD
    lowest, highest = _around((one.lowest, one.highest) for one in every)
    return Awards(
        lowest, highest, min((one.smallest for one in every if one.smallest is not None), default=None)
    )


def _taken(awards: Awards) -> Awards:
    """The same as a deduction."""
    lowest, highest = awards.lowest, awards.highest
    return Awards(None if highest is None else -highest, None if lowest is None else -lowest, None)


def percent_range(rule: Rule) -> tuple[Amount, Amount]:
    """The least and the most percent that bonuses add together, which are not below -100."""
    if isinstance(rule, Activity):
        every = [percent_range(entry) for entry in rule.entries]
        return min(least for least, _ in every), max(most for _, most in every)
    ends = [(min(0, *bonus.percents), max(0, *bonus.percents)) for bonus in rule.bonuses]
    return max(-100, sum(least for least, _ in ends)), max(-100, sum(most for _, most in ends))


def _with_percents(rule: EntryRule, low: Amount | None, high: Amount | None) -> AmountRange:
    """An amount between two with percentages added, and rounded: between amounts of the balance at most."""
    if any(bonus.percent != 0 for bonus in rule.bonuses):
        least, most = (100 + percent for percent in percent_range(rule))
        lows = None if low is None else min(product(low, least), product(low, most))
        highs = None if high is None else max(product(high, least), product(high, most))
        low, high = (None if end is None else product(end, Decimal("0.01")) for end in (lows, highs))
    unit = 10**rule.places
    return (
        None if low is None else from_units(floor(product(low, unit)), rule.places),
        None if high is None else from_units(ceil(product(high, unit)), rule.places),
    )


def amount_range(rule: Rule, activity: Activity | None = None) -> AmountRange:
    """The lowest and the highest amount before bonuses and sharing; None where there is no bound.

    Of a spend, what it takes is less than nothing. The arguments are those of `awards_of`.
    """
    if isinstance(rule, Activity):
        return _around(amount_range(entry, rule) for entry in rule.entries)
    low, high = _around(_amounts(rule, rule.points, activity))
    if not rule.is_spend:
        return low, high
    return None if high is None else -high, None if low is None else -low


def _amounts(rule: EntryRule, points: Points, activity: Activity | None) -> Sequence[AmountRange]:
    """What an event can be worth by a form of points; by a copy, what the other entry was awarded or took."""
    if points.copies is None or activity is None:
        return points.amounts(rule.attributes)
    if isinstance(points, Table):
        listed = replace(points, otherwise=None).amounts(rule.attributes) if points.values else ()
        return (*listed, *_amounts(rule, points.otherwise, activity))
    other = activity.copied_by(rule)
    if other is None:
        return ((0, 0),)
    awards = awards_of(other, activity)
    if other.is_spend:
        awards = _taken(awards)
        return ((awards.lowest, awards.highest),)
    is_limited = bool(other.caps or activity.caps or activity.groups)
    low, high = awards.lowest, awards.highest
    if low is not None and is_limited:
        low = min(0, low)
    return ((low, None if high is None else max(0, high)),)  # a floor can leave nothing of a deduction


def _around(ranges: Iterable[AmountRange]) -> AmountRange:
    """The range that holds all of these."""
    ranges = [*ranges]
    lows, highs = [low for low, _ in ranges], [high for _, high in ranges]
    return (
        None if None in lows else min(low for low in lows if low is not None),
        None if None in highs else max(high for high in highs if high is not None),
    )


def never_negative(rule: Rule, activity: Activity | None = None) -> bool:
    """Whether it only ever gives."""
    lowest = awards_of(rule, activity).lowest
    return lowest is not None and lowest >= 0


def never_positive(rule: Rule, activity: Activity | None = None) -> bool:
    """Whether it only ever takes."""
    highest = awards_of(rule, activity).highest
    return highest is not None and highest <= 0


def always_positive(rule: Rule, activity: Activity | None = None) -> bool:
    """Whether every event that counts gives at least a point.

    A share can round down to nothing, and so can a fraction of a unit.
    """
    lowest = awards_of(rule, activity).lowest
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
