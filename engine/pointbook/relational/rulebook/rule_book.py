"""A program's version sets as a book of rows, and what the plan has to know to be built."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pointbook.relational.rulebook.activity_rows import ActivityRows
from pointbook.relational.rulebook.cap_rows import CapRows
from pointbook.relational.rulebook.codes import FIRST_YEAR, NONE, OWN_TOTAL
from pointbook.relational.rulebook.level_rows import edition_rows, eras_of, falls_one_level, ladder_rows
from pointbook.relational.rulebook.rows import (
    AmountRow,
    CapRow,
    EditionRow,
    LadderRow,
    NumberRow,
    RuleRow,
    cells_of,
    table_of,
    types_of,
)
from pointbook.relational.rulebook.rule_columns import rule_columns

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from pointbook.model.conditions import Condition
    from pointbook.model.ledger import Assume
    from pointbook.model.program import Program
    from pointbook.model.windows import Per
    from pointbook.relational.rulebook.editions import VersionSet
    from pointbook.relational.rulebook.rows import RuleTable
    from pointbook.relational.rulebook.rule_columns import RuleColumns, RuleKey


@dataclass(frozen=True, slots=True)
class RuleBook:
    """A program's version sets as rows, and what the plan has to know to be built.

    Attributes:
        tables: Tables by name.
        rules: For each version set its rules, by index of the version in force and activity.
        columns: Where the columns of the sets' rules are in the table `rules`.
        amounts: What the rules' tables list: amount by value, by the rule's number.
        windows: The windows that caps have.
        conditions: Each condition in use, by its number.
        attributes: Attributes that rows name by number.
        activities: The activities' ids, by number.
        bonuses: The most bonuses an activity has.
        epochs: For each stage of caps, how many limits a cap of it has had at most.
        eras: For the timeline, what the rank of a level of one era is in the next, era by era.
        levels: The most levels an edition has.
        can_fall: Balances from which an activity can deduct.
        apart: Balances whose totals the level balance's running sum does not give: all others, and
            that one too where its floor can be met.
        has_one_edition_each: No version set goes from one version to another.
        carries_earned: All that a period hands on to the next is what it has earned: no level is held
            for longer, and no points of the level balance can be lost.
    """

    tables: Mapping[str, RuleTable]
    rules: tuple[Mapping[RuleKey, RuleRow], ...]
    columns: RuleColumns
    amounts: Mapping[int, Mapping[str, int]]
    windows: tuple[Per, ...]
    conditions: tuple[Condition, ...]
    attributes: tuple[str, ...]
    activities: tuple[str, ...]
    bonuses: int
    epochs: tuple[int, ...]
    eras: tuple[Mapping[int, int], ...]
    levels: int
    can_fall: frozenset[str]
    apart: frozenset[str]
    has_one_edition_each: bool
    carries_earned: bool

    def rules_of(self, one: VersionSet) -> Collection[RuleRow]:
        """A version set's rules."""
        return self.rules[one.number].values()

    @property
    def all_rules(self) -> list[RuleRow]:
        """The rules of all version sets."""
        return [row for rules in self.rules for row in rules.values()]

    def caps_alike(self, one: VersionSet, other: VersionSet) -> bool:
        """Whether caps cut every event's points down alike under both sets.

        Then under both the same activities meet caps, for the same points, on the same days.
        """
        return one.calendar == other.calendar and self._capped_of(one) == self._capped_of(other)

    def _capped_of(self, one: VersionSet) -> dict[RuleKey, tuple[RuleRow, Mapping[str, int] | None]]:
        """A set's rules of activities with caps, with their table of amounts instead of their number."""
        return {
            key: (row._replace(rule_no=NONE), self.amounts.get(row.rule_no))
            for key, row in self.rules[one.number].items()
            if row.limits > OWN_TOTAL
        }


def rule_book(program: Program, sets: Sequence[VersionSet], assume: Assume, as_of: date) -> RuleBook:
    """The rules of `sets` as rows.

    Raises:
        UnsupportedRulesError: Caps come before one another in a circle.
    """
    caps = CapRows(sets)
    activities = ActivityRows(program, sets, assume, caps)
    versions = [edition.version for one in sets for edition in one.editions]
    levels = max((len(version.levels) for version in versions), default=0)
    no_rule = {"rule_no": NONE, "balance_no": program.level_balance_no, "limits": 0}
    caps_known = caps.rows()
    columns = rule_columns(
        sets,
        [{key: cells_of(row) for key, row in rules.items()} for rules in activities.rules],
        types_of(RuleRow, activities.bonuses, len(caps.epochs)),
        activities.names,
        no_rule,
    )
    amounts: dict[int, dict[str, int]] = {}
    for row in activities.amounts:
        amounts.setdefault(row.rule_no, {})[row.value] = row.amount
    numbers = list(map(NumberRow, range(_most_periods(sets, as_of))))
    return RuleBook(
        tables={
            "rules": columns.table,
            "caps": table_of(CapRow, caps_known, max(caps.epochs, default=1)),
            "amounts": table_of(AmountRow, activities.amounts),
            "editions": table_of(EditionRow, list(edition_rows(sets, levels)), levels),
            "numbers": table_of(NumberRow, numbers),
            "ladder": table_of(LadderRow, list(ladder_rows(sets))),
        },
        rules=tuple(activities.rules),
        columns=columns,
        amounts=amounts,
        windows=tuple(sorted({row.per for row in caps_known})),
        conditions=tuple(activities.conditions),
        attributes=tuple(activities.attributes),
        activities=tuple(activities.names),
        bonuses=activities.bonuses,
        epochs=caps.epochs,
        eras=eras_of(sets),
        levels=levels,
        can_fall=activities.can_fall,
        apart=activities.apart,
        has_one_edition_each=all(len(one.editions) == 1 for one in sets),
        carries_earned=program.level_balance not in activities.can_fall
        and not any(falls_one_level(version.life_cycle.demotion) for version in versions),
    )


def _most_periods(sets: Sequence[VersionSet], as_of: date) -> int:
    """No account has more periods of a balance from its first version on."""
    first_years = [
        FIRST_YEAR if one.fixed is not None else one.editions[0].version.effective_from.year for one in sets
    ]
    return max(as_of.year - min(first_years) + 2, 1)
