"""What becomes of a direction where the level held decides about amounts.

More points can then bring a level, and a level more or fewer points. A direction stands only where every
amount and condition rises with the level, and nothing keeps levels from rising with points.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, assert_never

from pointbook.changes.directions import Direction, Judgement
from pointbook.changes.laws.ladders import levels_keep_order
from pointbook.changes.subject import Pair
from pointbook.model.attributes import LEVEL, NO_LEVEL
from pointbook.model.conditions import All, AnyOf, Comparison, Not, attributes_in
from pointbook.model.eligibility import with_eligibility
from pointbook.reasoning.awards import never_negative

if TYPE_CHECKING:
    from pointbook.changes.subject import Subject
    from pointbook.model.activities import Activity, EntryRule
    from pointbook.model.amounts import Amount
    from pointbook.model.conditions import Condition
    from pointbook.model.points.lookup import Table
    from pointbook.model.program import Version

_FALLS = "an amount or a condition by level does not rise with the level"
_HELD_UP = "amounts depend on levels, which do not always rise with points: there are limits, or other levels"


def by_level(subject: Subject, judgement: Judgement) -> Judgement:
    """The judgement, or that it is mixed because amounts depend on levels."""
    certain = judgement.direction in (Direction.FAVOURABLE, Direction.ADVERSE)
    if not certain or not isinstance(subject.compared, Pair):
        return judgement
    pair = subject.compared
    if not pair.looks_at_level:
        return judgement
    if not all(map(_rises, pair.versions)):
        return Judgement(Direction.MIXED, _FALLS)
    limited = any(
        rule.caps or any(entry.caps for entry in getattr(rule, "entries", ()))
        for version in pair.versions
        for rules in (version.activities, version.groups)
        for rule in rules.values()
    )
    same_levels = len({tuple(version.levels) for version in pair.versions}) == 1
    if limited or pair.floored or not same_levels or not levels_keep_order(pair):
        return Judgement(Direction.MIXED, _HELD_UP)
    return judgement


def _rises(version: Version) -> bool:
    rules = [with_eligibility(version, activity) for activity in version.activities.values()]
    return all(_rule_rises(version, rule) for rule in rules if rule.looks_at_level)


def _rule_rises(version: Version, rule: Activity) -> bool:
    asks = rule.eligible_if is not None and LEVEL in attributes_in(rule.eligible_if)
    by_level = {entry.balance for entry in rule.entries if asks or entry.looks_at_level}
    for entry in rule.spends_first:  # a copy goes by what it copies
        by_level |= {entry.balance} if entry.points.copies in by_level else set()
    return (rule.eligible_if is None or _holds_above(rule.eligible_if)) and all(
        _entry_rises(version, rule, entry) for entry in rule.entries if entry.balance in by_level
    )


def _entry_rises(version: Version, rule: Activity, entry: EntryRule) -> bool:
    conditions = [bonus.condition for bonus in entry.bonuses]
    conditions += [] if entry.condition is None else [entry.condition]
    return (
        never_negative(entry, rule)
        and all(bonus.points >= 0 and min(bonus.percents) >= 0 for bonus in entry.bonuses)
        and all(_holds_above(one) for one in conditions)
        and all(_table_rises(version, table) for _, table in entry.tables)
    )


def _holds_above(condition: Condition) -> bool:
    """Whether it holds with every level above one with which it holds."""
    match condition:
        case All(parts) | AnyOf(parts):
            return all(map(_holds_above, parts))
        case Not(part):
            return LEVEL not in attributes_in(part)
        case Comparison():
            allowed = [condition.allows_level(level) for level in condition.order]
            return allowed == sorted(allowed)
    assert_never(condition)


def _table_rises(version: Version, table: Table) -> bool:
    """Whether no level has less than one below it, whatever the other values; all without `else`."""
    if LEVEL not in table.attributes:
        return True
    place, order = table.attributes.index(LEVEL), (NO_LEVEL, *version.levels)
    rows: dict[tuple[str, ...], dict[str, Amount]] = {}
    for keys, amount in table.leaves:
        rows.setdefault((*keys[:place], *keys[place + 1 :]), {})[keys[place]] = amount
    base = next((level.id for level in version.levels.values() if level.is_base), NO_LEVEL)
    amounts = [[row[level] for level in order if level in row] for row in rows.values()]
    return (
        table.otherwise is None
        and all({base, NO_LEVEL} & row.keys() for row in rows.values())
        and all(low <= high for known in amounts for low, high in pairwise(known))
    )
