"""What an offer gives in each balance, or takes from it: on average, and with the values of one event."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from pointbook.model.points.lookup import Table
from pointbook.reasoning.awards import percent_range

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pointbook.model.activities import Activity, EntryRule


@dataclass(frozen=True, slots=True)
class Share:
    """What an offer gives in one balance, or takes from it.

    Attributes:
        rule: The entry.
        typical: Points it comes to on average, negative where it takes.
    """

    rule: EntryRule
    typical: int


def shares_of(activity: Activity, mean_of: Callable[[str], Decimal]) -> tuple[Share, ...]:
    """What an activity gives and takes on average, in the order in which an event does.

    Args:
        activity: Its rules.
        mean_of: What a quantity comes to on average, by its attribute.
    """
    found: dict[str, Share] = {}
    for rule in activity.spends_first:
        original = found.get(rule.points.copies or "")
        base = rule.points.typical(mean_of) if original is None else abs(original.typical)
        base += int(sum(bonus.points for bonus in rule.bonuses) // 2)
        least, most = percent_range(rule)
        base += int(base * (least + most) // 200)
        typical = base if rule.split_among is None else base // 2
        found[rule.balance] = Share(rule, -typical if rule.is_spend else typical)
    return tuple(found.values())


def changes_by(shares: Iterable[Share], given: Mapping[str, str], points: int | None) -> Mapping[str, int]:
    """What one event gives and takes, by balance, bonuses and caps apart.

    Args:
        shares: Those of its offer.
        given: Texts of its attributes that are not empty.
        points: The assessed ones, if there are any.
    """
    changes: dict[str, int] = {}
    for share in shares:
        form = share.rule.points
        amount: int | None
        if form.copies in changes:
            amount = abs(changes[form.copies or ""])
        elif points is not None and form.can_be_assessed:
            amount = points
        elif isinstance(form, Table):
            listed = form.found_for(given)
            amount = None if listed is None else int(listed)
        elif all(need.name in given for need in form.needs):
            amount = form.typical(lambda name: Decimal(given[name]))
        else:
            amount = 0
        sign = -1 if share.rule.is_spend else 1
        changes[share.rule.balance] = share.typical if amount is None else sign * amount
    return changes
