"""By how much more or less an event could come to, were other events of its member there.

Limits can let through more or less of it; what it spends can be covered or not, and the whole event with it;
what copies another entry follows that; and where an amount depends on the level held, it can be any that its
rule gives.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from math import ceil, floor
from typing import TYPE_CHECKING, NamedTuple

from pointbook.model.amounts import Amount, from_units, in_results
from pointbook.model.eligibility import with_eligibility
from pointbook.reasoning.awards import awards_of, percent_range

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pointbook.comparison.sides import ComparedSide, Sides
    from pointbook.model.activities import Activity, EntryRule
    from pointbook.model.ledger import Entry

    Rules = Mapping[str, Mapping[str, Activity]]
    Span = tuple[int, int]
    """What an entry can be awarded: the least, at most 0, and the most, at least 0."""

WITHOUT_END = in_results(Decimal("Infinity"))
"""More than any amount; a decimal, which can be added to amounts of both kinds."""


class Slack(NamedTuple):
    """What events could come to.

    Attributes:
        rules: Of the old side, and of the new: activities by any of their ids, by version.
        by_level: Where what an event comes to depends on the level held: by activity, what it can be awarded
            in each balance.
    """

    rules: tuple[Rules, Rules]
    by_level: Mapping[str, Mapping[str, Span]]

    def of(self, is_new: bool, entries: Iterable[Entry]) -> Iterator[tuple[str, int, int]]:
        """How much less, and more, each event could be awarded on a side, by balance.

        Of 50 requested and 30 awarded, limits could let through 30 less or 20 more. A spend of 40 that is not
        covered, -40 requested, could be 40 less.

        Args:
            is_new: Which side.
            entries: Of some events, in order.
        """
        rules = self.rules[is_new]
        for _, group in groupby(entries, lambda entry: entry.event_id):
            own = {entry.balance: entry for entry in group}
            first = next(iter(own.values()))
            spans = dict(self.by_level.get(first.activity, {}))
            rule = None if spans else rules.get(first.version or "", {}).get(first.activity)
            if rule is not None and len(own) > 1:
                spans = _spans(rule, own)
            for balance in {**own, **spans}:
                awarded = own[balance].awarded if balance in own else 0
                least, most = spans[balance] if balance in spans else _requested(own[balance])
                yield balance, awarded - least, most - awarded


def slack_of(sides: Sides) -> Slack:
    """What events could come to on both sides."""
    both = sides.old, sides.new
    by_level: defaultdict[str, dict[str, Span]] = defaultdict(dict)
    looking = _looking_at_level(sides)
    for rules in map(_rules, both):
        for activities in rules.values():
            for name, rule in activities.items():
                for entry in rule.entries if name in looking else ():
                    awards = awards_of(entry, rule)
                    least, most = by_level[name].get(entry.balance, (0, 0))
                    by_level[name][entry.balance] = (
                        -WITHOUT_END if awards.lowest is None else min(least, in_results(awards.lowest)),
                        WITHOUT_END if awards.highest is None else max(most, in_results(awards.highest)),
                    )
    old, new = map(_rules, both)
    return Slack((old, new), by_level)


def _rules(side: ComparedSide) -> Rules:
    books = side.rules.evaluation.interpreter.timeline.books
    return {book.version.id: book.activities for book in books}


def _looking_at_level(sides: Sides) -> frozenset[str]:
    """Activities of which what an event comes to depends on the level held, by every id of them."""
    names = {
        name
        for version in sides.versions
        for name, rule in version.activities.items()
        if rule.looks_at_level or with_eligibility(version, rule).looks_at_level
    }
    return sides.coupled.by_any_id(names)


def _requested(entry: Entry) -> Span:
    return min(0, entry.requested), max(0, entry.requested)


def _spans(rule: Activity, own: Mapping[str, Entry]) -> dict[str, Span]:
    """What each entry of an event can be awarded; one that copies another can be as much as that can."""
    found: dict[str, Span] = {}
    for one in rule.spends_first:
        if one.balance in own:
            least, most = _requested(own[one.balance])
            base = rule.copied_by(one)
            if base is not None and base.balance in found:
                low, high = found[base.balance]
                low, high = _with_bonuses(one, *((-high, -low) if base.is_spend else (low, high)))
                least, most = min(least, low), max(most, high)
            found[one.balance] = least, most
    return found


def _with_bonuses(rule: EntryRule, low: Amount, high: Amount) -> Span:
    """What an entry can be whose amount lies between two, with its bonuses, or without them."""
    factors = [100, *(100 + percent for percent in percent_range(rule))]
    ends = [Fraction(end) * Fraction(factor) / 100 for end in (low, high) for factor in factors]
    unit = 10**rule.places
    least, most = floor(min(ends) * unit), ceil(max(ends) * unit)
    points = [bonus.points for bonus in rule.bonuses]
    return (
        in_results(min(0, from_units(least, rule.places)) + sum(min(0, one) for one in points)),
        in_results(max(0, from_units(most, rule.places)) + sum(max(0, one) for one in points)),
    )
